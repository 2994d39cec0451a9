"""One connection to a server, spoken to as libpq speaks: what goes together goes in one packet.

psycopg's own pipeline goes to the socket with each statement. Here all that goes together is handed to libpq, sent, and
all that comes back is taken at once. psycopg connects, reads and writes values, and tells errors.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from psycopg import Connection, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ConnStatus, ExecStatus

from scanstation.store.messages import Message

if TYPE_CHECKING:
    from psycopg.abc import Buffer, PQGen
    from psycopg.abc import Transformer as AnyTransformer
    from psycopg.pq.abc import PGresult

_PARAMETER = re.compile(r"%(?:%|\((\w+)\)s)")
_UNDONE = ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED


class Answer:
    """What a server says to one statement, read like a cursor of the driver."""

    def __init__(self, transformer: "AnyTransformer") -> None:
        self._transformer = transformer
        self._result: PGresult | None = None
        self._read = 0

    def take(self, result: "PGresult") -> None:
        """It was done."""
        self._result = result

    @property
    def is_here(self) -> bool:
        """Has the server done it, with no error?"""
        return self._result is not None

    @property
    def rowcount(self) -> int:
        """How many rows it found or changed; -1 where that cannot be said."""
        count = self._result.command_tuples if self._result else None
        return -1 if count is None else count

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Its rows, but for those that were read."""
        return self._rows(self._result.ntuples if self._result else 0)

    def fetchone(self) -> tuple[Any, ...] | None:
        """Its next row."""
        is_left = self._result is not None and self._read < self._result.ntuples
        return self._rows(self._read + 1)[0] if is_left else None

    def _rows(self, end: int) -> list[tuple[Any, ...]]:
        if self._read >= end:
            return []
        self._transformer.set_pgresult(self._result)
        rows = self._transformer.load_rows(self._read, end, tuple)
        self._read = end
        return rows

    def close(self) -> None:
        """Nobody reads it any more."""
        self._result = None


class Wire:
    """What libpq is told of one connection, and the statements that its server keeps the plans of."""

    def __init__(self, raw: "Connection[Any]") -> None:
        self._raw = raw
        self._transformer = Transformer(raw)
        self._kept: dict[bytes, bytes] = {}
        self.keeps_plans = False
        """Does the server keep plans for this connection? Not until it is known that no pooler stands between."""

    def answer(self) -> Answer:
        """What will have an answer."""
        return Answer(self._transformer)

    def exchange(self, messages: Sequence[Message]) -> None:
        """Send messages, and wait for their answers.

        Raises:
            psycopg.Error: the first that failed; those behind it were not done.
        """
        raw, pgconn = self._raw, self._raw.pgconn
        sent = [self._as_sent(message) for message in messages]  # what cannot be sent is refused before anything is
        with raw.lock:
            if raw.closed:
                raise OperationalError("the connection is closed")
            pgconn.enter_pipeline_mode()
            try:
                being_kept = [self._say(*one) for one in sent]
                pgconn.pipeline_sync()
                failed = raw.wait(self._hear(messages, being_kept))
            finally:
                self._leave_pipeline()
        if failed is not None:
            raise error_from_result(failed, encoding=raw.info.encoding)

    def _as_sent(self, message: Message) -> "tuple[bytes, Sequence[Buffer | None], bool]":
        sql, names = _numbered(message.sql)
        given = message.arguments or {}
        values = self._transformer.dump_sequence([given[name] for name in names], [PyFormat.TEXT] * len(names))
        return sql, values, self.keeps_plans and message.is_kept

    def _say(self, sql: bytes, values: "Sequence[Buffer | None]", is_kept: bool) -> bytes | None:
        """Hand one message to libpq; its statement, if the server is asked to keep that from now on."""
        pgconn = self._raw.pgconn
        if not is_kept:
            pgconn.send_query_params(sql, values)
            return None
        is_new = sql not in self._kept
        if is_new:
            # Behind one that fails none is kept either: those that are have the lowest numbers, and this one's is free.
            self._kept[sql] = f"scan_{len(self._kept)}".encode()
            pgconn.send_prepare(self._kept[sql], sql)
        pgconn.send_query_prepared(self._kept[sql], values)
        return sql if is_new else None

    def _hear(self, messages: Sequence[Message], being_kept: Sequence[bytes | None]) -> "PQGen[PGresult | None]":
        """Take all answers; the first that tells of a failure."""
        pgconn, failed = self._raw.pgconn, None
        yield from send(pgconn)
        try:
            for message, new_sql in zip(messages, being_kept, strict=True):
                if new_sql:
                    kept = (yield from fetch_many(pgconn))[0]
                    if kept.status in _UNDONE:
                        del self._kept[new_sql]
                        failed = failed or kept
                result = (yield from fetch_many(pgconn))[0]
                if result.status in _UNDONE:
                    failed = failed or result
                else:
                    message.cursor.take(result)
            yield from fetch_many(pgconn)  # that it is in step
        except OperationalError:
            if failed is None:  # else the server has said why it goes
                raise
        return failed

    def _leave_pipeline(self) -> None:
        pgconn = self._raw.pgconn
        if pgconn.status == ConnStatus.OK:
            try:
                pgconn.exit_pipeline_mode()
            except OperationalError:
                self._raw.close()  # something of it was not heard, and would be taken for the answer to something else


@cache
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """A statement of psycopg's form as a server takes it, and the names of its parameters in their order."""
    names = dict[str, int]()

    def number(found: re.Match[str]) -> str:
        name = found[1]
        return f"${names.setdefault(name, len(names) + 1)}" if name else "%"

    return _PARAMETER.sub(number, sql).encode(), tuple(names)
