"""HTTP on a port: whatever is sent there, none of it is logged, and no connection hangs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from retrieval import OperatorError, reason_of

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The articles are their publishers': a search engine is to find them there.
    "X-Robots-Tag": "noindex",
    "Server": "Passage",
}

# What aiohttp logs of a request that is no HTTP has the request's own words: a question's, maybe.
_silent = logging.getLogger(f"{__name__}.http")
_silent.disabled = True


class PortError(OperatorError):
    """A port cannot be opened."""


class _Protocol(web.RequestHandler):
    """HTTP whose refusals are short, and have HEADERS beside their own."""

    __slots__ = ()

    async def start(self) -> None:
        try:
            await super().start()
        except AttributeError:
            # aiohttp reads a CONNECT without an address, and falls over it.
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        # What is served tells itself where it fails: here aiohttp has failed at what was sent.
        status = 400 if status == 500 else status
        # Without words: a HEAD that is broken takes none, and others are shown no page.
        response = super().handle_error(request, status, exc, "")
        response.headers.update(HEADERS)
        return response


@asynccontextmanager
async def listening(
    app: web.Application, host: str, port: int, *, name: str, advice: str, grace: float = 60.0
) -> AsyncIterator[int]:
    """Serve an application; yield the port, which is any free one for 0.

    Args:
        app: the application.
        host: where it listens.
        port: the port there.
        name: what a failure calls it.
        advice: what a failure advises.
        grace: seconds that requests under way have when it is stopped.

    Raises:
        PortError: the port is taken, or not for this user, or there is no such host.
    """
    runner = web.AppRunner(app, shutdown_timeout=grace)
    await runner.setup()
    loop = asyncio.get_running_loop()

    def connected() -> _Protocol:
        assert runner.server is not None  # noqa: S101 - it is there after `setup`
        return _Protocol(runner.server, loop=loop, access_log=_silent, logger=_silent)

    try:
        try:
            server = await loop.create_server(connected, host, port)
        except OSError as error:
            reason = reason_of(error)
            raise PortError(
                f"{name} cannot open {host}, port {port} ({reason}); {advice}."
            ) from error
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    finally:
        await runner.cleanup()
