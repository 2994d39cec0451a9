"""Is the store fit for scanning: what `doctor` says of it, by quick looks; `db check` looks into everything."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import day_and_time, said_later, word, worded
from scanstation.domain.verdict import Tone
from scanstation.store import upkeep
from scanstation.store.schema import SCHEMA
from scanstation.store.store import Store, open_store
from scanstation.store.upkeep import FileState, ServerState
from scanstation.workflows.codes import serial_pattern
from scanstation.workflows.site import local_time

_NAMED = 20
"""So many troubles of one kind are listed one by one."""
_LITTLE_ROOM = 200_000_000
"""Bytes on the store's disk below which somebody should make room: about 100,000 units and a backup of them."""
_NO_ROOM = 20_000_000
_NEWEST_LINKS = 1_000
"""So much of the record a quick look takes in: some days of a dock."""
_IN_MEMORY = ("tmpfs", "ramfs")
_CLOCKS_AGREE_S = 5.0
_SET_RIGHT = said_later("Set it right: timedatectl set-ntp true.")


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing looked at, and how it is: STOP keeps stations from working, or loses what they save."""

    tone: Tone
    what: str
    text: str
    """What was found; where it is not right, with the mend."""


def look(url: str) -> list[Looked]:
    """Look at a store from outside. Changes nothing.

    Raises:
        StoreError: it is missing, not ours, of another version or out of reach.
    """
    store = open_store(url)
    try:
        if lacking := upkeep.lacking_rights(store):
            return [Looked(Tone.STOP, "rights", finding.text) for finding in lacking]
        results = [_contents(store), *_unreadable_patterns(store), *_invariants(store), *_record(store)]
        if store.path:
            results += of_file(upkeep.file_state(store))
        else:
            results += of_server(upkeep.server_state(store))
        return [*results, *_last_event(store)]
    finally:
        store.close()


def _contents(store: Store) -> Looked:
    inside, where = upkeep.contents(store), visible(store.where)
    text = worded(
        "{where}: {orders:,} orders, {units:,} units with serials, schema {schema}.",
        where=where,
        orders=inside.orders,
        units=inside.units,
        schema=SCHEMA,
    )
    return Looked(Tone.OK, "store", text)


def _invariants(store: Store) -> Iterator[Looked]:
    findings = upkeep.quick_findings(store)
    for finding in findings[:_NAMED]:
        mend = worded("Stop scanning; `scanstation db check` names all that does not agree.")
        yield Looked(Tone.STOP, "invariants", worded("{text} {mend}", text=finding.text, mend=mend))
    if not findings:
        text = worded(
            "Tables and guards are as ScanStation makes them, and lines and open work agree. `db check` looks at all."
        )
        yield Looked(Tone.OK, "invariants", text)


def _record(store: Store) -> Iterator[Looked]:
    """The newest of what was sealed, and whether this host can prove it."""
    looked = upkeep.look_at_record(store, _NEWEST_LINKS)
    for finding in looked.findings:
        mend = worded("Somebody has changed the store by hand: ask who, and run `scanstation db check`.")
        yield Looked(Tone.STOP, "record", worded("{text} {mend}", text=finding.text, mend=mend))
    for note in looked.notes:
        yield Looked(Tone.CHECK, "record", note)
    if not looked.findings:
        upkeep.keep_heads(store, looked.heads)
        if not looked.notes:
            yield Looked(
                Tone.OK, "record", worded("What was done last is as it was sealed. `db check` looks at all of it.")
            )


# A file


def of_file(state: FileState) -> Iterator[Looked]:
    """What is to be said of a store in a file."""
    yield _file_rights(state)
    yield _journal(state)
    kind = state.file_system or "unknown"
    if kind in _IN_MEMORY:
        text = worded(
            "The store is on {kind}, which is in memory: a power cut takes all of it. Keep it on a disk.", kind=kind
        )
        yield Looked(Tone.STOP, "file system", text)
    else:
        yield Looked(Tone.OK, "file system", worded("The store is on {kind}.", kind=kind))
    room = worded("The disk of the store has {free:,.0f} MB left.", free=state.free / 1e6)
    if state.free < _LITTLE_ROOM:
        yield Looked(
            Tone.STOP if state.free < _NO_ROOM else Tone.CHECK,
            "free disk",
            worded("{room} Make room on it.", room=room),
        )
    else:
        yield Looked(Tone.OK, "free disk", room)


def _file_rights(state: FileState) -> Looked:
    text = worded("This user may write the store and its folder; its mode is {mode:04o}.", mode=state.mode)
    if state.mode & stat.S_IWOTH:
        return Looked(
            Tone.CHECK, "rights", worded("{text} Every user of this machine may write it: chmod o-rwx.", text=text)
        )
    return Looked(Tone.OK, "rights", text)


def _journal(state: FileState) -> Looked:
    text = word("SQLite {library}, journal mode {journal}", library=state.library, journal=state.journal)
    if state.journal == "wal" and state.has_reset_bug:
        return Looked(
            Tone.STOP,
            "journal",
            worded(
                "{text}: this SQLite can damage a store in that mode. Close all stations and start them "
                "again, which changes the journal.",
                text=text,
            ),
        )
    if state.has_reset_bug:
        return Looked(
            Tone.CHECK,
            "journal",
            worded(
                "{text}: slower, because this SQLite has the WAL bug. Install the pysqlite3 wheel, where "
                "there is one for this platform.",
                text=text,
            ),
        )
    return Looked(Tone.OK, "journal", worded("{text}, each act synced to the disk.", text=text))


# A server


def of_server(state: ServerState) -> Iterator[Looked]:
    """What is to be said of a store on a server."""
    yield Looked(Tone.OK, "rights", worded("This user has all rights that a station needs."))
    server = f"PostgreSQL {state.version}"
    if state.switched_off:
        names = ", ".join(state.switched_off)
        yield Looked(
            Tone.STOP,
            "server",
            worded(
                "{server} has {names} off: a power cut takes what was saved. Switch it on in "
                "postgresql.conf, or with ALTER SYSTEM.",
                server=server,
                names=names,
            ),
        )
    else:
        yield Looked(
            Tone.OK,
            "server",
            worded("{server} syncs each act to its disk. Ask who runs it for its room and files.", server=server),
        )
    yield _standby(state)
    if state.is_pooled:
        text = worded("A pooler stands between this station and the server: session and transaction mode work.")
    else:
        text = worded("None: the station is connected to the server itself.")
    yield Looked(Tone.OK, "pooler", text)
    yield _clocks(state.ahead_s)


def _standby(state: ServerState) -> Looked:
    if state.is_standby:
        text = worded(
            "This server is a standby and takes no scans. Name all hosts in the address, with "
            "target_session_attrs=read-write."
        )
        return Looked(Tone.STOP, "standby", text)
    if state.standbys_wanted and not state.standbys:
        wanted = visible(state.standbys_wanted)
        return Looked(
            Tone.STOP,
            "standby",
            worded(
                "The server waits for a standby ({wanted}) and none is connected: no act ends. Start the "
                "standby, or take it out of synchronous_standby_names.",
                wanted=wanted,
            ),
        )
    if state.standbys_wanted:
        return Looked(
            Tone.OK,
            "standby",
            worded("Each act is on a second machine ({wanted}).", wanted=visible(state.standbys_wanted)),
        )
    if state.standbys:
        return Looked(
            Tone.CHECK,
            "standby",
            worded(
                "{standbys} connected, and no act waits for it: what was saved last may be lost with the "
                "server. Set synchronous_standby_names for two machines.",
                standbys=state.standbys,
            ),
        )
    return Looked(
        Tone.OK, "standby", worded("None: the store is on one machine, and its backups are what is left of it.")
    )


# Clocks


def _clocks(ahead_s: float) -> Looked:
    if abs(ahead_s) <= _CLOCKS_AGREE_S:
        return Looked(Tone.OK, "clocks", worded("This machine's clock and the server's agree. Times are the server's."))
    by = timedelta(seconds=round(abs(ahead_s)))
    text = worded(
        "This machine's clock is {by} behind the server's, whose times are recorded."
        if ahead_s > 0
        else "This machine's clock is {by} before the server's, whose times are recorded.",
        by=str(by),
    )
    return Looked(Tone.CHECK, "clocks", worded("{text} {mend}", text=text, mend=word(_SET_RIGHT)))


def _last_event(store: Store) -> Iterator[Looked]:
    last, now = upkeep.contents(store).last_event, store.clock()
    if last is not None and datetime.fromisoformat(last) - now > timedelta(seconds=_CLOCKS_AGREE_S):
        text = worded(
            "The last event is of {last}, and now it is {now}.", last=local_time(last, now), now=day_and_time(now)
        )
        yield Looked(
            Tone.CHECK,
            "clocks",
            worded("{text} A clock was set back, or had been wrong. {mend}", text=text, mend=word(_SET_RIGHT)),
        )
    elif store.path:
        yield Looked(Tone.OK, "clocks", worded("Nothing in the store is of a time to come. Times are this machine's."))


def _unreadable_patterns(store: Store) -> list[Looked]:
    """Serial patterns that cannot be used. The station saves none; another program or an older version may have."""
    bad_patterns = [
        Looked(
            Tone.CHECK,
            "pattern",
            worded(
                "{sku} of {client}: its {kind} serial pattern {pattern} {wrong}. Until it is corrected, on the "
                "products screen or by loading the product again, no new serial fits it.",
                sku=visible(one.sku),
                client=visible(one.client),
                kind=word(one.kind.value),
                pattern=shorten(one.pattern),
                wrong=wrong,
            ),
        )
        for one in upkeep.serial_patterns(store)
        if (wrong := serial_pattern.refusal(one.pattern))
    ]
    few, more = bad_patterns[:_NAMED], len(bad_patterns) - _NAMED
    if more > 0:
        few.append(Looked(Tone.CHECK, "pattern", worded("… and {more:,} more such patterns.", more=more)))
    return few
