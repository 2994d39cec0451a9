"""Transfers: units and goods sent out of one warehouse, taken in at another, and the end of it (RULES 2.27)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, code_key, listed, read_code, shorten, visible
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.products import Product
from scanstation.domain.scan import Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.transfers import Leg, Missing, Transfer, TransferGoods, TransferStatus, TransferUnit
from scanstation.domain.units import NamedUnit, Stamp
from scanstation.domain.work import Boxed
from scanstation.store import acts, batches, boxes, catalog, events, transfers, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes.serial_rules import whereabouts_words
from scanstation.workflows.orders.corrections import now_called
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.site import Site

_ENDS = {Missing.LOST: Leg.LOST, Missing.BACK: Leg.BACK}
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class TransferDetail:
    """A transfer with its list."""

    of: Transfer
    units: tuple[TransferUnit, ...]
    goods: tuple[TransferGoods, ...]

    def count(self, *which: Leg) -> int:
        """Pieces that stand so."""
        return sum(one.leg in which for one in self.units) + sum(one.count(leg) for one in self.goods for leg in which)

    @property
    def sent(self) -> int:
        """Pieces that went out."""
        return self.count(*Leg)


def choose(site: Site, number: str) -> Transfer | Refused:
    """The transfer of a number."""
    with site.store.read() as tx:
        found = transfers.find(tx, number)
    return found or say.no_transfer(number)


def listing(site: Site) -> list[TransferDetail]:
    """All transfers, the newest first."""
    with site.store.read() as tx:
        return [_detail(tx, one) for one in transfers.listed(tx)]


def detail(site: Site, transfer_id: int) -> TransferDetail:
    """One of them."""
    with site.store.read() as tx:
        return _detail(tx, transfers.get(tx, transfer_id))


def as_json(one: TransferDetail) -> dict[str, object]:
    """A transfer as `transfers list` and `transfers show` print it."""
    return {
        "number": one.of.number,
        "from": one.of.from_warehouse,
        "to": one.of.to_warehouse,
        "status": one.of.status.value,
        "at": one.of.at,
        "operator": one.of.operator,
        "station": one.of.station,
        "units": [
            {
                "client": unit.client,
                "sku": unit.sku,
                "primary_serial": unit.primary,
                "secondary_serial": unit.secondary,
                "state": unit.leg.value,
            }
            for unit in one.units
        ],
        "goods": [
            {
                "client": goods.client,
                "sku": goods.sku,
                "sent": goods.sent,
                "arrived": goods.arrived,
                "back": goods.back,
                "lost": goods.lost,
                "on_the_way": goods.on_the_way,
            }
            for goods in one.goods
        ],
    }


def begin(site: Site, from_name: str, to_name: str) -> Done | Refused:
    """A new transfer; nothing is on it yet."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        ids = [catalog.warehouse_id(tx, name) for name in (from_name, to_name)]
        for name, warehouse_id in zip((from_name, to_name), ids, strict=True):
            if warehouse_id is None:
                return say.no_warehouse(name)
        from_id, to_id = ids
        if from_id is None or to_id is None or from_id == to_id:
            return say.same_warehouse(from_name)
        new = begun(tx, from_id, to_id, stamp)
        return say.transfer_is_begun(new.number, new.from_warehouse, new.to_warehouse)

    return site.logged(site.act(Deed.SEND_OUT, act))


def begun(tx: Transaction, from_id: int, to_id: int, stamp: Stamp) -> Transfer:
    """A new transfer between two different warehouses."""
    new = transfers.create(tx, from_id, to_id, stamp)
    acts.note(tx, "Transfer begun", new.number, stamp, became=f"{new.from_warehouse} to {new.to_warehouse}")
    return new


def send(
    site: Site,
    transfer_id: int,
    codes: Sequence[str],
    *,
    client: str | None = None,
    sku: str | None = None,
    source: Source = Source.TRANSFER,
) -> Done | Refused:
    """Units of the sending warehouse go out, all or none: in transit, and refused by every other act."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        of = transfers.get(tx, transfer_id, lock=True)
        if of.status is TransferStatus.CLOSED:
            return say.transfer_closed(of.number)
        chosen, problems = _chosen(tx, codes, client, sku)
        known = _known_anew(tx, chosen)
        if problems := [*problems, *why_not_sent(tx, of, known)]:
            return Refused(tuple(problems))
        transfers.send(tx, of, [one.unit.id for one in known.values()], stamp, source)
        return say.units_are_sent(of.number, [*known], of.to_warehouse, _on_hold_notes(known))

    return site.logged(site.act(Deed.SEND_OUT, act))


def take_in(
    site: Site,
    transfer_id: int,
    codes: Sequence[str],
    *,
    client: str | None = None,
    sku: str | None = None,
    unlisted: bool = False,
    source: Source = Source.TRANSFER,
) -> Done | Refused:
    """Units arrive, all or none: Received in the other warehouse, on hold as they were.

    A closed transfer takes in what is still on its way.

    Args:
        site: where, and on whose behalf.
        transfer_id: the transfer.
        codes: of the units, either of their serials.
        client: whose, where several have one code.
        sku: likewise.
        unlisted: has a person said that units which nobody has sent out are here all the same? They are sent out and
            taken in.
        source: how the codes came in.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        of = transfers.get(tx, transfer_id, lock=True)
        chosen, problems = _chosen(tx, codes, client, sku)
        known = _known_anew(tx, chosen)
        why, not_sent = why_not_taken_in(tx, of, known)
        if not unlisted:
            why += [say.not_on_list(code, of.number, of.from_warehouse) for code in not_sent]
        if problems := [*problems, *why]:
            return Refused(tuple(problems))
        transfers.send(tx, of, list(not_sent.values()), stamp, source)
        transfers.end_leg(tx, of, [one.unit.id for one in known.values()], Leg.ARRIVED, stamp, source)
        notes = _on_hold_notes(known)
        if not_sent:
            notes = [say.were_not_listed(len(not_sent)), *notes]
        return say.units_have_arrived(of.number, [*known], of.to_warehouse, notes)

    return site.logged(site.act(Deed.TAKE_IN, act))


def send_goods(site: Site, transfer_id: int, client: str, sku: str, quantity: int) -> Done | Refused:
    """So many pieces of goods without serials go out."""

    def act(tx: Transaction) -> Done | Refused:
        of = transfers.get(tx, transfer_id, lock=True)
        if of.status is TransferStatus.CLOSED:
            return say.transfer_closed(of.number)
        product = goods(site, tx, client, sku, quantity)
        if isinstance(product, Refused):
            return product
        transfers.send_goods(tx, of, product.id, quantity)
        what = f"{quantity} of {visible(product.sku)}"
        acts.note(tx, "Goods sent", of.number, site.stamp(), client=client, became=what)
        return say.goods_are_sent(of.number, product.sku, quantity, of.to_warehouse)

    return site.logged(site.act(Deed.SEND_OUT, act))


def take_in_goods(site: Site, transfer_id: int, client: str, sku: str, quantity: int) -> Done | Refused:
    """So many pieces of goods without serials arrive; never more than were sent."""

    def act(tx: Transaction) -> Done | Refused:
        of = transfers.get(tx, transfer_id, lock=True)
        product = goods(site, tx, client, sku, quantity)
        if isinstance(product, Refused):
            return product
        left = sum(one.on_the_way for one in transfers.goods_of(tx, of.id) if one.product_id == product.id)
        if quantity > left:
            return say.not_so_many(of.number, product.sku, left, quantity)
        transfers.end_goods(tx, of, product.id, Leg.ARRIVED, quantity)
        what = f"{quantity} of {visible(product.sku)}"
        acts.note(tx, "Goods arrived", of.number, site.stamp(), client=client, became=what)
        return say.goods_have_arrived(of.number, product.sku, quantity, of.to_warehouse)

    return site.logged(site.act(Deed.TAKE_IN, act))


def close(site: Site, transfer_id: int, missing: Missing | None, reason: str) -> Done | Refused:
    """A supervisor ends a transfer, and says what became of what has not arrived.

    Lost: disposed of. Back: Received again where it was sent from. On the way: it may still arrive.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        of = transfers.get(tx, transfer_id, lock=True)
        one = _detail(tx, of)
        left = [unit for unit in one.units if unit.leg is Leg.ON_THE_WAY]
        goods = [line for line in one.goods if line.on_the_way]
        if not one.sent:
            return say.nothing_sent(of.number)
        if of.status is TransferStatus.CLOSED and not (left or goods):
            return say.transfer_closed_already(of.number)
        if (left or goods) and missing is None:
            return say.transfer_lacks(of.number, _left_words(left, goods))
        if blank := blank_reason(of.number, reason, "closed", kept="with the transfer"):
            return blank
        if missing in _ENDS:
            leg, why = _ENDS[missing], f"{missing.value}, {reason.strip()}"
            batches.lock_units(tx, [unit.unit_id for unit in left])
            transfers.end_leg(tx, of, [unit.unit_id for unit in left], leg, stamp, Source.BUTTON, why)
            for line in goods:
                transfers.end_goods(tx, of, line.product_id, leg, line.on_the_way)
        transfers.close(tx, of.id)
        count = len(left) + sum(line.on_the_way for line in goods)
        became = f"{counted(count, 'piece')} {_FATE[missing]}" if count and missing else "all arrived"
        acts.note(tx, "Transfer closed", of.number, stamp, became=became, reason=reason.strip())
        return say.transfer_is_closed(of.number, count, missing)

    return site.logged(site.act(Deed.CLOSE_TRANSFER, act))


_FATE = {Missing.LOST: "lost", Missing.BACK: "back where they were sent from", Missing.ON_THE_WAY: "still on the way"}


def _detail(tx: Transaction, of: Transfer) -> TransferDetail:
    return TransferDetail(of, tuple(transfers.units_of(tx, of.id)), tuple(transfers.goods_of(tx, of.id)))


def _chosen(
    tx: Transaction, codes: Iterable[str], client: str | None, sku: str | None
) -> tuple[dict[str, NamedUnit], list[Reason]]:
    """The unit of each code, and what is wrong with the others."""
    chosen: dict[str, NamedUnit] = {}
    problems: list[Reason] = []
    of = "".join(f" of {visible(word)}" for word in (sku, client) if word)
    for text in codes:
        code = read_code(text)
        matches = [] if isinstance(code, BadCode) else units.with_code(tx, code.key)
        matches = [
            one
            for one in matches
            if (client is None or code_key(one.client) == code_key(client))
            and (sku is None or code_key(one.sku) == code_key(sku))
        ]
        if not matches and not isinstance(code, BadCode) and (now := now_called(tx, code)):
            problems += now.reasons
        elif not matches:
            problems.append(say.unknown_for_transfer(text, of))
        elif len(matches) > 1:
            owners = [f"{visible(one.sku)} of {visible(one.client)}" for one in matches]
            problems.append(say.several_for_transfer(text, owners))
        elif matches[0].unit.id in {one.unit.id for one in chosen.values()}:
            problems.append(say.named_twice(text))
        else:
            chosen[text] = matches[0]
    return chosen, problems


def _known_anew(tx: Transaction, chosen: Mapping[str, NamedUnit]) -> dict[str, NamedUnit]:
    """The same units, locked, as they stand then."""
    batches.lock_units(tx, [one.unit.id for one in chosen.values()])
    known = {code: units.named(tx, one.unit.id) for code, one in chosen.items()}
    return {code: one for code, one in known.items() if one is not None}


def _where(tx: Transaction, known: Mapping[str, NamedUnit]) -> dict[int, str]:
    seen = events.whereabouts(tx, [one.unit.id for one in known.values()])
    return {unit_id: whereabouts_words(one) for unit_id, one in seen.items()}


def why_not_sent(tx: Transaction, of: Transfer, known: Mapping[str, NamedUnit]) -> list[Reason]:
    """Why those of the units that cannot go out stay; the units, by what they were called, are locked."""
    ids = [one.unit.id for one in known.values()]
    going, boxed, where = transfers.on_the_way(tx, ids), boxes.of_units(tx, ids), _where(tx, known)
    problems: list[Reason] = []
    for code, one in known.items():
        unit = one.unit
        if unit.id in going:
            problems.append(say.already_in_transit(code, going[unit.id]))
        elif unit.status is not UnitStatus.RECEIVED or unit.held_by is not None:
            problems.append(say.not_free_to_go(code, where[unit.id]))
        elif unit.warehouse_id != of.from_id:
            problems.append(say.in_another_warehouse(code, unit.warehouse, of.number, of.from_warehouse))
        elif unit.id in boxed:
            problems.append(_in_a_box(code, boxed[unit.id]))
    return problems


def why_not_taken_in(
    tx: Transaction, of: Transfer, known: Mapping[str, NamedUnit]
) -> tuple[list[Reason], dict[str, int]]:
    """Why those of the units that cannot arrive do not; and those that nobody has sent out, but that stand where they
    would have been sent from: code → unit id.
    """
    ids = [one.unit.id for one in known.values()]
    legs, boxed, where = transfers.legs(tx, of.id, ids), boxes.of_units(tx, ids), _where(tx, known)
    problems: list[Reason] = []
    not_sent: dict[str, int] = {}
    for code, one in known.items():
        unit, leg = one.unit, legs.get(one.unit.id)
        if leg is Leg.ON_THE_WAY:
            continue
        free = unit.status is UnitStatus.RECEIVED and unit.held_by is None
        if leg is Leg.ARRIVED and free and unit.warehouse_id == of.to_id:
            problems.append(say.arrived_before(code, of.number))
        elif not free or unit.warehouse_id != of.from_id or of.status is TransferStatus.CLOSED:
            problems.append(say.not_on_the_way(code, where[unit.id], of.number))
        elif unit.id in boxed:
            problems.append(_in_a_box(code, boxed[unit.id]))
        else:
            not_sent[code] = unit.id
    return problems, not_sent


def _in_a_box(code: str, boxed: Boxed) -> Reason:
    """It was scanned into the box of an order, and waits there for its import (RULES 2.10)."""
    return say.in_a_box(shorten(code), boxed).reasons[0]


def goods(site: Site, tx: Transaction, client: str, sku: str, quantity: int) -> Product | Refused:
    """The product whose pieces go by quantity; or why none does."""
    if quantity < 1:
        return say.below_one()
    client_id = catalog.client_id(tx, client)
    product = catalog.product_by_sku(tx, client_id, sku) if client_id is not None else None
    if product is None:
        return say.no_sku_for_transfer(sku, client)
    if site.policy(product.settings).receiving_needs_serials:
        return say.units_not_quantity(product.sku)
    return product


def _on_hold_notes(known: Mapping[str, NamedUnit]) -> list[str]:
    on_hold = [code for code, one in known.items() if one.unit.on_hold is not None]
    return [say.stay_on_hold(len(on_hold))] if on_hold else []


def _left_words(left: Sequence[TransferUnit], goods: Sequence[TransferGoods]) -> str:
    codes = [unit.primary or unit.secondary or "" for unit in left]
    counts = [say.so_many_of(line.on_the_way, line.sku) for line in goods]
    return listed([*codes, *counts], _MOST_NAMED)
