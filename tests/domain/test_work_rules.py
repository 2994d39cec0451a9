"""What receiving and packing make of a code (RULES §1, 2.6, 2.7, 2.10), on plain values: no store, no desk."""

from dataclasses import replace

import pytest

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code
from scanstation.domain.orders import Order
from scanstation.domain.scan import Source
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.domain.tracking import SCENARIOS, policy_of
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work import OwedPiece, Piece
from scanstation.domain.work_rules import PACKING, RECEIVING, GivenCode, Unavailable, WorkRules

PRIMARY, SECONDARY = CodeKind.PRIMARY, CodeKind.SECONDARY
HERE, ELSEWHERE = 1, 2
THIS_WORK, OTHER_WORK = 7, 8

ORDER = Order(
    id=1,
    kind=OrderKind.SHIPMENT,
    warehouse_id=HERE,
    warehouse="W-EAST",
    client_id=1,
    client="NORDWIND",
    number="S-1",
    partner="",
    reference="",
    due="",
    status=OrderStatus.OPEN,
)
RECEIVED = Unit(
    id=11,
    product_id=1,
    warehouse_id=HERE,
    warehouse="W-EAST",
    status=UnitStatus.RECEIVED,
    held_by=None,
    purchase_line_id=1,
    shipment_line_id=None,
    primary="P-1",
    secondary="L-1",
)
IN_HAND = replace(RECEIVED, held_by=OTHER_WORK)
PACKED = replace(RECEIVED, status=UnitStatus.PACKED)
SHIPPED = replace(RECEIVED, status=UnitStatus.SHIPPED)
AWAY = replace(RECEIVED, warehouse_id=ELSEWHERE, warehouse="W-WEST")
ONE_CODE = replace(RECEIVED, secondary=None)
"""A Received unit that has no secondary yet."""


def owed(*, unit_id: int | None = None, primary: str | None = None, secondary: str | None = None) -> OwedPiece:
    """A piece that owes a code; with a unit once its first code is in."""
    piece = Piece(
        id=1,
        work_id=THIS_WORK,
        line_id=1,
        entry_id=1,
        scenario=3,
        quantity=1,
        owed=True,
        unit_id=unit_id,
        source=Source.SCAN if primary else None,
    )
    return OwedPiece(piece=piece, waiting=1, known=primary, known_secondary=secondary)


FIRST = owed()
AFTER_NEW_PRIMARY = owed(unit_id=99, primary="N-1")
AFTER_NEW_SECONDARY = owed(unit_id=99, secondary="M-1")
AFTER_P1 = owed(unit_id=RECEIVED.id, primary="P-1", secondary="L-1")
"""The primary of a Received unit with both codes is in."""
AFTER_P1_ALONE = owed(unit_id=RECEIVED.id, primary="P-1")


def word(rules: WorkRules, kind: CodeKind, text: str, owner: Unit | None, piece: OwedPiece, scenario: int) -> str:
    """What is made of a code, in one word."""
    code = Code(text, text)
    return in_a_word(rules.identify(GivenCode(code, kind, owner, piece, "CAM", ORDER), policy_of(scenario)))


def in_a_word(made: Unit | Unavailable | Verdict | None) -> str:
    if made is None:
        return "new"
    if isinstance(made, Unavailable):
        return "returns" if made.way == say.AT_RETURNS else "unavailable"
    return made.reason if isinstance(made, Verdict) else "its unit"


@pytest.mark.parametrize(
    ("owner", "piece", "made"),
    [
        (None, FIRST, "new"),
        (None, AFTER_NEW_PRIMARY, "new"),
        (RECEIVED, FIRST, "unavailable"),
        (IN_HAND, FIRST, "unavailable"),
        (PACKED, FIRST, "unavailable"),
        (SHIPPED, FIRST, "returns"),
        (SHIPPED, AFTER_NEW_PRIMARY, "returns"),
        (AWAY, FIRST, "unavailable"),
        (RECEIVED, AFTER_NEW_PRIMARY, "unavailable"),
        (replace(RECEIVED, id=99, status=UnitStatus.HELD), AFTER_NEW_PRIMARY, "same-as-primary"),
    ],
)
def test_receiving_takes_new_codes_only(owner: Unit | None, piece: OwedPiece, made: str) -> None:
    kind = PRIMARY if piece is FIRST else SECONDARY
    assert word(RECEIVING, kind, "X-1", owner, piece, 3) == made


RETURNS = replace(ORDER, kind=OrderKind.PURCHASE, number="N-1", brings_back=True)
SHIPPED_ALONE = replace(SHIPPED, secondary=None)


@pytest.mark.parametrize(
    ("owner", "piece", "kind", "text", "made"),
    [
        (None, FIRST, PRIMARY, "X-1", "new"),
        (SHIPPED, FIRST, PRIMARY, "P-1", "its unit"),
        (SHIPPED, FIRST, SECONDARY, "L-1", "its unit"),
        (RECEIVED, FIRST, PRIMARY, "P-1", "unavailable"),
        (replace(SHIPPED, held_by=OTHER_WORK), FIRST, PRIMARY, "P-1", "unavailable"),
        # behind a new first code: the unit of the second one cannot have that
        (SHIPPED, AFTER_NEW_PRIMARY, SECONDARY, "L-1", "two-units"),
        (SHIPPED_ALONE, AFTER_NEW_PRIMARY, SECONDARY, "P-1", "two-units"),
        (SHIPPED, AFTER_NEW_SECONDARY, PRIMARY, "P-1", "two-units"),
        # unless it has no secondary yet, and the new one came first
        (SHIPPED_ALONE, AFTER_NEW_SECONDARY, PRIMARY, "P-1", "its unit"),
        # behind the first code of a unit that comes back
        (SHIPPED, AFTER_P1, SECONDARY, "L-1", "its unit"),
        (SHIPPED, AFTER_P1, SECONDARY, "P-1", "same-as-primary"),
        (None, AFTER_P1, SECONDARY, "M-9", "two-units"),
        (None, AFTER_P1_ALONE, SECONDARY, "M-9", "new"),
    ],
)
def test_an_order_that_brings_units_back_takes_shipped_ones(
    owner: Unit | None, piece: OwedPiece, kind: CodeKind, text: str, made: str
) -> None:
    given = GivenCode(Code(text, text), kind, owner, piece, "CAM", RETURNS)
    assert in_a_word(RECEIVING.identify(given, policy_of(3))) == made


@pytest.mark.parametrize(
    ("owner", "piece", "first"), [(SHIPPED, AFTER_NEW_PRIMARY, "N-1"), (None, AFTER_P1, "P-1")], ids=["known", "new"]
)
def test_two_units_are_told_with_both_codes(owner: Unit | None, piece: OwedPiece, first: str) -> None:
    refusal = RECEIVING.identify(GivenCode(Code("L-1", "L-1"), SECONDARY, owner, piece, "CAM", RETURNS), policy_of(3))
    assert isinstance(refusal, Verdict)
    assert "L-1" in refusal.text
    assert first in refusal.text


def test_serials_come_by_import_in_the_scenarios_that_have_one() -> None:
    for rules in (RECEIVING, PACKING):
        assert [scenario for scenario in SCENARIOS if rules.imports(policy_of(scenario))] == [5, 6, 7, 8]


@pytest.mark.parametrize(
    ("scenario", "owner", "made"),
    [
        (1, None, "unknown-serial"),
        (2, None, "new"),
        (3, None, "unknown-serial"),
        (4, None, "new"),
        *((scenario, RECEIVED, "its unit") for scenario in (1, 2, 3, 4)),
        *((scenario, IN_HAND, "unavailable") for scenario in (1, 2, 3, 4)),
        *((scenario, PACKED, "unavailable") for scenario in (1, 2, 3, 4)),
        *((scenario, SHIPPED, "unavailable") for scenario in (1, 2, 3, 4)),
        *((scenario, AWAY, "other-warehouse") for scenario in (1, 2, 3, 4)),
    ],
)
def test_packing_takes_a_first_code_by_what_its_product_admits(scenario: int, owner: Unit | None, made: str) -> None:
    assert word(PACKING, PRIMARY, "P-1", owner, FIRST, scenario) == made


OTHER = replace(RECEIVED, id=12, primary="P-2", secondary="L-2")


@pytest.mark.parametrize(
    ("piece", "kind", "text", "owner", "made"),
    [
        # a new unit: its other code is new too
        (AFTER_NEW_PRIMARY, SECONDARY, "M-9", None, "new"),
        (AFTER_NEW_SECONDARY, PRIMARY, "N-9", None, "new"),
        (AFTER_NEW_PRIMARY, SECONDARY, "L-1", RECEIVED, "two-units"),
        (AFTER_NEW_PRIMARY, SECONDARY, "L-1", PACKED, "unavailable"),
        (AFTER_NEW_SECONDARY, PRIMARY, "P-1", RECEIVED, "two-units"),
        # unless the secondary came first and is that of a Received unit which has none yet
        (AFTER_NEW_SECONDARY, PRIMARY, "P-1", ONE_CODE, "its unit"),
        (AFTER_NEW_SECONDARY, PRIMARY, "P-1", replace(ONE_CODE, warehouse_id=ELSEWHERE), "other-warehouse"),
        (AFTER_NEW_SECONDARY, PRIMARY, "P-1", replace(ONE_CODE, held_by=OTHER_WORK), "unavailable"),
        (AFTER_NEW_PRIMARY, SECONDARY, "P-1", ONE_CODE, "two-units"),
        # a Received unit: its own other code
        (AFTER_P1, SECONDARY, "L-1", RECEIVED, "its unit"),
        (AFTER_P1, SECONDARY, "P-1", RECEIVED, "same-as-primary"),
        (AFTER_P1, SECONDARY, "M-9", None, "two-units"),
        (AFTER_P1, SECONDARY, "L-2", OTHER, "two-units"),
        # or a new one, where it has none
        (AFTER_P1_ALONE, SECONDARY, "M-9", None, "new"),
        (AFTER_P1_ALONE, SECONDARY, "P-1", ONE_CODE, "same-as-primary"),
        (AFTER_P1_ALONE, SECONDARY, "L-2", OTHER, "two-units"),
    ],
)
def test_the_two_codes_packed_are_of_one_unit(
    piece: OwedPiece, kind: CodeKind, text: str, owner: Unit | None, made: str
) -> None:
    assert word(PACKING, kind, text, owner, piece, 4) == made


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_receiving_never_wants_a_known_code(scenario: int) -> None:
    policy = policy_of(scenario)
    assert not RECEIVING.checks_known(policy)
    assert not RECEIVING.wants_known(FIRST, PRIMARY, policy)
    assert not RECEIVING.wants_known(AFTER_P1, SECONDARY, policy)


@pytest.mark.parametrize(
    ("scenario", "piece", "kind", "wanted"),
    [
        (1, FIRST, PRIMARY, True),
        (2, FIRST, PRIMARY, False),
        (3, FIRST, PRIMARY, True),
        (4, FIRST, PRIMARY, False),
        (4, AFTER_NEW_PRIMARY, SECONDARY, False),
        (4, AFTER_P1, SECONDARY, True),
        (4, AFTER_P1_ALONE, SECONDARY, False),
        (4, AFTER_NEW_SECONDARY, PRIMARY, False),
    ],
)
def test_packing_wants_a_known_code_where_only_received_units_are_packed(
    scenario: int, piece: OwedPiece, kind: CodeKind, wanted: bool
) -> None:
    assert PACKING.wants_known(piece, kind, policy_of(scenario)) is wanted


def test_a_serial_on_a_label_must_be_known_where_it_was_to_be_imported() -> None:
    assert [scenario for scenario in SCENARIOS if PACKING.checks_known(policy_of(scenario))] == [5, 7]


def test_a_known_unit_comes_in_never_and_is_packed_where_it_is_free_and_here() -> None:
    code = Code("P-1", "P-1")
    for unit in (RECEIVED, IN_HAND, PACKED, AWAY):
        assert RECEIVING.refuse_known(code, unit, ORDER) == Unavailable(unit)
    assert PACKING.refuse_known(code, RECEIVED, ORDER) is None
    for unit in (IN_HAND, PACKED, SHIPPED):
        assert PACKING.refuse_known(code, unit, ORDER) == Unavailable(unit)
    away = PACKING.refuse_known(code, AWAY, ORDER)
    assert isinstance(away, Verdict)
    assert away.reason == "other-warehouse"


def test_at_receiving_the_unit_in_hand_is_meant_then_one_of_the_order() -> None:
    strange, ordered = replace(RECEIVED, id=20, product_id=5), replace(RECEIVED, id=21, product_id=6)
    mine = replace(RECEIVED, id=22, product_id=5, held_by=THIS_WORK)
    assert RECEIVING.meant([strange, ordered], THIS_WORK, {6}) is ordered
    assert RECEIVING.meant([strange, ordered, mine], THIS_WORK, {6}) is mine
    assert RECEIVING.meant([strange], THIS_WORK, {6}) is strange


def test_at_packing_a_code_of_several_products_is_refused() -> None:
    code, skus = Code("P-1", "P-1"), {1: "CAM", 2: "TAB"}
    second = replace(RECEIVED, id=12, product_id=2)
    assert PACKING.meant(code, [RECEIVED], skus) is RECEIVED
    assert PACKING.meant(code, [PACKED], skus) is PACKED
    several = PACKING.meant(code, [PACKED, second], skus)
    assert isinstance(several, Verdict)
    assert "CAM" in several.text
    assert "TAB" in several.text
    gone = replace(second, status=UnitStatus.SHIPPED)
    assert PACKING.meant(code, [PACKED, gone], skus) == Unavailable(PACKED)
