"""Open and completed work, the scans it accepted, and the pieces it took."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.expected import MOST_IN_A_ROW
from scanstation.domain.orders import Order
from scanstation.domain.scan import Source
from scanstation.domain.status import WorkStatus
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.domain.work import (
    PART_MISSING,
    Entry,
    LineShare,
    OncePerWork,
    OpenWork,
    OwedPiece,
    Piece,
    Standing,
    Tally,
    Work,
)
from scanstation.store import tables as t
from scanstation.store.orders import OF_ID as ORDER_OF_ID
from scanstation.store.orders import WANTED, order_from
from scanstation.store.statements import Statement, ask_ahead, next_number


def own(tx: Connection, order_id: int, station: str) -> Work | None:
    """A station's open work on an order."""
    row = tx.execute(
        select(t.work).where(
            t.work.c.order_id == order_id,
            t.work.c.station_key == code_key(station),
            t.work.c.status == WorkStatus.OPEN.value,
        )
    ).one_or_none()
    return _work(row) if row else None


def get(tx: Connection, work_id: int, *, lock: bool = False) -> Work:
    """A work by its id; locked, it stays as it is until the transaction ends."""
    return _work((_LOCKED_WORK if lock else _WORK).one(tx, {"the_work": work_id}))


def lock_with_order(tx: Connection, order_id: int, work_id: int) -> tuple[Order, Work]:
    """An order and work on it, the order locked first as every act does: nobody else acts on either until the end."""
    row = _LOCKED_BOTH.one(tx, {"the_order": order_id, "the_work": work_id})
    return order_from(row), Work(
        id=row.work_id,
        order_id=row.id,
        station=row.station,
        operator=row.operator,
        status=WorkStatus(row.work_status),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closed_at_station=row.closed_at_station,
        unlisted=_keys(row.unlisted),
    )


def scan_ahead(tx: Connection, op_id: str, order_id: int, work_id: int) -> None:
    """What every scan asks of the work on a desk, asked together (`statements.ask_ahead`): the order locked first."""
    ask_ahead(
        tx,
        [
            (_ENTRY_OF_OP, {"the_op": op_id}),
            (_LOCKED_BOTH, {"the_order": order_id, "the_work": work_id}),
            (_OWED, {"of_work": work_id}),
            (_NEXT_ENTRY, {}),
        ],
    )


def standing_ahead(tx: Connection, order_id: int, work_id: int, *, others_known: bool) -> None:
    """What an answer shows of a work after a scan has taken something, asked together."""
    query = _STANDING_BESIDE if others_known else _STANDING
    ask_ahead(tx, [(_OWED, {"of_work": work_id}), (query, {"of_order": order_id, "of_work": work_id})])


def signs_of_change(tx: Connection, work_id: int) -> tuple[WorkStatus, int, int] | None:
    """What others may change under a desk. None: the work is no more.

    Its status, how much its order wants, and how many of the units that it has reserved are on hold.
    """
    row = _SIGNS.first(tx, {"the_work": work_id})
    return (WorkStatus(row.status), row.wanted, row.on_hold) if row else None


def start(tx: Connection, order_id: int, stamp: Stamp, status: WorkStatus = WorkStatus.OPEN) -> Work:
    """New work of a station on an order."""
    row = tx.execute(
        insert(t.work)
        .values(
            order_id=order_id,
            station=stamp.station,
            station_key=code_key(stamp.station),
            operator=stamp.operator,
            status=status.value,
            opened_at=stamp.at,
        )
        .returning(t.work)
    ).one()
    return _work(row)


def close(tx: Connection, work_id: int, status: WorkStatus, stamp: Stamp) -> None:
    """End work."""
    tx.execute(
        update(t.work)
        .where(t.work.c.id == work_id)
        .values(status=status.value, closed_at=stamp.at, closed_by=stamp.operator, closed_at_station=stamp.station)
    )


def discard(tx: Connection, work_id: int) -> None:
    """Forget work that never accepted a scan."""
    tx.execute(delete(t.work_answer).where(t.work_answer.c.work_id == work_id))
    tx.execute(delete(t.work).where(t.work.c.id == work_id))


def set_operator(tx: Connection, work_id: int, operator: str) -> None:
    """Who works on it now; another shift may continue where the last one left off."""
    tx.execute(update(t.work).where(t.work.c.id == work_id).values(operator=operator))


def open_on(tx: Connection, order_id: int) -> list[OpenWork]:
    """All open work on an order, the oldest first."""
    return _open_works(tx, _open_query().where(t.work.c.order_id == order_id))


def open_at(tx: Connection, station: str) -> list[OpenWork]:
    """All open work of a station, the newest first."""
    found = _open_works(tx, _open_query().where(t.work.c.station_key == code_key(station)))
    return sorted(found, key=lambda one: one.work.id, reverse=True)


def everywhere(tx: Connection) -> list[OpenWork]:
    """All open work, the oldest first."""
    return _open_works(tx, _open_query())


def standing(tx: Connection, order_id: int, work_id: int, known_others: Sequence[LineShare] | None = None) -> Standing:
    """How one station's open work stands, and what the others' has of the same order.

    Where it is known what the others have taken, only what they owe of it is read.
    """
    query = _STANDING if known_others is None else _STANDING_BESIDE
    others, owed, last_line = list[LineShare](), dict[int, int](), None
    they_owe = dict[tuple[int, str], int]()
    for what, line_id, station, quantity, owing in query.all(tx, {"of_order": order_id, "of_work": work_id}):
        if what == _OTHERS:
            others.append(LineShare(line_id=line_id, station=station, quantity=int(quantity), owed=int(owing)))
        elif what == _OTHERS_OWE:
            they_owe[line_id, station] = owing
        elif what == _OWING:
            owed[line_id] = owing
        else:
            last_line = line_id
    for share in known_others or ():
        owing = they_owe.get((share.line_id, share.station), 0)
        others.append(share if share.owed == owing else replace(share, owed=owing))
    return Standing(others=sorted(others, key=lambda share: share.station), owed=owed, last_line=last_line)


def add_entry(
    tx: Connection,
    work_id: int,
    *,
    op_id: str,
    act: str,
    code: str,
    summary: str,
    stamp: Stamp,
    source: Source,
    piece_id: int | None = None,
) -> int:
    """Keep an accepted scan; returns its id."""
    kept = {
        "op_id": op_id,
        "piece_id": piece_id,
        "act": act,
        "code": code,
        "summary": summary,
        "at": stamp.at,
        "operator": stamp.operator,
        "source": source.value,
    }
    values = {**kept, "work_id": work_id, "undone": False, "checksum": checksum(kept)}
    new_id: int
    if tx.dialect.name == "postgresql":
        (new_id,) = _NEXT_ENTRY.one(tx, {})
        _ADD_NUMBERED_ENTRY.run(tx, {**values, "id": new_id})
    else:
        (new_id,) = _ADD_ENTRY.one(tx, values)
    return new_id


SUMMED = ("op_id", "piece_id", "act", "code", "summary", "at", "operator", "source")
"""What of a kept scan is never changed."""


def checksum(kept: Mapping[str, object]) -> int:
    """Of a kept scan, as a signed number of 32 bits: every single bit that a disk turns changes it."""
    unsigned = zlib.crc32(json.dumps([kept[name] for name in SUMMED]).encode())
    return unsigned - (1 << 32) if unsigned >= 1 << 31 else unsigned


def entry_of_op(tx: Connection, op_id: str) -> Entry | None:
    """The scan that was kept under an op_id, if it was."""
    row = _ENTRY_OF_OP.first(tx, {"the_op": op_id})
    return _entry(row) if row else None


def last_entries(tx: Connection, work_id: int, limit: int) -> list[Entry]:
    """The last accepted scans that were not undone, the newest first."""
    rows = tx.execute(
        select(t.entry)
        .where(t.entry.c.work_id == work_id, t.entry.c.undone.is_(False))
        .order_by(t.entry.c.id.desc())
        .limit(limit)
    )
    return [_entry(row) for row in rows]


def codes_taken(tx: Connection, work_id: int, line_id: int) -> list[str]:
    """What was scanned to take pieces of a line in this work, and not undone."""
    rows = tx.execute(
        select(t.entry.c.code)
        .join(t.piece, t.piece.c.entry_id == t.entry.c.id)
        .where(t.piece.c.work_id == work_id, t.piece.c.line_id == line_id, t.entry.c.undone.is_(False))
    )
    return list(rows.scalars())


def package_taken(tx: Connection, order_id: int, package: str) -> str | None:
    """When a package was counted on an order, at any station and by open or completed work; None if it was not."""
    return tx.execute(
        select(t.entry.c.at)
        .join(t.work, t.work.c.id == t.entry.c.work_id)
        .where(
            t.work.c.order_id == order_id,
            t.work.c.status != WorkStatus.CANCELLED.value,
            t.entry.c.code == package,
            t.entry.c.undone.is_(False),
        )
        .order_by(t.entry.c.id.desc())
        .limit(1)
    ).scalar()


def written_before(tx: Connection, work: Work, code: str, stamp: Stamp) -> bool:
    """Was this entered on the order of a work before, in other work, as written down at that time by that person?"""
    entry, of = t.entry.c, t.work.c
    query = (
        select(entry.id)
        .join(t.work, of.id == entry.work_id)
        .where(
            of.order_id == work.order_id,
            of.id != work.id,
            entry.source == Source.DOWNTIME.value,
            entry.code == code,
            entry.at == stamp.at,
            entry.operator == stamp.operator,
            entry.undone.is_(False),
        )
        .limit(1)
    )
    return tx.execute(query).first() is not None


def has_entries(tx: Connection, work_id: int) -> bool:
    """Did the work ever accept a scan, undone ones included?"""
    return tx.execute(select(t.entry.c.id).where(t.entry.c.work_id == work_id).limit(1)).first() is not None


def mark_undone(tx: Connection, entry_ids: Sequence[int]) -> None:
    """These scans were taken back."""
    tx.execute(update(t.entry).where(t.entry.c.id.in_(entry_ids)).values(undone=True))


def act_of(tx: Connection, entry_id: int) -> str:
    """What a scan was."""
    act: str = tx.execute(select(t.entry.c.act).where(t.entry.c.id == entry_id)).scalar_one()
    return act


def entries_of_pieces(tx: Connection, work_id: int, piece_ids: Sequence[int]) -> list[int]:
    """The code scans that belong to pieces of a work."""
    rows = tx.execute(
        select(t.entry.c.id).where(
            t.entry.c.work_id + 0 == work_id,  # not by the work's index, which has all that it accepted
            t.entry.c.piece_id.in_(piece_ids),
            t.entry.c.undone.is_(False),
        )
    )
    return list(rows.scalars())


def texts_of_units(tx: Connection, work_id: int, unit_act: str) -> dict[int, str]:
    """What was scanned for the unit of each piece of a work: piece id → texts, a line for each scan.

    `unit_act` is the act of scans that took a unit by its code; a product's barcode names no unit.
    """
    texts: dict[int, list[str]] = {}
    for query in (_SCANS_OF_CODES, _SCANS_OF_UNITS):
        for piece_id, code in tx.execute(query, {"of_work": work_id, "unit_act": unit_act}):
            texts.setdefault(piece_id, []).append(code)
    return {piece_id: "\n".join(codes) for piece_id, codes in texts.items()}


def parts_missing(tx: Connection, work_id: int) -> dict[int, str]:
    """Which units of a work come back without a part: piece id → the code of that part."""
    said = t.entry.c
    query = select(said.piece_id, said.code).where(
        said.work_id == work_id, said.act == PART_MISSING, said.undone.is_(False)
    )
    return {row.piece_id: row.code for row in tx.execute(query)}


def add_pieces(
    tx: Connection,
    work_id: int,
    line_id: int,
    *,
    scenario: int,
    quantities: Sequence[int],
    owed: bool,
    entry_id: int | None = None,
) -> None:
    """Pieces of a line, one for each quantity."""
    shared = {"work_id": work_id, "line_id": line_id, "entry_id": entry_id, "scenario": scenario, "owed": owed}
    if len(quantities) == 1:
        _ADD_PIECE.run(tx, {**shared, "quantity": quantities[0], "source": ""})
    else:
        tx.execute(insert(t.piece), [{**shared, "quantity": quantity} for quantity in quantities])


def owed(tx: Connection, work_id: int) -> OwedPiece | None:
    """The piece whose code is owed now: the earliest of the last product scan that is not finished."""
    row = _OWED.first(tx, {"of_work": work_id})
    return (
        OwedPiece(
            piece=_piece(row),
            waiting=row.waiting,
            waiting_in_all=row.waiting_in_all,
            run=max(row.run, 1),
            run_left=max(row.run_left, 1),
            known=row.known,
            known_secondary=row.known_secondary,
        )
        if row
        else None
    )


def all_codes_taken(tx: Connection) -> list[str]:
    """Every code that was ever taken and not taken back; for a small store."""
    query = select(t.entry.c.code).where(t.entry.c.undone.is_(False)).distinct()
    return [code for (code,) in tx.execute(query)]


def tally(tx: Connection, work_id: int) -> Tally:
    """What a work has taken so far, and on which line last."""
    row = _TALLY.one(tx, {"of_work": work_id})
    return Tally(int(row.quantity), row.last_line)


def pieces(tx: Connection, work_id: int) -> list[Piece]:
    """All pieces of a work, in the order they were taken."""
    rows = tx.execute(select(t.piece).where(t.piece.c.work_id == work_id).order_by(t.piece.c.id))
    return [_piece(row) for row in rows]


def piece(tx: Connection, piece_id: int) -> Piece:
    """A piece by its id."""
    return _piece(tx.execute(select(t.piece).where(t.piece.c.id == piece_id)).one())


def piece_of_unit(tx: Connection, work_id: int, unit_id: int) -> Piece:
    """The piece of a work that has a unit."""
    # By its unit: the work's index has all that it took.
    rows = tx.execute(select(t.piece).where(t.piece.c.work_id + 0 == work_id, t.piece.c.unit_id == unit_id))
    return _piece(rows.one())


def taken_later(tx: Connection, piece: Piece) -> int:
    """How many pieces a work has taken on a line after this one: mostly few."""
    counted = select(func.count()).where(
        t.piece.c.work_id == piece.work_id,
        t.piece.c.id > piece.id,
        t.piece.c.line_id + 0 == piece.line_id,  # not by the line's index, which has all pieces of the line
    )
    number: int = tx.execute(counted).scalar_one()
    return number


def pieces_of_entry(tx: Connection, entry_id: int) -> list[Piece]:
    """The pieces that one product scan took."""
    rows = tx.execute(select(t.piece).where(t.piece.c.entry_id == entry_id).order_by(t.piece.c.id))
    return [_piece(row) for row in rows]


def change_piece(tx: Connection, piece_id: int, *, owed: bool, unit_id: int | None, source: Source | None) -> None:
    """A code came in or was taken back."""
    _CHANGE_PIECE.run(
        tx, {"the_piece": piece_id, "owed": owed, "unit_id": unit_id, "source": source.value if source else ""}
    )


def drop_pieces(tx: Connection, piece_ids: Sequence[int]) -> None:
    """Pieces that were never completed cease to be."""
    tx.execute(delete(t.piece).where(t.piece.c.id.in_(piece_ids)))


def hand_over(tx: Connection, from_work: int, to_work: int) -> None:
    """All pieces and scans of one work go to another."""
    tx.execute(update(t.piece).where(t.piece.c.work_id == from_work).values(work_id=to_work))
    tx.execute(update(t.entry).where(t.entry.c.work_id == from_work).values(work_id=to_work))
    asked = t.work_answer.c
    for row in tx.execute(select(asked.product_id, asked.about, asked.yes).where(asked.work_id == from_work)).all():
        if row.yes or said(tx, to_work, OncePerWork(row.about), row.product_id) is None:
            keep_said(tx, to_work, OncePerWork(row.about), row.product_id, yes=row.yes)
    handed, own = get(tx, from_work).unlisted, get(tx, to_work).unlisted
    if handed:
        keep_unlisted(tx, to_work, tuple(dict.fromkeys((*own, *handed))))


def keep_unlisted(tx: Connection, work_id: int, keys: Sequence[str]) -> None:
    """What came in a row that is on no list; the first `MOST_IN_A_ROW` of it."""
    kept = "\n".join(keys[:MOST_IN_A_ROW])
    tx.execute(update(t.work).where(t.work.c.id == work_id).values(unlisted=kept))


# What is asked once


def said(tx: Connection, work_id: int, about: OncePerWork, product_id: int = 0) -> bool | None:
    """What was answered to something that is asked once of a work, or of a product in it; None where nothing was."""
    asked = t.work_answer.c
    this = asked.work_id == work_id, asked.product_id == product_id, asked.about == about.value
    answer: bool | None = tx.execute(select(asked.yes).where(*this)).scalar_one_or_none()
    return answer


def keep_said(tx: Connection, work_id: int, about: OncePerWork, product_id: int = 0, *, yes: bool) -> None:
    """Something that is asked once was answered."""
    asked = t.work_answer.c
    this = asked.work_id == work_id, asked.product_id == product_id, asked.about == about.value
    if not tx.execute(update(t.work_answer).where(*this).values(yes=yes)).rowcount:
        new = {"work_id": work_id, "product_id": product_id, "about": about.value, "yes": yes}
        tx.execute(insert(t.work_answer).values(**new))


# The statements of every scan are built once: building one costs more than running it.

_OF_ID = select(t.work).where(t.work.c.id == bindparam("the_work"))
_WORK, _LOCKED_WORK = Statement(_OF_ID), Statement(_OF_ID.with_for_update())
# A server locks the tables' rows in the order that OF names them, each as it stands once whoever had it has ended.
_LOCKED_BOTH = Statement(
    ORDER_OF_ID.add_columns(
        t.work.c.id.label("work_id"),
        t.work.c.status.label("work_status"),
        *(t.work.c[name] for name in ("station", "operator", "opened_at", "closed_at", "closed_by")),
        t.work.c.closed_at_station,
        t.work.c.unlisted,
    )
    .join(t.work, t.work.c.order_id == t.orders.c.id)
    .where(t.work.c.id == bindparam("the_work"))
    .with_for_update(of=(t.orders, t.work))
)
_on_hold = (
    select(func.count(t.unit.c.id))
    .where(t.unit.c.held_by == t.work.c.id, t.unit.c.on_hold.is_not(None))
    .correlate(t.work)
    .scalar_subquery()
)
_boxed_on_hold = (
    select(func.count(t.unit.c.id.distinct()))
    .join(t.boxed_code, t.boxed_code.c.unit_id == t.unit.c.id)
    .join(t.piece, t.piece.c.id == t.boxed_code.c.piece_id)
    .where(t.piece.c.work_id == t.work.c.id, t.unit.c.on_hold.is_not(None))
    .correlate(t.work)
    .scalar_subquery()
)
_SIGNS = Statement(
    select(t.work.c.status, func.sum(WANTED).label("wanted"), (_on_hold + _boxed_on_hold).label("on_hold"))
    .join(t.order_line, t.order_line.c.order_id == t.work.c.order_id)
    .where(t.work.c.id == bindparam("the_work"))
    .group_by(t.work.c.id, t.work.c.status)
)
_ENTRY_OF_OP = Statement(select(t.entry).where(t.entry.c.op_id == bindparam("the_op")))

_sibling = t.piece.alias("sibling")
_latest = t.piece.alias("latest")


def _code_of_piece(kind: CodeKind) -> ScalarSelect[str]:
    return (
        select(t.unit_code.c.text)
        .where(
            t.unit_code.c.unit_id == t.piece.c.unit_id,
            t.unit_code.c.kind == kind.value,
            t.unit_code.c.live.is_(True),
        )
        .scalar_subquery()
    )


_OWED = Statement(
    select(
        t.piece,
        select(func.count())
        .where(
            _sibling.c.work_id == t.piece.c.work_id,
            _sibling.c.line_id == t.piece.c.line_id,
            _sibling.c.owed == true(),
        )
        .scalar_subquery()
        .label("waiting"),
        select(func.count()).where(_sibling.c.entry_id == t.piece.c.entry_id).scalar_subquery().label("run"),
        select(func.count())
        .where(_sibling.c.entry_id == t.piece.c.entry_id, _sibling.c.owed == true())
        .scalar_subquery()
        .label("run_left"),
        select(func.count())
        .where(_sibling.c.work_id == t.piece.c.work_id, _sibling.c.owed == true())
        .scalar_subquery()
        .label("waiting_in_all"),
        _code_of_piece(CodeKind.PRIMARY).label("known"),
        _code_of_piece(CodeKind.SECONDARY).label("known_secondary"),
    )
    .where(t.piece.c.work_id == bindparam("of_work"), t.piece.c.owed == true())
    # By its own order every piece of the work would do to begin with; those that owe have an index.
    .order_by(t.piece.c.id + 0)
    .limit(1)
)

_TALLY = Statement(
    select(
        func.coalesce(func.sum(t.piece.c.quantity), 0).label("quantity"),
        select(_latest.c.line_id)
        .where(_latest.c.work_id == bindparam("of_work"))
        .order_by(_latest.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("last_line"),
    ).where(t.piece.c.work_id == bindparam("of_work"))
)

_CHANGE_PIECE = Statement(update(t.piece).where(t.piece.c.id == bindparam("the_piece")), "owed", "unit_id", "source")

_SCANS_OF_CODES = (
    select(t.piece.c.id, t.entry.c.code)
    .join(t.entry, t.entry.c.piece_id == t.piece.c.id)
    .where(t.piece.c.work_id == bindparam("of_work"), t.entry.c.work_id == bindparam("of_work"))
    .where(t.entry.c.undone.is_(False), t.entry.c.act != PART_MISSING)
    .order_by(t.entry.c.id)
)
_SCANS_OF_UNITS = (
    select(t.piece.c.id, t.entry.c.code)
    .join(t.entry, t.entry.c.id == t.piece.c.entry_id)
    .where(t.piece.c.work_id == bindparam("of_work"), t.entry.c.act == bindparam("unit_act"))
)
_OF_ENTRY = (*SUMMED, "work_id", "undone", "checksum")
_ADD_ENTRY = Statement(insert(t.entry).returning(t.entry.c.id), *_OF_ENTRY)
_ADD_NUMBERED_ENTRY = Statement(insert(t.entry).inline(), "id", *_OF_ENTRY)
_NEXT_ENTRY = next_number("entry")

_ADD_PIECE = Statement(
    insert(t.piece).inline(), "work_id", "line_id", "entry_id", "scenario", "quantity", "owed", "source"
)

_OTHERS, _OTHERS_OWE, _OWING, _NEWEST = "others", "others owe", "owing", "newest"
_newest = (
    select(t.piece.c.line_id)
    .where(t.piece.c.work_id == bindparam("of_work"))
    .order_by(t.piece.c.id.desc())
    .limit(1)
    .subquery("newest")
)


def _of_others(what: str, quantity: ColumnElement[int], owing: ColumnElement[int]) -> Select[Any]:
    return (
        select(literal(what), t.piece.c.line_id, t.work.c.station, quantity, owing)
        .join(t.work, t.work.c.id == t.piece.c.work_id)
        .where(
            t.work.c.order_id == bindparam("of_order"),
            t.work.c.status == WorkStatus.OPEN.value,
            t.work.c.id != bindparam("of_work"),
        )
        .group_by(t.piece.c.line_id, t.work.c.station, t.work.c.id)
    )


_of_itself = (
    select(literal(_OWING), t.piece.c.line_id, literal(""), literal(0), func.count())
    .where(t.piece.c.work_id == bindparam("of_work"), t.piece.c.owed == true())
    .group_by(t.piece.c.line_id),
    select(literal(_NEWEST), _newest.c.line_id, literal(""), literal(0), literal(0)),
)
_owing = func.count(t.piece.c.id).filter(t.piece.c.owed.is_(True))
_STANDING = Statement(union_all(_of_others(_OTHERS, func.sum(t.piece.c.quantity), _owing), *_of_itself))
_STANDING_BESIDE = Statement(
    union_all(_of_others(_OTHERS_OWE, literal(0), func.count()).where(t.piece.c.owed == true()), *_of_itself)
)


def _open_query() -> Select[Any]:
    return (
        select(
            t.work,
            func.coalesce(func.sum(t.piece.c.quantity), 0).label("pieces"),
            func.count(t.piece.c.id).filter(t.piece.c.owed.is_(True)).label("owes"),
        )
        .outerjoin(t.piece, t.piece.c.work_id == t.work.c.id)
        .where(t.work.c.status == WorkStatus.OPEN.value)
        .group_by(t.work.c.id)
        .order_by(t.work.c.id)
    )


def _open_works(tx: Connection, query: Select[Any]) -> list[OpenWork]:
    return [OpenWork(work=_work(row), pieces=int(row.pieces), owes=row.owes > 0) for row in tx.execute(query)]


def _work(row: Row[Any]) -> Work:
    return Work(
        id=row.id,
        order_id=row.order_id,
        station=row.station,
        operator=row.operator,
        status=WorkStatus(row.status),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closed_at_station=row.closed_at_station,
        unlisted=_keys(row.unlisted),
    )


def _keys(kept: str) -> tuple[str, ...]:
    return tuple(kept.split("\n")) if kept else ()


def _piece(row: Row[Any]) -> Piece:
    return Piece(
        id=row.id,
        work_id=row.work_id,
        line_id=row.line_id,
        entry_id=row.entry_id,
        scenario=row.scenario,
        quantity=row.quantity,
        owed=bool(row.owed),
        unit_id=row.unit_id,
        source=Source(row.source) if row.source else None,
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        op_id=row.op_id,
        work_id=row.work_id,
        piece_id=row.piece_id,
        act=row.act,
        code=row.code,
        summary=row.summary,
        at=row.at,
        undone=bool(row.undone),
    )


def lock_open(tx: Connection, order_id: int) -> list[Work]:
    """All open work on an order; no station's next scan gets in before this transaction ends."""
    rows = tx.execute(
        select(t.work)
        .where(t.work.c.order_id == order_id, t.work.c.status == WorkStatus.OPEN.value)
        .order_by(t.work.c.id)
        .with_for_update()
    )
    return [_work(row) for row in rows]


def entry_ids(tx: Connection, work_id: int) -> list[int]:
    """Every scan that a work accepted, undone ones too."""
    return list(tx.execute(select(t.entry.c.id).where(t.entry.c.work_id == work_id)).scalars())


def void_completed(tx: Connection, order_id: int) -> None:
    """The completed work of a cancelled order counts no longer; who completed it stays known."""
    tx.execute(
        update(t.work)
        .where(t.work.c.order_id == order_id, t.work.c.status == WorkStatus.COMPLETED.value)
        .values(status=WorkStatus.CANCELLED.value)
    )
