"""The link that a transaction will end with: its number is written into each row that the link will seal.

The tables' columns `seal_id` get their value here, whoever inserts a row, so that nothing is forgotten. What is done
with the rows before the transaction ends is `sealing`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scanstation.domain.handover import OrderHeard

IN_INFO = "open_seal"
"""Where a connection keeps it while an act runs; outside of acts there is none, and a row belongs to no link."""

_NEXT_ON_SERVER = text("SELECT nextval(pg_get_serial_sequence('seal', 'id'))")
_NEXT_IN_FILE = text("SELECT coalesce(max(id), 0) + 1 FROM seal")  # nobody else writes until this transaction ends


@dataclass(slots=True)
class OpenSeal:
    """What a transaction has written of what is sealed."""

    sealer: Any
    """A `sealing.Sealer`."""
    now: Callable[[], str]
    """What time it is in the store."""
    seal_id: int | None = None
    newest_before: dict[str, int] = field(default_factory=dict)
    """Table → its newest row before this transaction's first that is not hashed yet."""
    orders: dict[int, OrderHeard] = field(default_factory=dict)
    """What has been changed of orders, for `outbox`."""
    by: tuple[str, str] = ("", "")
    """Whose act it is, and at which station."""
    standing: Any = None
    """How the site stands to whoever acts (`operators.standing_in_act`), once it was read."""
    hashed: dict[str, Any] = field(default_factory=dict)
    """Table → what was hashed before the transaction ends (`sealing.hashed_meanwhile`)."""


def seal_of_act(table: str) -> Callable[[Any], int | None]:
    """What SQLAlchemy calls for the column `seal_id` of a table."""
    newest = text(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - our own table

    def seal_id(context: Any) -> int | None:
        tx: Connection = context.root_connection
        seal: OpenSeal | None = tx.info.get(IN_INFO)
        if seal is None:
            return None
        if seal.seal_id is None:
            on_server = tx.dialect.name == "postgresql"
            seal.seal_id = tx.execute(_NEXT_ON_SERVER if on_server else _NEXT_IN_FILE).scalar_one()
        if table not in seal.newest_before:
            seal.newest_before[table] = tx.execute(newest).scalar_one()
        return seal.seal_id

    return seal_id
