"""Help (F1): about the screen that was in front and the state it was in, on one page."""

import os
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from scanstation.domain.language import translated, worded
from scanstation.domain.scan import Scan
from scanstation.domain.terminals import key_here
from scanstation.domain.verdict import Verdict
from scanstation.screens.base import HELP_KEY, HelpPage, StationScreen, StyleSheets
from scanstation.screens.station import Go, Station
from scanstation.screens.widgets.entry_slot import EntryField
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.long_text import LongText, hanging
from scanstation.screens.widgets.rows import Row, wrapped

_NARROW = 60


class HelpScreen(StationScreen, inherit_bindings=True):
    """A page to read; Esc goes back. A scan closes it and is answered by the screen below."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "help.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "back", "Back", id="help"),
        Binding("up", "read(-1)", "Up", id="up"),
        Binding("down", "read(1)", "Down", id="down"),
    ]

    def __init__(self, station: Station, page: HelpPage) -> None:
        super().__init__(station)
        self._page = page

    def compose_body(self) -> ComposeResult:
        yield LongText(id="help", more="↓")

    def on_mount(self) -> None:
        """Say what this is."""
        self.header.show_place("Help", translated(self._page.about))
        self.query_one(LongText).show(self._rows)
        self.slot.show_scan("Esc goes back", "a scan does too, and is answered")
        self.keys.show([KeyHint("↑↓", "Read"), KeyHint("Esc", "Back")])

    def help_page(self) -> HelpPage:
        """Help has none of its own."""
        return self._page

    def action_read(self, by: int) -> None:
        """Read on."""
        self.query_one(LongText).read(by)

    def read_on(self) -> None:
        """Read on by a page; from the end, begin again."""
        self.query_one(LongText).read_on()

    def show_verdict(self, verdict: Verdict) -> None:
        """Answer here alone: what the screen below said last still stands there."""
        self.station.answered = verdict
        self.bar.show(verdict)

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """`?` goes back, as F1 does."""
        if event.text.strip(" ") == HELP_KEY:
            event.stop()
            self.action_back()
        else:
            super().on_entry_field_entered(event)

    async def answer(self, scan: Scan) -> Go | None:
        """Never asked: the app closes the page first."""
        raise AssertionError(f"{scan.op_id} came to the help page")

    def _rows(self, width: int) -> list[Row]:
        """The sentences, then what can be pressed, what can be scanned in its place, and what that does."""
        rows: list[Row] = [
            ((text, ""),) for sentence in self._page.now for text in wrapped(translated(sentence), width)
        ]
        rows.append(())
        key_lines = [*self._page.keys, ("F1 or ?  {}HELP", worded("this page, and back; the barcode reads on"))]
        if self.station.unseen.refusals:
            key_lines.insert(0, ("!  {}SEEN", worded("the refused scans that the bar counts were seen")))
        keys = [_key_and_barcode(key, self.station.site.rules.command_prefix) for key, _ in key_lines]
        if not any(key and barcode for key, barcode in keys):
            keys = [(key or barcode, "") for key, barcode in keys]
        if width < _NARROW:  # two columns of their own would leave half the row to what they do
            keys = [(" ".join(word for word in pair if word), "") for pair in keys]
        wide = [max((len(each[place]) for each in keys), default=0) for place in (0, 1)]
        for (key, barcode), (_, what) in zip(keys, key_lines, strict=True):
            lead = "".join(f"{text:<{room}}  " for text, room in zip((key, barcode), wide, strict=True) if room)
            rows += hanging(lead, translated(what), width, "quiet", lead_style="strong")
        return rows


def _key_and_barcode(keys: str, prefix: str) -> tuple[str, str]:
    """`F10  {}COMPLETE` is both; either may be missing."""
    key, mark, barcode = keys.partition("{}")
    return key_here(key.rstrip(" "), os.environ), f"{prefix}{barcode}" if mark else ""
