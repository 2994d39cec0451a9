"""How much room a line has for imported serials."""

import pytest

from scanstation.domain.imports import ImportedCount, room_left
from scanstation.domain.tracking import policy_of


@pytest.mark.parametrize(
    ("takes", "imported", "left"),
    [
        ({5: 3}, ImportedCount(), {5: 3}),
        ({5: 3}, ImportedCount(one_code=2), {5: 1}),
        ({5: 3, 7: 2}, ImportedCount(two_codes=2), {5: 3, 7: 0}),
        ({5: 3, 7: 2}, ImportedCount(one_code=4), {5: 0, 7: 1}),
        ({5: 1}, ImportedCount(one_code=2), {5: -1}),
    ],
)
def test_imported_units_fill_the_scenario_of_as_many_codes_first(
    takes: dict[int, int], imported: ImportedCount, left: dict[int, int]
) -> None:
    assert room_left(takes, imported, lambda scenario: policy_of(scenario, scenario6_creates=False)) == left
