"""How an act on units ends: corrections, swaps, holds of units and of lots."""

from collections.abc import Iterable

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import word
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.work import Boxed

_DONE = Texts(
    {
        "unpacked": "{unit} is Received again: take it out of {number}.",
        "unpacked/gone": "{unit} is gone: it came in at packing {number}. Its serials are free again.",
        "unpacked/boxed": "{unit} is free again: take it out of {number}.",
        "unpacked/on-hold": "{unit} is out of {number}, and stays on hold: put it where nobody packs it.",
        "unreceived": "{unit} is gone from {number}. Its serials are free again.",
        "unreceived/opening": "{unit} is gone: it was opening stock. Its serials are free again.",
        "disposed": "{unit} of {sku} is disposed of ({kept}).",
        "corrected": "{before} of {sku} is {code} now. Trace finds it under both.",
        "lowered": "{number}: {to} of {ordered} {sku} received, no longer {done}.",
        "swapped": "{unit} is out of {number}, {other} is in its place.",
        "regraded": "{unit} is a {sku} now, no longer a {before}.",
        "on-hold": "{units} are on hold now.",
        "on-hold/one": "{units} is on hold now.",
        "released": "{units} are not on hold any more.",
        "released/one": "{units} is not on hold any more.",
        "lot-on-hold": "Lot {lot} of {sku} is on hold: {units} now, and what is received of it later.",
        "lot-released": "Lot {lot} of {sku} is not on hold any more: {units} released.",
    }
)
_PARTS = Texts(
    {
        "noted": "{code} {problem}; taken all the same.",
        "noted/more": "{code} {problem}, and {more} more like it; all are taken all the same.",
        "secondary-free": "Its secondary serial {code}, which came in at packing, is free.",
        "stays-on-hold": "It is on hold, and stays so.",
        "past-use-by": "{unit} is past its use-by, {day}.",
        "past-best-before": "{unit} is past its best-before, {day}.",
        "no-stock": "It is no stock any more. It still counts as received, and its serials stay its own.",
        "out/on-hold": "{unit} is on hold: put it where nobody packs it.",
        "out/received": "{unit} is Received again: put it back.",
        "out/gone": "{unit} is gone: it came in at packing. Its serials are free again.",
        "still-received": "It still counts as received where it came in.",
        "as-its-lot": "It is on hold now, as its lot of {sku} is.",
        "lacks-secondary": "A {sku} has two serials, and it has one.",
        "were-on-hold": "{units} on hold already.",
        "were-not": "{units} not on hold.",
        "lot-stays": "Lot {lot} of {sku} stays on hold for what comes later: --standing ends that.",
        "take-out": "{code} {where}: take it out there.",
        "boxed": "{code} was scanned into {number} at {station}: unpack it, or its order cannot ship.",
        "boxed/in-work": "{code} was scanned into {number} at {station}: take it out there.",
        "boxed/left": "{code} was scanned into {number} at {station}: it has left, and its import waits until it is "
        "released.",
        "on-no-list": "{code} is on no list of {sku}.",
        "as-a-note": "{doubt}.",
        "packed": "{units} Packed: their orders cannot ship with them.",
        "left": "{units} left: the hold stops nothing there.",
        "kinds": "{sku}: {units} {status}",
        "on-hold-already": "on hold already: {units}",
        "known": "{code} of {sku} {where}.",
        "known/spelled": "{code} of {sku} {where}, as {known}.",
    }
)


def unpacked(unit: str, number: str, notes: Iterable[str], *, is_gone: bool) -> Done:
    """A Packed unit is out of its shipment: Received again, or gone if packing had created it."""
    return _DONE.done("unpacked/gone" if is_gone else "unpacked", notes, unit=unit, number=visible(number))


def out_of_the_box(unit: str, number: str, note: str, *, is_on_hold: bool) -> Done:
    """A unit that was only scanned into its box is reserved no longer."""
    name = "unpacked/on-hold" if is_on_hold else "unpacked/boxed"
    return _DONE.done(name, (note,), unit=unit, number=visible(number))


def secondary_is_free(code: str) -> str:
    """A note: an unpacked unit lost the secondary that packing had added."""
    return _PARTS("secondary-free", code=shorten(code))


def stays_on_hold() -> str:
    """A note: an unpacked unit is on hold."""
    return _PARTS("stays-on-hold")


def past_its_day(unit: str, day: str, *, is_use_by: bool) -> str:
    """A note: a unit that was swapped in is old."""
    return _PARTS("past-use-by" if is_use_by else "past-best-before", unit=unit, day=day)


def unreceived(unit: str, number: str, note: str) -> Done:
    """A unit was never received."""
    return _DONE.done("unreceived", (note,), unit=unit, number=visible(number))


def opening_unit_gone(unit: str) -> Done:
    """A unit of the opening stock was never there."""
    return _DONE.done("unreceived/opening", unit=unit)


def disposed_of(unit: str, sku: str, kept: str) -> Done:
    """A unit has left the stock for good; what became of it, and the number of its paper."""
    return _DONE.done("disposed", (_PARTS("no-stock"),), unit=unit, sku=visible(sku), kept=visible(kept))


def code_corrected(before: str, sku: str, code: str, notes: Iterable[str]) -> Done:
    """A unit has another code."""
    return _DONE.done("corrected", notes, before=shorten(before), sku=visible(sku), code=shorten(code))


def count_lowered(number: str, sku: str, to: int, ordered: int, done: int, note: str) -> Done:
    """Fewer were received than was said."""
    return _DONE.done("lowered", (note,), number=visible(number), to=to, ordered=ordered, sku=sku, done=done)


def units_swapped(unit: str, number: str, other: str, notes: Iterable[str]) -> Done:
    """One unit of an order is out, another is in."""
    return _DONE.done("swapped", notes, unit=unit, number=visible(number), other=other)


def swapped_out(unit: str, *, is_on_hold: bool, stays: bool) -> str:
    """A note: what became of the unit that came out."""
    if is_on_hold:
        return _PARTS("out/on-hold", unit=unit)
    return _PARTS("out/received" if stays else "out/gone", unit=unit)


def unit_regraded(unit: str, sku: str, before: str, *, as_its_lot: bool, lacks_secondary: bool) -> Done:
    """A unit is another product now."""
    notes = [_PARTS("still-received")]
    if as_its_lot:
        notes.append(_PARTS("as-its-lot", sku=visible(sku)))
    if lacks_secondary:
        notes.append(_PARTS("lacks-secondary", sku=visible(sku)))
    return _DONE.done("regraded", notes, unit=unit, sku=visible(sku), before=visible(before))


def put_on_hold(units: str, notes: Iterable[str], *, is_one: bool) -> Done:
    """Units are not to leave."""
    return _DONE.done("on-hold/one" if is_one else "on-hold", notes, units=units)


def taken_off_hold(units: str, notes: Iterable[str], *, is_one: bool) -> Done:
    """Units may leave again."""
    return _DONE.done("released/one" if is_one else "released", notes, units=units)


def were_on_hold(count: int) -> str:
    """A note: a hold of more than that."""
    return _PARTS("were-on-hold", units=counted(count, "unit was", "units were"))


def were_not_on_hold(count: int) -> str:
    """A note: more was to be released."""
    return _PARTS("were-not", units=counted(count, "unit was", "units were"))


def lot_stays_on_hold(lot: str, sku: str) -> str:
    """A note: units were released one by one, and their lot was not."""
    return _PARTS("lot-stays", lot=shorten(lot), sku=visible(sku))


def take_it_out(code: str, where: str) -> str:
    """A note: open packing has a unit that is on hold now."""
    return _PARTS("take-out", code=shorten(code), where=where)


def held_in_a_box(code: str, boxed: Boxed) -> str:
    """A note: what is on hold now was scanned into the box of an order."""
    box = "boxed/left" if boxed.has_left else "boxed/in-work" if boxed.in_work else "boxed"
    return _PARTS(box, code=shorten(code), number=visible(boxed.number), station=visible(boxed.station))


def on_no_list(code: str, sku: str) -> str:
    """A note: what was swapped in is announced by no supplier."""
    return _PARTS("on-no-list", code=shorten(code), sku=visible(sku))


def as_a_note(doubt: str) -> str:
    """A doubt that is only told."""
    return _PARTS("as-a-note", doubt=doubt)


def held_too_late(packed: int, shipped: int) -> list[str]:
    """Notes: some of what is on hold now is Packed, or has left."""
    notes = []
    if packed:
        notes.append(_PARTS("packed", units=counted(packed, "unit is", "units are")))
    if shipped:
        notes.append(_PARTS("left", units=counted(shipped, "unit has", "units have")))
    return notes


def how_many_are(sku: str, status: str, count: int) -> str:
    """A line of what is chosen for a hold: `LAP-1: 3 units Received`."""
    return _PARTS("kinds", sku=visible(sku), units=counted(count, "unit"), status=status)


def on_hold_already_line(count: int) -> str:
    """A line of the same: how many of them are so already."""
    return _PARTS("on-hold-already", units=counted(count, "unit"))


def lot_named(lot: str, sku: str) -> str:
    """What a lot is called within a sentence."""
    return word("lot {lot} of {sku}", lot=shorten(lot), sku=visible(sku))


def lot_put_on_hold(lot: str, sku: str, count: int) -> Done:
    """A lot is not to leave."""
    units = counted(count, "unit is", "units are", grouped=True)
    return _DONE.done("lot-on-hold", lot=shorten(lot), sku=visible(sku), units=units)


def lot_released(lot: str, sku: str, count: int) -> Done:
    """A lot may leave again."""
    units = counted(count, "unit is", "units are", grouped=True)
    return _DONE.done("lot-released", lot=shorten(lot), sku=visible(sku), units=units)


def noted(code: str, problem: str, rows: int) -> str:
    """What is noted once for all rows of which the same is to be said; one code stands for all."""
    if rows > 1:
        return _PARTS("noted/more", code=shorten(code), problem=problem, more=rows - 1)
    return _PARTS("noted", code=shorten(code), problem=problem)


def known_unit(code: str, sku: str, where: str, known: str = "") -> str:
    """Where the unit is that has a code, or one that differs only by how it is spelled."""
    if known:
        return _PARTS("known/spelled", code=shorten(code), sku=visible(sku), where=where, known=shorten(known))
    return _PARTS("known", code=shorten(code), sku=visible(sku), where=where)
