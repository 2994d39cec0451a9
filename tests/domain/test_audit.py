"""What the audit is narrowed to: names compare as codes do, and an order's number only with its kind."""

import pytest

from scanstation.domain.audit import AuditedAct, AuditFilters

CLOSED = AuditedAct(
    at="2026-11-20T09:00:00.000000Z",
    recorded_at="",
    act="Closed short",
    subject="PO N-1",
    warehouse="W-EAST",
    client="NORDWIND",
    order_number="N-1",
    order_kind="PO",
    sku="",
    was="",
    became="",
    reason="lost",
    operator="Ana",
    station="dock-2",
)


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (AuditFilters(), True),
        (AuditFilters(client="nordwind ", warehouse="w-east", purchase_order="n-1"), True),
        (AuditFilters(client="SUED"), False),
        (AuditFilters(shipment_order="N-1"), False),
        (AuditFilters(purchase_order="N-2"), False),
        (AuditFilters(sku="CAM"), False),
    ],
)
def test_names_compare_as_codes_do(filters: AuditFilters, passes: bool) -> None:
    assert filters.lets_pass(CLOSED) is passes
