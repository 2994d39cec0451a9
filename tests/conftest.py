"""A fresh store for each test, and folders of its own for whatever a user's home would hold.

The store is a SQLite file. Tests marked `both_stores` run on PostgreSQL too (three cases of a table, the others among
the long tests), those of tests/on_postgresql only there, as a role with the rights of a station and no others; those
marked `as_owner` change what a station may not.
"""

import shutil
import signal
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from scanstation import processes, site_key
from scanstation.site_key import SiteKey
from scanstation.store.store import Store, create_store, open_store
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.moving import roles
from tests.postgresql import STATION_ROLE, Server, running_server
from tests.reliability.rounds import SEEN
from tests.warm import START, start_warm

# How long an example takes says something about what else the machine is doing, and nothing about the code.
settings.register_profile("station", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("station")

# A shell starts what runs in the background with these ignored, and every program of the tests would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

Copied = TypeVar("Copied")


class Clock:
    """A clock that a test moves; each look is a millisecond later, so that times sort as they happened."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("LANGUAGE", "en")  # whatever the machine's own is
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture(scope="session", autouse=True)
def warm_reading() -> Iterator[None]:
    """Sheets are read by processes that need not import what reads them: to do so costs more than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "start", start_warm)
        yield


@pytest.fixture
def fresh_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the reading process itself is tested: it is started as a station starts it."""
    monkeypatch.setattr(processes, "start", START)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store nobody has used, to be copied: migrating a new one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        return _remembered(create_store(f"sqlite:///{folder / 'store.db'}"), folder / "store.db")


_KEYS: dict[object, SiteKey] = {}
"""The keys of the stores that are copied: each test's home gets its own."""


def _remembered(new: Store, name: Copied) -> Copied:
    assert new.site_key is not None
    _KEYS[name] = new.site_key
    new.close()
    return name


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, started for the first test that asks for it."""
    with running_server() as running:
        yield running


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A database with an empty store in it; to copy it is faster than to run the migrations again."""
    name = server.new_database()
    _remembered(create_store(server.url(name)), name)
    server.run(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(STATION_ROLE)))
    rights = roles(server.url(name), STATION_ROLE)
    assert isinstance(rights, str)
    server.run_in(name, rights)
    return name


@pytest.fixture
def url(request: pytest.FixtureRequest, server: Server, template: str) -> Iterator[str]:
    """The address of a fresh store on the server, for a role with the rights that `db roles` gives and no others."""
    name = server.new_database(template)
    site_key.keep(_KEYS[template])
    is_owner = request.node.get_closest_marker("as_owner") is not None
    yield server.url(name) if is_owner else server.station_url(name)
    server.drop_database(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in SEEN:  # the figures for docs/reliability.md
        terminalreporter.write_line(line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_stores"):
        metafunc.parametrize("store", ["sqlite", "postgresql"], indirect=True)


_CASES_ON_SERVER = 3


def _is_on_server(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and (
        hasattr(item, "callspec") and item.callspec.params.get("store") == "postgresql"
    )


@pytest.hookimpl(tryfirst=True)  # before the long ones are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on the server first: so they stand together, and the fewest workers start one.

    Of a table of cases the first, the middle and the last run there, the others among the long tests: the statements
    are the same. Of a table marked `wide` as many cases run as the mark says, spread over it.
    """
    tables: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        mark = item.get_closest_marker("wide")
        if _is_on_server(item) or mark:
            tables[item.nodeid.partition("[")[0], mark.args[0] if mark else _CASES_ON_SERVER].append(item)
    for (_, count), cases in tables.items():
        kept = {round(at * (len(cases) - 1) / (count - 1)) for at in range(count)}
        for at, case in enumerate(cases):
            if at not in kept:
                case.add_marker(pytest.mark.long)

    def needs_no_server(item: pytest.Item) -> bool:
        assert isinstance(item, pytest.Function)
        return not _is_on_server(item) and "server" not in item.fixturenames

    items.sort(key=needs_no_server)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, empty_store: Path, clock: Clock) -> Iterator[Store]:
    if getattr(request, "param", "sqlite") == "postgresql":
        address = request.getfixturevalue("url")
    else:
        address = f"sqlite:///{shutil.copy(empty_store, tmp_path / 'store.db')}"
        site_key.keep(_KEYS[empty_store])
    opened = open_store(address, clock)
    yield opened
    opened.close()


@pytest.fixture
def site(store: Store) -> Site:
    return Site(store, operator="Ana", station="dock-2")
