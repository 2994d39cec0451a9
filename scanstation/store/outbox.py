"""What an act did that an ERP is to hear, kept in the act's own transaction.

One small row for the events of an act (the act's link knows which they are, `sealing.SealedRows`), and one for each
order whose counts or status it changed. Numbers are given later, by the one who hands over (`store.handover`): a lower
id of a server may become visible after a higher one, and would be passed over by whoever reads on from the highest.
"""

import json
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.engine import Connection

from scanstation.domain.handover import NO_LINE, LineChange, LineCounts, OrderHeard, order_kind
from scanstation.domain.line_parts import shares, unpacked
from scanstation.domain.status import OrderKind
from scanstation.store import tables as t
from scanstation.store.open_seals import IN_INFO, OpenSeal
from scanstation.store.statements import Statement


def _open(tx: Connection) -> OpenSeal | None:
    seal: OpenSeal | None = tx.info.get(IN_INFO)
    return seal


def by(tx: Connection, operator: str, station: str) -> None:
    """Whose act it is."""
    if (seal := _open(tx)) is not None:
        seal.by = (operator, station)


def moment(tx: Connection) -> str:
    """What time it is in the store; '' outside of acts."""
    seal = _open(tx)
    return seal.now() if seal is not None else ""


def hear_order(tx: Connection, order_id: int) -> OrderHeard | None:
    """Before an order's status or lines are changed; None outside of acts."""
    seal = _open(tx)
    if seal is None:
        return None
    heard = seal.orders.get(order_id)
    if heard is None:
        heard = seal.orders[order_id] = OrderHeard(_STATUS.one(tx, {"the_order": order_id}).status)
    return heard


def hear_line(tx: Connection, line_id: int) -> None:
    """Before a line's counts are changed, but for what open work holds."""
    if _open(tx) is None:
        return
    row = _LINE.one(tx, {"the_line": line_id})
    heard = hear_order(tx, row.order_id)
    assert heard is not None, "the act is still open"
    heard.lines.setdefault(line_id, (row.sku, LineCounts(row.ordered, row.done, row.closed_short)))


def hear_new_lines(tx: Connection, order_id: int) -> None:
    """Before lines are added to an order."""
    heard = hear_order(tx, order_id)
    if heard is not None and heard.newest_line is None:
        heard.newest_line = tx.execute(_NEWEST_LINE).scalar_one()


def hear_new_order(tx: Connection, order_id: int) -> None:
    """After an order was made."""
    if (seal := _open(tx)) is not None:
        seal.orders[order_id] = OrderHeard("")


def hear_act(tx: Connection, order_id: int, act: str, reason: str) -> None:
    """What was done to an order, and why, in the words of who did it."""
    heard = hear_order(tx, order_id)
    if heard is not None:
        heard.act, heard.reason = act, reason


def write(tx: Connection, seal: OpenSeal, is_sealed: bool, at: str) -> None:
    """As an act ends: what of it is to be heard."""
    if is_sealed and "unit_event" in seal.newest_before:
        _add(tx, link_id=seal.seal_id)
    for order_id, heard in seal.orders.items():
        if body := _order_body(tx, order_id, heard, seal.by, at):
            _add(tx, order_id=order_id, body=json.dumps(body, ensure_ascii=False))


def _order_body(
    tx: Connection, order_id: int, heard: OrderHeard, by: tuple[str, str], at: str
) -> dict[str, Any] | None:
    """What an act did to an order; None where in the end it did nothing."""
    order = _ORDER.one(tx, {"the_order": order_id})
    changes, papers = [], dict[int, list[dict[str, Any]]]()
    new = (
        _LINES_ABOVE.all(tx, {"the_order": order_id, "newest": heard.newest_line})
        if heard.newest_line is not None
        else []
    )
    before = heard.lines | {row.id: (row.sku, NO_LINE) for row in new if row.id not in heard.lines}
    for line_id, (sku, counts) in sorted(before.items()):
        row = _LINE.first(tx, {"the_line": line_id})
        after = LineCounts(row.ordered, row.done, row.closed_short) if row else NO_LINE
        if after != counts:
            changes.append(LineChange(line_id, sku, counts, after))
            papers[line_id] = _paper_lines(row.parts, after) if row else []
    if not changes and order.status == heard.status:
        return None
    kind = OrderKind(order.kind)
    return {
        "kind": order_kind(kind, heard.status, order.status, changes),
        "at": at,
        "operator": by[0],
        "station": by[1],
        "warehouse": order.warehouse,
        "client": order.client,
        "order": {"kind": kind.value, "number": order.number},
        "order_status": order.status,
        "order_status_before": heard.status or None,
        "lines": [
            {
                "line": one.line,
                "sku": one.sku,
                "quantity": one.after.done - one.before.done,
                "ordered": one.after.ordered,
                "done": one.after.done,
                "closed_short": one.after.closed_short,
                "paper_lines": papers[one.line],
            }
            for one in changes
        ],
        "act": heard.act or None,
        "reason": heard.reason or None,
    }


def _paper_lines(parts: str, counts: LineCounts) -> list[dict[str, Any]]:
    """The lines of the order's paper that the product stands on; none where its sheet named none (RULES 2.21)."""
    done, short = counts.done, counts.closed_short
    none = {"open": 0, "serials_needed": 0, "serials_present": 0}
    named = shares(unpacked(parts), done=done, closed_short=short, **none) if parts else ()
    return [
        {"line": one.line, "ordered": one.ordered, "done": one.done, "closed_short": one.closed_short} for one in named
    ]


def _add(tx: Connection, **columns: Any) -> None:
    _ADD.run(tx, {"link_id": None, "order_id": None, "body": None} | columns)


_line = (
    select(
        t.order_line.c.id,
        t.order_line.c.order_id,
        t.order_line.c.ordered,
        t.order_line.c.done,
        t.order_line.c.closed_short,
        t.order_line.c.parts,
        t.product.c.sku,
    )
    .join(t.product, t.product.c.id == t.order_line.c.product_id)
    .order_by(t.order_line.c.id)
)
_LINE = Statement(_line.where(t.order_line.c.id == bindparam("the_line")))
_LINES_ABOVE = Statement(
    _line.where(t.order_line.c.order_id == bindparam("the_order"), t.order_line.c.id > bindparam("newest"))
)
_NEWEST_LINE = select(func.coalesce(func.max(t.order_line.c.id), 0))
_STATUS = Statement(select(t.orders.c.status).where(t.orders.c.id == bindparam("the_order")))
_ORDER = Statement(
    select(
        t.orders.c.kind,
        t.orders.c.number,
        t.orders.c.status,
        t.warehouse.c.code.label("warehouse"),
        t.client.c.code.label("client"),
    )
    .join(t.warehouse, t.warehouse.c.id == t.orders.c.warehouse_id)
    .join(t.client, t.client.c.id == t.orders.c.client_id)
    .where(t.orders.c.id == bindparam("the_order"))
)
_ADD = Statement(insert(t.outbox).inline(), "link_id", "order_id", "body")
