"""Each right is asked where its acts are done, in their transaction (RULES 2.20)."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import scanstation
from scanstation.domain.discrepancies import Differs
from scanstation.domain.operators import ROLES, Deed, Right
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store import operators, returns, works
from scanstation.workflows.access import operator_book
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.master_data import loading, products, renaming
from scanstation.workflows.master_data.sheets import Wanted
from scanstation.workflows.orders import (
    corrections,
    count_book,
    discrepancies,
    expected_lists,
    finding,
    holding,
    purchase_orders,
    return_book,
    shipment_orders,
    transfer_book,
)
from scanstation.workflows.orders.regrading import regrade
from scanstation.workflows.orders.swapping import swap
from scanstation.workflows.reports import reporting
from scanstation.workflows.scanning import downtime
from scanstation.workflows.scanning.counting import CountDesk
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.scanning.transferring import TransferDesk
from scanstation.workflows.scanning.views import DeskView
from scanstation.workflows.site import Seat, Site
from scanstation.workflows.upkeep import handing_over, upkeep
from tests.builders import product, purchase, shipment
from tests.serials import opening, packed
from tests.workflows.at_the_desk import said, scan
from tests.workflows.seats import turn_on, with_somebody

NOT_ALLOWED = {"sign-in", "no-right", "no-pin", "pin"}
WITHOUT_A_RIGHT = {
    "access/operator_book.py": 1,  # unlocking asks for the owner of the store
    "access/signing_in.py": 2,  # tries at PINs are counted
    "master_data/example.py": 1,  # a store of its own
    "scanning/desk.py": 1,  # work that took nothing is forgotten
    "scanning/downtime.py": 1,  # a look at a sheet, which is taken back
    "scanning/returning.py": 1,  # likewise
    "site.py": 2,  # the way to all others, and the log of refusals
    "upkeep/station_names.py": 3,  # signs of life
}
"""What writes without asking for a right: file → how often."""

Act = Callable[[Site], object]


def refusal(answer: object) -> str:
    """Why somebody may not do it; '' where they may, whatever else came of it."""
    if isinstance(answer, DeskView):
        name = said(answer)[1]
    elif isinstance(answer, tuple):
        return refusal(answer[0])
    elif isinstance(answer, loading.Loaded):
        name = answer.reasons[0].name if answer.reasons else ""
    else:
        name = answer.reasons[0].name if isinstance(answer, Refused) else ""
    return name if name in NOT_ALLOWED else ""


def work_of_another(site: Site, kind: OrderKind, number: str) -> int:
    """Work that was left open at another dock."""
    dock = f"dock-{number}"
    scan(Desk(site.at_station(dock), kind), number)
    with site.store.read() as tx:
        return works.open_at(tx, dock)[0].work.id


@pytest.fixture
def acts(site: Site, tmp_path: Path) -> dict[Deed, Act]:
    """One way to do each act."""
    sku = product(site, "CAM", 1)
    product(site, "TAB", 7)
    product(site, "TWO", 2)
    shipment(site, "S-2", {"TWO": 100})
    bought, sold = purchase(site, "N-1", {"CAM": 2}), shipment(site, "S-1", {"CAM": 2})
    tablets = purchase(site, "N-2", {"TAB": 2})
    assert not refusal(purchase_orders.receive_all(site, tablets))
    (unit,) = opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    (out,) = packed(site, sold, "CAM", "SN-2")
    receipt, packing = (
        work_of_another(site, OrderKind.PURCHASE, "N-1"),
        work_of_another(site, OrderKind.SHIPMENT, "S-1"),
    )
    opening(site, "NORDWIND", "W-WEST", "CAM", "SN-7")
    assert not refusal(transfer_book.begin(site, "W-EAST", "W-WEST"))
    transfer = transfer_book.listing(site)[0].of.id
    assert not refusal(count_book.begin(site, "W-EAST"))
    count = count_book.listing(site)[0].of.id
    rma = site.store.act(lambda tx: returns.create(tx, "RMA-9", None, site.stamp())).id
    sheet = tmp_path / "serials.csv"
    sheet.write_text(
        "Warehouse,Client,PO Number,SKU,Primary Serial Number,Secondary Serial Number\n"
        "W-EAST,NORDWIND,N-2,TAB,A-1,B-1\n"
    )
    plan = importing.check(site, OrderKind.PURCHASE, sheet)
    sheet.write_text(sheet.read_text().replace("A-1,B-1", "A-2,B-2"))
    other_plan = replace(importing.check(site, OrderKind.PURCHASE, sheet), others_reason="late")
    form = products.read(site, sku)
    url, backup = f"sqlite:///{site.store.path}", tmp_path / "backup.db"
    assert isinstance(upkeep.backup(url, backup), Done)
    product(site, "MILK", 2, barcodes=[Barcode("04006381333931", 1)])
    shipment(site, "S-3", {"MILK": 1})
    expiring = Desk(site.at_station("dock-8"), OrderKind.SHIPMENT)
    assert said(scan(expiring, "S-3", "]C1010400638133393117261101" + "21M-1"))[1] == "expired"
    assert not refusal(discrepancies.note(site, bought, "CAM", Differs.SHORT, words="one box"))
    announced = tmp_path / "announced.csv"
    announced.write_text("Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,N-1,CAM,SN-8\n")
    written = tmp_path / "written.csv"
    written.write_text("SKU,Primary Serial Number\nCAM,SN-9\n")
    turn_on(site)

    def release_expired(site: Site) -> object:
        expiring.site = site.at_station("dock-8")
        return expiring.release_expired("fair")

    def at_desk(kind: OrderKind, number: str) -> Act:
        return lambda site: Desk(site, kind).answer(Scan(number))

    def without_serial(site: Site) -> DeskView:
        desk = Desk(site, OrderKind.SHIPMENT)
        return desk.choose(1) if scan(desk, "S-2", "TWO", "SS-NOSERIAL").question else desk.view

    return {
        Deed.RECEIVE: at_desk(OrderKind.PURCHASE, "N-1"),
        Deed.PACK: at_desk(OrderKind.SHIPMENT, "S-1"),
        Deed.PACK_WITHOUT_SERIAL: without_serial,
        Deed.RECEIVE_ORDER: lambda site: purchase_orders.receive_all(site, bought),
        Deed.NOTE_DISCREPANCY: lambda site: discrepancies.note(site, bought, "CAM", Differs.OVER, count=1),
        Deed.SETTLE_DISCREPANCY: lambda site: discrepancies.settle(site, bought, 1, "credited"),
        Deed.RETURN: lambda site: ReturnDesk(site).answer(Scan("RMA-1")),
        Deed.CLOSE_RETURN: lambda site: return_book.close(site, rma),
        Deed.TAKE_OVER_RECEIPT: lambda site: take_over(site, receipt),
        Deed.TAKE_OVER_PACKING: lambda site: take_over(site, packing),
        Deed.SEND_OUT: lambda site: transfer_book.begin(site, "W-EAST", "W-WEST"),
        Deed.TAKE_IN: lambda site: transfer_book.take_in(site, transfer, ["SN-1"]),
        Deed.COUNT: lambda site: count_book.begin(site, "W-EAST"),
        Deed.WRITE_OFF: lambda site: count_book.write_off(site, count, [], "lost"),
        Deed.FIND: lambda site: finding.found_again(site, unit, "here"),
        Deed.CLOSE_TRANSFER: lambda site: transfer_book.close(site, transfer, None, "truck is empty"),
        Deed.SHIP: lambda site: shipment_orders.ship(site, sold),
        Deed.SHIP_WITHOUT_SERIALS: lambda site: shipment_orders.ship(site, sold, without_serials_reason="late"),
        Deed.UNSHIP: lambda site: shipment_orders.unship(site, sold, "truck is here"),
        Deed.CLOSE_SHORT: lambda site: purchase_orders.close_short(site, bought, "lost"),
        Deed.REOPEN: lambda site: purchase_orders.reopen(site, bought, "found"),
        Deed.CANCEL_ORDER: lambda site: shipment_orders.cancel(site, sold, "not wanted"),
        Deed.MARK_RETURNS: lambda site: purchase_orders.mark_returns(site, bought, "repaired"),
        Deed.LOWER: lambda site: corrections.lower(site, bought, "CAM", 0, "miscounted"),
        Deed.UNPACK: lambda site: corrections.unpack(site, out, "broken"),
        Deed.UNRECEIVE: lambda site: corrections.unreceive(site, unit, "broken"),
        Deed.DISPOSE: lambda site: corrections.dispose(site, unit, "broken"),
        Deed.REGRADE: lambda site: regrade(site, unit, "TAB", "scratched"),
        Deed.RENAME: lambda site: renaming.rename(site, "NONE", "SOME"),
        Deed.LEARN: lambda site: renaming.unlearn(site, "NONE", "4006381333931"),
        Deed.RETIRE: lambda site: renaming.retire(site, "NONE"),
        Deed.SWAP: lambda site: swap(site, sold, "SN-2", "SN-1", "broken"),
        Deed.CORRECT_CODE: lambda site: corrections.correct(site, unit, "SN-1", "SN-9", "misread"),
        Deed.PUT_ON_HOLD: lambda site: holding.hold(site, [unit], "wet"),
        Deed.RELEASE: lambda site: holding.release(site, [unit], "dry"),
        Deed.RELEASE_EXPIRED: release_expired,
        Deed.IMPORT_SERIALS: lambda site: importing.carry_out(site, plan),
        Deed.IMPORT_OTHERS: lambda site: importing.carry_out(site, other_plan),
        Deed.ENTER_DOWNTIME: lambda site: downtime.enter(site, bought, written, at="09:20", by="Nobody"),
        Deed.REMOVE_SERIALS: lambda site: removing.remove_serials(site, OrderKind.PURCHASE, tablets),
        Deed.HAND_OVER: lambda site: handing_over.retry(site, ()),
        Deed.LOAD: lambda site: loading.load_wanted(site, Wanted()),
        Deed.EXPECT: lambda site: loading.expect(site, bought, announced),
        Deed.REMOVE_EXPECTED: lambda site: expected_lists.remove_expected(site, bought),
        Deed.CHANGE_PRODUCT: lambda site: products.save(site, form, form.with_text("description", "Camera")),
        Deed.CHANGE_OPERATORS: lambda site: operator_book.disable(site, "Nobody"),
        Deed.BACK_UP: lambda site: upkeep.backup(url, backup, lambda _store: site),
        Deed.RESTORE: lambda site: upkeep.restore(url, backup, lambda _store: site),
        Deed.VIEW: reporting.hindrance,
    }


def test_each_act_of_a_workflow_is_refused_to_whoever_lacks_its_right_and_to_nobody_else(
    site: Site, acts: dict[Deed, Act]
) -> None:
    assert acts.keys() == set(Deed)
    for deed, act in acts.items():
        assert refusal(act(replace(site, seat=Seat()))) == "sign-in", deed
        others = [right for right in Right if right is not deed.right]
        assert refusal(act(with_somebody(site, *others))) == ("no-right" if deed.right else ""), deed
        if deed.with_pin:
            assert refusal(act(with_somebody(site, *Right, proved=""))) == "pin", deed
        for role, rights in ROLES.items():
            expected = "" if deed.right is None or deed.right in rights else "no-right"
            assert refusal(act(with_somebody(site, *rights))) == expected, (deed, role)


def test_either_right_of_transfers_opens_those_that_it_is_for(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    opening(site, "NORDWIND", "W-WEST", "CAM", "SN-2")
    assert not refusal(transfer_book.begin(site, "W-EAST", "W-WEST"))
    turn_on(site)
    for warehouse, its, others in (("W-EAST", Right.PACK, Right.RECEIVE), ("W-WEST", Right.RECEIVE, Right.PACK)):
        here = replace(site, warehouse=warehouse)
        assert refusal(scan(TransferDesk(with_somebody(here, others)), "T-1")) == "no-right"
        assert not refusal(scan(TransferDesk(with_somebody(here, its)), "T-1", "SN-1"))


def test_whoever_counts_needs_that_right_alone(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    turn_on(site)
    assert refusal(scan(CountDesk(with_somebody(site, Right.RECEIVE, Right.PACK)), "W-EAST")) == "no-right"
    assert not refusal(scan(CountDesk(with_somebody(site, Right.COUNT)), "W-EAST", "SS-YES", "SN-1"))


def test_the_other_batch_of_a_removal_asks_the_same_right(site: Site, acts: dict[Deed, Act]) -> None:
    assert acts
    assert refusal(removing.remove_batch(with_somebody(site, Right.PACK), OrderKind.PURCHASE, 1)) == "no-right"
    assert refusal(removing.remove_batch(with_somebody(site, Right.IMPORT), OrderKind.PURCHASE, 1)) == ""


def test_what_is_refused_changes_nothing_and_the_desk_stays_as_it_was(site: Site) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 2})
    turn_on(site)
    seat = with_somebody(site, Right.RECEIVE)
    desk = Desk(seat, OrderKind.PURCHASE)
    before = scan(desk, "N-1", "CAM")
    assert before.prompt
    seat.seat.get_up()
    after = scan(desk, "SN-1")
    assert said(after) == ("STOP", "sign-in")
    assert (after.prompt, after.order) == (before.prompt, before.order)
    again = with_somebody(site, Right.RECEIVE).seat.operator
    assert again
    seat.seat.sit_down(again)
    assert said(scan(desk, "SN-1"))[0] == "OK"


def test_open_work_goes_on_until_it_ends_when_sign_in_is_turned_on(site: Site) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 2})
    purchase(site, "N-2", {"CAM": 2})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "CAM")
    turn_on(site)
    assert said(scan(desk, "SN-1"))[0] == "OK"
    desk.complete()
    assert said(desk.yes())[0] == "OK"
    assert said(scan(desk, "N-2")) == ("STOP", "sign-in")


def test_whoever_is_disabled_stops_at_the_next_scan(site: Site) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 2})
    turn_on(site)
    seat = with_somebody(site, Right.RECEIVE)
    desk = Desk(seat, OrderKind.PURCHASE)
    assert said(scan(desk, "N-1"))[0] == "OK"
    one = seat.seat.operator
    assert one
    site.store.act(lambda tx: operators.change(tx, one, replace(one, is_disabled=True), site.stamp()))
    assert said(scan(desk, "CAM")) == ("STOP", "sign-in")


# Nothing is forgotten


PACKAGE = Path(scanstation.__file__).parent


def test_whatever_writes_goes_through_the_table_of_rights() -> None:
    found = {}
    for path in sorted((PACKAGE / "workflows").rglob("*.py")):
        if count := len(re.findall(r"store\.act\(", path.read_text(encoding="utf-8"))):
            found[path.relative_to(PACKAGE / "workflows").as_posix()] = count
    assert found == WITHOUT_A_RIGHT, "call Site.act with a Deed, which may be a new line of that table"


def test_each_line_of_the_table_is_an_act_that_is_done_somewhere() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    assert not [deed for deed in Deed if not re.search(rf"\bDeed\.{deed.name}\b", written)]
