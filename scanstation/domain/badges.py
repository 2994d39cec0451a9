"""The code on an operator's badge (RULES 2.20)."""

from typing import Final

from scanstation.domain.codes import code_key

BADGE_PREFIX: Final = "BADGE-"
_SYMBOLS: Final = "BCDFGHJKLNPRSTVX"
"""Sixteen letters that spell no word and lie at one place on English, German and French keyboards."""
_LENGTH: Final = 16


def new_badge() -> str:
    """The code of a new badge: 64 random bits and a check letter. No command reads like it, whatever the prefix."""
    import secrets  # late: whoever reads badges makes none

    letters = "".join(secrets.choice(_SYMBOLS) for _ in range(_LENGTH))
    return f"{BADGE_PREFIX}{letters}{_check_letter(letters)}"


def is_badge(text: str) -> bool:
    """Is this the code of a badge of any site? What is misread of one is none, and is refused as unknown."""
    key = code_key(text)
    letters = key[len(BADGE_PREFIX) :]
    return (
        key.startswith(BADGE_PREFIX)
        and len(letters) == _LENGTH + 1
        and all(letter in _SYMBOLS for letter in letters)
        and _check_letter(letters[:-1]) == letters[-1]
    )


def _check_letter(letters: str) -> str:
    # Weights that are odd have an inverse modulo 16, so no single wrong letter passes.
    return _SYMBOLS[sum((2 * place + 1) * _SYMBOLS.index(letter) for place, letter in enumerate(letters)) % 16]
