"""The floor for a first frame: a Textual app with so many widgets and nothing else. `python bare.py WIDGETS`."""

import os
import sys

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """Rows of text."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """Each row a widget."""
        for number in range(int(sys.argv[1])):
            yield Static(f"{number} ready", markup=False)


if __name__ == "__main__":
    Bare().run(mouse=False)
