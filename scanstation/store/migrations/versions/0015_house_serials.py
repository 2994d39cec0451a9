"""House serials: each number is given once, whatever becomes of its unit.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """One table, which is only ever added to."""
    op.create_table(
        "house_serial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_house_serial_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_serial")),
        sa.UniqueConstraint("text_key", name=op.f("uq_house_serial_text_key")),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER house_serial_no_{change.lower()} BEFORE {change} ON house_serial "
                "BEGIN SELECT RAISE(ABORT, 'house_serial is append-only'); END"
            )
        return
    for name, change, each in (("append_only", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER house_serial_{name} BEFORE {change} ON house_serial "
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
