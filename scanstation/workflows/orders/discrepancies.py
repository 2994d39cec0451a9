"""Discrepancies: noted on a purchase order's line, and settled; counts stay as they are (RULES 2.24)."""

from collections.abc import Sequence

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, code_key, read_code, visible
from scanstation.domain.discrepancies import Differs, Discrepancy, count_of
from scanstation.domain.operators import Deed
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.units import Stamp
from scanstation.store import acts, catalog, discrepancies, orders
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.orders.order_book import act_on, blank_reason
from scanstation.workflows.site import Site


def note(
    site: Site,
    order_id: int,
    sku: str,
    differs: Differs,
    *,
    count: int | None = None,
    words: str = "",
    serials: Sequence[str] = (),
) -> Done | Refused:
    """Note what came damaged, wrong, short or over on the line of a product; no count is changed.

    Args:
        site: where and by whom.
        order_id: the purchase order, whatever its status is.
        sku: the product that was ordered.
        differs: how what came differs.
        count: how many units; without it as many as serials, or one.
        words: what a person says of it.
        serials: as they stand on the units; they need not be known here.
    """
    words = words.strip()
    meant = _meant(count, words, serials)

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        if isinstance(meant, Refused):
            return meant
        units, codes = meant
        line = next((one for one in orders.lines(tx, order_id) if one.product.sku_key == code_key(sku)), None)
        if line is None:
            return say.not_ordered(order.number, sku)
        noted = keep(tx, order, line.id, differs, units, words, codes, stamp)
        return Done(say.noted_on(order.number, noted.told))

    return act_on(site, Deed.NOTE_DISCREPANCY, order_id, OrderKind.PURCHASE, act)


def sku_on(site: Site, order_id: int, code: str) -> str | Refused:
    """The SKU of the order that a SKU or a barcode means. A refusal is logged."""
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        found = catalog.scanned_product(tx, order.client_id, code)
        line = orders.line_of(tx, order_id, found.product.id) if found else None
    if line is None:
        return site.log_refusal(say.not_ordered(order.number, code), order_id=order_id, code=code)
    return line.product.sku


def serial_on(site: Site, scan: Scan) -> str:
    """The serial on a label, or all of a plain one; whether it can be one, `note` says."""
    heard = lookup.read(site, scan)
    if not isinstance(heard, Reading):
        return scan.text
    return heard.serial or heard.code or heard.secondary or heard.text


def settle(site: Site, order_id: int, note_id: int, words: str) -> Done | Refused:
    """Say what came of a discrepancy; it is open no longer, and stays in the list."""

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        discrepancy = next((one for one in discrepancies.on_order(tx, order_id) if one.id == note_id), None)
        if discrepancy is None:
            return say.no_such_note(order.number, note_id)
        if not discrepancy.is_open:
            return say.note_settled_already(
                order.number, note_id, discrepancy.settled_by or "", discrepancy.settled_as or ""
            )
        if blank := blank_reason(f"{order.number}'s discrepancy {note_id}", words, "settled"):
            return blank
        discrepancies.settle(tx, note_id, words.strip(), stamp)
        _keep(tx, "Discrepancy settled", order, discrepancy, words.strip(), stamp)
        return Done(say.note_settled(order.number, discrepancy.told))

    return act_on(site, Deed.SETTLE_DISCREPANCY, order_id, OrderKind.PURCHASE, act)


def keep(
    tx: Transaction,
    order: Order,
    line_id: int,
    differs: Differs,
    units: int,
    words: str,
    serials: Sequence[str],
    stamp: Stamp,
) -> Discrepancy:
    """Write a note, and that it was made."""
    noted = discrepancies.add(tx, line_id, differs, units, words, serials, stamp)
    _keep(tx, "Discrepancy noted", order, noted, words, stamp)
    return noted


def take_back(tx: Transaction, order: Order, note_id: int, stamp: Stamp) -> Discrepancy | None:
    """A note that was made a moment ago is settled as taken back; None where somebody has settled it since."""
    noted = next((one for one in discrepancies.on_order(tx, order.id) if one.id == note_id), None)
    if noted is None or not noted.is_open:
        return None
    discrepancies.settle(tx, note_id, say.TAKEN_BACK, stamp)
    _keep(tx, "Discrepancy settled", order, noted, say.TAKEN_BACK, stamp)
    return noted


def open_on(tx: Transaction, order_id: int) -> tuple[str, ...]:
    """What is not settled yet on an order, as sentences."""
    return say.still_open([one.told for one in discrepancies.on_order(tx, order_id) if one.is_open])


def _meant(count: int | None, words: str, serials: Sequence[str]) -> tuple[int, list[str]] | Refused:
    """How many units are meant, and their serials; or what is wrong with what was said."""
    if count is None and not words and not serials:
        return say.note_says_nothing()
    codes: dict[str, str] = {}
    for text in serials:
        code = read_code(text)
        if isinstance(code, BadCode):
            bad = say.bad_code(code)
            return refused(bad.reason, bad.text)
        if code.key in codes:
            return say.serial_noted_twice(code.text)
        codes[code.key] = code.text
    units = count_of(count, len(codes))
    if units is None:
        return say.more_serials_than_units(len(codes), count or 0)
    return units, [*codes.values()]


def _keep(tx: Transaction, what: str, order: Order, one: Discrepancy, words: str, stamp: Stamp) -> None:
    became = one.told if not one.serials else f"{one.told}: {', '.join(one.serials)}"
    acts.note(tx, what, f"PO {order.number}", stamp, client=order.client, became=visible(became), reason=words)
