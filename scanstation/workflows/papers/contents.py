"""What stands on the papers of an order, as the store has it now."""

from collections.abc import Iterator

from scanstation.domain.codes import code_key, natural_key, shorten, visible
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.papers import Label
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import Asks
from scanstation.store import house_serials, orders, reports
from scanstation.workflows.orders.printed_pages import PAGE_WIDTH, padded, paged
from scanstation.workflows.site import Site

_MOST_BLANKS = 500
"""Of one line; whoever takes more by hand prints the sheet twice."""


def order_of(site: Site, order_id: int) -> Order:
    """The order itself."""
    with site.store.read() as tx:
        return orders.get(tx, order_id)


def labels(site: Site, order_id: int, work_id: int | None = None) -> tuple[Label, ...]:
    """A label for each code of the units of an order that are still here, line by line, by their serials.

    Args:
        site: where.
        order_id: of a purchase order what is Received of it, of a shipment order what is Packed.
        work_id: only the units of one receipt or packing.
    """
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        lines = {line.id: line for line in orders.lines(tx, order_id)}
        units = reports.serials_to_label(tx, order.kind, [*lines], work_id)
    units.sort(key=lambda unit: (unit[0], natural_key(unit[1])))
    return tuple(
        Label(code, kind, lines[line_id].product.sku, lines[line_id].product.description, order.client)
        for line_id, *codes in units
        for code, kind in zip(codes, ("Serial", "Secondary serial"), strict=True)
        if code
    )


def house_label(site: Site, house: str) -> tuple[Label, ...]:
    """The label of a serial that the site gave."""
    with site.store.read() as tx:
        found = house_serials.labelled(tx, code_key(house))
    return () if found is None else (Label(found[0], "House serial", *found[1:]),)


def downtime_pages(site: Site, order_id: int) -> list[list[str]]:
    """What is left to do on an order, with a blank for each code that scanning would ask, to be filled in by hand."""
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        lines = orders.lines(tx, order_id)
    printed_on = site.store.clock().astimezone().strftime("%Y-%m-%d %H:%M")
    number = f"{order.kind.work_word.capitalize()} of {visible(order.number)}"
    return paged(_blocks(site, order, lines, printed_on), padded(f"{number}, continued", PAGE_WIDTH).rstrip())


def _blocks(site: Site, order: Order, lines: list[OrderLine], printed_on: str) -> Iterator[list[str]]:
    yield [
        "WRITTEN DOWN WHILE THE STATION WAS AWAY",
        "",
        padded(f"{order.kind.work_word.capitalize():<12}{visible(order.number)}", PAGE_WIDTH).rstrip(),
        padded(f"{'Client':<12}{visible(order.client)}, {visible(order.warehouse)}", PAGE_WIDTH).rstrip(),
        f"{'Printed':<12}{printed_on}",
        "",
        f"{'Who':<12}{'_' * 30}   Day {'_' * 20}",
    ]
    left = [line for line in lines if line.left]
    if not left:
        yield ["", f"Nothing is left to be {order.kind.done_word} on it."]
    for line in left:
        yield ["", *_line(site, order.kind, line)]


def _line(site: Site, kind: OrderKind, line: OrderLine) -> Iterator[str]:
    policy = site.policy(line.product.settings)
    asks = policy.receiving_asks if kind is OrderKind.PURCHASE else policy.packing_asks
    count = f"  {line.left} left"
    name = f"{visible(line.product.sku)}  {visible(line.product.description)}".rstrip()
    yield padded(name, PAGE_WIDTH - len(count)) + count
    if asks is Asks.NOTHING:
        yield f"{'':4}how many {'_' * 12}   at {'_' * 8}"
        return
    yield f"{'':10}{_HEADS[asks]}"
    for number in range(1, min(line.left, _MOST_BLANKS) + 1):
        yield f"{number:>8}  {_BLANKS[asks]}"
    if line.left > _MOST_BLANKS:
        yield f"{'':10}and {counted(line.left - _MOST_BLANKS, 'more unit', grouped=True)}: print this sheet again"


_HEADS = {
    Asks.PRIMARY: f"{'serial':<45}at",
    Asks.EITHER: f"{'serial, either of the two':<45}at",
    Asks.BOTH: f"{'primary serial':<29}{'secondary serial':<29}at",
}
_ONE_BLANK = f"{'_' * 42}   {'_' * 8}"
_BLANKS = {
    Asks.PRIMARY: _ONE_BLANK,
    Asks.EITHER: _ONE_BLANK,
    Asks.BOTH: f"{'_' * 27}  {'_' * 27}  {'_' * 8}",
}


def suggested_name(number: str, paper: str) -> str:
    """The beginning of a file's name, whatever characters the order's number has."""
    plain = "".join(character if character.isalnum() or character in "-_" else "-" for character in number)
    return f"{shorten(plain, 60)}-{paper}"
