"""The reading of a file, looked at and stopped from elsewhere."""

import subprocess
import sys

import pytest

from scanstation.domain.file_errors import ReadingStopped
from scanstation.domain.progress import Progress


def test_what_is_stopped_does_not_go_on() -> None:
    progress = Progress()
    progress.go_on()
    progress.stop()
    with pytest.raises(ReadingStopped, match="Nothing was changed"):
        progress.go_on()


@pytest.mark.parametrize("stopped_before", [True, False])
def test_the_process_that_reads_is_ended(stopped_before: bool) -> None:
    progress = Progress()
    if stopped_before:
        progress.stop()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        progress.watch(child)
        progress.stop()
        assert child.wait(30) != 0
    progress.watch(None)
