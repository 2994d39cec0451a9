"""The catalogs of the languages: extracted from the sources, merged, and compiled beside them.

`python -m tests.catalogs` (`make catalogs`) writes `scanstation/languages/*.po` and `*.mo` and says what is not
translated. How to translate: docs/translating.md.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import scanstation
from scanstation.cli.root import scanstation as scanstation_group
from scanstation.cli.speaking import paragraphs
from scanstation.languages import ENGLISH, LANGUAGES
from tests import days_and_numbers

PACKAGE = Path(scanstation.__file__).parent
HOME = PACKAGE / "languages"
OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
_CLICK = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types, click.termui)
_NOT_OF_OURS = re.compile(
    r"eprecat|Usage: |want to continue|Confirm the action|UUID|format|dynamic|Press any key|^Choice"
    r"|%\(prog|start character"
)
"""Texts of click that no command of ours leads to."""
_A_DAY = datetime(2026, 11, 30, tzinfo=UTC)
"""In the head of every catalog: what was not changed is written with the same bytes."""

_SAYS = re.compile(
    r"\b(Texts|worded|word|said_later|counted|joined)\(|PHRASES = |QUESTION_BELOW = "
    r"|class (Deed|Fault|FrameFault|Differs|WhyNone)\b"
)

_IS_TEXT = re.compile(r"[A-Za-z,;:?.] [a-z“`]|[a-z] [A-Z]|^(yes|no)$")
_IS_NONE = re.compile(r"\.tcss|\$|^Esc(  |$)|^#|PgUp|^Home End|store is back|^Serial Number $")
"""Style sheets and styles, keys, names of widgets, reports and lines of the log."""

Id = str | tuple[str, str]


@cache
def messages() -> dict[Id, list[str]]:
    """All that can be translated, each with the places that say it: `serials: taken/first`."""
    places: dict[Id, list[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        is_screen = file.is_relative_to(PACKAGE / "screens")
        if not (is_screen or _SAYS.search(source)):
            continue
        tree = ast.parse(source)
        for message, name in chain(_in(tree), _fixed(tree) if is_screen else ()):
            place = f"{file.stem}: {name}" if name else file.stem
            if place not in places.setdefault(message, []):
                places[message].append(place)
    for place, message in chain(_of_commands(), _of_click()):
        if place not in places.setdefault(message, []):
            places[message].append(place)
    return places


def _of_commands() -> Iterator[tuple[str, Id]]:
    """What the commands say of themselves, paragraph by paragraph."""
    for path, command in _below(scanstation_group, ()):
        place = f"help: {' '.join(path)}"
        texts = [text for text in (command.help, command.epilog) if text]
        for option in command.params:
            if isinstance(option, click.Option):
                texts += [text for text in (option.help, option.show_default) if isinstance(text, str)]
        for text in texts:
            yield from ((place, paragraph) for paragraph in paragraphs(text))


def _below(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    for name, listed in group.commands.items():
        yield (*path, name), listed  # at the root its first sentence
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _below(command, (*path, name))
        else:
            yield (*path, name), command


def _of_click() -> Iterator[tuple[str, Id]]:
    """What click says to people by itself, but for what only a program that is wrong hears."""
    for module in _CLICK:
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for_programs = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
            if node.exc.func.id in ("TypeError", "ValueError", "RuntimeError")
            for part in ast.walk(node)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str() as text)]):
                    message: Id = text
                case ast.Call(
                    func=ast.Name(id="ngettext"), args=[ast.Constant(value=one), ast.Constant(value=many), _]
                ):
                    message = (str(one), str(many))
                case _:
                    continue
            if id(node) not in for_programs and not _NOT_OF_OURS.search(str(message)):
                yield f"click: {module.__name__.rpartition('.')[2]}", message
    yield "click: core", "required"


def _in(tree: ast.Module) -> Iterator[tuple[Id, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Texts"), args=[ast.Dict(keys=keys, values=values)]):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
                        yield str(value.value), str(key.value)
            case ast.Call(func=ast.Name(id="worded" | "word" | "said_later" | "translated"), args=[text, *_]):
                for one in _texts(text):
                    yield one, ""
            case ast.Call(func=ast.Name(id="counted"), args=[_, ast.Constant(value=str() as noun), *rest]):
                many = [one.value for one in rest if isinstance(one, ast.Constant)]
                yield (noun, str(many[0]) if many else f"{noun}s"), ""
            case ast.Call(func=ast.Name(id="joined"), args=[_, ast.Constant(value=str() as between)]):
                yield between, ""
            case ast.ClassDef(name="Deed" | "Fault" | "FrameFault" | "Differs" | "WhyNone", body=members):
                for member in members:
                    if isinstance(member, ast.Assign):
                        said = member.value.elts[0] if isinstance(member.value, ast.Tuple) else member.value
                        yield from ((one, "") for one in _texts(said))
            case ast.Assign(targets=[ast.Name(id="QUESTION_BELOW")], value=ast.Constant(value=str() as said)):
                yield said, ""
            case ast.Assign(targets=[ast.Name(id="PHRASES")], value=ast.Tuple(elts=phrases)):
                for phrase in phrases:
                    if isinstance(phrase, ast.Constant):
                        yield str(phrase.value), ""


def _fixed(tree: ast.Module) -> Iterator[tuple[Id, str]]:
    """The fixed texts of a screen: what its keys do, its title, its help; `translated` looks them up when shown."""
    elsewhere = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="KeyHint"), args=[_, label, *_]):
                yield from ((text, "") for text in _texts(label))
            case ast.Call(
                func=ast.Name(id="Column" | "ReportColumn"), args=[ast.Constant(value=str() as head), *_]
            ) if head:
                yield head, ""
            case ast.keyword(arg="short", value=ast.Constant(value=str() as label)) if label:
                yield label, ""
            case ast.Call(func=ast.Attribute(attr="show_place"), args=[ast.Constant(value=str() as title), *_]):
                yield title, ""
            case ast.Call(func=ast.Attribute(attr="show") | ast.Name(id="Part"), args=[heading, *_]):
                yield from ((text, "") for text in _texts(heading))
            case ast.Call(func=ast.Name(id="Pick"), args=[value, *_]):
                elsewhere.update(id(part) for part in ast.walk(value))
            case ast.Compare():
                elsewhere.update(id(part) for part in ast.walk(node))
            case ast.Assign(targets=[ast.Name(id="_MENU" | "_PLACES")], value=ast.Tuple(elts=rows)):
                for named in (row.elts[1] for row in rows if isinstance(row, ast.Tuple)):
                    yield from ((text, "") for text in _texts(named))
            case ast.Assign(targets=[ast.Name(id="title_word")], value=ast.Constant(value=str() as title)):
                yield title, ""
            case ast.Call(func=ast.Name(id="worded" | "counted" | "Binding")) | ast.JoinedStr() | ast.Raise():
                elsewhere.update(id(part) for part in ast.walk(node))
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in elsewhere:
                if _IS_TEXT.search(text) and not _IS_NONE.search(text):
                    yield text, ""


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)


def merged(language: str, places: dict[Id, list[str]]) -> Catalog:
    """A language's catalog with the messages that there are now.

    Where a template was changed its translation is kept under the new one, as fuzzy: somebody has to look at it.
    """
    known = kept(language)
    was_said_at = {place: one for one in known if one.id for place in one.auto_comments}
    catalog = Catalog(
        language,
        project="ScanStation",
        version=scanstation.__version__,
        copyright_holder="ScanStation",
        creation_date=_A_DAY,
        revision_date=_A_DAY,
        last_translator="ScanStation",
        language_team=LANGUAGES[language],
        msgid_bugs_address="",
        fuzzy=False,
        header_comment=f"# {LANGUAGES[language]}. How to translate: docs/translating.md.",
    )
    babels = days_and_numbers.translations(language)
    for message, said_at in places.items():
        if isinstance(message, str) and message in babels:
            catalog.add(message, babels[message], auto_comments=[*said_at, "by Babel"])
            continue
        old = known.get(message[0] if isinstance(message, tuple) else message)
        if old is not None and old.id == message:
            catalog.add(message, old.string, flags=old.flags & {"fuzzy"}, auto_comments=said_at)
            continue
        before = next((was_said_at[place] for place in said_at if ": " in place and place in was_said_at), None)
        if before is not None and isinstance(before.id, type(message)) and before.id not in places:
            catalog.add(message, before.string, flags={"fuzzy"}, auto_comments=said_at, previous_id=before.id)
        else:
            catalog.add(message, auto_comments=said_at)
    return catalog


def kept(language: str) -> Catalog:
    """A language's catalog as its file has it; empty where there is none."""
    path = HOME / f"{language}.po"
    if not path.exists():
        return Catalog(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalog: Catalog) -> list[Message]:
    """What is missing, or has to be looked at."""
    return [one for one in catalog if one.id and (one.fuzzy or not all(_strings(one)))]


def missing(catalog: Catalog) -> list[str]:
    """What is said and has no translation here that is good."""
    lacking = {_id(one) for one in untranslated(catalog)}
    there = {_id(one) for one in catalog if one.id} - lacking
    return [str(one) for one in messages() if one not in there]


def _id(message: Message) -> Id:
    one, *more = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    return (str(one), str(more[0])) if more else str(one)


def _strings(message: Message) -> tuple[str, ...]:
    said = message.string
    return tuple(map(str, said)) if isinstance(said, (tuple, list)) else (said or "",)


def as_text(catalog: Catalog) -> bytes:
    """The catalog as it is written down."""
    written = io.BytesIO()
    write_po(written, catalog, width=120)
    return written.getvalue()


def of_click(catalog: Catalog) -> Catalog:
    """Of a catalog what click says by itself."""
    part = Catalog(catalog.locale, creation_date=_A_DAY, revision_date=_A_DAY, fuzzy=False)
    for one in catalog:
        if one.id and any(place.startswith("click: ") for place in one.auto_comments):
            part.add(one.id, one.string, flags=one.flags & {"fuzzy"})
    return part


def click_file(language: str) -> Path:
    """Where gettext looks for it."""
    return HOME / language / "LC_MESSAGES" / "click.mo"


def compiled(catalog: Catalog) -> bytes:
    """The catalog as gettext reads it, without what nobody has translated; the catalog has no more than that then."""
    for lacking in untranslated(catalog):
        catalog.delete(lacking.id)
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def main() -> None:
    places = messages()
    for language in OTHERS:
        catalog = merged(language, places)
        lacking, count = untranslated(catalog), len(catalog)
        (HOME / f"{language}.po").write_bytes(as_text(catalog))
        (HOME / f"{language}.mo").write_bytes(compiled(catalog))
        click_file(language).parent.mkdir(parents=True, exist_ok=True)
        click_file(language).write_bytes(compiled(of_click(catalog)))
        fuzzy = sum(one.fuzzy for one in lacking)
        print(f"{language}: {count} messages, {len(lacking) - fuzzy} missing, {fuzzy} fuzzy", file=sys.stderr)


if __name__ == "__main__":
    main()
