"""Products are found by index, however many there are."""

from typing import Any

from sqlalchemy import event

from scanstation.store import catalog
from scanstation.store.store import Store


def test_the_products_of_a_code_are_found_by_index(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    with store.read() as tx:
        event.listen(store.engine, "before_cursor_execute", listen)
        catalog.products_of_code(tx, "4006381333931")
        event.remove(store.engine, "before_cursor_execute", listen)
        plans = [
            step[3]
            for statement, parameters in asked
            if statement.startswith("SELECT")
            for step in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]

    assert any("uq" in step or "autoindex_product" in step for step in plans), plans
    assert not [step for step in plans if step.startswith("SCAN")], plans
