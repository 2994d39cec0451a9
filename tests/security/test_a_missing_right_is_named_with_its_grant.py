"""A role of the server that lacks a right is told which, and the GRANT that gives it; no station closes over it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from psycopg import sql

from scanstation.cli import run
from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreError, StoreForbidden
from scanstation.store import schema
from scanstation.store import tables as t
from scanstation.store.store import open_store
from scanstation.store.upkeep import findings, lacking_rights
from scanstation.workflows.imports import importing
from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.postgresql import Server
from tests.screens.rig import Rig, play


@pytest.fixture
def database(server: Server, template: str) -> Iterator[str]:
    """A store's database, and a role `clerk` that has just the rights that a station needs."""
    name = server.new_database(template)
    server.run("CREATE ROLE clerk LOGIN")
    server.run(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    server.run(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO clerk").format(sql.Identifier(name)))
    for table, rights in schema.RIGHTS.items():
        server.run_in(name, f"GRANT {', '.join(rights)} ON {table} TO clerk")
    server.run_in(name, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO clerk")
    yield name
    server.drop_database(name)
    server.run("DROP ROLE clerk")


@pytest.fixture
def url(server: Server, database: str) -> str:
    return as_clerk(server.url(database))


def as_clerk(url: str) -> str:
    return url.replace("//postgres:@", "//clerk@")


def test_every_table_has_its_rights() -> None:
    assert {*schema.RIGHTS} == {*t.metadata.tables, "alembic_version"}


def test_these_rights_are_enough_for_a_days_work(url: str, tmp_path: Path) -> None:
    store = open_store(url)
    assert lacking_rights(store) == []
    site = Site(store, "Ana", "dock-2")
    product(site, "CAM", 3)
    product(site, "TAB", 7)
    purchase(site, "N-1", {"CAM": 2, "TAB": 1})
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "CAM", "C-1", "L-1", "SS-UNDO", "L-1", "CAM", "SS-CANCEL", "CAM", "C-2", "L-2", "TAB"):
        desk.answer(Scan(code))
    assert desk.answer(Scan("SS-COMPLETE")).verdict.accepted  # type: ignore[union-attr]
    sheet = tmp_path / "serials.csv"
    sheet.write_text(
        "Warehouse,Client,PO Number,SKU,Primary Serial Number,Secondary Serial Number\n"
        "W-EAST,NORDWIND,N-1,TAB,A-1,B-1\n"
    )
    assert isinstance(importing.import_serials(site, OrderKind.PURCHASE, sheet), Done)
    assert findings(store) == []
    store.close()


@pytest.mark.long
def test_each_right_that_is_missing_is_named_beforehand(
    server: Server, database: str, url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    store = open_store(url)
    for table, right in ((table, right) for table, rights in schema.RIGHTS.items() for right in rights):
        server.run_in(database, f"REVOKE {right} ON {table} FROM clerk")
        told = " ".join(finding.text for finding in lacking_rights(store))
        assert told.endswith(f"GRANT {right} ON public.{table} TO clerk;")
        if (table, right) in {("unit", "UPDATE"), ("alembic_version", "SELECT"), ("product", "SELECT")}:
            for command in ("doctor", "db check"):
                status = run(["--db", url, *command.split()])
                out, err = capfd.readouterr()
                assert status in (1, 3)
                assert "Traceback" not in out + err
                lacking = "alembic_version" if table == "alembic_version" else f"GRANT {right} ON public.{table} TO"
                assert lacking in " ".join((out + err).split())
        server.run_in(database, f"GRANT {right} ON {table} TO clerk")
    store.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("REVOKE TEMPORARY ON DATABASE {database} FROM clerk", "GRANT TEMPORARY ON DATABASE {database} TO clerk;"),
        (
            "REVOKE USAGE ON SEQUENCE entry_id_seq FROM clerk",
            "GRANT USAGE ON SEQUENCE public.entry_id_seq TO clerk;",
        ),
        (
            "ALTER ROLE clerk SET default_transaction_read_only = on",
            "ALTER ROLE clerk SET default_transaction_read_only = off;",
        ),
    ],
)
def test_so_is_what_is_no_right_on_a_table(server: Server, database: str, url: str, statement: str, told: str) -> None:
    server.run_in(database, statement.format(database=database))
    store = open_store(url)
    assert told.format(database=database) in " ".join(finding.text for finding in lacking_rights(store))
    store.close()


class TestAtWork:
    """What was taken away while a station works is told by the scan that meets it; nothing is half done."""

    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            ("REVOKE INSERT ON entry FROM clerk", "permission denied for table entry"),
            ("REVOKE UPDATE ON order_line FROM clerk", "permission denied for table order_line"),
            ("REVOKE SELECT ON product FROM clerk", "permission denied for table product"),
            ("REVOKE USAGE ON SCHEMA public FROM PUBLIC, clerk", 'relation "alembic_version" does not exist'),
        ],
    )
    def test_a_scan_is_refused_in_words(
        self, server: Server, database: str, url: str, statement: str, told: str
    ) -> None:
        store = open_store(url)
        site = Site(store, "Ana", "dock-2")
        product(site, "CAM", 0)
        purchase(site, "N-1", {"CAM": 2})
        desk = Desk(site, OrderKind.PURCHASE)
        desk.answer(Scan("N-1"))
        server.run_in(database, statement)
        with pytest.raises(StoreError) as raised:
            desk.answer(Scan("CAM"))
        assert isinstance(raised.value, StoreForbidden)
        assert told in raised.value.title
        assert "GRANT" in raised.value.hint
        store.close()

    def test_a_supervisors_act_and_a_list_for_the_customer_close_no_station(
        self, server: Server, database: str, url: str
    ) -> None:
        """Whatever a key looks up by itself, after an act or for a question, may be refused as well."""
        store = open_store(url)
        site = Site(store, "Ana", "dock-2")
        product(site, "CAM", 0)
        purchase(site, "N-1", {"CAM": 2})
        shipment(site, "S-1", {"CAM": 1})

        async def close_short(rig: Rig) -> None:
            await rig.press("f7", "enter")
            while "▶ Close short" not in rig.text:
                await rig.press("down")
            await rig.press("enter", "y")
            server.run_in(database, "REVOKE SELECT ON import_batch FROM clerk")
            await rig.type("late")
            assert "N-1" in rig.verdict

        async def list_for_the_customer(rig: Rig) -> None:
            await rig.press("f9", "f8", "down", "down", "enter")
            await rig.scan("S-1")
            server.run_in(database, "REVOKE SELECT ON orders FROM clerk")
            await rig.press("f7")
            assert "permission denied for table orders" in rig.verdict

        for scenes in (close_short, list_for_the_customer):
            play(site, scenes)
            server.run_in(database, "GRANT SELECT ON import_batch, orders TO clerk")
        store.close()

    def test_a_role_that_may_only_read_is_told_so(self, server: Server, database: str, url: str) -> None:
        store = open_store(url)
        site = Site(store, "Ana", "dock-2")
        product(site, "CAM", 0)
        store.close()
        server.run("ALTER ROLE clerk SET default_transaction_read_only = on")
        site = Site(open_store(url), "Ana", "dock-2")
        with pytest.raises(StoreForbidden) as raised:
            product(site, "TAB", 0)
        assert "read-only transaction" in raised.value.title
        assert "default_transaction_read_only" in raised.value.hint
        site.store.close()

    def test_an_import_without_temporary_tables_is_told_so(
        self, server: Server, database: str, url: str, tmp_path: Path
    ) -> None:
        with closing(open_store(url)) as store:
            site = Site(store, "Ana", "dock-2")
            product(site, "TAB", 5)
            assert isinstance(purchase_orders.receive_all(site, purchase(site, "N-1", {"TAB": 2})), Done)
            server.run_in(database, f"REVOKE TEMPORARY ON DATABASE {database} FROM clerk")
            sheet = tmp_path / "serials.csv"
            sheet.write_text(
                "Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,N-1,TAB,A-1\n", encoding="utf-8"
            )
            with pytest.raises(StoreForbidden, match=f"GRANT TEMPORARY ON DATABASE {database} TO clerk;"):
                importing.import_serials(site, OrderKind.PURCHASE, sheet)
            assert findings(store) == []

    def test_a_new_store_needs_the_right_to_make_tables(
        self, server: Server, database: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        empty = server.new_database()
        assert run(["--db", as_clerk(server.url(empty)), "db", "init"]) == 3
        err = capfd.readouterr().err
        assert "GRANT USAGE, CREATE ON SCHEMA public TO clerk;" in " ".join(err.split())
        assert "error of its own" not in err
        server.drop_database(empty)

    def test_an_upgrade_is_the_owners(
        self, server: Server, database: str, url: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        server.run_in(database, "UPDATE alembic_version SET version_num = '0001'")
        assert run(["--db", url, "db", "upgrade"]) == 3
        assert "The tables belong to postgres, and clerk may not" in " ".join(capfd.readouterr().err.split())
