"""What `doctor` says of a store."""

import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scanstation.domain.verdict import Tone
from scanstation.store.store import Store
from scanstation.store.upkeep import FileState, ServerState
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import fitness
from scanstation.workflows.upkeep.fitness import Looked
from tests.builders import product, purchase
from tests.conftest import Clock
from tests.serials import opening


def patterns(store: Store) -> list[str]:
    """What is said of patterns."""
    return [one.text for one in fitness.look(f"sqlite:///{store.path}") if one.what == "pattern"]


def test_a_serial_pattern_that_cannot_be_used_is_told_with_its_product(site: Site, store: Store) -> None:
    product(site, "GOOD", 3, pattern="A[0-9]+", secondary_pattern="B.*")
    product(site, "CAM", 3, pattern=r"(?=A)\w+", secondary_pattern="B.*")
    product(site, "LAP", 3, client="OTHER", secondary_pattern="B(")

    first, second = patterns(store)

    assert first.startswith(
        r"CAM of NORDWIND: its primary serial pattern (?=A)\w+ is not a regular expression that can be used here: "
    )
    assert first.endswith(
        "Until it is corrected, on the products screen or by loading the product again, no new serial fits it."
    )
    assert second.startswith("LAP of OTHER: its secondary serial pattern B( is not ")


def test_of_many_such_patterns_the_first_are_told(site: Site, store: Store) -> None:
    for number in range(23):
        product(site, f"CAM-{number:02}", 1, pattern="(")

    told = patterns(store)

    assert len(told) == 21
    assert told[-1] == "… and 3 more such patterns."


def test_of_a_store_that_is_well_everything_is_ok(site: Site, store: Store) -> None:
    product(site, "GOOD", 3, pattern="A[0-9]+", secondary_pattern="B.*")
    found = {one.what: one for one in fitness.look(f"sqlite:///{store.path}")}
    assert {*found} == {"store", "invariants", "rights", "journal", "file system", "free disk", "clocks", "record"}
    found.pop("file system")  # which the machine of the tests decides
    found.pop("free disk")
    assert {one.tone for one in found.values()} == {Tone.OK}


def test_guards_that_do_not_agree_and_events_to_come_are_told(site: Site, store: Store, clock: Clock) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 2})
    clock.moment = datetime(2099, 1, 1, tzinfo=UTC)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    with store.engine.begin() as tx:
        tx.exec_driver_sql("UPDATE order_line SET done = 1")
    found = {one.what: one for one in fitness.look(f"sqlite:///{store.path}")}
    assert found["invariants"].tone is Tone.STOP
    assert "N-1 of NORDWIND" in found["invariants"].text
    assert found["clocks"].tone is Tone.CHECK
    assert "A clock was set back" in found["clocks"].text


FILE = FileState(
    library="3.53.4", has_reset_bug=False, journal="wal", file_system="ext4", free=9_000_000_000, mode=0o660
)
SERVER = ServerState(
    version="15.9",
    switched_off=(),
    is_standby=False,
    standbys_wanted="",
    standbys=0,
    is_pooled=False,
    ahead_s=0.3,
)
FILES = [
    (FILE, "journal", Tone.OK, "SQLite 3.53.4, journal mode wal"),
    (replace(FILE, has_reset_bug=True, journal="truncate"), "journal", Tone.CHECK, "WAL bug"),
    (replace(FILE, has_reset_bug=True), "journal", Tone.STOP, "can damage"),
    (FILE, "file system", Tone.OK, "ext4"),
    (replace(FILE, file_system="tmpfs"), "file system", Tone.STOP, "in memory"),
    (FILE, "free disk", Tone.OK, "9,000 MB left"),
    (replace(FILE, free=100_000_000), "free disk", Tone.CHECK, "Make room"),
    (replace(FILE, free=1_000_000), "free disk", Tone.STOP, "Make room"),
    (FILE, "rights", Tone.OK, "0660"),
    (replace(FILE, mode=0o660 | stat.S_IWOTH), "rights", Tone.CHECK, "chmod o-rwx"),
]
SERVERS = [
    (SERVER, "server", Tone.OK, "PostgreSQL 15.9"),
    (replace(SERVER, switched_off=("fsync",)), "server", Tone.STOP, "has fsync off"),
    (SERVER, "standby", Tone.OK, "on one machine"),
    (replace(SERVER, is_standby=True), "standby", Tone.STOP, "target_session_attrs"),
    (replace(SERVER, standbys_wanted="b"), "standby", Tone.STOP, "none is connected"),
    (replace(SERVER, standbys_wanted="b", standbys=1), "standby", Tone.OK, "second machine"),
    (replace(SERVER, standbys=1), "standby", Tone.CHECK, "synchronous_standby_names"),
    (SERVER, "pooler", Tone.OK, "None"),
    (replace(SERVER, is_pooled=True), "pooler", Tone.OK, "stands between"),
    (SERVER, "clocks", Tone.OK, "agree"),
    (replace(SERVER, ahead_s=3720.0), "clocks", Tone.CHECK, "1:02:00 behind"),
    (replace(SERVER, ahead_s=-60.0), "clocks", Tone.CHECK, "0:01:00 before"),
]


def told(found: list[Looked], what: str) -> Looked:
    (one,) = [one for one in found if one.what == what]
    return one


@pytest.mark.parametrize(("state", "what", "tone", "says"), FILES)
def test_how_a_file_is(state: FileState, what: str, tone: Tone, says: str) -> None:
    one = told([*fitness.of_file(state)], what)
    assert (one.tone, says in one.text) == (tone, True), one.text


@pytest.mark.parametrize(("state", "what", "tone", "says"), SERVERS)
def test_how_a_server_is(state: ServerState, what: str, tone: Tone, says: str) -> None:
    one = told([*fitness.of_server(state)], what)
    assert (one.tone, says in one.text) == (tone, True), one.text
