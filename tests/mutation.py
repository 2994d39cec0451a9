"""Mutation testing of the decisions: `make test-mutation`, or `python -m tests.mutation MODULE TESTS…` for one module.

One thing of a module is changed at a time (a comparison, an `and`, a number, a name of an Enum, a returned value; texts
stay as they are), and its tests must fail. Each mutant runs in a fork of this process, which has imported pytest and
nothing of ours; the module comes out of memory, so no file is ever changed. The tests that noticed the last ones run
first. What no test notices is printed.
"""

import ast
import contextlib
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import hypothesis  # noqa: F401 - once, and not in each fork
import pytest

ROOT = Path(__file__).parent.parent
_OF_JUDGING = tuple(f"workflows/test_{name}" for name in ("judging", "import_rules", "marks", "boxed_codes"))
TESTS_OF = {
    "scanstation.domain.tracking": ("domain/test_tracking", "domain/test_work_rules"),
    "scanstation.domain.status": ("domain/test_status", "domain/test_orders", "domain/test_units"),
    "scanstation.domain.work_rules": ("domain/test_work_rules", "domain/test_owed_codes", "domain/test_questions"),
    "scanstation.domain.codes": ("domain/test_codes", "domain/test_gtin", "domain/test_not_serials"),
    "scanstation.domain.operators": ("domain/test_operators",),
    "scanstation.workflows.imports.judging": _OF_JUDGING,
    "scanstation.workflows.imports.lines": _OF_JUDGING,
    "scanstation.workflows.imports.purchase_rows": (*_OF_JUDGING, "workflows/test_bringing_back"),
    "scanstation.workflows.imports.shipment_rows": (*_OF_JUDGING, "workflows/test_lots"),
    "scanstation.workflows.imports.together": _OF_JUDGING,
    "scanstation.store.moves": ("store/test_units", "workflows/test_holding", "workflows/test_regrading"),
}
"""Decisions, and the modules of tests that hold them; those of tests/domain need no store."""
_LONGEST_S = 300
_COMPARED = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COUNTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv}


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, what was changed, and the module with it; one change each."""
    whole = ast.parse(source)
    shapes = {
        id(part)
        for node in ast.walk(whole)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        for part in ast.walk(decorator)
    }  # frozen, slots: no decisions
    for place, node in enumerate(ast.walk(whole)):
        if id(node) in shapes:
            continue
        for what in _changes(node):
            changed = copy.deepcopy(whole)
            found = next(one for at, one in enumerate(ast.walk(changed)) if at == place)
            before = ast.unparse(found)
            _change(found, what)
            after = ast.unparse(ast.fix_missing_locations(changed))
            yield getattr(node, "lineno", 0), f"{before[:60]} ({what})", after


def _changes(node: ast.AST) -> Sequence[str]:
    """How a node can be changed."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
        return ("compare",)
    if isinstance(node, ast.BoolOp):
        return ("other",)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ("twice",)
    if isinstance(node, ast.BinOp) and type(node.op) in _COUNTED and not isinstance(node.left, ast.Constant):
        return ("count",)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return ("negate",)
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ("one more",)
    if isinstance(node, ast.If | ast.IfExp):
        return ("always", "never")
    return ()


def _change(node: ast.AST, what: str) -> None:
    match node:
        case ast.Compare():
            node.ops[0] = _COMPARED[type(node.ops[0])]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.BinOp():
            node.op = _COUNTED[type(node.op)]()
        case ast.Constant():
            node.value = not node.value if what == "negate" else node.value + 1  # type: ignore[operator]
        case ast.If() | ast.IfExp():
            node.test = ast.Constant(what == "always")


class _OutOfMemory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a text."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    def find_spec(self, name: str, _path: object, _target: object = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.text, f"<mutant of {self.name}>", "exec"), module.__dict__)


class _Order:
    """In which order tests run, as a plugin of pytest: those that failed lately first."""

    def __init__(self, failed_lately: Sequence[str], tell: int) -> None:
        self._places = {test: place for place, test in enumerate(failed_lately)}
        self._tell = tell

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._places.get(item.nodeid, len(self._places)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self._tell, report.nodeid.encode() + b"\n")


_failed_lately: list[str] = []
"""Names of tests, the last one first."""


def is_noticed(name: str, text: str, tests: Sequence[str]) -> bool:
    """Does a test fail, or does nothing start, with this in place of a module?"""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        signal.alarm(_LONGEST_S)  # one that never ends is noticed too
        with contextlib.suppress(BaseException), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            sys.meta_path.insert(0, _OutOfMemory(name, text))
            files = [str(ROOT / "tests" / f"{test}.py") for test in tests]
            options = [
                "-x",
                "-q",
                *(["--noconftest"] if all(test.startswith("domain/") for test in tests) else []),
                *("-p", "no:cacheprovider"),
                *("-k", "not postgresql"),  # what holds on both stores is as true on one
                "-W",
                "ignore::pytest.PytestAssertRewriteWarning",
            ]
            with contextlib.redirect_stdout(io.StringIO()):
                status = pytest.main([*options, *files], plugins=[_Order(_failed_lately, tell)])
        os._exit(int(status))
    os.close(tell)
    with os.fdopen(hear, encoding="utf-8") as failed:
        for test in failed.read().splitlines():
            with contextlib.suppress(ValueError):
                _failed_lately.remove(test)
            _failed_lately.insert(0, test)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == -signal.SIGALRM:
        print(f"{name}: one run took more than {_LONGEST_S} s, which counts as noticed", flush=True)
    return status != 0


def survivors(name: str) -> tuple[int, list[tuple[int, str]]]:
    """How many mutants a module has, and which no test notices."""
    source = (ROOT / (name.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    tests = TESTS_OF[name]
    if is_noticed(name, source, tests):
        raise SystemExit(f"The tests of {name} fail as it is, or take too long.")
    count, left = 0, []
    for line, what, text in mutants(source):
        count += 1
        if not is_noticed(name, text, tests):
            left.append((line, what))
            print(f"{name}:{line}: {what}", flush=True)
    return count, left


def main() -> int:
    """Every module that is named, or all; 1 where a mutant lives."""
    lived = 0
    for name in sys.argv[1:] or TESTS_OF:
        count, left = survivors(name)
        lived += len(left)
        print(f"{name}: {count} mutants, {len(left)} noticed by no test", flush=True)
    return min(lived, 1)


if __name__ == "__main__":
    sys.exit(main())
