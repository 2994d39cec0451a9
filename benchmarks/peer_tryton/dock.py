"""Runs in Tryton's environment: `python dock.py CONFIGURATION SERIALS`.

Sets a warehouse up with so many serials in stock, says `ready`, and then does what each line of standard input says
(`receive 20`, `pack 20`, `look-up 20`, `page 5`, `bulk 10000`) and prints the milliseconds of each as a list of JSON.
"""

import datetime
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from proteus import Model, config  # type: ignore[import-not-found]

NAME, PRODUCTS = "peer", 20
PAGE = 50
_PACKED_AT_MOST = 200
"""Its shipment waits for so many: more would take it minutes to set up."""
_MODEL = "MODEL"
"""The number of the one lot that went the whole way; the others in stock are rows like its."""


def commit_as_we_do() -> None:
    """Keep Tryton's connection open between transactions, and have its commits synced."""
    from trytond.backend.sqlite.database import Database  # type: ignore[import-not-found]

    connect = Database.connect
    kept: dict[str, sqlite3.Connection] = {}

    def connect_once(self: Any) -> Any:
        if self._conn is None and (connection := kept.get(self.name)):
            self._conn = connection
            return self
        connected = connect(self)
        self._conn.execute("PRAGMA synchronous = FULL")
        kept[self.name] = self._conn
        return connected

    Database.connect = connect_once


class Dock:
    """A warehouse in Tryton, called in its own process."""

    def __init__(self, configuration: str, serials: int) -> None:
        commit_as_we_do()
        self._client = config.set_trytond(f"sqlite:///{NAME}", config_file=configuration)
        self._file = Path(configuration).with_name(f"{NAME}.sqlite")
        self._serials = serials
        self._new, self._to_pack = count(), count()
        self._look = count()
        self._set_up()
        self._multiply()
        self._shipment = self._wait_for_goods()

    # What a station does

    def receive(self, number: int) -> list[float]:
        """Serials into stock, one transaction each: is it new, the lot, its move, done."""
        moves, lots = self._of("stock.move"), self._of("stock.lot")

        def one() -> None:
            at = next(self._new)
            product, serial = self._products[at % PRODUCTS], f"NEW{at:09}"
            with self._transaction():
                known = lots.search([("number", "=", serial), ("product", "=", product)], limit=1)
                assert not known, serial
                (lot,) = lots.create([{"number": serial, "product": product}])
                moves.do(moves.create([self._incoming(product, lot.id, self._places["STO"])]))

        return [_timed(one) for _ in range(number)]

    def pack(self, number: int) -> list[float]:
        """Serials of the stock onto an open shipment: the lot, a move that lacks one, assigned to it."""
        moves, lots = self._of("stock.move"), self._of("stock.lot")

        def one() -> None:
            serial = self._stocked(next(self._to_pack))
            with self._transaction(_lock_tables=["stock_move"]):
                (lot,) = lots.search([("number", "=", serial)])
                (move,) = moves.search(
                    [
                        ("shipment", "=", f"stock.shipment.out,{self._shipment}"),
                        ("from_location", "=", self._places["STO"]),
                        ("product", "=", lot.product.id),
                        ("lot", "=", None),
                        ("state", "=", "draft"),
                    ],
                    limit=1,
                )
                moves.write([move], {"lot": lot.id})
                assert moves.assign_try([move], with_childs=False), serial

        return [_timed(one) for _ in range(number)]

    def look_up(self, number: int) -> list[float]:
        """A serial by its number, with its product."""
        lots = self._of("stock.lot")

        def one() -> None:
            serial = self._stocked(next(self._look))
            with self._transaction(readonly=True):
                found = lots.search_read([("number", "=", serial)], fields_names=["number", "product.rec_name"])
                assert len(found) == 1, serial

        return [_timed(one) for _ in range(number)]

    def page(self, number: int) -> list[float]:
        """The first page of all serials, with their products."""
        lots = self._of("stock.lot")

        def one() -> None:
            with self._transaction(readonly=True):
                found = lots.search_read([], limit=PAGE, fields_names=["number", "product.rec_name"])
                assert len(found) == PAGE

        return [_timed(one) for _ in range(number)]

    def bulk(self, number: int) -> list[float]:
        """So many serials in one transaction, from memory: are they new, their lots, their moves on a receipt."""
        moves, lots, shipments = self._of("stock.move"), self._of("stock.lot"), self._of("stock.shipment.in")
        serials = [f"BULK{next(self._new):09}" for _ in range(number)]

        def all_of_them() -> None:
            with self._transaction():
                assert not lots.search([("number", "in", serials)], limit=1)
                made = lots.create(
                    [{"number": serial, "product": self._products[at % PRODUCTS]} for at, serial in enumerate(serials)]
                )
                (shipment,) = shipments.create([self._receipt()])
                on = f"stock.shipment.in,{shipment.id}"
                moves.create(
                    [
                        self._incoming(self._products[at % PRODUCTS], lot.id, self._places["IN"]) | {"shipment": on}
                        for at, lot in enumerate(made)
                    ]
                )

        return [_timed(all_of_them)]

    # How it got there

    def _set_up(self) -> None:
        """A company, its partners, products that need a lot, and one lot in stock, all by Tryton's own ways."""
        from trytond.modules.company.tests.tools import create_company  # type: ignore[import-not-found]

        create_company(config=self._client)
        party, unit = Model.get("party.party"), Model.get("product.uom")
        supplier, customer = party(name="Supplier"), party(name="Customer")
        supplier.save()
        (customer.addresses[0] if customer.addresses else customer.addresses.new()).street = "Dock Road 1"
        customer.save()
        (self._unit,) = (one.id for one in unit.find([("name", "=", "Unit")]))
        template = Model.get("product.template")
        for number in range(PRODUCTS):
            product = template(name=f"Product {number}", type="goods", list_price=Decimal(20))
            product.default_uom, product.lot_required = unit(self._unit), ["storage"]
            product.save()
        self._products = [product.id for product in Model.get("product.product").find([])]
        self._places = {place.code: place.id for place in Model.get("stock.location").find([]) if place.code}
        self._supplier, self._customer = supplier.id, customer.id
        self._address = party(customer.id).addresses[0].id
        (company,) = Model.get("company.company").find([])
        self._company, self._currency = company.id, company.currency.id
        moves, lots, shipments = self._of("stock.move"), self._of("stock.lot"), self._of("stock.shipment.in")
        with self._transaction():
            (lot,) = lots.create([{"number": _MODEL, "product": self._products[0]}])
            (shipment,) = shipments.create([self._receipt()])
            on = {"shipment": f"stock.shipment.in,{shipment.id}"}
            moves.create([self._incoming(self._products[0], lot.id, self._places["IN"]) | on])
            shipments.receive([shipment])
            shipments.do([shipment])

    def _multiply(self) -> None:
        """The serials in stock: the model's lot and its two moves, row by row, straight into the tables."""
        connection = sqlite3.connect(self._file)
        lot, shipment = connection.execute(
            "SELECT lot, shipment FROM stock_move WHERE shipment LIKE 'stock.shipment.in,%'"
            " AND lot = (SELECT id FROM stock_lot WHERE number = ?)",
            (_MODEL,),
        ).fetchone()
        of_lot = "SELECT id FROM stock_move WHERE lot = ? ORDER BY origin IS NOT NULL"  # it came, then it was put away
        (arrived,), (stored,) = connection.execute(of_lot, (lot,)).fetchall()
        places = ", ".join(f"({at}, {product})" for at, product in enumerate(self._products))
        self._first = 1_000_000
        first, second = self._first, 2 * self._first + self._serials
        product = f"(SELECT column2 FROM (VALUES {places}) WHERE column1 = n % {PRODUCTS})"  # noqa: S608 - our own words
        self._rows_like(
            connection, "stock_lot", lot, {"id": f"{first} + n", "number": "printf('S%09d', n)", "product": product}
        )
        like_lot = {"lot": f"{first} + n", "product": product}
        self._rows_like(
            connection, "stock_move", arrived, {"id": f"{first} + n", "shipment": f"'{shipment}'"} | like_lot
        )
        origin = f"'stock.move,' || ({first} + n)"
        self._rows_like(connection, "stock_move", stored, {"id": f"{second} + n", "origin": origin} | like_lot)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def _rows_like(self, connection: sqlite3.Connection, table: str, model: int, other: dict[str, str]) -> None:
        """As many rows as there are to be serials, each like the model's but in these columns, which depend on `n`."""
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(other.get(column, f'"{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        numbers = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)"
        rows = f"SELECT {values} FROM {table}, numbers WHERE {table}.id = ?"  # noqa: S608 - our own words
        into = f"INSERT INTO {table} ({names})"
        connection.execute(f"{numbers} {into} {rows}", (self._serials, model))

    def _wait_for_goods(self) -> int:
        """A shipment to the customer whose moves wait for their lots."""
        moves, shipments = self._of("stock.move"), self._of("stock.shipment.out")
        wanted = min(_PACKED_AT_MOST, self._serials)
        with self._transaction():
            (shipment,) = shipments.create(
                [
                    {
                        "customer": self._customer,
                        "delivery_address": self._address,
                        "company": self._company,
                        "warehouse": self._places["WH"],
                        "warehouse_storage": self._places["STO"],
                        "warehouse_output": self._places["OUT"],
                    }
                ]
            )
            moves.create([self._outgoing(self._product_of(at), shipment.id) for at in range(wanted)])
        with self._transaction():
            shipments.wait([shipments(shipment.id)])
        return int(shipment.id)

    # Words for Tryton

    def _of(self, name: str) -> Any:
        from trytond.pool import Pool  # type: ignore[import-not-found]

        return Pool(NAME).get(name)

    def _transaction(self, **how: Any) -> Any:
        from trytond.transaction import Transaction  # type: ignore[import-not-found]

        context = {**self._client._context, "company": getattr(self, "_company", None)}
        return Transaction().start(NAME, self._client.user, context=context, **how)

    def _number_of(self, at: int) -> int:
        """Which serial of the stock comes at a turn: all over it, and none twice."""
        return at * 7_919 % self._serials

    def _stocked(self, at: int) -> str:
        return f"S{self._number_of(at):09}"

    def _product_of(self, at: int) -> int:
        return int(self._products[self._number_of(at) % PRODUCTS])

    def _receipt(self) -> dict[str, Any]:
        return {
            "supplier": self._supplier,
            "company": self._company,
            "warehouse": self._places["WH"],
            "warehouse_input": self._places["IN"],
            "warehouse_storage": self._places["STO"],
            "effective_date": datetime.date.today(),  # noqa: DTZ011 - as its users' browsers send it
        }

    def _incoming(self, product: int, lot: int, to: int) -> dict[str, Any]:
        return self._move(product, self._places["SUP"], to) | {"lot": lot}

    def _outgoing(self, product: int, shipment: int) -> dict[str, Any]:
        on = f"stock.shipment.out,{shipment}"
        return self._move(product, self._places["OUT"], self._places["CUS"]) | {"shipment": on}

    def _move(self, product: int, source: int, to: int) -> dict[str, Any]:
        return {
            "product": product,
            "quantity": 1,
            "unit": self._unit,
            "from_location": source,
            "to_location": to,
            "unit_price": Decimal(5),
            "currency": self._currency,
            "company": self._company,
        }


def _timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def main(configuration: str, serials: str) -> None:
    """Set up, and do what is told until nothing more comes."""
    dock = Dock(configuration, int(serials))
    acts = {"receive": dock.receive, "pack": dock.pack, "look-up": dock.look_up, "page": dock.page, "bulk": dock.bulk}
    print("ready", flush=True)
    for line in sys.stdin:
        act, number = line.split()
        print(json.dumps(acts[act](int(number))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
