"""Every sentence of a verdict is in `domain/sentences`: a template of its name, filled in by a small function."""

import ast
import doctest
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.domain.sentences import texts
from tests.domain.sentences import FILES, HOME, PACKAGE, Filled, filled, templates

_BUILDERS = {"ok", "shown", "check", "ask", "stop"}
_ELSEWHERE = [
    file
    for file in sorted(PACKAGE.rglob("*.py"))
    if not file.is_relative_to(HOME)
    and file not in (PACKAGE / "domain" / "verdict.py", PACKAGE / "domain" / "outcome.py")
]
_WORDED = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.IfExp)
_TEMPLATES = [one for file in FILES for one in templates(file)]
_FILLED = [one for file in FILES for one in filled(file)]


def _refusals(source: str) -> Iterator[str]:
    """Where a source words a refusal, or how an act ended, by itself; a text it was handed (`error.text`) may go on."""
    tree = ast.parse(source)
    made_here = {name for node in ast.walk(tree) for name in _made(node)}

    def is_worded(text: ast.expr) -> bool:
        match text:
            case ast.Name(id=name):
                return name in made_here
            case ast.Tuple(elts=several) | ast.List(elts=several) | ast.Call(func=ast.Name(id="tuple"), args=several):
                return any(map(is_worded, several))
            case ast.IfExp(body=one, orelse=other):
                return is_worded(one) or is_worded(other)
            case ast.GeneratorExp(elt=one) | ast.ListComp(elt=one) | ast.Starred(value=one):
                return is_worded(one)
            case ast.Constant(value=constant):
                return bool(constant)
        return isinstance(text, _WORDED)

    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=("refused" | "Reason") as name), args=[_, text]):
                if is_worded(text):
                    yield f"line {node.lineno}: {name}"
            case ast.Call(func=ast.Name(id="Done"), args=texts):
                if any(map(is_worded, texts)):
                    yield f"line {node.lineno}: Done"


def _made(node: ast.AST) -> Iterator[str]:
    """The names that hold words of their own: a text, several of them, or a list that some were added to."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ):
            several = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
            if any(isinstance(one, _WORDED) for one in several):
                yield name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[added]):
            if isinstance(added, _WORDED):
                yield name


def _verdicts(source: str) -> Iterator[str]:
    """Where a source builds a verdict by itself, whatever its text is made of; or a question of a text of its own."""
    tree = ast.parse(source)
    built_by = {"Verdict": "Verdict"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "scanstation.domain.verdict":
            built_by |= {one.asname or one.name: one.name for one in node.names if one.name in {"Verdict", *_BUILDERS}}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Question"), args=[ast.Constant() | ast.JoinedStr(), *_]):
                yield f"line {node.lineno}: Question"
            case ast.Call(func=ast.Name(id=name)) if name in built_by:
                yield f"line {node.lineno}: {built_by[name]}"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="verdict"), attr=name)) if name in {
                "Verdict",
                *_BUILDERS,
            }:
                yield f"line {node.lineno}: verdict.{name}"


@pytest.mark.parametrize("file", _ELSEWHERE, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_other_module_builds_a_verdict(file: Path) -> None:
    assert [*_verdicts(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'from scanstation.domain.verdict import stop\nstop("full", "It is full.")',
        'from scanstation.domain.verdict import check\ncheck("full", f"{sku} is full.", code)',
        'from scanstation.domain.verdict import ok as fine\nfine(f"{code} taken.")',
        'from scanstation.domain.verdict import ask\ntold = f"Take {count}?"\nask("many", told)',
        'from scanstation.domain.verdict import Verdict\nVerdict(tone, f"{error} {error.hint}")',
        'from scanstation.domain import verdict\nverdict.stop("full", "It is full.")',
        'from scanstation.domain.verdict import Question\nQuestion(f"{count} lines. Take them?")',
    ],
)
def test_a_verdict_that_is_built_elsewhere_is_found(source: str) -> None:
    assert len([*_verdicts(source)]) == 1


@pytest.mark.parametrize("file", _ELSEWHERE, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_other_module_words_a_refusal_or_an_end(file: Path) -> None:
    assert [*_refusals(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'refused("full", "It is full.")',
        'refused("full", f"{sku} is full.")',
        'told = f"{sku} is full."\nrefused("full", told)',
        'refused("full", "It is full." if full else "It is gone.")',
        'Refused((Reason("full", f"{sku} is full."),))',
        'Reason("full", "It is " + why)',
        'Done(f"{number} is Shipped.")',
        'Done("It is gone." if gone else told)',
        'text = f"{number} is Shipped."\nDone(text, notes)',
        'Done(say.shipped(number), ("Its serials are free again.",))',
        'notes = [f"{count} are on hold."]\nDone(told, tuple(notes))',
        'notes: list[str] = []\nnotes.append("It is on hold.")\nDone(told, tuple(notes))',
        'Done(told, tuple(f"{sku} is short" for sku in short))',
    ],
)
def test_what_is_worded_elsewhere_is_found(source: str) -> None:
    assert len([*_refusals(source)]) == 1


def test_what_was_handed_over_may_be_passed_on() -> None:
    assert [
        *_refusals("refused(error.name, error.text)\nrefused('unwritable', str(error))\nReason(what, rest[0])"),
        *_refusals("Done(loaded.text, loaded.notes)\nDone(view.text if view else '')"),
    ] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_templates_are_no_f_strings(file: Path) -> None:
    lines = [node.lineno for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.JoinedStr)]
    assert lines == []


def test_a_name_has_one_template_in_all_modules() -> None:
    assert len(_TEMPLATES) > 150
    sentences = Counter(one.name for one in _TEMPLATES if one.table == "_TEXTS")
    assert [name for name, count in sentences.items() if count > 1] == []
    parts = Counter((one.file, one.table, one.name) for one in _TEMPLATES if one.table != "_TEXTS")
    assert [name for name, count in parts.items() if count > 1] == []


def test_no_two_templates_say_the_same() -> None:
    texts = Counter(one.text for one in _TEMPLATES if one.table in ("_TEXTS", "_DONE"))
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("call", _FILLED, ids=lambda call: f"{call.file}-{'-or-'.join(call.names)}")
def test_a_template_is_given_its_fields_and_no_others(call: Filled) -> None:
    assert call.names, "the name is written out where it is filled in"
    known = {(one.file, one.table, one.name): one.text for one in _TEMPLATES}
    for name in call.names:
        wanted = {field for _, field, _, _ in string.Formatter().parse(known[call.file, call.table, name]) if field}
        given = set(call.fields) | ({"code"} & wanted if call.how not in ("", "reason", "refused", "done") else set())
        assert given == wanted, name


def test_every_template_is_said() -> None:
    said = {(one.file, one.table, name) for one in _FILLED for name in one.names}
    by_name = {(one.file, one.table, one.name) for one in _TEMPLATES if one.table in ("_TEXTS", "_DONE", "_PARTS")}
    assert by_name == said


def test_a_function_is_in_one_module_so_that_callers_need_know_none() -> None:
    public = Counter(
        node.name
        for file in FILES
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    )
    assert [name for name, count in public.items() if count > 1] == []


def test_the_example_of_a_template_is_true() -> None:
    assert doctest.testmod(texts).attempted > 0
    assert doctest.testmod(texts).failed == 0
