"""`hold` and `release` on the command line."""

from pathlib import Path

import pytest

from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.cli.conftest import Command
from tests.workflows.done_work import received


@pytest.fixture
def dock(site: Site) -> Site:
    """Three Received cameras, of two purchase orders."""
    product(site, "CAM", 1)
    for number, serials in (("N-1", ("SN-1", "SN-2")), ("N-2", ("SN-3",))):
        received(site, purchase(site, number, {"CAM": 2}), "CAM", *serials)
    return site


def on_hold(ana: Command) -> dict[str, str]:
    return {row["primary_serial"]: row["hold"] for row in ana("report", "serials", "--on-hold").json}


def test_by_serials_by_what_they_are_and_from_a_list(dock: Site, ana: Command, tmp_path: Path) -> None:
    ran = ana("hold", "sn-1", "--reason", "wet")
    assert (ran.status, ran.out, ran.err) == (0, "", "SN-1 is on hold now.\n")
    assert on_hold(ana) == {"SN-1": "wet"}
    ran = ana("hold", "--po", "N-1", "--preview")
    assert (ran.status, ran.err) == (0, "CAM: 1 unit Received\n")
    assert ana("hold", "--po", "N-1", "--reason", "recall").err == "SN-2 is on hold now.\n"
    file = tmp_path / "list.txt"
    file.write_text("SN-3\n\nSN-1\n")
    ran = ana("hold", "--file", str(file), "--reason", "recall")
    assert ran.err.splitlines() == ["SN-3 is on hold now.", "  1 unit was on hold already."]
    assert on_hold(ana) == {"SN-1": "wet", "SN-2": "recall", "SN-3": "recall"}
    assert ana("release", "--sku", "CAM", "--reason", "good").err == "3 units are not on hold any more.\n"
    assert on_hold(ana) == {}
    assert ana("db", "check").status == 0


def test_what_is_refused_changes_nothing(dock: Site, ana: Command, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("SN-1\nSN-9\nSN-8\n")
    ran = ana("hold", "--file", str(file), "--reason", "wet")
    assert (ran.status, len(ran.err.splitlines())) == (1, 2)
    for arguments, status in (
        (("hold", "SN-1"), 2),
        (("hold", "--reason", "wet"), 2),
        (("hold", "SN-1", "--po", "N-1", "--reason", "wet"), 2),
        (("hold", "--file", str(tmp_path / "none"), "--reason", "wet"), 2),
        (("hold", "SN-1", "--reason", " "), 1),
        (("hold", "--sku", "NONE", "--reason", "wet"), 1),
        (("release", "SN-1", "--reason", "dry"), 1),
        (("release", "--sku", "CAM", "--reason", "dry"), 1),
    ):
        ran = ana(*arguments)
        assert ran.status == status, (arguments, ran.err)
        assert ran.err.strip()
        assert "Traceback" not in ran.err
    assert on_hold(ana) == {}
