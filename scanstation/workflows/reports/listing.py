"""A report that is read in one go, and how it is written: as JSON, CSV or a workbook."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted

Value = str | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What it is called and what it lists; nothing is read before it is written."""

    title: str
    noun: str
    """What a row is."""
    headings: Mapping[str, str]
    """The keys of a row in JSON, and what people call them."""
    read: Callable[[], Iterator[tuple[Value, ...]]]
    """The rows, values in the order of the headings; None where there is nothing."""
    moments: Sequence[str] = ()
    """Columns that say when, in ISO 8601 and UTC."""

    def export(self, path: str | os.PathLike[str], format: str) -> Done:
        """Write it to a file, in place of one that is there.

        Raises:
            UnwritableFile: there is no room, no right, no such folder.
        """
        from scanstation.sheets.writing import write_rows

        written: Iterator[Sequence[Value | datetime]] = (
            self._for_a_sheet(row) if format == "xlsx" else row for row in self.read()
        )
        moments = {self.headings[column] for column in self.moments}
        count = write_rows(path, format, self._columns(format), written, moments=moments)
        return say.list_written(self.title, counted(count, self.noun, grouped=True), shorten(str(path), 200))

    def export_to(self, stream: TextIO, format: str) -> int:
        """Write it to a text stream as `csv` or `json`; the count of rows."""
        from scanstation.sheets.writing import write_stream

        return write_stream(stream, format, self._columns(format), self.read())

    def _columns(self, format: str) -> Sequence[str]:
        return [*self.headings] if format == "json" else [*self.headings.values()]

    def _for_a_sheet(self, row: Sequence[Value]) -> list[Value | datetime]:
        """Moments in the time of this computer, as on its screens."""
        return [
            datetime.fromisoformat(cell).astimezone() if isinstance(cell, str) and column in self.moments else cell
            for column, cell in zip(self.headings, row, strict=True)
        ]
