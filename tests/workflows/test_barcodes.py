"""Barcodes as people write them in a sheet: as a scan will bring them, with a note, or refused."""

import pytest

from scanstation.domain.gtin import product_key
from scanstation.domain.outcome import Reason
from scanstation.domain.products import Barcode
from scanstation.workflows.codes.barcodes import read_barcodes, scanned_barcode
from scanstation.workflows.codes.interpreting import interpret

EAN, OTHER, UPC, SHORT, CARTON = "4006381333931", "5901234123457", "036000291452", "96385074", "14006381333938"


def told(cell: str) -> tuple[list[tuple[str, int]], list[str], list[Reason]]:
    found = list(read_barcodes(cell, "SS-"))
    good = [one for one in found if not isinstance(one, Reason)]
    records = [(one.record.text, one.record.pack_quantity) for one in good]
    return records, [one.note for one in good if one.note], [one for one in found if isinstance(one, Reason)]


@pytest.mark.parametrize(
    "cell",
    [
        EAN,
        UPC,
        SHORT,
        CARTON,
        "CAM-300",
        "10293847",
        "12345678901",
        "A/B",
        "LAP 14",
        "4711",
        "1234 5678",
        "https://shop.example/p/4711",
        f"https://shop.example/p/{EAN}",
    ],
)
def test_a_barcode_alone_stays_as_it_is(cell: str) -> None:
    assert told(cell) == ([(cell, 1)], [], [])


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        (f"{EAN};{OTHER}", [EAN, OTHER]),
        (f" {EAN} ; A/B ;", [EAN, "A/B"]),
        ("", []),
        (" ; ", []),
    ],
)
def test_several_are_written_with_a_semicolon(cell: str, codes: list[str]) -> None:
    assert told(cell) == ([(code, 1) for code in codes], [], [])


def test_a_pack_is_written_with_its_quantity() -> None:
    assert told(f"{EAN};{CARTON} = 12; BOX=6") == ([(EAN, 1), (CARTON, 12), ("BOX", 6)], [], [])


@pytest.mark.parametrize("sign", [",", ", ", "/", " / ", "|", "\n", "\r\n", " ", "\u00a0", ",\n"])
def test_gtins_with_right_check_digits_are_several_whatever_stands_between(sign: str) -> None:
    records, notes, wrong = told(f"{EAN}{sign}{SHORT}{sign}{CARTON}=12")
    assert (records, wrong) == ([(EAN, 1), (SHORT, 1), (CARTON, 12)], [])
    assert all(note.endswith(f"was read as 3 barcodes, {EAN}, {SHORT}, {CARTON}=12") for note in notes)
    assert len(notes) == 3


@pytest.mark.parametrize(
    ("cell", "code", "why"),
    [
        ("36000291452", "036000291452", "the UPC-A whose first zero was lost"),
        ("12345000065", "012345000065", "the UPC-A whose first zero was lost"),
        ("4 006381 333931", EAN, "without the blanks"),
        ("0 36000 29145 2", UPC, "without the blanks"),
        ("9638 5074", SHORT, "without the blanks"),
        ("1 40 06381 33393 8", CARTON, "without the blanks"),
        ("978-3-16-148410-0", "9783161484100", "without the hyphens"),
        ("(01)04006381333931", "04006381333931", "its product number"),
        ("(01) 04006381333931", "04006381333931", "its product number"),
        ("(01)04006381333931(21)SN-1", "04006381333931", "its product number"),
        ("0104006381333931", "04006381333931", "its product number"),
        ("]C10104006381333931", "04006381333931", "its product number"),
        ("https://id.gs1.org/01/04006381333931", "04006381333931", "its product number"),
        (f"]E0{EAN}", EAN, "what stands behind the mark of the scanner"),
        (f"]E4{SHORT}", SHORT, "what stands behind the mark of the scanner"),
        ("]C0CAM-300", "CAM-300", "what stands behind the mark of the scanner"),
        ("]E001234565", "00012345000065", "its product number"),
    ],
)
def test_what_a_scan_brings_otherwise_is_read_right_with_a_note(cell: str, code: str, why: str) -> None:
    assert told(cell) == ([(code, 1)], [f"{cell} was read as {code}, {why}"], [])


@pytest.mark.parametrize(
    "code", ["4006381333932", "123456789012", "36000291452", "4 006381 333931", f"EAN {EAN}", "4711"]
)
def test_what_is_written_for_one_piece_stands_on_the_label_just_so(code: str) -> None:
    assert told(f"{code}=1") == ([(code, 1)], [], [])


def test_what_is_no_list_is_one_barcode_and_that_is_said() -> None:
    for cell in ("ABC,DEF", "ABC | DEF", "A / B", "10293847,10293848"):
        assert told(cell) == (
            [(cell, 1)],
            [f"{cell} was read as one barcode; several are written with ; between them"],
            [],
        )


@pytest.mark.parametrize(
    ("cell", "name", "said"),
    [
        ("4006381333932", "check-digit", "4006381333932 has a wrong check digit: it should end in 1."),
        ("036000291453", "check-digit", "should end in 2"),
        ("14006381333939=12", "check-digit", "should end in 8"),
        ("4 006381 333932", "check-digit", "should end in 1"),
        (f"{EAN},4006381333949", "check-digit", "4006381333949 has a wrong check digit: it should end in 8"),
        (f"{EAN} / CAM-300", "more-than-a-barcode", f"holds {EAN} and something else"),
        (f"EAN {EAN}", "more-than-a-barcode", "with ; between them"),
        (f"{EAN} 12", "more-than-a-barcode", f"holds {EAN}"),
        (f"{EAN},00", "more-than-a-barcode", f"holds {EAN}"),
        ("(01)04006381333932", "never-scanned", "should end in 1: no scan would find the product by it."),
        ("(01)4006381333931", "never-scanned", "has 13 of 14 characters"),
        ("]E04006381333932", "never-scanned", "wrong check digit"),
        ("]C1100423", "never-scanned", "is a label without a product: no scan"),
        ("]E0", "never-scanned", "is too short"),
        (f"]E0]E0{EAN}", "never-scanned", "is read as something else"),
        ("SS-COMPLETE", "command", "is a command barcode"),
        ("SS-QTY-3", "command", "is a command barcode"),
        ("]C0SS-UNDO", "command", "is a command barcode"),
        ("ss-undo", "command", "is a command barcode"),
        ("sS-uNDO", "command", "is a command barcode"),
        ("SS-QTY-0", "never-scanned", "is no quantity"),
        ("CÂBLE-1", "never-scanned", "which is not on a serial label"),
        ("ABC\u200b1", "bad-name", "cannot be seen"),
        ("ABC\x1d1", "bad-name", "cannot be seen"),
        ("[)>\x1e06\x1d1PX\x1e\x04", "bad-name", "cannot be seen"),
        ("X" * 65, "bad-name", "is too long"),
        ("4711=0", "pack-quantity", "Write code=12"),
        ("4711=dozen", "pack-quantity", "Write code=12"),
        ("=12", "empty", "is empty"),
    ],
)
def test_what_no_scan_would_find_is_refused(cell: str, name: str, said: str) -> None:
    records, notes, wrong = told(cell)
    assert (records, notes, [one.name for one in wrong]) == ([], [], [name])
    assert said in wrong[0].text
    assert "an it again" not in wrong[0].text, "nobody has scanned anything"


def test_what_is_wrong_with_one_leaves_the_others_of_the_cell() -> None:
    records, _, wrong = told(f"{EAN}; 4006381333932; BOX=6")
    assert (records, [one.name for one in wrong]) == ([(EAN, 1), ("BOX", 6)], ["check-digit"])


@pytest.mark.parametrize("text", ["36000291452", "1234 5670", "ABC,DEF", f"{EAN},{OTHER}", "978-3-16-148410-0"])
def test_what_a_scanner_has_read_it_will_read_again(text: str) -> None:
    found = scanned_barcode(text, "SS-")
    assert not isinstance(found, Reason)
    assert found == (Barcode(text), "")


@pytest.mark.parametrize("text", ["4006381333932", "]E04006381333932", "SS-UNDO", "CÂBLE"])
def test_what_a_scanner_cannot_have_read_is_refused_there_too(text: str) -> None:
    assert isinstance(scanned_barcode(text, "SS-"), Reason)


@pytest.mark.parametrize(
    "text", ["]E001234565", f"]E3{EAN} 12", f"]E0{EAN}", "(01)04006381333931", "36000291452", "A/B"]
)
def test_a_scan_of_the_same_label_finds_what_was_stored(text: str) -> None:
    found = scanned_barcode(text, "SS-")
    assert not isinstance(found, Reason)
    reading = interpret(text, command_prefix="SS-")
    assert product_key(found.record.text) == product_key(reading.gtin or reading.text)
