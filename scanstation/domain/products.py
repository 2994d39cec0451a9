"""What is known of products: their settings, barcodes and marks, and what was changed of them."""

from dataclasses import dataclass

from scanstation.domain.codes import code_key
from scanstation.domain.shapes import Shapes
from scanstation.domain.tracking import TrackingSettings
from scanstation.domain.verdict import CodeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as the store has it."""

    id: int
    client_id: int
    sku: str
    description: str
    settings: TrackingSettings
    serial_pattern: str
    serial_hint: str
    secondary_pattern: str
    secondary_hint: str
    strip: str = ""
    """Marks that are no part of its primary serials, `;` between."""
    secondary_strip: str = ""
    told_apart: tuple[str, ...] = ()
    """By what codes of different units may differ alone, as a person said: `marks`, `separators`."""
    serial_takes_unit: bool = False
    """Does a new serial take its unit at receiving, without its product having been scanned (RULES 2.10)?"""

    retired_at: str = ""
    """Since when it takes no new order lines; empty while it does."""
    shapes: Shapes = ()
    """What its serials look like by themselves (RULES 2.30)."""
    is_listed: bool = False
    """Do lists of expected serials name units of it (RULES 2.26)?"""

    @property
    def sku_key(self) -> str:
        """What the SKU is compared by."""
        return code_key(self.sku)

    @property
    def is_peculiar(self) -> bool:
        """Has it marks or patterns, so that one of its codes may stand on a label as another text?"""
        return bool(self.strip or self.secondary_strip or self.serial_pattern or self.secondary_pattern)


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode and how many pieces one scan of it stands for."""

    text: str
    pack_quantity: int = 1

    @property
    def written(self) -> str:
        """As a sheet has it: `code`, or `code=12`."""
        return self.text if self.pack_quantity == 1 else f"{self.text}={self.pack_quantity}"


LEARNED, UNLEARNED = "barcode learned here", "learned barcode taken back"
"""What a product's history says of SS-LEARN, and of taking it back."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is changed of a product, from what to what."""

    what: str
    was: str = ""
    became: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductAct:
    """What was changed of a product, when and by whom."""

    at: str
    difference: Difference
    operator: str
    station: str


@dataclass(frozen=True, slots=True)
class ScannedProduct:
    """What a product code means: the product, and how many of it."""

    product: Product
    pack_quantity: int


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A product in a list of all clients'."""

    product: Product
    client: str


@dataclass(frozen=True, slots=True)
class OnHand:
    """The units of a product that stand in the warehouses, as far as orders and opening stock tell."""

    units: int
    with_serials: int

    @property
    def without_serials(self) -> int:
        """Units that nobody has given a serial to yet."""
        return self.units - self.with_serials


@dataclass(frozen=True, slots=True)
class SetApart:
    """What of a product is on hold, what is packed and has not left, and what is between warehouses."""

    on_hold: int
    packed: int
    in_transit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPattern:
    """What the serials of one kind of a product must look like."""

    client: str
    sku: str
    kind: CodeKind
    pattern: str
