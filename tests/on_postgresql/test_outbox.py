"""On a server a lower number may be saved later than a higher one: no message is passed over for it."""

import threading

from sqlalchemy import event
from sqlalchemy.engine import Connection

from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.site import Site
from tests import builders, erp


def test_what_is_saved_late_is_heard_late_and_not_never(site: Site) -> None:
    builders.product(site, "BOX", 0)
    slow, quick = builders.purchase(site, "N-1", {"BOX": 1}), builders.purchase(site, "N-2", {"BOX": 1})
    at_commit, may_commit = threading.Event(), threading.Event()

    def hold_back(_: Connection) -> None:
        if threading.current_thread() is late:
            at_commit.set()
            may_commit.wait(60)

    late = threading.Thread(target=lambda: purchase_orders.receive_all(site, slow))
    event.listen(site.store.engine, "commit", hold_back)
    late.start()
    assert at_commit.wait(60)  # its row has its number, and nobody sees it
    purchase_orders.receive_all(site.at_station("dock-3"), quick)
    first = erp.numbered(site.store)
    may_commit.set()
    late.join()
    second = erp.numbered(site.store, after=len(first))
    orders = [(one["number"], one["order"]["number"]) for one in (*first, *second)]
    assert orders == [(1, "N-2"), (2, "N-1")]
    erp.compare(site.store)
