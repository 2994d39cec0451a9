"""`devices` and `commands`: the scanners there are, and the barcodes that do what the keyboard does."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanstation.cli.output import (
    OUT_OF_REACH,
    REFUSED,
    WRONG_USE,
    end_with,
    format_option,
    give_up,
    print_json,
    print_table,
    say,
)
from scanstation.cli.start import Start
from scanstation.cli.station import open_station, site_of
from scanstation.domain.codes import shorten
from scanstation.domain.language import english, shown, word, worded
from scanstation.domain.outcome import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serial.tools.list_ports_common import ListPortInfo

    from scanstation.devices.serial_settings import SerialSettings
    from scanstation.devices.tracefile import Trace
    from scanstation.domain.heard import Heard

_SHEET = Path("command-barcodes.html")


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=_SHEET,
    show_default=True,
    metavar="FILE",
    help="Where it is written: .html or .pdf.",
)
@click.pass_obj
def commands(start: Start, output: Path) -> None:
    """Write the sheet of command barcodes, to print and to scan from."""
    from scanstation.workflows.upkeep.command_sheet import write_sheet

    end_with(write_sheet(output, start.settings.commands.prefix, start.settings.rules.reasons))


@click.group(invoke_without_command=True)
@format_option("table", "json")
@click.pass_context
def devices(context: click.Context, format: str) -> None:
    """List the serial ports there are: what to write into config.toml, the rights, and who holds them.

    Those that config.toml names are listed too, whether they are there or not.
    """
    if context.invoked_subcommand is None:
        _list(context.obj, format)


def _list(start: Start, format: str) -> None:
    from scanstation.devices.port_names import PortMissing, listed_ports

    try:
        rows = _port_rows(listed_ports(), start.settings.serial)
    except PortMissing as error:
        say(worded("{why}. Try again.", why=error))
        raise click.exceptions.Exit(OUT_OF_REACH) from error
    if format == "json":
        print_json([dict(zip(_COLUMNS, map(english, row), strict=True)) for row in rows])
        return
    if not rows:
        say(worded("No serial port is plugged in. A scanner that types like a keyboard needs none."))
        return
    print_table([name.replace("_", " ") for name in _COLUMNS], rows)


def _port_rows(listed: "list[ListPortInfo]", scanners: "Sequence[SerialSettings]") -> list[tuple[str, ...]]:
    """The ports that are there, then those that config.toml names and the computer does not list."""
    from scanstation.devices.port_names import PortMissing, SeveralPorts, find_port, found_ports, is_url

    ports_by_device = {str(Path(port.device).resolve()): port for port in found_ports(listed)}
    scanners_at: dict[str, list[str]] = {}
    unlisted: list[tuple[str, ...]] = []
    for scanner in scanners:
        try:
            name = find_port(scanner.port, listed)
        except (PortMissing, SeveralPorts) as error:
            unlisted.append((scanner.port, "", "", worded("no: {why}", why=error), "", scanner.id))
            continue
        device = str(Path(name).resolve())
        if is_url(name):
            what = "" if name.lower().startswith("loop:") else worded("in the network")
            unlisted.append((scanner.port, "", what, worded("`doctor` tries it"), "", scanner.id))
        elif device in ports_by_device:
            scanners_at.setdefault(device, []).append(scanner.id)
        elif Path(device).is_char_device():
            unlisted.append((scanner.port, device, "", *_rights_and_holders(device), scanner.id))
        else:
            why = word("it is not a serial port") if Path(device).exists() else word("it is not plugged in")
            unlisted.append((scanner.port, "", "", worded("no: {why}", why=why), "", scanner.id))
    rows = [
        (port.name, port.device, port.what, *_rights_and_holders(port.device), ", ".join(scanners_at.get(device, ())))
        for device, port in ports_by_device.items()
    ]
    return [*rows, *unlisted]


def _rights_and_holders(device: str) -> tuple[str, str]:
    from scanstation.devices.port_names import holders

    may = worded("yes") if os.access(device, os.R_OK | os.W_OK) else worded("no: add this user to the group dialout")
    return may, ", ".join(f"{holder.command} ({holder.pid})" for holder in holders(device) if holder.is_rival)


_COLUMNS = ("port", "device", "what", "usable", "held_by", "scanner")


@devices.command()
@click.option(
    "--record", type=click.Path(path_type=Path), metavar="FILE", help="Record all that comes in, in a new file."
)
@click.pass_obj
def test(start: Start, record: Path | None) -> None:
    """Look at what the scanners send. Books nothing and needs no store.

    Shows each scan byte by byte with its times. The check card, which is on the sheet of `commands`, tells how a
    scanner is set up, and what is wrong.
    """
    import tempfile

    from scanstation.site_key import SiteKey
    from scanstation.workflows.upkeep import upkeep

    # The station's program wants a store to stand on; this one is nobody's, and gone in the end. So is its key.
    with tempfile.TemporaryDirectory(prefix="scanstation-test-") as folder:
        path = Path(folder) / "nothing.db"
        created = upkeep.create(f"sqlite:///{path}", SiteKey.new())
        if isinstance(created, Refused):
            give_up(created)
        site = start.site_at(f"sqlite:///{path}")
        try:
            open_station(start, site, "scanners", str(record or ""), alone=True)
        finally:
            site.store.close()
            upkeep.throw_away(path)


@devices.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Only say what the scans are; open no station and no store.")
@click.option(
    "--as-set-here",
    is_flag=True,
    help="Read what keyboard scanners sent as [wedge] is set here, and not as it was where the trace was recorded.",
)
@format_option("table", "json")
@click.pass_obj
def replay(start: Start, file: Path, dry_run: bool, as_set_here: bool, format: str) -> None:
    """Play a recorded trace into the station, as if all of it were scanned now.

    What is scanned is booked: name a store of your own with --db, or look first with --dry-run.
    """
    from scanstation.devices.tracefile import BadTrace, played, read_trace

    try:
        trace = read_trace(file)
    except BadTrace as error:
        say(str(error))
        raise click.exceptions.Exit(REFUSED) from error
    except OSError as error:
        name = shorten(str(file), 200)
        say(worded("{file} cannot be read: {why}. Check the path.", file=name, why=error.strerror or error))
        raise click.exceptions.Exit(WRONG_USE) from error
    wedge = start.settings.wedge if as_set_here else trace.wedge
    heard = trace.heard(wedge)
    if dry_run:
        _tell_trace(trace, heard, start.settings.commands.prefix, format)
        return
    scans = played(heard, wedge)
    if not scans:
        say(worded("{file} has no scans in it.", file=shorten(str(file), 200)))
        raise click.exceptions.Exit(REFUSED)
    open_station(start, site_of(start), "home", played=scans)


def _tell_trace(trace: "Trace", heard: "list[Heard]", prefix: str, format: str) -> None:
    from scanstation.devices.tracefile import outcome
    from scanstation.domain.heard import read_as
    from scanstation.domain.scan import fault_text
    from scanstation.workflows.codes.interpreting import interpret

    rows = []
    for each in heard:
        scan = each.scan
        if scan is None:
            reading = each.why_typed
        elif scan.fault:
            reading = fault_text(scan.fault)
        else:
            reading = read_as(interpret(scan.text, command_prefix=prefix))
        kind = "typed" if scan is None else "refused" if scan.fault else "twice" if scan.repeat else "scan"
        rows.append(
            (round(each.at), each.device, kind, scan.text if scan else each.body, reading, each.timing, each.readable)
        )
    if format == "json":
        print_json([dict(zip(_TRACE_KEYS, map(english, row), strict=True)) for row in rows])
    else:
        print_table([name.replace("_", " ") for name in _TRACE_KEYS], [[*map(shown, row)] for row in rows])
    if trace.recorded and [outcome(each) for each in heard] != list(trace.recorded):
        say(worded("This is not what was made of them when the trace was recorded: its lines with “read” tell that."))


_TRACE_KEYS = ("ms", "from", "kind", "code", "read_as", "timing", "raw")
