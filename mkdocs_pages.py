"""Pages of the site that are made from the program: its commands, its settings, what it says. MkDocs calls `on_…`."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import click

from scanstation.cli.manual import commands_of
from scanstation.cli.root import scanstation
from scanstation.domain import sentences
from scanstation.domain.sentences.texts import Texts
from scanstation.settings import ENVIRONMENT_PREFIX

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_ROOT = Path(__file__).parent
_REFUSALS = "refusals.md"
_AT_THE_DESK = {"receive.md", "pack.md"}
_EXPLAINED = re.compile(r"^\| `[^|]+", re.MULTILINE)


def on_files(files: "Files", *, config: "MkDocsConfig") -> "Files":
    """Add the made pages to those of docs/."""
    from mkdocs.structure.files import File  # late: only whoever builds the site has it

    for name, page in MADE.items():
        files.append(File.generated(config, name, content=page()))
    return files


def on_page_markdown(markdown: str, *, page: "Page", **_: object) -> str:
    """Let the rows of refusals be pointed to, and show the cards that a page for people at the desk names."""
    if page.file.src_uri == _REFUSALS:
        return _EXPLAINED.sub(lambda row: re.sub(r"`([a-z_-]+)`", r'<a id="\1"></a>`\1`', row[0]), markdown)
    if page.file.src_uri in _AT_THE_DESK:
        return f"{markdown}\n## The cards, to scan from here\n\n{cards_table(markdown)}\n"
    return markdown


def cards_table(markdown: str) -> str:
    """The cards that a text names, as HTML, each with the barcode that the printed sheet has."""
    from scanstation.workflows.upkeep.command_sheet import cards  # late: tests of the other pages draw nothing

    named = set(re.findall(r"`(SS-[A-Z0-9-]+)`", markdown))
    shown = [card for part in cards("SS-") for card in part if card.code in named]
    rows = (
        f"<tr><td>{_drawn(card.code)}</td><td><b>{card.title}</b><br><code>{card.code}</code></td>"
        f"<td>{card.hint}</td></tr>"
        for card in shown
    )
    return "\n".join(["<table>", *rows, "</table>"])


def _drawn(code: str) -> str:
    from scanstation.workflows.codes.symbols import qr_of  # late, as above

    symbol = qr_of(code)
    path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in symbol.bars)
    view = f'width="20mm" height="20mm" viewBox="0 0 {symbol.width} {symbol.height}" shape-rendering="crispEdges"'
    return f'<svg role="img" aria-label="{code}" {view}><path fill="#fff" d="M0 0h99v99h-99z"/><path d="{path}"/></svg>'


# Commands


def commands_page() -> str:
    """Every command with its usage, its help and its options, in the words of `--help`."""
    context = click.Context(scanstation, info_name="scanstation")
    lines = [
        "# Commands",
        "Each of them says the same with `--help`. Options of the station itself stand before the command: "
        "`scanstation --db URL po list`.",
        _usage(context),
        *_about(context),
        *_options(context),
        f"{scanstation.epilog}",
        *_commands(context),
    ]
    return "\n\n".join(lines) + "\n"


def _commands(parent: click.Context) -> Iterator[str]:
    for context in commands_of(parent):
        path = context.command_path.removeprefix("scanstation ")
        yield f"{'##' if parent.command is scanstation else '###'} {path}"
        if isinstance(context.command, click.Group):
            yield from _about(context)
            yield from _commands(context)
        else:
            yield _usage(context)
            yield from _about(context)
            yield from _options(context)


def _usage(context: click.Context) -> str:
    pieces = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    return f"```\n{pieces}\n```"


def _about(context: click.Context) -> Iterator[str]:
    for paragraph in inspect.cleandoc(context.command.help or "").split("\n\n"):
        yield _plain(" ".join(paragraph.split()))


def _options(context: click.Context) -> Iterator[str]:
    records = [
        record
        for parameter in context.command.get_params(context)
        if isinstance(parameter, click.Option)
        and "--help" not in parameter.opts
        and (record := parameter.get_help_record(context))
    ]
    if records:
        rows = [f"| `{_cell(name)}` | {_cell(_plain(told))} |" for name, told in records]
        yield "\n".join(["| option | what it means |", "|---|---|", *rows])


# Settings


def settings_page() -> str:
    """Every key of config.toml, with its default and what its comment says."""
    head, *sections = (_ROOT / "config.toml").read_text(encoding="utf-8").strip().split("\n\n")
    about = [_plain(" ".join(_words(part.splitlines()))) for part in head.split("\n#\n")]
    return "\n\n".join(["# Settings", *about, *map(_section, sections)]) + "\n"


def _words(lines: list[str]) -> Iterator[str]:
    return (line.removeprefix("#").strip() for line in lines)


def _section(text: str) -> str:
    """A section: what stands above its name, and its keys; of tables that are only shown, all lines are comments."""
    lines = text.splitlines()
    shown = all(line.startswith("#") for line in lines)
    if shown:
        lines = [*_words(lines)]
    name = next(line for line in lines if line.startswith("["))
    place = lines.index(name)
    rows: list[str] = []
    told: list[str] = []
    for line in lines[place + 1 :]:
        if key := re.fullmatch(r"([a-z][a-z0-9_]*) = (.+)", line):
            rows.append(f"| `{key[1]}` | `{_cell(key[2])}` | {_cell(_plain(' '.join(told)))} |")
            told = []
        else:
            told.append(line.removeprefix("#").strip())
    variable = f"{ENVIRONMENT_PREFIX}{name.strip('[]').upper()}__{'0__' if shown else ''}…"
    about = _plain(" ".join(_words(lines[:place])))
    table = "\n".join(["| key | default | what it means |", "|---|---|---|", *rows])
    parts = [f"## {name}", about, f"In the environment `{variable}`.", table]
    return "\n\n".join(part for part in parts if part)


# What it says


def sentences_page() -> str:
    """Every refusal and question in the station's words, with the way to what it means."""
    explained = {
        name
        for names in _EXPLAINED.findall((_ROOT / "docs" / _REFUSALS).read_text(encoding="utf-8"))
        for name in re.findall(r"`([a-z_-]+)`", names)
    }
    rows = sorted(
        f"| {_cell(_plain(text))} | [{reason}]({_REFUSALS}#{reason}) |"
        for reason, text in _said()
        if reason in explained
    )
    about = (
        "What a station answers with where something is refused, asked or to be looked at; … is what the scan is about."
    )
    return "\n".join(["# What it says", "", about, "", "| sentence | what it means |", "|---|---|", *rows, ""])


def _said() -> Iterator[tuple[str, str]]:
    """Each template under its reason; … stands for what is filled in."""
    for module in iter_modules(sentences.__path__, f"{sentences.__name__}."):
        texts = getattr(import_module(module.name), "_TEXTS", None)
        if isinstance(texts, Texts):
            yield from ((name.partition("/")[0], re.sub(r"\{.*?\}", "…", text)) for name, text in texts.items())


MADE = {"commands.md": commands_page, "sentences.md": sentences_page, "settings.md": settings_page}
"""The made pages by their names."""


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands, but for what it has between backticks."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_<\[\]`])", r"\\\1", part) for part in parts)


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")
