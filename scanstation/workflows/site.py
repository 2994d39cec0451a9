"""Where an act takes place: the store, the site's choices, who acts and at which station."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from scanstation.domain.outcome import Refused
from scanstation.domain.scanner_traits import ScannerTraits
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.tracking import TrackingPolicy, TrackingSettings
from scanstation.domain.units import Stamp
from scanstation.store import refusals
from scanstation.store.store import Store


@dataclass(frozen=True, slots=True)
class Site:
    """The store, and on whose behalf it is used."""

    store: Store
    operator: str
    station: str
    rules: SiteRules = field(default_factory=SiteRules)
    scanner_traits: ScannerTraits = field(default_factory=ScannerTraits, compare=False)
    """What is known of the scanners of this station."""

    def stamp(self) -> Stamp:
        """Now, by this operator, at this station."""
        return Stamp(at=self.store.now(), operator=self.operator, station=self.station)

    def policy(self, settings: TrackingSettings) -> TrackingPolicy:
        """What the site asks of a product with these settings."""
        return self.policy_of(settings.policy().scenario)

    def policy_of(self, scenario: int) -> TrackingPolicy:
        """What the site asks of units taken under a scenario."""
        return self.rules.policy_of(scenario)

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
