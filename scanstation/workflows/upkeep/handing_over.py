"""Handing over: what was done goes to an ERP, at least once and in the order in which it was done.

A server that is away holds everything back until it is there again. A message that it refuses is tried again by
itself, up to `TRIES` times, and holds back only those of its own order and unit; the others go on.
"""

import asyncio
import csv
import io
import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from json import loads
from pathlib import Path
from typing import Any, Protocol, TypeVar

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.handover import (
    COLUMNS,
    FOLDER,
    HOOK,
    TRIES,
    Failure,
    HandoverPlan,
    Message,
    csv_rows,
    runner_of,
    signature,
    wait_s,
)
from scanstation.domain.language import worded
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.verdict import Verdict
from scanstation.files import write_whole
from scanstation.store import acts, handover
from scanstation.store.store import Store, Transaction, timestamp
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.site import Site

Answer = TypeVar("Answer")

LEASE_S = 60.0
"""So long a target stays with who has it and is silent; longer than a post may take."""
_RENEWED_S = LEASE_S / 2
"""So often who hands over says that he is still there, where there is nothing else to write down."""
_AT_ONCE = 50
_FORGOTTEN_EVERY_S = 3_600.0
_KEPT_EVERY_S = 0.1
"""How far a target has come is written down so often, for in a file whoever scans waits for it each time. Whoever hands
over and is killed in between gives what came since once more, under the same numbers."""


class Away(Exception):
    """A target cannot be reached: all messages wait."""

    def __init__(self, why: str, mend: str = "") -> None:
        super().__init__(why)
        self.why, self.mend = why, mend
        """What keeps it; and a whole sentence, where there is something to say of it."""


class NotTaken(Exception):
    """A target refuses this one message."""


class Target(Protocol):
    """Where messages go."""

    name: str

    def give(self, message: Message) -> None:
        """Hand one over. Raises Away or NotTaken."""

    def close(self) -> None:
        """Nothing is handed over for now."""


class RefusedHere(Exception):
    """Whoever hands over may not, or somebody else does."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(slots=True)
class Folder:
    """A folder that gets a file for each message, whole or not at all; the same message has the same name."""

    folder: Path
    as_csv: bool
    name: str = FOLDER

    def close(self) -> None:
        """Nothing is open."""

    def give(self, message: Message) -> None:
        """Write the file. Raises Away where the folder or its disk does not take it."""
        file = self.folder / f"{message.number:012d}-{message.kind}.{'csv' if self.as_csv else 'json'}"
        try:
            write_whole(file, _as_csv(message) if self.as_csv else message.body.encode() + b"\n", (file.suffix,))
        except UnwritableFile as error:
            raise Away(error.title, error.hint) from error


def _as_csv(message: Message) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *csv_rows(loads(message.body))])
    return text.getvalue().encode()


class Hook:
    """An ERP's server that takes posts. What takes longer than it may, in whatever part, is given up."""

    name = HOOK

    def __init__(self, url: str, secret: str, timeout_s: float) -> None:
        import httpx  # late: no other command needs it

        self._url, self._secret, self._timeout_s = url, secret, timeout_s
        # A name that cannot be looked up is told by errors of other kinds than a host that is away.
        self._trouble = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
        self._runner: asyncio.Runner | None = None
        self._client: httpx.AsyncClient | None = None

    def give(self, message: Message) -> None:
        """Post it. Raises Away where the server is not there, or says so; NotTaken where it refuses."""
        body = message.body.encode()
        headers = {"Content-Type": "application/json", "ScanStation-Number": str(message.number)}
        if self._secret:
            headers["ScanStation-Signature"] = signature(self._secret, body)
        self._runner = self._runner or asyncio.Runner()
        try:
            status = self._runner.run(self._post(body, headers))
        except TimeoutError as error:
            raise Away(
                worded("the server gave no answer within {seconds} s", seconds=f"{self._timeout_s:g}")
            ) from error
        except self._trouble as error:
            why = visible(shorten(str(error) or type(error).__name__, 200))
            raise Away(worded("the server is out of reach ({why})", why=why)) from error
        if status in (408, 425, 429, 502, 503, 504):
            raise Away(worded("the server says {status}", status=status))
        if not 200 <= status < 300:
            raise NotTaken(f"the server says {status}")

    async def _post(self, body: bytes, headers: dict[str, str]) -> int:
        import httpx

        if self._client is None:
            # A proxy of the environment is for the world outside; this host is reached without.
            is_outside = self._url.startswith("https:")
            self._client = httpx.AsyncClient(timeout=None, trust_env=is_outside)  # noqa: S113 - it has one, below
        # The library's limits are of each wait by itself: a server that says a letter now and then comes to none.
        async with asyncio.timeout(self._timeout_s):
            # What it says beside its status is not read: that may have no end.
            async with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                return answer.status_code

    def close(self) -> None:
        """Give the connection back."""
        if self._runner is not None:
            if self._client is not None:
                self._runner.run(self._client.aclose())
            self._runner.close()
        self._runner = self._client = None


def targets_of(plan: HandoverPlan) -> list[Target]:
    """Where messages go by these settings."""
    targets: list[Target] = []
    if plan.folder:
        targets.append(Folder(Path(plan.folder), plan.as_csv))
    if plan.url:
        targets.append(Hook(plan.url, plan.secret, plan.timeout_s))
    return targets


@dataclass(slots=True)
class _Rest:
    """A target that is away."""

    tries: int = 0
    until: float = 0.0
    failure_text: str = ""
    told: str = ""


class HandOver:
    """Whoever hands over: claims what was done, and gives it to each target."""

    def __init__(self, site: Site, plan: HandoverPlan, targets: list[Target]) -> None:
        self._site, self._plan, self._targets = site, plan, targets
        self._runner = runner_of(site.station, os.getpid())
        self._rests = {target.name: _Rest() for target in targets}
        self._renewed, self._forgot = "", ""

    def held_elsewhere(self) -> str | None:
        """The station that hands over to one of the targets, where it is not this one. Writes nothing."""
        names = [target.name for target in self._targets]
        with self._site.store.read() as tx:
            other = handover.held_by_another(tx, names, self._runner, self._site.store.now())
        return None if other is None else _station_of(other)

    def begin(self) -> None:
        """Take the targets.

        Raises:
            RefusedHere: somebody else has one, or nobody here may.
            StoreError: the store cannot be used.
        """
        self._take()

    def inherit(self, runner: str) -> None:
        """Whoever had the targets is known to have ended without a word: they are free."""
        self._act(lambda tx: self._let_go(tx, runner))

    def end(self) -> None:
        """Give the targets back."""

        self.hang_up()
        self._renewed = ""
        self._site.act(Deed.HAND_OVER, lambda tx: self._let_go(tx, self._runner))

    def _let_go(self, tx: Transaction, runner: str) -> None:
        for target in self._targets:
            handover.let_go(tx, target.name, runner)

    def hang_up(self) -> None:
        """Leave no connection open; the targets stay ours."""
        for target in self._targets:
            target.close()

    def look(self, now: float, ended: Callable[[], bool] = lambda: False) -> Iterator[str]:
        """Hand over what there is by now; what somebody should know is told as it happens.

        Args:
            now: seconds on a clock that only goes forward.
            ended: is it to end? Asked between two messages.

        Raises:
            RefusedHere: somebody else has taken a target over.
            StoreError: the store cannot be used.
        """
        self._site.seat.touch()
        if self._renewed <= self._in(-_RENEWED_S):
            self._take()
        with self._site.store.read() as tx:
            is_claimed = not handover.waiting(tx)
        while not is_claimed and not ended():
            is_claimed = not self._act(handover.claim)
        for target in self._targets:
            if now < self._rests[target.name].until:
                continue
            try:
                yield from self._give_all(target, ended)
            except Away as away:
                rest = self._rests[target.name]
                rest.tries += 1
                rest.until = now + wait_s(rest.tries)
                if rest.failure_text != str(away):
                    rest.failure_text = str(away)
                    rest.told = worded("{name}: {why}. Messages wait.", name=target.name, why=away.why)
                    if away.mend:
                        rest.told = worded(
                            "{name}: {why} {mend} Messages wait.", name=target.name, why=away.why, mend=away.mend
                        )
                    yield rest.told
        if self._forgot <= self._in(-_FORGOTTEN_EVERY_S):
            self._act(lambda tx: handover.forget(tx, self._before(), [target.name for target in self._targets]))
            self._forgot = self._site.store.now()

    def troubles(self) -> list[str]:
        """What somebody should see to, in sentences: who is out of reach, and how many messages nobody takes."""
        sentences = [rest.told for rest in self._rests.values() if rest.tries]
        with self._site.store.read() as tx:
            failures = handover.failures(tx)
        if dead := sum(one.is_dead for target, one in failures if target in self._rests):
            sentences.append(say.refused_for_good(dead))
        return sentences

    @property
    def is_away(self) -> bool:
        """Is a target out of reach, so that messages wait for it?"""
        return any(rest.tries for rest in self._rests.values())

    def not_taken(self) -> int:
        """How many messages the targets have refused, or cannot have before such a one."""
        with self._site.store.read() as tx:
            return sum(len(handover.failures(tx, target.name)) for target in self._targets)

    def _give_all(self, target: Target, ended: Callable[[], bool]) -> Iterator[str]:
        """All that a target owes an answer for: first what failed and is due, then what is new."""
        yield from self._again(target, ended)
        while not ended():
            with self._site.store.read() as tx:
                messages = handover.next_messages(tx, target.name, _AT_ONCE)
                held = {key for _, failure in handover.failures(tx, target.name) for key in failure.keys}
            if not messages:
                return
            yield from self._give_each(target, messages, held, ended)

    def _give_each(
        self, target: Target, messages: Sequence[Message], held: set[str], ended: Callable[[], bool]
    ) -> Iterator[str]:
        upto, since = 0, time.monotonic()
        try:
            for message in messages:
                if ended():
                    return
                failure: Failure | None
                if message.keys & held:
                    failure = _failure(message, 0, "", "waits for an earlier message")
                else:
                    failure = yield from self._give(target, message, 0)
                if failure:
                    held |= message.keys
                upto = message.number
                if failure or time.monotonic() - since >= _KEPT_EVERY_S:
                    self._keep(target, upto, failure)
                    upto, since = 0, time.monotonic()
        finally:
            if upto:
                self._keep(target, upto, None)

    def _again(self, target: Target, ended: Callable[[], bool]) -> Iterator[str]:
        """What failed and is due; of each order and unit only as far as it goes in order."""
        with self._site.store.read() as tx:
            failures = [failure for _, failure in handover.failures(tx, target.name)]
        now, stuck = self._site.store.now(), set[str]()
        for failed in failures:
            if ended():
                return
            if failed.keys & stuck:
                stuck |= failed.keys
                continue
            if failed.tries and not (failed.due and failed.due <= now):
                stuck |= failed.keys
                continue
            with self._site.store.read() as tx:
                message = handover.message(tx, failed.number)
            assert message is not None, "what failed is kept"
            failure = yield from self._give(target, message, failed.tries)
            if failure:
                stuck |= failed.keys
            self._keep(target, failed.number, failure)

    def _give(self, target: Target, message: Message, tries: int) -> Generator[str, None, Failure | None]:
        """Hand one over; what failed, if it did."""
        trouble = None
        try:
            target.give(message)
        except NotTaken as refusal:
            trouble = refusal
        if self._rests[target.name].failure_text:
            yield worded("{name}: it is back.", name=target.name)
        self._rests[target.name] = _Rest()
        if trouble:
            tries += 1
            due = "" if tries >= TRIES else self._in(wait_s(tries))
            if not due:
                yield (
                    worded(
                        "{name}: message {number} ({kind}) was refused {tries} times: {why}. Later ones of its "
                        "order or unit wait. See `scanstation handover show {number}`.",
                        name=target.name,
                        number=message.number,
                        kind=message.kind,
                        tries=TRIES,
                        why=trouble,
                    )
                )
            return _failure(message, tries, due, str(trouble))
        return None

    def _keep(self, target: Target, number: int, failure: Failure | None) -> None:
        def act(tx: Transaction) -> None:
            if failure:
                handover.fail(tx, target.name, failure)
            else:
                handover.taken(tx, target.name, number)
            handover.passed(tx, target.name, number)

        self._take(act)

    def _take(self, do: Callable[[Transaction], None] = lambda _: None) -> None:
        """Keep the targets, and do something as long as they are ours."""
        until = self._in(LEASE_S + self._plan.timeout_s)

        def act(tx: Transaction) -> str | None:
            now = self._site.store.now()
            for target in self._targets:
                if other := handover.take(tx, target.name, self._runner, now, until):
                    self._let_go(tx, self._runner)  # not some of them
                    return other
            do(tx)
            return None

        if other := self._act(act):
            raise RefusedHere(say.handed_over_already(_station_of(other)))
        self._renewed = self._site.store.now()

    def _act(self, do: Callable[[Transaction], Answer]) -> Answer:
        answer = self._site.act(Deed.HAND_OVER, do)
        if isinstance(answer, Refused):
            raise RefusedHere(self._site.log_refusal(answer))
        return answer

    def _in(self, seconds: float) -> str:
        return timestamp(self._site.store.clock() + timedelta(seconds=seconds))

    def _before(self) -> str:
        return timestamp(self._site.store.clock() - timedelta(days=self._plan.keep_days))


def _station_of(runner: str) -> str:
    return runner.rpartition("/")[0]


def _failure(message: Message, tries: int, due: str, failure_text: str) -> Failure:
    return Failure(message.number, message.kind, message.key, tries, due, failure_text)


# What a person asks


@dataclass(frozen=True, slots=True)
class Standing:
    """How far messages have come."""

    acts_waiting: int
    newest: int
    upto: dict[str, int]
    failures: list[tuple[str, Failure]]


def standing(site: Site) -> Standing | Refused:
    """How far each target has come, and what was not taken."""
    if refusal := site.may(Deed.HAND_OVER):
        return refusal
    with site.store.read() as tx:
        return Standing(handover.waiting(tx), handover.newest(tx), handover.standing(tx), handover.failures(tx))


def seen(store: Store) -> Verdict:
    """Is anybody handing over, and are there messages that nobody takes? Asks no right: it names no message."""
    with store.read() as tx:
        holder = handover.held_by_another(tx, (FOLDER, HOOK), "", store.now())
        dead = sum(one.is_dead for _, one in handover.failures(tx))
    return say.hand_over_seen(_station_of(holder or ""), dead)


def shown(site: Site, number: int) -> dict[str, Any] | Refused:
    """A message as it is delivered."""
    if refusal := site.may(Deed.HAND_OVER):
        return refusal
    with site.store.read() as tx:
        message = handover.message(tx, number)
    if message is None:
        return say.unknown_message(number)
    body: dict[str, Any] = loads(message.body)
    return body


def retry(site: Site, numbers: tuple[int, ...]) -> Done | Refused:
    """Have messages that were refused tried again now; without numbers all of them."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        failures = [(target, one) for target, one in handover.failures(tx) if one.tries]
        chosen = [(target, one) for target, one in failures if not numbers or one.number in numbers]
        for number in numbers:
            if number not in [one.number for _, one in chosen]:
                return say.not_failed(number)
        for target, one in chosen:
            handover.fail(tx, target, Failure(one.number, one.kind, one.key, 1, stamp.at, one.said))
        if chosen:
            acts.note(tx, "Messages tried again", ", ".join(sorted({str(one.number) for _, one in chosen})), stamp)
        return say.tried_again(len(chosen))

    outcome = site.act(Deed.HAND_OVER, act)
    return site.logged(outcome)


def drop(site: Site, numbers: tuple[int, ...], reason: str) -> Done | Refused:
    """Give up messages that were refused for good: the ERP never hears of them, and later ones of their order go on."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        dead = [(target, one) for target, one in handover.failures(tx) if one.is_dead]
        for number in numbers:
            if number not in [one.number for _, one in dead]:
                return say.still_tried(number)
        if blank := blank_reason(f"message {numbers[0]}", reason, "dropped", kept="in the audit"):
            return blank
        for target, one in dead:
            if one.number in numbers:
                handover.taken(tx, target, one.number)
                acts.note(tx, "Message dropped", f"{one.number}", stamp, was=f"{one.kind}, {one.said}", reason=reason)
        return say.messages_dropped(len(set(numbers)))

    outcome = site.act(Deed.HAND_OVER, act)
    return site.logged(outcome)
