"""The command line: how a command is run, and how each of them ends.

Nothing heavy is imported before a command needs it: `scanstation --help` answers at once.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from click import Group, UsageError

from scanstation import __version__
from scanstation.cli.ascii_lines import use_ascii_signs
from scanstation.cli.output import DONE, OUT_OF_REACH, REFUSED, WRONG_USE, drop, say

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""
_LOOK_FOR_GARBAGE_AT = 300_000
"""New objects. What libraries make while they are imported is none, and to look for some in it again and again, as
Python usually does, takes a tenth of a short command's time."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit status."""
    gc.set_threshold(_LOOK_FOR_GARBAGE_AT)
    status = run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # what is left goes with the process; to look through all of it takes longer than to import it
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # it has been told, or the terminal is gone
            drop(stream)
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit status. Whatever happens, no traceback reaches the user."""
    _speak_utf8()
    if list(arguments) == ["--version"]:  # asked by scripts, again and again: without what reads a command line
        print(f"scanstation {__version__}")
        return DONE
    from scanstation.cli.root import scanstation
    from scanstation.cli.speaking import in_words, speaking

    if asked := os.environ.get("_SCANSTATION_COMPLETE"):  # a shell: what may come next?
        from click.shell_completion import shell_complete

        return shell_complete(scanstation, {}, "scanstation", "_SCANSTATION_COMPLETE", asked)
    with speaking(arguments):
        return _ended(in_words(scanstation), arguments)


def _ended(scanstation: "Group", arguments: Sequence[str]) -> int:
    import click

    try:
        with scanstation.make_context("scanstation", list(arguments)) as context:
            scanstation.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        return _wrong_use(error)
    except (KeyboardInterrupt, EOFError, click.Abort):
        drop(sys.stdout)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has enough of it: `… | head`
        drop(sys.stdout)
        return DONE
    except Exception as error:  # noqa: BLE001 - the one place that stands between any error and the user
        return _failed(error)
    return DONE


def _speak_utf8() -> None:
    """Machines get UTF-8 whatever the locale; people get what their terminal can show, the rest in ASCII."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started the command: `>&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end
        elif stream.isatty():
            stream.reconfigure(errors="replace")
            use_ascii_signs(stream)
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _wrong_use(error: "UsageError") -> int:
    import click

    from scanstation.domain.language import worded

    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # its message is the whole help
        say(*error.format_message().splitlines())
        return WRONG_USE
    if error.ctx is not None:
        say(*error.ctx.get_usage().splitlines())
        say(worded("Try “{command} --help”.", command=error.ctx.command_path))
    # click breaks a list of choices into lines.
    say(error.format_message().replace("\n\t", " "))
    return WRONG_USE


def _failed(error: Exception) -> int:
    """Tell what happened, and what to do now."""
    from scanstation.domain.file_errors import SheetError, UnreadableFile, UnreadablePath
    from scanstation.domain.language import worded
    from scanstation.domain.store_errors import StoreError

    if isinstance(error, StoreError):
        say(f"{error.title} {error.hint}")
        return OUT_OF_REACH
    if isinstance(error, SheetError):
        say(str(error))
        return REFUSED if isinstance(error, UnreadableFile) and not isinstance(error, UnreadablePath) else WRONG_USE
    if type(error).__name__ == "BadConfiguration":  # importing its module costs more than everything else here
        for problem in error.args[0].split("\n"):
            say(problem)
        return WRONG_USE
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        why = f"{error.strerror or error}{where}"
        say(worded("The system refuses: {why}. Look at the disk and the rights, then try again.", why=why))
        return OUT_OF_REACH
    return _own_error(error)


def _own_error(error: Exception) -> int:
    """An error of ours: the traceback goes to a file, the user is told what to do with it."""
    import traceback

    from scanstation.domain.language import worded
    from scanstation.files import keep_error

    name = type(error).__name__
    say(worded("ScanStation met an error of its own ({name}). What was shown as done is kept.", name=name))
    try:
        path = keep_error("".join(traceback.format_exception(error)))
    except OSError as trouble:
        why = trouble.strerror
        say(worded("What happened could not be written down either: {why}. Please report what you did.", why=why))
    else:
        say(worded("Please report it, with the file {path}.", path=path))
    return OUT_OF_REACH
