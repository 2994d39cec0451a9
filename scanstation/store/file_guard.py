"""The files that a SQLite store is made of, and whether they still are those that were opened.

A file that is taken away while it is open goes on to be written, and nobody will find what is in it: SQLite does not
notice (sqlite.org/howtocorrupt.html, section 4). So it is looked at before each transaction and before each answer.
"""

from pathlib import Path

from scanstation.domain.language import said_later, worded
from scanstation.domain.store_errors import StoreVanished
from scanstation.files import identity

_BESIDE = ("-wal", "-shm")
_NOW = said_later(
    "Stop scanning, close every station of this store, then look what is there with `scanstation db check`."
)


class FileGuard:
    """Knows the files by their numbers on the disk, which a copy or a new file does not have."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = identity(path)
        self._size = 0
        self._beside: dict[Path, tuple[int, int]] = {}

    def check(self) -> None:
        """Raises StoreVanished where a file is gone, is another one, or was cut short."""
        path = self._path
        try:
            about = path.stat()
        except OSError:
            about = None
        if about is None or (about.st_dev, about.st_ino) != self._file:
            raise StoreVanished(
                worded("The store at {path} is no longer there.", path=path),
                worded("Stop scanning. Bring the disk or the file back, then start the station again."),
            )
        if about.st_size < self._size:
            raise StoreVanished(worded("The store at {path} was cut short while it was open.", path=path), worded(_NOW))
        self._size = about.st_size
        for file, known in [*self._beside.items()]:
            if identity(file) != known:
                raise StoreVanished(
                    worded(
                        "{file}, which belongs to the store at {path}, was taken away while the "
                        "store was open. What was scanned since may not be in the store.",
                        file=file.name,
                        path=path,
                    ),
                    worded(_NOW),
                )

    def forget(self) -> None:
        """A connection was closed: SQLite takes the files beside the store away with the last one."""
        self._beside.clear()

    def remember(self) -> None:
        """A transaction is open: from now on the files beside the store are there as long as this process has it."""
        for ending in _BESIDE:
            file = self._path.with_name(self._path.name + ending)
            if file not in self._beside and (found := identity(file)) is not None:
                self._beside[file] = found
