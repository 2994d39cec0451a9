"""An ERP that believes what it is told, and nothing else: its picture of orders and units must be the store's."""

import json
from typing import Any

from scanstation.store import handover
from scanstation.store.store import Store

ORDERS = """
    SELECT kind, client.code, warehouse.code, number, orders.status, order_line.id, sku, ordered, done, closed_short
    FROM orders JOIN client ON client.id = orders.client_id JOIN warehouse ON warehouse.id = orders.warehouse_id
    JOIN order_line ON order_line.order_id = orders.id JOIN product ON product.id = order_line.product_id
"""
UNITS = """
    SELECT unit.id, unit.status, unit.on_hold IS NOT NULL, client.code, warehouse.code, sku, one.text, two.text,
    unit.held_by IS NULL AND unit.coming_to IS NULL
    FROM unit JOIN product ON product.id = unit.product_id JOIN client ON client.id = product.client_id
    JOIN warehouse ON warehouse.id = unit.warehouse_id
    LEFT JOIN unit_code AS one ON one.unit_id = unit.id AND one.kind = 'primary' AND one.live
    LEFT JOIN unit_code AS two ON two.unit_id = unit.id AND two.kind = 'secondary' AND two.live
    WHERE unit.status <> 'Gone' AND EXISTS (SELECT 1 FROM unit_event WHERE unit_event.unit_id = unit.id)
"""


class Picture:
    """What the ERP believes."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._heard: set[int] = set()
        self.status: dict[tuple[str, ...], str] = {}
        self.lines: dict[int, tuple[Any, ...]] = {}
        self.units: dict[int, tuple[Any, ...]] = {}

    def hear(self, body: dict[str, Any]) -> None:
        """Believe a message; one that was heard before changes nothing."""
        if body["number"] in self._heard:
            return
        self._heard.add(body["number"])
        self.numbers.append(body["number"])
        if "lines" in body:
            self._of_order(body)
        else:
            self._of_unit(body)

    def _of_order(self, body: dict[str, Any]) -> None:
        place = (body["order"]["kind"], body["client"], body["warehouse"], body["order"]["number"])
        assert self.status.get(place, body["order_status_before"]) == body["order_status_before"]
        self.status[place] = body["order_status"]
        for line in body["lines"]:
            before = self.lines.get(line["line"], (None, None, 0, 0, 0))
            assert before[3] + line["quantity"] == line["done"], body
            counts = line["ordered"], line["done"], line["closed_short"]
            self.lines[line["line"]] = (place, line["sku"], *counts)

    def _of_unit(self, body: dict[str, Any]) -> None:
        on_hold = self.units.get(body["unit"], (None, False))[1]
        on_hold = {"unit-on-hold": True, "unit-hold-lifted": False, "unit-disposed": False, "unit-lost": False}.get(
            body["kind"], on_hold
        )
        if body["status"] is None:
            self.units.pop(body["unit"], None)
            return
        place = body["client"], body["warehouse"], body["sku"]
        codes = body["primary_serial"], body["secondary_serial"]
        self.units[body["unit"]] = (body["status"], on_hold, *place, *codes)

    def compare(self, store: Store) -> None:
        """Row by row, with what is in the store."""
        with store.read() as tx:
            orders = {row[5]: row for row in tx.exec_driver_sql(ORDERS).all()}
            units = {row[0]: row for row in tx.exec_driver_sql(UNITS).all()}
        lines = {line: (tuple(row[:4]), *row[6:]) for line, row in orders.items()}
        gone = {line for line in self.lines.keys() - lines.keys() if self.lines[line][2:] == (0, 0, 0)}
        assert {line: row for line, row in self.lines.items() if line not in gone} == {
            line: row for line, row in lines.items() if line in self.lines
        }
        # Of the orders that tests put into the store by hand the ERP hears when something is done to them.
        assert [row for line, row in lines.items() if line not in self.lines and row[3:] != (0, 0)] == []
        for row in orders.values():
            assert row[4] == self.status.get(tuple(row[:4]), "Open"), row
        free = {unit for unit, row in units.items() if row[8]}  # the others may have got a code in open work
        assert self.units.keys() == units.keys()
        told = {unit: row if unit in free else row[:5] for unit, row in self.units.items()}
        assert told == {unit: (row[1], bool(row[2]), *row[3 : 8 if unit in free else 6]) for unit, row in units.items()}


def numbered(store: Store, after: int = 0) -> list[dict[str, Any]]:
    """All that is to be heard, numbered now; those after a number."""
    while store.act(handover.claim):
        pass
    store.act(lambda tx: handover.take(tx, "all", "tests", "1", "2"))
    with store.read() as tx:
        found = [json.loads(one.body) for one in handover.next_messages(tx, "all", 100_000)]
    return [body for body in found if body["number"] > after]


def compare(store: Store) -> None:
    """Tell an ERP all that was done since the store was made; its picture is the store's."""
    picture = Picture()
    for body in numbered(store):
        picture.hear(body)
    assert picture.numbers == [*range(1, len(picture.numbers) + 1)]
    picture.compare(store)
