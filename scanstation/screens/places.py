"""The screens behind the supervisor's keys: each is imported when somebody first goes there, not at the start."""

from scanstation.screens.base import StationScreen
from scanstation.screens.station import Where


def place(where: Where) -> type[StationScreen]:
    """The screen of a place that is rarely in front."""
    if where is Where.OVERVIEW:
        from scanstation.screens.overview import OverviewScreen

        return OverviewScreen
    if where is Where.SHIP:
        from scanstation.screens.ship import ShipScreen

        return ShipScreen
    if where is Where.IMPORT:
        from scanstation.screens.import_wizard import ImportScreen

        return ImportScreen
    if where is Where.PRODUCTS:
        from scanstation.screens.products import ProductsScreen

        return ProductsScreen
    if where is Where.PRODUCT:
        from scanstation.screens.product import ProductScreen

        return ProductScreen
    if where is Where.REPORTS:
        from scanstation.screens.reports import ReportsScreen

        return ReportsScreen
    if where is Where.SCANNERS:
        from scanstation.screens.scanners import ScannersScreen

        return ScannersScreen
    raise ValueError(f"{where} has its own way")
