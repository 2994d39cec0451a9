"""A folder in which an ERP hands over its sheets: what arrives is loaded, then moved out of the way and answered.

The folder is looked at again and again. The system could tell of new files on its own disks only: of what another
host puts into a network folder, which is where an ERP writes, it tells nothing.
"""

import errno
import json
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock, Timeout

from scanstation import files
from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.file_errors import UnreadablePath
from scanstation.domain.language import english, word, worded
from scanstation.domain.store_errors import StoreError
from scanstation.files import identity
from scanstation.sheets.wholeness import seems_whole
from scanstation.workflows.master_data import loading
from scanstation.workflows.master_data.loading import Loaded
from scanstation.workflows.master_data.results import result_of
from scanstation.workflows.site import Site

QUIET_S = 5.0
"""A file that has not changed for so long has arrived, if it looks whole."""
PATIENCE_S = 60.0
"""So long a file may stand still and not look whole; a bad one waits so long for others that are arriving."""
STALLED_S = 10.0
"""Nobody waits for a file that has stood still for so long: it may never become whole."""
LOADED, FAILED, RESULTS = "loaded", "failed", "results"

_FOLDER, _STORE = "/folder", "/store"
"""News of these is kept beside news of files, whose names have no slash."""
_LOCK = ".scanstation-watch.lock"
_READY = ".done"
_REASON = ".reason.txt"
_RESULT = ".result.json"
_LONGEST_SUFFIX = 20
"""What is longer is no suffix, but a name with a dot in it."""
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload")
"""What programs call a file until they have written all of it."""


class FolderBusy(Exception):
    """Another watcher has the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            worded("Another watcher has the folder {folder}. End that one first.", folder=shorten(str(folder), 200))
        )


class _NoResult(OSError):
    """What became of a file cannot be written down."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened, for whoever reads along."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    """What of a file changes when its content does."""

    inode: int
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A file as it stood when it was first seen so."""

    mark: _Mark
    since: float


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A file that was dealt with and has still to be put away."""

    mark: _Mark
    folder: str
    news: News
    result: dict[str, Any]
    """What its result file says, but for where the file is then."""
    reason: str = ""
    """The text of its reason file."""


class Watch:
    """One folder, and what is known of its files between two looks."""

    def __init__(self, folder: Path, open_site: Callable[[], Site]) -> None:
        self.folder = folder
        self._open_site = open_site
        self._site: Site | None = None
        self._lock: FileLock | None = None
        self._lock_is: tuple[int, int] | None = None
        self._arrivals: dict[str, _Arrival] = {}
        self._bad: dict[str, _Mark] = {}
        """Files with problems that others, still arriving, may solve."""
        self._outcomes: dict[str, _Outcome] = {}
        self._reported: dict[str, str] = {}
        """What was said of a trouble that lasts: it is said once."""

    def begin(self) -> None:
        """Take the folder, and open the store.

        Raises:
            FolderBusy: another watcher has it.
            UnreadablePath: there is no such folder, or nothing may be put into it.
            StoreError: the store cannot be used.
        """
        folder = shorten(str(self.folder), 200)
        if not self.folder.is_dir():
            raise UnreadablePath(
                worded("{folder} is not a folder.", folder=folder), worded("Make it, or check the path.")
            )
        try:
            self._take_folder()
        except OSError as error:
            said = worded("Nothing can be put into {folder}: {why}.", folder=folder, why=error.strerror)
            raise UnreadablePath(
                said, worded("Files are moved within it: ask for the right to write there.")
            ) from error
        self._site = self._open_site()

    def end(self) -> None:
        """Give the folder back."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def look(self, now: float, ended: Callable[[], bool] = lambda: False) -> Iterator[News]:
        """Load what has arrived by now; news is reported as it happens.

        Args:
            now: seconds on a clock that only goes forward.
            ended: is the watch to end? Asked between two files.

        Raises:
            FolderBusy: the folder was away, and another watcher took it as it came back.
        """
        folder = shorten(str(self.folder), 200)
        try:
            self._take_folder()
            marks, odd = self._files()
        except OSError as error:
            self._arrivals.clear()
            yield from self._once(
                _FOLDER,
                worded(
                    "The folder {folder} is out of reach ({why}). Waiting for it.", folder=folder, why=error.strerror
                ),
            )
            return
        yield from self._over(_FOLDER, worded("The folder {folder} is back.", folder=folder))
        for name, said in odd.items():
            yield from self._once(name, said)
        self._forget_all_but(marks.keys() | odd.keys())
        ready, arriving = self._sorted_out(marks, now)
        yield from self._deal_with(ready, arriving, now, ended)

    # What is there

    def _take_folder(self) -> None:
        """Have the folder's lock: a folder that was away may have come back as another one."""
        path = self.folder / _LOCK
        if self._lock is not None and self._lock_is == identity(path):
            return
        if not self.folder.is_dir():
            raise FileNotFoundError(2, word("it is not there"), str(self.folder))
        self.end()
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise FolderBusy(self.folder) from error
        self._lock, self._lock_is = lock, identity(path)

    def _files(self) -> tuple[dict[str, _Mark], dict[str, str]]:
        """The files that may be sheets, and what there is to say about what is no file."""
        marks: dict[str, _Mark] = {}
        odd: dict[str, str] = {}
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if _is_ours_or_unfinished(entry.name):
                    continue
                try:
                    about = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # taken away a moment ago
                if stat.S_ISREG(about.st_mode):
                    marks[entry.name] = _mark(about)
                else:
                    odd[entry.name] = worded(
                        "{file} is {what}, not a file: passed over.",
                        file=shorten(entry.name, 80),
                        what=_kind(about.st_mode),
                    )
        return marks, odd

    def _sorted_out(self, marks: dict[str, _Mark], now: float) -> tuple[list[str], set[str]]:
        """Which files have arrived, the oldest first, and for which others it is worth waiting."""
        ready, arriving = [], set()
        for name, mark in sorted(marks.items(), key=lambda one: (one[1].changed_ns, one[0])):
            arrival = self._arrivals.get(name)
            if arrival is None or arrival.mark != mark:
                arrival = self._arrivals[name] = _Arrival(mark, now)
            if name in self._outcomes or self._has_arrived(name, now - arrival.since):
                ready.append(name)
            elif now - arrival.since < STALLED_S:
                arriving.add(name)
        return ready, arriving

    def _has_arrived(self, name: str, still_s: float) -> bool:
        if any(path.exists() for path in self._said_ready(name)):
            return True
        if still_s < QUIET_S:
            return False
        try:
            return still_s >= PATIENCE_S or seems_whole(self.folder / name)
        except OSError:
            return True  # whoever reads it says why it cannot be read

    def _said_ready(self, name: str) -> list[Path]:
        """The files by which an ERP says that one is complete: `orders.csv.done`, `orders.done`."""
        names = (f"{name}{_READY}", f"{Path(name).stem}{_READY}")
        return [self.folder / ready for ready in names if _cut(ready, "") == ready]

    # What is done with it

    def _deal_with(
        self, ready: Sequence[str], arriving: set[str], now: float, ended: Callable[[], bool]
    ) -> Iterator[News]:
        """Good files first: what is wrong with an order may be that its products are in the next file."""
        later: list[str] = []
        for name in ready:
            if ended():
                return
            known_bad = self._bad.get(name) == self._arrivals[name].mark
            if known_bad and arriving and now - self._arrivals[name].since < PATIENCE_S:
                continue
            if known_bad:
                later.append(name)
                continue
            alone = len(ready) == 1 and not arriving
            yield from self._take(name, refuse=alone, ended=ended)
            if name in self._bad:
                later.append(name)
        for name in later:
            if ended():
                return
            if not arriving or now - self._arrivals[name].since >= PATIENCE_S:
                yield from self._take(name, refuse=True, ended=ended)

    def _take(self, name: str, *, refuse: bool, ended: Callable[[], bool]) -> Iterator[News]:
        """Load one file and put it away."""
        mark = self._arrivals[name].mark
        outcome = self._outcomes.get(name)
        if outcome is None or outcome.mark != mark:
            try:
                outcome = self._loaded(name, mark, refuse=refuse, ended=ended)
            except UnreadablePath as error:
                yield from self._once(name, f"{error}")
                return
            except StoreError as error:
                self._lose_store()
                yield from self._once(_STORE, worded("{title} Files wait until it is back.", title=error.title))
                return
            yield from self._over(_STORE, worded("The store is back."))
        if outcome is None:
            return
        self._outcomes[name] = outcome
        self._bad.pop(name, None)
        try:
            yield from self._put_away(name, outcome)
        except _NoResult as error:
            yield from self._once(name, say.cannot_be_answered(outcome.news.text, RESULTS, error.strerror or ""))
        except OSError as error:
            said = say.cannot_be_moved(outcome.news.text, outcome.folder, error.strerror or "")
            yield from self._once(name, said)

    def _loaded(self, name: str, mark: _Mark, *, refuse: bool, ended: Callable[[], bool]) -> _Outcome | None:
        """Load a file; None while it is to be looked at again later."""
        path = self.folder / name
        self._site = site = self._site or self._open_site()
        preview = loading.preview(site, path)
        if _mark_of(path) != mark:
            return None  # it changed while it was read
        if not preview.good and (not refuse or ended()):
            # Ctrl-C ends whoever reads a sheet, too: that is not the sheet's fault.
            self._bad[name] = mark
            return None
        loaded = loading.load_wanted(site, preview.wanted, preview.remarks, good_orders=True)
        file_name = shorten(name, 80)
        result = {"file": name, "at": site.store.now(), **result_of(preview.wanted, loaded)}
        if not loaded.refused:
            return _Outcome(mark, LOADED, News(say.problem_at(file_name, loaded.text), loaded.notes), result)
        reasons = tuple(reason.text for reason in loaded.reasons)
        news = News(say.problem_at(file_name, loaded.text), (*reasons, *loaded.notes))
        return _Outcome(mark, FAILED, news, result, _reason_file(site, name, loaded))

    def _put_away(self, name: str, outcome: _Outcome) -> Iterator[News]:
        """Move a file that was dealt with, never onto another one."""
        path = self.folder / name
        for ready in self._said_ready(name):
            # First, or after a crash it would say of the next file of this name that it is complete.
            ready.unlink(missing_ok=True)
        del self._outcomes[name]
        if _mark_of(path) != outcome.mark:
            return  # another file of this name came meanwhile
        self._outcomes[name] = outcome
        target, reason, result = self._free_place(outcome.folder, name)
        try:
            if outcome.reason:
                _write_new(reason, outcome.reason)
            _write_whole(result, {**outcome.result, "moved_to": f"{outcome.folder}/{target.name}"})
            path.replace(target)
        except OSError:
            for one in (target, reason, result):
                one.unlink(missing_ok=True)
            raise
        del self._outcomes[name]
        self._reported.pop(name, None)
        said = say.was_moved(outcome.news.text, f"{outcome.folder}/{shorten(target.name, 80)}")
        yield News(said, outcome.news.notes)

    def _free_place(self, folder: str, name: str) -> tuple[Path, Path, Path]:
        """A name in a folder that nobody has, with an empty file to hold it; where its reasons go, and its result."""
        into = self._own_folder(folder)
        try:
            results = self._own_folder(RESULTS)
        except OSError as error:
            raise _NoResult(error.errno, error.strerror) from error
        for number in count(1):
            place, reason = (into / _numbered(name, number, ending) for ending in ("", _REASON))
            result = results / _numbered(name, number, _RESULT)
            if os.path.lexists(reason) or os.path.lexists(result):
                continue
            try:
                place.touch(exist_ok=False)
            except FileExistsError:
                continue
            return place, reason, result
        raise AssertionError("numbers do not end")

    def _own_folder(self, name: str) -> Path:
        """A folder of ours within the watched one, made where it is not there."""
        folder = self.folder / name
        if folder.is_symlink():
            # Whoever laid it there would have files of ours written where it leads to.
            raise NotADirectoryError(errno.ENOTDIR, word("it is a link and not a folder"), str(folder))
        folder.mkdir(exist_ok=True)
        return folder

    # What is said

    def _once(self, key: str, text: str) -> Iterator[News]:
        away = key in (_STORE, _FOLDER) and key in self._reported  # in whatever words
        if not away and self._reported.get(key) != text:
            self._reported[key] = text
            yield News(text)

    def _over(self, key: str, text: str) -> Iterator[News]:
        if self._reported.pop(key, None) is not None:
            yield News(text)

    def _forget_all_but(self, names: set[str]) -> None:
        for known in (self._arrivals, self._bad, self._outcomes):
            for name in known.keys() - names:
                del known[name]
        for key in self._reported.keys() - names - {_FOLDER, _STORE}:
            del self._reported[key]

    def _lose_store(self) -> None:
        """Open it anew next time: it may come back from a backup, as another file."""
        if self._site is not None:
            self._site.store.close()
            self._site = None


def _is_ours_or_unfinished(name: str) -> bool:
    lower = name.lower()
    return (
        lower in (LOADED, FAILED, RESULTS)
        or lower.startswith((".", "~$"))  # hidden, or the mark of a workbook that somebody has open
        or lower.endswith((_READY, *_UNFINISHED))
    )


def _numbered(name: str, number: int, ending: str) -> str:
    """A name with a number from the second on, and with an ending; the name gives way where there is no room for all.

    The number stays whole, or a long name would have no free one.
    """
    stem, suffix = Path(name).stem, Path(name).suffix
    if len(suffix) > _LONGEST_SUFFIX:
        stem, suffix = name, ""
    ending = f"{f'-{number}' if number > 1 else ''}{suffix}{ending}"
    return _cut(stem, ending) + ending


def _cut(name: str, ending: str) -> str:
    """A name that leaves room for its ending, at the end of a character."""
    room = files.LONGEST_NAME - len(os.fsencode(ending))
    while len(os.fsencode(name)) > room:
        name = name[:-1]
    return name


def _write_new(path: Path, text: str) -> None:
    """Write a file where nothing is, not even a link that leads nowhere."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        files.open_up(descriptor)
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _write_whole(path: Path, result: dict[str, Any]) -> None:
    """Write a result under a hidden name; it has its own when it is whole and on the disk."""
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        _write_new(part, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        part.rename(path)
    except OSError as error:
        raise _NoResult(error.errno, error.strerror) from error
    finally:
        part.unlink(missing_ok=True)


def _reason_file(site: Site, name: str, loaded: Loaded) -> str:
    """What its sender reads: what is wrong, what was loaded anyway, what to do now."""
    at = site.store.clock().astimezone().strftime("%d %b %Y %H:%M")
    lines = [f"{visible(name)}, {at}", "", "Not loaded:"]
    lines += [f"- {visible(english(reason.text))}" for reason in loaded.reasons]
    if loaded.changes:
        lines += ["", "Loaded all the same:"]
        lines += [f"- {english(change.noun)} {visible(change.name)} ({change.state})" for change in loaded.changes]
    if loaded.notes:
        lines += ["", "To be known:", *(f"- {visible(english(note))}" for note in loaded.notes)]
    lines += [
        "",
        "Mend what is named above and hand the file over again: what is loaded already stays as it is.",
        "",
    ]
    return "\n".join(lines)


def _mark(about: os.stat_result) -> _Mark:
    return _Mark(about.st_ino, about.st_size, about.st_mtime_ns)


def _mark_of(path: Path) -> _Mark | None:
    try:
        return _mark(path.lstat())
    except FileNotFoundError:
        return None


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return word("a folder")
    return word("a link") if stat.S_ISLNK(mode) else word("a pipe or a device")
