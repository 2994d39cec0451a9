"""Days are said as people say them, and late is late until the order is over."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from babel import Locale
from babel.dates import get_day_names, get_month_names

from scanstation import languages
from scanstation.domain import language
from scanstation.domain.days import SaidDay, due, said_day
from scanstation.domain.orders import Order
from scanstation.domain.status import OrderKind, OrderStatus

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
        ("es", ("hoy", "mañana", "dom 22 nov.", "22 may. 2027", "tarde 2 d")),
        ("pl", ("dziś", "jutro", "nd. 22 lis", "22 maj 2027", "spóźn. 2 d")),
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


SHORTER = {"pn": "pon", "nd": "niedz"}
"""As calendars have them, where columns are narrow."""


@pytest.mark.parametrize("code", ["de", "es", "pl", "fr"])
def test_months_weekdays_and_signs_of_numbers_are_those_that_babel_knows(code: str) -> None:
    months = get_month_names("abbreviated", context="format", locale=code)
    weekdays = get_day_names("abbreviated", context="format", locale=code)
    signs = Locale.parse(code).number_symbols["latn"]
    languages.speak(code)
    try:
        for number in range(1, 13):
            assert language.shown(language.month(number)).strip(".") == months[number].strip("."), number
        for number in range(7):
            day = (TODAY - timedelta(days=TODAY.weekday() - number + 14)).isoformat()
            weekday = language.shown(said_day(day, TODAY)).split()[0].strip(".")
            assert SHORTER.get(weekday, weekday) == weekdays[number].strip("."), number
        group, decimal = signs["group"].replace("\xa0", " ").replace("\u202f", " "), signs["decimal"]
        assert language.worded("{size:,.1f}", size=12_500.5) == f"12{group}500{decimal}5"
    finally:
        language.speak(None)
