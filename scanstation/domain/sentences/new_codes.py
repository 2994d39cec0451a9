"""What speaks against a new code in a file, a list or a correction: that it is no serial, or another unit's."""

from collections.abc import Sequence

from scanstation.domain.codes import BadCode, Code, shorten, visible
from scanstation.domain.language import word
from scanstation.domain.not_serials import Kind, NoSerial
from scanstation.domain.sentences.serials import no_serial
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.sheet_kinds import AS_TEXT

SHOWN_NOTES = 20
_PARTS = Texts(
    {
        # To follow the code
        "and-way": "{what}. {way}",
        "serial-label": "Write the code of the serial label.",
        "write": "Write {code}.",
        "correct": "{what}. Correct the serial.",
        "pattern": "does not look like a serial of {sku}.{wanted} Correct it.",
        "pattern/also": "{what}. It does not look like a serial of {sku}.{wanted} Correct it.",
        "hint": " It should be: {hint}.",
        "is": "is {what}",
        "no-serial": "is a label of {form} without a serial",
        # Whole sentences
        "row": "row {number}",
        "twice": "{code} stands in {where} too. Take one of the two out.",
        "alike-in": "{code} differs from {other} in {where} only by its marks: the same unit?",
        "alike": "{code} differs from {known} only by its marks. {known} is here already: the same unit?",
        "alike/another": "{code} differs from {known} only by its marks. {known} is here already: "
        "is {code} another unit?",
        "shape": "{code} looks like none before: those have {usual}",
        "identifier": "{code} begins with {name}, which is {means}, no serial. Correct it.",
        "identifier/asked": "{code} begins with {name}, as {means} does. Is it the serial?",
        # How many more there are of one kind
        "more": "… and {more:,} more notes of this kind.",
        "more/unlike-others": "… and {more:,} more serials that look like none before.",
        "more/alike-new": "… and {more:,} more serials that differ from another only by their marks.",
        "more/other-identifier": "… and {more:,} more serials that begin as another data identifier does.",
    }
)


def no_code_in_cell(other_meaning: NoSerial | None, bad: BadCode) -> str:
    """What a text is that is no code, and what to do; to follow it."""
    return with_way(no_serial(other_meaning)) if other_meaning else _PARTS("correct", what=bad.reason)


def with_way(what: str) -> str:
    """What a text is in place of a serial, and what to write."""
    return _PARTS("and-way", what=what, way=_PARTS("serial-label"))


def is_no_serial(other_meaning: NoSerial) -> str:
    """What a code is in place of a serial, and what to write: the serial itself, where the code holds it."""
    if other_meaning.kind is Kind.LABEL:
        way = _PARTS("write", code=shorten(other_meaning.subject))
    elif other_meaning.kind is Kind.SCANNER_MARK:
        way = _PARTS("write", code=shorten(other_meaning.form))
    else:
        return with_way(no_serial(other_meaning))
    return _PARTS("and-way", what=no_serial(other_meaning), way=way)


def was_spoiled(suspicion: str) -> str:
    """What a program may have made of it."""
    return _PARTS("and-way", what=suspicion, way=word(AS_TEXT))


def misses_pattern(sku: str, hint: str, other_meaning: NoSerial | None) -> str:
    """A code that is not as the product's serials are; what else it is."""
    wanted = _PARTS("hint", hint=visible(hint)) if hint else ""
    if other_meaning:
        return _PARTS("pattern/also", what=no_serial(other_meaning), sku=visible(sku), wanted=wanted)
    return _PARTS("pattern", sku=visible(sku), wanted=wanted)


def is_label(note: str) -> str:
    """A label that says neither a product nor a serial."""
    return _PARTS("is", what=note)


def label_without_serial(form: str) -> str:
    """A label in fields, without one of a serial."""
    return _PARTS("no-serial", form=form)


def in_row(number: int) -> str:
    """Where a code of a sheet stands."""
    return _PARTS("row", number=number)


def stands_twice(code: Code, where: str) -> str:
    """The same code in two places."""
    return _PARTS("twice", code=shorten(code.text), where=where)


def text_twice(text: str, where: str) -> str:
    """The same text in two places."""
    return _PARTS("twice", code=shorten(text), where=where)


def alike_in_file(code: Code, other: str, where: str) -> str:
    """A code that may be another one of the file with another mark."""
    return _PARTS("alike-in", code=shorten(code.text), other=shorten(other), where=where)


def may_be_known(code: Code, known: str) -> str:
    """A new code that may be a known one with another mark."""
    return _PARTS("alike", code=shorten(code.text), known=shorten(known))


def another_unit_asked(code: Code, known: str) -> str:
    """The same as a question whose yes takes the code."""
    return _PARTS("alike/another", code=shorten(code.text), known=shorten(known))


def looks_like_none(code: Code, usual: str) -> str:
    """A new code that looks like no serial of the product before."""
    return _PARTS("shape", code=shorten(code.text), usual=usual)


def begins_otherwise(code: Code, name: str, means: str) -> str:
    """A code that begins as what is no serial does; one letter may as well be a serial's own."""
    case = "identifier" if len(name) > 1 else "identifier/asked"
    return _PARTS(case, code=shorten(code.text), name=name, means=means)


def few_notes(names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Notes with how many more there are where many are of one kind, named in `names`."""
    examples: list[str] = []
    counts: dict[str, int] = {}
    for name, text in zip(names, texts, strict=True):
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= SHOWN_NOTES:
            examples.append(text)
    return examples + [_more(name, count - SHOWN_NOTES) for name, count in counts.items() if count > SHOWN_NOTES]


def _more(name: str, more: int) -> str:
    if name == "unlike-others":
        return _PARTS("more/unlike-others", more=more)
    if name == "alike-new":
        return _PARTS("more/alike-new", more=more)
    return _PARTS("more/other-identifier", more=more) if name == "other-identifier" else _PARTS("more", more=more)
