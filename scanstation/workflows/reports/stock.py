"""`report stock`: how much of each product stands in the warehouses, by client and SKU."""

from collections.abc import Iterator

from scanstation.domain.codes import code_key
from scanstation.store import catalog
from scanstation.workflows.reports.listing import Listing, Value
from scanstation.workflows.reports.reporting import Filters
from scanstation.workflows.site import Site

_HEADINGS = {
    "client": "Client",
    "sku": "SKU",
    "description": "Description",
    "on_hand": "On hand",
    "on_hold": "On hold",
    "packed": "Packed",
    "in_transit": "In transit",
    "serials_missing": "Serials missing",
}
_AT_ONCE = 1_000
"""Products."""


def stock(site: Site, filters: Filters) -> Listing:
    """Every product of the client and SKU asked for, by client and SKU, as far as orders and opening stock tell.

    On hand is what can be packed or is on hold; what is packed and not shipped, and what is on its way
    to another warehouse, stand beside it. Serials are missing of
    units on hand whose product wants them before packing.
    """

    def read() -> Iterator[tuple[Value, ...]]:
        after: tuple[int, str] | None = None
        while True:
            with site.store.read() as tx:
                products = catalog.products_page(tx, "", after, _AT_ONCE, client=filters.client, sku=filters.sku)
                ids = [one.product.id for one in products]
                counts, apart = catalog.on_hand(tx, ids), catalog.set_apart(tx, ids)
            for one in products:
                product, here = one.product, counts[one.product.id]
                wanted = site.policy(product.settings).receiving_needs_serials
                yield (
                    one.client,
                    product.sku,
                    product.description or None,
                    here.units,
                    apart[product.id].on_hold,
                    apart[product.id].packed,
                    apart[product.id].in_transit,
                    here.without_serials if wanted else 0,
                )
            if len(products) < _AT_ONCE:
                return
            after = (products[-1].product.client_id, code_key(products[-1].product.sku))

    return Listing(title="Stock", noun="product", headings=_HEADINGS, read=read)
