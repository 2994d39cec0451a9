"""`hold` and `release`: what is not to leave."""

from datetime import date
from gettext import gettext
from pathlib import Path

import click

from scanstation.cli.output import end_with, give_up, local, print_table, say
from scanstation.cli.start import DAY, DAY_OR_MONTH, TEXT, Start
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused


def _command(name: str, help: str) -> click.Command:
    """Both take the same: serials, or what the units are, or a list."""

    @click.command(name, help=help)
    @click.argument("codes", metavar="[CODE]...", nargs=-1, type=TEXT)
    @click.option("--client", metavar="CLIENT", type=TEXT, default="", help="Of this client.")
    @click.option("--sku", metavar="SKU", type=TEXT, default="", help="Of this SKU; without serials, all of it.")
    @click.option("--warehouse", metavar="WAREHOUSE", type=TEXT, default="", help="All in this warehouse.")
    @click.option("--po", metavar="PO", type=TEXT, default="", help="All that came in on this purchase order.")
    @click.option("--lot", metavar="LOT", type=TEXT, default="", help="All of this lot.")
    @click.option("--expiry", metavar="DAY", type=DAY_OR_MONTH, help="All with this use-by: 2027-03-31, or 2027-03.")
    @click.option("--since", metavar="DAY", type=DAY, help="Received on this local day or later: 2026-11-22.")
    @click.option("--until", metavar="DAY", type=DAY, help="Received on this local day or earlier.")
    @click.option("--file", metavar="FILE", type=click.Path(path_type=Path), help="A text of serials, one a line.")
    @click.option("--reason", metavar="TEXT", type=TEXT, default="", help="Why; kept with each unit.")
    @click.option("--preview", is_flag=True, help="Say which units are meant, and change nothing.")
    @click.option("--standing", is_flag=True, help="The lot itself, with --sku and --lot: what comes of it later too.")
    @click.option("--list", "is_list", is_flag=True, help="The lots that are on hold themselves; nothing is changed.")
    @click.pass_obj
    def act(
        start: Start,
        codes: tuple[str, ...],
        client: str,
        sku: str,
        warehouse: str,
        po: str,
        lot: str,
        expiry: str | None,
        since: date | None,
        until: date | None,
        file: Path | None,
        reason: str,
        *,
        preview: bool,
        standing: bool,
        is_list: bool,
    ) -> None:
        if is_list:
            _list(start)
            return
        if not preview and not reason:
            raise click.UsageError(gettext("Missing option") + " '--reason'.")
        if standing:
            if not (sku and lot) or codes or file is not None or preview or any((warehouse, po, expiry, since, until)):
                raise click.UsageError(
                    worded("--standing wants --sku and --lot, and of the rest --client and --reason alone.")
                )
            site = start.site
            from scanstation.workflows.orders import lot_holding

            do = lot_holding.hold if name == "hold" else lot_holding.release
            end_with(do(site, sku, lot, reason, client=client))
            return
        by_what = any((warehouse, po, lot, expiry, since, until)) or (not codes and file is None and any((client, sku)))
        if by_what is bool(codes or file):
            raise click.UsageError(
                worded("Name serials or a file of them, or say what the units are: --sku, --lot, --po …")
            )
        site = start.site
        from scanstation.workflows.orders import holding
        from scanstation.workflows.reports import reporting

        if by_what:
            filters = reporting.narrowed(
                client=client,
                warehouse=warehouse,
                sku=sku,
                purchase_order=po,
                lot=lot,
                expiry=expiry or "",
                since=since,
                until=until,
            )
            units = holding.fitting(site, filters, on_hold=name == "release")
        else:
            from scanstation.sheets.reading import read_lines

            listed = [*codes, *(read_lines(file) if file else ())]
            units = holding.chosen(site, listed, client=client or None, sku=sku or None)
        if isinstance(units, Refused):
            give_up(units)
        if preview:
            say(*holding.preview(site, units))
            return
        end_with((holding.hold if name == "hold" else holding.release)(site, units, reason))

    return act


def _list(start: Start) -> None:
    site = start.site
    from scanstation.workflows.orders import lot_holding

    if not print_table(
        ("Client", "SKU", "Lot", "Since", "Operator", "Reason"),
        [(one.client, one.sku, one.lot, local(one.at), one.operator, one.reason) for one in lot_holding.listed(site)],
    ):
        say(worded("No lot is on hold."))


hold = _command(
    "hold",
    "Put units on hold: they are neither packed nor shipped until they are released.\n\n"
    "By their serials, from a list of serials, or by what they are.",
)
release = _command("release", "Lift the hold of units, by their serials, from a list of serials, or by what they are.")
