"""Commands as a user gives them, and a server with its stores, as in the tests beside."""

from tests.cli.conftest import ana, command, in_folder
from tests.on_postgresql.conftest import server, template

__all__ = ["ana", "command", "in_folder", "server", "template"]
