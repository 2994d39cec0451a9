"""Units that have come some way already, for tests of what is told about them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from scanstation.domain.codes import Code, read_code
from scanstation.domain.scan import Source
from scanstation.domain.status import Move
from scanstation.domain.units import Moved
from scanstation.domain.verdict import CodeKind
from scanstation.store import catalog, moves, orders, units, works
from scanstation.workflows.site import Site

Serial = str | tuple[str, str]


def code(text: str) -> Code:
    found = read_code(text)
    assert isinstance(found, Code)
    return found


def received(site: Site, order_id: int, sku: str, *serials: Serial) -> list[int]:
    """New units, Received on a purchase order; their ids."""
    return _new(site, order_id, sku, serials, Move.RECEIVE)


def packed(site: Site, order_id: int, sku: str, *serials: Serial) -> list[int]:
    """New units, Packed on a shipment order; their ids."""
    return _new(site, order_id, sku, serials, Move.PACK)


def opening(site: Site, client: str, warehouse: str, sku: str, *serials: Serial) -> list[int]:
    """Units of opening stock; their ids."""

    def do(tx: Connection) -> list[int]:
        client_id = catalog.client_id(tx, client)
        warehouse_id = catalog.warehouse_id(tx, warehouse, create=True)
        assert client_id is not None
        assert warehouse_id is not None
        product = catalog.product_by_sku(tx, client_id, sku)
        assert product is not None
        ids = _create(tx, product.id, warehouse_id, serials)
        moved = [Moved(unit_id=unit, line_id=None, source=Source.OPENING) for unit in ids]
        moves.move(tx, Move.RECEIVE, moved, site.stamp())
        return ids

    return site.store.act(do)


def held(site: Site, order_id: int, sku: str, serial: str) -> int:
    """A unit in the hands of open work at this site's station; its id."""

    def do(tx: Connection) -> int:
        order = orders.get(tx, order_id)
        work = works.own(tx, order_id, site.station) or works.start(tx, order_id, site.stamp())
        (line,) = (line for line in orders.lines(tx, order_id) if line.product.sku == sku)
        unit = units.hold_new(tx, line.product.id, order.warehouse_id, work.id)
        units.add_code(tx, unit, line.product.id, CodeKind.PRIMARY, code(serial))
        return unit

    return site.store.act(do)


def moved(site: Site, what: Move, unit_ids: Sequence[int], order_id: int | None = None, sku: str = "") -> None:
    """Move units along, on an order's line where one is named."""

    def do(tx: Connection) -> None:
        line_id = None
        if order_id:
            (line_id,) = (line.id for line in orders.lines(tx, order_id) if line.product.sku == sku)
        moves.move(
            tx, what, [Moved(unit_id=unit, line_id=line_id, source=Source.SCAN) for unit in unit_ids], site.stamp()
        )

    site.store.act(do)


def _new(site: Site, order_id: int, sku: str, serials: Sequence[Serial], what: Move) -> list[int]:
    def do(tx: Connection) -> list[int]:
        order = orders.get(tx, order_id)
        (line,) = (line for line in orders.lines(tx, order_id) if line.product.sku == sku)
        ids = _create(tx, line.product.id, order.warehouse_id, serials)
        moves.move(tx, what, [Moved(unit_id=unit, line_id=line.id, source=Source.SCAN) for unit in ids], site.stamp())
        return ids

    return site.store.act(do)


def _create(tx: Connection, product_id: int, warehouse_id: int, serials: Sequence[Serial]) -> list[int]:
    pairs = [(code(one), None) if isinstance(one, str) else (code(one[0]), code(one[1])) for one in serials]
    return units.create_many(tx, [product_id] * len(pairs), [warehouse_id] * len(pairs), pairs)
