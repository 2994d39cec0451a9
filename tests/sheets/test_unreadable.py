"""Files that cannot be read at all: each is named for what it is, with what to do."""

import os
import zipfile
from pathlib import Path

import pytest

from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.sheet_kinds import MASTER_DATA, OPENING_STOCK, PO_SERIALS, SO_SERIALS
from scanstation.sheets import reading, sniffing
from scanstation.sheets.reading import Limits, Row, look_into, read_lines, read_workbook, reading_of
from tests.sheets.workbooks import GOOD, PO_HEADER, READ, inline, ods, ole, raw_xlsx, save, sheet_xml, start, xlsb

OTHERS = Path(__file__).parent / "fixtures" / "others"


def refusal(path: Path, *, limits: Limits | None = None) -> UnreadableFile:
    """What reading the file says."""
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(path, [PO_SERIALS], single=True, limits=limits)
    assert caught.value.hint.endswith((".", str(path)))
    assert "Traceback" not in str(caught.value)
    return caught.value


def test_a_missing_file_is_no_file(tmp_path: Path) -> None:
    error = refusal(tmp_path / "a.xlsx")
    assert isinstance(error, UnreadablePath)
    assert error.title == "There is no file a.xlsx."


def test_a_folder_is_said_to_be_one(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert isinstance(error, UnreadablePath)
    assert "is a folder" in error.title


def test_a_pipe_does_not_hold_the_station(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    error = refusal(tmp_path / "a.xlsx")
    assert isinstance(error, UnreadablePath)
    assert "is a pipe" in error.title


def test_a_device_is_not_read() -> None:
    assert isinstance(refusal(Path("/dev/zero")), UnreadablePath)


def test_a_file_one_may_not_read_is_said_to_be_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)

    def denied(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("os.open", denied)
        error = refusal(path)
    assert isinstance(error, UnreadablePath)
    assert "may not be read" in error.title


def test_a_path_through_a_file_is_told_with_its_reason(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    assert "Not a directory" in refusal(path / "b.xlsx").title


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.xlsx", b"", "is empty"),
        ("a.csv", b"", "is empty"),
        ("a.xlsx", b"%PDF-1.7\n", "a PDF document"),
        ("a.xlsx", b"\x89PNG\r\n", "a picture"),
        ("a.csv", b"\x1f\x8b\x08\x00", "a packed file (gzip)"),
        ("a.xls", b"<html><table><tr><td>SKU", "a web page (HTML)"),
        ("a.xls", b"\xef\xbb\xbf  <!DOCTYPE html>", "a web page (HTML)"),
        ("a.xls", b"\r\n<TABLE border=1><tr><td>SKU", "a web page (HTML)"),
        ("a.xls", b'<style>td {mso-number-format:"0"}</style><table>', "a web page (HTML)"),
        ("a.xls", b"<!-- made by a shop --><html><body>", "a web page (HTML)"),
        ("a.xls", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "a web page (HTML)"),
        ("a.xls", "\ufeff<html><table>".encode("utf-16-le"), "a web page (HTML)"),
        ("a.xlsx", b"<div><table><tr><td>SKU", "a web page (HTML)"),
        ("a.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "(MHTML)"),
        ("a.xls", b"From: <Saved by a browser>\r\nSubject: stock\r\nMIME-Version: 1.0\r\n", "(MHTML)"),
        ("a.xls", b"\r\nMIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "(MHTML)"),
        ("a.ods", b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:x">', ".fods"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "Excel 2003",
        ),
        ("a.xls", b"\x09\x00\x04\x00\x02\x00\x10\x00", "a very old Excel"),
        ("a.csv", b"SKU\x00\x01\x02", "neither a workbook nor text"),
        ("a.db", b"SQLite format 3\x00", "a database"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "an empty zip archive"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "cut off or damaged"),
        ("a.xlsx", b"Warehouse,Client\n", "it is a text file (.csv)"),
    ],
)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    error = refusal(tmp_path / name)
    assert not isinstance(error, UnreadablePath)
    assert what in error.title


@pytest.mark.parametrize(
    ("stream", "what"),
    [
        ("WordDocument", "it is a Word document."),
        ("PowerPoint Document", "it is a presentation."),
        ("VisioDocument", "it is a drawing (Visio)."),
        ("__properties_version1.0", "it is an e-mail (Outlook)."),
        ("Contents", "it is another kind of Office file."),
        ("EncryptedPackage", "is protected with a password."),
    ],
)
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx"])
def test_an_old_office_file_is_named_for_its_streams(tmp_path: Path, name: str, stream: str, what: str) -> None:
    path = ole(tmp_path / name, {"Summary": b"Workbook".ljust(5000), stream: b"PowerPoint WordDocument".ljust(5000)})
    assert what in refusal(path).title


@pytest.mark.parametrize("words", ["PowerPoint Document", "WordDocument", "EncryptedPackage", "VisioDocument"])
def test_what_a_workbook_talks_about_does_not_make_it_another_file(tmp_path: Path, words: str) -> None:
    whole = (OTHERS / "writeexcel.xls").read_bytes()
    note = f"See the {words}.".encode("utf-16-le").ljust(5000, b"\0")
    path = ole(tmp_path / "a.xls", {"Notes": note, "Workbook": whole[512:]})
    assert len(read_workbook(path, [PO_SERIALS]).tables[0].rows) == 7


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.csv", "it is an Excel workbook (.xlsx)"),
        ("a.xls", "it is an Excel workbook (.xlsx)"),
        ("a.ods", "it is an Excel workbook (.xlsx)"),
    ],
)
def test_a_workbook_under_a_misleading_name_is_refused(tmp_path: Path, name: str, what: str) -> None:
    error = refusal(save(tmp_path / "right.xlsx", PO_HEADER, GOOD).rename(tmp_path / name))
    assert what in error.title
    assert "Rename it to end in .xlsx" in error.hint


def test_other_workbooks_under_a_misleading_name_are_refused(tmp_path: Path) -> None:
    assert "an OpenDocument spreadsheet" in refusal(ods(tmp_path / "a.xlsx", PO_HEADER)).title
    assert "an Excel binary workbook" in refusal(xlsb(tmp_path / "b.xlsx", PO_HEADER)).title


def test_a_name_without_an_extension_promises_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD).rename(tmp_path / "serials")
    assert read_workbook(path, [PO_SERIALS]).tables[0].rows == [Row(2, READ)]


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("word/document.xml", "a Word document"),
        ("ppt/slides.xml", "a presentation"),
        ("Index/Document.iwa", "a Numbers or Pages document"),
        ("photo.jpg", "a zip archive"),
    ],
)
def test_another_archive_is_named_for_what_it_is(tmp_path: Path, part: str, what: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(part, b"x")
    assert what in refusal(tmp_path / "a.xlsx").title


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut_off_is_said_to_be_so(tmp_path: Path, kept: float) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert "is cut off or damaged" in refusal(path).title


def test_a_flipped_byte_inside_a_sheet_is_noticed(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(inline(PO_HEADER, *[GOOD] * 50)))
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 150
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(bytes(content))
    assert "damaged" in refusal(path).title


@pytest.mark.parametrize(
    "sheet", ["<worksheet><sheetData><row>", "no xml at all", sheet_xml("<row r='1'><c t='s'><v>99</v></c></row>")]
)
def test_a_sheet_that_makes_no_sense_is_no_crash(tmp_path: Path, sheet: str) -> None:
    assert refusal(raw_xlsx(tmp_path / "a.xlsx", sheet)).title


def test_a_workbook_that_lacks_its_parts_is_damaged(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "damaged" in refusal(tmp_path / "a.xlsx").title or "no sheet" in refusal(tmp_path / "a.xlsx").title


def test_entities_are_never_put_in(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE w [<!ENTITY a "SN-A">]>'
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(inline(PO_HEADER, (*GOOD[:4], "&a;", "IM-1")), before=doctype))
    assert "SN-" not in refusal(path).title


def test_declared_entities_are_refused_even_if_nothing_uses_them(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(inline(PO_HEADER, GOOD), before='<!DOCTYPE w [<!ENTITY a "A">]>'))
    assert "declares entities" in refusal(path).title


def test_a_workbook_that_swells_far_more_than_sheets_do_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(inline(PO_HEADER, *[GOOD] * 2000)))
    monkeypatch.setattr(sniffing, "RATIO_FROM", 1000)
    monkeypatch.setattr(sniffing, "LARGEST_RATIO", 5)
    with path.open("rb") as file, pytest.raises(UnreadableFile, match="as a zip bomb does"):
        sniffing.sniff(file, path.name)


def test_a_workbook_of_more_parts_than_any_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    monkeypatch.setattr(sniffing, "MOST_PARTS", 3)
    with path.open("rb") as file, pytest.raises(UnreadableFile, match="parts; no workbook has"):
        sniffing.sniff(file, path.name)


def test_a_workbook_that_unpacks_to_too_much_is_refused_with_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    monkeypatch.setattr(sniffing, "LARGEST_UNPACKED", 1000)
    with path.open("rb") as file, pytest.raises(UnreadableFile, match="unpacks to"):
        sniffing.sniff(file, path.name)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(sniffing.LARGEST_FILE + 1)
    assert "256" in refusal(path).title


def test_an_archive_with_a_password_is_said_to_have_one(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    content = bytearray(path.read_bytes())
    # The flag of encryption in the archive's directory.
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    assert "protected with a password" in refusal(path).title


def test_an_archive_with_a_part_twice_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    with (
        zipfile.ZipFile(path, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "holds a part twice" in refusal(path).title


@pytest.mark.usefixtures("fresh_processes")
def test_a_sheet_that_is_too_wide_for_its_memory_is_refused_with_its_far_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, sheet = start(PO_HEADER, GOOD)
    sheet["ALL6000"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert read_workbook(tmp_path / "a.xlsx", [PO_SERIALS]).tables[0].rows == [Row(2, READ)]
    monkeypatch.setattr(reading, "_LARGEST_AREA", 1_000_000)
    error = refusal(tmp_path / "a.xlsx", limits=Limits(memory=150 << 20))
    assert error.title == "Sheet Serials of a.xlsx reaches to the cell ALL6000, too far to be read."
    assert "Ctrl+End" in error.hint


@pytest.mark.usefixtures("fresh_processes")
def test_a_stray_cell_that_can_be_afforded_does_no_harm(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD)
    sheet["ZZ30"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert read_workbook(tmp_path / "a.xlsx", [PO_SERIALS]).tables[0].rows == [Row(2, READ)]


@pytest.mark.usefixtures("fresh_processes")
def test_a_reading_without_the_memory_it_needs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(PO_HEADER) + "\n" + (",".join(GOOD) + "\n") * 2_000_000)
    error = refusal(path, limits=Limits(memory=150 << 20))
    assert error.title == "a.csv needs more than 150 MB to be read."


@pytest.mark.usefixtures("fresh_processes")
def test_a_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    assert refusal(path, limits=Limits(seconds=0)).title == "a.xlsx takes too long to read."


@pytest.mark.usefixtures("fresh_processes")
def test_a_reading_that_uses_the_processor_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    # Long enough to be seen at it: a system looks at the clock now and then.
    path.write_text("\n".join([",".join(PO_HEADER), *[",".join(GOOD)] * 300_000]), "utf-8")
    assert refusal(path, limits=Limits(processor_seconds=0)).title == "a.csv takes too long to read."


@pytest.mark.parametrize("content", [b"half", None])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    with reading_of(path, [PO_SERIALS]) as reading:
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        with pytest.raises(UnreadableFile) as caught:
            reading.workbook()
    assert caught.value.title == "a.xlsx was changed while it was read."


def test_a_half_written_file_is_told_as_changing_rather_than_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 half of a workbook")
    with reading_of(path, [PO_SERIALS]) as reading:
        with path.open("ab") as file:
            file.write(b" and more")
        with pytest.raises(UnreadableFile, match="was changed while"):
            reading.workbook()


def test_without_a_fitting_header_the_missing_columns_are_named(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", ("Deliveries",), ("Warehouse", "Client", "SKU", "Qty", "Serial"), title="June")
    error = refusal(path)
    assert "nearest is row 2 of sheet June, which lacks: PO Number, Primary Serial Number." in error.title
    assert "Add the columns" in error.hint


def test_without_any_known_column_all_needed_ones_are_named(tmp_path: Path) -> None:
    error = refusal(save(tmp_path / "a.xlsx", ("some", "thing", "else")))
    assert "Warehouse, Client, PO Number, SKU, Primary Serial Number" in error.hint
    assert refusal(save(tmp_path / "empty.xlsx")).hint == error.hint


def test_a_header_below_row_20_is_not_looked_for(tmp_path: Path) -> None:
    rows: list[tuple[str, ...]] = [("title",)] * 20
    assert "no sheet with the header" in refusal(save(tmp_path / "a.xlsx", *rows, PO_HEADER, GOOD)).title


def test_the_same_column_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    error = refusal(save(tmp_path / "a.xlsx", (*PO_HEADER, "primary_serial_number"), (*GOOD, "SN-9")))
    assert "twice, in E1 and G1." in error.title


def test_an_ignored_column_may_come_twice(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", (*PO_HEADER, "Remark", "Remark"), GOOD)
    assert read_workbook(path, [PO_SERIALS]).tables[0].ignored_columns == ("Remark", "Remark")


def test_two_fitting_sheets_are_refused_where_one_is_expected_and_read_elsewhere(tmp_path: Path) -> None:
    book, _ = start(PO_HEADER, GOOD, title="June")
    second = book.create_sheet("July")
    second.append(PO_HEADER)
    second.append(GOOD)
    book.save(tmp_path / "a.xlsx")
    assert "two sheets that fit: June and July" in refusal(tmp_path / "a.xlsx").title
    both = read_workbook(tmp_path / "a.xlsx", [PO_SERIALS])
    assert [table.sheet for table in both.tables] == ["June", "July"]


def test_a_sheet_of_another_kind_is_named_as_that(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    for kinds in ([OPENING_STOCK], MASTER_DATA[:4]):
        with pytest.raises(UnreadableFile, match="has the header of serial numbers of purchase orders"):
            read_workbook(path, kinds)


def test_a_shipment_sheet_given_to_a_purchase_order_is_named_as_that(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [title.replace("PO", "SO") for title in PO_HEADER], GOOD)
    assert "has the header of serial numbers of shipment orders" in refusal(path).title
    assert read_workbook(path, [SO_SERIALS]).tables


def test_serials_without_their_order_are_not_sent_to_opening_stock(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [title for title in PO_HEADER if title != "PO Number"], GOOD[:2] + GOOD[3:])
    assert refusal(path).title.endswith("which lacks: PO Number.")


def test_names_of_files_and_sheets_cannot_command_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J.xlsx"
    path.write_bytes(b"%PDF")
    assert "\x1b" not in str(refusal(path))


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("visible", "hidden", "two sheets that fit: June and July (hidden)."),
        ("hidden", "visible", "two sheets that fit: June (hidden) and July."),
        ("visible", "visible", "two sheets that fit: June and July."),
        ("visible", "veryHidden", None),
        ("visible", "empty", None),
        ("empty", "visible", None),
        ("empty", "hidden", None),
    ],
)
def test_a_hidden_sheet_counts_and_is_named_a_very_hidden_or_an_empty_one_does_not(
    tmp_path: Path, first: str, second: str, said: str | None
) -> None:
    book, june = start(PO_HEADER, title="June")
    july = book.create_sheet("July")
    july.append(PO_HEADER)
    book.create_sheet("Notes")
    for sheet, state in ((june, first), (july, second)):
        if state != "empty":
            sheet.append(GOOD)
            sheet.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    if said is not None:
        assert said in refusal(tmp_path / "a.xlsx").title
    else:
        assert read_workbook(tmp_path / "a.xlsx", [PO_SERIALS], single=True).tables[0].rows == [Row(2, READ)]


def test_a_header_on_a_very_hidden_sheet_alone_is_said_to_be_there(tmp_path: Path) -> None:
    book, _ = start(("Read me",), title="Cover")
    hidden = book.create_sheet("Data")
    hidden.append(PO_HEADER)
    hidden.append(GOOD)
    hidden.sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    assert "only on the sheet Data, which is hidden so that no menu shows it" in refusal(tmp_path / "a.xlsx").title


def test_the_wizard_is_not_shown_a_sheet_that_no_menu_shows(tmp_path: Path) -> None:
    book, _ = start(PO_HEADER, GOOD, title="June")
    book.create_sheet("Lists").sheet_state = "veryHidden"
    book.create_sheet("Notes").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [(top.sheet, top.hidden) for top in look_into(tmp_path / "a.xlsx", [PO_SERIALS])] == [
        ("June", False),
        ("Notes", True),
    ]


@pytest.mark.parametrize(
    "content", [b"SN-1\r\n\r\n SN-2 \n", "SN-1\nSN-2".encode("utf-16"), b"\xef\xbb\xbfSN-1\nSN-2\n"]
)
def test_a_list_of_codes_is_read_as_the_text_of_a_sheet_is(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(content)
    assert read_lines(file) == ["SN-1", "SN-2"]


@pytest.mark.parametrize("content", [b"SN-1\n" * 100_001, b"x" * (1 << 24) + b"x", b"SN-1\0\n", b"\x81\x8d"])
def test_what_is_no_list_of_codes_or_too_long_a_one_is_not_read(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_lines(file)


def test_a_list_that_is_a_pipe_holds_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadablePath):
        read_lines(tmp_path / "pipe")
