"""What can be imported."""

from dataclasses import dataclass

from scanstation.domain.sheet_kinds import (
    DOWNTIME,
    MASTER_DATA,
    OPENING_STOCK,
    PO_SERIALS,
    PRODUCTS,
    PURCHASE_ORDERS,
    SHIPMENT_ORDERS,
    SO_SERIALS,
    SheetKind,
)
from scanstation.domain.status import OrderKind


@dataclass(frozen=True, slots=True)
class Job:
    """Something that can be imported."""

    title: str
    about: str
    kinds: tuple[SheetKind, ...]
    order_kind: OrderKind | None = None
    """Whose serials these are; None for products, orders and stock."""


PURCHASE_SERIALS = Job("Serials of purchase orders", "of what was received", (PO_SERIALS,), OrderKind.PURCHASE)
WRITTEN_DOWN = Job("What was written down", "while the station was away", (DOWNTIME,))
"""Of one order, purchase or shipment."""
SHIPMENT_SERIALS = Job("Serials of shipment orders", "of what was packed", (SO_SERIALS,), OrderKind.SHIPMENT)
JOBS = (
    PURCHASE_SERIALS,
    SHIPMENT_SERIALS,
    Job("Products", "and their settings", (PRODUCTS,)),
    Job("Orders", "purchase and shipment orders", (PURCHASE_ORDERS, SHIPMENT_ORDERS)),
    Job("Opening stock", "units that are here already", (OPENING_STOCK,)),
    Job("Expected serials", "what a supplier announces", (PO_SERIALS,)),
    WRITTEN_DOWN,
    Job("A workbook of several", "products, orders and stock, a sheet each", MASTER_DATA),
)
JOB_OF = {OrderKind.PURCHASE: PURCHASE_SERIALS, OrderKind.SHIPMENT: SHIPMENT_SERIALS}
