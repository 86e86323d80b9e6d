"""The reader in a thread of its own, while the terminal waits for the next question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from threading import Thread
from typing import Any

from retrieval import Answer, Turn

from ..ui.links import Links
from ..worker import Corpus, Result, Worker
from .app import links_here
from .options import ReaderOptions


@contextmanager
def background_reader(
    asker: Corpus, options: ReaderOptions
) -> Iterator[tuple[Callable[[str, Turn | None], Answer], Links]]:
    """Serve the reader in a thread of its own; yields a function that asks, and the links.

    The asker must not be used by two threads at once: a question waits while a page is made.
    """
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="reader", daemon=True)
    thread.start()

    def run(work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    stack = AsyncExitStack()
    try:
        worker = run(stack.enter_async_context(Worker(asker)))
        links = run(stack.enter_async_context(links_here(worker, options)))
        yield lambda question, before: run(worker.ask(question, None, before)), links
    finally:
        run(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
