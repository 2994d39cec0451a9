"""Receipts and packings as the store keeps them, in a line each: open, or completed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from sqlalchemy import select

from scanstation.domain.codes import Code, read_code
from scanstation.domain.orders import OrderLine
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, UnitStatus, WorkStatus
from scanstation.domain.units import Moved
from scanstation.domain.verdict import CodeKind
from scanstation.store import moves, orders, units, works
from scanstation.store import tables as t
from scanstation.store.store import Transaction
from scanstation.workflows.site import Site

_scans = count(1)


def code(text: str) -> Code:
    """A code as scanned."""
    found = read_code(text)
    assert isinstance(found, Code)
    return found


def line_of(tx: Transaction, order_id: int, sku: str) -> OrderLine:
    """The line of a SKU on an order."""
    return next(line for line in orders.lines(tx, order_id) if line.product.sku == sku)


def open_work(
    site: Site,
    order_id: int,
    sku: str = "",
    *,
    serials: Sequence[str] = (),
    quantity: int = 0,
    source: Source = Source.SCAN,
    station: str | None = None,
) -> int:
    """Open work at a station that took units with these serials, and a quantity without; answers its id.

    A serial that is Received is taken in hand; an unknown one becomes a Held unit. `A/B` is a unit's two codes:
    of a unit that has A only, B is added.
    """
    here = replace(site, station=station) if station else site

    def take(tx: Transaction) -> int:
        stamp = here.stamp()
        own = works.own(tx, order_id, here.station) or works.start(tx, order_id, stamp)
        if not sku:
            return own.id
        line = line_of(tx, order_id, sku)
        scenario = site.policy(line.product.settings).scenario
        assert orders.take(tx, line.id, len(serials) + quantity)
        if quantity:
            works.add_pieces(tx, own.id, line.id, scenario=scenario, quantities=[quantity], owed=False)
        for serial in serials:
            entry = works.add_entry(
                tx,
                own.id,
                op_id=f"scan-{next(_scans)}",
                act="serial",
                code=serial,
                summary="",
                stamp=stamp,
                source=source,
            )
            works.add_pieces(tx, own.id, line.id, scenario=scenario, quantities=[1], owed=True, entry_id=entry)
            piece = works.pieces_of_entry(tx, entry)[0]
            primary, _, secondary = serial.partition("/")
            known = units.by_code(tx, line.product.id, code(primary).key)
            if known is None:
                warehouse = orders.get(tx, order_id).warehouse_id
                unit_id = units.hold_new(tx, line.product.id, warehouse, own.id)
                units.add_code(tx, unit_id, line.product.id, CodeKind.PRIMARY, code(primary), entry)
            else:
                unit_id = known.id
                units.hold(tx, unit_id, own.id)
            if secondary and not (known and known.secondary):
                units.add_code(tx, unit_id, line.product.id, CodeKind.SECONDARY, code(secondary), entry)
            works.change_piece(tx, piece.id, owed=False, unit_id=unit_id, source=source)
        orders.refresh_status(tx, order_id)
        return own.id

    return site.store.act(take)


def complete(site: Site, work_id: int, what: Move) -> None:
    """The open work is completed."""

    def do(tx: Transaction) -> None:
        stamp = site.stamp()
        for piece in works.pieces(tx, work_id):
            orders.book(tx, piece.line_id, piece.quantity)
            if piece.unit_id is not None:
                assert piece.source is not None
                moves.move(
                    tx,
                    what,
                    [Moved(unit_id=piece.unit_id, line_id=piece.line_id, source=piece.source)],
                    stamp,
                    by_work=work_id,
                )
        works.close(tx, work_id, WorkStatus.COMPLETED, stamp)
        order_id = works.get(tx, work_id).order_id
        orders.refresh_status(tx, order_id)
        orders.waits_from(tx, order_id, stamp.at)

    site.store.act(do)


def received(site: Site, order_id: int, sku: str, *serials: str, quantity: int = 0) -> None:
    """A completed receipt."""
    complete(site, open_work(site, order_id, sku, serials=serials, quantity=quantity), Move.RECEIVE)


def packed(site: Site, order_id: int, sku: str, *serials: str, quantity: int = 0, source: Source = Source.SCAN) -> None:
    """A completed packing."""
    complete(site, open_work(site, order_id, sku, serials=serials, quantity=quantity, source=source), Move.PACK)


def status_of(site: Site, product_id: int, serial: str) -> UnitStatus | None:
    """The status of the unit that a live code belongs to."""
    with site.store.read() as tx:
        known = units.by_code(tx, product_id, code(serial).key)
    return known.status if known else None


def events_of(site: Site, serial: str) -> list[tuple[str, str]]:
    """What happened to a unit, and the source."""
    with site.store.read() as tx:
        unit_id = tx.execute(select(t.unit_code.c.unit_id).where(t.unit_code.c.text == serial)).scalars().first()
        rows = tx.execute(select(t.unit_event).where(t.unit_event.c.unit_id == unit_id).order_by(t.unit_event.c.id))
        return [(row.what, row.source) for row in rows]
