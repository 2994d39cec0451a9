"""Loading products, orders and opening stock from sheets: by key, repeatable, all or nothing (CONTRACT, `load`)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from scanstation.domain.codes import BadCode, Code, code_key, shorten, visible
from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.gtin import product_key
from scanstation.domain.import_facts import Alike, ClientFacts
from scanstation.domain.imports import FoundUnit
from scanstation.domain.not_serials import Sieve
from scanstation.domain.orders import NewOrder, Order, OrderLine
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.products import Barcode, Difference, Product
from scanstation.domain.progress import Progress
from scanstation.domain.scan import Source
from scanstation.domain.sheet_kinds import MASTER_DATA, SheetKind
from scanstation.domain.status import Move, OrderKind, OrderStatus, UnitStatus
from scanstation.domain.tracking import TrackingSettings
from scanstation.domain.units import Stamp, Whereabouts
from scanstation.domain.verdict import CodeKind
from scanstation.sheets.layouts import Layout
from scanstation.sheets.reading import Table, read_workbook
from scanstation.store import catalog, events, orders, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials
from scanstation.workflows.codes.new_codes import NewCodes, few
from scanstation.workflows.codes.serial_facts import known_and_alike, site_names
from scanstation.workflows.codes.serial_rules import (
    Neighbours,
    Objection,
    never_a_serial,
    no_code,
    noted,
    whereabouts_words,
)
from scanstation.workflows.imports.mending import save_errors, saved
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY
from scanstation.workflows.master_data.products import (
    SETTING_NAMES,
    StockWarning,
    changed_settings,
    in_work_words,
    product_differences,
    stock_warnings,
)
from scanstation.workflows.master_data.sheets import (
    CellRef,
    OrderKey,
    ProductKey,
    Spot,
    Trouble,
    Wanted,
    WantedLine,
    WantedOrder,
    WantedProduct,
    WantedUnit,
    read_tables,
    refused_rows,
)
from scanstation.workflows.site import Site

_FINISHED = (OrderStatus.COMPLETED, OrderStatus.SHIPPED, OrderStatus.CANCELLED)


class State(StrEnum):
    """What loading does to one thing."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "as before"


@dataclass(frozen=True, slots=True)
class Change:
    """One product or order of the sheets, or the stock of one SKU, beside what is in the store."""

    noun: str
    name: str
    state: State
    differences: tuple[str, ...] = ()
    warning: str = ""
    """Units on hand that will lack serials (RULES 2.17)."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading the sheets would do, and everything that is against it. Changes nothing by itself."""

    wanted: Wanted
    remarks: tuple[str, ...]
    """What was mended or ignored in the files."""
    changes: tuple[Change, ...]
    """Without the orders that have a problem."""
    troubles: tuple[Trouble, ...]
    summary: str
    """`4 products (3 new, 1 as before)`; empty when there is nothing to load."""
    without_serials: int = 0
    """Units on hand that packing will ask serials for, and that have none (RULES 2.17)."""
    stock_notes: tuple[str, ...] = ()
    """What somebody should look at of stock that is taken all the same (RULES 2.12)."""

    @property
    def notes(self) -> tuple[str, ...]:
        """All that somebody should look at."""
        return (*self.remarks, *self.stock_notes)

    @property
    def good(self) -> bool:
        """Can all of it be loaded?"""
        return not self.troubles

    @property
    def bad_orders(self) -> int:
        """How many orders have a problem."""
        return len({trouble.order for trouble in self.troubles if trouble.order is not None})

    @property
    def can_leave_out(self) -> bool:
        """Is each problem one order's, so that the others can be loaded without it?"""
        return bool(self.changes) and not _stops(self.troubles, good_orders=True)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run of `load` came to."""

    text: str
    notes: tuple[str, ...] = ()
    """New clients and warehouses, what changed, what was ignored."""
    reasons: tuple[Reason, ...] = ()
    """Every problem. With `good_orders` the orders without one are loaded all the same; else nothing is."""
    changes: tuple[Change, ...] = field(default=(), compare=False)
    """What was loaded, thing by thing."""
    troubles: tuple[Trouble, ...] = field(default=(), compare=False)
    """The problems with the cells they are about."""

    @property
    def refused(self) -> bool:
        """Was anything refused?"""
        return bool(self.reasons)


def load(site: Site, paths: Sequence[Path], *, good_orders: bool = False, errors_file: Path | None = None) -> Loaded:
    """Load the sheets of all files in one act.

    Args:
        site: where and by whom.
        paths: .xlsx or .csv files; a workbook may hold several kinds, one a sheet.
        good_orders: leave out orders with a problem, and load the others; a problem that is not one order's
            still stops the run.
        errors_file: where to save all rows with an Error column if any is refused; where the good orders are
            loaded, the rows of the others.

    Raises:
        UnreadablePath: there is nothing to read at one of the paths.
        StoreError: the store cannot be used.
    """
    wanted, notes = _read(site, paths, MASTER_DATA)
    loaded = load_wanted(site, wanted, notes, good_orders=good_orders)
    if not loaded.refused or errors_file is None or not wanted.tables:
        return loaded
    only_refused = not _stops(loaded.troubles, good_orders=good_orders)
    answer = save_rows(wanted, loaded.troubles, errors_file, only_refused=only_refused)
    return replace(loaded, reasons=(*loaded.reasons, saved(answer)))


def save_rows(wanted: Wanted, troubles: Sequence[Trouble], path: Path, *, only_refused: bool = False) -> Done | Refused:
    """Save the rows of all sheets as a workbook with an Error column, to be mended and loaded; or why that failed.

    With `only_refused` those of the orders that have a problem, whole: a good row of such an order is not loaded.
    """
    sheets = refused_rows(wanted, troubles, whole_orders=only_refused)
    return save_errors(path, sheets, only_refused=only_refused)


def preview(
    site: Site,
    path: Path,
    kinds: Sequence[SheetKind] = MASTER_DATA,
    *,
    layouts: Sequence[Layout] = (),
    progress: Progress | None = None,
) -> Preview:
    """Hold the sheets of a file against the store, without a lock; `load_wanted` then loads them.

    Args:
        site: where and by whom.
        path: the workbook or CSV file.
        kinds: what is looked for in it.
        layouts: the sheets, and which of their columns is which; without them the headers tell.
        progress: looked at, and stopped, by whoever waits.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        ReadingStopped: it was stopped.
        StoreError: the store cannot be used.
    """
    progress = progress or Progress()
    wanted, notes = _read(site, [path], kinds, layouts, progress)
    progress.go_on()
    return look_again(site, wanted, notes)


def look_again(site: Site, wanted: Wanted, notes: Sequence[str] = ()) -> Preview:
    """Values that were read before, held against the store as it is now."""
    with site.store.read() as tx:
        changes = _compare(site, tx, wanted)
        changes.warn(site, tx)
    bad = {trouble.order for trouble in changes.troubles}
    changes.orders = [order for order in changes.orders if order.wanted.key not in bad]
    lacking = sum(warning.units for warning in changes.warnings.values())
    told, troubles = tuple(_change_list(changes)), tuple(changes.troubles)
    return Preview(wanted, tuple(notes), told, troubles, _counts(changes), lacking, tuple(changes.notes))


def _read(
    site: Site,
    paths: Sequence[Path],
    kinds: Sequence[SheetKind],
    layouts: Sequence[Layout] = (),
    progress: Progress | None = None,
) -> tuple[Wanted, tuple[str, ...]]:
    """What the sheets say, and what was mended or ignored in them."""
    tables: list[tuple[str, Table]] = []
    notes: list[str] = []
    troubles: list[Trouble] = []
    for path in paths:
        file = path.name if len(paths) > 1 else ""
        place = f"{shorten(path.name)}, " if file else ""
        try:
            workbook = read_workbook(path, kinds, layouts=layouts, progress=progress)
        except UnreadablePath:
            raise
        except UnreadableFile as error:
            troubles.append(Trouble("unreadable-file", str(error)))
            continue
        tables += [(file, table) for table in workbook.tables]
        for table in workbook.tables:
            where = f"{place}{shorten(table.sheet)}"
            notes += [f"{where}: {remark}" for remark in table.remarks]
        notes += [f"{shorten(file)}: {remark}" if file else remark for remark in workbook.remarks]
    wanted = read_tables(tables, site.rules.command_prefix)
    wanted.troubles[:0] = troubles
    return wanted, (*notes, *wanted.notes)


def load_wanted(site: Site, wanted: Wanted, notes: Sequence[str] = (), *, good_orders: bool = False) -> Loaded:
    """Load values that were read before."""
    with site.store.read() as tx:
        changes = _compare(site, tx, wanted)
    if _stops(changes.troubles, good_orders=good_orders):
        return _refused(site, changes.troubles)
    stamp = site.stamp()

    def act(tx: Transaction) -> tuple[_Changes, list[str]]:
        # Looked at again, now that nobody else writes.
        now = _compare(site, tx, wanted, lock=True)
        if _stops(now.troubles, good_orders=good_orders):
            return now, []
        bad = {trouble.order for trouble in now.troubles}
        for order in [one for one in now.orders if one.wanted.key in bad]:
            now.orders.remove(order)
        return now, _write(site, tx, now, stamp)

    changes, written = site.store.act(act)
    if _stops(changes.troubles, good_orders=good_orders):
        return _refused(site, changes.troubles)
    reasons = _reasons(changes.troubles)
    if reasons:
        site.log_refusal(Refused(reasons))
    told = tuple(_change_list(changes))
    text = _nothing(reasons) if reasons and not _counts(changes) else _summary(changes)
    return Loaded(text, (*written, *notes, *changes.notes), reasons, told, tuple(changes.troubles))


@dataclass(slots=True)
class _ProductChange:
    wanted: WantedProduct
    record: Product
    """As it will be; id 0 for a new one, client id 0 for a new client."""
    before: Product | None
    same: bool
    known_barcodes: Sequence[Barcode] = ()
    """Those that it has now."""

    @property
    def other_barcodes(self) -> bool:
        return set(self.known_barcodes) != set(self.wanted.barcodes)

    @property
    def other_settings(self) -> bool:
        """Does one of the five change on a product that is there?"""
        return self.before is not None and self.before.settings != self.record.settings

    @property
    def differences(self) -> list[str]:
        """What changes of a product that is there."""
        if self.before is None:
            return []
        changed_fields = ["description"] if self.before.description != self.record.description else []
        for name, column in SETTING_NAMES.items():
            now = getattr(self.record.settings, name)
            if getattr(self.before.settings, name) != now:
                changed_fields.append(f"{column} {'on' if now else 'off'}")
        if self.other_barcodes:
            changed_fields.append("barcodes")
        if _texts(self.before) != _texts(self.record):
            changed_fields.append("serial pattern or hint")
        return changed_fields


@dataclass(slots=True)
class _OrderChange:
    wanted: WantedOrder
    before: Order | None
    head: tuple[str, str, str]
    """Partner, reference and due, as they will be."""
    new: dict[str, WantedLine] = field(default_factory=dict)
    """By SKU key."""
    changed: list[tuple[OrderLine, int]] = field(default_factory=list)
    dropped: list[OrderLine] = field(default_factory=list)

    @property
    def same_head(self) -> bool:
        return self.before is not None and self.head == (self.before.partner, self.before.reference, self.before.due)

    @property
    def same(self) -> bool:
        return self.same_head and not (self.new or self.changed or self.dropped)

    @property
    def differences(self) -> list[str]:
        """What changes of an order that is there: `LAP 10 → 12`."""
        changed_fields = [f"{visible(line.product.sku)} {line.ordered} → {quantity}" for line, quantity in self.changed]
        changed_fields += [f"{visible(line.product.sku)} dropped" for line in self.dropped]
        changed_fields += [f"{visible(line.sku)} added, {line.quantity}" for line in self.new.values()]
        return changed_fields if self.same_head else [*changed_fields, "supplier, receiver, reference or date"]


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit of opening stock with the codes that its row means."""

    wanted: WantedUnit
    primary: Code
    secondary: Code | None


@dataclass(slots=True)
class _Changes:
    """What the run would write, and what is against it."""

    troubles: list[Trouble]
    products: list[_ProductChange] = field(default_factory=list)
    orders: list[_OrderChange] = field(default_factory=list)
    stock: list["_Unit"] = field(default_factory=list)
    stock_as_before: int = 0
    notes: list[str] = field(default_factory=list)
    """What somebody should look at of stock that is taken all the same."""
    warnings: dict[int, StockWarning] = field(default_factory=dict)
    """By product id."""

    def warn(self, site: Site, tx: Transaction) -> None:
        """See what changed settings mean for units on hand."""
        changed = [change for change in self.products if change.other_settings]
        self.warnings = stock_warnings(site, tx, [change.record for change in changed])


def _compare(site: Site, tx: Transaction, wanted: Wanted, *, lock: bool = False) -> _Changes:
    return _Comparison(site, tx, wanted, lock=lock).changes


class _Comparison:
    """Holds what is wanted against the store."""

    def __init__(self, site: Site, tx: Transaction, wanted: Wanted, *, lock: bool) -> None:
        self._site = site
        self._tx = tx
        self._wanted = wanted
        self._lock = lock
        self._names: Mapping[str, str] = site_names(site, tx) if wanted.stock else {}
        self._doubts: list[Trouble] = []
        self._noted: dict[tuple[str, str], list[tuple[CellRef, Code]]] = {}
        """What is noted of stock, by column and sentence: every cell and its code."""
        self._warehouses, self._clients = catalog.ids_by_key(tx)
        self.changes = _Changes(list(wanted.troubles))
        client_keys = {key[0] for key in wanted.products} | {key[2] for key in wanted.orders}
        client_keys |= {unit.product_key[0] for unit in wanted.stock}
        self._known: dict[ProductKey, Product] = {}
        self._barcodes: dict[str, dict[int, list[Barcode]]] = {}
        for key in client_keys & self._clients.keys():
            self._barcodes[key] = catalog.barcodes_of_client(tx, self._clients[key])
            for product in catalog.products_of(tx, self._clients[key]):
                self._known[key, product.sku_key] = product
        self._products()
        self._future = self._known | {change.wanted.key: change.record for change in self.changes.products}
        self._orders()
        self._stock()

    # -- products ------------------------------------------------------------------------------------------

    def _products(self) -> None:
        busy = catalog.in_open_work(
            self._tx, [self._known[key].id for key in self._wanted.products if key in self._known]
        )
        for key, product in self._wanted.products.items():
            before = self._known.get(key)
            texts = [
                new if new is not None else old
                for new, old in zip(product.texts, _texts(before) if before else [""] * len(product.texts), strict=True)
            ]
            pattern, hint, secondary_pattern, secondary_hint, strip, secondary_strip = texts
            record = Product(
                id=before.id if before else 0,
                client_id=self._clients.get(key[0], 0),
                sku=before.sku if before else product.sku,
                description=product.description,
                settings=product.settings,
                serial_pattern=pattern,
                serial_hint=hint,
                secondary_pattern=secondary_pattern,
                secondary_hint=secondary_hint,
                strip=strip,
                secondary_strip=secondary_strip,
                told_apart=before.told_apart if before else (),
            )
            if before is not None and before.id in busy and before.settings != product.settings:
                self._busy(product, before.settings)
            known_barcodes = self._barcodes.get(key[0], {}).get(before.id, []) if before else []
            same = record == before and set(known_barcodes) == set(product.barcodes)
            self.changes.products.append(_ProductChange(product, record, before, same, known_barcodes))
        self._clashes()

    def _busy(self, product: WantedProduct, before: TrackingSettings) -> None:
        settings = product.settings
        first = changed_settings(before, settings)[0]
        said = in_work_words(shorten(product.sku), before, settings)
        self._trouble("product-in-work", product.spot.at(first), said)

    def _clashes(self) -> None:
        """A code must mean one product of a client: SKUs and barcodes share one namespace."""
        skus: dict[ProductKey, str] = {key: product.sku for key, product in self._known.items()}
        skus.update({key: product.sku for key, product in self._wanted.products.items()})
        by_code = {(client, product_key(sku_key)): (client, sku_key) for client, sku_key in skus}
        owners: dict[ProductKey, ProductKey] = {}
        sku_of_id = {product.id: key for key, product in self._known.items()}
        for client_key, of_product in self._barcodes.items():
            for product_id, barcodes in of_product.items():
                if (owner := sku_of_id[product_id]) not in self._wanted.products:
                    owners.update({(client_key, product_key(barcode.text)): owner for barcode in barcodes})
        for key, product in self._wanted.products.items():
            for barcode in product.barcodes:
                place = (key[0], product_key(barcode.text))
                code = shorten(barcode.text)
                if by_code.get(place, key) != key:
                    problem = f"{code} is the SKU of another product of {shorten(product.client)}. Correct one of them."
                    self._trouble("barcode-is-sku", product.spot.at("Barcodes"), problem)
                elif (owner := owners.setdefault(place, key)) != key:
                    problem = f"{code} is a barcode of {shorten(skus[owner])} too. Keep it on one of the two."
                    self._trouble("barcode-twice", product.spot.at("Barcodes"), problem)
        for key, product in self._wanted.products.items():
            owner = owners.get((key[0], product_key(key[1])), key)
            if owner != key and owner not in self._wanted.products:
                problem = f"{shorten(product.sku)} is a barcode of {shorten(skus[owner])}. Correct one of them."
                self._trouble("barcode-is-sku", product.spot.at("SKU"), problem)

    # -- orders --------------------------------------------------------------------------------------------

    def _orders(self) -> None:
        orders_by_key: dict[OrderKey, Order] = {}
        for kind in OrderKind:
            numbers = {key[3] for key in self._wanted.orders if key[0] is kind}
            for order in orders.with_numbers(self._tx, kind, numbers) if numbers else ():
                key = (kind, code_key(order.warehouse), code_key(order.client), code_key(order.number))
                if key in self._wanted.orders:
                    orders_by_key[key] = orders.lock(self._tx, order.id) if self._lock else order
        lines = orders.lines_of(self._tx, [order.id for order in orders_by_key.values()])
        for key, wanted in self._wanted.orders.items():
            known = orders_by_key.get(key)
            self._order(wanted, known, lines[known.id] if known else ())

    def _order(self, wanted: WantedOrder, order: Order | None, lines: Sequence[OrderLine]) -> None:
        client_key = wanted.key[2]
        if client_key not in self._clients and all(key[0] != client_key for key in self._wanted.products):
            if all(key[0] != client_key for key in self._wanted.spoiled_products):
                problem = f"there is no client {shorten(wanted.client)}. Check it, or load its products first."
                self._trouble("unknown-client", wanted.spot.at("Client"), problem, wanted.key)
            return
        head = tuple(
            wanted.head.get(name, getattr(order, name) if order else "") for name in ("partner", "reference", "due")
        )
        change = _OrderChange(wanted, order, (head[0], head[1], head[2]))
        known = {line.product.sku_key: line for line in lines}
        for sku_key, line in wanted.lines.items():
            self._line(change, client_key, sku_key, line, known.get(sku_key))
        if order is not None and order.status in _FINISHED and not change.same:
            problem = (
                f"{wanted.kind.noun} {shorten(wanted.number)} is {order.status.value} and cannot change: "
                f"{', '.join(change.differences)}. Take its rows out{_reopen(order, lines)}."
            )
            self._trouble("order-finished", wanted.spot.at(f"{wanted.kind} Number"), problem, wanted.key)
            return
        left = len(lines) - len(change.dropped) + len(change.new)
        if order is not None and change.dropped and not left:
            problem = f"{wanted.kind.noun} {shorten(wanted.number)} would have no line left. "
            problem += f"Take its rows out, and {'close' if wanted.kind is OrderKind.PURCHASE else 'cancel'} the order."
            self._trouble("no-lines", wanted.spot.at("Quantity"), problem, wanted.key)
            return
        if order is None and wanted.lines and not any(line.quantity for line in wanted.lines.values()):
            problem = f"{wanted.kind.noun} {shorten(wanted.number)} is new and would have no line: "
            problem += "0 drops one. Write how many, or take the row out."
            for line in wanted.lines.values():
                for spot in line.spots:
                    self._trouble("no-lines", spot.at("Quantity"), problem, wanted.key)
            return
        if order is not None or change.new:
            self.changes.orders.append(change)

    def _line(
        self, change: _OrderChange, client_key: str, sku_key: str, line: WantedLine, known: OrderLine | None
    ) -> None:
        wanted, sku = change.wanted, shorten(line.sku)
        if known is None:
            if (client_key, sku_key) not in self._future:
                if (client_key, sku_key) not in self._wanted.spoiled_products:
                    problem = f"{sku} is not a SKU of {shorten(wanted.client)}. Check it, or load the product first."
                    for spot in line.spots:
                        self._trouble("unknown-sku", spot.at("SKU"), problem, wanted.key)
            elif line.quantity:
                change.new[sku_key] = line
            return
        if line.quantity == known.ordered:
            return
        taken = known.done + known.in_work
        if line.quantity < taken:
            in_work = f" and {known.in_work} in open work" if known.in_work else ""
            instead = "be dropped" if line.quantity == 0 else f"be lowered to {line.quantity}"
            added_up = f" ({line.rows} added up)" if len(line.spots) > 1 else ""
            problem = (
                f"{sku} of {shorten(wanted.number)} cannot {instead}{added_up}: {known.done} are "
                f"{wanted.kind.done_word}{in_work}. Write {taken} or more."
            )
            for spot in line.spots:
                self._trouble("below-done", spot.at("Quantity"), problem, wanted.key)
        elif line.quantity == 0:
            change.dropped.append(known)
        else:
            change.changed.append((known, line.quantity))

    # -- opening stock -------------------------------------------------------------------------------------

    def _stock(self) -> None:
        wanted = self._wanted.stock
        keys: list[str] = []
        products: dict[int, Product] = {}
        for unit in wanted:
            codes = [code for code in (unit.primary, unit.secondary) if code is not None]
            keys += [code.key for code in codes if isinstance(code, Code)]
            if (product := self._future.get(unit.product_key)) is not None:
                keys += [key for code in codes for key in label_serials.variants(product, code)]
                if product.id:
                    products[product.id] = product
        known_units, alike = known_and_alike(self._tx, keys, products, None)
        where = events.whereabouts(self._tx, {unit.id for units in known_units.values() for unit in units.values()})
        others: Mapping[str, Sequence[FoundUnit]] = _by_code(known_units)
        facts: dict[str, _StockFacts] = {}
        of_products: dict[ProductKey, _StockCodes] = {}
        for unit in wanted:
            product = self._future.get(unit.product_key)
            if product is None:
                if unit.product_key not in self._wanted.spoiled_products:
                    said = f"{shorten(unit.sku)} is not a SKU of {shorten(unit.client)}. Check it, or load it first."
                    self._trouble("unknown-sku", unit.spot.at("SKU"), said)
                continue
            client_key = unit.product_key[0]
            if client_key not in facts:
                facts[client_key] = self._stock_facts(client_key, keys, others)
            if unit.product_key not in of_products:
                units_of_it = known_units.get(product.id, {}), alike.get(product.id, {})
                of_products[unit.product_key] = _StockCodes(product, facts[client_key], *units_of_it)
            self._unit(unit, of_products[unit.product_key], where)
        self._tell_notes()

    def _unit(self, unit: WantedUnit, of_product: "_StockCodes", where: Mapping[int, Whereabouts]) -> None:
        product, known_units = of_product.product, of_product.new.known
        if not product.settings.track:
            problem = f"{shorten(unit.sku)} is not tracked: it has no serial numbers. Take the row out."
            self._trouble("not-tracked", unit.spot.at("SKU"), problem)
            return
        if unit.secondary is not None and not self._site.policy(product.settings).two_codes:
            problem = f"{shorten(unit.secondary.text)}: a {shorten(unit.sku)} has no secondary serial. Empty the cell."
            self._trouble("secondary-given", unit.spot.at(SECONDARY), problem)
            return
        if (meant := self._meant(unit, of_product)) is None:
            return
        known = known_units.get(meant.primary.key)
        if known is not None and _is_repeat(known, meant, self._warehouses.get(code_key(unit.warehouse))):
            self.changes.stock_as_before += 1
            return
        to_note: list[tuple[str, str, Code]] = []
        doubts: list[Trouble] = []
        good = True
        for column, kind, code in _codes(meant):
            taken_by = known_units.get(code.key)
            if taken_by is not None:
                problem = f"{whereabouts_words(where[taken_by.id], taken_by.warehouse)}. Take the row out."
                self._trouble("in-use", unit.spot.at(column), f"{shorten(code.text)} {problem}")
                good = False
                continue
            objection = self._objection(unit, of_product, code, column)
            if objection is not None and not objection.may_be_taken:
                self._trouble(objection.name, unit.spot.at(column), f"{shorten(code.text)} {objection.sentence}")
                good = False
                continue
            if objection is not None:
                to_note.append((column, objection.sentence, code))
            for doubt in of_product.new.doubts(kind, code, unit.spot):
                told = Trouble(doubt.name, doubt.sentence, unit.spot.at(column))
                (self.changes.troubles if doubt.refuses else doubts).append(told)
                good = good and not doubt.refuses
        if good:
            self.changes.stock.append(meant)
            self._doubts += doubts
            for column, problem, code in to_note:
                self._noted.setdefault((column, problem), []).append((unit.spot.at(column), code))

    def _meant(self, unit: WantedUnit, of_product: "_StockCodes") -> "_Unit | None":
        """The unit with its codes as its product has them; None, with the trouble noted, where there can be none."""
        primary = of_product.new.meant([CodeKind.PRIMARY], unit.primary)
        secondary = of_product.new.meant([CodeKind.SECONDARY], unit.secondary) if unit.secondary else None
        for column, code in ((PRIMARY, primary), (SECONDARY, secondary)):
            if isinstance(code, BadCode):
                found = no_code(code)
                self._trouble(found.name, unit.spot.at(column), f"{shorten(code.text)} {found.sentence}")
        if isinstance(primary, BadCode) or isinstance(secondary, BadCode):
            return None
        if secondary is not None and secondary.key == primary.key:
            problem = f"{shorten(secondary.text)} is this row's primary serial too. Correct it."
            self._trouble("same-code", unit.spot.at(SECONDARY), problem)
            return None
        meant = _Unit(unit, primary, secondary)
        for column, _, code in _codes(meant):
            first = of_product.spots.setdefault(code.key, unit.spot)
            if first is not unit.spot:
                problem = f"{shorten(code.text)} stands in {first.short} too. Take one of the two out."
                self._trouble("key-twice", unit.spot.at(column), problem)
                return None
        return meant

    def _objection(self, unit: WantedUnit, of_product: "_StockCodes", code: Code, column: str) -> Objection | None:
        """RULES 2.8 of a new code."""
        warehouse_id = self._warehouses.get(code_key(unit.warehouse))
        product, client = of_product.product, of_product.client

        def other_here(key: str) -> str:
            here = (
                client.known.sku_of[one.product_id]
                for one in client.others.get(key, ())
                if one.product_id != product.id
                and one.product_id in client.known.sku_of
                and one.warehouse_id == warehouse_id
                and one.status is not UnitStatus.SHIPPED
            )
            return next(here, "")

        return never_a_serial(
            code,
            product,
            Neighbours(client.known, self._names, other_here),
            self._site.rules.words,
            is_primary=column == PRIMARY,
            suspicion=unit.spot.suspicion(column),
            was_taken_out=of_product.new.settles_pattern(code),
            passed_sieve=code.key not in client.caught,
        )

    def _tell_notes(self) -> None:
        """What is to be looked at, said once for all units of which the same is to be said."""
        for (_, said), of in self._noted.items():
            place, code = of[0]
            self.changes.notes.append(f"{place}: {noted(code, said, len(of))}")
        self.changes.notes += few([doubt.name for doubt in self._doubts], [doubt.text for doubt in self._doubts])

    def _stock_facts(
        self, client_key: str, keys: Sequence[str], others: Mapping[str, Sequence[FoundUnit]]
    ) -> "_StockFacts":
        known = self._client_facts(client_key)
        sieve = Sieve(known.product_codes, (*self._names, *known.open_orders), self._site.rules.words)
        return _StockFacts(known, others, sieve.caught(keys) | others.keys())

    def _client_facts(self, client_key: str) -> ClientFacts:
        product_codes: dict[str, str] = {}
        for key, product in self._future.items():
            if key[0] == client_key:
                product_codes[product_key(key[1])] = product.sku
                if key not in self._wanted.products:
                    for barcode in self._barcodes[client_key].get(product.id, ()):
                        product_codes[product_key(barcode.text)] = product.sku
        for key, wanted in self._wanted.products.items():
            if key[0] == client_key:
                product_codes.update({product_key(barcode.text): wanted.sku for barcode in wanted.barcodes})
        client_id = self._clients.get(client_key)
        numbers = orders.open_number_keys(self._tx, client_id) if client_id else {}
        sku_of = {product.id: product.sku for key, product in self._known.items() if key[0] == client_key}
        return ClientFacts({}, product_codes, numbers, sku_of)

    def _trouble(self, name: str, place: CellRef, problem: str, order: OrderKey | None = None) -> None:
        self.changes.troubles.append(Trouble(name, problem, place, order))


@dataclass(frozen=True, slots=True)
class _StockFacts:
    """What stock of a client is held against."""

    known: ClientFacts
    others: Mapping[str, Sequence[FoundUnit]]
    """The units that have each code already, whoever's they are."""
    caught: Collection[str]
    """The codes of the sheets that need a look."""


def _by_code(units_of_products: Mapping[int, Mapping[str, FoundUnit]]) -> dict[str, list[FoundUnit]]:
    of_key: dict[str, list[FoundUnit]] = {}
    for of_product in units_of_products.values():
        for key, unit in of_product.items():
            of_key.setdefault(key, []).append(unit)
    return of_key


class _StockCodes:
    """The codes of one product's opening stock, and what they are held against."""

    def __init__(self, product: Product, client: _StockFacts, known_units: Mapping[str, FoundUnit], alike: Alike):
        self.product = product
        self.client = client
        self.spots: dict[str, Spot] = {}
        """Key → the first row that has it."""
        self.new: NewCodes[Spot] = NewCodes(product, known_units, alike, lambda spot: spot.short)


def _codes(unit: _Unit) -> Iterator[tuple[str, CodeKind, Code]]:
    """Its codes, with the columns that they stand in."""
    yield PRIMARY, CodeKind.PRIMARY, unit.primary
    if unit.secondary is not None:
        yield SECONDARY, CodeKind.SECONDARY, unit.secondary


def _is_repeat(known: FoundUnit, unit: _Unit, warehouse_id: int | None) -> bool:
    """Did an earlier run of the same sheet bring this unit?"""
    return (
        known.received_at is not None
        and known.purchase_line_id is None
        and known.warehouse_id == warehouse_id
        and known.primary_key == unit.primary.key
        and (unit.secondary is None or known.secondary_key == unit.secondary.key)
    )


def _texts(product: Product) -> Sequence[str]:
    return (
        product.serial_pattern,
        product.serial_hint,
        product.secondary_pattern,
        product.secondary_hint,
        product.strip,
        product.secondary_strip,
    )


def _reopen(order: Order, lines: Sequence[OrderLine]) -> str:
    """The way on where there is one: an order that has everything is not reopened."""
    if order.status is not OrderStatus.COMPLETED:
        return ""
    return ", or reopen it first" if any(line.left for line in lines) else "; for more goods, load a new order"


def _stops(troubles: Sequence[Trouble], *, good_orders: bool) -> bool:
    return any(not good_orders or trouble.order is None for trouble in troubles)


def _reasons(troubles: Sequence[Trouble]) -> tuple[Reason, ...]:
    return tuple(Reason(trouble.name, trouble.text) for trouble in troubles)


def _refused(site: Site, troubles: Sequence[Trouble]) -> Loaded:
    refusal = site.log_refusal(Refused(_reasons(troubles)))
    return Loaded(_nothing(refusal.reasons), (), refusal.reasons, troubles=tuple(troubles))


def _nothing(reasons: Sequence[Reason]) -> str:
    return f"Nothing was loaded: {counted(len(reasons), 'problem')}."


def _write(site: Site, tx: Transaction, changes: _Changes, stamp: Stamp) -> list[str]:
    """Write everything; returns what a person should know of it."""
    notes: list[str] = []
    warehouses, clients = catalog.ids_by_key(tx)
    for name in [change.wanted.client for change in changes.products]:
        if code_key(name) not in clients:
            clients[code_key(name)] = catalog.client_id(tx, name, create=True) or 0
            notes.append(f"New client: {visible(name)}.")
    for name in [order.wanted.warehouse for order in changes.orders] + [
        unit.wanted.warehouse for unit in changes.stock
    ]:
        if code_key(name) not in warehouses:
            warehouses[code_key(name)] = catalog.warehouse_id(tx, name, create=True) or 0
            notes.append(f"New warehouse: {visible(name)}.")
    changed = [change for change in changes.products if not change.same]
    changes.warn(site, tx)
    catalog.drop_barcodes(tx, [change.record.id for change in changed if change.record.id])
    kept: dict[int, Sequence[Difference]] = {}
    for change in changed:
        record = replace(change.record, client_id=clients[change.wanted.key[0]])
        product_id = catalog.save_product(tx, record)
        catalog.save_barcodes(tx, record.client_id, product_id, change.wanted.barcodes)
        kept[product_id] = product_differences(change.before, change.known_barcodes, record, change.wanted.barcodes)
        if change.other_settings:
            notes.append(f"{visible(record.sku)}: new settings count for units taken from now on.")
            if warning := changes.warnings.get(record.id):
                notes.append(warning.text)
    catalog.note_changes(tx, kept, stamp)
    ids = _product_ids(tx, changes, clients)
    for order in changes.orders:
        notes += _write_order(tx, order, warehouses, clients, ids)
    _write_stock(tx, changes.stock, warehouses, ids, stamp)
    return notes


def _product_ids(tx: Transaction, changes: _Changes, clients: Mapping[str, int]) -> dict[ProductKey, int]:
    named = {unit.wanted.product_key[0] for unit in changes.stock}
    named |= {order.wanted.key[2] for order in changes.orders if order.new}
    return {
        (client_key, product.sku_key): product.id
        for client_key in named
        for product in catalog.products_of(tx, clients[client_key])
    }


def _write_order(
    tx: Transaction,
    change: _OrderChange,
    warehouses: Mapping[str, int],
    clients: Mapping[str, int],
    ids: Mapping[ProductKey, int],
) -> list[str]:
    if change.same:
        return []
    wanted = change.wanted
    _, warehouse_key, client_key, _ = wanted.key
    new_lines = [(ids[client_key, sku_key], line.quantity) for sku_key, line in change.new.items()]
    if change.before is None:
        partner, reference, due = change.head
        order = NewOrder(
            kind=wanted.kind,
            warehouse_id=warehouses[warehouse_key],
            client_id=clients[client_key],
            number=wanted.number,
            partner=partner,
            reference=reference,
            due=due,
        )
        orders.add_lines(tx, orders.add(tx, order), new_lines)
        return []
    partner, reference, due = change.head
    orders.change_head(tx, change.before.id, partner=partner, reference=reference, due=due)
    for line, quantity in change.changed:
        orders.set_ordered(tx, line.id, quantity)
    for line in change.dropped:
        orders.drop_line(tx, line.id)
    orders.add_lines(tx, change.before.id, new_lines)
    number = visible(wanted.number)
    notes = [f"{wanted.kind} {number}: {', '.join(change.differences)}."]
    status = orders.refresh_status(tx, change.before.id)
    if status is not change.before.status:
        notes.append(f"{wanted.kind} {number} is {status.value} now, it was {change.before.status.value}.")
    return notes


def _write_stock(
    tx: Transaction,
    stock: Sequence[_Unit],
    warehouses: Mapping[str, int],
    ids: Mapping[ProductKey, int],
    stamp: Stamp,
) -> None:
    created = units.create_many(
        tx,
        [ids[unit.wanted.product_key] for unit in stock],
        [warehouses[code_key(unit.wanted.warehouse)] for unit in stock],
        [(unit.primary, unit.secondary) for unit in stock],
    )
    units.move_all(tx, Move.RECEIVE, created, None, stamp, source=Source.OPENING)


def _change_list(changes: _Changes) -> Iterator[Change]:
    """Everything as a person is shown it: as the sheets have it."""
    for product in changes.products:
        change = _change("product", product.wanted.sku, product.before is None, product.same, product.differences)
        warning = changes.warnings.get(product.record.id)
        yield replace(change, warning=warning.text) if warning else change
    for order in changes.orders:
        wanted = order.wanted
        differences = order.differences
        if order.before is None:
            differences = [f"{visible(line.sku)} {line.quantity}" for line in order.new.values()]
        yield _change(wanted.kind.noun, wanted.number, order.before is None, order.same, differences)
    units_of: dict[str, int] = {}
    for unit in changes.stock:
        units_of[unit.wanted.sku] = units_of.get(unit.wanted.sku, 0) + 1
    for sku, count in units_of.items():
        yield Change("opening stock", visible(sku), State.NEW, (counted(count, "unit"),))


def _change(noun: str, name: str, is_new: bool, is_same: bool, differences: Sequence[str]) -> Change:
    state = State.NEW if is_new else State.SAME if is_same else State.CHANGED
    return Change(noun, visible(name), state, () if is_same else tuple(differences))


def _summary(changes: _Changes) -> str:
    counts = _counts(changes)
    return f"Loaded: {counts}." if counts else "Nothing was loaded: the sheets have no rows to load."


def _counts(changes: _Changes) -> str:
    parts = []
    if changes.products:
        parts.append(
            _with_states(
                "product",
                len(changes.products),
                sum(change.before is None for change in changes.products),
                sum(change.same for change in changes.products),
            )
        )
    for kind in OrderKind:
        some = [order for order in changes.orders if order.wanted.kind is kind]
        if some:
            parts.append(
                _with_states(
                    kind.noun, len(some), sum(one.before is None for one in some), sum(one.same for one in some)
                )
            )
    if changes.stock or changes.stock_as_before:
        count = len(changes.stock) + changes.stock_as_before
        parts.append(_with_states("unit", count, len(changes.stock), changes.stock_as_before) + " of opening stock")
    return ", ".join(parts)


def _with_states(noun: str, count: int, new: int, same: int) -> str:
    """`4 products (3 new, 1 as before)`."""
    changed = count - new - same
    states = [
        f"{number} {word}" for number, word in ((new, "new"), (changed, "changed"), (same, "as before")) if number
    ]
    return f"{counted(count, noun)} ({', '.join(states)})"
