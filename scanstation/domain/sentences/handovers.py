"""Why a message to an ERP is not handed over, shown, tried again or dropped; how a station's own hand-over stands."""

from scanstation.domain.codes import visible
from scanstation.domain.handover import HandoverPlan, HandoverStand
from scanstation.domain.language import joined
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Verdict

_TEXTS = Texts(
    {
        "no-target": "Messages have nowhere to go. Set folder or url in config.toml, [handover].",
        "handed-over-already": "Messages are handed over by another process, at {station}. End that one first.",
        "not-failed": "Message {number} was not refused by anybody. See `scanstation handover list`.",
        "still-tried": "Message {number} was refused by nobody for good, and only such a one is dropped. "
        "See `scanstation handover list`.",
        "sign-in/hand-over": "People sign in here. Name a service account that has the right import in config.toml, "
        "[handover] operator, and the file with its PIN in {variable}; then open this station anew.",
        "handing-over/here": "This station hands messages for the ERP over, to {targets}.",
        "handing-over/begins": "This station begins to hand messages for the ERP over, to {targets}.",
        "handing-over/elsewhere": "Messages for the ERP are handed over at {station}, and here when that ends.",
        "handing-over/trouble": "{trouble} Nothing is lost.",
        "handing-over/nobody": "Nobody hands messages over to the ERP. Run `scanstation handover run`, or set "
        "by_stations in config.toml, [handover], and open a station.",
        "handing-over/held": "Messages for the ERP are handed over at {station}.",
        "unknown-message": "There is no message {number}. It may have been taken and forgotten; "
        "see `scanstation handover list`.",
    }
)

_PARTS = Texts(
    {
        "here": "from here to {targets}",
        "begins": "begins",
        "at": "at {station}",
        "refused-for-good": "Messages that were refused for good: {count}. See `scanstation handover list`.",
        "ended": "The process that hands messages over to the ERP ended by itself ({status}); another is begun.",
        "not-begun": "No process was started to hand messages over to the ERP: {why}.",
    }
)


def hand_over_without_pin(variable: str) -> Refused:
    """A station is to hand over, people sign in, and no file with a PIN is named."""
    return _TEXTS.refused("sign-in/hand-over", variable=variable)


def hand_over_stands(stand: HandoverStand | None, plan: HandoverPlan) -> Verdict:
    """How a station's own hand-over stands."""
    if stand is None:
        return _TEXTS.ok("handing-over/begins", targets=joined(plan.targets, " and "))
    if stand.trouble:
        return _TEXTS.check("handing-over/trouble", trouble=stand.trouble)
    if stand.holder:
        return _TEXTS.ok("handing-over/elsewhere", station=visible(stand.holder))
    return _TEXTS.ok("handing-over/here", targets=joined(plan.targets, " and "))


def hand_over_in_brief(stand: HandoverStand | None, plan: HandoverPlan) -> tuple[str, str]:
    """For a row of a list: where messages are handed over, and what is wrong if anything is."""
    if stand is None:
        return _PARTS("begins"), ""
    if stand.holder:
        return _PARTS("at", station=visible(stand.holder)), stand.trouble
    return _PARTS("here", targets=joined(plan.targets, " and ")), stand.trouble


def hand_over_seen(holder: str, dead: int) -> Verdict:
    """What the store says of the hand-over, to whoever looks from outside."""
    if dead:
        return _TEXTS.check("handing-over/trouble", trouble=refused_for_good(dead))
    if not holder:
        return _TEXTS.check("handing-over/nobody")
    return _TEXTS.ok("handing-over/held", station=visible(holder))


def refused_for_good(count: int) -> str:
    """Messages that no target takes, and that nobody tries any more."""
    return _PARTS("refused-for-good", count=count)


def hand_over_ended(status: int) -> str:
    """A station's process ended by itself."""
    return _PARTS("ended", status=status)


def hand_over_not_begun(why: str) -> str:
    """The system starts no process."""
    return _PARTS("not-begun", why=why)


def no_target() -> Refused:
    """Nothing is set in [handover]."""
    return _TEXTS.refused("no-target")


def handed_over_already(station: str) -> Refused:
    """Another process has the target."""
    return _TEXTS.refused("handed-over-already", station=visible(station))


def not_failed(number: int) -> Refused:
    """A message that is to be tried again and that no target has refused."""
    return _TEXTS.refused("not-failed", number=number)


def still_tried(number: int) -> Refused:
    """A message that is to be dropped and that is tried again by itself, or was never refused."""
    return _TEXTS.refused("still-tried", number=number)


def unknown_message(number: int) -> Refused:
    """A number that no message has, or has any more."""
    return _TEXTS.refused("unknown-message", number=number)
