"""The table of the eight scenarios, held against RULES §1 column by column."""

import dataclasses
from itertools import product

import pytest

from scanstation.domain.tracking import (
    NOT_TRACKED,
    SCANNED,
    SCANNED_TWICE,
    SCENARIOS,
    Admits,
    Asks,
    ImportRule,
    TrackingPolicy,
    TrackingSettings,
    policy_of,
    words,
)

SWITCHES = {
    # scenario: (both, only packing, skip scan, secondary)
    1: (True, False, False, False),
    2: (False, True, False, False),
    3: (True, False, False, True),
    4: (False, True, False, True),
    5: (True, False, True, False),
    6: (False, True, True, False),
    7: (True, False, True, True),
    8: (False, True, True, True),
}


def _settings(scenario: int) -> TrackingSettings:
    both, only_packing, skip_scan, secondary = SWITCHES[scenario]
    return TrackingSettings(track=True, both=both, only_packing=only_packing, skip_scan=skip_scan, secondary=secondary)


@pytest.mark.parametrize("scenario", range(1, 9))
def test_the_switches_of_the_source_make_its_scenario(scenario: int) -> None:
    assert _settings(scenario).refusal() is None
    assert _settings(scenario).policy() == SCENARIOS[scenario]
    assert SCENARIOS[scenario].scenario == scenario


def test_every_scenario_is_in_the_table_and_no_other() -> None:
    assert sorted(SCENARIOS) == [0, 1, 2, 3, 4, 5, 6, 7, 8]


RECEIVING_ASKS = {
    1: Asks.PRIMARY,
    2: Asks.NOTHING,
    3: Asks.BOTH,
    4: Asks.NOTHING,
    5: Asks.NOTHING,
    6: Asks.NOTHING,
    7: Asks.NOTHING,
    8: Asks.NOTHING,
}
RECEIVE_PO_ALLOWED = {1: False, 2: True, 3: False, 4: True, 5: True, 6: True, 7: True, 8: True}
PO_IMPORT = {
    1: ImportRule.REFUSED,
    2: ImportRule.REFUSED,
    3: ImportRule.REFUSED,
    4: ImportRule.REFUSED,
    5: ImportRule.NEEDED,
    6: ImportRule.POSSIBLE,
    7: ImportRule.NEEDED,
    8: ImportRule.POSSIBLE,
}
PO_IMPORT_ASKS = {
    1: Asks.NOTHING,
    2: Asks.NOTHING,
    3: Asks.NOTHING,
    4: Asks.NOTHING,
    5: Asks.PRIMARY,
    6: Asks.PRIMARY,
    7: Asks.BOTH,
    8: Asks.BOTH,
}
PACKING_ASKS = {
    1: Asks.PRIMARY,
    2: Asks.PRIMARY,
    3: Asks.EITHER,
    4: Asks.BOTH,
    5: Asks.NOTHING,
    6: Asks.NOTHING,
    7: Asks.NOTHING,
    8: Asks.NOTHING,
}
PACKING_ADMITS = {
    1: Admits.RECEIVED,
    2: Admits.NEW_OR_RECEIVED,
    3: Admits.RECEIVED,
    4: Admits.NEW_OR_RECEIVED,
}
SO_IMPORT = {
    1: ImportRule.REFUSED,
    2: ImportRule.REFUSED,
    3: ImportRule.REFUSED,
    4: ImportRule.REFUSED,
    5: ImportRule.NEEDED,
    6: ImportRule.NEEDED,
    7: ImportRule.NEEDED,
    8: ImportRule.NEEDED,
}
SO_IMPORT_ASKS = {
    1: Asks.NOTHING,
    2: Asks.NOTHING,
    3: Asks.NOTHING,
    4: Asks.NOTHING,
    5: Asks.PRIMARY,
    6: Asks.PRIMARY,
    7: Asks.EITHER,
    8: Asks.BOTH,
}
SO_IMPORT_ADMITS = {
    5: Admits.RECEIVED,
    6: Admits.RECEIVED,
    7: Admits.RECEIVED,
    8: Admits.NEW_OR_RECEIVED,
}


@pytest.mark.parametrize(("scenario", "asks"), RECEIVING_ASKS.items())
def test_what_receiving_asks_for(scenario: int, asks: Asks) -> None:
    assert SCENARIOS[scenario].receiving_asks is asks


@pytest.mark.parametrize(("scenario", "allowed"), RECEIVE_PO_ALLOWED.items())
def test_whether_the_receive_po_button_may_be_used(scenario: int, allowed: bool) -> None:
    assert SCENARIOS[scenario].receive_po_allowed is allowed


@pytest.mark.parametrize(("scenario", "rule"), PO_IMPORT.items())
def test_whether_serials_are_imported_on_the_purchase_order(scenario: int, rule: ImportRule) -> None:
    assert SCENARIOS[scenario].po_import is rule


@pytest.mark.parametrize(("scenario", "asks"), PO_IMPORT_ASKS.items())
def test_which_codes_a_row_of_the_purchase_import_carries(scenario: int, asks: Asks) -> None:
    assert SCENARIOS[scenario].po_import_asks is asks


@pytest.mark.parametrize(("scenario", "asks"), PACKING_ASKS.items())
def test_what_packing_asks_for(scenario: int, asks: Asks) -> None:
    assert SCENARIOS[scenario].packing_asks is asks


@pytest.mark.parametrize(("scenario", "admits"), PACKING_ADMITS.items())
def test_what_a_code_scanned_at_packing_may_be(scenario: int, admits: Admits) -> None:
    assert SCENARIOS[scenario].packing_admits is admits


@pytest.mark.parametrize(("scenario", "rule"), SO_IMPORT.items())
def test_whether_serials_are_imported_on_the_shipment_order(scenario: int, rule: ImportRule) -> None:
    assert SCENARIOS[scenario].so_import is rule


@pytest.mark.parametrize(("scenario", "asks"), SO_IMPORT_ASKS.items())
def test_which_codes_a_row_of_the_shipment_import_carries(scenario: int, asks: Asks) -> None:
    assert SCENARIOS[scenario].so_import_asks is asks


@pytest.mark.parametrize(("scenario", "admits"), SO_IMPORT_ADMITS.items())
def test_what_a_row_of_the_shipment_import_may_be(scenario: int, admits: Admits) -> None:
    assert SCENARIOS[scenario].so_import_admits is admits


@pytest.mark.parametrize("scenario", range(1, 9))
def test_units_carry_two_codes_exactly_where_the_secondary_is_on(scenario: int) -> None:
    assert SCENARIOS[scenario].two_codes is _settings(scenario).secondary


@pytest.mark.parametrize("scenario", range(9))
def test_a_received_unit_owes_its_serials_in_scenarios_1_3_5_and_7(scenario: int) -> None:
    assert SCENARIOS[scenario].receiving_needs_serials is (scenario in (1, 3, 5, 7))


@pytest.mark.parametrize("scenario", range(9))
def test_a_packed_unit_owes_its_serials_in_every_scenario(scenario: int) -> None:
    assert SCENARIOS[scenario].packing_needs_serials is (scenario != 0)


@pytest.mark.parametrize("scenario", range(9))
def test_unknown_serials_are_scanned_in_scenarios_1_to_4(scenario: int) -> None:
    assert SCENARIOS[scenario].scans_new_serials is (scenario in (1, 2, 3, 4))


def test_what_a_scanned_unit_is_taken_under_asks_for_as_many_codes_as_were_scanned() -> None:
    assert SCENARIOS[SCANNED].receiving_asks is Asks.PRIMARY
    assert SCENARIOS[SCANNED_TWICE].receiving_asks is Asks.BOTH


@pytest.mark.parametrize("switches", product((False, True), repeat=5))
def test_units_have_serials_before_packing_where_both_steps_track(switches: tuple[bool, ...]) -> None:
    track, both, *_ = switches
    assert TrackingSettings(*switches).gives_serials_before_packing is (track and both)


@pytest.mark.parametrize("scenario", range(1, 9))
def test_no_step_both_scans_and_imports(scenario: int) -> None:
    policy = SCENARIOS[scenario]
    assert policy.receiving_asks is Asks.NOTHING or policy.po_import is ImportRule.REFUSED
    assert policy.packing_asks is Asks.NOTHING or policy.so_import is ImportRule.REFUSED


@pytest.mark.parametrize("switches", product((False, True), repeat=4))
def test_with_tracking_off_the_other_four_do_nothing(switches: tuple[bool, bool, bool, bool]) -> None:
    both, only_packing, skip_scan, secondary = switches
    settings = TrackingSettings(False, both, only_packing, skip_scan, secondary)

    assert settings.refusal() is None
    assert settings.policy() == NOT_TRACKED


def test_what_is_not_tracked_asks_for_nothing_anywhere() -> None:
    assert not NOT_TRACKED.tracked
    assert not NOT_TRACKED.two_codes
    assert NOT_TRACKED.receive_po_allowed
    assert {NOT_TRACKED.receiving_asks, NOT_TRACKED.packing_asks} == {Asks.NOTHING}
    assert {NOT_TRACKED.po_import, NOT_TRACKED.so_import} == {ImportRule.REFUSED}


@pytest.mark.parametrize(("skip_scan", "secondary"), product((False, True), repeat=2))
@pytest.mark.parametrize(("on", "said"), [(True, "are both on"), (False, "are both off")])
def test_tracking_with_both_steps_and_only_packing_alike_is_refused(
    on: bool, said: str, skip_scan: bool, secondary: bool
) -> None:
    settings = TrackingSettings(track=True, both=on, only_packing=on, skip_scan=skip_scan, secondary=secondary)

    refusal = settings.refusal()

    assert refusal == (
        f"“Both Receiving and Packing” and “Only Packing” {said}; "
        "with Track Serial Number on, turn exactly one of them on"
    )
    with pytest.raises(ValueError, match=said):
        settings.policy()


def test_all_thirty_two_settings_are_a_scenario_not_tracked_or_refused() -> None:
    made: list[int | None] = []
    for switches in product((False, True), repeat=5):
        settings = TrackingSettings(*switches)
        made.append(None if settings.refusal() else settings.policy().scenario)

    assert made.count(0) == 16
    assert made.count(None) == 8
    assert sorted(one for one in made if one) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_site_may_let_scenario_6_take_unknown_serials_at_the_shipment_import() -> None:
    by_default, creating = policy_of(6), policy_of(6, scenario6_creates=True)

    assert by_default == SCENARIOS[6]
    assert creating == dataclasses.replace(by_default, so_import_admits=Admits.NEW_OR_RECEIVED)


@pytest.mark.parametrize("scenario", [0, 1, 2, 3, 4, 5, 7, 8])
def test_that_choice_changes_no_other_scenario(scenario: int) -> None:
    chosen: TrackingPolicy = policy_of(scenario, scenario6_creates=True)

    assert chosen == SCENARIOS[scenario]


def test_a_product_is_not_tracked_until_somebody_says_so() -> None:
    assert TrackingSettings() == TrackingSettings(
        track=False, both=False, only_packing=False, skip_scan=False, secondary=False
    )


def test_what_the_products_screen_says_of_a_policy() -> None:
    assert [step for step, _ in words(NOT_TRACKED)] == ["Not tracked"]
    of_one, of_five = dict(words(SCENARIOS[1])), dict(words(SCENARIOS[5]))
    refused = "is refused: serials are scanned."
    assert (of_one["Receive PO"], of_one["PO import"], of_one["SO import"]) == (refused, refused, refused)
    assert of_one["Packing"].startswith("asks each unit's primary serial. It must be known")
    assert (of_five["Receiving"], of_five["Packing"]) == ("asks for no serial.", "asks for no serial.")
    assert of_five["PO import"] == "is needed: each unit's primary serial."
    assert of_five["Receive PO"] == "takes the whole order unscanned."
    assert of_five["SO import"].startswith("is needed: each unit's primary serial. It must be known and Received")
    assert dict(words(SCENARIOS[6]))["PO import"] == "is possible, not needed: each unit's primary serial."


def test_a_serial_must_be_received_before_it_is_packed_in_1_3_5_6_and_7() -> None:
    assert [number for number, policy in SCENARIOS.items() if policy.packing_wants_known] == [1, 3, 5, 6, 7]
