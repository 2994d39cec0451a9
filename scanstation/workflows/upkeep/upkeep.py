"""What a supervisor does to the store as a whole: making, upgrading, checking, backing up, restoring it."""

import shlex
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import word, worded
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.store_errors import NotAStore, StoreBusy, StoreError, StoreMissing, StoreTampered
from scanstation.site_key import SiteKey
from scanstation.store import copies, server_copies, upkeep
from scanstation.store.engine import server_address
from scanstation.store.known_paths import forget, remember
from scanstation.store.schema import SCHEMA, StoreFinding
from scanstation.store.store import Store, create_store, file_of, newer, open_for_upkeep
from scanstation.workflows.site import Site, local_time, nobodys

_NAMED = 20
"""So many troubles of one kind are listed one by one."""


def create(url: str, key: SiteKey | None = None) -> Done | Refused:
    """Make a new store at an address where none has been, with a key of its own where none is given.

    Raises:
        StoreError: something else is there, a store used to be there, or the place is out of reach.
    """
    try:
        there = open_for_upkeep(url)
    except (StoreMissing, NotAStore):
        pass  # `create_store` tells an empty place from one with something else in it
    else:
        there.close()
        return say.store_is_there(where=_name(there))
    store = create_store(url, key=key)
    store.close()
    return say.store_is_made(_name(store))


def upgrade(url: str) -> Done:
    """Bring a store of an older version to this one; a file is copied before.

    Refused while stations that would not notice it have the store open: they would go on, and nothing would seal
    what they write.

    Raises:
        StoreError: it is of a newer version, missing, out of reach or in use.
    """
    store = open_for_upkeep(url)
    try:
        schema = upkeep.schema_of(store)
        if schema == SCHEMA:
            return say.store_is_up_to_date(_name(store), SCHEMA)
        if schema > SCHEMA:
            raise newer(store, schema)
        before = ""
        if store.path:
            store.engine.dispose()
            copies.settle(store.path)
            copy = _dated(store.path, f"before-upgrade-from-{schema}", store.clock())
            copies.copy_to(store.path, copy)
            before = str(copy)
        upkeep.migrate(store)
        return say.store_upgraded(_name(store), schema, SCHEMA, before)
    finally:
        store.close()


def check(url: str) -> Done | Refused:
    """Look whether everything in a store agrees; a refusal names all that does not. Changes nothing.

    A file may stand where nothing can be written.

    Raises:
        StoreError: it is missing, not ours or out of reach.
    """
    store = open_for_upkeep(url, only_to_read=True)
    try:
        # What may not be read cannot be checked.
        looked = upkeep.Looked(upkeep.lacking_rights(store))
        if not looked.findings:
            looked = upkeep.look_through(store)
        if looked.findings:
            return Refused(tuple(Reason(finding.name, finding.text) for finding in looked.findings))
        upkeep.keep_heads(store, looked.heads)
        inside = upkeep.contents(store)
        last = local_time(inside.last_event, store.clock()) if inside.last_event else ""
        pages = [] if store.path else [say.server_has_the_files()]
        return say.no_fault_found(_name(store), inside.orders, inside.units, last, [*pages, *_sealed(looked)])
    finally:
        store.close()


def _sealed(looked: upkeep.Looked) -> list[str]:
    """What is to be said of a record in which no fault was found."""
    heads = ", ".join(
        f"{visible(head.station) or 'the store'} {head.number} {head.digest[:12]}" for head in looked.heads
    )
    return [*looked.notes, say.newest_links(heads)] if heads else looked.notes


def backup(url: str, path: Path, site_of: Callable[[Store], Site] = nobodys) -> Done | Refused:
    """Copy a store to a file, while stations work; the copy is read through before it counts.

    Args:
        url: the store's address.
        path: where nothing is yet.
        site_of: on whose behalf a store is used.

    Raises:
        StoreError: the store is missing, damaged or out of reach, or there is no room.
        UnwritableFile: there is no such folder.
    """
    is_on_server = file_of(url) is None
    if is_on_server and server_copies.lacking_tool():
        return _use_the_servers_tools(url, path)
    store = open_for_upkeep(url)
    faults: list[StoreFinding] = []
    try:
        if refusal := _not_allowed(site_of(store), Deed.BACK_UP):
            return refusal
        if path.exists():
            return _occupied(path)
        _refuse_folder(path)
        if store.path is None:
            server_copies.dump_to(url, path)
        else:
            copies.copy_to(store.path, path, lambda part: faults.extend(copies.findings_in(part)))
        inside = upkeep.contents(store)
    except FileExistsError:
        return _occupied(path)
    finally:
        store.close()
    size = path.stat().st_size / 1_000_000
    address = shlex.quote(server_address(url)) if is_on_server else ""
    put_back = say.put_back_by(shlex.quote(str(path)), address)
    notes = [*put_back, *(say.backup_has_it_too(fault.text) for fault in faults[:_NAMED])]
    return say.backed_up(str(path), _name(store), size, inside.orders, inside.units, notes)


def what_restoring_replaces(url: str) -> str:
    """What a supervisor must know before a restore; empty where no sound store is."""
    try:
        store = open_for_upkeep(url)
    except StoreError:
        return ""
    try:
        inside = upkeep.contents(store)
        last = local_time(inside.last_event, store.clock()) if inside.last_event else word("never")
        return worded(
            "{store} has {units:,} units with serials, last changed {last}; it will be moved aside. What "
            "happened since the backup is not in the backup.",
            store=_name(store),
            units=inside.units,
            last=last,
        )
    except StoreError:
        return ""
    finally:
        store.close()


def restore(url: str, path: Path, site_of: Callable[[Store], Site] = nobodys) -> Done | Refused:
    """Put a backup where the store was. What is there is moved aside, never deleted.

    Refused while a station has the store open, and where the backup is damaged or of a newer version. Who may is asked
    of the store that is there: where none is, or none that can be opened, of nobody.

    Raises:
        StoreError: there is no room, or no right.
    """
    target = file_of(url)
    if target is None:
        return _use_the_servers_tools(url, path)
    if target.exists() and target.samefile(path):
        return say.store_is_no_backup(file_name=str(path))
    try:
        schema = copies.schema_of_copy(path)
    except (NotAStore, StoreTampered) as error:
        return say.store_refuses("bad-backup", error)
    if schema > SCHEMA:
        return say.newer_backup(file_name=str(path), schema=schema, known=SCHEMA)
    if refusal := _may_not_replace(url, site_of):
        return refusal
    _refuse_folder(target)
    aside = _dated(target, "before-restore", datetime.now().astimezone())
    try:
        was_there = copies.put_back(path, target, aside)
    except StoreBusy as error:
        return say.store_refuses("in-use", error)
    remember(target)
    if schema == SCHEMA:
        store = open_for_upkeep(url)
        upkeep.forget_heads(store)  # it ends before what was seen of it
        store.close()
    return say.restored(str(target), str(path), str(aside) if was_there else "", is_older=schema < SCHEMA)


def _may_not_replace(url: str, site_of: Callable[[Store], Site]) -> Refused | None:
    try:
        store = open_for_upkeep(url)
    except StoreError:
        return None  # what is put back is the way out
    try:
        return _not_allowed(site_of(store), Deed.RESTORE)
    finally:
        store.close()


def _not_allowed(site: Site, deed: Deed) -> Refused | None:
    """Why somebody may not; one of another version, whose operators cannot be read, refuses nobody."""
    return site.may(deed) if upkeep.schema_of(site.store) == SCHEMA else None


def throw_away(path: Path) -> SiteKey | None:
    """Delete a store for good, and forget that it was there: for the example.

    Returns its key, where this host has it: for the store that takes its place. A copy of this one may have it too.

    Raises:
        StoreBusy: a station has it open.
    """
    key = None
    with suppress(StoreError):
        store = open_for_upkeep(f"sqlite:///{path}")
        key = store.site_key
        store.close()
    copies.throw_away(path)
    forget(path)
    return key


def _use_the_servers_tools(url: str, path: Path) -> Refused:
    address, file = shlex.quote(server_address(url)), shlex.quote(str(path))
    return say.server_has_its_tools(file=file, address=address)


def _occupied(path: Path) -> Refused:
    return say.file_is_there(file_name=str(path))


def _refuse_folder(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise UnwritableFile(
            worded("There is no folder {folder}.", folder=visible(str(path.absolute().parent))),
            worded("Make the folder first."),
        )


def _dated(path: Path, what: str, now: datetime) -> Path:
    """A name beside a file that says what it was kept for and when, and that nothing has yet."""
    stem = f"{path.stem}.{what}.{now.astimezone():%Y-%m-%d-%H%M%S}"
    free_path, number = path.with_name(f"{stem}{path.suffix}"), 1
    while free_path.exists():
        number += 1
        free_path = path.with_name(f"{stem}-{number}{path.suffix}")
    return free_path


def _name(store: Store) -> str:
    return visible(store.where)
