"""A page on this machine to try the bot: without account, token or network.

The page and the Discord behind it are simcord's, the bot is the real one. `LivePage` uses names
that are private to simcord, so pyproject.toml pins its exact version.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import discord

import retrieval
from retrieval import OperatorError

from ..ask.cog import AskCog
from ..client import Bot
from ..journal.background import BackgroundJournal
from ..options import Home
from ..shutdown import until_signal
from ..ui.buttons import Pressable
from ..ui.message import Interaction, Part, add_row, layout
from ..ui.text import escape, shorten
from ..web.app import links_here
from ..web.options import ReaderOptions
from ..worker import Worker
from .suggestions import MAX_SUGGESTION

if TYPE_CHECKING:
    import simcord

BOT_NAME = "Passage"
PICTURE = Path(__file__).parents[1] / "web" / "static" / "icon.png"

MEMBERS = {"Ana": "en-US", "Lena (Deutsch)": "de", "Minh (Tiếng Việt)": "vi"}
"""The members, each with the language of their Discord."""

HOME = 1 << 22
"""The id of the page's server."""

PATIENCE = 300.0
"""Seconds that an answer may take before the page gives up on it. The simulator waits for whatever
sleeps less, so that what the bot does now and then has to sleep longer."""

TICK = 0.4
"""Seconds between two updates of the page."""

_TYPED_NAME = re.compile(rf"@{re.escape(BOT_NAME)}\b", re.IGNORECASE)

PAGE_STYLE = """
.viewer-control select { max-width: 24rem; }
@media (max-width: 760px) {
  .preview-shell { --toolbar-height: 48px; }
  .preview-toolbar > :not(.viewer-control, .session-menu) { display: none; }
  .viewer-control select { max-width: 70vw; }
}
"""


class Viewpoint(NamedTuple):
    """A member in a channel: what the page shows is what the member sees there."""

    member: simcord.MemberActor | simcord.UserHandle
    channel: simcord.ChannelHandle
    name: str

    @property
    def id(self) -> str:
        return f"{self.member.id}-{self.channel.id}"


class SuggestionButton(Pressable, discord.ui.Button[discord.ui.LayoutView]):
    """Asks a question for the member who presses it, as `/ask` does."""

    def __init__(self, question: str) -> None:
        super().__init__(label=shorten(question, MAX_SUGGESTION))
        self._question = question

    async def callback(self, interaction: Interaction) -> None:
        cog = Bot.of(interaction).get_cog(AskCog.__cog_name__)
        await cast(Any, AskCog.ask.callback)(cog, interaction, self._question)


class PreviewError(OperatorError):
    """The page cannot be shown."""


async def serve_page(
    asker: retrieval.Library,
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
        suggestions: questions that the bot proposes, of at most MAX_SUGGESTION characters.
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
        me = world.backend.bot_user
        me.name, me.avatar = BOT_NAME, "icon"
        picture = f"{simcord.backend.cdn.CDN_BASE}/avatars/{me.id}/{me.avatar}.png"
        world.backend.clock._epoch = datetime.now(UTC)
        users = [world.create_user(name) for name in MEMBERS]
        _speak_languages(world, {str(user.id): MEMBERS[user.name] for user in users})
        # The first member administers the bot; its commands need the server to exist.
        guild = world.create_guild("Try it", id=HOME, owner=users[0])
        bot.owner_id = users[0].id
        await world.start()
        try:
            channel = guild.create_text_channel("general")
            people = [guild.add_member(user) for user in users]
            await _introduce(bot, channel.id, suggestions)
            (thread,) = channel.threads
            for user in users:
                direct = bot.get_partial_messageable(user.dm_channel.id)
                await direct.send(view=_message(["Here a question needs no mention."], suggestions))
            assets = {picture: (PICTURE.name, PICTURE.read_bytes())}
            preview = world.preview(
                channel, viewers=people, layout="channel", assets=assets, port=port
            )
            viewpoints = [
                *(Viewpoint(each, channel, f"{each.name} in #general") for each in people),
                *(Viewpoint(each, thread, f"{each.name} in a thread") for each in people),
                *(
                    Viewpoint(each, each.dm_channel, f"{each.name} in a direct message")
                    for each in users
                ),
            ]
            live = LivePage(world, preview, viewpoints)
            async with preview as page, asyncio.TaskGroup() as tasks:
                showing = tasks.create_task(live.show_live())
                on_ready(page.url)
                await page.wait_closed()
                showing.cancel()
        except simcord.SetupError as error:
            raise PreviewError(f"The page cannot start: {error}.") from error
        finally:
            await world.shutdown()


async def _introduce(bot: Bot, channel_id: int, suggestions: Sequence[str]) -> None:
    """Greet in a channel, and in a thread that is opened there."""
    name = escape(f"@{BOT_NAME}")
    channel = cast(discord.TextChannel, bot.get_channel(channel_id))
    lines = [
        "This page runs on your own machine. I answer questions by quoting the articles.",
        "Above you choose who you are, and whether you write here, in a thread or to me alone.",
        f"Type {name} and your question, or use `/ask`{', or press one:' if suggestions else '.'}",
    ]
    await channel.send(view=_message(lines, suggestions))
    thread = await channel.create_thread(name="follow-ups", type=discord.ChannelType.public_thread)
    lines = [f"In a thread, what you ask {name} may go on from my last answer."]
    await thread.send(view=_message(lines, suggestions))


def _message(lines: Iterable[str], suggestions: Iterable[str]) -> discord.ui.LayoutView:
    """Return a message of lines, with a button below for each question that is suggested."""
    view = layout([Part("\n".join(lines))])
    for question in suggestions:
        add_row(view, SuggestionButton(question))
    return view


def _speak_languages(world: simcord.Env, locales: Mapping[str, str]) -> None:
    """Let the Discord of each user, by id, be in a language; simcord's is in English."""
    emit = world.backend.emit

    def localized(event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            user = payload.get("user") or payload["member"]["user"]
            payload = {**payload, "locale": locales[user["id"]]}
        emit(event, payload)

    world.backend.emit = localized  # type: ignore[method-assign]


class LivePage:
    """simcord's page, which has one channel for all and shows the end of each action alone, as one
    of several channels that shows what the bot does meanwhile."""

    def __init__(self, world: Any, page: Any, viewpoints: Sequence[Viewpoint]) -> None:
        """Put the methods below in the place of simcord's own, which they call.

        Args:
            world: the `simcord.Env` behind the page.
            page: the `simcord.Preview`, before it is served.
            viewpoints: the lines in its list of members.
        """
        self._world, self._page = world, page
        self._viewpoints = {viewpoint.id: viewpoint for viewpoint in viewpoints}
        self._channels = {viewpoint.channel.id: viewpoint.channel for viewpoint in viewpoints}
        self._first_channel = page.channel
        self._acting = asyncio.Lock()
        self._static, page._server._static = page._server._static, self._styled
        self._payload, page._page_payload = page._page_payload, self._described
        self._viewer, page._viewer = page._viewer, self._member
        self._action, page._action = page._action, self._acted

    async def _styled(self, request: Any) -> Any:
        """Let a phone show the conversation alone, without simcord's own tools."""
        response = await self._static(request)
        if request.path == "/preview.css":
            response.text += PAGE_STYLE
        if request.path == "/":
            response.text = response.text.replace("SimCord Preview", BOT_NAME)
        return response

    def _described(self, window: Any) -> dict[str, Any]:
        """Let the list of members have a line for each of the channels that they are in."""
        viewers = [{"id": id, "name": each.name} for id, each in self._viewpoints.items()]
        viewer = f"{window.viewer.id}-{window.channel_id}"
        return {**self._payload(window), "viewers": viewers, "viewerId": viewer}

    def _member(self, viewer_id: Any) -> Any:
        chosen = self._viewpoints.get(str(viewer_id))
        return chosen.member if chosen else self._viewer(viewer_id)

    async def _acted(self, context: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        """Act where the member is, at the time that it is, with the bot's typed name a mention."""
        async with self._acting:
            late = (datetime.now(UTC) - self._world.now()).total_seconds()
            await self._world.advance_time(max(0.0, late))
            if isinstance(content := body.get("content"), str):
                mention = f"<@{self._world.backend.bot_user.id}>"
                body = {**body, "content": _TYPED_NAME.sub(mention, content)}
            window = self._page._pages.get(context or "")
            if window and (chosen := self._viewpoints.get(str(body.get("viewer_id")))):
                window.viewer, window.channel_id = chosen.member, chosen.channel.id
            if window:
                self._page.channel = self._channels[window.channel_id]
            try:
                acted: dict[str, Any] = await self._action(context, body)
                return acted
            finally:
                self._page.channel = self._first_channel

    async def show_live(self) -> None:
        """Show messages while the bot is still at work, and scroll to the newest one."""
        page, shown_events = self._page, 0
        while True:
            await asyncio.sleep(TICK)
            if shown_events != (events := len(self._world.backend.transcript)):
                shown_events = events
                page._advance_presentation_time()
                for window in page._pages.values():
                    window.target_id = page._initial_target(window.viewer, window.channel_id)
                page._publish_message_pages()
