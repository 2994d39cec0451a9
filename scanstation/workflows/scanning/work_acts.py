"""What is done with open work as a whole: its last scan taken back, the unit that owes dropped, all of it booked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key
from scanstation.domain.expected import NOTHING_MISSING, Missing
from scanstation.domain.house_serials import hold_reason, reads_like_one
from scanstation.domain.ranges import MOST
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, WorkStatus
from scanstation.domain.tracking import Asks
from scanstation.domain.units import Moved, Stamp
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work import Entry, Piece
from scanstation.store import (
    discrepancies,
    events,
    expected,
    holds,
    house_serials,
    lot_holds,
    lots,
    moves,
    orders,
    shapes,
    units,
    works,
)
from scanstation.store.store import Transaction
from scanstation.workflows.scanning.act_context import PRODUCT, UNIT, ActContext

_NOTHING_WRITTEN: Mapping[int, Stamp] = {}
_PARTS = 3
"""The most acts one scan of one unit can be: product, primary, secondary."""


def undo(act: ActContext) -> Verdict:
    """Take back the last accepted scan of this work and show its prompt again."""
    last = works.last_entries(act.tx, act.work.id, _PARTS)
    if not last:
        return say.nothing_to_undo()
    if len(last) == _PARTS and same_scan(last[-1], last[0]):  # a range is as many acts as it has units
        last = works.last_entries(act.tx, act.work.id, MOST)
    of_scan = [one for one in last if same_scan(one, last[0])]
    what = _undone_range(act, of_scan) or of_scan[-1].summary
    for entry in of_scan:
        _undo_entry(act, entry)
    act.counts_changed()
    return say.undone(what, act.prompt)


def _undone_range(act: ActContext, entries: Sequence[Entry]) -> str:
    """What a range took, where scans are one: several units' serials; '' where they are none."""
    pieces = [one.piece_id for one in entries if one.act == CodeKind.PRIMARY.value and one.piece_id is not None]
    if len(set(pieces)) < 2:
        return ""
    sku = act.line(works.piece(act.tx, pieces[0]).line_id).product.sku
    return say.range_summary(sku, entries[-1].code)


def _undo_entry(act: ActContext, entry: Entry) -> None:
    tx = act.tx
    works.mark_undone(tx, [entry.id])
    if entry.act in (PRODUCT, UNIT):
        _drop(act, works.pieces_of_entry(tx, entry.id), [entry.id])
        return
    assert entry.piece_id is not None
    piece = works.piece(tx, entry.piece_id)
    units.drop_codes_of_entry(tx, [entry.id])
    unit_id = piece.unit_id
    by_unit_scan = piece.entry_id is not None and works.act_of(tx, piece.entry_id) == UNIT
    others = works.entries_of_pieces(tx, act.work.id, [piece.id])
    if unit_id is not None and not by_unit_scan and not others:
        units.release(tx, [unit_id])
        unit_id = None
    elif unit_id is not None and entry.act == CodeKind.PRIMARY.value:
        unit_id = units.split(tx, unit_id, others)
    source = None if entry.act == CodeKind.PRIMARY.value else piece.source
    works.change_piece(tx, piece.id, owed=True, unit_id=unit_id, source=source)


def cancel(act: ActContext) -> Verdict:
    """Drop the unit that is owed, with the codes it has so far; finished units of the same scan stay."""
    if act.owed is None:
        return say.nothing_to_cancel()
    owed = act.owed.piece
    run = works.pieces_of_entry(act.tx, owed.entry_id) if owed.entry_id else [owed]
    unfinished = [piece for piece in run if piece.owed]
    kept = len(run) - len(unfinished)
    entries = works.entries_of_pieces(act.tx, act.work.id, [piece.id for piece in unfinished])
    if not kept and owed.entry_id:
        entries.append(owed.entry_id)
    _drop(act, unfinished, entries)
    works.mark_undone(act.tx, entries)
    act.counts_changed()
    return say.cancelled(act.line(owed.line_id).product.sku, len(unfinished), kept)


def complete(
    act: ActContext, *, is_next_there: bool = False, happened: Mapping[int, Stamp] = _NOTHING_WRITTEN
) -> Verdict:
    """Book everything this work took: counts, statuses, events; nothing of it was visible before.

    Where the next order is scanned already, nobody is told to scan it.

    Args:
        act: on the work.
        is_next_there: is it?
        happened: when, and by whom, units were taken that are entered afterwards: by piece.
    """
    tx, work_id = act.tx, act.work.id
    pieces = works.pieces(tx, work_id)
    if not pieces:
        return say.nothing_to_complete()
    if refusal := on_hold(tx, work_id) or _lots_on_hold(act):
        return refusal
    is_purchase = act.rules.kind is OrderKind.PURCHASE
    coming = {*units.coming_to(tx, work_id)} if is_purchase else set[int]()
    if moved_on := units.not_shipped(tx, coming) if coming else []:
        return say.no_longer_back(moved_on)
    by_line: Counter[int] = Counter()
    for piece in pieces:
        by_line[piece.line_id] += piece.quantity
    for line_id, quantity in by_line.items():
        orders.book(tx, line_id, quantity)
    scanned = works.texts_of_units(tx, work_id, UNIT)
    moved = [
        Moved(
            unit_id=piece.unit_id,
            line_id=piece.line_id,
            source=piece.source or (Source.DOWNTIME if piece.id in happened else Source.SCAN),
            scanned=scanned.get(piece.id),
        )
        for piece in pieces
        if piece.unit_id is not None
    ]
    of_new_lots = lots.bring(tx, work_id)
    shapes.learn(tx, _without_house_serials(act, shapes.of_work(tx, work_id)))
    back = [one for one in moved if one.unit_id in coming]
    stamps = {piece.unit_id: happened.get(piece.id, act.stamp) for piece in pieces}
    for stamp in sorted(set(stamps.values()), key=attrgetter("at")):
        of_then = [one for one in moved if stamps[one.unit_id] == stamp]
        moves.move(tx, act.rules.move, [one for one in of_then if one.unit_id not in coming], stamp, by_work=work_id)
        _take_back(act, [one for one in of_then if one.unit_id in coming], stamp)
    works.close(tx, work_id, WorkStatus.COMPLETED, act.stamp)  # now a hold is told with the codes that it gave
    lot_on_hold = lot_holds.put(tx, of_new_lots, act.stamp, Source.SCAN)
    parts = works.parts_missing(tx, work_id) if back else {}
    lacking = {piece.unit_id: parts[piece.id] for piece in pieces if piece.unit_id and piece.id in parts}
    ids = [one.unit_id for one in back]
    on_hold_all = act.site.rules.returns_on_hold
    came_back = holds.put_back(tx, ids, act.order.number, lacking, act.stamp, all_of_them=on_hold_all)
    kept_back = _put_house_serials_on_hold(act, moved)
    act.counts_changed()
    orders.waits_from(tx, act.order.id, act.stamp.at)
    left, elsewhere = act.lines.left, act.lines.in_work
    verdict = say.completed(
        act.order.number,
        act.rules.kind,
        by_line.total(),
        left,
        elsewhere=elsewhere,
        kept_back=kept_back,
        lot_on_hold=lot_on_hold,
        came_back=came_back,
        noted=discrepancies.count_open(tx, act.order.id) if is_purchase else 0,
        is_next_there=is_next_there,
    )
    return say.with_missing(verdict, not_come(act))


def not_come(act: ActContext) -> Missing:
    """What a supplier has announced for this receipt's order and nobody has scanned (RULES 2.26)."""
    if act.rules.kind is not OrderKind.PURCHASE:
        return NOTHING_MISSING
    listed = [
        line.product.id
        for line in act.lines
        if line.product.is_listed and act.policy(line.product).receiving_asks is not Asks.NOTHING
    ]
    return expected.missing(act.tx, act.order.id, listed) if listed else NOTHING_MISSING


def _take_back(act: ActContext, back: Sequence[Moved], stamp: Stamp) -> None:
    """Shipped units are Received again: each came back from its shipment, and counts on this order (RULES 2.22)."""
    if not back:
        return
    ids, left_on = [one.unit_id for one in back], units.left_on(act.tx, [one.unit_id for one in back])
    units.bring_to(act.tx, ids, act.order.warehouse_id)
    returned = [replace(one, line_id=left_on[one.unit_id], source=Source.RETURN, scanned=one.scanned) for one in back]
    moves.move(act.tx, Move.RETURN, returned, stamp, reason=act.order.number, by_work=act.work.id)
    moves.receive_again(act.tx, back, stamp)


def _put_house_serials_on_hold(act: ActContext, moved: Sequence[Moved]) -> int:
    """What came in without a readable serial waits for it (RULES 2.8); returns how many units.

    One whose lot is on hold stays so for that.
    """
    if act.rules.kind is not OrderKind.PURCHASE:
        return 0
    whys = house_serials.of_units(act.tx, [one.unit_id for one in moved])
    if not whys:
        return 0
    waits = {row.unit_id for row in holds.standing(act.tx, [*whys]) if row.on_hold is not None}
    whys = {unit_id: why for unit_id, why in whys.items() if unit_id not in waits}
    for why in sorted(set(whys.values())):
        ids = [unit_id for unit_id, its in whys.items() if its == why]
        holds.put(act.tx, ids, hold_reason(why), act.stamp, Source.HOUSE)
    return len(whys)


def on_hold(tx: Transaction, work_id: int) -> Verdict | None:
    """Why work cannot be completed while units that it has reserved are on hold; None where none is."""
    units_on_hold = holds.in_work(tx, work_id)
    if not units_on_hold:
        return None
    first = events.holds(tx, [units_on_hold[0].unit_id])[units_on_hold[0].unit_id]
    return say.on_hold_in_work([one.code for one in units_on_hold], first.reason, first.operator)


def _lots_on_hold(act: ActContext) -> Verdict | None:
    """Why packing cannot be completed: its labels said a lot that is on hold since, and its units have none yet."""
    label_lots = lots.of_work(act.tx, act.work.id) if act.rules.kind is OrderKind.SHIPMENT else {}
    standing = lot_holds.of_products(act.tx, act.lines.product_ids) if label_lots else {}
    if not standing:
        return None
    known = [(units.known(act.tx, unit_id), lot.key) for unit_id, lot in label_lots.items()]
    caught = [
        (unit.primary or unit.secondary or "", hold)
        for unit, key in known
        if key and not unit.lot.lot and (hold := standing.get((unit.product_id, key)))
    ]
    if not caught:
        return None
    first = caught[0][1]
    return say.on_hold_in_work([code for code, _ in caught], first.mark, first.operator)


def _without_house_serials(act: ActContext, codes: shapes.NewCodes) -> shapes.NewCodes:
    """The codes that makers gave."""
    prefix = act.site.rules.house_prefix
    return {key: [one for one in some if not reads_like_one(prefix, code_key(one))] for key, some in codes.items()}


def same_scan(one: Entry, other: Entry) -> bool:
    """Are two entries acts of one scan?"""
    return one.op_id.partition("/")[0] == other.op_id.partition("/")[0]


def _drop(act: ActContext, pieces: Sequence[Piece], entries: Sequence[int]) -> None:
    units.drop_codes_of_entry(act.tx, entries)
    units.release(act.tx, [piece.unit_id for piece in pieces if piece.unit_id is not None])
    for piece in pieces:
        orders.give_back(act.tx, piece.line_id, piece.quantity)
    works.drop_pieces(act.tx, [piece.id for piece in pieces])
