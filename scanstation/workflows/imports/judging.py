"""What a row of an import of serials must be (RULES 1, 2.7, 2.8, 2.13, 2.19 and 3), judged on plain values.

A row goes through the rooms in this order: `lines` finds the line that it is for; `together` takes it with its
neighbours, or else `purchase_rows` or `shipment_rows` judges it by itself, with what `known_units` and `new_serials`
know of its codes; `problems` says what was found, and in which cells.

Nothing here reads a store, a sheet or a clock: `judge` may be run once without a lock, and its answer stands as long
as the facts it was given are still the facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from scanstation.domain.codes import BadCode, Code
from scanstation.domain.import_facts import ImportFacts, SheetFacts
from scanstation.domain.imports import NewUnits, TakenUnits
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import SCENARIOS
from scanstation.workflows.imports.boxed import AgainstBoxes, HeldAgainst
from scanstation.workflows.imports.known_units import KnownUnits
from scanstation.workflows.imports.lines import FilledLine, LineCount, LineFinder, too_many
from scanstation.workflows.imports.new_serials import NewSerials
from scanstation.workflows.imports.problems import ALREADY_IMPORTED, RowFinding, RowFindings, RowProblem
from scanstation.workflows.imports.purchase_rows import PurchaseRows
from scanstation.workflows.imports.row_codes import KIND_OF, JudgedRow
from scanstation.workflows.imports.row_lots import RowLots
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY, ParsedRow, ParsedRows, parsed_rows
from scanstation.workflows.imports.shipment_rows import ShipmentRows
from scanstation.workflows.imports.together import RowsTogether

ROWS_AT_ONCE = 2000
"""Taken together while nothing speaks against any of them."""
_NOT_COUNTED = {ALREADY_IMPORTED, "twice-in-file", "in-use"}
"""A row that is refused for one of these goes when the file is mended; any other still counts against its line."""

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with the rows, and what the good ones do."""

    problems: tuple[RowProblem, ...] = ()
    lines: tuple[LineCount, ...] = ()
    new: tuple[NewUnits, ...] = ()
    taken: tuple[TakenUnits, ...] = ()
    notes: tuple[RowProblem, ...] = ()
    """What a person should look at of rows that are taken: what is a CHECK where a code is scanned (RULES 2.12)."""
    boxes: AgainstBoxes = field(default_factory=AgainstBoxes)
    """How it stands to what was scanned into the boxes."""


def judge(
    rules: SiteRules,
    kind: OrderKind,
    sheet: SheetFacts,
    rows: Iterable[ParsedRows],
    facts: ImportFacts,
    *,
    others_allowed: bool,
) -> Judgement:
    """Hold every row against the rules.

    Args:
        rules: the site's; they say what scenario 6 does and how commands begin.
        kind: serials of purchase or of shipment orders.
        sheet: what there is to know of the sheet.
        rows: its rows, without those of which a cell could not be read.
        facts: what the store has to say about them.
        others_allowed: may rows that cannot be in the box be imported all the same (RULES 2.10)?
    """
    judging = _Judging(rules, kind, sheet, facts, others_allowed=others_allowed)
    for block in rows:
        judging.take(block)
    return judging.judgement()


class _Judging:
    """Leads the rows of one file through the rules."""

    def __init__(
        self, rules: SiteRules, kind: OrderKind, sheet: SheetFacts, facts: ImportFacts, *, others_allowed: bool
    ) -> None:
        self._kind = kind
        self._boxes = HeldAgainst(facts.surroundings.boxed, facts.boxed_elsewhere, others_allowed=others_allowed)
        self._suspects = sheet.suspects
        self._lots = RowLots(kind, rules, sheet.lots, facts)
        self._policies = {scenario: rules.policy_of(scenario) for scenario in SCENARIOS}
        self._lines = LineFinder(kind, self._policies, facts)
        self._findings = RowFindings(sheet)
        known, new = KnownUnits(kind, facts), NewSerials(rules.words, facts)
        self._known = known
        self._together = RowsTogether(kind, sheet.suspects.keys(), known, new)
        one_by_one = PurchaseRows if kind is OrderKind.PURCHASE else ShipmentRows
        self._one_by_one = one_by_one(known, new, has_secondaries=SECONDARY in sheet.columns)

    def take(self, rows: ParsedRows) -> None:
        """Judge rows that say the same before their codes."""
        line = self._lines.line_of(rows.head)
        if isinstance(line, RowFinding):
            self._findings.refuse_all(line, rows.numbers)
            return
        only = next(iter(line.left)) if len(line.left) == 1 else None
        meant = [rows]
        if line.codes.changes_texts:
            meant = list(parsed_rows(self._as_meant(row, line) for row in rows.rows()))
        for block in chain.from_iterable(some.parts(ROWS_AT_ONCE) for some in meant):
            if only is not None and self._together.take(block, line, self._policies[only]):
                line.left[only] -= len(block.numbers)
                line.wanted_by[only] += block.numbers
            else:
                self._take_one_by_one(block.rows(), line, only)

    def _as_meant(self, row: ParsedRow, line: FilledLine) -> ParsedRow:
        """A row with its codes as the product's units spell them: marks taken off, or taken out of longer texts."""
        meant: list[Code | BadCode | None] = []
        for column, code in ((PRIMARY, row.primary), (SECONDARY, row.secondary)):
            if code is None:
                meant.append(None)
                continue
            kind = KIND_OF[column]
            likely = [kind] if self._kind is OrderKind.PURCHASE else [kind, kind.other]
            meant.append(line.codes.meant(likely, code))
        named = [code for code in meant if isinstance(code, Code)]
        written = [code.text for code in (row.primary, row.secondary) if code is not None]
        if named and [code.text for code in named] != written:
            line.written[named[0].key] = "\n".join(written)
        return row._replace(primary=meant[0], secondary=meant[1])

    def _take_one_by_one(self, rows: Iterable[ParsedRow], line: FilledLine, only: int | None) -> None:
        for row in rows:
            number, _, primary, secondary = row
            scenario = self._lines.scenario_of(row, line) if only is None else only
            suspicions = self._suspects.get(number, _NOTHING)
            judged = JudgedRow(number, primary, secondary, line, self._policies[scenario], suspicions, [])
            if findings := self._one_by_one.take(judged):
                for finding in findings:
                    self._findings.refuse(finding, number)
                if any(finding.name in _NOT_COUNTED for finding in findings):
                    continue
            elif judged.notes:
                for note in judged.notes:
                    self._findings.note(note, number)
            line.left[scenario] -= 1
            line.wanted_by[scenario].append(number)

    def judgement(self) -> Judgement:
        """Everything that was found once all rows are judged, in the order of the sheet."""
        lines = list(self._lines.lines())
        for line in lines:
            self._lots.judge(line, self._known, self._findings)
            self._boxes.judge(line, self._known, self._findings)
        for line in lines:
            for scenario, rows in line.wanted_by.items():
                if (finding := too_many(self._kind, line, scenario)) is not None:
                    self._findings.refuse_all(finding, rows)
        return Judgement(
            problems=self._findings.problems(),
            lines=tuple(line.count for line in lines),
            new=tuple(line.new for line in lines if line.new),
            taken=tuple(line.taken for line in lines if line.taken),
            notes=(
                *self._findings.notes(),
                *(RowProblem("not-in-file", (), "", told) for told in self._boxes.found.lacking),
            ),
            boxes=self._boxes.found,
        )
