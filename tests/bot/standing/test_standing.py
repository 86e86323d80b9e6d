"""Standing questions: what is posted, where, never twice, and when it ends."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.journal.journal import Journal
from bot.journal.question_groups import questions_asked
from bot.journal.schema import MIGRATIONS
from bot.journal.standing_table import (
    StandingQuestion,
    articles_after,
    keep_question,
    note_articles,
    note_ending,
)
from bot.standing import answers, cog
from retrieval import Library
from tests.conftest import Folder

from ..conftest import Speak
from ..server import face, press, rows, seen, until
from .readers import ASKED, LANDED, OLD, WORDS, follow, followed, readers

DAY = 86_400.0
"""Its seconds."""


async def test_new_articles_alone_are_asked_and_nothing_is_told_twice(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        kept = await here.follow(here.ana)
        assert ASKED in seen(kept)
        assert [face(item) for item in rows(kept)] == ["Unfollow"]
        await here.brings({"bread.txt": "Rye is baked longer than wheat, says the miller.\n"})
        assert here.told(here.ana) == []
        await here.brings({"new.txt": LANDED.format("Berta")})
        (text,) = here.told(here.ana)
        assert "Berta" in text
        assert "Alba" not in text
        message = here.ana.user.dm_channel.last_message
        assert [face(item) for item in rows(message)][-1] == "Unfollow"
        (sent,) = journal.answers_of(here.ana.id)
        assert (sent.sent_as, sent.question) == (message.id, ASKED)
        assert journal.with_tables(questions_asked) == []
        await here.brings({"next.txt": LANDED.format("Carla")})
        assert len(here.told(here.ana)) == 2
        assert "Carla" in here.told(here.ana)[1]
        shown = await here.ana.user.click(
            here.ana.user.dm_channel.last_message, label="Show in context"
        )
        assert "Carla" in seen(shown.response.message)
        # The same words, whether they are moved, copied or stand in an edited article, are not new.
        edited = f"{OLD}\n{LANDED.format('Berta')}\n\n{LANDED.format('Alba')}\n"
        await here.brings({"copy.txt": LANDED.format("Berta"), "old.txt": edited})
        (folder({}) / "new.txt").rename(folder({}) / "moved.txt")
        await here.brings({})
        assert len(here.told(here.ana)) == 2


async def test_only_what_is_more_certain_than_an_answer_is_told_in_whatever_language(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.ana, "Neben welchem Turm ist der Zeppelin am Sonntag gelandet?")
        # The chance that this answers is .5, which is enough for a question that is asked once.
        await here.brings({"near.txt": "The balloon landed beside the church tower on Sunday."})
        assert here.told(here.ana) == []
        await here.brings({"new.txt": LANDED.format("Berta")})
        (text,) = here.told(here.ana)
        assert LANDED.format("Berta") in text


async def test_who_unfollows_is_told_no_more(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.ana)
        await here.follow(here.ana, "Who bakes the bread?")
        listed = await here.follow(here.ana, None)
        faces = ["Keep following (1)", "Keep following (2)", "Unfollow (1)", "Unfollow (2)"]
        assert [face(item) for item in rows(listed)] == faces
        text = re.sub(r"<t:\d+:D>", "a day", seen(listed))
        assert text.startswith(f"1. **{ASKED}**\n-# until a day\n2. **Who bakes the bread?**")
        ended = await press(here.ana, listed, "Unfollow (1)")
        assert seen(ended.response.message) == "This question is followed no longer."
        assert "Who bakes" in seen(await here.follow(here.ana, None))
        assert ASKED not in seen(await here.follow(here.ana, None))
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert here.told(here.ana) == []


async def test_a_channel_is_for_its_moderators(
    library: Library, folder: Folder, journal: Journal, speak: Speak
) -> None:
    async with readers(library, folder, journal) as here:
        refused = await here.follow(here.ana, here=True)
        assert "manage messages" in seen(refused)
        speak("de")
        await here.follow(here.mod, "zeppelin landed lighthouse", here=True)
        speak("en-US")
        await here.brings({"new.txt": LANDED.format("Berta")})
        (text,) = here.posted
        assert WORDS in text
        assert here.told(here.mod) == []
        message = here.channel.last_message
        # The server's language, not that of who follows.
        assert [face(item) for item in rows(message)][-1] == "Unfollow"
        denied = await press(here.ana, message, "Unfollow")
        assert "a moderator" in seen(denied.response.message)
        await press(here.mod, message, "Unfollow")
        assert followed(journal) == []


async def test_at_most_so_many_answers_a_day_and_the_rest_on_the_next(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.ana)
        for name in ("Berta", "Carla", "Dora", "Elsa"):
            await here.brings({f"{name}.txt": LANDED.format(name)})
        assert len(here.told(here.ana)) == answers.POSTS_A_DAY
        here.now += answers.POSTS_WITHIN + 1
        await here.env.advance_time(cog.BETWEEN_LOOKS + 1)
        await until(lambda: len(here.told(here.ana)) == answers.POSTS_A_DAY + 1)
        assert "Elsa" in here.told(here.ana)[-1]


async def test_privacy_shows_and_deletes_what_is_followed(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        for number in range(cog.MAX_FOLLOWED):
            await here.follow(here.ana, f"{ASKED} {number}")
        assert "at most 10" in seen(await here.follow(here.ana))
        overview = (await here.ana.slash(here.channel, "privacy")).response.message
        assert "a question that you follow" in seen(overview)
        sent = (await press(here.ana, overview, "Send me my data")).response.message
        kept = json.loads(await sent.attachments[0].read())["followed"]
        assert len(kept) == cog.MAX_FOLLOWED
        await press(here.ana, overview, "Delete my data")
        assert followed(journal) == []
        await here.follow(here.ana)
        await press(here.ana, overview, "Don't record me")
        assert followed(journal) == []
        assert "not to record you" in seen(await here.follow(here.ana))


async def test_before_a_question_ends_its_member_is_asked_once_whether_to_go_on(
    library: Library, folder: Folder, journal: Journal
) -> None:
    async with readers(library, folder, journal) as here:
        await here.follow(here.mod, here=True)
        await here.follow(here.ana)
        began, days = here.now, here.env.bot.ask_options.keep_days
        for day, asked in ((26, 0), (28, 1), (29, 1)):
            here.now = began + day * DAY
            await here.brings({})
            assert (len(here.told(here.ana)), len(here.posted)) == (asked, asked)
        (text,) = here.told(here.ana)
        assert f"<t:{int(began + days * DAY)}:D>" in text
        assert "Choose *Keep following* to go on" in text
        there, own = here.channel.last_message, here.ana.user.dm_channel.last_message
        for message in (there, own):
            assert [face(item) for item in rows(message)] == ["Keep following", "Unfollow"]
        denied = await press(here.ana, there, "Keep following")
        assert "Only the member who follows" in seen(denied.response.message)
        kept = await here.ana.user.click(own, label="Keep following")
        assert f"<t:{int(here.now + days * DAY)}:D>" in seen(kept.response.message)
        # By the clock the other question ends, and the one that is kept does not.
        here.now = began + 30 * DAY + 1
        journal.forget_before(here.now - days * DAY, here.now)
        assert [question.member for question in followed(journal)] == [here.ana.id]
        assert "no longer" in seen(
            (await press(here.mod, there, "Keep following")).response.message
        )
        await here.brings({"new.txt": LANDED.format("Berta")})
        assert len(here.posted) == 1
        assert "Berta" in here.told(here.ana)[-1]
        # It is told again of the end to come.
        here.now += 28 * DAY
        await here.brings({})
        assert "Choose *Keep following* to go on" in here.told(here.ana)[-1]


def test_of_a_question_that_is_kept_meanwhile_no_end_is_told(journal: Journal) -> None:
    question = StandingQuestion(1.8e9, ASKED, 1, 5, None, False, "en-US", 0)
    follow(journal, question)
    journal.with_tables(lambda db: keep_question(db, question.id, 1.9e9), writes=True)
    noted = partial(note_ending, question=question, told=True)
    assert not journal.with_tables(noted, writes=True)
    assert followed(journal) == [replace(question, at=1.9e9)]


def test_old_questions_and_those_of_left_servers_are_forgotten(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        kept = StandingQuestion(1.8e9, ASKED, 1, 5, None, False, "en-US", 0, ("a",), (1.0,))
        old = replace(kept, at=1.8e9 - 30 * DAY - 1, id="0" * 16)
        elsewhere = replace(kept, guild=6, id="1" * 16)
        for question in (kept, old, elsewhere):
            follow(journal, question)
        journal.forget_before(1.8e9 - 30 * DAY, 1.8e9 + 1)
        assert set(followed(journal)) == {kept, elsewhere}
        journal.forget_guilds_except([5])
        assert followed(journal) == [kept]


def test_new_articles_of_the_corpora_seen_get_the_next_number(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:

        def noted(**articles: set[str]) -> int:
            return journal.with_tables(lambda db: note_articles(db, articles), writes=True)

        def after(number: int, *corpora: str) -> set[str]:
            return set(journal.with_tables(lambda db: articles_after(db, number, corpora)))

        assert noted(main={"a", "b"}, empty=set()) == 0
        assert noted(main={"a", "b"}) == 0
        assert noted(main={"a", "c"}, later={"d"}) == 1
        assert (after(0, "main"), after(1, "main"), after(0, "later")) == ({"c"}, set(), set())
        assert noted(main={"a"}, empty={"a"}) == 2
        assert after(0, "main", "empty", "later") == after(1, "empty") == {"a"}


def test_a_journal_without_standing_questions_takes_them(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for statement in (each for version in MIGRATIONS[:6] for each in version):
            db.execute(statement)
        db.execute("INSERT INTO feedback (answer, member, at, rating) VALUES ('a', 1, 1.0, 'good')")
        db.execute("PRAGMA user_version = 6")
    question = StandingQuestion(1.8e9, ASKED, 1, 5, 7, True, "en-US", 0, ("a",), (1.0,))
    with Journal(file) as journal:
        follow(journal, question)
        assert len(journal.feedback()) == 1
    with Journal(file) as journal:
        assert followed(journal) == [question]
        assert len(MIGRATIONS) == 10


def test_what_was_followed_for_a_year_is_followed_for_the_days_set_from_now_on(
    tmp_path: Path,
) -> None:
    file = tmp_path / "journal.sqlite3"
    now = time.time()
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for statement in (each for version in MIGRATIONS[:8] for each in version):
            db.execute(statement)
        # Followed yesterday, half a year ago, and almost a year ago; and by a clock of tomorrow.
        for days in (1, 180, 360, -1):
            row = (str(days), now - days * DAY, ASKED, 1, None, None, 0, "en-US", 0, "[]", "[]", 0)
            db.execute("INSERT INTO standing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.execute("PRAGMA user_version = 8")
    with Journal(file) as journal:
        left = {each.id: round((each.ends_at(30) - now) / DAY) for each in followed(journal)}
    assert left == {"1": 30, "180": 30, "360": 5, "-1": 31}
