"""The known shape of a product's serials: what it is learned from, and what is unlike it."""

import pytest

from scanstation.domain import shapes
from scanstation.domain.shapes import LAST, MOST, Shape, is_unlike, learned, shape_of, shape_of_one
from scanstation.domain.verdict import CodeKind

PRIMARY, SECONDARY = CodeKind.PRIMARY, CodeKind.SECONDARY


def numbered(beginning: str, count: int, digits: int = 5) -> list[str]:
    return [f"{beginning}{number:0{digits}}" for number in range(count)]


@pytest.mark.parametrize(
    ("codes", "shape"),
    [
        (numbered("SN", 50), Shape(7, "SN")),
        (numbered("sn", 50), Shape(7, "SN")),
        (numbered("", 50), Shape(5)),
        # Digits that happen to be the same count up some day, and are no fixed beginning.
        (["A1B000", "A1B001"], Shape(6, "A1B")),
        (["X-1", "X-1"], Shape(3, "X-")),
        (["SN1", "SN22"], None),
        (["AB1", "XY2"], Shape(3)),
    ],
)
def test_what_codes_have_in_common(codes: list[str], shape: Shape | None) -> None:
    assert shape_of(codes) == shape


def test_fifty_make_a_shape_and_what_is_known_is_not_learned_again() -> None:
    assert learned((), PRIMARY, numbered("SN", 49)) == ()
    known = learned((), PRIMARY, numbered("SN", 50))
    assert known == ((PRIMARY, Shape(7, "SN")),)
    assert learned(known, PRIMARY, numbered("SN", 200)) == known
    both = learned(known, PRIMARY, [*numbered("SN", 150), *numbered("XY9", 50)])
    assert both == (*known, (PRIMARY, Shape(8, "XY")))
    assert learned(known, SECONDARY, numbered("L", 50)) == (*known, (SECONDARY, Shape(6, "L")))


def test_a_shape_that_none_of_the_last_two_hundred_has_is_forgotten_and_that_of_the_other_code_is_not() -> None:
    old, now, other = (PRIMARY, Shape(7, "AB")), (PRIMARY, Shape(7, "SN")), (SECONDARY, Shape(4, "Z"))
    last = numbered("SN", LAST)
    assert learned((old, other), PRIMARY, last[1:]) == (old, other, now)
    assert learned((old, other), PRIMARY, last) == (other, now)
    assert learned((old, now), PRIMARY, [*last[1:], "AB00001"]) == (old, now)


def test_what_is_unlike_them() -> None:
    known = ((PRIMARY, Shape(7, "SN")), (PRIMARY, Shape(4)))
    assert [text for text in ("SN12345", "sn12345", "1234") if is_unlike(known, PRIMARY, text)] == []
    assert [text for text in ("SN1234", "XX12345", "12345") if not is_unlike(known, PRIMARY, text)] == []
    assert not is_unlike(known, SECONDARY, "L")
    assert not is_unlike((), PRIMARY, "L")
    many = tuple((PRIMARY, Shape(length)) for length in range(MOST + 1))
    assert not is_unlike(many, PRIMARY, "A very long one")


def test_one_code_makes_its_shape_known() -> None:
    assert [shape_of_one(code) for code in ("xy-77A", "1234")] == [Shape(6, "XY-"), Shape(4)]
    assert shape_of_one("ABC") == Shape(3)


def test_they_are_read_as_they_were_written() -> None:
    known = ((PRIMARY, Shape(7, 'S"N;')), (SECONDARY, Shape(4)))
    assert shapes.read(shapes.written(known)) == known
    assert shapes.read(shapes.written(())) == ()
