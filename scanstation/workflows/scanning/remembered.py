"""What a desk was told of open work and does not ask again; the store keeps what is asked once (`OncePerWork`)."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Remembered:
    """It is kept where the transaction that it was said in was."""

    whole_serials: set[tuple[int, int]] = field(default_factory=set)
    """Work and product of which somebody said that a doubtful serial is whole."""
    wrong_lists: set[int] = field(default_factory=set)
    """Work of which it was asked whether what suppliers announce is the wrong list."""

    def copy(self) -> "Remembered":
        """The same, to be changed in a transaction."""
        return Remembered(set(self.whole_serials), set(self.wrong_lists))
