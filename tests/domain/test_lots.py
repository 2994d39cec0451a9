"""Lot and dates: what a label's fields mean, and what contradicts what."""

from datetime import date

import pytest

from scanstation.domain.lots import Contradiction, LotFacts, gs1_day, is_gs1_day, of_label
from scanstation.domain.reading import Reading


@pytest.mark.parametrize(
    ("digits", "this_year", "day"),
    [
        ("270331", 2026, "2027-03-31"),
        ("270200", 2026, "2027-02-28"),
        ("280200", 2026, "2028-02-29"),
        ("271200", 2026, "2027-12-31"),
        # The century that brings the year nearest: 51 years ahead are the last one's, 50 behind the next one's.
        ("760101", 2026, "2076-01-01"),
        ("770101", 2026, "1977-01-01"),
        ("990101", 2026, "1999-01-01"),
        ("000101", 2050, "2100-01-01"),
        ("010101", 2050, "2001-01-01"),
        ("490101", 1999, "2049-01-01"),
        ("500101", 1999, "1950-01-01"),
        ("000229", 2050, "2100-02-28"),
    ],
)
def test_a_year_of_two_digits_and_the_day_00(digits: str, this_year: int, day: str) -> None:
    assert gs1_day(digits, this_year) == day


@pytest.mark.parametrize(
    "digits", ["271301", "270230", "270132", "270001", "27013", "2701311", "２70131", "27A131", ""]
)
def test_what_is_no_day(digits: str) -> None:
    assert not is_gs1_day(digits)


def test_made_is_when_it_was_produced_and_else_when_it_was_packaged() -> None:
    today = date(2026, 11, 20)
    dates = (("13", "260102"), ("11", "260101"), ("15", "270101"), ("17", "270201"))
    assert of_label(Reading("L", lot="L-1", dates=dates), today) == LotFacts(
        "L-1", "2027-02-01", "2027-01-01", "2026-01-01"
    )
    assert of_label(Reading("L", lot="", dates=dates[:1]), today) == LotFacts(made="2026-01-02")


def test_what_is_kept_is_completed_and_contradicted() -> None:
    kept = LotFacts("L-1", use_by="2027-01-01")
    assert not kept.against(LotFacts("l-1", made="2026-01-01"))
    assert kept.against(LotFacts("L-2", "2027-01-01")) == [Contradiction("lot", "L-1", "L-2")]
    assert [one.what for one in kept.against(LotFacts("L-2", "2027-01-02"))] == ["lot", "use-by"]
    assert kept.and_of(LotFacts("L-2", made="2026-01-01")) == LotFacts("L-1", "2027-01-01", None, "2026-01-01")
    assert kept.words() == "lot L-1, use-by 2027-01-01"
    assert LotFacts(best_before="2027-01-01")
    assert not LotFacts()
