"""What a code looks like when it has come from a scanner: its separators, its edges, and what a keyboard did to it."""

import re
from typing import Final

from scanstation.devices.keystrokes import is_control, is_unreadable
from scanstation.domain.codes import trim, trimmed_off
from scanstation.domain.keyboards import DIGIT_ROWS
from scanstation.domain.language import joined, word
from scanstation.domain.scan import FOLDED, Fault

MAX_LENGTH = 4096
"""Characters of one code. Far above any barcode; it bounds what a stuck scanner can make the station hold."""
GROUP_SEPARATOR = "\x1d"
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
# Symbologies whose AIM letter is written large only. ]d ]e ]z ]h and ]o also exist small, so they prove nothing, but
# no EAN (]E) has the fields of a GS1 DataBar (]e).
# ]g0 is a Grid Matrix as well, and far more often a Code 93 (]G0).
_CAPS_LOCKED_AIM = re.compile(r"\][abcfijklmnqrtux][0-9A-Za-z]|\]g0|\]D[0-9]|\]E[0-2](?=01[0-9]{14})")
_SEPARATORS = "\x1c\x1d\x1e\x1f"
# What scanners send in place of each: its Alt code (with four, three and two digits on a terminal with a meta key, on
# a Mac, on a PC), its picture, and F8 of a Mac, which some send for a GS1 separator. The longer ones go first.
_SEPARATOR_FORMS: Final = {
    form: separator
    for separator, forms in (
        (
            "\x1d",
            ("\x1b0\x1b0\x1b2\x1b9", "\x1b0\x1b2\x1b9", "\x1b2\x1b9", "ºº™ª", "º™ª", "\u2194", "\u241d", "\uf70b"),
        ),
        ("\x1e", ("\x1b0\x1b0\x1b3\x1b0", "\x1b0\x1b3\x1b0", "\x1b3\x1b0", "ºº£º", "º£º", "\u25b2", "\u241e")),
        ("\x04", ("\x1b0\x1b0\x1b0\x1b4", "\x1b0\x1b0\x1b4", "ººº¢", "ºº¢", "\u2666", "\u2404")),
    )
    for form in forms
}
# After the AIM identifier the character set may be named (ISO/IEC 15424).
_ISO_15434 = re.compile(r"(?:\][A-Za-z][0-9A-Za-z](?:\\[0-9]{6})*)?\[\)>\x1e?[0-9A-Z]{2}.*\x04", re.DOTALL)
_FULL_WIDTH = {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}


def with_group_separators(text: str, substitute: str = "") -> str:
    """The text with every form that the separators of GS1 and ISO 15434 arrive in made what they are."""
    if substitute:
        text = text.replace(substitute, GROUP_SEPARATOR)
    for form, separator in _SEPARATOR_FORMS.items():
        text = text.replace(form, separator)
    return text


def without_prefix(text: str, prefix: str) -> tuple[str, bool]:
    """A code without what the scanners of a site send before it, and whether it was there.

    An AIM identifier may stand before the prefix or after it.
    """
    aim = found[0] if (found := _AIM.match(text)) else ""
    for before in (aim, ""):
        if prefix and text.startswith(before + prefix):
            return before + text[len(before + prefix) :], True
    return text, False


def has_aim_identifier(text: str) -> bool:
    """Whether a code begins with an AIM identifier."""
    return _AIM.match(text) is not None


def without_aim(text: str) -> str:
    """A code without its AIM identifier."""
    return _AIM.sub("", text, count=1)


def has_control_keys(text: str) -> bool:
    """Whether a code holds keys that are no part of any code.

    The separators of GS1 and ISO 15434 are; so is the EOT that ends an ISO 15434 message, and only there.
    """
    if text.isprintable():
        return False
    if _ISO_15434.fullmatch(text):
        text = text[:-1]
    return any(is_control(character) and character not in _SEPARATORS for character in text)


def distorted(text: str) -> Fault | None:
    """What the keyboard between scanner and station did to a code, where the code itself shows it."""
    if _CAPS_LOCKED_AIM.match(text):
        return Fault.CAPS_LOCK
    body = without_aim(text)
    if body and not any(character.isdecimal() for character in body):
        for row in DIGIT_ROWS:
            in_row = [character for character in body if character in row]
            has_letter = any(character in row and character.isalpha() for character in body)
            if len(in_row) * 2 >= len(body) and (has_letter or len(in_row) == len(body)):
                return Fault.KEYBOARD
    return None


def fold(text: str) -> str:
    """The text without what copying leaves at its edges, and with full-width characters, as Japanese and Chinese
    input methods write them, made plain.
    """
    return (trim(text) if trimmed_off(text) else text).translate(_FULL_WIDTH)


def note_on(raw: str) -> str | None:
    """What the station says about a code it had to mend."""
    notes = [word("taken off its edges: {slips}", slips=slips)] if (slips := trimmed_off(raw)) else []
    if raw.translate(_FULL_WIDTH) != raw:
        notes.append(word(FOLDED))
    return joined(notes, "; ") if notes else None


def readable(text: str) -> str:
    """The text with each byte that was not UTF-8 written as <E9>, fit for any output."""
    return "".join(f"<{ord(char) - 0xDC00:02X}>" if is_unreadable(char) else char for char in text)
