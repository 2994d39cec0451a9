"""How an act that writes a file ends: templates, rows to mend, exports, papers, badges, settings, recordings."""

from collections.abc import Iterable, Sequence
from functools import reduce

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind

_DONE = Texts(
    {
        "template": "An empty sheet of {kind} is in {file_name}.",
        "template/order": "{rows} to fill in for {number} in {file_name}.",
        "template/owes-none": "{number} owes no serials now; the sheet in {file_name} has no rows.",
        "removed": "{serials} removed from {orders}.",
        "removed/so": "{serials} removed from {orders}: {parts}.",
        "written": "{title}: {rows} written to {file_name}.",
        "command-sheet": "{count} command barcodes and the check cards written to {file_name}.",
        "badge-written": "The badge is written to {file_name}.",
        "paper-sent": "{paper} went to {where}.",
        "paper-going": "The {paper} of {number} is on its way to the printer.",
        "paper-written": "{paper} written to {file_name}.",
        "settings": "{keys} written to {file_name}.",
        "settings/restart": "{written} Start the station again: a serial port keeps its settings.",
        "settings/card": "{written} Scan the check card again.",
        "recording": "Everything that is scanned or typed here goes into {file_name}.",
        "recorded": "{scans} recorded in {file_name}.",
    }
)
_PARTS = Texts(
    {
        "imported": "{serials} imported as batch {batch}: {kind} {counts}.",
        "left-already": "{number} has left already: its serials are Shipped now.",
        "came-back": "{units} have come back, and wait on hold.",
        "came-back/one": "{units} has come back, and waits on hold.",
        "as-the-lot": "{units} on hold, as the lot is.",
        "would-go": "{serials}, and may be imported again.",
        "would-be-back": "{serials} Received again.",
        "would-be-back/one": "{serials} Received again, and {going} that came with the import goes.",
        "would-be-back/more": "{serials} Received again, and {going} that came with the import go.",
        "only-these": " Or remove only the {serials} still Received.",
        "first/left": "It has left, and stays.",
        "first/take-back": "Take it back there first.",
        "first/hold": "Lift the hold first.",
        "first/came-back": "It has left and come back, and stays.",
        "first/sent": "It was sent to another warehouse since, and stays.",
        "batch": "{batch} ({file}, {at}, {serials})",
        "errors": "All rows are saved with an Error column in {file_name}: mend them and import that file.",
        "errors/refused": "{rows} saved with an Error column in {file_name}: mend and import that file.",
        "copy": "It is a copy of {name}.",
        "copy/lacks": "The copy lacks what cannot be copied: {what}.",
        "copy/formulas": "Its formulas have no results before it is opened in the spreadsheet program and saved there.",
        "copy/plain": "It is a new workbook with the columns of the sheet, and no copy: {why}.",
        "column": "{column}: {how}",
        "kept": "Kept: {serial} {where}.",
        "back": "{count} back to Received",
        "gone": "{count} gone, which came with the import",
        "own-size": "Print it at its own size.",
        "labels": "{number}: {labels}",
        "paper": "{number}: the {paper}",
        "then": "{said} {then}",
        "no-label": "{number} has no serial here to print a label of.",
    }
)


# Imports


def template_written(kind: str, file_name: str, how: Iterable[tuple[str, str]]) -> Done:
    """A sheet to fill in; the notes say how its columns are."""
    notes = [_PARTS("column", column=column, how=text) for column, text in how]
    return _DONE.done("template", notes, kind=kind, file_name=file_name)


def order_template_written(number: str, rows: int, file_name: str) -> Done:
    """A sheet with a row for each serial that an order owes."""
    if not rows:
        return _DONE.done("template/owes-none", number=visible(number), file_name=file_name)
    return _DONE.done("template/order", rows=counted(rows, "row"), number=visible(number), file_name=file_name)


def errors_saved(
    file_name: str,
    rows: int | None,
    *,
    copy_of: str,
    lacks: Sequence[str],
    has_formulas: bool,
    why_plain: str,
) -> Done:
    """What was refused is in a workbook with what is wrong; `rows` where it has those rows alone."""
    if rows is None:
        sentences = [_PARTS("errors", file_name=file_name)]
    else:
        sentences = [_PARTS("errors/refused", rows=counted(rows, "row is", "rows are"), file_name=file_name)]
    if copy_of:
        sentences.append(_PARTS("copy", name=shorten(copy_of)))
    if lacks:
        sentences.append(_PARTS("copy/lacks", what=listed(lacks)))
    if has_formulas:
        sentences.append(_PARTS("copy/formulas"))
    if why_plain:
        sentences.append(_PARTS("copy/plain", why=why_plain))
    return Done(reduce(lambda so_far, then: _PARTS("then", said=so_far, then=then), sentences))


def serials_removed(orders: Sequence[str], going: int, back: int, kept: Iterable[str], *, of_shipments: bool) -> Done:
    """Imported serials are taken back, some of units that stay."""
    serials, named = counted(going + back, "serial"), joined(orders, " and ")
    if not of_shipments:
        return _DONE.done("removed", kept, serials=serials, orders=named)
    return _DONE.done("removed/so", kept, serials=serials, orders=named, parts=what_is_removed(going, back))


def what_is_removed(going: int, back: int) -> str:
    """What becomes of the units: `2 back to Received, 3 gone, which came with the import`."""
    parts = [_PARTS("back", count=back)] if back else []
    parts += [_PARTS("gone", count=going)] if going else []
    return joined(parts)


def serials_imported(count: int, batch: int, kind: OrderKind, lines: Sequence[str]) -> str:
    """A file of serials is in."""
    serials, counts = counted(count, "serial"), joined(lines, "; ")
    return _PARTS("imported", serials=serials, batch=batch, kind=kind.value, counts=counts)


def left_already(number: str) -> str:
    """A note: the order of imported serials was Shipped before."""
    return _PARTS("left-already", number=visible(number))


def wait_on_hold(*, came_back: int, as_their_lot: int) -> list[str]:
    """Notes: imported units that nobody may pack yet."""
    notes = []
    if came_back:
        came = "came-back/one" if came_back == 1 else "came-back"
        notes.append(_PARTS(came, units=counted(came_back, "unit", grouped=True)))
    if as_their_lot:
        notes.append(_PARTS("as-the-lot", units=counted(as_their_lot, "unit is", "units are", grouped=True)))
    return notes


def what_would_go(going: int, back: int) -> str:
    """What removing imports would do."""
    if not back:
        return _PARTS("would-go", serials=counted(going, "serial goes", "serials go"))
    serials = counted(back, "serial is", "serials are")
    if not going:
        return _PARTS("would-be-back", serials=serials)
    goes_too = "would-be-back/one" if going == 1 else "would-be-back/more"
    return _PARTS(goes_too, serials=serials, going=counted(going, "serial"))


def remove_the_others(going: int) -> str:
    """What may be done where some have moved on."""
    return _PARTS("only-these", serials=counted(going, "serial"))


def what_moved_on(*, has_left: bool, on_hold: bool, came_back: bool, was_sent: bool) -> str:
    """What is done first about a unit that has moved on."""
    if came_back:
        return _PARTS("first/came-back")
    if was_sent:
        return _PARTS("first/sent")
    if on_hold:
        return _PARTS("first/hold")
    return _PARTS("first/left") if has_left else _PARTS("first/take-back")


def imports_known(batches: Sequence[tuple[int, str, str, int]]) -> str:
    """The batches of an order: number, file, moment, serials."""
    return joined(
        [
            _PARTS("batch", batch=batch, file=shorten(file), at=at, serials=counted(serials, "serial"))
            for batch, file, at, serials in batches
        ]
    )


def was_kept(serial: str, where: str) -> str:
    """A note: an imported unit that has moved on stays."""
    return _PARTS("kept", serial=shorten(serial), where=where)


# Reports and lists


def rows_written(title: str, rows: int, file_name: str) -> Done:
    """A report is in a file."""
    return _DONE.done("written", title=title, rows=counted(rows, "row", grouped=True), file_name=file_name)


def list_written(title: str, rows: str, file_name: str) -> Done:
    """A list is in a file; its rows are counted by what they are."""
    return _DONE.done("written", title=title, rows=rows, file_name=file_name)


# Papers


def command_sheet_written(count: int, file_name: str) -> Done:
    """The command barcodes."""
    return _DONE.done("command-sheet", (_PARTS("own-size"),), count=count, file_name=file_name)


def badge_written(file_name: str) -> Done:
    """An operator's badge."""
    return _DONE.done("badge-written", (_PARTS("own-size"),), file_name=file_name)


def labels_of(number: str, count: int) -> str:
    """The labels of an order's serials, to be followed by where they went."""
    return _PARTS("labels", number=number, labels=counted(count, "label", grouped=True))


def paper_of(number: str, paper: str) -> str:
    """A paper of an order, to be followed by where it went."""
    return _PARTS("paper", number=number, paper=phrase(paper))


def no_label_of(number: str) -> str:
    """An order without serials here."""
    return _PARTS("no-label", number=number)


def paper_sent(paper: str, where: str) -> Done:
    """A printer has it."""
    return _DONE.done("paper-sent", paper=paper, where=where)


def paper_on_its_way(number: str, paper: str) -> Done:
    """It is printed while the station goes on."""
    return _DONE.done("paper-going", number=number, paper=phrase(paper))


def paper_written(paper: str, file_name: str) -> Done:
    """A file has it."""
    return _DONE.done("paper-written", paper=paper, file_name=file_name)


# Settings and recordings


def settings_written(keys: Iterable[str], file_name: str) -> Done:
    """config.toml has them."""
    return _DONE.done("settings", keys=joined([*keys], " and "), file_name=file_name)


def settings_in_force(written: str, *, at_start: bool) -> Done:
    """How they come to be heeded: a serial port keeps its settings until the station starts again."""
    return _DONE.done("settings/restart" if at_start else "settings/card", written=written)


def recording_begun(file_name: str) -> Done:
    """A trace of what is scanned."""
    return _DONE.done("recording", file_name=file_name)


def recording_ended(count: int, file_name: str) -> Done:
    """The trace is whole."""
    return _DONE.done("recorded", scans=counted(count, "scan"), file_name=file_name)
