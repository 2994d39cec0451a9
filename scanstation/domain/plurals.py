"""Counts with their nouns."""


def counted(count: int, one: str, many: str = "", *, grouped: bool = False) -> str:
    """`1 serial`, `2 serials`.

    Args:
        count: how many.
        one: what follows a 1, such as `row is`.
        many: what follows every other number, such as `rows are`; `one` with an s without it.
        grouped: write thousands as `1,234`.
    """
    noun = one if count == 1 else many or f"{one}s"
    return f"{count:,} {noun}" if grouped else f"{count} {noun}"
