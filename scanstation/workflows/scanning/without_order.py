"""What the desks without an order share: where the station stands, and what a code may be before it is anybody's."""

from collections.abc import Collection

from scanstation.store import catalog, orders
from scanstation.store.store import Transaction
from scanstation.workflows.codes.serial_facts import site_names
from scanstation.workflows.site import Site


class Anybodys:
    """What a code may be in place of a serial, before anybody has said whose it is."""

    def __init__(self, site: Site, tx: Transaction) -> None:
        self._site, self._tx = site, tx

    def product_of(self, keys: Collection[str]) -> str | None:
        """Products were looked for already."""
        del keys
        return None

    def name_of(self, key: str) -> str:
        """A warehouse, a client, a station, an operator."""
        return site_names(self._site, self._tx).get(key, "")

    def order_of(self, key: str) -> str:
        """An order, finished or not: it may be on the papers of what comes back."""
        found = orders.find(self._tx, key)
        return found[0].kind.noun if found else ""

    def other_product_of(self, key: str) -> str:
        """Serials were looked for already."""
        del key
        return ""


def station_warehouse(site: Site, tx: Transaction) -> int | None:
    """Where the station stands: as config.toml says, or the only one that there is."""
    if site.warehouse:
        return catalog.warehouse_id(tx, site.warehouse)
    return catalog.only_warehouse(tx)
