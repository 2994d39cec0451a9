"""`handover` on the command line: as a service account, and what is given up."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.domain.handover import Failure
from scanstation.store import handover
from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.site import Site
from tests import builders, erp
from tests.cli.conftest import Command
from tests.staff import turn_on


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """`handover run` takes them for itself, in a process that is its own."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def out(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A message waits; where it goes."""
    builders.product(site, "BOX", 0)
    purchase_orders.receive_all(site, builders.purchase(site, "N-1", {"BOX": 1}))
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setenv("SCANSTATION_HANDOVER__FOLDER", str(folder))
    return folder


def test_a_service_account_hands_over_by_its_pin_file_and_nobody_else_does(
    site: Site, command: Command, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(operator: str, pin: str | None = None) -> tuple[int, str]:
        file.write_text(f"{pin}\n", encoding="utf-8")
        file.chmod(0o600)
        monkeypatch.setenv("SCANSTATION_PIN_FILE", str(file) if pin else "")
        ran = command("--db", f"sqlite:///{site.store.path}", "--operator", operator, "handover", "run", "--once")
        return ran.status, ran.err

    def add(name: str, role: str) -> str:
        words = ("operators", "add", name, "--role", role, "--service", "--format", "json")
        pin: str = command("--db", f"sqlite:///{site.store.path}", "--operator", "Ana", *words).json["pin"]
        return pin

    file = tmp_path / "pin"
    pins = {"erp": add("erp", "clerk"), "robot": add("robot", "packer")}
    turn_on(site)
    refused = {
        "nobody's": run("ana"),
        "without a PIN": run("erp"),
        "another's PIN": run("erp", pins["robot"]),
        "without the right": run("robot", pins["robot"]),
    }
    assert {case: status for case, (status, _) in refused.items()} == dict.fromkeys(refused, 1)
    assert [*out.iterdir()] == []
    assert "SCANSTATION_PIN_FILE" in refused["without a PIN"][1]
    assert "hand messages over" in refused["without the right"][1]
    status, said = run("erp", pins["erp"])
    assert (status, len([*out.iterdir()])) == (0, 1), said
    file.chmod(0o644)
    ran = command("--db", f"sqlite:///{site.store.path}", "--operator", "erp", "handover", "run", "--once")
    assert (ran.status, "chmod 600" in ran.err) == (2, True)


def test_a_message_that_was_refused_for_good_is_dropped_with_a_reason_and_no_other_is(
    site: Site, ana: Command, out: Path
) -> None:
    (message,) = erp.numbered(site.store)
    assert message["number"] == 1
    assert ana("handover", "drop", "1").status == 2  # no reason
    for number in ("1", "2"):  # taken by nobody yet, unknown
        refused = ana("handover", "drop", number, "--reason", "booked by hand")
        assert (refused.status, "nobody for good" in refused.err) == (1, True)
    dead = Failure(1, "receipt", "order 1", 8, "", "the server says 422")
    site.store.act(lambda tx: handover.fail(tx, "folder", dead))
    assert ana("handover", "list", "--format", "json").json["failures"] == [
        {"target": "folder", "number": 1, "kind": "receipt", "tries": 8, "next_try": None, "said": dead.said}
    ]
    assert ana("handover", "drop", "1", "--reason", "booked by hand").status == 0
    assert ana("handover", "list", "--format", "json").json["failures"] == []
    told = [one for one in ana("report", "audit", "--format", "json").json if one["act"] == "Message dropped"]
    assert [(one["subject"], one["reason"]) for one in told] == [("1", "booked by hand")]
