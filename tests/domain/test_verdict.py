"""Verdicts, their questions and the answers. Which sentences ask is tested in test_questions.py."""

import pytest

from scanstation.domain.codes import MAX_LENGTH
from scanstation.domain.verdict import NOTHING_ASKED, CodeKind, Prompt, Tone, Verdict, ask, check, ok, stop


@pytest.mark.parametrize(
    ("verdict", "tone"),
    [
        (ok("taken"), Tone.OK),
        (check("why", "look"), Tone.CHECK),
        (ask("why", "go?"), Tone.CHECK),
        (stop("n", "no"), Tone.STOP),
    ],
)
def test_only_ok_is_accepted_and_only_ask_asks(verdict: Verdict, tone: Tone) -> None:
    assert verdict.tone is tone
    assert verdict.accepted is (tone is Tone.OK)
    assert (verdict.question is not None) is (verdict.text == "go?")


def test_an_answer_holds_for_its_question_alone() -> None:
    asked, other = ask("more", "2 more?"), ask("more", "5 more?")
    assert asked.question is not None
    for yes in (True, False):
        answers = NOTHING_ASKED.and_(asked.question, yes)
        assert answers.to(asked) is yes
        assert answers.to(other) is None
        assert (answers.unless_yes(asked) is None) is yes


def test_a_code_is_kept_whole_unless_it_is_longer_than_any() -> None:
    assert ok("taken", "A" * MAX_LENGTH).code == "A" * MAX_LENGTH
    assert len(ok("taken", "A" * (MAX_LENGTH + 1)).code) < MAX_LENGTH


def test_the_two_kinds_of_codes() -> None:
    assert [kind.other for kind in CodeKind] == [CodeKind.SECONDARY, CodeKind.PRIMARY]
    assert Prompt(CodeKind.SECONDARY, "CAM", 1, 2).title == "Secondary serial"
