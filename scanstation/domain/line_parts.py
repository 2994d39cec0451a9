"""The lines of an order's paper that one product stands on (RULES 2.21).

The operator sees one sum. What is done is given to the lines in their order, what is not waited for to the last ones.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Parts = tuple[tuple[str, int], ...]
"""What each line is called, and how much it orders; empty for an order whose sheet had no column for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one line has of its product's counts."""

    line: str
    ordered: int
    done: int
    open: int
    closed_short: int
    serials_needed: int
    serials_present: int


def packed(parts: Parts) -> str:
    """As the store keeps them."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")) if parts else ""


def unpacked(text: str) -> Parts:
    """From what the store keeps."""
    return tuple((line, quantity) for line, quantity in json.loads(text)) if text else ()


def merged(before: Parts, wanted: Mapping[str, int]) -> Parts:
    """The lines after a sheet: those that it does not name stay, 0 drops one, new ones come last."""
    kept = {line: wanted.get(line, quantity) for line, quantity in before}
    return tuple((line, quantity) for line, quantity in {**kept, **wanted}.items() if quantity)


def shares(
    parts: Parts, *, done: int, open: int, closed_short: int, serials_needed: int, serials_present: int
) -> Iterator[Share]:
    """What each of the lines has."""
    rooms = [quantity for _, quantity in parts]
    done_of = _given(done, rooms)
    open_of = _given(open, [room - given for room, given in zip(rooms, done_of, strict=True)])
    left = [max(0, room - one - other) for room, one, other in zip(rooms, done_of, open_of, strict=True)]
    short_of = [*reversed(_given(closed_short, [*reversed(left)]))]
    counts = zip(
        parts,
        done_of,
        open_of,
        short_of,
        _given(serials_needed, done_of),
        _given(serials_present, done_of),
        strict=True,
    )
    for (line, ordered), of_done, of_open, of_short, needed, present in counts:
        yield Share(
            line=line,
            ordered=ordered,
            done=of_done,
            open=of_open,
            closed_short=of_short,
            serials_needed=needed,
            serials_present=present,
        )


def line_at(parts: Parts, place: int) -> str:
    """The line that the unit at a place, from 0, is given to."""
    for line, quantity in parts:
        if place < quantity:
            return line
        place -= quantity
    return parts[-1][0]


def _given(count: int, rooms: Sequence[int]) -> list[int]:
    """A count given to places in their order; what has no room is the last one's."""
    given = []
    for room in rooms:
        given.append(min(count, max(0, room)))
        count -= given[-1]
    given[-1] += count
    return given
