"""What a scan of a count turns out to be, and what a unit is that nobody scanned (RULES 2.28)."""

from dataclasses import replace

import pytest

from scanstation.domain.counts import (
    Count,
    CountedLine,
    CountedScan,
    CountStatus,
    ExpectedUnit,
    Result,
    found,
    is_lost,
    not_scanned,
    write_off_reason,
)
from scanstation.domain.status import Move, UnitStatus

COUNT = Count(
    id=1,
    number="C-1",
    warehouse_id=1,
    warehouse="W-EAST",
    client_id=None,
    client="",
    of_number="",
    of_id=None,
    is_of_skus=False,
    is_partial=False,
    status=CountStatus.OPEN,
    at="",
    operator="Ana",
    station="dock-1",
    closed_at=None,
    closed_by=None,
)
SCAN = CountedScan(
    id=1,
    unit_id=7,
    product_id=3,
    client="NORDWIND",
    sku="CAM",
    code="A1",
    primary="A1",
    secondary=None,
    quantity=1,
    status=UnitStatus.RECEIVED,
    warehouse_id=1,
    was_in_work=False,
    where="",
    result=Result.COUNTED,
    at="",
    station="dock-1",
    operator="Ana",
)
UNIT = ExpectedUnit(
    id=1,
    unit_id=7,
    client="NORDWIND",
    sku="CAM",
    primary="A1",
    secondary=None,
    status=UnitStatus.RECEIVED,
    has_moved=False,
    result=None,
    is_written_off=False,
    held_back="",
)


@pytest.mark.parametrize(
    ("change", "was_expected", "result"),
    [
        ({}, True, Result.FOUND),
        ({"was_in_work": True}, True, Result.FOUND),
        ({}, False, Result.CAME_SINCE),
        ({"warehouse_id": 2}, False, Result.ELSEWHERE),
        ({"was_in_work": True}, False, Result.IN_WORK),
        ({"status": UnitStatus.HELD}, False, Result.IN_WORK),
        ({"status": UnitStatus.PACKED}, True, Result.STAGED),
        ({"status": UnitStatus.PACKED}, False, Result.STAGED),
        ({"status": UnitStatus.SHIPPED}, False, Result.LEFT),
        ({"status": UnitStatus.IN_TRANSIT}, False, Result.IN_TRANSIT),
        ({"status": UnitStatus.DISPOSED}, False, Result.DISPOSED),
        ({"unit_id": None, "status": None}, False, Result.COUNTED),
        ({"unit_id": None, "status": None, "product_id": None}, False, Result.UNKNOWN),
    ],
)
def test_a_scan_is_what_its_unit_was_as_it_was_scanned(
    change: dict[str, object], was_expected: bool, result: Result
) -> None:
    scan = replace(SCAN, **change)  # type: ignore[arg-type]
    assert found(scan, COUNT, was_expected=was_expected) is result


def test_a_second_round_meets_what_the_first_did_not_miss() -> None:
    again = replace(COUNT, of_id=1)
    assert found(SCAN, again, was_expected=False) is Result.COUNTED
    assert found(replace(SCAN, warehouse_id=2), again, was_expected=False) is Result.ELSEWHERE


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({}, Result.MISSING),
        ({"has_moved": True}, Result.MOVED),
        ({"status": UnitStatus.PACKED, "has_moved": True}, Result.MOVED),
    ],
)
def test_missing_is_what_has_had_no_event_since(change: dict[str, object], result: Result) -> None:
    assert not_scanned(replace(UNIT, **change)) is result  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "is_one"),
    [
        (write_off_reason("C-7", "nobody has seen it"), True),
        ("lost: fell off the truck", True),
        ("lost 4711: fell off the truck", True),
        ("lost", False),
        ("losted: C-7", False),
        ("scrap: C-7", False),
        ("scrap lost: C-7", False),
    ],
)
def test_what_was_written_off_or_disposed_of_as_lost_is_known_by_its_reason_and_of_a_transfer_by_its_event(
    reason: str, is_one: bool
) -> None:
    assert is_lost(Move.DISPOSE, reason) is is_one
    assert is_lost(Move.LOSE, reason)
    assert not is_lost(Move.HOLD, reason)


def test_a_line_is_what_all_stations_have_counted() -> None:
    line = CountedLine(
        product_id=3,
        sku="CAM",
        description="",
        is_by_serial=True,
        here=2,
        others=(("dock-2", 3), ("dock-3", 4)),
        is_last=False,
    )
    assert line.counted == 9
