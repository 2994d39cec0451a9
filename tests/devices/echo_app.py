"""A small station for tests of the terminal: shows what its scans, keys and widgets got, and nothing else."""

import json
import os
import signal
from typing import ClassVar

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual import events, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.driver import Driver
from textual.widgets import Button, Input, Static

from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.codes import shorten
from scanstation.portable import KeysIn, ReadsPortably, stock_driver
from scanstation.terminal import scan_driver


class EchoApp(App[int], inherit_bindings=False):
    """Numbers every event it gets, in the order it gets them."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Input, Button { height: 1; border: none; } Static { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        (key, f"report('{key} bound')") for key in ("ctrl+q", "ctrl+c", "f10", "escape", "up")
    ]

    def __init__(self) -> None:
        self.pipe = ScanPipe()
        if "ECHO_IGNORES_HANGUP" in os.environ:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.settings = WedgeSettings(**json.loads(os.environ.get("ECHO_WEDGE", "{}")))
        super().__init__(driver_class=self.driver())
        self.reports: list[str] = []

    def driver(self) -> type[Driver]:
        """The driver of ours."""
        return scan_driver(self.pipe, self.settings)

    def compose(self) -> ComposeResult:
        """A line to type into, a button that no scan may press, and the log."""
        line = Input(id="line")
        line.cursor_blink = False
        yield line
        yield Button("press", id="button")
        yield Static("ready", id="log", markup=False)

    def on_mount(self) -> None:
        """Give the focus where the test wants it, and take scans."""
        self.query_one(f"#{os.environ.get('ECHO_FOCUS', 'line')}").focus()
        self.take_scans()

    @work
    async def take_scans(self) -> None:
        """The one consumer of the pipe."""
        while True:
            scan = await self.pipe.next()
            more = [f"fault {scan.fault}"] if scan.fault else []
            more += ["repeat"] if scan.repeat else []
            self.action_report(" ".join([f"scan <{shorten(scan.text)}> {scan.device}", *more]))
            if scan.text == "QUIT":
                self.exit(0)

    def action_report(self, what: str) -> None:
        """Show one more event."""
        self.reports.append(what)
        shown = self.reports[-18:]
        first = len(self.reports) - len(shown) + 1
        self.query_one("#log", Static).update("\n".join(f"{number} {text}" for number, text in enumerate(shown, first)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The typed way in."""
        event.input.clear()
        self.action_report(f"typed <{shorten(event.value)}>")

    def on_button_pressed(self) -> None:
        """What no scan may do."""
        self.action_report("button pressed")

    def on_app_blur(self) -> None:
        """The window lost the focus."""
        self.action_report("blur")

    def on_app_focus(self) -> None:
        """The window has it again."""
        self.action_report("focus")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press of the mouse, wherever."""
        self.action_report(f"mouse {event.screen_x:.0f},{event.screen_y:.0f}")


class PortableEchoApp(ReadsPortably, EchoApp):
    """The same, on Textual's own driver."""

    def driver(self) -> type[Driver]:
        """Textual's own."""
        self.keys_in = KeysIn(self.pipe, self.settings, Tap())
        return stock_driver(self.keys_in)


if __name__ == "__main__":
    app = PortableEchoApp() if os.environ.get("SCANSTATION_UI__DRIVER") == "portable" else EchoApp()
    app.run()
    raise SystemExit(app.return_code)
