"""How an import writes: what is known beforehand is staged and hashed, and the lock is held for a few statements."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Row, event, select
from sqlalchemy.engine.interfaces import CacheStats

from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind
from scanstation.store import sealing
from scanstation.store import tables as t
from scanstation.store.open_seals import IN_INFO
from scanstation.store.sealing import FORM, FORMS, SealedRows
from scanstation.store.store import open_store
from scanstation.store.upkeep import findings, look_at_record
from scanstation.workflows.imports import importing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import corrections
from scanstation.workflows.site import Site
from tests import builders
from tests.workflows.done_work import packed, received

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


def write(path: Path, kind: OrderKind, rows: Sequence[str]) -> Path:
    """Rows of `order,SKU,primary,secondary`."""
    header = f"Warehouse,Client,{kind} Number,SKU,Primary Serial Number,Secondary Serial Number"
    path.write_text("\n".join([header, *(f"W-EAST,NORDWIND,{row}" for row in rows)]), encoding="utf-8")
    return path


def imported(site: Site, kind: OrderKind, path: Path) -> None:
    answer = import_serials(site, kind, path)
    assert isinstance(answer, Done), answer


def ready(site: Site, kind: OrderKind, scenario: int, count: int, folder: Path) -> Path:
    """A file of so many serials for an order that waits for them; a shipment's are in stock in scenario 7."""
    builders.product(site, "CAM", scenario)
    received(site, builders.purchase(site, "N-1", {"CAM": count}), "CAM", quantity=count)
    rows = [f"CAM,A-{number:04},B-{number:04}" for number in range(count)]
    path = write(folder / "po.csv", PO, [f"N-1,{row}" for row in rows])
    if kind is PO:
        return path
    if scenario == 7:
        imported(site, PO, path)
    packed(site, builders.shipment(site, "S-1", {"CAM": count}), "CAM", quantity=count)
    return write(folder / "so.csv", SO, [f"S-1,{row}" for row in rows])


def events(site: Site) -> Sequence[Row[Any]]:
    with site.store.read() as tx:
        return tx.execute(sealing.rows_of("unit_event")).all()


@contextmanager
def within_acts(engine: Engine) -> Iterator[list[str]]:
    """The statements of acts, from where a store in a file takes the write lock, or a server's act its first rows."""
    statements: list[str] = []

    def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if IN_INFO in connection.info:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.both_stores
@pytest.mark.parametrize(("kind", "scenario", "events_before"), [(PO, 7, 0), (SO, 8, 0), (SO, 7, 1)])
def test_as_many_statements_for_many_rows_as_for_a_few_and_no_event_is_read_back(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: OrderKind, scenario: int, events_before: int
) -> None:
    count = 40
    path = ready(site, kind, scenario, count, tmp_path)
    few = write(tmp_path / "few.csv", kind, [line.partition("NORDWIND,")[2] for line in path.read_text().split()[-2:]])
    most = write(path, kind, [line.partition("NORDWIND,")[2] for line in path.read_text().split("\n")[1:-2]])
    read_back: Counter[str] = Counter()
    usual = sealing._rows_of_seal

    def counting(tx: Any, open_seal: Any, table: str) -> Sequence[Row[Any]]:
        rows = usual(tx, open_seal, table)
        read_back[table] += len(rows)
        return rows

    monkeypatch.setattr(sealing, "_rows_of_seal", counting)
    with within_acts(site.store.engine) as for_few:
        imported(site, kind, few)
    with within_acts(site.store.engine) as for_many:
        imported(site, kind, most)

    assert Counter(for_many) == Counter(for_few)
    assert 0 < len(for_many) <= 40
    assert read_back == {"import_batch": 2, "unit_event": 0}
    assert len(events(site)) == count * (events_before + 1)
    assert look_at_record(site.store).findings == []


@pytest.mark.parametrize(("kind", "scenario"), [(PO, 7), (SO, 7), (SO, 8)])
def test_the_first_import_of_a_process_compiles_what_it_writes_before_it_has_the_lock(
    site: Site, tmp_path: Path, kind: OrderKind, scenario: int
) -> None:
    path = ready(site, kind, scenario, 3, tmp_path)
    first = open_store(site.store.url, site.store.clock)
    known: dict[str, bool] = {}

    def note(connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, *_rest: Any) -> None:
        if IN_INFO in connection.info and context is not None and context.compiled is not None:
            known[statement] = context.cache_hit is CacheStats.CACHE_HIT

    event.listen(first.engine, "before_cursor_execute", note)
    imported(replace(site, store=first), kind, path)
    first.close()

    of_import = {one for one in known if "import_new" in one or "import_packed" in one}
    # Texts take no compiling.
    of_seal = {one for one in known if "seal" in one.partition("FROM")[2] and "max(id)" not in one}
    of_seal |= {one for one in known if "INTO seal" in one}
    assert len(of_import) >= 2
    assert len(of_seal) >= 3
    assert {one for one in of_import | of_seal if not known[one]} == set()


@pytest.mark.both_stores
def test_new_known_and_completed_units_of_several_lines_have_the_events_that_are_sealed(
    site: Site, tmp_path: Path
) -> None:
    for sku in ("CAM", "LAP"):
        builders.product(site, sku, 6)
        received(site, builders.purchase(site, f"N-{sku}", {sku: 3}), sku, quantity=3)
    imported(site, PO, write(tmp_path / "p.csv", PO, ["N-CAM,CAM,a-1,", "N-CAM,CAM,A2,", "N-LAP,LAP,L1,"]))
    for sku in ("CAM", "LAP"):
        builders.change_settings(site, sku, 8)
    for number in ("S-1", "S-2"):
        order_id = builders.shipment(site, number, {"CAM": 2, "LAP": 2})
        for sku in ("CAM", "LAP"):
            packed(site, order_id, sku, quantity=2)
    before = len(events(site))
    rows = ["S-1,CAM,A-1,B1", "S-2,CAM,N9,n'9", "S-1,LAP,L1,LB1", "S-1,CAM,N'7,B7", "S-2,LAP,L8,LB8"]
    imported(site, SO, write(tmp_path / "s.csv", SO, rows))

    told = events(site)[before:]
    columns = ("what", "status", "primary_serial", "secondary_serial", "client", "sku", "order_number", "scanned")
    assert sorted(tuple(getattr(one, name) for name in columns) for one in told) == sorted(
        ("Packed", "Packed", *one)
        for one in [
            ("a-1", "B1", "NORDWIND", "CAM", "S-1", "A-1"),
            ("N9", "n'9", "NORDWIND", "CAM", "S-2", None),
            ("L1", "LB1", "NORDWIND", "LAP", "S-1", None),
            ("N'7", "B7", "NORDWIND", "CAM", "S-1", None),
            ("L8", "LB8", "NORDWIND", "LAP", "S-2", None),
        ]
    )
    assert {(one.operator, one.station, one.source, one.reason) for one in told} == {("Ana", "dock-2", "import", "")}
    with site.store.read() as tx:
        link = tx.execute(select(t.seal).order_by(t.seal.c.id.desc())).first()
    assert link is not None
    sealed = dict(zip(FORMS[FORM], SealedRows.unpacked(link.rows, len(FORMS[FORM])).tables, strict=True))
    assert sealed["unit_event"].ids == [one.id for one in told], "one link of the chain has all of them"
    assert sealed["unit_event"].unit_ids == [one.unit_id for one in told]
    assert len(sealed["import_batch"].ids) == 1
    assert look_at_record(site.store).findings == []
    assert findings(site.store) == []


def _corrected(site: Site) -> None:
    with site.store.read() as tx:
        (unit_id,) = tx.scalars(select(t.unit_code.c.unit_id).where(t.unit_code.c.text == "A-0001"))
    assert isinstance(corrections.correct(site, unit_id, "A-0001", "X-0001", "misread"), Done)


@pytest.mark.both_stores
def test_what_is_corrected_after_it_was_staged_stands_in_the_event_as_it_is(site: Site, tmp_path: Path) -> None:
    ready(site, SO, 7, 3, tmp_path)
    path = write(tmp_path / "by-secondary.csv", SO, [f"S-1,CAM,B-{number:04}," for number in range(3)])
    others = open_store(site.store.url, site.store.clock)
    once: list[Callable[[], None]] = [lambda: _corrected(Site(others, "Ben", "office"))]

    def between(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INTO import_packed" in statement and once:
            once.pop()()

    event.listen(site.store.engine, "after_cursor_execute", between)
    imported(site, SO, path)
    others.close()

    assert not once
    assert [(one.primary_serial, one.scanned) for one in events(site) if one.what == "Packed"] == [
        ("A-0000", "B-0000"),
        ("X-0001", "B-0001"),
        ("A-0002", "B-0002"),
    ]
    assert look_at_record(site.store).findings == []
    assert findings(site.store) == []


@pytest.mark.parametrize(("number", "looks"), [("S-9", 0), ("A-0001", 1)], ids=["another order", "named as a serial"])
def test_an_order_that_opens_meanwhile_has_a_file_judged_again_only_where_a_serial_reads_like_its_number(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str, looks: int
) -> None:
    plan = importing.check(site, PO, ready(site, PO, 7, 3, tmp_path))
    builders.shipment(site, number, {"CAM": 1})
    again: list[str] = []
    usual = importing.look_again

    def counting(*arguments: Any) -> importing.Plan:
        again.append(number)
        return usual(*arguments)

    monkeypatch.setattr(importing, "look_again", counting)
    answer = importing.carry_out(site, plan)
    assert len(again) == looks
    assert isinstance(answer, Done)
    assert [f"{number} is the number of an open shipment order" in note for note in answer.notes] == [True] * looks
