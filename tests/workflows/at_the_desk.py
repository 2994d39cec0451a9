"""Scans at a desk, and what it answers, in a line each."""

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone
from scanstation.workflows.orders import order_book
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.views import DeskView
from scanstation.workflows.site import Site


def scan(desk: Desk, *codes: str) -> DeskView:
    """Scan codes in turn; answers the last view."""
    for code in codes:
        desk.answer(Scan(code))
    return desk.view


def said(view: DeskView) -> tuple[str, str]:
    """The verdict's word and the name of its reason."""
    assert view.verdict is not None
    return view.verdict.tone.value, view.verdict.reason


def text(view: DeskView) -> str:
    assert view.verdict is not None
    return view.verdict.text


def line(site: Site, order_id: int, sku: str) -> tuple[int, int, int, int]:
    """A line's done, open, needed and present counts."""
    found = next(one for one in order_book.detail(site, order_id).lines if one.sku == sku)
    return found.done, found.open, found.serials_needed, found.serials_present


def receive(site: Site, number: str, *codes: str) -> None:
    """Receive everything in one go at a dock of its own."""
    desk = Desk(site.at_station("dock-9"), OrderKind.PURCHASE)
    scan(desk, number, *codes)
    if desk.complete().question:
        desk.yes()
    assert desk.view.verdict is not None
    assert desk.view.verdict.tone is Tone.OK, desk.view.verdict
