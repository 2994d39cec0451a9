"""What the rules of serials judge by, read from the store: one fact at a time at a desk, all at once for a file."""

from collections.abc import Callable, Collection, Mapping, Sequence

from scanstation.domain.codes import code_key
from scanstation.domain.import_facts import Alike
from scanstation.domain.imports import FoundUnit
from scanstation.domain.language import said_later
from scanstation.domain.marks import rough_of
from scanstation.domain.products import Product
from scanstation.domain.status import OrderKind
from scanstation.domain.units import Unit
from scanstation.store import batches, catalog, names, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials
from scanstation.workflows.site import Site


class AtDesk:
    """What one new serial is held against (`not_serials.Facts`), each looked up when it is asked for."""

    def __init__(
        self,
        site: Site,
        tx: Transaction,
        product: Product,
        warehouse_id: int | None,
        owners: Callable[[str], list[Unit]] | None = None,
    ) -> None:
        self._site, self._tx, self._product, self._warehouse_id = site, tx, product, warehouse_id
        self._owners = owners or (lambda key: units.of_client(tx, product.client_id, key))
        """The client's units that have a code; whoever has read them already says so."""
        self._has_name: tuple[str, tuple[str, OrderKind | None]] | None = None
        """The last code that was looked for among names and numbers, and what has it."""

    def product_of(self, keys: Collection[str]) -> str | None:
        """The SKU that one of these product codes stands for."""
        return catalog.sku_of_codes(self._tx, self._product.client_id, keys)

    def name_of(self, key: str) -> str:
        """What has this name."""
        return _own_names(self._site).get(key) or self._named(key)[0]

    def order_of(self, key: str) -> str:
        """What kind of open order has this number."""
        kind = self._named(key)[1]
        return kind.noun if kind else ""

    def _named(self, key: str) -> tuple[str, OrderKind | None]:
        """Both of these are asked of nearly every new code, and read at once."""
        if self._has_name is None or self._has_name[0] != key:
            self._has_name = (key, names.of_key(self._tx, self._product.client_id, key))
        return self._has_name[1]

    def other_product_of(self, key: str) -> str:
        """Another product that has this serial in this warehouse."""
        other = self.other_unit(key)
        return catalog.product(self._tx, other.product_id).sku if other and self.is_here(other) else ""

    def other_unit(self, key: str) -> Unit | None:
        """A unit of another product of the client that has this serial; one in this warehouse before others."""
        others = [unit for unit in self._owners(key) if unit.product_id != self._product.id]
        return min(others, key=lambda unit: not self.is_here(unit), default=None)

    def is_here(self, unit: Unit) -> bool:
        """Does it stand in this warehouse?"""
        return unit.warehouse_id == self._warehouse_id and not unit.status.has_left


def site_names(site: Site, tx: Transaction) -> Mapping[str, str]:
    """All names of the site as keys → what each is: `a station`."""
    return names.everything(tx) | _own_names(site)


def _own_names(site: Site) -> dict[str, str]:
    return {code_key(site.operator): said_later("an operator"), code_key(site.station): said_later("a station")}


def known_and_alike(
    tx: Transaction, keys: Sequence[str], products: Mapping[int, Product], among: Collection[int] | None
) -> tuple[dict[int, dict[str, FoundUnit]], dict[int, Alike]]:
    """The units that have one of these codes, and those of the products that have one which an unknown code may be.

    Args:
        tx: the transaction to look in.
        keys: the codes.
        products: whose codes they may be, by id.
        among: the products whose units are looked for; without them those of all.
    """
    known = batches.units_of_keys(tx, keys, among)
    theirs = (known.get(product_id, {}) for product_id in products)
    everywhere = set(keys).difference(*theirs) if len(products) == 1 else set(keys)
    if not everywhere or not products:
        return known, {}
    alike = batches.alike_keys(tx, set(rough_of(everywhere)), products.keys())
    spelled = {key for of_product in alike.values() for some in of_product.values() for key in some}
    units = batches.units_of_keys(tx, spelled, products.keys()) if spelled else {}
    likely: dict[int, Alike] = {
        product_id: {
            rough_key: [(key, unit) for key in some if (unit := units.get(product_id, {}).get(key)) is not None]
            for rough_key, some in of_product.items()
        }
        for product_id, of_product in alike.items()
    }
    for product_id, of_likely in likely.items():
        if label_serials.ignores_separators(products[product_id]):  # such a code of the file may be one of these
            known[product_id].update(pair for some in of_likely.values() for pair in some)
    return known, likely
