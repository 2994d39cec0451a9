"""The floor for a screen: an app with our driver and pipe that only shows what was scanned."""

import os

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual import work
from textual.app import App, ComposeResult
from textual.widgets import Static

from scanstation.devices.pipe import ScanPipe
from scanstation.terminal import scan_driver


class Echo(App[int], inherit_bindings=False):
    """Shows each scan and does nothing else."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        self.pipe = ScanPipe()
        super().__init__(driver_class=scan_driver(self.pipe))

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("ready", id="line", markup=False)

    def on_mount(self) -> None:
        """Begin."""
        self.take_scans()

    @work
    async def take_scans(self) -> None:
        """The one consumer."""
        while True:
            scan = await self.pipe.next()
            self.query_one("#line", Static).update(f"got {scan.text}")


if __name__ == "__main__":
    Echo().run(mouse=False)
