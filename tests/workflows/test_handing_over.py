"""What an ERP hears of what is done, from the act to the server that takes it."""

import csv
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import event

from scanstation.domain.audit import AuditFilters
from scanstation.domain.handover import ORDER_KINDS, TRIES, UNIT_KINDS, HandoverPlan
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.store import acts, handover
from scanstation.store.store import Store
from scanstation.workflows.orders import corrections, holding, purchase_orders, shipment_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import handing_over
from scanstation.workflows.upkeep.handing_over import HandOver, RefusedHere, drop, retry, standing, targets_of
from tests import builders, erp
from tests.conftest import Clock
from tests.erp_server import SECRET, ErpServer, erp_server
from tests.serials import opening

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "erp.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def server() -> Iterator[ErpServer]:
    with erp_server() as running:
        yield running


BEGUN: list[HandOver] = []


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    yield
    while BEGUN:
        BEGUN.pop().hang_up()


def scan(desk: Desk, *codes: str) -> None:
    for code in codes:
        desk.answer(Scan(code))


def a_day(site: Site) -> None:
    """Goods come and go, and some of it is taken back."""
    builders.product(site, "CAM", 3)
    builders.product(site, "BOX", 0)
    bought, more = builders.purchase(site, "N-1", {"CAM": 2, "BOX": 9}), builders.purchase(site, "N-2", {"BOX": 4})
    sold = builders.shipment(site, "S-1", {"CAM": 1, "BOX": 2})
    scan(Desk(site, OrderKind.PURCHASE), "N-1", "CAM", "C-1", "L-1", "CAM", "C-2", "L-2", "SS-COMPLETE", "SS-YES")
    scan(Desk(site, OrderKind.SHIPMENT), "S-1", "CAM", "L-1", "BOX", "BOX", "SS-COMPLETE")
    shipment_orders.ship(site, sold)
    shipment_orders.unship(site, sold, reason="no truck")
    with site.store.read() as tx:
        ids = {row.primary_serial: row.unit_id for row in tx.exec_driver_sql("SELECT * FROM unit_event")}
    holding.hold(site, [ids["C-2"]], "wet")
    holding.release(site, [ids["C-2"]], "dry")
    corrections.correct(site, ids["C-2"], "C-2", "C-3", "misread")
    corrections.unpack(site, ids["C-1"], "broken")
    corrections.dispose(site, ids["C-1"], "broken")
    purchase_orders.receive_all(site, more)
    corrections.lower(site, more, "BOX", 3, "miscounted")
    purchase_orders.close_short(site, bought, "never comes")
    purchase_orders.reopen(site, bought, "it does")
    shipment_orders.cancel(site, sold, "not wanted")


def hand_over(
    site: Site, server: ErpServer | None = None, folder: Path | None = None, timeout_s: float = 60.0
) -> HandOver:
    url = server.url if server else ""
    plan = HandoverPlan(folder=str(folder or ""), url=url, secret=SECRET, timeout_s=timeout_s)
    BEGUN.append(HandOver(site, plan, targets_of(plan)))
    return BEGUN[-1]


def why_not(outcome: Done | Refused) -> str:
    assert isinstance(outcome, Refused)
    return outcome.reasons[0].name


def not_taken(site: Site) -> list[int]:
    found = standing(site)
    assert not isinstance(found, Refused)
    return [one.number for _, one in found.failures]


def test_what_is_done_is_heard_as_the_schema_says_and_makes_the_same_picture(site: Site) -> None:
    a_day(site)
    messages = erp.numbered(site.store)
    validator = Draft202012Validator(SCHEMA)
    for message in messages:
        validator.validate(message)
    assert [message["kind"] for message in messages] == [
        *("unit-received", "unit-received", "receipt", "order-status", "unit-packed", "packing"),
        *("unit-shipped", "shipped", "unit-unshipped", "unshipped", "unit-on-hold", "unit-hold-lifted"),
        *("unit-corrected", "unit-unpacked", "taken-back", "unit-disposed", "receipt", "taken-back"),
        *("closed-short", "reopened", "cancelled"),
    ]
    events = {message["event"]: message["kind"] for message in messages if "event" in message}
    of_units = [message for message in messages if "event" in message]
    assert {one["kind"]: events[one["reverses"]] for one in of_units if one["reverses"]} == {
        "unit-unshipped": "unit-shipped",
        "unit-hold-lifted": "unit-on-hold",
        "unit-unpacked": "unit-packed",
    }
    assert [(one["act"], one["reason"]) for one in messages if one["kind"] == "reopened"] == [("Reopened", "it does")]
    assert {one["operator"] for one in messages} == {"Ana"}
    erp.compare(site.store)


def test_the_schema_knows_every_kind() -> None:
    unit, order = SCHEMA["oneOf"]
    assert unit["properties"]["kind"]["enum"] == [*UNIT_KINDS.values()]
    assert order["properties"]["kind"]["enum"] == [*ORDER_KINDS]
    told = [status.value for status in UnitStatus if status not in (UnitStatus.HELD, UnitStatus.GONE)]
    assert unit["properties"]["status"]["enum"] == [*told, None]


def test_a_server_that_fails_hangs_answers_late_and_comes_back_has_heard_all_in_order(
    site: Site, clock: Clock, server: ErpServer
) -> None:
    a_day(site)
    troubles = {2: ["503"], 3: ["hang"], 5: ["late"], 7: ["500", "500"], 12: ["404"]}
    server.behave = lambda number: troubles[number].pop(0) if troubles.get(number) else "take"
    handing, now = hand_over(site, server, timeout_s=0.3), 0.0
    said: list[str] = []
    while len(server.picture.numbers) < 21 or not_taken(site):  # on a busy machine a post may wait too long, too
        said += handing.look(now)
        now += 1_000  # whatever it waits for
        clock.moment += timedelta(hours=1)
    handing.end()
    assert sorted(server.picture.numbers) == [*range(1, 22)]
    assert server.picture.numbers.index(7) > server.picture.numbers.index(11)  # others went on meanwhile
    server.picture.compare(site.store)
    assert {2, 3, 5, 7, 12} <= {number for number, posts in Counter(server.posts).items() if posts > 1}
    assert {text.partition("(")[0] for text in said} == {
        "url: the server says 503. Messages wait.",
        "url: the server gave no answer within 0.3 s. Messages wait.",
        "url: it is back.",
    }


@contextmanager
def a_server_that_never_ends_its_answer() -> Iterator[tuple[str, list[int]]]:
    """Its address, and how many letters of its answer it sent until who posts had enough."""
    letters: list[int] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(60)

    def answer() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(1 << 20)
            connection.sendall(b"HTTP/1.1 200 OK\r\nServer: ")
            for number in range(30_000):
                connection.sendall(b"x")
                letters.append(number)
                if select.select([connection], [], [], 0.02)[0] and not connection.recv(1 << 20):
                    return  # hung up on

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", letters
    finally:
        thread.join()
        server.close()


def test_a_server_whose_answer_has_no_end_is_away_after_as_long_as_a_post_may_take(site: Site) -> None:
    builders.product(site, "BOX", 0)
    purchase_orders.receive_all(site, builders.purchase(site, "N-1", {"BOX": 1}))
    with a_server_that_never_ends_its_answer() as (url, letters):
        plan = HandoverPlan(url=url, timeout_s=0.5)
        handing = HandOver(site, plan, targets_of(plan))
        assert list(handing.look(0.0)) == ["url: the server gave no answer within 0.5 s. Messages wait."]
        handing.end()
    assert len(letters) < 30_000


def test_a_message_that_is_refused_holds_its_order_back_until_it_is_tried_again(
    site: Site, clock: Clock, server: ErpServer
) -> None:
    a_day(site)
    server.behave = lambda number: "422" if number == 3 else "take"
    handing = hand_over(site, server)
    said: list[str] = []
    for now in range(TRIES + 2):
        said += handing.look(float(now))
        clock.moment += timedelta(hours=1)
    assert Counter(server.posts)[3] == TRIES
    assert [text for text in said if "message 3 (receipt) was refused 8 times: the server says 422" in text] == said
    found = standing(site)
    assert not isinstance(found, Refused)
    assert [(one.number, one.tries, one.due) for _, one in found.failures] == [
        (3, TRIES, ""),
        *((number, 0, "") for number in (13, 19, 20)),
    ]
    server.behave = lambda _: "take"
    assert isinstance(retry(site, (3,)), Done)
    assert list(handing.look(100.0)) == []
    assert server.posts[-4:] == [3, 13, 19, 20]
    server.picture.compare(site.store)
    handing.end()


def test_a_message_that_is_dropped_lets_later_ones_of_its_order_go(site: Site, clock: Clock, server: ErpServer) -> None:
    a_day(site)
    server.behave = lambda number: "422" if number == 3 else "take"
    handing = hand_over(site, server)
    list(handing.look(0.0))
    for alive in (3, 13, 2, 999):  # still tried, waiting, taken, unknown
        assert why_not(drop(site, (alive,), "why")) == "still-tried"
    for now in range(1, TRIES):
        clock.moment += timedelta(hours=1)
        list(handing.look(float(now)))
    assert why_not(drop(site, (3, 13), "why")) == "still-tried"
    assert why_not(drop(site, (3,), " ")) == "reason-missing"
    assert not_taken(site) == [3, 13, 19, 20], "nothing of it was dropped"
    assert drop(site, (3, 3), "booked by hand") == Done("1 message dropped. What waited behind goes on.")
    assert list(handing.look(100.0)) == []
    assert server.posts[-3:] == [13, 19, 20]
    assert not_taken(site) == []
    handing.end()
    with site.store.read() as tx:
        told = [act for act in acts.listed(tx, AuditFilters()) if act.act == "Message dropped"]
    assert [(one.subject, one.was, one.reason) for one in told] == [
        ("3", "receipt, the server says 422", "booked by hand")
    ]


def test_files_in_a_folder_are_whole_and_named_by_their_number(site: Site, tmp_path: Path) -> None:
    a_day(site)
    as_json, as_csv = tmp_path / "json", tmp_path / "csv"
    said: list[str] = []
    handing = hand_over(site, folder=as_json)
    said += handing.look(0.0)
    assert "there is no folder" in said[0]
    as_json.mkdir()
    assert [*handing.look(1_000.0)] == ["folder: it is back."]
    handing.end()
    picture = erp.Picture()
    files = sorted(as_json.iterdir())
    assert files[0].name == "000000000001-unit-received.json"
    for file in files:
        picture.hear(json.loads(file.read_text(encoding="utf-8")))
    picture.compare(site.store)

    as_csv.mkdir()
    site.store.act(lambda tx: tx.exec_driver_sql("UPDATE handover_target SET upto = 0 WHERE name = 'folder'") and None)
    plan = HandoverPlan(folder=str(as_csv), as_csv=True)
    assert list(HandOver(site, plan, targets_of(plan)).look(0.0)) == []
    with (as_csv / "000000000003-receipt.csv").open(encoding="utf-8", newline="") as table:
        (row,) = csv.DictReader(table)
    assert (row["order_number"], row["sku"], row["quantity"], row["done"]) == ("N-1", "CAM", "2", "2")


@pytest.mark.parametrize("host", ["256.1.1.1", "xn--"])
def test_an_address_that_turns_out_to_be_none_holds_all_back(site: Site, host: str) -> None:
    builders.product(site, "BOX", 0)
    purchase_orders.receive_all(site, builders.purchase(site, "N-1", {"BOX": 1}))
    plan = HandoverPlan(url=f"https://{host}/")
    hand_over = HandOver(site, plan, targets_of(plan))
    hand_over.begin()
    (said,) = hand_over.look(0.0)
    assert said.startswith("url: the server is out of reach (")
    assert said.endswith("). Messages wait.")
    hand_over.end()


def test_a_folder_that_is_not_there_is_told_in_one_sentence(site: Site, tmp_path: Path) -> None:
    builders.product(site, "BOX", 0)
    purchase_orders.receive_all(site, builders.purchase(site, "N-1", {"BOX": 1}))
    plan = HandoverPlan(folder=str(tmp_path / "away"))
    hand_over = HandOver(site, plan, targets_of(plan))
    hand_over.begin()
    (said,) = hand_over.look(0.0)
    assert said.endswith(f"there is no folder {tmp_path / 'away'}. Make the folder first. Messages wait.")
    hand_over.end()


def test_only_one_hands_over_at_a_time_and_what_was_taken_is_forgotten(
    site: Site, clock: Clock, server: ErpServer
) -> None:
    a_day(site)
    first, second = hand_over(site, server), hand_over(site.at_station("dock-9"), server)
    first.begin()
    with pytest.raises(RefusedHere) as refusal:
        second.begin()
    assert "dock-2" in refusal.value.refusal.reasons[0].text
    clock.moment += timedelta(hours=1)  # the first is gone without a word
    assert list(second.look(0.0)) == []
    with pytest.raises(RefusedHere):
        list(first.look(0.0))
    second.end()
    clock.moment += timedelta(days=365)
    assert list(first.look(0.0)) == []
    with site.store.read() as tx:
        assert handover.message(tx, 21) is None
    purchase_orders.close_short(site, builders.purchase(site, "N-3", {"BOX": 1}), "never comes")
    assert list(first.look(0.0)) == []
    assert server.posts[-1] == 22


def test_while_nothing_is_done_nothing_is_written_but_a_sign_of_life(
    site: Site, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever scans into the same file waits for each write."""
    builders.product(site, "BOX", 0)
    purchase_orders.receive_all(site, builders.purchase(site, "N-1", {"BOX": 1}))
    usual, acts_done = Store.act, list[int]()

    def act(store: Store, *given: Any, **more: Any) -> Any:
        acts_done.append(1)
        return usual(store, *given, **more)

    monkeypatch.setattr(Store, "act", act)
    (out := tmp_path / "out").mkdir()
    handing = hand_over(site, folder=out)
    assert list(handing.look(0.0)) == []
    assert len(list(out.iterdir())) == 1
    acts_done.clear()
    for second in range(1, 120):
        clock.moment += timedelta(seconds=1)
        assert list(handing.look(float(second))) == []
    assert 3 <= len(acts_done) <= 5, "a target is kept by saying so every half minute"
    monkeypatch.undo()
    assert hand_over(site.at_station("dock-9"), folder=out).held_elsewhere() == "dock-2"
    handing.end()
    assert hand_over(site.at_station("dock-9"), folder=out).held_elsewhere() is None


def test_who_is_refused_one_target_keeps_none_of_the_others(site: Site, server: ErpServer, tmp_path: Path) -> None:
    one, both = hand_over(site, server), hand_over(site.at_station("dock-8"), server, tmp_path)
    one.begin()
    with pytest.raises(RefusedHere):
        both.begin()
    third = hand_over(site.at_station("dock-9"), folder=tmp_path)
    third.begin()
    for handing in (one, third):
        handing.end()
    both.begin()
    both.end()


def test_an_import_of_thousands_becomes_messages_in_parts(site: Site) -> None:
    builders.product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", *(f"C-{number}" for number in range(handover.AT_ONCE + 7)))
    assert [site.store.act(handover.claim) for _ in range(3)] == [handover.AT_ONCE, 7, 0]
    erp.compare(site.store)


def test_how_far_a_target_has_come_is_written_down_now_and_then_and_where_it_ends(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever scans into the same file waits each time it is written to."""
    builders.product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", *(f"C-{number}" for number in range(40)))
    (out := tmp_path / "out").mkdir()
    monkeypatch.setattr(handing_over, "_KEPT_EVERY_S", 3_600)
    written: list[int] = []
    event.listen(site.store.engine, "commit", lambda _: written.append(1))
    handing = hand_over(site, folder=out)
    handing.begin()
    began = len(written)
    ends = iter([False] * 32)
    assert list(handing.look(0.0, lambda: next(ends, True))) == []
    assert upto(site) == len(list(out.iterdir())) > 20
    assert len(written) - began < 10
    assert list(handing.look(1.0)) == []
    assert upto(site) == 40

    (out / "000000000041-unit-received.json").mkdir()
    opening(site, "NORDWIND", "W-EAST", "CAM", "C-41")
    assert "folder:" in next(handing.look(2.0))
    assert upto(site) == 40


def upto(site: Site) -> int:
    found = standing(site)
    assert not isinstance(found, Refused)
    return found.upto["folder"]


@pytest.mark.parametrize(("behaves", "status"), [("take", 0), ("400", 1), ("503", 3)])
def test_once_says_by_its_status_whether_messages_are_left(
    site: Site, server: ErpServer, tmp_path: Path, behaves: str, status: int
) -> None:
    a_day(site)
    server.behave = lambda _number: behaves
    arguments = [sys.executable, "-m", "scanstation", "--db", site.store.url, "handover", "run", "--once"]
    env = os.environ | {"SCANSTATION_HANDOVER__URL": server.url, "SCANSTATION_HANDOVER__SECRET": SECRET}
    ran = subprocess.run(arguments, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, "Messages wait" in ran.stderr, "not taken: 21" in ran.stderr) == (
        *(status, status == 3, status == 1),
    ), ran


def test_whoever_hands_over_is_killed_and_nothing_is_lost(site: Site, server: ErpServer, tmp_path: Path) -> None:
    a_day(site)
    arguments = [sys.executable, "-m", "scanstation", "--db", site.store.url, "handover", "run", "--once"]
    env = os.environ | {"SCANSTATION_HANDOVER__URL": server.url, "SCANSTATION_HANDOVER__SECRET": SECRET}
    running = subprocess.Popen(arguments, env=env, cwd=tmp_path, stderr=subprocess.PIPE)

    def kill_at(number: int) -> str:
        if number == 4 and server.posts.count(4) == 1:
            running.send_signal(signal.SIGKILL)
        return "take"

    server.behave = kill_at
    assert running.wait(60) == -signal.SIGKILL
    assert running.stderr is not None
    running.stderr.close()
    site.store.act(lambda tx: tx.exec_driver_sql("UPDATE handover_target SET until = ''") and None)  # a minute later
    handing = hand_over(site, server)
    assert list(handing.look(0.0)) == []
    assert server.posts[:4] == [1, 2, 3, 4]
    again = server.posts[4]  # what was not written down yet is given once more
    assert again <= 4
    assert server.posts[4:] == [*range(again, 22)]
    server.picture.compare(site.store)
