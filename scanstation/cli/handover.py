"""`handover`: what the ERP hears."""

import signal
import threading
import time

import click

from scanstation.cli.output import (
    OUT_OF_REACH,
    REFUSED,
    WRONG_USE,
    end_with,
    format_option,
    give_up,
    local,
    print_json,
    print_table,
    say,
)
from scanstation.cli.start import TEXT, Start
from scanstation.domain.language import joined, worded
from scanstation.domain.outcome import Refused

_LOOK_EVERY_S = 1.0


@click.group()
def handover() -> None:
    """What the ERP hears of what was done: as files in a folder, and as posts to its server.

    Where it goes is set in config.toml, [handover]; the documentation's page ERP says what a message is.
    """


@handover.command()
@click.option("--once", is_flag=True, help="Hand over what there is, and end.")
@click.pass_obj
def run(start: Start, once: bool) -> None:
    """Hand over what is done, until Ctrl-C.

    Messages come at least once, in order for each order, and the same one always has the same number. While the
    ERP's server is away they wait; one that it refuses is tried again, and holds back those of its order alone.
    """
    plan = start.settings.handover.plan
    if not plan.targets:
        from scanstation.domain import sentences

        give_up(sentences.no_target(), WRONG_USE)
    site = start.site
    from scanstation.workflows.upkeep.handing_over import HandOver, RefusedHere, targets_of

    asked_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_end.set())
    hand_over = HandOver(site, plan, targets_of(plan))
    try:
        hand_over.begin()
        targets = joined(plan.targets, " and ")
        say(
            worded("Handing over to {targets}.", targets=targets)
            if once
            else worded("Handing over to {targets}. Ctrl-C ends it.", targets=targets)
        )
        while not asked_to_end.is_set():
            for news in hand_over.look(time.monotonic(), asked_to_end.is_set):
                say(news)
            if once:
                break
            asked_to_end.wait(_LOOK_EVERY_S)
        hand_over.end()
    except RefusedHere as why:
        give_up(why.refusal)
    say(worded("No longer handing over."))
    if once and hand_over.is_away:
        raise click.exceptions.Exit(OUT_OF_REACH)
    if once and (count := hand_over.not_taken()):
        say(worded("Messages that were not taken: {count}. See `scanstation handover list`.", count=count))
        raise click.exceptions.Exit(REFUSED)


@handover.command("list")
@format_option("table", "json")
@click.pass_obj
def list_(start: Start, format: str) -> None:
    """How far each target has come, and the messages that it has not taken."""
    site = start.site
    from scanstation.workflows.upkeep.handing_over import standing

    progress = standing(site)
    if isinstance(progress, Refused):
        give_up(progress)
    failures = [
        {
            "target": target,
            "number": one.number,
            "kind": one.kind,
            "tries": one.tries,
            "next_try": one.due or None,
            "said": one.said,
        }
        for target, one in progress.failures
    ]
    if format == "json":
        targets = [{"target": name, "upto": upto} for name, upto in progress.upto.items()]
        print_json(
            {"acts_waiting": progress.acts_waiting, "newest": progress.newest, "targets": targets, "failures": failures}
        )
        return
    for name, upto in progress.upto.items():
        say(worded("{target}: {upto} of {newest} messages.", target=name, upto=upto, newest=progress.newest))
    if progress.acts_waiting:
        say(
            worded(
                "Acts that are no messages yet: {count}. `scanstation handover run` makes them.",
                count=progress.acts_waiting,
            )
        )
    rows = [
        (target, one.number, one.kind, one.tries, local(one.due or None) or "", one.said)
        for target, one in progress.failures
    ]
    if not print_table(("Target", "Number", "Kind", "Tries", "Next try", "Said"), rows):
        say(worded("No message was refused."))


@handover.command()
@click.argument("number", metavar="NUMBER", type=click.IntRange(min=1))
@click.pass_obj
def show(start: Start, number: int) -> None:
    """One message, as it is delivered."""
    site = start.site
    from scanstation.workflows.upkeep.handing_over import shown

    found = shown(site, number)
    if isinstance(found, Refused):
        give_up(found)
    print_json(found)


@handover.command()
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "all_", is_flag=True, help="All that were refused.")
@click.pass_obj
def retry(start: Start, numbers: tuple[int, ...], all_: bool) -> None:
    """Have messages that were refused tried again."""
    if bool(numbers) == all_:
        raise click.UsageError(worded("Name the messages, or --all."))
    site = start.site
    from scanstation.workflows.upkeep import handing_over

    end_with(handing_over.retry(site, numbers))


@handover.command()
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=click.IntRange(min=1))
@click.option("--reason", metavar="TEXT", required=True, type=TEXT, help="Why the ERP need not hear of it; it is kept.")
@click.pass_obj
def drop(start: Start, numbers: tuple[int, ...], reason: str) -> None:
    """Give up messages that were refused for good.

    The ERP never hears of them: tell it by hand. Later messages of their orders and units go on.
    """
    site = start.site
    from scanstation.workflows.upkeep import handing_over

    end_with(handing_over.drop(site, numbers, reason))
