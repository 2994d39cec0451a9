"""A watched folder: what arrives is loaded and put away; time is what the test says it is."""

import json
import os
import resource
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path

import openpyxl
import pytest

from scanstation.domain.file_errors import UnreadablePath
from scanstation.domain.status import OrderKind
from scanstation.store import upkeep
from scanstation.store.store import open_store
from scanstation.workflows.master_data.watched_folder import PATIENCE_S, QUIET_S, STALLED_S, FolderBusy, News, Watch
from scanstation.workflows.orders import order_book
from scanstation.workflows.site import Site
from tests.builders import product
from tests.workflows.watched import BAD, HEADER, ORDER, PRODUCTS, Folder


@pytest.fixture
def opened(site: Site) -> Callable[[], Site]:
    """The store as the watch opens it: by its address, each time anew."""
    return lambda: Site(open_store(f"sqlite:///{site.store.path}", site.store.clock), "erp", "office")


@pytest.fixture
def folder(site: Site, tmp_path: Path, opened: Callable[[], Site]) -> Iterator[Folder]:
    product(site, "CAM-500", 5)
    path = tmp_path / "in"
    path.mkdir()
    watch = Watch(path, opened)
    watch.begin()
    yield Folder(watch)
    watch.end()
    if watch._site is not None:
        watch._site.store.close()


def numbers(site: Site) -> list[str]:
    return [shown.order.number for shown in order_book.listing(site, OrderKind.PURCHASE)]


def test_a_file_is_taken_when_it_has_not_changed_for_five_seconds(site: Site, folder: Folder) -> None:
    file = folder.put("orders.csv", ORDER)
    assert folder.look() == []
    assert folder.look(4.9) == []
    file.write_text(ORDER + "W-EAST,NORDWIND,N-9,CAM-500,1\n")
    assert folder.look(0.2) == [], "it has grown: the five seconds begin anew"
    assert folder.look(4.9) == []
    assert folder.look(0.2) == ["orders.csv: Loaded: 2 purchase orders (2 new). It is loaded/orders.csv now."]
    assert numbers(site) == ["N-1", "N-9"]
    assert folder.files == ["loaded/orders.csv"]
    assert folder.look(100) == []


@pytest.mark.parametrize("beside", ["orders.csv.done", "orders.done"])
def test_a_file_said_to_be_done_is_taken_at_once(site: Site, folder: Folder, beside: str) -> None:
    folder.put("orders.csv", ORDER)
    folder.put(beside, "")
    assert len(folder.look()) == 1
    assert numbers(site) == ["N-1"]
    assert folder.files == ["loaded/orders.csv"], "the file that said so is gone"
    folder.put("orders.csv", ORDER)
    assert folder.look() == [], "it says nothing of the next file of that name"


def test_a_mark_that_comes_before_its_file_waits_for_it(folder: Folder) -> None:
    folder.put("orders.csv.done", "")
    assert folder.look(100) == []
    folder.put("orders.csv", ORDER)
    assert len(folder.look()) == 1


def test_a_bad_file_is_put_aside_with_its_reasons(site: Site, folder: Folder) -> None:
    folder.put("orders.csv", BAD)
    told = folder.arrive()
    assert told == ["orders.csv: Nothing was loaded: 1 problem. It is failed/orders.csv now."]
    assert folder.files == ["failed/orders.csv", "failed/orders.csv.reason.txt"]
    reason = folder.reason("orders.csv")
    assert reason.startswith("orders.csv, 20 Nov 2026 ")
    assert "Not loaded:\n- " in reason
    assert "NO-SUCH" in reason
    assert "Loaded all the same" not in reason
    assert numbers(site) == []


def test_good_orders_of_a_bad_file_are_loaded_and_named(site: Site, folder: Folder) -> None:
    folder.put("orders.csv", ORDER + BAD.removeprefix(HEADER) + "W-EAST,NORDWIND,N-3,CAM-500,9\n")
    folder.arrive()
    assert numbers(site) == ["N-1", "N-3"]
    reason = folder.reason("orders.csv")
    assert "Loaded all the same:\n- purchase order N-1 (new)\n- purchase order N-3 (new)\n" in reason
    assert reason.count("NO-SUCH") == 1
    mended = ORDER + "W-EAST,NORDWIND,N-2,CAM-500,3\nW-EAST,NORDWIND,N-3,CAM-500,9\n"
    folder.put("orders.csv", mended)
    folder.arrive()
    assert numbers(site) == ["N-1", "N-2", "N-3"]


def test_each_file_is_answered_row_by_row(site: Site, folder: Folder) -> None:
    folder.put("good.csv", ORDER)
    folder.put("some.csv", ORDER.replace("N-1", "N-4") + BAD.removeprefix(HEADER) + "W-EAST,NORDWIND,N-2,CAM-500,1\n")
    folder.put("none.csv", ORDER.replace("N-1", "N-5").replace("NORDWIND", "NOBODY") + "W-EAST,,N-6,CAM-500,1\n")
    folder.arrive()
    new = {"what": "purchase order", "state": "new", "differences": ["CAM-500 3"]}
    good, some, none = (folder.result(f"{name}.csv") for name in ("good", "some", "none"))
    assert good.pop("at").startswith("2026-11-20T09:00:00")
    assert good == {
        "file": "good.csv",
        "outcome": "loaded",
        "said": "Loaded: 1 purchase order (1 new).",
        "taken": [new | {"name": "N-1"}],
        "rows": [{"sheet": "good.csv", "row": 2, "taken": True, "why": []}],
        "problems": [],
        "notes": ["New warehouse: W-EAST."],
        "moved_to": "loaded/good.csv",
    }
    unknown, left_out = (
        "NO-SUCH is not a SKU of NORDWIND. Check it, or load the product first.",
        "left out: another row",
    )
    assert (some["outcome"], some["moved_to"], some["taken"]) == ("partly", "failed/some.csv", [new | {"name": "N-4"}])
    assert [(row["row"], row["taken"]) for row in some["rows"]] == [(2, True), (3, False), (4, False)]
    assert some["rows"][1]["why"] == [unknown]
    assert some["rows"][2]["why"] == [f"{left_out} of N-2 is refused."]
    assert (none["outcome"], none["taken"]) == ("refused", [])
    assert [row["taken"] for row in none["rows"]] == [False, False]
    assert none["rows"][1]["why"] == ["the Client is empty. Fill it in."]
    folder.put("odd.pdf", "%PDF-1.4\n")
    folder.arrive()
    odd = folder.result("odd.pdf")
    assert (odd["outcome"], odd["rows"]) == ("refused", [])
    assert "a PDF document" in odd["problems"][0]


def test_json_is_loaded_when_it_is_whole_and_answered_by_its_rows(site: Site, folder: Folder) -> None:
    row = {"warehouse": "W-EAST", "client": "NORDWIND", "sku": "CAM-500", "quantity": 2}
    lists = {
        "po": [{**row, "po_number": "N-1"}, {**row, "po_number": "N-2", "quantity": 1.5}],
        "so": [{**row, "so_number": "S-1"}],
    }
    whole = json.dumps(lists, indent=1)
    folder.put("orders.json", whole[: whole.rindex("\n")])
    assert folder.arrive() == []
    folder.put("orders.json", whole)
    assert len(folder.arrive()) == 1
    result = folder.result("orders.json")
    assert [one["name"] for one in result["taken"]] == ["N-1", "S-1"]
    assert [(one["sheet"], one["row"], one["taken"]) for one in result["rows"]] == [
        *(("po", 2, True), ("po", 3, False), ("so", 2, True)),
    ]
    assert "1.5 is not a whole number" in result["rows"][1]["why"][0]
    folder.put("cut.json", whole[:40])
    folder.look()
    assert folder.look(PATIENCE_S) == ["cut.json: Nothing was loaded: 1 problem. It is failed/cut.json now."]


def test_a_result_that_cannot_be_written_is_told_once_and_nothing_is_lost(site: Site, folder: Folder) -> None:
    (folder.path / "results").write_text("a file where the folder should be")
    folder.put("orders.csv", ORDER)
    folder.put("bad.csv", BAD)
    assert len(folder.arrive()) == 2
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    (folder.path / "results").unlink()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))  # as a disk that is full
    try:
        said = folder.look(1)
        assert sorted(one.partition("). ")[2] or one.partition(" problem. ")[2] for one in said) == [
            "It cannot be moved to failed: File too large. It stays, and is not loaded again.",
            "Its result cannot be written to results: File too large. It stays, and is not loaded again.",
        ]
        assert folder.look(1) == [], "said once"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert folder.results == []
    assert folder.files == ["bad.csv", "orders.csv"]
    assert len(folder.look(1)) == 2
    assert folder.results == ["bad.csv.result.json", "orders.csv.result.json"]
    assert folder.result("orders.csv")["outcome"] == "loaded"
    assert numbers(site) == ["N-1"]


def test_what_was_read_with_a_note_is_told_beside_what_was_loaded(site: Site, folder: Folder) -> None:
    folder.put("orders.csv", ORDER + ORDER.removeprefix(HEADER))
    told = [news for look in (0.0, QUIET_S) for news in folder.watch.look(folder.now + look)]
    note = "orders.csv: CAM-500 of N-1 stands in rows 2 and 3; they are added up to 6."
    assert [note in news.notes for news in told] == [True]
    folder.put("more.csv", BAD + ORDER.removeprefix(HEADER) + ORDER.removeprefix(HEADER))
    told = [news for look in (10.0, 10.0 + QUIET_S) for news in folder.watch.look(folder.now + look)]
    note = "more.csv: CAM-500 of N-1 stands in rows 3 and 4; they are added up to 6."
    assert [note in news.notes for news in told] == [True]
    assert f"To be known:\n- {note}\n" in folder.reason("more.csv")


def test_nothing_is_ever_overwritten(folder: Folder) -> None:
    for _ in range(3):
        folder.put("orders.csv", ORDER)
        folder.put("bad.csv", BAD)
        folder.arrive()
    assert folder.files == [
        *("failed/bad-2.csv", "failed/bad-2.csv.reason.txt", "failed/bad-3.csv", "failed/bad-3.csv.reason.txt"),
        *("failed/bad.csv", "failed/bad.csv.reason.txt"),
        *("loaded/orders-2.csv", "loaded/orders-3.csv", "loaded/orders.csv"),
    ]


def test_products_that_come_with_their_orders_are_loaded_first(site: Site, folder: Folder) -> None:
    folder.put("a-orders.csv", ORDER.replace("CAM-500", "LAP-1"))
    folder.put("b-products.csv", PRODUCTS.replace("CAM-500", "LAP-1"))
    folder.arrive()
    assert numbers(site) == ["N-1"]
    assert folder.files == ["loaded/a-orders.csv", "loaded/b-products.csv"]


def test_a_bad_file_waits_for_one_that_is_still_arriving(site: Site, folder: Folder) -> None:
    folder.put("orders.csv", ORDER.replace("CAM-500", "LAP-1"))
    folder.look()
    folder.put("products.csv", PRODUCTS.replace("CAM-500", "LAP-1"))
    assert folder.look(QUIET_S) == []
    assert len(folder.look(QUIET_S)) == 2
    assert numbers(site) == ["N-1"]


def test_a_bad_file_does_not_wait_for_ever(folder: Folder) -> None:
    folder.put("orders.csv", BAD)
    growing = folder.put("growing.csv", ORDER)
    for _ in range(int(PATIENCE_S) - 1):
        assert folder.look(1) == []
        with growing.open("a") as file:
            file.write("\n")
    assert len([*folder.look(1), *folder.look(1)]) == 1
    assert "failed/orders.csv" in folder.files


@pytest.mark.parametrize("cut", ["workbook", "text", "empty"])
def test_a_file_that_was_copied_in_part_is_not_taken_until_it_is_whole(
    site: Site, folder: Folder, tmp_path: Path, cut: str
) -> None:
    name = "orders.csv"
    whole = ORDER.encode()
    if cut == "workbook":
        book = openpyxl.Workbook()
        for row in ORDER.splitlines():
            book.active.append(row.split(","))  # type: ignore[union-attr]
        book.save(tmp_path / "whole.xlsx")
        name, whole = "orders.xlsx", (tmp_path / "whole.xlsx").read_bytes()
    folder.put(name, whole[: {"workbook": -200, "text": -2, "empty": 0}[cut] or None] if cut != "empty" else b"")
    assert folder.arrive() == []
    assert folder.look(PATIENCE_S - QUIET_S - 1) == []
    folder.put(name, whole)
    assert len(folder.arrive()) == 1
    assert numbers(site) == ["N-1"]
    assert folder.files == [f"loaded/{name}"]


def test_a_file_that_never_becomes_whole_is_refused_in_the_end(site: Site, folder: Folder) -> None:
    folder.put("orders.xlsx", b"PK\x03\x04 and no more")
    assert folder.arrive() == []
    assert len(folder.look(PATIENCE_S)) == 1
    assert "failed/orders.xlsx" in folder.files
    assert numbers(site) == []


def test_a_text_without_a_last_line_end_is_taken_when_its_last_row_is_there(site: Site, folder: Folder) -> None:
    folder.put("orders.csv", ORDER.rstrip("\n"))
    assert len(folder.arrive()) == 1
    assert numbers(site) == ["N-1"]


def test_a_text_that_ends_in_an_open_row_is_taken_after_a_while(site: Site, folder: Folder) -> None:
    folder.put("orders.csv", f"{ORDER}W-EAST,NORDWIND,N-2")
    assert folder.arrive() == []
    assert folder.look(STALLED_S) == []
    assert len(folder.look(PATIENCE_S)) == 1
    assert numbers(site) == ["N-1"]


def test_a_bad_file_does_not_wait_for_one_that_stays_half(folder: Folder) -> None:
    folder.put("orders.csv", BAD)
    folder.put("half.xlsx", b"PK\x03\x04 and no more")
    assert folder.arrive() == []
    assert len(folder.look(STALLED_S - QUIET_S)) == 1
    assert folder.files == ["failed/orders.csv", "failed/orders.csv.reason.txt", "half.xlsx"]


def test_what_is_no_file_stays_and_is_told_once(folder: Folder, tmp_path: Path) -> None:
    (folder.path / "sub").mkdir()
    (folder.path / "sub" / "orders.csv").write_text(ORDER)
    os.mkfifo(folder.path / "pipe.csv")
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(ORDER)
    (folder.path / "link.csv").symlink_to(elsewhere)
    told = folder.look()
    assert sorted(told) == [
        "link.csv is a link, not a file: passed over.",
        "pipe.csv is a pipe or a device, not a file: passed over.",
        "sub is a folder, not a file: passed over.",
    ]
    assert folder.look(100) == []
    assert elsewhere.exists()


@pytest.mark.parametrize("name", [".orders.csv", "~$orders.xlsx", "orders.csv.part", "orders.csv.filepart", "x.tmp"])
def test_what_is_still_being_written_under_another_name_is_left(folder: Folder, name: str) -> None:
    folder.put(name, BAD)
    assert folder.arrive() == []
    assert (folder.path / name).exists()


def test_a_file_that_is_taken_away_is_forgotten(site: Site, folder: Folder) -> None:
    folder.put("orders.csv", ORDER)
    folder.look()
    (folder.path / "orders.csv").unlink()
    assert folder.look(QUIET_S) == []
    assert numbers(site) == []


def test_files_wait_while_the_store_is_away(site: Site, folder: Folder) -> None:
    store = site.store.path
    assert store is not None
    away = store.with_name("away.db")
    store.rename(away)
    folder.put("orders.csv", ORDER)
    (said,) = folder.arrive()
    assert said.endswith("Files wait until it is back.")
    assert folder.look(1) == []
    assert folder.look(100) == [], "said once"
    away.rename(store)
    assert folder.look(1) == [
        "The store is back.",
        "orders.csv: Loaded: 1 purchase order (1 new). It is loaded/orders.csv now.",
    ]
    assert numbers(site) == ["N-1"]


def test_a_folder_that_vanishes_is_waited_for(site: Site, folder: Folder) -> None:
    away = folder.path.with_name("away")
    folder.path.rename(away)
    (said,) = folder.look(1)
    assert said.endswith("is out of reach (it is not there). Waiting for it.")
    assert folder.look(1) == []
    away.rename(folder.path)
    folder.put("orders.csv", ORDER)
    assert folder.look(1) == [f"The folder {folder.path} is back."]
    assert len(folder.look(QUIET_S)) == 1


def test_a_second_watcher_is_refused_until_the_first_has_ended(
    folder: Folder, opened: Callable[[], Site], tmp_path: Path
) -> None:
    second = Watch(folder.path, opened)
    with pytest.raises(FolderBusy, match="Another watcher has the folder"):
        second.begin()
    folder.watch.end()
    second.begin()
    second.end()
    with pytest.raises(UnreadablePath):
        Watch(tmp_path / "none", opened).begin()


def test_a_folder_that_came_back_in_other_hands_is_given_up(folder: Folder, opened: Callable[[], Site]) -> None:
    folder.path.rename(folder.path.with_name("away"))
    folder.look()
    folder.path.mkdir()
    second = Watch(folder.path, opened)
    second.begin()
    with pytest.raises(FolderBusy):
        folder.look()
    second.end()


def test_a_crash_between_loading_and_moving_doubles_nothing(
    site: Site, folder: Folder, opened: Callable[[], Site]
) -> None:
    stock = "Warehouse,Client,SKU,Primary Serial Number\nW-EAST,NORDWIND,CAM-500,SN-1\n"
    folder.put("orders.csv", ORDER)
    folder.put("stock.csv", stock)
    assert len(folder.arrive()) == 2
    for name in ("orders.csv", "stock.csv"):
        (folder.path / "loaded" / name).rename(folder.path / name)  # as if it had never been moved
    folder.watch.end()
    folder.watch = Watch(folder.path, opened)
    folder.watch.begin()
    told = folder.arrive()
    assert len(told) == 2
    assert all("as before" in one for one in told), told
    assert numbers(site) == ["N-1"]
    assert upkeep.findings(site.store) == []
    assert folder.files == ["loaded/orders-2.csv", "loaded/stock-2.csv"], "each beside the result that it has"
    assert len(folder.results) == 4


def test_a_file_that_cannot_be_moved_is_loaded_once_and_told_once(site: Site, folder: Folder) -> None:
    (folder.path / "loaded").write_text("a file where the folder should be")
    folder.put("orders.csv", ORDER)
    (said,) = folder.arrive()
    assert "It cannot be moved to loaded: File exists. It stays, and is not loaded again." in said
    assert folder.look(1) == []
    (folder.path / "loaded").unlink()
    assert folder.look(1) == ["orders.csv: Loaded: 1 purchase order (1 new). It is loaded/orders.csv now."]
    folder.put("orders.csv", ORDER)
    assert len(folder.arrive()) == 1


def test_a_file_that_is_replaced_while_it_is_loaded_stays_and_is_loaded_too(site: Site, folder: Folder) -> None:
    newer = folder.path.with_name("newer.csv")
    newer.write_text(ORDER.replace("N-1", "N-2"))

    def overtaken() -> datetime:
        """The clock is looked at as the loading begins."""
        if newer.exists():
            newer.replace(folder.path / "orders.csv")
        return site.store.clock()

    folder.watch.end()
    folder.watch = Watch(folder.path, lambda: Site(open_store(f"sqlite:///{site.store.path}", overtaken), "erp", "x"))
    folder.watch.begin()
    folder.put("orders.csv", ORDER)
    assert folder.arrive() == []
    assert numbers(site) == ["N-1"]
    assert len(folder.arrive()) == 1
    assert numbers(site) == ["N-1", "N-2"]


def test_an_end_is_heeded_between_two_files(site: Site, folder: Folder) -> None:
    folder.put("a.csv", ORDER)
    folder.put("b.csv", ORDER.replace("N-1", "N-2"))
    folder.look()
    told: list[News] = []
    for news in folder.watch.look(folder.now + QUIET_S, lambda: bool(told)):
        told.append(news)
    assert len(told) == 1
    assert numbers(site) == ["N-1"]


def test_a_bad_file_is_left_for_the_next_time_when_the_watch_is_ended_meanwhile(folder: Folder) -> None:
    folder.put("orders.csv", BAD)
    folder.look()
    answers = chain([False], repeat(True))
    assert list(folder.watch.look(folder.now + QUIET_S, lambda: next(answers))) == []
    assert folder.files == ["orders.csv"]


def test_names_that_a_terminal_would_obey_are_made_visible(folder: Folder) -> None:
    folder.put("a\x1b[31m\nb.csv", ORDER)
    (said,) = folder.arrive()
    assert "\x1b" not in said
    assert "\n" not in said
