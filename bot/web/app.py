"""The reader's server: which address shows what."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial

from aiohttp import web

from retrieval import OperatorError

from ..ui.links import ID, NO_READER, Links, corpus_page
from ..worker import Worker
from . import templating
from .corpus_pages import CorpusPages
from .listening import Protocol, listening
from .options import ReaderOptions
from .security import HEADERS, Guard, Handler
from .views import Reader

MAX_BODY = 16_000
"""The most bytes that a request may carry; a question has a few hundred."""

CLOSING_SECONDS = 5.0
"""Seconds that requests under way have when the reader is stopped."""

QUOTE = "{start:[0-9]{1,8}}-{end:[0-9]{1,8}}"
"""The offsets of a quote in an address."""

FOR_EVER = "public, max-age=31536000, immutable"

log = logging.getLogger(__name__)


class _Protocol(Protocol):
    """Its refusals carry the security headers too."""

    __slots__ = ()

    headers = HEADERS


class ReaderError(OperatorError):
    """The reader cannot be served."""


@asynccontextmanager
async def serving(
    worker: Worker, options: ReaderOptions, further: Sequence[CorpusPages] = ()
) -> AsyncIterator[str]:
    """Serve the reader; yields its address on this machine. The worker's thread answers.

    `further` are the pages of other corpora than the main one.

    Raises:
        ReaderError: the port is taken, or not for this user, or there is no such host.
    """
    app = application(worker, options, further)
    async with AsyncExitStack() as stack:
        try:
            port = await stack.enter_async_context(
                listening(app, options.host, options.port, _Protocol, CLOSING_SECONDS)
            )
        except OSError as error:
            raise ReaderError(
                f"The reader cannot open {options.host}, port {options.port} "
                f"({error.strerror or error}); set PASSAGE_READER_PORT to another, or 0 for any."
            ) from error
        host = f"[{options.host}]" if ":" in options.host else options.host
        address = f"http://{host}:{port}/"
        log.info("Reader at %s", address)
        yield address


def application(
    worker: Worker, options: ReaderOptions, further: Sequence[CorpusPages] = ()
) -> web.Application:
    """The application: its middleware and its routes. See `serving`."""
    guard = Guard(options)

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await guard.middleware(request, handler)

    app = web.Application(middlewares=[guarded], client_max_size=MAX_BODY)
    app.on_response_prepare.append(guard.headers)
    for pages in (CorpusPages(worker.asker, options.folder), *further):
        _add_pages(app, Reader(worker, options, guard, pages), f"/{pages.address}")
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
    """Serve the reader to this machine alone; yields its links, none without options.

    Where the port is taken, any free one is used.
    """
    async with AsyncExitStack() as stack:
        if options is None:
            yield NO_READER
            return
        try:
            address = await stack.enter_async_context(serving(worker, options))
        except ReaderError:
            any_port = replace(options, port=0)
            address = await stack.enter_async_context(serving(worker, any_port))
        yield Links(address)
