"""The lines of one order with their sums, kept from scan to scan: what has changed is put in, the rest is left."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from scanstation.domain.orders import OrderLine
from scanstation.domain.products import Product
from scanstation.domain.work import Shares


class OrderLines:
    """An order's lines as they stood when the order had changed so many times.

    A version of them never changes (`with_changed` makes the next), until `settle` is called on the one that stays.
    """

    def __init__(self, lines: Sequence[OrderLine], changes: int) -> None:
        self.changes = changes
        """How often the order's lines had changed by then."""
        self.wanted = sum(line.wanted for line in lines)
        self.done = sum(line.done for line in lines)
        self.in_work = sum(line.in_work for line in lines)
        self.left = sum(line.left for line in lines)
        """What the order lacks, open work of all stations counted as done."""
        self.lines_missing = sum(line.done < line.wanted for line in lines)
        self.shares: Shares | None = None
        """What others have taken of them, where it was read; to count their pieces takes as long as there are many."""
        self._settled = list(lines)
        self._places = {line.id: place for place, line in enumerate(lines)}
        self._of_product = {line.product.id: place for place, line in enumerate(lines)}
        self._changed: dict[int, OrderLine] = {}
        self._peculiar = [line.product for line in lines if line.product.is_peculiar]
        self._chosen: dict[Callable[[Product], bool], Sequence[Product]] = {}
        """Products change only with another reading."""

    def __iter__(self) -> Iterator[OrderLine]:
        return map(self.at, range(len(self._settled)))

    def __len__(self) -> int:
        return len(self._settled)

    def of_id(self, line_id: int) -> OrderLine:
        """The line of an id."""
        return self.at(self._places[line_id])

    def has(self, line_id: int) -> bool:
        """Is this one of them?"""
        return line_id in self._places

    def of_product(self, product_id: int) -> OrderLine | None:
        """The line of a product."""
        place = self._of_product.get(product_id)
        return None if place is None else self.at(place)

    @property
    def product_ids(self) -> Collection[int]:
        """The order's products."""
        return self._of_product.keys()

    def peculiar_products(self, are_meant: Callable[[Product], bool]) -> Sequence[Product]:
        """Of the products with marks or patterns those of which something is so; each is looked at once."""
        if are_meant not in self._chosen:
            self._chosen[are_meant] = [*filter(are_meant, self._peculiar)]
        return self._chosen[are_meant]

    def place(self, line_id: int) -> int:
        """The how-manieth line it is, from 0."""
        return self._places[line_id]

    @property
    def changed(self) -> Mapping[int, OrderLine]:
        """What has changed since they were settled: place → line."""
        return self._changed

    def with_changed(self, lines: Iterable[OrderLine], changes: int) -> "OrderLines":
        """The next version, with these lines in place of those of the same ids."""
        after = object.__new__(OrderLines)
        after.changes, after.shares = changes, self.shares
        after._settled, after._places, after._of_product = self._settled, self._places, self._of_product
        after._peculiar, after._chosen, after._changed = self._peculiar, self._chosen, dict(self._changed)
        for line in lines:
            place = self._places[line.id]
            after._changed[place] = line
        after.wanted, after.done, after.in_work = self.wanted, self.done, self.in_work
        after.left, after.lines_missing = self.left, self.lines_missing
        for place, line in after._changed.items():
            before = self.at(place)
            after.wanted += line.wanted - before.wanted
            after.done += line.done - before.done
            after.in_work += line.in_work - before.in_work
            after.left += line.left - before.left
            after.lines_missing += (line.done < line.wanted) - (before.done < before.wanted)
        return after

    def is_version_of(self, other: "OrderLines") -> bool:
        """Do both come from the same reading of the order?"""
        return self._settled is other._settled

    def settle(self) -> None:
        """This version stays: those before it, and those that other ways led to, may not be used any more."""
        for place, line in self._changed.items():
            self._settled[place] = line
        self._changed = {}

    def at(self, place: int) -> OrderLine:
        """The line at a place."""
        return self._changed.get(place) or self._settled[place]
