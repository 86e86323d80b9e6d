"""The Discord client, and running it until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from retrieval import OperatorError

from .health import serving
from .journal import JOURNAL, Journal
from .links import NO_READER, Links
from .options import DEFAULTS, AskOptions, Home
from .reader.app import serving as serving_reader
from .reader.options import ReaderOptions
from .reloading import Reloader
from .sync import sync, sync_home
from .translation import CommandTranslator
from .worker import Asker, Worker

EXTENSIONS = (
    "bot.exts.ask",
    "bot.exts.around",
    "bot.exts.sources",
    "bot.exts.meetings",
    "bot.exts.about",
    "bot.exts.reload",
)

# The bot never speaks; without this discord.py warns that it could not.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

RELOAD_STEP = "reload_step"
"""The event of a reload's progress and end, with its `Run`: for `Bot.wait_for`."""

BAD_TOKEN_CODE = 4004
"""The code with which the gateway closes where the token holds no longer."""

REFUSED = (
    "Discord does not accept the token: copy the bot's token from the developer portal "
    "into DISCORD_TOKEN."
)

log = logging.getLogger(__name__)


class ConnectError(OperatorError):
    """Discord refuses the bot, or cannot be reached."""


class Bot(commands.AutoShardedBot):
    """Answers in Discord what its worker answers.

    It asks for no privileged intent, for a message that mentions the bot carries its words anyway;
    unless channels are set aside, where it reads what is not put to it.
    """

    def __init__(
        self,
        worker: Worker,
        journal: Journal,
        options: AskOptions = DEFAULTS,
        folder: Path | None = None,
        home: Home | None = None,
        *,
        links: Links = NO_READER,
    ) -> None:
        """`folder` is where it remembers which commands Discord has; else they are always sent.

        `links` are those that members see.
        """
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=options.direct_messages,
                message_content=bool(options.channels),
            ),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.worker = worker
        self.journal = journal
        self.ask_options = options
        self.links = links
        self.before_close: list[Callable[[], Awaitable[None]]] = []
        """Called when the bot is to close, while it still hears and can be heard."""
        self.answering: dict[int, asyncio.Task[Any]] = {}
        """What answers a message just now, by the message's id."""
        self.home = home
        tell = partial(self.dispatch, RELOAD_STEP)
        self.reloader = Reloader(worker.asker, tell, options.finish_within)
        self._folder = folder

    async def setup_hook(self) -> None:
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.tree.set_translator(CommandTranslator())
        await sync(self.tree, self._folder / "commands.sha256" if self._folder else None)
        home = discord.Object(self.home.guild) if self.home else None
        await sync_home(self.tree, self._folder, home)

    async def settled(self, message: int) -> None:
        """Returns when no answer to a message is under way any more."""
        while task := self.answering.get(message):
            await asyncio.wait([task])

    async def close(self) -> None:
        await asyncio.gather(self.reloader.close(), *(end() for end in self.before_close))
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no prefix commands: what follows a mention is a question."""


async def run_bot(
    token: str,
    asker: Asker,
    data_dir: Path,
    *,
    options: AskOptions = DEFAULTS,
    home: Home | None = None,
    health_port: int | None = None,
    articles: int = 0,
    reader: ReaderOptions | None = None,
    links: Links = NO_READER,
    reload_first: bool = False,
) -> None:
    """Serves on Discord until SIGINT or SIGTERM; below `data_dir` is what it remembers.

    `articles` is how many there are, until it reloads them itself; `reader` is how its pages are
    served, if they are; `links` are those that members see. `reload_first` starts a reload, for an
    index from which no question can be answered.

    Raises ConnectError where Discord refuses the token or an intent, or cannot be reached.
    """
    with Journal(data_dir / JOURNAL) as journal:
        async with (
            until_signal(),
            Worker(asker, options.queue, options.finish_within) as worker,
            Bot(worker, journal, options, data_dir, home, links=links) as bot,
            nullcontext()
            if health_port is None
            else serving(bot, health_port, lambda: bot.reloader.articles or articles),
            nullcontext() if reader is None else serving_reader(worker, reader),
        ):
            if reload_first:
                bot.reloader.start()
            await _start(bot, token)


async def _start(bot: Bot, token: str) -> None:
    running = asyncio.create_task(bot.start(token))
    try:
        await asyncio.wait([running])
        running.result()
    except discord.LoginFailure as error:
        raise ConnectError(REFUSED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConnectError(
            "Discord refuses the Message Content intent, which PASSAGE_CHANNELS needs: allow "
            "it in the developer portal under Bot, Privileged Gateway Intents, or leave "
            "PASSAGE_CHANNELS empty."
        ) from error
    except (
        OSError,
        aiohttp.ClientError,
        discord.HTTPException,
        discord.ConnectionClosed,
        discord.GatewayNotFound,
    ) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code == BAD_TOKEN_CODE:
            raise ConnectError(REFUSED) from error
        raise ConnectError(f"Discord cannot be reached: {error}") from error
    finally:
        # Told once, it may go on: `asyncio.wait_for` of Python 3.11 can lose a cancellation.
        while not running.done():
            running.cancel()
            await asyncio.wait([running], timeout=0.5)
        if not running.cancelled():
            running.exception()  # Else Python would complain that nobody has looked at it.


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
