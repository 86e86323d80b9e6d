"""`/settings`: each press of it, who may press, what is fixed, and how a change is undone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.client import Bot
from bot.i18n.phrases import ENGLISH, LANGUAGES, phrases_in
from bot.journal import Journal
from bot.options import AskOptions, Home
from bot.settings_table import changes_in, stored_values
from tests.locked import locked
from tests.waiting import PATIENCE

from ..conftest import Speak
from ..reloads import HOME, Slow, at_home
from ..server import (
    NO_LIMITS,
    Server,
    below,
    certain,
    nothing_found,
    press,
    rows,
    seen,
    serving,
    until,
)

ASKED = "Who came to the meeting?"
QUOTE = "They met in Hanoi."
DENIED = ENGLISH("settings_denied")

PAUSE = 3_601.0
"""Seconds after which a journal that cannot be used is tried again, with `no_later_try`."""


@pytest.fixture
def content_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer portal allows the Message Content intent: in simcord it does not."""
    flags = discord.ApplicationFlags(gateway_message_content_limited=True)
    monkeypatch.setattr(discord.AppInfo, "flags", property(lambda self: flags))


@dataclass
class Manager:
    """A member who manages a server, and the settings as the bot shows them."""

    member: simcord.MemberActor
    result: simcord.InteractionResult

    @property
    def text(self) -> str:
        return seen(self.result.response.message)

    @property
    def menus(self) -> dict[str, dict[str, Any]]:
        """The menus by their settings."""
        items = rows(self.result.response.message)
        return {item["custom_id"].partition(":")[2]: item for item in items if item["type"] != 2}

    async def choose(self, setting: str, *values: Any) -> None:
        message = self.result.response.message
        await self.member.select(message, list(values), custom_id=f"settings:{setting}")

    async def undo(self) -> None:
        items = rows(self.result.response.message)
        (id,) = (item["custom_id"] for item in items if item.get("label") == "Undo last")
        await self.member.click(self.result.response.message, custom_id=id)


def member(server: Server, name: str, **allowed: bool) -> simcord.MemberActor:
    role = server.guild.create_role(name, permissions=discord.Permissions(**allowed))
    return server.guild.add_member(server.env.create_user(name), roles=[role])


async def managing(server: Server, name: str = "kim") -> Manager:
    kim = member(server, name, manage_guild=True)
    result = await kim.slash(server.channel, "settings")
    assert result.ephemeral
    return Manager(kim, result)


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


@asynccontextmanager
async def in_threads() -> AsyncIterator[Server]:
    """A server that wants answers in threads."""
    async with serving(certain()) as server:
        manager = await managing(server)
        await manager.choose("threads", server.channel)
        yield server


async def test_a_mention_is_answered_in_a_thread_and_asked_on_there() -> None:
    async with in_threads() as server:
        said = await server.ana.send(server.channel, f"{server.mention} {ASKED}")
        (thread,) = server.channel.threads
        assert thread.name == ASKED
        assert QUOTE in seen(thread.last_message)
        assert not any(QUOTE in text for text in below(server.channel, said))
        sent = await server.env.bot.journal.answer_to(said.id)
        assert sent.sent_in == thread.id
        await server.ana.send(thread, f"{server.mention} And when?")
        assert server.env.bot.worker.asker.before[-1].question == ASKED
        assert [QUOTE in seen(each) for each in thread.history()].count(True) == 2
        await server.ana.edit(said, f"{server.mention} Who came then?")
        assert any("Who came then?" in seen(each) for each in thread.history())
        assert len(server.channel.threads) == 1


async def test_ask_is_answered_in_a_thread_of_its_response() -> None:
    async with in_threads() as server:
        result = await server.ana.slash(server.channel, "ask", question=ASKED)
        (thread,) = server.channel.threads
        assert seen(result.response.message) == f"### {ASKED}"
        assert QUOTE in seen(thread.last_message)
        private = await server.ana.slash(server.channel, "ask", question=ASKED, private=True)
        assert QUOTE in seen(private.response.message)
        await server.say(f"{server.mention} thanks!")
        assert len(server.channel.threads) == 1


@pytest.mark.parametrize("permission", ["create_public_threads", "send_messages_in_threads"])
async def test_without_the_permission_the_answer_is_in_place(permission: str) -> None:
    async with in_threads() as server:
        channel = server.env.bot.get_channel(server.channel.id)
        everyone = discord.PermissionOverwrite(**{permission: False})
        await channel.set_permissions(channel.guild.default_role, overwrite=everyone)
        assert QUOTE in await server.say(f"{server.mention} {ASKED}")
        assert QUOTE in await server.ask(ASKED)
        assert not server.channel.threads
        manager = await managing(server, "kit")
        assert f"I lack permissions in <#{server.channel.id}>" in manager.text


@pytest.mark.parametrize("code", [50013, 160004, 160006])
async def test_a_thread_that_cannot_be_opened_leaves_the_answer_in_place(code: int) -> None:
    async with in_threads() as server:
        path = "/channels/*/messages/*/threads"
        server.env.inject_error("POST", path, status=403 if code == 50013 else 400, code=code)
        assert QUOTE in await server.say(f"{server.mention} {ASKED}")
        server.env.inject_error("POST", path, status=403 if code == 50013 else 400, code=code)
        assert QUOTE in await server.ask(ASKED)


@pytest.mark.parametrize("state", ["archived", "locked"])
async def test_a_thread_that_is_closed_meanwhile_leaves_the_answer_in_place(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    async with in_threads() as server:
        opened = discord.PartialMessage.create_thread

        async def closed(self: discord.PartialMessage, **values: Any) -> discord.Thread:
            thread = await opened(self, **values)
            return await thread.edit(**{state: True})

        monkeypatch.setattr(discord.PartialMessage, "create_thread", closed)
        assert QUOTE in await server.say(f"{server.mention} {ASKED}")


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


async def test_undo_goes_back_change_by_change(journal: Journal) -> None:
    async with serving(nothing_found(), journal=journal) as server:
        first = await managing(server)
        kept = server.env.bot.servers.of
        assert "Undo last" not in str(rows(first.result.response.message))
        await first.choose("language", "de")
        await first.choose("per_member", "3")
        await first.choose("language", "vi")
        stale = await managing(server, "kit")
        await first.undo()
        assert kept(server.guild.id).language == "de"
        # The message of before names a change that is undone by now.
        await stale.undo()
        assert kept(server.guild.id).language == "de"
        await first.undo()
        assert kept(server.guild.id).per_member == 0
        await first.undo()
        assert kept(server.guild.id).language is None
        assert "Undo last" not in str(rows(first.result.response.message))
    changes = journal.with_tables(lambda db: changes_in(db, server.guild.id))
    made = [(each.setting, each.after, each.member, each.undoes) for each in reversed(changes)]
    kim = first.member.id
    assert made == [
        ("language", '"de"', kim, None),
        ("per_member", "3", kim, None),
        ("language", '"vi"', kim, None),
        ("language", '"de"', kim, 3),
        ("per_member", None, kim, 2),
        ("language", None, kim, 1),
    ]
    assert journal.with_tables(stored_values) == []


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


async def test_a_restart_knows_what_was_set_and_what_is_deleted_is_not_shown(
    journal: Journal,
) -> None:
    async with serving(certain(), journal=journal) as server:
        other = server.guild.create_text_channel("other")
        manager = await managing(server)
        await manager.choose("threads", server.channel, other)
        await manager.choose("news", other)
        bot = server.env.bot
        await server.env.restart_bot(Bot(bot.worker, bot.journal, NO_LIMITS))
        await server.env.bot.get_channel(other.id).delete()
        manager = Manager(manager.member, await manager.member.slash(server.channel, "settings"))
        shown = manager.menus["threads"]["default_values"]
        assert [each["id"] for each in shown] == [server.channel.id]
        assert not manager.menus["news"].get("default_values")
        await manager.choose("language", "de")
        await server.ana.send(server.channel, f"{server.mention} {ASKED}")
        assert len(server.channel.threads) == 1


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


async def test_a_member_deletes_that_she_made_a_change_and_not_the_change(
    journal: Journal,
) -> None:
    async with serving(nothing_found(), journal=journal) as server:
        manager = await managing(server)
        await manager.choose("language", "de")
        privacy = (await manager.member.slash(server.channel, "privacy")).response.message
        sent = (await press(manager.member, privacy, "Send me mine")).response.message
        (change,) = json.loads(await sent.attachments[0].read())["setting_changes"]
        assert (change["setting"], change["after"]) == ("language", '"de"')
        await press(manager.member, privacy, "Delete mine")
        nothing = (await press(manager.member, privacy, "Send me mine")).response.message
        assert seen(nothing) == "I keep nothing of you."
        await press(manager.member, privacy, "Don't record me")
        await manager.choose("per_member", "3")
        changes = journal.with_tables(lambda db: changes_in(db, server.guild.id))
        assert [each.member for each in changes] == [None, None]
        assert server.env.bot.servers.of(server.guild.id).language == "de"
        await manager.undo()
        await manager.undo()
        assert journal.with_tables(stored_values) == []


async def test_a_server_that_is_left_is_forgotten(journal: Journal) -> None:
    async with serving(nothing_found(), journal=journal) as server:
        await (await managing(server)).choose("language", "de")
        bot = server.env.bot
        guild = bot.get_guild(server.guild.id)
        await guild.leave()
        await until(lambda: not journal.with_tables(stored_values))
        assert journal.with_tables(lambda db: changes_in(db, guild.id)) == []
        assert bot.servers.of(guild.id).language is None


@pytest.mark.usefixtures("no_later_try")
async def test_a_change_holds_though_the_journal_is_locked_and_is_written_later(
    journal: Journal,
) -> None:
    async with serving(nothing_found(), journal=journal) as server:
        manager = await managing(server)
        with locked(journal.file):
            await manager.choose("language", "de")
            assert ENGLISH("privacy_later") in manager.text
            assert server.env.bot.servers.of(server.guild.id).language == "de"
        await server.env.bot.journal.settle(PATIENCE)
        await manager.choose("per_member", "3")
        assert ENGLISH("privacy_later") not in manager.text
        assert len(journal.with_tables(stored_values)) == 2


@pytest.mark.usefixtures("no_later_try")
async def test_settings_that_cannot_be_read_are_not_shown_and_are_read_later(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").write_text("a file")
    async with serving(nothing_found(), file=tmp_path / "data" / "journal.sqlite3") as server:
        assert (await managing(server)).text == ENGLISH("settings_unread")
        (tmp_path / "data").unlink()
        server.env.bot.journal._paused_until = 0.0  # It goes by the real clock.
        await server.env.advance_time(PAUSE)
        await until(lambda: server.env.bot.servers.is_read)
        await (await managing(server, "kit")).choose("language", "de")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_message_fits_in_each_language(language: str, speak: Speak) -> None:
    async with at_home(Slow()) as home:
        home.env.bot.servers.fixed = frozenset({"news", "per_guild", "per_member", "channels"})
        speak(language)
        manager = Manager(home.owner, await home.owner.slash(home.channel, "settings"))
        await manager.choose("language", "vi")
        assert manager.text.startswith(f"### {phrases_in(language)('settings_of_server')}")
        assert len(manager.menus) == 7
