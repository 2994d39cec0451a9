"""An order of ten thousand lines and a work of ten thousand pieces, beside ones of five."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.frame import Family, Row, Sizes, Target, absolute, median, timed
from benchmarks.stations import answers, says, station
from benchmarks.stock import address, desk_at
from scanstation.domain.orders import Order
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone
from scanstation.store.store import create_store
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import order_book
from scanstation.workflows.site import Site
from tests.terminal import Terminal
from tests.workflows.done_work import open_work

_FEW, _MANY, _OPENED = 5, 10_000, 5_000
_ROUNDS, _OPENINGS = 60, 9
_IN_THE_WAY = "Something in the path of a scan still grows with the order's lines or its pieces."


def _targets(where: str) -> tuple[Target, Target]:
    return (
        Target(f"scan on an order of 10,000 lines, {where}", "the same on an order of 5", 1.2, in_the_way=_IN_THE_WAY),
        Target(f"scan in a work of 10,000 pieces, {where}", "the same in a work of 5", 1.2, in_the_way=_IN_THE_WAY),
    )


_ON_SCREEN, _AT_DESK = _targets("on the screen"), _targets("at the desk")
_OPENING = Target(
    "opening an order of 5,000 lines on the screen",
    "an order of 5",
    300,
    "ms",
    in_the_way="All lines of the order are read and shown when it opens.",
)
_PRODUCTS = ("Client", "SKU", "Description", "Barcodes", "Track Serial Number", "Both Receiving and Packing")
_LINES = ("Warehouse", "Client", "PO Number", "SKU", "Quantity")


def _loaded(folder: Path, orders: Mapping[str, tuple[int, int]]) -> Site:
    """A store with orders, each of so many lines for so many units; all lines are of scenario 1."""
    site = Site(create_store(f"sqlite:///{folder / 'flat.db'}"), "Ana", "dock-2")
    products, lines = folder / "products.csv", folder / "orders.csv"
    with products.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow((*_PRODUCTS, "Only Packing", "Skip Scan Serial Number", "Scan Secondary Serial Number"))
        for number in range(max(count for count, _ in orders.values())):
            rows.writerow(("NORDWIND", _sku(number), f"Product {number}", "", "x", "x", "", "", ""))
    with lines.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_LINES)
        for order, (count, quantity) in orders.items():
            rows.writerows(("W-EAST", "NORDWIND", order, _sku(number), quantity) for number in range(count))
    outcome = load(site, [products, lines])
    assert not outcome.refused, outcome.reasons[0]
    return site


def _sku(number: int) -> str:
    return f"P-{number:05}"


class _Pair(NamedTuple):
    """Two orders in one store, and how many lines each has."""

    site: Site
    lines: tuple[int, int]

    def sku(self, number: int, which: int) -> str:
        """Of a round: steps that reach all parts of the order."""
        return _sku(number * 7_919 % self.lines[which])


_ORDERS = ("N-FEW", "N-MANY")
_WARM = 2
"""Rounds that only warm up."""


class _Scan(NamedTuple):
    """One kind of scan, made in every round at both orders."""

    kind: str
    code: Callable[[int, int], str]
    """Told the round, and which of the two orders."""
    tone: Tone = Tone.OK
    says: str = "{}"
    """What the screen shows of its answer."""


def _worst(scans: Sequence[_Scan], rounds: int, scan: Callable[[_Scan, str, int], float]) -> tuple[float, str]:
    """The worst ratio of all kinds of scan, and which it is."""
    times: dict[str, tuple[list[float], list[float]]] = {one.kind: ([], []) for one in scans}
    for number in range(rounds + _WARM):
        for one in scans:
            for which in (0, 1) if number % 2 else (1, 0):
                took = scan(one, one.code(number, which), which)
                if number >= _WARM:
                    times[one.kind][which].append(took)
    ratios = {kind: median(many) / median(few) for kind, (few, many) in times.items()}
    worst = max(ratios, key=ratios.__getitem__)
    few, many = times[worst]
    return ratios[worst], f"worst: {worst}, {absolute(median(many), 'ms')} ÷ {absolute(median(few), 'ms')}"


def _at_desks(pair: _Pair, rounds: int) -> tuple[float, str]:
    """At two desks; what was taken is taken back, so that the works stay as long as they are."""
    desks = [desk_at(pair.site.at_station(f"desk-{order}"), order) for order in _ORDERS]
    scans = (
        _Scan("a product", pair.sku),
        _Scan("a refused serial", pair.sku, Tone.STOP),
        _Scan("a serial", lambda number, which: f"NEW{which}-{number:06}"),
        _Scan("undo", lambda *_: "SS-UNDO"),
        _Scan("undo of a product", lambda *_: "SS-UNDO"),
    )

    def scan(one: _Scan, code: str, which: int) -> float:
        took = timed(lambda: desks[which].answer(Scan(code)))
        verdict = desks[which].view.verdict
        assert verdict is not None
        assert verdict.tone is one.tone, f"{code}: {verdict.text}"
        return took

    return _worst(scans, rounds, scan)


def _on_screens(pair: _Pair, rounds: int) -> tuple[float, str]:
    """On the screens of two stations."""
    scans = (
        _Scan("a product", pair.sku, says="{} taken"),
        _Scan("a refused serial", lambda number, which: f"http://x/{which}-{number}"),
        _Scan("a serial", lambda number, which: f"SEEN{which}-{number:06}", says="{} → "),
    )
    with ExitStack() as stack:
        here = address(pair.site)
        terminals = [stack.enter_context(station(here, f"screen-{order}", "receive", order)) for order in _ORDERS]
        for terminal, order in zip(terminals, _ORDERS, strict=True):
            terminal.wait_for(says(order))

        def scan(one: _Scan, code: str, which: int) -> float:
            return answers(terminals[which], code, one.says.format(code))

        return _worst(scans, rounds, scan)


def _lines_flat(sizes: Sizes, folder: Path) -> Iterator[Row]:
    many, rounds = sizes(_MANY, 500), sizes(_ROUNDS, 5)
    pair = _Pair(_loaded(folder, {"N-FEW": (_FEW, 1_000_000), "N-MANY": (many, 1_000)}), (_FEW, many))
    yield _AT_DESK[0].value(*_at_desks(pair, rounds))
    yield _ON_SCREEN[0].value(*_on_screens(pair, rounds))


def _pieces_flat(sizes: Sizes, folder: Path) -> Iterator[Row]:
    rounds = sizes(_ROUNDS, 5)
    pair = _Pair(_loaded(folder, dict.fromkeys(_ORDERS, (1, 1_000_000))), (1, 1))
    for order, pieces in zip(_ORDERS, (_FEW, sizes(_MANY, 500)), strict=True):
        found = order_book.choose(pair.site, OrderKind.PURCHASE, order)
        assert isinstance(found, Order)
        for name in (f"desk-{order}", f"screen-{order}"):
            serials = [f"HELD-{name}-{number:06}" for number in range(pieces)]
            open_work(pair.site, found.id, _sku(0), serials=serials, station=name)
    yield _AT_DESK[1].value(*_at_desks(pair, rounds))
    yield _ON_SCREEN[1].value(*_on_screens(pair, rounds))


def _opening(sizes: Sizes, folder: Path) -> Iterator[Row]:
    many = sizes(_OPENED, 100)
    site = _loaded(folder, {"N-FEW": (_FEW, 1), "N-MANY": (many, 1)})
    with station(address(site), "dock-2", "receive") as terminal:
        terminal.wait_for("RECEIVING")
        times = [[_opened(terminal, order) for order in ("N-MANY", "N-FEW")] for _ in range(sizes(_OPENINGS, 3))]
    ours, limit = zip(*times, strict=True)
    yield _OPENING.value(median(ours), absolute(median(ours), "ms"), absolute(median(limit), "ms"))


def _opened(terminal: Terminal, order: str) -> float:
    return answers(terminal, order, f"{order} is open")


FAMILIES = (
    Family("lines", _lines_flat, (_ON_SCREEN[0], _AT_DESK[0]), patience_s=400),
    Family("pieces", _pieces_flat, (_ON_SCREEN[1], _AT_DESK[1]), patience_s=400),
    Family("opening", _opening, (_OPENING,)),
)
