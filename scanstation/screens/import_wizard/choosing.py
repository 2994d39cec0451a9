"""Something to choose, with what has to be read before: an overlay with a list."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from scanstation.screens.base import StyleSheets
from scanstation.screens.import_wizard.report import Report, ReportLine
from scanstation.screens.overlays import Overlay
from scanstation.screens.station import Station
from scanstation.screens.widgets.entry_slot import EntryField, EntrySlot
from scanstation.screens.widgets.key_bar import KeyBar, KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList


class ChooseScreen(Overlay[object]):
    """Returns the value of what was chosen; None where nothing is to happen."""

    CSS_PATH: ClassVar[StyleSheets] = ["../station.tcss", "../overlays.tcss", "import_wizard.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "read(-1)", "Read up", id="read-up"),
        Binding("pagedown", "read(1)", "Read down", id="read-down"),
    ]

    def __init__(self, station: Station, title: str, text: Sequence[ReportLine], picks: Sequence[Pick]) -> None:
        super().__init__(station)
        self._title, self._text, self._picks = title, tuple(text), tuple(picks)

    def compose(self) -> ComposeResult:
        """What to read, what to choose, the bars."""
        yield Vertical(
            Report(id="choosing-text"),
            PickList([Column(grows=True)], id="choosing-ways"),
            id="choosing",
        )
        yield from super().compose()

    def on_mount(self) -> None:
        self.query_one("#choosing-text", Report).show(self._text)
        self.query_one("#choosing-ways", PickList).show(self._picks)
        self.query_one(EntrySlot).show_scan(self._title, "↑ ↓ Enter choose; Esc: no change")
        self.query_one(KeyBar).show(
            [KeyHint("↑↓ Enter", "Choose"), KeyHint("PgDn", "Read on", rank=2), KeyHint("Esc", "Back")]
        )

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """Enter alone takes the marked one."""
        chosen = self.query_one("#choosing-ways", PickList).chosen
        if not event.text and chosen is not None:
            self.dismiss(chosen.value)

    def action_move(self, by: int) -> None:
        """Mark another."""
        self.query_one("#choosing-ways", PickList).move(by)

    def action_read(self, pages: int) -> None:
        """Read on."""
        self.query_one("#choosing-text", Report).read(pages)

    def action_back(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
