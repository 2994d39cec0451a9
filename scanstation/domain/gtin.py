"""GTINs, the numbers in EAN, UPC and ITF-14 barcodes: their check digit, and when two of them are the same item."""

from scanstation.domain.codes import code_key

_LENGTHS = (8, 12, 13, 14)
_DIGITS = frozenset("0123456789")
KEY_LENGTH = 14


def check_digit(payload: str) -> str:
    """The digit that belongs after these ASCII digits. Raises ValueError for anything else."""
    if not is_digits(payload):
        raise ValueError(f"digits expected, not {payload!r}")
    # Weights 3, 1, 3, … counted from the right, so that zeros in front change nothing.
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return str(-weighted % 10)


def is_digits(text: str) -> bool:
    """Is this ASCII digits and nothing else? `str.isdigit` also takes full-width and raised ones."""
    return bool(text) and _DIGITS.issuperset(text)


def looks_like_gtin(text: str) -> bool:
    """Has this text the length of a GTIN and only digits, whatever its last digit is?"""
    return len(text) in _LENGTHS and is_digits(text)


def expected_check_digit(text: str) -> str | None:
    """The last digit a GTIN should have; None for a text that no check digit would make one."""
    return check_digit(text[:-1]) if looks_like_gtin(text) else None


def gtin_key(text: str) -> str | None:
    """What GTINs are compared by: 14 digits; None for a text that is no GTIN.

    UPC-A, EAN-13, EAN-8 and a GTIN-14 with indicator 0 are one item and have one key. Indicators 1 to 8 are other
    pack levels of it and 9 is sold by measure: other keys. Only zeros is a filler, not an item.
    """
    if expected_check_digit(text) != text[-1:] or not text.strip("0"):
        return None
    return text.zfill(KEY_LENGTH)


def spellings(text: str) -> tuple[str, ...]:
    """Every way to write the item of a GTIN: with its zeros and without; empty for a text that is no GTIN."""
    key = gtin_key(text)
    if key is None:
        return ()
    return tuple(key[-length:] for length in _LENGTHS if not key[:-length].strip("0"))


def product_key(text: str) -> str:
    """What product codes are compared by: a GTIN as its 14 digits, every other code as `code_key`."""
    return gtin_key(key := code_key(text)) or key


def ppn_codes(ppn: str) -> tuple[str, ...]:
    """What a Pharmacy Product Number (data identifier 9N) says of its product, the number itself first.

    After the agency's two digits and before the two check digits stands the national number; of Germany's (agency 11)
    there is also the GTIN that is made of it. A text that is no PPN is given back alone.
    """
    if len(ppn) < 5 or not (ppn.isascii() and ppn.isalnum()) or ppn[-2:] != _ppn_check(ppn[:-2]):
        return (ppn,)
    national = ppn[2:-2]
    if ppn[:2] != "11" or len(national) != 8 or not is_digits(national):
        return ppn, national
    of_germany = f"4150{national}"
    return ppn, national, (of_germany + check_digit(of_germany)).zfill(KEY_LENGTH)


def _ppn_check(payload: str) -> str:
    return f"{sum(weight * ord(character) for weight, character in enumerate(payload, 2)) % 97:02}"
