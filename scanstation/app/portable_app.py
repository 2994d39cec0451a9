"""The station where the terminal driver of ours cannot run."""

from typing import Any

from scanstation.app.station_app import StationApp
from scanstation.config import Settings
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.keyboard import ScanAfterKeys
from scanstation.portable import KeysIn, ReadsPortably, stock_driver


class PortableStationApp(ReadsPortably, StationApp):
    """The same station, on Textual's own driver. Raises UnfitTerminal where there is none."""

    def __init__(self, site: Any, settings: Settings, *, pipe: ScanPipe, tap: Tap, **options: Any) -> None:
        self.keys_in = KeysIn(pipe, settings.wedge, tap, for_station=True)
        super().__init__(site, settings, pipe=pipe, tap=tap, driver_class=stock_driver(self.keys_in), **options)

    def take_after_keys(self, event: ScanAfterKeys) -> None:
        """A typed code may be on its way to the pipe: the scan goes in after it."""
        self.on_scan_after_keys(event)

    def _use_wedge(self, settings: WedgeSettings) -> None:
        super()._use_wedge(settings)
        self.keys_in.settings = settings
