"""Trace, the reports and the overview."""

from datetime import date

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone, Verdict

_TEXTS = Texts(
    {
        "trace": "Trace. Scan a serial to see its life.",
        "no-order/trace": "No order is open here. Esc goes back to it.",
        "unknown-code/ever": "No unit ever had the code {unknown}.",
        "unit-shown": "{code} is a {sku}: {standing}.",
        "unit-shown/lost": "{code} is a {sku}: {standing}. If this is it, choose below that it is found again.",
        "units-shown": "{code} belongs or belonged to {count} units.",
        "end": "That was the last page.",
        "narrowed": "The serials of {kind} {number} only. F6 changes the filters.",
        "begin-with": "The serials that begin with {part}, in the order of the codes.",
        "end-in": "The serials that end in {part}, in the order of the codes.",
        "nothing/begins": "No serial in this report is known to begin with {part}.",
        "nothing/ends": "No serial in this report is known to end in {part}.",
        "left-out": "{code} is a {sku}, {standing}: not in this report as it is narrowed. F3 shows its life.",
        "row-marked": "{code} is the marked row.",
        "filter-set": "{title}: {value}.",
        "by-code": "While a code is searched, the rows are in the order of the codes.",
        "unknown-sku/recall": "{sku} is not a SKU{of_client}. Look again at the SKU.",
        "no-shipment": "Scan a shipment order first: the list is of one order.",
        "ambiguous-order/report": "{code} is the number of several orders. F6 narrows by order, client and warehouse.",
        "recall-wanted": "Choose a product and its lot, or a use-by, a PO, days; or scan a piece whose lot is known.",
        "recall-shown/units": "{what}: {units}. F7 puts them on hold or lifts that, F8 writes the list.",
        "nothing-recalled": "{what}: no unit is known to be that. F6 changes what is recalled.",
        "nothing-to-hold": "No unit of these can be put on hold or released: they are gone, or in somebody's hands.",
        "on-list": "{code} is on the list, {count} now. Scan the next; F5 shows where they are.",
        "on-list/again": "{code} is on the list already, {count} now.",
        "on-list/unknown": "No unit has or ever had {code}; it stays on the list, {count} now. Del takes it off.",
        "on-list/file": "{count} are on the list, with those of {file_name}. F5 shows where they are.",
        "off-list": "{code} is off the list, {count} left.",
        "off-list/empty": "The list is empty.",
        "list-wanted": "Scan or type the serials one after the other, or the name of a text file with one a line.",
        "list-too-long": "A list of {count:,} serials is too long for the screen, which takes {most:,}. "
        "`scanstation report recall --file` and `scanstation hold --file` take it.",
        "recall-shown": "Lot {lot} of {sku}. F7 puts all of it on hold, F8 writes the list.",
        "recall-shown/on-hold": "Lot {lot} of {sku} is on hold since {since}, by {operator}: {why}",
        "no-lot": "No unit of {sku} is known to be of lot {lot}. Look again at the lot.",
        "lot-not-known": "{code}: its lot is not known. Choose the product and the lot.",
        "units-on-hold": "{units} on hold: {why}. F3 shows the life of each, and lifts its hold.",
        "refused-today": "Refused today, {count} times: {words}",
        "status": "“{text}” is no status. There are {allowed}.",
        "days": "Since {since} is later than until {until}.",
        "sku": "There is no SKU {sku}. Type it whole, as it is on the products screen.",
        "field/name": "There is no {field} {name}. There are {known}{more}.",
        "field/order": "There is no {kind} {number}. Type its whole number, or scan it.",
        "day": "“{text}” is no day. Write it as 2026-11-22.",
        "day/two": "“{text}” may mean two days: neither ui.language nor the locale says which number is its month. "
        "Write it as 2026-11-22.",
        "too-many-rows": "{title}: {total:,} rows, and a sheet of .xlsx holds {most:,}. "
        "Narrow the filters, or write .csv or .json.",
    }
)
_PARTS = Texts({"any": "any", "of-client": " of {client}"})


# Trace


def trace_shown(code: str) -> Verdict:
    """Trace was asked for by a card, and what was scanned before is no unit."""
    return _TEXTS.shown("trace", code)


def no_order_in_trace(code: str) -> Verdict:
    """A command that needs an order."""
    return _TEXTS.check("no-order/trace", code)


def never_known_text(code: str) -> str:
    """What is said of a code that no unit ever had."""
    return _TEXTS("unknown-code/ever", unknown=shorten(code))


def never_known(code: str) -> Verdict:
    """No unit ever had the code."""
    return _TEXTS.stop("unknown-code/ever", code, unknown=shorten(code))


def unit_shown(code: str, sku: str, standing: str) -> Verdict:
    """The life of the unit that has the code."""
    return _TEXTS.shown("unit-shown", code, sku=visible(sku), standing=visible(standing))


def lost_unit_shown(code: str, sku: str, standing: str) -> Verdict:
    """The life of a unit that was given up; here it may be found again."""
    return _TEXTS.shown("unit-shown/lost", code, sku=visible(sku), standing=visible(standing))


def units_shown(code: str, count: int) -> Verdict:
    """The lives of the units that have or had the code."""
    return _TEXTS.shown("units-shown", code, count=count)


# Reports


def last_page() -> Verdict:
    """There is no page after this one."""
    return _TEXTS.check("end")


def narrowed_to(kind: OrderKind, number: str) -> Verdict:
    """A scanned order narrows the report."""
    return _TEXTS.shown("narrowed", number, kind=kind.noun, number=visible(number))


def codes_found(text: str) -> Verdict:
    """The codes that begin with a text, or after a `*` those that end in it."""
    return _TEXTS.shown("end-in" if text.startswith("*") else "begin-with", text, part=shorten(text.removeprefix("*")))


def no_codes_found(text: str) -> Verdict:
    """There are none such."""
    name = "nothing/ends" if text.startswith("*") else "nothing/begins"
    return _TEXTS.check(name, text, part=shorten(text.removeprefix("*")))


def left_out(code: str, sku: str, standing: str) -> Verdict:
    """A known serial that the filters leave out."""
    return _TEXTS.check("left-out", code, sku=visible(sku), standing=visible(standing))


def row_marked(code: str) -> Verdict:
    """A scanned serial is in the report."""
    return _TEXTS.shown("row-marked", code)


def filter_set(title: str, value: str) -> Verdict:
    """A field of the form was typed; an empty one lets all pass."""
    return _TEXTS.shown("filter-set", title=title, value=visible(value) or _PARTS("any"))


def sorted_by_code() -> Verdict:
    """Sorting by time while a code is searched."""
    return _TEXTS.check("by-code")


def shipment_wanted() -> Verdict:
    """The customer's list is of one shipment order."""
    return _TEXTS.check("no-shipment")


def order_of_several(number: str) -> Verdict:
    """Several orders have the number; the way on is on the screen of the reports."""
    return _TEXTS.stop("ambiguous-order/report", number)


# Overview


def units_on_hold(reason: str, count: int) -> Verdict:
    """What the list says of which units they are."""
    return _TEXTS.shown("units-on-hold", "", units=counted(count, "unit", grouped=True), why=visible(reason))


def refused_today(count: int, words: str) -> Verdict:
    """The head of a list of refusals that have their reason in common."""
    return Verdict(Tone.CHECK, _TEXTS("refused-today", count=count, words=words))


def no_status(text: str, allowed: str) -> Reason:
    """A word that is no status."""
    return _TEXTS.reason("status", text=shorten(text), allowed=allowed)


def days_reversed(since: date, until: date) -> Reason:
    """A first day after the last."""
    return _TEXTS.reason("days", since=since, until=until)


def no_such_sku(sku: str) -> Reason:
    """A SKU that no product has."""
    return _TEXTS.reason("sku", sku=shorten(sku))


def no_such_name(reason: str, *, field: str, name: str, known: str, more: str) -> Reason:
    """A client or warehouse that is not known."""
    return _TEXTS.reason("field/name", reason=reason, field=field, name=shorten(name), known=known, more=more)


def no_such_order_number(reason: str, kind: str, number: str) -> Reason:
    """The number of no order."""
    return _TEXTS.reason("field/order", reason=reason, kind=kind, number=shorten(number))


def no_day(text: str, *, may_be_two: bool) -> Reason:
    """A text that is no day, or may be either of two."""
    return _TEXTS.reason("day/two" if may_be_two else "day", text=shorten(text))


def too_many_rows(*, title: str, total: int, most: int) -> Refused:
    """A report that a sheet of .xlsx cannot hold."""
    return _TEXTS.refused("too-many-rows", title=title, total=total, most=most)


def recall_wanted() -> Verdict:
    """A recall is shown only when its lot is said."""
    return _TEXTS.check("recall-wanted", "")


def recalled(what: str, units: int) -> Verdict:
    """The units are shown that have a use-by, came in on a receipt, are on a list."""
    if not units:
        return _TEXTS.check("nothing-recalled", "", what=what)
    return _TEXTS.shown("recall-shown/units", "", what=what, units=counted(units, "unit", grouped=True))


def nothing_to_hold() -> Verdict:
    """Nothing of a list is in the house, or was shipped."""
    return _TEXTS.check("nothing-to-hold", "")


def on_list(code: str, count: int, *, is_known: bool, is_again: bool) -> Verdict:
    """A serial was put on the list of what is recalled."""
    serials = counted(count, "serial", grouped=True)
    if is_again:
        return _TEXTS.check("on-list/again", code, count=serials)
    if not is_known:
        return _TEXTS.check("on-list/unknown", code, count=serials)
    return _TEXTS.shown("on-list", code, count=serials)


def file_on_list(file_name: str, count: int) -> Verdict:
    """Likewise those of a file."""
    serials = counted(count, "serial", grouped=True)
    return _TEXTS.shown("on-list/file", "", file_name=shorten(file_name), count=serials)


def off_list(code: str, count: int) -> Verdict:
    """The last one was taken off again."""
    if not count:
        return _TEXTS.shown("off-list/empty", "")
    return _TEXTS.shown("off-list", code, count=counted(count, "serial", grouped=True))


def list_wanted() -> Verdict:
    """Nothing is on the list yet."""
    return _TEXTS.check("list-wanted", "")


def list_too_long(count: int, most: int) -> Refused:
    """A list that the screen does not take."""
    return _TEXTS.refused("list-too-long", count=count, most=most)


def recall_shown(lot: str, sku: str) -> Verdict:
    """The units of a lot are shown."""
    return _TEXTS.shown("recall-shown", lot, lot=visible(lot), sku=visible(sku))


def recall_on_hold(lot: str, sku: str, *, since: str, operator: str, reason: str) -> Verdict:
    """Likewise, and somebody has put it on hold."""
    return _TEXTS.shown(
        "recall-shown/on-hold",
        lot,
        lot=visible(lot),
        sku=visible(sku),
        since=since,
        operator=visible(operator),
        why=visible(reason),
    )


def nothing_of_lot(lot: str, sku: str) -> Verdict:
    """No unit is known to be of the lot, which no list of others may hide."""
    return _TEXTS.check("no-lot", lot, lot=shorten(lot), sku=visible(sku))


def lot_not_known(code: str) -> Verdict:
    """A piece was scanned whose lot nobody knows."""
    return _TEXTS.check("lot-not-known", code)


def no_sku_to_recall(sku: str, client: str | None) -> Refused:
    """A recall of a SKU that no product has, or none of the client's."""
    of_client = _PARTS("of-client", client=shorten(client)) if client else ""
    return _TEXTS.refused("unknown-sku/recall", sku=shorten(sku), of_client=of_client)
