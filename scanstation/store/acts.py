"""The acts of people on orders, products and the site: those that no other table keeps, and the list of all."""

from collections.abc import Generator
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, func, insert, literal, or_, select, union_all
from sqlalchemy.engine import Connection

from scanstation.domain.audit import AuditedAct, AuditFilters
from scanstation.domain.units import Stamp
from scanstation.store import tables as t

_AT_ONCE = 1_000
LOADED = "Loaded"
"""A sheet brought something new."""
CHANGED = "Changed by a sheet"


def note(
    tx: Connection,
    act: str,
    subject: str,
    stamp: Stamp,
    *,
    client: str = "",
    was: str = "",
    became: str = "",
    reason: str = "",
) -> None:
    """Keep an act, with what it was done to as it is called now."""
    tx.execute(
        insert(t.site_act).values(
            at=stamp.at,
            act=act,
            subject=subject,
            client=client,
            was=was,
            became=became,
            reason=reason,
            operator=stamp.operator,
            station=stamp.station,
        )
    )


def loaded_at(tx: Connection, subject: str, client: str) -> str:
    """When a sheet first brought an order of this name (`PO N-1001`); empty where no such act was kept."""
    site = t.site_act.c
    query = select(func.min(site.at)).where(site.act == LOADED, site.subject == subject, site.client == client)
    return tx.execute(query).scalar_one() or ""


def last_of(tx: Connection, act: str, subject: str, client: str) -> tuple[str, str] | None:
    """Who did such an act last, and when; None where nobody has."""
    site = t.site_act.c
    query = select(site.operator, site.at).where(site.act == act, site.subject == subject, site.client == client)
    row = tx.execute(query.order_by(site.id.desc()).limit(1)).first()
    return (row.operator, row.at) if row else None


def listed(tx: Connection, filters: AuditFilters) -> Generator[AuditedAct, None, None]:
    """The acts that pass, the oldest first."""
    acts = union_all(*(_of(*of_table) for of_table in _TABLES)).subquery("acts")
    query = (
        select(acts, t.seal.c.at.label("recorded_at"))
        .outerjoin(t.seal, t.seal.c.id == acts.c.seal_id)
        .order_by(acts.c.at, acts.c.source, acts.c.id)
    )
    if filters.since:
        query = query.where(acts.c.at >= filters.since)
    if filters.until:
        query = query.where(acts.c.at < filters.until)
    names = (*_NAMES, "recorded_at")
    for row in tx.execution_options(yield_per=_AT_ONCE).execute(query):
        act = AuditedAct(**{name: row._mapping[name] or "" for name in names})
        if filters.lets_pass(act):
            yield act


_NAMES = (
    *("at", "act", "subject", "warehouse", "client", "order_number", "order_kind", "sku", "was", "became", "reason"),
    *("operator", "station"),
)
_Columns = dict[str, ColumnElement[Any]]


def _of(number: int, rows: Select[Any], table: Any, columns: _Columns) -> Select[Any]:
    """One table's acts, with the same columns as all others have."""
    own = {name: table.c[name] for name in ("at", "operator", "station")}
    chosen = [(columns | own).get(name, literal("", Text)).label(name) for name in _NAMES]
    return rows.add_columns(literal(number).label("source"), table.c.id, table.c.seal_id, *chosen)


_order, _batch, _product, _site = t.order_act, t.import_batch, t.product_act, t.site_act
_of_an_order = or_(_site.c.subject.like("PO %"), _site.c.subject.like("SO %"))
_number = func.coalesce(_order.c.order_number, t.orders.c.number)
_sku = func.coalesce(_product.c.sku, t.product.c.sku)
_TABLES: tuple[tuple[int, Select[Any], Any, _Columns], ...] = (
    (
        1,
        # Names that an older version did not keep are those of today.
        select()
        .select_from(_order)
        .join(t.orders, t.orders.c.id == _order.c.order_id)
        .join(t.client, t.client.c.id == t.orders.c.client_id)
        .join(t.warehouse, t.warehouse.c.id == t.orders.c.warehouse_id),
        _order,
        {
            "act": _order.c.act,
            "subject": t.orders.c.kind + " " + _number,
            "warehouse": func.coalesce(_order.c.warehouse, t.warehouse.c.code),
            "client": func.coalesce(_order.c.client, t.client.c.code),
            "order_number": _number,
            "order_kind": t.orders.c.kind,
            "reason": _order.c.reason,
        },
    ),
    (
        2,
        select()
        .select_from(_product)
        .join(t.product, t.product.c.id == _product.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id),
        _product,
        {
            "act": "Changed " + _product.c.what,
            "subject": _sku,
            "client": func.coalesce(_product.c.client, t.client.c.code),
            "sku": _sku,
            "was": _product.c.was,
            "became": _product.c.became,
        },
    ),
    (
        3,
        select().select_from(_batch),
        _batch,
        {"act": "Imported serials on " + _batch.c.kind + "s", "subject": _batch.c.file_name},
    ),
    (
        4,
        select().select_from(_site),
        _site,
        {
            **{name: _site.c[name] for name in ("act", "subject", "client", "was", "became", "reason")},
            "order_kind": case((_of_an_order, func.substr(_site.c.subject, 1, 2)), else_=""),
            "order_number": case((_of_an_order, func.substr(_site.c.subject, 4)), else_=""),
        },
    ),
)
