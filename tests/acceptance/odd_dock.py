"""A warehouse whose products have real barcodes, and a station that odd scans are sent to."""

from tests.acceptance.warehouse import CLIENT, FLAGS, SETTINGS, Station, Warehouse

EAN, OTHER_EAN = "4006381333931", "4006381333948"
GTIN, OTHER_GTIN = f"0{EAN}", f"0{OTHER_EAN}"
GS, RS, EOT, ESC = "\x1d", "\x1e", "\x04", "\x1b"
SLOW_SCANNER_S = 0.05
"""Between the characters of a Bluetooth scanner; the station takes no code for a scan above 25 ms."""


def stock(warehouse: Warehouse) -> None:
    """A tracked product and another, with real barcodes, and orders for them."""
    rows = [
        [CLIENT, "LAP-1", "Laptop", EAN, *SETTINGS[1]],
        [CLIENT, "BAT-0", "Battery", OTHER_EAN, *SETTINGS[0]],
        [CLIENT, "CAM-3", "Camera", "", *SETTINGS[3]],
    ]
    warehouse.done("load", warehouse.sheet(["Client", "SKU", "Description", "Barcodes", *FLAGS], rows))
    warehouse.load(
        purchase={"N-101": {"LAP-1": 30, "BAT-0": 90, "CAM-3": 5}, "N-102": {"BAT-0": 1}},
        shipment={"S-101": {"BAT-0": 1}},
    )


def opened(warehouse: Warehouse, *order: str, columns: int = 80, rows: int = 24) -> Station:
    station = warehouse.station("receive", *order, columns=columns, rows=rows)
    if order:
        station.expect("OK", f"{order[0]} is open")
    return station
