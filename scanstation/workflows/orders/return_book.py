"""Returns to look at, and what a supervisor does to one (RULES 2.22)."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key
from scanstation.domain.language import joined, worded
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.returns import Return, ReturnedGoods, ReturnLine, ReturnStatus, ReturnSums, settled
from scanstation.store import acts, return_lists, returns
from scanstation.store.store import Transaction
from scanstation.workflows.site import Site


@dataclass(frozen=True, slots=True)
class ReturnDetail:
    """One return, and what has come back of it."""

    of: Return
    sums: ReturnSums
    goods: tuple[ReturnedGoods, ...]
    expected: tuple[tuple[ReturnLine, int], ...] = ()
    """What its list expects, and how much of each line has come back."""

    @property
    def awaited(self) -> int:
        """How much its list expects."""
        return sum(line.quantity for line, _ in self.expected)

    @property
    def missing(self) -> int:
        """How much of that has not come back."""
        return sum(line.quantity - back for line, back in self.expected)


def _expected(tx: Transaction, return_ids: Sequence[int]) -> dict[int, tuple[tuple[ReturnLine, int], ...]]:
    came = return_lists.came_back(tx, return_ids)
    lines_of_return = {}
    for return_id, lines in return_lists.lines(tx, return_ids).items():
        back = settled(lines, came.get(return_id, []))
        lines_of_return[return_id] = tuple((line, back[line.id]) for line in lines)
    return lines_of_return


def listed(site: Site) -> list[ReturnDetail]:
    """All returns, the newest first, without what came back one by one."""
    with site.store.read() as tx:
        found = returns.everything(tx)
        sums = returns.sums(tx, [one.id for one in found])
        awaited = _expected(tx, [one.id for one in found])
    return [ReturnDetail(one, sums.get(one.id, ReturnSums()), (), awaited.get(one.id, ())) for one in found]


def choose(site: Site, number: str, *, client: str | None = None) -> Return | Refused:
    """The return of a number, or why it stands for none or for several. A refusal is logged."""
    with site.store.read() as tx:
        found = returns.find(tx, number)
    meant = [one for one in found if client is None or code_key(one.client) == code_key(client)]
    if len(meant) == 1:
        return meant[0]
    reason = say.several_returns(number, [one.client for one in meant]) if meant else say.unknown_return_number(number)
    return site.log_refusal(Refused((reason,)), code=number)


def detail(site: Site, return_id: int) -> ReturnDetail:
    """One return with all that came back."""
    with site.store.read() as tx:
        one = returns.get(tx, return_id)
        sums = returns.sums(tx, [return_id]).get(return_id, ReturnSums())
        awaited = _expected(tx, [return_id]).get(return_id, ())
        return ReturnDetail(one, sums, tuple(returns.goods(tx, return_id)), awaited)


def close(site: Site, return_id: int) -> Done | Refused:
    """Nothing more is expected of a return: what comes all the same is asked about and goes on hold."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        one = returns.get(tx, return_id)
        if one.status is ReturnStatus.CLOSED:
            return Refused((say.return_closed_already(one.number),))
        if working := [work for work in returns.everywhere(tx) if work.return_id == return_id]:
            return Refused((say.return_in_work(one.number, working[0].station, working[0].operator),))
        returns.set_status(tx, return_id, ReturnStatus.CLOSED)
        acts.note(tx, "Return closed", one.number, stamp, client=one.client)
        sums = returns.sums(tx, [return_id]).get(return_id, ReturnSums())
        missing = ReturnDetail(one, sums, (), _expected(tx, [return_id]).get(return_id, ())).missing
        return say.return_is_closed(one.number, sums.done, missing)

    answer = site.act(Deed.CLOSE_RETURN, act)
    return site.logged(answer)


def expected(site: Site) -> list[tuple[str, str]]:
    """The open returns with what is known of each, as an empty desk lists them."""
    return [(one.of.number, _known(one)) for one in listed(site) if one.of.status is ReturnStatus.OPEN][:_SHOWN]


_SHOWN = 12


def _known(one: ReturnDetail) -> str:
    back = (
        worded("{done} of {awaited} back", done=one.sums.done, awaited=one.awaited)
        if one.expected
        else worded("{done} back", done=one.sums.done)
    )
    said = [one.of.client, back, worded("{pieces} in hand", pieces=one.sums.open) if one.sums.open else ""]
    return joined([one for one in said if one], " · ")


def as_json(details: Sequence[ReturnDetail], *, with_goods: bool = False) -> list[dict[str, object]]:
    """Returns as `returns list` and `returns show` print them."""
    return [_plain(one, with_goods=with_goods) for one in details]


def _plain(one: ReturnDetail, *, with_goods: bool) -> dict[str, object]:
    plain: dict[str, object] = {
        "number": one.of.number,
        "client": one.of.client or None,
        "status": one.of.status.value,
        "came_back": one.sums.done,
        "unknown": one.sums.unknown,
        "open": one.sums.open,
        "expected": one.awaited,
        "missing": one.missing,
    }
    if with_goods:
        plain["list"] = [
            {
                "sku": line.sku,
                "serial": line.serial or None,
                "quantity": line.quantity,
                "so_number": line.order_number or None,
                "came_back": back,
            }
            for line, back in one.expected
        ]
        plain["units"] = [
            {
                "client": item.client,
                "sku": item.sku,
                "primary_serial": item.primary,
                "secondary_serial": item.secondary,
                "quantity": item.quantity,
                "unknown": item.is_unknown,
                "part_missing": item.part_missing or None,
                "booked": item.is_booked,
                "warehouse": item.warehouse,
                "station": item.station,
                "operator": item.operator,
                "at": item.at,
            }
            for item in one.goods
        ]
    return plain
