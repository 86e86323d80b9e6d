"""A Discord in memory for the tests: a server, a member, and what she sees of the bot."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.client import Bot
from bot.corpora.seen import Asker
from bot.journal.background import BackgroundJournal
from bot.journal.journal import Journal
from bot.options import AskOptions
from bot.ui.links import NO_READER, Links
from bot.worker import Worker
from retrieval import Answer, Outcome, Quote, Turn
from tests.discord_limits import COMPONENTS_V2, request_problems
from tests.waiting import PATIENCE, until  # noqa: F401 - the bot's tests have it from here

from .markup import shown

NO_LIMITS = AskOptions(per_member=0, per_guild=0)
"""In the tests time stands still, so that a member soon asks too much in a minute."""

DEFERRED = discord.InteractionResponseType.deferred_channel_message.value


@dataclass
class Server:
    """A server with one channel, the bot in it, and a member."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    ana: simcord.MemberActor

    @property
    def mention(self) -> str:
        return f"<@{self.env.bot.user.id}>"

    async def thread(self) -> simcord.ChannelHandle:
        """A new thread of the channel, its only one."""
        channel = self.env.bot.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.create_thread(name="more", type=discord.ChannelType.public_thread)
        (thread,) = self.channel.threads
        return thread

    async def say(self, text: str) -> str:
        """What the bot replies to a message of ana's, as she sees it; empty if nothing."""
        said = await self.ana.send(self.channel, text)
        reply = self.channel.last_message
        if reply.id == said.id:
            return ""
        assert reply.author == self.env.bot.user
        assert reply.reference.message_id == said.id
        assert reply.flags.value & COMPONENTS_V2
        return seen(reply)

    async def ask(self, question: str) -> str:
        """What the bot answers to ana's `/ask`, as she sees it."""
        result = await self.ana.slash(self.channel, "ask", question=question)
        sent = [request for request in self.env.http_requests if request.path.endswith("/callback")]
        assert (
            sent[-1].json["type"] == discord.InteractionResponseType.deferred_channel_message.value
        )
        assert not result.followups
        return seen(result.response.message)


class Scripted:
    """Answers every question as the test says."""

    def __init__(self, reply: Callable[[str], Answer]) -> None:
        self.asked: list[str] = []
        self.before: list[Turn | None] = []
        self._reply = reply

    def ask(self, question: str, before: Turn | None = None) -> Answer:
        self.asked.append(question)
        self.before.append(before)
        return self._reply(question)


def nothing_found() -> Scripted:
    return Scripted(lambda question: Answer(question, "en", Outcome.NOT_FOUND))


def quoted(question: str, *scores: float) -> Answer:
    """An answer that quotes one article, once for each score."""
    text = "They met in Hanoi."
    quotes = tuple(
        Quote(
            "a.txt",
            0,
            len(text),
            text,
            score,
            "en",
            "The meeting",
            None,
            None,
            "0" * 64,
            (0, len(text)),
        )
        for score in scores
    )
    return Answer(question, "en", Outcome.QUOTED, quotes)


class Gate(Scripted):
    """Answers with certainty, but only when the test lets it."""

    def __init__(self) -> None:
        super().__init__(self._wait)
        self.open = threading.Event()

    def _wait(self, question: str) -> Answer:
        assert self.open.wait(PATIENCE)
        return quoted(question, 0.9)


def certain() -> Scripted:
    """Answers everything with certainty."""
    return Scripted(lambda question: quoted(question, 0.9))


@asynccontextmanager
async def set_aside(asker: Asker, *, elsewhere: bool = False) -> AsyncIterator[Server]:
    """A server whose channel is set aside for questions, or another one `elsewhere`, so that the
    bot reads all messages."""
    async with serving(asker) as server:
        other = server.guild.create_text_channel("questions")
        channels = frozenset({other.id if elsewhere else server.channel.id})
        options = replace(NO_LIMITS, channels=channels)
        await restart(server.env, options)
        yield server


async def restart(env: simcord.Env, options: AskOptions = NO_LIMITS) -> None:
    """Let another run of the bot go on, with what the one before has kept."""
    await env.restart_bot(Bot(env.bot.worker, env.bot.journal, options))


def role_of_bot(server: Server) -> str:
    """A mention of the role that Discord has made for the bot."""
    (role,) = (role for role in server.env.bot.get_guild(server.guild.id).roles if role.managed)
    return str(role.mention)


def below(channel: simcord.ChannelHandle, said: discord.Message) -> list[str]:
    """What stands below a message in a channel, as a person sees it."""
    return [seen(message) for message in channel.history() if message.id > said.id]


@asynccontextmanager
async def serving(
    asker: Asker,
    options: AskOptions = NO_LIMITS,
    journal: Journal | None = None,
    links: Links = NO_READER,
    file: Path = Path(":memory:"),
) -> AsyncIterator[Server]:
    """The bot on a server; at the end, all that it has sent is held against Discord's limits."""
    async with (
        BackgroundJournal(journal.file if journal else file) as kept,
        Worker(asker, options.queue, options.finish_within) as worker,
        simcord.run(Bot(worker, kept, options, links=links), shard_count=1) as env,
    ):
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        yield Server(env, guild, channel, guild.add_member(env.create_user("ana")))
        assert request_problems(env.http_requests) == []


def seen(message: discord.Message) -> str:
    return "\n".join(shown(text) for text in texts(message))


def texts(message: discord.Message) -> list[str]:
    def walk(component: dict[str, object]) -> list[str]:
        children = component.get("components", [])
        return [
            *([str(component["content"])] if "content" in component else []),
            *(text for child in children for text in walk(child)),
        ]

    return [text for component in message.components for text in walk(component.to_dict())]


def buttons(message: discord.Message) -> list[tuple[str, str]]:
    sections = [part.to_dict() for part in message.components if part.type.name == "section"]
    return [(part["accessory"]["label"], part["accessory"]["url"]) for part in sections]


def rows(message: discord.Message) -> list[dict[str, Any]]:
    """What is in the rows of buttons and menus below the text."""
    rows = [part.to_dict() for part in message.components if part.type.name == "action_row"]
    return [item for row in rows for item in row["components"]]


def face(item: dict[str, Any]) -> str:
    """What a person sees on a button: its label, or its emoji."""
    return str(item.get("label") or item["emoji"]["name"])


async def press(
    member: simcord.MemberActor, message: discord.Message, wanted: str
) -> simcord.InteractionResult:
    """A member presses the button of that face below the text."""
    (id,) = (item["custom_id"] for item in rows(message) if face(item) == wanted)
    return await member.click(message, custom_id=id)


def page_buttons(message: discord.Message) -> dict[str, bool]:
    """The buttons below the text, and which of them can be pressed."""
    return {item["label"]: not item.get("disabled") for item in rows(message) if "label" in item}
