"""Headers of other languages: the whole table, and how one is recognised."""

from pathlib import Path

import pytest

from scanstation.domain.sheet_headers import HEADERS, meanings
from scanstation.domain.sheet_kinds import ALL_KINDS, header_key
from scanstation.languages import ENGLISH, LANGUAGES

COLUMNS = {column.name for kind in ALL_KINDS for column in kind.columns}
OTHERS = [language for language in LANGUAGES if language != ENGLISH]


def test_every_column_has_a_header_in_every_language() -> None:
    assert set(HEADERS) == COLUMNS
    for column, languages in HEADERS.items():
        assert list(languages) == OTHERS, column
        assert all(all(headers) for headers in languages.values()), column
        assert not any(sign.isdigit() for headers in languages.values() for header in headers for sign in header)


def test_no_header_of_one_language_means_another_column_in_any_other() -> None:
    for column, languages in HEADERS.items():
        for header in (header for headers in languages.values() for header in headers):
            assert set(meanings(header).values()) == {column}, header
    by_key = {header_key(column): column for column in COLUMNS}
    for column in COLUMNS:
        assert set(meanings(column).values()) <= {column}, column
    for column, languages in HEADERS.items():
        for header in (header for headers in languages.values() for header in headers):
            assert by_key.get(header_key(header), column) == column, header


@pytest.mark.parametrize(
    ("written", "language", "column"),
    [
        (" STÜCKZAHL ", "de", "Quantity"),
        ("Stueckzahl", "de", "Quantity"),
        ("stu\u0308ckzahl", "de", "Quantity"),
        ("Primäre_Seriennummer", "de", "Primary Serial Number"),
        ("PO Nummer", "de", "PO Number"),
        ("Menge:", "de", "Quantity"),
        ("NUMERO DE SERIE PRIMARIO", "es", "Primary Serial Number"),
        ("No. de serie", "es", "Serial"),
        ("N.º de serie", "es", "Serial"),
        ("Ilosc", "pl", "Quantity"),
        ("ŚLEDŹ NUMER\nSERYJNY", "pl", "Track Serial Number"),
        ("Numer zamowienia zakupu", "pl", "PO Number"),
        ("Commande d’achat", "fr", "PO Number"),
        ("n° de série", "fr", "Serial"),
        ("ENTREPOT", "fr", "Warehouse"),
    ],
)
def test_case_accents_blanks_and_signs_do_not_matter(written: str, language: str, column: str) -> None:
    assert meanings(written)[language] == column


@pytest.mark.parametrize(
    "written", ["", "—", "Kunde", "Bestellnummer", "Mengeneinheit", "Serial Numbers", "Lager" * 40]
)
def test_any_other_text_is_no_header(written: str) -> None:
    assert not meanings(written)


def test_the_languages_page_has_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "translating.md").read_text("utf-8")
    for column, languages in HEADERS.items():
        row = " | ".join([column, *(", ".join(headers) for headers in languages.values())])
        assert f"| {row} |" in page, f"docs/translating.md lacks or has otherwise: | {row} |"
