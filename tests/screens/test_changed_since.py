"""A question stands on the screen, and another station changes what it is about: a yes to it is none to that."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from scanstation.domain.status import OrderKind
from scanstation.domain.units import Disposal
from scanstation.store import orders
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import carry_out, check_rows
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import corrections, finding, holding, order_book
from scanstation.workflows.reports import tracing
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done
from tests.screens.rig import Rig, play, stock
from tests.workflows.at_the_desk import said, scan
from tests.workflows.done_work import open_work, packed, received

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


@pytest.fixture
def dock(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A camera is Packed, another on hold; batteries were counted; laptops came, some with their serials."""
    monkeypatch.chdir(tmp_path)
    stock(site)
    bought, sold = _id(site, "N-1003"), _id(site, "S-901")
    received(site, bought, "CAM-300", *(f"SN-000{number}/LENS-7720{number}" for number in range(1, 4)))
    received(site, bought, "BAT-100", quantity=40)
    packed(site, sold, "CAM-300", "SN-0001/LENS-77201")
    received(site, builders.purchase(site, "N-7", {"LAP-15": 4}), "LAP-15", quantity=4)
    packed(site, builders.shipment(site, "S-7", {"LAP-15": 2}), "LAP-15", quantity=2)
    _import(site, PO, "N-7", "LT-1", "LT-2")
    _import(site, SO, "S-7", "LT-1")
    done(holding.hold(site, [_unit(site, "SN-0003")], "box wet"))
    done(corrections.dispose(site, _unit(site, "SN-0002"), "not in its bin", how=Disposal.LOST))
    return site


def _id(site: Site, number: str) -> int:
    with site.store.read() as tx:
        return orders.find(tx, number)[0].id


def _unit(site: Site, code: str) -> int:
    (life,) = tracing.trace(site, code)
    return life.unit.id


def _box(site: Site, number: str) -> None:
    """LT-2 is scanned into the box of a new order."""
    builders.shipment(site, number, {"LAP-15": 1})
    desk = Desk(site.at_station("dock-8"), SO)
    assert said(scan(desk, number, "LT-2"))[0] == "OK"
    desk.complete()


def _standing(site: Site, code: str) -> str:
    (life,) = tracing.trace(site, code)
    last = [event.order for event in life.events if event.order][-1]
    return f"{life.standing} ({last})"


def _done(site: Site, number: str) -> dict[str, int]:
    return {line.sku: line.done for line in order_book.detail(site, _id(site, number)).lines}


def _present(site: Site, number: str) -> str:
    detail = order_book.detail(site, _id(site, number))
    return f"{detail.order.status.value}, {sum(line.serials_present for line in detail.lines)}"


def _import(site: Site, kind: OrderKind, number: str, *codes: str) -> None:
    rows = [("W-EAST", "NORDWIND", number, "LAP-15", code, "") for code in codes]
    done(carry_out(site, check_rows(site, kind, "serials.csv", _id(site, number), rows)))


def _ordered(site: Site, number: str, sku: str, quantity: int) -> None:
    """A sheet orders more."""
    Path("more.csv").write_text(f"Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,NORDWIND,{number},{sku},{quantity}\n")
    assert not load(site, [Path("more.csv")]).refused


# What stands on the screen, up to the last question


async def _receive_po(rig: Rig) -> None:
    await rig.press("f7", "down", "enter", "down", "enter")
    assert "Receive all 3 outstanding units of N-1004 without scanning?" in rig.text


async def _lower(rig: Rig) -> None:
    await rig.scan("N-1003")
    await rig.press("escape", "f7", "enter")
    await rig.mark("Lower")
    await rig.press("enter")
    await rig.type("38")
    await rig.type("two boxes were empty")
    assert "Lower BAT-100 on N-1003 to 38 received?" in rig.text


async def _remove(rig: Rig) -> None:
    await rig.scan("N-7")
    await rig.mark("Remove the imported")
    await rig.press("enter")
    assert "1 serial has moved on, so nothing goes unless you choose:" in rig.words
    await rig.mark("Remove only 1 still Received")


async def _without_serials(rig: Rig) -> None:
    await rig.press("f9", "f5")
    await rig.scan("S-7")
    await rig.press("f7")
    assert "1 of 2 are there" in rig.words
    await rig.press("y")


async def _without_serials_of_the_order(rig: Rig) -> None:
    await rig.press("f8")
    await rig.type("S-7")
    await rig.mark("Ship")
    await rig.press("enter", "y", "y")


async def _unpack(rig: Rig) -> None:
    await rig.scan("SN-0001")
    await rig.press("enter")
    await rig.type("wrong box")
    assert "Unpack SN-0001?" in rig.text


async def _correct(rig: Rig) -> None:
    await rig.scan("SN-0001")
    await rig.mark("Correct the code SN-0001")
    await rig.press("enter")
    await rig.scan("SN-9001")
    await rig.type("misread")
    assert "SN-0001 becomes SN-9001. Is that right?" in rig.text


async def _find(rig: Rig) -> None:
    await rig.scan("SN-0002")
    await rig.mark("SN-0002 is found again")
    await rig.press("enter")
    await rig.type("behind the rack")
    assert "SN-0002 is in the stock of W-EAST again, the same unit. Is that right?" in rig.words


async def _out_of_the_box(rig: Rig) -> None:
    _box(rig.app.station.site, "S-6")
    await rig.scan("LT-2")
    await rig.mark("Unpack LT-2")
    await rig.press("enter")
    await rig.type("wrong box")
    assert "Unpack LT-2?" in rig.text


async def _release(rig: Rig) -> None:
    await rig.scan("SN-0003")
    await rig.mark("Lift the hold")
    await rig.press("enter")
    await rig.type("it is dry")
    assert "Lift the hold of SN-0003?" in rig.text


async def _close(rig: Rig, number: str, asks: str) -> None:
    await rig.press("f7" if number.startswith("N") else "f8")
    await rig.type(number)
    await rig.mark("Close short")
    await rig.press("enter")
    assert asks in rig.words, rig.words
    await rig.press("y")


async def _close_purchase(rig: Rig) -> None:
    await _close(rig, "N-1003", "N-1003 lacks 207 of 250, so far CAM-300 3 of 10, CBL-010 0 of 200. Close it short?")


async def _close_shipment(rig: Rig) -> None:
    await _close(rig, "S-901", "S-901 lacks 5 of 6, so far CAM-300 1 of 2, BAT-100 0 of 4. Close it short?")


async def _cancel(rig: Rig) -> None:
    await rig.press("f8")
    await rig.type("S-901")
    await rig.mark("Cancel this order")
    await rig.press("enter")
    assert "Cancel S-901? What was packed for it is unpacked: 1, and 0 in open work." in rig.words
    await rig.press("y")


async def _take_over(rig: Rig) -> None:
    open_work(rig.app.station.site, _id(rig.app.station.site, "N-1003"), "CBL-010", quantity=5, station="dock-8")
    await rig.scan("N-1003")
    await rig.press("escape", "f7", "enter")
    await rig.mark("Take over Ana's")
    await rig.press("enter")
    assert "5 in hand. Take it over?" in rig.words


# What another station does meanwhile


def _repack(site: Site) -> None:
    done(corrections.unpack(site, _unit(site, "SN-0001"), "for another customer"))
    packed(site, builders.shipment(site, "S-903", {"CAM-300": 1}), "CAM-300", "SN-0001")


def _lose_again(site: Site) -> None:
    done(finding.found_again(site, _unit(site, "SN-0002"), "on the ramp"))
    done(corrections.dispose(site, _unit(site, "SN-0002"), "stolen", how=Disposal.LOST))


def _into_another_box(site: Site) -> None:
    done(corrections.unpack(site, _unit(site, "LT-2"), "for another customer"))
    _box(site, "S-8")


def _hold_otherwise(site: Site) -> None:
    done(holding.release(site, [_unit(site, "SN-0003")], "dry"))
    done(holding.hold(site, [_unit(site, "SN-0003")], "recalled by the maker"))


def _receive_more(site: Site) -> None:
    _ordered(site, "N-1003", "BAT-100", 50)
    received(site, _id(site, "N-1003"), "BAT-100", quantity=5)


def _take_back(site: Site) -> None:
    done(removing.remove_serials(site, SO, _id(site, "S-7")))


@pytest.mark.parametrize(
    ("ask", "keys", "meanwhile", "says", "stands", "so"),
    [
        (
            _receive_po,
            "y",
            lambda site: _ordered(site, "N-1004", "LAP-15", 30),
            "N-1004 lacks 30 now, not 3.",
            lambda site: _done(site, "N-1004"),
            {"LAP-15": 0},
        ),
        (
            _lower,
            "y",
            _receive_more,
            "N-1003 has 45 of BAT-100 received now, not 40.",
            lambda site: _done(site, "N-1003"),
            {"BAT-100": 45, "CAM-300": 3, "CBL-010": 0},
        ),
        (
            _close_purchase,
            "no more comes",
            lambda site: received(site, _id(site, "N-1003"), "CBL-010", quantity=5),
            "N-1003 has other counts since you looked: CAM-300 3 of 10, CBL-010 5 of 200.",
            lambda site: _present(site, "N-1003"),
            "Partially Received, 3",
        ),
        (
            _close_shipment,
            "no more stock",
            lambda site: packed(site, _id(site, "S-901"), "BAT-100", quantity=4),
            "S-901 has other counts since you looked: CAM-300 1 of 2. It was not closed: choose it once more.",
            lambda site: _present(site, "S-901"),
            "Packing, 1",
        ),
        (
            _cancel,
            "customer left",
            lambda site: packed(site, _id(site, "S-901"), "BAT-100", quantity=4),
            "S-901 has 5 packed and 0 in open work now, not 1 and 0. It was not cancelled: choose it once more.",
            lambda site: _present(site, "S-901"),
            "Packing, 1",
        ),
        (
            _take_over,
            "y",
            lambda site: open_work(site, _id(site, "N-1003"), "CBL-010", quantity=2, station="dock-8"),
            "Ana is at work on N-1003 at dock-8: 7 in hand now, not 5. Nothing was taken over.",
            lambda site: [one.work.station for one in order_book.detail(site, _id(site, "N-1003")).works if one.pieces],
            ["dock-8"],
        ),
        (
            _remove,
            ("enter",),
            lambda site: _import(site, PO, "N-7", "LT-3", "LT-4"),
            "3 serials go",
            lambda site: _present(site, "N-7"),
            "Completed, 4",
        ),
        (
            _without_serials,
            "customer waits",
            _take_back,
            "S-7 lacks serials of LAP-15: 0 of 2 are there.",
            lambda site: _present(site, "S-7"),
            "Ready to Ship, 0",
        ),
        (
            _without_serials_of_the_order,
            "customer waits",
            _take_back,
            "S-7 lacks serials of LAP-15: 0 of 2 are there.",
            lambda site: _present(site, "S-7"),
            "Ready to Ship, 0",
        ),
        (
            _unpack,
            "y",
            _repack,
            "SN-0001 is already Packed on SO S-903",
            lambda site: _standing(site, "SN-0001"),
            "Packed (S-903)",
        ),
        (
            _correct,
            "y",
            _repack,
            "SN-0001 is already Packed on SO S-903",
            lambda site: _standing(site, "SN-0001"),
            "Packed (S-903)",
        ),
        (
            _find,
            "y",
            _lose_again,
            "Somebody was at it since you looked: SN-0002 was given up as lost, 20 Nov 2026 09:00, dock-9",
            lambda site: _standing(site, "SN-0002"),
            "Disposed, given up as lost (N-1003)",
        ),
        (
            _out_of_the_box,
            "y",
            _into_another_box,
            "LT-2 was scanned into S-8",
            lambda site: _standing(site, "LT-2"),
            "Received, scanned into S-8 at dock-8 (N-7)",
        ),
        (
            _release,
            "y",
            _hold_otherwise,
            "SN-0003 is on hold for something else since you looked: recalled by the maker.",
            lambda site: _standing(site, "SN-0003"),
            "Received, on hold: recalled by the maker (N-1003)",
        ),
    ],
    ids=lambda value: value.__name__.strip("_") if getattr(value, "__name__", "<")[0] == "_" else "",
)
def test_what_is_not_as_it_was_asked_is_not_done(
    dock: Site,
    ask: Callable[[Rig], Awaitable[None]],
    keys: str | tuple[str, ...],
    meanwhile: Callable[[Site], None],
    says: str,
    stands: Callable[[Site], object],
    so: object,
) -> None:
    async def scenes(rig: Rig) -> None:
        await ask(rig)
        meanwhile(dock.at_station("dock-9"))
        if isinstance(keys, str) and len(keys) > 1:
            await rig.type(keys)
        else:
            await rig.press(*keys)
        assert rig.verdict.startswith("STOP"), rig.verdict
        assert says in rig.verdict

    play(dock, scenes)
    assert stands(dock) == so
