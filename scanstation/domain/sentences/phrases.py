"""Phrases that others hand to a sentence: what is wanted, what was done and where it is kept, which paper."""

from scanstation.domain.language import word

PHRASES = (
    # wanted in place of what was scanned
    "the serial label",
    "a SKU or a barcode",
    "the number of an order, or a serial",
    "the number of an order",
    "a serial that came back",
    "a serial",
    "a barcode",
    "a serial number that is known here",
    "the product",
    "a count, and not of what",
    "the number of one pallet or parcel",
    # done, and why must be said
    "packed",
    "swapped",
    "written off",
    "found again",
    "closed short",
    "marked so",
    "reopened",
    "regraded",
    "cancelled",
    "shipped without serials",
    "unshipped",
    "put on hold",
    "released",
    "closed",
    "unpacked",
    "unreceived",
    "disposed of",
    "corrected",
    "lowered",
    "settled",
    "put in",
    "dropped",
    # there is nothing to do that with
    "unpack",
    "unreceive",
    "dispose of",
    "regrade",
    "put into an order",
    # what has a name here
    "a warehouse",
    "a client",
    "a station",
    "an operator",
    # a paper
    "slip",
    "serial labels",
    "downtime sheet",
    # where the reason is kept
    "with the order",
    "with the unit's history",
    "with each unit's history",
    "with both units' histories",
    "with the transfer",
    "in the audit",
    # keyboards
    "US",
    "British",
    "German",
    "Swiss",
    "French",
    "Belgian",
    "Spanish",
    "Latin American",
    "Italian",
    "Portuguese",
    "Brazilian",
    "Swedish",
    "Norwegian",
    "Danish",
    "Dutch",
    "Czech",
    "Slovak",
    "Hungarian",
    "Croatian",
    "Turkish",
    "Canadian French",
)


def phrase(text: str) -> str:
    """One of these in the language of who reads it; any other text as it is."""
    return word(text) if text in PHRASES else text
