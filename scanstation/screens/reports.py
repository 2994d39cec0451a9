"""Reports: the serials, what was received, what was shipped; page after page, narrowed, searched and exported."""

from dataclasses import replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, visible
from scanstation.domain.commands import Act
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import said_later, translated, word, worded
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Verdict
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.files import ExportScreen, ask_export, write_customers_list
from scanstation.screens.home import way_to
from scanstation.screens.picking import PickScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.screens.widgets.report_rows import ReportColumn, ReportRows, room_for
from scanstation.workflows.orders import order_book
from scanstation.workflows.reports import exporting, report_form, reporting
from scanstation.workflows.reports.report_form import FIELDS, Asked
from scanstation.workflows.reports.reporting import HistoryRow, Report, ReportPage, ReportRow, RowPosition, Sort
from scanstation.workflows.scanning import home
from scanstation.workflows.scanning.home import Traced
from scanstation.workflows.site import local_time

_ABOUT = {
    Report.SERIALS: "each unit: where it stands now",
    Report.RECEIVING_HISTORY: "each event: what came in, when, by whom",
    Report.SHIPMENT_HISTORY: "each event: what left, when, by whom",
}
_BRIEFLY = {
    Report.RECEIVING_HISTORY: said_later("Receiving History"),
    Report.SHIPMENT_HISTORY: said_later("Shipment History"),
}
"""Where there is little room the end is what tells one history from the other."""
_SERIAL_COLUMNS = (
    ReportColumn("Serial", 40, 0),
    ReportColumn("SKU", 20, 2),
    ReportColumn("Status", 8, 1),
    ReportColumn("Since", 17, 3),
    ReportColumn("Order", 16, 4),
    ReportColumn("Client", 16, 5),
    ReportColumn("Second serial", 24, 6),
    ReportColumn("Warehouse", 12, 7),
)
_HISTORY_COLUMNS = (
    ReportColumn("Serial", 40, 0),
    ReportColumn("SKU", 20, 2),
    ReportColumn("When", 17, 1),
    ReportColumn("Order", 16, 3),
    ReportColumn("By", 12, 4),
    ReportColumn("At", 12, 5),
    ReportColumn("Source", 8, 6),
    ReportColumn("Client", 16, 7),
    ReportColumn("Second serial", 24, 8),
)
_LOOKS_AT_ONCE = 6
"""How often a page with few rows is looked on for before the next scan has its turn."""


class _View(Enum):
    """What the screen shows."""

    REPORTS = "reports"
    PAGE = "page"
    FORM = "form"


class ReportsScreen(ActingScreen, inherit_bindings=True):
    """Nothing is booked here."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "reports.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "turn(-1)", "Page up", id="page-up"),
        Binding("pagedown", "turn(1)", "Page down", id="page-down"),
        Binding("home", "far(False)", "First page", id="first", priority=True),
        Binding("end", "far(True)", "Last page", id="last", priority=True),
        Binding("f5", "begin", "Show", id="show"),
        Binding("f6", "form", "Filter", id="filter"),
        Binding("f7", "sort", "Sort", id="sort"),
        Binding("f9", "list", "Customer's list", id="list"),
        Binding("f8", "export", "Export", id="export"),
        Binding("delete", "clear", "Clear", id="clear", priority=True),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._view = _View.REPORTS
        self._report = Report.SERIALS
        self._asked = Asked()
        self._sort = Sort.NEWEST
        self._page = ReportPage((), ())
        self._at = 0
        self._field = 0

    def compose_body(self) -> ComposeResult:
        """The reports, a page, the form: one of them is shown."""
        yield Container(
            PickList([Column(most=34), Column(grows=True, rank=2)], id="which"),
            ReportRows(id="page"),
            PickList([Column(), Column(most=40), Column(grows=True, rank=2)], id="form"),
            id="reports",
        )

    async def enter(self, go: Go) -> None:
        """Show the reports; what was left open is read anew."""
        reports = [Pick(report, (translated(report.title), translated(_ABOUT[report]))) for report in Report]
        reports.append(Pick(Where.RECALL, (worded("Recall"), worded("a lot: where its units are, to whom they went"))))
        self.query_one("#which", PickList).show(reports)
        self._show(self._view)
        await self.refresh_counts()
        if go.verdict:
            self.show_verdict(go.verdict)

    async def refresh_counts(self) -> None:
        """Read the page anew, from its first row."""
        if self._view is _View.PAGE and await self._may_read():
            first = self._page.positions[0] if self._page.positions else None
            await self._read(start=first, including=True, at=self._at)

    def help_page(self) -> HelpPage:
        now = ["Choose a report with ↑ ↓ and Enter. Enter on a row shows the life of its unit."]
        if self._view is not _View.REPORTS:
            now = [
                "Scan or type a serial to go to its row; type how it begins, or *4711 for how it ends, to search.",
                "Scan an order to see its serials only. F6 narrows by client, SKU, status and day.",
                "F8 writes everything that is filtered, not only this page, to .xlsx, .csv or .json.",
            ]
        keys = [
            ("PgUp PgDn", "the page before, the next one"),
            ("Home End", "the first page, the last one"),
            ("F6", "filters; F5 shows what fits"),
            ("F7", "newest first, or by code"),
            ("F9", "the list of a shipment's serials, for the customer"),
            ("F8", "export"),
            ("Esc", "back"),
        ]
        return HelpPage("Reports", now, keys)

    # What is shown

    def _show(self, view: _View) -> None:
        self._view = view
        for name, of in (("#which", _View.REPORTS), ("#page", _View.PAGE), ("#form", _View.FORM)):
            self.query_one(name).display = view is of
        help, back = KeyHint("F1", "Help", short="?"), KeyHint("Esc", "Back")
        if view is _View.REPORTS:
            self.header.show_place("Reports")
            self.slot.show_scan("Choose a report, or scan a code", "Enter opens the marked one")
            self.keys.show([help, KeyHint("↑↓ Enter", "Open"), back])
        elif view is _View.PAGE:
            title = _BRIEFLY.get(self._report) if self.size.width < 60 else None
            self.header.show_place("Reports", translated(title or self._report.title))
            self.slot.show_scan("Scan or type a serial or an order", "*4711: by its end · Enter: its life")
            sort = worded("By code") if self._order is Sort.NEWEST else worded("By time")
            self.keys.show(
                [
                    help,
                    KeyHint("PgDn", "Next", rank=2),
                    KeyHint("F6", "Filter"),
                    KeyHint("F7", sort, rank=2),
                    *([KeyHint("F9", "Customer's list", rank=2)] if self._asked.shipment_order else []),
                    KeyHint("F8", "Export"),
                    back,
                ]
            )
        else:
            self.header.show_place("Reports", worded("filters"), translated(self._report.title))
            self._show_form()
            self.keys.show(
                [
                    help,
                    KeyHint("↑↓", "Choose"),
                    KeyHint("Enter", "Set", rank=2),
                    KeyHint("Del", "Clear", rank=2),
                    KeyHint("F5", "Show"),
                    back,
                ]
            )

    def _show_form(self) -> None:
        typed = report_form.as_typed(self._asked)
        picks = [
            Pick(name, (translated(title), visible(typed[name]) or worded("any"), translated(takes)))
            for name, title, takes in FIELDS
        ]
        form = self.query_one("#form", PickList)
        form.show(picks)
        form.mark(FIELDS[self._field][0])
        name, title, takes = FIELDS[self._field]
        if name == "status":
            hint = worded("Enter alone takes the next one")
        else:
            hint = (
                worded("or how it begins; Enter alone lists them") if name in report_form.LISTED else translated(takes)
            )
        self.slot.show_scan(worded("{title}: type it, then Enter", title=word(title)), hint)

    def _draw(self, *, looking: str = "") -> None:
        now = self.station.site.store.clock()
        columns = _SERIAL_COLUMNS if self._report is Report.SERIALS else _HISTORY_COLUMNS
        words = self._asked.words() or worded("all")
        right = looking or translated(self._order.value)
        empty = (
            worded("Nothing fits. F6 changes the filters.")
            if self._asked != Asked()
            else worded("There is nothing yet.")
        )
        cells = [_cells(row, now) for row in self._page.rows]
        self.query_one(ReportRows).show(columns, cells, self._at, (words, right), looking or empty)

    @property
    def _order(self) -> Sort:
        """How the rows follow each other; where a code is searched they follow the codes."""
        orders = self._asked.purchase_order or self._asked.shipment_order
        return Sort.CODE if self._asked.code and not orders else self._sort

    @property
    def _room(self) -> int:
        return room_for(self.query_one("#reports").size)  # the rows may not have been laid out yet

    async def on_resize(self) -> None:
        """Another number of rows fits."""
        if self._view is _View.PAGE:
            self.in_turn(self.refresh_counts)

    # Reading pages

    async def _may_read(self) -> bool:
        """May whoever is here read reports? Else the bar says so, and no row stays on the screen."""
        if refusal := await self.station.run(reporting.hindrance, self.station.site):
            self._page = ReportPage((), ())
            self._show(_View.REPORTS)
            self.show_outcome(refusal)
        return refusal is None

    async def _open(self) -> bool:
        """The beginning of the report as it is narrowed now; False where nobody may read it."""
        if not await self._may_read():
            return False
        self._show(_View.PAGE)
        await self._read()
        return True

    def _open_in_turn(self) -> None:
        async def open() -> None:
            await self._open()

        self.in_turn(open)

    async def _read(
        self, start: RowPosition | None = None, *, including: bool = False, backwards: bool = False, at: int = 0
    ) -> ReportPage:
        """Read a page and show it, as far as one turn allows."""
        room, filters = self._room, self._asked.filters()
        page = ReportPage((), ())
        for _ in range(_LOOKS_AT_ONCE):
            part = await self.station.run(
                lambda start, including, left: reporting.page(
                    self.station.site,
                    self._report,
                    filters,
                    sort=self._sort,
                    start=start,
                    including=including,
                    backwards=backwards,
                    limit=left,
                ),
                start,
                including,
                room - len(page.rows),
            )
            parts = (part, page) if backwards else (page, part)
            page = ReportPage(
                (*parts[0].rows, *parts[1].rows), (*parts[0].positions, *parts[1].positions), looked_to=part.looked_to
            )
            if part.looked_to is None or self.station.waiting():
                break
            start, including = part.looked_to, False
        self._page = page
        self._at = max(0, min(at, len(page.rows) - 1))
        self._draw(looking=self._far(page))
        return page

    def _far(self, page: ReportPage) -> str:
        """How far was looked for rows, where not to the end."""
        if page.looked_to is None:
            return ""
        key = page.looked_to.key
        if self._order is Sort.NEWEST and key:
            key = local_time(key, self.station.site.store.clock())
        return worded("looked to {key}, PgDn looks on", key=visible(key))

    async def _turn(self, forward: bool, *, mark_last: bool = False) -> None:
        """The next page or the one before."""
        if not await self._may_read():
            return
        page = self._page
        if forward:
            start = page.looked_to or (page.positions[-1] if page.positions else None)
            if start is None:
                return
            before, at = page, self._at
            if not (await self._read(start)).rows and self._page.looked_to is None:
                self._page, self._at = before, at
                self._draw()
                self.show_verdict(say.last_page())
            return
        if not page.positions:
            await self._read()
            return
        last = 10_000 if mark_last else 0
        found = await self._read(page.positions[0], backwards=True, at=last)
        if len(found.rows) < self._room and found.looked_to is None:
            await self._read(at=last if mark_last and found.rows else 0)

    def action_turn(self, by: int) -> None:
        """Turn a page on or back."""
        if self._view is _View.PAGE:
            self.in_turn(lambda: self._turn(by > 0))

    def action_far(self, last: bool) -> None:
        """Go to the first or the last page."""
        if self._view is _View.PAGE:

            async def read() -> None:
                if await self._may_read():
                    await self._read(backwards=last, at=10_000 if last else 0)

            self.in_turn(read)

    def action_move(self, by: int) -> None:
        """Mark another row; beyond the page's edge is the next page."""
        if self._view is _View.REPORTS:
            self.query_one("#which", PickList).move(by)
        elif self._view is _View.FORM:
            self._field = max(0, min(self._field + by, len(FIELDS) - 1))
            self._show_form()
        elif 0 <= self._at + by < len(self._page.rows):
            self._at += by
            self._draw(looking=self._far(self._page))
        elif self._page.rows:
            self.in_turn(lambda: self._turn(by > 0, mark_last=by < 0))

    # Scans and what is typed

    async def answer(self, scan: Scan) -> Go | None:
        """An order narrows the report to its serials, a serial is gone to."""
        if scan.source is Source.TYPED and scan.text.startswith("*") and len(scan.text) > 1:
            await self._search(scan.text)
            return None
        meant = await self.station.run(home.meaning, self.station.site, scan)
        if isinstance(meant, Order):
            await self._narrow_to(meant)
        elif isinstance(meant, Traced):
            await self._jump(meant)
        elif isinstance(meant, Verdict):
            command = self.station.command(scan)
            if scan.source is Source.TYPED and meant.reason in (say.UNKNOWN, say.PRODUCT_ALONE):
                await self._search(scan.text)
            elif command and command.act is Act.CANCEL:
                return Go(Where.BACK, verdict=say.back(scan.text))
            elif meant.reason == "ambiguous-order":
                self.show_verdict(say.order_of_several(scan.text))
            else:
                self.show_verdict(meant)
        else:
            return way_to(meant, scan)
        return None

    async def _narrow_to(self, order: Order) -> None:
        """Only the serials of this order."""
        asked = Asked(client=order.client, warehouse=order.warehouse)
        if order.kind is OrderKind.PURCHASE:
            self._asked = replace(asked, purchase_order=order.number)
        else:
            self._asked = replace(asked, shipment_order=order.number)
        if await self._open():
            self.show_verdict(say.narrowed_to(order.kind, order.number))

    async def _search(self, text: str) -> None:
        """Only the codes that begin or end so."""
        self._asked = replace(self._asked, code=text)
        if not await self._open():
            return
        self.show_verdict(say.codes_found(text) if self._page.rows else say.no_codes_found(text))

    async def _jump(self, traced: Traced) -> None:
        """To the row of a serial."""
        if not await self._may_read():
            return
        self._asked = replace(self._asked, code="")
        self._show(_View.PAGE)
        position = await self.station.run(
            reporting.position_of, self.station.site, self._report, self._asked.filters(), self._sort, traced.code
        )
        if position is None:
            await self._read()
            life = traced.lives[0]
            self.show_verdict(say.left_out(traced.code, life.unit.sku, life.standing))
            return
        await self._read(position, including=True)
        self.show_verdict(say.row_marked(traced.code))

    def entered(self, text: str) -> None:
        """Typed text is a scan, in the form a filter; Enter alone takes the marked row."""
        if self._view is _View.FORM:
            self.in_turn(lambda: self._set(text))
        elif text:
            super().entered(text)
        elif self._view is _View.REPORTS:
            chosen = self.query_one("#which", PickList).chosen
            if chosen is not None and isinstance(chosen.value, Report):
                self._report = chosen.value
                self._open_in_turn()
            elif chosen is not None:
                self.post_message(GoWanted(Go(Where.RECALL)))
        elif self._page.rows:
            row = self._page.rows[self._at]
            code = row.primary or row.secondary
            if code:
                self.post_message(GoWanted(Go(Where.TRACE, code=code)))

    # Filters and order

    def action_form(self) -> None:
        """F6: to the form, and from it to what fits."""
        if self._view is _View.FORM:
            self._open_in_turn()
        elif self._view is _View.PAGE:
            self._show(_View.FORM)

    def action_begin(self) -> None:
        """F5: from the form to what fits."""
        if self._view is _View.FORM:
            self._open_in_turn()

    async def _set(self, text: str) -> None:
        """A field of the form was typed."""
        name = FIELDS[self._field][0]
        if name == "status" and not text:
            text = report_form.next_status(report_form.as_typed(self._asked)[name])
        if name in report_form.LISTED:
            begun, is_cut = await self.station.run(report_form.values, self.station.site, self._asked, name, text)
            is_one = any(code_key(value) == code_key(text) for value, _ in begun)
            if not text or (begun and not is_one and (len(begun) > 1 or is_cut)):
                self._pick(text)
                return
            text = begun[0][0] if begun and not is_one else text
        await self._fill(text)

    @work
    async def _pick(self, typed: str) -> None:
        """One of the values that there are."""
        name, title, _ = FIELDS[self._field]
        read = partial(report_form.values, self.station.site, self._asked, name)
        chosen: str | None = await self.app.push_screen_wait(PickScreen(self.station, translated(title), read, typed))
        if chosen is not None:
            self.in_turn(lambda: self._fill(chosen))

    async def _fill(self, text: str) -> None:
        """A field has its value."""
        name, title, _ = FIELDS[self._field]
        typed = report_form.as_typed(self._asked)
        read = await self.station.run(report_form.read, self.station.site, {**typed, name: text})
        if isinstance(read, Refused):
            self.show_outcome(read)
            return
        self._asked = read
        if name != "status":
            self._field = min(self._field + 1, len(FIELDS) - 1)
        self._show_form()
        value = report_form.as_typed(read)[name]
        self.show_verdict(say.filter_set(word(title), value))

    def action_clear(self) -> None:
        """Del: the marked filter lets all pass."""
        if self._view is _View.FORM:
            self._asked = report_form.without(self._asked, FIELDS[self._field][0])
            self._show_form()

    def action_sort(self) -> None:
        """Sort by code, or by time again."""
        if self._view is not _View.PAGE:
            return
        if self._order is not self._sort:
            self.show_verdict(say.sorted_by_code())
            return
        self._sort = Sort.CODE if self._sort is Sort.NEWEST else Sort.NEWEST
        self._open_in_turn()

    def action_back(self) -> None:
        """Esc: from the form to the page, from the page to the reports, from there back."""
        if self._view is _View.FORM:
            self._open_in_turn()
        elif self._view is _View.PAGE:
            self._asked, self._page = Asked(), ReportPage((), ())
            self._show(_View.REPORTS)
        else:
            super().action_back()

    # Files

    @work
    async def action_export(self) -> None:
        """F8: everything that is filtered, to a file."""
        if self._view is not _View.PAGE:
            return
        today = self.station.site.store.clock().astimezone().date()
        path = await ask_export(self, f"{self._report.value}-{today}.xlsx")
        if path is None:
            return
        try:
            async with self.station.turn:
                site, filters = self.station.site, self._asked.filters()
                export = await self.station.run(exporting.begin, site, self._report, filters, path)
        except UnwritableFile as error:
            self.show_outcome(refused("unwritable", str(error)))
            return
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))
            return
        if isinstance(export, Refused):
            self.show_outcome(export)
            return
        outcome: Done | Refused = await self.app.push_screen_wait(ExportScreen(self.station, export))
        self.show_outcome(outcome)

    @work
    async def action_list(self) -> None:
        """F9: the serials of the shipment order, for the customer."""
        if self._view is not _View.PAGE:
            return
        asked, site = self._asked, self.station.site
        if not asked.shipment_order:
            self.show_verdict(say.shipment_wanted())
            return
        async with self.station.turn:
            try:
                order = await self.station.run(
                    lambda: order_book.choose(
                        site,
                        OrderKind.SHIPMENT,
                        asked.shipment_order,
                        client=asked.client or None,
                        warehouse=asked.warehouse or None,
                    )
                )
            except StoreError as error:
                self.show_verdict(say.store_trouble(error))
                return
        if isinstance(order, Refused):
            if order.reasons[0].name == "ambiguous-order":
                self.show_verdict(say.order_of_several(asked.shipment_order))
            else:
                self.show_outcome(order)
        else:
            await write_customers_list(self, order.id, order.number)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Home, End and Del are the line's while something is typed in it."""
        del parameters
        if action == "far":
            return self._view is _View.PAGE and not self.slot.field.value
        if action == "clear":
            return self._view is _View.FORM and not self.slot.field.value
        return True


def _cells(row: ReportRow, now: datetime) -> tuple[str, ...]:
    more: tuple[str | None, ...]
    if isinstance(row, HistoryRow):
        when = local_time(row.at, now)
        more = (
            row.primary,
            row.sku,
            when,
            row.order,
            row.operator,
            row.station,
            word(row.source),
            row.client,
            row.secondary,
        )
    else:
        at = row.shipped_at or row.packed_at or row.received_at
        since, order = local_time(at, now) if at else "", row.shipment_order or row.purchase_order
        more = (row.primary, row.sku, row.status.value, since, order, row.client, row.secondary, row.warehouse)
    return tuple(visible(cell or "") for cell in more)
