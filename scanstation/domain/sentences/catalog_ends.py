"""How an act on products and clients ends."""

from collections.abc import Iterable, Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import joined, word
from scanstation.domain.outcome import Done
from scanstation.domain.sentences.texts import Texts

_DONE = Texts(
    {
        "product-made": "{sku} of {client} is a product now.",
        "product-saved": "{sku} is saved: {changes}.",
        "renamed": "{sku} of {client} is {new} now.",
        "client-renamed": "The client {client} is {new} now.",
        "retired": "{sku} of {client} is retired: it takes no new order lines.",
        "would-load": "Would be loaded: {summary}.",
        "back": "{sku} of {client} takes order lines again.",
    }
)
_PARTS = Texts(
    {
        "still-scans": "A label with {sku} still scans: it is a barcode of the product now.",
        "name-it/sku": "Sheets have to name it by its new SKU. Histories keep the old one.",
        "name-it/client": "Sheets have to name it so. Histories keep the old name.",
        "stays-there": "{count} of it stand in the warehouses, and nobody can order them.",
    }
)


def product_is_made(sku: str, client: str) -> Done:
    """A new product."""
    return _DONE.done("product-made", sku=sku, client=shorten(client))


def product_is_saved(sku: str, changes: Sequence[str]) -> Done:
    """A product is otherwise now."""
    return _DONE.done("product-saved", sku=sku, changes=joined(changes))


def product_renamed(sku: str, client: str, new: str) -> Done:
    """A product has another SKU."""
    notes = (_PARTS("still-scans", sku=visible(sku)), _PARTS("name-it/sku"))
    return _DONE.done("renamed", notes, sku=visible(sku), client=visible(client), new=visible(new))


def client_renamed(client: str, new: str) -> Done:
    """A client has another name."""
    return _DONE.done("client-renamed", (_PARTS("name-it/client"),), client=visible(client), new=visible(new))


def product_retired(sku: str, client: str, on_hand: int) -> Done:
    """A product takes no new order lines."""
    notes = [_PARTS("stays-there", count=on_hand)] if on_hand else []
    return _DONE.done("retired", notes, sku=visible(sku), client=visible(client))


def product_is_back(sku: str, client: str) -> Done:
    """A product takes order lines again."""
    return _DONE.done("back", sku=visible(sku), client=visible(client))


def would_be_loaded(summary: str, notes: Iterable[str]) -> Done:
    """What a file would come to."""
    return _DONE.done("would-load", notes, summary=summary or word("nothing"))
