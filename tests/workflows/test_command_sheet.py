"""The printed command barcodes, read back from what would be printed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import resvg_py
import zxingcpp
from PIL import Image
from reportlab.pdfbase.pdfmetrics import stringWidth

from scanstation import languages
from scanstation.domain import language
from scanstation.domain.check_card import GS1_CARD, PLAIN_CARD
from scanstation.domain.commands import ALL_LEFT, Act, read_command
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.outcome import Done
from scanstation.workflows.codes.interpreting import interpret
from scanstation.workflows.codes.letters import faces_for
from scanstation.workflows.upkeep.command_sheet import QUANTITIES, cards, check_cards, write_badge, write_sheet

PREFIXES = ["SS-", "LONGPREFIX-:", "42<&'\">"]
REASONS = ("wet", "damaged on its way to us by lorry", "box", "lost")
CODE_128, QR = "Code 128", "QR Code"


def read_back(picture: Image.Image) -> set[tuple[str, str]]:
    """Every barcode in a picture: its kind and its text."""
    return {(str(found.format), found.bytes.decode()) for found in zxingcpp.read_barcodes(picture, try_rotate=False)}


def wanted(prefix: str) -> set[tuple[str, str]]:
    """Every command twice, and the check cards: the reader shows a GS1-128's separator as a scanner sends it."""
    commands = {(kind, card.code) for part in cards(prefix, REASONS) for card in part for kind in (CODE_128, QR)}
    return commands | {(kind, card) for card in (PLAIN_CARD, GS1_CARD) for kind in (CODE_128, QR)}


def test_every_command_is_on_the_sheet_and_is_read_as_that_command() -> None:
    acts, quantities, reasons = cards("SS-", REASONS)
    commands = [read_command(card.code, "SS-") for card in (*acts, *quantities, *reasons)]
    assert [command.quantity for command in commands if command and command.act is Act.QUANTITY] == [
        *QUANTITIES,
        ALL_LEFT,
    ]
    assert {command.act for command in commands if command} == set(Act)


def test_the_reasons_of_a_site_are_on_the_sheet_and_as_many_as_a_screen_lists() -> None:
    assert [(card.code, card.hint) for card in cards("SS-", REASONS)[2]] == [
        ("SS-REASON-1", "wet, or 1 of those on the screen"),
        ("SS-REASON-2", "damaged on its way to us by lorry"),
        ("SS-REASON-3", "box, or 3 of those on the screen"),
        ("SS-REASON-4", "lost, or 4 of those on the screen"),
    ]
    assert [card.hint for card in cards("SS-")[2]] == [f"Number {n} of the reasons on the screen" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_printed_pdf_can_be_scanned(tmp_path: Path, prefix: str) -> None:
    done = write_sheet(tmp_path / "commands.pdf", prefix, REASONS)
    assert isinstance(done, Done)
    found: set[tuple[str, str]] = set()
    with pypdfium2.PdfDocument(tmp_path / "commands.pdf") as document:
        assert len(document) == 5
        for page in document:
            found |= read_back(page.render(scale=250 / 72, grayscale=True).to_pil())
    assert found == wanted(prefix)
    commands = {code for _kind, code in found} - {PLAIN_CARD, GS1_CARD}
    assert all(interpret(code, command_prefix=prefix).command for code in commands)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_printed_html_page_can_be_scanned(tmp_path: Path, prefix: str) -> None:
    assert isinstance(write_sheet(tmp_path / "commands.html", prefix, REASONS), Done)
    page = (tmp_path / "commands.html").read_text("utf-8")
    drawings = re.findall(r"<svg .*?</svg>", page)
    found: set[tuple[str, str]] = set()
    for drawing in drawings:
        png = resvg_py.svg_to_bytes(drawing, background="#ffffff", dpi=96, zoom=4, skip_system_fonts=True)
        found |= read_back(Image.open(BytesIO(png)))
    assert found == wanted(prefix)
    assert len(drawings) == len(found)


def test_the_html_page_asks_for_no_other_file_and_its_text_is_text(tmp_path: Path) -> None:
    write_sheet(tmp_path / "commands.htm", "<b>&")
    page = (tmp_path / "commands.htm").read_text("utf-8")
    assert "<b>" not in page
    assert "<code>&lt;b&gt;&amp;YES</code>" in page
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import", page)


@contextmanager
def spoken(code: str) -> Iterator[None]:
    languages.speak(code)
    try:
        yield
    finally:
        language.speak(None)


@pytest.mark.parametrize(
    ("code", "title", "hint"),
    [
        ("de", "Rückgängig", "Nimmt den letzten Scan zurück"),
        ("es", "Deshacer", "Deshace el último escaneo"),
        ("pl", "Cofnij", "Cofa ostatni skan"),
        ("fr", "Défaire", "Défait le dernier scan"),
    ],
)
def test_a_card_says_what_it_does_in_the_stations_language_and_its_code_stays(
    tmp_path: Path, code: str, title: str, hint: str
) -> None:
    pdf, page = tmp_path / "commands.pdf", tmp_path / "commands.html"
    english = {card.hint for part in (*cards("SS-"), check_cards()) for card in part}
    with spoken(code):
        write_sheet(pdf, "SS-")
        write_sheet(page, "SS-")
        all_cards = [card for part in (*cards("SS-"), check_cards()) for card in part]
    with pypdfium2.PdfDocument(pdf) as document:
        told = "\n".join(one.get_textpage().get_text_range() for one in document).replace("\r", "")
        assert read_back(document[0].render(scale=250 / 72, grayscale=True).to_pil()) >= {
            ("Code 128", "SS-UNDO"),
            ("QR Code", "SS-UNDO"),
        }
    for card in all_cards:
        assert f"{card.title}\n{card.hint}\n{card.code}" in told
    assert f"{title}\n{hint}\nSS-UNDO" in told
    html = page.read_text("utf-8")
    assert f'<html lang="{code}">' in html
    assert f"<h2>{title}</h2><p>{hint}</p>" in html
    assert {card.hint for card in all_cards} & english == set()


@pytest.mark.parametrize("code", ["en", "de", "es", "pl", "fr"])
def test_what_a_card_does_has_room_on_it_in_every_language(code: str) -> None:
    with spoken(code):
        all_cards = [card for part in (*cards("SS-"), check_cards()) for card in part]
    faces = faces_for(card.hint for card in all_cards)
    for card in all_cards:
        room = (180 if card.is_wide else 84) / 25.4 * 72
        assert stringWidth(card.hint, faces.plain, 7.5) <= room, card.hint
        assert stringWidth(card.title, faces.bold, 13) <= room, card.title


def test_a_badge_is_in_the_stations_language(tmp_path: Path) -> None:
    with spoken("pl"):
        write_badge(tmp_path / "badge.pdf", "Łucja Żak", "BADGE-1", for_today=True)
    with pypdfium2.PdfDocument(tmp_path / "badge.pdf") as document:
        told = document[0].get_textpage().get_text_range()
    assert all(part in told for part in ("ScanStation: identyfikator", "Łucja Żak", "ważny do północy", "BADGE-1"))


def test_the_same_sheet_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_sheet(tmp_path / name, "SS-")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.parametrize("name", ["commands.png", "commands", "commands.pdf.txt"])
def test_any_other_format_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnwritableFile, match=r"is neither \.html nor \.pdf"):
        write_sheet(tmp_path / name, "SS-")
    assert not list(tmp_path.glob("commands*"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="there is no folder"):
        write_sheet(tmp_path / "nowhere" / "commands.pdf", "SS-")
