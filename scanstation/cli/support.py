"""`support`: what somebody who is to help needs to know."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from scanstation.cli.output import say
from scanstation.cli.start import Start
from scanstation.domain.addresses import shown_address
from scanstation.domain.language import worded
from scanstation.domain.plurals import counted


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-serials", is_flag=True, help="Leave codes and names in.")
@click.pass_obj
def support(start: Start, file: Path, with_serials: bool) -> None:
    """Pack a station's last hour into a .zip: its log, what doctor finds, settings, versions. No serials, no names."""
    if file.suffix.lower() != ".zip":
        raise click.UsageError(worded("The parcel is a .zip file: give it a name that ends so."))
    from scanstation.cli.doctor import examined
    from scanstation.workflows.upkeep import parcel

    settings = start.settings
    public_settings = asdict(settings)
    public_settings["database"]["url"] = shown_address(settings.database_url)
    # A hook's path may be as secret as what its posts are signed with.
    hook = public_settings["handover"]
    hook["secret"] = "…" if hook["secret"] else ""
    hook["url"] = f"{hook['url'].partition('://')[0]}://…" if hook["url"] else ""
    if not isinstance(public_settings["load"]["map"], str):
        public_settings["load"]["map"] = "…"  # a table names clients and warehouses
    # A mark of the site's own is worth something because no label from outside has it.
    own_marks = [
        mark
        for mark in (public_settings["wedge"]["prefix"], *(one["prefix"] for one in public_settings["serial"]))
        if mark
    ]
    if settings.commands != type(settings.commands)():
        own_marks.append(settings.commands.prefix)
    for table in (public_settings["commands"], public_settings["wedge"], *public_settings["serial"]):
        table["prefix"] = "…" if table["prefix"] in own_marks else table["prefix"]
    examined_rows = [
        {"verdict": one.tone.value, "what": one.what, "told": _without(one.text, own_marks)} for one in examined(start)
    ]
    lines = parcel.pack(
        file,
        url=start.database_url,
        station=None if settings.station_is_host else settings.station_name,
        settings=public_settings,
        doctor=examined_rows,
        known_names=[settings.operator_name, settings.station_name, settings.station.name, settings.files.group],
        with_serials=with_serials,
        now=datetime.now(UTC),
    )
    news = worded(
        "{file} is packed: {lines} of log of the last hour. Look through it before you give it away.",
        file=file,
        lines=counted(lines, "line"),
    )
    say(news)


def _without(text: str, marks: list[str]) -> str:
    for mark in marks:
        text = text.replace(mark, "…")
    return text
