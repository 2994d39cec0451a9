"""Days are said as people say them, and late is late until the order is over."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from scanstation import languages
from scanstation.domain import language
from scanstation.domain.days import SaidDay, due, said_day
from scanstation.domain.orders import Order
from scanstation.domain.status import OrderKind, OrderStatus
from tests.catalogs import OTHERS

TODAY = date(2026, 11, 20)
ORDER = Order(
    id=1,
    kind=OrderKind.SHIPMENT,
    warehouse_id=1,
    warehouse="W-EAST",
    client_id=1,
    client="NORDWIND",
    number="S-1",
    partner="",
    reference="",
    due="",
    status=OrderStatus.OPEN,
)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-20", "today"),
        ("2026-11-21", "tomorrow"),
        ("2026-11-22", "Sun 22 Nov"),
        ("2026-12-05", "Sat 5 Dec"),
        ("2026-11-19", "Thu 19 Nov"),
        ("2027-01-01", "Fri 1 Jan"),
        ("2027-05-21", "Fri 21 May"),
        ("2027-05-22", "22 May 2027"),
        ("2026-01-05", "5 Jan 2026"),
        ("", ""),
        ("soon", "soon"),
    ],
)
def test_a_day_is_said_as_it_is_seen_from_today(day: str, words: str) -> None:
    assert said_day(day, TODAY) == words


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        ("2026-11-19", OrderStatus.OPEN, SaidDay("late 1 d", is_late=True)),
        ("2026-11-18", OrderStatus.PARTIALLY_RECEIVED, SaidDay("late 2 d", is_late=True)),
        ("2025-11-20", OrderStatus.PACKING, SaidDay("late 365 d", is_late=True)),
        ("2026-11-18", OrderStatus.READY_TO_SHIP, SaidDay("late 2 d", is_late=True)),
        ("2026-11-18", OrderStatus.SHIPPED, SaidDay("Wed 18 Nov")),
        ("2026-11-18", OrderStatus.COMPLETED, SaidDay("Wed 18 Nov")),
        ("2026-11-18", OrderStatus.CANCELLED, SaidDay("Wed 18 Nov")),
        ("2026-11-20", OrderStatus.OPEN, SaidDay("today")),
        ("", OrderStatus.OPEN, SaidDay("")),
    ],
)
def test_what_is_not_over_by_its_day_is_late(day: str, status: OrderStatus, said: SaidDay) -> None:
    assert due(replace(ORDER, due=day, status=status), TODAY) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("de", ("heute", "morgen", "So 22. Nov.", "22. Mai 2027", "2 T zu spät")),
        ("es", ("hoy", "mañana", "dom 22 nov", "22 may 2027", "tarde 2 d")),
        ("pl", ("dziś", "jutro", "niedz. 22 lis", "22 maj 2027", "spóźn. 2 d")),
        ("fr", ("aujourd'hui", "demain", "dim. 22 nov.", "22 mai 2027", "retard 2 j")),
    ],
)
def test_a_day_is_said_in_the_language_of_the_station(code: str, said: tuple[str, ...]) -> None:
    languages.speak(code)
    try:
        days = ("2026-11-20", "2026-11-21", "2026-11-22", "2027-05-22")
        late = due(replace(ORDER, due="2026-11-18"), TODAY)
        assert (*(said_day(day, TODAY) for day in days), late.words) == said
        assert late.is_late
        assert language.english(late.words) == "late 2 d"
    finally:
        language.speak(None)


BLANKS = str.maketrans("\xa0\u202f", "  ")
"""Blanks that a terminal may have no picture of."""


@pytest.mark.parametrize("code", OTHERS)
def test_days_and_moments_are_written_as_babel_writes_them(code: str) -> None:
    """But for the comma behind the weekday, and German's dot behind it: they cost a list its columns."""
    week = Locale.parse(code).datetime_skeletons["MMMEd"].pattern.replace("E,", "E").replace("E", "ccc")
    languages.speak(code)
    try:
        for day in (date(2026, 1, 1) + timedelta(days=number) for number in range(365)):
            said = language.shown(said_day(day.isoformat(), day + timedelta(days=9)))
            assert said == format_date(day, week, locale=code)
            year = language.shown(said_day(day.isoformat(), day + timedelta(days=200)))
            assert year == format_skeleton("yMMMd", datetime.combine(day, time()), locale=code)
            moment = datetime.combine(day, time(9, 5)).astimezone()
            assert language.shown(language.day_and_time(moment)).lstrip("0") == f"{year} 09:05"
    finally:
        language.speak(None)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("number", [0, 999, 1_000, 9_999, 10_000, 12_500.5, 100_000, 1_234_567, 0.5, 1_000.5])
def test_numbers_are_written_as_babel_writes_them(code: str, number: float) -> None:
    """But for four digits in Spanish and Polish: CLDR leaves them together there, and Babel does not ask it."""
    babels = format_decimal(number, locale=code).translate(BLANKS)
    if code in ("es", "pl") and 1_000 <= number < 10_000:
        babels = babels.replace(".", "").replace(" ", "")
    form = "{size:,.1f}" if isinstance(number, float) else "{size:,}"
    languages.speak(code)
    try:
        assert language.shown(language.worded(form, size=number)) == babels
    finally:
        language.speak(None)
