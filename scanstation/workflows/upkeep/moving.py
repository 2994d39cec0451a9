"""A store moves to another database: `db copy`, and the rights that its users of a server need: `db roles`."""

from collections.abc import Callable

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.language import worded
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.store_errors import NotAStore, StoreMissing, StoreUnreachable
from scanstation.site_key import SiteKey
from scanstation.store import schema, stations, transfer, upkeep
from scanstation.store.store import Store, create_store, open_store
from scanstation.store.transfer import RowsDone
from scanstation.workflows.site import Site, nobodys
from scanstation.workflows.upkeep.station_names import is_live, this_terminal


def copy(url: str, to: str, rows_done: RowsDone, site_of: Callable[[Store], Site] = nobodys) -> Done | Refused:
    """Copy a store to another address, where there is none yet or an empty one; verified before it counts.

    `site_of` says on whose behalf a store is used: whoever may make backups may do this.

    Raises:
        StoreError: either store is missing, not ours or out of reach.
    """
    source = open_store(url)
    try:
        if refusal := site_of(source).may(Deed.BACK_UP):
            return refusal
        if reasons := _in_the_way(source):
            return Refused(reasons)
        target = _target(to, source.site_key)
        if isinstance(target, Refused):
            return target
        try:
            return _copied(source, target, rows_done)
        finally:
            target.close()
    finally:
        source.close()


def _in_the_way(source: Store) -> tuple[Reason, ...]:
    """Faults, which would be copied, and stations that work: what they scan from now on would be lost."""
    with source.read() as tx:
        live = [one for one in stations.all_sessions(tx) if is_live(one, this_terminal(), source.clock())]
    if live:
        names = ", ".join(visible(one.station) for one in live)
        return (say.stations_are_open(names),)
    return tuple(Reason(finding.name, finding.text) for finding in upkeep.findings(source))


def _target(to: str, key: SiteKey | None) -> Store | Refused:
    try:
        target = open_store(to)
    except (StoreMissing, NotAStore):
        return create_store(to, key=key)  # which refuses a place where something else is
    if transfer.is_empty(target):
        return target
    target.close()
    return say.target_is_not_empty(where=target.where)


def _copied(source: Store, target: Store, rows_done: RowsDone) -> Done | Refused:
    if target.where == source.where:
        return say.same_store()
    try:
        rows = transfer.copy(source, target, rows_done)
    except transfer.NotTheSame as error:
        return say.copy_differs(difference=error.args[0])
    if found := upkeep.findings(target):
        return Refused(tuple(Reason(finding.name, finding.text) for finding in found))
    inside = upkeep.contents(target)
    return say.store_copied(rows, source.where, target.where, inside.units)


def roles(url: str, role: str) -> str | Refused:
    """The SQL that lets a user of the server run stations, and no more: no change of events, none of the schema.

    A store that is a file has no users: refused.

    Raises:
        StoreError: it is missing, not ours or out of reach.
    """
    store = open_store(url)
    try:
        if store.path is not None:
            no_users = StoreUnreachable(
                worded(
                    "{where} is a file, which has no users: who may write the file may do everything.",
                    where=store.where,
                ),
                worded("Give the file a group and mode 0660 for those who run stations."),
            )
            return say.store_refuses("no-users", no_users)
        with store.read() as tx:
            return "\n".join(schema.grants(tx, role)) + "\n"
    finally:
        store.close()
