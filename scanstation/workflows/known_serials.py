"""What a new serial must not be (RULES 2.8), and where a known one is, in words that may be kept in a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scanstation.domain.codes import Code, visible
from scanstation.domain.commands import read_command
from scanstation.domain.gtin import product_key
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.sheets.cells import AS_TEXT
from scanstation.store.catalog import ProductRecord
from scanstation.store.units import Whereabouts
from scanstation.workflows import serial_pattern

_WORK_WORD = {OrderKind.PURCHASE: "receipt", OrderKind.SHIPMENT: "packing"}


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What of a client can be mistaken for a serial."""

    skus: Mapping[str, str]
    """SKU key → SKU."""
    product_codes: Mapping[str, str]
    """Every SKU and barcode as key → the SKU it stands for."""
    open_numbers: frozenset[str]


def moment(at: str) -> str:
    """A stored moment as a file that is kept may say it: with its date, in local time."""
    return datetime.fromisoformat(at).astimezone().strftime("%d %b %Y %H:%M")


def never_a_serial(
    code: Code,
    product: ProductRecord,
    client: ClientFacts,
    command_prefix: str,
    *,
    is_primary: bool,
    suspicion: str | None = None,
) -> tuple[str, str] | None:
    """Why a code cannot be a new serial of a product (RULES 2.8): a short name, and what follows the code.

    `suspicion` says of what a program may have made the code in its sheet (`Table.suspects`); a pattern that matches
    it settles that it is none.
    """
    pattern = product.serial_pattern if is_primary else product.secondary_pattern
    fits = serial_pattern.fits(pattern, code.text) if pattern else False
    key = code.key
    # Only of digits there are several spellings: a GTIN has four lengths.
    if (sku := client.product_codes.get(product_key(key) if key.isdigit() else key)) is not None:
        said = f"is the product {visible(sku)}, not a serial. Write the code of the serial label."
        return "product-not-serial", said
    if key.startswith(command_prefix) and read_command(key, command_prefix) is not None:
        return "command-not-serial", "is a command barcode, not a serial. Correct it."
    if key in client.open_numbers and not fits:
        return "order-not-serial", "is the number of an open order, not a serial. Correct it."
    if suspicion is not None and not fits:
        return "spoiled", f"{suspicion}. {AS_TEXT}"
    if pattern and not fits:
        hint = product.serial_hint if is_primary else product.secondary_hint
        wanted = f" It should be: {visible(hint)}." if hint else ""
        return "pattern", f"does not look like a serial of {visible(product.sku)}.{wanted} Correct it."
    return None


def whereabouts_words(seen: Whereabouts, warehouse: str = "") -> str:
    """Where a unit is, to follow its code: `is already Packed on SO S-1, 20 Nov 2026 10:32, bench-2, by Ana`.

    Args:
        seen: where it was last seen.
        warehouse: another building that it stands in.
    """
    who, station, number = visible(seen.operator), visible(seen.station), visible(seen.order_number or "")
    if seen.status is UnitStatus.HELD and seen.order_kind is not None:
        return f"is on {who}'s open {_WORK_WORD[seen.order_kind]} {number} at {station}"
    on = f" on {seen.order_kind} {number}" if seen.order_kind else ""
    there = f" in warehouse {visible(warehouse)}" if warehouse else ""
    return f"is already {seen.status.value}{on}{there}, {moment(seen.at)}, {station}, by {who}"
