"""Which terminal a station name lives in (RULES 2.4)."""

from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.sessions import Session
from scanstation.store import tables as t


def holder(tx: Connection, station: str) -> Session | None:
    """Who holds a station name, alive or not."""
    row = tx.execute(
        select(t.station_session).where(t.station_session.c.station_key == code_key(station)).with_for_update()
    ).one_or_none()
    return _session(row) if row else None


def all_sessions(tx: Connection) -> list[Session]:
    """Everybody who holds a name, alive or not."""
    return [_session(row) for row in tx.execute(select(t.station_session).order_by(t.station_session.c.station_key))]


def claim(tx: Connection, session: Session) -> None:
    """Give a station name to a terminal, in place of whoever held it."""
    release(tx, session.station)
    tx.execute(
        insert(t.station_session).values(
            station=session.station,
            station_key=code_key(session.station),
            operator=session.operator,
            host=session.host,
            pid=session.pid,
            process_started=session.process_started,
            started_at=session.started_at,
            seen_at=session.seen_at,
        )
    )


def beat(tx: Connection, station: str, at: str) -> None:
    """A sign of life."""
    tx.execute(update(t.station_session).where(t.station_session.c.station_key == code_key(station)).values(seen_at=at))


def release(tx: Connection, station: str) -> None:
    """Give a station name back."""
    tx.execute(delete(t.station_session).where(t.station_session.c.station_key == code_key(station)))


def forget_acts(tx: Connection, before: str) -> None:
    """Forget the numbers of acts that were done before: nobody asks any more whether they came through."""
    tx.execute(delete(t.done_act).where(t.done_act.c.at < before))


def _session(row: Row[Any]) -> Session:
    return Session(
        station=row.station,
        operator=row.operator,
        host=row.host,
        pid=row.pid,
        process_started=row.process_started,
        started_at=row.started_at,
        seen_at=row.seen_at,
    )
