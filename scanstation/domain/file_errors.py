"""What can be wrong with a file as a whole.

SheetError
├── UnreadableFile      the content cannot be read as a sheet of the kinds asked for
│   └── UnreadablePath  there is nothing to read at the path: missing, a folder, a pipe, no permission
├── ReadingStopped      the person who waited for it does not want it any more
└── UnwritableFile      the file cannot be written there
"""

from scanstation.domain.language import english, shown, worded


class SheetError(Exception):
    """`title` says what happened to which thing, `hint` what to do now; both are whole sentences."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__(title, hint)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return self._told

    @property
    def _told(self) -> str:
        return worded("{title} {hint}", title=self.title, hint=self.hint)

    @property
    def english(self) -> str:
        """Both in English, where a sentence of two languages asks for it."""
        return english(self._told)

    @property
    def translation(self) -> str:
        """Both in the language of who reads it."""
        return shown(self._told)


class UnreadableFile(SheetError):
    """The file's content cannot be read as a sheet of the kinds asked for."""


class UnreadablePath(UnreadableFile):
    """There is nothing that could be read at the path."""


class ReadingStopped(SheetError):
    """Whoever waited for the file has stopped its reading."""


class UnwritableFile(SheetError):
    """The file cannot be written at the path."""
