"""The commands that serve until they are stopped: `passage run`, `reader` and `try`."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from retrieval import OperatorError, OutdatedIndexError, feed_reports, follow_feeds, mark_indexed

from ..discord_token import WHERE, application_id
from ..ui.links import LOCAL, NO_READER
from .commands import OUTDATED, SUGGESTIONS, CommandContext, chat, index_if_none, make_index_current

if TYPE_CHECKING:  # It takes long to import.
    from retrieval import Library

log = logging.getLogger(__name__)


def run_on_discord(context: CommandContext) -> None:
    """Connect to Discord: `passage run`. Raises OperatorError, ConnectError."""
    settings = context.settings
    if settings.discord.token is None:
        raise OperatorError(
            "DISCORD_TOKEN is not set, so there is no bot to connect; "
            "`passage try` shows the bot without one."
        )
    token = settings.discord.token.get_secret_value().strip()
    if application_id(token) is None:
        raise OperatorError(
            "DISCORD_TOKEN is not a bot's token, which has three parts with dots between them; "
            f"{WHERE}."
        )
    from ..connection import run_bot  # noqa: PLC0415 - it imports discord.py
    from ..feed_follower import FollowedSources  # noqa: PLC0415

    if settings.discord.admin_role is not None and settings.discord.home is None:
        context.terminal.note("PASSAGE_ADMIN_ROLE does nothing without PASSAGE_HOME_GUILD.")
    links = settings.links
    if links.local:
        log.warning("%s", LOCAL)
        links = NO_READER
    folders = settings.library.seeds_dir, settings.library.data_dir
    index_if_none(context)
    outdated = not warm_if_current(context.library)
    status = context.library.status()
    asyncio.run(
        run_bot(
            token,
            context.library,
            settings.library.data_dir,
            options=settings.ask,
            home=settings.discord.home,
            health_port=settings.health_port,
            articles=status.articles,
            passages=status.passages,
            reader=settings.reader if settings.reader.enabled else None,
            links=links,
            reload_first=outdated,
            news=settings.news,
            given=settings.given,
            feeds=FollowedSources(
                lambda sleep: follow_feeds(*folders, sleep=sleep),
                lambda: mark_indexed(folders[1]),
                lambda: feed_reports(*folders)[0],
            ),
        )
    )


def reader(context: CommandContext) -> None:
    """Serve the reader until SIGINT or SIGTERM: `passage reader`."""
    # They import the web server.
    from ..reload_job import Reloader  # noqa: PLC0415
    from ..shutdown import until_signal  # noqa: PLC0415
    from ..web.app import serving  # noqa: PLC0415
    from ..worker import Worker  # noqa: PLC0415

    index_if_none(context)

    async def serve() -> None:
        options = context.settings.reader
        async with (
            until_signal(),
            Worker(context.library) as worker,
            serving(worker, options) as address,
            Reloader(context.library) as reloader,
        ):
            if not await worker.run(warm_if_current, context.library):
                reloader.rebuild()
            context.terminal.line(options.public_url or address)
            await asyncio.Event().wait()

    asyncio.run(serve())


def try_it(context: CommandContext) -> None:
    """Serve the page to try the bot, or else chat in the terminal: `passage try`."""
    from .try_page import PreviewError, serve_page  # noqa: PLC0415

    context.terminal.note("Loading the model ...")
    make_index_current(context)
    context.library.warm()

    def ready(address: str) -> None:
        context.terminal.say(f"Open {address}")
        context.terminal.note("Ctrl-C stops it.")

    page = serve_page(
        context.library,
        on_ready=ready,
        suggestions=SUGGESTIONS,
        port=context.settings.try_port,
        reader=context.settings.reader.private,
    )
    try:
        asyncio.run(page)
    except PreviewError as error:
        context.terminal.note(f"{error} Here is the chat in the terminal instead.")
        chat(context)


def warm_if_current(library: Library) -> bool:
    """Warm the library and return True, or log that its index has first to be rebuilt."""
    try:
        library.check_index()
    except OutdatedIndexError:
        log.warning("%s", OUTDATED)
        return False
    library.warm()
    return True
