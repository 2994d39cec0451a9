"""Remove Serial Numbers (RULES 2.9): which imports, what goes, what hinders it, and then it is done."""

from collections.abc import Callable, Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.imports import Batch
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind
from scanstation.screens.acting import Asking
from scanstation.screens.import_wizard.choosing import ChooseScreen
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.removing import Removal
from scanstation.workflows.orders.order_book import OrderDetail
from scanstation.workflows.site import local_time

_ALL, _REMOVE, _ONLY_RECEIVED, _NOTHING = "all", "remove", "only received", "nothing"


async def remove_imports(screen: Asking, detail: OrderDetail) -> None:
    """Take back all imports of an order, or one batch of them."""
    site, order = screen.station.site, detail.order
    number = f"{order.kind} {visible(order.number)}"
    batch: int | None = None
    if len(detail.batches) > 1:
        chosen = await _choose(screen, f"Remove which imports of {number}?", (), _batches(screen, detail.batches))
        if chosen is None:
            return
        batch = chosen if isinstance(chosen, int) else None
    which = f"batch {batch}" if batch else "all imports"
    await _remove(
        screen,
        f"Remove {which} from {number}?",
        lambda: removing.preview(site, order.id, batch=batch),
        lambda only_received: removing.remove_serials(
            site, order.kind, order.id, batch=batch, only_received=only_received
        ),
    )


async def remove_batch(screen: Asking, kind: OrderKind, number: int) -> Done | Refused | None:
    """Take back one imported file, on whichever orders its serials stand."""
    site = screen.station.site
    return await _remove(
        screen,
        f"Remove batch {number}?",
        lambda: removing.preview_batch(site, kind, number),
        lambda only_received: removing.remove_batch(site, kind, number, only_received=only_received),
    )


async def _remove(
    screen: Asking,
    title: str,
    look: Callable[[], Removal],
    remove: Callable[[bool], Done | Refused],
) -> Done | Refused | None:
    removal = await screen.look_up(look)
    if removal is None:
        return None
    way = await _choose(screen, title, _removal_lines(removal), _ways(removal))
    if way not in (_REMOVE, _ONLY_RECEIVED):
        return None
    outcome = await screen.act(lambda: remove(way == _ONLY_RECEIVED))
    await screen.tell(outcome)
    return outcome


async def _choose(screen: Asking, title: str, text: Sequence[ReportLine], picks: Sequence[Pick]) -> object:
    return await screen.app.push_screen_wait(ChooseScreen(screen.station, title, text, picks))


def _batches(screen: Asking, batches: Sequence[Batch]) -> list[Pick]:
    now = screen.station.site.store.clock()
    count = sum(batch.serials for batch in batches)
    picks = [Pick(_ALL, (f"All {len(batches)} imports: {count} serials",))]
    for batch in reversed(batches):
        who = f"{local_time(batch.at, now)}, {visible(batch.operator)} at {visible(batch.station)}"
        name = f"Batch {batch.id}: {counted(batch.serials, 'serial')}, {shorten(batch.file_name)}"
        picks.append(Pick(batch.id, (name,), note=who))
    return picks


def _removal_lines(removal: Removal) -> list[ReportLine]:
    if not removal.hindrances:
        return [
            ReportLine(removal.text, "strong"),
            ReportLine("Scanned serials stay. Trace keeps what is removed.", "quiet"),
        ]
    count = len(removal.hindrances)
    if removal.can_keep:
        first = f"{counted(count, 'serial has', 'serials have')} moved on, so nothing goes unless you choose:"
    else:
        first = "Nothing can be removed:"
    told = [ReportLine(first, "strong")]
    return [*told, *(ReportLine(reason.text, lead="·", lead_style="stop-word") for reason in removal.hindrances)]


def _ways(removal: Removal) -> list[Pick]:
    leave = Pick(_NOTHING, ("Leave everything as it is",))
    if not removal.hindrances:
        return [Pick(_REMOVE, (f"Remove {counted(removal.going + removal.back, 'serial')}",)), leave]
    if removal.can_keep:
        kept = len(removal.hindrances)
        return [leave, Pick(_ONLY_RECEIVED, (f"Remove only {removal.going} still Received, keep {kept}",))]
    return [leave]
