"""What was done is sealed by the site's key, in the transaction that does it.

Each station name has a chain. A transaction that writes events or acts ends with one link: a short hash of every row
it wrote, and a hash of the whole with the link before it and with the newest link of any chain. All are HMAC-SHA256
under a key that is not in the store. Who changes, takes out or puts in a row without the key is named by `chain_check`.
"""

import hashlib
import hmac
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise, repeat
from threading import Thread
from typing import Any, Final, Self

from sqlalchemy import Row, Select, bindparam, func, insert, select
from sqlalchemy.engine import Connection

from scanstation import site_key
from scanstation.domain.codes import code_key
from scanstation.domain.file_errors import UnwritableFile
from scanstation.site_key import SiteKey
from scanstation.store import outbox, statements
from scanstation.store import tables as t
from scanstation.store.dialects import insert_on
from scanstation.store.open_seals import IN_INFO, OpenSeal

FORMS: Final = {
    1: {
        "unit_event": (
            *("id", "seal_id", "station", "unit_id", "at", "what", "status", "line_id", "batch_id", "operator"),
            *("source", "reason", "primary_serial", "secondary_serial", "client", "sku", "order_number", "scanned"),
        ),
        "order_act": (
            *("id", "seal_id", "station", "order_id", "at", "act", "reason", "operator"),
            *("warehouse", "client", "order_number"),
        ),
        "product_act": (
            *("id", "seal_id", "station", "product_id", "at", "what", "was", "became", "operator", "client", "sku"),
        ),
        "import_batch": ("id", "seal_id", "station", "kind", "file_name", "at", "operator", "rows"),
        "site_act": (
            *("id", "seal_id", "station", "at", "act", "subject", "client", "was", "became", "reason", "operator"),
        ),
    },
}
"""What a link seals: table → columns. Whoever adds a column, or a table, adds a form, and never changes one."""

KnownRows = Mapping[str, Any]
"""Some rows of a table by columns: name → a sequence of values, or the one that all of them have."""

FORM = max(FORMS)
STATION, UNIT = 2, 3
"""Places of columns that have the same place in every form; the unit's is that of `unit_event` alone."""
_MAC_BYTES = 12
_KEY_USE = "seal"
# HMAC by its two halves (RFC 2104), begun once for a key: to begin them for each row takes three times the rest of it.
_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


@dataclass(slots=True)
class TableRows:
    """The rows of one table that a link seals, in the order of their ids."""

    ids: list[int] = field(default_factory=list)
    unit_ids: list[int] = field(default_factory=list)
    """Whose events they are, so that one that is missing can be named; of other tables none."""
    macs: bytes = b""

    def add(self, more: "TableRows") -> None:
        """Rows that come after these."""
        self.ids += more.ids
        self.unit_ids += more.unit_ids
        self.macs += more.macs

    def mac(self, place: int) -> bytes:
        """The hash of the row at this place."""
        return self.macs[place * _MAC_BYTES : (place + 1) * _MAC_BYTES]


@dataclass(slots=True)
class SealedRows:
    """What a link knows of its rows, table by table in the order of its form."""

    tables: list[TableRows]

    def packed(self) -> bytes:
        """As the store keeps it: numbers that follow each other need hardly any room."""
        numbers = b"".join(_packed_numbers(one.ids) + _packed_numbers(one.unit_ids) for one in self.tables)
        small = zlib.compress(numbers, 1)
        return b"".join((struct.pack("<I", len(small)), small, *(one.macs for one in self.tables)))

    @classmethod
    def unpacked(cls, kept: bytes, tables: int) -> Self:
        """From what the store keeps. Raises ValueError where it is not what `packed` wrote."""
        try:
            (length,) = struct.unpack_from("<I", kept)
            numbers, macs = zlib.decompress(kept[4 : 4 + length]), kept[4 + length :]
            table_rows, at = [], 0
            for _ in range(tables):
                ids, at = _unpacked_numbers(numbers, at)
                unit_ids, at = _unpacked_numbers(numbers, at)
                table_rows.append(TableRows(ids, unit_ids, macs[: len(ids) * _MAC_BYTES]))
                macs = macs[len(ids) * _MAC_BYTES :]
        except (struct.error, zlib.error) as error:
            raise ValueError("no rows of a link") from error
        return cls(table_rows)


def _packed_numbers(numbers: Sequence[int]) -> bytes:
    steps = [after - before for before, after in pairwise((0, *numbers))]
    return struct.pack(f"<I{len(steps)}q", len(steps), *steps)


def _unpacked_numbers(kept: bytes, at: int) -> tuple[list[int], int]:
    (count,) = struct.unpack_from("<I", kept, at)
    steps = struct.unpack_from(f"<{count}q", kept, at + 4)
    return [*accumulate(steps)], at + 4 + 8 * count


class Sealer:
    """Hashes under a site's key; without one, hashes that anybody can make."""

    def __init__(self, key: SiteKey | None) -> None:
        self.key_name = key.name if key else ""
        self._secret = key.derived(_KEY_USE) if key else b""
        block = self._secret.ljust(_BLOCK, b"\0")  # a derived key is never longer
        self._inner, self._outer = (hashlib.sha256(block.translate(half)) for half in (_INNER, _OUTER))

    def mac(self, row: Sequence[object]) -> bytes:
        """A row's hash. `ascii` writes numbers, texts and None alike in all versions of Python."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(ascii(tuple(row)).encode())
        outer.update(inner.digest())
        return outer.digest()[:_MAC_BYTES]

    def digest(self, link: "Link", before: str, beside: str, rows: bytes) -> str:
        """A link's hash, with those of the link before it and of the newest one that it saw."""
        head = (link.id, link.station, link.number, link.at, link.form, link.key_name, link.beside_id, before, beside)
        return hmac.digest(self._secret, ascii(head).encode() + b"\n" + rows, hashlib.sha256).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link without its rows."""

    id: int
    station: str
    number: int
    at: str
    form: int
    key_name: str
    beside_id: int | None
    digest: str = ""


@contextmanager
def sealed(tx: Connection, key: SiteKey | None, now: Callable[[], str]) -> Iterator[None]:
    """An act, which ends with a link if it writes anything that is sealed."""
    info = tx.info  # of a connection that was lost there is none any more
    open_seal = info[IN_INFO] = OpenSeal(Sealer(key), now)
    try:
        yield
        is_sealed = open_seal.seal_id is not None and _close(tx, open_seal, open_seal.seal_id, now)
        outbox.write(tx, open_seal, is_sealed, now())
    finally:
        info.pop(IN_INFO, None)


def _close(tx: Connection, open_seal: OpenSeal, seal_id: int, now: Callable[[], str]) -> bool:
    """Write the link; False where all that it would seal was taken back."""
    tables, station = [], None
    for table in FORMS[FORM]:
        rows, of_station = TableRows(), None
        if table in open_seal.newest_before:
            rows, of_station = open_seal.hashed.get(table, (rows, None))
            more = _rows_of_seal(tx, open_seal, table)
            rows.add(_hashed(more, open_seal.sealer))
            of_station = _station_of(more) if of_station is None else of_station
        station = of_station if station is None else station
        tables.append(rows)
    if station is None:
        return False
    _add(tx, seal_id, station, SealedRows(tables), open_seal.sealer, now())
    return True


@contextmanager
def hashed_meanwhile(tx: Connection, table: str, rows: Sequence[KnownRows]) -> Iterator[None]:
    """Rows that this act has just written are hashed beside what is done in the block, without being read back.

    For an act that is sure to keep all of them, that knows them to the letter, and whose database has much to do for
    it then. They are its first of this table; those that come later are read and hashed as the act ends, as usual.

    Args:
        tx: the act.
        table: which.
        rows: parts that follow each other by their ids, each with all columns of the newest form but `seal_id`.
    """
    open_seal: OpenSeal | None = tx.info.get(IN_INFO)
    if not rows or open_seal is None or open_seal.seal_id is None:
        yield
        return
    seal_id, sealer = open_seal.seal_id, open_seal.sealer
    hashed: list[TableRows] = []
    beside = Thread(target=lambda: hashed.append(_hashed_as_known(table, seal_id, rows, sealer)))
    beside.start()
    try:
        yield
    finally:
        beside.join()
    all_rows = hashed[0] if hashed else _hashed_as_known(table, seal_id, rows, sealer)  # which says what is wrong
    open_seal.hashed[table] = (all_rows, str(rows[0]["station"]))
    open_seal.newest_before[table] = all_rows.ids[-1]


def _hashed_as_known(table: str, seal_id: int, rows: Sequence[KnownRows], sealer: Sealer) -> TableRows:
    hashed_rows = TableRows()
    for part in rows:
        count = len(part["id"])
        columns = {name: _values(value, count) for name, value in part.items()}
        columns["seal_id"] = repeat(seal_id, count)
        unit_ids = part.get("unit_id", ())
        macs = map(sealer.mac, zip(*(columns[name] for name in FORMS[FORM][table]), strict=True))
        hashed_rows.add(TableRows([*part["id"]], [*unit_ids], b"".join(macs)))
    return hashed_rows


def _values(column: Any, count: int) -> Iterable[Any]:
    return repeat(column, count) if column is None or isinstance(column, str | int) else column


def compile_beforehand(tx: Connection, *tables: str) -> None:
    """What an act that writes into these tables ends with: not to be compiled while it keeps others from writing."""
    for table in tables:
        statements.compile_beforehand(tx, _OF_SEAL[table], *_OF_SEAL_NAMES)
    statements.compile_beforehand(tx, _HEAD, *_HEAD_NAMES)
    statements.compile_beforehand(tx, _NEWEST)
    statements.compile_beforehand(tx, _adding(tx.dialect.name), *t.seal.c.keys())


def _rows_of_seal(tx: Connection, open_seal: OpenSeal, table: str) -> Sequence[Row[Any]]:
    """What this act has written into a table and nobody has hashed yet."""
    parameters = (open_seal.seal_id, open_seal.newest_before[table])
    return tx.execute(_OF_SEAL[table], dict(zip(_OF_SEAL_NAMES, parameters, strict=True))).all()


def _station_of(rows: Sequence[Row[Any]]) -> str | None:
    return rows[0][STATION] if rows else None


def _hashed(rows: Sequence[Row[Any]], sealer: Sealer) -> TableRows:
    """Rows of all of one table's columns, hashed."""
    of_units = rows and rows[0]._fields[UNIT] == "unit_id"
    return TableRows(
        [row[0] for row in rows],
        [row[UNIT] for row in rows] if of_units else [],
        b"".join(map(sealer.mac, rows)),
    )


def _add(tx: Connection, seal_id: int, station: str, rows: SealedRows, sealer: Sealer, at: str) -> None:
    """Write a link behind the last of its chain. Who is too late, on a server, looks again: the act stands."""
    packed = rows.packed()
    key = code_key(station)
    while True:
        before = tx.execute(_HEAD, {"the_station": key}).one_or_none()
        beside = tx.execute(_NEWEST).one_or_none()
        link = Link(
            id=seal_id,
            station=station,
            number=before.number + 1 if before else 1,
            at=at,
            form=FORM,
            key_name=sealer.key_name,
            beside_id=beside.id if beside else None,
        )
        values = {
            "id": link.id,
            "station": link.station,
            "station_key": key,
            "number": link.number,
            "at": link.at,
            "form": link.form,
            "key_name": link.key_name,
            "beside_id": link.beside_id,
            "rows": packed,
            "digest": sealer.digest(link, before.digest if before else "", beside.digest if beside else "", packed),
        }
        if tx.execute(_adding(tx.dialect.name), values).first() is not None:
            return


def begin(tx: Connection, at: str, key: SiteKey | None = None) -> None:
    """Give a store its key, where it has none, and seal what nobody has sealed in a first link of the store's own."""
    if tx.execute(select(t.store_key)).first() is None and (key := key or _new_key()) is not None:
        tx.execute(insert(t.store_key).values(id=1, name=key.name))
    sealer = Sealer(key_of(tx))
    tables = [_hashed(tx.execute(_UNSEALED[table]).all(), sealer) for table in FORMS[FORM]]
    if any(one.ids for one in tables) and tx.execute(_HEAD, {"the_station": ""}).first() is None:
        next_id = select(func.coalesce(func.max(t.seal.c.id), 0) + 1)
        if tx.dialect.name == "postgresql":
            next_id = select(func.nextval(func.pg_get_serial_sequence("seal", "id")))
        _add(tx, tx.execute(next_id).scalar_one(), "", SealedRows(tables), sealer, at)


def _new_key() -> SiteKey | None:
    key = SiteKey.new()
    try:
        site_key.keep(key)
    except UnwritableFile:
        return None  # told by `doctor`: nothing is sealed
    return key


def key_name(tx: Connection) -> str:
    """The name of the store's key; empty where it has none."""
    return tx.execute(select(t.store_key.c.name)).scalar() or ""


def key_of(tx: Connection) -> SiteKey | None:
    """The store's key, where this user of this host has it."""
    name = key_name(tx)
    return site_key.find(name) if name else None


def rows_of(table: str, form: int = FORM) -> Select[Any]:
    """All columns of a table that a form seals, in its order."""
    columns = t.metadata.tables[table].c
    return select(*(columns[name] for name in FORMS[form][table])).order_by(columns.id)


def _of_seal(table: str) -> Select[Any]:
    columns = t.metadata.tables[table].c
    return rows_of(table).where(columns.id > bindparam("newest"), columns.seal_id == bindparam("the_seal"))


_OF_SEAL_NAMES, _HEAD_NAMES = ("the_seal", "newest"), ("the_station",)
_OF_SEAL = {table: _of_seal(table) for table in FORMS[FORM]}
_UNSEALED = {table: rows_of(table).where(t.metadata.tables[table].c.seal_id.is_(None)) for table in FORMS[FORM]}
_HEAD = (
    select(t.seal.c.number, t.seal.c.digest)
    .where(t.seal.c.station_key == bindparam("the_station"))
    .order_by(t.seal.c.number.desc())
    .limit(1)
)
_NEWEST = select(t.seal.c.id, t.seal.c.digest).order_by(t.seal.c.id.desc()).limit(1)


@cache
def _adding(dialect: str) -> Any:
    """Adds a link, unless another one has its number; made once for each database."""
    added = insert_on(dialect, t.seal).on_conflict_do_nothing(index_elements=["station_key", "number"])
    return added.returning(t.seal.c.id)
