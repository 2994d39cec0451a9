"""A failure is told in the station's language, and in English beside it."""

from scanstation.domain.language import english, worded
from scanstation.domain.store_errors import StoreError
from tests.crossed import crossed_out


def test_a_failure_is_told_in_both_languages() -> None:
    with crossed_out():
        error = StoreError(worded("It is gone."), worded("Look."))
        said = worded("{error}", error=error)
        assert "xx xx xxxx." in said
        assert "It is gone." in english(said)
