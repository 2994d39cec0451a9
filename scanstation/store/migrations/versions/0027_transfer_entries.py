"""Transfers by scan: what each accepted scan sent or took in.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """One table."""
    legs = " OR ".join(f"leg = '{leg}'" for leg in ("on the way", "arrived", "back", "lost"))
    op.create_table(
        "transfer_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("station_key", sa.Text(), nullable=False),
        sa.Column("leg", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("was_listed", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("is_past", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_entry_quantity")),
        sa.CheckConstraint(legs, name=op.f("ck_transfer_entry_leg")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_transfer_entry_product_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_entry_transfer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_transfer_entry_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_entry")),
        sa.UniqueConstraint("op_id", name=op.f("uq_transfer_entry_op_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_transfer_entry_transfer_id"), "transfer_entry", ["transfer_id"], unique=False)
