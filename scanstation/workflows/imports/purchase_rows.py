"""The codes of a row of a purchase order: those of a unit that the import creates, or of one that comes back."""

from collections.abc import Sequence

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code
from scanstation.domain.imports import FoundUnit
from scanstation.domain.tracking import Asks
from scanstation.workflows.imports.known_units import KnownUnits
from scanstation.workflows.imports.new_serials import NewSerials
from scanstation.workflows.imports.problems import Note, RowFinding
from scanstation.workflows.imports.row_codes import JudgedRow, in_earlier_row, unusable
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY


class PurchaseRows:
    """Judges rows of purchase orders one by one; what is good is put on its line."""

    def __init__(self, known: KnownUnits, new: NewSerials, *, has_secondaries: bool) -> None:
        self._known = known
        self._new = new
        self._has_secondaries = has_secondaries
        """Has the sheet a column for them?"""

    def take(self, row: JudgedRow) -> list[RowFinding]:
        """Put the row's unit on its line; or why that cannot be."""
        two = row.policy.po_import_asks is Asks.BOTH
        if two and row.line.order.brings_back and (findings := self._take_without_part(row)) is not None:
            return findings
        if findings := unusable(row, needs_two=two, may_have_two=two, has_column=self._has_secondaries):
            return findings
        line, primary, secondary = row.line, row.primary, row.secondary
        assert isinstance(primary, Code), "an empty or unusable primary was refused before"
        assert not isinstance(secondary, BadCode), "an unusable secondary was refused before"
        unit = line.units.get(primary.key)
        if unit is not None and self._known.is_of_import(unit, line):
            secondary_key = secondary.key if secondary else None
            if (unit.primary_key, unit.secondary_key) == (primary.key, secondary_key):
                return [self._known.already_imported(unit, line)]
        given = [(PRIMARY, primary)] if secondary is None else [(PRIMARY, primary), (SECONDARY, secondary)]
        if unit is not None and line.order.brings_back and self._known.comes_back(unit):
            return self._take_back(row, given, unit)
        findings = [finding for column, code in given if (finding := self._not_new(row, column, code)) is not None]
        if not findings:
            line.new.append(primary, secondary)
        return findings

    def _take_back(self, row: JudgedRow, given: Sequence[tuple[str, Code]], unit: FoundUnit) -> list[RowFinding]:
        """Put a Shipped unit on the line of an order that brings units back (RULES 2.22); or why that cannot be."""
        for column, code in given:
            if (twice := in_earlier_row(row, column, code)) is not None:
                return [twice]
        (_, first), *others = given
        primary = unit.primary or ""
        if first.key != unit.primary_key:
            return [RowFinding("secondary-given", PRIMARY, say.is_the_secondary(first.text, primary))]
        if (again := self._known.named_by.setdefault(unit.id, row.number)) != row.number:
            return [RowFinding("twice-in-file", PRIMARY, say.same_unit_as(first.text, again))]
        added, named = None, None
        for _, second in others:
            if second.key == unit.secondary_key:
                named = second.key
            elif unit.secondary is not None:
                said = say.belongs_with(primary, unit.secondary, second.text)
                return [RowFinding("two-units", SECONDARY, said)]
            elif finding := self._not_new(row, SECONDARY, second):
                return [finding]
            else:
                added = second
        written = row.line.written.get(first.key, first.text)
        row.line.taken.append(unit, first.key, named, added, written)
        return []

    def _take_without_part(self, row: JudgedRow) -> list[RowFinding] | None:
        """Put a Shipped unit of two codes on its line of which the row has one, noted; None where it is no such row.

        A desk asks for the other one, and No says that its part is missing; in a sheet the empty cell says so.
        """
        line = row.line
        given = [
            (column, code) for column, code in ((PRIMARY, row.primary), (SECONDARY, row.secondary)) if code is not None
        ]
        if len(given) != 1:
            return None
        ((column, code),) = given
        unit = line.units.get(code.key) if isinstance(code, Code) else None
        if not isinstance(code, Code) or unit is None or unit.primary is None or unit.secondary is None:
            return None
        own_key, missing = unit.primary_key, unit.secondary
        if column == SECONDARY:
            own_key, missing = unit.secondary_key, unit.primary
        if own_key != code.key:
            return None
        if not self._known.comes_back(unit):
            return [self._known.already_imported(unit, line)] if self._known.is_of_import(unit, line) else None
        if (twice := in_earlier_row(row, column, code)) is not None:
            return [twice]
        if (again := self._known.named_by.setdefault(unit.id, row.number)) != row.number:
            return [RowFinding("twice-in-file", column, say.same_unit_as(code.text, again))]
        line.taken.append(unit, code.key, None, None, line.written.get(code.key, code.text))
        line.taken.lacking[unit.id] = missing
        row.notes.append(Note(RowFinding("part-missing", column, say.row_without_part(code.text, missing))))
        return []

    def _not_new(self, row: JudgedRow, column: str, code: Code) -> RowFinding | None:
        if (twice := in_earlier_row(row, column, code)) is not None:
            return twice
        if (unit := row.line.units.get(code.key)) is not None:
            where = self._known.whereabouts(unit, row.line)
            way = say.take_row_out()
            if self._known.comes_back(unit) and not row.line.order.brings_back:
                way = say.take_it_in_at_returns()
            return RowFinding("in-use", column, say.unit_in_the_way(code.text, where, way))
        return self._new.refusal(row, column, code)
