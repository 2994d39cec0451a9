"""Scenario 8: two serials, never scanned: both imported on the shipment order.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|      | what must hold                                              | asserted in the story by                    |
|------|-------------------------------------------------------------|---------------------------------------------|
| 8.1  | the product is tracked                                      | the shipment owes serials                   |
| 8.2  | receiving asks for no serial                                | two taken in one scan, no panel             |
| 8.3  | nothing has to be imported on the purchase order            | it owes none; all goes on without           |
| 8.4  | Receive PO may be used                                      | `po receive`                                |
| 8.5  | packing asks for no serial                                  | two taken in one scan, no panel             |
| 8.6  | Ready to Ship, the shipment order has Import Serial Numbers | refused before, taken afterwards            |
| 8.7  | the sheet needs six columns, the secondary among them       | a sheet without each of them, an empty cell |
| 8.8  | as many serials as were packed; several files               | one too many refused; 1 and 1; Ship waits   |
| 8.9  | a Packed and a Shipped serial cannot be scanned at packing  | STOP, by either serial; refused by import   |
| 8.10 | imported: Packed in the report                              | one line a unit with both serials           |
| 8.11 | Remove Serial Numbers takes back its imports                | gone, as the import made them               |
| 8.12 | shipped: Shipped in the report, in the Shipment History     | `so ship`                                   |

RULES 3 settles 8.7: the page names the order's column PO Number; it is read in the place of a missing SO Number.
RULES §1 settles what the page leaves open: both serials are new, or both are of one Received unit.
"""

from tests.acceptance.warehouse import PRIMARY, SECONDARY, Warehouse


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"MOD-8": 8},
        purchase={"N-8001": {"MOD-8": 3}, "N-8002": {"MOD-8": 1}},
        shipment={"S-8001": {"MOD-8": 2}, "S-8002": {"MOD-8": 1}},
        opening=[("MOD-8", ("M8-0900", "ICC-0900"))],
    )
    one, two, stock = ("M8-0001", "ICC-0001"), ("M8-0002", "ICC-0002"), ("M8-0900", "ICC-0900")

    # 8.4
    warehouse.done("po", "receive", "N-8002").says("N-8002 is Completed: 1 unit received")

    with warehouse.station("receive", "N-8001") as dock:
        # 8.2, 8.3
        dock.expect("OK", "N-8001 is open, 3 units")
        dock.ok("SS-QTY-3", "MOD-8", says="3 × MOD-8 taken, 3 of 3")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-8001 complete, 3 units")
        order = warehouse.po("N-8001")
        assert order["status"] == "Completed"
        assert order["lines"][0]["serials_needed"] == 0

        # 8.5
        dock.scan("S-8001")
        dock.expect("OK", "S-8001 is open")
        dock.expect_title("Packing")
        dock.ok("SS-QTY-2", "MOD-8", says="2 × MOD-8 taken, 2 of 2")
        dock.expect_no_prompt()
        # 8.6: not before it is packed
        first = warehouse.serials_sheet("PO Number", "S-8001", "MOD-8", one)
        warehouse.refused("so", "import-serials", "S-8001", first, says="Ready to Ship")
        dock.ok("SS-COMPLETE", says="S-8001 complete, 2 units")
        order = warehouse.so("S-8001")
        assert order["status"] == "Ready to Ship"
        # 8.1
        assert (order["lines"][0]["serials_needed"], order["lines"][0]["serials_present"]) == (2, 0)

        # 8.7
        for column in ("Warehouse", "Client", "SO Number", "SKU", PRIMARY, SECONDARY):
            sheet = warehouse.serials_sheet("SO Number", "S-8001", "MOD-8", one, without=column)
            warehouse.refused("so", "import-serials", "S-8001", sheet, says=column)
        sheet = warehouse.serials_sheet("SO Number", "S-8001", "MOD-8", one, "M8-0002")
        warehouse.refused("so", "import-serials", "S-8001", sheet, says="MOD-8 needs a Secondary Serial Number")
        # 8.8
        sheet = warehouse.serials_sheet("SO Number", "S-8001", "MOD-8", one, two, ("M8-0003", "ICC-0003"))
        warehouse.refused("so", "import-serials", "S-8001", sheet, says=("3 serials of MOD-8", "Take 1 out"))
        assert warehouse.statuses() == {"M8-0900": "Received"}
        # 8.7: PO Number in the place of SO Number
        warehouse.done("so", "import-serials", "S-8001", first).says("MOD-8 1 of 2")
        warehouse.refused("so", "ship", "S-8001", says="1 of 2")
        second = warehouse.serials_sheet("SO Number", "S-8001", "MOD-8", two)
        warehouse.done("so", "import-serials", "S-8001", second).says("MOD-8 2 of 2, complete")

        # 8.10: one line a unit
        assert [
            (row["primary_serial"], row["secondary_serial"], row["status"])
            for row in warehouse.serials("--so", "S-8001")
        ] == [(*one, "Packed"), (*two, "Packed")]

        # 8.11: they came with the import and go with it
        warehouse.done("so", "remove-serials", "S-8001").says("2 gone")
        assert warehouse.statuses() == {"M8-0900": "Received"}
        warehouse.done("so", "import-serials", first)
        warehouse.done("so", "import-serials", second)

        # 8.9: Packed, then Shipped
        dock.ok("S-8002", says="S-8002 is open")
        dock.stop("M8-0001", says="M8-0001 is already Packed on S-8001")
        dock.stop("ICC-0001", says="ICC-0001 is already Packed on S-8001")
        warehouse.done("so", "ship", "S-8001")
        dock.stop("M8-0001", says="M8-0001 is already Shipped on S-8001")
        dock.ok("MOD-8", says="1 of 1")
        dock.ok("SS-COMPLETE", says="S-8002 complete, 1 unit")

    sheet = warehouse.serials_sheet("SO Number", "S-8002", "MOD-8", one)
    warehouse.refused("so", "import-serials", sheet, says="M8-0001 is already Shipped on SO S-8001")
    # both of one Received unit, and never a mixture
    sheet = warehouse.serials_sheet("SO Number", "S-8002", "MOD-8", ("M8-0900", "ICC-0003"))
    warehouse.refused("so", "import-serials", sheet, says=("M8-0900 belongs with ICC-0900", "ICC-0003"))
    warehouse.done("so", "import-serials", warehouse.serials_sheet("SO Number", "S-8002", "MOD-8", stock))

    # 8.12
    assert warehouse.statuses() == {"M8-0001": "Shipped", "M8-0002": "Shipped", "M8-0900": "Packed"}
    warehouse.done("so", "ship", "S-8002")
    assert set(warehouse.statuses().values()) == {"Shipped"}
    assert {(row["primary_serial"], row["secondary_serial"], row["so_number"]) for row in warehouse.shipped()} == {
        (*one, "S-8001"),
        (*two, "S-8001"),
        (*stock, "S-8002"),
    }
