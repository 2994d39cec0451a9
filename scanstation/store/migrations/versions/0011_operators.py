"""Operators: their rights and badges, whether they sign in, and what was changed of all that.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Five tables, one of which is only ever added to."""
    op.create_table(
        "operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_service", sa.Boolean(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("name_key", name=op.f("uq_operator_name_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "operator_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_role")),
        sa.UniqueConstraint("name", name=op.f("uq_operator_role_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "badge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_badge_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_badge_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_badge_operator_id"), "badge", ["operator_id"], unique=False)
    op.create_table(
        "site_auth",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_in_since", sa.Text(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_auth")),
        sqlite_strict=True,
    )
    op.create_table(
        "operator_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_operator_act_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_act")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_operator_act_operator_id"), "operator_act", ["operator_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER operator_act_no_{change.lower()} BEFORE {change} ON operator_act "
                "BEGIN SELECT RAISE(ABORT, 'operator_act is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER operator_act_append_only BEFORE UPDATE OR DELETE ON operator_act "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER operator_act_no_truncate BEFORE TRUNCATE ON operator_act "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
