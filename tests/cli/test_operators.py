"""`operators` on the command line."""

from pathlib import Path

import pytest

from scanstation.domain.badges import is_badge
from scanstation.domain.operators import ROLES, Deed
from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.workflows.orders import purchase_orders, transfer_book
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.cli.conftest import Command
from tests.serials import opening
from tests.staff import badge_of, turn_on
from tests.workflows.at_the_desk import scan
from tests.workflows.sheets_to_load import BAG, PRODUCT_HEADER


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    """The PIN that everybody here has."""
    file = tmp_path / "pin"
    file.write_text("135790\n")
    file.chmod(0o600)
    return file


def test_from_nobody_to_sign_in_and_back(ana: Command, pin_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ana("operators", "sign-in", "on").status == 1
    added = ana("operators", "add", "Ana", "--role", "manager", "--pin-file", pin_file)
    assert (added.status, added.out) == (0, "")
    printed = ana("operators", "badge", "Ana")
    assert (printed.status, printed.out) == (0, "")
    assert "BADGE-" in Path("badges.html").read_text()
    assert ana("operators", "sign-in", "on").status == 0
    assert ana("operators", "sign-in", "--format", "json").json == {"sign_in": "on"}

    refused = ana("operators", "sign-in", "off")
    assert refused.status == 1
    assert "SCANSTATION_PIN_FILE" in refused.err
    monkeypatch.setenv("SCANSTATION_PIN_FILE", str(pin_file))
    assert ana("operators", "sign-in", "off").status == 0


def test_the_list_and_the_roles_say_who_may_what(ana: Command) -> None:
    assert ana("operators", "add", "Ben", "--role", "packer", "--right", "ship", "--language", "de").status == 0
    service = ana("operators", "add", "erp", "--role", "clerk", "--service", "--format", "json").json
    assert len(service["pin"]) == 32
    assert ana("operators", "role", "night", "--right", "receive").status == 0
    assert ana("operators", "list", "--format", "json").json == [
        {"name": "Ben", "service": False, "disabled": False, "roles": ["packer"], "rights": ["pack", "ship"],
         "pin": False, "badge": False, "language": "de"},
        {"name": "erp", "service": True, "disabled": False, "roles": ["clerk"],
         "rights": ["import", "products", "view"], "pin": True, "badge": False,
         "language": None},
    ]  # fmt: skip
    assert {"name": "night", "rights": ["receive"]} in ana("operators", "roles", "--format", "json").json
    assert "packer" in ana("operators", "list", "--format", "table").out
    assert ana("operators", "language", "ben", "xx").status == 2
    assert ana("operators", "language", "ben", "auto").status == 0
    assert ana("operators", "list", "--format", "json").json[0]["language"] is None
    assert ana("operators", "disable", "ben").status == 0
    assert ana("operators", "disable", "ben").status == 1
    assert ana("operators", "enable", "ben").status == 0


def test_a_badge_goes_where_it_is_asked(ana: Command, tmp_path: Path) -> None:
    ana("operators", "add", "Ben")
    code = ana("operators", "badge", "Ben", "--format", "json").json["badge"]
    assert is_badge(code)
    assert not Path("badges.html").exists()
    pdf = tmp_path / "ben.pdf"
    assert ana("operators", "badge", "Ben", "--day", "--output", pdf).status == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    wrong = ana("operators", "badge", "Ben", "--output", tmp_path / "ben.txt")
    assert (wrong.status, wrong.out) == (2, "")
    assert ana("operators", "badge", "Nobody").status == 1


def test_what_is_wrong_with_a_pin_file(ana: Command, pin_file: Path, tmp_path: Path) -> None:
    pin_file.chmod(0o644)
    assert ana("operators", "add", "Ben", "--pin-file", pin_file).status == 2
    assert ana("operators", "add", "Ben", "--pin-file", tmp_path / "none").status == 2
    assert ana("operators", "reset-pin", "Ben").status == 2
    pin_file.chmod(0o600)
    pin_file.write_text("123456\n")
    assert ana("operators", "add", "Ben", "--pin-file", pin_file).status == 1


def test_a_host_takes_the_key_of_another(ana: Command, tmp_path: Path, home: Path) -> None:
    ana("operators", "add", "Ben")
    carried = tmp_path / "carried"
    assert ana("operators", "key", "--output", carried).status == 0
    (key,) = home.rglob("*.key")
    key.unlink()
    assert ana("operators", "badge", "Ben").status == 1
    assert ana("operators", "key", carried).status == 0
    assert ana("operators", "badge", "Ben").status == 0
    assert ana("operators", "key").status == 2


COMMANDS: dict[Deed, list[str]] = {
    Deed.RECEIVE_ORDER: ["po", "receive", "N-1"],
    Deed.SHIP: ["so", "ship", "S-1"],
    Deed.SHIP_WITHOUT_SERIALS: ["so", "ship", "S-1", "--without-serials", "--reason", "late"],
    Deed.UNSHIP: ["so", "unship", "S-1", "--reason", "here"],
    Deed.CLOSE_SHORT: ["po", "close", "N-1", "--reason", "lost"],
    Deed.NOTE_DISCREPANCY: ["po", "note", "N-1", "TAB", "damaged", "--count", "1"],
    Deed.SETTLE_DISCREPANCY: ["po", "settle", "N-1", "1", "--reason", "credited"],
    Deed.REOPEN: ["po", "reopen", "N-1", "--reason", "found"],
    Deed.CANCEL_ORDER: ["so", "cancel", "S-1", "--reason", "not wanted"],
    Deed.MARK_RETURNS: ["po", "returns", "N-1", "--reason", "repaired"],
    Deed.LOWER: ["po", "lower", "N-1", "TAB", "0", "--reason", "miscounted"],
    Deed.CORRECT_CODE: ["correct", "SN-1", "SN-2", "--reason", "misread"],
    Deed.PUT_ON_HOLD: ["hold", "SN-3", "--reason", "wet"],
    Deed.RELEASE: ["release", "SN-3", "--reason", "dry"],
    Deed.UNPACK: ["unpack", "SN-3", "--reason", "broken"],
    Deed.UNRECEIVE: ["unreceive", "SN-4", "--reason", "broken"],
    Deed.DISPOSE: ["dispose", "SN-5", "--reason", "broken"],
    Deed.REGRADE: ["regrade", "SN-6", "TAB", "--reason", "scratched"],
    Deed.RENAME: ["products", "rename", "BOX", "BOX-2"],
    Deed.LEARN: ["products", "unlearn", "BOX", "BOX-1"],
    Deed.RETIRE: ["products", "retire", "BIN"],
    Deed.CLOSE_RETURN: ["returns", "close", "RMA-9"],
    Deed.SEND_OUT: ["transfers", "send", "T-1", "SN-3"],
    Deed.TAKE_IN: ["transfers", "receive", "T-1", "SN-3"],
    Deed.CLOSE_TRANSFER: ["transfers", "close", "T-1", "--missing", "back", "--reason", "late"],
    Deed.COUNT: ["counts", "undo", "C-1"],
    Deed.WRITE_OFF: ["counts", "write-off", "C-1", "--reason", "lost"],
    Deed.FIND: ["counts", "found", "SN-3", "--reason", "here"],
    Deed.SWAP: ["so", "swap", "S-1", "SN-3", "SN-4", "--reason", "broken"],
    Deed.IMPORT_SERIALS: ["po", "import-serials", "N-2", "serials.csv"],
    Deed.IMPORT_OTHERS: ["so", "import-serials", "S-2", "others.csv", "--reason", "late"],
    Deed.ENTER_DOWNTIME: ["downtime", "enter", "po", "N-1", "written.csv", "--at", "09:20", "--by", "manager"],
    Deed.REMOVE_SERIALS: ["po", "remove-serials", "N-2"],
    Deed.HAND_OVER: ["handover", "retry", "--all"],
    Deed.LOAD: ["load", "products.csv"],
    Deed.EXPECT: ["po", "expect", "N-1", "expected.csv"],
    Deed.REMOVE_EXPECTED: ["po", "remove-expected", "N-1"],
    Deed.CHANGE_OPERATORS: ["operators", "disable", "Nobody"],
    Deed.BACK_UP: ["db", "backup", "backup.db"],
    Deed.VIEW: ["report", "serials"],
    Deed.RESTORE: ["db", "restore", "whole.db"],
}
"""A command for each act that has one."""
ONLY_AT_A_STATION = [
    *(Deed.RECEIVE, Deed.PACK, Deed.RETURN, Deed.TAKE_OVER_RECEIPT, Deed.TAKE_OVER_PACKING, Deed.CHANGE_PRODUCT),
    *(Deed.RELEASE_EXPIRED, Deed.PACK_WITHOUT_SERIAL),
]


def test_each_act_has_a_command_or_is_done_at_a_station_only() -> None:
    assert sorted((*COMMANDS, *ONLY_AT_A_STATION), key=lambda deed: deed.name) == sorted(
        Deed, key=lambda deed: deed.name
    )


@pytest.mark.long
def test_every_role_may_do_by_a_command_what_the_table_says(
    site: Site, ana: Command, command: Command, pin_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.product(site, "CAM", 1)
    builders.product(site, "TAB", 5)
    builders.product(site, "BOX", 1)
    builders.product(site, "BIN", 1)
    builders.purchase(site, "N-1", {"TAB": 2})
    assert isinstance(purchase_orders.receive_all(site, builders.purchase(site, "N-2", {"TAB": 2})), Done)
    builders.shipment(site, "S-1", {"CAM": 2})
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1", "SN-3", "SN-4", "SN-5", "SN-6")
    builders.product(site, "LAP", 6)
    opening(site, "NORDWIND", "W-EAST", "LAP", "L-1")
    builders.shipment(site, "S-2", {"LAP": 1})
    packing = Desk(site, OrderKind.SHIPMENT)
    scan(packing, "S-2", "LAP")
    packing.complete()
    taking_back = ReturnDesk(site)
    for code in ("RMA-9", "SS-YES", "LAP"):  # one comes back
        taking_back.answer(Scan(code))
    opening(site, "NORDWIND", "W-WEST", "CAM", "SN-9")
    assert isinstance(transfer_book.begin(site, "W-EAST", "W-WEST"), Done)
    header = "Warehouse,Client,PO Number,SKU,Primary Serial Number"
    Path("others.csv").write_text(f"{header}\nW-EAST,NORDWIND,S-2,LAP,L-1\n")
    Path("serials.csv").write_text(f"{header}\nW-EAST,NORDWIND,N-2,TAB,T-1\n")
    Path("written.csv").write_text("SKU,Quantity\nTAB,many\n")
    Path("expected.csv").write_text(f"{header}\nW-EAST,NORDWIND,N-1,NEW,N-1\n")
    Path("products.csv").write_text(f"{','.join(PRODUCT_HEADER)}\n{','.join(BAG)}\n")
    assert ana("db", "backup", "whole.db").status == 0
    for role in ROLES:
        badge_of(site, role, role)
    turn_on(site)
    monkeypatch.setenv("SCANSTATION_PIN_FILE", str(pin_file))
    for deed, words in COMMANDS.items():
        allowed = {role: deed.right is None or deed.right in rights for role, rights in ROLES.items()}
        for role in sorted(ROLES, key=lambda role: allowed[role]):  # what somebody has done comes last
            before = ("--db", f"sqlite:///{site.store.path}", "--operator", role)
            told = command(*before, *words).err
            assert (f"{role} may not {deed.words}" in told) is not allowed[role], (deed, role, told)
            assert "PIN" not in told, (deed, role, told)
