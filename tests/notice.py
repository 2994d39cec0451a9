"""NOTICE: every package that the program needs at run time, with its licence. `make notice` writes it anew."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

_ROOT = Path(__file__).parents[1]
FILE = _ROOT / "NOTICE"
_OURS: list[str] = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
_HEAD = """ScanStation is MIT-licensed (LICENSE). It is used with these packages, which keep their own licences and are
installed beside it, unchanged; their texts lie in each package's folder.

"""
_FOOT = """
The fonts in scanstation/workflows/codes/fonts are parts of DejaVu (Bitstream Vera licence): LICENSE.txt beside them.
"""
_LOOKED_UP = {"pysqlite3": "Zlib"}
"""Packages whose metadata do not say it: read in the licence's text that comes with them."""
_ON_WINDOWS_ALONE = {"pywin32": "Python Software Foundation License", "tzdata": "Apache-2.0"}
"""Not installed here; looked up where they are published."""
_COPYLEFT = {
    "certifi": "MPL: the list of certificate authorities, unchanged.",
    "psycopg": "LGPL: used as a library, unchanged, and may be replaced by another version.",
    "psycopg-binary": "LGPL; its wheel also holds libpq (PostgreSQL licence) and OpenSSL (Apache-2.0).",
}


def notice() -> str:
    """The text, as what is installed here has it."""
    rows = []
    for name in sorted(_needed("scanstation", set()) - {"scanstation"} | _ON_WINDOWS_ALONE.keys()):
        if licence := _ON_WINDOWS_ALONE.get(name):
            rows.append(f"{name}: {licence}, on Windows alone")
        else:
            rows.append(f"{name}: {_licence(distribution(name))}")
        if note := _COPYLEFT.get(name):
            rows.append(f"    {note}")
    return _HEAD + "\n".join(rows) + "\n" + _FOOT


def _needed(name: str, seen: set[str], extras: frozenset[str] = frozenset()) -> set[str]:
    key = re.sub(r"[-_.]+", "-", name).lower()
    seen.add(key)
    # Our own as they stand in the file: what was installed may be older.
    requires = _OURS if name == "scanstation" else distribution(name).requires or ()
    for requirement in map(Requirement, requires):
        wanted = [{"extra": extra} for extra in (extras or {""})]
        if requirement.marker and not any(requirement.marker.evaluate(one) for one in wanted):
            continue
        found = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if found not in seen or requirement.extras:
            _needed(requirement.name, seen, frozenset(requirement.extras))
    return seen


def _licence(package: Distribution) -> str:
    """By the newest of the three ways in which packages have said it."""
    expression, *_ = package.metadata.get_all("License-Expression") or [""]
    if expression:
        return str(expression)
    classified = [*_classified(package)]
    said = "".join(package.metadata.get_all("License") or []).strip()
    if classified or said:
        return ", ".join(classified) or said.splitlines()[0]
    return _LOOKED_UP[package.name]


def _classified(package: Distribution) -> Iterator[str]:
    for classifier in package.metadata.get_all("Classifier") or ():
        if classifier.startswith("License :: "):
            yield classifier.rpartition(" :: ")[2]


if __name__ == "__main__":
    FILE.write_text(notice(), encoding="utf-8")
