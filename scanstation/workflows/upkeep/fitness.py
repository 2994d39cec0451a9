"""Is the store fit for scanning: what `doctor` says of it, by quick looks; `db check` looks into everything."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanstation.domain.codes import shorten, visible
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
_SET_RIGHT = "Set it right: timedatectl set-ntp true."


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
    text = f"{where}: {inside.orders:,} orders, {inside.units:,} units with serials, schema {SCHEMA}."
    return Looked(Tone.OK, "store", text)


def _invariants(store: Store) -> Iterator[Looked]:
    findings = upkeep.quick_findings(store)
    for finding in findings[:_NAMED]:
        mend = "Stop scanning; `scanstation db check` names all that does not agree."
        yield Looked(Tone.STOP, "invariants", f"{finding.text} {mend}")
    if not findings:
        text = (
            "Tables and guards are as ScanStation makes them, and lines and open work agree. `db check` looks at all."
        )
        yield Looked(Tone.OK, "invariants", text)


def _record(store: Store) -> Iterator[Looked]:
    """The newest of what was sealed, and whether this host can prove it."""
    looked = upkeep.look_at_record(store, _NEWEST_LINKS)
    for finding in looked.findings:
        mend = "Somebody has changed the store by hand: ask who, and run `scanstation db check`."
        yield Looked(Tone.STOP, "record", f"{finding.text} {mend}")
    for note in looked.notes:
        yield Looked(Tone.CHECK, "record", note)
    if not looked.findings:
        upkeep.keep_heads(store, looked.heads)
        if not looked.notes:
            yield Looked(Tone.OK, "record", "What was done last is as it was sealed. `db check` looks at all of it.")


# A file


def of_file(state: FileState) -> Iterator[Looked]:
    """What is to be said of a store in a file."""
    yield _file_rights(state)
    yield _journal(state)
    kind = state.file_system or "unknown"
    if kind in _IN_MEMORY:
        text = f"The store is on {kind}, which is in memory: a power cut takes all of it. Keep it on a disk."
        yield Looked(Tone.STOP, "file system", text)
    else:
        yield Looked(Tone.OK, "file system", f"The store is on {kind}.")
    room = f"The disk of the store has {state.free / 1e6:,.0f} MB left."
    if state.free < _LITTLE_ROOM:
        yield Looked(Tone.STOP if state.free < _NO_ROOM else Tone.CHECK, "free disk", f"{room} Make room on it.")
    else:
        yield Looked(Tone.OK, "free disk", room)


def _file_rights(state: FileState) -> Looked:
    text = f"This user may write the store and its folder; its mode is {state.mode:04o}."
    if state.mode & stat.S_IWOTH:
        return Looked(Tone.CHECK, "rights", f"{text} Every user of this machine may write it: chmod o-rwx.")
    return Looked(Tone.OK, "rights", text)


def _journal(state: FileState) -> Looked:
    text = f"SQLite {state.library}, journal mode {state.journal}"
    if state.journal == "wal" and state.has_reset_bug:
        mend = "Close all stations and start them again, which changes the journal"
        return Looked(Tone.STOP, "journal", f"{text}: this SQLite can damage a store in that mode. {mend}.")
    if state.has_reset_bug:
        mend = "Install the pysqlite3 wheel, where there is one for this platform"
        return Looked(Tone.CHECK, "journal", f"{text}: slower, because this SQLite has the WAL bug. {mend}.")
    return Looked(Tone.OK, "journal", f"{text}, each act synced to the disk.")


# A server


def of_server(state: ServerState) -> Iterator[Looked]:
    """What is to be said of a store on a server."""
    yield Looked(Tone.OK, "rights", "This user has all rights that a station needs.")
    server = f"PostgreSQL {state.version}"
    if state.switched_off:
        names = ", ".join(state.switched_off)
        mend = "Switch it on in postgresql.conf, or with ALTER SYSTEM"
        yield Looked(Tone.STOP, "server", f"{server} has {names} off: a power cut takes what was saved. {mend}.")
    else:
        yield Looked(Tone.OK, "server", f"{server} syncs each act to its disk. Ask who runs it for its room and files.")
    yield _standby(state)
    if state.is_pooled:
        text = "A pooler stands between this station and the server: session and transaction mode work."
    else:
        text = "None: the station is connected to the server itself."
    yield Looked(Tone.OK, "pooler", text)
    yield _clocks(state.ahead_s)


def _standby(state: ServerState) -> Looked:
    if state.is_standby:
        text = "This server is a standby and takes no scans. Name all hosts in the address, with "
        return Looked(Tone.STOP, "standby", f"{text}target_session_attrs=read-write.")
    if state.standbys_wanted and not state.standbys:
        text = f"The server waits for a standby ({visible(state.standbys_wanted)}) and none is connected: no act ends."
        return Looked(Tone.STOP, "standby", f"{text} Start the standby, or take it out of synchronous_standby_names.")
    if state.standbys_wanted:
        return Looked(Tone.OK, "standby", f"Each act is on a second machine ({visible(state.standbys_wanted)}).")
    if state.standbys:
        text = f"{state.standbys} connected, and no act waits for it: what was saved last may be lost with the server."
        return Looked(Tone.CHECK, "standby", f"{text} Set synchronous_standby_names for two machines.")
    return Looked(Tone.OK, "standby", "None: the store is on one machine, and its backups are what is left of it.")


# Clocks


def _clocks(ahead_s: float) -> Looked:
    if abs(ahead_s) <= _CLOCKS_AGREE_S:
        return Looked(Tone.OK, "clocks", "This machine's clock and the server's agree. Times are the server's.")
    by = timedelta(seconds=round(abs(ahead_s)))
    text = (
        f"This machine's clock is {by} {'behind' if ahead_s > 0 else 'before'} the server's, whose times are recorded."
    )
    return Looked(Tone.CHECK, "clocks", f"{text} {_SET_RIGHT}")


def _last_event(store: Store) -> Iterator[Looked]:
    last, now = upkeep.contents(store).last_event, store.clock()
    if last is not None and datetime.fromisoformat(last) - now > timedelta(seconds=_CLOCKS_AGREE_S):
        text = f"The last event is of {local_time(last, now)}, and now it is {now.astimezone():%d %b %Y %H:%M}."
        yield Looked(Tone.CHECK, "clocks", f"{text} A clock was set back, or had been wrong. {_SET_RIGHT}")
    elif store.path:
        yield Looked(Tone.OK, "clocks", "Nothing in the store is of a time to come. Times are this machine's.")


def _unreadable_patterns(store: Store) -> list[Looked]:
    """Serial patterns that cannot be used. The station saves none; another program or an older version may have."""
    bad_patterns = [
        Looked(
            Tone.CHECK,
            "pattern",
            f"{visible(one.sku)} of {visible(one.client)}: its {one.kind.value} serial pattern "
            f"{shorten(one.pattern)} {wrong}. Until it is corrected, on the products screen or by loading the product "
            "again, no new serial fits it.",
        )
        for one in upkeep.serial_patterns(store)
        if (wrong := serial_pattern.refusal(one.pattern))
    ]
    few, more = bad_patterns[:_NAMED], len(bad_patterns) - _NAMED
    if more > 0:
        few.append(Looked(Tone.CHECK, "pattern", f"… and {more:,} more such patterns."))
    return few
