"""What is known of terminals: which cannot show the station, which keep keys for themselves, what to set in them.

Seen in the terminals named in docs/station.md. A terminal is known by what it leaves in the environment, which ssh does
not pass on.
"""

from collections.abc import Iterator, Mapping

from scanstation.domain.language import worded

USUAL_SIZE, LEAST_SIZE = (40, 20), (26, 16)
"""Columns and rows: what the screens are made for, and what every code can still be read in."""
_NO_SCREEN = ("dumb", "unknown", "vt52", "wy", "tvi", "adm", "hp", "3270", "ibm327")
"""Beginnings of TERM for terminals that know no ANSI sequences."""
_OWN_KEYS = {"F10": "F12", "F1": "?"}
"""What VTE terminals keep for their menus and help, and what does the same here."""


def cannot_show(term: str, columns: int, rows: int) -> str:
    """Why the station cannot be shown there, as a sentence; empty where it can. 0 columns: the size is not known."""
    if term.startswith(_NO_SCREEN):
        return worded(
            "TERM={term} is a terminal without cursor and colours, and the station needs both. Open it in "
            "another, or set TERM to what this one is, for example xterm-256color.",
            term=term,
        )
    if columns and rows and (columns < LEAST_SIZE[0] or rows < LEAST_SIZE[1]):
        return worded(
            "This window has {columns}×{rows} characters; codes and answers need {least}×{least_rows} "
            "at least, {usual}×{usual_rows} to be read well. Make it larger, or its type smaller.",
            columns=columns,
            rows=rows,
            least=LEAST_SIZE[0],
            least_rows=LEAST_SIZE[1],
            usual=USUAL_SIZE[0],
            usual_rows=USUAL_SIZE[1],
        )
    return ""


def no_keyboard(platform: str, missing: str) -> str:
    """Nothing that is known reads keys there: the module of Python's that is missing."""
    return worded(
        "The station cannot read a keyboard on this platform: Python for {platform} has no {missing}. "
        "Run it on Linux, macOS or Windows.",
        platform=platform,
        missing=missing,
    )


def too_small(columns: int, rows: int) -> str:
    """What there is to say of a size in which not all has room; empty where it has."""
    if not columns or not rows or (columns >= USUAL_SIZE[0] and rows >= USUAL_SIZE[1]):
        return ""
    return worded(
        "The station needs {usual}×{usual_rows}: make the window larger or its type smaller.",
        usual=USUAL_SIZE[0],
        usual_rows=USUAL_SIZE[1],
    )


def key_here(key: str, environment: Mapping[str, str]) -> str:
    """The key to name for another one: the same, but where the terminal keeps that for itself."""
    return _OWN_KEYS.get(key, key) if environment.get("VTE_VERSION") else key


def peculiar(environment: Mapping[str, str]) -> Iterator[str]:
    """What a person should know or set in this terminal, a sentence or two each."""
    term = environment.get("TERM", "")
    if environment.get("VTE_VERSION"):
        yield (
            worded(
                "This terminal keeps F10 for its menu, and in some F1 for its help; a scan behind it drives "
                "that menu. Use F12 and ?, and take the menu's key away in its preferences."
            )
        )
    if environment.get("XTERM_VERSION"):
        yield worded("xterm makes other characters of Alt+029: a scanner has to send the separator as Ctrl+].")
    if environment.get("KONSOLE_VERSION") or term.startswith("rxvt"):
        yield worded(
            "This terminal asks before it pastes a code with separators, and scans go into that question: paste none."
        )
    if environment.get("STY"):
        yield worded(
            "GNU screen takes Ctrl+A and the letter behind it out of codes: give it another key (`escape ^Zz`)."
        )
    if environment.get("OS") == "Windows_NT":
        yield (
            worded(
                "Windows' terminals take Ctrl+V, F11 and Alt+Enter for themselves, and a separator typed as "
                "Alt+029 may not come through: a scanner has to send it as Ctrl+]. The documentation's "
                "page Windows has the rest."
            )
        )
    if environment.get("TMUX"):
        yield worded("tmux tells of no lost focus, and its prefix Ctrl+B may be in a code: set -g prefix None.")
