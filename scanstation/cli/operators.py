"""`operators`: who may do what, badges and PINs, and turning sign-in on; and how a command asks who gives it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanstation.cli.output import Command, end_with, format_option, give_up, print_json, print_table, say
from scanstation.cli.start import TEXT, Start
from scanstation.domain import sentences
from scanstation.domain.language import worded
from scanstation.domain.operators import PIN, Right
from scanstation.domain.outcome import Refused
from scanstation.languages import LANGUAGES

if TYPE_CHECKING:
    from scanstation.workflows.access.operator_book import Given
    from scanstation.workflows.site import Site

_SHEET = Path("badges.html")
_FILE = click.Path(path_type=Path)
_NAME = click.argument("name", metavar="NAME", type=TEXT)
_NEW_PIN = click.option("--pin-file", metavar="FILE", type=_FILE, help="The new PIN is the first line of this file.")

_THE_STATIONS = "auto"
_LANGUAGE = click.Choice([_THE_STATIONS, *LANGUAGES])


def _may(command: Command) -> Command:
    rights = ", ".join(Right)
    command = click.option("--right", "rights", metavar="RIGHT", multiple=True, type=TEXT, help=f"One of: {rights}.")(
        command
    )
    return click.option("--role", "roles", metavar="ROLE", multiple=True, type=TEXT, help="See `operators roles`.")(
        command
    )


@click.group()
def operators() -> None:
    """Who may do what: rights, badges, PINs, signing in."""


@operators.command()
@_NAME
@_may
@click.option("--service", "is_service", is_flag=True, help="A service account, for folders and scripts.")
@click.option("--language", type=_LANGUAGE, help="What they read at a station; auto: what the station speaks.")
@_NEW_PIN
@format_option("table", "json", default=lambda: "table")
@click.pass_obj
def add(
    start: Start,
    name: str,
    roles: tuple[str, ...],
    rights: tuple[str, ...],
    is_service: bool,
    language: str | None,
    pin_file: Path | None,
    format: str,
) -> None:
    """Make an operator known, with what they may do.

    A service account is given a PIN of its own, which is shown once.
    """
    if is_service and pin_file is not None:
        raise click.UsageError(worded("A service account is given its PIN: leave --pin-file away."))
    pin = "" if is_service else _new_pin(pin_file, may_be_none=True)
    site = start.site
    from scanstation.workflows.access import operator_book

    reads = _language(language)
    _give(operator_book.add(site, name, roles, rights, pin=pin, is_service=is_service, language=reads), "pin", format)


@operators.command("list")
@format_option("table", "json")
@click.pass_obj
def list_(start: Start, format: str) -> None:
    """All operators, and what they may do."""
    site = start.site
    from scanstation.workflows.access.operator_book import as_json, listing

    rows = [as_json(one) for one in listing(site)]
    if format == "json":
        print_json(rows)
    elif not rows:
        say(worded("There are no operators yet: everyone may do everything."))
    else:
        print_table(
            ("Name", "State", "Roles", "Rights", "PIN", "Badge", "Language"),
            [(str(row["name"]), _state(row), _words(row["roles"]), _words(row["rights"]),
              _yes(row["pin"]), _yes(row["badge"]), str(row["language"] or "")) for row in rows],
        )  # fmt: skip


@operators.command()
@_NAME
@_may
@click.pass_obj
def rights(start: Start, name: str, roles: tuple[str, ...], rights: tuple[str, ...]) -> None:
    """Give an operator these roles and rights, in place of those they had."""
    site = start.site
    from scanstation.workflows.access import operator_book

    end_with(operator_book.set_rights(site, name, roles, rights))


@operators.command()
@_NAME
@click.argument("language", metavar="|".join((_THE_STATIONS, *LANGUAGES)), type=_LANGUAGE)
@click.pass_obj
def language(start: Start, name: str, language: str) -> None:
    """What an operator reads at a station once they have scanned their badge; auto: what the station speaks."""
    site = start.site
    from scanstation.workflows.access import operator_book

    end_with(operator_book.set_language(site, name, _language(language)))


@operators.command()
@_NAME
@click.pass_obj
def disable(start: Start, name: str) -> None:
    """Let an operator in no more. The histories keep the name."""
    site = start.site
    from scanstation.workflows.access import operator_book

    end_with(operator_book.disable(site, name))


@operators.command()
@_NAME
@click.pass_obj
def enable(start: Start, name: str) -> None:
    """Let a disabled operator in again."""
    site = start.site
    from scanstation.workflows.access import operator_book

    end_with(operator_book.enable(site, name))


@operators.command("reset-pin")
@_NAME
@_NEW_PIN
@format_option("table", "json", default=lambda: "table")
@click.pass_obj
def reset_pin(start: Start, name: str, pin_file: Path | None, format: str) -> None:
    """Give an operator another PIN: typed twice, or from a file."""
    site = start.site
    from scanstation.workflows.access import operator_book

    is_service = any(one.is_service and one.name.upper() == name.upper() for one in operator_book.listing(site))
    pin = "" if is_service else _new_pin(pin_file)
    _give(operator_book.reset_pin(site, name, pin), "pin", format)


@operators.command()
@_NAME
@click.option("--day", "for_today", is_flag=True, help="Good until midnight, beside the one they have.")
@click.option("--output", metavar="FILE", type=_FILE, help=f"Where it is written: .html or .pdf. [default: {_SHEET}]")
@format_option("table", "json", default=lambda: "table")
@click.pass_obj
def badge(start: Start, name: str, for_today: bool, output: Path | None, format: str) -> None:
    """Print a new badge of an operator; the one before is good no longer.

    Its code is not kept: who loses a badge is given another. With --format json the code is written, and a sheet
    only where --output says where.
    """
    site = start.site
    from scanstation.workflows.access import operator_book
    from scanstation.workflows.upkeep.command_sheet import badge_ending, write_badge

    sheet = output or (None if format == "json" else _SHEET)
    if sheet is not None:
        badge_ending(sheet)  # before the old badge is withdrawn
    made = operator_book.badge(site, name, for_today=for_today)
    if isinstance(made, Refused):
        give_up(made)
    say(made.text)
    if sheet is not None:
        end_with(write_badge(sheet, made.name, made.secret, for_today=for_today))
    if format == "json":
        print_json({"name": made.name, "badge": made.secret, "day": for_today})


@operators.command("sign-in")
@click.argument("state", metavar="[on|off]", required=False, type=click.Choice(["on", "off"]))
@format_option("table", "json", default=lambda: "table")
@click.pass_obj
def sign_in(start: Start, state: str | None, format: str) -> None:
    """Have people sign in from now on, or no more; without on or off: say which it is."""
    site = start.site
    from scanstation.workflows.access import operator_book, signing_in

    if state is not None:
        end_with(operator_book.sign_in(site, on=state == "on"))
    now = "on" if signing_in.is_on(site) else "off"
    if format == "json":
        print_json({"sign_in": now})
    elif state is None:
        click.echo(worded("Sign-in is on.") if now == "on" else worded("Sign-in is off."))


@operators.command()
@format_option("table", "json")
@click.pass_obj
def roles(start: Start, format: str) -> None:
    """All roles, and the rights that each stands for."""
    site = start.site
    from scanstation.workflows.access.operator_book import known_roles

    rows = [(name, [right.value for right in Right if right in held]) for name, held in known_roles(site).items()]
    if format == "json":
        print_json([{"name": name, "rights": held} for name, held in rows])
    else:
        print_table(("Role", "Rights"), [(name, ", ".join(held)) for name, held in rows])


@operators.command()
@_NAME
@click.option("--right", "rights", metavar="RIGHT", multiple=True, type=TEXT, help="What it stands for.")
@click.pass_obj
def role(start: Start, name: str, rights: tuple[str, ...]) -> None:
    """Name a set of rights, or change what a role of this site stands for."""
    site = start.site
    from scanstation.workflows.access import operator_book

    end_with(operator_book.set_role(site, name, rights))


@operators.command()
@click.argument("name", metavar="[NAME]", required=False, type=TEXT)
@_NEW_PIN
@click.pass_obj
def unlock(start: Start, name: str | None, pin_file: Path | None) -> None:
    """For the owner of the store: forget wrong PINs, and give NAME another PIN.

    The way back in where nobody can sign in any more.
    """
    pin = _new_pin(pin_file) if name else ""
    site = start.site
    from scanstation.workflows.access import operator_book

    end_with(operator_book.unlock(site, name, pin))


@operators.command()
@click.argument("file", metavar="[FILE]", required=False, type=_FILE)
@click.option("--output", metavar="FILE", type=_FILE, help="Write this host's key there, to be taken to another.")
@click.pass_obj
def key(start: Start, file: Path | None, output: Path | None) -> None:
    """Take the site's key from FILE, or hand it on: badges and PINs are good on hosts that have it."""
    if (file is None) is (output is None):
        raise click.UsageError(worded("Either FILE, or --output FILE."))
    site = start.site
    from scanstation.workflows.access import operator_book

    end_with(operator_book.take_key(site, file) if file else operator_book.hand_key_on(site, output or Path()))


# Who gives a command


def ask(site: "Site", what: str) -> Refused | None:
    """How a command asks for what an act lacks: the PIN of --operator, from a file or from a person."""
    from scanstation.domain.defaults import PIN_FILE
    from scanstation.workflows.access import signing_in

    if (pin := _pin_of_file(os.environ.get(PIN_FILE, ""))) is None:
        if not (sys.stdin is not None and sys.stdin.isatty()):
            return site.log_refusal(sentences.nobody_to_ask(PIN_FILE, wants_pin=what == PIN))
        pin = str(click.prompt(worded("PIN of {operator}", operator=site.operator), hide_input=True, err=True))
    outcome = signing_in.by_pin(site, site.operator, pin)
    return outcome if isinstance(outcome, Refused) else None


def _new_pin(file: Path | None, *, may_be_none: bool = False) -> str:
    """A new PIN: of a file, or typed twice."""
    if file is not None:
        return _pin_of_file(str(file)) or ""
    if not (sys.stdin is not None and sys.stdin.isatty()):
        if may_be_none:
            return ""
        raise click.UsageError(worded("There is nobody to type a PIN. Give it in a file: --pin-file FILE."))
    return str(
        click.prompt(
            worded("New PIN (Enter: none)") if may_be_none else worded("New PIN"),
            hide_input=True,
            err=True,
            default="" if may_be_none else None,
            show_default=False,
            confirmation_prompt=worded("Once more"),
        )
    )


def _pin_of_file(file: str) -> str | None:
    from scanstation.workflows.access import pin_files

    try:
        return pin_files.pin_of(file)
    except pin_files.BadPinFile as error:
        raise click.UsageError(error.args[0]) from error


def _give(made: "Given | Refused", what: str, format: str) -> None:
    """Say what was made; what is shown once goes to standard output."""
    if isinstance(made, Refused):
        give_up(made)
    say(made.text)
    if format == "json":
        print_json({"name": made.name, what: made.secret or None})
    elif made.secret:
        say(worded("Its PIN is shown once, keep it in a file of its own:"))
        click.echo(made.secret)


def _language(chosen: str | None) -> str:
    return "" if chosen in (None, _THE_STATIONS) else str(chosen)


def _state(row: dict[str, object]) -> str:
    if row["disabled"]:
        return "disabled"
    return "service" if row["service"] else ""


def _words(words: object) -> str:
    return ", ".join(words) if isinstance(words, list) else ""


def _yes(value: object) -> str:
    return "yes" if value else ""
