"""Discrepancies are noted, listed, settled and named as an order is closed short; no count changes (RULES 2.24)."""

import json
from io import StringIO
from pathlib import Path

import pytest

from scanstation.domain.discrepancies import Differs
from scanstation.domain.outcome import Done, Refused
from scanstation.store.upkeep import findings
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import order_book, purchase_orders
from scanstation.workflows.orders.discrepancies import note, settle
from scanstation.workflows.reports.auditing import audit
from scanstation.workflows.reports.discrepancy_list import discrepancy_list
from scanstation.workflows.reports.reporting import narrowed
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.workflows.done_work import received
from tests.workflows.sheets_to_load import PO_HEADER, Files


def listed(site: Site, order_id: int | None = None, *, only_open: bool = False, client: str = "") -> list[object]:
    text = StringIO()
    of = discrepancy_list(site, order_id=order_id, only_open=only_open, client=client)
    of.export_to(text, "json")
    return [
        [row[name] for name in ("number", "po_number", "sku", "differs", "count", "words", "serials", "settled_as")]
        for row in json.loads(text.getvalue())
    ]


def names(outcome: Done | Refused) -> list[str]:
    return [one.name for one in outcome.reasons] if isinstance(outcome, Refused) else []


@pytest.mark.both_stores
def test_what_came_otherwise_is_noted_settled_and_named_at_closing(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    product(site, "CBL", 0)
    order_id, other = purchase(site, "N-1", {"CAM": 4, "CBL": 2}), purchase(site, "N-2", {"CBL": 2})
    received(site, order_id, "CAM", "A1", "A2")
    before = order_book.as_json(order_book.detail(site, order_id))

    answer = note(site, order_id, "cam", Differs.DAMAGED, words=" lens broken ", serials=["A1", "zz-9"])
    note(site, order_id, "CBL", Differs.SHORT, count=2)
    note(site, other, "CBL", Differs.WRONG, words="red ones")

    assert isinstance(answer, Done)
    assert answer.text == "Noted on N-1 as discrepancy 1: 2 CAM damaged. No count was changed."
    assert order_book.as_json(order_book.detail(site, order_id)) == before
    first = [1, "N-1", "CAM", "damaged", 2, "lens broken", "A1, zz-9", None]
    second = [2, "N-1", "CBL", "short", 2, None, None, None]
    third = [3, "N-2", "CBL", "wrong", 1, "red ones", None, None]
    assert listed(site, order_id) == [first, second]
    assert listed(site, client="nordwind") == [first, second, third]
    assert listed(site, client="SOMEBODY") == []

    ended = settle(site, order_id, 1, "credited")
    assert isinstance(ended, Done)
    assert ended.text == "Discrepancy 1: 2 CAM damaged of N-1 is settled."
    assert listed(site, only_open=True) == [second, third]
    assert listed(site, order_id) == [[*first[:-1], "credited"], second]

    closed = purchase_orders.close_short(site, order_id, "never sent")
    assert isinstance(closed, Done)
    assert closed.notes == ("CAM 2 of 4", "CBL 0 of 2", "Still open: discrepancy 2: 2 CBL short.")
    assert not names(note(site, order_id, "CAM", Differs.OVER, count=1))  # found later, on a Completed order

    kept = [(act[1], act[2]) for act in audit(site, narrowed(purchase_order="N-1")).read()]
    assert ("Discrepancy settled", "PO N-1") in kept
    assert sum(act == "Discrepancy noted" for act, _ in kept) == 3
    assert (tmp_path / "d.xlsx").exists() is False
    done = discrepancy_list(site, only_open=True).export(tmp_path / "d.xlsx", "xlsx")
    assert done.text.startswith("Discrepancies: 3 notes written to ")
    assert findings(site.store) == []


def test_a_line_that_a_sheet_drops_keeps_what_was_noted_on_it(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    product(site, "CBL", 0)
    order_id = purchase(site, "N-1", {"CAM": 4, "CBL": 2})
    note(site, order_id, "CBL", Differs.SHORT, count=2)
    loaded = load(site, [Files(tmp_path)(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "CBL", "0"])])
    assert not loaded.refused, loaded
    assert [line.ordered for line in order_book.detail(site, order_id).lines] == [4, 0]
    assert listed(site, order_id) == [[1, "N-1", "CBL", "short", 2, None, None, None]]


def test_many_open_ones_are_counted_at_closing(site: Site) -> None:
    product(site, "CBL", 0)
    order_id = purchase(site, "N-1", {"CBL": 20})
    for _ in range(8):
        note(site, order_id, "CBL", Differs.DAMAGED, count=1)
    closed = purchase_orders.close_short(site, order_id, "never sent")
    assert isinstance(closed, Done)
    assert closed.notes[-2:] == ("Still open: discrepancy 6: 1 CBL damaged.", "… and 2 discrepancies more.")


def test_what_says_nothing_or_is_of_no_line_is_refused_and_not_kept(site: Site) -> None:
    product(site, "CBL", 0)
    order_id, other = purchase(site, "N-1", {"CBL": 20}), purchase(site, "N-2", {"CBL": 20})
    assert names(note(site, order_id, "CAM", Differs.WRONG, words="red")) == ["not-on-order"]
    assert names(note(site, order_id, "CBL", Differs.WRONG, words="  ")) == ["words-missing"]
    assert names(note(site, order_id, "CBL", Differs.WRONG, serials=["A1", "a1 "])) == ["serial-twice"]
    assert names(note(site, order_id, "CBL", Differs.WRONG, serials=["A1", "A2"], count=1)) == ["more-serials"]
    assert names(note(site, order_id, "CBL", Differs.WRONG, serials=["A\u200b1"])) == ["bad-code"]
    assert listed(site) == []
    note(site, order_id, "CBL", Differs.WRONG, words="red")
    assert names(settle(site, other, 1, "credited")) == ["no-such-note"]
    assert names(settle(site, order_id, 1, " ")) == ["reason-missing"]
    assert not names(settle(site, order_id, 1, "credited"))
    assert names(settle(site, order_id, 1, "again")) == ["settled-already"]
