"""Ways to ask that only Discord's own events show: roles, replies, edits, forums."""

from __future__ import annotations

import pytest

from bot.i18n.phrases import ENGLISH
from tests.bot.markup import shown

from .members import Member
from .process import BotProcess
from .standin import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="package")

FORUM = 15
"""The kind of channel."""

ORDER = "Who received the Ho Chi Minh Order?"
TO_HUY_RUA = "presented the Ho Chi Minh Order to To Huy Rua"


async def test_a_mention_that_an_edit_adds_is_answered(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    said = await ana.say(discord.channel, ORDER)
    await ana.ask_instead(said, ORDER)
    assert TO_HUY_RUA in await discord.answer(said)


async def test_a_ping_of_the_bots_role_whose_words_are_withheld_is_told_how_to_ask(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    guild = discord.world.guild("Roles")
    channel, role = discord.world.channel(guild, "roles"), discord.world.role_of_bot(guild)
    await discord.gateway.dispatch("GUILD_CREATE", guild)
    said = await ana.say(channel, f"<@&{role['id']}> {ORDER}")
    assert shown(await discord.answer(said)) == ENGLISH("role_unseen")


@pytest.mark.parametrize("call", ["", "can you help?"])
async def test_a_call_in_a_reply_answers_the_message_replied_to(
    discord: StandIn, bot: BotProcess, ana: Member, call: str
) -> None:
    asked = await discord.member("bo").say(discord.channel, ORDER)
    said = await ana.say(discord.channel, f"<@{discord.world.bot['id']}> {call}", asked)
    assert TO_HUY_RUA in await discord.answer(said)


@pytest.mark.parametrize(
    ("title", "text"), [(ORDER, ""), (ORDER, "please"), ("Ho Chi Minh Order", "who received it?")]
)
async def test_the_title_of_a_forum_post_is_part_of_its_question(
    discord: StandIn, bot: BotProcess, ana: Member, title: str, text: str
) -> None:
    guild = discord.world.guild("Forum")
    forum = discord.world.channel(guild, "questions", FORUM)
    await discord.gateway.dispatch("GUILD_CREATE", guild)
    me = f"<@{discord.world.bot['id']}>"
    said = await ana.open_post(forum, title, f"{me} {text}")
    assert TO_HUY_RUA in await discord.answer(said)
    later = await ana.say(discord.world.channels[said["channel_id"]], me)
    assert title in await discord.answer(later)
