"""`/follow`: questions that are asked of all new articles, and what these answer."""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from retrieval import MAX_QUESTION, Answer, PassageError, QuestionError, words_key

from ..ask.buttons import answer_buttons
from ..ask.incoming import plain_words
from ..ask.service import FAULTS
from ..ask.view import answer_message, shown_quotes
from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for_question
from ..journal_records import SentAnswer
from ..journal_standing import StandingQuestion
from ..reload_job import ReloadRun
from ..ui.delivery import DeliveryError, deliver
from ..ui.message import problem_message
from ..ui.replies import reply
from ..worker import BusyError
from .view import UnfollowButton, followed_message, following_message, unfollow_row

BETWEEN_LOOKS = 600.0
"""Seconds between two looks for new articles, beside those after each reload: another process may
have reloaded, or an answer have had to wait."""

SEND_WITHIN = 60.0
"""Seconds for which an answer is sent again, before it waits for the next look."""

POSTS_WITHIN, POSTS_A_DAY = 86_400.0, 3
"""Seconds within which a question is answered so often; what there is beyond that waits."""

MAX_FOLLOWED, MAX_FOLLOWED_BY_ALL = 10, 1_000
"""How many questions a member, and all together, may follow: a reload costs a search for each."""

FIRST_ROUNDS = 5
"""How often a new question is asked of the articles that are there: each time for three quotes."""

NO_DIRECT_MESSAGES = (50007, 50278)
"""Codes of a member who takes no direct messages from the bot."""

log = logging.getLogger(__name__)


class StandingCog(commands.Cog):
    """Takes standing questions, and asks them of what each reload brings."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._looking = asyncio.Lock()
        self.follow.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=bot.ask_options.direct_messages, private_channel=False
        )

    async def cog_load(self) -> None:
        """Begin to look for new articles."""
        self._task = asyncio.create_task(self._repeat())

    async def cog_unload(self) -> None:
        """Look for them no more."""
        self._task.cancel()

    @app_commands.command()
    @app_commands.describe(
        question="What new articles are to answer; without it, your questions are listed",
        here="Post the answers in this channel, instead of sending them to you",
    )
    async def follow(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION] | None = None,
        here: bool = False,
    ) -> None:
        """Ask a question of all new articles: what answers it is quoted to you or the channel."""

        async def follow(phrases: Phrases) -> discord.ui.LayoutView:
            try:
                return await self._follow(interaction, question, here, phrases)
            except QuestionError as error:
                key = FAULTS.get(error.fault)
                return problem_message(phrases(key, **error.values) if key else str(error))

        await reply(interaction, follow)

    async def _follow(
        self, interaction: discord.Interaction, text: str | None, here: bool, phrases: Phrases
    ) -> discord.ui.LayoutView:
        """Keep a question if that may be, or list the member's; return what to say."""
        member, guild = interaction.user.id, interaction.guild_id
        channel = interaction.channel_id if here and guild is not None else None
        every = await self.bot.journal.call(lambda journal: journal.standing.all())
        if every is None:
            return problem_message(phrases("failed"))
        own = [each for each in every if each.member == member]
        if text is None:
            return followed_message(own, phrases)
        is_full = len(own) >= MAX_FOLLOWED or len(every) >= MAX_FOLLOWED_BY_ALL
        if refusal := "follow_full" if is_full else self._refusal(interaction, channel):
            return problem_message(phrases(refusal, limit=MAX_FOLLOWED))
        if wait := self.bot.limiter.take(member, guild):
            return problem_message(phrases.counted("too_often", math.ceil(wait)))
        last, paths = await self._note_articles()
        locale = interaction.guild_locale if channel is not None else None
        question = StandingQuestion(
            self.bot.clock.now(),
            plain_words(text) or text,
            member,
            guild,
            channel,
            (locale or interaction.locale).value,
            last,
        )
        for _ in range(FIRST_ROUNDS):
            answer = await self._ask(question, paths)
            if not answer.quotes:
                break
            question = replace(question, told=question.told + _keys(answer))
        if await self.bot.journal.change(lambda journal: journal.standing.add(question)):
            return following_message(question, phrases)
        return problem_message(phrases("privacy_later"))

    def _refusal(self, interaction: discord.Interaction, channel: int | None) -> str | None:
        """Return the phrase for why a member may follow no question there, if so."""
        if not self.bot.journal.is_recorded(interaction.user.id):
            return "follow_unrecorded"
        if channel is None:
            return None if self.bot.ask_options.direct_messages else "follow_here_only"
        return None if interaction.permissions.manage_messages else "follow_denied"

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Forget the channels that were deleted while the bot was away; look for new articles."""
        for question in await self._all():
            if question.channel is not None and self.bot.get_channel(question.channel) is None:
                try:
                    await self.bot.fetch_channel(question.channel)
                except discord.NotFound:
                    await self._forget_channel(question.channel)
                except (discord.HTTPException, OSError) as error:
                    log.info("channel=%s cannot be looked at: %s", question.channel, error)
        await self._look()

    @commands.Cog.listener()
    async def on_reload_step(self, run: ReloadRun) -> None:
        """Ask the questions when a reload has ended well."""
        if run.outcome is not None and run.outcome.report is not None:
            await self._look()

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget the questions of a channel that was deleted."""
        await self._forget_channel(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Forget the questions of a thread that was deleted."""
        await self._forget_channel(event.thread_id)

    async def _forget_channel(self, channel: int) -> None:
        await self.bot.journal.change(lambda journal: journal.standing.forget_channel(channel))

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(BETWEEN_LOOKS)
            if self.bot.is_ready():
                await self._look()

    async def _all(self) -> list[StandingQuestion]:
        return await self.bot.journal.call(lambda journal: journal.standing.all()) or []

    async def _note_articles(self) -> tuple[int, list[str]]:
        """Number the articles that are there now; return the last number, and their paths."""
        sources = await self.bot.worker.run(self.bot.worker.asker.sources)
        articles = {source.sha256: source.path for source in sources}
        last = await self.bot.journal.call(lambda of: of.standing.note_articles(articles))
        if last is None:
            raise BusyError("failed")
        return last, list(articles.values())

    async def _look(self) -> None:
        """Ask each question of the articles that it has not been asked of.

        While the bot itself reloads, its questions may go to the old index; another look follows.
        """
        if self.bot.reloader.under_way:
            return
        async with self._looking:
            try:
                if questions := await self._all():
                    last, _ = await self._note_articles()
                    for question in questions:
                        await self._look_for(question, last)
            except (BusyError, PassageError) as error:
                log.info("The standing questions cannot be asked now: %s", error)
            except Exception:
                log.exception("The standing questions cannot be asked:")

    async def _look_for(self, question: StandingQuestion, last: int) -> None:
        """Ask a question of the articles up to the number `last`, and post what answers it."""
        journal, now = self.bot.journal, self.bot.clock.now()
        posts = tuple(at for at in question.posts if at > now - POSTS_WITHIN)
        if question.asked >= last or len(posts) >= POSTS_A_DAY or not self._may_post(question):
            return
        paths = await journal.call(lambda of: of.standing.articles_after(question.asked))
        if paths is None:
            return
        answer = await self._ask(question, paths)
        asked = replace(question, asked=last, posts=posts)
        if answer.quotes:
            asked = replace(asked, told=asked.told + _keys(answer), posts=(*posts, now))
        # Written before it is sent: it is never sent twice, nor where nobody follows it any more.
        if not await journal.call(lambda of: of.standing.update(asked)) or not answer.quotes:
            return
        try:
            await self._post(question, answer)
        except DeliveryError as error:
            error.log(f"standing question {question.id}", question.channel)
            if error.is_gone or error.code in NO_DIRECT_MESSAGES:
                await journal.change(lambda of: of.standing.unfollow(question.id))
            else:
                await journal.change(lambda of: of.standing.update(question))

    def _may_post(self, question: StandingQuestion) -> bool:
        """Return whether the operator lets the bot answer the member there."""
        if question.channel is None and not self.bot.ask_options.direct_messages:
            return False
        channel = self.bot.get_channel(question.channel) if question.channel else None
        return self.bot.admits(discord.Object(question.member), question.guild, channel)

    async def _ask(self, question: StandingQuestion, articles: list[str]) -> Answer:
        run, asker = self.bot.worker.run, self.bot.worker.asker
        return await run(asker.ask_new, question.question, articles, question.told)

    async def _post(self, question: StandingQuestion, answer: Answer) -> None:
        """Send an answer, with the buttons that each has and one that ends the question. Raises
        DeliveryError."""
        bot = self.bot
        phrases = phrases_for_question(question.question, discord.Locale(question.locale))
        sent = SentAnswer(
            bot.clock.now(),
            question.question,
            answer.language,
            question.member,
            shown_quotes(answer, phrases),
            guild=question.guild,
        )
        view = answer_message(answer, phrases, bot.links)
        for row in (*answer_buttons(sent, phrases, bot.links), unfollow_row([question], phrases)):
            view.add_item(row)

        async def send() -> discord.Message:
            channel: discord.abc.Messageable
            if question.channel is None:
                channel = await bot.create_dm(discord.Object(question.member))
            else:
                channel = bot.get_partial_messageable(question.channel)
            return await channel.send(view=view, nonce=sent.id)

        bot.journal.hold(sent)
        try:
            message = await deliver(send, SEND_WITHIN)
            sent = replace(sent, sent_in=message.channel.id, sent_as=message.id)
            await bot.journal.record(sent)
        finally:
            bot.journal.drop(sent)


def _keys(answer: Answer) -> tuple[str, ...]:
    return tuple(map(words_key, answer.quotes))


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    bot.add_dynamic_items(UnfollowButton)
    await bot.add_cog(StandingCog(bot))
