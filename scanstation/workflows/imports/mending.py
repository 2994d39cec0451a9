"""What was refused, saved as a workbook with an Error column: mended there, that file is imported."""

from collections.abc import Sequence
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.sheets.marking import Refusals, write_errors


def save_errors(path: Path, sheets: Sequence[Refusals], *, only_refused: bool = False) -> Done | Refused:
    """Save the rows of the sheets, or of them only those with an error; or why that failed."""
    file_name = shorten(str(path), 200)
    try:
        saved = write_errors(path, sheets, only_refused=only_refused)
    except UnwritableFile as error:
        return say.rows_not_saved(why=error)
    return say.errors_saved(
        file_name,
        saved.rows if only_refused else None,
        copy_of=saved.copy_of,
        lacks=saved.lacks,
        has_formulas=saved.has_formulas,
        why_plain=saved.why_plain,
    )


def saved(answer: Done | Refused) -> Reason:
    """Where they are saved, or why not, as the last line of a refusal."""
    return answer.reasons[0] if isinstance(answer, Refused) else Reason("errors-saved", answer.text)
