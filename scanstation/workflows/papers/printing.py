"""Printing in a process of its own: neither a long slip, nor a printer that does not answer, costs a scan time.

The process runs `python -m scanstation.workflows.papers.printing` with the request on its standard input. It goes on
when the station ends: what it has begun is better printed.
"""

import json
import os
import subprocess
import sys
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from scanstation import files, languages
from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten
from scanstation.domain.language import retold, sent, shown, worded
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.papers import Paper, PrintPlan
from scanstation.domain.status import OrderKind
from scanstation.store import own_process
from scanstation.workflows.site import Site

_OFF = PrintPlan()


@dataclass(frozen=True, slots=True)
class Job:
    """One paper of one order, or one label."""

    order_id: int
    paper: Paper
    work_id: int | None = None
    """Only the labels of one receipt or packing."""
    house: str = ""
    """Of no order: the label of a serial that the site gave."""


class Prints:
    """What a station prints, one paper after another."""

    def __init__(self, plan: PrintPlan = _OFF) -> None:
        self.plan = plan
        self._waiting: deque[tuple[Site, Job]] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._house = ""
        """The serial whose label it prints, if it is one."""
        self._given: set[str] = set()
        """House serials whose labels were asked for as they were given."""

    def completed(self, site: Site, kind: OrderKind, order_id: int, work_id: int) -> None:
        """A receipt or a packing was completed: what config.toml wants printed then is."""
        for paper in self.plan.at_completing(kind):
            self.ask(site, Job(order_id, paper, work_id))

    def house(self, site: Site, house: str) -> None:
        """The site gave a unit a serial: its label is printed where config.toml names a printer, once."""
        if house not in self._given and self.plan.printer_of(Paper.LABELS):
            self._given.add(house)
            self.ask(site, Job(0, Paper.LABELS, house=house))

    def ask(self, site: Site, job: Job) -> None:
        """Print a paper, after those that were asked for before."""
        self._waiting.append((site, job))

    def look(self) -> Refused | None:
        """Begin what is next, take what has come; returns what was not printed, once. Waits for nothing."""
        if self._process is None:
            return self._begin() if self._waiting else None
        if self._process.poll() is None:
            return None
        assert self._process.stdout is not None
        with self._process.stdout as told:
            answer = told.read()
        self._process = None
        return _refusal(answer, self._house)

    def _begin(self) -> Refused | None:
        site, job = self._waiting.popleft()
        self._house = job.house
        try:
            self._process = own_process.start(__name__)
        except OSError as error:
            return say.no_printing_process(error.strerror or error, job.house)
        request = {
            **own_process.request(site.store.url),
            "plan": asdict(self.plan),
            "job": asdict(job),
            "language": languages.chosen(languages.site(), os.environ),
        }
        with self._process.stdin as stream:  # type: ignore[union-attr] # a pipe, as asked for
            stream.write(json.dumps(request).encode())  # less than a pipe holds
        return None


def _refusal(answer: bytes, house: str) -> Refused | None:
    try:
        name, text = map(retold, json.loads(answer))
    except ValueError:
        return say.printing_ended(house)
    return refused(name, text) if name else None


def print_paper(site: Site, plan: PrintPlan, job: Job, language: str = "") -> Done | Refused:
    """Print a paper where config.toml says, in a language, or the one that is spoken. Waits for the printer.

    Raises:
        StoreError: the store cannot be used.
    """
    from scanstation.workflows.papers import contents, delivery

    printer, ending = plan.printer_of(job.paper), plan.form_of(job.paper)
    content, text = _made(site, plan, job, ending, language)
    number = job.house or contents.order_of(site, job.order_id).number
    if content is None:
        return Done(text)
    try:
        where = delivery.deliver(content, printer, contents.suggested_name(number, job.paper.value), ending)
    except delivery.NotPrinted as error:
        if job.house:
            return say.house_label_not_printed(house=job.house, why=error)
        is_one = job.paper is not Paper.LABELS
        return say.paper_not_printed(paper=job.paper.words, number=number, is_one=is_one, why=error)
    return say.paper_sent(text, where)


def write_paper(site: Site, plan: PrintPlan, job: Job, path: Path) -> Done | Refused:
    """Write a paper to a file, in place of one that is there; its ending, one of the paper's, says the form.

    Raises:
        UnwritableFile: there is no room, no right, no such folder.
    """
    ending = path.suffix.lower()
    content, text = _made(site, plan, job, ending)
    if content is None:
        return refused("nothing-to-print", text)
    files.write_whole(path, content, (ending,))
    return say.paper_written(text, shorten(str(path), 200))


def _made(site: Site, plan: PrintPlan, job: Job, ending: str, language: str = "") -> tuple[bytes | None, str]:
    """The paper, and what it is in words; nothing, and why, where there is nothing to print."""
    from scanstation.workflows.orders import packing_list
    from scanstation.workflows.papers import contents, label_layout, page_layout

    def written() -> AbstractContextManager[None]:
        return languages.written_in(language) if language else nullcontext()

    number = job.house or contents.order_of(site, job.order_id).number
    short_number = shorten(number)
    if job.paper is Paper.LABELS:
        with written():
            labels = (
                contents.house_label(site, number) if job.house else contents.labels(site, job.order_id, job.work_id)
            )
        if not labels:
            return None, say.no_label_of(short_number)
        if ending == ".zpl":
            content = label_layout.as_zpl(labels, plan.label_code, plan.dots_per_mm)
        else:
            content = label_layout.as_pdf(labels, plan.label_code)
        return content, say.labels_of(short_number, len(labels))
    with written():
        if job.paper is Paper.DOWNTIME:
            pages = contents.downtime_pages(site, job.order_id)
        else:
            pages = packing_list.pages(packing_list.packing_list(site, job.order_id))
        title = f"{number}: {shown(job.paper.words)}"
    content = page_layout.as_pdf(title, number, pages)
    return content, say.paper_of(short_number, job.paper.words)


def main() -> int:
    """Print what the request on standard input asks for, and say how it ended: nothing where it went well."""
    from scanstation.domain.store_errors import StoreError
    from scanstation.store.store import open_store

    request = json.load(sys.stdin)
    own_process.settle(request)
    given = request["plan"]
    plan = PrintPlan(**{**given, "at_packing": (), "at_receiving": ()})
    asked = request["job"]
    job = Job(asked["order_id"], Paper(asked["paper"]), asked["work_id"], asked["house"])
    try:
        outcome = print_paper(Site(open_store(request["store"]), "", ""), plan, job, request["language"])
    except StoreError as error:
        outcome = say.not_printed_by_store(worded("{title} {hint}", title=error.title, hint=error.hint), job.house)
    first = outcome.reasons[0] if isinstance(outcome, Refused) else None
    print(json.dumps([first.name, sent(first.text)] if first else ["", ""]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
