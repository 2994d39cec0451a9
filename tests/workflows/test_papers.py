"""The papers of an order: what stands on them, what a printer gets, and what becomes of it."""

import re
import socket
import sys
import threading
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from sqlalchemy import update

from scanstation import languages
from scanstation.domain import language
from scanstation.domain.language import english, shown
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.papers import Label, Paper, PrintPlan
from scanstation.domain.status import Move, OrderKind
from scanstation.store import tables as t
from scanstation.workflows.orders import packing_list
from scanstation.workflows.papers import contents, label_layout, page_layout
from scanstation.workflows.papers.printing import Job, Prints, print_paper, write_paper
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import moved, packed, received
from tests.workflows.at_the_desk import scan
from tests.workflows.exports import until

_DPMM = 8


@pytest.fixture
def bought(site: Site) -> int:
    """Twelve cameras of two codes ordered, three of them Received, and cables without serials."""
    builders.product(site, "CAM-300", 3)
    builders.product(site, "CBL-010", 0)
    order_id = builders.purchase(site, "N-1", {"CAM-300": 12, "CBL-010": 200})
    received(site, order_id, "CAM-300", ("SN10", "L-10"), ("SN9", "L-9"), ("SN1", "L-1"))

    return order_id


def pictures(pdf: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=3).to_pil() for page in document]


def texts(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def read(picture: Image.Image) -> list[tuple[str, str]]:
    return [(found.text, str(found.format)) for found in zxingcpp.read_barcodes(picture)]


def as_printed(zpl: str) -> Image.Image:
    """The boxes of a label of ZPL, as a printer of 203 dpi burns them."""
    picture = Image.new("L", (100 * _DPMM, 50 * _DPMM), 255)
    for left, top, wide, high in re.findall(r"\^FO(\d+),(\d+)\^GB(\d+),(\d+),\d+\^FS", zpl):
        box = (int(left), int(top), int(left) + int(wide) - 1, int(top) + int(high) - 1)
        ImageDraw.Draw(picture).rectangle(box, fill=0)
    return picture


CODES = ["SN-0001", "A", "ab", "A" * 64, "a~^>_" * 12, "^XA^FS~JA>0", "1234567890123456789012"]


@pytest.mark.parametrize("kind", ["code128", "datamatrix"])
def test_a_label_reads_as_its_code_however_that_is_spelt(kind: str) -> None:
    labels = [Label(code, "Serial", "CAM-300", "Camera ^XZ ~JR _5E", "NORDWIND") for code in CODES]
    for code, page in zip(CODES, pictures(label_layout.as_pdf(labels, kind)), strict=True):
        ((told, form),) = read(page)
        assert told == code
        assert form == ("Code 128" if kind == "code128" and len(code) < 30 else "Data Matrix")
    printed = label_layout.as_zpl(labels, kind, _DPMM).decode("ascii").split("^XA")[1:]
    assert [read(as_printed(zpl))[0][0] for zpl in printed] == CODES


def test_no_text_of_a_label_is_a_command_to_the_printer() -> None:
    harmless = "^FS^FD~ _5E \\& ü > , ;"
    label = Label("A^FS~B_C>1,", "Serial", harmless, harmless, harmless)
    zpl = label_layout.as_zpl([label], "code128", _DPMM).decode("ascii")
    fields = re.findall(r"\^FH_\^FD(.*?)\^FS", zpl)
    assert all(re.fullmatch(r"(?:[A-Za-z0-9 ./-]|_[0-9A-F]{2})*", data) for data in fields)
    assert fields[1].startswith("_5EFS_5EFD_7E _5F5E _5C_26 _C3_BC _3E _2C _3B")
    assert fields[3] == "A_5EFS_7EB_5FC_3E1_2C"
    commands = set(re.findall(r"[\^~][A-Z][A-Z0-9]", re.sub(r"\^FD.*?\^FS", "", zpl)))
    assert commands == {
        "^XA",
        "^CI",
        "^PW",
        "^LL",
        "^LH",
        "^LT",
        "^PO",
        "^FW",
        "^FO",
        "^A0",
        "^FH",
        "^GB",
        "^FS",
        "^XZ",
    }


def test_labels_are_of_what_is_here_in_the_order_people_count_in(site: Site, bought: int) -> None:
    codes = [label.code for label in contents.labels(site, bought)]
    assert codes == ["SN1", "L-1", "SN9", "L-9", "SN10", "L-10"]
    sold = builders.shipment(site, "S-1", {"CAM-300": 1})
    moved(site, Move.PACK, [1], sold, "CAM-300")
    assert [label.code for label in contents.labels(site, bought)] == ["SN1", "L-1", "SN9", "L-9"]
    assert [(label.code, label.kind) for label in contents.labels(site, sold)] == [
        ("SN10", "Serial"),
        ("L-10", "Secondary serial"),
    ]


def test_the_slip_of_a_receipt_and_of_a_packing(site: Site, bought: int) -> None:
    sold = builders.shipment(site, "S-1", {"CAM-300": 2})
    packed(site, sold, "CAM-300", ("SN 100", "L-100"), ("SN 20", "L-20"))

    def count(order_id: int, number: int) -> None:
        line = t.order_line.c.order_id == order_id
        site.store.act(lambda tx: tx.execute(update(t.order_line).where(line).values(done=number)))

    count(bought, 3)
    count(sold, 2)
    slip = packing_list.packing_list(site, bought)
    rows = "\n".join(row for page in packing_list.pages(slip) for row in page)
    assert "Receipt     N-1" in rows
    assert "SN1 + L-1    SN9 + L-9    SN10 + L-10" in rows
    pdf = page_layout.as_pdf("N-1: slip", "N-1", packing_list.pages(slip))
    assert "SN10 + L-10" in texts(pdf)
    assert read(pictures(pdf)[0]) == [("N-1", "Code 128")]
    assert "SN 20 + L-20    SN 100 + L-100" in packing_list.as_text(packing_list.packing_list(site, sold))


def test_the_downtime_sheet_has_a_blank_for_each_code_that_is_left(site: Site, bought: int) -> None:
    builders.product(site, "SKIP", 5)
    sold = builders.shipment(site, "S-1", {"CAM-300": 2, "SKIP": 4})
    rows = [row for page in contents.downtime_pages(site, sold) for row in page]
    assert "Packing     S-1" in rows
    assert sum(row.lstrip().startswith(("1  ____", "2  ____")) for row in rows) == 2
    assert any("how many ____" in row for row in rows)
    assert all(len(row) <= 80 for row in rows)
    buying = [row for page in contents.downtime_pages(site, bought) for row in page]
    assert sum("____  ____" in row for row in buying) == 12  # both codes of each
    assert not any("left" in row and "CAM" in row for row in contents.downtime_pages(site, sold)[-1][-2:])


def test_letters_that_a_font_lacks_do_not_stop_a_paper(site: Site) -> None:
    pdf = page_layout.as_pdf("Łódź", "Ł-1", [["Łódź, Škoda, 東京", "ü ß €"]])
    assert "Łódź, Škoda, ??" in texts(pdf)
    assert "ü ß €" in texts(pdf)


def test_polish_letters_are_printed_and_western_ones_need_no_font_in_the_file() -> None:
    western = page_layout.as_pdf("N-1", "N-1", [["Größe, déjà, ¿qué?"]])
    assert b"FontFile" not in western
    letters = "Zażółć gęślą jaźń ZAŻÓŁĆ GĘŚLĄ JAŹŃ"
    page = page_layout.as_pdf("N-1", "N-1", [[letters]])
    labels = label_layout.as_pdf([Label("SN-1", "Serial", "CAM", letters, "ŻABKA")], "code128")
    for pdf in (page, labels):
        assert letters in texts(pdf)
        assert b"FontFile" in pdf
    assert page == page_layout.as_pdf("N-1", "N-1", [[letters]])
    assert read(pictures(labels)[0]) == [("SN-1", "Code 128")]


@pytest.mark.parametrize(
    ("code", "slip", "downtime", "label"),
    [
        (
            "de",
            ["SERIENNUMMERN", "Wareneingang N-1", "3 Einheiten, 3 mit Seriennummern."],
            ["AUFGESCHRIEBEN, WÄHREND DIE STATION WEG WAR", "Primäre Seriennummer", "noch 9", "wie viele"],
            "Sekundäre Seriennummer",
        ),
        (
            "pl",
            ["NUMERY SERYJNE", "Przyjęcie N-1", "3 sztuki, z numerami seryjnymi: 3."],
            ["SPISANE, GDY STANOWISKO NIE DZIAŁAŁO", "Główny numer seryjny", "zostało 9", "ile", "Dzień"],
            "Dodatkowy numer seryjny",
        ),
    ],
)
def test_papers_are_in_the_language_that_was_asked_for_and_what_is_told_of_them_in_ours(
    site: Site, bought: int, tmp_path: Path, code: str, slip: list[str], downtime: list[str], label: str
) -> None:
    site.store.act(
        lambda tx: tx.execute(
            update(t.order_line).where(t.order_line.c.order_id == bought, t.order_line.c.ordered == 12).values(done=3)
        )
    )
    out = tmp_path / "out"
    out.mkdir()
    plan = PrintPlan(slips=str(out), labels=str(out))
    printed = {}
    for paper in Paper:
        done = print_paper(site, plan, Job(bought, paper), code)
        assert isinstance(done, Done)
        assert "went to" in done.text
        (file,) = out.iterdir()
        printed[paper] = " ".join(texts(file.read_bytes()).split())
        file.unlink()
    for paper, wanted in ((Paper.SLIP, slip), (Paper.DOWNTIME, downtime)):
        assert [words for words in wanted if words not in printed[paper]] == []
        assert "N-1" in printed[paper]
    assert label in printed[Paper.LABELS]
    assert "SERIAL NUMBERS" in texts(
        page_layout.as_pdf("N-1", "N-1", packing_list.pages(packing_list.packing_list(site, bought)))
    )


def test_zpl_names_the_font_that_letters_beyond_western_ones_need() -> None:
    zpl = label_layout.as_zpl([Label("SN-1", "Numer seryjny", "CAM", "Aparat żółty", "Größe")], "code128", 8).decode()
    assert zpl.startswith("^XA^CI28")  # UTF-8
    rows = {row.partition("^FD")[2]: row for row in zpl.splitlines() if "^FD" in row}
    assert "^A@N,24,24,E:TT0003M_.FNT^FH_" in rows["Aparat _C5_BC_C3_B3_C5_82ty^FS"]
    assert "^A0N,40,40^FH_" in rows["CAM^FS"]
    assert "^A0N,24,24^FH_" in rows["Gr_C3_B6_C3_9Fe _C2_B7 Numer seryjny^FS"]


def test_the_label_of_a_house_serial_says_what_it_is_of(site: Site, tmp_path: Path) -> None:
    builders.product(site, "CAM-300", 1)
    builders.purchase(site, "N-1", {"CAM-300": 2})
    scan(Desk(site, OrderKind.PURCHASE), "N-1", "CAM-300", "SS-NOSERIAL", "SS-REASON-1")
    path = tmp_path / "l.pdf"
    assert isinstance(write_paper(site, PrintPlan(), Job(0, Paper.LABELS, house="hs-000001"), path), Done)
    (label,) = pictures(path.read_bytes())
    assert [text for text, _ in read(label)] == ["HS-000001"]
    assert all(word in texts(path.read_bytes()) for word in ("House serial", "CAM-300", "NORDWIND"))
    assert isinstance(write_paper(site, PrintPlan(), Job(0, Paper.LABELS, house="HS-000009"), path), Refused)


# On the way to the printer


def test_a_paper_goes_into_a_folder_under_the_orders_number(site: Site, bought: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    plan = PrintPlan(slips=str(out), labels=str(out), label_format="zpl")
    assert isinstance(print_paper(site, plan, Job(bought, Paper.LABELS)), Done)
    assert isinstance(print_paper(site, plan, Job(bought, Paper.SLIP)), Done)
    labels, slip = sorted(out.iterdir())
    assert labels.name.startswith("N-1-labels-")
    assert labels.read_bytes().count(b"^XA") == 6
    assert slip.suffix == ".pdf"


def test_a_printer_at_a_port_gets_the_whole_of_it(site: Site, bought: int) -> None:
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as printer:

        def take() -> None:
            line, _ = printer.accept()
            with line, line.makefile("rb") as stream:
                got.append(stream.read())

        thread = threading.Thread(target=take)
        thread.start()
        plan = PrintPlan(labels=f"socket://127.0.0.1:{printer.getsockname()[1]}", label_format="zpl")
        done = print_paper(site, plan, Job(bought, Paper.LABELS))
        thread.join()
    assert isinstance(done, Done)
    assert done.text == "N-1: 6 labels went to the printer at 127.0.0.1."
    assert got[0].startswith(b"^XA")
    assert got[0].endswith(b"^XZ\n")


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program `lp` that keeps what it is given; one queue is none of its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "lp"
    program.write_text(
        f'#!/bin/sh\ncat > "{tmp_path}/given"\necho "$@" > "{tmp_path}/asked"\n'
        '[ "$2" != nowhere ] || { echo "lp: The printer or class does not exist." >&2; exit 1; }\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return tmp_path


def test_a_queue_of_cups_gets_zpl_as_it_is(site: Site, bought: int, lp: Path) -> None:
    plan = PrintPlan(slips="lp:office", labels="lp:zebra", label_format="zpl")
    assert isinstance(print_paper(site, plan, Job(bought, Paper.LABELS)), Done)
    assert (lp / "asked").read_text() == "-d zebra -o raw\n"
    assert isinstance(print_paper(site, plan, Job(bought, Paper.SLIP)), Done)
    assert (lp / "asked").read_text() == "-d office\n"
    assert (lp / "given").read_bytes().startswith(b"%PDF")


def test_what_is_not_printed_says_why_and_what_to_do(site: Site, bought: int, lp: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    for printer, why in (
        ("lp:nowhere", "The queue nowhere does not take it: The printer or class does not exist."),
        (f"socket://127.0.0.1:{port}", f"The printer at 127.0.0.1, port {port}, is out of reach: Connection refused."),
        ("/nowhere/at/all", "there is no folder /nowhere/at/all"),
    ):
        refused = print_paper(site, PrintPlan(slips=printer), Job(bought, Paper.SLIP))
        assert isinstance(refused, Refused)
        assert refused.text.startswith("The slip of N-1 was not printed. ")
        assert why in refused.text
        assert refused.text.endswith("Print it again from its page.")


def test_a_file_is_not_written_for_nothing(site: Site, bought: int, tmp_path: Path) -> None:
    plan = PrintPlan()
    assert isinstance(write_paper(site, plan, Job(bought, Paper.LABELS), tmp_path / "l.zpl"), Done)
    empty = builders.shipment(site, "S-0", {"CAM-300": 1})
    nothing = write_paper(site, plan, Job(empty, Paper.LABELS), tmp_path / "n.pdf")
    assert isinstance(nothing, Refused)
    assert nothing.reasons[0].name == "nothing-to-print"


def test_a_house_label_that_was_not_printed_leaves_a_pen_or_its_life(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints = Prints(PrintPlan(labels="/nowhere/at/all"))
    prints.house(site, "HS-000007")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    refused = prints.look()
    assert isinstance(refused, Refused)
    assert refused.text == (
        "The label of HS-000007 was not printed. No process was started (No such file or directory). "
        "Write HS-000007 on the unit, or print it again from its life, F3."
    )


def test_completing_prints_the_labels_of_that_work_and_what_fails_is_told_once(
    site: Site, bought: int, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    plan = PrintPlan(labels=str(out), slips=str(out / "nowhere"), label_format="zpl", at_receiving=("labels", "slip"))
    prints, desk = Prints(plan), Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "CAM-300", "SN20", "L-20")
    desk.complete()
    view = desk.yes()
    assert view.completed is not None
    assert desk.refresh().completed is None
    prints.completed(site, OrderKind.PURCHASE, *view.completed)
    refused = until(prints.look)
    assert isinstance(refused, Refused)
    assert refused.text.startswith("The slip of N-1 was not printed. ")
    (labels,) = out.iterdir()
    assert labels.read_bytes().count(b"^XA") == 2
    assert prints.look() is None


def test_a_station_prints_in_its_own_language_whoever_is_signed_in(site: Site, bought: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    before = languages.site()
    prints = Prints(PrintPlan(slips=str(out)))
    try:
        languages.settle("pl")
        languages.speak("de")
        prints.ask(site, Job(bought, Paper.DOWNTIME))
        prints.ask(site, Job(bought, Paper.LABELS))
        refused = until(prints.look)
    finally:
        languages.settle(before)
        language.speak(None)
    (file,) = out.iterdir()
    assert "SPISANE, GDY STANOWISKO NIE DZIAŁAŁO" in texts(file.read_bytes())
    assert isinstance(refused, Refused)
    assert english(refused.text).startswith("The serial labels of N-1 were not printed.")
    assert shown(refused.text).startswith("Seriennummern-Etiketten")


def test_scanning_the_next_order_completes_and_says_so(site: Site) -> None:
    builders.product(site, "CBL", 0)
    builders.purchase(site, "N-1", {"CBL": 1})
    builders.purchase(site, "N-2", {"CBL": 1})
    desk = Desk(site, OrderKind.PURCHASE)
    view = scan(desk, "N-1", "CBL", "N-2")
    assert view.completed is not None
    assert scan(desk, "CBL").completed is None
