"""HTTP on a port: whatever is sent there, none of it is logged, and no connection hangs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

# What aiohttp logs of a request that is no HTTP has the request's own words: a question's, maybe.
_silent = logging.getLogger(f"{__name__}.http")
_silent.disabled = True


class Protocol(web.RequestHandler):
    """HTTP whose refusals are short, and have `headers` beside their own."""

    __slots__ = ()

    headers: dict[str, str] = {}  # noqa: RUF012 - a class has its own

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
        response.headers.update(self.headers)
        return response


@asynccontextmanager
async def listening(
    app: web.Application,
    host: str,
    port: int,
    protocol: type[Protocol] = Protocol,
    grace: float = 60.0,
) -> AsyncIterator[int]:
    """Serves an application; yields the port, which is any free one for 0.

    Requests under way have `grace` seconds when it is stopped.

    Raises:
        OSError: the port is taken, or not for this user, or there is no such host.
    """
    runner = web.AppRunner(app, shutdown_timeout=grace)
    await runner.setup()
    loop = asyncio.get_running_loop()

    def connected() -> Protocol:
        assert runner.server is not None  # noqa: S101 - it is there after `setup`
        return protocol(runner.server, loop=loop, access_log=_silent, logger=_silent)

    server = None
    try:
        server = await loop.create_server(connected, host, port)
        yield server.sockets[0].getsockname()[1]
    finally:
        if server is not None:
            server.close()
        await runner.cleanup()
