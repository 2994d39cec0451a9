"""What a label alone can trigger: each case by the program in a terminal, and the table of them in docs/security.md.

`python -m tests.security.test_a_label_does_not_act_alone` prints the table.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanstation.domain.status import OrderStatus
from scanstation.store import orders
from scanstation.workflows.site import Site
from tests import builders
from tests.terminal import KEYS, READING_S, Terminal
from tests.workflows.done_work import packed

PROGRAM = Path(__file__).parents[1] / "screens" / "station_program.py"
DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"

SLOW_S = 0.03
"""Between the keys of a scanner on Bluetooth."""
TOO_SOON = "came too soon to be an answer"
KEYS_IN_IT = "contains control keys"
NO_CARD = "does not count here"
UNANSWERED = "Answer the question first"


@dataclass(frozen=True)
class Situation:
    """What is on the screen when the label is scanned."""

    told: str
    reach: Callable[[Terminal], None]
    env: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Label:
    """One label, and what comes of it."""

    before: Situation
    holds: str
    """As the documentation shows it: `⏎` is the scanner's suffix."""
    sent: str | tuple[str, ...]
    """In one burst; or key by key, as a scanner sends that is too slow for a scan."""
    says: str
    """A part of the answer."""
    comes: str = "STOP, nothing changes"


def _home(here: Terminal) -> None:
    here.wait_for("Scan an order or a serial number")


def _open(here: Terminal) -> None:
    _home(here)
    here.scan("N-1003")
    here.wait_for("N-1003 is open")
    here.scan("BAT-100")
    here.wait_for("1 of 40")


def _asked(here: Terminal) -> None:
    _open(here)
    here.scan("SS-COMPLETE")
    here.wait_for("Complete it with 1 unit")


def _closing(here: Terminal) -> None:
    _home(here)
    here.press("ctrl+q")
    here.wait_for("Close this station?")


def _truck(here: Terminal) -> None:
    _home(here)
    here.press("f9")
    here.wait_for("OVERVIEW")
    here.press("f5")
    here.wait_for("Scan each order as it leaves")
    here.pause(READING_S)
    here.scan("S-777")
    here.wait_for("1 still here")


def _without(here: Terminal) -> None:
    _truck(here)
    here.pause(READING_S)
    here.press("f7")
    here.wait_for("Ship S-777 without them?")


def _why(here: Terminal) -> None:
    _without(here)
    here.press("y")
    here.wait_for("Why does S-777 leave")


def _order(number: str) -> Callable[[Terminal], None]:
    def reach(here: Terminal) -> None:
        _home(here)
        here.press("f7" if number.startswith("N") else "f8")
        here.mark(number)
        here.press("enter")
        here.wait_for("Enter does what is marked")

    return reach


def _act(number: str, act: str, asks: str) -> Callable[[Terminal], None]:
    def reach(here: Terminal) -> None:
        _order(number)(here)
        here.mark(act)
        here.press("enter")
        here.wait_for(asks)

    return reach


HOME = Situation("Home", _home)
OPEN = Situation("An order is open, one unit of 40 taken", _open)
ASKED = Situation("The question whether to complete it in part", _asked)
CLOSING = Situation("The question whether to close the station", _closing)
TRUCK = Situation("Ship, an order lacks its serials", _truck)
WITHOUT = Situation("The question whether to ship it without them", _without)
WHY = Situation("The line for the reason", _why)
ORDER = Situation("A purchase order and what can be done to it", _order("N-1003"))
SHORT = Situation("The question whether to close an order short", _act("N-1003", "Close short", "Close it short?"))
CANCEL = Situation("The question whether to cancel an order", _act("S-902", "Cancel this order", "Cancel S-902?"))
AIM = Situation("Home, `wedge.require_aim` is on", _home, (("SCANSTATION_WEDGE__REQUIRE_AIM", "true"),))
MARK = Situation("Home, `wedge.prefix` is set", _home, (("SCANSTATION_WEDGE__PREFIX", "~"),))

F7, F10, DOWN, CTRL_Q = (KEYS[key].decode() for key in ("f7", "f10", "down", "ctrl+q"))

LABELS = (
    Label(OPEN, "`SS-COMPLETE⏎SS-YES⏎`", "SS-COMPLETE\rSS-YES\r", TOO_SOON, "STOP, the question stays"),
    Label(OPEN, "the same as a paste", "\x1b[200~SS-COMPLETE\rSS-YES\x1b[201~", TOO_SOON, "STOP, the question stays"),
    Label(
        OPEN,
        "`SS-COMPLETE⏎`, a long text, `SS-YES⏎`",
        f"SS-COMPLETE\r{'X' * 300}\rSS-YES\r",
        TOO_SOON,
        "STOP, the question stays",
    ),
    Label(OPEN, "`SS-COMPLETE⏎y⏎`", "SS-COMPLETE\ry\r", UNANSWERED, "STOP, the question stays"),
    Label(
        OPEN,
        "`SS-COMPLETE⏎SS-YES⏎`, each key 30 ms after the other",
        tuple("SS-COMPLETE\rSS-YES\r"),
        "came",  # too soon; or in pieces, where the machine has other things to do
        "STOP, the question stays",
    ),
    Label(OPEN, "F10 `⏎`", f"{F10}\r", KEYS_IN_IT),
    Label(OPEN, "F10 `SS-YES⏎`", f"{F10}SS-YES\r", KEYS_IN_IT),
    Label(ASKED, "`y⏎`", "y\r", TOO_SOON),
    Label(ASKED, "`X-1234⏎SS-YES⏎`", "X-1234\rSS-YES\r", TOO_SOON),
    Label(ASKED, "`SS-YES⏎`, scanned by itself", "SS-YES\r", "N-1003 saved, received in part", "what the card does"),
    Label(HOME, "Ctrl+Q `⏎`", f"{CTRL_Q}\r", KEYS_IN_IT),
    Label(HOME, "Ctrl+Q `y`", f"{CTRL_Q}y", KEYS_IN_IT),
    Label(CLOSING, "`y⏎`", "y\r", TOO_SOON),
    Label(TRUCK, "F7 `⏎`", f"{F7}\r", KEYS_IN_IT),
    Label(TRUCK, "F7 `⏎y⏎late⏎`", f"{F7}\ry\rlate\r", KEYS_IN_IT),
    Label(WITHOUT, "`SS-YES⏎`", "SS-YES\r", NO_CARD),
    Label(WITHOUT, "`y⏎`", "y\r", TOO_SOON),
    Label(WHY, "`abc⏎`", "abc\r", "this line is typed"),
    Label(WHY, "`customer waits⏎`", "customer waits\r", UNANSWERED),
    Label(WHY, "a paste", "\x1b[200~customer waits\x1b[201~\r", "a reason is typed, not pasted"),
    Label(WHY, "`SS-REASON-1⏎`", "SS-REASON-1\r", "lists no such reason"),
    Label(ORDER, "↓ ↓ `⏎`", f"{DOWN}{DOWN}\r", KEYS_IN_IT),
    Label(SHORT, "`SS-YES⏎`", "SS-YES\r", NO_CARD),
    Label(SHORT, "`y⏎`", "y\r", TOO_SOON),
    Label(CANCEL, "`SS-YES⏎`", "SS-YES\r", NO_CARD),
    Label(AIM, "`y⏎`", "y\r", "has no start mark"),
    Label(AIM, "`SS-PACK⏎`", "SS-PACK\r", "has no start mark"),
    Label(MARK, "`SS-PACK⏎`", "SS-PACK\r", "has no start mark"),
    Label(MARK, "`SS-PACK` as a paste", "\x1b[200~SS-PACK\x1b[201~", "has no start mark"),
)


def table() -> str:
    """The table of the documentation."""
    rows = [("On the screen", "The label", "What comes of it"), ("---", "---", "---")]
    rows += [(label.before.told, label.holds, label.comes) for label in LABELS]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    builders.product(site, "BAT-100", 0)
    builders.product(site, "PHO-1", 6)
    builders.purchase(site, "N-1003", {"BAT-100": 40})
    packed(site, builders.shipment(site, "S-777", {"PHO-1": 3}), "PHO-1", quantity=3)
    packed(site, builders.shipment(site, "S-902", {"BAT-100": 2}), "BAT-100", quantity=1)


def _station(site: Site, **env: str) -> Terminal:
    argv: list[str | Path] = [sys.executable, PROGRAM, f"sqlite:///{site.store.path}", "dock-2"]
    return Terminal(argv, env={"TZ": "UTC", **env})


def _statuses(site: Site) -> Iterator[OrderStatus]:
    with site.store.read() as tx:
        yield from (orders.find(tx, number)[0].status for number in ("N-1003", "S-777", "S-902"))


@pytest.mark.wide(20)
@pytest.mark.parametrize("label", LABELS, ids=[f"{label.before.told}: {label.holds}" for label in LABELS])
def test_a_label(site: Site, label: Label) -> None:
    before = [*_statuses(site)]
    with _station(site, **dict(label.before.env)) as here:
        label.before.reach(here)
        here.pause(READING_S)
        asked = here.lines[-5:-1]
        here.send_each([label.sent] if isinstance(label.sent, str) else label.sent, SLOW_S)
        here.wait_for(lambda _: _is_told(here, label.says))
        if label.comes.startswith("STOP"):
            assert " STOP " in here.text
            if "stays" not in label.comes:
                # Where the answer took the place of the reason, the panel has it before the question.
                rows = zip(asked, here.lines[-5:-1], strict=True)
                assert all(row.strip("│ ") in now for row, now in rows), "asks the same as before"
    changed = [*_statuses(site)] != before
    assert changed is (label.comes == "what the card does")


def test_six_labels_of_function_keys_ship_nothing_without_its_serials(site: Site) -> None:
    before = [*_statuses(site)]
    with _station(site) as here:
        _truck(here)
        for keys in (F7, "y", "l", "a", "t", F10):
            here.pause(READING_S)
            here.send(f"{keys}\r")
        here.pause(READING_S)
        here.scan("S-902")
        here.wait_for("S-902 is Packing")
        assert "without them?" not in here.text
    assert [*_statuses(site)] == before


def test_a_person_does_all_of_it_by_key(site: Site) -> None:
    with _station(site) as here:
        _why(here)
        here.type("urgent")
        here.press("enter")
        here.wait_for("1 shipped")
    assert OrderStatus.SHIPPED in [*_statuses(site)]


def test_the_documentation_has_this_table() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8")


def _is_told(here: Terminal, says: str) -> bool:
    """In the bar, or in the row that names what was refused before the last of several scans."""
    words = _words(here)
    return says in words or (says == KEYS_IN_IT and "refused: ␛" in words)


def _words(here: Terminal) -> str:
    return " ".join(part for part in here.text.replace("│", " ").split() if not set(part) <= set("█▀▄"))


if __name__ == "__main__":
    print(table())
