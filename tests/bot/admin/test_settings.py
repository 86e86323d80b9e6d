"""`/settings`: each press of it, who may press, and what is fixed."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest
import simcord

from bot.client import Bot
from bot.i18n.phrases import ENGLISH, LANGUAGES, phrases_in
from bot.journal.journal import Journal
from bot.options import AskOptions, Home

from ..conftest import Speak
from ..managing import Manager, managing, member
from ..reloads import HOME, Slow, at_home
from ..server import (
    NO_LIMITS,
    Server,
    certain,
    nothing_found,
    press,
    rows,
    seen,
    serving,
)

ASKED = "Who came to the meeting?"
QUOTE = "They met in Hanoi."
DENIED = ENGLISH("settings_denied")


@pytest.fixture
def content_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer portal allows the Message Content intent: in simcord it does not."""
    flags = discord.ApplicationFlags(gateway_message_content_limited=True)
    monkeypatch.setattr(discord.AppInfo, "flags", property(lambda self: flags))


@pytest.mark.usefixtures("content_allowed")
async def test_from_the_invitation_to_an_answer_in_a_chosen_channel_are_two_presses() -> None:
    async with serving(certain()) as server:
        chosen = server.guild.create_text_channel("questions")
        kim = member(server, "kim", manage_guild=True)
        guild = server.env.bot.get_guild(server.guild.id)
        guild._system_channel_id = server.channel.id
        await server.env.bot.get_cog("AboutCog").on_guild_join(guild)
        joined = server.channel.last_message
        assert seen(await refused(server.ana, joined)) == DENIED
        manager = Manager(kim, await press(kim, joined, "Settings"))
        assert manager.result.ephemeral
        await manager.choose("channels", chosen)
        assert f"Answer unasked: none → <#{chosen.id}> · <@{kim.id}>" in manager.text
        await server.ana.send(chosen, ASKED)
        assert QUOTE in seen(chosen.last_message)
        await server.ana.send(server.channel, ASKED)
        assert server.channel.last_message.content == ASKED


async def refused(who: simcord.MemberActor, message: discord.Message) -> discord.Message:
    return (await press(who, message, "Settings")).response.message


async def test_without_message_content_no_channel_is_set_aside() -> None:
    async with serving(certain()) as server:
        manager = await managing(server)
        assert ENGLISH("setting_needs_content") in manager.text
        assert manager.menus["channels"]["disabled"]
        assert not manager.menus["threads"].get("disabled")


async def test_the_frame_is_in_the_chosen_language_whatever_the_question_is_in() -> None:
    async with serving(nothing_found()) as server:
        manager = await managing(server)
        await manager.choose("language", "es")
        assert "That of the question, else of the server → Español" in manager.text
        assert phrases_in("es")("not_found") in await server.say(f"{server.mention} {ASKED}")
        assert phrases_in("es")("not_found") in await server.ask(ASKED)
        private = await server.ana.slash(server.channel, "ask", question=ASKED, private=True)
        assert ENGLISH("not_found") in seen(private.response.message)
        await manager.choose("language", "auto")
        assert ENGLISH("not_found") in await server.say(f"{server.mention} {ASKED}")


async def test_the_limits_are_those_of_the_server() -> None:
    async with serving(certain(), AskOptions(per_member=5)) as server:
        manager = await managing(server)
        await manager.choose("per_member", "1")
        assert "5 → 1" in manager.text
        assert QUOTE in await server.ask(ASKED)
        assert "ask again in" in await refusal(server)
        await manager.choose("per_member", "20")
        await manager.choose("per_guild", "10")
        for _ in range(9):
            assert QUOTE in await server.ask(ASKED)
        assert "ask again in" in await refusal(server)


async def refusal(server: Server) -> str:
    result = await server.ana.slash(server.channel, "ask", question=ASKED)
    return seen(result.response.message)


async def test_who_may_reload_is_set_at_home_alone() -> None:
    asker = Slow()
    asker.finish()
    async with at_home(asker) as home:
        trusted = home.guild.create_role("trusted")
        tara = home.member("tara", home.admin, trusted)
        assert (await home.reload(tara)).text == ENGLISH("reload_denied")
        manager = Manager(home.owner, await home.owner.slash(home.channel, "settings"))
        await manager.choose("reload_roles", trusted)
        await (await home.reload(tara)).shows("Articles reloaded")
        # Nothing else of an administrator's is hers.
        unanswered = await tara.slash(home.channel, "unanswered")
        assert seen(unanswered.response.message) == ENGLISH("reload_denied")
        await manager.choose("reload_roles")
        assert (await home.reload(tara)).text == ENGLISH("reload_denied")
    async with serving(certain()) as server:
        assert "reload_roles" not in (await managing(server)).menus


async def test_who_manages_the_server_no_longer_changes_nothing() -> None:
    async with serving(nothing_found()) as server:
        manager = await managing(server)
        roles = server.env.bot.get_guild(server.guild.id).roles
        (role,) = (role for role in roles if role.name == "kim")
        await role.edit(permissions=discord.Permissions.none())
        await manager.choose("language", "de")
        assert manager.text == DENIED
        assert server.env.bot.servers.of(server.guild.id).language is None


async def test_the_command_is_hidden_from_members_and_of_servers_alone() -> None:
    async with serving(nothing_found()) as server:
        with pytest.raises(simcord.SetupError):
            await server.ana.slash(server.channel, "settings")
        with pytest.raises(simcord.SetupError):
            await server.env.create_user("bo").slash("settings")


FIXED = (
    "PASSAGE_CHANNELS",
    "PASSAGE_QUESTIONS_PER_MEMBER",
    "PASSAGE_ADMIN_ROLE",
    "PASSAGE_NEWS_CHANNEL",
)


@pytest.mark.usefixtures("content_allowed")
async def test_what_the_operator_has_fixed_is_shown_so_and_does_not_change(
    journal: Journal,
) -> None:
    async with serving(certain(), journal=journal) as server:
        manager = await managing(server)
        await manager.choose("per_member", "1")
        await manager.choose("language", "de")
        bot, home = server.env.bot, Home(server.guild.id, 77)
        options = replace(NO_LIMITS, channels=frozenset({server.channel.id}))
        again = Bot(bot.worker, bot.journal, options, home=home, given=FIXED)
        await server.env.restart_bot(again)
        old = manager
        manager = Manager(old.member, await old.member.slash(server.channel, "settings"))
        for variable in FIXED:
            assert ENGLISH("setting_fixed", variable=variable) in manager.text
        fixed = {name for name, item in manager.menus.items() if item.get("disabled")}
        assert fixed == {"channels", "per_member", "reload_roles", "news"}
        assert manager.menus["channels"]["default_values"] == [
            {"id": server.channel.id, "type": "channel"}
        ]
        assert again.servers.of(server.guild.id).per_member == 0
        # A message of before the restart may still be pressed.
        await old.choose("per_member", "2")
        assert again.servers.of(server.guild.id).per_member == 0
        await manager.undo()
        assert again.servers.of(server.guild.id).language is None
        assert "Undo last" not in str(rows(manager.result.response.message))


async def test_a_deleted_role_is_not_shown_and_goes_with_the_next_choice() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        gone, kept = home.guild.create_role("gone"), home.guild.create_role("kept")
        manager = Manager(home.owner, await home.owner.slash(home.channel, "settings"))
        await manager.choose("reload_roles", gone, kept)
        await home.env.bot.get_guild(HOME).get_role(gone.id).delete()
        manager = Manager(home.owner, await home.owner.slash(home.channel, "settings"))
        shown = manager.menus["reload_roles"]["default_values"]
        assert [each["id"] for each in shown] == [kept.id]
        await manager.choose("reload_roles", kept)
        assert home.env.bot.servers.of(HOME).reload_roles == {kept.id}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_message_fits_in_each_language(language: str, speak: Speak) -> None:
    async with at_home(Slow()) as home:
        home.env.bot.servers.fixed = frozenset({"news", "per_guild", "per_member", "channels"})
        speak(language)
        manager = Manager(home.owner, await home.owner.slash(home.channel, "settings"))
        await manager.choose("language", "vi")
        assert manager.text.startswith(f"### {phrases_in(language)('settings_of_server')}")
        assert len(manager.menus) == 7
