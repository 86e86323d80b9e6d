"""The reader's server: which address shows what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from threading import Thread
from typing import Any

from aiohttp import web

import retrieval
from retrieval import Answer, Turn

from ..corpora.libraries import Corpora
from ..ui.links import ID, NO_READER, Links, corpus_page
from ..worker import Result, Worker
from . import templating
from .listening import listening
from .options import ReaderOptions
from .security import Guard
from .views import Reader

MAX_BODY = 16_000
"""The most bytes that a request may carry; a question has a few hundred."""

CLOSING_SECONDS = 5.0
"""Seconds that requests under way have when the reader is stopped."""

QUOTE = "{start:[0-9]{1,8}}-{end:[0-9]{1,8}}"
"""The offsets of a quote in an address."""

FOR_EVER = "public, max-age=31536000, immutable"

log = logging.getLogger(__name__)


@asynccontextmanager
async def serving(
    worker: Worker,
    options: ReaderOptions,
    corpora: Corpora | None = None,
    keys: Mapping[str, str] | None = None,
) -> AsyncIterator[str]:
    """Serve the reader; yields its address on this machine. The worker's thread answers.

    Args:
        worker: has the main corpus, whose pages are at the root.
        options: where they are served, and how much may be asked.
        corpora: all corpora, where there are others.
        keys: for each of the others, by name, the part of its pages' address that nobody guesses.

    Raises:
        PortError: the port is taken, or not for this user, or there is no such host.
    """
    app = _application(worker, options, corpora or Corpora(worker.asker), keys or {})
    listener = listening(
        app,
        options.host,
        options.port,
        name="The reader",
        advice="set PASSAGE_READER_PORT to another, or 0 for any",
        grace=CLOSING_SECONDS,
    )
    async with listener as port:
        host = f"[{options.host}]" if ":" in options.host else options.host
        address = f"http://{host}:{port}/"
        log.info("Reader at %s", address)
        yield address


def _application(
    worker: Worker, options: ReaderOptions, corpora: Corpora, keys: Mapping[str, str]
) -> web.Application:
    guard = Guard(options)
    app = web.Application(middlewares=[guard.middleware], client_max_size=MAX_BODY)
    app.on_response_prepare.append(guard.headers)
    _add_pages(app, Reader(worker, options, guard, worker.asker, options.folder), "/")
    for name, key in keys.items():
        asker, folder, path = corpora.view([name]), corpora.entries[name].seeds, corpus_page(key)
        _add_pages(app, Reader(worker, options, guard, asker, folder, address=path), f"/{path}")
    for name in templating.STATIC:
        for address in ("/", f"/{corpus_page('{key}')}"):
            path = f"{address}static/{templating.hashed_name(name)}"
            app.router.add_get(path, partial(_static, name))
    return app


def _add_pages(app: web.Application, reader: Reader, address: str) -> None:
    """Add the routes of a corpus, which begin with an address."""
    app.on_cleanup.append(reader.close)
    for path, handler in (
        ("", reader.home),
        ("articles", reader.articles),
        (rf"articles/{{id:{ID}}}", reader.article),
        (rf"articles/{{id:{ID}}}/q/{QUOTE}", reader.quote),
        (rf"articles/{{id:{ID}}}/q/{QUOTE}.json", reader.annotation),
        ("verify", reader.verify),
        ("meetings", reader.meetings),
        ("meetings.ics", reader.calendar),
    ):
        app.router.add_get(address + path, handler)  # HEAD comes with it.
    app.router.add_post(address, reader.home)
    app.router.add_post(f"{address}verify", reader.verify)


async def _static(name: str, request: web.Request) -> web.Response:
    return web.Response(
        body=templating.content(name),
        content_type=templating.STATIC[name],
        charset="utf-8",
        headers={"Cache-Control": FOR_EVER},
    )


@asynccontextmanager
async def links_here(worker: Worker, options: ReaderOptions | None) -> AsyncIterator[Links]:
    """Serve the reader to this machine alone; yields its links, none without options."""
    if options is None:
        yield NO_READER
        return
    async with serving(worker, options) as address:
        yield Links(address)


@contextmanager
def background_reader(
    asker: retrieval.Library, options: ReaderOptions
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
