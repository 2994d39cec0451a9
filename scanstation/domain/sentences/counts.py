"""Counts: why something is not counted, a count does not end, or what is missing is not written off."""

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts

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
        "not-written-off": "{code} is not written off by a count.",
    }
)
_PARTS = Texts({"staged": "staged on {order}", "shipped": "shipped on {order}"})


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
