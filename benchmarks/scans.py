"""A serial at receiving without a screen: one synced transaction, beside the least that the database has to do."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import profiles
from benchmarks.floor import RawPostgres, RawSqlite
from benchmarks.frame import Family, Row, Sizes, Target, in_turns, timed
from benchmarks.servers import synced_server
from benchmarks.stock import SKU, desk_at, stocked, taken, with_order
from scanstation.devices.wedge import Wedge
from scanstation.domain.scan import Scan
from scanstation.store.store import create_store
from scanstation.workflows.codes.interpreting import interpret
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site

_SCANS, _PROFILED = 400, 200
_IN_THE_WAY = (
    "The desk reads what the rules ask of the order, its lines, the product and the code, and writes the entry, the "
    "piece, the held unit and its code beside what the floor writes."
)
_AT_DESK = {
    count: Target(f"accepted serial at the desk, p50, {count:,} units", "raw SQLite's least", 5, in_the_way=_IN_THE_WAY)
    for count in (10_000, 1_000_000, 10_000_000)
}


def _measure(sizes: Sizes, folder: Path, count: int) -> Iterator[Row]:
    units = sizes(count, 1_000)
    desk, raw = desk_at(stocked(folder, units)), RawSqlite(folder, units)
    ours, floor = in_turns(
        sizes(_SCANS, 20),
        lambda number: _serial(desk, f"NEW{number:06}"),
        lambda number: timed(lambda: raw.receive(f"NEW{number:06}")),
        warm=10,
    )
    row = _AT_DESK[count].ratio(ours, floor)
    yield _with_profile(row, lambda: [_serial(desk, f"LATER{number:06}") for number in range(sizes(_PROFILED, 10))])


def _serial(desk: Desk, code: str) -> float:
    """The milliseconds of a serial, whose product was scanned before."""
    taken(desk, SKU)
    return timed(lambda: taken(desk, code))


def _with_profile(row: Row, act: profiles.Act) -> Row:
    return replace(row, profile=profiles.of_calls(act))


def _ten_thousand(sizes: Sizes, folder: Path) -> Iterator[Row]:
    yield from _measure(sizes, folder, 10_000)


def _millions(sizes: Sizes, folder: Path) -> Iterator[Row]:
    for count in (1_000_000, 10_000_000):
        (here := folder / str(count)).mkdir()
        yield from _measure(sizes, here, count)


_ON_SERVER = Target(
    "accepted serial at the desk on PostgreSQL, p50",
    "psycopg's least, the same statements as on SQLite, one round",
    2,
    in_the_way="Each wait for the server beyond the floor's is one more way there and back.",
)


def _on_a_server(sizes: Sizes, folder: Path) -> Iterator[Row]:
    del folder  # the server has its own
    with synced_server() as server:
        site = with_order(Site(create_store(server.url(server.new_database())), "Ana", "dock-2"))
        desk, raw = desk_at(site), RawPostgres(server.url(server.new_database()))
        ours, floor = in_turns(
            sizes(_SCANS, 20),
            lambda number: _serial(desk, f"NEW{number:06}"),
            lambda number: timed(lambda: raw.receive(f"NEW{number:06}")),
            warm=10,
        )
        row = _ON_SERVER.ratio(ours, floor)
        yield _with_profile(row, lambda: [_serial(desk, f"LATER{number:06}") for number in range(sizes(_PROFILED, 10))])


_CHARACTER = Target("a character in the wedge decoder", "stated", unit="µs")
_CODE = Target("a code in the interpreter", "stated", unit="µs")
_CODES = (
    *("SER-100", "4006381333931", "N-1003", "SN0012345678", "]C1010950600013435221ABC123", "SS-COMPLETE"),
    *("01095060001343521724123110LOT7\x1d21SN-42", "https://id.example.com/01/09506000134352/21/SN-42"),
)


def _reading(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """What reading a scan costs before anybody looks it up."""
    del folder  # nothing is stored
    rounds, at, characters, scans = sizes(300, 10), 100.0, 0, 0
    wedge = Wedge()
    begun = time.perf_counter()
    for number in range(rounds):
        for code in _CODES:
            for character in f"{code}{number}\r":
                at += 0.001
                scans += sum(isinstance(one, Scan) for one in wedge.feed(character.encode(), at))
                characters += 1
            at += 1
    decoding = time.perf_counter() - begun
    assert scans == rounds * len(_CODES), f"{scans} scans of {rounds * len(_CODES)}"
    yield _CHARACTER.value(decoding / characters * 1e6)
    begun = time.perf_counter()
    for _ in range(rounds):
        for code in _CODES:
            interpret(code, command_prefix="SS-")
    yield _CODE.value((time.perf_counter() - begun) / rounds / len(_CODES) * 1e6)


FAMILIES = (
    Family("desk", _ten_thousand, (_AT_DESK[10_000],)),
    Family("desk-millions", _millions, (_AT_DESK[1_000_000], _AT_DESK[10_000_000]), full=True, patience_s=3_600),
    Family("desk-postgresql", _on_a_server, (_ON_SERVER,)),
    Family("reading", _reading, (_CHARACTER, _CODE)),
)
