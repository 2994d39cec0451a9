"""RULES 2.12: a CHECK that ends in a question mark is a question, and no other is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scanstation
from scanstation.domain.verdict import NOTHING_ASKED, ask

SOURCES = sorted(Path(scanstation.__file__).parent.rglob("*.py"))


def _said(file: Path) -> Iterator[tuple[str, str]]:
    """`check` or `ask`, and the end of the sentence that it is given."""
    source = file.read_text(encoding="utf-8")
    if "from scanstation.domain.verdict import" not in source:
        return
    tree = ast.parse(source)
    for scope in ast.walk(tree):
        if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        named = {
            target.id: node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(scope):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("check", "ask"):
                told: ast.AST = call.args[1] if len(call.args) > 1 else call
                if isinstance(told, ast.Name):
                    told = named.get(told.id, told)
                if isinstance(told, ast.JoinedStr):
                    told = told.values[-1]
                if isinstance(told, ast.Constant) and isinstance(told.value, str):
                    yield call.func.id, told.value


@pytest.mark.parametrize("file", [file for file in SOURCES if [*_said(file)]], ids=lambda file: file.stem)
def test_a_check_asks_if_and_only_if_it_ends_in_a_question_mark(file: Path) -> None:
    for how, told in _said(file):
        assert told.rstrip().endswith("?") == (how == "ask"), (how, told)


def test_sentences_that_ask_are_found() -> None:
    sentences = next(file for file in SOURCES if file.name == "sentences.py")
    assert {"ask", "check"} <= {how for how, _ in _said(sentences)}


def test_a_question_is_known_by_what_it_is_about_and_not_by_its_words() -> None:
    asked = ask("lacks", "S-1 lacks 2. Leave it?", "S-2")
    answers = NOTHING_ASKED.and_(asked.question, True)  # type: ignore[arg-type]
    assert answers.unless_yes(ask("lacks", "S-1 lacks 1. Leave it?", "S-2")) is None
    for other in (ask("lacks", "S-1 lacks 2. Leave it?", "S-3"), ask("else", "S-1 lacks 2. Leave it?", "S-2")):
        assert answers.unless_yes(other) is other
    refused = NOTHING_ASKED.and_(asked.question, False)  # type: ignore[arg-type]
    assert (refused.to(asked), refused.unless_yes(asked)) == (False, asked)
