"""Each operator may be told everything in a language of their own.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """A column; empty is what the station speaks."""
    op.add_column("operator", sa.Column("language", sa.Text(), nullable=False, server_default=""))
