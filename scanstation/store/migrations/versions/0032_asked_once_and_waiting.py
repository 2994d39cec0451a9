"""What was asked once of a work is kept with it, and since when each order waits.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """A table and a column; of what waits now its last completed work says since when, as far as one does."""
    op.create_table(
        "work_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_work_answer_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_answer")),
        sqlite_strict=True,
    )
    op.create_index("uq_work_answer", "work_answer", ["work_id", "product_id", "about"], unique=True)
    op.add_column("orders", sa.Column("waits_since", sa.Text(), nullable=False, server_default=""))
    op.execute(
        sa.text(
            "UPDATE orders SET waits_since = coalesce((SELECT max(w.closed_at) FROM work w "
            "WHERE w.order_id = orders.id AND w.status = 'completed'), '') "
            "WHERE status IN ('Partially Received', 'Packing', 'Ready to Ship')"
        )
    )
