"""What a transaction on a server sends together: waiting for an answer costs a scan more than most of what it asks.

What nobody needs an answer to (`Statement.run`), and what is sure to be asked (`ask_ahead`), goes with the next that
has to be waited for. The server does all of it in the order in which it was said, and nothing behind what fails. A file
has no way there and back to save: all is done at once.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from scanstation.store.messages import Key, Message, key_of

if TYPE_CHECKING:  # a store in a file never needs the driver
    from scanstation.store.wire import Wire

IN_INFO = "unsent"
"""Where a connection keeps what its transaction has not sent; nothing is kept back where there is none."""
WIRE = "wire"
"""Where a connection to a server keeps its `Wire`."""


class Unsent:
    """What one transaction has said and not sent, BEGIN at first, and what was answered before it was asked."""

    def __init__(self, opening: Sequence[Message], opened: Callable[[Any], None]) -> None:
        self._opening, self._opened = opening, opened
        """How it begins, and what is to hear the answer to the last of that, before anybody uses another."""
        self._waiting = list[Message]()
        self._ahead = dict[Key, Any]()
        """Questions that were or will be sent before they are asked; an answer is good until something is written."""
        self._lasting = dict[Key, Any]()
        """Those of them that nothing makes untrue."""

    def later(self, message: Message) -> None:
        """Something is written, at the next opportunity."""
        self.forget()
        self._waiting.append(message)

    def ask(self, message: Message, *, lasts: bool) -> None:
        """Something is going to be asked."""
        (self._lasting if lasts else self._ahead)[message.key] = message.cursor
        self._waiting.append(message)

    def answer(self, tx: Connection, sql: str, arguments: Any) -> Any:
        """The cursor of a question that was asked ahead; None where it was not. It answers once."""
        key = key_of(sql, arguments)
        cursor = self._lasting.pop(key, None) if key in self._lasting else self._ahead.pop(key, None)
        if cursor is not None and any(message.cursor is cursor for message in self._waiting):
            self.send(tx)
        return cursor

    def forget(self) -> None:
        """Something is written: what was asked ahead may be otherwise afterwards."""
        dropped = {id(cursor) for cursor in self._ahead.values()}
        self._waiting = [message for message in self._waiting if id(message.cursor) not in dropped]
        self._ahead.clear()

    def send(self, tx: Connection, *last: Message) -> None:
        """Send all that waits, and this behind it; wait for the answers."""
        all_of_it = [*self._opening, *self._waiting, *last]
        opening, self._opening, self._waiting = self._opening, (), []
        if not all_of_it:
            return
        try:
            wire_of(tx).exchange(all_of_it)
        except Exception as error:  # noqa: BLE001 - SQLAlchemy tells what it is, and raises it
            if opening and opening[-1].cursor.is_here:
                self._opened(opening[-1].cursor.fetchone())  # a store of another version is told before what it lacks
            failed = next((message for message in all_of_it if not message.cursor.is_here), all_of_it[-1])
            tx._handle_dbapi_exception(error, failed.sql, failed.arguments, failed.cursor, None)
        if opening:
            self._opened(opening[-1].cursor.fetchone())


def wire_of(tx: Connection) -> "Wire":
    """The wire of a connection to a server."""
    wire: Wire = tx.info[WIRE]
    return wire


def of(tx: Connection) -> Unsent | None:
    """What a transaction keeps back; None where everything is done at once."""
    if tx.dialect.name == "sqlite":
        return None
    unsent: Unsent | None = tx.info.get(IN_INFO)
    return unsent


def send_rest(tx: Connection) -> None:
    """Send what still waits: after this nothing stands between an act and its COMMIT."""
    if (unsent := of(tx)) is not None:
        unsent.send(tx)
