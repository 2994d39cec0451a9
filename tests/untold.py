"""Which texts of the program no catalog has: nobody is told them, or they are English yet.

`python -m tests.untold` writes them to `tests/untold.txt`, and the test finds what is not there yet: it is to be said
by `worded` or `word`, or, where nobody is told it, to be put there.
"""

import ast
import builtins
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import scanstation

PACKAGE = Path(scanstation.__file__).parent
LIST = Path(__file__).with_suffix(".txt")
_EXTRACTED_WHOLE = ("screens/", "domain/sheet_headers.py")
"""All fixed texts of a screen are put into the catalogs; headers of sheets are in all languages side by side."""
_ENGLISH = ("cli/manual.py", "store/migrations/", "store/models.py", "store/tables.py", "languages/")
"""The manual page; and what a database is told."""
_OF_A_DATABASE = re.compile(
    r"\b(SELECT|FROM|WHERE|PRAGMA|GRANT|REVOKE|SET LOCAL|INSERT|UPDATE|DELETE|BEGIN|SHOW|LOCK|CONFLICT|GLOB|NULL)\b"
)
_AN_ERROR_OF_OURS = re.compile("StalePlan|ConcurrencyConflict")
"""Beside the errors of Python: raised for a program, never told."""
_SAYS = {"Texts", "worded", "word", "said_later", "counted", "joined", "translated"}
_TABLES = {"Fault", "FrameFault", "Differs", "WhyNone", "Deed", "PHRASES", "QUESTION_BELOW", "_COMMANDS"}
"""Whose texts the catalogs take by their names; what commands say of themselves is taken from them."""


def files() -> list[Path]:
    """The sources that are looked through."""
    return [file for file in sorted(PACKAGE.rglob("*.py")) if not name_of(file).startswith(_EXTRACTED_WHOLE + _ENGLISH)]


def name_of(file: Path) -> str:
    """`store/copies.py`."""
    return file.relative_to(PACKAGE).as_posix()


def untold(source: str) -> Iterator[str]:
    """Words in a source outside of the places that are extracted, but for those that nobody is told: of patterns, of
    databases, of types, of what must never be. What an error says is told, unless it is raised for a program."""
    tree = ast.parse(source)
    aside = {id(one) for node in ast.walk(tree) for part in _aside(node) for one in ast.walk(part)}
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=parts) if id(node) not in aside:
                aside |= {id(part) for part in parts}
                words = "".join(part.value if isinstance(part, ast.Constant) else "…" for part in parts)  # type: ignore[misc]
            case ast.Constant(value=str() as words) if id(node) not in aside:
                pass
            case _:
                continue
        if " " in words.strip(" …") and re.search("[a-z]{2}", words) and not _OF_A_DATABASE.search(words):
            yield words


def _aside(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case (
            ast.Expr(value=ast.Constant() as part)
            | ast.Assert(msg=ast.expr() as part)
            | ast.AnnAssign(annotation=part)
            | ast.FunctionDef(returns=ast.expr() as part)
            | ast.AsyncFunctionDef(returns=ast.expr() as part)
            | ast.arg(annotation=ast.expr() as part)
        ):
            yield part
        case ast.Call(func=ast.Name(id=name)) if name in {*_SAYS, "cast"}:
            yield node
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))) | ast.FormattedValue():
            yield node
        case ast.keyword(arg="help" | "show_default" | "epilog"):
            yield node
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.ClassDef(name=name) if name in _TABLES:
            yield node
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if _is_for_a_program(name):
            yield node


def _is_for_a_program(error: str) -> bool:
    return error in dir(builtins) or _AN_ERROR_OF_OURS.fullmatch(error) is not None


def there() -> Mapping[str, list[str]]:
    """The texts of each source, in their order."""
    texts = {name_of(file): [*dict.fromkeys(untold(file.read_text(encoding="utf-8")))] for file in files()}
    return {name: of_file for name, of_file in texts.items() if of_file}


def listed() -> Mapping[str, list[str]]:
    """Those that are listed."""
    texts: dict[str, list[str]] = {}
    name = ""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            texts[name].append(ast.literal_eval(line.strip()))
        elif line and not line.startswith("#"):
            name = line
            texts[name] = []
    return texts


def main() -> None:
    lines = ["# What no catalog has: nobody is told it, or it is English yet. Written by `python -m tests.untold`."]
    for name, texts in there().items():
        lines += [name, *(f"    {text!r}" for text in sorted(texts))]
    LIST.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
