"""Lists of the serials that a supplier announces for a purchase order, and which products they name.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """A column and two tables; nothing was expected before."""
    op.add_column("product", sa.Column("is_listed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "expected_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("file_name", "at", "operator", "station")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_expected_list_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_list")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_expected_list_order_id"), "expected_list", ["order_id"])
    op.create_table(
        "expected_serial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("primary_text", "primary_key")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("secondary_text", "secondary_key")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("lot", "use_by", "best_before", "made")),
        sa.ForeignKeyConstraint(["list_id"], ["expected_list.id"], name=op.f("fk_expected_serial_list_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_expected_serial_order_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_expected_serial_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_serial")),
        sa.UniqueConstraint(
            "order_id", "product_id", "primary_key", name=op.f("uq_expected_serial_order_id_product_id_primary_key")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_expected_serial_list_id"), "expected_serial", ["list_id"])
    op.create_index(op.f("ix_expected_serial_product_id_primary_key"), "expected_serial", ["product_id", "primary_key"])
    op.create_index(
        "ix_expected_serial_secondary",
        "expected_serial",
        ["product_id", "secondary_key"],
        sqlite_where=sa.text("secondary_key IS NOT NULL"),
        postgresql_where=sa.text("secondary_key IS NOT NULL"),
    )
