"""Refusals that nobody can have seen: the next scan was there already, and its answer took the bar.

They are kept until somebody says that they were seen, or the same code is scanned well.
"""

from dataclasses import dataclass

from scanstation.domain.codes import code_key, shorten
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Tone, Verdict


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused scan."""

    code: str
    """Visible, and short enough for a sentence."""
    key: str
    text: str
    """What was said."""
    time: str
    """When, as the last scans show it."""


class Unseen:
    """The refusals of the runs of scans so far. The event loop and the thread of the store may both look."""

    def __init__(self) -> None:
        self.refusals: tuple[Refusal, ...] = ()
        """The oldest first."""
        self._last: Refusal | None = None
        """The refusal that the bar shows, if the next scan came in before anybody could read it."""

    def answered(self, scan: Scan, verdict: Verdict, time: str, *, followed: bool) -> None:
        """A scan was answered; with `followed`, the next one is there or on its way already."""
        key, last = code_key(scan.text), self._last
        self._last = None
        if last is not None and last.key != key:  # what is said of the same code again is still to be read
            self.refusals = (*self.refusals, last)
        if verdict.accepted:
            self.refusals = tuple(refusal for refusal in self.refusals if refusal.key != key)
        elif verdict.tone is Tone.STOP and followed:
            self._last = Refusal(shorten(scan.text), key, verdict.text, time)

    @property
    def codes(self) -> tuple[str, ...]:
        """What was refused, once each."""
        return tuple(dict.fromkeys(refusal.code for refusal in self.refusals))

    def acknowledge(self) -> int:
        """Somebody has seen them; returns how many there were."""
        count, self.refusals = len(self.refusals), ()
        return count
