"""The station in this terminal: home, `receive`, `pack`, `demo`."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from scanstation.cli.ascii_lines import use_ascii_signs_on_screen
from scanstation.cli.output import WRONG_USE, give_up, say, tell
from scanstation.cli.start import TEXT, Start, chosen, on_a_terminal
from scanstation.domain.language import word, worded
from scanstation.domain.status import OrderKind
from scanstation.domain.terminals import cannot_show, too_small

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scanstation.domain.orders import Order
    from scanstation.domain.outcome import Refused
    from scanstation.domain.scan import Scan
    from scanstation.workflows.site import Site

_FILE = "sqlite:///"

Examples = tuple[tuple[str, str], ...]

Place = Literal["home", "receive", "pack", "return", "transfer", "count", "scanners"]
"""A screen that the station can begin with."""

_DESKS: dict[OrderKind, Place] = {OrderKind.PURCHASE: "receive", OrderKind.SHIPMENT: "pack"}


def home(start: Start) -> None:
    """Without a command: the home screen."""
    open_place(start, "home")


def open_place(
    start: Start, place: Place, code: str = "", find_order: "Callable[[Site], Order | Refused] | None" = None
) -> None:
    """Open the station on a screen, whose first frame stands while the store is opened.

    `code` is the number that is wanted there; `find_order` finds the order of it.
    """
    from scanstation.domain.outcome import Refused
    from scanstation.domain.store_errors import StoreMissing

    url = start.database_url
    is_missing = url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).exists()
    if on_a_terminal() and not is_missing:
        with suppress(StoreMissing):  # a server's, which can be created too
            open_station(start, start.site_to_come(), place, code, opens_store=True, find_order=find_order)
    site = site_of(start)
    order = find_order(site) if find_order else None
    if isinstance(order, Refused):
        give_up(order)
    if order is None:
        open_station(start, site, place, code)
    else:
        open_station(start, site, _DESKS[order.kind], order_id=order.id)


@click.command()
@click.argument("number", metavar="[PO]", required=False, type=TEXT)
@chosen
@click.pass_obj
def receive(start: Start, number: str | None, client: str | None, warehouse: str | None) -> None:
    """Open the station on Receiving, with this order."""
    _open_with(start, OrderKind.PURCHASE, number, client, warehouse)


@click.command()
@click.argument("number", metavar="[SO]", required=False, type=TEXT)
@chosen
@click.pass_obj
def pack(start: Start, number: str | None, client: str | None, warehouse: str | None) -> None:
    """Open the station on Packing, with this order."""
    _open_with(start, OrderKind.SHIPMENT, number, client, warehouse)


def _open_with(start: Start, kind: OrderKind, number: str | None, client: str | None, warehouse: str | None) -> None:
    """Open the desk of an order; where its number is only one of the other kind's, that kind's desk."""
    if number is None and (client is not None or warehouse is not None):
        problem = worded("--client and --warehouse go with the number of a {kind}.", kind=word(kind.noun))
        raise click.UsageError(problem)
    if number is None:
        open_place(start, _DESKS[kind])
        return

    def find_order(site: "Site") -> "Order | Refused":
        from scanstation.workflows.orders.order_book import choose

        return choose(site, kind, number, client=client, warehouse=warehouse, or_other_kind=True)

    open_place(start, _DESKS[kind], number, find_order)


@click.command()
@click.option("--reset", is_flag=True, help="Throw the example away and make it anew.")
@click.pass_obj
def demo(start: Start, reset: bool) -> None:
    """Open the station on a small example warehouse, in a file of its own.

    Where something was scanned in it before, a person is asked whether to begin again.
    """
    if start.names_a_store:
        raise click.UsageError(worded("The example has a file of its own: leave --db away."))
    from scanstation.config import data_folder
    from scanstation.domain.store_errors import NotAStore, StoreTampered, StoreVanished, WrongSchema
    from scanstation.workflows.master_data.example import examples, has_nothing, make_example, scanned_codes
    from scanstation.workflows.upkeep import upkeep

    path = data_folder() / "demo.db"
    url = f"sqlite:///{path}"
    key = upkeep.throw_away(path) if reset else None
    try:
        site = start.site_at(url) if path.exists() else None
        again = worded("The example is as it was left. Throw it away and begin again?")
        if site and on_a_terminal() and scanned_codes(site) and click.confirm(again, default=False, err=True):
            site.store.close()
            key = upkeep.throw_away(path)
            site = None
        if site is None:
            upkeep.create(url, key)
            site = start.site_at(url)
        if has_nothing(site):  # new, or its making was cut short
            make_example(site)
    except (NotAStore, StoreVanished, StoreTampered, WrongSchema) as error:
        raise type(error)(error.title, worded("Make it anew with `scanstation demo --reset`.")) from error
    try:
        open_station(start, site, "home", examples=tuple((one.code, one.what) for one in examples(site)))
    except click.exceptions.Exit as ended:
        if not ended.exit_code:
            say(worded("What was done is kept in {path}. `scanstation demo --reset` begins again.", path=path))
        raise


def site_of(start: Start) -> "Site":
    """The store; where there is none yet, a person is asked whether to create it."""
    from scanstation.domain.store_errors import StoreMissing

    try:
        return start.site
    except StoreMissing as missing:
        if not on_a_terminal():
            raise
        if not click.confirm(worded("{title} Create it?", title=missing.title), default=True, err=True):
            raise click.exceptions.Exit(0) from None
    from scanstation.workflows.upkeep.upkeep import create

    tell(create(start.database_url))
    return start.site


def open_station(
    start: Start,
    site: "Site",
    first: Place,
    code: str = "",
    *,
    order_id: int = 0,
    alone: bool = False,
    examples: Examples = (),
    played: "Sequence[Scan]" = (),
    opens_store: bool = False,
    find_order: "Callable[[Site], Order | Refused] | None" = None,
) -> None:
    """Open the station in this terminal, and end the command with how it ended.

    `code` goes with the first screen: the order's number, or the file to record in; so does `order_id`, the order
    itself. `alone`, and there is no other screen. `opens_store`: that of the site, behind the first frame, and then the
    order that `find_order` finds.
    """
    if not on_a_terminal():
        say(worded("The station needs a terminal. `scanstation --help` lists what works without one."))
        raise click.exceptions.Exit(WRONG_USE)
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    if trouble := cannot_show(os.environ.get("TERM", ""), columns, rows):
        say(trouble)
        raise click.exceptions.Exit(WRONG_USE)
    if small := too_small(columns, rows):
        say(small)
    use_ascii_signs_on_screen()
    # Before Textual is imported: its key encoding hides the separators inside a code, and nothing moves without cause.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from scanstation.app import NothingToOpen, run_station
    from scanstation.domain.outcome import Refused
    from scanstation.keyboard import UnfitTerminal
    from scanstation.screens.station import Go, Where

    wanted = Go(Where(first), code=code, order_id=order_id)

    def opening() -> "tuple[Site, Go]":
        opened = start.opened(site)
        order = find_order(opened) if find_order else None
        if isinstance(order, Refused):
            raise NothingToOpen(order)
        return opened, wanted if order is None else Go(Where(_DESKS[order.kind]), order_id=order.id)

    from functools import partial

    from scanstation.languages import speak_to

    site.seat.ask = None  # the screen asks
    site.seat.speak = partial(speak_to, setting=start.settings.ui.language)
    try:
        status = run_station(
            site,
            settings=start.settings,
            first=wanted,
            alone=alone,
            name_from_host=start.settings.station_is_host,
            examples=examples,
            config_file=start.config_file,
            played=played,
            opening=opening if opens_store else None,
        )
    except NothingToOpen as nothing:
        give_up(nothing.refusal)
    except UnfitTerminal as unfit:
        say(str(unfit))
        raise click.exceptions.Exit(WRONG_USE) from None
    raise click.exceptions.Exit(status)
