"""What a code becomes on its way from one keyboard layout to another."""

import pytest

from scanstation.domain.keyboards import DEAD, DIGIT_ROWS, LAYOUTS, Layout, mismatches, of_another_keyboard, typed

BY_NAME = {layout.name: layout for layout in LAYOUTS}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_has_all_keys_twice_and_types_for_itself(layout: Layout) -> None:
    assert len(layout.plain) == len(layout.shifted) == 48
    code = "".join(letter for letter in "ABCxyz019" if layout.key_of(letter))
    assert typed(code, layout, layout) == list(code)


@pytest.mark.parametrize(
    ("scanner", "computer", "code", "becomes"),
    [
        ("US", "German", "YZ-1", ["Z", "Y", "ß", "1"]),
        ("German", "US", "YZ-1", ["Z", "Y", "/", "1"]),
        ("US", "French", "AQ1", ["Q", "A", "&"]),
        ("US", "German", "=", [None]),
        ("US", "US", "é", [None]),
    ],
)
def test_what_a_wrong_layout_makes_of_a_code(scanner: str, computer: str, code: str, becomes: list[str | None]) -> None:
    assert typed(code, BY_NAME[scanner], BY_NAME[computer]) == becomes


def test_the_mismatches_are_between_the_us_and_each_other() -> None:
    found = [mismatch for mismatch, *_ in mismatches()]
    assert len(found) == len(set(found)) == 2 * (len(LAYOUTS) - 1)
    assert "!@#$%^&*()" in DIGIT_ROWS
    assert all(DEAD not in row for row in DIGIT_ROWS)


@pytest.mark.parametrize(("text", "is_other"), [("SN-0001", False), ("SNßÖ1", True), ("٣", True), ("a~b", False)])
def test_what_only_another_keyboard_gives(text: str, is_other: bool) -> None:
    assert of_another_keyboard(text) is is_other
