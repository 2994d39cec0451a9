"""The codes of a row of a shipment order: those of a Received unit that is packed, or of one that packing creates."""

from collections.abc import Sequence

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code
from scanstation.domain.imports import FoundUnit
from scanstation.domain.marks import alike, rough
from scanstation.domain.not_serials import Kind
from scanstation.domain.status import UnitStatus
from scanstation.domain.tracking import Admits, Asks
from scanstation.workflows.codes.new_codes import text_of
from scanstation.workflows.imports.known_units import KnownUnits
from scanstation.workflows.imports.new_serials import NewSerials
from scanstation.workflows.imports.problems import RowFinding
from scanstation.workflows.imports.row_codes import JudgedRow, in_earlier_row, unusable
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY

_MAY_BE_NEW = 'rules.scenario6_unknown_serials = "create"'
GivenCodes = Sequence[tuple[str, Code]]
"""The codes of a row, each with the column that it stands in."""


class ShipmentRows:
    """Judges rows of shipment orders one by one; what is good is put on its line."""

    def __init__(self, known: KnownUnits, new: NewSerials, *, has_secondaries: bool) -> None:
        self._known = known
        self._new = new
        self._has_secondaries = has_secondaries
        """Has the sheet a column for them?"""

    def take(self, row: JudgedRow) -> list[RowFinding]:
        """Put the row's unit on its line; or why that cannot be."""
        asks = row.policy.so_import_asks
        findings = unusable(
            row,
            needs_two=asks is Asks.BOTH,
            may_have_two=asks is not Asks.PRIMARY,
            either=asks is Asks.EITHER,
            has_column=self._has_secondaries,
        )
        if findings:
            return findings
        codes: GivenCodes = [
            (column, code)
            for column, code in ((PRIMARY, row.primary), (SECONDARY, row.secondary))
            if isinstance(code, Code)
        ]
        units = [row.line.units.get(code.key) for _, code in codes]
        if (twice := self._twice(row, codes, units)) is not None:
            return [twice]
        unit = next((one for one in units if one is not None), None)
        if unit is None:
            return self._take_new(row, codes)
        finding = self._take_known(row, codes, units, unit)
        return [] if finding is None else [finding]

    def _twice(self, row: JudgedRow, codes: GivenCodes, units: Sequence[FoundUnit | None]) -> RowFinding | None:
        """The same code or the same unit in an earlier row."""
        for (column, code), unit in zip(codes, units, strict=True):
            if (finding := in_earlier_row(row, column, code)) is not None:
                return finding
            if unit is not None and (first := self._known.named_by.setdefault(unit.id, row.number)) != row.number:
                return RowFinding("twice-in-file", column, say.same_unit_as(code.text, first))
        return None

    # -- codes that no unit has ----------------------------------------------------------------------------

    def _take_new(self, row: JudgedRow, codes: GivenCodes) -> list[RowFinding]:
        if row.policy.so_import_admits is Admits.RECEIVED:
            return [self._unknown(row, column, code) for column, code in codes]
        findings = [finding for column, code in codes if (finding := self._new.refusal(row, column, code)) is not None]
        if not findings:
            row.line.new.append(codes[0][1], codes[1][1] if len(codes) > 1 else None)
        return findings

    def _unknown(self, row: JudgedRow, column: str, code: Code) -> RowFinding:
        """A code that should be known and is not: what it is in place of a serial, if that is known."""
        line = row.line
        objection = self._new.objection(row, column, code)
        if objection is not None and not objection.may_be_taken and objection.name != "pattern":
            return RowFinding(objection.name, column, say.told_of(code.text, objection.sentence))
        if (unit := self._new.other_unit(line, code.key)) is not None:
            other = line.client.sku_of[unit.product_id]
            elsewhere = "" if unit.warehouse_id == line.order.warehouse_id else unit.warehouse
            whose = say.serial_of(other, unit.status, elsewhere)
            said = say.told_to_correct(code.text, whose, is_sentence=True)
            return RowFinding(Kind.OTHER_SERIAL.value, column, said)
        if objection is not None and objection.may_be_taken:
            return RowFinding(objection.name, column, say.told_to_correct(code.text, objection.sentence))
        likely = [
            text_of(unit, key)
            for key, unit in line.codes.alike.get(rough(code.key), ())
            if unit.status is UnitStatus.RECEIVED and alike(code.key, key)
        ]
        if likely:
            return RowFinding("alike-known", column, say.alike_is_known(code.text, likely))
        setting = _MAY_BE_NEW if row.policy.scenario == 6 else ""
        unknown = say.serial_unknown_in_row(code.text, line.shown_sku, setting, "config.toml")
        return RowFinding("unknown-serial", column, unknown)

    # -- codes of a known unit -----------------------------------------------------------------------------

    def _take_known(
        self, row: JudgedRow, codes: GivenCodes, units: Sequence[FoundUnit | None], unit: FoundUnit
    ) -> RowFinding | None:
        line, asks = row.line, row.policy.so_import_asks
        is_gone = unit.status in (UnitStatus.PACKED, UnitStatus.SHIPPED)
        of_one_unit = all(one is not None and one.id == unit.id for one in units)
        if of_one_unit and is_gone and self._known.is_of_import(unit, line):
            return self._known.already_imported(unit, line)
        added: Code | None = None
        if len(codes) > 1 and units != [unit, unit]:
            secondary = self._added_secondary(row, codes, units)
            if isinstance(secondary, RowFinding):
                return secondary
            added = secondary
        elif asks is Asks.PRIMARY and codes[0][1].key != unit.primary_key:
            said = say.is_the_secondary(codes[0][1].text, unit.primary or "")
            return RowFinding("secondary-given", PRIMARY, said)
        column, code = codes[units.index(unit)]
        if (not_free := self._not_free(row, column, code, unit)) is not None:
            return not_free
        named = [code.key for (_, code), one in zip(codes, units, strict=True) if one is not None]
        first = codes[0][1]
        written = line.written.get(first.key, first.text)
        line.taken.append(unit, named[0], named[1] if len(named) > 1 else None, added, written)
        return None

    def _added_secondary(
        self, row: JudgedRow, codes: GivenCodes, units: Sequence[FoundUnit | None]
    ) -> Code | RowFinding:
        """Of two codes that are not both of one known unit: the secondary that a unit without one gets, or why not."""
        (_, primary), (_, secondary) = codes
        of_primary, of_secondary = units
        first, second = primary.text, secondary.text
        if of_primary is not None and of_secondary is not None:
            return RowFinding("two-units", SECONDARY, say.not_one_unit(second, first))
        if of_primary is None:
            assert of_secondary is not None, "two unknown codes make a new unit"
            said = say.secondary_is_known(first, second, of_secondary.primary or "")
            return RowFinding("two-units", PRIMARY, said)
        if of_primary.secondary is not None or of_primary.primary_key != primary.key:
            is_secondary = primary.key == of_primary.secondary_key
            theirs = (of_primary.primary if is_secondary else of_primary.secondary) or ""
            return RowFinding("two-units", SECONDARY, say.belongs_with(first, theirs, second))
        if row.policy.so_import_asks is Asks.EITHER:
            return RowFinding("unknown-serial", SECONDARY, say.secondary_is_unknown(second, first))
        return self._new.no_serial(row, SECONDARY, secondary) or secondary

    def _not_free(self, row: JudgedRow, column: str, code: Code, unit: FoundUnit) -> RowFinding | None:
        line = row.line
        if unit.free and unit.warehouse_id == line.order.warehouse_id:
            return None
        if not unit.free:
            way = say.take_row_out()
            if unit.status is UnitStatus.HELD or unit.held_by is not None:
                way = say.end_that_work()
            name = "held" if unit.held_by is not None else "in-use"
            if unit.on_hold is not None and unit.held_by is None and unit.status is UnitStatus.RECEIVED:
                name, way = "on-hold", say.lift_the_hold()
            return RowFinding(name, column, say.unit_in_the_way(code.text, self._known.whereabouts(unit, line), way))
        there = say.in_other_warehouse(code.text, unit.warehouse, line.order.number, line.order.warehouse)
        return RowFinding("other-warehouse", column, there)
