"""The code that is owed: what is asked, which code of a label answers, what a new code may be. No store, no desk."""

from collections.abc import Sequence

import pytest

from scanstation.domain.codes import Code, code_key
from scanstation.domain.not_serials import Kind, NoSerial
from scanstation.domain.orders import OrderLine
from scanstation.domain.owed_codes import (
    Namesake,
    NewCode,
    ToldApart,
    code_on,
    kind_of,
    label_of_other_product,
    likely_meant,
    other_code_differs,
    prompt_for,
    refuse_new,
)
from scanstation.domain.products import Product, ScannedProduct
from scanstation.domain.reading import Form, Reading
from scanstation.domain.scan import Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.tracking import Asks, TrackingSettings
from scanstation.domain.units import AlikeCode, Unit
from scanstation.domain.verdict import NOTHING_ASKED, Answers, CodeKind, Prompt, Verdict
from scanstation.domain.work import OwedPiece, Piece

PRIMARY, SECONDARY = CodeKind.PRIMARY, CodeKind.SECONDARY
SETTINGS = TrackingSettings(track=True)


def product(product_id: int = 1, sku: str = "CAM", told_apart: tuple[str, ...] = ()) -> Product:
    return Product(
        id=product_id,
        client_id=1,
        sku=sku,
        description="",
        settings=SETTINGS,
        serial_pattern="P.*",
        serial_hint="P and digits",
        secondary_pattern="L.*",
        secondary_hint="L and digits",
        told_apart=told_apart,
    )


def owed(
    unit_id: int | None = None, source: Source | None = None, *, known: str | None = None, secondary: str | None = None
) -> OwedPiece:
    """A piece that owes a code, of a line where three do."""
    piece = Piece(
        id=1,
        work_id=7,
        line_id=1,
        entry_id=1,
        scenario=3,
        quantity=1,
        owed=True,
        unit_id=unit_id,
        source=source,
    )
    return OwedPiece(piece=piece, waiting=3, known=known, known_secondary=secondary)


LINE = OrderLine(id=1, order_id=1, product=product(), ordered=9, done=2, in_work=4)
FIRST = owed()
SECOND = owed(99, Source.SCAN, known="P-1")
SECONDARY_CAME_FIRST = owed(99, secondary="L-1")


@pytest.mark.parametrize(
    ("piece", "kind", "known", "hint"),
    [
        (FIRST, PRIMARY, "", "P and digits"),
        (SECOND, SECONDARY, "P-1", "L and digits"),
        (SECONDARY_CAME_FIRST, PRIMARY, "L-1", "P and digits"),
    ],
)
def test_what_is_asked_next(piece: OwedPiece, kind: CodeKind, known: str, hint: str) -> None:
    """Two are done and four in work of which three wait: the fourth unit is asked for."""
    assert prompt_for(piece, LINE, Asks.BOTH) == Prompt(kind, "CAM", 4, 9, hint, either=False, known=known)
    assert prompt_for(piece, LINE, Asks.EITHER).either


def prompt(kind: CodeKind = PRIMARY, *, either: bool = False, known: str = "") -> Prompt:
    return Prompt(kind, "CAM", 1, 9, either=either, known=known)


@pytest.mark.parametrize(
    ("serial", "secondary", "asked", "answer"),
    [
        ("P-1", "L-1", prompt(), "P-1"),
        ("P-1", "L-1", prompt(SECONDARY), "L-1"),
        (None, "L-1", prompt(), None),
        ("P-1", None, prompt(SECONDARY), None),
        ("P-1", "L-1", prompt(either=True), "P-1"),
        (None, "L-1", prompt(either=True), "L-1"),
        (None, None, prompt(either=True), None),
    ],
)
def test_a_serial_is_never_taken_from_the_field_of_the_other_kind(
    serial: str | None, secondary: str | None, asked: Prompt, answer: str | None
) -> None:
    assert code_on(Reading("", Form.GS1, serial=serial, secondary=secondary), asked) == answer


def reason(verdict: object) -> str | None:
    """The short name of a refusal or a question; None where nothing speaks against it."""
    return verdict.reason if isinstance(verdict, Verdict) else None


MINE, PACK, STRANGE = ScannedProduct(product(), 1), ScannedProduct(product(), 6), ScannedProduct(product(2, "TAB"), 1)


@pytest.mark.parametrize(
    ("named", "gtin", "serial", "refused"),
    [
        ([], None, "P-1", False),
        ([], "00000012345670", "P-1", True),
        ([MINE], "00000012345670", "P-1", False),
        ([MINE], "00000012345670", None, True),
        ([STRANGE], None, "P-1", True),
        ([STRANGE, MINE], None, "P-1", False),
        ([PACK], None, "P-1", True),
    ],
)
def test_a_label_of_another_product_or_of_a_pack_answers_no_prompt(
    named: Sequence[ScannedProduct], gtin: str | None, serial: str | None, refused: bool
) -> None:
    reading = Reading("", Form.GS1, gtin=gtin, serial=serial)
    assert isinstance(label_of_other_product("label", product(), prompt(), reading, named), Verdict) is refused


def test_the_other_serial_of_a_label_must_be_the_units() -> None:
    asked = prompt(SECONDARY, known="p-1")
    assert other_code_differs(asked, "P-1", Code("P-1", "P-1")) is None
    assert reason(other_code_differs(asked, "P-2", Code("P-2", "P-2"))) == "two-units"


def unit(unit_id: int, status: UnitStatus = UnitStatus.RECEIVED) -> Unit:
    return Unit(
        id=unit_id,
        product_id=1,
        warehouse_id=1,
        warehouse="W-EAST",
        status=status,
        held_by=None,
        purchase_line_id=1,
        shipment_line_id=None,
        primary="P-1",
        secondary="L-1",
    )


@pytest.mark.parametrize(
    ("piece", "asks", "text", "owner", "fits", "kind"),
    [
        (FIRST, Asks.BOTH, "X", None, [], PRIMARY),
        (FIRST, Asks.BOTH, "P-1", unit(1), [], PRIMARY),
        (FIRST, Asks.BOTH, "L-1", unit(1), [], SECONDARY),
        (FIRST, Asks.BOTH, "L-9", None, [SECONDARY], SECONDARY),
        (FIRST, Asks.BOTH, "L-9", None, [PRIMARY, SECONDARY], PRIMARY),
        (FIRST, Asks.PRIMARY, "L-1", unit(1), [SECONDARY], PRIMARY),
        (FIRST, Asks.EITHER, "L-9", None, [SECONDARY], PRIMARY),
        (SECOND, Asks.BOTH, "L-1", unit(1), [SECONDARY], PRIMARY),
    ],
)
def test_which_of_the_two_a_first_code_is(
    piece: OwedPiece, asks: Asks, text: str, owner: Unit | None, fits: Sequence[CodeKind], kind: CodeKind
) -> None:
    assert kind_of(prompt(), piece, asks, Code(text, text), owner, fits) is kind


NAME, LINK = NoSerial(Kind.NAME, "a station"), NoSerial(Kind.LINK)
NAMESAKE = Namesake("TAB", UnitStatus.RECEIVED, "")


@pytest.mark.parametrize(
    ("no_serial", "unlike", "namesake", "refused", "answer"),
    [
        (None, False, None, False, None),
        (None, True, None, False, "pattern"),
        (None, True, NAMESAKE, False, "serial-of-another"),
        (NAME, False, None, False, Kind.NAME.value),
        (NAME, True, None, False, Kind.NAME.value),
        (None, False, None, True, None),
        (None, False, NAMESAKE, True, "serial-of-another"),
        (NAME, False, None, True, Kind.NAME.value),
    ],
)
def test_what_speaks_against_a_new_code(
    no_serial: NoSerial | None, unlike: bool, namesake: Namesake | None, refused: bool, answer: str | None
) -> None:
    new = NewCode(no_serial, "", unlike=unlike)
    told = refuse_new("X", "CAM", new, namesake, prompt(), NOTHING_ASKED, refused=refused)
    assert reason(told) == answer
    assert (told is not None and told.question is not None) is (no_serial is NAME and not unlike and not refused)


def test_a_doubt_that_was_answered_with_yes_speaks_no_longer_against_it() -> None:
    new = NewCode(NAME, "", unlike=False)
    asked = refuse_new("X", "CAM", new, None, prompt(), NOTHING_ASKED, refused=False)
    assert asked is not None
    assert asked.question is not None
    answers = NOTHING_ASKED.and_(asked.question, True)
    assert refuse_new("X", "CAM", new, None, prompt(), answers, refused=False) is None


def alike(text: str, owner: Unit) -> AlikeCode:
    return AlikeCode(text=text, key=code_key(text), unit=owner)


CODE = Code("12-345", "12-345")
RECEIVED, ANOTHER, PACKED = unit(1), unit(2), unit(3, UnitStatus.PACKED)


@pytest.mark.parametrize(
    ("known", "wanted", "told_apart", "answer"),
    [
        ([], True, (), None),
        ([], False, (), None),
        ([alike("12345", RECEIVED)], True, (), "alike-known"),
        ([alike("12345", RECEIVED), alike("S12345", ANOTHER)], True, (), "alike-several"),
        ([alike("12345", RECEIVED), alike("S12345", PACKED)], True, (), "alike-known"),
        ([alike("12345", PACKED)], True, (), "12345"),
        ([alike("12345", PACKED), alike("S12345", unit(4, UnitStatus.PACKED))], True, (), None),
        ([alike("12345", RECEIVED)], False, (), "alike-new"),
        ([alike("12345", RECEIVED)], False, ("marks",), "alike-new"),
        ([alike("12345", RECEIVED)], False, ("separators",), None),
        ([alike("S12345", RECEIVED)], False, ("marks",), None),
        ([alike("12345", RECEIVED)], True, ("separators",), "alike-known"),
    ],
)
def test_which_known_unit_an_unknown_code_most_likely_means(
    known: Sequence[AlikeCode], wanted: bool, told_apart: tuple[str, ...], answer: str | None
) -> None:
    meant = likely_meant(CODE, known, product(told_apart=told_apart), NOTHING_ASKED, known_wanted=wanted)
    assert (meant.text if isinstance(meant, Code) else reason(meant)) == answer


@pytest.mark.parametrize(
    ("known", "wanted", "said", "answer"),
    [
        ([alike("12345", RECEIVED)], True, True, Code("12345", "12345")),
        ([alike("12345", RECEIVED)], False, True, Code("12345", "12345")),
        ([alike("12345", RECEIVED)], False, False, ToldApart(frozenset({"separators"}))),
        (
            [alike("12345", RECEIVED), alike("S12345", ANOTHER)],
            False,
            False,
            ToldApart(frozenset({"separators", "marks"})),
        ),
        ([alike("12345", RECEIVED), alike("S12345", ANOTHER)], False, True, "alike-several"),
    ],
)
def test_what_yes_and_no_to_it_lead_to(
    known: Sequence[AlikeCode], wanted: bool, said: bool, answer: Code | ToldApart | str
) -> None:
    asked = likely_meant(CODE, known, product(), NOTHING_ASKED, known_wanted=wanted)
    assert isinstance(asked, Verdict)
    assert asked.question is not None
    meant = likely_meant(CODE, known, product(), Answers().and_(asked.question, said), known_wanted=wanted)
    assert (reason(meant) if isinstance(meant, Verdict) else meant) == answer
