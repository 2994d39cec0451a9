"""What suppliers announce for a purchase order, taken back; no unit is changed (RULES 2.26)."""

from scanstation.domain import sentences as say
from scanstation.domain.operators import Deed
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind
from scanstation.domain.units import Stamp
from scanstation.store import acts, expected
from scanstation.store.store import Transaction
from scanstation.workflows.orders.order_book import act_on
from scanstation.workflows.site import Site


def remove_expected(site: Site, order_id: int, *, list_id: int | None = None) -> Done | Refused:
    """Forget what an order expects, or (`list_id`) what one of its files said: a wrong list stands in the way."""

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        known = {one.id: one.file_name for one in expected.lists_of(tx, order_id)}
        if not known or (list_id is not None and list_id not in known):
            return say.no_such_list(order.number, list_id, [*known.items()])
        count = expected.remove(tx, order_id, list_id)
        was = f"{counted(count, 'serial')} of {known[list_id] if list_id is not None else 'all lists'}"
        acts.note(tx, "Expected serials removed", f"PO {order.number}", stamp, client=order.client, was=was)
        return Done(say.list_removed(order.number, count))

    return act_on(site, Deed.REMOVE_EXPECTED, order_id, OrderKind.PURCHASE, act)
