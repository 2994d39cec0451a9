"""A product or a client is called otherwise, or a product takes no new order lines any more (RULES 2.16).

What happened keeps the names of its moment: events, acts and histories say what a thing was called then.
"""

from collections.abc import Callable

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key
from scanstation.domain.commands import read_command
from scanstation.domain.gtin import product_key
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import ListedProduct
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.units import Stamp
from scanstation.store import acts, catalog, orders
from scanstation.store.store import Transaction
from scanstation.workflows.codes import learned
from scanstation.workflows.codes.barcodes import name_trouble
from scanstation.workflows.site import Site

_CANDIDATES = 20
_NAMED_ORDERS = 5


def rename(site: Site, sku: str, new: str, *, client: str | None = None) -> Done | Refused:
    """Give a product another SKU; its units, orders and barcodes go with it, and the old SKU stays as a barcode."""

    def do(tx: Transaction, one: ListedProduct, stamp: Stamp) -> Done | Refused:
        product = one.product
        if refusal := _no_name(site, "SKU", new):
            return refusal
        if new == product.sku:
            return say.named_so_already(product.sku)
        other = catalog.scanned_product(tx, product.client_id, new)
        if other is not None and other.product.id != product.id:
            return say.name_of_another_product(new, other.product.sku)
        catalog.rename_product(tx, product, new, stamp)
        return say.product_renamed(product.sku, one.client, new)

    return _on_product(site, Deed.RENAME, sku, client, do)


def rename_client(site: Site, name: str, new: str) -> Done | Refused:
    """Give a client another name; its products and orders go with it."""
    stamp = site.stamp()

    def do(tx: Transaction) -> Done | Refused:
        known = catalog.client_named(tx, name)
        if known is None:
            return say.no_such_client(name)
        if refusal := _no_name(site, "Client", new):
            return refusal
        if new == known[1]:
            return say.named_so_already(known[1])
        other = catalog.client_named(tx, new)
        if other is not None and other[0] != known[0]:
            return say.name_of_another_client(other[1])
        catalog.rename_client(tx, known[0], new)
        acts.note(tx, "Renamed a client", known[1], stamp, client=new, was=known[1], became=new)
        return say.client_renamed(known[1], new)

    answer = site.act(Deed.RENAME, do)
    return site.logged(answer, code=name)


def retire(site: Site, sku: str, *, client: str | None = None, with_stock: bool = False) -> Done | Refused:
    """Let a product take no new order lines any more.

    Refused while orders want it, and while units of it stand in the warehouses, which nobody could order then.

    Args:
        site: where, and on whose behalf.
        sku: the product.
        client: whose, where several have the SKU.
        with_stock: even though units stand there.
    """

    def do(tx: Transaction, one: ListedProduct, stamp: Stamp) -> Done | Refused:
        product = one.product
        if product.retired_at:
            return say.retired_already(product.sku)
        if wanting := orders.having_open(tx, product.id):
            return say.retired_too_early(product.sku, [f"{one.kind} {one.number}" for one in wanting], _NAMED_ORDERS)
        on_hand = catalog.on_hand(tx, [product.id])[product.id].units
        if on_hand and not with_stock:
            return say.retired_with_stock(product.sku, on_hand)
        catalog.retire(tx, product, stamp, retired=True)
        return say.product_retired(product.sku, one.client, on_hand)

    return _on_product(site, Deed.RETIRE, sku, client, do)


def take_back(site: Site, sku: str, *, client: str | None = None) -> Done | Refused:
    """Let a retired product take order lines again."""

    def do(tx: Transaction, one: ListedProduct, stamp: Stamp) -> Done | Refused:
        if not one.product.retired_at:
            return say.not_retired(one.product.sku)
        catalog.retire(tx, one.product, stamp, retired=False)
        return say.product_is_back(one.product.sku, one.client)

    return _on_product(site, Deed.RETIRE, sku, client, do)


def unlearn(site: Site, sku: str, barcode: str, *, client: str | None = None) -> Done | Refused:
    """Take a barcode that was learned with SS-LEARN off its product."""

    def do(tx: Transaction, one: ListedProduct, stamp: Stamp) -> Done | Refused:
        key = product_key(barcode)
        taught = [known for known in catalog.barcodes_of(tx, one.product.id) if product_key(known.text) == key]
        if not taught or not learned.is_learned(tx, one.product, taught[0]):
            return say.not_learned(barcode)
        learned.forget(tx, one.product, taught[0], stamp)
        return Done(say.unlearned(taught[0].text, one.product.sku))

    return _on_product(site, Deed.LEARN, sku, client, do)


def _on_product(
    site: Site,
    deed: Deed,
    sku: str,
    client: str | None,
    do: Callable[[Transaction, ListedProduct, Stamp], Done | Refused],
) -> Done | Refused:
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        candidates = catalog.products_page(tx, "", None, _CANDIDATES, client=client or "", sku=sku)
        if not candidates:
            return say.no_such_product(sku, _now_called(tx, sku, client))
        if len(candidates) > 1:
            return say.product_of_several_clients(sku, [one.client for one in candidates])
        (as_it_is,) = catalog.locked(tx, [candidates[0].product.id], from_orders_too=deed is Deed.RETIRE)
        if as_it_is != candidates[0].product:
            raise ConcurrencyConflict(f"{sku} was changed meanwhile")
        return do(tx, candidates[0], stamp)

    answer = site.act(deed, act)
    return site.logged(answer, code=sku)


def _now_called(tx: Transaction, sku: str, client: str | None) -> str:
    """The SKU of the product that an old one, or a barcode, leads to."""
    found = [
        one for one in catalog.products_of_code(tx, sku) if client is None or code_key(one.client) == code_key(client)
    ]
    return found[0].product.sku if len(found) == 1 else ""


def _no_name(site: Site, column: str, name: str) -> Refused | None:
    """Why a text can be no SKU or no client's name."""
    if trouble := name_trouble(column, name):
        text = trouble.text[:1].upper() + trouble.text[1:]
        return Refused((type(trouble)(trouble.name, text),))
    if column == "SKU" and read_command(code_key(name), code_key(site.rules.command_prefix)) is not None:
        return say.name_is_a_command(name)
    return None
