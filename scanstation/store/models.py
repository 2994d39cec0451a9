"""The tables. Constraints do the guarding here; the moves that use them are in `units` and `work`.

Only migrations import this. Statements are written with SQLAlchemy Core against `tables`, which
`python -m tests.table_words` writes from here: one scan costs half of what it costs through the ORM's session, and
importing the models takes longer than importing SQLAlchemy.

Times are ISO 8601 text in UTC with microseconds (`2026-11-22T13:02:41.000123Z`): they sort as text and
read the same in both databases. A `…_key` is `domain.codes.code_key` of the text beside it; a barcode's is
`domain.gtin.product_key`.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Field, SQLModel

from scanstation.domain.counts import CountStatus
from scanstation.domain.discrepancies import Differs
from scanstation.domain.returns import Owed, ReturnStatus
from scanstation.domain.status import Move, OrderKind, OrderStatus, UnitStatus, WorkStatus
from scanstation.domain.transfers import Leg, TransferStatus
from scanstation.domain.verdict import CodeKind
from scanstation.store.open_seals import seal_of_act
from scanstation.store.rough_key import IS_MARKED_POSTGRESQL, IS_MARKED_SQLITE, ROUGH_KEY

_STRICT: dict[str, Any] = {"sqlite_strict": True}

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


@compiles(Boolean, "sqlite")
def _boolean_in_strict_tables(_element: Any, _compiler: Any, **_options: Any) -> str:
    """SQLite's STRICT tables know no BOOLEAN."""
    return "INTEGER"


def _one_of(column: str, words: type[StrEnum], name: str) -> CheckConstraint:
    # Not IN: for each row that it checks, SQLite would build a table of the words and search it.
    return CheckConstraint(" OR ".join(f"{column} = {word.value!r}" for word in words), name=name)


def _sealed(table: str) -> Any:
    """The link that seals a row; none in what an older version wrote, which one link seals as a whole."""
    return Field(default=None, sa_column=Column("seal_id", Integer, default=seal_of_act(table)))


def _where(condition_sqlite: str, condition_postgresql: str | None = None) -> dict[str, Any]:
    return {
        "sqlite_where": text(condition_sqlite),
        "postgresql_where": text(condition_postgresql or condition_sqlite),
    }


class WarehouseTable(SQLModel, table=True):
    """A building. Serials received in one are not known in another (RULES 2.19)."""

    __tablename__ = "warehouse"
    __table_args__ = (UniqueConstraint("code_key"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(sa_type=Text)
    code_key: str = Field(sa_type=Text)


class ClientTable(SQLModel, table=True):
    """Whose goods they are."""

    __tablename__ = "client"
    __table_args__ = (UniqueConstraint("code_key"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(sa_type=Text)
    code_key: str = Field(sa_type=Text)


class ProductTable(SQLModel, table=True):
    """An article of a client, with its five tracking settings."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("client_id", "sku_key"),
        CheckConstraint("NOT track OR (both_steps <> only_packing)", name="settings"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="client.id")
    sku: str = Field(sa_type=Text)
    sku_key: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    track: bool
    both_steps: bool
    only_packing: bool
    skip_scan: bool
    secondary: bool
    serial_pattern: str = Field(default="", sa_type=Text)
    serial_hint: str = Field(default="", sa_type=Text)
    secondary_pattern: str = Field(default="", sa_type=Text)
    secondary_hint: str = Field(default="", sa_type=Text)
    strip: str = Field(default="", sa_type=Text)
    """Marks that are no part of its serials, `;` between."""
    secondary_strip: str = Field(default="", sa_type=Text)
    told_apart: str = Field(default="", sa_type=Text)
    """By what codes of different units may differ alone, as a person said: `marks`, `separators`."""
    shapes: str = Field(default="", sa_column=Column("shapes", Text, nullable=False, server_default=""))
    """What its serials look like, as `domain.shapes` writes it."""
    serial_takes_unit: bool = Field(
        default=False, sa_column=Column("serial_takes_unit", Boolean, nullable=False, server_default=false())
    )
    """Does a new serial take its unit at receiving (RULES 2.10)?"""
    retired_at: str = Field(default="", sa_column=Column("retired_at", Text, nullable=False, server_default=""))
    """Since when it takes no new order lines; empty while it does."""
    is_listed: bool = Field(
        default=False, sa_column=Column("is_listed", Boolean, nullable=False, server_default=false())
    )
    """Do lists of expected serials name units of it (RULES 2.26)? Scans of other products never ask for a list."""


class LastCodesTable(SQLModel, table=True):
    """The last codes that a product's units got, from which their shape is learned (RULES 2.30)."""

    __tablename__ = "last_codes"
    __table_args__ = (_STRICT,)

    product_id: int = Field(foreign_key="product.id", primary_key=True)
    kind: str = Field(primary_key=True, sa_type=Text)
    codes: str = Field(sa_type=Text)
    """As JSON, the last one last; empty before the first."""


class BarcodeTable(SQLModel, table=True):
    """A barcode of a product, or of a pack of it."""

    __tablename__ = "barcode"
    __table_args__ = (
        UniqueConstraint("client_id", "text_key"),
        CheckConstraint("pack_quantity > 0", name="pack_quantity"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="client.id")
    product_id: int = Field(foreign_key="product.id", index=True)
    text: str = Field(sa_type=Text)
    text_key: str = Field(sa_type=Text)
    pack_quantity: int = 1


class ProductActTable(SQLModel, table=True):
    """What a supervisor, or a sheet, changed of a product. Only ever added to."""

    __tablename__ = "product_act"
    __table_args__ = (_STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    at: str = Field(sa_type=Text)
    what: str = Field(sa_type=Text)
    """A setting or a text as people call it; of a new product, that it is new."""
    was: str = Field(default="", sa_type=Text)
    became: str = Field(default="", sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    client: str | None = Field(default=None, sa_type=Text)
    sku: str | None = Field(default=None, sa_type=Text)
    seal_id: int | None = _sealed("product_act")


class OrderTable(SQLModel, table=True):
    """A purchase or a shipment order."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("kind", "warehouse_id", "client_id", "number_key"),
        Index(None, "number_key"),
        Index(None, "kind", "status", "due"),
        _one_of("kind", OrderKind, "kind"),
        _one_of("status", OrderStatus, "status"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=Text)
    warehouse_id: int = Field(foreign_key="warehouse.id")
    client_id: int = Field(foreign_key="client.id")
    number: str = Field(sa_type=Text)
    number_key: str = Field(sa_type=Text)
    partner: str = Field(default="", sa_type=Text)
    """The supplier of a purchase order, the receiver of a shipment."""
    reference: str = Field(default="", sa_type=Text)
    due: str = Field(default="", sa_type=Text)
    status: str = Field(sa_type=Text)
    changes: int = Field(default=0, sa_column=Column("changes", Integer, nullable=False, server_default="0"))
    """How often its lines were changed: whoever has them at hand sees whether they still stand so."""
    relined: int = Field(default=0, sa_column=Column("relined", Integer, nullable=False, server_default="0"))
    """At which of these changes lines came, went, or had their products described anew: then all are read again."""
    brings_back: bool = Field(
        default=False, sa_column=Column("brings_back", Boolean, nullable=False, server_default=false())
    )
    """Does a purchase order bring units back that were shipped (RULES 2.22)?"""
    waits_since: str = Field(default="", sa_column=Column("waits_since", Text, nullable=False, server_default=""))
    """Since when it stands as it does, or lacks again what was taken out of it; empty where nobody has touched it."""


class OrderLineTable(SQLModel, table=True):
    """One product of an order. `in_work` is what open work holds, of all stations."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "product_id"),
        Index(None, "product_id"),
        Index("ix_order_line_changed", "order_id", "changed"),
        CheckConstraint("ordered >= 0 AND done >= 0 AND in_work >= 0", name="counts"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id")
    product_id: int = Field(foreign_key="product.id")
    ordered: int
    done: int = 0
    in_work: int = 0
    changed: int = Field(default=0, sa_column=Column("changed", Integer, nullable=False, server_default="0"))
    """At which change of its order it was changed last."""
    closed_short: int = Field(default=0, sa_column=Column("closed_short", Integer, nullable=False, server_default="0"))
    """What of the ordered nobody waits for any more (RULES 2.3)."""
    parts: str = Field(default="", sa_column=Column("parts", Text, nullable=False, server_default=""))
    """The lines of its paper and what each orders (RULES 2.21), as `line_parts.packed` writes them."""


class OrderActTable(SQLModel, table=True):
    """What a supervisor did to an order, and why."""

    __tablename__ = "order_act"
    __table_args__ = (_STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id", index=True)
    at: str = Field(sa_type=Text)
    act: str = Field(sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    warehouse: str | None = Field(default=None, sa_type=Text)
    client: str | None = Field(default=None, sa_type=Text)
    order_number: str | None = Field(default=None, sa_type=Text)
    seal_id: int | None = _sealed("order_act")


class WorkTable(SQLModel, table=True):
    """One receipt or packing of one order at one station (RULES 2.4)."""

    __tablename__ = "work"
    __table_args__ = (
        Index("uq_work_open", "order_id", "station_key", unique=True, **_where("status = 'open'")),
        Index("ix_work_open_station", "station_key", **_where("status = 'open'")),
        Index("ix_work_closed_at", "closed_at", **_where("closed_at IS NOT NULL")),
        _one_of("status", WorkStatus, "status"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id", index=True)
    station: str = Field(sa_type=Text)
    station_key: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    opened_at: str = Field(sa_type=Text)
    closed_at: str | None = Field(default=None, sa_type=Text)
    closed_by: str | None = Field(default=None, sa_type=Text)
    """Who closed it."""
    closed_at_station: str | None = Field(default=None, sa_type=Text)
    """Where it was closed; another station's name when that one took it over."""
    unlisted: str = Field(default="", sa_column=Column("unlisted", Text, nullable=False, server_default=""))
    """The keys of what is on no supplier's list, a line each, since something was (RULES 2.26)."""


class WorkAnswerTable(SQLModel, table=True):
    """What is asked once of a work, or of a product in it, and was asked (RULES 2.26; SCANS 4)."""

    __tablename__ = "work_answer"
    __table_args__ = (Index("uq_work_answer", "work_id", "product_id", "about", unique=True), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    work_id: int = Field(foreign_key="work.id")
    product_id: int = Field(default=0)
    """0 where it is of the whole work."""
    about: str = Field(sa_type=Text)
    """`OncePerWork`."""
    yes: bool


class EntryTable(SQLModel, table=True):
    """One accepted scan of open work; what Undo takes back. `op_id` makes a retry the same scan."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("op_id"),
        Index("ix_entry_piece_id", "piece_id", **_where("piece_id IS NOT NULL")),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    op_id: str = Field(sa_type=Text)
    work_id: int = Field(foreign_key="work.id", index=True)
    piece_id: int | None = None
    """The piece whose code it is, which Undo may since have dropped; of a product scan, none."""
    act: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    summary: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    undone: bool = False
    checksum: int | None = None
    """Of all that is never changed of it (`works.checksum`); none where an older version kept it."""


class PieceTable(SQLModel, table=True):
    """A quantity taken by work on a line: one unit where codes are asked, else as many as one scan took."""

    __tablename__ = "piece"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "line_id", "scenario"),
        Index("ix_piece_owed", "work_id", "id", **_where("owed = 1", "owed")),
        # With the line, so that the pieces of a line that came after one are counted without being read.
        Index("ix_piece_work_id", "work_id", "id", "line_id"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    work_id: int = Field(foreign_key="work.id")
    line_id: int = Field(foreign_key="order_line.id")
    entry_id: int | None = Field(default=None, foreign_key="entry.id", index=True)
    """The scan that took it; none for the Receive PO button."""
    scenario: int
    """The product's scenario when it was taken: what the piece owes is fixed by it (RULES 2.17)."""
    quantity: int
    owed: bool
    """Is a code of it still missing?"""
    unit_id: int | None = Field(default=None, foreign_key="unit.id", ondelete="SET NULL", index=True)
    source: str = Field(default="", sa_type=Text)
    """How the unit's code came in."""


class EntryLotTable(SQLModel, table=True):
    """What the label of an accepted scan says of its unit's lot and dates; the unit has it from Complete on."""

    __tablename__ = "entry_lot"
    __table_args__ = (_STRICT,)

    entry_id: int = Field(foreign_key="entry.id", primary_key=True)
    piece_id: int
    """Whose unit it is; Undo may since have dropped it."""
    lot: str | None = Field(default=None, sa_type=Text)
    use_by: str | None = Field(default=None, sa_type=Text)
    best_before: str | None = Field(default=None, sa_type=Text)
    made: str | None = Field(default=None, sa_type=Text)


class BoxedCodeTable(SQLModel, table=True):
    """A serial that was scanned with a unit whose serials come by import; it stays until that import (RULES 2.10)."""

    __tablename__ = "boxed_code"
    __table_args__ = (UniqueConstraint("product_id", "text_key"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    piece_id: int = Field(foreign_key="piece.id", ondelete="CASCADE", index=True)
    line_id: int = Field(foreign_key="order_line.id", index=True)
    product_id: int = Field(foreign_key="product.id")
    kind: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    text_key: str = Field(sa_type=Text)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    """The unit that had it when it was scanned; none where nobody knew it."""


_FILLED_BY_SOME = ("purchase_line_id", "shipment_line_id", "receiving_batch_id", "packing_batch_id")


class SerialUnitTable(SQLModel, table=True):
    """One physical piece with serial numbers. `held_by` is the open work that has it reserved."""

    __tablename__ = "unit"
    __table_args__ = (
        _one_of("status", UnitStatus, "status"),
        CheckConstraint("held_by IS NULL OR status IN ('Held', 'Received')", name="in_hand"),
        CheckConstraint("status NOT IN ('Packed', 'Shipped') OR shipment_line_id IS NOT NULL", name="packed_on_a_line"),
        Index("ix_unit_stock", "product_id", "warehouse_id", "status"),
        Index("ix_unit_held_by", "held_by", **_where("held_by IS NOT NULL")),
        Index("ix_unit_coming_to", "coming_to", **_where("coming_to IS NOT NULL")),
        Index("ix_unit_on_hold", "on_hold", **_where("on_hold IS NOT NULL")),
        Index("ix_unit_lot", "lot_key", **_where("lot_key IS NOT NULL")),
        *(
            Index(f"ix_unit_{day}", "product_id", day, **_where(f"status = 'Received' AND {day} IS NOT NULL"))
            for day in ("use_by", "best_before")
        ),
        *(Index(f"ix_unit_{column}", column, **_where(f"{column} IS NOT NULL")) for column in _FILLED_BY_SOME),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id")
    warehouse_id: int = Field(foreign_key="warehouse.id")
    status: str = Field(sa_type=Text)
    held_by: int | None = Field(default=None, foreign_key="work.id")
    purchase_line_id: int | None = Field(default=None, foreign_key="order_line.id")
    shipment_line_id: int | None = Field(default=None, foreign_key="order_line.id")
    received_at: str | None = Field(default=None, sa_type=Text)
    packed_at: str | None = Field(default=None, sa_type=Text)
    shipped_at: str | None = Field(default=None, sa_type=Text)
    receiving_batch_id: int | None = Field(default=None, foreign_key="import_batch.id")
    packing_batch_id: int | None = Field(default=None, foreign_key="import_batch.id")
    on_hold: str | None = Field(default=None, sa_type=Text)
    """Why it is on hold (RULES 2.23), beside whatever status; its last event of that kind says who and when."""
    lot: str | None = Field(default=None, sa_type=Text)
    lot_key: str | None = Field(default=None, sa_type=Text)
    use_by: str | None = Field(default=None, sa_type=Text)
    """A day, as 2027-03-31; so are the next two."""
    best_before: str | None = Field(default=None, sa_type=Text)
    made: str | None = Field(default=None, sa_type=Text)
    coming_to: int | None = None
    """The open receipt that has it in hand while it is still Shipped (RULES 2.22): then nobody else may take it."""


class UnitCodeTable(SQLModel, table=True):
    """A serial number of a unit. One namespace per client and SKU over both kinds (RULES 2.7)."""

    __tablename__ = "unit_code"
    __table_args__ = (
        # Codes that are not live have no third part in these two, and differ by that.
        Index("uq_unit_code_live", "text_key", "product_id", text("NULLIF(live, false)"), unique=True),
        Index("uq_unit_code_kind", "unit_id", "kind", text("NULLIF(live, false)"), unique=True),
        Index(
            "ix_unit_code_primary",
            "text_key",
            "product_id",
            **_where("kind = 'primary' AND live = 1", "kind = 'primary' AND live"),
        ),
        Index("ix_unit_code_end", "reversed_key"),
        # Codes that a label may spell with or without marks and separators; others are their own rough key.
        Index(
            "ix_unit_code_rough",
            text(ROUGH_KEY),
            "product_id",
            **_where(f"live = 1 AND {IS_MARKED_SQLITE}", f"live AND {IS_MARKED_POSTGRESQL}"),
        ),
        Index("ix_unit_code_entry_id", "entry_id", **_where("entry_id IS NOT NULL")),
        _one_of("kind", CodeKind, "kind"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    product_id: int = Field(foreign_key="product.id")
    """The unit's product, which stands for client and SKU."""
    kind: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    text_key: str = Field(sa_type=Text)
    reversed_key: str = Field(sa_type=Text)
    """The key backwards, so that its end can be looked up."""
    live: bool = True
    """False once the unit is gone or another code stands in this one's place: the SKU may use it again."""
    entry_id: int | None = Field(default=None, foreign_key="entry.id")
    """The scan that brought it, for Undo."""


class HouseSerialTable(SQLModel, table=True):
    """A serial that the site gave a unit whose own nobody could read; each number is given once."""

    __tablename__ = "house_serial"
    __table_args__ = (UniqueConstraint("text_key"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id")
    text: str = Field(sa_type=Text)
    text_key: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)


class ImportBatchTable(SQLModel, table=True):
    """One imported file of serials."""

    __tablename__ = "import_batch"
    __table_args__ = (_one_of("kind", OrderKind, "kind"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=Text)
    file_name: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    rows: int
    seal_id: int | None = _sealed("import_batch")


class UnitEventTable(SQLModel, table=True):
    """What happened to a unit. Only ever added to (triggers hold that); a unit's status is what they say."""

    __tablename__ = "unit_event"
    __table_args__ = (
        _one_of("what", Move, "what"),
        _one_of("status", UnitStatus, "status"),
        Index("ix_unit_event_what", "what", "at", "id"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    at: str = Field(sa_type=Text)
    what: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    """The unit's status afterwards."""
    line_id: int | None = Field(default=None, foreign_key="order_line.id", index=True)
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id")
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    primary_serial: str | None = Field(default=None, sa_type=Text)
    secondary_serial: str | None = Field(default=None, sa_type=Text)
    client: str | None = Field(default=None, sa_type=Text)
    sku: str | None = Field(default=None, sa_type=Text)
    order_number: str | None = Field(default=None, sa_type=Text)
    """These three as they were called then; none in the events of older versions."""
    scanned: str | None = Field(default=None, sa_type=Text)
    """What was scanned or stood in the file, a line for each, where it is not the primary as it stands."""
    seal_id: int | None = _sealed("unit_event")


class SiteActTable(SQLModel, table=True):
    """What was done to an order or to the site that no other table of acts keeps. Only ever added to."""

    __tablename__ = "site_act"
    __table_args__ = (_STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    at: str = Field(sa_type=Text)
    act: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    """What it was done to, as it was called then."""
    client: str = Field(default="", sa_type=Text)
    was: str = Field(default="", sa_type=Text)
    became: str = Field(default="", sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    seal_id: int | None = _sealed("site_act")


class SealTable(SQLModel, table=True):
    """A link of a station's chain: it seals what one transaction wrote, by the site's key. Only ever added to."""

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("station_key", "number"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    station: str = Field(sa_type=Text)
    """Whose chain; empty for the store's own, whose link seals what an older version wrote."""
    station_key: str = Field(sa_type=Text)
    number: int
    """Its place in the chain, from 1."""
    at: str = Field(sa_type=Text)
    """When it was recorded, by the store's clock."""
    form: int
    """Which columns of which tables it seals: `sealing.FORMS`."""
    key_name: str = Field(sa_type=Text)
    """The site's key; empty where the host had none, and the link proves nothing."""
    beside_id: int | None = None
    """The newest link of all chains that this transaction saw, sealed with this one."""
    rows: bytes = Field(sa_type=LargeBinary)
    """Which rows, and a short hash of each: `sealing.SealedRows`."""
    digest: str = Field(sa_type=Text)


class StoreKeyTable(SQLModel, table=True):
    """The name of the site's key, which is not in the store; one row."""

    __tablename__ = "store_key"
    __table_args__ = (_STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text)


class RefusalTable(SQLModel, table=True):
    """A scan or an act that was refused, for the supervisor's overview; changes nothing else."""

    __tablename__ = "refusal"
    __table_args__ = (Index(None, "at"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    order_id: int | None = Field(default=None, foreign_key="orders.id")
    code: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    sentence: str = Field(sa_type=Text)


class DiscrepancyTable(SQLModel, table=True):
    """What did not come as ordered, noted on a purchase order's line (RULES 2.24)."""

    __tablename__ = "discrepancy"
    __table_args__ = (_one_of("differs", Differs, "differs"), CheckConstraint("count > 0", name="count"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="order_line.id", index=True)
    differs: str = Field(sa_type=Text)
    count: int
    words: str = Field(sa_type=Text)
    serials: str = Field(sa_type=Text)
    """One a line."""
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    settled_at: str | None = Field(default=None, sa_type=Text)
    settled_by: str | None = Field(default=None, sa_type=Text)
    settled_as: str | None = Field(default=None, sa_type=Text)


class ExpectedListTable(SQLModel, table=True):
    """A file of serials that a supplier announces for a purchase order (RULES 2.26); it makes no unit."""

    __tablename__ = "expected_list"
    __table_args__ = (_STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id", index=True)
    file_name: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)


class ExpectedSerialTable(SQLModel, table=True):
    """One unit of such a list."""

    __tablename__ = "expected_serial"
    __table_args__ = (
        UniqueConstraint("order_id", "product_id", "primary_key"),
        Index(None, "product_id", "primary_key"),
        Index("ix_expected_serial_secondary", "product_id", "secondary_key", **_where("secondary_key IS NOT NULL")),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="expected_list.id", index=True)
    order_id: int = Field(foreign_key="orders.id")
    """That of its list."""
    product_id: int = Field(foreign_key="product.id")
    primary_text: str = Field(sa_type=Text)
    primary_key: str = Field(sa_type=Text)
    secondary_text: str | None = Field(default=None, sa_type=Text)
    secondary_key: str | None = Field(default=None, sa_type=Text)
    lot: str | None = Field(default=None, sa_type=Text)
    use_by: str | None = Field(default=None, sa_type=Text)
    best_before: str | None = Field(default=None, sa_type=Text)
    made: str | None = Field(default=None, sa_type=Text)


class TransferTable(SQLModel, table=True):
    """Goods on their way from one warehouse to another (RULES 2.27)."""

    __tablename__ = "transfer"
    __table_args__ = (UniqueConstraint("number_key"), _one_of("status", TransferStatus, "status"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=Text)
    number_key: str = Field(sa_type=Text)
    from_id: int = Field(foreign_key="warehouse.id")
    to_id: int = Field(foreign_key="warehouse.id")
    status: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)


class TransferUnitTable(SQLModel, table=True):
    """A unit on the list of a transfer, and how far it has come."""

    __tablename__ = "transfer_unit"
    __table_args__ = (
        Index("uq_transfer_unit_on_the_way", "unit_id", unique=True, **_where("leg = 'on the way'")),
        _one_of("leg", Leg, "leg"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    transfer_id: int = Field(foreign_key="transfer.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    leg: str = Field(sa_type=Text)


class TransferGoodsTable(SQLModel, table=True):
    """Goods without serials on a transfer, in pieces."""

    __tablename__ = "transfer_goods"
    __table_args__ = (
        UniqueConstraint("transfer_id", "product_id"),
        CheckConstraint("arrived >= 0 AND back >= 0 AND lost >= 0 AND arrived + back + lost <= sent", name="counts"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    transfer_id: int = Field(foreign_key="transfer.id")
    product_id: int = Field(foreign_key="product.id")
    sent: int
    arrived: int = 0
    back: int = 0
    lost: int = 0


class TransferEntryTable(SQLModel, table=True):
    """One accepted scan of a transfer, booked as it came; what Undo takes back. `op_id` makes a retry the same scan."""

    __tablename__ = "transfer_entry"
    __table_args__ = (
        UniqueConstraint("op_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        _one_of("leg", Leg, "leg"),
        Index("ix_transfer_entry_unit_id", "unit_id", **_where("unit_id IS NOT NULL")),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    op_id: str = Field(sa_type=Text)
    transfer_id: int = Field(foreign_key="transfer.id", index=True)
    station_key: str = Field(sa_type=Text)
    leg: str = Field(sa_type=Text)
    """On the way: it was sent."""
    product_id: int = Field(foreign_key="product.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    """None where goods without serials went."""
    quantity: int = 1
    was_listed: bool = True
    """Of a unit that arrived: had somebody sent it out before?"""
    summary: str = Field(sa_type=Text)
    undone: bool = False
    is_past: bool = False
    """Somebody has completed since: Undo does not reach it."""


class ReturnTable(SQLModel, table=True):
    """What comes back under one reference (RULES 2.22); whether a list of it was loaded or somebody just began."""

    __tablename__ = "goods_return"
    __table_args__ = (
        Index(None, "number_key"),
        _one_of("status", ReturnStatus, "status"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=Text)
    number_key: str = Field(sa_type=Text)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    """Whose goods are expected; none where no list was loaded."""
    status: str = Field(sa_type=Text)
    opened_at: str = Field(sa_type=Text)


class ReturnLineTable(SQLModel, table=True):
    """What a loaded list expects of a return: a serial, or so many of a product."""

    __tablename__ = "return_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    return_id: int = Field(foreign_key="goods_return.id", index=True)
    product_id: int = Field(foreign_key="product.id")
    serial: str = Field(default="", sa_type=Text)
    serial_key: str = Field(default="", sa_type=Text)
    quantity: int
    order_number: str = Field(default="", sa_type=Text)
    """The shipment order that it went out on; empty where the list does not say."""


class ReturnWorkTable(SQLModel, table=True):
    """What one station takes in of one return; a station has one open at a time."""

    __tablename__ = "return_work"
    __table_args__ = (
        Index("uq_return_work_open", "station_key", unique=True, **_where("status = 'open'")),
        _one_of("status", WorkStatus, "status"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    return_id: int = Field(foreign_key="goods_return.id", index=True)
    warehouse_id: int = Field(foreign_key="warehouse.id")
    station: str = Field(sa_type=Text)
    station_key: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    opened_at: str = Field(sa_type=Text)
    closed_at: str | None = Field(default=None, sa_type=Text)
    closed_by: str | None = Field(default=None, sa_type=Text)


class ReturnEntryTable(SQLModel, table=True):
    """One accepted scan of a return; what Undo takes back. `op_id` makes a retry the same scan."""

    __tablename__ = "return_entry"
    __table_args__ = (
        UniqueConstraint("op_id"),
        Index("ix_entry_piece_id", "piece_id", **_where("piece_id IS NOT NULL")),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    op_id: str = Field(sa_type=Text)
    work_id: int = Field(foreign_key="return_work.id", index=True)
    piece_id: int | None = None
    """The piece that it completed; of a scan that took one, none."""
    act: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    summary: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    undone: bool = False


class ReturnPieceTable(SQLModel, table=True):
    """A unit that came back, or a quantity of goods without serials."""

    __tablename__ = "return_piece"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        _one_of("owed", Owed, "owed"),
        Index("uq_return_piece_in_hand", "unit_id", unique=True, **_where("in_hand = 1", "in_hand")),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    work_id: int = Field(foreign_key="return_work.id", index=True)
    entry_id: int = Field(foreign_key="return_entry.id")
    product_id: int | None = Field(default=None, foreign_key="product.id")
    quantity: int
    unit_id: int | None = Field(default=None, foreign_key="unit.id", ondelete="SET NULL", index=True)
    code: str = Field(default="", sa_type=Text)
    """What was scanned for it first."""
    owed: str = Field(default="", sa_type=Text)
    other: str = Field(default="", sa_type=Text)
    """Which of the unit's two codes is the other one."""
    part_missing: str = Field(default="", sa_type=Text)
    is_unknown: bool = False
    doubt: str = Field(default="", sa_type=Text)
    source: str = Field(sa_type=Text)
    in_hand: bool = True
    """Until its work is completed: nobody else may take the unit."""


class StationSessionTable(SQLModel, table=True):
    """The terminal that a station name lives in (RULES 2.4)."""

    __tablename__ = "station_session"
    __table_args__ = (UniqueConstraint("station_key"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    station: str = Field(sa_type=Text)
    station_key: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    host: str = Field(sa_type=Text)
    pid: int
    process_started: str = Field(sa_type=Text)
    """When the process began, as its system reports it: a process id is used again."""
    started_at: str = Field(sa_type=Text)
    seen_at: str = Field(sa_type=Text)


class DoneActTable(SQLModel, table=True):
    """An act that was done, on a server: whoever lost the answer to a COMMIT looks here whether it came through."""

    __tablename__ = "done_act"
    __table_args__ = (Index(None, "at"), _STRICT)

    id: str = Field(primary_key=True, sa_type=Text)
    at: str = Field(sa_type=Text)


class OperatorTable(SQLModel, table=True):
    """Somebody who may sign in, or a service account."""

    __tablename__ = "operator"
    __table_args__ = (UniqueConstraint("name_key"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text)
    name_key: str = Field(sa_type=Text)
    is_service: bool
    is_disabled: bool
    roles: str = Field(sa_type=Text)
    """`;` between."""
    rights: str = Field(sa_type=Text)
    """Beside those of the roles, `;` between."""
    pin: str = Field(sa_type=Text)
    """Argon2id of the PIN under the site's key; empty where there is none."""
    language: str = Field(default="", sa_column=Column("language", Text, nullable=False, server_default=""))
    """What they read at a station, as `ui.language` names it; empty: what the station speaks."""


class OperatorRoleTable(SQLModel, table=True):
    """A set of rights that a site has named."""

    __tablename__ = "operator_role"
    __table_args__ = (UniqueConstraint("name"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text)
    rights: str = Field(sa_type=Text)


class BadgeTable(SQLModel, table=True):
    """A badge that was printed. Its code is not kept: a copy of the store prints none."""

    __tablename__ = "badge"
    __table_args__ = (UniqueConstraint("code_hash"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    operator_id: int = Field(foreign_key="operator.id", index=True)
    code_hash: str = Field(sa_type=Text)
    until: str = Field(sa_type=Text)
    """A day badge is good until then; empty: until it is withdrawn."""
    is_withdrawn: bool


class SiteAuthTable(SQLModel, table=True):
    """Whether people sign in; one row, made with the first operator."""

    __tablename__ = "site_auth"
    __table_args__ = (_STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    sign_in_since: str = Field(sa_type=Text)
    """When it was turned on; empty while it is off."""
    key_name: str = Field(sa_type=Text)
    """By what the site's key is known (`site_key.SiteKey.name`)."""
    failures: int
    """Wrong PINs in a row, at all stations."""
    failed_at: str = Field(sa_type=Text)


class OutboxTable(SQLModel, table=True):
    """What an act did that an ERP is to hear and that has no number yet: its events, or what it did to one order."""

    __tablename__ = "outbox"
    __table_args__ = (_STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    link_id: int | None = None
    """The link that knows which events they are."""
    order_id: int | None = None
    body: str | None = Field(default=None, sa_type=Text)
    """What it did to the order, in JSON."""
    told: int = Field(default=0, sa_column=Column("told", Integer, nullable=False, server_default="0"))
    """Of so many of its events there are messages already."""


class HandoverMessageTable(SQLModel, table=True):
    """A message for the ERP; its number stays."""

    __tablename__ = "handover_message"
    __table_args__ = (_STRICT,)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text)
    """The order and the unit that it tells of: `domain.handover.Message.key`."""
    at: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)


class HandoverTargetTable(SQLModel, table=True):
    """How far messages have come: those of a target, or, without a name, the numbers that were given."""

    __tablename__ = "handover_target"
    __table_args__ = (_STRICT,)

    name: str = Field(primary_key=True, sa_type=Text)
    upto: int
    runner: str = Field(sa_type=Text)
    """Who delivers there, until when."""
    until: str = Field(sa_type=Text)


class HandoverFailureTable(SQLModel, table=True):
    """A message that a target has refused, or that waits behind one of its key which it refused."""

    __tablename__ = "handover_failure"
    __table_args__ = (_STRICT,)

    target: str = Field(primary_key=True, sa_type=Text)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tries: int
    due: str = Field(sa_type=Text)
    said: str = Field(sa_type=Text)


class LotHoldTable(SQLModel, table=True):
    """A lot of a product that is on hold, with what comes of it later (RULES 2.23)."""

    __tablename__ = "lot_hold"
    __table_args__ = (
        Index("uq_lot_hold_standing", "product_id", "lot_key", unique=True, **_where("lifted_at IS NULL")),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id")
    lot: str = Field(sa_type=Text)
    lot_key: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    lifted_at: str | None = Field(default=None, sa_type=Text)
    lifted_by: str | None = Field(default=None, sa_type=Text)


class CountTable(SQLModel, table=True):
    """A count of what stands in a warehouse (RULES 2.28)."""

    __tablename__ = "stock_count"
    __table_args__ = (UniqueConstraint("number_key"), _one_of("status", CountStatus, "status"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=Text)
    number_key: str = Field(sa_type=Text)
    warehouse_id: int = Field(foreign_key="warehouse.id")
    client_id: int | None = Field(default=None, foreign_key="client.id")
    of_id: int | None = Field(default=None, foreign_key="stock_count.id", index=True)
    """The count whose missing this second round is about."""
    is_of_skus: bool
    """Is it of the products on its lines alone?"""
    is_partial: bool
    status: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    closed_at: str | None = Field(default=None, sa_type=Text)
    closed_by: str | None = Field(default=None, sa_type=Text)


class CountLineTable(SQLModel, table=True):
    """A product that a count is of, or whose goods were on hand by quantity as it began."""

    __tablename__ = "count_line"
    __table_args__ = (UniqueConstraint("count_id", "product_id"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    count_id: int = Field(foreign_key="stock_count.id")
    product_id: int = Field(foreign_key="product.id")
    on_hand: int | None = None
    """Of goods that go by quantity; none where the books do not say it for one warehouse."""


class CountUnitTable(SQLModel, table=True):
    """A unit that was Received as a count began, and what became of it."""

    __tablename__ = "count_unit"
    __table_args__ = (UniqueConstraint("count_id", "unit_id"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    count_id: int = Field(foreign_key="stock_count.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    last_event: int
    """The unit's last event as the count began."""
    result: str = Field(default="", sa_type=Text)
    """Empty until the count ends."""
    written_off: bool = False
    held_back: str = Field(default="", sa_type=Text)
    """Why it was on hold as it was written off."""


class CountScanTable(SQLModel, table=True):
    """A scan of a count; `op_id` makes a retry the same scan."""

    __tablename__ = "count_scan"
    __table_args__ = (
        UniqueConstraint("op_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("uq_count_scan_unit", "count_id", "unit_id", unique=True, **_where("undone = 0", "NOT undone")),
        Index("ix_count_scan_unit_id", "unit_id", **_where("unit_id IS NOT NULL")),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    op_id: str = Field(sa_type=Text)
    count_id: int = Field(foreign_key="stock_count.id", index=True)
    product_id: int | None = Field(default=None, foreign_key="product.id")
    """Whose the unit is, or the goods; none of an unknown serial."""
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    code: str = Field(sa_type=Text)
    code_key: str = Field(sa_type=Text)
    quantity: int
    status: str = Field(default="", sa_type=Text)
    """The unit's as it was scanned."""
    warehouse_id: int | None = Field(default=None, foreign_key="warehouse.id")
    in_work: bool = False
    place: str = Field(default="", sa_type=Text)
    """Where the unit was by the books, in words."""
    result: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    operator: str = Field(sa_type=Text)
    station: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    undone: bool = False
