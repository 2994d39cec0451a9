"""Indexes that bring a report's page at once, whatever it is narrowed to.

What is on hand is asked for by product, warehouse and status: the product's index has the two others in it now. The
order of codes is that of the primary ones; between them all secondary ones would have to be passed over.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One index wider, one more."""
    op.drop_index("ix_unit_product_id", "unit")
    op.create_index("ix_unit_stock", "unit", ["product_id", "warehouse_id", "status"])
    op.create_index(
        "ix_unit_code_primary",
        "unit_code",
        ["text_key"],
        sqlite_where=sa.text("kind = 'primary' AND live = 1"),
        postgresql_where=sa.text("kind = 'primary' AND live"),
    )
