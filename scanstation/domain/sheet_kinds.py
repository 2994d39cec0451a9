"""The kinds of sheets as data: which columns each has, and which sheet is of which kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from scanstation.domain.codes import trim
from scanstation.domain.language import said_later
from scanstation.domain.sheet_headers import meanings
from scanstation.domain.status import OrderKind

AS_TEXT = said_later("Format the column as Text and paste again.")
"""What to do with a cell that a program has made a number or a date of."""
HEADER_WITHIN = 20
"""A header is looked for in this many rows; above it people write titles and dates."""


class Role(StrEnum):
    """What a column's cells hold, and so how they are read."""

    TEXT = "text"
    SERIAL = "serial"
    QUANTITY = "quantity"
    FLAG = "flag"
    DATE = "date"
    TIME = "time"


_NAMES = frozenset(("Warehouse", "Client", "PO Number", "SO Number", "RMA", "SKU", "Lot"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of sheet."""

    name: str
    role: Role = Role.TEXT
    required: bool = True
    """Must its header be there? Whether a cell must be filled is the workflow's to say, row by row."""
    stands_in: str | None = None
    """A header that is read in this one's place where this one is absent."""
    how: str = ""
    """How a cell is filled in, where its header does not say it."""
    spared_by: str | None = None
    """A column beside which this one's header need not be there."""
    unsaid: bool = False
    """Of a flag: an empty cell says nothing, and not no."""
    of_report: bool = False
    """A column of our own report, which makes a sheet of this kind only where this kind is asked for."""

    @property
    def is_name(self) -> bool:
        """Does it name a client, a product or any other thing, so that nothing in it may have been changed?"""
        return self.name in _NAMES


@dataclass(frozen=True, slots=True)
class SheetKind:
    """What a sheet is about, as its header says."""

    key: str
    title: str
    columns: tuple[Column, ...]

    def index(self, name: str) -> int:
        """Where the column's values are in `Row.values`; raises KeyError for a name it does not have."""
        for position, column in enumerate(self.columns):
            if column.name == name:
                return position
        raise KeyError(name)


SERIAL_TAKES_UNIT = "Serial Takes Unit"

_WAREHOUSE = Column("Warehouse")
_CLIENT = Column("Client")
_SKU = Column("SKU")
CANCELLED, REASON, BRINGS_BACK = "Cancelled", "Reason", "Returns"
# What an order's row may leave away that says no more than that the order is cancelled.
_ORDERED = Column("SKU", spared_by=CANCELLED)
_QUANTITY = Column("Quantity", Role.QUANTITY, spared_by=CANCELLED)
_ENDS = (
    Column(
        CANCELLED,
        Role.FLAG,
        required=False,
        how="Yes in a row of an order that nobody wants any more; its SKU and Quantity are not read then.",
        unsaid=True,
    ),
    Column(REASON, required=False, how="Why it is cancelled."),
)
_LINE = Column("Line", required=False, how="The number of the row on the order's paper.")
_DUE = Column("Due", Role.DATE, required=False)
_PRIMARY = Column("Primary Serial Number", Role.SERIAL)
# Scenarios 7 and 8 need it, 5 and 6 refuse it: a sheet may mix them, so only a row can tell.
_SECONDARY = Column("Secondary Serial Number", Role.SERIAL, required=False)
# Lot and dates (RULES 2.29), in the order of `domain.lots.LotFacts`.
_LOT = (
    Column("Lot", required=False),
    Column("Expiry", Role.DATE, required=False, how="The use-by day: 2027-03-31, or a cell that is a date."),
    Column("Best Before", Role.DATE, required=False),
    Column("Made", Role.DATE, required=False),
)
LOT_COLUMNS = tuple(column.name for column in _LOT)

PRODUCTS = SheetKind(
    "products",
    said_later("products"),
    (
        _CLIENT,
        _SKU,
        Column("Description"),
        Column("Barcodes", how="Several barcodes stand in one cell with ; between them; code=12 is a pack of 12."),
        Column("Track Serial Number", Role.FLAG),
        Column("Both Receiving and Packing", Role.FLAG),
        Column("Only Packing", Role.FLAG),
        Column("Skip Scan Serial Number", Role.FLAG),
        Column("Scan Secondary Serial Number", Role.FLAG),
        Column(
            "Serial Pattern",
            required=False,
            how="A regular expression for the whole serial, or imei, mac, luhn:15; "
            "a group (?P<serial>...) takes it out of a longer label.",
        ),
        Column("Serial Hint", required=False),
        Column("Secondary Serial Pattern", required=False),
        Column("Secondary Serial Hint", required=False),
        Column("Strip", required=False, how="What labels put before a serial, with ; between them: SN:;S/N."),
        Column("Secondary Strip", required=False),
        Column(
            SERIAL_TAKES_UNIT,
            Role.FLAG,
            required=False,
            how="Yes: at receiving a new serial that matches its pattern takes its unit by itself.",
        ),
    ),
)
PURCHASE_ORDERS = SheetKind(
    "purchase-orders",
    said_later("purchase orders"),
    (
        *(_WAREHOUSE, _CLIENT, Column("PO Number"), _ORDERED, _QUANTITY),
        *(Column("Supplier", required=False), _DUE, _LINE, *_ENDS),
        Column(
            BRINGS_BACK,
            Role.FLAG,
            required=False,
            how="Yes in a row of an order on which units come back that were shipped.",
            unsaid=True,
        ),
    ),
)
SHIPMENT_ORDERS = SheetKind(
    "shipment-orders",
    said_later("shipment orders"),
    (
        _WAREHOUSE,
        _CLIENT,
        Column("SO Number"),
        _ORDERED,
        _QUANTITY,
        Column("Reference", required=False),
        Column("Ship To", required=False),
        _DUE,
        _LINE,
        *_ENDS,
    ),
)
OPENING_STOCK = SheetKind(
    "opening-stock",
    said_later("opening stock"),
    # The Serial Number Report of what is Received is taken back as it was written.
    (
        *(_WAREHOUSE, _CLIENT, _SKU, _PRIMARY, _SECONDARY),
        *_LOT,
        Column("Status", required=False, of_report=True),
        Column("On Hold", required=False, of_report=True),
    ),
)
PO_SERIALS = SheetKind(
    "po-serials",
    said_later("serial numbers of purchase orders"),
    (_WAREHOUSE, _CLIENT, Column("PO Number"), _SKU, _PRIMARY, _SECONDARY, *_LOT),
)
SO_SERIALS = SheetKind(
    "so-serials",
    said_later("serial numbers of shipment orders"),
    # The source's scenario 8 writes 'PO Number' on the shipment sheet (RULES 3).
    (_WAREHOUSE, _CLIENT, Column("SO Number", stands_in="PO Number"), _SKU, _PRIMARY, _SECONDARY, *_LOT),
)
RETURNS = SheetKind(
    "returns",
    said_later("returns"),
    (
        Column("RMA"),
        _CLIENT,
        _SKU,
        Column(
            "Serial", Role.SERIAL, required=False, stands_in="Primary Serial Number", how="Of the unit; or Quantity."
        ),
        Column("Quantity", Role.QUANTITY, required=False, how="How many, where no serial is known; 0 drops the row."),
        Column("SO Number", required=False, how="The order that it went out on."),
    ),
)
AT = "At"
DOWNTIME = SheetKind(
    "downtime",
    said_later("what was written down while the station was away"),
    (
        _SKU,
        replace(_PRIMARY, required=False),
        _SECONDARY,
        Column("Quantity", Role.QUANTITY, required=False, how="How many, of goods whose serials are not asked."),
        Column(AT, Role.TIME, required=False, how="09:20 of the day that is entered, or 2026-11-30 09:20."),
    ),
)
"""Entered for one order. With so few columns it is none of `ALL_KINDS`: any sheet would be one."""
SHEET_OF = {OrderKind.PURCHASE: PO_SERIALS, OrderKind.SHIPMENT: SO_SERIALS}
"""The serials of each kind of order."""

ALL_KINDS: tuple[SheetKind, ...] = (
    PRODUCTS,
    PURCHASE_ORDERS,
    SHIPMENT_ORDERS,
    OPENING_STOCK,
    PO_SERIALS,
    SO_SERIALS,
    RETURNS,
)
MASTER_DATA: tuple[SheetKind, ...] = (PRODUCTS, PURCHASE_ORDERS, SHIPMENT_ORDERS, OPENING_STOCK, PO_SERIALS, RETURNS)
"""What `load` takes; there the serials of a purchase order are those that its supplier announces (RULES 2.26)."""


def kind_by_key(key: str) -> SheetKind:
    """The kind of this key ('po-serials'); raises KeyError for another text."""
    for kind in (*ALL_KINDS, DOWNTIME):
        if kind.key == key:
            return kind
    raise KeyError(key)


@cache
def column_letter(index: int) -> str:
    """The spreadsheet's name of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def header_key(text: str) -> str:
    """What headers are compared by: case, blanks, `_` and what stands unseen at the edges do not matter."""
    return "".join(trim(text).replace("_", " ").split()).casefold()


@dataclass(frozen=True, slots=True)
class HeaderFit:
    """How one row of a sheet fits one kind: the sheet's column (from 0) of each of the kind's columns."""

    kind: SheetKind
    row: int
    """Counted from 1, as spreadsheets do."""
    positions: tuple[int | None, ...]
    """In the order of `kind.columns`; None where the sheet does not have the column."""
    missing: tuple[str, ...]
    """Required columns the row does not have."""
    twice: tuple[tuple[str, int, int], ...]
    """Columns of the kind that the row has two of: the header as written, or ours where it is written in two ways, and
    where the two are."""

    @property
    def matched(self) -> int:
        """How many columns were found; the better fit has more."""
        return sum(position is not None for position in self.positions)

    @property
    def matched_of_its_own(self) -> int:
        """The same without columns of our own report."""
        found = zip(self.kind.columns, self.positions, strict=True)
        return sum(position is not None and not column.of_report for column, position in found)

    @property
    def fits(self) -> bool:
        return not self.missing


def fit_row(kind: SheetKind, number: int, cells: Sequence[object]) -> HeaderFit:
    """How well the cells of row `number` serve as the header of a kind; cells that are not text are ignored.

    A row that is whole in English is read so, and all others in English and one language more, that in which most is
    found: in another one its words may mean other things (a load is *charge* in French, a lot in German). A row that
    is whole in that language without a word of English, as RMA, Client and SKU are in French, is one of it.
    """
    english = _in_english(cells)
    in_english = {*english}
    best = _fit(kind, number, cells, english)
    is_whole = best.fits
    words = [(place, meant) for place, cell in enumerate(cells) if isinstance(cell, str) and (meant := meanings(cell))]
    for language in dict.fromkeys(language for _, meant in words for language in meant):
        named = [(place, header_key(meant[language])) for place, meant in words if language in meant]
        if in_english.issuperset(named) or (is_whole and not _fit(kind, number, cells, named).fits):
            continue
        fit = _fit(kind, number, cells, dict.fromkeys((*english, *named)))
        if (-len(fit.missing), fit.matched) > (-len(best.missing), best.matched):
            best = fit
    return best


def fit_row_in_english(kind: SheetKind, number: int, cells: Sequence[object]) -> HeaderFit:
    """How well they serve by our own headers alone."""
    return _fit(kind, number, cells, _in_english(cells))


def _in_english(cells: Sequence[object]) -> list[tuple[int, str]]:
    return [(place, key) for place, cell in enumerate(cells) if isinstance(cell, str) and (key := header_key(cell))]


def _fit(kind: SheetKind, number: int, cells: Sequence[object], named: Iterable[tuple[int, str]]) -> HeaderFit:
    """How well they serve, where some of them, by their place, name these columns."""
    places: dict[str, list[int]] = {}
    for place, key in named:
        places.setdefault(key, []).append(place)
    positions: list[int | None] = []
    missing: list[str] = []
    twice: list[tuple[str, int, int]] = []
    for column in kind.columns:
        indexes = places.get(header_key(column.name))
        if indexes is None and column.stands_in is not None:
            indexes = places.get(header_key(column.stands_in))
        positions.append(min(indexes) if indexes else None)
        spared = column.spared_by is not None and header_key(column.spared_by) in places
        if indexes is None and column.required and not spared:
            missing.append(column.name)
        if indexes is not None and len(indexes) > 1:
            first, second, *_ = sorted(indexes)
            one, other = str(cells[first]), str(cells[second])
            twice.append((one if header_key(one) == header_key(other) else column.name, first, second))
    return HeaderFit(kind, number, tuple(positions), tuple(missing), tuple(twice))
