"""What the station says of the terminal it is to work in."""

import pytest

from scanstation.domain.terminals import cannot_show, key_here, peculiar, too_small


@pytest.mark.parametrize("term", ["dumb", "vt52", "wy60", "wy50", "unknown"])
def test_terminals_that_know_no_ansi_are_refused_by_name(term: str) -> None:
    assert cannot_show(term, 80, 24).startswith(f"TERM={term} is a terminal without")


@pytest.mark.parametrize(
    "term",
    ["xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt220", "vt100", "ansi", "putty", ""],
)
def test_those_in_which_the_station_was_seen_are_not(term: str) -> None:
    assert cannot_show(term, 80, 24) == ""


@pytest.mark.parametrize(
    ("size", "refused", "small"),
    [
        ((80, 24), False, False),
        ((40, 20), False, False),
        ((39, 20), False, True),
        ((26, 16), False, True),
        ((25, 16), True, True),
        ((80, 15), True, True),
        ((0, 0), False, False),  # a line that tells no size
    ],
)
def test_a_window_is_refused_where_codes_cannot_be_read_and_told_where_not_all_has_room(
    size: tuple[int, int], refused: bool, small: bool
) -> None:
    assert bool(cannot_show("xterm", *size)) is refused
    assert bool(too_small(*size)) is small


def test_where_the_terminal_keeps_keys_others_are_named() -> None:
    vte = {"VTE_VERSION": "7006"}
    assert [key_here(key, vte) for key in ("F1", "F2", "F10")] == ["?", "F2", "F12"]
    assert [key_here(key, {}) for key in ("F1", "F2", "F10")] == ["F1", "F2", "F10"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"VTE_VERSION": "7006"}, "F12 and ?"),
        ({"XTERM_VERSION": "XTerm(379)"}, "Alt+029"),
        ({"KONSOLE_VERSION": "221203"}, "asks before it pastes"),
        ({"TERM": "rxvt-unicode-256color"}, "asks before it pastes"),
        ({"STY": "1.pts-0"}, "Ctrl+A"),
        ({"TMUX": "/tmp/tmux"}, "Ctrl+B"),
        ({"OS": "Windows_NT"}, "page Windows"),
    ],
)
def test_what_a_terminal_does_to_scans_is_said(environment: dict[str, str], said: str) -> None:
    [one] = peculiar(environment)
    assert said in one


def test_of_others_nothing_is_said() -> None:
    assert [*peculiar({"TERM": "linux"})] == []
