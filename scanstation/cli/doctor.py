"""`doctor`: what keeps this station from working well, and how to mend it."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from scanstation.cli.output import OUT_OF_REACH, WRONG_USE, format_option, print_json, print_table
from scanstation.cli.start import Start
from scanstation.domain.language import english, joined, word, worded
from scanstation.domain.terminals import cannot_show, peculiar, too_small
from scanstation.domain.verdict import Tone

if TYPE_CHECKING:
    from scanstation.config import Settings


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing looked at."""

    tone: Tone
    what: str
    text: str
    """What was found; where it is not right, with what to do."""
    status: int = 0
    """The exit status that it alone would give."""


@click.command()
@format_option("table", "json")
@click.pass_obj
def doctor(start: Start, format: str) -> None:
    """Look at configuration, store, scanners and terminal; say how to mend what is wrong.

    Run it in the terminal where the station works. `db check` looks through the whole store.
    """
    findings = [*examined(start)]
    rows = [(finding.tone.value, finding.what, finding.text) for finding in findings]
    if format == "json":
        print_json([dict(zip(("verdict", "what", "told"), map(english, row), strict=True)) for row in rows])
    else:
        print_table(("", "what", "found"), rows)
    if status := max(finding.status for finding in findings):
        raise click.exceptions.Exit(status)


def examined(start: Start) -> Iterator[DoctorFinding]:
    """Everything looked at, one after the other."""
    from scanstation.config import BadConfiguration

    try:
        file, settings = start.config_file, start.settings
        operator = settings.operator_name
    except BadConfiguration as error:
        for problem in error.problems:
            yield DoctorFinding(Tone.STOP, "configuration", problem, WRONG_USE)
        yield from _terminal(is_read_portably=sys.platform == "win32")
        return
    yield DoctorFinding(
        Tone.OK, "configuration", str(file.absolute()) if file else worded("No config.toml: all keys at default.")
    )
    yield DoctorFinding(
        Tone.OK,
        "station",
        worded("{station}, operator {operator}", station=settings.station_name, operator=operator),
    )
    yield from _commands(settings)
    yield from _store(start)
    yield from _backups(start)
    yield from _hand_over(start)
    yield from _scanners(start)
    yield from _terminal(is_read_portably=settings.ui.driver == "portable" or sys.platform == "win32")


def _commands(settings: "Settings") -> Iterator[DoctorFinding]:
    prefix = settings.commands.prefix
    if prefix != type(settings.commands)().prefix:
        yield DoctorFinding(
            Tone.OK,
            "commands",
            worded("Command barcodes begin with {prefix}, a prefix of the site's own.", prefix=prefix),
        )
        return
    problem_text = worded(
        "Command barcodes begin with {prefix}, as everybody's do: a label from outside may hold one. "
        "Set a prefix of the site's own, [commands] prefix in config.toml, and print the command sheet "
        "anew.",
        prefix=prefix,
    )
    yield DoctorFinding(Tone.CHECK, "commands", problem_text)


def _store(start: Start) -> Iterator[DoctorFinding]:
    from scanstation.domain.store_errors import StoreError
    from scanstation.workflows.upkeep import fitness

    try:
        store_findings = fitness.look(start.database_url)
    except StoreError as error:
        yield DoctorFinding(
            Tone.STOP, "store", worded("{title} {hint}", title=error.title, hint=error.hint), OUT_OF_REACH
        )
        return
    for one in store_findings:
        yield DoctorFinding(one.tone, one.what, one.text, OUT_OF_REACH if one.tone is Tone.STOP else 0)


def _backups(start: Start) -> Iterator[DoctorFinding]:
    from datetime import UTC, datetime

    from scanstation.domain import sentences
    from scanstation.store.store import file_of
    from scanstation.workflows.upkeep import backups

    plan, url = start.settings.backup.plan, start.database_url
    if plan.is_on:
        verdict = sentences.backups_stand(backups.look(url, plan), plan, datetime.now(UTC))
    else:
        verdict = sentences.no_backups(on_server=file_of(url) is None)
    yield DoctorFinding(verdict.tone, "backup", verdict.text, OUT_OF_REACH if verdict.tone is Tone.STOP else 0)


def _hand_over(start: Start) -> Iterator[DoctorFinding]:
    if not start.settings.handover.plan.targets:
        return
    from scanstation.domain.store_errors import StoreError
    from scanstation.store.store import open_store
    from scanstation.workflows.upkeep import handing_over

    try:
        store = open_store(start.database_url)
    except StoreError:
        return  # told above
    try:
        verdict = handing_over.seen(store)
    finally:
        store.close()
    yield DoctorFinding(verdict.tone, "hand-over", verdict.text)


def _scanners(start: Start) -> Iterator[DoctorFinding]:
    from scanstation.devices.open_port import OpenLines, PortState, PortTrouble, open_port

    if not start.settings.serial:
        yield DoctorFinding(
            Tone.OK, "scanners", worded("No serial port is set; scanners that type like a keyboard need none.")
        )
    lines = OpenLines()
    with ExitStack() as ports:  # all at once, as the station has them: two tables may name one port
        for scanner in start.settings.serial:
            try:
                ports.enter_context(open_port(scanner, lines))
                yield DoctorFinding(Tone.OK, scanner.id, worded("{port} opens.", port=scanner.port))
            except PortTrouble as trouble:
                if trouble.state is PortState.BUSY:  # by the station itself, as a rule
                    yield DoctorFinding(Tone.CHECK, scanner.id, trouble.text)
                else:
                    yield DoctorFinding(Tone.STOP, scanner.id, trouble.text, OUT_OF_REACH)


def _terminal(*, is_read_portably: bool) -> Iterator[DoctorFinding]:
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        yield DoctorFinding(
            Tone.CHECK, "terminal", worded("This is no terminal. Run doctor where the station is to work.")
        )
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    kind, encoding = os.environ.get("TERM", ""), sys.stdout.encoding.lower()
    no_kind = "Windows" if sys.platform == "win32" else word("no TERM")
    terminal_text = joined([kind or no_kind, f"{size.columns}×{size.lines}", encoding])
    wrong = []
    if trouble := cannot_show(kind, size.columns, size.lines) or too_small(size.columns, size.lines):
        wrong.append(trouble)
    if not kind and sys.platform != "win32":
        wrong.append(worded("TERM does not say what this terminal can do: set it, for example to xterm-256color."))
    if encoding.replace("-", "") != "utf8":
        wrong.append(
            worded(
                "Set a UTF-8 locale, for example LANG=C.UTF-8: names outside ASCII are not shown rightly, and "
                "lines are drawn in ASCII."
            )
        )
    yield DoctorFinding(
        Tone.CHECK if wrong else Tone.OK,
        "terminal",
        worded("{terminal}. {wrong}", terminal=terminal_text, wrong=joined(wrong, " ")) if wrong else terminal_text,
    )
    if is_read_portably:
        yield DoctorFinding(
            Tone.OK,
            "keyboard",
            worded("Read by Textual's own driver: the documentation's page Windows says what it cannot."),
        )
    for oddity in peculiar(os.environ):
        yield DoctorFinding(Tone.OK, "keys and pastes", oddity)
