"""What stands on the papers of an order, as the store has it now."""

from collections.abc import Iterator

from rich.cells import cell_len

from scanstation.domain.codes import code_key, natural_key, shorten, visible
from scanstation.domain.language import shown, word, worded
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.papers import Label
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import Asks
from scanstation.store import house_serials, orders, reports
from scanstation.workflows.orders.printed_pages import PAGE_WIDTH, padded, paged, titled
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
    kinds = shown(word("Serial")), shown(word("Secondary serial"))
    units.sort(key=lambda unit: (unit[0], natural_key(unit[1])))
    return tuple(
        Label(code, kind, lines[line_id].product.sku, lines[line_id].product.description, order.client)
        for line_id, *codes in units
        for code, kind in zip(codes, kinds, strict=True)
        if code
    )


def house_label(site: Site, house: str) -> tuple[Label, ...]:
    """The label of a serial that the site gave."""
    with site.store.read() as tx:
        found = house_serials.labelled(tx, code_key(house))
    return () if found is None else (Label(found[0], shown(word("House serial")), *found[1:]),)


def downtime_pages(site: Site, order_id: int) -> list[list[str]]:
    """What is left to do on an order, with a blank for each code that scanning would ask, to be filled in by hand."""
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        lines = orders.lines(tx, order_id)
    printed_on = site.store.clock().astimezone().strftime("%Y-%m-%d %H:%M")
    continued = worded("{work} of {number}, continued", work=_work(order), number=visible(order.number))
    return paged(_blocks(site, order, lines, printed_on), padded(continued, PAGE_WIDTH).rstrip())


def _work(order: Order) -> str:
    """What is done on it, as a heading says it."""
    return word("Receipt") if order.kind is OrderKind.PURCHASE else word("Packing")


def _blocks(site: Site, order: Order, lines: list[OrderLine], printed_on: str) -> Iterator[list[str]]:
    yield [
        shown(worded("WRITTEN DOWN WHILE THE STATION WAS AWAY")),
        "",
        *titled(
            [
                (_work(order), visible(order.number)),
                (word("Client"), f"{visible(order.client)}, {visible(order.warehouse)}"),
                (word("Printed"), printed_on),
            ]
        ),
        "",
        *titled([(word("Who"), f"{'_' * 30}   {shown(word('Day'))} {'_' * 20}")]),
    ]
    left = [line for line in lines if line.left]
    if not left:
        yield ["", shown(worded("Nothing is left to be {done} on it.", done=order.kind.done_word))]
    for line in left:
        yield ["", *_line(site, order.kind, line)]


def _line(site: Site, kind: OrderKind, line: OrderLine) -> Iterator[str]:
    policy = site.policy(line.product.settings)
    asks = policy.receiving_asks if kind is OrderKind.PURCHASE else policy.packing_asks
    count = "  " + shown(worded("{left} left", left=line.left))
    name = f"{visible(line.product.sku)}  {visible(line.product.description)}".rstrip()
    yield padded(name, PAGE_WIDTH - cell_len(count)) + count
    if asks is Asks.NOTHING:
        yield f"    {shown(word('how many'))} {'_' * 12}   {shown(word('at'))} {'_' * 8}"
        return
    yield " " * 10 + _head(asks)
    for number in range(1, min(line.left, _MOST_BLANKS) + 1):
        yield f"{number:>8}  {_BLANKS[asks]}"
    if line.left > _MOST_BLANKS:
        more = counted(line.left - _MOST_BLANKS, "unit", grouped=True)
        yield " " * 10 + shown(worded("and {units} more: print this sheet again", units=more))


def _head(asks: Asks) -> str:
    """What is written below it."""
    at = shown(word("at"))
    if asks is Asks.BOTH:
        return padded(word("Primary serial"), 29) + padded(word("Secondary serial"), 29) + at
    return padded(word("serial, either of the two") if asks is Asks.EITHER else word("Serial"), 45) + at


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
