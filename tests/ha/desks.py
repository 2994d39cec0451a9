"""Desks at work while members of the cluster die: workers without a screen, and a station in a terminal.

Each scans on and on, scans again what was told as not saved, and keeps what was answered OK and when.
"""

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scanstation.domain.codes import code_key
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreError, StoreHalfSafe, StoreUncertain
from scanstation.domain.verdict import Tone, Verdict
from scanstation.store import orders
from scanstation.store.store import Store, open_store
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.acceptance.warehouse import Station
from tests.builders import product, purchase

SERIAL, COUNTED = "CAM", ("BAT", "CEL")
PLENTY = 10_000_000


@dataclass
class Told:
    """What one desk was answered."""

    serials: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    perhaps: Counter[str] = field(default_factory=Counter)
    """Told that it is perhaps in the store, or on one machine only: it may be there or not."""
    failures: Counter[str] = field(default_factory=Counter)
    oks: list[tuple[float, float]] = field(default_factory=list)
    """When each scan that was answered OK began, and when it was answered."""

    def ok(self, began: float) -> None:
        """A scan was answered OK."""
        self.oks.append((began, time.monotonic()))

    def back_after(self, moment: float) -> float | None:
        """Seconds from a moment to the first OK of a scan that began after it; None when there is none yet."""
        return next((answered - moment for began, answered in self.oks if began >= moment), None)


class DeskAtWork(threading.Thread):
    """Somebody who scans, with an order of his own."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name=name, daemon=True)
        self.url = url
        self.order = f"N-{name}"
        self.told = Told()
        self.error: BaseException | None = None
        self._ends = threading.Event()

    def stock(self, site: Site) -> None:
        """Make the order."""
        purchase(site, self.order, dict.fromkeys((SERIAL, *COUNTED), PLENTY))

    def run(self) -> None:
        """Work until the end."""
        try:
            self.work()
        except BaseException as error:
            self.error = error
            raise

    def work(self) -> None:
        """Scan on and on."""
        raise NotImplementedError

    @property
    def goes_on(self) -> bool:
        """Not at its end yet?"""
        return not self._ends.is_set()

    def finish(self) -> None:
        """Let it end after the scan that it is at."""
        self._ends.set()
        self.join(180)
        assert not self.is_alive(), f"{self.name} hangs"
        if self.error:
            raise self.error

    def counted(self, store: Store) -> dict[str, int]:
        """What is in the store of each counted product."""
        with store.read() as tx:
            (order,) = orders.with_numbers(tx, OrderKind.PURCHASE, [code_key(self.order)])
            return {
                line.product.sku: line.in_work for line in orders.lines(tx, order.id) if line.product.sku in COUNTED
            }


class Worker(DeskAtWork):
    """The real workflow on the real store, without a screen."""

    def work(self) -> None:
        store = open_store(self.url)
        desk = Desk(Site(store, self.name, self.name), OrderKind.PURCHASE)
        assert self._until_told(desk, self.order).tone is Tone.OK
        number = 0
        while self.goes_on:
            number += 1
            serial = f"{self.name}-{number}"
            self._taken(desk, SERIAL)
            if self._taken(desk, serial):
                self.told.serials.append(serial)
            if self._taken(desk, COUNTED[0]):
                self.told.counts[COUNTED[0]] += 1
        store.stop_waiting()
        store.close()

    def _taken(self, desk: Desk, code: str) -> bool:
        """Scan until it is taken: was that an OK that one may count on?"""
        doubtful = self.told.perhaps[code]
        verdict = self._until_told(desk, code)
        if self.told.perhaps[code] > doubtful:
            return False
        assert verdict.tone is Tone.OK, f"{code} was told as not saved, and is there: {verdict}"
        return True

    def _until_told(self, desk: Desk, code: str) -> Verdict:
        while True:
            began = time.monotonic()
            try:
                verdict = desk.answer(Scan(code)).verdict
            except StoreError as error:
                self.told.failures[type(error).__name__] += 1
                if isinstance(error, StoreHalfSafe | StoreUncertain):
                    self.told.perhaps[code] += 1
                time.sleep(0.05)
                continue
            assert verdict is not None
            if verdict.tone is Tone.OK:
                self.told.ok(began)
            return verdict


class AtTheTerminal(DeskAtWork):
    """The program in a terminal of its own; two products by turns, so that no answer stands for another."""

    station: Station

    def work(self) -> None:
        self.station.ok(self.order, says=f"{self.order} is open")
        turn = 0
        while self.goes_on:
            sku, turn = COUNTED[turn % 2], turn + 1
            began = time.monotonic()
            self.station.scan(sku)
            self.station.wait_for(lambda _, sku=sku: self._is_told(sku), timeout=120)  # type: ignore[misc]
            word, said = self.station.verdict
            if word == "OK":
                self.told.counts[sku] += 1
                self.told.ok(began)
                shown = re.search(r"([\d,]+) of ", said)
                assert shown, said
                assert int(shown[1].replace(",", "")) == self.told.counts[sku], (self.told.counts, said)
            else:
                self.told.failures[re.sub(r"\(.*", "", said)[:60]] += 1
                if "Perhaps" in said or "one machine" in said:
                    self.told.perhaps[sku] += 1

    def _is_told(self, sku: str) -> bool:
        word, said = self.station.verdict
        return word in ("OK", "STOP") and said.startswith((f"{sku} ", f"{sku}:"))


def stock(site: Site, desks: list[DeskAtWork]) -> None:
    """Products, and an order for each desk."""
    product(site, SERIAL, 1)
    for sku in COUNTED:
        product(site, sku, 0)
    for desk in desks:
        desk.stock(site)


def error_files(folder: Path) -> list[Path]:
    """What a station wrote down as an error of its own."""
    return list(folder.rglob("error-*.txt"))
