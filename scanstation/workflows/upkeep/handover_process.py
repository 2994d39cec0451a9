"""Handing over to an ERP beside a station: in a process of its own, which takes no time from scans.

The process runs `python -m scanstation.workflows.upkeep.handover_process` with the request on its standard input, which
stays open for as long as the station is: when it closes, whatever has ended the station, the process ends too. Of
several stations one hands over; the others' processes look now and then whether it still does.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import asdict
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any

from scanstation.domain import sentences as say
from scanstation.domain.handover import HANDED_OVER_ALREADY, HandoverPlan, HandoverStand, runner_of, wait_s
from scanstation.domain.language import joined, retold, sent, worded
from scanstation.store import own_process

if TYPE_CHECKING:
    from scanstation.domain.outcome import Refused
    from scanstation.workflows.site import Site

_LOOK_EVERY_S = 1.0
_LOOK_AT_OTHERS_S = 2.0
_WELL_S = 600.0
"""Whoever lasted so long begins anew without a longer wait."""
_REFUSED_S = 1_800.0
"""Until who was refused asks again: wrong PINs that come more often keep everybody at the site waiting."""
_REFUSED, _OUT_OF_REACH = 2, 3
"""The exit statuses of a process that has told why it ends. One that met an error of its own ends with 1."""
_LAST_POST_S = 15.0
"""So long a process may go on with what it is at when its station has ended."""


class StationHandOver:
    """What a station knows of its process that hands over, and when it begins one."""

    def __init__(self, url: str = "", plan: HandoverPlan | None = None, operator: str = "", pin_file: str = "") -> None:
        """Begin nothing yet.

        Args:
            url: the store's address.
            plan: where messages go; None: this station hands nothing over.
            operator: on whose behalf.
            pin_file: the file with the operator's PIN, where people sign in.
        """
        self.plan = plan
        self.stand: HandoverStand | None = None
        """None before the process has said anything."""
        self._url, self._operator, self._pin_file = url, operator, pin_file
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._begun_at = self._begin_at = 0.0
        self._ends = 0
        """How often it has ended by itself, one time right after the other."""
        self._runner = ""
        self._is_refused = False
        self._is_over = False

    def look(self, station: str, now_s: float) -> HandoverStand | None:
        """Begin the process where there is none, take what it said; returns what is new. Waits for nothing.

        Args:
            station: what this one is called.
            now_s: on a clock that is never set, such as `time.monotonic`.
        """
        if self.plan is None or self._is_over:
            return None
        if self._process is None:
            return self._begun(station, self.plan, now_s) if now_s >= self._begin_at else None
        before = self.stand
        while True:
            try:
                message = self._messages.get_nowait()
            except Empty:
                break
            if message is None:
                self._ended(now_s)
                break
            self._is_refused = message["is_refused"]
            self.stand = HandoverStand(message["holder"], retold(message["trouble"]))
        return self.stand if self.stand != before else None

    @property
    def runs(self) -> bool:
        """Is there a process, as far as was seen?"""
        return self._process is not None

    def close(self) -> None:
        """The station ends: so does the process, by itself."""
        self._is_over = True
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def _begun(self, station: str, plan: HandoverPlan, now_s: float) -> HandoverStand | None:
        request = {
            **own_process.request(self._url),
            "plan": asdict(plan),
            "station": station,
            "operator": self._operator,
            "pin_file": self._pin_file,
            "after": self._runner,
        }
        try:
            self._process = own_process.start(__name__)
        except OSError as error:  # too many run
            self._ends += 1
            self._begin_at = now_s + wait_s(self._ends)
            self.stand = HandoverStand(trouble=say.hand_over_not_begun(error.strerror or str(error)))
            return self.stand
        self._begun_at, self._is_refused = now_s, False
        self._runner = runner_of(station, self._process.pid)
        threading.Thread(target=_listen, args=(self._process, self._messages), name="handover", daemon=True).start()
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request).encode() + b"\n")  # less than a pipe holds
            self._process.stdin.flush()
        except OSError:
            pass  # it has ended already, which is seen next
        return None

    def _ended(self, now_s: float) -> None:
        """It ended by itself: begin another, after longer and longer waits."""
        assert self._process is not None
        assert self._process.stdin is not None
        status = self._process.wait()  # it has ended
        self._process.stdin.close()
        self._process = None
        self._ends = 1 if now_s - self._begun_at >= _WELL_S else self._ends + 1
        self._begin_at = now_s + (_REFUSED_S if self._is_refused else wait_s(self._ends))
        if self.stand is None or not self.stand.trouble or status not in (_REFUSED, _OUT_OF_REACH):
            self.stand = HandoverStand(trouble=say.hand_over_ended(status))


def _listen(process: "subprocess.Popen[bytes]", messages: "SimpleQueue[dict[str, Any] | None]") -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            messages.put(json.loads(line))
    process.wait()
    messages.put(None)


# In the process


def main() -> int:
    """Hand over until the station ends."""
    request = json.loads(sys.stdin.readline() or "null")
    if request is None:
        return 0  # the station ended before it asked
    is_over = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(is_over,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    sys.excepthook = _keep_own_error
    from scanstation.domain.defaults import PIN_FILE
    from scanstation.domain.outcome import Refused
    from scanstation.domain.store_errors import StoreError
    from scanstation.store.store import file_of, open_store
    from scanstation.workflows.access import pin_files, signing_in
    from scanstation.workflows.site import Seat, Site
    from scanstation.workflows.upkeep.handing_over import RefusedHere

    own_process.settle(request, holds_lock=file_of(request["store"]) is not None)

    def ask(site: Site, _what: str) -> "Refused | None":
        pin = pin_files.pin_of(request["pin_file"])
        if pin is None:
            return site.log_refusal(say.hand_over_without_pin(PIN_FILE))
        outcome = signing_in.by_pin(site, site.operator, pin)
        return outcome if isinstance(outcome, Refused) else None

    try:
        site = Site(open_store(request["store"]), request["operator"], request["station"], seat=Seat(ask=ask))
        _hand_over(site, HandoverPlan(**request["plan"]), request["after"], is_over)
    except RefusedHere as why:
        _tell(trouble=why.refusal.text, is_refused=True)
        return _REFUSED
    except pin_files.BadPinFile as error:
        _tell(trouble=error.args[0], is_refused=True)
        return _REFUSED
    except StoreError as error:
        _tell(trouble=worded("{title} {hint}", title=error, hint=error.hint))
        return _OUT_OF_REACH
    return 0


def _keep_own_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    from scanstation.files import keep_error

    keep_error("".join(traceback.format_exception(kind, error, trace)))


def _hand_over(site: "Site", plan: HandoverPlan, after: str, is_over: threading.Event) -> None:
    from scanstation.workflows.upkeep.handing_over import HandOver, RefusedHere, targets_of

    hand_over = HandOver(site, plan, targets_of(plan))
    told: tuple[str, str] | None = None

    def tell(holder: str, trouble: str) -> None:
        nonlocal told
        if told != (holder, trouble):
            told = holder, trouble
            _tell(holder, trouble)

    if after:
        hand_over.inherit(after)
    while not is_over.is_set():
        if (holder := hand_over.held_elsewhere()) is not None:
            tell(holder, "")
            is_over.wait(_LOOK_AT_OTHERS_S)
            continue
        try:
            for _ in hand_over.look(time.monotonic(), is_over.is_set):
                tell("", joined(hand_over.troubles(), " "))
            tell("", joined(hand_over.troubles(), " "))
        except RefusedHere as why:
            if why.refusal.reasons[0].name != HANDED_OVER_ALREADY:
                raise
            continue  # another was quicker
        is_over.wait(_LOOK_EVERY_S)
    hand_over.end()


def _wait_for_the_end(is_over: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):  # not by its buffer, whose lock the interpreter wants as it ends
        pass
    is_over.set()
    time.sleep(_LAST_POST_S)
    os._exit(0)  # as safe as a kill, and nothing outlives its station for long


def _tell(holder: str = "", trouble: str = "", *, is_refused: bool = False) -> None:
    with suppress(OSError):  # nobody listens any more: the station has ended
        print(json.dumps({"holder": holder, "trouble": sent(trouble), "is_refused": is_refused}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
