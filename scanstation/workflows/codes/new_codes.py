"""The new codes of one product in a file: what each means, and what is doubtful of it (RULES 2.8, Marks).

Where a scan is asked about, a row is noted (RULES 2.12).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from scanstation.domain import marks
from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key
from scanstation.domain.import_facts import Alike
from scanstation.domain.imports import FoundUnit
from scanstation.domain.marks import SERIAL_IDENTIFIERS, Spellings, alike, listed, other_identifier, rough
from scanstation.domain.products import Product
from scanstation.domain.shapes import is_unlike, of_kind
from scanstation.domain.verdict import CodeKind
from scanstation.workflows.codes import label_serials, serial_pattern

T = TypeVar("T")


class Suspicion(NamedTuple):
    """What speaks against a new code."""

    name: str
    sentence: str
    refuses: bool = False
    """Is it no serial, or one that the file has already?"""
    question: str = ""
    """The same as a question whose yes takes it all the same, where a person may say so."""


@dataclass(slots=True)
class NewCodes(Generic[T]):
    """The new codes of one product in one file; each comes from a place, a row or a cell."""

    product: Product
    known: Mapping[str, FoundUnit]
    """The units of the product that have a code of the file, by its key."""
    alike: Alike
    where: Callable[[T], str]
    """How a place is named in a sentence: `row 3`."""
    first_of: dict[str, tuple[str, T]] = field(default_factory=dict)
    """Rough key → the first new code that has it."""
    taken_out: set[str] = field(default_factory=set)
    """Codes that are less than what their cells say."""
    _spelled: Spellings[T] = field(default_factory=Spellings)

    @property
    def changes_texts(self) -> bool:
        """May a code of this product be another than its cell says?"""
        return label_serials.changes_texts(self.product) or label_serials.ignores_separators(self.product)

    @property
    def has_identifiers(self) -> bool:
        """Do this product's barcodes begin with data identifiers?"""
        strips = (self.product.strip, self.product.secondary_strip)
        return any(mark in SERIAL_IDENTIFIERS for strip in strips for mark in listed(strip))

    def meant(self, kinds: Iterable[CodeKind], code: Code | BadCode) -> Code | BadCode:
        """The code that a cell means, as the product's units spell it: without its mark, or taken out of its text."""
        read = label_serials.serial_on(self.product, kinds, code.text, self.known.__contains__)
        if isinstance(read, BadCode):
            return read
        if read.key != code_key(code.text):
            self.taken_out.add(read.key)
        for key, unit in self.alike.get(rough(read.key), ()):
            if read.key not in self.known and label_serials.is_same_code(self.product, key, read.key):
                return Code(text_of(unit, key), key)
        return read

    def settles_pattern(self, code: Code) -> bool:
        """Did a pattern take the code out of its cell's text? The whole of that matched, and the code need not."""
        return code.key in self.taken_out and label_serials.takes_out(self.product)

    def none_is_alike(self, rough_keys: Sequence[str]) -> bool:
        """May none of these new codes be another spelling of one that is here or in the file?"""
        different = set(rough_keys)
        return (
            len(different) == len(rough_keys)
            and self.alike.keys().isdisjoint(different)
            and self.first_of.keys().isdisjoint(different)
            and not self.has_identifiers
        )

    def doubts(self, kind: CodeKind, code: Code, place: T) -> list[Suspicion]:
        """What is doubtful of one more new code, which then is among them."""
        doubts_found = [*self._of_identifiers(kind, code), *self._of_file(code), *self._of_units(code)]
        doubts_found += self._of_shape(kind, code)
        if not any(doubt.refuses for doubt in doubts_found):
            self.first_of.setdefault(rough(code.key), (code.key, place))
            self._spelled.add(code.key, place)
        return doubts_found

    def _of_identifiers(self, kind: CodeKind, code: Code) -> Iterable[Suspicion]:
        pattern = label_serials.pattern_of(self.product, kind)
        if code.key in self.taken_out or (pattern and serial_pattern.fits(pattern, code.text)):
            return
        if found := other_identifier(label_serials.strip_of(self.product, kind), code.text):
            yield identifier_doubt(code, *found)

    def _of_shape(self, kind: CodeKind, code: Code) -> Iterable[Suspicion]:
        if doubt := shape_doubt(self.product, kind, code):
            yield doubt

    def _of_file(self, code: Code) -> Iterable[Suspicion]:
        if first := self.first_of.get(rough(code.key)):
            self._spelled.add(*first)  # of rows that were judged together it is not among them yet
        near = self._spelled.alike(code.key)
        for other, there in near:
            if label_serials.is_same_code(self.product, other, code.key):
                yield Suspicion("twice-in-file", say.stands_twice(code, self.where(there)), refuses=True)
                return
        for other, there in near:
            if self._is_suspect(code.key, other):
                yield Suspicion("alike-new", say.alike_in_file(code, other, self.where(there)))
                return

    def _of_units(self, code: Code) -> Iterable[Suspicion]:
        for other, unit in self.alike.get(rough(code.key), ()):
            if self._is_suspect(code.key, other):
                yield alike_doubt(code, text_of(unit, other))
                return

    def _is_suspect(self, one: str, other: str) -> bool:
        return one != other and alike(one, other) and marks.difference(one, other) not in self.product.told_apart


def text_of(unit: FoundUnit, key: str) -> str:
    """A unit's code as it was scanned or written."""
    return (unit.primary if unit.primary_key == key else unit.secondary) or key


def alike_doubt(code: Code, known: str) -> Suspicion:
    """A new code that may be a known one with another mark."""
    return Suspicion("alike-new", say.may_be_known(code, known), question=say.another_unit_asked(code, known))


def shape_doubt(product: Product, kind: CodeKind, code: Code) -> Suspicion | None:
    """A new code that looks like no serial of the product before (RULES 2.30)."""
    pattern = label_serials.pattern_of(product, kind)
    if not is_unlike(product.shapes, kind, code.text) or (pattern and serial_pattern.fits(pattern, code.text)):
        return None
    return Suspicion("unlike-others", say.looks_like_none(code, of_kind(product.shapes, kind)[-1].words))


def identifier_doubt(code: Code, name: str, means: str) -> Suspicion:
    """A code that begins as what is no serial does; one letter may as well be a serial's own."""
    return Suspicion("other-identifier", say.begins_otherwise(code, name, means), refuses=len(name) > 1)
