"""A recall: where each unit is, or to whom it went; all of them put on hold, and the list for who asks."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from scanstation import files, languages
from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, visible
from scanstation.domain.commands import Act
from scanstation.domain.file_errors import UnreadableFile, UnwritableFile
from scanstation.domain.language import joined, said_later, translated, worded
from scanstation.domain.lots import LotHold
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Scan
from scanstation.domain.status import UnitStatus
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Verdict
from scanstation.domain.written_days import NoDay, read_with_points
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.files import ask_export, refused_path
from scanstation.screens.home import way_to
from scanstation.screens.picking import PickScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.screens.widgets.report_rows import ReportColumn, ReportRows, room_for
from scanstation.workflows.orders import holding, lot_holding
from scanstation.workflows.reports import recall, report_form, reporting
from scanstation.workflows.reports.recall import Match, NotKnown, Row, Tally
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
    ("sku", said_later("SKU"), "of the product that is recalled"),
    ("lot", said_later("Lot"), "as its label says it, or its use-by"),
    ("expiry", said_later("Use-by"), "a day, or a month: 2027-03"),
    ("serials", said_later("Serials"), "scanned one by one, or a text file"),
    ("purchase_order", said_later("PO"), "what came in on it"),
    ("since", said_later("Since"), "received since: 2026-11-22"),
    ("until", said_later("Until"), "received until: 2026-11-22"),
    ("client", said_later("Client"), "where several have the SKU"),
    ("warehouse", said_later("Warehouse"), "where only one is meant"),
)
"""The form: a field, its title, what it takes."""
_OF_A_LIST = ("serials", "sku", "client")
"""The fields that count where serials are listed."""
_NOBODYS = {name: "" for name, _, _ in _FIELDS if name != "serials"}
_MAY_BE_ANY = ("client", "warehouse")
_DAY_OR_MONTH = re.compile(r"\d{4}-\d\d(-\d\d)?")
_LISTS = (".txt", ".csv")


class RecallScreen(ActingScreen, inherit_bindings=True):
    """Nothing is booked here; F7 puts what is shown on hold."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "reports.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "turn(-1)", "Page up", id="page-up"),
        Binding("pagedown", "turn(1)", "Page down", id="page-down"),
        Binding("f5", "begin", "Show", id="show"),
        Binding("f6", "form", "Filter", id="filter"),
        Binding("f7", "hold", "Hold all", id="hold"),
        Binding("f8", "export", "Export", id="export"),
        Binding("delete", "clear", "Clear", id="clear", priority=True),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._given = dict(_NOBODYS)
        """What is recalled, by the form's fields."""
        self._listed: dict[str, str] = {}
        """Serials that are recalled, by their keys; where there are any, the lot and the like do not count."""
        self._field = "sku"
        self._is_form = True
        self._tally = Tally({}, 0, 0)
        self._standing: LotHold | None = None
        self._of_list: list[Row] = []
        """All rows of the list."""
        self._rows: Sequence[Row] = ()
        self._before: list[Row | None] = []
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
            "Choose a product and its lot, a use-by, a PO, or scan a piece whose lot is known. Enter alone lists them.",
            "At Serials scan one after the other, or type the name of a text file; Del takes the last one off.",
            "All such units are shown, where they are or to whom they went; then those whose lot nobody knows.",
        ]
        keys = [
            ("PgUp PgDn", "the page before, the next one"),
            ("Enter", "the life of the marked unit"),
            ("F6", "another lot, client or warehouse"),
            ("F7", "put all of it on hold, or lift that"),
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
        self.header.show_place("Recall", *self._words(), *held)
        title = worded("Scan a serial for the list") if self._listed else worded("Scan a piece to see its lot")
        self.slot.show_scan(title, "↑ ↓ mark a unit, Enter: its life")
        hold = worded("Lift hold") if self._is_held else worded("Hold lot") if self._is_lot else worded("Hold all")
        keys = [KeyHint("F6", "Filter", rank=2), KeyHint("F7", hold), KeyHint("F8", "Export")]
        self.keys.show([help, KeyHint("PgDn", "Next", rank=2), *keys, back])

    def _show_form(self) -> None:
        picks = [
            Pick(name, (translated(title), self._value(name), translated(takes))) for name, title, takes in self._fields
        ]
        form = self.query_one("#form", PickList)
        form.show(picks)
        name, title, takes = self._marked
        form.mark(name)
        if name == "serials":
            self.slot.show_scan(worded("Scan a serial, or type it"), worded("or a text file; Del: last one off"))
            return
        listed = name not in ("since", "until")
        hint = worded("or how it begins; Enter alone lists them") if listed else translated(takes)
        self.slot.show_scan(worded("{title}: type it, then Enter", title=translated(title)), hint)

    @property
    def _fields(self) -> tuple[tuple[str, str, str], ...]:
        """The fields that count."""
        if not self._listed:
            return _FIELDS
        of_list = [next(one for one in _FIELDS if one[0] == name) for name in _OF_A_LIST]
        return tuple(of_list)

    @property
    def _marked(self) -> tuple[str, str, str]:
        """The field that is marked."""
        return next((one for one in self._fields if one[0] == self._field), self._fields[0])

    def _value(self, name: str) -> str:
        if name != "serials":
            return visible(self._given[name]) or worded("any")
        return counted(len(self._listed), "serial", grouped=True) if self._listed else worded("none")

    def _words(self) -> list[str]:
        """What is recalled, as the header says it."""
        of_product = [visible(self._given["sku"])] if self._given["sku"] else []
        if self._listed:
            return [counted(len(self._listed), "serial", grouped=True), *of_product]
        given = {name: visible(value) for name, value in self._given.items()}
        words = (
            (given["lot"], worded("lot {lot}", lot=given["lot"])),
            (given["expiry"], worded("use-by {day}", day=given["expiry"])),
            (given["purchase_order"], worded("PO {number}", number=given["purchase_order"])),
            (given["since"], worded("since {day}", day=given["since"])),
            (given["until"], worded("until {day}", day=given["until"])),
        )
        return [*of_product, *(word for value, word in words if value)]

    @property
    def _is_lot(self) -> bool:
        """Is a lot as a whole recalled, and nothing narrower?"""
        given = self._given
        narrower = any(given[name] for name in ("expiry", "purchase_order", "since", "until", "warehouse"))
        return bool(given["lot"]) and not self._listed and not narrower

    @property
    def _is_held(self) -> bool:
        """Is all of it on hold?"""
        if self._is_lot:
            return self._standing is not None
        may_leave = self._tally.units - self._tally.standing.get(UnitStatus.DISPOSED, 0)
        return 0 < self._tally.on_hold >= may_leave - self._tally.standing.get(UnitStatus.HELD, 0)

    def _draw(self) -> None:
        self.query_one(ReportRows).show(
            _COLUMNS,
            [_cells(one) for one in self._rows],
            self._at,
            self._counts(),
            worded("No unit is known to be of this lot.") if self._is_lot else worded("No unit is known to be that."),
        )

    def _counts(self) -> tuple[str, str]:
        """How many there are of each status, and of how many nobody knows the lot."""
        seen = self._tally
        unknown = ""
        if seen.unknown and self._listed:
            unknown = worded("serial not known: {count}", count=seen.unknown)
        elif seen.unknown and self._given["lot"]:
            unknown = worded("lot unknown: {units}", units=seen.unknown)
        elif seen.unknown:
            unknown = worded("use-by unknown: {units}", units=seen.unknown)
        units = counted(seen.units, "unit", grouped=True)
        if self.has_class("-narrow"):
            return worded("{units}, {shipped} shipped", units=units, shipped=seen.shipped), unknown
        standing = ", ".join(f"{count} {status.value}" for status, count in seen.standing.items())
        held = worded("{units} on hold", units=seen.on_hold) if seen.on_hold else ""
        return joined([part for part in (units, standing, held) if part], " · "), unknown

    # Reading

    @property
    def _filters(self) -> Filters:
        given = self._given
        return narrowed(
            client=given["client"],
            warehouse=given["warehouse"],
            sku=given["sku"],
            lot=given["lot"],
            expiry=given["expiry"],
            purchase_order=given["purchase_order"],
            since=date.fromisoformat(given["since"]) if given["since"] else None,
            until=date.fromisoformat(given["until"]) if given["until"] else None,
        )

    @property
    def _of_product(self) -> Filters:
        """What lots and use-bys are listed for."""
        given = self._given
        return narrowed(client=given["client"], warehouse=given["warehouse"], sku=given["sku"])

    async def _may_read(self) -> bool:
        """May whoever is here read reports? Else the bar says so, and no row stays on the screen."""
        if refusal := await self.station.run(reporting.hindrance, self.station.site):
            self._rows, self._is_form = (), True
            self._show()
            self.show_outcome(refusal)
        return refusal is None

    async def _open(self) -> None:
        """The first page of what is recalled; the form stays where that is not said yet."""
        if not self._listed and not recall.is_said(self._filters):
            self._show_form()
            self.show_verdict(say.list_wanted() if self._field == "serials" else say.recall_wanted())
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
        if not self._is_lot:
            return say.recalled(", ".join(self._words()), self._tally.units)
        lot, sku, held = self._given["lot"], self._given["sku"], self._standing
        if held is not None:
            since = local_time(held.at, self.station.site.store.clock())
            return say.recall_on_hold(lot, sku, since=since, operator=held.operator, reason=held.reason)
        return say.recall_shown(lot, sku) if self._tally.units else say.nothing_of_lot(lot, sku)

    async def _look(self) -> None:
        """How it stands as a whole."""
        site = self.station.site
        if self._listed:
            self._standing, codes = None, tuple(self._listed.values())
            self._of_list = await self.station.run(recall.listed, site, codes, self._of_product)
            self._tally = recall.tally_of(self._of_list)
            return
        self._tally = await self.station.run(recall.tally, site, self._filters)
        standing = await self.station.run(lot_holding.listed, site) if self._is_lot else []
        self._standing = next((one for one in standing if self._is_of(one)), None)

    def _is_of(self, one: LotHold) -> bool:
        """Is it the hold of this lot?"""
        of = (one.sku, one.lot, one.client if self._given["client"] else "")
        return tuple(map(code_key, of)) == tuple(code_key(self._given[name]) for name in ("sku", "lot", "client"))

    async def _page(self, after: Row | None) -> Sequence[Row]:
        room = room_for(self.query_one("#reports").size)  # the rows may not have been laid out yet
        if self._listed:
            begin = self._of_list.index(after) + 1 if after in self._of_list else 0
            return self._of_list[begin : begin + room]
        if isinstance(after, NotKnown):
            return ()  # of a list that is empty now
        return await self.station.run(recall.page, self.station.site, self._filters, after, room)

    async def _read(self, after: Row | None) -> None:
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
        rows = await self._page(self._rows[-1]) if self._rows else ()
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
            names = [name for name, _, _ in self._fields]
            self._field = names[max(0, min(names.index(self._marked[0]) + by, len(names) - 1))]
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
        """A piece whose lot is known says what is recalled, or a serial is put on the list."""
        meant = await self.station.run(home.meaning, self.station.site, scan)
        if self._listed or (self._is_form and self._marked[0] == "serials"):
            if isinstance(meant, Traced):
                await self._add(meant.code, is_known=True)
                return None
            if isinstance(meant, Verdict) and meant.reason == say.UNKNOWN:
                await self._add(scan.text, is_known=False)
                return None
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

    async def _add(self, code: str, *, is_known: bool) -> None:
        """A serial for the list."""
        is_again = code_key(code) in self._listed
        if not is_again and len(self._listed) >= recall.LONGEST_ON_A_SCREEN:
            self.show_outcome(say.list_too_long(len(self._listed) + 1, recall.LONGEST_ON_A_SCREEN))
            return
        self._list([code])
        if self._is_form:
            self._show_form()
        else:
            await self.refresh_counts()
        self.show_verdict(say.on_list(code, len(self._listed), is_known=is_known, is_again=is_again))

    def _list(self, codes: list[str]) -> None:
        """Put serials on the list; what else was said does not count any more, SKU and client apart."""
        self._listed |= {code_key(code): code for code in codes}
        given = self._given
        self._given = {**_NOBODYS, "sku": given["sku"], "client": given["client"]}

    async def _add_file(self, text: str) -> None:
        """The serials of a text file for the list."""
        path = files.typed_path(text.strip(" '\""), files.here())
        if refusal := refused_path(path, _LISTS):
            self.show_outcome(refusal)
            return
        try:
            codes = await asyncio.to_thread(recall.read_list, path)
        except UnreadableFile as error:
            self.show_verdict(say.unreadable_file(error))
            return
        if isinstance(codes, Refused):
            self.show_outcome(codes)
            return
        before = dict(self._listed)
        self._list(codes)
        if len(self._listed) > recall.LONGEST_ON_A_SCREEN:
            self.show_outcome(say.list_too_long(len(self._listed), recall.LONGEST_ON_A_SCREEN))
            self._listed = before
            return
        self._show_form()
        self.show_verdict(say.file_on_list(path.name, len(self._listed)))

    def entered(self, text: str) -> None:
        """In the form a filter; else typed text is a scan, and Enter alone shows the life of the marked unit."""
        if self._is_form:
            self.in_turn(lambda: self._set(text))
        elif text:
            super().entered(text)
        elif self._rows and (code := _code(self._rows[self._at])):
            self.post_message(GoWanted(Go(Where.TRACE, code=code)))

    async def _set(self, text: str) -> None:
        """A field of the form was typed: one of the values that there are."""
        name = self._marked[0]
        if name == "serials":
            await self._set_serials(text)
            return
        if name in ("since", "until"):
            await self._set_day(name, text)
            return
        if name == "expiry" and _DAY_OR_MONTH.fullmatch(text):
            await self._fill(text)
            return
        if name == "expiry":
            day = read_with_points(text.strip(), day_is_first=languages.day_is_first())
            if isinstance(day, date):
                await self._fill(str(day))
                return
            if day is NoDay.TWO_DAYS:
                self.show_outcome(Refused((say.no_day(text=text, may_be_two=True),)))
                return
        begun, is_cut = await self.station.run(self._values, name, text)
        same = next((value for value, _ in begun if code_key(value) == code_key(text)), None)
        if same is None and (not text or len(begun) != 1 or is_cut):
            self._pick(text)
            return
        await self._fill(same or begun[0][0])

    async def _set_serials(self, text: str) -> None:
        """A serial was typed, or the name of a file of them; Enter alone shows the list."""
        if not text:
            await self._open()
        elif text.strip(" '\"").lower().endswith(_LISTS):
            await self._add_file(text)
        elif (go := await self.answer(self.station.typed(text))) is not None:
            self.post_message(GoWanted(go))

    async def _set_day(self, name: str, text: str) -> None:
        """A day was typed, or none."""
        other = "until" if name == "since" else "since"
        typed = {**report_form.as_typed(Asked()), name: text, other: self._given[other]}
        read = await self.station.run(report_form.read, self.station.site, typed)
        if isinstance(read, Refused):
            self.show_outcome(read)
            return
        day = read.since if name == "since" else read.until
        await self._fill(str(day) if day else "")

    def _values(self, name: str, beginning: str) -> tuple[list[tuple[str, str]], bool]:
        """The values that a field may have and that begin so."""
        if name == "lot":
            return recall.lots(self.station.site, self._of_product, beginning)
        if name == "expiry":
            return recall.use_bys(self.station.site, self._of_product, beginning)
        asked = Asked(client=self._given["client"], warehouse=self._given["warehouse"])
        return report_form.values(self.station.site, asked, name, beginning)

    @work
    async def _pick(self, typed: str) -> None:
        """One of the values that there are."""
        name, title, _ = self._marked
        read = partial(self._values, name)
        picking = PickScreen(self.station, title, read, typed, may_be_any=name in _MAY_BE_ANY)
        chosen: str | None = await self.app.push_screen_wait(picking)
        if chosen is not None:
            self.in_turn(lambda: self._fill(chosen))

    async def _fill(self, value: str) -> None:
        """A field has its value; with the lot, or a use-by, all is said."""
        name = self._marked[0]
        if name == "sku" and code_key(value) != code_key(self._given["sku"]):
            self._given["lot"] = ""
        self._given[name] = value
        if name in ("lot", "expiry") and value and recall.is_said(self._filters):
            await self._open()
            return
        self.action_move(1)

    # Keys

    def action_form(self) -> None:
        """F6: to the form, and from it to the page."""
        if self._is_form:
            self.in_turn(self._open)
        else:
            self._is_form, self._field = True, "serials" if self._listed else "lot"
            self._show()

    def action_begin(self) -> None:
        """F5: from the form to the page; from the page to another recall."""
        if self._is_form:
            self.in_turn(self._open)
        else:
            self._given, self._listed, self._field, self._is_form = dict(_NOBODYS), {}, "sku", True
            self._show()

    def action_clear(self) -> None:
        """Del: nothing is said of the marked field; of the list the last serial goes."""
        name = self._marked[0]
        if name != "serials":
            self._given[name] = ""
        elif self._listed:
            _, code = self._listed.popitem()
            self._field = "serials"
            self.show_verdict(say.off_list(code, len(self._listed)))
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
        """F7: all of it goes on hold, of a lot with what comes of it later; or that ends."""
        if self._is_form:
            return
        if not self._is_lot:
            await self._hold_units()
            return
        site, standing = self.station.site, self._standing
        sku, lot, client = (self._given[name] for name in ("sku", "lot", "client"))
        lot_text = visible(lot)
        if standing is None:
            reason = await self.reason(worded("Why is lot {lot} on hold?", lot=lot_text))
            question = worded(
                "Put all of lot {lot} of {sku} on hold, and what comes of it later?", lot=lot_text, sku=sku
            )
            do = partial(lot_holding.hold, site, sku, lot, client=client)
        else:
            reason = await self.reason(worded("Why may lot {lot} leave again?", lot=lot_text))
            question = worded("Lift the hold of lot {lot}? What is on hold by it alone can leave then.", lot=lot_text)
            do = partial(lot_holding.release, site, sku, lot, client=client, seen=standing.id)
        if reason is not None and await self.sure(question):
            await self.do(lambda: do(reason=reason))

    async def _hold_units(self) -> None:
        """The units that are shown and known go on hold, or that ends."""
        site, filters, rows = self.station.site, self._filters, tuple(self._of_list)
        look = partial(recall.to_hold_of, rows) if self._listed else partial(recall.to_hold, site, filters)
        meant = await self.look_up(look)
        if meant is None:
            return
        free, held = meant
        units, on_hold = counted(len(free), "unit", grouped=True), counted(len(held), "unit", grouped=True)
        put, lift = worded("put {units} on hold", units=units), worded("lift the hold of {units}", units=on_hold)
        if not free and not held:
            self.show_verdict(say.nothing_to_hold())
            return
        chosen = put if free else lift
        if free and held:
            answer = await self.choose(worded("Some are on hold already. What now?"), (put, lift))
            if answer is None:
                return
            chosen = answer
        do: Callable[[str], Done | Refused]
        if chosen == put:
            reason = await self.reason(worded("Why are {units} on hold?", units=units))
            question = worded("Put {units} on hold?", units=units)
            do = partial(holding.hold, site, free)
        else:
            reason = await self.reason(worded("Why may {units} leave again?", units=on_hold))
            question = worded("Lift the hold of {units}?", units=on_hold)
            do = partial(holding.release, site, list(held), marks=held)
        if reason is not None and await self.sure(question):
            await self.do(lambda: do(reason))

    @work
    async def action_export(self) -> None:
        """F8: all of it, to a file."""
        if self._is_form:
            return
        site, filters = self.station.site, self._filters
        codes = tuple(self._listed.values())
        name = "list" if codes else filters.lot or filters.expiry or filters.purchase_order or filters.sku or "days"
        plain = "".join(one if one.isalnum() or one in "-_" else "-" for one in name)
        listing = recall.of_list(site, codes, self._of_product) if codes else recall.of_filters(site, filters)
        path = await ask_export(self, f"recall-{plain}.xlsx")
        if path is None:
            return

        def write() -> Done | Refused:
            try:
                return listing.export(path, path.suffix[1:].lower())
            except UnwritableFile as error:
                return refused("unwritable", str(error))

        try:
            self.show_outcome(await asyncio.to_thread(write))  # beside the thread that answers scans
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))


def _code(one: Row) -> str | None:
    """Of a unit; what none has leads nowhere."""
    return None if isinstance(one, NotKnown) else one.unit.primary or one.unit.secondary


def _cells(one: Row) -> tuple[str, ...]:
    if isinstance(one, NotKnown):
        return (visible(one.code), "", worded("serial not known"), "", "", "")
    unit = one.unit
    status = unit.status.value if unit.status is not UnitStatus.HELD else worded("in work")
    if unit.on_hold is not None:
        status = worded("{status}, on hold", status=status)
    lot = worded("lot unknown") if one.match is Match.LOT_UNKNOWN else unit.lot.lot
    more = (one.where, status, lot, unit.client, unit.secondary)
    return tuple(visible(cell or "") for cell in (unit.primary, *more))
