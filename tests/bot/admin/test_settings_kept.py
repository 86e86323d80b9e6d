"""What is kept of a server's settings, and of who has changed them: undone, forgotten, locked."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.i18n.phrases import ENGLISH
from bot.journal.journal import Journal
from bot.journal.settings_table import setting_changes, stored_values
from tests.locked import locked

from ..managing import Manager, managing
from ..server import (
    certain,
    nothing_found,
    press,
    restart,
    rows,
    seen,
    serving,
    until,
)

ASKED = "Who came to the meeting?"
QUOTE = "They met in Hanoi."
PAUSE = 3_601.0
"""Seconds after which a journal that cannot be used is tried again, with `no_later_try`."""


async def test_changes_at_once_that_depend_on_the_value_are_all_kept(journal: Journal) -> None:
    async with serving(nothing_found(), journal=journal) as server:
        servers, guild = server.env.bot.servers, server.guild.id

        def one_more() -> int:
            return servers.of(guild).per_member + 1

        before = servers.of(guild).per_member
        changes = (servers.change(guild, "per_member", one_more, 1.0, 7) for _ in range(5))
        assert all(await asyncio.gather(*changes))
        assert servers.of(guild).per_member == before + 5


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
    changes = journal.with_tables(lambda db: setting_changes(db, guild=server.guild.id))
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


async def test_a_restart_knows_what_was_set_and_what_is_deleted_is_not_shown(
    journal: Journal,
) -> None:
    async with serving(certain(), journal=journal) as server:
        other = server.guild.create_text_channel("other")
        manager = await managing(server)
        await manager.choose("threads", server.channel, other)
        await manager.choose("news", other)
        await restart(server.env)
        await server.env.bot.get_channel(other.id).delete()
        manager = Manager(manager.member, await manager.member.slash(server.channel, "settings"))
        shown = manager.menus["threads"]["default_values"]
        assert [each["id"] for each in shown] == [server.channel.id]
        assert not manager.menus["news"].get("default_values")
        await manager.choose("language", "de")
        await server.ana.send(server.channel, f"{server.mention} {ASKED}")
        assert len(server.channel.threads) == 1


async def test_a_member_deletes_that_she_made_a_change_and_not_the_change(
    journal: Journal,
) -> None:
    async with serving(nothing_found(), journal=journal) as server:
        manager = await managing(server)
        await manager.choose("language", "de")
        privacy = (await manager.member.slash(server.channel, "privacy")).response.message
        sent = (await press(manager.member, privacy, "Send me my data")).response.message
        (change,) = json.loads(await sent.attachments[0].read())["setting_changes"]
        assert (change["setting"], change["after"]) == ("language", '"de"')
        await press(manager.member, privacy, "Delete my data")
        nothing = (await press(manager.member, privacy, "Send me my data")).response.message
        assert seen(nothing) == "I keep nothing about you."
        await press(manager.member, privacy, "Don't record me")
        await manager.choose("per_member", "3")
        changes = journal.with_tables(lambda db: setting_changes(db, guild=server.guild.id))
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
        assert journal.with_tables(lambda db: setting_changes(db, guild=guild.id)) == []
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
        server.env.bot.journal._paused_until = 0.0  # It goes by the real clock.
        assert await server.env.bot.journal.write()
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


async def test_a_last_change_of_much_leaves_room_for_the_settings() -> None:
    async with serving(nothing_found()) as server:
        servers, guild = server.env.bot.servers, server.guild.id
        many = {
            "channels": [10**18 + n for n in range(25)],
            "roles": [10**18 + n for n in range(25)],
        }
        for value in (many, {"servers": [guild], **many}):
            await servers.change(guild, "corpora", {f"c{n}": value for n in range(3)}, 1.8e9, 7)
        manager = await managing(server)
        assert "Last change: Articles: c0: <#1000000000000000000>" in manager.text
        assert manager.text.count(", … ") == 2
