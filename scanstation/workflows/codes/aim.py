"""What a scanner puts in front of a code to say which barcode it was (ISO/IEC 15424), and what it escapes then."""

import re

from scanstation.domain.codes import trim

_AIM = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_SYMBOLOGIES = {
    "A": "Code 39",
    "B": "Telepen",
    "C": "Code 128",
    "D": "Code One",
    "E": "EAN/UPC",
    "F": "Codabar",
    "G": "Code 93",
    "H": "Code 11",
    "I": "Interleaved 2 of 5",
    "J": "DotCode",
    "K": "Code 16K",
    "L": "PDF417",
    "M": "MSI",
    "N": "Anker",
    "O": "Codablock",
    "P": "Plessey",
    "Q": "QR Code",
    "R": "2 of 5",
    "S": "2 of 5",
    "T": "Code 49",
    "U": "MaxiCode",
    "X": "another barcode",
    "Z": "no barcode",
    "c": "Channel Code",
    "d": "Data Matrix",
    "e": "GS1 DataBar",
    "g": "Grid Matrix",
    "h": "Han Xin",
    "o": "OCR",
    "p": "PosiCode",
    "s": "SuperCode",
    "z": "Aztec",
}
GS1_SYMBOLOGIES = {
    "C1": "GS1-128",
    "D1": "Code One with GS1 fields",
    "J1": "GS1 DotCode",
    "J4": "GS1 DotCode",
    "K1": "Code 16K with GS1 fields",
    # MicroPDF417 that stands in for a Code 128.
    "L3": "MicroPDF417 with GS1 fields",
    "O1": "Codablock with GS1 fields",
    "O5": "Codablock with GS1 fields",
    "Q3": "GS1 QR Code",
    "Q4": "GS1 QR Code",
    "T1": "Code 49 with GS1 fields",
    "d2": "GS1 DataMatrix",
    "d5": "GS1 DataMatrix",
    # The rectangular extension (ISO/IEC 21471).
    "d8": "GS1 DataMatrix",
    "dB": "GS1 DataMatrix",
    "e0": "GS1 DataBar",
    # What is printed above a GS1 DataBar or GS1-128, if the scanner sends it by itself.
    "e1": "GS1 Composite",
    "e2": "GS1 Composite",
    "e3": "GS1 Composite",
    "g2": "Grid Matrix with GS1 fields",
    "g3": "Grid Matrix with GS1 fields",
    "h2": "Han Xin with GS1 fields",
    "p1": "PosiCode with GS1 fields",
    "z1": "Aztec with GS1 fields",
    "z4": "Aztec with GS1 fields",
    "z7": "Aztec with GS1 fields",
    "zA": "Aztec with GS1 fields",
}
"""Those whose modifier says 'FNC1 in first position'. In the second it says that an industry's own fields follow."""
_WITH_CHARACTER_SETS = frozenset(
    "J3 J4 J5 L1 Q2 Q4 Q6 U2 U3 d4 d5 d6 dA dB dC e3 g1 g3 g5 h1 z3 z4 z5 z9 zA zB".split()  # noqa: SIM905 it reads better
)
"""Scanners that send these also send which character set the barcode names, and every backslash twice."""
_TOLD_BY_MODIFIER = frozenset("JLQUdghz")
"""Barcodes whose modifier always says so. Of others it cannot, and some decoders send character sets all the same:
there a code that begins with one tells."""
_CHARACTER_SET = re.compile(r"\\[0-9]{6}")
_ESCAPE = re.compile(r"\\(\\|[0-9]{6})")
_ESCAPE_OR_LESS = re.compile(r"\\(?:\\|(?P<eci>[0-9]{6})|.{0,8})", re.DOTALL)
_ASSIGNED = frozenset({*range(36), 170, *range(898, 1000)})
"""The ECIs of character sets, of binary data and of sites' own; a longer number may be half an escape and digits."""


def unescaped(aim: str, body: str) -> tuple[str, str]:
    """The body without what its scanner escaped, and the first escape that is damaged, '' if none is."""
    if aim in _WITH_CHARACTER_SETS or (aim and aim[0] not in _TOLD_BY_MODIFIER and _CHARACTER_SET.match(body)):
        return _ESCAPE.sub(lambda escape: escape[1].strip("0123456789"), body), _damaged_escape(body)
    return body, ""


def symbology_of(aim: str) -> str:
    """Which barcode an AIM identifier says it was."""
    return GS1_SYMBOLOGIES.get(aim) or _SYMBOLOGIES.get(aim[:1], "")


def _damaged_escape(body: str) -> str:
    """The first backslash that is neither doubled nor begins an escape, with what follows; '' if all are whole."""
    for escape in _ESCAPE_OR_LESS.finditer(body):
        if escape["eci"] is not None:
            if int(escape["eci"]) not in _ASSIGNED:
                return escape[0]
        elif escape[0] != "\\\\":
            return escape[0]
    return ""


def split_aim(text: str) -> tuple[str, str]:
    """The AIM identifier without its bracket, '' if there is none, and the rest."""
    aim = _AIM.match(text)
    if aim is None or aim[1][0] not in _SYMBOLOGIES:
        return "", text
    return aim[1], trim(text[aim.end() :])


OF_CARRIERS = frozenset({"U1", "U3"})
"""A MaxiCode in the modes 2 and 3 begins with where a parcel goes."""
