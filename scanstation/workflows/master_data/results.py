"""What a file of a watched folder is answered with: what was taken of it, what not, and why, by row."""

from collections.abc import Sequence
from typing import Any

from scanstation.domain.language import english
from scanstation.workflows.master_data.loading import Loaded, takes_nothing
from scanstation.workflows.master_data.sheets import Wanted, refused_rows

NOTHING_TAKEN = "left out: nothing of this file was loaded."


def result_of(wanted: Wanted, loaded: Loaded) -> dict[str, Any]:
    """The result of a file, as JSON has it.

    `rows` has each row that was read, with whether it was taken; of a product or an order that was taken `taken` says
    whether it was new. What is wrong with the file as a whole stands in `problems` alone, which has every sentence.
    """
    stopped = takes_nothing(loaded)
    rows = [
        _row(sheet.table.sheet, row.number, sheet.errors.get(row.number, []), stopped=stopped)
        for sheet in refused_rows(wanted, loaded.troubles, whole_orders=not stopped)
        for row in sheet.table.rows
    ]
    return {
        "outcome": "refused" if stopped else "partly" if loaded.refused else "loaded",
        "said": english(loaded.text),
        "taken": [
            {
                "what": english(one.noun),
                "name": one.name,
                "state": one.state.value,
                "differences": [*map(english, one.differences)],
            }
            for one in ([] if stopped else loaded.changes)
        ],
        "rows": rows,
        "problems": [english(reason.text) for reason in loaded.reasons],
        "notes": [*map(english, loaded.notes)],
    }


def _row(sheet: str, number: int, errors: Sequence[str], *, stopped: bool) -> dict[str, Any]:
    why = [*map(english, errors)] or ([NOTHING_TAKEN] if stopped else [])
    return {"sheet": sheet, "row": number, "taken": not why, "why": why}
