"""The machine of tests/machine.py with the other half of the day: hold, unship, regrade, returns, transfers, counts."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Scan
from scanstation.domain.transfers import Missing
from scanstation.store import catalog, counts, return_lists, returns
from scanstation.store.store import Store, Transaction
from scanstation.workflows.orders import (
    corrections,
    count_book,
    finding,
    holding,
    lot_holding,
    regrading,
    return_book,
    shipment_orders,
    transfer_book,
)
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.scanning.transferring import TransferDesk
from scanstation.workflows.site import Site
from tests.machine import CLIENTS, LOTS, SERIALS, STATIONS, WAREHOUSES, Warehouse, place_of, seeds
from tests.model import PO, SO, Said, Unit, key
from tests.model_afterwards import ON_THE_WAY, Listed, Return, ReturnPaper, StockCount, Transfer, WholeModel

PLACES = {"dock-1": "EAST", "dock-2": "WEST", "dock-3": "EAST"}
RETURNS = {"R-A": "ACME", "R-B": "BOREAL"}
"""Returns that are expected by a list, and of whom."""
GOODS = "P0"
"""The product that goes by quantity everywhere."""
PEOPLE = ("Ana", "Ben")
REFUSED_AT_RETURNS = {
    *("serial-of-several", "in-return", "in-hand", "return-packed", "return-untracked", "pattern", "wrong-part"),
    *("nothing-taken", "nothing-owed", "serial-owed", "product-owed", "nothing-back", "not-away"),
    *("product-of-several", "one-by-one", "other-products-serial", "return-taken-over"),
}
REFUSED_AT_TRANSFERS = {
    *("transfer-closed", "serial-of-several", "unknown-code", "in-transit", "not-free", "other-warehouse", "reserved"),
    *("arrived", "not-on-the-way", "not-on-list", "nothing-taken", "moved-on", "not-so-many"),
    *("one-by-one", "product-of-several"),
}


class WholeDay(Warehouse):
    """Everything that people do to one store."""

    make_model = WholeModel
    model: WholeModel
    seen_sums: object = None

    def prepare(self, dice: random.Random) -> None:
        """Desks for what comes back and what is sent, and a return of each client."""
        on_hold = dice.random() < 0.5
        self.model.begin_the_day()
        self.model.returns_on_hold = on_hold
        rules = replace(self.site.rules, returns_on_hold=on_hold)
        self.sites = {station: replace(site, rules=rules) for station, site in self.sites.items()}
        self.site = self.sites["dock-1"]
        self.day_sites: dict[str, Site] = {
            station: replace(site, warehouse=PLACES[station]) for station, site in self.sites.items()
        }
        self.return_desks = {station: ReturnDesk(site) for station, site in self.day_sites.items()}
        self.transfer_desks = {station: TransferDesk(site) for station, site in self.day_sites.items()}
        self.skus_of: dict[str, str | None] = {}
        """The number of a count → the SKU that it is of alone."""
        self.model.papers = [ReturnPaper(number, client, self.listed(dice)) for number, client in RETURNS.items()]
        self.model.papers.append(ReturnPaper("R-C", "ACME"))
        stamp = self.site.stamp()

        def expect(tx: Transaction) -> None:
            for paper in self.model.papers:
                one = returns.create(tx, paper.number, catalog.client_id(tx, paper.client), stamp)
                rows = [
                    (self.products[paper.client, line.sku], line.serial, key(line.serial), line.quantity, line.order)
                    for line in paper.lines
                ]
                return_lists.add(tx, one.id, rows)

        self.store.act(expect)

    def listed(self, dice: random.Random) -> list[Listed]:
        """What a list expects of a return: some units by their serials, some by number, and goods."""
        lines = [Listed(GOODS, quantity=dice.randint(1, 3))]
        for sku in self.skus:
            serials = dice.sample(SERIALS[:4], dice.randint(0, 2))
            lines += [Listed(sku, serial, order=dice.choice(("", "S-1", "S-2"))) for serial in serials]
            if dice.random() < 0.6:
                lines.append(Listed(sku, quantity=dice.randint(1, 2), order=dice.choice(("", "S-1"))))
        return lines if dice.random() < 0.8 else []

    def something_else(self, station: str, dice: random.Random) -> None:
        """One of the acts of this half."""
        acts: Sequence[Callable[[str, random.Random], None]] = (
            self.hold_or_release,
            self.hold_or_release_a_lot,
            self.hold_or_release_a_lot,
            self.find_more_stock,
            self.find_more_stock,
            self.unship,
            self.regrade,
            self.regrade,
            self.bring_back_on_an_order,
            self.bring_back_on_an_order,
            self.come_back,
            self.come_back,
            self.come_back,
            self.send_or_take_in,
            self.send_or_take_in,
            self.count,
            self.count,
        )
        dice.choice(acts)(station, dice)

    def end_the_first_day(self, dice: random.Random) -> None:
        """Something has left, and much of this half was done, before any rule is run."""
        for _ in range(dice.randint(1, 2)):
            self.send_away(dice.choice(STATIONS), dice)
        for _ in range(dice.randint(20, 60)):
            self.something_else(dice.choice((*STATIONS, "dock-1")), dice)

    @rule(station=st.sampled_from(STATIONS), steps=st.integers(8, 24), seed=seeds)
    def take_in_what_comes_back(self, station: str, steps: int, seed: int) -> None:
        dice = random.Random(seed)
        if dice.random() < 0.5 or not any(unit.status == "Shipped" for unit in self.model.units):
            self.send_away(station, dice)
        for _ in range(steps):
            self.come_back(dice.choice(STATIONS) if dice.random() < 0.2 else station, dice)

    @rule(station=st.sampled_from(STATIONS), steps=st.integers(5, 15), seed=seeds)
    def transfer(self, station: str, steps: int, seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(steps):
            self.send_or_take_in(dice.choice(STATIONS) if dice.random() < 0.4 else station, dice)

    @rule(station=st.sampled_from(STATIONS), steps=st.integers(5, 15), seed=seeds)
    def count_what_is_there(self, station: str, steps: int, seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(steps):
            self.count(station, dice)

    def send_away(self, station: str, dice: random.Random) -> None:
        """A shipment order is packed and leaves, so that something can come back."""
        going = [
            order for order in self.model.orders if order.kind == SO and order.status not in ("Shipped", "Cancelled")
        ]
        desk, conversation = self.desks[station, SO]
        if not going:
            return
        order = dice.choice(going)
        if conversation.question:
            self.command(desk, conversation, "NO")
        if conversation.work and conversation.work.owed:
            self.command(desk, conversation, "CANCEL")
        if order.takes_goods:
            self.choose(desk, conversation, order)
        for _ in range(12):
            work = conversation.work
            if work is None or work.order is not order or not work.is_open:
                break
            self.do_the_sensible(desk, conversation, dice)
        self.end_a_shipment(order, "close")
        if any(self.model.owed_by_import(order, sku) for sku in order.lines):
            self.bring_in_for(order, dice.randrange(12), from_order=True, one_too_many=False)
        self.end_a_shipment(order, "override")

    @rule(station=st.sampled_from(STATIONS), seed=seeds)
    def mend_otherwise(self, station: str, seed: int) -> None:
        dice = random.Random(seed)
        dice.choice((self.hold_or_release, self.hold_or_release_a_lot, self.unship, self.regrade))(station, dice)

    # Units

    def pick(self, dice: random.Random, fitting: Callable[[Unit], bool]) -> Unit | None:
        """A unit, mostly one that fits."""
        there = [unit for unit in self.model.units if unit.status != "Gone" and (unit.primary or unit.secondary)]
        found = [unit for unit in there if fitting(unit)]
        if found and dice.random() < 0.8:
            return dice.choice(found)
        return dice.choice(there) if there else None

    @staticmethod
    def code_of(unit: Unit, dice: random.Random) -> str:
        return dice.choice([code for code in (unit.primary, unit.secondary) if code])

    def unit_id(self, unit: Unit) -> int:
        code = unit.primary or unit.secondary or ""
        chosen = corrections.choose(self.site, code, client=unit.client, sku=unit.sku)
        assert not isinstance(chosen, Refused), chosen
        return chosen.unit.id

    # Mending

    def hold_or_release(self, station: str, dice: random.Random) -> None:
        lifts = dice.random() < 0.4
        found = [self.pick(dice, lambda unit: unit.on_hold is lifts and unit.status != "Disposed") for _ in range(2)]
        chosen = list(dict.fromkeys(unit for unit in found[: dice.randint(1, 2)] if unit))
        if not chosen:
            return
        note(f"  {station}: {'release' if lifts else 'hold'} {[(unit.sku, unit.primary) for unit in chosen]}")
        ids, site = [self.unit_id(unit) for unit in chosen], self.sites[station]
        if lifts:
            self.settle(self.model.release(station, chosen), holding.release(site, ids, "looked at"))
        else:
            self.settle(self.model.hold(station, chosen), holding.hold(site, ids, "wet"))

    def hold_or_release_a_lot(self, station: str, dice: random.Random) -> None:
        """§2.23: a SKU and a lot, of what there is and of what comes."""
        unit, lifts, site = self.pick(dice, lambda unit: bool(unit.kept.lot)), dice.random() < 0.4, self.sites[station]
        stands = self.model.lot_holds
        if lifts and stands and dice.random() < 0.8:
            client, sku, lot = (one := dice.choice(stands)).client, one.sku, one.lot
        elif unit and unit.kept.lot and dice.random() < 0.8:
            client, sku, lot = unit.client, unit.sku, unit.kept.lot
        else:
            client, sku, lot = dice.choice(CLIENTS), dice.choice(self.skus), dice.choice(LOTS)
        lot, reason = dice.choice((lot, lot.lower())), dice.choice(("recall", "smells"))
        note(f"  {station}: {'release' if lifts else 'hold'} lot {lot} of {sku} of {client}")
        if lifts:
            why = self.model.release_lot(station, client, sku, lot)
            self.settle(why, lot_holding.release(site, sku, lot, "tested", client=client))
        else:
            why = self.model.hold_lot(station, client, sku, lot, reason)
            self.settle(why, lot_holding.hold(site, sku, lot, reason, client=client))

    def find_more_stock(self, station: str, dice: random.Random) -> None:
        """§2.18, 2.29: opening stock that comes late, or a sheet that knows more of what was there."""
        if dice.random() < 0.6:
            picks = [(dice.choice(CLIENTS), dice.choice(self.skus), dice.choice(WAREHOUSES), dice.randrange(12))]
            self.opening_stock(picks)
            return
        as_loaded = [
            unit
            for product, unit in self.opened.items()
            if (unit.client, unit.sku, unit.primary) == product
            and unit.status != "Gone"
            and not (unit.replaced or unit.lists or unit.has_come_back)
        ]
        if not as_loaded:
            return
        unit = dice.choice(as_loaded)
        said = Said(self.a_lot(unit.client, unit.sku, unit.kept.lot, dice))
        self.model.give("dock-1", unit, said, "opening")
        self.load_stock([[unit.warehouse, unit.client, unit.sku, unit.primary or "", "", said.lot, ""]])

    def unship(self, station: str, dice: random.Random) -> None:
        orders = [order for order in self.model.orders if order.kind == SO]
        left = [order for order in orders if order.status == "Shipped"]
        order = dice.choice(left if left and dice.random() < 0.8 else orders)
        note(f"  {station}: unship {order.number} of {order.client}")
        answer = shipment_orders.unship(self.sites[station], self.ids[place_of(order)], "the truck broke down")
        self.settle(self.model.unship(station, order), answer)

    def regrade(self, station: str, dice: random.Random) -> None:
        unit = self.pick(dice, lambda unit: unit.stands)
        if unit is None:
            return
        caught = [hold.sku for hold in self.model.lot_holds if key(unit.kept.lot) == hold.lot]
        sku = dice.choice(caught if caught and dice.random() < 0.5 else self.skus)
        note(f"  {station}: regrade {unit.primary} of {unit.sku} of {unit.client} to {sku}")
        unit_id = self.unit_id(unit)  # before the model makes it another product's
        why = self.model.regrade(station, unit, sku)
        self.settle(why, regrading.regrade(self.sites[station], unit_id, sku.lower(), "opened"))

    # Desks

    def answered(self, why: set[str], desk: Desk, refusals: set[str]) -> None:
        """Was a scan refused if and only if a rule forbids it?"""
        verdict = desk.view.verdict
        assert verdict is not None
        assert desk.view.question is None, verdict
        if why:
            assert verdict.reason in why, (verdict, why)
        else:
            assert verdict.reason not in refusals, verdict

    def come_back(self, station: str, dice: random.Random) -> None:
        """One scan or key at the return desk."""
        desk, work = self.return_desks[station], self.model.at_returns.get(station)
        if dice.random() < 0.1:
            note(f"  {station}: returns, started anew")
            self.return_desks[station] = ReturnDesk(self.day_sites[station])
            self.model.shown_returns.pop(station, None)
        elif self.model.is_taken_over(station):
            desk.answer(Scan("SS-UNDO"))
            self.answered({"return-taken-over"}, desk, REFUSED_AT_RETURNS)
            del self.model.shown_returns[station]
            return
        if dice.random() < 0.08:
            self.close_a_return(dice)
        elif work is None and dice.random() < 0.3:
            self.begin_with_a_unit(station, dice)
        elif work is None:
            self.open_a_return(station, dice)
        elif dice.random() < 0.2:
            self.key_at_returns(station, dice)
        elif work.owing is None and dice.random() < 0.3:
            self.scan_a_product_that_came_back(station, dice)
        elif work.owing is None or work.owing.owed == "serial":
            self.scan_what_came_back(station, dice)
        elif work.owing.owed == "product":
            sku = dice.choice(self.skus)
            if work.client and self.model.unit_of(work.client, sku, work.owing.code):
                return  # it came in since
            note(f"  {station}: {work.owing.code} is a {sku}")
            self.scan_at_returns(station, sku, self.model.say_whose(work, sku))
        else:
            other = self.model.other_code(work.owing)
            code = dice.choice((other, other, dice.choice(SERIALS), None))
            note(f"  {station}: the other code {code}")
            self.scan_at_returns(station, code or "SS-NO", self.model.give_other_code(work, code))
        work, shown = self.model.at_returns.get(station), self.return_desks[station].view.order
        if station in self.model.shown_returns:
            assert (shown.in_hand if shown else 0) == (work.count if work else 0)

    def scan_at_returns(self, station: str, text: str, why: set[str]) -> None:
        desk = self.return_desks[station]
        desk.answer(Scan(text))
        self.answered(why, desk, REFUSED_AT_RETURNS)
        self.model.look_at_returns(station)

    def close_a_return(self, dice: random.Random) -> None:
        paper = dice.choice(self.model.papers)
        if paper.number == "R-A" and dice.random() < 0.5:
            return  # or soon none would be open
        note(f"  close return {paper.number}")
        chosen = return_book.choose(self.site, paper.number)
        assert not isinstance(chosen, Refused)
        self.settle(self.model.close_paper(paper), return_book.close(self.site, chosen.id))

    def open_a_return(self, station: str, dice: random.Random) -> None:
        """By its number; what another station left open of it may be taken over."""
        desk, paper = self.return_desks[station], dice.choice(self.model.papers[:3])
        note(f"  {station}: return {paper.number}")
        desk.answer(Scan(paper.number))
        takes_over = False
        for question in self.model.opening_asks(paper):
            assert desk.view.question
            assert desk.view.verdict is not None
            assert desk.view.verdict.reason == question
            takes_over = dice.random() < 0.6
            note(f"  {station}: {question}, {'yes' if takes_over else 'no'}")
            (desk.yes if takes_over else desk.no)()
            if question == "return-closed" and not takes_over:
                return
            takes_over = takes_over and question == "return-elsewhere"
        assert desk.view.question is None
        self.model.open_return(station, PLACES[station], paper, take_over=takes_over)

    def begin_with_a_unit(self, station: str, dice: random.Random) -> None:
        """§2.22: the first unit opens the one return whose list has it, or one without a number."""
        listed = [unit for unit in self.model.units if unit.is_away and self.model.paper_of(unit)]
        unit = dice.choice(listed) if listed else self.pick(dice, lambda unit: unit.is_away)
        if unit is None or not unit.is_away:
            return
        code = self.code_of(unit, dice)
        if any(one.has(code) or key(code) in one.replaced for one in self.model.units if one is not unit):
            return  # which of them is meant is asked, once a return is open
        desk, paper = self.return_desks[station], self.model.paper_of(unit)
        note(f"  {station}: {code} comes back first, on {paper.number if paper else 'no list'}")
        desk.answer(Scan(code))
        assert desk.view.order is not None
        number = desk.view.order.number
        assert (number == paper.number) if paper else (number not in {one.number for one in self.model.papers})
        if paper is None:
            paper = ReturnPaper(number, "", is_of_house=True)
            self.model.papers.append(paper)
        self.model.open_return(station, PLACES[station], paper)
        self.answered(self.model.take_back_in(self.model.at_returns[station], code), desk, REFUSED_AT_RETURNS)
        self.compare_tone(desk, self.model.at_returns[station])

    def scan_a_product_that_came_back(self, station: str, dice: random.Random) -> None:
        """Goods by quantity, or a product whose serial is owed then."""
        desk, work = self.return_desks[station], self.model.at_returns[station]
        sku, many = dice.choice((GOODS, GOODS, *self.skus)), dice.choice((1, 1, 2, 3))
        pack = dice.random() < 0.2
        note(f"  {station}: {many} × {'pack of ' * pack}{sku} back")
        if many != 1:
            desk.answer(Scan(f"SS-QTY-{many}"))
        before = len(work.pieces)
        self.scan_at_returns(
            station, f"PACK{sku[1:]}" if pack else sku, self.model.take_goods_back(work, sku, many * (1 + pack))
        )
        if len(work.pieces) > before and not work.pieces[-1].owed:
            assert desk.view.verdict is not None
            assert desk.view.verdict.tone.value == ("CHECK" if work.pieces[-1].has_doubt else "OK")
        if desk.view.quantity != 1:
            desk.answer(Scan("SS-CANCEL"))  # it stayed armed

    @staticmethod
    def compare_tone(desk: Desk, work: Return) -> None:
        """Is a unit that no list expects so, or that is on hold, said to be looked at?"""
        piece = work.pieces[-1]
        if piece.owed or piece.unit is None:
            return
        assert desk.view.verdict is not None
        doubtful = piece.is_unknown or (piece.has_doubt and not work.paper.is_closed) or piece.unit.on_hold
        if doubtful or not work.paper.is_closed:
            assert desk.view.verdict.tone.value == ("CHECK" if doubtful else "OK"), desk.view.verdict

    def key_at_returns(self, station: str, dice: random.Random) -> None:
        desk, work = self.return_desks[station], self.model.at_returns[station]
        act = dice.choice(("undo", "undo", "cancel", "complete", "complete", "complete"))
        note(f"  {station}: {act} at returns")
        {"undo": desk.undo, "cancel": desk.cancel, "complete": desk.complete}[act]()
        self.model.look_at_returns(station)
        why = {
            "undo": self.model.undo_return,
            "cancel": self.model.cancel_return,
            "complete": self.model.complete_return,
        }[act](work)
        self.answered(why, desk, REFUSED_AT_RETURNS)
        if act == "complete" and not why:
            self.model.shown_returns.pop(station, None)

    def scan_what_came_back(self, station: str, dice: random.Random) -> None:
        desk, work = self.return_desks[station], self.model.at_returns[station]
        of_product = work.owing.product if work.owing else ""
        unit = self.pick(dice, lambda unit: unit.is_away and of_product in ("", unit.sku))
        code = self.code_of(unit, dice) if unit and dice.random() < 0.85 else dice.choice(SERIALS)
        if any(code.upper() in unit.replaced for unit in self.model.units):
            return  # what this would be asked about is in tests/workflows/test_returning.py
        note(f"  {station}: {code} comes back")
        desk.answer(Scan(code))
        self.model.look_at_returns(station)
        question = self.model.return_asks(work, code)
        assert bool(desk.view.question) == bool(question), desk.view.verdict
        if question:
            assert desk.view.verdict is not None
            assert desk.view.verdict.reason == question
            if dice.random() < 0.3:
                desk.no()
                return
            desk.yes()
        owed = work.owing is not None
        why = self.model.name_the_unit(work, code) if owed else self.model.take_back_in(work, code)
        self.answered(why, desk, REFUSED_AT_RETURNS)
        if not why:
            self.compare_tone(desk, work)

    def bring_back_on_an_order(self, station: str, dice: random.Random) -> None:
        """§2.22: a purchase order that brings units back, scanned for a while; then what its import owes."""
        orders = [order for order in self.model.orders if order.kind == PO]
        order = dice.choice([one for one in orders if one.takes_goods] or orders)
        if not order.brings_back:
            self.see_to_a_purchase(orders.index(order), "bring back", station)
        desk, conversation = self.desks[station, PO]
        if not conversation.question and not (conversation.work and conversation.work.owed) and order.takes_goods:
            self.choose(desk, conversation, order)
        self.shift(desk, conversation, dice.randint(3, 8), dice.randrange(2**32))
        if any(self.model.owed_by_import(order, sku) for sku in order.lines):
            self.bring_in_for(order, dice.randrange(12), from_order=True, one_too_many=False)

    # Transfers

    def send_or_take_in(self, station: str, dice: random.Random) -> None:
        """A transfer is begun, scanned at one of its ends, or closed."""
        chance = dice.random()
        if not self.model.transfers or chance < 0.1:
            sending, to = dice.sample(WAREHOUSES, 2)
            note(f"  {station}: transfer from {sending} to {to}")
            self.settle(set(), transfer_book.begin(self.sites[station], sending, to))
            self.model.begin_transfer(sending, to)
            return
        of = dice.choice(self.model.transfers)
        if chance < 0.2:
            missing = dice.choice((None, *Missing))
            note(f"  {station}: close {of.number}, missing {missing}")
            chosen = transfer_book.choose(self.site, of.number)
            assert not isinstance(chosen, Refused)
            answer = transfer_book.close(self.sites[station], chosen.id, missing, "nobody knows")
            self.settle(self.model.close_transfer(station, of, missing.value if missing else None), answer)
            return
        if dice.random() < 0.1:
            note(f"  {station}: transfers, started anew")
            self.transfer_desks[station] = TransferDesk(self.day_sites[station])
        if dice.random() < 0.2:
            self.goods_by_command(station, of, dice)
            return
        desk, sends = self.transfer_desks[station], PLACES[station] == of.sending
        desk.answer(Scan(of.number))
        if sends and of.is_closed:
            self.answered({"transfer-closed"}, desk, REFUSED_AT_TRANSFERS)
            desk.answer(Scan("SS-HOME"))
            return
        for _ in range(dice.randint(1, 3)):
            self.scan_at_transfer(station, of, dice, sends=sends)

    def scan_at_transfer(self, station: str, of: Transfer, dice: random.Random, *, sends: bool) -> None:
        desk = self.transfer_desks[station]
        if dice.random() < 0.25:
            note(f"  {station}: undo on {of.number}")
            desk.undo()
            self.answered(self.model.undo_transfer(station, of), desk, REFUSED_AT_TRANSFERS)
            return
        if dice.random() < 0.25:
            self.scan_goods_at_transfer(station, of, dice, sends=sends)
            return
        going = [leg.unit for leg in of.legs if leg.state == ON_THE_WAY]
        unit = self.pick(
            dice, (lambda one: one.stands and one.warehouse == of.sending) if sends else lambda one: one in going
        )
        code = self.code_of(unit, dice) if unit else dice.choice(SERIALS)
        if any(code.upper() in one.replaced for one in self.model.units):
            return  # what this would be asked about is in tests/workflows/test_transferring.py
        note(f"  {station}: {code} {'goes out' if sends else 'arrives'} on {of.number}")
        desk.answer(Scan(code))
        if sends:
            self.answered(self.model.send(station, of, code), desk, REFUSED_AT_TRANSFERS)
            return
        why = self.model.take_in(station, of, code, is_here=False)
        assert (desk.view.question is not None) == (why == {"not-on-list"}), (desk.view.verdict, why)
        if desk.view.question is None:
            self.answered(why, desk, REFUSED_AT_TRANSFERS)
        elif dice.random() < 0.6:
            desk.yes()
            self.answered(self.model.take_in(station, of, code, is_here=True), desk, REFUSED_AT_TRANSFERS)
        else:
            desk.no()

    def goods_by_command(self, station: str, of: Transfer, dice: random.Random) -> None:
        """§2.27: goods without serials by quantity; of whom they are is said."""
        client, sku, many = dice.choice(CLIENTS), dice.choice((GOODS, GOODS, *self.skus)), dice.randint(1, 3)
        chosen, site, what = transfer_book.choose(self.site, of.number), self.sites[station], dice.random()
        assert not isinstance(chosen, Refused)
        note(f"  {station}: {many} of {sku} of {client} {'in' if what < 0.4 else 'out'} on {of.number}, by command")
        if what < 0.6:
            answer = transfer_book.send_goods(site, chosen.id, client, sku, many)
            self.settle(self.model.send_goods(of, client, sku, many), answer)
        elif what < 0.8:
            answer = transfer_book.take_in_goods(site, chosen.id, client, sku, many)
            self.settle(self.model.take_in_goods(of, client, sku, many), answer)
        else:
            place = dice.choice(WAREHOUSES)
            answer = finding.goods_found(site, chosen.id, client, sku, many, "behind the shelf", warehouse=place)
            self.settle(self.model.find_goods(of, client, sku, many, place), answer)

    def scan_goods_at_transfer(self, station: str, of: Transfer, dice: random.Random, *, sends: bool) -> None:
        listed = [sku for _, sku in sorted(of.on_list())] or [GOODS]
        desk, sku, many = (
            self.transfer_desks[station],
            dice.choice((*listed, *listed, *self.skus)),
            dice.choice((1, 2, 3)),
        )
        pack = dice.random() < 0.2
        note(f"  {station}: {many} × {'pack of ' * pack}{sku} {'go out' if sends else 'arrive'} on {of.number}")
        if many != 1:
            desk.answer(Scan(f"SS-QTY-{many}"))
        desk.answer(Scan(f"PACK{sku[1:]}" if pack else sku))
        why = self.model.scan_goods(station, of, sku, many * (1 + pack), sends=sends)
        self.answered(why, desk, REFUSED_AT_TRANSFERS)
        if desk.view.quantity != 1:
            desk.answer(Scan("SS-CANCEL"))  # it stayed armed

    # Counts

    def count(self, station: str, dice: random.Random) -> None:
        """A count is begun, scanned, ended, looked at again, or what it lacks is written off or found."""
        person = dice.choice(PEOPLE)
        site = replace(self.sites[station], operator=person)
        of = dice.choice(self.model.counts) if self.model.counts else None
        chance = dice.random()
        if of is None or chance < 0.1:
            self.begin_count(site, dice)
        elif chance < 0.2:
            client, sku, many = dice.choice(CLIENTS), dice.choice((GOODS, *self.skus)), dice.randint(1, 3)
            note(f"  {station}, {person}: {many} of {sku} of {client} are there on {of.number}")
            why = self.model.count_goods(station, person, of, client, sku, many, self.skus_of.get(of.number))
            self.settle(why, count_book.count_goods(site, self.count_id(of), client, sku, many))
        elif chance < 0.55 and of.is_open:
            self.scan_on_count(site, of, dice)
        elif chance < 0.65:
            note(f"  {station}: undo on {of.number}")
            self.settle(self.model.undo_count(station, of), count_book.undo(site, self.count_id(of)))
        elif chance < 0.75 or (of.is_open and chance < 0.85):
            note(f"  {station}, {person}: close {of.number}")
            self.settle(self.model.close_count(station, person, of), count_book.close(site, self.count_id(of)))
            shown = count_book.detail(self.site, self.count_id(of))
            assert shown.missing == (None if of.is_open or of.is_partial else len(of.missing))
        elif chance < 0.85:
            note(f"  {station}, {person}: second round of {of.number}")
            self.settle(self.model.look_again(person, of), count_book.begin_again(site, self.count_id(of)))
        elif chance < 0.93:
            note(f"  {station}: write off what {of.number} lacks")
            self.settle(
                self.model.write_off(station, of), count_book.write_off(site, self.count_id(of), [], "searched")
            )
        elif unit := self.pick(dice, lambda one: one.status == "Disposed"):
            place = dice.choice(WAREHOUSES)
            note(f"  {station}: {unit.primary} of {unit.sku} of {unit.client} is found again in {place}")
            answer = finding.found_again(site, self.unit_id(unit), "behind the shelf", warehouse=place)
            self.settle(self.model.find_again(station, unit, place), answer)

    @invariant()
    def returns_transfers_and_counts_add_up(self) -> None:
        """What has come back, is on the way and was counted; looked at whenever it must have changed."""
        expected = self.model.sums()
        if expected == self.seen_sums:
            return
        self.seen_sums = expected
        back = {
            one.of.number: (
                *(one.of.status.value == "Closed", one.sums.done, one.sums.unknown, one.sums.open),
                [came for _, came in one.expected],
            )
            for one in return_book.listed(self.site)
        }
        assert {number: row for number, row in back.items() if row[1] or row[3] or row[4]} == expected[0]
        goods = {
            (of.of.number, one.client, one.sku): (one.sent, one.arrived, one.back, one.lost)
            for of in transfer_book.listing(self.site)
            for one in of.goods
            if one.sent
        }
        assert goods == expected[1]
        with self.store.read() as tx:
            counted = {
                (of.number, one.client, one.sku): one.counted
                for of in counts.listed(tx)
                for one in counts.goods(tx, of.id)
                if one.counted
            }
            pieces = {of.of.number: of.pieces for of in count_book.listing(self.site)}
        assert counted == expected[2]
        assert pieces == expected[3]

    def count_id(self, of: StockCount) -> int:
        found = count_book.choose(self.site, of.number)
        assert not isinstance(found, Refused)
        return found.id

    def begin_count(self, site: Site, dice: random.Random) -> None:
        client = dice.choice((None, *CLIENTS))
        sku = dice.choice((None, None, *self.skus)) if client else None
        warehouse, is_partial = dice.choice((*WAREHOUSES, "EAST")), dice.random() < 0.2
        note(f"  {site.station}: count {warehouse} {client} {sku} {'partly' if is_partial else ''}")
        skus = [sku] if sku else []
        self.settle(set(), count_book.begin(site, warehouse, client, skus, is_partial=is_partial))
        self.model.begin_count(warehouse, client, sku, is_partial=is_partial)
        self.skus_of[self.model.counts[-1].number] = sku

    def scan_on_count(self, site: Site, of: StockCount, dice: random.Random) -> None:
        unit = self.pick(dice, lambda one: any(one is expected.unit for expected in of.expected))
        count_id = self.count_id(of)
        sku = self.skus_of.get(of.number)
        if unit is None or dice.random() < 0.1:
            code = dice.choice(SERIALS)
            if any(one.has(code) for one in self.model.units):
                return
            note(f"  {site.station}, {site.operator}: {code}, no unit's, is there on {of.number}")
            answer = count_book.scan(site, count_id, [code], unknown=True)
            self.settle(self.model.count_unit(site.station, site.operator, of, None, code, sku), answer)
            return
        code = self.code_of(unit, dice)
        note(f"  {site.station}, {site.operator}: {code} of {unit.sku} of {unit.client} is there on {of.number}")
        answer = count_book.scan(site, count_id, [code.lower()], client=unit.client, sku=unit.sku)
        self.settle(self.model.count_unit(site.station, site.operator, of, unit, code, sku), answer)


def work_at_random(
    open_one: Callable[[], Store], folder: Path, scenarios: tuple[int, ...], examples: int, *, shrink: bool = True
) -> None:
    """Run the machine on stores that `open_one` makes afresh."""
    bound = type(
        "BoundWarehouse", (WholeDay,), {"open": staticmethod(open_one), "folder": folder, "scenarios": scenarios}
    )
    run_state_machine_as_test(
        bound,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


GROUPS = ((1, 3, 0), (2, 4), (5, 7), (6, 8))
"""Scenarios that meet in one run."""
