"""A shift with a scanner and no keyboard: everything that a packer and a receiver need can be scanned."""

from tests.acceptance.warehouse import Warehouse


def test_a_shift_without_a_keyboard(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"PAD-2": 2, "LAP-1": 1, "BAT-0": 0},
        shipment={"S-901": {"PAD-2": 3, "BAT-0": 4}, "S-902": {"LAP-1": 1}, "S-903": {"BAT-0": 1}},
        purchase={"N-101": {"LAP-1": 2}},
        opening=[("LAP-1", "L1-0001")],
    )
    with warehouse.station() as dock:
        dock.expect_title("Home")
        dock.go("SS-PACK", "Packing")
        dock.check("SS-COMPLETE", says="No order is open")
        dock.stop("NO-SUCH", says="NO-SUCH is not an order here")
        dock.ok("S-901", says="S-901 is open, 7 units")

        # Several units of one scan, each with its serial; wrong scans between; a slip, taken back.
        dock.ok("SS-QTY-2", says="takes 2")
        dock.ok("PAD-2", says=("2 units", "Now its primary serial"))
        dock.expect_prompt("Primary serial", "PAD-2", "1 of 3")
        dock.stop("SS-COMPLETE", says=("A serial is owed", "or cancel the unit"))
        dock.stop("EAN-BAT-0", says="is the product BAT-0, not a serial")
        dock.ok("P-0001", says="Now the primary serial of unit 2")
        dock.ok("SS-UNDO", says="Taken back: PAD-2 P-0001")
        dock.expect_prompt("Primary serial", "PAD-2", "1 of 3")
        dock.ok("P-0001", says="Now the primary serial of unit 2")
        dock.stop("P-0001", says="already captured on line 1")
        dock.ok("P-0002", says="2 of 3")
        dock.expect_no_prompt()

        # A unit whose label cannot be read: dropped, and the others stay.
        dock.ok("PAD-2", says="unit 3 of 3")
        dock.ok("SS-CANCEL", says="the unit without its serial is dropped")
        dock.expect_no_prompt()
        dock.check("SS-CANCEL", says="No unit is waiting for a serial")
        dock.check("SS-YES", says="There is no question to answer")
        dock.ok("BAT-0", says="1 of 4")

        # A part of the order: the question is answered by scans, and by nothing else.
        dock.check("SS-COMPLETE", says="Complete it with 3 units?")
        dock.stop("BAT-0", says=("Answer the question first", "BAT-0 was not kept"))
        dock.stop("SS-CANCEL", says=("Answer the question first", "SS-CANCEL was not kept"))
        dock.check("SS-NO", says="Nothing was changed")

        # The next order, without a word about this one: told once, then left open.
        dock.check("S-902", says="S-901 lacks 4. Scan S-902 again to leave it open")
        dock.ok("S-902", says="S-902 is open, 1 unit")
        dock.ok("L1-0001", says="L1-0001 → LAP-1, 1 of 1")
        dock.ok("S-901", says=("S-902 complete, 1 unit", "S-901 goes on, 3 units"))
        dock.check("SS-COMPLETE", says="S-901 lacks 4")
        dock.ok("SS-YES", says="S-901 saved, packed in part, 3 units")
        dock.ok("S-903", says="S-903 is open")
        dock.ok("BAT-0", says="1 of 1")
        dock.ok("SS-COMPLETE", says="S-903 complete, 1 unit. Scan the next order")

        # And to the other desk.
        dock.go("SS-HOME", "Home")
        dock.go("SS-RECEIVE", "Receiving")
        dock.ok("N-101", says="N-101 is open, 2 units")
        dock.ok("LAP-1", says="Now its primary serial")
        dock.stop("SS-PACK", says="A serial is owed")

        # Home, Trace and Help leave the serial owed; another order has to wait for it.
        dock.go("SS-TRACE", "Trace")
        dock.go("SS-CANCEL", "Receiving")
        dock.ok("SS-HELP", says="Help. SS-HELP reads on")
        dock.go("SS-HOME", "Home")
        dock.stop("S-901", says="N-101 owes a serial")
        dock.go("SS-HELP", "Help")
        dock.go("SS-TRACE", "Trace")
        dock.go("SS-HOME", "Home")
        dock.ok("N-101", says="The primary serial of LAP-1 is owed")
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 2")
        dock.ok("L1-0002", says="L1-0002 → LAP-1, 1 of 2")
        dock.go("SS-PACK", "Packing")
        dock.ok("N-101", says="N-101 goes on, 1 unit of this receipt so far")
        dock.expect_title("Receiving")
        dock.check("SS-COMPLETE", says="N-101 lacks 1")
        dock.ok("SS-YES", says="N-101 saved, received in part")
        dock.go("SS-HOME", "Home")

    assert warehouse.statuses() == {"L1-0001": "Packed", "L1-0002": "Received", "P-0001": "Packed", "P-0002": "Packed"}
    assert [warehouse.so(number)["status"] for number in ("S-901", "S-902", "S-903")] == [
        "Packing",
        "Ready to Ship",
        "Ready to Ship",
    ]
    assert [line["packed"] for line in warehouse.so("S-901")["lines"]] == [2, 1]
    assert warehouse.po("N-101")["status"] == "Partially Received"
