"""The screen of each place, and how it comes to the front. Imported when somebody goes there, or has to wait anyway."""

from importlib import import_module
from typing import NamedTuple

from scanstation.screens.base import StationScreen
from scanstation.screens.station import Where


class ScreenPlace(NamedTuple):
    """A screen, and whether it lies on Home alone or on the screen that led there."""

    screen: type[StationScreen]
    on_home: bool = False


_SCREENS = {
    Where.RECEIVE: "desk:ReceivingScreen",
    Where.PACK: "desk:PackingScreen",
    Where.RETURN: "returns:ReturnsScreen",
    Where.TRANSFER: "transfers:TransfersScreen",
    Where.COUNT: "counts:CountsScreen",
    Where.PURCHASE_ORDERS: "orders:PurchaseOrdersScreen",
    Where.SHIPMENT_ORDERS: "orders:ShipmentOrdersScreen",
    Where.ORDER: "order:OrderScreen",
    Where.TRACE: "trace:TraceScreen",
    Where.OVERVIEW: "overview:OverviewScreen",
    Where.SHIP: "ship:ShipScreen",
    Where.IMPORT: "import_wizard:ImportScreen",
    Where.PRODUCTS: "products:ProductsScreen",
    Where.PRODUCT: "product:ProductScreen",
    Where.REPORTS: "reports:ReportsScreen",
    Where.RECALL: "recall:RecallScreen",
    Where.SCANNERS: "scanners:ScannersScreen",
}
_DESKS = (Where.RECEIVE, Where.PACK, Where.RETURN, Where.TRANSFER, Where.COUNT)
_ON_HOME = (*_DESKS, Where.PURCHASE_ORDERS, Where.SHIPMENT_ORDERS)
_EVERY_DAY = (*_ON_HOME, Where.ORDER, Where.TRACE)


def fetch() -> None:
    """Import the screens of every day, while Home is there to be read."""
    for where in _EVERY_DAY:
        place(where)


def place(where: Where) -> ScreenPlace:
    """The screen that shows a place; Home and the way back are no places of their own."""
    module, name = _SCREENS[where].split(":")
    screen = getattr(import_module(f"scanstation.screens.{module}"), name)
    assert issubclass(screen, StationScreen)
    return ScreenPlace(screen, on_home=where in _ON_HOME)
