"""`setup`: making a station of a Linux host."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanstation.cli.output import DONE, end_with, give_up, say
from scanstation.cli.start import TEXT
from scanstation.domain import sentences
from scanstation.domain.language import word, worded
from scanstation.domain.outcome import Refused

if TYPE_CHECKING:
    from scanstation.workflows.upkeep.seats import SeatPlan


@click.group()
def setup() -> None:
    """Make a seat of this host: a user whose only program is the station."""


@setup.command()
@click.argument("name", metavar="NAME", type=TEXT)
@click.option("--console", metavar="TTY", default="tty1", show_default=True, type=TEXT, help="Sign it in there.")
@click.option(
    "--ssh-keys",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Not at a console: let these public keys in over ssh.",
)
@click.option("--tmux", "in_tmux", is_flag=True, help="Keep the station running while a handheld is out of reach.")
@click.option("--scanners", "has_ports", is_flag=True, help="There are scanners on serial ports.")
@click.option("--font", metavar="NAME", type=TEXT, help="Of the console; empty: as it is. [default: Lat15-Terminus16]")
@click.option("--folder", metavar="PATH", type=TEXT, default="/srv/scanstation", show_default=True,
              help="With config.toml and the store.")  # fmt: skip
@click.option("--program", metavar="PATH", type=TEXT, help="ScanStation, as the seat runs it. [default: this one]")
@click.option("--root", metavar="PATH", default="/", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Not this host, but one whose files are here: a card, an image.")  # fmt: skip
@click.option("--remove", is_flag=True, help="Take the seat away. The store stays.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def station(
    name: str,
    console: str,
    ssh_keys: Path | None,
    in_tmux: bool,
    has_ports: bool,
    font: str | None,
    folder: str,
    program: str | None,
    root: Path,
    remove: bool,
    yes: bool,
) -> None:
    """Show what a seat would write and run on this host; with a yes, do it.

    NAME is the seat's user and its station's name. The station opens at a console when the computer starts, or for
    who signs in over ssh.
    """
    if sys.platform != "linux":
        give_up(sentences.not_a_host(word("this is another system")))
    from scanstation.workflows.upkeep import seats

    host = seats.Host(root.resolve())
    if remove:
        _show(seats.going(name, host), deletes=True)
        _confirm(yes)
        end_with(seats.take_away(name, host))
        return
    seat = seats.Seat(
        name=name,
        program=Path(program or shutil.which("scanstation") or os.path.abspath(sys.argv[0])),  # noqa: PTH100 - links stay
        folder=Path(folder),
        console=console,
        keys=ssh_keys.read_text(encoding="utf-8", errors="replace") if ssh_keys else None,
        font=seats.FONT if font is None else font,
        in_tmux=in_tmux,
        has_ports=has_ports,
    )
    _show(seats.planned(seat, host), deletes=False)
    _confirm(yes)
    end_with(seats.set_up(seat, host))


def _show(plan: "SeatPlan | Refused", *, deletes: bool) -> None:
    """What is about to happen, as it is: files with all that is in them, commands as they are run."""
    if isinstance(plan, Refused):
        give_up(plan)
    runs, writes = worded("run"), worded("delete") if deletes else worded("write")
    width = max(len("delete"), len(runs), len(writes)) + 2
    for command in plan.before:
        say(f"{runs:<{width}}{shlex.join(command)}")
    for file in plan.files:
        say(f"{writes:<{width}}{file.path}", *(f"        {line}" for line in file.text.splitlines()))
    for command in plan.after:
        say(f"{runs:<{width}}{shlex.join(command)}")


def _confirm(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        say(worded("Nothing was changed. With --yes it is done."))
        raise click.exceptions.Exit(DONE)
    if not click.confirm(worded("Go on?"), err=True):
        say(worded("Nothing was changed."))
        raise click.exceptions.Exit(DONE)
