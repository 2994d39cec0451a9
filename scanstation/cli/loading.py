"""`load` and `template`."""

import signal
import time
from pathlib import Path

import click

from scanstation.cli.output import end_with, give_up, print_table, say, tell
from scanstation.cli.start import TEXT, Start, chosen, spare
from scanstation.domain.language import worded
from scanstation.domain.outcome import Done, Reason, Refused, refused
from scanstation.domain.status import OrderKind

_FILE = click.Path(path_type=Path)
_LOOK_EVERY_S = 1.0
_HEED_EVERY_S = 0.1
_KINDS = (
    "products",
    "purchase-orders",
    "shipment-orders",
    "opening-stock",
    "po-serials",
    "so-serials",
    "returns",
    "downtime",
)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, type=_FILE)
@click.option("--good-orders", is_flag=True, help="Load the orders that are right; those that are not are listed.")
@click.option("--errors", metavar="FILE", type=_FILE, help="Save a copy here, with what is wrong marked in it.")
@click.option("--watch", metavar="FOLDER", type=_FILE, help="Load what arrives in this folder, until Ctrl-C.")
@click.option("--explain", is_flag=True, help="Say what of one file is read as what, and load nothing.")
@click.pass_obj
def load(
    start: Start,
    files: tuple[Path, ...],
    good_orders: bool,
    errors: Path | None,
    watch: Path | None,
    explain: bool,
) -> None:
    """Load products, orders, stock, expected serials and lists of returns from .xlsx, .csv or .json.

    The kind of each sheet is read from its header, or by the map of config.toml; the serials of purchase orders are
    what suppliers announce, and are held against what is scanned. All or nothing; a second run changes what has
    changed. An order whose rows say Cancelled is cancelled, or closed short.

    With --errors FILE the rows are saved to a workbook if any is refused, with what is wrong with each: mend it
    there, and load that file. Of one .xlsx or .xlsm it is a copy of the file, else a new workbook with its columns.
    With --good-orders it holds the orders that were left out.

    With --watch each new file in FOLDER is loaded once it has not changed for 5 seconds, or as soon as a file
    NAME.done stands beside it. Then it is moved to FOLDER/loaded; one with problems goes to FOLDER/failed with a
    NAME.reason.txt, and its good orders are loaded all the same. What became of each row stands in
    FOLDER/results/NAME.result.json.
    """
    if watch is not None:
        if files or good_orders or errors or explain:
            raise click.UsageError(
                worded("--watch FOLDER stands by itself: it loads the good orders of every file there.")
            )
        _watch(start, watch)
        return
    if not files:
        raise click.UsageError(worded("Name the files to load, or --watch FOLDER."))
    if explain:
        if len(files) != 1 or good_orders or errors:
            raise click.UsageError(worded("--explain is for one file, by itself."))
        _explain(start, files[0])
        return
    spare(files, errors)
    site = start.site
    from scanstation.workflows.master_data import loading

    loaded = loading.load(site, files, good_orders=good_orders, errors_file=errors)
    if loaded.text:
        tell(Done(loaded.text, loaded.notes))
    if loaded.refused:
        give_up(Refused(loaded.reasons))


def _explain(start: Start, file: Path) -> None:
    """What is read as what; problems end the command as they would end loading."""
    site = start.site
    from scanstation.domain import sentences
    from scanstation.workflows.master_data.explaining import HEADINGS, explain

    explained = explain(site, file)
    if isinstance(explained, Refused):
        give_up(explained)
    print_table(HEADINGS, explained.rows)
    preview = explained.preview
    tell(sentences.would_be_loaded(preview.summary, preview.notes))
    for change in preview.changes:
        say(f"  {sentences.change_told(change.noun, change.name, change.state.value, change.differences)}")
    if preview.troubles:
        give_up(Refused(tuple(Reason(trouble.name, trouble.text) for trouble in preview.troubles)))


def _watch(start: Start, folder: Path) -> None:
    """Load what arrives until Ctrl-C or SIGTERM, which wait for the file that is being loaded."""
    from scanstation.workflows.master_data.watched_folder import FolderBusy, Watch

    asked_to_end: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: asked_to_end.append(received))
    watch = Watch(folder, lambda: start.site_at(start.database_url))
    try:
        watch.begin()
        say(worded("Watching {folder}. Ctrl-C ends it.", folder=folder))
        while not asked_to_end:
            for news in watch.look(time.monotonic(), lambda: bool(asked_to_end)):
                tell(Done(news.text, news.notes))
            beginning = time.monotonic()
            while not asked_to_end and time.monotonic() - beginning < _LOOK_EVERY_S:
                time.sleep(_HEED_EVERY_S)
    except FolderBusy as busy:
        give_up(refused("folder-busy", str(busy)))
    finally:
        watch.end()
    say(worded("No longer watching."))


@click.command()
@click.argument("kind", metavar="|".join(_KINDS), type=click.Choice(_KINDS))
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--po", metavar="PO", type=TEXT, help="With one row for each serial this purchase order owes.")
@click.option("--so", metavar="SO", type=TEXT, help="With one row for each serial this shipment order owes.")
@chosen
@click.pass_obj
def template(
    start: Start, kind: str, file: Path, po: str | None, so: str | None, client: str | None, warehouse: str | None
) -> None:
    """Write a workbook with the right header and text columns, to be filled in.

    With `downtime` and an order: for what is left of it, and was or will be written down while the station is away.
    """
    for number, option, wanted in ((po, "--po", "po-serials"), (so, "--so", "so-serials")):
        if number is not None and kind not in (wanted, "downtime"):
            problem = worded(
                "{option} goes with {wanted} or downtime, not with {kind}.", option=option, wanted=wanted, kind=kind
            )
            raise click.UsageError(problem)
    order_id = None
    number = so if po is None else po
    _ = start.settings  # who may read what is written, and what must not be written over
    if number is not None:
        order_kind = OrderKind.SHIPMENT if po is None else OrderKind.PURCHASE
        order_id = start.order_id(order_kind, number, client, warehouse)
    from scanstation.workflows.imports import templates

    end_with(
        templates.write_template(file, kind)
        if order_id is None
        else templates.write_template(file, kind, site=start.site, order_id=order_id)
    )
