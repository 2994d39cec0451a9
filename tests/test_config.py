"""config.toml, the environment and the options: what beats what, and what stops the start."""

import ast
import re
import subprocess
import sys
import tomllib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest

from scanstation.config import BadConfiguration, Settings, config_file, load, plainly_right
from scanstation.config_model import SerialSection, judged
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.language import english
from tests.crossed import crossed_out, english_in

THE_FILE = Path(__file__).parent.parent / "config.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without a config.toml."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)


def problems(file: Path | None = None, text: str = "", **options: dict[str, str]) -> list[str]:
    if file:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration) as caught:
        load(file, options=options)
    return list(caught.value.problems)


# The project's file


def test_the_projects_file_has_every_key_with_its_default_and_no_other() -> None:
    told = tomllib.loads(THE_FILE.read_text(encoding="utf-8"))
    listed = {(section, key): value for section, values in told.items() for key, value in values.items()}
    assert listed == {
        (section, key): list(value) if isinstance(value, tuple) else value
        for section, keys in asdict(Settings()).items()
        if section != "serial"
        for key, value in keys.items()
    }


def test_the_projects_file_shows_every_key_of_a_serial_scanner_with_its_default() -> None:
    shown: dict[str, Any] = {}
    for line in (
        THE_FILE.read_text(encoding="utf-8").partition("# [[serial]]")[2].partition("[feedback]")[0].split("\n")
    ):
        if found := re.match(r"# ([a-z_]+) = (.+)", line):
            shown[found[1]] = tomllib.loads(f"x = {found[2]}")["x"]
    assert list(shown) == [each.name for each in fields(SerialSection)]
    made = SerialSection(**shown)
    assert made == SerialSection(id=shown["id"], port=shown["port"])


def test_every_key_of_the_projects_file_is_explained() -> None:
    before = ""
    for line in THE_FILE.read_text(encoding="utf-8").split("\n"):
        if "=" in line and not line.startswith("#"):
            assert before.startswith("# "), f"{line} has no comment above it"
        before = line


def test_the_projects_file_loads_to_the_defaults() -> None:
    assert load(THE_FILE) == Settings() == judged(THE_FILE, tomllib.loads(THE_FILE.read_text("utf-8")), {})


def test_a_file_of_before_that_says_sign_in_is_off_starts_as_ever(file: Path) -> None:
    file.write_text('[auth]\nsign_in = "off"\nlock_after_s = 60.0\n')
    assert asdict(load(file).auth) == {"lock_after_s": 60.0}


def test_the_defaults_of_the_wedge_are_the_decoders() -> None:
    wedge = load().wedge
    assert isinstance(wedge, WedgeSettings)
    assert {name: getattr(wedge, name) for name in WedgeSettings.__slots__} == {
        name: getattr(WedgeSettings(), name) for name in WedgeSettings.__slots__
    }


# What is plainly right is taken without the library

ODD_VALUES: list[Any] = [
    *("", "a", " a ", "x" * 41, "N/A", "\u200b", "SS-", "]A", "0640", "0777", "/", "here/", "off", "create", "auto"),
    *("sqlite:////tmp/x.db", "nothing", 0, 1, 14, -1, 86_400, 86_401, 1.5, 0.0, float("inf"), float("nan"), 10**30),
    *(True, False, [], ["-"], ["N/A", "?"], ["enter", "tab"], ["none", "tab"], [1], {}, {"a": 1}),
]


@pytest.mark.parametrize("section", [one.name for one in fields(Settings)])
def test_what_is_plainly_right_is_what_the_library_makes_of_it(section: str) -> None:
    """Whatever is taken at once, the library takes too, and makes the same of it."""
    keys = [*asdict(Settings())[section], "another"] if section != "serial" else ["id"]
    taken = 0
    for table in ({key: value} for key in keys for value in ODD_VALUES):
        try:
            settings = plainly_right({section: table})
        except ValueError:
            continue
        taken += 1
        made = judged(None, {section: table}, {})
        assert (settings, repr(settings)) == (made, repr(made))
    assert (taken > 0) is (section != "serial")


def test_what_is_wrong_in_the_file_is_wrong_under_an_option_too(file: Path) -> None:
    assert "must be a text" in problems(file, "[station]\nname = 5\noperator = 5\n", station={"name": "dock-2"})[0]


# What beats what


def test_an_option_beats_the_environment_which_beats_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('[station]\nname = "file"\noperator = "file"\n[rules]\nscenario6_unknown_serials = "create"\n')
    assert load(file).station_name == "file"
    monkeypatch.setenv("SCANSTATION_STATION__NAME", "environment")
    settings = load(file)
    assert (settings.station_name, settings.operator_name) == ("environment", "file")
    settings = load(file, options={"station": {"name": "option"}})
    assert (settings.station_name, settings.operator_name) == ("option", "file")
    assert settings.rules.scenario6_unknown_serials == "create"


def test_the_environment_sets_numbers_switches_and_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANSTATION_WEDGE__MAX_GAP_MS", "60")
    monkeypatch.setenv("SCANSTATION_WEDGE__SUFFIX", "tab, enter")
    monkeypatch.setenv("SCANSTATION_FEEDBACK__BELL", "false")
    monkeypatch.setenv("SCANSTATION_SERIAL", '[{"id": "gun1", "port": "loop://"}]')
    settings = load()
    assert settings.wedge.max_gap_ms == 60
    assert settings.wedge.suffix == ("tab", "enter")
    assert settings.feedback.bell is False
    assert settings.serial[0].port == "loop://"
    monkeypatch.setenv("SCANSTATION_WEDGE__SUFFIX", '["enter", "lf"]')
    assert load().wedge.suffix == ("enter", "lf")
    monkeypatch.setenv("SCANSTATION_WEDGE__SUFFIX", "none")
    assert load().wedge.suffix == ("none",)
    for empty in ("", "[]"):
        monkeypatch.setenv("SCANSTATION_WEDGE__SUFFIX", empty)
        assert (load().wedge.suffix, load().wedge.needs_end) == ((), False)


@pytest.mark.parametrize("text", ['"none"', '["none"]', "[]"])
def test_a_station_whose_scanners_send_no_suffix_says_so(file: Path, text: str) -> None:
    file.write_text(f"[wedge]\nsuffix = {text}\n")
    assert not load(file).wedge.needs_end


TWO_SCANNERS = "[[serial]]\nid = 'a'\nport = '/dev/a'\nbaud = 4800\n[[serial]]\nid = 'b'\nport = '/dev/b'\n"


@pytest.mark.parametrize(
    ("text", "variables", "scanners"),
    [
        (TWO_SCANNERS, {"1__PORT": "/dev/c"}, [("a", "/dev/a", 4800), ("b", "/dev/c", 9600)]),
        (TWO_SCANNERS, {"0__BAUD": "19200", "1__ID": "7"}, [("a", "/dev/a", 19200), ("7", "/dev/b", 9600)]),
        (
            TWO_SCANNERS,
            {"2__ID": "c", "2__PORT": "loop://"},
            [("a", "/dev/a", 4800), ("b", "/dev/b", 9600), ("c", "loop://", 9600)],
        ),
        ("", {"0__ID": "a", "0__PORT": "/dev/a"}, [("a", "/dev/a", 9600)]),
        (
            "",
            {"1__ID": "b", "1__PORT": "/dev/b", "0__ID": "a", "0__PORT": "/dev/a"},
            [("a", "/dev/a", 9600), ("b", "/dev/b", 9600)],
        ),
    ],
)
def test_the_environment_sets_single_keys_of_serial_tables(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    variables: dict[str, str],
    scanners: list[tuple[str, str, int]],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"SCANSTATION_SERIAL__{name}", value)
    file.write_text(text)
    assert [(scanner.id, scanner.port, scanner.baud) for scanner in load(file).serial] == scanners


def test_single_keys_of_serial_tables_may_be_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {
        "id": "1234", "port": "/dev/a", "baud": 19200, "bytesize": 7, "parity": "E", "stopbits": 1.5, "flow": "rtscts",
        "framing": "stx-etx", "idle_ms": 60.5, "partial_timeout_ms": 700.0, "encoding": "latin-1", "gs_substitute": "~",
        "drops_separators": True, "prefix": "1", "repeat_ms": 0.0, "exclusive": False, "reconnect_max_s": 3.0,
        "feedback": "custom", "good": "06", "bad": "15",
    }  # fmt: skip
    for key, value in wanted.items():
        monkeypatch.setenv(f"scanstation_serial__0__{key}", str(value))
    assert [asdict(scanner) for scanner in load().serial] == [wanted]


def test_single_keys_beat_the_tables_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANSTATION_SERIAL", '[{"id": "a", "port": "/dev/a"}]')
    monkeypatch.setenv("SCANSTATION_SERIAL__0__PORT", "/dev/b")
    monkeypatch.setenv("SCANSTATION_SERIAL__1__ID", "c")
    monkeypatch.setenv("SCANSTATION_SERIAL__1__PORT", "/dev/c")
    assert [(scanner.id, scanner.port) for scanner in load().serial] == [("a", "/dev/b"), ("c", "/dev/c")]


def test_the_file_asked_for_comes_before_the_folders_and_that_before_the_users(tmp_path: Path, file: Path) -> None:
    assert config_file() is None
    users = tmp_path / "home" / ".config" / "scanstation" / "config.toml"
    users.parent.mkdir(parents=True)
    users.write_text("")
    assert config_file() == users
    Path("config.toml").write_text("")
    assert config_file() == Path("config.toml")
    file.write_text("")
    assert config_file(file) == file


def test_without_names_the_station_is_the_host_and_the_operator_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    settings = load()
    assert settings.operator_name == "ana"
    assert settings.station_name
    assert settings.station_is_host
    assert not load(options={"station": {"name": "dock-2"}}).station_is_host


def test_without_an_address_the_store_is_in_the_users_data_folder(home: Path) -> None:
    assert load().database_url == f"sqlite:///{home}/.local/share/scanstation/store.db"


def test_a_file_of_windows_with_a_byte_order_mark_is_read(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbf[station]\r\nname = "dock-2"\r\n')
    assert load(file).station_name == "dock-2"


# What stops the start


def test_an_unknown_key_names_the_file_the_key_and_what_there_is(file: Path) -> None:
    (said,) = problems(file, "[wedge]\nmax_gap = 3\n")
    assert str(file) in said
    assert "[wedge] max_gap is not known. Did you mean max_gap_ms?" in said
    assert "burst_gap_ms" in said


def test_an_unknown_section_is_refused(file: Path) -> None:
    (said,) = problems(file, "[databse]\nurl = ''\n")
    assert "[databse] is not known. Did you mean database?" in said
    for text in ("[Rules]\n", '[RULES]\nscenario6_unknown_serials = "create"\n[station]\n', "[Serial]\n"):
        (said,) = problems(file, text)
        assert said.startswith(f"In {file}: [{text[1:].partition(']')[0]}] is not known. Did you mean")


BAD_VALUES = [
    ('[rules]\nscenario6_unknown_serials = "x"', 'scenario6_unknown_serials must be "refuse" or "create", not “x”'),
    ('[receiving]\nover_receipt = "ask"', 'over_receipt must be "refuse" or "confirm", not “ask”'),
    ('[wedge]\nmax_gap_ms = "fast"', "max_gap_ms must be a number, not “fast”"),
    ("[wedge]\nmax_gap_ms = -1", "max_gap_ms must be above 0, not -1"),
    ("[wedge]\nmax_gap_ms = true", "max_gap_ms must be a number, not true"),
    ('[wedge]\nsplit_guard_ms = "300"', "split_guard_ms must be a number, not “300”"),
    ('[wedge]\nmin_length = "4"', "min_length must be a whole number, not “4”"),
    ("[wedge]\nmin_length_no_suffix = false", "min_length_no_suffix must be a whole number, not false"),
    ("[wedge]\nrequire_aim = 1", "require_aim must be true or false, not 1"),
    ('[wedge]\nrequire_aim = "true"', "require_aim must be true or false, not “true”"),
    ('[feedback]\nbell = "yes"', "bell must be true or false, not “yes”"),
    ("[feedback]\nbell = 0", "bell must be true or false, not 0"),
    ("[feedback]\nbell = 1979-05-27", "bell must be true or false, not 1979-05-27"),
    ("[wedge]\nmax_gap_ms = [35]", "max_gap_ms must be a number"),
    ("[wedge]\nsuffix = true", "suffix must be a list, not true"),
    ('[wedge]\nsuffix = ["enter", "none"]', 'suffix is either "none", for scanners that send none, or the keys'),
    ('[wedge]\nsuffix = "none, tab"', 'suffix is either "none", for scanners that send none, or the keys'),
    ("[wedge]\nrepeat_ms = nan", "repeat_ms must be a number, not nan"),
    ("[wedge]\nmin_length = 1.5", "min_length must be a whole number, not 1.5"),
    ('[wedge]\nsuffix = ["enter", "space"]', 'must be "enter", "tab", "lf" or "none", not “space”'),
    ('[feedback]\nbell = "perhaps"', "bell must be true or false, not “perhaps”"),
    ("[station]\nname = 3", "name must be a text in quotation marks, not 3"),
    ('[station]\nname = "a\\u001bb"', "must be a name of at most 40 printable characters, not “a␛b”"),
    ('[commands]\nprefix = "S S"', "prefix must be 2 to 12 printable ASCII characters without blanks"),
    ('[database]\nurl = "mysql://u:secret@h/d"', "url must be sqlite:///FILE or postgresql://USER@HOST/DATABASE"),
    ('[database]\nurl = "sqlite:///:memory:"', "url must be sqlite:///FILE"),
    ('[auth]\nsign_in = "on"', "[auth] is refused: sign_in is no setting; sign-in is turned on with `scanstation"),
    ("[auth]\nsign_in = true", "[auth] is refused: sign_in is no setting"),
    ('station = "dock-2"', "[station] must be a table: write [station] on a line of its own"),
    ("[[serial]]\nid = 'gun1'", "[[serial]] number 1 port is missing"),
    ("[[serial]]\nid = ''\nport = '/x'", "[[serial]] number 1 id must not be empty"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nstopbits = 3", "stopbits must be 1, 1.5 or 2, not 3"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nencoding = 'q'", "encoding must be an encoding such as utf-8"),
    ("[[serial]]\nid = 'a'\nport = '/x'\ngood = 'zz'", "good must be bytes in hex"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nfeedback = 'custom'", "good and bad go with feedback"),
    ("[[serial]]\nid = 'a'\nport = '/x'\n[[serial]]\nid = 'A'\nport = '/y'", "differ: “A” is there twice."),
    ("[[serial]]\nid = 'a'\nport = '/x'\n[[serial]]\nid = 'b'\nport = '/x/'", "“a” and “b” both have /x/"),
    (
        "[[serial]]\nid = 'a'\nport = '/dev/x'\n[[serial]]\nid = 'b'\nport = 'loop://'\n"
        "[[serial]]\nid = 'c'\nport = '/dev/./x'",
        "[[serial]] must be tables whose ports differ: “a” and “c” both have /dev/./x",
    ),
    (
        "[[serial]]\nid = 'a'\nport = 'usb:0C2E:0b6a'\n[[serial]]\nid = 'b'\nport = 'USB:0c2e:0b6a'",
        "“a” and “b” both have USB:0c2e:0b6a",
    ),
    (
        "[[serial]]\nid = 'a'\nport = 'socket://Host:4001'\n[[serial]]\nid = 'b'\nport = 'rfc2217://host:4001/?x'",
        "“a” and “b” both have rfc2217://host:4001/?x",
    ),
    ("[[serial]]\nid = ' '\nport = '/x'", "[[serial]] number 1 id must be a name, not “ ”"),
    (
        "[[serial]]\nid = 'Wedge'\nport = '/x'",
        "id must be another name: wedge, keyboard, paste, replay and store are",
    ),
    ("[[serial]]\nid = 'a'\nport = '/x'\nencoding = 'utf-7'", "encoding must be an encoding such as utf-8"),
    ("[[serial]]\nid = 'a'\nport = 'ttyACM0'", "number 1 port must be a path such as /dev/ttyACM0, usb:VID:PID,"),
    ("[[serial]]\nid = 'a'\nport = 'usb:12'", "or loop://, not “usb:12”"),
    ("[[serial]]\nid = 'a'\nport = 'socket://host'", "socket://HOST:PORT, rfc2217://HOST:PORT or loop://, not"),
    ("[[serial]]\nid = 'a'\nport = \"/dev/x\\u0000\"", "[[serial]] number 1 port must be a path"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nbaud = true", "baud must be a whole number, not true"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nexclusive = 'yes'", "exclusive must be true or false, not “yes”"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nidle_ms = '50'", "idle_ms must be a number, not “50”"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nrepeat_ms = -1", "repeat_ms must be 0 or more, not -1"),
    ("[[serial]]\nid = 'a'\nport = '/x'\ngs_substitute = '0'", "must be none of the characters of codes"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nprefix = 1", "prefix must be a text in quotation marks, not 1"),
    ("[[serial]]\nid = 'a'\nport = '/x'\nidle_ms = 0", "idle_ms must be above 0, not 0"),
    ("[commands]\nprefix = ']C1'", "[commands] prefix must be without a ] in front"),
    ("[wedge]\ngs_substitute = '0'", "gs_substitute must be none of the characters of codes"),
    ("[serial]\nid = 'a'\nport = '/x'", "[[serial]] must be a table: write [[serial]]"),
    ("[rules]\nrange_max = 1", "[rules] range_max must be 2 to 1000, not 1"),
    ("[auth]\nlock_after_s = 1e9", "[auth] lock_after_s must be 0 to 86400, not 1000000000.0"),
    ("[backup]\nkeep = 0", "[backup] keep must be above 0, not 0"),
    ('[handover]\nurl = "http://erp/"', "http:// of this host: it is not HTTPS; http:// goes to this host alone"),
    ("[handover]\nby_stations = true", "by_stations = true needs folder or url: messages have nowhere to go"),
    ('[handover]\nurl = "https://erp..example/"', "http:// of this host: it is no address"),
    ('[handover]\nurl = "https://erp.exam ple/"', "http:// of this host: it is no address"),
    ('[handover]\nurl = "https://erp.example/\\u0000"', "http:// of this host: it is no address"),
    ('[load]\nroot = "here"', "[load] root must be a folder that is there, written from the root on, not “here”"),
    ('[files]\nmode = "777"', "[files] mode must be a mode that is written like 0600, 0640 or 0660"),
    ('[rules]\nreasons = [""]', "[rules] reasons 0 must be a reason of 1 to 60 printable characters, not “”"),
    ('[print]\nslips = "x"', "must be lp:QUEUE, socket://HOST:PORT, or a folder, written from the root on"),
]


@pytest.mark.parametrize(("text", "said"), BAD_VALUES)
def test_a_bad_value_names_the_file_the_key_and_what_is_allowed(file: Path, text: str, said: str) -> None:
    (problem,) = problems(file, text)
    assert problem.startswith(f"In {file}: [")
    assert said in problem
    assert "secret" not in problem


def test_every_problem_is_named_at_once(file: Path) -> None:
    assert len(problems(file, "[wedge]\nnope = 1\n[station]\nnope = 1\n[rules]\nnope = 1\n")) == 3


def test_a_bad_option_is_told_from_a_bad_file(file: Path) -> None:
    (said,) = problems(file, "", station={"name": "x" * 41})
    assert said.startswith("On the command line: [station] name")


BAD_VARIABLES = [
    ("SCANSTATION_WEDGE__MAX_GAP_MS", "fast", "[wedge] max_gap_ms must be a number"),
    ("SCANSTATION_WEDGE__MAX_GAP_MS", "-3", "[wedge] is refused: max_gap_ms must be above 0"),
    ("SCANSTATION_WEDGE__SPLIT_GUARD_MS", "20", "burst_gap_ms and split_guard_ms must not decrease"),
    ("SCANSTATION_WEDGE__GAP", "1", "[wedge] gap is not known"),
    ("SCANSTATION_WEGDE__MAX_GAP_MS", "1", "[wegde] is not known. Did you mean wedge?"),
    ("SCANSTATION_STATION", "dock-2", "Write SCANSTATION_STATION__"),
    ("SCANSTATION_SERIAL", "[", "must be a list of tables in JSON"),
    ("SCANSTATION_SERIAL", '[{"id": "gun1"}]', "[[serial]] number 1 port is missing"),
    ("SCANSTATION_SERIAL__0__PORT", "ttyACM0", "[[serial]] number 1 port must be a path such as /dev/ttyACM0"),
    ("SCANSTATION_SERIAL__0__BAUD", "fast", "[[serial]] number 1 baud must be a whole number, not “fast”"),
    ("SCANSTATION_SERIAL__0__BYTESIZE", "9", "number 1 bytesize must be 5, 6, 7 or 8"),
    ("SCANSTATION_SERIAL__0__EXCLUSIVE", "maybe", "exclusive must be true or false, not “maybe”"),
    ("SCANSTATION_SERIAL__0__PROT", "/dev/x", "[[serial]] number 1 prot is not known. Did you mean port?"),
    ("SCANSTATION_SERIAL__1__ID", "b", "[[serial]] number 2 port is missing"),
    (
        "SCANSTATION_SERIAL__3__PORT",
        "/dev/x",
        "there is no [[serial]] table 3. They are counted from 0, and a new one",
    ),
    ("SCANSTATION_SERIAL__PORT", "/dev/x", "is not known. Write SCANSTATION_SERIAL__0__PORT"),
    ("SCANSTATION_SERIAL__GUN1__PORT", "/dev/x", "is not known. Write SCANSTATION_SERIAL__0__PORT"),
    ("SCANSTATION_SERIAL__00__PORT", "/dev/x", "is not known. Write SCANSTATION_SERIAL__0__PORT"),
    ("SCANSTATION_SERIAL_1_BAUD", "9600", "is not known. Write SCANSTATION_SERIAL__1__BAUD"),
    ("SCANSTATION_SERIAL__0__PORT__X", "1", "is not known"),
    ("SCANSTATION_DATABASE_URL", "sqlite:///x.db", "Write SCANSTATION_DATABASE__URL."),
]


@pytest.mark.parametrize(("name", "value", "said"), BAD_VARIABLES)
def test_a_bad_variable_is_named(file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    (found,) = problems(file, "[[serial]]\nid = 'a'\nport = '/dev/a'\n")
    assert found.startswith(f"In the environment ({name})")
    assert said in found


KEYS = [key for table in asdict(Settings()).values() for key in table] + [key.name for key in fields(SerialSection)]
FORMS = ["scanstation operators sign-in on", "sqlite:///", "postgresql://", "rfc2217://", "socket://", "loop://", "lp:"]
FORMS += ["https://", "http://", "usb:", "wedge, keyboard, paste, replay", "store", *asdict(Settings()), *KEYS]


def english_said(problem: str, *given: str) -> list[str]:
    """What can still be read where everything is crossed out; what was given, keys and forms are as they are."""
    said = re.sub('Xxxxx xx: .*|["“][^"”]*["”]', "", problem)
    return english_in([said], {*given, *FORMS})


@pytest.mark.parametrize("text", [text for text, _ in BAD_VALUES])
def test_what_is_wrong_with_a_value_is_told_whole_in_another_language(file: Path, text: str) -> None:
    (plain,) = problems(file, text)
    with crossed_out():
        (said,) = problems(file, text)
    assert english(said) == plain
    assert english_said(said, str(file), *re.findall(r"[\w./:?-]+", text)) == []


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, value, _ in BAD_VARIABLES])
def test_what_is_wrong_with_a_variable_is_told_whole_in_another_language(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    text = "[[serial]]\nid = 'a'\nport = '/dev/a'\n"
    (plain,) = problems(file, text)
    with crossed_out():
        (said,) = problems(file, text)
    assert english(said) == plain
    assert english_said(said, str(file), name, value, *re.findall("[a-z]+", name.lower())) == []


def test_a_section_that_is_no_table_is_told_beside_an_option_of_it(file: Path) -> None:
    (said,) = problems(file, 'station = "dock-2"', station={"name": "dock-3"}, database={})
    assert said == (f"In {file}: [station] must be a table: write [station] on a line of its own and its keys below.")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[station", "is not TOML"), (b'[station]\nname = "\xff"', "is not UTF-8")],
)
def test_a_file_that_is_no_toml_is_named(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    with pytest.raises(BadConfiguration) as caught:
        load(file)
    assert str(file) in caught.value.problems[0]
    assert said in caught.value.problems[0]


def test_a_file_asked_for_that_is_missing_is_named(file: Path) -> None:
    with pytest.raises(BadConfiguration, match="is not there"):
        config_file(file)


# Weight


def test_reading_the_configuration_loads_no_screens_and_no_store() -> None:
    source = "import sys, scanstation.config; print(list(sys.modules))"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(done.stdout)
    assert not {"pydantic", "textual", "sqlalchemy", "rich", "click"} & set(loaded)
