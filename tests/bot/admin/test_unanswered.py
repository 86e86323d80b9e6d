"""`/unanswered`, `/pin` and `/unpin`: an admin reads what was asked in vain, and mends it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from unittest.mock import AsyncMock

import discord
import pytest
import simcord

from bench.like_questions import _rows
from bot.i18n.phrases import ENGLISH
from bot.journal.journal import JOURNAL, Journal
from bot.journal.question_groups import gold_lines, question_groups, questions_asked
from bot.journal.records import SentAnswer
from retrieval import Library, grouped
from retrieval.evaluation.gold import read_gold
from retrieval.search.likeness import ReadQuestion

from ..ask.test_view import quote
from ..reloads import at_home
from ..server import face, press, rows, seen

DENIED = ENGLISH("reload_denied")


def asked(library: Library, file: Path) -> list[SentAnswer]:
    """The sixty questions of twenty members, as the journal has them."""
    near = library.ask("Who took over as Chief of the Party Central Office?").quotes[0]
    with Journal(file) as journal:
        for number, row in enumerate(_rows("asked")):
            found = row["group"] is None
            journal.record(
                SentAnswer(
                    1_000.0 + number,
                    row["question"],
                    "en",
                    10**17 + row["member"],
                    (near,) if found else (),
                    outcome="quoted" if found else "not found",
                    nearest=None if found else near,
                )
            )
        return journal.with_tables(questions_asked)


def _unanswered(sent: list[SentAnswer]) -> list[SentAnswer]:
    return [each for each in sent if each.outcome == "not found"]


def test_the_list_has_the_groups_and_no_id(library: Library, tmp_path: Path) -> None:
    sent = asked(library, tmp_path / "j")
    assert len(sent) == 60
    groups = question_groups(_unanswered(sent), lambda texts: grouped(library.embedder, texts))
    meant = {row["question"]: row["group"] for row in _rows("asked")}
    shown = {text: number for number, each in enumerate(groups) for text in each.wordings}
    pairs = [
        (meant[one] == meant[other], shown[one] == shown[other])
        for one, other in combinations(shown, 2)
    ]
    assert sum(group.times for group in groups) == len(shown) == 25
    f1 = 2 * pairs.count((True, True)) / sum(a + b for a, b in pairs)
    assert f1 >= 0.8
    assert sum(group.answered for group in groups) == 0
    ids = {str(each.asker) for each in sent} | {each.id for each in sent}
    assert not any(id in repr(groups) for id in ids)
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(gold_lines(groups)), "utf-8")
    golds = read_gold(file)
    assert len(golds) == 25
    assert not any(gold.answerable for gold in golds)
    assert json.loads(file.read_text("utf-8").split("\n")[0])["nearest"][0]["contains"]


def test_what_a_member_deletes_is_not_in_the_list(library: Library, tmp_path: Path) -> None:
    member = 10**17 + 3
    sent = asked(library, tmp_path / JOURNAL)
    words = [each.question for each in sent if each.asker == member]
    with Journal(tmp_path / JOURNAL) as journal:
        journal.forget_member(member)
        kept = journal.with_tables(questions_asked)
    assert member not in {each.asker for each in kept}
    assert len(kept) == len(sent) - len(words)
    assert words
    content = (tmp_path / JOURNAL).read_bytes()
    assert not any(text.encode() in content for text in words)


async def test_an_admin_sees_what_was_not_found_and_pins_a_passage(library: Library) -> None:
    question = "What is the boiling point of mercury?"
    async with at_home(library) as home:
        ana = home.member("ana")
        none = await home.owner.slash(home.channel, "unanswered")
        assert "no question was left without an answer" in seen(none.response.message)
        await ana.slash(home.channel, "ask", question=question)
        await home.env.bot.journal.write()
        other = home.guild.create_role("x", permissions=discord.Permissions(administrator=True))
        denied = await home.member("otto", other).slash(home.channel, "unanswered")
        assert seen(denied.response.message) == DENIED
        shown = await home.owner.slash(home.channel, "unanswered")
        text = seen(shown.response.message)
        assert shown.ephemeral
        assert question in text
        assert "asked once" in text
        assert str(ana.id) not in text

        wrong = await home.owner.slash(home.channel, "pin", question=question, passage="my words")
        assert seen(wrong.response.message) == ENGLISH("pin_unknown")
        offered = await home.owner.autocomplete(
            home.channel, "pin", "passage", "Ho Chi Minh Order", question=question
        )
        done = await home.owner.slash(
            home.channel, "pin", question=question, passage=offered[0]["value"]
        )
        assert seen(done.response.message) == ENGLISH("pin_set")
        answer = await ana.slash(home.channel, "ask", question="Mercury's boiling point is what?")
        assert "pinned by an admin" in seen(answer.response.message)
        gone = await home.owner.slash(home.channel, "unpin", question=question)
        assert seen(gone.response.message) == ENGLISH("pin_gone")
        again = await ana.slash(home.channel, "ask", question=question)
        assert "pinned" not in seen(again.response.message)


async def test_an_admin_pins_what_more_passages_of_an_answer_have_shown(library: Library) -> None:
    question = "Which city hosted the national conference on the work of provincial offices?"
    async with at_home(library) as home:
        ana, owner, context = home.member("ana"), home.owner, ENGLISH("in_context")
        await owner.send(home.channel, f"<@{home.env.bot.user.id}> {question}")
        answer = home.channel.last_message
        await owner.send(home.channel, "And when was it?", reply_to=answer)
        follow_up = home.channel.last_message
        assert question in seen(follow_up)
        # Its words mean something else behind another question.
        assert await offers(owner, follow_up, context) >= {ENGLISH("cite")}
        assert ENGLISH("pin") not in await offers(owner, follow_up, context)

        await press(owner, answer, ENGLISH("more"))
        (answer,) = (each for each in home.channel.history() if each.id == answer.id)
        assert ENGLISH("pin") not in await offers(ana, answer, context)
        shown = await press(owner, answer, context)
        done = await press(owner, shown.response.message, ENGLISH("pin"))
        assert seen(done.response.message) == ENGLISH("pin_set")
        (pin,) = library.pins.all()
        # Of who has asked, and who has pinned it, nothing is kept but the words of the question.
        assert asdict(pin).keys() == {"question", "quote"}
        assert str(owner.id) not in str(pin)
        result = await ana.slash(home.channel, "ask", question=question)
        asked, source, words, *_ = seen(result.response.message).split("\n")
        library.pins.unpin(pin.question)
    assert asked == f"### {question}"
    assert source.startswith("-# 1. ")
    assert source.endswith(ENGLISH("pinned"))
    assert pin.quote.text.startswith(words.replace("**", "").strip("> …")[:40])
    assert pin.quote not in library.ask(question).quotes


async def offers(member: simcord.MemberActor, message: discord.Message, button: str) -> set[str]:
    """What is on the buttons of the message that a button leads to."""
    result = await press(member, message, button)
    return {face(item) for item in rows(result.response.message)}


async def test_a_follow_up_is_listed_behind_its_question_and_with_what_is_nearest(
    library: Library,
) -> None:
    first = SentAnswer(1e9, "Who baked the bread?", "en", 1, (), outcome="not found", id="a")
    first = replace(first, nearest=quote("The baker rose early.", title="A day in the bakery"))
    async with at_home(library) as home:
        for number, (words, follows) in enumerate(
            [("And when?", "a"), ("And why?", "b0"), ("And the butter?", "gone")]
        ):
            sent = replace(first, question=words, follows=follows, id=f"b{number}")
            await home.env.bot.journal.record(sent)
        await home.env.bot.journal.record(first)
        text = seen((await home.owner.slash(home.channel, "unanswered")).response.message)
    for words in ("Who baked the bread? – And when?", "Who baked the bread? – And why?"):
        assert words in text
    assert "– And the butter?" not in text
    assert "And the butter?" in text
    assert "A day in the bakery" in text
    assert "> The baker rose early." in text


async def test_a_page_is_turned_without_reading_a_question_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _unanswered(asked(library, tmp_path / "j"))
    async with at_home(library) as home:
        for each in sent:
            await home.env.bot.journal.record(each)
        shown = await home.owner.slash(home.channel, "unanswered")
        monkeypatch.setattr(ReadQuestion, "of", pytest.fail)
        first = seen(shown.response.message)
        # What is asked from now on is in the next list.
        later = replace(sent[0], id="new", at=1e11, question="Who is new?")
        await home.env.bot.journal.record(later)
        await press(home.owner, shown.response.message, ENGLISH("next"))
        second = seen(shown.response.message)
        await press(home.owner, shown.response.message, ENGLISH("previous"))
        assert seen(shown.response.message) == first
    questions = {each.question for each in sent}
    pages = [{text for text in questions if text in page} for page in (first, second)]
    assert all(pages)
    assert not pages[0] & pages[1]
    assert "Who is new?" not in second


async def test_questions_full_of_markup_leave_the_page_readable(library: Library) -> None:
    subjects = ("seas", "trains", "bread", "chess", "clocks")
    near = quote("*_~`|" * 80, title="*_~`|" * 60)
    async with at_home(library) as home:
        for number, subject in enumerate(subjects * 3):
            words = f"What of {subject}? " + "*_" * (100 + number)
            sent = SentAnswer(1e9, words, "en", 1, (), outcome="not found", nearest=near)
            await home.env.bot.journal.record(sent)
        shown = await home.owner.slash(home.channel, "unanswered")
        assert all(f"What of {subject}" in seen(shown.response.message) for subject in subjects)


async def test_a_new_server_is_told_what_to_do_in_its_language(library: Library) -> None:
    async with at_home(library) as home:
        guild = home.env.bot.get_guild(home.guild.id)
        assert guild is not None
        guild.preferred_locale = discord.Locale.german
        guild._system_channel_id = home.channel.id
        home.env.bot.dispatch("guild_join", guild)
        await home.env.settle()
        text = seen(home.channel.last_message)
        guild._system_channel_id = None
        home.env.bot.dispatch("guild_join", guild)
        await home.env.settle()
        assert seen(home.guild.owner.dm_channel.last_message) == text

        # Where the bot may read who added it, that is who is told.
        kim = home.env.create_user("kim")
        home.guild.add_member(kim)
        added, me = discord.AuditLogAction.bot_add, guild.me.id
        for who, bot in ((home.guild.owner, kim.id), (kim, me), (home.guild.owner, kim.id)):
            home.env.backend.record_audit_log(guild.id, added.value, user_id=who.id, target_id=bot)
        auditor = home.guild.create_role(
            "auditor", permissions=discord.Permissions(view_audit_log=True)
        )
        await guild.me.add_roles(discord.Object(auditor.id))
        home.env.bot.dispatch("guild_join", guild)
        await home.env.settle()
        assert seen(kim.dm_channel.last_message) == text

        # Where Discord does not say it, the owner is told again.
        told = home.guild.owner.dm_channel.last_message
        home.env.inject_error("GET", "/guilds/*/audit-logs", status=503)
        home.env.bot.dispatch("guild_join", guild)
        await home.env.settle()
        assert home.guild.owner.dm_channel.last_message != told
    assert text.startswith("### Danke, dass ich hier sein darf")
    assert "</ask:" in text  # It can be pressed.


async def test_of_very_many_questions_the_latest_are_listed_and_all_are_counted(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.unanswered_cog.MOST_READ", 3)
    async with at_home(library) as home:
        now = home.env.bot.clock.now()
        for number, subject in enumerate(("bread", "chess", "chess", "chess")):
            sent = SentAnswer(now + number, f"What of {subject}?", "en", 1, (), outcome="not found")
            await home.env.bot.journal.record(sent)
        home.env.bot.clock.now = lambda: now + 9
        shown = seen((await home.owner.slash(home.channel, "unanswered")).response.message)
        status = seen((await home.owner.slash(home.channel, "status")).response.message)
    assert "asked 3 times" in shown
    assert "bread" not in shown
    assert "Asked in the last 7 days: 4, answered: 0" in status


async def test_a_journal_that_cannot_be_read_is_no_list_without_questions(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_home(library) as home:
        monkeypatch.setattr(home.env.bot.journal, "call", AsyncMock(return_value=None))
        shown = await home.owner.slash(home.channel, "unanswered")
        assert seen(shown.response.message) == ENGLISH("settings_unread")
