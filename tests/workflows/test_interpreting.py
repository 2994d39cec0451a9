"""What a barcode says: the kinds, their order, what is never guessed, and what is refused."""

import pytest
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as FIELDS
from biip.upc import Upc
from hypothesis import given
from hypothesis import strategies as st

from scanstation.domain.commands import Act, Command
from scanstation.domain.gtin import check_digit, expected_check_digit, gtin_key
from scanstation.domain.reading import Form, Reading
from scanstation.workflows.codes.interpreting import interpret

GS, RS, EOT = "\x1d", "\x1e", "\x04"
GTIN = "04006381333931"


def read(text: str) -> Reading:
    return interpret(text, command_prefix="SS-")


def is_untouched(text: str) -> bool:
    """Was this read as plain text, with no part, fault or note?"""
    reading = read(text)
    return reading == Reading(text, symbology=reading.symbology)


# Plain text


@pytest.mark.parametrize(
    "text",
    [
        "SN-1",
        "10293847",
        "4006381333931",
        "0104006381333930",
        "01040063813339",
        "010400638133393021SN-1",
        f"01{GTIN}XYZ",
        f"02{GTIN}",
        "0100000000000000",
        "21SN-1",
        "(21)SN-1",
        "(01",
        "(9999)1(01)2",
        "[>SN-1",
        "[red]x[/red]",
        "[/]ABC",
        '=HYPERLINK("x")',
        "http://[bad",
        "http://",
        "https://example.com/p/123",
        "https://example.com/2026/01/15/news",
        "https://example.com/?01=04006381333931",
        "０１０４００６３８１３３３９３１",
        "SS-",
        "]",
        "]]",
        "]C",
        "]?1SN-1",
        "]b0SN-1",
        "",
    ],
)
def test_what_gives_no_evidence_stays_as_it_is(text: str) -> None:
    assert is_untouched(text)


def test_blanks_at_the_edges_are_taken_off_but_no_separator() -> None:
    assert read(" SN-1\u00a0").text == "SN-1"
    assert read(f"{GS}21SN-1{GS}").text == f"{GS}21SN-1{GS}"


@given(st.text("0123456789", max_size=40))
def test_bare_digits_are_never_guessed_to_be_gs1(digits: str) -> None:
    if not (digits.startswith("01") and gtin_key(digits[2:16])):
        assert is_untouched(digits)


# AIM identifiers


@pytest.mark.parametrize(
    ("aim", "symbology"),
    [("]C0", "Code 128"), ("]A0", "Code 39"), ("]d1", "Data Matrix"), ("]Q1", "QR Code"), ("]L2", "PDF417")],
)
def test_an_aim_identifier_is_taken_off_and_says_what_barcode_it_was(aim: str, symbology: str) -> None:
    assert read(f"{aim}SN-1") == Reading("SN-1", symbology=symbology)


GS1_AIMS = (
    "C1 D1 J1 J4 K1 L3 O1 O5 Q3 Q4 T1 d2 d5 d8 dB e0 e1 e2 e3 g2 g3 h2 p1 z1 z4 z7 zA".split()  # noqa: SIM905 it reads better
)
"""ISO/IEC 15424 and the symbologies' own standards: FNC1 in first position, and what GS1 has besides."""


@pytest.mark.parametrize("aim", GS1_AIMS)
def test_the_aim_identifiers_of_gs1_are_evidence(aim: str) -> None:
    reading = read(f"]{aim}21SN-1")
    assert (reading.form, reading.text, reading.serial) == (Form.GS1, "21SN-1", "SN-1")
    assert read(f"]{aim}010400638133393121A{GS}10B").serial == "A"


@pytest.mark.parametrize("aim", ["C0", "C2", "C4", "D2", "J2", "K2", "L0", "L2", "L4", "L5", "O4", "Q1", "Q5", "T2"])
def test_fnc1_in_second_position_or_nowhere_is_no_gs1(aim: str) -> None:
    assert read(f"]{aim}21SN-1") == Reading("21SN-1", symbology=read(f"]{aim}X").symbology)


WITH_CHARACTER_SETS = {
    "Data Matrix": "d4 d5 d6 dA dB dC",
    "QR Code": "Q2 Q4 Q6",
    "PDF417": "L1",
    "Aztec": "z3 z4 z5 z9 zA zB",
    "MaxiCode": "U2 U3",
    "DotCode": "J3 J4 J5",
    "Han Xin": "h1",
    "Grid Matrix": "g1 g3 g5",
    "Composite": "e3",
}


@pytest.mark.parametrize("aim", [aim for aims in WITH_CHARACTER_SETS.values() for aim in aims.split()])
def test_escapes_of_character_sets_are_undone_where_the_modifier_says_that_they_are_sent(aim: str) -> None:
    of_gs1 = aim in GS1_AIMS
    serial, text = (r"21A\\B", "21A\\B") if not of_gs1 else ("21AB-1", "21AB-1")
    for sent in (rf"\000026{serial}", rf"\000003{serial}\000026", serial[:2] + r"\000899" + serial[2:]):
        reading = read(f"]{aim}{sent}")
        assert (reading.text, reading.fault) == (text, None), sent
        assert (reading.serial == "AB-1") is of_gs1
    assert read(rf"]{aim}\000026").fault == "is too short: nothing follows its start mark"
    assert read(rf"]{aim}\000026SS-YES").command == Command(Act.YES)
    envelope = read(f"]{aim}" + r"\000026" + f"[)>{RS}06{GS}SA\\\\1{GS}20TÜ{RS}{EOT}")
    assert (envelope.serial, envelope.fault) == ("A\\1", None)


@pytest.mark.parametrize("aim", ["L1", "Q2", "d5", "z3", "U2", "J3", "h1"])
@pytest.mark.parametrize("damaged", ["\\12", "\\", "\\00002", "\\A00026", "\\000261", "\\026000"])
def test_half_an_escape_is_a_damaged_label_where_the_modifier_says_that_they_are_sent(aim: str, damaged: str) -> None:
    for text in (f"]{aim}SN-1{damaged}", rf"]{aim}\000026SN\\-1{damaged}"):
        assert f"“{damaged}” is no escape that ]{aim} sends" in (read(text).fault or ""), text


@pytest.mark.parametrize(
    "aim", ["d1", "d2", "d3", "Q0", "Q1", "Q3", "Q5", "L0", "L2", "L3", "z0", "z1", "U0", "J0", "h0"]
)
def test_what_looks_like_an_escape_is_text_where_the_modifier_does_not_say_so(aim: str) -> None:
    assert read(rf"]{aim}\000026S\\N").text == r"\000026S\\N"


@pytest.mark.parametrize("aim", ["A0", "C0", "D0", "F0", "G0", "I1", "K0", "O4", "T0"])
def test_where_no_modifier_can_tell_of_character_sets_the_first_escape_does(aim: str) -> None:
    # zxing-cpp 3.1.1 sends it of every barcode if it is asked for ECI.
    assert read(rf"]{aim}\000026S\\N").text == r"S\N"
    assert read(rf"]{aim}S\\N\000026").text == r"S\\N\000026"
    assert read(r"]E0\0000264006381333931").gtin == GTIN
    assert read(r"]C1\000026010400638133393121SN-1").serial == "SN-1"
    assert read(r"]e0\000026010400638133393121SN-1").serial == "SN-1"
    assert read(r"\000026SN-1").text == r"\000026SN-1", "nothing says that it was sent so"


def test_an_aim_identifier_with_nothing_after_it_is_refused() -> None:
    assert read("]C1").fault == "is too short: nothing follows its start mark"


def test_an_ean_that_the_scanner_knows_for_one_is_a_product() -> None:
    assert read("]E04006381333931").gtin == GTIN
    assert read("]E0614141123452").gtin == "00614141123452"
    assert read("]E496385074").gtin == "00000096385074"


@pytest.mark.parametrize(
    ("digits", "gtin"),
    [
        ("04252614", "00042100005264"),
        ("0123452", "00012200003453"),
        ("4252614", "00042100005264"),
        ("425261", "00042100005264"),
        ("11234593", "00112345000093"),
    ],
)
def test_a_upc_e_that_the_scanner_knows_for_one_is_the_product_of_its_long_form(digits: str, gtin: str) -> None:
    assert is_untouched(digits)
    assert read(f"]E0{digits}") == Reading(digits, symbology="EAN/UPC", gtin=gtin)
    assert read(f"]C0{digits}").gtin is None


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("0425261", "042100005264"),
        ("0123450", "012000003455"),
        ("0123452", "012200003453"),
        ("0123453", "012300000451"),
        ("0123454", "012340000053"),
        ("0123455", "012345000058"),
        ("1123459", "112345000093"),
    ],
)
def test_a_upc_e_is_a_upc_a_without_its_zeros(short: str, whole: str) -> None:
    assert read(f"]E0{short}{whole[-1]}").gtin == f"00{whole}"
    assert expected_check_digit(whole) == whole[-1]


def test_seven_digits_that_could_be_meant_both_ways_and_eight_of_no_upc_are_nobodys_product() -> None:
    both_ways = "0425261"
    assert (Upc.parse("0042526").as_upc_a()[-1], Upc.parse("0425261").as_upc_a()) == ("1", "042100005264")
    assert read(f"]E0{both_ways}") == Reading(both_ways, symbology="EAN/UPC")
    assert read("]E096385074") == Reading("96385074", symbology="EAN/UPC")
    assert read("]E001234565").gtin == "00012345000065"
    assert read("]E004252614").gtin == "00042100005264"
    assert "should end in 4" in (read("]E004252613").fault or "")
    assert gtin_key("10071311")
    assert read("]E010071311") == Reading("10071311", symbology="EAN/UPC"), "an EAN-8 by its check digit"
    assert read("]E09252614") == Reading("9252614", symbology="EAN/UPC")


@pytest.mark.parametrize("add_on", ["12", "52495", " 12", " 52495"])
def test_the_add_on_of_a_magazine_is_no_part_of_its_product(add_on: str) -> None:
    for digits in ("4006381333931", "614141123452"):
        reading = read(f"]E3{digits}{add_on}")
        assert (reading.text, reading.gtin, reading.fault) == (f"{digits}{add_on}", gtin_key(digits), None)
        assert is_untouched(f"{digits}{add_on}")
    assert "should end in 1" in (read(f"]E34006381333930{add_on}").fault or "")


def test_what_a_scanner_tells_of_character_sets_is_no_part_of_the_code() -> None:
    assert read(r"]d5\000026010400638133393121SN-1").serial == "SN-1"
    assert read(r"]Q4\00002621SN-1").serial == "SN-1"
    assert read(r"]Q2C:\\000026\\").text == "C:\\000026\\"
    assert read(r"]Q2\000026SN-1").text == "SN-1"
    assert read(r"]Q1\000026SN-1").text == r"\000026SN-1"
    assert read(r"]Q2\000026").fault == "is too short: nothing follows its start mark"


def test_a_wrong_check_digit_is_refused_with_the_right_one() -> None:
    for text in ("]E04006381333930", "]C10104006381333930", f"(01)04006381333930{GS}", "https://x.de/01/4006381333930"):
        reading = read(text)
        assert reading.gtin is None
        assert "should end in 1" in (reading.fault or "")


# Commands


@pytest.mark.parametrize("text", ["ss-cancel", "]C0ss-qty-3", "Ss-Yes"])
def test_a_command_barcode_in_other_letters_is_no_command_and_no_code_either(text: str) -> None:
    reading = read(text)
    assert reading.command is None
    assert reading.fault == "is a command barcode in other letters: Caps Lock seems to be on"
    assert is_untouched("ss-cancelled")


@pytest.mark.parametrize("text", ["SS-QTY-0", "]C0SS-QTY-012", "SS-QTY-10000", "SS-QTY-0003"])
def test_a_quantity_out_of_range_is_no_command_and_no_code_either(text: str) -> None:
    reading = read(text)
    assert reading.command is None
    assert reading.fault == "is no quantity: a product scan takes 1 to 9999"
    for other in ("SS-QTY-", "SS-QTY-A", "SS-QTY-1A", "QTY-0"):
        assert is_untouched(other)


def test_a_command_barcode_goes_before_everything_after_its_aim_identifier() -> None:
    assert read("]C0SS-QTY-12") == Reading(
        "SS-QTY-12", form=Form.COMMAND, symbology="Code 128", command=Command(Act.QUANTITY, 12)
    )
    assert interpret(f"01{GTIN}YES", command_prefix=f"01{GTIN}").command == Command(Act.YES)


# GS1 element strings


@pytest.mark.parametrize(
    "text",
    [
        f"]C101{GTIN}21SN-1",
        f"01{GTIN}21SN-1",
        f"(01){GTIN}(21)SN-1",
        f"]d2(01){GTIN} (21) SN-1",
        f"(21)SN-1(01){GTIN}",
        f"21SN-1{GS}01{GTIN}",
        f"{GS}01{GTIN}{GS}21SN-1{GS}",
        f"01{GTIN}1100000021SN-1",
    ],
)
def test_product_and_serial_of_one_label(text: str) -> None:
    reading = read(text)
    assert (reading.form, reading.gtin, reading.serial) == (Form.GS1, GTIN, "SN-1")
    assert (reading.fault, reading.secondary, reading.is_plain) == (None, None, False)


def test_a_product_alone() -> None:
    assert read(f"01{GTIN}").gtin == GTIN


def test_another_pack_level_is_another_product() -> None:
    assert read("]C10114006381333938").gtin == "14006381333938"


def test_the_secondary_serial_is_never_taken_for_the_serial() -> None:
    reading = read(f"]d201{GTIN}250IMEI-1")
    assert (reading.serial, reading.secondary) == (None, "IMEI-1")
    both = read(f"]d2250IMEI-1{GS}21SN-1")
    assert (both.serial, both.secondary) == ("SN-1", "IMEI-1")


def test_brackets_in_a_value_are_part_of_it() -> None:
    assert read(f"(01){GTIN}(21)SN(C)-1(7)").serial == "SN(C)-1(7)"


@pytest.mark.parametrize("text", ["(10)LOT(21)SN-1", "(21)SN-1(17)270131", "(17)270131(21)SN-1(10)LOT"])
def test_a_serial_in_brackets_beside_another_field_is_a_labels(text: str) -> None:
    assert (read(text).form, read(text).serial) == (Form.GS1, "SN-1")


@pytest.mark.parametrize("text", ["(21)SN-1", "(00)12345", "(02)1234", "(10)LOT", "(99)A(C)1", "(3)(21)X"])
def test_brackets_alone_are_no_evidence(text: str) -> None:
    assert is_untouched(text)


def test_a_product_number_of_zeros_is_no_product() -> None:
    reading = read(f"]C101{'0' * 14}21SN-1")
    assert (reading.gtin, reading.serial, reading.fault) == (None, "SN-1", None)


def test_a_label_without_product_and_serial_says_so() -> None:
    for text, note in (
        ("]C18004SN-1", "a label of GS1 without a product or a serial"),
        ("]C100340123450000000018", "the number of a pallet or carton (SSCC)"),
        ("(00)340123450000000018", "the number of a pallet or carton (SSCC)"),
        ("(00) 340123450000000018 (10) LOT", "the number of a pallet or carton (SSCC)"),
        (f"[)>{RS}06{GS}JUN1{RS}{EOT}", "the label of a package, without a product or a serial"),
    ):
        reading = read(text)
        assert (reading.is_plain, reading.note) == (False, note)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("]C1010400638", "its field (01) has 7 of 14 characters"),
        (f"]C101{GTIN}21", "nothing follows its field (21)"),
        (f"01{GTIN}17AB0101", "“AB0101” cannot be in its field (17)"),
        (f"01{GTIN}21SN 1", "“SN 1” cannot be in its field (21)"),
        (f"01{GTIN}21{'9' * 21}", "has 21 characters in its field (21), which takes 20"),
        (f"]d221SN-101{GTIN}", "has lost the separator in front of its field (01)"),
        (f"]d2250SN-101{GTIN}", "has lost the separator in front of its field (01)"),
        (f"SN-1{GS}SN-2", "is no single code: a group separator stands between “SN-1” and “SN-2”"),
        (f"(x){GS}", "has a group separator beside “(x)”, which is no field of GS1: the scanner adds it"),
        (f"{GS}SN-1", "has a group separator beside “SN-1”"),
        (f"2112345{GS}REV2", "is no single code: a group separator stands between “2112345” and “REV2”"),
        (f"1PX-200{GS}SSN-1{GS}Q1", "has fields of an ISO 15434 label (1P, S, Q) without its head “[)>”"),
        ("]C1ABC", "no field begins with “ABC”"),
        ("]C101０4006381333931", "“０” cannot be in one"),
        ("(01)０4006381333931", "“０” cannot be in one"),
        (f"21A{GS}21B", "carries two serial numbers, A and B"),
        (f"]d201{GTIN}0100614141123452", f"carries two product numbers, {GTIN} and 00614141123452"),
    ],
)
def test_gs1_that_is_not_whole_is_refused_with_what_is_wrong(text: str, part: str) -> None:
    reading = read(text)
    assert part in (reading.fault or "")
    assert (reading.form, reading.gtin, reading.serial, reading.secondary) == (Form.GS1, None, None, None)


def test_the_same_field_twice_with_the_same_value_is_no_contradiction() -> None:
    assert read(f"]d221A{GS}21A").serial == "A"


VALUE_CHARACTERS = "ABCXYZabcxyz0123456789-_/.+%&'()*,:;<=>?!\""
VALUES = st.text(VALUE_CHARACTERS, min_size=1, max_size=15)


@st.composite
def labels(draw: st.DrawFn) -> tuple[dict[str, str], list[str]]:
    """Fields of a GS1 label by their numbers, and an order for them."""
    payload = draw(st.text("0123456789", min_size=13, max_size=13).filter(lambda digits: digits.strip("0") != ""))
    fields = {
        "01": payload + check_digit(payload),
        "11": "261120",
        "17": "270100",
        "3103": draw(st.text("0123456789", min_size=6, max_size=6)),
        "21": draw(VALUES),
        "250": draw(VALUES),
        "10": draw(VALUES),
        "91": draw(VALUES),
    }
    order = draw(st.permutations(sorted(fields)))
    return fields, order[: draw(st.integers(1, len(order)))]


@given(labels(), st.booleans(), st.sampled_from(["]C1", "]d2", "]Q3", "]e0"]))
def test_an_element_string_gives_back_its_parts_in_any_order(
    label: tuple[dict[str, str], list[str]], separates_all: bool, aim: str
) -> None:
    fields, order = label
    encoded = ""
    for name in order:
        needs_separator = separates_all or name in ("21", "250", "10", "91")
        encoded += name + fields[name] + (GS if needs_separator and name != order[-1] else "")
    reading = read(aim + encoded)
    assert reading.fault is None
    assert reading.text == encoded
    assert reading.gtin == (fields["01"] if "01" in order else None)
    assert reading.serial == (fields["21"] if "21" in order else None)
    assert reading.secondary == (fields["250"] if "250" in order else None)


@given(st.sampled_from(sorted(FIELDS)), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_field_of_gs1_makes_it_raise(name: str, value: str) -> None:
    read(f"]C1{name}{value}")


def test_the_fields_without_a_separator_are_those_whose_length_is_known() -> None:
    fixed = [field for field in FIELDS.values() if not field.separator_required]
    assert len(fixed) > 200
    for field in fixed:
        size = int(field.format.rpartition("N")[2])
        assert read(f"]C1{field.ai}{'0' * (size - 1)}").fault is not None, field
        # A date of zeros has no month, and is refused by its pattern or let pass; never taken for something longer.
        after = read(f"]C1{field.ai}{'0' * size}21SN-1")
        assert after.serial == "SN-1" or after.fault is not None, field


# GS1 Digital Links


@pytest.mark.parametrize(
    "link",
    [
        f"https://id.gs1.org/01/{GTIN}/21/SN-1",
        "HTTPS://ID.GS1.ORG/01/4006381333931/21/SN-1",
        f"http://[bad/01/{GTIN}/21/SN-1",
        f"https://shop.example:8443/de/p/01/{GTIN}/22/V/10/L-7/21/SN-1/?utm_source=x&99=a b#top",
        f"https://shop.example/gtin/{GTIN}/ser/SN%2D1",
        f"https://shop.example/01/{GTIN}?17=nonsense&21=SN-1",
        f"https://shop.example/01/{GTIN}/21/SN-1/10/L-7",
        f"https://shop.example/01/{GTIN}/10/L-7?17=271231&21=%53N-1",
        f"]Q1https://shop.example/01/{GTIN}/21/SN-1",
        f"]Q3https://shop.example/01/{GTIN}/21/SN-1",
    ],
)
def test_product_and_serial_of_a_link_to_any_host(link: str) -> None:
    reading = read(link)
    assert (reading.form, reading.gtin, reading.serial, reading.fault) == (Form.LINK, GTIN, "SN-1", None)


def test_a_secondary_serial_stands_in_the_query_of_a_link() -> None:
    assert read(f"https://x.de/01/{GTIN}/21/A?250=B%2F1").secondary == "B/1"


def test_a_link_is_decoded_once_and_its_plus_is_no_blank() -> None:
    assert read(f"https://x.de/01/{GTIN}?21=A+B").serial == "A+B"
    assert read(f"https://x.de/01/{GTIN}/21/A+B%252F").serial == "A+B%2F"
    assert read(f"https://x.de/%301/%30{GTIN[1:]}/21/A%2FB").serial == "A/B"


@pytest.mark.parametrize(
    ("link", "part"),
    [
        (f"https://x.de/01/{GTIN}/21/", "nothing follows “/21”"),
        (f"https://x.de/01/{GTIN}/10", "nothing follows “/10”"),
        (f"https://x.de/01/{GTIN}/21/A/details/B", "its path “01/04006381333931/21/A/details/B” does not fit"),
        (f"https://x.de/01/{GTIN}/21/A/1/B", "does not fit"),
        (f"https://x.de/01/{GTIN}/21/A B", "“A B” cannot be in its field (21)"),
        (f"https://x.de/01/{GTIN}/21/{'9' * 21}", "has 21 characters in its field (21), which takes 20"),
        (f"https://x.de/01/{GTIN}/21/%EF%BC%90", "“０” cannot be in one"),
        (f"https://x.de/01/{GTIN}/21/%FF%00", "cannot be in one"),
        (f"https://x.de/01/{GTIN}?21=", "nothing follows its field (21)"),
        (f"https://x.de/01/{GTIN}/21/０", "“０” cannot be in one"),
        (f"https://x.de/01/{GTIN}/21/A?21=B", "carries two serial numbers, A and B"),
    ],
)
def test_a_link_that_is_not_whole_is_refused_with_what_is_wrong(link: str, part: str) -> None:
    reading = read(link)
    assert part in (reading.fault or "")
    assert (reading.form, reading.gtin, reading.serial) == (Form.LINK, None, None)


# ISO 15434 envelopes


@pytest.mark.parametrize(
    "envelope",
    [
        f"[)>{RS}06{GS}1PX-200{GS}SSN-1{GS}Q1{RS}{EOT}",
        f"[)>06{GS}SSN-1{GS}1PX-200",
        f"]d1[)>{RS}06{GS}SSN-1{GS}1PX-200{RS}{EOT}",
        f"[)>{RS}12{GS}TXTx{RS}06{GS}SSN-1{GS}1PX-200{RS}{EOT}",
    ],
)
def test_product_and_serial_of_an_envelope_with_data_identifiers(envelope: str) -> None:
    reading = read(envelope)
    assert (reading.form, reading.serial, reading.product_codes) == (Form.ENVELOPE, "SN-1", ("X-200",))
    assert reading.fault is None


def test_an_envelope_may_name_the_product_twice_the_customers_number_first() -> None:
    assert read(f"[)>{RS}06{GS}1PMAKER{GS}PCUSTOMER{RS}{EOT}").product_codes == ("CUSTOMER", "MAKER")


def test_an_envelope_with_gs1_fields() -> None:
    reading = read(f"[)>{RS}05{GS}01{GTIN}{GS}21SN-1{GS}250B{RS}{EOT}")
    assert (reading.form, reading.gtin, reading.serial, reading.secondary) == (Form.ENVELOPE, GTIN, "SN-1", "B")


@pytest.mark.parametrize(
    ("fields", "gtin", "codes"),
    [
        ("PX-200", None, ("X-200",)),
        ("1PX-200", None, ("X-200",)),
        ("2PREV-B", None, ("REV-B",)),
        ("30PX-200", None, ("X-200",)),
        (f"8P{GTIN}", GTIN, ()),
        ("8P4006381333931", GTIN, ()),
        ("8PX-200", None, ("X-200",)),
        ("3P614141123452", "00614141123452", ()),
        ("3P614141123452B", None, ("614141123452B",)),
        ("9N110375286414", None, ("110375286414", "03752864", "04150037528643")),
        ("9N110375286413", None, ("110375286413",)),
        (f"2PB{GS}9NX{GS}30PC{GS}1PD{GS}PE", None, ("E", "D", "C", "X", "B")),
        (f"8P{GTIN}{GS}1PX-200", GTIN, ("X-200",)),
    ],
)
def test_every_data_identifier_of_a_product_names_it(fields: str, gtin: str | None, codes: tuple[str, ...]) -> None:
    for form in (f"[)>{RS}06{GS}{fields}{GS}SSN-1{RS}{EOT}", f"[)>06{GS}SSN-1{GS}{fields}"):
        reading = read(form)
        assert (reading.gtin, reading.product_codes, reading.serial) == (gtin, codes, "SN-1")


@pytest.mark.parametrize(
    ("fields", "serial"),
    [
        ("SSN-1", "SN-1"),
        ("18S0CVA5SN-1", "0CVA5SN-1"),
        ("25SUN0123SN-1", "UN0123SN-1"),
        (f"25SUN0123SN-1{GS}SSN-1{GS}18S0CVA5SN-1", "SN-1"),
        (f"25SUN0123SN-1{GS}18S0CVA5SN-1", "0CVA5SN-1"),
    ],
)
def test_every_data_identifier_of_a_serial_is_one(fields: str, serial: str) -> None:
    assert read(f"[)>{RS}06{GS}1PX{GS}{fields}{RS}{EOT}").serial == serial


@pytest.mark.parametrize(
    "foreign",
    [
        "20T",
        "1TÜ-1",
        "1T",
        "ZZZ",
        "16D20261301",
        "Q",
        "4LDE\\",
        "31V",
        "nothing at all",
        "P",
        "1P",
        "55",
        "V\u202e1",
        "Qmany",
    ],
)
def test_fields_that_nobody_asked_for_are_in_nobodys_way(foreign: str) -> None:
    for fields in (
        f"{foreign}{GS}1PX-200{GS}SSN-1",
        f"1PX-200{GS}SSN-1{GS}{foreign}",
        f"1PX-200{GS}{foreign}{GS}SSN-1",
    ):
        reading = read(f"[)>{RS}06{GS}{fields}{RS}{EOT}")
        assert (reading.serial, reading.fault, reading.count) == ("SN-1", None, None)
        assert reading.product_codes == ("X-200",)


@pytest.mark.parametrize("foreign", ["17261399", "8999X", "7250X", "17AB0101", "4201", "310A000001"])
def test_a_field_of_gs1_that_nobody_asked_for_is_in_nobodys_way_where_it_stands_alone(foreign: str) -> None:
    for text in (
        f"]d201{GTIN}21SN-1{GS}{foreign}",
        f"01{GTIN}21SN-1{GS}{foreign}{GS}",
        f"[)>{RS}05{GS}01{GTIN}{GS}{foreign}{GS}21SN-1{RS}{EOT}",
    ):
        reading = read(text)
        assert (reading.gtin, reading.serial, reading.fault) == (GTIN, "SN-1", None), text
    if foreign.startswith("17A"):
        assert read(f"(01){GTIN}(17)AB0101(21)SN-1").serial == "SN-1"


@pytest.mark.parametrize(
    ("text", "count", "gtin"),
    [
        (f"01{GTIN}3010", 10, GTIN),
        (f"]C101{GTIN}30000012", 12, GTIN),
        (f"(01){GTIN}(30)10", 10, GTIN),
        (f"02{GTIN}3740{GS}", 40, GTIN),
        (f"]C100340123450000000018{GS}02{GTIN}3712", 12, GTIN),
        (f"(02){GTIN}(37)12", 12, GTIN),
        (f"(00)340123450000000018(02){GTIN}(37)12", 12, GTIN),
        (f"(02) {GTIN} (37) 12", 12, GTIN),
        (f"https://x.de/01/{GTIN}?30=12", 12, GTIN),
        (f"https://x.de/01/{GTIN}?17=270131;30=12", 12, GTIN),
        (f"https://x.de/01/{GTIN}?30=twelve", None, GTIN),
        (f"01{GTIN}3712", None, GTIN),
        (f"01{GTIN}300", None, GTIN),
        (f"[)>{RS}06{GS}1PX{GS}Q25{RS}{EOT}", 25, None),
        (f"[)>{RS}06{GS}1PX{GS}Q0025{RS}{EOT}", 25, None),
        (f"01{GTIN}21SN-1{GS}3010", 10, GTIN),
    ],
)
def test_how_many_a_label_says(text: str, count: int | None, gtin: str | None) -> None:
    reading = read(text)
    assert (reading.count, reading.gtin, reading.fault, reading.remark) == (count, gtin, None, None)


@pytest.mark.parametrize("written", ["10.5", "10PC", "1,5", "10 KG", "-3", "１０", "123456789"])
def test_a_count_with_a_unit_or_a_decimal_is_left_aside_and_said_so(written: str) -> None:
    for identifier in ("Q", "7Q"):
        reading = read(f"[)>{RS}06{GS}1PX{GS}{identifier}{written}{RS}{EOT}")
        assert (reading.count, reading.fault) == (None, None)
        assert reading.remark == f"its count “{written}” is no whole number and was left aside"


@pytest.mark.parametrize(
    ("text", "package"),
    [
        (f"]C100340123450000000018{GS}02{GTIN}3712", "340123450000000018"),
        (f"[)>{RS}06{GS}1PX{GS}Q5{GS}1JUN0123456789{RS}{EOT}", "UN0123456789"),
        (f"[)>{RS}06{GS}1PX{GS}Q5{GS}3SPKG-7{RS}{EOT}", "PKG-7"),
        (f"01{GTIN}3010", None),
    ],
)
def test_a_label_of_a_package_has_its_number(text: str, package: str | None) -> None:
    assert read(text).package == package


@pytest.mark.parametrize(
    ("envelope", "what"),
    [
        (f"[)>{RS}01{GS}961Z123{GS}UPSN{RS}{EOT}", "a carrier's label (ISO 15434, format 01)"),
        (f"]U1[)>{RS}01{GS}96152382802{GS}840{GS}001{GS}1Z12345675{GS}UPSN{RS}{EOT}", "a carrier's label (ISO 15434"),
        (f"]U1152382802{GS}840{GS}001{GS}1Z12345675{GS}UPSN", "a carrier's label (MaxiCode)"),
        (f"[)>{RS}03{GS}ST*856*0001{RS}{EOT}", "a message of EDI (ISO 15434, format 03)"),
        (f"[)>{RS}07FREE TEXT{RS}{EOT}", "free text (ISO 15434, format 07)"),
        (f"[)>{RS}12{GS}MFR 0CVA5{GS}SER SN-1{RS}{EOT}", "a part's mark in text identifiers (ISO 15434, format 12)"),
        (f"[)>{RS}DD{GS}MFR 0CVA5{GS}SER SN-1{RS}{EOT}", "a part's mark in text identifiers (ISO 15434, format DD)"),
        (f"[)>DD{GS}SER SN-1", "a part's mark in text identifiers (ISO 15434, format DD)"),
        (f"[)>{RS}99{GS}SSN-1{RS}{EOT}", "a label (ISO 15434, format 99)"),
        (f"[)>{RS}XY{GS}SSN-1{RS}{EOT}", "a label (ISO 15434, format XY)"),
    ],
)
def test_a_format_that_is_not_read_is_named(envelope: str, what: str) -> None:
    reading = read(envelope)
    assert (reading.form, reading.serial, reading.product_codes, reading.fault) == (Form.ENVELOPE, None, (), None)
    assert (reading.note or "").startswith(what)
    assert (reading.note or "").endswith("): no product or serial is read from it")


# Separators that do not come as such

SPELT = "<GS> {GS} [GS] (GS) |GS| <gs> <FNC1> {FNC1} <0x1D> \\x1d \\u001D ^] °²¹ °°²¹".split()  # noqa: SIM905


@pytest.mark.parametrize("spelt", [*SPELT, "029", "0029", "~d029", "%1D"])
@pytest.mark.parametrize("rest", ["10LOT7", "17270131", "1727013110LOT7", "250IMEI-1", "305{}10L", "10A{}17270131"])
def test_a_separator_that_is_spelt_out_in_a_gs1_code_is_known(spelt: str, rest: str) -> None:
    rest = rest.format(spelt)
    for head in (f"01{GTIN}21SN-1", f"]C101{GTIN}21SN-1", f"]d221SN-1{spelt}01{GTIN}{spelt}10X"):
        reading = read(f"{head}{spelt}{rest}")
        if reading.fault:
            assert f"the scanner spells the separator as “{spelt}”" in reading.fault
        else:
            assert reading.doubt is not None
            assert (reading.doubt.spelt, reading.doubt.shorter) == (spelt, ("SN-1",))


@pytest.mark.parametrize("spelt", SPELT)
def test_a_separator_that_is_spelt_out_in_a_code_without_evidence_is_known_by_what_follows(spelt: str) -> None:
    texts = [f"21SN-1{spelt}10LOT7", f"SN-1{spelt}17270131", f"SN-1{spelt}01{GTIN}", f"10LOT{spelt}21SN-1"]
    if spelt[0] in "<{[(|":
        texts += [f"1PX-200{spelt}SSN-1", f"SN-1{spelt}SN-2{spelt}Q1"]
    for text in texts:
        reading = read(text)
        assert reading.is_plain
        assert reading.doubt is not None
        assert reading.doubt.spelt == spelt


MARKS = "| || ~ ~~ $$ # ## @ ^ ` § ¬ ñ |~|".split()  # noqa: SIM905
"""What cannot be in a field of GS1, and so what else scanners are set to send in place of a separator."""


@pytest.mark.parametrize("mark", [*MARKS, "$", "\\"])
def test_a_mark_in_place_of_the_separators_of_a_label_is_named(mark: str) -> None:
    texts = [
        f"01{GTIN}{mark}21SN-1",
        f"01{GTIN}{mark}21SN-1{mark}10LOT7",
        f"01{GTIN}21SN-1{mark}10LOT7",
        f"01{GTIN}21SN-1{mark}17270131{mark}10X",
        f"]C121SN-1{mark}01{GTIN}",
        f"]d201{GTIN}21SN-1{mark}17270131",
        f"]Q310LOT{mark}21SN-1",
        f"(01){GTIN}{mark}(21)SN-1{mark}(10)L",
        f"(01){GTIN}(21)SN-1{mark}(10)L",
        f"[)>{mark}06{mark}1PX-200{mark}SSN-1{mark}",
        f"[)>{RS}06{mark}1PX-200{mark}SSN-1",
        f"[)>06{mark}1PX-200{mark}SSN-1",
        f"]d1[)>{mark}05{mark}01{GTIN}{mark}21SN-1",
    ]
    for text in texts:
        reading = read(text)
        assert f"the scanner spells the separator as “{mark}”" in (reading.fault or ""), text
        assert (reading.serial, reading.gtin, reading.product_codes) == (None, None, ())


@pytest.mark.parametrize("mark", ["|", "~", "$$", "||", "#"])
def test_a_mark_between_fields_is_one_of_separators_where_only_the_fields_say_that_it_is_a_label(mark: str) -> None:
    for text in (f"21SN-1{mark}01{GTIN}", f"10LOT{mark}01{GTIN}21SN-1", f"21SN-1{mark}17270131", f"11270131{mark}21A"):
        doubt = read(text).doubt
        assert doubt is not None
        assert (doubt.spelt, doubt.shorter) == (mark, (text.split(mark)[0],))


@pytest.mark.parametrize(
    "text",
    [
        "SN-1|10LOT7",
        "21A#10B",
        "2112$1034",
        "A|B",
        "10|20",
        "21|10",
        "AB~12",
        "SN-1|21",
        "01234|21X",
        "#21A",
        "21A|",
        "S|1PX",
    ],
)
def test_a_mark_in_a_serial_is_a_part_of_it(text: str) -> None:
    assert is_untouched(text)


@pytest.mark.parametrize("serial", ["A;10B", "A/10B", "A-21C", "A*10C", "A_1"])
def test_what_may_be_in_a_field_is_no_mark(serial: str) -> None:
    reading = read(f"]d201{GTIN}21{serial}")
    assert (reading.serial, reading.fault) == (serial, None)
    assert reading.doubt is None or not reading.doubt.spelt


@pytest.mark.parametrize(
    "text",
    [
        "SN<GS>",
        "<GS>AN-1",
        "SN-1<GS>XN-2",
        "SN<GS>10",
        "SN^]X",
        "AB02910LOT7",
        "029101234",
        "SN{GS}29",
        "[GS]",
        "A%1D10X",
        "SN-1<RS>10X",
        "SN029",
    ],
)
def test_no_separator_is_seen_where_nothing_known_follows_or_digits_are_the_only_evidence(text: str) -> None:
    assert is_untouched(text)


@pytest.mark.parametrize("serial", ["SN029", "SN0299", "A<GS>", "029SN", "SN029XYZ"])
def test_in_a_gs1_code_digits_are_a_separator_only_where_a_known_field_follows(serial: str) -> None:
    reading = read(f"]d201{GTIN}21{serial}")
    if serial == "A<GS>":
        assert reading.doubt is not None, "nobody's serial ends so"
    else:
        assert (reading.serial, reading.doubt, reading.fault) == (serial, None, None)


def test_a_scanner_that_sends_separators_spells_none() -> None:
    reading = read(f"01{GTIN}21SN02910X{GS}10LOT")
    assert (reading.serial, reading.doubt) == ("SN02910X", None)


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("[)><RS>06<GS>1PX-200<GS>SSN-1<RS><EOT>", "<RS>"),
        ("[)>{RS}06{GS}1PX-200{GS}SSN-1{RS}{EOT}", "{RS}"),
        ("[)>[RS]05[GS]0104006381333931[GS]21A", "[RS]"),
        ("[)>^^06^]SSN-1^^^D", "^^"),
        ("[)>°³°06°²¹SSN-1", "°³°"),
        ("[)>03006029SSN-1029PX", "030"),
        ("[)>06<GS>1PX-200<GS>SSN-1", "<GS>"),
        ("[)>06029SSN-1", "029"),
        ("]d1[)><RS>06<GS>SSN-1", "<RS>"),
        ("[)>RS06GS1PX-200GSSSN-1RSEOT", "RS"),
        ("[)>RS DD", "RS"),
        ("[)>rs06gsSSN-1", "rs"),
    ],
)
def test_an_envelope_spelt_out_is_a_damaged_label(text: str, spelt: str) -> None:
    reading = read(text)
    assert (reading.form, reading.serial) == (Form.ENVELOPE, None)
    assert f"the scanner spells the separator as “{spelt}”" in (reading.fault or "")


@pytest.mark.parametrize(
    ("serial", "shorter"),
    [
        ("ABC12317270131", ("ABC123",)),
        ("ABC12310LOT7", ("ABC123",)),
        ("ABC1231727013110LOT7", ("ABC123", "ABC12317270131")),
        ("SN-11727010011260101", ("SN-1", "SN-117270", "SN-117270100", "SN-11727010011260")),
        ("1000", ()),
        ("SN17271331", ()),
        ("SN17270230", ()),
        ("SN1727013", ()),
        ("17270131", ()),
        ("ABC10", ()),
        ("SN-9", ()),
        ("SN17270131X", ()),
        ("SN101010", ("SN", "SN10")),
    ],
)
def test_a_serial_that_ends_in_what_reads_as_further_fields_is_in_doubt(serial: str, shorter: tuple[str, ...]) -> None:
    for head in (f"01{GTIN}21", f"]C101{GTIN}21", f"]d201{GTIN}1126010121", "]d221", f"]d201{GTIN}250"):
        reading = read(head + serial)
        assert (reading.serial or reading.secondary) == serial
        assert (reading.doubt.shorter if reading.doubt else ()) == shorter
        assert reading.doubt is None or reading.doubt.spelt == ""
    for text in (
        f"01{GTIN}21{serial}{GS}",
        f"{GS}01{GTIN}21{serial}",
        f"(01){GTIN}(21){serial}",
        f"01{GTIN}10{serial}",
    ):
        assert read(text).doubt is None


@pytest.mark.parametrize(
    ("envelope", "part"),
    [
        ("[)>06SSN-11PX-200", "has lost the separators"),
        ("[)>", "is cut short: nothing follows its head “[)>”"),
        ("[)>SN-1", "“SN-1” stands behind its head “[)>” in place of a separator"),
        (f"[)>{RS}06{GS}1PX{GS}S{RS}{EOT}", "nothing follows its field S"),
        (f"[)>{RS}06{GS}SA{GS}SB{RS}{EOT}", "carries two serial numbers, A and B"),
        (f"[)>{RS}05{GS}0104006381333930{RS}{EOT}", "should end in 1"),
        (f"[)>{RS}05{GS}SN-1{RS}{EOT}", "no field begins with “SN-1”"),
    ],
)
def test_an_envelope_that_is_not_whole_is_refused_with_what_is_wrong(envelope: str, part: str) -> None:
    reading = read(envelope)
    assert part in (reading.fault or "")
    assert (reading.form, reading.serial, reading.product_codes) == (Form.ENVELOPE, None, ())


def test_the_envelope_of_a_carrier_has_nothing_for_the_station() -> None:
    reading = read(f"[)>{RS}01{GS}961Z123{GS}UPSN{RS}{EOT}")
    assert (reading.is_plain, reading.fault) == (False, None)
    assert reading.note == "a carrier's label (ISO 15434, format 01): no product or serial is read from it"


# Whatever comes

PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["]", "]C1", "]d2", "]Q1", "]E0", "]Y", "(01)", "(21)", "(", ")", "01", "21", "250", GTIN]),
    st.sampled_from(
        [GS, RS, EOT, "[)>", "06", "05", "S", "1P", "http://", "HTTPS://", "[", "/01/", "/21/", "?21=", "%"]
    ),
    st.sampled_from(["\udcff", "０", "\u202e", "\n", " ", "#", "&", ";"]),
)


@given(st.lists(PIECES, max_size=10).map("".join))
def test_it_never_raises_and_a_fault_comes_without_parts(text: str) -> None:
    reading = read(text)
    if reading.fault is not None:
        assert (reading.gtin, reading.serial, reading.secondary, reading.command) == (None, None, None, None)
        assert not reading.product_codes
        assert reading.fault.isprintable()
    if reading.is_plain:
        assert (reading.serial, reading.secondary, reading.command) == (None, None, None)


def test_a_very_long_code_is_read_at_once() -> None:
    assert read("]C1" + "01" + GTIN + "9" * 4096).fault is not None
    assert read("(01)" * 1024).fault is not None
    assert read("http://" + "/01" * 1365).fault is None
    assert read(f"[)>{RS}06{GS}" + f"S{GS}" * 2000).fault is not None
    assert read("SN" + "<GS>10A" * 500).doubt is not None
    assert read(f"01{GTIN}21" + "10A" * 1000).fault is not None
