"""Two acts on one server, the second between what the first has looked at and what it writes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text as sql_text

from scanstation.domain.outcome import Done
from scanstation.domain.products import Barcode
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone
from scanstation.store import boxes, catalog, imports, lots, returns, shapes, works
from scanstation.store import orders as store_orders
from scanstation.store.store import Store
from scanstation.workflows.imports.importing import carry_out, check
from scanstation.workflows.master_data import products, renaming, writing
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import corrections, lot_holding, order_book, shipment_orders, swapping, transfer_book
from scanstation.workflows.orders.regrading import regrade
from scanstation.workflows.reports import tracing
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done
from tests.serials import opening
from tests.workflows.at_the_desk import scan
from tests.workflows.done_work import packed, received
from tests.workflows.sheets_to_load import PO_HEADER, PRODUCT_HEADER, STOCK_HEADER, Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
GTIN = "04006381333931"
Act = Callable[[Site], bool]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@contextmanager
def between(
    store: Store, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, act: Callable[[], bool]
) -> Iterator[list[bool]]:
    """Before this thread first calls a function, another one does an act: until it has ended, or waits for a lock.

    What is yielded has how that act ended, once it has.
    """
    answers, begun = list[bool](), list[threading.Thread]()
    first, original = threading.current_thread(), getattr(module, name)

    def is_waiting() -> bool:
        with store.engine.connect() as other:
            return bool(other.execute(sql_text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())

    def called(*args: Any, **named: Any) -> Any:
        if not begun and threading.current_thread() is first:
            begun.append(threading.Thread(target=lambda: answers.append(act())))
            begun[0].start()
            while begun[0].is_alive() and not is_waiting():
                begun[0].join(0.01)
        return original(*args, **named)

    monkeypatch.setattr(module, name, called)
    yield answers
    assert begun, f"{name} was not called"
    begun[0].join(60)
    assert not begun[0].is_alive()


def into_box(site: Site, number: str = "S-2") -> bool:
    view = scan(Desk(site, SO), number, "A1")
    assert view.verdict is not None
    return view.verdict.tone is Tone.OK


def _unit(site: Site, code: str) -> int:
    (life,) = tracing.trace(site, code)
    return life.unit.id


def dispose(site: Site) -> bool:
    return isinstance(corrections.dispose(site, _unit(site, "A1"), "broken"), Done)


def as_another(site: Site) -> bool:
    return isinstance(regrade(site, _unit(site, "A1"), "CAM-B", "seconds"), Done)


def send(site: Site) -> bool:
    (transfer,) = transfer_book.listing(site)
    return isinstance(transfer_book.send(site, transfer.of.id, ["A1"]), Done)


@pytest.fixture
def stock(site: Site) -> None:
    """A1 is in stock, S-2 wants it, and B1 is packed on S-1."""
    builders.product(site, "CAM", 5)
    builders.product(site, "CAM-B", 5)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "B1")
    opening(site, "NORDWIND", "W-WEST", "CAM", "C1")
    builders.shipment(site, "S-2", {"CAM": 1})
    order = builders.shipment(site, "S-1", {"CAM": 1})
    packed(site, order, "CAM", quantity=1)
    done(transfer_book.begin(site, "W-EAST", "W-WEST"))


@pytest.mark.parametrize("other", [dispose, as_another, send])
def test_a_unit_that_is_taken_away_is_not_scanned_into_a_box(
    site: Site, stock: None, monkeypatch: pytest.MonkeyPatch, other: Act
) -> None:
    with between(site.store, monkeypatch, boxes, "keep", lambda: other(site.at_station("dock-9"))) as answers:
        was_scanned = into_box(site)
    assert sorted([was_scanned, *answers]) == [False, True]


def test_a_unit_that_is_imported_is_in_no_other_box(
    site: Site, stock: None, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ["Warehouse", "Client", "SO Number", "SKU", "Primary Serial Number"]
    plan = check(site, SO, files(header, ["W-EAST", "NORDWIND", "S-1", "CAM", "A1"]))
    with between(site.store, monkeypatch, imports, "_pack", lambda: into_box(site.at_station("dock-9"))) as answers:
        was_imported = isinstance(carry_out(site, plan), Done)
    assert sorted([was_imported, *answers]) == [False, True]


def test_a_unit_that_is_swapped_in_is_in_no_other_box(
    site: Site, stock: None, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ["Warehouse", "Client", "SO Number", "SKU", "Primary Serial Number"]
    done(carry_out(site, check(site, SO, files(header, ["W-EAST", "NORDWIND", "S-1", "CAM", "B1"]))))
    (order,) = [one.order for one in order_book.listing(site, SO) if one.order.number == "S-1"]
    with between(site.store, monkeypatch, lots, "give", lambda: into_box(site.at_station("dock-9"))) as answers:
        was_swapped = isinstance(swapping.swap(site, order.id, "B1", "A1", "scratched"), Done)
    assert sorted([was_swapped, *answers]) == [False, True]


# A serial that nobody knows, for two orders

LABEL = f"]C101{GTIN}21X1"
NEW_SERIALS = ["Warehouse", "Client", "SO Number", "SKU", "Primary Serial Number"]


def with_label(site: Site, number: str) -> bool:
    view = scan(Desk(site, SO), number, LABEL)
    assert view.verdict is not None
    return view.verdict.tone is Tone.OK


def by_file(site: Site, files: Files, scenario: int, *codes: str) -> bool:
    header, cells = NEW_SERIALS, ["W-EAST", "NORDWIND", "S-1", "CAM", *(codes or ("X1", "Y1"))]
    if scenario == 8:
        header = [*header, "Secondary Serial Number"]
    cells = cells[: len(header)]
    return isinstance(carry_out(site, check(site, SO, files(header, cells))), Done)


@pytest.mark.parametrize("scenario", [6, 8])
@pytest.mark.parametrize("first", ["box", "file", "swap", "two boxes"])
def test_a_serial_that_nobody_knows_goes_to_one_of_two_orders(
    site: Site, files: Files, monkeypatch: pytest.MonkeyPatch, scenario: int, first: str
) -> None:
    site = replace(site, rules=replace(site.rules, scenario6_unknown_serials="create"))
    other = site.at_station("dock-9")
    builders.product(site, "CAM", scenario, barcodes=[Barcode(GTIN, 1)])
    packed(site, builders.shipment(site, "S-1", {"CAM": 1}), "CAM", quantity=1)
    for number in ("S-2", "S-3"):
        builders.shipment(site, number, {"CAM": 1})
    if first == "box":
        with between(site.store, monkeypatch, boxes, "keep", lambda: by_file(other, files, scenario)) as answers:
            is_first = with_label(site, "S-2")
    elif first == "file":
        with between(site.store, monkeypatch, shapes, "learn", lambda: with_label(other, "S-2")) as answers:
            is_first = by_file(site, files, scenario)
    elif first == "swap":
        assert by_file(site, files, scenario, "B1", "C1")
        (order,) = [one.order.id for one in order_book.listing(site, SO) if one.order.number == "S-1"]
        second = "Y1" if scenario == 8 else ""
        with between(site.store, monkeypatch, lots, "give", lambda: with_label(other, "S-2")) as answers:
            is_first = isinstance(swapping.swap(site, order, "B1", "X1", "scratched", secondary=second), Done)
    else:
        with between(site.store, monkeypatch, boxes, "keep", lambda: with_label(other, "S-3")) as answers:
            is_first = with_label(site, "S-2")
    assert sorted([is_first, *answers]) == [False, True]


# A lot that is put on hold while units of it come in


def by_scan(site: Site, _files: Files) -> None:
    builders.purchase(site, "N-1", {"CAM": 1})
    desk = Desk(site, PO)
    scan(desk, "N-1", f"]C101{GTIN}21SN-1\x1d10L-1")
    desk.complete()


def by_load(site: Site, files: Files) -> None:
    assert not load(site, [files([*STOCK_HEADER, "Lot"], ["W-EAST", "NORDWIND", "CAM", "SN-1", "", "L-1"])]).refused


def by_import(site: Site, files: Files) -> None:
    builders.change_settings(site, "CAM", 5)
    received(site, builders.purchase(site, "N-1", {"CAM": 1}), "CAM", quantity=1)
    header = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Lot"]
    plan = check(site, PO, files(header, ["W-EAST", "NORDWIND", "N-1", "CAM", "SN-1", "L-1"]))
    done(carry_out(site, plan))


def by_return(site: Site, _files: Files) -> None:
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    order = builders.shipment(site, "S-1", {"CAM": 1})
    scan(desk := Desk(site, SO), "S-1", "SN-1")
    desk.complete()
    done(shipment_orders.ship(site, order))
    back = ReturnDesk(replace(site, rules=replace(site.rules, returns_on_hold=False)))
    scan(back, f"]C101{GTIN}21SN-1\x1d10L-1", "SS-COMPLETE")


@pytest.mark.parametrize(
    ("come", "module", "name"),
    [
        (by_scan, works, "close"),
        (by_load, writing, "_write_lists"),
        (by_import, shapes, "learn"),
        (by_return, returns, "close"),
    ],
    ids=["scan", "load", "import", "return"],
)
def test_what_comes_in_as_its_lot_is_put_on_hold_is_on_hold(
    site: Site,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
    come: Callable[[Site, Files], None],
    module: ModuleType,
    name: str,
) -> None:
    builders.product(site, "CAM", 1, barcodes=[Barcode(GTIN, 1)])
    ben = replace(site, station="office", operator="Ben")

    def hold() -> bool:
        return isinstance(lot_holding.hold(ben, "CAM", "L-1", "recalled"), Done)

    with between(site.store, monkeypatch, module, name, hold) as answers:
        come(site, files)
    assert answers == [True]
    (life,) = tracing.trace(site, "SN-1")
    assert life.standing == "Received, on hold: lot L-1: recalled"


# A product that two people change


def described(site: Site) -> bool:
    before = products.read(site, _product(site))
    return isinstance(products.save(site, before, before.with_text("description", "the new one")), Done)


def renamed(site: Site) -> bool:
    return isinstance(renaming.rename(site, "CAM", "CAM-2"), Done)


def retired(site: Site) -> bool:
    return isinstance(renaming.retire(site, "CAM"), Done)


def loaded(site: Site) -> bool:
    row = ["NORDWIND", "CAM", "CAM described", "", "x", "x", "", "", "", "C[0-9]+"]
    return not load(site, [Files(Path.cwd())([*PRODUCT_HEADER, "Serial Pattern"], row)]).refused


def ordered(site: Site) -> bool:
    return not load(site, [Files(Path.cwd())(PO_HEADER, ["W-EAST", "NORDWIND", "N-9", "CAM", "5"])]).refused


def _product(site: Site) -> int:
    (listed,) = products.page(site)
    return listed.product.id


def stands(site: Site) -> tuple[str, str, str, bool, int]:
    with site.store.read() as tx:
        product = catalog.product(tx, _product(site))
        wanted = len(store_orders.having_open(tx, product.id))
    return product.sku, product.description, product.serial_pattern, bool(product.retired_at), wanted


@pytest.mark.parametrize(
    ("one", "name", "other", "answers", "so"),
    [
        (described, "save_product", renamed, (True, True), ("CAM-2", "the new one", "", False, 0)),
        (loaded, "save_product", described, (True, False), ("CAM", "CAM described", "C[0-9]+", False, 0)),
        (renamed, "rename_product", described, (True, False), ("CAM-2", "CAM described", "", False, 0)),
        (retired, "retire", ordered, (True, False), ("CAM", "CAM described", "", True, 0)),
    ],
    ids=["save and rename", "load and save", "rename and save", "retire and order"],
)
def test_of_a_product_nothing_that_another_changes_is_lost(
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    one: Act,
    name: str,
    other: Act,
    answers: tuple[bool, bool],
    so: tuple[str, str, str, bool, int],
) -> None:
    monkeypatch.chdir(tmp_path)
    builders.product(site, "CAM", 1)
    with between(site.store, monkeypatch, catalog, name, lambda: other(site.at_station("dock-9"))) as others:
        first = one(site)
    assert ((first, *others), stands(site)) == (answers, so)
