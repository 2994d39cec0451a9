"""The languages beside English: which is meant, whole catalogs, and nothing said that cannot be translated."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale, localedata
from sqlalchemy import select

from scanstation import languages
from scanstation.config import BadConfiguration, load
from scanstation.domain import language
from scanstation.domain import sentences as say
from scanstation.domain.language import english
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.languages import LANGUAGES, chosen
from scanstation.settings import UiSection
from scanstation.store import acts
from scanstation.store import tables as t
from scanstation.workflows.site import Site
from tests import catalogs, untold
from tests.domain.sentences import FILES, PACKAGE

ROOT = Path(__file__).parents[1]


@pytest.fixture
def german() -> Iterator[None]:
    languages.speak("de")
    yield
    language.speak(None)


def test_a_sentence_is_said_in_german_and_logged_in_english(german: None) -> None:
    text = say.order_takes_nothing("N-1", OrderKind.PURCHASE, OrderStatus.COMPLETED).text
    assert text.startswith("Einkaufsauftrag N-1 ist Completed: er nimmt keine Ware mehr an.")
    assert english(text) == ("Purchase order N-1 is Completed: it takes no more receiving. A supervisor can reopen it.")


@pytest.mark.both_stores
def test_what_is_kept_is_english_whatever_was_said(site: Site, german: None) -> None:
    refused = site.log_refusal(say.no_count("C-9"))
    stamp = site.stamp()
    site.store.act(lambda tx: acts.note(tx, "Said", "C-9", stamp, became=refused.text))
    assert refused.text == "Es gibt keine Zählung C-9. `counts list` zeigt sie."
    with site.store.read() as tx:
        kept = [*tx.execute(select(t.refusal.c.sentence)).scalars(), *tx.execute(select(t.site_act.c.became)).scalars()]
    assert kept == ["There is no count C-9. `counts list` shows them."] * 2


@pytest.mark.parametrize(
    ("setting", "environment", "meant"),
    [
        ("en", {"LANG": "de_DE.UTF-8"}, "en"),
        ("de", {}, "de"),
        ("auto", {}, "en"),
        ("auto", {"LANG": "C.UTF-8"}, "en"),
        ("auto", {"LANG": "de_AT.UTF-8"}, "de"),
        ("auto", {"LANG": "ja_JP.UTF-8"}, "en"),
        ("auto", {"LANG": "de_DE", "LC_ALL": "en_GB"}, "en"),
        ("auto", {"LANG": "de_DE", "LC_ALL": ""}, "de"),
        ("auto", {"LC_MESSAGES": "de"}, "de"),
        ("auto", {"LANGUAGE": "ja:de:en", "LANG": "en_GB"}, "de"),
    ],
)
def test_the_setting_counts_or_else_the_locale(setting: str, environment: dict[str, str], meant: str) -> None:
    assert chosen(setting, environment) == meant


def test_where_days_with_points_begin_with_the_day_is_what_babel_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_site", "auto")
    monkeypatch.delenv("LC_ALL", raising=False)
    wrong = set()
    for code in localedata.locale_identifiers():
        if (locale := Locale.parse(code)).script is None:
            monkeypatch.setenv("LC_TIME", f"{code}.UTF-8")
            forms = [locale.date_formats[length].pattern for length in ("short", "medium")]
            forms += [form.pattern for name, form in locale.datetime_skeletons.items() if name == "yMd"]
            if languages.day_is_first() != any(re.match(r"d+\. ?M+\. ?y", form) for form in forms):
                wrong.add(code)
    assert wrong == set()


@pytest.mark.parametrize(
    ("environment", "is_first"),
    [
        ({}, False),
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "sr_RS@latin"}, True),
        ({"LANG": "fr_FR.UTF-8"}, False),
        ({"LANG": "fr_CH.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_TIME": "en_DK.UTF-8"}, False),
        ({"LC_ALL": "C", "LC_TIME": "de_DE"}, False),
    ],
)
def test_the_locale_of_times_says_whether_the_day_is_first(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_first: bool
) -> None:
    monkeypatch.setattr(languages, "_site", "auto")
    for name in ("LC_ALL", "LC_TIME", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert languages.day_is_first() == is_first


@pytest.mark.parametrize("given", ["klingon", "DE", "de_DE", ""])
def test_an_unknown_language_is_refused_in_one_sentence(tmp_path: Path, given: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[ui]\nlanguage = "{given}"\n', encoding="utf-8")
    with pytest.raises(BadConfiguration) as refused:
        load(file)
    assert len(refused.value.problems) == 1
    assert all(code in refused.value.problems[0] for code in ("[ui] language must be", "auto", *LANGUAGES))


def test_every_language_can_be_set() -> None:
    assert str(UiSection.__dataclass_fields__["language"].type).count("'") == 2 * (len(LANGUAGES) + 1)


def test_nothing_is_imported_for_english() -> None:
    program = (
        "import sys\nfrom scanstation import languages\nbefore = {*sys.modules}\n"
        "languages.speak('en')\nassert {*sys.modules} == before\nlanguages.speak('de')\nassert 'gettext' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.long
@pytest.mark.parametrize("code", catalogs.OTHERS)
def test_a_catalog_has_a_translation_of_all_that_is_said(code: str) -> None:
    """Where this fails, `make catalogs` adds to the .po what is new there; then translate it."""
    missing = catalogs.missing(catalogs.kept(code))
    assert missing == []


@pytest.mark.parametrize("code", catalogs.OTHERS)
def test_what_waits_for_its_translation_is_little(code: str) -> None:
    """A new sentence may be said in English until somebody has translated it; a catalog does not fall behind."""
    assert len(catalogs.missing(catalogs.kept(code))) < len(catalogs.messages()) // 10


@pytest.mark.parametrize("code", catalogs.OTHERS)
def test_a_translation_has_the_fields_of_its_template(code: str) -> None:
    for one in catalogs.kept(code):
        if isinstance(one.id, str) and one.id and one.string and not one.fuzzy:
            assert _fields(str(one.string)) == _fields(one.id), one.id
            assert _edges(str(one.string)) == _edges(one.id), one.id


def test_what_is_said_names_pages_of_the_documentation_and_no_file_of_a_clone() -> None:
    """Who installed the wheel has no folder docs."""
    configuration = (ROOT / "config.toml").read_text(encoding="utf-8")
    english_texts = [
        configuration,
        *(text for one in catalogs.messages() for text in ([one] if isinstance(one, str) else one)),
    ]
    translated = [str(one.string) for code in catalogs.OTHERS for one in catalogs.kept(code) if one.id]
    assert [text for text in (*english_texts, *translated) if "docs/" in text] == []
    pages = {page for text in english_texts for page in re.findall(r"documentation's page (\w+)", text)}
    titles = set(re.findall(r"- ([^:\n]+): \w+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert {"ERP", "Security", "Stations", "Windows"} <= pages <= titles


@pytest.mark.parametrize("code", catalogs.OTHERS)
def test_what_is_compiled_is_what_is_written(code: str) -> None:
    merged = catalogs.merged(code, catalogs.messages())
    assert (catalogs.HOME / f"{code}.mo").read_bytes() == catalogs.compiled(merged)
    assert catalogs.click_file(code).read_bytes() == catalogs.compiled(catalogs.of_click(merged))


def _fields(text: str) -> set[tuple[str, str]]:
    return {(field, form or "") for _, field, form, _ in string.Formatter().parse(text) if field}


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


# Nothing is said that cannot be translated


def _untranslatable(source: str) -> Iterator[str]:
    """Where a source of sentences fills a text in by itself, or has words outside of the places that are extracted."""
    tree = ast.parse(source)
    words = {id(node) for said in ast.walk(tree) if _is_extracted(said) for node in ast.walk(said)}
    words |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr() | ast.Call(func=ast.Attribute(attr="format" | "format_map")):
                yield f"line {node.lineno}: filled in"
            case ast.Constant(value=str() as text) if " " in text.strip() and id(node) not in words:
                yield f"line {node.lineno}: {text}"


def _is_extracted(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="Texts" | "worded" | "word" | "said_later" | "counted" | "joined")):
            return True
        case ast.Assign(targets=[ast.Name(id="PHRASES")]):
            return True
    return False


HANDED_ON = {"too long", "the serial label", "the product", "Answer the question below."}
KEPT = {"Released past its use-by", "in the audit", "taken back at once"}
"""What the record has, and so is English; and a phrase."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sentence_can_be_translated(file: Path) -> None:
    found = [*_untranslatable(file.read_text(encoding="utf-8"))]
    assert [one for one in found if one.partition(": ")[2] not in KEPT | HANDED_ON] == []


@pytest.mark.parametrize(
    "source",
    ['"{a} is {b}".format(a=1)', 'f"{a} is full"', 'no = "another unit"', '_PLAIN = {"a": "It is full."}'],
)
def test_a_sentence_that_cannot_be_translated_is_found(source: str) -> None:
    assert [*_untranslatable(source)]


def test_no_text_is_left_out_of_the_catalogs_but_those_that_are_listed() -> None:
    """A new one is to be said by `worded` or `word`; or nobody is told it, then `python -m tests.untold`."""
    known = untold.listed()
    new = {name: [text for text in texts if text not in known.get(name, ())] for name, texts in untold.there().items()}
    assert {name: texts for name, texts in new.items() if texts} == {}


def test_what_is_listed_as_left_out_is_there() -> None:
    there = untold.there()
    gone = {
        name: [text for text in texts if text not in there.get(name, ())] for name, texts in untold.listed().items()
    }
    assert {name: texts for name, texts in gone.items() if texts} == {}


@pytest.mark.parametrize(
    "source",
    [
        'note = "a label of a package"',
        'return f"{code} is past its day"',
        'way = "Take the row out." if is_late else ""',
        'findings.refuse(RowFinding("expired", PRIMARY, f"{code} is late: {why}"), row)',
        '_FORMS = {"01": "a label of a parcel"}',
        'raise UnreadableFile(f"{name} is empty.", hint)',
        'raise damaged("it has no sheet")',
    ],
)
def test_a_part_that_is_made_elsewhere_is_found(source: str) -> None:
    assert [*untold.untold(source)]


def test_what_nobody_is_told_is_no_part() -> None:
    sources = [
        'raise StalePlan("it has changed")',
        'assert x, "that cannot be"',
        '_P = re.compile("a b|cd ef")',
        'word("a b c")',
        'raise ValueError("it is none")',
        'def a(b: "int | None") -> "str | None": ...',
        'tx.execute("SELECT a FROM b")',
    ]
    assert [one for source in sources for one in untold.untold(source)] == []


_HANDS = re.compile(r"\bsay\.\w+\([^)]*\"|blank_reason\(")


def _handed(source: str) -> Iterator[str]:
    """The phrases that are handed to sentences as they stand."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="say"))) | ast.Call(func=ast.Name(id="blank_reason")):
                for given in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str) and " " in given.value:
                        yield given.value


def test_a_phrase_that_is_handed_to_a_sentence_can_be_translated() -> None:
    known = catalogs.messages()
    sources = [file.read_text(encoding="utf-8") for file in (PACKAGE / "workflows").rglob("*.py")]
    handed = {phrase for source in sources if _HANDS.search(source) for phrase in _handed(source)}
    assert len(handed) > 10
    assert [phrase for phrase in handed if phrase not in known] == []
