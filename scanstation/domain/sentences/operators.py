"""Badges, signing in and PINs."""

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Verdict

_TEXTS = Texts(
    {
        "badge-not-code": "{code} is an operator's badge, and no code. It counts where nothing is owed or asked.",
        "badge-first": "Nobody has signed in here. Scan your badge first, then {code} again.",
        "badge-wanted": "Nobody has signed in here. Scan your badge first.",
        "locked": "{name} is signed out. Scan a badge to go on.",
        "weak-pin/short": "A PIN has {digits} digits at least, and nothing but digits.",
        "weak-pin/plain": "That PIN is the first that anybody would try. Take another.",
        "bad-name/operator": "A name has 1 to {most} printable characters.",
        "bad-name/badge": "That is the code of a badge, and no name.",
        "bad-name/role": "A role has no “;” in its name.",
        "pin-wrong/name": "There is no operator {name} with that PIN.",
        "pin-wrong": "That is not the PIN. Nothing was done.",
        "other-key": "The key in {file_name} is {key}. This store's is {ours}.",
        "other-key/none": "The key in {file_name} is {key}. This store has none yet.",
        "pin-by-hand": "A PIN is typed, not scanned. Type it, then Enter, or press Esc.",
        "sign-in/command": "{what}. Name who it is with --operator, and in {variable} a file "
        "whose first line is the PIN.",
        "sign-in/to-act": "Nobody has signed in here. To {what}, scan your badge first.",
        "sign-in/disabled": "{name} is disabled. Somebody else has to {what}.",
        "no-right": "{name} may not {what}: the right “{right}” is missing.",
        "pin/to-act": "To {what}: your PIN.",
        "no-pin": "{name} has no PIN, and to {what} takes one. Have one set.",
        "no-operators": "There are no operators yet. First: `operators add NAME --role manager`.",
        "no-key/host": "This host has no copy of the site's key {name}. {way}",
        "last-manager": "Then nobody with every right would have a badge, and nobody could change that again. "
        "Give another operator all of it first, or turn sign-in off.",
        "unknown-operator": "There is no operator {name}. There are: {names}.",
        "unknown-role": "There is no role {role}. There are: {known}.",
        "unknown-right": "There is no right {right}. There are: {known}.",
        "operator-there": "There is an operator {name} already.",
        "disabled-already": "{name} is disabled already.",
        "not-disabled": "{name} is not disabled.",
        "service-account": "{name} is a service account: nobody carries its badge.",
        "disabled": "{name} is disabled. Enable them first.",
        "sign-in-so": "Sign-in is {state} already.",
        "nobody-may-all": "Nobody with every right has a badge yet, and nobody could turn sign-in off again. "
        "First: operators add NAME --role manager, operators badge NAME.",
        "role-there": "The role {name} is there from the start, and stays as it is.",
        "not-owner": "Only whoever owns the store may do that: the user whose file it is, or the owner of its tables.",
        "no-key/file": "There is no site key in {file_name}.",
        "sign-in-off": "That is an operator's badge, and nobody has to sign in here.",
        "unknown-badge": "That badge is not good (any more). Have another printed: `operators badge NAME`.",
        "pins-wrong": "Too many wrong PINs and badges at this site. Wait {wait} s, then try again.",
    }
)
_PARTS = Texts({"takes-a-pin": "That takes a PIN", "sign-in-on": "Sign-in is on"})
MASKED = "BADGE-…"
"""What is shown and kept of a badge's code."""


def badge_not_code() -> Verdict:
    """A badge in place of a serial, a product, an order."""
    return _TEXTS.stop("badge-not-code", MASKED)


def badge_first(code: str) -> Verdict:
    """A scan while nobody has signed in."""
    return _TEXTS.stop("badge-first", code)


def badge_wanted() -> Verdict:
    """A key while nobody has signed in."""
    return _TEXTS.stop("badge-wanted")


def locked(name: str) -> Verdict:
    """Whoever was here has gone, or has said so."""
    return _TEXTS.check("locked", name=name)


def pin_by_hand() -> Verdict:
    """A scan while a PIN is asked."""
    return _TEXTS.stop("pin-by-hand")


# Refusals of acts


def short_pin(digits: int) -> Refused:
    """A new PIN that is too short, or none."""
    return _TEXTS.refused("weak-pin/short", digits=digits)


def plain_pin() -> Refused:
    """A new PIN that everybody tries first."""
    return _TEXTS.refused("weak-pin/plain")


def unprintable_name(most: int) -> Refused:
    """A name that is none."""
    return _TEXTS.refused("bad-name/operator", most=most)


def badge_as_name() -> Refused:
    """A badge's code as a name."""
    return _TEXTS.refused("bad-name/badge")


def role_with_semicolon() -> Refused:
    """A role's name that could not be written in a list."""
    return _TEXTS.refused("bad-name/role")


def no_operator_with_pin(name: str) -> Refused:
    """A name and a PIN that do not go together, or a name that nobody has: which of the two is not said."""
    return _TEXTS.refused("pin-wrong/name", name=shorten(name))


def pin_is_wrong() -> Refused:
    """A PIN that is not of whoever is here."""
    return _TEXTS.refused("pin-wrong")


def other_key(file_name: str, key: str, ours: str) -> Refused:
    """The key of another site; this one's name, if it has a key."""
    if not ours:
        return _TEXTS.refused("other-key/none", file_name=file_name, key=key)
    return _TEXTS.refused("other-key", file_name=file_name, key=key, ours=ours)


def nobody_to_ask(variable: str, *, wants_pin: bool) -> Refused:
    """A command that needs somebody, or their PIN, with nobody at its terminal; the variable names a file with it."""
    what = _PARTS("takes-a-pin" if wants_pin else "sign-in-on")
    return _TEXTS.refused("sign-in/command", what=what, variable=variable)


def sign_in_to_act(what: str) -> Reason:
    """An act, and nobody has signed in."""
    return _TEXTS.reason("sign-in/to-act", what=what)


def disabled_to_act(name: str, what: str) -> Reason:
    """An act of somebody who is not let in any more."""
    return _TEXTS.reason("sign-in/disabled", name=name, what=what)


def no_right(*, name: str, what: str, right: str) -> Reason:
    """An act whose right somebody has not."""
    return _TEXTS.reason("no-right", name=name, what=what, right=right)


def pin_to_act(what: str) -> Reason:
    """An act that asks a PIN."""
    return _TEXTS.reason("pin/to-act", what=what)


def no_pin(name: str, what: str) -> Reason:
    """An act that asks a PIN, of somebody who has none."""
    return _TEXTS.reason("no-pin", name=name, what=what)


def no_operators() -> Refused:
    """Nobody is known yet."""
    return _TEXTS.refused("no-operators")


def no_key_here(name: str, way: str) -> Refused:
    """A host without the key that the site has; the way to it follows."""
    return _TEXTS.refused("no-key/host", name=name, way=way)


def last_manager() -> Refused:
    """A change after which nobody could change it back."""
    return _TEXTS.refused("last-manager")


def unknown_operator(name: str, names: str) -> Refused:
    """A name that no operator has."""
    return _TEXTS.refused("unknown-operator", name=shorten(name), names=names)


def unknown_role(role: str, known: str) -> Refused:
    """A word that names no role."""
    return _TEXTS.refused("unknown-role", role=shorten(role), known=known)


def unknown_right(right: str, known: str) -> Refused:
    """A word that names no right."""
    return _TEXTS.refused("unknown-right", right=shorten(right), known=known)


def operator_is_there(name: str) -> Refused:
    """A name that somebody has."""
    return _TEXTS.refused("operator-there", name=visible(name))


def disabled_already(name: str) -> Refused:
    """Disabling somebody again."""
    return _TEXTS.refused("disabled-already", name=visible(name))


def not_disabled(name: str) -> Refused:
    """Enabling somebody who is not disabled."""
    return _TEXTS.refused("not-disabled", name=visible(name))


def no_badge_for_service(name: str) -> Refused:
    """A badge of a service account."""
    return _TEXTS.refused("service-account", name=visible(name))


def enable_first(name: str) -> Refused:
    """A badge of somebody who is disabled."""
    return _TEXTS.refused("disabled", name=visible(name))


def sign_in_is_so(state: str) -> Refused:
    """Turning sign-in to what it is."""
    return _TEXTS.refused("sign-in-so", state=state)


def nobody_may_all() -> Refused:
    """Turning sign-in on before anybody with every right has a badge."""
    return _TEXTS.refused("nobody-may-all")


def role_stays(name: str) -> Refused:
    """A role that is not the site's own."""
    return _TEXTS.refused("role-there", name=name)


def not_the_owner() -> Refused:
    """An act of the store's owner, by another user."""
    return _TEXTS.refused("not-owner")


def no_key_in_file(file_name: str) -> Refused:
    """A file without a site's key."""
    return _TEXTS.refused("no-key/file", file_name=file_name)


def sign_in_is_off() -> Refused:
    """A badge where nobody has to sign in."""
    return _TEXTS.refused("sign-in-off")


def sign_in_before_pin() -> Refused:
    """A PIN, and nobody has signed in."""
    return _TEXTS.refused("badge-wanted", reason="sign-in")


def unknown_badge() -> Refused:
    """A badge that is nobody's now."""
    return _TEXTS.refused("unknown-badge")


def too_many_tries(wait: int) -> Refused:
    """Wrong PINs and badges, too many of them."""
    return _TEXTS.refused("pins-wrong", wait=wait)
