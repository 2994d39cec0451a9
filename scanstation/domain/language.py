"""In which language people are told something: English, unless a catalog was chosen.

A sentence is a template that is filled in here and nowhere else, so that a translation of the template serves all that
it says. Its text is in the language; `english` gives the same in English, for what is kept or read by a machine.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol


class Catalog(Protocol):
    """The translations of one language, as the standard library's gettext has them."""

    def gettext(self, message: str) -> str:
        """A template's translation; the template where there is none."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """That of a noun which follows this number."""


class Said(str):
    """A text in two languages: what is shown, and the same in English; it is a text of one of the two."""

    english: str
    translation: str

    def __new__(cls, text: str, *, english: str, translation: str) -> "Said":
        said = super().__new__(cls, text)
        said.english, said.translation = english, translation
        return said

    def __add__(self, other: str) -> str:
        return _said(self.english + english(other), self.translation + shown(other))

    def __radd__(self, other: str) -> str:
        return _said(english(other) + self.english, shown(other) + self.translation)

    def capitalize(self) -> str:
        """With a capital first; German nouns further on keep theirs."""
        return _word(self.english.capitalize(), self.translation[:1].upper() + self.translation[1:])

    def strip(self, characters: str | None = None, /) -> str:
        """Without blanks at its edges."""
        return _said(self.english.strip(characters), self.translation.strip(characters))


class Telling:
    """An error, or another value, that stands in sentences as a text of its own: filled in, it speaks as they do."""

    __slots__ = ()

    @property
    def words(self) -> str:
        """What is said of it, worded when it is asked for."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.words


class Kept(str):
    """An English text that knows what it was made of: another process can tell it in the language that it speaks."""

    made_of: tuple[object, ...]

    def __new__(cls, text: str, *made_of: object) -> "Kept":
        kept = super().__new__(cls, text)
        kept.made_of = made_of
        return kept


class _Number(int):
    """A count that is written as the language does."""

    def __format__(self, form: str) -> str:
        return _as_written_here(int(self).__format__(form))


class _Decimal(float):
    """The same of a number with a part behind its point."""

    def __format__(self, form: str) -> str:
        return _as_written_here(float(self).__format__(form))


def _as_written_here(number: str) -> str:
    """A number of which the English is known (`12,500.5`): Spanish and Polish leave four digits together."""
    whole, point, part = number.partition(".")
    if "," in whole:
        sign = shown(worded("10,000"))[2:-3]
        whole = whole.replace(",", "" if len(whole) == len("1,000") and shown(worded("1,000")).isdigit() else sign)
    return whole + (shown(worded("0.5"))[1:-1] + part if point else "")


_has_names_only = re.compile(r"(?:[^{}]|\{[a-z]\w*\})*").fullmatch
_catalog: Catalog | None = None
_words_kept: dict[str, Kept] | None = None
"""Where the making of texts is kept: the words that were told, of which a sheet may need a million."""


def speak(catalog: Catalog | None) -> None:
    """Say everything in this language from now on; None is English."""
    global _catalog
    _catalog = catalog


def keep_what_is_told() -> None:
    """Tell everything in English from now on, with what it was made of, for another process: `sent` and `retold`."""
    global _catalog, _words_kept
    _catalog, _words_kept = None, {}


@contextmanager
def written_in(catalog: Catalog | None) -> Iterator[None]:
    """Word what stands on a paper in this language; what is told afterwards is told as before."""
    global _catalog, _words_kept
    before = _catalog, _words_kept
    _catalog, _words_kept = catalog, None
    try:
        yield
    finally:
        _catalog, _words_kept = before


def worded(template: str, /, **fields: object) -> str:
    """A sentence, or a part of one: its template filled in."""
    catalog = _catalog  # once: another thread may change it, where the next operator reads another language
    if catalog is None:
        text = template.format(**fields)
        return text if _words_kept is None else Kept(text, "say", template, fields)
    here = {name: _here(value) for name, value in fields.items()}
    in_english = template.format(**{name: english(value) for name, value in fields.items()})
    return _said(in_english, catalog.gettext(template).format(**here))


def word(text: str, /, **fields: object) -> str:
    """A word or phrase that sentences are filled in with; English where it stands in no sentence."""
    catalog = _catalog
    if catalog is None:
        if fields:
            return worded(text, **fields)
        return text if _words_kept is None else _word_kept(text, _words_kept)
    if not fields:
        return _word(text, catalog.gettext(text))
    said = worded(text, **fields)
    return _word(english(said), said)


def said_later(text: str) -> str:
    """This text itself, in a table or a constant: it is put into the catalogs, and `word` says it where it is told."""
    return text


def up_to(text: str, end: str) -> str:
    """What stands before `end`, in both languages; all of it where one lacks it."""
    if isinstance(text, Said):
        return _said(text.english.split(end)[0], text.translation.split(end)[0])
    return text.split(end)[0]


def spoken() -> object:
    """What tells the language apart, for whoever keeps what was worded."""
    return _catalog


def translated(text: str) -> str:
    """A fixed text of a screen, at the one place that shows all such: a title, what a key does, a line of help."""
    catalog = _catalog
    if catalog is None or not text:
        return text
    return text.translation if isinstance(text, Said) else catalog.gettext(text)


def plural(count: int, one: str, many: str, number: str) -> str:
    """A count, written as `number`, with the noun that follows it."""
    noun = one if count == 1 else many
    catalog = _catalog
    if catalog is None:
        text = " ".join((number, noun))
        return text if _words_kept is None else Kept(text, "count", count, one, many, number)
    here = _as_written_here(number)
    return _word(" ".join((number, noun)), " ".join((here, catalog.ngettext(one, many, count))))


def day_and_time(moment: datetime) -> str:
    """A moment as people here read it: `22 Nov 2026 10:32`."""
    local = moment.astimezone()
    if _catalog is None:
        return local.strftime("%d %b %Y %H:%M")
    day, year, time = f"{local:%d}", f"{local:%Y}", f"{local:%H:%M}"
    return worded("{day} {month} {year} {time}", day=day, month=month(local.month), year=year, time=time)


def month(number: int) -> str:
    """The short name of a month, counted from 1, for a sentence."""
    names = (
        *(word("Jan"), word("Feb"), word("Mar"), word("Apr"), word("May"), word("Jun")),
        *(word("Jul"), word("Aug"), word("Sep"), word("Oct"), word("Nov"), word("Dec")),
    )
    return names[number - 1]


def joined(texts: Sequence[str], between: str = ", ") -> str:
    """Several in one text; words between them, such as ` and `, are of the language."""
    if _catalog is None:
        text = between.join(texts)
        return text if _words_kept is None else Kept(text, "join", texts, between)
    return _said(between.join(map(english, texts)), shown(word(between)).join(map(shown, texts)))


def english(value: object) -> str:
    """A text in English."""
    words: Any = value.words if isinstance(value, Telling) else value
    text: str = words.english if isinstance(words, Said) else words
    return text


def shown(value: object) -> str:
    """A text in the language of who reads it."""
    words: Any = value.words if isinstance(value, Telling) else value
    text: str = words.translation if isinstance(words, Said) else words
    return text


def sent(text: str) -> object:
    """A text as it goes to another process: itself, or with what it was made of."""
    return [str(text), [_sent(part) for part in text.made_of]] if isinstance(text, Kept) else text


def _sent(part: object) -> object:
    match part:
        case str():
            return sent(part)
        case dict():
            return {name: _sent(value) for name, value in part.items()}
        case list() | tuple():
            return [_sent(value) for value in part]
        case int() | float():
            return part
    return sent(str(part))


def retold(message: object) -> str:
    """A text that was sent by another process, in the language of this one.

    That process may be one that a foreign file has broken into: what it sends is filled into translations of ours, or
    into a template that can do no more than be filled in. What makes no sense is told as its English says.
    """
    catalog = _catalog
    match message:
        case [str(text), ["say", str(template), {**fields}]]:
            return _said(text, _filled(catalog, template, fields) or text) if catalog else text
        case [_, ["count", int(count), str(one), str(many), str(number)]]:
            return plural(count, one, many, number)
        case [_, ["join", [*texts], str(between)]]:
            return joined([*map(retold, texts)], between)
        case [str(text), *_]:
            return text
    return str(message)


def _filled(catalog: Catalog, template: str, sent_fields: dict[object, object]) -> str | None:
    translation = catalog.gettext(template)
    if translation == template and not _has_names_only(template):
        return None
    fields = {
        str(name): _here(value if type(value) in (int, float) else retold(value)) for name, value in sent_fields.items()
    }
    try:
        return translation.format(**fields)
    except (KeyError, ValueError):
        return None


def _here(value: object) -> object:
    if type(value) is int:
        return _Number(value)
    return _Decimal(value) if type(value) is float else shown(value)


def _word_kept(text: str, known: dict[str, Kept]) -> Kept:
    if (kept := known.get(text)) is None:
        kept = known[text] = Kept(text, "say", text, {})
    return kept


def _said(english: str, translation: str) -> str:
    return Said(translation, english=english, translation=translation)


def _word(english: str, translation: str) -> str:
    return Said(english, english=english, translation=translation)
