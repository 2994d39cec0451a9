"""Rows are judged together where nothing speaks against them, and one by one elsewhere: the answer is the same."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.products import Barcode
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports import facts, judging, together
from scanstation.workflows.imports.importing import check, import_serials
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import opening
from tests.workflows.done_work import packed, received

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
ROWS = 60
CLEAN = range(ROWS // 3)
"""Rows that stand before all others and have nothing wrong, so that some are surely judged together."""


ELSEWHERE = [("w-1", "x-1"), ("w-2", "x-2")]
"""Units that stand in another warehouse, where some are to be known."""


def serials(scenario: int, random_: random.Random, share: float) -> list[tuple[str, str]]:
    """Two codes a row: usual ones, and of each kind of trouble some, in this share of the rows."""
    two = scenario in (7, 8)
    odd = ["BOX-1", "4006381333931", "04006381333931", "12345670", "S-NEXT", "SS-UNDO", "SS-7", "K-3", "R-5", "", "a b"]
    odd += ["r5", "SN:r-7", "k 3", "s/n r.9", "S:R-31"]
    odd += ["400638133393112", "24006381333935", "]E04006381333931", "1PBOX-1", "D4006381333931", "N/A", "n.a.", "0000"]
    odd += ["000", "dock-2", "W-EAST", "ANA", "HTTP://A.B", "SN:1;PN:2", "00340123450000000017", "010400638133393221X"]
    odd += ["4006381333932", "00:1A:2B:3C:4D:5E", "P1234567", "]C0SN-1", "L-1", "L-2", "L-3", "356938035643809"]
    rows = []
    for number in range(ROWS):
        primary, secondary = f"r-{number}", f"k-{number}" if two else ""
        if number not in CLEAN and random_.random() < share:
            match random_.randrange(7):
                case 0:
                    primary = random_.choice(odd)
                case 3:
                    secondary = ""
                case 4:
                    primary, secondary = f"k-{random_.randrange(ROWS)}", ""
                case 5:
                    primary, secondary = random_.choice(ELSEWHERE)
                    secondary = secondary if two else ""
                case 1:
                    secondary = random_.choice(odd)
                case 2:
                    primary = f"R-{random_.randrange(ROWS)}"
                case _:
                    primary, secondary = secondary, primary
        rows.append((primary, secondary))
    return rows


def write(path: Path, kind: OrderKind, rows: list[tuple[str, str]], warehouse: str = "W-EAST") -> Path:
    header = f"Warehouse,Client,{kind} Number,SKU,Primary Serial Number,Secondary Serial Number"
    path.write_text("\n".join([header, *(f"{warehouse},NORDWIND,{kind}-1,SKU-1,{one},{two}" for one, two in rows)]))
    return path


@pytest.fixture
def prepared(site: Site) -> Site:
    """Other products and orders that a serial can be mistaken for."""
    builders.product(site, "BOX-1", barcodes=[Barcode("4006381333931", 1)])
    builders.shipment(site, "S-NEXT", {"BOX-1": 1})
    builders.product(site, "LAP", 1)
    opening(site, "NORDWIND", "W-EAST", "LAP", "L-1", "L-2")
    opening(site, "NORDWIND", "W-WEST", "LAP", "L-3")
    return site


@pytest.mark.parametrize(
    ("scenario", "pattern"),
    [
        *((scenario, "") for scenario in (5, 6, 7, 8)),
        (8, "[rkwx]-.*"),
        *(pytest.param(scenario, "[rkwx]-.*", marks=pytest.mark.long) for scenario in (5, 6, 7)),
    ],
)
@pytest.mark.parametrize("kind", [PO, SO])
def test_rows_get_the_same_answer_together_and_alone(
    prepared: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: OrderKind, scenario: int, pattern: str
) -> None:
    site = replace(prepared, rules=replace(prepared.rules, scenario6_unknown_serials="create"))
    # Units that shipments find have two codes, also under settings that ask for one by then.
    before = {5: 7, 6: 8}.get(scenario, scenario) if kind is SO else scenario
    builders.product(site, "SKU-1", before, pattern=pattern)
    for warehouse in ("W-EAST", "W-WEST"):
        order = builders.purchase(site, "PO-1", {"SKU-1": ROWS}, warehouse=warehouse)
        received(site, order, "SKU-1", quantity=ROWS)
    if kind is SO:
        # In scenarios 5 and 7 the units must be known; in 6 and 8 some are.
        known = [(f"r-{number}", f"k-{number}") for number in range(ROWS)][0 if scenario in (5, 7) else ROWS // 2 :]
        for warehouse, codes in (("W-EAST", known), ("W-WEST", ELSEWHERE)):
            answer = import_serials(site, PO, write(tmp_path / "known.csv", PO, codes, warehouse))
            assert isinstance(answer, Done), answer
        builders.change_settings(site, "SKU-1", scenario)
        shipment = builders.shipment(site, "SO-1", {"SKU-1": ROWS})
        packed(site, shipment, "SKU-1", quantity=ROWS)
    taken = without_problems = noted = 0
    for seed, share in enumerate([0.4] * 6 + [0.02] * 3 + [0.0]):
        path = write(tmp_path / f"{seed}.csv", kind, serials(scenario, random.Random(seed), share))
        with monkeypatch.context() as each:
            each.setattr(together.RowsTogether, "take", lambda *_: False)
            each.setattr(facts, "_all_to_pack", lambda *_: None)
            alone = check(site, kind, path).judgement
        for at_once in (1, len(CLEAN), ROWS):
            monkeypatch.setattr(judging, "ROWS_AT_ONCE", at_once)
            assert check(site, kind, path).judgement == alone
        without_problems += not alone.problems
        noted += len(alone.notes)
        taken += sum(map(len, alone.new)) + sum(map(len, alone.taken))
    assert 1 <= without_problems <= 4
    assert taken >= 10 * len(CLEAN)
    creates = kind is PO or scenario not in (5, 7)
    assert noted or pattern or not creates, "what only needs a look is in some of the files"
    assert creates or not noted


def test_a_unit_named_by_its_secondary_too_is_told_by_its_primary(site: Site, tmp_path: Path) -> None:
    builders.product(site, "SKU-1", 7)
    received(site, builders.purchase(site, "PO-1", {"SKU-1": 2}), "SKU-1", quantity=2)
    known = write(tmp_path / "known.csv", PO, [("r-1", "k-1"), ("r-2", "k-2")])
    assert isinstance(import_serials(site, PO, known), Done)
    builders.change_settings(site, "SKU-1", 5)
    packed(site, builders.shipment(site, "SO-1", {"SKU-1": 2}), "SKU-1", quantity=2)
    found = check(site, SO, write(tmp_path / "again.csv", SO, [("k-1", ""), ("r-1", "")])).problems
    assert [problem.sentence for problem in found] == [
        "k-1 is the secondary serial of r-1. Write the primary.",
        "r-1 is the same unit as row 2. Take one of the two out.",
    ]
