"""Taking over open work that another station left (RULES 2.4)."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind, WorkStatus
from scanstation.store import acts, orders, units, works
from scanstation.store.store import Transaction
from scanstation.workflows.site import Site, local_time


def take_over(site: Site, work_id: int, *, asked: int | None = None) -> Done | Refused:
    """Make another station's open work this station's own, whatever it owes; that station's next scan is STOP.

    Ask the person first, saying who left it and since when. `asked` is how many pieces were in it then: refused where
    it is another number, for somebody is at work there.
    """
    stamp = site.stamp()
    with site.store.read() as tx:
        kind = orders.get(tx, works.get(tx, work_id).order_id).kind
    deed = Deed.TAKE_OVER_RECEIPT if kind is OrderKind.PURCHASE else Deed.TAKE_OVER_PACKING

    def act(tx: Transaction) -> Done | Refused:
        order = orders.lock(tx, works.get(tx, work_id).order_id)  # the order first, as every act does
        theirs = works.get(tx, work_id, lock=True)
        since = local_time(theirs.opened_at, site.store.clock())
        if theirs.status is not WorkStatus.OPEN:
            return say.their_work_has_ended(operator=theirs.operator, number=order.number, status=theirs.status.value)
        if code_key(theirs.station) == code_key(stamp.station):
            return say.own_work(number=order.number)
        pieces = works.tally(tx, theirs.id).quantity
        if asked not in (None, pieces):
            return say.still_at_work(theirs.operator, order.number, theirs.station, pieces, asked)
        mine = works.own(tx, order.id, stamp.station)
        if mine and works.owed(tx, mine.id):
            return say.owes_itself(number=order.number)
        mine = mine or works.start(tx, order.id, stamp)
        units.hand_over(tx, theirs.id, mine.id)
        works.hand_over(tx, theirs.id, mine.id)
        orders.works_changed(tx, order.id)
        works.close(tx, theirs.id, WorkStatus.TAKEN_OVER, stamp)
        left_by = f"{theirs.operator} at {theirs.station}"
        acts.note(tx, "Took work over", f"{order.kind} {order.number}", stamp, client=order.client, was=left_by)
        taken = works.tally(tx, mine.id).quantity
        return say.work_is_yours(
            number=order.number, operator=theirs.operator, station=theirs.station, since=since, count=taken
        )

    answer = site.act(deed, act)
    return site.logged(answer)
