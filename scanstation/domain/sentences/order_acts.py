"""Why an act on an order is refused: a button, a command, the Receive PO button, shipping."""

from collections.abc import Sequence

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.language import joined, word
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind

_TEXTS = Texts(
    {
        "unknown-order/chosen": "There is no {kind} {number}{of_client}{in_warehouse}. {way}",
        "ambiguous-order/chosen": "{count} {kind}s have the number {number}: {places}. Choose one with {options}.",
        "not-ready": "{number} is {status}, not Ready to Ship{lacks}. Pack the rest, or close it short.",
        "already-completed/closing": "{number} is Completed already. There is nothing to close.",
        "not-completed": "{number} is {status}: it takes goods. Go on receiving.",
        "nothing-to-reopen": "{number} has everything that was ordered. If a unit was received by mistake, unreceive "
        "it and the order reopens; for more goods, load a new order.",
        "already-completed/receiving": "{number} is {status}: it takes no more receiving.",
        "marked-already": "{number} is marked as bringing units back already.",
        "marked-already/not": "{number} is not marked as bringing units back.",
        "nothing-left": "{number} has nothing left to receive.",
        "changed-meanwhile/receiving": "{number} lacks {left} now, not {asked}. Nothing was received.",
        "changed-meanwhile/closing": "{number} has other counts since you looked: {short}. "
        "It was not closed: choose it once more.",
        "changed-meanwhile/cancelling": "{number} has {done} packed and {open} in open work now, not {was} and "
        "{was_open}. It was not cancelled: choose it once more.",
        "changed-meanwhile/taking-over": "{operator} is at work on {number} at {station}: {pieces} in hand now, not "
        "{asked}. Nothing was taken over.",
        "receive-po-not-allowed": "{sku} has “Both Receiving and Packing” on: receiving asks for its {asks} serial. "
        "Receive {number} on the Receiving screen.",
        "order-finished/closing": "{number} is {status}: it cannot be closed short any more.",
        "nothing-packed": "Nothing is packed on {number}. Cancel it instead.",
        "already-shipped/cancelling": "{number} is Shipped: it has left and cannot be cancelled.",
        "already-cancelled": "{number} is Cancelled already.",
        "not-shipped": "{number} is {status}, not Shipped: there is nothing to unship.",
        "moved-on/shipped": "{number}: {primary} is {what} since. It stays Shipped.",
        "on-hold/shipping": "{number}: {primary} is on hold: {why}. Swap or unpack it, or have its hold lifted.",
        "serials-missing": "{number} lacks serials of {sku}: {present} of {needed} are there. "
        "Import the others, then ship it.",
        "already-shipped/again": "{number} is Shipped already: {at}, by {operator} at {station}. "
        "It must not leave twice.",
        "order-cancelled/shipping": "{number} is Cancelled: it must not leave.",
        "bad-code/number": "{number} {wrong}",
        "reason-missing": "Say why {thing} is {what}: the reason is kept {kept}.",
        "work-open": "{operator}'s {work_word} of {number} is open at {station} since {since}, {count} in it. "
        "Complete or cancel it there, then try again.",
        "work-ended/taking-over": "{operator}'s work on {number} has ended: {status}.",
        "own-work": "That is this station's own work on {number}. Scan {number}.",
        "serial-owed/taking-over": "This station owes a serial on {number} itself. Scan it first.",
    }
)
_PARTS = Texts(
    {
        "of-client": " of client {client}",
        "in-warehouse": " in warehouse {warehouse}",
        "other-orders": "That number is {known}.",
        "a-place": "a {kind} of {place}",
        "no-order-at-all": "Check the number, or load the order first.",
        "packed-so-far": ", packed so far: {short}",
    }
)


def not_so_many_asked(number: str, left: int, asked: int) -> Refused:
    """The Receive PO button, of which more or fewer units are outstanding than was asked about."""
    return _TEXTS.refused("changed-meanwhile/receiving", number=visible(number), left=left, asked=asked)


def lacks_otherwise(number: str, short: Sequence[str]) -> Refused:
    """Closing an order short that lacks something else than was asked about."""
    return _TEXTS.refused("changed-meanwhile/closing", number=visible(number), short=listed(short, 5))


def packed_otherwise(number: str, now: tuple[int, int], asked: tuple[int, int]) -> Refused:
    """Cancelling an order of which more or less is packed, or in open work, than was asked about."""
    (done, open_), (was, was_open) = now, asked
    return _TEXTS.refused(
        "changed-meanwhile/cancelling", number=visible(number), done=done, open=open_, was=was, was_open=was_open
    )


def still_at_work(operator: str, number: str, station: str, pieces: int, asked: int) -> Refused:
    """Taking work over that goes on: more or fewer pieces are in it than was asked about."""
    return _TEXTS.refused(
        "changed-meanwhile/taking-over",
        operator=visible(operator),
        number=visible(number),
        station=visible(station),
        pieces=pieces,
        asked=asked,
    )


def no_such_order(
    kind: OrderKind, number: str, client: str | None, warehouse: str | None, others: Sequence[tuple[OrderKind, str]]
) -> Refused:
    """A number that no order has of the kind, client and warehouse asked for; others that have it."""
    known = joined([_PARTS("a-place", kind=other.noun, place=place) for other, place in others])
    return _TEXTS.refused(
        "unknown-order/chosen",
        kind=kind.noun,
        number=shorten(number),
        of_client=_PARTS("of-client", client=shorten(client)) if client else "",
        in_warehouse=_PARTS("in-warehouse", warehouse=shorten(warehouse)) if warehouse else "",
        way=_PARTS("other-orders", known=known) if known else _PARTS("no-order-at-all"),
    )


def several_such_orders(kind: OrderKind, number: str, places: Sequence[str], options: Sequence[str]) -> Refused:
    """A number that several orders have: whose they are, and which options tell them apart."""
    return _TEXTS.refused(
        "ambiguous-order/chosen",
        count=len(places),
        kind=kind.noun,
        number=shorten(number),
        places=joined(places),
        options=joined(options, " and "),
    )


def not_ready(number: str, status: str, short: Sequence[str]) -> Refused:
    """Shipping an order that is not packed; the lines that lack something."""
    lacks = _PARTS("packed-so-far", short=joined(short)) if short else ""
    return _TEXTS.refused("not-ready", number=number, status=status, lacks=lacks)


def nothing_to_close(number: str) -> Refused:
    """Closing a purchase order short that is Completed."""
    return _TEXTS.refused("already-completed/closing", number=number)


def not_completed(number: str, status: str) -> Refused:
    """Reopening an order that takes goods."""
    return _TEXTS.refused("not-completed", number=number, status=status)


def marked_already(number: str, *, brings_back: bool) -> Refused:
    """An order that stands already as it is to be marked."""
    return _TEXTS.refused("marked-already" if brings_back else "marked-already/not", number=number)


def nothing_to_reopen(number: str) -> Refused:
    """Reopening an order that was never closed short."""
    return _TEXTS.refused("nothing-to-reopen", number=number)


def takes_no_receiving(number: str, status: str) -> Refused:
    """The Receive PO button of an order that is ended."""
    return _TEXTS.refused("already-completed/receiving", number=number, status=status)


def nothing_to_receive(number: str) -> Refused:
    """The Receive PO button where all has come, or is in work."""
    return _TEXTS.refused("nothing-left", number=number)


def must_be_scanned(*, sku: str, asks: str, number: str) -> Reason:
    """The Receive PO button of an order with a product whose serials receiving asks for (RULES 2.2)."""
    return _TEXTS.reason("receive-po-not-allowed", sku=visible(sku), asks=word(asks), number=visible(number))


def too_late_to_close(number: str, status: str) -> Refused:
    """Closing a shipment order short that has ended."""
    return _TEXTS.refused("order-finished/closing", number=number, status=status)


def nothing_packed(number: str) -> Refused:
    """Closing a shipment order short of which nothing is packed."""
    return _TEXTS.refused("nothing-packed", number=number)


def too_late_to_cancel(number: str) -> Refused:
    """Cancelling an order that has left."""
    return _TEXTS.refused("already-shipped/cancelling", number=number)


def already_cancelled(number: str) -> Refused:
    """Cancelling an order again."""
    return _TEXTS.refused("already-cancelled", number=number)


def nothing_to_unship(number: str, status: str) -> Refused:
    """Unshipping an order that has not left."""
    return _TEXTS.refused("not-shipped", number=number, status=status)


def shipped_and_moved_on(*, number: str, primary: str, what: str) -> Reason:
    """Unshipping an order of which a unit has done something since."""
    return _TEXTS.reason("moved-on/shipped", number=number, primary=shorten(primary), what=what)


def on_hold_here(*, number: str, primary: str, why: str) -> Reason:
    """Shipping an order with a unit that must not leave."""
    return _TEXTS.reason("on-hold/shipping", number=number, primary=shorten(primary), why=why)


def serials_missing(*, number: str, sku: str, present: int, needed: int) -> Reason:
    """Shipping an order some of whose serials are not imported yet."""
    return _TEXTS.reason("serials-missing", number=visible(number), sku=visible(sku), present=present, needed=needed)


def shipped_already(*, number: str, at: str, operator: str, station: str) -> Refused:
    """Shipping an order twice."""
    return _TEXTS.refused(
        "already-shipped/again", number=number, at=at, operator=visible(operator), station=visible(station)
    )


def cancelled_must_stay(number: str) -> Refused:
    """Shipping an order that is Cancelled."""
    return _TEXTS.refused("order-cancelled/shipping", number=number)


def misspelt_number(number: str, wrong: str) -> Refused:
    """An order number with characters that no number has; what is wrong follows it."""
    return _TEXTS.refused("bad-code/number", number=shorten(number), wrong=wrong)


def reason_missing(*, thing: str, what: str, kept: str) -> Refused:
    """A reason that was left blank; `what` was done, and where the reason is kept."""
    return _TEXTS.refused("reason-missing", thing=visible(thing), what=phrase(what), kept=phrase(kept))


def work_open(*, operator: str, work_word: str, number: str, station: str, since: str, count: str) -> Reason:
    """An act that has to wait for somebody's open work."""
    return _TEXTS.reason(
        "work-open",
        operator=visible(operator),
        work_word=work_word,
        number=visible(number),
        station=visible(station),
        since=since,
        count=count,
    )


def their_work_has_ended(*, operator: str, number: str, status: str) -> Refused:
    """Taking over work that has ended."""
    return _TEXTS.refused("work-ended/taking-over", operator=operator, number=number, status=status)


def own_work(number: str) -> Refused:
    """Taking over one's own work."""
    return _TEXTS.refused("own-work", number=number)


def owes_itself(number: str) -> Refused:
    """Taking over an order on which this station owes a serial."""
    return _TEXTS.refused("serial-owed/taking-over", number=number)
