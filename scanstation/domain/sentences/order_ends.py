"""How a supervisor's act on an order ends, and what is to be seen to then."""

from collections.abc import Iterable, Sequence

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts

_DONE = Texts(
    {
        "received": "{number} is {status}: {units} received.",
        "receipt-closed": "{number} is Completed, closed short: {done} of {ordered} received.",
        "reopened": "{number} is {status} again, {units} to be received.",
        "marked": "{number} brings units back: what was shipped is received on it again, by scan or import.",
        "unmarked": "{number} takes new units only. What stations have in hand of it still comes back.",
        "packing-closed": "{number} is {status}, closed short.",
        "cancelled": "{number} is Cancelled.",
        "cancelled/packed": "{number} is Cancelled. {units} unpacked: put them back.",
        "shipped": "{number} is Shipped: {units}, {with_serials} of them with serials.",
        "unshipped": "{number} is Ready to Ship again: {units}, {with_serials} of them with serials.",
        "list-written": "{number}: {serials} written to {path}.",
    }
)
_PARTS = Texts(
    {
        "short": "{sku} {done} of {wanted}",
        "standing": "{number} is {status}.",
        "standing/short": "{number} is {status}: {short}.",
        "import-owed": "{sku} needs {left} serials: import them on this order.",
        "back-by-serial": "A unit that was shipped stays so: only its serial, scanned or imported, brings it back.",
        "packing-ended": "{operator}'s packing at {station} was ended, {units} in it.",
        "received-again": "{units} with serials: Received again.",
        "secondaries-freed": "{secondaries} free again: packing had added them to received units.",
        "secondaries-freed/one": "{secondaries} free again: packing had added it to received units.",
        "serials-freed": "{units} whose serials came in at packing: the serials are free again.",
        "stays-here": "On hold: {serials}. Before it ships, have the hold lifted, or swap or unpack.",
        "still-lacks": "{number} still lacks serials: import them on this order.",
    }
)


def lacking(sku: str, done: int, wanted: int) -> str:
    """A line that has less than is wanted: `LAP-1 7 of 10`."""
    return _PARTS("short", sku=visible(sku), done=done, wanted=wanted)


def standing(number: str, status: str, short: Sequence[str]) -> str:
    """A note: where an order stands now, and which lines lack something."""
    if short:
        return _PARTS("standing/short", number=visible(number), status=status, short=joined(short))
    return _PARTS("standing", number=visible(number), status=status)


def all_received(number: str, status: str, count: int, notes: Iterable[str]) -> Done:
    """The Receive PO button."""
    return _DONE.done("received", notes, number=visible(number), status=status, units=counted(count, "unit"))


def import_owed(sku: str, left: int) -> str:
    """A note: units were received whose serials come by import."""
    return _PARTS("import-owed", sku=visible(sku), left=left)


def receipt_closed_short(number: str, done: int, ordered: int, notes: Iterable[str]) -> Done:
    """A purchase order takes no more goods."""
    return _DONE.done("receipt-closed", notes, number=visible(number), done=done, ordered=ordered)


def receipt_reopened(number: str, status: str, left: int, short: Iterable[str]) -> Done:
    """A purchase order takes goods again."""
    return _DONE.done("reopened", short, number=number, status=status, units=counted(left, "unit"))


def returns_marked(number: str, *, off: bool) -> Done:
    """Units that were shipped may come in on a purchase order again, or no longer."""
    return _DONE.done("unmarked" if off else "marked", number=number)


def back_by_serial_only() -> str:
    """A note: an order that brings units back was received with nothing scanned."""
    return _PARTS("back-by-serial")


def packing_closed_short(number: str, status: str, short: Iterable[str]) -> Done:
    """A shipment order leaves with what is packed."""
    return _DONE.done("packing-closed", short, number=number, status=status)


def order_is_cancelled(number: str, unpacked: int, notes: Iterable[str]) -> Done:
    """A shipment order that is not to leave, and what of it goes back on the shelves."""
    if unpacked:
        return _DONE.done("cancelled/packed", notes, number=number, units=counted(unpacked, "unit"))
    return _DONE.done("cancelled", notes, number=number)


def packing_was_ended(operator: str, station: str, units: int) -> str:
    """A note: somebody's open work ended with its order."""
    who, where = visible(operator), visible(station)
    return _PARTS("packing-ended", operator=who, station=where, units=counted(units, "unit"))


def what_became_of_packed(back: int, freed: int, gone: int) -> list[str]:
    """Notes: the units with serials that an order gives back, and the serials that are free again."""
    notes = []
    if back:
        notes.append(_PARTS("received-again", units=counted(back, "unit")))
    if freed:
        secondaries = counted(freed, "secondary serial is", "secondary serials are")
        notes.append(
            _PARTS("secondaries-freed/one" if freed == 1 else "secondaries-freed", secondaries=secondaries),
        )
    if gone:
        notes.append(_PARTS("serials-freed", units=counted(gone, "unit")))
    return notes


def order_has_left(number: str, count: int, with_serials: int, *, lacks_serials: bool) -> Done:
    """An order is Shipped, perhaps before all its serials are known."""
    notes = [_PARTS("still-lacks", number=number)] if lacks_serials else []
    units = counted(count, "unit")
    return _DONE.done("shipped", notes, number=number, units=units, with_serials=with_serials)


def order_has_not_left(number: str, count: int, with_serials: int, on_hold: Sequence[str]) -> Done:
    """An order is Ready to Ship again; some of its units may be on hold."""
    notes = [_PARTS("stays-here", serials=listed([visible(one) for one in on_hold], 3))] if on_hold else []
    return _DONE.done("unshipped", notes, number=number, units=counted(count, "unit"), with_serials=with_serials)


def packing_list_written(number: str, serials: int, path: str) -> Done:
    """The file with an order's serials."""
    written = counted(serials, "serial", grouped=True)
    return _DONE.done("list-written", number=visible(number), serials=written, path=shorten(path, 200))
