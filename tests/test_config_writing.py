"""Writing into config.toml: the keys that were asked for, and nothing else moves."""

import stat
from pathlib import Path

import pytest

from scanstation import config
from scanstation.config_writing import file_to_write, set_in_environment, write_changes
from scanstation.domain.heard import Change
from scanstation.domain.outcome import Done, Refused

SHIPPED = (Path(__file__).parents[1] / "config.toml").read_text(encoding="utf-8")
SLOWER = (Change("max_gap_ms", 60.0, 35.0), Change("max_avg_ms", 45.0, 25.0))
SAFER = Change("require_aim", True, False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_only_the_values_change_in_the_projects_own_file(file: Path) -> None:
    file.write_text(SHIPPED, encoding="utf-8")
    written = write_changes(file, SLOWER)
    assert written == Done(f"max_gap_ms and max_avg_ms written to {file}.")
    wanted = SHIPPED.replace("max_gap_ms = 35.0", "max_gap_ms = 60.0").replace("max_avg_ms = 25.0", "max_avg_ms = 45.0")
    assert file.read_text(encoding="utf-8") == wanted
    assert config.load(file).wedge.max_gap_ms == 60


def test_a_new_key_stands_with_its_table_and_comments_stay_with_theirs(file: Path) -> None:
    file.write_text("[wedge] # guns\nmax_gap_ms = 40 # slow\n\n# The bell\n# rings\n[feedback]\nbell = false\n")
    write_changes(file, (SAFER, *SLOWER))
    assert file.read_text() == (
        "[wedge] # guns\nmax_gap_ms = 60.0 # slow\nrequire_aim = true\nmax_avg_ms = 45.0\n"
        "\n# The bell\n# rings\n[feedback]\nbell = false\n"
    )


@pytest.mark.parametrize("before", ["", "# mine\n", '[station]\nname = "dock-2"\n', "wedge = { min_length = 5 }\n"])
def test_a_table_that_is_not_there_is_made(file: Path, before: str) -> None:
    file.write_text(before)
    assert isinstance(write_changes(file, [SAFER]), Done)
    assert config.load(file).wedge.require_aim
    assert before.split("\n")[0].rstrip(" }") in file.read_text()


def test_a_file_that_is_not_there_is_made_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    assert isinstance(write_changes(file, [SAFER]), Done)
    assert file.read_text() == "[wedge]\nrequire_aim = true\n"


def test_the_key_of_one_scanner_goes_into_its_table(file: Path) -> None:
    before = '[[serial]]\nid = "gun1"\nport = "/dev/a"\n\n[[serial]]\nid = "gun2"\nport = "/dev/b" # left\n'
    file.write_text(before)
    write_changes(file, [Change("framing", "tab", "line", scanner="gun2")])
    assert file.read_text() == before + 'framing = "tab"\n'
    refusal = write_changes(file, [Change("framing", "tab", "line", scanner="gun3")])
    assert isinstance(refusal, Refused)
    assert "gun3" in refusal.text


def test_values_of_every_kind_are_written_as_toml(file: Path) -> None:
    write_changes(file, [Change("suffix", ("enter", "tab"), ("enter",)), Change("gs_substitute", '"~\\', "")])
    assert config.load(file).wedge.suffix == ("enter", "tab")
    assert config.load(file).wedge.gs_substitute == '"~\\'


def test_line_ends_and_a_mark_of_windows_stay(file: Path) -> None:
    file.write_bytes("\ufeff[wedge]\r\nmax_gap_ms = 35\r\n".encode())
    write_changes(file, [SAFER, *SLOWER])
    assert file.read_bytes() == (
        "\ufeff[wedge]\r\nmax_gap_ms = 60.0\r\nrequire_aim = true\r\nmax_avg_ms = 45.0\r\n".encode()
    )


def test_rights_and_a_link_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("[wedge]\n")
    real.chmod(0o600)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    write_changes(link, [SAFER])
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert "require_aim = true" in real.read_text()


@pytest.mark.parametrize(
    ("before", "changes", "told"),
    [
        (b"[wedge\n", [SAFER], "cannot be changed"),
        (b"\xff\xfe", [SAFER], "cannot be read: it is not UTF-8"),
        (b"[wedge]\nmax_gap = 1\n", [SAFER], "The station could not start with"),
        (b"[wedge]\n", [Change("max_gap_ms", 500.0, 35.0)], "The station could not start with"),
    ],
)
def test_what_cannot_be_written_is_refused_and_the_file_stays(
    file: Path, before: bytes, changes: list[Change], told: str
) -> None:
    file.write_bytes(before)
    refusal = write_changes(file, changes)
    assert isinstance(refusal, Refused)
    assert told in refusal.text
    assert "Nothing was written." in refusal.text
    assert file.read_bytes() == before
    assert not list(file.parent.glob(".*.part"))


def test_a_folder_in_its_place_is_refused(file: Path) -> None:
    file.mkdir()
    assert isinstance(write_changes(file, [SAFER]), Refused)


def test_the_file_in_use_is_written_else_the_users_own(tmp_path: Path, home: Path) -> None:
    assert file_to_write(tmp_path / "mine.toml") == tmp_path / "mine.toml"
    assert file_to_write(None) == home / ".config" / "scanstation" / "config.toml"


def test_what_the_environment_sets_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set_in_environment(SAFER) is None
    monkeypatch.setenv("SCANSTATION_WEDGE__REQUIRE_AIM", "false")
    assert set_in_environment(SAFER) == "SCANSTATION_WEDGE__REQUIRE_AIM"


@pytest.mark.parametrize(
    ("name", "scanner", "beats"),
    [
        ("SCANSTATION_WEDGE__PREFIX", "", True),
        ("scanstation_wedge__prefix", "", True),
        ("SCANSTATION_WEDGE__PREFIX", "gun2", False),
        ("SCANSTATION_SERIAL", "gun2", True),
        ("SCANSTATION_SERIAL", "", False),
        ("SCANSTATION_SERIAL__1__PREFIX", "gun2", True),
        ("SCANSTATION_SERIAL__1__PREFIX", "gun1", False),
        ("SCANSTATION_SERIAL__1__PORT", "gun2", False),
    ],
)
def test_the_variable_that_beats_what_would_be_written_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, scanner: str, beats: bool
) -> None:
    monkeypatch.setenv(name, "~")
    assert set_in_environment(Change("prefix", "~", "", scanner=scanner), ["gun1", "gun2"]) == (name if beats else None)
