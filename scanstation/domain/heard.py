"""What came in from a scanner, byte by byte, and what that shows of how the scanner is set up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import Telling, joined, worded
from scanstation.domain.plurals import counted
from scanstation.domain.reading import Form, Reading
from scanstation.domain.scan import Scan, fault_text
from scanstation.domain.verdict import Tone

_SUFFIX = re.compile("[\r\n\t\x03\x04]*$")
_SUFFIX_NAMES = {"\r": "Enter (CR)", "\n": "LF", "\r\n": "CR LF", "\t": "Tab", "\x03": "ETX", "\x04": "EOT"}


@dataclass(frozen=True)
class Heard:
    """One run of characters, as it came in and what became of it."""

    device: str
    """`scan.KEYBOARD`, or the id of a scanner on a serial port."""
    pieces: tuple[tuple[float, bytes], ...]
    """What was read, and when, in milliseconds on a clock of its own; never empty."""
    scan: Scan | None = None
    """The scan it is, good or refused; None where it is typing."""
    why_typed: str = ""
    """Why it is typing."""

    @cached_property
    def raw(self) -> str:
        """All of it, its suffix included. A byte that is not UTF-8 is one of U+DC80 to U+DCFF."""
        return b"".join(data for _, data in self.pieces).decode("utf-8", "surrogateescape")

    @cached_property
    def suffix(self) -> str:
        """The line ends and the like that it ended with."""
        found = _SUFFIX.search(self.raw)
        assert found is not None
        return found[0]

    @property
    def body(self) -> str:
        """What stands before the suffix."""
        return self.raw.removesuffix(self.suffix)

    @property
    def suffix_name(self) -> str:
        """The suffix in words."""
        if not self.suffix:
            return worded("none sent")
        return _SUFFIX_NAMES.get(self.suffix) or " ".join(_SUFFIX_NAMES[each] for each in self.suffix)

    @property
    def at(self) -> float:
        """When it began."""
        return self.pieces[0][0]

    @property
    def total_ms(self) -> float:
        """From the first character to the last, the suffix included."""
        return self.pieces[-1][0] - self.at

    @cached_property
    def gaps(self) -> tuple[float, ...]:
        """The time between each two characters; the second half of a CR LF waits for nobody and does not count."""
        times: list[float] = []
        for at, data in self.pieces:
            # The first byte of each character; the others of it have the two highest bits 10.
            times += [at] * sum(byte & 0xC0 != 0x80 for byte in data)
        counted = times[: max(len(times) - len(self.suffix) + 1, 1)] if self.suffix else times
        return tuple(after - before for before, after in pairwise(counted))

    @property
    def mean_gap(self) -> float:
        """In milliseconds."""
        return sum(self.gaps) / len(self.gaps) if self.gaps else 0.0

    @property
    def largest_gap(self) -> float:
        """In milliseconds."""
        return max(self.gaps, default=0.0)

    @property
    def readable(self) -> str:
        """All of it, every control character and every byte that is no text visible."""
        return visible(
            "".join(f"<{ord(each) - 0xDC00:02X}>" if "\udc80" <= each <= "\udcff" else each for each in self.raw)
        )

    @property
    def timing(self) -> str:
        """The times in words."""
        characters = counted(len(self.body), "character")
        if not self.total_ms:
            return worded("{characters}, all at once", characters=characters)
        return worded(
            "{characters} in {total} ms: {mean} ms mean, {largest} ms largest gap",
            characters=characters,
            total=round(self.total_ms),
            mean=milliseconds(self.mean_gap),
            largest=milliseconds(self.largest_gap),
        )


def milliseconds(value: float) -> int | float:
    """As many digits as tell something, to stand in a sentence."""
    return round(value) if value >= 10 else round(float(value), 1)


def read_as(reading: Reading) -> str:
    """What a code was read as, in words."""
    if reading.fault:
        return read_as_nothing(reading.fault)
    if reading.command:
        quantity = f" {reading.command.quantity}" if reading.command.quantity else ""
        return worded("the command {command}", command=f"{reading.command.act.value.capitalize()}{quantity}")
    parts = [
        *([worded("product {code}", code=reading.gtin)] if reading.gtin else []),
        *(worded("product {code}", code=shorten(code)) for code in reading.product_codes),
        *([worded("serial {code}", code=shorten(reading.serial))] if reading.serial else []),
        *([worded("secondary serial {code}", code=shorten(reading.secondary))] if reading.secondary else []),
        *([worded("{count} of it", count=reading.count)] if reading.count else []),
        *([worded("package {code}", code=shorten(reading.package))] if reading.package else []),
        *([worded("maybe with a separator that is hidden in it")] if reading.doubt else []),
        *([reading.remark] if reading.remark else []),
    ]
    if reading.form is Form.PLAIN:
        told = worded("the code {code}", code=shorten(reading.text))
        return joined([told, parts[0]]) if parts else told
    described = joined(parts) if parts else worded("no product and no serial")
    return worded("{form}: {described}", form=reading.form.value, described=described)


def read_as_nothing(fault: str) -> str:
    """The same of what is no code; what is wrong with it follows."""
    return worded("nothing: it {fault}", fault=fault_text(fault))


@dataclass(frozen=True, slots=True)
class CardFinding:
    """One thing that the check card shows."""

    tone: Tone
    what: str
    """One or two words: 'Suffix'."""
    text: str
    """What was found; where it is not right, with what to do."""


@dataclass(frozen=True, slots=True)
class Change(Telling):
    """One key of config.toml to be written."""

    key: str
    value: str | float | bool | tuple[str, ...]
    before: str | float | bool | tuple[str, ...]
    """What it is now."""
    scanner: str = ""
    """The id of the [[serial]] table that it belongs to; empty for [wedge]."""

    @property
    def words(self) -> str:
        """`require_aim = true (now false)`."""
        value, before = in_toml(self.value), in_toml(self.before)
        return worded("{key} = {value} (now {before})", key=self.key, value=value, before=before)


@dataclass(frozen=True, slots=True)
class CheckUp:
    """All that a check card shows of the scanner that read it."""

    findings: tuple[CardFinding, ...]
    changes: tuple[Change, ...] = ()
    """What would mend it here, at the station."""
    optional: tuple[Change, ...] = ()
    """What may be chosen, each by itself: it would then hold for every scanner of this station."""

    @property
    def tone(self) -> Tone:
        """The worst of its findings."""
        return max((finding.tone for finding in self.findings), key=list(Tone).index)


def in_toml(value: str | float | bool | Sequence[str]) -> str:
    """A value as config.toml has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{visible(value)}"'
    if isinstance(value, int | float):
        return f"{value:g}"
    return f"[{', '.join(in_toml(each) for each in value)}]"
