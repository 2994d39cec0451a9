"""Text as it is printed: pages of 60 rows and 80 columns."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, chop_cells

from scanstation.domain.language import shown, worded

PAGE_WIDTH, PAGE_ROWS = 80, 60
"""Of a printed page."""
_TITLE = 12
"""Cells of what something is called, at least."""


def paged(blocks: Iterable[Sequence[str]], continued: str) -> list[list[str]]:
    """Blocks of rows on pages; the second row of a block that goes on stands again at the head of the next page.

    Args:
        blocks: the rows of each.
        continued: the first row of every page but the first.
    """
    pages: list[list[str]] = [[]]
    for rows in blocks:
        block = list(rows)
        for number, row in enumerate(block):
            left = PAGE_ROWS - 2 - len(pages[-1])
            # A heading does not stand alone at the foot of a page.
            if left < 1 or (number == 0 and left < min(len(block), 3)):
                pages.append([continued, ""])
                if number > 1:
                    pages[-1].append(block[1])  # which product it is
            pages[-1].append(row)
    for number, page in enumerate(pages, 1):
        foot = shown(worded("page {number} of {pages}", number=number, pages=len(pages)))
        foot = " " * (PAGE_WIDTH - cell_len(foot)) + foot
        page += [*[""] * (PAGE_ROWS - 1 - len(page) if len(pages) > 1 else 1), foot]
    return pages


def titled(facts: Sequence[tuple[str, str]]) -> list[str]:
    """What something is called at the left, what it is beside it; what is long goes on below."""
    titles = [shown(title) for title, _ in facts]
    room = max(_TITLE, *(cell_len(title) + 2 for title in titles))
    rows = []
    for title, (_, fact) in zip(titles, facts, strict=True):
        first, *more = chop_cells(fact, PAGE_WIDTH - room) or [""]
        rows += [f"{padded(title, room)}{first}".rstrip(), *(" " * room + row for row in more)]
    return rows


def padded(text: str, width: int) -> str:
    """The text in so many cells; a longer one is cut."""
    text = shown(text)
    if cell_len(text) > width:
        text = chop_cells(text, width - 1)[0] + "…"
    return text + " " * (width - cell_len(text))
