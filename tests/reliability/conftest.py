"""The figures of what was run, for docs/reliability.md."""

import pytest

from tests.reliability.rounds import SEEN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in SEEN:
        terminalreporter.write_line(line)
