"""The commands that serve until they are stopped: `passage run`, `reader` and `try`."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from retrieval import OperatorError, OutdatedIndexError

from ..discord_token import WHERE, application_id
from ..options import AskOptions
from ..ui.links import LOCAL, NO_READER
from .commands import OUTDATED, SUGGESTIONS, Context, chat, index_if_none, make_index_current

if TYPE_CHECKING:  # What it stands on takes long to import.
    from retrieval import Library

log = logging.getLogger(__name__)


def run(on: Context) -> None:
    """`passage run`."""
    if on.settings.discord_token is None:
        raise OperatorError(
            "DISCORD_TOKEN is not set, so there is no bot to connect; "
            "`passage try` shows the bot without one."
        )
    token = on.settings.discord_token.get_secret_value().strip()
    if application_id(token) is None:
        raise OperatorError(
            "DISCORD_TOKEN is not a bot's token, which has three parts with dots between them; "
            f"{WHERE}."
        )
    # Imported here: the terminal's commands need no discord.py.
    from ..connection import run_bot  # noqa: PLC0415

    if on.settings.admin_role is not None and on.settings.home is None:
        on.terminal.note("PASSAGE_ADMIN_ROLE does nothing without PASSAGE_HOME_GUILD.")
    links = on.settings.links
    if links.local:
        log.warning("%s", LOCAL)
        links = NO_READER
    index_if_none(on)
    outdated = not warm_if_current(on.library)
    asyncio.run(
        run_bot(
            token,
            on.library,
            on.settings.data_dir,
            options=AskOptions(
                direct_messages=on.settings.direct_messages,
                channels=on.settings.channels,
                per_member=on.settings.questions_per_member,
                per_guild=on.settings.questions_per_guild,
                log_questions=on.settings.log_questions,
            ),
            home=on.settings.home,
            health_port=on.settings.health_port,
            articles=on.library.status().articles,
            reader=on.settings.reader_options if on.settings.reader else None,
            links=links,
            reload_first=outdated,
        )
    )


def reader(on: Context) -> None:
    """`passage reader`."""
    # Imported here, as in `run`: the terminal's commands need no server.
    from ..reload_job import Reloader  # noqa: PLC0415
    from ..shutdown import until_signal  # noqa: PLC0415
    from ..web.app import serving  # noqa: PLC0415
    from ..worker import Worker  # noqa: PLC0415

    index_if_none(on)

    async def serve() -> None:
        options = on.settings.reader_options
        async with (
            until_signal(),
            Worker(on.library) as worker,
            serving(worker, options) as address,
            Reloader(on.library) as reloader,
        ):
            if not await worker.run(warm_if_current, on.library):
                reloader.start()
            on.terminal.line(options.public_url or address)
            await asyncio.Event().wait()

    asyncio.run(serve())


def try_it(on: Context) -> None:
    """`passage try`."""
    from .try_page import PreviewError, serve  # noqa: PLC0415

    on.terminal.note("Loading the model ...")
    make_index_current(on)
    on.library.warm()

    def ready(address: str) -> None:
        on.terminal.say(f"Open {address}")
        on.terminal.note("Ctrl-C stops it.")

    page = serve(
        on.library,
        on_ready=ready,
        suggestions=SUGGESTIONS,
        port=on.settings.try_port,
        reader=on.settings.own_reader,
    )
    try:
        asyncio.run(page)
    except PreviewError as error:
        on.terminal.note(f"{error} Here is the chat in the terminal instead.")
        chat(on)


def warm_if_current(library: Library) -> bool:
    """Warm the library, or log that its index has first to be built anew; return which."""
    try:
        library.check_index()
    except OutdatedIndexError:
        log.warning("%s", OUTDATED)
        return False
    library.warm()
    return True
