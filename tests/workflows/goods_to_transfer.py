"""Goods in two warehouses, to be sent from the one to the other."""

from scanstation.workflows.site import Site
from tests import builders
from tests.serials import opening
from tests.workflows.at_the_desk import receive


def laptops_and_cables(site: Site) -> list[int]:
    """Three laptops Received in W-EAST, whose ids are returned, one in W-WEST, and fifty cables."""
    builders.product(site, "LAP", 3)
    builders.product(site, "CBL", 0)
    builders.purchase(site, "N-1", {"CBL": 50})
    receive(site, "N-1", "SS-QTY-50", "CBL")
    laptops = opening(site, "NORDWIND", "W-EAST", "LAP", ("A1", "M1"), ("A2", "M2"), ("A3", "M3"))
    opening(site, "NORDWIND", "W-WEST", "LAP", ("W1", "X1"))
    return laptops
