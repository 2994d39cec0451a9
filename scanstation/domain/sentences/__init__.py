"""Every sentence a scan can be answered with: what happened, to which thing, what to do now.

Callers know one place, `from scanstation.domain import sentences as say`; each subject has its module, with its
templates at the head. Codes come in visible and shortened (`codes.shorten`), times local (`14:02`). The modules are
imported when the first sentence is wanted: a station's first frame, and many commands, say none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scanstation.domain.sentences.every import *


_fetched: list[str] = []
"""The names of all sentences, once they are here."""


def fetch() -> None:
    """Import all sentences, while nobody waits for one: before an act that keeps others from writing."""
    if _fetched:
        return
    every = vars(import_module("scanstation.domain.sentences.every"))
    globals().update({name: value for name, value in every.items() if not name.startswith("_")})
    _fetched.extend(every)


if not TYPE_CHECKING:  # who checks types shall still miss a name that no module has

    def __getattr__(name: str) -> Any:
        if not name.startswith("_"):
            fetch()
            if name in globals():
                return globals()[name]
        raise AttributeError(name)
