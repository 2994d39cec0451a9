"""Badges, signing in and PINs."""

from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Verdict

_TEXTS = Texts(
    {
        "badge-not-code": "{code} is an operator's badge, and no code. It counts where nothing is owed or asked.",
        "badge-first": "Nobody has signed in here. Scan your badge first, then {code} again.",
        "badge-wanted": "Nobody has signed in here. Scan your badge first.",
        "locked": "{name} is signed out. Scan a badge to go on.",
        "pin-by-hand": "A PIN is typed, not scanned. Type it, then Enter, or press Esc.",
    }
)
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
