"""How the scanners that type are set up: what config.toml, the decoder and a trace all go by."""

from dataclasses import dataclass
from typing import Final, Literal

from scanstation.domain.language import worded

Suffix = Literal["enter", "tab", "lf", "none"]
SUFFIX_CHARACTERS: Final[dict[str, str]] = {"enter": "\r", "tab": "\t", "lf": "\n"}
NO_SUFFIX: Final[tuple[Suffix, ...]] = ("none",)
SUFFIX_KEYS: Final = frozenset(SUFFIX_CHARACTERS.values())


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """The [wedge] table of config.toml. The defaults serve USB scanners as they come; raises ValueError on nonsense."""

    max_gap_ms: float = 35
    """The longest gap between two keys of a scan. USB scanners leave 1–16 ms, people 60–120 ms, a held key 30–40 ms."""
    burst_gap_ms: float = 150
    """One gap up to this long is forgiven in a burst that is otherwise too fast for a person: a network hiccup."""
    max_avg_ms: float = 25
    """The mean gap of a whole scan, its suffix included."""
    min_length: int = 4
    """Shorter bursts are typing, unless they have a start mark."""
    min_length_no_suffix: int = 6
    """With the suffix `none`: the same for a burst that no key ends."""
    split_guard_ms: float = 300
    """A piece of text this close before a scan without a start mark is taken for the scan's own beginning, and the
    scan is refused; and after so long a burst without an end is reported."""
    suffix: tuple[Suffix, ...] = ("enter", "tab", "lf")
    """The keys that end a scan, each of which needs one. CR and LF together are one. `none`, or nothing: scanners that
    send no suffix, whose codes end where nothing more comes; any of the keys ends them too."""
    require_aim: bool = False
    """Every code must begin with an AIM identifier such as ]C1, so that a cut code is known by its missing head."""
    prefix: str = ""
    """What the scanners send before every code, taken off; like `require_aim`, a start mark."""
    gs_substitute: str = ""
    """What the scanners send in place of a GS1 group separator, if they were set up to send something of their own."""
    drops_separators: bool = False
    """One of the scanners sends nothing in its place, by its check card: a serial with a field after it may run on."""
    repeat_ms: float = 250
    """The same code again within this time is a scanner that read twice: counted once, answered CHECK."""

    def __post_init__(self) -> None:
        for name in ("max_gap_ms", "max_avg_ms", "min_length", "min_length_no_suffix"):
            if getattr(self, name) <= 0:
                raise ValueError(worded("{key} must be above 0, not {value}", key=name, value=str(getattr(self, name))))
        if not self.max_gap_ms <= self.burst_gap_ms <= self.split_guard_ms:
            raise ValueError(worded("max_gap_ms, burst_gap_ms and split_guard_ms must not decrease in this order"))
        if self.repeat_ms < 0:
            raise ValueError(
                worded("{key} must not be below 0, not {value}", key="repeat_ms", value=str(self.repeat_ms))
            )
        if self.gs_substitute.isalnum():
            raise ValueError(
                worded(
                    "gs_substitute must be none of the characters of codes, such as ~, not {value}",
                    value=self.gs_substitute,
                )
            )
        if "none" in self.suffix and len(self.suffix) > 1:
            raise ValueError(
                worded('suffix is either "none", for scanners that send none, or the keys that end every code')
            )
        if unknown := [name for name in self.suffix if name not in (*SUFFIX_CHARACTERS, *NO_SUFFIX)]:
            raise ValueError(
                worded("{key} knows {known}, not {value}", key="suffix", known="enter, tab, lf, none", value=unknown[0])
            )

    @property
    def needs_end(self) -> bool:
        """Is a burst without a suffix no code? It is not with the suffix `none`."""
        return self.suffix not in ((), NO_SUFFIX)

    @property
    def suffix_characters(self) -> frozenset[str]:
        """The characters that end a scan."""
        return frozenset(SUFFIX_CHARACTERS[name] for name in self.suffix) if self.needs_end else SUFFIX_KEYS
