"""Acts by their numbers: what a server has done although its answer was lost.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "done_act",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_done_act")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_done_act_at"), "done_act", ["at"])
