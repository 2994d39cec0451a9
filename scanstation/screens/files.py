"""Files that a screen writes: where to, may it go over another, and how far it is."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from rich.cells import cell_len

from scanstation import files
from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import worded
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.scan import Scan
from scanstation.screens.acting import ActingScreen
from scanstation.screens.overlays import Overlay
from scanstation.screens.station import Go, Station
from scanstation.screens.widgets.entry_slot import EntrySlot
from scanstation.screens.widgets.key_bar import KeyBar, KeyHint
from scanstation.workflows.orders import packing_list
from scanstation.workflows.reports import exporting
from scanstation.workflows.reports.exporting import Export

_LOOK_EVERY_S = 0.2
_BAR = 20


async def ask_path(screen: ActingScreen, title: str, hint: str, name: str, endings: tuple[str, ...]) -> Path | None:
    """A file that may be written, in the current folder unless another is named; None where nothing is to be.

    What ends in none of `endings` is refused here, before anybody is asked whether it may be written over.
    """
    text = await screen.ask_text(title, hint, name)
    if text is None:
        return None
    path = files.typed_path(text, files.here())
    if path.suffix.lower() not in endings:
        known = worded("{listed} or {endings}", listed=", ".join(endings[:-1]), endings=endings[-1])
        screen.show_outcome(say.no_such_format(file_name=path.name, known=known))
        return None
    if refusal := refused_path(path, endings):
        screen.show_outcome(refusal)
        return None
    with suppress(FileNotFoundError):  # somebody has taken the folder away: the attempt to write says so
        path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path  # as it is told afterwards
    if path.is_file() and not await screen.sure(
        worded("{path} is there already. Write over it?", path=shorten(str(path), 80))
    ):
        return None
    return path


async def ask_export(screen: ActingScreen, name: str) -> Path | None:
    """The file that something is exported to, which says the format; None where nothing is to be."""
    endings = tuple(f".{format}" for format in exporting.FORMATS)
    hint = worded("it ends in .xlsx, .csv or .json")
    return await ask_path(screen, worded("Export to which file?"), hint, name, endings)


def refused_path(path: Path, endings: Collection[str] | None) -> Refused | None:
    """Why a path of a screen is not used, if it must not be."""
    unfit = files.unfit_on_a_screen(path, endings)
    return say.unfit_to_write(path=files.told(path), unfit=unfit) if unfit else None


async def write_customers_list(screen: ActingScreen, order_id: int, number: str) -> None:
    """The serials of a shipment order in a file, for the customer."""
    from scanstation.domain.file_errors import UnwritableFile  # Excel is not needed until now

    name = packing_list.suggested_name(number)
    title = worded("The serials of {number}: to which file?", number=visible(number))
    path = await ask_path(screen, title, ".txt to print, or .xlsx", name, packing_list.ENDINGS)
    if path is None:
        return
    site = screen.station.site

    def write() -> Done | Refused:
        try:
            return packing_list.write(site, order_id, path)
        except UnwritableFile as error:
            return refused("unwritable", str(error))

    await screen.do(write)


class ExportScreen(Overlay[Done | Refused]):
    """How far an export is; Esc stops it, and nothing is left of it unless it was whole by then, which is said."""

    def __init__(self, station: Station, export: Export) -> None:
        super().__init__(station)
        self._export = export
        self._is_stopping = False

    def on_mount(self) -> None:
        """Look now and then: the export runs in a process of its own."""
        self._show()
        self.query_one(KeyBar).show([KeyHint("Esc", "Stop it")])
        self.set_interval(_LOOK_EVERY_S, self._look)

    def _look(self) -> None:
        outcome = self._export.look()
        if outcome is None:
            self._show()
        else:
            self.dismiss(outcome)

    def _show(self) -> None:
        written, total = self._export.written, self._export.total
        if self._is_stopping:
            status = worded("stopping")
        elif not total:
            status = worded("looking how many rows there are")
        elif written >= total:
            status = worded("closing the file")
        else:
            full = written * _BAR // total
            counts = worded("{written:,} of {total:,}", written=written, total=total)
            told = f"{written * 100 // total} %  {counts}"
            status = f"{'█' * full}{'░' * (_BAR - full)} {told}"
            status = status if cell_len(status) <= self.size.width - 4 else told
        self.query_one(EntrySlot).show_scan("Writing the report", status)

    async def answer(self, scan: Scan) -> Go | None:
        """A scan has to wait until the file is written."""
        self.show_verdict(say.report_in_writing(scan.text))
        return None

    def action_back(self) -> None:
        """Stop the export; what became of the file is told when its process has ended."""
        self._is_stopping = True
        self.query_one(KeyBar).show([])
        self._export.stop()
        self._show()
