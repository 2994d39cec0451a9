"""The code that is owed: what is asked next, and what a label or a new code means to it, decided without a store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key
from scanstation.domain.marks import difference
from scanstation.domain.not_serials import NoSerial
from scanstation.domain.orders import OrderLine
from scanstation.domain.products import Product, ScannedProduct
from scanstation.domain.reading import Reading
from scanstation.domain.status import UnitStatus
from scanstation.domain.tracking import Asks
from scanstation.domain.units import AlikeCode, Unit
from scanstation.domain.verdict import Answers, CodeKind, Prompt, Verdict
from scanstation.domain.work import OwedPiece


def prompt_for(owed: OwedPiece, line: OrderLine, asks: Asks) -> Prompt:
    """What is asked next: of which unit of the line, and which of its two codes."""
    first = owed.piece.source is None
    product = line.product
    return Prompt(
        kind=CodeKind.PRIMARY if first else CodeKind.SECONDARY,
        sku=product.sku,
        unit=line.done + line.in_work - owed.waiting + 1,
        ordered=line.wanted,
        hint=product.serial_hint if first else product.secondary_hint,
        either=asks is Asks.EITHER,
        known=(owed.known_secondary if first else owed.known) or "",
        in_run=owed.run - owed.run_left + 1,
        run=owed.run,
    )


# Labels


def code_on(reading: Reading, prompt: Prompt) -> str | None:
    """The code of a label that answers a prompt. A serial is never taken from the field of the other kind."""
    if prompt.either:
        return reading.serial or reading.secondary
    return reading.serial if prompt.kind is CodeKind.PRIMARY else reading.secondary


def label_of_other_product(
    text: str, product: Product, prompt: Prompt, reading: Reading, named: Sequence[ScannedProduct]
) -> Verdict | None:
    """Why a label cannot answer a product's prompt, by the products that it names."""
    if not named:
        return say.label_of_unknown(text, reading.gtin, prompt) if reading.gtin else None
    # A customer's and a maker's number may be two products' of this client: one that is asked for will do.
    scanned = next((one for one in named if one.product.id == product.id), named[0])
    if scanned.product.id != product.id:
        return say.label_of_another(text, scanned.product.sku, prompt)
    if scanned.pack_quantity > 1:
        return say.label_of_pack(text, product.sku, scanned.pack_quantity, prompt)
    return None if reading.serial or reading.secondary else say.is_a_product(text, product.sku, prompt)


def other_code_differs(prompt: Prompt, text: str, meant: Code | BadCode) -> Verdict | None:
    """Why a label with two serials cannot answer a second prompt: its other serial is not the unit's.

    Args:
        prompt: what is asked, of a unit that is known by its first code.
        text: the serial on the label that is not asked for.
        meant: what that means for the product.
    """
    if isinstance(meant, Code) and meant.key == code_key(prompt.known):
        return None
    return say.two_units(text, prompt.known, prompt.kind)


# Which of the two codes


def kind_of(
    prompt: Prompt, owed: OwedPiece, asks: Asks, code: Code, owner: Unit | None, fits: Collection[CodeKind]
) -> CodeKind:
    """Which of the two a code is: what is known of it or the patterns tell, else what was asked.

    Args:
        prompt: what was asked.
        owed: the unit that owes a code.
        asks: which codes it has to give.
        code: the code.
        owner: the product's unit that has it now.
        fits: of which kinds the product has a pattern that matches, where it has one of each.
    """
    if owed.piece.unit_id is not None or asks is not Asks.BOTH:
        return prompt.kind
    if owner is not None:
        return CodeKind.SECONDARY if code.key == code_key(owner.secondary or "") else CodeKind.PRIMARY
    return CodeKind.SECONDARY if list(fits) == [CodeKind.SECONDARY] else prompt.kind


# A code that no unit of the product has


@dataclass(frozen=True, slots=True)
class NewCode:
    """What a new code is in place of a serial, and what speaks against it."""

    no_serial: NoSerial | None
    hint: str
    """What the product's serials look like, in words."""
    unlike: bool
    """Has the product patterns, and does none match?"""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A unit of another product that has the code."""

    sku: str
    status: UnitStatus
    warehouse: str
    """Where it is, if in another warehouse."""


def refuse_new(
    text: str, sku: str, new: NewCode, namesake: Namesake | None, prompt: Prompt, answers: Answers, *, refused: bool
) -> Verdict | None:
    """Why a new code is refused or asked about; None where it may be a serial.

    Args:
        text: what was scanned.
        sku: the product that it was scanned for.
        new: what it may be.
        namesake: another product's unit that has the code; looked for where it is `unlike`, or `refused` anyway.
        prompt: what was asked.
        answers: what was said before.
        refused: will it be refused in any case? Then only what says better why.
    """
    if namesake:
        return say.serial_of_wrong_product(text, namesake.sku, namesake.status, namesake.warehouse, prompt)
    if new.no_serial and (new.unlike or refused):
        return say.not_a_serial(text, new.no_serial, prompt)
    if new.unlike:
        return say.wrong_pattern(text, sku, new.hint)
    return answers.unless_yes(say.may_be_a_serial(text, new.no_serial, prompt)) if new.no_serial else None


@dataclass(frozen=True, slots=True)
class ToldApart:
    """A person said that codes which differ only by these are of different units."""

    differences: frozenset[str]


def likely_meant(
    code: Code, alike: Sequence[AlikeCode], product: Product, answers: Answers, *, known_wanted: bool
) -> Code | Verdict | ToldApart | None:
    """The code of a known unit that an unknown one most likely means, the question, or None for another unit.

    Args:
        code: what no unit has just so.
        alike: the codes of the product that differ from it only by marks or separators.
        product: whose code it is.
        answers: what was said before.
        known_wanted: must it be a Received unit's?
    """
    if known_wanted:
        return _meant_of_known(code, alike, product, answers)
    alike = [one for one in alike if difference(one.key, code.key) not in product.told_apart]
    if not alike:
        return None
    asked = say.alike_new(code.text, [one.text for one in alike])
    answer = answers.to(asked)
    if answer is None:
        return asked
    if not answer:
        return ToldApart(frozenset(difference(one.key, code.key) for one in alike))
    if _several(alike):
        return say.alike_several(code.text, [one.text for one in alike])
    return Code(alike[0].text, alike[0].key)


def _meant_of_known(
    code: Code, alike: Sequence[AlikeCode], product: Product, answers: Answers
) -> Code | Verdict | None:
    received = [one for one in alike if one.unit.status is UnitStatus.RECEIVED]
    if received:
        if _several(received):
            return say.alike_several(code.text, [one.text for one in received])
        question = answers.unless_yes(say.alike_known(code.text, received[0].text, product.sku))
        return question or Code(received[0].text, received[0].key)
    # It will be refused; of one unit it can be said why.
    return None if not alike or _several(alike) else Code(alike[0].text, alike[0].key)


def _several(alike: Sequence[AlikeCode]) -> bool:
    return len({one.unit.id for one in alike}) > 1
