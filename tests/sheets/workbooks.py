"""Files as people and programs make them, and as nobody should."""

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

PO_HEADER = ("Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Secondary Serial Number")
GOOD = ("MAIN", "ACME", "N-1000", "SKU-1", "SN-1", "IM-1")
LAST = ("",) * 4
"""How a row ends as it is read: its lot and dates, which no sheet here has."""
READ = (*GOOD, *LAST)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def save(path: Path, *rows: Sequence[Any], title: str = "Serials") -> Path:
    """A workbook with one sheet of these rows, made by openpyxl."""
    book, _ = start(*rows, title=title)
    book.save(path)
    return path


def start(*rows: Sequence[Any], title: str = "Serials") -> tuple[openpyxl.Workbook, Worksheet]:
    """A workbook with one sheet of these rows, to be changed and saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return book, sheet


def with_serial(serial: object, number_format: str | None = None) -> tuple[openpyxl.Workbook, Worksheet]:
    """A good workbook but for the serial in E3."""
    book, sheet = start(PO_HEADER, GOOD, ("MAIN", "ACME", "N-1000", "SKU-1", serial, "IM-2"))
    if number_format is not None:
        sheet["E3"].number_format = number_format
    return book, sheet


def inline(*rows: Sequence[str]) -> str:
    """The cells of a sheet as hand-made XML: a text each, or the XML of a cell where it starts with '<'."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            text if text.startswith("<") else f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            for text in row
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return "".join(lines)


def sheet_xml(cells: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def raw_xlsx(path: Path, sheet: str | bytes, others: Mapping[str, str | bytes] | None = None) -> Path:
    """A minimal .xlsx around the XML of a sheet; `others` are further parts, or other contents of these."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Serials" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | dict(others or {})).items():
            archive.writestr(name, content)
    return path


def ods(path: Path, *rows: Sequence[str | float]) -> Path:
    """An OpenDocument spreadsheet with one sheet of these rows; a text that starts with '<' is the XML of a cell."""

    def cell(value: str | float) -> str:
        if isinstance(value, str) and value.startswith("<"):
            return value
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    base = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{base}:manifest:1.0"></manifest:manifest>'
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content xmlns:office="{base}:office:1.0"'
            f' xmlns:table="{base}:table:1.0" xmlns:text="{base}:text:1.0"'
            ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
            "<office:body><office:spreadsheet>"
            f'<table:table table:name="Serials">{lines}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return path


def ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A container of the old Office files with these streams at its top; short ones in the stream of short ones."""
    sector, small = 512, 64
    end, free, is_fat = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    fat: list[int] = [is_fat]
    small_fat: list[int] = []
    body, shorts = b"", b""

    def laid(content: bytes, chain: list[int], size: int) -> int:
        """The first of the sectors that the content takes, which are added to the chain."""
        first, count = len(chain), -(-len(content) // size)
        chain += [*range(first + 1, first + count), end] if count else []
        return first if count else end

    def padded(content: bytes, size: int) -> bytes:
        return content.ljust(-(-len(content) // size) * size, b"\0")

    placed = []
    for name, content in streams.items():
        if len(content) < 4096:
            placed.append((name, laid(content, small_fat, small), len(content)))
            shorts += padded(content, small)
        else:
            placed.append((name, laid(content, fat, sector), len(content)))
            body += padded(content, sector)
    shorts_at = laid(shorts, fat, sector)
    body += padded(shorts, sector)
    chains = padded(struct.pack(f"<{len(small_fat)}I", *small_fat), sector)
    chains_at = laid(chains, fat, sector)
    body += chains

    def entry(name: str, kind: int, start: int, size: int, child: int, right: int) -> bytes:
        wide = name.encode("utf-16-le")
        head = struct.pack("<64sHBBIII", wide, len(wide) + 2 if name else 0, kind, 1, free, right, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    entries = [entry("Root Entry", 5, shorts_at, len(shorts), 1, free)]
    for number, (name, start, size) in enumerate(placed, 1):
        entries.append(entry(name, 2, start, size, free, number + 1 if number < len(placed) else free))
    while len(entries) % 4:
        entries.append(entry("", 0, 0, 0, free, free))
    directory = b"".join(entries)
    directory_at = laid(directory, fat, sector)
    body += directory
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(sector, b"\xff")
    assert len(table) == sector, "one sector of the table is enough for a test"
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, directory_at, 0, 4096),
        *(chains_at, len(chains) // sector, end, 0, 0),
    ).ljust(sector, b"\xff")
    path.write_bytes(header + table + body)
    return path


def xlsb(path: Path, *rows: Sequence[str | float]) -> Path:
    """An Excel binary workbook with one sheet of these rows: records of a number, a length and a body."""

    def record(kind: int, body: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        length = len(body)
        size = b""
        while length > 127:
            size += bytes([length & 0x7F | 0x80])
            length >>= 7
        return head + size + bytes([length]) + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cells() -> Iterable[bytes]:
        for number, row in enumerate(rows):
            yield record(0, struct.pack("<II", number, 0) + bytes(9))
            for index, value in enumerate(row):
                place = struct.pack("<II", index, 0)
                if isinstance(value, str):
                    yield record(6, place + wide(value))
                else:
                    yield record(5, place + struct.pack("<d", value))

    width = max(map(len, rows))
    sheet = (
        record(129)
        + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
        + record(145)
        + b"".join(cells())
        + record(146)
        + record(130)
    )
    book = (
        record(131)
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("Serials"))
        + record(144)
        + record(132)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/worksheet"'
            ' Target="worksheets/sheet1.bin"/></Relationships>',
        )
    return path
