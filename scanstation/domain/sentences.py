"""Every sentence a scan can be answered with: what happened, to which thing, what to do now.

Codes come in visible and shortened (`codes.shorten`), times local (`14:02`).
"""

from collections.abc import Sequence

from scanstation.domain.codes import BadCode, code_key, listed, shorten
from scanstation.domain.keyboards import of_another_keyboard
from scanstation.domain.not_serials import Kind, NoSerial
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.domain.verdict import CodeKind, Prompt, Verdict, ask, check, ok, stop

_NAMED = 3
"""The most codes that a sentence about a run names."""


def pieces(count: int) -> str:
    """A count with its noun."""
    return counted(count, "unit")


def faulty(code: str, fault: str) -> Verdict:
    """The pipe would not vouch for the code; the fault is a sentence that follows it."""
    return stop("faulty-scan", f"{shorten(code)} {fault}.", code)


def read_twice(code: str) -> Verdict:
    """A gun that read one label twice."""
    return check("read-twice", f"{shorten(code)} was read twice at once and counted once.", code)


def check_card() -> Verdict:
    """The card that tells how a scanner is set up, on a screen that does not look at it."""
    return check("check-card", "The check card: open the scanners screen (F9, Scanners) and scan it there.")


def many_lines(first: str, count: int) -> Verdict:
    """A paste that may be a whole list."""
    told = f"{shorten(first)} and {count - 1} more lines were pasted at once. A list of serials is better imported."
    return check("many-lines", told, first)


def bad_code(bad: BadCode, wanted: str = "the serial label") -> Verdict:
    """It cannot be anybody's code; what is wanted in its place."""
    reason = "too-long" if "too long" in bad.reason else "bad-code"
    doubt = (
        "; if it says something else, the keyboard language of the scanner does not match"
        if of_another_keyboard(bad.text)
        else ""
    )
    return stop(reason, f"{bad}. Scan {wanted}{doubt}.", bad.text)


# Orders


def unknown_order(code: str, kind: OrderKind) -> Verdict:
    """No order is open, and this is no order's number."""
    return stop("unknown-order", f"{shorten(code)} is not an order here. Scan the number of a {kind.noun}.", code)


def order_used_twice(code: str, candidates: Sequence[str]) -> Verdict:
    """Several clients or warehouses use the number."""
    return stop(
        "ambiguous-order",
        f"{shorten(code)} is used by {' and '.join(candidates)}. Open the right one from the list of orders.",
        code,
    )


def order_takes_nothing(number: str, kind: OrderKind, status: OrderStatus) -> Verdict:
    """The order is finished."""
    ways = {
        OrderStatus.COMPLETED: "takes no more receiving. A supervisor can reopen it",
        OrderStatus.READY_TO_SHIP: "is packed. Scan the next order",
        OrderStatus.SHIPPED: "has left. Scan another order",
        OrderStatus.CANCELLED: "must not be packed. Scan another order",
    }
    return stop("order-finished", f"{kind.noun.capitalize()} {number} is {status.value}: it {ways[status]}.", number)


def order_open(number: str, kind: OrderKind, left: int, others: Sequence[str]) -> Verdict:
    """A new receipt or packing began."""
    also = f" Also open at {', '.join(others)}." if others else ""
    return ok(f"{number} is open, {pieces(left)} to be {kind.done_word}. Scan a product.{also}", number)


def order_resumed(number: str, kind: OrderKind, in_work: int, prompt: Prompt | None) -> Verdict:
    """One's own open work goes on."""
    owed = f" The {prompt.kind.value} serial of {prompt.sku} is owed." if prompt else " Scan the next product."
    return ok(f"{number} goes on, {pieces(in_work)} of this {kind.work_word} so far.{owed}", number)


def order_already_open(number: str) -> Verdict:
    """The same order again."""
    return check("already-open", f"{number} is open already. Scan a product of it.", number)


def order_lacks(number: str, lacks: int, next_number: str) -> Verdict:
    """Leaving an order that is not full."""
    told = f"{number} lacks {lacks}. Scan {next_number} again to leave it open?"
    return ask("order-lacks", told, next_number, again_is_yes=True)


def completed(number: str, kind: OrderKind, count: int, lacks: int, *, elsewhere: int) -> Verdict:
    """A receipt or packing was completed."""
    if elsewhere:
        rest = f" {pieces(elsewhere)} are in work at another station."
    else:
        rest = f" {number} still lacks {lacks}." if lacks else ""
    state = "complete" if not (lacks or elsewhere) else f"saved, {kind.done_word} in part"
    return ok(f"{number} {state}, {pieces(count)}.{rest} Scan the next order.", number)


def completed_and_next(number: str, count: int, after: Verdict) -> Verdict:
    """The order was full, and the next one is open."""
    return ok(f"{number} complete, {pieces(count)}. {after.text}", after.code)


REFUSED_UNSEEN = "refused-unseen"


def complete_without(number: str, refused: Sequence[str], count: int) -> Verdict:
    """The question before completing while scans were refused that nobody has seen refused."""
    told = _refused(refused, count, " and not acknowledged")
    return ask(REFUSED_UNSEEN, f"{told}. Complete {number} without?", about=f"{number}: {count}, {refused}")


def complete_in_part(number: str, count: int, lacks: int) -> Verdict:
    """The question before completing less than ordered."""
    return ask("in-part", f"{number} lacks {lacks}. Complete it with {pieces(count)}?", about=number)


def nothing_to_complete() -> Verdict:
    """No scan was accepted yet."""
    return check("nothing-scanned", "Nothing is scanned yet. Scan a product of this order.")


def nothing_to_undo() -> Verdict:
    """No scan of one's own is left."""
    return check("nothing-to-undo", "There is nothing of yours left to undo on this order.")


def nothing_to_cancel() -> Verdict:
    """No code is owed."""
    return check("nothing-to-cancel", "No unit is waiting for a serial. Undo takes back the last scan.")


def undone(what: str, prompt: Prompt | None) -> Verdict:
    """The last scan was taken back."""
    now = f"Scan the {prompt.kind.value} serial of {prompt.sku}." if prompt else "Scan a product."
    return ok(f"Taken back: {what}. {now}")


def cancelled(sku: str, dropped: int, kept: int) -> Verdict:
    """The owed unit was dropped, and with it what was left of its run."""
    gone = "the unit without its serial is dropped" if dropped == 1 else f"{dropped} units without serials are dropped"
    rest = f" {pieces(kept)} of that scan {'stays' if kept == 1 else 'stay'}." if kept else ""
    return ok(f"{sku}: {gone}.{rest} Scan a product.")


def work_gone(number: str, kind: OrderKind, station: str, operator: str, at: str) -> Verdict:
    """Another station took the work over."""
    return stop(
        "taken-over",
        f"{operator} took this {kind.work_word} of {number} over at {station}, {at}. Scan an order to go on.",
        number,
    )


def work_ended(number: str, kind: OrderKind, how: str, operator: str, at: str) -> Verdict:
    """The work was ended elsewhere (the order was cancelled, or the same station completed it)."""
    return stop(
        "work-ended", f"This {kind.work_word} of {number} was {how} by {operator}, {at}. Scan an order.", number
    )


# Questions and commands


def answer_first(code: str, question: str) -> Verdict:
    """A scan while a question is open; it is not kept."""
    return stop("question-open", f"Answer the question first: {question} {shorten(code)} was not kept.", code)


def key_needed(code: str) -> Verdict:
    """SS-YES to a question whose yes no scan may give."""
    return stop("key-needed", f"{shorten(code)} does not count here: press Y on the keyboard, or N.", code)


def no_question(code: str) -> Verdict:
    """SS-YES or SS-NO with nothing to answer."""
    return check("no-question", "There is no question to answer.", code)


def left_as_it_is() -> Verdict:
    """The question was answered with no."""
    return check("answered-no", "Nothing was changed. Scan on.")


def serial_owed(code: str, prompt: Prompt) -> Verdict:
    """A command that has to wait."""
    return stop(
        "serial-owed",
        f"A serial is owed: scan the {prompt.kind.value} serial of {prompt.sku}, or cancel the unit.",
        code,
    )


def refused_unseen(refused: Sequence[str], count: int, command: str) -> str:
    """What stands in the bar until the refused scans of a run were seen."""
    return f"{_refused(refused, count)}. Acknowledge: {command} or !"


def _refused(codes: Sequence[str], count: int, how: str = "") -> str:
    """`2 scans were refused: SN-7, SN-9`."""
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return f"{counted(count, 'scan was', 'scans were')} refused{how}: {', '.join(codes[:_NAMED])}{more}"


def seen(code: str, count: int) -> Verdict:
    """The refused scans of a run were acknowledged."""
    if not count:
        return check("nothing-to-see", "No refused scan waits to be acknowledged.", code)
    return ok(f"{counted(count, 'refused scan is', 'refused scans are')} acknowledged. Scan on.", code)


def help_shown(code: str) -> Verdict:
    """The help page was asked for by a card."""
    return ok(f"Help. {shorten(code)} reads on; any other scan closes it and is answered.", code)


def trace_shown(code: str) -> Verdict:
    """Trace was asked for by a card, and what was scanned before is no unit."""
    return ok("Trace. Scan a serial to see its life.", code)


def home_owing(code: str, number: str) -> Verdict:
    """Home was asked for while a serial is owed."""
    return ok(f"Home. {number} still owes a serial: scan {number} to go on with it.", code)


def owes_first(code: str, number: str) -> Verdict:
    """Another order, while this station's work on one owes a serial."""
    return stop("serial-owed", f"{number} owes a serial: scan {number} to go on with it, or to cancel that unit.", code)


def no_order_open(code: str) -> Verdict:
    """A command that needs an order."""
    return check("no-order", "No order is open. Scan the number of an order.", code)


def label_says(code: str, count: int, pack: int) -> Verdict:
    """The question before a label's own count is taken; `pack` is how many its GTIN stands for."""
    of_packs = f" packs of {pack}" if pack > 1 else ""
    return ask("label-says", f"The label says {count}{of_packs}. Take {count * pack}?", code, about=f"{code} {count}")


def label_says_next(code: str, count: int) -> Verdict:
    """The same of a barcode that says how many and not of what."""
    return ask("label-says", f"The label says {count}. Take {count} of the next product?", code)


def one_unit_marked(code: str, serial: str, count: int) -> Verdict:
    """A serial and a count on one label: a serial is of one unit."""
    told = f"{shorten(serial)} is one unit marked {count}? Yes takes one"
    return ask("one-unit-marked", f"{told}: take it?", code, about=f"{serial} {count}")


def already_counted(code: str, package: str, at: str) -> Verdict:
    """A package's label again on the same order."""
    told = f"Package {shorten(package)} is already counted at {at}. Scan the label of another package."
    return stop("already-counted", told, code)


def quantity_set(quantity: int) -> Verdict:
    """The next product scan counts more than once."""
    return ok(f"The next product scan takes {quantity}. Scan the product.")


def order_shared(code: str, orders: Sequence[str]) -> Verdict:
    """Several orders have the number; each with its kind and whose it is."""
    told = f"{shorten(code)} is {' and '.join(orders)}. Open the right one from the list of orders."
    return stop("ambiguous-order", told, code)


UNKNOWN, PRODUCT_ALONE = "unknown-code", "product-alone"
_ORDER_OR_SERIAL = "Scan the number of an order, or a serial"


def unknown_anywhere(code: str) -> Verdict:
    """Neither an order, nor a serial, nor a product."""
    return stop(UNKNOWN, f"{shorten(code)} is not known here. {_ORDER_OR_SERIAL}.", code)


def product_alone(code: str, skus: Sequence[str], wanted_by: Sequence[str], *, on_label: bool) -> Verdict:
    """A product where no order is worked on; `skus` with their clients, where several have the code."""
    named = " and ".join(shorten(sku) for sku in skus)
    if on_label:
        told = f"{shorten(code)} is a label of {named}."
    elif code_key(named) == code_key(code):
        told = f"{named} is a product."
    else:
        told = f"{shorten(code)} is the product {named}."
    if not wanted_by:
        return stop(PRODUCT_ALONE, f"{told} No open order has it. {_ORDER_OR_SERIAL}.", code)
    return stop(PRODUCT_ALONE, f"{told} Open orders with it: {', '.join(wanted_by)}. Scan the number of one.", code)


# Products


def unknown_product(code: str) -> Verdict:
    """No client has it as a SKU or a barcode."""
    return stop(UNKNOWN, f"{shorten(code)} is no product here. Scan a SKU or a barcode.", code)


def not_on_order(code: str, sku: str, number: str, wanted_by: Sequence[str]) -> Verdict:
    """A product of this client that the order does not have."""
    where = f"Open orders with it: {', '.join(wanted_by)}." if wanted_by else "No open order has it."
    return stop("not-on-order", f"{sku} is not on {number}. {where} Put it aside.", code)


def unknown_here(code: str, number: str, note: str | None = None, *, expected: str | None = None) -> Verdict:
    """Neither a product, nor an order, nor a known serial.

    The note says so of a label that can be none of them; `expected` is the last digit that an EAN or UPC would have.
    """
    doubt = f"; as an EAN or UPC it would end in {expected}, so it may have been read wrong" if expected else ""
    said = f"{shorten(code)} is {note or 'not known here'}{doubt}. Scan a product of {number}."
    return stop(UNKNOWN, said, code)


def too_many(
    code: str, sku: str, kind: OrderKind, *, ordered: int, done: int, asked: int, others: Sequence[str]
) -> Verdict:
    """The line does not take that many."""
    elsewhere = f" ({', '.join(others)})" if others else ""
    if ordered <= done:
        text = f"{sku} is full: {done} of {ordered} are {kind.done_word}{elsewhere}. Put this one aside."
    else:
        text = (
            f"{sku} takes {ordered - done} more, not {asked}: {done} of {ordered} are {kind.done_word}{elsewhere}. "
            "None was taken."
        )
    return stop("over-order", text, code)


def beyond_order(code: str, sku: str, ordered: int, asked: int) -> Verdict:
    """The question before receiving more than ordered."""
    told = f"{sku}: {ordered} {'was' if ordered == 1 else 'were'} ordered. Receive {asked} more than that?"
    return ask("over-order", told, code, about=f"{asked} {sku}")


def taken(
    sku: str, code: str, *, quantity: int, done: int, ordered: int, prompt: Prompt | None, order_full: str
) -> Verdict:
    """A product was taken."""
    if prompt:
        many = f", {quantity} units, each with its serial" if quantity > 1 else ""
        return ok(f"{sku} taken{many}, unit {prompt.unit} of {ordered}. Now its {prompt.kind.value} serial.", code)
    count = f"{quantity} × {sku}" if quantity > 1 else sku
    return ok(f"{count} taken, {done} of {ordered}.{order_full}", code)


def all_scanned(number: str) -> str:
    """The order is full; what leads on."""
    return f" {number} is all scanned: complete it, or scan the next order."


# Serials


def serial_taken(
    sku: str,
    code: str,
    codes: str,
    kind: CodeKind,
    *,
    done: int,
    ordered: int,
    prompt: Prompt | None,
    unit_owes: bool,
    order_full: str,
) -> Verdict:
    """A serial was booked to its unit."""
    if prompt and unit_owes:
        now = f"Now the {prompt.kind.value} serial of {sku}, unit {prompt.unit}."
        return ok(f"{shorten(code)} is the {kind.value}. {now}", code)
    if prompt:
        return ok(f"{codes} → {sku}. Now the {prompt.kind.value} serial of unit {prompt.unit} of {ordered}.", code)
    return ok(f"{codes} → {sku}, {done} of {ordered}.{order_full}", code)


def serial_checked(sku: str, code: str, *, done: int, ordered: int, order_full: str) -> Verdict:
    """A known serial stood for its product; its own booking comes with the import."""
    return ok(f"{shorten(code)} is a {sku}, taken, {done} of {ordered}.{order_full}", code)


_NO_SERIAL = {
    Kind.PRODUCT: "is the product {subject}{form}, not a serial",
    Kind.COMMAND: "is a command barcode, not a serial",
    Kind.LINK: "is a web address, not a serial",
    Kind.WIFI: "holds the settings of a Wi-Fi network, not a serial",
    Kind.CONTACT: "is a contact card, an address or a telephone number, not a serial",
    Kind.DATA: "is a JSON or XML text, not a serial",
    Kind.FIELDS: "holds several fields ({subject}), not a serial alone",
    Kind.SSCC: "is the number of a pallet or carton (SSCC), not a serial",
    Kind.MISREAD: "was read or printed wrong: its product number {subject}",
    Kind.LABEL: "is a whole label, not its serial {subject} alone",
    Kind.SCANNER_MARK: "begins with {subject}, which scanners put in front and is no part of {form}",
    Kind.PLACEHOLDER: "stands for a missing serial",
    Kind.FILLER: "is one character {subject} times, not a serial",
    Kind.NAME: "is the name of {subject}",
    Kind.ORDER: "is the number of an open {subject}",
    Kind.REPEATED: "is one character {subject} times",
    Kind.OTHER_SERIAL: "is a serial of {subject}: wrong unit, or wrong product scanned",
}


def no_serial(found: NoSerial) -> str:
    """What a code is in place of a serial, to follow the code; in scans, imports and corrections alike."""
    form = f" {found.form}" if found.form and found.kind is Kind.PRODUCT else found.form
    return _NO_SERIAL[found.kind].format(subject=shorten(found.subject), form=shorten(form))


def not_a_serial(code: str, found: NoSerial, prompt: Prompt) -> Verdict:
    """Something else where a serial is owed."""
    or_cancel = ", or cancel the unit" if found.kind is Kind.ORDER else ""
    now = f"Scan the {prompt.kind.value} serial of {prompt.sku}{or_cancel}."
    return stop(found.kind.value, f"{shorten(code)} {no_serial(found)}. {now}", code)


def may_be_a_serial(code: str, found: NoSerial, prompt: Prompt) -> Verdict:
    """Something that is hardly a serial, and may be one: the question before it is taken."""
    told = f"{shorten(code)} {no_serial(found)}. Is it the {prompt.kind.value} serial of this {prompt.sku}?"
    return ask(found.kind.value, told, code)


def serial_of(sku: str, status: UnitStatus, warehouse: str) -> str:
    """Whose serial a code is, to follow it: of another product than is asked; its warehouse, where that is another."""
    there = f" in warehouse {shorten(warehouse)}" if warehouse else ""
    state = "in open work" if status is UnitStatus.HELD else status.value
    is_at = f" That unit is {state}{there}." if warehouse or status is UnitStatus.SHIPPED else ""
    return f"{no_serial(NoSerial(Kind.OTHER_SERIAL, sku))}.{is_at}"


def serial_of_wrong_product(code: str, sku: str, status: UnitStatus, warehouse: str, prompt: Prompt) -> Verdict:
    """A serial of another product, and one that this product cannot have."""
    now = f"Scan the {prompt.kind.value} serial of {prompt.sku}, or cancel the unit."
    return stop(Kind.OTHER_SERIAL.value, f"{shorten(code)} {serial_of(sku, status, warehouse)} {now}", code)


def is_a_product(code: str, sku: str, prompt: Prompt) -> Verdict:
    """A product barcode where a serial is owed."""
    return not_a_serial(code, NoSerial(Kind.PRODUCT, sku), prompt)


def wrong_pattern(code: str, sku: str, hint: str) -> Verdict:
    """Not what this product's serials look like."""
    wanted = f" It should be: {hint}." if hint else ""
    return stop("pattern", f"{shorten(code)} does not look like a serial of {sku}.{wanted}", code)


def alike_known(code: str, known: str, sku: str) -> Verdict:
    """A serial that is not known; one Received unit's differs from it only by marks or separators."""
    told = f"{shorten(code)} is not known, but {shorten(known)} is a Received {sku}. Take {shorten(known)}?"
    return ask("alike-known", told, code, about=known)


def alike_several(code: str, known: Sequence[str]) -> Verdict:
    """Several units' serials differ from it only by marks or separators."""
    told = f"{shorten(code)} may be {listed(known, 5)}. Scan another label of the unit, or type the right one of these."
    return stop("alike-several", told, code)


def alike_new(code: str, known: Sequence[str]) -> Verdict:
    """A new serial that differs from one that is here only by marks or separators."""
    first, others = shorten(known[0]), f" So is {listed(known[1:], 3)}." if len(known) > 1 else ""
    told = f"{shorten(code)} differs from {first} only by its marks.{others} {first} is here already: the same unit?"
    return ask("alike-new", told, code, about=f"{code} {' '.join(known)}", no="another unit")


def other_identifier(code: str, name: str, means: str, prompt: Prompt) -> Verdict:
    """A barcode of a maker's label that says by its first characters that it is no serial."""
    if len(name) == 1:
        return ask("other-identifier", f"{shorten(code)} begins with {name}, as {means} does. Is it the serial?", code)
    told = f"{shorten(code)} begins with {name}, which is {means}. Scan the {prompt.kind.value} serial of {prompt.sku}."
    return stop("other-identifier", told, code)


def same_code_again(code: str, asked: CodeKind) -> Verdict:
    """The unit's other label was scanned twice."""
    return stop(
        f"same-as-{asked.other.value}",
        f"{shorten(code)} is this unit's {asked.other.value} serial. Scan its {asked.value}, another label.",
        code,
    )


def of_the_same_label(code: str, sku: str) -> Verdict:
    """Two codes in one burst where the second would be the unit's secondary serial: one label may hold both."""
    told = f"{shorten(code)} came right behind the code before it. Take it as the secondary serial of {sku}, "
    return ask("same-label", f"{told}or is it from the same label?", code)


def no_such_serial(code: str, prompt: Prompt, note: str | None = None) -> Verdict:
    """A label in fields, without the field that is owed; the note says what else it is."""
    kind = prompt.kind.value
    told = f"is {note}" if note else f"carries no {kind} serial"
    return stop("no-serial-on-label", f"{shorten(code)} {told}. Scan the {kind} serial of {prompt.sku}.", code)


def spelt_separator(spelt: str) -> str:
    """What is wrong with a scanner that writes a separator out; the fault of a code, which it follows."""
    return (
        f"is a damaged label: the scanner spells the separator as “{spelt}”. "
        "Let it send GS (0x1D) itself, or set gs_substitute"
    )


def dropped_separator(code: str, serial: str, shorter: str) -> Verdict:
    """A serial with the next field run on to it; what is known of the product says so."""
    return stop(
        "separators-dropped",
        f"{shorten(serial)} is {shorten(shorter)} with a further field behind it: the scanner drops separators. "
        "Let it send GS (0x1D), then scan again.",
        code,
    )


def dropping_scanner(code: str, serial: str) -> Verdict:
    """A serial that may have the next field run on to it, from a scanner that drops separators by its check card."""
    return stop(
        "separators-dropped",
        f"{shorten(serial)} may be a serial and a further field: by its check card this scanner drops separators. "
        "Let it send GS (0x1D), then scan the card and the label again.",
        code,
    )


def may_be_run_on(code: str, serial: str, sku: str) -> Verdict:
    """The question where nothing tells whether a separator was lost; asked once for a product and a work."""
    told = f"{shorten(serial)} may be a serial of {sku} with a date or lot run on to it. Is it the serial, whole?"
    return ask("maybe-run-on", told, code, about=sku)


def label_of_another(code: str, sku: str, prompt: Prompt) -> Verdict:
    """A label with product and serial, of another product than the one that owes a serial."""
    return stop(
        "other-product",
        f"{shorten(code)} is a label of {sku}. A serial of {prompt.sku} is owed: scan it, or cancel the unit.",
        code,
    )


def label_of_pack(code: str, sku: str, units: int, prompt: Prompt) -> Verdict:
    """A carton's label, whose serial is the carton's."""
    return stop(
        "product-not-serial",
        f"{shorten(code)} is the label of a pack of {units} × {sku}. Scan the {prompt.kind.value} serial of one unit.",
        code,
    )


def label_of_unknown(code: str, gtin: str, prompt: Prompt) -> Verdict:
    """A label of a product this client does not have."""
    return stop(
        "other-product",
        f"{shorten(code)} is a label of {gtin}, not of {prompt.sku}. Scan the {prompt.kind.value} serial of that.",
        code,
    )


def wrong_check_digit(code: str, expected: str) -> Verdict:
    """A barcode that was read or printed wrong."""
    return stop(
        "check-digit",
        f"{shorten(code)} was read wrong: its last digit should be {expected}. Scan it again.",
        code,
    )


def not_imported(code: str, sku: str, owing: Sequence[str]) -> Verdict:
    """A serial that an import should have brought before it is packed."""
    where = f" Orders that still owe serials: {', '.join(owing)}." if owing else ""
    return stop("not-imported", f"{shorten(code)} is not imported yet as a {sku}.{where} Tell your supervisor.", code)


def already_captured(code: str, sku: str, kind: OrderKind, line: int, unit: int) -> Verdict:
    """The same code again in one's own work."""
    return stop(
        "already-captured",
        f"{shorten(code)} is already captured on line {line} ({sku}), unit {unit} of this {kind.work_word}. "
        "Scan another unit.",
        code,
    )


def held_elsewhere(
    code: str, kind: OrderKind, number: str, station: str, operator: str, *, here: OrderKind, warehouse: str = ""
) -> Verdict:
    """Another station has it in hand; the warehouse, where it is another one."""
    at = f"{station} in warehouse {warehouse}" if warehouse else station
    way = "complete it there" if kind is not here else "scan another unit"
    return stop(
        "held-elsewhere", f"{shorten(code)} is on {operator}'s open {kind.work_word} {number} at {at}; {way}.", code
    )


def wrong_status(
    code: str, status: UnitStatus, order: str, at: str, station: str, operator: str, way: str, *, warehouse: str = ""
) -> Verdict:
    """The unit is where this scan must not find it; the warehouse, where it is another one."""
    on = f" on {order}" if order else ""
    there = f" in warehouse {warehouse}" if warehouse else ""
    return stop(
        f"already-{status.value.lower()}",
        f"{shorten(code)} is already {status.value}{on}{there}, {at}, {station}, by {operator}. {way}",
        code,
    )


SCAN_ANOTHER = "Scan another unit, or F3 to see its life."
RETURNS_NOT_TAKEN = "Put it aside: returns are not taken here."


def unknown_serial(code: str, sku: str) -> Verdict:
    """Packing asks for a known serial."""
    return stop(
        "unknown-serial",
        f"{shorten(code)} was never received as a {sku}. Scan the serial on the unit, or receive it first.",
        code,
    )


def other_warehouse(code: str, warehouse: str, here: str) -> Verdict:
    """The unit stands in another building."""
    return stop(
        "other-warehouse",
        f"{shorten(code)} was received in warehouse {warehouse}, and this order leaves from {here}. "
        "Scan another unit, and tell your supervisor.",
        code,
    )


def two_units(code: str, other: str, asked: CodeKind) -> Verdict:
    """The two codes belong to different units."""
    return stop(
        "two-units",
        f"{shorten(code)} and {shorten(other)} are not one unit. Scan the {asked.value} serial of {shorten(other)}.",
        code,
    )


def label_of_two_units(code: str, other: str) -> Verdict:
    """One label with the serials of two known units."""
    both = f"{shorten(code)} and {shorten(other)}"
    return stop(
        "two-units", f"{both} stand on one label and are two units. Put it aside and tell your supervisor.", code
    )


def serial_without_prompt(code: str, sku: str, status: str) -> Verdict:
    """A known serial at receiving, with no prompt open."""
    return stop(
        "serial-without-prompt",
        f"{shorten(code)} is a serial of {sku}, {status}. Scan the product first, then its serial.",
        code,
    )


def serial_of_another(code: str, sku: str, number: str) -> Verdict:
    """A serial of a product that the order does not have."""
    return stop("not-on-order", f"{shorten(code)} is a serial of {sku}, which is not on {number}. Put it aside.", code)


def serial_of_several(code: str, skus: Sequence[str]) -> Verdict:
    """Several products of the order have this serial."""
    return stop(
        "ambiguous-serial",
        f"{shorten(code)} is a serial of {' and '.join(skus)}. Scan the product first, then the serial.",
        code,
    )


def checked_before(code: str, kind: OrderKind) -> Verdict:
    """A checked, unbooked serial again."""
    told = f"{shorten(code)} is already scanned on this {kind.work_word}. Scan another unit."
    return stop("already-captured", told, code)


# Refusals, counted

_REFUSED_FOR = {
    "already-captured": "scanned before in the same work",
    "already-counted": "packages counted before on the same order",
    "already-packed": "serials that are Packed already",
    "already-received": "serials that are Received already",
    "already-shipped": "already Shipped",
    "alike-several": "serials that may be those of several units",
    "ambiguous-order": "order numbers that several orders have",
    "ambiguous-serial": "serials that several products have",
    "bad-code": "codes that no label can have",
    "bad-serial": "codes that no label can have",
    "barcode-is-sku": "barcodes that are another product's SKU",
    "barcode-twice": "barcodes of two products",
    "check-digit": "wrong check digits",
    "command-not-serial": "command barcodes in place of serials",
    "contact-not-serial": "contact cards in place of serials",
    "data-not-serial": "JSON or XML in place of serials",
    "faulty-scan": "scans that came in wrong",
    "fields-not-serial": "texts of several fields in place of serials",
    "filler-not-serial": "one character many times in place of serials",
    "held-elsewhere": "serials in another station's hands",
    "label-not-serial": "whole labels in place of serials",
    "link-not-serial": "web addresses in place of serials",
    "name-not-serial": "names of the site in place of serials",
    "no-serial-on-label": "labels without the serial that is owed",
    "not-imported": "serials that are not imported yet",
    "not-on-order": "products that are not on the order",
    "not-ready": "orders that are not Ready to Ship",
    "order-cancelled": "orders that are Cancelled",
    "order-finished": "orders that take nothing more",
    "order-not-serial": "order numbers in place of serials",
    "other-identifier": "barcodes of a label that are not its serial",
    "other-product": "labels of another product",
    "other-warehouse": "serials of another warehouse",
    "over-order": "more than was ordered",
    "pattern": "codes that do not look like the product's serials",
    "placeholder-not-serial": "words that stand for no serial",
    "product-in-work": "settings of a product that is in open work",
    "product-not-serial": "product barcodes in place of serials",
    "question-open": "scans while a question was open",
    "repeated-character": "one character two or three times in place of serials",
    "same-as-primary": "a unit's primary serial, scanned as its secondary",
    "same-as-secondary": "a unit's secondary serial, scanned as its primary",
    "scanner-mark": "what a scanner puts in front of a code",
    "separators-dropped": "serials with a further field run on to them",
    "serial-of-another": "serials of another product",
    "serial-owed": "commands while a serial was owed",
    "serial-without-prompt": "serials before their product",
    "serials-missing": "orders without all their serials",
    "sscc-not-serial": "numbers of pallets in place of serials",
    "taken-over": "scans on work that another station took over",
    "too-long": "codes that are too long",
    "two-units": "serials of two different units",
    "unknown-code": "codes that are not known here",
    "unknown-order": "order numbers that are not known here",
    "unknown-serial": "serials that were never received",
    "unknown-sku": "SKUs that are not known here",
    "wifi-not-serial": "Wi-Fi settings in place of serials",
    "work-ended": "scans on work that was ended elsewhere",
    "work-open": "acts that had to wait for open work",
}


def refused_for(reason: str, sentence: str) -> str:
    """What refusals of a reason have in common, to follow their count; of a rare one, what was said last."""
    return _REFUSED_FOR.get(reason, sentence)


def not_saved_yet(code: str, waiting: int) -> Verdict:
    """The store takes its time with a scan's code, or with a key where there is none; so many scans wait behind it."""
    told = f"Not saved yet: {shorten(code)}." if code else "Not done yet."
    behind = f" {waiting} more {'waits' if waiting == 1 else 'wait'}." if waiting else ""
    return check("late", f"{told} The store has not answered; wait.{behind}", code)
