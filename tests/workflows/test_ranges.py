"""A range of serials names units in a row: all of them or none, at receiving and at packing (RULES 2.25)."""

from dataclasses import replace

import pytest

from scanstation.domain.reports import Filters
from scanstation.domain.scan import Scan, Source
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.store.upkeep import findings
from scanstation.workflows.reports import reporting
from scanstation.workflows.reports.reporting import HistoryRow, Report, SerialRow
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.at_the_desk import line, receive, said, scan, text


def desk(site: Site, number: str, *codes: str, kind: OrderKind = OrderKind.PURCHASE) -> Desk:
    found = Desk(site, kind)
    scan(found, number, *codes)
    return found


def pack(site: Site, number: str, *codes: str) -> Desk:
    return desk(site, number, *codes, kind=OrderKind.SHIPMENT)


def serials(site: Site) -> list[str]:
    rows = reporting.rows(site, Report.SERIALS, Filters())
    return sorted(f"{row.primary} {row.status.value}" for row in rows if isinstance(row, SerialRow))


def sources(site: Site, report: Report) -> set[str]:
    return {row.source for row in reporting.rows(site, report, Filters()) if isinstance(row, HistoryRow)}


@pytest.mark.both_stores
def test_first_and_last_take_all_of_a_run_received_and_packed(site: Site) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 12})
    shipment(site, "S-1", {"CAM": 3})
    at = desk(site, "N-1", "SS-QTY-ALL", "CAM", "SN-0097", "SS-RANGE")
    assert at.view.prompt is not None
    assert (at.view.prompt.end, at.view.prompt.counts) == ("first", "2 of 12 · run 2/12")
    scan(at, "sn-0098")
    assert at.view.prompt is not None
    assert (at.view.prompt.end, at.view.prompt.hint) == ("last", "or how many, from sn-0098 on")
    asked = scan(at, "SN-0108")
    assert text(asked) == "sn-0098 to sn-0108: 11 units of CAM. Take them all?"
    assert line(site, 1, "CAM")[:2] == (0, 12)
    done = scan(at, "SS-YES")
    assert text(done) == "sn-0098 to sn-0108 → CAM, 12 of 12. N-1 is all scanned: complete it, or scan the next order."
    assert done.last[0].fact == "CAM sn-0098 to sn-0108 12/12"
    assert done.prompt is None
    scan(at, "SS-COMPLETE")
    assert said(at.view)[0] == "OK"
    assert len(serials(site)) == 12
    assert sources(site, Report.RECEIVING_HISTORY) == {"scan", "range"}

    at = pack(site, "S-1", "SS-QTY-3", "CAM", "SS-RANGE", "SN-0099", "SS-QTY-3", "SS-YES", "SS-COMPLETE")
    assert said(at.view)[0] == "OK"
    assert serials(site)[2:5] == [f"sn-{n} Packed" for n in ("0099", "0100", "0101")]
    assert findings(site.store) == []


def test_undo_takes_a_range_back_as_one_act(site: Site) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 8})
    at = desk(site, "N-1", "SS-QTY-7", "CAM", "X0", "SS-RANGE", "A1", "A5", "SS-YES")
    assert text(at.view) == "A1 to A5 → CAM, 6 of 8. Now the primary serial of CAM, unit 7 of 8."
    assert text(scan(at, "SS-UNDO")) == "Taken back: CAM A1 to A5. Scan the primary serial of CAM."
    assert at.view.prompt is not None
    assert at.view.prompt.counts == "2 of 8 · run 2/7"
    scan(at, "A3", "SS-UNDO", "SS-RANGE", "A1", "A2", "SS-YES")
    assert text(scan(at, "SS-UNDO")).startswith("Taken back: CAM A1 to A2.")
    assert text(scan(at, "SS-UNDO")).startswith("Taken back: CAM X0.")
    assert text(scan(at, "SS-UNDO")).startswith("Taken back: 7 × CAM.")
    assert line(site, 1, "CAM")[:2] == (0, 0)
    assert serials(site) == []
    receive(site, "N-1", "CAM", "A3")

    shipment(site, "S-1", {"CAM": 3})
    receive(site, "N-1", "SS-QTY-2", "CAM", "A4", "A5")
    at = pack(site, "S-1", "SS-QTY-3", "CAM", "SS-RANGE", "A3", "A5")
    assert at.view.question is not None
    scan(at, "SS-YES", "SS-UNDO", "A5", "A4", "A3", "SS-COMPLETE")
    assert serials(site) == ["A3 Packed", "A4 Packed", "A5 Packed"]


def test_collisions_are_all_named_and_nothing_is_taken(site: Site) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 80})
    receive(site, "N-1", "SS-QTY-4", "CAM", "A13", "A14", "A15", "A18")
    at = desk(site, "N-1", "SS-QTY-20", "CAM", "SS-RANGE", "A10", "A20")
    assert said(at.view) == ("STOP", "range-collides")
    assert text(at.view).startswith("4 of 11 cannot be taken, so none is: A13 to A15, A18. A13 is already Received")
    assert at.view.question is None
    assert at.view.prompt is not None
    assert (at.view.prompt.end, at.view.prompt.counts) == ("last", "5 of 80 · run 1/20")
    assert text(scan(at, "A12", "SS-YES")).startswith("A10 to A12 → CAM")
    assert said(scan(at, "SS-RANGE", "A13")) == ("STOP", "already-received"), "the first is refused by itself"
    assert said(scan(at, "CAM")) == ("STOP", "product-not-serial")
    scan(at, "A16", "A17", "SS-NO")
    assert len(serials(site)) == 4
    assert at.view.to_read == ()
    receive(site, "N-1", "SS-QTY-4", "CAM", "B01", "B03", "B05", "B07")
    at = desk(site.at_station("dock-6"), "N-1", "SS-QTY-9", "CAM", "SS-RANGE", "B00", "B08")
    assert text(at.view).startswith("4 of 9 cannot be taken, so none is: B01, B03, B05, B07. B01 is already")
    receive(site, "N-1", "CAM", "B09")
    scan(at, "SS-CANCEL", "SS-CANCEL", "SS-QTY-11", "CAM", "SS-RANGE", "B00", "B10")
    assert "B01, B03, B05, B07 and 1 more" in text(at.view)
    assert [one.split()[0] for one in at.view.to_read] == ["B01", "B03", "B05", "B07", "B09"]
    assert scan(at, "B02").to_read == ()
    other = desk(site.at_station("dock-7"), "N-1", "SS-QTY-2", "CAM", "SS-RANGE", "A11", "A12")
    assert said(other.view) == ("STOP", "held-elsewhere")


SHAPES = {
    ("A10", "A10"): "range-not-one",
    ("A10", "A9"): "range-not-one",
    ("A10", "B12"): "range-not-one",
    ("A10", "A12X"): "range-not-one",
    ("1A10", "2A11"): "range-not-one",
    ("A12", "A10"): "range-not-one",
    ("A10", "A31"): "range-too-many",
    ("ABC", ""): "range-no-count",
    ("00:1A:2B:3C:4D:05", ""): "range-no-count",
    ("490154203237518", ""): "range-no-count",
}
"""The first and the last serial of what is no range, and why not."""


def test_what_is_no_range_is_refused_and_the_serials_stay_owed(site: Site) -> None:
    product(site, "CAM", 1)
    product(site, "IMEI", 1, pattern="imei")
    product(site, "MAC", 1, pattern="mac")
    product(site, "LUHN", 1, pattern="luhn:8")
    product(site, "TWO", 3)
    purchase(site, "N-1", dict.fromkeys(("CAM", "IMEI", "MAC", "LUHN", "TWO"), 30))
    at = desk(site, "N-1", "SS-QTY-20", "CAM")
    for (first, last), reason in SHAPES.items():
        scan(at, "SS-RANGE", *filter(None, (first, last)))
        assert said(at.view) == ("STOP", reason), (first, last)
    scan(at, "SS-RANGE", "A98")
    assert said(scan(at, "SS-QTY-5")) == ("STOP", "range-not-one"), "a digit more"
    assert said(scan(at, "SS-COMPLETE")) == ("STOP", "range-first")
    assert text(at.complete()).endswith(", or drop it with Cancel."), "a key has no code to scan then"
    assert text(scan(at, "SS-CANCEL")) == "The range is dropped; the serials are still owed."
    assert at.view.prompt is not None
    assert (at.view.prompt.end, at.view.prompt.run) == ("", 20)
    scan(at, "SS-CANCEL")
    for sku, reason in {
        "IMEI": "range-no-count",
        "MAC": "range-no-count",
        "LUHN": "range-no-count",
        "TWO": "range-two-codes",
    }.items():
        assert said(scan(at, "SS-QTY-2", sku, "SS-RANGE")) == ("STOP", reason), sku
        scan(at, "SS-CANCEL")
    assert said(scan(at, "CAM", "SS-RANGE")) == ("STOP", "range-no-run")
    scan(at, "SS-CANCEL")
    assert said(scan(at, "SS-RANGE")) == ("STOP", "no-serial-due")
    few = Desk(replace(site, rules=SiteRules(range_max=5)), OrderKind.PURCHASE)
    assert said(scan(few, "N-1", "SS-QTY-9", "CAM", "SS-RANGE", "A10", "A15")) == ("STOP", "range-too-many")
    assert scan(few, "A14").question is not None
    assert serials(site) == []


def test_how_many_may_be_typed_and_a_text_as_long_as_the_first_is_the_last(site: Site) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 30})
    at = desk(site, "N-1", "SS-QTY-20", "CAM", "SS-RANGE", "A10")
    at.answer(Scan("4", source=Source.TYPED))
    assert text(at.view) == "A10 to A13: 4 units of CAM, 20 asked. Take them all?"
    scan(at, "SS-NO")
    assert at.view.prompt is not None
    assert at.view.prompt.end == "last"
    scan(at, "SS-CANCEL", "SS-RANGE", "0010")
    at.answer(Scan("0012", source=Source.TYPED))
    assert text(at.view).startswith("0010 to 0012: 3 units")
    scan(at, "SS-YES", "SS-RANGE", "0020")
    assert said(scan(at, "21")) == ("STOP", "range-not-one"), "a scan is a serial"
    assert text(scan(at, "SS-QTY-ALL")).startswith("0020 to 0036: 17 units of CAM.")


def test_a_range_goes_with_marks_and_labels_and_asks_of_nothing_by_itself(site: Site) -> None:
    product(site, "CAM", 1, strip="SN:")
    purchase(site, "N-1", {"CAM": 30})
    receive(site, "N-1", "CAM", "S/N:A14")
    at = desk(site, "N-1", "SS-QTY-20", "CAM", "SS-RANGE", "SN:A10", "SN:A12", "SS-YES")
    assert text(at.view).startswith("A10 to A12 → CAM")
    assert said(scan(at, "SS-RANGE", "SN:A13", "SN:A15")) == ("STOP", "range-collides")
    assert "A14 would be asked about: it has to be scanned by itself." in text(at.view)


def test_at_packing_a_range_names_received_units_that_came_in_together(site: Site) -> None:
    product(site, "CAM", 1)
    product(site, "NEW", 2)
    for number in ("N-1", "N-2"):
        purchase(site, number, {"CAM": 10})
    receive(site, "N-1", "SS-QTY-3", "CAM", "SS-RANGE", "A1", "A3", "SS-YES")
    receive(site, "N-2", "SS-QTY-3", "CAM", "SS-RANGE", "A4", "A6", "SS-YES")
    for code in ("O1", "O2"):
        opening(site, "NORDWIND", "W-EAST", "NEW", code)
    shipment(site, "S-1", {"CAM": 6, "NEW": 4})
    at = pack(site, "S-1", "SS-QTY-6", "CAM", "SS-RANGE", "A2", "A5")
    assert said(at.view) == ("STOP", "range-origins")
    assert said(scan(at, "A7")) == ("STOP", "range-collides")
    assert text(scan(at, "A3", "SS-YES")).startswith("A2 to A3 → CAM, 2 of 6.")
    scan(at, "SS-CANCEL", "SS-QTY-4", "NEW", "SS-RANGE")
    assert said(scan(at, "NEW-1")) == ("STOP", "range-collides"), "a new serial is scanned by itself"
    scan(at, "SS-COMPLETE", "SS-CANCEL", "SS-CANCEL", "SS-COMPLETE", "SS-YES")
    assert serials(site)[1:3] == ["A2 Packed", "A3 Packed"]
