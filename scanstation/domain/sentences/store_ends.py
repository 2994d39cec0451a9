"""How an act on the store as a whole ends, and on what is handed over to another program."""

from collections.abc import Iterable

from scanstation.domain.codes import visible
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts

_DONE = Texts(
    {
        "made": "There is a new store at {store}.",
        "up-to-date": "The store {store} is up to date (schema {schema}). Nothing was changed.",
        "upgraded": "The store {store} went from schema {before} to {schema}.",
        "checked": "No fault found in {store}: {orders:,} orders, {units:,} units with serials.",
        "checked/last": "No fault found in {store}: {orders:,} orders, {units:,} units with serials, "
        "last changed {last}.",
        "backed-up": "{path} is a backup of {store}: {size:,.1f} MB, {orders:,} orders, {units:,} units with serials.",
        "restored": "{path} is as it was in {backup}.",
        "copied": "{rows} copied from {store} to {target}, compared one by one: {units}.",
        "tried-again": "{messages} will be tried again by `scanstation handover run`.",
        "dropped": "{messages} dropped. What waited behind goes on.",
    }
)
_PARTS = Texts(
    {
        "before": "As it was before: {path}",
        "server-files": "The server looks after its own files: ask its administrator about them.",
        "newest-links": "Newest links, for your own list: {heads}.",
        "put-back": "Put it back with: scanstation db restore {file}",
        "put-back/server": "Put it back with: pg_restore --clean --if-exists --single-transaction --dbname={address} "
        "{file}",
        "read-through": "It was read through by pg_restore; whether all in it agrees, `scanstation db check` says of "
        "the store.",
        "fault-too": "A fault that the store has, and so its backup: {fault}",
        "aside": "What was there before is kept as {path}",
        "older": "It is of an older ScanStation: now run `scanstation db upgrade`.",
        "new-address": "Set the new address in config.toml of every station; the old store stays as it is.",
    }
)


def store_is_made(store: str) -> Done:
    """A new store."""
    return _DONE.done("made", store=store)


def store_is_up_to_date(store: str, schema: str) -> Done:
    """Nothing to upgrade."""
    return _DONE.done("up-to-date", store=store, schema=schema)


def store_upgraded(store: str, before: str, schema: str, copy: str) -> Done:
    """A store of this version now; where the copy of the one before is, if there is one."""
    notes = [_PARTS("before", path=copy)] if copy else []
    return _DONE.done("upgraded", notes, store=store, before=before, schema=schema)


def no_fault_found(store: str, orders: int, units: int, last: str, notes: Iterable[str]) -> Done:
    """Everything in a store agrees."""
    if last:
        return _DONE.done("checked/last", notes, store=store, orders=orders, units=units, last=last)
    return _DONE.done("checked", notes, store=store, orders=orders, units=units)


def server_has_the_files() -> str:
    """A note: only a file of ours is read through."""
    return _PARTS("server-files")


def newest_links(heads: str) -> str:
    """A note: how far the record goes."""
    return _PARTS("newest-links", heads=heads)


def backed_up(path: str, store: str, size: float, orders: int, units: int, notes: Iterable[str]) -> Done:
    """A backup that was read through."""
    return _DONE.done("backed-up", notes, path=visible(path), store=store, size=size, orders=orders, units=units)


def put_back_by(file: str, address: str = "") -> list[str]:
    """Notes: the command that puts a backup back, by the server's own tools where it has an address."""
    if not address:
        return [_PARTS("put-back", file=file)]
    return [_PARTS("read-through"), _PARTS("put-back/server", address=address, file=file)]


def backup_has_it_too(fault: str) -> str:
    """A note: the store was not sound."""
    return _PARTS("fault-too", fault=fault)


def restored(path: str, backup: str, aside: str, *, is_older: bool) -> Done:
    """A backup is the store; where what was there before is."""
    notes = [_PARTS("aside", path=visible(aside))] if aside else []
    notes += [_PARTS("older")] if is_older else []
    return _DONE.done("restored", notes, path=visible(path), backup=visible(backup))


def store_copied(rows: int, store: str, target: str, units: int) -> Done:
    """A store is in another database too."""
    copied, has = counted(rows, "row"), counted(units, "unit")
    return _DONE.done("copied", (_PARTS("new-address"),), rows=copied, store=store, target=target, units=has)


def tried_again(count: int) -> Done:
    """Messages that were refused go once more."""
    return _DONE.done("tried-again", messages=counted(count, "message"))


def messages_dropped(count: int) -> Done:
    """Messages that nobody will take."""
    return _DONE.done("dropped", messages=counted(count, "message"))
