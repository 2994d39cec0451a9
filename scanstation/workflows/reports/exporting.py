"""A report written to a file by a process of its own: it takes no time from scans, and can be stopped.

The process runs `python -m scanstation.workflows.reports.exporting` with the request on its standard input, which stays
open for as long as the export is wanted: when it closes, whatever has ended the station, nothing is left of the file.
"""

import json
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from scanstation import processes
from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import SheetError, UnwritableFile
from scanstation.domain.language import retold, sent, worded
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.status import UnitStatus
from scanstation.domain.store_errors import StoreError
from scanstation.store import own_process
from scanstation.store.store import open_store
from scanstation.workflows.reports import reporting
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.site import Site

_LARGEST = 16 * 1024**3
"""Bytes of a report's file: what fits into no report of this program."""
FORMATS = ("xlsx", "csv", "json")


def format_of(path: Path) -> str | None:
    """The format that a file's ending names."""
    ending = path.suffix.lower().removeprefix(".")
    return ending if ending in FORMATS else None


def begin(site: Site, report: Report, filters: Filters, path: Path) -> "Export | Refused":
    """Begin an export, for whoever may read reports; see `Export`."""
    return reporting.hindrance(site) or Export(site, report, filters, path)


class Export:
    """An export that runs."""

    def __init__(self, site: Site, report: Report, filters: Filters, path: Path) -> None:
        """Begin.

        Args:
            site: whose store is read.
            report: which.
            filters: what it is narrowed to.
            path: the file; its ending names the format.

        Raises:
            UnwritableFile: the system starts no process for it.
        """
        self.written, self.total = 0, 0
        """Rows."""
        self._report, self._path = report, path
        self._messages: SimpleQueue[list[Any] | None] = SimpleQueue()
        self._is_wanted = True
        try:
            self._process = own_process.start(__name__)
        except OSError as error:
            raise UnwritableFile(
                worded(
                    "{file} cannot be written now: no process was started for it ({why}).",
                    file=self._name,
                    why=error.strerror or error,
                ),
                worded("Close what else runs here, and try again."),
            ) from error
        request = {
            **own_process.request(site.store.url),
            "report": report.value,
            "filters": asdict(filters),
            "path": str(path.absolute()),
            "format": format_of(path),
        }
        threading.Thread(target=self._listen, name="export", daemon=True).start()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()

    def look(self) -> Done | Refused | None:
        """How it ended; None while it runs."""
        while True:
            try:
                message = self._messages.get_nowait()
            except Empty:
                return None
            if message is None:
                ending = say.export_failed if self._is_wanted else say.export_stopped
                return ending(file_name=self._name)
            what, *rest = message
            if what == "rows":
                self.written, self.total = rest
            elif what == "done":
                return say.rows_written(self._report.title, self.written, shorten(str(self._path.absolute()), 200))
            else:
                return refused(what, retold(rest[0]))

    def stop(self) -> None:
        """Nothing is to be written any more; `look` tells whether the file was there already."""
        assert self._process.stdin is not None
        self._is_wanted = False
        self._process.stdin.close()

    @property
    def _name(self) -> str:
        return shorten(str(self._path), 80)

    def _listen(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._messages.put(json.loads(line))
        self._process.wait()
        self._process.stdin.close()
        self._messages.put(None)


class _Unwanted(Exception):
    """Nobody waits for the file any more."""


def main() -> int:
    """Write what the request on standard input asks for."""
    request = json.loads(sys.stdin.readline())
    unwanted = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(unwanted,), daemon=True).start()
    own_process.settle(request)
    processes.confine(largest_file=_LARGEST)

    def written(rows: int, total: int) -> None:
        if unwanted.is_set():
            raise _Unwanted
        _say("rows", rows, total)

    given = request["filters"]
    filters = Filters(**{**given, "statuses": tuple(UnitStatus(status) for status in given["statuses"])})
    try:
        store = open_store(request["store"])
        site = Site(store, "", "")
        path, format = Path(request["path"]), request["format"]
        outcome = reporting.export(site, Report(request["report"]), filters, path, format, written)
    except _Unwanted:
        return 1
    except StoreError as error:
        _say("store", sent(worded("{title} {hint}", title=error, hint=error.hint)))
    except SheetError as error:
        _say("unwritable", sent(error.words))
    else:
        if isinstance(outcome, Done):
            _say("done")
        else:
            _say(outcome.reasons[0].name, sent(outcome.text))
    return 0


def _wait_for_the_end(unwanted: threading.Event) -> None:
    sys.stdin.read()
    unwanted.set()


def _say(*values: object) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    sys.exit(main())
