"""Every kind of act whose COMMIT may be lost, as often as wanted: what many rounds need is laid out at once."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.orders import corrections, purchase_orders, shipment_orders
from scanstation.workflows.scanning import shipping
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.scanning.views import DeskView
from scanstation.workflows.site import Site
from tests.builders import like_orders, product, purchase
from tests.reliability.races import Batch, at_desk, take
from tests.serials import opening
from tests.workflows.done_work import open_work, packed, received

Acts = Iterator[Callable[[], str]]
"""What is done in each round, saying what a person is told; what it needs is done before it is given."""


def stocked(site: Site) -> None:
    """The products of all of them: those whose serials are known are others than those whose serials are scanned."""
    for sku, scenario in (("CAM", 1), ("LNS", 1), ("BAT", 0), ("TAB", 7)):
        product(site, sku, scenario)


def _names(batch: Batch) -> list[str]:
    return [f"{batch.name}.{place:02}" for place in range(batch.count)]


def _purchases(site: Site, batch: Batch, lines: dict[str, int]) -> list[tuple[str, int]]:
    """An order for each round, with its id."""
    return list(zip(_names(batch), like_orders(site, OrderKind.PURCHASE, _names(batch), lines), strict=True))


def _on_order(site: Site, batch: Batch, lines: dict[str, int]) -> Desk:
    """A desk with one order for all rounds."""
    purchase(site, batch.name, lines)
    return at_desk(site, OrderKind.PURCHASE, batch.name)


def _shown(view: Callable[[], DeskView]) -> Callable[[], str]:
    def act() -> str:
        verdict = view().verdict
        assert verdict is not None
        return f"{verdict.tone.name}: {verdict.text}"

    return act


def _told(act: Callable[[], Done | Refused]) -> Callable[[], str]:
    return lambda: act().text


def _a_product(site: Site, batch: Batch) -> Acts:
    desk = _on_order(site, batch, {"BAT": batch.count})
    for _ in batch.rounds:
        yield _shown(lambda: desk.answer(Scan("BAT")))


def _an_order_is_opened(site: Site, batch: Batch) -> Acts:
    desk = Desk(site, OrderKind.PURCHASE)
    for number, _ in _purchases(site, batch, {"BAT": 1}):
        yield _shown(lambda number=number: desk.answer(Scan(number)))  # type: ignore[misc]


def _a_serial(site: Site, batch: Batch) -> Acts:
    desk = _on_order(site, batch, {"CAM": batch.count})
    for serial in _names(batch):
        take(desk, "CAM")
        yield _shown(lambda serial=serial: desk.answer(Scan(serial)))  # type: ignore[misc]


def _undo_by_key(site: Site, batch: Batch) -> Acts:
    desk = _on_order(site, batch, {"BAT": 3})
    take(desk, "BAT")
    for _ in batch.rounds:
        take(desk, "BAT")
        yield _shown(desk.undo)


def _undo_by_card(site: Site, batch: Batch) -> Acts:
    desk = _on_order(site, batch, {"BAT": 3})
    take(desk, "BAT")
    for _ in batch.rounds:
        take(desk, "BAT")
        yield _shown(lambda: desk.answer(Scan("SS-UNDO")))


def _cancel(site: Site, batch: Batch) -> Acts:
    desk = _on_order(site, batch, {"BAT": 1, "CAM": 1})
    take(desk, "BAT")
    for _ in batch.rounds:
        take(desk, "CAM")
        yield _shown(desk.cancel)


def _complete(site: Site, batch: Batch) -> Acts:
    desk = Desk(site, OrderKind.PURCHASE)
    for number, _ in _purchases(site, batch, {"BAT": 1}):
        take(desk, number)
        take(desk, "BAT")
        yield _shown(desk.complete)


def _yes(site: Site, batch: Batch) -> Acts:
    desk = Desk(site, OrderKind.PURCHASE)
    for number, _ in _purchases(site, batch, {"BAT": 3, "CAM": 1}):
        take(desk, number)
        take(desk, "BAT")
        assert desk.answer(Scan("SS-COMPLETE")).question
        yield _shown(desk.yes)


def _no(site: Site, batch: Batch) -> Acts:
    desk = _on_order(site, batch, {"BAT": 3})
    take(desk, "BAT")
    for _ in batch.rounds:
        assert desk.answer(Scan("SS-COMPLETE")).question
        yield _shown(desk.no)


def _receive_po(site: Site, batch: Batch) -> Acts:
    for _, order_id in _purchases(site, batch, {"BAT": 1}):
        yield _told(lambda order_id=order_id: purchase_orders.receive_all(site, order_id))  # type: ignore[misc]


def _rows(batch: Batch, orders: list[str]) -> list[tuple[str, ...]]:
    return [
        ("W-EAST", "NORDWIND", order, "TAB", f"A-{name}", f"Z-{name}")
        for order, name in zip(orders, _names(batch), strict=True)
    ]


def _an_import(site: Site, batch: Batch) -> Acts:
    order_id = purchase(site, batch.name, {"TAB": batch.count})
    assert isinstance(purchase_orders.receive_all(site, order_id), Done)
    for row in _rows(batch, [batch.name] * batch.count):
        plan = importing.check_rows(site, OrderKind.PURCHASE, "tab.csv", order_id, [row])
        yield _told(lambda plan=plan: importing.carry_out(site, plan))  # type: ignore[misc]


def _an_import_is_removed(site: Site, batch: Batch) -> Acts:
    orders = _purchases(site, batch, {"TAB": 1})
    for _, order_id in orders:
        assert isinstance(purchase_orders.receive_all(site, order_id), Done)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder, "tab.csv")
        titles = ("Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Secondary Serial Number")
        rows = _rows(batch, [number for number, _ in orders])
        sheet.write_text("\n".join(",".join(row) for row in (titles, *rows)), encoding="utf-8")
        assert isinstance(importing.import_serials(site, OrderKind.PURCHASE, sheet), Done)
    for _, order_id in orders:
        yield _told(lambda order_id=order_id: removing.remove_serials(site, OrderKind.PURCHASE, order_id))  # type: ignore[misc]


def _ship(site: Site, batch: Batch) -> Acts:
    for number, order_id in zip(
        _names(batch), like_orders(site, OrderKind.SHIPMENT, _names(batch), {"BAT": 1}), strict=True
    ):
        packed(site, order_id, "BAT", quantity=1)
        yield _shipped(site, number)


def _shipped(site: Site, number: str) -> Callable[[], str]:
    def act() -> str:
        at_truck = shipping.ship_scanned(site, Scan(number))
        assert isinstance(at_truck, shipping.AtTruck)
        return f"{at_truck.verdict.tone.name}: {at_truck.verdict.text}"

    return act


def _close_short(site: Site, batch: Batch) -> Acts:
    for _, order_id in _purchases(site, batch, {"BAT": 3}):
        received(site, order_id, "BAT", quantity=1)
        yield _told(lambda order_id=order_id: purchase_orders.close_short(site, order_id, "no more"))  # type: ignore[misc]


def _an_order_is_cancelled(site: Site, batch: Batch) -> Acts:
    for order_id in like_orders(site, OrderKind.SHIPMENT, _names(batch), {"BAT": 1}):
        yield _told(lambda order_id=order_id: shipment_orders.cancel(site, order_id, "not wanted"))  # type: ignore[misc]


def _a_code_is_corrected(site: Site, batch: Batch) -> Acts:
    codes = _names(batch)
    for unit, code in zip(opening(site, "NORDWIND", "W-EAST", "LNS", *codes), codes, strict=True):
        yield _told(lambda unit=unit, code=code: corrections.correct(site, unit, code, f"{code}-7", "x"))  # type: ignore[misc]


def _a_unit_is_unreceived(site: Site, batch: Batch) -> Acts:
    order_id = purchase(site, batch.name, {"LNS": batch.count})
    received(site, order_id, "LNS", *_names(batch))
    with site.store.read() as tx:
        units = list(tx.exec_driver_sql("SELECT max(id) FROM unit").scalars())
    for unit in range(units[0] - batch.count + 1, units[0] + 1):
        yield _told(lambda unit=unit: corrections.unreceive(site, unit, "sent back"))  # type: ignore[misc]


def _work_is_taken_over(site: Site, batch: Batch) -> Acts:
    for _, order_id in _purchases(site, batch, {"BAT": 3}):
        work = open_work(site, order_id, "BAT", quantity=1)
        yield _told(lambda work=work: take_over(site.at_station("dock-9"), work))  # type: ignore[misc]


ACTS: dict[str, Callable[[Site, Batch], Acts]] = {
    "a product": _a_product,
    "an order is opened": _an_order_is_opened,
    "a serial": _a_serial,
    "undo by key": _undo_by_key,
    "undo by card": _undo_by_card,
    "cancel": _cancel,
    "complete": _complete,
    "yes": _yes,
    "no": _no,
    "Receive PO": _receive_po,
    "an import": _an_import,
    "an import is removed": _an_import_is_removed,
    "ship": _ship,
    "close short": _close_short,
    "an order is cancelled": _an_order_is_cancelled,
    "a code is corrected": _a_code_is_corrected,
    "a unit is unreceived": _a_unit_is_unreceived,
    "work is taken over": _work_is_taken_over,
}
