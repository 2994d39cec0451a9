"""The screen of each place, and how it comes to the front. Those rarely seen are imported when somebody goes there."""

from importlib import import_module
from typing import NamedTuple

from scanstation.screens.base import StationScreen
from scanstation.screens.desk import PackingScreen, ReceivingScreen
from scanstation.screens.order import OrderScreen
from scanstation.screens.orders import PurchaseOrdersScreen, ShipmentOrdersScreen
from scanstation.screens.station import Where
from scanstation.screens.trace import TraceScreen


class ScreenPlace(NamedTuple):
    """A screen, and whether it lies on Home alone or on the screen that led there."""

    screen: type[StationScreen]
    on_home: bool = False


_AT_ONCE = {
    Where.RECEIVE: ScreenPlace(ReceivingScreen, on_home=True),
    Where.PACK: ScreenPlace(PackingScreen, on_home=True),
    Where.PURCHASE_ORDERS: ScreenPlace(PurchaseOrdersScreen, on_home=True),
    Where.SHIPMENT_ORDERS: ScreenPlace(ShipmentOrdersScreen, on_home=True),
    Where.ORDER: ScreenPlace(OrderScreen),
    Where.TRACE: ScreenPlace(TraceScreen),
}
_LATER = {
    Where.OVERVIEW: "overview:OverviewScreen",
    Where.SHIP: "ship:ShipScreen",
    Where.IMPORT: "import_wizard:ImportScreen",
    Where.PRODUCTS: "products:ProductsScreen",
    Where.PRODUCT: "product:ProductScreen",
    Where.REPORTS: "reports:ReportsScreen",
    Where.SCANNERS: "scanners:ScannersScreen",
}


def place(where: Where) -> ScreenPlace:
    """The screen that shows a place; Home and the way back are no places of their own."""
    if found := _AT_ONCE.get(where):
        return found
    module, name = _LATER[where].split(":")
    screen = getattr(import_module(f"scanstation.screens.{module}"), name)
    assert issubclass(screen, StationScreen)
    return ScreenPlace(screen)
