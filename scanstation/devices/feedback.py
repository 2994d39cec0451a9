"""What is sent to a scanner after each scan, so that the one who holds it hears the answer without looking up.

The bytes are the makers' own, from their manuals. Nobody here could listen to one of these scanners: a site that
hears the wrong thing sets `custom`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Profile = Literal["none", "ack", "bel", "honeywell", "datalogic", "gryphon", "zebra-ssi", "cipherlab", "custom"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """The bytes for either answer; empty where the scanner has no word for it."""

    good: bytes = b""
    bad: bytes = b""

    def bytes_for(self, *, ok: bool) -> bytes:
        """What to send after a scan that was taken, or refused."""
        return self.good if ok else self.bad


PROFILES: Final[Mapping[str, Feedback]] = MappingProxyType(
    {
        "none": Feedback(),
        # No NAK for a refusal: it makes the scanner send the same code again, and again.
        "ack": Feedback(good=b"\x06"),
        "bel": Feedback(good=b"\x07", bad=b"\x07\x07\x07"),
        "honeywell": Feedback(good=b"\x1b7,", bad=b"\x1b8,\x1b8,"),
        "datalogic": Feedback(good=b"B", bad=b"F"),
        "gryphon": Feedback(good=b"\x1b[3q", bad=b"\x1b[4q"),
        # SSI packets: length, opcode BEEP, from the host, status, which beep, checksum.
        "zebra-ssi": Feedback(good=b"\x05\xe6\x04\x00\x00\xff\x11", bad=b"\x05\xe6\x04\x00\x05\xff\x0c"),
        "cipherlab": Feedback(good=b"#@////\r"),
    }
)


def feedback(profile: str, good: str = "", bad: str = "") -> Feedback:
    """The bytes of a profile; of `custom`, those written in hex as `good` and `bad`.

    Raises:
        ValueError: there is no such profile, or what is written is not hex.
    """
    if profile == "custom":
        return Feedback(_bytes("good", good), _bytes("bad", bad))
    if profile not in PROFILES:
        raise ValueError(f"feedback knows {', '.join(PROFILES)} and custom, not {profile}")
    return PROFILES[profile]


def _bytes(key: str, hex_digits: str) -> bytes:
    try:
        return bytes.fromhex(hex_digits)
    except ValueError:
        raise ValueError(f"{key} must be bytes in hex such as 1B 37 2C, not {hex_digits}") from None
