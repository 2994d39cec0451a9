"""A recall: where each unit of a lot is, or to whom it went; the lot put on hold, and the list for who asks."""

import asyncio
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
from scanstation.domain.language import translated, worded
from scanstation.domain.lots import LotHold
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Scan
from scanstation.domain.status import UnitStatus
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Verdict
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.files import ask_export
from scanstation.screens.home import way_to
from scanstation.screens.picking import PickScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.screens.widgets.report_rows import ReportColumn, ReportRows, room_for
from scanstation.workflows.orders import lot_holding
from scanstation.workflows.reports import recall, report_form, reporting
from scanstation.workflows.reports.recall import Match, Recalled, Tally
from scanstation.workflows.reports.report_form import Asked
from scanstation.workflows.reports.reporting import Filters, narrowed
from scanstation.workflows.scanning import home
from scanstation.workflows.scanning.home import Traced
from scanstation.workflows.site import local_time

_COLUMNS = (
    ReportColumn("Serial", 40, 0),
    ReportColumn("Where, or to whom", 40, 2),
    ReportColumn("Status", 18, 1),
    ReportColumn("Lot", 20, 3),
    ReportColumn("Client", 16, 5),
    ReportColumn("Second serial", 24, 4),
)
_FIELDS = (
    ("sku", "SKU", "of the product that is recalled"),
    ("lot", "Lot", "as its label says it, or its use-by"),
    ("client", "Client", "where several have the SKU"),
    ("warehouse", "Warehouse", "where only one is meant"),
)
"""The form: a field, its title, what it takes."""
_NOBODYS = dict.fromkeys((name for name, _, _ in _FIELDS), "")


class RecallScreen(ActingScreen, inherit_bindings=True):
    """Nothing is booked here; F7 puts the lot on hold."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "reports.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "turn(-1)", "Page up", id="page-up"),
        Binding("pagedown", "turn(1)", "Page down", id="page-down"),
        Binding("f5", "begin", "Show", id="show"),
        Binding("f6", "form", "Filter", id="filter"),
        Binding("f7", "hold", "Hold the lot", id="hold"),
        Binding("f8", "export", "Export", id="export"),
        Binding("delete", "clear", "Clear", id="clear", priority=True),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._given = dict(_NOBODYS)
        """What is recalled, by the form's fields."""
        self._field = 0
        self._is_form = True
        self._tally = Tally({}, 0, 0)
        self._standing: LotHold | None = None
        self._rows: list[Recalled] = []
        self._before: list[Recalled | None] = []
        """After which row each page before this one began."""
        self._at = 0

    def compose_body(self) -> ComposeResult:
        """The form, and a page: one of them is shown."""
        yield Container(
            PickList([Column(), Column(most=40), Column(grows=True, rank=2)], id="form"),
            ReportRows(id="page"),
            id="reports",
        )

    async def enter(self, go: Go) -> None:
        """Ask what is recalled; what was left open is read anew."""
        self._show()
        await self.refresh_counts()
        if go.verdict:
            self.show_verdict(go.verdict)

    async def refresh_counts(self) -> None:
        """Read the page anew."""
        if not self._is_form and await self._may_read():
            await self._look()
            await self._read(self._before[-1] if self._before else None)

    def help_page(self) -> HelpPage:
        now = [
            "Choose a product and its lot, or scan a piece whose lot is known. Enter alone lists what there is.",
            "All units of the lot are shown, where they are or to whom they went; then those whose lot nobody knows.",
        ]
        keys = [
            ("PgUp PgDn", "the page before, the next one"),
            ("Enter", "the life of the marked unit"),
            ("F6", "another lot, client or warehouse"),
            ("F7", "put the lot on hold, or lift that"),
            ("F8", "export"),
            ("Esc", "back"),
        ]
        return HelpPage("Recall", now, keys)

    # What is shown

    def _show(self) -> None:
        """The form or the page, with what goes with it."""
        self.query_one("#form").display = self._is_form
        self.query_one("#page").display = not self._is_form
        help, back = KeyHint("F1", "Help", short="?"), KeyHint("Esc", "Back")
        if self._is_form:
            self.header.show_place("Recall")
            self._show_form()
            keys = [KeyHint("↑↓", "Choose"), KeyHint("Enter", "Set", rank=2), KeyHint("F5", "Show")]
            self.keys.show([help, *keys, back])
            return
        held = [worded("on hold")] if self._standing else []
        lot = worded("lot {lot}", lot=visible(self._given["lot"]))
        self.header.show_place("Recall", visible(self._given["sku"]), lot, *held)
        self.slot.show_scan("Scan a piece to see its lot", "↑ ↓ mark a unit, Enter: its life")
        hold = worded("Lift hold") if self._standing else worded("Hold lot")
        keys = [KeyHint("F6", "Filter", rank=2), KeyHint("F7", hold), KeyHint("F8", "Export")]
        self.keys.show([help, KeyHint("PgDn", "Next", rank=2), *keys, back])

    def _show_form(self) -> None:
        picks = [
            Pick(name, (translated(title), visible(self._given[name]) or "any", translated(takes)))
            for name, title, takes in _FIELDS
        ]
        form = self.query_one("#form", PickList)
        form.show(picks)
        name, title, _ = _FIELDS[self._field]
        form.mark(name)
        hint = worded("or how it begins; Enter alone lists them")
        self.slot.show_scan(worded("{title}: type it, then Enter", title=translated(title)), hint)

    def _draw(self) -> None:
        self.query_one(ReportRows).show(
            _COLUMNS,
            [_cells(one) for one in self._rows],
            self._at,
            self._counts(),
            worded("No unit is known to be of this lot."),
        )

    def _counts(self) -> tuple[str, str]:
        """How many there are of each status, and of how many nobody knows the lot."""
        seen = self._tally
        unknown = worded("lot unknown: {units}", units=seen.unknown) if seen.unknown else ""
        units = counted(seen.units, "unit", grouped=True)
        if self.has_class("-narrow"):
            return worded("{units}, {shipped} shipped", units=units, shipped=seen.shipped), unknown
        standing = ", ".join(f"{count} {status.value}" for status, count in seen.standing.items())
        held = worded("{units} on hold", units=seen.on_hold) if seen.on_hold else ""
        return " · ".join(part for part in (units, standing, held) if part), unknown

    # Reading

    @property
    def _filters(self) -> Filters:
        return self._filtered(self._given["lot"])

    def _filtered(self, lot: str) -> Filters:
        given = self._given
        return narrowed(client=given["client"], warehouse=given["warehouse"], sku=given["sku"], lot=lot)

    async def _may_read(self) -> bool:
        """May whoever is here read reports? Else the bar says so, and no row stays on the screen."""
        if refusal := await self.station.run(reporting.hindrance, self.station.site):
            self._rows, self._is_form = [], True
            self._show()
            self.show_outcome(refusal)
        return refusal is None

    async def _open(self) -> None:
        """The first page of what is recalled; the form stays where that is not said yet."""
        if not (self._given["sku"] and self._given["lot"]):
            self._field = 1 if self._given["sku"] else 0
            self._show_form()
            self.show_verdict(say.recall_wanted())
            return
        if not await self._may_read():
            return
        if refusal := await self.station.run(recall.hindrance, self.station.site, self._filters):
            self.show_outcome(refusal)
            return
        self._is_form, self._before, self._at = False, [], 0
        await self._look()
        self._show()
        await self._read(None)
        self.show_verdict(self._told())

    def _told(self) -> Verdict:
        """What can be done about it, or has been."""
        lot, sku, held = self._given["lot"], self._given["sku"], self._standing
        if held is not None:
            since = local_time(held.at, self.station.site.store.clock())
            return say.recall_on_hold(lot, sku, since=since, operator=held.operator, reason=held.reason)
        return say.recall_shown(lot, sku) if self._tally.units else say.nothing_of_lot(lot, sku)

    async def _look(self) -> None:
        """How it stands as a whole."""
        site = self.station.site
        self._tally = await self.station.run(recall.tally, site, self._filters)
        standing = await self.station.run(lot_holding.listed, site)
        self._standing = next((one for one in standing if self._is_of(one)), None)

    def _is_of(self, one: LotHold) -> bool:
        """Is it the hold of this lot?"""
        of = (one.sku, one.lot, one.client if self._given["client"] else "")
        return tuple(map(code_key, of)) == tuple(code_key(self._given[name]) for name in ("sku", "lot", "client"))

    async def _page(self, after: Recalled | None) -> list[Recalled]:
        room = room_for(self.query_one("#reports").size)  # the rows may not have been laid out yet
        return await self.station.run(recall.page, self.station.site, self._filters, after, room)

    async def _read(self, after: Recalled | None) -> None:
        self._rows = await self._page(after)
        self._at = max(0, min(self._at, len(self._rows) - 1))
        self._show()
        self._draw()

    async def _turn(self, forward: bool, *, mark_last: bool = False) -> None:
        """The next page or the one before."""
        if not await self._may_read():
            return
        self._at = len(self._rows) if mark_last else 0
        if not forward:
            self._before = self._before[:-1]
            await self._read(self._before[-1] if self._before else None)
            return
        rows = await self._page(self._rows[-1]) if self._rows else []
        if rows:
            self._before.append(self._rows[-1])
            self._rows = rows
        else:
            self._at = max(0, len(self._rows) - 1)
            self.show_verdict(say.last_page())
        self._draw()

    def action_turn(self, by: int) -> None:
        """Turn a page on or back."""
        if not self._is_form:
            self.in_turn(lambda: self._turn(by > 0))

    def action_move(self, by: int) -> None:
        """Mark another row, or another field."""
        if self._is_form:
            self._field = max(0, min(self._field + by, len(_FIELDS) - 1))
            self._show_form()
        elif 0 <= self._at + by < len(self._rows):
            self._at += by
            self._draw()
        elif self._rows:
            self.in_turn(lambda: self._turn(by > 0, mark_last=by < 0))

    async def on_resize(self) -> None:
        """Another number of rows fits."""
        if not self._is_form:
            self.in_turn(self.refresh_counts)

    # What is typed and scanned

    async def answer(self, scan: Scan) -> Go | None:
        """A piece whose lot is known says what is recalled."""
        meant = await self.station.run(home.meaning, self.station.site, scan)
        if isinstance(meant, Traced):
            unit = next((life.unit for life in meant.lives if life.unit.lot.lot), None)
            if unit is None:
                self.show_verdict(say.lot_not_known(meant.code))
                return None
            self._given = {**_NOBODYS, "sku": unit.sku, "client": unit.client, "lot": unit.lot.lot or ""}
            await self._open()
            return None
        if isinstance(meant, Verdict):
            command = self.station.command(scan)
            if command and command.act is Act.CANCEL:
                return Go(Where.BACK, verdict=say.back(scan.text))
            self.show_verdict(meant)
            return None
        return way_to(meant, scan)

    def entered(self, text: str) -> None:
        """In the form a filter; else typed text is a scan, and Enter alone shows the life of the marked unit."""
        if self._is_form:
            self.in_turn(lambda: self._set(text))
        elif text:
            super().entered(text)
        elif self._rows:
            unit = self._rows[self._at].unit
            if code := unit.primary or unit.secondary:
                self.post_message(GoWanted(Go(Where.TRACE, code=code)))

    async def _set(self, text: str) -> None:
        """A field of the form was typed: one of the values that there are."""
        begun, is_cut = await self.station.run(self._values, _FIELDS[self._field][0], text)
        same = next((value for value, _ in begun if code_key(value) == code_key(text)), None)
        if same is None and (not text or len(begun) != 1 or is_cut):
            self._pick(text)
            return
        await self._fill(same or begun[0][0])

    def _values(self, name: str, beginning: str) -> tuple[list[tuple[str, str]], bool]:
        """The values that a field may have and that begin so."""
        if name == "lot":
            return recall.lots(self.station.site, self._filtered(""), beginning)
        asked = Asked(client=self._given["client"])
        return report_form.values(self.station.site, asked, name, beginning)

    @work
    async def _pick(self, typed: str) -> None:
        """One of the values that there are."""
        name, title, _ = _FIELDS[self._field]
        read = partial(self._values, name)
        picking = PickScreen(self.station, title, read, typed, may_be_any=name in ("client", "warehouse"))
        chosen: str | None = await self.app.push_screen_wait(picking)
        if chosen is not None:
            self.in_turn(lambda: self._fill(chosen))

    async def _fill(self, value: str) -> None:
        """A field has its value; with the lot all is said."""
        name = _FIELDS[self._field][0]
        if name == "sku" and code_key(value) != code_key(self._given["sku"]):
            self._given["lot"] = ""
        self._given[name] = value
        if name == "lot" and value:
            await self._open()
            return
        self._field = min(self._field + 1, len(_FIELDS) - 1)
        self._show_form()

    # Keys

    def action_form(self) -> None:
        """F6: to the form, and from it to the page."""
        if self._is_form:
            self.in_turn(self._open)
        else:
            self._is_form, self._field = True, 1
            self._show()

    def action_begin(self) -> None:
        """F5: from the form to the page; from the page to another recall."""
        if self._is_form:
            self.in_turn(self._open)
        else:
            self._given, self._field, self._is_form = dict(_NOBODYS), 0, True
            self._show()

    def action_clear(self) -> None:
        """Del: nothing is said of the marked field."""
        self._given[_FIELDS[self._field][0]] = ""
        self._show_form()

    def action_back(self) -> None:
        """Esc: from the page to the form, from there back."""
        if self._is_form:
            super().action_back()
        else:
            self.action_form()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Del is the line's while something is typed in it."""
        del parameters
        return action != "clear" or (self._is_form and not self.slot.field.value)

    @work
    async def action_hold(self) -> None:
        """F7: the whole lot goes on hold, with what comes of it later; or that ends."""
        if self._is_form:
            return
        site, standing = self.station.site, self._standing
        sku, lot, client = (self._given[name] for name in ("sku", "lot", "client"))
        lot_text = visible(lot)
        if standing is None:
            reason = await self.reason(worded("Why is lot {lot} on hold?", lot=lot_text))
            question = worded(
                "Put all of lot {lot} of {sku} on hold, and what comes of it later?", lot=lot_text, sku=sku
            )
            do = lot_holding.hold
        else:
            reason = await self.reason(worded("Why may lot {lot} leave again?", lot=lot_text))
            question = worded("Lift the hold of lot {lot}? What is on hold by it alone can leave then.", lot=lot_text)
            do = lot_holding.release
        if reason is not None and await self.sure(question):
            await self.do(lambda: do(site, sku, lot, reason, client=client))

    @work
    async def action_export(self) -> None:
        """F8: all of it, to a file."""
        if self._is_form:
            return
        site, filters = self.station.site, self._filters
        plain = "".join(one if one.isalnum() or one in "-_" else "-" for one in filters.lot)
        path = await ask_export(self, f"recall-{plain}.xlsx")
        if path is None:
            return

        def write() -> Done | Refused:
            try:
                return recall.of_lot(site, filters).export(path, path.suffix[1:].lower())
            except UnwritableFile as error:
                return refused("unwritable", str(error))

        try:
            self.show_outcome(await asyncio.to_thread(write))  # beside the thread that answers scans
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))


def _cells(one: Recalled) -> tuple[str, ...]:
    unit = one.unit
    status = unit.status.value if unit.status is not UnitStatus.HELD else worded("in work")
    if unit.on_hold is not None:
        status = worded("{status}, on hold", status=status)
    lot = unit.lot.lot if one.match is Match.LOT else worded("lot unknown")
    more = (one.where, status, lot, unit.client, unit.secondary)
    return tuple(visible(cell or "") for cell in (unit.primary, *more))
