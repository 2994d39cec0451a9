"""The check card is known, whatever a keyboard made of it; and nothing else is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstation.domain.check_card import GS1_CARD, GS1_FIELDS, PLAIN_CARD, CardFound, find_card, find_card_like
from scanstation.domain.keyboards import LAYOUTS, US, Mismatch, mismatches
from tests.devices.scanners import keyed

COUNTRIES = [layout.name for layout in LAYOUTS[1:]]
WITHOUT_SEPARATOR = "".join(GS1_FIELDS)


def found(text: str) -> CardFound:
    card = find_card(text)
    assert card is not None, text
    return card


def test_every_layout_has_the_same_keys() -> None:
    assert {(len(layout.plain), len(layout.shifted)) for layout in LAYOUTS} == {(48, 48)}


def test_no_character_of_the_card_is_a_dead_key_on_any_computer() -> None:
    for mismatch, scanner, computer in mismatches():
        if scanner is US:
            for character in PLAIN_CARD:
                key = US.key_of(character)
                assert key, character
                assert computer.gives(key[0], shift=key[1]) != "•", (mismatch, character)


@pytest.mark.parametrize("text", [PLAIN_CARD, GS1_CARD])
def test_a_card_that_came_right_is_right(text: str) -> None:
    assert found(text) == CardFound(is_gs1=text == GS1_CARD, separator="\x1d" if text == GS1_CARD else "")


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_computers_layout_is_told_from_what_a_us_scanner_types(country: str) -> None:
    assert found(keyed(PLAIN_CARD, computer=country)).layout == (Mismatch("US", country),)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_scanners_layout_is_told_from_what_a_us_computer_reads(country: str) -> None:
    assert Mismatch(country, "US") in found(keyed(PLAIN_CARD, scanner=country)).layout


def test_azerty_looks_as_it_does_at_the_dock() -> None:
    assert keyed(PLAIN_CARD, computer="French") == "Check!QWAZY?qwazy,)à&é\"'(-è_ç°§Mm17903"


def test_caps_lock_is_seen_on_any_layout() -> None:
    assert found(PLAIN_CARD.swapcase()).caps_lock
    german = found(keyed(PLAIN_CARD, computer="German").replace("ß", "~").swapcase().replace("~", "ß"))
    assert (german.caps_lock, german.layout) == (True, (Mismatch("US", "German"),))


@pytest.mark.parametrize(
    ("separator", "name"),
    [
        ("\x1d", "0x1D"),
        ("\x1b0\x1b2\x1b9", "Alt+029"),
        ("º™ª", "Alt+029 as a Mac types it"),
        ("\u241d", "the picture ␝"),
        ("\x1b[93;5u", "Ctrl+]"),
        ("{GS}", None),
        ("|", None),
        ("", None),
    ],
)
def test_the_separator_is_told_in_every_form(separator: str, name: str | None) -> None:
    card = found(separator.join(GS1_FIELDS))
    assert (card.is_gs1, card.separator, card.separator_name) == (True, separator, name)


@pytest.mark.parametrize(
    ("before", "aim", "prefix"), [("]C1", "]C1", ""), ("~]Q1", "]Q1", "~"), ("]C0%%", "]C0", "%%"), ("X", "", "X")]
)
def test_what_stands_before_the_code_is_told_apart(before: str, aim: str, prefix: str) -> None:
    for card in (PLAIN_CARD, GS1_CARD):
        assert (found(before + card).aim, found(before + card).prefix) == (aim, prefix)


def test_a_card_with_lost_characters_is_only_like_a_card() -> None:
    damaged = PLAIN_CARD.replace("Z", "").replace("5", "")
    assert find_card(damaged) is None
    card = find_card_like(damaged)
    assert card is not None
    assert not card.is_exact


@given(st.text(max_size=100))
def test_no_other_text_is_a_card(text: str) -> None:
    assert find_card(text) is None
    assert find_card_like(text) is None


@pytest.mark.parametrize(
    "text", ["SN-0001", "CHECK-4711", "Check the camera, body and lens, all of it", "0123456789" * 4]
)
def test_codes_of_the_dock_are_no_card(text: str) -> None:
    assert find_card(text) is None
    assert find_card_like(text) is None
