"""A discrepancy is noted at the receiving desk (SS-NOTE): how it differs, its product, then serials and how many."""

from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, read_code
from scanstation.domain.commands import ALL_LEFT, MAX_QUANTITY, Act, Command
from scanstation.domain.discrepancies import CHOICES, Differs, Draft, count_of
from scanstation.domain.operators import Deed
from scanstation.domain.orders import OrderLine
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.store import orders
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.lookup import NoCode, OrdersFound, ProductFound
from scanstation.workflows.orders import discrepancies
from scanstation.workflows.scanning.act_context import ActContext
from scanstation.workflows.scanning.product_codes import ProductCodes, known_meaning, read_otherwise

Step = tuple[Draft | None, Verdict]
"""How far it is after a scan, None where it is over; and the answer."""


def begin(act: ActContext, scan: Scan, quantity: int) -> Step:
    """SS-NOTE: it is asked how what came differs. A quantity that was armed is how many."""
    if lacking := act.site.why_not(act.tx, Deed.NOTE_DISCREPANCY):
        return None, say.refused_with(lacking, scan.text)
    asked = say.what_is_noted(scan.text, act.order.number, CHOICES)
    said = act.answers.chosen(asked)
    if not said:
        return None, asked
    differs = Differs(said)
    given = quantity if quantity not in (1, ALL_LEFT) else None
    return Draft(differs=differs, given=given), say.note_product_wanted(scan.text, differs.past)


def answer(scan: Scan) -> Command | None:
    """Y or N, typed and entered by themselves while a note is made: they are no serial."""
    said = {"y": Act.YES, "n": Act.NO}.get(scan.text.strip(" ").lower())
    return Command(said) if said and scan.source is Source.TYPED else None


def take(act: ActContext, draft: Draft, scan: Scan, reading: Reading) -> Step:
    """The next scan of a note; a refusal leaves it as it is."""
    number = _number(scan)
    if number is not None and draft.line_id is not None:
        return as_many(draft, scan.text, number)
    meant = lookup.find(act.tx, reading, lookup.client_product(act.order.client_id), lookup.orders)
    match meant:
        case ProductFound(known):
            line = act.lines.of_product(known.product.id)
            if line is None:
                return draft, say.refused_with(say.not_ordered(act.order.number, scan.text).reasons[0], scan.text)
            if draft.line_id not in (None, line.id):
                return draft, say.note_of_other_product(scan.text, known.product.sku, draft.sku)
            more = draft.having(line_id=line.id, sku=line.product.sku, pieces=draft.pieces + known.pack_quantity)
            serial = reading.serial or reading.secondary
            return _with_serial(act, draft, more, line, scan, serial) if serial else (more, _so_far(more, scan.text))
        case OrdersFound():
            return draft, say.note_before_order(scan.text)
        case NoCode(bad):
            return draft, say.bad_code(bad, "a serial")
    text = reading.serial or reading.code or reading.secondary
    if text is None:
        return draft, say.note_of_no_product(scan.text, act.order.number, draft.differs.past)
    if draft.line_id is None:
        return _by_serial(act, draft, scan, text)
    return _with_serial(act, draft, draft, act.line(draft.line_id), scan, text)


def commanded(act: ActContext, draft: Draft, scan: Scan, command: Command) -> tuple[Draft | None, Verdict, int | None]:
    """A card, or a key, while a note is made; and the number of the note, once it is kept."""
    match command.act:
        case Act.CANCEL | Act.NO:
            return None, say.note_dropped(scan.text), None
        case Act.UNDO:
            before = draft.before
            if before is None:
                return None, say.note_dropped(scan.text), None
            if before.line_id is None:
                return before, say.note_product_wanted(scan.text, draft.differs.past), None
            return before, say.note_step_back(scan.text, before.told), None
        case Act.QUANTITY:
            return *_quantity(act, draft, scan, command.quantity), None
        case Act.REASON if command.quantity <= len(act.site.rules.reasons):
            return *with_words(draft, act.site.rules.reasons[command.quantity - 1], scan.text), None
        case Act.REASON:
            return draft, say.no_listed_reason(scan.text), None
        case Act.YES if draft.line_id is not None:
            return _kept(act, draft, draft.line_id, scan)
        case Act.YES:
            return draft, say.note_of_no_product(scan.text, act.order.number, draft.differs.past), None
    return draft, say.note_first(scan.text), None


def with_words(draft: Draft, words: str, code: str = "") -> Step:
    """What a person says of it, in place of what was said before."""
    more = draft.having(words=words.strip())
    if more.line_id is None:
        return more, say.note_product_wanted(code, draft.differs.past)
    return more, _so_far(more, code)


def as_many(draft: Draft, code: str, count: int) -> Step:
    """How many units it is about; not fewer than it has serials."""
    if count_of(count, len(draft.serials)) is None:
        refusal = say.more_serials_than_units(len(draft.serials), count)
        return draft, say.refused_with(refusal.reasons[0], code)
    more = draft.having(given=count)
    if more.line_id is None:
        return more, say.note_product_wanted(code, draft.differs.past)
    return more, _so_far(more, code)


def take_back(act: ActContext, note_id: int, code: str) -> Verdict:
    """Undo right behind a note."""
    if lacking := act.site.why_not(act.tx, Deed.SETTLE_DISCREPANCY):
        return say.refused_with(lacking, code)
    noted = discrepancies.take_back(act.tx, act.order, note_id, act.stamp)
    return say.note_undone(code, noted.told) if noted else say.nothing_to_undo()


def _number(scan: Scan) -> int | None:
    """How many, where that was typed; a scan is a serial, whatever it looks like."""
    text = scan.text.strip(" ")
    is_count = scan.source is Source.TYPED and text.isascii() and text.isdigit() and len(text) <= len(str(MAX_QUANTITY))
    return int(text) if is_count and int(text) else None


def _quantity(act: ActContext, draft: Draft, scan: Scan, quantity: int) -> Step:
    """SS-QTY-n; all that is left can only be short."""
    if quantity != ALL_LEFT:
        return as_many(draft, scan.text, quantity)
    if draft.differs is not Differs.SHORT or draft.line_id is None:
        return draft, say.note_not_all(scan.text, draft.sku, draft.differs.word)
    left = act.line(draft.line_id).left
    return as_many(draft, scan.text, left) if left else (draft, say.note_none_left(scan.text, draft.sku))


def _by_serial(act: ActContext, draft: Draft, scan: Scan, text: str) -> Step:
    """A unit that came in on this order: its product is meant."""
    code = read_code(text)
    if isinstance(code, BadCode):
        return draft, say.bad_code(code, "a serial")
    known = code if act.owners(code.key) else known_meaning(act, code, act.lines.peculiar_products(read_otherwise))
    of_products = act.lines.product_ids
    known_units = [unit for unit in act.owners(known.key) if unit.product_id in of_products] if known else []
    if not known_units:
        return draft, say.note_of_no_product(scan.text, act.order.number, draft.differs.past)
    here = [unit for unit in known_units if _came_in_here(act, unit)]
    if not here:
        line_id = known_units[0].purchase_line_id
        if line_id is None:  # another station's open work has it, or it was in stock before there was an order
            return draft, say.note_of_no_product(scan.text, act.order.number, draft.differs.past)
        other = orders.get(act.tx, orders.line(act.tx, line_id).order_id).number
        return draft, say.note_on_other_order(scan.text, other, act.order.number)
    line = act.lines.of_product(here[0].product_id)
    assert line is not None
    more = draft.having(line_id=line.id, sku=line.product.sku)
    return _with_serial(act, draft, more, line, scan, text)


def _came_in_here(act: ActContext, unit: Unit) -> bool:
    return unit.held_by == act.work.id or unit.purchase_line_id in {line.id for line in act.lines}


def _with_serial(act: ActContext, was: Draft, now: Draft, line: OrderLine, scan: Scan, text: str) -> Step:
    """One serial more; its unit need not be known.

    Args:
        act: the act.
        was: the note before this scan, which a refusal leaves.
        now: the same with what else the scan says.
        line: of its product.
        scan: the scan.
        text: the serial on its label.
    """
    code = ProductCodes(act, line.product).read([*CodeKind], text)
    if isinstance(code, BadCode):
        return was, say.bad_code(code, "a serial")
    if code.key in {one.key for one in now.serials}:
        return was, say.refused_with(say.serial_noted_twice(code.text).reasons[0], scan.text)
    owners = act.owners(code.key)
    if not any(unit.product_id == line.product.id for unit in owners):
        ordered = [other for unit in owners if (other := act.lines.of_product(unit.product_id))]
        if ordered:
            return was, say.note_of_other_serial(code.text, ordered[0].product.sku, line.product.sku)
    serials = (*now.serials, code)
    if count_of(now.given, len(serials)) is None:
        refusal = say.more_serials_than_units(len(serials), now.count)
        return was, say.refused_with(refusal.reasons[0], scan.text)
    more = replace(now, serials=serials, before=was)
    return more, _so_far(more, scan.text)


def _kept(act: ActContext, draft: Draft, line_id: int, scan: Scan) -> tuple[Draft | None, Verdict, int | None]:
    """Yes: the note is written."""
    if lacking := act.site.why_not(act.tx, Deed.NOTE_DISCREPANCY):
        return draft, say.refused_with(lacking, scan.text), None
    serials = [code.text for code in draft.serials]
    noted = discrepancies.keep(act.tx, act.order, line_id, draft.differs, draft.count, draft.words, serials, act.stamp)
    return None, say.note_kept(scan.text, noted.told), noted.id


def _so_far(draft: Draft, code: str) -> Verdict:
    return say.note_so_far(code, draft.told, draft.words)
