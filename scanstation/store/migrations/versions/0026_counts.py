"""Counts: what was expected, what was scanned, and the event by which a written-off unit is found again.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_KINDS = (
    *("Received", "Packed", "Shipped", "Unpacked", "Unshipped", "Removed", "Corrected", "Returned", "Disposed"),
    *("Regraded", "Sent", "Arrived", "Brought back", "Lost", "On hold", "Hold lifted"),
)
_NEW_KINDS = (*_KINDS[:14], "Found again", *_KINDS[14:])


def upgrade() -> None:
    """One event more, and four tables."""
    if op.get_context().dialect.name == "sqlite":
        _reword()
    else:
        name = op.f("ck_unit_event_what")
        op.drop_constraint(name, "unit_event")
        op.create_check_constraint(name, "unit_event", _one_of("what", _NEW_KINDS))
    op.create_table(
        "stock_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("warehouse_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("is_of_skus", sa.Boolean(), nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(_one_of("status", ("Open", "Closed")), name=op.f("ck_stock_count_status")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_stock_count_warehouse_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_stock_count_client_id")),
        sa.ForeignKeyConstraint(["of_id"], ["stock_count.id"], name=op.f("fk_stock_count_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
        sa.UniqueConstraint("number_key", name=op.f("uq_stock_count_number_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stock_count_of_id"), "stock_count", ["of_id"])
    op.create_table(
        "count_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["count_id"], ["stock_count.id"], name=op.f("fk_count_line_count_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_count_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_line")),
        sa.UniqueConstraint("count_id", "product_id", name=op.f("uq_count_line_count_id_product_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "count_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("written_off", sa.Boolean(), nullable=False),
        sa.Column("held_back", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["count_id"], ["stock_count.id"], name=op.f("fk_count_unit_count_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_count_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_unit")),
        sa.UniqueConstraint("count_id", "unit_id", name=op.f("uq_count_unit_count_id_unit_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_count_unit_unit_id"), "count_unit", ["unit_id"])
    op.create_table(
        "count_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=False),
        sa.Column("count_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("warehouse_id", sa.Integer(), nullable=True),
        sa.Column("in_work", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_count_scan_quantity")),
        sa.ForeignKeyConstraint(["count_id"], ["stock_count.id"], name=op.f("fk_count_scan_count_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_count_scan_product_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_count_scan_unit_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_count_scan_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_scan")),
        sa.UniqueConstraint("op_id", name=op.f("uq_count_scan_op_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_count_scan_count_id"), "count_scan", ["count_id"])
    op.create_index(
        "uq_count_scan_unit",
        "count_scan",
        ["count_id", "unit_id"],
        unique=True,
        sqlite_where=sa.text("undone = 0"),
        postgresql_where=sa.text("NOT undone"),
    )


def _reword() -> None:
    """In place, as sqlite.org/lang_altertable.html#otheralter describes it: the rows stay as they are, however many."""
    tx = op.get_bind()
    version = tx.exec_driver_sql("PRAGMA schema_version").scalar_one()
    tx.exec_driver_sql("PRAGMA writable_schema=ON")
    known = _one_of("what", _KINDS)
    changed = tx.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (known, _one_of("what", _NEW_KINDS), "unit_event", known),
    )
    assert changed.rowcount == 1
    tx.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    tx.exec_driver_sql("PRAGMA writable_schema=RESET")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in words)
