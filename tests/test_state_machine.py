"""Whatever people do at random, the store is as the rules say (tests/machine.py)."""

import itertools
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain import status, tracking
from scanstation.domain.status import Move, UnitStatus
from scanstation.store.store import Store, create_store, open_store
from scanstation.workflows.codes import label_serials
from scanstation.workflows.site import Site
from tests.conftest import Clock
from tests.machine import make_products
from tests.machine_afterwards import GROUPS, work_at_random


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the products, made once: running the migrations takes longer than most runs."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "store.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        store = create_store(f"sqlite:///{path}", Clock())
        make_products(Site(store, "Ana", "dock-1"))
        store.close()
    return path


@pytest.fixture
def copies(template: Path, tmp_path: Path) -> Callable[[], Store]:
    """Makes a fresh store for each run."""
    number = itertools.count(1)

    def copy() -> Store:
        path = tmp_path / f"run-{next(number)}.db"
        shutil.copyfile(template, path)
        return open_store(f"sqlite:///{path}", Clock())

    return copy


@pytest.mark.parametrize("scenarios", GROUPS)
def test_whatever_people_do_the_store_is_as_the_rules_say(
    copies: Callable[[], Store], tmp_path: Path, scenarios: tuple[int, ...]
) -> None:
    work_at_random(copies, tmp_path, scenarios, 3, shrink=False)


@pytest.mark.long
@pytest.mark.parametrize("scenarios", [*GROUPS, (4, 8, 1), (3, 7, 2), (5, 6, 0)])
def test_whatever_people_do_for_a_long_time_the_store_is_as_the_rules_say(
    copies: Callable[[], Store], tmp_path: Path, scenarios: tuple[int, ...]
) -> None:
    work_at_random(copies, tmp_path, scenarios, 50)


class TestTheMachineCanFail:
    """A machine that never fails proves nothing: each of these holes it must find."""

    @pytest.mark.long
    def test_a_move_that_no_rule_knows(
        self, copies: Callable[[], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leap = replace(status.ARROWS[Move.SHIP][0], before=UnitStatus.RECEIVED)
        monkeypatch.setitem(status.ARROWS, Move.SHIP, (*status.ARROWS[Move.SHIP], leap))
        with pytest.raises(AssertionError):
            work_at_random(copies, tmp_path, (1, 3, 0), 30, shrink=False)

    def test_a_serial_that_nobody_received(
        self, copies: Callable[[], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lenient = replace(tracking.SCENARIOS[1], packing_admits=tracking.Admits.NEW_OR_RECEIVED)
        monkeypatch.setitem(tracking.SCENARIOS, 1, lenient)
        with pytest.raises(AssertionError):
            work_at_random(copies, tmp_path, (1,), 6, shrink=False)

    def test_a_mark_that_is_not_taken_off(
        self, copies: Callable[[], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(label_serials, "without_mark", lambda strip, text: None)
        with pytest.raises(AssertionError):
            work_at_random(copies, tmp_path, (2, 4), 9, shrink=False)
