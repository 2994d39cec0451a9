"""What one barcode says, once it has been read."""

from dataclasses import dataclass
from enum import StrEnum

from scanstation.domain.commands import Command
from scanstation.domain.language import said_later

PALLET = said_later("the number of a pallet or carton (SSCC)")


class Form(StrEnum):
    """How a code is built, and so whether the whole of it can be a serial, a SKU or an order number."""

    PLAIN = "plain"
    COMMAND = "command"
    GS1 = "GS1"
    """GS1 element string: numbered fields, one after the other."""
    LINK = "GS1 Digital Link"
    ENVELOPE = "ISO 15434"
    """Fields in an envelope, as on the labels of computers and network gear."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A separator that may be hidden in a serial, which would then be shorter than it reads."""

    shorter: tuple[str, ...]
    """The serial before the separator; several where it may have stood in several places."""
    spelt: str = ""
    """What the scanner sends in its place: `<GS>`; '' where it sends nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A code and its parts. The parts are as on the label; whether they are usable codes is `read_code`'s to say."""

    text: str
    """The code with its AIM identifier and the blanks at its edges taken off, else untouched."""
    form: Form = Form.PLAIN
    symbology: str = ""
    """What kind of barcode it was, if the scanner said so: 'GS1 DataMatrix'."""
    gtin: str | None = None
    """The product, as 14 digits (`gtin.gtin_key`): from GS1, or from a barcode the scanner knew for an EAN or UPC."""
    serial: str | None = None
    """GS1 field 21, or S, 18S or 25S in an ISO 15434 envelope."""
    secondary: str | None = None
    """GS1 field 250; never taken for a serial."""
    product_codes: tuple[str, ...] = ()
    """What names the product in an ISO 15434 envelope, the customer's number (P) first, then the maker's (1P)."""
    count: int | None = None
    """How many of its product the label says there are: GS1 field 30, 37 beside 02, or Q."""
    package: str | None = None
    """The number of the package that the label is of: an SSCC, or a licence plate of ISO 15434."""
    is_sscc: bool = False
    """Is that number an SSCC?"""
    lot: str | None = None
    """GS1 field 10."""
    dates: tuple[tuple[str, str], ...] = ()
    """GS1 fields 11, 13, 15 and 17 with their YYMMDD, each a day or a month of whatever century."""
    doubt: Doubt | None = None
    """Why the serial, or the whole of a plain text, may be more than one field: the product's records decide."""
    command: Command | None = None
    fault: str | None = None
    """Why this must not be taken as a code, worded as `scan.Fault`: it follows the code and says what to do."""
    note: str | None = None
    """What a label is that says neither a product nor a serial: 'a label of …', to follow 'is'."""
    remark: str | None = None
    """What was left aside in reading it, shown beside the answer."""

    @property
    def says_how_many(self) -> bool:
        """Does the label stand for more than one of its product?"""
        return self.count is not None and self.count > 1

    @property
    def is_plain(self) -> bool:
        """May the whole text be a code? What GS1 and ISO 15434 wrap around one is never a serial itself."""
        return self.form is Form.PLAIN

    @property
    def code(self) -> str | None:
        """What may be a unit's serial: all of a plain text, the serial of a label; None for a label without one."""
        return self.text if self.is_plain else self.serial or self.secondary
