"""Packing: goods of a shipment order are packed, with their serials where the product asks for them."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key
from scanstation.domain.products import Product
from scanstation.domain.scan import Scan
from scanstation.domain.status import Move, OrderKind
from scanstation.domain.tracking import Admits, Asks, ImportRule, TrackingPolicy
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work import Piece
from scanstation.store import catalog, orders, units, works
from scanstation.workflows.scanning.order_work import UNIT, OrderWork, Turn


class Packing(OrderWork):
    """Work on a shipment order."""

    kind = OrderKind.SHIPMENT
    move = Move.PACK

    def asks(self, policy: TrackingPolicy) -> Asks:
        """Which codes packing asks of a unit."""
        return policy.packing_asks

    def wants_known(self, turn: Turn, piece: Piece, kind: CodeKind) -> bool:
        """Where only Received units are packed, and for the other code of a Received unit that has one."""
        if piece.unit_id is not None:
            taken = units.known(turn.tx, piece.unit_id)
            return (taken.primary if kind is CodeKind.PRIMARY else taken.secondary) is not None
        return self.site.policy_of(piece.scenario).packing_admits is not Admits.NEW_OR_RECEIVED

    def checks_known(self, policy: TrackingPolicy) -> bool:
        """Where it must have been imported before."""
        return policy.po_import is ImportRule.NEEDED

    def imports(self, policy: TrackingPolicy) -> bool:
        """Are the serials imported on the shipment order?"""
        return policy.so_import is not ImportRule.REFUSED

    def identify(
        self,
        turn: Turn,
        product: Product,
        piece: Piece,
        kind: CodeKind,
        code: Code,
        unit: Unit | None,
    ) -> Unit | Verdict | None:
        """The Received unit that a code belongs to, or None for a new one where the product admits it."""
        if piece.unit_id is not None:
            return self._identify_other(turn, piece.unit_id, kind, code, unit)
        if unit is not None:
            return self._refuse_known(turn, code, unit) or unit
        if self.site.policy_of(piece.scenario).packing_admits is Admits.NEW_OR_RECEIVED:
            return None
        return say.unknown_serial(code.text, product.sku)

    def _identify_other(
        self, turn: Turn, unit_id: int, kind: CodeKind, code: Code, unit: Unit | None
    ) -> Unit | Verdict | None:
        """The second code of a unit: both are new, or both belong to one Received unit (RULES §1)."""
        taken = units.known(turn.tx, unit_id)
        asked, other = taken.secondary, taken.primary
        if kind is CodeKind.PRIMARY:
            asked, other = other, asked
        if unit is not None and unit.id == taken.id:
            return say.same_code_again(code.text, kind) if code.key == code_key(other or "") else unit
        if asked is not None:
            return say.two_units(code.text, other or "", kind)
        if unit is None:
            return None
        if kind is CodeKind.PRIMARY and unit.secondary is None:
            # The secondary came first, and is new: a Received unit that has none yet may get it.
            return self._refuse_known(turn, code, unit) or unit
        return say.two_units(code.text, other or "", kind) if unit.free else self.refuse_taken(turn, code, unit)

    def _refuse_known(self, turn: Turn, code: Code, unit: Unit) -> Verdict | None:
        """Why a unit that is known cannot be packed now."""
        if not unit.free:
            return self.refuse_taken(turn, code, unit)
        if unit.warehouse_id != turn.order.warehouse_id:
            return say.other_warehouse(code.text, unit.warehouse, turn.order.warehouse)
        return None

    def check_serial(self, turn: Turn, product: Product, policy: TrackingPolicy, code: Code) -> Verdict | None:
        """The serial is checked, not booked; where it must have been imported before, an unknown one stops."""
        unit = units.by_code(turn.tx, product.id, code.key)
        if unit is not None:
            return self._refuse_known(turn, code, unit)
        if policy.po_import is ImportRule.NEEDED:
            owing = orders.owing_serials(turn.tx, product.id, policy.scenario)
            return say.not_imported(code.text, product.sku, [order.number for order in owing][:5])
        return None

    def _spelled(self, turn: Turn, code: Code, products: Sequence[Product]) -> Code | Verdict | None:
        """The known unit's code that an unknown one means for a product of the order: marks apart, or asked about."""
        tracked = [product for product in products if self.site.policy(product.settings).tracked]
        for product in tracked:
            read = self.read_serial(turn, product, [*CodeKind], code.text)
            if isinstance(read, Code) and units.by_code(turn.tx, product.id, read.key):
                return read
        likely = [self.same_unit(turn, product, code, known_wanted=True) for product in tracked]
        found = [one for one in likely if one is not None]
        if len(found) > 1:
            return None  # units of several products: the product has to be scanned first
        return found[0] if found else None

    def unit(self, turn: Turn, scan: Scan, code: Code) -> Verdict | None:
        """Take a known unit by its serial, with no prompt open (RULES 2.10); None when nobody knows the code."""
        lines = {line.product.id: line for line in orders.lines(turn.tx, turn.order.id)}
        found = units.of_client(turn.tx, turn.order.client_id, code.key)
        if not found:
            spelled = self._spelled(turn, code, [line.product for line in lines.values()])
            if spelled is None or isinstance(spelled, Verdict):
                return spelled
            code = spelled
            found = units.of_client(turn.tx, turn.order.client_id, code.key)
        here = [unit for unit in found if unit.product_id in lines]
        if not here:
            sku = catalog.product(turn.tx, found[0].product_id).sku
            return say.serial_of_another(code.text, sku, turn.order.number)
        if len(here) > 1 and not any(unit.free for unit in here):
            return self.refuse_taken(turn, code, here[0])  # whichever of them it is, it cannot be packed
        if len(here) > 1:
            return say.serial_of_several(code.text, [lines[unit.product_id].product.sku for unit in here])
        unit, line = here[0], lines[here[0].product_id]
        policy = self.site.policy(line.product.settings)
        if refusal := self._refuse_known(turn, code, unit):
            return refusal
        booked = policy.packing_asks is not Asks.NOTHING
        if not booked and self.checked_before(turn, line, [code], [unit]):
            return say.checked_before(code.text, self.kind)
        if refusal := self.order_finished(turn):
            return refusal
        if not orders.take(turn.tx, line.id, 1):
            return self._too_many(turn, code.text, line, 1)
        entry_id = self._enter(turn, scan, UNIT, f"{line.product.sku} {code.text}")
        works.add_pieces(
            turn.tx,
            turn.work.id,
            line.id,
            scenario=policy.scenario,
            quantities=[1],
            owed=policy.packing_asks is Asks.BOTH,
            entry_id=entry_id,
        )
        status = orders.refresh_status(turn.tx, turn.order.id)
        after = orders.lines(turn.tx, turn.order.id)
        turn = replace(turn, order=replace(turn.order, status=status))
        if booked:
            piece = works.pieces_of_entry(turn.tx, entry_id)[0]
            kind = CodeKind.SECONDARY if code.key == code_key(unit.secondary or "") else CodeKind.PRIMARY
            source = None if piece.owed and kind is CodeKind.SECONDARY else scan.source
            units.hold(turn.tx, unit.id, turn.work.id)
            works.change_piece(turn.tx, piece.id, owed=piece.owed, unit_id=unit.id, source=source)
            codes = (unit.primary, unit.secondary)
            return self._serial_taken(turn, code, kind, codes, after, line_id=line.id, unit_owes=piece.owed)
        taken = next(one for one in after if one.id == line.id)
        return say.serial_checked(
            line.product.sku,
            code.text,
            done=taken.done + taken.in_work,
            ordered=taken.ordered,
            order_full=self._if_full(turn, after),
        )
