"""The known shapes of products' serials: learned as work is completed and files are imported, never by a scan."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.engine import Connection

from scanstation.domain import shapes
from scanstation.domain.products import Difference, Product
from scanstation.domain.shapes import LAST, Shape
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import catalog
from scanstation.store import tables as t

NewCodes = Mapping[tuple[int, CodeKind], Sequence[str]]
"""New codes by product and kind, the last ones last."""


def of_work(tx: Connection, work_id: int) -> dict[tuple[int, CodeKind], list[str]]:
    """The codes that open work has brought."""
    codes: dict[tuple[int, CodeKind], list[str]] = {}
    for product_id, kind, code in tx.execute(_OF_WORK, {"of_work": work_id}):
        codes.setdefault((product_id, CodeKind(kind)), []).append(code)
    return codes


def learn(tx: Connection, new: NewCodes) -> None:
    """Add new codes to the last ones of their products, and keep what shape these have."""
    for product_id, kind in sorted(new):
        codes = new[product_id, kind][-LAST:]
        if not codes:
            continue
        this = {"of_product": product_id, "of_kind": kind.value}
        tx.execute(_BEGIN, this)
        recent = tx.execute(_RECENT, this).scalar_one()
        last = [*(json.loads(recent) if recent else []), *codes][-LAST:]
        tx.execute(_KEEP, {**this, "the_codes": json.dumps(last)})
        known = shapes.read(tx.execute(_SHAPES, this).scalar_one())
        grown = shapes.learned(known, kind, last)
        if grown != known:
            catalog.set_shapes(tx, product_id, grown)


def make_known(tx: Connection, product: Product, kind: CodeKind, shape: Shape, stamp: Stamp) -> None:
    """Somebody said that serials of this shape are the product's too."""
    known = shapes.read(tx.execute(_SHAPES, {"of_product": product.id}).scalar_one())
    if (kind, shape) not in known:
        catalog.set_shapes(tx, product.id, (*known, (kind, shape)))
        change = Difference(f"what its {kind.value} serials may look like", became=shape.words)
        catalog.note_changes(tx, {product.id: [change]}, stamp)


_OF_WORK = (
    select(t.unit_code.c.product_id, t.unit_code.c.kind, t.unit_code.c.text)
    .join(t.entry, t.entry.c.id == t.unit_code.c.entry_id)
    .where(t.entry.c.work_id == bindparam("of_work"), t.unit_code.c.live.is_(True))
    .order_by(t.unit_code.c.id)
)
_this = (t.last_codes.c.product_id == bindparam("of_product")) & (t.last_codes.c.kind == bindparam("of_kind"))
_BEGIN = text(
    "INSERT INTO last_codes (product_id, kind, codes) VALUES (:of_product, :of_kind, '') "
    "ON CONFLICT (product_id, kind) DO NOTHING"
)
_RECENT = select(t.last_codes.c.codes).where(_this).with_for_update()
_KEEP = update(t.last_codes).where(_this).values(codes=bindparam("the_codes"))
_SHAPES = select(t.product.c.shapes).where(t.product.c.id == bindparam("of_product"))
