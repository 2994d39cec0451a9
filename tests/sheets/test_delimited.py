"""CSV as it comes: encodings, delimiters, quotation, marks of text."""

from pathlib import Path

import pytest

from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.sheet_kinds import PO_SERIALS, PURCHASE_ORDERS
from scanstation.sheets.reading import Row, Table, read_workbook
from tests.sheets.workbooks import GOOD, LAST, PO_HEADER, READ


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_serials(path: Path) -> Table:
    return read_workbook(path, [PO_SERIALS], single=True).tables[0]


def lines(*rows: tuple[str, ...], delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_delimiter_and_line_end_is_read(tmp_path: Path, delimiter: str, end: str) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, GOOD, delimiter=delimiter, end=end))
    table = read_serials(path)
    assert table.rows == [Row(2, READ)]
    assert (table.problems, table.notes, table.sheet) == ((), (), "a.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_each_unicode_encoding_is_read_without_a_note(tmp_path: Path, encoding: str) -> None:
    text = lines(PO_HEADER, ("Łódź", "Ünal", *GOOD[2:]))
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    table = read_serials(written(tmp_path / "a.csv", (mark + text).encode(encoding)))
    assert table.rows[0].values[:2] == ("Łódź", "Ünal")
    assert table.notes == ()


def test_windows_1252_is_read_with_a_note(tmp_path: Path) -> None:
    table = read_serials(written(tmp_path / "a.csv", lines(PO_HEADER, ("Köln", *GOOD[1:])).encode("cp1252")))
    assert table.rows[0].values[0] == "Köln"
    assert "Windows-1252" in table.notes[0]


@pytest.mark.parametrize(
    ("word", "encoding"),
    [
        *(
            (word, encoding)
            for word in ("東京倉庫", "テスト", "さくら", "ｿﾆｰ", "大阪")
            for encoding in ("cp932", "euc_jp")
        ),
        *((word, encoding) for word in ("北京", "上海仓库", "仓") for encoding in ("gbk", "gb18030")),
        *((word, "big5") for word in ("台北", "倉庫")),
        *((word, "euc_kr") for word in ("서울", "창고")),
        *((word, encoding) for word in ("Склад", "Москва") for encoding in ("cp1251", "koi8_r")),
    ],
)
def test_text_of_another_encoding_is_never_guessed(tmp_path: Path, word: str, encoding: str) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, (word, *GOOD[1:])).encode(encoding))
    with pytest.raises(UnreadableFile) as caught:
        read_serials(path)
    assert "UTF-8" in caught.value.title
    assert "CSV UTF-8" in caught.value.hint


@pytest.mark.parametrize(
    "word",
    [
        *(
            "Größe",
            "Köln",
            "créée",
            "Señor",
            "« été »",
            "“Acme”",
            "Driver’s",
            "½ inch",
            "n° 5",
            "Œuvre",
            "naïve",
            "ÄÖÜ",
        ),
        *("¿Él?", "¡Ánimo!", "50 €", "Süß", "Ærø", "Åå", "10 µm", "A – B", "x…"),
    ],
)
def test_western_words_are_read_as_windows_1252(tmp_path: Path, word: str) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, (word, *GOOD[1:])).encode("cp1252"))
    table = read_serials(path)
    assert table.rows[0].values[0] == word
    assert "Windows-1252" in table.notes[0]


@pytest.mark.parametrize("end", ["\x1a", "\x1a\r\n", "\r\n\x1a", "\x1a\x1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_the_end_mark_of_dos_is_passed_over(tmp_path: Path, end: str, encoding: str) -> None:
    path = written(tmp_path / "a.csv", (lines(PO_HEADER, ("Köln", *GOOD[1:])) + end).encode(encoding))
    table = read_serials(path)
    assert [row.values[1:] for row in table.rows] == [READ[1:]]
    assert any("0x1A" in note for note in table.notes)
    assert table.problems == ()


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_quoted_cells_may_stand_after_a_blank(tmp_path: Path, delimiter: str) -> None:
    row = ["MAIN", f"ACME{delimiter} Inc", *GOOD[2:4], 'SN "1"', ""]
    text = f"{delimiter} ".join('"' + one.replace('"', '""') + '"' for one in row)
    path = written(tmp_path / "a.csv", f"{delimiter} ".join(PO_HEADER) + f"\n{text}\n")
    table = read_serials(path)
    assert table.rows == [Row(2, (*row, *LAST))]
    assert table.problems == ()


def test_a_quotation_after_a_blank_that_is_no_cell_of_its_own_stays(tmp_path: Path) -> None:
    header = (*PO_HEADER, "Remark")
    path = written(tmp_path / "a.csv", lines(header, (*GOOD, ' "big" one')))
    assert read_serials(path).rows == [Row(2, READ)]


@pytest.mark.parametrize("content", [b"\xff\xfeS", b"SKU\n" + b"a" * 5000 + b"\x00"])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"is not text|is neither UTF-8"):
        read_serials(written(tmp_path / "a.csv", content))


def test_a_line_that_names_the_delimiter_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "sep=;\n" + lines(PO_HEADER, GOOD, delimiter=";"))
    assert read_serials(path).rows == [Row(3, READ)]


def test_quoted_cells_may_hold_delimiters_and_line_breaks(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, ("MAIN", '"ACME, Inc"', "N-1", "S", '"A\nB"', '"x""y"'), GOOD))
    table = read_serials(path)
    assert table.rows[0].values[:6] == ("MAIN", "ACME, Inc", "N-1", "S", "A\nB", 'x"y')
    assert table.rows[1].number == 3


def test_a_quotation_that_never_ends_is_refused_with_its_row(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, GOOD, ("MAIN", '"ACME', *GOOD[2:]), GOOD))
    with pytest.raises(UnreadableFile, match="breaks off in row 3"):
        read_serials(path)


def test_a_cell_beyond_the_header_is_told_because_it_moved_the_others(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, ("MAIN", "ACME", " Inc", *GOOD[2:])))
    (problem,) = read_serials(path).problems
    assert problem.cell == "G2"
    assert "beyond the last column" in problem.reason


def test_a_header_that_ends_in_a_delimiter_hides_no_moved_cells(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines((*PO_HEADER, ""), (*GOOD, ""), ("MAIN", "ACME", " Inc", *GOOD[2:])))
    table = read_serials(path)
    assert table.rows[0] == Row(2, READ)
    assert [problem.cell for problem in table.problems] == ["G3"]


def test_empty_cells_beyond_the_header_and_missing_ones_at_the_end_are_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, (*GOOD, "", ""), GOOD[:5]))
    table = read_serials(path)
    assert table.rows == [Row(2, READ), Row(3, (*GOOD[:5], "", *LAST))]
    assert table.problems == ()


def test_blank_lines_keep_the_numbers_of_the_rows(tmp_path: Path) -> None:
    table = read_serials(written(tmp_path / "a.csv", lines(PO_HEADER) + "\n,,,,,\n" + lines(GOOD) + "\n\n"))
    assert table.rows == [Row(4, READ)]
    assert table.notes == ("2 blank rows were passed over.",)


def test_digits_in_text_keep_their_zeros_without_a_note(tmp_path: Path) -> None:
    table = read_serials(written(tmp_path / "a.csv", lines(PO_HEADER, (*GOOD[:4], "000123", "12345678901234567890"))))
    assert table.rows[0].values[4:6] == ("000123", "12345678901234567890")
    assert (table.notes, table.problems) == ((), ())


@pytest.mark.parametrize("cell", ["#N/A", "#REF!"])
def test_what_a_spreadsheet_lost_before_it_wrote_the_file_is_refused(tmp_path: Path, cell: str) -> None:
    path = written(tmp_path / "a.csv", lines(PO_HEADER, (*GOOD[:4], f'"{cell}"', "IM-1")))
    problems = read_serials(path).problems
    assert [problem.value for problem in problems] == [cell]
    assert problems[0].mend.startswith("Format the column as Text and paste again.")


@pytest.mark.parametrize(("cell", "text"), [("'=1+1", "=1+1"), ("'-5", "-5"), ('"=""0123"""', "0123")])
def test_the_marks_of_a_text_are_taken_off(tmp_path: Path, cell: str, text: str) -> None:
    table = read_serials(written(tmp_path / "a.csv", lines(PO_HEADER, (*GOOD[:4], cell, "IM-1"))))
    assert table.rows[0].values[4] == text
    assert len(table.notes) == 1


@pytest.mark.parametrize("text", ["'quoted'", "O'Neill", "=A1", '="a"b"'])
def test_what_is_no_mark_of_a_text_stays(tmp_path: Path, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    table = read_serials(written(tmp_path / "a.csv", lines(PO_HEADER, (*GOOD[:4], quoted, "IM-1"))))
    assert table.rows[0].values[4] == text
    assert table.notes == ()


def test_quantities_come_from_text(tmp_path: Path) -> None:
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity")
    path = written(tmp_path / "a.csv", lines(header, ("MAIN", "ACME", "N-1", "SKU", " 05 ")))
    assert read_workbook(path, [PURCHASE_ORDERS]).tables[0].rows[0].values[4] == "5"


def test_a_tab_separated_text_under_its_own_names_is_read(tmp_path: Path) -> None:
    for name in ("a.tsv", "a.txt"):
        assert read_serials(written(tmp_path / name, lines(PO_HEADER, GOOD, delimiter="\t"))).rows == [Row(2, READ)]


OTHERS = Path(__file__).parent / "fixtures" / "others"
WHOSE = ("W-EAST", "NORDWIND", "N-1", "LAP")


@pytest.mark.parametrize(
    ("name", "serials"),
    [
        ("r-table.csv", ["000123", "SN-0001", "SN-2"]),
        ("r-table-blanks.txt", ["000123", "SN-0001", "SN-2"]),
        ("r-table-some.csv", ["SN-0001", "SN-2"]),
        ("r-table-bare.tsv", ["000123", "SN-0001", "SN-2"]),
        ("r-table-named.csv", ["000123", "SN-0001", "SN-2"]),
    ],
)
def test_names_of_rows_without_a_header_are_passed_over(name: str, serials: list[str]) -> None:
    table = read_serials(OTHERS / name)
    assert [row.values for row in table.rows] == [(*WHOSE, serial, "", *LAST) for serial in serials]
    assert table.notes == ("The names of the rows, for which the header has no column, were passed over.",)
    assert (table.problems, table.cell(table.rows[0], "Primary Serial Number")) == ((), "F2")


@pytest.mark.parametrize(
    "rows",
    [
        [("MAIN", "ACME", " Inc", *GOOD[2:5])],
        [("MAIN", "ACME", " Inc", *GOOD[2:5]), ("MAIN", "ACME", " Inc", *GOOD[2:4], "SN-2")],
        [("1", *GOOD[:5]), GOOD[:5]],
        [("1", *GOOD[:5]), ("1", *GOOD[:5])],
    ],
)
def test_cells_that_moved_are_not_taken_for_names_of_rows(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    table = read_serials(written(tmp_path / "a.csv", lines(PO_HEADER[:5], *rows)))
    assert table.problems


def test_a_row_without_its_name_far_below_is_refused(tmp_path: Path) -> None:
    rows = [(str(number), *GOOD[:4], f"SN-{number}") for number in range(1, 60)]
    with pytest.raises(UnreadableFile, match="Row 61 begins without the name"):
        read_serials(written(tmp_path / "a.csv", lines(PO_HEADER[:5], *rows, GOOD[:5])))
