"""Importing serial numbers for purchase and shipment orders (RULES 3): look first, then all or nothing.

`check` reads the file and holds every row against the rules without keeping anybody waiting; `carry_out` writes,
in one act that looks again at what may have changed since.
"""

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path

from scanstation.domain.codes import Code, code_key, shorten, visible
from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.imports import Amounts, FoundUnit, ImportedCount
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Reason, Refused, refused
from scanstation.domain.plurals import counted
from scanstation.domain.progress import Progress
from scanstation.domain.sheet_kinds import SHEET_OF
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.store_errors import Stale
from scanstation.domain.tracking import Admits
from scanstation.sheets.layouts import Layout
from scanstation.sheets.marking import Refusals
from scanstation.sheets.reading import Reading, Table, reading_of
from scanstation.store import batches, catalog, events, imports, orders
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials
from scanstation.workflows.codes.known_serials import ClientFacts, site_names
from scanstation.workflows.codes.new_codes import few, known_and_alike
from scanstation.workflows.imports.judging import (
    Facts,
    Judgement,
    LineCount,
    LineFacts,
    OrderFacts,
    RowProblem,
    Surroundings,
    judge,
)
from scanstation.workflows.imports.mending import save_errors, saved
from scanstation.workflows.imports.rows import ParsedRow, Parser
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
    """What was mended or passed over in the file."""
    table: Table | None = None
    """The sheet; None when the file could not be read."""
    rows: tuple[ParsedRow, ...] = ()
    facts: Facts | None = None
    judgement: Judgement = field(default_factory=Judgement)

    @property
    def good(self) -> bool:
        """Can it be carried out?"""
        return not self.problems

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the file and of the rows that it is about to import."""
        notes = self.judgement.notes
        return (*self.remarks, *few([note.name for note in notes], [note.text for note in notes]))

    @property
    def serials(self) -> int:
        """How many units it would import."""
        return sum(map(len, self.judgement.new)) + sum(map(len, self.judgement.taken))

    @property
    def bad_rows(self) -> dict[int, list[str]]:
        """What is wrong with each refused row: row number → sentences."""
        found: dict[int, list[str]] = {}
        for problem in self.problems:
            for row in problem.rows:
                found.setdefault(row, []).append(problem.said)
        return found

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
) -> Done | Refused:
    """Import the serials of a file, all or none; a refusal names every bad row.

    Args:
        site: where and by whom.
        kind: serials of purchase or of shipment orders.
        path: the workbook or CSV file.
        order_id: the order it was started from; without one each row goes to the order it names.
        errors_file: where to save all rows with an Error column, if any is refused.
        reading: the file, where it is being read already.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        StoreError: the store cannot be used.
    """
    answer, plan = _carried_out(site, check(site, kind, path, order_id, reading=reading))
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
        layout: the sheet, and which of its columns is which; without it the header tells.
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
                reading_of(path, [SHEET_OF[kind]], single=True, layouts=layouts, progress=progress)
            )
            workbook = reading.workbook(parser.take)
    except UnreadablePath:
        raise
    except UnreadableFile as error:
        return Plan(kind, path.name, order_id, (RowProblem("unreadable-file", (), "", str(error)),))
    table = workbook.tables[0]
    rows = parser.rows(table.problems)
    progress.go_on()
    with site.store.read() as tx:
        facts = _facts(site, tx, kind, rows, order_id)
    progress.go_on()
    plan = Plan(kind, path.name, order_id, (), (), (*table.remarks, *workbook.remarks), table, rows, facts)
    return _judged(plan, judge(site, kind, table, rows, facts))


@_no_collector()
def look_again(site: Site, plan: Plan, order_id: int | None) -> Plan:
    """The same rows held against the rules as things are now, for one order or (None) for all the orders they name."""
    if plan.table is None:
        return plan
    with site.store.read() as tx:
        facts = _facts(site, tx, plan.kind, plan.rows, order_id)
    judgement = judge(site, plan.kind, plan.table, plan.rows, facts)
    return _judged(replace(plan, order_id=order_id, facts=facts), judgement)


@_no_collector()
def without_bad_rows(site: Site, plan: Plan) -> Plan:
    """The same file without its refused rows, for a supervisor who wants the good ones now (never by default)."""
    if plan.table is None or plan.facts is None:
        return plan
    bad = plan.bad_rows
    table = replace(plan.table, rows=[row for row in plan.table.rows if row.number not in bad], problems=())
    rows = tuple(row for row in plan.rows if row.number not in bad)
    return _judged(replace(plan, table=table, rows=rows), judge(site, plan.kind, table, rows, plan.facts))


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
        except Stale:
            # Held against the rules anew without the lock, however long that takes.
            plan = look_again(site, plan, plan.order_id)
    said = "Other stations changed what this file is about again and again. Nothing was imported: import it once more."
    return site.log_refusal(refused("orders-changed", said), order_id=plan.order_id), plan


@_no_collector()
def _written(site: Site, plan: Plan) -> Imported:
    """Write a good plan in one act, which only looks whether what the plan was judged by still holds.

    Raises:
        Stale: it no longer does; nothing was written.
    """
    assert plan.facts is not None, "a plan without problems has facts"
    judged_by, stamp = plan.facts, site.stamp()
    new, taken = plan.judgement.new, plan.judgement.taken
    records = [order.record for order in judged_by.surroundings.orders.values()]
    shipped = [order for order in records if order.status is OrderStatus.SHIPPED]
    left = {order.id for order in shipped}
    filled = [(units.order_id, units.line_id) for units in new] + [(units.order_id, units.line_id) for units in taken]
    shipped_lines = {line_id for order_id, line_id in filled if order_id in left}

    def look(tx: Transaction) -> None:
        if _surroundings(tx, plan.kind, plan.rows, plan.order_id) != judged_by.surroundings:
            raise Stale("the orders or products have changed")

    @contextmanager
    def prepared(tx: Transaction) -> Iterator[tuple[Amounts, int | None]]:
        with imports.staged(tx, new, taken) as amounts:
            with imports.aside(tx):
                looked_at = imports.version(tx)
                look(tx)
            yield amounts, looked_at

    def act(tx: Transaction, ready: tuple[Amounts, int | None]) -> int:
        amounts, looked_at = ready
        for order_id in sorted({line.order_id for line in plan.lines}):
            orders.lock(tx, order_id)
        # Under the lock, only what somebody wrote in the last moment makes a second look necessary. The units
        # themselves are looked at as they are written: by what is unique, and by where they must be.
        if looked_at is None or imports.version(tx) != looked_at:
            look(tx)
        number = batches.add(tx, plan.kind, plan.file_name, plan.serials, stamp)
        imports.write(tx, plan.kind, number, stamp, amounts, shipped_lines=shipped_lines)
        return number

    number = site.store.act(act, prepared=prepared)
    notes = tuple(f"{visible(order.number)} has left already: its serials are Shipped now." for order in shipped)
    serials = counted(plan.serials, "serial")
    counts = "; ".join(line.text for line in plan.lines)
    return Imported(f"{serials} imported as batch {number}: {plan.kind} {counts}.", (*notes, *plan.notes), number)


def _judged(plan: Plan, judgement: Judgement) -> Plan:
    assert plan.table is not None, "only a sheet can be judged"
    table = plan.table
    unreadable = [
        RowProblem(
            "unreadable-cell",
            (problem.row,),
            f"{shorten(problem.sheet)}!{problem.cell}",
            f"{shorten(problem.value)} {problem.reason}. {problem.mend}",
        )
        for problem in table.problems
    ]
    problems = sorted((*unreadable, *judgement.problems), key=lambda problem: problem.rows)
    if not table.rows:
        where = shorten(table.sheet)
        problems = [RowProblem("no-rows", (), where, "there is no row below the header. Fill in the serials.")]
    return replace(plan, problems=tuple(problems), lines=judgement.lines, judgement=judgement)


def _facts(site: Site, tx: Transaction, kind: OrderKind, rows: Sequence[ParsedRow], order_id: int | None) -> Facts:
    surroundings = _surroundings(tx, kind, rows, order_id)
    if kind is OrderKind.SHIPMENT and (ready := _all_to_pack(site, tx, rows, surroundings)) is not None:
        return Facts(surroundings, ready, {}, {})
    # One column behind the other: files are sorted, more or less, and so is sorting them.
    codes = chain((row.primary for row in rows), (row.secondary for row in rows))
    keys = [code.key for code in codes if isinstance(code, Code)]
    lines = [line for order in surroundings.orders.values() for line in order.lines.values()]
    products = {line.product.id: line.product for line in lines}
    changing = [product for product in products.values() if label_serials.changes_texts(product)]
    if changing:
        texts = [code for row in rows for code in (row.primary, row.secondary)]
        keys += [key for product in changing for code in texts for key in label_serials.variants(product, code)]
    # Those of the clients' other products too: a serial of one of them is named.
    of_clients = {one for client in surroundings.clients.values() for one in client.sku_of}
    known, alike = known_and_alike(tx, keys, products, of_clients)
    # Of a unit that can be packed nothing is ever told.
    told = {
        unit.id: unit
        for product_id, of_product in known.items()
        if product_id in products
        for unit in of_product.values()
        if kind is OrderKind.PURCHASE or not unit.free
    }
    batch_ids = {number for unit in told.values() if (number := unit.batch_of(kind)) is not None}
    where, records = events.whereabouts(tx, told), batches.records(tx, batch_ids)
    return Facts(surroundings, known, where, records, alike, site_names(site, tx))


def _all_to_pack(
    site: Site, tx: Transaction, rows: Sequence[ParsedRow], surroundings: Surroundings
) -> Mapping[int, Mapping[str, FoundUnit]] | None:
    """The units of a shipment's file, if each row names a known one that can be packed: nothing is to be told of any.

    None for all other files, and where what a unit has decides for which of several settings its row is.
    """
    warehouses = {order.record.warehouse_id for order in surroundings.orders.values()}
    lines = [line for order in surroundings.orders.values() for line in order.lines.values()]
    settings = [site.policy_of(scenario) for line in lines for scenario in line.pieces]
    primaries = [row.primary for row in rows]
    secondaries = [row.secondary for row in rows]
    if (
        len(warehouses) != 1
        or any(len(line.pieces) > 1 for line in lines)
        or any(policy.so_import_admits is not Admits.RECEIVED for policy in settings)
        or set(map(type, primaries)) != {Code}
        or set(map(type, secondaries)) not in ({Code}, {type(None)})
    ):
        return None
    two_codes = secondaries[0] is not None
    keys, others = ([code.key for code in codes if isinstance(code, Code)] for codes in (primaries, secondaries))
    product_ids = {line.product.id for line in lines}
    of_key = batches.units_to_pack(tx, keys, product_ids, *warehouses, with_secondary=two_codes)
    if of_key is None:
        return None
    units = [of_key[key] for key in keys]
    if two_codes and [unit.secondary_key for unit in units] != others:
        return None
    if len(product_ids) > 1 and [unit.product_id for unit in units] != _products_named(rows, surroundings):
        return None  # a product may have as a secondary what another has as a primary
    named = chain(zip(keys, units, strict=True), zip(others, units, strict=False))
    if len(lines) == 1:
        return {lines[0].product.id: dict(named)}
    known: dict[int, dict[str, FoundUnit]] = defaultdict(dict)
    for key, unit in named:
        known[unit.product_id][key] = unit
    return known


def _products_named(rows: Sequence[ParsedRow], surroundings: Surroundings) -> list[int | None]:
    """The product that each row is for, by its id; None where its order has no such line."""
    product_of = {
        (place, sku_key): line.product.id
        for place, order in surroundings.orders.items()
        for sku_key, line in order.lines.items()
    }
    return [product_of.get((row.head.place, row.head.sku_key)) for row in rows]


def _surroundings(tx: Transaction, kind: OrderKind, rows: Sequence[ParsedRow], order_id: int | None) -> Surroundings:
    started = None if order_id is None else orders.get(tx, order_id)
    places = {head.place for head, _ in groupby(rows, key=attrgetter("head"))}
    namesakes: dict[str, tuple[Order, ...]] = {}
    for order in orders.with_numbers(tx, kind, {number for _, _, number in places}):
        key = _place_of(order)[2]
        namesakes[key] = (*namesakes.get(key, ()), order)
    records = [order for found in namesakes.values() for order in found if _place_of(order) in places]
    if started is not None:
        records = [order for order in records if order.id == started.id]
    clients = {client_id: _client_facts(tx, client_id) for client_id in {order.client_id for order in records}}
    return Surroundings(started, _order_facts(tx, kind, records), namesakes, clients)


def _place_of(order: Order) -> tuple[str, str, str]:
    """What a row names an order by: warehouse, client and number."""
    return code_key(order.warehouse), code_key(order.client), code_key(order.number)


def _order_facts(
    tx: Transaction, kind: OrderKind, records: Sequence[Order]
) -> Mapping[tuple[str, str, str], OrderFacts]:
    ids = [order.id for order in records]
    lines = orders.lines_of(tx, ids)
    pieces = orders.pieces_by_scenario(tx, ids)
    imported = batches.imported_counts(tx, kind, ids)
    return {
        _place_of(order): OrderFacts(
            order,
            {
                line.product.sku_key: LineFacts(
                    line.id,
                    line.product,
                    line.done,
                    pieces.get(line.id, {}),
                    imported.get(line.id, ImportedCount()),
                    visible(line.product.sku),
                )
                for line in lines[order.id]
            },
        )
        for order in records
    }


def _client_facts(tx: Transaction, client_id: int) -> ClientFacts:
    products = catalog.products_of(tx, client_id)
    sku_of = {product.id: product.sku for product in products}
    product_codes = {key: sku_of[product_id] for key, product_id in catalog.product_codes(tx, client_id).items()}
    skus = {product.sku_key: product.sku for product in products}
    return ClientFacts(skus, product_codes, orders.open_number_keys(tx, client_id), sku_of)


def save_rows(plan: Plan, path: Path, *, only_refused: bool = False) -> Done | Refused:
    """Save the rows of the sheet as a workbook with an Error column, to be mended and imported; or why that failed."""
    assert plan.table is not None, "what could not be read has no rows to save"
    cells = {f"{problem.letter}{row}" for problem in plan.problems if problem.letter for row in problem.rows}
    return save_errors(path, [Refusals(plan.table, plan.bad_rows, cells)], only_refused=only_refused)
