"""A store on a small disk of its own, which is filled: run in a name space where it may be mounted."""

import subprocess
import sys
from pathlib import Path

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreFull
from scanstation.store.store import create_store
from scanstation.store.upkeep import findings
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.reliability.writer import PRODUCT
from tests.reliability.writers import ORDER, stocked


def main(folder: Path) -> None:
    """Fill the disk while scans go on, make room, and go on."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(disk)], check=True)
    store = create_store(f"sqlite:///{disk / 'store.db'}")
    site = Site(store, "Ana", "dock-1")
    stocked(site)
    desk = Desk(site, OrderKind.PURCHASE)
    desk.answer(Scan(ORDER))
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            pass
    (disk / "filler").open("r+b").truncate((disk / "filler").stat().st_size - 600_000)
    taken, full = 0, ""
    while not full:
        try:
            desk.answer(Scan(f"SN-{taken}" if desk.view.prompt else PRODUCT))
            taken += desk.view.prompt is None
        except StoreFull as error:
            full = error.title
    before = taken
    (disk / "filler").unlink()
    desk = Desk(site, OrderKind.PURCHASE)
    desk.answer(Scan(ORDER))
    for _ in range(40):
        desk.answer(Scan(f"SN-{taken}" if desk.view.prompt else PRODUCT))
        taken += desk.view.prompt is None
    assert findings(store) == []
    with store.read() as tx:
        count = tx.exec_driver_sql("SELECT COUNT(*) FROM unit_code").scalar_one()
    assert before > 0
    assert count >= taken - 1 >= before + 15, (count, taken, before)
    print(full.replace(str(disk), "the disk"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
