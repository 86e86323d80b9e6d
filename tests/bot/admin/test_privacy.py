"""`/privacy`: a member reads what is kept of them, gets it, deletes it, or has nothing kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.journal.journal import Journal
from retrieval import Answer, Outcome, Source, Turn

from ..server import Scripted, Server, certain, press, quoted, seen, serving

WORDS = "Did the quetzal sing in Huehuetenango?"


async def overview(server: Server) -> tuple[object, str]:
    message = (await server.ana.slash(server.channel, "privacy")).response.message
    return message, seen(message)


def traces(folder: Path, member: int) -> list[str]:
    """The files that have the member's id, in any way in which a file may hold it, or the words."""
    parts = [str(member).encode(), WORDS.encode(), b"quetzal"]
    parts += [member.to_bytes(8, order) for order in ("big", "little")]
    parts += [WORDS.encode("utf-16-le"), WORDS.encode("utf-16-be")]
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if any(part in file.read_bytes() for part in parts)]


async def test_a_damaged_row_keeps_nothing_else_from_a_member(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(certain(), journal=journal) as server:
        for words in ("Who came?", "Who left?", "Who met?"):
            await server.say(f"{server.mention} {words}")
        damage = "UPDATE answers SET quotes = '[{' WHERE question = 'Who left?'"
        journal.with_tables(lambda db: db.execute(damage), writes=True)
        message, _ = await overview(server)
        sent = (await press(server.ana, message, "Send me my data")).response.message
        kept = json.loads(await sent.attachments[0].read())
        assert [answer["question"] for answer in kept["answers"]] == ["Who came?", "Who met?"]
        assert caplog.text.count("passed over: 1") == 1
        deleted = (await press(server.ana, message, "Delete my data")).response.message
        assert "is deleted" in seen(deleted)
        assert not journal.with_tables(lambda db: db.execute("SELECT * FROM answers").fetchall())


async def test_a_member_gets_what_is_kept_and_deletes_it_without_a_trace(
    journal: Journal, tmp_path: Path
) -> None:
    async with serving(certain(), journal=journal) as server:
        for _ in range(20):
            await server.say(f"{server.mention} {WORDS}")
        await press(server.ana, server.channel.last_message, "\N{THUMBS UP SIGN}")
        other = server.guild.add_member(server.env.create_user("bo"))
        await other.slash(server.channel, "ask", question="Who came?")
        assert traces(tmp_path, server.ana.id)
        message, text = await overview(server)
        assert "for 30 days" in text
        assert "Your questions are recorded." in text
        sent = (await press(server.ana, message, "Send me my data")).response.message
        kept = json.loads(await sent.attachments[0].read())
        assert [len(kept["answers"]), len(kept["feedback"])] == [20, 1]
        assert kept["answers"][0]["question"] == WORDS
        deleted = (await press(server.ana, message, "Delete my data")).response.message
        assert "is deleted" in seen(deleted)
        # The bot's own connection is open, and so is the test's.
        assert traces(tmp_path, server.ana.id) == []
        nothing = (await press(server.ana, message, "Send me my data")).response.message
        assert seen(nothing) == "I keep nothing about you."
        assert len(journal.answers_of(other.id)) == 1


async def test_a_member_who_is_not_to_be_recorded_gets_answers_and_leaves_no_trace(
    journal: Journal, tmp_path: Path
) -> None:
    async with serving(certain(), journal=journal) as server:
        message, _ = await overview(server)
        changed = (await press(server.ana, message, "Don't record me")).response.message
        assert "Nothing about you is recorded." in seen(changed)
        assert "They met in Hanoi." in await server.say(f"{server.mention} {WORDS}")
        other = server.guild.add_member(server.env.create_user("bo"))
        await other.slash(server.channel, "ask", question="Who came?")
        answer = server.channel.last_message
        told = (await press(server.ana, answer, "\N{THUMBS UP SIGN}")).response.message
        assert "I keep no feedback of yours" in seen(told)
        assert traces(tmp_path, server.ana.id) == []
        message, text = await overview(server)
        assert "Nothing about you is recorded." in text
        await press(server.ana, message, "Record me again")
        await server.say(f"{server.mention} {WORDS}")
        assert len(journal.answers_of(server.ana.id)) == 1


class Meanwhile(Scripted):
    """Answers everything; while it does, all that is kept of members is deleted as they wish."""

    def __init__(self) -> None:
        super().__init__(lambda question: quoted(question, 0.9))
        self.wishes = dict[str, Callable[[], Coroutine[Any, Any, object]]]()
        self.loop = asyncio.get_running_loop()

    def _fulfil(self, work: str) -> None:
        if wish := self.wishes.get(work):
            asyncio.run_coroutine_threadsafe(wish(), self.loop).result()

    def ask(self, question: str, before: Turn | None = None) -> Answer:
        self._fulfil("ask")
        return super().ask(question, before)

    def more(self, question: str, *_: object) -> Answer:
        self._fulfil("more")
        return quoted(question, 0.9)

    def ask_new(self, question: str, *_: object) -> Answer:
        self._fulfil("follow")
        return Answer(question, "en", Outcome.NOT_FOUND)

    def sources(self) -> list[Source]:
        return []


async def test_nothing_is_recorded_of_what_was_under_way_when_a_member_deletes_it(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = Meanwhile()
    async with serving(asker, journal=journal) as server:
        forget, ana = server.env.bot.journal.forget_member, server.ana.id
        bo = server.guild.add_member(server.env.create_user("bo"))
        asker.wishes = dict.fromkeys(("ask", "follow"), lambda: forget(ana))
        assert "They met in Hanoi." in await server.say(f"{server.mention} {WORDS}")
        assert "They met in Hanoi." in await server.ask(WORDS)
        followed = await server.ana.slash(server.channel, "follow", question=WORDS)
        assert "followed no longer" in seen(followed.response.message)
        assert traces(tmp_path, ana) == []

        asker.wishes = {"more": lambda: forget(ana)}
        await server.ask(WORDS)
        await press(bo, server.channel.last_message, "More passages")
        assert traces(tmp_path, ana) == []

        asker.wishes = {"more": lambda: forget(bo.id)}
        await server.ask(WORDS)
        await press(bo, server.channel.last_message, "More passages")
        assert journal.answers_of(bo.id) == []
        await forget(ana)

        asker.wishes, send = {}, discord.TextChannel.send

        async def sent(*args: Any, **values: Any) -> discord.Message:
            message = await send(*args, **values)
            await forget(ana)
            return message

        monkeypatch.setattr(discord.TextChannel, "send", sent)
        await server.say(f"{server.mention} {WORDS}")
        assert traces(tmp_path, ana) == []
        monkeypatch.undo()
        await server.say(f"{server.mention} {WORDS}")
        assert len(journal.answers_of(ana)) == 1


@pytest.mark.usefixtures("no_later_try")
async def test_a_journal_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    async with serving(certain(), file=tmp_path / "data" / "journal.sqlite3") as server:
        message, _ = await overview(server)
        for label, told in {
            "Send me my data": "Something went wrong",
            "Delete my data": "as soon as I can",
            "Don't record me": "as soon as I can",
        }.items():
            answer = (await press(server.ana, message, label)).response.message
            assert told in seen(answer)
