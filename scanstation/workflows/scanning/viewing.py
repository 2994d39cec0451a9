"""How the order on a desk stands, as plain values for its screen; what no scan has changed is not made anew."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from scanstation.domain.language import said_later, spoken, word
from scanstation.domain.order_lines import OrderLines
from scanstation.domain.orders import OrderLine
from scanstation.domain.tracking import Asks
from scanstation.domain.work import LineShare, Standing
from scanstation.workflows.scanning.views import BY_IMPORT, NOT_ASKED, NOT_TRACKED, LineView, OrderView
from scanstation.workflows.scanning.work_facts import WorkFacts


@dataclass(frozen=True, slots=True)
class AtHand:
    """An order's lines and their views as the last answer left them, for the next scan to change."""

    order_id: int
    client_id: int
    work_id: int
    lines: OrderLines
    views: tuple[LineView, ...]
    left: int
    ordered: int
    owed: Mapping[int, int]
    others: Mapping[int, tuple[LineShare, ...]]
    last_line: int | None
    language: object
    """What the views were worded in (`language.spoken`)."""


def order_view(facts: WorkFacts, at_hand: AtHand | None = None) -> tuple[OrderView, str, AtHand]:
    """The order with its lines, why its work cannot be completed now ('' where it can), and what to keep at hand."""
    order, lines = facts.order, facts.lines
    standing = facts.standing
    in_hand = lines.in_work - sum(share.quantity for share in standing.others)
    now = _seen(facts, standing, at_hand)
    view = OrderView(
        order.id,
        order.number,
        order.client,
        order.warehouse,
        order.partner,
        order.status,
        now.views,
        in_hand,
        now.left,
        now.ordered,
    )
    if facts.prompt:
        return view, said_later("a serial is owed"), now
    return view, said_later("nothing is scanned") if standing.last_line is None else "", now


def _seen(facts: WorkFacts, standing: Standing, before: AtHand | None) -> AtHand:
    lines, others = facts.lines, dict[int, tuple[LineShare, ...]]()
    for share in standing.others:
        others[share.line_id] = (*others.get(share.line_id, ()), share)
    is_known = before is not None and before.work_id == facts.work_id and before.language is spoken()
    if before is None or not is_known or not lines.is_version_of(before.lines):
        views = tuple(_line_view(facts, line, standing, others) for line in lines)
        left, ordered = sum(_left(view) for view in views), sum(view.ordered for view in views)
    else:
        views, left, ordered = before.views, before.left, before.ordered
        if places := _touched(lines, standing, others, before):
            all_views = [*views]
            for place in places:
                was, line = all_views[place], lines.at(place)
                all_views[place] = _line_view(facts, line, standing, others)
                left += _left(all_views[place]) - _left(was)
                ordered += all_views[place].ordered - was.ordered
            views = tuple(all_views)
    return AtHand(
        facts.order.id,
        facts.order.client_id,
        facts.work_id,
        lines,
        views,
        left,
        ordered,
        standing.owed,
        others,
        standing.last_line,
        spoken(),
    )


def _touched(
    lines: OrderLines, standing: Standing, others: Mapping[int, tuple[LineShare, ...]], before: AtHand
) -> Collection[int]:
    """The places of lines of which anything is shown otherwise than before."""
    ids = {*before.owed, *standing.owed}
    ids |= {line_id for line_id in before.others.keys() | others if before.others.get(line_id) != others.get(line_id)}
    ids |= {line_id for line_id in (before.last_line, standing.last_line) if line_id is not None}
    return lines.changed.keys() | {lines.place(line_id) for line_id in ids if lines.has(line_id)}


def _left(view: LineView) -> int:
    return max(0, view.ordered - view.done)


def _line_view(
    facts: WorkFacts, line: OrderLine, standing: Standing, others_of: Mapping[int, tuple[LineShare, ...]]
) -> LineView:
    taken = line.done + line.in_work
    others = others_of.get(line.id, ())
    owed = standing.owed.get(line.id, 0) + sum(share.owed for share in others)
    policy = facts.policy(line.product)
    if not policy.tracked:
        serials = word(NOT_TRACKED)
    elif facts.rules.asks(policy) is not Asks.NOTHING:
        serials = word("{done} of {ordered}", done=taken - owed, ordered=taken)
    else:
        serials = word(BY_IMPORT if facts.rules.imports(policy) else NOT_ASKED)
    return LineView(
        line.id,
        line.product.sku,
        line.product.description,
        line.wanted,
        taken - owed,
        serials,
        tuple((share.station, share.quantity - share.owed) for share in others),
        in_work=line.id == standing.last_line,
    )
