"""What rows say of lots and dates (RULES 2.29): held against what is kept, and against the day."""

from collections.abc import Mapping

from scanstation.domain import sentences as say
from scanstation.domain.import_facts import ImportFacts
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports.known_units import KnownUnits
from scanstation.workflows.imports.lines import FilledLine
from scanstation.workflows.imports.problems import Note, RowFinding, RowFindings
from scanstation.workflows.imports.rows import PRIMARY


class RowLots:
    """Gives the units of lines what their rows say, once all rows are judged."""

    def __init__(
        self, kind: OrderKind, rules: SiteRules, lot_of_row: Mapping[int, LotFacts], facts: ImportFacts
    ) -> None:
        self._kind, self._rules, self._lot_of_row, self._facts = kind, rules, lot_of_row, facts

    def judge(self, line: FilledLine, known: KnownUnits, findings: RowFindings) -> None:
        """The units of one line."""
        lot_of_row, kept = self._lot_of_row, self._facts.lots
        if lot_of_row:
            rows = [line.seen[key] for key in line.new.primary_keys]
            line.new.lots = [lot_of_row.get(row, NO_LOT) for row in rows]
            for row, code, lot in zip(rows, line.new.primaries, line.new.lots, strict=True):
                self._held_against_holds(row, code, line.product.id, lot, findings)
                self._held_against_today(row, code, lot, NO_LOT, findings)
        if not (lot_of_row or kept):
            return
        for unit_id, key in zip(line.taken.unit_ids, line.taken.keys, strict=True):
            row = known.named_by[unit_id]
            lot, before = lot_of_row.get(row, NO_LOT), kept.get(unit_id, NO_LOT)
            if lot:
                line.taken.lots.append((unit_id, lot))
            if not before.lot:
                self._held_against_holds(row, key, line.product.id, lot, findings)
            for what, one, other in before.against(lot):
                text = say.other_lot_kept(key, what, one, other)
                findings.note(Note(RowFinding("other-lot", PRIMARY, text)), row)
            self._held_against_today(row, key, lot, before, findings)

    def _held_against_holds(
        self, row: int, code: str, product_id: int, row_lot: LotFacts, findings: RowFindings
    ) -> None:
        """What is of a lot on hold does not go out; a unit of a known lot is on hold by itself, or was released."""
        hold = self._facts.lot_holds.get((product_id, row_lot.key)) if row_lot.key else None
        if hold:
            findings.refuse(RowFinding("on-hold", PRIMARY, say.row_of_lot_on_hold(code, hold.lot, hold.reason)), row)

    def _held_against_today(
        self, row: int, code: str, row_lot: LotFacts, kept: LotFacts, findings: RowFindings
    ) -> None:
        """What goes out behind its use-by is refused; behind its best-before it is noted."""
        today = self._facts.today
        if self._kind is OrderKind.PURCHASE:
            return
        use_by, best_before = (kept.first(name, row_lot) for name in ("use_by", "best_before"))
        if use_by and use_by < today:
            is_refused = self._rules.refuse_expired
            finding = RowFinding("expired", PRIMARY, say.row_past_use_by(code, use_by, is_refused=is_refused))
            if is_refused:
                findings.refuse(finding, row)
            else:
                findings.note(Note(finding), row)
        elif best_before and best_before < today:
            text = say.row_past_best_before(code, best_before)
            findings.note(Note(RowFinding("past-best-before", PRIMARY, text)), row)
