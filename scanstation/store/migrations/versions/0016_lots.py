"""Lot and dates of a unit, and what the label of an accepted scan says of them until its work is completed.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_COLUMNS = ("lot", "lot_key", "use_by", "best_before", "made")


def upgrade() -> None:
    """Columns with three indexes, and a table."""
    for name in _COLUMNS:
        op.add_column("unit", sa.Column(name, sa.Text()))
    filled = sa.text("lot_key IS NOT NULL")
    op.create_index("ix_unit_lot", "unit", ["lot_key"], sqlite_where=filled, postgresql_where=filled)
    for day in ("use_by", "best_before"):
        in_stock = sa.text(f"status = 'Received' AND {day} IS NOT NULL")
        columns = ["product_id", day]
        op.create_index(f"ix_unit_{day}", "unit", columns, sqlite_where=in_stock, postgresql_where=in_stock)
    op.create_table(
        "entry_lot",
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("entry.id", name="fk_entry_lot_entry_id"), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in _COLUMNS if name != "lot_key"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry_lot"),
        sqlite_strict=True,
    )
