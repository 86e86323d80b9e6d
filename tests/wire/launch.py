"""`python -m tests.wire.launch`: `passage run`, with discord.py sent to the stand-in.

It waits less before it tries again to connect or to send. As long as there is a file at
WIRE_PAUSE_FILE, no question is searched for. WIRE_WITHOUT_MODEL starts a bot that will be asked
nothing: the model takes seconds to load. Permissions of files bind root's bot, as those of others.
All else is as ever.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import yarl

from bot import connection
from bot.ask.service import AnswerService
from bot.cli.app import main
from bot.client import Bot
from bot.journal import background
from bot.ui import delivery
from bot.worker import Worker
from retrieval import Library
from retrieval.index import reload_process
from retrieval.search.searcher import Searcher
from tests.waiting import PATIENCE

API, GATEWAY, PAUSE = "WIRE_API", "WIRE_GATEWAY", "WIRE_PAUSE_FILE"
JUMP = "WIRE_CLOCK_JUMP_FILE"
"""A file with the seconds by which this machine's clock is wrong."""

FORGET = "WIRE_FORGET_EVERY"
"""Seconds after which what is old is forgotten again."""

WITHOUT_MODEL = "WIRE_WITHOUT_MODEL"

PATIENT = "WIRE_PATIENT"
"""Where it is set, nothing is given up because this machine is slow, answers are edited with short
pauses, a reload is forked, and a start searches once: the model of a bot that is forked is loaded,
and to warm it for texts of any length would take half a second."""

QUEUE = "WIRE_QUEUE"
"""Questions that may wait; without it, as many as ever."""

RENEWAL = "bot.ask.renewal_cog"

VERSION, CAPABILITIES = (0x20080522, 0), ctypes.c_uint32 * 6
"""What capget and capset are given: the version with this process's id, and the sets of rights."""

OVERRIDES = 0b110
"""Of the first set, the rights in effect: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""

LOOK_EVERY = 0.25
"""Seconds after which what is old is forgotten again, where the variable does not say."""

BACKOFF = 0.05
"""Seconds between attempts to reach the gateway, or before a message is sent again."""

_make_service = AnswerService.__init__
_set_up = Bot.setup_hook


def launch() -> int:
    """Runs the bot; returns its exit status."""
    discord.http.Route.BASE = os.environ[API]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ[GATEWAY])
    discord.backoff.ExponentialBackoff.delay = lambda self: BACKOFF
    # Discord lets a bot log in every five seconds; the stand-in does not mind.
    discord.Client.before_identify_hook = _at_once
    delivery.FIRST_PAUSE = BACKOFF
    background.FORGET_EVERY = float(os.environ.get(FORGET, LOOK_EVERY))
    background.CALL_WAIT = PATIENCE
    jump, clock = Path(os.environ[JUMP]), time.time
    time.time = lambda: clock() + (float(jump.read_text()) if jump.exists() else 0.0)
    search, pause = Searcher.search, Path(os.environ[PAUSE])

    def paused(self: Searcher, *args: Any, **kwargs: Any) -> Any:
        while pause.exists():
            time.sleep(0.02)
        return search(self, *args, **kwargs)

    Searcher.search = paused
    connection.Worker = lambda corpus, queue, grace: Worker(
        corpus, int(os.environ.get(QUEUE, queue)), PATIENCE if os.environ.get(PATIENT) else grace
    )
    if os.environ.get(PATIENT):
        reload_process.RELOAD_WORKER = "tests.wire.reloading"
        Bot.setup_hook = _edit_soon  # type: ignore[method-assign]
        Library.warm = lambda self: self._found("warm", None, 1)
        AnswerService.__init__ = _give_up_nothing
    _be_bound_by_permissions()
    if os.environ.get(WITHOUT_MODEL):
        Library.check_index = Library.warm = lambda self: None
    return main(["run"])


def _be_bound_by_permissions() -> None:
    """Gives up the rights to pass over the permissions of files, which root has on Linux."""
    if sys.platform == "linux":
        libc, header, sets = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(*VERSION), CAPABILITIES()
        libc.capget(header, sets)
        sets[0] &= ~OVERRIDES
        libc.capset(header, sets)


def _give_up_nothing(self: AnswerService, bot: Bot) -> None:
    _make_service(self, bot)
    self._options = replace(self._options, give_up_after=PATIENCE, finish_within=PATIENCE)


async def _edit_soon(self: Bot) -> None:
    """Waits little between edits. The modules of a bot's extensions are executed when they load."""
    await _set_up(self)
    sys.modules[RENEWAL].BETWEEN_EDITS = 0.1  # type: ignore[attr-defined]


async def _at_once(self: discord.Client, shard_id: int | None, *, initial: bool = False) -> None:
    """Waits for nothing."""


if __name__ == "__main__":
    sys.exit(launch())
