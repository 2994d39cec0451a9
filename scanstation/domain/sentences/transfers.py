"""Transfers between warehouses: why something is not sent, not taken in, or not closed."""

from collections.abc import Sequence

from scanstation.domain.codes import listed, shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Verdict

_TEXTS = Texts(
    {
        "no-transfer": "There is no transfer {number}. `transfers list` shows them.",
        "no-warehouse": "There is no warehouse {name}. Check it, or load an order or stock of it first.",
        "same-warehouse": "A transfer goes to another warehouse, and {name} is both.",
        "transfer-closed": "{number} is closed. Begin another transfer.",
        "unknown-code/transfer": "No unit{of} has the serial {code}. Check it.",
        "ambiguous-code/transfer": "{count} units have the serial {code}: {owners}. Choose one with --client or --sku.",
        "twice": "{code} is named twice.",
        "other-warehouse/transfer": "{code} is in warehouse {warehouse}, and {number} goes out from {sending}.",
        "in-transit/sent": "{code} is on its way on {number} already.",
        "not-free": "{code} {where}. Only what is Received, and in nobody's hands, goes out.",
        "arrived": "{code} has arrived on {number} already.",
        "not-on-list": "{code} is not on the list of {number}, and stands in {sending} by the books. "
        "Look at it: if it is here, take it with --not-on-list, which sends it out and takes it in.",
        "not-on-the-way": "{code} {where}, and is not on its way on {number}.",
        "has-serials": "{sku} has serials: name its units.",
        "unknown-sku/transfer": "{sku} is not a SKU of {client}. Check it.",
        "not-so-many": "{number} has {left} of {sku} on the way, not {count}.",
        "not-so-many/lost": "{number} has lost {left} of {sku}, not {count}.",
        "found-where": "{number}, which lost {what}, went from {sending} to {to}. "
        "Say at which of the two it was found: --warehouse.",
        "below-one": "Give 1 or more.",
        "missing": "{number} lacks {what}. Say what became of it: --missing lost, back, or on-the-way.",
        "nothing-sent": "Nothing was sent on {number}: there is nothing to close.",
        "closed-already": "{number} is closed, and nothing of it is on the way.",
        "transfer-open/out": "{number} to {to} is open. Scan what goes out.",
        "transfer-open/in": "{number} from {sending} is open, {left} on the way. Scan what has arrived.",
        "transfer-begun": "{number} to {to} is begun. Scan what goes out.",
        "new-transfer": "Begin a transfer to {to}?",
        "no-transfer-open": "No transfer is open. Scan its number, or the name of the warehouse that it goes to.",
        "transfer-elsewhere": "{number} goes from {sending} to {to}, and this station stands in {here}.",
        "unit-sent": "{code} → {sku} goes out, in transit to {to}.{hold} {count} by this station.",
        "unit-arrived": "{code} → {sku} has arrived, Received in {to}.{hold} {left} still on the way.",
        "goods-sent": "{count} × {sku} go out, in transit to {to}.",
        "goods-arrived": "{count} × {sku} have arrived. {left} still on the way.",
        "not-on-list/desk": "{code} of {sku} is not on the list of {number}: by the books it stands in {sending}. "
        "Is it here?",
        "alike-transfer": "{code} is not known, but {known} of {sku} is. Is it {known}?",
        "corrected-transfer": "{code} was corrected to {known}. Is it that unit?",
        "one-by-one/transfer": "{sku} has serials: scan those of its units one by one.",
        "no-quantity-here/transfer": "All that is left is not known here: say how many, or scan them one by one.",
        "product-of-several/transfer": "{code} is a product of {clients}. `transfers send|receive` take --client.",
        "serial-of-several/transfer": "{code} is a serial of {owners}. "
        "`transfers send|receive` take --client and --sku.",
        "transfer-undone": "{what} is taken back: {now}.",
        "nothing-taken/transfer": "Nothing that this station has scanned of {number} is left to take back.",
        "moved-on/transfer": "{what} cannot be taken back: it has moved on since.",
        "nothing-owed/transfer": "Nothing waits for an answer. Undo takes back the last scan.",
        "transfer-complete/out": "{number}: {units} sent, {left} on the way to {to}. Scan the next transfer.",
        "transfer-complete/in": "{number}: {units} taken in, all that was sent has arrived. Scan the next transfer.",
        "transfer-complete/lacks": "{number}: {units} taken in, still on the way: {what}. A supervisor closes it.",
        "transfer-closed/told": "{number} was closed elsewhere: nothing more goes out. "
        "What is in your hands stays here.",
    }
)
_PARTS = Texts(
    {
        "stays-on-hold": " It is on hold, and stays so.",
        "not-sent": "it was not sent",
        "not-arrived": "it is still on the way",
    }
)


def _on_hold(on_hold: str | None) -> str:
    return _PARTS("stays-on-hold") if on_hold is not None else ""


# At a station


def transfer_open(number: str, sending: str, to: str, left: int, *, sends: bool) -> Verdict:
    """A transfer is on the desk."""
    if sends:
        return _TEXTS.shown("transfer-open/out", number, number=number, to=visible(to))
    return _TEXTS.shown("transfer-open/in", number, number=number, sending=visible(sending), left=left)


def transfer_begun(number: str, to: str) -> Verdict:
    """A new one, begun at a station."""
    return _TEXTS.shown("transfer-begun", number, number=number, to=visible(to))


def new_transfer(code: str, to: str) -> Verdict:
    """The name of another warehouse, with nothing open."""
    return _TEXTS.ask("new-transfer", code, to=visible(to))


def no_transfer_open(code: str) -> Verdict:
    """Something else, with nothing open."""
    return _TEXTS.stop("no-transfer-open", code)


def transfer_elsewhere(code: str, number: str, sending: str, to: str, here: str) -> Verdict:
    """A transfer between two other warehouses."""
    sending, to, here = visible(sending), visible(to), visible(here)
    return _TEXTS.stop("transfer-elsewhere", code, number=number, sending=sending, to=to, here=here)


def unit_sent(code: str, sku: str, to: str, count: int, on_hold: str | None) -> Verdict:
    """A unit goes out."""
    return _TEXTS.ok("unit-sent", code, sku=sku, to=visible(to), count=count, hold=_on_hold(on_hold))


def unit_arrived(code: str, sku: str, to: str, left: int, on_hold: str | None) -> Verdict:
    """A unit has arrived."""
    return _TEXTS.ok("unit-arrived", code, sku=sku, to=visible(to), left=left, hold=_on_hold(on_hold))


def goods_sent(code: str, sku: str, count: int, to: str) -> Verdict:
    """Goods without serials go out."""
    return _TEXTS.ok("goods-sent", code, sku=sku, count=count, to=visible(to))


def goods_arrived(code: str, sku: str, count: int, left: int) -> Verdict:
    """They have arrived."""
    return _TEXTS.ok("goods-arrived", code, sku=sku, count=count, left=left)


def is_it_here(code: str, sku: str, number: str, sending: str) -> Verdict:
    """A unit of the sending warehouse that nobody has sent out."""
    return _TEXTS.ask("not-on-list/desk", code, sku=sku, number=number, sending=visible(sending))


def alike_transfer(code: str, known: str, sku: str) -> Verdict:
    """One unit's code differs only by its marks."""
    return _TEXTS.ask("alike-transfer", code, whole=(known,), known=shorten(known), sku=sku)


def corrected_transfer(code: str, known: str) -> Verdict:
    """A correction replaced the code."""
    return _TEXTS.ask("corrected-transfer", code, whole=(known,), known=shorten(known))


def units_one_by_one(code: str, sku: str) -> Verdict:
    """A product whose units have serials."""
    return _TEXTS.stop("one-by-one/transfer", code, sku=sku)


def no_quantity_of_transfer() -> Verdict:
    """SS-QTY-ALL."""
    return _TEXTS.stop("no-quantity-here/transfer")


def sent_product_of_several(code: str, clients: Sequence[str]) -> Verdict:
    """Several clients have a product with this code."""
    return _TEXTS.stop("product-of-several/transfer", code, clients=listed(clients))


def sent_serial_of_several(code: str, owners: Sequence[str]) -> Verdict:
    """Several units that could go have this serial."""
    return _TEXTS.stop("serial-of-several/transfer", code, owners=listed(owners))


def transfer_undone(what: str, *, was_sent: bool) -> Verdict:
    """The last scan was taken back."""
    return _TEXTS.shown("transfer-undone", what=what, now=_PARTS("not-sent" if was_sent else "not-arrived"))


def nothing_of_transfer(number: str) -> Verdict:
    """Undo with nothing left."""
    return _TEXTS.check("nothing-taken/transfer", number=number)


def moved_on_since(what: str) -> Verdict:
    """Undo of something that others have gone on with."""
    return _TEXTS.stop("moved-on/transfer", what=what)


def nothing_waits() -> Verdict:
    """SS-CANCEL."""
    return _TEXTS.check("nothing-owed/transfer")


def all_sent(number: str, count: int, left: int, to: str) -> Verdict:
    """Complete, where it goes out."""
    units = counted(count, "unit")
    return _TEXTS.ok("transfer-complete/out", number, number=number, units=units, left=left, to=visible(to))


def all_taken_in(number: str, count: int, missing: str) -> Verdict:
    """Complete, where it comes in; `missing` is what has not arrived."""
    units = counted(count, "unit")
    if missing:
        return _TEXTS.check("transfer-complete/lacks", number, number=number, units=units, what=missing)
    return _TEXTS.ok("transfer-complete/in", number, number=number, units=units)


def closed_elsewhere(number: str) -> Verdict:
    """A supervisor has closed what is on the desk."""
    return _TEXTS.stop("transfer-closed/told", number, number=number)


# On the command line


def no_transfer(number: str) -> Refused:
    """Nobody knows this number."""
    return _TEXTS.refused("no-transfer", number=shorten(number))


def no_warehouse(name: str) -> Refused:
    """One end of a transfer is not known."""
    return _TEXTS.refused("no-warehouse", name=shorten(name))


def same_warehouse(name: str) -> Refused:
    """Both ends are one."""
    return _TEXTS.refused("same-warehouse", name=visible(name))


def transfer_closed(number: str) -> Refused:
    """Nothing more goes out on it."""
    return _TEXTS.refused("transfer-closed", number=number)


def unknown_for_transfer(code: str, of: str) -> Reason:
    """No unit has the code."""
    return _TEXTS.reason("unknown-code/transfer", code=shorten(code), of=of)


def several_for_transfer(code: str, owners: Sequence[str]) -> Reason:
    """Several units have it."""
    return _TEXTS.reason("ambiguous-code/transfer", code=shorten(code), count=len(owners), owners=joined(owners))


def named_twice(code: str) -> Reason:
    """The same unit a second time, perhaps by its other code."""
    return _TEXTS.reason("twice", code=shorten(code))


def in_another_warehouse(code: str, warehouse: str, number: str, sending: str) -> Reason:
    """It cannot go out from here."""
    there, here = visible(warehouse), visible(sending)
    return _TEXTS.reason("other-warehouse/transfer", code=shorten(code), warehouse=there, number=number, sending=here)


def already_in_transit(code: str, number: str) -> Reason:
    """It was sent before."""
    return _TEXTS.reason("in-transit/sent", code=shorten(code), number=number)


def not_free_to_go(code: str, where: str) -> Reason:
    """It is packed, shipped, disposed of, or in somebody's hands."""
    return _TEXTS.reason("not-free", code=shorten(code), where=where)


def arrived_before(code: str, number: str) -> Reason:
    """It was taken in before."""
    return _TEXTS.reason("arrived", code=shorten(code), number=number)


def not_on_list(code: str, number: str, sending: str) -> Reason:
    """A unit of the sending warehouse that nobody has sent out."""
    return _TEXTS.reason("not-on-list", code=shorten(code), number=number, sending=visible(sending))


def not_on_the_way(code: str, where: str, number: str) -> Reason:
    """It cannot arrive on this transfer."""
    return _TEXTS.reason("not-on-the-way", code=shorten(code), where=where, number=number)


def units_not_quantity(sku: str) -> Refused:
    """Goods with serials do not go by quantity."""
    return _TEXTS.refused("has-serials", sku=visible(sku))


def no_sku_for_transfer(sku: str, client: str) -> Refused:
    """The client has no such product."""
    return _TEXTS.refused("unknown-sku/transfer", sku=shorten(sku), client=shorten(client))


def not_so_many(number: str, sku: str, left: int, count: int) -> Refused:
    """More arrives than was sent."""
    return _TEXTS.refused("not-so-many", number=number, sku=visible(sku), left=left, count=count)


def not_so_many_lost(number: str, sku: str, left: int, count: int) -> Refused:
    """More is found than was lost."""
    return _TEXTS.refused("not-so-many/lost", number=number, sku=visible(sku), left=left, count=count)


def found_where(what: str, number: str, sending: str, to: str) -> Refused:
    """What a transfer lost is found at one of its ends."""
    return _TEXTS.refused("found-where", what=shorten(what), number=number, sending=visible(sending), to=visible(to))


def below_one() -> Refused:
    """No quantity."""
    return _TEXTS.refused("below-one")


def transfer_lacks(number: str, what: str) -> Refused:
    """What was sent has not all arrived."""
    return _TEXTS.refused("missing", number=number, what=what)


def nothing_sent(number: str) -> Refused:
    """An empty transfer."""
    return _TEXTS.refused("nothing-sent", number=number)


def transfer_closed_already(number: str) -> Refused:
    """There is nothing left to decide."""
    return _TEXTS.refused("closed-already", number=number)
