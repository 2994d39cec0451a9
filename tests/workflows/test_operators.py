"""Operators through the workflows: made known, signed in, slowed down, never locked out (RULES 2.20)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scanstation.domain.audit import AuditFilters
from scanstation.domain.badges import is_badge, new_badge
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.operators import Right
from scanstation.domain.outcome import Done, Refused
from scanstation.site_key import SiteKey
from scanstation.store import acts as store_acts
from scanstation.workflows.access import operator_book, signing_in
from scanstation.workflows.access.operator_book import Given
from scanstation.workflows.site import Seat, Site
from tests.conftest import Clock

PIN = "135790"


def reason(outcome: object) -> str:
    return outcome.reasons[0].name if isinstance(outcome, Refused) else ""


def manager(site: Site, name: str = "Mia") -> str:
    """Somebody with every right, a PIN and a badge; the badge's code."""
    assert isinstance(operator_book.add(site, name, ["manager"], [], pin=PIN), Given)
    return badge(site, name)


def badge(site: Site, name: str, *, for_today: bool = False) -> str:
    made = operator_book.badge(site, name, for_today=for_today)
    assert isinstance(made, Given), made
    assert is_badge(made.secret)
    return made.secret


def signed_in(site: Site) -> str:
    """Sign-in turned on, and Mia the manager here with her PIN given; her badge."""
    code = manager(site)
    assert isinstance(operator_book.sign_in(site, on=True), Done)
    assert isinstance(signing_in.by_pin(site, "mia", PIN), Done)
    return code


def acts(site: Site) -> list[tuple[str, str, str]]:
    with site.store.read() as tx:
        told = [*store_acts.listed(tx, AuditFilters())]
    return [(act.act.removeprefix("Operators: "), act.was, act.became) for act in told]


@pytest.mark.both_stores
def test_what_an_operator_reads_is_kept_and_its_changes_are_in_the_audit(site: Site) -> None:
    said: list[str] = []
    site.seat.speak = said.append
    assert isinstance(operator_book.add(site, "Eva", ["manager"], [], pin=PIN, language="de"), Given)
    code = badge(site, "Eva")
    assert isinstance(operator_book.sign_in(site, on=True), Done)
    assert isinstance(signing_in.by_badge(site, code), Done)
    assert isinstance(signing_in.prove(site, PIN), Done)
    assert operator_book.set_language(site, "eva", "pl") == Done(
        "Eva reads Polski at a station from the next time the badge is scanned."
    )
    assert [one.language for one in operator_book.listing(site)] == ["pl"]
    assert isinstance(signing_in.by_badge(site, code), Done)
    site.seat.get_up()
    assert said == ["de", "pl", ""]
    assert isinstance(signing_in.by_pin(site, "Eva", PIN), Done)
    assert isinstance(operator_book.set_language(site, "Eva", ""), Done)
    assert [(was, became) for what, was, became in acts(site) if what == "language"] == [
        ("", "de"),
        ("de", "pl"),
        ("pl", ""),
    ]


@pytest.mark.both_stores
def test_an_operator_is_added_changed_and_disabled_and_the_history_says_so(site: Site) -> None:
    assert isinstance(operator_book.add(site, "Ben", ["packer"], ["view"]), Given)
    assert reason(operator_book.add(site, "BEN", [], [])) == "operator-there"
    assert isinstance(operator_book.set_role(site, "Night shift", ["receive", "pack"]), Done)
    assert isinstance(operator_book.set_rights(site, "ben", ["night shift"], []), Done)
    assert isinstance(operator_book.reset_pin(site, "Ben", PIN), Given)
    badge(site, "Ben")
    assert isinstance(operator_book.disable(site, "Ben"), Done)

    (ben,) = operator_book.listing(site)
    assert operator_book.as_json(ben) == {
        "name": "Ben",
        "service": False,
        "disabled": True,
        "roles": ["night shift"],
        "rights": ["receive", "pack"],
        "pin": True,
        "badge": False,
        "language": None,
    }
    assert acts(site) == [
        ("added", "", "packer, view"),
        ("role", "", "pack;receive"),
        ("rights", "packer, view", "night shift"),
        ("PIN", "", "set"),
        ("badge", "", "printed"),
        ("badge", "1", "withdrawn"),
        ("state", "enabled", "disabled"),
    ]


@pytest.mark.parametrize(
    ("name", "roles", "rights", "pin", "why"),
    [
        ("", [], [], "", "bad-name"),
        ("A\x07", [], [], "", "bad-name"),
        ("A" * 41, [], [], "", "bad-name"),
        ("Ben", ["king"], [], "", "unknown-role"),
        ("Ben", [], ["rule"], "", "unknown-right"),
        ("Ben", [], [], "123456", "weak-pin"),
    ],
)
def test_who_cannot_be_added(site: Site, name: str, roles: list[str], rights: list[str], pin: str, why: str) -> None:
    assert reason(operator_book.add(site, name, roles, rights, pin=pin)) == why
    assert operator_book.listing(site) == []


def test_sign_in_waits_for_somebody_with_every_right_and_a_badge(site: Site) -> None:
    assert reason(operator_book.sign_in(site, on=True)) == "no-operators"
    operator_book.add(site, "Ben", ["supervisor"], [])
    badge(site, "Ben")
    assert reason(operator_book.sign_in(site, on=True)) == "nobody-may-all"
    operator_book.set_rights(site, "Ben", ["supervisor"], ["operators"])
    outcome = operator_book.sign_in(site, on=True)
    assert isinstance(outcome, Done)
    assert "has a PIN" in outcome.notes[0]
    assert reason(operator_book.sign_in(site, on=False)) == "sign-in"
    assert isinstance(operator_book.unlock(site, "Ben", PIN), Done)
    assert isinstance(signing_in.by_pin(site, "Ben", PIN), Done)
    assert isinstance(operator_book.sign_in(site, on=False), Done)


def test_nobody_is_left_who_could_turn_it_off_again(site: Site) -> None:
    signed_in(site)
    assert reason(operator_book.disable(site, "Mia")) == "last-manager"
    assert reason(operator_book.set_rights(site, "Mia", ["packer"], [])) == "last-manager"
    manager(site, "Zoe")
    assert isinstance(operator_book.disable(site, "Mia"), Done)
    assert reason(operator_book.disable(site, "Zoe")) == "sign-in", "Mia, who is disabled, changes nothing any more"


def test_a_badge_takes_the_seat_in_one_scan_and_the_last_one_printed_is_good(site: Site) -> None:
    code = signed_in(site)
    operator_book.add(site, "Ben", ["packer"], [])
    first = badge(site, "Ben")
    second = badge(site, "Ben")
    assert reason(signing_in.by_badge(site, first)) == "unknown-badge"
    assert isinstance(signing_in.by_badge(site, second.lower()), Done)
    assert site.who == "Ben"
    assert site.stamp().operator == "Ben"
    assert isinstance(signing_in.by_badge(site, code), Done)
    assert site.who == "Mia"
    assert reason(operator_book.disable(site, "Ben")) == "pin", "the PIN that was given went with her first turn"


def test_a_day_badge_ends_at_midnight_at_the_reader_and_on_the_seat(site: Site, clock: Clock) -> None:
    signed_in(site)
    code = badge(site, "Mia", for_today=True)
    assert isinstance(signing_in.by_badge(site, code), Done)
    clock.moment += timedelta(days=1)
    assert site.seat.look(site.store.now())
    assert site.seat.operator is None
    assert reason(signing_in.by_badge(site, code)) == "unknown-badge"


def test_a_seat_that_was_left_is_free(site: Site) -> None:
    ticks = [0.0]
    site.seat.lock_after_s, site.seat.tick = 60.0, lambda: ticks[0]
    code = signed_in(site)
    ticks[0] += 59
    assert isinstance(operator_book.set_role(site, "night", ["pack"]), Done)
    ticks[0] += 59
    assert not site.seat.look(site.store.now()), "it was used a minute ago"
    ticks[0] += 2
    assert reason(operator_book.set_role(site, "day", ["pack"])) == "sign-in"
    assert isinstance(signing_in.by_badge(site, code), Done)


def test_wrong_pins_slow_every_station_down_and_the_right_one_too(site: Site, clock: Clock) -> None:
    signed_in(site)
    operator_book.add(site, "Ben", ["packer"], [], pin="246813")
    elsewhere = replace(site, station="dock-9", seat=Seat())
    for name in ("Mia", "Ben", "nobody", "Mia", "Ben"):
        assert reason(signing_in.by_pin(elsewhere, name, "999990")) == "pin-wrong"
    assert reason(signing_in.by_pin(site, "Mia", PIN)) == "pins-wrong"
    assert reason(signing_in.prove(site, PIN)) == "pins-wrong"
    clock.moment += timedelta(seconds=3)
    assert isinstance(signing_in.prove(site, PIN), Done)
    assert reason(signing_in.by_pin(elsewhere, "Ben", "999990")) == "pins-wrong", "one right PIN frees no other"
    clock.moment += timedelta(minutes=16)
    assert reason(signing_in.by_pin(elsewhere, "Ben", "999990")) == "pin-wrong"
    assert isinstance(signing_in.by_pin(elsewhere, "Ben", "246813"), Done), "they are forgotten after a while"


def test_unknown_badges_slow_every_station_down_as_wrong_pins_do_and_no_good_badge(site: Site, clock: Clock) -> None:
    withdrawn = signed_in(site)
    good = badge(site, "Mia")
    elsewhere = replace(site, station="dock-9", seat=Seat())
    for unknown in (new_badge(), withdrawn, new_badge(), new_badge(), new_badge()):
        assert reason(signing_in.by_badge(elsewhere, unknown)) == "unknown-badge"
    assert reason(signing_in.by_badge(site, new_badge())) == "pins-wrong"
    assert reason(signing_in.by_pin(site, "Mia", PIN)) == "pins-wrong"
    assert isinstance(signing_in.by_badge(elsewhere, good), Done), "whoever belongs here comes in"
    clock.moment += timedelta(seconds=3)
    assert reason(signing_in.by_badge(site, new_badge())) == "unknown-badge"
    clock.moment += timedelta(seconds=3)
    assert reason(signing_in.by_badge(site, new_badge())) == "pins-wrong", "each makes the wait longer"


def test_the_owner_of_the_store_gets_back_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(site)
    site.seat.get_up()
    for _ in range(5):
        signing_in.by_pin(site, "Mia", "999990")
    assert isinstance(operator_book.unlock(site, "Mia", "864201"), Done)
    assert isinstance(signing_in.by_pin(site, "Mia", "864201"), Done)
    assert ("wrong PINs", "5", "forgotten") in acts(site)
    assert site.store.path
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    assert reason(operator_book.unlock(site, "Mia", PIN)) == "not-owner"


def test_another_host_needs_the_site_s_key(
    site: Site, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = signed_in(site)
    carried, other = tmp_path / "carried", tmp_path / "other"
    assert isinstance(operator_book.hand_key_on(site, carried), Done)
    assert carried.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UnwritableFile):
        operator_book.hand_key_on(site, carried)
    monkeypatch.setenv("HOME", str(other))
    assert reason(signing_in.by_badge(site, code)) == "no-key"
    assert isinstance(operator_book.take_key(site, carried), Done)
    assert isinstance(signing_in.by_badge(site, code), Done)
    carried.write_text(SiteKey.new().text)
    assert reason(operator_book.take_key(site, carried)) == "other-key"
    carried.write_text("no key")
    assert reason(operator_book.take_key(site, carried)) == "no-key"


def test_nothing_in_the_store_is_a_badge_or_a_pin(site: Site) -> None:
    code = signed_in(site)
    service = operator_book.add(site, "erp", ["clerk"], [], is_service=True)
    assert isinstance(service, Given)
    assert service.secret
    assert reason(operator_book.badge(site, "erp")) == "service-account"
    site.store.close()
    assert site.store.path
    content = site.store.path.read_bytes()
    for secret in (code, code.removeprefix("BADGE-"), PIN, service.secret):
        assert secret.encode() not in content


def test_the_rights_of_a_signed_in_operator_are_those_of_the_store(site: Site) -> None:
    signed_in(site)
    manager(site, "Zoe")
    other = replace(site, seat=Seat())
    assert isinstance(signing_in.by_pin(other, "Zoe", PIN), Done)
    assert isinstance(operator_book.set_rights(other, "Mia", [], [Right.VIEW]), Done)
    assert reason(operator_book.set_role(site, "night", ["pack"])) == "no-right"
