"""How often the lines of an order were changed, so that a desk keeps them at hand; look-alike codes of all products.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ROUGH = (
    "ltrim(replace(replace(replace(replace(text_key, ' ', ''), '-', ''), ':', ''), '.', ''), '#/ABEILMNORSU')"  # marks
)


def upgrade() -> None:
    """Three counters, an index of what changed last, and one that begins with the code and no more with its product."""
    for table, name in (("orders", "changes"), ("orders", "relined"), ("order_line", "changed")):
        op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_order_line_changed", "order_line", ["order_id", "changed"])
    op.drop_index("ix_unit_code_rough", "unit_code")
    op.create_index(
        "ix_unit_code_rough",
        "unit_code",
        [sa.text(_ROUGH), "product_id"],
        sqlite_where=sa.text(f"live = 1 AND text_key <> {_ROUGH}"),
        postgresql_where=sa.text(f"live AND text_key <> {_ROUGH}"),
    )
