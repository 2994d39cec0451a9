"""A new serial at receiving that takes its unit by itself, where its product says so (RULES 2.10)."""

from pathlib import Path

import pytest

from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind
from scanstation.store import catalog
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.workflows.at_the_desk import line, receive, said, scan, text
from tests.workflows.sheets_to_load import PRODUCT_HEADER, Files

CAM = r"CAM\d{4}"


@pytest.fixture
def receiving(site: Site) -> Desk:
    return Desk(site, OrderKind.PURCHASE)


def test_one_scan_takes_the_unit_with_its_serial_and_one_undo_takes_both_back(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1, pattern=CAM, serial_takes_unit=True)
    order = purchase(site, "N-1", {"CAM": 2})
    assert said(scan(receiving, "N-1", "cam0001")) == ("OK", "")
    assert receiving.view.prompt is None
    assert said(receiving.undo()) == ("OK", "")
    assert receiving.view.prompt is None
    assert receiving.view.order is not None
    assert receiving.view.order.in_hand == 0
    scan(receiving, "CAM0001", "CAM0002")
    assert said(receiving.complete()) == ("OK", "")
    assert line(site, order, "CAM") == (2, 0, 2, 2)


def test_the_secondary_is_asked_then(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 3, pattern=CAM, secondary_pattern=r"L-\d+", serial_takes_unit=True)
    purchase(site, "N-1", {"CAM": 2})
    view = scan(receiving, "N-1", "CAM0001")
    assert view.prompt is not None
    assert view.prompt.kind is CodeKind.SECONDARY
    assert said(scan(receiving, "L-1")) == ("OK", "")
    assert said(scan(receiving, "L-2")) == ("STOP", "unknown-code"), "a secondary takes no unit"


def test_an_armed_quantity_goes_with_it_and_stays_where_it_is_refused(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1, pattern=CAM, serial_takes_unit=True)
    purchase(site, "N-1", {"CAM": 3})
    scan(receiving, "N-1", "SS-QTY-5")
    assert said(scan(receiving, "CAM0001")) == ("STOP", "over-order")
    assert receiving.view.quantity == 5
    view = scan(receiving, "SS-QTY-3", "CAM0001")
    assert view.prompt is not None
    assert (view.prompt.in_run, view.prompt.run, view.quantity) == (2, 3, 1)


@pytest.mark.parametrize(
    ("other", "taken"),
    [
        ({"scenario": 1, "pattern": r"LAP\d{4}"}, True),
        ({"scenario": 1, "pattern": r"(CAM|LAP)\d{4}"}, False),
        ({"scenario": 1}, False),
        ({"scenario": 0}, False),
        ({"scenario": 0, "pattern": r"LAP\d{4}"}, True),
        ({"scenario": 5, "pattern": r"LAP\d{4}"}, True),
        ({"scenario": 3, "pattern": r"LAP\d{4}"}, False),
        ({"scenario": 3, "pattern": r"LAP\d{4}", "secondary_pattern": CAM}, False),
        ({"scenario": 3, "pattern": r"LAP\d{4}", "secondary_pattern": r"L\d+"}, True),
        ({"scenario": 1, "pattern": CAM, "serial_takes_unit": True}, False),
    ],
)
def test_no_other_product_of_the_order_may_have_such_a_serial(
    site: Site, receiving: Desk, other: dict[str, object], taken: bool
) -> None:
    product(site, "CAM", 1, pattern=CAM, serial_takes_unit=True)
    product(site, "OTHER", **other)  # type: ignore[arg-type]
    purchase(site, "N-1", {"CAM": 2, "OTHER": 1})
    assert said(scan(receiving, "N-1", "CAM0001")) == (("OK", "") if taken else ("STOP", "unknown-code"))


def test_a_full_line_counts_as_much(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1, pattern=CAM, serial_takes_unit=True)
    product(site, "OTHER", 1, pattern=r"[A-Z]{3}\d+")
    purchase(site, "N-1", {"CAM": 2, "OTHER": 1})
    receive(site, "N-1", "OTHER", "LAP1")
    assert said(scan(receiving, "N-1", "CAM0001")) == ("STOP", "unknown-code")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"scenario": 1, "pattern": CAM}, "CAM0001"),  # off by default
        ({"scenario": 1, "serial_takes_unit": True}, "CAM0001"),  # no pattern
        ({"scenario": 1, "pattern": CAM, "serial_takes_unit": True}, "CAM00011"),  # not the whole code
        ({"scenario": 2, "pattern": CAM, "serial_takes_unit": True}, "CAM0001"),  # nothing is asked at receiving
        ({"scenario": 5, "pattern": CAM, "serial_takes_unit": True}, "CAM0001"),
        ({"scenario": 0, "pattern": CAM, "serial_takes_unit": True}, "CAM0001"),
    ],
)
def test_else_the_product_has_to_be_scanned_or_typed(
    site: Site, receiving: Desk, made: dict[str, object], code: str
) -> None:
    product(site, "CAM", **made)  # type: ignore[arg-type]
    purchase(site, "N-1", {"CAM": 2})
    view = scan(receiving, "N-1", code)
    assert said(view) == ("STOP", "unknown-code")
    assert text(view).startswith(f"{code} is not known here. Scan the product's barcode, or type its SKU.")


def test_a_serial_that_is_known_or_of_a_full_line_takes_nothing(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1, pattern=CAM, serial_takes_unit=True)
    purchase(site, "N-1", {"CAM": 1})
    receive(site, "N-1", "CAM0001")
    purchase(site, "N-2", {"CAM": 1})
    assert said(scan(receiving, "N-2", "CAM0001")) == ("STOP", "serial-without-prompt")
    scan(receiving, "CAM0002")
    assert said(scan(receiving, "CAM0002")) == ("STOP", "already-captured")
    assert said(scan(receiving, "CAM0003")) == ("STOP", "over-order")


def test_a_sheet_turns_it_on_and_one_without_the_column_leaves_it(site: Site, tmp_path: Path) -> None:
    files, row = Files(tmp_path), ["NORDWIND", "CAM", "a camera", "", "yes", "yes", "", "", ""]
    header = PRODUCT_HEADER[: len(row)]
    assert not load(site, [files([*header, "Serial Takes Unit"], [*row, "ja"])]).refused
    again = load(site, [files(header, [*row[:2], "another camera", *row[3:]])])
    assert not again.refused

    with site.store.read() as tx:
        found = catalog.product_by_sku(tx, catalog.client_id(tx, "NORDWIND") or 0, "CAM")
    assert found is not None
    assert (found.description, found.serial_takes_unit) == ("another camera", True)
