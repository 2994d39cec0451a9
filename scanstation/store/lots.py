"""Lots and dates: what the labels of open work say, and what units have."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, literal_column, select, update
from sqlalchemy.engine import Connection

from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.status import UnitStatus
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids

COLUMNS = (t.unit.c.lot, t.unit.c.use_by, t.unit.c.best_before, t.unit.c.made)
"""What `facts` reads."""
_IN_STOCK = t.unit.c.status == literal_column(f"'{UnitStatus.RECEIVED.value}'")
"""As the indexes of days say it."""
_SAID = (t.entry_lot.c.lot, t.entry_lot.c.use_by, t.entry_lot.c.best_before, t.entry_lot.c.made)


def facts(row: Any) -> LotFacts:
    """The lot and dates in a row that has `COLUMNS`."""
    if row.lot is row.use_by is row.best_before is row.made is None:
        return NO_LOT
    return LotFacts(row.lot, row.use_by, row.best_before, row.made)


def note(tx: Connection, entry_id: int, piece_id: int, label_facts: LotFacts) -> None:
    """Keep what the label of an accepted scan says of a piece's unit."""
    tx.execute(
        insert(t.entry_lot).values(
            entry_id=entry_id,
            piece_id=piece_id,
            lot=label_facts.lot,
            use_by=label_facts.use_by,
            best_before=label_facts.best_before,
            made=label_facts.made,
        )
    )


def noted(tx: Connection, piece_id: int) -> LotFacts:
    """What labels have said of a piece's unit in this work; the first one counts."""
    rows = tx.execute(_notes().where(t.entry_lot.c.piece_id == piece_id))
    label_facts = NO_LOT
    for row in rows:
        label_facts = label_facts.and_of(facts(row))
    return label_facts


def bring(tx: Connection, work_id: int) -> list[int]:
    """Work is completed: its units have what their labels said, as far as it was not known; returns as `give` does."""
    return give(tx, of_work(tx, work_id).items())


def of_work(tx: Connection, work_id: int) -> dict[int, LotFacts]:
    """What the labels of work have said of its units: unit id → lot and dates."""
    facts_of: dict[int, LotFacts] = {}
    rows = tx.execute(
        _notes()
        .add_columns(t.piece.c.unit_id)
        .join(t.piece, t.piece.c.id == t.entry_lot.c.piece_id)
        .where(t.entry.c.work_id == work_id, t.piece.c.unit_id.is_not(None))
    )
    for row in rows:
        facts_of[row.unit_id] = facts_of.get(row.unit_id, NO_LOT).and_of(facts(row))
    return facts_of


def _notes() -> Select[Any]:
    return (
        select(*_SAID)
        .join(t.entry, t.entry.c.id == t.entry_lot.c.entry_id)
        .where(t.entry.c.undone.is_(False))
        .order_by(t.entry.c.id)
    )


def give(tx: Connection, facts_of_units: Iterable[tuple[int, LotFacts]]) -> list[int]:
    """Units get what is said of them, as far as it was not known: (unit id, lot and dates).

    Returns those whose lot is known only now: a standing hold may be on it (`lot_holds`).
    """
    to_give = [(unit_id, one) for unit_id, one in facts_of_units if one]
    if not to_give:
        return []
    rows = [
        {
            "the_unit": unit_id,
            "new_lot": one.lot,
            "new_key": one.key,
            "new_use_by": one.use_by,
            "new_best_before": one.best_before,
            "new_made": one.made,
        }
        for unit_id, one in to_give
    ]
    with_lot = listed_ids(tx, [unit_id for unit_id, one in to_give if one.key])
    new = tx.execute(select(t.unit.c.id).where(t.unit.c.id.in_(with_lot), t.unit.c.lot_key.is_(None))).scalars().all()
    tx.execute(_GIVE, rows)
    return list(new)


def of_units(tx: Connection, unit_ids: Collection[int]) -> dict[int, LotFacts]:
    """The lots and dates of units, of those that have any."""
    query = select(t.unit.c.id, *COLUMNS).where(t.unit.c.id.in_(listed_ids(tx, unit_ids)))
    return {row.id: one for row in tx.execute(query) if (one := facts(row))}


def past(tx: Connection, product_ids: Collection[int], today: str) -> dict[int, LotFacts]:
    """The lots and dates of Received units of products of which a day is over: use-by or best-before."""
    past: dict[int, LotFacts] = {}
    for day in (t.unit.c.use_by, t.unit.c.best_before):
        query = select(t.unit.c.id, *COLUMNS).where(
            t.unit.c.product_id.in_(listed_ids(tx, product_ids)), _IN_STOCK, day.is_not(None), day < today
        )
        past |= {row.id: facts(row) for row in tx.execute(query)}
    return past


def _or_new(column: ColumnElement[Any], new: str) -> ColumnElement[Any]:
    return func.coalesce(column, bindparam(new, type_=column.type))


_GIVE = (
    update(t.unit)
    .where(t.unit.c.id == bindparam("the_unit"))
    .values(
        lot=_or_new(t.unit.c.lot, "new_lot"),
        lot_key=_or_new(t.unit.c.lot_key, "new_key"),
        use_by=_or_new(t.unit.c.use_by, "new_use_by"),
        best_before=_or_new(t.unit.c.best_before, "new_best_before"),
        made=_or_new(t.unit.c.made, "new_made"),
    )
)
