"""The units of an imported file, brought into the store in one short transaction.

What takes time is done before: the rows are put into temporary tables (`staged`), which no lock of the store guards,
their events with all that these will say. Then `write` copies them in a few statements, and what it has written is
hashed from the same columns while the database writes the codes: nothing is read back. A server's are made and dropped
within the act's transaction, since a pooler may give the next one another connection. Status and event go together
here as in `moves.move`, and a unit that is no longer where the file was held against it makes the whole file
`StalePlan`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Insert,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable, DropTable

from scanstation.domain.imports import Amounts, NewUnits, TakenUnits
from scanstation.domain.language import worded
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.scan import Source
from scanstation.domain.status import ARROWS, Move, OrderKind, UnitStatus
from scanstation.domain.store_errors import StalePlan, StoreForbidden
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import lot_holds, lots, sealing
from scanstation.store import tables as t
from scanstation.store.bulk import insert_columns, insert_rows, large_page_cache, reserve_ids, without_foreign_keys
from scanstation.store.events import EventColumns, events_of, named_events_of
from scanstation.store.moves import move_all
from scanstation.store.schema import lacking_to_import
from scanstation.store.sealing import KnownRows, hashed_meanwhile
from scanstation.store.statements import compile_beforehand
from scanstation.store.units import IS_FREE, code_of

_AT = {Move.RECEIVE: "received_at", Move.PACK: "packed_at"}
_LINE = {Move.RECEIVE: "purchase_line_id", Move.PACK: "shipment_line_id"}
_BATCH = {Move.RECEIVE: "receiving_batch_id", Move.PACK: "packing_batch_id"}

_ACT = ("at", "batch", "operator", "station")
_PARTS = ("serial", "key", "reversed")
_LOT = ("lot", "lot_key", "use_by", "best_before", "made")
_SAID = ("lot", "key", "use_by", "best_before", "made")
"""The same of `LotFacts`."""
_staging = MetaData()
_TEMPORARY: Mapping[str, Any] = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DROP"}
_new = Table(
    "import_new",
    _staging,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("product_id", Integer),
    Column("warehouse_id", Integer),
    Column("line_id", Integer),
    Column("event", BigInteger),
    *(Column(f"{kind.value}_{part}", Text) for kind in CodeKind for part in _PARTS),
    *(Column(name, Text) for name in _LOT),
    Column("written", Text),
    **_TEMPORARY,
)
_taken = Table(
    "import_taken",
    _staging,
    Column("unit_id", Integer, primary_key=True),
    Column("product_id", Integer),
    Column("line_id", Integer),
    Column("event", BigInteger),
    Column("text_key", Text),
    Column("other_key", Text),
    Column("written", Text),
    **_TEMPORARY,
)
_packed = Table(
    "import_packed",
    _staging,
    Column("event", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("unit_id", BigInteger),
    Column("product_id", Integer),
    Column("warehouse_id", Integer),
    Column("line_id", Integer),
    *(Column(f"{kind.value}_serial", Text) for kind in CodeKind),
    Column("scanned", Text),
    **_TEMPORARY,
)
"""What the events of units that are packed will say; the others' say what `import_new` has."""
_line = Table(
    "import_line",
    _staging,
    Column("line_id", Integer, primary_key=True),
    *(Column(name, Text) for name in ("client", "sku", "order_number")),
    **_TEMPORARY,
)
_added = Table(
    "import_added",
    _staging,
    Column("unit_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("product_id", Integer),
    *(Column(f"{CodeKind.SECONDARY.value}_{part}", Text) for part in _PARTS),
    **_TEMPORARY,
)


class LineNames(NamedTuple):
    """What a line's client, product and order are called, as its events will keep it."""

    client: str
    sku: str
    order_number: str


@dataclass(slots=True)
class Staged:
    """What is ready to be written."""

    what: Move
    amounts: Amounts
    new: dict[str, Any] = field(default_factory=dict)
    """What the events of new units will say, by columns; in a file, ids are counted from 1 until the lock is held."""
    packed: dict[str, Any] = field(default_factory=dict)
    """The same of units that are packed."""


@contextmanager
def staged(
    tx: Connection,
    kind: OrderKind,
    new: Sequence[NewUnits],
    taken: Sequence[TakenUnits],
    names: Mapping[int, LineNames],
) -> Iterator[Staged]:
    """The units of a file in temporary tables of this connection, ready for `write`; made for `Store.act`.

    Args:
        tx: the connection.
        kind: of the orders.
        new: what is created.
        taken: what is moved.
        names: of each line.

    Raises:
        StoreForbidden: this user of a server may make no temporary tables.
    """
    amounts = Amounts(
        new=sum(map(len, new)),
        new_secondaries=sum(len(units) - units.secondary_keys.count(None) for units in new),
        taken=sum(map(len, taken)),
        added_secondaries=sum(len(units.added) for units in taken),
    )
    ready = Staged(Move.RECEIVE if kind is OrderKind.PURCHASE else Move.PACK, amounts)
    with own_read_transaction(tx):
        if not _on_server(tx):
            _drop_staged(tx)
        elif lacking := lacking_to_import(tx):
            raise StoreForbidden(
                worded("Nothing was imported: {why}", why=lacking.text), worded("Ask the database's owner for it.")
            )
        for table in _staging.sorted_tables:
            tx.execute(CreateTable(table))
        of_lines = [(line_id, *of_line) for line_id, of_line in names.items()]
        insert_rows(tx, _line, ("line_id", *LineNames._fields), of_lines)
        event_ids = _ids(tx, t.unit_event, amounts.new + amounts.taken)
        # Without the columns that are empty in all rows: over None alone SQLite's driver is as long as over the rest.
        _stage_new(tx, new, ready, event_ids[: amounts.new], names)
        if ready.what is Move.PACK:
            _stage_packed(tx, taken, ready, event_ids[amounts.new :], names)
        else:
            _stage_taken(tx, taken, event_ids[amounts.new :])
        _stage_added(tx, taken)
        _compile_beforehand(tx, ready)
    try:
        with without_foreign_keys(tx, amounts.new + amounts.taken):
            yield ready
    finally:
        if not _on_server(tx):  # there they go with their transaction
            with own_read_transaction(tx):
                _drop_staged(tx)


def _drop_staged(tx: Connection) -> None:
    for table in _staging.sorted_tables:
        tx.execute(DropTable(table, if_exists=True))


def _compile_beforehand(tx: Connection, ready: Staged) -> None:
    """What `write` runs: the first import of a process would compile it while the lock is held."""
    what, amounts = ready.what, ready.amounts
    compile_beforehand(tx, _LAST_IDS)
    if amounts.new:
        compile_beforehand(tx, _CREATE[what], *_ACT, "base")
        compile_beforehand(tx, _TELL_NEW[what], *_ACT, "base", "events_base")
        compile_beforehand(tx, _ADD_NEW[CodeKind.PRIMARY], "base")
    if amounts.new_secondaries:
        compile_beforehand(tx, _ADD_NEW[CodeKind.SECONDARY], "base")
    if ready.packed:
        compile_beforehand(tx, _LAST_RECEIVED)
        compile_beforehand(tx, _TELL_PACKED, *_ACT, "events_base")
        compile_beforehand(tx, _PACK, "at", "batch", "usable_on")
        compile_beforehand(tx, _STILL_NAMED)
    sealing.compile_beforehand(tx, t.import_batch.name, t.unit_event.name)


def _ids(tx: Connection, table: Table, count: int) -> Sequence[int]:
    """A server's ids can be taken beforehand; SQLite's follow the last one, which only holds under the lock."""
    return reserve_ids(tx, table, count) if _on_server(tx) else range(1, count + 1)


def _stage_new(
    tx: Connection,
    new: Sequence[NewUnits],
    ready: Staged,
    event_ids: Sequence[int],
    names: Mapping[int, LineNames],
) -> None:
    amounts = ready.amounts
    columns: dict[str, Any] = {"number": _ids(tx, t.unit, amounts.new), "event": event_ids}
    for name in ("product_id", "warehouse_id", "line_id"):
        columns[name] = [value for units in new for value in repeat(getattr(units, name), len(units))]
    columns |= _parts(
        CodeKind.PRIMARY,
        [text for units in new for text in units.primaries],
        [key for units in new for key in units.primary_keys],
    )
    if amounts.new_secondaries:
        columns |= _parts(
            CodeKind.SECONDARY,
            [text for units in new for text in units.secondaries],
            [key for units in new for key in units.secondary_keys],
        )
    if any(units.lots for units in new):
        said = [lot for units in new for lot in (units.lots or repeat(NO_LOT, len(units)))]
        columns |= {column: [getattr(lot, name) for lot in said] for column, name in zip(_LOT, _SAID, strict=True)}
    if any(units.written for units in new):
        columns["written"] = [units.written.get(key) for units in new for key in units.primary_keys]
    insert_columns(tx, _new, columns)
    ready.new = {
        "id": event_ids,
        "unit_id": columns["number"],
        "line_id": columns["line_id"],
        "primary_serial": columns["primary_serial"],
        "secondary_serial": columns.get("secondary_serial"),
        "scanned": columns.get("written"),
        **_named(columns["line_id"], names),
    }


def _named(line_ids: Sequence[int], names: Mapping[int, LineNames]) -> dict[str, Sequence[str]]:
    """What the lines' clients, products and orders are called, by columns."""
    of_lines = [names[line_id] for line_id in line_ids]
    return {name: [of_line[at] for of_line in of_lines] for at, name in enumerate(LineNames._fields)}


def _parts(kind: CodeKind, texts: Sequence[str | None], keys: Sequence[str | None]) -> dict[str, Collection[object]]:
    """The columns of codes: text, key, and the key backwards."""
    backwards = [key and key[::-1] for key in keys]
    return dict(zip((f"{kind.value}_{part}" for part in _PARTS), (texts, keys, backwards), strict=True))


def _stage_taken(tx: Connection, taken: Sequence[TakenUnits], event_ids: Sequence[int]) -> None:
    columns: dict[str, Collection[object]] = {
        "unit_id": [unit_id for units in taken for unit_id in units.unit_ids],
        "product_id": [product_id for units in taken for product_id in repeat(units.product_id, len(units))],
        "line_id": [line_id for units in taken for line_id in repeat(units.line_id, len(units))],
        "event": event_ids,
        "text_key": [key for units in taken for key in units.keys],
        "written": [text for units in taken for text in units.written],
    }
    if any(any(units.other_keys) for units in taken):
        columns["other_key"] = [key for units in taken for key in units.other_keys]
    insert_columns(tx, _taken, columns)


def _stage_added(tx: Connection, taken: Sequence[TakenUnits]) -> None:
    added = [(unit_id, units.product_id, code) for units in taken for unit_id, code in units.added]
    columns: dict[str, Collection[object]] = {
        "unit_id": [one[0] for one in added],
        "product_id": [one[1] for one in added],
    }
    columns |= _parts(CodeKind.SECONDARY, [one[2].text for one in added], [one[2].key for one in added])
    insert_columns(tx, _added, columns)


def _stage_packed(
    tx: Connection,
    taken: Sequence[TakenUnits],
    ready: Staged,
    event_ids: Sequence[int],
    names: Mapping[int, LineNames],
) -> None:
    """What the events of units that are packed will say, if they still have the codes that they were found with."""
    if not taken:
        return
    columns: dict[str, Any] = {"event": event_ids}
    for name in ("product_id", "warehouse_id", "line_id"):
        columns[name] = [value for units in taken for value in repeat(getattr(units, name), len(units))]
    unit_ids = [unit_id for units in taken for unit_id in units.unit_ids]
    primaries = [text for units in taken for text in units.primaries]
    secondaries = [text for units in taken for text in units.secondaries]
    if added := {unit_id: code.text for units in taken for unit_id, code in units.added}:
        secondaries = [added.get(unit_id, text) for unit_id, text in zip(unit_ids, secondaries, strict=True)]
    written = (text for units in taken for text in units.written)
    scanned = [None if text == primary else text for text, primary in zip(written, primaries, strict=True)]
    columns |= {"unit_id": unit_ids, "primary_serial": primaries}
    columns |= {name: texts for name, texts in (("secondary_serial", secondaries), ("scanned", scanned)) if any(texts)}
    insert_columns(tx, _packed, columns)
    ready.packed = {
        "id": event_ids,
        "unit_id": unit_ids,
        "line_id": columns["line_id"],
        "primary_serial": primaries,
        "secondary_serial": columns.get("secondary_serial"),
        "scanned": columns.get("scanned"),
        **_named(columns["line_id"], names),
    }


def write(
    tx: Connection,
    ready: Staged,
    batch: int,
    stamp: Stamp,
    *,
    shipped_lines: Collection[int],
    lots_of_taken: Sequence[tuple[int, LotFacts]] = (),
    usable_on: str = "",
) -> int:
    """Create and move the staged units; those on lines of an order that has left are Shipped at once.

    `lots_of_taken` is what the file says of the lots and dates of units that it takes, `usable_on` the day that is not
    to be past the use-by of what is packed. Returns how many units are on hold because their lot is.

    Raises:
        StalePlan: a unit or a code is no longer as the file was held against it. Nothing may be kept of the act.
    """
    what, amounts = ready.what, ready.amounts
    act = dict(zip(_ACT, (stamp.at, batch, stamp.operator, stamp.station), strict=True))
    of_lots, written = list[int](), list[KnownRows]()
    with large_page_cache(tx, amounts.new + amounts.taken):
        # A server's ids were taken beforehand.
        base, events_base = (0, 0) if _on_server(tx) else tx.execute(_LAST_IDS).one()
        if amounts.new:
            tx.execute(_CREATE[what], {**act, "base": base})
            tx.execute(_TELL_NEW[what], {**act, "base": base, "events_base": events_base})
            written.append(_as_written(ready.new, what, act, events_base, base))
        if ready.packed:
            # At a moment that is not before the one when they came.
            act_of_packed = {**act, "at": max(stamp.at, tx.execute(_LAST_RECEIVED).scalar_one() or "")}
            tx.execute(_TELL_PACKED, {**act_of_packed, "events_base": events_base})
            written.append(_as_written(ready.packed, what, act_of_packed, events_base))
        with hashed_meanwhile(tx, t.unit_event.name, written):
            _add_all_codes(tx, amounts, base)
            if ready.packed:
                _pack(tx, act_of_packed, amounts, usable_on)
        if amounts.taken:
            if what is Move.RECEIVE:
                _take_back(tx, act, amounts)
            of_lots = lots.give(tx, lots_of_taken)
    if amounts.new:
        new = [t.unit.c[_BATCH[what]] == batch, t.unit.c.lot_key.is_not(None)]
        if what is Move.PACK:
            new.append(t.unit.c.received_at.is_(None))  # what packing creates was never received
        of_lots += lot_holds.under(tx, *new)
    for line_id in shipped_lines:
        on_line = select(t.unit.c.id).where(t.unit.c.shipment_line_id == line_id, t.unit.c.packing_batch_id == batch)
        unit_ids = list(tx.execute(on_line).scalars())
        move_all(tx, Move.SHIP, unit_ids, line_id, stamp, source=Source.IMPORT, batch_id=batch)
    return lot_holds.put(tx, of_lots, stamp, Source.IMPORT)


def _add_all_codes(tx: Connection, amounts: Amounts, base: int) -> None:
    try:
        if amounts.new:
            tx.execute(_ADD_NEW[CodeKind.PRIMARY], {"base": base})
        if amounts.new_secondaries:
            tx.execute(_ADD_NEW[CodeKind.SECONDARY], {"base": base})
        if amounts.added_secondaries:
            tx.execute(_ADD_ADDED)
    except IntegrityError as error:
        raise StalePlan("a serial of the file has come into use") from error


def _pack(tx: Connection, act: Mapping[str, object], amounts: Amounts, usable_on: str) -> None:
    """Pack the units that were Received before, if each is free and usable, with the event's place and codes."""
    packed = tx.execute(_PACK, {"at": act["at"], "batch": act["batch"], "usable_on": usable_on}).rowcount
    named = tx.execute(_STILL_NAMED).scalar_one()
    if not packed == named == amounts.taken:
        raise StalePlan(f"of {amounts.taken} units {packed} are free, and {named} have the serials that name them")


def _as_written(
    columns: Mapping[str, Any], what: Move, act: Mapping[str, Any], events_base: int, base: int = 0
) -> KnownRows:
    """Staged events as `_TELL_NEW` and `_TELL_PACKED` write them, now that their ids are known."""
    return {
        **columns,
        "id": _shifted(columns["id"], events_base),
        "unit_id": _shifted(columns["unit_id"], base),
        "what": what.value,
        "status": ARROWS[what][0].after.value,
        "batch_id": act["batch"],
        "at": act["at"],
        "operator": act["operator"],
        "station": act["station"],
        "source": Source.IMPORT.value,
        "reason": "",
    }


def _shifted(ids: Sequence[int], base: int) -> Sequence[int]:
    if isinstance(ids, range):
        return range(ids.start + base, ids.stop + base)
    return [number + base for number in ids] if base else ids


def _take_back(tx: Connection, act: Mapping[str, object], amounts: Amounts) -> None:
    """Units that were Shipped are Received again, on lines of purchase orders (RULES 2.22)."""
    act = {**act, "at": max(str(act["at"]), tx.execute(_LAST_SHIPPED).scalar_one() or "")}
    returned = tx.execute(_TELL_RETURNED, act, execution_options={"preserve_rowcount": True})
    back = tx.execute(_BRING_BACK, {"at": act["at"], "batch": act["batch"]}).rowcount
    named = tx.execute(_TELL_BACK, act, execution_options={"preserve_rowcount": True}).rowcount
    if not back == named == returned.rowcount == amounts.taken:
        raise StalePlan(f"of {amounts.taken} units {back} can come back, and {named} have the serials that name them")


def _create(what: Move) -> Insert:
    values: dict[str, ColumnElement[Any]] = {
        "status": literal(ARROWS[what][0].after.value),
        _AT[what]: bindparam("at", type_=Text),
        _BATCH[what]: bindparam("batch", type_=Integer),
    }
    names = ["id", "product_id", "warehouse_id", _LINE[what], *_LOT, *values]
    columns = (_new_id, _new.c.product_id, _new.c.warehouse_id, _new.c.line_id, *(_new.c[name] for name in _LOT))
    return insert(t.unit).from_select(names, select(*columns, *values.values()))


def _add_codes(staged_in: Table, unit_id: ColumnElement[int], kind: CodeKind) -> Insert:
    names = ["unit_id", "product_id", "kind", "text", "text_key", "reversed_key", "live"]
    serial, key, backwards = (staged_in.c[f"{kind.value}_{part}"] for part in ("serial", "key", "reversed"))
    columns = (unit_id, staged_in.c.product_id, literal(kind.value), serial, key, backwards, literal(True, Boolean))
    return insert(t.unit_code).from_select(names, select(*columns).where(serial.is_not(None)))


def _tell_named(what: Move, staged_in: Table, unit_id: ColumnElement[int], scanned: ColumnElement[str]) -> Insert:
    """The events of units that are created or packed, all of which is staged."""
    serials = (staged_in.c.primary_serial, staged_in.c.secondary_serial)
    # An outer join stays in the order of the staged rows, which is that of their ids.
    rows = staged_in.outerjoin(_line, _line.c.line_id == staged_in.c.line_id)
    return named_events_of(
        select().select_from(rows).order_by(*staged_in.primary_key),
        id=staged_in.c.event + bindparam("events_base", type_=BigInteger),
        client=_line.c.client,
        sku=_line.c.sku,
        order_number=_line.c.order_number,
        **_said(what, unit_id, staged_in.c.line_id, serials, scanned),
    )


def _still_named() -> Select[Any]:
    """How many of the units that are packed have the codes that their event says."""
    rows: FromClause = _packed
    serial_conditions = []
    for kind in CodeKind:
        code = t.unit_code.alias(f"{kind.value}_code")
        rows = rows.outerjoin(code, code_of(_packed.c.unit_id, code, kind))
        serial_conditions.append(code.c.text.is_not_distinct_from(_packed.c[f"{kind.value}_serial"]))
    return select(func.count()).select_from(rows).where(*serial_conditions)


def _tell_taken(what: Move) -> Insert:
    """The event of each unit that comes back and has the codes by which the file names it.

    On the line that it left on, or (`RECEIVE`) on the one that it comes in on.
    """
    primary, secondary = t.unit_code.alias("primary_code"), t.unit_code.alias("secondary_code")
    rows = select().select_from(_taken)
    for code, kind in ((primary, CodeKind.PRIMARY), (secondary, CodeKind.SECONDARY)):
        rows = rows.outerjoin(code, code_of(_taken.c.unit_id, code, kind))
    keys = (primary.c.text_key, secondary.c.text_key)
    rows = rows.where(_taken.c.text_key.in_(keys), _taken.c.other_key.is_(None) | _taken.c.other_key.in_(keys))
    serials = (primary.c.text, secondary.c.text)
    written = func.nullif(_taken.c.written, primary.c.text)
    if what is not Move.RETURN:
        return events_of(rows, **_said(what, _taken.c.unit_id, _taken.c.line_id, serials, written))
    rows = rows.join(t.unit, t.unit.c.id == _taken.c.unit_id).where(_COMES_BACK)
    number = select(t.orders.c.number).join(t.order_line, t.order_line.c.order_id == t.orders.c.id)
    reason = number.where(t.order_line.c.id == _taken.c.line_id).scalar_subquery()
    said = _said(what, _taken.c.unit_id, t.unit.c.shipment_line_id, serials, written)
    said["source"], said["reason"] = Source.RETURN.value, reason
    return events_of(rows, **said)


def _said(
    what: Move,
    unit_id: object,
    line_id: object,
    serials: tuple[object, object],
    written: ColumnElement[str],
) -> EventColumns:
    """What the events of one statement say."""
    return {
        "unit_id": unit_id,
        "what": what,
        "status": ARROWS[what][0].after,
        "line_id": line_id,
        "batch_id": bindparam("batch", type_=Integer),
        "at": bindparam("at", type_=Text),
        "operator": bindparam("operator", type_=Text),
        "station": bindparam("station", type_=Text),
        "source": Source.IMPORT.value,
        "reason": "",
        "primary_serial": serials[0],
        "secondary_serial": serials[1],
        "scanned": written,
    }


# Built once: under the lock they are only run.

_new_id = (_new.c.number + bindparam("base", type_=BigInteger)).label("id")
_LAST_IDS = select(
    select(func.coalesce(func.max(t.unit.c.id), 0)).scalar_subquery(),
    select(func.coalesce(func.max(t.unit_event.c.id), 0)).scalar_subquery(),
)
_CREATE = {what: _create(what) for what in _AT}
_ADD_NEW = {kind: _add_codes(_new, _new_id, kind) for kind in CodeKind}
_ADD_ADDED = _add_codes(_added, _added.c.unit_id, CodeKind.SECONDARY)
_TELL_NEW = {what: _tell_named(what, _new, _new_id, _new.c.written) for what in _AT}
_TELL_PACKED = _tell_named(Move.PACK, _packed, _packed.c.unit_id, _packed.c.scanned)
_STILL_NAMED = _still_named()
_COMES_BACK = and_(
    t.unit.c.status == UnitStatus.SHIPPED.value,
    t.unit.c.coming_to.is_(None),
    ~select(t.return_piece.c.id)
    .where(t.return_piece.c.unit_id == t.unit.c.id, t.return_piece.c.in_hand.is_(True))
    .exists(),
)
"""Has it left, and has nobody it in hand?"""
_TELL_RETURNED, _TELL_BACK = _tell_taken(Move.RETURN), _tell_taken(Move.RECEIVE)
_line_of_file = select(_taken.c.line_id).where(_taken.c.unit_id == t.unit.c.id).correlate(t.unit).scalar_subquery()
_BRING_BACK = (
    update(t.unit)
    .where(t.unit.c.id.in_(select(_taken.c.unit_id)), _COMES_BACK)
    .values(
        status=ARROWS[Move.RETURN][0].after.value,
        received_at=bindparam("at", type_=Text),
        packed_at=None,
        shipped_at=None,
        shipment_line_id=None,
        packing_batch_id=None,
        purchase_line_id=_line_of_file,
        receiving_batch_id=bindparam("batch", type_=Integer),
        warehouse_id=select(t.orders.c.warehouse_id)
        .join(t.order_line, t.order_line.c.order_id == t.orders.c.id)
        .where(t.order_line.c.id == _line_of_file)
        .scalar_subquery(),
    )
)
_LAST_SHIPPED = select(func.max(t.unit.c.shipped_at)).where(t.unit.c.id.in_(select(_taken.c.unit_id)))
_LAST_RECEIVED = select(func.max(t.unit.c.received_at)).join(_packed, _packed.c.unit_id == t.unit.c.id)
_PACK = (
    update(t.unit)
    .where(
        t.unit.c.id == _packed.c.unit_id,
        t.unit.c.product_id == _packed.c.product_id,
        t.unit.c.warehouse_id == _packed.c.warehouse_id,
        or_(t.unit.c.use_by.is_(None), t.unit.c.use_by >= bindparam("usable_on", type_=Text)),
        IS_FREE,
    )
    .values(
        status=ARROWS[Move.PACK][0].after.value,
        packed_at=bindparam("at", type_=Text),
        shipment_line_id=_packed.c.line_id,
        packing_batch_id=bindparam("batch", type_=Integer),
    )
)


@contextmanager
def own_read_transaction(tx: Connection) -> Iterator[None]:
    """A transaction of its own that does not ask for the write lock; within the act's on a server, which has none."""
    if _on_server(tx):
        yield
        return
    usual = tx.get_execution_options().get("readonly", False)
    tx.execution_options(readonly=True)
    try:
        with tx.begin():
            yield
    finally:
        tx.execution_options(readonly=usual)


def version(tx: Connection) -> int | None:
    """What changes as soon as another connection has written; None on a server, which has no such count."""
    if _on_server(tx):
        return None
    data_version: int = tx.exec_driver_sql("PRAGMA data_version").scalar_one()
    return data_version


def _on_server(tx: Connection) -> bool:
    return tx.dialect.name == "postgresql"
