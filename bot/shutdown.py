"""Ending a program that serves, at SIGINT or SIGTERM, after its own clean-up."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

log = logging.getLogger(__name__)


@asynccontextmanager
async def until_signal() -> AsyncIterator[None]:
    """Ends its block at SIGINT or SIGTERM, after the block's own clean-up.

    Left to itself, `asyncio.run` dies of SIGTERM without any.
    """
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    try:
        async with asyncio.timeout(None) as block:

            def stop() -> None:
                if not block.expired():
                    block.reschedule(loop.time())

            for one in signals:
                loop.add_signal_handler(one, stop)
            yield
    except TimeoutError:
        if not block.expired():
            raise
        log.info("Stopped.")
    finally:
        for one in signals:
            loop.remove_signal_handler(one)
