"""What supervisors change of products is kept: who, when, where, from what to what.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """One table, which is only ever added to."""
    op.create_table(
        "product_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_act_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_act")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_product_act_product_id"), "product_act", ["product_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER product_act_no_{change.lower()} BEFORE {change} ON product_act "
                "BEGIN SELECT RAISE(ABORT, 'product_act is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER product_act_append_only BEFORE UPDATE OR DELETE ON product_act "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER product_act_no_truncate BEFORE TRUNCATE ON product_act "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
