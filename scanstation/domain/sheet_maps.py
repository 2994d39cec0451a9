"""Maps: another program's headers and values as ours, for each kind of sheet (config.toml's [load.map])."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scanstation.domain.codes import listed, shorten, trim
from scanstation.domain.language import word, worded
from scanstation.domain.sheet_kinds import ALL_KINDS, SheetKind, header_key, kind_by_key

ANY = "*"
"""Among the values of a column: whatever else stands there."""

_TABLES = ("columns", "constants", "join", "values", "take", "skip")
_LISTS = ("carry", "needs")
_PARTS = (*_TABLES, *_LISTS, "rows")
_KINDS = tuple(kind.key for kind in ALL_KINDS)


class BadMap(Exception):
    """A map that cannot be used; its text is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class KindMap:
    """What stands in for the columns of one kind of sheet. Headers are compared as ours are."""

    kind: SheetKind
    columns: Mapping[str, tuple[str, ...]]
    """Our column → their headers; the first that a sheet has is meant."""
    constants: Mapping[str, str]
    """Our column → what it is in every row, where the sheet has no such column."""
    joined: Mapping[str, tuple[str, ...]]
    """Our column → the headers whose cells, with a blank between, are its text."""
    values: Mapping[str, Mapping[str, str]]
    """Our column → their values, folded, and ours."""
    taken: Mapping[str, re.Pattern[str]]
    """Our column → a pattern whose first group is its text, where the whole cell matches."""
    skipped: Mapping[str, frozenset[str]]
    """Their header → values, folded, with which a row is left out."""
    carried: tuple[str, ...]
    """Our columns that stand in the first row of an order alone, and are meant for the rows below too."""
    needs: tuple[str, ...]
    """Headers that a sheet must have to be read so."""
    rows: str
    """Of JSON: the list in each object whose items are the rows."""


@dataclass(frozen=True, slots=True, eq=False)
class SheetMap:
    """What sheets are read by that do not have our headers."""

    name: str
    kinds: Mapping[str, KindMap]
    """By the kind's key."""
    raw: Mapping[str, Any] = field(default_factory=dict)
    """As it was written, with what it uses: so it travels to the process that reads files."""

    def __bool__(self) -> bool:
        """Does it map anything?"""
        return bool(self.kinds)

    @property
    def headers(self) -> frozenset[str]:
        """Every header of theirs, as headers are compared."""
        return frozenset(header for one in self.kinds.values() for some in one.columns.values() for header in some)

    def of(self, kinds: Sequence[SheetKind]) -> list[KindMap]:
        """The maps of some kinds."""
        return [self.kinds[kind.key] for kind in kinds if kind.key in self.kinds]


NO_MAP: Final = SheetMap("", {})


def folded(text: str) -> str:
    """What values are compared by."""
    return trim(text).casefold()


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """A map with another one's tables and keys over it."""
    both = dict(base)
    for key, value in more.items():
        before = both.get(key)
        both[key] = merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return both


def read_map(name: str, raw: Mapping[str, Any]) -> SheetMap:
    """A map as it is written in TOML, without `use`.

    Raises:
        BadMap: it names no column, or one that there is not, or has another shape.
    """
    common = _texts(name, raw.get("constants", {}), "constants")
    of_any = {column.name for kind in ALL_KINDS for column in kind.columns}
    for column in common:
        if _meant(column, sorted(of_any)) is None:
            raise BadMap(
                worded(
                    "The map {name}: constants: {column} is no column of any kind of sheet.",
                    name=name,
                    column=shorten(column),
                )
            )
    kinds: dict[str, KindMap] = {}
    for key, table in raw.items():
        if key == "constants":
            continue
        if key not in _KINDS:
            raise BadMap(
                worded(
                    "The map {name}: {key} is no kind of sheet. There are: {kinds}.",
                    name=name,
                    key=shorten(key),
                    kinds=", ".join(_KINDS),
                )
            )
        if not isinstance(table, Mapping):
            raise BadMap(
                worded(
                    "The map {name}: {key} must be a table: write [{key}.columns] and the headers below.",
                    name=name,
                    key=key,
                )
            )
        kinds[key] = _kind(name, kind_by_key(key), table, common)
    if not any(one.columns for one in kinds.values()):
        raise BadMap(
            worded(
                "The map {name} names no column. Write [shipment-orders.columns] and, below it, lines such as "
                '"their header" = "SO Number".',
                name=name,
            )
        )
    return SheetMap(name, kinds, raw)


def _kind(name: str, kind: SheetKind, table: Mapping[str, Any], common: Mapping[str, str]) -> KindMap:
    for part in table:
        if part not in _PARTS:
            raise BadMap(
                worded(
                    "The map {name}: [{key}] has no {part}. There are: {parts}.",
                    name=name,
                    key=kind.key,
                    part=shorten(part),
                    parts=", ".join(_PARTS),
                )
            )

    def where(part: str) -> str:
        return f"[{kind.key}.{part}]"

    def ours(part: str, column: str) -> str:
        meant = _meant(column, [one.name for one in kind.columns])
        if meant is None:
            from difflib import get_close_matches  # late: for this sentence alone

            names = [one.name for one in kind.columns]
            near = get_close_matches(trim(column), names, n=1)
            hint = (
                worded("Did you mean {near}?", near=near[0])
                if near
                else worded("There are: {names}.", names=", ".join(names))
            )
            raise BadMap(
                worded(
                    "The map {name}: {part}: {column} is no column of {title}. {hint}",
                    name=name,
                    part=where(part),
                    column=shorten(column),
                    title=word(kind.title),
                    hint=hint,
                )
            )
        return meant

    columns: dict[str, tuple[str, ...]] = {}
    for header, column in _texts(name, table.get("columns", {}), where("columns")).items():
        if not header_key(header):
            raise BadMap(worded("The map {name}: {part} has an empty header.", name=name, part=where("columns")))
        meant = ours("columns", column)
        columns[meant] = (*columns.get(meant, ()), header_key(header))
    seen: dict[str, str] = {}
    for column, headers in columns.items():
        for header in headers:
            if header in seen:
                raise BadMap(
                    worded(
                        "The map {name}: {part} has one header for {seen} and for {column}.",
                        name=name,
                        part=where("columns"),
                        seen=seen[header],
                        column=column,
                    )
                )
            seen[header] = column
    in_kind = {one.name for one in kind.columns}
    constants = {own: text for column, text in common.items() if (own := _meant(column, sorted(in_kind))) is not None}
    constants |= {
        ours("constants", column): text
        for column, text in _texts(name, table.get("constants", {}), where("constants")).items()
    }
    joined = {
        ours("join", column): tuple(map(header_key, _strings(name, headers, f"{where('join')} {shorten(column)}")))
        for column, headers in _table(name, table.get("join", {}), where("join")).items()
    }
    values = {
        ours("values", column): {
            folded(theirs): text for theirs, text in _texts(name, given, f"{where('values')} {shorten(column)}").items()
        }
        for column, given in _table(name, table.get("values", {}), where("values")).items()
    }
    taken = {
        ours("take", column): _pattern(name, pattern, f"{where('take')} {shorten(column)}")
        for column, pattern in _texts(name, table.get("take", {}), where("take")).items()
    }
    skipped = {
        header_key(header): frozenset(map(folded, _strings(name, given, f"{where('skip')} {shorten(header)}")))
        for header, given in _table(name, table.get("skip", {}), where("skip")).items()
    }
    carried = tuple(ours("carry", one) for one in _strings(name, table.get("carry", []), where("carry")))
    needs = tuple(map(header_key, _strings(name, table.get("needs", []), where("needs"))))
    rows = table.get("rows", "")
    if not isinstance(rows, str):
        raise BadMap(
            worded("The map {name}: {part} must be a text: the name of the list.", name=name, part=where("rows"))
        )
    return KindMap(kind, columns, constants, joined, values, taken, skipped, carried, needs, rows)


def _meant(column: str, names: Sequence[str]) -> str | None:
    """The column of ours that is written, in whatever case."""
    return next((name for name in names if header_key(name) == header_key(column)), None)


def _table(name: str, given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise BadMap(worded("The map {name}: {where} must be a table.", name=name, where=where))
    return given


def _texts(name: str, given: object, where: str) -> Mapping[str, str]:
    for key, value in (table := _table(name, given, where)).items():
        if not isinstance(value, str):
            raise BadMap(
                worded(
                    "The map {name}: {where}: {key} must be a text in quotation marks.",
                    name=name,
                    where=where,
                    key=shorten(key),
                )
            )
    return table


def _strings(name: str, given: object, where: str) -> Sequence[str]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise BadMap(worded("The map {name}: {where} must be a list of texts.", name=name, where=where))
    return given


def _pattern(name: str, text: str, where: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise BadMap(
            worded("The map {name}: {where} is no pattern: {why}.", name=name, where=where, why=shorten(str(error), 80))
        ) from error
    if not pattern.groups:
        raise BadMap(
            worded(
                "The map {name}: {where} needs a group, ( and ), around what is to be taken.", name=name, where=where
            )
        )
    return pattern


def ways(kind_map: KindMap) -> str:
    """Which of our columns it gives, for a sentence."""
    return listed([*kind_map.columns, *kind_map.joined, *kind_map.constants])
