"""Where papers go, and which are printed when."""

import pytest

from scanstation.domain.papers import Folder, Paper, PrintPlan, Queue, Socket, fits_lines, read_printer
from scanstation.domain.status import OrderKind


@pytest.mark.parametrize(
    ("text", "printer"),
    [
        ("lp:zebra-2", Queue("zebra-2")),
        ("socket://printer", Socket("printer", 9100)),
        ("socket://10.0.0.7:6101", Socket("10.0.0.7", 6101)),
        ("socket://[fe80::1]:9100", Socket("fe80::1", 9100)),
        ("/srv/labels", Folder("/srv/labels")),
        ("lp:", None),
        ("lp:-o", None),
        ("lp:a b", None),
        ("socket:printer", None),
        ("socket://", None),
        ("socket://printer:0", None),
        ("socket://printer:99999", None),
        ("socket://printer/raw", None),
        ("ipp://printer", None),
        ("", None),
    ],
)
def test_a_printer_is_a_queue_a_port_or_a_folder(text: str, printer: object) -> None:
    assert read_printer(text) == printer


def test_what_has_a_printer_and_is_wanted_then_is_printed_at_completing() -> None:
    plan = PrintPlan(labels="lp:zebra", at_packing=("slip", "labels"), at_receiving=("slip",))
    assert plan.at_completing(OrderKind.SHIPMENT) == (Paper.LABELS,)
    assert plan.at_completing(OrderKind.PURCHASE) == ()
    assert plan.is_on
    assert not PrintPlan(at_packing=("slip",)).is_on
    assert (plan.form_of(Paper.LABELS), plan.form_of(Paper.SLIP)) == (".pdf", ".pdf")


def test_a_code_is_lines_while_its_bars_are_wide_enough() -> None:
    assert fits_lines(368, 92)
    assert not fits_lines(369, 92)
