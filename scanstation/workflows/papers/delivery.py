"""What is printed goes to a queue of CUPS, to a printer's port, or into a folder. May wait for a printer."""

import shutil
import socket
import subprocess
from datetime import datetime
from pathlib import Path

from scanstation import processes
from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import Telling, word, worded
from scanstation.domain.papers import Folder, Queue, Socket, read_printer
from scanstation.files import write_whole

_CONNECT_S, _SEND_S, _QUEUE_S = 10.0, 60.0, 60.0


class NotPrinted(Telling, Exception):
    """Why nothing was printed, as a sentence, and what to do now."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self._why = why

    @property
    def words(self) -> str:
        """The sentence."""
        return self._why


def deliver(content: bytes, printer: str, name: str, ending: str) -> str:
    """Send what is printed on its way; returns where to, in words.

    Args:
        content: the whole of it.
        printer: as `read_printer` takes it.
        name: how a file of it begins.
        ending: `.pdf` or `.zpl`.

    Raises:
        NotPrinted: it did not get there.
    """
    match read_printer(printer):
        case Queue(queue):
            _to_queue(content, queue, ending)
            return f"the queue {queue}"
        case Socket(host, port):
            _to_socket(content, host, port)
            return f"the printer at {host}"
        case Folder(path):
            return _to_folder(content, Path(path), name, ending)
        case _:
            raise NotPrinted(
                worded("{printer} is no printer. Look at [print] in config.toml.", printer=shorten(printer))
            )


def _to_queue(content: bytes, queue: str, ending: str) -> None:
    program = shutil.which("lp")
    if program is None:
        raise NotPrinted(worded("There is no program lp here, which prints through CUPS. Install CUPS' client."))
    as_it_is = ("-o", "raw") if ending == ".zpl" else ()
    try:
        ran = processes.run_tool(program, "-d", queue, *as_it_is, variables={}, given=content, seconds=_QUEUE_S)
    except subprocess.TimeoutExpired:
        raise NotPrinted(worded("The queue {queue} has not answered. Look at CUPS.", queue=queue)) from None
    except OSError as error:
        raise NotPrinted(worded("The program lp does not run: {why}.", why=error.strerror or error)) from error
    if ran.returncode:
        said = shorten(ran.stderr.decode(errors="replace").strip().removeprefix("lp: "), 120) or word("lp says nothing")
        raise NotPrinted(worded("The queue {queue} does not take it: {why}.", queue=queue, why=said.removesuffix(".")))


def _to_socket(content: bytes, host: str, port: int) -> None:
    try:
        with socket.create_connection((host, port), _CONNECT_S) as line:
            line.settimeout(_SEND_S)
            line.sendall(content)
            line.shutdown(socket.SHUT_WR)
    except OSError as error:
        why = error.strerror or str(error) or word("it does not answer")
        raise NotPrinted(
            worded(
                "The printer at {host}, port {port}, is out of reach: {why}. Is it on?", host=host, port=port, why=why
            )
        ) from error


def _to_folder(content: bytes, folder: Path, name: str, ending: str) -> str:
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    path = folder / f"{name}-{stamp}{ending}"
    try:
        write_whole(path, content, (ending,))
    except UnwritableFile as error:
        raise NotPrinted(str(error)) from error
    return shorten(str(path), 200)
