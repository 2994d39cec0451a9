"""What a desk was told of open work and does not ask again; the store keeps what is asked once (`OncePerWork`)."""

from dataclasses import dataclass, field

from scanstation.domain.expected import InARow


@dataclass(slots=True)
class Remembered:
    """It is kept where the transaction that it was said in was."""

    whole_serials: set[tuple[int, int]] = field(default_factory=set)
    """Work and product of which somebody said that a doubtful serial is whole."""
    in_a_row: dict[int, InARow] = field(default_factory=dict)
    """What of each work is on no list of what suppliers announce, since something was."""

    def copy(self) -> "Remembered":
        """The same, to be changed in a transaction."""
        return Remembered(set(self.whole_serials), dict(self.in_a_row))
