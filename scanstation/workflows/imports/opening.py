"""A file before it is read: which sheets and columns it has, for a person who says what is what."""

from scanstation.sheets.layouts import Layout, SheetTop
from scanstation.sheets.reading import look_into

__all__ = ["Layout", "SheetTop", "look_into"]
