"""The commands that serve until they are stopped: `passage run`, `reader` and `try`."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING

import retrieval
from retrieval import MAIN_CORPUS, CorpusError, OperatorError, OutdatedIndexError

from ..discord_token import WHERE, application_id
from ..ui.links import LOCAL, NO_READER
from .commands import chat
from .context import OUTDATED, CommandContext, index_if_none, make_index_current, undo_import
from .suggestions import suggestions

if TYPE_CHECKING:  # It takes long to import.
    from ..corpora.libraries import Corpora

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

    if settings.discord.admin_role is not None and settings.discord.home is None:
        context.terminal.note("PASSAGE_ADMIN_ROLE does nothing without PASSAGE_HOME_GUILD.")
    links = settings.links
    if links.local:
        log.warning("%s", LOCAL)
        links = NO_READER
    index_if_none(context)
    outdated = not warm_if_current(context.library)
    corpora, others_outdated = open_corpora(context)
    reload_first = outdated or others_outdated
    asyncio.run(run_bot(token, corpora, settings, links=links, reload_first=reload_first))


def reader(context: CommandContext) -> None:
    """Serve the reader until SIGINT or SIGTERM: `passage reader`."""
    # They import the web server.
    from ..reload_job import Reloader  # noqa: PLC0415
    from ..shutdown import until_signal  # noqa: PLC0415
    from ..web.app import serving  # noqa: PLC0415
    from ..worker import Worker  # noqa: PLC0415

    index_if_none(context)
    corpora, outdated = open_corpora(context)
    keys = context.settings.reader_keys

    async def serve() -> None:
        options = context.settings.reader
        async with (
            until_signal(),
            Worker(context.library) as worker,
            serving(worker, options, corpora, keys) as address,
            Reloader(corpora.reload) as reloader,
        ):
            if not await worker.run(warm_if_current, context.library) or outdated:
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
        suggestions=[*suggestions(context.library)],
        port=context.settings.try_port,
        reader=context.settings.reader.private,
    )
    try:
        asyncio.run(page)
    except PreviewError as error:
        context.terminal.note(f"{error} Here is the chat in the terminal instead.")
        chat(context)


def open_corpora(context: CommandContext) -> tuple[Corpora, bool]:
    """Return the corpora, indexed but for those that have no articles yet, and whether the index of
    one that is not the main one has first to be rebuilt. Raises OperatorError."""
    from ..corpora.libraries import Corpora  # noqa: PLC0415

    outdated, entries = False, context.settings.entries
    for name in entries:
        if name == MAIN_CORPUS:
            continue
        with ExitStack() as resources:
            other = context.at(name, resources)
            undo_import(other.settings, other.terminal)
            try:
                index_if_none(other)
            except CorpusError as error:
                log.error("The corpus %s cannot be indexed: %s", name, error)
                continue  # The others can be asked; the next reload tries again.
            outdated |= is_outdated(other.library)
    corpora = Corpora(
        context.library, entries, lambda name: context.at(name, context.resources).open_library()
    )
    return context.resources.enter_context(corpora), outdated


def is_outdated(library: retrieval.Library) -> bool:
    """Return whether an index has first to be rebuilt, and log that it has."""
    try:
        library.check_index()
    except OutdatedIndexError:
        log.warning("%s", OUTDATED)
        return True
    return False


def warm_if_current(library: retrieval.Library) -> bool:
    """Warm the library and return True, or log that its index has first to be rebuilt."""
    if is_outdated(library):
        return False
    library.warm()
    return True
