"""Transfers between warehouses: why something is not sent, not taken in, or not closed."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.sentences.texts import Texts

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
        "below-one": "Give 1 or more.",
        "missing": "{number} lacks {what}. Say what became of it: --missing lost, back, or on-the-way.",
        "nothing-sent": "Nothing was sent on {number}: there is nothing to close.",
        "closed-already": "{number} is closed, and nothing of it is on the way.",
    }
)


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
    return _TEXTS.reason("ambiguous-code/transfer", code=shorten(code), count=len(owners), owners=", ".join(owners))


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
