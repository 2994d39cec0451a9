"""How an act on operators ends, and signing in; whose work is taken over."""

from collections.abc import Iterable

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import word
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts

_DONE = Texts(
    {
        "rights": "{name} may now: {rights}.",
        "language": "{name} reads {language} at a station from the next time the badge is scanned.",
        "language/station": "{name} reads what the station speaks, from the next time the badge is scanned.",
        "disabled": "{name} is disabled, and the badge with them. The histories keep the name.",
        "enabled": "{name} is an operator again. Print a badge: `operators badge`.",
        "sign-in/on": "Sign-in is on: scan a badge at each station. Open work goes on until it ends.",
        "sign-in/off": "Sign-in is off: everyone may do everything.",
        "role": "The role {role} stands for: {rights}.",
        "unlocked": "PINs may be tried at once again.",
        "unlocked/pin": "{name} has another PIN, and PINs may be tried at once again.",
        "key-handed": "The site's key {key} is in {file_name}.",
        "key-taken": "This host has the site's key now. Delete {file_name}.",
        "here": "{name} is here now.",
        "here/until": "{name} is here now, until {until}.",
        "signed-in": "{name} is signed in.",
        "signed-in/until": "{name} is signed in, until {until}.",
        "pin-right": "The PIN is right.",
        "taken-over": "{number}: {operator}'s work at {station}, open since {since}, is yours now, {units} in hand.",
    }
)
_PARTS = Texts(
    {
        "added": "{name} is an operator now, who may: {rights}.",
        "pin": "{name} has another PIN.",
        "badge": "This badge of {name} is good from now on; the one before is not.",
        "badge/today": "This badge of {name} is good until midnight.",
        "no-pin": "Nobody with every right has a PIN: whoever owns the store gives one with operators unlock NAME.",
        "by-hand": "Take it to the other host by hand, then delete the file: whoever has it can make badges.",
    }
)


def operator_added(name: str, rights: Iterable[str]) -> str:
    """Somebody is known now; with what they may do."""
    return _PARTS("added", name=visible(name), rights=", ".join(rights) or word("nothing yet"))


def rights_are(name: str, rights: Iterable[str]) -> Done:
    """Somebody has other rights."""
    return _DONE.done("rights", name=visible(name), rights=", ".join(rights) or word("nothing"))


def language_is(name: str, language: str) -> Done:
    """Somebody reads another language; '' is the station's."""
    if not language:
        return _DONE.done("language/station", name=visible(name))
    return _DONE.done("language", name=visible(name), language=language)


def operator_disabled(name: str) -> Done:
    """Somebody is let in no more."""
    return _DONE.done("disabled", name=visible(name))


def operator_enabled(name: str) -> Done:
    """Somebody is let in again."""
    return _DONE.done("enabled", name=visible(name))


def has_another_pin(name: str) -> str:
    """A PIN was reset."""
    return _PARTS("pin", name=visible(name))


def badge_is_good(name: str, *, for_today: bool) -> str:
    """A badge was made."""
    return _PARTS("badge/today" if for_today else "badge", name=visible(name))


def sign_in_is_on(*, someone_has_a_pin: bool) -> Done:
    """People sign in from now on."""
    return _DONE.done("sign-in/on", () if someone_has_a_pin else (_PARTS("no-pin"),))


def sign_in_was_ended() -> Done:
    """People sign in no more."""
    return _DONE.done("sign-in/off")


def role_is(name: str, rights: Iterable[str]) -> Done:
    """A set of rights has a name."""
    return _DONE.done("role", role=visible(name), rights=", ".join(rights) or word("nothing"))


def pins_unlocked(name: str = "") -> Done:
    """PINs may be tried again; somebody may have a new one."""
    return _DONE.done("unlocked/pin", name=visible(name)) if name else _DONE.done("unlocked")


def key_handed_on(key: str, file_name: str) -> Done:
    """The site's key is in a file."""
    return _DONE.done("key-handed", (_PARTS("by-hand"),), key=key, file_name=shorten(file_name, 200))


def key_is_here(file_name: str) -> Done:
    """This host has the site's key."""
    return _DONE.done("key-taken", file_name=file_name)


def is_here(name: str, until: str = "", *, already: bool = False) -> Done:
    """Somebody signed in, perhaps once more, perhaps until a time."""
    if until:
        return _DONE.done("signed-in/until" if already else "here/until", name=visible(name), until=until)
    return _DONE.done("signed-in" if already else "here", name=visible(name))


def pin_is_right() -> Done:
    """Somebody proved who they are."""
    return _DONE.done("pin-right")


def work_is_yours(*, number: str, operator: str, station: str, since: str, count: int) -> Done:
    """Another station's work goes on here."""
    units = counted(count, "unit")
    return _DONE.done("taken-over", number=number, operator=operator, station=station, since=since, units=units)
