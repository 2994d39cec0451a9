"""Scenario 4: two serials, scanned at packing only.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|     | what must hold                                          | asserted in the story by                       |
|-----|---------------------------------------------------------|------------------------------------------------|
| 4.1 | the product is tracked                                  | packing asks, the report has its units         |
| 4.2 | receiving asks for no serial                            | taken at once, no panel, nothing in the report |
| 4.3 | Receive PO may be used                                  | by command and by screen                       |
| 4.4 | packing asks for two serials                            | primary, then secondary; no completing between |
| 4.5 | a Packed and a Shipped serial are refused at packing    | STOP, in either prompt, by either serial       |
| 4.6 | packed: one line of the report has both serials, Packed | one line a unit                                |
| 4.7 | shipped: Shipped in the report, in the Shipment History | `so ship`                                      |

RULES §1 settles what the page leaves open for 4.4: either both serials are new, or both are of one Received unit.
"""

from tests.acceptance.warehouse import Warehouse


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"PHO-4": 4},
        purchase={"N-4001": {"PHO-4": 2}, "N-4002": {"PHO-4": 1}, "N-4003": {"PHO-4": 1}},
        shipment={"S-4001": {"PHO-4": 1}, "S-4002": {"PHO-4": 1}, "S-4003": {"PHO-4": 1}},
        opening=[("PHO-4", ("F4-0900", "IMEI-0900"))],
    )

    # 4.3: the button, on the command line
    warehouse.done("po", "receive", "N-4002").says("N-4002 is Completed")

    with warehouse.station("receive", "N-4001") as dock:
        # 4.2
        dock.expect("OK", "N-4001 is open, 2 units")
        dock.ok("PHO-4", says="PHO-4 taken, 1 of 2")
        dock.expect_no_prompt()
        dock.ok("EAN-PHO-4", says="PHO-4 taken, 2 of 2")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-4001 complete, 2 units")

        # 4.3: the button, on the order's screen
        dock.open_order("f7", "N-4003")
        dock.choose("Receive PO")
        dock.expect_question("Receive all 1", "N-4003")
        dock.ok("SS-YES", says="N-4003 is Completed: 1 unit received")
        assert [order["status"] for order in warehouse.done("po", "list").json] == ["Completed"] * 3
        assert warehouse.statuses() == {"F4-0900": "Received"}

        # 4.1, 4.4: two serials, and no completing before the second is in
        dock.go("SS-PACK", "Packing")
        dock.ok("S-4001", says="S-4001 is open")
        dock.ok("PHO-4", says="Now its primary serial")
        dock.expect_prompt("Primary serial", "PHO-4", "1 of 1")
        dock.stop("SS-COMPLETE", says="primary serial of PHO-4")
        dock.ok("F4-0001", says="Now the secondary serial of PHO-4")
        dock.expect_prompt("Secondary serial", "PHO-4", "1 of 1")
        dock.stop("SS-COMPLETE", says="secondary serial of PHO-4")
        dock.ok("IMEI-0001", says=("F4-0001 + IMEI-0001", "1 of 1"))
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="S-4001 complete, 1 unit")

        # 4.6: one line, both serials
        packed = warehouse.serials("--status", "packed")
        assert [(row["primary_serial"], row["secondary_serial"], row["so_number"]) for row in packed] == [
            ("F4-0001", "IMEI-0001", "S-4001")
        ]
        assert warehouse.so("S-4001")["status"] == "Ready to Ship"

        # 4.5: Packed, then Shipped; at the first prompt and at the second
        dock.ok("S-4002", says="S-4002 is open")
        dock.ok("PHO-4", says="Now its primary serial")
        dock.stop("F4-0001", says="F4-0001 is already Packed on S-4001")
        dock.stop("IMEI-0001", says="IMEI-0001 is already Packed on S-4001")
        warehouse.done("so", "ship", "S-4001")
        dock.stop("F4-0001", says="F4-0001 is already Shipped on S-4001")
        dock.expect_prompt("Primary serial", "PHO-4", "1 of 1")
        dock.ok("F4-0002", says="Now the secondary serial of PHO-4")
        dock.stop("IMEI-0001", says="IMEI-0001 is already Shipped on S-4001")
        dock.expect_prompt("Secondary serial", "PHO-4", "1 of 1")
        dock.ok("IMEI-0002", says="1 of 1")

        # 4.4: both of one Received unit, whichever comes first; a serial of another unit is refused
        dock.ok("S-4003", says=("S-4002 complete, 1 unit", "S-4003 is open"))
        dock.ok("PHO-4", says="Now its primary serial")
        dock.ok("IMEI-0900", says=("IMEI-0900 is the secondary", "Now the primary serial of PHO-4"))
        dock.expect_prompt("Primary serial", "PHO-4", "1 of 1")
        dock.stop("F4-0903", says="F4-0903 and IMEI-0900 are not one unit")
        dock.stop("SS-COMPLETE", says="A serial is owed")
        dock.ok("F4-0900", says=("F4-0900 + IMEI-0900", "1 of 1"))
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="S-4003 complete, 1 unit")

    # 4.6, 4.7
    assert warehouse.statuses() == {"F4-0001": "Shipped", "F4-0002": "Packed", "F4-0900": "Packed"}
    warehouse.done("so", "ship", "S-4002", "S-4003")
    assert {(row["primary_serial"], row["secondary_serial"], row["so_number"]) for row in warehouse.shipped()} == {
        ("F4-0001", "IMEI-0001", "S-4001"),
        ("F4-0002", "IMEI-0002", "S-4002"),
        ("F4-0900", "IMEI-0900", "S-4003"),
    }
    assert {row["status"] for row in warehouse.serials()} == {"Shipped"}
