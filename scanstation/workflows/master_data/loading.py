"""Loading products, orders and opening stock from sheets: by key, repeatable, all or nothing (CONTRACT, `load`)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, shorten
from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.progress import Progress
from scanstation.domain.sheet_kinds import MASTER_DATA, PO_SERIALS, SheetKind
from scanstation.sheets.layouts import Layout
from scanstation.sheets.reading import Table, read_workbook
from scanstation.store import orders
from scanstation.store.store import Transaction
from scanstation.workflows.imports.mending import save_errors, saved
from scanstation.workflows.master_data.changes import Change, Changes, Ending, change_list, counts_of, summary_of
from scanstation.workflows.master_data.comparing import compare
from scanstation.workflows.master_data.sheets import OrderKey, Trouble, Wanted, read_tables, refused_rows
from scanstation.workflows.master_data.writing import write
from scanstation.workflows.site import Site


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading the sheets would do, and everything that is against it. Changes nothing by itself."""

    wanted: Wanted
    remarks: tuple[str, ...]
    """What was mended or ignored in the files."""
    changes: tuple[Change, ...]
    """Without the orders that have a problem."""
    troubles: tuple[Trouble, ...]
    summary: str
    """`4 products (3 new, 1 as before)`; empty when there is nothing to load."""
    without_serials: int = 0
    """Units on hand that packing will ask serials for, and that have none (RULES 2.17)."""
    stock_notes: tuple[str, ...] = ()
    """What somebody should look at of stock that is taken anyway (RULES 2.12)."""

    @property
    def notes(self) -> tuple[str, ...]:
        """All that somebody should look at."""
        return (*self.remarks, *self.stock_notes)

    @property
    def good(self) -> bool:
        """Can all of it be loaded?"""
        return not self.troubles

    @property
    def bad_orders(self) -> int:
        """How many orders have a problem."""
        return len({trouble.order for trouble in self.troubles if trouble.order is not None})

    @property
    def can_leave_out(self) -> bool:
        """Is each problem one order's, so that the others can be loaded without it?"""
        return bool(self.changes) and not _stops(self.troubles, good_orders=True)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run of `load` came to."""

    text: str
    notes: tuple[str, ...] = ()
    """New clients and warehouses, what changed, what was ignored."""
    reasons: tuple[Reason, ...] = ()
    """Every problem. With `good_orders` the orders without one are loaded anyway; else nothing is."""
    changes: tuple[Change, ...] = field(default=(), compare=False)
    """What was loaded, thing by thing."""
    troubles: tuple[Trouble, ...] = field(default=(), compare=False)
    """The problems with the cells they are about."""

    @property
    def refused(self) -> bool:
        """Was anything refused?"""
        return bool(self.reasons)


def load(site: Site, paths: Sequence[Path], *, good_orders: bool = False, errors_file: Path | None = None) -> Loaded:
    """Load the sheets of all files in one act.

    Args:
        site: where and by whom.
        paths: .xlsx, .csv or .json files; a workbook may hold several kinds, one a sheet.
        good_orders: leave out orders with a problem, and load the others; a problem that is not one order's
            still stops the run.
        errors_file: where to save all rows with an Error column if any is refused; where the good orders are
            loaded, the rows of the others.

    Raises:
        UnreadablePath: there is nothing to read at one of the paths.
        StoreError: the store cannot be used.
    """
    wanted, notes = _read(site, paths, MASTER_DATA)
    loaded = load_wanted(site, wanted, notes, good_orders=good_orders)
    if not loaded.refused or errors_file is None or not wanted.tables:
        return loaded
    only_refused = not _stops(loaded.troubles, good_orders=good_orders)
    answer = save_rows(wanted, loaded.troubles, errors_file, only_refused=only_refused)
    return replace(loaded, reasons=(*loaded.reasons, saved(answer)))


def expect(site: Site, order_id: int, path: Path, *, errors_file: Path | None = None) -> Done | Refused:
    """Load the serials that a supplier announces for one purchase order, all or none (RULES 2.26).

    Args:
        site: where and by whom.
        order_id: the order; a row that names another is an error.
        path: an .xlsx, .csv or .json file with the columns of a purchase order's import.
        errors_file: where to save all rows with an Error column if any is refused.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        StoreError: the store cannot be used.
    """
    wanted, notes = _read(site, [path], (PO_SERIALS,))
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
    for one in wanted.expected:
        if one.order[3] != code_key(order.number):
            told = say.list_of_other_order(one.number, order.number)
            wanted.troubles.append(Trouble("other-order", told, one.spot.at("PO Number"), one.order))
    wanted.expected = [one for one in wanted.expected if one.order[3] == code_key(order.number)]
    loaded = load_wanted(site, wanted, notes, deed=Deed.EXPECT)
    if not loaded.refused:
        return Done(loaded.text, loaded.notes)
    if errors_file is None or not wanted.tables:
        return Refused(loaded.reasons)
    return Refused((*loaded.reasons, saved(save_rows(wanted, loaded.troubles, errors_file))))


def save_rows(wanted: Wanted, troubles: Sequence[Trouble], path: Path, *, only_refused: bool = False) -> Done | Refused:
    """Save the rows of all sheets as a workbook with an Error column, to be mended and loaded; or why that failed.

    With `only_refused` those of the orders that have a problem, whole: a good row of such an order is not loaded.
    """
    sheets = refused_rows(wanted, troubles, whole_orders=only_refused)
    return save_errors(path, sheets, only_refused=only_refused)


def preview(
    site: Site,
    path: Path,
    kinds: Sequence[SheetKind] = MASTER_DATA,
    *,
    layouts: Sequence[Layout] = (),
    progress: Progress | None = None,
) -> Preview:
    """Hold the sheets of a file against the store, without a lock; `load_wanted` then loads them.

    Args:
        site: where and by whom.
        path: the workbook or CSV file.
        kinds: what is looked for in it.
        layouts: the sheets, and which of their columns is which; without them the headers tell.
        progress: looked at, and stopped, by whoever waits.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        ReadingStopped: it was stopped.
        StoreError: the store cannot be used.
    """
    progress = progress or Progress()
    wanted, notes = _read(site, [path], kinds, layouts, progress)
    progress.go_on()
    return look_again(site, wanted, notes)


def look_again(site: Site, wanted: Wanted, notes: Sequence[str] = ()) -> Preview:
    """Values that were read before, held against the store as it is now."""
    with site.store.read() as tx:
        changes = compare(site, tx, wanted)
        changes.warn(site, tx)
    changes.leave_out({trouble.order for trouble in changes.troubles})
    lacking = sum(warning.units for warning in changes.warnings.values())
    told, troubles = tuple(change_list(changes)), tuple(changes.troubles)
    return Preview(wanted, tuple(notes), told, troubles, counts_of(changes), lacking, tuple(changes.notes))


def _read(
    site: Site,
    paths: Sequence[Path],
    kinds: Sequence[SheetKind],
    layouts: Sequence[Layout] = (),
    progress: Progress | None = None,
) -> tuple[Wanted, tuple[str, ...]]:
    """What the sheets say, and what was mended or ignored in them."""
    tables: list[tuple[str, Table]] = []
    notes: list[str] = []
    troubles: list[Trouble] = []
    for path in paths:
        file = path.name if len(paths) > 1 else ""
        try:
            workbook = read_workbook(path, kinds, layouts=layouts, sheet_map=site.rules.sheet_map, progress=progress)
        except UnreadablePath:
            raise
        except UnreadableFile as error:
            troubles.append(Trouble("unreadable-file", str(error)))
            continue
        tables += [(file, table) for table in workbook.tables]
        for table in workbook.tables:
            where = f"{shorten(file)}, {shorten(table.sheet)}" if file else shorten(table.sheet)
            notes += [say.problem_at(where, remark) for remark in table.remarks]
        notes += [say.problem_at(shorten(file), remark) if file else remark for remark in workbook.remarks]
    wanted = read_tables(tables, site.rules.command_prefix)
    wanted.troubles[:0] = troubles
    wanted.file_name = paths[0].name if len(paths) == 1 else ""
    return wanted, (*notes, *wanted.notes)


def load_wanted(
    site: Site,
    wanted: Wanted,
    notes: Sequence[str] = (),
    *,
    good_orders: bool = False,
    leaving_out: Collection[OrderKey | None] | None = None,
    deed: Deed = Deed.LOAD,
) -> Loaded:
    """Load values that were read before.

    With `good_orders`, `leaving_out` is what somebody was shown to be left out: that is, whether it is good by now or
    not, and an order that has come to have a problem since stops the run.
    """
    with site.store.read() as tx:
        changes = compare(site, tx, wanted)
    if _stops(changes.troubles, good_orders=good_orders, leaving_out=leaving_out):
        return _refused(site, changes.troubles)
    if site.seat.ask:
        for needed in _deeds(changes):
            site.may(needed)  # so the PIN is asked; the act itself refuses
    stamp = site.stamp()

    def act(tx: Transaction) -> tuple[Changes, list[str]]:
        # Looked at again, now that nobody else writes.
        now = compare(site, tx, wanted, lock=True)
        _refuse_endings(site, tx, now)
        if _stops(now.troubles, good_orders=good_orders, leaving_out=leaving_out):
            return now, []
        bad = {trouble.order for trouble in now.troubles}
        now.leave_out(bad | set(leaving_out or ()))
        return now, write(site, tx, now, stamp)

    answer = site.act(deed, act)
    if isinstance(answer, Refused):
        return _refused(site, [Trouble(reason.name, reason.text) for reason in answer.reasons])
    changes, written = answer
    if _stops(changes.troubles, good_orders=good_orders, leaving_out=leaving_out):
        return _refused(site, changes.troubles)
    reasons = _reasons(changes.troubles)
    if reasons:
        site.log_refusal(Refused(reasons))
    told = tuple(change_list(changes))
    text = _nothing(reasons) if reasons and not counts_of(changes) else summary_of(changes)
    return Loaded(text, (*written, *notes, *changes.notes), reasons, told, tuple(changes.troubles))


_DEED_OF = {Ending.CANCEL: Deed.CANCEL_ORDER, Ending.CLOSE_SHORT: Deed.CLOSE_SHORT}


def _deeds(changes: Changes) -> list[Deed]:
    """What loading does that takes a right of its own."""
    wanted = {order.ends for order in changes.orders}
    return [deed for ending, deed in _DEED_OF.items() if ending in wanted]


def _refuse_endings(site: Site, tx: Transaction, changes: Changes) -> None:
    """Trouble for each order that is cancelled by somebody who may not."""
    reasons = {deed: site.why_not(tx, deed) for deed in _deeds(changes)}
    for order in changes.orders:
        reason = reasons.get(_DEED_OF[order.ends]) if order.ends in _DEED_OF else None
        if reason is not None and order.wanted.cancelled is not None:
            place = order.wanted.cancelled.at(f"{order.wanted.kind} Number")
            changes.troubles.append(Trouble(reason.name, reason.text, place, order.wanted.key))


def takes_nothing(loaded: Loaded) -> bool:
    """Was nothing at all loaded of a run that was to leave out bad orders?"""
    return _stops(loaded.troubles, good_orders=True)


def _stops(
    troubles: Sequence[Trouble], *, good_orders: bool, leaving_out: Collection[OrderKey | None] | None = None
) -> bool:
    return any(
        not good_orders or trouble.order is None or (leaving_out is not None and trouble.order not in leaving_out)
        for trouble in troubles
    )


def _reasons(troubles: Sequence[Trouble]) -> tuple[Reason, ...]:
    return tuple(Reason(trouble.name, trouble.text) for trouble in troubles)


def _refused(site: Site, troubles: Sequence[Trouble]) -> Loaded:
    refusal = site.log_refusal(Refused(_reasons(troubles)))
    return Loaded(_nothing(refusal.reasons), (), refusal.reasons, troubles=tuple(troubles))


def _nothing(reasons: Sequence[Reason]) -> str:
    return say.nothing_loaded(len(reasons))
