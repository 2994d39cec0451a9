"""Suppliers' lists of serials: loaded by key, all or nothing, and removed; no unit is changed (RULES 2.26)."""

import json
from io import StringIO
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.status import OrderKind
from scanstation.store import orders
from scanstation.store.upkeep import findings
from scanstation.workflows.master_data.loading import expect, load
from scanstation.workflows.orders import order_book
from scanstation.workflows.orders.expected_lists import remove_expected
from scanstation.workflows.reports.auditing import audit
from scanstation.workflows.reports.expected_list import expected_list
from scanstation.workflows.reports.reporting import narrowed
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.outcomes import done
from tests.workflows.at_the_desk import scan, text
from tests.workflows.done_work import received
from tests.workflows.sheets_to_load import PO_HEADER, Files

HEADER = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Secondary Serial Number", "Lot"]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def row(number: str, sku: str, *codes: str) -> list[str]:
    return ["W-EAST", "NORDWIND", number, sku, *codes]


def names(outcome: Done | Refused) -> list[str]:
    return [one.name for one in outcome.reasons] if isinstance(outcome, Refused) else []


def expected(site: Site, order_id: int) -> object:
    return order_book.as_json(order_book.detail(site, order_id)).get("expected", [])


def states(site: Site, order_id: int, *, only_missing: bool = False) -> dict[str, str]:
    told = StringIO()
    expected_list(site, order_id, only_missing=only_missing).export_to(told, "json")
    return {one["primary_serial"]: one["state"] for one in json.loads(told.getvalue())}


def counts(sku: str, listed: int, verified: int, unexpected: int, missing: int | None) -> dict[str, object]:
    return {"sku": sku, "listed": listed, "verified": verified, "unexpected": unexpected, "missing": missing}


@pytest.mark.both_stores
def test_a_list_is_loaded_held_against_what_came_and_removed(site: Site, files: Files) -> None:
    product(site, "CAM", 3)
    product(site, "BOX", 4)
    order_id, other = purchase(site, "N-1", {"CAM": 4, "BOX": 2}), purchase(site, "N-2", {"CAM": 1})
    assert expected(site, order_id) == []
    first = files(HEADER, row("N-1", "CAM", "C1", "L1"), row("N-1", "CAM", "C2", "L2"), row("N-1", "cam", "C3"))
    answer = done(expect(site, order_id, first))
    assert answer.text == "Loaded: 3 expected serials (3 new)."
    assert done(expect(site, order_id, first)).text == "Loaded: 3 expected serials (3 as before)."
    again = files(
        HEADER, row("N-1", "CAM", "C1", "L1"), row("N-1", "CAM", "c3", "L3", "A-7"), row("N-1", "BOX", "B1", "K1")
    )
    assert done(expect(site, order_id, again)).text == "Loaded: 3 expected serials (1 new, 1 changed, 1 as before)."
    assert expected(site, order_id) == [counts("CAM", 3, 0, 0, 3), counts("BOX", 1, 0, 0, None)]

    received(site, order_id, "CAM", "C1/L1", "C2/L9", "C8/L8")
    assert expected(site, order_id) == [counts("CAM", 3, 1, 2, 1), counts("BOX", 1, 0, 0, None)]
    assert [detail.expected for detail in order_book.listing(site, OrderKind.PURCHASE)] == [
        order_book.detail(site, order_id).expected,
        (),
    ]
    assert states(site, order_id) == {
        "B1": "not scanned yet",
        "C1": "verified",
        "C2": "with another secondary",
        "c3": "missing",
        "C8": "unexpected",
    }
    assert states(site, order_id, only_missing=True) == {"c3": "missing"}
    detail = order_book.detail(site, order_id)
    assert [(one.file_name, one.serials) for one in detail.lists] == [("sheet-1.csv", 2), ("sheet-2.csv", 2)]
    assert (detail.missing.codes, detail.missing.count) == (["c3"], 1)

    assert names(remove_expected(site, order_id, list_id=99)) == ["no-such-list"]
    assert names(remove_expected(site, other)) == ["no-such-list"]
    removed = done(remove_expected(site, order_id, list_id=detail.lists[0].id))
    assert removed.text == "2 serials of N-1 removed from its list. No unit was changed."
    assert expected(site, order_id) == [counts("CAM", 1, 0, 3, 1), counts("BOX", 1, 0, 0, None)]
    done(remove_expected(site, order_id))
    assert expected(site, order_id) == []
    with site.store.read() as tx:
        assert not any(line.product.is_listed for line in orders.lines(tx, order_id))
    kept = [str(act[1]) for act in audit(site, narrowed(purchase_order="N-1")).read()]
    assert sorted(kept) == ["Expected serials loaded"] * 2 + ["Expected serials removed"] * 2
    assert findings(site.store) == []


@pytest.mark.both_stores
def test_what_packing_brings_stands_to_the_lists_of_its_warehouse(site: Site, files: Files) -> None:
    product(site, "BOX", 4)
    bought, sold = purchase(site, "N-1", {"BOX": 3}), shipment(site, "S-1", {"BOX": 3})
    done(expect(site, bought, files(HEADER, row("N-1", "BOX", "B1", "K1"), row("N-1", "BOX", "B2", "K2"))))
    desk = Desk(site, OrderKind.SHIPMENT)
    scan(desk, "S-1", "BOX", "B1")
    assert text(desk.view) == "B1 is the primary, expected. Now the secondary serial of BOX, unit 1."
    scan(desk, "K1", "BOX", "B9")
    assert text(desk.view) == "B9 is on no list of BOX. Take it?"
    desk.yes()
    scan(desk, "K9")
    desk.complete()
    desk.yes()
    assert expected(site, sold) == [counts("BOX", 1, 1, 1, None)]
    assert expected(site, bought) == [counts("BOX", 2, 1, 0, None)]
    assert states(site, bought) == {"B1": "not scanned yet", "B2": "not scanned yet"}


def test_each_row_that_cannot_be_expected_is_refused_and_nothing_is_kept(site: Site, files: Files) -> None:
    product(site, "CAM", 1, barcodes=[Barcode("4006381333931")], pattern="C[0-9]+")
    product(site, "DUO", 3)
    product(site, "CBL", 0)
    product(site, "IMP", 5)
    product(site, "TAB", 1)
    order_id = purchase(site, "N-1", {"CAM": 2, "DUO": 2, "CBL": 2, "IMP": 2})
    purchase(site, "N-2", {"CAM": 2}, warehouse="W-WEST")
    done(expect(site, order_id, files(HEADER, row("N-1", "DUO", "D1", "E1"))))
    bad = [
        ("other-order", row("N-7", "CAM", "C1")),
        ("wrong-client", ["W-EAST", "SOMEBODY", "N-1", "CAM", "C1"]),
        ("wrong-warehouse", ["W-WEST", "NORDWIND", "N-1", "CAM", "C1"]),
        ("empty", row("N-1", "CAM", "")),
        ("unknown-sku", row("N-1", "XXX", "C1")),
        ("not-a-sku", row("N-1", "4006381333931", "C1")),
        ("not-on-order", row("N-1", "TAB", "C1")),
        ("not-tracked", row("N-1", "CBL", "C1")),
        ("by-import", row("N-1", "IMP", "C1")),
        ("secondary-given", row("N-1", "CAM", "C1", "L1")),
        ("pattern", row("N-1", "CAM", "X1")),
        ("product-not-serial", row("N-1", "DUO", "CAM")),
        ("placeholder-not-serial", row("N-1", "DUO", "N/A")),
        ("bad-serial", row("N-1", "DUO", "A\u200b1")),
        ("same-code", row("N-1", "DUO", "D2", "d2")),
        ("listed-already", row("N-1", "DUO", "D3", "E1")),
    ]
    twice = [row("N-1", "DUO", "D4", "E4"), row("N-1", "DUO", "D5", "E4")]
    file = files(HEADER, *(one for _, one in bad), *twice, row("N-1", "CAM", "C1"))
    refused = expect(site, order_id, file)
    wanted = [*(name for name, _ in bad), "twice-in-file"]
    assert sorted(names(refused)) == sorted(wanted)
    assert expected(site, order_id) == [counts("DUO", 1, 0, 0, 1)]


def test_order_and_list_come_in_one_run_and_a_bad_order_takes_its_list_along(site: Site, files: Files) -> None:
    product(site, "CAM", 1)
    bought = [["W-EAST", "NORDWIND", number, "CAM", "1"] for number in ("N-1", "N-2")]
    bought_sheet = files(PO_HEADER, *bought, ["W-EAST", "NORDWIND", "N-3", "XXX", "1"])
    serials = files(
        HEADER,
        row("N-1", "CAM", "C1"),
        row("N-1", "CAM", "C2"),
        row("N-2", "CAM", "C2"),
        row("N-2", "CAM", "C3"),
        row("N-3", "CAM", "C4"),
        row("N-9", "CAM", "C9"),
    )
    assert {reason.name for reason in load(site, [bought_sheet, serials]).reasons} == {
        "unknown-order",
        "unknown-sku",
        "twice-in-file",
    }
    assert order_book.listing(site, OrderKind.PURCHASE) == []
    answer = load(site, [bought_sheet, serials], good_orders=True)
    assert answer.text == "Loaded: 1 purchase order (1 new), 2 expected serials (2 new)."
    assert "N-1 CAM: 2 are listed and 1 are ordered." in answer.notes
    (detail,) = order_book.listing(site, OrderKind.PURCHASE)
    assert [(one.sku, one.listed) for one in detail.expected] == [("CAM", 2)]


def test_a_listed_unit_that_is_here_already_is_noted_and_not_judged(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1, pattern="C[0-9]+")
    before, order_id = purchase(site, "N-0", {"CAM": 1}), purchase(site, "N-1", {"CAM": 2})
    received(site, before, "CAM", "OLD-1")
    listed = [
        dict(zip(["warehouse", "client", "po_number", "sku", "primary_serial_number"], one, strict=True))
        for one in (row("N-1", "CAM", "OLD-1"), row("N-1", "CAM", "C1"))
    ]
    asn = tmp_path / "asn.json"
    asn.write_text(json.dumps({"asn": listed}))
    answer = done(expect(site, order_id, asn))
    (note,) = answer.notes
    assert "OLD-1 is already Received on PO N-0" in note
