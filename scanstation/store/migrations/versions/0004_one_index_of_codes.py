"""One index finds a code and keeps the live ones apart; what is owed, and when work was closed, have their own.

A code is looked up more often among all products than within one, so the index begins with the code. Codes that are
no longer live are in it too and differ by that: an index of all codes beside it is needed no more, and an import
writes one less. A scan looks for what its work owes, which are few of all the pieces that the work took.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Two indexes of codes made anew, one less; one of pieces and one of work."""
    for index in ("uq_unit_code_live", "ix_unit_code_text", "ix_unit_code_primary"):
        op.drop_index(index, "unit_code")
    op.create_index(
        "uq_unit_code_live", "unit_code", ["text_key", "product_id", sa.text("NULLIF(live, false)")], unique=True
    )
    op.create_index(
        "ix_unit_code_primary",
        "unit_code",
        ["text_key", "product_id"],
        sqlite_where=sa.text("kind = 'primary' AND live = 1"),
        postgresql_where=sa.text("kind = 'primary' AND live"),
    )
    filled = sa.text("closed_at IS NOT NULL")
    op.create_index("ix_work_closed_at", "work", ["closed_at"], sqlite_where=filled, postgresql_where=filled)
    op.create_index(
        "ix_piece_owed",
        "piece",
        ["work_id", "id"],
        sqlite_where=sa.text("owed = 1"),
        postgresql_where=sa.text("owed"),
    )
