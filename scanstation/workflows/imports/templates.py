"""Empty workbooks to fill in, and one with a row for each serial that an order still owes."""

from collections.abc import Iterator
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten
from scanstation.domain.imports import ImportedCount
from scanstation.domain.language import word
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.sheet_kinds import ALL_KINDS, DOWNTIME, PO_SERIALS, SO_SERIALS, kind_by_key
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import Asks, ImportRule
from scanstation.sheets import writing
from scanstation.store import batches, orders
from scanstation.workflows.site import Site

KEYS: tuple[str, ...] = tuple(kind.key for kind in (*ALL_KINDS, DOWNTIME))
"""What a template may be of."""

_ORDER_KIND = {PO_SERIALS.key: OrderKind.PURCHASE, SO_SERIALS.key: OrderKind.SHIPMENT}


def write_template(path: Path, key: str, *, site: Site | None = None, order_id: int | None = None) -> Done | Refused:
    """Write a workbook with the right header and text columns; with an order, a row for each serial it owes.

    Where imports are possible but nothing is owed (RULES 1, scenarios 6 and 8 on a purchase order), the rows
    are those that may come.

    Args:
        path: where; ends in .xlsx.
        key: one of `KEYS`.
        site: where the order is.
        order_id: an order of the template's kind; of what is written down, of either.

    Raises:
        KeyError: no kind of sheet has this key.
        UnwritableFile: nothing can be written there.
    """
    kind = kind_by_key(key)
    file_name = shorten(str(path), 200)
    if order_id is None:
        writing.write_template(path, kind)
        how = [(column.name, column.how) for column in kind.columns if column.how]
        return say.template_written(word(kind.title), file_name, how)
    assert site is not None, "an order is looked up at a site"
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        lines = orders.lines(tx, order_id)
        pieces = orders.pieces_by_scenario(tx, [order_id])
        imported = batches.imported_counts(tx, order.kind, [order_id])
    if kind is DOWNTIME:
        rows = writing.write_template(path, kind, _blanks(site, order, lines))
        return say.order_template_written(order.number, rows, file_name)
    if _ORDER_KIND.get(key) is not order.kind:
        return say.other_template(number=order.number, kind=order.kind.noun, template=order.kind.value.lower())
    owed: dict[int, int] = {}
    for rule in (ImportRule.NEEDED, ImportRule.POSSIBLE):
        owed = {
            line.id: _owed(site, order.kind, pieces.get(line.id, {}), imported.get(line.id, ImportedCount()), rule)
            for line in lines
        }
        if any(owed.values()):
            break
    rows = writing.write_template(path, kind, _rows(order, lines, owed))
    return say.order_template_written(order.number, rows, file_name)


def _owed(site: Site, kind: OrderKind, pieces: dict[int, int], imported: ImportedCount, rule: ImportRule) -> int:
    """How many serials of a line are still missing under a rule; what came fills the needed ones first."""
    left = imported.one_code + imported.two_codes
    owed = 0
    for wanted in (ImportRule.NEEDED, ImportRule.POSSIBLE):
        takes = sum(count for scenario, count in pieces.items() if _rule(site, kind, scenario) is wanted)
        filled = min(left, takes)
        left -= filled
        if wanted is rule:
            owed = takes - filled
    return owed


def _rule(site: Site, kind: OrderKind, scenario: int) -> ImportRule:
    policy = site.policy_of(scenario)
    return policy.po_import if kind is OrderKind.PURCHASE else policy.so_import


def _blanks(site: Site, order: Order, lines: list[OrderLine]) -> Iterator[tuple[str, ...]]:
    """A row for each unit whose serial scanning would ask, and one for each product of which it asks none."""
    for line in lines:
        policy = site.policy(line.product.settings)
        asks = policy.receiving_asks if order.kind is OrderKind.PURCHASE else policy.packing_asks
        for _ in range(min(line.left, 1) if asks is Asks.NOTHING else line.left):
            yield line.product.sku, "", "", "", ""


def _rows(order: Order, lines: list[OrderLine], owed: dict[int, int]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        for _ in range(owed[line.id]):
            yield order.warehouse, order.client, order.number, line.product.sku, "", ""
