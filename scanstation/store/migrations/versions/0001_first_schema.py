"""The first schema.

Append-only tables are held by triggers, in the words of each database.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = ("unit_event", "refusal", "order_act")


def upgrade() -> None:
    """Make every table, index and trigger."""
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        for table in _APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
    else:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            # The code of a violated constraint, which is what SQLite's ABORT is to the driver.
            "$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23000'; END$$"
        )
        for table in _APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def _tables() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("code_key", name=op.f("uq_client_code_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('PO', 'SO')", name=op.f("ck_import_batch_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sqlite_strict=True,
    )
    op.create_table(
        "station_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("station_key", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("process_started", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_session")),
        sa.UniqueConstraint("station_key", name=op.f("uq_station_session_station_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "warehouse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warehouse")),
        sa.UniqueConstraint("code_key", name=op.f("uq_warehouse_code_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("warehouse_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('PO', 'SO')", name=op.f("ck_orders_kind")),
        sa.CheckConstraint(
            "status IN ('Open', 'Partially Received', 'Completed', 'Packing', 'Ready to Ship', 'Shipped', 'Cancelled')",
            name=op.f("ck_orders_status"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_orders_client_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_orders_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint(
            "kind",
            "warehouse_id",
            "client_id",
            "number_key",
            name=op.f("uq_orders_kind_warehouse_id_client_id_number_key"),
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_orders_kind_status_due"), "orders", ["kind", "status", "due"], unique=False)
    op.create_index(op.f("ix_orders_number_key"), "orders", ["number_key"], unique=False)
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("sku_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("track", sa.Boolean(), nullable=False),
        sa.Column("both_steps", sa.Boolean(), nullable=False),
        sa.Column("only_packing", sa.Boolean(), nullable=False),
        sa.Column("skip_scan", sa.Boolean(), nullable=False),
        sa.Column("secondary", sa.Boolean(), nullable=False),
        sa.Column("serial_pattern", sa.Text(), nullable=False),
        sa.Column("serial_hint", sa.Text(), nullable=False),
        sa.Column("secondary_pattern", sa.Text(), nullable=False),
        sa.Column("secondary_hint", sa.Text(), nullable=False),
        sa.CheckConstraint("NOT track OR (both_steps <> only_packing)", name=op.f("ck_product_settings")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_product_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("client_id", "sku_key", name=op.f("uq_product_client_id_sku_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "barcode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("pack_quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("pack_quantity > 0", name=op.f("ck_barcode_pack_quantity")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_barcode_client_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_barcode_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barcode")),
        sa.UniqueConstraint("client_id", "text_key", name=op.f("uq_barcode_client_id_text_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_barcode_product_id"), "barcode", ["product_id"], unique=False)
    op.create_table(
        "order_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_act_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_act")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_order_act_order_id"), "order_act", ["order_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("in_work", sa.Integer(), nullable=False),
        sa.CheckConstraint("ordered >= 0 AND done >= 0 AND in_work >= 0", name=op.f("ck_order_line_counts")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("order_id", "product_id", name=op.f("uq_order_line_order_id_product_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_order_line_product_id"), "order_line", ["product_id"], unique=False)
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refusal_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_refusal_at"), "refusal", ["at"], unique=False)
    op.create_table(
        "work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("station_key", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at_station", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'completed', 'cancelled', 'taken over')", name=op.f("ck_work_status")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_work_open_station",
        "work",
        ["station_key"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(op.f("ix_work_order_id"), "work", ["order_id"], unique=False)
    op.create_index(
        "uq_work_open",
        "work",
        ["order_id", "station_key"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_entry_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("op_id", name=op.f("uq_entry_op_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_entry_work_id"), "entry", ["work_id"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("warehouse_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("purchase_line_id", sa.Integer(), nullable=True),
        sa.Column("shipment_line_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=True),
        sa.Column("packed_at", sa.Text(), nullable=True),
        sa.Column("shipped_at", sa.Text(), nullable=True),
        sa.Column("receiving_batch_id", sa.Integer(), nullable=True),
        sa.Column("packing_batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("held_by IS NULL OR status IN ('Held', 'Received')", name=op.f("ck_unit_in_hand")),
        sa.CheckConstraint("status IN ('Held', 'Received', 'Packed', 'Shipped', 'Gone')", name=op.f("ck_unit_status")),
        sa.CheckConstraint(
            "status NOT IN ('Packed', 'Shipped') OR shipment_line_id IS NOT NULL",
            name=op.f("ck_unit_packed_on_a_line"),
        ),
        sa.ForeignKeyConstraint(["held_by"], ["work.id"], name=op.f("fk_unit_held_by")),
        sa.ForeignKeyConstraint(["packing_batch_id"], ["import_batch.id"], name=op.f("fk_unit_packing_batch_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_unit_product_id")),
        sa.ForeignKeyConstraint(["purchase_line_id"], ["order_line.id"], name=op.f("fk_unit_purchase_line_id")),
        sa.ForeignKeyConstraint(["receiving_batch_id"], ["import_batch.id"], name=op.f("fk_unit_receiving_batch_id")),
        sa.ForeignKeyConstraint(["shipment_line_id"], ["order_line.id"], name=op.f("fk_unit_shipment_line_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_unit_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_unit_held_by",
        "unit",
        ["held_by"],
        unique=False,
        sqlite_where=sa.text("held_by IS NOT NULL"),
        postgresql_where=sa.text("held_by IS NOT NULL"),
    )
    op.create_index(op.f("ix_unit_packing_batch_id"), "unit", ["packing_batch_id"], unique=False)
    op.create_index(op.f("ix_unit_product_id"), "unit", ["product_id"], unique=False)
    op.create_index(op.f("ix_unit_purchase_line_id"), "unit", ["purchase_line_id"], unique=False)
    op.create_index(op.f("ix_unit_receiving_batch_id"), "unit", ["receiving_batch_id"], unique=False)
    op.create_index(op.f("ix_unit_shipment_line_id"), "unit", ["shipment_line_id"], unique=False)
    op.create_table(
        "piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("scenario", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_piece_quantity")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_piece_entry_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_piece_line_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_piece_unit_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_piece_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_piece_entry_id"), "piece", ["entry_id"], unique=False)
    op.create_index(op.f("ix_piece_line_id_scenario"), "piece", ["line_id", "scenario"], unique=False)
    op.create_index(op.f("ix_piece_unit_id"), "piece", ["unit_id"], unique=False)
    op.create_index(op.f("ix_piece_work_id"), "piece", ["work_id"], unique=False)
    op.create_table(
        "unit_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("reversed_key", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('primary', 'secondary')", name=op.f("ck_unit_code_kind")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_unit_code_entry_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_unit_code_product_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_code_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_unit_code_end", "unit_code", ["reversed_key"], unique=False)
    op.create_index(op.f("ix_unit_code_entry_id"), "unit_code", ["entry_id"], unique=False)
    op.create_index("ix_unit_code_text", "unit_code", ["text_key"], unique=False)
    op.create_index(op.f("ix_unit_code_unit_id"), "unit_code", ["unit_id"], unique=False)
    op.create_index(
        "uq_unit_code_kind",
        "unit_code",
        ["unit_id", "kind"],
        unique=True,
        sqlite_where=sa.text("live = 1"),
        postgresql_where=sa.text("live"),
    )
    op.create_index(
        "uq_unit_code_live",
        "unit_code",
        ["product_id", "text_key"],
        unique=True,
        sqlite_where=sa.text("live = 1"),
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("primary_serial", sa.Text(), nullable=True),
        sa.Column("secondary_serial", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('Held', 'Received', 'Packed', 'Shipped', 'Gone')", name=op.f("ck_unit_event_status")
        ),
        sa.CheckConstraint(
            "what IN ('Received', 'Packed', 'Shipped', 'Unpacked', 'Removed', 'Corrected', 'Returned')",
            name=op.f("ck_unit_event_what"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_unit_event_batch_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_unit_event_line_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_unit_event_line_id"), "unit_event", ["line_id"], unique=False)
    op.create_index(op.f("ix_unit_event_unit_id"), "unit_event", ["unit_id"], unique=False)
    op.create_index("ix_unit_event_what", "unit_event", ["what", "at", "id"], unique=False)
