"""Marks of makers, RULES 2.8, through the program: one unit stays one, whichever of its labels is scanned.

The carton says `SN:CAM11`, the device `CAM11`; a MAC stands with colons here and without them there; one QR code has
both serials in it. Which of the two came first makes no difference.
"""

import pytest

from tests.acceptance.warehouse import CLIENT, FLAGS, PRIMARY, SETTINGS, WAREHOUSE, Warehouse

LABEL = "CAM-3 SN:AB12345 MAC 00:1A:2B:3C:4D:5E made in Hamburg, with more text than a code may have"


def products(warehouse: Warehouse) -> None:
    """One with nothing said of its marks, one with a list, one whose label answers both prompts, one with MACs."""
    columns = ["Serial Pattern", "Secondary Serial Pattern", "Strip", "Secondary Strip"]
    rows = [
        [CLIENT, "CAM-1", "Camera", "", *SETTINGS[1], "", "", "", ""],
        [CLIENT, "CAM-2", "Camera with a list", "", *SETTINGS[1], "", "", "SN:;S/N ", ""],
        [
            *(CLIENT, "CAM-3", "Camera with a QR code", "", *SETTINGS[3]),
            *(r".*SN:(?P<serial>[A-Z0-9]+).*", r".*MAC (?P<serial>[0-9A-F:]+).*", "", ""),
        ],
        [CLIENT, "NET-1", "Router", "", *SETTINGS[1], "mac", "", "", ""],
        [CLIENT, "HDD-5", "Disk", "", *SETTINGS[5], "", "", "SN:", ""],
    ]
    warehouse.done("load", warehouse.sheet(["Client", "SKU", "Description", "Barcodes", *FLAGS, *columns], rows))


@pytest.mark.parametrize(("first", "second"), [("SN:CAM11", "CAM11"), ("CAM11", "SN:CAM11")], ids=["mark", "bare"])
def test_a_label_with_a_mark_and_one_without(warehouse: Warehouse, first: str, second: str) -> None:
    products(warehouse)
    warehouse.load(purchase={"N-1": {"CAM-1": 3}}, shipment={"S-1": {"CAM-1": 1}})
    with warehouse.station("receive", "N-1") as dock:
        dock.expect("OK", "N-1 is open")
        dock.ok("CAM-1", first, says=f"{first}")
        dock.ok("CAM-1", says="Now its primary serial")
        dock.check(second, says=("is here already: the same unit?", first))
        dock.expect_question(second)
        dock.stop("SS-YES", says=f"{first} is already captured")
        dock.expect_prompt("Primary serial", "2 of 3")
        dock.ok("CAM22", says="2 of 3")
        dock.check("SS-COMPLETE", says="?")
        dock.ok("SS-YES", says="N-1")
    with warehouse.station("pack", "S-1", name="bench-1") as bench:
        bench.expect("OK", "S-1 is open")
        bench.ok("CAM-1", says="Now its primary serial")
        bench.check(second, says=f"Take {first}?")
        bench.stop("CAM-1", says="question")
        bench.ok("SS-YES", says="1 of 1")
        bench.ok("SS-COMPLETE", says="S-1 complete")
    assert warehouse.statuses() == {first: "Packed", "CAM22": "Received"}


def test_listed_marks_labels_for_both_prompts_and_macs(warehouse: Warehouse) -> None:
    products(warehouse)
    goods = {"CAM-2": 1, "CAM-3": 1, "NET-1": 1}
    warehouse.load(purchase={"N-1": {**goods, "NET-1": 2}}, shipment={"S-1": goods})
    with warehouse.station("receive", "N-1", columns=120) as dock:
        dock.expect("OK", "N-1 is open")
        dock.ok("CAM-2", "SN:C2-77", says="C2-77 → CAM-2")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.ok(LABEL, says="AB12345 + 00:1A:2B:3C:4D:5E")
        dock.expect_no_prompt()
        dock.ok("NET-1", "0A:0B:0C:0D:0E:0F", says="0A:0B:0C:0D:0E:0F → NET-1, 1 of 2")
        dock.ok("NET-1", says="Now its primary serial")
        dock.stop("0A0B0C0D0E0F", says="0A:0B:0C:0D:0E:0F is already captured")
        dock.ok("SS-CANCEL", says="NET-1")
        dock.check("SS-COMPLETE", says="?")
        dock.ok("SS-YES", says="N-1")
    with warehouse.station("pack", "S-1", name="bench-1", columns=120) as bench:
        bench.expect("OK", "S-1 is open")
        bench.ok("CAM-2", "s/n C2-77", says="C2-77 → CAM-2")
        bench.ok("CAM-3", LABEL, says="→ CAM-3, 1 of 1")
        bench.ok("NET-1", "0a-0b-0c-0d-0e-0f", says="0A:0B:0C:0D:0E:0F → NET-1")
        bench.ok("SS-COMPLETE", says="S-1 complete")
    assert warehouse.statuses() == {"C2-77": "Packed", "AB12345": "Packed", "0A:0B:0C:0D:0E:0F": "Packed"}


def test_an_import_and_a_correction_on_the_command_line(warehouse: Warehouse) -> None:
    products(warehouse)
    warehouse.load(purchase={"N-5": {"HDD-5": 30}}, opening=[("HDD-5", "D-100"), ("HDD-5", "SN:D200")])
    warehouse.done("po", "receive", "N-5")
    header = ["Warehouse", "Client", "PO Number", "SKU", PRIMARY]
    codes = ["SN:D100", "SN:E1", *(f"{mark}{number}" for number in range(70001, 70015) for mark in ("", "S"))]
    sheet = warehouse.sheet(header, [[WAREHOUSE, CLIENT, "N-5", "HDD-5", code] for code in codes], "n-5.csv")

    ran = warehouse.done("po", "import-serials", "N-5", sheet)

    ran.says("30 serials imported", "D100 differs from D-100 only by its marks. D-100 is here already: the same unit?")
    ran.says("S70001 differs from 70001 in row 4 only by its marks: the same unit?")
    assert len([line for line in ran.err.splitlines() if "only by its marks" in line]) == 15
    assert {"D-100", "D200", "D100", "E1", "S70014"} <= warehouse.statuses().keys()

    why = ("--reason", "misprint")
    warehouse.refused(
        "correct", "E1", "D.200", *why, says=("D.200 differs from D200 only by its marks", "--another-unit")
    )
    warehouse.done("correct", "E1", "SN:E-9", *why).says("E1 of HDD-5 is E-9 now")
    warehouse.done("correct", "E-9", "D.200", *why, "--another-unit").says("is D.200 now")
    assert {"D-100", "D200", "D.200"} <= warehouse.statuses().keys()
