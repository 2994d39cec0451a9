"""What the check card tells about a scanner, and what it offers to write."""

import pytest

from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.wedge_settings import Suffix, WedgeSettings
from scanstation.domain.check_card import GS1_CARD, GS1_FIELDS, PLAIN_CARD
from scanstation.domain.heard import Change, CheckUp
from scanstation.domain.verdict import Tone
from tests.devices.cards import MARKED, checked, checked_scanner
from tests.devices.scanners import keyed, sent


def told(found: CheckUp, what: str) -> tuple[Tone, str]:
    return next((finding.tone, finding.text) for finding in found.findings if finding.what == what)


def with_changes(settings: WedgeSettings, found: CheckUp) -> WedgeSettings:
    """The settings as they would be written."""
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    return WedgeSettings(**values | {change.key: change.value for change in found.changes})


def with_suffix(found: CheckUp) -> WedgeSettings:
    """The settings where the suffix that may be chosen was chosen."""
    (chosen,) = (change.value for change in found.optional if change.key == "suffix")
    return WedgeSettings(suffix=(chosen,) if isinstance(chosen, str) else chosen)  # type: ignore[arg-type]


def test_a_scanner_that_is_well_set_up_is_only_offered_what_makes_it_safer() -> None:
    found = checked(sent(MARKED, gap=4))
    assert found.tone is Tone.OK
    assert found.changes == ()
    assert found.optional == (Change("require_aim", True, False),)
    assert told(found, "Speed") == (Tone.OK, "4.0 ms a character, 4.0 ms at most")
    assert checked(sent(MARKED), WedgeSettings(require_aim=True)).optional == ()


def test_the_gs1_card_tells_of_the_separator() -> None:
    found = checked(sent(f"]C1{GS1_CARD}"))
    assert (found.tone, told(found, "Separator")) == (Tone.OK, (Tone.OK, "GS comes as 0x1D"))


@pytest.mark.parametrize("separator", ["\x1b0\x1b2\x1b9", "º™ª", "␝"])
def test_the_forms_that_the_station_knows_need_no_setting(separator: str) -> None:
    found = checked(sent("]C1" + separator.join(GS1_FIELDS)))
    assert told(found, "Separator")[0] is Tone.OK
    assert found.changes == ()


def test_a_separator_of_the_scanners_own_is_offered() -> None:
    chunks = sent("]C1" + "~".join(GS1_FIELDS))
    found = checked(chunks)
    assert found.changes == (Change("gs_substitute", "~", ""),)
    mended = checked(chunks, with_changes(WedgeSettings(), found))
    assert (mended.tone, mended.changes) == (Tone.OK, ())


@pytest.mark.parametrize(
    ("separator", "words"), [("", "is not sent"), ("A", "codes hold too"), ("/", "codes hold too")]
)
def test_a_separator_that_cannot_be_used_is_the_scanners_to_mend(separator: str, words: str) -> None:
    found = checked(sent("]C1" + separator.join(GS1_FIELDS)))
    tone, text = told(found, "Separator")
    dropped = (Change("drops_separators", True, False),)
    assert (tone, found.changes) == (Tone.STOP, () if separator else dropped)
    assert words in text


def test_a_scanner_that_sends_separators_again_no_longer_drops_them() -> None:
    dropping = WedgeSettings(drops_separators=True)
    assert checked(sent(f"]C1{GS1_CARD}"), dropping).changes == (Change("drops_separators", False, True),)
    assert checked(sent("]C1" + "".join(GS1_FIELDS)), dropping).changes == ()


@pytest.mark.parametrize(
    ("computer", "name"), [("French", "French"), ("German", "German"), ("British", "British"), ("Swedish", "Swedish")]
)
def test_the_wrong_layout_is_named_and_nothing_is_offered_for_it(computer: str, name: str) -> None:
    found = checked(sent(keyed(PLAIN_CARD, computer=computer)))
    tone, text = told(found, "Keyboard")
    assert (found.tone, tone, found.changes) == (Tone.STOP, Tone.STOP, ())
    assert f"computer's is {name}, the scanner types for US" in text
    assert f"Set the scanner's keyboard country to {name}." in text


def test_layouts_that_cannot_be_told_apart_are_all_named() -> None:
    text = told(checked(sent(keyed(PLAIN_CARD, scanner="Danish"))), "Keyboard")[1]
    assert "Norwegian or Danish" in text
    assert text.endswith("Set the scanner's keyboard country to US.")


def test_caps_lock_is_told() -> None:
    assert told(checked(sent(PLAIN_CARD.swapcase())), "Caps Lock")[0] is Tone.STOP


def test_a_card_with_lost_characters_is_told() -> None:
    assert told(checked(sent(PLAIN_CARD.replace("Q", ""))), "Keyboard")[0] is Tone.STOP


@pytest.mark.parametrize(("suffix", "name"), [("\r", "Enter (CR)"), ("\n", "LF"), ("\r\n", "CR LF"), ("\t", "Tab")])
def test_every_usual_suffix_is_right(suffix: str, name: str) -> None:
    assert told(checked(sent(MARKED, suffix=suffix)), "Suffix") == (Tone.OK, name)


def test_a_suffix_that_is_not_set_here_is_offered() -> None:
    only_enter: tuple[Suffix, ...] = ("enter",)
    settings = WedgeSettings(suffix=only_enter)
    found = checked(sent(MARKED, suffix="\t"), settings)
    assert found.changes == (Change("suffix", ("enter", "tab"), ("enter",)),)
    assert checked(sent(MARKED, suffix="\t"), with_changes(settings, found)).changes == ()


def test_a_scanner_without_a_suffix_is_to_be_mended_or_the_station_may_do_without() -> None:
    found = checked(sent(MARKED, suffix=""))
    assert told(found, "Suffix")[0] is Tone.STOP
    assert found.changes == ()
    assert Change("suffix", "none", ("enter", "tab", "lf")) in found.optional
    without = with_suffix(found)
    assert without.suffix == ("none",)
    again = checked(sent(MARKED, suffix=""), without)
    assert (told(again, "Suffix")[0], "suffix" in [change.key for change in again.optional]) == (Tone.CHECK, False)


@pytest.mark.parametrize("suffix", ["\r", "\t", "\r\n"])
def test_where_the_station_does_without_a_suffix_one_that_is_sent_can_be_asked_for(suffix: str) -> None:
    settings = WedgeSettings(suffix=("none",))
    found = checked(sent(MARKED, suffix=suffix), settings)
    assert (told(found, "Suffix")[0], found.changes) == (Tone.CHECK, ())
    assert with_suffix(found) == WedgeSettings()


@pytest.mark.parametrize("gap", [27, 36, 45, 59])
def test_a_slow_scanner_is_offered_its_pace_and_is_then_fast_enough(gap: float) -> None:
    found = checked(sent(MARKED, gap=gap))
    assert {change.key for change in found.changes} <= {"max_gap_ms", "max_avg_ms", "burst_gap_ms", "split_guard_ms"}
    assert told(found, "Speed")[0] is Tone.CHECK
    mended = checked(sent(MARKED, gap=gap), with_changes(WedgeSettings(), found))
    assert (mended.tone, mended.changes) == (Tone.OK, ())


def test_a_scanner_as_slow_as_a_person_is_offered_nothing() -> None:
    found = checked(sent(MARKED, gap=82))
    assert (told(found, "Speed")[0], found.changes) == (Tone.STOP, ())


def test_a_single_pause_is_scanned_again() -> None:
    found = checked(sent(MARKED, pause=(20, 250)))
    assert (told(found, "Speed")[0], found.changes) == (Tone.CHECK, ())
    assert "Scan the card again" in told(found, "Speed")[1]


def test_a_prefix_is_offered_as_a_start_mark() -> None:
    found = checked(sent(f"~{PLAIN_CARD}"))
    assert found.optional == (Change("prefix", "~", ""),)
    assert told(found, "Prefix")[0] is Tone.CHECK
    assert checked(sent(f"~{PLAIN_CARD}"), WedgeSettings(prefix="~")).optional == ()


def test_start_marks_that_are_set_here_and_not_sent_are_told() -> None:
    found = checked(sent(PLAIN_CARD), WedgeSettings(prefix="~", require_aim=True))
    assert told(found, "Prefix")[0] is Tone.STOP
    assert told(found, "Barcode")[0] is Tone.STOP


def test_the_worst_comes_first() -> None:
    tones = [finding.tone for finding in checked(sent(keyed(PLAIN_CARD, computer="French"), suffix="")).findings]
    assert tones == sorted(tones, key=[Tone.STOP, Tone.CHECK, Tone.OK].index)


def test_a_serial_scanner_that_is_well_set_up() -> None:
    found = checked_scanner(sent(f"{MARKED}", suffix="\r\n", device="gun1"))
    assert (found.tone, found.changes) == (Tone.OK, ())


@pytest.mark.parametrize(
    ("before", "suffix", "framing"), [("", "\t", "tab"), ("", "\x04", "eot"), ("\x02", "\x03", "stx-etx")]
)
def test_the_framing_of_a_serial_scanner_is_offered(before: str, suffix: str, framing: str) -> None:
    found = checked_scanner(sent(f"{before}{MARKED}", suffix=suffix, device="gun1"))
    assert found.changes == (Change("framing", framing, "line", scanner="gun1"),)
    mended = SerialSettings("gun1", "/dev/null", framing=framing)  # type: ignore[arg-type]
    assert checked_scanner(sent(f"{before}{MARKED}", suffix=suffix, device="gun1"), mended).changes == ()


def test_the_separator_of_a_serial_scanner_is_offered_for_its_table() -> None:
    card = "]C1" + "~".join(GS1_FIELDS)
    found = checked_scanner(sent(card, suffix="\r\n", device="gun1"))
    assert found.changes == (Change("gs_substitute", "~", "", scanner="gun1"),)
    assert told(found, "Separator")[0] is Tone.CHECK
    mended = SerialSettings("gun1", "/dev/null", gs_substitute="~")
    again = checked_scanner(sent(card, suffix="\r\n", device="gun1"), mended)
    assert (again.tone, again.changes) == (Tone.OK, ())


@pytest.mark.parametrize(
    ("separator", "words"), [("", "is not sent"), ("A", "codes hold too"), ("-", "codes hold too")]
)
def test_a_separator_of_a_serial_scanner_that_cannot_be_used_is_the_scanners_to_mend(
    separator: str, words: str
) -> None:
    found = checked_scanner(sent("]C1" + separator.join(GS1_FIELDS), suffix="\r\n", device="gun1"))
    dropped = (Change("drops_separators", True, False, scanner="gun1"),)
    assert (told(found, "Separator")[0], found.changes) == (Tone.STOP, () if separator else dropped)
    assert words in told(found, "Separator")[1]


def test_the_prefix_of_a_serial_scanner_is_offered_for_its_table() -> None:
    found = checked_scanner(sent(f"~{PLAIN_CARD}", suffix="\r\n", device="gun1"))
    assert (found.changes, found.optional) == ((), (Change("prefix", "~", "", scanner="gun1"),))
    set_here = SerialSettings("gun1", "/dev/null", prefix="~")
    assert checked_scanner(sent(f"~{PLAIN_CARD}", suffix="\r\n", device="gun1"), set_here).optional == ()
    assert told(checked_scanner(sent(MARKED, suffix="\r\n", device="gun1"), set_here), "Prefix")[0] is Tone.STOP


def test_a_serial_scanner_without_a_suffix_is_told() -> None:
    found = checked_scanner(sent(MARKED, suffix="", device="gun1"))
    assert (told(found, "Suffix")[0], found.changes) == (Tone.STOP, ())
