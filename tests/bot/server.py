"""A Discord in memory for the tests: a server, a member, and what she sees of the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord
import simcord

from bot.client import Bot
from bot.worker import Asker, Worker
from retrieval import Answer, Outcome
from tests.discord_limits import COMPONENTS_V2, request_problems

from .markup import shown

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
        self._reply = reply

    def ask(self, question: str) -> Answer:
        self.asked.append(question)
        return self._reply(question)


def nothing_found() -> Scripted:
    return Scripted(lambda question: Answer(question, "en", Outcome.NOT_FOUND))


@asynccontextmanager
async def serving(asker: Asker) -> AsyncIterator[Server]:
    """The bot on a server; at the end, all that it has sent is held against Discord's limits."""
    async with Worker(asker) as worker, simcord.run(Bot(worker), shard_count=1) as env:
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
