"""Sentences in another language than English, and the same in English beside them."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from scanstation import languages
from scanstation.domain import language
from scanstation.domain.language import Said, day_and_time, english, joined, shown, word, worded
from scanstation.domain.plurals import counted


class Reversed:
    """A catalog in which every word is spelt backwards, and fields stay what they are."""

    def gettext(self, message: str) -> str:
        return " ".join(one if "{" in one else one[::-1] for one in message.split(" "))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def other() -> Iterator[None]:
    language.speak(Reversed())
    yield
    language.speak(None)


def test_english_needs_no_catalog_and_is_plain_text() -> None:
    for text in (worded("{sku} is full.", sku="CAM"), word("packing"), counted(2, "unit"), joined(["A", "B"], " and ")):
        assert type(text) is str
    assert worded("{sku} is full.", sku="CAM") == "CAM is full."


def test_a_sentence_is_in_the_language_and_in_english_beside(other: None) -> None:
    said = worded("{sku} is full: {units} of this {work} .", sku="CAM", units=counted(2, "unit"), work=word("packing"))
    assert said == "CAM si :lluf 2 stinu fo siht gnikcap ."
    assert english(said) == "CAM is full: 2 units of this packing ."


def test_a_part_is_itself_in_a_sentence(other: None) -> None:
    part = worded(" of {client}", client="NORD")
    assert english(worded("unknown{of}", of=part)) == "unknown of NORD"
    assert worded("{none}{of}", none="", of=part) == " fo NORD"


def test_words_stay_english_where_they_stand_in_no_sentence(other: None) -> None:
    assert f"{word('packing')} {counted(3, 'unit')}" == "packing 3 units"
    assert shown(word("packing")) == "gnikcap"
    assert shown(word("packing").capitalize()) == "Gnikcap"
    assert english(word("packing").capitalize()) == "Packing"


@pytest.mark.parametrize(
    ("text", "in_english"),
    [
        (lambda part: part + "!", "on!"),
        (lambda part: "(" + part, "(on"),
        (lambda part: part + part, "onon"),
        (lambda part: worded(" {part} ", part=part).strip(), "on"),
        (lambda part: joined([part, "N-1"], " and "), "on and N-1"),
    ],
)
def test_what_is_put_together_is_still_in_both(text: object, in_english: str, other: None) -> None:
    assert callable(text)
    both = text(worded("on"))
    assert isinstance(both, Said)
    assert english(both) == in_english
    assert "no" in both


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ("999", "1,234", "12,500", "1,234,567", "0.5", "12,500.0")),
        ("de", ("999", "1.234", "12.500", "1.234.567", "0,5", "12.500,0")),
        ("es", ("999", "1234", "12.500", "1.234.567", "0,5", "12.500,0")),
        ("pl", ("999", "1234", "12 500", "1 234 567", "0,5", "12 500,0")),
        ("fr", ("999", "1 234", "12 500", "1 234 567", "0,5", "12 500,0")),
    ],
)
def test_numbers_are_written_as_the_language_does(code: str, said: tuple[str, ...]) -> None:
    languages.speak(code)
    try:
        numbers = (999, 1234, 12_500, 1_234_567)
        told = [worded("{total:,} MB", total=number) for number in numbers]
        told += [worded("{size:,.1f} MB", size=size) for size in (0.5, 12_500.0)]
        assert [one.removesuffix(" MB") for one in told] == [*said]
        assert english(told[-1]) == "12,500.0 MB"
        counts = [shown(counted(number, "unit", grouped=True)) for number in numbers]
        assert [one.rpartition(" ")[0] for one in counts] == [*said[:4]]
        assert worded("{yes}", yes=True) == "True"
    finally:
        language.speak(None)


def test_a_day_has_the_month_of_the_language(other: None) -> None:
    moment = datetime.fromisoformat("2026-11-22T10:32:00").astimezone()
    assert day_and_time(moment) == "22 voN 2026 10:32"
    assert english(day_and_time(moment)) == "22 Nov 2026 10:32"
    language.speak(None)
    assert day_and_time(moment) == "22 Nov 2026 10:32"
