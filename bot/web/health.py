"""For a supervisor on the same machine: `GET /healthz` and `GET /metrics` on loopback."""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

from aiohttp import web

from retrieval import OperatorError

from ..metrics import CONTENT_TYPE, Metrics
from .listening import listening

log = logging.getLogger(__name__)


class HealthError(OperatorError):
    """The health endpoint cannot be opened."""


class Shard(Protocol):
    """A connection to Discord's gateway."""

    def is_closed(self) -> bool: ...


class Client(Protocol):
    """What is asked of the bot: an AutoShardedBot will do."""

    @property
    def latency(self) -> float: ...

    @property
    def shards(self) -> Mapping[int, Shard]: ...

    def is_ready(self) -> bool: ...

    def is_closed(self) -> bool: ...


@asynccontextmanager
async def health_page(
    client: Client, port: int, articles: Callable[[], int], metrics: Metrics
) -> AsyncIterator[int]:
    """Tell on 127.0.0.1 how the client is, and what it has counted; yield the port.

    Args:
        client: the bot.
        port: where it listens; any free port for 0.
        articles: called in the event loop, so it has to know the number at once.
        metrics: what `/metrics` shows.

    Raises:
        HealthError: the port is taken, or is not for this user.
    """

    async def healthz(request: web.Request) -> web.Response:
        ready = _ready(client)
        body = {
            "status": "ok" if ready else "unavailable",
            "ready": ready,
            "latency_ms": _milliseconds(client.latency),
            "articles": articles(),
        }
        return web.json_response(
            body, status=200 if ready else 503, headers={"Cache-Control": "no-store"}
        )

    async def figures(request: web.Request) -> web.Response:
        return web.Response(
            body=metrics.exposition(),
            headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"},
        )

    app = web.Application()
    app.router.add_get("/healthz", healthz)  # HEAD comes with it.
    app.router.add_get("/metrics", figures)
    async with AsyncExitStack() as stack:
        try:
            bound = await stack.enter_async_context(listening(app, "127.0.0.1", port))
        except OSError as error:
            raise HealthError(
                f"The health endpoint cannot open port {port} ({error.strerror or error}); "
                "set PASSAGE_HEALTH_PORT to another."
            ) from error
        log.info("Health at http://127.0.0.1:%d/healthz, figures at /metrics", bound)
        yield bound


def _ready(client: Client) -> bool:
    """Once ready, discord.py says so for ever; a lost gateway shows in the shards alone."""
    if not client.is_ready() or client.is_closed():
        return False
    return not any(shard.is_closed() for shard in client.shards.values())


def _milliseconds(seconds: float) -> int | None:
    """None before the first heartbeat, where discord.py has infinity or no number."""
    return round(seconds * 1000) if math.isfinite(seconds) else None
