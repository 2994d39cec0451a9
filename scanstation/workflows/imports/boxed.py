"""A shipment import held against what was scanned into its boxes (RULES 2.10): by unit, by either code."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from scanstation.domain import sentences as say
from scanstation.domain.work import Boxed
from scanstation.workflows.imports.known_units import KnownUnits
from scanstation.workflows.imports.lines import FilledLine
from scanstation.workflows.imports.problems import Note, RowFinding, RowFindings
from scanstation.workflows.imports.rows import PRIMARY

NOT_SCANNED = "not-scanned"
"""What a supervisor may import all the same, with a reason."""


@dataclass(slots=True)
class AgainstBoxes:
    """What came of it, for all lines of a file."""

    done: list[int] = field(default_factory=list)
    """What was scanned and is imported now, by its ids."""
    others: dict[int, list[str]] = field(default_factory=dict)
    """Order id → what is imported of its lines that was not scanned, in words."""
    lacking: list[str] = field(default_factory=list)
    """What was scanned and is not in the file, a sentence for each line."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A unit that the file puts on a line."""

    number: int
    code: str
    keys: frozenset[str]
    unit_id: int | None

    def is_of(self, boxed: Iterable[Boxed]) -> bool:
        """Was one of these scanned with it?"""
        return any(one.key in self.keys or (one.unit_id is not None and one.unit_id == self.unit_id) for one in boxed)


class HeldAgainst:
    """Holds the lines of a file against what was scanned into boxes."""

    def __init__(self, here: Sequence[Boxed], elsewhere: Sequence[Boxed], *, others_allowed: bool) -> None:
        self._here = here
        self._elsewhere = elsewhere
        self._others_allowed = others_allowed
        self.found = AgainstBoxes()

    def judge(self, line: FilledLine, known: KnownUnits, findings: RowFindings) -> None:
        """Refuse what is reserved for another order, and what cannot be in the box; note what the file lacks."""
        mine = sorted((one for one in self._here if one.line_id == line.id), key=lambda one: one.piece_id)
        theirs = [one for one in self._elsewhere if one.product_id == line.product.id]
        if not mine and not theirs:
            return
        rows = [*_rows(line, known)]
        self._refuse_reserved(rows, theirs, findings)
        units = [[*of_unit] for _, of_unit in groupby(mine, key=lambda one: one.piece_id)]
        if not units:
            return
        index: dict[str | int, int] = {}
        for place, unit in enumerate(units):
            index.update({one.key: place for one in unit})
            index.update({one.unit_id: place for one in unit if one.unit_id is not None})
        matched, unmatched = set[int](), list[_Row]()
        for row in rows:
            named = {index[name] for name in (*row.keys, row.unit_id) if name is not None and name in index}
            matched |= named
            if not named:
                unmatched.append(row)
        left = [unit for place, unit in enumerate(units) if place not in matched]
        self._judge_others(line, unmatched, units, left, findings)
        complete = line.count.before + line.count.new >= line.owed
        gone = units if complete else [unit for place, unit in enumerate(units) if place in matched]
        self.found.done += [one.id for unit in gone for one in unit]
        if left and not complete:
            codes = [unit[0].text for unit in left]
            self.found.lacking.append(say.scanned_and_lacking(line.order.number, codes, line.shown_sku))

    def _refuse_reserved(self, rows: Sequence[_Row], theirs: Sequence[Boxed], findings: RowFindings) -> None:
        by_name: dict[str | int, Boxed] = {one.key: one for one in theirs}
        by_name.update({one.unit_id: one for one in theirs if one.unit_id is not None})
        for row in rows if by_name else ():
            names = [name for name in (*row.keys, row.unit_id) if name is not None and name in by_name]
            if names:
                other = by_name[names[0]]
                said = say.reserved_row(row.code, other.number, other.station, has_left=other.has_left)
                findings.refuse(RowFinding("reserved", PRIMARY, said), row.number)

    def _judge_others(
        self,
        line: FilledLine,
        unmatched: Sequence[_Row],
        units: Sequence[Sequence[Boxed]],
        left: Sequence[Sequence[Boxed]],
        findings: RowFindings,
    ) -> None:
        """Rows that were not scanned: as many may be right as units were not scanned, or by a text that names none."""
        number, sku = line.order.number, line.shown_sku
        unscanned = max(0, line.owed - line.count.before - len(units))
        nameless = [unit for unit in left if all(one.unit_id is None for one in unit)]
        if not unmatched or len(unmatched) <= unscanned:
            return
        if len(unmatched) <= unscanned + len(nameless):
            way = say.look_whether_it_is([unit[0].text for unit in nameless])
            note = RowFinding(NOT_SCANNED, PRIMARY, say.not_scanned(number, sku, unscanned, way))
            for row in unmatched:
                findings.note(Note(note), row.number)
        elif self._others_allowed:
            told = say.that_nobody_scanned(len(unmatched) - unscanned, sku)
            self.found.others.setdefault(line.order.id, []).append(told)
            note = RowFinding(NOT_SCANNED, PRIMARY, say.not_scanned(number, sku, unscanned, say.imported_with_reason()))
            for row in unmatched:
                findings.note(Note(note), row.number)
        else:
            said = say.not_scanned(number, sku, unscanned, say.out_or_reason())
            findings.refuse_all(RowFinding(NOT_SCANNED, PRIMARY, said), [row.number for row in unmatched])


def _rows(line: FilledLine, known: KnownUnits) -> Iterator[_Row]:
    taken, new = line.taken, line.new
    for unit_id, key, other in zip(taken.unit_ids, taken.keys, taken.other_keys, strict=True):
        keys = frozenset(one for one in (key, other) if one is not None)
        yield _Row(known.named_by[unit_id], key, keys, unit_id)
    for text, key, other in zip(new.primaries, new.primary_keys, new.secondary_keys, strict=True):
        keys = frozenset(one for one in (key, other) if one is not None)
        yield _Row(line.seen[key], text, keys, None)
