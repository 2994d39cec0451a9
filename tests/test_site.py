"""docs/ as a site: no dead link, no page that the menu lacks, and every command, setting and reason has its place."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import NamedTuple

import click
import pytest

import mkdocs_pages
from scanstation.cli.root import scanstation
from scanstation.devices.serial_settings import SerialSettings
from scanstation.domain.commands import Act, read_command
from scanstation.settings import Settings
from tests.reasons import reasons

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])


class Page(NamedTuple):
    """A document, without its examples."""

    links: tuple[str, ...]
    anchors: frozenset[str]


def page(text: str) -> Page:
    """What a document points to, and what can be pointed to in it."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose))
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return Page(tuple(links), frozenset(anchor(heading) for heading in headings))


def anchor(heading: str) -> str:
    """A heading's anchor; one that the site and a code host would make differently is none.

    >>> anchor("Set up a scanner, in five minutes")
    'set-up-a-scanner-in-five-minutes'
    """
    words = re.sub(r"[^\w\s-]", "", heading.lower()).strip()
    return re.sub(r"[-\s]+", "-", words) if re.sub(r"[-\s]+", "-", words) == words.replace(" ", "-") else ""


def dead(file: Path, known: dict[Path, Page]) -> Iterator[str]:
    for link in known[file].links:
        if re.match(r"https?:", link):
            continue
        path, _, part = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.is_file() or (part and part not in known[target].anchors):
            yield link


def commands_of(parent: click.Context) -> Iterator[click.Context]:
    """All that can be run, none left out for being hidden."""
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent)
        yield from commands_of(context) if isinstance(command, click.Group) else [context]


def test_links_and_anchors_are_found() -> None:
    found = page("# The end, of it\n[a](b.md#c) `[no](link)`\n```\n[no](link)\n# none\n```\n![p](q.svg)\n## A – B\n")
    assert found == Page(("b.md#c", "q.svg"), frozenset({"the-end-of-it", ""}))


def test_no_link_is_dead() -> None:
    known = {file: page(file.read_text(encoding="utf-8")) for file in PAGES}
    assert sum(len(one.links) for one in known.values()) > 50
    assert {file.name: found for file in PAGES if (found := [*dead(file, known)])} == {}


def test_the_menu_has_every_page_and_no_other() -> None:
    menu = re.findall(r": ([a-z]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(menu) == sorted([*(file.name for file in DOCS.glob("*.md")), *mkdocs_pages.MADE])


def test_examples_stand_at_the_margin() -> None:
    """The site shows others as text."""
    assert [
        file.name for file in PAGES if re.search(r"^[ >]+```", file.read_text(encoding="utf-8"), re.MULTILINE)
    ] == []


def test_the_pages_for_the_desk_show_every_card_and_none_that_there_is_not() -> None:
    text = "".join((DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("receive", "pack"))
    cards = {card: read_command(card, "SS-") for card in re.findall(r"`(SS-[A-Z0-9-]+)`", text)}
    assert {card for card, command in cards.items() if command is None} == set()
    assert {command.act for command in cards.values() if command} == set(Act)


def test_every_command_has_its_place_and_its_options() -> None:
    page_of_it = mkdocs_pages.commands_page()
    for context in commands_of(click.Context(scanstation, info_name="scanstation")):
        place = page_of_it.partition(f"\n```\n{context.command_path} ")[2].partition("\n```\n" + "scanstation ")[0]
        assert place, context.command_path
        for option in context.command.params:
            assert option.opts[-1] in place or isinstance(option, click.Argument), (context.command_path, option.opts)


def test_every_setting_has_its_place_with_its_default() -> None:
    sections = dict(
        re.findall(r"^## \[+([a-z_]+)\]+$(.*?)(?=^## |\Z)", mkdocs_pages.settings_page(), re.MULTILINE | re.DOTALL)
    )
    told = {
        name: dict(re.findall(r"^\| `([a-z0-9_]+)` \| `(.*?)` \| .", text, re.MULTILINE))
        for name, text in sections.items()
    }
    wanted = {name: list(keys) for name, keys in asdict(Settings()).items() if name != "serial"}
    wanted["serial"] = [each.name for each in fields(SerialSettings)]
    assert {name: sorted(keys) for name, keys in told.items()} == {name: sorted(keys) for name, keys in wanted.items()}
    assert told["wedge"]["max_gap_ms"] == "35.0"
    assert told["rules"]["not_serials"].startswith('["N/A", "NA"')


def test_every_reason_is_explained_once_and_nothing_else_is() -> None:
    """A new reason gets its line in docs/refusals.md: what it means, and what to do now."""
    text = (DOCS / "refusals.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+) \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)
    told = Counter(name for names in rows for name in re.findall("`([a-z_-]+)`", names))
    assert set(told) == reasons()
    assert [name for name, count in told.items() if count > 1] == []


def test_what_the_station_says_leads_to_what_it_means() -> None:
    page_of_it = mkdocs_pages.sentences_page()
    assert "| … is full: … of … are ……. Put this one aside. | [over-order](refusals.md#over-order) |" in page_of_it
    assert "Scan the product.…" not in page_of_it, "an OK needs no explanation"


@pytest.mark.long
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    assert 'aria-label="SS-LEARN"' in (tmp_path / "receive.html").read_text(encoding="utf-8")
    assert {path.stem for path in tmp_path.glob("*.html")} >= {Path(name).stem for name in mkdocs_pages.MADE}
