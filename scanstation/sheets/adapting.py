"""Workbooks that the quick reader would misread or not read at all, in a shape that it reads right.

Each shape was seen in files of a named program (`tests/sheets/fixtures/README.md`). What needs nothing comes back as
it is.
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO
from xml.parsers import expat

from scanstation.sheets.old_office import patched, workbook_stream
from scanstation.sheets.ooxml import PACKAGE_RELATIONS, RELATIONS, Book, refuse_doctype
from scanstation.sheets.sniffing import Content

_CONTENT = "content.xml"
_CHUNK = 1 << 20


def adapted(file: BinaryIO, content: Content) -> BinaryIO:
    """The workbook for the quick reader: the file itself, or a changed copy in memory."""
    changed = _ADAPTERS[content](file)
    file.seek(0)
    return file if changed is None else io.BytesIO(changed)


# -- .ods: Gnumeric and SheetJS indent it; of tabs, line breaks, comments and text boxes the reader makes other texts --

_NEEDS_CUTS = re.compile(
    rb">\s+<(?:/?table:|text:)|<text:(?:tab|line-break|ruby)|<office:annotation|<draw:|<!\[CDATA\["
).search
_REACH = 1 << 16
"""What is between two elements of an indented file is shorter."""
_NOT_SHOWN = frozenset(("office:annotation", "table:shapes", "office:forms", "text:ruby-text", "text:note"))
_TYPED = {"text:tab": b"&#9;", "text:line-break": b"&#10;"}


def _adapt_ods(file: BinaryIO) -> bytes | None:
    with zipfile.ZipFile(file) as archive:
        if not _any_match(archive, _CONTENT, _NEEDS_CUTS):
            return None
        content = archive.read(_CONTENT)
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return None
        return _with_parts(archive, {_CONTENT: _Cutter(content).cut()})


class _Cutter:
    """Leaves out of a content.xml what stands between its elements and what lies over its cells."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartCdataSectionHandler = self._start_marked
        self._parser.EndCdataSectionHandler = self._end_marked
        self._parser.StartDoctypeDeclHandler = refuse_doctype
        self._pieces: list[bytes] = []
        self._kept_to = 0
        self._tables = self._paragraphs = self._hidden = 0
        self._hidden_from = 0
        self._blank_from: int | None = None
        self._marked_from = 0
        self._marked: list[str] | None = None

    def cut(self) -> bytes:
        """The content without it."""
        self._parser.Parse(self._content, True)
        self._pieces.append(self._content[self._kept_to :])
        return b"".join(self._pieces)

    def _replace(self, start: int, end: int, by: bytes = b"") -> None:
        self._pieces += (self._content[self._kept_to : start], by)
        self._kept_to = end

    def _drop_blanks(self) -> None:
        if self._blank_from is not None:
            self._replace(self._blank_from, self._parser.CurrentByteIndex)
            self._blank_from = None

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        if self._hidden:
            self._hidden += 1
            return
        if self._blank_from is not None:
            self._drop_blanks()
        if tag == "table:table":
            self._tables += 1
        elif not self._tables:
            return
        elif tag in _NOT_SHOWN or tag.startswith(("draw:", "dr3d:")):
            self._hidden = 1
            self._hidden_from = self._parser.CurrentByteIndex
        elif tag in ("text:p", "text:h"):
            self._paragraphs += 1

    def _end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
            if not self._hidden:
                self._replace(self._hidden_from, self._end_of_element())
            return
        if self._blank_from is not None:
            self._drop_blanks()
        if tag in ("text:p", "text:h"):
            self._paragraphs = max(0, self._paragraphs - 1)
        elif tag == "table:table":
            self._tables -= 1
        elif self._paragraphs and tag in _TYPED:
            end = self._end_of_element()
            self._replace(self._content.rindex(b"<" + tag.encode(), 0, end), end, _TYPED[tag])

    def _start_marked(self) -> None:
        self._marked_from, self._marked = self._parser.CurrentByteIndex, []

    def _end_marked(self) -> None:
        from xml.sax.saxutils import escape  # it brings the modules of the web along, a quarter of the process's start

        text, self._marked = "".join(self._marked or ()), None
        if self._paragraphs and not self._hidden:
            self._replace(self._marked_from, self._parser.CurrentByteIndex + len(b"]]>"), escape(text).encode())

    def _text(self, text: str) -> None:
        if self._marked is not None:
            self._marked.append(text)
        elif self._tables and not self._paragraphs and not self._hidden and self._blank_from is None and text.isspace():
            self._blank_from = self._parser.CurrentByteIndex

    def _end_of_element(self) -> int:
        """The place after the element that ends here: an empty one (`<a/>`) has no end tag of its own."""
        place = self._parser.CurrentByteIndex
        return self._content.index(b">", place) + 1 if self._content.startswith(b"</", place) else place


# -- .xls: some programs name a code page in a file whose texts are UTF-16, and the reader believes them --

_BOF, _CODE_PAGE, _BIFF8, _UTF_16 = 0x0809, 0x0042, 0x0600, 1200
_RECORDS_LOOKED_AT = 64
"""The code page is one of the first records of the stream."""


def _adapt_xls(file: BinaryIO) -> bytes | None:
    file.seek(0)
    whole = file.read()
    beginning = workbook_stream(whole, 1 << 16)
    if struct.unpack_from("<HHH", beginning.ljust(6, b"\0"))[::2] != (_BOF, _BIFF8):
        return None
    place = 0
    for _ in range(_RECORDS_LOOKED_AT):
        if place + 6 > len(beginning):
            break
        kind, length, value = struct.unpack_from("<HHH", beginning, place)
        if kind == _CODE_PAGE:
            return None if value == _UTF_16 else patched(whole, place + 4, _UTF_16.to_bytes(2, "little"))
        place += 4 + length
    return None


# -- .xlsb: SheetJS leaves the column out of cells that follow each other, and the reader leaves out such cells --

_ROW, _LAST_WITH_COLUMN, _FIRST_SHORT, _LAST_SHORT = 0, 11, 12, 18
_TO_LONG = _FIRST_SHORT - 1
_SHEET_DATA, _SHEET_DATA_END = 145, 146
# Rows, blanks, numbers and shared texts as nearly all programs write them; the others are looked at one by one.
_usual_records = re.compile(
    rb"(?s:\x00[\x11\x19].{17}(?:(?<=\x00\x11.{17})|.{8})|\x01\x08.{8}|[\x02\x07]\x0c.{12}|\x05\x10.{16})*+"
)


def _adapt_xlsb(file: BinaryIO) -> bytes | None:
    with zipfile.ZipFile(file) as archive:
        changed = {}
        for name in archive.namelist():
            if re.search(r"worksheets/[^/]+\.bin\Z", name):
                part = archive.read(name)
                if any(_FIRST_SHORT <= kind <= _LAST_SHORT for kind, _, _, _ in _records(part)):
                    changed[name] = _with_columns(part)
        return _with_parts(archive, changed) if changed else None


def _records(part: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Each record of the cells: its number, where it begins, where its body begins and where it ends."""
    place, is_inside = 0, False
    while place < len(part):
        start = place
        kind = part[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[place] & 0x7F) << 7
            place += 1
        length = 0
        for shift in (0, 7, 14, 21):
            length |= (part[place] & 0x7F) << shift
            place += 1
            if not part[place - 1] & 0x80:
                break
        body, place = place, place + length
        if kind == _SHEET_DATA:
            is_inside = True
        elif kind == _SHEET_DATA_END:
            return
        if is_inside:
            yield kind, start, body, place


def _with_columns(part: bytes) -> bytes:
    """The sheet with the column in each cell."""
    pieces: list[bytes] = []
    kept_to = 0
    column = -1
    for kind, start, body, end in _records(part):
        if kind == _ROW:
            column = -1
        elif kind <= _LAST_WITH_COLUMN:
            column = int.from_bytes(part[body : body + 4], "little")
        elif kind <= _LAST_SHORT:
            column += 1
            length = end - body + 4
            pieces += (
                part[kept_to:start],
                bytes([kind - _TO_LONG]),
                _length(length),
                column.to_bytes(4, "little"),
                part[body:end],
            )
            kept_to = end
    return b"".join((*pieces, part[kept_to:]))


def _length(number: int) -> bytes:
    """A record's length: seven bits a byte, the lowest first."""
    length_bytes = b""
    while number > 0x7F:
        length_bytes += bytes([number & 0x7F | 0x80])
        number >>= 7
    return length_bytes + bytes([number])


# -- .xlsx: the workbook may be any part that the package names --

_WORKBOOK, _WORKBOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def _adapt_xlsx(file: BinaryIO) -> bytes | None:
    with zipfile.ZipFile(file) as archive:
        book = Book(archive)
        if [name for name in archive.namelist() if _is_usual(name)] == [book.workbook]:
            return None
        package = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{_MAIN}" Target="{_WORKBOOK}"/>'
        return _with_parts(
            archive,
            {
                PACKAGE_RELATIONS: f"{package}</Relationships>".encode(),
                _WORKBOOK: archive.read(book.workbook),
                _WORKBOOK_RELATIONS: book.absolute_relations(),
            },
        )


def _is_usual(name: str) -> bool:
    """Would the reader take this part for the workbook?"""
    return name.lower().rpartition("/")[2] == "workbook.xml"


def _with_parts(archive: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """The archive with these parts in place of its own, and without its pictures; nothing is packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as copy:
        for name in archive.namelist():
            if not (name in changed or _is_usual(name) or "media/" in name or "Pictures/" in name):
                copy.writestr(name, archive.read(name))
        for name, content in changed.items():
            copy.writestr(name, content)
    return made.getvalue()


def _any_match(archive: zipfile.ZipFile, part: str, search: Callable[[bytes], object]) -> bool:
    """Is what is searched for anywhere in the part?"""
    if part not in archive.namelist():
        return False
    tail = b""
    with archive.open(part) as stream:
        for chunk in iter(partial(stream.read, _CHUNK), b""):
            window = tail + chunk
            if search(window):
                return True
            tail = window[-_REACH:]
    return False


_ADAPTERS: dict[Content, Callable[[BinaryIO], bytes | None]] = {
    Content.ODS: _adapt_ods,
    Content.XLS: _adapt_xls,
    Content.XLSB: _adapt_xlsb,
    Content.XLSX: _adapt_xlsx,
}
