"""The supervisor's overview: what waits, what cannot leave, the day's pace, what was refused; and the way on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from scanstation.domain import days
from scanstation.domain import sentences as say
from scanstation.domain.backups import BackupPlan, BackupsFound
from scanstation.domain.codes import visible
from scanstation.domain.language import translated, worded
from scanstation.domain.orders import Order
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreError
from scanstation.domain.units import OnHold
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.home import look_up
from scanstation.screens.overlays import ReadScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.day_panel import DayPanel
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.workflows.orders import order_book
from scanstation.workflows.reports import overview
from scanstation.workflows.reports.overview import Overview, RefusedToday, Stuck, Waiting, Watch
from scanstation.workflows.site import local_time

_PLACES = (
    ("F5", "Ship", "scan each order as it leaves", Where.SHIP),
    ("F6", "Import", "serials from a sheet", Where.IMPORT),
    ("F7", "Products", "settings, barcodes, patterns", Where.PRODUCTS),
    ("F8", "Reports", "serials and histories", Where.REPORTS),
    ("F9", "Scanners", "are they there, and well set up?", Where.SCANNERS),
)
_AT_FIRST = 3
_AT_FIRST_TALL = 6
_TALL = 36
_NARROW = 60
_NAMED = {OrderKind.PURCHASE: "purchase orders", OrderKind.SHIPMENT: "shipment orders"}
_LISTS = {OrderKind.PURCHASE: Where.PURCHASE_ORDERS, OrderKind.SHIPMENT: Where.SHIPMENT_ORDERS}


@dataclass(frozen=True, slots=True)
class ToOrder:
    """A row that opens an order; the same order may stand in several parts."""

    part: str
    order_id: int


@dataclass(frozen=True, slots=True)
class More:
    """A row that shows the rest of its part."""

    part: str


@dataclass(frozen=True, slots=True)
class ToRefusals:
    """A row that shows today's refusals for a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class ToHeld:
    """A row that shows the units that are on hold for a reason."""

    client: str
    reason: str
    came_back: bool


@dataclass(frozen=True, slots=True)
class ToBackups:
    """A row that shows how the backups stand."""


@dataclass(frozen=True, slots=True)
class ToHandOver:
    """A row that shows how this station's hand-over to an ERP stands."""


class OverviewScreen(ActingScreen, inherit_bindings=True):
    """Refreshes by itself; Enter opens what is marked."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "overview.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "move(-8)", "Page up", id="page-up"),
        Binding("pagedown", "move(8)", "Page down", id="page-down"),
        *(Binding(key.lower(), f"leave_for('{where.name}')", title) for key, title, _, where in _PLACES),
    ]

    live = True

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._watch = Watch(station.site)
        self._seen = Overview()
        self._unfolded: set[str] = set()

    def compose_body(self) -> ComposeResult:
        """The day, and what waits."""
        columns = [
            Column(most=20, is_code=True),
            Column(most=16, rank=2),
            Column(grows=True),
            Column(rank=2, is_bar=True),
            Column(most=16, right=True),
        ]
        yield Container(
            DayPanel(),
            PickList(columns, id="waiting", empty="Nothing waits."),
            id="overview",
        )

    async def enter(self, go: Go) -> None:
        """Look, and count the imports anew."""
        self.header.show_place("Overview", worded("what waits here"))
        self.slot.show_scan("Scan an order or a serial number", "Enter opens what is marked")
        self.keys.show(
            [
                KeyHint("F1", "Help", short="?"),
                *(KeyHint(key, title, rank=1 if key in ("F5", "F6") else 2) for key, title, _, _ in _PLACES),
                KeyHint("Esc", "Back"),
            ]
        )
        self._watch.begin_anew()
        await self.refresh_counts()
        if go.where is Where.OVERVIEW:
            self.query_one("#waiting", PickList).mark_first()
        if go.verdict:
            self.show_verdict(go.verdict)
        self.run_worker(self._count_imports(), name="imports", group="imports", exclusive=True)

    async def refresh_counts(self) -> None:
        """The site as it is now."""
        self._seen = await self.station.run(self._watch.look)
        self._draw()

    async def _count_imports(self) -> None:
        """Every order ever received, some at a time: scans come between."""
        try:
            while await self.station.run(self._watch.count_imports):
                pass
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))
            return
        self.in_turn(self.refresh_counts)

    def help_page(self) -> HelpPage:
        now = [
            "What waits at this site, looked at anew every few seconds. Enter opens the marked order.",
            "“Cannot ship” says why an order is not on the truck: serials to import, or goods to pack.",
            "What is on hold stands with its reason and since when; Enter lists the units.",
            "Today is the site's, of all stations together; a bar beside an order says how far it is.",
        ]
        keys = [
            ("↑ ↓ Enter", "open what is marked"),
            *((key, f"{translated(title)}: {translated(what)}") for key, title, what, _ in _PLACES),
            ("Esc  {}HOME", "to Home"),
        ]
        return HelpPage("Overview", now, keys)

    def on_resize(self) -> None:
        """Another height shows other rows."""
        self._draw()

    # What is shown

    def _draw(self) -> None:
        seen = self._seen
        self.query_one(DayPanel).show(seen.today)
        self.query_one("#waiting", PickList).show([*self._picks(seen)])

    def _picks(self, seen: Overview) -> Iterator[Pick]:
        backups = self._backups()
        if backups is not None and backups.note:
            yield backups
        hand_over = self._hand_over()
        if hand_over is not None and hand_over.note:
            yield hand_over
        yield from self._part(
            "receive",
            worded("To receive: {orders}", orders=counted(seen.today.to_receive, "order")),
            [self._waiting("receive", one) for one in seen.to_receive],
            seen.today.to_receive,
            OrderKind.PURCHASE,
        )
        yield from self._part(
            "pack",
            worded("To pack: {orders}", orders=counted(seen.today.to_pack, "order")),
            [self._waiting("pack", one) for one in seen.to_pack],
            seen.today.to_pack,
            OrderKind.SHIPMENT,
        )
        yield from self._part(
            "work",
            worded("Open work"),
            [
                _order_pick(
                    "work",
                    one.order,
                    worded("since {since}", since=one.since),
                    worded(
                        "{work_word} at {station}",
                        work_word=one.order.kind.work_word,
                        station=visible(one.work.work.station),
                    )
                    + (worded(", a serial is owed") if one.work.owes else ""),
                    worded("{pieces} in hand", pieces=one.work.pieces),
                )
                for one in seen.works
            ],
            len(seen.works),
            None,
        )
        yield from self._part(
            "imports",
            worded("Imports not complete: {orders}", orders=counted(seen.imports_count, "order"))
            + ("" if seen.imports_counted else worded(", still counting")),
            [
                _order_pick(
                    "imports",
                    one.order,
                    one.order.kind.noun.split()[0],
                    f"{one.order.status.value} · {self._who(one.order)}",
                    worded("{present} of {needed}", present=one.count.present, needed=one.count.needed),
                    bar=f"{one.count.present}/{one.count.needed}",
                )
                for one in seen.imports
            ],
            seen.imports_count,
            None,
        )
        yield from self._part(
            "stuck",
            worded("Cannot ship: {orders}", orders=counted(seen.stuck_count, "order")),
            [replace(self._order("stuck", one.order, [], ""), note=_why(one)) for one in seen.stuck],
            seen.stuck_count,
            OrderKind.SHIPMENT,
        )
        back = [one for one in seen.on_hold if one.came_back]
        others = [one for one in seen.on_hold if not one.came_back]
        for part, heading, held in (
            ("returned", worded("Came back, on hold: {units}", units=_units(back)), back),
            ("held", worded("On hold: {units}", units=_units(others)), others),
        ):
            yield from self._part(part, heading, [self._held(one) for one in held], len(held), None)
        if seen.can_ship_count:
            cells = ("F5", "", worded("Ship: scan each order as it leaves"), "", counted(seen.can_ship_count, "order"))
            yield Pick(Where.SHIP, cells, heading=worded("Ready to Ship"))
        if seen.to_be_found:
            prefix = visible(self.station.site.rules.house_prefix)
            cells = (f"{prefix}…", "", worded("their own serial is to be found"), "", counted(seen.to_be_found, "unit"))
            yield Pick(Where.REPORTS, cells, heading=worded("Known by a house serial"))
        yield from self._part(
            "refused",
            worded("Refused today"),
            [_refused_pick(one) for one in seen.refusals],
            len(seen.refusals),
            None,
        )
        if backups is not None and not backups.note:
            yield backups
        if hand_over is not None and not hand_over.note:
            yield hand_over
        if self.size.width < _NARROW:  # the key bar has no room for them
            for at, (key, title, _, where) in enumerate(_PLACES):
                yield Pick(
                    ("place", where), (key, "", translated(title), "", ""), heading="" if at else worded("Go to")
                )

    def _backups(self) -> Pick | None:
        """The row of the backups, with a note where something is wrong; None where this station makes none."""
        stand = self._backups_stand()
        if stand is None:
            return None
        age, told, wrong = say.backups_in_brief(*stand)
        return Pick(ToBackups(), (age, "", told, "", ""), note=wrong, heading=worded("Backup"))

    def _hand_over(self) -> Pick | None:
        """The row of the hand-over to an ERP; None where this station has none of its own."""
        hand_over = self.station.hand_over
        if hand_over.plan is None:
            return None
        told, wrong = say.hand_over_in_brief(hand_over.stand, hand_over.plan)
        return Pick(ToHandOver(), ("ERP", "", told, "", ""), note=wrong, heading=worded("Hand-over"))

    def _backups_stand(self) -> tuple[BackupsFound, BackupPlan, datetime] | None:
        backups = self.station.backups
        return (backups.found, backups.plan, self.station.site.store.clock()) if backups.found else None

    def _part(
        self, part: str, heading: str, picks: Sequence[Pick], count: int, listed: OrderKind | None
    ) -> Iterator[Pick]:
        """A part of the list: its first rows, or all that are known once somebody asked for more."""
        picks_in_sight = len(picks)
        if part not in self._unfolded:
            few = _AT_FIRST_TALL if self.size.height >= _TALL else _AT_FIRST
            # One row that says “1 more” would take the room of the one it hides.
            picks_in_sight = few if len(picks) > few + 1 else len(picks)
        for at, pick in enumerate(picks[:picks_in_sight]):
            yield pick if at else replace(pick, heading=heading)
        if picks_in_sight < len(picks):
            yield Pick(More(part), (worded("{count} more …", count=count - picks_in_sight), "", "", "", ""), quiet=True)
        elif count > len(picks) and listed is not None:
            rest = worded("{count} more", count=count - len(picks))
            told = worded("in the list of {kind}", kind=translated(_NAMED[listed]))
            yield Pick(_LISTS[listed], (rest, "", told, "", ""), quiet=True)
        elif count > len(picks):
            yield Pick(("rest", part), (worded("{count} more", count=count - len(picks)), "", "", "", ""), quiet=True)

    def _waiting(self, part: str, one: Waiting) -> Pick:
        counts = one.counts
        in_hand = [worded("{in_work} in hand", in_work=counts.in_work)] if counts.in_work else []
        if one.since and not (one.order.due and self.size.width < _NARROW):  # the day takes its room
            in_hand.append(worded("since {since}", since=one.since))
        return self._order(
            part,
            one.order,
            in_hand,
            worded("{done} of {wanted}", done=counts.done, wanted=counts.wanted),
            bar=f"{counts.done}/{counts.wanted}",
        )

    def _held(self, one: OnHold) -> Pick:
        """Units on hold: of what, since when, why, and how many."""
        moment, now = datetime.fromisoformat(one.since).astimezone(), self.station.site.store.clock()
        is_today = moment.date() == now.astimezone().date()
        at = local_time(one.since, now) if is_today else days.said_day(str(moment.date()), now.astimezone().date())
        since = worded("since {since}", since=at)
        sku = visible(one.sku) if one.skus == 1 else f"{visible(one.sku)} +{one.skus - 1}"
        why = f"{visible(one.reason)} · {visible(one.client)}"
        count = counted(one.units, "unit", grouped=True)
        cells = (sku, since, since if self.size.width < _NARROW else why, "", count)
        return Pick(_to_held(one), cells, brief=why)

    def _order(self, part: str, order: Order, details: Sequence[str], count: str, bar: str = "") -> Pick:
        """An order with its day, which stands before what else is told where there is no column for it."""
        due = days.due(order, self.station.site.today)
        is_narrow = self.size.width < _NARROW
        first = [visible(due.words)] if is_narrow and due.words else []
        pick = _order_pick(
            part,
            order,
            visible(due.words) or worded("no date"),
            " · ".join([*first, *details, self._who(order)]),
            count,
            bar=bar,
        )
        return replace(pick, warns=(2 if is_narrow else 1,)) if due.is_late else pick

    def _who(self, order: Order) -> str:
        """Whose order it is, and where, if the site has several warehouses: they may use the same numbers."""
        seen = self._seen
        waiting = [one.order for one in (*seen.to_receive, *seen.to_pack)]
        held_up = [*(one.order for one in seen.imports), *(one.order for one in seen.stuck)]
        several = len({one.warehouse_id for one in (*waiting, *held_up)}) > 1
        partner = f" · {visible(order.partner)}" if order.partner else ""
        return f"{order_book.whose(order, several_warehouses=several)}{partner}"

    # Scans and keys

    async def answer(self, scan: Scan) -> Go | None:
        """An order is opened to be looked at, a serial is traced."""
        return await look_up(self, scan)

    def entered(self, text: str) -> None:
        """Typed text is a scan; Enter alone opens what is marked."""
        if text:
            super().entered(text)
            return
        chosen = self.query_one("#waiting", PickList).chosen
        match chosen.value if chosen else None:
            case ToOrder(order_id=order_id):
                self.post_message(GoWanted(Go(Where.ORDER, order_id=order_id)))
            case More(part=part):
                self._unfolded.add(part)
                self._draw()
            case ToRefusals(reason=reason):
                self._show_refusals(reason)
            case ToHeld() as held:
                self._show_held(held)
            case ToBackups() if stand := self._backups_stand():
                self.show_verdict(say.backups_stand(*stand))
            case ToHandOver() if plan := self.station.hand_over.plan:
                self.show_verdict(say.hand_over_stands(self.station.hand_over.stand, plan))
            case (str(), Where() as where) | (Where() as where):
                self.post_message(GoWanted(Go(where)))

    @work
    async def _show_refusals(self, reason: str) -> None:
        site = self.station.site
        counted_reason = next((one for one in self._seen.refusals if one.reason == reason), None)
        async with self.station.turn:
            try:
                texts = await self.station.run(overview.refusals_today, site, reason)
            except StoreError as error:
                self.show_verdict(say.store_trouble(error))
                return
        if counted_reason is not None:
            told = say.refused_today(counted_reason.count, counted_reason.words)
            await self.app.push_screen_wait(ReadScreen(self.station, told, texts))

    @work
    async def _show_held(self, held: ToHeld) -> None:
        """The units that are on hold for the reason, to be looked for and inspected."""
        one = next((one for one in self._seen.on_hold if _to_held(one) == held), None)
        if one is None:
            return
        units = await self.look_up(lambda: overview.units_on_hold(self.station.site, one))
        if units is not None:
            told = say.units_on_hold(one.reason, one.units)
            await self.app.push_screen_wait(ReadScreen(self.station, told, units))

    def action_move(self, by: int) -> None:
        """Mark another row."""
        self.query_one("#waiting", PickList).move(by)

    def action_leave_for(self, where: str) -> None:
        """Go where a function key leads."""
        self.post_message(GoWanted(Go(Where[where])))


def _order_pick(part: str, order: Order, when: str, note: str, count: str, *, bar: str = "") -> Pick:
    return Pick(ToOrder(part, order.id), (visible(order.number), when, note, bar, count))


def _why(one: Stuck) -> str:
    """Why an order cannot leave, and since when it waits so."""
    return f"{one.why}, {worded('since {since}', since=one.since)}" if one.since else one.why


def _refused_pick(one: RefusedToday) -> Pick:
    return Pick(ToRefusals(one.reason), (f"{one.count} ×", "", one.words, "", ""))


def _to_held(one: OnHold) -> ToHeld:
    return ToHeld(one.client, one.reason, one.came_back)


def _units(held: Sequence[OnHold]) -> str:
    return counted(sum(one.units for one in held), "unit", grouped=True)
