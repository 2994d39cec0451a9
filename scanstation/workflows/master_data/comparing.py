"""Holding what the sheets want against the store: what would change, and what is against it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, shorten
from scanstation.domain.gtin import product_key
from scanstation.domain.import_facts import Alike, ClientFacts
from scanstation.domain.imports import FoundUnit
from scanstation.domain.line_parts import merged
from scanstation.domain.lots import NO_LOT
from scanstation.domain.not_serials import Sieve
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.products import Barcode, Product
from scanstation.domain.returns import ReturnStatus
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.tracking import TrackingSettings
from scanstation.domain.units import StockOnce, Whereabouts
from scanstation.domain.verdict import CodeKind
from scanstation.store import catalog, events, lots, orders, return_lists, returns, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials
from scanstation.workflows.codes.new_codes import NewCodes
from scanstation.workflows.codes.serial_facts import known_and_alike, site_names
from scanstation.workflows.codes.serial_rules import (
    Neighbours,
    Objection,
    never_a_serial,
    no_code,
    whereabouts_words,
)
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY
from scanstation.workflows.master_data.changes import (
    Changes,
    Ending,
    OrderChange,
    ProductChange,
    ReturnChange,
    StockUnit,
    product_texts,
)
from scanstation.workflows.master_data.expecting import Announced
from scanstation.workflows.master_data.products import changed_settings, in_work_words
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
    WantedReturnLine,
    WantedUnit,
)
from scanstation.workflows.orders import purchase_orders, shipment_orders
from scanstation.workflows.site import Site

_FINISHED = (OrderStatus.COMPLETED, OrderStatus.SHIPPED, OrderStatus.CANCELLED)


def compare(site: Site, tx: Transaction, wanted: Wanted, *, lock: bool = False) -> Changes:
    """What the sheets would change in the store, and what is against it; with `lock` their orders are locked."""
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
        self._repeats: list[tuple[int, WantedUnit]] = []
        """Units that are there, with what their rows say of lots and dates."""
        self._once: dict[tuple[str, str, str], StockOnce] = {}
        """Client, SKU and primary of a row that came before → its unit."""
        self._noted: dict[tuple[str, str], list[tuple[CellRef, Code]]] = {}
        """What is noted of stock, by column and sentence: every cell and its code."""
        self._warehouses, self._clients = catalog.ids_by_key(tx)
        self.changes = Changes(list(wanted.troubles), file_name=wanted.file_name)
        client_keys = {key[0] for key in wanted.products} | {key[2] for key in wanted.orders}
        client_keys |= {unit.product_key[0] for unit in wanted.stock} | {one.order[2] for one in wanted.expected}
        client_keys |= {key[2] for key in wanted.returns}
        self._known: dict[ProductKey, Product] = {}
        self._barcodes: dict[str, dict[int, list[Barcode]]] = {}
        for key in client_keys & self._clients.keys():
            self._barcodes[key] = catalog.barcodes_of_client(tx, self._clients[key])
            for product in catalog.products_of(tx, self._clients[key]):
                self._known[key, product.sku_key] = product
        self._products()
        self._future = self._known | {change.wanted.key: change.record for change in self.changes.products}
        self._orders()
        self._returns()
        self._stock()
        if wanted.expected:
            Announced(
                site,
                tx,
                wanted,
                self.changes,
                self._future,
                self._client_facts,
                warehouses=self._warehouses,
                lock=lock,
            )

    # -- products ------------------------------------------------------------------------------------------

    def _products(self) -> None:
        busy = catalog.in_open_work(
            self._tx, [self._known[key].id for key in self._wanted.products if key in self._known]
        )
        learned = self._learned()
        for key, product in self._wanted.products.items():
            before = self._known.get(key)
            if before and before.id in learned:
                product = replace(product, barcodes=(*product.barcodes, *learned[before.id]))
            texts = [
                new if new is not None else old
                for new, old in zip(
                    product.texts, product_texts(before) if before else [""] * len(product.texts), strict=True
                )
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
                serial_takes_unit=(
                    product.serial_takes_unit
                    if product.serial_takes_unit is not None
                    else before is not None and before.serial_takes_unit
                ),
                retired_at=before.retired_at if before else "",
                shapes=before.shapes if before else (),
                is_listed=before is not None and before.is_listed,
            )
            if before is not None and before.id in busy and before.settings != product.settings:
                self._busy(product, before.settings)
            known_barcodes = self._barcodes.get(key[0], {}).get(before.id, []) if before else []
            same = record == before and set(known_barcodes) == set(product.barcodes)
            self.changes.products.append(ProductChange(product, record, before, same, known_barcodes))
        self._clashes()

    def _learned(self) -> dict[int, list[Barcode]]:
        """What products have learned here and their rows do not say: it stays, by product."""
        kept: dict[int, list[Barcode]] = {}
        of_products = {
            self._known[key].id: product for key, product in self._wanted.products.items() if key in self._known
        }
        known = {id: barcodes for of in self._barcodes.values() for id, barcodes in of.items() if id in of_products}
        lacking = [id for id, barcodes in known.items() if not set(barcodes) <= set(of_products[id].barcodes)]
        for product_id, taught in catalog.learned_of_all(self._tx, lacking).items() if lacking else ():
            product = of_products[product_id]
            said = {product_key(barcode.text) for barcode in product.barcodes}
            stays = [one for one in known[product_id] if one in taught and product_key(one.text) not in said]
            if stays:
                kept[product_id] = stays
        if kept:
            told = [(one.text, of_products[product_id].sku) for product_id, of in kept.items() for one in of]
            self.changes.notes.append(say.learned_stay(told))
        return kept

    def _busy(self, product: WantedProduct, before: TrackingSettings) -> None:
        settings = product.settings
        first = changed_settings(before, settings)[0]
        said = in_work_words(shorten(product.sku), before, settings)
        self._trouble("product-in-work", product.spot.at(first), said)

    @property
    def _with_learned(self) -> dict[ProductKey, WantedProduct]:
        """The products of the sheets, with what they keep that they have learned."""
        return {change.wanted.key: change.wanted for change in self.changes.products}

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
        for key, product in self._with_learned.items():
            for barcode in product.barcodes:
                place = (key[0], product_key(barcode.text))
                if by_code.get(place, key) != key:
                    problem = say.barcode_is_a_sku(barcode.text, product.client)
                    self._trouble("barcode-is-sku", product.spot.at("Barcodes"), problem)
                elif (owner := owners.setdefault(place, key)) != key:
                    problem = say.barcode_of_two(barcode.text, skus[owner])
                    self._trouble("barcode-twice", product.spot.at("Barcodes"), problem)
        for key, product in self._wanted.products.items():
            owner = owners.get((key[0], product_key(key[1])), key)
            if owner != key and owner not in self._wanted.products:
                problem = say.sku_is_a_barcode(product.sku, skus[owner])
                self._trouble("barcode-is-sku", product.spot.at("SKU"), problem)

    # -- orders --------------------------------------------------------------------------------------------

    def _orders(self) -> None:
        orders_by_key: dict[OrderKey, Order] = {}
        for kind in OrderKind:
            numbers = {key[3] for key in self._wanted.orders if key[0] is kind}
            for order in orders.with_numbers(self._tx, kind, numbers) if numbers else ():
                key: OrderKey = (kind, code_key(order.warehouse), code_key(order.client), code_key(order.number))
                if key in self._wanted.orders:
                    orders_by_key[key] = orders.lock(self._tx, order.id) if self._lock else order
        lines = orders.lines_of(self._tx, [order.id for order in orders_by_key.values()])
        for wanted_key, wanted in self._wanted.orders.items():
            known = orders_by_key.get(wanted_key)
            self._order(wanted, known, lines[known.id] if known else ())

    def _cancel(self, wanted: WantedOrder, order: Order | None, spot: Spot) -> None:
        """An order that nobody wants any more, by the rules of the commands (RULES 2.3)."""
        place = spot.at(f"{wanted.kind} Number")
        if order is None:
            others = orders.find(self._tx, wanted.number, kind=wanted.kind, client=wanted.client)
            if wanted.names_goods and not others:
                self.changes.notes.append(say.was_never_here(wanted.kind, wanted.number))
                return
            known = [(other.kind, f"{shorten(other.client)} in {shorten(other.warehouse)}") for other in others]
            refusal = say.no_such_order(wanted.kind, wanted.number, wanted.client, wanted.warehouse, known)
            self._trouble("unknown-order", place, refusal.reasons[0].text, wanted.key)
            return
        if wanted.kind is OrderKind.SHIPMENT:
            ended = order.status is OrderStatus.CANCELLED
            refused = None if ended else shipment_orders.cancelling_refused(order)
        else:
            ended = any(line.closed_short for line in orders.lines(self._tx, order.id))
            ended = ended and order.status is OrderStatus.COMPLETED
            refused = None if ended else purchase_orders.closing_refused(self._site, self._tx, order)
        if refused:
            for reason in refused.reasons:
                self._trouble(reason.name, place, reason.text, wanted.key)
            return
        ends = Ending.CANCEL if wanted.kind is OrderKind.SHIPMENT else Ending.CLOSE_SHORT
        change = OrderChange(wanted, order, (order.partner, order.reference, order.due))
        change.ends = Ending.ENDED if ended else ends
        self.changes.orders.append(change)

    def _order(self, wanted: WantedOrder, order: Order | None, lines: Sequence[OrderLine]) -> None:
        if wanted.cancelled is not None:
            self._cancel(wanted, order, wanted.cancelled)
            return
        client_key = wanted.key[2]
        if client_key not in self._clients and all(key[0] != client_key for key in self._wanted.products):
            if all(key[0] != client_key for key in self._wanted.spoiled_products):
                problem = say.no_client_to_load(wanted.client)
                self._trouble("unknown-client", wanted.spot.at("Client"), problem, wanted.key)
            return
        head = tuple(
            wanted.head.get(name, getattr(order, name) if order else "") for name in ("partner", "reference", "due")
        )
        change = OrderChange(wanted, order, (head[0], head[1], head[2]))
        known = {line.product.sku_key: line for line in lines}
        self._lines_of_others(wanted, known)
        for sku_key, line in wanted.lines.items():
            self._line(change, client_key, sku_key, line, known.get(sku_key))
        if order is not None and order.status in _FINISHED and not change.same:
            status, reopen = order.status.value, _reopen(order, lines)
            problem = say.finished_and_changed(wanted.kind, wanted.number, status, change.differences, reopen)
            self._trouble("order-finished", wanted.spot.at(f"{wanted.kind} Number"), problem, wanted.key)
            return
        left = len(lines) - len(change.dropped) + len(change.new)
        if order is not None and change.dropped and not left:
            problem = say.no_line_left(wanted.kind, wanted.number)
            self._trouble("no-lines", wanted.spot.at("Quantity"), problem, wanted.key)
            return
        if order is None and wanted.lines and not any(line.quantity for line in wanted.lines.values()):
            problem = say.no_line_to_begin(wanted.kind, wanted.number)
            for line in wanted.lines.values():
                for spot in line.spots:
                    self._trouble("no-lines", spot.at("Quantity"), problem, wanted.key)
            return
        if order is not None or change.new:
            self.changes.orders.append(change)

    def _lines_of_others(self, wanted: WantedOrder, known: Mapping[str, OrderLine]) -> None:
        """A line of an order's paper is one product's: of whose is each that the order has?"""
        owners = {
            called: (sku_key, line.product.sku)
            for sku_key, line in known.items()
            for called, _ in line.parts
            if wanted.lines.get(sku_key) is None or wanted.lines[sku_key].parts.get(called) != 0
        }
        for sku_key, line in wanted.lines.items():
            for called, quantity in line.parts.items():
                owner, sku = owners.get(called, (sku_key, ""))
                if owner != sku_key and quantity:
                    problem = say.line_of_another(called, wanted.number, sku)
                    self._trouble("line-twice", wanted.line_of[called].at("Line"), problem, wanted.key)

    def _line(
        self, change: OrderChange, client_key: str, sku_key: str, line: WantedLine, known: OrderLine | None
    ) -> None:
        wanted, sku = change.wanted, line.sku
        if known is None:
            if (client_key, sku_key) not in self._future:
                if (client_key, sku_key) not in self._wanted.spoiled_products:
                    problem = say.no_sku_to_load(sku, wanted.client, of_order=True)
                    for spot in line.spots:
                        self._trouble("unknown-sku", spot.at("SKU"), problem, wanted.key)
            elif line.quantity and (since := self._future[client_key, sku_key].retired_at):
                problem = say.retired_sku(sku, since)
                for spot in line.spots:
                    self._trouble("retired", spot.at("SKU"), problem, wanted.key)
            elif line.quantity:
                change.new[sku_key] = line
            return
        parts = merged(known.parts, line.parts) if line.parts else known.parts
        quantity = sum(ordered for _, ordered in parts) if line.parts else line.quantity
        if (quantity, parts) == (known.ordered, known.parts):
            return
        if known.parts and not line.parts and quantity:
            problem = say.which_line(sku, wanted.number, [one for one, _ in known.parts], "Line")
            for spot in line.spots:
                self._trouble("line-missing", spot.at("Quantity"), problem, wanted.key)
            return
        taken = known.done + known.in_work + known.closed_short
        if quantity < taken:
            problem = say.below_what_is_done(
                wanted.kind,
                sku,
                wanted.number,
                to=quantity,
                rows=line.rows if len(line.spots) > 1 else "",
                count=known.done,
                in_work=known.in_work,
                short=known.closed_short,
                least=taken,
            )
            for spot in line.spots:
                self._trouble("below-done", spot.at("Quantity"), problem, wanted.key)
        elif quantity == 0:
            change.dropped.append(known)
        else:
            change.changed.append((known, quantity, parts))

    # -- returns -------------------------------------------------------------------------------------------

    def _returns(self) -> None:
        for key, wanted in self._wanted.returns.items():
            client_id = self._clients.get(key[2])
            if client_id is None:
                problem = say.no_client_to_load(wanted.client)
                self._trouble("unknown-client", wanted.spot.at("Client"), problem, key)
                continue
            found = returns.find(self._tx, wanted.number)
            mine = [one for one in found if one.client_id == client_id]
            # One that a desk began has no client until its list comes.
            nobodys = [one for one in found if one.client_id is None and one.status is ReturnStatus.OPEN]
            change = ReturnChange(wanted, client_id, next(iter(mine or nobodys), None))
            self._return(change, key)

    def _return(self, change: ReturnChange, key: OrderKey) -> None:
        wanted, before = change.wanted, change.before
        known = {
            (line.product_id, line.serial_key, "" if line.serial_key else code_key(line.order_number)): line
            for line in (return_lists.lines(self._tx, [before.id]).get(before.id, []) if before else [])
        }
        for (sku_key, _, order_key), line in wanted.lines.items():
            product = self._future.get((key[2], sku_key))
            if product is None:
                if (key[2], sku_key) not in self._wanted.spoiled_products:
                    problem_text = say.no_sku_to_load(line.sku, wanted.client)
                    self._trouble("unknown-sku", line.spot.at("SKU"), problem_text, key)
                continue
            code = self._expected_code(line, product, key)
            if isinstance(code, BadCode):
                continue
            there = known.get((product.id, code.key if code else "", order_key))
            if there is None and line.quantity:
                change.new.append((line, (key[2], sku_key), code))
            elif there is not None and not line.quantity:
                change.dropped.append(there)
            elif there is not None and (there.quantity, there.order_number) != (line.quantity, line.order):
                change.changed.append((there, line))
        if before is not None and before.status is ReturnStatus.CLOSED and not change.same:
            problem_text = say.rows_of_closed_return(wanted.number)
            self._trouble("return-closed", wanted.spot.at("RMA"), problem_text, key)
        elif before is not None or change.new:
            self.changes.returns.append(change)

    def _expected_code(self, line: WantedReturnLine, product: Product, key: OrderKey) -> Code | BadCode | None:
        """The serial that a row means; BadCode where it means none, which is told."""
        if not isinstance(line.serial, Code):
            return None
        if not product.settings.track:
            said = say.write_how_many(line.sku, "Quantity")
            self._trouble("not-tracked", line.spot.at("Serial"), said, key)
            return BadCode(line.serial.text, "is one, and the product has none")

        def is_known(text_key: str) -> bool:
            return units.by_code(self._tx, product.id, text_key) is not None

        code = label_serials.serial_on(product, tuple(CodeKind), line.serial.text, is_known)
        if isinstance(code, BadCode):
            self._trouble("bad-code", line.spot.at("Serial"), say.to_correct(code), key)
        return code

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
        self._find_once(known_units)
        facts: dict[str, _StockFacts] = {}
        of_products: dict[ProductKey, _StockCodes] = {}
        for unit in wanted:
            product = self._future.get(unit.product_key)
            if product is None:
                if unit.product_key not in self._wanted.spoiled_products:
                    said = say.no_sku_to_load(unit.sku, unit.client)
                    self._trouble("unknown-sku", unit.spot.at("SKU"), said)
                continue
            client_key = unit.product_key[0]
            if client_key not in facts:
                facts[client_key] = self._stock_facts(client_key, keys, others)
            if unit.product_key not in of_products:
                units_of_it = known_units.get(product.id, {}), alike.get(product.id, {})
                of_products[unit.product_key] = _StockCodes(product, facts[client_key], *units_of_it)
            self._unit(unit, of_products[unit.product_key], where)
        self._lots_of_repeats()
        self._tell_notes()

    def _find_once(self, known_units: Mapping[int, Mapping[str, FoundUnit]]) -> None:
        """The units of rows that came before and whose primary another unit has now, or none (RULES 2.15)."""
        keys: set[str] = set()
        for unit in self._wanted.stock:
            product = self._known.get(unit.product_key)
            if product is None or not isinstance(unit.primary, Code):
                continue
            known = known_units.get(product.id, {}).get(unit.primary.key)
            secondary = unit.secondary.key if isinstance(unit.secondary, Code) else None
            as_it_is = known is not None and known.primary_key == unit.primary.key
            if known is None or not as_it_is or secondary not in (None, known.secondary_key):
                keys |= {unit.primary.key, *label_serials.variants(product, unit.primary)}
        for one in units.once_stock(self._tx, keys) if keys else ():
            self._once[code_key(one.client), code_key(one.sku), code_key(one.primary)] = one

    def _came_before(self, meant: StockUnit, known: FoundUnit | None) -> StockOnce | None:
        """The unit that an earlier run made of such a row, if it has another code or SKU now."""
        one = self._once.get((*meant.wanted.product_key, meant.primary.key))
        if one is None or (known is not None and known.id != one.unit_id):
            return None
        if meant.secondary is not None and meant.secondary.key != code_key(one.secondary):
            return None
        # A code that no unit of the product has stands for this one wherever it is by now.
        is_here = one.warehouse_id == self._warehouses.get(code_key(meant.wanted.warehouse))
        return one if known is None or is_here else None

    def _lots_of_repeats(self) -> None:
        """Units that are there get the lots and dates that were not known of them; what is kept otherwise stays."""
        kept = lots.of_units(self._tx, [unit_id for unit_id, _ in self._repeats])
        for unit_id, unit in self._repeats:
            before = kept.get(unit_id, NO_LOT)
            if before.and_of(unit.lot) != before:
                self.changes.lots.append((unit_id, unit.lot))
            for what, one, other in before.against(unit.lot):
                told = say.other_lot_kept(unit.primary.text, what, one, other)
                self._doubts.append(Trouble("other-lot", told, unit.spot.at(PRIMARY)))

    def _unit(self, unit: WantedUnit, of_product: "_StockCodes", where: Mapping[int, Whereabouts]) -> None:
        product, known_units = of_product.product, of_product.new.known
        if not product.settings.track:
            problem = say.row_not_tracked(unit.sku)
            self._trouble("not-tracked", unit.spot.at("SKU"), problem)
            return
        if unit.secondary is not None and not self._site.policy(product.settings).two_codes:
            problem = say.no_secondary_here(unit.secondary.text, shorten(unit.sku))
            self._trouble("secondary-given", unit.spot.at(SECONDARY), problem)
            return
        if (meant := self._meant(unit, of_product)) is None:
            return
        known = known_units.get(meant.primary.key)
        if known is not None and _is_repeat(known, meant, self._warehouses.get(code_key(unit.warehouse))):
            self.changes.stock_as_before += 1
            if unit.lot:
                self._repeats.append((known.id, unit))
            return
        if (one := self._came_before(meant, known)) is not None:
            self.changes.stock_as_before += 1
            if unit.lot:
                self._repeats.append((one.unit_id, unit))
            is_now = say.stock_is_now(meant.primary.text, one.codes_now, one.sku_now)
            self._doubts.append(Trouble("stock-is-now", is_now, unit.spot.at(PRIMARY)))
            return
        to_note: list[tuple[str, str, Code]] = []
        doubts: list[Trouble] = []
        good = True
        for column, kind, code in _codes(meant):
            taken_by = known_units.get(code.key)
            if taken_by is not None:
                there = whereabouts_words(where[taken_by.id], taken_by.warehouse)
                problem = say.unit_in_the_way(code.text, there, say.take_row_out())
                self._trouble("in-use", unit.spot.at(column), problem)
                good = False
                continue
            objection = self._objection(unit, of_product, code, column)
            if objection is not None and not objection.may_be_taken:
                self._trouble(objection.name, unit.spot.at(column), say.told_of(code.text, objection.sentence))
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

    def _meant(self, unit: WantedUnit, of_product: "_StockCodes") -> StockUnit | None:
        """The unit with its codes as its product has them; None, with the trouble noted, where there can be none."""
        primary = of_product.new.meant([CodeKind.PRIMARY], unit.primary)
        secondary = of_product.new.meant([CodeKind.SECONDARY], unit.secondary) if unit.secondary else None
        for column, code in ((PRIMARY, primary), (SECONDARY, secondary)):
            if isinstance(code, BadCode):
                found = no_code(code)
                self._trouble(found.name, unit.spot.at(column), say.told_of(code.text, found.sentence))
        if isinstance(primary, BadCode) or isinstance(secondary, BadCode):
            return None
        if secondary is not None and secondary.key == primary.key:
            problem = say.same_code_to_correct(secondary.text)
            self._trouble("same-code", unit.spot.at(SECONDARY), problem)
            return None
        meant = StockUnit(unit, primary, secondary)
        for column, _, code in _codes(meant):
            first = of_product.spots.setdefault(code.key, unit.spot)
            if first is not unit.spot:
                problem = say.stands_twice(code, first.short)
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
                and not one.status.has_left
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
            self.changes.notes.append(say.problem_at(str(place), say.noted(code.text, said, len(of))))
        self.changes.notes += say.few_notes(
            [doubt.name for doubt in self._doubts], [doubt.text for doubt in self._doubts]
        )

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
        for key, wanted in self._with_learned.items():
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


def _codes(unit: StockUnit) -> Iterator[tuple[str, CodeKind, Code]]:
    """Its codes, with the columns that they stand in."""
    yield PRIMARY, CodeKind.PRIMARY, unit.primary
    if unit.secondary is not None:
        yield SECONDARY, CodeKind.SECONDARY, unit.secondary


def _is_repeat(known: FoundUnit, unit: StockUnit, warehouse_id: int | None) -> bool:
    """Did an earlier run of the same sheet bring this unit?"""
    return (
        known.received_at is not None
        and known.purchase_line_id is None
        and known.warehouse_id == warehouse_id
        and known.primary_key == unit.primary.key
        and (unit.secondary is None or known.secondary_key == unit.secondary.key)
    )


def _reopen(order: Order, lines: Sequence[OrderLine]) -> str:
    """The way on where there is one: an order that has everything is not reopened."""
    if order.status is not OrderStatus.COMPLETED:
        return ""
    return say.or_reopen(can_reopen=any(line.closed_short for line in lines))
