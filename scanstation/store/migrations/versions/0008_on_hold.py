"""On hold: why a unit is not to leave, beside its status, and two kinds of events.

Revision ID: 0008
Revises: 0007
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_KINDS = (
    "Received",
    "Packed",
    "Shipped",
    "Unpacked",
    "Unshipped",
    "Removed",
    "Corrected",
    "Returned",
    "On hold",
    "Hold lifted",
)
_IS_KIND = " OR ".join(f"what = '{kind}'" for kind in _KINDS)


def upgrade() -> None:
    """A column with its index, and what an event may be."""
    op.add_column("unit", sa.Column("on_hold", sa.Text()))
    filled = sa.text("on_hold IS NOT NULL")
    op.create_index("ix_unit_on_hold", "unit", ["on_hold"], sqlite_where=filled, postgresql_where=filled)
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_unit_event_what"), "unit_event")
        op.create_check_constraint(op.f("ck_unit_event_what"), "unit_event", _IS_KIND)
        return
    # SQLite changes no constraint: the table is made anew, in its own words but for this one.
    tx = op.get_bind()
    words: dict[str, str | None] = dict(
        tx.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'unit_event'")).all()
    )
    table = words.pop("unit_event") or ""
    anew, changes = re.subn(r"(CONSTRAINT ck_unit_event_what CHECK) \([^)]*\)", rf"\1 ({_IS_KIND})", table)
    assert changes == 1, table
    op.execute("ALTER TABLE unit_event RENAME TO old_unit_event")
    op.execute(anew)
    op.execute("INSERT INTO unit_event SELECT * FROM old_unit_event")
    op.execute("DROP TABLE old_unit_event")
    for sql in words.values():
        if sql is not None:
            op.execute(sql)
