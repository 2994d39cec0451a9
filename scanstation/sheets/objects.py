"""JSON as programs write it: a list of objects, one a row, or an object of such lists, one a sheet."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NoReturn

from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import said_later, word, worded
from scanstation.domain.sheet_kinds import ALL_KINDS, HeaderFit, fit_row_in_english
from scanstation.domain.sheet_maps import KindMap
from scanstation.sheets.cells import GENERAL
from scanstation.sheets.delimited import decoded
from scanstation.sheets.tables import RawRow

_SHAPE = said_later(
    "Write a list of objects, a row each, with the columns as keys; or an object with a list for each kind of rows."
)


class _Fraction(float):
    """A number that is not written as digits alone: `3.0`, `1e3`. Its digits are another text than it shows."""


@dataclass(frozen=True, slots=True)
class ObjectSheet:
    """One list of objects."""

    name: str
    header: list[str]
    """Every key that an object of it has, in the order in which they come."""
    objects: Sequence[dict[str, Any]]
    fractions: set[tuple[int, int]] = field(default_factory=set)
    """Row and column of the numbers that are not written as digits alone."""

    def number_format(self, row: int, column: int) -> str:
        """As a spreadsheet would show it: a number of digits alone has no format."""
        return "0.0" if (row, column) in self.fractions else GENERAL

    def rows(self, fit: HeaderFit | None = None) -> Iterator[RawRow]:
        """The rows below the header; the first object is row 2.

        Raises UnreadableFile for a list or an object in a column that `fit` reads.
        """
        used = {place for place in fit.positions if place is not None} if fit else set()
        for number, one in enumerate(self.objects, 2):
            cells: RawRow = []
            for place, key in enumerate(self.header):
                value = one.get(key)
                if isinstance(value, list | dict):
                    if place in used:
                        what = word("a list") if isinstance(value, list) else word("an object")
                        raise UnreadableFile(
                            worded(
                                "{key} in object {number} of {sheet} is {what}.",
                                key=shorten(key),
                                number=number - 1,
                                sheet=shorten(self.name),
                                what=what,
                            ),
                            worded("Write a text, a number, true or false there, one row for each."),
                        )
                    value = None
                elif isinstance(value, _Fraction):
                    self.fractions.add((number, place))
                cells.append("" if value is None else value)
            yield cells


def read_objects(file: BinaryIO, name: str, maps: Sequence[KindMap] = ()) -> tuple[list[ObjectSheet], tuple[str, ...]]:
    """The lists of a file and what had to be assumed; raises UnreadableFile for what is not JSON of this shape.

    With maps other programs' shapes are taken too: what is no list of objects stands aside, objects within objects are
    columns with a point (`shipping.city`), and each item of the list that a map names is a row of its own.
    """
    file.seek(0)
    text, notes = decoded(file.read(), name)
    try:
        # Digits stay a number only as far as a spreadsheet keeps them; Python refuses to read very long ones at all.
        whole = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits),
            parse_float=_Fraction,
            parse_constant=_no_constant,
        )
    except RecursionError as error:
        raise UnreadableFile(
            worded("{file} is nested too deep to be read.", file=shorten(name)), worded(_SHAPE)
        ) from error
    except ValueError as error:
        raise UnreadableFile(
            worded("{file} breaks off or is no JSON: {why}.", file=shorten(name), why=shorten(str(error), 120)),
            worded("Write the file again, whole."),
        ) from error
    sheets: Iterable[tuple[str, Any]] = whole.items() if isinstance(whole, dict) else [(name, whole)]
    if maps and isinstance(whole, dict):
        sheets = _lists_of(whole, maps) or sheets
    object_sheets = []
    for sheet, objects in sheets:
        if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
            raise UnreadableFile(worded("{file} is JSON of another shape.", file=shorten(name)), worded(_SHAPE))
        header = list(dict.fromkeys(key for one in objects for key in one))
        if maps and not any(fit_row_in_english(kind, 1, header).fits for kind in ALL_KINDS):
            within = next((one.rows for one in maps if one.rows in header), "")
            objects = [row for one in objects for row in _rows_of(one, within)]
            header = list(dict.fromkeys(key for one in objects for key in one))
        object_sheets.append(ObjectSheet(sheet, header, objects))
    return object_sheets, notes


def _lists_of(whole: dict[str, Any], maps: Sequence[KindMap]) -> list[tuple[str, Any]]:
    """The lists of rows in an object of another program's, or the object itself where it is one order."""
    if any(one.rows and isinstance(whole.get(one.rows), list) for one in maps):
        return [("(one object)", [whole])]
    return [
        (key, value)
        for key, value in whole.items()
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
    ]


def _rows_of(one: dict[str, Any], within: str) -> list[dict[str, Any]]:
    """An object as rows without objects in them: one for each item of its list, or one."""
    items = one.get(within) if within else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return [_flat(one)]
    own = _flat({key: value for key, value in one.items() if key != within})
    return [{**own, **_flat(item, f"{within}.")} for item in items] or [own]


def _flat(one: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in one.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different and whose texts can be kept."""
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"an object has {shorten(next(key for key in keys if keys.count(key) > 1))} twice")
    for text in (*made, *(value for value in made.values() if isinstance(value, str))):
        if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in (() if text.isascii() else text)):
            raise ValueError(f"a text of it holds characters that are none, near {ascii(text)[:40]}")
    return made


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
