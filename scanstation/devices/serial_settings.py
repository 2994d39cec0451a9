"""How a scanner on a serial port is set up: what config.toml, the port, the decoder and a trace all go by."""

from dataclasses import dataclass
from typing import Literal, get_args

from scanstation.devices.feedback import Profile, feedback
from scanstation.devices.framing import REPEAT_MS, FrameFault, FrameReader, Framing, suits_framing
from scanstation.domain.language import worded


@dataclass(frozen=True)
class SerialSettings:
    """One [[serial]] table of config.toml; raises ValueError on nonsense. Without slots, so that `config` inherits the
    defaults."""

    id: str
    """What the scanner is called on the screen and in the histories."""
    port: str
    """A path, `usb:VID:PID[:SERIAL]`, or a URL of pyserial."""
    baud: int = 9600
    bytesize: Literal[5, 6, 7, 8] = 8
    parity: Literal["N", "E", "O", "M", "S"] = "N"
    stopbits: float = 1
    flow: Literal["none", "rtscts", "xonxoff"] = "none"
    framing: Framing = "line"
    idle_ms: float = 50
    """With the framing `idle`, the silence that ends a code."""
    partial_timeout_ms: float = 500
    """Half a code that has stood still this long is refused."""
    encoding: str = "utf-8"
    gs_substitute: str = ""
    """What the scanner sends in place of a GS1 group separator, if it was set up to send something of its own."""
    drops_separators: bool = False
    """It sends nothing in its place, by its check card: a serial with a field after it may run on."""
    prefix: str = ""
    """What it sends before every code, taken off; a code with neither it nor an AIM identifier lost its head."""
    repeat_ms: float = REPEAT_MS
    """The same code again within this time is a label that was read twice: counted once, answered CHECK."""
    exclusive: bool = True
    reconnect_max_s: float = 2.0
    """The longest wait between two attempts to find an unplugged scanner again."""
    feedback: Profile = "none"
    good: str = ""
    bad: str = ""
    """Hex, for the feedback `custom`."""

    @property
    def cut_off(self) -> FrameFault:
        """What half a code is refused as when the line breaks in the middle of it."""
        return FrameFault.DISCONNECTED if "://" in self.port else FrameFault.UNPLUGGED

    def reader(self) -> FrameReader:
        """What makes scans of this scanner's frames."""
        return FrameReader(self.id, self.encoding, self.repeat_ms, prefix=self.prefix, gs_substitute=self.gs_substitute)

    def __post_init__(self) -> None:
        feedback(self.feedback, self.good, self.bad)
        if self.framing not in get_args(Framing):
            known = ", ".join(get_args(Framing))
            raise ValueError(worded("{key} knows {known}, not {value}", key="framing", known=known, value=self.framing))
        for name in ("baud", "idle_ms", "partial_timeout_ms", "reconnect_max_s"):
            if getattr(self, name) <= 0:
                raise ValueError(worded("{key} must be above 0, not {value}", key=name, value=str(getattr(self, name))))
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
        if not suits_framing(self.encoding):
            raise ValueError(
                worded("encoding must be one such as utf-8, latin-1 or cp1252, not {value}", value=self.encoding)
            )
