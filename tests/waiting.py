"""How tests wait: for what happens, not for a time, so that a slow machine fails none of them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

PATIENCE = float(os.environ.get("PATIENCE", "600"))
"""Seconds after which it is taken that something never happens; no test that passes waits so long.
The environment variable of that name sets it."""


def wait_until(happens: Callable[[], object], interval: float = 0.05) -> None:
    """Return as soon as `happens()` is true.

    Args:
        happens: looks whether it is so; called every `interval` seconds.

    Raises:
        AssertionError: It has not become true within PATIENCE seconds.
    """
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s in vain"
        time.sleep(interval)


async def until(true: Callable[[], object], interval: float = 0.005) -> None:
    """Return as soon as `true()` is: for what sets no event, as a log or a file.

    Args:
        true: looks whether it is so; called every `interval` seconds.

    Raises:
        TimeoutError: It has not become true within PATIENCE seconds.
    """
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(interval)
