"""What a unit takes in the store, with its codes, events, links and indexes: the figures of docs/scaling.md.

    python -m tests.ha.sizes

takes many minutes: units are scanned in and out one by one, and sheets bring others, on both databases.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.importer import packed_order, received_order, write_sheet
from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone, Verdict
from scanstation.store.store import Store, create_store
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.shipping import AtTruck, ship_scanned
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.postgresql import running_server

SCANNED, PER_ORDER = 5_000, 20
IMPORTED, PER_SHEET = 100_000, 10_000


def sizes(folder: Path) -> None:
    """Print the bytes that each way takes for a unit, from Received to Shipped."""
    with running_server() as server:
        urls = {"SQLite": f"sqlite:///{folder}/{{}}.db", "PostgreSQL": server.url("{}")}
        for engine, url in urls.items():
            for way, count, act in (("scanned", SCANNED, _scanned), ("imported", IMPORTED, _imported)):
                name = way if engine == "SQLite" else server.new_database()
                store = create_store(url.format(name))
                before = _bytes(store)
                act(Site(store, "Ana", "dock-2"), folder)
                print(
                    engine, way, f"{count:,} units,", round((_bytes(store) - before) / count), "bytes each", flush=True
                )
                store.close()


def _bytes(store: Store) -> int:
    if store.path is None:
        with store.read() as tx:
            found: int = tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
            return found
    store.engine.dispose()  # the last one to leave empties the log into the file
    return store.path.stat().st_size


def _scanned(site: Site, _folder: Path) -> None:
    product(site, "CAM", 1)
    for first in range(0, SCANNED, PER_ORDER):
        serials = [f"SN{number:09}" for number in range(first, first + PER_ORDER)]
        purchase(site, f"N-{first}", {"CAM": PER_ORDER})
        shipment(site, f"S-{first}", {"CAM": PER_ORDER})
        for kind, order in ((OrderKind.PURCHASE, f"N-{first}"), (OrderKind.SHIPMENT, f"S-{first}")):
            desk = Desk(site, kind)
            codes = (order, *(code for serial in serials for code in ("CAM", serial)), "SS-COMPLETE")
            _all_taken(desk.answer(Scan(code)).verdict for code in codes)
        _ship(site, f"S-{first}")


def _imported(site: Site, folder: Path) -> None:
    product(site, "IMP-5", 5)
    ways: tuple[tuple[OrderKind, Callable[[Site, str, int, int], int]], ...] = (
        (OrderKind.PURCHASE, received_order),
        (OrderKind.SHIPMENT, packed_order),
    )
    for first in range(0, IMPORTED, PER_SHEET):
        for kind, made in ways:
            number = f"{kind}-{first}"
            made(site, number, PER_SHEET, 5)
            sheet = folder / f"{number}.xlsx"
            write_sheet(sheet, kind, number, first, PER_SHEET, 5)
            assert isinstance(import_serials(site, kind, sheet), Done)
        _ship(site, f"{OrderKind.SHIPMENT}-{first}")


def _all_taken(verdicts: Iterable[Verdict | None]) -> None:
    for verdict in verdicts:
        assert verdict is not None
        assert verdict.tone is Tone.OK, verdict


def _ship(site: Site, number: str) -> None:
    left = ship_scanned(site, Scan(number))
    assert isinstance(left, AtTruck), left
    assert left.refusal is None, left.refusal


if __name__ == "__main__":
    with TemporaryDirectory() as here:
        sizes(Path(here))
