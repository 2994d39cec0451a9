"""What can be wrong with a file as a whole.

SheetError
├── UnreadableFile      the content cannot be read as a sheet of the kinds asked for
│   └── UnreadablePath  there is nothing to read at the path: missing, a folder, a pipe, no permission
├── ReadingStopped      the person who waited for it does not want it any more
└── UnwritableFile      the file cannot be written there
"""

from scanstation.domain.language import Telling, worded


class SheetError(Telling, Exception):
    """`title` says what happened to which thing, `hint` what to do now; both are whole sentences."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__(title, hint)
        self.title = title
        self.hint = hint

    @property
    def words(self) -> str:
        """Both sentences."""
        return worded("{title} {hint}", title=self.title, hint=self.hint)


class UnreadableFile(SheetError):
    """The file's content cannot be read as a sheet of the kinds asked for."""


class UnreadablePath(UnreadableFile):
    """There is nothing that could be read at the path."""


class ReadingStopped(SheetError):
    """Whoever waited for the file has stopped its reading."""


class UnwritableFile(SheetError):
    """The file cannot be written at the path."""
