"""Loading products, orders, returns, stock and lists: refused rows, what changes, what it came to."""

from collections.abc import Sequence

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.language import joined, word
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind

_PARTS = Texts(
    {
        # Rows, whatever they are of
        "in-row": "{sheet}, row {number}",
        "left-out": "left out: another row of {number} is refused.",
        "settings": "{sku}: {wrong}.",
        "correct": "{what}. Correct it.",
        "more": "{text} is more than {most}. Correct it.",
        "more/serial": "{text} is more than {most} of one serial. Correct it.",
        "more/rows": "{rows} of {sku} come to {count}, more than {most}. Correct them.",
        "rows": "rows {others} and {last}",
        "pack-twice": "{code} stands for {one} and for {other}. Keep one of the two.",
        "command": "{text} is a command barcode. Choose another.",
        "no-quantity": "the {column} is empty. Fill it in; 0 drops the line.",
        "other-sheet": "{sku} of {number} stands in {where} too. Only rows of one sheet are added up: "
        "write them in one, or take one out.",
        "cancelled-differs": "some rows of {number} say that it is cancelled, and this one says no. "
        "To take out one line write 0 as its {column}.",
        "line-missing": "some rows of {sku} name their {column}, and some do not. Fill in all or none.",
        "line-twice": "line {line} of {number} stands in {where} too. Correct one.",
        "line-taken": "line {line} of {number} is {sku} there. Correct one.",
        "line-which": "{sku} of {number} stands in its lines {lines}. Say in a column {column} which it is.",
        "head-differs": "{text} is not the {column} of {number} in the rows before, {before}. "
        "Write the same in each row of an order.",
        "returns-differ": "some rows of {number} say that it brings units back, and some say no. "
        "Write the same in each row of an order.",
        "neither": "neither a {one} nor a {other} is there. Fill in one.",
        "return-twice": "{number} has the same in {where} too. Take one of the two out.",
        "no-stock": "it is {status}, and no stock. Take the row out.",
        # Notes of what was read
        "read-otherwise": "{where}: {what}.",
        "read-otherwise/more": "{more:,} more barcodes were read otherwise than they stand there.",
        "added-up": "{sheet}: {sku} of {number} stands in {rows}; they are added up to {count}.",
        "added-up/more": "{more:,} more products stand in several rows of an order; they are added up too.",
        # Products
        "barcode-is-sku": "{code} is the SKU of another product of {client}. Correct one of them.",
        "barcode-twice": "{code} is a barcode of {other} too. Keep it on one of the two.",
        "sku-is-barcode": "{sku} is a barcode of {other}. Correct one of them.",
        # Orders
        "never-here": "{noun} {number} is cancelled and was never here: left out.",
        "unknown-client": "there is no client {client}. Check it, or load its products first.",
        "unknown-sku": "{sku} is not a SKU of {client}. Check it, or load the product first.",
        "unknown-sku/short": "{sku} is not a SKU of {client}. Check it, or load it first.",
        "finished": "{noun} {number} is {status} and cannot change: {changes}. Take its rows out{reopen}.",
        "no-lines/close": "{noun} {number} would have no line left. Take its rows out, and close the order.",
        "no-lines/cancel": "{noun} {number} would have no line left. Take its rows out, and cancel the order.",
        "no-lines/new": "{noun} {number} is new and would have no line: 0 drops one. "
        "Write how many, or take the row out.",
        "retired": "{sku} is retired since {day}: it takes no new order lines. Take the row out.",
        "below": "{sku} of {number} cannot be {fate}{added_up}: {count} are {done}{in_work}{short}. "
        "Write {least} or more.",
        "below/dropped": "dropped",
        "below/lowered": "lowered to {to}",
        "below/added-up": " ({rows} added up)",
        "below/in-work": " and {count} in open work",
        "below/short": " and {count} closed short",
        # Returns
        "return-closed": "return {number} is closed: nothing more is expected of it. Take its rows out.",
        "no-serials": "{sku} has no serial numbers. Write how many in {column}.",
        # Stock and lists
        "not-tracked": "{sku} is not tracked: it has no serial numbers. Take the row out.",
        "same-code": "{code} is this row's primary serial too. Correct it.",
        "here-already": "{code} {where}.",
        "by-import": "serials of {sku} are imported and not scanned: give the file to `{command}`. Take the row out.",
        "reopen": ", or reopen it first",
        "reopen/none": "; for more goods, load a new order",
        "other-place": "{noun} {number} is not in this warehouse, but in {places}. Correct it.",
        "other-order": "{number} is another order than {wanted}. Take the row out, or `load` the file.",
        "listed-already": "{code} is listed on {number} already, with {primary}. "
        "Take the row out, or remove that list first.",
        "listed-more": "{number} {sku}: {now} are listed and {ordered} are ordered.",
        # What changes
        "on": "{name} on",
        "off": "{name} off",
        "description": "description",
        "barcodes": "barcodes",
        "pattern": "serial pattern or hint",
        "becomes": "{sku} {before} → {now}",
        "other-lines": "{sku} in other lines",
        "dropped": "{sku} dropped",
        "added": "{sku} added, {count}",
        "brings-back": "brings units back",
        "brings-none": "brings no units back",
        "head": "supplier, receiver, reference or date",
        "expected": "{sku} {what} expected",
        "of-order": "{sku} {what}, {order}",
        "no-order": "no order",
        "count": "{sku} {count}",
        # What it came to
        "loaded": "Loaded: {counts}.",
        "nothing": "Nothing was loaded: the sheets have no rows to load.",
        "nothing/problems": "Nothing was loaded: {problems}.",
        "of-stock": "{units} of opening stock",
        "states": "{what} ({states})",
        "state": "{count} {state}",
        "new-client": "New client: {name}.",
        "new-warehouse": "New warehouse: {name}.",
        "new-settings": "{sku}: new settings count for units taken from now on.",
        "moved": "{news} It is {place} now.",
        "not-moved": "{news} It cannot be moved to {folder}: {why}. It stays, and is not loaded again.",
        "not-answered": "{news} Its result cannot be written to {folder}: {why}. It stays, and is not loaded again.",
        "change": "{noun} {name}: {told}",
        "no-serials-yet": "{units} of {sku} on hand have no serials yet: packing takes theirs as new.",
        "no-serials-known": "{units} of {sku} on hand have no serials, and packing will want serials that were "
        "received: load them as opening stock, or those units cannot be packed.",
        "client-is-made": "There is no client {client} yet: it is made too.",
        "in-work": "{sku} is in open work, so its settings cannot change now ({changed}). "
        "Complete or cancel that work, then try again.",
        "changed": "{kind} {number}: {changes}.",
        "status": "{kind} {number} is {status} now, it was {before}.",
        "return": "Return {number}: {changes}.",
    }
)


# Rows, whatever they are of


def row_of(sheet: str, number: int) -> str:
    """A row where another one is the subject."""
    return _PARTS("in-row", sheet=sheet, number=number)


def left_out_with(number: str) -> str:
    """A good row of an order that has a bad one."""
    return _PARTS("left-out", number=shorten(number))


def wrong_settings(sku: str, wrong: str) -> str:
    """Settings that no product may have."""
    return _PARTS("settings", sku=shorten(sku), wrong=wrong)


def to_correct(what: object) -> str:
    """A cell that is to be corrected; what is wrong with it."""
    return _PARTS("correct", what=what)


def too_large(text: str, most: int, *, of_serial: bool = False) -> str:
    """A quantity that nobody means."""
    return _PARTS("more/serial" if of_serial else "more", text=text, most=most)


def too_large_together(rows: str, sku: str, count: int, most: int) -> str:
    """The same of rows that are added up."""
    return _PARTS("more/rows", rows=rows, sku=shorten(sku), count=count, most=most)


def rows_named(numbers: Sequence[int]) -> str:
    """`rows 2, 5 and 7`."""
    *others, last = map(str, numbers)
    return _PARTS("rows", others=listed(others), last=last)


def two_pack_quantities(code: str, one: int, other: int) -> str:
    """A barcode twice in one cell."""
    return _PARTS("pack-twice", code=shorten(code), one=one, other=other)


def name_is_command(text: str) -> str:
    """A name that is a card."""
    return _PARTS("command", text=shorten(text))


def quantity_is_empty(column: str) -> str:
    """A line without a quantity."""
    return _PARTS("no-quantity", column=column)


def stands_in_other_sheet(sku: str, number: str, where: str) -> str:
    """A product of an order on two sheets."""
    return _PARTS("other-sheet", sku=shorten(sku), number=shorten(number), where=where)


def cancelled_in_part(number: str, column: str) -> str:
    """Rows of an order of which some cancel it."""
    return _PARTS("cancelled-differs", number=shorten(number), column=column)


def lines_named_in_part(sku: str, column: str) -> str:
    """Rows of a product of which some name their line."""
    return _PARTS("line-missing", sku=shorten(sku), column=column)


def line_twice(line: str, number: str, where: str) -> str:
    """Two rows that name the same line."""
    return _PARTS("line-twice", line=shorten(line), number=shorten(number), where=where)


def line_of_another(line: str, number: str, sku: str) -> str:
    """A line that is another product's."""
    return _PARTS("line-taken", line=shorten(line), number=shorten(number), sku=shorten(sku))


def which_line(sku: str, number: str, lines: Sequence[str], column: str) -> str:
    """A product that stands in several lines."""
    named = joined([*map(shorten, lines)])
    return _PARTS("line-which", sku=shorten(sku), number=shorten(number), lines=named, column=column)


def head_differs(text: str, column: str, number: str, before: str) -> str:
    """Rows of an order that say two things of it."""
    number, before = shorten(number), shorten(before)
    return _PARTS("head-differs", text=shorten(text), column=column, number=number, before=before)


def returns_differ(number: str) -> str:
    """The same of whether it brings units back."""
    return _PARTS("returns-differ", number=shorten(number))


def neither_is_there(one: str, other: str) -> str:
    """A row of a return that expects nothing."""
    return _PARTS("neither", one=one, other=other)


def expected_twice(number: str, where: str) -> str:
    """A return that expects the same twice."""
    return _PARTS("return-twice", number=shorten(number), where=where)


def is_no_stock(status: str) -> str:
    """A unit of a report that is not here."""
    return _PARTS("no-stock", status=shorten(status))


# Notes of what was read


def read_otherwise(where: str, what: str) -> str:
    """A barcode that was taken for another."""
    return _PARTS("read-otherwise", where=where, what=what)


def more_read_otherwise(more: int) -> str:
    """How many more there are."""
    return _PARTS("read-otherwise/more", more=more)


def added_up(sheet: str, sku: str, number: str, rows: str, count: int) -> str:
    """Several rows of one product."""
    return _PARTS("added-up", sheet=sheet, sku=shorten(sku), number=shorten(number), rows=rows, count=count)


def more_added_up(more: int) -> str:
    """How many more there are."""
    return _PARTS("added-up/more", more=more)


# Products


def barcode_is_a_sku(code: str, client: str) -> str:
    """A barcode that another product is called by."""
    return _PARTS("barcode-is-sku", code=shorten(code), client=shorten(client))


def barcode_of_two(code: str, other: str) -> str:
    """A barcode of two products."""
    return _PARTS("barcode-twice", code=shorten(code), other=shorten(other))


def sku_is_a_barcode(sku: str, other: str) -> str:
    """A SKU that stands on another product."""
    return _PARTS("sku-is-barcode", sku=shorten(sku), other=shorten(other))


# Orders


def was_never_here(kind: OrderKind, number: str) -> str:
    """A cancelled order that nobody has loaded."""
    return _PARTS("never-here", noun=kind.noun, number=shorten(number))


def no_client_to_load(client: str) -> str:
    """Nobody has this client."""
    return _PARTS("unknown-client", client=shorten(client))


def no_sku_to_load(sku: str, client: str, *, of_order: bool = False) -> str:
    """The client has no such product."""
    name = "unknown-sku" if of_order else "unknown-sku/short"
    return _PARTS(name, sku=shorten(sku), client=shorten(client))


def finished_and_changed(kind: OrderKind, number: str, status: str, changes: Sequence[str], reopen: str) -> str:
    """An order that has ended; how it may be changed all the same follows."""
    changed = joined(changes)
    return _PARTS("finished", noun=kind.noun, number=shorten(number), status=status, changes=changed, reopen=reopen)


def or_reopen(*, can_reopen: bool) -> str:
    """What else may be done about it."""
    return _PARTS("reopen") if can_reopen else _PARTS("reopen/none")


def no_line_left(kind: OrderKind, number: str) -> str:
    """Rows that drop all lines of an order."""
    way = "no-lines/close" if kind is OrderKind.PURCHASE else "no-lines/cancel"
    return _PARTS(way, noun=kind.noun, number=shorten(number))


def no_line_to_begin(kind: OrderKind, number: str) -> str:
    """A new order of which nothing is ordered."""
    return _PARTS("no-lines/new", noun=kind.noun, number=shorten(number))


def retired_sku(sku: str, since: str) -> str:
    """A product that is ordered no more."""
    return _PARTS("retired", sku=shorten(sku), day=since[:10])


def below_what_is_done(
    kind: OrderKind, sku: str, number: str, *, to: int, rows: str, count: int, in_work: int, short: int, least: int
) -> str:
    """A line that would be smaller than what is done of it; `rows` where several are added up."""
    fate = _PARTS("below/lowered", to=to) if to else _PARTS("below/dropped")
    return _PARTS(
        "below",
        sku=shorten(sku),
        number=shorten(number),
        fate=fate,
        added_up=_PARTS("below/added-up", rows=rows) if rows else "",
        count=count,
        done=kind.done_word,
        in_work=_PARTS("below/in-work", count=in_work) if in_work else "",
        short=_PARTS("below/short", count=short) if short else "",
        least=least,
    )


# Returns, stock, lists


def rows_of_closed_return(number: str) -> str:
    """A return that has ended."""
    return _PARTS("return-closed", number=shorten(number))


def write_how_many(sku: str, column: str) -> str:
    """A serial of a product that has none."""
    return _PARTS("no-serials", sku=shorten(sku), column=column)


def row_not_tracked(sku: str) -> str:
    """The same where the row has no other use."""
    return _PARTS("not-tracked", sku=shorten(sku))


def same_code_to_correct(code: str) -> str:
    """One code twice in a row."""
    return _PARTS("same-code", code=shorten(code))


def is_here_already(code: str, where: str) -> str:
    """A note: an announced unit that is here."""
    return _PARTS("here-already", code=shorten(code), where=where)


def comes_by_import(sku: str, command: str) -> str:
    """A list of serials that are imported."""
    return _PARTS("by-import", sku=shorten(sku), command=command)


def order_of_other_place(kind: OrderKind, number: str, places: Sequence[str]) -> str:
    """An order of another warehouse."""
    place = joined([visible(one) for one in places], " and ")
    return _PARTS("other-place", noun=kind.noun, number=shorten(number), places=place)


def list_of_other_order(number: str, wanted: str) -> str:
    """A row of another order than the list is for."""
    return _PARTS("other-order", number=shorten(number), wanted=visible(wanted))


def listed_already(code: str, number: str, primary: str) -> str:
    """A serial of another row of the order's list."""
    return _PARTS("listed-already", code=shorten(code), number=shorten(number), primary=shorten(primary))


def more_listed_than_ordered(number: str, sku: str, now: int, ordered: int) -> str:
    """A note: a list that is longer than its line."""
    return _PARTS("listed-more", number=shorten(number), sku=shorten(sku), now=now, ordered=ordered)


# What changes


def switched(name: str, *, on: bool) -> str:
    """A setting that changes."""
    return _PARTS("on", name=name) if on else _PARTS("off", name=name)


def changed_description() -> str:
    """What changes of a product."""
    return _PARTS("description")


def changed_barcodes() -> str:
    """The same."""
    return _PARTS("barcodes")


def changed_pattern() -> str:
    """The same."""
    return _PARTS("pattern")


def line_becomes(sku: str, before: int, now: int) -> str:
    """A line's quantity; or the lines of the paper, where that stays."""
    if before == now:
        return _PARTS("other-lines", sku=visible(sku))
    return _PARTS("becomes", sku=visible(sku), before=before, now=now)


def is_dropped(sku: str, what: object = "") -> str:
    """A line that goes."""
    return _PARTS("dropped", sku=" ".join(str(one) for one in (visible(sku), what) if one != ""))


def is_added(sku: str, count: int) -> str:
    """A line that comes."""
    return _PARTS("added", sku=visible(sku), count=count)


def brings_back_words(*, brings_back: bool) -> str:
    """What an order's mark says."""
    return _PARTS("brings-back") if brings_back else _PARTS("brings-none")


def head_changes() -> str:
    """What else may change of an order."""
    return _PARTS("head")


def return_expects(sku: str, what: object) -> str:
    """A line of a return that comes."""
    return _PARTS("expected", sku=visible(sku), what=what)


def expected_of(sku: str, what: str, order: str) -> str:
    """A line of a return that changes."""
    return _PARTS("of-order", sku=visible(sku), what=what, order=order or _PARTS("no-order"))


def of_product(sku: str, count: object) -> str:
    """A product with how many of it."""
    return _PARTS("count", sku=visible(sku), count=count)


# What it came to


def is_loaded(counts: str) -> str:
    """All of it, or that there was nothing."""
    return _PARTS("loaded", counts=counts) if counts else _PARTS("nothing")


def nothing_loaded(problems: int) -> str:
    """Something was against it."""
    return _PARTS("nothing/problems", problems=counted(problems, "problem"))


def loaded_products(count: int, new: int, same: int) -> str:
    """`4 products (3 new, 1 as before)`."""
    return _with_states(counted(count, "product"), count, new, same)


def loaded_orders(kind: OrderKind, count: int, new: int, same: int) -> str:
    """The same of orders."""
    is_purchase = kind is OrderKind.PURCHASE
    named = counted(count, "purchase order") if is_purchase else counted(count, "shipment order")
    return _with_states(named, count, new, same)


def loaded_returns(count: int, new: int, same: int) -> str:
    """The same of returns."""
    return _with_states(counted(count, "return"), count, new, same)


def loaded_stock(count: int, new: int, same: int) -> str:
    """The same of opening stock."""
    return _PARTS("of-stock", units=_with_states(counted(count, "unit"), count, new, same))


def loaded_lists(count: int, new: int, same: int) -> str:
    """The same of expected serials."""
    return _with_states(counted(count, "expected serial"), count, new, same)


def _with_states(what: str, count: int, new: int, same: int) -> str:
    states = [(new, word("new")), (count - new - same, word("changed")), (same, word("as before"))]
    told = joined([_PARTS("state", count=number, state=state) for number, state in states if number])
    return _PARTS("states", what=what, states=told)


def new_client(name: str) -> str:
    """A note: a client that nobody knew."""
    return _PARTS("new-client", name=visible(name))


def new_warehouse(name: str) -> str:
    """A note: a warehouse that nobody knew."""
    return _PARTS("new-warehouse", name=visible(name))


def new_settings(sku: str) -> str:
    """A note: what is in work stays under the settings of before."""
    return _PARTS("new-settings", sku=visible(sku))


def order_was_changed(kind: OrderKind, number: str, changes: Sequence[str]) -> str:
    """A note: what a sheet changed."""
    return _PARTS("changed", kind=kind.value, number=visible(number), changes=joined(changes))


def order_status_changed(kind: OrderKind, number: str, status: str, before: str) -> str:
    """A note: what an order is now."""
    return _PARTS("status", kind=kind.value, number=visible(number), status=status, before=before)


def return_changed(number: str, changes: str) -> str:
    """A note: what a sheet changed of a return."""
    return _PARTS("return", number=visible(number), changes=changes)


def was_moved(news: str, place: str) -> str:
    """A file of a watched folder was dealt with."""
    return _PARTS("moved", news=news, place=place)


def cannot_be_moved(news: str, folder: str, why: str) -> str:
    """The same where it stays."""
    return _PARTS("not-moved", news=news, folder=folder, why=why)


def cannot_be_answered(news: str, folder: str, why: str) -> str:
    """The same where its result has no room."""
    return _PARTS("not-answered", news=news, folder=folder, why=why)


def change_told(noun: str, name: str, state: str, differences: Sequence[str]) -> str:
    """What loading would do to one thing, in a line."""
    return _PARTS("change", noun=noun, name=name, told=joined([word(state), *differences]))


def stock_lacks_serials(sku: str, units: int, *, wants_known: bool) -> str:
    """What settings mean for units on hand without serials."""
    case = "no-serials-known" if wants_known else "no-serials-yet"
    return _PARTS(case, units=counted(units, "unit"), sku=shorten(sku))


def client_is_made(client: str) -> str:
    """Saving a product makes its client."""
    return _PARTS("client-is-made", client=shorten(client))


def settings_in_work(sku: str, changed: Sequence[str]) -> str:
    """Why settings cannot change now."""
    return _PARTS("in-work", sku=sku, changed=joined(changed))
