"""What a desk has kept of its order is what the store says, whatever others have done to it meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind
from scanstation.workflows.master_data import loading
from scanstation.workflows.orders import corrections, order_book
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.site import Site
from tests import builders
from tests.workflows.at_the_desk import said, scan
from tests.workflows.sheets_to_load import PO_HEADER, Files

Others = Callable[[Site, Path], None]


def takes(site: Site, folder: Path) -> None:
    del folder
    scan(Desk(site.at_station("dock-9"), OrderKind.PURCHASE), "N-1", "BAT", "CAM", "C-9", "CAM")


def completes(site: Site, folder: Path) -> None:
    del folder
    scan(Desk(site.at_station("dock-9"), OrderKind.PURCHASE), "N-1", "BAT", "SS-COMPLETE", "SS-YES")


def is_taken_over(site: Site, folder: Path) -> None:
    takes(site, folder)
    (theirs,) = [one for one in order_book.detail(site, 1).works if one.work.station == "dock-9"]
    assert isinstance(take_over(site, theirs.work.id), Done)


def is_taken_over_by_a_third(site: Site, folder: Path) -> None:
    del folder
    (theirs,) = [one for one in order_book.detail(site, 1).works if one.work.station == "dock-7"]
    assert isinstance(take_over(site.at_station("dock-8"), theirs.work.id), Done)


def gives_a_serial(site: Site, folder: Path) -> None:
    del folder
    desk = Desk(site.at_station("dock-7"), OrderKind.PURCHASE)
    scan(desk, "N-1", "C-7")


def lowers(site: Site, folder: Path) -> None:
    completes(site, folder)
    assert isinstance(corrections.lower(site, 1, "BAT", 0, "none came"), Done)


def loads(*rows: tuple[str, str]) -> Others:
    def load(site: Site, folder: Path) -> None:
        sheet = Files(folder)(PO_HEADER, *(["W-EAST", "NORDWIND", "N-1", *row] for row in rows))
        assert not isinstance(loading.load(site, [sheet]), Refused)

    return load


def changes_settings(site: Site, folder: Path) -> None:
    del folder
    builders.change_settings(site, "OLD", 5)


@pytest.mark.both_stores
@pytest.mark.parametrize(
    "others",
    [
        takes,
        completes,
        is_taken_over,
        is_taken_over_by_a_third,
        gives_a_serial,
        lowers,
        loads(("BAT", "12")),
        loads(("NEW", "3"), ("OLD", "0")),
        changes_settings,
    ],
)
def test_the_next_answer_shows_what_others_have_changed(site: Site, tmp_path: Path, others: Others) -> None:
    for sku, scenario in (("BAT", 0), ("CAM", 1), ("OLD", 0), ("NEW", 0)):
        builders.product(site, sku, scenario)
    builders.purchase(site, "N-1", {"BAT": 9, "CAM": 9, "OLD": 9})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(Desk(site.at_station("dock-7"), OrderKind.PURCHASE), "N-1", "BAT", "CAM")
    scan(desk, "N-1", "CAM", "C-1", "BAT", "SS-UNDO", "BAT")
    others(site, tmp_path)
    for code in ("BAT", "NOBODY", "CAM", "C-2", "SS-UNDO", "SS-UNDO", "C-2"):
        kept = scan(desk, code).order
        anew = Desk(site, OrderKind.PURCHASE)
        anew._conversation = desk._conversation  # the same work, with nothing at hand
        assert kept == anew.refresh().order, code


def test_a_pattern_that_was_set_meanwhile_judges_the_next_serial(site: Site) -> None:
    builders.product(site, "CAM", 1)
    builders.purchase(site, "N-1", {"CAM": 9})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "CAM")
    builders.change_pattern(site, "CAM", "C-[0-9]+")
    assert said(scan(desk, "D-1")) == ("STOP", "pattern")
    assert said(scan(desk, "C-1")) == ("OK", "")


def test_the_pieces_of_others_are_not_counted_again_at_each_scan(site: Site) -> None:
    builders.product(site, "CAM", 1)
    builders.purchase(site, "N-1", {"CAM": 90})
    scan(Desk(site.at_station("dock-7"), OrderKind.PURCHASE), "N-1", "CAM", "C-7", "CAM")
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "CAM", "C-1")
    asked: list[str] = []
    event.listen(site.store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for code in ("CAM", "NOBODY'S", "CAM", "C-2", "SS-UNDO", "C-3"):
        view = scan(desk, code)
    assert view.order is not None
    assert view.order.lines[0].others == (("dock-7", 1),)
    assert asked
    assert not [statement for statement in asked if "sum(piece.quantity)" in statement]
