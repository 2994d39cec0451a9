"""Which units may be taken."""

import pytest

from scanstation.domain.status import UnitStatus
from scanstation.domain.units import is_free


@pytest.mark.parametrize("status", UnitStatus)
@pytest.mark.parametrize("held_by", [None, 7])
@pytest.mark.parametrize("on_hold", [None, "", "damaged"])
def test_only_a_received_unit_in_nobodys_hands_and_not_on_hold_is_free(
    status: UnitStatus, held_by: int | None, on_hold: str | None
) -> None:
    assert is_free(status, held_by, on_hold) is (status is UnitStatus.RECEIVED and held_by is None and on_hold is None)
