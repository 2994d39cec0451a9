"""What a known unit at the return desk means, which code is asked beside, and why it goes on hold (RULES 2.22)."""

from dataclasses import replace

import pytest

from scanstation.domain.returns import (
    CameBack,
    Doubt,
    EntryText,
    Meeting,
    Owed,
    ReturnLine,
    ReturnPiece,
    ReturnStep,
    Unlisted,
    held_against,
    hold_reason,
    meet,
    other_kind,
    scanned_for,
    settled,
)
from scanstation.domain.scan import Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind

PIECE = ReturnPiece(
    id=7,
    work_id=1,
    entry_id=3,
    product_id=1,
    quantity=1,
    unit_id=1,
    code="A1",
    owed=Owed.NOTHING,
    other=None,
    part_missing="",
    is_unknown=False,
    doubt="",
    source=Source.SCAN,
)


def unit(status: UnitStatus, *, held_by: int | None = None, secondary: str | None = None) -> Unit:
    return Unit(
        id=1,
        product_id=1,
        warehouse_id=1,
        warehouse="W",
        status=status,
        held_by=held_by,
        purchase_line_id=None,
        shipment_line_id=None,
        primary="A1",
        secondary=secondary,
    )


@pytest.mark.parametrize(
    ("status", "held_by", "in_return", "means"),
    [
        (UnitStatus.SHIPPED, None, False, Meeting.BACK),
        (UnitStatus.SHIPPED, None, True, Meeting.IN_WORK),
        (UnitStatus.PACKED, None, False, Meeting.PACKED),
        (UnitStatus.RECEIVED, None, False, Meeting.IN_STOCK),
        (UnitStatus.RECEIVED, 4, False, Meeting.IN_WORK),
        (UnitStatus.HELD, 4, False, Meeting.IN_WORK),
        (UnitStatus.HELD, None, True, Meeting.IN_WORK),
        (UnitStatus.DISPOSED, None, False, Meeting.IN_STOCK),
    ],
)
def test_only_what_has_left_comes_back(
    status: UnitStatus, held_by: int | None, in_return: bool, means: Meeting
) -> None:
    assert meet(unit(status, held_by=held_by), in_return=in_return) is means


def test_of_a_unit_with_two_codes_the_other_one_is_asked() -> None:
    both = unit(UnitStatus.SHIPPED, secondary="L1")
    assert other_kind(both, "L1", "A1") is CodeKind.SECONDARY
    assert other_kind(both, "L1", "L1") is CodeKind.PRIMARY
    assert other_kind(unit(UnitStatus.SHIPPED), "", "A1") is None


@pytest.mark.parametrize(
    ("change", "on_hold", "reason"),
    [
        ({}, True, "returned RMA-1"),
        ({}, False, ""),
        ({"part_missing": "L1"}, False, "returned RMA-1, part missing: L1"),
        ({"doubt": "its label says A9"}, False, "returned RMA-1, its label says A9"),
        ({"is_unknown": True}, False, "unknown return RMA-1"),
    ],
)
def test_what_is_unknown_incomplete_or_doubtful_goes_on_hold_whatever_the_site_wants(
    change: dict[str, object], on_hold: bool, reason: str
) -> None:
    assert hold_reason(replace(PIECE, **change), "RMA-1", on_hold=on_hold) == reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entries", "part_missing", "text"),
    [
        ([EntryText(3, None, ReturnStep.TAKEN, "SN:A1")], "", "SN:A1"),
        ([EntryText(3, None, ReturnStep.TAKEN, "CAM"), EntryText(4, 7, ReturnStep.SERIAL, "A1")], "", "A1"),
        ([EntryText(3, None, ReturnStep.TAKEN, "X1"), EntryText(4, 7, ReturnStep.PRODUCT, "CAM")], "", "X1"),
        ([EntryText(3, None, ReturnStep.TAKEN, "A1"), EntryText(4, 7, ReturnStep.OTHER, "L1")], "", "A1\nL1"),
        ([EntryText(3, None, ReturnStep.TAKEN, "A1"), EntryText(4, 7, ReturnStep.OTHER, "SS-NO")], "L1", "A1"),
        ([EntryText(3, None, ReturnStep.TAKEN, "A1"), EntryText(5, 8, ReturnStep.OTHER, "L9")], "", "A1"),
    ],
)
def test_the_text_as_scanned_is_that_of_its_serials(entries: list[EntryText], part_missing: str, text: str) -> None:
    assert scanned_for(replace(PIECE, part_missing=part_missing), entries) == text


LIST = [
    ReturnLine(id=1, product_id=1, sku="CAM", serial="A1", serial_key="A1", quantity=1, order_number="S-1"),
    ReturnLine(id=2, product_id=1, sku="CAM", serial="", serial_key="", quantity=2, order_number="s-2"),
    ReturnLine(id=3, product_id=2, sku="BAG", serial="", serial_key="", quantity=3, order_number=""),
    ReturnLine(id=4, product_id=3, sku="LAP", serial="L1", serial_key="L1", quantity=1, order_number=""),
]


def came(product_id: int, *keys: str, quantity: int = 1, is_booked: bool = True) -> CameBack:
    return CameBack(product_id, quantity, frozenset(keys), is_booked)


@pytest.mark.parametrize(
    ("before", "one", "order", "doubt"),
    [
        ([], came(1, "A1", "B1"), "S-1", None),
        ([], came(1, "A1"), "S-2", Doubt(Unlisted.OTHER_ORDER, "S-1")),
        ([], came(1, "A1"), None, None),
        ([], came(1, "A7"), "S-2", None),
        ([], came(1, "A7"), "S-1", Doubt(Unlisted.OTHER_ORDER, "s-2")),
        ([], came(1, "A7"), "", Doubt(Unlisted.OTHER_ORDER, "s-2")),
        ([came(1, "A1"), came(1, "A7")], came(1, "A8"), "S-2", None),
        ([came(1, "A6"), came(1, "A7", is_booked=False)], came(1, "A8"), "S-2", Doubt(Unlisted.TOO_MANY, "2")),
        ([], came(2, quantity=3), None, None),
        ([came(2, quantity=2)], came(2, quantity=2), None, Doubt(Unlisted.TOO_MANY, "3")),
        ([], came(3, "L2"), "S-1", Doubt(Unlisted.NOT_LISTED)),
        ([], came(9, "X"), None, Doubt(Unlisted.NOT_LISTED)),
    ],
)
def test_what_comes_is_held_against_the_list(
    before: list[CameBack], one: CameBack, order: str | None, doubt: Doubt | None
) -> None:
    assert held_against(LIST, before, one, order) == doubt


def test_what_came_back_is_given_to_the_lines_of_the_list() -> None:
    pieces = [came(1, "A1", "B1"), came(1, "A7"), came(1, "A8"), came(1, "A9"), came(2, quantity=2)]
    assert settled(LIST, [*pieces, came(3, "L1", is_booked=False)]) == {1: 1, 2: 2, 3: 2, 4: 0}


def test_a_serial_of_another_product_is_not_what_a_line_waits_for() -> None:
    assert settled(LIST, [came(3, "A1"), came(1, "L1"), came(2, "A1")]) == {1: 0, 2: 1, 3: 1, 4: 0}


def test_a_hold_says_why_it_was_not_expected() -> None:
    assert Doubt(Unlisted.ELSEWHERE, "RMA-2").reason == "expected on another return: RMA-2"
    assert Doubt(Unlisted.OTHER_ORDER, "S-1").reason == "of another order"
