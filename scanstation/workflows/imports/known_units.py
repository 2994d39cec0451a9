"""What is said of units that are known already: where they are, and that an import has brought them before."""

from scanstation.domain import sentences as say
from scanstation.domain.import_facts import ImportFacts
from scanstation.domain.imports import FoundUnit
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.workflows.codes.serial_rules import moment, whereabouts_words
from scanstation.workflows.imports.lines import FilledLine
from scanstation.workflows.imports.problems import ALREADY_IMPORTED, RowFinding
from scanstation.workflows.imports.rows import PRIMARY


class KnownUnits:
    """The units that have a code of the file already."""

    def __init__(self, kind: OrderKind, facts: ImportFacts) -> None:
        self._kind = kind
        self._facts = facts
        self._repeats: dict[tuple[int, int], RowFinding] = {}
        """By order and batch: what is said once for all its serials."""
        self.named_by: dict[int, int] = {}
        """Unit id → the row that named it first."""

    def is_of_import(self, unit: FoundUnit, line: FilledLine) -> bool:
        """Did an import put it on this line?"""
        return unit.batch_of(self._kind) is not None and unit.line_of(self._kind) == line.id

    def comes_back(self, unit: FoundUnit) -> bool:
        """Has it left, and does nobody have it in hand since?"""
        return unit.status is UnitStatus.SHIPPED and self._facts.where[unit.id].status is UnitStatus.SHIPPED

    def already_imported(self, unit: FoundUnit, line: FilledLine) -> RowFinding:
        """That such an import did."""
        number = unit.batch_of(self._kind) or 0
        known = self._repeats.get((line.order.id, number))
        if known is None:
            batch = self._facts.batches[number]
            # From an order that has left nothing can be removed (RULES 2.9).
            sentence = say.already_imported(
                self._kind,
                line.order.number,
                batch=batch.id,
                at=moment(batch.at),
                operator=batch.operator,
                station=batch.station,
                file=batch.file_name,
                has_left=line.order.status is OrderStatus.SHIPPED,
            )
            known = self._repeats[line.order.id, number] = RowFinding(ALREADY_IMPORTED, PRIMARY, sentence)
        return known

    def whereabouts(self, unit: FoundUnit, line: FilledLine) -> str:
        """Where a unit is that stands in the way, to follow its code."""
        elsewhere = unit.warehouse_id != line.order.warehouse_id
        return whereabouts_words(self._facts.where[unit.id], unit.warehouse if elsewhere else "")
