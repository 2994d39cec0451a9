"""Which sheet is of which kind, told by its header."""

import pytest

from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.sheet_kinds import (
    ALL_KINDS,
    MASTER_DATA,
    OPENING_STOCK,
    PO_SERIALS,
    PURCHASE_ORDERS,
    SHIPMENT_ORDERS,
    SO_SERIALS,
    column_letter,
    fit_row,
    header_key,
    kind_by_key,
)
from scanstation.sheets.tables import best_fit, other_kind


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_are_named_as_spreadsheets_name_them(index: int, letter: str) -> None:
    assert column_letter(index) == letter


@pytest.mark.parametrize(
    "written",
    ["PO Number", "po_number", " PONUMBER ", "Po\nNumber", "P O_N u m b e r", "\ufeffPO Number", "PO Number\u200b"],
)
def test_case_blanks_and_underscores_of_a_header_do_not_matter(written: str) -> None:
    assert header_key(written) == header_key("PO Number")


def test_each_kind_has_its_own_key() -> None:
    assert {kind.key for kind in ALL_KINDS} == {
        "products",
        "purchase-orders",
        "shipment-orders",
        "opening-stock",
        "po-serials",
        "so-serials",
        "returns",
    }
    assert kind_by_key("po-serials") is PO_SERIALS


def test_a_header_lacks_what_it_lacks_and_optional_columns_are_not_missed() -> None:
    fit = fit_row(PURCHASE_ORDERS, 3, ["SKU", "Client", "Qty", "Warehouse", "PO Number"])
    assert fit.missing == ("Quantity",)
    assert fit.positions == (3, 1, 4, 0, None, None, None, None, None, None)


def test_po_number_stands_in_for_so_number_only_where_that_is_absent() -> None:
    common = ["Warehouse", "Client", "SKU", "Primary Serial Number"]
    assert fit_row(SO_SERIALS, 1, [*common, "PO Number"]).positions[2] == 4
    assert fit_row(SO_SERIALS, 1, [*common, "PO Number", "SO Number"]).positions[2] == 5
    assert fit_row(PO_SERIALS, 1, [*common, "SO Number"]).missing == ("PO Number",)
    assert fit_row(SHIPMENT_ORDERS, 1, [*common, "Quantity", "PO Number"]).missing == ("SO Number",)


def test_serials_of_an_order_are_never_taken_for_opening_stock() -> None:
    header = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"]
    assert best_fit([header], [OPENING_STOCK]) is None
    opening = best_fit([[*header[:2], *header[3:]]], [PO_SERIALS, OPENING_STOCK])
    assert opening is not None
    assert opening.kind is OPENING_STOCK


def test_a_report_of_units_is_opening_stock_where_that_is_asked_for_and_a_list_of_serials_where_that_is() -> None:
    header = ["Warehouse", "Client", "SKU", "Description", "Primary Serial Number", "Secondary Serial Number", "Status"]
    header += ["PO Number", "Received At", "SO Number", "Packed At", "Shipped At", "On Hold"]
    for kinds, kind in ((MASTER_DATA, OPENING_STOCK), ([PO_SERIALS], PO_SERIALS), ([SO_SERIALS], SO_SERIALS)):
        found = best_fit([header], kinds)
        assert found is not None
        assert found.kind is kind
    assert other_kind([[*header[:7], "On Hold"]], [PO_SERIALS]) is None


def test_a_header_that_is_two_kinds_at_once_is_refused() -> None:
    header = ["Warehouse", "Client", "PO Number", "SO Number", "SKU", "Quantity"]
    with pytest.raises(UnreadableFile, match="purchase orders and shipment orders at once"):
        best_fit([header], [PURCHASE_ORDERS, SHIPMENT_ORDERS])
