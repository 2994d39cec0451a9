"""In which language a command speaks: that of its configuration, also where that is refused, or else the locale's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanstation.domain import language
from scanstation.settings import FILE_NAME
from tests.cli.conftest import Command

BAD = "[rules]\nrange_max = 1\n"
GERMAN, FRENCH, ENGLISH = "muss sein: 2 bis 1000, nicht 1", "doit être 2 à 1000", "must be 2 to 1000"


@pytest.fixture(autouse=True)
def locale(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """The locale's language; English at first."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    yield lambda name: monkeypatch.setenv("LANG", name)
    language.speak(None)


def config(text: str, folder: Path = Path()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BAD, FRENCH),
        ('[ui]\nlanguage = "de"\n' + BAD, GERMAN),
        ("[ui]\nlanguage = 'en' # all of us\n" + BAD, ENGLISH),
        ('[ui]\nlanguage = "auto"\n' + BAD, FRENCH),
        ('[ui]\n# language = "de"\n' + BAD, FRENCH),
        ('ui.language = "de"\n' + BAD, GERMAN),
        ('ui = { big = true, language = "de" }\n' + BAD, GERMAN),
    ],
)
def test_a_refused_configuration_is_told_in_the_language_that_it_asks_for(
    command: Command, locale: Callable[[str], None], text: str, said: str
) -> None:
    locale("fr_FR.UTF-8")
    config(text)
    ended = command("doctor", "--format", "table")
    assert said in ended.out
    ended = command("po", "list")
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err


def test_a_file_that_is_no_toml_is_told_so_too(command: Command) -> None:
    config('[ui]\nlanguage = "de"\n[rules\n')
    assert "ist kein TOML" in command("po", "list").err


def test_an_unknown_language_is_refused_in_the_locales(command: Command, locale: Callable[[str], None]) -> None:
    locale("de_AT.UTF-8")
    config('[ui]\nlanguage = "klingon"\n')
    assert (
        '[ui] language muss sein: "auto", "en", "de", "es", "pl" oder "fr", nicht „klingon“'
        in command("po", "list").err
    )


def test_the_configuration_asked_for_comes_before_the_folders_and_that_before_the_users(
    command: Command, home: Path, tmp_path: Path
) -> None:
    assert ENGLISH in command("--config", config(BAD, tmp_path / "named"), "po", "list").err
    config('[ui]\nlanguage = "fr"\n' + BAD, home / ".config" / "scanstation")
    assert FRENCH in command("po", "list").err
    config('[ui]\nlanguage = "de"\n' + BAD)
    assert GERMAN in command("po", "list").err
    assert ENGLISH in command(f"--config={tmp_path / 'named' / FILE_NAME}", "po", "list").err


def test_the_environment_comes_before_all_of_them(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    config('[ui]\nlanguage = "de"\n' + BAD)
    monkeypatch.setenv("SCANSTATION_UI__LANGUAGE", "fr")
    assert FRENCH in command("po", "list").err


def test_json_of_doctor_stays_english(command: Command) -> None:
    config('[ui]\nlanguage = "de"\n' + BAD)
    assert ENGLISH in command("doctor", "--format", "json").json[0]["told"]
