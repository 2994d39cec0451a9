"""A failure is told in the station's language, and in English beside it."""

from scanstation.domain.file_errors import SheetError
from scanstation.domain.language import english, worded
from tests.crossed import crossed_out


def test_a_failure_is_told_in_both_languages() -> None:
    with crossed_out():
        error = SheetError(worded("It is gone."), worded("Look."))
        said = worded("{error}", error=error)
        assert "xx xx xxxx." in said
        assert "It is gone." in english(said)
