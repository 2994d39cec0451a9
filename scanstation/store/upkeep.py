"""Upkeep of a store: bringing its schema up to date, and looking whether everything in it agrees."""

import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.engine import Connection

from scanstation.domain.codes import code_key, visible
from scanstation.domain.language import joined, word, worded
from scanstation.domain.products import StoredPattern
from scanstation.domain.status import Move, OrderKind, UnitStatus, WorkStatus
from scanstation.domain.store_errors import NotAStore, StoreBusy, StoreForbidden
from scanstation.domain.verdict import CodeKind
from scanstation.store import kept_heads, schema, sealing
from scanstation.store import tables as t
from scanstation.store.bulk import take_all_the_time
from scanstation.store.chain_check import ChainCheck, Head
from scanstation.store.clock import ServerClock
from scanstation.store.engine import is_pooled, sqlite_library, wal_is_safe
from scanstation.store.schema import SCHEMA, StoreFinding
from scanstation.store.store import Store, Transaction, file_system
from scanstation.store.works import SUMMED, checksum

_NAMED_OF_EACH = 20
"""So many faults of one kind are listed one by one; a store with more has one cause, not many."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How much is in a store."""

    orders: int
    units: int
    last_event: str | None


_NOTICED_SINCE = "0014"
"""Stations of earlier schemas do not ask a server at each transaction whether its store is still theirs."""
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
)


def migrate(store: Store) -> None:
    """Bring a store to this version's schema, and seal what is in it, in one transaction.

    On a server it waits for what stations have begun; what they begin afterwards finds the new schema, and stops.

    Raises:
        StoreForbidden: the tables are another user's.
        StoreBusy: a station does not come to an end, or is of a version that would not stop.
    """

    def act(tx: Transaction) -> None:
        if lacking := schema.lacking_to_upgrade(tx):
            raise StoreForbidden(
                worded("The store {where} was not upgraded. {why}", where=store.where, why=lacking.text),
                worded("Run `scanstation db upgrade` as the owner of the tables."),
            )
        if not store.path:
            tx.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
            if (there := schema.versions(tx)[0]) < _NOTICED_SINCE and (others := tx.exec_driver_sql(_OTHERS).scalar()):
                raise StoreBusy(
                    worded(
                        "The store {where} was not upgraded: {others} others are connected to its database, and "
                        "stations of schema {there} would go on without noticing.",
                        where=store.where,
                        others=others,
                        there=there,
                    ),
                    worded("Close every station, and what else is connected, such as a pooler; then try again."),
                )
        schema.migrate(tx)
        sealing.begin(tx, store.now())

    store.act(act)


def schema_of(store: Store) -> str:
    """The migration that a store stands at."""
    with store.read() as tx:
        return schema.versions(tx)[0]


def lacking_rights(store: Store) -> list[StoreFinding]:
    """What this user of a server may not do and must."""
    with store.read(of_any_schema=True) as tx:  # which reads a table too
        return schema.lacking_rights(tx)


@dataclass(frozen=True, slots=True)
class FileState:
    """How a store in a file stands."""

    library: str
    """The version of SQLite."""
    has_reset_bug: bool
    journal: str
    file_system: str
    free: int
    """Bytes on its disk."""
    mode: int


@dataclass(frozen=True, slots=True)
class ServerState:
    """How the server of a store stands."""

    version: str
    switched_off: tuple[str, ...]
    """Settings without which a power cut takes what was saved."""
    is_standby: bool
    standbys_wanted: str
    """Which of them have to confirm a COMMIT; empty where none is asked for."""
    standbys: int
    is_pooled: bool
    ahead_s: float
    """How far its clock is before this machine's."""


def file_state(store: Store) -> FileState:
    """What a file is read and written by, where it stands, and how much room there is."""
    assert store.path is not None
    library = sqlite_library()
    with store.read() as tx:
        journal = tx.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    return FileState(
        library=library.sqlite_version,
        has_reset_bug=not wal_is_safe(library.sqlite_version_info),
        journal=journal,
        file_system=file_system(store.path),
        free=shutil.disk_usage(store.path.parent).free,
        mode=stat.S_IMODE(store.path.stat().st_mode),
    )


def server_state(store: Store) -> ServerState:
    """What a server says of itself to a user without special rights."""
    with store.read() as tx:
        row = tx.exec_driver_sql(
            "SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS is_standby, "
            "current_setting('synchronous_standby_names') AS wanted, "
            "(SELECT count(*) FROM pg_stat_replication) AS standbys, "
            "ARRAY(SELECT name FROM pg_settings WHERE setting = 'off' "
            "AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name) AS switched_off"
        ).one()
        pooled = is_pooled(tx)
    return ServerState(
        version=row.version,
        switched_off=tuple(row.switched_off),
        is_standby=row.is_standby,
        standbys_wanted=row.wanted,
        standbys=row.standbys,
        is_pooled=pooled,
        ahead_s=store.clock.ahead_s if isinstance(store.clock, ServerClock) else 0.0,
    )


def quick_findings(store: Store) -> list[StoreFinding]:
    """What of `findings` takes no time worth speaking of, however much is in the store."""
    return [*_wrong_schema(store), *_few(store, _line_counts), *_few(store, _held)]


def contents(store: Store) -> Contents:
    """How much is in a store."""
    with store.read() as tx:
        return Contents(
            tx.execute(select(func.count()).select_from(t.orders)).scalar_one(),
            tx.execute(
                select(func.count()).select_from(t.unit).where(t.unit.c.status != UnitStatus.GONE.value)
            ).scalar_one(),
            tx.execute(select(func.max(t.unit_event.c.at))).scalar_one(),
        )


def serial_patterns(store: Store) -> list[StoredPattern]:
    """The patterns of all products that have one, by client and SKU."""
    product = t.product.c
    query = (
        select(t.client.c.code, product.sku, product.serial_pattern, product.secondary_pattern)
        .join(t.client, t.client.c.id == product.client_id)
        .where(or_(product.serial_pattern != "", product.secondary_pattern != ""))
        .order_by(t.client.c.code_key, product.sku_key)
    )
    with store.read() as tx:
        return [
            StoredPattern(client=row.code, sku=row.sku, kind=kind, pattern=pattern)
            for row in tx.execute(query)
            for kind, pattern in (
                (CodeKind.PRIMARY, row.serial_pattern),
                (CodeKind.SECONDARY, row.secondary_pattern),
            )
            if pattern
        ]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look through a store has found."""

    findings: list[StoreFinding]
    notes: list[str] = field(default_factory=list)
    """What could not be proved."""
    heads: list[Head] = field(default_factory=list)
    """The newest link of each chain."""


def findings(store: Store) -> list[StoreFinding]:
    """Everything in a store that does not agree."""
    return look_through(store).findings


def look_through(store: Store) -> Looked:
    """Look whether everything in a store agrees; of a damaged file nothing more is looked at."""
    try:
        if damage := _damage(store):
            return Looked(damage)
        disagreements = _wrong_schema(store)
        if any(finding.name == "table-missing" for finding in disagreements):
            return Looked(disagreements)
        for look in (
            _lost_references,
            _statuses,
            _held,
            _in_returns,
            _holds,
            _line_counts,
            _surplus_units,
            _codes_of_the_gone,
            _units_without_code,
            _folded_wrong,
            _turned_bits,
        ):
            disagreements += _few(store, look)
        record = look_at_record(store)
    except NotAStore as error:
        return Looked([StoreFinding("damage", f"{error.title} {error.hint}")])
    return Looked([*disagreements, *record.findings], record.notes, record.heads)


def look_at_record(store: Store, newest: int | None = None) -> Looked:
    """Is what was done as it was sealed, in the whole store or under the newest links alone?"""
    checks: list[ChainCheck] = []

    def look(tx: Connection) -> Iterable[StoreFinding]:
        take_all_the_time(tx)
        name = sealing.key_name(tx)
        checks.append(ChainCheck(tx, store.site_key, name, newest, kept_heads.kept(name) if name else ()))
        return checks[0].findings()

    found = _few(store, look)
    return Looked(found, checks[0].notes(), checks[0].heads())


def keep_heads(store: Store, heads: Iterable[Head]) -> None:
    """Keep the newest links as they were seen, so that an end that is cut off will show."""
    with store.read() as tx:
        kept_heads.keep(sealing.key_name(tx), heads)


def forget_heads(store: Store) -> None:
    """The store was put back to an earlier state on purpose."""
    with store.read() as tx:
        if name := sealing.key_name(tx):
            kept_heads.forget(name)


# The file and the schema


def _damage(store: Store) -> list[StoreFinding]:
    """What SQLite itself finds wrong with its file; a server looks after its own."""
    if store.path is None:
        return []
    # Not quick_check: it misses a flipped byte in an index.
    with store.read() as tx:
        complaints = [row[0] for row in tx.exec_driver_sql(f"PRAGMA integrity_check({_NAMED_OF_EACH})")]
    if complaints == ["ok"]:
        return []
    return [
        StoreFinding("damage", worded("{path} is damaged: {line}.", path=store.path, line=line)) for line in complaints
    ]


def _wrong_schema(store: Store) -> list[StoreFinding]:
    with store.read() as tx:
        there = schema.versions(tx)
        if there != [SCHEMA]:
            kept = joined(there, " and ") or word("none")
            if len(there) != 1:
                finding_text = worded("The store has schema {kept}, this ScanStation {ours}.", kept=kept, ours=SCHEMA)
            elif there[0] > SCHEMA:
                finding_text = worded(
                    "The store has schema {kept}, this ScanStation {ours}: it was made by a newer ScanStation. "
                    "Check it with that one.",
                    kept=kept,
                    ours=SCHEMA,
                )
            else:
                finding_text = worded(
                    "The store has schema {kept}, this ScanStation {ours}: run db upgrade.", kept=kept, ours=SCHEMA
                )
            return [StoreFinding("table-missing", finding_text)]
        return schema.differences(tx) or schema.numbers_used(tx)


# What is in it

_Look = Callable[[Connection], Iterable[StoreFinding]]


def _few(store: Store, look: _Look) -> list[StoreFinding]:
    with store.read() as tx:
        found = iter(look(tx))
        few = list(islice(found, _NAMED_OF_EACH))
        more = sum(1 for _ in found)
    if more:
        few.append(StoreFinding(few[0].name, worded("… and {more:,} more of this kind.", more=more)))
    return few


def _lost_references(tx: Connection) -> Iterator[StoreFinding]:
    """Rows whose parent is gone; a server does not let that happen."""
    if tx.dialect.name != "sqlite":
        return
    for table, row_id, parent, _ in tx.exec_driver_sql("PRAGMA foreign_key_check"):
        yield StoreFinding(
            "lost-reference",
            worded(
                "Row {row_id} of {table} refers to a row of {parent} that is not there.",
                row_id=row_id,
                table=table,
                parent=parent,
            ),
        )


def _statuses(tx: Connection) -> Iterator[StoreFinding]:
    """A unit's status is what its last event says; one that is only held has none."""
    last = (
        select(t.unit_event.c.status)
        .where(t.unit_event.c.unit_id == t.unit.c.id)
        .order_by(t.unit_event.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = func.coalesce(last, UnitStatus.HELD.value)
    for row in tx.execute(_units(t.unit.c.status, wanted.label("wanted")).where(t.unit.c.status != wanted)):
        but = (
            word("nothing happened to it yet")
            if row.wanted == UnitStatus.HELD
            else word("its last event says {wanted}", wanted=row.wanted)
        )
        yield StoreFinding(
            "status", worded("{unit} is {status}, but {but}.", unit=_unit(row), status=row.status, but=but)
        )


def _held(tx: Connection) -> Iterator[StoreFinding]:
    """Only open work has units reserved, and a Held unit belongs to some work."""
    is_open = t.work.c.status == WorkStatus.OPEN.value
    rows = tx.execute(
        _units(t.unit.c.status)
        .outerjoin(t.work, and_(t.work.c.id == func.coalesce(t.unit.c.held_by, t.unit.c.coming_to), is_open))
        .outerjoin(t.return_piece, and_(t.return_piece.c.unit_id == t.unit.c.id, t.return_piece.c.in_hand.is_(True)))
        .where(
            t.work.c.id.is_(None),
            or_(
                and_(t.unit.c.status == UnitStatus.HELD.value, t.return_piece.c.id.is_(None)),
                t.unit.c.held_by.is_not(None),
                t.unit.c.coming_to.is_not(None),
            ),
        )
    )
    for row in rows:
        yield StoreFinding("held", worded("{unit} is held by work that is not open.", unit=_unit(row)))


def _in_returns(tx: Connection) -> Iterator[StoreFinding]:
    """What is in hand belongs to an open return, and what came back is no longer in hand."""
    is_open = t.return_work.c.status == WorkStatus.OPEN.value
    rows = tx.execute(
        select(t.return_piece.c.id, t.goods_return.c.number)
        .join(t.return_work, t.return_work.c.id == t.return_piece.c.work_id)
        .join(t.goods_return, t.goods_return.c.id == t.return_work.c.return_id)
        .where(t.return_piece.c.in_hand.is_(True) != is_open)
    )
    for row in rows:
        yield StoreFinding(
            "returns",
            worded(
                "Piece {id} of return {number} does not stand as its work does.", id=row.id, number=visible(row.number)
            ),
        )


def _holds(tx: Connection) -> Iterator[StoreFinding]:
    """A unit is on hold if its last event of that kind says so; one that was disposed of is not any more."""
    kinds = [Move.HOLD.value, Move.LIFT.value, Move.DISPOSE.value, Move.LOSE.value]
    last = (
        select(t.unit_event.c.what)
        .where(t.unit_event.c.unit_id == t.unit.c.id, t.unit_event.c.what.in_(kinds))
        .order_by(t.unit_event.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    is_marked = t.unit.c.on_hold.is_not(None)
    query = _units(t.unit.c.on_hold).where(is_marked != (func.coalesce(last, "") == Move.HOLD.value))
    for row in tx.execute(query):
        what = (
            word("is not on hold, but its events say so")
            if row.on_hold is None
            else word("is on hold, but no event says so")
        )
        yield StoreFinding("hold", worded("{unit} {what}.", unit=_unit(row), what=what))


def _line_counts(tx: Connection) -> Iterator[StoreFinding]:
    """A line's counts are the pieces that open and completed work took."""

    def pieces(status: WorkStatus) -> ColumnElement[int]:
        return (
            select(func.coalesce(func.sum(t.piece.c.quantity), 0))
            .join(t.work, t.work.c.id == t.piece.c.work_id)
            .where(t.piece.c.line_id == t.order_line.c.id, t.work.c.status == status.value)
            .correlate(t.order_line)
            .scalar_subquery()
        )

    counts = t.order_line.c
    in_work, done = pieces(WorkStatus.OPEN), pieces(WorkStatus.COMPLETED)
    query = _lines(counts.in_work, counts.done, in_work.label("open_pieces"), done.label("done_pieces"))
    for row in tx.execute(query.where(or_(counts.in_work != in_work, counts.done != done))):
        if row.in_work != row.open_pieces:
            yield StoreFinding(
                "counts",
                worded(
                    "{line} has {in_work} in open work, whose pieces are {open_pieces}.",
                    line=_line(row),
                    in_work=row.in_work,
                    open_pieces=row.open_pieces,
                ),
            )
        if row.done != row.done_pieces:
            yield StoreFinding(
                "counts",
                worded(
                    "{line} has {done} received, whose pieces are {done_pieces}."
                    if row.kind == OrderKind.PURCHASE
                    else "{line} has {done} packed, whose pieces are {done_pieces}.",
                    line=_line(row),
                    done=row.done,
                    done_pieces=row.done_pieces,
                ),
            )


def _surplus_units(tx: Connection) -> Iterator[StoreFinding]:
    """No line has more units with serials than it has units."""
    for kind, column in (
        (OrderKind.PURCHASE, t.unit.c.purchase_line_id),
        (OrderKind.SHIPMENT, t.unit.c.shipment_line_id),
    ):
        standing = (
            select(func.count())
            .where(column == t.order_line.c.id, t.unit.c.status.not_in([UnitStatus.GONE.value, UnitStatus.HELD.value]))
            .correlate(t.order_line)
            .scalar_subquery()
        )
        query = _lines(t.order_line.c.done, standing.label("serials"))
        for row in tx.execute(query.where(t.orders.c.kind == kind.value, standing > t.order_line.c.done)):
            yield StoreFinding(
                "surplus",
                worded(
                    "{line} has {serials} units with serials, but only {done} in all.",
                    line=_line(row),
                    serials=row.serials,
                    done=row.done,
                ),
            )


def _codes_of_the_gone(tx: Connection) -> Iterator[StoreFinding]:
    """The codes of a unit that is gone are free."""
    live = _a_code().where(t.unit_code.c.live.is_(True)).exists()
    for row in tx.execute(_units().where(t.unit.c.status == UnitStatus.GONE.value, live)):
        yield StoreFinding("codes", worded("{unit} is gone, but its code is still taken.", unit=_unit(row)))


def _units_without_code(tx: Connection) -> Iterator[StoreFinding]:
    """A unit without its primary does not exist (RULES 2.5); while it is held, its secondary may have come first."""
    live = _a_code().where(t.unit_code.c.live.is_(True))
    primary, is_held = live.where(t.unit_code.c.kind == CodeKind.PRIMARY.value).exists(), UnitStatus.HELD.value
    lacks = and_(~primary, or_(t.unit.c.status != is_held, ~live.exists()))
    for row in tx.execute(_units(t.unit.c.status).where(t.unit.c.status != UnitStatus.GONE.value, lacks)):
        kind = word("serial") if row.status == is_held else word("primary serial")
        yield StoreFinding(
            "codes", worded("{unit} is {status} without a {kind}.", unit=_unit(row), status=row.status, kind=kind)
        )


def _folded_wrong(tx: Connection) -> Iterator[StoreFinding]:
    """Codes are found by their keys, so the keys must be those of their texts, and the product their unit's."""
    rows = tx.execute(
        select(t.unit_code, (t.unit_code.c.product_id == t.unit.c.product_id).label("of_its_product"))
        .join(t.unit, t.unit.c.id == t.unit_code.c.unit_id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        if row.text_key != code_key(row.text) or row.reversed_key != row.text_key[::-1]:
            yield StoreFinding(
                "codes",
                worded(
                    "The serial {text} cannot be found: its key is {key}.",
                    text=visible(row.text),
                    key=visible(row.text_key),
                ),
            )
        elif not row.of_its_product:
            yield StoreFinding(
                "codes", worded("The serial {text} is another product's than its unit.", text=visible(row.text))
            )


def _turned_bits(tx: Connection) -> Iterator[StoreFinding]:
    """Kept scans that are not as they were written: SQLite sees a turned bit only where it breaks its own order."""
    columns = (t.entry.c[name] for name in (*SUMMED, "checksum", "id"))
    query = select(*columns).where(t.entry.c.checksum.is_not(None)).order_by(t.entry.c.id)
    for row in tx.execute(query.execution_options(yield_per=1000)):
        if checksum(row._asdict()) != row.checksum:
            yield StoreFinding(
                "scans",
                worded(
                    "The kept scan {code} of {at} (entry {id}) is not as written.",
                    code=visible(row.code),
                    at=visible(row.at),
                    id=row.id,
                ),
            )


def _a_code() -> Select[Any]:
    return select(t.unit_code.c.id).where(t.unit_code.c.unit_id == t.unit.c.id).correlate(t.unit)


def _units(*columns: ColumnElement[Any]) -> Select[Any]:
    a_code = (
        select(t.unit_code.c.text)
        .where(t.unit_code.c.unit_id == t.unit.c.id)
        .order_by(t.unit_code.c.live.desc(), t.unit_code.c.kind, t.unit_code.c.id.desc())
        .limit(1)
        .correlate(t.unit)
        .scalar_subquery()
    )
    return (
        select(t.unit.c.id, a_code.label("code"), t.product.c.sku, t.client.c.code.label("client"), *columns)
        .select_from(t.unit)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .order_by(t.unit.c.id)
    )


def _unit(row: Row[Any]) -> str:
    named = visible(row.code) if row.code else word("unit {id}", id=row.id)
    return word("{named} ({sku} of {client})", named=named, sku=visible(row.sku), client=visible(row.client))


def _lines(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(t.orders.c.kind, t.orders.c.number, t.client.c.code.label("client"), t.product.c.sku, *columns)
        .select_from(t.order_line)
        .join(t.orders, t.orders.c.id == t.order_line.c.order_id)
        .join(t.client, t.client.c.id == t.orders.c.client_id)
        .join(t.product, t.product.c.id == t.order_line.c.product_id)
        .order_by(t.order_line.c.id)
    )


def _line(row: Row[Any]) -> str:
    return word(
        "{kind} {number} of {client}, {sku},",
        kind=row.kind,
        number=visible(row.number),
        client=visible(row.client),
        sku=visible(row.sku),
    )
