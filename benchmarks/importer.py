"""Imports files into a store, as another process does beside a station. `python -m benchmarks.importer URL ROWS…`

Prepares an order for each file, says `ready`, and waits for a line on standard input before the first.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind
from scanstation.store.store import open_store
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.done_work import packed

TWO_CODES = {7, 8}
"""Scenarios whose sheets have two codes a row."""


def write_sheet(path: Path, kind: OrderKind, order: str, first: int, rows: int, scenario: int) -> None:
    """A workbook of text cells with so many serials, of as many codes as the scenario asks for."""
    two_codes = scenario in TWO_CODES
    header = ["Warehouse", "Client", f"{kind} Number", "SKU", "Primary Serial Number", "Secondary Serial Number"]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, header if two_codes else header[:5])
        for at in range(rows):
            number = first + at
            codes = [f"IMP{number:09}"]
            if two_codes:
                codes.append(f"{(number + 1) * 48_271 % 2_147_483_647:012X}")  # twelve zeros are no serial
            page.write_row(at + 1, 0, ["W-EAST", "NORDWIND", order, f"IMP-{scenario}", *codes])


def received_order(site: Site, number: str, rows: int, scenario: int) -> int:
    """A purchase order whose units are received and lack their serials."""
    order = purchase(site, number, {f"IMP-{scenario}": rows})
    assert isinstance(purchase_orders.receive_all(site, order), Done)
    return order


def packed_order(site: Site, number: str, rows: int, scenario: int) -> int:
    """A shipment order whose units are packed and lack their serials."""
    order = shipment(site, number, {f"IMP-{scenario}": rows})
    packed(site, order, f"IMP-{scenario}", quantity=rows)
    return order


def imported(site: Site, path: Path, order: int) -> float:
    """The seconds that importing a file takes."""
    begun = time.perf_counter()
    outcome = import_serials(site, OrderKind.PURCHASE, path, order_id=order)
    took = time.perf_counter() - begun
    assert isinstance(outcome, Done), outcome
    return took


def main(url: str, *rows: str) -> int:
    """Import one file after the other, the first when asked to."""
    site = Site(open_store(url), "Ben", "office")
    first = 0
    with TemporaryDirectory() as folder:
        files = []
        for number, count in enumerate(map(int, rows)):
            path = Path(folder) / f"{number}.xlsx"
            order = received_order(site, f"N-IMP-{number}", count, 7)
            write_sheet(path, OrderKind.PURCHASE, f"N-IMP-{number}", first, count, 7)
            files.append((path, order))
            first += count
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for path, order in files:
            sys.stdout.write(f"{imported(site, path, order):.2f}\n")
            sys.stdout.flush()
    return 0


def prepare(site: Site) -> None:
    """The products that are imported."""
    for scenario in (5, 7, 8):
        product(site, f"IMP-{scenario}", scenario)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
