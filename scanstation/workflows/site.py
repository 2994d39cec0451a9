"""Where an act takes place: the store, the site's choices, who acts and at which station.

The store's modules are imported when it is first used: the station's first screen is painted before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from scanstation.domain.language import day_and_time
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.scanner_traits import ScannerTraits
from scanstation.domain.site_rules import SiteRules

if TYPE_CHECKING:
    from scanstation.domain.operators import Deed, Operator
    from scanstation.domain.tracking import TrackingPolicy, TrackingSettings
    from scanstation.domain.units import Stamp
    from scanstation.store.store import Store, Transaction

Answer = TypeVar("Answer")
Prepared = TypeVar("Prepared")


@dataclass(slots=True)
class Seat:
    """Who works here at the moment. While sign-in is off nobody has to sit down."""

    lock_after_s: float = 0.0
    """So long nothing was done, and whoever sat here has gone; 0: never."""
    ask: Callable[[Site, str], Refused | None] | None = None
    """Asks for what an act lacks (`sign-in`, `pin`), on a command line; a screen asks by itself."""
    speak: Callable[[str], None] | None = None
    """Says everything in this language from now on; '' is the station's own. None where nobody looks at a screen."""
    tick: Callable[[], float] = monotonic
    operator: Operator | None = None
    """Who has signed in."""
    until: str = ""
    """When a day badge ends."""
    proved_pin: str = ""
    """The hash of the PIN that was given for what is being done."""
    _used: float = 0.0

    def sit_down(self, operator: Operator, until: str = "") -> None:
        """Somebody has signed in, in place of whoever was here."""
        self.operator, self.until, self.proved_pin = operator, until, ""
        self.touch()
        if self.speak:
            self.speak(operator.language)

    def get_up(self) -> None:
        """Nobody is here any more."""
        self.operator, self.until, self.proved_pin = None, "", ""
        if self.speak:
            self.speak("")

    def touch(self) -> None:
        """Something was done here."""
        self._used = self.tick()

    def look(self, now: str, used: float = 0.0) -> bool:
        """Has whoever sat here gone, or has the day of the badge ended? Then the seat is free; True if it is so now.

        `used` is when something was last done here that nobody has told, on the clock of `tick`.
        """
        if self.operator is None:
            return False
        self._used = max(self._used, used)
        idle = self.lock_after_s and self.tick() - self._used > self.lock_after_s
        if idle or (self.until and now > self.until):
            self.get_up()
            return True
        return False


@dataclass(frozen=True, slots=True)
class Site:
    """The store, and on whose behalf it is used."""

    store: Store
    operator: str
    station: str
    rules: SiteRules = field(default_factory=SiteRules)
    scanner_traits: ScannerTraits = field(default_factory=ScannerTraits, compare=False)
    """What is known of the scanners of this station."""
    seat: Seat = field(default_factory=Seat, compare=False)
    """Who has signed in at this station."""
    warehouse: str = ""
    """The building that the station stands in; empty where config.toml does not say."""
    prints_labels: bool = False
    """Is the label of a house serial printed as it is given?"""

    @property
    def who(self) -> str:
        """Whoever has signed in, else the operator of the configuration or the login."""
        return self.seat.operator.name if self.seat.operator else self.operator

    def why_not(self, tx: Transaction, deed: Deed, of_work: int | None = None) -> Reason | None:
        """Why whoever is here may not do something, as the store stands in this transaction; None where they may.

        Work that was open before sign-in was turned on goes on without it, as long as nobody else has signed in.
        """
        from scanstation.domain.operators import why_not
        from scanstation.store import operators, works

        self.seat.look(self.store.now())
        one = self.seat.operator
        standing = operators.standing_in_act(tx, one.id if one else None)
        goes_on = one is None and of_work is not None and bool(standing.sign_in_since)
        if goes_on and works.get(tx, of_work or 0).opened_at < standing.sign_in_since:
            return None
        return why_not(deed, standing, proved_pin=self.seat.proved_pin)

    @overload
    def act(
        self,
        deed: Deed,
        do: Callable[[Transaction], Answer],
        *,
        of_work: int | None = None,
        ahead: Callable[[Transaction], None] | None = None,
    ) -> Answer | Refused: ...

    @overload
    def act(
        self,
        deed: Deed,
        do: Callable[[Transaction, Prepared], Answer],
        *,
        prepared: Callable[[Transaction], AbstractContextManager[Prepared]],
    ) -> Answer | Refused: ...

    def act(
        self,
        deed: Deed,
        do: Callable[..., Any],
        *,
        of_work: int | None = None,
        ahead: Callable[[Transaction], None] | None = None,
        **prepared: Any,
    ) -> Any:
        """Do what somebody has a right to, in one transaction; refused there, with nothing done, who has none.

        On a command line, what the act lacks is asked for. For `of_work` see `why_not`, for `prepared` `Store.act`.
        `ahead` says what the act is sure to ask (`store.statements.ask_ahead`), which is asked with whether it may be.

        Raises:
            StoreError: the store cannot be used; nothing was changed.
        """

        # Late, for the first frame needs none of them, and before the act: not while it keeps others from writing.
        from scanstation.domain import sentences
        from scanstation.store import operators, outbox, works  # noqa: F401 - for `why_not`

        sentences.fetch()

        def checked(tx: Transaction, *ready: Any) -> Any:
            outbox.by(tx, self.who, self.station)
            if ahead:
                ahead(tx)
            reason = self.why_not(tx, deed, of_work)
            return Refused((reason,)) if reason else do(tx, *ready)

        return self._asking(lambda: self.store.act(checked, **prepared))

    def may(self, deed: Deed) -> Refused | None:
        """Why whoever is here may not see something, or do what is done past the store; None where they may.

        Raises:
            StoreError: the store cannot be used.
        """

        def look() -> Refused | None:
            with self.store.read() as tx:
                reason = self.why_not(tx, deed)
            return Refused((reason,)) if reason else None

        refusal = self._asking(look)
        return self.log_refusal(refusal) if refusal else None

    def _asking(self, do: Callable[[], Answer | Refused]) -> Answer | Refused:
        """Do something; on a command line, what it lacks is asked for, and it is done again."""
        from scanstation.domain.operators import PIN, SIGN_IN

        answer = do()
        while self.seat.ask and isinstance(answer, Refused) and answer.reasons[0].name in (SIGN_IN, PIN):
            if refusal := self.seat.ask(self, answer.reasons[0].name):
                return refusal
            answer = do()
        self.seat.touch()
        return answer

    @property
    def today(self) -> date:
        """The day at this station."""
        return self.store.clock().astimezone().date()

    def stamp(self) -> Stamp:
        """Now, by this operator, at this station."""
        from scanstation.domain.units import Stamp

        return Stamp(at=self.store.now(), operator=self.who, station=self.station)

    def policy(self, settings: TrackingSettings) -> TrackingPolicy:
        """What the site asks of a product with these settings."""
        return self.policy_of(settings.policy().scenario)

    def policy_of(self, scenario: int) -> TrackingPolicy:
        """What the site asks of units taken under a scenario."""
        return self.rules.policy_of(scenario)

    def at_station(self, station: str) -> Site:
        """The same site, at a station of another name."""
        return replace(self, station=station)

    def log_refusal(self, refusal: Refused, *, order_id: int | None = None, code: str = "") -> Refused:
        """Keep a refusal in the log (its first reason stands for all) and hand it on."""
        from scanstation.domain.operators import PIN

        first = refusal.reasons[0]
        if first.name == PIN:
            return refusal  # it is asked for, and the act is done then
        from scanstation.store import refusals

        stamp = self.stamp()
        self.store.act(
            lambda tx: refusals.log(tx, stamp, order_id=order_id, code=code, reason=first.name, sentence=first.text)
        )
        return refusal

    def logged(self, answer: Answer | Refused, *, order_id: int | None = None, code: str = "") -> Answer | Refused:
        """What an act has come to, handed on; a refusal is kept in the log."""
        return self.log_refusal(answer, order_id=order_id, code=code) if isinstance(answer, Refused) else answer


def nobodys(store: Store) -> Site:
    """A store that nobody in particular uses: where people sign in, refused whatever takes a right."""
    return Site(store, "", "")


class StoreToCome:
    """Stands for a store that is being opened: it knows the time, and that nothing is there yet."""

    where = ""

    def clock(self) -> datetime:
        """This machine's."""
        return datetime.now(UTC)

    def stop_waiting(self) -> None:
        """Nobody waits for it."""

    @classmethod
    def stand_in(cls) -> Store:
        """One, for a `Site` whose store comes later."""
        return cast("Store", cls())


def local_time(stamp: str, now: datetime) -> str:
    """A stored moment as people here read it: the time today, else the date too."""
    moment = datetime.fromisoformat(stamp).astimezone()
    today = now.astimezone().date()
    return moment.strftime("%H:%M") if moment.date() == today else day_and_time(moment)
