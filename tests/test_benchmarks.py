"""The frame of the benchmarks: medians, rows and what they are held to, the table, JSON, the document."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import profiles
from benchmarks.__main__ import families
from benchmarks.frame import Family, Row, Sizes, Target, absolute, in_turns, median, percentile
from benchmarks.running import measure
from benchmarks.showing import DOCUMENT, Sitting, as_markdown, from_json, show, write_document

QUICK = Target("a scan", "the floor", 5, in_the_way="the way to the disk.")
SERVED = Target("served", "due", 95, "%", at_least=True)
STATED = Target("bytes of a unit", "stated", unit="bytes")
ROWS = [
    QUICK.ratio([3.0, 1.0, 20.0], [0.5, 1.0, 2.0]),
    replace(QUICK.ratio([12.0], [2.0]), profile=("sqlalchemy 40 %",)),
    SERVED.value(94.0),
    STATED.value(797, "797 bytes"),
    Row(QUICK, None, failed="it died | here"),
]
RAN = Sitting("2026-11-29 22:00 UTC", "two cores", "Python 3.11", "abc", "0.1", took_s=60, rows=ROWS)


@pytest.mark.parametrize(
    ("share", "least"), [(0.5, 2.0), (0.99, 4.0), (0.25, 1.0), (0.0, 1.0), (1.0, 4.0)], ids=lambda each: str(each)
)
def test_a_percentile_is_one_of_the_times(share: float, least: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == least
    assert median([3.0, 1.0, 2.0]) == 2.0


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0 ms"), (0.01234, "0.0123 ms"), (5.0, "5.00 ms"), (51.44, "51.4 ms"), (1234.5, "1,234 ms")]
)
def test_an_absolute_value_has_the_digits_that_count(value: float, text: str) -> None:
    assert absolute(value, "ms") == text


def test_contestants_take_turns_and_warm_up_first() -> None:
    order: list[str] = []

    def contestant(name: str) -> float:
        order.append(name)
        return float(len(order))

    ours, limit = in_turns(2, lambda _: contestant("a"), lambda _: contestant("b"), warm=1)
    assert order == ["b", "a", "a", "b", "b", "a"]
    assert (ours, limit) == ([3.0, 6.0], [4.0, 5.0])


def test_a_row_reaches_what_it_is_held_to_or_not_and_one_that_failed_does_not() -> None:
    assert [row.value for row in ROWS] == [3.0, 6.0, 94.0, 797, None]
    assert [row.reached for row in ROWS] == [True, False, False, None, False]


def test_a_count_is_divided_but_never_below_what_means_something() -> None:
    assert [Sizes(100)(count, 50) for count in (10_000, 1_000, 20)] == [100, 50, 20]


def test_the_table_shows_what_was_measured_and_why_a_row_failed() -> None:
    text = StringIO()
    show(RAN, Console(file=text, width=200))
    assert "3.00 ×" in text.getvalue()
    assert "at least 95 %" in text.getvalue()
    assert "failed: a scan: it died | here" in text.getvalue()


def test_a_run_comes_back_from_json_as_it_was() -> None:
    assert from_json(RAN.as_json()) == RAN


def test_the_document_gets_the_run_between_its_marks_and_says_what_stands_in_the_way(tmp_path: Path) -> None:
    document, kept = tmp_path / "performance.md", tmp_path / "bench.json"
    document.write_text("above\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nbelow\n", "utf-8")
    kept.write_text(RAN.as_json(), "utf-8")
    write_document([kept], document)
    text = document.read_text("utf-8")
    assert text.startswith("above\n")
    assert text.endswith("below\n")
    assert "old" not in text
    assert as_markdown(RAN) in text
    assert "| a scan | 6.00 × | at most 5 × | no | 12.0 ms | the floor: 2.00 ms |" in text
    assert "- **a scan**: 6.00 ×, asked at most 5 ×. the way to the disk. Where the time goes: sqlalchemy 40 %." in text
    assert "- **a scan** could not be measured: it died | here" in text


def test_a_family_that_fails_says_why_last(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(_: Sizes, folder: Path) -> Iterator[Row]:
        yield STATED.value(1)
        raise ValueError(f"no room in\n{folder}")

    with pytest.raises(SystemExit) as ended:
        measure(Family("short", fails, (STATED, QUICK)), Sizes())
    assert ended.value.code == "failed: ValueError: no room in"
    assert '"bytes of a unit"' in capsys.readouterr().out


def test_import_times_are_added_up_by_package() -> None:
    said = [("2000 |  9000", "sqlalchemy.orm"), ("1000 |  1000", "  sqlalchemy"), ("4000 |     1", "json")]
    text = "\r\n".join(f"import time:  {times} | {name}" for times, name in said)
    assert profiles.import_times(text) == ("Python's library 4 ms", "sqlalchemy 3 ms")


def test_each_figure_stands_once_in_the_table() -> None:
    known = families()
    figures = [target.figure for family in known for target in family.targets]
    assert len(set(figures)) == len(figures) > 40
    assert len({family.name for family in known}) == len(known)


def test_the_document_can_take_a_run() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text.index("<!-- measured: begin -->") < text.index("<!-- measured: end -->")
