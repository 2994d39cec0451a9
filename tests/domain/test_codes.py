"""What is a code: what folds, what is refused by name, and what copying leaves at the edges."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstation.domain.codes import (
    BadCode,
    Code,
    code_key,
    listed,
    look_alike,
    misspelt,
    natural_key,
    read_code,
    shorten,
    trim,
    trimmed_off,
    visible,
)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("º", "“º” (masculine ordinal indicator)"),
        ("ª", "“ª” (feminine ordinal indicator)"),
        ("™", "“™” (trade mark sign)"),
        ("ﬁ", "“ﬁ” (latin small ligature fi)"),
        ("²", "“²” (superscript two)"),
        ("₂", "“₂” (subscript two)"),
        ("③", "“③” (circled digit three)"),
        ("№", "“№” (numero sign)"),
        ("㎏", "“㎏” (square kg)"),
        ("℡", "“℡” (telephone sign)"),
        ("Ⅳ", "“Ⅳ” (roman numeral four)"),
        ("…", "“…” (horizontal ellipsis)"),
        ("½", "“½” (vulgar fraction one half)"),
        ("\u212a", "“\u212a” (kelvin sign)"),
        ("ſ", "“ſ” (latin small letter long s)"),
        ("𝟏", "“𝟏” (mathematical bold digit one)"),
        ("﹣", "“﹣” (small hyphen-minus)"),
        ("\u00a0", "a no-break space"),
        ("\u2007", "a figure space"),
    ],
)
def test_what_folding_would_make_another_character_is_refused_by_name(character: str, name: str) -> None:
    assert unicodedata.normalize("NFKC", character) != character
    code = read_code(f"AB{character}12")
    assert isinstance(code, BadCode)
    assert code.reason == f"contains {name}, which is not on a serial label"
    assert look_alike(f"AB{character}12") == name


@pytest.mark.parametrize(
    ("text", "code"),
    [("ＳＮ－１２", "SN-12"), ("sn１", "sn1"), ("A\u3000B", "A B"), ("［Ａ］～", "[A]~"), ("ａｂ", "ab")],
)
def test_full_width_characters_fold(text: str, code: str) -> None:
    assert read_code(text) == Code(code, code.upper())
    assert look_alike(text) is None


@pytest.mark.parametrize("text", ["Müller", "Straße 3", "ﾊﾝﾃﾞｨ", "SN–1", "日本", "AB12"])
def test_letters_of_their_own_are_no_look_alikes(text: str) -> None:
    assert look_alike(text) is None


def test_an_accent_on_its_own_is_named_with_its_letter() -> None:
    code = read_code("CAFE\u0301")
    assert isinstance(code, BadCode)
    assert code.reason == "contains “É” (latin capital letter e with acute), which is not on a serial label"


@pytest.mark.parametrize(
    ("edge", "name"),
    [
        ("\n", "a line break"),
        ("\r\n", "a line break"),
        ("\u2028", "a line break"),
        ("\t", "a tab"),
        ("\ufeff", "a byte-order mark"),
        ("\u200b", "a zero-width space"),
        ("\u200d", "a zero-width joiner"),
        ("\u2060", "a word joiner"),
        (" \ufeff\t", "a byte-order mark and a tab"),
        ("\u00a0 ", ""),
    ],
)
def test_what_copying_leaves_at_the_edges_is_taken_off_and_named(edge: str, name: str) -> None:
    for text in (f"{edge}SN-1", f"SN-1{edge}", f"{edge}SN-1{edge}"):
        assert (trim(text), trimmed_off(text)) == ("SN-1", name)
        assert read_code(text) == Code("SN-1", "SN-1")
        assert code_key(text) == "SN-1"
    if name:
        inside = read_code(f"SN{edge}1")
        assert isinstance(inside, BadCode), "inside a code it is refused"
        assert inside.reason.startswith("contains a")


@pytest.mark.parametrize(
    "text", ["\x1dSN-1", "SN-1\x1d", "\x1cSN-1\x1f", "\u202eSN-1", "SN-1\u200e", "\u00adSN-1", "SN-1\x7f"]
)
def test_separators_and_text_directions_are_no_slips_of_copying(text: str) -> None:
    assert trim(text) == text
    assert trimmed_off(text) == ""
    assert isinstance(read_code(text), BadCode)


@given(st.text(max_size=12))
def test_whatever_comes_a_code_is_what_it_was_but_for_width_and_edges(text: str) -> None:
    code = read_code(text)
    if isinstance(code, Code):
        assert unicodedata.normalize("NFKC", trim(text)).strip() == code.text.strip()
        assert look_alike(text) is None
        assert code.key == code_key(text)
    assert trimmed_off(text) == "" or trim(text) != text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SN-1 é", "SN-1 é"),
        ("\x00\x1f\x1d", "␀␟␝"),
        ("\x20\x7f\x80", " ␡<U+0080>"),
        ("a\u200eb\U000e0001", "a<U+200E>b<U+E0001>"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("", ""),
        ("A" * 39 + "B", "A" * 39 + "B"),
        ("A" * 40 + "B", "A" * 36 + "… (41 characters)"),
        # Shown, it is longer than it is: cut as well.
        ("A" * 30 + "\u200e" * 2, "A" * 30 + "<U+200… (32 characters)"),
        ("A" * 32 + "\u200e", "A" * 32 + "<U+200E>"),
        ("A" * 33 + "\u200e", "A" * 33 + "<U+… (34 characters)"),
        ("A" * 9_999, "A" * 36 + "… (9999 characters)"),
    ],
)
def test_what_a_sentence_cannot_carry_is_cut(text: str, short: str) -> None:
    assert shorten(text) == short


def test_of_many_names_the_first_are_listed() -> None:
    names = [f"N{number}" for number in range(1, 1_300)]
    twenty = ", ".join(names[:20])
    assert listed([]) == ""
    assert listed(names[:3]) == "N1, N2, N3"
    assert listed(names[:20]) == twenty
    assert listed(names[:21]) == f"{twenty} and 1 more"
    assert listed(names, 2) == "N1, N2 and 1,297 more"


@pytest.mark.parametrize(
    ("text", "known", "is_misspelt"),
    [
        ("CAM-300", "", False),
        ("CAM²", "", True),
        ("CAM²", "CAM2", True),
        ("CAM²", "CAM²", False),
        (" CAM²\u3000", "CAM²", False),
        ("CAM-300", "CAM-301", False),
    ],
)
def test_a_name_is_what_it_is_or_is_misspelt(text: str, known: str, is_misspelt: bool) -> None:
    fault = misspelt(text, known)
    assert fault == (
        "contains “²” (superscript two), which is not on a label. Write plain letters and digits."
        if is_misspelt
        else None
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" \u00a0", "The code has nothing but blanks"),
        ("a\x1db", "a␝b contains control keys"),
        ("a\x7fb", "a␡b contains control keys"),
        ("A" * 65, "A" * 36 + "… (65 characters) is too long: 65 characters, 64 at most"),
        ("a\ue000", "a<U+E000> contains U+E000, which is not on a serial label"),
    ],
)
def test_why_a_text_is_no_code_begins_a_sentence(text: str, words: str) -> None:
    code = read_code(text)
    assert isinstance(code, BadCode)
    assert code.words == words


@pytest.mark.parametrize("length", [1, 64])
def test_a_code_has_up_to_64_characters(length: int) -> None:
    assert read_code("a" * length) == Code("a" * length, "A" * length)


def test_numbers_in_codes_are_sorted_as_numbers() -> None:
    told = ["SN10", "sn9", "SN-2", "SN09", "SN9A", "10", "9", "A", "SN1B20", "SN1B3", ""]
    assert sorted(told, key=natural_key) == [
        "",
        "9",
        "10",
        "A",
        "SN1B3",
        "SN1B20",
        "SN09",
        "sn9",
        "SN9A",
        "SN10",
        "SN-2",
    ]
