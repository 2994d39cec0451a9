"""Disposed: a status in which a unit is no stock any more, and the event that brings it there.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"

_STATUSES = ("Held", "Received", "Packed", "Shipped", "Disposed", "Gone")
_KINDS = (
    "Received",
    "Packed",
    "Shipped",
    "Unpacked",
    "Unshipped",
    "Removed",
    "Corrected",
    "Returned",
    "Disposed",
    "On hold",
    "Hold lifted",
)
_CHECKS = (("unit", "status", _STATUSES), ("unit_event", "status", _STATUSES), ("unit_event", "what", _KINDS))


def upgrade() -> None:
    """One word more in three checks."""
    if op.get_context().dialect.name == "sqlite":
        _reword()
        return
    for table, column, words in _CHECKS:
        name = op.f(f"ck_{table}_{column}")
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, _one_of(column, words))


def _reword() -> None:
    """In place, as sqlite.org/lang_altertable.html#otheralter describes it: the rows stay as they are, however many."""
    tx = op.get_bind()
    version = tx.exec_driver_sql("PRAGMA schema_version").scalar_one()
    tx.exec_driver_sql("PRAGMA writable_schema=ON")
    for table, column, words in _CHECKS:
        before = _one_of(column, [word for word in words if word != "Disposed"])
        changed = tx.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
            (before, _one_of(column, words), table, before),
        )
        assert changed.rowcount == 1, table
    tx.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    tx.exec_driver_sql("PRAGMA writable_schema=RESET")


def _one_of(column: str, words: tuple[str, ...] | list[str]) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in words)
