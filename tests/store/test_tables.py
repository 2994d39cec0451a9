"""The tables that statements are written against are those of the models."""

from tests.table_words import FILE, words


def test_the_tables_are_those_of_the_models() -> None:
    assert FILE.read_text(encoding="utf-8") == words(), "run python -m tests.table_words"
