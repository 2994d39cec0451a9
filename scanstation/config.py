"""config.toml, SCANSTATION_… in the environment and the options of the command line, in one checked model.

An option beats the environment, which beats the file, which beats the defaults. Every key has a default and is
explained in the project's config.toml.
"""

import getpass
import json
import os
import re
import socket
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from scanstation.devices.framing import suits_framing
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.wedge_settings import Suffix, WedgeSettings
from scanstation.domain.addresses import address_fault
from scanstation.domain.backups import BackupPlan
from scanstation.domain.codes import BadCode, read_code, shorten, trim, visible
from scanstation.domain.not_serials import PLACEHOLDERS

FILE_NAME = "config.toml"
ENVIRONMENT_PREFIX = "SCANSTATION_"

_NAME_LENGTH = 40
_PREFIX_LENGTH = 12
_OWN_DEVICES = ("wedge", "keyboard", "paste", "replay", "store")
"""What scans and the header name already; no scanner can be called so."""


class BadConfiguration(Exception):
    """The configuration cannot be used; nothing was started.

    Attributes:
        problems: a sentence for each, with the file, the key and what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def _name(value: str) -> str:
    value = trim(value)
    if len(value) > _NAME_LENGTH or not value.isprintable():
        raise ValueError(f"a name of at most {_NAME_LENGTH} printable characters")
    return value


def _scanner_name(value: str) -> str:
    if not value:
        raise ValueError("a name")
    if value.lower() in _OWN_DEVICES:
        raise ValueError(f"another name: {', '.join(_OWN_DEVICES[:-1])} and {_OWN_DEVICES[-1]} are the station's own")
    return value


def _port_name(value: str) -> str:
    from scanstation.devices.port_names import (  # late: most stations have no such table
        BadPortName,
        check_port_name,
        holds_account,
    )

    if holds_account(value):
        raise ValueError(
            "an address without a user or a password: a scanner's line asks for none, and all would see it"
        )
    try:
        check_port_name(value)
    except BadPortName:
        raise ValueError(
            "a path such as /dev/ttyACM0, usb:VID:PID, usb:VID:PID:SERIAL, socket://HOST:PORT, rfc2217://HOST:PORT "
            "or loop://"
        ) from None
    return value


def _one_name(port: str) -> str | None:
    """The same for each way in which a port's name can be written; None for a loop, which is each table's own.

    Two names of one device, such as /dev/ttyACM0 and its by-id link, are told apart only where it is plugged in.
    """
    scheme, is_url, _ = port.partition("://")
    if is_url:
        parts = urlsplit(port)
        return None if scheme.lower() == "loop" else f"{(parts.hostname or '').lower()}:{parts.port}"
    return port.lower() if port.lower().startswith("usb:") else os.path.normcase(os.path.normpath(port))


def _hex(value: str) -> str:
    try:
        bytes.fromhex(value)
    except ValueError:
        raise ValueError("bytes in hex, such as “1B 37 2C”") from None
    return value


def _words(value: object) -> object:
    """A list from the environment: `enter,tab`, or as it stands in the file."""
    if not isinstance(value, str):
        return value
    words = value.strip(" []")
    return [word.strip(" \"'") for word in words.split(",")] if words else []


def _placeholder(value: str) -> str:
    if isinstance(read_code(value), BadCode):
        raise ValueError("what could stand in place of a serial, such as N/A")
    return trim(value)


def _stopbits(value: float) -> float:
    if value not in (1, 1.5, 2):
        raise ValueError("1, 1.5 or 2")
    return value


def _no_part_of_codes(value: str) -> str:
    if value.isalnum():
        raise ValueError("none of the characters of codes, such as ~")
    return value


def _not_below_nought(value: float) -> float:
    if value < 0:
        raise ValueError("0 or more")
    return value


def _encoding(value: str) -> str:
    if not suits_framing(value):
        raise ValueError("an encoding such as utf-8, latin-1 or cp1252")
    return value


Name = Annotated[str, AfterValidator(_name)]
AboveNought = Annotated[float, Strict(), Field(gt=0)]
Switch = Annotated[bool, Strict()]
Hex = Annotated[str, AfterValidator(_hex)]
Placeholder = Annotated[str, AfterValidator(_placeholder)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class StationSection(_Section):
    """[station]: who works where. Empty: the host's name, the login name."""

    name: Name = ""
    operator: Name = ""


class DatabaseSection(_Section):
    """[database]. Empty: a SQLite file in the user's data folder."""

    url: str = ""

    @field_validator("url")
    @classmethod
    def _store_address(cls, value: str) -> str:
        if value and (fault := address_fault(value)):
            raise ValueError(fault)
        return value


class RulesSection(_Section):
    """[rules]: what a site may decide for itself (RULES 2)."""

    scenario6_unknown_serials: Literal["refuse", "create"] = "refuse"
    not_serials: Annotated[tuple[Placeholder, ...], BeforeValidator(_words)] = PLACEHOLDERS
    """In the environment as `N/A,NONE`."""


class ReceivingSection(_Section):
    """[receiving]: more goods than were ordered, and all that are left in one scan."""

    over_receipt: Literal["refuse", "confirm"] = "refuse"
    qty_all: Literal["ask", "off"] = "ask"


@dataclass(frozen=True)
class WedgeSection(WedgeSettings):
    """[wedge]: scanners that type. Its fields and checks are those of `devices.wedge`."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    suffix: Annotated[tuple[Suffix, ...], BeforeValidator(_words)] = WedgeSettings().suffix
    """In the environment as `enter,tab`; `none` alone, here and in the file, needs no brackets."""


@dataclass(frozen=True)
class SerialSection(SerialSettings):
    """One [[serial]] table: a scanner on a serial port. Only `id` and `port` are needed.

    Its fields and defaults are those of `devices.serial_settings`; here stands what is said of a bad value, and that
    nothing is a text in disguise: the environment gives these tables as JSON.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: Annotated[str, Field(min_length=1), AfterValidator(_name), AfterValidator(_scanner_name)]
    port: Annotated[str, Field(min_length=1), AfterValidator(_port_name)]
    baud: Annotated[int, Strict(), Field(gt=0)] = SerialSettings.baud
    stopbits: Annotated[float, Strict(), AfterValidator(_stopbits)] = SerialSettings.stopbits
    idle_ms: AboveNought = SerialSettings.idle_ms
    partial_timeout_ms: AboveNought = SerialSettings.partial_timeout_ms
    encoding: Annotated[str, AfterValidator(_encoding)] = SerialSettings.encoding
    gs_substitute: Annotated[str, AfterValidator(_no_part_of_codes)] = SerialSettings.gs_substitute
    drops_separators: Switch = SerialSettings.drops_separators
    repeat_ms: Annotated[float, Strict(), AfterValidator(_not_below_nought)] = SerialSettings.repeat_ms
    exclusive: Switch = SerialSettings.exclusive
    reconnect_max_s: AboveNought = SerialSettings.reconnect_max_s
    good: Hex = SerialSettings.good
    bad: Hex = SerialSettings.bad

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.feedback == "custom") != bool(self.good or self.bad):
            raise ValueError('good and bad go with feedback = "custom", which needs one of them')


_SERIAL_KEYS: Mapping[str, Any] = {
    name: kind for name, kind in get_type_hints(SerialSection).items() if not name.startswith("_")
}
"""What a [[serial]] table may have, and of which type."""


class FeedbackSection(_Section):
    """[feedback]: what is heard beside what is seen."""

    bell: bool = True


class CommandsSection(_Section):
    """[commands]: the command barcodes."""

    prefix: str = "SS-"

    @field_validator("prefix")
    @classmethod
    def _scannable(cls, value: str) -> str:
        if not re.fullmatch(rf"[!-~]{{2,{_PREFIX_LENGTH}}}", value):
            raise ValueError(f"2 to {_PREFIX_LENGTH} printable ASCII characters without blanks")
        if value.startswith("]"):
            raise ValueError("without a ] in front, which says what barcode it is")
        return value


class AuthSection(_Section):
    """[auth]: who works here. Sign-in itself is turned on in the store (`operators sign-in on`)."""

    lock_after_s: float = Field(600.0, ge=0.0, le=86_400.0)

    @model_validator(mode="before")
    @classmethod
    def _without_sign_in(cls, given: Any) -> Any:
        """What was a key once, and `"off"` alone, stops nobody's start; whoever wants it on is told how."""
        if not isinstance(given, Mapping) or "sign_in" not in given:
            return given
        if given["sign_in"] != "off":
            raise ValueError("sign_in is no setting; sign-in is turned on with `scanstation operators sign-in on`")
        return {key: value for key, value in given.items() if key != "sign_in"}


class UiSection(_Section):
    """[ui]: how the screens look."""

    theme: Literal["auto", "station", "station-16"] = "auto"


class LoadSection(_Section):
    """[load]: where the files are that screens read and write."""

    root: str = ""

    @field_validator("root")
    @classmethod
    def _a_folder(cls, value: str) -> str:
        if value and not (Path(value).is_absolute() and Path(value).is_dir()):
            raise ValueError("a folder that is there, written from the root on")
        return value


class FilesSection(_Section):
    """[files]: who reads what the station writes."""

    mode: str = "0600"
    group: str = ""

    @field_validator("mode")
    @classmethod
    def _a_mode(cls, value: str) -> str:
        if not re.fullmatch(r"0?6[046][04]", value):
            raise ValueError("a mode that is written like 0600, 0640 or 0660, and lets nobody else write")
        return value

    @field_validator("group")
    @classmethod
    def _a_group(cls, value: str) -> str:
        if value:
            from grp import getgrnam  # late: none on Windows

            try:
                getgrnam(value)
            except KeyError:
                raise ValueError("a group of this system") from None
        return value


class LogSection(_Section):
    """[log]: what a station writes down of what it did."""

    codes: bool = False


class BackupSection(_Section):
    """[backup]: copies of the store that a station makes by itself."""

    folder: str = ""
    every_hours: Annotated[float, Field(gt=0)] = BackupPlan().every_hours
    keep: Annotated[int, Field(gt=0)] = BackupPlan().keep

    @field_validator("folder")
    @classmethod
    def _from_the_root_on(cls, value: str) -> str:
        if value and not Path(value).is_absolute():  # one that is not there now may be back for the next backup
            raise ValueError("a folder, written from the root on")
        return value

    @property
    def plan(self) -> BackupPlan:
        """The same, for who makes them."""
        return BackupPlan(self.folder, self.every_hours, self.keep)


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__"
    )

    station: StationSection = StationSection()
    database: DatabaseSection = DatabaseSection()
    rules: RulesSection = RulesSection()
    receiving: ReceivingSection = ReceivingSection()
    wedge: WedgeSection = WedgeSection()
    serial: tuple[SerialSection, ...] = ()
    feedback: FeedbackSection = FeedbackSection()
    commands: CommandsSection = CommandsSection()
    auth: AuthSection = AuthSection()
    ui: UiSection = UiSection()
    load: LoadSection = LoadSection()
    files: FilesSection = FilesSection()
    backup: BackupSection = BackupSection()
    log: LogSection = LogSection()

    @field_validator("serial")
    @classmethod
    def _one_of_each(cls, value: tuple[SerialSection, ...]) -> tuple[SerialSection, ...]:
        ids = [scanner.id.lower() for scanner in value]
        if twice := [scanner.id for number, scanner in enumerate(value) if scanner.id.lower() in ids[:number]]:
            raise ValueError(f"tables whose ids differ: “{shorten(twice[0])}” is there twice")
        at_port: dict[str, str] = {}
        for scanner in value:
            first = at_port.setdefault(_one_name(scanner.port) or f"loop of {scanner.id}", scanner.id)
            if first != scanner.id:
                both = f"“{shorten(first)}” and “{shorten(scanner.id)}”"
                raise ValueError(f"tables whose ports differ: {both} both have {shorten(scanner.port, 80)}")
        return value

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
    return user_data_path("scanstation")


def config_file(asked: Path | None = None) -> Path | None:
    """The file that is read: the one asked for, else the current folder's, else the user's; None without any.

    Raises:
        BadConfiguration: the file asked for is not there, or the current folder's is somebody else's.
    """
    if asked is not None:
        if not asked.is_file():
            what = "is not a file" if asked.exists() else "is not there"
            raise BadConfiguration([f"The configuration file {shorten(str(asked), 200)} {what}. Check --config."])
        return asked
    if (here := Path(FILE_NAME)).is_file():
        _refuse_a_strangers(here)
        return here
    return found if (found := user_config_path("scanstation") / FILE_NAME).is_file() else None


def _refuse_a_strangers(file: Path) -> None:
    """A file that lies in wait in a shared folder could lead all scans to another store."""
    if os.name == "nt":
        return  # there the folder's rights say who may put files into it
    owners = {file.stat().st_uid, file.lstat().st_uid} - {0, os.geteuid()}
    if owners:
        file_name = shorten(str(file.absolute()), 200)
        raise BadConfiguration(
            [
                f"{file_name} is neither yours nor the system's: it belongs to {_user_name(owners.pop())}, and is not "
                "believed. Work in another folder, or say that you mean it: --config " + FILE_NAME
            ]
        )


def _user_name(number: int) -> str:
    import pwd  # late: there is none on Windows

    try:
        return visible(pwd.getpwuid(number).pw_name)
    except KeyError:
        return f"user {number}"


def load(file: Path | None = None, *, options: Mapping[str, Mapping[str, str]] | None = None) -> Settings:
    """The settings that hold.

    Args:
        file: the config.toml to read, if any (see `config_file`).
        options: what the command line says: section → key → value.

    Raises:
        BadConfiguration: a file that cannot be read, an unknown key, a bad value.
    """
    in_file = _from_file(file)
    no_tables = [name for name, value in in_file.items() if _should_be_table(name) and not isinstance(value, Mapping)]
    # pydantic-settings would take [Rules] for [rules], and one of the two where both are there.
    other_case = [name for name in in_file if name.lower() in Settings.model_fields and name.lower() != name]
    left_out = {*no_tables, *other_case}
    kept = {name: _copied(in_file[name]) for name in in_file if name not in left_out}
    given_settings = _GivenSettings(file, kept, dict(options or {}))
    problems = [f"In {shorten(str(file), 200)}: [{name}] {_wanted_table(f'[{name}]')}." for name in no_tables]
    sections = Settings.model_fields
    problems += [f"In {shorten(str(file), 200)}: [{name}] {_not_known(name, sections)}." for name in other_case]
    for section, key, wanted in _of_another_type(given_settings.file):
        given = given_settings.file[section].pop(key)
        problems.append(f"In {shorten(str(file), 200)}: [{section}] {key} must be {wanted}, not {_value_text(given)}.")
    problems += _unknown_in_environment()
    serial, in_environment = _with_single_keys(given_settings.file.get("serial"))
    problems += in_environment

    class FromEverywhere(Settings):
        """The settings from all their sources, the strongest first."""

        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **_others: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            in_file = InitSettingsSource(settings_cls, init_kwargs=dict(given_settings.file))
            environment = EnvSettingsSource(settings_cls)
            # Keys of single tables are in `serial`; the library knows no list in this form.
            environment.env_vars = {name: text for name, text in environment.env_vars.items() if not _is_of_table(name)}
            return init_settings, environment, in_file

    try:
        settings = FromEverywhere(**given_settings.options, **serial)
    except ValidationError as error:
        problems += [given_settings.problem(details) for details in error.errors()]
    except SettingsError:
        if not problems:  # whatever else has this form was found above
            problems.append(f"In the environment ({ENVIRONMENT_PREFIX}SERIAL): must be a list of tables in JSON.")
    if problems:
        raise BadConfiguration(problems)
    return settings


def default_items() -> Iterator[tuple[str, str, Any]]:
    """Every key with its default: section, key, value; [[serial]] tables apart."""
    for section, values in Settings().model_dump(mode="json", exclude={"serial"}).items():
        for key, value in values.items():
            yield section, key, value


@dataclass(frozen=True, slots=True)
class _GivenSettings:
    """What the file and the options say, to tell where a bad value comes from."""

    path: Path | None
    file: Mapping[str, Any]
    options: Mapping[str, Any]

    def problem(self, details: ErrorDetails) -> str:
        place, complaint = details["loc"], _complaint(details["loc"], details)
        # What is wrong between the keys of a section names them, and not where each comes from.
        section = place[0] if len(place) == 1 and place[0] in Settings.model_fields else None
        named = [(section, key) for key in _keys_beside((section, "")) if key in complaint] if section else []
        return f"{self._source(place, named)}: {_key(place)} {complaint}."

    def _source(self, place: Sequence[int | str], named: Sequence[Sequence[int | str]]) -> str:
        if _holds(self.options, place[:2]):
            return "On the command line"
        of_tables = (place, place[:1]) if place[0] == "serial" else (place[:2],)
        for one in (*of_tables, *named):
            variable = ENVIRONMENT_PREFIX + "__".join(str(part).upper() for part in one)
            if any(name.upper() == variable for name in os.environ):
                return f"In the environment ({variable})"
        if place[0] == "serial" and (variables := self._variables_of_table(place)):
            return f"In the environment ({variables[0]})"
        if self.path and _holds(self.file, place[:1]):
            return f"In {shorten(str(self.path), 200)}"
        return "In the configuration"

    def _variables_of_table(self, place: Sequence[int | str]) -> Sequence[str]:
        """The variables that make a [[serial]] table which the file does not have; of all of them if none is named."""
        in_file = self.file.get("serial")
        count = len(in_file) if isinstance(in_file, list) else 0
        numbered = [(int(found[1]), name) for name in _names_of_tables() if (found := _ONE_KEY.fullmatch(name.upper()))]
        return [name for number, name in numbered if number >= count and place[1:2] in ((), (number,))]


def _holds(values: Any, place: Sequence[int | str]) -> bool:
    for part in place:
        if not isinstance(values, Mapping) or part not in values:
            return False
        values = values[part]
    return True


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    file_name = shorten(str(path), 200)
    try:
        # Windows' editors begin a file with a byte-order mark.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadConfiguration([f"{file_name} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise BadConfiguration([f"{file_name} is not UTF-8. Save it as UTF-8."]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration([f"{file_name} is not TOML: {shorten(str(error), 200)}."]) from error


def _of_another_type(in_file: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Numbers and switches of the file that are of another TOML type: section, key, and what it must be.

    The environment has nothing but text, so that the model takes `"4"` for 4 and `true` for 1; TOML says which it is.
    """
    return [
        (section, key, wanted)
        for section, given in in_file.items()
        if isinstance(given, Mapping) and section in Settings.model_fields
        for key in given
        if (wanted := _wanted_type(_type_of(section, key), given[key]))
    ]


def _type_of(section: str, key: str) -> Any:
    """What a key is declared as; None for an unknown one, and for [[serial]] tables."""
    table = Settings.model_fields[section].default
    if is_dataclass(table):
        return {field.name: field.type for field in fields(table)}.get(key)
    known = getattr(type(table), "model_fields", {})
    return known[key].annotation if key in known else None


def _wanted_type(declared: Any, given: Any) -> str:
    """What a value must be in place of this one; empty where its type is right."""
    if declared is bool:
        return "" if isinstance(given, bool) else _KINDS["bool"]
    if declared in (int, float):
        return _KINDS[declared.__name__] if isinstance(given, bool | str) else ""
    return ""


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _unknown_in_environment() -> Iterator[str]:
    """Names of ours that mean nothing; pydantic-settings passes over unknown sections in silence."""
    sections = set(Settings.model_fields)
    # Written with one line between section and key, which would otherwise mean nothing, and the default would hold.
    near = {
        f"{section}_{key}": f"{section}__{key}"
        for section in sections - {"serial"}
        for key in _keys_beside((section, ""))
    }
    for name in sorted(set(os.environ) - set(_names_of_tables())):
        section, separator, _key = name.upper().removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
        if not name.upper().startswith(ENVIRONMENT_PREFIX):
            continue
        if separator and section not in sections:
            yield f"In the environment ({shorten(name)}): [{shorten(section)}] {_not_known(section, sections)}."
        elif section in near:
            yield f"In the environment ({name}): is not known. Write {ENVIRONMENT_PREFIX}{near[section].upper()}."
        elif not separator and section in sections - {"serial"}:
            yield f"In the environment ({name}): a section has no value. Write {name}__ and a key of it."


# -- keys of single [[serial]] tables in the environment ---------------------------------------------------------

_ONE_KEY = re.compile(rf"{ENVIRONMENT_PREFIX}SERIAL__(0|[1-9][0-9]{{0,3}})__([A-Z0-9_]+)")
_LIKE_ONE_KEY = re.compile(rf"{ENVIRONMENT_PREFIX}SERIAL_+0*([0-9]{{1,3}})_+([A-Z0-9_]+)")


def _is_of_table(name: str) -> bool:
    return name.upper().startswith(f"{ENVIRONMENT_PREFIX}SERIAL_")


def _names_of_tables() -> Sequence[str]:
    return sorted(filter(_is_of_table, os.environ))


def _with_single_keys(in_file: object) -> tuple[dict[str, Any], list[str]]:
    """`serial` as it stands elsewhere with the keys that have variables of their own, and what is wrong with those."""
    names, problems = _names_of_tables(), []
    whole = next((text for name, text in os.environ.items() if name.upper() == f"{ENVIRONMENT_PREFIX}SERIAL"), None)
    try:
        tables = (in_file or []) if whole is None else json.loads(whole)
    except ValueError:
        tables = None
    if not names or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return {}, []  # what is no list of tables is told as that
    tables = [dict(table) for table in tables]
    matches = {name: match for name in names if (match := _ONE_KEY.fullmatch(name.upper()))}
    for name in names:
        if name not in matches:
            like = _LIKE_ONE_KEY.fullmatch(name.upper())
            number, key = (like[1], like[2]) if like and like[2].lower() in _SERIAL_KEYS else ("0", "PORT")
            wanted = f"{ENVIRONMENT_PREFIX}SERIAL__{number}__{key}"
            problems.append(
                f"In the environment ({shorten(name)}): is not known. Write {wanted}: the number of the "
                "[[serial]] table, from 0, and its key."
            )
    for name, match in sorted(matches.items(), key=lambda each: int(each[1][1])):
        number, key = int(match[1]), match[2].lower()
        if number > len(tables):
            problems.append(
                f"In the environment ({shorten(name)}): there is no [[serial]] table {number}. They are counted "
                f"from 0, and a new one would be {len(tables)}."
            )
            continue
        if number == len(tables):
            tables.append({})
        tables[number][key] = _from_text(key, os.environ[name])
    return {"serial": tables}, problems


def _from_text(key: str, text: str) -> object:
    """A value as the file would have it; what cannot be one stays a text, and is refused as that."""
    kind = _SERIAL_KEYS.get(key, str)
    if get_origin(kind) is Literal:
        kind = type(get_args(kind)[0])
    try:
        return text if kind is str else TypeAdapter(kind).validate_python(text)
    except ValidationError:
        return text


def _key(place: Sequence[int | str]) -> str:
    parts = [shorten(str(part)) for part in place]
    if place[0] == "serial":
        number = [f"number {int(place[1]) + 1}"] if len(place) > 1 else []
        return " ".join(["[[serial]]", *number, *parts[2:]])
    return " ".join([f"[{parts[0]}]", *parts[1:]])


_KINDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "string": "a text in quotation marks",
    "tuple": "a list",
    "finite": "a number",
}


def _complaint(place: Sequence[int | str], details: ErrorDetails) -> str:
    """What is wrong with a key and what is allowed, to follow its name."""
    kind, context = details["type"], details.get("ctx", {})
    value = details["input"]
    may_hold_password = place[-1] == "url" or (place[-1] == "port" and "@" in str(value))
    given = "" if may_hold_password or isinstance(value, list | tuple) else f", not {_value_text(value)}"
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return _not_known(str(place[-1]), _keys_beside(place))
    if kind == "missing":
        return "is missing"
    if kind in ("model_type", "model_attributes_type", "dataclass_type") or (kind == "tuple_type" and len(place) == 1):
        return _wanted_table(f"[[{place[0]}]]" if place[0] == "serial" else f"[{place[0]}]")
    if kind == "value_error":
        said = str(context["error"])
        return f"is refused: {said}" if isinstance(details["input"], dict) else f"must be {said}{given}"
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", '"')
        return f"must be {allowed}{given}"
    if kind == "greater_than":
        return f"must be above {context['gt']:g}{given}"
    if kind == "string_too_short":
        return "must not be empty"
    if wanted := _KINDS.get(kind.split("_")[0]):
        return f"must be {wanted}{given}"
    return f"is refused: {details['msg']}"


def _should_be_table(name: str) -> bool:
    """Is it a section? Beside what an option or a variable says of it, pydantic-settings would pass over another."""
    return name in Settings.model_fields and name != "serial"


def _wanted_table(brackets: str) -> str:
    return f"must be a table: write {brackets} on a line of its own and its keys below"


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"“{shorten(value)}”" if isinstance(value, str) else shorten(str(value))


def _not_known(name: str, known: Collection[str]) -> str:
    nearest = get_close_matches(name.lower(), known, n=1)
    meant = f" Did you mean {nearest[0]}?" if nearest else ""
    return f"is not known.{meant} There is: {', '.join(sorted(known))}"


def _keys_beside(place: Sequence[int | str]) -> Collection[str]:
    if len(place) == 1:
        return Settings.model_fields
    if place[0] == "serial":
        return _SERIAL_KEYS
    section = Settings.model_fields[str(place[0])].default
    return [field.name for field in fields(section)] if is_dataclass(section) else type(section).model_fields


def _host_name() -> str:
    name = trim(socket.gethostname().partition(".")[0])
    return name[:_NAME_LENGTH] if name.isprintable() and name else "station"


def _login_name() -> str:
    try:
        name = trim(getpass.getuser())
    except (KeyError, OSError):  # a process without a login, as in some containers
        name = ""
    if not name or not name.isprintable():
        raise BadConfiguration(["Nobody is logged in. Say who works here with --operator NAME or [station] operator."])
    return name[:_NAME_LENGTH]
