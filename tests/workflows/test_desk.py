"""Receiving and packing through the desk, as a person with a scanner meets them."""

from collections.abc import Callable

import pytest

from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan, Source
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind
from scanstation.workflows.orders import order_book
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.scanning.views import DeskView, ScreenTarget
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.at_the_desk import line, receive, said, scan, text

pytestmark = pytest.mark.both_stores

Scans = Callable[..., DeskView]


@pytest.fixture
def receiving(site: Site) -> Desk:
    return Desk(site, OrderKind.PURCHASE)


@pytest.fixture
def packing(site: Site) -> Desk:
    return Desk(site, OrderKind.SHIPMENT)


class TestReceiving:
    def test_a_tracked_product_asks_for_its_serial_and_nothing_completes_without_it(
        self, site: Site, receiving: Desk
    ) -> None:
        product(site, "CAM", 1)
        order = purchase(site, "N-1", {"CAM": 1})
        view = scan(receiving, "N-1", "CAM")
        assert view.prompt is not None
        assert (view.prompt.title, view.prompt.sku, view.prompt.unit, view.prompt.ordered) == (
            "Primary serial",
            "CAM",
            1,
            1,
        )
        assert said(receiving.complete()) == ("STOP", "serial-owed")
        assert said(scan(receiving, "SN-1")) == ("OK", "")
        assert receiving.view.prompt is None
        assert line(site, order, "CAM") == (0, 1, 0, 0), "nothing counts before Complete"
        assert said(receiving.complete()) == ("OK", "")
        assert line(site, order, "CAM") == (1, 0, 1, 1)

    def test_two_serials_are_asked_one_after_the_other(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 3)
        purchase(site, "N-1", {"CAM": 2})
        assert scan(receiving, "N-1", "CAM").prompt.kind is CodeKind.PRIMARY  # type: ignore[union-attr]
        assert scan(receiving, "SN-1").prompt.kind is CodeKind.SECONDARY  # type: ignore[union-attr]
        assert said(scan(receiving, "sn-1")) == ("STOP", "same-as-primary")
        assert scan(receiving, "LENS-1").prompt is None

    @pytest.mark.parametrize("scenario", [0, 2, 4, 5, 6, 7, 8])
    def test_other_scenarios_are_not_asked_anything_at_receiving(
        self, site: Site, receiving: Desk, scenario: int
    ) -> None:
        product(site, "BOX", scenario)
        purchase(site, "N-1", {"BOX": 2})
        assert scan(receiving, "N-1", "BOX", "BOX").prompt is None
        assert said(receiving.complete()) == ("OK", "")

    def test_a_code_is_used_once_in_every_form(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 3)
        purchase(site, "N-1", {"CAM": 3})
        scan(receiving, "N-1", "CAM", "A-1", "B-1", "CAM")
        assert said(scan(receiving, "a-1")) == ("STOP", "already-captured")
        assert "line 1" in text(receiving.view)
        assert "unit 1" in text(receiving.view)
        assert said(scan(receiving, "B-1")) == ("STOP", "already-captured"), "as the other kind"
        other = Desk(site.at_station("dock-3"), OrderKind.PURCHASE)
        scan(other, "N-1", "CAM")
        assert said(scan(other, "A-1")) == ("STOP", "held-elsewhere")
        assert "dock-2" in text(other.view)
        assert receiving.view.prompt is not None, "a refusal leaves the prompt"

    def test_a_received_code_is_refused_with_its_order_and_station(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 1)
        purchase(site, "N-1", {"CAM": 1})
        purchase(site, "N-2", {"CAM": 1})
        receive(site, "N-1", "CAM", "SN-1")
        assert said(scan(receiving, "N-2", "CAM", "SN-1")) == ("STOP", "already-received")
        for word in ("N-1", "dock-9", "Ana"):
            assert word in text(receiving.view)

    def test_of_several_products_with_a_serial_the_one_in_hand_is_meant(self, site: Site, receiving: Desk) -> None:
        for sku in ("CAM", "LAP", "BAT"):
            product(site, sku, 1)
            opening(site, "NORDWIND", "W-EAST", sku, f"{sku}-1", "SN-1" if sku == "CAM" else f"{sku}-2")
        purchase(site, "N-1", {"LAP": 1, "BAT": 1})
        scan(receiving, "N-1", "LAP", "SN-1", "SS-YES")
        assert said(scan(receiving, "SN-1")) == ("STOP", "already-captured")
        assert said(scan(receiving, "BAT", "CAM-1", "SS-YES")) == ("OK", "")
        assert said(scan(receiving, "CAM-1")) == ("STOP", "already-captured"), "and not the one of CAM"

    def test_another_sku_may_use_the_same_code(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 1)
        product(site, "BAT", 1)
        purchase(site, "N-1", {"CAM": 1, "BAT": 1})
        assert said(scan(receiving, "N-1", "CAM", "SN-1", "BAT", "SN-1")) == ("CHECK", "serial-of-another")
        assert "SN-1 is a serial of CAM: wrong unit, or wrong product scanned." in text(receiving.view)
        assert said(scan(receiving, "SN-1")) == ("CHECK", "serial-of-another"), "the same scan asks again"
        assert said(receiving.yes()) == ("OK", "")

    def test_wrong_barcodes_in_the_prompt_are_named_and_the_prompt_stays(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 1, barcodes=[Barcode("4006381333931")])
        product(site, "BAT")
        purchase(site, "N-1", {"CAM": 1, "BAT": 1})
        shipment(site, "S-7", {"BAT": 1})
        scan(receiving, "N-1", "4006381333931")
        for code, reason in (
            ("4006381333931", "product-not-serial"),
            ("cam", "product-not-serial"),
            ("BAT", "product-not-serial"),
            ("SS-COMPLETE", "serial-owed"),
            ("SS-QTY-3", "serial-owed"),
            ("SS-PACK", "serial-owed"),
            ("X" * 65, "too-long"),
            ("A\x1b[31mB", "bad-code"),
            ("SN\u200b1", "bad-code"),
            ("\u0405N-1", "bad-code"),
        ):
            assert said(scan(receiving, code)) == ("STOP", reason), code
            assert receiving.view.prompt is not None
        for code in ("S-7", "n-1"):
            assert said(scan(receiving, code)) == ("CHECK", "order-not-serial"), code
            assert said(receiving.no()) == ("CHECK", "answered-no")
            assert receiving.view.prompt is not None
        assert said(scan(receiving, "S-7", "SS-YES")) == ("OK", ""), "a serial may look like an order's number"

    def test_home_leaves_the_serial_owed_and_only_the_owing_order_goes_on(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 1)
        purchase(site, "N-1", {"CAM": 1})
        purchase(site, "N-2", {"CAM": 1})
        shipment(site, "S-1", {"CAM": 1})
        scan(receiving, "N-1", "CAM")
        view = scan(receiving, "SS-HOME")
        assert (said(view), view.go) == (("OK", ""), ScreenTarget.HOME)
        assert "N-1 still owes a serial" in text(view)
        for desk, other in ((receiving, "N-2"), (receiving, "S-1"), (Desk(site, OrderKind.SHIPMENT), "S-1")):
            assert said(scan(desk, other)) == ("STOP", "serial-owed"), other
            assert "N-1 owes a serial" in text(desk.view)
            assert desk.view.order is None
        assert said(scan(receiving, "N-1")) == ("OK", "")
        assert receiving.view.prompt is not None
        assert said(scan(receiving, "SS-CANCEL", "N-2")) == ("OK", "")

    def test_a_pattern_decides_what_a_serial_looks_like(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 1, pattern=r"CAM\d{4}", hint="CAM and 4 digits")
        purchase(site, "N-1", {"CAM": 2})
        purchase(site, "CAM0001", {"CAM": 1})
        scan(receiving, "N-1", "CAM")
        assert said(scan(receiving, "XCAM0001")) == ("STOP", "pattern")
        assert "CAM and 4 digits" in text(receiving.view)
        assert said(scan(receiving, "CAM0001")) == ("OK", ""), "an order's number that matches the pattern is a serial"
        assert said(scan(receiving, "CAM", "cam\uff10\uff10\uff10\uff12")) == ("OK", ""), "full-width digits fold"

    def test_what_only_folds_to_a_code_is_refused_by_name(self, site: Site, receiving: Desk) -> None:
        product(site, "LAPO", 1)
        product(site, "MM²", 0)
        purchase(site, "N-1", {"LAPO": 1, "MM²": 1})
        assert said(scan(receiving, "N-¹")) == ("STOP", "bad-code")
        assert said(scan(receiving, "N-1", "LAPº")) == ("STOP", "bad-code")
        assert text(receiving.view).startswith("LAPº contains “º” (masculine ordinal indicator)")
        assert said(scan(receiving, "LAPO", "SN-1º")) == ("STOP", "bad-code")
        assert receiving.view.prompt is not None
        assert said(scan(receiving, "SN-1", "MM²")) == ("OK", ""), "named so since before, it is found as written"

    def test_more_than_ordered_is_refused_whole(self, site: Site, receiving: Desk) -> None:
        product(site, "BAT", barcodes=[Barcode("12345678", 12)])
        order = purchase(site, "N-1", {"BAT": 13})
        scan(receiving, "N-1", "12345678")
        assert said(scan(receiving, "12345678")) == ("STOP", "over-order")
        assert line(site, order, "BAT")[1] == 12
        assert said(scan(receiving, "SS-QTY-2", "BAT")) == ("STOP", "over-order")
        assert said(scan(receiving, "SS-QTY-1", "BAT")) == ("OK", "")
        assert said(scan(receiving, "BAT")) == ("STOP", "over-order")

    def test_a_site_may_let_people_confirm_more_than_ordered(self, store, site: Site) -> None:  # type: ignore[no-untyped-def]
        lenient = Site(store, "Ana", "dock-2", SiteRules(over_receipt="confirm"))
        product(site, "BAT")
        order = purchase(site, "N-1", {"BAT": 1})
        desk = Desk(lenient, OrderKind.PURCHASE)
        assert said(scan(desk, "N-1", "BAT", "BAT")) == ("CHECK", "over-order")
        assert said(scan(desk, "BAT")) == ("CHECK", "over-order"), "the same scan repeats the question"
        assert desk.view.question is not None
        assert said(scan(desk, "N-1")) == ("STOP", "question-open")
        assert said(scan(desk, "SS-NO")) == ("CHECK", "answered-no")
        scan(desk, "BAT", "SS-YES", "SS-COMPLETE")
        assert line(site, order, "BAT")[0] == 2

    def test_a_product_that_is_not_ordered_names_the_orders_that_want_it(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 1)
        product(site, "BAT")
        purchase(site, "N-1", {"BAT": 1})
        purchase(site, "N-2", {"CAM": 1})
        purchase(site, "N-3", {"CAM": 1})
        assert said(scan(receiving, "N-1", "CAM")) == ("STOP", "not-on-order")
        assert "N-2, N-3" in text(receiving.view)

    def test_a_product_of_the_one_other_order_is_received_there_with_a_yes(
        self, site: Site, receiving: Desk, packing: Desk
    ) -> None:
        """Two receipts stay two (RULES 2.12)."""
        product(site, "CAM", 1)
        product(site, "BAT")
        product(site, "BOX")
        first = purchase(site, "N-1", {"BAT": 2})
        other = purchase(site, "N-2", {"CAM": 2, "BOX": 3})
        purchase(site, "N-3", {"CAM": 2}, warehouse="W-WEST")

        def on_desk() -> str:
            return receiving.view.order.number if receiving.view.order else ""

        assert said(scan(receiving, "N-1", "BAT", "BOX")) == ("CHECK", "on-another-order")
        assert text(receiving.view) == "BOX is not on N-1, but on N-2. Take it there?"
        assert said(scan(receiving, "SS-NO")) == ("CHECK", "answered-no")
        assert line(site, other, "BOX")[1] == 0
        assert said(scan(receiving, "BOX", "SS-YES")) == ("OK", "")
        assert text(receiving.view) == "BOX taken, 1 of 3. (on N-2)"
        assert (on_desk(), line(site, other, "BOX")[1], line(site, first, "BAT")[1]) == ("N-1", 1, 1)
        assert said(receiving.undo()) == ("OK", "")
        assert (on_desk(), line(site, other, "BOX")[1], line(site, first, "BAT")[1]) == ("N-1", 0, 1), "not the BAT"

        assert said(scan(receiving, "CAM", "SS-YES")) == ("OK", "")
        assert (on_desk(), receiving.view.prompt is not None) == ("N-2", True)
        assert said(scan(receiving, "SS-COMPLETE")) == ("STOP", "serial-owed")
        assert said(scan(receiving, "SN-1")) == ("OK", "")
        assert on_desk() == "N-1"
        assert said(receiving.undo()) == ("OK", ""), "its serial is asked again"
        assert (on_desk(), receiving.view.prompt is not None) == ("N-2", True)
        assert said(scan(receiving, "SN-2")) == ("OK", "")
        assert said(scan(receiving, "CAM", "SS-YES", "SS-CANCEL")) == ("OK", "")
        assert on_desk() == "N-1"
        scan(receiving, "BAT", "SS-COMPLETE")
        assert text(receiving.view).endswith("(also open here: N-2)")
        assert order_book.detail(site, first).order.status.value == "Completed"
        assert line(site, other, "CAM")[1] == 1
        assert said(scan(receiving, "N-2", "SS-COMPLETE", "SS-YES")) == ("OK", "")
        assert line(site, other, "CAM")[:2] == (1, 0)
        shipment(site, "S-1", {"BOX": 1})
        shipment(site, "S-2", {"BAT": 1})
        assert said(scan(packing, "S-1", "BAT")) == ("STOP", "not-on-order"), "at packing never"

    def test_a_known_serial_without_a_prompt_is_refused_with_what_it_is(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 1)
        purchase(site, "N-1", {"CAM": 1})
        purchase(site, "N-2", {"CAM": 1})
        receive(site, "N-1", "CAM", "SN-1")
        assert said(scan(receiving, "N-2", "SN-1")) == ("STOP", "serial-without-prompt")
        assert said(scan(receiving, "SN-2")) == ("STOP", "unknown-code")

    def test_undo_takes_back_scan_by_scan_and_shows_each_prompt_again(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 3)
        order = purchase(site, "N-1", {"CAM": 2})
        scan(receiving, "N-1", "CAM", "A-1", "B-1")
        assert receiving.undo().prompt.kind is CodeKind.SECONDARY  # type: ignore[union-attr]
        assert receiving.undo().prompt.kind is CodeKind.PRIMARY  # type: ignore[union-attr]
        assert receiving.undo().prompt is None
        assert said(receiving.undo()) == ("CHECK", "nothing-to-undo")
        assert line(site, order, "CAM")[1] == 0
        assert said(scan(receiving, "CAM", "A-1", "B-1")) == ("OK", ""), "the codes are free again"

    def test_cancel_drops_the_owed_unit_with_its_codes_and_nothing_else(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 3)
        order = purchase(site, "N-1", {"CAM": 5})
        scan(receiving, "N-1", "SS-QTY-3", "CAM", "A-1", "B-1", "A-2")
        assert receiving.view.prompt.unit == 2  # type: ignore[union-attr]
        assert said(receiving.cancel()) == ("OK", "")
        assert "2 units without serials are dropped. 1 unit of that scan stays." in text(receiving.view)
        assert receiving.view.prompt is None
        assert line(site, order, "CAM")[1] == 1, "the finished unit of the run stays"
        assert said(scan(receiving, "CAM", "A-2", "B-2")) == ("OK", ""), "the dropped unit's code is free"
        assert said(receiving.cancel()) == ("CHECK", "nothing-to-cancel")
        for _ in range(5):
            receiving.undo()
        assert said(receiving.undo())[0] == "OK"
        assert said(receiving.undo()) == ("CHECK", "nothing-to-undo")
        assert line(site, order, "CAM")[1] == 0

    def test_an_owed_serial_survives_the_station(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 3)
        purchase(site, "N-1", {"CAM": 1})
        scan(receiving, "N-1", "CAM", "A-1")
        again = Desk(site, OrderKind.PURCHASE)
        assert scan(again, "N-1").prompt.kind is CodeKind.SECONDARY  # type: ignore[union-attr]
        assert again.view.prompt.known == "A-1"  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("scans", "says"),
        [
            (("CAM",), "N-1 goes on, 0 units of this receipt so far. The primary serial of CAM is owed."),
            (("CAM", "SN-1"), "N-1 goes on, 1 unit of this receipt so far. Scan the next product."),
            (("CAM", "SN-1", "CAM"), "N-1 goes on, 1 unit of this receipt so far. The primary serial of CAM is owed."),
            (
                ("BOX", "BOX", "SS-QTY-3", "CAM", "SN-1"),
                "N-1 goes on, 3 units of this receipt so far. "
                "The primary serial of CAM is owed, for the first of 2 units that wait for theirs.",
            ),
        ],
    )
    def test_what_goes_on_counts_only_units_that_have_their_codes(
        self, site: Site, receiving: Desk, scans: tuple[str, ...], says: str
    ) -> None:
        product(site, "CAM", 1)
        product(site, "BOX", 0)
        purchase(site, "N-1", {"CAM": 4, "BOX": 4})
        scan(receiving, "N-1", *scans)
        assert text(scan(Desk(site, OrderKind.PURCHASE), "N-1")) == says

    def test_part_of_an_order_is_completed_after_a_question(self, site: Site, receiving: Desk) -> None:
        product(site, "BAT")
        order = purchase(site, "N-1", {"BAT": 3})
        view = scan(receiving, "N-1", "BAT", "SS-COMPLETE")
        assert said(view) == ("CHECK", "in-part")
        assert view.question is not None
        assert said(scan(receiving, "BAT")) == ("STOP", "question-open")
        scan(receiving, "SS-YES")
        assert order_book.detail(site, order).order.status.value == "Partially Received"
        assert line(site, order, "BAT") == (1, 0, 0, 0)

    def test_the_next_order_completes_a_full_one_and_asks_before_leaving_another(
        self, site: Site, receiving: Desk
    ) -> None:
        product(site, "BAT")
        first = purchase(site, "N-1", {"BAT": 1})
        second = purchase(site, "N-2", {"BAT": 2})
        purchase(site, "N-3", {"BAT": 2})
        scan(receiving, "N-1", "BAT", "N-2")
        assert receiving.view.order.number == "N-2"  # type: ignore[union-attr]
        assert order_book.detail(site, first).order.status.value == "Completed"
        assert said(scan(receiving, "BAT", "N-3")) == ("CHECK", "order-lacks")
        assert receiving.view.order.number == "N-2"  # type: ignore[union-attr]
        scan(receiving, "N-3")
        assert receiving.view.order.number == "N-3"  # type: ignore[union-attr]
        assert line(site, second, "BAT") == (0, 1, 0, 0)
        assert said(scan(receiving, "N-1")) == ("STOP", "order-finished")

    @pytest.mark.parametrize(
        ("codes", "number", "answer"),
        [
            (["N-3"], "N-3", ("OK", "")),
            (["SS-YES"], "N-3", ("OK", "")),
            (["SS-NO"], "N-2", ("CHECK", "answered-no")),
            (["BAT"], "N-2", ("OK", "")),
            (["SS-UNDO"], "N-2", ("OK", "")),
            (["X-1"], "N-2", ("STOP", "unknown-code")),
            (["X-1", "N-3"], "N-2", ("CHECK", "order-lacks")),
            (["N-4"], "N-2", ("CHECK", "order-lacks")),
            (["N-4", "N-3"], "N-2", ("CHECK", "order-lacks")),
            (["N-4", "N-4"], "N-4", ("OK", "")),
        ],
    )
    def test_an_order_that_lacks_something_is_left_by_the_same_scan_or_a_yes_and_by_nothing_else(
        self, site: Site, receiving: Desk, codes: list[str], number: str, answer: tuple[str, str]
    ) -> None:
        product(site, "BAT")
        for each in ("N-2", "N-3", "N-4"):
            purchase(site, each, {"BAT": 3})
        view = scan(receiving, "N-2", "BAT", "N-3")
        assert said(view) == ("CHECK", "order-lacks")
        assert view.question is not None
        assert text(view).endswith("?")
        assert said(scan(receiving, *codes)) == answer
        assert receiving.view.order is not None
        assert receiving.view.order.number == number
        assert (receiving.view.question is not None) == (answer[1] == "order-lacks")

    def test_the_same_scan_and_the_same_key_repeat_a_question_and_all_else_is_refused(
        self, site: Site, receiving: Desk
    ) -> None:
        product(site, "BAT")
        purchase(site, "N-1", {"BAT": 3})
        scan(receiving, "N-1", "BAT")
        assert said(receiving.complete()) == ("CHECK", "in-part")
        assert said(receiving.complete()) == ("CHECK", "in-part")
        assert said(scan(receiving, "SS-COMPLETE")) == ("CHECK", "in-part")
        for other in ("BAT", "N-1", "X-1", "SS-UNDO", "SS-CANCEL", "SS-HOME", "SS-QTY-2"):
            assert said(scan(receiving, other)) == ("STOP", "question-open"), other
            assert text(receiving.view) == f"Answer the question first. {other} was not kept."
            assert receiving.view.question is not None
            assert "Complete it with 1 unit?" in receiving.view.question.text
        assert said(receiving.undo()) == ("STOP", "question-open")
        assert text(receiving.view) == "Answer the question first.", "a key has no code that was not kept"
        assert said(receiving.cancel()) == ("CHECK", "answered-no")
        assert receiving.view.question is None

    def test_a_check_that_asks_nothing_blocks_nothing(self, site: Site, receiving: Desk) -> None:
        product(site, "BAT")
        purchase(site, "N-1", {"BAT": 3})
        assert said(scan(receiving, "N-1", "N-1")) == ("CHECK", "already-open")
        assert said(scan(receiving, "SS-COMPLETE")) == ("CHECK", "nothing-scanned")
        assert said(scan(receiving, "BAT")) == ("OK", "")

    def test_a_quantity_stays_armed_while_its_product_is_asked_about(self, store, site: Site) -> None:  # type: ignore[no-untyped-def]
        desk = Desk(Site(store, "Ana", "dock-2", SiteRules(over_receipt="confirm")), OrderKind.PURCHASE)
        product(site, "BAT")
        order = purchase(site, "N-1", {"BAT": 1})
        assert said(scan(desk, "N-1", "SS-QTY-3", "BAT")) == ("CHECK", "over-order")
        assert said(scan(desk, "SS-NO", "BAT")) == ("CHECK", "over-order")
        assert "Receive 2 more than that?" in text(desk.view)
        assert said(scan(desk, "SS-YES")) == ("OK", "")
        assert (line(site, order, "BAT")[1], desk.view.quantity) == (3, 1)

    def test_a_yes_counts_for_what_was_asked_and_not_for_more(self, store, site: Site) -> None:  # type: ignore[no-untyped-def]
        rules = SiteRules(over_receipt="confirm")
        desk, other = (Desk(Site(store, "Ana", name, rules), OrderKind.PURCHASE) for name in ("dock-2", "dock-3"))
        product(site, "BAT")
        purchase(site, "N-1", {"BAT": 2})
        assert said(scan(desk, "N-1", "SS-QTY-3", "BAT")) == ("CHECK", "over-order")
        scan(other, "N-1", "BAT")
        assert said(scan(desk, "SS-YES")) == ("CHECK", "over-order")
        assert "Receive 2 more than that?" in text(desk.view)
        assert said(scan(desk, "SS-YES")) == ("OK", "")

    def test_a_yes_whose_answer_was_lost_counts_once(self, store, site: Site) -> None:  # type: ignore[no-untyped-def]
        desk = Desk(Site(store, "Ana", "dock-2", SiteRules(over_receipt="confirm")), OrderKind.PURCHASE)
        product(site, "BAT")
        order = purchase(site, "N-1", {"BAT": 1})
        scan(desk, "N-1", "SS-QTY-2", "BAT")
        before = desk._conversation
        assert said(scan(desk, "SS-YES")) == ("OK", "")
        for again in ("SS-YES", "SS-NO"):
            desk._conversation = before  # the connection went before the station heard of its COMMIT
            assert said(scan(desk, again)) == ("OK", ""), again
        assert line(site, order, "BAT")[1] == 2

    def test_unknown_and_ambiguous_orders_are_refused(self, site: Site, receiving: Desk) -> None:
        product(site, "BAT")
        product(site, "BAT", client="OTHER")
        purchase(site, "N-1", {"BAT": 1})
        purchase(site, "N-1", {"BAT": 1}, client="OTHER")
        assert said(scan(receiving, "N-9")) == ("STOP", "unknown-order")
        assert said(scan(receiving, "N-1")) == ("STOP", "ambiguous-order")
        assert "OTHER" in text(receiving.view)

    def test_a_shipment_order_scanned_at_receiving_leads_to_packing(self, site: Site, receiving: Desk) -> None:
        product(site, "BAT")
        shipment(site, "S-1", {"BAT": 1})
        view = scan(receiving, "S-1")
        assert (view.go, view.go_order) == (ScreenTarget.PACK, "S-1")

    def test_command_barcodes_lead_to_other_screens(self, site: Site, receiving: Desk) -> None:
        assert scan(receiving, "SS-HOME").go is ScreenTarget.HOME
        view = scan(receiving, "SS-PACK")
        assert (view.go, text(view)) == (ScreenTarget.PACK, "Packing.")
        assert said(scan(receiving, "SS-YES")) == ("CHECK", "no-question")
        assert said(scan(receiving, "ss-home")) == ("STOP", "faulty-scan"), "only the exact codes are commands"

    def test_a_scan_with_a_fault_is_stopped(self, receiving: Desk) -> None:
        view = receiving.answer(Scan("1234", fault="came in pieces"))
        assert said(view) == ("STOP", "faulty-scan")

    def test_the_same_scan_tried_twice_is_one_scan(self, site: Site, receiving: Desk) -> None:
        product(site, "BAT")
        order = purchase(site, "N-1", {"BAT": 3})
        scan(receiving, "N-1")
        once = Scan("BAT")
        receiving.answer(once)
        receiving.answer(once)
        assert line(site, order, "BAT")[1] == 1


class TestPacking:
    @pytest.fixture(autouse=True)
    def goods(self, site: Site) -> None:
        for scenario in range(9):
            product(site, f"P{scenario}", scenario)
        purchase(site, "N-1", {"P1": 5, "P3": 5})
        receive(site, "N-1", "P1", "ONE-1", "P1", "ONE-2", "P3", "THREE-1", "LENS-1", "P3", "THREE-2", "LENS-2")

    def test_a_product_that_is_received_with_serials_takes_only_received_ones(self, site: Site, packing: Desk) -> None:
        shipment(site, "S-1", {"P1": 3})
        assert said(scan(packing, "S-1", "P1", "ONE-9")) == ("STOP", "unknown-serial")
        assert said(scan(packing, "ONE-1")) == ("OK", "")
        assert said(scan(packing, "P1", "ONE-1")) == ("STOP", "already-captured")

    @pytest.mark.parametrize("code", ["THREE-1", "lens-1"])
    def test_either_of_two_serials_packs_a_unit(self, site: Site, packing: Desk, code: str) -> None:
        order = shipment(site, "S-1", {"P3": 1})
        view = scan(packing, "S-1", "P3")
        assert view.prompt is not None
        assert view.prompt.either
        scan(packing, code)
        assert packing.view.prompt is None
        packing.complete()
        assert line(site, order, "P3") == (1, 0, 1, 1)
        assert order_book.detail(site, order).order.status.value == "Ready to Ship"

    def test_packed_serials_are_refused_with_where_they_went(self, site: Site, packing: Desk) -> None:
        shipment(site, "S-1", {"P1": 1})
        shipment(site, "S-2", {"P1": 1})
        scan(packing, "S-1", "P1", "ONE-1", "S-2", "P1", "ONE-1")
        assert said(packing.view) == ("STOP", "already-packed")
        assert "S-1" in text(packing.view)

    def test_a_code_of_an_open_receipt_is_refused_with_who_has_it(self, site: Site, packing: Desk) -> None:
        shipment(site, "S-1", {"P1": 1})
        dock = Desk(site.at_station("dock-3"), OrderKind.PURCHASE)
        scan(dock, "N-1", "P1", "ONE-3")
        assert said(scan(packing, "S-1", "P1", "ONE-3")) == ("STOP", "held-elsewhere")
        assert "Ana's open receipt N-1 at dock-3" in text(packing.view)
        assert "complete it there" in text(packing.view)

    def test_new_serials_are_admitted_where_only_packing_asks(self, site: Site, packing: Desk) -> None:
        order = shipment(site, "S-1", {"P2": 1, "P4": 1})
        scan(packing, "S-1", "P2", "NEW-1", "P4", "NEW-1", "SS-YES")
        assert packing.view.prompt.kind is CodeKind.SECONDARY  # type: ignore[union-attr]
        scan(packing, "NEW-2")
        assert said(packing.complete()) == ("OK", "")
        assert line(site, order, "P4") == (1, 0, 1, 1)

    def test_serials_of_another_warehouse_are_named_so(self, site: Site, packing: Desk) -> None:
        shipment(site, "S-1", {"P1": 1}, warehouse="W-WEST")
        assert said(scan(packing, "S-1", "P1", "ONE-1")) == ("STOP", "other-warehouse")
        assert "W-EAST" in text(packing.view)

    @pytest.mark.parametrize("scenario", [5, 6, 7, 8])
    def test_nothing_is_asked_where_scanning_is_skipped(self, site: Site, packing: Desk, scenario: int) -> None:
        order = shipment(site, "S-1", {f"P{scenario}": 1})
        assert scan(packing, "S-1", f"P{scenario}").prompt is None
        packing.complete()
        assert line(site, order, f"P{scenario}") == (1, 0, 1, 0)

    def test_a_known_serial_packs_its_unit_in_one_scan(self, site: Site, packing: Desk) -> None:
        shipment(site, "S-1", {"P1": 2, "P3": 1})
        assert said(scan(packing, "S-1", "ONE-2")) == ("OK", "")
        assert said(scan(packing, "ONE-2")) == ("STOP", "already-captured")
        assert said(scan(packing, "LENS-2")) == ("OK", "")
        assert said(scan(packing, "THREE-1")) == ("STOP", "over-order")
        assert said(scan(packing, "NO-SUCH")) == ("STOP", "unknown-code")
        packing.undo()
        assert said(scan(packing, "THREE-1")) == ("OK", ""), "an undone unit leaves its place"

    def test_a_serial_of_two_products_is_asked_about_only_where_one_of_the_units_can_be_packed(
        self, site: Site, packing: Desk
    ) -> None:
        """RULES 2.10: a Packed serial of one of the order's products is STOP with its status."""
        shipment(site, "S-1", {"P2": 2, "P4": 2})
        scan(packing, "S-1", "P2", "SAME-1", "P4", "SAME-1", "SS-YES", "LENS-9")
        packing.complete()
        packing.yes()
        assert said(scan(packing, "S-1", "SAME-1")) == ("STOP", "already-packed")
        assert "already Packed on S-1" in text(packing.view)
        opening(site, "NORDWIND", "W-EAST", "P2", "SAME-2")
        scan(packing, "P4", "SAME-2", "SS-YES", "LENS-8")
        assert said(scan(packing, "SAME-2")) == ("STOP", "ambiguous-serial")

    def test_a_serial_of_a_product_that_is_not_ordered_is_refused(self, site: Site, packing: Desk) -> None:
        shipment(site, "S-1", {"P3": 1})
        assert said(scan(packing, "S-1", "ONE-1")) == ("STOP", "not-on-order")

    def test_cancelled_units_are_free_again(self, site: Site, packing: Desk) -> None:
        shipment(site, "S-1", {"P4": 2})
        scan(packing, "S-1", "P4", "NEW-1")
        packing.cancel()
        assert said(scan(packing, "P4", "NEW-1", "NEW-2")) == ("OK", "")


class TestTwoStations:
    def test_a_line_counts_both_and_each_undoes_its_own(self, site: Site, receiving: Desk) -> None:
        product(site, "BAT")
        purchase(site, "N-1", {"BAT": 3})
        other = Desk(site.at_station("dock-3"), OrderKind.PURCHASE)
        scan(receiving, "N-1", "BAT")
        scan(other, "N-1", "BAT", "BAT")
        assert said(scan(receiving, "BAT")) == ("STOP", "over-order")
        assert "dock-3" in text(receiving.view)
        assert receiving.refresh().order.lines[0].others == (("dock-3", 2),)  # type: ignore[union-attr]
        receiving.undo()
        assert said(receiving.undo()) == ("CHECK", "nothing-to-undo")
        assert said(scan(other, "BAT")) == ("OK", "")

    def test_work_that_was_taken_over_stops_the_old_station(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", 3)
        order = purchase(site, "N-1", {"CAM": 2})
        scan(receiving, "N-1", "CAM", "A-1", "B-1", "CAM", "A-2")
        there = site.at_station("dock-3")
        work = order_book.detail(site, order).works[0]
        take_over(there, work.work.id)
        assert said(scan(receiving, "B-2")) == ("STOP", "taken-over")
        assert "dock-3" in text(receiving.view)
        other = Desk(there, OrderKind.PURCHASE)
        assert scan(other, "N-1").prompt.kind is CodeKind.SECONDARY  # type: ignore[union-attr]
        scan(other, "B-2")
        assert said(other.complete()) == ("OK", "")
        assert line(site, order, "CAM") == (2, 0, 2, 2)


def test_typed_entries_are_kept_as_typed(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 1})
    scan(receiving, "N-1", "CAM")
    receiving.answer(Scan("SN-1", Source.TYPED))
    receiving.complete()
    with site.store.read() as tx:
        kept = tx.exec_driver_sql("SELECT source FROM unit_event").scalar_one()
    assert kept == "typed"


class TestTwoCodesOfOneLabel:
    """SCANS §2: the second of exactly two codes in one burst is no secondary serial by itself."""

    def test_it_asks_and_yes_takes_it(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", scenario=3)
        purchase(site, "N-1", {"CAM": 2})
        scan(receiving, "N-1", "CAM", "AAAA1")
        second = Scan("BBBB2", second_of_two=True)
        view = receiving.answer(second)
        assert said(view) == ("CHECK", "same-label")
        assert text(view).startswith("BBBB2 came right behind")
        assert text(view).endswith("from the same label?")
        view = receiving.yes()
        assert (said(view)[0], view.prompt) == ("OK", None)

    def test_no_leaves_the_prompt_and_another_code_answers_it(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", scenario=3)
        purchase(site, "N-1", {"CAM": 2})
        scan(receiving, "N-1", "CAM", "AAAA1")
        receiving.answer(Scan("https-ish", second_of_two=True))
        view = receiving.no()
        assert view.prompt is not None
        assert view.prompt.kind is CodeKind.SECONDARY
        assert said(receiving.answer(Scan("BBBB2")))[0] == "OK"

    @pytest.mark.parametrize(("pattern", "word"), [("B{4}[0-9]", "OK"), ("C.*", "STOP"), ("", "CHECK")])
    def test_the_pattern_of_the_secondary_settles_it(
        self, site: Site, receiving: Desk, pattern: str, word: str
    ) -> None:
        product(site, "CAM", scenario=3, secondary_pattern=pattern)
        purchase(site, "N-1", {"CAM": 2})
        scan(receiving, "N-1", "CAM", "AAAA1")
        assert said(receiving.answer(Scan("BBBB2", second_of_two=True)))[0] == word

    def test_what_is_no_secondary_prompt_asks_nothing(self, site: Site, receiving: Desk) -> None:
        product(site, "CAM", scenario=3)
        purchase(site, "N-1", {"CAM": 2})
        scan(receiving, "N-1")
        assert said(receiving.answer(Scan("CAM", second_of_two=True)))[0] == "OK"
        assert said(receiving.answer(Scan("AAAA1", second_of_two=True)))[0] == "OK"
        assert said(receiving.answer(Scan("AAAA1", second_of_two=True)))[0] == "STOP"
        assert said(receiving.answer(Scan("CAM", second_of_two=True)))[0] == "STOP"


@pytest.mark.parametrize("second", ["SS-YES", "SS-NO", "SS-HOME", "SS-COMPLETE", "N-2"])
def test_no_answer_or_command_of_the_label_that_raised_a_question_counts(
    site: Site, receiving: Desk, second: str
) -> None:
    """N-2 again would be a yes."""
    product(site, "CBL", 0)
    purchase(site, "N-1", {"CBL": 2})
    purchase(site, "N-2", {"CBL": 2})
    scan(receiving, "N-1", "CBL", "N-2")
    asked = receiving.view.question
    assert asked is not None
    receiving.answer(Scan(second, follows=True))
    assert said(receiving.view) == ("STOP", "faulty-scan")
    assert receiving.view.question == asked
    assert said(scan(receiving, "N-2")) == ("OK", ""), "a moment later it does"
