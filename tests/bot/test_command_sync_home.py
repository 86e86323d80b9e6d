"""The commands of the home server: told once, and taken away where it is home no longer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import simcord

from bot.client import Bot
from bot.command_sync import COMMANDS_FILE
from bot.journal.background import BackgroundJournal
from bot.options import Home
from bot.worker import Worker

from .server import NO_LIMITS, nothing_found

GUILDS = (5 << 22, 6 << 22)


async def told(
    folder: Path, home: int | None, refused: int | None = None
) -> list[tuple[int, list[str]]]:
    """The servers that a start tells of commands, and their names."""
    async with BackgroundJournal(Path(":memory:")) as journal, Worker(nothing_found()) as worker:
        place = Home(home) if home else None
        bot = Bot(worker, journal, NO_LIMITS, folder, place)
        env = simcord.Env(bot, shard_count=1)
        for guild in GUILDS:
            env.create_guild(id=guild)
        if refused:
            env.inject_error("PUT", "/applications/*/guilds/*/commands", status=refused)
        await env.start()
        try:
            return [
                (int(request.path.split("/")[-2]), [one["name"] for one in request.json])
                for request in env.http_requests
                if request.method == "PUT" and "/guilds/" in request.path
            ]
        finally:
            await env.shutdown()


def homes(folder: Path) -> list[str]:
    """The servers that are known to have commands of their own."""
    return sorted(json.loads((folder / COMMANDS_FILE).read_bytes()).keys() - {"0"})


ADMIN = ["reload", "unanswered", "pin", "unpin"]


async def test_it_is_told_once_and_forgotten_when_it_moves_or_goes(tmp_path: Path) -> None:
    here, there = GUILDS
    assert await told(tmp_path, None) == []
    assert await told(tmp_path, here) == [(here, ADMIN)]
    assert await told(tmp_path, here) == []
    assert await told(tmp_path, there) == [(here, []), (there, ADMIN)]
    assert homes(tmp_path) == [str(there)]
    assert await told(tmp_path, None) == [(there, [])]
    assert homes(tmp_path) == []
    assert await told(tmp_path, None) == []


@pytest.mark.parametrize(("status", "left"), [(403, 0), (500, 1)])
async def test_a_refusal_is_tried_again_unless_the_server_is_closed(
    tmp_path: Path, status: int, left: int
) -> None:
    await told(tmp_path, GUILDS[0])
    await told(tmp_path, None, status)
    assert len(homes(tmp_path)) == left
