"""The guards of a serial unit: its moves, its history, its codes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from scanstation.domain.codes import Code, read_code
from scanstation.domain.house_serials import WhyNone
from scanstation.domain.operators import Right
from scanstation.domain.products import Difference
from scanstation.domain.scan import Source
from scanstation.domain.status import ARROWS, Move, OrderKind, UnitStatus
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.units import Moved
from scanstation.domain.verdict import CodeKind
from scanstation.store import batches, catalog, events, house_serials, moves, operators, orders, refusals, units, works
from scanstation.store import tables as t
from scanstation.store.store import Transaction
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment

ARROWS_OF_THE_RULES = {
    (Move.RECEIVE, UnitStatus.HELD): UnitStatus.RECEIVED,
    (Move.PACK, UnitStatus.HELD): UnitStatus.PACKED,
    (Move.PACK, UnitStatus.RECEIVED): UnitStatus.PACKED,
    (Move.SHIP, UnitStatus.PACKED): UnitStatus.SHIPPED,
    (Move.UNPACK, UnitStatus.PACKED): UnitStatus.RECEIVED,
    (Move.UNSHIP, UnitStatus.SHIPPED): UnitStatus.PACKED,
    (Move.DISPOSE, UnitStatus.RECEIVED): UnitStatus.DISPOSED,
    (Move.SEND, UnitStatus.RECEIVED): UnitStatus.IN_TRANSIT,
    (Move.ARRIVE, UnitStatus.IN_TRANSIT): UnitStatus.RECEIVED,
    (Move.BRING_BACK, UnitStatus.IN_TRANSIT): UnitStatus.RECEIVED,
    (Move.LOSE, UnitStatus.IN_TRANSIT): UnitStatus.DISPOSED,
    (Move.FIND, UnitStatus.DISPOSED): UnitStatus.RECEIVED,
    (Move.RETURN, UnitStatus.SHIPPED): UnitStatus.RECEIVED,
    (Move.RETURN, UnitStatus.HELD): UnitStatus.RECEIVED,
    (Move.REMOVE, UnitStatus.RECEIVED): UnitStatus.GONE,
    (Move.REMOVE, UnitStatus.PACKED): UnitStatus.GONE,
}
"""Every way a status may change, spelled out once more beside the code's own table."""

PATHS: dict[UnitStatus, list[Move]] = {
    UnitStatus.HELD: [],
    UnitStatus.RECEIVED: [Move.RECEIVE],
    UnitStatus.PACKED: [Move.RECEIVE, Move.PACK],
    UnitStatus.SHIPPED: [Move.RECEIVE, Move.PACK, Move.SHIP],
    UnitStatus.IN_TRANSIT: [Move.RECEIVE, Move.SEND],
    UnitStatus.DISPOSED: [Move.RECEIVE, Move.DISPOSE],
    UnitStatus.GONE: [Move.RECEIVE, Move.REMOVE],
}
"""The moves that bring a unit into each status."""


def _code(text: str) -> Code:
    found = read_code(text)
    assert isinstance(found, Code)
    return found


class Yard:
    """A product with one purchase and one shipment order, and the units that a test makes of it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.product_id = product(site, "CAM-1", 1)
        self.purchase_id = purchase(site, "N-1", {"CAM-1": 10})
        self.shipment_id = shipment(site, "S-1", {"CAM-1": 10})
        with site.store.read() as tx:
            self.purchase_line = orders.lines(tx, self.purchase_id)[0].id
            self.shipment_line = orders.lines(tx, self.shipment_id)[0].id
            self.warehouse_id = orders.get(tx, self.purchase_id).warehouse_id

    def line(self, what: Move) -> int:
        return self.purchase_line if what is Move.RECEIVE else self.shipment_line

    def unit(self, status: UnitStatus, primary: str = "SN-1", secondary: str | None = None) -> int:
        """A unit that came into this status as a unit does."""

        def make(tx: Transaction) -> int:
            both = (_code(primary), _code(secondary) if secondary else None)
            (unit_id,) = units.create_many(tx, [self.product_id], [self.warehouse_id], [both])
            return unit_id

        unit_id = self.site.store.act(make)
        for what in PATHS[status]:
            self.move(what, unit_id)
        return unit_id

    def move(self, what: Move, *unit_ids: int, source: Source = Source.SCAN, batch: int | None = None) -> None:
        moved = [Moved(unit_id=unit_id, line_id=self.line(what), source=source, batch_id=batch) for unit_id in unit_ids]
        stamp = self.site.stamp()
        self.site.store.act(lambda tx: moves.move(tx, what, moved, stamp, reason="why"))

    def move_all(self, what: Move, *unit_ids: int) -> None:
        """What an import does."""
        line, stamp = self.line(what), self.site.stamp()
        self.site.store.act(
            lambda tx: moves.move_all(tx, what, unit_ids, line, stamp, source=Source.IMPORT, reason="why")
        )

    def work(self) -> int:
        stamp = self.site.stamp()
        return self.site.store.act(lambda tx: works.start(tx, self.purchase_id, stamp)).id

    def status(self, unit_id: int) -> UnitStatus:
        with self.site.store.read() as tx:
            return units.known(tx, unit_id).status

    def row(self, unit_id: int) -> dict[str, Any]:
        """All columns of a unit."""
        with self.site.store.read() as tx:
            return dict(tx.execute(select(t.unit).where(t.unit.c.id == unit_id)).mappings().one())

    def put_on_hold(self, unit_id: int) -> None:
        stamp = self.site.stamp()
        self.site.store.act(
            lambda tx: tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(on_hold=stamp.at))
        )

    def everything(self) -> list[tuple[Any, ...]]:
        """All that the store keeps about units."""
        with self.site.store.read() as tx:
            return [
                tuple(row)
                for table in (t.unit, t.unit_code, t.unit_event)
                for row in tx.execute(select(table).order_by(table.c.id))
            ]


@pytest.fixture
def yard(site: Site) -> Yard:
    return Yard(site)


# Moves


def test_the_table_of_moves_is_the_one_of_the_rules() -> None:
    drawn = {(what, arrow.before): arrow.after for what, arrows in ARROWS.items() for arrow in arrows}

    assert drawn == ARROWS_OF_THE_RULES


@pytest.mark.parametrize(("arrow", "after"), ARROWS_OF_THE_RULES.items())
def test_a_legal_move_changes_the_status_and_writes_one_event(
    yard: Yard, arrow: tuple[Move, UnitStatus], after: UnitStatus
) -> None:
    what, before = arrow
    unit_id = yard.unit(before, "SN-1", "LENS-1")
    with yard.site.store.read() as tx:
        events_before = tx.execute(select(func.count()).select_from(t.unit_event)).scalar_one()

    yard.move(what, unit_id, source=Source.TYPED)

    assert yard.status(unit_id) is after
    with yard.site.store.read() as tx:
        events = tx.execute(select(t.unit_event).order_by(t.unit_event.c.id)).all()
    assert len(events) == events_before + 1
    last = events[-1]
    assert (last.unit_id, last.what, last.status, last.line_id) == (unit_id, what.value, after.value, yard.line(what))
    assert (last.operator, last.station, last.source, last.reason) == ("Ana", "dock-2", "typed", "why")
    assert (last.primary_serial, last.secondary_serial) == ("SN-1", "LENS-1")


ILLEGAL = [(what, before) for what in ARROWS for before in UnitStatus if (what, before) not in ARROWS_OF_THE_RULES]


@pytest.mark.parametrize(("what", "before"), ILLEGAL)
def test_an_illegal_move_is_astray_and_changes_nothing(yard: Yard, what: Move, before: UnitStatus) -> None:
    unit_id = yard.unit(before)
    untouched = yard.everything()

    with pytest.raises(ConcurrencyConflict):
        yard.move(what, unit_id)

    assert yard.everything() == untouched


@pytest.mark.parametrize(("what", "before"), ILLEGAL)
def test_an_import_makes_no_illegal_move_either(yard: Yard, what: Move, before: UnitStatus) -> None:
    unit_id = yard.unit(before)
    untouched = yard.everything()

    with pytest.raises(ConcurrencyConflict):
        yard.move_all(what, unit_id)

    assert yard.everything() == untouched


@pytest.mark.parametrize(("arrow", "after"), ARROWS_OF_THE_RULES.items())
def test_an_import_moves_as_a_scan_does(yard: Yard, arrow: tuple[Move, UnitStatus], after: UnitStatus) -> None:
    what, before = arrow
    by_scan = yard.unit(before, "SN-1", "LENS-1")
    by_import = yard.unit(before, "SN-2", "LENS-2")

    yard.move(what, by_scan, source=Source.IMPORT)
    yard.move_all(what, by_import)

    assert yard.status(by_scan) is yard.status(by_import) is after
    with yard.site.store.read() as tx:
        events = t.unit_event.c
        last = tx.execute(select(t.unit_event).order_by(events.id.desc()).limit(2)).all()
    told = [
        (row.unit_id, row.what, row.status, row.line_id, row.source, row.reason, row.primary_serial) for row in last
    ]
    common = (what.value, after.value, yard.line(what), "import", "why")
    assert told == [(by_import, *common, "SN-2"), (by_scan, *common, "SN-1")]


WRITTEN_BY = {
    (Move.RECEIVE, UnitStatus.HELD): {"received_at", "purchase_line_id"},
    (Move.PACK, UnitStatus.HELD): {"packed_at", "shipment_line_id"},
    (Move.PACK, UnitStatus.RECEIVED): {"packed_at", "shipment_line_id"},
    (Move.SHIP, UnitStatus.PACKED): {"shipped_at"},
    (Move.UNPACK, UnitStatus.PACKED): {"packed_at", "shipment_line_id"},
    (Move.UNSHIP, UnitStatus.SHIPPED): {"shipped_at"},
    (Move.RETURN, UnitStatus.SHIPPED): {"received_at", "packed_at", "shipped_at", "shipment_line_id"},
    (Move.RETURN, UnitStatus.HELD): {"received_at"},
    (Move.DISPOSE, UnitStatus.RECEIVED): {"on_hold"},
    (Move.LOSE, UnitStatus.IN_TRANSIT): {"on_hold"},
}
"""The columns of a unit that a move changes beside its status; those of the other arrows change none."""


@pytest.mark.parametrize("moves_as", ["a scan", "an import"])
@pytest.mark.parametrize(("what", "before"), ARROWS_OF_THE_RULES)
def test_a_move_writes_its_own_columns_and_no_others(yard: Yard, what: Move, before: UnitStatus, moves_as: str) -> None:
    unit_id = yard.unit(before)
    if what not in (Move.PACK, Move.SHIP):
        yard.put_on_hold(unit_id)
    was = yard.row(unit_id)

    (yard.move if moves_as == "a scan" else yard.move_all)(what, unit_id)

    now = yard.row(unit_id)
    changed = {column for column, value in now.items() if value != was[column]}
    assert changed - {"status"} == WRITTEN_BY.get((what, before), set())
    if what in (Move.UNSHIP, Move.UNPACK, Move.RETURN):
        assert now["shipped_at"] is None


@pytest.mark.parametrize("moves_as", ["a scan", "an import"])
@pytest.mark.parametrize(
    ("what", "before"),
    [(Move.PACK, UnitStatus.HELD), (Move.PACK, UnitStatus.RECEIVED), (Move.SHIP, UnitStatus.PACKED)],
)
def test_what_is_on_hold_is_neither_packed_nor_shipped(
    yard: Yard, what: Move, before: UnitStatus, moves_as: str
) -> None:
    unit_id = yard.unit(before)
    yard.put_on_hold(unit_id)
    untouched = yard.everything()

    with pytest.raises(ConcurrencyConflict):
        (yard.move if moves_as == "a scan" else yard.move_all)(what, unit_id)

    assert yard.everything() == untouched


def test_a_clock_that_was_set_back_turns_no_life(yard: Yard) -> None:
    unit_id = yard.unit(UnitStatus.RECEIVED)
    received_at = yard.row(unit_id)["received_at"]
    moved = [Moved(unit_id=unit_id, line_id=yard.shipment_line, source=Source.SCAN)]
    early = replace(yard.site.stamp(), at="2001-01-01T00:00:00+00:00")

    yard.site.store.act(lambda tx: moves.move(tx, Move.PACK, moved, early))

    assert yard.row(unit_id)["packed_at"] == received_at


@pytest.mark.parametrize(
    ("code", "move_first", "is_as_it_was"),
    [("SN-1", None, True), ("SN-9", None, False), ("SN-1", Move.PACK, False), ("SN-9", Move.PACK, False)],
)
def test_a_code_is_corrected_of_a_unit_that_is_as_it_was(
    yard: Yard, code: str, move_first: Move | None, is_as_it_was: bool
) -> None:
    unit_id = yard.unit(UnitStatus.RECEIVED)
    with yard.site.store.read() as tx:
        unit = units.known(tx, unit_id)
    if move_first:
        yard.move(move_first, unit_id)
    untouched, stamp = yard.everything(), yard.site.stamp()

    def correct(tx: Transaction) -> None:
        moves.correct_code(
            tx, unit, CodeKind.PRIMARY, code, _code("SN-2"), stamp, source=Source.BUTTON, reason="misread"
        )

    if is_as_it_was:
        yard.site.store.act(correct)
        with yard.site.store.read() as tx:
            assert units.known(tx, unit_id).primary == "SN-2"
            told = tx.execute(select(t.unit_event).order_by(t.unit_event.c.id.desc())).first()
        assert told is not None
        assert (told.what, told.status, told.line_id) == (Move.CORRECT.value, "Received", yard.purchase_line)
        return
    with pytest.raises(ConcurrencyConflict, match="is not Received with the primary code"):
        yard.site.store.act(correct)
    assert yard.everything() == untouched


@pytest.mark.parametrize("is_packed_first", [False, True])
def test_a_unit_is_regraded_while_it_is_received_and_free(yard: Yard, is_packed_first: bool) -> None:
    unit_id, other = yard.unit(UnitStatus.RECEIVED), product(yard.site, "CAM-2", 1)
    yard.unit(UnitStatus.RECEIVED, "SN-2")
    with yard.site.store.read() as tx:
        unit = units.known(tx, unit_id)
    if is_packed_first:
        yard.move(Move.PACK, unit_id)
    untouched, stamp = yard.everything(), yard.site.stamp()

    def regrade(tx: Transaction) -> None:
        moves.regrade(tx, unit, other, stamp, reason="scratched")

    if is_packed_first:
        with pytest.raises(ConcurrencyConflict, match="is not Received and free any more"):
            yard.site.store.act(regrade)
        assert yard.everything() == untouched
        return
    yard.site.store.act(regrade)
    assert yard.row(unit_id)["product_id"] == other
    with yard.site.store.read() as tx:
        told = tx.execute(select(t.unit_event.c.unit_id).where(t.unit_event.c.what == Move.REGRADE.value)).scalars()
        assert list(told) == [unit_id]


def test_an_import_moves_no_unit_that_is_in_somebodys_hands(yard: Yard) -> None:
    unit_id, work_id = yard.unit(UnitStatus.RECEIVED), yard.work()
    yard.site.store.act(lambda tx: units.hold(tx, unit_id, work_id))
    untouched = yard.everything()

    with pytest.raises(ConcurrencyConflict):
        yard.move_all(Move.REMOVE, unit_id)

    assert yard.everything() == untouched


@pytest.mark.parametrize("what", [move for move in Move if move not in ARROWS])
def test_what_is_no_change_of_status_is_no_move(yard: Yard, what: Move) -> None:
    unit_id = yard.unit(UnitStatus.RECEIVED)
    untouched = yard.everything()

    with pytest.raises(KeyError):
        yard.move(what, unit_id)

    assert yard.everything() == untouched


def test_one_unit_astray_keeps_all_the_others_back(yard: Yard) -> None:
    first, second = yard.unit(UnitStatus.RECEIVED, "SN-1"), yard.unit(UnitStatus.SHIPPED, "SN-2")
    untouched = yard.everything()

    with pytest.raises(ConcurrencyConflict, match="1 of 2 units were not Held or Received"):
        yard.move(Move.PACK, first, second)

    assert yard.everything() == untouched


def test_the_same_unit_twice_in_one_move_is_astray(yard: Yard) -> None:
    unit_id = yard.unit(UnitStatus.RECEIVED)

    with pytest.raises(ConcurrencyConflict):
        yard.move(Move.PACK, unit_id, unit_id)

    assert yard.status(unit_id) is UnitStatus.RECEIVED


def test_a_unit_that_does_not_exist_is_not_moved(yard: Yard) -> None:
    untouched = yard.everything()

    with pytest.raises((ConcurrencyConflict, IntegrityError)):
        yard.move(Move.RECEIVE, 4711)

    assert yard.everything() == untouched


def test_moving_nothing_is_nothing(yard: Yard) -> None:
    yard.move(Move.SHIP)

    assert yard.everything() == []


@pytest.mark.parametrize(("what", "is_free"), [(Move.REMOVE, True), (Move.PACK, False)])
def test_an_import_that_is_taken_back_frees_the_codes_and_no_other_move_does(
    yard: Yard, what: Move, is_free: bool
) -> None:
    unit_id, other = (yard.unit(UnitStatus.RECEIVED, f"SN-{number}", f"LENS-{number}") for number in (1, 2))

    yard.move_all(what, unit_id)

    with yard.site.store.read() as tx:
        live = [bool(one) for one in tx.scalars(select(t.unit_code.c.live).where(t.unit_code.c.unit_id == unit_id))]
        others = [bool(one) for one in tx.scalars(select(t.unit_code.c.live).where(t.unit_code.c.unit_id == other))]
    assert (live, others) == ([not is_free] * 2, [True] * 2)


def test_what_has_just_come_back_is_received_again_on_a_line_of_its_own(yard: Yard) -> None:
    shipped, astray = yard.unit(UnitStatus.SHIPPED), yard.unit(UnitStatus.PACKED, "SN-2")
    yard.move(Move.RETURN, shipped)
    stamp = yard.site.stamp()
    batch = yard.site.store.act(lambda tx: batches.add(tx, OrderKind.PURCHASE, "back.xlsx", 1, stamp))

    def again(*unit_ids: int) -> None:
        line, source = yard.purchase_line, Source.IMPORT
        moved = [Moved(unit_id=unit_id, line_id=line, source=source, batch_id=batch) for unit_id in unit_ids]
        yard.site.store.act(lambda tx: moves.receive_again(tx, moved, stamp))

    again()
    untouched = yard.everything()
    with pytest.raises(ConcurrencyConflict, match="1 of 2 units have not come back"):
        again(shipped, astray)
    assert yard.everything() == untouched

    again(shipped)

    with yard.site.store.read() as tx:
        row = tx.execute(select(t.unit).where(t.unit.c.id == shipped)).one()
        told = tx.execute(select(t.unit_event).order_by(t.unit_event.c.id.desc())).first()
    assert (row.status, row.purchase_line_id, row.receiving_batch_id) == ("Received", yard.purchase_line, batch)
    assert told is not None
    assert (told.unit_id, told.what, told.line_id, told.batch_id) == (shipped, "Received", yard.purchase_line, batch)


def test_moves_keep_where_and_when_a_unit_was(yard: Yard) -> None:
    stamp = yard.site.stamp()
    batch = yard.site.store.act(lambda tx: batches.add(tx, OrderKind.SHIPMENT, "serials.xlsx", 1, stamp))
    unit_id = yard.unit(UnitStatus.RECEIVED)
    yard.move(Move.PACK, unit_id, batch=batch)
    yard.move(Move.SHIP, unit_id)

    with yard.site.store.read() as tx:
        row = tx.execute(select(t.unit).where(t.unit.c.id == unit_id)).one()

    assert (row.purchase_line_id, row.shipment_line_id) == (yard.purchase_line, yard.shipment_line)
    assert row.packing_batch_id == batch
    assert row.received_at < row.packed_at < row.shipped_at


def test_an_unpacked_unit_remembers_its_receipt_only(yard: Yard) -> None:
    unit_id = yard.unit(UnitStatus.PACKED)
    yard.move(Move.UNPACK, unit_id)

    with yard.site.store.read() as tx:
        row = tx.execute(select(t.unit).where(t.unit.c.id == unit_id)).one()

    assert row.received_at is not None
    assert (row.purchase_line_id, row.shipment_line_id, row.packed_at) == (yard.purchase_line, None, None)


def test_a_unit_that_moved_is_in_nobodys_hands(yard: Yard) -> None:
    unit_id, work_id = yard.unit(UnitStatus.RECEIVED), yard.work()
    yard.site.store.act(lambda tx: units.hold(tx, unit_id, work_id))
    moved = [Moved(unit_id=unit_id, line_id=yard.line(Move.PACK), source=Source.SCAN)]
    stamp = yard.site.stamp()

    yard.site.store.act(lambda tx: moves.move(tx, Move.PACK, moved, stamp, by_work=work_id))

    with yard.site.store.read() as tx:
        assert units.known(tx, unit_id).held_by is None


@pytest.mark.parametrize("what", [Move.PACK, Move.REMOVE])
def test_no_move_takes_a_unit_out_of_other_hands(yard: Yard, what: Move) -> None:
    unit_id, work_id = yard.unit(UnitStatus.RECEIVED), yard.work()
    yard.site.store.act(lambda tx: units.hold(tx, unit_id, work_id))

    with pytest.raises(ConcurrencyConflict):
        yard.move(what, unit_id)

    with yard.site.store.read() as tx:
        assert units.known(tx, unit_id).held_by == work_id


@pytest.mark.parametrize("status", UnitStatus)
def test_the_status_is_what_the_events_say(yard: Yard, status: UnitStatus) -> None:
    unit_id = yard.unit(status)

    with yard.site.store.read() as tx:
        said = tx.execute(
            select(t.unit_event.c.status)
            .where(t.unit_event.c.unit_id == unit_id)
            .order_by(t.unit_event.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()

    assert (said or UnitStatus.HELD.value) == status.value


def test_the_last_source_of_a_move_is_told_for_many_units(yard: Yard) -> None:
    scanned, typed = yard.unit(UnitStatus.RECEIVED, "SN-1"), yard.unit(UnitStatus.RECEIVED, "SN-2")
    yard.move(Move.PACK, scanned, source=Source.IMPORT)
    yard.move(Move.UNPACK, scanned)
    yard.move(Move.PACK, scanned, source=Source.SCAN)
    yard.move(Move.PACK, typed, source=Source.TYPED)

    with yard.site.store.read() as tx:
        assert units.last_source(tx, [scanned, typed], Move.PACK) == {scanned: Source.SCAN, typed: Source.TYPED}


# Hands


@pytest.mark.parametrize("status", [one for one in UnitStatus if one is not UnitStatus.RECEIVED])
def test_only_a_received_unit_is_taken_in_hand(yard: Yard, status: UnitStatus) -> None:
    unit_id, work_id = yard.unit(status), yard.work()

    with pytest.raises(ConcurrencyConflict):
        yard.site.store.act(lambda tx: units.hold(tx, unit_id, work_id))


def test_a_unit_is_in_one_pair_of_hands(yard: Yard) -> None:
    unit_id, work_id = yard.unit(UnitStatus.RECEIVED), yard.work()
    yard.site.store.act(lambda tx: units.hold(tx, unit_id, work_id))

    with pytest.raises(ConcurrencyConflict):
        yard.site.store.act(lambda tx: units.hold(tx, unit_id, work_id))


def test_putting_down_forgets_new_units_and_frees_known_ones(yard: Yard) -> None:
    known, work_id = yard.unit(UnitStatus.RECEIVED, "SN-1"), yard.work()

    def take(tx: Transaction) -> int:
        units.hold(tx, known, work_id)
        new_id = units.hold_new(tx, yard.product_id, yard.warehouse_id, work_id)
        units.add_code(tx, new_id, yard.product_id, CodeKind.PRIMARY, _code("SN-2"))
        return new_id

    new = yard.site.store.act(take)
    with yard.site.store.read() as tx:
        assert sorted(units.reserved(tx, work_id)) == [known, new]

    yard.site.store.act(lambda tx: units.release(tx, [known, new]))

    with yard.site.store.read() as tx:
        freed = units.by_code(tx, yard.product_id, "SN-1")
        assert freed is not None
        assert freed.free
        assert units.by_code(tx, yard.product_id, "SN-2") is None
        assert units.reserved(tx, work_id) == []


@pytest.mark.parametrize("status", [UnitStatus.PACKED, UnitStatus.SHIPPED, UnitStatus.GONE])
def test_the_table_itself_refuses_a_finished_unit_in_hand(yard: Yard, status: UnitStatus) -> None:
    unit_id, work_id = yard.unit(status), yard.work()

    with pytest.raises(IntegrityError):
        yard.site.store.act(lambda tx: tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(held_by=work_id)))


def test_the_table_itself_refuses_a_packed_unit_without_its_order(yard: Yard) -> None:
    unit_id = yard.unit(UnitStatus.PACKED)

    with pytest.raises(IntegrityError):
        yard.site.store.act(
            lambda tx: tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(shipment_line_id=None))
        )


def test_the_table_itself_refuses_a_status_nobody_knows(yard: Yard) -> None:
    unit_id = yard.unit(UnitStatus.RECEIVED)

    with pytest.raises(IntegrityError):
        yard.site.store.act(lambda tx: tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(status="Lost")))


# History


def _note(tx: Transaction, yard: Yard) -> None:
    stamp = yard.site.stamp()
    orders.note_act(tx, yard.purchase_id, "Closed short", stamp, "late")
    catalog.note_changes(tx, {yard.product_id: [Difference("Only Packing", "off", "on")]}, stamp)
    operators.set_role(tx, "night shift", frozenset({Right.RECEIVE}), stamp)
    refusals.log(tx, stamp, order_id=yard.purchase_id, code="X", reason="unknown-code", sentence="X is unknown.")
    house_serials.give(tx, yard.product_id, "HS-", WhyNone.NONE, stamp)


APPEND_ONLY = [
    (t.unit_event, "reason"),
    (t.order_act, "reason"),
    (t.product_act, "was"),
    (t.site_act, "was"),
    (t.refusal, "sentence"),
    (t.house_serial, "why"),
]
CHANGES: list[Callable[[Any, str], Any]] = [
    lambda table, column: update(table).values({column: "rewritten"}),
    lambda table, _column: delete(table),
]


@pytest.mark.parametrize(("table", "column"), APPEND_ONLY, ids=[table.name for table, _ in APPEND_ONLY])
@pytest.mark.parametrize("change", CHANGES, ids=["update", "delete"])
def test_history_is_never_rewritten(yard: Yard, table: Any, column: str, change: Callable[[Any, str], Any]) -> None:
    yard.unit(UnitStatus.PACKED)
    yard.site.store.act(lambda tx: _note(tx, yard))
    with yard.site.store.read() as tx:
        kept = tx.execute(select(table)).all()
    assert kept

    with pytest.raises(IntegrityError, match="append-only"):
        yard.site.store.act(lambda tx: tx.execute(change(table, column)))

    with yard.site.store.read() as tx:
        assert tx.execute(select(table)).all() == kept


# Codes (RULES 2.7)


def test_a_code_finds_its_unit_as_primary_and_as_secondary(yard: Yard) -> None:
    unit_id = yard.unit(UnitStatus.RECEIVED, "sn-1", "Lens-1")

    with yard.site.store.read() as tx:
        for key in ("SN-1", "LENS-1"):
            known = units.by_code(tx, yard.product_id, key)
            assert known is not None
            assert (known.id, known.primary, known.secondary) == (unit_id, "sn-1", "Lens-1")


@pytest.mark.parametrize("kind", CodeKind)
@pytest.mark.parametrize("taken", ["SN-1", "sn-1", " ＳＮ-1 ", "LENS-1"])
@pytest.mark.parametrize("status", [one for one in UnitStatus if one is not UnitStatus.GONE])
def test_a_code_of_a_sku_is_used_once(yard: Yard, status: UnitStatus, taken: str, kind: CodeKind) -> None:
    yard.unit(status, "SN-1", "LENS-1")
    work_id = yard.work()

    def again(tx: Transaction) -> None:
        unit_id = units.hold_new(tx, yard.product_id, yard.warehouse_id, work_id)
        units.add_code(tx, unit_id, yard.product_id, kind, _code(taken))

    with pytest.raises(IntegrityError):
        yard.site.store.act(again)


def test_the_two_codes_of_a_unit_differ(yard: Yard) -> None:
    with pytest.raises(IntegrityError):
        yard.unit(UnitStatus.HELD, "SN-1", "sn-1")


def test_a_unit_has_one_code_of_each_kind(yard: Yard) -> None:
    unit_id = yard.unit(UnitStatus.RECEIVED, "SN-1")

    with pytest.raises(IntegrityError):
        yard.site.store.act(lambda tx: units.add_code(tx, unit_id, yard.product_id, CodeKind.PRIMARY, _code("SN-2")))


@pytest.mark.parametrize("other", ["another sku", "another client"])
def test_another_sku_or_client_may_use_the_same_code(yard: Yard, other: str) -> None:
    mine = yard.unit(UnitStatus.RECEIVED, "SN-1")
    if other == "another sku":
        other_product = product(yard.site, "CAM-2", 1)
    else:
        other_product = product(yard.site, "CAM-1", 1, client="ACME")

    (theirs,) = yard.site.store.act(
        lambda tx: units.create_many(tx, [other_product], [yard.warehouse_id], [(_code("SN-1"), None)])
    )

    with yard.site.store.read() as tx:
        found = batches.units_of_keys(tx, ["SN-1"])
    assert {(product_id, key): unit.id for product_id, keys in found.items() for key, unit in keys.items()} == {
        (yard.product_id, "SN-1"): mine,
        (other_product, "SN-1"): theirs,
    }


def test_the_codes_of_a_unit_that_is_gone_are_free(yard: Yard) -> None:
    gone = yard.unit(UnitStatus.GONE, "SN-1", "LENS-1")

    again = yard.unit(UnitStatus.RECEIVED, "LENS-1", "SN-1")

    assert yard.status(gone) is UnitStatus.GONE
    with yard.site.store.read() as tx:
        known = units.by_code(tx, yard.product_id, "SN-1")
        said = tx.execute(
            select(t.unit_event.c.primary_serial, t.unit_event.c.secondary_serial).where(
                t.unit_event.c.unit_id == gone, t.unit_event.c.what == Move.REMOVE.value
            )
        ).one()
    assert known is not None
    assert known.id == again
    assert tuple(said) == ("SN-1", "LENS-1")


def test_a_code_that_another_act_took_a_moment_ago_rolls_the_whole_act_back(yard: Yard) -> None:
    yard.unit(UnitStatus.RECEIVED, "SN-2")
    untouched = yard.everything()

    with pytest.raises(IntegrityError):
        yard.site.store.act(
            lambda tx: units.create_many(
                tx,
                [yard.product_id] * 2,
                [yard.warehouse_id] * 2,
                [(_code("SN-1"), None), (_code("SN-2"), None)],
            )
        )

    assert yard.everything() == untouched


def test_dropping_the_codes_of_a_scan_leaves_the_others(yard: Yard) -> None:
    unit_id, work_id = yard.unit(UnitStatus.RECEIVED, "SN-1"), yard.work()

    def add(tx: Transaction) -> int:
        entry_id = works.add_entry(
            tx,
            work_id,
            op_id="scan-1",
            act="secondary",
            code="LENS-1",
            summary="",
            stamp=yard.site.stamp(),
            source=Source.SCAN,
        )
        units.add_code(tx, unit_id, yard.product_id, CodeKind.SECONDARY, _code("LENS-1"), entry_id)
        return entry_id

    entry_id = yard.site.store.act(add)
    yard.site.store.act(lambda tx: units.drop_codes_of_entry(tx, [entry_id]))

    with yard.site.store.read() as tx:
        known = units.known(tx, unit_id)
        assert (known.primary, known.secondary) == ("SN-1", None)


def test_a_code_is_found_from_its_end(yard: Yard) -> None:
    yard.unit(UnitStatus.RECEIVED, "abc-4711")

    with yard.site.store.read() as tx:
        kept = tx.execute(select(t.unit_code.c.text, t.unit_code.c.text_key, t.unit_code.c.reversed_key)).one()

    assert tuple(kept) == ("abc-4711", "ABC-4711", "1174-CBA")


def test_more_units_than_one_statement_takes_are_made_moved_and_found(yard: Yard) -> None:
    texts = [f"SN-{number}" for number in range(1200)]

    def make(tx: Transaction) -> list[int]:
        count = len(texts)
        return units.create_many(
            tx, [yard.product_id] * count, [yard.warehouse_id] * count, [(_code(text), None) for text in texts]
        )

    ids = yard.site.store.act(make)
    yard.move(Move.RECEIVE, *ids)
    yard.move(Move.REMOVE, *ids[600:])

    with yard.site.store.read() as tx:
        found = batches.units_of_keys(tx, texts)[yard.product_id]
        alive = tx.execute(select(func.count()).select_from(t.unit_code).where(t.unit_code.c.live.is_(True))).scalar()
    assert [found[text].id for text in texts[:600]] == ids[:600]
    assert len(found) == alive == 600


def test_the_packed_units_of_an_order_say_whether_they_had_been_received(yard: Yard) -> None:
    was_received = yard.unit(UnitStatus.PACKED, "SN-1")
    created = yard.unit(UnitStatus.HELD, "SN-2")
    yard.move(Move.PACK, created)
    yard.unit(UnitStatus.SHIPPED, "SN-3")

    with yard.site.store.read() as tx:
        packed = units.packed_on(tx, yard.shipment_id)

    assert [(one.unit_id, one.line_id, one.was_received) for one in packed] == [
        (was_received, yard.shipment_line, True),
        (created, yard.shipment_line, False),
    ]


def test_whereabouts_name_who_has_a_unit_in_hand_before_where_it_was_last(yard: Yard) -> None:
    unit_id, work_id = yard.unit(UnitStatus.RECEIVED), yard.work()

    with yard.site.store.read() as tx:
        last = events.whereabouts(tx, [unit_id])[unit_id]
    yard.site.store.act(lambda tx: units.hold(tx, unit_id, work_id))
    with yard.site.store.read() as tx:
        held = events.whereabouts(tx, [unit_id])[unit_id]

    assert (last.status, last.order_number, last.operator) == (UnitStatus.RECEIVED, "N-1", "Ana")
    assert (held.status, held.order_kind, held.station) == (UnitStatus.HELD, OrderKind.PURCHASE, "dock-2")
