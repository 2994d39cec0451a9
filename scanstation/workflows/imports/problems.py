"""What was found in the rows of a file: gathered by what is to be said, and located by the cells that it is said of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import NamedTuple

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, shorten
from scanstation.domain.import_facts import SheetFacts
from scanstation.domain.language import worded

ALREADY_IMPORTED = "already-imported"
_COUNTED_WHOLE = {ALREADY_IMPORTED, "too-many"}
"""What is said once with how many rows there are; of all else each cell is named."""
_LISTED_RANGES = 12


class RowFinding(NamedTuple):
    """A rule that rows break, or what a person should look at of rows that are taken."""

    name: str
    column: str
    sentence: str


class Note(NamedTuple):
    """What a person should look at of one row, if it is taken."""

    finding: RowFinding
    about: Code | None = None
    """The code, where the finding may be true of others too and is said once for all of them."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong, with every row that it is wrong with."""

    name: str
    rows: tuple[int, ...]
    """Row numbers of the sheet; none for what is wrong with the whole file."""
    where: str
    """Sheet and cells: `Sheet1!E2:E9`; empty for the whole file."""
    sentence: str
    """What happened, to which thing, what to do now."""
    letter: str | None = None
    """The column of its cells, where the sheet has it."""

    @property
    def text(self) -> str:
        """The whole sentence."""
        return say.problem_at(self.where, self.sentence) if self.where else self.sentence


class RowFindings:
    """What was found in the rows of one sheet, each finding with all its rows."""

    def __init__(self, sheet: SheetFacts) -> None:
        self._sheet = sheet
        self._refused: dict[RowFinding, list[int]] = {}
        self._noted: dict[RowFinding, list[int]] = {}
        self._first_codes: dict[RowFinding, Code] = {}
        """Of notes that are said once for many codes, the first of those."""

    def refuse(self, finding: RowFinding, row: int) -> None:
        """Refuse a row, given by its number."""
        self._refused.setdefault(finding, []).append(row)

    def refuse_all(self, finding: RowFinding, rows: Iterable[int]) -> None:
        """Refuse many rows for the same."""
        self._refused.setdefault(finding, []).extend(rows)

    def note(self, note: Note, row: int) -> None:
        """Note something of a row that is taken."""
        self._noted.setdefault(note.finding, []).append(row)
        if note.about is not None:
            self._first_codes.setdefault(note.finding, note.about)

    def problems(self) -> tuple[RowProblem, ...]:
        """Why rows are refused, in the order of the sheet."""
        return self._located(self._refused)

    def notes(self) -> tuple[RowProblem, ...]:
        """What is to be looked at of rows that are taken, in the order of the sheet."""
        return self._located(self._noted)

    def _located(self, findings: Mapping[RowFinding, Sequence[int]]) -> tuple[RowProblem, ...]:
        problems = [
            self._problem(finding, some)
            for finding, rows in findings.items()
            for some in ([rows] if self._is_said_once(finding) else _few_ranges(rows))
        ]
        return tuple(sorted(problems, key=lambda problem: problem.rows))

    def _is_said_once(self, finding: RowFinding) -> bool:
        return finding.name in _COUNTED_WHOLE or finding in self._first_codes

    def _problem(self, finding: RowFinding, rows: Sequence[int]) -> RowProblem:
        text = finding.sentence
        if first := self._first_codes.get(finding):
            text = say.noted(first.text, text, len(rows))
        if finding.name == ALREADY_IMPORTED:
            text = say.serials_are(len(rows), text)
        letter = self._sheet.columns.get(finding.column)
        named = cells(letter or "", rows)
        if letter is None:
            where = say.at_rows(self._sheet.name, named, is_one=len(rows) == 1)
        else:
            where = worded("{sheet}!{cells}", sheet=shorten(self._sheet.name), cells=named)
        return RowProblem(finding.name, tuple(rows), where, text, letter)


def _runs(rows: Sequence[int]) -> list[list[int]]:
    """Row numbers in order, each run of neighbours by itself."""
    runs = groupby(enumerate(sorted(rows)), key=lambda pair: pair[1] - pair[0])
    return [[number for _, number in run] for _, run in runs]


def _few_ranges(rows: Sequence[int]) -> Iterator[list[int]]:
    """The rows in groups of which `cells` names every one."""
    runs = _runs(rows)
    for first in range(0, len(runs), _LISTED_RANGES):
        yield list(chain.from_iterable(runs[first : first + _LISTED_RANGES]))


def cells(letter: str, rows: Sequence[int]) -> str:
    """Cells of one column, runs of rows as ranges: `E2:E9, E12`."""
    ranges = []
    for numbers in _runs(rows):
        first, last = numbers[0], numbers[-1]
        ranges.append(f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}")
    shown = ", ".join(ranges[:_LISTED_RANGES])
    more = len(ranges) - _LISTED_RANGES
    return say.some_cells(shown, more) if more > 0 else shown
