"""Who holds a station's name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The terminal that holds a station name."""

    station: str
    operator: str
    host: str
    pid: int
    process_started: str
    started_at: str
    seen_at: str
