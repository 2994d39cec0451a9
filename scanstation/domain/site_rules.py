"""What a site may decide for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scanstation.domain.defaults import HOUSE_PREFIX, PLACEHOLDERS, UNITS_IN_RANGE

if TYPE_CHECKING:
    from scanstation.domain.not_serials import SiteWords
    from scanstation.domain.sheet_maps import SheetMap
    from scanstation.domain.tracking import TrackingPolicy


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
    house_prefix: str = HOUSE_PREFIX
    """What the serials begin with that the site gives where there is none to read."""
    range_max: int = UNITS_IN_RANGE
    """How many units one range of serials may name (RULES 2.25)."""
    two_persons: bool = False
    """Is a hold released, and what a count lacks written off, by another person than who set it, or counted?"""
    reasons: tuple[str, ...] = ()
    """What the cards SS-REASON-1, SS-REASON-2 … say where a reason is asked."""

    own_map: SheetMap | None = None
    """What config.toml says that sheets are read by which do not have our headers ([load.map])."""

    @property
    def sheet_map(self) -> SheetMap:
        """What such sheets are read by; one that knows no other header where nothing was set."""
        from scanstation.domain.sheet_maps import NO_MAP

        return self.own_map or NO_MAP

    @property
    def words(self) -> SiteWords:
        """What of the site is no serial."""
        from scanstation.domain.not_serials import site_words

        return site_words(self.command_prefix, self.not_serials)

    def policy_of(self, scenario: int) -> TrackingPolicy:
        """What the site asks of units taken under a scenario."""
        from scanstation.domain.tracking import policy_of

        return policy_of(scenario, scenario6_creates=self.scenario6_unknown_serials == "create")
