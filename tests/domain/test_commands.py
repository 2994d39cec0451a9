"""Command barcodes: exact codes, and no others."""

import pytest

from scanstation.domain.commands import ALL_LEFT, Act, Command, read_command


@pytest.mark.parametrize("act", [act for act in Act if act not in (Act.QUANTITY, Act.REASON)])
def test_each_act_has_its_code(act: Act) -> None:
    assert read_command(f"SS-{act.value}", "SS-") == Command(act)


@pytest.mark.parametrize(
    ("code", "quantity"), [("SS-QTY-1", 1), ("SS-QTY-40", 40), ("SS-QTY-9999", 9999), ("SS-QTY-ALL", ALL_LEFT)]
)
def test_a_quantity(code: str, quantity: int) -> None:
    assert read_command(code, "SS-") == Command(Act.QUANTITY, quantity)


@pytest.mark.parametrize(("code", "number"), [("SS-REASON-1", 1), ("SS-REASON-12", 12), ("SS-REASON-99", 99)])
def test_a_reason(code: str, number: int) -> None:
    assert read_command(code, "SS-") == Command(Act.REASON, number)


@pytest.mark.parametrize(
    "code",
    [
        "SS-",
        "COMPLETE",
        "ss-COMPLETE",
        "SS-complete",
        "SS-COMPLETE ",
        "SS-QTY",
        "SS-QTY-",
        "SS-QTY-0",
        "SS-QTY-all",
        "SS-QTY-01",
        "SS-QTY-10000",
        "SS-QTY-²",
        "SS-QTY-٣",
        "SS-REASON",
        "SS-REASON-0",
        "SS-REASON-100",
        "SS-REASON-1A",
        "WH-COMPLETE",
    ],
)
def test_what_only_looks_like_one(code: str) -> None:
    assert read_command(code, "SS-") is None
