"""What a product's serials look like by themselves: the known shape, learned from the last ones (RULES 2.30).

It only ever asks: it refuses no code, and takes no unit by itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from scanstation.domain.codes import code_key
from scanstation.domain.language import word
from scanstation.domain.verdict import CodeKind

FROM, LAST = 50, 200
"""So many serials make a shape, and so many of the last ones are looked at."""
MOST = 8
"""Serials of more shapes than these have none: nothing is asked of them any more."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How long a code is, and how it begins.

    >>> Shape(8, "SN").fits("sn001234"), Shape(8, "SN").fits("SN00123"), Shape(8).fits("12345678")
    (True, False, True)
    """

    length: int
    beginning: str = ""
    """As a `code_key`."""

    def fits(self, text: str) -> bool:
        """Does a code look so?"""
        return len(text) == self.length and code_key(text).startswith(self.beginning)

    @property
    def words(self) -> str:
        """`8 characters, beginning with SN`."""
        if not self.beginning:
            return word("{count} characters", count=self.length)
        return word("{count} characters, beginning with {beginning}", count=self.length, beginning=self.beginning)


Shapes = tuple[tuple[CodeKind, Shape], ...]
"""The known shapes of a product's codes, in the order in which they became known."""


def of_kind(shapes: Shapes, kind: CodeKind) -> list[Shape]:
    """Those of its primary codes, or of its secondary ones; none where they are too many to mean anything."""
    found = [shape for of, shape in shapes if of is kind]
    return found if len(found) <= MOST else []


def is_usual(shapes: Shapes, kind: CodeKind, text: str) -> bool:
    """Has the product known shapes, and does a code look like one of them?"""
    return any(shape.fits(text) for shape in of_kind(shapes, kind))


def is_unlike(shapes: Shapes, kind: CodeKind, text: str) -> bool:
    """Has the product known shapes, and does a code look like none of them?"""
    return bool(of_kind(shapes, kind)) and not is_usual(shapes, kind, text)


def shape_of(codes: Sequence[str]) -> Shape | None:
    """What codes have in common; digits at the end of their beginning count up, and are none of it.

    None where they differ in length.

    >>> shape_of(["SN0011", "SN0012"]), shape_of(["A1B7", "A1B8"]), shape_of(["A1", "A22"])
    (Shape(length=6, beginning='SN'), Shape(length=4, beginning='A1B'), None)
    """
    if len({len(code) for code in codes}) != 1:
        return None
    keys = sorted(map(code_key, codes))
    first, last = keys[0], keys[-1]
    differ = (at for at, (one, other) in enumerate(zip(first, last, strict=True)) if one != other)
    return Shape(len(first), first[: next(differ, len(first))].rstrip("0123456789"))


def shape_of_one(code: str) -> Shape:
    """The shape that one code makes known: its length, and the letters and signs that it begins with."""
    key = code_key(code)
    return Shape(len(code), key[: next((at for at, sign in enumerate(key) if sign.isdigit()), 0)])


def learned(shapes: Shapes, kind: CodeKind, last: Sequence[str]) -> Shapes:
    """The shapes with the one that is to be seen in the last codes, where enough of these look like none before.

    One that none of the last ones has any more is forgotten, as soon as there are so many of them.
    """
    known = [shape for of, shape in shapes if of is kind]
    others = [code for code in last if not any(shape.fits(code) for shape in known)]
    new = shape_of(others) if len(others) >= FROM else None
    if len(last) >= LAST:
        shapes = tuple((of, one) for of, one in shapes if of is not kind or any(map(one.fits, last)))
    return (*shapes, (kind, new)) if new else shapes


def written(shapes: Shapes) -> str:
    """As the store keeps them."""
    return json.dumps([[kind.value, one.length, one.beginning] for kind, one in shapes]) if shapes else ""


def read(text: str) -> Shapes:
    """What `written` wrote."""
    if not text:
        return ()
    return tuple((CodeKind(kind), Shape(length, beginning)) for kind, length, beginning in json.loads(text))
