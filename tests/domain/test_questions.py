"""RULES 2.12: a CHECK that ends in a question mark is a question, and no other is."""

from scanstation.domain.verdict import NOTHING_ASKED, ask
from tests.domain.sentences import FILES, filled, templates

_TEXTS = {(one.file, one.name): one.text for file in FILES for one in templates(file) if one.table == "_TEXTS"}
_SAID = [
    (one.how, _TEXTS[one.file, name])
    for file in FILES
    for one in filled(file)
    if one.how in ("check", "ask")
    for name in one.names
]


def test_a_check_asks_if_and_only_if_it_ends_in_a_question_mark() -> None:
    for how, told in _SAID:
        assert told.rstrip().endswith("?") == (how == "ask"), (how, told)


def test_sentences_that_ask_are_found() -> None:
    assert {how for how, _ in _SAID} == {"ask", "check"}
    assert len(_SAID) > 40


def test_a_question_is_known_by_what_it_is_about_and_not_by_its_words() -> None:
    asked = ask("lacks", "S-1 lacks 2. Leave it?", "S-2")
    answers = NOTHING_ASKED.and_(asked.question, True)  # type: ignore[arg-type]
    assert answers.unless_yes(ask("lacks", "S-1 lacks 1. Leave it?", "S-2")) is None
    for other in (ask("lacks", "S-1 lacks 2. Leave it?", "S-3"), ask("else", "S-1 lacks 2. Leave it?", "S-2")):
        assert answers.unless_yes(other) is other
    refused = NOTHING_ASKED.and_(asked.question, False)  # type: ignore[arg-type]
    assert (refused.to(asked), refused.unless_yes(asked)) == (False, asked)


def test_what_is_asked_is_the_last_sentence_and_why_is_all_before_it() -> None:
    for text, why, asked in (
        ("N-1 lacks 2. Complete it with 3 units?", "N-1 lacks 2.", "Complete it with 3 units?"),
        ("A. B-7 is known. Is it 1.5 m? Take it?", "A. B-7 is known. Is it 1.5 m?", "Take it?"),
        ("Begin a transfer to W-WEST?", "", "Begin a transfer to W-WEST?"),
    ):
        question = ask("any", text).question
        assert question is not None
        assert (question.why, question.asked) == (why, asked)
    for how, told in _SAID:
        question = ask("any", told).question if how == "ask" else None
        assert question is None or (f"{question.why} {question.asked}".strip() == told and len(question.asked) > 5)
