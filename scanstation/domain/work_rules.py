"""What receiving and packing make of a code: decided on what is known of it, without a store (RULES §1, 2.6, 2.7).

`tracking.py` says which codes of a unit a step asks for; here is what each of them may be.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key
from scanstation.domain.orders import Order
from scanstation.domain.status import Move, OrderKind, UnitStatus
from scanstation.domain.tracking import Admits, Asks, ImportRule, TrackingPolicy
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work import OwedPiece


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A known unit that cannot be taken; whoever refuses it looks up where it is."""

    unit: Unit
    way: str = say.SCAN_ANOTHER
    """What to do now."""


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A code that was scanned for a unit of an order, and what is known of both."""

    code: Code
    kind: CodeKind
    owner: Unit | None
    """The product's unit that has the code now."""
    owed: OwedPiece
    sku: str
    order: Order


class WorkRules(ABC):
    """What the two kinds of work differ in."""

    kind: ClassVar[OrderKind]
    move: ClassVar[Move]
    """What completing does to the units."""

    @abstractmethod
    def asks(self, policy: TrackingPolicy) -> Asks:
        """Which codes this work asks of a unit."""

    @abstractmethod
    def imports(self, policy: TrackingPolicy) -> bool:
        """Do the serials of this step come by import?"""

    @abstractmethod
    def wants_known(self, owed: OwedPiece, kind: CodeKind, policy: TrackingPolicy) -> bool:
        """Must the code that is owed be a known unit's?"""

    @abstractmethod
    def checks_known(self, policy: TrackingPolicy) -> bool:
        """Must a serial on a product's label be known, where none is asked?"""

    @abstractmethod
    def identify(self, given: GivenCode, policy: TrackingPolicy) -> Unit | Unavailable | Verdict | None:
        """The known unit that a serial belongs to, None for a new one, or why it is refused."""

    @abstractmethod
    def refuse_known(self, code: Code, unit: Unit, order: Order) -> Unavailable | Verdict | None:
        """Why a unit that is known by its code cannot be taken now; None where it can."""


class Receiving(WorkRules):
    """Work on a purchase order. Every code it takes must be new (RULES 2.7), unless the order brings units back."""

    kind = OrderKind.PURCHASE
    move = Move.RECEIVE

    def asks(self, policy: TrackingPolicy) -> Asks:
        """Which codes receiving asks of a unit."""
        return policy.receiving_asks

    def imports(self, policy: TrackingPolicy) -> bool:
        """Are the serials imported on the purchase order?"""
        return policy.po_import is not ImportRule.REFUSED

    def wants_known(self, owed: OwedPiece, kind: CodeKind, policy: TrackingPolicy) -> bool:
        """Never: what comes in is new."""
        del owed, kind, policy
        return False

    def checks_known(self, policy: TrackingPolicy) -> bool:
        """Never: what comes in is new."""
        del policy
        return False

    def identify(self, given: GivenCode, policy: TrackingPolicy) -> Unit | Unavailable | Verdict | None:
        """None for a new code; on an order that brings units back also the Shipped unit that it belongs to."""
        del policy
        owner, owed = given.owner, given.owed
        if owed.piece.unit_id is not None and (owner is None or owner.id == owed.piece.unit_id):
            return self._identify_second(given, owner)
        if owner is None:
            return None
        if refusal := self.refuse_known(given.code, owner, given.order):
            return refusal
        if owed.piece.unit_id is None or (given.kind is CodeKind.PRIMARY and owner.secondary is None):
            return owner
        return say.two_units(given.code.text, owed.code(given.kind.other) or "", given.kind)

    def _identify_second(self, given: GivenCode, owner: Unit | None) -> Unit | Verdict | None:
        """The second code of a unit: both are new, or both belong to the one unit that comes back."""
        code, kind, first = given.code, given.kind, given.owed.code(given.kind.other) or ""
        if owner is None:
            return say.two_units(code.text, first, kind) if given.owed.code(kind) is not None else None
        is_new = owner.status is UnitStatus.HELD
        return say.same_code_again(code.text, kind) if is_new or code.key == code_key(first) else owner

    def refuse_known(self, code: Code, unit: Unit, order: Order) -> Unavailable | Verdict | None:
        """A known serial cannot come in again, asked for or not; but one that was shipped may come back."""
        del code
        if unit.status is not UnitStatus.SHIPPED:
            return Unavailable(unit)
        if order.brings_back and unit.held_by is None:
            return None
        return Unavailable(unit, say.SCAN_ANOTHER if order.brings_back else say.AT_RETURNS)

    def meant(self, owners: Sequence[Unit], work_id: int, ordered: Collection[int]) -> Unit:
        """Which of several products' units a code means: the one that this work holds, or one of this order.

        Args:
            owners: the units that have the code; one at least.
            work_id: the work.
            ordered: the ids of the order's products.
        """
        return min(owners, key=lambda unit: (unit.held_by != work_id, unit.product_id not in ordered))


class Packing(WorkRules):
    """Work on a shipment order."""

    kind = OrderKind.SHIPMENT
    move = Move.PACK

    def asks(self, policy: TrackingPolicy) -> Asks:
        """Which codes packing asks of a unit."""
        return policy.packing_asks

    def imports(self, policy: TrackingPolicy) -> bool:
        """Are the serials imported on the shipment order?"""
        return policy.so_import is not ImportRule.REFUSED

    def wants_known(self, owed: OwedPiece, kind: CodeKind, policy: TrackingPolicy) -> bool:
        """Where only Received units are packed, and for the other code of a Received unit that has one."""
        if owed.piece.unit_id is not None:
            return owed.code(kind) is not None
        return policy.packing_admits is not Admits.NEW_OR_RECEIVED

    def checks_known(self, policy: TrackingPolicy) -> bool:
        """Where it must have been imported before."""
        return policy.po_import is ImportRule.NEEDED

    def identify(self, given: GivenCode, policy: TrackingPolicy) -> Unit | Unavailable | Verdict | None:
        """The Received unit that a code belongs to, or None for a new one where the product admits it."""
        if given.owed.piece.unit_id is not None:
            return self._identify_second(given)
        if given.owner is not None:
            return self.refuse_known(given.code, given.owner, given.order) or given.owner
        if policy.packing_admits is Admits.NEW_OR_RECEIVED:
            return None
        return say.unknown_serial(given.code.text, given.sku)

    def _identify_second(self, given: GivenCode) -> Unit | Unavailable | Verdict | None:
        """The second code of a unit: both are new, or both belong to one Received unit (RULES §1)."""
        code, kind, owner, owed = given.code, given.kind, given.owner, given.owed
        first = owed.code(kind.other) or ""
        if owner is not None and owner.id == owed.piece.unit_id:
            return say.same_code_again(code.text, kind) if code.key == code_key(first) else owner
        if owed.code(kind) is not None:
            return say.two_units(code.text, first, kind)
        if owner is None:
            return None
        if kind is CodeKind.PRIMARY and owner.secondary is None:
            # The secondary came first, and is new: a Received unit that has none yet may get it.
            return self.refuse_known(code, owner, given.order) or owner
        return say.two_units(code.text, first, kind) if owner.free else Unavailable(owner)

    def refuse_known(self, code: Code, unit: Unit, order: Order) -> Unavailable | Verdict | None:
        """Only what is Received, reserved by nobody and in this warehouse is packed."""
        if not unit.free:
            return Unavailable(unit)
        if unit.warehouse_id != order.warehouse_id:
            return say.other_warehouse(code.text, unit.warehouse, order.warehouse)
        return None

    def meant(self, code: Code, owners: Sequence[Unit], skus: Mapping[int, str]) -> Unit | Unavailable | Verdict:
        """Which of several products' units a code means; where it may be any, the product has to be scanned first.

        Args:
            code: the code.
            owners: the units of the order's products that have it; one at least.
            skus: the order's products: id → SKU.
        """
        if len(owners) == 1:
            return owners[0]
        if not any(unit.free for unit in owners):
            return Unavailable(owners[0])  # whichever of them it is, it cannot be packed
        return say.serial_of_several(code.text, [skus[unit.product_id] for unit in owners])


RECEIVING, PACKING = Receiving(), Packing()

WORK_RULES: Mapping[OrderKind, WorkRules] = {rules.kind: rules for rules in (RECEIVING, PACKING)}
