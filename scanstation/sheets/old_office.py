"""The container of the old Office files, and of new ones behind a password: which streams are in it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from olefile import OleFileIO

WORKBOOKS = ("Workbook", "Book")
"""Streams of a workbook: since Excel 97, and before."""


def streams(file: BinaryIO) -> frozenset[str]:
    """The streams at the top of the container; none if it is broken. Those of objects inside it are not among them."""
    try:
        with OleFileIO(file) as container:
            return frozenset(path[0] for path in container.listdir() if len(path) == 1)
    except (OSError, ValueError, IndexError):
        return frozenset()


def workbook_stream(whole: bytes, most: int) -> bytes:
    """The beginning of the workbook in a container."""
    with _opened(whole) as (container, name):
        stream: bytes = container.openstream(name).read(most) if name else b""
        return stream


def patched(whole: bytes, place: int, by: bytes) -> bytes:
    """The container with some bytes of its workbook replaced, at a place in that stream."""
    made = bytearray(whole)
    with _opened(whole) as (container, name):
        for offset, byte in enumerate(by, place):
            made[_place_in_file(container, name, offset)] = byte
    return bytes(made)


@contextmanager
def _opened(whole: bytes) -> Iterator[tuple[OleFileIO, str]]:
    with OleFileIO(io.BytesIO(whole)) as container:
        yield container, next((name for name in WORKBOOKS if container.exists(name)), "")


def _place_in_file(container: OleFileIO, name: str, offset: int) -> int:
    """Where a byte of a stream is; a small stream lies in the sectors of another one."""
    entry = container.direntries[container._find(name)]
    if entry.size < container.minisectorcutoff:
        container.loadminifat()
        sector = _follow(container.minifat, entry.isectStart, offset // container.minisectorsize)
        offset = sector * container.minisectorsize + offset % container.minisectorsize
        entry = container.root
    sector = _follow(container.fat, entry.isectStart, offset // container.sectorsize)
    place: int = (sector + 1) * container.sectorsize + offset % container.sectorsize
    return place


def _follow(chain: "list[int]", sector: int, steps: int) -> int:
    for _ in range(steps):
        sector = chain[sector]
    return sector
