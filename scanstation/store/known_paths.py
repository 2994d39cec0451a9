"""The paths where stores have been, so that none is created where one has gone missing.

A forgotten mount leaves an empty folder behind; a new store in it would look like a warehouse without stock.
"""

from pathlib import Path

from platformdirs import user_state_path

from scanstation.files import private


def _list() -> Path:
    return user_state_path("scanstation", ensure_exists=True) / "known-stores.txt"


def was_here(path: Path) -> bool:
    """Has a store been opened at this path by this user before?"""
    return str(path) in _known()


def remember(path: Path) -> None:
    """Note that a store is at this path."""
    if not was_here(path):
        with open(_list(), "a", encoding="utf-8", opener=private) as known:
            known.write(f"{path}\n")


def forget(path: Path) -> None:
    """The store at this path was thrown away on purpose (the demo's)."""
    left = [line for line in _known() if line != str(path)]
    with open(_list(), "w", encoding="utf-8", opener=private) as known:
        known.writelines(f"{line}\n" for line in left)


def _known() -> list[str]:
    try:
        return _list().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
