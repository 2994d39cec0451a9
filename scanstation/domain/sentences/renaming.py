"""Why a product or a client is not renamed, or a product not retired."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import joined
from scanstation.domain.outcome import Refused
from scanstation.domain.plurals import counted
from scanstation.domain.sentences.texts import Texts

_TEXTS = Texts(
    {
        "unknown-sku/products": "There is no product {sku}. Check it.",
        "unknown-sku/now": "There is no SKU {sku}: that product is {now} now.",
        "ambiguous-sku": "{count} clients have a product {sku}: {clients}. Choose one with --client.",
        "unknown-client/products": "There is no client {name}. Check it.",
        "as-it-is/name": "It is called {name} already: nothing to rename.",
        "name-taken/product": "{name} stands for {other} already. Choose another.",
        "name-taken/client": "{name} is another client already. Choose another.",
        "command/name": "{name} is a command barcode. Choose another SKU.",
        "as-it-is/retired": "{sku} is retired already.",
        "as-it-is/not-retired": "{sku} is not retired: nothing to take back.",
        "order-open/retiring": "{sku} is on {orders}, not finished yet. Finish those first, then retire it.",
        "has-stock": "{units} of {sku} stand in the warehouses, which nobody could order then. Ship them, dispose of "
        "them, or say --with-stock.",
    }
)
_PARTS = Texts({"more": " and {count} more"})


def no_such_product(sku: str, now: str) -> Refused:
    """No product has the SKU; perhaps it is the old one of a product."""
    if now:
        return _TEXTS.refused("unknown-sku/now", sku=shorten(sku), now=visible(now))
    return _TEXTS.refused("unknown-sku/products", sku=shorten(sku))


def product_of_several_clients(sku: str, clients: Sequence[str]) -> Refused:
    """Products of several clients have the SKU."""
    named = joined([*map(visible, clients)])
    return _TEXTS.refused("ambiguous-sku", count=len(clients), sku=shorten(sku), clients=named)


def no_such_client(name: str) -> Refused:
    """No client has the name."""
    return _TEXTS.refused("unknown-client/products", name=shorten(name))


def named_so_already(name: str) -> Refused:
    """The new name is the old one."""
    return _TEXTS.refused("as-it-is/name", name=visible(name))


def name_of_another_product(name: str, other: str) -> Refused:
    """Another product of the client has the SKU, or a barcode that reads so."""
    return _TEXTS.refused("name-taken/product", name=shorten(name), other=visible(other))


def name_of_another_client(name: str) -> Refused:
    """Another client has the name."""
    return _TEXTS.refused("name-taken/client", name=visible(name))


def name_is_a_command(name: str) -> Refused:
    """A SKU that a scanner would take for a card."""
    return _TEXTS.refused("command/name", name=shorten(name))


def retired_already(sku: str) -> Refused:
    """It was retired before."""
    return _TEXTS.refused("as-it-is/retired", sku=visible(sku))


def not_retired(sku: str) -> Refused:
    """It takes order lines as it is."""
    return _TEXTS.refused("as-it-is/not-retired", sku=visible(sku))


def retired_too_early(sku: str, orders: Sequence[str], most: int) -> Refused:
    """Orders that are not finished have it."""
    named = joined([*map(visible, orders[:most])])
    more = _PARTS("more", count=len(orders) - most) if len(orders) > most else ""
    return _TEXTS.refused("order-open/retiring", sku=visible(sku), orders=named + more)


def retired_with_stock(sku: str, units: int) -> Refused:
    """Units of it stand there."""
    return _TEXTS.refused("has-stock", sku=visible(sku), units=counted(units, "unit"))
