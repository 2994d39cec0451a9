"""Odd scans, row by row of SCANS.md §5 and more of their kinds, sent to the real program in a real terminal.

Each is answered aloud, changes nothing it should not, types nothing, and the scan after it is heard.
"""

import json
import os
import signal
import time
import tty
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from scanstation.domain.check_card import GS1_FIELDS
from tests.acceptance.clerk import Clerk
from tests.acceptance.odd_dock import EAN, EOT, ESC, GS, GTIN, OTHER_EAN, OTHER_GTIN, RS, SLOW_SCANNER_S, opened, stock
from tests.acceptance.warehouse import Station, Warehouse
from tests.terminal import Terminal

LINE_TITLE = "Scan a product of N-101"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, clerk: Clerk) -> Iterator[tuple[Warehouse, Station]]:
    """One station at receiving for everything that must leave it as it is."""
    warehouse = Warehouse(tmp_path_factory.mktemp("odd") / "warehouse", clerk)
    stock(warehouse)
    with opened(warehouse, "N-101") as station:
        yield warehouse, station


@pytest.fixture
def dock(shared: tuple[Warehouse, Station]) -> Iterator[Station]:
    """The shared station; after the test its order, its line and its ears must be as before."""
    _, station = shared
    yield station
    station.pause(0.35)  # the split guard
    probe = f"PROBE-{time.monotonic_ns()}"
    station.stop(probe, says=f"{probe} is not known here")
    assert LINE_TITLE in station.slot
    assert station.lines[-4].strip("│ ") == "", "nothing is typed into the line"
    assert "Close this station?" not in station.text


@pytest.fixture(scope="module", autouse=True)
def nothing_was_counted(shared: tuple[Warehouse, Station]) -> Iterator[None]:
    """No refused scan has taken a unit."""
    yield
    warehouse, _ = shared
    assert [line["open"] for line in warehouse.po("N-101")["lines"]] == [0, 0, 0]


CONTROLS = [chr(point) for point in range(0x20) if chr(point) not in "\t\n\r\x1b\x1c\x1d\x1e\x1f"] + ["\x7f", "\x9b"]
"""No part of any code. EOT is, at the end of an ISO 15434 message alone."""
SEQUENCES = {
    "a colour": "\x1b[31m",
    "an arrow": "\x1b[A",
    "an arrow in application mode": "\x1bOA",
    "Shift and Tab": "\x1b[Z",
    "F5": "\x1b[15~",
    "F10": "\x1b[21~",
    "F1 on an xterm": "\x1bOP",
    "F1 on the Linux console": "\x1b[[A",
    "Delete": "\x1b[3~",
    "a press of the mouse": "\x1b[<0;5;5M",
    "a press of the mouse, old way": "\x1b[M !!",
    "a window title": "\x1b]0;title\x07",
    "a device control string": "\x1bP1$q\x1b\\",
    "a kitty key": "\x1b[97;5u",
    "a key of modifyOtherKeys": "\x1b[27;5;97~",
    "the window loses the keyboard": "\x1b[O",
    "the window gets the keyboard": "\x1b[I",
    "the answer of a terminal": "\x1b[?2026;2$y",
    "the beginning of a paste": "\x1b[200~",
    "the end of a paste": "\x1b[201~",
    "Alt and a letter": "\x1bx",
    "Esc alone": "\x1b",
}


@pytest.mark.parametrize("control", CONTROLS, ids=[f"0x{ord(control):02X}" for control in CONTROLS])
def test_a_control_key_inside_a_code(dock: Station, control: str) -> None:
    dock.send(f"AB{control}C{ord(control)}\r")
    dock.expect("STOP", "contains control keys")


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES)
def test_a_sequence_inside_a_code(dock: Station, sequence: str) -> None:
    dock.send(f"{EAN[:6]}{sequence}{EAN[6:]}\r")
    dock.expect("STOP", "contains control keys")


REFUSED: dict[str, tuple[str, str]] = {
    "Caps Lock with an AIM identifier": (f"]c1{GTIN}", "Caps Lock seems to be on"),
    "Caps Lock with the identifier of a Data Matrix": (f"]D2{GTIN}", "Caps Lock seems to be on"),
    "Caps Lock with the identifier of a GS1 DataBar": (f"]E001{GTIN}", "Caps Lock seems to be on"),
    "Caps Lock with a command": ("ss-home", "Caps Lock seems to be on"),
    "digits on a French keyboard": ("àà&é(è_çàà", "keyboard language of the scanner does not match"),
    "digits on a Belgian keyboard": ("§è!ççàà", "keyboard language of the scanner does not match"),
    "digits on a Czech keyboard": ("+ěščřžýáíé", "keyboard language of the scanner does not match"),
    "digits with Shift on a German keyboard": ('§"§=$&', "keyboard language of the scanner does not match"),
    "a serial on a French keyboard": ("QN)àààé", "keyboard language of the scanner does not match"),
    "a serial on a German keyboard": ("SNß0002", "“ß” (latin small letter sharp s)"),
    "a wrong check digit": ("4006381333930", "its last digit should be 1"),
    "a wrong check digit of a known EAN": ("]E04006381333930", "should end in 1"),
    "a wrong check digit inside (01)": (f"(01){GTIN[:-1]}0(21)SN-1", "should end in 1"),
    "a GTIN that nobody has": ("]E04006381333955", "4006381333955 is not known here"),
    "]C1 and nothing": ("]C1", "is too short: nothing follows its start mark"),
    "GS1 with an unknown field": (f"]C101{GTIN}0512", "no field begins with “0512”"),
    "GS1 that is cut off": (f"]C101{GTIN[:9]}", "is cut short"),
    "GS1 without its separators": (f"]C121{'S' * 20}01{GTIN}", "seems to leave out the group separators"),
    "an ISO 15434 message that is cut off": (f"[)>{RS}06{GS}1PLAP-1{GS}S", "nothing follows its field S"),
    "an ISO 15434 message spelt out": ("[)><RS>06<GS>1PLAP-1<GS>SSN-1<RS>", "spells the separator as “<RS>”"),
    "an ISO 15434 message without its head": (f"1PLAP-1{GS}SSN-1", "fields of an ISO 15434 label (1P, S) without"),
    "an ISO 15434 message of a carrier": (f"[)>{RS}01{GS}96152{GS}840{GS}001{GS}1Z1{RS}{EOT}", "is a carrier's label"),
    "an ISO 15434 message of the older form": (f"[)>{RS}DD{GS}SER SN-1{RS}{EOT}", "is a part's mark in text"),
    "two codes in one": (f"SN-1{GS}REV-B", "a group separator stands between “SN-1” and “REV-B”"),
    "a separator spelt in letters": (f"01{GTIN}21SN-1{{GS}}10LOT", "the scanner spells the separator as “{GS}”"),
    "a separator as xterm makes it of Alt+029": (f"01{GTIN}21SN-1°²¹10LOT", "spells the separator as “°²¹”"),
    "a separator as digits of Alt+029": (f"01{GTIN}21SN-102910LOT", "the scanner spells the separator as “029”"),
    "a separator in caret notation without evidence": ("SN-1^]17270131", "the scanner spells the separator as “^]”"),
    "another product behind a data identifier": ("1PNOBODYS", "1PNOBODYS is not known here"),
    "a letter that only looks like one": ("LAPº1", "“º” (masculine ordinal indicator)"),
    "a fraction": ("SN½01", "“½” (vulgar fraction one half)"),
    "an ISO 15434 message without separators": ("[)>061PLAP-1SSN-1", "has lost the separators"),
    "a link that is cut off": (f"HTTPS://ID.GS1.ORG/01/{GTIN}/21", "is cut short"),
    "a link of nobody's": ("http://[bad", "http://[bad is not known here"),
    "a link that is no Digital Link": ("https://example.com/manual", "is not known here"),
    "markup": ("[red]x[/red]", "[red]x[/red] is not known here"),
    "broken markup": ("[/]ABC", "[/]ABC is not known here"),
    "a link in markup": ("[@click=app.exit]x[/]", "[@click=app.exit]x[/] is not known here"),
    "a formula": ('=HYPERLINK("x")', '=HYPERLINK("x") is not known here'),
    "SQL": ("'; DROP TABLE unit;--", "'; DROP TABLE unit;-- is not known here"),
    "a look-alike letter": ("\u0421AM-3", "cyrillic capital letter es"),
    "a text direction mark": ("SN\u202e1234", "a text direction mark"),
    "a zero-width space": ("SN\u200b1234", "a zero-width space"),
    "a byte-order mark at the edge": ("\ufeffNOPE-1", "(taken off its edges: a byte-order mark)"),
    "full-width letters": ("ＮＯＰＥ１", "full-width characters were folded"),
    "65 characters": ("X" * 65, "is too long: 65 characters, 64 at most"),
    "5,000 characters": ("X" * 5000, "is too long: a code has at most 4096 characters"),
}


@pytest.mark.wide(36)
@pytest.mark.parametrize(("code", "says"), REFUSED.values(), ids=REFUSED)
def test_a_code_that_is_refused(dock: Station, code: str, says: str) -> None:
    dock.send(f"{code}\r")
    dock.expect("STOP", says)


BYTES: dict[str, tuple[bytes, str]] = {
    "Latin-1": (b"AB\xe9CD\r", "AB<E9>CD cannot be read"),
    "half a character at the end": (b"ABCDEFG\xe2\x82\r", "<E2><82>"),
    "bytes that are never UTF-8": (b"\xff\xfe\xc0\x80\r", "cannot be read"),
    "an overlong NUL": (b"AB\xc0\x80CD\r", "cannot be read"),
    "a surrogate": (b"AB\xed\xa0\x80CD\r", "cannot be read"),
}


@pytest.mark.parametrize(("data", "says"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_text(dock: Station, data: bytes, says: str) -> None:
    dock.send(data)
    dock.expect("STOP", says)


PASTES: dict[str, tuple[str, str]] = {
    "a control key": ("AB\x11CD", "contains control keys"),
    "an ANSI colour": (f"AB{ESC}[31mCD", "contains control keys"),
    "two lines": ("NO-1\nNO-2", "NO-2 is not known here"),
}


@pytest.mark.parametrize(("text", "says"), PASTES.values(), ids=PASTES)
def test_a_paste(dock: Station, text: str, says: str) -> None:
    dock.send(f"{ESC}[200~{text}{ESC}[201~")
    dock.expect("STOP", says)


def test_a_paste_that_is_never_closed(dock: Station) -> None:
    dock.send(f"{ESC}[200~{EAN}")
    dock.expect("STOP", "the end of the paste is missing")


def test_a_hole_that_is_too_long(dock: Station) -> None:
    dock.send(EAN[:7])
    dock.pause(0.2)  # 250 ms exactly is tested where time is an argument; a busy machine makes these longer
    dock.send(f"{EAN[7:]}\r")
    dock.expect("STOP", "came in pieces")


def test_the_station_is_stopped_in_the_middle_of_a_code_and_goes_on(dock: Station) -> None:
    def threads() -> dict[Path, int]:
        """Every thread but the main one, with how many bytes it has read since it began."""
        tasks = [task for task in Path(f"/proc/{dock.pid}/task").iterdir() if task.name != str(dock.pid)]
        return {task: int((task / "io").read_text("ascii").split()[1]) for task in tasks}

    def has_read(_: Terminal) -> bool:
        """Has the reader the half in hand, and does it wait for more?

        That nothing waits to be read is no sign: on a busy machine the kernel hands a terminal's bytes on later.
        """
        readers = [task for task, count in threads().items() if count - before.get(task, count) >= len(half)]
        return any(
            ") S " in (task / "stat").read_text("utf-8") and "futex" not in (task / "wchan").read_text("ascii")
            for task in readers
        )

    half = EAN[:7]
    before = threads()
    dock.send(half)
    dock.wait_for(has_read)
    dock.kill(signal.SIGSTOP)
    dock.wait_for(lambda _: ") T " in Path(f"/proc/{dock.pid}/stat").read_text("utf-8"))
    dock.send(f"{EAN[7:]}\r")
    dock.pause(0.5)
    dock.kill(signal.SIGCONT)
    dock.expect("STOP", f"{EAN} came in pieces")
    dock.check("N-101", says="N-101 is open already")
    assert threads().keys() == before.keys(), "one reader, or each would get half of every code"


def test_200_000_characters_without_an_end(dock: Station) -> None:
    dock.send("X" * 200_000)
    dock.expect("STOP", "is too long")

    def is_heard_again(_: Terminal) -> bool:
        """What is scanned before the last of it has been read is a part of it."""
        if dock.verdict[1].startswith("N-101 is open already"):
            return True
        if time.monotonic() - dock.sent_at > 0.5:
            dock.scan("N-101")
        return False

    dock.wait_for(is_heard_again)
    assert dock.verdict[0] == "CHECK"


def test_while_help_and_the_life_of_a_unit_and_another_screen_are_in_front(dock: Station) -> None:
    dock.press("f1")
    dock.expect_title("Help")
    dock.pause(0.3)
    dock.scan("NO-HELP")
    dock.expect_title("Receiving")
    dock.expect("STOP", "NO-HELP is not known here")
    dock.press("f3")
    dock.expect_title("Trace")
    dock.pause(0.3)
    dock.stop("NO-UNIT", says="NO-UNIT")
    dock.press("escape")
    dock.expect_title("Receiving")


def test_the_window_loses_the_keyboard_and_a_scan_proves_that_it_is_back(dock: Station) -> None:
    dock.send(f"{ESC}[O")
    dock.wait_for("This window is not in front: scans go elsewhere. Click it.")
    dock.send(f"{ESC}[I")
    dock.wait_for(lambda _: "elsewhere" not in dock.text)
    dock.send(f"{ESC}[O")
    dock.wait_for("elsewhere")
    dock.scan("NO-FOCUS")
    dock.expect("STOP", "NO-FOCUS is not known here")
    dock.wait_for(lambda _: "elsewhere" not in dock.text)


# -- what is taken --------------------------------------------------------------------------------------------


@pytest.fixture
def own(warehouse: Warehouse) -> Warehouse:
    """A stocked warehouse, for one test."""
    stock(warehouse)
    return warehouse


def open_units(warehouse: Warehouse) -> list[int]:
    return [line["open"] for line in warehouse.po("N-101")["lines"]]


def test_every_suffix_and_a_hole_of_60_ms(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        for number, suffix in enumerate(("\r", "\n", "\r\n", "\t", "\t\r", "\x1bOM"), start=1):
            dock.scan(OTHER_EAN, suffix=suffix)
            dock.expect("OK", f"{number} of 90")
            dock.pause(0.35)
        dock.send(OTHER_EAN[:6])
        dock.pause(0.06)
        dock.send(f"{OTHER_EAN[6:]}\r")
        dock.expect("OK", "7 of 90")
        assert dock.lines[-4].strip("│ ") == ""


def test_two_codes_in_one_read_the_same_twice_at_once_and_twice_at_a_persons_pace(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        dock.scan(EAN, "SN-1")
        dock.expect("OK", "SN-1 → LAP-1, 1 of 30")
        dock.scan(OTHER_EAN, OTHER_EAN)
        dock.expect("CHECK", "was read twice at once and counted once")
        dock.pause(0.7)
        dock.scan(OTHER_EAN)
        dock.expect("OK", "2 of 90")
        dock.pause(0.7)
        dock.scan(OTHER_EAN)
        dock.expect("OK", "3 of 90")
        dock.scan(EAN)
        dock.expect("OK", "Now its primary serial")
        dock.stop("SN-1", says="already captured on line 1")
        dock.ok("SS-CANCEL", says="dropped")
        assert open_units(own) == [1, 3, 0]


def test_a_paste_of_more_than_ten_lines_asks_and_is_taken_line_by_line(own: Warehouse) -> None:
    pasted = f"{ESC}[200~" + "\n".join([OTHER_EAN] * 10 + ["NO-1"]) + f"{ESC}[201~"
    with opened(own, "N-101") as dock:
        dock.send(pasted)
        dock.expect("CHECK", "10 more lines were pasted at once")
        dock.stop(OTHER_EAN, says="11 lines were pasted")
        dock.scan("SS-NO")
        dock.wait_for(lambda _: "11 lines were pasted. Take" not in dock.text)
        dock.send(pasted)
        dock.wait_for("11 lines were pasted. Take each of them as a scan?")
        dock.scan("SS-YES")
        dock.expect("STOP", "NO-1 is not known here")
        assert open_units(own) == [0, 10, 0]


def test_labels_that_carry_product_and_serial(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        dock.ok(f"]C101{GTIN}21SN-0001", says="SN-0001 → LAP-1, 1 of 30")
        dock.ok(f"HTTPS://EXAMPLE.COM/01/{GTIN}/21/SN-0002", says="SN-0002 → LAP-1, 2 of 30")
        dock.ok(f"[)>{RS}06{GS}1PLAP-1{GS}SSN-0003{RS}{EOT}", says="SN-0003 → LAP-1, 3 of 30")
        dock.ok(f"(01){GTIN}(21)SN-0004", says="SN-0004 → LAP-1, 4 of 30")
        dock.send(f"{ESC}[200~01{GTIN}10LOT{GS}21SN-0005{ESC}[201~")
        dock.expect("OK", "SN-0005 → LAP-1, 5 of 30")
        dock.ok(EAN, says="Now its primary serial")
        dock.stop(f"]C101{OTHER_GTIN}21SN-0006", says="is a label of BAT-0. A serial of LAP-1 is owed")
        dock.stop(f"]C101{GTIN}250SN-0006", says="carries no primary serial")
        dock.stop("ss-cancel", says="Caps Lock seems to be on")
        dock.expect_prompt("Primary serial", "LAP-1", "6 of 30")
        dock.ok("10293847", says="10293847 → LAP-1, 6 of 30")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.ok("CD" * 32, says="is the primary. Now the secondary serial")
        dock.ok("=1+1", says="=1+1 → CAM-3, 1 of 5")
    report = json.loads(own.done("report", "serials", "--sku", "CAM-3").out)
    assert report == [], "nothing counts before it is completed"


def test_labels_by_every_standard_that_say_how_many_and_that_may_be_run_on(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        dock.ok(f"]z4\\00002601{GTIN}21SN-0001", says="SN-0001 → LAP-1, 1 of 30")
        dock.ok(f"]L301{GTIN}21SN-0002{GS}90X", says="SN-0002 → LAP-1, 2 of 30")
        dock.ok(f"]U2\\000026[)>{RS}06{GS}8P{GTIN}{GS}25SUN12SN3{GS}20TX{RS}{EOT}", says="UN12SN3 → LAP-1, 3 of 30")
        dock.check(f"]C101{OTHER_GTIN}3010", says="The label says 10. Take 10?")
        dock.stop(EAN, says=("Answer the question first", "was not kept"))
        dock.ok("SS-YES", says="10 × BAT-0 taken, 10 of 90")
        dock.check(f"[)>{RS}06{GS}1PLAP-1{GS}Q2{RS}{EOT}", says="The label says 2. Take 2?")
        dock.check("SS-NO", says="Nothing was changed")
        dock.check("Q3", says="The label says 3. Take 3 of the next product?")
        dock.ok("SS-YES", says="The next product scan takes 3")
        dock.ok("1PBAT-0", says="3 × BAT-0 taken, 13 of 90")
        dock.check(f"]d201{GTIN}21SN-0004{GS}3012", says="SN-0004 is one unit marked 12?")
        dock.ok("SS-YES", says="SN-0004 → LAP-1, 4 of 30")
        dock.check(
            f"01{GTIN}21AB4717270131", says="AB4717270131 may be a serial of LAP-1 with a date or lot run on to it"
        )
        dock.check("SS-NO", says="Nothing was changed")
        dock.check(f"01{GTIN}21AB4717270131", says="Is it the serial, whole?")
        dock.ok("SS-YES", says="AB4717270131 → LAP-1, 5 of 30")
        dock.ok(f"01{GTIN}21AB4817270131", says="AB4817270131 → LAP-1, 6 of 30")
        assert open_units(own) == [6, 13, 0]


def test_while_the_quantity_has_the_focus_and_while_a_question_is_open(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        dock.press("f4")
        dock.shows("How many?")
        dock.ok(OTHER_EAN, says="BAT-0 taken, 1 of 90")
        dock.wait_for(lambda _: "How many?" not in dock.text)
        dock.ok("SS-QTY-2", says="takes 2")
        dock.ok(OTHER_EAN, says="3 of 90")
        dock.check("SS-COMPLETE", says="Complete it with 3 units?")
        dock.stop(OTHER_EAN, says=("Answer the question first", "was not kept"))
        dock.check("SS-NO", says="Nothing was changed")
        dock.pause(0.35)  # a key at once after a scan is the scanner's
        dock.press("ctrl+q")
        dock.expect_question("Close this station?")
        dock.pause(0.3)
        dock.scan("N-102")
        dock.expect("STOP", "Answer the question first")
        dock.scan("SS-NO")
        dock.wait_for(lambda _: "Close this station?" not in dock.text)
        dock.ok(OTHER_EAN, says="4 of 90")
        assert open_units(own) == [0, 4, 0]


def test_the_codes_of_a_scanner_too_slow_for_a_scan_are_the_same_entries(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        dock.type(f"01{GTIN}21SN-0001{GS}10LOT\r", SLOW_SCANNER_S)
        dock.expect("OK", "SN-0001 → LAP-1, 1 of 30")
        dock.type("BAT-0\t", SLOW_SCANNER_S)
        dock.expect("OK", "BAT-0 taken, 1 of 90")
        dock.type("ＢＡＴ－０\r", SLOW_SCANNER_S)
        dock.expect("OK", "2 of 90", "full-width characters were folded")
        dock.type(f"]c1{GTIN}\r", SLOW_SCANNER_S)
        dock.expect("STOP", "Caps Lock seems to be on")
        dock.type("àà&é\r", SLOW_SCANNER_S)
        dock.expect("STOP", "keyboard language of the scanner does not match")
        dock.scan("N-1", suffix="\t")
        dock.expect("STOP", "N-1 is not known here")
        dock.ok("BAT-0", says="3 of 90")  # it stays to be mended, and is in no scan's way


@pytest.mark.parametrize("code", ["N-1", "1Y2", "Y1", "N-1\t", "AY\r\n"])
def test_a_code_too_short_for_a_scan_answers_no_question(asking: Station, code: str) -> None:
    asking.send(code if code[-1].isspace() else f"{code}\r")
    asking.expect("STOP", "Answer the question first", f"{code.strip()} was not kept")


@pytest.mark.parametrize("code", ["x", "7", "AB", "1Y", "NO1"])
def test_a_code_too_short_for_a_scan_without_a_suffix_answers_no_question(asking: Station, code: str) -> None:
    asking.send(code)
    asking.expect("STOP", "Answer the question first", f"{code} was not kept")


def test_a_code_without_its_end_answers_no_question(asking: Station) -> None:
    asking.send("YNYN-5")
    asking.expect("STOP", "YNYN-5 is not whole, no end came")
    asking.send("y\r")
    asking.expect("STOP", "YNYN-5y came in pieces")


@pytest.mark.parametrize("code", ["ABN4", "ABCDN"])
def test_a_code_too_slow_for_a_scan_answers_no_question(asking: Station, code: str) -> None:
    asking.type(f"{code}\r", SLOW_SCANNER_S)
    asking.expect("STOP", "Answer the question first", f"{code} was not kept")


@pytest.fixture(scope="module", params=["of the order", "of the station"])
def questions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clerk: Clerk
) -> Iterator[Station]:
    warehouse = Warehouse(tmp_path_factory.mktemp("asking") / "warehouse", clerk)
    stock(warehouse)
    with opened(warehouse, "N-101") as dock:
        dock.ok(OTHER_EAN, says="1 of 90")
        if request.param == "of the order":
            dock.check("SS-COMPLETE", says="Complete it with 1 unit?")
        else:
            dock.press("ctrl+q")
            dock.expect_question("Close this station?")
        yield dock
        dock.press("n")
        dock.ok("BAT-0", says="2 of 90")


@pytest.fixture
def asking(questions: Station) -> Iterator[Station]:
    """A question is open, and still is after the test."""
    questions.pause(0.35)  # keys further apart are not of one code
    yield questions
    assert "Question" in questions.slot


def test_a_scan_after_the_key_that_answered_a_question(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        dock.ok(OTHER_EAN, says="1 of 90")
        for code, word, says in (("BAT-0", "OK", "2 of 90"), ("N-102", "CHECK", "N-101 lacks 123")):
            dock.check("SS-COMPLETE", says="Complete it with")
            dock.press("n")
            dock.expect("CHECK", "Nothing was changed")
            dock.scan(code)
            dock.expect(word, says)
        dock.check("SS-COMPLETE", says="Complete it with 2 units?")
        dock.press("y")
        dock.expect("OK", "N-101 saved")
        dock.scan("N-102")
        dock.expect("OK", "N-102 is open")
        assert open_units(own) == [0, 0, 0]


def test_scans_right_after_the_start_and_after_esc(own: Warehouse) -> None:
    with own.station("receive", "N-101") as dock:
        dock.scan(OTHER_EAN, "BAT-0")  # before there is anything on the screen
        dock.expect("OK", "2 of 90")
        dock.press("f4")
        dock.shows("How many?")
        dock.press("escape")
        dock.wait_for(lambda _: "How many?" not in dock.text)
        dock.ok(OTHER_EAN, says="3 of 90")
        dock.scan("NO-CODE")
        dock.expect("STOP", "NO-CODE is not known here")
        dock.send(f"{ESC}BAT-0\r")  # in one read this is Alt+B, and no code
        dock.expect("STOP", "contains control keys")
        assert open_units(own) == [0, 3, 0]


def test_caps_lock_with_a_prefix(own: Warehouse) -> None:
    (own.folder / "config.toml").write_text('[wedge]\nprefix = "GUN:"\n', encoding="utf-8")
    with opened(own, "N-101") as dock:
        dock.stop("gun:bat-0", says="Caps Lock seems to be on")
        dock.stop("BAT-0", says="has no start mark")
        dock.ok("GUN:BAT-0", says="1 of 90")


def test_a_scanner_that_drops_separators_by_its_card(own: Warehouse) -> None:
    (own.folder / "config.toml").write_text("[wedge]\ndrops_separators = true\n", encoding="utf-8")
    with opened(own, "N-101") as dock:
        dock.stop(f"01{GTIN}21A10B", says="by its check card this scanner drops separators")
        dock.ok(f"01{GTIN}21A-B", says="A-B → LAP-1, 1 of 30")
        dock.ok(f"01{GTIN}21A10B{GS}", says="A10B → LAP-1, 2 of 30")
        assert open_units(own) == [2, 0, 0]


def _is_gone(word: str, terminal: Terminal) -> bool:
    return word not in terminal.text


def test_what_the_check_card_shows_counts_at_once_written_or_not(own: Warehouse) -> None:
    with opened(own, "N-101") as dock:
        dock.check(f"01{GTIN}21A10B", says="Is it the serial, whole?")
        dock.check("SS-NO", says="Nothing was changed")
        dock.press("escape")
        dock.wait_for("HOME ")
        dock.press("f9")
        dock.wait_for("what waits here")
        dock.press("f9")
        dock.wait_for("Scan anything, or the check card")
        dock.send("]C1" + "".join(GS1_FIELDS) + "\r")
        for key in ("drops_separators", "require_aim"):
            dock.wait_for(key)
            dock.pause(0.4)
            dock.press("n")
            dock.wait_for(partial(_is_gone, key))
        dock.press("escape", "escape")
        dock.ok("SS-RECEIVE", says="Receiving")
        dock.ok("N-101", says="is open")
        dock.stop(f"01{GTIN}21A10B", says="by its check card this scanner drops separators")
        assert open_units(own) == [0, 0, 0]


# -- scanners on ports of their own -------------------------------------------------------------------------------


class Scanner:
    """A pseudo serial port with a name that stays while it is unplugged and plugged in again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.plug()

    def plug(self) -> None:
        """Plug it in."""
        self._line, port = os.openpty()
        tty.setraw(self._line)
        self._path.unlink(missing_ok=True)
        self._path.symlink_to(os.ttyname(port))
        os.close(port)

    def unplug(self) -> None:
        """Pull it: both ends are closed."""
        os.close(self._line)

    def send(self, data: bytes) -> None:
        """What the scanner sends, all of it, however slowly it is read."""
        while data:
            data = data[os.write(self._line, data[:1024]) :]


Scanners = Callable[..., tuple[Station, list[Scanner]]]


@pytest.fixture
def with_scanners(own: Warehouse) -> Iterator[Scanners]:
    """Opens receiving with so many scanners, and waits until they are there."""
    stations: list[Station] = []
    scanners: list[Scanner] = []

    def open_with(
        count: int, *order: str, partial_timeout_ms: int = 500, prefix: str = "", **size: int
    ) -> tuple[Station, list[Scanner]]:
        tables = []
        for number in range(1, count + 1):
            scanners.append(Scanner(own.folder / f"port{number}"))
            tables.append(f'[[serial]]\nid = "gun{number}"\nport = "{own.folder}/port{number}"\n')
            tables.append(f'partial_timeout_ms = {partial_timeout_ms}\nprefix = "{prefix}"\n')
        (own.folder / "config.toml").write_text("\n".join(tables), encoding="utf-8")
        station = opened(own, *order, **size)
        stations.append(station)
        signs = ["●" * count] if size else [f"● gun{number}" for number in range(1, count + 1)]
        station.wait_for(lambda _: all(sign in station.lines[0] for sign in signs))
        return station, scanners

    yield open_with
    for station in stations:
        station.close()
    for scanner in scanners:
        scanner.unplug()


@pytest.mark.parametrize("size", [{}, {"columns": 40, "rows": 20}], ids=["80x24", "40x20"])
def test_a_scanner_is_pulled_in_the_middle_of_a_code_and_comes_back(
    own: Warehouse, with_scanners: Scanners, size: dict[str, int]
) -> None:
    dock, (scanner,) = with_scanners(1, "N-101", **size)
    scanner.send(b"LAP-1\r\n")
    dock.expect("OK", "Now its primary serial")
    scanner.send(b"SN-00")
    dock.pause(0.1)
    scanner.unplug()
    dock.wait_for(lambda _: "○ gun1 lost" in dock.lines[0])
    dock.expect("STOP", "SN-00 was cut off: the scanner was unplugged. gun1 is unplugged", "Plug it in")
    scanner.plug()
    scanner.send(b"01\r\n")
    dock.expect("STOP", "SN-00 was cut off", "gun1 is back.")
    dock.wait_for(lambda _: "lost" not in dock.lines[0])
    dock.expect_prompt("Primary serial", "LAP-1")
    scanner.send(b"SN-0001\r\n")
    dock.expect("OK", "SN-0001 → LAP-1, 1 of 30")
    assert open_units(own) == [1, 0, 0]


def test_a_scanner_that_is_lost_is_told_on_every_screen_and_takes_no_stop_away(
    own: Warehouse, with_scanners: Scanners
) -> None:
    dock, (scanner,) = with_scanners(1)
    dock.go("SS-HOME", "Home")
    scanner.unplug()
    dock.expect("CHECK", "gun1 is unplugged")
    dock.wait_for(lambda _: "○ gun1 lost" in dock.lines[0])
    dock.stop("NO-SUCH", says="NO-SUCH is not known here")
    scanner.plug()
    dock.expect("STOP", "NO-SUCH is not known here", "gun1 is back.")
    for key, title in (("f7", "purchase orders"), ("f8", "shipment orders"), ("f3", "trace"), ("f9", "overview")):
        dock.press(key)
        dock.expect_title(title)
        dock.wait_for(lambda _: "● gun1" in dock.lines[0])
        dock.pause(0.3)
        dock.go("SS-HOME", "Home")


def test_half_a_code_and_a_code_without_an_end_are_refused_aloud(own: Warehouse, with_scanners: Scanners) -> None:
    dock, (scanner,) = with_scanners(1, "N-101")
    scanner.send(b"BAT-0")
    dock.expect("STOP", "BAT-0 has no end")
    scanner.send(b"0\r")
    dock.expect("STOP", "may be the rest of a code that was cut off")
    scanner.send(b"BAT-0\r")
    dock.expect("OK", "1 of 90")
    scanner.send(b"X" * 1_000_000)
    dock.expect("STOP", "is too long: a code has at most 4096 characters")
    dock.pause(0.8)
    scanner.send(b"\r")
    scanner.send(b"AB\x1b[31mC\r")
    dock.expect("STOP", "contains control keys")
    scanner.send(b"AB\xffC\r")
    dock.expect("STOP", "AB<FF>C cannot be read")
    scanner.send(b"BAT-0\r")
    dock.expect("OK", "2 of 90")
    assert open_units(own) == [0, 2, 0]


def test_the_same_code_from_two_scanners_and_from_the_keyboard_at_once_is_no_repeat(
    own: Warehouse, with_scanners: Scanners
) -> None:
    # Between the halves this test may be held up for as long as the machine likes.
    dock, (one, other) = with_scanners(2, "N-101", partial_timeout_ms=5000)
    one.send(b"BAT-0\r")
    other.send(b"BAT-0\r")
    dock.scan("BAT-0")
    dock.expect("OK", "3 of 90")
    dock.pause(0.3)
    one.send(b"BAT")
    other.send(b"BAT-")
    one.send(b"-0\r")
    other.send(b"0\r")
    dock.expect("OK", "5 of 90")
    assert open_units(own) == [0, 5, 0]


def test_a_scanner_with_a_prefix_is_heard_with_it_and_refused_without(own: Warehouse, with_scanners: Scanners) -> None:
    dock, (scanner,) = with_scanners(1, "N-101", prefix="~")
    scanner.send(b"LAP-1\r\n")
    dock.expect("STOP", "LAP-1", "has no start mark")
    scanner.send(b"~LAP-1\r\n")
    dock.expect("OK", "Now its primary serial")
    for cut in (b"SN-0001\r\n", b"0001\r\n", b"SN~0001\r\n", b"]C1SN-0001\r\n"):
        scanner.send(cut)
        dock.expect("STOP", cut.decode().strip(), "has no start mark")
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 30")
    scanner.send(b"~SN-0001\r\n")
    dock.expect("OK", "SN-0001 → LAP-1, 1 of 30")
    scanner.send(b"~SS-UNDO\r\n")
    dock.expect("OK", "Taken back")
    scanner.send(b"~SN-0002\r\n")
    dock.expect("OK", "SN-0002 → LAP-1, 1 of 30")
    dock.ok("BAT-0", says="1 of 90")  # the keyboard has no prefix
    assert open_units(own) == [1, 1, 0]
