"""The configuration as pydantic-settings judges it: what `config` does not take as it stands, and all that is wrong.

The sections, their defaults and their checks are those of `settings`; here stand scanners on serial ports, what the
environment says, and the sentence for every fault.
"""

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    TypeAdapter,
    ValidationError,
    create_model,
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
from scanstation.domain.codes import shorten
from scanstation.domain.language import joined, said_later, word, worded
from scanstation.settings import (
    ENVIRONMENT_PREFIX,
    AuthSection,
    BadConfiguration,
    HandoverSection,
    Settings,
    a_name,
)

_OWN_DEVICES = ("wedge", "keyboard", "paste", "replay", "store")
"""What scans and the header name already; no scanner can be called so."""


def _scanner_name(value: str) -> str:
    if not value:
        raise ValueError(word("a name"))
    if value.lower() in _OWN_DEVICES:
        raise ValueError(word("another name: {names} are the station's own", names=_listed(_OWN_DEVICES, " and ")))
    return value


def _port_name(value: str) -> str:
    from scanstation.devices.port_names import (  # late: most stations have no such table
        BadPortName,
        check_port_name,
        holds_account,
    )

    if holds_account(value):
        raise ValueError(
            word("an address without a user or a password: a scanner's line asks for none, and all would see it")
        )
    try:
        check_port_name(value)
    except BadPortName:
        raise ValueError(
            word(
                "a path such as /dev/ttyACM0, usb:VID:PID, usb:VID:PID:SERIAL, socket://HOST:PORT, "
                "rfc2217://HOST:PORT or loop://"
            )
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
        raise ValueError(word("bytes in hex, such as “1B 37 2C”")) from None
    return value


def _words(value: object) -> object:
    """A list from the environment: `enter,tab`, or as it stands in the file."""
    if not isinstance(value, str):
        return value
    words = value.strip(" []")
    return [word.strip(" \"'") for word in words.split(",")] if words else []


def _stopbits(value: float) -> float:
    if value not in (1, 1.5, 2):
        raise ValueError(_listed(("1", "1.5", "2"), " or "))
    return value


def _no_part_of_codes(value: str) -> str:
    if value.isalnum():
        raise ValueError(word("none of the characters of codes, such as ~"))
    return value


def _not_below_nought(value: float) -> float:
    if value < 0:
        raise ValueError(word("0 or more"))
    return value


def _encoding(value: str) -> str:
    if not suits_framing(value):
        raise ValueError(word("an encoding such as utf-8, latin-1 or cp1252"))
    return value


AboveNought = Annotated[float, Strict(), Field(gt=0)]
Switch = Annotated[bool, Strict()]
Hex = Annotated[str, AfterValidator(_hex)]


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

    id: Annotated[str, Field(min_length=1), AfterValidator(a_name), AfterValidator(_scanner_name)]
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
            raise ValueError(worded('good and bad go with feedback = "custom", which needs one of them'))


_SERIAL_KEYS: Mapping[str, Any] = {
    name: kind for name, kind in get_type_hints(SerialSection).items() if not name.startswith("_")
}
"""What a [[serial]] table may have, and of which type."""


def _one_of_each(value: tuple[SerialSection, ...]) -> tuple[SerialSection, ...]:
    ids = [scanner.id.lower() for scanner in value]
    if twice := [scanner.id for number, scanner in enumerate(value) if scanner.id.lower() in ids[:number]]:
        raise ValueError(word("tables whose ids differ: “{id}” is there twice", id=shorten(twice[0])))
    at_port: dict[str, str] = {}
    for scanner in value:
        first = at_port.setdefault(_one_name(scanner.port) or f"loop of {scanner.id}", scanner.id)
        if first != scanner.id:
            raise ValueError(
                word(
                    "tables whose ports differ: “{first}” and “{second}” both have {port}",
                    first=shorten(first),
                    second=shorten(scanner.id),
                    port=shorten(scanner.port, 80),
                )
            )
    return value


# The sections of `settings`, as the library judges them


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Auth(_Section):
    @model_validator(mode="before")
    @classmethod
    def _without_sign_in(cls, given: Any) -> Any:
        """What was a key once, and `"off"` alone, stops nobody's start; whoever wants it on is told how."""
        if not isinstance(given, Mapping) or "sign_in" not in given:
            return given
        if given["sign_in"] != "off":
            raise ValueError(
                worded("sign_in is no setting; sign-in is turned on with `scanstation operators sign-in on`")
            )
        return {key: value for key, value in given.items() if key != "sign_in"}


class _Handover(_Section):
    @model_validator(mode="after")
    def _has_a_target(self) -> Self:
        HandoverSection.check(**{key: getattr(self, key) for key in ("by_stations", "folder", "url")})
        return self


def _judged(kind: Any) -> Any:
    """The type of a key with its checks, as the library takes them."""
    if get_origin(kind) is Annotated:
        kind, *checks = get_args(kind)
        return Annotated[kind, *map(AfterValidator, checks)]
    if get_origin(kind) is tuple:
        words: Any = _judged(get_args(kind)[0])
        return Annotated[tuple[words, ...], BeforeValidator(_words)]
    return kind


def _model_of(section: Any) -> Any:
    keys: dict[str, Any] = {one.name: (_judged(one.type), one.default) for one in fields(section)}
    base = {AuthSection: _Auth, HandoverSection: _Handover}.get(type(section), _Section)
    return create_model(type(section).__name__, __base__=base, **keys)()


class _Everywhere(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__"
    )


def _sections() -> Iterator[tuple[str, tuple[Any, Any]]]:
    for one in fields(Settings):
        if one.name == "serial":
            yield one.name, (Annotated[tuple[SerialSection, ...], AfterValidator(_one_of_each)], ())
        else:
            default = WedgeSection() if one.name == "wedge" else _model_of(getattr(Settings(), one.name))
            yield one.name, (type(default), default)


_Model: type[BaseSettings] = create_model("_Model", __base__=_Everywhere, **dict(_sections()))  # type: ignore[call-overload]


def _plain(validated: BaseSettings) -> Settings:
    """The same values without the library."""
    plain = {}
    for section, default in ((one.name, getattr(Settings(), one.name)) for one in fields(Settings)):
        table = getattr(validated, section)
        if section == "serial":
            plain[section] = table
        else:
            plain[section] = type(default)(**{key.name: getattr(table, key.name) for key in fields(default)})
    return Settings(**plain)


def judged(file: Path | None, in_file: Mapping[str, Any], options: Mapping[str, Mapping[str, str]]) -> Settings:
    """The settings that hold, whatever there is to be said of what was given.

    Args:
        file: where `in_file` comes from, to be named.
        in_file: the tables of config.toml.
        options: what the command line says: section → key → value.

    Raises:
        BadConfiguration: an unknown key, a bad value.
    """
    no_tables = [name for name, value in in_file.items() if _should_be_table(name) and not isinstance(value, Mapping)]
    # pydantic-settings would take [Rules] for [rules], and one of the two where both are there.
    other_case = [name for name in in_file if name.lower() in _Model.model_fields and name.lower() != name]
    left_out = {*no_tables, *other_case}
    kept = {name: _copied(in_file[name]) for name in in_file if name not in left_out}
    given_settings = _GivenSettings(file, kept, dict(options or {}))
    of_file = _in_file(file)
    problems = [_problem(of_file, f"[{name}]", _wanted_table(f"[{name}]")) for name in no_tables]
    sections = _Model.model_fields
    problems += [_problem(of_file, f"[{name}]", _not_known(name, sections)) for name in other_case]
    for section, key, wanted in _of_another_type(given_settings.file):
        given = given_settings.file[section].pop(key)
        problems.append(_problem(of_file, f"[{section}] {key}", _must_be(word(wanted), _value_text(given))))
    problems += _unknown_in_environment()
    serial, in_environment = _with_single_keys(given_settings.file.get("serial"))
    problems += in_environment

    class FromEverywhere(_Model):
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
        validated = FromEverywhere(**given_settings.options, **serial)
    except ValidationError as error:
        problems += [given_settings.problem(details) for details in error.errors()]
    except SettingsError:
        if not problems:  # whatever else has this form was found above
            source = _in_variable(f"{ENVIRONMENT_PREFIX}SERIAL")
            problems.append(worded("{source}: must be a list of tables in JSON.", source=source))
    if problems:
        raise BadConfiguration(problems)
    return _plain(validated)


@dataclass(frozen=True, slots=True)
class _GivenSettings:
    """What the file and the options say, to tell where a bad value comes from."""

    path: Path | None
    file: Mapping[str, Any]
    options: Mapping[str, Any]

    def problem(self, details: ErrorDetails) -> str:
        place, complaint = details["loc"], _complaint(details["loc"], details)
        # What is wrong between the keys of a section names them, and not where each comes from.
        section = place[0] if len(place) == 1 and place[0] in _Model.model_fields else None
        named = [(section, key) for key in _keys_beside((section, "")) if key in complaint] if section else []
        return _problem(self._source(place, named), _key(place), complaint)

    def _source(self, place: Sequence[int | str], named: Sequence[Sequence[int | str]]) -> str:
        if _holds(self.options, place[:2]):
            return word("On the command line")
        of_tables = (place, place[:1]) if place[0] == "serial" else (place[:2],)
        for one in (*of_tables, *named):
            variable = ENVIRONMENT_PREFIX + "__".join(str(part).upper() for part in one)
            if any(name.upper() == variable for name in os.environ):
                return _in_variable(variable)
        if place[0] == "serial" and (variables := self._variables_of_table(place)):
            return _in_variable(variables[0])
        if self.path and _holds(self.file, place[:1]):
            return _in_file(self.path)
        return word("In the configuration")

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


def _of_another_type(in_file: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Numbers and switches of the file that are of another TOML type: section, key, and what it must be.

    The environment has nothing but text, so that the model takes `"4"` for 4 and `true` for 1; TOML says which it is.
    """
    return [
        (section, key, wanted)
        for section, given in in_file.items()
        if isinstance(given, Mapping) and section in _Model.model_fields
        for key in given
        if (wanted := _wanted_type(_type_of(section, key), given[key]))
    ]


def _type_of(section: str, key: str) -> Any:
    """What a key is declared as; None for an unknown one, and for [[serial]] tables."""
    table = _Model.model_fields[section].default
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
    sections = set(_Model.model_fields)
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
            yield _problem(_in_variable(shorten(name)), f"[{shorten(section)}]", _not_known(section, sections))
        elif section in near:
            wanted = f"{ENVIRONMENT_PREFIX}{near[section].upper()}"
            yield worded("{source}: is not known. Write {wanted}.", source=_in_variable(name), wanted=wanted)
        elif not separator and section in sections - {"serial"}:
            yield worded(
                "{source}: a section has no value. Write {name}__ and a key of it.",
                source=_in_variable(name),
                name=name,
            )


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
                worded(
                    "{source}: is not known. Write {wanted}: the number of the [[serial]] table, from 0, and its key.",
                    source=_in_variable(shorten(name)),
                    wanted=wanted,
                )
            )
    for name, match in sorted(matches.items(), key=lambda each: int(each[1][1])):
        number, key = int(match[1]), match[2].lower()
        if number > len(tables):
            problems.append(
                worded(
                    "{source}: there is no [[serial]] table {number}. They are counted from 0, and a new one would be "
                    "{new}.",
                    source=_in_variable(shorten(name)),
                    number=str(number),
                    new=str(len(tables)),
                )
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


# -- what is said ------------------------------------------------------------------------------------------------


def _in_file(file: object) -> str:
    return word("In {file}", file=shorten(str(file), 200))


def _in_variable(name: str) -> str:
    return word("In the environment ({variable})", variable=name)


def _problem(source: str, key: str, complaint: str) -> str:
    return worded("{source}: {key} {complaint}.", source=source, key=key, complaint=complaint)


def _must_be(wanted: str, given: str = "") -> str:
    """What is allowed, and what was given in its place, where that may be shown."""
    if given:
        return word("must be {wanted}, not {given}", wanted=wanted, given=given)
    return word("must be {wanted}", wanted=wanted)


def _listed(texts: Sequence[str], before_last: str) -> str:
    """`a, b or c`."""
    return joined([", ".join(texts[:-1]), texts[-1]], before_last) if len(texts) > 1 else texts[0]


def _key(place: Sequence[int | str]) -> str:
    parts = [shorten(str(part)) for part in place]
    if place[0] != "serial":
        return " ".join([f"[{parts[0]}]", *parts[1:]])
    if len(place) == 1:
        return "[[serial]]"
    number = str(int(place[1]) + 1)
    return worded("[[serial]] number {number} {key}", number=number, key=" ".join(parts[2:])).strip()


_KINDS = {
    "bool": said_later("true or false"),
    "int": said_later("a whole number"),
    "float": said_later("a number"),
    "string": said_later("a text in quotation marks"),
    "tuple": said_later("a list"),
    "finite": said_later("a number"),
}


def _complaint(place: Sequence[int | str], details: ErrorDetails) -> str:
    """What is wrong with a key and what is allowed, to follow its name."""
    kind, context = details["type"], details.get("ctx", {})
    value = details["input"]
    may_hold_password = place[-1] == "url" or (place[-1] == "port" and "@" in str(value))
    given = "" if may_hold_password or isinstance(value, list | tuple) else _value_text(value)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return _not_known(str(place[-1]), _keys_beside(place))
    if kind == "missing":
        return word("is missing")
    if kind in ("model_type", "model_attributes_type", "dataclass_type") or (kind == "tuple_type" and len(place) == 1):
        return _wanted_table(f"[[{place[0]}]]" if place[0] == "serial" else f"[{place[0]}]")
    if kind == "value_error":
        (why,) = context["error"].args  # as it was said, in both languages
        return word("is refused: {why}", why=why) if isinstance(value, dict) else _must_be(why, given)
    if kind == "literal_error":
        allowed = [one.replace("'", '"') for one in re.findall(r"'[^']*'|[0-9]+", str(context["expected"]))]
        return _must_be(_listed(allowed, " or "), given)
    if kind == "greater_than":
        return _must_be(word("above {least}", least=f"{context['gt']:g}"), given)
    if kind == "string_too_short":
        return word("must not be empty")
    if wanted := _KINDS.get(kind.split("_")[0]):
        return _must_be(word(wanted), given)
    return word("is refused: {why}", why=details["msg"])


def _should_be_table(name: str) -> bool:
    """Is it a section? Beside what an option or a variable says of it, pydantic-settings would pass over another."""
    return name in _Model.model_fields and name != "serial"


def _wanted_table(brackets: str) -> str:
    return word("must be a table: write {brackets} on a line of its own and its keys below", brackets=brackets)


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return word("“{text}”", text=shorten(value)) if isinstance(value, str) else shorten(str(value))


def _not_known(name: str, known: Collection[str]) -> str:
    nearest = get_close_matches(name.lower(), known, n=1)
    names = ", ".join(sorted(known))
    if nearest:
        return word("is not known. Did you mean {nearest}? There is: {names}", nearest=nearest[0], names=names)
    return word("is not known. There is: {names}", names=names)


def _keys_beside(place: Sequence[int | str]) -> Collection[str]:
    if len(place) == 1:
        return _Model.model_fields
    if place[0] == "serial":
        return _SERIAL_KEYS
    section = _Model.model_fields[str(place[0])].default
    return [field.name for field in fields(section)] if is_dataclass(section) else type(section).model_fields
