"""`db`: the store as a whole."""

from pathlib import Path

import click

from scanstation.cli.output import DONE, end_with, give_up, say
from scanstation.cli.start import Start, on_a_terminal
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused


@click.group()
def db() -> None:
    """The store: making, upgrading, checking, backing up, restoring it."""


@db.command("init")
@click.pass_obj
def init(start: Start) -> None:
    """Make a new store."""
    url = start.database_url
    from scanstation.workflows.upkeep import upkeep

    end_with(upkeep.create(url))


@db.command("upgrade")
@click.pass_obj
def upgrade(start: Start) -> None:
    """Bring a store of an older ScanStation to this one; a copy is kept."""
    url = start.database_url
    from scanstation.workflows.upkeep import upkeep

    end_with(upkeep.upgrade(url))


@db.command("check")
@click.pass_obj
def check(start: Start) -> None:
    """Look whether everything in the store agrees; changes nothing."""
    url = start.database_url
    from scanstation.workflows.upkeep import upkeep

    end_with(upkeep.check(url))


@db.command("backup")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def backup(start: Start, file: Path) -> None:
    """Copy the store to a new file, while stations work."""
    url = start.database_url
    from scanstation.workflows.upkeep import upkeep

    end_with(upkeep.backup(url, file, start.site_of))


@db.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.pass_obj
def restore(start: Start, file: Path) -> None:
    """Put a backup where the store is. What is there now is moved aside, never deleted."""
    url = start.database_url
    from scanstation.workflows.upkeep import upkeep

    what = upkeep.what_restoring_replaces(url)
    if what and on_a_terminal():
        say(what)
        if not click.confirm(worded("Go on?"), err=True):
            raise click.exceptions.Exit(DONE)
    end_with(upkeep.restore(url, file, start.site_of))


@db.command("copy")
@click.option("--to", "to", metavar="URL", required=True, help="Where there is no store yet, or an empty one.")
@click.pass_obj
def copy(start: Start, to: str) -> None:
    """Copy the store to another database, from a file to a server or back; verified row by row."""
    url = start.database_url
    from scanstation.workflows.upkeep import moving

    last = ""

    def report(what: str, rows: int) -> None:
        nonlocal last
        if on_a_terminal():
            last = f"{what}: {rows:,}"
            click.echo(f"\r{last:<50}", err=True, nl=False)

    try:
        outcome = moving.copy(url, to, report, start.site_of)
    finally:
        if last:
            click.echo("\r" + " " * 50 + "\r", err=True, nl=False)
    end_with(outcome)


@db.command("roles")
@click.option("--role", default="scanstation_station", show_default=True, help="The user that stations connect as.")
@click.pass_obj
def roles(start: Start, role: str) -> None:
    """Print the SQL of a role that may run stations, and no more: no change of events or of the schema."""
    url = start.database_url
    from scanstation.workflows.upkeep import moving

    printed = moving.roles(url, role)
    if isinstance(printed, Refused):
        give_up(printed)
    click.echo(printed, nl=False)
