"""Backups in a process of their own: neither the copy, nor the look through it, nor a slow folder costs a scan time.

The process runs `python -m scanstation.workflows.upkeep.backup_process` with the request on its standard input. It goes
on when the station ends: what it has begun is better finished.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from scanstation.domain.backups import Backup, BackupPlan, BackupsFound, due_in
from scanstation.domain.language import retold, sent, worded
from scanstation.store import own_process

_OFF = BackupPlan()
_TRY_AGAIN_S = 600.0
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 10.0, 3600.0


class Backups:
    """What a station knows of the backups, and when it looks after them."""

    def __init__(self, url: str = "", plan: BackupPlan = _OFF) -> None:
        self.plan = plan
        self.found: BackupsFound | None = None
        """None before the first look."""
        self._url = url
        self._process: subprocess.Popen[bytes] | None = None
        self._look_at = 0.0

    def look(self, now_s: float) -> BackupsFound | None:
        """Begin what is due, take what has come; returns what is new. Waits for nothing.

        Args:
            now_s: on a clock that is never set, such as `time.monotonic`.
        """
        if not self.plan.is_on:
            return None
        if self._process is None:
            return self._begin_if_due(now_s)
        if self._process.poll() is None:
            return None
        assert self._process.stdout is not None
        with self._process.stdout as told:
            answer = told.read()
        self.found = _found(answer)
        self._process, self._look_at = None, now_s + self._pause_s(self.found)
        return self.found

    def _pause_s(self, backups: BackupsFound) -> float:
        """Until the next look: another station may make one, and what kept one from being made may be over."""
        if backups.trouble:
            return _TRY_AGAIN_S
        if backups.last is None:  # another is at it
            return _SHORTEST_PAUSE_S
        due = due_in([Backup("", backups.last)], self.plan, datetime.now(UTC)).total_seconds()
        return min(max(due, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)

    def _begin_if_due(self, now_s: float) -> BackupsFound | None:
        if now_s < self._look_at:
            return None
        try:
            self._begin()
        except OSError as error:  # too many run
            self._look_at = now_s + _TRY_AGAIN_S
            self.found = BackupsFound(
                trouble=worded("No process was started to make a backup: {why}.", why=error.strerror or error)
            )
            return self.found
        return None

    def _begin(self) -> None:
        self._process = own_process.start(__name__)
        request = {
            **own_process.request(self._url),
            "plan": asdict(self.plan),
        }
        with self._process.stdin as stream:  # type: ignore[union-attr] # a pipe, as asked for
            stream.write(json.dumps(request).encode())  # less than a pipe holds


def _found(answer: bytes) -> BackupsFound:
    try:
        sent_by_it = json.loads(answer)
    except ValueError:
        return BackupsFound(trouble=worded("The making of a backup ended by itself. Run `scanstation doctor`."))
    return BackupsFound(
        datetime.fromisoformat(sent_by_it["last"]) if sent_by_it["last"] else None,
        sent_by_it["count"],
        retold(sent_by_it["trouble"]),
    )


def main() -> int:
    """Make what is due, and say how the backups stand."""
    from scanstation.workflows.upkeep import backups  # late: the station needs none of it

    request = json.load(sys.stdin)
    own_process.settle(request)
    plan = BackupPlan(**request["plan"])
    found = backups.make_if_due(request["store"], plan, datetime.now(UTC))
    last = found.last.isoformat() if found.last else None
    print(json.dumps({"last": last, "count": found.count, "trouble": sent(found.trouble)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
