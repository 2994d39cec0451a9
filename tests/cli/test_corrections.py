"""`unpack`, `unreceive`, `dispose`, `so swap`, `correct` and `po lower`."""

import pytest

from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.cli.conftest import Command
from tests.serials import opening
from tests.workflows.done_work import packed, received

WHY = ("--reason", "wrong box")


@pytest.fixture
def dock(site: Site) -> Site:
    """A camera that was received and packed, and cables without serials."""
    product(site, "CAM", 1)
    product(site, "CBL", 0)
    bought = purchase(site, "N-1", {"CAM": 1, "CBL": 10})
    received(site, bought, "CAM", "SN-1")
    received(site, bought, "CBL", quantity=10)
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "SN-1")
    return site


def test_a_packed_unit_goes_all_the_way_back(dock: Site, ana: Command) -> None:
    ran = ana("unpack", "sn-1", *WHY)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.splitlines() == ["SN-1 is Received again: take it out of S-1.", "  S-1 is Packing: CAM 0 of 1."]
    assert ana("so", "show", "S-1").json["lines"][0]["packed"] == 0

    ran = ana("unreceive", "SN-1", *WHY)
    assert ran.status == 0
    assert ran.err.splitlines()[1] == "  N-1 is Partially Received: CAM 0 of 1."
    assert [event["what"] for event in ana("trace", "SN-1").json[0]["events"]] == [
        "Received",
        "Packed",
        "Unpacked",
        "Removed",
    ]
    assert ana("db", "check").status == 0


def test_of_two_units_with_a_code_the_refusal_names_the_options_that_the_command_has(site: Site, ana: Command) -> None:
    for sku in ("CAM", "LENS", "TAB"):
        product(site, sku, 1)
    for sku in ("CAM", "LENS"):
        opening(site, "NORDWIND", "W-EAST", sku, "SN-9")
    two = "2 units have the serial SN-9: CAM of NORDWIND, LENS of NORDWIND."

    assert ana("unreceive", "SN-9", *WHY).err == f"{two} Choose one with --sku.\n"
    assert ana("regrade", "SN-9", "TAB", *WHY).err == f"{two} Choose one with --from.\n"
    assert ana("regrade", "SN-9", "TAB", "--from", "LENS", *WHY).status == 0
    assert ana("unreceive", "SN-9", "--sku", "CAM", *WHY).status == 0


def test_a_unit_is_disposed_of(dock: Site, ana: Command) -> None:
    assert ana("unpack", "SN-1", *WHY).status == 0
    ran = ana("dispose", "SN-1", "--as", "lost", "--reference", "CLAIM 7", "--reason", "fell off the truck")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.splitlines()[0] == "SN-1 of CAM is disposed of (lost CLAIM 7)."
    assert ana("report", "serials").json == []
    assert [row["primary_serial"] for row in ana("report", "receiving-history").json] == ["SN-1"]
    assert ana("trace", "SN-1").json[0]["status"] == "Disposed"
    assert ana("dispose", "SN-1", *WHY).status == 1
    assert ana("db", "check").status == 0


def test_a_unit_is_swapped_for_another(dock: Site, ana: Command) -> None:
    opening(dock, "NORDWIND", "W-EAST", "CAM", "SN-2")
    ran = ana("so", "swap", "S-1", "sn-1", "sn-2", "--hold", "--reason", "screen is dead")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        "SN-1 is out of S-1, SN-2 is in its place.",
        "  SN-1 is on hold: put it where nobody packs it.",
    ]
    assert [event["what"] for event in ana("trace", "SN-1").json[0]["events"]][-2:] == ["Unpacked", "On hold"]
    assert ana("so", "swap", "S-1", "SN-2", "SN-1", *WHY).status == 1
    assert ana("so", "swap", "S-1", "SN-2", *WHY).status == 2


def test_a_code_is_corrected_and_traced_under_both(dock: Site, ana: Command) -> None:
    assert ana("correct", "SN-1", "SN-2", *WHY).err == "SN-1 of CAM is SN-2 now. Trace finds it under both.\n"
    assert ana("trace", "SN-1").json == ana("trace", "SN-2").json
    assert ana("report", "serials").json[0]["primary_serial"] == "SN-2"
    last = ana("trace", "SN-2").json[0]["events"][-1]
    assert (last["what"], last["reason"], last["so_number"]) == ("Corrected", "wrong box", "S-1")


def test_a_refusal_changes_nothing_and_ends_with_1(dock: Site, ana: Command) -> None:
    before = ana("trace", "SN-1").json
    for arguments, said in (
        (("unpack", "NONE", *WHY), "No unit has the serial NONE. Check it."),
        (("unpack", "SN-1", "--reason", " "), "Say why SN-1 is unpacked: the reason is kept with the unit's history."),
        (("unreceive", "SN-1", *WHY), "Unpack it first."),
        (("correct", "SN-1", "CAM", *WHY), "CAM is the product CAM, not a serial."),
        (("po", "lower", "N-1", "CAM", "0", *WHY), "Unreceive those by their serials"),
    ):
        ran = ana(*arguments)
        assert (ran.status, ran.out) == (1, ""), arguments
        assert said in ran.err
    assert ana("trace", "SN-1").json == before


@pytest.mark.parametrize("arguments", [("unpack", "SN-1"), ("po", "lower", "N-1", "CBL", "-3", *WHY)])
def test_a_command_that_is_not_whole_is_wrong_usage(dock: Site, ana: Command, arguments: tuple[str, ...]) -> None:
    assert ana(*arguments).status == 2


def test_a_code_used_twice_is_chosen_with_client_and_sku(dock: Site, ana: Command) -> None:
    product(dock, "LAP", 2)
    opening(dock, "NORDWIND", "W-EAST", "LAP", "SN-1")

    ran = ana("correct", "SN-1", "SN-9", *WHY)
    assert ran.status == 1
    assert ran.err == "2 units have the serial SN-1: CAM of NORDWIND, LAP of NORDWIND. Choose one with --sku.\n"
    assert ana("correct", "SN-1", "SN-9", "--sku", "lap", "--client", "nordwind", *WHY).status == 0
    assert ana("unpack", "SN-1", *WHY).status == 0


def test_a_received_count_is_lowered_to_what_came(dock: Site, ana: Command) -> None:
    ran = ana("po", "lower", "N-1", "cbl", "7", *WHY)
    assert ran.err.splitlines() == [
        "N-1: 7 of 10 CBL received, no longer 10.",
        "  N-1 is Partially Received: CBL 7 of 10.",
    ]
    assert ana("po", "lower", "N-1", "cbl", "7", *WHY).status == 1
    assert ana("po", "show", "N-1").json["lines"][1]["received"] == 7
    assert ana("db", "check").status == 0
