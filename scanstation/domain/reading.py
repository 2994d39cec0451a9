"""What one barcode says, once it has been read."""

from dataclasses import dataclass
from enum import StrEnum

from scanstation.domain.commands import Command


class Form(StrEnum):
    """How a code is built, and so whether the whole of it can be a serial, a SKU or an order number."""

    PLAIN = "plain"
    COMMAND = "command"
    GS1 = "GS1"
    """GS1 element string: numbered fields, one behind the other."""
    LINK = "GS1 Digital Link"
    ENVELOPE = "ISO 15434"
    """Fields in an envelope, as on the labels of computers and network gear."""


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
    """GS1 field 21, or S in an ISO 15434 envelope."""
    secondary: str | None = None
    """GS1 field 250; never taken for a serial."""
    product_codes: tuple[str, ...] = ()
    """P (the customer's number of the product) and 1P (the maker's), in this order, from an ISO 15434 envelope."""
    command: Command | None = None
    fault: str | None = None
    """Why this must not be taken as a code, worded as `scan.Fault`: it follows the code and says what to do."""
    note: str | None = None
    """What a person should know of how the code was read, shown beside the answer."""

    @property
    def is_plain(self) -> bool:
        """May the whole text be a code? What GS1 and ISO 15434 wrap around one is never a serial itself."""
        return self.form is Form.PLAIN
