"""For a supervisor on the same machine: `GET /healthz` and `GET /metrics` on loopback."""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ..metrics import Metrics
from .listening import listening

log = logging.getLogger(__name__)


@asynccontextmanager
async def health_page(
    client: discord.AutoShardedClient, port: int, metrics: Metrics
) -> AsyncIterator[int]:
    """Tell on 127.0.0.1 how the client is, and what it has counted; yield the port.

    Args:
        client: the bot.
        port: where it listens; any free port for 0.
        metrics: what `/metrics` shows.

    Raises:
        PortError: the port is taken, or is not for this user.
    """

    async def healthz(request: web.Request) -> web.Response:
        ready, latency = _ready(client), client.latency
        body = {
            "status": "ok" if ready else "unavailable",
            "ready": ready,
            # None before the first heartbeat, where discord.py has infinity or no number.
            "latency_ms": round(latency * 1000) if math.isfinite(latency) else None,
        }
        return web.json_response(
            body, status=200 if ready else 503, headers={"Cache-Control": "no-store"}
        )

    async def figures(request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(metrics.registry),
            headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
        )

    app = web.Application()
    app.router.add_get("/healthz", healthz)  # HEAD comes with it.
    app.router.add_get("/metrics", figures)
    advice = "set PASSAGE_HEALTH_PORT to another"
    name = "The health endpoint"
    async with listening(app, "127.0.0.1", port, name=name, advice=advice) as bound:
        log.info("Health at http://127.0.0.1:%d/healthz, figures at /metrics", bound)
        yield bound


def _ready(client: discord.AutoShardedClient) -> bool:
    """Once ready, discord.py says so for ever; a lost gateway shows in the shards alone."""
    if not client.is_ready() or client.is_closed():
        return False
    return not any(shard.is_closed() for shard in client.shards.values())
