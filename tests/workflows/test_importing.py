"""Serials from a file: who may come, who may not, and all or nothing."""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from scanstation.domain.file_errors import ReadingStopped, UnreadablePath
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.progress import Progress
from scanstation.domain.scan import Scan
from scanstation.domain.sheet_kinds import PO_SERIALS, SO_SERIALS
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.sheets.reading import look_into
from scanstation.sheets.writing import write_template
from scanstation.store import orders
from scanstation.store import tables as t
from scanstation.workflows.imports.importing import (
    Imported,
    carry_out,
    check,
    import_serials,
    look_again,
    save_rows,
    without_bad_rows,
)
from scanstation.workflows.orders import corrections, shipment_orders, transfer_book
from scanstation.workflows.scanning.transferring import TransferDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done
from tests.workflows.done_work import events_of, line_of, open_work, packed, received, status_of

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT

Serial = str | tuple[str, str]


class Sheets:
    """Writes sheets of serials, one file a call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def __call__(
        self,
        kind: OrderKind,
        number: str,
        sku: str,
        serials: Sequence[Serial],
        *,
        warehouse: str = "W-EAST",
        client: str = "NORDWIND",
        more: Sequence[Sequence[str]] = (),
        order_header: str = "",
    ) -> Path:
        rows = [[warehouse, client, number, sku, *((one, "") if isinstance(one, str) else one)] for one in serials]
        return self.rows(kind, [*rows, *more], order_header or f"{kind} Number")

    def rows(self, kind: OrderKind, rows: Sequence[Sequence[str]], order_header: str = "") -> Path:
        self.count += 1
        path = self.folder / f"serials-{self.count}.csv"
        header = ["Warehouse", "Client", order_header or f"{kind} Number", "SKU"]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*header, "Primary Serial Number", "Secondary Serial Number"])
            writer.writerows(rows)
        return path


@pytest.fixture
def sheet(tmp_path: Path) -> Sheets:
    return Sheets(tmp_path)


def received_order(site: Site, number: str, sku: str, quantity: int) -> int:
    order_id = builders.purchase(site, number, {sku: quantity})
    received(site, order_id, sku, quantity=quantity)
    return order_id


def packed_order(site: Site, number: str, sku: str, quantity: int) -> int:
    order_id = builders.shipment(site, number, {sku: quantity})
    packed(site, order_id, sku, quantity=quantity)
    return order_id


def refused(answer: Done | Refused) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def names(answer: Done | Refused) -> list[str]:
    return [reason.name for reason in refused(answer).reasons]


def count_units(site: Site) -> int:
    with site.store.read() as tx:
        return int(tx.execute(select(func.count()).select_from(t.unit)).scalar_one())


# Purchase orders


@pytest.mark.parametrize("scenario", [5, 6])
def test_one_code_scenarios_import_their_primary_on_the_purchase_order(
    site: Site, sheet: Sheets, scenario: int
) -> None:
    sku = builders.product(site, "LAP", scenario)
    received_order(site, "N-1", "LAP", 3)

    answer = done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"])))

    assert answer.text == "2 serials imported as batch 1: PO N-1 LAP 2 of 3."
    assert status_of(site, sku, "a1") is UnitStatus.RECEIVED
    assert events_of(site, "A1") == [("Received", "import")]


@pytest.mark.parametrize("scenario", [7, 8])
def test_two_code_scenarios_import_both(site: Site, sheet: Sheets, scenario: int) -> None:
    sku = builders.product(site, "CAM", scenario)
    received_order(site, "N-1", "CAM", 1)

    answer = done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [("A1", "B1")])))

    assert answer.text.endswith("CAM 1 of 1, complete.")
    assert status_of(site, sku, "B1") is UnitStatus.RECEIVED


@pytest.mark.parametrize("scenario", [0, 1, 2, 3, 4])
def test_scenarios_that_scan_import_nothing_on_the_purchase_order(site: Site, sheet: Sheets, scenario: int) -> None:
    builders.product(site, "LAP", scenario)
    received_order(site, "N-1", "LAP", 2)

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"]))

    assert names(answer) == ["not-imported"]
    assert "!D2:D3: " in refused(answer).text


@pytest.mark.parametrize("scenario", [0, 1, 2, 3, 4])
def test_scenarios_that_scan_import_nothing_on_the_shipment(site: Site, sheet: Sheets, scenario: int) -> None:
    builders.product(site, "LAP", scenario)
    packed_order(site, "S-1", "LAP", 1)

    assert names(import_serials(site, SO, sheet(SO, "S-1", "LAP", ["A1"]))) == ["not-imported"]


def test_an_import_waits_for_the_receipt_and_stays_open_after_completion(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    order_id = builders.purchase(site, "N-1", {"LAP": 3})
    path = sheet(PO, "N-1", "LAP", ["A1"])
    assert names(import_serials(site, PO, path)) == ["nothing-received"]

    received(site, order_id, "LAP", quantity=1)
    done(import_serials(site, PO, path))
    received(site, order_id, "LAP", quantity=2)

    assert done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A2", "A3"]))).text.endswith("3 of 3, complete.")


def test_what_has_not_come_yet_is_told_with_what_can_be_done(site: Site, sheet: Sheets) -> None:
    for sku, scenario in (("LAP", 5), ("DSK", 5), ("RAD", 1), ("CBL", 0)):
        builders.product(site, sku, scenario)
    order_id = builders.purchase(site, "N-1", {"LAP": 1, "DSK": 1, "RAD": 1, "CBL": 1})
    received(site, order_id, "DSK", quantity=1)
    rows = [["W-EAST", "NORDWIND", "N-1", sku, "A1", ""] for sku in ("LAP", "RAD", "CBL")]

    told = [reason.text for reason in refused(import_serials(site, PO, sheet.rows(PO, rows))).reasons]

    assert "nothing of LAP is received on N-1. Complete its receipt first, or take its rows out." in told[0]
    assert "serials of RAD are scanned at receiving and never imported" in told[1]
    assert "CBL is not tracked" in told[2]


def test_open_work_does_not_count_as_received(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    order_id = builders.purchase(site, "N-1", {"LAP": 3})
    received(site, order_id, "LAP", quantity=1)
    open_work(site, order_id, "LAP", quantity=2)

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"]))

    assert names(answer) == ["too-many"]
    assert "2 serials of LAP for PO N-1, and 1 can still come: 1 received, 0 imported before" in refused(answer).text
    assert count_units(site) == 0


def test_one_bad_row_and_nothing_of_the_file_is_kept(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 5)

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "", "A3\u200b4", ("A4", "B4"), "A1"]))

    assert names(answer) == ["empty", "bad-serial", "secondary-given", "twice-in-file"]
    assert "!E3: The Primary Serial Number of LAP is empty" in refused(answer).reasons[0].text
    assert "!E4: A3<U+200B>4 contains a zero-width space" in refused(answer).reasons[1].text
    assert "!F5: B4" in refused(answer).reasons[2].text
    assert "!E6: A1 stands in row 2 too" in refused(answer).reasons[3].text
    assert count_units(site) == 0


def test_of_many_bad_rows_each_cell_is_named(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 90)

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", [f"A{n}" if n % 2 else "" for n in range(60)]))

    told = "\n".join(reason.text for reason in refused(answer).reasons)
    assert [row for row in range(2, 62, 2) if not re.search(rf"\bE{row}\b", told)] == []
    assert "more" not in told


def test_two_code_scenarios_refuse_one_code_and_the_same_code_twice(site: Site, sheet: Sheets) -> None:
    builders.product(site, "CAM", 7)
    received_order(site, "N-1", "CAM", 4)

    answer = import_serials(site, PO, sheet(PO, "N-1", "CAM", ["A1", ("A2", "a2"), ("A3", "B3"), ("B3", "B4")]))

    assert names(answer) == ["empty", "same-code", "twice-in-file"]


def test_codes_in_use_are_told_with_status_order_time_station_and_operator(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    builders.product(site, "TAB", 5)
    received_order(site, "N-1", "LAP", 2)
    received_order(site, "N-2", "LAP", 2)
    received_order(site, "N-3", "TAB", 1)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"])))
    packed_order(site, "S-1", "LAP", 1)
    done(import_serials(site, SO, sheet(SO, "S-1", "LAP", ["A2"])))

    answer = import_serials(site, PO, sheet(PO, "N-2", "LAP", ["a1", "A2"]))

    first, second = refused(answer).reasons
    assert "!E2: a1 is already Received on PO N-1, 20 Nov 2026" in first.text
    assert "dock-2, by Ana" in first.text
    assert "!E3: A2 is already Packed on SO S-1" in second.text
    done(import_serials(site, PO, sheet(PO, "N-3", "TAB", ["A1"])))  # another SKU may use the same code


def test_a_code_in_open_work_is_told_with_who_has_it(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 1)
    other = builders.purchase(site, "N-2", {"LAP": 1})
    open_work(site, other, "LAP", serials=["A1"], station="dock-3")

    answer = refused(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1"])))

    assert "A1 is on Ana's open receipt N-2 at dock-3" in answer.text


def test_the_same_file_again_is_one_sentence(site: Site, sheet: Sheets) -> None:
    builders.product(site, "CAM", 7)
    received_order(site, "N-1", "CAM", 40)
    path = sheet(PO, "N-1", "CAM", [(f"A{n}", f"B{n}") for n in range(20)])
    done(import_serials(site, PO, path))

    answer = refused(import_serials(site, PO, path))

    (reason,) = answer.reasons
    assert reason.name == "already-imported"
    assert "!E2:E21: 20 serials are already imported on PO N-1 as batch 1 on 20 Nov 2026" in reason.text


def test_a_longer_file_names_the_rows_that_came_before(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 3)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"])))

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2", "A3"]))

    assert names(answer) == ["already-imported"]  # and not too many besides


@pytest.mark.parametrize(
    ("serial", "name"),
    [
        ("TAB-200", "product-not-serial"),
        ("4006381333931", "product-not-serial"),
        ("SS-COMPLETE", "command-not-serial"),
        ("ss-qty-3", "command-not-serial"),
        ("Ж1", "bad-serial"),
        ("AB12º", "bad-serial"),
        ("SN-1™", "bad-serial"),
        ("SN½", "bad-serial"),
        ("A" * 65, "bad-serial"),
    ],
)
def test_what_is_no_serial_is_refused_as_what_it_is(site: Site, sheet: Sheets, serial: str, name: str) -> None:
    builders.product(site, "LAP", 5)
    builders.product(site, "TAB-200", 1, barcodes=[Barcode("4006381333931", 12)])
    received_order(site, "N-1", "LAP", 1)

    assert names(import_serials(site, PO, sheet(PO, "N-1", "LAP", [serial]))) == [name]


def test_a_sku_or_an_order_that_only_folds_to_a_known_one_is_refused_by_name(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP2O", 5)
    builders.product(site, "KABEL-2,5MM²", 5)
    received_order(site, "N-1", "LAP2O", 1)
    received_order(site, "N-2½", "KABEL-2,5MM²", 1)

    for number, sku, said in (
        ("N-1", "LAP2º", "LAP2º contains “º” (masculine ordinal indicator)"),
        ("N-¹", "LAP2O", "N-¹ contains “¹” (superscript one)"),
        ("N-2½", "KABEL-2,5㎜²", "KABEL-2,5㎜² contains “㎜” (square mm)"),
    ):
        refusal = refused(import_serials(site, PO, sheet(PO, number, sku, ["SN-1"])))
        assert [reason.name for reason in refusal.reasons] == ["bad-name"]
        assert said in refusal.text
    # What has such a name since before is still found by it.
    done(import_serials(site, PO, sheet(PO, "N-2½", "KABEL-2,5MM²", ["SN-1"])))


def test_serials_that_begin_like_a_command_are_serials(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 1)

    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["SS-0001"])))


def test_a_serial_pattern_is_held_against_the_folded_code(site: Site, sheet: Sheets) -> None:
    builders.product(site, "CAM", 7, pattern=r"CAM\d{3}", hint="CAM + 3 digits", secondary_pattern=r"L\d")
    builders.shipment(site, "CAM777", {"CAM": 1})
    received_order(site, "N-1", "CAM", 3)

    bad = import_serials(site, PO, sheet(PO, "N-1", "CAM", [("CAM001X", "L1"), ("CAM002", "L22")]))
    assert names(bad) == ["pattern", "pattern"]
    assert "It should be: CAM + 3 digits." in refused(bad).reasons[0].text

    # Full-width digits fold, case does not matter, and an order's number that fits the pattern may be a serial.
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [("cam０01", "l1"), ("CAM777", "L2")])))


def test_orders_clients_warehouses_and_skus_that_do_not_fit(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    builders.product(site, "TAB", 5, barcodes=[Barcode("4006381333931")])
    builders.product(site, "LAP", 5, client="SUEDLICHT")
    received_order(site, "N-1", "LAP", 9)

    path = sheet.rows(
        PO,
        [
            ["W-EAST", "NORDWIND", "N-9", "LAP", "A1", ""],
            ["W-WEST", "NORDWIND", "N-1", "LAP", "A2", ""],
            ["W-EAST", "SUEDLICHT", "N-1", "LAP", "A3", ""],
            ["W-EAST", "NORDWIND", "N-1", "TAB", "A4", ""],
            ["W-EAST", "NORDWIND", "N-1", "NIX", "A5", ""],
            ["w-east", "nordwind ", "n-1", "lap", "A6", ""],
            ["", "NORDWIND", "N-1", "LAP", "A7", ""],
        ],
    )

    answer = refused(import_serials(site, PO, path))

    assert names(answer) == [
        "unknown-order",
        "wrong-warehouse",
        "wrong-client",
        "not-on-order",
        "unknown-sku",
        "empty",
    ]
    assert "!A3: purchase order N-1 is not in W-WEST, but in W-EAST" in answer.reasons[1].text


def test_a_sheet_without_the_column_that_a_row_needs_is_told_by_the_row(site: Site, tmp_path: Path) -> None:
    builders.product(site, "ROU", 7)
    received_order(site, "N-1", "ROU", 3)
    path = tmp_path / "a.csv"
    path.write_text(
        "Warehouse,Client,PO Number,SKU,Primary Serial Number\n"
        "W-EAST,NORDWIND,N-1,ROU,A1\n\nW-EAST,NORDWIND,N-1,ROU,A2\n"
    )

    answer = refused(import_serials(site, PO, path))

    said = "ROU needs a Secondary Serial Number in each row. Add the column, and fill it in."
    assert answer.text == f"a.csv, rows 2, 4: {said}"


def test_started_from_one_order_another_number_is_an_error_of_its_row(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    order_id = received_order(site, "N-1", "LAP", 2)
    received_order(site, "N-2", "LAP", 2)
    path = sheet(PO, "N-1", "LAP", ["A1"], more=[["W-EAST", "NORDWIND", "N-2", "LAP", "A2", ""]])

    plan = check(site, PO, path, order_id)

    assert [problem.name for problem in plan.problems] == ["other-order"]
    assert plan.names_other_orders
    assert done(import_serials(site, PO, path)).text == (
        "2 serials imported as batch 1: PO N-1 LAP 1 of 2; N-2 LAP 1 of 2."
    )


def test_a_line_takes_only_what_was_received_under_a_scenario_that_imports(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 1)
    order_id = builders.purchase(site, "N-1", {"LAP": 5})
    received(site, order_id, "LAP", "X1", "X2")
    builders.change_settings(site, "LAP", 5)
    received(site, order_id, "LAP", quantity=2)

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2", "A3"]))
    assert "4 received, 2 of them without a scanned serial, 0 imported before. Take 1 out." in refused(answer).text

    assert done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"]))).text.endswith("2 of 2, complete.")


def test_a_line_of_two_importing_scenarios_takes_each_as_often_as_it_was_received(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    order_id = builders.purchase(site, "N-1", {"LAP": 3})
    received(site, order_id, "LAP", quantity=2)
    builders.change_settings(site, "LAP", 7)
    received(site, order_id, "LAP", quantity=1)

    assert names(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2", "A3"]))) == ["too-many"]
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", ("A2", "B2")])))
    assert names(import_serials(site, PO, sheet(PO, "N-1", "LAP", [("A3", "B3")]))) == ["too-many"]
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A3"])))


# Shipment orders


def test_a_shipment_packed_under_two_scenarios_takes_either_code_for_what_was_packed_under_7(
    site: Site, sheet: Sheets
) -> None:
    """RULES 2.17: what a unit owes was fixed when it was taken; of a unit of scenario 7 one code is enough."""
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 2)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"])))
    order_id = builders.shipment(site, "S-1", {"LAP": 4})
    packed(site, order_id, "LAP", quantity=2)
    builders.change_settings(site, "LAP", 7)
    received_order(site, "N-2", "LAP", 2)
    done(import_serials(site, PO, sheet(PO, "N-2", "LAP", [("C1", "D1"), ("C2", "D2")])))
    packed(site, order_id, "LAP", quantity=2)

    too_many = sheet(SO, "S-1", "LAP", ["A1", "A2", "C1", "D2", "C9"])
    assert set(names(import_serials(site, SO, too_many))) == {"unknown-serial", "too-many"}
    done(import_serials(site, SO, sheet(SO, "S-1", "LAP", ["C1", "A1", ("", "D2"), "A2"])))


def test_the_shipment_import_waits_for_ready_to_ship(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 2)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"])))
    order_id = builders.shipment(site, "S-1", {"LAP": 2})
    packed(site, order_id, "LAP", quantity=1)
    path = sheet(SO, "S-1", "LAP", ["A1"])

    assert "shipment order S-1 is Packing" in refused(import_serials(site, SO, path)).text
    packed(site, order_id, "LAP", quantity=1)

    assert done(import_serials(site, SO, path)).text == "1 serial imported as batch 2: SO S-1 LAP 1 of 2."
    assert events_of(site, "A1") == [("Received", "import"), ("Packed", "import")]


@pytest.mark.parametrize("scenario", [5, 6, 7])
def test_a_shipment_serial_must_be_known(site: Site, sheet: Sheets, scenario: int) -> None:
    builders.product(site, "LAP", scenario)
    packed_order(site, "S-1", "LAP", 1)

    answer = refused(import_serials(site, SO, sheet(SO, "S-1", "LAP", ["A1"])))

    assert names(answer) == ["unknown-serial"]
    assert "Import it on its purchase order" in answer.text
    assert ("rules.scenario6_unknown_serials" in answer.text) == (scenario == 6)


def test_scenario_6_may_create_serials_when_the_site_says_so(site: Site, sheet: Sheets) -> None:
    creating = Site(site.store, "Ana", "dock-2", SiteRules(scenario6_unknown_serials="create"))
    sku = builders.product(site, "LAP", 6)
    packed_order(site, "S-1", "LAP", 2)

    done(import_serials(creating, SO, sheet(SO, "S-1", "LAP", ["A1", "A2"])))

    assert status_of(site, sku, "A1") is UnitStatus.PACKED
    assert events_of(site, "A1") == [("Packed", "import")]


def test_packed_and_shipped_serials_are_refused_with_where(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 3)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2", "A3"])))
    first = packed_order(site, "S-1", "LAP", 1)
    done(import_serials(site, SO, sheet(SO, "S-1", "LAP", ["A1"])))
    done(shipment_orders.ship(site, first))
    packed_order(site, "S-2", "LAP", 1)
    done(import_serials(site, SO, sheet(SO, "S-2", "LAP", ["A2"])))
    packed_order(site, "S-3", "LAP", 3)

    answer = refused(import_serials(site, SO, sheet(SO, "S-3", "LAP", ["A1", "A2", "A3"])))

    assert [reason.text.split(": ", 1)[1].split(",")[0] for reason in answer.reasons] == [
        "A1 is already Shipped on SO S-1",
        "A2 is already Packed on SO S-2",
    ]


def test_the_same_shipment_file_again_is_one_sentence(site: Site, sheet: Sheets) -> None:
    builders.product(site, "CAM", 7)
    received_order(site, "N-1", "CAM", 2)
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [("A1", "B1"), ("A2", "B2")])))
    packed_order(site, "S-1", "CAM", 2)
    path = sheet(SO, "S-1", "CAM", ["A1", "B2"])
    done(import_serials(site, SO, path))

    assert names(import_serials(site, SO, path)) == ["already-imported"]


def test_the_file_of_an_order_that_has_left_is_not_to_be_removed_first(site: Site, sheet: Sheets) -> None:
    builders.product(site, "CAM", 8)
    order_id = packed_order(site, "S-1", "CAM", 1)
    path = sheet(SO, "S-1", "CAM", [("A1", "B1")])
    done(import_serials(site, SO, path))
    assert refused(import_serials(site, SO, path)).text.endswith("take it back first, on the order's page.")

    done(shipment_orders.ship(site, order_id))

    assert refused(import_serials(site, SO, path)).text.endswith("csv). Take the rows out.")


def test_scenario_7_takes_either_code_in_either_column(site: Site, sheet: Sheets) -> None:
    sku = builders.product(site, "CAM", 7)
    received_order(site, "N-1", "CAM", 6)
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [(f"A{n}", f"B{n}") for n in range(6)])))
    packed_order(site, "S-1", "CAM", 5)

    bad = import_serials(site, SO, sheet(SO, "S-1", "CAM", [("A0", "B1"), ("", ""), ("A2", "NEW"), "A3", "B3"]))
    assert names(bad) == ["two-units", "empty", "two-units", "twice-in-file"]

    rows: list[Serial] = ["A0", "B1", ("", "A2"), ("", "B3"), ("B4", "A4")]
    assert done(import_serials(site, SO, sheet(SO, "S-1", "CAM", rows))).text.endswith("5 of 5, complete.")
    assert [status_of(site, sku, f"A{n}") for n in range(6)] == [UnitStatus.PACKED] * 5 + [UnitStatus.RECEIVED]


def test_two_units_that_can_be_packed_with_each_others_secondary_are_refused(site: Site, sheet: Sheets) -> None:
    builders.product(site, "CAM", 7)
    received_order(site, "N-1", "CAM", 2)
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [("A1", "B1"), ("A2", "B2")])))
    packed_order(site, "S-1", "CAM", 2)

    swapped = sheet(SO, "S-1", "CAM", [("A1", "B2"), ("A2", "B1")])
    assert names(import_serials(site, SO, swapped)) == ["two-units", "twice-in-file"]


def test_a_serial_that_two_products_have_stands_in_for_no_other(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    builders.product(site, "TAB", 5)
    for number, sku in (("N-1", "LAP"), ("N-2", "TAB")):
        received_order(site, number, sku, 1)
        done(import_serials(site, PO, sheet(PO, number, sku, ["A1"])))
    order_id = builders.shipment(site, "S-1", {"LAP": 2, "TAB": 1})
    packed(site, order_id, "LAP", quantity=2)
    packed(site, order_id, "TAB", quantity=1)

    assert names(import_serials(site, SO, sheet(SO, "S-1", "LAP", ["A1", "A9"]))) == ["unknown-serial"]


@pytest.mark.parametrize("rows", [["A1"], ["A1", "A2"]])
def test_a_secondary_that_is_another_products_primary_names_its_own_unit(
    site: Site, sheet: Sheets, rows: list[str]
) -> None:
    cam, lap = builders.product(site, "CAM", 7), builders.product(site, "LAP", 5)
    received_order(site, "N-1", "CAM", 2)
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [("P1", "A1"), ("A2", "B2")])))
    received_order(site, "N-2", "LAP", 2)
    done(import_serials(site, PO, sheet(PO, "N-2", "LAP", ["A1"])))
    order_id = builders.shipment(site, "S-1", {"CAM": 2, "LAP": 1})
    packed(site, order_id, "CAM", quantity=2)
    packed(site, order_id, "LAP", quantity=1)

    assert f"CAM {len(rows)} of 2" in done(import_serials(site, SO, sheet(SO, "S-1", "CAM", rows))).text

    assert status_of(site, cam, "P1") is UnitStatus.PACKED
    assert status_of(site, lap, "A1") is UnitStatus.RECEIVED


@pytest.mark.parametrize("code", ["A1", "B1"])
def test_a_code_that_was_corrected_since_the_check_names_nothing_any_more(site: Site, sheet: Sheets, code: str) -> None:
    sku = builders.product(site, "CAM", 7)
    received_order(site, "N-1", "CAM", 1)
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [("A1", "B1")])))
    packed_order(site, "S-1", "CAM", 1)
    plan = check(site, SO, sheet(SO, "S-1", "CAM", [("A1", "B1")]))
    (unit_id,) = plan.judgement.taken[0].unit_ids
    done(corrections.correct(site, unit_id, code, "X9", "misread"))

    assert names(carry_out(site, plan)) == ["two-units"]

    assert status_of(site, sku, "X9") is UnitStatus.RECEIVED
    assert done(import_serials(site, SO, sheet(SO, "S-1", "CAM", ["X9"]))).text.endswith("1 of 1, complete.")


@pytest.mark.parametrize("scenario", [5, 6])
def test_a_filled_secondary_is_an_error_where_there_is_one_code(site: Site, sheet: Sheets, scenario: int) -> None:
    builders.product(site, "LAP", scenario)
    received_order(site, "N-1", "LAP", 1)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1"])))
    packed_order(site, "S-1", "LAP", 1)

    assert names(import_serials(site, SO, sheet(SO, "S-1", "LAP", [("A1", "A1")]))) == ["secondary-given"]


def test_scenario_8_takes_new_pairs_and_known_units(site: Site, sheet: Sheets) -> None:
    sku = builders.product(site, "CAM", 8)
    received_order(site, "N-1", "CAM", 1)
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", [("A1", "B1")])))
    packed_order(site, "S-1", "CAM", 4)

    rows: list[Serial] = ["A9", ("A8", "B1"), ("A7", "a7"), ("A6", "B6"), ("A5", "B5")]
    bad = import_serials(site, SO, sheet(SO, "S-1", "CAM", rows))
    assert names(bad) == ["empty", "too-many", "two-units", "same-code"]
    assert names(import_serials(site, SO, sheet(SO, "S-1", "CAM", [("A1", "B9")]))) == ["two-units"]

    answer = done(import_serials(site, SO, sheet(SO, "S-1", "CAM", [("A1", "B1"), ("A2", "B2")])))
    assert answer.text.endswith("2 of 4.")
    assert status_of(site, sku, "B2") is UnitStatus.PACKED
    assert events_of(site, "A1") == [("Received", "import"), ("Packed", "import")]
    assert events_of(site, "A2") == [("Packed", "import")]


def test_scenario_8_gives_a_received_unit_its_missing_secondary(site: Site, sheet: Sheets) -> None:
    sku = builders.product(site, "CAM", 6)
    received_order(site, "N-1", "CAM", 2)
    done(import_serials(site, PO, sheet(PO, "N-1", "CAM", ["A1", "A2"])))
    builders.change_settings(site, "CAM", 8)
    packed_order(site, "S-1", "CAM", 2)

    assert names(import_serials(site, SO, sheet(SO, "S-1", "CAM", [("A1", "A2")]))) == ["two-units"]
    done(import_serials(site, SO, sheet(SO, "S-1", "CAM", [("A1", "B1")])))

    assert status_of(site, sku, "B1") is UnitStatus.PACKED


def test_a_serial_of_another_warehouse_is_named_with_it(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    order_id = builders.purchase(site, "N-1", {"LAP": 1}, warehouse="W-WEST")
    received(site, order_id, "LAP", quantity=1)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1"], warehouse="W-WEST")))
    packed_order(site, "S-1", "LAP", 1)

    answer = refused(import_serials(site, SO, sheet(SO, "S-1", "LAP", ["A1"])))

    assert "A1 was received in warehouse W-WEST, and S-1 leaves from W-EAST" in answer.text


def test_an_order_shipped_without_its_serials_takes_them_as_shipped(site: Site, sheet: Sheets) -> None:
    sku = builders.product(site, "CAM", 8)
    order_id = packed_order(site, "S-1", "CAM", 1)
    done(shipment_orders.ship(site, order_id, without_serials_reason="the truck waits"))

    answer = done(import_serials(site, SO, sheet(SO, "S-1", "CAM", [("A1", "B1")])))

    assert answer.notes == ("S-1 has left already: its serials are Shipped now.",)
    assert status_of(site, sku, "A1") is UnitStatus.SHIPPED
    assert events_of(site, "A1") == [("Packed", "import"), ("Shipped", "import")]
    assert names(import_serials(site, SO, sheet(SO, "S-1", "CAM", [("A2", "B2")]))) == ["too-many"]


def test_the_sources_po_number_header_serves_a_shipment_sheet(site: Site, sheet: Sheets) -> None:
    builders.product(site, "CAM", 8)
    packed_order(site, "S-1", "CAM", 1)

    path = sheet(SO, "S-1", "CAM", [("A1", "B1")], order_header="PO Number")

    done(import_serials(site, SO, path))


# The act as a whole


def test_a_unit_that_stands_in_another_warehouse_since_the_check_is_not_packed(site: Site, sheet: Sheets) -> None:
    sku = builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 1)
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1"])))
    packed_order(site, "S-1", "LAP", 1)
    builders.purchase(site, "N-2", {"LAP": 1}, warehouse="W-WEST")
    plan = check(site, SO, sheet(SO, "S-1", "LAP", ["A1"]))
    assert plan.good
    done(transfer_book.begin(site, "W-EAST", "W-WEST"))
    for warehouse in ("W-EAST", "W-WEST"):
        desk = TransferDesk(replace(site, station=f"gate of {warehouse}", warehouse=warehouse))
        for code in ("T-1", "A1"):
            verdict = desk.answer(Scan(code)).verdict
            assert verdict is not None
            assert verdict.accepted, verdict

    assert names(carry_out(site, plan)) == ["other-warehouse"]

    assert status_of(site, sku, "A1") is UnitStatus.RECEIVED


def test_what_changed_between_look_and_act_is_seen(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 2)
    plan = check(site, PO, sheet(PO, "N-1", "LAP", ["A1", "A2"]))
    assert plan.good
    done(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A2"])))

    answer = carry_out(site, plan)

    assert names(answer) == ["already-imported"]
    assert count_units(site) == 1


def test_the_good_rows_alone_can_be_imported_on_request(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 3)
    plan = check(site, PO, sheet(PO, "N-1", "LAP", ["A1", "LAP", "A3"]))

    answer = done(carry_out(site, without_bad_rows(site, plan)))

    assert answer.text.startswith("2 serials imported")


def test_a_look_again_takes_all_the_orders_named_without_reading_the_file(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    order_id = received_order(site, "N-1", "LAP", 2)
    received_order(site, "N-2", "LAP", 2)
    path = sheet(PO, "N-1", "LAP", ["A1"], more=[["W-EAST", "NORDWIND", "N-2", "LAP", "A2", ""]])
    plan = check(site, PO, path, order_id)
    path.unlink()

    for_all = look_again(site, plan, None)

    assert for_all.good
    assert done(carry_out(site, for_all)).text.endswith("PO N-1 LAP 1 of 2; N-2 LAP 1 of 2.")
    assert [problem.name for problem in look_again(site, for_all, None).problems] == ["already-imported"] * 2


def test_columns_with_other_names_are_imported_as_somebody_said(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 2)
    path = sheet.folder / "foreign.csv"
    path.write_text("Site;Client;Order;SKU;S/N\nW-EAST;NORDWIND;N-1;LAP;A1\n")
    (top,) = look_into(path, [PO_SERIALS])
    layout = top.layout([PO_SERIALS])
    for slot, position in ((0, 0), (2, 2), (4, 4)):
        layout = layout.with_column(slot, position, top)

    plan = check(site, PO, path, layout=layout)

    assert plan.good, plan.problems
    imported = carry_out(site, plan)
    assert isinstance(imported, Imported)
    assert imported.batch == 1


def test_a_check_that_was_stopped_answers_nothing(site: Site, sheet: Sheets) -> None:
    progress = Progress()
    progress.stop()

    with pytest.raises(ReadingStopped):
        check(site, PO, sheet(PO, "N-1", "LAP", ["A1"]), progress=progress)


def test_only_the_refused_rows_are_saved_on_request(site: Site, sheet: Sheets, tmp_path: Path) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 3)
    plan = check(site, PO, sheet(PO, "N-1", "LAP", ["A1", "LAP", "A3"]))

    told = save_rows(plan, tmp_path / "mend.xlsx", only_refused=True)

    assert isinstance(told, Done)
    assert told.text.startswith("1 row is saved with an Error column")
    (saved,) = openpyxl.load_workbook(tmp_path / "mend.xlsx").worksheets
    assert [row[4] for row in saved.iter_rows(min_row=2, values_only=True)] == ["LAP"]
    assert names(save_rows(plan, tmp_path / "none" / "mend.xlsx")) == ["errors-not-saved"]


def test_refused_rows_are_saved_with_their_errors_and_the_mended_file_is_taken(
    site: Site, sheet: Sheets, tmp_path: Path
) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 2)
    mended = tmp_path / "mend.xlsx"

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A1", "LAP"]), errors_file=mended)

    assert names(answer) == ["product-not-serial", "errors-saved"]
    workbook = openpyxl.load_workbook(mended)
    (saved,) = workbook.worksheets
    assert [[cell.value for cell in row][4:] for row in saved.iter_rows(min_row=2)] == [
        ["A1", None, None],
        ["LAP", None, "LAP is the product LAP, not a serial. Write the code of the serial label."],
    ]
    saved["E3"] = "A2"
    workbook.save(mended)
    done(import_serials(site, PO, mended))


def test_a_place_where_the_rows_cannot_be_saved_is_told_beside_the_refusal(
    site: Site, sheet: Sheets, tmp_path: Path
) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 2)

    answer = import_serials(site, PO, sheet(PO, "N-1", "LAP", ["LAP"]), errors_file=tmp_path / "none" / "mend.xlsx")

    assert names(answer) == ["product-not-serial", "errors-not-saved"]


def test_cells_that_cannot_be_read_are_told_among_the_others(site: Site, tmp_path: Path) -> None:
    builders.product(site, "CAM", 8)
    packed_order(site, "S-1", "CAM", 3)
    path = tmp_path / "numbers.xlsx"
    write_template(path, SO_SERIALS, [["W-EAST", "NORDWIND", "S-1", "CAM", None, None]] * 2)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    sheet["E2"], sheet["F2"] = 12.5, "B1"
    sheet["E3"], sheet["F3"] = "A2", "CAM"
    workbook.save(path)

    answer = refused(import_serials(site, SO, path))

    assert names(answer) == ["unreadable-cell", "product-not-serial"]
    assert answer.text.startswith("so-serials!E2: 12.5 is a number with decimals")


def test_a_file_of_another_kind_is_refused_and_a_missing_one_is_no_refusal(site: Site, sheet: Sheets) -> None:
    other = sheet.folder / "stock.csv"
    other.write_text("Warehouse,Client,SKU,Quantity\nW-EAST,NORDWIND,LAP,1\n")

    assert names(import_serials(site, SO, other)) == ["unreadable-file"]
    with pytest.raises(UnreadablePath):
        import_serials(site, PO, sheet.folder / "missing.xlsx")


def test_a_header_without_rows_is_refused(site: Site, sheet: Sheets) -> None:
    assert names(import_serials(site, PO, sheet.rows(PO, []))) == ["no-rows"]


def test_hostile_text_reaches_the_reasons_visibly(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    received_order(site, "N-1", "LAP", 2)

    answer = refused(import_serials(site, PO, sheet(PO, "N-1", "LAP", ["A\x1b[31m1", "A\u202e2"])))

    assert all(reason.text.isprintable() for reason in answer.reasons)


def test_refusals_are_logged(site: Site, sheet: Sheets) -> None:
    builders.product(site, "LAP", 5)
    order_id = received_order(site, "N-1", "LAP", 1)
    import_serials(site, PO, sheet(PO, "N-1", "LAP", ["LAP"]), order_id=order_id)

    with site.store.read() as tx:
        row = tx.execute(select(t.refusal)).one()
        assert (row.order_id, row.reason) == (order_id, "product-not-serial")
        assert orders.get(tx, order_id).number == "N-1"
        assert line_of(tx, order_id, "LAP").done == 1
