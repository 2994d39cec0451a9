"""Text as it is printed: pages of 60 rows and 80 columns."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, chop_cells

PAGE_WIDTH, PAGE_ROWS = 80, 60
"""Of a printed page."""


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
        foot = f"page {number} of {len(pages)}".rjust(PAGE_WIDTH)
        page += [*[""] * (PAGE_ROWS - 1 - len(page) if len(pages) > 1 else 1), foot]
    return pages


def padded(text: str, width: int) -> str:
    """The text in so many cells; a longer one is cut."""
    if cell_len(text) > width:
        text = chop_cells(text, width - 1)[0] + "…"
    return text + " " * (width - cell_len(text))
