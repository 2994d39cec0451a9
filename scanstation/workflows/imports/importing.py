"""Importing serial numbers for purchase and shipment orders (RULES 3): look first, then all or nothing.

`check` reads the file and holds every row against the rules without keeping anybody waiting; `carry_out` writes,
in one act that looks again at what may have changed since.
"""

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, shorten
from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.import_facts import ImportFacts, SheetFacts, Surroundings
from scanstation.domain.imports import NewUnits
from scanstation.domain.language import english, joined
from scanstation.domain.lots import LotFacts
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.progress import Progress
from scanstation.domain.shapes import LAST
from scanstation.domain.sheet_kinds import SHEET_OF
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.store_errors import StalePlan
from scanstation.domain.verdict import CodeKind
from scanstation.sheets.layouts import Layout
from scanstation.sheets.marking import Refusals
from scanstation.sheets.reading import Reading, Row, Table, reading_of
from scanstation.store import batches, boxes, holds, imports, orders, shapes
from scanstation.store.store import Transaction
from scanstation.workflows.imports.boxed import NOT_SCANNED
from scanstation.workflows.imports.facts import boxed_elsewhere, read_facts, read_surroundings
from scanstation.workflows.imports.judging import Judgement, judge
from scanstation.workflows.imports.lines import LineCount
from scanstation.workflows.imports.mending import save_errors, saved
from scanstation.workflows.imports.problems import RowProblem
from scanstation.workflows.imports.rows import ParsedRows, Parser, keys_of, without
from scanstation.workflows.site import Site

_LOOKS = 5
"""How often a file is held against the rules before it is given up, where others change its orders all the time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing a file would do, or everything that is wrong with it. Changes nothing by itself."""

    kind: OrderKind
    file_name: str
    order_id: int | None
    """The order that the import was started from."""
    problems: tuple[RowProblem, ...]
    lines: tuple[LineCount, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was mended or ignored in the file."""
    table: Table | None = None
    """The sheet; None when the file could not be read."""
    rows: tuple[ParsedRows, ...] = ()
    lots: Mapping[int, LotFacts] = field(default_factory=dict)
    """Lot and dates of the rows that say any."""
    bad_lots: Mapping[int, BadCode] = field(default_factory=dict)
    facts: ImportFacts | None = None
    judgement: Judgement = field(default_factory=Judgement)
    others_reason: str = ""
    """Why rows are imported that were not scanned into the box, if they are."""

    @property
    def good(self) -> bool:
        """Can it be carried out?"""
        return not self.problems

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the file and of the rows that it is about to import."""
        notes = self.judgement.notes
        return (*self.remarks, *say.few_notes([note.name for note in notes], [note.text for note in notes]))

    @property
    def serials(self) -> int:
        """How many units it would import."""
        return sum(map(len, self.judgement.new)) + sum(map(len, self.judgement.taken))

    @property
    def bad_rows(self) -> dict[int, list[str]]:
        """What is wrong with each refused row: row number → sentences."""
        rows: dict[int, list[str]] = {}
        for problem in self.problems:
            for row in problem.rows:
                rows.setdefault(row, []).append(problem.sentence)
        return rows

    @property
    def others_are_meant(self) -> bool:
        """Did a supervisor say why rows are imported that were not scanned?"""
        return bool(self.others_reason.strip())

    @property
    def not_scanned(self) -> frozenset[str]:
        """What is noted of rows that are imported though nobody scanned them."""
        return frozenset(note.text for note in self.judgement.notes if note.name == NOT_SCANNED)

    @property
    def lacks_only_a_reason(self) -> bool:
        """Is nothing wrong with it but that rows are not among what was scanned?"""
        return bool(self.problems) and all(problem.name == NOT_SCANNED for problem in self.problems)

    @property
    def names_other_orders(self) -> bool:
        """Would importing without the order that it was started from take more rows?"""
        return any(problem.name == "other-order" for problem in self.problems)

    @property
    def refusal(self) -> Refused:
        """All problems as the refusal of the import."""
        return Refused(tuple(Reason(problem.name, problem.text) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Imported(Done):
    """A file was imported."""

    batch: int = 0
    """The number by which it can be removed again."""


@contextmanager
def _no_collector() -> Iterator[None]:
    """Rows make no cycles, and looking for some among a million of them again and again holds up every scan."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_collector()
def import_serials(
    site: Site,
    kind: OrderKind,
    path: Path,
    *,
    order_id: int | None = None,
    errors_file: Path | None = None,
    reading: Reading | None = None,
    others_reason: str = "",
) -> Done | Refused:
    """Import the serials of a file, all or none; a refusal names every bad row.

    Args:
        site: where and by whom.
        kind: serials of purchase or of shipment orders.
        path: the workbook or CSV file.
        order_id: the order it was started from; without one each row goes to the order it names.
        errors_file: where to save all rows with an Error column, if any is refused.
        reading: the file, where it is being read already.
        others_reason: why rows are imported that were not scanned into the box (RULES 2.10).

    Raises:
        UnreadablePath: there is nothing to read at the path.
        StoreError: the store cannot be used.
    """
    plan = check(site, kind, path, order_id, reading=reading)
    answer, plan = _carried_out(site, with_others(site, plan, others_reason) if others_reason.strip() else plan)
    if isinstance(answer, Refused) and errors_file is not None and plan.table is not None:
        return Refused((*answer.reasons, saved(save_rows(plan, errors_file))))
    return answer


@_no_collector()
def check(
    site: Site,
    kind: OrderKind,
    path: Path,
    order_id: int | None = None,
    *,
    layout: Layout | None = None,
    progress: Progress | None = None,
    reading: Reading | None = None,
) -> Plan:
    """Hold a file against the rules, without a lock; the answer can be shown before it is carried out.

    Args:
        site: where and by whom.
        kind: serials of purchase or of shipment orders.
        path: the workbook or CSV file.
        order_id: the order it was started from.
        layout: the sheet, and which of its columns is which; without it the header says so.
        progress: looked at, and stopped, by whoever waits.
        reading: the file, where it is being read already; `layout` and `progress` are then the reading's.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        ReadingStopped: it was stopped.
        StoreError: the store cannot be used.
    """
    progress = progress or Progress()
    layouts = () if layout is None else (layout,)
    parser = Parser()
    try:
        with ExitStack() as begun:
            reading = reading or begun.enter_context(
                reading_of(
                    path,
                    [SHEET_OF[kind]],
                    single=True,
                    layouts=layouts,
                    sheet_map=site.rules.sheet_map,
                    progress=progress,
                )
            )
            workbook = reading.workbook(parser.take)
    except UnreadablePath:
        raise
    except UnreadableFile as error:
        return Plan(kind, path.name, order_id, (RowProblem("unreadable-file", (), "", str(error)),))
    table = workbook.tables[0]
    remarks = (*table.remarks, *workbook.remarks)
    return _checked(site, Plan(kind, path.name, order_id, (), (), remarks, table), parser, progress)


def check_rows(site: Site, kind: OrderKind, name: str, order_id: int, rows: Sequence[tuple[str, ...]]) -> Plan:
    """The same of rows that no file holds.

    Args:
        site: where and by whom.
        kind: serials of purchase or of shipment orders.
        name: what stands for the file's.
        order_id: whose rows they are.
        rows: each in the order of the kind's columns up to the secondary serial.
    """
    letters = {column.name: "ABCDEF"[at] for at, column in enumerate(SHEET_OF[kind].columns[:6])}
    sheet_rows = [Row(at, row) for at, row in enumerate(rows, 1)]
    table = Table(SHEET_OF[kind], name, 0, letters, sheet_rows, (), (), ())
    parser = Parser()
    parser.take([row.number for row in sheet_rows], [list(texts) for texts in zip(*rows, strict=True)])
    return _checked(site, Plan(kind, name, order_id, (), (), (), table), parser, Progress())


def _checked(site: Site, plan: Plan, parser: Parser, progress: Progress) -> Plan:
    """A plan with what its rows are, and what the rules say of them."""
    assert plan.table is not None, "only a sheet can be judged"
    kind, unreadable = plan.kind, {problem.row for problem in plan.table.problems}
    rows = parser.rows(unreadable | parser.bad_lots.keys())
    progress.go_on()
    with site.store.read() as tx:
        facts = read_facts(site, tx, kind, rows, plan.order_id, parser.lots)
    progress.go_on()
    plan = replace(plan, rows=rows, lots=parser.lots, bad_lots=parser.bad_lots, facts=facts)
    return _judged(plan, judge(site.rules, kind, _sheet_facts(plan), rows, facts, others_allowed=plan.others_are_meant))


@_no_collector()
def look_again(site: Site, plan: Plan, order_id: int | None) -> Plan:
    """The same rows held against the rules as things are now, for one order or (None) for all the orders they name."""
    if plan.table is None:
        return plan
    with site.store.read() as tx:
        facts = read_facts(site, tx, plan.kind, plan.rows, order_id, plan.lots)
    judgement = judge(site.rules, plan.kind, _sheet_facts(plan), plan.rows, facts, others_allowed=plan.others_are_meant)
    return _judged(replace(plan, order_id=order_id, facts=facts), judgement)


def with_others(site: Site, plan: Plan, reason: str) -> Plan:
    """The same file with its rows that were not scanned into the box, for a supervisor's reason (RULES 2.10)."""
    return look_again(site, replace(plan, others_reason=reason), plan.order_id)


@_no_collector()
def without_bad_rows(site: Site, plan: Plan) -> Plan:
    """The same file without its refused rows, for a supervisor who wants the good ones now (never by default)."""
    if plan.table is None or plan.facts is None:
        return plan
    bad = plan.bad_rows
    table = replace(plan.table, rows=[row for row in plan.table.rows if row.number not in bad], problems=())
    rows, facts = without(plan.rows, bad), plan.facts
    plan = replace(plan, table=table, rows=rows, bad_lots={})
    return _judged(
        plan, judge(site.rules, plan.kind, _sheet_facts(plan), rows, facts, others_allowed=plan.others_are_meant)
    )


def carry_out(site: Site, plan: Plan) -> Done | Refused:
    """Write what a plan says; refused with every problem when it has one, or has come to have one since."""
    return _carried_out(site, plan)[0]


def _carried_out(site: Site, plan: Plan) -> tuple[Done | Refused, Plan]:
    """What came of it, and the plan with the problems that came up since."""
    for _ in range(_LOOKS):
        if not plan.good:
            return site.log_refusal(plan.refusal, order_id=plan.order_id), plan
        try:
            return _written(site, plan), plan
        except StalePlan:
            # Held against the rules anew without the lock, however long that takes.
            shown = plan
            plan = look_again(site, plan, plan.order_id)
            if plan.others_are_meant and plan.not_scanned != shown.not_scanned:
                plan = look_again(site, replace(plan, others_reason=""), plan.order_id)  # it was one for those rows
    return site.log_refusal(say.changed_again_and_again(), order_id=plan.order_id), plan


@_no_collector()
def _written(site: Site, plan: Plan) -> Imported | Refused:
    """Write a good plan in one act, which only looks whether what the plan was judged by still holds.

    Raises:
        StalePlan: it no longer does; nothing was written.
    """
    assert plan.facts is not None, "a plan without problems has facts"
    judged_by, stamp = plan.facts, site.stamp()
    new, taken, against = plan.judgement.new, plan.judgement.taken, plan.judgement.boxes
    records = [order.record for order in judged_by.surroundings.orders.values()]
    shipped = [order for order in records if order.status is OrderStatus.SHIPPED]
    left = {order.id for order in shipped}
    filled = [(units.order_id, units.line_id) for units in new] + [(units.order_id, units.line_id) for units in taken]
    lots_of_taken = [one for units in taken for one in units.lots]
    numbers = {order.id: order.number for order in records}
    is_purchase = plan.kind is OrderKind.PURCHASE
    shipped_lines = {line_id for order_id, line_id in filled if order_id in left}

    def look(tx: Transaction) -> None:
        if site.today.isoformat() != judged_by.today:
            raise StalePlan("a day has begun, and lots may be past their use-by")
        now = read_surroundings(tx, plan.kind, plan.rows, plan.order_id)
        if now != judged_by.surroundings:
            raise StalePlan("the orders or products have changed")
        if _is_about(plan, _opened_since(judged_by.surroundings, now)):
            raise StalePlan("an order was opened whose number is a serial of the file")

    @contextmanager
    def prepared(tx: Transaction) -> Iterator[tuple[imports.Staged, int | None]]:
        with imports.staged(tx, plan.kind, new, taken, _line_names(judged_by)) as units:
            with imports.own_read_transaction(tx):
                looked_at = imports.version(tx)
                look(tx)
            yield units, looked_at

    def act(tx: Transaction, ready: tuple[imports.Staged, int | None]) -> tuple[int, int, int]:
        units_ready, looked_at = ready
        for order_id in sorted({line.order_id for line in plan.lines}):
            orders.lock(tx, order_id)
        # Under the lock, only what somebody wrote in the last moment makes a second look necessary. The units
        # themselves are looked at as they are written: by what is unique, and by where they must be.
        if looked_at is None or imports.version(tx) != looked_at:
            look(tx)
        number = batches.add(tx, plan.kind, plan.file_name, plan.serials, stamp)
        on_hold = imports.write(
            tx,
            units_ready,
            number,
            stamp,
            shipped_lines=shipped_lines,
            lots_of_taken=lots_of_taken,
            usable_on=judged_by.today if plan.kind is OrderKind.SHIPMENT and site.rules.refuse_expired else "",
        )
        # Its units are locked by now: nobody can scan them into a box any more.
        if plan.kind is OrderKind.SHIPMENT and new:
            boxes.keep_others_off(tx, {units.product_id for units in new})
        if plan.kind is OrderKind.SHIPMENT and _reserved_since(tx, judged_by, plan.judgement):
            raise StalePlan("another packing has scanned one of the serials")
        if on_hold and plan.kind is OrderKind.SHIPMENT:
            raise StalePlan("a lot of the file has been put on hold")
        came_back = 0
        for units in taken if is_purchase else ():
            number_of_order, on_hold_all = numbers[units.order_id], site.rules.returns_on_hold
            came_back += holds.put_back(
                tx, units.unit_ids, number_of_order, units.lacking, stamp, all_of_them=on_hold_all
            )
        shapes.learn(tx, _last_codes(new))
        boxes.drop(tx, against.done)
        for order_id, told in against.others.items():
            orders.note_act(tx, order_id, f"Imported: {english(joined(told))}", stamp, plan.others_reason.strip())
        return number, on_hold, came_back

    deed = Deed.IMPORT_OTHERS if plan.others_are_meant else Deed.IMPORT_SERIALS
    written = site.act(deed, act, prepared=prepared)
    if isinstance(written, Refused):
        return site.log_refusal(written, order_id=plan.order_id)
    number, on_hold, came_back = written
    notes = [say.left_already(order.number) for order in shipped]
    notes += say.wait_on_hold(came_back=came_back, as_their_lot=on_hold)
    told = say.serials_imported(plan.serials, number, plan.kind, [line.text for line in plan.lines])
    return Imported(told, (*notes, *plan.notes), number)


def _line_names(facts: ImportFacts) -> dict[int, imports.LineNames]:
    return {
        line.id: imports.LineNames(order.record.client, line.product.sku, order.record.number)
        for order in facts.surroundings.orders.values()
        for line in order.lines.values()
    }


def _opened_since(before: Surroundings, now: Surroundings) -> frozenset[str]:
    """The numbers, as keys, of orders of the same clients that were not open before."""
    return frozenset().union(
        *(client.open_orders.keys() - before.clients[of].open_orders.keys() for of, client in now.clients.items())
    )


def _is_about(plan: Plan, keys: Collection[str]) -> bool:
    """Is one of these a serial of the file?"""
    columns = (column for block in plan.rows for column in (block.primaries, block.secondaries))
    return bool(keys) and any(key in keys for column in columns for key in keys_of(column))


def _last_codes(new: Sequence[NewUnits]) -> dict[tuple[int, CodeKind], list[str]]:
    """The last new codes of each product, as its shape is learned from them."""
    codes: dict[tuple[int, CodeKind], list[str]] = {}
    for units in new:
        codes.setdefault((units.product_id, CodeKind.PRIMARY), []).extend(units.primaries[-LAST:])
        secondaries = [text for text in units.secondaries[-LAST:] if text]
        codes.setdefault((units.product_id, CodeKind.SECONDARY), []).extend(secondaries)
    return codes


def _reserved_since(tx: Transaction, facts: ImportFacts, judgement: Judgement) -> bool:
    """Was one of these serials scanned into another order's box since the file was judged?"""
    judged = {one.id for one in facts.boxed_elsewhere}
    since = [one for one in boxed_elsewhere(tx, facts.surroundings) if one.id not in judged]
    if not since:
        return False
    ids = {unit_id for units in judgement.taken for unit_id in units.unit_ids}
    keys = {key for units in judgement.taken for key in units.keys}
    keys |= {key for units in judgement.new for key in units.primary_keys}
    return any(one.unit_id in ids or one.key in keys for one in since)


def _sheet_facts(plan: Plan) -> SheetFacts:
    assert plan.table is not None, "only a sheet can be judged"
    return SheetFacts(plan.table.sheet, plan.table.columns, plan.table.suspects, plan.lots)


def _judged(plan: Plan, judgement: Judgement) -> Plan:
    assert plan.table is not None, "only a sheet can be judged"
    table = plan.table
    unreadable = [
        RowProblem(
            "unreadable-cell",
            (problem.row,),
            f"{shorten(problem.sheet)}!{problem.cell}",
            say.unreadable_cell(problem.value, problem.reason, problem.mend),
        )
        for problem in table.problems
    ]
    unreadable += [
        RowProblem("bad-lot", (row,), f"{shorten(table.sheet)}!{table.columns['Lot']}{row}", say.no_lot_in_cell(lot))
        for row, lot in plan.bad_lots.items()
        if row not in {problem.row for problem in table.problems}
    ]
    problems = sorted((*unreadable, *judgement.problems), key=lambda problem: problem.rows)
    if not table.rows:
        where = shorten(table.sheet)
        problems = [RowProblem("no-rows", (), where, say.no_rows_below())]
    return replace(plan, problems=tuple(problems), lines=judgement.lines, judgement=judgement)


def save_rows(plan: Plan, path: Path, *, only_refused: bool = False) -> Done | Refused:
    """Save the rows of the sheet as a workbook with an Error column, to be mended and imported; or why that failed."""
    assert plan.table is not None, "what could not be read has no rows to save"
    cells = {f"{problem.letter}{row}" for problem in plan.problems if problem.letter for row in problem.rows}
    return save_errors(path, [Refusals(plan.table, plan.bad_rows, cells)], only_refused=only_refused)
