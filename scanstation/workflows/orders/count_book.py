"""Counts: begun, scanned, ended; what they lack is written off after a second round (RULES 2.28)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, code_key, listed, read_code, visible
from scanstation.domain.counts import (
    Count,
    CountedScan,
    CountStatus,
    ExpectedUnit,
    Result,
    not_scanned,
    write_off_reason,
)
from scanstation.domain.counts import found as what_was_found
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.products import Product
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import Move, UnitStatus
from scanstation.domain.units import Moved, NamedUnit, Stamp
from scanstation.store import acts, batches, catalog, counts, events, holds, moves, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.serial_rules import whereabouts_words
from scanstation.workflows.orders.corrections import now_called, reserved_by_box
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.site import Site, local_time

_MOST_NAMED = 20
_WITH_UNITS = "with each unit's history"


@dataclass(frozen=True, slots=True)
class CountDetail:
    """A count, how many pieces were scanned on it, and how many units it lacked as it ended."""

    of: Count
    pieces: int
    missing: int | None
    """None before it ends, and of a partial one."""


@dataclass(frozen=True, slots=True)
class CountEnd:
    """What came of a count as it ended."""

    number: str
    sums: str
    """How many were found, are missing, and so on, in words."""
    missing: tuple[str, ...]
    """SKU and serial of each unit."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountItem:
    """A code that is to be counted, or goods."""

    scan: Scan
    unit: NamedUnit | None = None
    product: Product | None = None


def choose(site: Site, number: str) -> Count | Refused:
    """The count of a number."""
    with site.store.read() as tx:
        found = counts.find(tx, number)
    return found or say.no_count(number)


def listing(site: Site) -> list[CountDetail]:
    """All counts, the newest first."""
    with site.store.read() as tx:
        return _details(tx, counts.listed(tx))


def detail(site: Site, count_id: int) -> CountDetail:
    """One of them."""
    with site.store.read() as tx:
        return _details(tx, [counts.get(tx, count_id)])[0]


def as_json(one: CountDetail) -> dict[str, object]:
    """A count as `counts list` prints it."""
    of = one.of
    return {
        "number": of.number,
        "warehouse": of.warehouse,
        "client": of.client or None,
        "second_round_of": of.of_number or None,
        "partial": of.is_partial,
        "status": of.status.value,
        "at": of.at,
        "operator": of.operator,
        "station": of.station,
        "closed_at": of.closed_at,
        "closed_by": of.closed_by,
        "counted": one.pieces,
        "missing": one.missing,
    }


# Beginning


def begin(
    site: Site, warehouse: str, client: str | None = None, skus: Sequence[str] = (), *, is_partial: bool = False
) -> Done | Refused:
    """A new count of a warehouse, of a client's goods there, or of some of its SKUs; what is Received now is kept.

    Args:
        site: where, and on whose behalf.
        warehouse: its name.
        client: whose goods alone; needed with SKUs.
        skus: these products alone.
        is_partial: is not everything to be scanned? Then nothing is missing.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        warehouse_id = catalog.warehouse_id(tx, warehouse)
        if warehouse_id is None:
            return say.no_warehouse(warehouse)
        client_id = catalog.client_id(tx, client) if client is not None else None
        if client is not None and client_id is None:
            return say.no_such_client(client)
        products, problems = dict[int, Product](), list[Reason]()
        for sku in skus:
            product = catalog.product_by_sku(tx, client_id, sku) if client_id is not None else None
            if product is None:
                problems += say.no_sku_for_transfer(sku, client or "").reasons
            else:
                products[product.id] = product
        if problems:
            return Refused(tuple(problems))
        new, what = begun(tx, stamp, warehouse_id, client_id, products, is_partial=is_partial)
        return say.count_is_begun(new.number, what)

    return site.logged(site.act(Deed.COUNT, act))


def begun(
    tx: Transaction,
    stamp: Stamp,
    warehouse_id: int,
    client_id: int | None,
    products: dict[int, Product],
    *,
    is_partial: bool = False,
) -> tuple[Count, str]:
    """A new count within an act, and of what it is; no products: all of the client, or of everybody."""
    new = counts.create(tx, warehouse_id, client_id, stamp, is_of_skus=bool(products), is_partial=is_partial)
    counts.add_lines(tx, new.id, _on_hand(tx, new, products))
    counts.expect_units(tx, new)
    what = _scope(new, [one.sku for one in products.values()])
    acts.note(tx, "Count begun", new.number, stamp, client=new.client, became=what)
    return new, what


def begin_again(site: Site, count_id: int) -> Done | Refused:
    """A second round over what an ended count lacks and what is still where it was; it is another person's."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        first = counts.get(tx, count_id, lock=True)
        lacking = to_look_for(tx, first, stamp)
        if isinstance(lacking, Refused):
            return lacking
        new = begun_again(tx, first, lacking, stamp)
        return say.count_begun_again(new.number, first.number)

    return site.logged(site.act(Deed.COUNT, act))


def to_look_for(tx: Transaction, first: Count, stamp: Stamp) -> list[ExpectedUnit] | Refused:
    """What a second round by whoever is here would be about; or why there is none."""
    if first.of_id is not None:
        return say.second_of_second(first.number, first.of_number)
    if first.status is CountStatus.OPEN:
        return say.count_open(first.number)
    if first.is_partial:
        return say.partial_count(first.number)
    if refusal := _same_person(tx, first, stamp):
        return refusal
    return _still_missing(tx, first) or say.nothing_missing(first.number)


def begun_again(tx: Transaction, first: Count, lacking: Sequence[ExpectedUnit], stamp: Stamp) -> Count:
    """A second round over these units within an act."""
    new = counts.create(tx, first.warehouse_id, first.client_id, stamp, of_id=first.id)
    counts.expect_missing(tx, new, [one.unit_id for one in lacking])
    acts.note(tx, "Count begun", new.number, stamp, client=new.client, became=f"second round of {first.number}")
    return new


# Counting


def scan(
    site: Site,
    count_id: int,
    codes: Sequence[str],
    *,
    client: str | None = None,
    sku: str | None = None,
    unknown: bool = False,
    source: Source = Source.TYPED,
) -> Done | Refused:
    """Units that are there, by either of their serials; all or none. What is expected is not told.

    Args:
        site: where, and on whose behalf.
        count_id: the count.
        codes: of the units.
        client: whose, where several have one code.
        sku: likewise.
        unknown: are serials counted that no unit has?
        source: how the codes came in.
    """
    stamp = site.stamp()
    scans = [Scan(code, source) for code in codes]

    def act(tx: Transaction) -> Done | Refused:
        of = counts.get(tx, count_id, lock=True)
        if refusal := no_counter(tx, of, stamp):
            return refusal
        items, problems = list[CountItem](), list[Reason]()
        seen = set[int | str]()
        for one in scans:
            item = _item(site, tx, of, one, client, sku, unknown=unknown)
            if isinstance(item, Reason):
                problems.append(item)
                continue
            name = item.unit.unit.id if item.unit else code_key(one.text)
            if name in seen:
                problems.append(say.named_twice(one.text))
            seen.add(name)
            items.append(item)
        if problems:
            return Refused(tuple(problems))
        for item in items:
            product_id = item.unit.unit.product_id if item.unit else None
            unit = item.unit.unit if item.unit else None
            place, in_hand = place_of(tx, item.unit) if item.unit else ("", False)
            counts.add_scan(tx, of.id, item.scan, stamp, product_id=product_id, unit=unit, in_hand=in_hand, place=place)
        return say.units_are_counted(of.number, [one.text for one in scans], _pieces(tx, of))

    return site.logged(site.act(Deed.COUNT, act))


def count_goods(site: Site, count_id: int, client: str, sku: str, quantity: int) -> Done | Refused:
    """So many pieces of goods that are counted by quantity."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        of = counts.get(tx, count_id, lock=True)
        if refusal := no_counter(tx, of, stamp):
            return refusal
        if quantity < 1:
            return say.below_one()
        client_id = catalog.client_id(tx, client)
        product = catalog.product_by_sku(tx, client_id, sku) if client_id is not None else None
        if client_id is None or product is None:
            return say.no_sku_for_transfer(sku, client)
        if of.of_id is not None:
            return Refused((say.only_units_again(of.number),))
        if product.settings.gives_serials_before_packing:
            return Refused((say.counted_by_serial(product.sku),))
        if not counts.is_of(tx, of, product.id, client_id):
            return Refused((say.not_of_this_count(product.sku, client, of.number),))
        entered = Scan(product.sku, Source.TYPED)
        counts.add_scan(tx, of.id, entered, stamp, product_id=product.id, quantity=quantity)
        return say.goods_are_counted(of.number, product.sku, quantity, _pieces(tx, of))

    return site.logged(site.act(Deed.COUNT, act))


def undo(site: Site, count_id: int) -> Done | Refused:
    """Take back the last that this station counted, again and again."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        of = counts.get(tx, count_id, lock=True)
        if of.status is CountStatus.CLOSED:
            return say.count_closed(of.number)
        last = counts.last_scan(tx, of.id, stamp.station)
        if last is None:
            return say.nothing_counted(of.number, stamp.station)
        counts.take_back(tx, last.id)
        return say.count_taken_back(of.number, what_was_scanned(last), _pieces(tx, of))

    return site.logged(site.act(Deed.COUNT, act))


def close(site: Site, count_id: int) -> Done | Refused:
    """End a count: only now is it said what is missing, what has moved, and what was found that should not be there.

    What was found Shipped goes on hold; nothing else changes.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        end = ended(tx, counts.get(tx, count_id, lock=True), stamp)
        if isinstance(end, Refused):
            return end
        return say.count_is_closed(end.number, end.sums, end.notes)

    return site.logged(site.act(Deed.COUNT, act))


def ended(tx: Transaction, of: Count, stamp: Stamp) -> CountEnd | Refused:
    """End a count within an act."""
    if refusal := no_counter(tx, of, stamp):
        return refusal
    expected = {one.unit_id: one for one in counts.expected(tx, of.id)}
    scans = counts.scans(tx, of.id)
    results = {one.id: what_was_found(one, of, was_expected=one.unit_id in expected) for one in scans}
    there = {one.unit_id for one in scans}
    ends = {
        one.id: Result.FOUND if unit_id in there else not_scanned(one)
        for unit_id, one in expected.items()
        if unit_id in there or not of.is_partial
    }
    counts.set_scan_results(tx, results)
    counts.set_results(tx, ends)
    counts.close(tx, of.id, stamp)
    on_hold = _hold_what_left(tx, of, [one for one in scans if results[one.id] is Result.LEFT], stamp)
    sums = _sums([*results.values()], [*ends.values()], partial=of.is_partial)
    acts.note(tx, "Count closed", of.number, stamp, client=of.client, became=sums)
    missing = [f"{visible(one.sku)} {_name(one)}" for one in expected.values() if ends.get(one.id) is Result.MISSING]
    notes = (say.found_shipped(on_hold),) if on_hold else ()
    return CountEnd(of.number, sums, tuple(missing), notes)


# What is missing


def write_off(site: Site, count_id: int, codes: Sequence[str], reason: str) -> Done | Refused:
    """What both rounds lack is disposed of as lost: those units, or all that are still where they were.

    Args:
        site: where, and on whose behalf.
        count_id: either round.
        codes: of some of the units; none for all.
        reason: why; kept with each unit.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        asked = counts.get(tx, count_id)
        first = counts.get(tx, asked.of_id if asked.of_id is not None else asked.id, lock=True)
        rounds = [one for one in counts.second_rounds(tx, first.id) if one.status is CountStatus.CLOSED]
        if first.is_partial:
            return say.partial_count(first.number)
        if not rounds:
            return (
                say.count_open(first.number) if first.status is CountStatus.OPEN else say.no_second_round(first.number)
            )
        second = rounds[-1]
        people = counts.people(tx, first.id) | counts.people(tx, second.id)
        if site.rules.two_persons and code_key(stamp.operator) in people:
            return say.counted_it(stamp.operator, first.number)
        lacking = [
            one
            for one in counts.expected(tx, second.id)
            if one.result is Result.MISSING and not one.is_written_off and one.status is not UnitStatus.GONE
        ]
        problems = list[Reason]()
        if codes:
            by_key = {code_key(code): one for one in lacking for code in (one.primary, one.secondary) if code}
            problems = [say.not_missing(code, first.number) for code in codes if code_key(code) not in by_key]
            named_keys = [code_key(code) for code in codes]
            lacking = list({by_key[key].id: by_key[key] for key in named_keys if key in by_key}.values())
        batches.lock_units(tx, [one.unit_id for one in lacking])
        going, staying = _ready(tx, first, second, lacking)
        if codes:
            problems += staying
        if problems:
            return Refused(tuple(problems))
        if not going:
            return Refused(tuple(staying[:_MOST_NAMED])) if staying else say.nothing_to_write_off(first.number)
        named = listed([_name(one) for one in going], 3)
        if blank := blank_reason(named, reason, "written off", kept=_WITH_UNITS):
            return blank
        known = {one.id: units.known(tx, one.unit_id).on_hold or "" for one in going}
        moved = [Moved(unit_id=one.unit_id, line_id=None, source=Source.BUTTON) for one in going]
        moves.move(tx, Move.DISPOSE, moved, stamp, reason=write_off_reason(first.number, reason.strip()))
        for why in set(known.values()):
            rows = [row_id for row_id, one in known.items() if one == why]
            counts.set_written_off(tx, rows, written_off=True, held_back=why)
        acts.note(tx, "Written off", first.number, stamp, client=first.client, became=named, reason=reason.strip())
        return say.units_written_off(first.number, len(going), [one.text for one in staying[:_MOST_NAMED]])

    return site.logged(site.act(Deed.WRITE_OFF, act))


# Parts


def what_was_scanned(one: CountedScan) -> str:
    """A scan of a count in words: its goods, or its serial."""
    return say.so_many_of(one.quantity, one.sku) if one.unit_id is None and one.sku else visible(one.code)


def _details(tx: Transaction, records: Sequence[Count]) -> list[CountDetail]:
    ids = [one.id for one in records]
    pieces, missing = counts.quantities(tx, ids), counts.missing(tx, ids)

    def lacks(one: Count) -> int | None:
        return None if one.is_partial or one.status is CountStatus.OPEN else missing.get(one.id, 0)

    return [CountDetail(one, pieces.get(one.id, 0), lacks(one)) for one in records]


def _scope(of: Count, skus: Sequence[str]) -> str:
    return say.count_scope(of.warehouse, of.client, skus, is_partial=of.is_partial)


def _on_hand(tx: Transaction, of: Count, products: dict[int, Product]) -> dict[int, int | None]:
    """The lines of a count: its SKUs, or whatever of its scope goes by quantity and is on hand.

    The books say what is on hand of goods in all warehouses, so it is kept only where there is one.
    """
    by_quantity = [one.id for one in products.values() if not one.settings.gives_serials_before_packing]
    if not products:
        by_quantity = counts.by_quantity(tx, of.client_id)
    lines: dict[int, int | None] = dict.fromkeys(products)
    if catalog.only_warehouse(tx) is None:
        return lines
    for product_id, have in catalog.on_hand(tx, by_quantity).items():
        if have.units or product_id in lines:
            lines[product_id] = have.units
    return lines


def no_counter(tx: Transaction, of: Count, stamp: Stamp) -> Refused | None:
    """Why whoever is here does not count on one."""
    if of.status is CountStatus.CLOSED:
        return say.count_closed(of.number)
    return _same_person(tx, counts.get(tx, of.of_id), stamp) if of.of_id is not None else None


def _same_person(tx: Transaction, first: Count, stamp: Stamp) -> Refused | None:
    """Whoever was at the first round is not at the second."""
    if code_key(stamp.operator) in counts.people(tx, first.id):
        return say.another_person(stamp.operator, first.number)
    return None


def _still_missing(tx: Transaction, first: Count) -> list[ExpectedUnit]:
    """What a count lacks, is where it was, and no second round has found."""
    found_ids = {
        one.unit_id
        for again in counts.second_rounds(tx, first.id)
        for one in counts.expected(tx, again.id)
        if one.result is Result.FOUND
    }
    return [
        one
        for one in counts.expected(tx, first.id)
        if one.result is Result.MISSING and not one.has_moved and one.unit_id not in found_ids
    ]


def _item(
    site: Site, tx: Transaction, of: Count, scan: Scan, client: str | None, sku: str | None, *, unknown: bool
) -> CountItem | Reason:
    """What a code of a count stands for."""
    code = read_code(scan.text)
    if isinstance(code, BadCode):
        return say.no_code_to_count(scan.text, code.reason)
    matches = [
        one
        for one in units.with_code(tx, code.key)
        if (client is None or code_key(one.client) == code_key(client))
        and (sku is None or code_key(one.sku) == code_key(sku))
    ]
    if len(matches) > 1:
        matches = [one for one in matches if counts.is_of(tx, of, one.unit.product_id, one.client_id)] or matches
    if len(matches) > 1:
        return say.several_for_transfer(scan.text, [f"{visible(one.sku)} of {visible(one.client)}" for one in matches])
    if not matches:
        heard = lookup.read(site, scan)
        if isinstance(heard, Reading) and (named := lookup.products(tx, heard)):
            return say.product_to_count(scan.text, named.products[0].product.sku)
        if not unknown and (now := now_called(tx, code)):
            return now.reasons[0]
        if not unknown:
            return say.unknown_to_count(scan.text, "".join(f" of {visible(word)}" for word in (sku, client) if word))
        return _once(site, tx, of, CountItem(scan))
    one = matches[0]
    if not catalog.product(tx, one.unit.product_id).settings.gives_serials_before_packing:
        return say.counted_by_quantity(scan.text, one.sku)
    if not counts.is_of(tx, of, one.unit.product_id, one.client_id):
        return say.not_of_this_count(one.sku, one.client, of.number)
    return _once(site, tx, of, CountItem(scan, unit=one))


def _once(site: Site, tx: Transaction, of: Count, item: CountItem) -> CountItem | Reason:
    unit_id = item.unit.unit.id if item.unit else None
    before = counts.scanned_before(tx, of.id, unit_id, code_key(item.scan.text))
    if before is None:
        return item
    at, station, operator = before
    return say.counted_already(item.scan.text, station, operator, local_time(at, site.store.clock()))


def place_of(tx: Transaction, one: NamedUnit) -> tuple[str, bool]:
    """Where a unit is by the books, and whether open work, or an open return, has it in its hands."""
    unit = one.unit
    seen = events.whereabouts(tx, [unit.id])[unit.id]
    in_hand = seen.status is UnitStatus.HELD
    if unit.status is UnitStatus.PACKED and seen.order_number:
        return say.staged_on(seen.order_number), False
    if unit.status is UnitStatus.SHIPPED and seen.order_number and not in_hand:
        return say.shipped_on(seen.order_number), False
    if unit.status is UnitStatus.RECEIVED and not in_hand:
        return visible(unit.warehouse), False
    return whereabouts_words(replace(seen, hold=None)), in_hand


def _ready(
    tx: Transaction, first: Count, second: Count, lacking: Sequence[ExpectedUnit]
) -> tuple[list[ExpectedUnit], list[Reason]]:
    """Which units may be written off, and why the others stay: their world has changed since the count, or somebody
    has scanned them on another one.
    """
    now = {one.unit_id: one for one in counts.expected(tx, second.id, [one.unit_id for one in lacking])}
    where, seen = events.whereabouts(tx, [*now]), counts.seen_since(tx, [*now], first)
    going, staying = list[ExpectedUnit](), list[Reason]()
    for one in lacking:
        unit = units.known(tx, one.unit_id)
        if boxed := reserved_by_box(tx, unit):
            staying += boxed.reasons
        elif one.unit_id in seen:
            staying.append(say.seen_since_count(_name(one), *seen[one.unit_id]))
        elif now[one.unit_id].has_moved or unit.status is not UnitStatus.RECEIVED or unit.held_by is not None:
            staying.append(say.moved_since_count(_name(one), whereabouts_words(where[one.unit_id])))
        else:
            going.append(one)
    return going, staying


def _hold_what_left(tx: Transaction, of: Count, scans: Sequence[CountedScan], stamp: Stamp) -> int:
    """Put on hold what was found although it has left by the books."""
    unit_ids = [one.unit_id for one in scans if one.unit_id is not None]
    batches.lock_units(tx, unit_ids)
    known = [units.known(tx, unit_id) for unit_id in unit_ids]
    meant = [one.id for one in known if one.status is UnitStatus.SHIPPED and one.on_hold is None]
    if meant:
        holds.put(tx, meant, f"found on count {of.number}, though Shipped", stamp, Source.BUTTON)
    return len(meant)


def _sums(scan_results: Sequence[Result], ends: Sequence[Result], *, partial: bool) -> str:
    ended = (Result.FOUND,) if partial else (Result.FOUND, Result.MISSING, Result.MOVED)
    others = (one for one in Result if one in scan_results and one not in (Result.FOUND, Result.MISSING, Result.MOVED))
    return say.count_sums(
        {**{one: ends.count(one) for one in ended}, **{one: scan_results.count(one) for one in others}}
    )


def _pieces(tx: Transaction, of: Count) -> int:
    return counts.quantities(tx, [of.id]).get(of.id, 0)


def _name(one: ExpectedUnit) -> str:
    return visible(one.primary or one.secondary or "")
