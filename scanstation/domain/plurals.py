"""Counts with their nouns."""

from scanstation.domain.language import plural


def counted(count: int, one: str, many: str = "", *, grouped: bool = False) -> str:
    """`1 serial`, `2 serials`.

    Args:
        count: how many.
        one: what follows a 1, such as `row is`.
        many: what follows every other number, such as `rows are`; `one` with an s without it.
        grouped: write thousands as `1,234`.
    """
    return plural(count, one, many or f"{one}s", f"{count:,}" if grouped else str(count))
