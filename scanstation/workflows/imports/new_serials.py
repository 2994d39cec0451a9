"""What speaks against a code that no unit of the product has yet (RULES 2.8), for one code and for many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code
from scanstation.domain.import_facts import ImportFacts
from scanstation.domain.imports import FoundUnit
from scanstation.domain.not_serials import Sieve, SiteWords
from scanstation.domain.products import Product
from scanstation.domain.shapes import of_kind
from scanstation.domain.verdict import CodeKind
from scanstation.workflows.codes import serial_pattern
from scanstation.workflows.codes.serial_rules import Neighbours, Objection, never_a_serial
from scanstation.workflows.imports.lines import FilledLine
from scanstation.workflows.imports.problems import Note, RowFinding
from scanstation.workflows.imports.row_codes import KIND_OF, JudgedRow
from scanstation.workflows.imports.rows import PRIMARY


class NewSerials:
    """Holds new codes against the rules of serials; what only needs a look is noted of the row."""

    def __init__(self, words: SiteWords, facts: ImportFacts) -> None:
        self._words = words
        self._facts = facts
        self._sieves: dict[int, Sieve] = {}

    def refusal(self, row: JudgedRow, column: str, code: Code) -> RowFinding | None:
        """Why a unit cannot be created with this code."""
        return self.no_serial(row, column, code) or self._doubtful(row, column, code)

    def no_serial(self, row: JudgedRow, column: str, code: Code) -> RowFinding | None:
        """Why it is no serial, or does not look like one of the product."""
        objection = self.objection(row, column, code)
        if objection is None:
            return None
        if objection.may_be_taken:
            row.notes.append(Note(RowFinding(objection.name, column, objection.sentence), code))
            return None
        return RowFinding(objection.name, column, say.told_of(code.text, objection.sentence))

    def _doubtful(self, row: JudgedRow, column: str, code: Code) -> RowFinding | None:
        """Why it is a code of the file already, spelt otherwise, or begins as what is no serial does (Marks)."""
        for doubt in row.line.codes.doubts(KIND_OF[column], code, row.number):
            finding = RowFinding(doubt.name, column, doubt.sentence)
            if doubt.refuses:
                return finding
            row.notes.append(Note(finding))
        return None

    def objection(self, row: JudgedRow, column: str, code: Code) -> Objection | None:
        """What the rules of serials say of it."""
        line = row.line
        neighbours = Neighbours(line.client, self._facts.names, lambda key: self._other_here(line, key))
        return never_a_serial(
            code,
            line.product,
            neighbours,
            self._words,
            is_primary=column == PRIMARY,
            suspicion=row.suspicions.get(column),
            was_taken_out=line.codes.settles_pattern(code),
        )

    def may_all_be_new(
        self, primaries: Iterable[str], secondaries: Iterable[str], keys: Collection[str], line: FilledLine
    ) -> bool:
        """Does nothing of `no_serial` speak against any of these codes, by their texts and all their keys?"""
        product = line.product
        return (
            _all_alike(product, CodeKind.PRIMARY, primaries)
            and _all_alike(product, CodeKind.SECONDARY, secondaries)
            and _all_fit(product.serial_pattern, primaries)
            and _all_fit(product.secondary_pattern, secondaries)
            and self._others.keys().isdisjoint(keys)
            and not self._sieve(line).caught([*keys])
        )

    def other_unit(self, line: FilledLine, key: str) -> FoundUnit | None:
        """A unit of another product of the client that has a code; one in this warehouse before others."""
        others = (
            unit
            for unit in self._others.get(key, ())
            if unit.product_id != line.product.id and unit.product_id in line.client.sku_of
        )
        return min(others, key=lambda unit: not _is_here(line, unit), default=None)

    def _other_here(self, line: FilledLine, key: str) -> str:
        """The SKU of another product with a unit in this warehouse that has a code."""
        unit = self.other_unit(line, key)
        return line.client.sku_of[unit.product_id] if unit and _is_here(line, unit) else ""

    @cached_property
    def _others(self) -> Mapping[str, Sequence[FoundUnit]]:
        """Code → the units of all products that have it; empty where no code of the file can be another product's."""
        of_key: dict[str, list[FoundUnit]] = defaultdict(list)
        orders = self._facts.surroundings.orders.values()
        of_file = {line.product.id for order in orders for line in order.lines.values()}
        if len(of_file) > 1 or not self._facts.units.keys() <= of_file:
            for of_product in self._facts.units.values():
                for key, unit in of_product.items():
                    of_key[key].append(unit)
        return of_key

    def _sieve(self, line: FilledLine) -> Sieve:
        """What finds the codes of a client that need a look."""
        sieve = self._sieves.get(line.order.client_id)
        if sieve is None:
            names = (*self._facts.names, *line.client.open_orders)
            sieve = self._sieves[line.order.client_id] = Sieve(line.client.product_codes, names, self._words)
        return sieve


def _is_here(line: FilledLine, unit: FoundUnit) -> bool:
    return unit.warehouse_id == line.order.warehouse_id and not unit.status.has_left


def _all_fit(pattern: str, texts: Iterable[str]) -> bool:
    """Do all codes match the pattern, if there is one?"""
    return not pattern or all(serial_pattern.fits(pattern, text) for text in texts)


def _all_alike(product: Product, kind: CodeKind, texts: Iterable[str]) -> bool:
    """Do all codes look like those before, if these have a shape?"""
    known = of_kind(product.shapes, kind)
    return not known or all(any(shape.fits(text) for shape in known) for text in texts)
