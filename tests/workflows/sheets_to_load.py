"""Sheets of master data, written in a line each."""

import csv
from collections.abc import Sequence
from pathlib import Path

PRODUCT_HEADER = [
    "Client",
    "SKU",
    "Description",
    "Barcodes",
    "Track Serial Number",
    "Both Receiving and Packing",
    "Only Packing",
    "Skip Scan Serial Number",
    "Scan Secondary Serial Number",
]
PO_HEADER = ["Warehouse", "Client", "PO Number", "SKU", "Quantity", "Supplier", "Due"]
SO_HEADER = ["Warehouse", "Client", "SO Number", "SKU", "Quantity", "Reference", "Ship To", "Due"]
STOCK_HEADER = ["Warehouse", "Client", "SKU", "Primary Serial Number", "Secondary Serial Number"]

LAP = ["NORDWIND", "LAP-14", "Laptop", "4006381333931; 14006381333938=12", "x", "yes", "", "", ""]
CAM = ["NORDWIND", "CAM-3", "Camera", "", "1", "1", "0", "0", "1"]
BAG = ["NORDWIND", "BAG", "Bag", "", "", "", "", "", ""]


class Files:
    """Writes sheets, one file a call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def __call__(self, header: Sequence[str], *rows: Sequence[str]) -> Path:
        self.count += 1
        path = self.folder / f"sheet-{self.count}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([*row, *[""] * (len(header) - len(row))] for row in rows)
        return path
