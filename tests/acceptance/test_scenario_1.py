"""Scenario 1: one serial, scanned at receiving and again at packing.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|      | what must hold                                          | asserted in the story by                      |
|------|---------------------------------------------------------|-----------------------------------------------|
| 1.1  | the product is tracked                                  | the station asks, the report has its units    |
| 1.2  | receiving asks for its serial                           | `Now its primary serial`, the panel           |
| 1.3  | … in the panel at the bottom; no completing without it  | `expect_prompt`, SS-COMPLETE and F10 STOP     |
| 1.4  | Receive PO is refused                                   | `po receive` exit 1; STOP on the screen       |
| 1.5  | completed: in the Serial Number Report, Received        | nothing before, `Received` after completing   |
| 1.6  | completed: in the Receiving History                     | two events by scan                            |
| 1.7  | packing asks for the serial; it should be Received      | prompt at packing, a Received one is OK       |
| 1.8  | a Packed and a Shipped serial are refused at packing    | STOP with status and order; also at no prompt |
| 1.9  | an unknown serial is refused at packing                 | STOP `never received`                         |
| 1.10 | packed: Packed in the report                            | status, SO and time; order Ready to Ship      |
| 1.11 | shipped: Shipped in the report, in the Shipment History | by command and by screen                      |
"""

from tests.acceptance.warehouse import Warehouse


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"LAP-1": 1},
        purchase={"N-1001": {"LAP-1": 2}},
        shipment={"S-1001": {"LAP-1": 1}, "S-1002": {"LAP-1": 1}},
    )

    # 1.4: the button, on the command line and on the order's screen
    warehouse.refused(
        "po", "receive", "N-1001", says=("LAP-1", "Both Receiving and Packing", "primary serial", "Receiving screen")
    )
    with warehouse.station() as dock:
        dock.expect_title("Home")
        dock.open_order("f7", "N-1001")
        dock.choose("Receive PO")
        dock.expect("STOP", "LAP-1", "Both Receiving and Packing")
        assert warehouse.po("N-1001")["status"] == "Open"

        # 1.1, 1.2, 1.3: the panel at the bottom asks, and completing has to wait
        dock.go("SS-RECEIVE", "Receiving")
        dock.ok("N-1001", says="N-1001 is open, 2 units")
        dock.expect_no_prompt()
        dock.ok("LAP-1", says="LAP-1 taken, unit 1 of 2. Now its primary serial")
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 2")
        dock.shows("F10 Complete (a serial is owed)")
        dock.stop("SS-COMPLETE", says=("SS-COMPLETE", "A serial is owed"))
        dock.press("f10")
        dock.wait_for(lambda _: dock.verdict[1].startswith("A serial is owed"))
        assert dock.verdict[0] == "STOP"
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 2")
        dock.ok("L1-0001", says=("L1-0001", "1 of 2"))
        dock.expect_no_prompt()
        dock.ok("EAN-LAP-1", says="unit 2 of 2")
        dock.expect_prompt("Primary serial", "LAP-1", "2 of 2")
        dock.check("N-1001", says=("N-1001", "open purchase order"))
        dock.check("SS-NO", says="Nothing was changed")
        dock.expect_prompt("Primary serial", "LAP-1", "2 of 2")
        dock.ok("L1-0002", says="2 of 2")
        dock.expect_no_prompt()

        # 1.5, 1.6: completing makes them Received, and nothing before it does
        assert warehouse.serials() == []
        assert warehouse.received() == []
        dock.ok("SS-COMPLETE", says="N-1001 complete, 2 units")
        first, second = warehouse.serials()
        assert (first["primary_serial"], second["primary_serial"]) == ("L1-0001", "L1-0002")
        assert first["secondary_serial"] is None
        assert first["sku"] == "LAP-1"
        assert {row["status"] for row in (first, second)} == {"Received"}
        assert first["po_number"] == "N-1001"
        assert first["received_at"]
        assert first["so_number"] is None
        history = warehouse.received()
        assert {row["primary_serial"] for row in history} == {"L1-0001", "L1-0002"}
        assert {(row["po_number"], row["source"], row["operator"], row["station"]) for row in history} == {
            ("N-1001", "scan", "Ana", "dock-2")
        }
        order = warehouse.po("N-1001")
        assert order["status"] == "Completed"
        assert order["lines"] == [
            {
                "sku": "LAP-1",
                "ordered": 2,
                "received": 2,
                "open": 0,
                "closed_short": 0,
                "line": None,
                "serials_needed": 2,
                "serials_present": 2,
            }
        ]

        # 1.7, 1.9: packing asks, a Received serial answers, an unknown one does not
        dock.scan("S-1001")
        dock.expect("OK", "S-1001 is open")
        dock.expect_title("Packing")
        dock.ok("LAP-1", says="Now its primary serial")
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 1")
        dock.stop("L1-9999", says=("L1-9999", "never received"))
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 1")
        dock.stop("SS-COMPLETE", says="A serial is owed")
        dock.ok("L1-0001", says="1 of 1")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="S-1001 complete, 1 unit")

        # 1.10
        packed = warehouse.serials("--code", "L1-0001")[0]
        assert packed["status"] == "Packed"
        assert packed["so_number"] == "S-1001"
        assert packed["packed_at"]
        assert packed["shipped_at"] is None
        assert warehouse.so("S-1001")["status"] == "Ready to Ship"

        # 1.8: Packed, then Shipped; at the prompt and without one
        dock.ok("S-1002", says="S-1002 is open")
        dock.stop("L1-0001", says=("L1-0001 is already Packed on S-1001", "dock-2", "Ana"))
        dock.ok("LAP-1", says="Now its primary serial")
        dock.stop("L1-0001", says=("already Packed on S-1001", "Scan another unit"))
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 1")
        warehouse.done("so", "ship", "S-1001")
        dock.stop("l1-0001", says="already Shipped on S-1001")
        dock.ok("L1-0002", says="1 of 1")
        dock.ok("SS-COMPLETE", says="S-1002 complete")

        # 1.11: one was shipped by the command line above, one by the screen
        assert warehouse.statuses() == {"L1-0001": "Shipped", "L1-0002": "Packed"}
        assert [row["primary_serial"] for row in warehouse.shipped()] == ["L1-0001"]
        dock.open_order("f8", "S-1002")
        dock.choose("Ship")
        dock.expect_question("Has S-1002 left?")
        dock.ok("SS-YES", says="S-1002 is Shipped")

    assert warehouse.statuses() == {"L1-0001": "Shipped", "L1-0002": "Shipped"}
    assert all(row["shipped_at"] for row in warehouse.serials())
    history = warehouse.shipped()
    assert {(row["primary_serial"], row["so_number"], row["sku"]) for row in history} == {
        ("L1-0001", "S-1001", "LAP-1"),
        ("L1-0002", "S-1002", "LAP-1"),
    }
    assert warehouse.so("S-1002")["status"] == "Shipped"
