"""Scenario 7: two serials, never scanned: both imported on the purchase order, either of them on the shipment order.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|      | what must hold                                                 | asserted in the story by                    |
|------|----------------------------------------------------------------|---------------------------------------------|
| 7.1  | the product is tracked                                         | serials are owed, the report has its units  |
| 7.2  | receiving asks for no serial                                   | four taken in one scan, no panel            |
| 7.3  | received in full, the purchase order is Completed              | `po show`                                   |
| 7.4  | then its serials are imported                                  | `po import-serials`                         |
| 7.5  | the sheet needs six columns, the secondary among them          | a sheet without each of them, an empty cell |
| 7.6  | as many serials as were received                               | one too many is refused                     |
| 7.7  | several files may make it up                                   | 3 and 1                                     |
| 7.8  | imported: Received in the report, and in the Receiving History | one line a unit, source import              |
| 7.9  | Remove Serial Numbers takes back its imports                   | one batch, then all; the files come again   |
| 7.10 | packing asks for no serial                                     | two taken in one scan, no panel             |
| 7.11 | Ready to Ship, serials are imported on the shipment order      | refused before, taken afterwards            |
| 7.12 | the sheet needs five columns; it may give either serial        | each column; primary, secondary, both       |
| 7.13 | as many serials as were packed; several files                  | one too many refused; 1 and 1; Ship waits   |
| 7.14 | an imported serial is in the report and Received               | unknown, Packed and Shipped ones refused    |
| 7.15 | a Packed and a Shipped serial cannot be scanned at packing     | STOP, by either serial                      |
| 7.16 | an unknown serial cannot be scanned at packing                 | STOP                                        |
| 7.17 | imported: Packed in the report                                 | status and SO                               |
| 7.18 | Remove Serial Numbers takes back its imports                   | Received again                              |
| 7.19 | shipped: Shipped in the report, in the Shipment History        | `so ship`                                   |
"""

from tests.acceptance.warehouse import PRIMARY, SECONDARY, Warehouse

SIX_COLUMNS = ("Warehouse", "Client", "PO Number", "SKU", PRIMARY, SECONDARY)


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"ROU-7": 7},
        purchase={"N-7001": {"ROU-7": 4}},
        shipment={"S-7001": {"ROU-7": 2}, "S-7002": {"ROU-7": 1}, "S-7003": {"ROU-7": 1}},
    )
    one, two, three, four = (
        ("R7-0001", "MAC-0001"),
        ("R7-0002", "MAC-0002"),
        ("R7-0003", "MAC-0003"),
        ("R7-0004", "MAC-0004"),
    )

    with warehouse.station("receive", "N-7001") as dock:
        # 7.2, 7.3, 7.1
        dock.expect("OK", "N-7001 is open, 4 units")
        dock.ok("SS-QTY-4", "ROU-7", says="4 × ROU-7 taken, 4 of 4")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-7001 complete, 4 units")
        order = warehouse.po("N-7001")
        assert order["status"] == "Completed"
        assert (order["lines"][0]["serials_needed"], order["lines"][0]["serials_present"]) == (4, 0)

        # 7.5
        for column in SIX_COLUMNS:
            sheet = warehouse.serials_sheet("PO Number", "N-7001", "ROU-7", one, without=column)
            warehouse.refused("po", "import-serials", "N-7001", sheet, says=column)
        sheet = warehouse.serials_sheet("PO Number", "N-7001", "ROU-7", one, "R7-0002")
        warehouse.refused("po", "import-serials", "N-7001", sheet, says=("F3", "ROU-7 needs a Secondary Serial Number"))
        assert warehouse.serials() == []
        # 7.4, 7.7, 7.6
        first = warehouse.serials_sheet("PO Number", "N-7001", "ROU-7", one, two, three)
        warehouse.done("po", "import-serials", "N-7001", first).says("batch 1", "ROU-7 3 of 4")
        sheet = warehouse.serials_sheet("PO Number", "N-7001", "ROU-7", four, ("R7-0005", "MAC-0005"))
        warehouse.refused("po", "import-serials", "N-7001", sheet, says=("2 serials of ROU-7", "Take 1 out"))
        second = warehouse.serials_sheet("PO Number", "N-7001", "ROU-7", four)
        warehouse.done("po", "import-serials", "N-7001", second).says("batch 2", "ROU-7 4 of 4, complete")

        # 7.8
        assert [
            (row["primary_serial"], row["secondary_serial"], row["status"], row["po_number"])
            for row in warehouse.serials()
        ] == [(*pair, "Received", "N-7001") for pair in (one, two, three, four)]
        assert {(row["primary_serial"], row["secondary_serial"], row["source"]) for row in warehouse.received()} == {
            (*pair, "import") for pair in (one, two, three, four)
        }

        # 7.9: one file by itself, then everything
        warehouse.done("po", "remove-serials", "N-7001", "--batch", "2").says("1 serial removed from PO N-7001")
        assert set(warehouse.statuses()) == {"R7-0001", "R7-0002", "R7-0003"}
        warehouse.done("po", "remove-serials", "N-7001").says("3 serials removed from PO N-7001")
        assert warehouse.serials() == []
        assert warehouse.received() == []
        warehouse.done("po", "import-serials", first)
        warehouse.done("po", "import-serials", second)

        # 7.10, 7.11
        dock.scan("S-7001")
        dock.expect("OK", "S-7001 is open")
        dock.expect_title("Packing")
        dock.ok("SS-QTY-2", "ROU-7", says="2 × ROU-7 taken, 2 of 2")
        dock.expect_no_prompt()
        by_primary = warehouse.serials_sheet("SO Number", "S-7001", "ROU-7", "R7-0001")
        warehouse.refused("so", "import-serials", "S-7001", by_primary, says="Ready to Ship")
        dock.ok("SS-COMPLETE", says="S-7001 complete, 2 units")
        assert warehouse.so("S-7001")["status"] == "Ready to Ship"

        # 7.12, 7.13, 7.14: nothing is changed by any of these
        for column in ("Warehouse", "Client", "SO Number", "SKU", PRIMARY):
            sheet = warehouse.serials_sheet("SO Number", "S-7001", "ROU-7", "R7-0001", without=column)
            warehouse.refused("so", "import-serials", "S-7001", sheet, says=column)
        sheet = warehouse.serials_sheet("SO Number", "S-7001", "ROU-7", "R7-0001", "MAC-0002", "R7-0003")
        warehouse.refused("so", "import-serials", "S-7001", sheet, says=("3 serials of ROU-7", "Take 1 out"))
        sheet = warehouse.serials_sheet("SO Number", "S-7001", "ROU-7", "R7-0001", "MAC-0001")
        warehouse.refused("so", "import-serials", "S-7001", sheet, says="MAC-0001 is the same unit as row 2")
        sheet = warehouse.serials_sheet("SO Number", "S-7001", "ROU-7", "R7-9999", "MAC-9999")
        warehouse.refused(
            "so", "import-serials", "S-7001", sheet, says=("R7-9999 is not known", "MAC-9999 is not known")
        )
        assert set(warehouse.statuses().values()) == {"Received"}

        # 7.12, 7.13: one by its primary, one by its secondary, in two files
        warehouse.done("so", "import-serials", "S-7001", by_primary).says("ROU-7 1 of 2")
        warehouse.refused("so", "ship", "S-7001", says="1 of 2")
        by_secondary = warehouse.serials_sheet("SO Number", "S-7001", "ROU-7", "MAC-0002")
        warehouse.done("so", "import-serials", "S-7001", by_secondary).says("ROU-7 2 of 2, complete")
        # 7.17
        assert [
            (row["primary_serial"], row["secondary_serial"], row["status"])
            for row in warehouse.serials("--so", "S-7001")
        ] == [(*one, "Packed"), (*two, "Packed")]

        # 7.18
        warehouse.done("so", "remove-serials", "S-7001").says("2 back to Received")
        assert set(warehouse.statuses().values()) == {"Received"}
        warehouse.done("so", "import-serials", "S-7001", by_primary)
        warehouse.done("so", "import-serials", "S-7001", by_secondary)

        # 7.15, 7.16
        dock.ok("S-7002", says="S-7002 is open")
        dock.stop("R7-0001", says="R7-0001 is already Packed on S-7001")
        dock.stop("MAC-0001", says="MAC-0001 is already Packed on S-7001")
        dock.stop("MAC-9999", says="MAC-9999 is not known here")
        warehouse.done("so", "ship", "S-7001")
        dock.stop("MAC-0001", says="MAC-0001 is already Shipped on S-7001")
        dock.stop("R7-0001", says="R7-0001 is already Shipped on S-7001")
        dock.ok("ROU-7", says="1 of 1")
        dock.ok("S-7003", says=("S-7002 complete", "S-7003 is open"))
        dock.ok("MAC-0004", says=("MAC-0004 is a ROU-7", "1 of 1"))
        dock.ok("SS-COMPLETE", says="S-7003 complete")

    # 7.12: the secondary in its own column; both, which must be one unit
    sheet = warehouse.serials_sheet("SO Number", "S-7002", "ROU-7", ("", "MAC-0003"))
    warehouse.done("so", "import-serials", sheet)
    sheet = warehouse.serials_sheet("SO Number", "S-7003", "ROU-7", ("R7-0004", "MAC-0003"))
    warehouse.refused("so", "import-serials", sheet, says=("MAC-0003", "not one unit"))
    # 7.14: Packed elsewhere, Shipped
    sheet = warehouse.serials_sheet("SO Number", "S-7003", "ROU-7", "MAC-0003")
    warehouse.refused("so", "import-serials", sheet, says="MAC-0003 is already Packed on SO S-7002")
    sheet = warehouse.serials_sheet("SO Number", "S-7003", "ROU-7", "R7-0001")
    warehouse.refused("so", "import-serials", sheet, says="R7-0001 is already Shipped on SO S-7001")
    warehouse.done("so", "import-serials", warehouse.serials_sheet("SO Number", "S-7003", "ROU-7", four))

    # 7.19
    assert warehouse.statuses() == {
        "R7-0001": "Shipped",
        "R7-0002": "Shipped",
        "R7-0003": "Packed",
        "R7-0004": "Packed",
    }
    warehouse.done("so", "ship", "S-7002", "S-7003")
    assert set(warehouse.statuses().values()) == {"Shipped"}
    assert {(row["primary_serial"], row["secondary_serial"], row["so_number"]) for row in warehouse.shipped()} == {
        (*one, "S-7001"),
        (*two, "S-7001"),
        (*three, "S-7002"),
        (*four, "S-7003"),
    }
