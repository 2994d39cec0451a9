"""Serials that a program made a number or a date of, and wrote as text: told as suspects, never as what they were."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from scanstation.domain.sheet_kinds import OPENING_STOCK, PO_SERIALS, SO_SERIALS
from scanstation.sheets.reading import Table, read_workbook
from tests.sheets.workbooks import GOOD, PO_HEADER, ods, save

EXPONENT, ZERO, DATE, DAY, EMPTY = "exponent", "decimal place", "is a date", "is a day and a month", "an empty cell"


def written(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """The rows as this kind of file."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    elif path.suffix == ".ods":
        ods(path, *rows)
    else:
        save(path, *rows)
    return path


def read_serials(path: Path) -> Table:
    return read_workbook(path, [PO_SERIALS], single=True).tables[0]


def row(serial: str, second: str = "IM-2") -> tuple[str, ...]:
    return (*GOOD[:4], serial, second)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.5E+11", EXPONENT),
        ("1,5E+11", EXPONENT),
        ("1.23E15", EXPONENT),
        ("123e+15", EXPONENT),
        ("-1.2e-05", EXPONENT),
        ("1.23456789012346E+019", EXPONENT),
        ("123456789012.0", ZERO),
        ("0.0", ZERO),
        ("-42.0", ZERO),
        ("123456789012,0", ZERO),
        ("03/04/2026", DATE),
        ("3/4/26", DATE),
        ("3/4/01", DATE),
        ("31/12/2026", DATE),
        ("12/31/2026", DATE),
        ("2026/03/04", DATE),
        ("03/04/2026 00:00", DATE),
        ("3/4/26 12:00 AM", DATE),
        ("2026-03-04 00:00:00", DATE),
        ("2026-03-04T00:00:00", DATE),
        ("2026-03-04T00:00:00.000Z", DATE),
        ("2026-03-04 00:00:00+01:00", DATE),
        ("04.03.2026 00:00", DATE),
        ("04.03.2026, 00:00:00", DATE),
        ("04-Mar", DAY),
        ("4-Mar", DAY),
        ("4-MAR-26", DAY),
        ("04-Mar-2026", DAY),
        ("4. Mrz", DAY),
        ("04. Mrz. 26", DAY),
        ("Mar-04", DAY),
        ("Mrz 04", DAY),
        ("Dec-2026", DAY),
        ("5 May", DAY),
        ("1-déc", DAY),
        ("01/Sept/26", DAY),
        ("Mar 4, 2026", DAY),
        ("March 4, 2026", DAY),
        ("04-Mar-2026 10:00", DATE),
        ("4 March 2026 12:00 AM", DATE),
        ("Mar 4, 2026, 10:30:00 PM", DATE),
        ("nan", EMPTY),
        ("NaN", EMPTY),
        ("NaT", EMPTY),
    ],
)
def test_what_was_a_number_or_a_date_is_told(tmp_path: Path, ending: str, text: str, why: str) -> None:
    table = read_serials(written(tmp_path / f"a{ending}", [PO_HEADER, GOOD, row(text), row("SN-4", text)]))
    assert [one.values[4:6] for one in table.rows[1:]] == [(text, "IM-2"), ("SN-4", text)]
    assert {number: list(found) for number, found in table.suspects.items()} == {
        3: ["Primary Serial Number"],
        4: ["Secondary Serial Number"],
    }
    assert why in table.suspects[3]["Primary Serial Number"]
    assert table.problems == ()


@pytest.mark.parametrize("ending", [".csv", ".ods"])
@pytest.mark.parametrize(
    "text",
    [
        *("#N/A", "#NAME?", "#DIV/0!"),
        *("#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#ÜBERLAUF!"),
        *("#N/D", "#¡VALOR!", "#¡REF!", "#¿NOMBRE?", "#¡NUM!", "#¡NULO!", "#¡DIV/0!"),
        *("#N/D!", "#ARG!", "#ADR!", "#NAZWA?", "#LICZBA!", "#ZERO!", "#DZIEL/0!"),
        *("#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!"),
    ],
)
def test_an_error_value_is_told_in_the_language_that_wrote_it(tmp_path: Path, ending: str, text: str) -> None:
    table = read_serials(written(tmp_path / f"a{ending}", [PO_HEADER, GOOD, row(text), row("#NV-1", "#ZERO")]))
    assert [(one.cell, one.value, one.reason) for one in table.problems] == [("E3", text, "is an error value")]


def test_an_integer_column_of_pandas_has_its_own_word_for_an_empty_cell(tmp_path: Path) -> None:
    table = read_serials(written(tmp_path / "a.csv", [PO_HEADER, row("SN-4", "<NA>")]))
    assert EMPTY in table.suspects[2]["Secondary Serial Number"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
@pytest.mark.parametrize(
    "text",
    [
        *("1E5", "001E2", "12E5", "3-4", "2026-03-04", "04.03.2026", "1.5", "1.23", "10.00", "1.0.0", "A1.0", "1.0A"),
        *("12/345", "3/4", "3/4/5/6", "13/13/26", "45/01/2026", "12/31/0026", "2026/13/01"),
        *("SN/03/04/2026", "2026/03/0012", "2024/05/0007"),
        *("00:1B:44:11:3A:B7", "12:30:00", "2026-03-04-01", "2026-03-04 A", "192.168.1.10", "1-2-3 4"),
        *("04-MARS7", "MARCH", "MAY-1000", "MAR04", "04MAR26", "JUNE-2A", "DEC", "A-04-Mar", "MAX-12"),
        *("NAN1", "NA1", "NANT", "MAR 4, 20", "MAR 4-2026", "04-MAR-2026-10:00"),
        *("E+5", "1E+", "+49", "5E", "12E", "1.E+5", "%", "1,0,0"),
    ],
)  # fmt: skip
def test_a_serial_that_only_looks_a_little_like_one_is_a_serial(tmp_path: Path, ending: str, text: str) -> None:
    table = read_serials(written(tmp_path / f"a{ending}", [PO_HEADER, GOOD, row(text)]))
    assert table.rows[1].values[4] == text
    assert (dict(table.suspects), table.problems) == ({}, ())


@pytest.mark.parametrize(
    ("column", "suspected"),
    [
        (["04-Mar"], []),
        (["04-Mar", "05-Mar", "06-Mar"], []),
        (["MAY-98", "MAY-99", "MAY-100", "MAY-1000"], []),
        (["04-Mar", "4-Mar-26"], []),
        (["04-Mar", ""], []),
        (["MAY-98", "may-100"], []),
        (["04-Mar", "3-13"], ["04-Mar"]),
        (["Mar-04", "SN-1"], ["Mar-04"]),
        (["04-Mar", "05-Mar", "SN-1"], ["04-Mar", "05-Mar"]),
        (["MAY-98", "X1-Y2", "MAY-99"], ["MAY-98", "MAY-99"]),
    ],
)
def test_whether_a_day_and_a_month_is_a_serial_the_rest_of_its_column_tells(
    tmp_path: Path, column: list[str], suspected: list[str]
) -> None:
    table = read_serials(written(tmp_path / "a.csv", [PO_HEADER, *(row(text) for text in column)]))
    assert [one.values[4] for one in table.rows if one.number in table.suspects] == suspected


def test_thousands_of_rows_may_lie_between_a_day_and_the_serial_that_tells(tmp_path: Path) -> None:
    rows = [row(f"{1 + number % 28:02}-Mar") for number in range(5000)]
    table = read_serials(written(tmp_path / "a.csv", [PO_HEADER, *rows, row("SN-1")]))
    assert len(table.suspects) == 5000


@pytest.mark.parametrize("text", ["45001.0", "4.5E+05", "03/04/2026", "2026-03-04 00:00:00"])
@pytest.mark.parametrize("column", [0, 1, 2, 3])
def test_names_that_were_numbers_or_dates_are_refused_with_their_cell(tmp_path: Path, text: str, column: int) -> None:
    spoiled = [*GOOD]
    spoiled[column] = text
    for kind, header in ((PO_SERIALS, PO_HEADER), (SO_SERIALS, [one.replace("PO", "SO") for one in PO_HEADER])):
        path = written(tmp_path / "a.csv", [header, GOOD, spoiled])
        (problem,) = read_workbook(path, [kind]).tables[0].problems
        assert (problem.cell, problem.value) == (f"{'ABCD'[column]}3", text)
        assert problem.mend == "Format the column as Text and paste again."
        assert "serial" not in problem.reason, "it is a name"


def test_serials_of_opening_stock_are_told_too(tmp_path: Path) -> None:
    header = ("Warehouse", "Client", "SKU", "Primary Serial Number")
    path = written(tmp_path / "a.csv", [header, ("MAIN", "ACME", "SKU-1", "123456789012.0")])
    assert 2 in read_workbook(path, [OPENING_STOCK]).tables[0].suspects


def test_ordinary_serials_of_all_shapes_are_looked_at_together(tmp_path: Path) -> None:
    from scanstation.sheets.cells import are_plain

    column = PO_SERIALS.columns[4]
    assert column.name == "Primary Serial Number"
    assert are_plain(
        ["SN-1", "000123", "356938035643809", "1E5", "3-4", "2026-03-04", "MAX-12", "12/345", "", "1.5"], column
    )
