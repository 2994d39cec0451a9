"""Why an act on units is refused: corrections, holds, disposing."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import CodeKind
from scanstation.domain.work import Boxed

_TEXTS = Texts(
    {
        "as-it-is/hold": "{units}: none of them is on hold.",
        "as-it-is/held-back": "{units}: all of them are on hold already.",
        "unknown-code/elsewhere": "{code} is a serial of {owners}, and of no other.",
        "unknown-code/nowhere": "No unit{of_client}{of_sku} has the serial {code}. Check it.",
        "gone/code": "{code} is gone: no unit has it now. Trace shows what happened to it.",
        "corrected/code": "{code} was corrected: that unit is {now} now. Use that code.",
        "ambiguous-code": "{count} units have the serial {code}: {owners}. Choose one with {options}.",
        "as-it-is/lowering": "{number} has {count} of {sku} received already: nothing to lower.",
        "changed-meanwhile/unit": "Somebody was at it since you looked: {unit} {where}. Nothing was done.",
        "changed-meanwhile/boxed": "Somebody was at it since you looked: {unit} was scanned into {number} at "
        "{station}. Nothing was done.",
        "changed-meanwhile/hold": "{unit} is on hold for something else since you looked: {why}. No hold was lifted.",
        "changed-meanwhile/lot-hold": "Lot {lot} of {sku} is on hold for something else since you looked: {why}. "
        "It stays so.",
        "changed-meanwhile/lowering": "{number} has {done} of {sku} received now, not {was}. Nothing was lowered.",
        "not-lower": "{number} has {count} of {sku} received, fewer than {to}. To receive more, scan them.",
        "serials-back-it": "{backed_units}, of the {done} {sku} received on {number}: not lower than {backed}. "
        "Unreceive those by their serials, or remove their import.",
        "other-product/correcting": "That is a label of {scanned}, and this unit is a {sku}.",
        "no-such-serial": "There is no {kind} serial on that label. Scan another, or type it.",
        "separators-dropped/spelt": "{label} {spelt}.",
        "unknown-serial/swapping": "No unit of {sku} has the serial {code}. {way}",
        "alike/correcting": "{doubt} If it is not, say so: --another-unit.",
        "unknown-code/filter": "No unit fits. Look again at what you have asked for.",
        "on-hold-already": "{units} are on hold already: {why}.",
        "on-hold-already/one": "{units} is on hold already: {why}.",
        "not-on-hold": "{units} are not on hold: nothing to lift.",
        "not-on-hold/one": "{units} is not on hold: nothing to lift.",
        "own-hold/one": "{units} was put on hold by {operator}: another person releases it.",
        "own-hold/lot": "Lot {lot} of {sku} was put on hold by {operator}: another person releases it.",
        "own-hold/several": "{units} were put on hold by {operator}: another person releases them.",
        "held/hold": "{code} {where}. Complete it there first.",
        "disposed": "{code} {where}.",
        "gone/hold": "{code} is gone: no unit has it now.",
        "unknown-code/by-now": "No such unit is there any more. Look again.",
        "bad-code/unit": "The code {text} {why}.",
        "not-its-code": "{before} is not its code any more: it is {codes} now.",
        "new-code/as-judged": "{new} {why}",
        "bad-code/new": "The new code {new} {why}.",
        "unknown-code/dropped": "The open work that held this unit has dropped it: it is no longer there.",
        "not-on-order/lowering": "{code} is not on {number}. Its lines are: {known}.",
        "reserved/packed": "{unit} was scanned into {number} at {station}. Unpack it first.",
        "reserved/in-work": "{unit} was scanned into {number} at {station}. Undo it there first.",
        "reserved/left": "{unit} was scanned into {number} at {station}, which has left. "
        "Import the serials of {number} first.",
        "not-packed": "{unit} is Received, not Packed: there is nothing to unpack.",
        "already-shipped/unpacking": "{unit} {where}. It has left and cannot be unpacked.",
        "already-disposed/unpacking": "{unit} {where}: there is nothing to unpack.",
        "packed": "{unit} {where}. Unpack it first.",
        "already-shipped/unit": "{unit} {where}. It has left and cannot be {done}.",
        "already-disposed/unit": "{unit} {where}: there is nothing to {do}.",
        "in-transit/unit": "{unit} {where}: it cannot be {done} until it has arrived.",
        "transferred": "{unit} was sent from one warehouse to another since: it did come, and is not taken back.",
        "on-hold/unit": "{unit} {where}. Lift the hold first.",
        "held/unit": "{unit} {where}. Undo or complete it there first.",
        "moved-on/unit": "{unit} {where}: it stays received. If it is no stock any more, dispose of it.",
        "gone/unit": "This unit is gone since {operator} took it back: {so}.",
        "below-nothing": "{to} of {sku} cannot have been received. Give 0 or more.",
        "same-code/already": "{code} is its code already: there is nothing to correct.",
        "same-code/other": "{code} is the {other} serial of this unit: the two must differ.",
        "in-use": "{unit} If that is the wrong one, correct that unit first.",
        "new-code/never-a-serial": "{code} {why}",
        "no-number": "{count} is not a number of units. Nothing was changed.",
        "already-shipped/swapping": "{number} is Shipped: it has left. Unship it first, if it is still here.",
        "ambiguous-code/swapping": "{code} is on {number} in two products. Unpack the one that is meant.",
        "unknown-code/swapping": "No unit of {number} has the serial {code}. Check it.",
        "not-packed/swapping": "{code} is not Packed on {number} but {standing}: nothing to swap out.",
        "same-unit": "{unit} is the unit that comes out. Scan the one that goes in.",
        "other-warehouse/swapping": "{unit} is in {there}, and {number} is packed in {here}.",
        "other-product/swapping": "{code} is a serial of {there}. In the place of a {sku} goes a {sku}.",
        "alike/swapping": "{doubt} If it is not, pack it at a desk, which asks.",
        "secondary-missing": "A {sku} has two serials here: give the secondary of {primary} too.",
        "same-code/twice": "{code} was given twice: the two serials of a unit must differ.",
        "other-unit": "{code} is not of the unit {unit}: that has {has}.",
        "no-secondary": "A {sku} has one serial here: give no secondary.",
        "in-use/secondary": "{code} is another unit's serial already.",
    }
)
_PARTS = Texts(
    {
        "this-one": "{alike} is here: is it that one?",
        "another-unit": "Scan another unit.",
        "codes-stay": "its codes stay as they were",
        "nothing-to": "there is nothing to {do}",
        "of-client": " of client {client}",
        "of-sku": " of {sku}",
    }
)


def as_it_is(count: int, *, on_hold: bool) -> Refused:
    """Filters fit only units that are already what was asked: on hold for a hold, not so for its end."""
    units = counted(count, "unit fits", "units fit")
    return _TEXTS.refused("as-it-is/hold" if on_hold else "as-it-is/held-back", units=units)


def serial_of_others(code: str, owners: Sequence[str]) -> Refused:
    """A code that units of other products or clients have."""
    return _TEXTS.refused("unknown-code/elsewhere", code=shorten(code), owners=joined(owners))


def serial_of_nobody(code: str, client: str | None, sku: str | None) -> Refused:
    """A code that no unit ever had."""
    return _TEXTS.refused(
        "unknown-code/nowhere",
        code=shorten(code),
        of_client=_PARTS("of-client", client=shorten(client)) if client else "",
        of_sku=_PARTS("of-sku", sku=shorten(sku)) if sku else "",
    )


def serial_is_gone(code: str) -> Refused:
    """A code whose unit is gone."""
    return _TEXTS.refused("gone/code", code=shorten(code))


def serial_was_corrected(code: str, now: Sequence[str]) -> Refused:
    """A code in whose place its unit has another."""
    return _TEXTS.refused("corrected/code", code=shorten(code), now=" + ".join(map(shorten, now)))


def several_such_units(code: str, owners: Sequence[str], options: Sequence[str]) -> Refused:
    """A code that several units have: whose they are, and which options tell them apart."""
    return _TEXTS.refused(
        "ambiguous-code",
        count=len(owners),
        code=shorten(code),
        owners=joined(owners),
        options=joined(options, " and "),
    )


def nothing_to_lower(number: str, sku: str, done: int) -> Refused:
    """Lowering a count to what it is."""
    return _TEXTS.refused("as-it-is/lowering", number=number, count=counted(done, "unit"), sku=sku)


def unit_changed(unit: str, where: str) -> Refused:
    """An act on a unit to which something has happened since it was looked at."""
    return _TEXTS.refused("changed-meanwhile/unit", unit=unit, where=where)


def unit_was_boxed(unit: str, boxed: Boxed) -> Refused:
    """Likewise of a unit that was scanned into a box."""
    return _TEXTS.refused(
        "changed-meanwhile/boxed", unit=unit, number=visible(boxed.number), station=visible(boxed.station)
    )


def held_otherwise(unit: str, why: str) -> Reason:
    """Lifting a hold that is another one than was looked at."""
    return _TEXTS.reason("changed-meanwhile/hold", unit=unit, why=shorten(why, 60))


def lot_held_otherwise(lot: str, sku: str, why: str) -> Refused:
    """Likewise the hold of a lot."""
    return _TEXTS.refused("changed-meanwhile/lot-hold", lot=shorten(lot), sku=visible(sku), why=shorten(why, 60))


def counted_otherwise(number: str, sku: str, done: int, was: int | None) -> Refused:
    """Lowering a count that is another one than was looked at."""
    return _TEXTS.refused("changed-meanwhile/lowering", number=visible(number), sku=visible(sku), done=done, was=was)


def not_lower(number: str, sku: str, done: int, to: int) -> Refused:
    """Lowering a count to more than it is."""
    return _TEXTS.refused("not-lower", number=number, count=counted(done, "unit"), sku=sku, to=to)


def serials_back_it(number: str, sku: str, done: int, backed: int) -> Refused:
    """Lowering a count below the units that have serials."""
    return _TEXTS.refused(
        "serials-back-it",
        backed_units=counted(backed, "unit has its serial", "units have their serials"),
        done=done,
        sku=sku,
        number=number,
        backed=backed,
    )


def label_of_other_product(scanned: str, sku: str) -> Refused:
    """The label of another product in place of a unit's new code."""
    return _TEXTS.refused("other-product/correcting", scanned=visible(scanned), sku=visible(sku))


def serial_not_on_label(kind: CodeKind) -> Refused:
    """A label without the serial that is to be corrected."""
    return _TEXTS.refused("no-such-serial", kind=kind.word)


def separator_spelt(label: str, spelt: str) -> Reason:
    """A label whose code holds a separator that the scanner spelt out; what is said of that follows it."""
    return _TEXTS.reason("separators-dropped/spelt", label=shorten(label), spelt=spelt)


def alike_code(reason: str, doubt: str) -> Refused:
    """A new code that another unit's differs from only by marks, under the doubt's reason."""
    return _TEXTS.refused("alike/correcting", reason=reason, doubt=doubt)


def no_unit_fits() -> Refused:
    """Filters that nothing fits."""
    return _TEXTS.refused("unknown-code/filter")


def on_hold_already(*, units: str, is_one: bool, why: str) -> Refused:
    """A hold of what is on hold."""
    return _TEXTS.refused("on-hold-already/one" if is_one else "on-hold-already", units=units, why=why)


def not_on_hold(units: str, *, is_one: bool) -> Refused:
    """Lifting a hold that is none."""
    return _TEXTS.refused("not-on-hold/one" if is_one else "not-on-hold", units=units)


def held_for_hold(code: str, where: str) -> Reason:
    """A hold of a unit that open work is about to create."""
    return _TEXTS.reason("held/hold", code=shorten(code), where=where)


def disposed_for_hold(code: str, where: str) -> Reason:
    """A hold of a unit that is no stock any more."""
    return _TEXTS.reason("disposed", code=shorten(code), where=where)


def gone_for_hold(code: str) -> Reason:
    """A hold of a unit that is gone."""
    return _TEXTS.reason("gone/hold", code=shorten(code))


def no_such_unit_now() -> Reason:
    """Units that were there when they were chosen."""
    return _TEXTS.reason("unknown-code/by-now")


def no_code_of_a_unit(text: str, why: str) -> Refused:
    """A text that cannot be a serial; why follows it."""
    return _TEXTS.refused("bad-code/unit", text=shorten(text), why=why)


def not_its_code(before: str, codes: str) -> Refused:
    """A code that the unit had when it was chosen."""
    return _TEXTS.refused("not-its-code", before=shorten(before), codes=codes)


def no_new_code(reason: str, new: str, why: str) -> Refused:
    """A text that cannot be a serial, under the reason that a desk has for it."""
    return _TEXTS.refused("new-code/as-judged", reason=reason, new=shorten(new), why=why)


def new_code_is_none(new: str, why: str) -> Refused:
    """A new code that cannot be a serial; why follows it."""
    return _TEXTS.refused("bad-code/new", new=shorten(new), why=why)


def dropped_meanwhile() -> Refused:
    """A unit that open work has dropped since it was chosen."""
    return _TEXTS.refused("unknown-code/dropped")


def not_a_line(*, code: str, number: str, known: str) -> Refused:
    """Lowering a product that the order has not."""
    return _TEXTS.refused("not-on-order/lowering", code=shorten(code), number=visible(number), known=known)


def own_hold(units: str, operator: str, *, is_one: bool) -> Refused:
    """Where a site wants two persons for it (`rules.two_persons`)."""
    return _TEXTS.refused("own-hold/one" if is_one else "own-hold/several", units=units, operator=visible(operator))


def own_lot_hold(lot: str, sku: str, operator: str) -> Refused:
    """The same of a lot."""
    return _TEXTS.refused("own-hold/lot", lot=shorten(lot), sku=visible(sku), operator=visible(operator))


def in_a_box(unit: str, boxed: Boxed) -> Refused:
    """A Received unit that was scanned into the box of an order, and waits there for its import."""
    name = "reserved/left" if boxed.has_left else "reserved/in-work" if boxed.in_work else "reserved/packed"
    return _TEXTS.refused(name, unit=unit, number=visible(boxed.number), station=visible(boxed.station))


def not_packed(unit: str) -> Refused:
    """Unpacking a unit that is Received."""
    return _TEXTS.refused("not-packed", unit=unit)


def unpacked_too_late(unit: str, where: str) -> Refused:
    """Unpacking a unit that has left."""
    return _TEXTS.refused("already-shipped/unpacking", unit=unit, where=where)


def disposed_not_packed(unit: str, where: str) -> Refused:
    """Unpacking a unit that is no stock any more."""
    return _TEXTS.refused("already-disposed/unpacking", unit=unit, where=where)


def unpack_first(unit: str, where: str) -> Refused:
    """An act on a unit that is packed."""
    return _TEXTS.refused("packed", unit=unit, where=where)


def unit_has_left(*, unit: str, where: str, done: str) -> Refused:
    """An act on a unit that has left."""
    return _TEXTS.refused("already-shipped/unit", unit=unit, where=where, done=phrase(done))


def transferred_since(*, unit: str) -> Refused:
    """What was transferred since it was received has moved on."""
    return _TEXTS.refused("transferred", unit=unit)


def unit_in_transit(*, unit: str, where: str, done: str) -> Refused:
    """It is between two warehouses."""
    return _TEXTS.refused("in-transit/unit", unit=unit, where=where, done=phrase(done))


def unit_is_disposed(*, unit: str, where: str, do: str) -> Refused:
    """An act on a unit that is no stock any more."""
    return _TEXTS.refused("already-disposed/unit", unit=unit, where=where, do=phrase(do))


def lift_first(unit: str, where: str) -> Refused:
    """An act on a unit that is on hold."""
    return _TEXTS.refused("on-hold/unit", unit=unit, where=where)


def in_open_work(unit: str, where: str) -> Refused:
    """An act on a unit that open work holds."""
    return _TEXTS.refused("held/unit", unit=unit, where=where)


def codes_stay() -> str:
    """What follows for a correction."""
    return _PARTS("codes-stay")


def nothing_left_to(do: str) -> str:
    """What follows for another act; `do` says which."""
    return _PARTS("nothing-to", do=phrase(do))


def gone_meanwhile(operator: str, so: str) -> Refused:
    """An act on a unit that is gone; what follows from it."""
    return _TEXTS.refused("gone/unit", operator=visible(operator), so=so)


def below_nothing(to: int, sku: str) -> Refused:
    """Lowering to less than nothing."""
    return _TEXTS.refused("below-nothing", to=to, sku=sku)


def its_code_already(code: str) -> Refused:
    """Correcting a code to itself."""
    return _TEXTS.refused("same-code/already", code=code)


def its_other_code(code: str, other: str) -> Refused:
    """Correcting a code to the unit's other one."""
    return _TEXTS.refused("same-code/other", code=code, other=other)


def in_use(unit: str) -> Refused:
    """A new code that another unit has, and where that is."""
    return _TEXTS.refused("in-use", unit=unit)


def never_its_code(reason: str, code: str, why: str) -> Refused:
    """A new code that can be no serial of the product, under the reason that a desk has for it."""
    return _TEXTS.refused("new-code/never-a-serial", reason=reason, code=code, why=why)


def no_number_of_units(count: str) -> Refused:
    """Something else where a count was asked."""
    return _TEXTS.refused("no-number", count=visible(count))


def no_such_unit_to_swap(code: str, sku: str, alike: str) -> Refused:
    """A code that no unit of the product has, where only known units go in; one that is here and much like it."""
    way = _PARTS("this-one", alike=shorten(alike)) if alike else _PARTS("another-unit")
    return _TEXTS.refused("unknown-serial/swapping", sku=sku, code=code, way=way)


def swapped_too_late(number: str) -> Refused:
    """Swapping on an order that has left."""
    return _TEXTS.refused("already-shipped/swapping", number=number)


def which_to_swap(code: str, number: str) -> Refused:
    """A code that two units of an order have."""
    return _TEXTS.refused("ambiguous-code/swapping", code=shorten(code), number=number)


def not_of_the_order(number: str, code: str) -> Refused:
    """A code that no unit of the order has."""
    return _TEXTS.refused("unknown-code/swapping", number=number, code=shorten(code))


def nothing_to_swap(*, code: str, number: str, standing: str) -> Refused:
    """A unit that is not packed on the order."""
    return _TEXTS.refused("not-packed/swapping", code=shorten(code), number=number, standing=standing)


def same_unit(unit: str) -> Refused:
    """The unit that comes out, in its own place."""
    return _TEXTS.refused("same-unit", unit=unit)


def swapped_from_elsewhere(*, unit: str, there: str, number: str, here: str) -> Refused:
    """A unit of another warehouse."""
    return _TEXTS.refused("other-warehouse/swapping", unit=unit, there=there, number=visible(number), here=here)


def another_product_goes_in(*, code: str, there: str, sku: str) -> Refused:
    """A unit of another product."""
    return _TEXTS.refused("other-product/swapping", code=code, there=there, sku=sku)


def alike_to_swap(reason: str, doubt: str) -> Refused:
    """A new code that another unit's differs from only by marks, under the doubt's reason."""
    return _TEXTS.refused("alike/swapping", reason=reason, doubt=doubt)


def secondary_missing(sku: str, primary: str) -> Refused:
    """One code of a unit that gets two."""
    return _TEXTS.refused("secondary-missing", sku=visible(sku), primary=shorten(primary))


def same_code_twice(code: str) -> Refused:
    """One code as both serials of a unit."""
    return _TEXTS.refused("same-code/twice", code=shorten(code))


def code_of_other_unit(*, code: str, unit: str, has: str) -> Refused:
    """A secondary that is not of the primary's unit."""
    return _TEXTS.refused("other-unit", code=shorten(code), unit=unit, has=shorten(has))


def no_secondary(sku: str) -> Refused:
    """A secondary of a product that has none."""
    return _TEXTS.refused("no-secondary", sku=visible(sku))


def secondary_in_use(code: str) -> Refused:
    """A secondary that another unit has."""
    return _TEXTS.refused("in-use/secondary", code=shorten(code))


def came_back_and_stays(*, primary: str, where: str) -> Reason:
    """Unreceiving a unit that has left since and come back."""
    return _TEXTS.reason("moved-on/unit", unit=primary, where=where)
