"""Scanners as their bytes come in, for tests of what looks at them."""

from collections.abc import Iterable

from scanstation.devices.tap import Chunk
from scanstation.domain.keyboards import LAYOUTS, US, Layout, typed
from scanstation.domain.scan import KEYBOARD


def sent(
    text: str,
    *,
    gap: float = 4,
    at: float = 0,
    suffix: str = "\r",
    device: str = KEYBOARD,
    pause: tuple[int, float] = (0, 0),
) -> list[Chunk]:
    """A code, one character after the other; `pause`: after which character it stands still, and for how long."""
    chunks = []
    for number, character in enumerate(text + suffix):
        chunks.append(Chunk(device, at, character.encode()))
        at += gap + (pause[1] if number + 1 == pause[0] else 0)
    return chunks


def in_one(text: str, *, at: float = 0, device: str = KEYBOARD) -> list[Chunk]:
    """All of it in one read."""
    return [Chunk(device, at, text.encode())]


def layout(name: str) -> Layout:
    """A keyboard by its name."""
    return next(each for each in LAYOUTS if each.name == name)


def keyed(text: str, *, scanner: str = US.name, computer: str = US.name) -> str:
    """What a code becomes between a scanner and a computer of two layouts; dead keys give nothing."""
    return "".join(each or "" for each in typed(text, layout(scanner), layout(computer)))


def after(chunks: Iterable[Chunk], pause: float = 2000) -> float:
    """A moment well after these."""
    return max(chunk.at for chunk in chunks) + pause
