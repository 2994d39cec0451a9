"""What can go wrong with the store itself. Refusals by a rule are not here: they are values.

StoreError
├── StoreMissing      nothing is there yet
├── StoreVanished     something was there and is gone
├── NotAStore         a file that is something else
├── WrongSchema       a store of another version
├── StoreTampered     tables or triggers that somebody has changed
├── StoreForbidden    a right that this user of the server lacks
├── StoreUnreachable  no permission, no server, a network file system
│   └── StoreUncertain    the server went while it was saving: nobody knows yet whether it did
├── StoreHalfSafe     saved, but not on the second machine that the site asked for
├── StoreBusy         another writer kept the lock
├── StoreFull         no room on the disk
└── StoreFailed       a disk or a memory that fails
"""

from scanstation.domain.language import Telling


class StoreError(Telling, Exception):
    """The store cannot be used now.

    Attributes:
        title: what happened, to which store.
        hint: what to do now.
    """

    def __init__(self, title: str, hint: str) -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    @property
    def words(self) -> str:
        """What happened."""
        return self.title


class StoreMissing(StoreError):
    """There is no store yet where one is looked for."""


class StoreVanished(StoreError):
    """A store used to be at this path. A disk may be missing; nothing is ever created in its place."""


class NotAStore(StoreError):
    """The file or database is not a store of ours."""


class WrongSchema(StoreError):
    """The store was made by an older or a newer ScanStation."""


class StoreTampered(StoreError):
    """The store's tables or triggers are not as ScanStation makes them: what it holds is not guarded any more."""


class StoreForbidden(StoreError):
    """This user of the server lacks a right. Nothing was changed."""


class StoreUnreachable(StoreError):
    """The file or the server cannot be opened."""


class StoreUncertain(StoreUnreachable):
    """The server went away between COMMIT and its answer, and has not come back: perhaps it was saved."""


class StoreHalfSafe(StoreError):
    """It was saved on one machine, and the standby that the site asked for has not confirmed it."""


class StoreBusy(StoreError):
    """Other stations kept the store locked for longer than a scan may wait."""


class StoreFull(StoreError):
    """There is no room for the next write."""


class StoreFailed(StoreError):
    """The machine under the store fails: its disk, its memory."""


class ConcurrencyConflict(Exception):
    """A unit was not where a move wanted to take it from. The act is rolled back and looked at anew."""


class StalePlan(Exception):
    """What an act was prepared from has changed since. The act is rolled back; it must be prepared anew."""
