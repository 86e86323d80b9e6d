"""What new articles answer to standing questions: asked after each reload, and posted."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from sqlite3 import Connection

import discord

from retrieval import Answer, PassageError, StoreError, words_key

from ..ask.buttons import answer_buttons
from ..ask.view import answer_message, shown_quotes
from ..client import Bot
from ..i18n.phrases import Phrases
from ..journal.journal import Result
from ..journal.records import SentAnswer
from ..journal.standing_table import (
    StandingQuestion,
    articles_after,
    delete_question,
    note_articles,
    note_ending,
    standing_questions,
    update_question,
)
from ..ui.delivery import DISCORD_FAULTS, DeliveryError, channels_of, deliver
from ..ui.message import add_row
from ..worker import BusyError
from .view import UnfollowButton, ending_message

POSTS_WITHIN, POSTS_A_DAY = 86_400.0, 3
"""Seconds within which a question is answered so often; what there is beyond that waits."""

TOLD_ROUNDS = 5
"""How often a question is asked for what is not to be told: each time for three quotes."""

TOLD_BEFORE = 0.1
"""In which last part of its days it is said that a question ends."""

NO_DIRECT_MESSAGES = (50007, 50278)
"""Codes of a member who takes no direct messages from the bot."""

log = logging.getLogger(__name__)

_Change = Callable[[Connection], object]


class StandingAnswers:
    """Asks the standing questions of what each reload brings, and posts what answers them."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def look(self) -> None:
        """Ask each question of the articles that it has not been asked of.

        While the bot itself reloads, its questions may go to the old index; another look follows.
        Raises BusyError, PassageError.
        """
        if self.bot.reloader.under_way:
            return
        questions = await self.bot.journal.tables(standing_questions)
        if not questions:
            return
        places = {each.channel for each in questions if each.is_public and each.channel}
        deleted = places - (await channels_of(self.bot, places)).keys()
        seen = [await self._seen(each, self._guild_of(each)) for each in questions]
        last = await self.note_articles(frozenset().union(*seen))
        for question in questions:
            if question.is_public and question.channel in deleted:
                await self._end(question, "its channel is deleted")
                continue
            try:
                await self._tell_end(question)
                await self._look_for(question, last)
            except (BusyError, PassageError) as error:
                log.info("standing question %s cannot be asked now: %s", question.id, error)
            except Exception:
                log.exception("standing question %s cannot be asked:", question.id)

    async def _write(self, work: Callable[[Connection], Result]) -> Result | None:
        """Write the journal now; None where that fails."""
        return await self.bot.journal.tables(work, writes=True)

    async def note_articles(self, corpora: Collection[str]) -> int:
        """Number the articles that there are now in these corpora; return the last number."""
        articles = dict[str, set[str]]()
        for name in sorted(corpora):
            try:
                sources = await self.bot.worker.run(self.bot.corpora.view({name}).sources)
                articles[name] = {source.sha256 for source in sources}
            except StoreError as error:
                log.info("The corpus %s cannot be looked at: %s", name, error)
        last = await self._write(partial(note_articles, articles=articles))
        if last is None:
            raise BusyError("failed")
        return last

    async def _look_for(self, question: StandingQuestion, last: int) -> None:
        """Ask a question of the articles up to the number `last`, and post what answers it: an
        answer for each three articles that do, as many as the day has left."""
        while question.asked < last and await self._may_post(question):
            posts = tuple(at for at in question.posts if at > self.bot.clock.now() - POSTS_WITHIN)
            corpora = await self._corpora(question)
            if len(posts) >= POSTS_A_DAY or not corpora:
                return
            work = partial(articles_after, number=question.asked, corpora=corpora)
            if (files := await self.bot.journal.tables(work)) is None:
                return
            answer = self._shown(question, await self._ask(question, files, corpora))
            if not answer.quotes:
                await self._write(partial(update_question, question=replace(question, asked=last)))
                return
            if (told := await self._tell(replace(question, posts=posts), answer, corpora)) is None:
                return
            question = told

    async def _tell(
        self, question: StandingQuestion, answer: Answer, corpora: Collection[str]
    ) -> StandingQuestion | None:
        """Post an answer. Return the question with that told; None where it is not posted."""
        told = replace(
            question,
            told=question.told + _keys(answer),
            posts=(*question.posts, self.bot.clock.now()),
        )
        # Nothing else that such an article says is told later, when the article is edited.
        told = await self.with_told(told, {quote.sha256 for quote in answer.quotes}, corpora)
        deletions = self.bot.journal.deletions[question.member]
        # Written before it is sent: it is never sent twice, nor where nobody follows it.
        if not await self._write(partial(update_question, question=told)):
            return None
        post = self._post(question, answer, corpora, deletions)
        untold = partial(update_question, question=question)
        return told if await self._send(question, post, untold) else None

    async def _tell_end(self, question: StandingQuestion) -> None:
        """Say, once and in the last part of its days, that a question ends."""
        days = self.bot.ask_options.keep_days
        is_near = 0 < question.ends_at(days) - self.bot.clock.now() <= days * 86_400 * TOLD_BEFORE
        if not is_near or question.is_ending or not await self._may_post(question):
            return
        note = partial(note_ending, question=question)
        if await self._write(partial(note, told=True)):  # Before it is sent, as an answer.
            view = ending_message(question, days, self._phrases(question))
            post = self._deliver(question, view, nonce=question.id)
            await self._send(question, post, partial(note, told=False))

    async def _send(
        self, question: StandingQuestion, post: Awaitable[object], undo: _Change
    ) -> bool:
        """Post an answer, or that the question ends; return whether Discord took it. The question
        ends where nobody can have its answers; what Discord has refused is posted later."""
        try:
            await post
        except DeliveryError as error:
            error.log(f"standing question {question.id}", question.channel)
            if error.is_gone or error.code in NO_DIRECT_MESSAGES:
                await self._end(question, str(error))
            elif not error.is_passing:
                await self.bot.journal.change_tables(undo)
            return False
        return True

    async def _may_post(self, question: StandingQuestion) -> bool:
        """Return whether the operator lets the bot answer the member there."""
        if not question.is_public and not self.bot.ask_options.direct_messages:
            return False
        blocked = self.bot.ask_options.blocked_channels
        channel = await self._channel_of(question) if blocked else None
        return self.bot.admits(discord.Object(question.member), question.guild, channel)

    def _guild_of(self, question: StandingQuestion) -> discord.Guild | None:
        return self.bot.get_guild(question.guild) if question.guild else None

    async def _channel_of(self, question: StandingQuestion) -> object:
        if not question.channel:
            return None
        if question.guild is None:
            # Its id is all that is asked for, and after a restart none of these is known.
            return discord.Object(question.channel)
        return (await channels_of(self.bot, [question.channel])).get(question.channel)

    async def _seen(
        self, question: StandingQuestion, reader: discord.Guild | discord.Member | None
    ) -> frozenset[str]:
        """Return the names of the corpora that may answer a question: those that everybody sees in
        its channel, or those that a member, or one with all roles of the server, sees there."""
        if len(entries := self.bot.corpora.entries) == 1:
            return frozenset(entries)
        channel = await self._channel_of(question)
        if question.is_public and question.channel:
            return self.bot.corpora_posted_in(channel)
        if isinstance(reader, discord.Member) and isinstance(
            channel, discord.abc.GuildChannel | discord.Thread
        ):
            channel = channel if channel.permissions_for(reader).view_channel else None
        return self.bot.corpora_in(question.guild, channel, reader)

    async def _corpora(self, question: StandingQuestion) -> frozenset[str]:
        """Return the names of the corpora that answer a question now; none where that cannot be
        known. The question of a member who has left the server ends."""
        if question.is_public or question.guild is None or len(self.bot.corpora.entries) == 1:
            return await self._seen(question, None)
        if (guild := self._guild_of(question)) is None:
            return frozenset()
        try:
            return await self._seen(question, await guild.fetch_member(question.member))
        except discord.NotFound:
            await self._end(question, "its member has left the server")
        except DISCORD_FAULTS as error:
            log.info("The member of standing question %s is not known: %s", question.id, error)
        return frozenset()

    async def with_told(
        self, question: StandingQuestion, files: Collection[str], corpora: Collection[str]
    ) -> StandingQuestion:
        """Return a question of which what these articles answer counts as told."""
        for _ in range(TOLD_ROUNDS):
            answer = await self._ask(question, files, corpora)
            if not answer.quotes:
                break
            question = replace(question, told=question.told + _keys(answer))
        return question

    async def _ask(
        self, question: StandingQuestion, files: Collection[str], corpora: Collection[str]
    ) -> Answer:
        asker = self.bot.corpora.view(corpora)
        return await self.bot.worker.run(asker.ask_new, question.question, files, question.told)

    def _phrases(self, question: StandingQuestion) -> Phrases:
        guild = question.guild if question.is_public else None
        return self.bot.public_phrases(guild, discord.Locale(question.locale), question.question)

    def _shown(self, question: StandingQuestion, answer: Answer) -> Answer:
        """An answer with the quotes alone that a message has room for."""
        return replace(answer, quotes=shown_quotes(answer, self._phrases(question), self.bot.links))

    async def _post(
        self, question: StandingQuestion, answer: Answer, corpora: Collection[str], deletions: int
    ) -> None:
        """Send an answer, with the buttons that each has and one that ends the question. Raises
        DeliveryError.

        Args:
            question: the question.
            answer: the answer.
            corpora: the names of the corpora that were asked.
            deletions: how many `BackgroundJournal.deletions` of the member there were when it was
                last known to be followed.
        """
        bot, phrases = self.bot, self._phrases(question)
        sent = SentAnswer(
            at=bot.clock.now(),
            question=question.question,
            language=answer.language,
            asker=question.member,
            quotes=answer.quotes,
            guild=question.guild,
            corpora=" ".join(sorted(corpora)),
        )
        view = answer_message(answer, phrases, bot.links)
        # In direct messages the buttons have no corpus of a server.
        if question.is_public or set(corpora) <= bot.corpora_in(None, None):
            for row in answer_buttons(sent, phrases, bot.links):
                view.add_item(row)
        add_row(view, *UnfollowButton.each([question], phrases))
        with bot.journal.held(sent):
            message = await self._deliver(question, view, sent.id)
            sent = replace(sent, sent_in=message.channel.id, sent_as=message.id)
            if bot.journal.deletions[question.member] == deletions:
                await bot.journal.record(sent)

    async def _deliver(
        self, question: StandingQuestion, view: discord.ui.LayoutView, nonce: str
    ) -> discord.Message:
        """Send a message where answers to a question are posted. Raises DeliveryError."""

        async def send() -> discord.Message:
            channel: discord.abc.Messageable
            if question.is_public and question.channel:
                channel = self.bot.get_partial_messageable(question.channel)
            else:
                channel = await self.bot.create_dm(discord.Object(question.member))
            return await channel.send(view=view, nonce=nonce)

        return await deliver(send)

    async def _end(self, question: StandingQuestion, reason: str) -> None:
        log.info("standing question %s ends: %s.", question.id, reason)
        await self.bot.journal.change_tables(partial(delete_question, id=question.id))


def _keys(answer: Answer) -> tuple[str, ...]:
    return tuple(map(words_key, answer.quotes))
