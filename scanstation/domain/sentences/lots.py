"""Lots and dates: contradicted, past."""

from scanstation.domain.codes import shorten, visible
from scanstation.domain.lots import Contradiction, LotHold
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Verdict

EXPIRED = "expired"
RELEASE_KEY = "F7"
RELEASED, IN_AUDIT = "Released past its use-by", "in the audit"
"""The act as the audit calls it, and where its reason is."""
_TEXTS = Texts(
    {
        "other-lot": "{code}: its label says {what} {given}, and kept is {kept}. Take it as {kept}?",
        "expired": "{code} is past its use-by, {day}. Put it aside and scan another unit, or release it with {key}.",
        "expired/swap": "{unit} is past its use-by, {day}. Scan another unit.",
        "on-hold/lot-swap": "{unit}: lot {lot} is on hold: {why}. Scan another unit.",
        "other-lot/swap": "{unit}: its label says {what} {given}, and kept is {kept}. Look at it: its serial alone, "
        "typed, takes it as {kept}.",
        "nothing-to-release": "Nothing here is refused for its use-by.",
        "expired/asked": "{code} is past its use-by, {day}. Pack it all the same?",
        "on-hold/lot": "{code}: lot {lot} is on hold since {at}, {station}, by {operator}: {why}. "
        "Put it aside and scan another unit.",
        "lot-on-hold-already": "Lot {lot} of {sku} is on hold already, by {operator}: {why}.",
        "lot-not-on-hold": "No hold stands on lot {lot} of {sku}. `hold --list` shows those that do.",
        "unknown-sku/lot": "No client has the SKU {sku}. Check it.",
        "unknown-sku/lot-of-client": "{client} has no SKU {sku}. Check it.",
        "bad-lot": "{lot} is no lot: {why}.",
        "past-best-before": "{code} is past its best-before, {day}. Pack it all the same?",
    }
)


def other_lot(code: str, one: Contradiction) -> Verdict:
    """A label says another lot or date than what is kept of the unit; yes takes it, and what is kept stays."""
    given, kept = shorten(one.given), shorten(one.kept)
    return _TEXTS.ask("other-lot", code, whole=(one.given, one.kept), what=one.what, given=given, kept=kept)


def expired(code: str, day: str) -> Verdict:
    """What is to be packed is past its use-by."""
    return _TEXTS.stop(EXPIRED, code, day=day, key=RELEASE_KEY)


def swapped_past_use_by(unit: str, day: str) -> Refused:
    """What is to go into a packed order is past its use-by."""
    return _TEXTS.refused("expired/swap", unit=unit, day=day)


def swapped_of_lot_on_hold(unit: str, hold: LotHold) -> Refused:
    """What is to go into a packed order is of a lot that is on hold, as its label says."""
    return _TEXTS.refused("on-hold/lot-swap", unit=unit, lot=shorten(hold.lot), why=shorten(hold.reason, 60))


def swapped_with_other_lot(unit: str, one: Contradiction) -> Refused:
    """The label of what is to go in says another lot or date than what is kept."""
    given, kept = shorten(one.given), shorten(one.kept)
    return _TEXTS.refused("other-lot/swap", unit=unit, what=one.what, given=given, kept=kept)


def nothing_to_release() -> Refused:
    """No scan waits for somebody with the right to release."""
    return _TEXTS.refused("nothing-to-release")


def expired_asked(code: str, day: str) -> Verdict:
    """The same where a site has it asked."""
    return _TEXTS.ask("expired/asked", code, day=day)


def lot_on_hold(code: str, lot: str, reason: str, at: str, station: str, operator: str) -> Verdict:
    """What is to be packed is of a lot that is on hold, as its label says."""
    station, operator = visible(station), visible(operator)
    lot, why = shorten(lot), shorten(reason, 60)
    return _TEXTS.stop("on-hold/lot", code, lot=lot, at=at, station=station, operator=operator, why=why)


def lot_on_hold_already(hold: LotHold) -> Refused:
    """A second hold on a lot."""
    lot, sku, operator = shorten(hold.lot), visible(hold.sku), visible(hold.operator)
    return _TEXTS.refused("lot-on-hold-already", lot=lot, sku=sku, operator=operator, why=shorten(hold.reason, 60))


def lot_not_on_hold(sku: str, lot: str) -> Refused:
    """There is nothing to lift."""
    return _TEXTS.refused("lot-not-on-hold", sku=visible(sku), lot=shorten(lot))


def no_sku_of_lot(sku: str, client: str) -> Refused:
    """Nobody has this product."""
    if client:
        return _TEXTS.refused("unknown-sku/lot-of-client", sku=shorten(sku), client=shorten(client))
    return _TEXTS.refused("unknown-sku/lot", sku=shorten(sku))


def no_lot(lot: str, why: str) -> Refused:
    """No label carries such a lot."""
    return _TEXTS.refused("bad-lot", lot=shorten(lot), why=why)


def past_best_before(code: str, day: str) -> Verdict:
    """What is to be packed is past its best-before."""
    return _TEXTS.ask("past-best-before", code, day=day)
