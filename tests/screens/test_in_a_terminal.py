"""The whole station in a real terminal: scans at a scanner's speed, typing at a person's, and every way to end."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from scanstation.store import stations, works
from scanstation.workflows.site import Site
from tests.screens.in_a_terminal import station
from tests.screens.rig import THREE_CAMERAS, station_app, stock
from tests.terminal import Terminal


@pytest.fixture
def terminal(site: Site) -> Iterator[Terminal]:
    stock(site)
    with station(site) as running:
        running.wait_for("Scan an order or a serial number")
        yield running


def test_scans_are_answered_and_never_typed(terminal: Terminal) -> None:
    terminal.scan("N-1003")
    terminal.wait_for("OK")
    for code in THREE_CAMERAS:
        terminal.scan(code)
    terminal.wait_for("SN-0003 + LENS-77203 → CAM-300, 3 of 10.")
    assert terminal.row_of("Scan a product of N-1003") == 19


def test_a_person_types_a_code(terminal: Terminal) -> None:
    terminal.type("N-1003")
    terminal.press("enter")
    terminal.wait_for("N-1003 is open")


def test_ctrl_q_only_asks(terminal: Terminal) -> None:
    for key, code in (("ctrl+q", "N-1003"), ("ctrl+c", "N-1004")):
        terminal.press(key)
        terminal.wait_for("Close this station?")
        terminal.scan(code)
        terminal.wait_for(lambda here, code=code: f"{code} was not kept" in here.text)  # type: ignore[misc]
        terminal.press("n")
        terminal.wait_for(lambda here: "Close this station?" not in here.text)
        terminal.pause(0.4)  # a scan right after a typed key might be the tail of a cut one, and is refused
    terminal.press("ctrl+q")
    terminal.wait_for("Close this station?")
    terminal.scan("SS-YES")
    assert terminal.wait_exit() == 0


def test_control_keys_inside_a_code_are_refused(terminal: Terminal) -> None:
    terminal.scan("AB\x11CD1234")
    terminal.wait_for("contains control keys")
    assert "Close this station?" not in terminal.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_tidily(site: Site, terminal: Terminal, number: signal.Signals) -> None:
    terminal.scan("N-1003")
    terminal.wait_for("N-1003 is open")
    terminal.kill(number)
    assert terminal.wait_exit() == 0
    assert "Traceback" not in terminal.raw_output.decode()
    with site.store.read() as tx:
        assert stations.holder(tx, "dock-2") is None


def test_what_ends_it_twice_waits_no_longer_than_once(site: Site) -> None:
    """A closed window is SIGHUP and the end of the input."""

    async def run() -> None:
        app = station_app(site)
        async with app.run_test():
            await app.on_exit_app()
            with pytest.raises(StopIteration):  # at its end without having waited for anything
                app.on_exit_app().send(None)
        app.close()

    asyncio.run(run())


def test_a_closed_window_ends_it_and_keeps_the_work(site: Site, terminal: Terminal) -> None:
    terminal.scan("N-1003")
    terminal.wait_for("N-1003 is open")
    terminal.scan("BAT-100")
    terminal.wait_for("1 of 40")
    terminal.hang_up()
    terminal.wait_exit()
    with site.store.read() as tx:
        assert works.open_at(tx, "dock-2")[0].pieces == 1
        assert stations.holder(tx, "dock-2") is None


def test_a_second_terminal_of_the_same_name_is_told_and_offered_another(site: Site, terminal: Terminal) -> None:
    with station(site) as second:
        second.wait_for("dock-2 is open in another terminal here")
        assert "Open this one as dock-2-2?" in " ".join(second.text.replace("│", "").split())
        second.press("y")
        second.wait_for("dock-2-2 ·")
    with station(site) as third:
        third.wait_for("Question")
        third.press("n")
        assert third.wait_exit() == 1


def test_a_killed_station_does_not_keep_its_name(site: Site, terminal: Terminal) -> None:
    terminal.kill(signal.SIGKILL)
    terminal.wait_exit()
    with station(site, "N-1003") as again:
        again.wait_for("N-1003 is open")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (40, 20)])
def test_sixteen_colours_are_enough(site: Site, columns: int, rows: int) -> None:
    stock(site)
    with station(site, "N-1003", columns=columns, rows=rows, TERM="linux", COLORTERM="") as terminal:
        terminal.wait_for("N-1003 is open")
        terminal.scan("CAM-300")
        terminal.wait_for("Primary serial")
        bar = next(row for row, line in enumerate(terminal.lines) if " OK " in line)
        cell = terminal.cell(bar, 1)
        assert (cell.fg, cell.bg) == ("black", "green")
        assert not cell.bold, "bold black is grey on the Linux console"
        marked = terminal.style_of("▶")
        assert (marked.fg, marked.bg) == ("brightwhite", "blue")


def test_the_name_is_given_back_at_the_end(site: Site, terminal: Terminal) -> None:
    with site.store.read() as tx:
        holder = stations.holder(tx, "dock-2")
        assert holder is not None
        assert holder.pid == terminal.pid
    terminal.press("escape")
    terminal.wait_for("Close this station?")
    terminal.press("y")
    assert terminal.wait_exit() == 0
    with site.store.read() as tx:
        assert stations.holder(tx, "dock-2") is None
