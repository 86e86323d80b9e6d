"""The Discord client, and running it until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord.ext import commands

from retrieval import OperatorError

from .worker import Asker, Worker

EXTENSIONS = ("bot.exts.ask",)

# The bot never speaks; without this discord.py warns that it could not.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

log = logging.getLogger(__name__)


class ConnectError(OperatorError):
    """Discord refuses the bot, or cannot be reached."""


class Bot(commands.AutoShardedBot):
    """Answers in Discord what its worker answers.

    It asks for no privileged intent: a message that mentions the bot carries its words anyway.
    """

    def __init__(self, worker: Worker) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.worker = worker

    async def setup_hook(self) -> None:
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.tree.sync()

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no prefix commands: what follows a mention is a question."""


async def run_bot(token: str, asker: Asker) -> None:
    """Serves on Discord until SIGINT or SIGTERM.

    Raises ConnectError where Discord refuses the token or an intent, or cannot be reached.
    """
    async with until_signal(), Worker(asker) as worker, Bot(worker) as bot:
        try:
            await bot.start(token)
        except discord.LoginFailure as error:
            raise ConnectError(
                "Discord does not accept the token: copy the bot's token from the developer "
                "portal into DISCORD_TOKEN."
            ) from error
        except discord.PrivilegedIntentsRequired as error:
            raise ConnectError(
                "Discord refuses the bot's intents: allow them in the developer portal under "
                "Bot, Privileged Gateway Intents."
            ) from error
        except (
            OSError,
            aiohttp.ClientError,
            discord.HTTPException,
            discord.ConnectionClosed,
        ) as error:
            raise ConnectError(f"Discord cannot be reached: {error}") from error


@asynccontextmanager
async def until_signal() -> AsyncIterator[None]:
    """Ends its block at SIGINT or SIGTERM, after the block's own clean-up.

    Left to itself, `asyncio.run` dies of SIGTERM without any.
    """
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    try:
        async with asyncio.timeout(None) as block:

            def stop() -> None:
                if not block.expired():
                    block.reschedule(loop.time())

            for one in signals:
                loop.add_signal_handler(one, stop)
            yield
    except TimeoutError:
        if not block.expired():
            raise
        log.info("Stopped.")
    finally:
        for one in signals:
            loop.remove_signal_handler(one)
