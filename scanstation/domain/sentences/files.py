"""Files that are not written: config.toml, traces, exports, lists."""

from scanstation.domain.codes import shorten
from scanstation.domain.outcome import Refused
from scanstation.domain.sentences.texts import Texts

_TEXTS = Texts(
    {
        "config/no-start": "The station could not start with {file_name} then. Nothing was written. {cause}",
        "config/unreadable": "{file_name} cannot be read: {cause}. Nothing was written.",
        "config/unchangeable": "{file_name} cannot be changed: {cause}. Nothing was written.",
        "config/unwritable": "{trouble} Nothing was written.",
        "config/failed": "{file_name} cannot be written: {cause}. Nothing was written.",
        "recording/already": "{file_name} is being recorded already.",
        "recording/there": "{file_name} is there already. Name another file.",
        "recording/unwritable": "{file_name} cannot be written: {cause}. Name another file.",
        "path/write": "{path} {unfit}. Name another one.",
        "format": "{file_name} does not say its format. End it in {known}.",
        "stopped": "Stopped. {file_name} was not written.",
        "export-failed": "The export ended by itself; {file_name} was not written. Try again.",
    }
)


def config_would_not_start(file_name: str, cause: object) -> Refused:
    """A setting with which the station could not start; why follows it."""
    return _TEXTS.refused("config/no-start", file_name=file_name, cause=cause)


def config_unreadable(file_name: str, cause: object) -> Refused:
    """A config.toml that cannot be read."""
    return _TEXTS.refused("config/unreadable", file_name=file_name, cause=cause)


def config_unchangeable(file_name: str, cause: object) -> Refused:
    """A config.toml that is none."""
    return _TEXTS.refused("config/unchangeable", file_name=file_name, cause=cause)


def config_unwritable(trouble: object) -> Refused:
    """A config.toml that must not be written over; what is wrong comes first."""
    return _TEXTS.refused("config/unwritable", trouble=trouble)


def config_not_written(file_name: str, cause: object) -> Refused:
    """A config.toml that the system does not let be written."""
    return _TEXTS.refused("config/failed", file_name=file_name, cause=cause)


def recorded_already(file_name: str) -> Refused:
    """A second trace at once."""
    return _TEXTS.refused("recording/already", file_name=shorten(file_name, 200))


def trace_is_there(file_name: str) -> Refused:
    """A trace to a file that is there."""
    return _TEXTS.refused("recording/there", file_name=file_name)


def trace_unwritable(file_name: str, cause: object) -> Refused:
    """A trace that the system does not let be written."""
    return _TEXTS.refused("recording/unwritable", file_name=file_name, cause=cause)


def unfit_to_write(path: str, unfit: str) -> Refused:
    """A path that a screen does not write to; why follows it."""
    return _TEXTS.refused("path/write", path=path, unfit=unfit)


def no_such_format(file_name: str, known: str) -> Refused:
    """A file whose name says no format."""
    return _TEXTS.refused("format", file_name=shorten(file_name), known=known)


def export_stopped(file_name: str) -> Refused:
    """Esc while a report was written."""
    return _TEXTS.refused("stopped", file_name=file_name)


def export_failed(file_name: str) -> Refused:
    """A writing process that ended by itself."""
    return _TEXTS.refused("export-failed", file_name=file_name)
