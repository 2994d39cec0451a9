"""Report pages and exports over 10,000 and over 1,000,000 units."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.figures import percentile, show
from benchmarks.history import CLIENTS, SKUS, years
from scanstation.domain.status import UnitStatus
from scanstation.workflows.reports import reporting
from scanstation.workflows.reports.reporting import Filters, Report, RowPosition, Sort
from scanstation.workflows.site import Site

SMALL, LARGE = 10_000, 1_000_000
ROWS = 20
"""Of a page."""
TURNS = 15
"""So many pages of each are turned, from the first one on."""
ROUNDS = 6
"""How often they are turned in each store."""

SERIALS, RECEIVED, SHIPPED = Report.SERIALS, Report.RECEIVING_HISTORY, Report.SHIPMENT_HISTORY
NEWEST, CODE = Sort.NEWEST, Sort.CODE
ON_HAND, PACKED, GONE = UnitStatus.RECEIVED, UnitStatus.PACKED, UnitStatus.SHIPPED


@dataclass(frozen=True)
class Asked:
    """A report as it is narrowed and sorted."""

    title: str
    report: Report
    sort: Sort
    filters: Filters


PAGES = [
    Asked("serials, all", SERIALS, NEWEST, Filters()),
    Asked("serials, all, by code", SERIALS, CODE, Filters()),
    Asked("serials of a client", SERIALS, NEWEST, Filters(client="SÜDWIND")),
    Asked("serials of a client, by code", SERIALS, CODE, Filters(client="SÜDWIND")),
    Asked("serials of a SKU, on hand", SERIALS, NEWEST, Filters(sku="S-000", statuses=(ON_HAND,))),
    Asked("serials of a SKU, by code", SERIALS, CODE, Filters(sku="S-000")),
    Asked("serials in a warehouse", SERIALS, NEWEST, Filters(warehouse="W-WEST")),
    Asked("packed serials", SERIALS, NEWEST, Filters(statuses=(PACKED,))),
    Asked("serials of a purchase order", SERIALS, NEWEST, Filters(purchase_order="N-000042")),
    Asked("serials of a shipment, by code", SERIALS, CODE, Filters(shipment_order="S-000042")),
    Asked("serials that begin with SN00", SERIALS, CODE, Filters(code="SN00")),
    Asked("serials that end in 11", SERIALS, CODE, Filters(code="*11")),
    Asked("serials shipped since a day", SERIALS, NEWEST, Filters(statuses=(GONE,), since="2025-01-01")),
    Asked("received, all", RECEIVED, NEWEST, Filters()),
    Asked("received, of a client", RECEIVED, NEWEST, Filters(client="SÜDWIND")),
    Asked("received, until a day", RECEIVED, NEWEST, Filters(until="2025-03-01")),
    Asked("shipped, all", SHIPPED, NEWEST, Filters()),
    Asked("shipped, by code", SHIPPED, CODE, Filters()),
    Asked("shipped, of an order", SHIPPED, NEWEST, Filters(shipment_order="S-000042")),
]


def reports(folder: Path) -> None:
    """A page of a report is as quick over a million units as over ten thousand; an export stays as small."""
    sites = [years(folder, count) for count in (SMALL, LARGE)]
    rows, worst = [], 0.0
    for asked in PAGES:
        measured: list[list[float]] = [[] for _ in sites]
        for _ in range(ROUNDS):  # in turns, so that whatever else the machine does is shared by both
            for site, times_of_site in zip(sites, measured, strict=True):
                times_of_site += _turned(site, asked)
        times = [percentile(each, 0.5) for each in measured]
        worst = max(worst, times[1] / times[0])
        rows.append((asked.title, *(f"{each:.1f}" for each in times), f"{times[1] / times[0]:.2f}"))
    rows.append(("largest ratio", "", "", f"{worst:.2f}"))
    show(f"A page of {ROWS} rows, p50 in ms", rows, ("", f"{SMALL:,} units", f"{LARGE:,} units", "ratio"))
    _exports(sites)


def _turned(site: Site, asked: Asked) -> list[float]:
    """Milliseconds of pages turned onward from the first one."""
    times = []
    start: RowPosition | None = None
    for _ in range(TURNS):
        begun = time.perf_counter()
        page = reporting.page(site, asked.report, asked.filters, sort=asked.sort, start=start, limit=ROWS)
        times.append((time.perf_counter() - begun) * 1000)
        if len(page.rows) < ROWS:
            break
        start = page.positions[-1]
    return times


def _exports(sites: list[Site]) -> None:
    rows = []
    # A workbook takes ten times as long: a fifteenth of the rows shows as much.
    for format, narrowed in (("csv", []), ("xlsx", ["--sku", "S-000"])):
        peaks = []
        for site, count in zip(sites, (SMALL, LARGE), strict=True):
            path = site.store.path
            assert path is not None
            output = str(path.with_suffix(f".{format}"))
            command = ["--db", f"sqlite:///{path}", "report", "serials", *narrowed, "--output", output]
            begun = time.perf_counter()
            peak = _peak_megabytes([sys.executable, "-m", "scanstation", *command])
            peaks.append(peak)
            written = count // (len(CLIENTS) * SKUS) if narrowed else count
            rows.append((f"some {written:,} rows to .{format}", f"{time.perf_counter() - begun:.1f}", f"{peak:.0f}"))
        rows.append(("ratio", "", f"{peaks[1] / peaks[0]:.2f}"))
    show("An export, all of its process", rows, ("", "s", "peak MB"))


def _peak_megabytes(command: list[str]) -> float:
    """Run it to its end; the most memory that it had, as looked at every 20 ms.

    What the system adds up for an ended child (ru_maxrss) begins with what this process had when it was started.
    """
    most = 0
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own command
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            most = max(most, watched.memory_info().rss)
            time.sleep(0.02)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    return most / (1 << 20)
