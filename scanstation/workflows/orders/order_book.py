"""Orders to look at and to choose from, and what every supervisor's act on an order has in common."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from scanstation.domain import sentences as say
from scanstation.domain.codes import misspelt, visible
from scanstation.domain.discrepancies import Discrepancy
from scanstation.domain.expected import NOTHING_MISSING, ExpectedList, ListCount, Missing
from scanstation.domain.imports import Batch
from scanstation.domain.line_parts import Parts, Share, shares
from scanstation.domain.operators import Deed
from scanstation.domain.orders import Order, OrderAct, OrderLine, SerialCount
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind, WorkStatus
from scanstation.domain.tracking import Admits, Asks, TrackingPolicy
from scanstation.domain.units import Stamp
from scanstation.domain.work import OpenWork
from scanstation.store import batches, discrepancies, expected, orders, works
from scanstation.store.store import Transaction
from scanstation.store.units import chunks
from scanstation.workflows.site import Site, local_time


@dataclass(frozen=True, slots=True)
class OrderLineDetail:
    """One product of an order. All counts are units."""

    line_id: int
    product_id: int
    sku: str
    description: str
    ordered: int
    done: int
    """Received or packed by completed work."""
    open: int
    """In open work, of all stations."""
    serials_needed: int
    """How many of the units done owe their serials to this step, by what they were taken under (RULES 2.17)."""
    serials_present: int
    """How many units with serials stand on the line; where an import is possible but not needed, more than needed."""
    policy: TrackingPolicy
    """What the product's settings ask now."""
    closed_short: int = 0
    """What of the ordered nobody waits for any more."""
    parts: Parts = ()
    """The lines of the paper that it stands on, where its sheet named them."""

    @property
    def shares(self) -> tuple[Share, ...]:
        """What each line of the paper has of these counts; one without a name where none was named."""
        return tuple(
            shares(
                self.parts or (("", self.ordered),),
                done=self.done,
                open=self.open,
                closed_short=self.closed_short,
                serials_needed=self.serials_needed,
                serials_present=self.serials_present,
            )
        )

    @property
    def left(self) -> int:
        """What can still be taken."""
        return max(0, self.ordered - self.closed_short - self.done - self.open)

    @property
    def unbacked(self) -> int:
        """Units done that no serial backs."""
        return max(0, self.done - self.serials_present)

    @property
    def serials_missing(self) -> int:
        """Serials that this step still owes."""
        return max(0, self.serials_needed - self.serials_present)


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order with its lines and the open work on it."""

    order: Order
    lines: tuple[OrderLineDetail, ...]
    works: tuple[OpenWork, ...]
    acts: tuple[OrderAct, ...] = ()
    """What supervisors did to it, the oldest first; read by `detail` only, not for a listing."""
    batches: tuple[Batch, ...] = ()
    """The imported files whose serials stand on it; read by `detail` only, not for a listing."""
    expected: tuple[ListCount, ...] = ()
    """How the units of each listed product stand to what suppliers announce (RULES 2.26)."""
    lists: tuple[ExpectedList, ...] = ()
    """What was loaded of that; read by `detail` only."""
    missing: Missing = NOTHING_MISSING
    """What of it has not come, some by name; read by `detail` only."""
    noted: tuple[Discrepancy, ...] = ()
    """What did not come as ordered, settled or not; read by `detail` only, not for a listing."""

    @property
    def serials_missing(self) -> int:
        """Serials that all lines together still owe to this step."""
        return sum(line.serials_missing for line in self.lines)


def choose(
    site: Site,
    kind: OrderKind,
    number: str,
    *,
    client: str | None = None,
    warehouse: str | None = None,
    or_other_kind: bool = False,
) -> Order | Refused:
    """The order that a number stands for, or why it stands for none or for several. A refusal is logged.

    Args:
        site: where to look.
        kind: purchase or shipment orders.
        number: the order's number.
        client: of this client only.
        warehouse: in this warehouse only.
        or_other_kind: where there is none of this kind, one of the other is meant.
    """
    with site.store.read() as tx:
        matches = orders.find(tx, number, kind=kind, client=client, warehouse=warehouse)
        if not matches and or_other_kind:
            matches = orders.find(tx, number, client=client, warehouse=warehouse)
        wrong = misspelt(number) if number not in [order.number for order in matches] else None
        if len(matches) == 1 and not wrong:
            return matches[0]
        others = [] if matches else orders.find(tx, number)
    if wrong:
        return site.log_refusal(say.misspelt_number(number, wrong), code=number)
    refusal = (
        _ambiguous(matches[0].kind, number, matches) if matches else _unknown(kind, number, client, warehouse, others)
    )
    return site.log_refusal(refusal, code=number)


def listing(
    site: Site,
    kind: OrderKind,
    *,
    client: str | None = None,
    warehouse: str | None = None,
    only_open: bool = False,
) -> list[OrderDetail]:
    """All orders of a kind, those with a due date first; without their acts and batches."""
    details: list[OrderDetail] = []
    with site.store.read() as tx:
        records = orders.listed(tx, kind, client=client, warehouse=warehouse, only_open=only_open)
        works_on: dict[int, list[OpenWork]] = {}
        for one in works.everywhere(tx):
            works_on.setdefault(one.work.order_id, []).append(one)
        for part in chunks(records):
            ids = [order.id for order in part]
            lines = orders.lines_of(tx, ids)
            counts = orders.serial_counts(tx, kind, ids)
            listed = _expected(site, tx, kind, ids, [line for some in lines.values() for line in some])
            details.extend(
                OrderDetail(
                    order,
                    _lines(site, lines[order.id], counts),
                    tuple(works_on.get(order.id, ())),
                    expected=tuple(listed[line.id] for line in lines[order.id] if line.id in listed),
                )
                for order in part
            )
    return details


def detail(site: Site, order_id: int) -> OrderDetail:
    """Everything about one order."""
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        counts = orders.serial_counts(tx, order.kind, [order_id])
        lines = orders.lines(tx, order_id)
        listed = _expected(site, tx, order.kind, [order_id], lines)
        asked = [line.product.id for line in lines if line.id in listed and listed[line.id].missing is not None]
        return OrderDetail(
            order,
            _lines(site, lines, counts),
            tuple(works.open_on(tx, order_id)),
            tuple(orders.acts_on(tx, order_id)),
            tuple(batches.on_order(tx, order.kind, order_id)),
            tuple(listed.values()),
            tuple(expected.lists_of(tx, order_id)) if listed else (),
            expected.missing(tx, order_id, asked) if asked else NOTHING_MISSING,
            tuple(discrepancies.on_order(tx, order_id)) if order.kind is OrderKind.PURCHASE else (),
        )


def _expected(
    site: Site, tx: Transaction, kind: OrderKind, order_ids: Sequence[int], lines: Sequence[OrderLine]
) -> dict[int, ListCount]:
    """How lines stand to what suppliers announce: line id → counts; nothing is asked where no product is listed."""
    products = [line.product for line in lines if line.product.is_listed]
    if not products:
        return {}
    if kind is OrderKind.SHIPMENT:
        new = {one.id for one in products if site.policy(one.settings).packing_admits is Admits.NEW_OR_RECEIVED}
        own = {line.id for line in lines if line.product.id in new}
        return {line_id: count for line_id, count in expected.of_shipments(tx, order_ids).items() if line_id in own}
    asks_none = {one.id for one in products if site.policy(one.settings).receiving_asks is Asks.NOTHING}
    return expected.of_purchases(tx, order_ids, at_packing=asks_none)


def as_json(detail: OrderDetail) -> dict[str, object]:
    """The order as `po show`, `so show` and the lists print it.

    `expected` where suppliers announce something, `returns` where it brings units back.
    """
    order = detail.order
    json_fields: dict[str, object] = {
        "warehouse": order.warehouse,
        "client": order.client,
        "number": order.number,
        "status": order.status.value,
        "lines": [
            {
                "line": share.line or None,
                "sku": line.sku,
                "ordered": share.ordered,
                order.kind.done_word: share.done,
                "open": share.open,
                "closed_short": share.closed_short,
                "serials_needed": share.serials_needed,
                "serials_present": share.serials_present,
            }
            for line in detail.lines
            for share in line.shares
        ],
    }
    if order.brings_back:
        json_fields["returns"] = True
    if detail.expected:
        json_fields["expected"] = [asdict(count) for count in detail.expected]
    return json_fields


# What the acts of a supervisor have in common


def act_on(
    site: Site, deed: Deed, order_id: int, kind: OrderKind, do: Callable[[Transaction, Order, Stamp], Done | Refused]
) -> Done | Refused:
    """Do one act on an order that nobody else touches meanwhile; a refusal is logged."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        order = orders.lock(tx, order_id)
        assert order.kind is kind, f"{order.number} is a {order.kind.noun}"
        works.lock_open(tx, order_id)
        return do(tx, order, stamp)

    answer = site.act(deed, act)
    return site.logged(answer, order_id=order_id)


def blank_reason(thing: str, reason: str, what: str, *, kept: str = "with the order") -> Refused | None:
    """The refusal of an act whose reason was left blank; `what` completes 'Say why … '."""
    if any(character.isprintable() and not character.isspace() for character in reason):
        return None
    return say.reason_missing(thing=thing, what=what, kept=kept)


def work_in_the_way(order: Order, open_works: Sequence[OpenWork], now: datetime) -> tuple[Reason, ...]:
    """One reason for each open receipt or packing that an act has to wait for."""
    return tuple(
        say.work_open(
            operator=one.work.operator,
            work_word=order.kind.work_word,
            number=order.number,
            station=one.work.station,
            since=local_time(one.work.opened_at, now),
            count=counted(one.pieces, "unit"),
        )
        for one in open_works
    )


def end_empty_work(tx: Transaction, open_works: Sequence[OpenWork], stamp: Stamp) -> None:
    """Work with nothing in it ends with its order, so that no station finds it open later."""
    for one in open_works:
        assert one.pieces == 0, f"work {one.work.id} holds {one.pieces} units"
        works.close(tx, one.work.id, WorkStatus.CANCELLED, stamp)


def whose(order: Order, *, several_warehouses: bool) -> str:
    """The client, and the warehouse where a list has orders of several: they may use the same numbers."""
    return f"{visible(order.client)} · {visible(order.warehouse)}" if several_warehouses else visible(order.client)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The lines of an order that have less than is wanted: of each its SKU, what is done and what is wanted."""

    lines: tuple[tuple[str, int, int], ...]
    ordered: int
    """Of all lines."""

    @property
    def units(self) -> int:
        """How many are missing."""
        return sum(wanted - done for _, done, wanted in self.lines)

    @property
    def texts(self) -> list[str]:
        """`LAP-1 7 of 10`."""
        return [say.lacking(*line) for line in self.lines]


def what_lacks(lines: Sequence[OrderLine]) -> Shortfall:
    """What an order lacks."""
    short = [(line.product.sku, line.done, line.wanted) for line in lines if line.done < line.wanted]
    return Shortfall(tuple(short), sum(line.ordered for line in lines))


def shortfall(lines: Sequence[OrderLine]) -> list[str]:
    """The lines that have less than is wanted: `LAP-1 7 of 10`."""
    return what_lacks(lines).texts


def _lines(site: Site, lines: Sequence[OrderLine], counts: dict[int, SerialCount]) -> tuple[OrderLineDetail, ...]:
    return tuple(
        OrderLineDetail(
            line.id,
            line.product.id,
            line.product.sku,
            line.product.description,
            line.ordered,
            line.done,
            line.in_work,
            counts.get(line.id, SerialCount()).needed,
            counts.get(line.id, SerialCount()).present,
            site.policy(line.product.settings),
            line.closed_short,
            line.parts,
        )
        for line in lines
    )


def _unknown(
    kind: OrderKind, number: str, client: str | None, warehouse: str | None, others: Sequence[Order]
) -> Refused:
    return say.no_such_order(kind, number, client, warehouse, [(other.kind, _place(other)) for other in others])


def _ambiguous(kind: OrderKind, number: str, namesakes: Sequence[Order]) -> Refused:
    options = []
    if len({order.client_id for order in namesakes}) > 1:
        options.append("--client")
    if len({order.warehouse_id for order in namesakes}) > 1:
        options.append("--warehouse")
    return say.several_such_orders(kind, number, [_place(order) for order in namesakes], options)


def _place(order: Order) -> str:
    return f"{visible(order.client)} in {visible(order.warehouse)}"


def waits_since(order: Order, now: datetime) -> str:
    """Local time since which an order stands as it does; '' where nobody has touched it."""
    return local_time(order.waits_since, now) if order.waits_since else ""
