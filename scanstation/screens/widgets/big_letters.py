"""Letters of three rows, for words and counts that are read from far away."""

import sys
from functools import cache
from typing import Final

_SHAPES: Final = {
    "C": "### #.. #.. #.. ###",
    "E": "### #.. ##. #.. ###",
    "H": "#.# #.# ### #.# #.#",
    "K": "#.# #.# ##. #.# #.#",
    "O": "### #.# #.# #.# ###",
    "P": "### #.# ### #.. #..",
    "S": "### #.. ### ..# ###",
    "T": "### .#. .#. .#. .#.",
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# ### ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# .#. .#.",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    "/": "..# ..# .#. #.. #..",
}
"""Five rows of three points; two rows of points are one of the screen."""
_HALVES: Final = {("#", "#"): "█", ("#", "."): "▀", (".", "#"): "▄", (".", "."): " "}
HEIGHT: Final = 3


def drawn(text: str) -> tuple[str, str, str]:
    """The three rows of a text of these letters and digits, a blank between two; it takes `cells(text)`."""
    shapes = [f"{_SHAPES[letter]} ...".split() for letter in text]
    points = [".".join(shape[row] for shape in shapes) for row in range(2 * HEIGHT)]
    first, second, third = (
        "".join(_HALVES[pair] for pair in zip(points[row], points[row + 1], strict=True)) for row in (0, 2, 4)
    )
    return first, second, third


def cells(text: str) -> int:
    """How wide a text is, drawn."""
    return max(0, 4 * len(text) - 1)


@cache
def can_be_drawn() -> bool:
    """Has what the terminal is written in signs for them? What stands in place of others in ASCII has no halves."""
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    try:
        "".join(_HALVES.values()).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
