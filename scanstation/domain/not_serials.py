"""What is no serial (RULES 2.8): asked of a new code, by scan and by import, on the code and on plain facts alone.

Real serials look like much: nothing here goes by a guess. A number counts as a product's only if this client has
that product, and a text as a payload only by what no serial has.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, Protocol

from scanstation.domain.badges import BADGE_PREFIX, is_badge
from scanstation.domain.codes import Code, code_key
from scanstation.domain.commands import read_command
from scanstation.domain.gtin import KEY_LENGTH, check_digit, expected_check_digit, gtin_key, is_digits, product_key
from scanstation.domain.language import said_later, word


class Kind(StrEnum):
    """What a code is in place of a serial; the value is the short name of the refusal or of the note."""

    PRODUCT = "product-not-serial"
    COMMAND = "command-not-serial"
    BADGE = "badge-not-serial"
    LINK = "link-not-serial"
    WIFI = "wifi-not-serial"
    CONTACT = "contact-not-serial"
    DATA = "data-not-serial"
    FIELDS = "fields-not-serial"
    SSCC = "sscc-not-serial"
    MISREAD = "check-digit"
    LABEL = "label-not-serial"
    SCANNER_MARK = "scanner-mark"
    PLACEHOLDER = "placeholder-not-serial"
    FILLER = "filler-not-serial"
    NAME = "name-not-serial"
    ORDER = "order-not-serial"
    REPEATED = "repeated-character"
    OTHER_SERIAL = "serial-of-another"

    @property
    def may_be_taken(self) -> bool:
        """CHECK, which a yes takes; all others are STOP."""
        return self in (Kind.NAME, Kind.ORDER, Kind.REPEATED, Kind.OTHER_SERIAL)


@dataclass(frozen=True, slots=True)
class NoSerial:
    """What a code is in place of a serial."""

    kind: Kind
    subject: str = ""
    """Which thing: the SKU, the kind of name or of order, the digit that was expected."""
    form: str = ""
    """How a product's code is written here: `with its add-on`; empty for the code itself. Of a number that was read
    wrong, the digit that was expected."""


class Facts(Protocol):
    """What of a client and a site can be mistaken for a serial."""

    def product_of(self, keys: Collection[str]) -> str | None:
        """The SKU that one of these product codes (`gtin.product_key`) stands for with this client."""

    def name_of(self, key: str) -> str:
        """What has this name: `warehouse`, `client`, `station`, `operator`; '' if nothing has."""

    def order_of(self, key: str) -> str:
        """What kind of open order of this client has this number (`shipment order`); '' if none has."""

    def other_product_of(self, key: str) -> str:
        """The SKU of another product with a unit in this warehouse that has this code; '' if none has."""


@dataclass(frozen=True, slots=True)
class SiteWords:
    """Words of the site that are no serials."""

    command_prefix: str
    """What command barcodes begin with, as a key."""
    placeholders: frozenset[str]
    """Each as `squeezed` makes it."""


@cache
def site_words(command_prefix: str, placeholders: tuple[str, ...]) -> SiteWords:
    """The words as they are compared, from the words as they are configured."""
    return SiteWords(code_key(command_prefix), frozenset(map(squeezed, placeholders)))


def judge(code: Code, facts: Facts, words: SiteWords, *, fits: bool, is_usual: bool = False) -> NoSerial | None:
    """What a new code is, if it is no serial; None for one that may be.

    Args:
        code: a code that no unit of the product has.
        facts: what there is beside serials.
        words: the site's.
        fits: does the product's pattern match it? Then only the codes of products, commands and badges are none.
        is_usual: does it look as the product's serials do (RULES 2.30)? Then it is not asked whether it is another's.
    """
    key = code.key
    forms = {} if fits else _forms(key)
    # Most are no product in any form, and the store is asked for all forms at once.
    is_product = facts.product_of((product_key(key), *forms)) is not None
    if is_product and (sku := facts.product_of((product_key(key),))) is not None:
        return NoSerial(Kind.PRODUCT, sku)
    if key.startswith(words.command_prefix) and read_command(key, words.command_prefix) is not None:
        return NoSerial(Kind.COMMAND)
    if is_badge(key):
        return NoSerial(Kind.BADGE)
    if fits:
        return None
    if (found := payload(key)) is not None:
        return found
    if squeezed(key) in words.placeholders:
        return NoSerial(Kind.PLACEHOLDER)
    within = _product_within(forms, facts) if is_product else None
    return within or _label(code.text) or _repeated(key) or _namesake(key, facts, is_usual=is_usual)


def _namesake(key: str, facts: Facts, *, is_usual: bool) -> NoSerial | None:
    if name := facts.name_of(key):
        return NoSerial(Kind.NAME, name)
    if order := facts.order_of(key):
        return NoSerial(Kind.ORDER, order)
    if not is_usual and (sku := facts.other_product_of(key)):
        return NoSerial(Kind.OTHER_SERIAL, sku)
    return None


def squeezed(text: str) -> str:
    """A placeholder as it is compared: without blanks, without dots where anything else is there."""
    key = code_key(text).replace(" ", "")
    return key.replace(".", "") or key


# Payloads: what a text says by itself

_GENERIC = (
    "COM|ORG|NET|EDU|GOV|INFO|BIZ|APP|DEV|SHOP|STORE|ONLINE|SITE|CLOUD|TECH|XYZ|MOBI|LINK|PAGE|GLOBAL|SUPPORT|SERVICES"
)
_COUNTRIES = (
    "A[ETU]|B[EGRY]|C[ACHLNOZ]|D[EK]|E[ESU]|F[IR]|G[BR]|H[KRU]|I[DELNOST]|JP|KR|L[ITUV]|M[EXY]|N[LOZ]|P[EHLT]|R[OSU]"
    "|S[AEGIK]|T[HRVW]|U[AKS]|VN|ZA"
)
_WORDS = "SERIAL|SERIE|SERIES|PART|ITEM|UNIT|MODEL|ORDER|DEVICE|ASSET|BATCH|ARTICLE|ARTIKEL"
"""What a number is of, in front of `.NO/` and `.ID/`, which are countries too."""
_SHORTENERS = "BIT.LY|T.CO|GOO.GL|YOUTU.BE|QR.IO|IS.GD|OW.LY|TINY.CC|CUTT.LY|LNKD.IN|AMZN.TO|REBRAND.LY|T.LY|WA.ME"
_ADDRESS = re.compile(
    r"(?:UR[IL]: ?)?(?:"
    rf"(?:[A-Z0-9-]{{1,63}}\.)*(?:[A-Z0-9-]{{0,63}}[A-Z][A-Z0-9-]{{0,63}}\.(?:{_GENERIC})"
    # `AB.DE/12` may be a serial: of a country's addresses only those whose name is like a word.
    rf"|(?!(?:{_WORDS})\.)[A-Z0-9-]{{0,63}}[A-Z]{{4}}[A-Z0-9-]{{0,63}}\.(?:(?:COM?|ORG?|NET?|AC)\.)?(?:{_COUNTRIES}))"
    rf"|{_SHORTENERS.replace('.', '[.]')})(?::[0-9]{{2,5}})?[/?#]"
)
"""Addresses as they are printed, without www; a host alone, without a path, is none: serials have dots too."""
_LINK = re.compile(
    r"(?:[A-Z][A-Z0-9+.-]+://|WWW\.[^\s./]+\.[^\s./]|.*[^A-Z0-9](?:HTTPS?|FTP)://"
    r"|(?:HTTPS?|FTP|MAILTO|MATMSG|MEBKM|GEO|SMS|SMSTO|MMS|MMSTO|SIPS?|CALLTO|FACETIME(?:-AUDIO)?|SKYPE|XMPP|ACCT|BITCOIN|ETHEREUM"
    r"|JAVASCRIPT|VIEW-SOURCE|WEBCALS?|OPENPGP4FPR):."
    r"|(?:MARKET|WHATSAPP):[A-Z]+\?|MAGNET:\?|URN:[A-Z0-9-]+:|DATA:[^,]*,|FILE:/|MATRIX:[A-Z]+/)",
    re.DOTALL,
)
_ACCOUNT = re.compile(r"[A-Z][A-Z0-9+.-]{0,30}:[^\s@:;,]+@[A-Z0-9-]+\.[A-Z]{2}")
"""By their schemes; of words that label a number as well (`FILE:9`) only what no number has."""
# Keys have one letter or three, so that the address of a Wi-Fi part (WIFI:00:1A:…) is none.
_WIFI = re.compile(r"WIFI:[A-Z](?:[A-Z0-9]{2})?:|DPP:[A-Z]:")
_CONTACT = re.compile(
    r"(?:MECARD|BIZCARD):|(?:BEGIN|END):V(?:CARD|EVENT|CALENDAR)|VERSION:[234]\.[01]$|N:[^;:]*;|FN:[^0-9]+$"
    r"|(?:TEL|EMAIL|ADR|ORG)[;:].",
    re.DOTALL,
)
"""Cards, and the lines of a card, which many scanners send one by one."""
_DATA = re.compile(r"\{.*:.*|\[\s*[{\[\"].*|<[?!]?[A-Z].*(?:</|/>|\?>).*", re.DOTALL)
_FIELD = re.compile(r"(?:^|[;,|&/\\\s\[\]]+)(?P<name>[A-Z][A-Z0-9_./#-]*)\s?[:=]\s?(?=(?P<value>[^;,|&/\\\s:=\[\]]*))")
_HEX_GROUPS = re.compile(r"[0-9A-F]{2}(?:[0-9A-F]{2})?")


def payload(text: str) -> NoSerial | None:
    """What a text is of itself, however long it is: a link, a card, settings, fields. None for what may be a code."""
    if "." in text and _ADDRESS.match(text.upper()):
        return NoSerial(Kind.LINK)
    if ":" in text or "=" in text or text[:1] in ("{", "[", "<", "W", "w"):
        key = text.upper()
        if _LINK.match(key):
            return NoSerial(Kind.LINK)
        if _WIFI.match(key):
            return NoSerial(Kind.WIFI)
        if _CONTACT.match(key):
            return NoSerial(Kind.CONTACT)
        if _DATA.match(key):
            return NoSerial(Kind.DATA)
        if _ACCOUNT.match(key):
            return NoSerial(Kind.LINK)
        names = _fields(key)
        if len(names) > 1:
            return NoSerial(Kind.FIELDS, ", ".join(names[:3]))
    return None


def _fields(key: str) -> list[str]:
    """The names in `name:value` texts. Groups of hex digits (a MAC) are none."""
    return [
        found["name"]
        for found in _FIELD.finditer(key)
        if not (_HEX_GROUPS.fullmatch(found["name"]) and _HEX_GROUPS.fullmatch(found["value"]))
    ]


# Numbers: products, labels, packages

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_PRODUCT_IDENTIFIERS = ("P", "1P", "2P", "3P", "8P", "9N", "30P")
"""Data identifiers (ANSI MH10.8.2) of products."""
_CODE_ID = re.compile(r"([A-Z])([0-9]{12,14})")
"""The letter with which a scanner says what kind of barcode it has read, if it is set up to."""
_ADD_ON = re.compile(r"([0-9]{12,13}) ?(?:[0-9]{2}|[0-9]{5})|([0-9]{8}) (?:[0-9]{2}|[0-9]{5})")
_GTIN_FIELD = re.compile(r"(?:\(0[12]\)|0[12]) ?([0-9]{14})")
_SERIAL_AFTER = re.compile(r"(?:\(01\)|01) ?([0-9]{14}) ?(?:\(21\)|21) ?(.+)")
"""As it is printed below a barcode, too: with blanks between its fields."""
_SSCC = re.compile(r"\(00\) ?[0-9]{18}(?![0-9])")
_LEVELS = "012345678"
WITH_ADD_ON: Final = said_later("with its add-on")
OTHER_LEVEL: Final = said_later("at another pack level")
WITH_BLANKS: Final = said_later("with blanks")
WITH_ZEROS: Final = said_later("with zeros in front")
BETWEEN_STARS: Final = said_later("between the stars of a Code 39")


def _after(mark: str) -> str:
    return word("behind {mark}", mark=mark)


def _forms(key: str) -> dict[str, str]:
    """The product codes that a code may hold: each with how, by the first way."""
    forms: dict[str, str] = {}
    for candidate, form in _spellings(key):
        forms.setdefault(candidate, form)
    return forms


def _product_within(forms: Mapping[str, str], facts: Facts) -> NoSerial | None:
    """One of the client's products whose code is written in another form."""
    if not forms or (sku := facts.product_of(forms)) is None:
        return None
    # Of many keys at once it is not told which it was; the first that stands alone for it is.
    form = next(form for candidate, form in forms.items() if facts.product_of((candidate,)) is not None)
    return NoSerial(Kind.PRODUCT, sku, form)


def _spellings(key: str) -> Iterator[tuple[str, str]]:
    """The product codes that a code may hold, each with how."""
    mark = ""
    if len(key) > 2 and key[0] == key[-1] == "*":
        key = key[1:-1]
        yield product_key(key), BETWEEN_STARS
    if aim := _AIM.match(key):
        mark, key = aim[0], key[aim.end() :].strip(" ")
        yield product_key(key), _after(mark)
    yield from _of_number(key, _after(mark) if mark else "")
    for identifier in _PRODUCT_IDENTIFIERS:
        if key.startswith(identifier) and (rest := key[len(identifier) :].strip(" ")):
            after = _after(mark + identifier)
            yield product_key(rest), after
            yield from _of_number(rest, after)
    if (code_id := _CODE_ID.fullmatch(key)) and (number := gtin_key(code_id[2])):
        after = _after(mark + code_id[1])
        yield number, after
        yield from _levels(number)
    if gtin_field := _GTIN_FIELD.match(key):
        number = gtin_key(gtin_field[1])
        if number and not _SERIAL_AFTER.fullmatch(key):
            yield number, _after(mark + ("01" if "01" in key[: gtin_field.start(1)] else "02"))
            yield from _levels(number)


def _of_number(key: str, form: str) -> Iterator[tuple[str, str]]:
    """What digits alone may stand for."""
    if not "0" <= key[:1] <= "9":
        return
    if (found := _ADD_ON.fullmatch(key)) and (number := gtin_key(found[1] or found[2])):
        yield number, WITH_ADD_ON
        yield from _levels(number)
    digits = key.replace(" ", "").replace("-", "")
    is_padded = len(digits) > KEY_LENGTH and not digits[:-KEY_LENGTH].strip("0")
    if len(digits) > 11 and (number := gtin_key(digits[-KEY_LENGTH:] if is_padded else digits)):
        yield number, form or (WITH_ZEROS if is_padded else WITH_BLANKS)
        yield from _levels(number)


def _levels(number: str) -> Iterator[tuple[str, str]]:
    """The same item at every pack level; one sold by measure (9) has none."""
    item = number[1:-1]
    if number[0] != "9":
        for level in _LEVELS:
            if level != number[0]:
                yield level + item + check_digit(level + item), OTHER_LEVEL


def _label(text: str) -> NoSerial | None:
    """A whole GS1 label in place of its serial, a number of a package, what a scanner puts in front of a code."""
    aim = _AIM.match(text)
    body = text[aim.end() :].strip(" ") if aim else text
    if label_match := _SERIAL_AFTER.fullmatch(body):
        expected = expected_check_digit(label_match[1])
        if expected and expected != label_match[1][-1]:
            return NoSerial(Kind.MISREAD, label_match[1], expected)
        return NoSerial(Kind.LABEL, label_match[2])
    if is_sscc(body):
        return NoSerial(Kind.SSCC)
    return NoSerial(Kind.SCANNER_MARK, aim[0], body) if aim else None


def is_sscc(text: str) -> bool:
    """Is it the number of a package (SSCC)? GS1's field 00 in brackets says so; barcodes that say GS1 are read as such.

    Bare digits must have the right check digit, and a company in front: zeros there fill up a running number.
    """
    if _SSCC.match(text):
        return True
    number = text[2:20]
    if not text.startswith("00") or len(number) != 18 or not is_digits(number):
        return False
    return len(text) == 20 and check_digit(number[:-1]) == number[-1] and bool(number[1:8].strip("0"))


def _repeated(key: str) -> NoSerial | None:
    text = key.replace(" ", "")
    if len(text) < 2 or text.strip(text[0]):
        return None
    return NoSerial(Kind.FILLER if len(text) > 3 else Kind.REPEATED, str(len(text)))


# Many codes at once

_ODD = re.compile(
    r"^(?:[\](\[{<*]|WWW|0[12] ?[0-9]{14}|00[0-9](?!0000000)[0-9]{17}$|[0-9]{8} |(.)(?: *\1)+$).*$",
    re.MULTILINE,
)
_SPELT_OUT = re.compile(r"^.*(?:[<{\[(|](?:GS|FNC1|0X1D|\\?X1D|1D|029|29)[>}\])|]|\\X1D|\\U001D|\^\]).*$", re.MULTILINE)
"""A separator of GS1 in letters."""
_MARKED = re.compile(r"^[0-9]{2}[^\n]*[^\x00-\x20!\"%-?A-Z_a-z][0-9]{2}.*$", re.MULTILINE)
"""A mark in its place."""
_FIELDS = re.compile(r"^(?![0-9A-F:]+$).*[:=].*$", re.MULTILINE)
"""Anything but a MAC and its like."""
_WITH_PATH = re.compile(r"^[^/?#\n]*\.[A-Z]{2,}[/?#].*$", re.MULTILINE)
_LONG_NUMBER = re.compile(r"^[A-Z]?[0-9][0-9 -]{10,}$", re.MULTILINE)
_AFTER_IDENTIFIER = re.compile(rf"^(?:{'|'.join(_PRODUCT_IDENTIFIERS)})(?= *(.+)$).*$", re.MULTILINE)


class Sieve:
    """Finds among many codes the few that `judge` has to look at; a microsecond for each other."""

    def __init__(self, product_codes: Collection[str], names: Collection[str], words: SiteWords) -> None:
        self._words = words
        self._products = frozenset(product_codes)
        self._exact = frozenset((*product_codes, *names, *words.placeholders))
        self._items = frozenset(code[1:-1] for code in product_codes if len(code) == KEY_LENGTH and is_digits(code))

    def caught(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys that are or may be no serials; `judge` would say nothing of any other."""
        lines = "\n".join(keys)
        caught_lines = {match[0] for match in _ODD.finditer(lines)}
        caught_lines.update(self._exact.intersection(keys))
        caught_lines.update(
            match[0]
            for match in _AFTER_IDENTIFIER.finditer(lines)
            if match[1] in self._products or self._may_hold_an_item(match[1])
        )
        if ":" in lines or "=" in lines:
            caught_lines.update(_FIELDS.findall(lines))
        if "." in lines:
            caught_lines.update(_WITH_PATH.findall(lines))
        if any(mark in lines for mark in "<{[(|\\^"):
            caught_lines.update(_SPELT_OUT.findall(lines))
        caught_lines.update(_MARKED.findall(lines))
        if " " in lines or "." in lines:
            caught_lines.update(key for key in keys if squeezed(key) in self._words.placeholders)
        if (prefix := self._words.command_prefix) in lines:
            caught_lines.update(key for key in keys if key.startswith(prefix))
        if BADGE_PREFIX in lines:
            caught_lines.update(key for key in keys if is_badge(key))
        if self._items:
            caught_lines.update(key for key in _LONG_NUMBER.findall(lines) if self._may_hold_an_item(key))
            caught_lines.update(key for key in keys if len(key) == 8 and product_key(key) in self._products)
        return caught_lines

    def _may_hold_an_item(self, text: str) -> bool:
        """May these digits be one of the client's GTINs, in another length, on another level, with an add-on?"""
        digits = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").replace(" ", "").replace("-", "")
        whole = digits.zfill(KEY_LENGTH)[-KEY_LENGTH:]
        return not self._items.isdisjoint((digits[:12], f"0{digits[:11]}", whole[1:13]))
