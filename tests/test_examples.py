"""The examples in the docstrings of what people call are true."""

import doctest
from types import ModuleType

import pytest

from scanstation.devices import wedge
from scanstation.domain import reports
from scanstation.store import store as stores
from scanstation.store.store import Store


@pytest.mark.parametrize("module", [reports, stores, wedge], ids=lambda module: module.__name__)
def test_the_examples_of_a_module_are_true(module: ModuleType, store: Store) -> None:
    ran = doctest.testmod(module, extraglobs={"store": store})
    assert ran.attempted > 0
    assert ran.failed == 0
