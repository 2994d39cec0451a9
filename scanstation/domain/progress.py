"""How far the reading of a file is, for somebody who looks from another thread, and the way to stop it."""

import subprocess
import threading

from scanstation.domain.file_errors import ReadingStopped
from scanstation.domain.language import worded


class Progress:
    """Handed to a reading; looked at and stopped by whoever waits for it."""

    def __init__(self) -> None:
        self.rows = 0
        """Read so far."""
        self.expected = 0
        """About how many there are; 0 while that is not known."""
        self.is_read = False
        """Has the file been read to its end? What follows is held against the store."""
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def stop(self) -> None:
        """End the reading; the one who reads gets ReadingStopped."""
        with self._lock:
            self._stopped = True
            if self._child is not None:
                self._child.kill()

    def go_on(self) -> None:
        """Raises ReadingStopped if it was stopped."""
        if self._stopped:
            raise ReadingStopped(worded("The reading was stopped."), worded("Nothing was changed."))

    def watch(self, child: subprocess.Popen[bytes] | None) -> None:
        """The process that reads now; None when it has ended."""
        with self._lock:
            self._child = child
            if child is not None and self._stopped:
                child.kill()
