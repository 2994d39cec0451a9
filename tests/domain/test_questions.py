"""RULES 2.12: a CHECK that ends in a question mark is a question, and no other is."""

import ast
from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import signature
from typing import get_type_hints

import pytest

from scanstation.domain import sentences as say
from scanstation.domain.expected import ExpectedSerial, Missing
from scanstation.domain.language import Said
from scanstation.domain.lots import Contradiction
from scanstation.domain.not_serials import Kind, NoSerial
from scanstation.domain.ranges import Range
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import NOTHING_ASKED, CodeKind, Prompt, Verdict, ask
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


def test_a_question_is_known_by_all_that_it_says_in_whichever_language() -> None:
    asked = ask("lacks", "S-1 lacks 2. Leave it?", "S-2")
    answers = NOTHING_ASKED.and_(asked.question, True)  # type: ignore[arg-type]
    german = Said(
        "Bei S-1 fehlen 2. Lassen?", english="S-1 lacks 2. Leave it?", translation="Bei S-1 fehlen 2. Lassen?"
    )
    assert answers.unless_yes(ask("lacks", german, "S-2")) is None
    for other in (
        ask("lacks", "S-1 lacks 1. Leave it?", "S-2"),
        ask("lacks", "S-1 lacks 2. Leave it?", "S-3"),
        ask("else", "S-1 lacks 2. Leave it?", "S-2"),
        ask("lacks", "S-1 lacks 2. Leave it?", "S-2", choices=("yes", "later")),
        ask("lacks", "S-1 lacks 2. Leave it?", "S-2", whole=("S-10",)),
    ):
        assert answers.unless_yes(other) is other
    refused = NOTHING_ASKED.and_(asked.question, False)  # type: ignore[arg-type]
    assert (refused.to(asked), refused.unless_yes(asked)) == (False, asked)


MAY_CHANGE = {("order_lacks", "lacks"), ("end_count", "pieces")}
"""What a sentence shows, and a yes is to whatever it is by then."""
_TWO_OF: dict[object, tuple[object, ...]] = {
    str: ("A-1", "B-2"),
    int: (3, 7),
    bool: (False, True),
    Sequence[str]: (("A-1",), ("B-2",)),
    Sequence[tuple[str, int]]: ((("CAM", 2),), (("CAM", 3),)),
    tuple[str, ...]: (("one", "two"), ("one", "three")),
    str | None: ("A-1", None),
    OrderKind: (OrderKind.PURCHASE, OrderKind.SHIPMENT),
    CodeKind: (CodeKind.PRIMARY, CodeKind.SECONDARY),
    Prompt: (Prompt(CodeKind.PRIMARY, "CAM", 1, 2), Prompt(CodeKind.SECONDARY, "LENS", 1, 2)),
    NoSerial: (NoSerial(Kind.ORDER, "S-1"), NoSerial(Kind.ORDER, "S-2")),
    Contradiction: (Contradiction("lot", "A", "B"), Contradiction("lot", "A", "C")),
    ExpectedSerial: tuple(ExpectedSerial(order_id=1, number="N-1", primary="A-1", secondary=one) for one in ("C", "D")),
    Range: (Range("A", 1, 2, 1, ""), Range("A", 1, 3, 1, "")),
}
_ASKING = [
    (file.stem, node.name)
    for file in FILES
    for node in ast.parse(file.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef)
    and any(isinstance(part, ast.Attribute) and part.attr == "ask" for part in ast.walk(node))
]


def test_every_function_that_asks_is_tried() -> None:
    assert len(_ASKING) > 35
    parameters = {(name, given) for file, name in _ASKING for given in signature(_function(file, name)).parameters}
    assert parameters >= MAY_CHANGE


@pytest.mark.parametrize(("file", "name"), [one for one in _ASKING if one[1] != "ask"])
def test_a_yes_is_none_to_a_question_that_shows_something_else(file: str, name: str) -> None:
    function = _function(file, name)
    types = get_type_hints(function)
    given = {one: _TWO_OF[types[one]][0] for one in signature(function).parameters}
    for before in (given, given | {one: _TWO_OF[types[one]][1] for one in given if types[one] in (bool, OrderKind)}):
        asked = function(**before)
        for one in before:
            after = function(**before | {one: next(two for two in _TWO_OF[types[one]] if two != before[one])})
            if after.text != asked.text and asked.question:
                is_other = asked.question != after.question
                assert is_other == ((name, one) not in MAY_CHANGE), (one, asked.text, after.text)


def test_a_yes_to_completing_in_part_is_none_once_another_serial_has_not_come() -> None:
    question = say.complete_in_part("N-1", 2, [("CAM", 1)])
    one, other = (say.before_question(Missing((serial,), 1), question) for serial in ("A-1", "B-2"))
    assert one.question != other.question != question.question
    assert one.question == say.before_question(Missing(("A-1",), 1), question).question


def _function(file: str, name: str) -> Callable[..., Verdict]:
    function: Callable[..., Verdict] = getattr(import_module(f"scanstation.domain.sentences.{file}"), name)
    return function


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
