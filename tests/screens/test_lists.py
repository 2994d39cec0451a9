"""Lists of orders: how far they are, what is late, and codes of any length beside counts."""

from rich.cells import cell_len

from scanstation.screens.widgets.facts import Fact, Facts, Part
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.screens.widgets.rows import Row, how_far

COLUMNS = (
    Column("Number", is_code=True),
    Column("Due", rank=2),
    Column("Client", rank=2),
    Column("", rank=2, is_bar=True),
    Column("done", right=True),
)


def listed(*numbers: str, width: int = 80) -> list[Row]:
    picks = PickList(COLUMNS, id="orders")
    picks.show([Pick(number, (number, "late 2 d", "NORDWIND", "3/10", "3 of 10"), warns=(1,)) for number in numbers])
    return list(picks.rows(width, 20))


def text(row: Row) -> str:
    return "".join(words for words, _ in row)


def test_a_bar_begins_with_the_first_unit_and_is_full_with_the_last() -> None:
    told = {(done, wanted): how_far(done, wanted, 8)[0] for done, wanted in ((0, 9), (1, 900), (899, 900), (9, 9))}
    assert told == {(0, 9): "", (1, 900): "═", (899, 900): "═" * 7, (9, 9): "═" * 8}
    assert how_far(0, 0, 8) == ("", " " * 8)


def test_what_is_late_is_coloured_and_the_marked_row_is_of_one_style() -> None:
    _, marked, other = listed("N-1", "N-2")
    assert [style for _, style in marked] == ["marked"]
    assert ("late 2 d", "note") in other
    assert ("══", "ok-word") in other
    assert text(marked)[3:].rstrip() == text(other)[3:].rstrip().replace("N-2", "N-1")


def test_one_long_code_takes_the_room_of_no_other_column() -> None:
    long = "N-" + "0" * 50 + "4711"
    for width, shown in ((80, ("late 2 d", "NORDWIND", "═", "3 of 10")), (40, ("3 of 10",))):
        for row in listed("N-1", long, width=width)[1:]:
            assert cell_len(text(row).rstrip()) < width, "one column stays free"
            for words in shown:
                assert words in text(row)
        assert "711" in text(row), "numbers differ at their ends"


def test_parts_below_each_other_take_what_room_there_is() -> None:
    facts = Facts(id="beside")
    counts = Part("Today", [Fact("218", "units received"), Fact("5", "units packed")], are_counts=True)
    orders = Part("Next to pack", [Fact(f"S-{n}", "1 unit left", "late 2 d", warns=True) for n in range(5)], of=9)
    facts.show(counts, orders)
    rows = facts.rows(40, 20)
    assert [text(row).rstrip() for row in rows[:4]] == ["Today", "218  units received", "  5  units packed", ""]
    assert ("late 2 d  ", "note") in rows[5]
    assert text(rows[-1]) == "… 4 more"
    assert [text(row) for row in facts.rows(40, 7)][-1] == "… 8 more"
    assert len(facts.rows(40, 5)) <= 5
