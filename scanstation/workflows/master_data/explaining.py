"""What a file would be read as, and what loading it would do: nothing is changed."""

from dataclasses import dataclass
from pathlib import Path

from scanstation.domain.language import joined, shown, worded
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Refused
from scanstation.sheets.reading import Table
from scanstation.workflows.master_data import loading
from scanstation.workflows.master_data.loading import Preview
from scanstation.workflows.site import Site

HEADINGS = ("Sheet", "Read as", "Our column", "From", "First value")


@dataclass(frozen=True, slots=True)
class Explained:
    """What was read as what."""

    rows: tuple[tuple[str, str, str, str, str], ...]
    """Under `HEADINGS`: a line for each column of ours, also of those that a sheet does not have."""
    preview: Preview


def explain(site: Site, path: Path) -> Explained | Refused:
    """What the sheets of a file are, and which of their columns is which.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        StoreError: the store cannot be used.
    """
    if refusal := site.may(Deed.LOAD):
        return refusal
    preview = loading.preview(site, path)
    return Explained(tuple(row for table in preview.wanted.tables for row in _of(table)), preview)


def _of(table: Table) -> list[tuple[str, str, str, str, str]]:
    first = table.rows[0] if table.rows else None
    column_rows = []
    for place, column in enumerate(table.kind.columns):
        letter = table.columns.get(column.name, "")
        value = first.values[place] if first and column.name in table.columns else ""
        where = worded("column {letter}", letter=letter) if letter else "—"
        if origin := table.origins.get(column.name, ""):
            where = joined([where, origin]) if letter else shown(origin)
        column_rows.append((table.sheet, worded(table.kind.title), column.name, where, str(value)))
    return column_rows
