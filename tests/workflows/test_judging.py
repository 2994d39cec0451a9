"""Rows of an import judged on plain values: no store, no sheet, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from scanstation.domain.import_facts import (
    ClientFacts,
    ImportFacts,
    LineFacts,
    OrderFacts,
    SheetFacts,
    Surroundings,
)
from scanstation.domain.imports import Batch, FoundUnit, ImportedCount
from scanstation.domain.orders import Order
from scanstation.domain.products import Product
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.domain.tracking import TrackingSettings
from scanstation.domain.units import Whereabouts
from scanstation.workflows.imports.judging import Judgement, judge
from scanstation.workflows.imports.problems import cells
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY, Parser

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
EAST, WEST = 1, 2
AT = "2026-11-20T09:00:00+00:00"
CLIENT = ClientFacts(
    {"LAP": "LAP", "BOX": "BOX"},
    {"LAP": "LAP", "BOX": "BOX", "04006381333931": "BOX"},
    {"S-NEXT": SO},
    {1: "LAP", 2: "BOX"},
)
Row = tuple[str, ...]


def order(kind: OrderKind, **changes: Any) -> Order:
    status = OrderStatus.COMPLETED if kind is PO else OrderStatus.READY_TO_SHIP
    head = Order(
        id=7,
        kind=kind,
        warehouse_id=EAST,
        warehouse="W-EAST",
        client_id=1,
        client="NORDWIND",
        number=f"{kind}-1",
        partner="",
        reference="",
        due="",
        status=status,
    )
    return replace(head, **changes)


def unit(number: int, primary: str, secondary: str | None = None, **changes: Any) -> FoundUnit:
    """A Received unit of LAP in the eastern warehouse."""
    secondary_key = secondary.upper() if secondary else None
    found = FoundUnit(
        *(number, 1, EAST, "W-EAST", UnitStatus.RECEIVED, None, 1, None, 3, None),
        *(primary, primary.upper(), secondary, secondary_key, AT, None),
    )
    return found._replace(**changes)


@dataclass
class World:
    """One order with one line of LAP, whose pieces were taken under one scenario or several."""

    kind: OrderKind
    pieces: dict[int, int]
    units: Sequence[FoundUnit] = ()
    head: Order | None = None
    started: Order | None = None
    imported: ImportedCount = field(default_factory=ImportedCount)
    pattern: str = ""
    rules: SiteRules = field(default_factory=SiteRules)
    suspects: dict[int, dict[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    secondary_strip: str = ""
    has_secondaries: bool = True
    """Has the sheet a column for them?"""

    def judge(self, *codes: Row, sku: str = "LAP", place: tuple[str, str, str] | None = None) -> Judgement:
        """Judge rows of these codes."""
        head = self.head or order(self.kind)
        product = Product(
            id=1,
            client_id=1,
            sku="LAP",
            description="",
            settings=TrackingSettings(),
            serial_pattern=self.pattern,
            serial_hint="",
            secondary_pattern="",
            secondary_hint="",
            secondary_strip=self.secondary_strip,
        )
        line = LineFacts(11, product, sum(self.pieces.values()), self.pieces, self.imported, "LAP")
        key = (head.warehouse, head.client, head.number)
        surroundings = Surroundings(
            self.started, {key: OrderFacts(head, {"LAP": line})}, {head.number: (head,)}, {1: CLIENT}
        )
        of_key = {key: one for one in self.units for key in (one.primary_key, one.secondary_key) if key}
        known: dict[int, dict[str, FoundUnit]] = {1: {}}
        for code, one in of_key.items():
            known.setdefault(one.product_id, {})[code] = one
        seen = Whereabouts(
            status=UnitStatus.PACKED, order_kind=SO, order_number="SO-9", at=AT, station="bench-2", operator="Ana"
        )
        facts = ImportFacts(
            surroundings,
            known,
            {one.id: replace(seen, status=one.status) for one in self.units},
            {3: Batch(id=3, file_name="first.xlsx", at=AT, operator="Ben", station="office", serials=2)},
            names=self.names,
        )
        parser = Parser()
        filled = [(*(place or key), sku, *row, "")[:6] for row in codes]
        parser.take(range(2, len(codes) + 2), list(zip(*filled, strict=True)))
        secondaries = {SECONDARY: "F"} if self.has_secondaries else {}
        columns = {PRIMARY: "E", **secondaries, "SKU": "D", "Client": "B", "Warehouse": "A"}
        sheet = SheetFacts("Sheet1", {**columns, f"{self.kind} Number": "C"}, self.suspects)
        return judge(self.rules, self.kind, sheet, parser.rows(()), facts, others_allowed=False)


def names(judgement: Judgement) -> list[tuple[str, str]]:
    """What was found, and where."""
    return [(problem.name, problem.where) for problem in judgement.problems]


class TestTheLine:
    """Which line rows are for."""

    def test_a_named_line_is_filled_and_counted(self) -> None:
        judgement = World(PO, {6: 3}, imported=ImportedCount(1)).judge(("a-1",), ("a-2",))
        assert not judgement.problems
        assert [line.text for line in judgement.lines] == ["PO-1 LAP 3 of 3, complete"]
        assert judgement.new[0].primaries == ["a-1", "a-2"]

    @pytest.mark.parametrize(
        ("place", "sku", "name", "column"),
        [
            (("W-EAST", "NORDWIND", "PO-2"), "LAP", "unknown-order", "C"),
            (("W-EAST", "OTHER", "PO-1"), "LAP", "wrong-client", "B"),
            (("W-WEST", "NORDWIND", "PO-1"), "LAP", "wrong-warehouse", "A"),
            (("W-EAST", "NORDWIND", "PO-1"), "", "empty", "D"),
            (("W-EAST", "NORDWIND", "PO-1"), "BOX", "not-on-order", "D"),
            (("W-EAST", "NORDWIND", "PO-1"), "4006381333931", "not-a-sku", "D"),
            (("W-EAST", "NORDWIND", "PO-1"), "NONE", "unknown-sku", "D"),
        ],
    )
    def test_rows_for_no_line_say_why(self, place: tuple[str, str, str], sku: str, name: str, column: str) -> None:
        judgement = World(PO, {6: 3}).judge(("a-1",), ("a-2",), sku=sku, place=place)
        assert names(judgement) == [(name, f"Sheet1!{column}2:{column}3")]

    @pytest.mark.parametrize(
        ("kind", "status", "name"),
        [
            (PO, OrderStatus.OPEN, "nothing-received"),
            (SO, OrderStatus.OPEN, "not-ready"),
            (SO, OrderStatus.CANCELLED, "not-ready"),
        ],
    )
    def test_an_order_that_takes_no_serials_now(self, kind: OrderKind, status: OrderStatus, name: str) -> None:
        assert names(World(kind, {6: 3}, head=order(kind, status=status)).judge(("a-1",))) == [(name, "Sheet1!C2")]

    def test_rows_of_another_order_than_the_import_was_started_from(self) -> None:
        world = World(PO, {6: 3}, started=order(PO, id=8, number="PO-8"))
        assert names(world.judge(("a-1",))) == [("other-order", "Sheet1!C2")]

    @pytest.mark.parametrize(("kind", "scenario"), [(PO, 0), (PO, 1), (SO, 1), (SO, 2)])
    def test_serials_that_are_scanned_or_not_tracked_are_not_imported(self, kind: OrderKind, scenario: int) -> None:
        assert names(World(kind, {scenario: 3}).judge(("a-1",))) == [("not-imported", "Sheet1!D2")]

    def test_more_serials_than_units(self) -> None:
        judgement = World(PO, {6: 3}, imported=ImportedCount(2)).judge(("a-1",), ("a-2",), ("a-3",))
        assert names(judgement) == [("too-many", "Sheet1!E2:E4")]
        assert judgement.problems[0].sentence == (
            "3 serials of LAP for PO PO-1, and 1 can still come: 3 received, 2 imported before. Take 2 out."
        )

    @pytest.mark.parametrize(
        ("rows", "found"),
        [
            # What goes when the file is mended takes no room.
            ((("a-1",), ("A-1",), ("a-2",)), ["twice-in-file"]),
            ((("x-1",), ("a-1",), ("a-2",)), ["in-use"]),
            # What will stand there in another spelling does.
            ((("é",), ("a-1",), ("a-2",)), ["bad-serial", "too-many"]),
            ((("LAP",), ("a-1",), ("a-2",)), ["product-not-serial", "too-many"]),
            ((("é",), ("a-1",)), ["bad-serial"]),
        ],
    )
    def test_which_refused_rows_take_room_on_the_line(self, rows: Sequence[Row], found: list[str]) -> None:
        packed = unit(8, "x-1", status=UnitStatus.PACKED, receiving_batch_id=None)
        judgement = World(PO, {6: 2}, units=[packed]).judge(*rows)
        assert sorted({problem.name for problem in judgement.problems}) == found

    def test_a_row_is_for_the_scenario_that_asks_for_as_many_codes(self) -> None:
        judgement = World(PO, {6: 1, 8: 1}).judge(("a-1",), ("a-2", "b-2"))
        assert not judgement.problems
        assert names(World(PO, {6: 1, 8: 1}).judge(("a-1",), ("a-2",))) == [("too-many", "Sheet1!E2:E3")]


class TestARowOfAPurchase:
    """Codes of units that are created."""

    @pytest.mark.parametrize(
        ("scenario", "row", "found"),
        [
            (7, ("a-1", ""), [("empty", "Sheet1!F2")]),
            (7, ("", "b-1"), [("empty", "Sheet1!E2")]),
            (7, ("a-1", "A-1"), [("same-code", "Sheet1!F2")]),
            (5, ("a-1", "b-1"), [("secondary-given", "Sheet1!F2")]),
            (5, ("LAP",), [("product-not-serial", "Sheet1!E2")]),
            (5, ("SS-UNDO",), [("command-not-serial", "Sheet1!E2")]),
            (5, ("a-1",), []),
        ],
    )
    def test_cells_and_what_is_no_serial(self, scenario: int, row: Row, found: list[tuple[str, str]]) -> None:
        assert names(World(PO, {scenario: 9}).judge(row)) == found

    @pytest.mark.parametrize(("has_secondaries", "way"), [(True, ". Fill it in."), (False, ". Add the column")])
    def test_a_secondary_that_is_needed_has_to_have_a_column(self, has_secondaries: bool, way: str) -> None:
        judgement = World(PO, {7: 3}, has_secondaries=has_secondaries).judge(("a-1",))
        assert names(judgement) == [("empty", "Sheet1!F2" if has_secondaries else "Sheet1, row 2")]
        assert way in judgement.problems[0].text

    def test_the_mark_of_a_secondary_stays_on_a_primary(self) -> None:
        judgement = World(PO, {5: 3}, secondary_strip="MAC:").judge(("MAC:AB12",))
        assert not judgement.problems
        assert judgement.new[0].primaries == ["MAC:AB12"]

    def test_a_code_twice_in_the_file(self) -> None:
        assert names(World(PO, {5: 9}).judge(("a-1",), ("a-2",), ("A-1",))) == [("twice-in-file", "Sheet1!E4")]

    def test_a_known_code_is_in_use_or_imported_already(self) -> None:
        here, moved = unit(1, "a-1", purchase_line_id=11), unit(2, "a-2", purchase_line_id=99)
        assert names(World(PO, {5: 9}, [here, moved]).judge(("a-1",), ("a-2",))) == [
            ("already-imported", "Sheet1!E2"),
            ("in-use", "Sheet1!E3"),
        ]

    def test_what_does_not_fit_the_pattern_and_what_a_program_may_have_changed(self) -> None:
        world = World(PO, {5: 9}, pattern="a-[0-9]", suspects={2: {PRIMARY: "was a number"}})
        assert names(world.judge(("a-1",), ("b-1",))) == [("pattern", "Sheet1!E3")]
        assert names(replace(world, pattern="").judge(("a-1",), ("b-1",))) == [("spoiled", "Sheet1!E2")]

    def test_what_only_needs_a_look_is_noted_of_rows_that_are_taken(self) -> None:
        judgement = World(PO, {5: 9}, names={"DOCK-2": "a station"}).judge(("S-NEXT",), ("dock-2",), ("a-1",))
        assert not judgement.problems
        assert [(note.name, note.rows) for note in judgement.notes] == [
            ("order-not-serial", (2,)),
            ("name-not-serial", (3,)),
        ]


class TestARowOfAShipment:
    """Codes of units that are packed, or that packing creates."""

    def test_received_units_are_taken_by_their_codes(self) -> None:
        units = [unit(1, "a-1", "b-1"), unit(2, "a-2", "b-2")]
        judgement = World(SO, {7: 2}, units).judge(("a-1", "b-1"), ("b-2", "a-2"))
        assert not judgement.problems
        assert judgement.taken[0].unit_ids == [1, 2]

    def test_a_unit_is_taken_by_its_secondary_with_its_mark_in_place_of_the_primary(self) -> None:
        known = [unit(21, "a-1", "AB12")]
        judgement = World(SO, {7: 1}, units=known, secondary_strip="MAC:").judge(("MAC:AB12",))
        assert not judgement.problems
        assert [taken.unit_ids for taken in judgement.taken] == [[21]]

    def test_a_unit_without_a_secondary_gets_it(self) -> None:
        judgement = World(SO, {8: 1}, [unit(1, "a-1")]).judge(("a-1", "b-1"))
        assert not judgement.problems
        assert [(number, code.text) for number, code in judgement.taken[0].added] == [(1, "b-1")]

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({"status": UnitStatus.PACKED}, "in-use"),
            ({"held_by": 4}, "held"),
            ({"warehouse_id": WEST, "warehouse": "W-WEST"}, "other-warehouse"),
            ({"status": UnitStatus.PACKED, "shipment_line_id": 11, "packing_batch_id": 3}, "already-imported"),
        ],
    )
    def test_a_unit_that_cannot_be_packed(self, changes: dict[str, Any], found: str) -> None:
        assert names(World(SO, {5: 2}, [unit(1, "a-1")._replace(**changes)]).judge(("a-1",))) == [(found, "Sheet1!E2")]

    @pytest.mark.parametrize(
        ("row", "found"),
        [
            (("a-1", "b-2"), "Sheet1!F2"),
            (("a-9", "b-1"), "Sheet1!E2"),
            (("a-1", "b-9"), "Sheet1!F2"),
        ],
    )
    def test_two_codes_that_are_not_one_units(self, row: Row, found: str) -> None:
        judgement = World(SO, {8: 2}, [unit(1, "a-1", "b-1"), unit(2, "a-2", "b-2")]).judge(row)
        assert names(judgement) == [("two-units", found)]

    def test_the_same_unit_by_its_other_code(self) -> None:
        judgement = World(SO, {7: 9}, [unit(1, "a-1", "b-1")]).judge(("a-1",), ("b-1",))
        assert [problem.name for problem in judgement.problems][-1] == "twice-in-file"

    def test_an_unknown_code_is_refused_or_created_as_the_site_says(self) -> None:
        world = World(SO, {6: 2})
        assert names(world.judge(("a-1",))) == [("unknown-serial", "Sheet1!E2")]
        creating = replace(world, rules=SiteRules(scenario6_unknown_serials="create"))
        assert creating.judge(("a-1",)).new[0].primaries == ["a-1"]

    def test_an_unknown_code_that_is_another_products(self) -> None:
        box = unit(5, "a-1", product_id=2)
        assert names(World(SO, {5: 2}, [box]).judge(("a-1",))) == [("serial-of-another", "Sheet1!E2")]

    def test_the_secondary_in_place_of_the_primary(self) -> None:
        assert names(World(SO, {5: 2}, [unit(1, "a-1", "b-1")]).judge(("b-1",))) == [("secondary-given", "Sheet1!E2")]


def test_cells_of_one_column_are_named_in_runs() -> None:
    assert cells("E", [2, 3, 4, 7]) == "E2:E4, E7"
    assert cells("", [12, 2]) == "2, 12"
    assert cells("E", range(2, 40, 2)).endswith("E24 and 7 more")
