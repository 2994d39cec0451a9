"""A station that is killed while it asks something: nothing of it is booked, and the same scan asks again."""

from collections.abc import Callable

import pytest

from tests.acceptance.warehouse import Station, Warehouse


def receiving(warehouse: Warehouse) -> None:
    warehouse.load(products={"CAM-1": 1, "BOX-0": 0}, purchase={"N-1": {"CAM-1": 3, "BOX-0": 20}})


def ask_of_a_new_code(dock: Station) -> None:
    dock.ok("CAM-1", "CAM11", says="CAM11 → CAM-1, 1 of 3")
    dock.ok("CAM-1", says="Now its primary serial")
    ask_again_of_a_new_code(dock)


def ask_again_of_a_new_code(dock: Station) -> None:
    dock.expect_prompt("Primary serial", "2 of 3")
    dock.check("SN:CAM11", says="CAM11 is here already: the same unit?")


def ask_of_an_order_number(dock: Station) -> None:
    dock.ok("CAM-1", "CAM11", says="CAM11 → CAM-1, 1 of 3")
    dock.ok("CAM-1", says="Now its primary serial")
    ask_again_of_an_order_number(dock)


def ask_again_of_an_order_number(dock: Station) -> None:
    dock.expect_prompt("Primary serial", "2 of 3")
    dock.check("N-1", says="?")


def ask_to_complete(dock: Station) -> None:
    dock.ok("CAM-1", "CAM11", says="CAM11 → CAM-1, 1 of 3")
    ask_again_to_complete(dock)


def ask_again_to_complete(dock: Station) -> None:
    dock.expect_no_prompt()
    dock.check("SS-COMPLETE", says="Complete it with 1 unit?")


@pytest.mark.parametrize(
    ("ask", "ask_again"),
    [
        (ask_of_a_new_code, ask_again_of_a_new_code),
        (ask_of_an_order_number, ask_again_of_an_order_number),
        (ask_to_complete, ask_again_to_complete),
    ],
    ids=["a new code", "an order's number", "complete"],
)
def test_a_question_at_receiving_is_asked_again(
    warehouse: Warehouse, ask: Callable[[Station], None], ask_again: Callable[[Station], None]
) -> None:
    receiving(warehouse)
    with warehouse.station("receive", "N-1") as dock:
        dock.expect("OK", "N-1 is open")
        ask(dock)
        dock.expect_question()
        dock.kill()
        assert dock.wait_exit() < 0
    assert warehouse.serials() == [], "nothing counts before Complete"
    before = warehouse.everything()

    with warehouse.station("receive", "N-1") as dock:
        dock.expect("OK", "N-1")
        assert "Question" not in dock.text
        dock.pause(0.4)
        ask_again(dock)
        dock.expect_question()
    assert warehouse.everything() == before


def test_a_serial_in_doubt_at_packing_is_packed_by_neither(warehouse: Warehouse) -> None:
    warehouse.load(products={"CAM-1": 1}, shipment={"S-1": {"CAM-1": 2}}, opening=[("CAM-1", "CAM11")])
    with warehouse.station("pack", "S-1") as dock:
        dock.expect("OK", "S-1 is open")
        dock.ok("CAM-1", says="Now its primary serial")
        dock.check("SN:CAM11", says="Take CAM11?")
        dock.kill()
        assert dock.wait_exit() < 0
    assert warehouse.statuses() == {"CAM11": "Received"}

    with warehouse.station("pack", "S-1") as dock:
        dock.expect_prompt("Primary serial", "CAM-1", "1 of 2")
        assert "Question" not in dock.text
        dock.pause(0.4)
        dock.check("SN:CAM11", says="Take CAM11?")
        dock.ok("SS-YES", says="CAM11 → CAM-1, 1 of 2")
        dock.check("SS-COMPLETE", says="lacks 1")
        dock.ok("SS-YES", says="S-1 saved")
    assert warehouse.statuses() == {"CAM11": "Packed"}
