"""What is noted on the lines of purchase orders.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """A table; nothing was noted before."""
    differs = " OR ".join(f"differs = {word!r}" for word in ("damaged", "wrong", "short", "over"))
    words = ("words", "serials", "at", "operator", "station")
    op.create_table(
        "discrepancy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("differs", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("settled_at", "settled_by", "settled_as")),
        sa.CheckConstraint("count > 0", name=op.f("ck_discrepancy_count")),
        sa.CheckConstraint(differs, name=op.f("ck_discrepancy_differs")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_discrepancy_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancy")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_discrepancy_line_id"), "discrepancy", ["line_id"])
