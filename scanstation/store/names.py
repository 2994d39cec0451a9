"""The names of a site: its warehouses, clients and stations, and who works there. Hardly serials (RULES 2.8)."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, literal, select, union_all
from sqlalchemy.engine import Connection

from scanstation.domain.codes import code_key
from scanstation.domain.status import OrderKind, WorkStatus
from scanstation.store import tables as t
from scanstation.store.orders import HAS_OPEN_NUMBER
from scanstation.store.statements import Statement, ask_ahead

_WAREHOUSE, _CLIENT, _STATION, _OPERATOR = "a warehouse", "a client", "a station", "an operator"
_OPEN = t.work.c.status == WorkStatus.OPEN.value


def key_ahead(tx: Connection, client_id: int, key: str) -> None:
    """What `of_key` asks."""
    ask_ahead(tx, [(_OF_KEY, {"the_key": key, "of_client": client_id})])


def of_key(tx: Connection, client_id: int, key: str) -> tuple[str, OrderKind | None]:
    """What has this name (`a station`), by its key, and which kind of open order of a client has it as its number."""
    what, kind = "", None
    for row in _OF_KEY.all(tx, {"the_key": key, "of_client": client_id}):
        what, kind = what or row.what, OrderKind(row.kind) if row.kind else kind
    return what, kind


def everything(tx: Connection) -> dict[str, str]:
    """Every name as key → what it is."""
    return {code_key(row[0]): row[1] for row in tx.execute(_ALL)}


def of_everybody(tx: Connection) -> list[str]:
    """The names of the site's people and places, as they are written."""
    operators = select(t.work.c.operator).distinct()
    return sorted({row[0] for row in tx.execute(_ALL)} | {*tx.execute(operators).scalars()})


def _named(what: str, *queries: Select[Any]) -> list[Select[Any]]:
    return [query.add_columns(literal(what).label("what")) for query in queries]


_ALL = union_all(
    *_named(_OPERATOR, select(t.station_session.c.operator), select(t.work.c.operator).where(_OPEN)),
    *_named(_STATION, select(t.station_session.c.station), select(t.work.c.station).where(_OPEN)),
    *_named(_CLIENT, select(t.client.c.code)),
    *_named(_WAREHOUSE, select(t.warehouse.c.code)),
)


def _with_key(what: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select().where(*conditions).add_columns(literal(what).label("what"), literal("").label("kind"))


# Run by every new serial, so built once. An operator has no key of its own, and a code is ASCII.
_KEY: BindParameter[str] = bindparam("the_key")
_OF_KEY = Statement(
    union_all(
        _with_key(_WAREHOUSE, t.warehouse.c.code_key == _KEY),
        _with_key(_CLIENT, t.client.c.code_key == _KEY),
        _with_key(_STATION, t.station_session.c.station_key == _KEY),
        _with_key(_STATION, _OPEN, t.work.c.station_key == _KEY),
        _with_key(_OPERATOR, func.upper(t.station_session.c.operator) == _KEY),
        _with_key(_OPERATOR, _OPEN, func.upper(t.work.c.operator) == _KEY),
        select(literal("").label("what"), t.orders.c.kind).where(
            t.orders.c.number_key == _KEY, t.orders.c.client_id == bindparam("of_client"), HAS_OPEN_NUMBER
        ),
    )
)
