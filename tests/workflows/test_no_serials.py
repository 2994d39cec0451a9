"""What is no serial is told so wherever a new code comes in: by scan, in files, in stock (RULES 2.8)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.not_serials import Kind
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports.importing import check, import_serials
from scanstation.workflows.master_data.loading import load, preview
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.at_the_desk import said, scan, text
from tests.workflows.done_work import open_work, packed, received

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT

STOPS = [
    ("https://example.org/p/1", Kind.LINK),
    ("https://example.org/" + "a" * 70, Kind.LINK),
    ("example.com/AB108", Kind.LINK),
    ("sip:4711@example.org", Kind.LINK),
    ("WIFI:S:Dock;T:WPA;P:secret;;", Kind.WIFI),
    ("MECARD:N:Doe,John;TEL:123;;", Kind.CONTACT),
    ('{"sn":"123"}', Kind.DATA),
    ("SN:123;PN:456", Kind.FIELDS),
    ("00340123450000000017", Kind.SSCC),
    ("BOX-1", Kind.PRODUCT),
    ("4006381333931", Kind.PRODUCT),
    ("4006381333931 12", Kind.PRODUCT),
    ("24006381333935", Kind.PRODUCT),
    ("d4006381333931", Kind.PRODUCT),
    ("1PBOX-1", Kind.PRODUCT),
    ("010400638133393221ABC123", Kind.MISREAD),
    ("N/A", Kind.PLACEHOLDER),
    ("To be filled by O.E.M.", Kind.PLACEHOLDER),
    ("0000000", Kind.FILLER),
]
CHECKS = [
    ("w-east", Kind.NAME, "is the name of a warehouse"),
    ("NORDWIND", Kind.NAME, "is the name of a client"),
    ("Dock-2", Kind.NAME, "is the name of a station"),
    ("dock-9", Kind.NAME, "is the name of a station"),
    ("ANA", Kind.NAME, "is the name of an operator"),
    ("Ben", Kind.NAME, "is the name of an operator"),
    ("S-9", Kind.ORDER, "is the number of an open shipment order"),
    ("n-9", Kind.ORDER, "is the number of an open purchase order"),
    ("000", Kind.REPEATED, "is one character 3 times"),
    ("LAP-0001", Kind.OTHER_SERIAL, "is a serial of LAP: wrong unit, or wrong product scanned"),
]


@pytest.fixture
def warehouse(site: Site) -> Site:
    """A product for each way that a code comes in, and everything that a code can be mistaken for."""
    product(site, "CAM", 1)
    product(site, "TAB", 2)
    product(site, "IMP", 5)
    product(site, "BOX-1", barcodes=[Barcode("4006381333931")])
    product(site, "LAP", 1)
    product(site, "IP", 5, pattern=".*")
    purchase(site, "N-1", {"CAM": 50})
    shipment(site, "S-1", {"TAB": 50, "CAM": 5})
    purchase(site, "N-9", {"BOX-1": 1})
    shipment(site, "S-9", {"BOX-1": 1})
    opening(site, "NORDWIND", "W-EAST", "LAP", "LAP-0001", "LAP-0002")
    opening(site, "NORDWIND", "W-WEST", "LAP", "LAP-W")
    open_work(replace(site, operator="Ben"), purchase(site, "N-8", {"BOX-1": 1}), station="dock-9")
    return site


@pytest.fixture
def receiving(warehouse: Site) -> Desk:
    desk = Desk(warehouse, PO)
    scan(desk, "N-1", "CAM")
    return desk


@pytest.fixture
def packing(warehouse: Site) -> Desk:
    """At the prompt of a product that takes new serials, at another station: one owes one serial at a time."""
    desk = Desk(replace(warehouse, station="bench-2"), SO)
    scan(desk, "S-1", "TAB")
    return desk


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A sheet of purchase order N-5 (product IMP), one row for each code."""

    def do(*codes: str, sku: str = "IMP", kind: OrderKind = PO, number: str = "N-5", warehouse: str = "W-EAST") -> Path:
        path = tmp_path / f"{len([*tmp_path.iterdir()])}.csv"
        quoted = [f'"{code.replace(chr(34), chr(34) * 2)}"' for code in codes]
        rows = [f"{warehouse},NORDWIND,{number},{sku},{code}" for code in quoted]
        path.write_text("\n".join([f"Warehouse,Client,{kind} Number,SKU,Primary Serial Number", *rows]))
        return path

    return do


def bought(site: Site, sku: str = "IMP", quantity: int = 50, number: str = "N-5") -> None:
    received(site, purchase(site, number, {sku: quantity}), sku, quantity=quantity)


class TestScans:
    @pytest.mark.parametrize(("code", "kind"), STOPS)
    def test_what_is_no_serial_is_refused_in_a_prompt(
        self, receiving: Desk, packing: Desk, code: str, kind: Kind
    ) -> None:
        for desk in (receiving, packing):
            assert said(scan(desk, code)) == ("STOP", kind.value)
            assert desk.view.prompt is not None, "a refusal leaves the prompt"
            assert said(scan(desk, f"SN-{desk.kind}")) == ("OK", "")

    @pytest.mark.parametrize(("code", "kind", "words"), CHECKS)
    def test_what_is_hardly_a_serial_is_asked_about(
        self, receiving: Desk, packing: Desk, code: str, kind: Kind, words: str
    ) -> None:
        for desk, sku in ((receiving, "CAM"), (packing, "TAB")):
            assert said(scan(desk, code)) == ("CHECK", kind.value)
            assert f"{code} {words}. Is it the primary serial of this {sku}?" in text(desk.view)
            assert desk.view.question is not None
            assert said(desk.no()) == ("CHECK", "answered-no")
            assert desk.view.prompt is not None
            assert said(scan(desk, code, "SS-YES")) == ("OK", "")
            # It is this unit's now, and asked about no more.
            assert said(scan(desk, sku, code)) == ("STOP", "already-captured")
            desk.cancel()
            desk.undo()

    def test_a_label_with_something_else_in_its_serial_field_is_refused_whole(self, warehouse: Site) -> None:
        product(warehouse, "EAN", 1, barcodes=[Barcode("5901234123457")])
        purchase(warehouse, "N-2", {"EAN": 2})
        desk = Desk(warehouse, PO)
        scan(desk, "N-2")
        assert said(scan(desk, "]C1010590123412345721N/A")) == ("STOP", Kind.PLACEHOLDER.value)
        assert said(scan(desk, "]C1010590123412345721S-9")) == ("CHECK", Kind.ORDER.value)
        assert said(scan(desk, "SS-YES")) == ("OK", "")
        assert desk.view.prompt is None

    def test_a_pattern_that_matches_settles_it_but_not_for_products(self, warehouse: Site) -> None:
        product(warehouse, "ANY", 1, pattern=".*")
        purchase(warehouse, "N-2", {"ANY": 50})
        desk = Desk(warehouse, PO)
        scan(desk, "N-2")
        for code, kind in STOPS:
            is_exact = code in ("BOX-1", "4006381333931")
            expected = ("STOP", kind.value) if is_exact else ("OK", "")
            if len(code) <= 64:
                assert said(scan(desk, "ANY", code)) == expected, code
                desk.cancel()
        for code, _, _ in CHECKS:
            assert said(scan(desk, "ANY", code)) == ("OK", ""), code

    def test_codes_that_are_units_already_stay_scannable(self, warehouse: Site) -> None:
        """What was booked before these rules is known by its code as it stands."""
        codes = [code for code, _ in STOPS if len(code) <= 64] + ["S-9", "000", "W-EAST", "LAP-0001"]
        codes += [
            "(02)04006381333931(37)10",
            "(10)LOT(21)AB-1",
            "SN-1<GS>10LOT",
            "0104006381333931",
            "7^]10LOT",
            "http:7",
        ]
        opening(warehouse, "NORDWIND", "W-EAST", "CAM", *codes)
        shipment(warehouse, "S-2", {"CAM": len(codes)})
        desk = Desk(warehouse, SO)
        scan(desk, "S-2")
        for code in codes:
            assert said(scan(desk, "CAM", code)) == ("OK", ""), code
        dock = Desk(warehouse, PO)
        scan(dock, "N-1", "CAM")
        for code in codes:
            assert said(scan(dock, code)) == ("STOP", "held-elsewhere"), "the true reason at receiving as well"

    def test_at_packing_what_was_never_received_is_told_for_what_it_is(self, warehouse: Site) -> None:
        desk = Desk(warehouse, SO)
        scan(desk, "S-1", "CAM")
        for code, kind in STOPS:
            assert said(scan(desk, code)) == ("STOP", kind.value), code
        for code, kind, words in CHECKS:
            assert said(scan(desk, code)) == ("STOP", kind.value), "refused anyway, so nothing is asked"
            assert words in text(desk.view)
        assert said(scan(desk, "NO-SUCH")) == ("STOP", "unknown-serial")


class TestWrongUnits:
    """A serial of another product, or of another warehouse, is told for that."""

    def test_receiving_asks_about_another_products_serial_that_stands_here(self, receiving: Desk) -> None:
        assert said(scan(receiving, "LAP-0001")) == ("CHECK", "serial-of-another")
        assert "LAP-0001 is a serial of LAP: wrong unit, or wrong product scanned." in text(receiving.view)

    def test_one_that_stands_elsewhere_or_has_left_is_a_good_code(self, warehouse: Site, receiving: Desk) -> None:
        assert said(scan(receiving, "LAP-W")) == ("OK", "")

    def test_packing_names_another_products_serial_and_where_it_is(self, warehouse: Site) -> None:
        desk = Desk(warehouse, SO)
        scan(desk, "S-1", "CAM")
        assert said(scan(desk, "LAP-0001")) == ("STOP", "serial-of-another")
        assert "is a serial of LAP: wrong unit, or wrong product scanned. Scan the primary serial of CAM" in text(
            desk.view
        )
        assert said(scan(desk, "lap-w")) == ("STOP", "serial-of-another")
        assert "That unit is Received in warehouse W-WEST." in text(desk.view)

    def test_a_pattern_that_does_not_match_names_it_too(self, warehouse: Site) -> None:
        product(warehouse, "PAT", 1, pattern=r"PAT\d+", hint="PAT and digits")
        purchase(warehouse, "N-2", {"PAT": 5})
        desk = Desk(warehouse, PO)
        scan(desk, "N-2", "PAT")
        assert said(scan(desk, "LAP-0001")) == ("STOP", "serial-of-another")
        assert said(scan(desk, "LAP-W")) == ("STOP", "serial-of-another")
        assert "W-WEST" in text(desk.view)
        assert said(scan(desk, "N-9")) == ("STOP", "order-not-serial")
        assert said(scan(desk, "XY")) == ("STOP", "pattern")

    def test_another_clients_serial_is_nobodys(self, warehouse: Site, receiving: Desk) -> None:
        product(warehouse, "LAP", 1, client="BOREAL")
        opening(warehouse, "BOREAL", "W-EAST", "LAP", "B-0001")
        assert said(scan(receiving, "B-0001")) == ("OK", "")

    def test_receiving_names_the_other_warehouse_of_a_known_serial(self, warehouse: Site) -> None:
        opening(warehouse, "NORDWIND", "W-WEST", "CAM", "CAM-W")
        desk = Desk(warehouse, PO)
        assert said(scan(desk, "N-1", "CAM-W")) == ("STOP", "serial-without-prompt")
        assert "W-WEST" in text(desk.view)
        assert said(scan(desk, "CAM", "CAM-W")) == ("STOP", "already-received")
        assert "CAM-W is already Received in warehouse W-WEST," in text(desk.view)

    def test_receiving_names_the_other_warehouse_of_what_is_in_hand_or_packed_there(self, warehouse: Site) -> None:
        opening(warehouse, "NORDWIND", "W-WEST", "CAM", "CAM-P")
        west = shipment(warehouse, "S-W", {"CAM": 1}, warehouse="W-WEST")
        packed(warehouse, west, "CAM", "CAM-P")
        order = purchase(warehouse, "N-W", {"CAM": 1}, warehouse="W-WEST")
        open_work(warehouse, order, "CAM", serials=["CAM-H"], station="dock-7")
        desk = Desk(warehouse, PO)
        assert said(scan(desk, "N-1", "CAM", "CAM-P")) == ("STOP", "already-packed")
        assert "on S-W in warehouse W-WEST" in text(desk.view)
        assert said(scan(desk, "CAM-H")) == ("STOP", "held-elsewhere")
        assert "at dock-7 in warehouse W-WEST" in text(desk.view)


class TestFiles:
    @pytest.mark.parametrize(("code", "kind"), STOPS)
    def test_an_import_refuses_it_by_its_cell_with_the_same_name_and_words(
        self, warehouse: Site, write: Write, receiving: Desk, code: str, kind: Kind
    ) -> None:
        bought(warehouse)
        (problem,) = check(warehouse, PO, write("GOOD-1", code)).problems
        assert (problem.name, problem.rows) == (kind.value, (3,))
        assert problem.where.endswith("!E3")
        scan(receiving, code)
        assert problem.sentence.partition(". ")[0] == text(receiving.view).partition(". ")[0], "the same words"

    def test_an_import_notes_what_it_takes_all_the_same(self, warehouse: Site, write: Write) -> None:
        bought(warehouse)
        codes = [code for code, _, _ in CHECKS]
        file = write("GOOD-1", *codes)
        plan = check(warehouse, PO, file)
        assert plan.problems == ()
        notes = [note for note in plan.notes if "taken all the same" in note]
        for code, kind, words in CHECKS:
            assert any(words in note for note in notes), (code, kind)
        # What is to be said of several is said once.
        assert any(
            "E5:E6: Dock-2 is the name of a station, and 1 more like it; all are taken all the same." in note
            for note in notes
        )
        done = import_serials(warehouse, PO, file)
        assert isinstance(done, Done)
        assert set(notes) <= set(done.notes)

    def test_a_whole_label_or_a_scanners_mark_in_a_cell_says_what_to_write(self, warehouse: Site, write: Write) -> None:
        bought(warehouse)
        codes = ["(01)09506000134352(21)ABC", "010950600013435221XYZ", "]C0SN-123"]
        problems = check(warehouse, PO, write(*codes)).problems
        assert [problem.name for problem in problems] == ["label-not-serial", "label-not-serial", "scanner-mark"]
        assert [problem.sentence.rpartition(". ")[2] for problem in problems] == [
            "Write ABC.",
            "Write XYZ.",
            "Write SN-123.",
        ]

    @pytest.mark.parametrize(
        ("cell", "told"),
        [
            (r"]L1\000026SN-1", "Write SN-1."),
            (r"]Q4\00002601095060001343522117", "Write 17."),
            ("]C121SN-1", "Write SN-1."),
            ("(21)SN-1(01)09506000134352", "Write SN-1."),
            ("01 09506000134352 21 SN-1", "Write SN-1."),
            ("]C100340123450000000017", "is the number of a pallet or carton (SSCC)"),
            ("]C100340123450000000018", "is the number of a pallet or carton (SSCC)"),
            ("]d20034012345000000001810LOT", "is the number of a pallet or carton (SSCC)"),
            ("0109506000134352|21SN-1", "the scanner spells the separator as “|”"),
            ("010950600013435221SN-1~10LOT", "the scanner spells the separator as “~”"),
            ("21SN-1$$17270131", "the scanner spells the separator as “$$”"),
            ("[)>|06|1PIMP|SSN-1", "the scanner spells the separator as “|”"),
            ("]C18004SN-1", "is a label of GS1 without a product or a serial"),
            ("]C1250SN-1", "is a label of GS1 without a serial"),
            ("010950600013435221SN-1{GS}10LOT", "the scanner spells the separator as “{GS}”"),
            ("SN-1<GS>10LOT", "the scanner spells the separator as “<GS>”"),
            ("SN-1^]17270131", "the scanner spells the separator as “^]”"),
            ("[)><RS>06<GS>1PIMP<GS>SSN-1<RS><EOT>", "the scanner spells the separator as “<RS>”"),
            ("[)>RS06GS1PIMPGSSSN-1", "the scanner spells the separator as “RS”"),
            ("[)>06SSN-1", "has lost the separators"),
            ("[)>SN-1", "in place of a separator"),
        ],
    )
    def test_what_a_desk_reads_as_a_label_is_no_serial_in_a_cell(
        self, warehouse: Site, write: Write, cell: str, told: str
    ) -> None:
        bought(warehouse)
        (problem,) = check(warehouse, PO, write("GOOD-1", cell, "GOOD-2")).problems
        assert problem.rows == (3,)
        assert told in problem.sentence or (told == "package" and problem.name == Kind.SSCC.value)

    def test_an_import_takes_what_the_pattern_says_is_a_serial(self, warehouse: Site, write: Write) -> None:
        bought(warehouse, "IP")
        codes = [code for code, _ in STOPS if len(code) <= 64 and code not in ("BOX-1", "4006381333931")]
        plan = check(warehouse, PO, write(*codes, *(code for code, _, _ in CHECKS), sku="IP"))
        assert (plan.problems, plan.notes) == ((), ())

    def test_a_shipment_import_names_another_products_serial_and_its_warehouse(
        self, warehouse: Site, write: Write
    ) -> None:
        packed(warehouse, shipment(warehouse, "S-5", {"IMP": 5}), "IMP", quantity=5)
        codes = ("LAP-0001", "LAP-W", "N-9", "N/A", "BOX-1", "NO-SUCH")
        problems = check(warehouse, SO, write(*codes, kind=SO, number="S-5")).problems
        assert [problem.name for problem in problems if problem.name != "too-many"] == [
            *("serial-of-another", "serial-of-another", "order-not-serial"),
            *("placeholder-not-serial", "product-not-serial", "unknown-serial"),
        ]
        assert (
            "LAP-0001 is a serial of LAP: wrong unit, or wrong product scanned. Correct the row."
            in problems[0].sentence
        )
        assert "That unit is Received in warehouse W-WEST." in "".join(problem.sentence for problem in problems)

    def test_codes_that_are_units_already_stay_importable(self, warehouse: Site, write: Write) -> None:
        codes = ["N/A", "0000", "https://example.org/1", "SN:1;PN:2", "LAP-0001", "S-9"]
        opening(warehouse, "NORDWIND", "W-EAST", "IMP", *codes)
        packed(warehouse, shipment(warehouse, "S-5", {"IMP": len(codes)}), "IMP", quantity=len(codes))
        answer = import_serials(warehouse, SO, write(*codes, kind=SO, number="S-5"))
        assert isinstance(answer, Done), answer
        assert answer.notes == ()

    def test_a_name_that_comes_up_meanwhile_makes_no_import_look_again_for_ever(
        self, warehouse: Site, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bought(warehouse)
        plan = check(warehouse, PO, write("dock-77"))
        open_work(warehouse, purchase(warehouse, "N-77", {"BOX-1": 1}, client="NORDWIND"), station="dock-77")
        assert plan.notes == ()
        assert isinstance(import_serials(warehouse, PO, write("dock-77")), Done)

    def test_opening_stock_is_held_against_the_same(self, warehouse: Site, tmp_path: Path) -> None:
        path = tmp_path / "stock.csv"

        def rows(*codes: str) -> Path:
            quoted = [f'"{code.replace(chr(34), chr(34) * 2)}"' for code in codes]
            header = "Warehouse,Client,SKU,Primary Serial Number"
            path.write_text("\n".join([header, *(f"W-EAST,NORDWIND,CAM,{code}" for code in quoted)]))
            return path

        for code, kind in STOPS:
            answer = load(warehouse, [rows("GOOD-1", code)])
            assert [reason.name for reason in answer.reasons] == [kind.value], code
            assert "!D3: " in answer.reasons[0].text
        codes = [code for code, _, _ in CHECKS]
        seen = preview(warehouse, rows(*codes))
        assert seen.troubles == ()
        loaded = load(warehouse, [rows(*codes)])
        assert not loaded.refused
        for _, _, words in CHECKS:
            assert any(words in note for note in seen.notes), words
            assert any(words in note for note in loaded.notes), words
        again = load(warehouse, [rows(*codes)])
        assert (again.refused, [note for note in again.notes if "taken all the same" in note]) == (False, [])

    def test_the_words_of_the_site_are_its_own(self, warehouse: Site, write: Write) -> None:
        site = replace(warehouse, rules=replace(warehouse.rules, not_serials=("OHNE", "S. LIEFERSCHEIN")))
        bought(site)
        problems = check(site, PO, write("N/A", "ohne", "s Lieferschein")).problems
        assert [(problem.name, problem.rows) for problem in problems] == [("placeholder-not-serial", (3, 4))] or [
            problem.rows for problem in problems
        ] == [(3,), (4,)]
        desk = Desk(site, PO)
        assert said(scan(desk, "N-1", "CAM", "Ohne")) == ("STOP", "placeholder-not-serial")
        assert said(scan(desk, "N/A")) == ("OK", "")


@pytest.mark.both_stores
def test_refusals_of_a_scan_are_logged_under_their_name(warehouse: Site, receiving: Desk) -> None:
    scan(receiving, "N/A")
    with warehouse.store.read() as tx:
        rows = tx.exec_driver_sql("SELECT reason, sentence FROM refusal").all()
    assert [row.reason for row in rows] == ["placeholder-not-serial"]
    assert rows[0].sentence.startswith("N/A stands for a missing serial.")


@pytest.mark.both_stores
def test_a_refused_import_is_refused_whole(warehouse: Site, write: Write) -> None:
    bought(warehouse)
    answer = import_serials(warehouse, PO, write("GOOD-1", "N/A"))
    assert isinstance(answer, Refused)
    assert isinstance(import_serials(warehouse, PO, write("GOOD-1")), Done)
