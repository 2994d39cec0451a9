"""What was refused, saved as a workbook with an Error column: mended there, that file is imported."""

from collections.abc import Sequence
from pathlib import Path

from scanstation.domain.codes import shorten
from scanstation.domain.outcome import Done, Reason, Refused, refused
from scanstation.sheets.errors import UnwritableFile
from scanstation.sheets.reading import Table
from scanstation.sheets.writing import Errors, write_errors


def save_errors(path: Path, sheets: Sequence[tuple[Table, Errors]], *, only_refused: bool = False) -> Done | Refused:
    """Save the rows of the sheets, or of them only those with an error; or why that failed."""
    shown = shorten(str(path), 200)
    try:
        count = write_errors(path, sheets, only_refused=only_refused)
    except UnwritableFile as error:
        return refused("errors-not-saved", f"The rows could not be saved. {error}")
    if only_refused:
        rows = "1 row is" if count == 1 else f"{count} rows are"
        return Done(f"{rows} saved with an Error column in {shown}: mend and import that file.")
    return Done(f"All rows are saved with an Error column in {shown}: mend them and import that file.")


def saved(answer: Done | Refused) -> Reason:
    """Where they are saved, or why not, as the last line of a refusal."""
    return answer.reasons[0] if isinstance(answer, Refused) else Reason("errors-saved", answer.text)
