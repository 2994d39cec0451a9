"""Scenario 6: one serial, never scanned: imported on the shipment order.

The bullets of the help page behind the five settings, counted from the top with the nested ones in their places:

|      | what must hold                                              | asserted in the story by                   |
|------|-------------------------------------------------------------|--------------------------------------------|
| 6.1  | the product is tracked                                      | the shipment owes serials                  |
| 6.2  | receiving asks for no serial                                | three taken in one scan, no panel          |
| 6.3  | nothing has to be imported on the purchase order            | it owes none; packing goes on without      |
| 6.4  | Receive PO may be used                                      | `po receive`                               |
| 6.5  | packing asks for no serial                                  | two taken in one scan, no panel            |
| 6.6  | Ready to Ship, the shipment order has Import Serial Numbers | refused before, taken afterwards           |
| 6.7  | the sheet needs five columns                                | a sheet without each of them is refused    |
| 6.8  | as many serials as were packed; several files               | one too many refused; 1 and 1; Ship waits  |
| 6.9  | an imported serial is in the report and Received            | an unknown one is refused, both ways named |
| 6.10 | a Packed and a Shipped serial cannot be scanned at packing  | STOP; refused in the import too            |
| 6.11 | imported: Packed in the report                              | status and SO                              |
| 6.12 | Remove Serial Numbers takes back its imports                | by screen; Received again                  |
| 6.13 | shipped: Shipped in the report, in the Shipment History     | `so ship`                                  |

RULES 2.1 settles how 6.3 and 6.9 go together: an import on the purchase order is possible and not needed, and a
setting lets shipments bring new serials: `test_a_setting_lets_the_shipment_bring_new_serials`.
"""

from tests.acceptance.warehouse import Warehouse


def test_from_load_to_shipped(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"TAB-6": 6},
        purchase={"N-6001": {"TAB-6": 3}, "N-6002": {"TAB-6": 1}},
        shipment={"S-6001": {"TAB-6": 2}, "S-6002": {"TAB-6": 1}},
    )

    # 6.4
    warehouse.done("po", "receive", "N-6002").says("N-6002 is Completed: 1 unit received")

    with warehouse.station("receive", "N-6001") as dock:
        # 6.2, 6.3
        dock.expect("OK", "N-6001 is open, 3 units")
        dock.ok("SS-QTY-3", "TAB-6", says="3 × TAB-6 taken, 3 of 3")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-6001 complete, 3 units")
        order = warehouse.po("N-6001")
        assert order["status"] == "Completed"
        assert order["lines"][0]["serials_needed"] == 0

        # 6.5
        dock.scan("S-6001")
        dock.expect("OK", "S-6001 is open")
        dock.expect_title("Packing")
        dock.ok("SS-QTY-2", "TAB-6", says="2 × TAB-6 taken, 2 of 2")
        dock.expect_no_prompt()
        # 6.6: not before it is packed
        sheet = warehouse.serials_sheet("SO Number", "S-6001", "TAB-6", "T6-0001")
        warehouse.refused("so", "import-serials", "S-6001", sheet, says="Ready to Ship")
        dock.ok("SS-COMPLETE", says="S-6001 complete, 2 units")
        order = warehouse.so("S-6001")
        assert order["status"] == "Ready to Ship"
        # 6.1
        assert (order["lines"][0]["serials_needed"], order["lines"][0]["serials_present"]) == (2, 0)

        # 6.9: unknown serials are refused, with both ways out; then they are known
        warehouse.refused(
            "so",
            "import-serials",
            "S-6001",
            sheet,
            says=("T6-0001 is not known", "on its purchase order", 'scenario6_unknown_serials = "create"'),
        )
        assert warehouse.serials() == []
        known = warehouse.serials_sheet("PO Number", "N-6001", "TAB-6", "T6-0001", "T6-0002", "T6-0003")
        warehouse.done("po", "import-serials", known)
        assert set(warehouse.statuses().values()) == {"Received"}

        # 6.7
        for column in ("Warehouse", "Client", "SO Number", "SKU", "Primary Serial Number"):
            wrong = warehouse.serials_sheet("SO Number", "S-6001", "TAB-6", "T6-0001", without=column)
            warehouse.refused("so", "import-serials", "S-6001", wrong, says=column)
        # 6.8
        wrong = warehouse.serials_sheet("SO Number", "S-6001", "TAB-6", "T6-0001", "T6-0002", "T6-0003")
        warehouse.refused("so", "import-serials", "S-6001", wrong, says=("3 serials of TAB-6", "Take 1 out"))
        assert set(warehouse.statuses().values()) == {"Received"}
        warehouse.done("so", "import-serials", "S-6001", sheet).says("TAB-6 1 of 2")
        warehouse.refused("so", "ship", "S-6001", says="1 of 2")
        rest = warehouse.serials_sheet("SO Number", "S-6001", "TAB-6", "T6-0002")
        warehouse.done("so", "import-serials", "S-6001", rest).says("TAB-6 2 of 2, complete")
        # 6.11
        assert warehouse.statuses() == {"T6-0001": "Packed", "T6-0002": "Packed", "T6-0003": "Received"}
        assert warehouse.serials("--so", "S-6001")[0]["packed_at"]

        # 6.12: by screen
        dock.open_order("f8", "S-6001")
        dock.remove_imports(2, files=2)
        dock.expect("OK", "2 back to Received")
        assert set(warehouse.statuses().values()) == {"Received"}
        warehouse.done("so", "import-serials", "S-6001", sheet)
        warehouse.done("so", "import-serials", "S-6001", rest)

        # 6.10: Packed, then Shipped; by scan and by import
        dock.go("SS-PACK", "Packing")
        dock.ok("S-6002", says="S-6002 is open")
        dock.stop("T6-0001", says="T6-0001 is already Packed on S-6001")
        warehouse.done("so", "ship", "S-6001")
        dock.stop("T6-0001", says="T6-0001 is already Shipped on S-6001")
        dock.ok("T6-0003", says=("T6-0003 is a TAB-6", "1 of 1"))
        dock.ok("SS-COMPLETE", says="S-6002 complete, 1 unit")

    wrong = warehouse.serials_sheet("SO Number", "S-6002", "TAB-6", "T6-0001")
    warehouse.refused("so", "import-serials", wrong, says="T6-0001 is already Shipped on SO S-6001")
    warehouse.done("so", "import-serials", warehouse.serials_sheet("SO Number", "S-6002", "TAB-6", "T6-0003"))

    # 6.13
    assert warehouse.statuses() == {"T6-0001": "Shipped", "T6-0002": "Shipped", "T6-0003": "Packed"}
    warehouse.done("so", "ship", "S-6002")
    assert set(warehouse.statuses().values()) == {"Shipped"}
    assert {(row["primary_serial"], row["so_number"]) for row in warehouse.shipped()} == {
        ("T6-0001", "S-6001"),
        ("T6-0002", "S-6001"),
        ("T6-0003", "S-6002"),
    }


def test_a_setting_lets_the_shipment_bring_new_serials(warehouse: Warehouse) -> None:
    create = {"SCANSTATION_RULES__SCENARIO6_UNKNOWN_SERIALS": "create"}
    warehouse.load(products={"TAB-6": 6}, purchase={"N-6001": {"TAB-6": 1}}, shipment={"S-6001": {"TAB-6": 1}})
    warehouse.done("po", "receive", "N-6001")
    with warehouse.station("pack", "S-6001") as bench:
        bench.expect("OK", "S-6001 is open")
        bench.ok("TAB-6", says="1 of 1")
        bench.ok("SS-COMPLETE", says="S-6001 complete")
    sheet = warehouse.serials_sheet("SO Number", "S-6001", "TAB-6", "T6-0001")
    warehouse.refused("so", "import-serials", "S-6001", sheet, says="T6-0001 is not known")
    warehouse.done("so", "import-serials", "S-6001", sheet, env=create)
    assert warehouse.statuses() == {"T6-0001": "Packed"}
    warehouse.done("so", "ship", "S-6001")
    assert warehouse.statuses() == {"T6-0001": "Shipped"}
