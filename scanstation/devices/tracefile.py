"""Trace files: what scanners sent, byte by byte with its times, so that a bad scan can be reported and repeated.

JSON Lines. The first line says what wrote it and with which settings; then come, in order of time, the chunks as they
were read (`hex`), what became of serial lines (`line`), and what the station made of them (`read`). Playing a trace
uses the chunks alone and the settings of the first line, so that it gives the same scans everywhere and each time; the
`read` lines are for people, and to see whether this ScanStation reads it as the one did that wrote it.
"""

import json
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

from scanstation.devices.code_text import has_control_keys
from scanstation.devices.examining import Examiner, hear_all
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Chunk, Line
from scanstation.devices.wedge import typed_code
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.codes import shorten
from scanstation.domain.heard import Heard
from scanstation.domain.language import Said, english, said_later, worded
from scanstation.domain.scan import KEYBOARD, Scan
from scanstation.files import private

VERSION: Final = 1
MOST_BYTES: Final = 20_000_000
"""Of a trace; a stuck scanner must not fill the disk. Some 100,000 scans."""
DEVICE: Final = "replay"
"""What played scans are said to come from."""

_MARK = "scanstation_trace"

Settings = TypeVar("Settings", WedgeSettings, SerialSettings)


_NO_TRACE = said_later("{file} is no trace. Record one with `scanstation devices test --record FILE`.")


class BadTrace(Exception):
    """The file is no trace, or not a whole one. The message names the line and what to do."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What a trace file holds."""

    wedge: WedgeSettings
    scanners: tuple[SerialSettings, ...]
    chunks: tuple[Chunk, ...]
    recorded: tuple[tuple[str, str | None, str | None], ...]
    """What was made of them then: device, code, fault."""
    about: dict[str, str] = field(default_factory=dict)
    """Who wrote it, when and where."""

    def heard(self, wedge: WedgeSettings | None = None) -> list[Heard]:
        """What is made of it now, with the settings it was recorded with or with others for the keyboard."""
        return hear_all(Examiner(wedge or self.wedge, self.scanners), self.chunks)


def outcome(heard: Heard) -> tuple[str, str | None, str | None]:
    """What counts when two readings of the same bytes are compared."""
    return heard.device, heard.scan.text if heard.scan else None, heard.scan.fault if heard.scan else None


def played(heard: Iterable[Heard], wedge: WedgeSettings | None = None) -> list[Scan]:
    """The scans to hand to a station: what was typed and ended with Enter is a typed entry, as it is at the station."""
    scans = []
    for each in heard:
        if each.scan is not None:
            scan = each.scan
            scans.append(
                Scan(
                    scan.text,
                    scan.source,
                    DEVICE,
                    fault=scan.fault,
                    note=scan.note,
                    repeat=scan.repeat,
                    follows=scan.follows,
                )
            )
        elif each.suffix and not has_control_keys(each.body):
            scans.append(typed_code(each.body, wedge or WedgeSettings(), DEVICE))
    return scans


# Writing


class TraceWriter:
    """A trace that is being recorded. Not for several threads.

    Raises OSError where the file cannot be made, FileExistsError where there is one already: no recording is lost to
    the next.
    """

    def __init__(
        self, path: Path, wedge: WedgeSettings, scanners: Iterable[SerialSettings], about: dict[str, str]
    ) -> None:
        self.path = path
        self.count = 0
        """How much was heard so far."""
        self._began: float | None = None
        self._written = 0
        self._file: TextIO | None = open(path, "x", encoding="utf-8", newline="\n", opener=private)  # noqa: SIM115 - open until the end
        self._write(
            {
                _MARK: VERSION,
                **about,
                "wedge": asdict(wedge),
                "serial": [asdict(scanner) for scanner in scanners],
            }
        )

    @property
    def is_full(self) -> bool:
        """Whether nothing more goes into it."""
        return self._written >= MOST_BYTES

    def chunk(self, chunk: Chunk) -> None:
        """Write what was read. Raises OSError."""
        what: dict[str, Any] = {"line": chunk.line.value} if chunk.line else {"hex": chunk.data.hex(" ")}
        self._write({"ms": self._ms(chunk.at), "from": chunk.device, **what})

    def heard(self, heard: Heard, read_as: str) -> None:
        """Write what was made of it. Raises OSError."""
        self.count += 1
        scan = heard.scan
        told = {"shown": heard.readable, "code": scan.text if scan else None, "fault": scan.fault if scan else None}
        told |= {"as": english(read_as), "timing": english(heard.timing)}
        self._write({"ms": self._ms(heard.pieces[-1][0]), "from": heard.device, "read": told})

    def close(self) -> None:
        """Have it on the disk. Raises OSError."""
        file, self._file = self._file, None
        if file is not None:
            with file:
                file.flush()
                os.fsync(file.fileno())

    def _ms(self, at: float) -> float:
        if self._began is None:
            self._began = at
        return round(at - self._began, 3)

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is None or self.is_full:
            return
        # ASCII, so that no control character of a code reaches whoever looks at the file.
        text = json.dumps(line) + "\n"
        self._written += len(text)
        self._file.write(text)
        self._file.flush()


# Reading


def read_trace(path: Path) -> Trace:
    """A trace file.

    Raises:
        OSError: it cannot be read.
        BadTrace: it is no trace, of a newer kind, or broken.
    """
    name = shorten(str(path), 200)
    with path.open("rb") as file:
        content = file.read(MOST_BYTES * 2)
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadTrace(
            worded("{file} is no trace: it is not UTF-8. Record one with `scanstation devices test`.", file=name)
        ) from error
    values = [_value(name, number, line) for number, line in enumerate(lines, 1) if line]
    if not values or _MARK not in values[0]:
        raise BadTrace(worded(_NO_TRACE, file=name))
    head, *rest = values
    if head[_MARK] != VERSION:
        raise BadTrace(
            worded(
                "{file} was recorded by another ScanStation, as version {version}. Play it with that one.",
                file=name,
                version=shorten(str(head[_MARK])),
            )
        )
    try:
        wedge = _settings(WedgeSettings, {**head["wedge"], "suffix": tuple(head["wedge"]["suffix"])})
        scanners = tuple(_settings(SerialSettings, scanner) for scanner in head["serial"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadTrace(
            worded("{file}, line 1: the settings cannot be used ({why}).", file=name, why=_why(error))
        ) from error
    chunks, recorded = _contents(name, rest, {KEYBOARD, *(scanner.id for scanner in scanners)})
    about = {key: str(value) for key, value in head.items() if key not in (_MARK, "wedge", "serial")}
    return Trace(wedge, scanners, chunks, recorded, about)


def _settings(which: type[Settings], values: dict[str, Any]) -> Settings:
    """The settings, if each is known and of its kind: in a file there may be anything. Raises ValueError, TypeError."""
    if unknown := sorted(set(values) - {setting.name for setting in fields(which)}):
        raise ValueError(worded("“{key}” is not known here", key=shorten(unknown[0])))
    settings = which(**values)
    for setting in fields(settings):
        value = getattr(settings, setting.name)
        kind = str if setting.default is MISSING else type(setting.default)
        number = kind in (int, float) and isinstance(value, int | float) and not isinstance(value, bool)
        if not (number or type(value) is kind):
            raise ValueError(worded("{key} cannot be {value}", key=setting.name, value=shorten(str(value))))
    return settings


def _bytes(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError(worded("“hex” must be bytes, two digits each")) from None


def _why(error: Exception) -> str:
    """Of an error that we raised, what it says; of Python's own, what it means for who reads it."""
    if isinstance(error, ValueError):
        (why,) = error.args[:1] or ("",)
        return why if isinstance(why, Said) else shorten(str(error), 120)
    if isinstance(error, KeyError):
        return worded("“{key}” is missing", key=shorten(str(error.args[0])))
    return worded("something in it is of another kind than a trace has there")


def _value(name: str, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        if number == 1:
            raise BadTrace(worded(_NO_TRACE, file=name)) from error
        raise BadTrace(
            worded(
                "{file}, line {number}: it is not JSON. Was the file cut off, or edited?", file=name, number=str(number)
            )
        ) from error
    if not isinstance(value, dict):
        raise BadTrace(worded("{file}, line {number}: it is no line of a trace.", file=name, number=str(number)))
    return value


def _contents(
    name: str, lines: Sequence[dict[str, Any]], devices: set[str]
) -> tuple[tuple[Chunk, ...], tuple[tuple[str, str | None, str | None], ...]]:
    chunks: list[Chunk] = []
    recorded = []
    for number, line in enumerate(lines, 2):
        try:
            device, at = line["from"], float(line["ms"])
            if device not in devices:
                raise ValueError(worded("there are no settings of {device}", device=shorten(str(device))))
            if "read" in line:
                recorded.append((device, line["read"]["code"], line["read"]["fault"]))
                continue
            if not math.isfinite(at) or at < (chunks[-1].at if chunks else 0):
                raise ValueError(worded("it is earlier than the line before"))
            if "line" in line:
                if device == KEYBOARD:
                    raise ValueError(worded("a keyboard is never opened"))
                chunks.append(Chunk(device, at, line=Line(line["line"])))
            else:
                chunks.append(Chunk(device, at, _bytes(line["hex"])))
        except (KeyError, TypeError, ValueError) as error:
            raise BadTrace(
                worded(
                    "{file}, line {number}: it cannot be played ({why}).",
                    file=name,
                    number=str(number),
                    why=_why(error),
                )
            ) from error
    return tuple(chunks), tuple(recorded)
