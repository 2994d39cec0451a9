"""At the truck: orders that leave as they are scanned."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Tone, Verdict, stop

_NAMED = 6
_TEXTS = Texts(
    {
        "shipped-before": "{number} is shipped already, here at {at}. Scan the next order.",
        "ambiguous-order/to-ship": "{order} is an order of {places}. "
        "Open the right one from the list of shipment orders.",
        "wrong-kind": "{order} is a purchase order: it is not shipped. Scan the number of a shipment order.",
        "cannot-undo": "Undo takes no shipment back. The wrong order? Keep it here: a supervisor can unship it.",
        "nothing-to-ship": "Nothing to complete: each order has left as it was scanned. Scan the next one.",
        "no-order/to-ship": "Each order scanned here leaves at once. Scan the number of an order.",
        "ship-all": "All that is ready of one client, with one question.",
        "ready/none": "No order is ready to ship.",
        "ready/several": "Orders of several clients are ready. Mark one of the client that is meant.",
        "all-shipped": "{shipped} of {client} shipped.",
        "all-shipped/some": "{shipped} of {client} shipped, {refused} not: the list says why.",
        "nothing-marked": "Mark an order that lacks only serials, then press F7.",
        "nothing-marked/none": "No order here lacks serials.",
    }
)
_PARTS = Texts(
    {
        "ship-all": "Have all {count} ready orders of {client} left: {numbers}?",
        "ship-all/one": "Has {numbers} of {client} left?",
        "and-more": "{numbers} and {more} more",
        "more-products": "{first} And {more} products more.",
        "place": "{client} in {warehouse}",
    }
)


def shipped(number: str, outcome: Done) -> Verdict:
    """An order has left."""
    return Verdict(Tone.OK, " ".join((outcome.text, *outcome.notes)), shorten(number))


def not_shipped(number: str, outcome: Refused) -> Verdict:
    """An order must not leave: the first reason, and how many more products have one."""
    first, more = outcome.reasons[0], len(outcome.reasons) - 1
    text = _PARTS("more-products", first=first.text, more=more) if more else first.text
    return stop(first.name, text, number)


def shipped_before(number: str, at: str) -> Verdict:
    """An order that was scanned and has left, a second time."""
    return _TEXTS.check("shipped-before", number, number=visible(number), at=at)


def several_to_ship(number: str, places: Sequence[tuple[str, str]]) -> Reason:
    """Shipment orders of several clients or warehouses have the number."""
    named = joined(
        [_PARTS("place", client=visible(client), warehouse=visible(warehouse)) for client, warehouse in places], " and "
    )
    return _TEXTS.reason("ambiguous-order/to-ship", order=shorten(number), places=named)


def not_to_ship(number: str) -> Reason:
    """A purchase order, which brings goods in."""
    return _TEXTS.reason("wrong-kind", order=shorten(number))


def shipped_for_good(code: str) -> Verdict:
    """SS-UNDO at the truck."""
    return _TEXTS.check("cannot-undo", code)


def nothing_to_ship(code: str) -> Verdict:
    """SS-DONE at the truck."""
    return _TEXTS.shown("nothing-to-ship", code)


def ship_all(client: str, numbers: Sequence[str]) -> str:
    """The question before all ready orders of a client leave."""
    named = joined([*map(visible, numbers[:_NAMED])])
    if (more := len(numbers) - _NAMED) > 0:
        named = _PARTS("and-more", numbers=named, more=more)
    if len(numbers) == 1:
        return _PARTS("ship-all/one", client=client, numbers=named)
    return _PARTS("ship-all", count=len(numbers), client=client, numbers=named)


def ship_all_asked(code: str) -> Verdict:
    """SS-COMPLETE at the truck, where orders are ready."""
    return _TEXTS.shown("ship-all", code)


def nothing_ready(*, any_here: bool) -> Verdict:
    """There is no client all of whose orders could leave."""
    return _TEXTS.check("ready/several" if any_here else "ready/none")


def all_shipped(client: str, shipped: int, orders: int) -> Verdict:
    """How a client's orders fared."""
    told = counted(shipped, "order")
    if shipped == orders:
        return _TEXTS.ok("all-shipped", client=client, shipped=told)
    return _TEXTS.stop("all-shipped/some", client=client, shipped=told, refused=orders - shipped)


def order_to_ship_wanted(code: str) -> Verdict:
    """A command that does nothing at the truck."""
    return _TEXTS.check("no-order/to-ship", code)


def nothing_to_ship_anyway(*, any_here: bool) -> Verdict:
    """F7 where no order is marked that lacks serials alone."""
    return _TEXTS.check("nothing-marked" if any_here else "nothing-marked/none")
