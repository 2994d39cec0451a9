"""The shipment import of what was scanned into the box, in place of a file (RULES 2.10)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from scanstation.domain import sentences as say
from scanstation.domain.imports import ImportedCount
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import Asks, ImportRule
from scanstation.domain.verdict import CodeKind
from scanstation.domain.work import Boxed
from scanstation.store import batches, boxes, orders, units
from scanstation.store.store import Transaction
from scanstation.workflows.imports.importing import carry_out, check_rows
from scanstation.workflows.site import Site


def import_scanned(site: Site, order_id: int) -> Done | Refused:
    """Import what was scanned into the boxes of a shipment order, all or none, under the rules of a file.

    Refused where a unit was not scanned, or lacks a serial that its scenario asks.
    """
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        rows, problems = _rows(site, tx, order_id)
    if problems or not rows:
        refusal = Refused(tuple(problems)) if problems else say.nothing_scanned_in(order.number)
        return site.log_refusal(refusal, order_id=order_id)
    said = [(order.warehouse, order.client, order.number, *row) for row in rows]
    return carry_out(site, check_rows(site, OrderKind.SHIPMENT, say.scanned_into_box(order.number), order_id, said))


def units_waiting(site: Site, order_id: int) -> int:
    """How many units `import_scanned` would import; 0 where it would be refused."""
    with site.store.read() as tx:
        rows, problems = _rows(site, tx, order_id)
    return 0 if problems else len(rows)


def _rows(site: Site, tx: Transaction, order_id: int) -> tuple[list[tuple[str, str, str]], list[Reason]]:
    """SKU, primary and secondary of each unit; and what was not scanned."""
    pieces = orders.pieces_by_scenario(tx, [order_id])
    imported = batches.imported_counts(tx, OrderKind.SHIPMENT, [order_id])
    boxed = [one for one in boxes.of_order(tx, order_id) if not one.in_work]
    number = orders.get(tx, order_id).number
    rows: list[tuple[str, str, str]] = []
    problems: list[Reason] = []
    scanned: Counter[int] = Counter()
    skus = {line.id: line.product.sku for line in orders.lines(tx, order_id)}
    for unit in _of_units(boxed):
        codes = _codes(site, tx, unit)
        scanned[unit[0].line_id] += 1
        if codes is None:
            problems.append(say.scanned_in_part(unit[0].text, skus[unit[0].line_id]))
        else:
            rows.append((skus[unit[0].line_id], *codes))
    for line_id, sku in skus.items():
        taken = pieces.get(line_id, {})
        wanted = sum(many for one, many in taken.items() if site.policy_of(one).so_import is not ImportRule.REFUSED)
        there = imported.get(line_id, ImportedCount())
        lacking = wanted - there.one_code - there.two_codes - scanned[line_id]
        if lacking > 0:
            problems.append(say.not_all_scanned(sku, lacking, number))
    return rows, problems


def _of_units(boxed: Sequence[Boxed]) -> Iterator[list[Boxed]]:
    for _, of_unit in groupby(sorted(boxed, key=lambda one: one.piece_id), key=lambda one: one.piece_id):
        yield [*of_unit]


def _codes(site: Site, tx: Transaction, unit: Sequence[Boxed]) -> tuple[str, str] | None:
    """The serials of a unit as its row would have them; None where one is missing that its scenario asks."""
    asks = site.policy_of(unit[0].scenario).so_import_asks
    primary, secondary = (next((one.text for one in unit if one.kind is kind), "") for kind in CodeKind)
    unit_id = next((one.unit_id for one in unit if one.unit_id is not None), None)
    if unit_id is not None:  # by what its codes are now
        known = units.known(tx, unit_id)
        primary, secondary = known.primary or primary, known.secondary or secondary
    if asks is Asks.BOTH:
        return (primary, secondary) if primary and secondary else None
    code = primary or (secondary if asks is Asks.EITHER else "")
    return (code, "") if code else None
