"""Rows of an import of serials: refused, noted, counted; each sentence stands behind its sheet and cells."""

from collections.abc import Sequence

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind

_NAMED = 5
_PARTS = Texts(
    {
        "problem": "{where}: {sentence}",
        "at-rows": "{sheet}, rows {rows}",
        "at-rows/one": "{sheet}, row {rows}",
        "cells-more": "{cells} and {more} more",
        # Cells
        "told": "{code} {what}",
        "told-correct": "{code} {what} Correct the row.",
        "told-correct/short": "{code} {what}. Correct the row.",
        "in-the-way": "{code} {where}. {way}",
        "cell": "{value} {wrong}. {mend}",
        "lot": "{lot}. Correct the lot.",
        "no-rows": "there is no row below the header. Fill in the serials.",
        "empty": "The {column} is empty. Fill it in.",
        "empty-of": "The {column} of {sku} is empty. Fill it in.",
        "empty-of/either": "The {column} (or the secondary) of {sku} is empty. Fill it in.",
        "needed": "{sku} needs a {column} in each row. Fill it in.",
        "needed/no-column": "{sku} needs a {column} in each row. Add the column, and fill it in.",
        "same-code": "{code} is this row's primary serial too. Write its secondary.",
        "no-secondary": "{code}: a {sku} has no secondary serial. Empty the cell.",
        # Orders and lines
        "other-order": "{number} is another order than {started}, which this import was started from. "
        "Take the rows out, or import for all the orders named.",
        "unknown-order": "there is no {noun} {number}. Check the number, or load the order.",
        "wrong-client": "{noun} {number} is not of client {client}, but of {owners}. Correct it.",
        "wrong-warehouse": "{noun} {number} is not in {warehouse}, but in {places}. Correct it.",
        "nothing-received": "nothing has been received on {noun} {number} yet. Complete its receipt first.",
        "not-ready": "{noun} {number} is {status}; serials are imported once it is {ready}. {way}",
        "no-more": "It takes no serials any more.",
        "pack-first": "Complete its packing first.",
        "not-on-order": "{sku} is not on {number}. Check the SKU and the order.",
        "not-a-sku": "{sku} is a barcode. Write the SKU, {other}.",
        "unknown-sku": "{sku} is not a SKU of {client}. Correct it.",
        "nothing-done": "nothing of {sku} is {done} on {number}. {way}",
        "receive-first": "Complete its receipt first, or take its rows out.",
        "rows-out": "Take its rows out.",
        "not-tracked": "{sku} is not tracked: it has no serial numbers. Take its rows out.",
        "scanned-in": "serials of {sku} are scanned at receiving and never imported. Take its rows out.",
        "scanned-out": "serials of {sku} are scanned at packing and never imported. Take its rows out.",
        "too-many": "{serials} of {sku} for {kind} {number}, and {room} can still come: {count} {done}{by_scan}, "
        "{imported} imported before. Take {surplus} out.",
        "none": "none",
        "by-scan": ", {count} of them without a scanned serial",
        "line": "{number} {sku} {now} of {owed}",
        "line/complete": "{number} {sku} {now} of {owed}, complete",
        # Units
        "row-out": "Take the row out.",
        "row-out/returns": "Take it in at Returns and take the row out, or have the order marked as bringing "
        "units back.",
        "row-out/work": "Complete or cancel it there, or take the row out.",
        "row-out/hold": "Lift the hold, or take the row out.",
        "already-imported": "already imported on {kind} {number} as batch {batch} on {at} by {operator} "
        "at {station} (from {file}). Take the rows out; if that import was wrong, take it back first, "
        "on the order's page.",
        "already-imported/left": "already imported on {kind} {number} as batch {batch} on {at} by {operator} "
        "at {station} (from {file}). Take the rows out.",
        "serials-are": "{serials} {what}",
        "is-secondary": "{code} is the secondary serial of {primary}. Write the primary.",
        "same-unit": "{code} is the same unit as row {row}. Take one of the two out.",
        "belongs-with": "{code} belongs with {theirs}, not with {given}. Correct the row.",
        "not-one-unit": "{code} and {other} are not one unit. Correct the row.",
        "secondary-known": "{code} is not known, but {other} is a serial of the unit {unit}. Correct the row.",
        "secondary-unknown": "{code} is not known, and {primary} has no secondary. Empty the cell.",
        "alike-known": "{code} is not known, but differs only by its marks from {known}. Correct the row.",
        "unknown": "{code} is not known as a serial of {sku}. Import it on its purchase order first.",
        "unknown/setting": "{code} is not known as a serial of {sku}. Import it on its purchase order first, or let "
        "shipments create serials: {setting} in {file}.",
        "other-warehouse": "{code} was received in warehouse {warehouse}, and {number} leaves from {here}. "
        "Take the row out.",
        # What comes back
        "part-missing": "{code} comes back without {missing}, on hold: part missing.",
        # Lots and dates
        "stock-is-now": "{code} was loaded before and is {now} ({sku}) now. No second unit was made of it.",
        "other-lot": "{code}: its {what} is kept as {kept}, which stays, and not {given}.",
        "lot-on-hold": "{code}: lot {lot} is on hold: {why}. Take the row out.",
        "expired": "{code} is past its use-by, {day}. Take the row out.",
        "expired/taken": "{code} is past its use-by, {day}.",
        "past-best-before": "{code} is past its best-before, {day}.",
        # Boxes
        "lacking": "Scanned into {number} and not in this file: {codes} of {sku}. A later file may bring them.",
        "reserved": "{code} was scanned into {number} at {station}. Take the row out, or unpack it there.",
        "reserved/left": "{code} was scanned into {number} at {station}. Take the row out, or import its serials "
        "first.",
        "not-scanned": "The serial is not among what was scanned into {number}, where all units of {sku} were. {way}",
        "not-scanned/but": "The serial is not among what was scanned into {number}, where all but {unscanned} units "
        "of {sku} were. {way}",
        "look-whether": "Nobody knows {codes}: look whether it is that unit.",
        "with-reason": "It is imported with a reason.",
        "out-or-reason": "Take the row out, or have a supervisor import it with a reason.",
        "nobody-scanned": "{serials} of {sku} that nobody scanned",
    }
)


def problem_at(where: str, sentence: str) -> str:
    """A problem behind its place."""
    return _PARTS("problem", where=where, sentence=sentence)


def at_rows(sheet: str, rows: str, *, is_one: bool) -> str:
    """The place of rows that have no cell for it."""
    return _PARTS("at-rows/one" if is_one else "at-rows", sheet=shorten(sheet), rows=rows)


def some_cells(cells: str, more: int) -> str:
    """Cells, of which the last ones are only counted."""
    return _PARTS("cells-more", cells=cells, more=more)


# Cells


def told_of(code: str, what: str) -> str:
    """What is wrong with a code, behind it."""
    return _PARTS("told", code=shorten(code), what=what)


def told_to_correct(code: str, what: str, *, is_sentence: bool = False) -> str:
    """The same where the row is to be corrected."""
    return _PARTS("told-correct" if is_sentence else "told-correct/short", code=shorten(code), what=what)


def unreadable_cell(value: str, reason: str, mend: str) -> str:
    """A cell that is no text."""
    return _PARTS("cell", value=shorten(value), wrong=reason, mend=mend)


def no_lot_in_cell(bad: object) -> str:
    """A cell that is no lot."""
    return _PARTS("lot", lot=bad)


def no_rows_below() -> str:
    """A sheet with a header alone."""
    return _PARTS("no-rows")


def cell_is_empty(column: str) -> str:
    """A cell that every row needs."""
    return _PARTS("empty", column=column)


def serial_is_empty(column: str, sku: str, *, either: bool) -> str:
    """A row without a serial."""
    return _PARTS("empty-of/either" if either else "empty-of", column=column, sku=sku)


def secondary_is_needed(column: str, sku: str, *, has_column: bool) -> str:
    """A row with one serial of two."""
    return _PARTS("needed" if has_column else "needed/no-column", column=column, sku=sku)


def same_code_in_row(code: str) -> str:
    """A row with one code twice."""
    return _PARTS("same-code", code=shorten(code))


def no_secondary_here(code: str, sku: str) -> str:
    """A secondary where the product has none."""
    return _PARTS("no-secondary", code=shorten(code), sku=sku)


# Orders and lines


def other_order(number: str, started: str) -> str:
    """Rows of another order than the import's."""
    return _PARTS("other-order", number=shorten(number), started=visible(started))


def no_order_of_row(kind: OrderKind, number: str) -> str:
    """Nobody has this order."""
    return _PARTS("unknown-order", noun=kind.noun, number=shorten(number))


def wrong_client(kind: OrderKind, number: str, client: str, owners: Sequence[str]) -> str:
    """An order of another client."""
    owner = joined([visible(one) for one in owners], " and ")
    return _PARTS("wrong-client", noun=kind.noun, number=shorten(number), client=shorten(client), owners=owner)


def wrong_warehouse(kind: OrderKind, number: str, warehouse: str, places: Sequence[str]) -> str:
    """An order of another warehouse."""
    place = joined([visible(one) for one in places], " and ")
    noun, number = kind.noun, shorten(number)
    return _PARTS("wrong-warehouse", noun=noun, number=number, warehouse=shorten(warehouse), places=place)


def nothing_received_yet(kind: OrderKind, number: str) -> str:
    """Serials come before their goods."""
    return _PARTS("nothing-received", noun=kind.noun, number=visible(number))


def order_not_ready(kind: OrderKind, number: str, *, status: str, ready: str, is_cancelled: bool) -> str:
    """A shipment order that is packed still, or cancelled."""
    way = _PARTS("no-more") if is_cancelled else _PARTS("pack-first")
    return _PARTS("not-ready", noun=kind.noun, number=visible(number), status=status, ready=ready, way=way)


def sku_not_on_order(sku: str, number: str) -> str:
    """A product that the order has not."""
    return _PARTS("not-on-order", sku=shorten(sku), number=visible(number))


def barcode_is_no_sku(sku: str, other: str) -> str:
    """A barcode in the SKU's column."""
    return _PARTS("not-a-sku", sku=shorten(sku), other=visible(other))


def sku_of_nobody(sku: str, client: str) -> str:
    """A SKU that the client has not."""
    return _PARTS("unknown-sku", sku=shorten(sku), client=visible(client))


def nothing_is_done(kind: OrderKind, sku: str, number: str, *, may_come: bool) -> str:
    """A line of which nothing has come or gone."""
    way = _PARTS("receive-first") if may_come else _PARTS("rows-out")
    return _PARTS("nothing-done", sku=sku, done=kind.done_word, number=visible(number), way=way)


def sku_not_tracked(sku: str) -> str:
    """A product without serials."""
    return _PARTS("not-tracked", sku=sku)


def never_imported(sku: str, *, at_receiving: bool) -> str:
    """A product whose serials are scanned."""
    return _PARTS("scanned-in" if at_receiving else "scanned-out", sku=sku)


def more_than_units(
    kind: OrderKind, number: str, sku: str, *, rows: int, room: int, count: int, unscanned: int, imported: int, out: int
) -> str:
    """RULES 2.13; `unscanned` is how many of the `count` units have no scanned serial, where that is not all."""
    return _PARTS(
        "too-many",
        serials=counted(rows, "serial"),
        sku=sku,
        kind=kind.value,
        number=visible(number),
        room=room or _PARTS("none"),
        count=count,
        done=kind.done_word,
        by_scan=_PARTS("by-scan", count=unscanned) if unscanned != count else "",
        imported=imported,
        surplus=out,
    )


def line_count(number: str, sku: str, now: int, owed: int) -> str:
    """How many serials a line has once the file is in."""
    how = "line/complete" if now == owed else "line"
    return _PARTS(how, number=visible(number), sku=visible(sku), now=now, owed=owed)


# Units


def unit_in_the_way(code: str, where: str, way: str) -> str:
    """Where a unit is that cannot be taken; what to do with the row follows."""
    return _PARTS("in-the-way", code=shorten(code), where=where, way=way)


def take_row_out() -> str:
    """What is done with a row."""
    return _PARTS("row-out")


def take_it_in_at_returns() -> str:
    """The same where the unit may have come back."""
    return _PARTS("row-out/returns")


def end_that_work() -> str:
    """The same of a unit in open work."""
    return _PARTS("row-out/work")


def lift_the_hold() -> str:
    """The same of a unit on hold."""
    return _PARTS("row-out/hold")


def already_imported(
    kind: OrderKind, number: str, *, batch: int, at: str, operator: str, station: str, file: str, has_left: bool
) -> str:
    """What an import brought before, behind how many serials it is said of."""
    return _PARTS(
        "already-imported/left" if has_left else "already-imported",
        kind=kind.value,
        number=visible(number),
        batch=batch,
        at=at,
        operator=visible(operator),
        station=visible(station),
        file=shorten(file),
    )


def serials_are(count: int, what: str) -> str:
    """What is said once with how many serials it is true of."""
    return _PARTS("serials-are", serials=counted(count, "serial is", "serials are"), what=what)


def is_the_secondary(code: str, primary: str) -> str:
    """A secondary in the primary's column."""
    return _PARTS("is-secondary", code=shorten(code), primary=shorten(primary))


def same_unit_as(code: str, row: int) -> str:
    """A unit that an earlier row names."""
    return _PARTS("same-unit", code=shorten(code), row=row)


def belongs_with(code: str, theirs: str, given: str) -> str:
    """A unit that has another second serial."""
    return _PARTS("belongs-with", code=shorten(code), theirs=shorten(theirs), given=shorten(given))


def not_one_unit(code: str, other: str) -> str:
    """Two serials of two units."""
    return _PARTS("not-one-unit", code=shorten(code), other=shorten(other))


def secondary_is_known(code: str, other: str, unit: str) -> str:
    """An unknown primary beside a known secondary."""
    return _PARTS("secondary-known", code=shorten(code), other=shorten(other), unit=shorten(unit))


def secondary_is_unknown(code: str, primary: str) -> str:
    """A known primary beside an unknown secondary, where one of the two is enough."""
    return _PARTS("secondary-unknown", code=shorten(code), primary=shorten(primary))


def alike_is_known(code: str, known: Sequence[str]) -> str:
    """An unknown code that is like known ones."""
    return _PARTS("alike-known", code=shorten(code), known=listed(known, _NAMED))


def serial_unknown_in_row(code: str, sku: str, setting: str, file: str) -> str:
    """A code that should be known; the setting that would let it be new, and where, or neither."""
    if setting:
        return _PARTS("unknown/setting", code=shorten(code), sku=sku, setting=setting, file=file)
    return _PARTS("unknown", code=shorten(code), sku=sku)


def in_other_warehouse(code: str, warehouse: str, number: str, here: str) -> str:
    """A unit that stands elsewhere."""
    there, number, here = visible(warehouse), visible(number), visible(here)
    return _PARTS("other-warehouse", code=shorten(code), warehouse=there, number=number, here=here)


# Lots and dates


def stock_is_now(code: str, codes: Sequence[str], sku: str) -> str:
    """A row of opening stock whose unit has another code or SKU since."""
    now = " + ".join(shorten(one) for one in codes)
    return _PARTS("stock-is-now", code=shorten(code), now=now, sku=shorten(sku))


def other_lot_kept(code: str, what: str, kept: str, given: str) -> str:
    """A row says another lot or date than what is kept."""
    return _PARTS("other-lot", code=shorten(code), what=what, kept=shorten(kept), given=shorten(given))


def row_of_lot_on_hold(code: str, lot: str, why: str) -> str:
    """What is of a lot that is on hold."""
    return _PARTS("lot-on-hold", code=shorten(code), lot=shorten(lot), why=shorten(why, 60))


def row_past_use_by(code: str, day: str, *, is_refused: bool) -> str:
    """What goes out too late."""
    return _PARTS("expired" if is_refused else "expired/taken", code=shorten(code), day=day)


def row_past_best_before(code: str, day: str) -> str:
    """What goes out late."""
    return _PARTS("past-best-before", code=shorten(code), day=day)


def row_without_part(code: str, missing: str) -> str:
    """Of a unit of two codes that comes back the row has one."""
    return _PARTS("part-missing", code=shorten(code), missing=shorten(missing))


# Boxes


def scanned_and_lacking(number: str, codes: Sequence[str], sku: str) -> str:
    """What was scanned and the file has not."""
    return _PARTS("lacking", number=visible(number), codes=listed(codes, _NAMED), sku=sku)


def reserved_row(code: str, number: str, station: str, *, has_left: bool) -> str:
    """What was scanned into another order's box."""
    is_there = "reserved/left" if has_left else "reserved"
    return _PARTS(is_there, code=shorten(code), number=visible(number), station=visible(station))


def not_scanned(number: str, sku: str, unscanned: int, way: str) -> str:
    """What cannot be in the box; what is done about it follows."""
    if unscanned:
        return _PARTS("not-scanned/but", number=visible(number), unscanned=unscanned, sku=sku, way=way)
    return _PARTS("not-scanned", number=visible(number), sku=sku, way=way)


def look_whether_it_is(codes: Sequence[str]) -> str:
    """It may be one whose scanned text nobody knows."""
    return _PARTS("look-whether", codes=listed(codes, _NAMED))


def imported_with_reason() -> str:
    """A supervisor has said why."""
    return _PARTS("with-reason")


def out_or_reason() -> str:
    """A supervisor might say why."""
    return _PARTS("out-or-reason")


def that_nobody_scanned(serials: int, sku: str) -> str:
    """What the order's history says of it."""
    return _PARTS("nobody-scanned", serials=counted(serials, "serial"), sku=sku)
