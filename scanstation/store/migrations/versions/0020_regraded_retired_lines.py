"""Regraded: an event by which a unit is another SKU; since when a product takes no new order lines; the
lines of an order's paper.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_KINDS = (
    "Received",
    "Packed",
    "Shipped",
    "Unpacked",
    "Unshipped",
    "Removed",
    "Corrected",
    "Returned",
    "Disposed",
    "Regraded",
    "On hold",
    "Hold lifted",
)


def upgrade() -> None:
    """Two columns, and one word more in a check."""
    op.add_column("order_line", sa.Column("parts", sa.Text(), nullable=False, server_default=""))
    op.add_column("product", sa.Column("retired_at", sa.Text(), nullable=False, server_default=""))
    if op.get_context().dialect.name == "sqlite":
        _reword()
        return
    name = op.f("ck_unit_event_what")
    op.drop_constraint(name, "unit_event")
    op.create_check_constraint(name, "unit_event", _one_of(_KINDS))


def _reword() -> None:
    """In place, as sqlite.org/lang_altertable.html#otheralter describes it: the rows stay as they are, however many."""
    tx = op.get_bind()
    version = tx.exec_driver_sql("PRAGMA schema_version").scalar_one()
    tx.exec_driver_sql("PRAGMA writable_schema=ON")
    before = _one_of([word for word in _KINDS if word != "Regraded"])
    changed = tx.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'unit_event' AND instr(sql, ?) > 0",
        (before, _one_of(_KINDS), before),
    )
    assert changed.rowcount == 1
    tx.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    tx.exec_driver_sql("PRAGMA writable_schema=RESET")


def _one_of(words: tuple[str, ...] | list[str]) -> str:
    return " OR ".join(f"what = '{word}'" for word in words)
