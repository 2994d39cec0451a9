"""Orders for stations to work on, in a store that has units in it."""

from pathlib import Path

from benchmarks.history import years
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.views import DeskView
from scanstation.workflows.site import Site
from tests.builders import product, purchase

SKU, ORDER = "SER-100", "N-BENCH"


def stocked(folder: Path, count: int) -> Site:
    """A store with the units of years, and an open order for 1,000,000 more of a product of scenario 1."""
    return with_order(years(folder, count))


def with_order(site: Site) -> Site:
    """The same store with that order."""
    product(site, SKU, 1)
    purchase(site, ORDER, {SKU: 1_000_000})
    return site


def desk_at(site: Site, order: str = ORDER, kind: OrderKind = OrderKind.PURCHASE) -> Desk:
    """A desk with an order open."""
    desk = Desk(site, kind)
    taken(desk, order)
    return desk


def taken(desk: Desk, *codes: str) -> DeskView:
    """Scan codes that must be accepted; the view after the last."""
    for code in codes:
        verdict = desk.answer(Scan(code)).verdict
        assert verdict is not None
        assert verdict.tone is Tone.OK, f"{code}: {verdict.text}"
    return desk.view


def address(site: Site) -> str:
    """The store's address for `--db`."""
    assert site.store.path is not None
    return f"sqlite:///{site.store.path}"
