"""Which sheet is of which kind, told by its header."""

import pytest

from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.sheet_headers import HEADERS
from scanstation.domain.sheet_kinds import (
    ALL_KINDS,
    MASTER_DATA,
    OPENING_STOCK,
    PO_SERIALS,
    PURCHASE_ORDERS,
    RETURNS,
    SHIPMENT_ORDERS,
    SO_SERIALS,
    column_letter,
    fit_row,
    header_key,
    kind_by_key,
)
from scanstation.sheets.tables import Unfit, best_fit, no_table, other_kind, refuse_double_columns


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
    assert fit.positions == (3, 1, 4, 0, None, None, None, None, None, None, None)


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


@pytest.mark.parametrize("language", ["de", "es", "pl", "fr"])
@pytest.mark.parametrize("which", [0, -1])
def test_every_kind_is_known_by_its_headers_in_every_language(language: str, which: int) -> None:
    for kind in ALL_KINDS:
        header = [HEADERS[column.name][language][which].upper() for column in kind.columns]
        fit = fit_row(kind, 1, header)
        assert fit.fits, (kind.key, header)
        assert not fit.twice
        assert fit.positions == tuple(range(len(header)))
        needed = [name for name, column in zip(header, kind.columns, strict=True) if column.required]
        found = best_fit([["Liste"], needed], [kind])
        assert found is not None
        assert (found.kind, found.row) == (kind, 2)


SERIALS_IN_ENGLISH = ("Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number")
SERIALS_IN_GERMAN = ("Lager", "Mandant", "Einkaufsauftrag", "SKU", "Primäre Seriennummer")
SERIALS_IN_FRENCH = ("Entrepôt", "Client", "Commande d'achat", "SKU", "Numéro de série principal")


def lot_of(*header: str) -> int | None:
    """Where the lot is, on a sheet of serials of purchase orders."""
    fit = fit_row(PO_SERIALS, 1, header)
    assert fit.fits
    return fit.positions[PO_SERIALS.index("Lot")]


def test_a_sheet_is_read_in_english_or_in_one_language_beside_it() -> None:
    assert lot_of(*SERIALS_IN_GERMAN, "Charge") == 5
    assert lot_of(*SERIALS_IN_FRENCH, "Lot", "Charge") == 5
    assert lot_of("Warehouse", *SERIALS_IN_GERMAN[1:], "Lot") == 5
    # What is freight in English and a load in French is no lot there.
    assert lot_of(*SERIALS_IN_ENGLISH, "Charge") is None
    assert lot_of(*SERIALS_IN_FRENCH, "Charge") is None
    assert fit_row(PO_SERIALS, 1, [*SERIALS_IN_GERMAN[:4], "Numéro de série principal"]).missing == (
        "Primary Serial Number",
    )


def test_words_that_two_languages_share_leave_a_sheet_in_the_one_that_the_others_are_of() -> None:
    fit = fit_row(RETURNS, 1, ["RMA", "Client", "SKU", "Numéro de série", "Quantité", "Quantity"])
    assert fit.positions[:4] == (0, 1, 2, 3)
    assert [name for name, _, _ in fit.twice] == ["Quantity"]
    english = fit_row(RETURNS, 1, ["RMA", "Client", "SKU", "Serial", "Quantity", "Menge"])
    assert (english.positions[:5], english.twice) == ((0, 1, 2, 3, 4), ())


def test_a_header_of_another_language_stands_in_as_the_english_one_does() -> None:
    for header in (SERIALS_IN_GERMAN, SERIALS_IN_FRENCH):
        assert fit_row(SO_SERIALS, 1, header).positions[2] == 2
    fit = fit_row(SO_SERIALS, 1, [*SERIALS_IN_GERMAN, "Versandauftrag"])
    assert fit.positions[2] == 5
    spanish = fit_row(RETURNS, 1, ["RMA", "Cliente", "SKU", "Número de serie primario"])
    assert (spanish.fits, spanish.positions[3]) == (True, 3)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ((*SERIALS_IN_GERMAN, "Artikelnummer"), "the column SKU twice, in D1 and F1"),
        (("Client", *SERIALS_IN_GERMAN), "the column Client twice, in A1 and C1"),
        ((*SERIALS_IN_FRENCH, "ENTREPOT"), "the column Warehouse twice, in A1 and F1"),
        ((*SERIALS_IN_FRENCH, "Entrepôt"), "the column Entrepôt twice, in A1 and F1"),
    ],
)
def test_a_column_under_two_names_is_refused_by_our_name(header: tuple[str, ...], told: str) -> None:
    fit = best_fit([header], [PO_SERIALS])
    assert fit is not None
    with pytest.raises(UnreadableFile, match=told):
        refuse_double_columns(fit, "S", 0)


@pytest.mark.parametrize("header", [SERIALS_IN_GERMAN, SERIALS_IN_FRENCH])
def test_what_such_a_header_lacks_is_told_by_our_names(header: tuple[str, ...]) -> None:
    lacking = [cell for place, cell in enumerate(header) if place not in (0, 4)]
    told = no_table("a.csv", [Unfit("S", [lacking])], [PO_SERIALS])
    assert "which lacks: Warehouse, Primary Serial Number." in told.title
    other = no_table("a.csv", [Unfit("S", [header])], [PURCHASE_ORDERS])
    assert "has the header of serial numbers of purchase orders" in other.title
