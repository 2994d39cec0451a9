"""Marks of makers: what a product's labels put before its serials, and codes found whatever marks they carry.

Codes that begin with a usual mark or have separators inside get a second way in; others are found by their key.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ROUGH = (
    "ltrim(replace(replace(replace(replace(text_key, ' ', ''), '-', ''), ':', ''), '.', ''), '#/ABEILMNORSU')"  # marks
)


def upgrade() -> None:
    """Three texts of a product, and an index of codes."""
    for name in ("strip", "secondary_strip", "told_apart"):
        op.add_column("product", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_unit_code_rough",
        "unit_code",
        ["product_id", sa.text(_ROUGH)],
        sqlite_where=sa.text(f"live = 1 AND text_key <> {_ROUGH}"),
        postgresql_where=sa.text(f"live AND text_key <> {_ROUGH}"),
    )
