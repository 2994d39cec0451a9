"""What of a line was closed short, as a number of its own: what was ordered stays written.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """A column. Of a shipment order that was closed short before, only its history knows what had been ordered."""
    op.add_column("order_line", sa.Column("closed_short", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE order_line SET closed_short = ordered - done WHERE done < ordered AND order_id IN "
        "(SELECT id FROM orders WHERE kind = 'PO' AND status = 'Completed')"
    )
