"""A row while it is judged beside its line, and what may be wrong with its cells whatever kind of order it is for."""

from collections.abc import Mapping
from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code
from scanstation.domain.tracking import TrackingPolicy
from scanstation.domain.verdict import CodeKind
from scanstation.workflows.codes.serial_rules import no_code
from scanstation.workflows.imports.lines import FilledLine
from scanstation.workflows.imports.problems import Note, RowFinding
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY

KIND_OF = {PRIMARY: CodeKind.PRIMARY, SECONDARY: CodeKind.SECONDARY}
"""Which of a unit's two codes stands in a column."""


@dataclass(slots=True)
class JudgedRow:
    """One row, the line that it is for, and the policy that it is judged by."""

    number: int
    primary: Code | BadCode | None
    secondary: Code | BadCode | None
    line: FilledLine
    policy: TrackingPolicy
    suspicions: Mapping[str, str]
    """By column: what a program may have made of its code (`SheetFacts.suspects`)."""
    notes: list[Note]
    """What is noted of it, if it is taken."""


def unusable(
    row: JudgedRow, *, needs_two: bool, may_have_two: bool, either: bool = False, has_column: bool
) -> list[RowFinding]:
    """What is wrong with the cells as such: filled where they must not be, empty where they must, no code.

    Args:
        row: the row.
        needs_two: must it have a secondary?
        may_have_two: may it have one?
        either: is one of the two enough, whichever it is?
        has_column: has the sheet a column for secondaries?
    """
    primary, secondary, sku = row.primary, row.secondary, row.line.shown_sku
    if isinstance(primary, Code) and secondary is None and not needs_two:
        return []
    if isinstance(primary, Code) and isinstance(secondary, Code) and may_have_two:
        if either or primary.key != secondary.key:
            return []
        return [RowFinding("same-code", SECONDARY, say.same_code_in_row(secondary.text))]
    findings = []
    if primary is None and not (either and secondary is not None):
        findings.append(RowFinding("empty", PRIMARY, say.serial_is_empty(PRIMARY, sku, either=either)))
    if secondary is None and needs_two:
        needed = say.secondary_is_needed(SECONDARY, sku, has_column=has_column)
        findings.append(RowFinding("empty", SECONDARY, needed))
    if secondary is not None and not may_have_two:
        findings.append(RowFinding("secondary-given", SECONDARY, say.no_secondary_here(secondary.text, sku)))
    for column, code in ((PRIMARY, primary), (SECONDARY, secondary)):
        if isinstance(code, BadCode):
            why = no_code(code)
            findings.append(RowFinding(why.name, column, say.told_of(code.text, why.sentence)))
    return findings


def in_earlier_row(row: JudgedRow, column: str, code: Code) -> RowFinding | None:
    """The same code in an earlier row; a code that none had is from now on this row's."""
    first = row.line.seen.setdefault(code.key, row.number)
    if first == row.number:
        return None
    return RowFinding("twice-in-file", column, say.stands_twice(code, say.in_row(first)))
