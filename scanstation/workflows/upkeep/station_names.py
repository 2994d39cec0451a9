"""A station's name is live in one terminal at a time (RULES 2.4)."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import psutil

from scanstation.domain.codes import visible
from scanstation.domain.language import word, worded
from scanstation.domain.sessions import Session
from scanstation.store import stations
from scanstation.store.store import Transaction, timestamp
from scanstation.workflows.site import Site, local_time

STALE_AFTER = timedelta(seconds=30)
"""A terminal on another host that has given no sign of life for so long is taken for gone."""
_ACTS_ARE_ASKED_FOR = timedelta(days=2)
"""After a lost answer, by a station that waits for its server."""
BEAT_EVERY_S = 10.0
"""Three signs of life fit into the time after which a station is taken for gone."""
_SAME_START_S = 2.0
"""A system's answer to when a process began moves a little when its clock is set right."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A process that a station runs in."""

    host: str
    pid: int
    process_started: str
    """Seconds since 1970, as the system reports it; a process id is used again."""


@dataclass(frozen=True, slots=True)
class NameTaken:
    """Another terminal lives under the name."""

    station: str
    text: str
    """Where, since when and by whom."""
    offered: str
    """A name that is free."""


def this_terminal() -> Terminal:
    """The terminal that this process is."""
    return Terminal(socket.gethostname(), os.getpid(), f"{psutil.Process().create_time():.2f}")


def claim(site: Site, terminal: Terminal) -> Site | NameTaken:
    """Take the site's station name for this terminal, unless another one lives under it."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Site | NameTaken:
        holder = stations.holder(tx, site.station)
        if holder and is_live(holder, terminal, site.store.clock()):
            offered = _free_name(tx, site, terminal)
            return NameTaken(site.station, _holder_text(holder, terminal, site.store.clock()), offered)
        stations.claim(
            tx,
            Session(
                station=site.station,
                operator=site.operator,
                host=terminal.host,
                pid=terminal.pid,
                process_started=terminal.process_started,
                started_at=stamp.at,
                seen_at=stamp.at,
            ),
        )
        stations.forget_acts(tx, timestamp(site.store.clock() - _ACTS_ARE_ASKED_FOR))
        return site

    return site.store.act(act)


def claim_any(site: Site, terminal: Terminal) -> Site:
    """Take the station's name, or the next free one: `dock-2`, `dock-2-2`, `dock-2-3`."""
    answer = claim(site, terminal)
    while isinstance(answer, NameTaken):
        # Another terminal may take the offered name a moment before this one does.
        answer = claim(site.at_station(answer.offered), terminal)
    return answer


def beat(site: Site, terminal: Terminal) -> bool:
    """Give a sign of life; False when the name has gone to another terminal meanwhile."""
    at = site.store.now()

    def act(tx: Transaction) -> bool:
        holder = stations.holder(tx, site.station)
        if holder is None or not _is(holder, terminal):
            return False
        stations.beat(tx, site.station, at)
        return True

    return site.store.act(act)


def release(site: Site, terminal: Terminal) -> None:
    """Give the name back, if this terminal still has it."""

    def act(tx: Transaction) -> None:
        holder = stations.holder(tx, site.station)
        if holder and _is(holder, terminal):
            stations.release(tx, site.station)

    site.store.act(act)


def is_live(holder: Session, asking: Terminal, now: datetime) -> bool:
    """Does somebody else live under a name that `asking` wants?"""
    if _is(holder, asking):
        return False
    if holder.host != asking.host:
        return now - datetime.fromisoformat(holder.seen_at) < STALE_AFTER
    try:
        started = psutil.Process(holder.pid).create_time()
    except psutil.NoSuchProcess:
        return False
    return abs(started - float(holder.process_started)) < _SAME_START_S


def _is(holder: Session, terminal: Terminal) -> bool:
    return (holder.host, holder.pid, holder.process_started) == (
        terminal.host,
        terminal.pid,
        terminal.process_started,
    )


def _free_name(tx: Transaction, site: Site, terminal: Terminal) -> str:
    for number in count(2):
        name = f"{site.station}-{number}"
        holder = stations.holder(tx, name)
        if holder is None or not is_live(holder, terminal, site.store.clock()):
            return name
    raise AssertionError("numbers do not end")


def _holder_text(holder: Session, terminal: Terminal, now: datetime) -> str:
    where = (
        word("in another terminal here")
        if holder.host == terminal.host
        else word("on {host}", host=visible(holder.host))
    )
    since = local_time(holder.started_at, now)
    return worded(
        "{station} is open {where} since {since}, by {operator}.",
        station=visible(holder.station),
        where=where,
        since=since,
        operator=visible(holder.operator),
    )
