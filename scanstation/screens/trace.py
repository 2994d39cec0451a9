"""Trace: the whole life of a unit, by either of its serials, and what a supervisor can put right about it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, code_key, read_code, shorten, visible
from scanstation.domain.commands import Act
from scanstation.domain.language import translated, worded
from scanstation.domain.lots import LotHold
from scanstation.domain.outcome import Done
from scanstation.domain.papers import Paper
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import Disposal, TracedEvent
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import HelpPage, StyleSheets
from scanstation.screens.home import way_to
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.long_text import LongText, hanging
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.screens.widgets.rows import Row, wrapped
from scanstation.workflows.codes.lookup import Commanded, Unusable, read
from scanstation.workflows.orders import corrections, finding, holding, lot_holding, regrading
from scanstation.workflows.papers.printing import Job
from scanstation.workflows.reports import tracing
from scanstation.workflows.reports.tracing import Life
from scanstation.workflows.scanning.home import DESKS, ToDesk
from scanstation.workflows.site import local_time


@dataclass(frozen=True)
class Correction:
    """Something that can be put right about a unit; the same act while the unit is the same."""

    screen: "TraceScreen"
    what: str
    life: Life
    code: str
    of_lot: LotHold | None = None
    """The hold of its lot."""

    def __call__(self) -> None:
        """Ask and do."""
        acts: dict[str, Callable[[Life, str], object]] = {
            "unpack": self.screen.unpack,
            "unreceive": self.screen.unreceive,
            "dispose": self.screen.dispose,
            "regrade": self.screen.regrade,
            "correct": self.screen.correct,
            "hold": self.screen.hold,
            "release": self.screen.release,
            "find": self.screen.find,
            "hold-lot": self.screen.hold_lot,
            "release-lot": partial(self.screen.release_lot, of_lot=self.of_lot),
            "print-label": self.screen.print_label,
        }
        acts[self.what](self.life, self.code)


class TraceScreen(ActingScreen, inherit_bindings=True):
    """Scans here are only looked up; what is done to a unit is chosen from the list."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "trace.tcss"]
    keeps_answer = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "read(-8)", "Page up", id="page-up"),
        Binding("pagedown", "read(8)", "Page down", id="page-down"),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._code = ""
        """What was traced last."""

    def compose_body(self) -> ComposeResult:
        """The lives, and the acts."""
        yield Container(
            LongText(id="lives"),
            PickList([Column(grows=True)], id="corrections"),
            id="trace",
        )

    def help_page(self) -> HelpPage:
        """Looking, and putting right."""
        now = ["Scan either serial of a unit: all that happened to it is shown, also what was removed or corrected."]
        keys = [("Esc  {}CANCEL", "back to where you were"), ("{}HOME", "to Home")]
        if self._acts.chosen is None:
            return HelpPage("Trace", now, [("↑ ↓", "read"), *keys])
        now.append("Choose with ↑ ↓ what is to be put right and press Enter. It asks for a reason, which is kept.")
        return HelpPage("Trace", now, [("↑ ↓  Enter", "choose, and do"), ("PgUp PgDn", "read"), *keys])

    async def enter(self, go: Go) -> None:
        """Trace what F3 or a scan brought along."""
        self.header.show_place("Trace")
        self.slot.show_scan("Scan a serial to see its life", "a scan books nothing here")
        self._show_acts([])
        if go.code and self.station.command(Scan(go.code)) is None:
            await self._trace(go.code, asked=False)
        if go.begins is Act.HOLD:
            if go.verdict:
                self.show_verdict(go.verdict)
            self.hold_by_card(go.code if go.code and self._code == go.code else "")

    async def show_anew(self) -> None:
        """The unit's life, too."""
        await super().show_anew()
        await self.refresh_counts()

    async def refresh_counts(self) -> None:
        """Look at the unit anew."""
        if self._code:
            await self._look()

    async def answer(self, scan: Scan) -> Go | None:
        """Look it up."""
        heard = read(self.station.site, scan)
        match heard:
            case Unusable(verdict):
                self.show_verdict(verdict)
            case Commanded(command) if command.act is Act.CANCEL:
                return Go(Where.BACK, verdict=say.back(scan.text))
            case Commanded(command) if command.act in DESKS:
                return way_to(ToDesk(DESKS[command.act]), scan)
            case Commanded():
                self.show_verdict(say.no_order_in_trace(scan.text))
            case reading:
                await self._trace(reading.code or reading.text)
        return None

    def entered(self, text: str) -> None:
        """Typed text is a scan; Enter alone does what is marked."""
        if text:
            super().entered(text)
            return
        chosen = self._acts.chosen
        if chosen is not None and callable(chosen.value):
            chosen.value()

    async def _trace(self, text: str, *, asked: bool = True) -> None:
        """Show what there is. What F3 brings along is the last scan, often an order or a product: no STOP for that."""
        code = read_code(text)
        if isinstance(code, BadCode):
            if asked:
                self.show_verdict(say.bad_code(code))
            return
        self._code = code.text
        lives = await self._look()
        self._lives.from_the_top()
        if not lives:
            if asked:
                self.show_verdict(say.never_known(code.text))
        elif len(lives) == 1:
            life = lives[0]
            told = say.lost_unit_shown if life.is_lost and life.is_free else say.unit_shown
            self.show_verdict(told(code.text, life.unit.sku, life.standing))
        else:
            self.show_verdict(say.units_shown(code.text, len(lives)))

    async def _look(self) -> Sequence[Life]:
        lives = await self.station.run(tracing.trace, self.station.site, self._code)
        now = self.station.site.store.clock()
        self.header.show_place("Trace", self._code)
        unknown = say.never_known_text(self._code)
        self._lives.show(
            lambda width: [*_life_rows(lives, now, width)] or [((row, "quiet"),) for row in wrapped(unknown, width)]
        )
        has_lots = any(life.unit.lot.lot for life in lives)
        standing = await self.station.run(lot_holding.listed, self.station.site) if has_lots else []
        self._show_acts([*self._corrections(lives), *self._of_lots(lives, standing)])
        return lives

    # What can be put right

    def _corrections(self, lives: Sequence[Life]) -> Iterator[Pick]:
        free = [life for life in lives if life.is_free]
        for life in free:
            unit = life.unit
            codes = [code for code in (unit.primary, unit.secondary) if code]
            of = worded(" of {sku}", sku=visible(unit.sku)) if len(free) > 1 else ""
            name = codes[0] if codes else self._code
            if unit.status is UnitStatus.PACKED or life.boxed:
                yield Pick(
                    Correction(self, "unpack", life, name), (worded("Unpack {name}{of} …", name=visible(name), of=of),)
                )
            if unit.status is UnitStatus.RECEIVED and unit.on_hold is None and not life.boxed:
                yield Pick(
                    Correction(self, "unreceive", life, name),
                    (worded("Unreceive {name}{of}: it never came …", name=visible(name), of=of),),
                )
            for code in codes:
                yield Pick(
                    Correction(self, "correct", life, code),
                    (worded("Correct the code {code}{of} …", code=visible(code), of=of),),
                )
            if unit.status is UnitStatus.DISPOSED:
                if life.is_lost:
                    yield Pick(
                        Correction(self, "find", life, name),
                        (worded("{name}{of} is found again …", name=visible(name), of=of),),
                    )
                continue
            if life.no_serial and unit.primary and self.station.prints.plan.printer_of(Paper.LABELS):
                what = worded("Print the label of {code}", code=visible(unit.primary))
                yield Pick(Correction(self, "print-label", life, unit.primary), (what,))
            if unit.on_hold is None:
                yield Pick(
                    Correction(self, "hold", life, name),
                    (worded("Put {name}{of} on hold …", name=visible(name), of=of),),
                )
            else:
                yield Pick(
                    Correction(self, "release", life, name),
                    (worded("Lift the hold of {name}{of} …", name=visible(name), of=of),),
                )
            if unit.status is UnitStatus.RECEIVED and not life.boxed:
                yield Pick(
                    Correction(self, "dispose", life, name),
                    (worded("Dispose of {name}{of} …", name=visible(name), of=of),),
                )
                yield Pick(
                    Correction(self, "regrade", life, name),
                    (worded("Regrade {name}{of} to another SKU …", name=visible(name), of=of),),
                )

    def _of_lots(self, lives: Sequence[Life], standing: Sequence[LotHold]) -> Iterator[Pick]:
        """What is done to the lots of units: put on hold with what comes of them later, or released."""
        held = {(code_key(one.client), code_key(one.sku), code_key(one.lot)): one for one in standing}
        seen = set[tuple[str, str, str]]()
        for life in lives:
            unit, lot = life.unit, life.unit.lot.lot or ""
            key = code_key(unit.client), code_key(unit.sku), code_key(lot)
            if not lot or key in seen:
                continue
            seen.add(key)
            what = "release-lot" if key in held else "hold-lot"
            sku = visible(unit.sku)
            words = (
                worded("Lift the hold of lot {lot} of {sku} …", lot=visible(lot), sku=sku)
                if key in held
                else worded("Put lot {lot} of {sku} on hold, and what comes of it …", lot=visible(lot), sku=sku)
            )
            yield Pick(Correction(self, what, life, lot, held.get(key)), (words,))

    def _show_acts(self, picks: Sequence[Pick]) -> None:
        self._acts.show(picks)
        self.set_class(bool(picks), "-acts")
        first = [KeyHint("F1", "Help", short="?")]
        last = KeyHint("Esc", "Back")
        if picks:
            self.keys.show([*first, KeyHint("↑↓ Enter", "Do"), KeyHint("PgDn", "Read on", rank=2), last])
        else:
            self.keys.show([*first, KeyHint("↑↓", "Read"), last])

    def print_label(self, _life: Life, house: str) -> None:
        """The label of a house serial once more; what becomes of it is told only if nothing does."""
        self.station.prints.ask(self.station.site, Job(0, Paper.LABELS, house=house))
        self.show_outcome(say.paper_on_its_way(house, Paper.LABELS.words))

    @work
    async def unpack(self, life: Life, code: str) -> None:
        """Take a unit out of its shipment."""
        site, unit_id, code_text = self.station.site, life.unit.id, visible(code)
        reason = await self.reason(worded("Why is {shown} unpacked?", shown=code_text))
        if reason is not None and await self.sure(
            worded("Unpack {shown}? Its order will lack a unit again.", shown=code_text)
        ):
            await self.do(lambda: corrections.unpack(site, unit_id, reason, seen=life.seen))

    @work
    async def unreceive(self, life: Life, code: str) -> None:
        """Take a unit back that never came."""
        site, unit_id, code_text = self.station.site, life.unit.id, visible(code)
        reason = await self.reason(worded("Why is {shown} unreceived?", shown=code_text))
        if reason is not None and await self.sure(worded("Unreceive {shown}? The unit is gone then.", shown=code_text)):
            await self.do(lambda: corrections.unreceive(site, unit_id, reason, seen=life.seen))

    @work
    async def dispose(self, life: Life, code: str) -> None:
        """Take a unit out of the stock for good."""
        site, unit_id, code_text = self.station.site, life.unit.id, visible(code)
        given = await self.ask_text(
            worded("What becomes of {shown}?", shown=code_text), "scrap · return · lost · sample"
        )
        if given is None:
            return
        meant = [one for one in Disposal if given.strip() and one.startswith(given.strip().casefold())]
        if len(meant) != 1:
            self.show_verdict(say.no_such_disposal(given))
            return
        (how,) = meant
        reason = await self.reason(worded("Why is {shown} disposed of ({how})?", shown=code_text, how=how))
        if reason is not None and await self.sure(
            worded("Dispose of {shown} ({how})? It cannot be taken back.", shown=code_text, how=how)
        ):
            await self.do(lambda: corrections.dispose(site, unit_id, reason, how=how, seen=life.seen))

    @work
    async def regrade(self, life: Life, code: str) -> None:
        """Make it a unit of another SKU."""
        site, unit_id, code_text = self.station.site, life.unit.id, visible(code)
        scan = await self.ask_code(worded("Which product is {shown} now?", shown=code_text), "scan it, or type its SKU")
        if scan is None:
            return
        reason = await self.reason(
            worded("Why is {shown} regraded to {text}?", shown=code_text, text=shorten(scan.text))
        )
        if reason is not None and await self.sure(
            worded("{shown} becomes a {text}. Is that right?", shown=code_text, text=shorten(scan.text))
        ):
            await self.do(lambda: regrading.regrade(site, unit_id, scan.text, reason, seen=life.seen))

    @work
    async def hold_by_card(self, last: str) -> None:
        """SS-HOLD: the unit that was scanned last goes on hold, or the one that is scanned next."""
        site = self.station.site
        ids = await self.station.run(holding.last_scanned, site, last) if last else []
        if not ids:
            scan = await self.ask_code("Which unit goes on hold?", "scan its serial")
            if scan is None:
                return
            heard = read(site, scan)
            if isinstance(heard, Unusable):
                self.show_verdict(heard.verdict)
                return
            last = scan.text if isinstance(heard, Commanded) else heard.code or heard.text
            found = await self.look_up(lambda: holding.chosen(site, [last]))
            if found is None:
                return
            ids = found
        reason = await self.reason(worded("Why is {last} on hold?", last=shorten(last)))
        if reason is not None:
            await self.do(lambda: holding.hold(site, ids, reason, source=Source.SCAN))

    @work
    async def hold(self, life: Life, code: str) -> None:
        """Put a unit on hold."""
        site, unit_id = self.station.site, life.unit.id
        reason = await self.reason(worded("Why is {code} on hold?", code=visible(code)))
        if reason is not None:
            await self.do(lambda: holding.hold(site, [unit_id], reason))

    @work
    async def release(self, life: Life, code: str) -> None:
        """Lift the hold of a unit."""
        site, unit_id, code_text = self.station.site, life.unit.id, visible(code)
        marks = {unit_id: life.unit.on_hold or ""}
        reason = await self.reason(worded("Why may {shown} leave again?", shown=code_text))
        if reason is not None and await self.sure(
            worded("Lift the hold of {shown}? It can be packed and shipped then.", shown=code_text)
        ):
            await self.do(lambda: holding.release(site, [unit_id], reason, marks=marks))

    @work
    async def hold_lot(self, life: Life, lot: str) -> None:
        """Put a lot on hold: what there is of it, and what comes."""
        site, unit, lot_text = self.station.site, life.unit, visible(lot)
        sku = visible(unit.sku)
        reason = await self.reason(worded("Why is lot {lot} on hold?", lot=lot_text))
        if reason is not None and await self.sure(
            worded("Put all of lot {lot} of {sku} on hold, and what comes of it later?", lot=lot_text, sku=sku)
        ):
            await self.do(lambda: lot_holding.hold(site, unit.sku, lot, reason, client=unit.client))

    @work
    async def release_lot(self, life: Life, lot: str, of_lot: LotHold | None) -> None:
        """End the hold of a lot."""
        site, unit, lot_text = self.station.site, life.unit, visible(lot)
        seen = of_lot.id if of_lot else None
        reason = await self.reason(worded("Why may lot {lot} leave again?", lot=lot_text))
        if reason is not None and await self.sure(
            worded("Lift the hold of lot {lot}? What is on hold by it alone can leave then.", lot=lot_text)
        ):
            await self.do(lambda: lot_holding.release(site, unit.sku, lot, reason, client=unit.client, seen=seen))

    @work
    async def find(self, life: Life, code: str) -> None:
        """A unit that was given up is there: at which end of a transfer, where this station stands at neither."""
        site, unit_id, code_text = self.station.site, life.unit.id, visible(code)
        ends = await self.station.run(finding.places, site, unit_id)
        warehouse: str | None = ends[0]
        if len(ends) > 1:
            asked = worded("In which warehouse is {shown}?", shown=code_text)
            warehouse = await self.ask_text(asked, " · ".join(visible(one) for one in ends))
        if not warehouse:
            return
        reason = await self.reason(worded("Where was {shown} found?", shown=code_text))
        if reason is not None and await self.sure(
            worded(
                "{shown} is in the stock of {warehouse} again, the same unit. Is that right?",
                shown=code_text,
                warehouse=visible(warehouse),
            )
        ):
            await self.do(lambda: finding.found_again(site, unit_id, reason, warehouse=warehouse, seen=life.seen))

    @work
    async def correct(self, life: Life, code: str) -> None:
        """Give a unit another code in place of a wrong one."""
        site, unit_id, code_text = self.station.site, life.unit.id, visible(code)
        scan = await self.ask_code(worded("Right code for {code_text}", code_text=code_text), "scan it, or type it")
        if scan is None:
            return
        new = await self.look_up(lambda: corrections.code_on(site, unit_id, code, scan))
        if new is None:
            return
        meant = await self.look_up(lambda: corrections.new_code(site, unit_id, code, new))
        if meant is None:
            return
        reason = await self.reason(worded("Why is {code_text} corrected?", code_text=code_text))
        if reason is None or not await self.sure(
            worded("{code_text} becomes {text}. Is that right?", code_text=code_text, text=shorten(meant.text))
        ):
            return
        # Esc is no, and says nothing of the product: so yes must be the other unit.
        for doubt in meant.doubts:
            if not await self.sure(doubt):
                self.show_verdict(say.alike_left(code_text))
                return
        outcome = await self.act(
            lambda: corrections.correct(
                site, unit_id, code, new, reason, source=scan.source, another_unit=meant.doubts, seen=life.seen
            )
        )
        if isinstance(outcome, Done):
            self._code = meant.text
        await self.tell(outcome)

    # Keys

    def action_move(self, by: int) -> None:
        """Mark another act; where there is none, read on."""
        if self._acts.chosen is None:
            self.action_read(by)
        else:
            self._acts.move(by)

    def action_read(self, by: int) -> None:
        """Read on."""
        self._lives.read(by)

    @property
    def _acts(self) -> PickList:
        return self.query_one("#corrections", PickList)

    @property
    def _lives(self) -> LongText:
        return self.query_one(LongText)


def _codes(primary: str | None, secondary: str | None) -> str:
    return " + ".join(visible(code) for code in (primary, secondary) if code)


def _life_rows(lives: Sequence[Life], now: datetime, width: int) -> Iterator[Row]:
    for number, life in enumerate(lives):
        if number:
            yield ()
        unit = life.unit
        codes = _codes(unit.primary, unit.secondary)
        about = f"{visible(unit.sku)}  {visible(unit.description)}"
        if cell_len(codes) + 2 + cell_len(about) <= width:
            yield ((codes, "strong"), (f"  {about}", ""))
        else:
            yield from (((text, "strong"),) for text in wrapped(codes, width))
            yield from (((text, ""),) for text in wrapped(about, width))
        standing = f"{visible(unit.client)} · {visible(unit.warehouse)} · {visible(life.standing)}"
        yield from (((text, "quiet"),) for text in wrapped(standing, width))
        if unit.lot:
            yield from (((text, ""),) for text in wrapped(unit.lot.words(), width))
        times = [local_time(event.at, now) for event in life.events]
        longest = max((len(when) for when in times), default=0)
        for when, event in zip(times, life.events, strict=True):
            on = worded(" on {order}", order=visible(event.order)) if event.order else ""
            yield ((f"{when:<{longest}}  ", "quiet"), (event.what.value, "strong"), (on, ""))
            more = [
                worded("by {operator} at {station}", operator=event.operator, station=event.station),
                translated(event.source),
                _entered(event, now),
                event.file_name or "",
                event.reason,
            ]
            more.append(event.formerly(unit))
            details = " · ".join(visible(word) for word in more if word)
            if (then := _codes(event.primary, event.secondary)) != codes:
                details += worded(" · as {then}", then=then)  # the code that was scanned may be one it has no more
            yield from hanging(" " * (longest + 2), details, width, "quiet")


def _entered(event: TracedEvent, now: datetime) -> str:
    """When what was written down was entered."""
    return worded("entered {at}", at=local_time(event.entered_at, now)) if event.entered_at else ""
