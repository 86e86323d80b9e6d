"""`/follow`: questions that are asked of all new articles, and what these answer."""

from __future__ import annotations

import logging
import math
from functools import partial

import discord
from discord import app_commands

from retrieval import MAX_QUESTION, QuestionError

from ..ask.incoming import plain_words
from ..client import Bot
from ..i18n.phrases import Phrases
from ..journal.standing_table import (
    StandingQuestion,
    standing_questions,
    store_question,
)
from ..ui.message import Part, layout, problem_message
from ..ui.repeating_cog import RepeatingCog
from ..ui.replies import reply
from .answers import StandingAnswers
from .view import followed_message, following_message

BETWEEN_LOOKS = 600.0
"""Seconds between two looks for new articles, beside those after each reload: another process may
have reloaded, or an answer have had to wait."""

MAX_FOLLOWED, MAX_FOLLOWED_BY_ALL = 10, 1_000
"""How many questions a member, and all together, may follow: a reload costs a search for each."""

log = logging.getLogger(__name__)


class StandingCog(RepeatingCog):
    """Takes standing questions, and asks them of what each reload brings."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot, BETWEEN_LOOKS)
        self.bot = bot
        self._answers = StandingAnswers(bot)
        self.follow.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=bot.ask_options.direct_messages, private_channel=False
        )

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
                return problem_message(phrases.fault(error))

        await reply(interaction, follow)

    async def _follow(
        self, interaction: discord.Interaction, text: str | None, here: bool, phrases: Phrases
    ) -> discord.ui.LayoutView:
        """Keep a question if that may be, or list the member's; return what to say."""
        member, guild = interaction.user.id, interaction.guild_id
        deletions = self.bot.journal.deletions[member]
        is_public = here and guild is not None
        every = await self.bot.journal.tables(standing_questions)
        if every is None:
            return problem_message(phrases("failed"))
        followed = [each for each in every if each.member == member]
        if text is None:
            return followed_message(followed, self.bot.ask_options.keep_days, phrases)
        is_full = len(followed) >= MAX_FOLLOWED or len(every) >= MAX_FOLLOWED_BY_ALL
        if refusal := "follow_full" if is_full else self._refusal(interaction, is_public):
            channel = f"<#{interaction.channel_id}>"
            return layout([Part(phrases(refusal, limit=MAX_FOLLOWED, channels=channel))])
        if wait := self.bot.wait_to_ask(member, guild):
            return problem_message(phrases.counted("too_often", math.ceil(wait)))
        corpora = self.bot.corpora_for(interaction, public=is_public)
        last = await self._answers.note_articles(corpora)
        locale = interaction.guild_locale if is_public else None
        question = StandingQuestion(
            at=self.bot.clock.now(),
            question=plain_words(text) or text,
            member=member,
            guild=guild,
            channel=interaction.channel_id,
            is_public=is_public,
            locale=(locale or interaction.locale).value,
            asked=last,
        )
        sources = await self.bot.worker.run(self.bot.corpora.view(corpora).sources)
        files = {source.sha256 for source in sources}
        question = await self._answers.with_told(question, files, corpora)
        journal = self.bot.journal
        if journal.deletions[member] != deletions or not journal.is_recorded(member):
            refusal = "unfollowed"  # The member has wished so meanwhile.
        elif await journal.change_tables(partial(store_question, question=question)):
            return following_message(question, self.bot.ask_options.keep_days, phrases)
        else:
            refusal = "privacy_later"
        return problem_message(phrases(refusal))

    def _refusal(self, interaction: discord.Interaction, is_public: bool) -> str | None:
        """Return the phrase for why a member may follow no question there, if so."""
        if not self.bot.journal.is_recorded(interaction.user.id):
            return "follow_unrecorded"
        if not is_public:
            return None if self.bot.ask_options.direct_messages else "follow_here_only"
        if not interaction.permissions.manage_messages:
            return "follow_denied"
        rights, channel = interaction.app_permissions, interaction.channel
        may_post = (
            rights.send_messages_in_threads
            if isinstance(channel, discord.Thread)
            else rights.send_messages
        )
        return None if rights.view_channel and may_post else "setting_lacks"

    async def look_once(self) -> None:
        """Ask the questions of the articles that they have not been asked of."""
        await self._answers.look()


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(StandingCog(bot))
