"""Processes beside the station, ours and tools: the one place that starts any, and what each of ours may do.

They read files that strangers sent and write reports. None gets code from the folder that the user happens to be in,
none gets secrets by its environment, and none may start others, gain rights or fill a disk.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_PASSED_ON = frozenset(
    {"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR"}
    # Windows does not start a program without the first, and finds the user's folders by the others.
    | {"SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA"}
)
_PASSED_ON_PREFIXES = ("LC_", "XDG_")
_NO_NEW_PRIVILEGES = 38
"""PR_SET_NO_NEW_PRIVS of Linux' <linux/prctl.h>."""
_MOST_ARENAS = -8
"""M_ARENA_MAX of glibc's <malloc.h>."""
_STEPS_BACK = 10
"""So nice is a process of ours behind the station."""
OUT_OF_TIME = 1816 if sys.platform == "win32" else -signal.SIGXCPU
"""The exit status of a process that had used up the processor time that `confine` gave it."""


def start(
    module: str,
    *arguments: str,
    stdin: int | IO[bytes],
    stderr: int | IO[bytes],
    variables: tuple[str, ...] = (),
    own_session: bool = False,
) -> "subprocess.Popen[bytes]":
    """Start a module of ours in a process of its own, whose output comes through a pipe.

    Args:
        module: to be run as `python -m`.
        arguments: for it; no secrets, since everybody on the machine can list them.
        stdin: where it reads from.
        stderr: where its complaints go.
        variables: of the environment that it needs besides the language, the paths and the user's folders.
        own_session: Ctrl-C in the station's terminal is not meant for it.
    """
    flags = 0
    if sys.platform == "win32" and own_session:
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        # -P: no module of the current folder can stand in for one of ours.
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=environment(variables),
        start_new_session=own_session,
        creationflags=flags,
    )


def environment(variables: tuple[str, ...] = ()) -> dict[str, str]:
    """What a module of ours gets of the environment, and these variables."""
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES) or name in variables
    }
    if places := [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(place).is_absolute()]:
        passed_on["PYTHONPATH"] = os.pathsep.join(places)  # an empty one means the current folder as well
    # A backtrace of a reader's own inside helps nobody.
    return {**passed_on, "RUST_BACKTRACE": "0"}


def run_tool(
    program: str, *arguments: str, variables: Mapping[str, str], given: bytes = b"", seconds: float | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run a tool of the system's to its end, such as a server's own; what it complains of is in `stderr`.

    Args:
        program: its path.
        arguments: for it; no secrets, since everybody on the machine can list them.
        variables: of the environment, besides the language and the paths.
        given: its standard input.
        seconds: how long it may take.

    Raises:
        subprocess.TimeoutExpired: it took longer, and was ended.
    """
    return subprocess.run(  # noqa: S603 - found by its name on the path, and no shell
        [program, *arguments],
        input=given,
        timeout=seconds,
        capture_output=True,
        env={**{name: value for name, value in os.environ.items() if name.upper() in _PASSED_ON}, **variables},
        check=False,
    )


def step_back() -> None:
    """Let scans go first, from now on. Not where the store's lock is held: that must not wait for the processor."""
    if sys.platform == "win32":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_STEPS_BACK)


def give_way() -> None:
    """Let scans go first where they wake up, and have the processor like others while they do not: for who may hold the
    store's lock. Linux knows such a thing; elsewhere it stays as it is."""
    if sys.platform == "linux":
        with suppress(OSError):  # kept from it, as in some containers
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def confine(*, largest_file: int, memory: int | None = None, seconds: int | None = None) -> None:
    """Take from this process, for good, what it does not need. To be called by it, when all its threads run.

    Args:
        largest_file: bytes that it may write into one file.
        memory: bytes of address space, if it is to have a limit.
        seconds: of processor time, likewise; the signal that ends it then says why.
    """
    if sys.platform == "win32":
        _confine_in_a_job(memory, seconds)
        return
    import resource

    def limit(what: int, most: int, hard: int) -> None:
        allowed = resource.getrlimit(what)[1]
        if allowed != resource.RLIM_INFINITY:
            most, hard = min(most, allowed), min(hard, allowed)
        resource.setrlimit(what, (most, hard))

    limit(resource.RLIMIT_CORE, 0, 0)
    limit(resource.RLIMIT_NPROC, 0, 0)
    limit(resource.RLIMIT_FSIZE, largest_file, largest_file)
    if memory is not None:
        limit(resource.RLIMIT_AS, memory, memory)
    if seconds is not None:
        limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    if sys.platform == "linux":
        libc: Any = ctypes.CDLL(None)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise OSError("this kernel cannot keep a process from gaining rights")


def _confine_in_a_job(memory: int | None, seconds: int | None) -> None:
    """Windows limits a process by the job that it belongs to; what it may write is not among the limits."""
    if sys.platform == "win32":
        import win32api
        import win32job

        job = win32job.CreateJobObject(None, "")
        limits = win32job.QueryInformationJobObject(job, win32job.JobObjectExtendedLimitInformation)
        basic = limits["BasicLimitInformation"]
        basic["LimitFlags"] = (
            win32job.JOB_OBJECT_LIMIT_ACTIVE_PROCESS | win32job.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
        )
        basic["ActiveProcessLimit"] = 1
        if memory is not None:
            basic["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
            limits["ProcessMemoryLimit"] = memory
        if seconds is not None:
            basic["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_PROCESS_TIME
            basic["PerProcessUserTimeLimit"] = seconds * 10_000_000  # in units of 100 ns
        win32job.SetInformationJobObject(job, win32job.JobObjectExtendedLimitInformation, limits)
        win32job.AssignProcessToJobObject(job, win32api.GetCurrentProcess())


def keep_memory_together() -> None:
    """Have all threads take their memory from one place, so that it can be given back; before there are any.

    They take turns by Python's lock anyway.
    """
    with suppress(OSError, AttributeError):  # glibc's own
        ctypes.CDLL(None).mallopt(_MOST_ARENAS, 1)


def give_memory_back() -> None:
    """Give the system what was freed here and is kept for later: an eighth of a station, after its imports."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
