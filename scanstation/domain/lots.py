"""Lot and dates of a unit, as labels and sheets say them (RULES 2.29)."""

from calendar import monthrange
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

from scanstation.domain.codes import code_key, visible
from scanstation.domain.language import joined, said_later, word, worded
from scanstation.domain.reading import Reading

LOT, USE_BY, BEST_BEFORE, MADE, PACKAGED = "10", "17", "15", "11", "13"
"""The fields of GS1."""
DATES = (USE_BY, BEST_BEFORE, MADE, PACKAGED)
FIELDS = frozenset({LOT, *DATES})
WORDS = {
    "lot": said_later("lot"),
    "use_by": said_later("use-by"),
    "best_before": said_later("best-before"),
    "made": said_later("made"),
}
"""What people call them."""


class Contradiction(NamedTuple):
    """Two values of which one at most is true."""

    what: str
    """`lot`, `use-by`, `best-before` or `made`."""
    kept: str
    given: str


@dataclass(frozen=True, slots=True)
class LotFacts:
    """The lot of a unit and its dates; a day is written 2027-03-31, what is not known is None.

    >>> kept, label = LotFacts(lot="L-1"), LotFacts(lot="l-1", use_by="2027-03-31")
    >>> kept.and_of(label)
    LotFacts(lot='L-1', use_by='2027-03-31', best_before=None, made=None)
    """

    lot: str | None = None
    use_by: str | None = None
    best_before: str | None = None
    made: str | None = None

    def __bool__(self) -> bool:
        return any((self.lot, self.use_by, self.best_before, self.made))

    @property
    def key(self) -> str | None:
        """What lots are compared by."""
        return code_key(self.lot) if self.lot else None

    def and_of(self, other: "LotFacts") -> "LotFacts":
        """These, and what they do not say as the other says it."""
        return LotFacts(**{one.name: getattr(self, one.name) or getattr(other, one.name) for one in fields(self)})

    def against(self, other: "LotFacts") -> list[Contradiction]:
        """What the other says otherwise."""
        return [
            Contradiction(word(what), kept, given)
            for name, what in WORDS.items()
            if (kept := getattr(self, name)) and (given := getattr(other, name)) and code_key(kept) != code_key(given)
        ]

    def first(self, name: str, other: "LotFacts") -> str:
        """The earlier of two days, whichever of them are known; empty where none is."""
        return min((day for one in (self, other) if (day := getattr(one, name))), default="")

    def words(self) -> str:
        """In one line: `lot L-1, use-by 2027-03-31`; empty where nothing is known."""
        known = ((what, value) for name, what in WORDS.items() if (value := getattr(self, name)))
        return joined([worded("{what} {value}", what=word(what), value=visible(value)) for what, value in known])


NO_LOT = LotFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class LotHold:
    """A lot of a product that is on hold, and with it what is received of it later (RULES 2.23)."""

    id: int
    product_id: int
    client: str
    sku: str
    lot: str
    reason: str
    at: str
    station: str
    operator: str

    @property
    def mark(self) -> str:
        """Why a unit of it is on hold, as the unit keeps it."""
        return f"lot {visible(self.lot)}: {self.reason}"


def is_gs1_day(digits: str) -> bool:
    """Is this YYMMDD a day, or with the day 00 a month, in whatever century?"""
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return False
    year, month, day = (int(digits[place : place + 2]) for place in (0, 2, 4))
    return 1 <= month <= 12 and day <= monthrange(2000 + year, month)[1]


def gs1_day(digits: str, this_year: int) -> str:
    """The day of a YYMMDD, which must be one; the day 00 is the month's last.

    The century is the one that brings the year nearest to this one (GS1 General Specifications 7.12).

    >>> gs1_day("270200", 2026), gs1_day("990131", 2026), gs1_day("760131", 2026), gs1_day("770131", 2026)
    ('2027-02-28', '1999-01-31', '2076-01-31', '1977-01-31')
    """
    short, month, day = (int(digits[place : place + 2]) for place in (0, 2, 4))
    ahead = short - this_year % 100
    century = this_year // 100 + (-1 if ahead >= 51 else 1 if ahead <= -50 else 0)
    year = century * 100 + short
    last = monthrange(year, month)[1]
    return date(year, month, min(day or last, last)).isoformat()


def of_label(reading: Reading, today: date) -> LotFacts:
    """What a label's fields say; of a label that has both, made is when it was produced and not when packaged."""
    if reading.lot is None and not reading.dates:
        return NO_LOT
    days = {name: gs1_day(digits, today.year) for name, digits in reading.dates}
    return LotFacts(reading.lot or None, days.get(USE_BY), days.get(BEST_BEFORE), days.get(MADE) or days.get(PACKAGED))
