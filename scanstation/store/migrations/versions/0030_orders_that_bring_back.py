"""Purchase orders that bring units back, and which open receipt has such a unit in hand.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Two columns; no order brought anything back before."""
    op.add_column("orders", sa.Column("brings_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("unit", sa.Column("coming_to", sa.Integer(), nullable=True))
    op.create_index(
        "ix_unit_coming_to",
        "unit",
        ["coming_to"],
        sqlite_where=sa.text("coming_to IS NOT NULL"),
        postgresql_where=sa.text("coming_to IS NOT NULL"),
    )
