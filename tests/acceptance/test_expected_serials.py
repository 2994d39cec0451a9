"""A supplier's list, from the ERP's file to what came of it (RULES 2.26)."""

import json

from tests.acceptance.warehouse import Warehouse


def test_a_list_is_loaded_scanned_against_and_answered_to_the_supplier(warehouse: Warehouse) -> None:
    warehouse.load(products={"CAM-3": 3}, purchase={"N-1": {"CAM-3": 2}})
    keys = ("warehouse", "client", "po_number", "sku", "primary_serial_number", "secondary_serial_number")
    units = [("W-EAST", "NORDWIND", "N-1", "CAM-3", f"C-000{at}", f"L-000{at}") for at in (1, 2)]
    asn = warehouse.folder / "asn.json"
    asn.write_text(json.dumps({"asn": [dict(zip(keys, unit, strict=True)) for unit in units]}))
    warehouse.done("load", asn).says("Loaded: 2 expected serials (2 new).")
    warehouse.done("po", "expect", "N-1", asn).says("Loaded: 2 expected serials (2 as before).")

    with warehouse.station("receive", "N-1") as dock:
        dock.ok("CAM-3", "C-0001", says="C-0001 is the primary, expected. Now the secondary serial")
        dock.check("L-0002", says="L-0002 is listed with C-0002, not with C-0001.")
        dock.check("SS-NO", says="Nothing was changed")
        dock.ok("L-0001", says="C-0001 + L-0001 → CAM-3, expected, 1 of 2.")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.check("C-0009", says="C-0009 is not on the list of N-1. Take it?")
        dock.ok("SS-YES", says="C-0009 is the primary, not on the list.")
        dock.ok("L-0009", says="2 of 2")
        dock.ok("SS-COMPLETE", says="Not come: C-0002.")

    assert warehouse.po("N-1")["expected"] == [
        {"sku": "CAM-3", "listed": 2, "verified": 1, "unexpected": 1, "missing": 1}
    ]
    told = warehouse.done("po", "expected", "N-1", "--format", "json").json
    assert {row["primary_serial"]: row["state"] for row in told} == {
        "C-0001": "verified",
        "C-0002": "missing",
        "C-0009": "unexpected",
    }
    warehouse.done("po", "remove-expected", "N-1").says("2 serials of N-1 removed from its list.")
    warehouse.refused("po", "remove-expected", "N-1", says="N-1 has no list of expected serials.")
