"""The manual page and the completions of shells, made from the commands themselves as the wheel is built."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from scanstation import __version__
from scanstation.cli.root import scanstation

COMPLETE = "_SCANSTATION_COMPLETE"
"""By this variable a shell asks what may come next."""
_NAME = "scanstation"


class _Fish(FishComplete):
    """Click's ends what it says of a word at the first comma in it."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')


_SHELLS: dict[str, type[ShellComplete]] = {
    "share/bash-completion/completions/scanstation": BashComplete,
    "share/zsh/site-functions/_scanstation": ZshComplete,
    "share/fish/vendor_completions.d/scanstation.fish": _Fish,
}


def shared_files(built_at: int) -> dict[str, str]:
    """What a wheel brings beside the package: path in the environment → text.

    Args:
        built_at: seconds since 1970, for the page's foot.
    """
    # Not a shell's own `source`: Bash's asks which Bash this machine has.
    scripts = {path: ShellComplete.source(shell(scanstation, {}, _NAME, COMPLETE)) for path, shell in _SHELLS.items()}
    return {"share/man/man1/scanstation.1": man_page(built_at), **scripts}


def man_page(built_at: int) -> str:
    """All commands on one page, in the words of their help."""
    day = datetime.fromtimestamp(built_at, UTC).date().isoformat()
    context = click.Context(scanstation, info_name=_NAME)
    about = inspect.cleandoc(scanstation.help or "")
    lines = [
        f'.TH SCANSTATION 1 {day} "ScanStation {__version__}" "User Commands"',
        ".SH NAME",
        f"{_NAME} \\- {_plain(about.partition('.')[0])}",
        ".SH SYNOPSIS",
        rf"\fB{_NAME}\fR {_plain(' '.join(scanstation.collect_usage_pieces(context)))}",
        ".SH DESCRIPTION",
        *_paragraphs(about),
        ".SH OPTIONS",
        *_options(context),
        ".SH COMMANDS",
        *_commands(context),
        ".SH EXIT STATUS",
        *_paragraphs((scanstation.epilog or "").removeprefix("Exit status: ")),
    ]
    return "\n".join(lines) + "\n"


def commands_of(parent: click.Context) -> Iterator[click.Context]:
    """What people may give of a group: its commands and groups, none that is hidden."""
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is not None and not command.hidden:
            yield click.Context(command, info_name=name, parent=parent)


def _commands(parent: click.Context) -> Iterator[str]:
    """The commands below one, each with its usage, its help and its options."""
    for context in commands_of(parent):
        command = context.command
        if isinstance(command, click.Group):
            yield from _commands(context)
            continue
        usage = " ".join([context.command_path.removeprefix(f"{_NAME} "), *command.collect_usage_pieces(context)])
        yield f".SS {_plain(usage)}"
        yield from _paragraphs(inspect.cleandoc(command.help or ""))
        yield from _options(context)


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1] and "--help" not in parameter.opts:
            yield from (".TP", rf"\fB{_plain(record[0])}\fR", _plain(record[1]))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield _plain(" ".join(paragraph.split()))


def _plain(text: str) -> str:
    """Text that troff takes as it stands."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text
