"""What a file really is, by its content, and whether it is safe to unpack."""

import zipfile
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import said_later, word, worded

MEGABYTE = 1 << 20
LARGEST_FILE = 256 * MEGABYTE
LARGEST_UNPACKED = 1024 * MEGABYTE
# A sheet of equal rows packs 40 to 1, a zip bomb 1,000 to 1. Small files may do what they like.
LARGEST_RATIO = 200
RATIO_FROM = 32 * MEGABYTE
MOST_PARTS = 10_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HOW_TO_SAVE = said_later("Save it as a workbook (.xlsx) or as CSV UTF-8 (.csv), and try again.")


class Content(StrEnum):
    """A content that can be read; the value is its extension."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    JSON = "json"


_NAMES = {
    Content.XLSX: said_later("an Excel workbook (.xlsx)"),
    Content.XLSB: said_later("an Excel binary workbook (.xlsb)"),
    Content.XLS: said_later("an old Excel workbook (.xls)"),
    Content.ODS: said_later("an OpenDocument spreadsheet (.ods)"),
    Content.CSV: said_later("a text file (.csv)"),
    Content.JSON: said_later("JSON (.json)"),
}
_EXTENSIONS = {
    ".xlsx": Content.XLSX,
    ".xlsm": Content.XLSX,
    ".xltx": Content.XLSX,
    ".xltm": Content.XLSX,
    ".xlsb": Content.XLSB,
    ".xls": Content.XLS,
    ".xlt": Content.XLS,
    ".ods": Content.ODS,
    ".csv": Content.CSV,
    ".tsv": Content.CSV,
    ".tab": Content.CSV,
    ".txt": Content.CSV,
    ".json": Content.JSON,
}
_OTHER_FILES = (
    (b"%PDF", said_later("a PDF document")),
    (b"\x89PNG", said_later("a picture")),
    (b"\xff\xd8\xff", said_later("a picture")),
    (b"GIF8", said_later("a picture")),
    (b"{\\rtf", said_later("a text document (RTF)")),
    (b"\x1f\x8b", said_later("a packed file (gzip)")),
    (b"7z\xbc\xaf", said_later("a packed file (7z)")),
    (b"Rar!", said_later("a packed file (RAR)")),
    (b"SQLite format 3\0", said_later("a database")),
    (b"\x7fELF", said_later("a program")),
    (b"MZ", said_later("a program")),
)
# The beginning of the stream of a workbook of Excel 97 and later, and the record after it that asks a password.
_FIRST_RECORD, _LOCK_RECORD, _RECORDS_BEFORE_LOCK = b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x2f\x00", 3
# Streams of an OLE container, which old Office files and encrypted new ones are.
_OLE_STREAMS = (
    ("WordDocument", said_later("a Word document")),
    ("PowerPoint Document", said_later("a presentation")),
    ("VisioDocument", said_later("a drawing (Visio)")),
    ("__properties_version1.0", said_later("an e-mail (Outlook)")),
)
# What the list of parts calls the main one, in workbooks, templates and with macros alike.
_BOOKS = tuple(
    f"{kind}.main+xml".encode()
    for kind in (
        "spreadsheetml.sheet",
        "spreadsheetml.template",
        "ms-excel.sheet.macroEnabled",
        "ms-excel.template.macroEnabled",
    )
)


def sniff(file: BinaryIO, name: str) -> Content:
    """What the file really is; raises UnreadableFile for what cannot be read and for a misleading extension.

    `name` is the file's name, for its extension and for the message. Leaves the position anywhere.
    """
    content = _content(file, name)
    promised = _EXTENSIONS.get(PurePath(name).suffix.lower())
    if promised is not None and promised is not content:
        raise UnreadableFile(
            worded("{file} is not what its name says: it is {what}.", file=shorten(name), what=word(_NAMES[content])),
            worded("Rename it to end in .{content}, or save it as .xlsx, and try again.", content=content),
        )
    return content


def _content(file: BinaryIO, name: str) -> Content:
    file.seek(0)
    head = file.read(4096)
    file_name = shorten(name)
    if not head:
        raise UnreadableFile(
            worded("{file} is empty: it has no bytes at all.", file=file_name),
            worded("Save or copy it again, and try again."),
        )
    if head.startswith(b"PK\x05\x06"):
        raise UnreadableFile(worded("{file} is an empty zip archive.", file=file_name), worded(_HOW_TO_SAVE))
    if head.startswith(b"PK\x03\x04"):
        return _zip_content(file, file_name)
    if head.startswith(_OLE):
        return _ole_content(file, file_name)
    if PurePath(name).suffix.lower() in (".xls", ".xlt") and head[:1] == b"\x09" and b"\0" in head[:8]:
        # A bare BIFF stream of the Excel versions before 5, which the reader knows no more.
        raise UnreadableFile(
            worded("{file} is a workbook of a very old Excel (before 5.0).", file=file_name), worded(_HOW_TO_SAVE)
        )
    for magic, what in _OTHER_FILES:
        if head.startswith(magic) and (magic != b"MZ" or b"\0" in head):
            raise _no_workbook(file_name, what)
    if (marked_up := _page_or_xml(head)) is not None:
        raise UnreadableFile(
            worded("{file} is not a workbook: it is {what}.", file=file_name, what=word(marked_up)),
            worded("Open it in the spreadsheet program. {how_to_save}", how_to_save=word(_HOW_TO_SAVE)),
        )
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(worded("{file} is neither a workbook nor text.", file=file_name), worded(_HOW_TO_SAVE))
    # Whether a text is JSON its name says: a table may begin with a bracket too.
    return Content.JSON if PurePath(name).suffix.lower() == ".json" else Content.CSV


def _no_workbook(file_name: str, what: str) -> UnreadableFile:
    return UnreadableFile(
        worded("{file} is not a workbook: it is {what}.", file=file_name, what=word(what)), worded(_HOW_TO_SAVE)
    )


def _locked(file_name: str) -> UnreadableFile:
    return UnreadableFile(
        worded("{file} is protected with a password.", file=file_name),
        worded("Save it without a password, and try again."),
    )


_MARKED_UP = (
    b"<html",
    b"<!doctype html",
    b"<table",
    b"<meta",
    b"<head",
    b"<body",
    b"<style",
    b"<div",
    b"<center",
    b"<font",
)


def _page_or_xml(head: bytes) -> str | None:
    """What a text with marks is, for which programs like to write the name of a workbook; None if it is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").encode()
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"mime-version:", b"content-type: multipart/related")) or b"\nmime-version:" in start[:500]:
        return said_later("a web page with its pictures (MHTML)")
    is_xml = start.startswith(b"<?xml")
    if start.startswith(_MARKED_UP) or (start.startswith((b"<!--", b"<?xml")) and b"<html" in start):
        return said_later("a web page (HTML)")
    if is_xml and b"opendocument" in start:
        return said_later("a flat OpenDocument file (.fods)")
    if is_xml:
        return said_later("an Excel 2003 XML sheet") if b"office:spreadsheet" in start else said_later("an XML file")
    return None


def _zip_content(file: BinaryIO, file_name: str) -> Content:
    file.seek(0, 2)
    packed = file.tell()
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            worded("{file} is cut off or damaged: the end of the file is missing.", file=file_name),
            worded("Copy or download it again, whole, and try again."),
        ) from error
    with archive:
        parts = archive.infolist()
    _guard(parts, packed, file_name)
    names = {part.filename for part in parts}
    if len(names) != len(parts):
        raise UnreadableFile(
            worded("{file} is damaged: it holds a part twice.", file=file_name),
            worded("Open it in the spreadsheet program and save it again."),
        )
    if any(name.endswith("workbook.bin") for name in names):
        return Content.XLSB
    if any(name.lower().endswith("workbook.xml") for name in names) or _says_workbook(file, names):
        return Content.XLSX
    if "content.xml" in names and "mimetype" in names:
        with zipfile.ZipFile(file) as archive, archive.open("mimetype") as stream:
            kind = stream.read(200)
        if b"spreadsheet" in kind:
            _refuse_locked(file, names, file_name)
            return Content.ODS
        raise _no_workbook(file_name, said_later("another OpenDocument file"))
    if any(name.startswith("word/") for name in names):
        what = said_later("a Word document")
    elif any(name.startswith("ppt/") for name in names):
        what = said_later("a presentation")
    elif any(name.endswith(".iwa") for name in names):
        what = said_later("a Numbers or Pages document")
    else:
        what = said_later("a zip archive")
    raise _no_workbook(file_name, what)


def _says_workbook(file: BinaryIO, names: set[str]) -> bool:
    """Does the list of its parts call one of them a workbook? Its name is free."""
    if "[Content_Types].xml" not in names:
        return False
    with zipfile.ZipFile(file) as archive, archive.open("[Content_Types].xml") as stream:
        types = stream.read(MEGABYTE)
    return any(kind in types for kind in _BOOKS)


def _refuse_locked(file: BinaryIO, names: set[str], name: str) -> None:
    """An OpenDocument file behind a password says so in its list of parts, which itself is open to all."""
    if "META-INF/manifest.xml" not in names:
        return
    with zipfile.ZipFile(file) as archive, archive.open("META-INF/manifest.xml") as stream:
        if b"encryption-data" in stream.read(MEGABYTE):
            raise _locked(name)


def _guard(parts: list[zipfile.ZipInfo], packed: int, file_name: str) -> None:
    """Refuse what must not be unpacked, by the sizes that the archive itself states."""
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(file_name)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS:
        raise UnreadableFile(
            worded("{file} has {parts:,} parts; no workbook has.", file=file_name, parts=len(parts)),
            worded(_HOW_TO_SAVE),
        )
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableFile(
            worded(
                "{file} unpacks to {unpacked:,} MB, of {most:,} at most.",
                file=file_name,
                unpacked=unpacked // MEGABYTE,
                most=LARGEST_UNPACKED // MEGABYTE,
            ),
            worded("Split it into several files, or copy the rows into a new workbook."),
        )
    if unpacked > RATIO_FROM and unpacked > packed * LARGEST_RATIO:
        raise UnreadableFile(
            worded(
                "{file} unpacks to {unpacked:,} MB from {packed:.1f} MB, as a zip bomb does.",
                file=file_name,
                unpacked=unpacked // MEGABYTE,
                packed=packed / MEGABYTE,
            ),
            worded("Copy the rows into a new workbook and save that."),
        )


def _ole_content(file: BinaryIO, file_name: str) -> Content:
    from scanstation.sheets.old_office import WORKBOOKS, streams  # only few files are such

    file.seek(0)
    names = streams(file)
    if not names:
        raise UnreadableFile(
            worded("{file} is cut off or damaged: its list of contents cannot be read.", file=file_name),
            worded("Copy or download it again, whole, and try again."),
        )
    if "EncryptedPackage" in names:
        raise _locked(file_name)
    if names.isdisjoint(WORKBOOKS):
        what = next(
            (what for stream, what in _OLE_STREAMS if stream in names), said_later("another kind of Office file")
        )
        raise _no_workbook(file_name, what)
    file.seek(0)
    if _is_locked(file.read()):
        raise _locked(file_name)
    return Content.XLS


def _is_locked(whole: bytes) -> bool:
    """Does the record that says so follow the first one of an old workbook? Not all readers tell of it."""
    place = whole.find(_FIRST_RECORD)
    if place < 0:
        return False
    place += 4 + int.from_bytes(whole[place + 2 : place + 4], "little")
    for _ in range(_RECORDS_BEFORE_LOCK):
        if whole[place : place + 2] == _LOCK_RECORD:
            return True
        place += 4 + int.from_bytes(whole[place + 2 : place + 4], "little")
    return False
