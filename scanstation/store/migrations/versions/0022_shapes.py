"""The known shape of a product's serials, and the last of them, from which it is learned.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """A column and a table: shapes are learned from the next serials on."""
    op.add_column("product", sa.Column("shapes", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "last_codes",
        sa.Column("product_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_last_codes_product_id")),
        sa.PrimaryKeyConstraint("product_id", "kind", name=op.f("pk_last_codes")),
        sqlite_strict=True,
    )
