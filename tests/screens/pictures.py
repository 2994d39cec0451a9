"""Scenes, compared with their pictures in three sizes."""

from collections.abc import Awaitable, Callable

import pytest

from tests.screens.rig import SIZES, Rig

Compare = Callable[..., bool]
Scene = Callable[[Rig], Awaitable[None]]

in_all_sizes = pytest.mark.parametrize(
    "size",
    [pytest.param(size, id=name, marks=pytest.mark.long if name == "120x40" else ()) for name, size in SIZES.items()],
)
