"""Indexes by which a unit that ceases to be is looked for in counts and transfers.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Two indexes."""
    for table in ("count_scan", "transfer_entry"):
        op.create_index(
            f"ix_{table}_unit_id",
            table,
            ["unit_id"],
            sqlite_where=sa.text("unit_id IS NOT NULL"),
            postgresql_where=sa.text("unit_id IS NOT NULL"),
        )
