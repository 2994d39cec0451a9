"""Scenario 2: one serial, scanned at packing only.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|     | what must hold                                          | asserted in the story by                        |
|-----|---------------------------------------------------------|-------------------------------------------------|
| 2.1 | the product is tracked                                  | packing asks, the report has its units          |
| 2.2 | receiving asks for no serial                            | taken at once, no panel, nothing in the reports |
| 2.3 | Receive PO may be used                                  | by command and by screen                        |
| 2.4 | packing asks for the serial                             | the panel; a new serial, and a Received one     |
| 2.5 | a Packed and a Shipped serial are refused at packing    | STOP with status and order                      |
| 2.6 | packed: Packed in the report                            | status, SO and time; order Ready to Ship        |
| 2.7 | shipped: Shipped in the report, in the Shipment History | `so ship` of several                            |

RULES §1 settles what the page leaves open for 2.4: the serial may be new, or Received (here: opening stock).
"""

from tests.acceptance.warehouse import Warehouse


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"PAD-2": 2},
        purchase={"N-2001": {"PAD-2": 3}, "N-2002": {"PAD-2": 1}, "N-2003": {"PAD-2": 2}},
        shipment={"S-2001": {"PAD-2": 1}, "S-2002": {"PAD-2": 1}, "S-2003": {"PAD-2": 1}},
        opening=[("PAD-2", "P2-0900")],
    )

    # 2.3: the button, on the command line
    warehouse.done("po", "receive", "N-2002").says("N-2002 is Completed", "1 unit")
    assert warehouse.po("N-2002")["status"] == "Completed"

    with warehouse.station("receive", "N-2001") as dock:
        # 2.2: taken at once, nothing is owed
        dock.expect("OK", "N-2001 is open, 3 units")
        dock.ok("PAD-2", says="PAD-2 taken, 1 of 3")
        dock.expect_no_prompt()
        dock.ok("SS-QTY-2", "EAN-PAD-2", says="2 × PAD-2 taken, 3 of 3")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-2001 complete, 3 units")
        assert warehouse.po("N-2001")["lines"] == [
            {
                "sku": "PAD-2",
                "ordered": 3,
                "received": 3,
                "open": 0,
                "closed_short": 0,
                "line": None,
                "serials_needed": 0,
                "serials_present": 0,
            }
        ]

        # 2.3: the button, on the order's screen
        dock.open_order("f7", "N-2003")
        dock.choose("Receive PO")
        dock.expect_question("Receive all 2", "N-2003")
        dock.ok("SS-YES", says="N-2003 is Completed: 2 units received")
        assert [order["status"] for order in warehouse.done("po", "list").json] == ["Completed"] * 3

        # 2.1, 2.2: no serial came in by receiving
        assert warehouse.statuses() == {"P2-0900": "Received"}
        assert [row["source"] for row in warehouse.received()] == ["opening"]

        # 2.4: packing asks; a new serial answers
        dock.go("SS-PACK", "Packing")
        dock.ok("S-2001", says="S-2001 is open")
        dock.ok("PAD-2", says="Now its primary serial")
        dock.expect_prompt("Primary serial", "PAD-2", "1 of 1")
        dock.stop("SS-COMPLETE", says="A serial is owed")
        dock.ok("P2-0001", says="1 of 1")
        dock.expect_no_prompt()
        assert warehouse.statuses() == {"P2-0900": "Received"}
        dock.ok("SS-COMPLETE", says="S-2001 complete, 1 unit")

        # 2.6
        packed = warehouse.serials("--status", "packed")
        assert [(row["primary_serial"], row["so_number"], row["po_number"]) for row in packed] == [
            ("P2-0001", "S-2001", None)
        ]
        assert packed[0]["packed_at"]
        assert warehouse.so("S-2001")["status"] == "Ready to Ship"
        assert warehouse.so("S-2001")["lines"][0]["serials_present"] == 1

        # 2.5: Packed, then Shipped
        dock.ok("S-2002", says="S-2002 is open")
        dock.ok("PAD-2", says="Now its primary serial")
        dock.stop("P2-0001", says=("already Packed on S-2001", "dock-2", "Ana"))
        dock.expect_prompt("Primary serial", "PAD-2", "1 of 1")
        warehouse.done("so", "ship", "S-2001")
        dock.stop("p2-0001", says="already Shipped on S-2001")
        dock.expect_prompt("Primary serial", "PAD-2", "1 of 1")

        # 2.4: a Received serial answers too
        dock.ok("P2-0900", says="1 of 1")
        dock.ok("S-2003", says=("S-2002 complete, 1 unit", "S-2003 is open"))
        dock.ok("PAD-2", "P2-0003", says="1 of 1")
        dock.ok("SS-COMPLETE", says="S-2003 complete")

    # 2.7
    assert warehouse.statuses() == {"P2-0001": "Shipped", "P2-0900": "Packed", "P2-0003": "Packed"}
    assert [row["primary_serial"] for row in warehouse.shipped()] == ["P2-0001"]
    warehouse.done("so", "ship", "S-2002", "S-2003")
    assert set(warehouse.statuses().values()) == {"Shipped"}
    assert {(row["primary_serial"], row["so_number"]) for row in warehouse.shipped()} == {
        ("P2-0001", "S-2001"),
        ("P2-0900", "S-2002"),
        ("P2-0003", "S-2003"),
    }
