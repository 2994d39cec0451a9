"""A station makes backups by itself while scans go on: of two stations one does, and the overview tells."""

import sys
from pathlib import Path

from scanstation.store import upkeep
from scanstation.store.store import open_store
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.terminal import Terminal


def test_two_stations_make_one_backup_and_tell_of_it(site: Site, tmp_path: Path) -> None:
    product(site, "BAT-100", 0)
    purchase(site, "N-1", {"BAT-100": 5})
    folder = tmp_path / "backups"
    folder.mkdir()
    (tmp_path / "config.toml").write_text(f'[backup]\nfolder = "{folder}"\n', encoding="utf-8")

    def begin(name: str) -> Terminal:
        words = [sys.executable, "-m", "scanstation", "--config", str(tmp_path / "config.toml")]
        words += ["--db", f"sqlite:///{site.store.path}", "--station", name, "--operator", "Ana"]
        return Terminal(words, cwd=tmp_path)

    with begin("dock-1") as one, begin("dock-2") as other:
        for terminal in (one, other):
            terminal.wait_for("HOME")
        one.scan("N-1")
        one.wait_for("N-1 is open")
        other.press("f9")
        other.wait_for("1 kept in")
        one.scan("BAT-100")
        one.wait_for("1 of 5")
    (made,) = folder.glob("store.backup.*.db")
    kept = open_store(f"sqlite:///{made}")
    assert upkeep.findings(kept) == []
    kept.close()
