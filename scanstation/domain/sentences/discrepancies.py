"""What is noted of a purchase order's line, and why it is not."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Verdict

_NAMED = 6
_TEXTS = Texts(
    {
        "not-on-order/noting": "{number} has no {sku}: note it on the product that was ordered in its place.",
        "serial-twice/noting": "{code} is given twice. Give each serial once.",
        "more-serials": "{serials} serials are more than {count} units. Correct one of the two.",
        "words-missing": "Say what is wrong, or how many: a note needs words, a count or serials.",
        "no-such-note": "{number} has no discrepancy {note}. `po discrepancies {number}` lists them.",
        "settled-already": "Discrepancy {note} of {number} is settled already, by {operator}: {words}",
        # At a desk (SS-NOTE)
        "note-kind": "What is noted on {number}?",
        "note/product": "Scan the product that {past}, or a unit of it by its serial.",
        "note/so-far": "{told}. Yes keeps it. Else its serials, or how many.",
        "note/words": "{told}: {words}. Yes keeps it.",
        "note/back": "{told}. The last scan of this note is taken back.",
        "note/dropped": "Nothing was noted.",
        "note/undone": "Discrepancy {told} is taken back.",
        "noted": "Discrepancy {told}, noted beside the counts. Undo takes it back.",
        "note-first/card": "A note is not kept yet: Yes keeps it, Cancel drops it. Then {code}.",
        "note-first/key": "A note is not kept yet: Yes keeps it, Cancel drops it.",
        "note-first/no-product": "{code} is no product of {number}. Scan the product that {past}, or type its SKU.",
        "note-first/product": "{code} is {sku}, and this note is about {first}. Keep it with Yes first, or drop it.",
        "note-first/serial": "{code} is a serial of {sku}, and this note is about {first}. Put it aside.",
        "note-first/order": "{code} is the number of an order. Keep the note with Yes first, or drop it.",
        "note-first/elsewhere": "{code} came in on {other}, not on {number}: note it there.",
        "note-first/all": "What is left of {sku} can be short, and is not {differs}. Say how many.",
        "note-first/none-left": "Nothing of {sku} is left to come. Say how many are short.",
        "no-order/note": "{code} is for a purchase order: scan its number at Receiving first.",
    }
)
TAKEN_BACK = "taken back at once"
"""What came of a discrepancy that Undo took back."""
_PARTS = Texts(
    {
        "noted": "Noted on {number} as discrepancy {told}. No count was changed.",
        "settled": "Discrepancy {told} of {number} is settled.",
        "still-open": "Still open: discrepancy {told}.",
        "wanted": "Scan the product that {past}",
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


def noted_on(number: str, discrepancy: str) -> str:
    """A note was taken."""
    return _PARTS("noted", number=visible(number), told=visible(discrepancy))


def note_settled(number: str, discrepancy: str) -> str:
    """A note was settled."""
    return _PARTS("settled", number=visible(number), told=visible(discrepancy))


def still_open(discrepancies: Sequence[str]) -> tuple[str, ...]:
    """The notes that nobody has settled, a sentence each: some, and how many more."""
    named = tuple(_PARTS("still-open", told=visible(one)) for one in discrepancies[:_NAMED])
    more = len(discrepancies) - _NAMED
    return (*named, _PARTS("still-open/more", more=more)) if more > 0 else named


# At a desk (SS-NOTE)


def product_to_note(past: str) -> str:
    """What is scanned next of a note, in the entry line."""
    return _PARTS("wanted", past=past)


def what_is_noted(code: str, number: str, choices: tuple[str, ...]) -> Verdict:
    """SS-NOTE: how does what came differ?"""
    return _TEXTS.ask("note-kind", code, number=visible(number), choices=choices)


def note_product_wanted(code: str, past: str) -> Verdict:
    """It was said; now of which product."""
    return _TEXTS.shown("note/product", code, past=past)


def note_so_far(code: str, discrepancy: str, words: str) -> Verdict:
    """What would be noted now."""
    if words:
        return _TEXTS.shown("note/words", code, told=visible(discrepancy), words=visible(words))
    return _TEXTS.shown("note/so-far", code, told=visible(discrepancy))


def note_step_back(code: str, discrepancy: str) -> Verdict:
    """Undo while a note is made."""
    return _TEXTS.shown("note/back", code, told=visible(discrepancy))


def note_dropped(code: str) -> Verdict:
    """Cancel, or No, while a note is made."""
    return _TEXTS.shown("note/dropped", code)


def note_kept(code: str, discrepancy: str) -> Verdict:
    """Yes: it is noted."""
    return _TEXTS.ok("noted", code, told=visible(discrepancy))


def note_undone(code: str, discrepancy: str) -> Verdict:
    """Undo right behind it."""
    return _TEXTS.shown("note/undone", code, told=visible(discrepancy))


def note_first(code: str) -> Verdict:
    """Another card while a note is made."""
    return _TEXTS.stop("note-first/card" if code else "note-first/key", code)


def note_of_no_product(code: str, number: str, past: str) -> Verdict:
    """Nothing of the order, where the product of a note is asked."""
    return _TEXTS.stop("note-first/no-product", code, number=visible(number), past=past)


def note_of_other_product(code: str, sku: str, first: str) -> Verdict:
    """Another product than the one that is noted."""
    return _TEXTS.stop("note-first/product", code, sku=shorten(sku), first=shorten(first))


def note_of_other_serial(code: str, sku: str, first: str) -> Verdict:
    """A unit of another product than the one that is noted."""
    return _TEXTS.stop("note-first/serial", code, sku=shorten(sku), first=shorten(first))


def note_before_order(code: str) -> Verdict:
    """The number of an order while a note is made."""
    return _TEXTS.stop("note-first/order", code)


def note_on_other_order(code: str, other: str, number: str) -> Verdict:
    """A unit that came in on another order."""
    return _TEXTS.stop("note-first/elsewhere", code, other=visible(other), number=visible(number))


def note_not_all(code: str, sku: str, differs: str) -> Verdict:
    """SS-QTY-ALL for what is not short."""
    return _TEXTS.stop("note-first/all", code, sku=shorten(sku) or phrase("the product"), differs=differs)


def note_none_left(code: str, sku: str) -> Verdict:
    """SS-QTY-ALL of a full line."""
    return _TEXTS.stop("note-first/none-left", code, sku=shorten(sku))


def note_wants_purchase(code: str) -> Verdict:
    """SS-NOTE where no purchase order is on a desk."""
    return _TEXTS.check("no-order/note", code)
