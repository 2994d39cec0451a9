"""One of the values that there are: a list that typing narrows, chosen with ↑ ↓ and Enter."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.language import worded
from scanstation.domain.store_errors import StoreError
from scanstation.screens.base import StyleSheets
from scanstation.screens.overlays import Overlay
from scanstation.screens.station import Station
from scanstation.screens.widgets.entry_slot import EntryField, EntrySlot
from scanstation.screens.widgets.key_bar import KeyBar, KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList

Found = tuple[Sequence[tuple[str, str]], bool]
"""Values that begin so, each with what it is, and whether there are more."""


class PickScreen(Overlay[str | None]):
    """The value that was chosen, '' for any, None where nothing is to happen."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "overlays.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "move(-10)", "Page up", id="page-up"),
        Binding("pagedown", "move(10)", "Page down", id="page-down"),
    ]

    def __init__(
        self, station: Station, title: str, read: Callable[[str], Found], typed: str = "", *, may_be_any: bool = True
    ) -> None:
        super().__init__(station)
        self._may_be_any = may_be_any
        self._title, self._read, self._typed = title, read, typed
        self._wanted = typed

    def compose(self) -> ComposeResult:
        """The list above the bar."""
        yield PickList([Column(most=40), Column(grows=True, rank=2)], id="values", empty="Nothing begins so.")
        yield from super().compose()

    def on_mount(self) -> None:
        slot = self.query_one(EntrySlot)
        slot.show_entry(self._title, "type how it begins, Enter takes it", self._typed)
        self.query_one(KeyBar).show([KeyHint("↑↓", "Choose"), KeyHint("Enter", "Take"), KeyHint("Esc", "Cancel")])
        self.run_worker(self._show(self._typed), name="key")

    async def _show(self, beginning: str) -> None:
        try:
            values, is_cut = await self.station.run(self._read, beginning)
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))
            return
        if beginning != self._wanted:
            return  # more was typed meanwhile
        picks = [Pick(value, (visible(value), visible(about))) for value, about in values]
        if not beginning and self._may_be_any:
            picks.insert(0, Pick("", (worded("any"), "")))
        if is_cut:
            picks.append(Pick(None, ("…", worded("more: type how it begins")), quiet=True))
        listed = self.query_one(PickList)
        listed.show(picks)
        listed.mark_first()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while typing."""
        event.stop()
        wanted = event.value.strip(" ")
        if wanted != self._wanted:
            self._wanted = wanted
            self.run_worker(self._show(wanted), name="narrow", group="narrow", exclusive=True)

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """Enter takes the marked one; what was typed has narrowed the list to it."""
        event.stop()
        text = event.text.strip(" ")
        self._wanted = text  # Enter has emptied the line, which is heard of before it
        self.run_worker(self._take(text), name="key")

    async def _take(self, text: str) -> None:
        chosen = self.query_one(PickList).chosen
        if text:
            await self._show(text)
            first = self.query_one(PickList).chosen
            chosen = chosen if chosen and str(chosen.value).upper().startswith(text.upper()) else first
        if chosen is not None and isinstance(chosen.value, str):
            self.dismiss(chosen.value)

    def action_move(self, by: int) -> None:
        """Mark another one."""
        self.query_one(PickList).move(by)

    def action_back(self) -> None:
        """Esc: as it was."""
        self.dismiss(None)
