"""The life of every unit that ever had a code."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanstation.domain.codes import Code, code_key, visible
from scanstation.domain.counts import is_lost
from scanstation.domain.house_serials import hold_reason
from scanstation.domain.language import joined, word, worded
from scanstation.domain.status import TELLS_NO_PLACE, OrderKind, UnitStatus
from scanstation.domain.units import Seen, TracedEvent, TracedUnit
from scanstation.domain.work import Boxed
from scanstation.store import boxes, house_serials, reports
from scanstation.store.store import Transaction
from scanstation.workflows.codes.lookup import without_its_marks
from scanstation.workflows.site import Site


@dataclass(frozen=True, slots=True)
class Life:
    """One unit and all that happened to it, the first thing first."""

    unit: TracedUnit
    events: tuple[TracedEvent, ...]
    no_serial: str = ""
    """Why it is known by a house serial; '' where it is not."""
    boxed: str = ""
    """Into which order's box it was scanned, where it waits for that order's import; '' where into none."""
    box: int | None = None
    """That order."""

    @property
    def seen(self) -> Seen:
        """What an act on it is held against."""
        return Seen(len(self.events), self.box)

    @property
    def standing(self) -> str:
        """Where it is now: `Received`, `Shipped`, `on Ana's open receipt N-1003 at dock-2`."""
        unit = self.unit
        held_back = [worded("on hold: {why}", why=unit.on_hold)] if unit.on_hold is not None else []
        if self.no_serial and unit.on_hold != hold_reason(self.no_serial):
            held_back.append(worded("its own serial is to be found ({why})", why=self.no_serial))
        if unit.held_order is None:
            lost, boxed = [worded("given up as lost")] if self.is_lost else [], [self.boxed] if self.boxed else []
            return joined([unit.status.value, *lost, *boxed, *held_back])
        on = worded(
            "on {who}'s open {work} {number} at {station}",
            who=unit.held_by,
            work=unit.held_order_kind.work_word if unit.held_order_kind else word("return"),
            number=unit.held_order,
            station=unit.held_at,
        )
        return on if unit.status is UnitStatus.HELD else joined([unit.status.value, on, *held_back])

    @property
    def is_lost(self) -> bool:
        """Was it written off, by a count or by hand, or lost on a transfer? Then it may be found again."""
        told = [event for event in self.events if event.what not in TELLS_NO_PLACE]
        return bool(told) and is_lost(told[-1].what, told[-1].reason)

    @property
    def is_free(self) -> bool:
        """Is it a unit, and reserved by nobody? Only then can a supervisor correct anything about it."""
        return self.unit.held_order is None and self.unit.status not in (UnitStatus.HELD, UnitStatus.GONE)


def trace(site: Site, code: str) -> tuple[Life, ...]:
    """Every unit that has or ever had this code, as its primary or its secondary; gone ones included."""
    with site.store.read() as tx:
        found = reports.traced_units(tx, code_key(code))
        if not found and (meant := without_its_marks(tx, Code(code, code_key(code)))):
            found = reports.traced_units(tx, meant.key)
        return lives(tx, found)


def lives(tx: Transaction, units: Sequence[TracedUnit]) -> tuple[Life, ...]:
    """All that happened to these units."""
    events: dict[int, list[TracedEvent]] = {unit.id: [] for unit in units}
    for event in reports.traced_events(tx, list(events)) if units else ():
        events[event.unit_id].append(event)
    no_serials = house_serials.of_units(tx, list(events))
    boxed = boxes.of_units(tx, list(events))
    return tuple(
        Life(
            unit,
            tuple(events[unit.id]),
            no_serials.get(unit.id, ""),
            _into(boxed[unit.id]) if unit.id in boxed else "",
            boxed[unit.id].order_id if unit.id in boxed else None,
        )
        for unit in units
    )


def _into(one: Boxed) -> str:
    return worded("scanned into {order} at {station}", order=visible(one.number), station=visible(one.station))


def as_json(lives: Sequence[Life]) -> list[dict[str, object]]:
    """The lives as `trace --format json` prints them: times in UTC, null where there is nothing."""
    return [_life(life) for life in lives]


def _life(life: Life) -> dict[str, object]:
    unit = life.unit
    held = None
    if unit.held_order is not None:
        held = {
            **_order(unit.held_order_kind, unit.held_order),
            "return": None if unit.held_order_kind else unit.held_order,
            "station": unit.held_at,
            "operator": unit.held_by,
            "since": unit.held_since,
        }
    return {
        "warehouse": unit.warehouse,
        "client": unit.client,
        "sku": unit.sku,
        "description": unit.description,
        "primary_serial": unit.primary,
        "secondary_serial": unit.secondary,
        "status": unit.status.value,
        "hold": unit.on_hold,
        "lot": unit.lot.lot,
        "expiry": unit.lot.use_by,
        "best_before": unit.lot.best_before,
        "made": unit.lot.made,
        "no_serial": life.no_serial or None,
        "held": held,
        "events": [_event(event) for event in life.events],
    }


def _event(event: TracedEvent) -> dict[str, object]:
    return {
        "at": event.at,
        "recorded_at": event.recorded_at,
        "what": event.what.value,
        "status": event.status.value,
        **_order(event.order_kind, event.order),
        "client": event.client,
        "sku": event.sku,
        "primary_serial": event.primary,
        "secondary_serial": event.secondary,
        "operator": event.operator,
        "station": event.station,
        "source": event.source,
        "file": event.file_name,
        "reason": event.reason or None,
    }


def _order(kind: OrderKind | None, number: str | None) -> dict[str, object]:
    return {
        "po_number": number if kind is OrderKind.PURCHASE else None,
        "so_number": number if kind is OrderKind.SHIPMENT else None,
    }
