"""Signing in by a badge or a PIN, and giving the PIN that an act asks for.

PINs that are wrong, and badges that are no one's, slow the whole site down. A good badge is let in all the same: its 64
random bits are not guessed, and nobody who tries others is to keep a shift from its work.
"""

from datetime import datetime

from scanstation.domain import sentences as say
from scanstation.domain.operators import FORGET_AFTER_S, Operator, wait_after
from scanstation.domain.outcome import Done, Refused
from scanstation.site_key import SiteKey
from scanstation.store import operators
from scanstation.store.store import Transaction
from scanstation.workflows.access import pins
from scanstation.workflows.access.keys import badge_hash, key_of
from scanstation.workflows.site import Site, local_time


def is_on(site: Site) -> bool:
    """Does nobody work here who has not signed in?"""
    with site.store.read() as tx:
        return bool(operators.standing(tx, None).sign_in_since)


def by_badge(site: Site, code: str) -> Done | Refused:
    """Let the owner of a badge work here, in place of whoever did."""
    owner_and_end = owner_of(site, code)
    if isinstance(owner_and_end, Refused):
        return owner_and_end
    operator, until = owner_and_end
    already = site.seat.operator is not None and site.seat.operator.id == operator.id
    site.seat.sit_down(operator, until)
    return say.is_here(operator.name, local_time(until, site.store.clock()) if until else "", already=already)


def owner_of(site: Site, code: str) -> tuple[Operator, str] | Refused:
    """Whose badge this is, and until when it is good ('' for ever); nobody is let in by that."""
    if not is_on(site):
        return say.sign_in_is_off()
    key = key_of(site)
    if isinstance(key, Refused):
        return key
    with site.store.read() as tx:
        owner_and_end = operators.of_badge(tx, badge_hash(key, code), site.store.now())
    if owner_and_end is None:
        if refusal := _counted(site):
            return refusal
        pins.spend_a_hash()
        return site.log_refusal(say.unknown_badge())
    return owner_and_end


def by_pin(site: Site, name: str, pin: str) -> Done | Refused:
    """Let an operator or a service account work here, known by name and PIN; the PIN counts for what follows too."""
    key = key_of(site)
    if isinstance(key, Refused):
        return key
    with site.store.read() as tx:
        operator = operators.named(tx, name)
    if operator is not None and operator.is_disabled:
        operator = None
    if refusal := _tried(site, key, operator, pin, say.no_operator_with_pin(name)):
        return refusal
    assert operator is not None, "only somebody's PIN is right"
    site.seat.sit_down(operator)
    site.seat.proved_pin = operator.pin
    return say.is_here(operator.name)


def prove(site: Site, pin: str) -> Done | Refused:
    """Take the PIN of whoever is here, for what is done next; `Seat.proved_pin` ends with it."""
    if site.seat.operator is None:
        return say.sign_in_before_pin()
    key = key_of(site)
    if isinstance(key, Refused):
        return key
    with site.store.read() as tx:
        operator = operators.standing(tx, site.seat.operator.id).operator or site.seat.operator
    if refusal := _tried(site, key, operator, pin, say.pin_is_wrong()):
        return refusal
    site.seat.touch()
    site.seat.proved_pin = operator.pin
    return say.pin_is_right()


def _tried(site: Site, key: SiteKey, operator: Operator | None, pin: str, wrong: Refused) -> Refused | None:
    """Hold a PIN against the store's, as often as the site may; None where it is right."""
    if refusal := _counted(site):
        return refusal
    if pins.fits(key, pin, operator.pin if operator else ""):
        site.store.act(operators.take_back_try)
        return None
    return site.log_refusal(wrong)


def _counted(site: Site) -> Refused | None:
    """Count a try as wrong, in the store; refused where the whole site has to wait before the next."""
    at = site.store.now()

    def count(tx: Transaction) -> int:
        failures, last = operators.tries(tx)
        since = (datetime.fromisoformat(at) - datetime.fromisoformat(last)).total_seconds() if last else 0.0
        if since > FORGET_AFTER_S:
            failures = 0
        # A clock that was set back must not make anybody wait longer than the longest wait.
        if (left := wait_after(failures) - max(0.0, since)) > 0:
            return int(left) + 1
        operators.count_try(tx, failures + 1, at)
        return 0

    if wait := site.store.act(count):
        return site.log_refusal(say.too_many_tries(wait))
    return None
