"""What a site may decide for itself."""

from dataclasses import dataclass
from typing import Literal

from scanstation.domain.house_serials import DEFAULT_PREFIX
from scanstation.domain.not_serials import PLACEHOLDERS, SiteWords, site_words
from scanstation.domain.ranges import DEFAULT_MOST
from scanstation.domain.sheet_maps import NO_MAP, SheetMap
from scanstation.domain.tracking import TrackingPolicy, policy_of


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What a site may decide for itself; config.toml's [rules], [receiving], [returns] and [commands]."""

    scenario6_unknown_serials: Literal["refuse", "create"] = "refuse"
    over_receipt: Literal["refuse", "confirm"] = "refuse"
    qty_all: Literal["ask", "off"] = "ask"
    """What SS-QTY-ALL does at receiving to goods that no serial counts."""
    unlisted: Literal["confirm", "refuse", "take"] = "confirm"
    """What becomes of a new serial that is not on the list of what is expected (RULES 2.26)."""
    returns_on_hold: bool = True
    """Does everything go on hold that comes back (RULES 2.22)?"""
    command_prefix: str = "SS-"
    refuse_expired: bool = True
    """Is what is behind its use-by refused at packing (RULES 2.29)? Else it is asked about."""
    not_serials: tuple[str, ...] = PLACEHOLDERS
    """What stands where there is no serial (RULES 2.8)."""
    house_prefix: str = DEFAULT_PREFIX
    """What the serials begin with that the site gives where there is none to read."""
    range_max: int = DEFAULT_MOST
    """How many units one range of serials may name (RULES 2.25)."""
    two_persons: bool = False
    """Is a hold released, and what a count lacks written off, by another person than who set it, or counted?"""
    reasons: tuple[str, ...] = ()
    """What the cards SS-REASON-1, SS-REASON-2 … say where a reason is asked."""

    sheet_map: SheetMap = NO_MAP
    """What sheets are read by that do not have our headers ([load.map])."""

    @property
    def words(self) -> SiteWords:
        """What of the site is no serial."""
        return site_words(self.command_prefix, self.not_serials)

    def policy_of(self, scenario: int) -> TrackingPolicy:
        """What the site asks of units taken under a scenario."""
        return policy_of(scenario, scenario6_creates=self.scenario6_unknown_serials == "create")
