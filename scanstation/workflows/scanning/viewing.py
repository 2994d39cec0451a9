"""How the order on a desk stands, as plain values for its screen."""

from scanstation.domain.orders import OrderLine
from scanstation.domain.tracking import Asks
from scanstation.domain.work import Standing
from scanstation.store import works
from scanstation.workflows.scanning.views import LineView, OrderView
from scanstation.workflows.scanning.work_facts import WorkFacts


def order_view(facts: WorkFacts) -> tuple[OrderView, str]:
    """The order with its lines, and in three words why its work cannot be completed now; '' where it can."""
    order = facts.order
    standing = works.standing(facts.tx, order.id, facts.work_id)
    in_hand = sum(line.in_work for line in facts.lines) - sum(share.quantity for share in standing.others)
    lines = tuple(_line_view(facts, line, standing) for line in facts.lines)
    view = OrderView(order.id, order.number, order.client, order.warehouse, order.partner, order.status, lines, in_hand)
    if facts.prompt:
        return view, "a serial is owed"
    return view, "nothing is scanned" if standing.last_line is None else ""


def _line_view(facts: WorkFacts, line: OrderLine, standing: Standing) -> LineView:
    taken = line.done + line.in_work
    others = [share for share in standing.others if share.line_id == line.id]
    owed = standing.owed.get(line.id, 0) + sum(share.owed for share in others)
    policy = facts.policy(line.product)
    if not policy.tracked:
        serials = "not tracked"
    elif facts.rules.asks(policy) is not Asks.NOTHING:
        serials = f"{taken - owed} of {taken}"
    else:
        serials = "by import" if facts.rules.imports(policy) else "not asked"
    return LineView(
        line.id,
        line.product.sku,
        line.product.description,
        line.ordered,
        taken - owed,
        serials,
        tuple((share.station, share.quantity - share.owed) for share in others),
        in_work=line.id == standing.last_line,
    )
