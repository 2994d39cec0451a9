"""What `db check` sees of kept scans on a disk that turns bits."""

import pytest

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store.store import Store
from scanstation.store.upkeep import findings
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders


def found(store: Store) -> list[str]:
    return [finding.text for finding in findings(store)]


@pytest.mark.both_stores
def test_a_kept_scan_that_is_not_as_it_was_written_is_named(site: Site) -> None:
    builders.product(site, "BAT-100", 0)
    builders.product(site, "CAM-300", 1)
    builders.purchase(site, "N-1", {"BAT-100": 5, "CAM-300": 1})
    desk = Desk(site, OrderKind.PURCHASE)
    for scanned in ("N-1", "BAT-100", "BAT-100", "SS-UNDO", "CAM-300", "C-1"):
        desk.answer(Scan(scanned))
    assert found(site.store) == [], "what was taken back is as it was written"
    for column in ("code", "summary", "operator", "op_id", "act"):
        with site.store.engine.begin() as tx:
            tx.exec_driver_sql(f"UPDATE entry SET {column} = {column} || 'x' WHERE id = 1")
        assert len([line for line in found(site.store) if "(entry 1) is not as written" in line]) == 1, column
        with site.store.engine.begin() as tx:
            tx.exec_driver_sql(f"UPDATE entry SET {column} = substr({column}, 1, length({column}) - 1) WHERE id = 1")
    assert found(site.store) == []
