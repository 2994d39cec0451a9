"""Products: scanned, counted, not on the order; and on their own screens."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain.codes import code_key, shorten, visible
from scanstation.domain.commands import ALL_LEFT
from scanstation.domain.language import joined
from scanstation.domain.not_serials import NoSerial
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.phrases import phrase
from scanstation.domain.sentences.serials import no_serial
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Prompt, Verdict

_MOST_LEARNED, _MOST_ABLE = 6, 3
UNKNOWN, PRODUCT_ALONE = "unknown-code", "product-alone"
_TEXTS = Texts(
    {
        "unknown-code/anywhere": "{code} is not known here. Scan the number of an order, or a serial.",
        "unknown-code/product": "{code} is no product here. Scan a SKU or a barcode.",
        "unknown-code/on-order": "{code} is {what}{doubt}. Scan a product of {number}.",
        "unknown-code/receiving": "{code} is {what}{doubt}. Scan the product's barcode, or type its SKU.",
        "product-alone/unwanted": "{is_what} No open order has it. Scan the number of an order, or a serial.",
        "product-alone": "{is_what} Open orders with it: {wanted_by}. Scan the number of one.",
        "not-on-order/product": "{sku} is not on {number}. {where} Put it aside.",
        "on-another-order": "{sku} is not on {number}, but on {other}. Take it there?",
        "label-says": "The label says {count}{of_packs}. Take {pieces}?",
        "label-says/next": "The label says {count}. Take {count} of the next product?",
        "one-unit-marked": "{serial} is one unit marked {count}? Yes takes one: take it?",
        "quantity-set": "The next product scan takes {quantity}. Scan the product.",
        "quantity-set/all": "The next product scan takes all that is left. Scan the product.",
        "quantity-set/one": "The next product scan takes one.",
        "quantity-dropped": "{quantity} dropped, and nothing else: the next product scan takes one.",
        "take-all": "{left} of {sku} are left. Count them: take {left}?",
        "take-all/off": "{sku} has no serials here that would count it: count the units and scan how many.",
        "take-all/packs": "{left} of {sku} are left, and a pack holds {pack}. Scan how many packs, or single units.",
        "no-quantity": "{text} is no quantity. Type a number from 1 to {most}.",
        "over-order/full": "{sku} is full: {done} of {ordered} are {done_word}{elsewhere}. Put this one aside.",
        "over-order/partly": "{sku} takes {left} more, not {asked}: {done} of {ordered} are {done_word}{elsewhere}. "
        "None was taken.",
        "over-order/more": "{sku}: {were} ordered. Receive {asked} more than that?",
        "taken/owing": "{sku} taken{many}, unit {unit} of {ordered}. Now {its} serial.",
        "taken": "{what} taken, {done} of {ordered}.{order_full}",
        # The list of products, and a product's screen
        "unknown-sku": "No product here has {code} in it.",
        "no-order/products": "Scan a SKU or a barcode to open its product.",
        "product-open": "{sku} is open.",
        "ambiguous-product": "{clients} have it: choose one with ↑ ↓ and Enter.",
        "barcode-known": "{code} is in the list already.",
        "sku-typed": "{sku} is the SKU. It counts once it is saved.",
        "barcode-added": "{code} is added{many}. It counts once it is saved.",
        "not-saved": "What was changed is not saved. Save it with F10, or press Esc first.",
        "no-question/product": "Nothing is asked here. Scan a code to try it.",
        "nothing-scanned/product": "Scan it, or type it and press Enter.",
        "nothing-changed": "Nothing was changed.",
        "change-undone": "The last change is taken back.",
        # A barcode that is learned
        "learn": "Scan the unknown barcode from one piece.",
        "learn/again": "{code} is not known. Scan it once more, from another piece.",
        "learn/product": "{code} is the same on two pieces. Scan or type the SKU of its product.",
        "learn/how-many": "{code} is to mean {sku}. How many are in it? SS-QTY-1, SS-QTY-n, or type the number.",
        "learned": "{code} means {sku} now. Scan it to take it; Undo takes back what was learned.",
        "learned/pack": "{code} means {pieces} × {sku} now. Scan it to take it; Undo takes back what was learned.",
        "learn/dropped": "Nothing was learned.",
        "learn/undone": "{code} was learned for {sku}, and is taken back.",
        "learn-first/card": "A barcode is being learned. {wanted}, or leave it with Cancel.",
        "learn-first/same": "{code} is not {first}, which was scanned first. Scan {first} from another piece.",
        "learn-first/no-product": "{code} is no product of {client}. Scan or type the SKU of what {first} stands on.",
        "learn-first/number": "{code} does not say how many {sku} it is. Type a number from 1 to {most}, or SS-QTY-n.",
        "learn-known": "{code} stands for {sku} already. Nothing was learned.",
        "learn-no-barcode": "{code} is {what}, not the barcode of a product. Nothing was learned.",
        "learn-another": "{code} is {sku} of {other}. Learn it for {client} too?",
        "learn-right": "{why} Who can: {able}.",
        "learn-right/nobody": "{why} Nobody here can.",
        "learn-order": "A barcode is learned for an order: open it at Receiving or Packing first.",
        "learn-gone": "{code} is no learned barcode any more. Nothing was changed.",
        "learned-stay": "Learned here and in no row, so it stays: {named}. `products unlearn` takes it back.",
        "sign-of-lists": "{code} holds = or ;, which separate barcodes in a list. It cannot be learned.",
        "unlearned": "{code} does not stand for {sku} any more. What was counted with it stays.",
        "not-learned": "{code} is no barcode that was learned here. On the product's screen every barcode can be taken "
        "off.",
        # A code that is tried on a product
        "may-be-taken": "{code} {what}: it would be asked about, and taken with a yes.",
        "other-identifier/tried": "{code} begins with {name}, as {means} does: "
        "it would be asked whether it is the serial.",
        "alike-new/tried": "{code} differs from {known} only by its marks: "
        "it would be asked whether they are one unit.",
        "looks-primary": "{code} looks like a primary serial of {sku}: it would be taken.",
        "looks-secondary": "{code} looks like a secondary serial of {sku}: it would be taken.",
        "without-pattern": "{code} would be taken: {sku} has no serial pattern.",
        "only-secondary": "{code} would only be taken as a secondary serial of {sku}.",
        "never-scanned": "{code} {why}: no scan would find the product by it. Correct it.",
        "check-digit/barcode": "{code} has a wrong check digit: it should end in {expected}. "
        "Compare it with the label; if it is no EAN or UPC there, write =1 behind it.",
        "more-than-a-barcode": "{code} holds {gtin} and something else. Write barcodes alone, with ; between them.",
        "pack-quantity": "{text} has no usable pack quantity. Write code=12.",
        "empty": "the {what} is empty. Fill it in.",
        "bad-name/unseen": "{text} contains characters that cannot be seen. Type it anew.",
        "bad-name/long": "{text} is too long: {most} characters at most. Shorten it.",
        "bad-name/misspelt": "{text} {why}",
        "command/barcode": "{read_as} is a command barcode. Choose another.",
        "barcode-twice": "{barcode} stands for {other} already. Keep it on one of the two.",
        "pattern/none": "{text} {why}. Correct it.",
        "strip": "{text} is no list of marks: printable characters, {most} at most, with ; between them. Correct it.",
        "strip/digits": "{mark} is all digits, which may as well begin a serial. Take it out.",
        "several": "{text} is not one barcode. Enter one after the other.",
        "settings": "{sku}: {wrong}.",
        "command/sku": "{sku} is a command barcode. Choose another SKU.",
        "key-known": "{sku} is a product of {client} already. Go back and scan it to change it.",
        "changed-meanwhile/client": "{client} is a client since now. Choose it once more.",
        "barcode-is-sku": "{sku} stands for {taken} already. Choose another SKU.",
        "changed-meanwhile": "{sku} was changed elsewhere meanwhile. Press Esc, and open it again.",
    }
)
_PARTS = Texts(
    {
        "fact": "{what} {done}/{ordered}",
        "a-label": "{code} is a label of {named}.",
        "a-product": "{named} is a product.",
        "the-product": "{code} is the product {named}.",
        "wanted": "Open orders with it: {wanted_by}.",
        "unwanted": "No open order has it.",
        "not-known": "not known here",
        "misread": "; as an EAN or UPC it would end in {expected}, so it may have been read wrong",
        "the-quantity": "The quantity of {quantity} is",
        "all-quantity": "“All that is left” is",
        "still-asked": "{many} is still asked for.",
        "still-all": "All that is left is still asked for.",
        "refused-and-still": "{text} {still}",
        "of-packs": " packs of {pack}",
        "elsewhere": " ({others})",
        "run": ", {quantity} units, each with its serial",
        "many": "{quantity} × {sku}",
        "pieces": " for {pieces} pieces",
        "to-be-taught": "{unknown} A new barcode? {prefix}LEARN teaches it.",
        "to-be-taught/by": "{unknown} A new barcode? {able} can teach it.",
        "to-be-taught/by-nobody": "{unknown} A new barcode? Nobody here may teach it.",
        "of-sku": "{code} of {sku}",
        "and-more": "{named} and {more} more",
        "on-label": "On this label the serial is {code}. {answer}",
    }
)


def unknown_anywhere(code: str) -> Verdict:
    """Neither an order, nor a serial, nor a product."""
    return _TEXTS.stop("unknown-code/anywhere", code)


def unknown_product(code: str) -> Verdict:
    """No client has it as a SKU or a barcode."""
    return _TEXTS.stop("unknown-code/product", code)


def unknown_here(
    code: str, number: str, kind: OrderKind, note: str | None = None, *, expected: str | None = None
) -> Verdict:
    """Neither a product, nor an order, nor a known serial.

    The note says so of a label that can be none of them; `expected` is the last digit that an EAN or UPC would have.
    """
    doubt = _PARTS("misread", expected=expected) if expected else ""
    what = note or _PARTS("not-known")
    if kind is OrderKind.PURCHASE:  # it may be a new serial, which takes no unit by itself
        return _TEXTS.stop("unknown-code/receiving", code, what=what, doubt=doubt)
    return _TEXTS.stop("unknown-code/on-order", code, what=what, doubt=doubt, number=number)


def product_alone(code: str, skus: Sequence[str], wanted_by: Sequence[str], *, on_label: bool) -> Verdict:
    """A product where no order is worked on; `skus` with their clients, where several have the code."""
    named = joined([shorten(sku) for sku in skus], " and ")
    if on_label:
        is_what = _PARTS("a-label", code=shorten(code), named=named)
    elif code_key(named) == code_key(code):
        is_what = _PARTS("a-product", named=named)
    else:
        is_what = _PARTS("the-product", code=shorten(code), named=named)
    if not wanted_by:
        return _TEXTS.stop("product-alone/unwanted", code, is_what=is_what)
    return _TEXTS.stop("product-alone", code, is_what=is_what, wanted_by=joined(wanted_by))


def not_on_order(code: str, sku: str, number: str, wanted_by: Sequence[str]) -> Verdict:
    """A product of this client that the order does not have."""
    where = _PARTS("wanted", wanted_by=joined(wanted_by)) if wanted_by else _PARTS("unwanted")
    return _TEXTS.stop("not-on-order/product", code, sku=sku, number=number, where=where)


def on_another_order(code: str, sku: str, number: str, other: str) -> Verdict:
    """The question before a product that this order has not is received on the one that has it."""
    return _TEXTS.ask("on-another-order", code, sku=sku, number=number, other=other)


# How many


def label_says(code: str, count: int, pack: int) -> Verdict:
    """The question before a label's own count is taken; `pack` is how many its GTIN stands for."""
    of_packs = _PARTS("of-packs", pack=pack) if pack > 1 else ""
    return _TEXTS.ask("label-says", code, count=count, of_packs=of_packs, pieces=count * pack)


def label_says_next(code: str, count: int) -> Verdict:
    """The same of a barcode that says how many and not of what."""
    return _TEXTS.ask("label-says/next", code, count=count)


def one_unit_marked(code: str, serial: str, count: int) -> Verdict:
    """A serial and a count on one label: a serial is of one unit."""
    return _TEXTS.ask("one-unit-marked", code, whole=(serial,), serial=shorten(serial), count=count)


def quantity_set(quantity: int) -> Verdict:
    """The next product scan counts more than once."""
    if quantity == ALL_LEFT:
        return _TEXTS.shown("quantity-set/all")
    return _TEXTS.shown("quantity-set/one") if quantity == 1 else _TEXTS.shown("quantity-set", quantity=quantity)


def quantity_dropped(quantity: int) -> Verdict:
    """Undo or Cancel before the product was scanned: nothing else is taken back."""
    what = _PARTS("all-quantity") if quantity == ALL_LEFT else _PARTS("the-quantity", quantity=quantity)
    return _TEXTS.shown("quantity-dropped", quantity=what)


def with_quantity(verdict: Verdict, quantity: int) -> Verdict:
    """A refused product, and the quantity that was asked for: it waits for the right one."""
    still = _PARTS("still-all") if quantity == ALL_LEFT else _PARTS("still-asked", many=quantity)
    return replace(verdict, text=_PARTS("refused-and-still", text=verdict.text, still=still))


def take_all(code: str, sku: str, left: int) -> Verdict:
    """The question before goods that no serial counts are taken unseen."""
    return _TEXTS.ask("take-all", code, sku=sku, left=left)


def not_all_at_once(code: str, sku: str) -> Verdict:
    """SS-QTY-ALL for goods that no serial counts, where the site or the desk has none of it."""
    return _TEXTS.stop("take-all/off", code, sku=sku)


def no_whole_packs(code: str, sku: str, left: int, pack: int) -> Verdict:
    """What is left is no multiple of the scanned pack."""
    return _TEXTS.stop("take-all/packs", code, sku=sku, left=left, pack=pack)


def no_quantity(text: str, most: int) -> Verdict:
    """What was typed as a quantity is none."""
    return _TEXTS.stop("no-quantity", text=shorten(text), most=most)


def too_many(
    code: str, sku: str, kind: OrderKind, *, ordered: int, done: int, asked: int, others: Sequence[str]
) -> Verdict:
    """The line does not take that many."""
    at = _PARTS("elsewhere", others=joined(others)) if others else ""
    word = kind.done_word
    if ordered <= done:
        return _TEXTS.stop("over-order/full", code, sku=sku, done=done, ordered=ordered, done_word=word, elsewhere=at)
    left = ordered - done
    return _TEXTS.stop(
        "over-order/partly",
        code,
        sku=sku,
        left=left,
        asked=asked,
        done=done,
        ordered=ordered,
        done_word=word,
        elsewhere=at,
    )


def beyond_order(code: str, sku: str, ordered: int, asked: int) -> Verdict:
    """The question before receiving more than ordered."""
    return _TEXTS.ask("over-order/more", code, sku=sku, were=counted(ordered, "was", "were"), asked=asked)


def taken(
    sku: str, code: str, *, quantity: int, done: int, ordered: int, prompt: Prompt | None, order_full: str
) -> Verdict:
    """A product was taken."""
    if prompt:
        many = _PARTS("run", quantity=quantity) if quantity > 1 else ""
        return _TEXTS.ok("taken/owing", code, sku=sku, many=many, unit=prompt.unit, ordered=ordered, its=prompt.its)
    what = _PARTS("many", quantity=quantity, sku=sku) if quantity > 1 else sku
    verdict = _TEXTS.ok("taken", code, what=what, done=done, ordered=ordered, order_full=order_full)
    return replace(verdict, fact=_PARTS("fact", what=what, done=done, ordered=ordered))


# The list of products, and a product's screen


def no_product_with(text: str) -> Verdict:
    """No product in the list has what was typed in its SKU, description or barcodes."""
    return _TEXTS.stop("unknown-sku", text)


def product_wanted(code: str) -> Verdict:
    """A command that does nothing in the list of products."""
    return _TEXTS.check("no-order/products", code)


def product_open(code: str, sku: str) -> Verdict:
    """A scanned product was opened."""
    return _TEXTS.shown("product-open", code, sku=shorten(sku))


def product_of_several(code: str, clients: Sequence[str]) -> Verdict:
    """Several clients' products have the code; the list shows them."""
    return _TEXTS.check("ambiguous-product", code, clients=joined([*map(visible, clients)], " and "))


def barcode_known(code: str) -> Verdict:
    """A barcode that the product has already."""
    return _TEXTS.check("barcode-known", code)


def barcode_added(code: str, pieces: int) -> Verdict:
    """The product has one barcode more, which stands for so many pieces."""
    return _TEXTS.shown("barcode-added", code, many=_PARTS("pieces", pieces=pieces) if pieces > 1 else "")


def sku_scanned(code: str, sku: str) -> Verdict:
    """A new product has its SKU."""
    return _TEXTS.shown("sku-typed", code, sku=sku)


def product_not_saved(code: str) -> Verdict:
    """A command would leave what was changed of a product."""
    return _TEXTS.stop("not-saved", code)


def nothing_asked_of_product(code: str) -> Verdict:
    """SS-YES or SS-NO on a product's screen."""
    return _TEXTS.check("no-question/product", code)


def nothing_scanned_of_product() -> Verdict:
    """Enter where a code is wanted."""
    return _TEXTS.check("nothing-scanned/product")


def nothing_changed() -> Verdict:
    """There is nothing to save."""
    return _TEXTS.check("nothing-changed")


def change_undone(code: str) -> Verdict:
    """The last change of a product was taken back, and is not saved either way."""
    return _TEXTS.shown("change-undone", code)


def no_change_to_undo(code: str) -> Verdict:
    """Nothing of the product was changed."""
    return _TEXTS.check("nothing-changed", code, reason="nothing-to-undo")


# A code that is tried on a product


def would_be_asked(code: str, refusal: NoSerial) -> Verdict:
    """Hardly a serial; a yes would take it."""
    return _TEXTS.check("may-be-taken", code, reason=refusal.kind.value, what=no_serial(refusal))


def identifier_would_be_asked(code: str, name: str, means: str) -> Verdict:
    """It begins as other barcodes of a maker's label do."""
    return _TEXTS.check("other-identifier/tried", code, name=name, means=means)


def alike_would_be_asked(code: str, known: str) -> Verdict:
    """It differs from a known serial only by its marks."""
    return _TEXTS.check("alike-new/tried", code, known=shorten(known))


def looks_primary(code: str, sku: str) -> Verdict:
    """The product's serial pattern matches it."""
    return _TEXTS.shown("looks-primary", code, sku=shorten(sku))


def looks_secondary(code: str, sku: str) -> Verdict:
    """The product's secondary pattern matches it."""
    return _TEXTS.shown("looks-secondary", code, sku=shorten(sku))


def without_pattern(code: str, sku: str) -> Verdict:
    """The product has no pattern that speaks against it."""
    return _TEXTS.shown("without-pattern", code, sku=shorten(sku))


def only_secondary(code: str, sku: str) -> Verdict:
    """The product's serial pattern does not match it, and there is none for the secondary."""
    return _TEXTS.check("only-secondary", code, sku=shorten(sku))


def on_label(code: str, answer: Verdict) -> Verdict:
    """An answer to a code that is a part of its label's text."""
    return replace(answer, text=_PARTS("on-label", code=shorten(code), answer=answer.text))


def never_scanned(code: str, why: str) -> Reason:
    """A barcode that no scan would be looked up by; why follows it."""
    return _TEXTS.reason("never-scanned", code=shorten(code), why=why)


def barcode_check_digit(code: str, expected: str) -> Reason:
    """A barcode whose last digit does not fit."""
    return _TEXTS.reason("check-digit/barcode", code=shorten(code), expected=expected)


def more_than_a_barcode(code: str, gtin: str) -> Reason:
    """A GTIN beside something else."""
    return _TEXTS.reason("more-than-a-barcode", code=shorten(code), gtin=gtin)


def no_pack_quantity(text: str) -> Reason:
    """A barcode with a count that is none."""
    return _TEXTS.reason("pack-quantity", text=shorten(text))


def name_is_empty(what: str) -> Reason:
    """A name that is left blank."""
    return _TEXTS.reason("empty", what=what)


def name_is_unseen(text: str) -> Reason:
    """A name with characters that cannot be seen."""
    return _TEXTS.reason("bad-name/unseen", text=shorten(text))


def name_is_too_long(text: str, most: int) -> Reason:
    """A name that is too long."""
    return _TEXTS.reason("bad-name/long", text=shorten(text), most=most)


def name_is_misspelt(text: str, why: str) -> Reason:
    """A name with characters that no label has; what is wrong follows it."""
    return _TEXTS.reason("bad-name/misspelt", text=shorten(text), why=why)


def barcode_is_command(read_as: str) -> Reason:
    """A command barcode as a product's."""
    return _TEXTS.reason("command/barcode", read_as=shorten(read_as))


def barcode_of_another(barcode: str, other: str) -> Reason:
    """A barcode that stands for another product."""
    return _TEXTS.reason("barcode-twice", barcode=shorten(barcode), other=shorten(other))


def no_pattern(text: str, why: str) -> Reason:
    """A serial pattern that is none; why follows it."""
    return _TEXTS.reason("pattern/none", text=shorten(text), why=why)


def no_list_of_marks(text: str, most: int) -> Reason:
    """A list of marks that is none."""
    return _TEXTS.reason("strip", text=shorten(text), most=most)


def mark_of_digits(mark: str) -> Reason:
    """A mark that may as well begin a serial."""
    return _TEXTS.reason("strip/digits", mark=mark)


def several_barcodes(text: str) -> Reason:
    """Several barcodes at once."""
    return _TEXTS.reason("several", text=shorten(text))


def settings_do_not_fit(sku: str, wrong: str) -> Reason:
    """Settings that exclude each other."""
    return _TEXTS.reason("settings", sku=sku, wrong=wrong)


def sku_is_command(sku: str) -> Reason:
    """A command barcode as a SKU."""
    return _TEXTS.reason("command/sku", sku=shorten(sku))


def product_is_there(sku: str, client: str) -> Reason:
    """A new product that is there."""
    return _TEXTS.reason("key-known", sku=sku, client=shorten(client))


def client_since_now(client: str) -> Reason:
    """A new client that somebody else has made meanwhile."""
    return _TEXTS.reason("changed-meanwhile/client", client=shorten(client))


def sku_is_barcode(sku: str, taken: str) -> Reason:
    """A new SKU that is a barcode of another product."""
    return _TEXTS.reason("barcode-is-sku", sku=sku, taken=taken)


def product_changed_meanwhile(sku: str) -> Reason:
    """A product that somebody else has changed meanwhile."""
    return _TEXTS.reason("changed-meanwhile", sku=sku)


# A barcode that is learned (SS-LEARN)


def teaching_begun(code: str) -> Verdict:
    """SS-LEARN with an order on the desk."""
    return _TEXTS.shown("learn", code)


def teach_again(code: str) -> Verdict:
    """An unknown barcode was scanned from one piece."""
    return _TEXTS.shown("learn/again", code)


def teach_product(code: str) -> Verdict:
    """It was scanned from a second one."""
    return _TEXTS.shown("learn/product", code)


def teach_how_many_now(code: str, sku: str) -> Verdict:
    """Its product is known."""
    return _TEXTS.shown("learn/how-many", code, sku=sku)


def taught(code: str, sku: str, pieces: int) -> Verdict:
    """A barcode is learned."""
    if pieces == 1:
        return _TEXTS.ok("learned", code, sku=sku)
    return _TEXTS.ok("learned/pack", code, sku=sku, pieces=pieces)


def teaching_dropped(code: str) -> Verdict:
    """Cancel, Undo or No while a barcode is being learned."""
    return _TEXTS.shown("learn/dropped", code)


def teaching_undone(code: str, sku: str) -> Verdict:
    """Undo right behind what was learned."""
    return _TEXTS.shown("learn/undone", code, sku=sku)


def teaching_first(code: str, wanted: str) -> Verdict:
    """Another card while a barcode is being learned."""
    return _TEXTS.stop("learn-first/card", code, wanted=wanted.rstrip("?"))


def teach_same(code: str, first: str) -> Verdict:
    """Another code than the one that was scanned first."""
    return _TEXTS.stop("learn-first/same", code, first=first)


def teach_no_product(code: str, first: str, client: str) -> Verdict:
    """What is scanned for a SKU is none of this client's."""
    return _TEXTS.stop("learn-first/no-product", code, first=first, client=client)


def teach_how_many(code: str, sku: str, most: int) -> Verdict:
    """A scan, or no number, where the pack size is asked."""
    return _TEXTS.stop("learn-first/number", code or "That", sku=sku, most=most)


def taught_already(code: str, sku: str) -> Verdict:
    """The barcode of a product that is known."""
    return _TEXTS.stop("learn-known", code, sku=sku)


def no_barcode_to_teach(code: str, what: str) -> Verdict:
    """A code that is something else than a product's."""
    return _TEXTS.stop("learn-no-barcode", code, what=phrase(what))


def teach_of_another(code: str, sku: str, other: str, client: str) -> Verdict:
    """The barcode of another client's product."""
    return _TEXTS.ask("learn-another", code, sku=sku, other=other, client=client)


def who_may_teach(code: str, why: Reason, able: Sequence[str]) -> Verdict:
    """SS-LEARN by somebody who may not; who may."""
    if not able:
        return _TEXTS.stop("learn-right/nobody", code, why=why.text)
    return _TEXTS.stop("learn-right", code, why=why.text, able=joined([shorten(name) for name in able[:5]]))


def teach_on_order(code: str) -> Verdict:
    """SS-LEARN where no purchase or shipment order is on a desk."""
    return _TEXTS.stop("learn-order", code)


def to_be_taught(unknown: Verdict, prefix: str) -> Verdict:
    """An unknown code that whoever is here may teach."""
    return replace(unknown, text=_PARTS("to-be-taught", unknown=unknown.text, prefix=prefix))


def to_be_taught_by(unknown: Verdict, able: Sequence[str]) -> Verdict:
    """An unknown code that others may teach."""
    if not able:
        return replace(unknown, text=_PARTS("to-be-taught/by-nobody", unknown=unknown.text))
    named = ", ".join(shorten(name) for name in able[:_MOST_ABLE])
    return replace(unknown, text=_PARTS("to-be-taught/by", unknown=unknown.text, able=named))


def not_taught_any_more(code: str) -> Verdict:
    """What was learned is gone from the product already."""
    return _TEXTS.stop("learn-gone", code)


def sign_of_lists(code: str) -> Reason:
    """A code that a product's list of barcodes cannot hold."""
    return _TEXTS.reason("sign-of-lists", code=shorten(code))


def learned_stay(learned_codes: Sequence[tuple[str, str]]) -> str:
    """Barcodes that a sheet of products does not have, each with the SKU that has learned it."""
    named = ", ".join(
        _PARTS("of-sku", code=shorten(code), sku=shorten(sku)) for code, sku in learned_codes[:_MOST_LEARNED]
    )
    if len(learned_codes) > _MOST_LEARNED:
        named = _PARTS("and-more", named=named, more=len(learned_codes) - _MOST_LEARNED)
    return _TEXTS("learned-stay", named=named)


def unlearned(code: str, sku: str) -> str:
    """`products unlearn`."""
    return _TEXTS("unlearned", code=shorten(code), sku=shorten(sku))


def not_learned(code: str) -> Refused:
    """`products unlearn` of another code."""
    return _TEXTS.refused("not-learned", code=shorten(code))
