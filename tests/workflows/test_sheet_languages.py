"""Sheets whose headers are of another language: they are read, loaded and imported as the same ones in English."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.sheet_headers import HEADERS
from scanstation.domain.sheet_kinds import MASTER_DATA, Role, SheetKind
from scanstation.domain.status import OrderKind
from scanstation.sheets.map_files import find_map
from scanstation.sheets.reading import Table, read_workbook
from scanstation.store import orders
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data.explaining import Explained, explain
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.site import Site
from tests import builders
from tests.workflows.done_work import packed, received
from tests.workflows.sheets_to_load import Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
CELLS = {Role.QUANTITY: "2", Role.FLAG: "Yes", Role.DATE: "2027-03-31"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def of_each_kind(path: Path, language: str) -> Path:
    """A workbook with a sheet of each kind that is loaded: all its columns, and a row whose cells differ."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for kind in MASTER_DATA:
        names = [column.name for column in kind.columns]
        sheet = book.create_sheet(kind.key)
        sheet.append([HEADERS[name][language][0] for name in names] if language else names)
        sheet.append([CELLS.get(column.role, f"X{place}") for place, column in enumerate(kind.columns)])
    book.save(path)
    return path


def tables(path: Path) -> dict[SheetKind, Table]:
    return {table.kind: table for table in read_workbook(path, MASTER_DATA).tables}


def test_every_kind_of_sheet_that_is_loaded_reads_the_same_in_every_language(tmp_path: Path) -> None:
    english = tables(of_each_kind(tmp_path / "en.xlsx", ""))
    assert set(english) == set(MASTER_DATA)
    for language in ("de", "es", "pl", "fr"):
        read = tables(of_each_kind(tmp_path / f"{language}.xlsx", language))
        for kind, table in english.items():
            other = read[kind]
            assert (other.columns, list(other.rows)) == (table.columns, list(table.rows)), (language, kind.key)
            assert (other.remarks, other.problems) == ((), ())


def test_orders_are_loaded_and_explained_by_headers_of_the_language(site: Site, files: Files) -> None:
    builders.product(site, "CAM")
    header = ["Almacén", "Cliente", "N.º de orden de envío", "SKU", "Cantidad", "Destinatario", "Charge", "Menge"]
    path = files(header, ["W-EAST", "NORDWIND", "S-1", "CAM", "2", "Kiel", "9", "7"])
    found = explain(site, path)
    assert isinstance(found, Explained)
    told = {row[2]: row[3:] for row in found.rows}
    assert told["Warehouse"] == ("column A, “Almacén”", "W-EAST")
    assert told["Quantity"] == ("column E, “Cantidad”", "2")
    assert told["SKU"] == ("column D", "CAM")
    answer = load(site, [path])
    assert not answer.refused, answer.reasons
    assert "Columns passed over: Charge, Menge." in " ".join(answer.notes)
    with site.store.read() as tx:
        (order,) = orders.find(tx, "S-1", kind=SO)
        assert (order.partner, [line.ordered for line in orders.lines(tx, order.id)]) == ("Kiel", [2])


GERMAN = ["Lager", "Mandant", "Einkaufsauftrag", "SKU", "Primäre Seriennummer", "Charge"]
POLISH = ["Magazyn", "Klient", "Zlecenie wysyłki", "SKU", "Główny numer seryjny", "Dodatkowy numer seryjny"]


def test_serials_are_imported_by_such_headers_and_refused_by_ours(site: Site, files: Files) -> None:
    builders.product(site, "LAP", 5)
    bought = builders.purchase(site, "N-1", {"LAP": 2})
    received(site, bought, "LAP", quantity=2)
    bad = import_serials(site, PO, files(GERMAN, ["W-EAST", "NORDWIND", "N-1", "LAP", "", "L-1"]))
    assert isinstance(bad, Refused)
    assert "!E2: " in bad.reasons[0].text
    assert "Primary Serial Number" in bad.reasons[0].text
    twice = import_serials(site, PO, files([*GERMAN, "Client"], ["W-EAST", "NORDWIND", "N-1", "LAP", "SN-1"]))
    assert isinstance(twice, Refused)
    assert "the column Client twice, in B1 and G1" in twice.reasons[0].text
    rows = [["W-EAST", "NORDWIND", "N-1", "LAP", f"SN-{number}", "L-1"] for number in (1, 2)]
    assert isinstance(import_serials(site, PO, files(GERMAN, *rows)), Done)
    packed(site, builders.shipment(site, "S-1", {"LAP": 2}), "LAP", quantity=2)
    rows = [["W-EAST", "NORDWIND", "S-1", "LAP", f"SN-{number}", ""] for number in (1, 2)]
    assert isinstance(import_serials(site, SO, files(POLISH, *rows)), Done)


def test_a_map_of_the_sites_own_counts_before_the_words_of_a_language(site: Site, files: Files) -> None:
    builders.product(site, "CAM")
    header = ["Lager", "Mandant", "Versandauftrag", "Artikelnummer", "Menge", "Bezeichnung"]
    row = ["W-EAST", "NORDWIND", "S-1", "99", "2", "CAM"]
    by_name = {"SKU": "Bezeichnung", "Warehouse": "Lager", "Client": "Mandant", "SO Number": "Versandauftrag"}
    columns = {theirs: ours for ours, theirs in {**by_name, "Quantity": "Menge"}.items()}
    mapped = replace(site, rules=replace(site.rules, own_map=find_map({"shipment-orders": {"columns": columns}})))
    assert not load(mapped, [files(header, row)]).refused
    with site.store.read() as tx:
        (order,) = orders.find(tx, "S-1", kind=SO)
        assert [line.product.sku for line in orders.lines(tx, order.id)] == ["CAM"]
    # A map that lacks one of its headers is not helped out: what else it says of such a sheet would be lost.
    lacking = load(mapped, [files(["Zeile", *header[:5]], ["1", "W-EAST", "NORDWIND", "S-2", "CAM", "2"])])
    assert "which lacks: SKU" in lacking.reasons[0].text
    # Of what it says nothing, the language's words are read.
    header = ["Lager", "Mandant", "Einkaufsauftrag", "Artikelnummer", "Menge"]
    assert not load(mapped, [files(header, ["W-EAST", "NORDWIND", "N-1", "CAM", "2"])]).refused
