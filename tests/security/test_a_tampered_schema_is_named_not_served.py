"""Tables, triggers and functions are held against what ScanStation makes: before a scan, and before a restore."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.store_errors import StoreTampered
from scanstation.store import catalog, schema
from scanstation.store.engine import build_engine, sqlite_library
from scanstation.store.store import open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import upkeep
from tests.cli.conftest import Command
from tests.postgresql import Server
from tests.schema_words import words_of_new_stores

ON_A_FILE = {
    "DROP TRIGGER unit_event_no_delete": "The trigger unit_event_no_delete is missing.",
    "DROP TRIGGER refusal_no_update; CREATE TRIGGER refusal_no_update BEFORE UPDATE ON refusal BEGIN SELECT 1; END": (
        "The trigger refusal_no_update is not as ScanStation makes it."
    ),
    "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE id = new.id; END": (
        "The trigger quiet is not one of ScanStation's."
    ),
    "DROP INDEX uq_unit_code_live": "The index uq_unit_code_live is missing.",
    "DROP TABLE order_act": "The table order_act is missing.",
    "ALTER TABLE unit ADD COLUMN whim TEXT": "The table unit is not as ScanStation makes it.",
    "INSERT INTO alembic_version VALUES ('0001')": "has 2 rows (0001, ",
    "DELETE FROM alembic_version": "is not a ScanStation store",
}
ON_A_SERVER = {
    "DROP TRIGGER unit_event_append_only ON unit_event": "The trigger unit_event.unit_event_append_only is missing.",
    "ALTER TABLE unit_event DISABLE TRIGGER unit_event_append_only": (
        "The trigger unit_event.unit_event_append_only is switched off."
    ),
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'": (
        "The function refuse_change is not as ScanStation makes it."
    ),
    "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'\n"
    "CREATE TRIGGER quiet BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION other()": (
        "The trigger entry.quiet is not one of ScanStation's."
    ),
    "ALTER FUNCTION refuse_change() SECURITY DEFINER": "The function refuse_change is not as ScanStation makes it.",
    "ALTER TABLE entry DISABLE TRIGGER ALL": "The foreign keys of entry are switched off.",
    "CREATE RULE quiet AS ON UPDATE TO unit DO INSTEAD NOTHING": "The rule unit.quiet is not one of ScanStation's.",
    "ALTER TABLE unit ENABLE ROW LEVEL SECURITY": "The table unit is not as ScanStation makes it.",
    "ALTER TABLE unit DROP CONSTRAINT ck_unit_status": "The constraint unit.ck_unit_status is missing.",
    "ALTER TABLE orders ALTER COLUMN number DROP NOT NULL": "The column orders.number is not as ScanStation makes it.",
    "DROP INDEX uq_unit_code_live": "The index uq_unit_code_live is missing.",
    "ALTER SEQUENCE unit_id_seq INCREMENT BY 2": "The sequence unit_id_seq is not as ScanStation makes it.",
    "ALTER SEQUENCE seal_id_seq CYCLE": "The sequence seal_id_seq is not as ScanStation makes it.",
    "ALTER SEQUENCE unit_event_id_seq OWNED BY NONE": "The sequence unit_event_id_seq is not as ScanStation makes it.",
    "ALTER ROLE CURRENT_USER SET session_replication_role = replica": "No trigger runs here",
    "INSERT INTO alembic_version VALUES ('0001')": "has 2 rows (0001, ",
    "CREATE TABLE more_clients () INHERITS (client)": "The table more_clients adds its rows to those of client.",
    "CREATE FUNCTION length(varchar) RETURNS integer LANGUAGE sql AS 'SELECT 7'": "The function length can stand in "
    "for PostgreSQL's own.",
}
ADDED_BY_A_SITE = (
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT); CREATE INDEX of_our_own ON entry (at);"
    "CREATE VIEW seen AS SELECT id FROM entry"
)


def test_the_file_beside_the_migrations_says_what_they_make(server: Server, tmp_path: Path) -> None:
    made = words_of_new_stores(server, tmp_path)
    assert made == {dialect: schema._wanted(dialect, schema.WORDS_FILE) for dialect in made}


def tamper(path: Path, statements: str) -> None:
    connection = sqlite_library().connect(str(path))
    connection.executescript(statements)
    connection.close()


class TestFile:
    @pytest.mark.parametrize(("statements", "told"), ON_A_FILE.items())
    def test_no_command_and_no_station_works_on_it(self, site: Site, ana: Command, statements: str, told: str) -> None:
        assert site.store.path is not None
        tamper(site.store.path, statements)
        for arguments in (["po", "list"], []):
            ran = ana(*arguments)
            assert (ran.status, ran.out) == (3, "")
            assert told in ran.err
            assert "Traceback" not in ran.err
        assert told in ana("doctor").out

    @pytest.mark.parametrize("statements", [each for each in ON_A_FILE if "alembic" not in each])
    def test_the_check_names_it(self, site: Site, statements: str) -> None:
        assert site.store.path is not None
        tamper(site.store.path, statements)
        answer = upkeep.check(f"sqlite:///{site.store.path}")
        assert isinstance(answer, Refused)
        assert ON_A_FILE[statements] in [reason.text for reason in answer.reasons]

    @pytest.mark.parametrize("statements", [*ON_A_FILE])
    def test_no_backup_of_it_is_put_back(self, site: Site, tmp_path: Path, statements: str) -> None:
        url, backup = f"sqlite:///{site.store.path}", tmp_path / "backup.db"
        assert isinstance(upkeep.backup(url, backup), Done)
        tamper(backup, statements)
        site.store.close()
        answer = upkeep.restore(url, backup)
        assert isinstance(answer, Refused)
        assert answer.reasons[0].name == "bad-backup"
        open_store(url).close()

    def test_what_a_site_adds_for_itself_is_named_and_served(self, site: Site, ana: Command) -> None:
        assert site.store.path is not None
        tamper(site.store.path, ADDED_BY_A_SITE)
        assert ana("po", "list").status == 0
        told = ana("db", "check").err
        assert "The index of_our_own is not one of ScanStation's." in told
        assert "The view seen is not one of ScanStation's." in told


class TestServer:
    @pytest.fixture
    def url(self, server: Server, template: str) -> Iterator[str]:
        name = server.new_database(template)
        yield server.url(name)
        server.run("ALTER ROLE CURRENT_USER RESET session_replication_role")
        server.drop_database(name)

    @pytest.mark.wide(14)
    @pytest.mark.parametrize(("statements", "told"), ON_A_SERVER.items())
    def test_it_is_not_opened(self, url: str, statements: str, told: str) -> None:
        engine = build_engine(url)
        with engine.begin() as tx:
            for statement in statements.splitlines():
                tx.execute(text(statement))
        engine.dispose()
        with pytest.raises(StoreTampered) as raised:
            open_store(url)
        assert told in raised.value.title

    def test_no_temporary_table_and_no_other_schema_stands_in_for_one_of_ours(self, url: str) -> None:
        engine = build_engine(url)
        with engine.begin() as tx:
            tx.execute(text("CREATE SCHEMA elsewhere"))
            for made in ("TABLE elsewhere.client", "TEMPORARY TABLE client", "TEMPORARY TABLE orders"):
                tx.execute(text(f"CREATE {made} (id integer)"))
            for ours in ("client", "orders"):
                assert tx.execute(text(f"SELECT '{ours}'::regclass = 'public.{ours}'::regclass")).scalar_one()
        engine.dispose()

    def test_what_a_site_adds_for_itself_is_named_and_served(self, url: str) -> None:
        engine = build_engine(url)
        with engine.begin() as tx:
            tx.execute(text(ADDED_BY_A_SITE))
        engine.dispose()
        open_store(url).close()
        answer = upkeep.check(url)
        assert isinstance(answer, Refused)
        for added in ("table notes", "index of_our_own", "view seen"):
            assert f"The {added} is not one of ScanStation's." in [reason.text for reason in answer.reasons]

    def test_a_sequence_that_was_set_back_is_named_with_its_mend(self, url: str) -> None:
        with closing(open_store(url)) as store:
            store.act(lambda tx: catalog.client_id(tx, "NORDWIND", create=True))
            assert findings(store) == []
            store.act(lambda tx: tx.execute(text("ALTER SEQUENCE client_id_seq RESTART")))
            assert [found.name for found in findings(store)] == ["sequence"]
            mend = findings(store)[0].text.partition("run: ")[2]
            store.act(lambda tx: tx.execute(text(mend)))
            assert findings(store) == []
