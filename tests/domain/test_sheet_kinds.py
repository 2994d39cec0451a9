"""Kinds of sheets: known by their headers. Whole sheets are tested in tests/sheets/test_columns.py."""

import pytest

from scanstation.domain.sheet_kinds import ALL_KINDS, SheetKind, column_letter, fit_row, header_key, kind_by_key


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.key)
def test_a_kind_is_found_by_its_key_and_fits_its_own_header(kind: SheetKind) -> None:
    assert kind_by_key(kind.key) is kind
    names = [column.name for column in kind.columns]
    assert [kind.index(name) for name in names] == list(range(len(names)))
    assert fit_row(kind, 1, names).fits
    assert not fit_row(kind, 1, ["Nothing", "of", "it"]).fits
    with pytest.raises(KeyError):
        kind.index("Colour")


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters_of_columns(index: int, letter: str) -> None:
    assert column_letter(index) == letter


@pytest.mark.parametrize("header", ["PO Number", "po number", " PO  Number "])
def test_headers_are_compared_as_people_write_them(header: str) -> None:
    assert header_key(header) == header_key("PO Number")
