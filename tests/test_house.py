"""The tests are a house too: what several need stands in a module of its own, and the domain is tested by itself."""

import ast
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from scanstation import __version__

TESTS = Path(__file__).parent
DOMAIN = TESTS.parent / "scanstation" / "domain"


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
    told = {
        str(file.relative_to(TESTS)): found
        for file in TESTS.rglob("*.py")
        if (found := of_tests(file.read_text(encoding="utf-8")))
    }
    assert told == {}


def decides(source: str) -> bool:
    """Is there a function or a method in it? Records, enums and errors alone need no test."""
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.FunctionDef) and not node.name.startswith("__") for node in nodes)


def test_every_module_of_the_domain_that_decides_something_has_its_tests() -> None:
    rooms = {path.stem: path.rglob("*.py") if path.is_dir() else [path] for path in DOMAIN.iterdir()}
    deciding = {name for name, files in rooms.items() if any(decides(file.read_text("utf-8")) for file in files)}
    assert len(deciding) > 20
    assert {name for name in deciding if not (TESTS / "domain" / f"test_{name}.py").exists()} == set()


def test_the_version_is_the_packages() -> None:
    assert __version__ == version("scanstation")
