"""The log of what was refused; apart from the units' events."""

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from scanstation.domain.units import Stamp
from scanstation.store import tables as t


def log(tx: Connection, stamp: Stamp, *, order_id: int | None, code: str, reason: str, sentence: str) -> None:
    tx.execute(
        insert(t.refusal).values(
            at=stamp.at,
            operator=stamp.operator,
            station=stamp.station,
            order_id=order_id,
            code=code,
            reason=reason,
            sentence=sentence,
        )
    )
