"""The name of every refusal, question and finding that the program can give, as its source has them."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from scanstation.domain.not_serials import Kind
from scanstation.domain.status import UnitStatus
from tests.domain.sentences import FILES, PACKAGE

_SAID = {"stop", "check", "ask", "reason", "refused"}
_GIVEN = {
    *("Reason", "refused", "RowFinding", "RowProblem", "Suspicion", "Objection", "StoreFinding", "Trouble"),
    *("_trouble", "store_refuses"),
}
"""What takes the name of a reason first, outside of the sentences."""
_SCHEMA = json.loads((PACKAGE / "store" / "migrations" / "schema.json").read_text(encoding="utf-8"))
_MADE_UP = {
    "'-'.join(('already', status.value.lower()))": {
        f"already-{status.value.lower()}"
        for status in UnitStatus
        if status not in (UnitStatus.HELD, UnitStatus.IN_TRANSIT, UnitStatus.GONE)
    },
    "f'nothing-{done}'": {"nothing-received", "nothing-packed"},
    "f'{kind}-missing'": {f"{words.split()[0]}-missing" for store in _SCHEMA.values() for words in store},
}
"""Names that are put together as the program runs, by their expressions."""
_FIELDS_OF_REPORTS = {"client", "warehouse", "purchase_order", "shipment_order"}
_NAMES_ONE = {
    True: re.compile(r"\b(?:_TEXTS\.|stop\(|check\(|ask\(|Verdict\()"),
    False: re.compile(rf"\b(?:{'|'.join(_GIVEN)})\("),
}
"""Where a look is worth while, in sentences and elsewhere."""
_CONSTANT = re.compile(r'^(_?[A-Z][A-Z_]+) = "([a-z-]+)"$', re.MULTILINE)


def reasons() -> set[str]:
    """All of them."""
    texts = {file: file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py")}
    constants = {name: {value} for text in texts.values() for name, value in _CONSTANT.findall(text)}
    found = {kind.value for kind in Kind} | _FIELDS_OF_REPORTS
    for file, text in texts.items():
        in_sentences = file in FILES
        if file.name == "texts.py" or not _NAMES_ONE[in_sentences].search(text):
            continue
        for function in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)):
            nodes = [*ast.walk(function)]
            for call in (node for node in nodes if isinstance(node, ast.Call)):
                if (named := _named(call, in_sentences=in_sentences)) is not None:
                    found |= {name.partition("/")[0] for name in _values(named, nodes, constants)}
    return found


def _named(call: ast.Call, *, in_sentences: bool) -> ast.expr | None:
    """What a call gives the name of a reason; None for any other call."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="_TEXTS"), attr=how) if in_sentences and how in _SAID:
            return next((one.value for one in call.keywords if one.arg == "reason"), call.args[0])
        case ast.Name(id=("stop" | "check" | "ask")) if in_sentences:
            return call.args[0]
        case ast.Name(id="Verdict") if in_sentences:
            return next((one.value for one in call.keywords if one.arg == "reason"), (*call.args, None, None, None)[3])
        case ast.Name(id=name) | ast.Attribute(attr=name) if not in_sentences and name in _GIVEN and call.args:
            return call.args[0]
    return None


def _values(named: ast.expr, nodes: Sequence[ast.AST], constants: Mapping[str, set[str]]) -> Iterator[str]:
    """The names that an expression may be; none where one is passed on.

    Raises:
        KeyError: it is put together in a way that `_MADE_UP` does not know.
    """
    match named:
        case ast.Constant(value=str() as name):
            yield name
        case ast.IfExp(body=one, orelse=other):
            yield from _values(one, nodes, constants)
            yield from _values(other, nodes, constants)
        case ast.Name(id=variable):
            yield from constants.get(variable, ())
            for value in _assigned(variable, nodes):
                yield from _values(value, nodes, constants)
        case ast.Attribute():
            return
        case _:
            yield from _MADE_UP[ast.unparse(named)]


def _assigned(variable: str, nodes: Sequence[ast.AST]) -> Iterator[ast.expr]:
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == variable:
                yield value
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for one, value in zip(targets, values, strict=False):
                    if isinstance(one, ast.Name) and one.id == variable:
                        yield value
