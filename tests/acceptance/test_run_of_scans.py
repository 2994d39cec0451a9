"""A memory scanner's upload or a paste: codes that wait for each other, some refused. None of that passes unseen."""

import pytest

from tests.acceptance.warehouse import Warehouse

UPLOAD = "S-901", "CAM-1", "C-0001", "CAM-1", "C-0001", "C-0002", "NO-SUCH", "CAM-1", "C-0003"
"""The second C-0001 and NO-SUCH are refused; the last code is taken."""


@pytest.mark.parametrize("size", [(80, 24), (40, 20)], ids=["80x24", "40x20"])
@pytest.mark.parametrize("way", ["burst", "paste"])
def test_an_upload_in_one_burst_leaves_its_refusals_in_the_bar_until_they_are_acknowledged(
    warehouse: Warehouse, way: str, size: tuple[int, int]
) -> None:
    warehouse.load(products={"CAM-1": 2}, shipment={"S-901": {"CAM-1": 3}})
    with warehouse.station(columns=size[0], rows=size[1]) as dock:
        dock.expect_title("Home")
        codes = "".join(f"{code}\r" for code in UPLOAD)
        dock.send(codes if way == "burst" else f"\x1b[200~{codes}\x1b[201~")
        dock.expect("OK", "C-0003 → CAM-1, 3 of 3", "2 scans were refused: C-0001, NO-SUCH")
        dock.check("SS-COMPLETE", says="2 scans were refused and not acknowledged: C-0001, NO-SUCH. Complete S-901")
        dock.check("SS-NO", says=("Nothing was changed", "2 scans were refused: C-0001, NO-SUCH"))
        dock.ok("SS-SEEN", says="2 refused scans are acknowledged")
        dock.ok("SS-COMPLETE", says="S-901 complete, 3 units")
    assert warehouse.statuses() == dict.fromkeys(("C-0001", "C-0002", "C-0003"), "Packed")


def test_in_the_panel_it_is_acknowledged_and_the_unit_goes_on(warehouse: Warehouse) -> None:
    warehouse.load(products={"CAM-1": 1}, purchase={"N-1": {"CAM-1": 2}})
    with warehouse.station() as dock:
        dock.expect_title("Home")
        dock.send("N-1\rCAM-1\rSS-PACK\rCAM-1\rC-1\rCAM-1\r")
        dock.expect("OK", "CAM-1 taken, unit 2 of 2", "1 scan was refused: SS-PACK.")  # CAM-1 was scanned well
        dock.type("!\r")
        dock.expect("OK", "1 refused scan is acknowledged")
        dock.expect_prompt("Primary serial", "CAM-1", "2 of 2")
        dock.ok("C-2", says="2 of 2")


def test_a_refusal_that_stands_alone_is_counted_nowhere(warehouse: Warehouse) -> None:
    warehouse.load(products={"BAT-0": 0}, shipment={"S-1": {"BAT-0": 1}})
    with warehouse.station() as dock:
        dock.expect_title("Home")
        dock.ok("S-1", says="open")
        dock.stop("NO-SUCH", says="not known here")
        dock.ok("BAT-0", says="1 of 1")
        assert "refused" not in dock.text
        dock.ok("SS-COMPLETE", says="S-1 complete")
