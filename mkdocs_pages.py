"""Pages of the site that are made from the program: its commands, and its settings. MkDocs calls `on_files`."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from scanstation.cli.root import scanstation
from scanstation.settings import ENVIRONMENT_PREFIX

_ROOT = Path(__file__).parent


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the made pages to those of docs/."""
    for name, page in (("commands.md", commands_page()), ("settings.md", settings_page())):
        files.append(File.generated(config, name, content=page))
    return files


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
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=parent)
        path = context.command_path.removeprefix("scanstation ")
        yield f"{'##' if group is scanstation else '###'} {path}"
        if isinstance(command, click.Group):
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
        if "--help" not in parameter.opts and (record := parameter.get_help_record(context))
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
    rows, told = [], []
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


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands, but for what it has between backticks."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_<\[\]`])", r"\\\1", part) for part in parts)


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")
