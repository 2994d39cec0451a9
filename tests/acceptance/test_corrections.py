"""What a supervisor puts right afterwards, in a real terminal and on the command line."""

from tests.acceptance.warehouse import Warehouse


def test_a_supervisor_corrects_unpacks_and_unreceives_at_the_station(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"CAM-1": 1, "CBL-0": 0},
        purchase={"N-101": {"CAM-1": 2, "CBL-0": 5}},
        shipment={"S-101": {"CAM-1": 1}},
    )
    with warehouse.station("receive", "N-101") as dock:
        dock.expect("OK", "N-101 is open")
        dock.ok("CAM-1", "SN-0001", "CAM-1", "SN-0002", "SS-QTY-5", "CBL-0", says="5 of 5")
        dock.ok("SS-COMPLETE", says="N-101 complete")
        dock.go("SS-PACK", "Packing")
        dock.ok("S-101", "CAM-1", "SN-0001", "SS-COMPLETE", says="S-101 complete")
        dock.go("SS-HOME", "Home")
        dock.ok("SN-0001", says="SN-0001 is a CAM-1: Packed.")

        dock.choose("Correct the code SN-0001")
        dock.wait_for("Right code for SN-0001")
        dock.scan("SN-0011")
        dock.wait_for("Why is SN-0001 corrected?")
        dock.type("misread\r")
        dock.expect_question("SN-0001 becomes SN-0011.")
        dock.pause(0.3)
        dock.type("y")
        dock.expect("OK", "SN-0001 of CAM-1 is SN-0011 now.")

        dock.choose("Unpack SN-0011")
        dock.wait_for("Why is SN-0011 unpacked?")
        dock.type("wrong box\r")
        dock.expect_question("Unpack SN-0011?")
        dock.scan("SS-YES")
        dock.expect("OK", "SN-0011 is Received again: take it out of S-101.")
        dock.press("escape")
        dock.press("pagedown")
        dock.shows("Unpacked on S-101", "wrong box")
        assert warehouse.so("S-101")["status"] == "Packing"

        dock.choose("Unreceive SN-0011")
        dock.wait_for("Why is SN-0011 unreceived?")
        dock.type("never came\r")
        dock.expect_question("Unreceive SN-0011?")
        dock.pause(0.3)
        dock.type("y")
        dock.expect("OK", "SN-0011 is gone from N-101.")
        dock.press("escape")
        dock.pause(0.3)
        dock.press("escape")
        dock.expect_title("Home")

        dock.open_order("f7", "N-101")
        dock.choose("Lower a received count")
        dock.wait_for("How many CBL-0 really came?")
        dock.type("4\r")
        dock.wait_for("Why is CBL-0 lowered to 4?")
        dock.type("one was a sample\r")
        dock.expect_question("Lower CBL-0 on N-101 to 4 received?")
        dock.scan("SS-YES")
        dock.expect("OK", "N-101: 4 of 5 CBL-0 received, no longer 5.")

    assert warehouse.statuses() == {"SN-0002": "Received"}
    assert warehouse.po("N-101")["status"] == "Partially Received"
    assert [line["received"] for line in warehouse.po("N-101")["lines"]] == [1, 4]
    warehouse.done("db", "check")
    warehouse.refused("unreceive", "SN-0001", "--reason", "again", says="SN-0001 is gone")
    told = warehouse.done("trace", "SN-0001").json[0]
    assert [event["what"] for event in told["events"]] == ["Received", "Packed", "Corrected", "Unpacked", "Removed"]
    assert [event["reason"] for event in told["events"]] == [None, None, "misread", "wrong box", "never came"]
