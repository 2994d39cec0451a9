"""What people did to orders, products and the site: one line an act."""

from dataclasses import dataclass

from scanstation.domain.codes import code_key


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedAct:
    """An act as it is listed; a name that has none is empty."""

    at: str
    recorded_at: str
    """By the store's clock, as it was sealed; empty where an older version wrote it."""
    act: str
    subject: str
    """What it was done to, as it was called then."""
    warehouse: str
    client: str
    order_number: str
    order_kind: str
    sku: str
    was: str
    became: str
    reason: str
    operator: str
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilters:
    """What the list is narrowed to; everything left empty lets all pass. Names compare as `code_key`."""

    client: str = ""
    warehouse: str = ""
    sku: str = ""
    purchase_order: str = ""
    shipment_order: str = ""
    since: str = ""
    """A time as the store keeps it."""
    until: str = ""
    """The first moment that is too late."""

    def lets_pass(self, act: AuditedAct) -> bool:
        """Do all names agree?"""
        wanted = (
            (self.client, act.client),
            (self.warehouse, act.warehouse),
            (self.sku, act.sku),
            (self.purchase_order, act.order_number if act.order_kind == "PO" else ""),
            (self.shipment_order, act.order_number if act.order_kind == "SO" else ""),
        )
        return all(not name or code_key(name) == code_key(found) for name, found in wanted)
