"""Marks of makers, and that codes which differ only by them are looked up in their index."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from scanstation.domain.status import OrderKind
from scanstation.store.store import Store
from scanstation.workflows.imports import importing
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows import done_work
from tests.workflows.at_the_desk import said, scan


@pytest.fixture
def plans(store: Store) -> Iterator[list[str]]:
    """How every statement that looks for codes without their marks is carried out, where walking costs too much."""
    found: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if "ltrim(" in statement:
            own = connection.connection.cursor()
            # A table of three rows is walked, index or not.
            own.execute("SET LOCAL enable_seqscan = off")
            own.execute(f"EXPLAIN {statement}", parameters)
            found.append("\n".join(row[0] for row in own.fetchall()))
            own.close()

    event.listen(store.engine, "before_cursor_execute", explain)
    yield found
    event.remove(store.engine, "before_cursor_execute", explain)


def test_codes_are_looked_up_by_what_their_marks_leave(site: Site, tmp_path: Path, plans: list[str]) -> None:
    product(site, "CAM", 1)
    product(site, "TAB", 5)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-12345")
    opening(site, "NORDWIND", "W-EAST", "TAB", "SN-12345")
    shipment(site, "S-1", {"CAM": 1})
    assert said(scan(Desk(site, OrderKind.SHIPMENT), "S-1", "CAM", "12345")) == ("CHECK", "alike-known")
    at_the_desk = len(plans)
    assert at_the_desk
    done_work.received(site, purchase(site, "N-1", {"TAB": 1}), "TAB", quantity=1)
    sheet = tmp_path / "in.csv"
    sheet.write_text("Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,N-1,TAB,12345\n")
    assert importing.check(site, OrderKind.PURCHASE, sheet).notes
    assert len(plans) > at_the_desk
    for plan in plans:
        assert "ix_unit_code_rough" in plan, plan
