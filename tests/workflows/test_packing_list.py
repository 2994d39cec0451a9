"""The list of a shipment's serials, for the customer."""

from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len
from sqlalchemy import Connection

from scanstation.domain.status import Move
from scanstation.workflows.orders import packing_list
from scanstation.workflows.orders.printed_pages import PAGE_ROWS
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import moved, packed


@pytest.fixture
def order_id(site: Site) -> int:
    """Three cameras of two codes, cables without any, on an order with a reference that a spreadsheet would run."""
    builders.product(site, "CAM-300", 3)
    builders.product(site, "CBL-010", 0)
    order_id = builders.shipment(site, "S-901", {"CAM-300": 3, "CBL-010": 200})
    packed(site, order_id, "CAM-300", ("SN-0002", "LENS-2"), ("SN-0001", "LENS-1"), ("=1+1", "LENS-3"))

    def count(tx: Connection) -> None:
        tx.exec_driver_sql("UPDATE order_line SET done = ordered")
        tx.exec_driver_sql("UPDATE orders SET reference = '=2+2', partner = 'Müller \x1b[31m GmbH'")

    site.store.act(count)
    return order_id


def text_of(site: Site, order_id: int) -> str:
    return packing_list.as_text(packing_list.packing_list(site, order_id))


def test_the_text_says_what_goes_where_with_which_serials(site: Site, order_id: int) -> None:
    told = text_of(site, order_id)
    head, *_ = told.split("CAM-300")
    assert "Shipment    S-901" in head
    assert "Reference   =2+2" in head
    assert "Ship to     Müller ␛[31m GmbH" in head
    assert "Date        2026-11-20" in head
    assert "    =1+1 + LENS-3     SN-0001 + LENS-1  SN-0002 + LENS-2\n" in told
    assert "CBL-010  CBL-010 described" in told
    assert "200 units\n" in told
    assert "203 units, 3 with serials." in told
    assert all(cell_len(line) <= 80 for line in told.replace("\f", "\n").splitlines())
    assert "\x1b" not in told


def test_units_that_were_unpacked_are_not_on_it(site: Site, order_id: int) -> None:
    moved(site, Move.REMOVE, [1])
    assert "SN-0002" not in text_of(site, order_id)
    assert "SN-0001" in text_of(site, order_id)


def test_long_lists_have_pages_that_a_printer_takes(site: Site) -> None:
    builders.product(site, "LONG", 1)
    builders.product(site, "SHORT", 1)
    order_id = builders.shipment(site, "S-1", {"LONG": 400, "SHORT": 300})
    packed(site, order_id, "LONG", *(f"{number:04}" + "X" * 60 for number in range(200)))
    packed(site, order_id, "SHORT", *(f"B-{number:04}" for number in range(300)))
    pages = text_of(site, order_id).rstrip("\n").split("\f")
    assert len(pages) == 5
    for number, page in enumerate(pages, 1):
        rows = page.split("\n")
        assert len(rows) == PAGE_ROWS
        assert all(cell_len(row) <= 80 for row in rows)
        assert rows[-1].strip() == f"page {number} of {len(pages)}"
        assert number == 1 or rows[0] == "Shipment S-1, continued"
        assert any(row.startswith(("LONG  LONG described", "SHORT  SHORT described")) for row in rows[:12])
    told = "".join(pages)
    assert all(told.count(f"{number:04}X") == 1 for number in range(200))
    assert all(told.count(f"B-{number:04}") == 1 for number in range(300))


def test_the_workbook_has_a_row_for_each_unit_and_no_formula(site: Site, order_id: int, tmp_path: Path) -> None:
    done = packing_list.write(site, order_id, tmp_path / "list.xlsx")
    assert done.text.startswith("S-901: 3 serials written to ")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[0] == "SO Number"
    assert [row[8:10] for row in rows] == [
        ("=1+1", "LENS-3"),
        ("SN-0001", "LENS-1"),
        ("SN-0002", "LENS-2"),
        (None, None),
    ]
    assert {row[7] for row in rows} == {3, 200}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_an_order_with_nothing_packed_says_so(site: Site) -> None:
    builders.product(site, "CAM-300", 3)
    order_id = builders.shipment(site, "S-1", {"CAM-300": 3})
    assert "Nothing is packed on it." in text_of(site, order_id)


def test_a_number_becomes_a_name_that_any_disk_takes() -> None:
    assert packing_list.suggested_name("S/901 ..") == "S-901----serials.txt"
