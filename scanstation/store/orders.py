"""Purchase and shipment orders, their lines and counts."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.line_parts import Parts, packed, unpacked
from scanstation.domain.order_lines import OrderLines
from scanstation.domain.orders import DonePiece, NewOrder, Order, OrderAct, OrderLine, Progress, SerialCount
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus, WorkStatus, order_status
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.tracking import SCENARIOS
from scanstation.domain.units import Stamp
from scanstation.store import events, outbox
from scanstation.store import tables as t
from scanstation.store.bulk import listed_texts
from scanstation.store.catalog import product_from
from scanstation.store.statements import Statement

_OPEN = [status.value for status in OrderStatus if status.takes_goods]


class LineChanges(NamedTuple):
    """What has changed of an order's lines."""

    lines: list[OrderLine]
    changes: int
    """How often they have changed by now."""
    relined: int
    """At which of these changes lines came or went, so that all have to be read."""


HAS_OPEN_NUMBER = or_(*(t.orders.c.status == status for status in [*_OPEN, OrderStatus.READY_TO_SHIP.value]))
"""Of rows of `orders`: their number is no serial (RULES 2.8). No IN: it expands."""
WANTED = t.order_line.c.ordered - t.order_line.c.closed_short
"""What `OrderLine.wanted` says, of rows of `order_line`."""


def find(
    tx: Connection,
    number: str,
    *,
    kind: OrderKind | None = None,
    client: str | None = None,
    warehouse: str | None = None,
) -> list[Order]:
    """The orders of this number; several clients or warehouses may use the same."""
    query = _orders().where(t.orders.c.number_key == code_key(number))
    if kind:
        query = query.where(t.orders.c.kind == kind.value)
    if client:
        query = query.where(t.client.c.code_key == code_key(client))
    if warehouse:
        query = query.where(t.warehouse.c.code_key == code_key(warehouse))
    return [order_from(row) for row in tx.execute(query.order_by(t.orders.c.id))]


def get(tx: Connection, order_id: int) -> Order:
    """An order by its id."""
    return order_from(_ORDER.one(tx, {"the_order": order_id}))


def listed(
    tx: Connection,
    kind: OrderKind,
    *,
    client: str | None = None,
    warehouse: str | None = None,
    only_open: bool = False,
) -> list[Order]:
    """All orders of a kind: those with a due date first, by date; then by number."""
    query = _orders().where(t.orders.c.kind == kind.value)
    if client:
        query = query.where(t.client.c.code_key == code_key(client))
    if warehouse:
        query = query.where(t.warehouse.c.code_key == code_key(warehouse))
    if only_open:
        query = query.where(t.orders.c.status.in_([*_OPEN, OrderStatus.READY_TO_SHIP.value]))
    query = query.order_by(t.orders.c.due == "", t.orders.c.due, t.orders.c.number_key, t.orders.c.id)
    return [order_from(row) for row in tx.execute(query)]


def beginning(
    tx: Connection, kind: OrderKind, number: str, limit: int, *, client: str = "", warehouse: str = ""
) -> list[Order]:
    """The orders of a kind whose numbers begin so, by number."""
    query = _orders().where(
        t.orders.c.kind == kind.value, t.orders.c.number_key.startswith(code_key(number), autoescape=True)
    )
    if client:
        query = query.where(t.client.c.code_key == code_key(client))
    if warehouse:
        query = query.where(t.warehouse.c.code_key == code_key(warehouse))
    return [order_from(row) for row in tx.execute(query.order_by(t.orders.c.number_key, t.orders.c.id).limit(limit))]


def lines(tx: Connection, order_id: int) -> list[OrderLine]:
    """The lines of an order, in the order they were loaded."""
    return [_line(row) for row in _LINES.all(tx, {"of_order": order_id})]


def lines_of(tx: Connection, order_ids: Sequence[int]) -> dict[int, list[OrderLine]]:
    """The lines of several orders: order id → lines."""
    lines: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for row in tx.execute(_lines().where(t.order_line.c.order_id.in_(order_ids))):
        lines[row.order_id].append(_line(row))
    return lines


def lines_changed(tx: Connection, order_id: int, since: int) -> LineChanges | None:
    """The lines that have changed since an order had changed so many times; None where none has."""
    rows = _LINES_CHANGED.all(tx, {"of_order": order_id, "since": since})
    return LineChanges([_line(row) for row in rows], rows[0].changes, rows[0].relined) if rows else None


def line_of(tx: Connection, order_id: int, product_id: int) -> OrderLine | None:
    """The line of a product on an order."""
    row = _LINE_OF_PRODUCT.first(tx, {"of_order": order_id, "of_product": product_id})
    return _line(row) if row else None


def line(tx: Connection, line_id: int) -> OrderLine:
    """A line by its id."""
    return _line(_LINE.one(tx, {"the_line": line_id}))


def take(tx: Connection, line_id: int, quantity: int, *, beyond_order: bool = False) -> bool:
    """Open work takes a quantity of a line; False when the line has not that much left."""
    query = _TAKE_BEYOND if beyond_order else _TAKE
    taken = query.changed(tx, {"the_line": line_id, "so_many": quantity}) == 1
    if taken:
        _changed(tx, line_id)
    return taken


def give_back(tx: Connection, line_id: int, quantity: int) -> None:
    """Open work drops a quantity again."""
    counts = t.order_line.c
    tx.execute(
        update(t.order_line).where(counts.id == line_id).values(in_work=counts.in_work - quantity, changed=_NEXT)
    )
    _changed(tx, line_id)


def book(tx: Connection, line_id: int, quantity: int) -> None:
    """Open work of a line is completed: its quantity counts from now on."""
    outbox.hear_line(tx, line_id)
    counts = t.order_line.c
    tx.execute(
        update(t.order_line)
        .where(counts.id == line_id)
        .values(in_work=counts.in_work - quantity, done=counts.done + quantity, changed=_NEXT)
    )
    _changed(tx, line_id)


def set_closed_short(tx: Connection, line_id: int, quantity: int) -> None:
    """So much of what a line has ordered is not waited for any more."""
    outbox.hear_line(tx, line_id)
    tx.execute(update(t.order_line).where(t.order_line.c.id == line_id).values(closed_short=quantity, changed=_NEXT))
    _changed(tx, line_id)


def set_done(tx: Connection, line_id: int, done: int) -> None:
    """Set what is done; for cancelling."""
    outbox.hear_line(tx, line_id)
    tx.execute(update(t.order_line).where(t.order_line.c.id == line_id).values(done=done, changed=_NEXT))
    _changed(tx, line_id)


def refresh_status(tx: Connection, order_id: int) -> OrderStatus:
    """Make an order's status what its counts say; for orders nobody closed, cancelled or shipped."""
    row = _SUMS.one(tx, {"the_order": order_id})
    return _status_by(tx, order_id, OrderKind(row.kind), OrderStatus(row.status), row)


def keep_status(tx: Connection, order: Order, lines: OrderLines) -> OrderStatus:
    """What `refresh_status` does, for one who has locked the order and has its lines as they stand."""
    return _status_by(tx, order.id, order.kind, order.status, lines)


def _status_by(
    tx: Connection, order_id: int, kind: OrderKind, before: OrderStatus, sums: OrderLines | Any
) -> OrderStatus:
    # A line with more than it ordered must not make up for another that lacks some.
    done = sums.done if sums.lines_missing == 0 else min(sums.done, sums.wanted - 1)
    empty = not done and not sums.in_work
    status = order_status(
        kind,
        wanted=sums.wanted,
        done=done,
        open_work=sums.in_work > 0,
        was_packed=empty and _COMPLETED_WORK.first(tx, {"the_order": order_id}) is not None,
    )
    if status is not before:
        set_status(tx, order_id, status)
    return status


def set_status(tx: Connection, order_id: int, status: OrderStatus) -> None:
    """Put an order where a supervisor's act wants it."""
    outbox.hear_order(tx, order_id)
    _SET_STATUS.run(tx, {"the_order": order_id, "new_status": status.value, "since": outbox.moment(tx)})


def waits_from(tx: Connection, order_id: int, at: str) -> None:
    """Something of an order was completed, or taken out again: since then it waits for what it lacks."""
    tx.execute(update(t.orders).where(t.orders.c.id == order_id).values(waits_since=at))


def lock(tx: Connection, order_id: int) -> Order:
    """The order, with nobody else acting on it until this transaction ends."""
    return order_from(_LOCKED_ORDER.one(tx, {"the_order": order_id}))


def _changed(tx: Connection, line_id: int) -> None:
    """Count that a line was changed; whoever writes one does, and has locked the order before."""
    _CHANGED.run(tx, {"the_line": line_id})


def works_changed(tx: Connection, order_id: int) -> None:
    """Pieces of an order, which has been locked, went from one work to another: its lines stay as they are."""
    _WORKS_CHANGED.run(tx, {"the_order": order_id})


def note_act(tx: Connection, order_id: int, act: str, stamp: Stamp, reason: str = "") -> None:
    """Keep what a supervisor did to an order, and why."""
    outbox.hear_act(tx, order_id, act, reason)
    tx.execute(
        insert(t.order_act).values(
            order_id=order_id,
            at=stamp.at,
            act=act,
            reason=reason,
            operator=stamp.operator,
            station=stamp.station,
            **{name: query.scalar_subquery() for name, query in _names_of(order_id).items()},
        )
    )


def _names_of(order_id: int) -> dict[str, Select[Any]]:
    """What an order is called now."""
    order = select().select_from(t.orders).where(t.orders.c.id == order_id)
    return {
        "warehouse": order.join(t.warehouse, t.warehouse.c.id == t.orders.c.warehouse_id).add_columns(
            t.warehouse.c.code
        ),
        "client": order.join(t.client, t.client.c.id == t.orders.c.client_id).add_columns(t.client.c.code),
        "order_number": order.add_columns(t.orders.c.number),
    }


def serial_counts(tx: Connection, kind: OrderKind, order_ids: Sequence[int]) -> dict[int, SerialCount]:
    """What the units received or packed so far owe, and have: line id → counts (RULES 2.17)."""
    purchase = kind is OrderKind.PURCHASE
    owing = [
        policy.scenario
        for policy in SCENARIOS.values()
        if (policy.receiving_needs_serials if purchase else policy.packing_needs_serials)
    ]
    needed = dict(
        tx.execute(
            select(t.piece.c.line_id, func.sum(t.piece.c.quantity))
            .join(t.work, t.work.c.id == t.piece.c.work_id)
            .join(t.order_line, t.order_line.c.id == t.piece.c.line_id)
            .where(
                t.work.c.status == WorkStatus.COMPLETED.value,
                t.piece.c.scenario.in_(owing),
                t.order_line.c.order_id.in_(order_ids),
            )
            .group_by(t.piece.c.line_id)
        ).all()
    )
    present = present_units(tx, kind, order_ids)
    return {
        line_id: SerialCount(int(needed.get(line_id, 0)), present.get(line_id, 0))
        for line_id in needed.keys() | present.keys()
    }


def present_units(tx: Connection, kind: OrderKind, order_ids: Sequence[int]) -> dict[int, int]:
    """How many units stand on each line, or stood there and came back: line id → count."""
    line_column = t.unit.c.purchase_line_id if kind is OrderKind.PURCHASE else t.unit.c.shipment_line_id
    booked = [UnitStatus.PACKED.value, UnitStatus.SHIPPED.value]
    if kind is OrderKind.PURCHASE:
        booked += [UnitStatus.RECEIVED.value, UnitStatus.IN_TRANSIT.value, UnitStatus.DISPOSED.value]
    present: Counter[int] = Counter(
        dict(
            tx.execute(
                select(line_column, func.count())
                .join(t.order_line, t.order_line.c.id == line_column)
                .where(t.order_line.c.order_id.in_(order_ids), t.unit.c.status.in_(booked))
                .group_by(line_column)
            ).all()
        )
    )
    if kind is OrderKind.SHIPMENT:
        present.update(one.line_id for one in events.came_back(tx, order_ids))
    else:
        present.update(one.line_id for one in events.came_again(tx, order_ids))
    return present


def pieces_by_scenario(tx: Connection, order_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """How many pieces of each line completed work took under which scenario: line id → scenario → pieces."""
    rows = tx.execute(
        select(t.piece.c.line_id, t.piece.c.scenario, func.sum(t.piece.c.quantity).label("quantity"))
        .join(t.work, t.work.c.id == t.piece.c.work_id)
        .join(t.order_line, t.order_line.c.id == t.piece.c.line_id)
        .where(t.work.c.status == WorkStatus.COMPLETED.value, t.order_line.c.order_id.in_(order_ids))
        .group_by(t.piece.c.line_id, t.piece.c.scenario)
    )
    pieces: dict[int, dict[int, int]] = {}
    for row in rows:
        pieces.setdefault(row.line_id, {})[row.scenario] = int(row.quantity)
    return pieces


def wanting(tx: Connection, kind: OrderKind, product_id: int) -> list[Order]:
    """The open orders that still want a product."""
    counts = t.order_line.c
    rows = tx.execute(
        _orders()
        .join(t.order_line, counts.order_id == t.orders.c.id)
        .where(
            t.orders.c.kind == kind.value,
            t.orders.c.status.in_(_OPEN),
            counts.product_id == product_id,
            counts.done + counts.in_work < WANTED,
        )
        .order_by(t.orders.c.due == "", t.orders.c.due, t.orders.c.number_key)
    )
    return [order_from(row) for row in rows]


def having_open(tx: Connection, product_id: int) -> list[Order]:
    """The orders that are not finished and have a product on them."""
    rows = tx.execute(
        _orders()
        .join(t.order_line, t.order_line.c.order_id == t.orders.c.id)
        .where(
            t.order_line.c.product_id == product_id,
            t.order_line.c.ordered > 0,
            t.orders.c.status.in_([*_OPEN, OrderStatus.READY_TO_SHIP.value]),
        )
        .order_by(t.orders.c.kind, t.orders.c.number_key, t.orders.c.id)
    )
    return [order_from(row) for row in rows]


def owing_serials(tx: Connection, product_id: int, scenario: int) -> list[Order]:
    """The purchase orders on which units of a product were received and lack their imported serials."""
    received = (
        select(t.piece.c.line_id, func.sum(t.piece.c.quantity).label("quantity"))
        .join(t.work, t.work.c.id == t.piece.c.work_id)
        .where(t.work.c.status == WorkStatus.COMPLETED.value, t.piece.c.scenario == scenario)
        .group_by(t.piece.c.line_id)
        .subquery()
    )
    present = (
        select(func.count())
        .where(t.unit.c.purchase_line_id == t.order_line.c.id, t.unit.c.status != UnitStatus.GONE.value)
        .scalar_subquery()
    ) + events.count_come_again(t.order_line.c.id)
    rows = tx.execute(
        _orders()
        .join(t.order_line, t.order_line.c.order_id == t.orders.c.id)
        .join(received, received.c.line_id == t.order_line.c.id)
        .where(
            t.orders.c.kind == OrderKind.PURCHASE.value,
            t.order_line.c.product_id == product_id,
            present < received.c.quantity,
        )
        .order_by(t.orders.c.id)
    )
    return [order_from(row) for row in rows]


def open_number_keys(tx: Connection, client_id: int) -> dict[str, OrderKind]:
    """The numbers of all open orders of a client, as key → the order's kind."""
    rows = tx.execute(
        select(t.orders.c.number_key, t.orders.c.kind).where(
            t.orders.c.client_id == client_id,
            t.orders.c.status.in_([*_OPEN, OrderStatus.READY_TO_SHIP.value]),
        )
    )
    return {row.number_key: OrderKind(row.kind) for row in rows}


def _orders() -> Select[Any]:
    return (
        select(t.orders, t.warehouse.c.code.label("warehouse"), t.client.c.code.label("client"))
        .join(t.warehouse, t.warehouse.c.id == t.orders.c.warehouse_id)
        .join(t.client, t.client.c.id == t.orders.c.client_id)
    )


def order_from(row: Row[Any]) -> Order:
    """An order from a row of `orders` with the codes of its warehouse and client."""
    return Order(
        id=row.id,
        kind=OrderKind(row.kind),
        warehouse_id=row.warehouse_id,
        warehouse=row.warehouse,
        client_id=row.client_id,
        client=row.client,
        number=row.number,
        partner=row.partner,
        reference=row.reference,
        due=row.due,
        status=OrderStatus(row.status),
        changes=row.changes,
        relined=row.relined,
        brings_back=bool(row.brings_back),
        waits_since=row.waits_since,
    )


def _lines() -> Select[Any]:
    counts = t.order_line.c
    return (
        select(
            counts.id.label("line_id"),
            counts.order_id,
            counts.ordered,
            counts.done,
            counts.in_work,
            counts.closed_short,
            counts.parts,
            t.product,
        )
        .join(t.product, t.product.c.id == counts.product_id)
        .order_by(counts.id)
    )


def _line(row: Row[Any]) -> OrderLine:
    return OrderLine(
        id=row.line_id,
        order_id=row.order_id,
        product=product_from(row),
        ordered=row.ordered,
        done=row.done,
        in_work=row.in_work,
        closed_short=row.closed_short,
        parts=unpacked(row.parts),
    )


def acts_on(tx: Connection, order_id: int) -> list[OrderAct]:
    """What supervisors did to an order, the oldest first."""
    rows = tx.execute(select(t.order_act).where(t.order_act.c.order_id == order_id).order_by(t.order_act.c.id))
    return [
        OrderAct(at=row.at, act=row.act, reason=row.reason, operator=row.operator, station=row.station) for row in rows
    ]


# The statements of every scan are built once: building one costs more than running it.

OF_ID = _orders().where(t.orders.c.id == bindparam("the_order"))
"""The order of an id, as `order_from` reads it."""
_of_order = _lines().where(t.order_line.c.order_id == bindparam("of_order"))
_NEXT = select(t.orders.c.changes + 1).where(t.orders.c.id == t.order_line.c.order_id).scalar_subquery()
"""The number of the change that is being made, under the order's lock; `_changed` counts it."""
_taking = (
    update(t.order_line)
    .where(t.order_line.c.id == bindparam("the_line"))
    .values(in_work=t.order_line.c.in_work + bindparam("so_many", type_=Integer), changed=_NEXT)
)
_has_left = t.order_line.c.done + t.order_line.c.in_work + bindparam("so_many", type_=Integer) <= WANTED

_ORDER, _LOCKED_ORDER = Statement(OF_ID), Statement(OF_ID.with_for_update(of=t.orders))
_LINES = Statement(_of_order)
_LINES_CHANGED = Statement(
    _lines()
    .add_columns(t.orders.c.changes, t.orders.c.relined)
    .join(t.orders, t.orders.c.id == t.order_line.c.order_id)
    .where(t.order_line.c.order_id == bindparam("of_order"), t.order_line.c.changed > bindparam("since"))
)
_CHANGED = Statement(
    update(t.orders)
    .where(
        t.orders.c.id
        == select(t.order_line.c.order_id).where(t.order_line.c.id == bindparam("the_line")).scalar_subquery()
    )
    .values(changes=t.orders.c.changes + 1)
)
_WORKS_CHANGED = Statement(
    update(t.orders).where(t.orders.c.id == bindparam("the_order")).values(changes=t.orders.c.changes + 1)
)
_RELINED = Statement(
    update(t.orders)
    .where(t.orders.c.id == bindparam("the_order"))
    .values(changes=t.orders.c.changes + 1, relined=t.orders.c.changes + 1)
)
_SET_STATUS = Statement(
    update(t.orders)
    .where(t.orders.c.id == bindparam("the_order"))
    .values(
        status=bindparam("new_status"),
        waits_since=bindparam("since"),
        # One that takes goods again may have missed what became of its products: `catalog.save_product`.
        changes=t.orders.c.changes + 1,
        relined=case(
            (or_(*(t.orders.c.status == status for status in _OPEN)), t.orders.c.relined),
            else_=t.orders.c.changes + 1,
        ),
    )
)
_LINE = Statement(_lines().where(t.order_line.c.id == bindparam("the_line")))
_LINE_OF_PRODUCT = Statement(_of_order.where(t.order_line.c.product_id == bindparam("of_product")))
_TAKE, _TAKE_BEYOND = Statement(_taking.where(_has_left)), Statement(_taking)
_COMPLETED_WORK = Statement(
    select(t.work.c.id).where(
        t.work.c.order_id == bindparam("the_order"), t.work.c.status == WorkStatus.COMPLETED.value
    )
)
_SUMS = Statement(
    select(
        t.orders.c.kind,
        t.orders.c.status,
        func.coalesce(func.sum(WANTED), 0).label("wanted"),
        func.coalesce(func.sum(t.order_line.c.done), 0).label("done"),
        func.coalesce(func.sum(t.order_line.c.in_work), 0).label("in_work"),
        func.count(t.order_line.c.id).filter(t.order_line.c.done < WANTED).label("lines_missing"),
    )
    .outerjoin(t.order_line, t.order_line.c.order_id == t.orders.c.id)
    .where(t.orders.c.id == bindparam("the_order"))
    .group_by(t.orders.c.id, t.orders.c.kind, t.orders.c.status)
)


def with_numbers(tx: Connection, kind: OrderKind, number_keys: Collection[str]) -> list[Order]:
    """All orders of a kind with one of these numbers, whoever's they are."""
    listed = listed_texts(tx, number_keys)
    rows = tx.execute(
        _orders()
        .join(listed, listed.c.value == t.orders.c.number_key)
        .where(t.orders.c.kind == kind.value)
        .order_by(t.orders.c.id)
    )
    return [order_from(row) for row in rows]


def due_next(tx: Connection, kind: OrderKind, limit: int) -> list[tuple[Order, Progress]]:
    """The first orders of a kind that still take goods, and how far they are.

    Those with a due date first, by date; then by number.
    """
    first = (t.orders.c.kind == kind.value, t.orders.c.status.in_(_OPEN))
    return [(order_from(row), _progress(row)) for row in tx.execute(_by_due(first, limit))]


def ready_to_ship(tx: Connection, limit: int) -> list[tuple[Order, Progress]]:
    """The orders that are ready to ship, and how much is in them; those with a due date first, by date."""
    first = (t.orders.c.kind == OrderKind.SHIPMENT.value, t.orders.c.status == OrderStatus.READY_TO_SHIP.value)
    return [(order_from(row), _progress(row)) for row in tx.execute(_by_due(first, limit))]


def _by_due(conditions: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
    """The first orders by their day, each with the sums of its lines, which are asked of those alone."""
    by_due = (t.orders.c.due == "", t.orders.c.due, t.orders.c.number_key, t.orders.c.id)
    first = select(t.orders.c.id).where(*conditions).order_by(*by_due).limit(limit)
    lines = t.order_line.c
    sums = [
        func.coalesce(func.sum(WANTED), 0).label("wanted"),
        # More than wanted on one line makes up for nothing on another.
        func.coalesce(func.sum(case((lines.done > WANTED, WANTED), else_=lines.done)), 0).label("done"),
        func.coalesce(func.sum(lines.in_work), 0).label("in_work"),
    ]
    return (
        _orders()
        .add_columns(
            *(select(one).where(lines.order_id == t.orders.c.id).scalar_subquery().label(one.name) for one in sums)
        )
        .where(t.orders.c.id.in_(first))
        .order_by(*by_due)
    )


def _progress(row: Row[Any]) -> Progress:
    return Progress(wanted=int(row.wanted), done=int(row.done), in_work=int(row.in_work))


def waiting(tx: Connection, kind: OrderKind) -> int:
    """How many orders of a kind still take goods."""
    query = select(func.count()).where(t.orders.c.kind == kind.value, t.orders.c.status.in_(_OPEN))
    count: int = tx.execute(query).scalar_one()
    return count


def add(tx: Connection, order: NewOrder) -> int:
    """A new order, open and without lines; returns its id."""
    new_id: int = tx.execute(
        insert(t.orders)
        .values(
            kind=order.kind.value,
            warehouse_id=order.warehouse_id,
            client_id=order.client_id,
            number=order.number,
            number_key=code_key(order.number),
            partner=order.partner,
            reference=order.reference,
            due=order.due,
            status=OrderStatus.OPEN.value,
            brings_back=order.brings_back,
        )
        .returning(t.orders.c.id)
    ).scalar_one()
    outbox.hear_new_order(tx, new_id)
    return new_id


def change_head(tx: Connection, order_id: int, *, partner: str, reference: str, due: str) -> None:
    """Set what an order says beside its lines."""
    tx.execute(update(t.orders).where(t.orders.c.id == order_id).values(partner=partner, reference=reference, due=due))


def set_brings_back(tx: Connection, order_id: int, *, brings_back: bool) -> None:
    """May units that were shipped come in on an order again?"""
    tx.execute(update(t.orders).where(t.orders.c.id == order_id).values(brings_back=brings_back))


def add_lines(tx: Connection, order_id: int, quantities: Sequence[tuple[int, int, Parts]]) -> None:
    """New lines of an order: (product id, ordered, the lines of its paper) each."""
    if quantities:
        outbox.hear_new_lines(tx, order_id)
        tx.execute(
            insert(t.order_line),
            [
                {
                    "order_id": order_id,
                    "product_id": product_id,
                    "ordered": ordered,
                    "done": 0,
                    "in_work": 0,
                    "parts": packed(parts),
                }
                for product_id, ordered, parts in quantities
            ],
        )
        _RELINED.run(tx, {"the_order": order_id})


def set_ordered(tx: Connection, line_id: int, ordered: int, parts: Parts = ()) -> None:
    """Another quantity is ordered; the caller has seen to it that it is not below what is done and in work."""
    outbox.hear_line(tx, line_id)
    values = {"ordered": ordered, "parts": packed(parts)}
    tx.execute(update(t.order_line).where(t.order_line.c.id == line_id).values(**values, changed=_NEXT))
    _changed(tx, line_id)


def drop_line(tx: Connection, line_id: int) -> None:
    """Take a line of which nothing is done off its order; one that histories still name stays, with 0 ordered."""
    named = (
        select(literal(1)).where(t.unit_event.c.line_id == line_id).exists()
        | select(literal(1)).where(t.piece.c.line_id == line_id).exists()
        | select(literal(1)).where(t.unit.c.purchase_line_id == line_id).exists()
        | select(literal(1)).where(t.unit.c.shipment_line_id == line_id).exists()
        | select(literal(1)).where(t.discrepancy.c.line_id == line_id).exists()
    )
    if tx.execute(select(named)).scalar_one():
        set_ordered(tx, line_id, 0)
        set_closed_short(tx, line_id, 0)
    else:
        outbox.hear_line(tx, line_id)
        order_id = tx.execute(select(t.order_line.c.order_id).where(t.order_line.c.id == line_id)).scalar_one()
        tx.execute(delete(t.order_line).where(t.order_line.c.id == line_id))
        _RELINED.run(tx, {"the_order": order_id})


def piece_of_unit(tx: Connection, line_id: int, unit_id: int) -> DonePiece | None:
    """The piece of a line that completed work scanned a unit for; None of an imported unit."""
    row = tx.execute(_done_pieces(line_id).where(t.piece.c.unit_id == unit_id)).one_or_none()
    return DonePiece(id=row.id, scenario=row.scenario, quantity=row.quantity) if row else None


def pieces_without_unit(tx: Connection, line_id: int) -> list[DonePiece]:
    """The pieces of a line that completed work took with no serial scanned, the newest first."""
    rows = tx.execute(_done_pieces(line_id).where(t.piece.c.unit_id.is_(None)).order_by(t.piece.c.id.desc()))
    return [DonePiece(id=row.id, scenario=row.scenario, quantity=row.quantity) for row in rows]


def uncount(tx: Connection, line_id: int, piece: DonePiece, quantity: int) -> None:
    """A correction: so many of a piece were not received or packed after all, and its line's count falls with it.

    Raises:
        ConcurrencyConflict: somebody else has corrected that piece a moment ago.
    """
    outbox.hear_line(tx, line_id)
    as_it_was = and_(t.piece.c.id == piece.id, t.piece.c.quantity == piece.quantity)
    if quantity == piece.quantity:
        changed = tx.execute(delete(t.piece).where(as_it_was))
    else:
        changed = tx.execute(update(t.piece).where(as_it_was).values(quantity=t.piece.c.quantity - quantity))
    if changed.rowcount != 1:
        raise ConcurrencyConflict(f"piece {piece.id} is not {piece.quantity} any more")
    counts = t.order_line.c
    tx.execute(update(t.order_line).where(counts.id == line_id).values(done=counts.done - quantity, changed=_NEXT))
    _changed(tx, line_id)


def _done_pieces(line_id: int) -> Select[Any]:
    return (
        select(t.piece.c.id, t.piece.c.scenario, t.piece.c.quantity)
        .join(t.work, t.work.c.id == t.piece.c.work_id)
        .where(t.piece.c.line_id == line_id, t.work.c.status == WorkStatus.COMPLETED.value)
    )


def orders_where(
    tx: Connection, *conditions: ColumnElement[bool], order_by: Sequence[Any], limit: int | None = None
) -> list[Order]:
    """The orders that conditions of another query of the store fit."""
    query = _orders().where(*conditions).order_by(*order_by).limit(limit)
    return [order_from(row) for row in tx.execute(query)]
