"""Trace: the whole life of a unit, by either of its serials."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, read_code, shorten, visible
from scanstation.domain.commands import Act, read_command
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import check, ok, stop
from scanstation.screens.base import HelpPage, StationScreen
from scanstation.screens.home import way_to
from scanstation.screens.station import Go, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.workflows import tracing
from scanstation.workflows.home import ToDesk
from scanstation.workflows.site import local_time
from scanstation.workflows.tracing import Life

_DESKS = {Act.HOME: None, Act.RECEIVE: OrderKind.PURCHASE, Act.PACK: OrderKind.SHIPMENT}


class TraceScreen(StationScreen, inherit_bindings=True):
    """Scans here are only looked up; nothing is booked."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["station.tcss", "trace.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "read(-1)", "Up", id="up"),
        Binding("down", "read(1)", "Down", id="down"),
        Binding("pageup", "read(-8)", "Page up", id="page-up"),
        Binding("pagedown", "read(8)", "Page down", id="page-down"),
    ]

    def compose_body(self) -> ComposeResult:
        """The lives."""
        yield VerticalScroll(Static(id="lives-text", markup=False), id="lives", can_focus=False)

    def help_page(self) -> HelpPage:
        """Looking, not booking."""
        now = ["Scan either serial of a unit: all that happened to it is shown, also what was removed or corrected."]
        return HelpPage(
            "Trace", now, [("↑ ↓", "read"), ("Esc  {}CANCEL", "back to where you were"), ("{}HOME", "to Home")]
        )

    async def enter(self, go: Go) -> None:
        """Trace what F3 or a scan brought along."""
        self.header.show_place("Trace")
        self.slot.show_scan("Scan a serial to see its life", "nothing is booked here")
        self.keys.show([KeyHint("F1", "Help", rank=2), KeyHint("↑↓", "Read"), KeyHint("Esc", "Back")])
        if go.code:
            await self._trace(go.code)

    async def answer(self, scan: Scan) -> Go | None:
        """Look it up."""
        if scan.fault:
            self.show_verdict(say.faulty(scan.text, scan.fault))
            return None
        command = read_command(scan.text, self.station.site.rules.command_prefix)
        if command and command.act is Act.CANCEL:
            return Go(Where.BACK, verdict=ok("Back.", scan.text))
        if command and command.act in _DESKS:
            return way_to(ToDesk(_DESKS[command.act]), scan)
        if command:
            self.show_verdict(check("no-order", "No order is open here. Esc goes back to it.", scan.text))
            return None
        await self._trace(scan.text)
        return None

    async def _trace(self, text: str) -> None:
        code = read_code(text)
        if isinstance(code, BadCode):
            self.show_verdict(stop("bad-code", f"{shorten(text)} {code.reason}. Scan it again.", text))
            return
        lives = await self.station.run(tracing.trace, self.station.site, code.text)
        now = self.station.site.store.clock()
        self.query_one("#lives-text", Static).update(Content("\n").join(_told(lives, now)))
        self.query_one("#lives", VerticalScroll).scroll_home(animate=False)
        if not lives:
            self.show_verdict(stop("unknown-code", f"No unit ever had the code {shorten(code.text)}.", code.text))
        elif len(lives) == 1:
            life = lives[0]
            told = f"{shorten(code.text)} is a {visible(life.unit.sku)}: {visible(life.standing)}."
            self.show_verdict(ok(told, code.text))
        else:
            self.show_verdict(ok(f"{shorten(code.text)} belongs or belonged to {len(lives)} units.", code.text))

    def action_read(self, by: int) -> None:
        """Read on."""
        self.query_one("#lives", VerticalScroll).scroll_relative(y=by, animate=False)


def _told(lives: Sequence[Life], now: datetime) -> Iterator[Content]:
    for number, life in enumerate(lives):
        if number:
            yield Content("")
        unit = life.unit
        codes = " + ".join(visible(code) for code in (unit.primary, unit.secondary) if code)
        yield Content.assemble((codes, "bold"), f"  {visible(unit.sku)}  {visible(unit.description)}")
        yield Content.styled(f"{visible(unit.client)} · {visible(unit.warehouse)} · {visible(life.standing)}", "$quiet")
        times = [local_time(event.at, now) for event in life.events]
        width = max((len(when) for when in times), default=0)
        for when, event in zip(times, life.events, strict=True):
            on = f" on {visible(event.order)}" if event.order else ""
            yield Content.assemble((f"{when:<{width}}  ", "$quiet"), (event.what.value, "bold"), on)
            more = [f"by {event.operator} at {event.station}", event.source, event.file_name or "", event.reason]
            told = " · ".join(visible(word) for word in more if word)
            yield Content.styled(" " * (width + 2) + told, "$quiet")
