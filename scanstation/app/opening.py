"""Opens the station in this terminal, read by the driver that fits it."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.drivers._writer_thread import WriterThread

from scanstation.app.station_app import Examples, Opening, StationApp
from scanstation.config import Settings
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap
from scanstation.domain.scan import Scan
from scanstation.files import keep_error
from scanstation.logbook import note
from scanstation.processes import keep_memory_together
from scanstation.screens.station import Go, Where

if TYPE_CHECKING:
    from scanstation.workflows.site import Site

_HOME = Go(Where.HOME)


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    """A thread met an error of our own (a scanner's continues); nothing may be printed across the screen."""
    if isinstance(failure.thread, WriterThread) and isinstance(failure.exc_value, OSError):
        return  # the terminal is gone, which the reader of its keys has seen too: the station is ending
    lines = traceback.format_exception(failure.exc_type, failure.exc_value, failure.exc_traceback)
    note("own error", file=keep_error("".join(lines)).name)


def _made_for_this_terminal(settings: Settings, pipe: ScanPipe, tap: Tap) -> Callable[..., StationApp]:
    """The station, reading by the driver of ours where it fits."""
    if settings.ui.driver == "auto" and _has_posix_terminals():
        from scanstation.terminal import scan_driver

        return partial(StationApp, driver_class=scan_driver(pipe, settings.wedge, tap))
    from scanstation.app.portable_app import PortableStationApp

    return PortableStationApp


def _has_posix_terminals() -> bool:
    try:
        import termios  # noqa: F401
    except ImportError:  # Windows
        return False
    return True


def run_station(
    site: Site,
    *,
    settings: Settings,
    first: Go = _HOME,
    alone: bool = False,
    name_from_host: bool = False,
    examples: Examples = (),
    config_file: Path | None = None,
    played: Sequence[Scan] = (),
    opening: Opening | None = None,
) -> int:
    """Open the station in this terminal; the process's exit status.

    Args:
        site: the open store, and on whose behalf it is used.
        settings: config.toml.
        first: the screen to open on, and with what.
        alone: there is no other screen; the station ends where that one is left.
        name_from_host: nobody chose the station's name; where it is taken, the next free one is.
        examples: codes to try and what they are, shown on Home in the demo.
        config_file: the config.toml that `settings` came from, if any.
        played: scans of a trace, answered before any other.
        opening: opens the store, where `site` has none yet, and says which screen comes first; `first` stands for it.

    Raises:
        StoreError: it could not be opened.
        NothingToOpen: it holds nothing of what was wanted first.
        UnfitTerminal: nothing here can read the keyboard.
    """
    keep_memory_together()
    pipe, tap = ScanPipe(), Tap()
    for scan in played:
        pipe.put(scan)
    app = _made_for_this_terminal(settings, pipe, tap)(
        site,
        settings,
        first=first,
        alone=alone,
        name_from_host=name_from_host,
        examples=examples,
        config_file=config_file,
        pipe=pipe,
        tap=tap,
        opening=opening,
    )
    threading.excepthook = _thread_failed
    try:
        # The mouse stays the terminal's: codes can be marked and copied, and no code can press anything.
        app.run(mouse=False)
    finally:
        app.close()
    if app.not_opened is not None:
        raise app.not_opened
    return app.return_code or 0
