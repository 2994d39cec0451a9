"""What scanners showed of themselves on the check card, and the station has to know when it judges their codes."""

from collections.abc import Collection

from scanstation.domain.scan import Scan

KEYBOARDS = ""
"""All scanners that type: the computer does not tell one from another."""
_TYPING = frozenset({"wedge", "keyboard", "paste"})


class ScannerTraits:
    """Which scanners drop the separators of GS1: as config.toml has it, or the check card since the start.

    Whatever thread reads or writes it: each call does one thing.
    """

    def __init__(self, dropping: Collection[str] = ()) -> None:
        self._dropping = set(dropping)

    def showed(self, device: str, *, separator: bool) -> None:
        """A scanner read the check card of GS1, with or without its separator."""
        if separator:
            self._dropping.discard(_key(device))
        else:
            self._dropping.add(_key(device))

    def drops_separators(self, scan: Scan) -> bool:
        """Does the scanner that a scan came from leave separators out?"""
        return _key(scan.device) in self._dropping


def _key(device: str) -> str:
    return KEYBOARDS if device in _TYPING else device
