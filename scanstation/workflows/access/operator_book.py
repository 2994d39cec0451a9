"""Operators, their rights, PINs and badges; turning sign-in on and off (RULES 2.20)."""

import os
import secrets
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from scanstation import site_key
from scanstation.domain import sentences as say
from scanstation.domain.badges import is_badge, new_badge
from scanstation.domain.codes import shorten, visible
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import word, worded
from scanstation.domain.operators import ROLES, Deed, Operator, Right, rights_of, weak_pin
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.units import Stamp
from scanstation.files import replacing
from scanstation.languages import LANGUAGES
from scanstation.site_key import SiteKey
from scanstation.store import operators
from scanstation.store.store import Transaction, timestamp, trial
from scanstation.workflows.access import pins
from scanstation.workflows.access.keys import badge_hash, key_of, own_key
from scanstation.workflows.site import Site

_LONGEST_NAME = 40
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Given:
    """What was made for an operator and is shown once: no copy of it is kept."""

    name: str
    secret: str
    """The code of a badge, or the PIN of a service account; empty where a person has chosen it."""
    text: str


def listing(site: Site) -> list[Operator]:
    """All operators by name."""
    with site.store.read() as tx:
        return operators.listed(tx)


def known_roles(site: Site) -> dict[str, frozenset[Right]]:
    """All roles and what they stand for."""
    with site.store.read() as tx:
        return operators.roles(tx)


def as_json(one: Operator) -> dict[str, object]:
    """An operator as `operators list` prints it; nothing of it is secret."""
    return {
        "name": one.name,
        "service": one.is_service,
        "disabled": one.is_disabled,
        "roles": [*one.roles],
        "rights": [right.value for right in Right if right in one.rights],
        "pin": bool(one.pin),
        "badge": bool(one.badges),
        "language": one.language or None,
    }


def add(
    site: Site,
    name: str,
    roles: Sequence[str],
    rights: Iterable[str],
    *,
    pin: str = "",
    is_service: bool = False,
    language: str = "",
) -> Given | Refused:
    """Make somebody known, with what they may do and read. A service account is given a PIN of its own."""
    name = name.strip()
    if wrong := bad_name(name):
        return site.log_refusal(wrong)
    if is_service:
        pin = secrets.token_hex(16)
    elif pin and (weak := weak_pin(pin)):
        return weak
    key = own_key(site)
    if isinstance(key, Refused):
        return key
    kept = pins.hashed(key, pin) if pin else ""

    def act(tx: Transaction, stamp: Stamp) -> Given | Refused:
        wanted = _rights(tx, roles, rights)
        if isinstance(wanted, Refused):
            return wanted
        if (other := operators.named(tx, name)) is not None:
            return say.operator_is_there(name=other.name)
        extra, all_rights = wanted
        new = Operator(0, name, tuple(roles), extra, all_rights, is_service=is_service, language=language, pin=kept)
        operators.add(tx, new, stamp)
        may = [right for right in Right if right in all_rights]
        return Given(name, pin if is_service else "", say.operator_added(name, may))

    return _change(site, act, key)


def set_rights(site: Site, name: str, roles: Sequence[str], rights: Iterable[str]) -> Done | Refused:
    """Give an operator these roles and rights in place of what they had."""

    def act(tx: Transaction, one: Operator, stamp: Stamp) -> Done | Refused:
        wanted = _rights(tx, roles, rights)
        if isinstance(wanted, Refused):
            return wanted
        extra, all_rights = wanted
        operators.change(tx, one, replace(one, roles=tuple(roles), extra=extra, rights=all_rights), stamp)
        return say.rights_are(one.name, [right for right in Right if right in all_rights])

    return _on_one(site, name, act)


def set_language(site: Site, name: str, language: str) -> Done | Refused:
    """What an operator reads at a station from the next time that they sign in; empty: what the station speaks."""

    def act(tx: Transaction, one: Operator, stamp: Stamp) -> Done | Refused:
        operators.change(tx, one, replace(one, language=language), stamp)
        return say.language_is(one.name, LANGUAGES.get(language, language))

    return _on_one(site, name, act)


def disable(site: Site, name: str) -> Done | Refused:
    """Let an operator in no more; at the stations it counts from the next scan. Their badges are good no longer."""

    def act(tx: Transaction, one: Operator, stamp: Stamp) -> Done | Refused:
        if one.is_disabled:
            return say.disabled_already(name=one.name)
        operators.withdraw_badges(tx, one, stamp)
        operators.change(tx, one, replace(one, is_disabled=True), stamp)
        return say.operator_disabled(one.name)

    return _on_one(site, name, act)


def enable(site: Site, name: str) -> Done | Refused:
    """Let a disabled operator in again; a new badge has to be printed."""

    def act(tx: Transaction, one: Operator, stamp: Stamp) -> Done | Refused:
        if not one.is_disabled:
            return say.not_disabled(name=one.name)
        operators.change(tx, one, replace(one, is_disabled=False), stamp)
        return say.operator_enabled(one.name)

    return _on_one(site, name, act)


def reset_pin(site: Site, name: str, pin: str) -> Given | Refused:
    """Give an operator another PIN; a service account is given one of its own making."""
    if pin and (weak := weak_pin(pin)):
        return weak
    key = own_key(site)
    if isinstance(key, Refused):
        return key

    def act(tx: Transaction, one: Operator, stamp: Stamp) -> Given | Refused:
        secret = secrets.token_hex(16) if one.is_service else ""
        operators.change(tx, one, replace(one, pin=pins.hashed(key, secret or pin)), stamp)
        return Given(one.name, secret, say.has_another_pin(one.name))

    return _on_one(site, name, act)


def badge(site: Site, name: str, *, for_today: bool = False) -> Given | Refused:
    """A new badge of an operator, good until the next is made; a day badge until midnight, beside the other."""
    key, code = own_key(site), new_badge()
    if isinstance(key, Refused):
        return key
    until = _midnight(site.store.clock()) if for_today else ""

    def act(tx: Transaction, one: Operator, stamp: Stamp) -> Given | Refused:
        if one.is_service:
            return say.no_badge_for_service(name=one.name)
        if one.is_disabled:
            return say.enable_first(name=one.name)
        operators.add_badge(tx, one, badge_hash(key, code), until, stamp)
        return Given(one.name, code, say.badge_is_good(one.name, for_today=for_today))

    return _on_one(site, name, act)


def sign_in(site: Site, *, on: bool) -> Done | Refused:
    """Have people sign in from now on, or no more. Open work goes on until it ends."""
    if on and isinstance(key := key_of(site), Refused):
        return key

    def act(tx: Transaction, stamp: Stamp) -> Done | Refused:
        if bool(operators.standing(tx, None).sign_in_since) is on:
            return say.sign_in_is_so(state="on" if on else "off")
        if on and not _someone_may_all(tx):
            return say.nobody_may_all()
        operators.turn_sign_in(tx, on=on, stamp=stamp)
        if on:
            return say.sign_in_is_on(someone_has_a_pin=_someone_may_all(tx, with_pin=True))
        return say.sign_in_was_ended()

    return _change(site, act)


def set_role(site: Site, name: str, rights: Iterable[str]) -> Done | Refused:
    """Name a set of rights, for this site."""
    name = name.strip().lower()

    def act(tx: Transaction, stamp: Stamp) -> Done | Refused:
        if name in ROLES:
            return say.role_stays(name)
        if wrong := bad_name(name) or (say.role_with_semicolon() if ";" in name else None):
            return wrong
        wanted = _rights(tx, (), rights)
        if isinstance(wanted, Refused):
            return wanted
        with trial(tx) as take_back:
            operators.set_role(tx, name, wanted[0], stamp)
            if locked := _locked_out(tx):
                take_back()
                return locked
        return say.role_is(name, sorted(wanted[0]))

    return _change(site, act)


def unlock(site: Site, name: str | None = None, pin: str = "") -> Done | Refused:
    """For whoever owns the store: let PINs be tried at once again, and give one operator another PIN.

    No right is asked: it is the way back in where nobody can sign in any more.
    """
    if pin and (weak := weak_pin(pin)):
        return weak
    if not _owns(site):
        return site.log_refusal(say.not_the_owner())
    key = key_of(site) if name else None
    if isinstance(key, Refused):
        return key
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        one = operators.named(tx, name) if name else None
        if name and one is None:
            return _unknown(tx, name)
        operators.unlocked(tx, stamp)
        if one is None or key is None:
            return say.pins_unlocked()
        operators.change(tx, one, replace(one, pin=pins.hashed(key, pin), is_disabled=False), stamp)
        return say.pins_unlocked(one.name)

    return site.store.act(act)


# What all of them do


def _change(
    site: Site, do: Callable[[Transaction, Stamp], Outcome | Refused], key: SiteKey | None = None
) -> Outcome | Refused:
    """Change something of the operators, by whoever may; a refusal is logged."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Outcome | Refused:
        if key is not None and not operators.key_name(tx):
            operators.begin(tx, key.name)
        return do(tx, stamp)

    answer = site.act(Deed.CHANGE_OPERATORS, act)
    return site.logged(answer)


def _on_one(
    site: Site, name: str, do: Callable[[Transaction, Operator, Stamp], Outcome | Refused]
) -> Outcome | Refused:
    """Change something of one operator; never so that nobody is left who could change it back."""

    def act(tx: Transaction, stamp: Stamp) -> Outcome | Refused:
        one = operators.named(tx, name)
        if one is None:
            return _unknown(tx, name)
        with trial(tx) as take_back:
            outcome = do(tx, one, stamp)
            if locked := _locked_out(tx):
                take_back()
                return locked
        return outcome

    return _change(site, act)


def _locked_out(tx: Transaction) -> Refused | None:
    if not operators.standing(tx, None).sign_in_since or _someone_may_all(tx):
        return None
    return say.last_manager()


def _someone_may_all(tx: Transaction, *, with_pin: bool = False) -> bool:
    return any(
        one.rights == frozenset(Right) and one.badges and not (one.is_disabled or one.is_service)
        for one in operators.listed(tx)
        if one.pin or not with_pin
    )


def _rights(
    tx: Transaction, roles: Sequence[str], rights: Iterable[str]
) -> tuple[frozenset[Right], frozenset[Right]] | Refused:
    """The rights beside the roles, and all of them."""
    known, words = operators.roles(tx), {right.value for right in Right}
    rights = [*rights]
    if strange := [role for role in roles if role not in known]:
        return say.unknown_role(role=strange[0], known=", ".join(known))
    if strange := [word for word in rights if word not in words]:
        return say.unknown_right(right=strange[0], known=", ".join(Right))
    extra = frozenset(Right(word) for word in rights)
    return extra, rights_of(roles, extra, known)


def _unknown(tx: Transaction, name: str) -> Refused:
    names = ", ".join(visible(one.name) for one in operators.listed(tx)) or word("none yet")
    return say.unknown_operator(name=name, names=names)


def bad_name(name: str) -> Refused | None:
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        return say.unprintable_name(_LONGEST_NAME)
    return say.badge_as_name() if is_badge(name) else None


def hand_key_on(site: Site, file: Path) -> Done | Refused:
    """Write the site's key to a file that this user alone may read, for another host.

    Raises:
        UnwritableFile: it cannot be written, or there is a file already.
    """
    key = key_of(site)
    if isinstance(key, Refused):
        return key
    if refusal := site.may(Deed.CHANGE_OPERATORS):
        return refusal
    if file.exists():
        raise UnwritableFile(
            worded("{file} is there already.", file=shorten(str(file), 200)), worded("Choose another name.")
        )
    with replacing(file, is_ours=True) as written:
        written.write(f"{key.text}\n".encode("ascii"))
    return say.key_handed_on(key.name, str(file))


def take_key(site: Site, file: Path) -> Done | Refused:
    """Keep the key of a file on this host, if it is the site's.

    Raises:
        UnwritableFile: it cannot be kept on this host.
    """
    file_name = shorten(str(file), 200)
    try:
        key = SiteKey.read(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        key = None
    if key is None:
        return site.log_refusal(say.no_key_in_file(file_name=file_name))
    with site.store.read() as tx:
        wanted = operators.key_name(tx)
    if wanted != key.name:
        return site.log_refusal(say.other_key(file_name, key.name, wanted))
    site_key.keep(key)
    return say.key_is_here(file_name)


def _midnight(now: datetime) -> str:
    """When this day ends here, as the store keeps it."""
    tomorrow = now.astimezone().date() + timedelta(days=1)
    return timestamp(datetime(tomorrow.year, tomorrow.month, tomorrow.day).astimezone())


def _owns(site: Site) -> bool:
    path = site.store.path
    if path is None:
        with site.store.read() as tx:
            return operators.owns_tables(tx)
    return sys.platform == "win32" or os.geteuid() in (0, path.stat().st_uid)
