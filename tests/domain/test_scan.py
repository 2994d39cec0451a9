"""One scan."""

from dataclasses import replace

from scanstation.domain.scan import Scan, new_op_id


def test_every_scan_is_an_act_of_its_own_and_a_retry_is_the_same() -> None:
    one, other = Scan("SN-1"), Scan("SN-1")
    assert one.op_id != other.op_id
    assert replace(one, note="mended").op_id == one.op_id
    assert len({new_op_id() for _ in range(1000)}) == 1000


def test_when_it_came_is_no_part_of_what_it_is() -> None:
    one = Scan("SN-1", op_id="a", came_at=1)
    assert one == Scan("SN-1", op_id="a", came_at=2)
