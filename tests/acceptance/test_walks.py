"""Ways through the station that people go: sizes of terminals, ways to give a code, one order after the other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.warehouse import CLIENT, FLAGS, SETTINGS, Station, Warehouse

SIZES = [(80, 24), (120, 40), (40, 20)]


# -- one order after the other --------------------------------------------------------------------------------


def test_a_packer_of_three_orders_never_leaves_the_packing_screen(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"LAP-1": 1, "PAD-2": 2, "BAT-0": 0},
        shipment={
            "S-101": {"LAP-1": 1, "BAT-0": 2},
            "S-102": {"PAD-2": 1, "LAP-1": 1},
            "S-103": {"BAT-0": 1},
        },
        opening=[("LAP-1", "L1-0001"), ("LAP-1", "L1-0002")],
    )
    with warehouse.station("pack") as bench:
        bench.expect_title("Packing")
        # (what is scanned, what is said): nothing but orders, products and serials
        for codes, says in (
            (["S-101"], ["S-101 is open, 3 units"]),
            (["LAP-1", "L1-0001"], ["L1-0001 → LAP-1, 1 of 1"]),
            (["BAT-0", "EAN-BAT-0"], ["2 of 2", "S-101 is all scanned"]),
            (["S-102"], ["S-101 complete, 3 units", "S-102 is open, 2 units"]),
            (["PAD-2", "P2-0001"], ["P2-0001 → PAD-2, 1 of 1"]),
            (["L1-0002"], ["L1-0002 → LAP-1, 1 of 1", "S-102 is all scanned"]),
            (["S-103"], ["S-102 complete, 2 units", "S-103 is open, 1 unit"]),
            (["BAT-0"], ["1 of 1", "S-103 is all scanned"]),
            (["SS-COMPLETE"], ["S-103 complete, 1 unit", "Scan the next order"]),
        ):
            bench.ok(*codes, says=says)
            assert bench.lines[0].startswith(" PACKING")
    assert [order["status"] for order in warehouse.done("so", "list").json] == ["Ready to Ship"] * 3
    assert warehouse.statuses() == {"L1-0001": "Packed", "L1-0002": "Packed", "P2-0001": "Packed"}


def test_an_order_that_lacks_something_is_left_open_at_the_second_scan(warehouse: Warehouse) -> None:
    warehouse.load(products={"BAT-0": 0}, shipment={"S-101": {"BAT-0": 2}, "S-102": {"BAT-0": 1}})
    with warehouse.station("pack", "S-101") as bench:
        bench.expect("OK", "S-101 is open")
        bench.ok("BAT-0", says="1 of 2")
        bench.check("S-102", says="S-101 lacks 1. Scan S-102 again to leave it open")
        bench.ok("S-102", says="S-102 is open")
        bench.ok("BAT-0", says="1 of 1")
        bench.ok("S-101", says=("S-102 complete", "S-101 goes on, 1 unit"))
    assert [order["status"] for order in warehouse.done("so", "list").json] == ["Packing", "Ready to Ship"]


# -- sizes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("columns", "rows"), SIZES, ids=[f"{columns}x{rows}" for columns, rows in SIZES])
def test_two_serials_are_asked_for_in_every_size(warehouse: Warehouse, columns: int, rows: int) -> None:
    warehouse.load(products={"CAM-3": 3}, purchase={"N-103": {"CAM-3": 2}}, shipment={"S-103": {"CAM-3": 1}})
    with warehouse.station("receive", "N-103", columns=columns, rows=rows) as dock:
        dock.expect("OK", "N-103 is open, 2 units")
        dock.expect_no_prompt()
        for unit in ("1 of 2", "2 of 2"):
            number = unit[0]
            dock.ok("CAM-3", says=f"CAM-3 taken, unit {unit}")
            dock.expect_prompt("Primary serial", "CAM-3", unit)
            # the panel keeps to the bottom: its four rows, and below it the keys
            assert len(dock.lines) == rows
            assert dock.lines[-2].startswith("╰")
            dock.stop("SS-COMPLETE", says="A serial is owed")
            dock.ok(f"C3-000{number}", says="Now the secondary serial")
            dock.expect_prompt("Secondary serial", "CAM-3", unit)
            dock.ok(f"LENS-000{number}", says=unit)
            dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="N-103 complete, 2 units")

        dock.scan("S-103")
        dock.expect("OK", "S-103 is open, 1 unit")
        dock.expect_title("Packing")
        dock.expect_no_prompt()
        dock.ok("CAM-3", says="Now its primary serial")
        dock.expect_prompt("Either serial", "CAM-3" if columns == 40 else "Primary serial", "1 of 1")
        assert any("Primary serial" in line for line in dock.lines)
        dock.stop("C3-9999", says="never received")
        dock.ok("LENS-0002", says="1 of 1")
        dock.expect_no_prompt()
        dock.ok("SS-COMPLETE", says="S-103 complete")
        assert all(len(line) <= columns for line in dock.lines)
    assert warehouse.statuses() == {"C3-0001": "Received", "C3-0002": "Packed"}


# -- ways in --------------------------------------------------------------------------------------------------


def test_receive_and_pack_open_with_the_order(warehouse: Warehouse) -> None:
    warehouse.load(products={"BAT-0": 0}, purchase={"N-101": {"BAT-0": 1}}, shipment={"S-101": {"BAT-0": 1}})
    with warehouse.station("receive", "n-101") as dock:
        dock.expect("OK", "N-101 is open, 1 unit")
        dock.wait_for(lambda _: dock.lines[0].startswith(" RECEIVING   PO N-101 · NORDWIND · W-EAST"))
        dock.shows("BAT-0 as described")
    with warehouse.station("pack", "S-101") as bench:
        bench.expect("OK", "S-101 is open, 1 unit")
        bench.wait_for(lambda _: bench.lines[0].startswith(" PACKING   SO S-101 · NORDWIND · W-EAST"))
    with warehouse.station("receive", "S-101") as bench:
        bench.wait_for(lambda _: bench.lines[0].startswith(" PACKING   SO S-101 · NORDWIND · W-EAST"))
    warehouse.refused("receive", "N-404", says="There is no purchase order N-404")


def test_of_several_orders_with_one_number_the_options_choose(warehouse: Warehouse) -> None:
    for client in ("NORDWIND", "SOUTHWIND"):
        warehouse.load(products={"BAT-0": 0}, client=client)
        for place in ("W-EAST", "W-WEST"):
            warehouse.load(
                purchase={"N-101": {"BAT-0": 1}}, shipment={"S-101": {"BAT-0": 1}}, client=client, warehouse=place
            )
    warehouse.refused("receive", "N-101", says="4 purchase orders have the number N-101: NORDWIND in W-EAST, ")
    with warehouse.station("receive", "n-101", "--client", "southwind", "--warehouse", "w-east") as dock:
        dock.expect("OK", "N-101 is open, 1 unit")
        dock.wait_for(lambda _: dock.lines[0].startswith(" RECEIVING   PO N-101 · SOUTHWIND · W-EAST"))
    with warehouse.station("pack", "S-101", "--warehouse", "W-WEST", "--client", "NORDWIND") as bench:
        bench.expect("OK", "S-101 is open, 1 unit")
        bench.wait_for(lambda _: bench.lines[0].startswith(" PACKING   SO S-101 · NORDWIND · W-WEST"))
    warehouse.refused("receive", "N-101", "--client", "NORDWIND", says="Choose one with --warehouse")
    warehouse.refused("pack", "S-404", "--client", "NORDWIND", says="There is no shipment order S-404")
    assert warehouse.run("pack", "--client", "NORDWIND").status == 2


def test_closing_the_window_is_no_error_of_the_stations(warehouse: Warehouse) -> None:
    warehouse.load(products={"BAT-0": 0}, purchase={"N-101": {"BAT-0": 9}})
    with warehouse.station("receive", "N-101") as dock:
        dock.expect("OK", "N-101 is open")
        dock.send(b"BAT-0\rBAT-0\rBAT-0\rBAT-0\r")  # so that there is something to write to the window
        dock.hang_up()
        assert dock.wait_exit() is not None
    assert list(warehouse.home.rglob("error-*.txt")) == []


def test_command_barcodes(warehouse: Warehouse) -> None:
    warehouse.load(
        products={"LAP-1": 1, "BAT-0": 0},
        purchase={"N-101": {"LAP-1": 2, "BAT-0": 10}},
        shipment={"S-101": {"BAT-0": 1}},
    )
    with warehouse.station() as dock:
        dock.expect_title("Home")
        dock.go("SS-PACK", "Packing")
        dock.go("SS-RECEIVE", "Receiving")
        dock.check("SS-COMPLETE", says="No order is open")
        dock.ok("N-101", says="N-101 is open, 12 units")
        dock.check("SS-YES", says="There is no question to answer")
        # SS-QTY-n counts for one product scan
        dock.ok("SS-QTY-7", says="The next product scan takes 7")
        dock.ok("BAT-0", says="7 × BAT-0 taken, 7 of 10")
        dock.ok("EAN-BAT-0", says="BAT-0 taken, 8 of 10")
        # SS-UNDO takes back the last scan, again and again
        dock.ok("SS-UNDO", says="Taken back: BAT-0")
        dock.ok("SS-UNDO", says="Taken back: 7 × BAT-0")
        dock.check("SS-UNDO", says="nothing of yours left to undo")
        # … also in a prompt, where SS-CANCEL drops the unit
        dock.ok("LAP-1", "L1-0001", says="1 of 2")
        dock.ok("SS-UNDO", says=("Taken back", "Scan the primary serial of LAP-1"))
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 2")
        dock.ok("SS-CANCEL", says="the unit without its serial is dropped")
        dock.expect_no_prompt()
        dock.check("SS-CANCEL", says="No unit is waiting for a serial")
        # only these exact codes are commands
        dock.stop("SS-QTY-0", says="SS-QTY-0 is no quantity")
        dock.stop("ss-complete", says="is a command barcode in other letters")
        # a question is answered by SS-NO and SS-YES, and by nothing else
        dock.ok("LAP-1", "L1-0002", says="1 of 2")
        dock.check("SS-COMPLETE", says="Complete it with 1 unit?")
        dock.expect_question("N-101 lacks 11")
        dock.stop("BAT-0", says=("Answer the question first", "BAT-0 was not kept"))
        dock.check("SS-NO", says="Nothing was changed")
        assert warehouse.po("N-101")["status"] == "Open"
        dock.check("SS-COMPLETE", says="Complete it with 1 unit?")
        dock.ok("SS-YES", says=("N-101 saved, received in part", "N-101 still lacks 11"))
        order = warehouse.po("N-101")
        assert order["status"] == "Partially Received"
        assert [line["received"] for line in order["lines"]] == [1, 0]
        dock.go("SS-HOME", "Home")


def test_keys_do_what_the_command_barcodes_do(warehouse: Warehouse) -> None:
    warehouse.load(products={"LAP-1": 1, "BAT-0": 0}, purchase={"N-101": {"LAP-1": 1, "BAT-0": 5}})
    with warehouse.station("receive", "N-101") as dock:
        dock.expect("OK", "N-101 is open")
        dock.press("f4")
        dock.shows("How many?")
        dock.type("5")
        dock.press("enter")
        dock.expect("OK", "The next product scan takes 5")
        dock.ok("BAT-0", says="5 × BAT-0 taken, 5 of 5")
        dock.press("f2")
        dock.expect("OK", "Taken back: 5 × BAT-0")
        dock.ok("LAP-1", says="Now its primary serial")
        dock.press("escape")
        dock.expect("OK", "the unit without its serial is dropped")
        dock.ok("LAP-1", "L1-0001", says="1 of 1")
        dock.press("f3")
        dock.expect_title("Trace")
        dock.press("escape")
        dock.expect_title("Receiving")
        dock.press("f1")
        dock.shows("F10 SS-COMPLETE")
        dock.press("escape")
        dock.expect_title("Receiving")
        # a control key inside a barcode does not quit
        dock.stop("N-\x111", says="contains control keys")
        dock.press("f10")
        dock.expect_question("N-101 lacks 5")
        dock.press("y")
        dock.expect("OK", "N-101 saved, received in part")
        dock.press("escape")
        dock.expect_title("Home")
    assert warehouse.statuses() == {"L1-0001": "Received"}


def test_a_typed_entry_is_kept_as_typed(warehouse: Warehouse) -> None:
    warehouse.load(products={"LAP-1": 1}, purchase={"N-101": {"LAP-1": 2}})
    with warehouse.station("receive", "N-101") as dock:
        dock.expect("OK", "N-101 is open")
        dock.ok("LAP-1", "L1-0001", says="1 of 2")
        _type(dock, "lap-1")
        dock.expect_prompt("Primary serial", "LAP-1", "2 of 2")
        _type(dock, "L1-0002")
        dock.expect("OK", "L1-0002", "2 of 2")
        dock.ok("SS-COMPLETE", says="N-101 complete, 2 units")
    assert {(row["primary_serial"], row["source"]) for row in warehouse.received()} == {
        ("L1-0001", "scan"),
        ("L1-0002", "typed"),
    }


def test_markup_in_a_code_is_shown_as_it_is(warehouse: Warehouse) -> None:
    codes = ["[red]L1[/red]", "[/]L1-0002", "[link=x]L1-3[/link]", "=1+1", "<b>&amp;"]
    warehouse.load(products={"[b]LAP[/b]": 1}, purchase={"[i]N-101": {"[b]LAP[/b]": 5}})
    with warehouse.station("receive", "[i]N-101") as dock:
        dock.expect("OK", "[i]N-101 is open")
        for number, code in enumerate(codes, 1):
            dock.ok("[b]LAP[/b]", says=f"[b]LAP[/b] taken, unit {number} of 5")
            dock.expect_prompt("[b]LAP[/b]", f"{number} of 5")
            dock.ok(code, says=(f"{code} → [b]LAP[/b]", f"{number} of 5"))
        dock.ok("SS-COMPLETE", says="[i]N-101 complete, 5 units")
    assert set(warehouse.statuses()) == set(codes)
    shown = warehouse.done("report", "serials", "--format", "table").out
    assert all(code in shown for code in codes)


def test_twenty_scans_in_one_burst_are_taken_in_order(warehouse: Warehouse) -> None:
    warehouse.load(products={"CAM-3": 3}, purchase={"N-3000": {"CAM-3": 6}})
    units = [(f"C3-000{number}", f"LENS-000{number}") for number in range(1, 7)]
    with warehouse.station("receive") as dock:
        dock.expect_title("Receiving")
        burst = ["N-3000", *(code for unit in units for code in ("CAM-3", *unit)), "SS-COMPLETE"]
        assert len(burst) == 20
        dock.ok(*burst, says="N-3000 complete, 6 units")
    assert [(row["primary_serial"], row["secondary_serial"]) for row in warehouse.serials()] == units


def _type(station: Station, text: str) -> None:
    station.type(text)
    station.wait_for(lambda _: f"│ {text} " in station.text)
    station.press("enter")


# -- the program as it is installed ---------------------------------------------------------------------------


def test_the_installed_command(tmp_path: Path, home: Path) -> None:
    script = Path(sys.executable).with_name("scanstation")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
        ran = subprocess.run(
            [script, *arguments], cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=120
        )
        assert "Traceback" not in ran.stderr
        return ran

    header = ",".join(("Client", "SKU", "Description", "Barcodes", *FLAGS))
    settings = ",".join(map(str, SETTINGS[1]))
    (tmp_path / "products.csv").write_text(f"{header}\n{CLIENT},LAP-1,Laptop,,{settings}\n", encoding="utf-8")
    (tmp_path / "orders.csv").write_text(
        f"Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,{CLIENT},N-101,LAP-1,2\n", encoding="utf-8"
    )
    assert run("po", "list").returncode == 3, "there is no store yet"
    assert run("db", "init").returncode == 0
    assert run("load", "products.csv", "orders.csv").returncode == 0
    assert '"number": "N-101"' in run("po", "list").stdout
    refused = run("po", "receive", "N-101")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Both Receiving and Packing" in refused.stderr
    assert run("po", "recieve", "N-101").returncode == 2
    assert run("receive", "N-101").returncode == 2, "the station needs a terminal"
