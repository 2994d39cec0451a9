"""What was refused, saved as a workbook with an Error column: mended there, that file is imported."""

from collections.abc import Sequence
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import listed, shorten
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.sheets.marking import Refusals, write_errors


def save_errors(path: Path, sheets: Sequence[Refusals], *, only_refused: bool = False) -> Done | Refused:
    """Save the rows of the sheets, or of them only those with an error; or why that failed."""
    file_name = shorten(str(path), 200)
    try:
        saved = write_errors(path, sheets, only_refused=only_refused)
    except UnwritableFile as error:
        return say.rows_not_saved(why=error)
    if only_refused:
        rows = counted(saved.rows, "row is", "rows are")
        sentences = [f"{rows} saved with an Error column in {file_name}: mend and import that file."]
    else:
        sentences = [f"All rows are saved with an Error column in {file_name}: mend them and import that file."]
    if saved.copy_of:
        sentences.append(f"It is a copy of {shorten(saved.copy_of)}.")
    if saved.lacks:
        sentences.append(f"The copy lacks what cannot be copied: {listed(saved.lacks)}.")
    if saved.has_formulas:
        sentences.append("Its formulas have no results before it is opened in the spreadsheet program and saved there.")
    if saved.why_plain:
        sentences.append(f"It is a new workbook with the columns of the sheet, and no copy: {saved.why_plain}.")
    return Done(" ".join(sentences))


def saved(answer: Done | Refused) -> Reason:
    """Where they are saved, or why not, as the last line of a refusal."""
    return answer.reasons[0] if isinstance(answer, Refused) else Reason("errors-saved", answer.text)
