"""`devices` and `commands`: the scanners there are, and the barcodes that do what the keyboard does."""

import os
from pathlib import Path

import click

from scanstation.cli.output import OUT_OF_REACH, end_with, format_option, print_json, print_table, say
from scanstation.cli.start import Start

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
    from scanstation.workflows.command_sheet import write_sheet

    end_with(write_sheet(output, start.settings.commands.prefix))


@click.command()
@format_option("table", "json")
@click.pass_obj
def devices(start: Start, format: str) -> None:
    """List the serial ports there are: what to write into config.toml, the rights, and who holds them."""
    from scanstation.devices.port_names import PortMissing, found_ports, holders, listed_ports

    configured = {gun.port: gun.id for gun in start.settings.serial}
    rows = []
    try:
        ports = found_ports(listed_ports())
    except PortMissing as error:
        say(f"{error}. Try again.")
        raise click.exceptions.Exit(OUT_OF_REACH) from error
    for port in ports:
        may = "yes" if os.access(port.device, os.R_OK | os.W_OK) else "no: see docs/scanners.md, dialout"
        held = ", ".join(f"{holder.command} ({holder.pid})" for holder in holders(port.device))
        gun = configured.get(port.name) or configured.get(port.device) or ""
        rows.append((port.name, port.device, port.what, may, held, gun))
    if format == "json":
        print_json([dict(zip(_COLUMNS, row, strict=True)) for row in rows])
        return
    if not rows:
        say("No serial port is plugged in. A scanner that types like a keyboard needs none.")
        return
    print_table([name.replace("_", " ") for name in _COLUMNS], rows)


_COLUMNS = ("port", "device", "what", "usable", "held_by", "gun")
