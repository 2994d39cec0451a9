"""A few things and what there is to say about each: orders to go on with, codes to try."""

from collections.abc import Sequence

from rich.cells import cell_len

from scanstation.domain.codes import visible
from scanstation.screens.widgets.rows import Row, Rows, fit


class Facts(Rows):
    """A row each; where not all of them fit, the last row says how many there are."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._heading = ""
        self._facts: tuple[tuple[str, str], ...] = ()
        self._unseen = 0

    def show(self, heading: str, facts: Sequence[tuple[str, str]], *, of: int = 0) -> None:
        """Show these: what it is called, and what there is to say; the more telling words first.

        `of` how many there are in all, where these are not all of them.
        """
        self._heading, self._facts, self._unseen = heading, tuple(facts), max(0, of - len(facts))
        self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The heading, and the facts that fit."""
        rows: list[Row] = [((fit(self._heading, width), "quiet"),)]
        names = min(max((cell_len(visible(name)) for name, _ in self._facts), default=0), width * 2 // 5)
        all_fit = len(self._facts) + bool(self._unseen) < height
        facts_in_sight = self._facts if all_fit else self._facts[: max(0, height - 2)]
        for name, told in facts_in_sight:
            rows.append(((fit(name, names), ""), (fit(f"  {told}", width - names), "quiet")))
        if more := len(self._facts) + self._unseen - len(facts_in_sight):
            rows.append(((f"… {more} more", "quiet"),))
        return rows
