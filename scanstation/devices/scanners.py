"""All scanners on serial ports of one station. Where there is none, what reads ports is not imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanstation.devices.pipe import ScanPipe
    from scanstation.devices.serial_port import ScannerStatus, SerialScanner, StatusListener
    from scanstation.devices.serial_settings import SerialSettings
    from scanstation.devices.tap import Tap
    from scanstation.domain.scan import Scan


class SerialScanners:
    """All serial scanners of a station: each hears the answers to its own scans and no other's."""

    def __init__(
        self,
        settings: Collection[SerialSettings],
        pipe: ScanPipe,
        on_status: StatusListener | None = None,
        tap: Tap | None = None,
    ) -> None:
        self._scanners: dict[str, SerialScanner] = {}
        if settings:
            from scanstation.devices.open_port import OpenLines
            from scanstation.devices.serial_port import SerialScanner

            lines = OpenLines()
            self._scanners = {each.id: SerialScanner(each, pipe, on_status, tap, lines) for each in settings}

    @property
    def statuses(self) -> Mapping[str, ScannerStatus]:
        """Each scanner's id and where it stands now, in the order of config.toml."""
        return {name: scanner.status for name, scanner in self._scanners.items()}

    def start(self) -> None:
        """Begin to connect all of them."""
        for scanner in self._scanners.values():
            scanner.start()

    def answer(self, scan: Scan, *, ok: bool) -> None:
        """Let the scanner that made the scan hear its answer; nothing happens for a scan of no scanner of these."""
        if scanner := self._scanners.get(scan.device):
            scanner.answer(scan, ok=ok)

    def close(self) -> None:
        """End all threads and free all ports, all at once."""
        for scanner in self._scanners.values():
            scanner.ask_to_close()
        for scanner in self._scanners.values():
            scanner.join()
