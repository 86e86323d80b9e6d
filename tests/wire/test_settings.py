"""What a server sets for itself, against a Discord at the wire and over the death of the bot."""

from __future__ import annotations

import signal

import pytest

from bot.i18n.phrases import ENGLISH
from tests.bot.markup import shown

from .gateway import MESSAGE_CONTENT
from .members import Member
from .process import BotProcess
from .standin import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="package")

MANAGE_GUILD = 1 << 5

ORDER = "Who received the Ho Chi Minh Order?"
TO_HUY_RUA = "presented the Ho Chi Minh Order to To Huy Rua"


async def test_what_is_chosen_holds_at_once_and_after_a_crash(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    guild, kim = await discord.found("Settings", 2), discord.member("kim")
    kim.permissions = str(int(kim.permissions) | MANAGE_GUILD)
    threaded, unasked = guild["channels"]
    world = discord.world

    async def settings() -> str:
        opened = await kim.slash(threaded, "settings")
        await discord.until(lambda: world.says(opened.original))
        assert opened.original is not None
        return opened.original

    async def answered_in_a_thread() -> None:
        said = await ana.mention(threaded, ORDER)
        await discord.until(lambda: said["id"] in world.channels)
        assert world.channels[said["id"]]["name"] == ORDER
        await discord.until(lambda: world.channels[said["id"]].get("last_message_id"))
        answer = world.channels[said["id"]]["last_message_id"]
        await discord.until(lambda: TO_HUY_RUA in world.says(answer))
        assert world.answers(said) == []

    message = await settings()
    assert ENGLISH("setting_needs_content") in shown(world.says(message))
    await kim.choose(message, "settings:threads", threaded["id"])
    await discord.until(lambda: "Answer in threads: none" in shown(world.says(message)))
    await answered_in_a_thread()

    bot.signal(signal.SIGKILL)
    await bot.ended()
    discord.gateway.allowed = MESSAGE_CONTENT
    try:
        await bot.start()
        await answered_in_a_thread()
        message = await settings()
        await kim.choose(message, "settings:channels", unasked["id"])
        await discord.until(lambda: "Answer unasked: none" in shown(world.says(message)))
        said = await ana.say(unasked, ORDER)
        assert TO_HUY_RUA in await discord.answer(said)
        await kim.click(world.messages[message], "Undo last")
        await discord.until(lambda: "Answer in threads: none" in shown(world.says(message)))
        await kim.choose(message, "settings:language", "de")
        await discord.until(lambda: "→ Deutsch" in world.says(message))
        await kim.choose(message, "settings:news", unasked["id"])
        await discord.until(lambda: f"→ <#{unasked['id']}>" in world.says(message))
    finally:
        discord.gateway.allowed = 0
        await bot.stop()
