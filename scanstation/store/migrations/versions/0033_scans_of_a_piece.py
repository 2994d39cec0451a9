"""An index by which Undo finds the other scans of a piece.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """One index."""
    op.create_index(
        "ix_entry_piece_id",
        "entry",
        ["piece_id"],
        sqlite_where=sa.text("piece_id IS NOT NULL"),
        postgresql_where=sa.text("piece_id IS NOT NULL"),
    )
