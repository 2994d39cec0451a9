"""The second step: which file. A folder to look through, what was imported last, or a path."""

import os
import shlex
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeGuard

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import said_later, translated, worded
from scanstation.domain.orders import Order
from scanstation.domain.scan import Scan, Source
from scanstation.domain.verdict import Verdict
from scanstation.files import here, told, typed_path, unfit_on_a_screen
from scanstation.screens.home import way_to
from scanstation.screens.import_wizard.job import Job
from scanstation.screens.import_wizard.jobs import TemplatesPage, order_scanned, write_template
from scanstation.screens.import_wizard.page import Wizard, WizardPage
from scanstation.screens.import_wizard.recent import recent_files
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.station import Go
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.scanning.home import ToDesk, Traced
from scanstation.workflows.site import local_time

FITTING = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".json")
_MOST_SHOWN = 300
_MOST_RECENT = 4
_TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file that may be read, or a folder to look into."""

    path: Path
    is_folder: bool
    modified: float = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder holds for an import, the newest first."""

    path: Path
    entries: tuple[FileEntry, ...]
    trouble: str = ""
    """Why it could not be looked into."""


def look_through(path: Path) -> Folder:
    """The fitting files of a folder and the folders in it; hidden ones and lock files are left out."""
    if unfit := unfit_on_a_screen(path, None):
        return Folder(path, (), f"{shorten(str(path), 80)} {unfit}.")
    files = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.startswith((".", "~$")):
                    continue
                try:
                    about = entry.stat()
                except OSError:
                    continue  # gone since, or a link to nowhere
                is_folder = stat.S_ISDIR(about.st_mode)
                if is_folder or (stat.S_ISREG(about.st_mode) and entry.name.lower().endswith(FITTING)):
                    files.append(FileEntry(Path(entry.path), is_folder, about.st_mtime, about.st_size))
    except OSError as error:
        return Folder(
            path,
            (),
            worded("{path} cannot be looked into: {strerror}.", path=shorten(str(path), 80), strerror=error.strerror),
        )
    files.sort(key=lambda entry: (entry.is_folder, -entry.modified, entry.path.name))
    return Folder(path, tuple(files))


def given_path(text: str, folder: Path) -> Path:
    """The path that a person means: quoted as a terminal drops it, with ~, or a name in the folder."""
    given = text.strip(" ")
    if given.startswith(("'", '"')) or "\\" in given:
        try:
            words = shlex.split(given)
        except ValueError:
            words = []  # a quotation mark that belongs to the name
        if len(words) == 1 and os.name != "nt":
            given = words[0]
    return typed_path(given, folder)


class FilesPage(WizardPage):
    """Which file."""

    list_id = "files"
    step = 2
    name = said_later("file")
    may_leave = True

    def __init__(self, wizard: Wizard, job: Job) -> None:
        super().__init__(wizard)
        self.job = job
        self._here = Folder(here(), ())
        self._there: Folder | None = None
        """The folder of a path that is being typed."""
        self._recent: tuple[FileEntry, ...] = ()
        self.was_looked_through = False

    async def look(self, path: Path | None = None) -> None:
        """Read a folder; the present one anew."""
        self._here = await self.wizard.in_thread(look_through, path or self._here.path)
        self._recent = await self.wizard.in_thread(_recent_entries)
        self.was_looked_through = True
        if self._here.trouble:
            self.wizard.show_verdict(say.unreadable_folder(self._here.trouble))

    async def look_again(self) -> bool:
        """Read the folder that is shown anew; has it changed?"""
        folder = self._there or self._here
        folder_now = await self.wizard.in_thread(look_through, folder.path)
        if folder_now.trouble or folder_now == folder or (self._there or self._here) is not folder:
            return False  # what cannot be read for a moment stays as it was
        if self._there is folder:
            self._there = folder_now
        else:
            self._here = folder_now
        return True

    async def _saved_since(self, text: str, path: Path) -> FileEntry | None:
        """The one file or folder with this in its name that was not there yet when it was typed."""
        await self.look_again()
        folder = self._there or self._here
        if _is_path(text) and folder.path != path.parent:
            return None  # the folder that was typed is not the one that is shown
        wanted = (_parts(text)[1] if _is_path(text) else text).casefold()
        fitting = [entry for entry in folder.entries if _fits(entry, wanted)]
        return fitting[0] if len(fitting) == 1 else None

    def slot(self) -> tuple[str, str]:
        """Typing narrows the list, or is a path."""
        return worded("Type a part of the name, or a path"), worded("↑ ↓ mark a file, Enter takes it")

    def text(self) -> Sequence[ReportLine]:
        """Where one is, and for which order."""
        told = [ReportLine(f"{translated(self.job.title)}{self.wizard.for_order}", "strong")]
        return [*told, ReportLine(shown_path((self._there or self._here).path), "quiet")]

    def picks(self) -> Sequence[Pick]:
        """The files read last, those of the folder, the folders."""
        if not self.was_looked_through:
            return []
        now = self.wizard.station.site.store.clock()
        folder, wanted = self._there or self._here, self._wanted
        recent = [] if self._there else [entry for entry in self._recent if _fits(entry, wanted)][:_MOST_RECENT]
        fitting = [entry for entry in folder.entries if _fits(entry, wanted)]
        picks = [
            Pick(("recent", entry.path), _cells(entry, now), heading=_heading(worded("Read before"), at, recent))
            for at, entry in enumerate(recent)
        ]
        rest = [
            Pick(
                entry,
                _cells(entry, now),
                quiet=entry.is_folder,
                heading=_heading(worded("In this folder"), at, fitting),
            )
            for at, entry in enumerate(fitting[:_MOST_SHOWN])
        ]
        if not recent and rest:
            rest[0] = Pick(rest[0].value, rest[0].cells, quiet=rest[0].quiet)
        picks += rest
        if not wanted:
            if folder.path.parent != folder.path and unfit_on_a_screen(folder.path.parent, None) is None:
                picks.append(Pick(FileEntry(folder.path.parent, True), ("../", "", ""), quiet=True))
            order = self.wizard.order
            about = (
                worded("A sheet to fill in for {number} …", number=visible(order.number))
                if order
                else worded("A sheet to fill in …")
            )
            picks.append(Pick(_TEMPLATE, (about, "", "")))
        elif len(fitting) > _MOST_SHOWN:
            picks[-1] = Pick(
                None,
                (worded("… and {count} more: type more of the name", count=len(fitting) - _MOST_SHOWN + 1), "", ""),
            )
        return picks

    def changed(self, text: str) -> None:
        """What is typed names a folder, or narrows the list."""
        self.typed = text
        folder = given_path(_parts(text)[0], self._here.path) if _is_path(text) else None
        if folder is None:
            self._there = None
        elif self._there is None or self._there.path != folder:
            self.wizard.look_there(self.look_at_typed(folder))
        self.wizard.draw()

    async def look_at_typed(self, folder: Path) -> None:
        """Read the folder of a path that is being typed."""
        found = await self.wizard.in_thread(look_through, folder)
        if _is_path(self.typed) and not found.trouble:
            self._there = found
            self.wizard.draw()

    def entered(self, text: str) -> None:
        """A path, a name, or the marked one."""
        if not text.strip(" "):
            if (chosen := self.wizard.chosen) is not None:
                self.take(chosen.value)
            return
        self.wizard.start(self._go_to(text))

    async def _go_to(self, text: str) -> None:
        marked = self.wizard.marked_while(text)
        path = given_path(text, self._here.path)
        entry = await self.wizard.in_thread(_entry_at, path)
        is_there = not _is_path(text) or (isinstance(marked, FileEntry) and marked.path.parent == path.parent)
        if entry is None and isinstance(marked, FileEntry) and is_there:  # of the folder that was typed, if one was
            entry = marked
        elif entry is None and isinstance(marked, tuple) and not _is_path(text):
            entry = FileEntry(marked[1], False)
        if entry is None:
            entry = await self._saved_since(text, path)
        if entry is not None:
            await self._open(entry)
        elif _is_path(text) and (unfit := unfit_on_a_screen(path, FITTING)):
            self.wizard.show_verdict(say.unfit_path(told(path), unfit))
        elif _is_path(text) or path.suffix.lower() in FITTING:
            self.wizard.show_verdict(say.no_file(path))
        else:
            self.wizard.hand_in(text)

    def take(self, value: object) -> None:
        """A file is read, a folder looked into."""
        if value == _TEMPLATE:
            if len(self.job.kinds) > 1:
                self.wizard.go_on(TemplatesPage(self.wizard, self.job.kinds))
            else:
                self.wizard.start(write_template(self, self.job.kinds[0], self.wizard.order))
        elif isinstance(value, FileEntry):
            self.wizard.start(self._open(value))
        elif isinstance(value, tuple):
            self.wizard.start(self._open(FileEntry(value[1], False)))

    async def _open(self, entry: FileEntry) -> None:
        if unfit := await self.wizard.in_thread(unfit_on_a_screen, entry.path, FITTING):
            self.wizard.show_verdict(say.unfit_path(told(entry.path), unfit))
        elif entry.is_folder:
            self._there = None
            await self.look(entry.path)
            self.wizard.clear_typed()
            self.wizard.mark_first()
        else:
            await self.wizard.open_file(self.job, entry.path)

    def pasted(self, text: str) -> bool:
        """A file that is dropped on the terminal comes as a paste of its path."""
        return any(mark in text for mark in ("/", "\\", ".")) or text.startswith("~")

    async def scanned(self, meant: Order | Traced | ToDesk | Verdict, scan: Scan) -> Go | None:
        """An order chooses itself; a typed word may have been meant as a file."""
        if isinstance(meant, Verdict) and scan.source is Source.TYPED:
            self.wizard.show_verdict(say.no_file_or_order(scan.text))
            return None
        if isinstance(meant, ToDesk):
            return way_to(meant, scan)
        return await order_scanned(self, meant, scan)

    def help(self) -> Sequence[str]:
        """What can be read."""
        return (
            worded("Files that are read: {listed}. The newest stand first.", listed=", ".join(FITTING)),
            worded("Type a part of a name to narrow the list down, or a path that begins with /, ~ or a folder."),
        )

    @property
    def _wanted(self) -> str:
        return (_parts(self.typed)[1] if _is_path(self.typed) else self.typed).casefold()


def shown_path(path: Path) -> str:
    """A path as a person reads it: from home on, if it is there."""
    home = Path.home()
    return visible(f"~/{path.relative_to(home)}".removesuffix("/.") if path.is_relative_to(home) else str(path))


def _is_path(text: str) -> bool:
    return "/" in text or text.startswith("~") or (os.name == "nt" and ("\\" in text or ":" in text))


def _parts(text: str) -> tuple[str, str]:
    """The folder of a path, and what after it narrows the list."""
    cut = max(text.rfind("/"), text.rfind(os.sep)) + 1
    return text[:cut], text[cut:]


def _fits(entry: FileEntry, wanted: str) -> bool:
    return wanted in entry.path.name.casefold()


def _heading(text: str, at: int, entries: Sequence[FileEntry]) -> str:
    return text if at == 0 and entries else ""


def _recent_entries() -> tuple[FileEntry, ...]:
    return tuple(entry for path in recent_files() if _is_readable(entry := _entry_at(path)))


def _is_readable(entry: FileEntry | None) -> TypeGuard[FileEntry]:
    return entry is not None and not entry.is_folder and unfit_on_a_screen(entry.path, FITTING) is None


def _entry_at(path: Path) -> FileEntry | None:
    try:
        about = path.stat()
    except (OSError, ValueError):
        return None  # nothing there, or no path at all
    return FileEntry(path, stat.S_ISDIR(about.st_mode), about.st_mtime, about.st_size)


def _cells(entry: FileEntry, now: datetime) -> tuple[str, str, str]:
    if entry.is_folder:
        return f"{visible(entry.path.name)}/", "", ""
    when = local_time(datetime.fromtimestamp(entry.modified, UTC).isoformat(), now)
    return visible(entry.path.name), when, _size(entry.size)


def _size(size: int) -> str:
    if size < 1000:
        return worded("{size} bytes", size=size)
    for unit in ("kB", "MB"):
        size = (size + 500) // 1000
        if size < 1000:
            return f"{size} {unit}"
    return f"{(size + 500) // 1000} GB"
