"""Which refusals of a run of scans count as unseen, and until when."""

import pytest

from scanstation.domain.scan import Scan
from scanstation.domain.unseen import Unseen
from scanstation.domain.verdict import Verdict, check, ok, stop

OK, STOP, CHECK = "OK", "STOP", "CHECK"
Step = tuple[str, str, bool]
"""A code, how it was answered, and whether the next scan was there by then."""


def run(*steps: Step) -> Unseen:
    unseen = Unseen()
    for code, how, followed in steps:
        said: Verdict = {OK: ok("Taken.", code), CHECK: check("x", "Look.", code), STOP: stop("x", "No.", code)}[how]
        unseen.answered(Scan(code), said, "09:00:00", followed=followed)
    return unseen


@pytest.mark.parametrize(
    ("steps", "codes", "count"),
    [
        ([("A", STOP, True), ("B", OK, False)], ["A"], 1),
        ([("A", STOP, True), ("B", CHECK, False)], ["A"], 1),
        ([("A", STOP, True), ("B", STOP, True), ("C", STOP, True), ("D", OK, False)], ["A", "B", "C"], 3),
        ([("A", OK, True), ("B", STOP, False)], [], 0),  # the last of a run stays in the bar
        ([("A", STOP, True), ("B", STOP, False)], ["A"], 1),
        ([("A", STOP, False), ("B", OK, False)], [], 0),  # it stood until somebody scanned on
        ([("A", CHECK, True), ("B", OK, True)], [], 0),
        ([("A", STOP, True), ("B", OK, True), ("A", OK, False)], [], 0),  # scanned well afterwards
        ([("ab-1", STOP, True), ("B", OK, True), (" AB-1 ", OK, False)], [], 0),
        ([("A", STOP, True), ("B", OK, True), ("A", STOP, False)], ["A"], 1),
        ([("A", STOP, True), ("A", STOP, False)], [], 0),  # what was said of it is said again
        ([("A", STOP, True), ("A", STOP, True), ("B", OK, False)], ["A"], 1),
        ([("A", STOP, True), ("B", OK, True), ("A", STOP, True), ("C", OK, False)], ["A"], 2),
        ([("A", STOP, True), ("A", OK, False)], [], 0),
    ],
)
def test_a_stop_that_gave_way_to_the_next_scan_of_a_run_is_kept(
    steps: list[Step], codes: list[str], count: int
) -> None:
    unseen = run(*steps)
    assert list(unseen.codes) == codes
    assert len(unseen.refusals) == count


def test_what_was_acknowledged_is_gone_and_what_comes_then_counts_anew() -> None:
    unseen = run(("A", STOP, True), ("B", STOP, True), ("C", OK, False))
    assert unseen.acknowledge() == 2
    assert unseen.acknowledge() == 0
    unseen.answered(Scan("D"), stop("x", "No.", "D"), "09:00:01", followed=True)
    unseen.answered(Scan("E"), ok("Taken.", "E"), "09:00:02", followed=False)
    assert unseen.codes == ("D",)
