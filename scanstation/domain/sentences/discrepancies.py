"""What is noted of a purchase order's line, and why it is not."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.texts import Texts

_NAMED = 6
_TEXTS = Texts(
    {
        "not-on-order/noting": "{number} has no {sku}: note it on the product that was ordered in its place.",
        "serial-twice/noting": "{code} is given twice. Give each serial once.",
        "more-serials": "{serials} serials are more than {count} units. Correct one of the two.",
        "words-missing": "Say what is wrong, or how many: a note needs words, a count or serials.",
        "no-such-note": "{number} has no discrepancy {note}. `po discrepancies {number}` lists them.",
        "settled-already": "Discrepancy {note} of {number} is settled already, by {operator}: {words}",
    }
)
_PARTS = Texts(
    {
        "noted": "Noted on {number} as discrepancy {told}. No count was changed.",
        "settled": "Discrepancy {told} of {number} is settled.",
        "still-open": "Still open: discrepancy {told}.",
        "still-open/more": "… and {more} discrepancies more.",
    }
)


def not_ordered(number: str, sku: str) -> Refused:
    """The order has no line of this product."""
    return _TEXTS.refused("not-on-order/noting", number=visible(number), sku=shorten(sku))


def serial_noted_twice(code: str) -> Refused:
    """One serial stands twice in a note."""
    return _TEXTS.refused("serial-twice/noting", code=shorten(code))


def more_serials_than_units(serials: int, count: int) -> Refused:
    """A note names more serials than it is about."""
    return _TEXTS.refused("more-serials", serials=serials, count=count)


def note_says_nothing() -> Refused:
    """A note without words, count and serials."""
    return _TEXTS.refused("words-missing")


def no_such_note(number: str, note: int) -> Refused:
    """The order has no note of this number."""
    return _TEXTS.refused("no-such-note", number=visible(number), note=note)


def note_settled_already(number: str, note: int, operator: str, words: str) -> Refused:
    """Somebody has settled it before."""
    return _TEXTS.refused(
        "settled-already", number=visible(number), note=note, operator=visible(operator), words=visible(words)
    )


def noted_on(number: str, told: str) -> str:
    """A note was taken."""
    return _PARTS("noted", number=visible(number), told=visible(told))


def note_settled(number: str, told: str) -> str:
    """A note was settled."""
    return _PARTS("settled", number=visible(number), told=visible(told))


def still_open(told: Sequence[str]) -> tuple[str, ...]:
    """The notes that nobody has settled, a sentence each: some, and how many more."""
    named = tuple(_PARTS("still-open", told=visible(one)) for one in told[:_NAMED])
    more = len(told) - _NAMED
    return (*named, _PARTS("still-open/more", more=more)) if more > 0 else named
