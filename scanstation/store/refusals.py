"""The log of what was refused; apart from the units' events."""

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from scanstation.domain.language import english
from scanstation.domain.units import Stamp
from scanstation.store import tables as t
from scanstation.store.statements import Statement


def log(tx: Connection, stamp: Stamp, *, order_id: int | None, code: str, reason: str, sentence: str) -> None:
    _LOG.run(
        tx,
        {
            "at": stamp.at,
            "operator": stamp.operator,
            "station": stamp.station,
            "order_id": order_id,
            "code": code,
            "reason": reason,
            "sentence": english(sentence),
        },
    )


_LOG = Statement(insert(t.refusal).inline(), "at", "operator", "station", "order_id", "code", "reason", "sentence")
