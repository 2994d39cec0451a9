"""A warehouse with units in it, made through the store's own moves."""

from pathlib import Path

from scanstation.domain.codes import Code
from scanstation.domain.scan import Source
from scanstation.domain.status import Move
from scanstation.domain.units import Moved
from scanstation.store import orders, units
from scanstation.store.store import Transaction, create_store
from scanstation.workflows.site import Site
from tests.builders import product, purchase

SKU, ORDER = "SER-100", "N-BENCH"


def stocked(folder: Path, count: int) -> Site:
    """A store with `count` Received units of one product, and an open order for 100,000 more of it."""
    site = Site(create_store(f"sqlite:///{folder / f'bench-{count}.db'}"), "Ana", "dock-2")
    product_id = product(site, SKU, 1)
    old = purchase(site, "N-OLD", {SKU: count})
    purchase(site, ORDER, {SKU: 100_000})
    stamp = site.stamp()

    def fill(tx: Transaction) -> None:
        line, warehouse = orders.lines(tx, old)[0], orders.get(tx, old).warehouse_id
        codes = [(Code(f"OLD{number:08}", f"OLD{number:08}"), None) for number in range(count)]
        made = units.create_many(tx, [product_id] * count, [warehouse] * count, codes)
        units.move(
            tx, Move.RECEIVE, [Moved(unit_id=unit, line_id=line.id, source=Source.IMPORT) for unit in made], stamp
        )
        orders.set_counts(tx, line.id, ordered=count, done=count)

    site.store.act(fill)
    return site
