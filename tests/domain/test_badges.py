"""A badge is known by its form."""

from scanstation.domain.badges import is_badge, new_badge
from scanstation.domain.commands import read_command


def test_a_badge_is_known_by_its_form_and_is_no_command_under_any_prefix() -> None:
    code = new_badge()
    assert is_badge(code)
    assert is_badge(f" {code.lower()} ")
    assert code != new_badge()
    for prefix in ("SS-", "BADGE-", "B", code[:6]):
        assert read_command(code, prefix) is None


def test_a_misread_badge_is_none() -> None:
    code = new_badge()
    wrong = ["", "BADGE-", code[:-1], f"{code}B", f"SS-{code}", code.replace("BADGE-", "")]
    for place in range(len("BADGE-"), len(code)):
        wrong += [code[:place] + letter + code[place + 1 :] for letter in "BCDFGHJKLNPRSTVX" if letter != code[place]]
    assert not [one for one in wrong if is_badge(one)]
