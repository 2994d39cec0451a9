"""Codes without marks cost no look-alike key as they are written; later pieces of a line are counted by index alone.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_ROUGH = (
    "ltrim(replace(replace(replace(replace(text_key, ' ', ''), '-', ''), ':', ''), '.', ''), '#/ABEILMNORSU')"  # marks
)


def upgrade() -> None:
    """Two indexes, made anew."""
    op.drop_index("ix_unit_code_rough", "unit_code")
    op.create_index(
        "ix_unit_code_rough",
        "unit_code",
        [sa.text(_ROUGH), "product_id"],
        sqlite_where=sa.text("live = 1 AND (text_key GLOB '[#/ABEILMNORSU]*' OR text_key GLOB '*[- :.]*')"),
        postgresql_where=sa.text("live AND text_key ~ '^[#/ABEILMNORSU]|[- :.]'"),
    )
    op.drop_index("ix_piece_work_id", "piece")
    op.create_index("ix_piece_work_id", "piece", ["work_id", "id", "line_id"])
