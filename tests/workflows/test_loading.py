"""Master data from sheets: by key, repeatable, all or nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from scanstation.domain.file_errors import UnreadablePath
from scanstation.domain.products import Barcode
from scanstation.domain.reports import Filters
from scanstation.domain.scan import Source
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.store import catalog, holds, orders, reports, units
from scanstation.store import tables as t
from scanstation.store.store import create_store, open_store
from scanstation.workflows.master_data.changes import State
from scanstation.workflows.master_data.loading import Loaded, load, load_wanted, preview
from scanstation.workflows.orders import corrections, order_book, purchase_orders, shipment_orders
from scanstation.workflows.orders.order_book import as_json
from scanstation.workflows.orders.regrading import regrade
from scanstation.workflows.reports.reporting import Report, export, narrowed
from scanstation.workflows.site import Site
from tests import builders, serials
from tests.outcomes import done
from tests.workflows.done_work import events_of, open_work, packed, received, status_of
from tests.workflows.sheets_to_load import BAG, CAM, LAP, PO_HEADER, PRODUCT_HEADER, SO_HEADER, STOCK_HEADER, Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def loaded(answer: Loaded) -> Loaded:
    assert not answer.refused, answer.reasons
    return answer


def names(answer: Loaded) -> list[str]:
    return [reason.name for reason in answer.reasons]


def quantities(site: Site, kind: OrderKind, number: str) -> dict[str, int]:
    with site.store.read() as tx:
        found = orders.find(tx, number, kind=kind)
        return {line.product.sku: line.ordered for one in found for line in orders.lines(tx, one.id)}


def status(site: Site, kind: OrderKind, number: str) -> OrderStatus:
    with site.store.read() as tx:
        (order,) = orders.find(tx, number, kind=kind)
        return order.status


def unit_of(site: Site, product_id: int, serial: str) -> int:
    with site.store.read() as tx:
        known = units.by_code(tx, product_id, serials.code(serial).key)
    assert known is not None
    return known.id


def test_products_and_orders_of_one_run_know_each_other(site: Site, files: Files) -> None:
    answer = loaded(
        load(
            site,
            [
                files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "lap-14", "10", "ACME", "2026-12-01"]),
                files(SO_HEADER, ["W-EAST", "NORDWIND", "S-1", "CAM-3", "2", "R-1", "Kiel", ""]),
                files(PRODUCT_HEADER, LAP, CAM, BAG),
            ],
        )
    )

    assert answer.text == ("Loaded: 3 products (3 new), 1 purchase order (1 new), 1 shipment order (1 new).")
    assert answer.notes == ("New client: NORDWIND.", "New warehouse: W-EAST.")
    assert quantities(site, PO, "N-1") == {"LAP-14": 10}
    with site.store.read() as tx:
        client = catalog.client_id(tx, "NORDWIND")
        assert client is not None
        laptop = catalog.product_by_sku(tx, client, "LAP-14")
        assert laptop is not None
        assert laptop.settings == builders.SETTINGS[1]
        assert catalog.barcodes_of(tx, laptop.id) == [
            Barcode("4006381333931"),
            Barcode("14006381333938", 12),
        ]
        (order,) = orders.find(tx, "N-1")
        assert (order.partner, order.due, order.status) == ("ACME", "2026-12-01", OrderStatus.OPEN)
        (shipment,) = orders.find(tx, "S-1")
        assert (shipment.partner, shipment.reference) == ("Kiel", "R-1")


def test_a_workbook_may_hold_several_kinds(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "all.xlsx"
    workbook = openpyxl.Workbook()
    for title, rows in (
        ("p", [PRODUCT_HEADER, ["NORDWIND", "LAP", "Laptop", None, True, True, False, False, False]]),
        ("o", [PO_HEADER[:5], ["W-EAST", "NORDWIND", "N-1", "LAP", 3]]),
        ("s", [STOCK_HEADER, ["W-EAST", "NORDWIND", "LAP", "A1", None]]),
    ):
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del workbook["Sheet"]
    workbook.save(path)

    answer = loaded(load(site, [path]))

    assert "1 unit (1 new) of opening stock" in answer.text
    assert events_of(site, "A1") == [("Received", "opening")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_report_of_received_units_is_taken_back_as_opening_stock(site: Site, tmp_path: Path, form: str) -> None:
    builders.product(site, "CAM", 3)
    builders.product(site, "BAT", 1)
    bought = builders.purchase(site, "N-1", {"CAM": 3, "BAT": 2})
    cameras = serials.received(site, bought, "CAM", ("0012", "L-1"), ("C-2", "L-2"), ("C-3", "L-3"))
    serials.received(site, bought, "BAT", "1E5", "B-2")
    site.store.act(lambda tx: holds.put(tx, cameras[1:2], "box wet", site.stamp(), Source.TYPED))
    path = tmp_path / f"stock.{form}"
    export(site, Report.SERIALS, narrowed(statuses=[UnitStatus.RECEIVED]), path, form)
    url = f"sqlite:///{tmp_path / 'other.db'}"
    create_store(url)
    other = Site(open_store(url), "Ana", "dock-2")
    for sku, scenario in (("CAM", 3), ("BAT", 1)):
        builders.product(other, sku, scenario)

    answer = loaded(load(other, [path]))

    assert "5 units (5 new) of opening stock" in answer.text
    told = [(row.primary, row.secondary, row.hold) for row in reports.serials(other.store, Filters())]
    assert told == [(row.primary, row.secondary, row.hold) for row in reports.serials(site.store, Filters())]
    other.store.close()


def test_a_unit_of_a_report_that_is_not_received_is_no_stock(site: Site, files: Files) -> None:
    builders.product(site, "LAP", 1)
    answer = load(site, [files([*STOCK_HEADER, "Status"], ["W-EAST", "NORDWIND", "LAP", "A1", "", "Shipped"])])
    assert names(answer) == ["no-stock"]
    assert "it is Shipped, and no stock. Take the row out." in answer.reasons[0].text


def test_the_same_files_again_change_nothing(site: Site, files: Files) -> None:
    paths = [
        files(PRODUCT_HEADER, LAP),
        files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP-14", "10", "ACME"]),
        files(STOCK_HEADER, ["W-EAST", "NORDWIND", "LAP-14", "A1"]),
    ]
    loaded(load(site, paths))

    answer = loaded(load(site, paths))

    assert answer == Loaded(
        "Loaded: 1 product (1 as before), 1 purchase order (1 as before), 1 unit (1 as before) of opening stock."
    )


def test_a_changed_quantity_updates_its_line_and_a_missing_one_is_untouched(site: Site, files: Files) -> None:
    for sku in ("LAP", "CAM", "BAG"):
        builders.product(site, sku)
    order_id = builders.purchase(site, "N-1", {"LAP": 10, "CAM": 5})
    received(site, order_id, "LAP", quantity=4)

    answer = loaded(
        load(
            site,
            [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP", "12"], ["W-EAST", "NORDWIND", "N-1", "BAG", "1"])],
        )
    )

    assert quantities(site, PO, "N-1") == {"LAP": 12, "CAM": 5, "BAG": 1}
    assert answer.notes == ("PO N-1: LAP 10 → 12, BAG added, 1.",)


def test_a_quantity_never_falls_below_what_is_done_and_in_work(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    builders.product(site, "CAM")
    order_id = builders.purchase(site, "N-1", {"LAP": 10, "CAM": 2})
    received(site, order_id, "LAP", quantity=4)
    open_work(site, order_id, "LAP", quantity=3)

    bad = load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP", "6"])])
    dropped = load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP", "0"])])

    assert names(bad) == names(dropped) == ["below-done"]
    assert "cannot be lowered to 6: 4 are received and 3 in open work. Write 7 or more." in bad.reasons[0].text
    assert "!E2: " in bad.reasons[0].text
    loaded(load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP", "7"])]))


def test_quantity_0_drops_the_line_but_not_the_last_one(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    builders.product(site, "CAM")
    builders.purchase(site, "N-1", {"LAP": 10, "CAM": 2})

    loaded(load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "CAM", "0"])]))

    assert quantities(site, PO, "N-1") == {"LAP": 10}
    last = load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP", "0"])])
    assert names(last) == ["no-lines"]
    assert last.reasons[0].text.endswith("would have no line left. Take its rows out, and close the order.")


def test_barcodes_are_read_right_with_a_note_or_refused_by_their_cell(site: Site, files: Files) -> None:
    rows = [
        ["NORDWIND", "LAP", "Laptop", "4006381333931, 5901234123457"],
        ["NORDWIND", "CAM", "Camera", "36000291452; 14006381333938=12"],
        ["NORDWIND", "BAG", "Bag", "4006381333932"],
        ["NORDWIND", "TAB", "Tablet", "SS-UNDO"],
    ]
    path = files(PRODUCT_HEADER, *rows)

    looked = preview(site, path)

    assert looked.notes == (
        f"{path.name}!D2: 4006381333931, 5901234123457 was read as 2 barcodes, 4006381333931, 5901234123457.",
        f"{path.name}!D3: 36000291452 was read as 036000291452, the UPC-A whose first zero was lost.",
    )
    assert [reason.text.split(": ")[0] for reason in load(site, [path]).reasons] == [
        f"{path.name}!D4",
        f"{path.name}!D5",
    ]
    good = loaded(load(site, [files(PRODUCT_HEADER, *rows[:2])]))
    assert len(good.notes) == 3
    with site.store.read() as tx:
        codes = catalog.product_codes(tx, 1)
    assert codes.keys() == {
        *("LAP", "CAM"),
        *("04006381333931", "05901234123457", "00036000291452", "14006381333938"),
    }


def test_a_upc_a_that_became_a_number_gets_its_zero_back(site: Site, tmp_path: Path) -> None:
    row = ["NORDWIND", "LAP", "Laptop", 36000291452, "x", "x", None, None, None]
    path = save_sheets(tmp_path / "a.xlsx", {"Articles": [PRODUCT_HEADER, row]})

    answer = loaded(load(site, [path]))

    assert any("36000291452 was read as 036000291452" in note for note in answer.notes)
    with site.store.read() as tx:
        assert "00036000291452" in catalog.product_codes(tx, 1)


@pytest.mark.parametrize("kind", [PO, SO])
def test_rows_of_one_product_in_one_sheet_are_added_up_with_a_note(site: Site, files: Files, kind: OrderKind) -> None:
    for sku in ("LAP", "CAM"):
        builders.product(site, sku)
    header = PO_HEADER[:5] if kind is PO else SO_HEADER[:5]
    rows = [
        ["W-EAST", "NORDWIND", "X-1", "LAP", "3"],
        ["W-EAST", "NORDWIND", "X-1", "CAM", "1"],
        ["w-east", "nordwind", "x-1", "lap", "0"],
        ["W-EAST", "NORDWIND", "X-1", "ＬＡＰ", "4"],
        ["W-EAST", "NORDWIND", "X-2", "LAP", "5"],
    ]
    path = files(header, *rows)
    told = (f"{path.name}: LAP of X-1 stands in rows 2, 4 and 5; they are added up to 7.",)

    looked = preview(site, path)
    answer = loaded(load(site, [path]))

    assert looked.notes == told
    assert looked.changes[0].differences == ("LAP 7", "CAM 1")
    assert answer.notes == ("New warehouse: W-EAST.", *told)
    assert quantities(site, kind, "X-1") == {"LAP": 7, "CAM": 1}
    assert quantities(site, kind, "X-2") == {"LAP": 5}
    assert "as before" in loaded(load(site, [path])).text


def test_of_very_many_products_in_several_rows_only_some_are_named(site: Site, files: Files) -> None:
    skus = [f"SKU-{number}" for number in range(25)]
    for sku in skus:
        builders.product(site, sku)
    rows = [["W-EAST", "NORDWIND", "N-1", sku, "1"] for sku in [*skus, *skus]]

    answer = loaded(load(site, [files(PO_HEADER[:5], *rows)]))

    assert len(answer.notes) == 22
    assert answer.notes[-1] == "5 more products stand in several rows of an order; they are added up too."


def test_rows_of_one_product_in_two_sheets_of_a_workbook_are_not_added_up(site: Site, tmp_path: Path) -> None:
    builders.product(site, "LAP")
    row = ["W-EAST", "NORDWIND", "N-1", "LAP", 1]
    path = save_sheets(tmp_path / "two.xlsx", {"May": [PO_HEADER[:5], row], "June": [PO_HEADER[:5], row]})

    answer = load(site, [path])

    assert names(answer) == ["key-twice"]
    assert answer.reasons[0].text == (
        "June!D2: LAP of N-1 stands in May, row 2 too. "
        "Only rows of one sheet are added up: write them in one, or take one out."
    )


def test_lines_that_a_sheet_names_keep_their_quantities(site: Site, files: Files) -> None:
    """The desk sees one sum; what is done is given to the lines in their order (RULES 2.21)."""
    for sku in ("LAP", "CAM"):
        builders.product(site, sku)
    header = [*PO_HEADER[:5], "Line"]

    def lines(*rows: tuple[str, str, str]) -> Loaded:
        return load(site, [files(header, *(["W-EAST", "NORDWIND", "N-1", *row] for row in rows))])

    def shown() -> list[tuple[object, ...]]:
        printed: Any = as_json(order_book.detail(site, order_id))["lines"]
        return [(one["line"], one["sku"], one["ordered"], one["received"]) for one in printed]

    answer = loaded(lines(("LAP", "3", "10"), ("CAM", "1", "20"), ("LAP", "5", "30")))
    assert answer.notes == ("New warehouse: W-EAST.",)
    with site.store.read() as tx:
        order_id = orders.find(tx, "N-1")[0].id
    received(site, order_id, "LAP", quantity=4)
    assert [line.ordered for line in order_book.detail(site, order_id).lines] == [8, 1]
    assert shown() == [("10", "LAP", 3, 3), ("30", "LAP", 5, 1), ("20", "CAM", 1, 0)]
    assert loaded(lines(("LAP", "5", "30"))).text.endswith("1 as before).")
    assert loaded(lines(("LAP", "0", "10"), ("LAP", "2", "40"))).notes == ("PO N-1: LAP 8 → 7.",)
    assert shown()[:2] == [("30", "LAP", 5, 4), ("40", "LAP", 2, 0)]
    for rows, why in (
        ([("LAP", "1", "20")], "line-twice"),
        ([("LAP", "1", "30"), ("LAP", "1", "30")], "line-twice"),
        ([("LAP", "1", "30"), ("LAP", "1", "")], "line-missing"),
        ([("LAP", "9", "")], "line-missing"),
        ([("LAP", "0", "30"), ("LAP", "1", "40")], "below-done"),
    ):
        assert why in names(lines(*rows)), rows
    assert not lines(("LAP", "7", "")).refused, "the same sum"
    assert not lines(("CAM", "0", "20"), ("LAP", "1", "20")).refused, "a line may become another product's"
    assert shown() == [("30", "LAP", 5, 4), ("40", "LAP", 2, 0), ("20", "LAP", 1, 0)]


def test_what_is_wrong_with_added_rows_is_said_of_each(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    order_id = builders.purchase(site, "N-1", {"LAP": 10})
    received(site, order_id, "LAP", quantity=8)
    rows = [
        ["W-EAST", "NORDWIND", "N-1", "LAP", "3"],
        ["W-EAST", "NORDWIND", "N-1", "LAP", "4"],
        ["W-EAST", "NORDWIND", "N-2", "NIX", "1"],
        ["W-EAST", "NORDWIND", "N-2", "NIX", "1"],
        ["W-EAST", "NORDWIND", "N-3", "LAP", "9999999"],
        ["W-EAST", "NORDWIND", "N-3", "LAP", "1"],
    ]
    path = files(PO_HEADER[:5], *rows)

    texts = [reason.text.removeprefix(f"{path.name}!") for reason in load(site, [path]).reasons]

    assert texts == [
        "E7: rows 6 and 7 of LAP come to 10000000, more than 9999999. Correct them.",
        *(
            f"E{row}: LAP of N-1 cannot be lowered to 7 (rows 2 and 3 added up): 8 are received. Write 8 or more."
            for row in (2, 3)
        ),
        *(f"D{row}: NIX is not a SKU of NORDWIND. Check it, or load the product first." for row in (4, 5)),
    ]


@pytest.mark.parametrize("kind", [PO, SO])
def test_a_new_order_keeps_at_least_one_line(site: Site, files: Files, kind: OrderKind) -> None:
    for sku in ("LAP", "CAM"):
        builders.product(site, sku)
    header = PO_HEADER[:5] if kind is PO else SO_HEADER[:5]
    rows = [
        ["W-EAST", "NORDWIND", "X-1", "LAP", "0"],
        ["W-EAST", "NORDWIND", "X-2", "LAP", "0"],
        ["W-EAST", "NORDWIND", "X-2", "CAM", "0"],
        ["W-EAST", "NORDWIND", "X-3", "LAP", "0"],
        ["W-EAST", "NORDWIND", "X-3", "CAM", "2"],
    ]
    path = files(header, *rows)

    answer = load(site, [path])

    assert names(answer) == ["no-lines"] * 3
    assert [reason.text.split(":")[0] for reason in answer.reasons] == [f"{path.name}!E{row}" for row in (2, 3, 4)]
    assert "X-1 is new and would have no line: 0 drops one. Write how many" in answer.reasons[0].text
    good = load(site, [path], good_orders=True)
    assert quantities(site, kind, "X-3") == {"CAM": 2}
    assert names(good) == ["no-lines"] * 3


def test_of_very_many_columns_that_are_passed_over_only_some_are_named(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    others = [f"Extra {number}" for number in range(1, 1_001)]

    answer = loaded(load(site, [files([*PO_HEADER, *others], ["W-EAST", "NORDWIND", "N-1", "LAP", "10"])]))

    assert answer.notes[-1].endswith("Extra 19, Extra 20 and 980 more.")


def test_dropping_the_open_line_completes_the_order(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    builders.product(site, "CAM")
    order_id = builders.purchase(site, "N-1", {"LAP": 1, "CAM": 2})
    received(site, order_id, "LAP", quantity=1)

    answer = loaded(load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "CAM", "0"])]))

    assert answer.notes[-1] == "PO N-1 is Completed now, it was Partially Received."
    assert status(site, PO, "N-1") is OrderStatus.COMPLETED


def test_finished_orders_do_not_change_and_may_be_repeated(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    done_order = builders.purchase(site, "N-1", {"LAP": 1})
    received(site, done_order, "LAP", quantity=1)
    short = builders.purchase(site, "N-2", {"LAP": 5})
    received(site, short, "LAP", quantity=1)
    purchase_orders.close_short(site, short, "the rest is lost")
    gone = builders.shipment(site, "S-1", {"LAP": 1})
    packed(site, gone, "LAP", quantity=1)
    shipment_orders.ship(site, gone)
    off = builders.shipment(site, "S-2", {"LAP": 1})
    shipment_orders.cancel(site, off, "not wanted")

    bad = load(
        site,
        [
            files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP", "2"], ["W-EAST", "NORDWIND", "N-2", "LAP", "9"]),
            files(SO_HEADER, ["W-EAST", "NORDWIND", "S-1", "LAP", "2"], ["W-EAST", "NORDWIND", "S-2", "LAP", "2"]),
        ],
    )
    assert names(bad) == ["order-finished"] * 4
    ways = [reason.text.partition("Take its rows out")[2] for reason in bad.reasons]
    assert ways == ["; for more goods, load a new order.", ", or reopen it first.", ".", "."]

    repeat = load(site, [files(SO_HEADER, ["W-EAST", "NORDWIND", "S-1", "LAP", "1"])])
    assert loaded(repeat).text == "Loaded: 1 shipment order (1 as before)."


def test_a_packed_order_that_gets_more_goes_back_to_packing(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    order_id = builders.shipment(site, "S-1", {"LAP": 1})
    packed(site, order_id, "LAP", quantity=1)

    loaded(load(site, [files(SO_HEADER, ["W-EAST", "NORDWIND", "S-1", "LAP", "2"])]))

    assert status(site, SO, "S-1") is OrderStatus.PACKING


@pytest.mark.parametrize(
    ("row", "name", "words"),
    [
        (
            ["NORDWIND", "X", "", "", "x", "x", "x"],
            "settings",
            "“Both Receiving and Packing” and “Only Packing” are both on",
        ),
        (["NORDWIND", "X", "", "", "x"], "settings", "are both off"),
        (["NORDWIND", "", ""], "empty", "!B2: the SKU is empty"),
        (["", "X", ""], "empty", "!A2: the Client is empty"),
        (["NORDWIND", "X" * 65, ""], "bad-name", "too long"),
        (["NORDWIND", "AB12º", ""], "bad-name", "AB12º contains “º” (masculine ordinal indicator), which is not on a"),
        (["NORDWIND", "X", "", "③00"], "bad-name", "③00 contains “③” (circled digit three)"),
        (["NORDWIND", "SS-COMPLETE", ""], "command", "is a command barcode"),
        (["NORDWIND", "X", "", "123=0"], "pack-quantity", "Write code=12"),
        (["NORDWIND", "X", "", "123=2;123=3"], "pack-quantity", "stands for 2 and for 3"),
        (["NORDWIND", "X", "", "", "maybe"], "unreadable-cell", "!E2: maybe is neither yes nor no"),
        (["NORDWIND", "X", "", "", "", "", "", "", "", "(", ""], "pattern", "is not a regular expression"),
        (["NORDWIND", "X", "", "LAP"], "barcode-is-sku", "is the SKU of another product"),
        (["NORDWIND", "X", "", "4711"], "barcode-twice", "is a barcode of LAP too"),
        (["NORDWIND", "4711", "", ""], "barcode-is-sku", "is a barcode of LAP"),
    ],
)
def test_products_that_cannot_be(site: Site, files: Files, row: list[str], name: str, words: str) -> None:
    builders.product(site, "LAP", 1, barcodes=[Barcode("4711")])
    header = [*PRODUCT_HEADER, "Serial Pattern", "Serial Hint"]

    answer = load(site, [files(header, row)])

    assert names(answer) == [name]
    assert words in answer.reasons[0].text
    assert answer.text == "Nothing was loaded: 1 problem."


def test_a_barcode_may_move_from_one_product_to_another_in_one_run(site: Site, files: Files) -> None:
    builders.product(site, "LAP", barcodes=[Barcode("4711")])
    builders.product(site, "CAM", barcodes=[Barcode("4712")])

    loaded(
        load(
            site,
            [files(PRODUCT_HEADER, ["NORDWIND", "CAM", "", "4711"], ["NORDWIND", "LAP", "", "4712;SPARE"])],
        )
    )

    with site.store.read() as tx:
        assert catalog.product_codes(tx, 1).keys() == {"LAP", "CAM", "4711", "4712", "SPARE"}


def test_a_key_may_come_once_in_a_run_and_a_barcode_for_one_product(site: Site, files: Files) -> None:
    answer = load(
        site,
        [
            files(PRODUCT_HEADER, LAP, [*LAP[:2], "again"], ["NORDWIND", "TAB", "", "4006381333931"]),
            files(PO_HEADER, ["W", "NORDWIND", "N-1", "LAP-14", "1"]),
            files(PO_HEADER, ["w", "nordwind", "n-1", "lap-14", "2"]),
            files(STOCK_HEADER, ["W", "NORDWIND", "LAP-14", "A1"], ["W", "NORDWIND", "LAP-14", "a1"]),
        ],
    )

    assert names(answer) == ["key-twice", "key-twice", "barcode-twice", "key-twice"]
    assert "sheet-1.csv" in answer.reasons[0].text


def test_settings_change_only_while_no_open_work_holds_a_unit(site: Site, files: Files) -> None:
    builders.product(site, "LAP-14", 0)
    order_id = builders.purchase(site, "N-1", {"LAP-14": 2})
    open_work(site, order_id, "LAP-14", quantity=1)

    assert names(load(site, [files(PRODUCT_HEADER, LAP)])) == ["product-in-work"]
    loaded(load(site, [files(PRODUCT_HEADER, ["NORDWIND", "LAP-14", "Another description", "999"])]))


def test_columns_that_a_sheet_lacks_leave_patterns_as_they_are(site: Site, files: Files) -> None:
    builders.product(site, "LAP-14", 1, pattern="L.*", hint="L and more")
    loaded(load(site, [files(PRODUCT_HEADER, LAP)]))

    with site.store.read() as tx:
        known = catalog.product_by_sku(tx, 1, "LAP-14")
    assert known is not None
    assert (known.serial_pattern, known.serial_hint) == ("L.*", "L and more")


def test_orders_of_unknown_clients_and_skus_are_refused(site: Site, files: Files) -> None:
    builders.product(site, "LAP")

    answer = load(
        site,
        [
            files(
                PO_HEADER,
                ["W-EAST", "NIEMAND", "N-1", "LAP", "1"],
                ["W-EAST", "NORDWIND", "N-2", "NIX", "1"],
                ["W-EAST", "NORDWIND", "N-3", "LAP", ""],
                ["W-EAST", "NORDWIND", "N-3", "LAP", "1.5"],
                ["W-EAST", "NORDWIND", "N-4", "LAP", "1", "ACME"],
                ["W-EAST", "NORDWIND", "N-4", "NIX", "1", "OTHER"],
            )
        ],
    )

    assert sorted(names(answer)) == [
        "empty",
        "head-differs",
        "unknown-client",
        "unknown-sku",
        "unknown-sku",
        "unreadable-cell",
    ]
    with site.store.read() as tx:
        assert tx.execute(select(t.orders)).all() == []
        assert catalog.warehouse_id(tx, "W-EAST") is None


def test_good_orders_are_loaded_beside_bad_ones_on_request(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    path = files(
        PO_HEADER,
        ["W-EAST", "NORDWIND", "N-1", "LAP", "1"],
        ["W-WEST", "NORDWIND", "N-2", "LAP", "1"],
        ["W-WEST", "NORDWIND", "N-2", "NIX", "1"],
        ["W-WEST", "NORDWIND", "N-3", "LAP", "x"],
    )
    assert load(site, [path]).text == "Nothing was loaded: 2 problems."

    answer = load(site, [path], good_orders=True)

    assert answer.text == "Loaded: 1 purchase order (1 new)."
    assert answer.notes == ("New warehouse: W-EAST.",)
    assert names(answer) == ["unreadable-cell", "unknown-sku"]
    assert quantities(site, PO, "N-1") == {"LAP": 1}
    assert quantities(site, PO, "N-2") == quantities(site, PO, "N-3") == {}


def test_a_row_of_no_order_stops_even_good_orders(site: Site, files: Files) -> None:
    builders.product(site, "LAP")
    path = files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "LAP", "1"], ["W-EAST", "NORDWIND", "", "LAP", "1"])

    assert names(load(site, [path], good_orders=True)) == ["empty"]
    assert quantities(site, PO, "N-1") == {}


def test_opening_stock_is_received_without_an_order(site: Site, files: Files) -> None:
    sku = builders.product(site, "CAM", 7)

    loaded(load(site, [files(STOCK_HEADER, ["W-EAST", "NORDWIND", "CAM", "A1", "B1"])]))

    assert status_of(site, sku, "B1") is UnitStatus.RECEIVED
    with site.store.read() as tx:
        unit = tx.execute(select(t.unit)).one()
        assert (unit.purchase_line_id, unit.receiving_batch_id) == (None, None)


@pytest.mark.both_stores
@pytest.mark.parametrize("act", ["corrected", "secondary corrected", "regraded"])
def test_a_sheet_of_stock_that_comes_again_makes_no_second_unit_of_one_that_has_another_code_or_sku_since(
    site: Site, files: Files, act: str
) -> None:
    cam = builders.product(site, "CAM", 7)
    builders.product(site, "LENS", 7)
    sheet = files(
        STOCK_HEADER,
        ["W-EAST", "NORDWIND", "CAM", "A1", "B1"],
        ["W-EAST", "NORDWIND", "CAM", "A2", "B2"],
        ["W-EAST", "NORDWIND", "LENS", "C1", "D1"],
    )
    loaded(load(site, [sheet]))
    unit_id = unit_of(site, cam, "A1")
    if act == "regraded":
        done(regrade(site, unit_id, "LENS", "wrong box"))
    else:
        before, now = ("A1", "A9") if act == "corrected" else ("B1", "B9")
        done(corrections.correct(site, unit_id, before, now, "misread"))

    again = loaded(load(site, [sheet]))

    assert again.text == "Loaded: 3 units (3 as before) of opening stock."
    is_now = {"corrected": "A9 + B1 (CAM)", "secondary corrected": "A1 + B9 (CAM)", "regraded": "A1 + B1 (LENS)"}[act]
    told = f"{sheet.name}!D2: A1 was loaded before and is {is_now} now. No second unit was made of it."
    assert again.notes == (told,)
    with site.store.read() as tx:
        assert tx.execute(select(func.count()).select_from(t.unit)).scalar_one() == 3


def test_stock_that_was_taken_back_may_come_again(site: Site, files: Files) -> None:
    sku = builders.product(site, "CAM", 1)
    sheet = files(STOCK_HEADER, ["W-EAST", "NORDWIND", "CAM", "A1"])
    loaded(load(site, [sheet]))
    unit_id = unit_of(site, sku, "A1")
    done(corrections.correct(site, unit_id, "A1", "A9", "misread"))
    done(corrections.unreceive(site, unit_id, "never came"))

    assert loaded(load(site, [sheet])).text == "Loaded: 1 unit (1 new) of opening stock."


def test_opening_stock_that_cannot_be(site: Site, files: Files) -> None:
    builders.product(site, "LAP", 1, pattern=r"L\d+", barcodes=[Barcode("4711")])
    builders.product(site, "BAG", 0)
    order_id = builders.purchase(site, "N-1", {"LAP": 1})
    received(site, order_id, "LAP", "L1")

    answer = load(
        site,
        [
            files(
                STOCK_HEADER,
                ["W-EAST", "NORDWIND", "BAG", "A1"],
                ["W-EAST", "NORDWIND", "LAP", "L1"],
                ["W-EAST", "NORDWIND", "LAP", "4711"],
                ["W-EAST", "NORDWIND", "LAP", "X9"],
                ["W-EAST", "NORDWIND", "LAP", "L2", "L3"],
                ["W-EAST", "NORDWIND", "NIX", "L4"],
                ["W-EAST", "NORDWIND", "LAP", ""],
            )
        ],
    )

    assert names(answer) == [
        "empty",
        "not-tracked",
        "in-use",
        "product-not-serial",
        "pattern",
        "secondary-given",
        "unknown-sku",
    ]
    assert "L1 is already Received on PO N-1" in answer.reasons[2].text


def test_unreadable_files_are_told_and_missing_ones_raise(site: Site, files: Files, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")

    assert names(load(site, [other])) == ["unreadable-file"]
    with pytest.raises(UnreadablePath):
        load(site, [tmp_path / "missing.csv"])


def test_nothing_is_loaded_when_any_file_is_bad(site: Site, files: Files) -> None:
    assert load(site, [files(PRODUCT_HEADER, LAP), files(PO_HEADER, ["W", "NORDWIND", "N-1", "NIX", "1"])]).refused

    with site.store.read() as tx:
        assert catalog.client_id(tx, "NORDWIND") is None


# A look before


def test_a_look_tells_what_is_new_and_what_changes_and_changes_nothing(site: Site, files: Files) -> None:
    loaded(load(site, [files(PRODUCT_HEADER, LAP, CAM)]))
    other = [*LAP[:2], "Laptop, 14 inch", "", "x", "", "yes", "", ""]

    told = preview(site, files(PRODUCT_HEADER, other, CAM, BAG))

    assert told.good
    assert told.summary == "3 products (1 new, 1 changed, 1 as before)"
    assert [(change.name, change.state) for change in told.changes] == [
        ("LAP-14", State.CHANGED),
        ("CAM-3", State.SAME),
        ("BAG", State.NEW),
    ]
    assert told.changes[0].differences == (
        "description",
        "Both Receiving and Packing off",
        "Only Packing on",
        "barcodes",
    )
    assert preview(site, files(PRODUCT_HEADER, LAP)).changes[0].state is State.SAME, "nothing was changed"
    assert loaded(load_wanted(site, told.wanted)).text == "Loaded: 3 products (1 new, 1 changed, 1 as before)."


def test_a_look_counts_the_units_that_will_lack_serials(site: Site, files: Files) -> None:
    for sku in ("LAP-14", "CAM-3", "BAG"):
        builders.product(site, sku)
    received(site, builders.purchase(site, "N-1", {"LAP-14": 6}), "LAP-14", quantity=6)
    received(site, builders.purchase(site, "N-2", {"CAM-3": 2}), "CAM-3", quantity=2)
    received(site, builders.purchase(site, "N-3", {"BAG": 9}), "BAG", quantity=9)
    only_packing = [*CAM[:5], "", "x", "", ""]

    told = preview(site, files(PRODUCT_HEADER, LAP, only_packing, [*BAG[:2], "Bag, red", *BAG[3:]]))

    assert told.without_serials == 8
    assert [(change.name, change.warning) for change in told.changes] == [
        (
            "LAP-14",
            "6 units of LAP-14 on hand have no serials, and packing will want serials that were received: "
            "load them as opening stock, or those units cannot be packed.",
        ),
        ("CAM-3", "2 units of CAM-3 on hand have no serials yet: packing takes theirs as new."),
        ("BAG", ""),
    ]
    notes = loaded(load_wanted(site, told.wanted)).notes
    assert {change.warning for change in told.changes if change.warning} <= set(notes)
    assert preview(site, files(PRODUCT_HEADER, LAP)).without_serials == 0, "as before is no change"


def test_a_look_at_orders_tells_which_can_be_left_out(site: Site, files: Files) -> None:
    loaded(load(site, [files(PRODUCT_HEADER, BAG)]))
    loaded(load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "BAG", "5"])]))

    rows = [["W-EAST", "NORDWIND", "N-1", "BAG", "7"], ["W-EAST", "NORDWIND", "N-2", "NIX", "1"]]
    told = preview(site, files(PO_HEADER, *rows))

    assert (told.good, told.can_leave_out, told.bad_orders) == (False, True, 1)
    assert [(change.name, change.differences) for change in told.changes] == [("N-1", ("BAG 5 → 7",))]
    assert [trouble.name for trouble in told.troubles] == ["unknown-sku"]
    done = load_wanted(site, told.wanted, good_orders=True)
    assert done.text == "Loaded: 1 purchase order (1 changed)."
    assert quantities(site, PO, "N-1") == {"BAG": 7}


def test_a_look_at_a_file_that_cannot_be_read_tells_why(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("nothing,known\n1,2\n")

    told = preview(site, path)

    assert (told.good, told.can_leave_out) == (False, False)
    assert [trouble.name for trouble in told.troubles] == ["unreadable-file"]


# Mending


def sheets_of(path: Path) -> dict[str, list[list[str]]]:
    """The sheets of a workbook as their cells are shown."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    }


def save_sheets(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def test_refused_rows_of_all_kinds_come_back_to_be_mended_and_loaded(site: Site, tmp_path: Path) -> None:
    po_rows = [["W-EAST", "NORDWIND", "N-1", "LAP-14", 10, "ACME", ""], ["W-EAST", "NORDWIND", "N-1", "NIX", 2, "", ""]]
    path = save_sheets(
        tmp_path / "all.xlsx",
        {
            "Articles": [PRODUCT_HEADER, LAP, [*CAM[:6], "1", *CAM[7:]]],
            "Orders": [PO_HEADER, *po_rows, ["W-EAST", "NORDWIND", "N-2", "LAP-14", 1.5, "", ""]],
            "More orders": [PO_HEADER, ["W-EAST", "NORDWIND", "N-3", "LAP-14", 1, "", ""]],
            "Ship": [SO_HEADER, ["W-EAST", "NORDWIND", "S-1", "LAP-14", 1, "", "Kiel", "2026-12-01"]],
            "Stock": [STOCK_HEADER, ["W-EAST", "NORDWIND", "LAP-14", "0042", ""], ["W-EAST", "NORDWIND", "LAP-14"]],
        },
    )
    errors = tmp_path / "errors.xlsx"

    answer = load(site, [path], errors_file=errors)

    assert (
        answer.reasons[-1].text
        == f"All rows are saved with an Error column in {errors}: mend them and import that file. "
        "It is a copy of all.xlsx."
    )
    found = sheets_of(errors)
    assert list(found) == ["Articles", "Orders", "More orders", "Ship", "Stock"]
    assert found["Articles"][0] == [*PRODUCT_HEADER, "Error"]
    assert [row[-1] for row in found["Articles"][1:]] == [
        "",
        "CAM-3: “Both Receiving and Packing” and “Only Packing” are both on; "
        "with Track Serial Number on, turn exactly one of them on.",
    ]
    assert [row[-1] for row in found["Orders"][1:]] == [
        "",
        "NIX is not a SKU of NORDWIND. Check it, or load the product first.",
        "1.5 is not a whole number. Write a whole number, 0 or more.",
    ]
    assert [row[-1] for row in found["More orders"][1:]] == [""]
    assert [row[-1] for row in found["Stock"][1:]] == ["", "the Primary Serial Number is empty. Fill it in."]
    assert found["Stock"][1][3] == "0042"

    found["Articles"][2][6] = "False"
    found["Orders"][2][3] = "CAM-3"
    found["Orders"][3][4] = "2"
    found["Stock"][2][3] = "0043"
    told = loaded(load(site, [save_sheets(errors, found)], errors_file=tmp_path / "none.xlsx"))
    assert told.text == (
        "Loaded: 2 products (2 new), 3 purchase orders (3 new), 1 shipment order (1 new), "
        "2 units (2 new) of opening stock."
    )
    assert not (tmp_path / "none.xlsx").exists()
    assert quantities(site, PO, "N-1") == {"LAP-14": 10, "CAM-3": 2}


def test_beside_good_orders_the_others_are_saved_whole(site: Site, files: Files, tmp_path: Path) -> None:
    loaded(load(site, [files(PRODUCT_HEADER, BAG, LAP)]))
    rows = [
        ["W-EAST", "NORDWIND", "N-1", "BAG", "7"],
        ["W-EAST", "NORDWIND", "N-2", "BAG", "1"],
        ["W-EAST", "NORDWIND", "n-2", "NIX", "1"],
    ]

    answer = load(site, [files(PO_HEADER, *rows)], good_orders=True, errors_file=tmp_path / "others.xlsx")

    assert answer.text == "Loaded: 1 purchase order (1 new)."
    assert answer.reasons[-1].text.startswith("2 rows are saved with an Error column in ")
    ((header, *saved_rows),) = sheets_of(tmp_path / "others.xlsx").values()
    assert header == [*PO_HEADER, "Error"]
    assert [(row[2], row[3], row[-1]) for row in saved_rows] == [
        ("N-2", "BAG", "left out: another row of N-2 is refused."),
        ("n-2", "NIX", "NIX is not a SKU of NORDWIND. Check it, or load the product first."),
    ]


def test_where_nothing_could_be_read_there_is_nothing_to_mend(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("nothing,known\n1,2\n")

    answer = load(site, [path], errors_file=tmp_path / "errors.xlsx")

    assert names(answer) == ["unreadable-file"]
    assert not (tmp_path / "errors.xlsx").exists()
