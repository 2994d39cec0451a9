"""Sheets of other programs, read by a map: what is loaded of them, and that nothing passes which should not."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.sheet_maps import BadMap, SheetMap
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.sheets.map_files import find_map, ready_maps
from scanstation.store import orders
from scanstation.store.store import open_store
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data.explaining import Explained, explain
from scanstation.workflows.master_data.loading import Loaded, load
from scanstation.workflows.master_data.watched_folder import Watch
from scanstation.workflows.site import Site
from tests import builders
from tests.conftest import Clock
from tests.workflows.done_work import received
from tests.workflows.watched import Folder

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
OURS = {"constants": {"Warehouse": "W-EAST", "Client": "NORDWIND"}}

# Small files of the shape that each program writes, made by hand from the headers that its documentation or code gives
# (see the head of each map); the orders are our own.

SHOPIFY = [
    [
        *("Name", "Email", "Financial Status", "Lineitem quantity", "Lineitem name", "Lineitem sku"),
        *("Lineitem requires shipping", "Shipping Name", "Notes", "Cancelled at", "Vendor", "Id"),
    ],
    ["#1001", "a@x.test", "paid", "2", "Camera", "CAM", "true", "Ada Byron", "ring,\ntwice", "", "V", "5001"],
    ["#1001", "a@x.test", "", "1", "Bag", "BAG", "true", "", "", "", "V", ""],
    ["#1001", "a@x.test", "", "1", "Gift card", "GIFT", "false", "", "", "", "V", ""],
    ["#1002", "b@x.test", "paid", "3", "Gift card", "GIFT", "false", "Bo Li", "", "2026-11-30 08:00:00", "V", "5002"],
    ["#1002", "b@x.test", "", "3", "Bag", "BAG", "true", "", "", "", "V", ""],
    ["#1003", "c@x.test", "paid", "1", "Bag", "BAG", "true", "Cy", "", "", "V", "5003"],
]
ODOO = [
    [
        *("Activities", "Company", "Customer", "Order Date", "Order Reference", "Status"),
        *("Order Lines/Product", "Order Lines/Quantity", "Order Lines/Unit Price"),
    ],
    ["", "Ours", "Ready Mat", "2025-12-01 10:37:22", "S00003", "Sales Order", "[CAM] Camera", "2.00", "30.75"],
    ["", "", "", "", "", "", "[BAG] Bag", "1.0", "70"],
    ["", "Ours", "Deco", "2025-11-01 11:37:00", "S00002", "Quotation", "[CAM] Camera", "24", "75"],
    ["", "", "", "", "", "", "[BAG] Bag", "30", "38.25"],
    ["", "Ours", "Gemini", "2025-11-02 11:37:00", "S00001", "Cancelled", "[CAM] Camera", "1", "75"],
]
ERPNEXT: list[list[object]] = [
    ["ID", "Customer", "Status", "Item Code (Items)", "Quantity (Items)", "Delivery Warehouse (Items)"],
    ["SAL-ORD-2026-00007", "West View", "To Deliver and Bill", "CAM", 2.0, "W-EAST"],
    ["", "", "", "BAG", 1.0, "W-EAST"],
    ["SAL-ORD-2026-00008", "Palmer", "Draft", "CAM", 9.0, "W-EAST"],
    ["", "", "", "BAG", 9.0, "W-EAST"],
]
WOO = [
    {
        "id": 727,
        "number": "727",
        "order_key": "wc_order_58d2d0",
        "status": "processing",
        "shipping": {"first_name": "John", "last_name": "Doe", "city": "Kiel"},
        "meta_data": [],
        "line_items": [
            {"id": 315, "name": "Camera", "sku": "CAM", "quantity": 2, "taxes": [{"id": 75}]},
            {"id": 316, "name": "Bag", "sku": "BAG", "quantity": 1, "taxes": []},
        ],
    },
    {"number": "728", "status": "pending", "line_items": [{"sku": "CAM", "quantity": 5}]},
    {"number": "729", "status": "cancelled", "line_items": [{"sku": "CAM", "quantity": 5}]},
]


def mapped(site: Site, name: str | dict[str, Any]) -> Site:
    return replace(site, rules=replace(site.rules, own_map=find_map(name)))


def put_csv(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def put_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


def put_json(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def wanted(site: Site, kind: OrderKind = SO) -> dict[str, dict[str, int]]:
    with site.store.read() as tx:
        return {
            one.number: {line.product.sku: line.ordered for line in orders.lines(tx, one.id)}
            for one in orders.listed(tx, kind)
        }


@pytest.fixture
def goods(site: Site) -> Site:
    for sku in ("CAM", "BAG"):
        builders.product(site, sku)
    return site


@pytest.mark.parametrize(
    ("program", "file", "loaded", "left_out"),
    [
        ("shopify", lambda at: put_csv(at / "orders_export.csv", SHOPIFY), ["#1001", "#1003"], 2),
        ("odoo", lambda at: put_csv(at / "Sales Order (sale.order).csv", ODOO), ["S00003"], 2),
        ("odoo", lambda at: put_xlsx(at / "sale.order.xlsx", ODOO), ["S00003"], 2),
        ("erpnext", lambda at: put_xlsx(at / "Sales Order.xlsx", ERPNEXT), ["SAL-ORD-2026-00007"], 2),
        ("woocommerce", lambda at: put_json(at / "orders.json", WOO), ["727"], 1),
        ("woocommerce", lambda at: put_json(at / "webhook.json", WOO[0]), ["727"], 0),
    ],
)
def test_orders_of_other_programs_are_loaded(
    goods: Site, tmp_path: Path, program: str, file: Any, loaded: list[str], left_out: int
) -> None:
    site = mapped(goods, {"use": program, **OURS})
    answer = load(site, [file(tmp_path)])
    assert not answer.refused, answer.reasons
    assert sorted(wanted(site)) == loaded
    assert wanted(site)[loaded[0]] == {"CAM": 2, "BAG": 1}
    said = " ".join(answer.notes)
    assert "Read by the map" in said
    assert (f"{left_out} row" in said) is (left_out > 0)
    with site.store.read() as tx:
        (order,) = orders.find(tx, loaded[0])
    assert (order.warehouse, order.client) == ("W-EAST", "NORDWIND")
    assert order.partner in {"Ada Byron", "Ready Mat", "West View", "John Doe"}


LEFT_ALREADY_OR_UNPAID: list[tuple[str, OrderKind, Sequence[object], list[str]]] = [
    (
        "shopify",
        SO,
        [
            [
                *("Name", "Financial Status", "Fulfillment Status", "Lineitem quantity", "Lineitem sku"),
                *("Lineitem requires shipping", "Lineitem fulfillment status", "Shipping Name", "Cancelled at", "Id"),
            ],
            ["#1", "paid", "fulfilled", "1", "CAM", "true", "fulfilled", "Ada", "", "5001"],
            ["#1", "", "", "1", "BAG", "true", "fulfilled", "", "", ""],
            ["#2", "paid", "partial", "1", "CAM", "true", "fulfilled", "Bo", "", "5002"],
            ["#2", "", "", "2", "BAG", "true", "pending", "", "", ""],
            ["#3", "pending", "unfulfilled", "1", "CAM", "true", "pending", "Cy", "", "5003"],
            ["#3", "", "", "1", "BAG", "true", "pending", "", "", ""],
            ["#4", "expired", "unfulfilled", "1", "CAM", "true", "pending", "Di", "", "5004"],
            ["#5", "authorized", "unfulfilled", "1", "CAM", "true", "pending", "Ed", "", "5005"],
        ],
        ["#2 BAG 2", "#5 CAM 1"],
    ),
    (
        "woocommerce",
        SO,
        [
            {"number": status, "status": status, "line_items": [{"sku": "CAM", "quantity": 1}]}
            for status in ("pending", "on-hold", "processing", "completed", "checkout-draft")
        ],
        ["processing CAM 1"],
    ),
    (
        "erpnext",
        SO,
        [
            ["ID", "Customer", "Status", "Item Code (Items)", "Quantity (Items)", "Delivery Warehouse (Items)"],
            *(
                [status, "West", status, "CAM", 1, "W-EAST"]
                for status in ("To Deliver and Bill", "To Bill", "To Deliver", "Completed", "Closed", "To Pay")
            ),
        ],
        ["To Deliver CAM 1", "To Deliver and Bill CAM 1"],
    ),
    (
        "erpnext",
        PO,
        [
            ["ID", "Supplier", "Status", "Item Code (Items)", "Quantity (Items)", "Target Warehouse (Items)"],
            *(
                [status, "West", status, "CAM", 1, "W-EAST"]
                for status in ("To Receive and Bill", "To Bill", "To Receive", "Completed", "Closed", "Delivered")
            ),
        ],
        ["To Receive CAM 1", "To Receive and Bill CAM 1"],
    ),
    (
        "odoo",
        SO,
        [
            ["Order Reference", "Customer", "Status", "Delivery Status", "Order Lines/Product", "Order Lines/Quantity"],
            ["S1", "Deco", "Sales Order", "Fully Delivered", "[CAM] Camera", "1.0"],
            ["", "", "", "", "[BAG] Bag", "1.0"],
            ["S2", "Deco", "Sales Order", "Not Delivered", "[CAM] Camera", "1.0"],
        ],
        ["S2 CAM 1"],
    ),
    (
        "odoo",
        PO,
        [
            ["Order Reference", "Vendor", "Status", "Receipt Status", "Order Lines/Product", "Order Lines/Quantity"],
            ["P1", "Acme", "Purchase Order", "Fully Received", "[CAM] Camera", "1.0"],
            ["P2", "Acme", "Purchase Order", "Not Received", "[CAM] Camera", "1.0"],
        ],
        ["P2 CAM 1"],
    ),
]
"""Of each program and kind: an export of all its orders, and what of it is still to be done."""


@pytest.mark.parametrize(("program", "kind", "rows", "to_do"), LEFT_ALREADY_OR_UNPAID)
def test_of_all_orders_of_a_program_what_has_left_came_or_is_not_paid_is_left_out(
    goods: Site, tmp_path: Path, program: str, kind: OrderKind, rows: Any, to_do: list[str]
) -> None:
    file = tmp_path / "all.csv"
    answer = load(
        mapped(goods, {"use": program, **OURS}),
        [put_json(tmp_path / "all.json", rows) if program == "woocommerce" else put_csv(file, rows)],
    )
    assert not answer.refused, answer.reasons
    found = wanted(goods, kind)
    assert sorted(f"{order} {sku} {count}" for order, lines in found.items() for sku, count in lines.items()) == to_do


def test_a_site_says_itself_that_unpaid_orders_leave(goods: Site, tmp_path: Path) -> None:
    """Goods that are paid for on delivery."""
    own = {"use": "shopify", **OURS, "shipment-orders": {"skip": {"Financial Status": []}}}
    rows = [["Name", "Financial Status", "Lineitem quantity", "Lineitem sku"], ["#3", "pending", "1", "CAM"]]
    assert not load(mapped(goods, own), [put_csv(tmp_path / "a.csv", rows)]).refused
    assert wanted(goods) == {"#3": {"CAM": 1}}


def test_a_paid_order_that_is_cancelled_and_refunded_is_cancelled_here(goods: Site, tmp_path: Path) -> None:
    builders.shipment(goods, "#6", {"CAM": 1})
    rows = [
        [
            "Name",
            "Financial Status",
            "Lineitem quantity",
            "Lineitem sku",
            "Lineitem fulfillment status",
            "Cancelled at",
        ],
        ["#6", "refunded", "1", "CAM", "pending", "2026-11-30 08:00:00 +0100"],
    ]
    assert not load(mapped(goods, {"use": "shopify", **OURS}), [put_csv(tmp_path / "a.csv", rows)]).refused
    with goods.store.read() as tx:
        assert orders.find(tx, "#6")[0].status is OrderStatus.CANCELLED


def test_a_cancelled_order_of_such_a_file_is_cancelled_here_too(goods: Site, tmp_path: Path) -> None:
    site = mapped(goods, {"use": "shopify", **OURS})
    builders.shipment(site, "#1002", {"BAG": 3})
    answer = load(site, [put_csv(tmp_path / "orders.csv", SHOPIFY)])
    assert not answer.refused, answer.reasons
    with site.store.read() as tx:
        assert orders.find(tx, "#1002")[0].status is OrderStatus.CANCELLED


def test_purchase_orders_are_told_from_shipment_orders_by_what_only_they_have(goods: Site, tmp_path: Path) -> None:
    site = mapped(goods, {"use": "odoo", **OURS})
    rows = [
        [
            *("Order Reference", "Vendor", "Status"),
            *("Order Lines/Product/Internal Reference", "Order Lines/Product", "Order Lines/Quantity"),
        ],
        ["P00001", "Acme", "Purchase Order", "CAM", "[X] A camera", "4.0"],
    ]
    assert not load(site, [put_csv(tmp_path / "purchase.order.csv", rows)]).refused
    assert wanted(site, PO) == {"P00001": {"CAM": 4}}


MINE: dict[str, Any] = {
    **OURS,
    "shipment-orders": {
        "columns": {"Beleg": "SO Number", "Artikel": "SKU", "Menge": "Quantity"},
        "values": {"SKU": {"Kamera": "CAM"}},
    },
    "po-serials": {"columns": {"Beleg": "PO Number", "Artikel": "SKU", "Seriennummer": "Primary Serial Number"}},
}


def test_bad_rows_name_the_cells_of_the_file_and_mended_ones_load_without_the_map(goods: Site, tmp_path: Path) -> None:
    site = mapped(goods, MINE)
    rows = [["Beleg", "Menge", "Artikel", "Farbe"], ["S-1", "2,00", "kamera", "rot"], ["S-2", "2,5", "BAG", "blau"]]
    answer = load(site, [put_csv(tmp_path / "a.csv", rows)], errors_file=tmp_path / "e.xlsx")
    assert [reason.text.partition(":")[0] for reason in answer.reasons[:-1]] == ["a.csv!B3"]
    assert wanted(site) == {}
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert book.active is not None
    told = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert {"Warehouse", "Client", "SO Number", "SKU", "Quantity", "Farbe", "Error"} == set(told[0])
    place = told[0].index("Quantity") + 1
    book.active.cell(3, place).value = "3"
    book.save(tmp_path / "e.xlsx")
    assert not load(goods, [tmp_path / "e.xlsx"]).refused
    assert wanted(site) == {"S-1": {"CAM": 2}, "S-2": {"BAG": 3}}


def test_the_copy_of_a_workbook_keeps_its_own_headers_and_is_read_by_the_map_again(goods: Site, tmp_path: Path) -> None:
    site = mapped(goods, MINE)
    rows: list[list[object]] = [["Beleg", "Menge", "Artikel", "Farbe"]]
    rows += [["S-1", 2, "Kamera", "rot"], ["S-2", 2, "NO-SUCH", "blau"]]
    answer = load(site, [put_xlsx(tmp_path / "a.xlsx", rows)], errors_file=tmp_path / "e.xlsx")
    assert [reason.name for reason in answer.reasons] == ["unknown-sku", "errors-saved"], answer.reasons
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert book.active is not None
    assert [cell.value for cell in book.active[1]] == ["Beleg", "Menge", "Artikel", "Farbe", "Error"]
    book.active["C3"] = "BAG"
    book.save(tmp_path / "e.xlsx")
    assert not load(site, [tmp_path / "e.xlsx"]).refused
    assert wanted(site) == {"S-1": {"CAM": 2}, "S-2": {"BAG": 2}}


def test_what_is_read_as_what_is_told(goods: Site, tmp_path: Path) -> None:
    site = mapped(goods, MINE)
    found = explain(site, put_csv(tmp_path / "a.csv", [["Beleg", "Menge", "Artikel"], ["S-1", "2", "Kamera"]]))
    assert isinstance(found, Explained)
    told = {row[2]: row[3:] for row in found.rows}
    assert told["SO Number"] == ("column A, “Beleg”", "S-1")
    assert told["SKU"] == ("column C, “Artikel”", "CAM")
    assert told["Client"] == ("always “NORDWIND”", "NORDWIND")
    assert told["Due"] == ("—", "")


def test_our_own_headers_are_read_as_ever_and_a_sheet_that_the_map_does_not_know_is_refused(
    goods: Site, tmp_path: Path
) -> None:
    site = mapped(goods, MINE)
    own = [
        ["Warehouse", "Client", "SO Number", "SKU", "Quantity", "Menge"],
        ["W-EAST", "NORDWIND", "S-1", "BAG", "3", "9"],
    ]
    assert not load(site, [put_csv(tmp_path / "own.csv", own)]).refused
    assert wanted(site) == {"S-1": {"BAG": 3}}
    lacking = load(site, [put_csv(tmp_path / "lacks.csv", [["Beleg", "Artikel"], ["S-2", "CAM"]])])
    assert "which lacks: Quantity" in lacking.reasons[0].text
    other = load(site, [put_csv(tmp_path / "other.csv", [["Nr", "Was"], ["S-2", "CAM"]])])
    assert other.reasons[0].name == "unreadable-file"


def test_serials_are_imported_by_the_map(goods: Site, tmp_path: Path) -> None:
    site = mapped(goods, MINE)
    builders.product(site, "LAP", 5)
    received(site, builders.purchase(site, "N-1", {"LAP": 2}), "LAP", quantity=2)
    rows = [["Seriennummer", "Beleg", "Artikel"], ["0012", "N-1", "LAP"], ["0013", "N-1", "LAP"]]
    answer = import_serials(site, PO, put_csv(tmp_path / "serials.csv", rows))
    assert isinstance(answer, Done), answer


def test_a_watched_folder_reads_by_the_map(goods: Site, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    other = mapped(Site(open_store(f"sqlite:///{goods.store.path}", clock), "erp", "office"), MINE)
    folder = Folder(Watch(tmp_path / "in", lambda: other))
    folder.watch.begin()
    folder.put("a.csv", "Beleg;Menge;Artikel\nS-1;2;Kamera\nS-1;1;BAG\n")
    folder.arrive()
    assert folder.result("a.csv")["outcome"] == "loaded"
    assert wanted(goods) == {"S-1": {"CAM": 2, "BAG": 1}}
    folder.watch.end()
    other.store.close()


def test_what_stands_in_an_orders_first_row_alone_is_no_other_orders(goods: Site, tmp_path: Path) -> None:
    """Rows below one that is left out go with it, whatever is empty in them."""
    by = {
        **OURS,
        "shipment-orders": {
            "columns": {"No": "SO Number", "Item": "SKU", "Pcs": "Quantity"},
            "carry": ["SO Number"],
            "skip": {"State": ["draft"]},
        },
    }
    rows = [["No", "State", "Item", "Pcs"], ["S-1", "sent", "CAM", "1"], ["S-2", "DRAFT", "CAM", "9"]]
    rows += [["", "", "BAG", "9"], ["", "", "", ""], ["S-3", "sent", "BAG", "1"], ["", "", "CAM", "2"]]
    answer: Loaded = load(mapped(goods, by), [put_csv(tmp_path / "a.csv", rows)])
    assert not answer.refused, answer.reasons
    assert wanted(goods) == {"S-1": {"CAM": 1}, "S-3": {"BAG": 1, "CAM": 2}}


def test_a_map_is_found_by_name_in_a_file_or_in_the_configuration(tmp_path: Path) -> None:
    assert ready_maps() == ["erpnext", "odoo", "shopify", "woocommerce"]
    assert not find_map("")
    file = tmp_path / "erp.toml"
    file.write_text('use = "shopify"\n[constants]\nClient = "N"\n[shipment-orders.constants]\nWarehouse = "W"\n')
    found: SheetMap = find_map(str(file))
    assert found.kinds["shipment-orders"].constants == {"Client": "N", "Warehouse": "W"}
    for given, said in (
        ("nothing.toml", "cannot be read"),
        ({"use": "sap"}, "use must be a ready map: erpnext,"),
        ({}, "names no column"),
        (str(tmp_path), "cannot be read"),
    ):
        with pytest.raises(BadMap, match=said):
            find_map(given)
    for content, said in ((b"a = ", "is not TOML"), (b"\xff\xfe", "is not UTF-8")):
        file.write_bytes(content)
        with pytest.raises(BadMap, match=said):
            find_map(str(file))
