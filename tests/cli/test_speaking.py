"""In which language a command speaks: that of its configuration, also where that is refused, or else the locale's."""

import gettext
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanstation.cli.manual import man_page
from scanstation.cli.root import scanstation
from scanstation.cli.speaking import in_words
from scanstation.domain import language
from scanstation.settings import FILE_NAME
from tests import catalogs
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


# Help and wrong usage


EVERY_HELP = """
import json, sys
from scanstation.cli import run

for path in json.load(sys.stdin):
    assert run([*path.split(), "--help"]) == 0
    print("@@")
"""


@pytest.mark.parametrize("code", ["de", "es", "fr", "pl"])
def test_the_help_of_every_command_is_in_the_language(in_folder: Path, code: str) -> None:
    texts: dict[str, list[str]] = {}
    for message, places in catalogs.messages().items():
        for path in (place.removeprefix("help: ") for place in places if place.startswith("help: ")):
            texts.setdefault(path, []).append(str(message))
    assert len(texts) > 80
    done = subprocess.run(
        [sys.executable, "-c", EVERY_HELP],
        input=json.dumps([*texts]),
        env={**os.environ, "SCANSTATION_UI__LANGUAGE": code},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    for path, said in zip(texts, done.stdout.split("@@"), strict=False):
        in_one_line = " ".join(said.split())  # click breaks lines where there is no more room
        assert in_one_line
        assert [text for text in texts[path] if text.count(" ") > 2 and text in in_one_line] == [], path
        assert not re.search(r"Usage: |Show this message|default: |Commands:|required\]", in_one_line), path


def test_in_english_nothing_is_copied() -> None:
    assert in_words(scanstation) is scanstation


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bogus", "Es gibt keinen Befehl 'bogus'."),
        ("po lits", "Es gibt keinen Befehl 'lits'."),
        ("po list --bogus", "Es gibt keine Option '--bogus'."),
        ("po show", "Es fehlt das Argument 'PO'."),
        ("po show A B", "Unerwartetes weiteres Argument (B)"),
        ("po close A", "Es fehlt die Option '--reason'."),
        ("po list --format x", "Ungültiger Wert für '--format': 'x' ist keines von 'table', 'json'."),
        ("po lower A B many --reason x", "Ungültiger Wert für 'N': 'many' ist keine gültige Zahl (integer range)."),
        ("po list --open=yes", "Die Option '--open' nimmt keinen Wert."),
        ("--db", "Die Option '--db' braucht ein Argument."),
        ("--db= po list", "--db ist leer. Die Adresse der Datenbank dahinter schreiben, oder es weglassen."),
        ("counts new", "Sagen, was gezählt wird: --warehouse, mit --client und --sku, oder allein --again NUMBER."),
        ("handover retry", "Die Nachrichten nennen, oder --all."),
        ("hold A", "Es fehlt die Option '--reason'."),
        ("load", "Die zu ladenden Dateien nennen, oder --watch FOLDER."),
        ("template products A.xlsx --po N", "--po gehört zu po-serials oder downtime, nicht zu products."),
        (
            "report serials --since 2026-02-02 --until 2026-01-01",
            "--since 2026-02-02 ist später als --until 2026-01-01.",
        ),
        ("receive --client A", "--client und --warehouse gehören zu einer Nummer (Einkaufsauftrag)."),
        (
            "transfers send T",
            "Einheiten mit ihren Seriennummern nennen, oder Ware ohne Seriennummern mit",
        ),
        ("support A.txt", "Das Paket ist eine .zip-Datei: einen Namen geben, der so endet."),
        ("hold --since 2026 --reason x", "„2026“ ist kein Tag; als 2026-11-22 schreiben"),
        ("hold --expiry 20 --reason x", "„20“ ist kein Tag; als 2027-03-31 schreiben, oder einen Monat als 2027-03"),
    ],
)
def test_wrong_usage_is_told_in_the_language(command: Command, line: str, said: str) -> None:
    config('[ui]\nlanguage = "de"\n')
    ended = command(*line.split())
    assert ended.status == 2
    assert said in ended.err
    assert not re.search("Usage|Try |Error|Missing|Invalid|No such", ended.err)


def test_what_click_says_is_english_again_afterwards(
    command: Command, monkeypatch: pytest.MonkeyPatch, locale: Callable[[str], None]
) -> None:
    locale("de_DE.UTF-8")
    before = gettext.textdomain()
    assert command("bogus").err.startswith("Aufruf: ")
    assert (gettext.textdomain(), "LANGUAGE" in os.environ) == (before, False)
    monkeypatch.setenv("SCANSTATION_UI__LANGUAGE", "en")
    assert command("bogus").err.startswith("Usage: ")


def test_the_manual_page_and_completions_are_english(command: Command, locale: Callable[[str], None]) -> None:
    plain = man_page(0)
    locale("de_DE.UTF-8")
    command("po", "--help")
    language.speak(None)  # as where a wheel is built
    assert man_page(0) == plain
    assert ".SH EXIT STATUS" in plain
