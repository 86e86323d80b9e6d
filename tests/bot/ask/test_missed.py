"""What the bot reads up on after a lost connection."""

from __future__ import annotations

import asyncio

import discord

from bot.ask.missed import MissedMessages

from ..server import certain, serving


async def test_every_kind_of_channel_that_members_write_in_is_read() -> None:
    async with serving(certain()) as server:
        channels = [
            server.channel,
            await server.thread(),
            server.guild.create_voice_channel("voice"),
            server.guild.create_stage_channel("stage"),
            server.guild.create_news_channel("news"),
        ]
        server.guild.create_forum_channel("forum")
        began = discord.utils.snowflake_time(server.ana.id).timestamp() - 1
        server.env.bot.clock.now = lambda: began
        missed = MissedMessages(server.env.bot, asyncio.sleep)
        await missed.on_shard_disconnect(0)
        said = [(await server.ana.send(channel, "Who came?")).id for channel in channels]
        assert {message.id async for message in missed.read(0)} >= set(said)
