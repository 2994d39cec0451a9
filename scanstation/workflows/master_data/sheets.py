"""Products, orders and opening stock as sheets say them: read into values, without a look at the store.

What can be wrong here is wrong in any store: an empty cell, a key twice, settings that no product may have.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, shorten
from scanstation.domain.commands import read_command
from scanstation.domain.gtin import product_key
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.outcome import Reason
from scanstation.domain.products import Barcode
from scanstation.domain.sheet_kinds import (
    BRINGS_BACK,
    CANCELLED,
    LOT_COLUMNS,
    OPENING_STOCK,
    PO_SERIALS,
    PRODUCTS,
    PURCHASE_ORDERS,
    REASON,
    RETURNS,
    SERIAL_TAKES_UNIT,
    SHIPMENT_ORDERS,
    SheetKind,
)
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.tracking import TrackingSettings
from scanstation.sheets.marking import Refusals
from scanstation.sheets.reading import Row, Table
from scanstation.workflows.codes.barcodes import name_trouble, read_barcodes
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY, read_lot, read_serial
from scanstation.workflows.master_data.products import SETTING_NAMES, pattern_trouble, strip_trouble

KIND_OF: dict[str, OrderKind] = {
    PURCHASE_ORDERS.key: OrderKind.PURCHASE,
    SHIPMENT_ORDERS.key: OrderKind.SHIPMENT,
    PO_SERIALS.key: OrderKind.PURCHASE,
}
"""The sheets whose rows name an order."""

_TEXT_COLUMNS = (
    *("Serial Pattern", "Serial Hint", "Secondary Serial Pattern", "Secondary Serial Hint"),
    *("Strip", "Secondary Strip"),
)

_RMA = "RMA"
_MOST = 9_999_999
"""Pieces of one line."""
_MOST_NOTES = 20
"""Of one kind, each with its place; of the others their number is said."""

ProductKey = tuple[str, str]
"""Client and SKU as keys."""
OrderKey = tuple[OrderKind | str, str, str, str]
"""Kind, and warehouse, client and number as keys; of a return RMA, and no warehouse."""


@dataclass(frozen=True, slots=True, eq=False)
class CellRef:
    """A cell that something is said of; as text `stock.xlsx, Sheet1!C12`."""

    file: str
    table: Table
    row: int
    cell: str

    def __str__(self) -> str:
        """As a sentence begins with it."""
        return f"{_sheet(self.file, self.table)}!{self.cell}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of a sheet, to be pointed at."""

    file: str
    """Empty when only one file is loaded."""
    table: Table
    row: Row

    def at(self, column: str) -> CellRef:
        """One of its cells."""
        return CellRef(self.file, self.table, self.row.number, self.table.cell(self.row, column))

    def suspicion(self, column: str) -> str | None:
        """Why the serial in this column may be none, where no pattern matches it."""
        return self.table.suspects.get(self.row.number, {}).get(column)

    @property
    def short(self) -> str:
        """The row, where another one is the subject."""
        return say.row_of(_sheet(self.file, self.table), self.row.number)


def _sheet(file: str, table: Table) -> str:
    """A sheet by its file and its name; the one sheet of a CSV file has the file's."""
    name = shorten(table.sheet)
    return f"{shorten(file)}, {name}" if file not in ("", table.sheet) else name


class Trouble(NamedTuple):
    """One thing that is wrong."""

    name: str
    sentence: str
    place: CellRef | None = None
    """Where; None for what is wrong with a whole file."""
    order: OrderKey | None = None
    """The order that it spoils; None when it spoils the whole run."""

    @property
    def text(self) -> str:
        """Where, and what is said."""
        return say.problem_at(str(self.place), self.sentence) if self.place else self.sentence


@dataclass(frozen=True, slots=True)
class WantedProduct:
    """A product as its row says it."""

    spot: Spot
    client: str
    sku: str
    description: str
    settings: TrackingSettings
    barcodes: tuple[Barcode, ...]
    texts: Sequence[str | None]
    """Pattern and hint, those of the secondary, and the marks of both; None where the sheet has no such column."""
    serial_takes_unit: bool | None = None
    """None where the sheet has no such column."""

    @property
    def key(self) -> ProductKey:
        """What it is known by."""
        return code_key(self.client), code_key(self.sku)


@dataclass(slots=True)
class WantedLine:
    """One line of an order; quantity 0 drops it."""

    spots: list[Spot]
    """Its row; several rows of one sheet are added up (RULES 2.21)."""
    sku: str
    quantity: int
    parts: dict[str, int] = field(default_factory=dict)
    """What the rows call their lines, and how much each orders; empty where the sheet names none."""

    @property
    def rows(self) -> str:
        """`rows 2, 5 and 7`, where there are several."""
        return say.rows_named([spot.row.number for spot in self.spots])


@dataclass(slots=True)
class WantedOrder:
    """An order as its rows say it. Empty head values leave those of the store as they are."""

    kind: OrderKind
    spot: Spot
    warehouse: str
    client: str
    number: str
    head: dict[str, str] = field(default_factory=dict)
    """`partner`, `reference` and `due`, where a row fills them."""
    lines: dict[str, WantedLine] = field(default_factory=dict)
    """By SKU key."""
    line_of: dict[str, Spot] = field(default_factory=dict)
    """What rows call their lines, and which row does."""

    cancelled: Spot | None = None
    """The row that says that nobody wants it any more."""
    reason: str = ""
    """Why, as the rows say."""
    brings_back: bool | None = None
    """Does it bring units back? None where no row says."""
    names_goods: bool = False
    """Do the rows that cancel it say what was ordered too, as an export of all orders does?"""

    @property
    def key(self) -> OrderKey:
        """What it is known by."""
        return self.kind, code_key(self.warehouse), code_key(self.client), code_key(self.number)


@dataclass(slots=True)
class WantedReturnLine:
    """What one row expects of a return."""

    spot: Spot
    sku: str
    serial: Code | BadCode | None
    """None where a quantity is expected."""
    quantity: int
    """0 drops it."""
    order: str


@dataclass(slots=True)
class WantedReturn:
    """A return as its rows expect it."""

    spot: Spot
    client: str
    number: str
    lines: dict[tuple[str, str, str], WantedReturnLine] = field(default_factory=dict)
    """By SKU, serial and, of a quantity, order."""

    @property
    def key(self) -> OrderKey:
        """What it is known by."""
        return _RMA, "", code_key(self.client), code_key(self.number)


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """One unit of opening stock."""

    spot: Spot
    warehouse: str
    client: str
    sku: str
    primary: Code | BadCode
    """What its cell says; what that means depends on its product."""
    secondary: Code | BadCode | None
    on_hold: str = ""
    """Why it is on hold, as a report says."""
    lot: LotFacts = NO_LOT

    @property
    def product_key(self) -> ProductKey:
        """Whose serial it is."""
        return code_key(self.client), code_key(self.sku)


@dataclass(frozen=True, slots=True)
class WantedSerial:
    """One unit that a supplier announces for a purchase order."""

    spot: Spot
    order: OrderKey
    number: str
    client: str
    sku: str
    primary: Code | BadCode
    """What its cell says; what that means depends on its product."""
    secondary: Code | BadCode | None
    lot: LotFacts = NO_LOT

    @property
    def product_key(self) -> ProductKey:
        """Whose serial it is."""
        return self.order[2], code_key(self.sku)


@dataclass(slots=True)
class Wanted:
    """All that the files of one run say, and what is wrong with it."""

    products: dict[ProductKey, WantedProduct] = field(default_factory=dict)
    orders: dict[OrderKey, WantedOrder] = field(default_factory=dict)
    stock: list[WantedUnit] = field(default_factory=list)
    expected: list[WantedSerial] = field(default_factory=list)
    returns: dict[OrderKey, WantedReturn] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    spoiled_products: set[ProductKey] = field(default_factory=set)
    """Products with a bad row: what orders say about them is not held against the orders too."""
    tables: list[Table] = field(default_factory=list)
    """The sheets that all this was read from."""
    file_name: str = ""
    """The file, where it is the only one."""
    notes: list[str] = field(default_factory=list)
    """What was read otherwise than it stands there, a sentence each."""


def read_tables(tables: Sequence[tuple[str, Table]], command_prefix: str) -> Wanted:
    """Read the rows of all sheets: (file name, or nothing for a single file; table)."""
    reader = _Reader(command_prefix)
    for file, table in tables:
        reader.table(file, table)
    reader.end()
    return reader.wanted


def refused_rows(wanted: Wanted, troubles: Sequence[Trouble], *, whole_orders: bool = False) -> list[Refusals]:
    """The sheets, each with what is wrong with its rows.

    With `whole_orders` also the other rows of an order that has a problem: they go with it.
    """
    errors: dict[int, dict[int, list[str]]] = {id(table): {} for table in wanted.tables}
    cells: dict[int, set[str]] = {id(table): set() for table in wanted.tables}
    for trouble in troubles:
        if (place := trouble.place) is not None:
            errors[id(place.table)].setdefault(place.row, []).append(trouble.sentence)
            if not place.cell.isdigit():  # the sheet may lack the column
                cells[id(place.table)].add(place.cell)
    bad_orders = {trouble.order for trouble in troubles if trouble.order is not None}
    for table in wanted.tables if whole_orders and bad_orders else ():
        if _number_column(table.kind):
            rows, number = errors[id(table)], table.kind.index(*_number_column(table.kind))
            for row in table.rows:
                if row.number not in rows and order_key(table.kind, row) in bad_orders:
                    rows[row.number] = [say.left_out_with(row.values[number])]
    return [Refusals(table, errors[id(table)], cells[id(table)]) for table in wanted.tables]


class _Reader:
    def __init__(self, command_prefix: str) -> None:
        self.wanted = Wanted()
        self._prefix = code_key(command_prefix)
        self._cancelled: set[OrderKey] = set()
        """The orders of a sheet that it cancels."""
        self._read_otherwise: list[str] = []
        """Barcodes that are not as they stand there, a sentence each."""

    def table(self, file: str, table: Table) -> None:
        """Read one sheet."""
        self.wanted.tables.append(table)
        unreadable: dict[int, list[str]] = {}
        self._cancelled = self._cancelled_in(table)
        spots = {row.number: Spot(file, table, row) for row in table.rows}
        for problem in table.problems:
            unreadable.setdefault(problem.row, []).append(problem.column)
            spoils = None
            if _number_column(table.kind) and problem.row in spots:
                # Without the cells that name it, nobody knows which order the row belongs to.
                known = problem.column not in ("Warehouse", "Client", *_number_column(table.kind))
                spoils = order_key(table.kind, spots[problem.row].row) if known else None
            said = say.unreadable_cell(problem.value, problem.reason, problem.mend)
            self._trouble("unreadable-cell", CellRef(file, table, problem.row, problem.cell), said, spoils)
        for spot in spots.values():
            bad = unreadable.get(spot.row.number, [])
            if table.kind.key == PRODUCTS.key:
                self._product(spot, bad)
            elif bad:
                continue
            elif table.kind.key == OPENING_STOCK.key:
                self._unit(spot)
            elif table.kind.key == PO_SERIALS.key:
                self._expected(spot)
            elif table.kind.key == RETURNS.key:
                self._returned(spot)
            else:
                self._line(spot)

    def end(self) -> None:
        """All sheets have been read: what is there to say of them?"""
        self._tell(self._read_otherwise, say.more_read_otherwise)
        added_up = [
            say.added_up(
                _sheet(line.spots[0].file, line.spots[0].table), line.sku, order.number, line.rows, line.quantity
            )
            for order in self.wanted.orders.values()
            for line in order.lines.values()
            if len(line.spots) > 1 and not line.parts
        ]
        self._tell(added_up, say.more_added_up)

    def _tell(self, notes: Sequence[str], others: Callable[[int], str]) -> None:
        self.wanted.notes += notes[:_MOST_NOTES]
        if len(notes) > _MOST_NOTES:
            self.wanted.notes.append(others(len(notes) - _MOST_NOTES))

    def _product(self, spot: Spot, unreadable: Sequence[str]) -> None:
        client, sku = _cell(spot, "Client"), _cell(spot, "SKU")
        key = (code_key(client), code_key(sku))
        before = len(self.wanted.troubles)
        self._named(spot, "Client", client, None)
        if self._named(spot, "SKU", sku, None):
            self._not_a_command(spot, "SKU", sku)
        settings = TrackingSettings(*(_cell(spot, column) == "True" for column in SETTING_NAMES.values()))
        if not unreadable and (reason := settings.refusal()) is not None:
            self._trouble("settings", spot.at("Both Receiving and Packing"), say.wrong_settings(sku, reason))
        barcodes = self._barcodes(spot)
        texts = [_cell(spot, name) if name in spot.table.columns else None for name in _TEXT_COLUMNS]
        for name, text in zip(_TEXT_COLUMNS, texts, strict=True):
            wrong_in = strip_trouble if name.endswith("Strip") else pattern_trouble
            if text and not name.endswith("Hint") and (trouble := wrong_in(text)):
                self._trouble(trouble.name, spot.at(name), trouble.text)
        if key in self.wanted.products:
            said = say.text_twice(sku, self.wanted.products[key].spot.short)
            self._trouble("key-twice", spot.at("SKU"), said)
        if unreadable or len(self.wanted.troubles) > before:
            self.wanted.spoiled_products.add(key)
            return
        self.wanted.products[key] = WantedProduct(
            spot,
            client,
            sku,
            _cell(spot, "Description"),
            settings,
            barcodes,
            texts,
            _cell(spot, SERIAL_TAKES_UNIT) == "True" if SERIAL_TAKES_UNIT in spot.table.columns else None,
        )

    def _barcodes(self, spot: Spot) -> tuple[Barcode, ...]:
        barcodes: dict[str, Barcode] = {}
        said_of: set[str] = set()
        for read in read_barcodes(_cell(spot, "Barcodes"), self._prefix):
            if isinstance(read, Reason):
                self._trouble(read.name, spot.at("Barcodes"), read.text)
                continue
            if read.note and read.note not in said_of:
                said_of.add(read.note)
                self._read_otherwise.append(say.read_otherwise(str(spot.at("Barcodes")), read.note))
            barcode = read.record
            known = barcodes.setdefault(product_key(barcode.text), barcode)
            if known.pack_quantity != barcode.pack_quantity:
                problem_text = say.two_pack_quantities(barcode.text, known.pack_quantity, barcode.pack_quantity)
                self._trouble("pack-quantity", spot.at("Barcodes"), problem_text)
        return tuple(barcodes.values())

    def _line(self, spot: Spot) -> None:
        kind = KIND_OF[spot.table.kind.key]
        (number_column,) = _number_column(spot.table.kind)
        places = ("Warehouse", "Client", number_column)
        named = [self._named(spot, column, _cell(spot, column), None) for column in places]
        if not all(named):
            return
        warehouse, client, number = (_cell(spot, column) for column in places)
        self._not_a_command(spot, number_column, number)
        key = order_key(spot.table.kind, spot.row)
        order = self.wanted.orders.setdefault(key, WantedOrder(kind, spot, warehouse, client, number))
        if self._cancels(spot, order):
            return
        self._head(spot, order)
        sku, quantity = _cell(spot, "SKU"), _cell(spot, "Quantity")
        if not self._named(spot, "SKU", sku, key):
            return
        if not quantity:
            problem_text = say.quantity_is_empty("Quantity")
            self._trouble("empty", spot.at("Quantity"), problem_text, key)
            return
        if int(quantity) > _MOST:
            problem_text = say.too_large(quantity, _MOST)
            self._trouble("quantity", spot.at("Quantity"), problem_text, key)
            return
        line = order.lines.setdefault(code_key(sku), WantedLine([], sku, 0))
        if line.spots and line.spots[0].table is not spot.table:
            problem_text = say.stands_in_other_sheet(sku, number, line.spots[0].short)
            self._trouble("key-twice", spot.at("SKU"), problem_text, key)
            return
        if not self._part(spot, order, line, int(quantity)):
            return
        line.spots.append(spot)
        line.quantity += int(quantity)
        if line.quantity > _MOST:
            problem_text = say.too_large_together(line.rows, sku, line.quantity, _MOST)
            self._trouble("quantity", spot.at("Quantity"), problem_text, key)

    def _cancelled_in(self, table: Table) -> set[OrderKey]:
        if CANCELLED not in table.columns:
            return set()
        slot = table.kind.index(CANCELLED)
        return {order_key(table.kind, row) for row in table.rows if row.values[slot] == "True"}

    def _cancels(self, spot: Spot, order: WantedOrder) -> bool:
        """Keep that an order is cancelled, as one of its rows says; trouble where another says that it is not."""
        if order.key not in self._cancelled:
            return False
        if _cell(spot, CANCELLED) == "False":
            problem_text = say.cancelled_in_part(order.number, "Quantity")
            self._trouble("cancelled-differs", spot.at(CANCELLED), problem_text, order.key)
        order.cancelled = order.cancelled or spot
        order.reason = order.reason or _cell(spot, REASON)
        order.names_goods = order.names_goods or bool(_cell(spot, "SKU"))
        return True

    def _part(self, spot: Spot, order: WantedOrder, line: WantedLine, quantity: int) -> bool:
        """Keep what the row calls its line; trouble where another row calls itself so, or some name none."""
        called = _cell(spot, "Line") if "Line" in spot.table.columns else ""
        if bool(called) is not bool(line.parts) and line.spots:
            problem_text = say.lines_named_in_part(line.sku, "Line")
            self._trouble("line-missing", spot.at("Line"), problem_text, order.key)
            return False
        if not called:
            return True
        if not self._named(spot, "Line", called, order.key):
            return False
        # 0 drops it, and another product may stand there then.
        other = order.line_of.setdefault(called, spot) if quantity else spot
        if called in line.parts:
            other = line.spots[[*line.parts].index(called)]
        if other is not spot:
            problem_text = say.line_twice(called, order.number, other.short)
            self._trouble("line-twice", spot.at("Line"), problem_text, order.key)
            return False
        line.parts[called] = quantity
        return True

    def _head(self, spot: Spot, order: WantedOrder) -> None:
        partner = "Supplier" if order.kind is OrderKind.PURCHASE else "Ship To"
        columns = {"partner": partner, "due": "Due"}
        if order.kind is OrderKind.SHIPMENT:
            columns["reference"] = "Reference"
        for name, column in columns.items():
            text = _cell(spot, column)
            if text and order.head.setdefault(name, text) != text:
                problem_text = say.head_differs(text, column, order.number, order.head[name])
                self._trouble("head-differs", spot.at(column), problem_text, order.key)
        if order.kind is OrderKind.PURCHASE and (brings_back_text := _cell(spot, BRINGS_BACK)):
            if order.brings_back not in (None, brings_back_text == "True"):
                problem_text = say.returns_differ(order.number)
                self._trouble("head-differs", spot.at(BRINGS_BACK), problem_text, order.key)
            order.brings_back = brings_back_text == "True"

    def _returned(self, spot: Spot) -> None:
        named = [self._named(spot, column, _cell(spot, column), None) for column in ("Client", "RMA")]
        if not all(named):
            return
        client, number, sku = (_cell(spot, column) for column in ("Client", "RMA", "SKU"))
        if not self._not_a_command(spot, "RMA", number):
            return
        key = order_key(RETURNS, spot.row)
        wanted = self.wanted.returns.setdefault(key, WantedReturn(spot, client, number))
        order, serial, quantity = _cell(spot, "SO Number"), read_serial(_cell(spot, "Serial")), _cell(spot, "Quantity")
        if not self._named(spot, "SKU", sku, key) or (order and not self._named(spot, "SO Number", order, key)):
            return
        if serial is None and not quantity:
            problem_text = say.neither_is_there("Serial", "Quantity")
            self._trouble("empty", spot.at("Serial"), problem_text, key)
            return
        if isinstance(serial, BadCode):
            self._trouble("bad-code", spot.at("Serial"), say.to_correct(serial), key)
            return
        most = 1 if serial else _MOST
        if quantity and int(quantity) > most:
            problem_text = say.too_large(quantity, most, of_serial=bool(serial))
            self._trouble("quantity", spot.at("Quantity"), problem_text, key)
            return
        line = WantedReturnLine(spot, sku, serial, int(quantity) if quantity else 1, order)
        known = wanted.lines.setdefault(
            (code_key(sku), serial.key if serial else "", "" if serial else code_key(order)), line
        )
        if known is not line:
            problem_text = say.expected_twice(number, known.spot.short)
            self._trouble("key-twice", spot.at("SKU"), problem_text, key)

    def _unit(self, spot: Spot) -> None:
        warehouse, client, sku = (_cell(spot, column) for column in ("Warehouse", "Client", "SKU"))
        named = [self._named(spot, column, _cell(spot, column), None) for column in ("Warehouse", "Client", "SKU")]
        primary, secondary = (read_serial(_cell(spot, column)) for column in (PRIMARY, SECONDARY))
        if primary is None:
            self._trouble("empty", spot.at(PRIMARY), say.name_is_empty(PRIMARY).text)
        status = _cell(spot, "Status")
        lot = read_lot([_cell(spot, column) for column in LOT_COLUMNS])
        if status and status.casefold() != UnitStatus.RECEIVED.value.casefold():
            self._trouble("no-stock", spot.at("Status"), say.is_no_stock(status))
        elif isinstance(lot, BadCode):
            self._trouble("bad-lot", spot.at("Lot"), say.no_lot_in_cell(lot))
        elif all(named) and primary is not None:
            on_hold = _cell(spot, "On Hold")
            self.wanted.stock.append(WantedUnit(spot, warehouse, client, sku, primary, secondary, on_hold, lot))

    def _expected(self, spot: Spot) -> None:
        places = ("Warehouse", "Client", "PO Number", "SKU")
        _, client, number, sku = (_cell(spot, column) for column in places)
        order = order_key(spot.table.kind, spot.row)
        named = [self._named(spot, column, _cell(spot, column), order) for column in places]
        primary, secondary = (read_serial(_cell(spot, column)) for column in (PRIMARY, SECONDARY))
        if primary is None:
            self._trouble("empty", spot.at(PRIMARY), say.name_is_empty(PRIMARY).text, order)
        lot = read_lot([_cell(spot, column) for column in LOT_COLUMNS])
        if isinstance(lot, BadCode):
            self._trouble("bad-lot", spot.at("Lot"), say.no_lot_in_cell(lot), order)
        elif all(named) and primary is not None:
            self.wanted.expected.append(WantedSerial(spot, order, number, client, sku, primary, secondary, lot))

    def _named(self, spot: Spot, column: str, text: str, spoils: OrderKey | None) -> bool:
        """Is this a name that can be shown and scanned? Trouble when it is not."""
        trouble = name_trouble(column, text)
        if trouble is not None:
            self._trouble(trouble.name, spot.at(column), trouble.text, spoils)
        return trouble is None

    def _not_a_command(self, spot: Spot, column: str, text: str) -> bool:
        if read_command(code_key(text), self._prefix) is None:
            return True
        self._trouble("command", spot.at(column), say.name_is_command(text))
        return False

    def _trouble(self, name: str, place: CellRef, problem_text: str, spoils: OrderKey | None = None) -> None:
        self.wanted.troubles.append(Trouble(name, problem_text, place, spoils))


def order_key(kind: SheetKind, row: Row) -> OrderKey:
    """The order that a row of this kind of sheet names."""
    places = ("Client", *_number_column(kind))
    client, number = (code_key(row.values[kind.index(column)]) for column in places)
    if kind.key == RETURNS.key:
        return _RMA, "", client, number
    return KIND_OF[kind.key], code_key(row.values[kind.index("Warehouse")]), client, number


def _cell(spot: Spot, column: str) -> str:
    return spot.row.values[spot.table.kind.index(column)]


def _number_column(kind: SheetKind) -> tuple[str, ...]:
    """The column that tells one order or return of a sheet from the others; of other sheets none."""
    if kind.key == RETURNS.key:
        return (_RMA,)
    return (f"{KIND_OF[kind.key]} Number",) if kind.key in KIND_OF else ()
