"""`operators` on the command line."""

from pathlib import Path

import pytest

from scanstation.domain.operators import is_badge
from tests.cli.conftest import Command


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    """The PIN that everybody here has."""
    file = tmp_path / "pin"
    file.write_text("135790\n")
    file.chmod(0o600)
    return file


def test_from_nobody_to_sign_in_and_back(ana: Command, pin_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ana("operators", "sign-in", "on").status == 1
    added = ana("operators", "add", "Ana", "--role", "manager", "--pin-file", pin_file)
    assert (added.status, added.out) == (0, "")
    printed = ana("operators", "badge", "Ana")
    assert (printed.status, printed.out) == (0, "")
    assert "BADGE-" in Path("badges.html").read_text()
    assert ana("operators", "sign-in", "on").status == 0
    assert ana("operators", "sign-in", "--format", "json").json == {"sign_in": "on"}

    refused = ana("operators", "sign-in", "off")
    assert refused.status == 1
    assert "SCANSTATION_PIN_FILE" in refused.err
    monkeypatch.setenv("SCANSTATION_PIN_FILE", str(pin_file))
    assert ana("operators", "sign-in", "off").status == 0


def test_the_list_and_the_roles_say_who_may_what(ana: Command) -> None:
    assert ana("operators", "add", "Ben", "--role", "packer", "--right", "ship").status == 0
    service = ana("operators", "add", "erp", "--role", "clerk", "--service", "--format", "json").json
    assert len(service["pin"]) == 32
    assert ana("operators", "role", "night", "--right", "receive").status == 0
    assert ana("operators", "list", "--format", "json").json == [
        {"name": "Ben", "service": False, "disabled": False, "roles": ["packer"], "rights": ["pack", "ship"],
         "pin": False, "badge": False},
        {"name": "erp", "service": True, "disabled": False, "roles": ["clerk"],
         "rights": ["import", "products", "view"], "pin": True, "badge": False},
    ]  # fmt: skip
    assert {"name": "night", "rights": ["receive"]} in ana("operators", "roles", "--format", "json").json
    assert "packer" in ana("operators", "list", "--format", "table").out
    assert ana("operators", "disable", "ben").status == 0
    assert ana("operators", "disable", "ben").status == 1
    assert ana("operators", "enable", "ben").status == 0


def test_a_badge_goes_where_it_is_asked(ana: Command, tmp_path: Path) -> None:
    ana("operators", "add", "Ben")
    code = ana("operators", "badge", "Ben", "--format", "json").json["badge"]
    assert is_badge(code)
    assert not Path("badges.html").exists()
    pdf = tmp_path / "ben.pdf"
    assert ana("operators", "badge", "Ben", "--day", "--output", pdf).status == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    wrong = ana("operators", "badge", "Ben", "--output", tmp_path / "ben.txt")
    assert (wrong.status, wrong.out) == (2, "")
    assert ana("operators", "badge", "Nobody").status == 1


def test_what_is_wrong_with_a_pin_file(ana: Command, pin_file: Path, tmp_path: Path) -> None:
    pin_file.chmod(0o644)
    assert ana("operators", "add", "Ben", "--pin-file", pin_file).status == 2
    assert ana("operators", "add", "Ben", "--pin-file", tmp_path / "none").status == 2
    assert ana("operators", "reset-pin", "Ben").status == 2
    pin_file.chmod(0o600)
    pin_file.write_text("123456\n")
    assert ana("operators", "add", "Ben", "--pin-file", pin_file).status == 1


def test_a_host_takes_the_key_of_another(ana: Command, tmp_path: Path, home: Path) -> None:
    ana("operators", "add", "Ben")
    carried = tmp_path / "carried"
    assert ana("operators", "key", "--output", carried).status == 0
    (key,) = home.rglob("*.key")
    key.unlink()
    assert ana("operators", "badge", "Ben").status == 1
    assert ana("operators", "key", carried).status == 0
    assert ana("operators", "badge", "Ben").status == 0
    assert ana("operators", "key").status == 2
