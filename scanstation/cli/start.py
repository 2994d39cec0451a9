"""What a command starts from: the options before it, the configuration, the store."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from scanstation.domain.language import worded

if TYPE_CHECKING:
    from pathlib import Path

    from scanstation.cli.output import Command
    from scanstation.config import Settings
    from scanstation.domain.orders import Order
    from scanstation.domain.outcome import Refused
    from scanstation.domain.sheet_maps import SheetMap
    from scanstation.domain.status import OrderKind
    from scanstation.store.store import Store
    from scanstation.workflows.site import Site


class Text(click.ParamType[str]):
    """Text from the command line; bytes that are not the terminal's encoding are none."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it was given."""
        if any("\ud800" <= character <= "\udfff" for character in str(value)):
            self.fail(worded("it has bytes that are no text"), param, ctx)
        return str(value)


TEXT = Text()


class Day(click.ParamType[date]):
    """A local day."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, from `2026-11-22`."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(worded("“{value}” is no day; write it as 2026-11-22", value=value), param, ctx)


DAY = Day()


class DayOrMonth(click.ParamType[str]):
    """A day, or all days of a month."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`2027-03-31`, or `2027-03` for the days that begin so."""
        month = f"{value}-01" if len(str(value)) == len("2027-03") else str(value)
        try:
            return date.fromisoformat(month).isoformat()[: len(str(value))]
        except ValueError:
            problem = worded("“{value}” is no day; write it as 2027-03-31, or a month as 2027-03", value=value)
            self.fail(problem, param, ctx)


DAY_OR_MONTH = DayOrMonth()


def chosen(command: "Command") -> "Command":
    """`--client` and `--warehouse`, where several orders have one number."""
    command = click.option("--warehouse", metavar="WAREHOUSE", type=TEXT, help="Of this warehouse.")(command)
    return click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client.")(command)


class Start:
    """The options that stand before the command, and what is opened by them when a command asks."""

    def __init__(
        self,
        context: click.Context,
        config: "Path | None" = None,
        db: str | None = None,
        station: str | None = None,
        operator: str | None = None,
    ) -> None:
        self._context = context
        self.ask: Callable[[Site, str], Refused | None] | None = None
        """How an act's PIN is asked for, where no screen does."""
        self._config = config
        self._options = {
            "database": {"url": db} if db is not None else {},
            "station": {key: value for key, value in (("name", station), ("operator", operator)) if value is not None},
        }

    @property
    def names_a_store(self) -> bool:
        """Was `--db` given?"""
        return bool(self._options["database"])

    @cached_property
    def config_file(self) -> "Path | None":
        """The config.toml that is read, if any.

        Raises:
            BadConfiguration: the one asked for is not there.
        """
        from scanstation.config import config_file

        return config_file(self._config)

    @cached_property
    def settings(self) -> "Settings":
        """The configuration.

        Raises:
            BadConfiguration: it cannot be used.
        """
        from pathlib import Path

        from scanstation import files, languages
        from scanstation.config import load

        settings = load(self.config_file, options=self._options)
        files.share(int(settings.files.mode, 8), settings.files.group)
        files.protect(self.config_file.absolute() if self.config_file else None)
        files.here()  # what screens go by, should the folder be taken away
        files.keep_within(Path(settings.load.root) if settings.load.root else None)
        languages.settle(settings.ui.language)
        languages.speak(settings.ui.language)
        return settings

    @cached_property
    def sheet_map(self) -> "SheetMap":
        """What sheets are read by that do not have our headers.

        Raises:
            BadConfiguration: it cannot be used.
        """
        from scanstation.domain.sheet_maps import NO_MAP

        if self.settings.load.map == "":
            return NO_MAP
        from scanstation.domain.sheet_maps import BadMap
        from scanstation.settings import BadConfiguration
        from scanstation.sheets.map_files import find_map

        try:
            return find_map(self.settings.load.map)
        except BadMap as error:
            raise BadConfiguration([str(error)]) from error

    @cached_property
    def database_url(self) -> str:
        """The store's address; said aloud where a config.toml leads to it that merely lies in the current folder.

        Raises:
            BadConfiguration: it cannot be used.
        """
        url, file = self.settings.database_url, self.config_file
        if file is not None and self._config is None and not file.is_absolute() and not self.names_a_store:
            from scanstation.cli.output import say
            from scanstation.config import load
            from scanstation.domain.addresses import shown_address

            if url != load().database_url:  # by the environment, or the default
                say(worded("The store is {store}, by the {file} of this folder.", store=shown_address(url), file=file))
        return url

    @cached_property
    def site(self) -> "Site":
        """The store, opened, and on whose behalf it is used; closed when the command ends.

        Raises:
            StoreError: it is missing, of another version, out of reach.
        """
        return self.site_at(self.database_url)

    def site_at(self, url: str) -> "Site":
        """A store at an address of one's own."""
        from scanstation.store.store import open_store

        site = self.site_of(open_store(url))
        self._context.call_on_close(site.store.close)
        return site

    def site_to_come(self) -> "Site":
        """The site before its store is open; `opened` opens it."""
        from scanstation.workflows.site import StoreToCome

        return self.site_of(StoreToCome.stand_in())

    def opened(self, site: "Site") -> "Site":
        """The same site with its store.

        Raises:
            StoreError: it is missing, of another version, out of reach.
        """
        from scanstation.store.store import open_store

        opened = replace(site, store=open_store(self.database_url))
        self._context.call_on_close(opened.store.close)
        return opened

    def site_of(self, store: "Store") -> "Site":
        """An open store, and on whose behalf it is used."""
        operator = self.settings.operator_name
        from scanstation.domain.scanner_traits import KEYBOARDS, ScannerTraits
        from scanstation.domain.site_rules import SiteRules
        from scanstation.workflows.site import Seat, Site

        rules = SiteRules(
            scenario6_unknown_serials=self.settings.rules.scenario6_unknown_serials,
            over_receipt=self.settings.receiving.over_receipt,
            qty_all=self.settings.receiving.qty_all,
            unlisted=self.settings.receiving.unlisted,
            returns_on_hold=self.settings.returns.on_hold,
            command_prefix=self.settings.commands.prefix,
            not_serials=self.settings.rules.not_serials,
            house_prefix=self.settings.rules.house_prefix,
            refuse_expired=self.settings.rules.refuse_expired,
            range_max=self.settings.rules.range_max,
            two_persons=self.settings.rules.two_persons,
            reasons=self.settings.rules.reasons,
            own_map=self.sheet_map if self.settings.load.map != "" else None,
        )
        dropping = [scanner.id for scanner in self.settings.serial if scanner.drops_separators]
        scanners = ScannerTraits([*dropping, *([KEYBOARDS] if self.settings.wedge.drops_separators else [])])
        seat = Seat(self.settings.auth.lock_after_s, ask=self.ask)
        warehouse = self.settings.station.warehouse
        prints_labels = bool(self.settings.print.labels)
        return Site(store, operator, self.settings.station_name, rules, scanners, seat, warehouse, prints_labels)

    def order_id(self, kind: "OrderKind", number: str, client: str | None, warehouse: str | None) -> int:
        """The order that a number stands for; ends the command when it stands for none or several."""
        return self.order(kind, number, client, warehouse).id

    def order(self, kind: "OrderKind", number: str, client: str | None, warehouse: str | None) -> "Order":
        """The same."""
        from scanstation.cli.output import give_up
        from scanstation.domain.outcome import Refused
        from scanstation.workflows.orders.order_book import choose

        found = choose(self.site, kind, number, client=client, warehouse=warehouse)
        return give_up(found) if isinstance(found, Refused) else found


def spare(files: "Sequence[Path]", errors: "Path | None") -> None:
    """End the command where the rows to mend would be written over a file that is read."""
    if errors is not None and os.path.realpath(errors) in map(os.path.realpath, files):
        raise click.UsageError(worded("{file} is what is read. Give --errors another name.", file=errors))


def on_a_terminal() -> bool:
    """Is there a person who can see and answer?"""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
