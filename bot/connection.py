"""`passage run`: connects the client to Discord, with everything that runs next to it."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext

import discord

from retrieval import OperatorError

from .client import Bot
from .corpora.libraries import Corpora
from .feed_follower import FeedFollower, FollowedSources
from .journal.background import BackgroundJournal
from .journal.journal import JOURNAL
from .settings import Settings
from .shutdown import until_signal
from .ui.delivery import DISCORD_FAULTS
from .ui.links import NO_READER, Links
from .web.app import serving
from .web.health import health_page
from .worker import Worker

BAD_TOKEN_CODE = 4004
"""The code with which the gateway closes when the token is no longer valid."""

REFUSED = (
    "Discord does not accept the token: copy the bot's token from the developer portal "
    "into DISCORD_TOKEN."
)


class ConnectError(OperatorError):
    """Discord refuses the bot, or cannot be reached."""


async def run_bot(
    token: str,
    corpora: Corpora,
    settings: Settings,
    *,
    links: Links = NO_READER,
    reload_first: bool = False,
) -> None:
    """Serve on Discord until SIGINT or SIGTERM.

    Args:
        token: the bot's token.
        corpora: the corpora that are asked.
        settings: what the operator has set.
        links: the links that members see.
        reload_first: whether to reload, and again until that succeeds, because the index
            answers no question.

    Raises:
        ConnectError: Discord refuses the token or an intent, or cannot be reached.
    """
    options, data_dir, port = settings.ask, settings.library.data_dir, settings.health_port
    libraries = {name: settings.at(name).library for name in corpora.entries}
    feeds = FollowedSources({n: (of.seeds_dir, of.data_dir) for n, of in libraries.items()})
    async with (
        until_signal(),
        BackgroundJournal(data_dir / JOURNAL) as journal,
        Worker(corpora.main, options.queue, options.finish_within) as worker,
        Bot(
            worker,
            journal,
            options,
            data_dir,
            settings.discord.home,
            links=links,
            news=settings.news,
            given=settings.given,
            corpora=corpora,
        ) as bot,
        nullcontext() if port is None else health_page(bot, port, bot.metrics),
        serving(worker, settings.reader, corpora, settings.reader_keys)
        if settings.reader.enabled
        else nullcontext(),
        FeedFollower(feeds, bot.reloader),
    ):
        bot.feeds = feeds
        if reload_first:
            bot.reloader.rebuild()
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
    except (*DISCORD_FAULTS, discord.ConnectionClosed, discord.GatewayNotFound) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code == BAD_TOKEN_CODE:
            raise ConnectError(REFUSED) from error
        raise ConnectError(f"Discord cannot be reached: {error}") from error
    finally:
        # Repeatedly, because `asyncio.wait_for` of Python 3.11 can lose a cancellation.
        while not running.done():
            running.cancel()
            await asyncio.wait([running], timeout=0.5)
        if not running.cancelled():
            running.exception()  # Python complains of an exception that nobody retrieves.
