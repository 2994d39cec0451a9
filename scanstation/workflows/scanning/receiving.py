"""Receiving: goods of a purchase order come in, with their serials where the product asks for them."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code
from scanstation.domain.products import Product
from scanstation.domain.scan import Scan
from scanstation.domain.status import Move, OrderKind, UnitStatus
from scanstation.domain.tracking import Asks, ImportRule, TrackingPolicy
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work import Piece
from scanstation.store import catalog, orders, units
from scanstation.workflows.scanning.order_work import OrderWork, Turn


class Receiving(OrderWork):
    """Work on a purchase order. Every code it takes must be new (RULES 2.7)."""

    kind = OrderKind.PURCHASE
    move = Move.RECEIVE

    def asks(self, policy: TrackingPolicy) -> Asks:
        """Which codes receiving asks of a unit."""
        return policy.receiving_asks

    def wants_known(self, turn: Turn, piece: Piece, kind: CodeKind) -> bool:
        """Never: what comes in is new."""
        del turn, piece, kind
        return False

    def checks_known(self, policy: TrackingPolicy) -> bool:
        """Never: what comes in is new."""
        del policy
        return False

    def imports(self, policy: TrackingPolicy) -> bool:
        """Are the serials imported on the purchase order?"""
        return policy.po_import is not ImportRule.REFUSED

    def unit(self, turn: Turn, scan: Scan, code: Code) -> Verdict | None:
        """A known serial with no prompt open is refused with what it is."""
        del scan  # nothing of it is kept
        found = units.of_client(turn.tx, turn.order.client_id, code.key)
        if not found:
            return None
        # Several products may have the code: the one in hand is meant, or one of this order.
        ordered = {line.product.id for line in orders.lines(turn.tx, turn.order.id)}
        known = min(found, key=lambda unit: (unit.held_by != turn.work.id, unit.product_id not in ordered))
        if known.free:
            sku = catalog.product(turn.tx, known.product_id).sku
            return say.serial_without_prompt(code.text, sku, f"Received in {known.warehouse} already")
        return self.refuse_taken(turn, code, known)

    def check_serial(self, turn: Turn, product: Product, policy: TrackingPolicy, code: Code) -> Verdict | None:
        """A known serial cannot come in again, asked for or not."""
        del policy
        unit = units.by_code(turn.tx, product.id, code.key)
        return self.refuse_taken(turn, code, unit) if unit else None

    def identify(
        self,
        turn: Turn,
        product: Product,
        piece: Piece,
        kind: CodeKind,
        code: Code,
        unit: Unit | None,
    ) -> Unit | Verdict | None:
        """None: a code at receiving is new, or it is refused."""
        del product
        if unit is None:
            return None
        if unit.id == piece.unit_id:
            return say.same_code_again(code.text, kind)
        shipped = unit.status is UnitStatus.SHIPPED
        return self.refuse_taken(turn, code, unit, say.RETURNS_NOT_TAKEN if shipped else say.SCAN_ANOTHER)
