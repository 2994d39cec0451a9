"""What was scanned into boxes with units whose serials come by import.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """A table; what was scanned before is not in it."""
    op.create_table(
        "boxed_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_boxed_code_line_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_boxed_code_piece_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_boxed_code_product_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_boxed_code_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boxed_code")),
        sa.UniqueConstraint("product_id", "text_key", name=op.f("uq_boxed_code_product_id_text_key")),
        sqlite_strict=True,
    )
    for name in ("piece_id", "line_id", "unit_id"):
        op.create_index(op.f(f"ix_boxed_code_{name}"), "boxed_code", [name])
