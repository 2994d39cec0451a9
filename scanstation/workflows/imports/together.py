"""Rows that are as rows mostly are, taken many at once: a few looks into sets, and not some for each row.

It takes what `PurchaseRows` and `ShipmentRows` would take, and leaves to them whatever needs a look of its own.
"""

from collections.abc import Collection, Sequence
from itertools import repeat
from typing import cast

from scanstation.domain.codes import Code
from scanstation.domain.marks import rough_of
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.tracking import Admits, Asks, TrackingPolicy
from scanstation.workflows.imports.known_units import KnownUnits
from scanstation.workflows.imports.lines import FilledLine, import_asks
from scanstation.workflows.imports.new_serials import NewSerials
from scanstation.workflows.imports.rows import ParsedRow


class RowsTogether:
    """Takes rows of one line together, if nothing speaks against any of them."""

    def __init__(self, kind: OrderKind, suspect_rows: Collection[int], known: KnownUnits, new: NewSerials) -> None:
        self._kind = kind
        self._suspect_rows = frozenset(suspect_rows)
        self._known = known
        self._new = new

    def take(self, rows: Sequence[ParsedRow], line: FilledLine, policy: TrackingPolicy) -> bool:
        """Put the units of all these rows on the line.

        False, with nothing taken, where one of them needs a look of its own: because it is wrong, or to be noted.
        """
        asks = import_asks(self._kind, policy)
        given = [row.primary for row in rows]
        secondaries = [row.secondary for row in rows]
        one_code = not any(secondaries)
        if asks is (Asks.BOTH if one_code else Asks.PRIMARY):
            return False
        if not one_code:
            given += secondaries
        if set(map(type, given)) != {Code}:
            return False
        codes = cast("list[Code]", given)
        keys = [code.key for code in codes]
        different = set(keys)
        if len(different) != len(keys) or not line.seen.keys().isdisjoint(different):
            return False
        numbers = [row.number for row in rows]
        rows_of_keys = numbers if one_code else numbers * 2
        if line.units.keys().isdisjoint(different):
            if not self._take_new(codes, keys, different, numbers, line, policy):
                return False
        elif self._kind is OrderKind.PURCHASE or not self._take_known(keys, numbers, line, asks):
            return False
        line.seen.update(zip(keys, rows_of_keys, strict=True))
        return True

    def _take_new(
        self,
        codes: list[Code],
        keys: Sequence[str],
        different: Collection[str],
        numbers: list[int],
        line: FilledLine,
        policy: TrackingPolicy,
    ) -> bool:
        """Create units with these codes: all primaries, then all secondaries if given."""
        creates = self._kind is OrderKind.PURCHASE or policy.so_import_admits is not Admits.RECEIVED
        primaries, secondaries = codes[: len(numbers)], codes[len(numbers) :]
        if (
            not creates
            or not self._suspect_rows.isdisjoint(numbers)
            or not self._new.may_all_be_new(primaries, secondaries, different, line)
        ):
            return False
        roughly = rough_of(keys)
        if not line.codes.none_is_alike(roughly):
            return False
        rows_of_keys = numbers * 2 if secondaries else numbers
        line.codes.first_of.update(zip(roughly, zip(keys, rows_of_keys, strict=True), strict=True))
        line.new.primaries += primaries
        line.new.secondaries += secondaries or repeat(None, len(numbers))
        return True

    def _take_known(self, keys: Sequence[str], numbers: Sequence[int], line: FilledLine, asks: Asks) -> bool:
        """Take the Received units that the rows name by these codes: all primaries, then all secondaries if given."""
        units = [line.units.get(key) for key in keys]
        named, named_again = units[: len(numbers)], units[len(numbers) :]
        known = [unit for unit in named if unit is not None]
        ids = [unit.id for unit in known]
        free_here = (UnitStatus.RECEIVED, None, None, line.order.warehouse_id)
        if (
            len(known) != len(numbers)
            or (named_again and named_again != named)
            or len(set(ids)) != len(ids)
            or not self._known.named_by.keys().isdisjoint(ids)
            or {(unit.status, unit.held_by, unit.on_hold, unit.warehouse_id) for unit in known} != {free_here}
            or (asks is Asks.PRIMARY and any(unit.primary_key != key for unit, key in zip(known, keys, strict=True)))
        ):
            return False
        line.taken.unit_ids += ids
        line.taken.keys += keys[: len(ids)]
        line.taken.other_keys += keys[len(ids) :] or repeat(None, len(ids))
        self._known.named_by.update(zip(ids, numbers, strict=True))
        return True
