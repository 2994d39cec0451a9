"""The tests are a house too: what several need stands in a module of its own, and the domain is tested by itself.

And one rule for the names in the package.
"""

import ast
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from scanstation import __version__

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "scanstation"
DOMAIN = PACKAGE / "domain"
SAY_NOTHING = ("found", "told", "said", "shown")
"""Names that say how a value was come by, not what it is."""
MOST_LINES = 3
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, *COMPREHENSIONS)


def imports(source: str) -> Iterator[str]:
    """The names of all modules that may be meant."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def of_tests(source: str) -> list[str]:
    return [
        name
        for name in imports(source)
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))
    ]


def test_imports_of_test_modules_are_seen() -> None:
    for line in (
        "from tests.cli.test_db import ana",
        "from tests.cli.test_db import *",
        "from tests.cli import test_db",
        "import tests.cli.test_db",
        "def one():\n    from tests.cli.test_db import ana",
    ):
        assert of_tests(line), line
    assert not of_tests("from tests.cli.conftest import ana\nfrom tests.postgresql import Server")


def test_no_test_module_is_imported_by_another() -> None:
    importing = {
        str(file.relative_to(TESTS)): found
        for file in TESTS.rglob("*.py")
        if (found := of_tests(file.read_text(encoding="utf-8")))
    }
    assert importing == {}


def decides(source: str) -> bool:
    """Is there a function or a method in it? Records, enums and errors alone need no test."""
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.FunctionDef) and not node.name.startswith("__") for node in nodes)


def test_every_module_of_the_domain_that_decides_something_has_its_tests() -> None:
    rooms = {path.stem: path.rglob("*.py") if path.is_dir() else [path] for path in DOMAIN.iterdir()}
    deciding = {name for name, files in rooms.items() if any(decides(file.read_text("utf-8")) for file in files)}
    assert len(deciding) > 20
    assert {name for name in deciding if not (TESTS / "domain" / f"test_{name}.py").exists()} == set()


def lines_of(name: str, scope: ast.AST) -> list[int]:
    """The lines of a variable or parameter that a scope has of its own, inner scopes' uses too; none if it has not."""
    lines, is_bound, todo = [], False, [*ast.iter_child_nodes(scope)]
    while todo:
        node = todo.pop()
        if isinstance(node, SCOPES) and lines_of(name, node):
            continue  # the inner scope has its own of this name
        if isinstance(node, ast.NamedExpr) and isinstance(scope, COMPREHENSIONS):
            todo.append(node.value)  # its variable is the function's
            continue
        todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Name) and node.id == name:
            is_bound = is_bound or isinstance(node.ctx, ast.Store)
        elif isinstance(node, ast.arg) and node.arg == name:
            is_bound = True
        else:
            continue
        lines.append(node.lineno)
    return lines if is_bound else []


def long_lived(source: str) -> list[tuple[int, str]]:
    """The variables and parameters that outlive three lines under a name that does not say what they are."""
    scopes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, SCOPES)]
    lives = [(lines, name) for scope in scopes for name in SAY_NOTHING if (lines := lines_of(name, scope))]
    return sorted((min(lines), name) for lines, name in lives if max(lines) - min(lines) > MOST_LINES)


def test_long_lived_values_without_a_telling_name_are_seen() -> None:
    for source in (
        "def a():\n    found = b()\n\n\n\n    return found",
        "def a():\n    found = b()\n\n\n\n    return [one for one in c if one in found]",
        "def a():\n    if found := b():\n        c()\n        d()\n        e()\n        f(found)",
        "def a(found):\n    b()\n    c()\n    d()\n    return found",
        "async def a():\n    for found, _ in b():\n        c()\n        d()\n        e()\n        f(found)",
        "class A:\n    def a(self):\n        return b(\n            lambda found: c(\n\n\n\n                found))",
        "def a():\n    if any((found := one) for one in b):\n        c()\n        d()\n        e()\n        f(found)",
    ):
        assert [name for _, name in long_lived(source)] == ["found"], source
    assert long_lived("def a(said):\n    b()\n    told = c()\n    d()\n    e()\n    f()\n    g(told, said)") == [
        (1, "said"),
        (3, "told"),
    ]


def test_short_lived_values_are_not_nor_attributes_and_keywords() -> None:
    for source in (
        "def a():\n    found = b()\n    c()\n    d()\n    return found",
        "def a():\n    b(found=1)\n\n\n\n    return c.found",
        "def a():\n    b([found for found in c])\n\n\n\n    d([found for found in e])",
        "def a():\n    def b():\n        found = c()\n        return found\n\n\n    found = d()\n    return found",
        "def a():\n    units_found = b()\n\n\n\n    return units_found",
    ):
        assert not long_lived(source), source


def test_what_outlives_three_lines_is_named_for_what_it_is() -> None:
    places = [
        f"{file.relative_to(PACKAGE.parent)}:{line}: {name}"
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.name != "models.py" and "migrations" not in file.relative_to(PACKAGE).parts
        for line, name in long_lived(file.read_text(encoding="utf-8"))
    ]
    assert not places, "\n".join(places)


def test_the_version_is_the_packages() -> None:
    assert __version__ == version("scanstation")


def test_the_store_needs_nothing_that_distributed_engines_lack() -> None:
    """docs/scaling.md says that these are used nowhere."""
    used = [
        (file.name, word)
        for file in sorted((PACKAGE / "store").glob("*.py"))
        for word in ("advisory", "LISTEN", "NOTIFY", "SERIALIZABLE")
        if word in file.read_text(encoding="utf-8")
    ]
    assert used == []
