"""Where an act takes place: the store, the site's choices, who acts and at which station."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from scanstation.domain.guns import Guns
from scanstation.domain.not_serials import PLACEHOLDERS, SiteWords, site_words
from scanstation.domain.outcome import Refused
from scanstation.domain.tracking import TrackingPolicy, TrackingSettings, policy_of
from scanstation.domain.units import Stamp
from scanstation.store import refusals
from scanstation.store.store import Store


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What a site may decide for itself; config.toml's [rules], [receiving] and [commands]."""

    scenario6_unknown_serials: Literal["refuse", "create"] = "refuse"
    over_receipt: Literal["refuse", "confirm"] = "refuse"
    command_prefix: str = "SS-"
    not_serials: tuple[str, ...] = PLACEHOLDERS
    """What stands where there is no serial (RULES 2.8)."""

    @property
    def words(self) -> SiteWords:
        """What of the site is no serial."""
        return site_words(self.command_prefix, self.not_serials)


@dataclass(frozen=True, slots=True)
class Site:
    """The store, and on whose behalf it is used."""

    store: Store
    operator: str
    station: str
    rules: SiteRules = field(default_factory=SiteRules)
    guns: Guns = field(default_factory=Guns, compare=False)
    """What is known of the scanners of this station."""

    def stamp(self) -> Stamp:
        """Now, by this operator, at this station."""
        return Stamp(at=self.store.now(), operator=self.operator, station=self.station)

    def policy(self, settings: TrackingSettings) -> TrackingPolicy:
        """What the site asks of a product with these settings."""
        return self.policy_of(settings.policy().scenario)

    def policy_of(self, scenario: int) -> TrackingPolicy:
        """What the site asks of units taken under a scenario."""
        return policy_of(scenario, scenario6_creates=self.rules.scenario6_unknown_serials == "create")

    def at_station(self, station: str) -> "Site":
        """The same site, at a station of another name."""
        return replace(self, station=station)

    def log_refusal(self, refusal: Refused, *, order_id: int | None = None, code: str = "") -> Refused:
        """Keep a refusal in the log (its first reason stands for all) and hand it on."""
        first = refusal.reasons[0]
        stamp = self.stamp()
        self.store.act(
            lambda tx: refusals.log(tx, stamp, order_id=order_id, code=code, reason=first.name, sentence=first.text)
        )
        return refusal


def local_time(stamp: str, now: datetime) -> str:
    """A stored moment as people here read it: the time today, else the date too."""
    moment = datetime.fromisoformat(stamp).astimezone()
    today = now.astimezone().date()
    return moment.strftime("%H:%M") if moment.date() == today else moment.strftime("%d %b %Y %H:%M")
