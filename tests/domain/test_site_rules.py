"""What a site decides."""

import pytest

from scanstation.domain.site_rules import SiteRules
from scanstation.domain.tracking import policy_of


@pytest.mark.parametrize("scenario", range(9))
def test_only_scenario_6_is_the_sites_to_change(scenario: int) -> None:
    creating = SiteRules(scenario6_unknown_serials="create").policy_of(scenario)
    assert SiteRules().policy_of(scenario) == policy_of(scenario, scenario6_creates=False)
    assert (creating == SiteRules().policy_of(scenario)) is (scenario != 6)
