"""What was done is sealed: a change by another hand is named, whoever makes it and however."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Connection, text

from scanstation import site_key
from scanstation.domain.scan import Scan
from scanstation.domain.status import Move, OrderKind
from scanstation.site_key import SiteKey
from scanstation.store import orders, sealing
from scanstation.store import tables as t
from scanstation.store.chain_check import ChainCheck
from scanstation.store.sealing import FORM, FORMS, SealedRows, Sealer, TableRows
from scanstation.store.store import Store, Transaction, open_store, trial
from scanstation.store.upkeep import keep_heads, look_at_record
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.serials import moved, opening

Tamper = Callable[[Connection], object]


@contextmanager
def triggers_off(tx: Connection) -> Iterator[None]:
    """Who owns the file or the server writes what the triggers forbid, and puts them back."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        tx.exec_driver_sql("SET LOCAL session_replication_role = origin")
        return
    triggers = tx.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    tx.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for name, _ in triggers:
        tx.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, definition in triggers:
        tx.exec_driver_sql(definition)


def told(store: Store) -> list[str]:
    return [finding.text for finding in look_at_record(store).findings]


@pytest.fixture
def dock(site: Site) -> Site:
    """Six units in two transactions at dock-2 and one at dock-3, and a supervisor's act."""
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "C-1", "C-2", "C-3")
    opening(site.at_station("dock-3"), "NORDWIND", "W-EAST", "CAM", "C-4")
    moved(site, Move.REMOVE, [3])
    order_id = purchase(site, "N-1", {"CAM": 5})
    site.store.act(lambda tx: orders.note_act(tx, order_id, "Closed short", site.stamp(), "lost"))
    assert look_at_record(site.store) == replace(look_at_record(site.store), findings=[], notes=[])
    return site


def sql(statement: str) -> Tamper:
    return lambda tx: tx.execute(text(statement))


def _swap_links(tx: Connection) -> None:
    tx.execute(text("UPDATE seal SET number = -1 WHERE id = 1"))
    tx.execute(text("UPDATE seal SET number = 1 WHERE id = 3"))
    tx.execute(text("UPDATE seal SET number = 2 WHERE id = 1"))


def _sealed_by_oneself(tx: Connection) -> None:
    """A link of the forger's own, made as a host without the key makes one, in place of the last at dock-2."""
    tx.execute(text("UPDATE order_act SET reason = 'sold'"))
    row = tx.execute(sealing.rows_of("order_act")).one()
    last = tx.execute(text("SELECT * FROM seal WHERE id = 4")).one()
    sealer = Sealer(None)
    tables = [TableRows([1], [], sealer.mac(row)) if table == "order_act" else TableRows() for table in FORMS[FORM]]
    link = sealing.Link(
        id=4, station="dock-2", number=3, at=last.at, form=1, key_name=last.key_name, beside_id=last.beside_id
    )
    packed = SealedRows(tables).packed()
    tx.execute(t.seal.update().where(t.seal.c.id == 4).values(rows=packed, digest=sealer.digest(link, "", "", packed)))


COPY_EVENT = (
    "INSERT INTO unit_event (id, unit_id, at, what, status, operator, station, source, reason, seal_id) "
    "SELECT {id}, unit_id, at, what, status, 'Eve', station, source, reason, {seal} FROM unit_event WHERE id = 1"
)
TAMPERS: dict[str, tuple[Tamper, list[str]]] = {
    "an operator changed": (
        sql("UPDATE unit_event SET operator = 'Eve' WHERE id = 2"),
        ["The event “Received” of C-2, recorded 20", " at dock-2, was changed."],
    ),
    "a serial changed": (
        sql("UPDATE unit_event SET primary_serial = 'X' WHERE id = 4"),
        ["of C-4", "at dock-3, was ch"],
    ),
    "a reason changed": (sql("UPDATE order_act SET reason = ''"), ["The act “Closed short”", "was changed"]),
    "one missing": (
        sql("DELETE FROM unit_event WHERE id = 2"),
        ["The event of C-2, recorded 20", " at dock-2, is missing."],
    ),
    "the last missing": (sql("DELETE FROM unit_event WHERE id = 5"), ["The event of C-3", "is missing"]),
    "all of a link missing": (sql("DELETE FROM unit_event WHERE id < 4"), ["of C-1", "of C-2", "of C-3"]),
    "an act missing": (sql("DELETE FROM order_act"), ["in order_act", "is missing"]),
    "one put in": (sql(COPY_EVENT.format(id=9, seal="NULL")), ["of C-1, of 20", "at dock-2, was put in"]),
    "one put into a link": (sql(COPY_EVENT.format(id=9, seal=1)), ["of C-1, of 20", "was put in by another hand"]),
    "one put into no link": (sql(COPY_EVENT.format(id=9, seal=77)), ["of C-1, of 20", "was put in by another hand"]),
    "one moved to another link": (
        sql("UPDATE unit_event SET seal_id = 2 WHERE id = 1"),
        ["of C-1", "was put in", "of C-1", "is missing"],
    ),
    "two swapped": (
        sql("UPDATE unit_event SET operator = operator || id, unit_id = 3 - unit_id WHERE id IN (1, 2)"),
        ["of C-2", "was changed", "of C-1", "was changed"],
    ),
    "a link changed": (
        sql("UPDATE seal SET at = '2020' WHERE id = 2"),
        ["Link 1 of the chain of dock-3", "was changed"],
    ),
    "a link's rows cut": (
        lambda tx: tx.execute(t.seal.update().where(t.seal.c.id == 2).values(rows=b"cut")),
        ["Link 1 of the chain of dock-3", "cannot be read"],
    ),
    "two links swapped": (_swap_links, ["Link 2 of the chain of dock-2", "Link 1 of the chain of dock-2"]),
    "a link missing": (
        sql("DELETE FROM seal WHERE id = 1"),
        ["Link 1 of the chain of dock-2 is missing", "C-1", "was put in"],
    ),
    "a link and its events missing": (
        lambda tx: (sql("DELETE FROM seal WHERE id = 3")(tx), sql("DELETE FROM unit_event WHERE id = 5")(tx)),
        ["Link 2 of the chain of dock-2 is missing"],
    ),
    "another station's whole chain missing": (
        lambda tx: (sql("DELETE FROM seal WHERE id = 2")(tx), sql("DELETE FROM unit_event WHERE id = 4")(tx)),
        ["the newest when dock-2 recorded something", "is missing"],
    ),
    "sealed by the forger": (_sealed_by_oneself, ["Link 3 of the chain of dock-2", "The act “Closed short”"]),
}


@pytest.mark.both_stores
@pytest.mark.as_owner
def test_whatever_another_hand_does_is_named(dock: Site) -> None:
    wrong = {}
    for name, (tamper, words) in TAMPERS.items():
        with dock.store.engine.connect() as connection, connection.begin() as transaction:
            with triggers_off(connection):
                tamper(connection)
            found = [one.text for one in ChainCheck(connection, dock.store.site_key, "the key").findings()]
            if not found or not all(word in "\n".join(found) for word in words):
                wrong[name] = found
            transaction.rollback()
    assert not wrong
    assert told(dock.store) == []


@pytest.mark.both_stores
@pytest.mark.as_owner
def test_a_cut_end_shows_by_the_head_that_was_seen(dock: Site) -> None:
    keep_heads(dock.store, look_at_record(dock.store).heads)
    with dock.store.engine.begin() as tx, triggers_off(tx):
        tx.execute(text("DELETE FROM order_act"))
        tx.execute(text("DELETE FROM seal WHERE id = 4"))
    (said,) = told(dock.store)
    assert said.startswith("Link 3 of the chain of dock-2, which this host saw (2026-11-20 09:00:00 UTC), is missing")
    # What is written in its place is another link.
    moved(dock, Move.REMOVE, [1])
    (said,) = told(dock.store)
    assert "is another than the one that this host saw" in said


def test_without_the_key_what_is_missing_is_seen_and_what_is_changed_is_not_proved(dock: Site, home: Path) -> None:
    assert dock.store.site_key is not None
    file = site_key.keep(dock.store.site_key)
    hidden = file.rename(home / "hidden")
    other = open_store(dock.store.url, dock.store.clock)
    looked = look_at_record(other)
    assert looked.findings == []
    assert "lacks the site's key" in looked.notes[0]
    moved(Site(other, "Ben", "dock-9"), Move.REMOVE, [1])  # goes on, and says so
    with other.engine.begin() as tx, triggers_off(tx):
        tx.execute(text("UPDATE unit_event SET operator = 'Eve' WHERE id = 6"))
        tx.execute(text("DELETE FROM unit_event WHERE id = 2"))
    assert [word for said in told(other) for word in ("C-1", "C-2") if word in said] == ["C-2", "C-1"]
    other.close()
    hidden.rename(file)
    looked = look_at_record(dock.store)
    assert len(looked.findings) == 2
    assert looked.notes == [
        "1 link of hosts without the site's key: what they seal is proved only by a later link with the key at that "
        "station."
    ]


def test_a_quick_look_takes_in_the_newest_links(dock: Site) -> None:
    with dock.store.engine.begin() as tx, triggers_off(tx):
        tx.execute(text("UPDATE unit_event SET operator = 'Eve' WHERE id IN (1, 5)"))
    assert [said.split(",")[0] for said in (one.text for one in look_at_record(dock.store, 2).findings)] == [
        "The event “Removed” of C-3"
    ]
    assert len(told(dock.store)) == 2


@pytest.mark.both_stores
def test_two_stations_of_one_name_and_of_two_keep_their_chains_whole(dock: Site) -> None:
    start = threading.Barrier(6)

    def work(number: int) -> None:
        site = Site(dock.store, "Ana", f"dock-{number % 2}")
        start.wait()
        for turn in range(5):
            opening(site, "NORDWIND", "W-EAST", "CAM", f"R-{number}-{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    looked = look_at_record(dock.store)
    assert (looked.findings, looked.notes) == ([], [])
    assert {head.station: head.number for head in looked.heads} == {
        "dock-0": 15,
        "dock-1": 15,
        "dock-2": 3,
        "dock-3": 1,
    }


@pytest.mark.both_stores
def test_what_was_taken_back_is_not_sealed(dock: Site) -> None:
    def act(tx: Transaction) -> None:
        with trial(tx) as roll_back:
            orders.note_act(tx, 1, "Tried", dock.stamp())
            roll_back()

    before = look_at_record(dock.store).heads
    dock.store.act(act)
    assert look_at_record(dock.store).heads == before
    assert told(dock.store) == []


@pytest.mark.parametrize(
    ("reasons", "findings"),
    [
        (["known", "known too"], []),
        (["known", "another"], ["The act “Closed short”"]),
    ],
)
def test_what_is_hashed_before_an_act_ends_is_sealed_with_the_rest(
    dock: Site, reasons: list[str], findings: list[str]
) -> None:
    def act(tx: Transaction) -> None:
        orders.note_act(tx, 1, "Reopened", dock.stamp(), "known")
        orders.note_act(tx, 1, "Closed short", dock.stamp(), "known too")
        columns = [*zip(*tx.execute(sealing.rows_of("order_act")).all()[1:], strict=True)]
        known = {**dict(zip(FORMS[FORM]["order_act"], columns, strict=True)), "station": "dock-2", "reason": reasons}
        known.pop("seal_id")
        with sealing.hashed_meanwhile(tx, "order_act", [known]):
            orders.note_act(tx, 1, "Reopened", dock.stamp(), "meanwhile")

    dock.store.act(act)
    assert len(told(dock.store)) == len(findings)
    assert all(part in said and "was changed" in said for said, part in zip(told(dock.store), findings, strict=True))
    with dock.store.read() as tx:
        newest = tx.execute(t.seal.select().order_by(t.seal.c.id.desc())).first()
    assert newest is not None
    sealed = dict(zip(FORMS[FORM], SealedRows.unpacked(newest.rows, len(FORMS[FORM])).tables, strict=True))
    assert sealed["order_act"].ids == [2, 3, 4]


def test_every_column_of_what_is_sealed_is_in_the_newest_form() -> None:
    sealed_tables = {name: table for name, table in t.metadata.tables.items() if "seal_id" in table.c}
    assert {name: set(table.c.keys()) for name, table in sealed_tables.items()} == {
        name: set(columns) for name, columns in FORMS[FORM].items()
    }
    for table, columns in FORMS[FORM].items():
        assert columns[:3] == ("id", "seal_id", "station")
        assert (columns[sealing.UNIT] == "unit_id") == (table == "unit_event")
        assert not any(isinstance(sealed_tables[table].c[name].type, Boolean) for name in columns), "two ways to write"


def test_rows_of_a_link_are_kept_and_read_again() -> None:
    sealer = Sealer(SiteKey(b"k" * 32))
    rows = SealedRows(
        [TableRows([3, 4, 900], [7, 1, 2**40], sealer.mac("abc") * 3), TableRows(), TableRows([5], [], b"x" * 12)]
    )
    assert SealedRows.unpacked(rows.packed(), 3) == rows
    for spoiled in (b"", b"abcdef", rows.packed()[:-20][:9]):
        with pytest.raises(ValueError, match="no rows"):
            SealedRows.unpacked(spoiled, 3)
    # A hash that was once made must come out the same for ever.
    assert sealer.mac((1, None, "SN-1", "Zoë\n'")).hex() == MAC


MAC = "941eb4dd0c91303f2c177e9c"


@pytest.mark.both_stores
@pytest.mark.as_owner
def test_events_keep_the_names_and_the_text_of_their_moment(site: Site) -> None:
    product(site, "CAM", 1, strip="SN:")
    purchase(site, "N-1", {"CAM": 2})
    desk = Desk(site, OrderKind.PURCHASE)
    for scanned in ("N-1", "CAM", "SN:C-1", "CAM", "C-2"):
        desk.answer(Scan(scanned))
    desk.complete()
    with site.store.engine.begin() as tx:
        tx.execute(text("UPDATE orders SET number = 'N-2'"))
        tx.execute(text("UPDATE product SET sku = 'LENS'"))
        events = tx.execute(text("SELECT primary_serial, client, sku, order_number, scanned FROM unit_event")).all()
    assert [tuple(event) for event in events] == [
        ("C-1", "NORDWIND", "CAM", "N-1", "SN:C-1"),
        ("C-2", "NORDWIND", "CAM", "N-1", None),
    ]
    assert told(site.store) == []
