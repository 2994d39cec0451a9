"""Data identifiers (ANSI MH10.8.2): in fields of an envelope, and as barcodes of their own."""

import re
from collections.abc import Iterator

from scanstation.domain.codes import trim
from scanstation.domain.commands import MAX_QUANTITY
from scanstation.domain.gtin import ppn_codes
from scanstation.workflows.codes.gs1_fields import GROUP_SEPARATOR, Field

COUNT = re.compile("[0-9]{1,8}")
DATA_FIELD = re.compile(r"([0-9]{0,3}[A-Z])(.*)", re.DOTALL)
PRODUCTS = ("P", "1P", "30P", "8P", "3P", "9N", "2P")
"""What names the product: customer's and maker's numbers first, a revision last."""
SERIALS = ("21", "S", "18S", "25S")
"""What names the unit; where a label has several, the first of these is the serial alone, without who gave it."""
PACKAGES = ("00", "J", "1J", "2J", "3J", "4J", "5J", "6J", "3S", "4S")
USED = frozenset({"01", "02", "250", "30", "37", "Q", "7Q", *PRODUCTS, *SERIALS, *PACKAGES})
"""What the station has a use for, those of GS1 among them."""
_ALONE = re.compile(rf"(?P<name>{'|'.join(sorted(PRODUCTS, key=len, reverse=True))}|Q)(?P<value>.+)")


def data_fields(fields: str) -> Iterator[Field]:
    """The fields in use of an envelope of format 06."""
    for field in fields.split(GROUP_SEPARATOR):
        found = DATA_FIELD.fullmatch(field)
        if found and found[1] in USED:
            yield found[1], trim(found[2])


def product_after_identifier(text: str) -> tuple[str, ...]:
    """The product codes that a plain text says after a data identifier: ('X-200',) of '1PX-200'; empty for others.

    They are meant only where this client has one of them, and nothing has the text as it stands.
    """
    match = _ALONE.fullmatch(text)
    if match is None or match["name"] == "Q":
        return ()
    value = trim(match["value"])
    return ppn_codes(value) if match["name"] == "9N" else (value,)


def count_after_identifier(text: str) -> int | None:
    """How many a plain text says by the data identifier Q: 10 of 'Q10'. Meant only where nothing else has the text."""
    found = _ALONE.fullmatch(text)
    if found is None or found["name"] != "Q" or not COUNT.fullmatch(value := trim(found["value"])):
        return None
    return int(value) if 0 < int(value) <= MAX_QUANTITY else None
