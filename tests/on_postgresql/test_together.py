"""What a transaction sends together is as true, and as safe, as if each had been asked by itself."""

from collections.abc import Callable

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError

from scanstation.domain.store_errors import StoreForbidden
from scanstation.store import tables as t
from scanstation.store.statements import Statement, ask_ahead
from scanstation.store.store import Store, Transaction, trial

COUNT = Statement(select(t.warehouse.c.code).where(t.warehouse.c.code_key == bindparam("the_key")))
ADD = Statement(insert(t.warehouse).inline(), "code", "code_key")
W_9 = {"code": "W-9", "code_key": "W-9"}


def taken_back(tx: Transaction) -> None:
    with trial(tx) as take_back:
        ADD.run(tx, W_9)
        ask_ahead(tx, [(COUNT, {"the_key": "W-9"})])
        assert COUNT.first(tx, {"the_key": "no such"}) is None
        take_back()


WRITES: dict[str, tuple[Callable[[Transaction], object], int]] = {
    "not waited for": (lambda tx: ADD.run(tx, W_9), 1),
    "waited for": (lambda tx: ADD.changed(tx, W_9), 1),
    "by SQLAlchemy": (lambda tx: tx.execute(insert(t.warehouse), W_9), 1),
    "and taken back": (taken_back, 0),
}


@pytest.mark.parametrize("was_sent", [False, True])
@pytest.mark.parametrize("how", WRITES)
def test_what_was_asked_ahead_is_asked_again_once_something_was_written(store: Store, how: str, was_sent: bool) -> None:
    write, rows = WRITES[how]

    def act(tx: Transaction) -> int:
        ask_ahead(tx, [(COUNT, {"the_key": "W-9"})])
        if was_sent:
            assert COUNT.all(tx, {"the_key": "W-1"}) == []
        write(tx)
        return len(COUNT.all(tx, {"the_key": "W-9"}))

    assert store.act(act) == rows


def test_what_fails_unwaited_for_is_told_as_it_is_and_nothing_is_saved(store: Store) -> None:
    """Never as *perhaps not saved*: it was sent before the COMMIT, and that was not."""

    def twice(tx: Transaction) -> None:
        for _ in range(2):
            ADD.run(tx, W_9)

    def into_nowhere(tx: Transaction) -> None:
        ADD.run(tx, W_9)
        Statement(text("INSERT INTO nowhere VALUES (1)")).run(tx, {})

    with pytest.raises(IntegrityError):
        store.act(twice)
    with pytest.raises(StoreForbidden):
        store.act(into_nowhere)
    with store.read() as tx:
        assert COUNT.all(tx, {"the_key": "W-9"}) == []
