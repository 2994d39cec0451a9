"""What the rules of imports judge by: plain values that say what the store and the sheet have to say about a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scanstation.domain.imports import Batch, FoundUnit, ImportedCount
from scanstation.domain.lots import LotFacts, LotHold
from scanstation.domain.orders import Order
from scanstation.domain.products import Product
from scanstation.domain.status import OrderKind
from scanstation.domain.units import Whereabouts
from scanstation.domain.work import Boxed

Alike = Mapping[str, Sequence[tuple[str, FoundUnit]]]
"""Rough key (`marks.rough`) → codes of a product's units that new ones may be spellings of."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What sentences and rules need of the sheet beside its rows."""

    name: str
    columns: Mapping[str, str]
    """The letters of the columns that it has, by their names."""
    suspects: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Serials that are taken only where the product's pattern matches them: by row and column, why not else."""
    lots: Mapping[int, LotFacts] = field(default_factory=dict)
    """Lot and dates of the rows that say any."""


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What of a client and the site can be mistaken for a serial."""

    skus: Mapping[str, str]
    """SKU key → SKU."""
    product_codes: Mapping[str, str]
    """Every SKU and barcode as key → the SKU it stands for."""
    open_orders: Mapping[str, OrderKind] = field(compare=False)
    """The number of each open order as key → what kind of order it is. Others come and go while a file is judged."""
    sku_of: Mapping[int, str] = field(default_factory=dict)
    """Product id → SKU."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What imports may still put on a line."""

    id: int
    product: Product
    done: int
    pieces: Mapping[int, int]
    """Scenario → how many pieces completed work took under it."""
    imported: ImportedCount
    shown_sku: str
    """The SKU as sentences show it."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order that the file names."""

    record: Order
    lines: Mapping[str, LineFacts]
    """By SKU key."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the store has to say about a file beside its units: little, and quickly compared."""

    started: Order | None
    """The order that the import was started from."""
    orders: Mapping[tuple[str, str, str], OrderFacts]
    """By the keys of warehouse, client and number."""
    namesakes: Mapping[str, tuple[Order, ...]]
    """All orders of this kind with the numbers of the file, whoever's they are."""
    clients: Mapping[int, ClientFacts]
    boxed: tuple[Boxed, ...] = ()
    """What was scanned into the boxes of these orders."""


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """All that the store has to say about the rows of one file."""

    surroundings: Surroundings
    units: Mapping[int, Mapping[str, FoundUnit]]
    """Product id → code key → the unit that has the code."""
    where: Mapping[int, Whereabouts]
    """Of the units that stand in the way."""
    batches: Mapping[int, Batch]
    alike: Mapping[int, Alike] = field(default_factory=dict)
    """By product id."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What is called by a name of the site, as key → `a station`. Only notes come of them, so they may change."""
    lots: Mapping[int, LotFacts] = field(default_factory=dict)
    """What is kept of the lots and dates of units that are to be packed: by unit, where the file says some or they
    have expired."""
    lot_holds: Mapping[tuple[int, str], LotHold] = field(default_factory=dict)
    """Lots that are on hold, of products of a shipment's file that says lots: by product id and key of the lot."""
    today: str = ""
    """The day at this station: 2026-11-22."""
    boxed_elsewhere: Sequence[Boxed] = ()
    """What of their products was scanned into the boxes of other orders."""
