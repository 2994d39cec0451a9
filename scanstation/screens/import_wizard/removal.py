"""Remove Serial Numbers (RULES 2.9): which imports, what goes, what hinders it, and then it is done."""

from collections.abc import Callable, Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.imports import Batch
from scanstation.domain.language import worded
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
        chosen = await _choose(
            screen, worded("Take which imports of {number} back?", number=number), (), _batches(screen, detail.batches)
        )
        if chosen is None:
            return
        batch = chosen if isinstance(chosen, int) else None
    which = worded("batch {batch}", batch=batch) if batch else worded("all imports")
    await _remove(
        screen,
        worded("Take {which} of {number} back?", which=which, number=number),
        lambda: removing.preview(site, order.id, batch=batch),
        lambda only_received, seen: removing.remove_serials(
            site, order.kind, order.id, batch=batch, only_received=only_received, seen=seen
        ),
    )


async def remove_batch(screen: Asking, kind: OrderKind, number: int) -> Done | Refused | None:
    """Take back one imported file, on whichever orders its serials stand."""
    site = screen.station.site
    return await _remove(
        screen,
        worded("Take batch {number} back?", number=number),
        lambda: removing.preview_batch(site, kind, number),
        lambda only_received, seen: removing.remove_batch(site, kind, number, only_received=only_received, seen=seen),
    )


async def _remove(
    screen: Asking,
    title: str,
    look: Callable[[], Removal],
    remove: Callable[[bool, Removal], Done | Refused],
) -> Done | Refused | None:
    removal = await screen.look_up(look)
    if removal is None:
        return None
    way = await _choose(screen, title, _removal_lines(removal), _ways(removal))
    if way not in (_REMOVE, _ONLY_RECEIVED):
        return None
    outcome = await screen.act(lambda: remove(way == _ONLY_RECEIVED, removal))
    await screen.tell(outcome)
    return outcome


async def _choose(screen: Asking, title: str, text: Sequence[ReportLine], picks: Sequence[Pick]) -> object:
    return await screen.app.push_screen_wait(ChooseScreen(screen.station, title, text, picks))


def _batches(screen: Asking, batches: Sequence[Batch]) -> list[Pick]:
    now = screen.station.site.store.clock()
    count = sum(batch.serials for batch in batches)
    picks = [Pick(_ALL, (worded("All {count} imports: {count_2} serials", count=len(batches), count_2=count),))]
    for batch in reversed(batches):
        who = worded(
            "{local_time}, {operator} at {station}",
            local_time=local_time(batch.at, now),
            operator=visible(batch.operator),
            station=visible(batch.station),
        )
        name = worded(
            "Batch {id}: {serials}, {file_name}",
            id=batch.id,
            serials=counted(batch.serials, "serial"),
            file_name=shorten(batch.file_name),
        )
        picks.append(Pick(batch.id, (name,), note=who))
    return picks


def _removal_lines(removal: Removal) -> list[ReportLine]:
    if not removal.hindrances:
        return [
            ReportLine(removal.text, "strong"),
            ReportLine(worded("Scanned serials stay. Trace keeps what is removed."), "quiet"),
        ]
    count = len(removal.hindrances)
    if removal.can_keep:
        first = worded(
            "{serials} moved on, so nothing goes unless you choose:",
            serials=counted(count, "serial has", "serials have"),
        )
    else:
        first = worded("Nothing can be removed:")
    told = [ReportLine(first, "strong")]
    return [*told, *(ReportLine(reason.text, lead="·", lead_style="stop-word") for reason in removal.hindrances)]


def _what_it_does(removal: Removal) -> str:
    """Serials that an import of a shipment order did not bring are not removed: their units stay."""
    serials, units = counted(removal.going, "serial"), counted(removal.back, "unit")
    if not removal.back:
        return worded("Remove {serials}", serials=serials)
    if not removal.going:
        return worded("Make {units} Received again", units=units)
    return worded("Make {units} Received again, remove {serials}", units=units, serials=serials)


def _ways(removal: Removal) -> list[Pick]:
    leave = Pick(_NOTHING, (worded("Leave everything as it is"),))
    if not removal.hindrances:
        return [Pick(_REMOVE, (_what_it_does(removal),)), leave]
    if removal.can_keep:
        kept = len(removal.hindrances)
        return [
            leave,
            Pick(
                _ONLY_RECEIVED,
                (worded("Remove only {going} still Received, keep {kept}", going=removal.going, kept=kept),),
            ),
        ]
    return [leave]
