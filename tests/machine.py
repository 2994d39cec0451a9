"""A machine that works at random in a real store, beside a model of RULES.md that says what should come of it.

Two stations and a third, two clients, two warehouses, orders over products of a few scenarios, and so few codes
that they are used twice all the time. After each act the word of the answer, the prompt, the counts, the reports,
the events and the codes must be what the model says, and a few things must be true of any store.
"""

import csv
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from scanstation.domain.codes import Code, read_code
from scanstation.domain.expected import ExpectedSerial
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.reports import Filters
from scanstation.domain.scan import Scan, Source
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import ARROWS, Move, OrderKind
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.units import Moved
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.store import catalog, moves, units, works
from scanstation.store import expected as lists
from scanstation.store import tables as t
from scanstation.store.store import Store
from scanstation.store.upkeep import findings
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.master_data import products
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import corrections, order_book, purchase_orders, shipment_orders, swapping
from scanstation.workflows.reports import reporting
from scanstation.workflows.scanning import downtime
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.site import Site
from tests import erp
from tests.builders import SETTINGS
from tests.builders import product as make_product
from tests.model import (
    ASKS,
    MOVES,
    NEW_AT_PACKING,
    PO,
    SO,
    Conversation,
    Expected,
    Line,
    Model,
    Order,
    Row,
    Said,
    Unit,
    Work,
    key,
)
from tests.workflows.sheets_to_load import STOCK_HEADER, Files

CLIENTS = ("ACME", "BOREAL")
WAREHOUSES = ("EAST", "WEST")
STATIONS = ("dock-1", "dock-2", "dock-3")
SERIALS = ("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4")
ODD_CODES = ("a1", "Ｂ２", "N-1", "n-3", "S-1", "P1", "p3", "47114", "X")
"""Spelled otherwise, numbers of orders, SKUs, a barcode, and a code that is nobody's."""
PATTERNS = {("BOREAL", "P3"): ("A[0-9]", "B[0-9]"), ("BOREAL", "P4"): ("A[0-9]|X", "[BS].[0-9]?")}
"""What the primary and the secondary serials of a product look like; of one, an order's number looks like a serial."""
MARKS = {("ACME", f"P{scenario}"): ("SN:", "SN:") for scenario in range(1, 9)} | {("BOREAL", "P3"): ("S", "")}
"""What the labels of a product have before its serials; one letter is a mark only where the rest fits the pattern."""
LOTS = ("L-1", "L-2")
OF_LISTS = ("unlisted", "wrong-list", "listed-otherwise")
KINDS = {PO: OrderKind.PURCHASE, SO: OrderKind.SHIPMENT}

PURCHASE_ACTS = ("receive", "receive", "close", "reopen", "bring back", "bring none back")
SHIPMENT_ACTS = ("ship", "ship", "override", "close", "cancel")
CORRECTIONS = ("unpack", "unpack", "unreceive", "unreceive", "correct", "lower", "dispose", "swap")

small = st.integers(0, 11)
seeds = st.integers(0, 2**32 - 1)


def make_products(site: Site) -> None:
    """A product of each scenario for each client, with a barcode, and another for a pack of two."""
    for client, scenario in itertools.product(CLIENTS, range(9)):
        barcodes = [Barcode(f"4711{scenario}"), Barcode(f"PACK{scenario}", 2)]
        primary, secondary = PATTERNS.get((client, f"P{scenario}"), ("", ""))
        strip, secondary_strip = MARKS.get((client, f"P{scenario}"), ("", ""))
        make_product(
            site,
            f"P{scenario}",
            scenario,
            client=client,
            barcodes=barcodes,
            pattern=primary,
            secondary_pattern=secondary,
            strip=strip,
            secondary_strip=secondary_strip,
        )


def marked(client: str, sku: str, code: str, pick: int) -> str:
    """A code as its label may spell it, mostly as it is."""
    mark = MARKS.get((client, sku), ("", ""))[0]
    if pick >= 3 or not code or (len(mark) == 1 and not code.startswith("A")):
        return code
    return f"{mark.lower() if pick == 0 and mark else mark}{' ' if pick == 1 and mark else ''}{code}"


def label_of(code: str, said: Said, *, of_second: bool) -> str:
    """A label in GS1-128 that has a code as its serial, or as its secondary one, with lot and use-by."""
    day = f"17{said.use_by.replace('-', '')[2:]}" if said.use_by else ""
    lot = f"10{said.lot}\x1d" if said.lot else ""
    return f"]C1{day}{lot}{'250' if of_second else '21'}{code}"


def place_of(order: Order) -> tuple[str, str, str]:
    return order.kind, order.client, order.number


def _load(tx: Connection, order: Order) -> int:
    """Put an order of the model into the store; answers its id."""
    client_id = catalog.client_id(tx, order.client)
    assert client_id is not None
    order_id: int = tx.execute(
        insert(t.orders)
        .values(
            kind=order.kind,
            warehouse_id=catalog.warehouse_id(tx, order.warehouse, create=True),
            client_id=client_id,
            number=order.number,
            number_key=order.number,
            partner="",
            reference="",
            due="",
            status=order.status,
        )
        .returning(t.orders.c.id)
    ).scalar_one()
    for sku, line in order.lines.items():
        product = catalog.product_by_sku(tx, client_id, sku)
        assert product is not None
        tx.execute(insert(t.order_line).values(order_id=order_id, product_id=product.id, ordered=line.ordered))
    return order_id


def _product_ids(tx: Connection) -> dict[tuple[str, str], int]:
    """Client and SKU → id."""
    rows = tx.execute(select(t.client.c.code, t.product.c.sku, t.product.c.id).join_from(t.product, t.client))
    return {(row.code, row.sku): row.id for row in rows}


class Warehouse(RuleBasedStateMachine):
    """Everything that people do to one store. What is only declared here is set where the machine is run."""

    open: Callable[[], Store]
    folder: Path
    scenarios: tuple[int, ...]
    make_model: type[Model] = Model

    def __init__(self) -> None:
        super().__init__()
        self.store = type(self).open()
        self.seen: object = None
        self.number = itertools.count(1)

    @initialize(
        turned=st.booleans(),
        quantities=st.lists(st.integers(1, 3), min_size=14, max_size=14),
        stock=st.lists(st.tuples(small, small, small, small), max_size=3),
        confirms=st.booleans(),
        creates6=st.booleans(),
        shifts=st.lists(st.tuples(small, st.integers(5, 20), seeds), min_size=3, max_size=6),
    )
    def begin(
        self,
        turned: bool,
        quantities: list[int],
        stock: list[tuple[int, int, int, int]],
        confirms: bool,
        creates6: bool,
        shifts: list[tuple[int, int, int]],
    ) -> None:
        rules = SiteRules(
            scenario6_unknown_serials="create" if creates6 else "refuse",
            over_receipt="confirm" if confirms else "refuse",
        )
        self.sites = {station: Site(self.store, "Ana", station, rules) for station in STATIONS}
        self.site = self.sites["dock-1"]
        quantity = iter(quantities)
        self.skus = [f"P{scenario}" for scenario in (self.scenarios[::-1] if turned else self.scenarios)]
        orders = [
            Order(kind, number, CLIENTS[client], WAREHOUSES[place], {sku: Line(next(quantity)) for sku in skus})
            for kind, number, client, place, skus in (
                (PO, "N-1", 0, 0, self.skus),
                (PO, "N-2", 0, 1, self.skus[:1]),
                (PO, "N-3", 1, 0, self.skus[:1]),
                (SO, "S-1", 0, 0, self.skus),
                (SO, "S-2", 0, 0, self.skus[:2]),
                (SO, "S-3", 1, 0, self.skus[:1]),
                (SO, "S-1", 1, 1, self.skus[:1]),
            )
        ]
        self.ids = self.store.act(lambda tx: {place_of(order): _load(tx, order) for order in orders})
        self.products = self.store.act(_product_ids)
        self.model = self.make_model(
            {(client, f"P{scenario}"): scenario for client in CLIENTS for scenario in range(9)},
            {(client, f"4711{scenario}"): (f"P{scenario}", 1) for client in CLIENTS for scenario in range(9)}
            | {(client, f"PACK{scenario}"): (f"P{scenario}", 2) for client in CLIENTS for scenario in range(9)},
            orders,
            patterns=PATTERNS,
            marks=MARKS,
            confirms_over_receipt=confirms,
            scenario6_creates=creates6,
        )
        self.announce(random.Random(repr(quantities)))
        self.prepare(random.Random(repr(quantities)))
        self.desks: dict[tuple[str, str], tuple[Desk, Conversation]] = {}
        for station, kind in itertools.product(STATIONS, KINDS):
            self.new_desk(station, kind)
        self.model.today = self.site.today.isoformat()
        self.opened: dict[tuple[str, str, str], Unit] = {}
        """Client, SKU and primary → what came as opening stock."""
        self.opening_stock(
            [
                (CLIENTS[owner // 9], self.skus[which % len(self.skus)], WAREHOUSES[place // 9], code)
                for owner, which, place, code in stock
            ]
        )
        for pick, steps, seed in shifts:  # so that not every run begins with an empty warehouse
            self.shift(*self.desk(pick), steps, seed)
        self.end_the_first_day(random.Random(repr(shifts)))

    def end_the_first_day(self, dice: random.Random) -> None:
        """What else has happened by then."""

    def announce(self, dice: random.Random) -> None:
        """§2.26: suppliers' lists, right and wrong ones."""
        stamp = self.site.stamp()
        of_lines = [(one, sku) for one in self.model.orders if one.kind == PO for sku in one.lines]

        def keep(tx: Connection) -> None:
            for order, sku in of_lines:
                if sku not in ("P1", "P2", "P3", "P4") or dice.random() < 0.5:
                    continue
                order_id = self.ids[place_of(order)]
                listed = [
                    ExpectedSerial(
                        order_id=order_id,
                        number=order.number,
                        primary=primary,
                        secondary=dice.choice((None, *SERIALS[4:])) if sku in ("P3", "P4") else None,
                    )
                    for primary in dice.sample(SERIALS[:5], dice.randint(1, 4))
                ]
                self.model.announced[id(order), sku] = [(row.primary, row.secondary) for row in listed]
                lists.add(tx, order_id, "asn", {self.products[order.client, sku]: listed}, stamp)

        self.store.act(keep)

    def prepare(self, dice: random.Random) -> None:
        """What else there is before anything is done."""

    def opening_stock(self, picks: list[tuple[str, str, str, int]]) -> None:
        """§2.18: units that were there before: of whom, what, where, and which."""
        rows = list[list[str]]()
        for client, sku, warehouse, pick in picks:
            two = self.model.products[client, sku] in (3, 4, 7, 8) and pick % 3 > 0
            primary, secondary = SERIALS[pick % 4], SERIALS[4 + pick % 4] if two else None
            codes = [code for code in (primary, secondary) if code]
            if not self.model.products[client, sku] or any(self.model.unit_of(client, sku, code) for code in codes):
                continue
            if (client, sku, primary) in self.opened or any(self.model.was_once(client, sku, code) for code in codes):
                continue  # what becomes of a row that was loaded before is in tests/workflows/test_loading.py
            use_by = self.site.today - timedelta(days=pick % 4 == 0)  # today it is still good
            said = Said(("L-1", "L-1", "L-2", "")[(pick // 4 + len(rows)) % 4], use_by.isoformat())
            unit = self.opened[client, sku, primary] = Unit(client, sku, warehouse, "Held", primary, secondary)
            self.model.open_stock("dock-1", unit, said)
            rows.append([warehouse, client, sku, primary, secondary or "", said.lot, said.use_by])
        self.load_stock(rows)

    def load_stock(self, rows: list[list[str]]) -> None:
        if rows:
            note(f"  opening stock {rows}")
            answer = load(self.site, [Files(self.folder)([*STOCK_HEADER, "Lot", "Expiry"], *rows)])
            assert not answer.refused, answer

    def teardown(self) -> None:
        found = findings(self.store) if self.store.path else []
        erp.compare(self.store)
        self.store.close()
        if self.store.path:
            self.store.path.unlink()
        assert found == [], f"what `db check` looks at: {found}"

    # Who acts, and on what

    def new_desk(self, station: str, kind: str) -> None:
        self.desks[station, kind] = (Desk(self.sites[station], KINDS[kind]), Conversation(station, kind))

    def desk(self, pick: int) -> tuple[Desk, Conversation]:
        """A desk; the third station is seldom at work."""
        station = STATIONS[(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2)[pick]]
        return self.desks[station, PO if pick % 2 else SO]

    def order(self, pick: int) -> tuple[Order, int]:
        order = self.model.orders[pick % len(self.model.orders)]
        return order, self.ids[place_of(order)]

    def compare(self, desk: Desk, conversation: Conversation, expected: Expected) -> None:
        """Is the answer, and what the desk shows, what the model says? What only lists ask is answered with yes."""
        asked: list[str] = []
        while desk.view.question and desk.view.verdict and desk.view.verdict.reason in OF_LISTS:
            asked.append(desk.view.verdict.reason)
            desk.yes()
        if expected.tone != "STOP":  # what is refused after all may have been asked about before
            self.compare_lists(conversation, asked)
        verdict = desk.view.verdict
        assert isinstance(verdict, Verdict)
        assert verdict.tone.value == expected.tone, (verdict, expected)
        if expected.reasons:
            assert verdict.reason in expected.reasons, (verdict, expected)
        assert bool(desk.view.question) == bool(conversation.question)
        assert desk.view.quantity == conversation.quantity
        work = conversation.work
        if work is None:
            assert desk.view.order is None
            assert desk.view.prompt is None
            return
        shown = desk.view.order
        assert shown is not None
        assert (shown.number, shown.client, shown.status.value) == (
            work.order.number,
            work.order.client,
            work.order.status,
        )
        self.compare_prompt(desk, work)
        assert bool(desk.view.prompt and desk.view.prompt.may_lack) == self.model.may_lack(work)
        for line in shown.lines:
            counts = work.order.lines[line.sku]
            owed = self.model.owed_in(work.order, line.sku)
            assert line.ordered == counts.wanted
            assert line.done == counts.done + self.model.in_work(work.order, line.sku) - owed

    @staticmethod
    def compare_lists(conversation: Conversation, asked: list[str]) -> None:
        """Was of a serial asked what the suppliers' lists make doubtful, and nothing else?"""
        work, standing = conversation.work, conversation.on_list
        if work is None or standing in ("", "expected"):
            assert asked == []
            if work:
                work.unlisted = work.unlisted if standing == "" else set()
        elif standing == "listed-otherwise":
            assert asked == [standing]
        elif work.is_wrong_list:
            assert asked == []
        else:
            code = work.entries[-1].code
            work.unlisted.add(key(code))
            work.is_wrong_list = asked == ["wrong-list"]
            # What was refused or taken back may count into the row, too.
            assert asked == ["unlisted"] or (work.is_wrong_list and len(work.unlisted) >= 3), (asked, work.unlisted)

    def compare_prompt(self, desk: Desk, work: Work) -> None:
        prompt, owed = desk.view.prompt, work.owed
        if owed is None:
            assert prompt is None
            return
        assert prompt is not None
        assert prompt.sku == owed.sku
        assert prompt.kind.value == work.asked
        assert prompt.either == (owed.asks == "E")
        if owed.unit is None:
            assert prompt.known == ""
        else:
            assert prompt.known == (owed.unit.primary if owed.has_primary else owed.unit.secondary)
        assert 1 <= prompt.unit <= work.order.lines[owed.sku].done + self.model.in_work(work.order, owed.sku)

    # At a desk

    def at_work(self, pick: int) -> tuple[Desk, Conversation]:
        """A desk with an order on it, if there is one."""
        busy = [desk for desk in self.desks.values() if desk[1].work]
        return busy[pick % len(busy)] if busy else self.desk(pick)

    def scan(
        self, desk: Desk, conversation: Conversation, code: str, said: Said | None = None, *, twice: bool = False
    ) -> None:
        """A code, or a label that has it as its serial and says something of its unit."""
        work, label = conversation.work, ""
        if said:
            of_second = bool(work and work.owed and work.asked == "secondary")
            label = label_of(code, said, of_second=of_second)
        note(f"  {conversation.station} {conversation.kind}: {code} {said or ''}{' twice' if twice else ''}")
        expected = self.model.scan(conversation, code, said or Said(), label)
        scan = Scan(label or code)
        desk.answer(scan)
        self.compare(desk, conversation, expected)
        if twice and self.was_kept(scan):
            desk.answer(scan)  # the answer was lost on its way, and the same scan is tried again
            conversation.quantity, conversation.on_list = 1, ""
            self.compare(desk, conversation, Expected("OK"))

    def was_kept(self, scan: Scan) -> bool:
        with self.store.read() as tx:
            return works.entry_of_op(tx, scan.op_id) is not None

    def command(
        self, desk: Desk, conversation: Conversation, act: str, *, scanned: bool = False, quantity: int = 0
    ) -> None:
        if act == "YES" and conversation.question and conversation.question[0] == "on-another-order":
            act = "NO"  # what a yes does to two orders is in tests/workflows/test_desk.py
        note(
            f"  {conversation.station} {conversation.kind}: {act} {'scanned' if scanned else 'by key'} {quantity or ''}"
        )
        expected = self.model.command(conversation, act, scanned=scanned, quantity=quantity)
        if scanned:
            desk.answer(Scan(f"SS-{act}" if act != "QTY" else f"SS-QTY-{quantity}"))
        elif act == "QTY":
            desk.set_quantity(quantity)
        else:
            {"UNDO": desk.undo, "CANCEL": desk.cancel, "COMPLETE": desk.complete, "YES": desk.yes, "NO": desk.no}[act]()
        self.compare(desk, conversation, expected)

    def shift(self, desk: Desk, conversation: Conversation, steps: int, seed: int) -> None:
        """What a person does in a while at one desk: mostly what is sensible, sometimes anything."""
        dice = random.Random(seed)
        for _ in range(steps):
            if dice.random() < (0.45 if conversation.work and conversation.work.owed else 0.65):
                self.do_the_sensible(desk, conversation, dice)
            else:
                self.do_anything(desk, conversation, dice)

    def do_the_sensible(self, desk: Desk, conversation: Conversation, dice: random.Random) -> None:
        work = conversation.work
        if conversation.question:
            self.command(desk, conversation, "YES")
        elif work is None or not work.is_open:
            open_now = [
                one
                for one in self.model.orders
                if one.kind == conversation.kind
                and one.takes_goods
                and any(self.goods_for(one, sku) for sku in one.lines)
            ]
            if open_now:
                self.choose(desk, conversation, dice.choice(open_now))
        elif owed := work.owed:
            fitting = [code for code in SERIALS if not self.model.serial_refusals(work, owed, code)]
            if self.model.may_lack(work) and dice.random() < 0.4:
                self.command(desk, conversation, "NO", scanned=dice.random() < 0.5)
            elif fitting:
                code = dice.choice(fitting)
                self.scan(desk, conversation, code, self.on_label(conversation, code, dice))
            else:
                self.command(desk, conversation, "CANCEL")
        elif (back := self.could_come_back(work.order)) and dice.random() < 0.5:
            self.scan(desk, conversation, dice.choice(back))
        elif skus := [sku for sku in work.order.lines if self.goods_for(work.order, sku)]:
            self.scan(desk, conversation, dice.choice(skus))
        else:
            self.command(desk, conversation, "COMPLETE" if work.quantity else "HOME", scanned=True)

    def do_anything(self, desk: Desk, conversation: Conversation, dice: random.Random) -> None:
        if dice.random() < 0.12:
            self.supervise(conversation, dice)
        elif dice.random() < 0.03:
            self.move_past_the_workflows(dice.randrange(12))
            self.grab_past_the_workflows(dice.choice(SERIALS))
        elif conversation.work is None:
            self.choose(desk, conversation, dice.choice(self.model.orders))
        elif conversation.question and dice.random() < 0.4:
            orders = [order.number for order in self.model.orders]
            self.scan(desk, conversation, dice.choice((*orders, *self.skus)))
        elif conversation.question:
            self.command(
                desk, conversation, dice.choice(("NO", "CANCEL", "COMPLETE", "YES")), scanned=dice.random() < 0.5
            )
        elif dice.random() < 0.2:
            acts = ("UNDO", "UNDO", "UNDO", "CANCEL", "COMPLETE", "YES", "NO")
            self.command(desk, conversation, dice.choice(acts), scanned=dice.random() < 0.5)
        elif conversation.work.owed and dice.random() < 0.3:
            self.scan_a_range(desk, conversation, dice)
        elif conversation.work.owed or dice.random() < 0.5:
            known = [unit.secondary or unit.primary or "" for unit in self.model.units]
            codes = dice.choice((SERIALS, ODD_CODES, known or SERIALS, known or SERIALS))
            owed, order = conversation.work.owed, conversation.work.order
            sku = owed.sku if owed else next(iter(order.lines))
            code = marked(order.client, sku, dice.choice(codes), dice.randrange(12))
            said = self.on_label(conversation, code, dice) if code in SERIALS else None
            self.scan(desk, conversation, code, said, twice=dice.random() < 0.1)
        else:
            if dice.random() < 0.3:
                self.command(desk, conversation, "QTY", scanned=True, quantity=dice.randint(2, 3))
            form = dice.choice(("P{}", "P{}", "p{}", "4711{}", "PACK{}"))
            self.scan(desk, conversation, form.format(dice.choice(self.skus)[1:]), twice=dice.random() < 0.1)

    def on_label(self, conversation: Conversation, code: str, dice: random.Random) -> Said | None:
        """What a label may say of the lot and the use-by of its unit, mostly what is so."""
        work = conversation.work
        if work is None or dice.random() < 0.5:
            return None
        owed, client, tomorrow = work.owed, work.order.client, (self.site.today + timedelta(days=1)).isoformat()
        skus = [owed.sku] if owed else [*work.order.lines]
        units = [one for sku in skus if (one := self.model.unit_of(client, sku, code))]
        unit = units[0] if units else owed.unit if owed else None
        kept = (unit.kept if unit else Said()).and_of(self.model.noted(work, owed) if owed else Said())
        past = (self.site.today - timedelta(days=1)).isoformat()
        said = Said(self.a_lot(client, skus[0], kept.lot, dice), dice.choice(("", "", kept.use_by, tomorrow, past)))
        said = kept.and_of(said) if dice.random() < 0.3 else said
        if any(self.model.announced.get((id(order), sku)) for order in self.model.orders for sku in skus):
            # A refusal or a question after the one that lists ask is in tests/workflows/test_against_lists.py.
            said = kept.and_of(Said("L-3", tomorrow))
        return said if said != Said() else None

    def a_lot(self, client: str, sku: str, kept: str, dice: random.Random) -> str:
        """A lot that a unit may be of, rather one on hold; or the one that it is of."""
        on_hold = [hold.lot for hold in self.model.lot_holds if (hold.client, hold.sku) == (client, sku)]
        return dice.choice((*LOTS, *on_hold, *on_hold, *([kept, kept.lower(), kept] if kept else [])))

    def scan_a_range(self, desk: Desk, conversation: Conversation, dice: random.Random) -> None:
        """§2.25: two ends, a look at all of it, one yes or none."""
        work = conversation.work
        if work is None or work.owed is None or conversation.question:
            return
        row = SERIALS[:4] if dice.random() < 0.7 else SERIALS[4:]
        at = dice.randrange(3)
        codes = list(row[at : at + dice.randint(2, 3)])
        units = [self.model.unit_of(work.order.client, work.owed.sku, code) for code in codes]
        corrected = {code for unit in self.model.units for code in unit.replaced}
        if corrected.intersection(codes) or any(unit and unit.po is None for unit in units):
            return  # what these would be asked about, or when they came in, is not known here
        note(f"  {conversation.station} {conversation.kind}: range {codes}")
        desk.answer(Scan("SS-RANGE"))
        if why := self.model.range_begins(work):
            self.compare(desk, conversation, Expected("STOP", frozenset({why})))
            return
        first = self.model.range_refusals(work, codes[:1])
        desk.answer(Scan(codes[0]))
        assert desk.view.verdict is not None
        assert (desk.view.verdict.tone.value == "STOP") == bool(first - {"range-origins"})
        if not first:
            desk.answer(Scan(codes[-1]))
            why_not = self.model.range_refusals(work, codes)
            assert desk.view.verdict is not None
            assert (desk.view.question is None) == bool(why_not), (desk.view.verdict, why_not)
            assert not why_not or desk.view.verdict.reason in why_not, (desk.view.verdict, why_not)
            if not why_not and dice.random() < 0.8:
                desk.yes()
                self.model.take_range(conversation, work, codes)
                self.compare(desk, conversation, Expected("OK"))
                return
            if not why_not:
                desk.no()
        desk.answer(Scan("SS-CANCEL"))  # drops the range; the serials stay owed
        self.compare(desk, conversation, Expected("OK"))

    def supervise(self, conversation: Conversation, dice: random.Random) -> None:
        if dice.random() < 0.3:
            self.something_else(conversation.station, dice)
        elif self.model.units and dice.random() < 0.25:
            codes = dice.choice((SERIALS, SERIALS, ODD_CODES))
            act = "unpack" if conversation.kind == SO else dice.choice(CORRECTIONS)
            self.mend(dice.randrange(12), act, dice.choice(codes), conversation.station)
        elif self.import_is_owed() and dice.random() < 0.4:
            self.bring_in_what_is_owed(dice.randrange(12), dice.randrange(12), dice.random() < 0.5, dice.random() < 0.3)
        elif conversation.kind == PO:
            self.see_to_a_purchase(dice.randrange(3), dice.choice(PURCHASE_ACTS), conversation.station)
        else:
            self.see_to_a_shipment(dice.randrange(12), dice.choice(SHIPMENT_ACTS))

    def something_else(self, station: str, dice: random.Random) -> None:
        """An act that has nothing to do with receiving and packing."""

    def choose(self, desk: Desk, conversation: Conversation, order: Order) -> None:
        note(f"  {conversation.station} {conversation.kind}: {order.number} of {order.client} from the list")
        expected = self.model.choose(conversation, order)
        desk.open_order(self.ids[place_of(order)])
        self.compare(desk, conversation, expected)

    def could_come_back(self, order: Order) -> list[str]:
        """The serials that an order may bring back."""
        away = [unit for unit in self.model.units if order.brings_back and unit.is_away and unit.client == order.client]
        return [code for unit in away for code in (unit.primary, unit.secondary) if code]

    def goods_for(self, order: Order, sku: str) -> bool:
        """Can a line take a unit, and is there one to be had?"""
        if not self.model.left(order, sku):
            return False
        if order.kind == PO or NEW_AT_PACKING.get(self.model.scenario(order, sku), True):
            return True
        place = (order.client, sku, order.warehouse)
        return any(unit.free and (unit.client, unit.sku, unit.warehouse) == place for unit in self.model.units)

    @rule(pick=small, steps=st.integers(5, 20), seed=seeds)
    def work_on(self, pick: int, steps: int, seed: int) -> None:
        self.shift(*self.desk(pick), steps, seed)

    @rule(station=st.sampled_from(STATIONS), steps=st.integers(5, 20), seed=seeds)
    def receive(self, station: str, steps: int, seed: int) -> None:
        self.shift(*self.desks[station, PO], steps, seed)

    @rule(station=st.sampled_from(STATIONS), steps=st.integers(5, 20), seed=seeds)
    def pack(self, station: str, steps: int, seed: int) -> None:
        self.shift(*self.desks[station, SO], steps, seed)

    @rule(pick=small, which=small)
    def scan_an_order(self, pick: int, which: int) -> None:
        self.scan(*self.desk(pick), self.order(which)[0].number)

    @rule(pick=small, which=small)
    def choose_an_order_from_the_list(self, pick: int, which: int) -> None:
        self.choose(*self.desk(pick), self.order(which)[0])

    @rule(pick=small, how=st.sampled_from(("home", "leave", "crash", "crash")))
    def walk_away(self, pick: int, how: str) -> None:
        """In a crash, what the desk remembered is gone; what it answered is not."""
        desk, conversation = self.at_work(pick)
        if how == "home":
            self.command(desk, conversation, "HOME", scanned=True)
        elif how == "leave":
            desk.leave()
            self.model.put_down(conversation)
            conversation.clear()
        else:
            self.new_desk(conversation.station, conversation.kind)

    @precondition(lambda self: any(work.is_open for work in self.model.works))
    @rule(station=st.sampled_from(STATIONS), which=small)
    def take_work_over(self, station: str, which: int) -> None:
        open_works = [work for work in self.model.works if work.is_open]
        theirs = open_works[which % len(open_works)]
        order_id = self.ids[place_of(theirs.order)]
        (found,) = (
            one.work.id for one in order_book.detail(self.site, order_id).works if one.work.station == theirs.station
        )
        self.settle(self.model.take_over(station, theirs), take_over(self.sites[station], found))

    # What a supervisor does

    @rule(which=small, seed=seeds)
    def enter_what_was_written_down(self, which: int, seed: int) -> None:
        """§2.16: a row comes to what its scans would come to, with yes to what they ask, and is complete at once."""
        dice = random.Random(seed)
        order, order_id = self.order(which)
        sku = dice.choice([*order.lines])
        asks = ASKS[order.kind][self.model.scenario(order, sku)]
        known = [unit.secondary or unit.primary or "" for unit in self.model.units] or SERIALS
        pairs = [
            marked(order.client, sku, dice.choice(dice.choice((SERIALS, known))), dice.randrange(12)) for _ in "12"
        ]
        codes, quantity = ([], dice.randint(1, 2)) if not asks else (pairs if asks == "2" else pairs[:1], 1)
        cells = [sku, *codes, *["", ""][len(codes) :], "" if codes else quantity]
        path = self.folder / f"written-{next(self.number)}.csv"
        path.write_text(f"SKU,Primary Serial Number,Secondary Serial Number,Quantity\n{','.join(map(str, cells))}\n")
        note(f"  written down on {order.number} of {order.client}: {cells}")
        expected = self.as_scanned(order, sku, codes, quantity)
        answer = downtime.enter(
            replace(self.site, station="office"),
            order_id,
            path,
            at=self.store.clock().astimezone().strftime("%Y-%m-%d %H:%M"),
            by="Ben",
            yes=True,
        )
        path.unlink()
        assert isinstance(answer, Refused) == (expected.tone == "STOP"), (answer, expected)
        if isinstance(answer, Refused) and expected.reasons:
            assert answer.reasons[0].name in expected.reasons, (answer, expected)

    def as_scanned(self, order: Order, sku: str, codes: list[str], quantity: int) -> Expected:
        """What becomes of a unit, or of goods, in work of its own; it leaves nothing where a scan is refused."""
        desk = Conversation("office", order.kind)
        expected = self.model.choose(desk, order)
        work, desk.quantity = desk.work, quantity
        if work is None:
            return expected
        for text in (sku, *codes):
            expected = self.model.scan(desk, text)
            while desk.question:
                expected = self.model.command(desk, "YES", scanned=False)
            if expected.tone == "STOP":
                while work.entries:
                    self.model.command(desk, "UNDO", scanned=False)
                self.model.put_down(desk)
                return expected
        for piece in work.pieces:
            piece.source = "downtime"
        self.model.command(desk, "COMPLETE", scanned=False)
        if desk.question:
            self.model.command(desk, "YES", scanned=False)
        return expected

    def settle(self, why: set[str], answer: Done | Refused) -> None:
        """Was an act refused if and only if a rule forbids it, and only for such rules?"""
        named = {reason.name for reason in answer.reasons} if isinstance(answer, Refused) else set()
        assert bool(named) == bool(why), (answer, why)
        assert named <= why, (answer, why)

    @rule(
        which=st.integers(0, 2),
        act=st.sampled_from(PURCHASE_ACTS),
        station=st.sampled_from(STATIONS),
    )
    def see_to_a_purchase_order(self, which: int, act: str, station: str) -> None:
        self.see_to_a_purchase(which, act, station)

    def see_to_a_purchase(self, which: int, act: str, station: str) -> None:
        order, order_id = self.order(which)
        note(f"  {station}: {act} {order.number} of {order.client}")
        if act == "receive":
            hindrance = purchase_orders.receive_all_hindrance(self.sites[station], order_id)
            why = self.model.receive_all(station, order)
            assert bool(hindrance) == bool(why)
            self.settle(why, purchase_orders.receive_all(self.sites[station], order_id))
        elif act.startswith("bring"):
            off = act == "bring none back"
            self.settle(
                self.model.mark_returns(order, off=off),
                purchase_orders.mark_returns(self.sites[station], order_id, "repaired", off=off),
            )
        elif act == "close":
            assert isinstance(purchase_orders.close_short(self.site, order_id, "\t"), Refused), "a reason is asked"
            self.settle(self.model.close_short(order), purchase_orders.close_short(self.site, order_id, "lost"))
        else:
            self.settle(self.model.reopen(order), purchase_orders.reopen(self.site, order_id, "found"))

    @rule(which=small, act=st.sampled_from(SHIPMENT_ACTS))
    def see_to_a_shipment_order(self, which: int, act: str) -> None:
        self.see_to_a_shipment(which, act)

    def see_to_a_shipment(self, which: int, act: str) -> None:
        fitting = [one for one in self.model.orders[3:] if one.status in ("Packing", "Ready to Ship")]
        self.end_a_shipment(
            fitting[which % len(fitting)] if fitting and which < 10 else self.model.orders[3 + which % 4], act
        )

    def end_a_shipment(self, order: Order, act: str) -> None:
        order_id = self.ids[place_of(order)]
        note(f"  {act} {order.number} of {order.client}")
        if act == "cancel":
            answer = shipment_orders.cancel(self.site, order_id, "not wanted")
            self.settle(self.model.cancel_order("dock-1", order), answer)
        elif act == "close":
            answer = shipment_orders.close_short(self.site, order_id, "out of stock")
            self.settle(self.model.close_short(order), answer)
        else:
            reason = "the truck waits" if act == "override" else None
            answer = shipment_orders.ship(self.site, order_id, without_serials_reason=reason)
            self.settle(self.model.ship("dock-1", order, override=reason is not None), answer)

    @precondition(lambda self: any(order.was_packed for order in self.model.orders) or self.model.units)
    @rule(
        which=small,
        act=st.sampled_from(CORRECTIONS),
        new=st.sampled_from(SERIALS + ODD_CODES),
        station=st.sampled_from(STATIONS),
    )
    def take_back_what_was_done(self, which: int, act: str, new: str, station: str) -> None:
        self.mend(which, act, new, station)

    def mend(self, which: int, act: str, new: str, station: str) -> None:
        """A correction, mostly of what it can be done to."""
        if act == "lower":
            self.lower(which, station)
            return
        if act == "swap":
            self.swap(which, station)
            return
        there = [unit for unit in self.model.units if unit.status != "Gone"]
        at_rest = [unit for unit in there if unit.held_by is None]
        packed = [unit for unit in at_rest if unit.status == "Packed"]
        received = [unit for unit in at_rest if unit.status == "Received"]
        if act in ("unpack", "unreceive") and bool(packed) is not bool(received):
            act = "unpack" if packed else "unreceive"
        fitting = {"unpack": packed, "unreceive": received, "dispose": received}.get(act, at_rest)
        found = fitting if fitting and which < 10 else there
        if not found:
            return
        unit, site = found[which % len(found)], self.sites[station]
        code = (which % 2 and unit.secondary) or unit.primary or unit.secondary or ""
        chosen = corrections.choose(site, code.lower(), client=unit.client, sku=unit.sku)
        assert not isinstance(chosen, Refused), chosen
        note(f"  {station}: {act} {code} of {unit.sku} of {unit.client} {new if act == 'correct' else ''}")
        if act == "unpack":
            self.settle(self.model.unpack(station, unit), corrections.unpack(site, chosen.unit.id, "wrong box"))
        elif act == "unreceive":
            self.settle(self.model.unreceive(station, unit), corrections.unreceive(site, chosen.unit.id, "never came"))
        elif act == "dispose":
            self.settle(self.model.dispose(station, unit), corrections.dispose(site, chosen.unit.id, "dropped"))
        else:
            new = marked(unit.client, unit.sku, new, which)
            why = self.model.correct(station, unit, code, new)
            self.settle(why, corrections.correct(site, chosen.unit.id, code, new, "misread"))

    def swap(self, which: int, station: str) -> None:
        packed = [unit for unit in self.model.units if unit.status == "Packed"]
        if not packed:
            return
        out = packed[which % len(packed)]
        alike = [unit for unit in self.model.units if (unit.client, unit.sku) == (out.client, out.sku)]
        with_codes = [unit for unit in alike if unit.status != "Gone" and (unit.primary or unit.secondary)]
        fitting = [unit for unit in with_codes if unit.free and unit.warehouse == out.warehouse]
        found = fitting if fitting and which < 10 else with_codes
        new = found[which // 2 % len(found)]
        assert out.so is not None
        assert out.primary is not None
        code = (which % 2 and new.secondary) or new.primary or new.secondary or ""
        on_hold = which % 3 == 0
        note(f"  {station}: swap {out.primary} for {code} of {new.sku} of {new.client}, on hold: {on_hold}")
        order_id = self.ids[place_of(out.so)]  # the model takes it out of its order
        before = out.primary  # and it may be gone
        why = self.model.swap(station, out, before, new, on_hold=on_hold)
        answer = swapping.swap(self.sites[station], order_id, before, code.lower(), "dented", on_hold=on_hold)
        self.settle(why, answer)

    def lower(self, which: int, station: str) -> None:
        orders = [one for one in self.model.orders if one.kind == PO]
        fitting = [one for one in orders if any(self.unbacked(one, sku) for sku in one.lines)]
        order = fitting[which % len(fitting)] if fitting and which < 10 else orders[which % len(orders)]
        skus = [sku for sku in order.lines if self.unbacked(order, sku)] or self.skus
        sku = skus[which % len(skus)]
        backed = self.model.present(order, sku) if sku in order.lines else 0
        to = max(0, backed + which % 4 - (which > 9))
        note(f"  {station}: lower {sku} of {order.number} of {order.client} to {to}")
        answer = corrections.lower(self.sites[station], self.ids[place_of(order)], sku, to, "counted again")
        self.settle(self.model.lower(order, sku, to), answer)

    def unbacked(self, order: Order, sku: str) -> int:
        return order.lines[sku].done - self.model.present(order, sku)

    @rule(owner=st.sampled_from(CLIENTS), which=small, to=small)
    def change_the_settings_of_a_product(self, owner: str, which: int, to: int) -> None:
        sku, scenario = self.skus[which % len(self.skus)], self.scenarios[to % len(self.scenarios)]
        if self.model.creates6 and {scenario, self.model.products[owner, sku]} == {5, 6}:
            return  # which of the two an imported serial was for shows only in whether it may be new
        note(f"  {sku} of {owner} becomes a product of scenario {scenario}")
        before = products.read(self.site, self.products[owner, sku])
        wanted = replace(before, record=replace(before.record, settings=SETTINGS[scenario]))
        self.settle(self.model.change_settings(owner, sku, scenario), products.save(self.site, before, wanted))

    # Serials by import

    def bring_in(self, kind: str, started: Order | None, rows: list[Row]) -> None:
        """Serials, now and then with lots and days; what is refused with these is mostly good without."""
        dice = random.Random(repr(rows))
        with_lots = [replace(row, said=self.in_row(row, dice)) for row in rows] if dice.random() < 0.5 else rows
        if not self.bring_in_file(kind, started, with_lots) and with_lots != rows:
            self.bring_in_file(kind, started, rows)

    def bring_in_file(self, kind: str, started: Order | None, rows: list[Row]) -> bool:
        note(f"  import {kind} {rows}")
        path = self.sheet(kind, rows)
        order_id = self.ids[place_of(started)] if started else None
        why = self.model.import_refusals(kind, started, rows)
        self.settle(why, importing.import_serials(self.site, KINDS[kind], path, order_id=order_id))
        path.unlink()
        if not why:
            with self.store.read() as tx:
                batch = tx.execute(select(func.max(t.import_batch.c.id))).scalar_one()
            self.model.import_rows("dock-1", kind, rows, batch)
        return not why

    def sheet(self, kind: str, rows: list[Row]) -> Path:
        number = next(self.number)
        header = ["Warehouse", "Client", f"{kind} Number", "SKU", "Primary Serial Number", "Secondary Serial Number"]
        body = [[row.warehouse, row.client, row.number, row.sku, row.primary, row.secondary] for row in rows]
        if any(row.said != Said() for row in rows):
            header += ["Lot", "Expiry"]
            body = [[*cells, row.said.lot, row.said.use_by] for cells, row in zip(body, rows, strict=True)]
        path = self.folder / f"serials-{number}.{'csv' if number % 2 else 'xlsx'}"
        if number % 2:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *body])
        else:
            with xlsxwriter.Workbook(path) as book:
                page = book.add_worksheet()
                for row, values in enumerate([header, *body]):
                    for column, value in enumerate(values):
                        page.write_string(row, column, value)
        return path

    def in_row(self, row: Row, dice: random.Random) -> Said:
        """What a row may say of the lot and the use-by of its unit, mostly what is so."""
        units = [one for code in row.codes if (one := self.model.unit_of(row.client, row.sku, code))]
        kept = units[0].kept if units else Said()
        if dice.random() < 0.4:
            return kept
        day = self.site.today + timedelta(days=dice.choice((-1, 0, 1)))
        return Said(self.a_lot(row.client, row.sku, kept.lot, dice), dice.choice(("", kept.use_by, day.isoformat())))

    def import_is_owed(self) -> bool:
        return any(self.model.owed_by_import(order, sku) for order in self.model.orders for sku in order.lines)

    def ready_for_import(self, which: int) -> Order:
        """An order that could take serials, if there is one."""
        open_now = [
            order for order in self.model.orders if any(self.model.owed_by_import(order, sku) for sku in order.lines)
        ] or self.model.orders
        return open_now[which % len(open_now)]

    @precondition(lambda self: self.import_is_owed())
    @rule(
        which=small,
        from_order=st.booleans(),
        picks=st.lists(st.tuples(small, st.sampled_from(SERIALS + ODD_CODES), small), min_size=1, max_size=2),
    )
    def import_some_serials(self, which: int, from_order: bool, picks: list[tuple[int, str, int]]) -> None:
        order = self.ready_for_import(which) if which < 9 else self.order(which)[0]
        rows = [
            Row(
                order.warehouse if pick < 11 else "WEST",
                order.client if pick != 10 else "ACME",
                order.number if pick != 9 else "S-2",
                (sku := self.skus[pick % len(self.skus)]),
                marked(order.client, sku, first, (pick + second) % 12) if second < 10 else "",
                ("", *SERIALS)[second] if second < 9 else "",
            )
            for pick, first, second in picks
        ]
        self.bring_in(order.kind, order if from_order else None, rows)

    @precondition(lambda self: self.import_is_owed())
    @rule(which=small, turn=small, from_order=st.booleans(), one_too_many=st.booleans())
    def import_what_is_owed(self, which: int, turn: int, from_order: bool, one_too_many: bool) -> None:
        self.bring_in_what_is_owed(which, turn, from_order, one_too_many)

    def bring_in_what_is_owed(self, which: int, turn: int, from_order: bool, one_too_many: bool) -> None:
        self.bring_in_for(self.ready_for_import(which), turn, from_order=from_order, one_too_many=one_too_many)

    def bring_in_for(self, order: Order, turn: int, *, from_order: bool, one_too_many: bool) -> None:
        rows: list[Row] = []
        for sku in order.lines:
            for _ in range(self.model.owed_by_import(order, sku)):
                rows += self.row_refused_for(set(), order, sku, rows, turn)
            if one_too_many:
                rows += self.row_refused_for({"too-many"}, order, sku, rows, turn)
        if rows:
            self.bring_in(order.kind, order if from_order else None, rows)

    def row_refused_for(self, why: set[str], order: Order, sku: str, rows: list[Row], turn: int) -> list[Row]:
        """One more row, if there is one with which the file is refused for just this."""
        pairs = [(first, "") for first in SERIALS] + list(itertools.permutations(SERIALS, 2))
        for first, second in pairs[turn:] + pairs[:turn]:
            row = Row(order.warehouse, order.client, order.number, sku, first, second)
            if self.model.import_refusals(order.kind, order, [*rows, row]) == why:
                return [row]
        return []

    @precondition(lambda self: any(self.model.imported_on(order) for order in self.model.orders))
    @rule(which=small, only_received=st.booleans(), station=st.sampled_from(STATIONS))
    def remove_a_file(self, which: int, only_received: bool, station: str) -> None:
        files = sorted(
            {
                (order.kind, unit.po_batch if order.kind == PO else unit.so_batch)
                for order in self.model.orders
                for unit in self.model.imported_on(order)
            }
        )
        kind, batch = files[which % len(files)]
        note(f"  {station}: remove batch {batch} of {kind}")
        answer = removing.remove_batch(self.sites[station], KINDS[kind], batch, only_received=only_received)
        self.settle(self.model.remove_batch(station, kind, batch, only_received=only_received), answer)

    @precondition(lambda self: any(self.model.imported_on(order) for order in self.model.orders))
    @rule(which=small, one_batch=st.booleans(), only_received=st.booleans(), station=st.sampled_from(STATIONS))
    def remove_serials(self, which: int, one_batch: bool, only_received: bool, station: str) -> None:
        fitting = [order for order in self.model.orders if self.model.imported_on(order)]
        order = fitting[which % len(fitting)] if which < 10 else self.order(which)[0]
        batches = sorted({unit.po_batch or unit.so_batch for unit in self.model.imported_on(order)})
        batch = batches[which % len(batches)] if one_batch and batches else None
        answer = removing.remove_serials(
            self.sites[station], KINDS[order.kind], self.ids[place_of(order)], batch=batch, only_received=only_received
        )
        self.settle(self.model.remove(station, order, batch, only_received=only_received), answer)

    # What no workflow does: the store must refuse it by itself

    def is_astray(self, act: Callable[[Connection], object]) -> bool:
        """Does the guard of a move refuse an act, before any constraint has to?"""
        try:
            with self.store.engine.begin() as tx:
                act(tx)
        except (ConcurrencyConflict, IntegrityError) as error:
            return isinstance(error, ConcurrencyConflict)
        return False

    @rule(which=small, code=st.sampled_from(SERIALS))
    def walk_round_the_workflows(self, which: int, code: str) -> None:
        self.move_past_the_workflows(which)
        self.grab_past_the_workflows(code)

    def move_past_the_workflows(self, which: int) -> None:
        """No unit makes a move that the rules do not know."""
        known = [unit for unit in self.model.units if unit.status != "Held"]
        if not known:
            return
        unit = known[which % len(known)]
        unit_id, stamp = self.find(unit), self.site.stamp()
        for what in Move:
            if what in ARROWS and (what.value, unit.status) not in MOVES:
                moved = [Moved(unit_id=unit_id, line_id=1, source=Source.SCAN)]
                assert self.is_astray(partial(moves.move, what=what, moved=moved, stamp=stamp)), (unit, what)

    def grab_past_the_workflows(self, code: str) -> None:
        """Neither a unit in somebody's hands nor a code in use can be taken."""
        with self.store.read() as tx:
            open_works = works.everywhere(tx)
        if not open_works:
            return
        work_id = open_works[0].work.id
        for unit in self.model.units:
            unit_id = self.find(unit)
            if not unit.free:
                assert self.is_astray(partial(units.hold, unit_id=unit_id, work_id=work_id)), unit
            if unit.has(code):
                folded = read_code(code)
                assert isinstance(folded, Code)
                with self.store.engine.connect() as tx:
                    product_id = units.known(tx, unit_id).product_id
                    other = units.hold_new(tx, product_id, 1, work_id)
                    with pytest.raises(IntegrityError):
                        units.add_code(tx, other, product_id, CodeKind.SECONDARY, folded)
                    tx.rollback()

    def find(self, unit: Unit) -> int:
        """The id of a unit, gone or not."""
        with self.store.read() as tx:
            unit_id: int | None = tx.execute(
                select(t.unit.c.id)
                .join(t.unit_code, t.unit_code.c.unit_id == t.unit.c.id)
                .join(t.product, t.product.c.id == t.unit.c.product_id)
                .join(t.client, t.client.c.id == t.product.c.client_id)
                .where(
                    t.unit.c.status == unit.status,
                    t.product.c.sku == unit.sku,
                    t.client.c.code == unit.client,
                    t.unit_code.c.text_key == key(unit.primary or unit.secondary),
                )
                .limit(1)
            ).scalar_one_or_none()
        assert unit_id is not None, f"{unit} is not in the store by this code"
        return unit_id

    # What must be true after each act

    @invariant()
    def the_store_holds_what_the_model_says(self) -> None:
        with self.store.read() as tx:
            assert Counter(map(tuple, tx.exec_driver_sql(_LINES))) == self.model.lines()
            assert Counter(map(tuple, tx.exec_driver_sql(_EVENTS))) == self.model.events
            codes = Counter((*row[:-1], bool(row[-1])) for row in tx.exec_driver_sql(_CODES))
            assert codes == self.model.codes()
            assert tx.exec_driver_sql(_NEVERS).all() == []

    @invariant()
    def screens_and_reports_show_it(self) -> None:
        """Looked at whenever something must have changed; that the store itself did not is looked at each time."""
        expected = self.model.shown_orders(), self.model.report()
        if expected == self.seen:
            return
        self.seen = expected
        orders = {
            (order.order.kind.value, order.order.client, order.order.number): (
                order.order.status.value,
                {
                    line.sku: (line.ordered, line.done, line.open, line.serials_needed, line.serials_present)
                    for line in order.lines
                },
            )
            for kind in KINDS.values()
            for order in order_book.listing(self.site, kind)
        }
        assert orders == expected[0]
        rows = reporting.rows(self.site, reporting.Report.SERIALS, Filters())
        report = Counter(
            (
                *(row.warehouse, row.client, row.sku, row.primary, row.secondary, row.hold is not None),
                *(row.status.value, row.purchase_order, row.shipment_order),
            )
            for row in rows
            if isinstance(row, reporting.SerialRow)
        )
        assert report == expected[1]


_LINES = """
    SELECT o.kind, c.code, o.number, o.status, p.sku, l.ordered, l.done, l.in_work, l.closed_short
    FROM order_line l JOIN orders o ON o.id = l.order_id
    JOIN client c ON c.id = o.client_id JOIN product p ON p.id = l.product_id"""

_EVENTS = """
    SELECT what, status, client, sku, primary_serial, secondary_serial, order_number, station, source
    FROM unit_event"""

_CODES = """
    SELECT c.code, p.sku, k.kind, k.text_key, u.status, w.code, coalesce(u.lot_key, ''), coalesce(u.use_by, ''),
        u.on_hold IS NOT NULL
    FROM unit_code k JOIN unit u ON u.id = k.unit_id JOIN warehouse w ON w.id = u.warehouse_id
    JOIN product p ON p.id = k.product_id JOIN client c ON c.id = p.client_id WHERE k.live"""

_NEVER = {
    "a unit whose status is not what its last event says": """
        SELECT u.id FROM unit u
        LEFT JOIN unit_event e ON e.id = (SELECT max(id) FROM unit_event WHERE unit_id = u.id)
        WHERE u.status <> coalesce(e.status, 'Held')""",
    "a unit that is gone and has a code, or is not and has none": """
        SELECT u.id FROM unit u LEFT JOIN unit_code c ON c.unit_id = u.id AND c.live
        GROUP BY u.id, u.status HAVING (u.status = 'Gone') = (count(c.id) > 0)""",
    "a code that a product has twice": """
        SELECT product_id, text_key FROM unit_code WHERE live GROUP BY product_id, text_key HAVING count(*) > 1""",
    "a unit in the hands of nobody, or of work that has ended": """
        SELECT u.id FROM unit u LEFT JOIN work w ON w.id = u.held_by
        LEFT JOIN return_piece r ON r.unit_id = u.id AND r.in_hand
        WHERE (u.status = 'Held' AND u.held_by IS NULL AND r.id IS NULL) OR w.status <> 'open'""",
    "a unit in transit on no transfer, or on one and not in transit": """
        SELECT u.id FROM unit u LEFT JOIN transfer_unit x ON x.unit_id = u.id AND x.leg = 'on the way'
        WHERE (u.status = 'In transit') = (x.id IS NULL)""",
    "a line whose counts are not those of its pieces": """
        SELECT l.id FROM order_line l
        LEFT JOIN piece p ON p.line_id = l.id LEFT JOIN work w ON w.id = p.work_id
        GROUP BY l.id, l.done, l.in_work
        HAVING l.in_work <> coalesce(sum(CASE WHEN w.status = 'open' THEN p.quantity END), 0)
            OR l.done <> coalesce(sum(CASE WHEN w.status = 'completed' THEN p.quantity END), 0)""",
    "a piece of open work whose unit is in other hands": """
        SELECT p.id FROM piece p JOIN work w ON w.id = p.work_id JOIN unit u ON u.id = p.unit_id
        WHERE w.status = 'open' AND coalesce(u.held_by, u.coming_to, 0) <> w.id""",
    "a piece that counts without the serials that were asked": """
        SELECT p.id FROM piece p JOIN work w ON w.id = p.work_id JOIN orders o ON o.id = w.order_id
        WHERE w.status = 'completed' AND (p.owed OR (p.unit_id IS NULL AND (
            (o.kind = 'PO' AND p.scenario IN (1, 3)) OR (o.kind = 'SO' AND p.scenario IN (1, 2, 3, 4)))))""",
}
"""What no store may ever hold: each query must find nothing."""

_NEVERS = " UNION ALL ".join(
    f"SELECT '{problem}' FROM ({query}) AS never_{number}" for number, (problem, query) in enumerate(_NEVER.items())
)
