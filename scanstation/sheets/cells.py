"""What a cell says, by the role of its column (RULES 3, 'Cells'), and what is wrong with the others."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from scanstation import languages
from scanstation.domain.codes import trim, trimmed_off, visible
from scanstation.domain.language import word, worded
from scanstation.domain.plurals import counted
from scanstation.domain.sheet_kinds import AS_TEXT, Column, Role, column_letter
from scanstation.domain.written_days import NoDay, read_with_points
from scanstation.sheets import spoiled
from scanstation.sheets.spoiled import EXPONENT, MAY_BE_DAY_AND_MONTH, MAY_BE_EMPTY, MAY_BE_NUMBER

GENERAL = "General"

# Most cells are plain: printable ASCII with nothing to take off, no error value, none of the signs that mark a text in
# CSV, nothing that a program made of a number or a date. One match tells it of a whole column of them.
_PLAIN = r"(?:(?![ #']|=\"|{})[ -~]*+(?<! )\n)*+"
_all_plain = re.compile(_PLAIN.format(rf"{EXPONENT}\n"), re.ASCII).fullmatch
_all_plain_names = re.compile(_PLAIN.format(MAY_BE_NUMBER), re.ASCII).fullmatch
_all_plain_serials = re.compile(
    _PLAIN.format(f"{MAY_BE_NUMBER}|{MAY_BE_DAY_AND_MONTH}|{MAY_BE_EMPTY}"), re.ASCII
).fullmatch
_is_exponent = re.compile(EXPONENT, re.ASCII).fullmatch
_is_whole = re.compile(r"[0-9]{1,15}").fullmatch
_is_zeros = re.compile(r"0{1,64}").fullmatch
_is_iso_date = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.]+Z?)?").fullmatch
# '=1 is how CSV is written so that nothing runs (ours too), ="0123" is how it keeps its zeros.
_is_marked = re.compile(r"'([=+\-@].*)|=\"([^\"]+)\"", re.DOTALL).fullmatch
# Some programs write the mark that was typed into the file, and show it.
_is_marked_number = re.compile(r"'([0-9][^']*)").fullmatch
_FULL_WIDTH_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
# A program that works in another language writes them in it where it saves text. All begin with #: see _PLAIN.
_ERROR_VALUES = frozenset(
    [
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"),
        *("#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#ÜBERLAUF!"),
        *("#N/D", "#¡REF!", "#¡VALOR!", "#¡DIV/0!", "#¿NOMBRE?", "#¡NULO!", "#¡NUM!"),
        *("#N/D!", "#ADR!", "#ARG!", "#DZIEL/0!", "#NAZWA?", "#ZERO!", "#LICZBA!"),
        *("#VALEUR!", "#NOM?", "#NUL!", "#NOMBRE!"),
    ]
)
_YES = [
    "true",
    "yes",
    "y",
    "1",
    "x",
    "on",
    "✓",
    "✔",
    "☑",
    "ja",
    "j",
    "wahr",
    "sí",
    "si",
    "verdadero",
    "tak",
    "prawda",
    "oui",
    "vrai",
]
_NO = ["false", "no", "n", "0", "off", "nein", "falsch", "falso", "nie", "fałsz", "non", "faux"]
_FLAGS = {**dict.fromkeys(_YES, "True"), **dict.fromkeys(_NO, "False")}
_LANGUAGE = re.compile(r"\A\[\$-[0-9A-Fa-f]{1,4}\]")
"""Longer ones also choose other digits or another calendar."""
_TOO_LONG = 1e15
"""From here on a spreadsheet no longer keeps the last digit of a number."""

RawCell = str | float | int | bool | datetime.date | datetime.time | datetime.timedelta


def mend_error() -> str:
    """What to do with an error value."""
    return worded("{as_text} Mend its formula, or write the text itself.", as_text=word(AS_TEXT))


def mend_formula() -> str:
    """What to do with a formula without a result."""
    return worded(
        "{as_text} Open the file in the spreadsheet program and save it, or paste the values as text; a cell that is "
        "to be empty must be empty, without a formula.",
        as_text=word(AS_TEXT),
    )


def are_plain(cells: Sequence[RawCell], column: Column) -> bool:
    """Are all cells of the column texts that can be taken as they are, or empty?"""
    try:
        lines = "\n".join(cells) + "\n"  # type: ignore[arg-type]
    except TypeError:
        return False  # One is no text.
    if column.role is Role.SERIAL:
        plain = _all_plain_serials(lines)
    else:
        plain = (_all_plain_names if column.is_name else _all_plain)(lines)
    # A cell with a line break of its own would look like two.
    return plain is not None and lines.count("\n") == len(cells)


class FoundProblem(NamedTuple):
    """A cell that cannot be taken, in the order in which it travels to the parent."""

    row: int
    letter: str
    column: str
    value: str
    reason: str
    mend: str


class Suspect(NamedTuple):
    """A serial that a program may have made of another one, in the order in which it travels to the parent."""

    row: int
    column: str
    reason: str
    """Completes the sentence 'The value …'; "" where the column has to tell it."""


class NumberFormats(Protocol):
    """Where the format of a cell with a number can be seen; the formats that hide it have none."""

    def number_format(self, row: int, column: int) -> str:
        """The format code of the cell; row from 1, column from 0."""


@dataclass(slots=True)
class Tally:
    """How often something was done to the cells of a column, and where first."""

    first: str
    count: int = 0


@dataclass(slots=True)
class CellReader:
    """Reads the cells of one sheet; what it cannot take is in `problems`, what it did to others in `done`."""

    formats: NumberFormats | None
    """None where formats cannot be seen: a number in a text column is then refused."""
    is_delimited: bool = False
    """In CSV a text may carry the marks that keep a spreadsheet program from changing it."""
    problems: list[FoundProblem] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    """Serials that are taken only where the product's pattern matches them."""
    done: dict[tuple[str, str], Tally] = field(default_factory=dict)

    def for_role(self, role: Role) -> Callable[[RawCell, int, int, Column], str]:
        """The method that reads a column of this role: (cell, row from 1, column from 0, column) to text."""
        match role:
            case Role.TEXT:
                return self.text
            case Role.SERIAL:
                return self.serial
            case Role.QUANTITY:
                return self.quantity
            case Role.FLAG:
                return self.flag
            case Role.DATE:
                return self.date
            case Role.TIME:
                return self.time

    def refuse(self, cell_text: str, row: int, index: int, column: Column, reason: str, mend: str) -> str:
        """Note the problem and give back what the cell shows, so that a corrected file can be made of it."""
        clean = cell_text if cell_text.isprintable() else visible(cell_text)
        self.problems.append(FoundProblem(row, column_letter(index), column.name, clean, reason, mend))
        return cell_text

    def serial(self, cell: RawCell, row: int, index: int, column: Column) -> str:
        """A serial. What was a number or a date before it was a text is taken, and reported as a suspect."""
        if not isinstance(cell, str):
            return self._no_text(cell, row, index, column)
        text = self._written(cell, row, index, column)
        if (reason := spoiled.reason_in_serials(text)) is not None:
            self.suspects.append(Suspect(row, column.name, reason))
        elif spoiled.is_day_and_month(text):
            self.suspects.append(Suspect(row, column.name, ""))
        return text

    def text(self, cell: RawCell, row: int, index: int, column: Column) -> str:
        """A name or any other text."""
        if not isinstance(cell, str):
            return self._no_text(cell, row, index, column)
        text = self._written(cell, row, index, column)
        is_exponent = word(spoiled.EXPONENT_REASON) if _is_exponent(text) else None
        reason = spoiled.reason_in_names(text) if column.is_name else is_exponent
        return text if reason is None else self.refuse(text, row, index, column, reason, word(AS_TEXT))

    def _no_text(self, cell: RawCell, row: int, index: int, column: Column) -> str:
        cell_text = _cell_text(cell)
        if isinstance(cell, bool):
            return self.refuse(cell_text, row, index, column, word("is a logical value, not text"), word(AS_TEXT))
        if isinstance(cell, int | float):
            return self._number(cell, row, index, column)
        reason = word("is a date, not text" if isinstance(cell, datetime.date) else "is a time, not text")
        return self.refuse(cell_text, row, index, column, reason, word(AS_TEXT))

    def quantity(self, cell: RawCell, row: int, index: int, column: Column) -> str:
        """A whole number from 0, as a number or as text; empty stays empty."""
        mend = worded("Write a whole number, 0 or more.")
        if isinstance(cell, str):
            text = self._tidied(cell, row, index, column)
            if not text:
                return ""
            if _is_whole(text):
                return str(int(text))
            return self.refuse(text, row, index, column, word("is not a whole number"), mend)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            if 0 <= cell < _TOO_LONG and cell == int(cell):
                return str(int(cell))
            if cell < 0:
                return self.refuse(_cell_text(cell), row, index, column, word("is below zero"), mend)
        return self.refuse(_cell_text(cell), row, index, column, word("is not a whole number"), mend)

    def flag(self, cell: RawCell, row: int, index: int, column: Column) -> str:
        """True or False, however it is written; empty stays empty, which the row reads as False."""
        if isinstance(cell, bool):
            return str(cell)
        text = self._tidied(cell, row, index, column) if isinstance(cell, str) else _cell_text(cell)
        if not text:
            return ""
        if (said := _FLAGS.get(text.casefold())) is not None:
            return said
        return self.refuse(
            text,
            row,
            index,
            column,
            word("is neither yes nor no"),
            worded("Write Yes or No, True or False, 1 or 0, or x or nothing."),
        )

    def date(self, cell: RawCell, row: int, index: int, column: Column) -> str:
        """A day, as YYYY-MM-DD; empty stays empty."""
        if isinstance(cell, datetime.date):
            # The time of day is dropped: what is due is due on a day.
            return cell.isoformat()[:10]
        text = self._tidied(cell, row, index, column) if isinstance(cell, str) else _cell_text(cell)
        if not text:
            return ""
        if isinstance(cell, str) and (written := _is_iso_date(text)) is not None:
            try:
                return datetime.date.fromisoformat(written[1]).isoformat()
            except ValueError:
                return self.refuse(text, row, index, column, *_no_day(NoDay.NOT_IN_CALENDAR))
        day: datetime.date | NoDay = NoDay.ANOTHER_FORM
        if isinstance(cell, str):
            day = read_with_points(text, day_is_first=languages.day_is_first())
        if isinstance(day, datetime.date):
            return day.isoformat()
        return self.refuse(text, row, index, column, *_no_day(day))

    def time(self, cell: RawCell, row: int, index: int, column: Column) -> str:
        """A time of day, or a day with one, as HH:MM behind the day; what a text says is the workflow's to read."""
        if isinstance(cell, datetime.datetime):
            return cell.isoformat(" ", "minutes")
        if isinstance(cell, datetime.time):
            return cell.isoformat("minutes")
        if isinstance(cell, str):
            return self._tidied(cell, row, index, column)
        return self.refuse(
            _cell_text(cell),
            row,
            index,
            column,
            word("is not a time"),
            worded("Write it as 09:20, or as 2026-11-30 09:20."),
        )

    def _written(self, cell: str, row: int, index: int, column: Column) -> str:
        text = self._tidied(cell, row, index, column)
        if text in _ERROR_VALUES:
            return self.refuse(text, row, index, column, word("is an error value"), mend_error())
        return text

    def _tidied(self, cell: str, row: int, index: int, column: Column) -> str:
        text = trim(cell)
        if text != cell and text:
            slips = trimmed_off(cell)
            what = (
                word("{slips} at the edges was taken off", slips=slips)
                if slips
                else word("blanks at the edges were taken off")
            )
            self._did(what, row, index, column)
        if (after_mark := _is_marked_number(text)) is not None:
            self._did(word("the mark of a text (') before the digits was taken off"), row, index, column)
            text = trim(after_mark[1])
        if self.is_delimited and (marked := _is_marked(text)) is not None:
            self._did(word('the marks of a text (\' or ="…") were taken off'), row, index, column)
            text = trim(marked[1] or marked[2])
        if not text.isascii():
            folded = text.translate(_FULL_WIDTH_DIGITS)
            if folded != text:
                self._did(word("full-width digits were read as digits"), row, index, column)
                text = folded
        return text

    def _number(self, number: float, row: int, index: int, column: Column) -> str:
        number_text = _cell_text(number)

        def refuse(reason: str) -> str:
            return self.refuse(number_text, row, index, column, reason, word(AS_TEXT))

        if not 0 <= number < _TOO_LONG:
            if number < 0:
                return refuse(word("is a number below zero"))
            return refuse(word("is a number of more than 15 digits, which a spreadsheet rounds"))
        if number != int(number):
            return refuse(word("is a number with decimals, not text"))
        if self.formats is None:
            return self.refuse(
                number_text,
                row,
                index,
                column,
                word("is a number, and this kind of file does not show how it is displayed"),
                worded("{as_text} Or save the file as .xlsx.", as_text=word(AS_TEXT)),
            )
        digits = str(int(number))
        # LibreOffice writes the language before the format; of digits it changes nothing.
        code = _LANGUAGE.sub("", self.formats.number_format(row, index))
        if code.casefold() in ("general", "0", "@"):
            # '@' is a number that was typed before its column became Text: it shows as General does.
            self._did(word("numbers were read as their digits"), row, index, column)
            return digits
        if _is_zeros(code):
            self._did(word("numbers were read as they are displayed, with leading zeros"), row, index, column)
            return digits.zfill(len(code))
        return refuse(word("is a number displayed with the format {code}", code=visible(code)[:40]))

    def _did(self, what: str, row: int, index: int, column: Column) -> None:
        tally = self.done.get((column.name, what))
        if tally is None:
            tally = self.done[column.name, what] = Tally(f"{column_letter(index)}{row}")
        tally.count += 1

    def notes(self) -> list[str]:
        """One sentence for each thing that was done to cells of a column."""
        return [
            worded(
                "{column}: {what} in {count}, first {first}.",
                column=column,
                what=what,
                count=counted(tally.count, "cell", grouped=True),
                first=tally.first,
            )
            for (column, what), tally in self.done.items()
        ]


def is_taken(text: str, column: Column) -> bool:
    """Would a cell with this text be taken as it is?"""
    reader = CellReader(None)
    reader.for_role(column.role)(text, 1, 0, column)
    return not reader.problems


def as_text(cell: object) -> str:
    """Any cell as a person would find it on the sheet."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else _cell_text(cell)


def _cell_text(cell: object) -> str:
    """A cell that is not text, as a person would find it on the sheet."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float | int):
        if abs(cell) < _TOO_LONG and cell == int(cell):
            return str(int(cell))
        return f"{cell:.15g}".upper()
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def _no_day(why: NoDay) -> tuple[str, str]:
    """What is wrong with a cell that is to be a day, and what to do."""
    match why:
        case NoDay.NOT_IN_CALENDAR:
            return word("is a day that does not exist"), worded("Write a day of the calendar.")
        case NoDay.TWO_DAYS:
            reason = word("may mean two days: neither ui.language nor the locale says which number is its month")
        case NoDay.ANOTHER_FORM:
            reason = word("is not a date")
    return reason, worded("Format the cell as a date, or write it as 2026-01-31.")
