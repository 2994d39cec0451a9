"""What suppliers' lists say of one code."""

import pytest

from scanstation.domain.expected import ExpectedSerial, Missing, Standing, held_against
from scanstation.domain.sentences import listed_otherwise, missing_words
from scanstation.domain.verdict import CodeKind

P, S = CodeKind.PRIMARY, CodeKind.SECONDARY


def of(*pairs: str) -> list[ExpectedSerial]:
    """Units of a list, `P1+S1` or `P1`, each."""
    units = []
    for pair in pairs:
        primary, _, secondary = pair.partition("+")
        units.append(ExpectedSerial(order_id=1, number="N-1", primary=primary, secondary=secondary or None))
    return units


@pytest.mark.parametrize(
    ("code", "kind", "other", "rows", "standing"),
    [
        ("P1", P, None, ["P1+S1"], "expected"),
        ("P1", P, None, ["p1"], "expected"),
        ("P9", P, None, ["P1+S1"], "unlisted"),
        ("S1", P, None, ["P1+S1"], "otherwise"),  # the wrong label of the right unit
        ("S1", S, "P1", ["P1+S1"], "expected"),
        ("S2", S, "P1", ["P1+S1", "P2+S2"], "otherwise"),
        ("S9", S, "P1", ["P1+S1"], "otherwise"),
        ("S9", S, "P1", ["P1"], "silent"),  # a list of primaries alone
        ("S2", S, "P1", ["P1", "P2+S2"], "otherwise"),
        ("S9", S, "P9", ["P1+S1"], "silent"),  # asked of its primary already
        ("S1", S, "P9", ["P1+S1"], "otherwise"),
        ("P2", S, "P1", ["P1", "P2"], "otherwise"),
        # The secondary came first.
        ("S1", S, None, ["P1+S1"], "expected"),
        ("S9", S, None, ["P1+S1"], "silent"),
        ("P1", P, "S1", ["P1+S1"], "expected"),
        ("P2", P, "S1", ["P1+S1", "P2+S2"], "otherwise"),
        ("P2", P, "S1", ["P1+S1", "P2"], "otherwise"),
        ("P9", P, "S1", ["P1+S1"], "otherwise"),
        ("P1", P, "S9", ["P1"], "expected"),
        ("P9", P, "S9", ["P1"], "unlisted"),
    ],
)
def test_a_code_is_expected_unlisted_or_another_units(
    code: str, kind: CodeKind, other: str | None, rows: list[str], standing: str
) -> None:
    found = held_against(code, kind, other, of(*rows))
    assert found.standing is Standing(standing)
    assert (found.row is not None) is (standing in ("expected", "otherwise"))


@pytest.mark.parametrize(
    ("code", "kind", "other", "rows", "text"),
    [
        ("S2", S, "P1", ["P2+S2"], "S2 is listed with P2, not with P1. Is S2 the secondary serial of this unit?"),
        ("S9", S, "P1", ["P1+S1"], "P1 is listed with S1, not with S9. Is S9 the secondary serial of this unit?"),
        ("P2", P, "S1", ["P2+S2"], "P2 is listed with S2, not with S1. Is P2 the primary serial of this unit?"),
        (
            "S1",
            P,
            None,
            ["P1+S1"],
            "S1 is listed as the secondary serial of P1. Is it the primary serial of this unit?",
        ),
        ("P2", S, "P1", ["P2"], "P2 is listed as a primary serial. Is it the secondary serial of this unit?"),
    ],
)
def test_what_is_listed_otherwise_is_asked_with_what_the_list_has(
    code: str, kind: CodeKind, other: str | None, rows: list[str], text: str
) -> None:
    asked = listed_otherwise(code, code, kind, other, of(*rows)[0])
    assert (asked.text, asked.reason) == (text, "listed-otherwise")
    assert asked.question is not None


def test_what_is_missing_is_named_up_to_three_and_counted() -> None:
    assert missing_words(Missing()) == ""
    assert missing_words(Missing(["A"], 1)) == "Not come: A."
    assert missing_words(Missing(["A", "B", "C"], 7)) == "Not come: A, B, C and 4 more."
