"""`domain.marks.rough` of a code's key, in SQL: the index of `models` and the statements that it serves must agree."""

from scanstation.domain.marks import MARK_CHARACTERS, SEPARATORS


def _without(column: str, characters: str) -> str:
    for character in characters:
        column = f"replace({column}, '{character}', '')"
    return column


ROUGH_KEY = f"ltrim({_without('text_key', SEPARATORS)}, '{MARK_CHARACTERS}')"
IS_MARKED = f"text_key <> {ROUGH_KEY}"
