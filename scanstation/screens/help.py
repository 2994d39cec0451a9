"""Help (F1): about the screen that was in front and the state it was in, on one page."""

from typing import ClassVar

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from scanstation.domain.scan import Scan
from scanstation.screens.base import HelpPage, StationScreen
from scanstation.screens.station import Go, Station
from scanstation.screens.widgets.key_bar import KeyHint


class HelpScreen(StationScreen, inherit_bindings=True):
    """A page to read; Esc goes back. A scan closes it and is answered by the screen below."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["station.tcss", "help.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "back", "Back", id="help"),
        Binding("up", "read(-1)", "Up", id="up"),
        Binding("down", "read(1)", "Down", id="down"),
    ]

    def __init__(self, station: Station, page: HelpPage) -> None:
        super().__init__(station)
        self._page = page

    def compose_body(self) -> ComposeResult:
        """The page."""
        text = Static(self._text(), id="page-text", markup=False)
        yield VerticalScroll(text, id="page", can_focus=False)

    def on_mount(self) -> None:
        """Say what this is."""
        self.header.show_place("Help", self._page.about)
        self.slot.show_scan("Esc goes back", "a scan goes back too, and is answered there")
        self.keys.show([KeyHint("↑↓", "Read"), KeyHint("Esc", "Back")])

    def help_page(self) -> HelpPage:
        """Help has none of its own."""
        return self._page

    def action_read(self, by: int) -> None:
        """Read on."""
        self.query_one("#page", VerticalScroll).scroll_relative(y=by, animate=False)

    async def answer(self, scan: Scan) -> Go | None:
        """Never asked: the app closes the page first."""
        raise AssertionError(f"{scan.op_id} came to the help page")

    def _text(self) -> Content:
        prefix = self.station.site.rules.command_prefix
        keys = [(key.replace("{}", prefix), what) for key, what in self._page.keys]
        width = max((len(key) for key, _ in keys), default=0)
        rows = [Content(sentence) for sentence in self._page.now]
        rows.append(Content(""))
        rows += [Content.assemble((f"{key:<{width}}  ", "bold"), (what, "$quiet")) for key, what in keys]
        return Content("\n").join(rows)
