"""`po expected`: what a supplier announced for an order, and what came of it, serial by serial (RULES 2.26)."""

from collections.abc import Iterator

from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.tracking import Asks
from scanstation.store import expected, orders
from scanstation.workflows.reports.listing import Listing, Value
from scanstation.workflows.site import Site

_HEADINGS = {
    "sku": "SKU",
    "primary_serial": "Primary Serial Number",
    "secondary_serial": "Secondary Serial Number",
    "lot": "Lot",
    "expiry": "Expiry",
    "best_before": "Best Before",
    "made": "Made",
    "state": "State",
}


def expected_list(site: Site, order_id: int, *, only_missing: bool = False) -> Listing:
    """The listed serials of a purchase order with what came of each, and behind them the units that no list has."""

    def read() -> Iterator[tuple[Value, ...]]:
        with site.store.read() as tx:
            asks = {
                line.product.sku
                for line in orders.lines(tx, order_id)
                if site.policy(line.product.settings).receiving_asks is not Asks.NOTHING
            }
            listed = [*expected.units_of(tx, order_id)]
            others = [] if only_missing else [*expected.unexpected(tx, order_id)]
        for sku, one, has_come, is_verified in listed:
            missing = "missing" if sku in asks else "not scanned yet"
            state = "verified" if is_verified else "with another secondary" if has_come else missing
            if state == "missing" or not only_missing:
                yield _row(sku, one.primary, one.secondary, one.lot, state)
        for sku, primary, secondary in others:
            yield _row(sku, primary, secondary, NO_LOT, "unexpected")

    return Listing(title="Expected serials", noun="serial", headings=_HEADINGS, read=read)


def _row(sku: str, primary: str, secondary: str | None, lot: LotFacts, state: str) -> tuple[Value, ...]:
    return sku, primary, secondary, lot.lot, lot.use_by, lot.best_before, lot.made, state
