"""Rows that are as rows mostly are, taken many at once: a few looks into sets, and not some for each row.

It takes what `PurchaseRows` and `ShipmentRows` would take, and leaves to them whatever needs a look of its own.
"""

from collections.abc import Collection, Sequence
from itertools import repeat

from scanstation.domain.marks import rough_of
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.tracking import Admits, Asks, TrackingPolicy
from scanstation.workflows.imports.known_units import KnownUnits
from scanstation.workflows.imports.lines import FilledLine, import_asks
from scanstation.workflows.imports.new_serials import NewSerials
from scanstation.workflows.imports.rows import Codes, ParsedRows


class RowsTogether:
    """Takes rows of one line together, if nothing speaks against any of them."""

    def __init__(self, kind: OrderKind, suspect_rows: Collection[int], known: KnownUnits, new: NewSerials) -> None:
        self._kind = kind
        self._suspect_rows = frozenset(suspect_rows)
        self._known = known
        self._new = new

    def take(self, rows: ParsedRows, line: FilledLine, policy: TrackingPolicy) -> bool:
        """Put the units of all these rows on the line.

        False, with nothing taken, where one of them needs a look of its own: because it is wrong, or to be noted.
        """
        asks = import_asks(self._kind, policy)
        primaries, secondaries = rows.primaries, rows.secondaries
        one_code = secondaries is None
        if asks is (Asks.BOTH if one_code else Asks.PRIMARY):
            return False
        if not isinstance(primaries, Codes) or not (secondaries is None or isinstance(secondaries, Codes)):
            return False
        keys = primaries.keys if secondaries is None else [*primaries.keys, *secondaries.keys]
        different = set(keys)
        if len(different) != len(keys) or not line.seen.keys().isdisjoint(different):
            return False
        numbers = rows.numbers
        rows_of_keys = numbers if one_code else [*numbers, *numbers]
        if line.units.keys().isdisjoint(different):
            if not self._take_new(primaries, secondaries, keys, different, rows_of_keys, line, policy):
                return False
        elif self._kind is OrderKind.PURCHASE or not self._take_known(keys, primaries.texts, numbers, line, asks):
            return False
        line.seen.update(zip(keys, rows_of_keys, strict=True))
        return True

    def _take_new(
        self,
        primaries: Codes,
        secondaries: Codes | None,
        keys: Sequence[str],
        different: Collection[str],
        rows_of_keys: Sequence[int],
        line: FilledLine,
        policy: TrackingPolicy,
    ) -> bool:
        """Create units with these codes; `keys` has all primaries, then all secondaries if given."""
        creates = self._kind is OrderKind.PURCHASE or policy.so_import_admits is not Admits.RECEIVED
        texts = () if secondaries is None else secondaries.texts
        if (
            not creates
            or not self._suspect_rows.isdisjoint(rows_of_keys)
            or not self._new.may_all_be_new(primaries.texts, texts, different, line)
        ):
            return False
        roughly = rough_of(keys)
        if not line.codes.none_is_alike(roughly):
            return False
        line.codes.first_of.update(zip(roughly, zip(keys, rows_of_keys, strict=True), strict=True))
        new = line.new
        new.primaries += primaries.texts
        new.primary_keys += primaries.keys
        new.secondaries += texts or repeat(None, len(primaries.texts))
        new.secondary_keys += secondaries.keys if secondaries is not None else repeat(None, len(primaries.texts))
        return True

    def _take_known(
        self, keys: Sequence[str], texts: Sequence[str], numbers: Sequence[int], line: FilledLine, asks: Asks
    ) -> bool:
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
        line.taken.primaries += [unit.primary for unit in known]
        line.taken.secondaries += [unit.secondary for unit in known]
        line.taken.keys += keys[: len(ids)]
        line.taken.other_keys += keys[len(ids) :] or repeat(None, len(ids))
        written = line.written
        line.taken.written += [*map(written.get, keys, texts)] if written else texts
        self._known.named_by.update(zip(ids, numbers, strict=True))
        return True
