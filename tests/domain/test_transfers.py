"""What is on its way between two warehouses."""

from scanstation.domain.transfers import Leg, TransferGoods


def test_what_nobody_has_seen_since_it_was_sent_is_on_the_way() -> None:
    goods = TransferGoods(product_id=1, client="NORDWIND", sku="CBL", sent=10, arrived=4, back=1, lost=2)
    assert goods.on_the_way == 3
    assert [goods.count(leg) for leg in Leg] == [3, 4, 1, 2]
