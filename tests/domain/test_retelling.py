"""What a process tells that has no catalog is said in the language of the one that it is sent to."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from scanstation.domain import language
from scanstation.domain.language import english, retold, shown
from tests.crossed import crossed_out

PROGRAM = """
import json
from scanstation.domain.language import joined, keep_what_is_told, sent, word, worded
from scanstation.domain.codes import shorten
from scanstation.domain.plurals import counted
keep_what_is_told()
told = [
    worded("{file} is a folder.", file="A.XLSX"),
    word("is not a date"),
    worded("{what}, {count:,} of {share:.1f}.", what=word("a date"), count=1234, share=0.25),
    worded("{what}.", what=counted(2, "row is", "rows are", grouped=True)),
    worded("It is {what}.", what=joined([word("a date"), word("a time")], " and ")),
    worded("{code} is lost.", code=shorten("A" * 99)),
    worded("{why} it is.", why=OSError("NO ROOM")),
    "As it is.",
    "",
]
assert word("a date") is word("a date")
print(json.dumps([*map(sent, told)]))
"""
ENGLISH = [
    "A.XLSX is a folder.",
    "is not a date",
    "a date, 1,234 of 0.2.",
    "2 rows are.",
    "It is a date and a time.",
    f"{'A' * 36}… (99 characters) is lost.",
    "NO ROOM it is.",
    "As it is.",
    "",
]
CROSSED = [
    "A.XLSX xx x xxxxxx.",
    "xx xxx x xxxx",
    "x xxxx, 1,234 xx 0.2.",
    "2 xxxx xxx.",
    "xx xx x xxxx xxx x xxxx.",
    f"{'A' * 36}… (99 xxxxxxxxxx) xx xxxx.",
    "NO ROOM xx xx.",
    "As it is.",
    "",
]


@pytest.fixture(scope="module")
def messages() -> list[object]:
    """What the other process sends."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, timeout=60)
    sent: list[object] = json.loads(done.stdout)
    return sent


@pytest.fixture
def crossed() -> Iterator[None]:
    with crossed_out():
        yield


def test_what_was_sent_is_told_in_english_where_that_is_spoken(messages: list[object]) -> None:
    assert [*map(retold, messages)] == ENGLISH


def test_what_was_sent_is_told_in_the_language_that_is_spoken(messages: list[object], crossed: None) -> None:
    assert [shown(retold(message)) for message in messages] == CROSSED
    assert [english(retold(message)) for message in messages] == ENGLISH


@pytest.mark.parametrize(
    "message",
    [
        ["Text", ["say", "{a:>999999999}", {"a": "b"}]],
        ["Text", ["say", "{a.__class__}", {"a": "b"}]],
        ["Text", ["say", "{a[0]}", {"a": "b"}]],
        ["Text", ["say", "{a!r:>{b}}", {"a": "b", "b": 999_999_999}]],
        ["Text", ["say", "{a}", {}]],
        ["Text", ["say", "{a", {"a": "b"}]],
        ["Text", ["say", "{0}", {"a": "b"}]],
        ["Text", ["count", "b", "row", "rows", "2"]],
        ["Text", ["join", "b", ", "]],
        ["Text", ["do", "it"]],
    ],
)
def test_a_template_that_is_none_of_ours_is_not_filled_in(message: object) -> None:
    """The process that sends it may have been broken into by a foreign file."""
    assert retold(message) == "Text"
    language.speak(_Untranslated())
    try:
        assert shown(retold(message)) == "Text"
    finally:
        language.speak(None)


class _Untranslated:
    """A catalog that has nothing."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2
