"""Races of two: the goods of many rounds are laid out at once, and each of the two keeps its desk."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.orders import corrections, purchase_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import like_orders, product, purchase, shipment
from tests.serials import opening
from tests.workflows.done_work import packed

ROW = ("W-EAST", "NORDWIND")
"""How a row of a sheet begins."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rounds that are laid out together; their ids differ from each other batch's."""

    first: int
    count: int
    ids: tuple[int, ...] = ()
    """What was laid out, where a side asks for it by its id."""

    @property
    def rounds(self) -> range:
        """Their numbers."""
        return range(self.first, self.first + self.count)

    @property
    def name(self) -> str:
        """An order's, or a station's, that is the whole batch's."""
        return f"B-{self.first:08}"


Side = Callable[[Site, Batch, Callable[[], None]], Iterator[Callable[[], bool]]]
"""One of the two: makes itself ready for each round and gives what it does in the same moment as the other, which says
whether it got what it wanted. What it is called with last waits until the other has come as far."""


@dataclass(frozen=True, slots=True)
class Race:
    """Two sides, and what has to be there for them."""

    lay_out: Callable[[Site, Batch], list[int]]
    first: Side
    second: Side
    both_may: bool = False


def at_desk(site: Site, kind: OrderKind, *codes: str) -> Desk:
    desk = Desk(site, kind)
    for code in codes:
        take(desk, code)
    return desk


def take(desk: Desk, code: str) -> None:
    verdict = desk.answer(Scan(code)).verdict
    assert verdict is not None
    assert verdict.accepted, verdict


def accepted(desk: Desk, code: str) -> Callable[[], bool]:
    def scan() -> bool:
        verdict = desk.answer(Scan(code)).verdict
        return verdict is not None and verdict.accepted

    return scan


def done(act: Callable[[], object]) -> Callable[[], bool]:
    return lambda: isinstance(act(), Done)


# One serial, scanned at two desks of one order. Who loses still owes it, and names the next.


def _order_of_serials(site: Site, batch: Batch) -> list[int]:
    purchase(site, batch.name, {"CAM": 4 * batch.count})
    return []


def _scans_it(kind: OrderKind, site: Site, batch: Batch, _: object) -> Iterator[Callable[[], bool]]:
    desk = at_desk(site, kind, batch.name)
    for number in batch.rounds:
        if not desk.view.prompt:
            take(desk, "CAM")
        yield accepted(desk, f"SN-{number:05}")


# The one unit of a line: an order with a line for each round.


def _order_of_lines(site: Site, batch: Batch) -> list[int]:
    skus = [f"BAT-{place}" for place in range(batch.count)]
    if batch.first == 0:  # no later one has more
        for sku in skus:
            product(site, sku, 0)
    purchase(site, batch.name, dict.fromkeys(skus, 1))
    return []


def _takes_it(site: Site, batch: Batch, _: object) -> Iterator[Callable[[], bool]]:
    desk = at_desk(site, OrderKind.PURCHASE, batch.name)
    for place in range(batch.count):
        yield accepted(desk, f"BAT-{place}")


# A unit of opening stock.


def _stock_and_a_shipment(site: Site, batch: Batch) -> list[int]:
    shipment(site, batch.name, {"CAM": batch.count})
    return opening(site, "NORDWIND", "W-EAST", "CAM", *(f"SN-{number:05}" for number in batch.rounds))


def _unreceives_it(site: Site, batch: Batch, _: object) -> Iterator[Callable[[], bool]]:
    for unit in batch.ids:
        yield done(lambda unit=unit: corrections.unreceive(site, unit, "race"))  # type: ignore[misc]


# One serial, imported for two orders. The rows are held against the rules before the moment, written in it.


def _two_received_orders(site: Site, batch: Batch) -> list[int]:
    ids = [purchase(site, f"{batch.name}-{which}", {"LAP": batch.count}) for which in "12"]
    for order_id in ids:
        assert isinstance(purchase_orders.receive_all(site, order_id), Done)
    return ids


def _imports_it_for(which: int) -> Side:
    def side(site: Site, batch: Batch, _: object) -> Iterator[Callable[[], bool]]:
        for number in batch.rounds:
            row = (*ROW, f"{batch.name}-{which + 1}", "LAP", f"SN-{number:05}", "")
            plan = importing.check_rows(site, OrderKind.PURCHASE, "race.csv", batch.ids[which], [row])
            assert plan.good, plan.problems
            yield done(lambda plan=plan: importing.carry_out(site, plan))  # type: ignore[misc]

    return side


# Imported goods: their import is taken back as they are packed by another.


def _imported_and_to_be_packed(site: Site, batch: Batch) -> list[int]:
    ids = like_orders(site, OrderKind.PURCHASE, [f"N-{number}" for number in batch.rounds], {"LAP": 1})
    for order_id in ids:
        assert isinstance(purchase_orders.receive_all(site, order_id), Done)
    rows = [",".join((*ROW, f"N-{number}", "LAP", f"SN-{number:05}")) for number in batch.rounds]
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder, "po.csv")
        sheet.write_text("\n".join(("Warehouse,Client,PO Number,SKU,Primary Serial Number", *rows)), encoding="utf-8")
        assert isinstance(importing.import_serials(site, OrderKind.PURCHASE, sheet), Done)
    shipped = shipment(site, batch.name, {"LAP": batch.count})
    packed(site, shipped, "LAP", quantity=batch.count)
    return [*ids, shipped]


def _removes_it(site: Site, batch: Batch, _: object) -> Iterator[Callable[[], bool]]:
    for order_id in batch.ids[:-1]:
        yield done(lambda order_id=order_id: removing.remove_serials(site, OrderKind.PURCHASE, order_id))  # type: ignore[misc]


def _packs_it_by_import(site: Site, batch: Batch, _: object) -> Iterator[Callable[[], bool]]:
    for number in batch.rounds:
        row = (*ROW, batch.name, "LAP", f"SN-{number:05}", "")
        plan = importing.check_rows(site, OrderKind.SHIPMENT, "so.csv", batch.ids[-1], [row])
        assert plan.good, plan.problems
        yield done(lambda plan=plan: importing.carry_out(site, plan))  # type: ignore[misc]


# One work at two terminals, as where one was taken for dead.


def _orders_of(lines: dict[str, int]) -> Callable[[Site, Batch], list[int]]:
    def lay_out(site: Site, batch: Batch) -> list[int]:
        return like_orders(site, OrderKind.PURCHASE, [f"N-{number}" for number in batch.rounds], lines)

    return lay_out


def _completes_after_a_question(site: Site, batch: Batch, meet: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    for number in batch.rounds:
        desk = at_desk(site.at_station(f"dock-{number}"), OrderKind.PURCHASE, f"N-{number}", "BAT")
        meet()
        desk.answer(Scan("SS-COMPLETE"))
        yield accepted(desk, "SS-YES")


def _scans_more(site: Site, batch: Batch, meet: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    for number in batch.rounds:
        meet()
        yield accepted(at_desk(site.at_station(f"dock-{number}"), OrderKind.PURCHASE, f"N-{number}"), "BAT")


def _completes(site: Site, batch: Batch, meet: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    for number in batch.rounds:
        codes = (f"N-{number}", "BAT", "CAM", f"SN-{number:05}")
        desk = at_desk(site.at_station(f"dock-{number}"), OrderKind.PURCHASE, *codes)
        meet()
        yield accepted(desk, "SS-COMPLETE")


def _undoes(site: Site, batch: Batch, meet: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    for number in batch.rounds:
        meet()
        yield accepted(at_desk(site.at_station(f"dock-{number}"), OrderKind.PURCHASE, f"N-{number}"), "SS-UNDO")


_receives_it, _packs_it = (partial(_scans_it, kind) for kind in (OrderKind.PURCHASE, OrderKind.SHIPMENT))

RACES = {
    "same serial": Race(_order_of_serials, _receives_it, _receives_it),
    "last unit": Race(_order_of_lines, _takes_it, _takes_it),
    "unreceive and pack": Race(_stock_and_a_shipment, _unreceives_it, _packs_it),
    "import and import": Race(_two_received_orders, _imports_it_for(0), _imports_it_for(1)),
    "remove and pack": Race(_imported_and_to_be_packed, _removes_it, _packs_it_by_import),
    # What comes too late for its work begins work of its own.
    "complete and scan": Race(_orders_of({"BAT": 3}), _completes_after_a_question, _scans_more, both_may=True),
    # Nothing is taken back from work once it is completed.
    "complete and undo": Race(_orders_of({"BAT": 1, "CAM": 1}), _completes, _undoes),
}
