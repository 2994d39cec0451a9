"""Returns: opened, taken, doubted, refused, completed."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.language import english, word
from scanstation.domain.outcome import Reason
from scanstation.domain.plurals import counted
from scanstation.domain.returns import Doubt, Unlisted
from scanstation.domain.sentences.serials import house_mark
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import CodeKind, Prompt, Tone, Verdict

_TEXTS = Texts(
    {
        "return-open": "Return {number} is open, into {warehouse}. Scan what came back.",
        "return-resumed": "Return {number} goes on, {units} in hand.{owed}",
        "return-already-open": "Return {number} is open already. Scan what came back.",
        "no-warehouse/station": "It is not known which warehouse this station stands in. "
        "Write it into config.toml: [station] warehouse.",
        "no-return": "No return is open. Scan its RMA number, or the first unit that came back.",
        "new-return": "{code} is no return here and no serial. Is it the number of a new return?",
        "return-of-several": "{code} is a return of {clients}. Scan the serial of a unit in place of it.",
        "next-return": "{number} has {units} in hand. Complete it and go on with {next_number}?",
        "return-next": "Return {number} complete, {units}. {after}",
        "return-elsewhere": "{operator} has return {number} open at {station} since {since}, {units}. Take it over?",
        "return-closed": "Return {number} is closed already. Take what came all the same, on hold?",
        "came-back": "{code} → {sku}, back from {order}.{hold} {units} in hand.",
        "came-back/hold": "{code} → {sku}, back from {order}. It was on hold since {at}, by {operator}: {why}.",
        "came-back/not-listed": "{code} → {sku}, back from {order}, is not on the list of {number}. It goes on hold. "
        "{units} in hand.",
        "came-back/other-order": "{code} → {sku}, back from {order}, and {number} expects it from {expected}. "
        "It goes on hold. {units} in hand.",
        "came-back/other-client": "{code} → {sku}, back from {order}, and {number} is a return of {expected}. "
        "It goes on hold. {units} in hand.",
        "came-back/too-many": "{code} → {sku}, back from {order}: {number} expects {expected} of it, and has them. "
        "It goes on hold. {units} in hand.",
        "came-back/elsewhere": "{code} → {sku}, back from {order}, is expected on {expected}, not on {number}. "
        "It goes on hold. {units} in hand.",
        "came-back/other": "{code} → {sku}, back from {order}. Now its {kind} serial, or No: part missing.",
        "other-back": "{code} came back too, with {first}.{hold} {units} in hand.",
        "other-back/doubt": "{code} came back too, with {first}. On hold: {doubt}. {units} in hand.",
        "part-missing": "{first} of {sku} is taken without {missing}, on hold: part missing.",
        "no-part-asked": "Nothing is asked that No would answer. Scan {which}.",
        "wrong-part": "{code} is not the {kind} serial of {first}. Scan that, or No if the part did not come back.",
        "whose-serial": "{code} is not known. Scan the product of the unit: it is taken as an unknown return, on hold.",
        "unknown-return": "{code} → {sku} was never known to leave: an unknown return, on hold. {units} in hand.",
        "which-unit": "Scan the serial of the {sku} that came back.",
        "product-owed": "{code} is no product here. Scan the product of {first}, or cancel that unit.",
        "product-owed/first": "Whose is {first}? Scan its product first, or cancel that unit.",
        "return-untracked": "{sku} has no serials, and {first} is one. Cancel it, and scan {sku} by itself.",
        "goods-back": "{count} × {sku} taken, {units} in hand.",
        "goods-back/not-listed": "{count} × {sku} taken: not on the list of {number}. Put it aside. {units} in hand.",
        "goods-back/other-client": "{count} × {sku} taken, and {number} is a return of {expected}. Put it aside. "
        "{units} in hand.",
        "goods-back/too-many": "{count} × {sku} taken: more than the {expected} that {number} expects. Put what is too "
        "much aside. {units} in hand.",
        "one-by-one": "{sku} has serials: scan those of the {count} units one by one, without a quantity.",
        "no-quantity-here": "All that is left is not known of a return: say how many, or scan them one by one.",
        "product-of-several": "{code} is a product of {clients}. Scan the serial of the unit, or the RMA number first.",
        "serial-of-several": "{code} is a serial of {skus}. Scan the product of the unit first, then the serial.",
        "return-packed": "{code} {where}: by the books it has not left. Have it unpacked; if its order came back "
        "whole, ship that and unship it.",
        "not-away": "{code} of {sku} {where}: was another unit shipped?",
        "not-away/lost": "{code} of {sku} {where}. That unit? Then No, and F3. Was another one shipped?",
        "under-house-serial": "{code} of {sku}: this unit is {house} from now on, an unknown return on hold. "
        "{mark}.{also}",
        "no-serial-back": "{mark}: {sku}, an unknown return, on hold. {units} in hand.",
        "no-serial-due/other": "{first} is known by that serial. If the {kind} one cannot be read, say No: "
        "it goes on hold.",
        "no-serial-here": "{code} {what}, no serial that came back. Scan the serial on the unit.",
        "unknown-return-number": "No return here has the number {number}. `returns list` shows those that there are.",
        "several-returns": "{number} is a return of {clients}. Choose one with --client.",
        "return-closed-already": "Return {number} is closed already.",
        "return-in-work": "{operator} has return {number} open at {station}. Complete it there first.",
        "nothing-taken": "There is nothing of this return left to take back.",
        "in-hand": "{code} {where}. Complete that first.",
        "in-return": "{code} is on {operator}'s open return {number} at {station}. Put it there, or complete that.",
        "in-return/own": "{code} is on this return already. Scan another unit.",
        "alike-return": "{code} is not known, but {known} of {sku} went out. Is it {known}?",
        "corrected-return": "{code} is {known} now. Take that?",
        "nothing-back": "Nothing has come back yet. Scan the first unit.",
        "return-complete": "Return {number} complete: {units}, {on_hold} on hold.{missing} "
        "Scan the next return, or a unit.",
        "no-longer-shipped": "{codes} {stand} not Shipped any more: somebody took the shipment back. "
        "Take it out with Undo, then complete.",
        "return-taken-over": "{operator} took return {number} over at {station}. "
        "Put its {units} there. Scan another return to go on.",
        "return-owes": "Home. Return {number} still lacks something of a unit: Returns goes on with it.",
        "return-undone": "{what} is taken back. {now}",
        "return-cancelled": "{what} is dropped. Scan what came back.",
        "no-longer-shipped/receipt": "{codes} {stand} not Shipped any more. Take it out with Undo, then complete.",
        "nothing-owed": "No unit waits for anything. Undo takes back the last scan.",
        "other-products-serial": "{code} is a serial of {other}, not of {sku}. Scan the right one, or cancel the unit.",
    }
)
_PARTS = Texts(
    {
        "unknown-serial": "an unknown serial",
        "work-beside": "work beside it",
        "another-unit": "another unit",
        "on-hold": " It goes on hold.",
        "on-hold-back": "{taken} It was put on hold by {operator}, {at}: {why}.",
        "range-back": "{code} was shipped: what comes back is scanned one by one",
        "back-from": ", back from {order}",
        "back-from-on-hold": ", back from {order}, goes on hold",
        "owes-product": " Scan the product of {first}.",
        "owes-serial": " Scan {which} serial of {sku}.",
        "scan-on": "Scan what came back.",
        "no-order": "no order",
        "came-back-twice": "another unit with this serial came back, {number}",
        "came-back-once": "no other unit with this serial came back, {number}: taken back",
        "released": "{code} is not on hold any more. {now}",
        "label-says": "its label says {code}",
        "stock-on-hold": " The one in stock is on hold too.",
        "still-expected": " Still expected: {missing}.",
        "open-return": "on {operator}'s open return at {station}",
        "open-receipt": "on {operator}'s open receipt {number} at {station}",
    }
)


def _units(count: int) -> str:
    return counted(count, "unit")


# Opening and leaving


def return_open(number: str, warehouse: str, code: str = "") -> Verdict:
    """A return is on the desk."""
    return _TEXTS.shown("return-open", code, number=number, warehouse=warehouse)


def return_resumed(number: str, count: int, owes: str) -> Verdict:
    """Work that this station left open; `owes` is what `return_owed` says of it."""
    return _TEXTS.shown("return-resumed", number, number=number, units=_units(count), owed=owes)


def return_owed(first: str, prompt: Prompt | None) -> str:
    """What the unit in hand still lacks, as the end of a sentence."""
    if prompt is None:
        return _PARTS("owes-product", first=shorten(first)) if first else ""
    return _PARTS("owes-serial", which=prompt.which, sku=prompt.sku)


def return_already_open(number: str) -> Verdict:
    """The number of the return on the desk."""
    return _TEXTS.shown("return-already-open", number, number=number)


def where_is_this_station() -> Verdict:
    """There are several, and none is named."""
    return _TEXTS.stop("no-warehouse/station")


def no_return(code: str) -> Verdict:
    """A command that needs one."""
    return _TEXTS.check("no-return", code)


def new_return(code: str) -> Verdict:
    """Nothing known: a number of the customer's, or a serial that nobody knows."""
    return _TEXTS.ask("new-return", code, no=_PARTS("unknown-serial"))


def return_of_several(code: str, clients: Sequence[str]) -> Verdict:
    """Several clients use this number."""
    return _TEXTS.stop("return-of-several", code, clients=listed(clients))


def next_return(number: str, count: int, next_number: str) -> Verdict:
    """Another return's number while one has units in hand."""
    return _TEXTS.ask("next-return", number=number, units=_units(count), next_number=next_number)


def return_and_next(number: str, count: int, after: Verdict) -> Verdict:
    """One was completed and another is on the desk."""
    return _TEXTS.ok("return-next", number, number=number, units=_units(count), after=after.text)


def take_over_return(number: str, station: str, operator: str, since: str, count: int) -> Verdict:
    """Another station left it open; a no begins work of one's own beside that."""
    return _TEXTS.ask(
        "return-elsewhere",
        number,
        no=_PARTS("work-beside"),
        number=number,
        station=station,
        operator=operator,
        since=since,
        units=_units(count),
    )


def return_closed(number: str) -> Verdict:
    """Nothing more is expected of it."""
    return _TEXTS.ask("return-closed", number, number=number)


def return_taken_over(number: str, station: str, operator: str, count: int) -> Verdict:
    """Another station goes on with it."""
    return _TEXTS.stop(
        "return-taken-over", number, number=number, station=station, operator=operator, units=_units(count)
    )


def home_with_return(code: str, number: str) -> Verdict:
    """Home was asked for while something is owed."""
    return _TEXTS.shown("return-owes", code, number=number)


# On purchase orders that bring units back


def back_from(order: str, *, on_hold: bool) -> str:
    """How the answer to a serial goes on whose unit had left on an order."""
    return _PARTS("back-from-on-hold" if on_hold else "back-from", order=_order(order))


def back_on_hold(taken: Verdict, at: str, operator: str, reason: str) -> Verdict:
    """It was taken, and somebody had put it on hold while it was away."""
    text = _PARTS("on-hold-back", taken=taken.text, at=at, operator=operator, why=shorten(reason, 60))
    return replace(taken, tone=Tone.CHECK, text=text, reason="came-back", booked=True)


def range_comes_back(code: str) -> str:
    """Why a range does not take a code."""
    return _PARTS("range-back", code=shorten(code))


def no_longer_back(codes: Sequence[str]) -> Verdict:
    """Units in hand that a receipt cannot bring back any more."""
    stand = word("is") if len(codes) == 1 else word("are")
    return _TEXTS.stop("no-longer-shipped/receipt", codes=listed(codes, 3), stand=stand)


# Taking


def unit_back(code: str, sku: str, order: str, count: int, *, on_hold: bool) -> Verdict:
    """A unit that had left is here again."""
    hold = _PARTS("on-hold") if on_hold else ""
    return _TEXTS.ok("came-back", code, sku=sku, order=_order(order), hold=hold, units=_units(count))


def unit_back_on_hold(code: str, sku: str, order: str, at: str, operator: str, reason: str) -> Verdict:
    """The same, and somebody had put it on hold while it was away."""
    return _TEXTS.check(
        "came-back/hold", code, sku=sku, order=_order(order), at=at, operator=operator, why=shorten(reason, 60)
    )


def unit_back_with_other(code: str, sku: str, order: str, kind: CodeKind) -> Verdict:
    """The same, of a unit with two codes."""
    return _TEXTS.ok("came-back/other", code, sku=sku, order=_order(order), kind=kind.word)


def unit_not_expected(code: str, sku: str, order: str, number: str, doubt: Doubt, count: int) -> Verdict:
    """A unit that had left is here again, and no list expects it so."""
    left_on, units, expected = _order(order), _units(count), shorten(doubt.expected)
    match doubt.why:
        case Unlisted.NOT_LISTED:
            return _TEXTS.check("came-back/not-listed", code, sku=sku, order=left_on, number=number, units=units)
        case Unlisted.OTHER_ORDER:
            return _TEXTS.check(
                "came-back/other-order", code, sku=sku, order=left_on, number=number, expected=expected, units=units
            )
        case Unlisted.OTHER_CLIENT:
            return _TEXTS.check(
                "came-back/other-client", code, sku=sku, order=left_on, number=number, expected=expected, units=units
            )
        case Unlisted.TOO_MANY:
            return _TEXTS.check(
                "came-back/too-many", code, sku=sku, order=left_on, number=number, expected=expected, units=units
            )
        case Unlisted.ELSEWHERE:
            return _TEXTS.check(
                "came-back/elsewhere", code, sku=sku, order=left_on, number=number, expected=expected, units=units
            )


def goods_not_expected(code: str, sku: str, taken: int, number: str, doubt: Doubt, count: int) -> Verdict:
    """The same of goods without serials, which no hold can mark."""
    units, expected = _units(count), shorten(doubt.expected)
    if doubt.why is Unlisted.TOO_MANY:
        return _TEXTS.check(
            "goods-back/too-many", code, sku=sku, count=taken, number=number, expected=expected, units=units
        )
    if doubt.why is Unlisted.OTHER_CLIENT:
        return _TEXTS.check(
            "goods-back/other-client", code, sku=sku, count=taken, number=number, expected=expected, units=units
        )
    return _TEXTS.check("goods-back/not-listed", code, sku=sku, count=taken, number=number, units=units)


def other_back_doubted(code: str, first: str, doubt: str, count: int) -> Verdict:
    """The other code of a unit that is not expected so."""
    return _TEXTS.check("other-back/doubt", code, first=shorten(first), doubt=doubt, units=_units(count))


def other_back(code: str, first: str, count: int, *, on_hold: bool) -> Verdict:
    """The other code is its."""
    hold = _PARTS("on-hold") if on_hold else ""
    return _TEXTS.ok("other-back", code, first=shorten(first), hold=hold, units=_units(count))


def part_missing(first: str, sku: str, missing: str) -> Verdict:
    """One of the two did not come back."""
    return _TEXTS.check("part-missing", first=shorten(first), sku=sku, missing=shorten(missing))


def no_part_asked(code: str, which: str) -> Verdict:
    """SS-NO where a first code is owed."""
    return _TEXTS.stop("no-part-asked", code, which=which)


def wrong_part(code: str, kind: CodeKind, first: str) -> Verdict:
    """A code that is not the unit's other one."""
    return _TEXTS.stop("wrong-part", code, kind=kind.word, first=shorten(first))


def whose_serial(code: str) -> Verdict:
    """Nobody knows the code: a product has to be named."""
    return _TEXTS.check("whose-serial", code)


def unknown_return(code: str, sku: str, count: int) -> Verdict:
    """Taken, although it was never known to leave."""
    return _TEXTS.check("unknown-return", code, sku=sku, units=_units(count))


def which_unit(code: str, sku: str) -> Verdict:
    """A product whose units have serials."""
    return _TEXTS.shown("which-unit", code, sku=sku)


def product_owed(code: str, first: str) -> Verdict:
    """No product, where the product of an unknown serial is asked."""
    return _TEXTS.stop("product-owed", code, first=shorten(first))


def product_owed_first(code: str, first: str) -> Verdict:
    """A command that has to wait for it."""
    return _TEXTS.stop("product-owed/first", code, first=shorten(first))


def return_untracked(code: str, sku: str, first: str) -> Verdict:
    """A product without serials, where that of a serial is asked."""
    return _TEXTS.stop("return-untracked", code, sku=sku, first=shorten(first))


def goods_back(code: str, sku: str, taken: int, count: int) -> Verdict:
    """Goods without serials."""
    return _TEXTS.ok("goods-back", code, sku=sku, count=taken, units=_units(count))


def one_by_one(code: str, sku: str, count: int) -> Verdict:
    """A quantity or a pack of units that have serials."""
    return _TEXTS.stop("one-by-one", code, sku=sku, count=count)


def no_quantity_here() -> Verdict:
    """SS-QTY-ALL."""
    return _TEXTS.stop("no-quantity-here")


# Refusing and asking


def returned_product_of_several(code: str, clients: Sequence[str]) -> Verdict:
    """Several clients have a product with this code."""
    return _TEXTS.stop("product-of-several", code, clients=listed(clients))


def returned_serial_of_several(code: str, skus: Sequence[str]) -> Verdict:
    """Units of several products have this serial."""
    return _TEXTS.stop("serial-of-several", code, skus=listed(skus))


def return_packed(code: str, where: str) -> Verdict:
    """It stands in the house, packed."""
    return _TEXTS.stop("return-packed", code, where=where)


def not_away(code: str, sku: str, where: str, *, is_lost: bool = False) -> Verdict:
    """It is in stock, or is no stock any more: what came back must be another; or it is one that was lost."""
    return _TEXTS.ask("not-away/lost" if is_lost else "not-away", code, sku=sku, where=where)


def under_house_serial(code: str, sku: str, house: str, *, put_on_hold: bool, is_printed: bool) -> Verdict:
    """A unit whose own serial another has."""
    also = _PARTS("stock-on-hold") if put_on_hold else ""
    mark = house_mark(house, is_printed=is_printed)
    return replace(_TEXTS.check("under-house-serial", code, sku=sku, house=house, mark=mark, also=also), house=house)


def came_back_twice(number: str) -> str:
    """Why the unit in stock is on hold; kept, and so in English."""
    return english(_PARTS("came-back-twice", number=number))


def came_back_once(number: str) -> str:
    """Why the unit in stock is not on hold any more; likewise kept."""
    return english(_PARTS("came-back-once", number=number))


def its_label_says(code: str) -> str:
    """What is to be looked at on the unit; likewise."""
    return english(_PARTS("label-says", code=shorten(code)))


def no_serial_back(house: str, sku: str, count: int, *, is_printed: bool) -> Verdict:
    """A unit whose serial nobody can read: it may be any of those that left."""
    mark = house_mark(house, is_printed=is_printed)
    return replace(_TEXTS.check("no-serial-back", mark=mark, sku=sku, units=_units(count)), house=house)


def other_not_due(code: str, first: str, kind: CodeKind) -> Verdict:
    """SS-NOSERIAL where the second code of a unit is owed."""
    return _TEXTS.stop("no-serial-due/other", code, first=shorten(first), kind=kind.word)


def no_serial_here(code: str, what: str) -> Verdict:
    """Something that can be no serial; `what` follows the code."""
    return _TEXTS.stop("no-serial-here", code, what=what)


def in_hand(code: str, where: str) -> Verdict:
    """Open work has it."""
    return _TEXTS.stop("in-hand", code, where=where)


def in_return(code: str, number: str, station: str, operator: str) -> Verdict:
    """Another station's open return has it."""
    return _TEXTS.stop("in-return", code, number=number, station=station, operator=operator)


def in_this_return(code: str) -> Verdict:
    """The same unit again."""
    return _TEXTS.stop("in-return/own", code)


def alike_return(code: str, known: str, sku: str) -> Verdict:
    """One Shipped unit's code differs only by its marks."""
    return _TEXTS.ask("alike-return", code, whole=(known,), known=shorten(known), sku=sku, no=_PARTS("another-unit"))


def corrected_return(code: str, known: str) -> Verdict:
    """A correction replaced the code."""
    return _TEXTS.ask("corrected-return", code, whole=(known,), known=shorten(known))


def other_products_serial(code: str, other: str, sku: str) -> Verdict:
    """A unit of another product, where one of this product is asked."""
    return _TEXTS.stop("other-products-serial", code, other=other, sku=sku)


# Completing, taking back


def nothing_back() -> Verdict:
    """Nothing to complete."""
    return _TEXTS.check("nothing-back")


def return_complete(number: str, count: int, on_hold: int, missing: Sequence[str] = ()) -> Verdict:
    """All of it is booked; `missing` is what its list still expects."""
    told = _PARTS("still-expected", missing=listed(missing, 3)) if missing else ""
    return _TEXTS.ok("return-complete", number=number, units=_units(count), on_hold=on_hold, missing=told)


def no_longer_shipped(codes: Sequence[str]) -> Verdict:
    """Units of the return have moved meanwhile."""
    return _TEXTS.stop(
        "no-longer-shipped", codes=listed(codes, 3), stand=word("is") if len(codes) == 1 else word("are")
    )


def nothing_taken() -> Verdict:
    """Undo with nothing left."""
    return _TEXTS.check("nothing-taken")


def return_undone(what: str, released: str, first: str, prompt: Prompt | None) -> Verdict:
    """The last scan was taken back, and with it the hold of a unit in stock, if it had put one on."""
    now = return_owed(first, prompt).strip() or _PARTS("scan-on")
    if released:
        now = _PARTS("released", code=shorten(released), now=now)
    return _TEXTS.shown("return-undone", what=what, now=now)


def return_cancelled(what: str) -> Verdict:
    """The unit that lacked something was dropped."""
    return _TEXTS.shown("return-cancelled", what=what)


def nothing_owed() -> Verdict:
    """Nothing to cancel."""
    return _TEXTS.check("nothing-owed")


# By command


def unknown_return_number(number: str) -> Reason:
    """Nothing has this number."""
    return _TEXTS.reason("unknown-return-number", number=shorten(number))


def several_returns(number: str, clients: Sequence[str]) -> Reason:
    """Several clients use the number."""
    return _TEXTS.reason("several-returns", number=shorten(number), clients=listed(clients))


def return_closed_already(number: str) -> Reason:
    """It was closed before."""
    return _TEXTS.reason("return-closed-already", number=shorten(number))


def return_in_work(number: str, station: str, operator: str) -> Reason:
    """A station has it open."""
    return _TEXTS.reason("return-in-work", number=shorten(number), station=visible(station), operator=visible(operator))


def on_open_return(station: str, operator: str) -> str:
    """What a shipped unit is since, where another desk has it in hand."""
    return _PARTS("open-return", station=visible(station), operator=visible(operator))


def on_open_receipt(number: str, station: str, operator: str) -> str:
    """Where a unit is that comes back on a purchase order."""
    return _PARTS("open-receipt", number=visible(number), station=visible(station), operator=visible(operator))


def _order(number: str) -> str:
    return number or _PARTS("no-order")
