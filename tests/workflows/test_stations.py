"""A station's name is live in one terminal at a time (RULES 2.4)."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

from scanstation.store import stations as sessions
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.station_names import (
    STALE_AFTER,
    NameTaken,
    Terminal,
    beat,
    claim,
    claim_any,
    release,
    this_terminal,
)
from tests.conftest import Clock

HERE = this_terminal()
ELSEWHERE = Terminal("bench-host", 4711, "1000.00")


def test_a_free_name_is_taken_and_given_back(site: Site) -> None:
    assert claim(site, HERE) == site
    assert _holder(site) == (HERE.host, os.getpid())
    release(site, HERE)
    assert _holder(site) is None


def test_the_same_terminal_may_take_its_name_again(site: Site) -> None:
    claim(site, HERE)
    assert claim(site, HERE) == site


def test_a_name_whose_process_is_there_is_taken(site: Site) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        _live_in(site, _terminal_of(other.pid))
        answer = claim(site, HERE)
        assert isinstance(answer, NameTaken)
        assert answer.offered == "dock-2-2"
        assert answer.text == "dock-2 is open in another terminal here since 09:00, by Ana."
        assert claim_any(site, HERE).station == "dock-2-2"
        assert other.stdin
        other.stdin.write(b"\n")
    assert claim(site, HERE) == site, "the process has ended"


def test_a_process_id_that_was_used_again_is_another_process(site: Site) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        there = _terminal_of(other.pid)
        _live_in(site, replace(there, process_started=f"{float(there.process_started) - 60:.2f}"))
        assert claim(site, HERE) == site
        assert other.stdin
        other.stdin.write(b"\n")


def test_a_terminal_on_another_host_is_live_for_thirty_seconds_after_its_last_sign(site: Site, clock: Clock) -> None:
    _live_in(site, ELSEWHERE)
    clock.moment += STALE_AFTER - timedelta(seconds=1)
    answer = claim(site, HERE)
    assert isinstance(answer, NameTaken)
    assert "on bench-host" in answer.text
    assert beat(site, ELSEWHERE)
    clock.moment += STALE_AFTER - timedelta(seconds=1)
    assert isinstance(claim(site, HERE), NameTaken)
    clock.moment += timedelta(seconds=2)
    assert claim(site, HERE) == site
    assert not beat(site, ELSEWHERE), "its name has gone"


def test_the_first_free_number_is_offered(site: Site) -> None:
    _live_in(site, ELSEWHERE)
    _live_in(site.at_station("dock-2-2"), replace(ELSEWHERE, pid=4712))
    assert claim_any(site, HERE).station == "dock-2-3"


def test_a_name_that_has_gone_is_not_given_back(site: Site) -> None:
    _live_in(site, ELSEWHERE)
    release(site, HERE)
    assert _holder(site) == ("bench-host", 4711)


def _live_in(site: Site, terminal: Terminal) -> None:
    assert claim(site, terminal) == site


def _terminal_of(pid: int) -> Terminal:
    import psutil

    return Terminal(HERE.host, pid, f"{psutil.Process(pid).create_time():.2f}")


def _holder(site: Site) -> tuple[str, int] | None:
    with site.store.read() as tx:
        holder = sessions.holder(tx, site.station)
    return (holder.host, holder.pid) if holder else None
