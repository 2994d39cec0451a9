"""Bytes on disk for a unit, with its codes, its events and all indexes."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.frame import Family, Row, Sizes, Target
from benchmarks.history import years
from benchmarks.stock import ORDER, SKU, desk_at, taken, with_order
from scanstation.store.store import create_store, open_store
from scanstation.workflows.site import Site

_LEFT = Target("bytes on disk of a unit that came, was packed and left, mostly", "100,000 units", unit="bytes")
_SCANNED = Target("bytes on disk of a unit that was received by scan", "2,000 units", unit="bytes")
_PER_COMPLETION = 100


def _bytes(sizes: Sizes, folder: Path) -> Iterator[Row]:
    count = sizes(100_000, 2_000)
    site = years(folder, count)
    path = site.store.path
    assert path is not None
    before = Site(create_store(f"sqlite:///{folder / 'empty.db'}"), "Ana", "dock-2")
    yield _LEFT.value((_closed(site) - _closed(before)) / count)

    count = sizes(2_000, 200)
    site = with_order(Site(open_store(f"sqlite:///{folder / 'empty.db'}"), "Ana", "dock-2"))
    assert site.store.path is not None
    empty = site.store.path.stat().st_size
    desk = desk_at(site)
    for number in range(count):
        taken(desk, SKU, f"SIZE{number:08}")
        if number % _PER_COMPLETION == _PER_COMPLETION - 1:
            desk.complete()
            desk.yes()
            taken(desk, ORDER)
    yield _SCANNED.value((_closed(site) - empty) / count)


def _closed(site: Site) -> int:
    """The bytes of a store's file once nobody has it open."""
    path = site.store.path
    assert path is not None
    site.store.close()
    return path.stat().st_size


FAMILIES = (Family("sizes", _bytes, (_LEFT, _SCANNED)),)
