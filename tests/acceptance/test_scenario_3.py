"""Scenario 3: two serials, scanned at receiving; either of them again at packing.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|      | what must hold                                               | asserted in the story by                   |
|------|--------------------------------------------------------------|--------------------------------------------|
| 3.1  | the product is tracked                                       | the station asks, the report has its units |
| 3.2  | receiving asks for two serials                               | primary, then secondary, for each unit     |
| 3.3  | … in the panel at the bottom; no completing without both     | SS-COMPLETE STOP at either prompt          |
| 3.4  | Receive PO is refused                                        | `po receive` exit 1; STOP on the screen    |
| 3.5  | completed: one line of the report has both serials, Received | two lines for two units                    |
| 3.6  | completed: both are in the Receiving History                 | two events with both serials               |
| 3.7  | packing asks for one, the primary or the secondary, Received | S-3001 by primary, S-3002 by secondary     |
| 3.8  | a Packed and a Shipped serial are refused at packing         | STOP, by either of the unit's serials      |
| 3.9  | an unknown serial is refused at packing                      | STOP `never received`                      |
| 3.10 | packed: Packed in the report                                 | status, SO; order Ready to Ship            |
| 3.11 | shipped: Shipped in the report, both in the Shipment History | `so ship`                                  |
"""

from tests.acceptance.warehouse import Warehouse


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"CAM-3": 3},
        purchase={"N-3001": {"CAM-3": 2}},
        shipment={"S-3001": {"CAM-3": 1}, "S-3002": {"CAM-3": 1}},
    )

    # 3.4
    warehouse.refused(
        "po", "receive", "N-3001", says=("CAM-3", "Both Receiving and Packing", "primary and secondary serial")
    )
    with warehouse.station() as dock:
        dock.expect_title("Home")
        dock.open_order("f7", "N-3001")
        dock.choose("Receive PO")
        dock.expect("STOP", "CAM-3", "Both Receiving and Packing")

        # 3.1, 3.2, 3.3: two serials for the unit, and no completing before the second is in
        dock.go("SS-RECEIVE", "Receiving")
        dock.ok("N-3001", says="N-3001 is open, 2 units")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.expect_prompt("Primary serial", "CAM-3", "1 of 2")
        dock.stop("SS-COMPLETE", says=("A serial is owed", "primary serial of CAM-3"))
        dock.ok("C3-0001", says="Now the secondary serial of CAM-3")
        dock.expect_prompt("Secondary serial", "CAM-3", "1 of 2")
        dock.stop("SS-COMPLETE", says=("A serial is owed", "secondary serial of CAM-3"))
        dock.stop("C3-0001", says="is this unit's primary serial")
        dock.expect_prompt("Secondary serial", "CAM-3", "1 of 2")
        dock.ok("LENS-0001", says=("C3-0001 + LENS-0001", "1 of 2"))
        dock.expect_no_prompt()
        dock.ok("CAM-3", "C3-0002", says="Now the secondary serial of CAM-3, unit 2")
        dock.expect_prompt("Secondary serial", "CAM-3", "2 of 2")
        dock.ok("LENS-0002", says="2 of 2")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-3001 complete, 2 units")

        # 3.5, 3.6: one line a unit, with both serials
        assert [(row["primary_serial"], row["secondary_serial"], row["status"]) for row in warehouse.serials()] == [
            ("C3-0001", "LENS-0001", "Received"),
            ("C3-0002", "LENS-0002", "Received"),
        ]
        assert [row["primary_serial"] for row in warehouse.serials("--code", "LENS-0002")] == ["C3-0002"]
        assert {
            (row["primary_serial"], row["secondary_serial"], row["po_number"], row["source"])
            for row in warehouse.received()
        } == {("C3-0001", "LENS-0001", "N-3001", "scan"), ("C3-0002", "LENS-0002", "N-3001", "scan")}

        # 3.7: one serial is asked; the primary answers
        dock.scan("S-3001")
        dock.expect("OK", "S-3001 is open")
        dock.expect_title("Packing")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.expect_prompt("Primary serial", "CAM-3", "1 of 1")
        dock.shows("either of the unit's two serials")
        # 3.9
        dock.stop("C3-9999", says=("C3-9999", "never received"))
        dock.expect_prompt("Primary serial", "CAM-3", "1 of 1")
        dock.stop("SS-COMPLETE", says="A serial is owed")
        dock.ok("C3-0001", says="C3-0001 + LENS-0001 → CAM-3, 1 of 1")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="S-3001 complete, 1 unit")

        # 3.10
        assert warehouse.statuses() == {"C3-0001": "Packed", "C3-0002": "Received"}
        assert warehouse.so("S-3001")["status"] == "Ready to Ship"

        # 3.8: by either serial, while it is Packed and when it is Shipped
        dock.ok("S-3002", says="S-3002 is open")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.stop("C3-0001", says="C3-0001 is already Packed on S-3001")
        dock.stop("LENS-0001", says="LENS-0001 is already Packed on S-3001")
        dock.expect_prompt("Primary serial", "CAM-3", "1 of 1")
        warehouse.done("so", "ship", "S-3001")
        dock.stop("C3-0001", says="C3-0001 is already Shipped on S-3001")
        dock.stop("LENS-0001", says="LENS-0001 is already Shipped on S-3001")

        # 3.7: the secondary answers too, and no second serial is asked
        dock.expect_prompt("Primary serial", "CAM-3", "1 of 1")
        dock.ok("lens-0002", says="C3-0002 + LENS-0002 → CAM-3, 1 of 1")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="S-3002 complete, 1 unit")

    # 3.11
    warehouse.done("so", "ship", "S-3002")
    assert [(row["primary_serial"], row["so_number"], row["status"]) for row in warehouse.serials()] == [
        ("C3-0001", "S-3001", "Shipped"),
        ("C3-0002", "S-3002", "Shipped"),
    ]
    assert {(row["primary_serial"], row["secondary_serial"], row["so_number"]) for row in warehouse.shipped()} == {
        ("C3-0001", "LENS-0001", "S-3001"),
        ("C3-0002", "LENS-0002", "S-3002"),
    }
