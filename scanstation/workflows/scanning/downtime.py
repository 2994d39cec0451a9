"""What was written down while the station was away, entered afterwards under the rules of the desk (RULES 2.16).

Each row is judged as the same scans would be, in one act, and all are booked as one receipt or packing of its own: with
the time and the person of the sheet, and the source `downtime`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scanstation import languages
from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, read_code, shorten, visible
from scanstation.domain.downtime import MINUTE, local_moment, read_moment
from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.language import english
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.products import Product, ScannedProduct
from scanstation.domain.progress import Progress
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.sheet_kinds import AT, DOWNTIME
from scanstation.domain.tracking import Asks
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import NOTHING_ASKED, CodeKind, Question, Verdict
from scanstation.sheets.layouts import Layout
from scanstation.sheets.marking import Refusals
from scanstation.sheets.reading import Row, Table, read_workbook
from scanstation.store import acts, catalog, events, operators, orders, works
from scanstation.store.store import Transaction, timestamp, trial
from scanstation.workflows.access import operator_book
from scanstation.workflows.codes import label_serials, lookup
from scanstation.workflows.codes.lookup import Commanded, Unusable
from scanstation.workflows.imports.mending import save_errors, saved
from scanstation.workflows.orders.order_book import work_in_the_way
from scanstation.workflows.scanning import work_acts
from scanstation.workflows.scanning.act_context import ActContext, part_of
from scanstation.workflows.scanning.product_scan import ProductScan
from scanstation.workflows.scanning.serial_scan import SerialScan
from scanstation.workflows.site import Site, local_time

ENTERED = "Entered what was written down"
MOST_ROWS = 1_000
"""Of one act: whoever scans waits for it."""
_SKU, _PRIMARY, _SECONDARY, _QUANTITY = (column.name for column in DOWNTIME.columns[:4])
_COLUMN_OF = {CodeKind.PRIMARY: _PRIMARY, CodeKind.SECONDARY: _SECONDARY}


@dataclass(frozen=True, slots=True)
class Entered(Done):
    """Rows were entered."""

    units: int = 0
    refused: tuple[Reason, ...] = ()
    """What is wrong with those that were left out."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet that was read, and what is said of all its rows."""

    order_id: int
    """The purchase or shipment order."""
    table: Table
    file_name: str
    at: str
    """The day, with or without a time (`domain.downtime`); a row may have its own."""
    by: str
    """Who did it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row."""

    row: int
    cell: str
    reason: Reason
    is_question: bool = False
    """Would a yes enter it?"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What entering a sheet comes to, with the rows left out that are wrong."""

    answer: Entered | Refused
    problems: Sequence[Problem] = ()
    answered: frozenset[tuple[int, Question]] = frozenset()
    """The questions that were answered with yes, and of which row each was."""

    @property
    def units(self) -> int:
        """How many are entered."""
        return self.answer.units if isinstance(self.answer, Entered) else 0

    @property
    def asks(self) -> bool:
        """Would a yes enter more?"""
        return any(one.is_question for one in self.problems)

    @property
    def bad_rows(self) -> dict[int, list[str]]:
        """What is wrong with each row: row number → sentences."""
        rows: dict[int, list[str]] = {}
        for one in self.problems:
            rows.setdefault(one.row, []).append(one.reason.text)
        return rows


def read_sheet(path: Path, *, layouts: Sequence[Layout] = (), progress: Progress | None = None) -> Table:
    """The rows of a workbook or CSV file; one without a serial and a quantity is a blank that nobody filled in.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        UnreadableFile: its content cannot be read.
        ReadingStopped: `progress` was stopped.
    """
    return read_workbook(path, [DOWNTIME], single=True, layouts=layouts, progress=progress).tables[0]


def enter(
    site: Site,
    order_id: int,
    path: Path,
    *,
    at: str,
    by: str,
    yes: bool = False,
    good_rows: bool = False,
    errors_file: Path | None = None,
) -> Entered | Refused:
    """Enter a file of one order: all of its rows or, if asked, those that are right. A refusal is logged.

    Args:
        site: where, and on whose behalf it is entered.
        order_id: the purchase or shipment order.
        path: the workbook or CSV file.
        at: the day, with or without a time; a row may have its own.
        by: who did it.
        yes: is what a desk would ask answered with yes?
        good_rows: are the rows that are right entered where others are not?
        errors_file: where to save all rows with an Error column, if any is refused.

    Raises:
        UnreadablePath: there is nothing to read at the path.
        StoreError: the store cannot be used.
    """
    if read_moment(at, site.today, day_is_first=languages.day_is_first()) is None:
        return site.log_refusal(Refused((say.no_time(at),)), order_id=order_id)
    try:
        table = read_sheet(path)
    except UnreadablePath:
        raise
    except UnreadableFile as error:
        return site.log_refusal(Refused((Reason("unreadable-file", str(error)),)), order_id=order_id)
    looked = _entered(site, Written(order_id, table, path.name, at, by), yes=yes, good_rows=good_rows)
    answer = looked.answer
    if looked.problems and errors_file is not None:
        kept = saved(save_rows(table, looked, errors_file, only_refused=good_rows))
        if isinstance(answer, Refused):
            answer = Refused((*answer.reasons, kept))
        else:
            answer = replace(answer, refused=(*answer.refused, kept))
    return _logged(site, answer, order_id)


def enter_sheet(
    site: Site, written: Written, *, yes: bool = False, good_rows: bool = False, looked: Looked | None = None
) -> Entered | Refused:
    """The same of a sheet that was read and looked at. A refusal is logged.

    `looked` is what somebody was shown: a yes is one to its questions alone, and its bad rows are those left out.
    """
    entered = _entered(site, written, yes=yes, good_rows=good_rows, shown=looked)
    return _logged(site, entered.answer, written.order_id)


def look(site: Site, written: Written, *, yes: bool = False) -> Looked:
    """What entering its good rows would come to; nothing is changed."""

    def act(tx: Transaction) -> Looked:
        with trial(tx) as take_back:
            looked = _Sheet(site, tx, written).enter(yes=yes, good_rows=True)
            take_back()
        return looked

    return site.store.act(act)


def save_rows(table: Table, looked: Looked, path: Path, *, only_refused: bool = False) -> Done | Refused:
    """Save all rows, or those that are refused, with an Error column."""
    cells = {one.cell for one in looked.problems}
    return save_errors(path, [Refusals(table, looked.bad_rows, cells)], only_refused=only_refused)


def _entered(site: Site, written: Written, *, yes: bool, good_rows: bool, shown: Looked | None = None) -> Looked:
    def act(tx: Transaction) -> Looked:
        with trial(tx) as take_back:
            looked = _Sheet(site, tx, written, shown).enter(yes=yes, good_rows=good_rows)
            if isinstance(looked.answer, Refused):
                take_back()
        return looked

    looked = site.act(Deed.ENTER_DOWNTIME, act)
    return Looked(looked) if isinstance(looked, Refused) else looked


def _logged(site: Site, answer: Entered | Refused, order_id: int) -> Entered | Refused:
    if isinstance(answer, Refused):
        return site.log_refusal(answer, order_id=order_id)
    if answer.refused:
        site.log_refusal(Refused(answer.refused), order_id=order_id)
    return answer


class _Sheet:
    """The rows of a sheet, judged and booked in one transaction."""

    def __init__(self, site: Site, tx: Transaction, written: Written, shown: Looked | None = None) -> None:
        self._site, self._tx, self._written, self._table = site, tx, written, written.table
        self._shown = shown
        self._answered_with_yes = set[tuple[int, Question]]()
        self._stamp, self._by = site.stamp(), written.by.strip()
        given = read_moment(written.at, site.today, day_is_first=languages.day_is_first())
        assert given is not None, "what is said of all rows is a moment"
        self._given = given
        self._problems = [
            Problem(one.row, one.cell, say.unreadable_when_written(one.value, one.reason, one.mend))
            for one in self._table.problems
        ]
        self._happened: dict[int, Stamp] = {}
        """When, and by whom, each piece was taken."""
        self._notes: list[str] = []
        self._yes, self._loaded_at = False, ""

    def enter(self, *, yes: bool, good_rows: bool) -> Looked:
        """Take all rows and book them."""
        tx, stamp, order_id = self._tx, self._stamp, self._written.order_id
        self._yes = yes
        order = orders.lock(tx, order_id)
        by = self._person()
        if isinstance(by, Refused):
            return Looked(by)
        own = [one for one in works.open_at(tx, stamp.station) if one.work.order_id == order_id]
        if own:
            return Looked(Refused(work_in_the_way(order, own, self._site.store.clock())))
        rows = [row for row in self._table.rows if _is_filled_in(row)]
        if not rows or len(rows) > MOST_ROWS:
            return Looked(Refused((say.many_rows_written(len(rows), MOST_ROWS) if rows else say.nothing_written(),)))
        by_then = replace(stamp, operator=by)
        act = ActContext(self._site, tx, stamp, order, works.start(tx, order_id, by_then))
        if finished := act.order_finished():
            return Looked(Refused((_reason(finished),)))
        self._loaded_at = acts.loaded_at(tx, f"{order.kind} {order.number}", order.client)
        if self._shown and good_rows:
            self._problems = [*self._shown.problems]
        left_out = {one.row for one in self._problems}
        for row in rows:
            if row.number not in left_out:
                self._take(act, row, by_then)
        is_shown = self._shown is None or {one.row for one in self._problems} == left_out
        refused_rows = tuple(self._told())
        if refused_rows and not (good_rows and is_shown and works.tally(tx, act.work.id).quantity):
            return Looked(Refused(refused_rows), self._problems)
        return self._booked(act, by, refused_rows, len(self._table.rows) - len(rows))

    def _person(self) -> str | Refused:
        """Whose hand it was, as the site writes the name; where people sign in it is an operator's."""
        if not operators.standing(self._tx, None).sign_in_since:
            return operator_book.bad_name(self._by) or self._by
        one = operators.named(self._tx, self._by)
        if one is None:
            people = [visible(other.name) for other in operators.listed(self._tx) if not other.is_service]
            return say.unknown_operator(self._by, ", ".join(people))
        return say.no_badge_for_service(one.name) if one.is_service else one.name

    def _booked(self, act: ActContext, by: str, refused_rows: tuple[Reason, ...], blank: int) -> Looked:
        """Complete the work of its own, and keep who has entered it."""
        act.stamp, act.answers = self._stamp, NOTHING_ASKED
        count = works.tally(act.tx, act.work.id).quantity
        done = work_acts.complete(act, is_next_there=True, happened=self._happened)
        if not done.accepted:
            return Looked(Refused((_reason(done),)), self._problems)
        units = english(counted(count, "unit", grouped=True))
        written = f"{units} of {shorten(self._written.file_name)}, written down by {visible(by)}"
        orders.note_act(act.tx, act.order.id, ENTERED, self._stamp, written)
        text = say.entered_text(count, act.order.number, by, done.text)
        notes = [*self._table.remarks, *self._notes]
        if blank:
            notes.append(say.rows_left_blank(blank))
        entered = Entered(text, tuple(notes), units=count, refused=refused_rows)
        return Looked(entered, self._problems, frozenset(self._answered_with_yes))

    def _told(self) -> Iterator[Reason]:
        """What is wrong, row by row, with where it is."""
        for one in sorted(self._problems, key=lambda one: one.row):
            text = say.yes_enters(one.reason.text) if one.is_question else one.reason.text
            yield replace(one.reason, text=f"{shorten(self._table.sheet)}!{one.cell}: {text}")

    # One row

    def _take(self, act: ActContext, row: Row, by_then: Stamp) -> None:
        """Take a row, or note what is wrong with it."""
        sku, primary, secondary, quantity, _ = row.values
        when = self._moment(act, row)
        if isinstance(when, Reason):
            self._problem(row, AT, when)
            return
        product = self._product(act, sku)
        if isinstance(product, Reason):
            self._problem(row, _SKU, product)
            return
        given = {CodeKind.PRIMARY: primary, CodeKind.SECONDARY: secondary}
        asks = act.rules.asks(act.policy(product))
        if wrong := _cells_wrong(product, asks, given, quantity) or self._spoiled(product, row, given):
            self._problem(row, *wrong)
            return
        act.stamp = replace(by_then, at=when)
        codes = [text for text in given.values() if text]
        column = _COLUMN_OF[CodeKind.PRIMARY if primary else CodeKind.SECONDARY] if codes else _SKU
        verdict, notes = self._answered(
            act, row.number, lambda: self._scanned(act, product, codes, int(quantity or 1), when)
        )
        if not verdict.accepted:
            self._problem(
                row, column, _reason(verdict), is_question=_asks(verdict) and (not self._yes or self._shown is not None)
            )
            return
        if verdict.booked:  # a CHECK that was taken all the same
            notes.append(english(verdict.text))
        self._notes += [f"{shorten(self._table.sheet)}!{self._table.cell(row, column)}: {note}" for note in notes]

    def _problem(self, row: Row, column: str, reason: Reason, *, is_question: bool = False) -> None:
        self._problems.append(Problem(row.number, self._table.cell(row, column), reason, is_question))

    def _moment(self, act: ActContext, row: Row) -> str | Reason:
        """When a row was done, as the store keeps it; never in time to come, nor before its order was there."""
        text, (day, at) = row.values[DOWNTIME.index(AT)], self._given
        if text:
            own = read_moment(text, day, day_is_first=languages.day_is_first())
            if own is None or own[1] is None:
                return say.no_time(text)
            day, at = own
        if at is None:
            return say.no_time("")
        moment, now = local_moment(day, at), self._site.store.clock()
        when = timestamp(moment)
        if moment > now:
            return say.not_yet(local_time(when, now), local_time(self._stamp.at, now))
        if self._loaded_at and timestamp(moment + MINUTE) <= self._loaded_at:
            return say.before_order(act.order.number, local_time(when, now), local_time(self._loaded_at, now))
        return when

    def _product(self, act: ActContext, sku: str) -> Product | Reason:
        scanned = catalog.scanned_product(self._tx, act.order.client_id, sku) if sku else None
        if scanned is None:
            return say.unknown_sku_written(sku, act.order.client)
        if scanned.pack_quantity > 1:
            return say.pack_written(sku, scanned.product.sku, scanned.pack_quantity)
        return scanned.product

    def _spoiled(self, product: Product, row: Row, given: dict[CodeKind, str]) -> tuple[str, Reason] | None:
        """A serial that a program has changed, where no pattern of the product says that it is one all the same."""
        for column, why in self._table.suspects.get(row.number, {}).items():
            kind = next(kind for kind, name in _COLUMN_OF.items() if name == column)
            code = read_code(given[kind])
            pattern = label_serials.pattern_of(product, kind)
            if isinstance(code, BadCode) or not label_serials.fits(pattern, given[kind], code):
                return column, say.spoiled_when_written(given[kind], why)
        return None

    def _answered(self, act: ActContext, row: int, take: Callable[[], Verdict]) -> tuple[Verdict, list[str]]:
        """What a row comes to; what a desk would ask is answered with yes, if somebody said so, and noted."""
        act.answers, notes = NOTHING_ASKED, list[str]()
        while True:
            with act.trial() as take_back:
                verdict = take()
                if not verdict.accepted:
                    take_back()
            asked = verdict.question
            if asked is None or not self._yes or asked.choices or act.answers.to(verdict) is not None:
                return verdict, notes
            if self._shown and (row, asked) not in self._shown.answered:
                return verdict, notes
            self._answered_with_yes.add((row, asked))
            notes.append(f"{english(verdict.text)} Yes.")
            act.answers = act.answers.and_(asked, answer=True)

    def _scanned(self, act: ActContext, product: Product, codes: Sequence[str], quantity: int, when: str) -> Verdict:
        """The same scans, one after the other."""
        scan = Scan(product.sku, Source.DOWNTIME, device="")
        if not codes and (question := self._once_more(act, product.sku, when)):
            return question
        verdict = ProductScan(act, scan, ScannedProduct(product, 1), quantity, Reading(product.sku)).take()
        owed = act.owed
        if not verdict.accepted or owed is None:
            return verdict
        for number, text in enumerate(codes, 2):
            verdict = self._serial(act, replace(part_of(scan, number), text=text))
            if not verdict.accepted:
                return verdict
        if act.prompt:
            return say.serial_owed(product.sku, act.prompt)
        self._happened[owed.piece.id] = act.stamp
        return self._too_early(act, owed.piece.id, codes[0], when) or verdict

    def _once_more(self, act: ActContext, sku: str, when: str) -> Verdict | None:
        """The question where goods without serials were entered before with this time and person."""
        if not works.written_before(act.tx, act.work, sku, act.stamp):
            return None
        at = local_time(when, self._site.store.clock())
        return act.unless_yes(say.written_before(sku, act.order.number, at, act.stamp.operator))

    def _serial(self, act: ActContext, scan: Scan) -> Verdict:
        """One serial, read as a desk reads it."""
        heard, owed = lookup.read(self._site, scan), act.owed
        if isinstance(heard, Unusable):
            return heard.verdict
        if isinstance(heard, Commanded) or owed is None:
            reason = say.card_written(scan.text) if owed else say.one_serial_asked(scan.text)
            return say.refused_with(reason, scan.text)
        return SerialScan(act, replace(scan, text=heard.text), owed, heard).take()

    def _too_early(self, act: ActContext, piece_id: int, code: str, when: str) -> Verdict | None:
        """Why it cannot have been then: something has happened to its unit since."""
        unit_id = works.piece(act.tx, piece_id).unit_id
        last = events.last_of(act.tx, unit_id) if unit_id is not None else None
        if last is None or last[0][: len("2026-11-30T09:20")] <= when[: len("2026-11-30T09:20")]:
            return None
        now = self._site.store.clock()
        reason = say.before_last_event(
            code, at=local_time(when, now), what=last[1].value, last=local_time(last[0], now)
        )
        return say.refused_with(reason, code)


def _is_filled_in(row: Row) -> bool:
    """Did somebody write anything into the blanks of a row?"""
    _, primary, secondary, quantity, _ = row.values
    return bool(primary or secondary or quantity.strip("0"))


def _cells_wrong(product: Product, asks: Asks, given: dict[CodeKind, str], quantity: str) -> tuple[str, Reason] | None:
    """What is filled in that is not asked, or the other way round: the column, and what is wrong."""
    primary, secondary = given[CodeKind.PRIMARY], given[CodeKind.SECONDARY]
    if asks is Asks.NOTHING:
        if primary or secondary:
            return _PRIMARY if primary else _SECONDARY, say.no_serial_asked(product.sku)
        return None
    if quantity not in ("", "1"):
        return _QUANTITY, say.one_unit_a_row(product.sku)
    if asks is Asks.BOTH:
        lacking = next((kind for kind, text in given.items() if not text), None)
        return (_COLUMN_OF[lacking], say.serial_not_written(product.sku, lacking)) if lacking else None
    if secondary and (primary or asks is Asks.PRIMARY):
        return _SECONDARY, say.one_serial_asked(product.sku)
    return None if primary or secondary else (_PRIMARY, say.serial_not_written(product.sku, CodeKind.PRIMARY))


def _asks(verdict: Verdict) -> bool:
    """Is it a question that a yes answers?"""
    return verdict.question is not None and not verdict.question.choices


def _reason(verdict: Verdict) -> Reason:
    return Reason(verdict.reason, verdict.text)
