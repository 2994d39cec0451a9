"""Days as people on the floor say them: `tomorrow`, `late 2 d`, `Sat 5 Dec`."""

from datetime import date
from typing import Final, NamedTuple

from scanstation.domain.language import month, word, worded
from scanstation.domain.orders import Order
from scanstation.domain.status import OrderStatus

_HALF_A_YEAR: Final = 182
_OVER: Final = (OrderStatus.COMPLETED, OrderStatus.SHIPPED, OrderStatus.CANCELLED)


class SaidDay(NamedTuple):
    """A day in words."""

    words: str
    is_late: bool = False
    """Has it passed, with something still to be done?"""


def said_day(day: str, today: date) -> str:
    """A day (ISO), seen from another; what is no day is said as it is."""
    meant = _read(day)
    if meant is None:
        return day
    away = (meant - today).days
    if away in (0, 1):
        return worded("tomorrow") if away else worded("today")
    named = month(meant.month)
    if abs(away) > _HALF_A_YEAR:
        return worded("{day} {month} {year}", day=meant.day, month=named, year=str(meant.year))
    return worded("{weekday} {day} {month}", weekday=_weekdays()[meant.weekday()], day=meant.day, month=named)


def due(order: Order, today: date) -> SaidDay:
    """When an order is wanted, '' where nobody said; what is over is not late any more."""
    wanted = _read(order.due)
    if wanted is not None and wanted < today and order.status not in _OVER:
        return SaidDay(worded("late {days} d", days=(today - wanted).days), is_late=True)
    return SaidDay(said_day(order.due, today))


def _weekdays() -> tuple[str, ...]:
    return word("Mon"), word("Tue"), word("Wed"), word("Thu"), word("Fri"), word("Sat"), word("Sun")


def _read(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
