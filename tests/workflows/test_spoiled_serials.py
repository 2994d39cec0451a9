"""Serials that a program made numbers or dates of, imported: refused with that cause, unless the pattern matches."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.done_work import packed, received

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
SPOILED = ["123456789012.0", "1.5E+11", "03/04/2026", "2026-03-04 00:00:00", "04-Mar"]
REAL = ["SN-1", "1E5", "001E2", "3-4", "2026-03-04", "000123", "12/345"]
WAY = "Format the column as Text and paste again."


def sheet(path: Path, number_column: str, rows: Sequence[Sequence[str]]) -> Path:
    header = ["Warehouse", "Client", number_column, "SKU", "Primary Serial Number", "Secondary Serial Number"]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([[one for one in header if one], *rows])
    return path


def rows(number: str, serials: Sequence[str], seconds: Sequence[str] = ()) -> list[list[str]]:
    pairs = zip(serials, seconds or [""] * len(serials), strict=True)
    return [["W-EAST", "NORDWIND", number, "LAP", *pair] for pair in pairs]


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_purchase_import_refuses_them_one_by_one_and_among_many(
    site: Site, tmp_path: Path, spoiled: str, count: int
) -> None:
    product(site, "LAP", 5)
    received(site, purchase(site, "N-1", {"LAP": 50}), "LAP", quantity=50)
    good = [f"SN-{number}" for number in range(count)]
    answer = import_serials(site, PO, sheet(tmp_path / "a.csv", "PO Number", rows("N-1", [*good, spoiled])))
    assert isinstance(answer, Refused), answer
    (reason,) = answer.reasons
    assert f"!E{count + 2}: {spoiled} " in reason.text
    assert reason.text.endswith(WAY)


def test_real_serials_are_taken(site: Site, tmp_path: Path) -> None:
    product(site, "LAP", 5)
    received(site, purchase(site, "N-1", {"LAP": 50}), "LAP", quantity=50)
    answer = import_serials(site, PO, sheet(tmp_path / "a.csv", "PO Number", rows("N-1", REAL)))
    assert isinstance(answer, Done), answer


@pytest.mark.parametrize(
    ("spoiled", "pattern"),
    [
        ("123456789012.0", r"\d{12}\.\d"),
        ("1.5E+11", r"\d\.\dE\+\d\d|SN-\d+"),
        ("03/04/2026", r"\d\d/\d\d/\d{4}|SN-\d+"),
        ("04-Mar", r"\d\d-[a-z]{3}|SN-\d+"),
    ],
)
def test_a_pattern_that_matches_settles_it(site: Site, tmp_path: Path, spoiled: str, pattern: str) -> None:
    product(site, "LAP", 5, pattern=pattern)
    received(site, purchase(site, "N-1", {"LAP": 50}), "LAP", quantity=50)
    answer = import_serials(site, PO, sheet(tmp_path / "a.csv", "PO Number", rows("N-1", [spoiled])))
    assert isinstance(answer, Done), answer


def test_a_pattern_that_does_not_match_leaves_the_true_cause(site: Site, tmp_path: Path) -> None:
    product(site, "LAP", 5, pattern=r"\d{12}", hint="twelve digits")
    received(site, purchase(site, "N-1", {"LAP": 50}), "LAP", quantity=50)
    answer = import_serials(site, PO, sheet(tmp_path / "a.csv", "PO Number", rows("N-1", ["123456789012.0"])))
    assert isinstance(answer, Refused), answer
    assert "decimal place" in answer.text


def test_the_secondary_is_held_against_its_own_pattern(site: Site, tmp_path: Path) -> None:
    product(site, "LAP", 7, secondary_pattern=r"\d+\.0")
    received(site, purchase(site, "N-1", {"LAP": 50}), "LAP", quantity=50)
    good = import_serials(site, PO, sheet(tmp_path / "a.csv", "PO Number", rows("N-1", ["SN-1"], ["12.0"])))
    assert isinstance(good, Done), good
    bad = import_serials(site, PO, sheet(tmp_path / "b.csv", "PO Number", rows("N-1", ["13.0"], ["14.0"])))
    assert isinstance(bad, Refused), bad
    assert [reason.text.partition(" ")[0] for reason in bad.reasons] == ["b.csv!E2:"]


def test_a_shipment_import_takes_what_is_a_units_already_and_refuses_new_ones(site: Site, tmp_path: Path) -> None:
    product(site, "LAP", 8)
    packed(site, shipment(site, "S-1", {"LAP": 2}), "LAP", quantity=2)
    answer = import_serials(
        site, SO, sheet(tmp_path / "a.csv", "SO Number", rows("S-1", ["SN-1", "1.5E+11"], ["IM-1", "IM-2"]))
    )
    assert isinstance(answer, Refused), answer
    assert "a.csv!E3: 1.5E+11 is a number with an exponent" in answer.text


def test_a_shipment_import_says_why_a_serial_is_not_known(site: Site, tmp_path: Path) -> None:
    product(site, "LAP", 5)
    received(site, purchase(site, "N-1", {"LAP": 2}), "LAP", quantity=2)
    serials = ["123456789012", "123456789013"]
    assert isinstance(import_serials(site, PO, sheet(tmp_path / "a.csv", "PO Number", rows("N-1", serials))), Done)
    packed(site, shipment(site, "S-1", {"LAP": 2}), "LAP", quantity=2)
    spoiled = [f"{one}.0" for one in serials]
    answer = import_serials(site, SO, sheet(tmp_path / "b.csv", "SO Number", rows("S-1", spoiled)))
    assert isinstance(answer, Refused), answer
    assert "decimal place" in answer.text
    assert "not known" not in answer.text


def test_a_unit_that_has_such_a_code_already_is_found_by_it(site: Site, tmp_path: Path) -> None:
    product(site, "LAP", 5, pattern=r"\d+\.0")
    received(site, purchase(site, "N-1", {"LAP": 2}), "LAP", quantity=2)
    made = import_serials(site, PO, sheet(tmp_path / "a.csv", "PO Number", rows("N-1", ["12.0", "13.0"])))
    assert isinstance(made, Done), made
    packed(site, shipment(site, "S-1", {"LAP": 2}), "LAP", quantity=2)
    answer = import_serials(site, SO, sheet(tmp_path / "b.csv", "SO Number", rows("S-1", ["12.0", "13.0"])))
    assert isinstance(answer, Done), answer


@pytest.mark.parametrize("pattern", ["", r"[\d.E+/:\- ]+|\d\d-[a-z]{3}|SN.*"])
def test_opening_stock_refuses_them_unless_a_pattern_matches(site: Site, tmp_path: Path, pattern: str) -> None:
    product(site, "LAP", 5, pattern=pattern)
    purchase(site, "N-1", {"LAP": 1})
    stock = [[*one[:2], one[3], *one[4:]] for one in rows("", ["SN-1", *SPOILED])]
    answer = load(site, [sheet(tmp_path / "a.csv", "", stock)])
    told = [reason.text.partition(":")[0] for reason in answer.reasons]
    assert told == ([] if pattern else [f"a.csv!D{row}" for row in range(3, 8)]), answer
    assert all(reason.text.endswith(WAY) for reason in answer.reasons)
