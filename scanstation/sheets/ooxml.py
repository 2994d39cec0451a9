"""What the quick reader does not tell about .xlsx: number formats, error values, empty formulas, hidden rows."""

import posixpath
import re
import zipfile
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol
from urllib.parse import unquote
from xml.parsers import expat

from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import word, worded
from scanstation.sheets.cells import GENERAL

_CHUNK = 1 << 18
# The formats that have no code in the file. Those left out are of dates, times and money, by country.
_BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    49: "@",
}
_STYLE_LISTS = frozenset(("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"))
_PLAIN_FORMATS = frozenset((GENERAL, "general", "0", "@"))
_NOT_NUMBERS = frozenset(("s", "str", "inlineStr", "b", "e", "d"))
PACKAGE_RELATIONS = "_rels/.rels"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
# An error value, a date, a formula, a hidden row.
_MARKS = (b'"e"', b'"d"', b"<f", b"hidden")
_is_zero = re.compile(r"0(?:\.0*)?").fullmatch
_EMPTY_TEXT = '=""'
"""A formula whose result is known without the program that counts."""
_far_cell = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


@dataclass(slots=True)
class Details:
    """What a close look at one sheet found, in the columns and below the header that were asked for."""

    hidden_rows: set[int] = field(default_factory=set)
    unusable: dict[int, dict[int, tuple[str, bool]]] = field(default_factory=dict)
    """By row and column: the error value, or the formula that has no stored value (True), or only the number 0."""
    moments: dict[int, set[int]] = field(default_factory=dict)
    """By row, the columns that hold a date or a time as such, and no number that is displayed as one."""
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    """Of cells with a number whose format is not a plain one."""


class SheetPart:
    """One worksheet inside an .xlsx, for the questions that the quick reader cannot answer."""

    def __init__(self, book: "Book", part: str, columns: Container[int], header_row: int) -> None:
        self._book = book
        self._part = part
        self._columns = columns
        self._header_row = header_row

    def number_format(self, row: int, column: int) -> str:
        """The format code of a cell that holds a number; row from 1, column from 0."""
        if not self._book.has_special_formats:
            return GENERAL
        return self.details.formats.get((row, column), GENERAL)

    @cached_property
    def details(self) -> Details:
        """The close look itself: ten times slower than the quick reader, so only taken when something asks."""
        look = _CloseLook(self._book.styles, self._columns, self._header_row)
        parse_part(self._book.archive, self._part, look.start, look)
        look.settle()
        return look.details

    def needs_close_look(self) -> bool:
        """Does the sheet hold error values, formulas or hidden rows? Found by their letters, so never missed."""
        before_cells = True
        tail = b""
        with self._book.archive.open(self._part) as stream:
            while chunk := stream.read(_CHUNK):
                window = tail + chunk
                if before_cells:
                    # Hidden columns are no news, and stand before the cells. So does a prefix of the elements.
                    start = window.find(b"<sheetData")
                    if b"<!" in window[:start] or b":sheetData" in window:
                        return True
                    if start < 0:
                        tail = window[-16:]
                        continue
                    before_cells = False
                    window = window[start:]
                if any(mark in window for mark in _MARKS):
                    return True
                # Other quotation marks than all programs write. Most sheets have none: one letter is found at once.
                if b"'" in window and b"='" in window:
                    return True
                tail = window[-16:]
        return before_cells

    def farthest_cell(self) -> tuple[int, int]:
        """The last row (from 1) and the last column (from 0) that any cell of the sheet is in."""
        last_row = last_column = 0
        tail = b""
        with self._book.archive.open(self._part) as stream:
            while chunk := stream.read(_CHUNK):
                for letters, digits in _far_cell.findall(tail + chunk):
                    last_row = max(last_row, int(digits))
                    last_column = max(last_column, _column_index(letters.decode()))
                tail = chunk[-32:]
        return last_row, last_column


class Book:
    """The parts of an .xlsx or .xlsm, read from its zip archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        # Part names do not differ by case alone (OPC).
        self._names = {name.lower(): name for name in archive.namelist()}
        self.workbook = self._named_workbook() or self._usual_workbook()
        """Its part of the archive."""

    def _named_workbook(self) -> str | None:
        """The part that the package calls its main one."""
        if PACKAGE_RELATIONS not in self._names:
            return None
        targets = (part for kind, part, _ in self._relations("").values() if kind.endswith("/officeDocument"))
        return next((part for part in targets if part in self.archive.NameToInfo), None)

    def _usual_workbook(self) -> str:
        names = [name for name in self.archive.namelist() if name.lower().endswith("workbook.xml")]
        if not names:
            raise damaged(word("it has no workbook inside"))
        return min(names, key=len)

    @cached_property
    def _outline(self) -> tuple[list[tuple[str, str]], bool]:
        """The name and the id of each sheet; does the workbook say that its formulas have still to be counted?"""
        sheets: list[tuple[str, str]] = []
        counts_on_load = False

        def element(tag: str, attributes: list[str]) -> None:
            nonlocal counts_on_load
            local = local_name(tag)
            if local == "sheet":
                said = by_local_name(attributes)
                sheets.append((said.get("name", ""), said.get("id", "")))
            elif local == "calcPr":
                counts_on_load = by_local_name(attributes).get("fullCalcOnLoad") in ("1", "true")

        parse_part(self.archive, self.workbook, element)
        return sheets, counts_on_load

    @cached_property
    def parts(self) -> dict[str, str]:
        """The archive's part of each sheet, by the sheet's name."""
        return {title: self._targets[key][1] for title, key in self._outline[0] if key in self._targets}

    @property
    def counts_on_load(self) -> bool:
        """Are the results of its formulas those of a program that cannot count?"""
        return self._outline[1]

    @cached_property
    def _targets(self) -> dict[str, tuple[str, str, bool]]:
        return self._relations(self.workbook)

    def _relations(self, of: str) -> dict[str, tuple[str, str, bool]]:
        """What a part refers to, by the reference's id: its type, its part of the archive, and is it outside?

        The whole package is the part without a name.
        """
        folder, name = posixpath.split(of)
        targets: dict[str, tuple[str, str, bool]] = {}

        def relationship(tag: str, attributes: list[str]) -> None:
            if local_name(tag) == "Relationship":
                values = by_local_name(attributes)
                target = unquote(values.get("Target", ""))
                part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                outside = values.get("TargetMode", "") == "External"
                targets[values.get("Id", "")] = (values.get("Type", ""), self._names.get(part.lower(), part), outside)

        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        parse_part(self.archive, self._names.get(relations.lower(), relations), relationship)
        return targets

    def absolute_relations(self) -> bytes:
        """What the workbook refers to, as a part of its own that holds wherever the workbook lies."""
        from xml.sax.saxutils import quoteattr  # it brings the modules of the web along

        lines = [
            f"<Relationship Id={quoteattr(key)} Type={quoteattr(kind)} Target={quoteattr('/' + part)}/>"
            for key, (kind, part, outside) in self._targets.items()
            if not outside
        ]
        return f'<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'.encode()

    @cached_property
    def styles(self) -> list[str]:
        """The number format of each cell style, in the order in which cells refer to them."""
        name = next((part for kind, part, _ in self._targets.values() if kind.endswith("/styles")), None)
        if name is None:
            return []
        codes = dict(_BUILT_IN)
        named: list[int] = []
        of_cells: list[tuple[int | None, int]] = []
        inside = ""

        def style(tag: str, attributes: list[str]) -> None:
            nonlocal inside
            local = local_name(tag)
            if local in _STYLE_LISTS:
                inside = local
            elif local == "numFmt" and inside == "numFmts":
                values = by_local_name(attributes)
                codes[_number(values.get("numFmtId"))] = values.get("formatCode", GENERAL)
            elif local == "xf" and inside == "cellStyleXfs":
                named.append(_number(by_local_name(attributes).get("numFmtId")))
            elif local == "xf" and inside == "cellXfs":
                values = by_local_name(attributes)
                own = values.get("numFmtId")
                of_cells.append((None if own is None else _number(own), _number(values.get("xfId"))))

        parse_part(self.archive, name, style)
        # What a cell's format does not say, its named style says (ECMA-376, 18.8.10).
        keys = [(named[base] if base < len(named) else 0) if own is None else own for own, base in of_cells]
        return [codes.get(key, f"number {key}") for key in keys]

    @cached_property
    def has_special_formats(self) -> bool:
        """Is there any style whose numbers are not shown as their plain digits?"""
        return not _PLAIN_FORMATS.issuperset(self.styles)

    def sheet(self, title: str, columns: Container[int], header_row: int) -> SheetPart:
        """The part of the sheet of this name, for the columns (from 0) and the rows below the header."""
        part = self.parts.get(title)
        if part is None or part not in self.archive.namelist():
            raise damaged(word("it names a sheet that is not in it"))
        return SheetPart(self, part, columns, header_row)


class Listener(Protocol):
    """Who takes the texts between the elements too, and so has to know the parser."""

    parser: expat.XMLParserType | None


class _CloseLook:
    """The handlers that gather `Details` from a worksheet's XML, cell by cell."""

    def __init__(self, styles: list[str], columns: Container[int], header_row: int) -> None:
        self.details = Details()
        self.parser: expat.XMLParserType | None = None
        self._special = [None if code in _PLAIN_FORMATS else code for code in styles]
        self._columns = columns
        self._header_row = header_row
        self._indexes: dict[str, int] = {}
        self._row = 0
        self._row_digits = "0"
        self._column = -1
        self._watched = False
        self._type = ""
        self._is_formula = False
        self._formula: list[str] = []
        self._value: list[str] = []

    def start(self, tag: str, attributes: list[str]) -> None:
        # Called for each element of a sheet, a dozen times a row: what is asked first is what comes most.
        if ":" in tag:
            tag = local_name(tag)
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._start_row(attributes)
        elif not self._watched:
            return
        elif tag == "f":
            self._is_formula = True
            self._listen(self._formula)
        elif tag == "v" and (self._is_formula or self._type == "e"):
            self._listen(self._value)

    def _start_row(self, attributes: list[str]) -> None:
        self.settle()
        values = dict(pairs(attributes))
        self._row_digits = values.get("r", "") or str(self._row + 1)
        self._row = int(self._row_digits)
        self._column = -1
        if values.get("hidden") in ("1", "true") or values.get("ht") == "0":
            self.details.hidden_rows.add(self._row)

    def _start_cell(self, attributes: list[str]) -> None:
        if self._watched:
            self.settle()
        reference = style = kind = ""
        for name, value in pairs(attributes):
            if name == "r":
                reference = value
            elif name == "s":
                style = value
            elif name == "t":
                kind = value
        if not reference:
            self._column += 1
        else:
            # Nearly always the letters stand before the digits of this very row.
            column = self._indexes.get(reference.removesuffix(self._row_digits))
            if column is None:
                letters = reference.rstrip("0123456789")
                column = self._indexes[letters] = _column_index(letters)
                self._row_digits = reference[len(letters) :]
                self._row = int(self._row_digits)
            self._column = column
        if self._row <= self._header_row or self._column not in self._columns:
            return
        self._watched = True
        self._type = kind
        if kind == "d":
            self.details.moments.setdefault(self._row, set()).add(self._column)
        elif kind not in _NOT_NUMBERS:
            # A cell that names no style has the first one (ECMA-376, 18.3.1.4), whatever its row and column have.
            number = int(style or 0)
            special = self._special[number] if number < len(self._special) else None
            if special is not None:
                self.details.formats[self._row, self._column] = special

    def settle(self) -> None:
        """The cell before is complete: keep it if it holds nothing that can be used."""
        if not self._watched:
            return
        if self._type == "e":
            self._keep("".join(self._value) or "#ERROR", False)
        elif self._is_formula and self._type not in ("str", "inlineStr"):
            value = "".join(self._value).strip()
            if not value or (self._type in ("", "n") and _is_zero(value)):
                self._keep("=" + "".join(self._formula), True)
        self._watched = self._is_formula = False
        if self._formula or self._value:
            self._formula, self._value = [], []
        if self.parser is not None:
            self.parser.CharacterDataHandler = None

    def _keep(self, cell_text: str, is_empty_formula: bool) -> None:
        if cell_text.replace(" ", "") == _EMPTY_TEXT:
            return
        self.details.unusable.setdefault(self._row, {})[self._column] = (cell_text, is_empty_formula)

    def _listen(self, into: list[str]) -> None:
        assert self.parser is not None, "a close look belongs to one parser"
        self.parser.CharacterDataHandler = into.append


def damaged(what: str) -> UnreadableFile:
    """The refusal of a workbook whose inside does not hold together."""
    return UnreadableFile(
        worded("The workbook is damaged: {what}.", what=what),
        worded("Open it in the spreadsheet program, save it again, and try again."),
    )


def parse_part(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, list[str]], None],
    look: Listener | None = None,
) -> None:
    """Run a part through the XML parser; entities are refused, because only an attack declares them.

    `start` takes each element's name and its attributes, names and values by turns.
    """
    if part not in archive.namelist():
        raise damaged(word("it has no part {part}", part=part))
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    if look is not None:
        look.parser = parser
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def holds_any(archive: zipfile.ZipFile, part: str, marks: Sequence[bytes]) -> bool:
    """Is any of the marks in the part? Marks are a few bytes each."""
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = tail + chunk
            if any(mark in window for mark in marks):
                return True
            tail = window[-32:]
    return False


def refuse_doctype(*_declaration: object) -> None:
    """The handler of a declaration of entities."""
    raise UnreadableFile(
        worded("The workbook declares entities, which no spreadsheet program writes."),
        worded("Copy the rows into a new workbook and save that."),
    )


def local_name(tag: str) -> str:
    """The name of an element or attribute without its prefix."""
    return tag.rpartition(":")[2]


def by_local_name(attributes: list[str]) -> dict[str, str]:
    """Attributes as the parser gives them, names and values by turns, by their names without prefixes."""
    return {local_name(name): value for name, value in pairs(attributes)}


def pairs(attributes: list[str]) -> Iterator[tuple[str, str]]:
    """The attributes of an element as the parser gives them, names and values by turns, two and two."""
    each = iter(attributes)
    return zip(each, each, strict=True)


def _number(text: str | None) -> int:
    """A whole number as XML may write it; what is none is refused as the damage that it is."""
    try:
        return int(text or 0)
    except ValueError as error:
        raise damaged(word("it has a number format without a number")) from error


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
