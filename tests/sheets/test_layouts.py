"""Where a sheet's columns are, when its header does not tell or tells wrong; and how a reading is stopped."""

import threading
from pathlib import Path

import pytest

from scanstation.domain.file_errors import ReadingStopped, UnreadableFile
from scanstation.domain.progress import Progress
from scanstation.domain.sheet_kinds import MASTER_DATA, PO_SERIALS
from scanstation.sheets.layouts import SheetTop
from scanstation.sheets.reading import look_into, read_workbook
from tests.sheets.workbooks import GOOD, PO_HEADER, READ, save, start

FOREIGN = ("Site", "Client", "Order", "SKU", "S/N", "Lens")


def top_of(path: Path) -> SheetTop:
    (top,) = look_into(path, [PO_SERIALS])
    return top


def test_a_look_tells_each_sheet_with_its_first_rows_and_its_length(tmp_path: Path) -> None:
    book, _ = start(("Delivery of", 21), PO_HEADER, *[GOOD] * 30)
    hidden = book.create_sheet("Old")
    hidden.sheet_state = "hidden"
    hidden["C2"] = "x"
    book.save(tmp_path / "two.xlsx")

    serials, old = look_into(tmp_path / "two.xlsx", [PO_SERIALS])

    assert (serials.sheet, serials.hidden, serials.total, len(serials.rows)) == ("Serials", False, 32, 20)
    assert serials.fits([PO_SERIALS])
    assert serials.layout([PO_SERIALS]).header_row == 2
    assert serials.sample(2, 4) == "SN-1"
    assert (old.hidden, old.letter(0), old.fits([PO_SERIALS])) == (True, "C", False)


@pytest.mark.parametrize("name", ["foreign.xlsx", "foreign.csv"])
def test_columns_are_read_where_somebody_said_they_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if path.suffix == ".csv":
        path.write_text("\n".join(";".join(row) for row in (FOREIGN, GOOD)))
    else:
        save(path, FOREIGN, GOOD)
    top = top_of(path)
    layout = top.layout([PO_SERIALS])
    assert layout.missing == ("Warehouse", "PO Number", "Primary Serial Number")

    for slot, position in ((0, 0), (2, 2), (4, 4)):
        layout = layout.with_column(slot, position, top)

    assert layout.missing == ()
    (table,) = read_workbook(path, [PO_SERIALS], layouts=[layout]).tables
    assert [row.values[:6] for row in table.rows] == [(*GOOD[:5], "")], "the secondary was not said to be anywhere"
    assert table.columns["Primary Serial Number"] == "E"
    assert table.ignored_columns == ("Lens",)


def test_a_column_of_the_sheet_serves_one_column_only(tmp_path: Path) -> None:
    top = top_of(save(tmp_path / "good.xlsx", PO_HEADER, GOOD))

    layout = top.layout([PO_SERIALS]).with_column(5, 4, top)

    assert layout.missing == ("Primary Serial Number",)
    assert layout.positions[5] == 4


def test_only_the_sheet_that_was_chosen_is_read(tmp_path: Path) -> None:
    book, _ = start(PO_HEADER, GOOD)
    book.create_sheet("Second").append(list(PO_HEADER))
    book["Second"].append([*GOOD[:4], "SN-2", ""])
    book.save(tmp_path / "two.xlsx")
    second = look_into(tmp_path / "two.xlsx", [PO_SERIALS])[1]

    read = read_workbook(tmp_path / "two.xlsx", [PO_SERIALS], single=True, layouts=[second.layout([PO_SERIALS])])

    assert [row.values[4] for row in read.tables[0].rows] == ["SN-2"]
    assert read.ignored_sheets == ("Serials",)


def test_a_header_that_has_changed_since_it_was_looked_at_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "good.xlsx", PO_HEADER, GOOD)
    layout = top_of(path).layout([PO_SERIALS])
    save(path, (*PO_HEADER[:4], *reversed(PO_HEADER[4:])), GOOD)

    with pytest.raises(UnreadableFile, match="not the header any more"):
        read_workbook(path, [PO_SERIALS], layouts=[layout])

    save(path, PO_HEADER, GOOD, title="Other")
    with pytest.raises(UnreadableFile, match="has no sheet Serials any more"):
        read_workbook(path, [PO_SERIALS], layouts=[layout])


def test_a_sheet_without_any_known_header_is_taken_by_its_fullest_row(tmp_path: Path) -> None:
    top = top_of(save(tmp_path / "odd.xlsx", ("Delivery",), ("a", "b", "c"), ("1", "2", "3")))

    layout = top.layout([PO_SERIALS])

    assert (layout.header_row, layout.positions) == (2, (None,) * 10)
    assert not look_into(tmp_path / "odd.xlsx", MASTER_DATA)[0].fits(MASTER_DATA)


def test_a_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    progress = Progress()
    path = tmp_path / "long.csv"
    path.write_text("\n".join(",".join(row) for row in [PO_HEADER, *[GOOD] * 5000]))

    read_workbook(path, [PO_SERIALS], progress=progress)

    assert (progress.rows, progress.expected, progress.is_read) == (5000, 4999, True)


def test_a_reading_can_be_stopped_from_another_thread(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("\n".join(",".join(row) for row in [PO_HEADER, *[GOOD] * 300_000]))
    progress = Progress()
    ended: list[BaseException] = []

    def read() -> None:
        try:
            read_workbook(path, [PO_SERIALS], progress=progress)
        except ReadingStopped as stopped:
            ended.append(stopped)

    reading = threading.Thread(target=read)
    reading.start()
    while not progress.rows and reading.is_alive():
        pass
    progress.stop()
    reading.join(30)

    assert len(ended) == 1
    assert not progress.is_read


def test_a_reading_that_was_stopped_before_it_began_reads_nothing(tmp_path: Path) -> None:
    progress = Progress()
    progress.stop()

    with pytest.raises(ReadingStopped):
        read_workbook(save(tmp_path / "good.xlsx", PO_HEADER, GOOD), [PO_SERIALS], progress=progress)


@pytest.mark.parametrize("name", ["wide.xlsx", "wide.csv"])
def test_a_header_far_to_the_right_is_found_without_asking(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rows = [(*(f"X{n}" for n in range(300)), *PO_HEADER), (*("-" * 300), *GOOD)]
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in rows))
    else:
        save(path, *rows)

    layout = top_of(path).layout([PO_SERIALS])

    assert layout.missing == ()
    (table,) = read_workbook(path, [PO_SERIALS], layouts=[layout]).tables
    assert [row.values for row in table.rows] == [READ]


def test_of_a_column_that_is_there_twice_somebody_has_to_say_which_is_meant(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.xlsx",
        (*PO_HEADER, "secondary_serial_number", "PRIMARY SERIAL NUMBER"),
        (*GOOD, "IM-2", "SN-2"),
    )
    top = top_of(path)
    layout = top.layout([PO_SERIALS])
    assert (layout.missing, layout.twice) == ((), ("Primary Serial Number", "Secondary Serial Number"))

    layout = layout.with_column(4, 7, top).with_column(5, 6, top)

    assert (layout.missing, layout.twice) == ((), ())
    (table,) = read_workbook(path, [PO_SERIALS], layouts=[layout]).tables
    assert table.rows[0].values[4:6] == ("SN-2", "IM-2")


@pytest.mark.parametrize("ending", ["r-table.csv", "r-table-blanks.txt", "r-table-bare.tsv", "r-table-named.csv"])
def test_a_look_passes_over_the_names_of_rows_as_the_reading_does(ending: str) -> None:
    path = Path(__file__).parent / "fixtures" / "others" / ending
    top = top_of(path)
    layout = top.layout([PO_SERIALS])
    assert [top.sample(layout.header_row, place) for place in range(5)] == [
        "W-EAST",
        "NORDWIND",
        "N-1",
        "LAP",
        "000123",
    ]
    (table,) = read_workbook(path, [PO_SERIALS], layouts=[layout]).tables
    assert table.rows[0].values[:5] == ("W-EAST", "NORDWIND", "N-1", "LAP", "000123")
    letters = [top.letter(place) for place in range(5)]
    assert letters == [table.columns[column.name] for column in PO_SERIALS.columns[:5]]


@pytest.mark.parametrize("before", [[], [("Delivery of March",), ()]])
def test_a_look_at_a_foreign_header_passes_over_the_names_of_rows(tmp_path: Path, before: list[tuple[str]]) -> None:
    rows = [("Lager", "Kunde", "Auftrag", "Artikel", "Nummer"), *((str(n), *GOOD[:4], f"SN-{n}") for n in (1, 2, 3))]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(row) for row in (*before, *rows)))
    top = top_of(path)
    layout = top.layout([PO_SERIALS])
    assert layout.header_row == len(before) + 1
    assert [top.sample(layout.header_row, place) for place in range(5)] == [*GOOD[:4], "SN-1"]
    for slot in range(5):
        layout = layout.with_column(slot, slot, top)
    (table,) = read_workbook(path, [PO_SERIALS], layouts=[layout]).tables
    assert [one.values[:5] for one in table.rows] == [(*GOOD[:4], f"SN-{n}") for n in (1, 2, 3)]
