"""A product without a store."""

from scanstation.domain.products import Product
from scanstation.domain.tracking import TrackingSettings

CAM = Product(
    id=1,
    client_id=1,
    sku="cam-1",
    description="",
    settings=TrackingSettings(),
    serial_pattern="",
    serial_hint="",
    secondary_pattern="",
    secondary_hint="",
)
