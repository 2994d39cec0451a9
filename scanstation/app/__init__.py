"""The station: joins the scanners' pipe, the screens and the store, and decides nothing itself."""

import os

# Textual reads these as it is imported.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")  # its encoding hides the separators inside a code
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_FPS", "200")  # the wait before an answer is drawn: 5 ms and not 17

from scanstation.app.opening import run_station
from scanstation.app.station_app import Examples, NothingToOpen, StationApp

__all__ = ["Examples", "NothingToOpen", "StationApp", "run_station"]
