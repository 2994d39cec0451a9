"""Finding a product, trying codes on it, and changing it: what is allowed, and what is said before."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan, Source
from scanstation.domain.tracking import SCENARIOS, words
from scanstation.domain.verdict import Tone, Verdict
from scanstation.workflows.codes import serial_pattern
from scanstation.workflows.master_data import products
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.master_data.products import ProductForm
from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.site import Site
from tests import builders
from tests.workflows.done_work import open_work, packed, received
from tests.workflows.sheets_to_load import PRODUCT_HEADER, Files

pytestmark = pytest.mark.both_stores


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def with_scenario(product: ProductForm, scenario: int) -> ProductForm:
    """The product with the settings of a scenario."""
    return replace(product, record=replace(product.record, settings=builders.SETTINGS[scenario]))


def without_serials(site: Site, product_id: int) -> int:
    """How many units on hand lack serials."""
    from scanstation.store import catalog

    with site.store.read() as tx:
        return catalog.on_hand(tx, [product_id])[product_id].without_serials


def test_products_come_by_the_page_and_none_is_left_out(site: Site) -> None:
    for number in range(products.PAGE + 5):
        builders.product(site, f"A-{number:03}", client="ALPHA")
    builders.product(site, "A-000", client="BETA")

    first = products.page(site)
    rest = products.page(site, after=first[-1])

    assert len(first) == products.PAGE
    assert [one.product.sku for one in (*first, *rest)] == [
        *(f"A-{number:03}" for number in range(products.PAGE + 5)),
        "A-000",
    ]
    assert rest[-1].client == "BETA"


def test_products_are_found_by_a_part_of_the_sku_of_the_description_and_by_barcode(site: Site) -> None:
    builders.product(site, "CAM-300", 3, barcodes=[Barcode("4006381333931")])
    builders.product(site, "BAT_1%")
    builders.product(site, "CBL-010")

    def found(text: str) -> list[str]:
        return [one.product.sku for one in products.page(site, text)]

    assert found("am-3") == ["CAM-300"]
    assert found("cbl-010 DESC") == ["CBL-010"]
    assert found("04006381333931") == ["CAM-300"]
    assert found("_1%") == ["BAT_1%"]
    assert found("no such") == []


def test_a_scan_finds_the_products_of_every_client_that_has_the_code(site: Site) -> None:
    builders.product(site, "CAM-300", barcodes=[Barcode("4006381333931", 12)])
    builders.product(site, "OTHER", client="LICHT", barcodes=[Barcode("4006381333931")])

    both = products.of_scan(site, Scan("4006381333931"))
    one = products.of_scan(site, Scan("cam-300"))
    label = products.of_scan(site, Scan("(01)04006381333931(21)SN-1"))

    assert isinstance(both, tuple)
    assert isinstance(one, tuple)
    assert isinstance(label, tuple)
    assert [found.client for found in both] == ["NORDWIND", "LICHT"]
    assert [found.product.sku for found in one] == ["CAM-300"]
    assert len(label) == 2
    unknown = products.of_scan(site, Scan("XXX-9"))
    assert isinstance(unknown, Verdict)
    assert unknown.reason == "unknown-code"


@pytest.mark.parametrize("scenario", range(9))
def test_every_scenario_is_told_in_words(scenario: int) -> None:
    told = dict(words(SCENARIOS[scenario]))
    if scenario == 0:
        assert list(told) == ["Not tracked"]
        return
    assert list(told) == ["Receiving", "Receive PO", "PO import", "Packing", "SO import"]
    assert ("refused" in told["Receive PO"]) == (scenario in (1, 3))
    assert ("asks for no serial" in told["Packing"]) == (scenario in (5, 6, 7, 8))
    assert ("either of the two" in told["Packing"]) == (scenario == 3)
    assert ("may be new" in told["Packing"]) == (scenario in (2, 4))
    assert ("either of the two" in told["SO import"]) == (scenario == 7)
    assert ("is needed" in told["PO import"]) == (scenario in (5, 7))
    assert ("possible, not needed" in told["PO import"]) == (scenario in (6, 8))
    assert ("is needed" in told["SO import"]) == (scenario >= 5)


def test_a_product_is_changed_as_a_whole(site: Site) -> None:
    before = products.read(site, builders.product(site, "CAM-300", barcodes=[Barcode("OLD-1")]))
    wanted = replace(
        with_scenario(before, 3).with_text("description", " Camera ").with_text("serial_pattern", r"CAM\d{7}"),
        barcodes=(Barcode("4006381333931", 12),),
    )

    assert products.before_saving(site, before, wanted) == "New settings count for units taken from now on."
    outcome = products.save(site, before, wanted)

    assert isinstance(outcome, Done)
    assert outcome.text == (
        "CAM-300 is saved: Track Serial Number, Both Receiving and Packing, Scan Secondary Serial Number, barcodes, "
        "description, serial pattern."
    )
    assert products.read(site, before.record.id) == wanted
    assert wanted.record.description == "Camera"


@pytest.mark.parametrize(("both", "only"), [(True, True), (False, False)])
def test_settings_that_contradict_are_refused_with_the_product_and_the_two_names(
    site: Site, both: bool, only: bool
) -> None:
    before = products.read(site, builders.product(site, "CAM-300"))
    wanted = before.with_setting("track", True).with_setting("both", both).with_setting("only_packing", only)

    asked, saved = products.before_saving(site, before, wanted), products.save(site, before, wanted)

    for refused in (asked, saved):
        assert isinstance(refused, Refused)
        assert refused.reasons[0].name == "settings"
        for part in ("CAM-300", "Both Receiving and Packing", "Only Packing"):
            assert part in refused.text
    assert products.read(site, before.record.id) == before


def test_settings_wait_for_open_work_and_texts_do_not(site: Site) -> None:
    before = products.read(site, builders.product(site, "CAM-300", 1))
    open_work(site, builders.purchase(site, "N-1", {"CAM-300": 2}), "CAM-300", serials=["SN-1"])

    refused = products.save(site, before, with_scenario(before, 3))
    done = products.save(site, before, before.with_text("description", "Camera"))

    assert isinstance(refused, Refused)
    assert refused.text == (
        "CAM-300 is in open work, so its settings cannot change now (Scan Secondary Serial Number). "
        "Complete or cancel that work, then try again."
    )
    assert isinstance(done, Done)


def test_what_another_station_has_changed_meanwhile_is_not_written_over(site: Site) -> None:
    before = products.read(site, builders.product(site, "CAM-300"))
    products.save(site, before, before.with_text("serial_hint", "theirs"))

    late = products.save(site, before, before.with_text("description", "mine"))

    assert isinstance(late, Refused)
    assert late.reasons[0].name == "changed-meanwhile"
    assert products.read(site, before.record.id).record.serial_hint == "theirs"


def test_before_saving_the_units_without_serials_are_told(site: Site) -> None:
    before = products.read(site, builders.product(site, "CAM-300"))
    received(site, builders.purchase(site, "N-1", {"CAM-300": 10}), "CAM-300", quantity=10)
    packed(site, builders.shipment(site, "S-1", {"CAM-300": 4}), "CAM-300", quantity=4)

    def told(scenario: int) -> str:
        answer = products.before_saving(site, before, with_scenario(before, scenario))
        assert isinstance(answer, str)
        return answer

    assert told(1).startswith("6 units of CAM-300 on hand have no serials, and packing will want serials that were")
    assert told(5).startswith("6 units of CAM-300 on hand have no serials, and packing will want serials that were")
    assert told(2).startswith("6 units of CAM-300 on hand have no serials yet: packing takes theirs as new.")
    assert isinstance(products.save(site, before, with_scenario(before, 1)), Done)


def test_units_with_their_serials_are_not_counted_as_lacking_them(site: Site, files: Files) -> None:
    product_id = builders.product(site, "LAP", 5)
    order = builders.purchase(site, "N-1", {"LAP": 10})
    purchase_orders.receive_all(site, order)
    assert without_serials(site, product_id) == 10
    header = ["Warehouse", "Client", "SKU", "Primary Serial Number"]
    assert not load(
        site, [files(header, *[["W-EAST", "NORDWIND", "LAP", f"OPEN-{number}"] for number in range(3)])]
    ).refused
    assert without_serials(site, product_id) == 10, "opening stock comes with its serials"
    packed(site, builders.shipment(site, "S-1", {"LAP": 2}), "LAP", quantity=2)
    assert without_serials(site, product_id) == 10, "two that have serials left; which ones, their import will tell"


def test_serials_created_at_packing_leave_with_their_units(site: Site) -> None:
    product_id = builders.product(site, "TAB", 2)
    received(site, builders.purchase(site, "N-1", {"TAB": 5}), "TAB", quantity=5)
    packed(site, builders.shipment(site, "S-1", {"TAB": 2}), "TAB", "T-1", "T-2")

    assert without_serials(site, product_id) == 3


def test_loading_new_settings_says_the_same(site: Site, files: Files) -> None:
    builders.product(site, "CAM-3")
    received(site, builders.purchase(site, "N-1", {"CAM-3": 2}), "CAM-3", quantity=2)

    answer = load(site, [files(PRODUCT_HEADER, ["NORDWIND", "CAM-3", "Camera", "", "1", "1", "0", "0", "0"])])

    assert not answer.refused
    assert "CAM-3: new settings count for units taken from now on." in answer.notes
    assert any(note.startswith("2 units of CAM-3 on hand have no serials, and packing") for note in answer.notes)


def test_barcodes_are_added_by_scan_and_by_typing(site: Site) -> None:
    builders.product(site, "BAT-100", barcodes=[Barcode("4006381333948")])
    wanted = products.read(site, builders.product(site, "CAM-300"))

    for text in ("4006381333931", "14006381333938=12", "]E05901234123457"):
        added = products.add_barcode(site, wanted, Scan(text))
        assert isinstance(added, ProductForm), added
        wanted = added

    assert wanted.barcodes == (
        Barcode("4006381333931"),
        Barcode("14006381333938", 12),
        Barcode("5901234123457"),
    )
    assert products.read(site, wanted.record.id).barcodes == (), "nothing is saved yet"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("4006381333948", "barcode-twice"),
        ("BAT-100", "barcode-twice"),
        ("0004006381333931", "barcode-known"),
        ("SS-UNDO", "command"),
        ("code=0", "pack-quantity"),
        ("code=dozen", "pack-quantity"),
        ("=12", "empty"),
        ("X" * 65, "bad-name"),
        ("400½", "bad-name"),
        ("4006381333932", "check-digit"),
        ("CÂBLE-1", "never-scanned"),
    ],
)
def test_barcodes_that_cannot_be_added_say_why(site: Site, text: str, reason: str) -> None:
    builders.product(site, "BAT-100", barcodes=[Barcode("4006381333948")])
    wanted = products.read(site, builders.product(site, "CAM-300", barcodes=[Barcode("4006381333931")]))
    if reason == "barcode-known":
        text = "04006381333931"

    refused = products.add_barcode(site, wanted, Scan(text))

    assert isinstance(refused, Verdict)
    assert refused.reason == reason


@pytest.mark.parametrize(
    ("typed", "kept", "scanned"),
    [("36000291452", "036000291452", "36000291452"), ("4 006381 333931", "4006381333931", "4 006381 333931")],
)
def test_what_is_typed_is_read_as_in_a_sheet_and_what_is_scanned_stays_as_it_was_scanned(
    site: Site, typed: str, kept: str, scanned: str
) -> None:
    wanted = products.read(site, builders.product(site, "CAM-300"))

    by_hand = products.add_barcode(site, wanted, Scan(typed, Source.TYPED))
    by_scanner = products.add_barcode(site, wanted, Scan(typed))

    assert isinstance(by_hand, ProductForm)
    assert isinstance(by_scanner, ProductForm)
    assert [one.text for one in by_hand.barcodes] == [kept]
    assert [one.text for one in by_scanner.barcodes] == [scanned]


def test_several_barcodes_are_typed_one_by_one(site: Site) -> None:
    wanted = products.read(site, builders.product(site, "CAM-300"))

    refused = products.add_barcode(site, wanted, Scan("4006381333931; 5901234123457", Source.TYPED))

    assert isinstance(refused, Verdict)
    assert refused.reason == "several"


def test_a_barcode_that_another_product_took_meanwhile_is_refused_at_the_end(site: Site) -> None:
    before = products.read(site, builders.product(site, "CAM-300"))
    wanted = products.add_barcode(site, before, Scan("4006381333931"))
    assert isinstance(wanted, ProductForm)
    builders.product(site, "BAT-100", barcodes=[Barcode("4006381333931")])

    refused = products.save(site, before, wanted)

    assert isinstance(refused, Refused)
    assert refused.text == "4006381333931 stands for BAT-100 already. Keep it on one of the two."


@pytest.mark.parametrize(
    ("code", "tone", "said"),
    [
        ("cam1234567", Tone.OK, "looks like a primary serial of CAM-300"),
        ("LENS-12345", Tone.OK, "looks like a secondary serial of CAM-300"),
        ("(01)04006381333931(21)CAM7654321", Tone.OK, "CAM7654321 looks like a primary serial"),
        ("OTHER-1", Tone.STOP, "does not look like a serial of CAM-300. It should be: CAM + 7 digits."),
        ("4006381333931", Tone.STOP, "is the product CAM-300, not a serial"),
        ("4006381333948", Tone.STOP, "is the product BAT-100, not a serial"),
        ("N-1003", Tone.STOP, "does not look like a serial of CAM-300"),
        ("00340123450000000017", Tone.STOP, "is the number of a pallet or carton (SSCC), not a serial"),
        ("http://example.org/1", Tone.STOP, "is a web address, not a serial"),
        ("SN\u200b1", Tone.STOP, "zero-width space"),
    ],
)
def test_a_tried_code_is_answered_as_the_prompt_would(site: Site, code: str, tone: Tone, said: str) -> None:
    builders.product(site, "BAT-100", barcodes=[Barcode("4006381333948")])
    wanted = products.read(
        site,
        builders.product(
            site,
            "CAM-300",
            3,
            barcodes=[Barcode("4006381333931")],
            pattern=r"CAM\d{7}",
            hint="CAM + 7 digits",
            secondary_pattern=r"LENS-\d{5}",
        ),
    )
    builders.purchase(site, "N-1003", {"CAM-300": 1})

    verdict = products.try_code(site, wanted, Scan(code))

    assert verdict.tone is tone, verdict
    assert said in verdict.text


def test_without_a_pattern_every_serial_is_taken(site: Site) -> None:
    wanted = products.read(site, builders.product(site, "LAP", 1))

    assert (
        products.try_code(site, wanted, Scan("WHATEVER")).text == "WHATEVER would be taken: LAP has no serial pattern."
    )


def test_a_pattern_cannot_hang_a_station() -> None:
    began = time.perf_counter()

    assert not serial_pattern.fits(r"(a+)+$", "a" * 64 + "!")
    assert not serial_pattern.fits(r"(a|aa)*b", "a" * 64)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("pattern", ["[", r"(\w)\1", "(?=x)y", "x{5000}", "a" * 201])
def test_patterns_that_cannot_be_used_are_refused(site: Site, files: Files, pattern: str) -> None:
    before = products.read(site, builders.product(site, "CAM-300"))

    saved = products.save(site, before, before.with_text("serial_pattern", pattern))
    header = [*PRODUCT_HEADER, "Serial Pattern"]
    loaded = load(site, [files(header, ["NORDWIND", "CAM-3", "Camera", "", "1", "1", "0", "0", "0", pattern])])

    assert isinstance(saved, Refused)
    assert [reason.name for reason in saved.reasons] == ["pattern"]
    assert [reason.name for reason in loaded.reasons] == ["pattern"]
    assert not serial_pattern.fits(pattern, "x") or len(pattern) > serial_pattern.LONGEST


# New ones, and what was changed


def draft(site: Site, sku: str, client: str = "NORDWIND") -> ProductForm:
    """A new product as a supervisor has filled it in."""
    return products.with_client(site, products.blank(), client).with_text("sku", sku)


@pytest.mark.parametrize(
    ("sku", "client", "name"),
    [
        ("", "NORDWIND", "empty"),
        ("CAM-9", "", "empty"),
        ("CAM\u200b9", "NORDWIND", "bad-name"),
        ("ss-complete", "NORDWIND", "command"),
        ("cam-300", "nordwind", "key-known"),
        ("4006381333931", "NORDWIND", "barcode-is-sku"),
        ("04006381333931", "NORDWIND", "barcode-is-sku"),
        ("0012345678905", "NORDWIND", "barcode-is-sku"),
    ],
)
def test_a_new_product_is_held_against_what_is_there(site: Site, sku: str, client: str, name: str) -> None:
    builders.product(site, "CAM-300", 3, barcodes=[Barcode("4006381333931")])
    builders.product(site, "012345678905")

    answer = products.save(site, products.blank(), draft(site, sku, client))

    assert isinstance(answer, Refused)
    assert [reason.name for reason in answer.reasons] == [name]
    assert products.count(site) == 2


def test_a_barcode_is_never_another_products_sku_in_another_length(site: Site) -> None:
    builders.product(site, "012345678905")
    wanted = replace(draft(site, "CAM-9"), barcodes=(Barcode("12345678905".zfill(14)),))

    answer = products.save(site, products.blank(), wanted)

    assert isinstance(answer, Refused)
    assert [reason.name for reason in answer.reasons] == ["barcode-twice"]


def test_a_new_product_may_bring_its_client(site: Site) -> None:
    wanted = draft(site, "CAM-9", "OSTWIND").with_setting("track", True).with_setting("both", True)
    assert products.before_saving(site, products.blank(), wanted) == "There is no client OSTWIND yet: it is made too."

    answer, made = products.save_as(site, products.blank(), wanted)

    assert answer == Done("CAM-9 of OSTWIND is a product now.")
    assert products.read(site, made.record.id) == made
    assert [act.difference.what for act in products.history(site, made.record.id)] == [products.NEW]
    again = products.save(site, products.blank(), wanted)
    assert isinstance(again, Refused)


def test_the_history_tells_who_changed_what_on_the_screen_and_by_a_sheet(site: Site, files: Files) -> None:
    product_id = builders.product(site, "CAM-3", 1, barcodes=[Barcode("4006381333931")])
    before = products.read(site, product_id)
    wanted = with_scenario(before, 5).with_text("serial_hint", "on the body")
    assert isinstance(products.save(site, before, wanted), Done)
    row = ["NORDWIND", "CAM-3", before.record.description, "4006381333931; 14006381333938=12", "1", "1", "0", "0", "0"]
    assert not load(replace(site, operator="Ben"), [files(PRODUCT_HEADER, row)]).refused
    assert not load(site, [files(PRODUCT_HEADER, row)]).refused

    told = [
        (act.operator, act.station, act.difference.what, act.difference.was, act.difference.became)
        for act in products.history(site, product_id)
    ]
    assert told == [
        ("Ben", "dock-2", "barcodes", "4006381333931", "4006381333931; 14006381333938=12"),
        ("Ben", "dock-2", "Skip Scan Serial Number", "on", "off"),
        ("Ana", "dock-2", "serial hint", "", "on the body"),
        ("Ana", "dock-2", "Skip Scan Serial Number", "off", "on"),
    ]


@pytest.mark.parametrize(
    ("code", "pattern", "reason"),
    [
        ("]d221ABC12317270131", r"ABC\d{3}", "separators-dropped"),
        ("]d221ABC12317270131", r"ABC\d+", ""),
        ("ABC123<GS>10LOT7", r"ABC\d{3}", "faulty-scan"),
        ("ABC123<GS>10LOT7", r"ABC\d{3}<GS>10LOT\d", ""),
        ("SN-1°²¹10LOT7", "", "faulty-scan"),
    ],
)
def test_a_hidden_separator_is_told_where_patterns_are_tried(site: Site, code: str, pattern: str, reason: str) -> None:
    wanted = products.read(site, builders.product(site, "CAM-300", 1, pattern=pattern))
    assert products.try_code(site, wanted, Scan(code)).reason == reason


def test_a_products_number_after_a_data_identifier_is_found(site: Site) -> None:
    builders.product(site, "CAM-300")
    found = products.of_scan(site, Scan("1PCAM-300"))
    assert isinstance(found, tuple)
    assert [one.product.sku for one in found] == ["CAM-300"]
