"""What is not to leave: units put on hold and released, one by one, by what they are, or from a list (RULES 2.23)."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, shorten
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.reports import Filters
from scanstation.domain.scan import Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import HoldRow, Stamp
from scanstation.store import batches, boxes, events, holds, lot_holds, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes.serial_rules import whereabouts_words
from scanstation.workflows.orders.corrections import choose
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.site import Site

_WITH_UNITS = "with each unit's history"
_MOST_NAMED = 20
_MAY_GO = (UnitStatus.RECEIVED, UnitStatus.PACKED, UnitStatus.SHIPPED)
"""Units that there are: what open work is about to create is none yet."""


def chosen(
    site: Site, codes: Sequence[str], *, client: str | None = None, sku: str | None = None
) -> list[int] | Refused:
    """The ids of the units that codes belong to now, each once, or every code that stands for none or for several."""
    ids: dict[int, None] = {}
    problems: list[Reason] = []
    for code in codes:
        one = choose(site, code, client=client, sku=sku)
        if isinstance(one, Refused):
            problems += one.reasons
        else:
            ids[one.unit.id] = None
    return Refused(tuple(problems)) if problems else list(ids)


def last_scanned(site: Site, code: str) -> list[int]:
    """The unit that a code belongs to, if it is one and may be put on hold; none where somebody has to say which."""
    with site.store.read() as tx:
        found = [one for one in units.with_code(tx, code_key(code)) if one.unit.status in _MAY_GO]
    return [found[0].unit.id] if len(found) == 1 and found[0].unit.on_hold is None else []


def fitting(site: Site, filters: Filters, *, on_hold: bool) -> list[int] | Refused:
    """The ids of the units that filters fit and that are on hold, or are not; their days are those of receiving."""
    with site.store.read() as tx:
        rows = holds.matching(tx, filters)
    if not rows:
        return site.log_refusal(say.no_unit_fits())
    meant = [row.unit_id for row in rows if (row.on_hold is not None) is on_hold]
    if meant:
        return meant
    return site.log_refusal(say.as_it_is(len(rows), on_hold=on_hold))


def preview(site: Site, unit_ids: Sequence[int]) -> list[str]:
    """What units are, in lines: how many of each SKU and status, and how many are on hold already."""
    with site.store.read() as tx:
        rows = holds.standing(tx, unit_ids)
    kinds = Counter((row.sku, row.status) for row in rows)
    lines = [say.how_many_are(sku, status.value, count) for (sku, status), count in sorted(kinds.items())]
    held_back = sum(row.on_hold is not None for row in rows)
    return [*lines, *([say.on_hold_already_line(held_back)] if held_back else [])]


def hold(site: Site, unit_ids: Sequence[int], reason: str, *, source: Source = Source.TYPED) -> Done | Refused:
    """Put units on hold, all or none; those that are so already stay as they are. A refusal is logged.

    A unit that open work is about to create is none yet and is refused. One that open packing has reserved may be put
    on hold: that packing cannot be completed with it.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        batches.lock_units(tx, unit_ids)
        rows = holds.standing(tx, unit_ids)
        if problems := _none_yet(tx, rows, len(unit_ids)):
            return Refused(problems)
        new = [row for row in rows if row.on_hold is None]
        if blank := blank_reason(_named(new or rows), reason, "put on hold", kept=_WITH_UNITS):
            return blank
        if not new:
            why = shorten(rows[0].on_hold or "", 60)
            return say.on_hold_already(units=_named(rows), is_one=len(rows) == 1, why=why)
        holds.put(tx, [row.unit_id for row in new], reason.strip(), stamp, source)
        return say.put_on_hold(_named(new), _notes(tx, rows, new), is_one=len(new) == 1)

    answer = site.act(Deed.PUT_ON_HOLD, act)
    return site.logged(answer)


def release(
    site: Site,
    unit_ids: Sequence[int],
    reason: str,
    *,
    source: Source = Source.TYPED,
    marks: Mapping[int, str] | None = None,
) -> Done | Refused:
    """Lift the hold of units, all or none. A refusal is logged.

    `marks` is for what the units were on hold as somebody looked: one that is on hold for something else stays so.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        batches.lock_units(tx, unit_ids)
        asked = holds.standing(tx, unit_ids)
        rows = [row for row in asked if row.on_hold is not None]
        if not rows:
            return say.not_on_hold(units=_named(asked), is_one=len(asked) == 1)
        if others_held := [row for row in rows if row.on_hold != (marks or {}).get(row.unit_id, row.on_hold)]:
            return Refused(tuple(say.held_otherwise(shorten(row.code), row.on_hold or "") for row in others_held))
        if own := _own(site, tx, rows, stamp):
            return say.own_hold(_named(own), stamp.operator, is_one=len(own) == 1)
        if blank := blank_reason(_named(rows), reason, "released", kept=_WITH_UNITS):
            return blank
        holds.lift(tx, [row.unit_id for row in rows], reason.strip(), stamp, source)
        others = len(unit_ids) - len(rows)
        notes = [say.were_not_on_hold(others)] if others else []
        lots = lot_holds.over(tx, [row.unit_id for row in rows])
        notes += [say.lot_stays_on_hold(one.lot, one.sku) for one in lots]
        return say.taken_off_hold(_named(rows), notes, is_one=len(rows) == 1)

    answer = site.act(Deed.RELEASE, act)
    return site.logged(answer)


def _own(site: Site, tx: Transaction, rows: Sequence[HoldRow], stamp: Stamp) -> list[HoldRow]:
    """Those that whoever is here has put on hold, where a site wants another person to release them."""
    if not site.rules.two_persons:
        return []
    set_by = events.holds(tx, [row.unit_id for row in rows])
    return [row for row in rows if code_key(set_by[row.unit_id].operator) == code_key(stamp.operator)]


def _none_yet(tx: Transaction, rows: Sequence[HoldRow], asked: int) -> tuple[Reason, ...]:
    """Why some of the units cannot be put on hold: they are not there yet, or not any more."""
    wrong = [row for row in rows if row.status in (UnitStatus.HELD, UnitStatus.DISPOSED, UnitStatus.GONE)]
    where = events.whereabouts(tx, [row.unit_id for row in wrong])
    problems = []
    for row in wrong[:_MOST_NAMED]:
        if row.status is UnitStatus.HELD:
            words = whereabouts_words(where[row.unit_id])
            problems.append(say.held_for_hold(code=row.code, where=words))
        elif row.status is UnitStatus.DISPOSED:
            problems.append(say.disposed_for_hold(code=row.code, where=whereabouts_words(where[row.unit_id])))
        else:
            problems.append(say.gone_for_hold(code=row.code))
    if not rows or len(rows) < asked:
        problems.append(say.no_such_unit_now())
    return tuple(problems)


def _notes(tx: Transaction, rows: Sequence[HoldRow], new: Sequence[HoldRow]) -> list[str]:
    notes = []
    if len(rows) > len(new):
        notes.append(say.were_on_hold(len(rows) - len(new)))
    reserved = [row for row in new if row.held_by is not None]
    where = events.whereabouts(tx, [row.unit_id for row in reserved[:_MOST_NAMED]])
    for row in reserved[:_MOST_NAMED]:
        notes.append(say.take_it_out(row.code, whereabouts_words(where[row.unit_id])))
    boxed = boxes.of_units(tx, [row.unit_id for row in new])
    notes += [say.held_in_a_box(row.code, boxed[row.unit_id]) for row in new if row.unit_id in boxed][:_MOST_NAMED]
    packed = sum(row.status is UnitStatus.PACKED for row in new)
    shipped = sum(row.status is UnitStatus.SHIPPED for row in new)
    return [*notes, *say.held_too_late(packed, shipped)]


def _named(rows: Sequence[HoldRow]) -> str:
    return shorten(rows[0].code) if len(rows) == 1 else counted(len(rows), "unit", grouped=True)
