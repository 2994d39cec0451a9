"""Returns: what comes back under a reference, what is expected of it, and the work that takes it.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Five tables."""
    op.create_table(
        "goods_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.CheckConstraint("status = 'Open' OR status = 'Closed'", name=op.f("ck_goods_return_status")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_goods_return_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_return")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_goods_return_number_key"), "goods_return", ["number_key"], unique=False)
    op.create_table(
        "return_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("serial_key", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_line_quantity")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_return_line_product_id")),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name=op.f("fk_return_line_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_line")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_return_line_return_id"), "return_line", ["return_id"], unique=False)
    op.create_table(
        "return_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("warehouse_id", sa.Integer(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("station_key", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status = 'open' OR status = 'completed' OR status = 'cancelled' OR status = 'taken over'",
            name=op.f("ck_return_work_status"),
        ),
        sa.ForeignKeyConstraint(["return_id"], ["goods_return.id"], name=op.f("fk_return_work_return_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_return_work_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_work")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_return_work_return_id"), "return_work", ["return_id"], unique=False)
    is_open = sa.text("status = 'open'")
    op.create_index(
        "uq_return_work_open",
        "return_work",
        ["station_key"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "return_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["return_work.id"], name=op.f("fk_return_entry_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_entry")),
        sa.UniqueConstraint("op_id", name=op.f("uq_return_entry_op_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_return_entry_work_id"), "return_entry", ["work_id"], unique=False)
    op.create_table(
        "return_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("owed", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("part_missing", sa.Text(), nullable=False),
        sa.Column("is_unknown", sa.Boolean(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("in_hand", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_piece_quantity")),
        sa.CheckConstraint(
            "owed = '' OR owed = 'product' OR owed = 'serial' OR owed = 'other'", name=op.f("ck_return_piece_owed")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["return_entry.id"], name=op.f("fk_return_piece_entry_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_return_piece_product_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_return_piece_unit_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["work_id"], ["return_work.id"], name=op.f("fk_return_piece_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_piece")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_return_piece_unit_id"), "return_piece", ["unit_id"], unique=False)
    op.create_index(op.f("ix_return_piece_work_id"), "return_piece", ["work_id"], unique=False)
    op.create_index(
        "uq_return_piece_in_hand",
        "return_piece",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("in_hand = 1"),
        postgresql_where=sa.text("in_hand"),
    )
