"""The sentences as their source has them: which templates there are, and who fills them in."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import scanstation

PACKAGE = Path(scanstation.__file__).parent
HOME = PACKAGE / "domain" / "sentences"
FILES = sorted(HOME.glob("*.py"))


@dataclass(frozen=True)
class Template:
    """A template where it stands."""

    file: str
    table: str
    """`_TEXTS`, `_DONE` or `_PARTS`."""
    name: str
    text: str


@dataclass(frozen=True)
class Filled:
    """A call that fills a template in."""

    file: str
    table: str
    how: str
    """`stop`, `check`, `ok`, `ask`, `reason`, `refused`, `done`, or empty for a part."""
    names: tuple[str, ...]
    fields: frozenset[str]


def templates(file: Path) -> Iterator[Template]:
    """The templates of a module; a value that is no plain text is told as such."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=table)],
                value=ast.Call(func=ast.Name(id="Texts"), args=[ast.Dict(keys=keys, values=values)]),
            ):
                for key, value in zip(keys, values, strict=True):
                    match key, value:
                        case ast.Constant(value=str() as name), ast.Constant(value=str() as text):
                            yield Template(file.name, table, name, text)
                        case _:
                            raise AssertionError(f"{file.name}:{value.lineno}: a template is plain text by its name")


def filled(file: Path) -> Iterator[Filled]:
    """Every place of a module that fills a template in."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=("_TEXTS" | "_DONE" | "_PARTS") as table), attr=how)):
                yield _filled(file, table, how, node)
            case ast.Call(func=ast.Name(id=("_TEXTS" | "_DONE" | "_PARTS") as table)):
                yield _filled(file, table, "", node)


_OF_THE_VERDICT = {"reason", "whole", "may_change", "no", "again_is_yes", "choices"}


def _filled(file: Path, table: str, how: str, call: ast.Call) -> Filled:
    named = {keyword.arg or "**" for keyword in call.keywords} - _OF_THE_VERDICT
    return Filled(file.name, table, how, tuple(_names(file, call.args[0])), frozenset(named))


def _names(file: Path, argument: ast.expr) -> Iterator[str]:
    """The names that a first argument may be: a literal, one of two, or a variable that is one of two."""
    match argument:
        case ast.Constant(value=str() as name):
            yield name
        case ast.IfExp(body=one, orelse=other):
            yield from _names(file, one)
            yield from _names(file, other)
        case ast.Name(id=variable):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == variable:
                        yield from _names(file, value)
