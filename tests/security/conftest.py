"""Commands as a user gives them, as in the tests beside."""

from tests.cli.conftest import ana, command, in_folder

__all__ = ["ana", "command", "in_folder"]
