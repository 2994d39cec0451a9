"""Engines for the two databases, set so that a scan that was answered is never lost.

SQLite: our own BEGIN IMMEDIATE (SQLAlchemy's default packs one serial twice), synchronous=FULL (NORMAL loses
acknowledged scans in a power cut), and WAL only on a library without the WAL-reset bug
(sqlite.org/wal.html#the_wal_reset_bug).
"""

import os
import selectors
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, Connection, ExceptionContext, make_url
from sqlalchemy.exc import InvalidatePoolError

from scanstation.domain.addresses import several_hosts
from scanstation.domain.codes import visible
from scanstation.domain.language import Said, english, worded
from scanstation.domain.store_errors import WrongSchema
from scanstation.logbook import note
from scanstation.store import together
from scanstation.store.messages import Message
from scanstation.store.together import WIRE, Unsent
from scanstation.store.turns import in_turn

APPLICATION_ID = 0x53435354
"""`SCST` in SQLite's header: distinguishes our files from others, and from a file of 0 bytes."""

WARNINGS = "warnings"
"""Where a connection to a server keeps what the server has warned of: a list in its `info`."""
BUSY_TIMEOUT_MS = 5000
WRITE_WAIT_S = 30
"""How long a write waits for its turn: longer than the one transaction of a file of a million rows."""
KNOWS_SCHEMA = "knows_schema"
"""Execution option of an engine: the schema that its store was opened with, and must still have."""
_SCHEMA_NOW = "(SELECT max(version_num) FROM alembic_version)"
TOGETHER = "together"
"""Execution option: a server's answers are waited for where somebody needs one (`store.together`)."""
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED{how}"
_OF_EACH_TRANSACTION = (
    # Temporary tables are looked up last: none can stand in for one of ours, nor can another schema's.
    "SELECT date_part('epoch', clock_timestamp()), pg_backend_pid(), {schema}"
    "set_config('search_path', quote_ident(coalesce(current_schema(), 'public')) || ', pg_temp', true), "
    f"set_config('lock_timeout', '{WRITE_WAIT_S}s', true), "
    "set_config('statement_timeout', '120s', true), "
    "set_config('idle_in_transaction_session_timeout', '60s', true)"
)
_READ_ONLY = "25006"
_QUIET_S = 10.0
"""A connection that was used less long ago than this is taken as it is, unless the server has said something since."""
_LAST_USED = "last_used"
"""When a connection was given back, in its `info`."""
_OF_SILENT_HOSTS = {
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
"""In milliseconds and seconds: a host without power says nothing, and Linux would wait for a quarter of an hour."""
_QUICK_LOOKS = 100
_QUICK_LOOK_S, _LATER_LOOK_S = 0.0005, 0.005
"""Between two tries for the write lock. SQLite's own waiting steps back to 100 ms, which a person would notice."""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Is this SQLite without the WAL-reset bug?"""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def sqlite_library() -> ModuleType:
    """The one SQLite library of this process: the wheel's when there is one and it is safe."""
    try:
        import pysqlite3.dbapi2 as bundled
    except ImportError:  # no wheel for this platform: the rollback journal is used instead of WAL
        bundled = None
    if bundled and wal_is_safe(bundled.sqlite_version_info):
        return cast(ModuleType, bundled)
    import sqlite3  # late: a second SQLite takes a megabyte

    return sqlite3


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite address; None for a server."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database).expanduser().absolute()


def parsed(url: str) -> URL:
    """An address, several hosts of a server among it, as SQLAlchemy takes it."""
    without, hosts = several_hosts(url)
    address = make_url(without)
    return address.update_query_dict({"host": hosts}) if hosts else address


class Use(Enum):
    """What a SQLite file is opened for, as its URI says it."""

    WORK = "mode=rw"
    CREATE = "mode=rwc"
    READING = "mode=ro"
    READING_ALONE = "mode=ro&immutable=1"
    """Nobody else can have it open, and nothing can be made beside it."""


def build_engine(url: URL | str, use: Use = Use.WORK, *, time_heard: Callable[[float], None] | None = None) -> Engine:
    """An engine for the address; opens nothing yet.

    Args:
        url: `sqlite:///FILE` or `postgresql+psycopg://…`.
        use: of a SQLite file. Unless it is to be created, a missing file is an error and never a new store.
        time_heard: called with a server's time, in seconds since 1970, as each transaction begins.
    """
    address = url if isinstance(url, URL) else parsed(url)
    if (path := sqlite_path(address)) is not None:
        sqlite_library().register_adapter(Said, english)
        return _sqlite_engine(path, use)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return _server_engine(address, time_heard)


def _keep_english() -> None:
    """What is kept is English, in whichever language it was said to whoever was there."""
    from psycopg import adapters  # late, as all of that driver
    from psycopg.types.string import StrDumper

    class InEnglish(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(english(obj))

    adapters.register_dumper(Said, InEnglish)


def _server_engine(address: URL, time_heard: Callable[[float], None] | None) -> Engine:
    how: dict[str, Any] = {
        "connect_timeout": 5,
        "application_name": "scanstation",
        "prepare_threshold": None,  # `Wire` keeps the plans that are worth it, where no pooler stands between
        **{name: value for name, value in _OF_SILENT_HOSTS.items() if name not in address.query},
    }
    asked = "require_auth" in address.query or "PGREQUIREAUTH" in os.environ
    if not asked and _knows_require_auth():
        # A server that merely asks for the password gets no password in clear; whoever wants that says so.
        how["require_auth"] = "!password"
    _keep_english()
    from scanstation.store.wire import Wire  # late, as all of that driver

    engine = create_engine(
        address,
        pool_size=2,
        hide_parameters=True,  # what was scanned and who works here is no business of an error file
        connect_args=how,
    )

    @event.listens_for(engine, "connect")
    def _listen(connection: Any, record: Any) -> None:
        record.info[WARNINGS] = warnings = []
        connection.autocommit = True  # we say BEGIN ourselves
        record.info[WIRE] = Wire(connection)

        def heard(notice: Any) -> None:
            if notice.severity_nonlocalized == "WARNING":
                warnings.append(notice.message_primary or "a warning")

        connection.add_notice_handler(heard)
        note("connected to the server", version=connection.info.server_version)

    @event.listens_for(engine, "checkin")
    def _note_use(_connection: Any, record: Any) -> None:
        record.info[_LAST_USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _refuse_lost(connection: Any, record: Any, _proxy: Any) -> None:
        # To ask each time whether it is still there would be one more way to the server with every scan. Who was cut
        # off has been told, and an act whose connection is lost all the same is done again (`Store.act`).
        last_used = record.info.get(_LAST_USED)
        if last_used is None or (time.monotonic() - last_used < _QUIET_S and not _has_news(connection)):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    @event.listens_for(engine, "handle_error")
    def _read_only(context: ExceptionContext) -> None:
        # A standby, or one that a session's default keeps from writing: the next connection may find who takes writes.
        if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
            context.is_disconnect = True

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # For this transaction, and not by an option of the start: poolers drop those, or refuse them.
        options = connection.get_execution_options()
        known, raw = options.get(KNOWS_SCHEMA), cast(Any, connection.connection.dbapi_connection)
        wire = together.wire_of(connection)
        begin = _BEGIN.format(how=" READ ONLY" if options.get("readonly") else "")
        asked = _OF_EACH_TRANSACTION.format(schema=f"{_SCHEMA_NOW}, " if known else "")

        def begun(row: Any) -> None:
            moment, process, now, *_ = row
            # Behind a pooler the next transaction may be another process's, which knows no statement of this one's.
            wire.keeps_plans = process == raw.info.backend_pid
            if time_heard:
                time_heard(moment)
            _refuse_other(known, now)

        connection.info.pop(together.IN_INFO, None)
        if options.get(TOGETHER) and _can_send_together():
            opening = Message(wire.answer(), begin, is_kept=False), Message(wire.answer(), asked)
            connection.info[together.IN_INFO] = Unsent(opening, begun)
        else:
            begun(_only_answer(connection, f"{begin}; {asked}", after_another=True))

    @event.listens_for(engine, "before_cursor_execute")
    def _send_before(tx: Connection, _cursor: Any, sql: str, _arguments: Any, context: Any, _many: bool) -> None:
        # What SQLAlchemy asks by itself: what was said before goes before.
        if context is not None and (unsent := together.of(tx)) is not None:
            if not sql.startswith("SELECT"):
                unsent.forget()
            unsent.send(tx)

    return engine


def _refuse_other(known: str | None, now: str) -> None:
    """Who upgrades has waited for all that had looked before, and whoever looks later has waited for that."""
    if known and now != known:
        raise WrongSchema(
            worded(
                "Not saved: the store was upgraded while this station ran, from {known} to {now}.",
                known=known,
                now=visible(str(now)),
            ),
            worded(
                "Nothing was changed. Close the station (Ctrl+Q), and start the ScanStation that belongs to the store."
            ),
        )


def _has_news(connection: Any) -> bool:
    """Has the server said something that nobody asked for: that it ends this connection, mostly?"""
    if connection.closed:
        return True
    with selectors.DefaultSelector() as looking:
        looking.register(connection.fileno(), selectors.EVENT_READ)
        return bool(looking.select(0))


def _only_answer(tx: Connection, statement: str, *, after_another: bool = False) -> Any:
    """The one row of a statement without parameters; of the second of two that go to the server together."""
    raw: Any = tx.connection.dbapi_connection
    cursor = raw.cursor()
    try:
        cursor.execute(statement)
        if after_another:
            cursor.nextset()
        row = cursor.fetchone()
    except Exception as error:  # noqa: BLE001 - SQLAlchemy tells what it is, and raises it
        tx._handle_dbapi_exception(error, statement, None, cursor, None)
    cursor.close()
    return row


def is_pooled(tx: Connection) -> bool:
    """Does a pooler stand between: is who answers another process than who was greeted by?"""
    raw: Any = tx.connection.dbapi_connection
    return bool(tx.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != raw.info.backend_pid)


def _can_send_together() -> bool:
    from psycopg import Pipeline

    return Pipeline.is_supported()


def _knows_require_auth() -> bool:
    from psycopg import pq

    return pq.version() >= 160000


def _sqlite_engine(path: Path, use: Use) -> Engine:
    library = sqlite_library()
    journal = "WAL" if wal_is_safe(library.sqlite_version_info) else "TRUNCATE"
    uri = f"{path.as_uri()}?{use.value}"

    def connect() -> Any:
        return library.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False)

    engine = create_engine(
        "sqlite://", module=library, creator=connect, poolclass=QueuePool, pool_size=2, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            *([f"journal_mode={journal}"] if use in (Use.WORK, Use.CREATE) else []),
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # else INSERT OR REPLACE walks round the append-only triggers
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "mmap_size=0",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "handle_error")
    def _read_only(context: ExceptionContext) -> None:
        # A file that was opened when it might only be read is never written by that connection, whatever happens since.
        if getattr(context.original_exception, "sqlite_errorname", "").startswith("SQLITE_READONLY"):
            context.is_disconnect = True

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("readonly", False):
            connection.exec_driver_sql("BEGIN")
        else:
            with in_turn(path):
                _begin_to_write(connection, library.OperationalError)
        if known := connection.get_execution_options().get(KNOWS_SCHEMA):
            _refuse_other(known, _only_answer(connection, f"SELECT {_SCHEMA_NOW}")[0])

    return engine


def _begin_to_write(connection: Connection, driver_error: type[Exception]) -> None:
    """BEGIN IMMEDIATE, as soon as the write lock is free."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        give_up, looks = time.monotonic() + WRITE_WAIT_S, 0
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except driver_error as error:
                if "locked" not in str(error) or time.monotonic() > give_up:
                    break
            else:
                return
            looks += 1
            time.sleep(_QUICK_LOOK_S if looks < _QUICK_LOOKS else _LATER_LOOK_S)
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # what is wrong is told in SQLAlchemy's words


def server_address(url: str) -> str:
    """A server's address as its own tools take it, without its password; several hosts as they are written."""
    _, _, rest = url.partition("://")
    before, separator, path = rest.partition("/")
    account, at, place = before.rpartition("@")
    return f"postgresql://{account.partition(':')[0]}{at}{place}{separator}{path}"
