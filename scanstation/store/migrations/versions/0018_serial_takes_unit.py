"""Products of which a new serial takes its unit at receiving, without their barcode having been scanned.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """A column; off for every product."""
    op.add_column("product", sa.Column("serial_takes_unit", sa.Boolean(), nullable=False, server_default=sa.false()))
