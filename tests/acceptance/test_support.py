"""`support`: a station's last hour in a parcel, in which no serial, no name and no secret is."""

import json
import sys
import zipfile
from pathlib import Path

from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.cli.conftest import process
from tests.terminal import Terminal

SERIAL, UNKNOWN = "SN-4711-QX", "WRONG-0815-QX"
NAMES = ("Anastasia", "NORDWIND", "W-EAST", "dock-seven", "W7Q-")


def packed(home: Path, *arguments: str) -> dict[str, str]:
    (home / "parcel.zip").unlink(missing_ok=True)
    ran = process(*arguments, home=home)
    assert ran.returncode == 0, ran.stderr
    with zipfile.ZipFile(home / "parcel.zip") as parcel:
        return {name: parcel.read(name).decode() for name in parcel.namelist()}


def test_the_last_hour_without_serials_and_names(site: Site, home: Path) -> None:
    product(site, "CAM-300", 1)
    purchase(site, "N-1", {"CAM-300": 5})
    (home / "config.toml").write_text('[log]\ncodes = true\n[commands]\nprefix = "W7Q-"\n', encoding="utf-8")
    before = ["--db", f"sqlite:///{site.store.path}", "--station", "dock-seven", "--operator", "Anastasia"]
    with Terminal([sys.executable, "-m", "scanstation", *before], env={"HOME": str(home)}, cwd=home) as station:
        station.wait_for("HOME")
        for code, says in (
            ("N-1", "N-1 is open"),
            ("CAM-300", "Primary serial"),
            (SERIAL, "1 of 5"),
            (UNKNOWN, "STOP"),
        ):
            station.scan(code)
            station.wait_for(says)
        station.press("ctrl+q")
        station.wait_for("Close this station")
        station.pause(0.6)
        station.press("y")
        assert station.wait_exit() == 0

    parts = packed(home, *before, "support", "parcel.zip")
    everything = "".join(parts.values())
    for hidden in (SERIAL, UNKNOWN, *NAMES):
        assert hidden.casefold() not in everything.casefold(), hidden
    lines = [json.loads(row) for row in parts["log.jsonl"].splitlines()]
    events = [line["event"] for line in lines]
    assert (events[0], events[-1]) == ("start", "stop")
    answers = [(line["verdict"], line.get("reason")) for line in lines if "verdict" in line]
    assert len(answers) == 4
    assert answers[2] == ("OK", None)
    assert answers[3][0] == "STOP"
    assert answers[3][1]
    assert json.loads(parts["versions.json"])["schema"]
    assert {row["what"] for row in json.loads(parts["doctor.json"])} >= {"store", "backup", "terminal"}
    assert json.loads(parts["settings.json"])["wedge"]["max_gap_ms"] == 35

    whole = packed(home, *before, "support", "parcel.zip", "--with-serials")
    assert UNKNOWN in whole["log.jsonl"]
    assert "Anastasia" in whole["doctor.json"]


def test_a_password_is_in_no_parcel(home: Path) -> None:
    for more in ((), ("--with-serials",)):
        parts = packed(home, "--db", "postgresql://dockuser:s3cr3t-QX@127.0.0.1:9/dock", "support", "parcel.zip", *more)
        assert "s3cr3t" not in "".join(parts.values())
        assert json.loads(parts["versions.json"])["store"] == "StoreUnreachable"
        assert "STOP" in parts["doctor.json"]
