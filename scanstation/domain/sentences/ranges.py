"""Ranges of serials: asked for, refused, previewed, taken (SS-RANGE)."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain.codes import shorten
from scanstation.domain.plurals import counted
from scanstation.domain.ranges import Range, Unfit
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Prompt, Tone, Verdict

_TEXTS = Texts(
    {
        "range": "A range: scan the first serial of {sku}, then the last.",
        "range/first": "{code} is the first. Now the last one, or how many: type it, or SS-QTY-n.",
        "range/dropped": "The range is dropped; the serials are still owed.",
        "range/ask": "{first} to {last}: {units} of {sku}{of_run}. Take them all?",
        "range/taken": "{first} to {last} → {sku}, {done} of {ordered}.{then}",
        "no-serial-due/range": "No serial is owed. Scan SS-QTY-n and the product first, then {code}.",
        "range-two-codes": "A {sku} has two serials: no range. Scan them one by one.",
        "range-no-run": "One unit is asked, and a range is for several. Scan its serial, "
        "or cancel it and scan SS-QTY-n first.",
        "range-no-count/check-digit": "Serials of {sku} end in a check digit: no range. Scan them one by one.",
        "range-no-count/address": "{code} is a hardware address, which does not count up by one: no range. "
        "Scan them one by one.",
        "range-no-count": "{code} has no number that would count up. Scan the serials one by one.",
        "range-not-one/same": "{code} is the first serial itself. Scan the last one, or say how many.",
        "range-not-one/text": "{code} differs from {first} by more than one number. Scan the last of the same row.",
        "range-not-one/width": "{code} has a number of other length than {first}. Scan the last of the same row.",
        "range-not-one/backwards": "{code} comes before {first}. Scan SS-RANGE again, then the lower one first.",
        "range-not-one/no-room": "{count} from {first} on need a digit more than it has. "
        "Scan the last one in place of the count.",
        "range-not-one/lot": "{code} has another lot or date than {first}. Scan them as two ranges.",
        "range-too-many/run": "{first} to {last} are {count}, and {left} are asked. Count again. None was taken.",
        "range-too-many": "{first} to {last} are {count}, and a range names {most} at most. None was taken.",
        "range-collides": "{bad} of {count} cannot be taken, so none is: {named}. {why}",
        "range-collides/first": "{why} No range begins with it.",
        "range-origins": "{first} to {last} came in on several orders or files: no range. Scan them one by one.",
        "range-first/card": "A range is begun: {wanted}, or drop it with Cancel. Then {code}.",
        "range-first/key": "A range is begun: {wanted}, or drop it with Cancel.",
    }
)
_PARTS = Texts(
    {
        "run": "{first} to {last}",
        "with-doubts": "{taken} Of {units}: {first}",
        "more": "{named} and {more} more",
        "of-run": ", {left} asked",
        "next": " Now {which} serial of {sku}, unit {unit} of {ordered}.",
        "not-received": "{code} is not Received, and at packing a range names Received units alone.",
        "to-be-asked": "{code} would be asked about: it has to be scanned by itself.",
        "wanted/first": "scan its first serial",
        "wanted/last": "scan its last serial, or say how many",
        "summary": "{sku} {ends}",
        "fact": "{sku} {first} to {last} {done}/{ordered}",
    }
)
MOST_RUNS = 4
"""So many runs of what cannot be taken are named in one sentence."""


def range_begun(code: str, sku: str) -> Verdict:
    """SS-RANGE in a run."""
    return _TEXTS.shown("range", code, sku=shorten(sku))


def range_first(code: str) -> Verdict:
    """Its first serial is in."""
    return _TEXTS.shown("range/first", code)


def range_dropped(code: str) -> Verdict:
    """Cancel, Undo or No while a range is begun."""
    return _TEXTS.shown("range/dropped", code)


def range_asked(code: str, of: Range, sku: str, left: int) -> Verdict:
    """All of it can be taken: shall it be?"""
    of_run = _PARTS("of-run", left=left) if left != of.count else ""
    first, last, units = shorten(of.first), shorten(of.last), counted(of.count, "unit")
    whole, sku = (of.first, of.last), shorten(sku)
    return _TEXTS.ask("range/ask", code, whole=whole, first=first, last=last, units=units, sku=sku, of_run=of_run)


def range_taken(
    code: str, of: Range, sku: str, *, done: int, ordered: int, prompt: Prompt | None, order_full: str
) -> Verdict:
    """All of it was taken; what comes next."""
    first, last, sku = shorten(of.first), shorten(of.last), shorten(sku)
    then = order_full
    if prompt:
        done = prompt.unit - 1
        then = _PARTS("next", which=prompt.which, sku=sku, unit=prompt.unit, ordered=ordered)
    verdict = _TEXTS.ok("range/taken", code, first=first, last=last, sku=sku, done=done, ordered=ordered, then=then)
    return replace(verdict, fact=_PARTS("fact", sku=sku, first=first, last=last, done=done, ordered=ordered))


def range_with_doubts(taken: Verdict, doubts: Sequence[Verdict]) -> Verdict:
    """All of it was taken, and of some of it somebody should look."""
    text = _PARTS("with-doubts", taken=taken.text, units=counted(len(doubts), "unit"), first=doubts[0].text)
    return replace(taken, tone=Tone.CHECK, booked=True, reason=doubts[0].reason, text=text)


def range_summary(sku: str, ends: str) -> str:
    """What was taken, for Undo."""
    return _PARTS("summary", sku=shorten(sku), ends=shorten(ends))


def range_not_due(code: str) -> Verdict:
    """SS-RANGE where no serial is owed."""
    return _TEXTS.stop("no-serial-due/range", code)


def range_of_two_codes(code: str, sku: str) -> Verdict:
    """A unit of the product has two serials."""
    return _TEXTS.stop("range-two-codes", code, sku=shorten(sku))


def range_of_one(code: str) -> Verdict:
    """One unit alone is asked for."""
    return _TEXTS.stop("range-no-run", code)


def range_with_check_digit(code: str, sku: str) -> Verdict:
    """The next serial is not the next number."""
    return _TEXTS.stop("range-no-count/check-digit", code, sku=shorten(sku))


def range_of_addresses(code: str) -> Verdict:
    """A MAC."""
    return _TEXTS.stop("range-no-count/address", code)


def range_without_number(code: str) -> Verdict:
    """A serial of letters alone."""
    return _TEXTS.stop("range-no-count", code)


def no_range(code: str, first: str, why: Unfit, count: int = 0) -> Verdict:
    """Two codes, or a code and a count, that are no range."""
    first = shorten(first)
    match why:
        case Unfit.SAME:
            return _TEXTS.stop("range-not-one/same", code)
        case Unfit.OTHER_TEXT:
            return _TEXTS.stop("range-not-one/text", code, first=first)
        case Unfit.OTHER_WIDTH:
            return _TEXTS.stop("range-not-one/width", code, first=first)
        case Unfit.BACKWARDS:
            return _TEXTS.stop("range-not-one/backwards", code, first=first)
    return _TEXTS.stop("range-not-one/no-room", code, first=first, count=count)


def range_of_other_lot(code: str, first: str) -> Verdict:
    """The two labels say different lots or dates."""
    return _TEXTS.stop("range-not-one/lot", code, first=shorten(first))


def range_beyond_run(code: str, of: Range, left: int) -> Verdict:
    """It names more units than are asked."""
    first, last = shorten(of.first), shorten(of.last)
    return _TEXTS.stop("range-too-many/run", code, first=first, last=last, count=of.count, left=left)


def range_too_long(code: str, of: Range, most: int) -> Verdict:
    """It names more units than a range may."""
    first, last = shorten(of.first), shorten(of.last)
    return _TEXTS.stop("range-too-many", code, first=first, last=last, count=of.count, most=most)


def range_collides(code: str, count: int, bad: int, runs: Sequence[Range | str], why: str) -> Verdict:
    """Some of it cannot be taken: which, and why the first of them not."""
    named = ", ".join(range_run(one) for one in runs[:MOST_RUNS])
    if len(runs) > MOST_RUNS:
        named = _PARTS("more", named=named, more=len(runs) - MOST_RUNS)
    return _TEXTS.stop("range-collides", code, count=count, bad=bad, named=named, why=why)


def range_cannot_begin(code: str, why: str) -> Verdict:
    """Its first serial could not be taken so."""
    return _TEXTS.stop("range-collides/first", code, why=why)


def range_run(one: Range | str) -> str:
    """Some codes in a row, or one."""
    return shorten(one) if isinstance(one, str) else _PARTS("run", first=shorten(one.first), last=shorten(one.last))


def range_member_not_received(code: str) -> str:
    """Why a code of a range is refused at packing, though alone it would be new."""
    return _PARTS("not-received", code=shorten(code))


def range_member_doubtful(code: str) -> str:
    """Why a code of a range is refused that alone would be asked about."""
    return _PARTS("to-be-asked", code=shorten(code))


def range_of_several_origins(code: str, of: Range) -> Verdict:
    """At packing: its units did not come in together."""
    return _TEXTS.stop("range-origins", code, first=shorten(of.first), last=shorten(of.last))


def range_first_of_all(code: str, *, wants_last: bool) -> Verdict:
    """Another card while a range is begun."""
    wanted = _PARTS("wanted/last") if wants_last else _PARTS("wanted/first")
    return _TEXTS.stop("range-first/card" if code else "range-first/key", code, wanted=wanted)
