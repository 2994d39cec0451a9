"""The papers of an order: what can be printed, where it goes, and what a label says."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scanstation.domain.defaults import DOTS_PER_MM
from scanstation.domain.language import word
from scanstation.domain.status import OrderKind


class Paper(StrEnum):
    """What is printed; the value is how commands and config.toml write it."""

    SLIP = "slip"
    LABELS = "labels"
    DOWNTIME = "downtime"

    @property
    def words(self) -> str:
        """As people call it."""
        return {
            Paper.SLIP: word("slip"),
            Paper.LABELS: word("serial labels"),
            Paper.DOWNTIME: word("downtime sheet"),
        }[self]

    @property
    def endings(self) -> tuple[str, ...]:
        """Of files that it can be written to."""
        return (".pdf", ".zpl") if self is Paper.LABELS else (".pdf",)


@dataclass(frozen=True, slots=True)
class PrintPlan:
    """config.toml's [print]."""

    slips: str = ""
    """The printer or the folder of slips and downtime sheets, as `read_printer` takes it; empty: none."""
    labels: str = ""
    label_format: str = "pdf"
    """`pdf` or `zpl`."""
    label_code: str = "code128"
    """`code128` or `datamatrix`."""
    dots_per_mm: float = DOTS_PER_MM
    """Of the label printer, for ZPL."""
    at_packing: tuple[str, ...] = ()
    """Which papers are printed when a packing is completed."""
    at_receiving: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        """Is there anywhere to print to?"""
        return bool(self.slips or self.labels)

    def printer_of(self, paper: Paper) -> str:
        """Where a paper goes; empty: nowhere."""
        return self.labels if paper is Paper.LABELS else self.slips

    def form_of(self, paper: Paper) -> str:
        """The ending of what is sent there."""
        return f".{self.label_format}" if paper is Paper.LABELS else ".pdf"

    def at_completing(self, kind: OrderKind) -> tuple[Paper, ...]:
        """What is printed when work of this kind is completed."""
        named = self.at_receiving if kind is OrderKind.PURCHASE else self.at_packing
        return tuple(paper for paper in map(Paper, named) if self.printer_of(paper))


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of CUPS."""

    name: str


@dataclass(frozen=True, slots=True)
class Socket:
    """A printer that takes what comes at a port, as it is."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a program of the printer's takes its files from."""

    path: str


RAW_PORT: Final = 9100
_QUEUE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]{0,126}")
_HOST = re.compile(r"(?P<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")


def read_printer(text: str) -> Queue | Socket | Folder | None:
    """Where papers go: `lp:QUEUE`, `socket://HOST:PORT` (without a port 9100), or a folder. None for anything else.

    >>> read_printer("lp:zebra-2"), read_printer("socket://10.0.0.7")
    (Queue(name='zebra-2'), Socket(host='10.0.0.7', port=9100))
    """
    scheme, _, rest = text.partition(":")
    if scheme == "lp":
        return Queue(rest) if _QUEUE.fullmatch(rest) else None
    if scheme == "socket":
        address = _HOST.fullmatch(rest.removeprefix("//")) if rest.startswith("//") else None
        port = int(address["port"] or RAW_PORT) if address else 0
        return Socket(address["host"].strip("[]"), port) if address and 0 < port < 65536 else None
    return Folder(text) if "://" not in text and text else None


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says: a code as a barcode and as text, and what it is of."""

    code: str
    kind: str
    """`Serial` or `Secondary serial`."""
    sku: str
    description: str
    client: str


NARROWEST_MM: Final = 0.25
"""Of a bar that scanners of every kind still read from a hand's length; two dots of a usual label printer."""


def fits_lines(modules: int, width_mm: float) -> bool:
    """Is there room for a Code 128 of so many modules? A longer code is printed as a Data Matrix."""
    return modules * NARROWEST_MM <= width_mm
