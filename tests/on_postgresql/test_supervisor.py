"""The overview and the products screens' work once more, on a PostgreSQL server."""

from tests.workflows.test_overview import *  # noqa: F403
from tests.workflows.test_products import *  # noqa: F403
