"""Orders on a desk: opened, worked on, completed, taken over."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.verdict import Prompt, Verdict, ok

REFUSED_UNSEEN = "refused-unseen"
_NAMED = 3
"""The most codes that a sentence about a run names."""
_TEXTS = Texts(
    {
        "unknown-order": "{code} is not an order here. Scan the number of a {kind}.",
        "unknown-order/in-list": "No {kind} here has {code} in it.",
        "ambiguous-order/used-by": "{code} is used by {candidates}. Open the right one from the list of orders.",
        "ambiguous-order/shared": "{code} is {orders}. Open the right one from the list of orders.",
        "order-finished": "{kind} {number} is {status}: it {way}.",
        "order-open": "{number} is open, {left} to be {done_word}. Scan a product.{also}",
        "order-resumed": "{number} goes on, {done} of this {work_word} so far.{owed}",
        "already-open": "{number} is open already. Scan a product of it.",
        "order-lacks": "{number} lacks {lacks}. Scan {next_number} again to leave it open?",
        "order-complete": "{number} {state}, {pieces}.{rest}{scan_next}",
        "complete-and-next": "{done} {after}",
        "refused-unseen": "{refused}. Complete {number} without?",
        "in-part": "{number} lacks {lacks}{lines}. Complete it with {pieces}?",
        "nothing-scanned": "Nothing is scanned yet. Scan a product of this order.",
        "nothing-to-undo": "There is nothing of yours left to undo on this order.",
        "nothing-to-cancel": "No unit is waiting for a serial. Undo takes back the last scan.",
        "undone": "Taken back: {what}. {now}",
        "cancelled": "{sku}: {gone}.{rest} Scan a product.",
        "taken-over": "{operator} took this {work_word} of {number} over at {station}, {at}.{in_hand} "
        "Scan an order to go on.",
        "work-ended/order": "{number} was {how} by {operator}, {at}{why}.{in_hand} Scan another order.",
        "order-changed": "{number} was changed meanwhile: {changes}. Scan on.",
        "order-changed/by": "{number} was changed by {operator}, {at}: {changes}. Scan on.",
        "work-ended": "This {work_word} of {number} was {how} by {operator}, {at}. Scan an order.",
        "kept": "{summary} taken.",
        "nothing-to-see": "No refused scan waits to be acknowledged.",
        "seen": "{refused_scans} acknowledged. Scan on.",
        "home-owing": "Home. {number} still owes a serial: scan {number} to go on with it.",
        "serial-owed/elsewhere": "{number} owes a serial: scan {number} to go on with it, or to cancel that unit.",
        "other-desk": "{number} is a {kind}.",
        "order-shown": "{number} is {status}. Here is what can be done with it.",
        "already-counted": "Package {package} is already counted at {at}. Scan the label of another package.",
    }
)
_PARTS = Texts(
    {
        "undone": "taken back: {what}",
        "also-open": " Also open at {others}.",
        "brings-back": " Units that were shipped may come back on it.",
        "came-back": " {units} on hold, having come back.",
        "owed": " {which} serial of {sku} is owed.",
        "owed-first": " {which} serial of {sku} is owed, for the first of {waiting} units that wait for theirs.",
        "next-product": " Scan the next product.",
        "elsewhere": " {units} in work at another station.",
        "still-lacks": " {number} still lacks {lacks}.",
        "kept-back": " {units} on hold under a house serial.",
        "lot-on-hold": " {units} on hold, as the lot is.",
        "open-notes": " {discrepancies} open on it.",
        "next-order": " Scan the next order.",
        "complete": "complete",
        "lacking": "{sku} {count}",
        "lacking-one": " of {sku}",
        "lacking-all": ": {lines}",
        "lacking-and-more": ": {lines} and {more} more",
        "in-part": "saved, {done_word} in part",
        "all-scanned": " {number} is all scanned: complete it, or scan the next order.",
        "scan-serial": "Scan {which} serial of {sku}.",
        "scan-product": "Scan a product.",
        "dropped-one": "the unit without its serial is dropped",
        "dropped": "{dropped} units without serials are dropped",
        "kept": " {kept}.",
        "acknowledge": "{refused}. Acknowledge: {command} or !",
        "not-acknowledged": " and not acknowledged",
        "refused": "{scans} refused{how}: {codes}{more}",
        "cancelled": "cancelled",
        "closed": "closed short",
        "all-received": "received by its button",
        "why": ": {said}",
        "put-back": " Put its {pieces} back.",
        "hand-over": " Bring its {pieces} there.",
        "now-ordered": "{sku} {now} ordered, it was {before}",
        "line-dropped": "{sku} is dropped",
        "and-more": " and {more} more",
    }
)
_FINISHED = Texts(
    {
        "Completed": "takes no more receiving. A supervisor can reopen it",
        "Ready to Ship": "is packed. Scan the next order",
        "Shipped": "has left. Scan another order",
        "Cancelled": "must not be packed. Scan another order",
    }
)


def pieces(count: int) -> str:
    """A count with its noun."""
    return counted(count, "unit")


def unknown_order(code: str, kind: OrderKind) -> Verdict:
    """No order is open, and this is no order's number."""
    return _TEXTS.stop("unknown-order", code, kind=kind.noun)


def no_order_with(text: str, kind: OrderKind) -> Verdict:
    """No order in the list has what was typed in its number."""
    return _TEXTS.stop("unknown-order/in-list", text, kind=kind.noun)


def order_used_twice(code: str, candidates: Sequence[str]) -> Verdict:
    """Several clients or warehouses use the number."""
    return _TEXTS.stop("ambiguous-order/used-by", code, candidates=joined(candidates, " and "))


def order_shared(code: str, orders: Sequence[str]) -> Verdict:
    """Several orders have the number; each with its kind and whose it is."""
    return _TEXTS.stop("ambiguous-order/shared", code, orders=joined(orders, " and "))


def order_takes_nothing(number: str, kind: OrderKind, status: OrderStatus) -> Verdict:
    """The order is finished."""
    way = _FINISHED(status.value)
    return _TEXTS.stop(
        "order-finished", number, kind=kind.noun.capitalize(), number=number, status=status.value, way=way
    )


def order_open(number: str, kind: OrderKind, left: int, others: Sequence[str], *, brings_back: bool = False) -> Verdict:
    """A new receipt or packing began."""
    also = _PARTS("brings-back") if brings_back else ""
    also += _PARTS("also-open", others=joined(others)) if others else ""
    return _TEXTS.shown("order-open", number, number=number, left=pieces(left), done_word=kind.done_word, also=also)


def order_resumed(number: str, kind: OrderKind, done: int, prompt: Prompt | None, waiting: int = 0) -> Verdict:
    """One's own open work goes on.

    Args:
        number: the order's.
        kind: the order's.
        done: units of this work that have all their codes.
        prompt: what is owed now.
        waiting: units that owe a code, the prompt's among them.
    """
    if prompt is None:
        owed = _PARTS("next-product")
    elif waiting == 1:
        owed = _PARTS("owed", which=prompt.which.capitalize(), sku=prompt.sku)
    else:
        owed = _PARTS("owed-first", which=prompt.which.capitalize(), sku=prompt.sku, waiting=waiting)
    return _TEXTS.shown("order-resumed", number, number=number, done=pieces(done), work_word=kind.work_word, owed=owed)


def order_already_open(number: str) -> Verdict:
    """The same order again."""
    return _TEXTS.check("already-open", number, number=number)


def order_elsewhere(number: str, kind: OrderKind) -> Verdict:
    """An order of the other desk, which is opened there."""
    return _TEXTS.shown("other-desk", number, number=number, kind=kind.noun)


def order_shown(code: str, number: str, status: OrderStatus) -> Verdict:
    """A scanned order is shown, and not worked on."""
    return _TEXTS.shown("order-shown", code, number=visible(number), status=status.value)


def order_lacks(number: str, lacks: int, next_number: str) -> Verdict:
    """Leaving an order that is not full."""
    may_change = ("lacks",)  # a yes books nothing, whatever others have scanned of it meanwhile
    return _TEXTS.ask(
        "order-lacks",
        next_number,
        may_change=may_change,
        again_is_yes=True,
        number=number,
        lacks=lacks,
        next_number=next_number,
    )


def owes_first(code: str, number: str) -> Verdict:
    """Another order, while this station's work on one owes a serial."""
    return _TEXTS.stop("serial-owed/elsewhere", code, number=number)


def home_owing(code: str, number: str) -> Verdict:
    """Home was asked for while a serial is owed."""
    return _TEXTS.shown("home-owing", code, number=number)


# Completing


def completed(
    number: str,
    kind: OrderKind,
    count: int,
    lacks: int,
    *,
    elsewhere: int,
    kept_back: int = 0,
    lot_on_hold: int = 0,
    came_back: int = 0,
    noted: int = 0,
    is_next_there: bool,
) -> Verdict:
    """A receipt or packing was completed.

    Args:
        number: the order's.
        kind: of the order.
        count: how many pieces were booked.
        lacks: how many the order still waits for.
        elsewhere: how many are in work at other stations.
        kept_back: how many units are on hold for their serials.
        lot_on_hold: how many units are on hold for their lot.
        came_back: how many units are on hold because they came back.
        noted: how many discrepancies nobody has settled.
        is_next_there: was the next order scanned already?
    """
    if elsewhere:
        rest = _PARTS("elsewhere", units=counted(elsewhere, "unit is", "units are"))
    else:
        rest = _PARTS("still-lacks", number=number, lacks=lacks) if lacks else ""
    state = _PARTS("in-part", done_word=kind.done_word) if lacks or elsewhere else _PARTS("complete")
    if kept_back:
        rest += _PARTS("kept-back", units=counted(kept_back, "unit is", "units are"))
    if lot_on_hold:
        rest += _PARTS("lot-on-hold", units=counted(lot_on_hold, "unit is", "units are"))
    if came_back:
        rest += _PARTS("came-back", units=counted(came_back, "unit is", "units are"))
    if noted:
        rest += _PARTS("open-notes", discrepancies=counted(noted, "discrepancy is", "discrepancies are"))
    scan_next = "" if is_next_there else _PARTS("next-order")
    return _TEXTS.ok(
        "order-complete", number, number=number, state=state, pieces=pieces(count), rest=rest, scan_next=scan_next
    )


def completed_and_next(done: Verdict, after: Verdict) -> Verdict:
    """The order was full, and the next one is open."""
    return ok(_TEXTS("complete-and-next", done=done.text, after=after.text), after.code)


def complete_without(number: str, refused: Sequence[str], count: int) -> Verdict:
    """The question before completing while scans were refused that nobody has seen refused."""
    told = _refused(refused, count, _PARTS("not-acknowledged"))
    return _TEXTS.ask("refused-unseen", whole=refused, refused=told, number=number)


def complete_in_part(number: str, count: int, missing: Sequence[tuple[str, int]]) -> Verdict:
    """The question before completing less than ordered: of which SKUs how many are missing."""
    named = joined([_PARTS("lacking", sku=shorten(sku), count=count) for sku, count in missing[:_NAMED]])
    if len(missing) == 1:
        lines = _PARTS("lacking-one", sku=shorten(missing[0][0]))
    elif len(missing) > _NAMED:
        lines = _PARTS("lacking-and-more", lines=named, more=len(missing) - _NAMED)
    else:
        lines = _PARTS("lacking-all", lines=named)
    lacks = sum(count for _, count in missing)
    return _TEXTS.ask("in-part", number=number, lacks=lacks, lines=lines, pieces=pieces(count))


def all_scanned(number: str) -> str:
    """The order is full; what leads on."""
    return _PARTS("all-scanned", number=number)


def nothing_to_complete() -> Verdict:
    """No scan was accepted yet."""
    return _TEXTS.check("nothing-scanned")


def already_counted(code: str, package: str, at: str) -> Verdict:
    """A package's label again on the same order."""
    return _TEXTS.stop("already-counted", code, package=shorten(package), at=at)


# Taking back


def nothing_to_undo() -> Verdict:
    """No scan of one's own is left."""
    return _TEXTS.check("nothing-to-undo")


def nothing_to_cancel() -> Verdict:
    """No code is owed."""
    return _TEXTS.check("nothing-to-cancel")


def undone(what: str, prompt: Prompt | None) -> Verdict:
    """The last scan was taken back."""
    now = _PARTS("scan-serial", which=prompt.which, sku=prompt.sku) if prompt else _PARTS("scan-product")
    return replace(_TEXTS.shown("undone", what=what, now=now), fact=_PARTS("undone", what=what))


def cancelled(sku: str, dropped: int, kept: int) -> Verdict:
    """The owed unit was dropped, and with it what was left of its run."""
    gone = _PARTS("dropped-one") if dropped == 1 else _PARTS("dropped", dropped=dropped)
    of_scan = counted(kept, "unit of that scan stays", "units of that scan stay")
    return _TEXTS.shown("cancelled", sku=sku, gone=gone, rest=_PARTS("kept", kept=of_scan) if kept else "")


def kept_before(code: str, summary: str) -> Verdict:
    """A scan that was booked, and whose answer was lost."""
    return _TEXTS.ok("kept", code, summary=summary)


# Work that is another's


def work_gone(number: str, kind: OrderKind, station: str, operator: str, at: str, in_hand: int) -> Verdict:
    """Another station took the work over."""
    return _TEXTS.stop(
        "taken-over",
        number,
        operator=operator,
        work_word=kind.work_word,
        number=number,
        station=station,
        at=at,
        in_hand=_PARTS("hand-over", pieces=pieces(in_hand)) if in_hand else "",
    )


def order_ended(number: str, act: str, operator: str, at: str, reason: str, in_hand: int) -> Verdict:
    """Somebody ended the order that was being worked on."""
    how = _PARTS("closed") if act.startswith("Closed") else _PARTS("all-received")
    return _TEXTS.stop(
        "work-ended/order",
        number,
        number=number,
        how=_PARTS("cancelled") if act == OrderStatus.CANCELLED.value else how,
        operator=operator,
        at=at,
        why=_PARTS("why", said=shorten(reason.rstrip("."), 80)) if reason else "",
        in_hand=_PARTS("put-back", pieces=pieces(in_hand)) if in_hand else "",
    )


def order_changed(number: str, changes: Sequence[tuple[str, int, int]], operator: str = "", at: str = "") -> Verdict:
    """Another quantity is ordered than when the order was put on the desk; each SKU with before and now."""
    numbers = [
        _PARTS("now-ordered", sku=shorten(sku), now=now, before=before)
        if now
        else _PARTS("line-dropped", sku=shorten(sku))
        for sku, before, now in changes
    ]
    changes_named = joined(numbers[:_NAMED], "; ")
    if not at:
        return _TEXTS.stop("order-changed", number, number=number, changes=changes_named)
    return _TEXTS.stop("order-changed/by", number, number=number, operator=operator, at=at, changes=changes_named)


def work_ended(number: str, kind: OrderKind, how: str, operator: str, at: str) -> Verdict:
    """The work was ended elsewhere (the order was cancelled, or the same station completed it)."""
    return _TEXTS.stop("work-ended", number, work_word=kind.work_word, number=number, how=how, operator=operator, at=at)


# Scans of a run that were refused


def refused_unseen(refused: Sequence[str], count: int, command: str) -> str:
    """What stands in the bar until the refused scans of a run were seen."""
    return _PARTS("acknowledge", refused=_refused(refused, count), command=command)


def _refused(codes: Sequence[str], count: int, how: str = "") -> str:
    """`2 scans were refused: SN-7, SN-9`."""
    more = _PARTS("and-more", more=len(codes) - _NAMED) if len(codes) > _NAMED else ""
    scans = counted(count, "scan was", "scans were")
    return _PARTS("refused", scans=scans, how=how, codes=joined(codes[:_NAMED]), more=more)


def seen(code: str, count: int) -> Verdict:
    """The refused scans of a run were acknowledged."""
    if not count:
        return _TEXTS.check("nothing-to-see", code)
    return _TEXTS.shown("seen", code, refused_scans=counted(count, "refused scan is", "refused scans are"))
