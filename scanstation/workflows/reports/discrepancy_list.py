"""`po discrepancies`: what did not come as ordered, for the client (RULES 2.24)."""

from collections.abc import Iterator

from scanstation.domain.codes import code_key
from scanstation.store import discrepancies
from scanstation.workflows.reports.listing import Listing, Value
from scanstation.workflows.site import Site

_HEADINGS = {
    "number": "Number",
    "warehouse": "Warehouse",
    "client": "Client",
    "po_number": "PO",
    "sku": "SKU",
    "differs": "What",
    "count": "Count",
    "words": "Words",
    "serials": "Serials",
    "at": "Noted at",
    "operator": "Operator",
    "station": "Station",
    "settled_at": "Settled at",
    "settled_by": "Settled by",
    "settled_as": "Settled as",
}


def discrepancy_list(
    site: Site, *, order_id: int | None = None, client: str = "", warehouse: str = "", only_open: bool = False
) -> Listing:
    """The discrepancies of one order, or (None) of all of a client and a warehouse; the oldest first."""

    def read() -> Iterator[tuple[Value, ...]]:
        with site.store.read() as tx:
            if order_id is None:
                of_client, there = code_key(client), code_key(warehouse)
                found = [*discrepancies.listed(tx, client=of_client, warehouse=there, only_open=only_open)]
            else:
                found = [one for one in discrepancies.on_order(tx, order_id) if one.is_open or not only_open]
        for one in found:
            yield (
                *(one.id, one.warehouse, one.client, one.number, one.sku, one.differs.value, one.count),
                *(one.words or None, ", ".join(one.serials) or None, one.at, one.operator, one.station),
                *(one.settled_at, one.settled_by, one.settled_as),
            )

    return Listing(
        title="Discrepancies",
        noun="note",
        headings=_HEADINGS,
        read=read,
        moments=("at", "settled_at"),
    )
