"""Opening a store, and the transactions everything else runs in."""

import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar, overload
from uuid import uuid4

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from scanstation.domain.addresses import address_fault, shown_address
from scanstation.domain.codes import visible
from scanstation.domain.language import english, word, worded
from scanstation.domain.store_errors import (
    ConcurrencyConflict,
    NotAStore,
    StoreBusy,
    StoreError,
    StoreForbidden,
    StoreHalfSafe,
    StoreMissing,
    StoreTampered,
    StoreUncertain,
    StoreUnreachable,
    StoreVanished,
    WrongSchema,
)
from scanstation.files import may
from scanstation.logbook import note_seldom
from scanstation.site_key import SiteKey
from scanstation.store import schema, sealing
from scanstation.store.clock import ServerClock
from scanstation.store.engine import (
    APPLICATION_ID,
    KNOWS_SCHEMA,
    TOGETHER,
    WARNINGS,
    Use,
    build_engine,
    is_pooled,
    parsed,
    sqlite_path,
)
from scanstation.store.failures import code_of, first_line, is_connection_lost, meaning
from scanstation.store.file_guard import FileGuard
from scanstation.store.known_paths import remember, was_here
from scanstation.store.schema import SCHEMA
from scanstation.store.statements import Statement
from scanstation.store.together import send_rest

Answer = TypeVar("Answer")
Prepared = TypeVar("Prepared")
Clock = Callable[[], datetime]
Transaction = Connection
"""What runs inside `Store.act` or `Store.read`; other packages hand it on and never look inside."""

_RETRIED = {"40001", "40P01"}  # serialization failure, deadlock
_TRIES = 5
PATIENCE_S = 60.0
_LOOK_FOR_SERVER_S = 0.5
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "fuse.sshfs"}


_NOTE_ACT = Statement(text("INSERT INTO done_act (id, at) VALUES (:act_id, :at) ON CONFLICT DO NOTHING"))


@dataclass(slots=True)
class _Kept(Generic[Answer]):
    """What an act has answered whose COMMIT is on its way; None before."""

    answer: tuple[Answer] | None = None


def utc_now() -> datetime:
    """The clock of this machine, and so of a store in a file."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """A moment as the store keeps it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Store:
    """An open store. Thread-safe: each transaction takes a connection of its own."""

    def __init__(
        self,
        engine: Engine,
        path: Path | None,
        clock: Clock = utc_now,
        copied_to: "tempfile.TemporaryDirectory[str] | None" = None,
    ) -> None:
        self.engine = engine
        self.path = path
        self.clock = clock
        """A server's own, unless another one is given."""
        self.patience_s = PATIENCE_S
        """How long an act whose COMMIT was not answered waits for the server to come back."""
        self.numbers_acts = path is None
        """Is an act's number written down, so that it can be looked up when the answer to its COMMIT was lost?"""
        self._copied_to = copied_to
        """Where the file is read in truth, until the store is closed."""
        self.seals = True
        """Is what is done sealed? Not in a store of an older version, which has no place for it."""
        self.site_key: SiteKey | None = None
        """The site's key, where this user of this host has it."""
        self._ends = threading.Event()
        self._guard = FileGuard(path) if path else None
        if guard := self._guard:
            event.listen(engine, "close", lambda _connection, _record: guard.forget())

    def now(self) -> str:
        """The present moment as the store keeps it."""
        return timestamp(self.clock())

    @contextmanager
    def read(self, *, of_any_schema: bool = False) -> Iterator[Connection]:
        """A consistent view that blocks nobody.

        Args:
            of_any_schema: is it not asked whether the store still has the schema that it was opened with?

        Raises:
            StoreError: the store is gone, unreachable or busy.
        """
        options = {"readonly": True, **({KNOWS_SCHEMA: None} if of_any_schema else {})}
        with self._errors(), self.engine.connect().execution_options(**options) as tx:
            tx.begin()
            yield tx
            try:
                tx.rollback()
            except DBAPIError as error:
                if not is_connection_lost(error):
                    raise
                # What was looked for has been read, and nothing was to be saved.

    @overload
    def act(self, do: Callable[[Connection], Answer]) -> Answer: ...

    @overload
    def act(
        self,
        do: Callable[[Connection, Prepared], Answer],
        *,
        prepared: Callable[[Connection], AbstractContextManager[Prepared]],
    ) -> Answer: ...

    def act(
        self,
        do: Callable[..., Answer],
        *,
        prepared: Callable[[Connection], AbstractContextManager[Prepared]] | None = None,
    ) -> Answer:
        """Run one act in one durable transaction: all of it or nothing.

        `do` is run again when another writer came between (a deadlock, or a unique code that was taken a
        moment ago: the second look finds it and refuses in words). It must therefore only touch `tx`.

        Args:
            do: the act; it is given the transaction, and what was prepared where something is.
            prepared: what is made ready on the same connection before each run, while nobody waits: before the
                transaction in a file, at its beginning on a server.

        >>> from scanstation.store import catalog
        >>> store.act(lambda tx: catalog.client_id(tx, "NORDWIND", create=True))
        1

        Raises:
            StalePlan: what was prepared no longer fits; nothing was changed.
            StoreError: the store is gone, full, unreachable or busy; nothing was changed.
        """
        act_id, kept = uuid4().hex, _Kept[Answer]()
        for attempt in range(_TRIES):
            try:
                return self._run(do, prepared, act_id, kept)
            except (DBAPIError, ConcurrencyConflict) as error:
                if not _may_pass(error) or attempt == _TRIES - 1:
                    raise
                time.sleep(random.uniform(0.001, 0.02) * attempt)  # noqa: S311 - jitter, not a secret
            except (StoreUnreachable, StoreForbidden) as error:
                if kept.answer is not None and self.numbers_acts:
                    return self._settled(do, prepared, act_id, kept)  # COMMIT was sent
                if kept.answer is not None or attempt or not _was_cut(error):
                    raise
                # Once more at once: a server that was restarted has cut every connection, and one that may only be
                # read was left, as another may have taken its place.
        raise AssertionError("unreachable")

    def _run(
        self,
        do: Callable[..., Answer],
        prepared: Callable[[Connection], AbstractContextManager[Prepared]] | None,
        act_id: str,
        kept: "_Kept[Answer]",
    ) -> Answer:
        kept.answer = None
        with self._errors(), self._connected() as tx, self._begun(tx, prepared) as ready:
            if self._guard:
                self._guard.remember()
            elif self.numbers_acts:
                _NOTE_ACT.run(tx, {"act_id": act_id, "at": self.now()})
            with self._sealed(tx):
                answer: Answer = do(tx, ready) if prepared else do(tx)
            send_rest(tx)  # a COMMIT goes alone: of what goes wrong before it, everybody knows that nothing was saved
            kept.answer = (answer,)
            warnings = _warnings_of(tx)
        if self._guard:
            self._guard.check()  # before anybody is told that it was saved
        _refuse_half_safe(warnings)
        return answer

    def _connected(self) -> Connection:
        """For an act: what need not be waited for goes together to a server."""
        connection = self.engine.connect()
        return connection if self.path else connection.execution_options(**{TOGETHER: True})

    @contextmanager
    def _begun(
        self, tx: Connection, prepared: Callable[[Connection], AbstractContextManager[Prepared]] | None
    ) -> Iterator[Prepared | None]:
        """A transaction, and what is prepared for it."""
        if prepared is None:
            with tx.begin():
                yield None
        elif self.path:  # nobody else writes while it is open
            with prepared(tx) as ready, tx.begin():
                yield ready
        else:  # the next transaction may be another connection's, where a pooler stands between
            with tx.begin(), prepared(tx) as ready:
                yield ready

    def _sealed(self, tx: Connection) -> AbstractContextManager[None]:
        if not self.seals:
            return nullcontext()
        return sealing.sealed(tx, self.site_key, self.now)

    def _settled(
        self,
        do: Callable[..., Answer],
        prepared: Callable[[Connection], AbstractContextManager[Prepared]] | None,
        act_id: str,
        kept: "_Kept[Answer]",
    ) -> Answer:
        """Wait for the server, and see whether the act was saved: its answer then, else it is done now."""
        give_up = time.monotonic() + self.patience_s
        while not self._ends.is_set() and time.monotonic() < give_up:
            try:
                if kept.answer is not None and self._was_done(act_id):
                    return kept.answer[0]
                return self._run(do, prepared, act_id, kept)
            except (DBAPIError, ConcurrencyConflict) as error:
                if not _may_pass(error):
                    raise
            except StoreHalfSafe:
                raise
            except StoreError as error:
                # Of the look, whatever it met, it cannot be said that nothing was changed.
                if kept.answer is None and not isinstance(error, StoreUnreachable | StoreBusy):
                    raise
                self._ends.wait(_LOOK_FOR_SERVER_S)
        raise StoreUncertain(
            worded("Perhaps not saved: the server of {where} went away while it was saving.", where=self.where),
            worded("Look whether it was, before you do it again."),
        )

    def _was_done(self, act_id: str) -> bool:
        """Did an act's COMMIT come through? Its number is tried: that waits for a transaction near its end.

        A server that crashed while it waited for its standby shows what that has not got. A COMMIT of our own is
        confirmed after all that came before it, and so the act is as safe then as if it had been answered.
        """
        with self._errors(), self.engine.connect() as tx:
            with tx.begin() as looking:
                if _note_act(tx, act_id, self.now()):
                    looking.rollback()
                    return False
                _note_act(tx, uuid4().hex, self.now())
                warnings = _warnings_of(tx)
            _refuse_half_safe(warnings)
            return True

    def stop_waiting(self) -> None:
        """Nobody waits for the server any longer: the station ends."""
        self._ends.set()

    def close(self) -> None:
        """Give the file or the server's connections back."""
        self.engine.dispose()
        if self._copied_to:
            self._copied_to.cleanup()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        if self._guard:
            self._guard.check()
        try:
            yield
        except DBAPIError as error:
            if (translated := meaning(error, self.where)) is None:
                raise
            note_seldom(
                "store failed", error=type(translated).__name__, code=code_of(error), said=english(translated.title)
            )
            raise translated from error

    @property
    def url(self) -> str:
        """The store's address with all that it takes to open it again: its password too, if it has one."""
        if self.path:
            return f"sqlite:///{self.path}"
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def where(self) -> str:
        """The store's address without its password."""
        return str(self.path) if self.path else shown_address(self.engine.url.render_as_string(hide_password=True))


@contextmanager
def trial(tx: Transaction) -> Iterator[Callable[[], None]]:
    """Part of an act that may be taken back by itself: call what is yielded to undo all that was done inside."""
    savepoint = tx.begin_nested()
    yield savepoint.rollback
    if savepoint.is_active:
        savepoint.commit()


def open_store(url: str, clock: Clock | None = None) -> Store:
    """Open an existing store and check that it is one of ours and of this version.

    Args:
        url: its address.
        clock: instead of the server's, or of this machine's for a file.

    Raises:
        StoreMissing, StoreVanished, NotAStore, WrongSchema, StoreTampered, StoreForbidden, StoreUnreachable: see
            `errors`.
    """
    store = _unchecked(url, clock)
    with _closed_on_error(store):
        _refuse_schema(store)
        store.engine.update_execution_options(**{KNOWS_SCHEMA: SCHEMA})
        _refuse_tampered(store)
        load_key(store)
    if store.path:
        remember(store.path)
    return store


def load_key(store: Store) -> None:
    """Look for the store's key on this host: a command may have brought it."""
    with _reaching(store.where), store.read() as tx:
        store.site_key = sealing.key_of(tx)


def create_store(url: str, clock: Clock | None = None, key: SiteKey | None = None) -> Store:
    """Make a new store, never in place of another.

    Without a key it gets one of its own, which is kept on this host.

    Raises:
        StoreVanished: a store used to be at this path.
        NotAStore: something else is there.
        StoreForbidden: this user of a server may make no tables.
        StoreUnreachable: the folder or the server cannot be used.
    """
    path = _path_of(url)
    if path is not None:
        _refuse_occupied(path)
        _refuse_network(path)
        _make_folder(path)
        engine = build_engine(url, Use.CREATE)
        with _reaching(str(path)), engine.begin() as tx:
            tx.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        engine.dispose()
    store = _unchecked(url, clock)
    with _closed_on_error(store), _reaching(store.where), store.engine.begin() as tx:
        if lacking := schema.lacking_to_create(tx):
            raise StoreForbidden(
                worded("No store was made at {where}: {lacking}", where=store.where, lacking=lacking.text),
                worded("Ask the database's owner for it."),
            )
        schema.migrate(tx)
        sealing.begin(tx, store.now(), key)
        store.site_key = sealing.key_of(tx)
    if store.path:
        remember(store.path)
    return store


def open_for_upkeep(url: str, clock: Clock | None = None, *, only_to_read: bool = False) -> Store:
    """Open a store of any version, for `db upgrade` and `db check`.

    Args:
        url: its address.
        clock: instead of the server's, or of this machine's for a file.
        only_to_read: a file may then stand where nothing can be written.

    Raises:
        StoreError: it is missing, not ours or unreachable.
    """
    store = _unchecked(url, clock, only_to_read=only_to_read)
    with _closed_on_error(store):
        there = _schema_of(store)
        if there is None:
            raise NotAStore(worded("{where} is not a ScanStation store.", where=store.where), worded("Check --db."))
        if there == SCHEMA:
            load_key(store)
    store.numbers_acts = False  # one of an older version has no place for them
    store.seals = there == SCHEMA
    return store


def _unchecked(url: str, clock: Clock | None, *, only_to_read: bool = False) -> Store:
    path = _path_of(url)
    if path is None:
        of_server = ServerClock()
        store = Store(build_engine(url, time_heard=of_server.hear), None, clock or of_server)
        with _closed_on_error(store), _reaching(store.where), store.engine.connect() as tx:
            _refuse_lost_options(store, tx)
        return store
    if not path.exists():
        if was_here(path):
            raise StoreVanished(
                worded("A store used to be at {path} and is gone.", path=path),
                worded("Is its disk missing? Bring it back, or put a backup there with `scanstation db restore FILE`."),
            )
        raise StoreMissing(
            worded("There is no store at {path} yet.", path=path), worded("Create it with `scanstation db init`.")
        )
    if not path.is_file():
        raise NotAStore(
            worded("{path} is not a file.", path=path), worded("Give the path of a store with --db sqlite:///FILE.")
        )
    if only_to_read and not (may(path, os.W_OK) and may(path.parent, os.W_OK)):
        return _opened_to_read(path, clock or utc_now)
    if not may(path, os.R_OK | os.W_OK):
        raise StoreUnreachable(
            worded("The store {path} cannot be written.", path=path), worded("Ask for the right to read and write it.")
        )
    _refuse_closed_folder(path)
    _refuse_network(path)
    store = Store(build_engine(url), path, clock or utc_now)
    with _closed_on_error(store), _reaching(str(path)):
        _refuse_foreign(store.engine, path)
    return store


def _opened_to_read(path: Path, clock: Clock) -> Store:
    """A file on a read-only medium, or another user's."""
    if not may(path, os.R_OK):
        raise StoreUnreachable(
            worded("The store {path} cannot be read.", path=path), worded("Ask for the right to read it.")
        )
    wal, shared = (path.with_name(path.name + ending) for ending in ("-wal", "-shm"))
    aside: tempfile.TemporaryDirectory[str] | None = None
    if not wal.exists():
        engine = build_engine(f"sqlite:///{path}", Use.READING_ALONE)
    elif shared.exists() or may(path.parent, os.W_OK):
        engine = build_engine(f"sqlite:///{path}", Use.READING)
    else:
        # What was scanned last is in the log, and SQLite reads no log where it can make nothing beside it.
        aside = tempfile.TemporaryDirectory(prefix="scanstation-")
        try:
            for file in (path, wal):
                shutil.copyfile(file, Path(aside.name, file.name))
        except OSError as error:
            aside.cleanup()
            raise StoreUnreachable(
                worded("{path} cannot be copied, to be read with its log: {why}.", path=path, why=error.strerror),
                worded("Make room in the folder of TMPDIR."),
            ) from error
        engine = build_engine(f"sqlite:///{Path(aside.name, path.name)}")
    store = Store(engine, path, clock, aside)
    with _closed_on_error(store), _reaching(str(path)):
        _refuse_foreign(engine, path)
    return store


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnreachable(
            worded("The folder {folder} cannot be made: {why}.", folder=path.parent, why=error.strerror),
            worded("Choose another path with --db."),
        ) from error
    _refuse_closed_folder(path)


def _refuse_closed_folder(path: Path) -> None:
    if not may(path.parent, os.W_OK | os.X_OK):
        raise StoreUnreachable(
            worded(
                "The folder {folder} cannot be written, and SQLite keeps the log of a store beside it.",
                folder=path.parent,
            ),
            worded("Ask for the right to write in the folder."),
        )


@contextmanager
def _closed_on_error(store: Store) -> Iterator[None]:
    """A store that is refused keeps no connection open."""
    try:
        yield
    except BaseException:
        store.close()
        raise


def _refuse_lost_options(store: Store, tx: Connection) -> None:
    """A pooler that was told to ignore `options` drops what they set, such as the schema, without a word."""
    asked = "options" in store.engine.url.query or "PGOPTIONS" in os.environ
    if asked and is_pooled(tx):
        raise _needs_no_options(store.where)


def _refuse_schema(store: Store) -> None:
    schema = _schema_of(store)
    if schema is None:
        raise NotAStore(
            worded("{where} is not a ScanStation store.", where=store.where),
            worded("Check --db, or create a store with `scanstation db init`."),
        )
    if schema < SCHEMA:
        raise WrongSchema(
            worded(
                "The store {where} was made by an older ScanStation (schema {schema}, wanted {known}).",
                where=store.where,
                schema=schema,
                known=SCHEMA,
            ),
            worded("Back it up, then run `scanstation db upgrade`."),
        )
    if schema > SCHEMA:
        raise newer(store, schema)


def newer(store: Store, schema: str) -> WrongSchema:
    """What is wrong with a store that a newer ScanStation made."""
    return WrongSchema(
        worded(
            "The store {where} was made by a newer ScanStation (schema {schema}, known here: {known}).",
            where=visible(store.where),
            schema=schema,
            known=SCHEMA,
        ),
        worded("Install the newer ScanStation on this station."),
    )


def _refuse_tampered(store: Store) -> None:
    """Nobody scans into a store whose guards somebody has taken away."""
    with _reaching(store.where), store.read() as tx:
        changed = [finding.text for finding in schema.differences(tx) if not finding.is_foreign]
    if changed:
        more = worded(" There are {count} more such faults.", count=len(changed) - 1) if len(changed) > 1 else ""
        raise StoreTampered(
            worded(
                "The store {where} is not as ScanStation makes it. {first}{more}",
                where=store.where,
                first=changed[0],
                more=more,
            ),
            worded(
                "Do not scan into it. `scanstation db check` names all of it; put a backup back, or ask who changed it."
            ),
        )


def _path_of(url: str) -> Path | None:
    if fault := address_fault(url):
        raise StoreUnreachable(
            worded("“{address}” is not an address of a store.", address=shown_address(url)),
            worded("Write {fault}.", fault=fault),
        )
    return sqlite_path(parsed(url))


def _refuse_occupied(path: Path) -> None:
    if path.exists():
        raise NotAStore(
            worded("There is something at {path} already.", path=path),
            worded("Open it as it is, or choose another path with --db."),
        )
    if was_here(path):
        raise StoreVanished(
            worded("A store used to be at {path} and is gone; none is created in its place.", path=path),
            worded(
                "Is its disk missing? Bring it back, restore a backup with `scanstation db restore "
                "FILE`, or choose another path with --db."
            ),
        )


def _refuse_foreign(engine: Engine, path: Path) -> None:
    with engine.connect().execution_options(readonly=True) as tx:
        found = tx.exec_driver_sql("PRAGMA application_id").scalar_one()
    if found != APPLICATION_ID:
        what = word("an empty file") if path.stat().st_size == 0 else word("not a ScanStation store")
        raise NotAStore(
            worded("{path} is {what}.", path=path, what=what), worded("Check --db, or create a store at another path.")
        )


def _refuse_network(path: Path) -> None:
    kind = file_system(path)
    if kind.lower() in _NETWORK_FILE_SYSTEMS:
        raise StoreUnreachable(
            worded("{path} is on a network drive ({kind}), where SQLite can lose data.", path=path, kind=kind),
            worded("Keep the store on a local disk, or use PostgreSQL for several hosts."),
        )


def file_system(path: Path) -> str:
    """The kind of file system that a file is on, such as ext4; empty where the machine does not say."""
    import psutil

    folder = path.parent.resolve()
    mounts = [mount for mount in psutil.disk_partitions(all=True) if folder.is_relative_to(mount.mountpoint)]
    nearest = max(mounts, key=lambda mount: len(mount.mountpoint), default=None)
    return nearest.fstype if nearest else ""


def _schema_of(store: Store) -> str | None:
    with _reaching(store.where), store.engine.connect().execution_options(readonly=True) as tx:
        if not store.engine.dialect.has_table(tx, "alembic_version"):
            return None
        there = schema.versions(tx)
    if len(there) > 1:
        raise StoreTampered(
            worded(
                "The table of migrations of {where} has {count} rows ({rows}), and must have one.",
                where=store.where,
                count=len(there),
                rows=", ".join(map(visible, there)),
            ),
            worded("Somebody has changed the store by hand. Put a backup back, or ask who did it."),
        )
    return there[0] if there else None


@contextmanager
def _reaching(where: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # Here nothing was to be saved yet.
        found = None if is_connection_lost(error) else meaning(error, where)
        raise (found or _unreachable(where, error)) from error


def _unreachable(where: str, error: DBAPIError) -> StoreError:
    complaint = str(error.orig)
    if ("require_auth" in complaint and "invalid" not in complaint) or "authentication method requirement" in complaint:
        return StoreUnreachable(
            worded("The server of {where} asks for the password in clear, and does not get it.", where=where),
            worded(
                "Have it ask by scram-sha-256 (pg_hba.conf). If it must be so, say "
                "require_auth=password in the address."
            ),
        )
    if "statement pooling" in complaint:
        return StoreUnreachable(
            worded(
                "The pooler of {where} hands out its connections statement by statement, which takes "
                "transactions apart.",
                where=where,
            ),
            worded("Set its pool_mode to transaction or to session."),
        )
    if "startup parameter" in complaint and "options" in complaint:
        return _needs_no_options(where)
    return StoreUnreachable(
        worded("The store {where} cannot be reached: {why}.", where=where, why=first_line(error)),
        worded("Check the address, the server, the rights."),
    )


def _needs_no_options(where: str) -> StoreUnreachable:
    return StoreUnreachable(
        worded("The pooler of {where} hands no options on to the server.", where=where),
        worded(
            "Take options out of the address and PGOPTIONS out of the environment; what they set, "
            "set for the user: ALTER ROLE … SET …."
        ),
    )


def _warnings_of(tx: Connection) -> list[str]:
    """Where the server's warnings of this transaction's COMMIT will be: it warns of nothing else."""
    warnings: list[str] = tx.connection.info.get(WARNINGS, [])
    warnings.clear()
    return warnings


def _refuse_half_safe(warnings: list[str]) -> None:
    if warnings:
        raise StoreHalfSafe(
            worded("Saved on one machine only: {warning}.", warning=visible(warnings[-1])),
            worded("Do not do it again, it is in the store. Tell who runs the server that its standby is away."),
        )


def _was_cut(error: StoreError) -> bool:
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and (is_connection_lost(cause) or cause.connection_invalidated)


def _note_act(tx: Connection, act_id: str, at: str) -> bool:
    """Write down that an act is done; False where it was written before."""
    return bool(_NOTE_ACT.changed(tx, {"act_id": act_id, "at": at}))


def _may_pass(error: DBAPIError | ConcurrencyConflict) -> bool:
    """Did another writer come between, so that the same act may end otherwise when it is run again?"""
    if isinstance(error, ConcurrencyConflict | IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", None) in _RETRIED


def file_of(url: str) -> Path | None:
    """The file of a store's address; None for a server.

    Raises:
        StoreUnreachable: it is no address of a store.
    """
    return _path_of(url)
