"""What goes to a server in one packet is answered as if the driver had asked it, statement by statement."""

from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from scanstation.domain.language import worded
from scanstation.domain.store_errors import StoreForbidden
from scanstation.store import tables as t
from scanstation.store import together
from scanstation.store.engine import TOGETHER
from scanstation.store.statements import Statement, ask_ahead
from scanstation.store.store import Store, Transaction

ECHO = Statement(text("SELECT :given || '' AS told, 1, 2.5::float8, true, NULL, '%' AS sign"))
ADD = Statement(insert(t.warehouse).inline(), "code", "code_key")
CODES = Statement(select(t.warehouse.c.code).where(t.warehouse.c.code >= bindparam("least")).order_by("code"))
KEPT = text("SELECT count(*) FROM pg_prepared_statements")


@pytest.mark.parametrize("given", ["", "a", "it''s %(given)s $1 %", "ß\u2028\x1d", "x" * 100_000])
def test_values_go_and_come_as_they_are(store: Store, given: str) -> None:
    for _ in range(2):  # of the first transaction it is not known yet whether plans are kept
        told: tuple[Any, ...] = store.act(lambda tx: ECHO.tuples(tx, {"given": given})[0])
        assert told == (given, 1, 2.5, True, None, "%")


def test_what_a_server_cannot_keep_is_refused_and_not_cut(store: Store) -> None:
    with pytest.raises(DBAPIError, match="NUL"):
        store.act(lambda tx: ADD.changed(tx, {"code": "W\0-9", "code_key": "W\0-9"}))
    assert store.act(lambda tx: CODES.tuples(tx, {"least": ""})) == []


def test_what_is_kept_is_english_whatever_was_said(store: Store) -> None:
    said = worded("nothing is booked here")
    assert store.act(lambda tx: ECHO.tuples(tx, {"given": said})[0][0]) == "nothing is booked here"


def test_rows_are_read_one_by_one_and_the_rest_of_them(store: Store) -> None:
    def act(tx: Transaction) -> None:
        for code in ("W-1", "W-2", "W-3"):
            ADD.run(tx, {"code": code, "code_key": code})
        together.send_rest(tx)
        message = CODES._message(tx, {"least": "W-1"})
        together.wire_of(tx).exchange([message])
        assert message.cursor.rowcount == 3
        assert message.cursor.fetchone() == ("W-1",)
        assert message.cursor.fetchall() == [("W-2",), ("W-3",)]
        assert message.cursor.fetchone() is None
        assert message.cursor.fetchall() == []

    store.act(act)


def test_the_first_failure_is_told_and_what_stood_behind_it_was_not_done(store: Store) -> None:
    nothing = Statement(text("SELECT 1 / (:by)::integer"))
    nowhere = Statement(text("SELECT 1 FROM nowhere"))

    def act(tx: Transaction) -> None:
        ask_ahead(tx, [(nothing, {"by": 0}), (nowhere, {})])
        CODES.all(tx, {"least": ""})

    for _ in range(3):
        with pytest.raises(DBAPIError) as told:
            store.act(act)
        assert isinstance(told.value.orig, psycopg.errors.DivisionByZero)
    assert store.act(lambda tx: CODES.all(tx, {"least": ""})) == [], "the connection is as good as before"


def test_a_statement_that_could_not_be_kept_is_not_taken_for_kept(store: Store) -> None:
    later = Statement(text("SELECT what FROM comes_later"))
    for _ in range(2):
        with pytest.raises(StoreForbidden, match="comes_later"):
            store.act(lambda tx: later.all(tx, {}))
    with store.engine.begin() as tx:
        tx.execute(text("CREATE TEMPORARY TABLE comes_later (what text)"))
    for _ in range(2):
        assert store.act(lambda tx: later.tuples(tx, {})) == []


def test_a_server_plans_what_every_scan_asks_once(store: Store) -> None:
    def kept_after_some() -> int:
        for least in ("", "W-1", "W-2"):
            store.act(partial(CODES.all, values={"least": least}))
        count: int = store.act(lambda tx: tx.execute(KEPT).scalar_one())
        return count

    assert 0 < kept_after_some() == kept_after_some()


def test_a_connection_that_ends_between_is_told_as_lost(store: Store) -> None:
    """By the server's own word where it says one."""

    ends = Statement(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with store.engine.connect().execution_options(**{TOGETHER: True}) as tx:
        tx.begin()
        ask_ahead(tx, [(ends, {})])
        with pytest.raises(OperationalError) as told:
            CODES.all(tx, {"least": ""})
    assert isinstance(told.value.orig, psycopg.errors.AdminShutdown)
    assert told.value.connection_invalidated
    assert store.act(lambda tx: CODES.all(tx, {"least": ""})) == []
