"""What came in a row that is on no list of a supplier's is kept with its work.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """A column; of open work the row begins anew."""
    op.add_column("work", sa.Column("unlisted", sa.Text(), nullable=False, server_default=""))
