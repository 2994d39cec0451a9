"""Marks of makers at the desks (RULES 2.8, Marks): one unit never becomes two because one label carries a mark."""

from pathlib import Path

import pytest
from sqlalchemy import String, literal_column, select

from scanstation.domain.marks import rough
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store import catalog
from scanstation.store import tables as t
from scanstation.store.rough_key import IsMarked
from scanstation.workflows.imports import importing
from scanstation.workflows.master_data import loading, products
from scanstation.workflows.orders import corrections
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows import done_work
from tests.workflows.at_the_desk import said, scan, text

GS = "\x1d"


def at(site: Site, kind: OrderKind) -> Desk:
    return Desk(site, kind)


def kept_texts(site: Site) -> list[str | None]:
    """What the events keep of what was read, in their order."""
    with site.store.read() as tx:
        return list(tx.execute(select(t.unit_event.c.scanned).order_by(t.unit_event.c.id)).scalars())


def primaries(site: Site, sku: str) -> set[str]:
    """The primary serials of a product's units, in hand or in stock."""
    with site.store.read() as tx:
        return set(
            tx.exec_driver_sql(
                "SELECT c.text FROM unit_code c JOIN product p ON p.id = c.product_id "
                f"WHERE p.sku = '{sku}' AND c.live AND c.kind = 'primary'"
            ).scalars()
        )


DIFFERENT = [
    ("SN:12345", "12345"),
    ("SN 12345", "12345"),
    ("S/N 12345", "12345"),
    ("s/n: 12345", "12345"),
    ("S12345", "12345"),
    ("SN#12345", "12345"),
    ("SN-12345", "12345"),
    ("SER 12345", "12345"),
    ("SERIAL NO 12345", "12345"),
    ("Serial No.: 12345", "12345"),
    ("IMEI:490154203237518", "490154203237518"),
    ("SN4711", "N4711"),
    ("SAB-12", "AB12"),
    ("AB-12.7", "AB127"),
    ("AB 127", "AB-127"),
    ("00:1A:2B:3C:4D:5E", "001A.2B3C.4D5E"),
    ("12-345", "SN 12.345"),
    ("S/N 77A", "SN:77A"),
]
UNLIKE = [
    ("SN12345", "SN12346"),
    ("X12345", "12345"),
    ("12345", "123456"),
    ("AB_12", "AB12"),
    ("LOT12345", "12345"),
    ("12345S", "12345"),
    ("NS12345", "12345"),
    ("S", "SN"),
    ("AB/12", "AB12"),
]
both_ways = [*DIFFERENT, *((two, one) for one, two in DIFFERENT)]


@pytest.mark.parametrize(("known", "scanned"), both_ways)
class TestOneSuspicion:
    def test_at_packing_the_one_received_unit_is_asked_about_and_taken(
        self, site: Site, known: str, scanned: str
    ) -> None:
        product(site, "CAM", 1)
        opening(site, "NORDWIND", "W-EAST", "CAM", known)
        shipment(site, "S-1", {"CAM": 1})
        desk = at(site, OrderKind.SHIPMENT)
        assert said(scan(desk, "S-1", "CAM", scanned)) == ("CHECK", "alike-known")
        assert text(desk.view).endswith("?")
        assert said(scan(desk, scanned)) == ("CHECK", "alike-known"), "the same scan repeats it"
        assert said(scan(desk, "CAM")) == ("STOP", "question-open")
        assert said(scan(desk, "SS-YES")) == ("OK", "")
        assert desk.view.prompt is None
        assert primaries(site, "CAM") == {known}

    def test_at_receiving_it_is_asked_whether_it_is_the_same_unit(self, site: Site, known: str, scanned: str) -> None:
        product(site, "CAM", 1)
        purchase(site, "N-1", {"CAM": 4})
        desk = at(site, OrderKind.PURCHASE)
        scan(desk, "N-1", "CAM", known, "CAM")
        assert said(scan(desk, scanned)) == ("CHECK", "alike-new")
        assert text(desk.view).endswith("is here already: the same unit?")
        assert said(scan(desk, "SS-YES")) == ("STOP", "already-captured")
        assert desk.view.prompt is not None
        assert said(scan(desk, scanned, "SS-NO")) == ("OK", ""), "another unit"
        assert len(primaries(site, "CAM")) == 2


@pytest.mark.parametrize(("known", "scanned"), [*UNLIKE, *((two, one) for one, two in UNLIKE)])
def test_what_differs_by_more_is_no_suspicion(site: Site, known: str, scanned: str) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 4})
    desk = at(site, OrderKind.PURCHASE)
    assert said(scan(desk, "N-1", "CAM", known, "CAM", scanned)) == ("OK", "")


def test_an_exact_match_always_wins(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "12345", "SN12345", "S-12345")
    shipment(site, "S-1", {"CAM": 3})
    desk = at(site, OrderKind.SHIPMENT)
    for code in ("SN12345", "12345", "S-12345"):
        assert said(scan(desk, *(["S-1"] if code == "SN12345" else []), "CAM", code)) == ("OK", "")


def test_several_received_units_that_fit_are_a_stop(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "12345", "S-12345")
    shipment(site, "S-1", {"CAM": 2})
    desk = at(site, OrderKind.SHIPMENT)
    assert said(scan(desk, "S-1", "CAM", "SN:12345")) == ("STOP", "alike-several")
    for word in ("12345", "S-12345"):
        assert word in text(desk.view)
    assert desk.view.prompt is not None


def test_a_unit_that_is_packed_is_refused_with_where_it_is(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "12345")
    shipment(site, "S-1", {"CAM": 1})
    shipment(site, "S-2", {"CAM": 1})
    desk = at(site, OrderKind.SHIPMENT)
    scan(desk, "S-1", "CAM", "12345")
    desk.complete()
    assert said(scan(desk, "S-2", "CAM", "SN:12345")) == ("STOP", "already-packed")
    assert "S-1" in text(desk.view)


@pytest.mark.both_stores
def test_a_key_is_indexed_as_marked_where_its_rough_one_is_another(site: Site) -> None:
    """What a database sees in the key's characters is what `domain.marks.rough` makes of it."""
    keys = [
        "12345",
        "C1",
        "1S",
        "S1",
        "#1",
        "/1",
        "1/2",
        "A",
        "1-2",
        "-1",
        "1 2",
        "1:2",
        "1.2",
        "1~2",
        "1#",
        "P_1",
        "]1",
    ]
    with site.store.read() as tx:
        for key in keys:
            query = select(literal_column(f"'{key}'", String).label("text_key")).subquery()
            marked = tx.execute(select(query.c.text_key).where(IsMarked())).first() is not None
            assert marked is (rough(key) != key), key


@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [2, 4])
def test_packing_that_takes_new_serials_asks_and_takes_the_received_unit(site: Site, scenario: int) -> None:
    product(site, "CAM", scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", ("12345", "M-1") if scenario == 4 else "12345")
    shipment(site, "S-1", {"CAM": 1})
    desk = at(site, OrderKind.SHIPMENT)
    assert said(scan(desk, "S-1", "CAM", "S/N 12345")) == ("CHECK", "alike-new")
    assert said(scan(desk, "SS-YES")) == ("OK", "")
    if scenario == 4:
        assert said(scan(desk, "M1")) == ("CHECK", "alike-known"), "the other code of a known unit"
        assert said(scan(desk, "SS-YES")) == ("OK", "")
    assert said(desk.complete()) == ("OK", "")
    assert primaries(site, "CAM") == {"12345"}


@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [1, 3])
def test_with_no_prompt_open_the_received_unit_is_asked_about(site: Site, scenario: int) -> None:
    product(site, "CAM", scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", ("12345", "M-1") if scenario == 3 else "12345")
    shipment(site, "S-1", {"CAM": 1})
    desk = at(site, OrderKind.SHIPMENT)
    assert said(scan(desk, "S-1", "M1" if scenario == 3 else "SN:12345")) == ("CHECK", "alike-known")
    assert said(scan(desk, "SS-YES")) == ("OK", "")
    assert desk.view.prompt is None


@pytest.mark.both_stores
def test_no_another_unit_is_kept_for_the_product(site: Site) -> None:
    made = product(site, "CAM", 1)
    product(site, "LAP", 1)
    purchase(site, "N-1", {"CAM": 9, "LAP": 2})
    desk = at(site, OrderKind.PURCHASE)
    assert said(scan(desk, "N-1", "CAM", "1-21", "CAM", "12-1")) == ("CHECK", "alike-new")
    assert said(scan(desk, "SS-NO")) == ("OK", "")
    assert said(scan(desk, "CAM", "121")) == ("OK", ""), "asked once for the product"
    assert said(scan(desk, "CAM", "SN121")) == ("CHECK", "alike-new"), "marks are another matter"
    assert said(desk.cancel()) == ("CHECK", "answered-no"), "Esc says nothing of the product"
    assert said(scan(desk, "SN121")) == ("CHECK", "alike-new")
    assert said(scan(desk, "SS-YES")) == ("STOP", "alike-several")
    desk.cancel()
    assert said(scan(desk, "LAP", "1-31", "LAP", "13-1")) == ("CHECK", "alike-new"), "of one product"
    with site.store.read() as tx:
        assert catalog.product(tx, made).told_apart == ("separators",)
        assert [act.difference.became for act in catalog.acts_on(tx, made, 5)] == ["separators"]


@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [5, 6, 7, 8])
def test_a_serial_on_a_label_that_is_only_checked(site: Site, scenario: int) -> None:
    product(site, "CAM", scenario, barcodes=[Barcode("04006381333931")])
    opening(site, "NORDWIND", "W-EAST", "CAM", ("12345", "M-1") if scenario > 6 else "12345")
    shipment(site, "S-1", {"CAM": 3})
    desk = at(site, OrderKind.SHIPMENT)
    reason = "alike-known" if scenario in (5, 7) else "alike-new"
    assert said(scan(desk, "S-1", f"01040063813339312{'1SN12345'}")) == ("CHECK", reason)
    assert said(scan(desk, "SS-YES")) == ("OK", "")
    assert said(scan(desk, "010400638133393121" + "12345")) == ("STOP", "already-captured")


STRIPPED = [
    # strip, pattern, scanned, booked
    ("SN:;S/N ;S", "", "SN:12345", "12345"),
    ("SN:;S/N ;S", "", "s/n 12345", "12345"),
    ("SN:;S/N ;S", "", "S12345", "S12345"),  # one letter, and nothing says that the rest is a serial
    ("SN:;S/N ;S", "[0-9]{5}", "S12345", "12345"),
    ("S;SN", "[0-9]{5}", "SN12345", "12345"),  # the longest mark
    ("S;SN", "N[0-9]{5}", "SN12345", "SN12345"),
    ("SN", "SN[0-9]{5}", "SN12345", "SN12345"),  # only the whole fits
    ("SN", "", "SNSN12345", "SN12345"),  # once
    ("SN", "", "SN: 12345", "12345"),
    ("SN", "", "SN", "SN"),
    ("25S", "", "25S12345", "12345"),
    ("MAC:", "mac", "MAC: 00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
]


@pytest.mark.parametrize(("strip", "pattern", "scanned", "booked"), STRIPPED)
def test_a_listed_mark_is_no_part_of_the_serial(
    site: Site, strip: str, pattern: str, scanned: str, booked: str
) -> None:
    product(site, "CAM", 1, strip=strip, pattern=pattern)
    purchase(site, "N-1", {"CAM": 2})
    desk = at(site, OrderKind.PURCHASE)
    answer = said(scan(desk, "N-1", "CAM", scanned))
    if pattern == "N[0-9]{5}":
        assert answer == ("STOP", "pattern")
        return
    assert answer == ("OK", "")
    assert primaries(site, "CAM") == {booked}
    assert said(scan(desk, "CAM", scanned)) == ("STOP", "already-captured")
    assert said(scan(desk, booked)) == ("STOP", "already-captured")


@pytest.mark.both_stores
def test_a_listed_mark_needs_no_question_in_either_direction(site: Site) -> None:
    product(site, "CAM", 1, strip="SN:;SN")
    opening(site, "NORDWIND", "W-EAST", "CAM", "12345", "SN77")
    shipment(site, "S-1", {"CAM": 2})
    desk = at(site, OrderKind.SHIPMENT)
    assert said(scan(desk, "S-1", "CAM", "SN:12345")) == ("OK", "")
    assert said(scan(desk, "CAM", "SN77")) == ("OK", ""), "as it stands, where that is known"
    purchase(site, "N-1", {"CAM": 2})
    opening(site, "NORDWIND", "W-EAST", "CAM", "678")
    desk = at(site, OrderKind.PURCHASE)
    for code in ("SN:678", "sn 678", "678"):
        assert said(scan(desk, "N-1", code)) == ("STOP", "serial-without-prompt")
    assert said(scan(desk, "SN:679")) == ("STOP", "unknown-code")


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("1P4711", ("STOP", "other-identifier")),
        ("1T4711", ("STOP", "other-identifier")),
        ("3S4711", ("STOP", "other-identifier")),
        ("4LDE", ("STOP", "other-identifier")),
        ("30P4711", ("STOP", "other-identifier")),
        ("P4711", ("CHECK", "other-identifier")),
        ("Q10", ("CHECK", "other-identifier")),
        ("V4711", ("CHECK", "other-identifier")),
        ("K4711", ("CHECK", "other-identifier")),
        ("D261129", ("CHECK", "other-identifier")),
        ("25S4711", ("OK", "")),
        ("25S1P4711", ("OK", "")),
        ("4711", ("OK", "")),
    ],
)
def test_other_identifiers_of_a_label_with_identifiers(site: Site, code: str, answer: tuple[str, str]) -> None:
    product(site, "CAM", 1, strip="S;18S;25S")
    purchase(site, "N-1", {"CAM": 2})
    desk = at(site, OrderKind.PURCHASE)
    assert said(scan(desk, "N-1", "CAM", code)) == answer
    if answer[0] == "CHECK":
        assert said(scan(desk, "SS-YES")) == ("OK", "")
    product(site, "LAP", 1)
    purchase(site, "N-2", {"LAP": 2}, warehouse="W-WEST")
    assert said(scan(at(site.at_station("dock-3"), OrderKind.PURCHASE), "N-2", "LAP", code)) == ("OK", "")


QR = "MODEL CAM-300, SN:AB12345, MAC 00:1A:2B:3C:4D:5E, made in Hamburg, and a text longer than any code may be"


@pytest.mark.both_stores
def test_one_label_answers_both_prompts_by_its_patterns(site: Site) -> None:
    primary, secondary = r".*SN:(?P<serial>[A-Z0-9]+).*", r".*MAC (?P<serial>[0-9A-F:]+).*"
    product(site, "CAM", 3, pattern=primary, secondary_pattern=secondary)
    purchase(site, "N-1", {"CAM": 3})
    desk = at(site, OrderKind.PURCHASE)
    assert said(scan(desk, "N-1", "CAM", QR)) == ("OK", "")
    assert desk.view.prompt is None
    assert "AB12345 + 00:1A:2B:3C:4D:5E" in text(desk.view)
    assert said(scan(desk, "CAM", QR)) == ("STOP", "already-captured")
    assert primaries(site, "CAM") == {"AB12345"}
    desk.undo()
    assert desk.undo().prompt is not None
    assert primaries(site, "CAM") == set(), "both codes are undone together"


def test_a_label_with_the_primary_alone_is_no_answer_to_the_secondary(site: Site) -> None:
    product(site, "CAM", 3, pattern=r"(?:.*SN:)?(?P<serial>[0-9]+)")
    purchase(site, "N-1", {"CAM": 2})
    desk = at(site, OrderKind.PURCHASE)
    assert said(scan(desk, "N-1", "CAM", "CAM SN:123")) == ("OK", "")
    assert said(scan(desk, "CAM SN:124")) == ("STOP", "no-serial-on-label")
    assert said(scan(desk, "776")) == ("OK", ""), "a code by itself is of either kind"


@pytest.mark.both_stores
@pytest.mark.parametrize(
    ("pattern", "known", "scanned"),
    [
        ("mac", "00:1A:2B:3C:4D:5E", "001a2b3c4d5e"),
        ("MAC", "001A2B3C4D5E", "00-1A-2B-3C-4D-5E"),
        ("mac", "001A.2B3C.4D5E", "00 1A 2B 3C 4D 5E"),
        ("imei", "490154203237518", "49-015420-323751-8"),
        ("imei", "49 015420 323751 8", "490154203237518"),
    ],
)
def test_macs_and_imeis_are_one_code_without_their_separators(
    site: Site, pattern: str, known: str, scanned: str
) -> None:
    product(site, "CAM", 1, pattern=pattern)
    opening(site, "NORDWIND", "W-EAST", "CAM", known)
    purchase(site, "N-1", {"CAM": 1})
    shipment(site, "S-1", {"CAM": 1})
    assert said(scan(at(site, OrderKind.PURCHASE), "N-1", "CAM", scanned)) == ("STOP", "already-received")
    packing = at(site.at_station("bench-1"), OrderKind.SHIPMENT)
    assert said(scan(packing, "S-1", "CAM", scanned)) == ("OK", "")
    assert primaries(site, "CAM") == {known}


@pytest.mark.parametrize(
    ("pattern", "code", "fits"),
    [
        ("imei", "490154203237519", False),
        ("imei", "49015420323751", False),
        ("imei", "49/015420/323751/8", False),  # no separator that codes are compared without
        ("mac", "00:1A:2B:3C:4D", False),
        ("mac", "00:1A:2B:3C:4D:5G", False),
        ("luhn:16", "4111111111111111", True),
        ("LUHN:16", "4111111111111112", False),
        ("luhn:15", "4111111111111111", False),
        ("luhn:15", "490154203237518", True),
    ],
)
def test_named_patterns(site: Site, pattern: str, code: str, fits: bool) -> None:
    product(site, "CAM", 1, pattern=pattern)
    purchase(site, "N-1", {"CAM": 1})
    answer = said(scan(at(site, OrderKind.PURCHASE), "N-1", "CAM", code))
    assert answer == (("OK", "") if fits else ("STOP", "pattern"))


@pytest.mark.parametrize("scenario", [5, 6, 7, 8])
def test_a_checked_serial_that_was_corrected_since_counts_its_unit_once(site: Site, scenario: int) -> None:
    product(site, "CAM", scenario)
    (unit,) = opening(site, "NORDWIND", "W-EAST", "CAM", ("A-100", "M-100") if scenario > 6 else "A-100")
    shipment(site, "S-1", {"CAM": 3})
    desk = at(site, OrderKind.SHIPMENT)
    assert said(scan(desk, "S-1", "A-100")) == ("OK", "")
    assert isinstance(corrections.correct(site, unit, "A-100", "B-200", "misprint"), Done)
    assert said(scan(desk, "B-200")) == ("STOP", "already-captured")


@pytest.mark.both_stores
class TestImports:
    """The same in sheets: where a scan is asked about, a row is noted or refused."""

    def sheet(self, folder: Path, kind: str, number: str, *rows: str) -> Path:
        path = folder / f"{kind}-{number}.csv"
        header = f"Warehouse,Client,{kind} Number,SKU,Primary Serial Number,Secondary Serial Number"
        path.write_text("\n".join([header, *(f"W-EAST,NORDWIND,{number},CAM,{row}" for row in rows)]))
        return path

    def received(self, site: Site, count: int) -> None:
        done_work.received(site, purchase(site, "N-1", {"CAM": count}), "CAM", quantity=count)

    @pytest.mark.parametrize(("known", "written"), [pair for pair in both_ways if "," not in "".join(pair)])
    def test_a_new_row_is_noted_beside_the_store_and_beside_another_row(
        self, site: Site, tmp_path: Path, known: str, written: str
    ) -> None:
        product(site, "CAM", 5)
        opening(site, "NORDWIND", "W-EAST", "CAM", known)
        self.received(site, 3)
        plan = importing.check(
            site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", f"{written},", "Z9,", "Z.9,")
        )
        assert plan.good, plan.problems
        assert [note.name for note in plan.judgement.notes] == ["alike-new", "alike-new"]
        assert "is here already: the same unit?" in plan.notes[0]
        assert "differs from Z9 in row 3 only by its marks" in plan.notes[1]
        assert isinstance(importing.carry_out(site, plan), Done)

    @pytest.mark.parametrize(("known", "written"), [("12345", "SN:12345"), ("AB-12", "AB12")])
    def test_a_row_of_a_shipment_that_must_be_known_is_refused_with_the_serial_that_is(
        self, site: Site, tmp_path: Path, known: str, written: str
    ) -> None:
        product(site, "CAM", 5)
        opening(site, "NORDWIND", "W-EAST", "CAM", known)
        done_work.packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", quantity=1)
        plan = importing.check(site, OrderKind.SHIPMENT, self.sheet(tmp_path, "SO", "S-1", f"{written},"))
        assert [problem.name for problem in plan.problems] == ["alike-known"]
        assert known in plan.problems[0].sentence

    @pytest.mark.parametrize("known", ["12345", "SN:12345"])
    def test_only_a_listed_mark_differs(self, site: Site, tmp_path: Path, known: str) -> None:
        product(site, "CAM", 5, strip="SN:;S/N ")
        opening(site, "NORDWIND", "W-EAST", "CAM", known)
        done_work.packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", quantity=1)
        plan = importing.check(site, OrderKind.SHIPMENT, self.sheet(tmp_path, "SO", "S-1", "SN:12345,"))
        assert plan.good, plan.problems
        assert plan.serials == 1
        assert isinstance(importing.carry_out(site, plan), Done)
        assert kept_texts(site)[-1] == (None if known == "SN:12345" else "SN:12345"), "RULES 2.16: what the cell had"

    def test_marks_texts_and_identifiers_of_new_rows(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 5, strip="SN:;25S")
        self.received(site, 3)
        rows = ("SN:123,", "25S124,", "P125,")
        plan = importing.check(site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", *rows))
        assert plan.good, plan.problems
        assert [note.name for note in plan.judgement.notes] == ["other-identifier"]
        assert isinstance(importing.carry_out(site, plan), Done)
        assert primaries(site, "CAM") == {"123", "124", "P125"}
        assert {*kept_texts(site)} == {"SN:123", "25S124", None}, "RULES 2.16: what the cells had"
        again = importing.check(site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", *rows[:2], "1P9,"))
        assert {"other-identifier", "already-imported"} <= {problem.name for problem in again.problems}

    def test_a_pattern_takes_both_codes_out_of_one_cell_text(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 7, pattern=r".*SN (?P<serial>[0-9]+).*", secondary_pattern=r".*MAC (?P<serial>[0-9A-F]+)")
        self.received(site, 1)
        label = "CAM with a long name SN 4711 made in Hamburg in the year 2026 MAC 001A2B3C4D5E"
        plan = importing.check(site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", f"{label},{label}"))
        assert plan.good, plan.problems
        assert isinstance(importing.carry_out(site, plan), Done)
        assert primaries(site, "CAM") == {"4711"}
        assert kept_texts(site) == [f"{label}\n{label}"]

    def test_a_mac_is_one_code_however_it_is_written(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 5, pattern="mac")
        opening(site, "NORDWIND", "W-EAST", "CAM", "00:1A:2B:3C:4D:5E")
        self.received(site, 3)
        rows = ("001A2B3C4D5E,", "0A0B0C0D0E0F,", "0A:0B:0C:0D:0E:0F,")
        plan = importing.check(site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", *rows))
        assert [problem.name for problem in plan.problems] == ["in-use", "twice-in-file"]
        done_work.packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", quantity=1)
        plan = importing.check(site, OrderKind.SHIPMENT, self.sheet(tmp_path, "SO", "S-1", rows[0]))
        assert plan.good, plan.problems

    def test_what_tells_units_of_a_product_apart_is_not_noted(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 5)
        with site.store.read() as tx:
            record = catalog.products_of(tx, 1)[0]
        site.store.act(lambda tx: catalog.tell_apart(tx, record, ["separators"], site.stamp()))
        self.received(site, 3)
        rows = ("1-11,", "11-1,", "SN111,")
        plan = importing.check(site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", *rows))
        assert [note.rows for note in plan.judgement.notes] == [(4,)], "once a row, however many are like it"

    def test_a_thousand_rows_that_all_look_alike_are_noted_in_a_few_lines(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 5)
        self.received(site, 2000)
        # One number with dots at other places in each row; each of them may be any other.
        spelled = [
            "".join(f"{digit}{'.' * (row >> at & 1)}" for at, digit in enumerate("12345678901")) for row in range(1000)
        ]
        pairs = [f"{mark}{number}" for number in range(500000, 500500) for mark in ("", "S")]
        plan = importing.check(
            site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", *(f"{code}," for code in (*spelled, *pairs)))
        )
        assert plan.good, plan.problems
        assert plan.serials == 2000
        assert [len(note.rows) for note in plan.judgement.notes] == [1] * (999 + 500), "one note a row"
        assert len(plan.notes) == 21
        assert plan.notes[-1] == "… and 1,479 more serials that differ from another only by their marks."

    def test_a_serial_may_be_spelled_as_many_others_begin(self, site: Site, tmp_path: Path) -> None:
        """Letters that marks are made of, in front of the same number: they have nothing to do with each other."""
        product(site, "CAM", 5)
        self.received(site, 1000)
        rows = [f"{a}{b}{c}7," for a in "ABEILMNORU" for b in "ABEILMNORU" for c in "ABEILMNORU"]
        plan = importing.check(site, OrderKind.PURCHASE, self.sheet(tmp_path, "PO", "N-1", *rows))
        assert plan.good, plan.problems
        assert plan.notes == ()


@pytest.mark.parametrize(("one", "other"), [("{:06}", "S{:06}"), ("AB-{:06}", "AB{:06}"), ("{:06}", "{:06}.")])
def test_serials_that_differ_only_so_are_asked_about_once(site: Site, one: str, other: str) -> None:
    """Real serials, two and two alike: a station must not drown in questions."""
    made = product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 60})
    desk = at(site, OrderKind.PURCHASE)
    scan(desk, "N-1")
    asked = 0
    for number in range(120, 150):
        for code in (one.format(number), other.format(number)):
            scan(desk, "CAM", code)
            if said(desk.view) == ("CHECK", "alike-new"):
                asked += 1
                scan(desk, "SS-NO")
            assert said(desk.view) == ("OK", "")
    assert asked == 1
    assert len(primaries(site, "CAM")) == 60
    before = products.read(site, made)
    assert isinstance(products.save(site, before, before.asking_again()), Done), "the answer can be taken back"
    with site.store.read() as tx:
        assert catalog.product(tx, made).told_apart == ()
        assert catalog.acts_on(tx, made, 1)[0].difference.was == (before.record.told_apart[0])
    purchase(site, "N-2", {"CAM": 1})
    again = at(site.at_station("dock-3"), OrderKind.PURCHASE)
    assert said(scan(again, "N-2", "CAM", f"SN:{one.format(127)}")) == ("CHECK", "alike-new")


class TestOpeningStock:
    """As in imports: a mark is taken off, a text's code taken out, and what is doubtful is noted."""

    def load(self, site: Site, folder: Path, *rows: str) -> loading.Loaded:
        path = folder / "stock.csv"
        header = "Warehouse,Client,SKU,Primary Serial Number,Secondary Serial Number"
        path.write_text("\n".join([header, *(f"W-EAST,NORDWIND,CAM,{row}" for row in rows)]))
        seen = loading.preview(site, path)
        loaded = loading.load(site, [path])
        assert seen.good is not loaded.refused
        assert set(seen.stock_notes) <= {*loaded.notes} or loaded.refused
        return loaded

    def names(self, loaded: loading.Loaded) -> list[str]:
        return [reason.name for reason in loaded.reasons]

    @pytest.mark.parametrize(("known", "written"), [pair for pair in both_ways if "," not in "".join(pair)])
    def test_what_differs_only_by_marks_is_noted(self, site: Site, tmp_path: Path, known: str, written: str) -> None:
        product(site, "CAM", 1)
        opening(site, "NORDWIND", "W-EAST", "CAM", known)
        loaded = self.load(site, tmp_path, f"{written},", "Z9,", "Z.9,")
        assert not loaded.refused, loaded.reasons
        assert [note.partition(": ")[2] for note in loaded.notes if "marks" in note] == [
            f"{written} differs from {known} only by its marks. {known} is here already: the same unit?",
            "Z.9 differs from Z9 in stock.csv, row 3 only by its marks: the same unit?",
        ]
        assert primaries(site, "CAM") == {known, written, "Z9", "Z.9"}
        again = self.load(site, tmp_path, f"{written},", "Z9,", "Z.9,")
        assert "3 as before" in again.text
        assert again.notes == ()

    def test_a_listed_mark_is_taken_off(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 3, strip="SN:;25S", secondary_strip="MAC ")
        loaded = self.load(site, tmp_path, "SN:123,MAC 77", "25S124,MAC 78", "125,79")
        assert not loaded.refused, loaded.reasons
        assert primaries(site, "CAM") == {"123", "124", "125"}
        assert self.load(site, tmp_path, "123,77", "SN:124,78").text.count("2 as before") == 1
        assert self.names(self.load(site, tmp_path, "SN:200,1", "200,2")) == ["key-twice"]
        assert self.names(self.load(site, tmp_path, "SN:201,201")) == ["same-code"]
        assert self.names(self.load(site, tmp_path, "1P202,202")) == ["other-identifier"]
        assert "begins with P" in self.load(site, tmp_path, "P203,203").notes[0]

    def test_a_pattern_takes_codes_out_of_texts_longer_than_a_code(self, site: Site, tmp_path: Path) -> None:
        product(
            site, "CAM", 3, pattern=r".*SN:(?P<serial>[A-Z0-9]+).*", secondary_pattern=r".*MAC (?P<serial>[0-9A-F:]+).*"
        )
        cell = f'"{QR}"'
        loaded = self.load(site, tmp_path, f"{cell},{cell}")
        assert not loaded.refused, loaded.reasons
        assert primaries(site, "CAM") == {"AB12345"}
        assert "1 as before" in self.load(site, tmp_path, f"{cell},{cell}").text
        assert self.names(self.load(site, tmp_path, f'"{QR.replace("SN:", "")}",{cell}')) == ["bad-serial"]

    def test_a_mac_is_one_code_however_it_is_written(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 1, pattern="mac")
        assert not self.load(site, tmp_path, "00:1A:2B:3C:4D:5E,").refused
        assert "1 as before" in self.load(site, tmp_path, "001A2B3C4D5E,").text
        twice = self.load(site, tmp_path, "0A0B0C0D0E0F,", "0A:0B:0C:0D:0E:0F,")
        assert self.names(twice) == ["twice-in-file"]

    def test_many_notes_are_told_in_a_few_lines(self, site: Site, tmp_path: Path) -> None:
        product(site, "CAM", 1)
        rows = [f"{mark}{number}," for number in range(500000, 500500) for mark in ("", "S")]
        loaded = self.load(site, tmp_path, *rows)
        assert len([note for note in loaded.notes if "marks" in note]) == 21
        assert "… and 480 more serials that differ from another only by their marks." in loaded.notes


class TestCorrections:
    """A supervisor's new code is judged as a new one at a desk; who it is asked of has to say it beforehand."""

    def correct(
        self, site: Site, unit: int, new: str, before: str = "A-1", *, another_unit: bool = False
    ) -> Done | Refused:
        return corrections.correct(site, unit, before, new, "misprint", another_unit=another_unit)

    @pytest.mark.parametrize(("known", "new"), both_ways)
    def test_what_differs_only_by_marks_needs_a_word(self, site: Site, known: str, new: str) -> None:
        made = product(site, "CAM", 1)
        unit, _ = opening(site, "NORDWIND", "W-EAST", "CAM", "A-1", known)
        answer = self.correct(site, unit, new)
        assert isinstance(answer, Refused)
        assert answer.reasons[0].name == "alike-new"
        assert known in answer.reasons[0].text
        assert "--another-unit" in answer.reasons[0].text
        (doubt,) = corrections.new_code(site, unit, "A-1", new).doubts
        assert doubt.endswith(f"is here already: is {new} another unit?")
        assert isinstance(self.correct(site, unit, new, another_unit=True), Done)
        assert primaries(site, "CAM") == {known, new}
        with site.store.read() as tx:
            assert catalog.product(tx, made).told_apart != (), "kept, as at a desk"

    def test_a_yes_is_one_to_the_units_that_were_asked_about(self, site: Site) -> None:
        product(site, "CAM", 1)
        unit, _ = opening(site, "NORDWIND", "W-EAST", "CAM", "A-1", "SN123")
        (asked,) = corrections.new_code(site, unit, "A-1", "S123").doubts
        opening(site.at_station("dock-9"), "NORDWIND", "W-EAST", "CAM", "123")
        answer = corrections.correct(site, unit, "A-1", "S123", "misprint", another_unit=(asked,))
        assert isinstance(answer, Refused)
        assert "123" in answer.text
        assert primaries(site, "CAM") == {"A-1", "SN123", "123"}
        both = corrections.new_code(site, unit, "A-1", "S123").doubts
        assert len(both) == 2
        assert isinstance(corrections.correct(site, unit, "A-1", "S123", "misprint", another_unit=both), Done)

    def test_another_spelling_of_its_own_code_is_no_question(self, site: Site) -> None:
        product(site, "CAM", 1)
        (unit,) = opening(site, "NORDWIND", "W-EAST", "CAM", "A-1")
        assert isinstance(self.correct(site, unit, "SN A1"), Done)
        assert primaries(site, "CAM") == {"SN A1"}

    def test_marks_texts_and_identifiers(self, site: Site) -> None:
        product(site, "CAM", 1, strip="SN:;25S")
        unit, _ = opening(site, "NORDWIND", "W-EAST", "CAM", "A-1", "777")
        for new, name in (("SN:A-1", "same-code"), ("SN:777", "in-use"), ("1P55", "other-identifier")):
            answer = self.correct(site, unit, new)
            assert isinstance(answer, Refused), new
            assert answer.reasons[0].name == name
        assert corrections.new_code(site, unit, "A-1", "SN:123") == corrections.NewCode("123")
        assert isinstance(self.correct(site, unit, "SN:123"), Done)
        assert primaries(site, "CAM") == {"123", "777"}
        answer = self.correct(site, unit, "P5", "123")
        assert isinstance(answer, Done)
        assert "begins with P" in answer.notes[0]

    def test_a_text_and_a_mac(self, site: Site) -> None:
        product(site, "CAM", 1, pattern=r".*SN:(?P<serial>[A-Z0-9]+).*")
        product(site, "LAP", 1, pattern="mac")
        (unit,) = opening(site, "NORDWIND", "W-EAST", "CAM", "A-1")
        assert isinstance(self.correct(site, unit, QR), Done)
        assert primaries(site, "CAM") == {"AB12345"}
        mac, _ = opening(site, "NORDWIND", "W-EAST", "LAP", "00:1A:2B:3C:4D:5E", "001A2B3C4D5F")
        answer = self.correct(site, mac, "00-1A-2B-3C-4D-5F", "00:1A:2B:3C:4D:5E", another_unit=True)
        assert isinstance(answer, Refused)
        assert answer.reasons[0].name == "in-use"
        assert isinstance(self.correct(site, mac, "001A2B3C4D5E", "00:1A:2B:3C:4D:5E"), Done), "its own, respelled"


TRIED = [
    # code, how it begins, and a word of the answer
    ("SN:4711", "OK", "the serial is 4711. 4711 would be taken"),
    ("25S4711", "OK", "the serial is 4711."),
    ("4711", "OK", "4711 would be taken"),
    ("1P4711", "STOP", "begins with 1P"),
    ("P4711", "CHECK", "asked whether it is the serial"),
    ("S/N 12.345", "CHECK", "S/N 12.345 differs from 12345 only by its marks"),
    ("SN:12-345", "CHECK", "the serial is 12-345. 12-345 differs from 12345"),
    ("SN:12345", "OK", "the serial is 12345."),
]


@pytest.mark.parametrize(("code", "tone", "word"), TRIED)
def test_a_code_that_is_tried_is_answered_as_at_a_prompt(site: Site, code: str, tone: str, word: str) -> None:
    made = product(site, "CAM", 1, strip="SN:;25S")
    opening(site, "NORDWIND", "W-EAST", "CAM", "12345")
    verdict = products.try_code(site, products.read(site, made), Scan(code))
    assert verdict.tone.value == tone
    assert word in verdict.text
    assert verdict.question is None


def test_a_text_that_is_tried(site: Site) -> None:
    made = product(site, "CAM", 1, pattern=r".*SN:(?P<serial>[A-Z0-9]+).*")
    verdict = products.try_code(site, products.read(site, made), Scan(QR))
    assert (verdict.tone.value, verdict.code) == ("OK", "AB12345")
    assert "the serial is AB12345. AB12345 looks like a primary serial of CAM" in verdict.text
