"""`counts show`: what came of a count, and while it is open what was scanned and nothing more (RULES 2.28)."""

from collections.abc import Iterator

from scanstation.domain.counts import CountStatus, Result
from scanstation.store import counts, events
from scanstation.workflows.codes.serial_rules import whereabouts_words
from scanstation.workflows.reports.listing import Listing, Value
from scanstation.workflows.site import Site

_HEADINGS = {
    "result": "Result",
    "client": "Client",
    "sku": "SKU",
    "primary_serial": "Primary Serial Number",
    "secondary_serial": "Secondary Serial Number",
    "quantity": "Quantity",
    "on_hand": "On Hand",
    "where": "Where",
    "counted_at": "Counted At",
    "station": "Station",
    "operator": "Operator",
}
_WRITTEN_OFF = "written off"


def report(site: Site, count_id: int) -> Listing:
    """What came of a count: what is missing or has moved first, then what was scanned, then goods by quantity."""

    def read() -> Iterator[tuple[Value, ...]]:
        for row in _rows(site, count_id):
            yield tuple(row.get(name) for name in _HEADINGS)

    return Listing(title="Count", noun="row", headings=_HEADINGS, read=read, moments=("counted_at",))


def _rows(site: Site, count_id: int) -> Iterator[dict[str, Value]]:
    with site.store.read() as tx:
        is_closed = counts.get(tx, count_id).status is CountStatus.CLOSED
        scans, goods = counts.scans(tx, count_id), counts.goods(tx, count_id)
        expected = counts.expected(tx, count_id) if is_closed else []
        lacking = [one for one in expected if one.result in (Result.MISSING, Result.MOVED)]
        where = events.whereabouts(tx, [one.unit_id for one in lacking])
    for one in lacking:
        result = (one.result or Result.MISSING).value
        yield {
            "result": _WRITTEN_OFF if one.is_written_off else result,
            "client": one.client,
            "sku": one.sku,
            "primary_serial": one.primary,
            "secondary_serial": one.secondary,
            "quantity": 1,
            "where": whereabouts_words(where[one.unit_id]) if one.unit_id in where else None,
        }
    for scan in scans:
        if scan.unit_id is None and scan.product_id is not None:
            continue
        yield {
            "result": scan.result.value,
            "client": scan.client or None,
            "sku": scan.sku or None,
            "primary_serial": scan.code if scan.unit_id is None else scan.primary,
            "secondary_serial": scan.secondary,
            "quantity": 1,
            "where": (scan.where or None) if is_closed else None,
            "counted_at": scan.at,
            "station": scan.station,
            "operator": scan.operator,
        }
    for line in goods:
        if line.counted or is_closed:
            yield {
                "result": Result.COUNTED.value,
                "client": line.client,
                "sku": line.sku,
                "quantity": line.counted,
                "on_hand": line.on_hand if is_closed else None,
            }
