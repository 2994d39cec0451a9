"""Scenario 5: one serial, never scanned: imported on the purchase order, and again on the shipment order.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|      | what must hold                                                 | asserted in the story by                   |
|------|----------------------------------------------------------------|--------------------------------------------|
| 5.1  | the product is tracked                                         | serials are owed, the report has its units |
| 5.2  | receiving asks for no serial                                   | five taken in one scan, no panel           |
| 5.3  | received in full, the purchase order is Completed              | `po show`                                  |
| 5.4  | its screen has Import Serial Numbers                           | the first file is imported there           |
| 5.5  | the sheet needs five columns                                   | a sheet without each of them is refused    |
| 5.6  | as many serials as were received                               | one too many is refused; `3 of 5` is owed  |
| 5.7  | several files may make it up                                   | 3 and 2                                    |
| 5.8  | imported: Received in the report, and in the Receiving History | five lines, source import                  |
| 5.9  | Remove Serial Numbers takes back its imports                   | by screen; the files may come again        |
| 5.10 | packing asks for no serial                                     | two taken in one scan, no panel            |
| 5.11 | Ready to Ship, its screen has Import Serial Numbers            | refused before; the first file there       |
| 5.12 | the sheet needs five columns                                   | a sheet without each of them is refused    |
| 5.13 | as many serials as were packed; several files                  | one too many refused; 1 and 1; Ship waits  |
| 5.14 | an imported serial is in the report and Received               | unknown, Packed and Shipped ones refused   |
| 5.15 | a Packed and a Shipped serial cannot be scanned at packing     | STOP with status and order                 |
| 5.16 | an unknown serial cannot be scanned at packing                 | STOP                                       |
| 5.17 | imported: Packed in the report                                 | status and SO                              |
| 5.18 | Remove Serial Numbers takes back its imports                   | Received again; the file may come again    |
| 5.19 | shipped: Shipped in the report, in the Shipment History        | `so ship`                                  |
"""

from tests.acceptance.warehouse import Warehouse


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"HDD-5": 5},
        purchase={"N-5001": {"HDD-5": 5}},
        shipment={"S-5001": {"HDD-5": 2}, "S-5002": {"HDD-5": 2}, "S-5003": {"HDD-5": 1}},
    )
    first = warehouse.serials_sheet("PO Number", "N-5001", "HDD-5", "H5-0001", "H5-0002", "H5-0003", name="came-1.xlsx")
    second = warehouse.serials_sheet("PO Number", "N-5001", "HDD-5", "H5-0004", "H5-0005", name="came-2.csv")

    with warehouse.station("receive", "N-5001") as dock:
        # 5.2, 5.3
        dock.expect("OK", "N-5001 is open, 5 units")
        dock.ok("SS-QTY-5", "HDD-5", says="5 × HDD-5 taken, 5 of 5")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-5001 complete, 5 units")
        order = warehouse.po("N-5001")
        assert order["status"] == "Completed"
        # 5.1: they are owed
        assert order["lines"] == [
            {
                "sku": "HDD-5",
                "ordered": 5,
                "received": 5,
                "open": 0,
                "closed_short": 0,
                "line": None,
                "serials_needed": 5,
                "serials_present": 0,
            }
        ]
        assert warehouse.serials() == []

        # 5.4, 5.7: the first of two files, on the order's screen
        dock.open_order("f7", "N-5001")
        dock.import_file(first)
        dock.expect("OK", "3 serials imported", "HDD-5 3 of 5")
        # 5.5
        for column in ("Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"):
            sheet = warehouse.serials_sheet("PO Number", "N-5001", "HDD-5", "H5-0004", "H5-0005", without=column)
            warehouse.refused("po", "import-serials", "N-5001", sheet, says=column)
        # 5.6
        sheet = warehouse.serials_sheet("PO Number", "N-5001", "HDD-5", "H5-0004", "H5-0005", "H5-0006")
        warehouse.refused("po", "import-serials", "N-5001", sheet, says=("3 serials of HDD-5", "Take 1 out"))
        assert warehouse.po("N-5001")["lines"][0]["serials_present"] == 3
        assert len(warehouse.serials()) == 3
        # 5.7
        warehouse.done("po", "import-serials", "N-5001", second).says("HDD-5 5 of 5, complete")
        order = warehouse.po("N-5001")
        assert order["lines"][0]["serials_present"] == 5

        # 5.8
        report = warehouse.serials()
        assert [row["primary_serial"] for row in report] == [f"H5-000{number}" for number in range(1, 6)]
        assert {(row["status"], row["po_number"], row["secondary_serial"]) for row in report} == {
            ("Received", "N-5001", None)
        }
        assert {(row["primary_serial"], row["source"]) for row in warehouse.received()} == {
            (f"H5-000{number}", "import") for number in range(1, 6)
        }

        # 5.9: everything that was imported goes, and may come again
        dock.open_order("f7", "N-5001")
        dock.remove_imports(5, files=2)
        dock.expect("OK", "5 serials removed from PO N-5001")
        assert warehouse.serials() == []
        assert warehouse.received() == []
        warehouse.done("po", "import-serials", first)
        warehouse.done("po", "import-serials", second)
        assert len(warehouse.serials("--status", "received")) == 5

        # 5.10
        dock.go("SS-PACK", "Packing")
        dock.ok("S-5001", says="S-5001 is open")
        dock.ok("SS-QTY-2", "HDD-5", says="2 × HDD-5 taken, 2 of 2")
        dock.expect_no_prompt()
        sheet = warehouse.serials_sheet("SO Number", "S-5001", "HDD-5", "H5-0001", name="left-1.xlsx")
        # 5.11: not before it is packed
        warehouse.refused("so", "import-serials", "S-5001", sheet, says="Ready to Ship")
        dock.ok("SS-COMPLETE", says="S-5001 complete, 2 units")
        assert warehouse.so("S-5001")["status"] == "Ready to Ship"
        assert warehouse.so("S-5001")["lines"][0]["serials_needed"] == 2

        # 5.11, 5.13: the first of two files, on the order's screen
        dock.open_order("f8", "S-5001")
        dock.import_file(sheet)
        dock.expect("OK", "1 serial imported", "HDD-5 1 of 2")
        warehouse.refused("so", "ship", "S-5001", says=("S-5001 lacks serials of HDD-5", "1 of 2"))
        # 5.12
        for column in ("Warehouse", "Client", "SO Number", "SKU", "Primary Serial Number"):
            sheet = warehouse.serials_sheet("SO Number", "S-5001", "HDD-5", "H5-0002", without=column)
            warehouse.refused("so", "import-serials", "S-5001", sheet, says=column)
        # 5.13
        sheet = warehouse.serials_sheet("SO Number", "S-5001", "HDD-5", "H5-0002", "H5-0003")
        warehouse.refused("so", "import-serials", "S-5001", sheet, says=("2 serials of HDD-5", "Take 1 out"))
        # 5.14
        sheet = warehouse.serials_sheet("SO Number", "S-5001", "HDD-5", "H5-9999")
        warehouse.refused("so", "import-serials", "S-5001", sheet, says=("H5-9999 is not known", "purchase order"))
        assert list(warehouse.statuses().values()) == ["Packed", "Received", "Received", "Received", "Received"]

        # 5.18: back to Received, and the whole file may come at once
        warehouse.done("so", "remove-serials", "S-5001").says("1 back to Received")
        assert set(warehouse.statuses().values()) == {"Received"}
        sheet = warehouse.serials_sheet("SO Number", "S-5001", "HDD-5", "H5-0001", "H5-0002")
        warehouse.done("so", "import-serials", sheet).says("HDD-5 2 of 2, complete")

        # 5.17
        packed = warehouse.serials("--status", "packed")
        assert [(row["primary_serial"], row["so_number"]) for row in packed] == [
            ("H5-0001", "S-5001"),
            ("H5-0002", "S-5001"),
        ]

        # 5.15, 5.16: what must not be scanned at packing; a Received one may be, and is not booked by it
        dock.go("SS-PACK", "Packing")
        dock.ok("S-5003", says="S-5003 is open")
        dock.ok("HDD-5", says="1 of 1")
        dock.ok("S-5002", says=("S-5003 complete", "S-5002 is open"))
        dock.stop("H5-0001", says="H5-0001 is already Packed on S-5001")
        dock.stop("H5-9999", says="H5-9999 is not known here")
        warehouse.done("so", "ship", "S-5001")
        dock.stop("h5-0001", says="already Shipped on S-5001")
        dock.ok("H5-0004", says=("H5-0004 is a HDD-5", "1 of 2"))
        dock.expect_no_prompt()
        dock.ok("HDD-5", says="2 of 2")
        dock.ok("SS-COMPLETE", says="S-5002 complete, 2 units")

    # 5.14: Packed elsewhere, Shipped
    warehouse.done("so", "import-serials", warehouse.serials_sheet("SO Number", "S-5003", "HDD-5", "H5-0003"))
    sheet = warehouse.serials_sheet("SO Number", "S-5002", "HDD-5", "H5-0003", "H5-0004")
    warehouse.refused("so", "import-serials", sheet, says="H5-0003 is already Packed on SO S-5003")
    sheet = warehouse.serials_sheet("SO Number", "S-5002", "HDD-5", "H5-0004", "H5-0002")
    warehouse.refused("so", "import-serials", sheet, says="H5-0002 is already Shipped on SO S-5001")
    assert warehouse.so("S-5002")["lines"][0]["serials_present"] == 0
    sheet = warehouse.serials_sheet("SO Number", "S-5002", "HDD-5", "H5-0004", "H5-0005")
    warehouse.done("so", "import-serials", sheet)

    # 5.19
    warehouse.done("so", "ship", "S-5002", "S-5003")
    assert set(warehouse.statuses().values()) == {"Shipped"}
    assert {(row["primary_serial"], row["so_number"]) for row in warehouse.shipped()} == {
        ("H5-0001", "S-5001"),
        ("H5-0002", "S-5001"),
        ("H5-0003", "S-5003"),
        ("H5-0004", "S-5002"),
        ("H5-0005", "S-5002"),
    }
    # 5.18: never after it has left
    warehouse.refused("so", "remove-serials", "S-5002", says="S-5002 is Shipped")
