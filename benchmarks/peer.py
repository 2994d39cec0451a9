"""Tryton 8.2 with stock_lot beside us, both in their own process, on SQLite, each act one synced commit."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.frame import Family, Row, Sizes, Target, absolute, median, timed
from benchmarks.history import years
from benchmarks.importer import prepare, received_order, write_sheet
from benchmarks.peer_tryton import setting_up
from benchmarks.stock import SKU, desk_at, taken, with_order
from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.site import Site
from tests.builders import purchase, shipment
from tests.workflows.done_work import received

_UNITS, _BULK = 100_000, 10_000
_ROUNDS, _A_ROUND = 6, 15
_PAGE = 50
_IN_THE_WAY = "What our own act takes; see the rows of the desk and of imports."


def _target(act: str, bound: float) -> Target:
    return Target(f"Tryton ÷ ours, 100,000 units: {act}", "Tryton 8.2", bound, at_least=True, in_the_way=_IN_THE_WAY)


_RECEIVE = _target("receive into stock (an accepted serial)", 30)
_PACK = _target("pack (an accepted serial)", 60)
_LOOK_UP = _target("look-up by serial (trace)", 25)
_PAGE_OF_50 = _target("page of 50", 25)
_IN_BULK = _target("bulk of 10,000 in-process (an import from .xlsx)", 100)
_WHOLE = Target("Tryton ÷ ours: receive, product scan and share of Complete included", "Tryton 8.2", at_least=True)


def _against_tryton(sizes: Sizes, folder: Path) -> Iterator[Row]:
    units, rounds, a_round = sizes(_UNITS, 500), sizes(_ROUNDS, 2), sizes(_A_ROUND, 3)
    (ours := folder / "ours").mkdir()
    us = _Us(with_order(years(ours, units)), ours, rounds * a_round)
    with _tryton(folder, units) as tryton:

        def contest(act: str, our_act: Callable[[], float]) -> tuple[list[float], list[float]]:
            mine, theirs = [], []
            for _ in range(rounds):
                mine += [our_act() for _ in range(a_round)]
                theirs += tryton(act, a_round)
            return mine, theirs

        mine, theirs = contest("receive", us.receive)
        yield _over(_RECEIVE, mine, theirs)
        yield _over(_WHOLE, [sum(us.whole) / len(us.whole) + us.complete() / len(us.whole)], theirs)
        yield _over(_PACK, *contest("pack", us.pack))
        yield _over(_LOOK_UP, *contest("look-up", us.look_up))
        yield _over(_PAGE_OF_50, *contest("page", us.page))
        bulk = sizes(_BULK, 100)
        mine, theirs = [], []
        for number in range(2):
            mine.append(us.bulk(number, bulk))
            theirs += tryton("bulk", bulk)
        yield _over(_IN_BULK, mine, theirs)


def _over(target: Target, mine: list[float], theirs: list[float]) -> Row:
    ours, other = median(mine), median(theirs)
    return target.value(other / ours, absolute(ours, "ms"), absolute(other, "ms"))


class _Us:
    """The same acts here."""

    def __init__(self, site: Site, folder: Path, to_pack: int) -> None:
        self._site, self._folder = site, folder
        self._receiving = desk_at(site)
        self._numbers = iter(range(1_000_000))
        self.whole: list[float] = []
        """Milliseconds of whole units received: the product's scan and the serial's."""
        prepare(site)
        serials = [f"PACK{number:06}" for number in range(to_pack)]
        received(site, purchase(site, "N-TO-PACK", {SKU: to_pack}), SKU, *serials)
        shipment(site, "S-PEER", {SKU: to_pack})
        self._packing = desk_at(site, "S-PEER", OrderKind.SHIPMENT)
        self._to_pack = iter(serials)

    def receive(self) -> float:
        """A serial whose product was scanned."""
        product = timed(lambda: taken(self._receiving, SKU))
        code = f"NEW{next(self._numbers):06}"
        serial = timed(lambda: taken(self._receiving, code))
        self.whole.append(product + serial)
        return serial

    def complete(self) -> float:
        """All that was received goes into stock."""

        def act() -> None:
            self._receiving.complete()
            self._receiving.yes()

        return timed(act)

    def pack(self) -> float:
        """A serial that is in stock."""
        taken(self._packing, SKU)
        code = next(self._to_pack)
        return timed(lambda: taken(self._packing, code))

    def look_up(self) -> float:
        """All that is known of a serial."""
        code = f"SN{next(self._numbers) % 1_000 * 7919 % 100_000_007:09}"

        def act() -> None:
            assert tracing.trace(self._site, code), code

        return timed(act)

    def page(self) -> float:
        """The first page of all serials."""

        def act() -> None:
            assert len(reporting.page(self._site, Report.SERIALS, Filters(), limit=_PAGE).rows) == _PAGE

        return timed(act)

    def bulk(self, number: int, rows: int) -> float:
        """A sheet of serials, read and imported."""
        order, path = f"N-BULK-{number}", self._folder / f"bulk-{number}.xlsx"
        order_id = received_order(self._site, order, rows, 5)
        write_sheet(path, OrderKind.PURCHASE, order, number * rows, rows, 5)

        def act() -> None:
            outcome = import_serials(self._site, OrderKind.PURCHASE, path, order_id=order_id)
            assert isinstance(outcome, Done), outcome

        return timed(act)


@contextmanager
def _tryton(folder: Path, units: int) -> Iterator[Callable[[str, int], list[float]]]:
    """Tryton with so many serials in stock; the milliseconds of an act that it is told to do so often."""
    (theirs := folder / "tryton").mkdir()
    paths = (setting_up.environment(), setting_up.HERE / "dock.py", setting_up.database(theirs))
    command = [*map(str, paths), str(units)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as dock:  # noqa: S603 - our own
        assert dock.stdin is not None
        assert dock.stdout is not None
        requests, answers = dock.stdin, dock.stdout
        assert answers.readline() == "ready\n", "Tryton could not be set up"

        def act(name: str, number: int) -> list[float]:
            requests.write(f"{name} {number}\n")
            requests.flush()
            answer: list[float] = json.loads(answers.readline())
            return answer

        yield act


FAMILIES = (
    Family(
        "peer",
        _against_tryton,
        (_RECEIVE, _WHOLE, _PACK, _LOOK_UP, _PAGE_OF_50, _IN_BULK),
        full=True,
        patience_s=3_600,
    ),
)
