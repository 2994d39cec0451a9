"""Transfers: a status between two warehouses, the events that lead there and away, and what is on the way.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

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
    "Regraded",
    "On hold",
    "Hold lifted",
)
_NEW_STATUSES = (*_STATUSES[:4], "In transit", *_STATUSES[4:])
_NEW_KINDS = (*_KINDS[:10], "Sent", "Arrived", "Brought back", "Lost", *_KINDS[10:])
_CHECKS = (
    ("unit", "status", _STATUSES, _NEW_STATUSES),
    ("unit_event", "status", _STATUSES, _NEW_STATUSES),
    ("unit_event", "what", _KINDS, _NEW_KINDS),
)


def upgrade() -> None:
    """One status and four events more, and three tables."""
    if op.get_context().dialect.name == "sqlite":
        _reword()
    else:
        for table, column, _, words in _CHECKS:
            name = op.f(f"ck_{table}_{column}")
            op.drop_constraint(name, table)
            op.create_check_constraint(name, table, _one_of(column, words))
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.CheckConstraint(_one_of("status", ("Open", "Closed")), name=op.f("ck_transfer_status")),
        sa.ForeignKeyConstraint(["from_id"], ["warehouse.id"], name=op.f("fk_transfer_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["warehouse.id"], name=op.f("fk_transfer_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("number_key", name=op.f("uq_transfer_number_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "transfer_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("leg", sa.Text(), nullable=False),
        sa.CheckConstraint(
            _one_of("leg", ("on the way", "arrived", "back", "lost")), name=op.f("ck_transfer_unit_leg")
        ),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_unit_transfer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_transfer_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_unit")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_transfer_unit_transfer_id"), "transfer_unit", ["transfer_id"])
    op.create_index(op.f("ix_transfer_unit_unit_id"), "transfer_unit", ["unit_id"])
    where = sa.text("leg = 'on the way'")
    op.create_index(
        "uq_transfer_unit_on_the_way",
        "transfer_unit",
        ["unit_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_table(
        "transfer_goods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("back", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "arrived >= 0 AND back >= 0 AND lost >= 0 AND arrived + back + lost <= sent",
            name=op.f("ck_transfer_goods_counts"),
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_transfer_goods_product_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_goods_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_goods")),
        sa.UniqueConstraint("transfer_id", "product_id", name=op.f("uq_transfer_goods_transfer_id_product_id")),
        sqlite_strict=True,
    )


def _reword() -> None:
    """In place, as sqlite.org/lang_altertable.html#otheralter describes it: the rows stay as they are, however many."""
    tx = op.get_bind()
    version = tx.exec_driver_sql("PRAGMA schema_version").scalar_one()
    tx.exec_driver_sql("PRAGMA writable_schema=ON")
    for table, column, before, words in _CHECKS:
        known = _one_of(column, before)
        changed = tx.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
            (known, _one_of(column, words), table, known),
        )
        assert changed.rowcount == 1, table
    tx.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    tx.exec_driver_sql("PRAGMA writable_schema=RESET")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in words)
