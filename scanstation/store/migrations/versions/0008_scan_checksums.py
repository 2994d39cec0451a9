"""A checksum beside each kept scan: a bit that a disk has turned is seen.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One column; scans that were kept before have none."""
    op.add_column("entry", sa.Column("checksum", sa.Integer(), nullable=True))
