"""Signs for terminals whose locale is not UTF-8: lines, arrows, marks and accents become ASCII, as wide as before."""

import codecs
import sys
import unicodedata
from io import TextIOWrapper
from typing import TextIO

_HANDLER = "scanstation-ascii"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
        **dict.fromkeys("─━═▔▁▬", "-"),
        **dict.fromkeys("│┃║▌▐", "|"),
        **dict.fromkeys("█▓▒░■", "#"),
        **dict.fromkeys("●•✓", "*"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("–—", "-"),
        "▶": ">",
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "▼": "v",
        "▲": "^",
        "○": "o",
        "…": "~",
        "·": ".",
        "×": "x",
        "ß": "s",
        "ł": "l",
        "Ł": "L",
        "œ": "o",
    }
)


def use_ascii_signs(stream: TextIO) -> None:
    """Have a stream that is not UTF-8 write what its encoding lacks in ASCII."""
    if isinstance(stream, TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
        codecs.register_error(_HANDLER, _replaced)
        stream.reconfigure(errors=_HANDLER)


def use_ascii_signs_on_screen() -> None:
    """The same for what the station draws on."""
    if sys.__stderr__ is not None:
        use_ascii_signs(sys.__stderr__)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that cannot be encoded; a question mark for each cell of an unknown one."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    from rich.cells import cell_len  # only where the encoding lacks a sign

    signs = (sign if (sign := _plain(each)).isascii() else "?" * cell_len(each) for each in lacking)
    return "".join(signs), error.end


def _plain(character: str) -> str:
    """The sign for it; of a letter that one without its accent."""
    return unicodedata.normalize("NFD", character.translate(_SIGNS))[0]
