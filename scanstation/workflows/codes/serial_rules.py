"""What a new serial must not be (RULES 2.8), and where a known one is, in words that may be kept in a file."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from scanstation.domain import sentences as say
from scanstation.domain import shapes
from scanstation.domain.codes import BadCode, Code, shorten, visible
from scanstation.domain.import_facts import ClientFacts
from scanstation.domain.language import word
from scanstation.domain.not_serials import Facts, Kind, NoSerial, SiteWords, judge, payload
from scanstation.domain.products import Product
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import Whereabouts
from scanstation.domain.verdict import CodeKind
from scanstation.workflows.codes import serial_pattern
from scanstation.workflows.codes.interpreting import interpret


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a new serial is held against (`not_serials.Facts`), where many are."""

    client: ClientFacts
    names: Mapping[str, str]
    """The names of warehouses, clients, stations and operators as keys → what each is: `a station`."""
    other_product_of: Callable[[str], str]
    """The SKU of another product that has a unit with this code in this warehouse, '' if none has."""

    def product_of(self, keys: Collection[str]) -> str | None:
        """The SKU that one of these product codes stands for."""
        return next((sku for key in keys if (sku := self.client.product_codes.get(key)) is not None), None)

    def name_of(self, key: str) -> str:
        """What has this name."""
        return self.names.get(key, "")

    def order_of(self, key: str) -> str:
        """What kind of open order has this number."""
        kind = self.client.open_orders.get(key)
        return kind.noun if kind else ""


class Objection(NamedTuple):
    """What speaks against a new serial."""

    name: str
    sentence: str
    """What follows the code: what it is, and what to do now."""
    may_be_taken: bool = False
    """A note is enough (RULES 2.8); `sentence` then only says what it is."""


def moment(at: str) -> str:
    """A stored moment as a file that is kept may say it: with its date, in local time."""
    return datetime.fromisoformat(at).astimezone().strftime("%d %b %Y %H:%M")


def no_code(code: BadCode) -> Objection:
    """Why a cell has no code; what its text is says more than what is wrong with its characters."""
    found = payload(code.text)
    return Objection(found.kind.value if found else "bad-serial", say.no_code_in_cell(found, code))


def never_a_serial(
    code: Code,
    product: Product,
    facts: Facts,
    words: SiteWords,
    *,
    is_primary: bool,
    suspicion: str | None = None,
    was_taken_out: bool = False,
    passed_sieve: bool = False,
) -> Objection | None:
    """What speaks against a new serial of a product in a file or a correction (RULES 2.8).

    `suspicion` says of what a program may have made the code in its sheet (`Table.suspects`); a pattern that matches
    the code, or took it out of a longer text, settles that it is none. With `passed_sieve` only these two can speak
    against it: `not_serials.Sieve` has found nothing else.
    """
    pattern = product.serial_pattern if is_primary else product.secondary_pattern
    fits = was_taken_out or (serial_pattern.fits(pattern, code.text) if pattern else False)
    kind = CodeKind.PRIMARY if is_primary else CodeKind.SECONDARY
    is_usual = shapes.is_usual(product.shapes, kind, code.text)
    reason = None if passed_sieve else judge(code, facts, words, fits=fits, is_usual=is_usual)
    if not (passed_sieve or fits) and (reason is None or reason.kind in (Kind.LABEL, Kind.SCANNER_MARK)):
        reason, fault = _as_scanned(code, reason, words, is_primary=is_primary)
        if fault:
            return Objection(Kind.LABEL.value, say.with_way(fault))
    if reason is not None and not reason.kind.may_be_taken:
        return Objection(reason.kind.value, say.is_no_serial(reason))
    if suspicion is not None and not fits:
        return Objection("spoiled", say.was_spoiled(suspicion))
    if pattern and not fits:
        hint = product.serial_hint if is_primary else product.secondary_hint
        return Objection("pattern", say.misses_pattern(product.sku, hint, reason))
    return Objection(reason.kind.value, say.no_serial(reason), may_be_taken=True) if reason is not None else None


def _as_scanned(
    code: Code, reason: NoSerial | None, words: SiteWords, *, is_primary: bool
) -> tuple[NoSerial | None, str]:
    """What the desks read in such a text: its serial, so that the right one is named; or what is wrong with it."""
    reading = interpret(code.text, command_prefix=words.command_prefix)
    serial = reading.serial if is_primary else reading.secondary or reading.serial
    if reading.doubt and reading.doubt.spelt:
        return None, say.spelt_separator(reading.doubt.spelt)
    if reading.is_sscc and not serial:
        return NoSerial(Kind.SSCC), ""
    if reading.fault or (reading.note and not reading.is_plain):
        return None, reading.fault or say.is_label(reading.note or "")
    if serial and not reading.is_plain:
        return NoSerial(Kind.LABEL, serial), ""
    if reason and reason.kind is Kind.SCANNER_MARK:
        if not reading.is_plain:
            return None, say.label_without_serial(reading.form.value)
        return replace(reason, form=reading.text), ""
    return reason, ""


def whereabouts_words(seen: Whereabouts, warehouse: str = "") -> str:
    """Where a unit is, to follow its code: `is already Packed on SO S-1, 20 Nov 2026 10:32, bench-2, by Ana`.

    Args:
        seen: where it was last seen.
        warehouse: another building that it stands in.
    """
    who, station, number = visible(seen.operator), visible(seen.station), visible(seen.order_number or "")
    if seen.status is UnitStatus.HELD:
        work = seen.order_kind.work_word if seen.order_kind else word("return")
        return word(
            "is on {who}'s open {work} {number} at {station}", who=who, work=work, number=number, station=station
        )
    if seen.hold and seen.status is UnitStatus.RECEIVED:
        hold = seen.hold
        place, by = visible(hold.station), visible(hold.operator)
        why = shorten(hold.reason, 60)
        return word(
            "is on hold since {at}, {station}, by {who}: {why}", at=moment(hold.at), station=place, who=by, why=why
        )
    at = moment(seen.at)
    if seen.status is UnitStatus.IN_TRANSIT:
        return word(
            "is in transit to another warehouse since {at}, {station}, by {who}", at=at, station=station, who=who
        )
    if seen.is_lost:
        return word(
            "was given up as lost, {at}, {station}, by {who}, and may be found again (F3)",
            at=at,
            station=station,
            who=who,
        )
    if seen.came_back:
        return word("has come back, {at}, {station}, by {who}", at=at, station=station, who=who)
    on = word(" on {order}", order=f"{seen.order_kind} {number}") if seen.order_kind else ""
    there = word(" in warehouse {warehouse}", warehouse=visible(warehouse)) if warehouse else ""
    status = seen.status.value
    return word(
        "is already {status}{on}{there}, {at}, {station}, by {who}",
        status=status,
        on=on,
        there=there,
        at=at,
        station=station,
        who=who,
    )
