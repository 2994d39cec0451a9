"""Serials held against suppliers' lists: expected, not on the list, missing."""

from dataclasses import replace

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.expected import ExpectedSerial, Missing
from scanstation.domain.language import english, joined
from scanstation.domain.outcome import Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind, Tone, Verdict

UNLISTED = "unlisted"
_NAMED = 3
_TEXTS = Texts(
    {
        "unlisted/receiving": "{code} is not on the list of {number}.{elsewhere} Take it?",
        "unlisted/packing": "{code} is on no list of {sku}. Take it?",
        "unlisted/receiving-refused": "{code} is not on the list of {number}.{elsewhere} Put it aside.{in_a_row}",
        "unlisted/packing-refused": "{code} is on no list of {sku}. Put it aside and scan another unit.{in_a_row}",
        "wrong-list/receiving": "{count} in a row are not on the list of {number}. Is it the wrong list?",
        "wrong-list/packing": "{count} in a row are on no list of {sku}. Are they the wrong lists?",
        "listed-otherwise/pair": "{one} is listed with {listed}, not with {other}. "
        "Is {code} the {kind} serial of this unit?",
        "listed-otherwise/column": "{code} is listed as {what}. Is it the {kind} serial of this unit?",
        "no-such-list": "{number} has no list {wanted}. {known}",
        "no-such-list/none": "{number} has no list of expected serials. `po expect {number} FILE` loads one.",
    }
)
_PARTS = Texts(
    {
        "expected": ", expected",
        "not-listed": ", not on the list",
        "on-another": " It is on the list of {number}.",
        "in-a-row": " {count} in a row: if it is the wrong list, a supervisor removes it.",
        "no": "the right list",
        "the-other": "the {kind} serial of {code}",
        "an-other": "a {kind} serial",
        "missing": "Not come: {codes}{more}.",
        "and-more": " and {more} more",
        "and-missing": "{said} {missing}",
        "asked-missing": "{missing} {question}",
        "one-list": "{list_id} ({name})",
        "lists": "Its lists: {lists}.",
        "removed": "{serials} of {number} removed from its list. No unit was changed.",
    }
)


def is_expected() -> str:
    """How the answer to an accepted code goes on: a list has it."""
    return _PARTS("expected")


def is_not_listed() -> str:
    """The same where none has."""
    return _PARTS("not-listed")


def unlisted(code: str, sku: str, number: str, kind: OrderKind, on_list_of: str) -> Verdict:
    """The question before a unit is taken that is on no list; it may be on that of another order."""
    if kind is OrderKind.SHIPMENT:
        return _TEXTS.ask("unlisted/packing", code, sku=sku)
    return _TEXTS.ask("unlisted/receiving", code, number=number, elsewhere=_elsewhere(on_list_of))


def unlisted_refused(code: str, sku: str, number: str, kind: OrderKind, on_list_of: str, in_a_row: int) -> Verdict:
    """A unit that is on no list, where the site takes none; several `in_a_row` are rather a wrong list."""
    many = _PARTS("in-a-row", count=in_a_row) if in_a_row else ""
    if kind is OrderKind.SHIPMENT:
        return _TEXTS.stop("unlisted/packing-refused", code, sku=sku, in_a_row=many)
    elsewhere = _elsewhere(on_list_of)
    return _TEXTS.stop("unlisted/receiving-refused", code, number=number, elsewhere=elsewhere, in_a_row=many)


def taken_unlisted(taken: Verdict) -> Verdict:
    """A unit that is on no list was taken, as the site wants it: somebody should look all the same."""
    return replace(taken, tone=Tone.CHECK, reason=UNLISTED, booked=True)


def wrong_list(code: str, sku: str, number: str, kind: OrderKind, count: int) -> Verdict:
    """The question, once for a work, after several in a row were on no list; yes ends all asking."""
    no = _PARTS("no")
    if kind is OrderKind.SHIPMENT:
        return _TEXTS.ask("wrong-list/packing", code, no=no, count=count, sku=sku)
    return _TEXTS.ask("wrong-list/receiving", code, no=no, count=count, number=number)


def listed_otherwise(code: str, key: str, kind: CodeKind, other: str | None, row: ExpectedSerial) -> Verdict:
    """A code that a list has as another unit's, or whose unit's other code it has so."""
    if row.key(kind.other) == key:
        of, its = row.text(kind), kind.other.word
        what = _PARTS("the-other", kind=its, code=shorten(of)) if of else _PARTS("an-other", kind=its)
        return _TEXTS.ask("listed-otherwise/column", code, what=what, kind=kind.word)
    pair = (code, row.text(kind.other), other) if row.key(kind) == key else (other, row.text(kind), code)
    one, with_it, not_with = (shorten(text or "") for text in pair)
    return _TEXTS.ask("listed-otherwise/pair", code, one=one, listed=with_it, other=not_with, kind=kind.word)


def missing_words(missing: Missing) -> str:
    """`Not come: A, B, C and 4 more.`; empty where nothing is missing."""
    if not missing:
        return ""
    more = missing.count - len(missing.codes[:_NAMED])
    codes = joined([*map(shorten, missing.codes[:_NAMED])])
    return _PARTS("missing", codes=codes, more=_PARTS("and-more", more=more) if more else "")


def with_missing(completed: Verdict, missing: Missing) -> Verdict:
    """What was booked, with what has not come."""
    if not missing:
        return completed
    return replace(completed, text=_PARTS("and-missing", said=completed.text, missing=missing_words(missing)))


def before_question(missing: Missing, asked: Verdict) -> Verdict:
    """A question with what has not come before it."""
    question = asked.question
    if question is None or not missing:
        return asked
    text = _PARTS("asked-missing", missing=missing_words(missing), question=asked.text)
    about = repr((question.about, english(text)))
    return replace(asked, text=text, question=replace(question, text=text, about=about))


def no_such_list(number: str, wanted: int | None, known: list[tuple[int, str]]) -> Refused:
    """The order has no list, or none of this number."""
    if not known:
        return _TEXTS.refused("no-such-list/none", number=visible(number))
    lists = listed([_PARTS("one-list", list_id=list_id, name=shorten(name, 30)) for list_id, name in known])
    return _TEXTS.refused("no-such-list", number=visible(number), wanted=wanted, known=_PARTS("lists", lists=lists))


def list_removed(number: str, serials: int) -> str:
    """Serials are expected no longer."""
    return _PARTS("removed", serials=counted(serials, "serial"), number=visible(number))


def _elsewhere(number: str) -> str:
    return _PARTS("on-another", number=shorten(number)) if number else ""
