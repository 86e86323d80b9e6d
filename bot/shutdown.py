"""Ending a program that serves at SIGINT or SIGTERM, after its own clean-up."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@asynccontextmanager
async def until_signal() -> AsyncIterator[None]:
    """End the block at SIGINT or SIGTERM, after the block's own clean-up.

    `asyncio.run` alone dies of SIGTERM without any. For the main thread.
    """
    loop = asyncio.get_running_loop()
    previous = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        async with asyncio.timeout(None) as block:

            def stop() -> None:
                if not block.expired():
                    block.reschedule(loop.time())

            for number in SIGNALS:
                try:
                    loop.add_signal_handler(number, stop)
                except NotImplementedError:  # Windows' event loop has no handlers of signals.
                    signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
            yield
    except TimeoutError:
        if not block.expired():
            raise
        log.info("Stopped.")
    finally:
        for number, handler in previous.items():
            try:
                loop.remove_signal_handler(number)
            except NotImplementedError:
                signal.signal(number, handler)
