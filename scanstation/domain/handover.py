"""What the ERP hears: the kind of each message, and how a post is signed and tried again.

Whoever adds a kind of event adds its line to `UNIT_KINDS`; a test fails until it stands there.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from scanstation.domain.defaults import HANDED_OVER_KEPT_DAYS, HOOK_TIMEOUT_S
from scanstation.domain.language import word
from scanstation.domain.status import Move, OrderKind, OrderStatus

UNIT_KINDS: Final[Mapping[Move, str]] = {
    Move.RECEIVE: "unit-received",
    Move.PACK: "unit-packed",
    Move.SHIP: "unit-shipped",
    Move.UNPACK: "unit-unpacked",
    Move.UNSHIP: "unit-unshipped",
    Move.REMOVE: "unit-removed",
    Move.CORRECT: "unit-corrected",
    Move.RETURN: "unit-returned",
    Move.DISPOSE: "unit-disposed",
    Move.SEND: "unit-sent",
    Move.ARRIVE: "unit-arrived",
    Move.BRING_BACK: "unit-brought-back",
    Move.LOSE: "unit-lost",
    Move.FIND: "unit-found-again",
    Move.REGRADE: "unit-regraded",
    Move.HOLD: "unit-on-hold",
    Move.LIFT: "unit-hold-lifted",
}
"""The message of each kind of event."""

REVERSES: Final[Mapping[Move, tuple[Move, ...]]] = {
    Move.UNPACK: (Move.PACK,),
    Move.UNSHIP: (Move.SHIP,),
    Move.REMOVE: (Move.RECEIVE,),
    Move.LIFT: (Move.HOLD,),
    Move.BRING_BACK: (Move.SEND,),
    Move.FIND: (Move.DISPOSE, Move.LOSE),
}
"""What a kind of event takes back: the message names the last of such events of its unit."""

ORDER_KINDS: Final = (
    *("order-loaded", "receipt", "packing", "taken-back", "closed-short", "reopened"),
    *("shipped", "unshipped", "cancelled", "order-status"),
)
"""The messages of what an act did to an order's counts and status."""

ORDER_REVERSES: Final[Mapping[str, str]] = {"unshipped": "shipped", "reopened": "closed-short"}
"""Which message of an order another takes back whole: the last of that kind. `taken-back` lowers what may have come by
several, and `cancelled` takes back none."""

FOLDER: Final = "folder"
HOOK: Final = "url"
"""The names of the two targets."""
HANDED_OVER_ALREADY: Final = "handed-over-already"
"""The reason of a refusal: another process hands over."""
TRIES: Final = 8
"""So often a message is refused before nobody tries it any more by himself."""
LONGEST_WAIT_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class HandoverPlan:
    """Where messages go, as a site has set it."""

    folder: str = ""
    as_csv: bool = False
    url: str = ""
    secret: str = field(default="", repr=False)
    timeout_s: float = HOOK_TIMEOUT_S
    """So long a post may take, with all that belongs to it."""
    keep_days: float = HANDED_OVER_KEPT_DAYS

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of those that are set."""
        return tuple(name for name, value in ((FOLDER, self.folder), (HOOK, self.url)) if value)


@dataclass(frozen=True, slots=True)
class LineCounts:
    """What an order's line counts."""

    ordered: int
    done: int
    closed_short: int


NO_LINE: Final = LineCounts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line before and after an act."""

    line: int
    sku: str
    before: LineCounts
    after: LineCounts


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as it is kept and delivered."""

    number: int
    """Counts from 1 without a gap; the same message has always the same."""
    kind: str
    key: str
    """The order and the unit that it tells of, `;` between: messages of either are delivered in their order."""
    at: str
    body: str
    """JSON."""

    @property
    def keys(self) -> frozenset[str]:
        """The order and the unit, each by itself."""
        return frozenset(self.key.split(";"))


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that a target has not taken yet and that was passed over, with all later ones of its order and unit."""

    number: int
    kind: str
    key: str
    tries: int
    """How often it was refused; 0: it waits for an earlier one."""
    due: str
    """When it is tried again; empty: only by `handover retry`."""
    said: str

    @property
    def is_dead(self) -> bool:
        """Does nobody try it any more by himself?"""
        return self.tries > 0 and not self.due

    @property
    def keys(self) -> frozenset[str]:
        """What it holds back."""
        return frozenset(self.key.split(";"))


@dataclass(frozen=True, slots=True)
class HandoverStand:
    """How a station's own hand-over stands."""

    holder: str = ""
    """The station that hands over in its place; it begins when that one ends."""
    trouble: str = ""
    """What somebody should see to, in sentences."""


def runner_of(station: str, process: int) -> str:
    """Who hands over, as the store knows it."""
    return f"{station}/{process}"


@dataclass(slots=True)
class OrderHeard:
    """What an act has changed of an order, as far as the act has come."""

    status: str
    """Before the act; empty where the act made the order."""
    lines: dict[int, tuple[str, LineCounts]] = field(default_factory=dict)
    """Line → its SKU and its counts before the act."""
    newest_line: int | None = None
    """Before lines were added: those above it are new."""
    act: str = ""
    reason: str = ""


def order_kind(kind: OrderKind, before: str, after: str, lines: Sequence[LineChange]) -> str:
    """What an act did to an order, by what it was before and is now."""
    if after != before and after == OrderStatus.CANCELLED:
        return "cancelled"
    if after != before and after == OrderStatus.SHIPPED:
        return "shipped"
    if after != before and before == OrderStatus.SHIPPED:
        return "unshipped"
    done = sum(one.after.done - one.before.done for one in lines)
    short = sum(one.after.closed_short - one.before.closed_short for one in lines)
    if done > 0:
        return "receipt" if kind is OrderKind.PURCHASE else "packing"
    if done < 0:
        return "taken-back"
    if any(one.after.ordered != one.before.ordered for one in lines) or not before:
        return "order-loaded"
    if short:
        return "closed-short" if short > 0 else "reopened"
    return "order-status"


def signature(secret: str, body: bytes) -> str:
    """What proves to the ERP that a post is the site's own: `sha256=` and HMAC-SHA256 of the body, in hex."""
    return f"sha256={hmac.digest(secret.encode(), body, hashlib.sha256).hex()}"


def wait_s(tries: int) -> float:
    """How long it takes until the next try: one second, doubled each time, five minutes at most."""
    return min(LONGEST_WAIT_S, 2.0 ** min(tries - 1, 20))


def address_trouble(url: str) -> str:
    """What is wrong with the address of a hook, to follow its name; empty where nothing is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")  # as it is looked up: no empty part, none of more than 63 characters
    except ValueError:
        return word("is no address")
    if not host or " " in url or not url.isprintable():
        return word("is no address")
    if parts.scheme == "https" or (parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1")):
        return ""
    return word("is not HTTPS; http:// goes to this host alone (127.0.0.1)")


COLUMNS: Final = (
    *("number", "kind", "at", "operator", "station", "warehouse", "client", "order_kind", "order_number"),
    *("line", "sku", "quantity", "ordered", "done", "closed_short", "order_status", "unit", "event", "status"),
    *(
        "primary_serial",
        "secondary_serial",
        "lot",
        "expiry",
        "best_before",
        "made",
        "source",
        "reason",
        "act",
        "reverses",
    ),
)
"""The columns of a message as CSV."""


def csv_rows(body: Mapping[str, Any]) -> list[list[str]]:
    """A message as rows of `COLUMNS`: one of a unit, one for each line of an order; of an order without, one."""
    order = body["order"] or {}
    shared = {**body, "order_kind": order.get("kind"), "order_number": order.get("number"), "line": order.get("line")}
    rows = [{**shared, **line} for line in body.get("lines") or [{}]]
    return [["" if row.get(name) is None else str(row[name]) for name in COLUMNS] for row in rows]
