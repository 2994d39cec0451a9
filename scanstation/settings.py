"""Everything that can be set: the sections of config.toml with their keys, defaults, and what a value must be.

Plain values. What is said of a bad one is the business of `config_model`, whose libraries take longer to import than a
short command takes to run.
"""

import getpass
import re
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain import defaults
from scanstation.domain.addresses import address_fault
from scanstation.domain.codes import BadCode, read_code, trim
from scanstation.domain.language import word, worded

if TYPE_CHECKING:
    from scanstation.devices.serial_settings import SerialSettings
    from scanstation.domain.backups import BackupPlan
    from scanstation.domain.handover import HandoverPlan
    from scanstation.domain.papers import PrintPlan

FILE_NAME = "config.toml"
ENVIRONMENT_PREFIX = "SCANSTATION_"
NAME_LENGTH = 40
LONGEST_LOCK_S = 86_400.0
_PREFIX_LENGTH = 12
_REASON_LENGTH = 60


class BadConfiguration(Exception):
    """The configuration cannot be used; nothing was started.

    Attributes:
        problems: a sentence for each, with the file, the key and what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


# What a value must be beside its type: each returns it as it is kept, or raises ValueError with what is allowed.


def a_name(value: str) -> str:
    """Of a station or a person."""
    value = trim(value)
    if len(value) > NAME_LENGTH or not value.isprintable():
        raise ValueError(word("a name of at most {most} printable characters", most=NAME_LENGTH))
    return value


def a_store(value: str) -> str:
    """The address of one; empty for the user's own."""
    if value and (fault := address_fault(value)):
        raise ValueError(fault)
    return value


def a_placeholder(value: str) -> str:
    """What stands where a serial should."""
    if isinstance(read_code(value), BadCode):
        raise ValueError(word("what could stand in place of a serial, such as N/A"))
    return trim(value)


def a_prefix(value: str) -> str:
    """Of the command barcodes."""
    if not re.fullmatch(rf"[!-~]{{2,{_PREFIX_LENGTH}}}", value):
        raise ValueError(word("2 to {most} printable ASCII characters without blanks", most=_PREFIX_LENGTH))
    if value.startswith("]"):
        raise ValueError(word("without a ] in front, which says what barcode it is"))
    return value


def a_reason(value: str) -> str:
    """Why something is done, as the site lists it."""
    value = trim(value)
    if not value or len(value) > _REASON_LENGTH or not value.isprintable():
        raise ValueError(word("a reason of 1 to {most} printable characters", most=_REASON_LENGTH))
    return value


def a_house_prefix(value: str) -> str:
    """Of the serials that the site gives."""
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9/.-]{0,14}[A-Z/.-]", value):
        raise ValueError(word("2 to 16 capital letters, digits, - . or /, and no digit at its end"))
    return value


def a_range(value: int) -> int:
    """How many units one may name."""
    from scanstation.domain.ranges import MOST

    if not 2 <= value <= MOST:
        raise ValueError(_from_to(2, MOST))
    return value


def a_folder(value: str) -> str:
    """One that is there."""
    if value and not (Path(value).is_absolute() and Path(value).is_dir()):
        raise ValueError(word("a folder that is there, written from the root on"))
    return value


def from_the_root_on(value: str) -> str:
    """A folder; one that is not there now may be back for the next backup."""
    if value and not Path(value).is_absolute():
        raise ValueError(word("a folder, written from the root on"))
    return value


def a_printer(value: str) -> str:
    """A queue, a port or a folder; whether it is there is seen when something is printed."""
    if value:
        from scanstation.domain.papers import Folder, read_printer

        printer = read_printer(value)
        if printer is None or (isinstance(printer, Folder) and not Path(printer.path).is_absolute()):
            raise ValueError(word("lp:QUEUE, socket://HOST:PORT, or a folder, written from the root on"))
    return value


def a_hook(value: str) -> str:
    """Where an ERP takes posts; empty for nowhere."""
    if value:
        from scanstation.domain.handover import address_trouble

        if trouble := address_trouble(value):
            raise ValueError(
                word("an address that begins with https://, or http:// of this host: it {trouble}", trouble=trouble)
            )
    return value


def a_map(value: Any) -> Any:
    """What another program's sheets are read by; what stands in it is judged where it is used."""
    if not isinstance(value, str | dict):
        raise ValueError(word("a ready map's name, a file written from the root on, or a table [load.map]"))
    return value


def a_mode(value: str) -> str:
    """Of files."""
    if not re.fullmatch(r"0?6[046][04]", value):
        raise ValueError(word("a mode that is written like 0600, 0640 or 0660, and lets nobody else write"))
    return value


def a_group(value: str) -> str:
    """Of the system."""
    if value:
        if sys.platform == "win32":
            raise ValueError(word("empty on Windows, where the folder's own rights say who may read"))
        from grp import getgrnam

        try:
            getgrnam(value)
        except KeyError:
            raise ValueError(word("a group of this system")) from None
    return value


def above_nought(value: float) -> float:
    """More than nothing."""
    if value <= 0:
        raise ValueError(word("above {least}", least="0"))
    return value


def a_day_at_most(value: float) -> float:
    """Seconds."""
    if not 0 <= value <= LONGEST_LOCK_S:
        raise ValueError(_from_to(0, round(LONGEST_LOCK_S)))
    return value


def _from_to(least: int, most: int) -> str:
    return word("{least} to {most}", least=str(least), most=str(most))


# The sections


@dataclass(frozen=True)
class StationSection:
    """[station]: who works where. Empty: the host's name, the login name, the one warehouse that there is."""

    name: Annotated[str, a_name] = ""
    operator: Annotated[str, a_name] = ""
    warehouse: Annotated[str, a_name] = ""


@dataclass(frozen=True)
class DatabaseSection:
    """[database]. Empty: a SQLite file in the user's data folder."""

    url: Annotated[str, a_store] = ""


@dataclass(frozen=True)
class RulesSection:
    """[rules]: what a site may decide for itself (RULES 2)."""

    scenario6_unknown_serials: Literal["refuse", "create"] = "refuse"
    not_serials: tuple[Annotated[str, a_placeholder], ...] = defaults.PLACEHOLDERS
    house_prefix: Annotated[str, a_house_prefix] = defaults.HOUSE_PREFIX
    refuse_expired: bool = True
    range_max: Annotated[int, a_range] = defaults.UNITS_IN_RANGE
    two_persons: bool = False
    reasons: tuple[Annotated[str, a_reason], ...] = ()


@dataclass(frozen=True)
class ReceivingSection:
    """[receiving]: more goods than were ordered, all that are left in one scan, serials that no list has."""

    over_receipt: Literal["refuse", "confirm"] = "refuse"
    qty_all: Literal["ask", "off"] = "ask"
    unlisted: Literal["confirm", "refuse", "take"] = "confirm"


@dataclass(frozen=True)
class ReturnsSection:
    """[returns]: what comes back."""

    on_hold: bool = True


@dataclass(frozen=True)
class FeedbackSection:
    """[feedback]: what is heard beside what is seen."""

    bell: bool = True


@dataclass(frozen=True)
class CommandsSection:
    """[commands]: the command barcodes."""

    prefix: Annotated[str, a_prefix] = "SS-"


@dataclass(frozen=True)
class AuthSection:
    """[auth]: who works here. Sign-in itself is turned on in the store (`operators sign-in on`)."""

    lock_after_s: Annotated[float, a_day_at_most] = 600.0


@dataclass(frozen=True)
class UiSection:
    """[ui]: how the screens look, who reads the keyboard, and in which language people are told something."""

    theme: Literal["auto", "station", "station-16"] = "auto"
    big: bool = False
    driver: Literal["auto", "portable"] = "auto"
    language: Literal["auto", "en", "de", "es", "pl", "fr"] = "auto"


@dataclass(frozen=True)
class LoadSection:
    """[load]: where the files are that screens read and write, and by which map they are read."""

    root: Annotated[str, a_folder] = ""
    map: Annotated[Any, a_map] = ""


@dataclass(frozen=True)
class FilesSection:
    """[files]: who reads what the station writes."""

    mode: Annotated[str, a_mode] = "0600"
    group: Annotated[str, a_group] = ""


@dataclass(frozen=True)
class LogSection:
    """[log]: what a station writes down of what it did."""

    codes: bool = False


@dataclass(frozen=True)
class BackupSection:
    """[backup]: copies of the store that a station makes by itself."""

    folder: Annotated[str, from_the_root_on] = ""
    every_hours: Annotated[float, above_nought] = defaults.BACKUP_EVERY_HOURS
    keep: Annotated[int, above_nought] = defaults.BACKUPS_KEPT

    @property
    def plan(self) -> "BackupPlan":
        """The same, for who makes them."""
        from scanstation.domain.backups import BackupPlan

        return BackupPlan(self.folder, self.every_hours, self.keep)


@dataclass(frozen=True)
class PrintSection:
    """[print]: where the papers of an order go, and which are printed by themselves."""

    slips: Annotated[str, a_printer] = ""
    labels: Annotated[str, a_printer] = ""
    label_format: Literal["pdf", "zpl"] = "pdf"
    label_code: Literal["code128", "datamatrix"] = "code128"
    dots_per_mm: Annotated[float, above_nought] = defaults.DOTS_PER_MM
    at_packing: tuple[Literal["slip", "labels"], ...] = ()
    at_receiving: tuple[Literal["slip", "labels"], ...] = ()

    @property
    def plan(self) -> "PrintPlan":
        """The same, for who prints."""
        from scanstation.domain.papers import PrintPlan

        return PrintPlan(**{one.name: getattr(self, one.name) for one in fields(self)})


@dataclass(frozen=True)
class HandoverSection:
    """[handover]: where an ERP hears what was done."""

    folder: Annotated[str, from_the_root_on] = ""
    format: Literal["json", "csv"] = "json"
    url: Annotated[str, a_hook] = ""
    secret: str = ""
    timeout_s: Annotated[float, above_nought] = defaults.HOOK_TIMEOUT_S
    keep_days: Annotated[float, above_nought] = defaults.HANDED_OVER_KEPT_DAYS
    by_stations: bool = False
    operator: Annotated[str, a_name] = ""

    def __post_init__(self) -> None:
        """Raises ValueError where two keys do not go together."""
        self.check(by_stations=self.by_stations, folder=self.folder, url=self.url)

    @staticmethod
    def check(*, by_stations: bool, folder: str, url: str) -> None:
        """Stations that hand over need somewhere to hand it to."""
        if by_stations and not (folder or url):
            raise ValueError(worded("by_stations = true needs folder or url: messages have nowhere to go"))

    @property
    def plan(self) -> "HandoverPlan":
        """The same, for who hands over."""
        from scanstation.domain.handover import HandoverPlan

        return HandoverPlan(self.folder, self.format == "csv", self.url, self.secret, self.timeout_s, self.keep_days)


@dataclass(frozen=True)
class Settings:
    """Everything that can be set."""

    station: StationSection = field(default_factory=StationSection)
    database: DatabaseSection = field(default_factory=DatabaseSection)
    rules: RulesSection = field(default_factory=RulesSection)
    receiving: ReceivingSection = field(default_factory=ReceivingSection)
    returns: ReturnsSection = field(default_factory=ReturnsSection)
    wedge: WedgeSettings = field(default_factory=WedgeSettings)
    serial: "tuple[SerialSettings, ...]" = ()
    feedback: FeedbackSection = field(default_factory=FeedbackSection)
    commands: CommandsSection = field(default_factory=CommandsSection)
    auth: AuthSection = field(default_factory=AuthSection)
    ui: UiSection = field(default_factory=UiSection)
    load: LoadSection = field(default_factory=LoadSection)
    files: FilesSection = field(default_factory=FilesSection)
    backup: BackupSection = field(default_factory=BackupSection)
    handover: HandoverSection = field(default_factory=HandoverSection)
    log: LogSection = field(default_factory=LogSection)
    print: PrintSection = field(default_factory=PrintSection)

    @property
    def station_name(self) -> str:
        """This station's name, as it is set or the host's."""
        return self.station.name or _host_name()

    @property
    def station_is_host(self) -> bool:
        """Does the name come from the host? Then a second terminal takes `name-2` by itself (RULES 2.4)."""
        return not self.station.name

    @property
    def operator_name(self) -> str:
        """Who works here, as it is set or the login name.

        Raises:
            BadConfiguration: nothing is set and the system knows no name.
        """
        return self.station.operator or _login_name()

    @property
    def database_url(self) -> str:
        """The store's address."""
        return self.database.url or f"sqlite:///{data_folder() / 'store.db'}"


def data_folder() -> Path:
    """Where the user's stores are, unless config.toml says otherwise."""
    from platformdirs import user_data_path  # late: a station with an address of its own has no use for it

    return user_data_path("scanstation")


def _host_name() -> str:
    name = trim(socket.gethostname().partition(".")[0])
    return name[:NAME_LENGTH] if name.isprintable() and name else "station"


def _login_name() -> str:
    try:
        name = trim(getpass.getuser())
    except (KeyError, OSError):  # a process without a login, as in some containers
        name = ""
    if not name or not name.isprintable():
        raise BadConfiguration(
            [worded("Nobody is logged in. Say who works here with --operator NAME or [station] operator.")]
        )
    return name[:NAME_LENGTH]
