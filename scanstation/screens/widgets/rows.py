"""Text in columns, cut and padded by cells."""

from rich.cells import cell_len, set_cell_size

from scanstation.domain.codes import visible


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text, made visible, in exactly so many cells; what is cut ends in `…`."""
    if width <= 0:
        return ""
    shown = visible(text)
    length = cell_len(shown)
    if length > width:
        return set_cell_size(shown, width - 1) + "…"
    blanks = " " * (width - length)
    return blanks + shown if right else shown + blanks


def spread(left: str, right: str, width: int) -> str:
    """One text at the left and one at the right of a row; the left one gives way."""
    room = width - cell_len(right)
    if room <= 0:
        return fit(right, width)
    return fit(left, room - 1) + " " + right if right else fit(left, width)
