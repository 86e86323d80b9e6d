"""A page on this machine to try the bot: without account, token or network.

The page and the Discord behind it are simcord's, the bot is the real one. Some names are private
to simcord, so pyproject.toml pins its exact version.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

from retrieval import OperatorError

from ..background_journal import BackgroundJournal
from ..client import Bot
from ..options import Home
from ..shutdown import until_signal
from ..ui.text import escape
from ..web.app import links_here
from ..web.options import ReaderOptions
from ..worker import Corpus, Worker

if TYPE_CHECKING:
    import simcord

BOT_NAME = "Passage"
MEMBERS = ("ana", "bo")

HOME = 1 << 22
"""The id of the page's server."""

PATIENCE = 600.0
"""Seconds that an answer may take before the page gives up on it."""

TICK = 0.4
"""Seconds between two updates of the page."""


PHONE_STYLE = """
@media (max-width: 760px) {
  .preview-shell { --toolbar-height: 48px; }
  .preview-toolbar > :not(.viewer-control, .session-menu) { display: none; }
}
"""


class PreviewError(OperatorError):
    """The page cannot be shown."""


async def serve_page(
    asker: Corpus,
    *,
    on_ready: Callable[[str], None],
    suggestions: Sequence[str] = (),
    port: int = 0,
    reader: ReaderOptions | None = None,
) -> None:
    """Serve the page until SIGINT, SIGTERM or the page's own end button.

    Args:
        asker: answers the questions.
        on_ready: called with the page's address, which contains a secret.
        suggestions: questions that the bot proposes.
        port: the port of the page; 0 is any free one.
        reader: how the reader is served to this machine, if it is.

    Raises:
        PreviewError: simcord is missing, or its page cannot start.
    """
    try:
        import simcord  # noqa: PLC0415 - an extra, which only this command needs
    except ImportError as error:
        raise PreviewError(f"The page needs `pip install 'passage-bot[try]'`: {error}.") from error

    # Nothing that is typed here is kept.
    async with (
        until_signal(),
        BackgroundJournal(Path(":memory:")) as journal,
        Worker(asker) as worker,
        links_here(worker, reader) as links,
    ):
        bot = Bot(worker, journal, home=Home(HOME), links=links)
        world = simcord.Env(bot, shard_count=1, settle_timeout=PATIENCE, check_errors=False)
        world.backend.bot_user.name = BOT_NAME
        world.backend.clock._epoch = datetime.now(UTC)
        users = [world.create_user(name) for name in MEMBERS]
        # The first member administers the bot; its commands need the server to exist.
        guild = world.create_guild("Try it", id=HOME, owner=users[0])
        bot.owner_id = users[0].id
        await world.start()
        try:
            channel = guild.create_text_channel("general")
            people = [guild.add_member(user) for user in users]
            await _introduce(bot, channel.id, suggestions)
            preview = world.preview(channel, viewers=people, layout="channel", port=port)
            _hide_tools_on_phones(preview)
            async with preview as page:
                _prepare_actions(world, page)
                async with asyncio.TaskGroup() as tasks:
                    showing = tasks.create_task(_show_live(world, page))
                    on_ready(page.url)
                    await page.wait_closed()
                    showing.cancel()
        except simcord.SetupError as error:
            raise PreviewError(f"The page cannot start: {error}.") from error
        finally:
            await world.shutdown()


async def _introduce(bot: Bot, channel: int, suggestions: Sequence[str]) -> None:
    lines = [
        "This page runs on your own machine. I answer questions by quoting the articles.",
        f"Type {escape(f'@{BOT_NAME}')} and your question, or use `/ask`. For example:",
        *(f"- {escape(f'@{BOT_NAME} {question}')}" for question in suggestions),
    ]
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay("\n".join(lines)))
    await bot.get_partial_messageable(channel).send(view=view)


def _hide_tools_on_phones(page: simcord.Preview) -> None:
    """Add to the page's style that a phone shows the conversation, without simcord's own tools."""
    serve = page._server._static

    async def styled(request: Any) -> Any:
        response = await serve(request)
        if request.path == "/preview.css":
            response.text += PHONE_STYLE
        return response

    page._server._static = styled  # type: ignore[method-assign]


def _prepare_actions(world: simcord.Env, page: simcord.Preview) -> None:
    """Before each action, set simcord's clock and turn the bot's typed name into a mention."""
    act = page._action
    lock = asyncio.Lock()
    typed_name = re.compile(rf"@{re.escape(BOT_NAME)}\b", re.IGNORECASE)
    mention = f"<@{world.backend.bot_user.id}>"

    async def prepared(context: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with lock:
            late = (datetime.now(UTC) - world.now()).total_seconds()
            await world.advance_time(max(0.0, late))
            if isinstance(content := body.get("content"), str):
                body = {**body, "content": typed_name.sub(mention, content)}
            return await act(context, body)

    page._action = prepared  # type: ignore[method-assign, assignment]


async def _show_live(world: simcord.Env, page: simcord.Preview) -> None:
    """Show messages while the bot is still at work, and scroll to the newest one.

    simcord's page alone waits for the end, and does not scroll.
    """
    shown_events = 0
    while True:
        await asyncio.sleep(TICK)
        if shown_events != (events := len(world.backend.transcript)):
            shown_events = events
            page._advance_presentation_time()
            for window in page._pages.values():
                window.target_id = page._initial_target(window.viewer, window.channel_id)
            page._publish_message_pages()
