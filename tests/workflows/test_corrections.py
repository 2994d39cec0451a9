"""Corrections after completion: unpack, unreceive, correct, lower."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.store import tables as t
from scanstation.store import upkeep
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import corrections, order_book, purchase_orders, shipment_orders
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import change_settings, product, purchase, shipment
from tests.outcomes import done
from tests.serials import opening
from tests.workflows.done_work import open_work, packed, received, status_of

pytestmark = pytest.mark.both_stores

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
RECEIVED, PACKED, SHIPPED = UnitStatus.RECEIVED, UnitStatus.PACKED, UnitStatus.SHIPPED


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


def unit_of(site: Site, code: str, *, client: str | None = None, sku: str | None = None) -> int:
    found = corrections.choose(site, code, client=client, sku=sku)
    assert not isinstance(found, Refused), found
    return found.unit.id


def unpack(site: Site, code: str, reason: str = "wrong box") -> Done | Refused:
    return corrections.unpack(site, unit_of(site, code), reason)


def unreceive(site: Site, code: str, reason: str = "never came") -> Done | Refused:
    return corrections.unreceive(site, unit_of(site, code), reason)


def correct(site: Site, code: str, new: str, reason: str = "misread") -> Done | Refused:
    return corrections.correct(site, unit_of(site, code), code, new, reason)


def refused(answer: object, name: str) -> str:
    assert isinstance(answer, Refused), answer
    assert answer.reasons[0].name == name, answer
    return answer.text


def counts(site: Site, order_id: int) -> tuple[str, int, int, int]:
    """Status, done, serials present and needed of an order's first line."""
    shown = order_book.detail(site, order_id)
    line = shown.lines[0]
    return shown.order.status.value, line.done, line.serials_present, line.serials_needed


def imports(site: Site, folder: Path, kind: OrderKind, number: str, sku: str, *serials: str) -> Done | Refused:
    path = folder / f"{number}-{'-'.join(serials).replace('/', '+')}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        second = ["Secondary Serial Number"] if any("/" in serial for serial in serials) else []
        writer.writerow(["Warehouse", "Client", f"{kind} Number", "SKU", "Primary Serial Number", *second])
        for serial in serials:
            writer.writerow(["W-EAST", "NORDWIND", number, sku, *serial.split("/")])
    return import_serials(site, kind, path)


def life(site: Site, code: str) -> list[tuple[str, str, str | None, str]]:
    """What happened to the only unit that ever had a code: what, on which order, with which primary, why."""
    (one,) = tracing.trace(site, code)
    return [(event.what.value, event.order or "", event.primary, event.reason) for event in one.events]


def reported(site: Site, name: Report) -> list[str]:
    return [str(row.primary) for row in reporting.rows(site, name, Filters())]


# Unpack


@pytest.mark.parametrize(("scenario", "serials"), [(1, ("A1", "A2")), (3, ("A1/B1", "A2/B2"))])
def test_a_unit_that_was_received_is_received_again(site: Site, scenario: int, serials: tuple[str, ...]) -> None:
    sku = product(site, "CAM", scenario)
    received(site, purchase(site, "N-1", {"CAM": 2}), "CAM", *serials)
    order_id = shipment(site, "S-1", {"CAM": 2})
    packed(site, order_id, "CAM", *serials)
    assert counts(site, order_id) == ("Ready to Ship", 2, 2, 2)

    answer = done(unpack(site, "A1"))

    assert answer.text == "A1 is Received again: take it out of S-1."
    assert answer.notes == ("S-1 is Packing: CAM 1 of 2.",)
    assert counts(site, order_id) == ("Packing", 1, 1, 1)
    assert status_of(site, sku, "A1") is RECEIVED
    assert life(site, "A1")[-1] == ("Unpacked", "S-1", "A1", "wrong box")
    packed(site, order_id, "CAM", serials[0])
    assert counts(site, order_id) == ("Ready to Ship", 2, 2, 2)
    assert isinstance(shipment_orders.ship(site, order_id), Done)


@pytest.mark.parametrize(("scenario", "serials"), [(2, ("A1", "A2")), (4, ("A1/B1", "A2/B2"))])
def test_a_unit_that_packing_created_is_gone_and_may_be_packed_anew(
    site: Site, scenario: int, serials: tuple[str, ...]
) -> None:
    sku = product(site, "CAM", scenario)
    order_id = shipment(site, "S-1", {"CAM": 2})
    packed(site, order_id, "CAM", *serials)

    answer = done(unpack(site, "A1"))

    assert answer.text == "A1 is gone: it came in at packing S-1. Its serials are free again."
    assert counts(site, order_id) == ("Packing", 1, 1, 1)
    assert status_of(site, sku, "A1") is None
    assert reported(site, Report.SERIALS) == ["A2"]
    packed(site, order_id, "CAM", serials[0])
    assert counts(site, order_id) == ("Ready to Ship", 2, 2, 2)
    assert len(tracing.trace(site, "A1")) == 2


@pytest.mark.parametrize(("scenario", "serials"), [(5, "A{}"), (6, "A{}"), (7, "A{}/B{}"), (8, "A{}/B{}")])
def test_an_imported_serial_is_unpacked_and_another_may_be_imported_in_its_place(
    site: Site, tmp_path: Path, scenario: int, serials: str
) -> None:
    sku = product(site, "CAM", scenario)
    named = [serials.format(number, number) for number in range(1, 5)]
    bought = purchase(site, "N-1", {"CAM": 4})
    received(site, bought, "CAM", quantity=4)
    done(imports(site, tmp_path, PO, "N-1", "CAM", *named))
    order_id = shipment(site, "S-1", {"CAM": 3})
    packed(site, order_id, "CAM", quantity=3)
    sold = [serial.partition("/")[0] if scenario == 7 else serial for serial in named]
    done(imports(site, tmp_path, SO, "S-1", "CAM", *sold[:3]))
    assert counts(site, order_id) == ("Ready to Ship", 3, 3, 3)

    done(unpack(site, "A2"))

    assert counts(site, order_id) == ("Packing", 2, 2, 2)
    assert status_of(site, sku, "A2") is RECEIVED
    packed(site, order_id, "CAM", quantity=1)
    assert counts(site, order_id) == ("Ready to Ship", 3, 2, 3)
    refused(imports(site, tmp_path, SO, "S-1", "CAM", sold[1], sold[3]), "too-many")
    done(imports(site, tmp_path, SO, "S-1", "CAM", sold[3]))
    assert counts(site, order_id) == ("Ready to Ship", 3, 3, 3)
    assert counts(site, bought)[:3] == ("Completed", 4, 4)


def test_a_unit_that_the_shipment_import_created_is_gone(site: Site, tmp_path: Path) -> None:
    sku = product(site, "CAM", 8)
    order_id = shipment(site, "S-1", {"CAM": 2})
    packed(site, order_id, "CAM", quantity=2)
    done(imports(site, tmp_path, SO, "S-1", "CAM", "A1/B1"))

    done(unpack(site, "B1"))

    assert status_of(site, sku, "A1") is None
    assert counts(site, order_id) == ("Packing", 1, 0, 1)


def test_a_secondary_that_came_at_packing_goes_again_with_it(site: Site) -> None:
    sku = product(site, "CAM", 4)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1")
    order_id = shipment(site, "S-1", {"CAM": 1})
    packed(site, order_id, "CAM", "A1/B1")

    answer = done(unpack(site, "B1"))

    assert "Its secondary serial B1, which came in at packing, is free." in answer.notes
    assert status_of(site, sku, "A1") is RECEIVED
    assert status_of(site, sku, "B1") is None
    assert counts(site, order_id) == ("Packing", 0, 0, 0)


def test_unpacking_the_last_unit_leaves_its_order_in_packing(site: Site) -> None:
    """RULES 2.15: Ready to Ship goes back to Packing, whatever is left. Open is an order that nobody has packed on."""
    product(site, "CAM", 2)
    order_id = shipment(site, "S-1", {"CAM": 5})
    packed(site, order_id, "CAM", "A1", "A2")
    done(shipment_orders.close_short(site, order_id, "no more"))

    done(unpack(site, "A1"))
    assert counts(site, order_id) == ("Packing", 1, 1, 1)
    done(unpack(site, "A2"))
    assert counts(site, order_id) == ("Packing", 0, 0, 0)

    desk = Desk(site, SO)
    desk.open("S-1")
    desk.answer(Scan("CAM"))
    desk.cancel()
    assert counts(site, order_id) == ("Packing", 0, 0, 0)


def test_an_order_of_which_nothing_was_completed_is_open_again_when_its_only_scan_is_undone(site: Site) -> None:
    product(site, "CAM", 2)
    order_id = shipment(site, "S-1", {"CAM": 1})
    desk = Desk(site, SO)
    desk.open("S-1")
    desk.answer(Scan("CAM"))
    assert counts(site, order_id)[0] == "Packing"
    desk.undo()
    assert counts(site, order_id)[0] == "Open"


def test_the_right_piece_falls_where_a_line_was_packed_under_two_settings(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 5)
    received(site, purchase(site, "N-1", {"CAM": 2}), "CAM", quantity=2)
    done(imports(site, tmp_path, PO, "N-1", "CAM", "A1", "A2"))
    order_id = shipment(site, "S-1", {"CAM": 4})
    packed(site, order_id, "CAM", quantity=2)
    change_settings(site, "CAM", 8)
    packed(site, order_id, "CAM", quantity=2)
    done(imports(site, tmp_path, SO, "S-1", "CAM", "A1", "C1/D1"))

    done(unpack(site, "A1"))

    with site.store.read() as tx:
        left = tx.execute(select(t.piece.c.scenario, t.piece.c.quantity).order_by(t.piece.c.id)).all()
    assert [tuple(row) for row in left] == [(5, 2), (5, 1), (8, 2)]


@pytest.mark.parametrize("where", ["received", "held receipt", "held packing", "shipped"])
def test_only_a_packed_unit_is_unpacked(site: Site, where: str) -> None:
    product(site, "CAM", 1)
    bought, sold = purchase(site, "N-1", {"CAM": 1}), shipment(site, "S-1", {"CAM": 1})
    if where == "held receipt":
        open_work(site, bought, "CAM", serials=["A1"])
    else:
        received(site, bought, "CAM", "A1")
    if where == "held packing":
        open_work(site, sold, "CAM", serials=["A1"], station="bench-1")
    if where == "shipped":
        packed(site, sold, "CAM", "A1")
        done(shipment_orders.ship(site, sold))

    answer = unpack(site, "A1")

    if where == "received":
        assert refused(answer, "not-packed") == "A1 is Received, not Packed: there is nothing to unpack."
    elif where == "shipped":
        assert refused(answer, "already-shipped").startswith("A1 is already Shipped on SO S-1, ")
    else:
        assert "is on Ana's open " in refused(answer, "held")


def test_a_reason_is_asked_of_every_correction(site: Site) -> None:
    product(site, "CAM", 2)
    product(site, "CBL", 0)
    bought = purchase(site, "N-1", {"CBL": 3})
    received(site, bought, "CBL", quantity=3)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A2")
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A1")

    for answer in (
        unpack(site, "A1", " \t"),
        unreceive(site, "A2", ""),
        correct(site, "A1", "A9", "\u3000"),
        corrections.lower(site, bought, "CBL", 1, " "),
    ):
        assert refused(answer, "reason-missing").startswith("Say why ")


def test_of_two_who_unpack_one_unit_the_second_is_refused(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A1")
    unit_id = unit_of(site, "A1")

    done(corrections.unpack(site, unit_id, "one"))
    refused(corrections.unpack(site, unit_id, "two"), "not-packed")


# Unreceive


@pytest.mark.parametrize(("scenario", "serials"), [(1, ("A1", "A2")), (3, ("A1/B1", "A2/B2"))])
def test_a_scanned_unit_is_unreceived_and_its_order_takes_goods_again(
    site: Site, scenario: int, serials: tuple[str, ...]
) -> None:
    sku = product(site, "CAM", scenario)
    order_id = purchase(site, "N-1", {"CAM": 2})
    received(site, order_id, "CAM", *serials)

    answer = done(unreceive(site, "A1"))

    assert answer == Done(
        "A1 is gone from N-1. Its serials are free again.", ("N-1 is Partially Received: CAM 1 of 2.",)
    )
    assert counts(site, order_id) == ("Partially Received", 1, 1, 1)
    assert status_of(site, sku, "A1") is None
    assert life(site, "A1")[-1] == ("Removed", "N-1", "A1", "never came")
    assert reported(site, Report.RECEIVING_HISTORY) == ["A2"]
    done(unreceive(site, "A2"))
    assert counts(site, order_id) == ("Open", 0, 0, 0)
    received(site, order_id, "CAM", *serials)
    assert counts(site, order_id) == ("Completed", 2, 2, 2)


@pytest.mark.parametrize(
    ("scenario", "serials", "needed"), [(5, "A{}", 2), (6, "A{}", 0), (7, "A{}/B{}", 2), (8, "A{}/B{}", 0)]
)
def test_an_imported_unit_is_unreceived(site: Site, tmp_path: Path, scenario: int, serials: str, needed: int) -> None:
    product(site, "CAM", scenario)
    order_id = purchase(site, "N-1", {"CAM": 3})
    done(purchase_orders.receive_all(site, order_id))
    done(imports(site, tmp_path, PO, "N-1", "CAM", serials.format(1, 1), serials.format(2, 2)))

    done(unreceive(site, "A1"))

    assert counts(site, order_id) == ("Partially Received", 2, 1, needed)
    refused(imports(site, tmp_path, PO, "N-1", "CAM", serials.format(3, 3), serials.format(4, 4)), "too-many")
    done(imports(site, tmp_path, PO, "N-1", "CAM", serials.format(3, 3)))


def test_opening_stock_just_goes(site: Site) -> None:
    sku = product(site, "CAM", 2)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1")

    answer = done(unreceive(site, "A1", "counted twice"))

    assert answer.text == "A1 is gone: it was opening stock. Its serials are free again."
    assert status_of(site, sku, "A1") is None
    assert life(site, "A1")[-1] == ("Removed", "", "A1", "counted twice")


def test_a_packed_unit_is_unpacked_before_it_is_unreceived(site: Site) -> None:
    product(site, "CAM", 1)
    order_id = purchase(site, "N-1", {"CAM": 1})
    received(site, order_id, "CAM", "A1")
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A1")

    assert "Unpack it first." in refused(unreceive(site, "A1"), "packed")
    done(unpack(site, "A1"))
    done(unreceive(site, "A1"))
    assert counts(site, order_id) == ("Open", 0, 0, 0)
    assert "Trace shows" in refused(corrections.choose(site, "A1"), "gone")


def test_a_unit_in_somebodys_hands_is_not_unreceived(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    open_work(site, shipment(site, "S-1", {"CAM": 1}), "CAM", serials=["A1"], station="bench-1")

    said = refused(unreceive(site, "A1"), "held")
    assert said == "A1 is on Ana's open packing S-1 at bench-1. Undo or complete it there first."


def test_an_over_received_order_stays_completed(site: Site) -> None:
    product(site, "CAM", 1)
    order_id = purchase(site, "N-1", {"CAM": 2})
    received(site, order_id, "CAM", "A1", "A2")
    with site.store.engine.begin() as tx:
        tx.execute(t.order_line.update().values(ordered=1))

    done(unreceive(site, "A1"))
    assert counts(site, order_id) == ("Completed", 1, 1, 1)


# Correct


@pytest.mark.parametrize("status", [RECEIVED, PACKED, SHIPPED])
def test_a_code_is_corrected_in_any_status_and_found_under_both(site: Site, status: UnitStatus) -> None:
    sku = product(site, "CAM", 3)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1/B1")
    sold = shipment(site, "S-1", {"CAM": 1})
    if status is not RECEIVED:
        packed(site, sold, "CAM", "A1")
    if status is SHIPPED:
        done(shipment_orders.ship(site, sold))

    answer = done(corrections.correct(site, unit_of(site, "b1"), "b1", " b-22 ", "misread", source=Source.SCAN))

    assert answer.text == "b1 of CAM is b-22 now. Trace finds it under both."
    assert status_of(site, sku, "B-22") is status
    assert status_of(site, sku, "B1") is None
    (before,), (after,) = tracing.trace(site, "B1"), tracing.trace(site, "B-22")
    assert before == after
    last = after.events[-1]
    assert (last.what.value, last.status, last.primary, last.secondary) == ("Corrected", status, "A1", "b-22")
    assert (last.reason, last.source, last.operator, last.station) == ("misread", "scan", "Ana", "dock-2")
    assert after.events[0].secondary == "B1"
    said = refused(corrections.choose(site, "B1"), "corrected")
    assert said == "B1 was corrected: that unit is A1 + b-22 now. Use that code."


def test_a_correction_hides_nothing_of_where_the_unit_is(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A1")
    there = refused(unreceive(site, "A1"), "packed")

    done(corrections.correct(Site(site.store, "Eve", "office"), unit_of(site, "A1"), "A1", "A2", "misread"))

    assert refused(unreceive(site, "A2"), "packed") == there.replace("A1", "A2")


def test_reports_know_the_new_code_and_the_histories_what_was_scanned(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    done(correct(site, "A1", "A2"))

    assert reported(site, Report.SERIALS) == ["A2"]
    assert reported(site, Report.RECEIVING_HISTORY) == ["A1"]


def test_the_code_that_was_wrong_is_free_for_its_own_unit(site: Site) -> None:
    sku = product(site, "CAM", 2)
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A1")
    done(correct(site, "A1", "A2"))
    packed(site, shipment(site, "S-2", {"CAM": 1}), "CAM", "A1")

    assert (status_of(site, sku, "A1"), status_of(site, sku, "A2")) == (PACKED, PACKED)
    assert len(tracing.trace(site, "A1")) == 2


def test_only_the_spelling_may_change(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "sn-1")

    done(correct(site, "SN-1", "SN-1"))
    assert reported(site, Report.SERIALS) == ["SN-1"]
    refused(correct(site, "SN-1", "SN-1"), "same-code")


def test_what_is_no_serial_is_no_new_code(site: Site) -> None:
    product(site, "CAM", 3, barcodes=[Barcode("4006381333931")])
    product(site, "LAP", 1, pattern=r"L\d{3}", hint="L and 3 digits")
    bought = purchase(site, "N-1", {"CAM": 2, "LAP": 1})
    received(site, bought, "CAM", "A1/B1", "A2/B2")
    received(site, bought, "LAP", "L001")
    purchase(site, "N-2", {"CAM": 1})

    for new, name in (
        ("", "bad-code"),
        ("A\u200b9", "bad-code"),
        ("B1", "same-code"),
        ("A2", "in-use"),
        ("b2", "in-use"),
        ("lap", "product-not-serial"),
        ("4006381333931", "product-not-serial"),
        ("04006381333931", "product-not-serial"),
        ("SS-UNDO", "command-not-serial"),
        ("NONE", "placeholder-not-serial"),
        ("HTTPS://EXAMPLE.ORG/" + "x" * 60, "link-not-serial"),
    ):
        refused(correct(site, "A1", new), name)
    assert "It should be: L and 3 digits." in refused(correct(site, "L001", "L1"), "pattern")
    done(correct(site, "L001", "l002"))
    noted = done(correct(site, "A1", "n-2")).notes
    assert noted == ("n-2 is the number of an open purchase order; taken all the same.",)


def test_a_code_in_somebodys_hands_is_not_corrected_nor_given_away(site: Site) -> None:
    product(site, "CAM", 1)
    bought = purchase(site, "N-1", {"CAM": 3})
    received(site, bought, "CAM", "A1", "A2")
    open_work(site, bought, "CAM", serials=["A3"], station="dock-9")
    open_work(site, shipment(site, "S-1", {"CAM": 1}), "CAM", serials=["A2"], station="bench-1")

    assert "on Ana's open packing S-1 at bench-1" in refused(correct(site, "A2", "A9"), "held")
    assert "on Ana's open receipt N-1 at dock-9" in refused(correct(site, "A3", "A9"), "held")
    assert "on Ana's open receipt N-1 at dock-9" in refused(correct(site, "A1", "A3"), "in-use")


def test_a_code_that_was_corrected_meanwhile_is_not_corrected_twice(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    unit_id = unit_of(site, "A1")
    done(corrections.correct(site, unit_id, "A1", "A2", "one"))

    said = refused(corrections.correct(site, unit_id, "A1", "A3", "two"), "not-its-code")
    assert said == "A1 is not its code any more: it is A2 now."


# Which unit


def test_a_code_that_several_units_have_is_chosen_by_client_and_sku(site: Site) -> None:
    product(site, "CAM", 2)
    product(site, "LAP", 2)
    product(site, "CAM", 2, client="OTHER")
    for sku, client in (("CAM", "NORDWIND"), ("LAP", "NORDWIND"), ("CAM", "OTHER")):
        opening(site, client, "W-EAST", sku, "A1")

    said = refused(corrections.choose(site, "A1"), "ambiguous-code")
    assert said == (
        "3 units have the serial A1: CAM of NORDWIND, LAP of NORDWIND, CAM of OTHER. "
        "Choose one with --client and --sku."
    )
    assert refused(corrections.choose(site, "a1", client="nordwind"), "ambiguous-code").endswith("with --sku.")
    assert unit_of(site, "a1", client="nordwind", sku="lap")
    said = refused(corrections.choose(site, "A1", sku="X"), "unknown-code")
    assert said == "A1 is a serial of CAM of NORDWIND, LAP of NORDWIND, CAM of OTHER, and of no other."
    assert refused(corrections.choose(site, "A7", sku="CAM"), "unknown-code").startswith("No unit of CAM has")


# Lower


def test_a_count_that_no_serial_backs_is_lowered(site: Site) -> None:
    product(site, "CBL", 0)
    order_id = purchase(site, "N-1", {"CBL": 10})
    received(site, order_id, "CBL", quantity=4)
    received(site, order_id, "CBL", quantity=6)

    answer = done(corrections.lower(site, order_id, "cbl", 3, "counted again"))

    assert answer == Done("N-1: 3 of 10 CBL received, no longer 10.", ("N-1 is Partially Received: CBL 3 of 10.",))
    assert counts(site, order_id) == ("Partially Received", 3, 0, 0)
    acts = order_book.detail(site, order_id).acts
    assert [(act.act, act.reason) for act in acts] == [("Received lowered: CBL 10 to 3", "counted again")]
    done(corrections.lower(site, order_id, "CBL", 0, "none came"))
    assert order_book.detail(site, order_id).order.status is OrderStatus.OPEN
    received(site, order_id, "CBL", quantity=10)


@pytest.mark.parametrize("scenario", [2, 4, 5, 6, 7, 8])
def test_units_whose_serials_are_not_there_are_lowered(site: Site, scenario: int) -> None:
    product(site, "CAM", scenario)
    order_id = purchase(site, "N-1", {"CAM": 5})
    done(purchase_orders.receive_all(site, order_id))
    needed = 2 if scenario in (5, 7) else 0

    done(corrections.lower(site, order_id, "CAM", 2, "three were missing"))
    assert counts(site, order_id) == ("Partially Received", 2, 0, needed)


def test_units_with_serials_are_not_lowered_away(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    order_id = purchase(site, "N-1", {"CAM": 9})
    received(site, order_id, "CAM", "A1", "A2")
    change_settings(site, "CAM", 5)
    received(site, order_id, "CAM", quantity=3)
    done(imports(site, tmp_path, PO, "N-1", "CAM", "A3"))
    change_settings(site, "CAM", 2)
    received(site, order_id, "CAM", quantity=2)
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A1")

    said = refused(corrections.lower(site, order_id, "CAM", 2, "why"), "serials-back-it")
    assert said.startswith("3 units have their serials, of the 7 CAM received on N-1: not lower than 3.")
    done(corrections.lower(site, order_id, "CAM", 3, "why"))
    assert counts(site, order_id) == ("Partially Received", 3, 3, 3)


def test_lowering_leaves_room_for_what_was_imported(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 2)
    order_id = purchase(site, "N-1", {"CAM": 9})
    received(site, order_id, "CAM", quantity=2)
    change_settings(site, "CAM", 5)
    received(site, order_id, "CAM", quantity=3)
    done(imports(site, tmp_path, PO, "N-1", "CAM", "A1", "A2", "A3"))

    done(corrections.lower(site, order_id, "CAM", 3, "the two without serials never came"))
    assert counts(site, order_id) == ("Partially Received", 3, 3, 3)


@pytest.mark.parametrize(
    ("sku", "to", "name"),
    [("CBL", 4, "as-it-is"), ("CBL", 5, "not-lower"), ("CBL", -1, "below-nothing"), ("CAM", 1, "not-on-order")],
)
def test_nothing_else_is_lowering(site: Site, sku: str, to: int, name: str) -> None:
    product(site, "CBL", 0)
    product(site, "CAM", 0)
    order_id = purchase(site, "N-1", {"CBL": 10})
    received(site, order_id, "CBL", quantity=4)

    refused(corrections.lower(site, order_id, sku, to, "why"), name)
    assert counts(site, order_id)[1] == 4
