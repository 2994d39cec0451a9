"""Serials: taken, doubted, refused."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain.codes import listed, shorten
from scanstation.domain.language import joined, word
from scanstation.domain.not_serials import Kind, NoSerial
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.verdict import CodeKind, Prompt, Verdict

_TEXTS = Texts(
    {
        "taken/first": "{code} is the {kind}{on_list}. Now {next_one} serial of {sku}, unit {unit}.",
        "taken/unit": "{codes} → {sku}{on_list}. Now {next_one} serial of unit {unit} of {ordered}.",
        "taken/last": "{codes} → {sku}{on_list}, {done} of {ordered}.{order_full}",
        "taken/known": "{code} is a {sku}, taken, {done} of {ordered}.{order_full}",
        "house/write": "Write {code} on the unit",
        "house/stick": "The label {code} is being printed, stick it on the unit",
        "house/write-hold": "Write {code} on the unit, which goes on hold",
        "house/stick-hold": "The label {code} is being printed, stick it on the unit, which goes on hold",
        "house/first": "{mark}. Now {next_one} serial of {sku}, unit {unit}.",
        "house/unit": "{mark}. Now {next_one} serial of {sku}, unit {unit} of {ordered}.",
        "house/last": "{mark}: {sku}, {done} of {ordered}.{order_full}",
        "why-no-serial": "Why has this {sku} no readable {kind} serial?",
        "no-serial-due": "No serial is owed. Scan the product first, then {code}.",
        "no-serial-due/known": "A {sku} is packed by a serial that was received. "
        "Scan its house label, or put the unit aside and take another.",
        "not-a-serial": "{code} {what}. Scan {which} serial of {sku}{or_cancel}.",
        "may-be-a-serial": "{code} {what}. Is it the {kind} serial of this {sku}?",
        "serial-of-another": "{code} {whose} Scan {which} serial of {sku}, or cancel the unit.",
        "pattern": "{code} does not look like a serial of {sku}.{wanted}",
        "alike-known": "{code} is not known, but {known} is a Received {sku}. Take {known}?",
        "is-now": "{code} was corrected: it is now {now} ({sku}). Take {now}?",
        "alike-several": "{code} may be {known}. Scan another label of the unit, or type the right one of these.",
        "alike-new": "{code} differs from {first} only by its marks.{others} {first} is here already: the same unit?",
        "alike-new/left": "{shown} is left as it is.",
        "no-such-disposal": "{given} is not known here. Say scrap, return to vendor, lost or sample.",
        "other-identifier/asked": "{code} begins with {name}, as {means} does. Is it the serial?",
        "other-identifier": "{code} begins with {name}, which is {means}. Scan the {kind} serial of {sku}.",
        "unlike-others": "{code} looks like no {sku} before: those have {usual}. Is it its serial?",
        "same-as-primary": "{code} is this unit's primary serial. Scan its secondary, another label.",
        "same-as-secondary": "{code} is this unit's secondary serial. Scan its primary, another label.",
        "same-label": "{code} came right behind the code before it. "
        "Take it as the secondary serial of {sku}, or is it from the same label?",
        "no-serial-on-label": "{code} {what}. Scan the {kind} serial of {sku}.",
        "separators-dropped": "{serial} is {shorter} with a further field behind it: the scanner drops separators. "
        "Let it send GS (0x1D), then scan again.",
        "separators-dropped/by-card": "{serial} may be a serial and a further field: by its check card this scanner "
        "drops separators. Let it send GS (0x1D), then scan the card and the label again.",
        "maybe-run-on": "{serial} may be a serial of {sku} with a date or lot run on to it. Is it the serial, whole?",
        "other-product": "{code} is a label of {sku}. A serial of {owed} is owed: scan it, or cancel the unit.",
        "other-product/unknown": "{code} is a label of {gtin}, not of {sku}. Scan the {kind} serial of that.",
        "product-not-serial/pack": "{code} is the label of a pack of {units} × {sku}. "
        "Scan the {kind} serial of one unit.",
        "check-digit": "{code} was read wrong: its last digit should be {expected}. Scan it again.",
        "not-imported": "{code} is not imported yet as a {sku}.{where} Tell your supervisor.",
        "already-captured": "{code} is already captured on line {line} ({sku}), unit {unit} of this {work_word}. "
        "Scan another unit.",
        "already-captured/checked": "{code} is already scanned on this {work_word}. Scan another unit.",
        "reserved": "{code} was scanned into {number} at {station}, by {operator}. "
        "Scan another unit; to take it from there, undo or unpack it.",
        "reserved/gone": "{code} was scanned into {number} at {station}, by {operator}, and {number} has left. "
        "Put it aside and tell your supervisor.",
        "held-elsewhere": "{code} is on {operator}'s open {work_word} {number} at {at}; {way}.",
        "in-transit": "{code} is in transit to another warehouse since {at}, {station}, by {operator}. {way}",
        "already-disposed/lost": "{code} was given up as lost, {at}, {station}, by {operator}. "
        "If this is that unit, F3, and whoever may correct finds it again there.",
        "already": "{code} is already {status}{on}{there}, {at}, {station}, by {operator}. {way}",
        "on-hold": "{code} is on hold since {at}, {station}, by {operator}: {why}. Put it aside and scan another unit.",
        "on-hold/work": "{codes} {went} on hold by {operator}: {why}. Take {it} out with Undo, then complete.",
        "unknown-serial": "{code} was never received as a {sku}. Scan the serial on the unit, or receive it first.",
        "other-warehouse": "{code} was received in warehouse {warehouse}, and this order leaves from {here}. "
        "Scan another unit, and tell your supervisor.",
        "two-units": "{code} and {other} are not one unit. Scan the {asked} serial of {other}.",
        "two-units/label": "{code} and {other} stand on one label and are two units. "
        "Put it aside and tell your supervisor.",
        "serial-without-prompt": "{code} is a serial of {sku}, {status}. Scan the product first, then its serial.",
        "not-on-order/serial": "{code} is a serial of {sku}, which is not on {number}. Put it aside.",
        "ambiguous-serial": "{code} is a serial of {skus}. Scan the product first, then the serial.",
    }
)
_PARTS = Texts(
    {
        "fact": "{sku} {codes} {done}/{ordered}",
        "or-cancel": ", or cancel the unit",
        "whose": "{what}.{is_at}",
        "in-open-work": "in open work",
        "that-unit": " That unit is {state}{there}.",
        "in-warehouse": " in warehouse {warehouse}",
        "hint": " It should be: {hint}.",
        "so-is": " So is {others}.",
        "another-unit": "another unit",
        "is-note": "is {note}",
        "carries-none": "carries no {kind} serial",
        "still-owe": " Orders that still owe serials: {owing}.",
        "station-in": "{station} in warehouse {warehouse}",
        "complete-there": "complete it there",
        "scan-another": "scan another unit",
        "on-order": " on {order}",
        "form": " {form}",
    }
)
_NO_SERIAL = Texts(
    {
        "product-not-serial": "is the product {subject}{form}, not a serial",
        "command-not-serial": "is a command barcode, not a serial",
        "badge-not-serial": "is an operator's badge, not a serial",
        "link-not-serial": "is a web address, not a serial",
        "wifi-not-serial": "holds the settings of a Wi-Fi network, not a serial",
        "contact-not-serial": "is a contact card, an address or a telephone number, not a serial",
        "data-not-serial": "is a JSON or XML text, not a serial",
        "fields-not-serial": "holds several fields ({subject}), not a serial alone",
        "sscc-not-serial": "is the number of a pallet or carton (SSCC), not a serial",
        "check-digit": "was read or printed wrong: its product number {subject} should end in {form}",
        "label-not-serial": "is a whole label, not its serial {subject} alone",
        "scanner-mark": "begins with {subject}, which scanners put in front and is no part of {form}",
        "placeholder-not-serial": "stands for a missing serial",
        "filler-not-serial": "is one character {subject} times, not a serial",
        "name-not-serial": "is the name of {subject}",
        "order-not-serial": "is the number of an open {subject}",
        "repeated-character": "is one character {subject} times",
        "serial-of-another": "is a serial of {subject}: wrong unit, or wrong product scanned",
    }
)
_WAYS = Texts(
    {
        "another": "Scan another unit, or F3 to see its life.",
        "returns": "If it has come back, take it in at Returns, or have a supervisor mark this order as bringing "
        "units back.",
    }
)
SCAN_ANOTHER, AT_RETURNS = "another", "returns"
"""What is done instead, where a unit is not where it should be."""


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
    on_list: str = "",
) -> Verdict:
    """A serial was booked to its unit; `on_list` says how it stands to what was announced."""
    if prompt and unit_owes:
        return _TEXTS.ok(
            "taken/first",
            code,
            kind=kind.word,
            on_list=on_list,
            next_one=prompt.which,
            sku=sku,
            unit=prompt.unit,
        )
    if prompt:
        verdict = _TEXTS.ok(
            "taken/unit",
            code,
            codes=codes,
            sku=sku,
            on_list=on_list,
            next_one=prompt.which,
            unit=prompt.unit,
            ordered=ordered,
        )
        return _with_fact(verdict, sku, codes, prompt.unit - 1, ordered)
    verdict = _TEXTS.ok(
        "taken/last", code, codes=codes, sku=sku, on_list=on_list, done=done, ordered=ordered, order_full=order_full
    )
    return _with_fact(verdict, sku, codes, done, ordered)


def _with_fact(verdict: Verdict, sku: str, codes: str, done: int, ordered: int) -> Verdict:
    """With the unit that is whole now, for the last scans."""
    return replace(verdict, fact=_PARTS("fact", sku=sku, codes=codes, done=done, ordered=ordered))


def house_mark(code: str, *, is_printed: bool, goes_on_hold: bool = False) -> str:
    """How the unit gets the serial of the house; begins a sentence that goes on, and may say of a hold itself."""
    if goes_on_hold:
        return _TEXTS("house/stick-hold" if is_printed else "house/write-hold", code=shorten(code))
    return _TEXTS("house/stick" if is_printed else "house/write", code=shorten(code))


def house_serial_given(
    sku: str,
    code: str,
    *,
    done: int,
    ordered: int,
    prompt: Prompt | None,
    unit_owes: bool,
    order_full: str,
    is_printed: bool,
    goes_on_hold: bool,
) -> Verdict:
    """The site has given a unit its serial, which is to be written on it, or comes out of the label printer."""
    mark = house_mark(code, is_printed=is_printed, goes_on_hold=goes_on_hold)
    if prompt and unit_owes:
        verdict = _TEXTS.ok("house/first", code, mark=mark, next_one=prompt.which, sku=sku, unit=prompt.unit)
    elif prompt:
        verdict = _TEXTS.ok(
            "house/unit", code, mark=mark, next_one=prompt.which, sku=sku, unit=prompt.unit, ordered=ordered
        )
        verdict = _with_fact(verdict, sku, shorten(code), prompt.unit - 1, ordered)
    else:
        verdict = _TEXTS.ok("house/last", code, mark=mark, sku=sku, done=done, ordered=ordered, order_full=order_full)
        verdict = _with_fact(verdict, sku, shorten(code), done, ordered)
    return replace(verdict, house=code)


def why_no_serial(code: str, sku: str, kind: CodeKind, choices: tuple[str, ...]) -> Verdict:
    """The question before a unit gets a house serial."""
    return _TEXTS.ask("why-no-serial", code, sku=sku, kind=kind.word, choices=choices)


def no_serial_due(code: str) -> Verdict:
    """SS-NOSERIAL with no prompt open."""
    return _TEXTS.stop("no-serial-due", code)


def known_serial_due(code: str, sku: str) -> Verdict:
    """SS-NOSERIAL where only what was received is packed."""
    return _TEXTS.stop("no-serial-due/known", code, sku=sku)


def serial_checked(sku: str, code: str, *, done: int, ordered: int, order_full: str) -> Verdict:
    """A known serial stood for its product; its own booking comes with the import."""
    verdict = _TEXTS.ok("taken/known", code, sku=sku, done=done, ordered=ordered, order_full=order_full)
    return _with_fact(verdict, sku, shorten(code), done, ordered)


def no_serial(refusal: NoSerial) -> str:
    """What a code is in place of a serial, to follow the code; in scans, imports and corrections alike."""
    subject, form = shorten(refusal.subject), shorten(refusal.form)
    if refusal.kind is Kind.NAME:
        subject = phrase(subject)
    if form and refusal.kind is Kind.PRODUCT:
        form = _PARTS("form", form=word(form))
    return _NO_SERIAL(refusal.kind.value, subject=subject, form=form)


def not_a_serial(code: str, refusal: NoSerial, prompt: Prompt) -> Verdict:
    """Something else where a serial is owed."""
    or_cancel = _PARTS("or-cancel") if refusal.kind is Kind.ORDER else ""
    return _TEXTS.stop(
        "not-a-serial",
        code,
        reason=refusal.kind.value,
        what=no_serial(refusal),
        which=prompt.which,
        sku=prompt.sku,
        or_cancel=or_cancel,
    )


def may_be_a_serial(code: str, refusal: NoSerial, prompt: Prompt) -> Verdict:
    """Something that is hardly a serial, and may be one: the question before it is taken."""
    return _TEXTS.ask(
        "may-be-a-serial",
        code,
        reason=refusal.kind.value,
        what=no_serial(refusal),
        kind=prompt.kind.word,
        sku=prompt.sku,
    )


def serial_of(sku: str, status: UnitStatus, warehouse: str) -> str:
    """Whose serial a code is, to follow it: of another product than is asked; its warehouse, where that is another."""
    there = _PARTS("in-warehouse", warehouse=shorten(warehouse)) if warehouse else ""
    state = _PARTS("in-open-work") if status is UnitStatus.HELD else status.value
    is_told = warehouse or status.has_left
    is_at = _PARTS("that-unit", state=state, there=there) if is_told else ""
    return _PARTS("whose", what=no_serial(NoSerial(Kind.OTHER_SERIAL, sku)), is_at=is_at)


def serial_of_wrong_product(code: str, sku: str, status: UnitStatus, warehouse: str, prompt: Prompt) -> Verdict:
    """A serial of another product, and one that this product cannot have."""
    whose = serial_of(sku, status, warehouse)
    return _TEXTS.stop("serial-of-another", code, whose=whose, which=prompt.which, sku=prompt.sku)


def is_a_product(code: str, sku: str, prompt: Prompt) -> Verdict:
    """A product barcode where a serial is owed."""
    return not_a_serial(code, NoSerial(Kind.PRODUCT, sku), prompt)


def wrong_pattern(code: str, sku: str, hint: str) -> Verdict:
    """Not what this product's serials look like."""
    return _TEXTS.stop("pattern", code, sku=sku, wanted=_PARTS("hint", hint=hint) if hint else "")


# Codes that differ from a known one only by marks or separators


def alike_known(code: str, known: str, sku: str) -> Verdict:
    """A serial that is not known; one Received unit's differs from it only by marks or separators."""
    return _TEXTS.ask("alike-known", code, whole=(known,), known=shorten(known), sku=sku)


def is_now(code: str, now: str, sku: str, *, may_be_new: bool) -> Verdict:
    """A code that a correction replaced; where new ones are taken, it may be another unit's too."""
    no = _PARTS("another-unit") if may_be_new else ""
    return _TEXTS.ask("is-now", code, whole=(now,), no=no, now=shorten(now), sku=sku)


def alike_several(code: str, known: Sequence[str]) -> Verdict:
    """Several units' serials differ from it only by marks or separators."""
    return _TEXTS.stop("alike-several", code, known=listed(known, 5))


def alike_new(code: str, known: Sequence[str]) -> Verdict:
    """A new serial that differs from one that is here only by marks or separators."""
    others = _PARTS("so-is", others=listed(known[1:], 3)) if len(known) > 1 else ""
    no = _PARTS("another-unit")
    return _TEXTS.ask("alike-new", code, whole=known, no=no, first=shorten(known[0]), others=others)


def alike_left(code_text: str) -> Verdict:
    """A code was not corrected, since it may be the same unit's."""
    return _TEXTS.check("alike-new/left", shown=code_text)


def no_such_disposal(given: str) -> Verdict:
    """What was typed says nothing of what becomes of a unit."""
    return _TEXTS.stop("no-such-disposal", given=shorten(given))


# Labels


def other_identifier(code: str, name: str, means: str, prompt: Prompt) -> Verdict:
    """A barcode of a maker's label that says by its first characters that it is no serial."""
    if len(name) == 1:
        return _TEXTS.ask("other-identifier/asked", code, name=name, means=means)
    return _TEXTS.stop("other-identifier", code, name=name, means=means, kind=prompt.kind.word, sku=prompt.sku)


def unlike_others(code: str, sku: str, usual: str) -> Verdict:
    """A new code looks like none of the product's before; yes takes it, and makes its shape known."""
    return _TEXTS.ask("unlike-others", code, sku=sku, usual=usual)


def same_code_again(code: str, asked: CodeKind) -> Verdict:
    """The unit's other label was scanned twice."""
    return _TEXTS.stop("same-as-primary" if asked is CodeKind.SECONDARY else "same-as-secondary", code)


def of_the_same_label(code: str, sku: str) -> Verdict:
    """Two codes in one burst where the second would be the unit's secondary serial: one label may hold both."""
    return _TEXTS.ask("same-label", code, sku=sku)


def no_such_serial(code: str, prompt: Prompt, note: str | None = None) -> Verdict:
    """A label in fields, without the field that is owed; the note says what else it is."""
    kind = prompt.kind.word
    what = _PARTS("is-note", note=note) if note else _PARTS("carries-none", kind=kind)
    return _TEXTS.stop("no-serial-on-label", code, what=what, kind=kind, sku=prompt.sku)


def dropped_separator(code: str, serial: str, shorter: str) -> Verdict:
    """A serial with the next field run on to it; what is known of the product says so."""
    return _TEXTS.stop("separators-dropped", code, serial=shorten(serial), shorter=shorten(shorter))


def dropping_scanner(code: str, serial: str) -> Verdict:
    """A serial that may have the next field run on to it, from a scanner that drops separators by its check card."""
    return _TEXTS.stop("separators-dropped/by-card", code, serial=shorten(serial))


def may_be_run_on(code: str, serial: str, sku: str) -> Verdict:
    """The question where nothing tells whether a separator was lost; asked once for a product and a work."""
    return _TEXTS.ask("maybe-run-on", code, whole=(serial,), serial=shorten(serial), sku=sku)


def label_of_another(code: str, sku: str, prompt: Prompt) -> Verdict:
    """A label with product and serial, of another product than the one that owes a serial."""
    return _TEXTS.stop("other-product", code, sku=sku, owed=prompt.sku)


def label_of_pack(code: str, sku: str, units: int, prompt: Prompt) -> Verdict:
    """A carton's label, whose serial is the carton's."""
    return _TEXTS.stop("product-not-serial/pack", code, units=units, sku=sku, kind=prompt.kind.word)


def label_of_unknown(code: str, gtin: str, prompt: Prompt) -> Verdict:
    """A label of a product this client does not have."""
    return _TEXTS.stop("other-product/unknown", code, gtin=gtin, sku=prompt.sku, kind=prompt.kind.word)


def wrong_check_digit(code: str, expected: str) -> Verdict:
    """A barcode that was read or printed wrong."""
    return _TEXTS.stop("check-digit", code, expected=expected)


# Units: where they are


def not_imported(code: str, sku: str, owing: Sequence[str]) -> Verdict:
    """A serial that an import should have brought before it is packed."""
    where = _PARTS("still-owe", owing=joined(owing)) if owing else ""
    return _TEXTS.stop("not-imported", code, sku=sku, where=where)


def already_captured(code: str, sku: str, kind: OrderKind, line: int, unit: int) -> Verdict:
    """The same code again in one's own work."""
    return _TEXTS.stop("already-captured", code, line=line, sku=sku, unit=unit, work_word=kind.work_word)


def held_elsewhere(
    code: str, kind: OrderKind, number: str, station: str, operator: str, *, here: OrderKind, warehouse: str = ""
) -> Verdict:
    """Another station has it reserved; the warehouse, where it is another one."""
    return _TEXTS.stop(
        "held-elsewhere",
        code,
        operator=operator,
        work_word=kind.work_word,
        number=number,
        at=_PARTS("station-in", station=station, warehouse=warehouse) if warehouse else station,
        way=_PARTS("complete-there") if kind is not here else _PARTS("scan-another"),
    )


def given_up(code: str, at: str, station: str, operator: str) -> Verdict:
    """A count has written the unit off, or a transfer has lost it; and here it is."""
    return _TEXTS.stop("already-disposed/lost", code, at=at, station=station, operator=operator)


def wrong_status(
    code: str, status: UnitStatus, order: str, at: str, station: str, operator: str, way: str, *, warehouse: str = ""
) -> Verdict:
    """The unit is where this scan must not find it; the warehouse, where it is another one."""
    if status is UnitStatus.IN_TRANSIT:
        return _TEXTS.stop("in-transit", code, at=at, station=station, operator=operator, way=_WAYS(way))
    return _TEXTS.stop(
        "already",
        code,
        reason="-".join(("already", status.value.lower())),
        status=status.value,
        on=_PARTS("on-order", order=order) if order else "",
        there=_PARTS("in-warehouse", warehouse=warehouse) if warehouse else "",
        at=at,
        station=station,
        operator=operator,
        way=_WAYS(way),
    )


def on_hold(code: str, reason: str, at: str, station: str, operator: str) -> Verdict:
    """The unit is not to leave."""
    return _TEXTS.stop("on-hold", code, at=at, station=station, operator=operator, why=shorten(reason, 60))


def on_hold_in_work(codes: Sequence[str], reason: str, operator: str) -> Verdict:
    """Units of open work were put on hold meanwhile: it cannot be completed with them."""
    went, it = (word("was put"), word("it")) if len(codes) == 1 else (word("were put"), word("them"))
    why = shorten(reason, 60)
    return _TEXTS.stop("on-hold/work", codes=listed(codes, 3), went=went, operator=operator, it=it, why=why)


def unknown_serial(code: str, sku: str) -> Verdict:
    """Packing asks for a known serial."""
    return _TEXTS.stop("unknown-serial", code, sku=sku)


def other_warehouse(code: str, warehouse: str, here: str) -> Verdict:
    """The unit stands in another building."""
    return _TEXTS.stop("other-warehouse", code, warehouse=warehouse, here=here)


def two_units(code: str, other: str, asked: CodeKind) -> Verdict:
    """The two codes belong to different units."""
    return _TEXTS.stop("two-units", code, other=shorten(other), asked=asked.word)


def label_of_two_units(code: str, other: str) -> Verdict:
    """One label with the serials of two known units."""
    return _TEXTS.stop("two-units/label", code, other=shorten(other))


def serial_without_prompt(code: str, sku: str, status: str) -> Verdict:
    """A known serial at receiving, with no prompt open."""
    return _TEXTS.stop("serial-without-prompt", code, sku=sku, status=status)


def serial_of_another(code: str, sku: str, number: str) -> Verdict:
    """A serial of a product that the order does not have."""
    return _TEXTS.stop("not-on-order/serial", code, sku=sku, number=number)


def serial_of_several(code: str, skus: Sequence[str]) -> Verdict:
    """Several products of the order have this serial."""
    return _TEXTS.stop("ambiguous-serial", code, skus=joined(skus, " and "))


def reserved(code: str, number: str, station: str, operator: str, *, has_left: bool) -> Verdict:
    """A serial that was scanned into another order's box and waits for its import."""
    is_there = "reserved/gone" if has_left else "reserved"
    return _TEXTS.stop(is_there, code, number=number, station=station, operator=operator)


def checked_before(code: str, kind: OrderKind) -> Verdict:
    """A checked, unbooked serial again."""
    return _TEXTS.stop("already-captured/checked", code, work_word=kind.work_word)
