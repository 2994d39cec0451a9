"""What lists expect of returns (RULES 2.22)."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from scanstation.domain.returns import CameBack, Return, ReturnLine, ReturnStatus
from scanstation.domain.status import WorkStatus
from scanstation.store import returns
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids


def lines(tx: Connection, return_ids: Collection[int]) -> dict[int, list[ReturnLine]]:
    """What is expected of returns, in the order in which it was loaded; of those without a list, nothing."""
    line = t.return_line.c
    query = (
        select(t.return_line, t.product.c.sku)
        .join(t.product, t.product.c.id == line.product_id)
        .where(line.return_id.in_(listed_ids(tx, return_ids)))
        .order_by(line.id)
    )
    lines_of: dict[int, list[ReturnLine]] = {}
    for row in tx.execute(query):
        lines_of.setdefault(row.return_id, []).append(
            ReturnLine(
                id=row.id,
                product_id=row.product_id,
                sku=row.sku,
                serial=row.serial,
                serial_key=row.serial_key,
                quantity=row.quantity,
                order_number=row.order_number,
            )
        )
    return lines_of


def came_back(
    tx: Connection, return_ids: Collection[int], *, but_piece: int | None = None
) -> dict[int, list[CameBack]]:
    """What has come back of returns, and what stations have in hand of them; by all codes that a unit has or had."""
    piece, work, code = t.return_piece.c, t.return_work.c, t.unit_code.c
    query = (
        select(work.return_id, piece.id, piece.product_id, piece.quantity, work.status, code.text_key)
        .join(t.return_work, work.id == piece.work_id)
        .outerjoin(t.unit_code, code.unit_id == piece.unit_id)
        .where(work.return_id.in_(listed_ids(tx, return_ids)), piece.product_id.is_not(None))
        .order_by(piece.id)
    )
    pieces_of: dict[int, dict[int, CameBack]] = {}
    for row in tx.execute(query):
        if row.id == but_piece:
            continue
        of_return = pieces_of.setdefault(row.return_id, {})
        keys = frozenset([row.text_key] if row.text_key else [])
        if row.id in of_return:
            keys |= of_return[row.id].keys
        is_booked = row.status == WorkStatus.COMPLETED.value
        of_return[row.id] = CameBack(row.product_id, row.quantity, keys, is_booked)
    return {return_id: list(pieces.values()) for return_id, pieces in pieces_of.items()}


def waiting(tx: Connection, product_id: int, keys: Collection[str]) -> list[Return]:
    """The open returns whose lists expect a unit with one of these codes."""
    line = t.return_line.c
    query = (
        select(line.return_id)
        .join(t.goods_return, t.goods_return.c.id == line.return_id)
        .where(
            line.product_id == product_id,
            line.serial_key.in_(sorted(keys)),
            t.goods_return.c.status == ReturnStatus.OPEN.value,
        )
        .distinct()
        .order_by(line.return_id)
    )
    return [returns.get(tx, return_id) for return_id in tx.execute(query).scalars()]


def adopt(tx: Connection, return_id: int, client_id: int) -> None:
    """A return that a desk began is this client's: its list has come."""
    tx.execute(update(t.goods_return).where(t.goods_return.c.id == return_id).values(client_id=client_id))


def add(tx: Connection, return_id: int, expected: Iterable[tuple[int, str, str, int, str]]) -> None:
    """Expect more of a return: product, serial and its key (empty for a quantity), quantity, order."""
    names = ("product_id", "serial", "serial_key", "quantity", "order_number")
    rows = [{"return_id": return_id, **dict(zip(names, one, strict=True))} for one in expected]
    if rows:
        tx.execute(insert(t.return_line), rows)


def change(tx: Connection, line_id: int, *, quantity: int, order_number: str) -> None:
    """A line expects something else now."""
    values = {"quantity": quantity, "order_number": order_number}
    tx.execute(update(t.return_line).where(t.return_line.c.id == line_id).values(values))


def drop(tx: Connection, line_ids: Collection[int]) -> None:
    """These are not expected any more."""
    tx.execute(delete(t.return_line).where(t.return_line.c.id.in_(listed_ids(tx, line_ids))))
