"""What a server sets for itself, against a Discord at the wire and over the death of the bot."""

from __future__ import annotations

import signal
from pathlib import Path

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
    discord: StandIn, bot: BotProcess, ana: Member, tmp_path: Path
) -> None:
    guild, kim = await discord.found("Settings", 2), discord.member("kim")
    kim.permissions = str(int(kim.permissions) | MANAGE_GUILD)
    threaded, unasked = guild["channels"]
    world, given = discord.world, bot.environment
    role = world.role(guild, world.snowflake(), name="board")["id"]
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "mill.txt").write_text("The mill\n\nThe mill was opened on Monday.\n")
    offer = f'[team]\nseeds = "team"\noffered = [{guild["id"]}]\n'
    (tmp_path / "corpora.toml").write_text(offer)

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
    # From now on the operator fixes nothing, and offers a corpus.
    fixed = ("PASSAGE_QUESTIONS_PER_MEMBER", "PASSAGE_QUESTIONS_PER_GUILD")
    bot.environment = {name: value for name, value in given.items() if name not in fixed}
    bot.environment["PASSAGE_CORPORA"] = str(tmp_path / "corpora.toml")
    bot.environment["PASSAGE_HOME_GUILD"] = guild["id"]
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
        menus = {
            "settings:language": ("de", "→ Deutsch ·"),
            "settings:per_member": ("6", "→ 6 ·"),
            "settings:per_guild": ("60", "→ 60 ·"),
            "settings:reload_roles": (role, f"→ <@&{role}> ·"),
            "settings:news": (unasked["id"], f"→ <#{unasked['id']}> ·"),
            "settings:corpora": ("team", f"### {ENGLISH.table('settings')('corpora')}: team"),
            "corpus:servers:team": ("yes", f"→ team: {ENGLISH('whole_server')} ·"),
            "corpus:channels:team": (unasked["id"], f", <#{unasked['id']}> ·"),
            "corpus:roles:team": (role, f", <@&{role}> ·"),
        }
        for menu, (value, says) in menus.items():
            await kim.choose(message, menu, value)
            await discord.until(lambda says=says: says in world.says(message))
        await kim.click(world.messages[message], ENGLISH("settings_all"))
        await discord.until(lambda: ENGLISH("settings_of_server") in world.says(message))
    finally:
        discord.gateway.allowed = 0
        bot.environment = given
        await bot.stop()
