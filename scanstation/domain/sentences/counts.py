"""Counts: why something is not counted, a count does not end, or what is missing is not written off."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Verdict

_MOST_NAMED = 3

_TEXTS = Texts(
    {
        "no-count": "There is no count {number}. `counts list` shows them.",
        "count-closed": "{number} is closed. Begin another count.",
        "count-open": "{number} is not closed yet: nobody knows what it lacks.",
        "nothing-missing": "{number} lacks nothing that is still where it was. There is nothing to look for again.",
        "second-of-second": "{number} is a second round itself. Begin another over {first}.",
        "another-person": "{operator} was at the first round, {first}. The second is another person's.",
        "unknown-code/count": "No unit{of} has the serial {code}, and it is no product. Check it; "
        "if the goods are there, count it with --unknown.",
        "is-product/count": "{code} is the product {sku}, no serial. Name the serials of its units, or --quantity N.",
        "not-of-this-count": "{sku} of {client} is not counted on {number}.",
        "by-quantity": "{code} is of {sku}, which is counted by quantity. Count its goods, not their serials.",
        "by-serial": "{sku} is counted by serial: scan those of its units.",
        "only-units": "{number} is a second round: it looks for units, by their serials.",
        "bad-serial/count": "{code} {why}.",
        "counted-already": "{code} was counted already, at {station} by {operator}, {at}.",
        "nothing-counted": "{station} has counted nothing on {number} that could be taken back.",
        "no-second-round": "{number} needs a second round over what it lacks, by another person, before anything is "
        "written off: counts new --again {number}.",
        "partial-count": "{number} was a partial count: nothing is missing of it.",
        "not-missing": "{code} is not missing on {number}.",
        "nothing-to-write-off": "{number} has nothing left to write off.",
        "moved-since-count": "{code} {where}, and stays.",
        "counted-it": "{operator} has counted on {number}: another person writes off what it lacks.",
        "seen-since-count": "{code} was scanned on {number} at {station}, by {operator}: it is there, and stays.",
        "not-written-off": "{code} was neither written off by a count, nor disposed of as lost, "
        "nor lost on a transfer.",
        "count-open/desk": "{number} is open: {what}, {pieces} counted. Scan what stands there.",
        "count-begun": "{number} is begun: {what}. Scan what stands there.",
        "count-begun/again": "{number} is begun: a second round over what {first} lacks, {units}. "
        "Scan those that are there.",
        "new-count": "Begin a count of {what}?",
        "second-round": "{number} is closed and lacks {units} that nobody has looked for again. Begin a second round?",
        "no-count-open": "No count is open. Scan its number, or the name of what is to be counted: a warehouse, "
        "a client, a product.",
        "count-elsewhere": "{number} counts in {warehouse}, and this station stands in {here}.",
        "count-elsewhere/new": "{code} is another warehouse: this station stands in {here}.",
        "unit-counted": "{code} → {sku} is counted, {count} here.",
        "unknown-counted": "{code} is counted as a serial that no unit has, {count} here.",
        "goods-counted": "{count} × {sku} are counted, {total} here.",
        "counted-already/desk": "{code} is counted already, at {station} by {operator}, {at}.",
        "no-unit-has-it": "No unit has the serial {code}. Is it the serial of a unit that is there?",
        "alike-counted": "No unit has {code}, but {known} of {sku} is much like it. Is it {known}?",
        "corrected-counted": "{code} is {known} now. Is it that unit?",
        "which-counted": "{code} is a serial of several products. Of which is the unit?",
        "which-counted/product": "{code} is a product of several clients. Whose is it?",
        "no-serial-here/count": "{code} {what}, no serial of a unit. Scan the serial on the unit.",
        "no-serial-due/count": "What has no readable serial is not counted. Put it aside, and say so to a supervisor.",
        "no-quantity-here/count": "How many there are is what the count is to tell: say it, or scan them one by one.",
        "nothing-owed/count": "Nothing of the count waits for an answer. Undo takes back the last scan.",
        "count-undone": "{what} is taken back: it is not counted.",
        "nothing-counted/desk": "Nothing that this station has counted on {number} is left to take back.",
        "end-count": "{number}: {pieces} counted{others}. End it for every station?",
        "count-ended": "{number} is closed: {sums}.{notes}",
        "count-ended/lacks": "{number} is closed: {sums}. Missing: {missing}.{notes} "
        "Another person scans {number} to look again.",
        "count-ended/again": "{number} is closed: {sums}. Missing: {missing}.{notes}",
        "count-closed/told": "{number} was closed elsewhere: nothing more is counted on it.",
    }
)
_PARTS = Texts(
    {
        "another-unit": "another unit",
        "staged": "staged on {order}",
        "shipped": "shipped on {order}",
        "counts-too": ", {stations} too",
        "fact": "{sku} {code}",
        "note": " {note}",
    }
)


# At a station


def count_on_desk(number: str, what: str, pieces: int) -> Verdict:
    """A count is on the desk; what is expected is not told."""
    return _TEXTS.shown("count-open/desk", number, number=number, what=what, pieces=counted_units(pieces))


def count_begun(number: str, what: str) -> Verdict:
    """A new one, begun at a station."""
    return _TEXTS.shown("count-begun", number, number=number, what=what)


def second_round_begun(number: str, first: str, lacks: int) -> Verdict:
    """A second round over what one lacked."""
    units = counted(lacks, "unit", grouped=True)
    return _TEXTS.shown("count-begun/again", number, number=number, first=first, units=units)


def new_count(code: str, what: str) -> Verdict:
    """The name of a warehouse, a client or a product, with nothing open."""
    return _TEXTS.ask("new-count", code, what=what)


def second_round(number: str, lacks: int) -> Verdict:
    """The number of a count that is closed and lacks something."""
    return _TEXTS.ask("second-round", number, number=number, units=counted(lacks, "unit", grouped=True))


def no_count_open(code: str) -> Verdict:
    """Something else, with nothing open."""
    return _TEXTS.stop("no-count-open", code)


def count_elsewhere(code: str, number: str, warehouse: str, here: str) -> Verdict:
    """A count of another building."""
    return _TEXTS.stop("count-elsewhere", code, number=number, warehouse=visible(warehouse), here=visible(here))


def another_warehouse(code: str, here: str) -> Verdict:
    """The name of another building."""
    return _TEXTS.stop("count-elsewhere/new", code, here=visible(here))


def unit_counted(code: str, sku: str, here: int) -> Verdict:
    """A unit is there; whether it should be is not told."""
    verdict = _TEXTS.ok("unit-counted", code, sku=sku, count=here)
    return replace(verdict, fact=_PARTS("fact", sku=sku, code=shorten(code)))


def unknown_counted(code: str, here: int) -> Verdict:
    """A serial that no unit has is there."""
    return _TEXTS.ok("unknown-counted", code, count=here)


def goods_counted(code: str, sku: str, count: int, here: int) -> Verdict:
    """So many of goods that go by quantity."""
    return _TEXTS.ok("goods-counted", code, sku=sku, count=count, total=here)


def counted_before(code: str, station: str, operator: str, at: str) -> Verdict:
    """The same again: it counts once, and nothing is wrong."""
    station, operator = visible(station), visible(operator)
    return _TEXTS.shown("counted-already/desk", code, station=station, operator=operator, at=at)


def no_unit_has_it(code: str) -> Verdict:
    """A serial that no unit has, and no product's code."""
    return _TEXTS.ask("no-unit-has-it", code)


def alike_counted(code: str, known: str, sku: str) -> Verdict:
    """One unit's code differs only by its marks."""
    return _TEXTS.ask("alike-counted", code, whole=(known,), known=shorten(known), sku=sku, no=_PARTS("another-unit"))


def corrected_counted(code: str, known: str) -> Verdict:
    """A correction replaced the code."""
    return _TEXTS.ask("corrected-counted", code, whole=(known,), known=shorten(known), no=_PARTS("another-unit"))


def which_counted(code: str, owners: Sequence[str]) -> Verdict:
    """Units of several products have this serial."""
    return _TEXTS.ask("which-counted", code, choices=tuple(owners))


def whose_product(code: str, owners: Sequence[str]) -> Verdict:
    """Several clients have a product with this code."""
    return _TEXTS.ask("which-counted/product", code, choices=tuple(owners))


def no_serial_to_count(code: str, what: str) -> Verdict:
    """An order's number, a web address, a pallet."""
    return _TEXTS.stop("no-serial-here/count", code, what=what)


def no_serial_on_unit() -> Verdict:
    """SS-NOSERIAL."""
    return _TEXTS.stop("no-serial-due/count")


def no_quantity_of_count() -> Verdict:
    """SS-QTY-ALL."""
    return _TEXTS.stop("no-quantity-here/count")


def nothing_waits_to_count() -> Verdict:
    """SS-CANCEL."""
    return _TEXTS.check("nothing-owed/count")


def count_undone(what: str) -> Verdict:
    """The last scan was taken back."""
    return _TEXTS.shown("count-undone", what=what)


def nothing_counted_here(number: str) -> Verdict:
    """Undo with nothing left."""
    return _TEXTS.check("nothing-counted/desk", number=number)


def end_count(number: str, pieces: int, others: Sequence[str]) -> Verdict:
    """The question before a count ends: other stations may be counting."""
    too = _PARTS("counts-too", stations=listed([visible(one) for one in others], _MOST_NAMED)) if others else ""
    may_change = ("pieces",)  # the others named go on counting, and what they count is not lost
    return _TEXTS.ask("end-count", number=number, pieces=counted_units(pieces), others=too, may_change=may_change)


def count_ended(number: str, sums: str, missing: Sequence[str], notes: Sequence[str], *, again: bool) -> Verdict:
    """A count has ended; now it is told what is missing. `again`: it was a second round."""
    also = "".join(_PARTS("note", note=note) for note in notes)
    if not missing:
        return _TEXTS.ok("count-ended", number, number=number, sums=sums, notes=also)
    named = listed(missing, _MOST_NAMED)
    if again:
        return _TEXTS.check("count-ended/again", number, number=number, sums=sums, missing=named, notes=also)
    return _TEXTS.check("count-ended/lacks", number, number=number, sums=sums, missing=named, notes=also)


def count_closed_elsewhere(number: str) -> Verdict:
    """Somebody has ended what is on the desk."""
    return _TEXTS.stop("count-closed/told", number, number=number)


# On the command line


def no_count(number: str) -> Refused:
    """Nobody knows this number."""
    return _TEXTS.refused("no-count", number=shorten(number))


def count_closed(number: str) -> Refused:
    """Nothing more is scanned on it."""
    return _TEXTS.refused("count-closed", number=number)


def count_open(number: str) -> Refused:
    """It has to end first."""
    return _TEXTS.refused("count-open", number=number)


def nothing_missing(number: str) -> Refused:
    """A second round over nothing."""
    return _TEXTS.refused("nothing-missing", number=number)


def second_of_second(number: str, first: str) -> Refused:
    """A second round of a second round."""
    return _TEXTS.refused("second-of-second", number=number, first=first)


def another_person(operator: str, first: str) -> Refused:
    """Nobody checks himself."""
    return _TEXTS.refused("another-person", operator=visible(operator), first=first)


def unknown_to_count(code: str, of: str) -> Reason:
    """Neither a unit nor a product."""
    return _TEXTS.reason("unknown-code/count", code=shorten(code), of=of)


def product_to_count(code: str, sku: str) -> Reason:
    """A product where a serial is named."""
    return _TEXTS.reason("is-product/count", code=shorten(code), sku=visible(sku))


def not_of_this_count(sku: str, client: str, number: str) -> Reason:
    """It is of another client, or none of the SKUs."""
    return _TEXTS.reason("not-of-this-count", sku=visible(sku), client=visible(client), number=number)


def counted_by_quantity(code: str, sku: str) -> Reason:
    """Its units get serials at packing, or none at all."""
    return _TEXTS.reason("by-quantity", code=shorten(code), sku=visible(sku))


def counted_by_serial(sku: str) -> Reason:
    """Its units have serials."""
    return _TEXTS.reason("by-serial", sku=visible(sku))


def only_units_again(number: str) -> Reason:
    """Goods on a second round."""
    return _TEXTS.reason("only-units", number=number)


def no_code_to_count(code: str, why: str) -> Reason:
    """No unit can have it."""
    return _TEXTS.reason("bad-serial/count", code=shorten(code), why=why)


def counted_already(code: str, station: str, operator: str, at: str) -> Reason:
    """The same unit again, at whichever station."""
    return _TEXTS.reason(
        "counted-already", code=shorten(code), station=visible(station), operator=visible(operator), at=at
    )


def nothing_counted(number: str, station: str) -> Refused:
    """Undo with nothing left."""
    return _TEXTS.refused("nothing-counted", number=number, station=visible(station))


def no_second_round(number: str) -> Refused:
    """One person's word is not enough."""
    return _TEXTS.refused("no-second-round", number=number)


def partial_count(number: str) -> Refused:
    """Not everything was to be scanned."""
    return _TEXTS.refused("partial-count", number=number)


def not_missing(code: str, number: str) -> Reason:
    """It was found, or is none of the count's."""
    return _TEXTS.reason("not-missing", code=shorten(code), number=number)


def nothing_to_write_off(number: str) -> Refused:
    """All is found, moved, or written off already."""
    return _TEXTS.refused("nothing-to-write-off", number=number)


def moved_since_count(code: str, where: str) -> Reason:
    """Something has happened to it since the count."""
    return _TEXTS.reason("moved-since-count", code=shorten(code), where=where)


def counted_it(operator: str, number: str) -> Refused:
    """Where a site wants two persons for it (`rules.two_persons`)."""
    return _TEXTS.refused("counted-it", operator=visible(operator), number=number)


def seen_since_count(code: str, number: str, station: str, operator: str) -> Reason:
    """Another count has found it since."""
    station, operator = visible(station), visible(operator)
    return _TEXTS.reason("seen-since-count", code=shorten(code), number=number, station=station, operator=operator)


def not_written_off(code: str) -> Refused:
    """There is nothing to take back."""
    return _TEXTS.refused("not-written-off", code=shorten(code))


def staged_on(order: str) -> str:
    """Where a Packed unit is."""
    return _PARTS("staged", order=visible(order))


def shipped_on(order: str) -> str:
    """Where a Shipped unit should be."""
    return _PARTS("shipped", order=visible(order))


def counted_units(count: int) -> str:
    """So many, in words."""
    return counted(count, "piece", grouped=True)
