"""Standing questions when something goes wrong: nothing is told twice, nor lost without a line."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord.backend.errors import OptionError

from bot.ask import renewal_cog
from bot.journal.journal import Journal
from bot.journal.standing_table import StandingQuestion, update_question
from bot.standing import answers, cog
from retrieval import Library
from tests.conftest import Folder

from ..server import NO_LIMITS, face, restart, rows, seen, until
from .readers import ASKED, LANDED, Readers, follow, followed, readers

MESSAGES = "/channels/*/messages"


Ways = tuple[Library, Folder, Journal]


@pytest.fixture
def ways(library: Library, folder: Folder, journal: Journal) -> Ways:
    return library, folder, journal


async def look_later(here: Readers) -> None:
    """Time passes until the next look, which ends."""
    async with here.look():
        await here.env.advance_time(cog.BETWEEN_LOOKS + 1)


async def test_a_member_who_takes_no_direct_messages_is_forgotten(
    library: Library, folder: Folder, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.ana)
        here.env.inject_error("POST", MESSAGES, status=403, code=50007)
        with caplog.at_level("INFO", "bot"):
            await here.brings({"new.txt": LANDED.format("Berta")})
        assert followed(journal) == []
        assert "takes no direct messages" in caplog.text


async def test_a_channel_that_is_gone_when_it_is_posted_to_ends_its_questions(
    library: Library, folder: Folder, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        here.env.inject_error("POST", MESSAGES, status=404, code=10003)
        with caplog.at_level("INFO", "bot"):
            await here.brings({"new.txt": LANDED.format("Berta")})
        assert followed(journal) == []
        assert "the channel was deleted" in caplog.text


async def test_an_answer_that_is_kept_true_keeps_its_button_to_unfollow(
    library: Library, folder: Folder, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal_cog, "BETWEEN_EDITS", 0.01)
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        await here.brings({"new.txt": LANDED.format("Berta")})
        buttons = [face(item) for item in rows(here.channel.last_message)]
        await here.brings({"new.txt": LANDED.format("Berta").replace("Sunday", "Monday")})
        await until(lambda: "~~" in here.posted[0])
        assert [face(item) for item in rows(here.channel.history()[0])] == buttons


async def test_what_could_not_be_sent_is_sent_later_and_once(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        here.env.inject_error("POST", MESSAGES, status=403, code=50013)
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert here.posted == []
        for _ in range(2):
            await look_later(here)
            assert len(here.posted) == 1


async def test_the_word_that_a_question_ends_is_sent_later_where_discord_refuses_it_and_once(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        here.now += (here.env.bot.ask_options.keep_days - 1) * 86_400
        here.env.inject_error("POST", MESSAGES, status=403, code=50013)
        await here.brings({})
        assert here.posted == []
        for _ in range(2):
            await look_later(here)
            assert len(here.posted) == 1
        # Nothing is said any more of one that has ended and is not yet forgotten.
        await here.follow(here.mod, here=True)
        here.now += (here.env.bot.ask_options.keep_days + 1) * 86_400
        await look_later(here)
        assert len(here.posted) == 1


async def test_a_restart_between_the_reload_and_the_post_loses_nothing(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        folder({"new.txt": LANDED.format("Berta")})
        library.reload()
        for _ in range(2):
            await restart(here.env)
            await until(lambda: here.posted)
            await here.brings({})
            assert len(here.posted) == 1


async def test_a_reload_while_it_is_posted_is_asked_next(
    library: Library, folder: Folder, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        ask_new, came = library.ask_new, [{"carla.txt": LANDED.format("Carla")}]

        def ask_while_reloading(*arguments: object) -> object:
            if came:
                folder(came.pop())
                library.reload()
            return ask_new(*arguments)

        monkeypatch.setattr(library, "ask_new", ask_while_reloading)
        await here.brings({"new.txt": LANDED.format("Berta")})
        await look_later(here)
        await look_later(here)
        assert ["Carla" in text for text in here.posted] == [False, True]
        assert ["Berta" in text for text in here.posted] == [True, False]


async def test_all_articles_of_a_large_reload_are_told_by_the_next_day(
    library: Library, folder: Folder, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "POSTS_A_DAY", 2)
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        names = ("Berta", "Elsa", "Frieda")
        await here.brings({f"{name}.txt": LANDED.format(name) for name in names})
        assert len(here.posted) <= answers.POSTS_A_DAY
        here.now += answers.POSTS_WITHIN + 1
        await look_later(here)
        for name in names:
            assert sum(f"lighthouse of {name}" in text for text in here.posted) == 1


async def test_one_question_too_many_is_refused_and_a_question_ends_nobody_elses(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        for number in range(cog.MAX_FOLLOWED + 2):
            await here.follow(here.ana, ASKED + "?" * number)
        await here.follow(here.mod)
        assert len(followed(journal)) == cog.MAX_FOLLOWED + 1
        # Two buttons each are no more than a message may have.
        assert len(rows(await here.follow(here.ana, None))) == 2 * cog.MAX_FOLLOWED
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert len(here.told(here.ana)) == cog.MAX_FOLLOWED
        assert len(here.told(here.mod)) == 1


@pytest.mark.parametrize(
    ("limits", "question", "told"),
    [
        ({"direct_messages": False}, ASKED, "no direct messages"),
        ({"per_member": 1}, ASKED, "many questions"),
        ({}, "???", "in words"),
        ({}, " \u200b ", "no words"),
    ],
)
async def test_what_cannot_be_followed_is_told(
    ways: Ways, limits: dict[str, Any], question: str, told: str
) -> None:
    async with readers(*ways, replace(NO_LIMITS, **limits)) as here:
        await here.follow(here.ana, ASKED)
        kept = len(followed(ways[2]))
        assert told in seen(await here.follow(here.ana, question))
        assert len(followed(ways[2])) == kept


@pytest.mark.parametrize("blocked", [frozenset(), frozenset({1})])
async def test_no_channel_is_fetched_for_a_question_in_direct_messages(
    ways: Ways, blocked: frozenset[int]
) -> None:
    async with readers(*ways, replace(NO_LIMITS, blocked_channels=blocked)) as here:
        await here.follow(here.ana)
        # After a restart discord.py knows no channel of direct messages.
        state = here.env.bot._connection
        state._private_channels.clear()
        state._private_channels_by_user.clear()
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert "Berta" in " ".join(here.told(here.ana))
        fetched = [each.path for each in here.env.http_requests if each.method == "GET"]
        assert not [path for path in fetched if re.search(r"/channels/\d+$", path)]


async def test_what_is_deleted_while_a_post_is_noted_is_not_recorded(
    ways: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with readers(*ways) as here:

        def update(*arguments: Any, **values: Any) -> bool:
            here.env.bot.journal.deletions[here.ana.id] += 1
            return update_question(*arguments, **values)

        await here.follow(here.ana)
        monkeypatch.setattr(answers, "update_question", update)
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert "Berta" in " ".join(here.told(here.ana))
        assert ways[2].answers_of(here.ana.id) == []


async def test_where_the_bot_may_not_write_nothing_is_followed_for_a_channel(ways: Ways) -> None:
    async with readers(*ways) as here:
        mute = discord.PermissionOverwrite(send_messages=False)
        here.channel = here.guild.create_text_channel("mute", overwrites={here.guild.me: mute})
        told = seen(await here.follow(here.mod, here=True))
        assert told == f"I lack permissions in {here.channel.mention}."
        assert followed(ways[2]) == []


async def test_a_question_of_4000_characters_costs_a_line_and_no_other_question(
    library: Library, folder: Folder, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    async with readers(library, folder, journal) as here:
        with pytest.raises(OptionError, match="at most 300 characters"):
            await here.follow(here.ana, "zeppelin " * 444)
        # One that is in the journal for all that costs a line, and no other question.
        for number, text in enumerate(("zeppelin " * 444, ASKED)):
            known = StandingQuestion(
                1.8e9 + number, text, here.mod.id, here.guild.id, here.channel.id, True, "en-US", 0
            )
            follow(journal, known)
        await here.brings({})
        with caplog.at_level("INFO", "bot"):
            await here.brings({"new.txt": LANDED.format("Berta")})
        assert len(here.posted) == 1
        assert "too long" in caplog.text
