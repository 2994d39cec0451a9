"""The import wizard: what its steps answer to scans, paths and keys."""

from collections.abc import Sequence
from pathlib import Path

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict, check, stop
from scanstation.domain.work import Boxed

_TEXTS = Texts(
    {
        "import-first": "An import is being prepared; Esc goes back. {scan} was not kept.",
        "no-sheet": "{file} has no sheet with cells in it.",
        "reading-stopped": "The reading was stopped. Nothing was changed.",
        "same-file": "{file} is the file itself. Choose another name.",
        "filter-off": "All problems are shown again. Enter does what is marked.",
        "order-chosen": "The serials go to {kind} {number}. Choose their file.",
        "order-chosen/written": "{kind} {number}: choose the sheet that was filled in for it.",
        "serial-here": "That is a serial, and nothing is booked here. Scan an order, or choose.",
        "path": "{path} {unfit}.",
        "no-file": "There is no file {file} in {folder}. Check the path.",
        "no-file/or-order": "There is no file or order {code} here. Type another part of its name, or its path.",
        "writing": "The serials are being written now. They can be removed afterwards.",
        "writing/loading": "It is being loaded now, which cannot be stopped. A mended file can be loaded again.",
        "writing/saving": "{file} is being saved, which cannot be stopped. Nothing has been imported yet.",
        "changed-meanwhile/removal": "Something else would go by now: {would_go} Nothing was removed.",
        "orders-changed": "Other stations changed what this file is about again and again. "
        "Nothing was imported: import it once more.",
        "errors-not-saved": "The rows could not be saved. {why}",
        "moved-on/import": "{serial} of {number} {where}. {back}{way}",
        "moved-on/boxed": "{serial} of {number} {where}. Undo or unpack it there first.{way}",
        "moved-on/left": "{serial} of {number} {where}, which has left.{way}",
        "unknown-batch": "Batch {batch} has no serials on {number}. Its batches are: {known}.",
        "already-shipped/removing": "{kind} {number} is Shipped: its serials have left with it and stay.",
        "nothing-imported/order": "No imported serials are on {number}. Scanned serials are not removed here.",
        "nothing-imported/batch": "Nothing of batch {number} is left: it was removed before.",
        "nothing-scanned/box": "Nothing was scanned into {number} that waits for its import. Import a file.",
        "not-all-scanned": "{units} of {sku} in {number} were not scanned. Import a file.",
        "scanned-in-part": "{code} of {sku} was scanned, and its other serial was not. Import a file.",
        "other-template": "{number} is a {kind}: its template is {template}-serials.",
    }
)
_PARTS = Texts(
    {
        "all-left-out": "Every sheet is left out. Choose one.",
        "not-found": "{columns} not found: {names}. ",
        "there-twice": "{columns} there twice: {names}. ",
        "choose": "{missing}{twice}Choose below.",
        "scanned-box": "what was scanned into {number}",
        "scanned-into": "was scanned into {number} at {station}",
    }
)


def import_first(code: str) -> Verdict:
    """A scan in the middle of an import."""
    return _TEXTS.stop("import-first", scan=shorten(code))


def import_to(code: str, kind: OrderKind, number: str) -> Verdict:
    """A scanned order is the one whose serials come."""
    return _TEXTS.shown("order-chosen", code, kind=kind, number=visible(number))


def written_down_for(code: str, kind: OrderKind, number: str) -> Verdict:
    """A scanned order is the one whose work was written down."""
    return _TEXTS.shown("order-chosen/written", code, kind=kind, number=visible(number))


def serial_in_wizard(code: str) -> Verdict:
    """A serial where an order or a file is chosen."""
    return _TEXTS.check("serial-here", code)


# Files


def no_sheet(path: Path) -> Verdict:
    """A file without cells."""
    return _TEXTS.stop("no-sheet", file=shorten(path.name))


def unfit_path(path: str, unfit: str) -> Verdict:
    """A path that cannot be a file to read; why follows it."""
    return _TEXTS.stop("path", path=path, unfit=unfit)


def no_file(path: Path) -> Verdict:
    """A path that leads to nothing."""
    return _TEXTS.stop("no-file", file=shorten(path.name), folder=shorten(str(path.parent), 120))


def no_file_or_order(code: str) -> Verdict:
    """A typed word that names neither."""
    return _TEXTS.stop("no-file/or-order", code)


def same_file(path: Path) -> Verdict:
    """A file would be written over the one that it was made from."""
    return _TEXTS.stop("same-file", file=shorten(path.name))


def unreadable_folder(trouble: str) -> Verdict:
    """A folder that cannot be looked through."""
    return stop("unreadable-folder", trouble)


def unreadable_file(error: Exception) -> Verdict:
    """A file that cannot be read."""
    return stop("unreadable-file", str(error))


def recent_files_trouble(trouble: str) -> Verdict:
    """The list of the files read last could not be kept."""
    return check("recent-files", trouble)


# Steps


def all_sheets_left_out() -> str:
    """What keeps a file from being read: nothing of it is wanted."""
    return _PARTS("all-left-out")


def columns_to_choose(missing: Sequence[str], twice: Sequence[str]) -> str:
    """What keeps a file from being read: columns that are not found, or are there twice; empty for nothing."""
    if not (missing or twice):
        return ""
    not_found = counted(len(missing), "column was", "columns were")
    there_twice = counted(len(twice), "column is", "columns are")
    return _PARTS(
        "choose",
        missing=_PARTS("not-found", columns=not_found, names=joined(missing)) if missing else "",
        twice=_PARTS("there-twice", columns=there_twice, names=joined(twice)) if twice else "",
    )


def columns_missing(missing: str) -> Verdict:
    """A sheet cannot be read before its columns are found."""
    return check("columns-missing", missing)


def reading_stopped() -> Verdict:
    """Esc while a file was read."""
    return _TEXTS.check("reading-stopped")


def filter_off() -> Verdict:
    """Enter has ended the filter of the problems."""
    return _TEXTS.check("filter-off")


def import_in_writing() -> Verdict:
    """Esc comes too late."""
    return _TEXTS.check("writing")


def load_in_writing() -> Verdict:
    """The same where products, orders or stock are loaded."""
    return _TEXTS.check("writing/loading")


def rows_in_writing(file_name: str) -> Verdict:
    """The same where a workbook to mend is saved."""
    return _TEXTS.check("writing/saving", file=shorten(file_name))


def changed_again_and_again() -> Refused:
    """An import that others were quicker than, several times."""
    return _TEXTS.refused("orders-changed")


def rows_not_saved(why: object) -> Refused:
    """A workbook to mend that cannot be written; why follows."""
    return _TEXTS.refused("errors-not-saved", why=why)


def imported_and_moved_on(*, serial: str, number: str, where: str, back: str, way: str) -> Reason:
    """A unit that an import brought and that has moved on; what may be done follows."""
    return _TEXTS.reason(
        "moved-on/import", serial=shorten(serial), number=visible(number), where=where, back=back, way=way
    )


def imported_and_boxed(serial: str, number: str, boxed: Boxed, way: str) -> Reason:
    """A unit that an import brought, and that was scanned into the box of an order since."""
    where = scanned_into(boxed.number, boxed.station)
    is_there = "moved-on/left" if boxed.has_left else "moved-on/boxed"
    return _TEXTS.reason(is_there, serial=shorten(serial), number=visible(number), where=where, way=way)


def scanned_into(number: str, station: str) -> str:
    """Where a Received unit waits for a shipment's import, after its serial."""
    return _PARTS("scanned-into", number=visible(number), station=visible(station))


def unknown_batch(*, batch: int, number: str, known: str) -> Refused:
    """A batch that brought nothing to the order."""
    return _TEXTS.refused("unknown-batch", batch=batch, number=number, known=known)


def imported_and_shipped(kind: str, number: str) -> Refused:
    """Removing what has left with its order."""
    return _TEXTS.refused("already-shipped/removing", kind=kind, number=visible(number))


def nothing_imported(number: str) -> Refused:
    """Removing from an order without imports."""
    return _TEXTS.refused("nothing-imported/order", number=number)


def other_imports(would_go: str) -> Refused:
    """A removal by which something else would go than was shown."""
    return _TEXTS.refused("changed-meanwhile/removal", would_go=would_go)


def batch_was_removed(number: int) -> Refused:
    """Removing a batch again."""
    return _TEXTS.refused("nothing-imported/batch", number=number)


def other_template(*, number: str, kind: str, template: str) -> Refused:
    """A template of the other kind of order."""
    return _TEXTS.refused("other-template", number=visible(number), kind=kind, template=template)


def scanned_into_box(number: str) -> str:
    """In place of a file's name: the rows are what was scanned."""
    return _PARTS("scanned-box", number=visible(number))


def nothing_scanned_in(number: str) -> Refused:
    """No scanned serial of an order waits for its import."""
    return _TEXTS.refused("nothing-scanned/box", number=visible(number))


def not_all_scanned(sku: str, units: int, number: str) -> Reason:
    """Units of a line that were packed by their product alone."""
    return _TEXTS.reason("not-all-scanned", sku=shorten(sku), units=counted(units, "unit"), number=visible(number))


def scanned_in_part(code: str, sku: str) -> Reason:
    """A unit of which one serial was scanned and two are asked."""
    return _TEXTS.reason("scanned-in-part", code=shorten(code), sku=shorten(sku))
