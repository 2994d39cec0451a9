"""Rights, roles, what each act needs, and PINs (RULES 2.20)."""

import pytest

from scanstation.domain.operators import (
    ROLES,
    Deed,
    Operator,
    Right,
    Standing,
    rights_of,
    wait_after,
    weak_pin,
    why_not,
)

ASKS_A_PIN = {
    *(
        Deed.MARK_RETURNS,
        Deed.ENTER_DOWNTIME,
        Deed.SHIP_WITHOUT_SERIALS,
        Deed.CLOSE_SHORT,
        Deed.REOPEN,
        Deed.CANCEL_ORDER,
        Deed.LOWER,
        Deed.UNPACK,
    ),
    *(
        Deed.PACK_WITHOUT_SERIAL,
        Deed.UNRECEIVE,
        Deed.UNSHIP,
        Deed.DISPOSE,
        Deed.CLOSE_RETURN,
        Deed.SWAP,
        Deed.REGRADE,
        Deed.CORRECT_CODE,
        Deed.CLOSE_TRANSFER,
        Deed.WRITE_OFF,
        Deed.FIND,
        Deed.RELEASE,
        Deed.RELEASE_EXPIRED,
        Deed.REMOVE_SERIALS,
        Deed.REMOVE_EXPECTED,
        Deed.IMPORT_OTHERS,
        Deed.CHANGE_OPERATORS,
        Deed.BACK_UP,
        Deed.RESTORE,
    ),
}
"""As RULES 2.20 has it."""


def somebody(*rights: Right, pin: str = "", is_disabled: bool = False) -> Operator:
    return Operator(1, "Ana", (), frozenset(rights), frozenset(rights), is_disabled=is_disabled, pin=pin)


def refusal(deed: Deed, operator: Operator | None, *, proved: str = "", since: str = "2026-11-20") -> str:
    reason = why_not(deed, Standing(since, operator), proved_pin=proved)
    return reason.name if reason else ""


def test_while_sign_in_is_off_everyone_may_do_everything() -> None:
    assert {refusal(deed, None, since="") for deed in Deed} == {""}


def test_each_right_is_enough_for_its_acts_and_for_no_other() -> None:
    for right in Right:
        for deed in Deed:
            expected = "" if deed.right in (right, None) else "no-right"
            assert refusal(deed, somebody(right, pin="hash"), proved="hash") == expected, (right, deed)


def test_these_acts_and_no_others_ask_a_pin() -> None:
    everything = somebody(*Right, pin="hash")
    assert {deed for deed in Deed if refusal(deed, everything) == "pin"} == ASKS_A_PIN
    assert {deed for deed in Deed if refusal(deed, somebody(*Right)) == "no-pin"} == ASKS_A_PIN
    assert {deed for deed in Deed if refusal(deed, everything, proved="an old hash") == "pin"} == ASKS_A_PIN


def test_nobody_and_somebody_disabled_may_do_nothing() -> None:
    for deed in Deed:
        assert refusal(deed, None) == "sign-in"
        assert refusal(deed, somebody(*Right, is_disabled=True)) == "sign-in"


def test_acts_have_words_of_their_own() -> None:
    assert len({deed.words for deed in Deed}) == len(Deed)


def test_several_roles_add_up_and_an_unknown_one_gives_nothing() -> None:
    assert rights_of(["packer", "shipper", "gone"], [Right.VIEW], ROLES) == {Right.PACK, Right.SHIP, Right.VIEW}
    assert ROLES["manager"] == frozenset(Right)
    assert Right.OPERATORS not in ROLES["supervisor"]


@pytest.mark.parametrize(
    "pin", ["", "12345", "12345a", "000000", "123456", "987654", "１２３４５７", "1" * 40, f"{'1357' * 8}9"]
)
def test_a_pin_that_will_not_do(pin: str) -> None:
    assert weak_pin(pin)


@pytest.mark.parametrize("pin", ["135790", "20481632", "111112", "1357" * 8])
def test_a_pin_that_will_do(pin: str) -> None:
    assert not weak_pin(pin)


def test_of_whom_nothing_else_is_said_is_a_person_who_works_here_and_has_no_badge() -> None:
    ana = Operator(1, "Ana", (), frozenset(), frozenset())
    assert (ana.is_service, ana.is_disabled, ana.pin, ana.badges) == (False, False, "", 0)


def test_five_wrong_pins_are_free_and_more_take_ever_longer() -> None:
    assert [wait_after(failures) for failures in (0, 4, 5, 6, 7, 12, 1000)] == [0, 0, 2, 4, 8, 256, 300]
