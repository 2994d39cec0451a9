"""JSON as it comes: lists of objects, what their numbers are, and what is no list of rows."""

import json
from pathlib import Path
from typing import Any

import pytest

from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.sheet_kinds import MASTER_DATA, PO_SERIALS, SHIPMENT_ORDERS
from scanstation.sheets.reading import Row, Workbook, look_into, read_workbook
from scanstation.sheets.wholeness import seems_whole

ORDER = {"warehouse": "W-EAST", "CLIENT": "NORDWIND", "so_number": "S-7", "SKU": "CAM", "quantity": 2}
READ = ("W-EAST", "NORDWIND", "S-7", "CAM", "2")


def read(folder: Path, content: Any) -> Workbook:
    file = folder / "orders.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_workbook(file, MASTER_DATA)


def test_a_list_of_objects_and_lists_by_kind_are_read(tmp_path: Path) -> None:
    more = {**ORDER, "Due": "2026-12-01", "items": [{"deep": []}], "Line": 10}
    (table,) = read(tmp_path, [ORDER, {}, {**more, "quantity": None}]).tables
    assert [row.number for row in table.rows] == [2, 4]
    assert table.rows[0].values[:5] == READ
    assert table.rows[1].values[4:9] == ("", "", "", "2026-12-01", "10")
    assert table.columns["Due"] == "F"
    assert table.ignored_columns == ("items",)
    assert table.notes == (
        "1 blank row was passed over.",
        "Line: numbers were read as their digits in 1 cell, first H4.",
    )
    stock = {"warehouse": "W", "client": "N", "sku": "CAM", "primary_serial_number": "0012"}
    book = read(tmp_path, {"orders": [ORDER], "stock": [stock], "prices": [{"sku": "CAM", "price": 1.5}]})
    assert [(one.sheet, one.kind.key, len(one.rows)) for one in book.tables] == [
        ("orders", "shipment-orders", 1),
        ("stock", "opening-stock", 1),
    ]
    assert book.ignored_sheets == ("prices",)
    assert [top.sheet for top in look_into(tmp_path / "orders.json", [SHIPMENT_ORDERS])] == [
        "orders",
        "stock",
        "prices",
    ]


def test_a_list_that_lacks_one_column_refuses_the_file_whatever_else_is_in_it(tmp_path: Path) -> None:
    """A program wrote it to be read: loaded without it, its rows would be missing in every answer."""
    bought = {"warehouse": "W", "client": "N", "po_number": "P-1", "sku": "CAM", "qty": 2}
    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path, {"orders": [ORDER], "more": [bought]})
    assert refused.value.words == (
        "orders.json was not read: the list more would be purchase orders, but lacks Quantity. "
        "Add the column, named so, and try again."
    )


@pytest.mark.parametrize("name", ["purchase_orders", "purchase-orders", "Purchase Orders", "purchaseOrders"])
def test_a_list_that_is_called_as_a_kind_is_meant_as_one_however_much_it_lacks(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path, {"orders": [ORDER], name: [{"po_number": "P-1", "qty": 2, "item": "CAM"}]})
    assert refused.value.words == (
        f"orders.json was not read: the list {name} would be purchase orders, but lacks Warehouse, Client, SKU, "
        "Quantity. Add the columns, named so, and try again."
    )


def test_what_a_list_lacks_is_what_the_kind_has_that_it_is_called(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path, {"products": [{"client": "NORD", "sku": "CAM", "description": "a camera"}]})
    assert "nearest is row 1 of sheet products, which lacks: " in refused.value.words
    assert "Scan Secondary Serial Number. Add the columns" in refused.value.words


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ('"00123"', "00123"),
        ("123", "123"),
        ("999999999999999", "999999999999999"),
        ("1000000000000000", None),
        ("9" * 400, None),
        ("-5", None),
        ("1.5", None),
        ("3.0", None),
        ("1e3", None),
        ("true", None),
        ('"1.23E+15"', None),
    ],
)
def test_a_number_is_a_code_only_where_the_number_of_a_cell_is(tmp_path: Path, written: str, taken: str | None) -> None:
    content = json.dumps([{**ORDER, "so_number": "@"}]).replace('"@"', written)
    (table,) = read(tmp_path, content.encode()).tables
    assert [problem.cell for problem in table.problems] == ([] if taken else ["C2"])
    assert taken is None or table.rows == [Row(2, (*READ[:2], taken, *READ[3:], *[""] * 6))]


def test_a_quantity_may_be_written_with_a_point_and_a_serial_of_an_import_is_judged_too(tmp_path: Path) -> None:
    (table,) = read(
        tmp_path, [{**ORDER, "quantity": 3.0}, {**ORDER, "quantity": 3.5}, {**ORDER, "quantity": True}]
    ).tables
    assert table.rows[0].values[4] == "3"
    assert [problem.cell for problem in table.problems] == ["E3", "E4"]
    serials = [
        {"warehouse": "W", "client": "N", "po_number": "P", "sku": "CAM", "primary_serial_number": one}
        for one in (77, 1234567890123456, "00077")
    ]
    (tmp_path / "serials.json").write_text(json.dumps(serials))
    (table,) = read_workbook(tmp_path / "serials.json", [PO_SERIALS], single=True).tables
    assert [row.values[4] for row in table.rows][::2] == ["77", "00077"]
    assert [problem.cell for problem in table.problems] == ["E3"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[", "breaks off or is no JSON"),
        (b'[{"sku": "A",', "breaks off or is no JSON"),
        (b"W,C\n", "breaks off or is no JSON"),
        (b"5", "JSON of another shape"),
        (b'[{"sku": "A"}, 7]', "JSON of another shape"),
        (b'{"sku": "A"}', "JSON of another shape"),
        (b'[{"sku": "A", "sku": "B"}]', "has sku twice"),
        (b'[{"sku": NaN}]', "NaN is no number"),
        (b'[{"sku": "\\ud800"}]', "characters that are none"),
        (b'[{"s\\u0000ku": "A"}]', "characters that are none"),
        (b"[" * 100_000, "nested too deep"),
        (json.dumps([{**ORDER, "SKU": ["CAM"]}]).encode(), "SKU in object 1 of orders.json is a list"),
        (json.dumps([{**ORDER, "sku": "CAM"}]).encode(), "has the column SKU twice"),
        (b'[{"sku": "A"}]', "which lacks"),
        (b"[]", "no sheet with the header"),
        (b"PK\x05\x06" + b"\0" * 18, "is an empty zip archive"),
    ],
)
def test_what_is_no_list_of_rows_is_refused_with_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(tmp_path, content)
    assert said in str(refusal.value)


def test_half_a_file_does_not_look_whole(tmp_path: Path) -> None:
    whole = json.dumps({"orders": [ORDER] * 3}, indent=1).encode()
    file = tmp_path / "orders.json"
    looks: list[bool] = []
    for end in (len(whole), len(whole) - 1, whole.rindex(b"\n"), whole.index(b"}") + 1, whole.index(b"\n") + 1):
        file.write_bytes(whole[:end])
        looks.append(seems_whole(file))
    assert looks == [True, False, False, False, False]
    for content, is_whole in (
        (b"\xef\xbb\xbf[]\n", True),
        (b'[{"a": 1}', False),
        (b'[{"a": 1}\n]\n\n', True),
        (b"", False),
    ):
        file.write_bytes(content)
        assert seems_whole(file) is is_whole
