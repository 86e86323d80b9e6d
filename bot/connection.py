"""`passage run`: connects the client to Discord, with everything that runs next to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

import aiohttp
import discord

from retrieval import OperatorError

from .background_journal import BackgroundJournal
from .client import Bot
from .corpora.libraries import Corpora
from .feed_follower import FeedFollower, FollowedSources
from .journal import JOURNAL
from .options import DEFAULTS, NO_NEWS, AskOptions, Home, NewsOptions
from .shutdown import until_signal
from .ui.links import NO_READER, Links
from .web.app import serving
from .web.corpus_pages import CorpusPages
from .web.health import health_page
from .web.options import ReaderOptions
from .worker import Corpus, Worker

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
    asker: Corpus,
    data_dir: Path,
    *,
    options: AskOptions = DEFAULTS,
    home: Home | None = None,
    health_port: int | None = None,
    articles: int = 0,
    passages: int = 0,
    reader: ReaderOptions | None = None,
    links: Links = NO_READER,
    reload_first: bool = False,
    feeds: FollowedSources | None = None,
    news: NewsOptions = NO_NEWS,
    given: Iterable[str] = (),
    corpora: Corpora | None = None,
    pages: Sequence[CorpusPages] = (),
) -> None:
    """Serve on Discord until SIGINT or SIGTERM.

    Args:
        token: the bot's token.
        asker: answers the questions.
        data_dir: the folder of the journal and of the hashes of the commands.
        options: how the bot may be asked.
        home: the server with the administrators' commands, if there is one.
        health_port: the port of the health check on 127.0.0.1, if there is one.
        articles: how many articles the index has at the start, for the health check.
        passages: how many passages it has then, for the metrics.
        reader: how the reader is served, if it is.
        links: the links that members see.
        reload_first: whether to reload, and again until that succeeds, because the index
            answers no question.
        feeds: the sources that are followed.
        news: where the news of a reload goes, and when.
        given: the variables that the operator has set, which no server changes.
        corpora: the corpora, of which `asker` is the main one; None is that alone.
        pages: those of the other ones, in the reader.

    Raises:
        ConnectError: Discord refuses the token or an intent, or cannot be reached.
    """
    async with (
        until_signal(),
        BackgroundJournal(data_dir / JOURNAL) as journal,
        Worker(asker, options.queue, options.finish_within) as worker,
        Bot(
            worker,
            journal,
            options,
            data_dir,
            home,
            links=links,
            news=news,
            given=given,
            corpora=corpora,
        ) as bot,
        nullcontext()
        if health_port is None
        else health_page(bot, health_port, lambda: bot.reloader.articles or articles, bot.metrics),
        nullcontext() if reader is None else serving(worker, reader, pages),
        nullcontext() if feeds is None else FeedFollower(feeds, bot.reloader),
    ):
        bot.feeds = feeds
        bot.metrics.set_passages(passages)
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
        # Repeatedly, because `asyncio.wait_for` of Python 3.11 can lose a cancellation.
        while not running.done():
            running.cancel()
            await asyncio.wait([running], timeout=0.5)
        if not running.cancelled():
            running.exception()  # Python complains of an exception that nobody retrieves.
