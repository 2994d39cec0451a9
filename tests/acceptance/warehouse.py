"""A warehouse as its people know it: a folder, a store, sheets, the command line, and stations in real terminals."""

import csv
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.acceptance.clerk import Clerk
from tests.terminal import PATIENCE_S, Terminal

_SAME_CODE_S = 0.3
"""Above the station's 250 ms."""
"""A row of a list, marked or not; what is written beneath one begins further in."""

CLIENT, WAREHOUSE = "NORDWIND", "W-EAST"
PRIMARY, SECONDARY = "Primary Serial Number", "Secondary Serial Number"
FLAGS = (
    "Track Serial Number",
    "Both Receiving and Packing",
    "Only Packing",
    "Skip Scan Serial Number",
    "Scan Secondary Serial Number",
)
SETTINGS = {
    # the five settings of each scenario, as the help page gives them; 0 is not tracked
    0: (False, False, False, False, False),
    1: (True, True, False, False, False),
    2: (True, False, True, False, False),
    3: (True, True, False, False, True),
    4: (True, False, True, False, True),
    5: (True, True, False, True, False),
    6: (True, False, True, True, False),
    7: (True, True, False, True, True),
    8: (True, False, True, True, True),
}

Row = dict[str, Any]
Codes = str | tuple[str, str]
"""A primary, or a primary and a secondary."""


@dataclass(frozen=True)
class Ran:
    """A command line that has ended."""

    argv: tuple[str, ...]
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for machines."""
        return json.loads(self.out)

    def says(self, *words: str) -> None:
        """Standard error has all of these words in it."""
        for word in words:
            assert word in self.err, f"{' '.join(self.argv)}: {word!r} is not in\n{self.err}"


_LETTERS = re.compile("[▀▄█▌▐]")
"""What the word and the count are drawn with in a large window, beside the sentence."""
_QUESTION = ("╭─ Question", "┌─ Question")


class Station(Terminal):
    """A station in a terminal, as the person before it uses it."""

    _last_code = ""

    def scan(self, *codes: str, suffix: str = "\r") -> None:
        """Scan codes in one burst; the same code again a moment later, or the scanner would have read it twice."""
        if codes[0] == self._last_code:
            self.pause(_SAME_CODE_S)
        self._last_code = codes[-1]
        super().scan(*codes, suffix=suffix)

    @property
    def verdict(self) -> tuple[str, str]:
        """The verdict bar: its word, its sentence; of a question with what the panel asks."""
        rows, last = [_LETTERS.sub(" ", row) for row in self.lines], len(self.lines) - 5
        bars = [row for row in range(last) if re.match(r" (OK|CHECK|STOP)  |\s{6,}(OK|CHECK|STOP) ", rows[row])]
        if not bars:
            return "", ""
        first = bars[-1]
        below = [row.strip() for row in rows[first + 1 : last]]
        if self.slot.startswith(_QUESTION):
            below += [row.strip("│ ") for row in rows[last + 1 : -2]]
        return rows[first].split()[0], " ".join([*rows[first].split()[1:], *" ".join(below).split()])

    @property
    def slot(self) -> str:
        """The title of the panel that is docked to the bottom: four rows, and below it the keys."""
        title = self.lines[-5]
        return title if title.startswith(("╭", "┌")) else ""  # the second where a terminal's font has only those

    def asks(self) -> bool:
        """Is the prompt panel for a serial shown?"""
        return re.search(r"(Primary|Secondary|Either) serial", self.slot) is not None

    def expect(self, word: str, *says: str, timeout: float = PATIENCE_S) -> None:
        """Wait for this answer."""
        self.wait_for(lambda _: self._answered(word, says), timeout)

    def ok(self, *codes: str, says: str | Sequence[str] = ()) -> None:
        """Scan, and wait until it was taken."""
        self._scanned(codes, "OK", says)

    def stop(self, *codes: str, says: str | Sequence[str]) -> None:
        """Scan, and wait until it was refused."""
        self._scanned(codes, "STOP", says)

    def check(self, *codes: str, says: str | Sequence[str]) -> None:
        """Scan, and wait until it was answered with CHECK."""
        self._scanned(codes, "CHECK", says)

    def shows(self, *texts: str) -> None:
        """Wait until all of these are on the screen, sentences also where they are wrapped."""
        self.wait_for(lambda _: all(text in " ".join(self.text.split()) for text in texts))

    def expect_prompt(self, *words: str) -> None:
        """Wait until the prompt panel is shown with these words in its title."""
        self.wait_for(lambda _: self.asks() and all(word in self.slot for word in words))

    def expect_no_prompt(self) -> None:
        """Wait until no prompt panel is shown."""
        self.wait_for(lambda _: bool(self.slot) and not self.asks())

    def expect_title(self, name: str) -> None:
        """Wait until this screen is in front."""
        self.wait_for(lambda _: self.lines[0].startswith(f" {name.upper()}"))

    def go(self, command: str, title: str) -> None:
        """Scan a command barcode that leads to another screen."""
        self.scan(command)
        self.expect_title(title)

    def open_order(self, key: str, number: str) -> None:
        """From anywhere to an order's own screen, by the list of `key`: f7 purchase orders, f8 shipment orders."""
        self.go("SS-HOME", "Home")
        self.press(key)
        self.expect_title("purchase orders" if key == "f7" else "shipment orders")
        self.scan(number)
        # The acts of the order, and no longer the rows of the list.
        self.wait_for(lambda _: number in self.lines[0] and self.marked and number not in self.marked)

    def choose(self, act: str) -> None:
        """Wait for a list that offers an act, mark it and press Enter."""
        self.mark(act)
        self.press("enter")

    def choose_file(self, name: str) -> None:
        """On an order's screen: Import serials, and the name of a file in the warehouse's folder."""
        self.choose("Import serials")
        self.wait_for(lambda _: "2 of 5" in self.lines[0])
        self.type(name)
        self.wait_for(lambda _: f"│ {name} " in self.text)
        self.press("enter")

    def expect_step(self, number: int, *shows: str) -> None:
        """Wait for a step of the import wizard."""
        self.wait_for(lambda _: f"{number} of 5" in self.lines[0] and "reading" not in self.lines[0])
        self.shows(*shows)

    def back_to_step(self, number: int) -> None:
        """Esc in the import wizard, to the step before."""
        self.press("escape")
        self.expect_step(number)

    def import_file(self, path: Path) -> None:
        """On an order's screen: import a good file, to the result."""
        self.choose_file(path.name)
        self.expect_step(3, "Read and check")
        self.press("enter")
        self.expect_step(4, "can be imported")
        self.press("enter")
        self.expect_question("Import")
        self.press("y")
        self.expect_step(5, "imported as batch")

    def remove_imports(self, serials: int, *, files: int = 1) -> None:
        """On an order's screen: remove all that was imported."""
        self.choose("Remove the imported")
        if files > 1:
            self.wait_for(lambda _: f"All {files} imports: {serials} serials" in self.marked)
            self.press("enter")
        # Units that an import packed stay in stock; what it created goes.
        self.wait_for(lambda _: any(f"{verb} {serials} " in self.marked for verb in ("Remove", "Make")))
        self.press("enter")

    def expect_question(self, *words: str) -> None:
        """Wait for a question that has these words."""
        self.shows("Question", *words)

    def _scanned(self, codes: Sequence[str], word: str, says: str | Sequence[str]) -> None:
        words = [says] if isinstance(says, str) else list(says)
        # An answer that stands there already would be no answer to this scan.
        assert not self._answered(word, words), self._dump(f"{word} {words} is shown before {codes} is scanned")
        self.scan(*codes)
        self.expect(word, *words)

    def _answered(self, word: str, says: Sequence[str]) -> bool:
        said, sentence = self.verdict
        return said == word and all(part in sentence for part in says)


class Warehouse:
    """A folder with a home and a store of its own; `made` when they are there already."""

    def __init__(self, folder: Path, clerk: Clerk, *, made: bool = False) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._clerk = clerk
        self._sheets = 0
        if not made:
            self.home.mkdir(parents=True)
            self.done("db", "init")

    # -- the command line ----------------------------------------------------------------------------------

    def run(self, *arguments: str | Path, operator: str = "Mia", env: Mapping[str, str] | None = None) -> Ran:
        """Run the command line to its end. Whatever happens, it shows no traceback."""
        return self._run([arguments], operator, env)[0]

    def _run(
        self, commands: Sequence[Sequence[str | Path]], operator: str = "Mia", env: Mapping[str, str] | None = None
    ) -> list[Ran]:
        argvs = [["--station", "office", "--operator", operator, *map(str, words)] for words in commands]
        files = [(self.folder / f".out-{number}", self.folder / f".err-{number}") for number in range(len(argvs))]
        told = [(argv, *pair) for argv, pair in zip(argvs, files, strict=True)]
        statuses = self._clerk.run(told, cwd=self.folder, env=self.environment(env))
        all_ran = [
            Ran(tuple(argv), status, out.read_text("utf-8"), err.read_text("utf-8"))
            for (argv, out, err), status in zip(told, statuses, strict=True)
        ]
        for ran in all_ran:
            assert "Traceback" not in ran.out + ran.err, ran.err
        return all_ran

    def done(self, *arguments: str | Path, env: Mapping[str, str] | None = None) -> Ran:
        """Run a command that must succeed."""
        ran = self.run(*arguments, env=env)
        assert ran.status == 0, ran
        return ran

    def refused(self, *arguments: str | Path, says: str | Sequence[str], env: Mapping[str, str] | None = None) -> Ran:
        """Run a command that a rule must refuse with these words; it says so in whole sentences and prints nothing."""
        ran = self.run(*arguments, env=env)
        assert ran.status == 1, ran
        assert ran.out == ""
        ran.says(*([says] if isinstance(says, str) else says))
        assert all(line.endswith((".", "!", "?", ".)")) for line in ran.err.splitlines()), ran.err
        return ran

    def station(
        self,
        *arguments: str,
        name: str = "dock-2",
        operator: str = "Ana",
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> Station:
        """Open a station in a terminal of its own."""
        argv = [sys.executable, "-m", "scanstation", "--station", name, "--operator", operator, *arguments]
        return Station(argv, env=self.environment(env), columns=columns, rows=rows, cwd=self.folder)

    def environment(self, added: Mapping[str, str] | None) -> dict[str, str]:
        """What the programs are started with."""
        kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV", "TMPDIR") if name in os.environ}
        return kept | {"HOME": str(self.home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"} | dict(added or {})

    # -- what it shows -------------------------------------------------------------------------------------

    def serials(self, *filters: str) -> list[Row]:
        """The Serial Number Report."""
        found: list[Row] = self.done("report", "serials", *filters).json
        return found

    def statuses(self) -> dict[str, str]:
        """Primary → status, of every unit in the report."""
        return {row["primary_serial"]: row["status"] for row in self.serials()}

    def received(self) -> list[Row]:
        """The Serial Number Receiving History."""
        found: list[Row] = self.done("report", "receiving-history").json
        return found

    def shipped(self) -> list[Row]:
        """The Serial Number Shipment History."""
        found: list[Row] = self.done("report", "shipment-history").json
        return found

    def po(self, number: str) -> Row:
        """A purchase order."""
        found: Row = self.done("po", "show", number, "--format", "json").json
        return found

    def so(self, number: str) -> Row:
        """A shipment order."""
        found: Row = self.done("so", "show", number, "--format", "json").json
        return found

    def everything(self) -> dict[str, Any]:
        """All that anybody can see: what a refusal must leave as it is."""
        reports = [("report", name) for name in ("serials", "receiving-history", "shipment-history")]
        return {" ".join(ran.argv[4:]): ran.json for ran in self._run([*reports, ("po", "list"), ("so", "list")])}

    # -- sheets --------------------------------------------------------------------------------------------

    def sheet(self, header: Sequence[str], rows: Sequence[Sequence[object]], name: str = "") -> Path:
        """A file with one sheet: .csv by its name, else .xlsx."""
        self._sheets += 1
        path = self.folder / (name or f"sheet-{self._sheets}.xlsx")
        if path.suffix == ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *rows])
            return path
        book = openpyxl.Workbook()
        page = book.active
        assert isinstance(page, Worksheet)
        for row in (header, *rows):
            page.append(list(row))
        book.save(path)
        return path

    def serials_sheet(
        self,
        order_column: str,
        number: str,
        sku: str,
        *codes: Codes,
        without: str = "",
        client: str = CLIENT,
        warehouse: str = WAREHOUSE,
        two: bool = False,
        name: str = "",
    ) -> Path:
        """A sheet to import on an order.

        Args:
            order_column: `PO Number` or `SO Number`.
            number: the order's number, in every row.
            sku: in every row.
            codes: a row each.
            without: a column to leave out.
            client: in every row.
            warehouse: in every row.
            two: have a column for the secondary even if no row fills it.
            name: the file's name.
        """
        header = ["Warehouse", "Client", order_column, "SKU", PRIMARY]
        if two or any(isinstance(code, tuple) for code in codes):
            header.append(SECONDARY)
        pairs = [code if isinstance(code, tuple) else (code, "") for code in codes]
        rows = [[warehouse, client, number, sku, *pair][: len(header)] for pair in pairs]
        if without:
            at = header.index(without)
            for row in (header, *rows):
                del row[at]
        return self.sheet(header, rows, name)

    def load(
        self,
        *,
        products: Mapping[str, int] | None = None,
        purchase: Mapping[str, Mapping[str, int]] | None = None,
        shipment: Mapping[str, Mapping[str, int]] | None = None,
        opening: Sequence[tuple[str, Codes]] = (),
        warehouse: str = WAREHOUSE,
        client: str = CLIENT,
    ) -> None:
        """Take master data in with `load`: SKU → scenario, order → SKU → quantity, (SKU, serials) received before."""
        files = []
        if products:
            rows = [
                [client, sku, f"{sku} as described", f"EAN-{sku}", *map(_yes, SETTINGS[scenario])]
                for sku, scenario in products.items()
            ]
            files.append(self.sheet(["Client", "SKU", "Description", "Barcodes", *FLAGS], rows))
        for column, orders in (("PO Number", purchase), ("SO Number", shipment)):
            if orders:
                lines = [
                    [warehouse, client, number, sku, quantity]
                    for number, wanted in orders.items()
                    for sku, quantity in wanted.items()
                ]
                header = ["Warehouse", "Client", column, "SKU", "Quantity"]
                files.append(self.sheet(header, lines, f"{column.split()[0].lower()}-{self._sheets}.csv"))
        if opening:
            stock = [
                [warehouse, client, sku, *(codes if isinstance(codes, tuple) else (codes, ""))]
                for sku, codes in opening
            ]
            files.append(self.sheet(["Warehouse", "Client", "SKU", PRIMARY, SECONDARY], stock))
        self.done("load", *files)


def _yes(setting: bool) -> str:
    return "Yes" if setting else "No"
