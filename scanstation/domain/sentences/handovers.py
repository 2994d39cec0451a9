"""Why a message to an ERP is not handed over, shown, tried again or dropped."""

from scanstation.domain.codes import visible
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.texts import Texts

_TEXTS = Texts(
    {
        "no-target": "Messages have nowhere to go. Set folder or url in config.toml, [handover].",
        "handed-over-already": "Messages are handed over by another process, at {station}. End that one first.",
        "not-failed": "Message {number} was not refused by anybody. See `scanstation handover list`.",
        "still-tried": "Message {number} was refused by nobody for good, and only such a one is dropped. "
        "See `scanstation handover list`.",
        "unknown-message": "There is no message {number}. It may have been taken and forgotten; "
        "see `scanstation handover list`.",
    }
)


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
