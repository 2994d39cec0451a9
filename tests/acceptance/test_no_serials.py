"""What is no serial, at the station and in files, with the same words (RULES 2.8)."""

from tests.acceptance.warehouse import FLAGS, Warehouse

EAN = "4006381333931"
FORMS = {
    EAN: f"{EAN} is the product SOAP-9, not a serial",
    f"{EAN} 12": "is the product SOAP-9 with its add-on, not a serial",
    "24006381333935": "is the product SOAP-9 at another pack level, not a serial",
    f"d{EAN}": "is the product SOAP-9 behind D, not a serial",
    "1PSOAP-9": "is the product SOAP-9 behind 1P, not a serial",
}
"""The barcode of a product: as it is, with its add-on, of a carton, after the marks of scanners and of labels."""


def test_what_is_no_serial_is_told_at_the_station_and_in_files(warehouse: Warehouse) -> None:
    header = ["Client", "SKU", "Description", "Barcodes", *FLAGS]
    rows = [
        ["NORDWIND", "SOAP-9", "soap", EAN, "no", "no", "no", "no", "no"],
        ["NORDWIND", "CAM-3", "camera", "", "yes", "yes", "no", "no", "no"],
        ["NORDWIND", "LAP-1", "laptop", "", "yes", "yes", "no", "no", "no"],
        ["NORDWIND", "HDD-5", "drive", "", "yes", "yes", "no", "yes", "no"],
    ]
    warehouse.done("load", warehouse.sheet(header, rows))
    warehouse.load(
        purchase={"N-101": {"CAM-3": 4}, "N-102": {"HDD-5": 3}},
        shipment={"S-101": {"CAM-3": 2}},
        opening=[("LAP-1", "LAP-0001")],
    )
    with warehouse.station("receive", "N-101") as dock:
        dock.ok("CAM-3", says="Now its primary serial")
        for code, says in FORMS.items():
            dock.stop(code, says=says)
        dock.stop("00340123450000000017", says="is the number of a pallet or carton (SSCC), not a serial")
        dock.stop("WIFI:S:Dock;T:WPA;P:x;;", says="holds the settings of a Wi-Fi network, not a serial")
        dock.stop("0000000", says="is one character 7 times, not a serial")
        dock.check("LAP-0001", says="LAP-0001 is a serial of LAP-1: wrong unit, or wrong product scanned.")
        dock.stop("SN-0001", says="Answer the question first")
        dock.check("SS-NO", says="Nothing was changed")
        dock.check("S-101", says="S-101 is the number of an open shipment order. Is it the primary serial of this")
        dock.ok("SS-YES", says="S-101 → CAM-3, 1 of 4")
        dock.ok("CAM-3", "00:1A:2B:3C:4D:5E", says="00:1A:2B:3C:4D:5E → CAM-3, 2 of 4")
        dock.check("SS-COMPLETE", says="lacks 2")
        dock.ok("SS-YES", says="saved")
    with warehouse.station("pack", "S-101") as bench:
        bench.ok("CAM-3", "S-101", says="S-101 → CAM-3, 1 of 2")
        bench.ok("CAM-3", says="Now its primary serial")
        bench.stop("LAP-0001", says="LAP-0001 is a serial of LAP-1: wrong unit, or wrong product scanned.")
        bench.stop("N/A", says="N/A stands for a missing serial")

    warehouse.done("po", "receive", "N-102")
    others = {"N/A": "stands for a missing serial", "https://example.org/1": "is a web address, not a serial"}
    for code, says in (FORMS | others).items():
        sheet = warehouse.serials_sheet("PO Number", "N-102", "HDD-5", "H-0001", code)
        refused = warehouse.refused("po", "import-serials", "N-102", sheet, says=("!E3: ", says))
        assert "H-0001" not in refused.err
    sheet = warehouse.serials_sheet("PO Number", "N-102", "HDD-5", "H-0001", "n-101", "LAP-0001")
    taken = warehouse.done("po", "import-serials", "N-102", sheet)
    taken.says("n-101 is the number of an open purchase order; taken all the same.")
    taken.says("LAP-0001 is a serial of LAP-1: wrong unit, or wrong product scanned; taken all the same.")
    assert {row["primary_serial"] for row in warehouse.serials("--sku", "HDD-5")} == {"H-0001", "n-101", "LAP-0001"}
