"""Maps from another program's headers: what they may say, and what is said of one that cannot be used."""

import tomllib
from typing import Any

import pytest

from scanstation.domain.sheet_kinds import PURCHASE_ORDERS, SHIPMENT_ORDERS
from scanstation.domain.sheet_maps import NO_MAP, BadMap, merged, read_map


def test_a_map_names_columns_in_any_case_and_constants_go_where_they_belong() -> None:
    one = read_map(
        "erp",
        tomllib.loads(
            """
            constants = { warehouse = "W-EAST", "PO Number" = "N-0" }
            [shipment-orders.columns]
            "Order No" = "so_number"
            "Article" = "SKU"
            "Item" = "SKU"
            """
        ),
    )
    (found,) = one.of([PURCHASE_ORDERS, SHIPMENT_ORDERS])
    assert found.columns == {"SO Number": ("orderno",), "SKU": ("article", "item")}
    assert found.constants == {"Warehouse": "W-EAST"}
    assert one.headers == {"orderno", "article", "item"}
    assert not NO_MAP


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no column. Write [shipment-orders.columns]"),
        ('[constants]\nClient = "N"', "names no column"),
        ('[shipment-orders.constants]\nClient = "N"', "names no column"),
        ('[shipment-orders.columns]\n"No" = "SO Nummber"', "SO Nummber is no column of shipment orders. Did you mean"),
        ('[products.columns]\n"No" = "Colour"', "Colour is no column of products. There are: Client, SKU,"),
        ('[orders.columns]\n"No" = "SKU"', "orders is no kind of sheet. There are: products, purchase-orders"),
        ('[products]\nmap = "x"', "[products] has no map. There are: columns,"),
        ('[products.columns]\n"No" = 5', "[products.columns]: No must be a text in quotation marks."),
        ('[products.columns]\n" " = "SKU"', "[products.columns] has an empty header."),
        ('[products.columns]\n"No" = "SKU"\n"NO" = "Client"', "has one header for SKU and for Client."),
        ("products = 1", "products must be a table"),
        ('[constants]\nColour = "red"\n[products.columns]\n"No" = "SKU"', "Colour is no column of any kind of sheet."),
        ('[products.columns]\n"No" = "SKU"\n[products.take]\nSKU = "["', "is no pattern"),
        ('[products.columns]\n"No" = "SKU"\n[products.take]\nSKU = "a"', "needs a group"),
        ('[products]\nrows = 1\n[products.columns]\n"No" = "SKU"', "must be a text: the name of the list."),
        ('[products]\ncarry = "SKU"\n[products.columns]\n"No" = "SKU"', "must be a list of texts."),
        ('[products.columns]\n"No" = "SKU"\n[products.values]\nSKU = 1', "must be a table."),
    ],
)
def test_what_no_map_says_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadMap) as bad:
        read_map("erp.toml", tomllib.loads(text))
    assert str(bad.value).startswith("The map erp.toml")
    assert said in str(bad.value)


def test_a_map_over_another_keeps_what_it_does_not_say() -> None:
    base: dict[str, Any] = {"products": {"columns": {"No": "SKU"}, "rows": "a"}}
    assert merged(base, {"products": {"columns": {"Name": "Description"}, "rows": "b"}, "constants": {}}) == {
        "products": {"columns": {"No": "SKU", "Name": "Description"}, "rows": "b"},
        "constants": {},
    }
