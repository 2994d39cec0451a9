"""The serials of one order: of a shipment for the customer, as a workbook or as text; of either kind as a slip."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.cells import cell_len, chop_cells

from scanstation.domain import sentences as say
from scanstation.domain.codes import natural_key, visible
from scanstation.domain.language import said_later, shown, word, worded
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind
from scanstation.store import orders, reports
from scanstation.workflows.orders.printed_pages import PAGE_WIDTH, padded, paged, titled
from scanstation.workflows.site import Site

_GAP = 2
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One product of the order: how many leave, and the serials of those that have some."""

    sku: str
    description: str
    quantity: int
    serials: tuple[tuple[str, str], ...]
    """Primary and secondary; empty where there is none."""


@dataclass(frozen=True, slots=True)
class PackingList:
    """What is packed or shipped on a shipment order, or came in on a purchase order."""

    order: Order
    printed_on: str
    """A local day."""
    lines: tuple[ListedLine, ...]

    @property
    def count(self) -> int:
        """How many units with serials."""
        return sum(len(line.serials) for line in self.lines)


def packing_list(site: Site, order_id: int) -> PackingList:
    """What is packed, shipped or received on an order now; its serials as people count, SN9 before SN10."""
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        lines = orders.lines(tx, order_id)
        serials = reports.serials_of_lines(tx, order.kind, [line.id for line in lines])
    printed_on = site.store.clock().astimezone().date().isoformat()
    listed = (
        ListedLine(line.product.sku, line.product.description, line.done, _in_turn(serials.get(line.id, ())))
        for line in lines
        if line.done or line.id in serials
    )
    return PackingList(order, printed_on, tuple(listed))


def write(site: Site, order_id: int, path: str | os.PathLike[str], format: str = "") -> Done:
    """Write the list to a file, in place of one that is there.

    Args:
        site: where.
        order_id: a shipment order.
        path: the file.
        format: `text` or `xlsx`; where it is not named, the ending `.xlsx` makes a workbook.

    Raises:
        UnwritableFile: there is no room, no right, no such folder.
    """
    from scanstation.files import write_whole
    from scanstation.sheets.writing import check_text_name, write_rows

    packed = packing_list(site, order_id)
    if (format or format_of(path)) == "xlsx":
        write_rows(path, "xlsx", _HEADINGS, _rows(packed))
    else:
        check_text_name(path, said_later("text"), ".txt")
        write_whole(path, as_text(packed).encode(), (".txt",))
    return say.packing_list_written(packed.order.number, packed.count, str(path))


def format_of(path: str | os.PathLike[str]) -> str:
    """`xlsx` for a file that ends so, else `text`."""
    return "xlsx" if Path(path).suffix.lower() == ".xlsx" else "text"


def suggested_name(number: str) -> str:
    """A file name for an order's list, whatever characters its number has."""
    plain = "".join(character if character.isalnum() or character in "-_" else "-" for character in number)
    return f"{plain}-serials.txt"


def as_text(packed: PackingList) -> str:
    """As it is printed: pages of 60 rows and 80 columns with a form feed between them."""
    return "\f".join("\n".join(page) for page in pages(packed)) + "\n"


def pages(packed: PackingList) -> list[list[str]]:
    """The rows of each page."""
    return paged(_blocks(packed), _continued(packed))


ENDINGS = (".txt", ".xlsx")
"""Of the files that the list is written to."""

_HEADINGS = (
    *("SO Number", "Reference", "Ship To", "Warehouse", "Date", "SKU", "Description", "Quantity"),
    *("Primary Serial Number", "Secondary Serial Number"),
)


def _rows(packed: PackingList) -> Iterator[Sequence[str | int | date | None]]:
    """One row a unit; a product without serials is one row."""
    order = packed.order
    head = (order.number, order.reference, order.partner, order.warehouse, date.fromisoformat(packed.printed_on))
    for line in packed.lines:
        for primary, secondary in line.serials or (("", ""),):
            yield (*head, line.sku, line.description, line.quantity, primary, secondary)


def _in_turn(serials: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(serials, key=lambda pair: natural_key(pair[0])))


@dataclass(frozen=True, slots=True)
class _Words:
    """How the head calls what stands in it."""

    order: str
    partner: str
    place: str


_WORDS = {
    OrderKind.SHIPMENT: _Words(said_later("Shipment"), said_later("Ship to"), said_later("From")),
    OrderKind.PURCHASE: _Words(said_later("Receipt"), said_later("Supplier"), said_later("Into")),
}


def _blocks(packed: PackingList) -> Iterator[list[str]]:
    order = packed.order
    words = _WORDS[order.kind]
    facts = [
        (word(words.order), order.number),
        (word("Reference"), order.reference),
        (word(words.partner), order.partner),
        (word(words.place), f"{order.client}, {order.warehouse}"),
        (word("Date"), packed.printed_on),
    ]
    yield [shown(worded("SERIAL NUMBERS")), "", *titled([(title, visible(fact)) for title, fact in facts if fact])]
    if not packed.lines:
        yield ["", shown(worded("Nothing is {done} on it.", done=order.kind.done_word))]
    for line in packed.lines:
        yield ["", *_line_rows(line)]
    units = counted(sum(line.quantity for line in packed.lines), "unit", grouped=True)
    yield ["", shown(worded("{units}, {count:,} with serials.", units=units, count=packed.count))]


def _line_rows(line: ListedLine) -> Iterator[str]:
    count = "  " + shown(counted(line.quantity, "unit", grouped=True))
    name = f"{visible(line.sku)}  {visible(line.description)}".rstrip()
    yield padded(name, PAGE_WIDTH - cell_len(count)) + count
    codes = [" + ".join(visible(code) for code in pair if code) for pair in line.serials]
    room = PAGE_WIDTH - len(_INDENT)
    box = max((cell_len(code) for code in codes), default=1)
    columns = max(1, (room + _GAP) // (box + _GAP))
    for first in range(0, len(codes), columns):
        row = codes[first : first + columns]
        if columns == 1:
            yield from (_INDENT + part for part in chop_cells(row[0], room))
        else:
            yield (_INDENT + (" " * _GAP).join(padded(code, box) for code in row)).rstrip()


def _continued(packed: PackingList) -> str:
    order = packed.order
    what = word(_WORDS[order.kind].order)
    return padded(worded("{what} {number}, continued", what=what, number=visible(order.number)), PAGE_WIDTH).rstrip()
