"""An export in a process of its own, waited for."""

import os
import time
from collections.abc import Callable

from scanstation.domain.outcome import Done, Refused
from scanstation.workflows.reports.exporting import Export


def ended(export: Export) -> Done | Refused:
    """How it ended; it is looked at as the screen does."""
    return until(export.look)


def until(condition: Callable[[], Done | Refused | bool | None]) -> Done | Refused:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if answer := condition():
            return answer if isinstance(answer, Done | Refused) else Done("")
        os.sched_yield()
    raise AssertionError("it did not come within 120 s")
