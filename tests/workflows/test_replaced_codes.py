"""A code that a correction replaced leads to its unit (RULES 2.10)."""

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind
from scanstation.workflows.orders import corrections
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.at_the_desk import line, receive, said, scan, text


@pytest.fixture
def packing(site: Site) -> Desk:
    return Desk(site, OrderKind.SHIPMENT)


def corrected(site: Site, scenario: int, before: str = "OLD-1", new: str = "NEW-1") -> int:
    """A camera in stock whose code was corrected, and an order over two."""
    product(site, "CAM", scenario)
    (unit_id,) = opening(site, "NORDWIND", "W-EAST", "CAM", before)
    assert isinstance(corrections.correct(site, unit_id, before, new, "misread"), Done)
    return shipment(site, "S-1", {"CAM": 2})


@pytest.mark.both_stores
def test_with_no_prompt_open_it_is_asked_and_taken_as_what_it_is_now(site: Site, packing: Desk) -> None:
    order = corrected(site, 1)
    view = scan(packing, "S-1", "old-1")
    assert said(view) == ("CHECK", "is-now")
    assert text(view) == "old-1 was corrected: it is now NEW-1 (CAM). Take NEW-1?"
    assert said(scan(packing, "SS-NO")) == ("CHECK", "answered-no")
    assert said(scan(packing, "OLD-1", "SS-YES")) == ("OK", "")
    assert said(scan(packing, "OLD-1")) == ("STOP", "already-captured"), "by its old code too"
    scan(packing, "SS-COMPLETE", "SS-YES")
    assert line(site, order, "CAM") == (1, 0, 1, 1)


@pytest.mark.parametrize("scenario", [1, 2, 3, 4])
def test_so_it_is_at_the_prompt(site: Site, packing: Desk, scenario: int) -> None:
    corrected(site, scenario)
    assert said(scan(packing, "S-1", "CAM", "OLD-1")) == ("CHECK", "is-now")
    view = scan(packing, "SS-YES")
    assert said(view) == ("OK", "")
    assert "NEW-1" in text(view)


@pytest.mark.parametrize("scenario", [5, 7])
def test_so_it_is_where_a_serial_is_only_checked(site: Site, packing: Desk, scenario: int) -> None:
    corrected(site, scenario)
    assert said(scan(packing, "S-1", "OLD-1")) == ("CHECK", "is-now")
    assert said(scan(packing, "SS-YES")) == ("OK", "")
    assert said(scan(packing, "NEW-1")) == ("STOP", "already-captured")


def test_where_new_ones_are_packed_it_may_be_another_units(site: Site, packing: Desk) -> None:
    corrected(site, 2)
    view = scan(packing, "S-1", "CAM", "OLD-1", "SS-NO")
    assert said(view) == ("OK", ""), "a new unit, by the code that is free"
    assert said(scan(packing, "CAM", "NEW-1")) == ("OK", "")


def test_at_receiving_it_is_a_new_units(site: Site) -> None:
    corrected(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    receive(site, "N-1", "CAM", "OLD-1")


def test_a_code_that_two_units_had_leads_to_none(site: Site, packing: Desk) -> None:
    corrected(site, 1)
    (again,) = opening(site, "NORDWIND", "W-EAST", "CAM", "OLD-1")
    assert isinstance(corrections.correct(site, again, "OLD-1", "NEW-2", "misread"), Done)
    assert said(scan(packing, "S-1", "OLD-1")) == ("STOP", "unknown-code")
    assert said(scan(packing, "CAM", "OLD-1")) == ("STOP", "unknown-serial")
