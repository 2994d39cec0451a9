"""A station whose file a newer ScanStation has upgraded: it says so on every way, writes nothing, and can be left."""

from scanstation.store.engine import build_engine
from tests.acceptance.warehouse import Warehouse


def test_it_stops_with_a_sentence_stays_open_and_is_left(warehouse: Warehouse) -> None:
    warehouse.load(products={"BAT": 0}, purchase={"N-1": {"BAT": 5}})
    with warehouse.station("receive", "N-1") as ana:
        ana.wait_for("N-1 is open")
        ana.ok("BAT", says="1 of 5")
        (file,) = warehouse.home.rglob("*.db")
        somebody_else = build_engine(f"sqlite:///{file}")
        with somebody_else.begin() as tx:
            tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        somebody_else.dispose()
        ana.stop("BAT", says="the store was upgraded while this station ran")
        ana.shows("start the ScanStation that belongs to the store")
        for way in ("escape", "f10", "SS-HOME"):  # nothing else can be done here any more
            if way.startswith("SS-"):
                ana.scan(way)
            else:
                ana.press(way)
            ana.expect_question("Close this station", "the store was upgraded while this station ran")
            ana.press("n")
            ana.wait_for(lambda _: "Close this station" not in ana.text)
        ana.press("ctrl+q")
        ana.expect_question("Close this station")
        ana.press("y")
        assert ana.wait_exit() == 0
    assert not list(warehouse.folder.rglob("error-*.txt"))
    shown = warehouse.run("po", "show", "N-1")
    assert shown.status == 3
    shown.says("made by a newer ScanStation (schema 9999")
