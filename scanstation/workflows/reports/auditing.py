"""`report audit`: who did what to orders, products and the site, and why."""

from collections.abc import Iterator
from contextlib import closing

from scanstation.domain.audit import AuditedAct, AuditFilters
from scanstation.store import acts
from scanstation.workflows.reports.listing import Listing
from scanstation.workflows.reports.reporting import Filters
from scanstation.workflows.site import Site

_HEADINGS = {
    "at": "At",
    "act": "Act",
    "subject": "Of",
    "warehouse": "Warehouse",
    "client": "Client",
    "was": "Was",
    "became": "Became",
    "reason": "Reason",
    "operator": "Operator",
    "station": "Station",
    "recorded_at": "Recorded at",
}


def audit(site: Site, filters: Filters) -> Listing:
    """All acts that pass, the oldest first. Of what reports are narrowed to an act has names and days."""
    asked = AuditFilters(
        client=filters.client,
        warehouse=filters.warehouse,
        sku=filters.sku,
        purchase_order=filters.purchase_order,
        shipment_order=filters.shipment_order,
        since=filters.since,
        until=filters.until,
    )

    def read() -> Iterator[tuple[str | None, ...]]:
        with site.store.read() as tx, closing(acts.listed(tx, asked)) as found:
            for act in found:
                yield _values(act)

    return Listing(title="Audit", noun="act", headings=_HEADINGS, read=read, moments=("at", "recorded_at"))


def _values(act: AuditedAct) -> tuple[str | None, ...]:
    return tuple(str(getattr(act, column)) or None for column in _HEADINGS)
