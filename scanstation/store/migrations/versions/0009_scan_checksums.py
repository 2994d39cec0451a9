"""A checksum beside each kept scan: a bit that a disk has turned is seen.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One column; scans that were kept before have none."""
    op.add_column("entry", sa.Column("checksum", sa.Integer(), nullable=True))
