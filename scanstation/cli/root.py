"""Every command of the contract, each imported when it is asked for."""

from gettext import gettext
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING

import click

from scanstation import __version__
from scanstation.cli.speaking import in_words
from scanstation.cli.start import TEXT, Start
from scanstation.domain.language import worded

if TYPE_CHECKING:
    from scanstation.domain.outcome import Refused
    from scanstation.workflows.site import Site

_COMMANDS = {
    "receive": ("station", "Open the station on Receiving, with this order."),
    "pack": ("station", "Open the station on Packing, with this order."),
    "return": ("returns", "Open the station on Returns, with this return."),
    "returns": ("returns", "What has come back, and under which numbers."),
    "demo": ("station", "Open the station on a small example warehouse, in a file of its own."),
    "po": ("orders", "Purchase orders."),
    "so": ("orders", "Shipment orders."),
    "unpack": ("corrections", "Take a Packed unit out of its shipment, by either of its serials."),
    "unreceive": ("corrections", "Take back a Received unit that never came, by either of its serials."),
    "dispose": (
        "corrections",
        "End a Received unit, by either of its serials: it leaves the stock, and no order's count changes.",
    ),
    "regrade": ("corrections", "Make a Received unit one of another SKU of its client."),
    "correct": ("corrections", "Give a unit of any status the serial NEW in place of CODE."),
    "hold": ("holding", "Put units on hold: they are neither packed nor shipped until they are released."),
    "release": ("holding", "Lift the hold of units, by their serials, from a list of serials, or by what they are."),
    "products": ("products", "Rename and retire products, and take learned barcodes back."),
    "count": ("counts", "Open the station on Counts, with this count."),
    "counts": ("counts", "Counts of what is there."),
    "transfer": ("transfers", "Open the station on Transfers, with this transfer."),
    "transfers": ("transfers", "Goods sent from one warehouse to another."),
    "load": (
        "loading",
        "Load products, orders, stock, expected serials and lists of returns from .xlsx, .csv or .json.",
    ),
    "handover": ("handover", "What the ERP hears of what was done: as files in a folder, and as posts to its server."),
    "template": ("loading", "Write a workbook with the right header and text columns, to be filled in."),
    "report": (
        "reports",
        "The Serial Number Report, the histories of receiving and shipping, the stock and the audit.",
    ),
    "print": ("papers", "Print the slip, the serial labels or a downtime sheet of an order."),
    "downtime": ("downtime", "What was written down while the station was away."),
    "trace": ("reports", "The whole life of every unit that ever had this serial."),
    "devices": (
        "scanners",
        "List the serial ports there are: what to write into config.toml, the rights, and who holds them.",
    ),
    "commands": ("scanners", "Write the sheet of command barcodes, to print and to scan from."),
    "operators": ("operators", "Who may do what: rights, badges, PINs, signing in."),
    "db": ("db", "The store: making, upgrading, checking, backing up, restoring it."),
    "doctor": ("doctor", "Look at configuration, store, scanners and terminal; say how to mend what is wrong."),
    "setup": ("setup", "Make a seat of this host: a user whose only program is the station."),
    "support": (
        "support",
        "Pack a station's last hour into a .zip: its log, what doctor finds, settings, versions.",
    ),
}
"""Each command's module, and the first sentence of its help: the overview of all of them imports none."""


class _Late(click.Group):
    """Imports a command's module when the command is asked for."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, or None where there is none of this name."""
        if cmd_name not in self.commands:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = getattr(import_module(f"scanstation.cli.{_COMMANDS[cmd_name][0]}"), name)
        assert isinstance(command, click.Command)
        return in_words(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of all commands, without them."""
        room = formatter.width - 6 - max(map(len, self.commands))
        with formatter.section(gettext("Commands")):
            formatter.write_dl([(name, self.commands[name].get_short_help_str(room)) for name in sorted(self.commands)])


@click.group(
    cls=_Late,
    commands={name: click.Command(name, help=sentence) for name, (_, sentence) in _COMMANDS.items()},
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 refused and nothing changed, 2 wrong usage, configuration or path, "
    "3 the store or a device cannot be reached.",
)
@click.option("--config", metavar="FILE", type=click.Path(), help="Read this config.toml.")
@click.option("--db", metavar="URL", type=TEXT, help="The store: sqlite:///FILE or postgresql://USER@HOST/DATABASE.")
@click.option("--station", metavar="NAME", type=TEXT, help="The name of this station. [default: the host's]")
@click.option("--operator", metavar="NAME", type=TEXT, help="Who works here. [default: the login name]")
@click.version_option(__version__, prog_name="scanstation", message="%(prog)s %(version)s")
@click.pass_context
def scanstation(
    context: click.Context, config: str | None, db: str | None, station: str | None, operator: str | None
) -> None:
    """Track every serial number from dock to truck.

    Without a command, the station opens in this terminal.
    """
    if db == "":  # "$STORE" of a script that never set it: not the store in the user's data folder
        raise click.UsageError(worded("--db is empty. Write the store's address behind it, or leave it away."))
    from pathlib import Path  # late, as all that the overview has no use for

    context.obj = Start(context, Path(config) if config is not None else None, db, station, operator)
    context.obj.ask = _ask
    if context.invoked_subcommand is None:
        from scanstation.cli.station import home

        home(context.obj)


def _ask(site: "Site", what: str) -> "Refused | None":
    from scanstation.cli.operators import ask

    return ask(site, what)
