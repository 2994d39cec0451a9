"""The five settings of a product and everything that follows from them.

The eight scenarios are `SCENARIOS`, one row each, to be held against the source text
(“Serial Number Setup and Process”) line by line. No other place asks about a setting.
"""

from dataclasses import dataclass
from enum import Enum

from scanstation.domain.language import said_later, word, worded

_NAMES = {"one": "Both Receiving and Packing", "other": "Only Packing", "track": "Track Serial Number"}


class Asks(Enum):
    """Which codes of a unit are asked for."""

    NOTHING = "nothing"
    PRIMARY = "primary"
    BOTH = said_later("primary and secondary")
    EITHER = "either of the two"


class ImportRule(Enum):
    """May serials be imported on an order, and must they?"""

    REFUSED = "refused"
    POSSIBLE = "possible, not needed"
    NEEDED = "needed"


class Admits(Enum):
    """What a code given at packing (by scan or by import) may be. Packed and Shipped never pass."""

    RECEIVED = "known and Received"
    NEW_OR_RECEIVED = "new, or Received"


@dataclass(frozen=True, slots=True)
class TrackingPolicy:
    """What each step asks of a product; one column of RULES §1 a field."""

    scenario: int
    """1 to 8 as in the source; 0 when the product is not tracked."""
    receiving_asks: Asks
    receive_po_allowed: bool
    po_import: ImportRule
    po_import_asks: Asks
    packing_asks: Asks
    packing_admits: Admits
    so_import: ImportRule
    so_import_asks: Asks
    so_import_admits: Admits

    @property
    def tracked(self) -> bool:
        """Does this product have serial numbers at all?"""
        return self.scenario != 0

    @property
    def scans_new_serials(self) -> bool:
        """Are serials that nobody knows yet scanned, at receiving or at packing?"""
        at_packing = self.packing_asks is not Asks.NOTHING and self.packing_admits is Admits.NEW_OR_RECEIVED
        return at_packing or self.receiving_asks is not Asks.NOTHING

    @property
    def two_codes(self) -> bool:
        """Does a unit of this product carry a secondary serial?"""
        return Asks.BOTH in (self.receiving_asks, self.packing_asks, self.po_import_asks, self.so_import_asks)

    @property
    def packing_wants_known(self) -> bool:
        """Must a serial have been Received before it can be packed, by scan or by import?"""
        scans = self.packing_asks is not Asks.NOTHING and self.packing_admits is Admits.RECEIVED
        return scans or (self.so_import is ImportRule.NEEDED and self.so_import_admits is Admits.RECEIVED)

    @property
    def receiving_needs_serials(self) -> bool:
        """Does a received unit owe its serials to this step, by scan or by import?"""
        return self.receiving_asks is not Asks.NOTHING or self.po_import is ImportRule.NEEDED

    @property
    def packing_needs_serials(self) -> bool:
        """Does a packed unit owe its serials to this step, by scan or by import?"""
        return self.packing_asks is not Asks.NOTHING or self.so_import is ImportRule.NEEDED


_KNOWN, _NEW = Admits.RECEIVED, Admits.NEW_OR_RECEIVED
_NO, _MAY, _MUST = ImportRule.REFUSED, ImportRule.POSSIBLE, ImportRule.NEEDED
_0, _1, _2, _E = Asks.NOTHING, Asks.PRIMARY, Asks.BOTH, Asks.EITHER

NOT_TRACKED = TrackingPolicy(0, _0, True, _NO, _0, _0, _KNOWN, _NO, _0, _KNOWN)

#                 receiving  Receive  PO import    packing        SO import
#                   asks    PO button              asks, admits
_ROWS = (
    TrackingPolicy(1, _1, False, _NO, _0, _1, _KNOWN, _NO, _0, _KNOWN),
    TrackingPolicy(2, _0, True, _NO, _0, _1, _NEW, _NO, _0, _NEW),
    TrackingPolicy(3, _2, False, _NO, _0, _E, _KNOWN, _NO, _0, _KNOWN),
    TrackingPolicy(4, _0, True, _NO, _0, _2, _NEW, _NO, _0, _NEW),
    TrackingPolicy(5, _0, True, _MUST, _1, _0, _KNOWN, _MUST, _1, _KNOWN),
    TrackingPolicy(6, _0, True, _MAY, _1, _0, _KNOWN, _MUST, _1, _KNOWN),
    TrackingPolicy(7, _0, True, _MUST, _2, _0, _KNOWN, _MUST, _E, _KNOWN),
    TrackingPolicy(8, _0, True, _MAY, _2, _0, _NEW, _MUST, _2, _NEW),
)

SCENARIOS: dict[int, TrackingPolicy] = {policy.scenario: policy for policy in (NOT_TRACKED, *_ROWS)}
"""The policies by scenario; 0 is a product that is not tracked."""

SCANNED, SCANNED_TWICE = 1, 3
"""What a unit is taken under whose serial was scanned as it came in, or both of them, whatever its product asks."""

_SCENARIO_OF = {
    # (both, only packing, skip scan, secondary): scenario
    (True, False, False, False): 1,
    (False, True, False, False): 2,
    (True, False, False, True): 3,
    (False, True, False, True): 4,
    (True, False, True, False): 5,
    (False, True, True, False): 6,
    (True, False, True, True): 7,
    (False, True, True, True): 8,
}


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """The five switches as they stand on a product."""

    track: bool = False
    both: bool = False
    only_packing: bool = False
    skip_scan: bool = False
    secondary: bool = False

    @property
    def gives_serials_before_packing(self) -> bool:
        """Do units have serials before they are packed, by a scan or by an import?"""
        return self.track and self.both

    def refusal(self) -> str | None:
        """Why these settings cannot be saved, to follow the product's name; None when they can."""
        if not self.track or self.both != self.only_packing:
            return None
        if self.both:
            return word("“{one}” and “{other}” are both on; with {track} on, turn exactly one of them on", **_NAMES)
        return word("“{one}” and “{other}” are both off; with {track} on, turn exactly one of them on", **_NAMES)

    def policy(self) -> TrackingPolicy:
        """The policy that these settings make.

        Raises:
            ValueError: the combination is refused (see `refusal`).
        """
        if reason := self.refusal():
            raise ValueError(reason)
        if not self.track:
            return NOT_TRACKED
        return SCENARIOS[_SCENARIO_OF[self.both, self.only_packing, self.skip_scan, self.secondary]]


def policy_of(scenario: int, *, scenario6_creates: bool = False) -> TrackingPolicy:
    """The policy of a scenario at this site.

    Args:
        scenario: 0 to 8.
        scenario6_creates: the site's answer to RULES 2.1; the shipment import of scenario 6 then takes
            unknown serials as scenario 8 does.
    """
    policy = SCENARIOS[scenario]
    if scenario == 6 and scenario6_creates:
        return TrackingPolicy(6, _0, True, _MAY, _1, _0, _KNOWN, _MUST, _1, _NEW)
    return policy


_ASKS = {
    Asks.NOTHING: said_later("asks for no serial."),
    Asks.PRIMARY: said_later("asks each unit's primary serial."),
    Asks.BOTH: said_later("asks each unit's primary and secondary serial."),
    Asks.EITHER: said_later("asks one code of each unit, either of the two."),
}
_NEEDED = {
    Asks.PRIMARY: said_later("is needed: each unit's primary serial."),
    Asks.BOTH: said_later("is needed: each unit's primary and secondary serial."),
    Asks.EITHER: said_later("is needed: one code of each unit, either of the two."),
}
_POSSIBLE = {
    Asks.PRIMARY: said_later("is possible, not needed: each unit's primary serial."),
    Asks.BOTH: said_later("is possible, not needed: each unit's primary and secondary serial."),
    Asks.EITHER: said_later("is possible, not needed: one code of each unit, either of the two."),
}
_ADMITTED = {
    Admits.RECEIVED: said_later("It must be known and Received; unknown ones are refused."),
    Admits.NEW_OR_RECEIVED: said_later("It may be new, or Received."),
}
_SCANNED = said_later("is refused: serials are scanned.")


def words(policy: TrackingPolicy) -> tuple[tuple[str, str], ...]:
    """What each step does with a product of this policy: the step, and a sentence."""
    if not policy.tracked:
        return ((worded("Not tracked"), worded("Units are counted; no serial is asked, imported or kept.")),)
    packing = worded(_ASKS[policy.packing_asks])
    if policy.packing_asks is not Asks.NOTHING:
        packing = _both(packing, worded(_ADMITTED[policy.packing_admits]))
    return (
        (worded("Receiving"), worded(_ASKS[policy.receiving_asks])),
        (
            worded("Receive PO"),
            worded("takes the whole order unscanned.") if policy.receive_po_allowed else worded(_SCANNED),
        ),
        (worded("PO import"), _import_words(policy.po_import, policy.po_import_asks)),
        (worded("Packing"), packing),
        (worded("SO import"), _import_words(policy.so_import, policy.so_import_asks, policy.so_import_admits)),
    )


def _import_words(rule: ImportRule, asks: Asks, admits: Admits | None = None) -> str:
    if rule is ImportRule.REFUSED:
        return worded(_SCANNED)
    asked = worded((_NEEDED if rule is ImportRule.NEEDED else _POSSIBLE)[asks])
    return _both(asked, worded(_ADMITTED[admits])) if admits else asked


def _both(one: str, other: str) -> str:
    return worded("{one} {other}", one=one, other=other)
