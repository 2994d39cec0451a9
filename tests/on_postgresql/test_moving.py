"""`db copy` from a file to a server and back, and `db roles`: a role with them alone runs a station."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store.store import Store, create_store, open_store
from scanstation.store.transfer import NotTheSame, copy
from scanstation.store.upkeep import findings
from scanstation.workflows.access import operator_book
from scanstation.workflows.master_data.example import make_example
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import moving, station_names
from scanstation.workflows.upkeep.station_names import Terminal
from tests.builders import purchase
from tests.postgresql import Server


@pytest.fixture
def other(server: Server) -> Iterator[str]:
    """The address of a database with nothing in it."""
    name = server.new_database()
    yield server.url(name)
    server.drop_database(name)


def site_of(store: Store) -> Site:
    return Site(store, operator="Ana", station="dock-2")


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A file with the example warehouse, an operator of another language, and open work in which a code is owed."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = create_store(url)
    make_example(site_of(store))
    operator_book.add(site_of(store), "Eva", ["packer"], [], language="pl")
    desk = Desk(site_of(store), OrderKind.PURCHASE)
    for code in ("N-1003", "CAM-300", "CAM0000777"):
        desk.answer(Scan(code))
    store.close()
    return url


def silent(what: str, rows: int) -> None:
    assert what
    assert rows >= 0


def test_there_and_back_again_it_is_the_same(file: str, other: str, tmp_path: Path) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"
    for source, target in ((file, other), (other, back)):
        answer = moving.copy(source, target, silent)
        assert isinstance(answer, Done), answer
    contents = []
    for url in (file, other, back):
        store = open_store(url)
        assert findings(store) == []
        assert [one.language for one in operator_book.listing(site_of(store))] == ["pl"]
        with store.read() as tx:
            rows = tx.execute(text("SELECT unit_id, text, kind, live FROM unit_code ORDER BY id")).all()
            contents.append([(row[0], row[1], row[2], bool(row[3])) for row in rows])
        store.close()
    assert contents[0] == contents[1] == contents[2]
    assert contents[0]


def test_work_goes_on_in_the_copy_with_new_numbers(file: str, other: str) -> None:
    assert isinstance(moving.copy(file, other, silent), Done)
    store = open_store(other)
    desk = Desk(site_of(store), OrderKind.PURCHASE)
    desk.answer(Scan("N-1003"))
    verdict = desk.answer(Scan("LENS-30077")).verdict
    assert verdict is not None
    assert verdict.accepted, verdict.text
    purchase(site_of(store), "N-NEW", {"CAM-300": 1})
    assert findings(store) == []
    store.close()


def test_a_target_with_something_in_it_is_left_as_it_is(file: str, other: str) -> None:
    assert isinstance(moving.copy(file, other, silent), Done)
    answer = moving.copy(file, other, silent)
    assert isinstance(answer, Refused)
    assert "Nothing was copied" in answer.text


def test_a_store_in_which_a_station_works_is_not_copied(file: str, other: str) -> None:
    store = open_store(file)
    bench = Terminal("bench-7", 1, "0")
    station_names.claim(site_of(store), bench)
    store.close()
    answer = moving.copy(file, other, silent)
    assert isinstance(answer, Refused)
    assert "dock-2" in answer.text
    late = open_store(file, lambda: datetime.now(UTC) - timedelta(hours=1))
    station_names.beat(site_of(late), bench)
    late.close()
    assert isinstance(moving.copy(file, other, silent), Done)


def test_a_row_that_comes_out_otherwise_undoes_the_copy(file: str, other: str) -> None:
    source, target = open_store(file), create_store(other)
    with target.engine.begin() as tx:
        tx.exec_driver_sql(
            "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.description := upper(NEW.description); RETURN NEW; END $$"
        )
        tx.exec_driver_sql("CREATE TRIGGER shouting BEFORE INSERT ON product FOR EACH ROW EXECUTE FUNCTION shout()")
    with pytest.raises(NotTheSame, match="of product"):
        copy(source, target, silent)
    with target.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM client")).scalar_one() == 0
    source.close()
    target.close()


@pytest.mark.as_owner
def test_a_role_with_these_rights_runs_a_station_and_changes_no_event(server: Server, url: str, store: Store) -> None:
    role = f"packer_{url.rpartition('store_')[2].partition('?')[0]}"
    name = url.partition("?")[0].rpartition("/")[2]
    server.run(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    with psycopg.connect(url, autocommit=True) as owner:
        grants = moving.roles(url, role)
        assert isinstance(grants, str)
        owner.execute(grants.encode())
    make_example(site_of(store))
    address = re.sub("//[^@]*@", f"//{role}@", server.url(name))
    theirs = open_store(address)
    with theirs.read() as tx:
        assert tx.execute(text("SELECT current_user")).scalar_one() == role
    station_names.claim(site_of(theirs), station_names.this_terminal())
    desk = Desk(site_of(theirs), OrderKind.PURCHASE)
    for code in ("N-1003", "CAM-300", "CAM0000777", "LENS-30077", "SS-UNDO"):
        verdict = desk.answer(Scan(code)).verdict
        assert verdict is not None
        assert verdict.accepted, verdict.text
    theirs.close()
    with psycopg.connect(
        server.url(name).replace("//postgres:@", f"//{role}@").replace("//postgres@", f"//{role}@")
    ) as line:
        for statement in ("DELETE FROM unit_event", "UPDATE unit_event SET reason = 'x'", "DROP TABLE unit_event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(statement.encode())
            line.rollback()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
    server.run(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_a_file_has_no_roles(file: str) -> None:
    refused = moving.roles(file, "packer")
    assert isinstance(refused, Refused)
    assert "has no users" in refused.text
