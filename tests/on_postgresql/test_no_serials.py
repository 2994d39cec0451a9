"""What is no serial, and where the names and the codes are looked up."""

from tests.workflows.test_no_serials import *  # noqa: F403 - the same tests, with the `store` of this folder
