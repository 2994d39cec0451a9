"""Scans that came after keys: a typed code may be on its way to the pipe, and no scan may overtake it."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual.app import App

from scanstation.devices.pipe import ScanPipe
from scanstation.domain.scan import Fault
from scanstation.keyboard import ScanAfterKeys
from scanstation.screens.widgets.entry_slot import EntryField

_LOOK_AT_LINE_S = 0.3
"""How often to look whether the line that is to answer the keys before a scan is still there."""


class AfterKeys:
    """Asks the line with the focus what was typed before a scan, then lets the scan into the pipe."""

    def __init__(self, app: App[None], pipe: ScanPipe, field: Callable[[], EntryField | None]) -> None:
        self._app, self._pipe, self._field = app, pipe, field
        self._waiting: deque[ScanAfterKeys] = deque()

    def take(self, event: ScanAfterKeys) -> None:
        """A scan came after keys."""
        self._waiting.append(event)
        let_in, field = partial(self._let_in, event), self._field()
        asked = EntryField.Asked(let_in, is_refused=event.scan.fault is not None)
        if field is not None and field.post_message(asked):
            self._unless_taken_away(field, event)
        else:
            let_in("")

    def _unless_taken_away(self, field: EntryField, event: ScanAfterKeys) -> None:
        """A line that is taken away meanwhile answers nothing; one that is slow is waited for."""
        if event not in self._waiting:
            return
        if field.is_attached:
            self._app.set_timer(_LOOK_AT_LINE_S, partial(self._unless_taken_away, field, event))
        else:
            self._let_in(event, "")

    def _let_in(self, last: ScanAfterKeys, begun: str) -> None:
        """Put a scan that came after keys into the pipe, and those before it first.

        Where an entry was begun and not entered, the two may be one code.
        """
        while last in self._waiting:
            event = self._waiting.popleft()
            scan = event.scan
            if event is last and begun and scan.fault is None:
                scan = replace(scan, fault=Fault.UNFINISHED, typed_before=begun, repeat=False)
            self._pipe.put(scan)
            event.release()
