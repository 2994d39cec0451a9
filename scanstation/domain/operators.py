"""Who may do what (RULES 2.20): rights, roles that name sets of them, and the one table of what each act needs.

Whoever adds an act adds a line to `Deed`; `Site.act` runs nothing without one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import pairwise
from typing import Final

from scanstation.domain import sentences as say
from scanstation.domain.language import word
from scanstation.domain.outcome import Reason, Refused


class Right(StrEnum):
    """What an operator may be allowed; the value is how sheets, commands and the store write it."""

    RECEIVE = "receive"
    PACK = "pack"
    RETURN = "return"
    COUNT = "count"
    SHIP = "ship"
    RELEASE = "release"
    CORRECT = "correct"
    IMPORT = "import"
    PRODUCTS = "products"
    OPERATORS = "operators"
    VIEW = "view"

    @property
    def with_pin(self) -> bool:
        """Does all that needs this right ask a PIN too?"""
        return self in (Right.RELEASE, Right.CORRECT, Right.OPERATORS)


class Deed(Enum):
    """Each act that changes something, or shows what not everybody may see: its words, its right, and its PIN.

    The words complete 'Ana may not …'. No right: everybody may who has signed in.
    """

    RECEIVE = "receive", Right.RECEIVE
    PACK = "pack", Right.PACK
    PACK_WITHOUT_SERIAL = "pack a unit without a readable serial", Right.CORRECT
    RECEIVE_ORDER = "receive a whole order", Right.RECEIVE
    NOTE_DISCREPANCY = "note a discrepancy", Right.RECEIVE
    SETTLE_DISCREPANCY = "settle a discrepancy", Right.RECEIVE
    RETURN = "take returns", Right.RETURN
    CLOSE_RETURN = "close a return", Right.CORRECT
    TAKE_OVER_RECEIPT = "take over a receipt", Right.RECEIVE
    TAKE_OVER_PACKING = "take over a packing", Right.PACK
    SEND_OUT = "send goods to another warehouse", Right.PACK
    TAKE_IN = "take in goods of another warehouse", Right.RECEIVE
    CLOSE_TRANSFER = "close a transfer", Right.CORRECT
    COUNT = "count stock", Right.COUNT
    WRITE_OFF = "write off what is missing", Right.CORRECT
    FIND = "take a write-off back", Right.CORRECT
    SHIP = "ship an order", Right.SHIP
    SHIP_WITHOUT_SERIALS = "ship an order without its serials", Right.CORRECT
    UNSHIP = "take a shipment back", Right.CORRECT
    CLOSE_SHORT = "close an order short", Right.CORRECT
    REOPEN = "reopen an order", Right.CORRECT
    CANCEL_ORDER = "cancel an order", Right.CORRECT
    MARK_RETURNS = "mark an order as bringing units back", Right.CORRECT
    LOWER = "lower a received count", Right.CORRECT
    UNPACK = "unpack a unit", Right.CORRECT
    UNRECEIVE = "unreceive a unit", Right.CORRECT
    DISPOSE = "dispose of a unit", Right.CORRECT
    SWAP = "swap a unit", Right.CORRECT
    REGRADE = "regrade a unit", Right.CORRECT
    CORRECT_CODE = "correct a serial", Right.CORRECT
    PUT_ON_HOLD = "put a unit on hold", None
    RELEASE = "lift a hold", Right.RELEASE
    RELEASE_EXPIRED = "pack what is past its use-by", Right.RELEASE
    IMPORT_SERIALS = "import serials", Right.IMPORT
    IMPORT_OTHERS = "import serials that were not scanned", Right.CORRECT
    ENTER_DOWNTIME = "enter what others wrote down", Right.IMPORT, True
    REMOVE_SERIALS = "remove imported serials", Right.IMPORT, True
    LOAD = "load sheets", Right.IMPORT
    EXPECT = "load expected serials", Right.IMPORT
    REMOVE_EXPECTED = "remove expected serials", Right.IMPORT, True
    HAND_OVER = "hand messages over", Right.IMPORT
    CHANGE_PRODUCT = "change a product", Right.PRODUCTS
    LEARN = "learn a barcode", Right.PRODUCTS
    RENAME = "rename a product or client", Right.PRODUCTS
    RETIRE = "retire a product", Right.PRODUCTS
    CHANGE_OPERATORS = "change operators", Right.OPERATORS
    BACK_UP = "back the store up", Right.OPERATORS
    RESTORE = "restore a backup", Right.OPERATORS
    VIEW = "read reports", Right.VIEW

    def __init__(self, words: str, right: Right | None, with_pin: bool | None = None) -> None:
        self._words = words
        self.right = right
        self.with_pin = (right is not None and right.with_pin) if with_pin is None else with_pin

    @property
    def words(self) -> str:
        """What is done, to follow `may not`."""
        return word(self._words)


ROLES: Final[Mapping[str, frozenset[Right]]] = {
    "receiver": frozenset({Right.RECEIVE, Right.RETURN}),
    "packer": frozenset({Right.PACK}),
    "shipper": frozenset({Right.SHIP}),
    "counter": frozenset({Right.COUNT}),
    "clerk": frozenset({Right.IMPORT, Right.PRODUCTS, Right.VIEW}),
    "supervisor": frozenset(Right) - {Right.OPERATORS},
    "manager": frozenset(Right),
}
"""The roles that are there from the start; a site adds its own."""


def rights_of(roles: Iterable[str], rights: Iterable[Right], known: Mapping[str, frozenset[Right]]) -> frozenset[Right]:
    """All rights of somebody with these roles, and rights besides; a role that nobody knows any more gives none."""
    return frozenset(rights).union(*(known.get(role, frozenset()) for role in roles))


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may sign in, or a service account: a folder or a script that acts under a name."""

    id: int
    name: str
    roles: tuple[str, ...]
    extra: frozenset[Right]
    """Rights beside those of the roles."""
    rights: frozenset[Right]
    """All of them."""
    is_service: bool = False
    is_disabled: bool = False
    language: str = ""
    """What they read at a station, as `ui.language` names it; empty: what the station speaks."""
    pin: str = ""
    """The hash of the PIN; empty where there is none."""
    badges: int = 0
    """How many badges are good now; not read with every act."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the site stands to whoever acts."""

    sign_in_since: str
    """When sign-in was turned on; empty while it is off."""
    operator: Operator | None = None
    """Who has signed in, as the store knows him now."""


def why_not(deed: Deed, standing: Standing, *, proved_pin: str) -> Reason | None:
    """Why an act may not be done by whoever has signed in; None where it may.

    `proved_pin` is the hash that a PIN was held against, which a reset makes worthless.
    """
    if not standing.sign_in_since:
        return None
    one = standing.operator
    if one is None:
        return say.sign_in_to_act(what=deed.words)
    if one.is_disabled:
        return say.disabled_to_act(name=one.name, what=deed.words)
    if deed.right is not None and deed.right not in one.rights:
        return say.no_right(name=one.name, what=deed.words, right=deed.right)
    if deed.with_pin and not (one.pin and one.pin == proved_pin):
        if not one.pin:
            return say.no_pin(name=one.name, what=deed.words)
        return say.pin_to_act(what=deed.words)
    return None


SIGN_IN, PIN = "sign-in", "pin"
"""The names of two refusals that a badge, or a PIN, makes good."""

# PINs

PIN_DIGITS: Final = 6
_FREE_TRIES: Final = 5
_LONGEST_WAIT_S: Final = 300


def weak_pin(pin: str) -> Refused | None:
    """What is wrong with a new PIN; None where it will do."""
    if not (pin.isascii() and pin.isdigit() and PIN_DIGITS <= len(pin) <= 32):
        return say.short_pin(PIN_DIGITS)
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return say.plain_pin()
    return None


def wait_after(failures: int) -> int:
    """Seconds that the whole site waits after so many wrong PINs and unknown badges: 5 are free."""
    return min(_LONGEST_WAIT_S, 2 ** (failures - _FREE_TRIES + 1)) if failures >= _FREE_TRIES else 0


FORGET_AFTER_S: Final = 900
"""So long nothing was wrong, and what was wrong before is forgotten."""
