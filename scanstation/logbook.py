"""What a station did, for whoever has to find out why: lines of JSON in the user's state folder, this user's alone.

Nobody waits for the disk: a thread of its own writes, and what cannot be written is lost without a word. No password
and, unless the site asks for them, no code gets in; control characters are escaped. Whatever runs without an open
logbook, as commands do, notes nothing.
"""

import logging
import logging.handlers
import os
import queue
import re
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scanstation.files import PRIVATE, private

Fact = str | int | float | None

_MOST_BYTES, _OLD_FILES = 2_000_000, 5
"""An hour of a busy station fits into the first."""
_NOT_AGAIN_S = 60.0
_LOG = logging.getLogger("scanstation")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False
_IN_ADDRESS = re.compile(r"(://[^\s/@:]*):[^\s/]*@")
_SECRET = re.compile(r"\b(password|passwd|passphrase|pwd|pin|pepper|secret|token)(\s*[=:]\s*)\S+", re.IGNORECASE)
_noted: dict[tuple[str, ...], float] = {}
"""When what may come again and again was noted last."""


def note(event: str, **facts: Fact) -> None:
    """Write a line: what happened, in a word or two, and what is known of it."""
    _LOG.info(event, extra={"facts": facts})


def note_seldom(event: str, **facts: Fact) -> None:
    """The same for what comes again and again while it lasts, such as a server that is away: once a minute."""
    key, now = (event, *map(str, facts.values())), time.monotonic()
    if now - _noted.get(key, -_NOT_AGAIN_S) >= _NOT_AGAIN_S:
        if len(_noted) > 100:
            _noted.clear()
        _noted[key] = now
        note(event, **facts)


def without_secrets(text: str) -> str:
    """The text without what looks like a password or a PIN."""
    return _SECRET.sub(r"\1\2…", _IN_ADDRESS.sub(r"\1:…@", text))


def folder() -> Path:
    """Where the logs are, beside the error files."""
    from platformdirs import user_log_path

    return user_log_path("scanstation", ensure_exists=True)


def file_of(station: str) -> Path:
    """The newest log of a station; older ones have a number behind the name."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", station)
    if plain != station:  # another name may look the same
        plain += f"-{zlib.crc32(station.encode()):08x}"
    return folder() / f"station-{plain}.jsonl"


class Logbook:
    """A station's open log."""

    def __init__(self, station: str) -> None:
        """Begin to write; nothing is written where the folder cannot be."""
        self._listener: logging.handlers.QueueListener | None = None
        try:
            file = _File(file_of(station))
        except OSError:
            return
        lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._handler = _Lines(lines, station)
        self._listener = logging.handlers.QueueListener(lines, file)
        self._file = file
        self._listener.start()
        _LOG.addHandler(self._handler)
        _LOG.setLevel(logging.INFO)

    def close(self) -> None:
        """Write what is left."""
        if self._listener is not None:
            _LOG.removeHandler(self._handler)
            self._listener.stop()
            self._file.close()
            self._listener = None


class _Lines(logging.handlers.QueueHandler):
    """Makes the line where it is noted: what it tells of may have changed when it is written."""

    def __init__(self, lines: "queue.SimpleQueue[logging.LogRecord]", station: str) -> None:
        super().__init__(lines)
        self._station = station

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, Any] = {
            name: without_secrets(value) if isinstance(value, str) else value
            for name, value in getattr(record, "facts", {}).items()
            if value not in (None, "")
        }
        import json  # late: a station notes nothing before its first frame

        line = {"at": at, "station": self._station, "event": record.msg, **facts}
        text = json.dumps(line, ensure_ascii=False)
        record.msg = text if text.isprintable() else json.dumps(line)
        record.args = None
        return record

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing may be printed across the screen."""


class _File(logging.handlers.RotatingFileHandler):
    """Private, whatever the umask, and silent about a disk that is full."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=_MOST_BYTES, backupCount=_OLD_FILES, encoding="utf-8", errors="backslashreplace"
        )

    def _open(self) -> Any:
        stream = open(self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=private)  # noqa: SIM115
        if sys.platform != "win32":
            os.fchmod(stream.fileno(), PRIVATE)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """What cannot be written is lost."""


def lines_since(moment: datetime, station: str | None) -> Iterator[dict[str, Any]]:
    """What was noted since then, by one station or by all of this user; lines that are none are left out."""
    import json

    names = "station-*.jsonl*" if station is None else f"{file_of(station).name}*"
    for path in sorted(folder().glob(names), reverse=True):  # a higher number is older
        try:
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment - timedelta(minutes=1):
                continue
            text = path.read_text(encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        for row in text.splitlines():
            try:
                line = json.loads(row)
                if datetime.fromisoformat(line["at"]) >= moment:
                    yield line
            except (ValueError, KeyError, TypeError):  # cut off by a power cut
                continue
