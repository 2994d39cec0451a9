"""Receiving and packing through the desk."""

from tests.workflows.test_desk import *  # noqa: F403 - the same tests, with the `store` of this folder
