"""What members see of standing questions, besides their answers; and their buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import ClassVar, Self

import discord

from ..client import Bot
from ..i18n.phrases import Phrases
from ..journal.standing_table import (
    StandingQuestion,
    delete_question,
    keep_question,
    standing_questions,
)
from ..ui.buttons import StoredButton
from ..ui.message import Interaction, Part, add_row, layout, problem_message
from ..ui.text import SEPARATOR, TITLE_LIMIT, escape, shorten

ROW = 5
"""The most buttons in a row."""


class QuestionButton(StoredButton):
    """What the buttons have in common: the standing question that they belong to."""

    pattern = "([0-9a-f]{16})"
    face: ClassVar[str]
    """The phrase on it."""

    @classmethod
    def each(
        cls, questions: Sequence[StandingQuestion], phrases: Phrases, first: int = 0
    ) -> Iterator[Self]:
        """Yield a button for each question; with a `first` number each is numbered."""
        for number, question in enumerate(questions, first):
            yield cls(question.id, label=phrases(cls.face) + (f" ({number})" if first else ""))

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        journal, (id,) = Bot.of(interaction).journal, self.values
        every = await journal.tables(standing_questions)
        if every is None:
            return problem_message(phrases("failed"))
        question = next((each for each in every if each.id == id), None)
        if question is None:
            return problem_message(phrases("unfollowed"))
        return await self.change(question, interaction, phrases)

    async def change(
        self, question: StandingQuestion, interaction: Interaction, phrases: Phrases
    ) -> discord.ui.LayoutView:
        """Do with the question what the button is for, and return the message to the member."""
        raise NotImplementedError


class UnfollowButton(QuestionButton, prefix="unfollow"):
    """Ends a standing question, for who follows it and, in a channel, for its moderators."""

    face = "unfollow"

    async def change(
        self, question: StandingQuestion, interaction: Interaction, phrases: Phrases
    ) -> discord.ui.LayoutView:
        if not _may_end(question, interaction):
            return problem_message(phrases("unfollow_denied"))
        end = partial(delete_question, id=question.id)
        done = await Bot.of(interaction).journal.change_tables(end)
        return problem_message(phrases("unfollowed" if done else "privacy_later"))


class KeepButton(QuestionButton, prefix="follow"):
    """Keeps a standing question for as many days again, for who follows it."""

    face = "keep_following"

    async def change(
        self, question: StandingQuestion, interaction: Interaction, phrases: Phrases
    ) -> discord.ui.LayoutView:
        bot = Bot.of(interaction)
        if question.member != interaction.user.id:
            return problem_message(phrases("keep_denied"))
        kept = replace(question, at=bot.clock.now())
        keep = partial(keep_question, id=kept.id, at=kept.at)
        if not await bot.journal.change_tables(keep):
            return problem_message(phrases("privacy_later"))
        return following_message(kept, bot.ask_options.keep_days, phrases)


def _may_end(question: StandingQuestion, interaction: Interaction) -> bool:
    is_there = question.is_public and question.channel == interaction.channel_id
    is_moderator = is_there and interaction.permissions.manage_messages
    return interaction.user.id == question.member or is_moderator


def following_message(
    question: StandingQuestion, days: int, phrases: Phrases
) -> discord.ui.LayoutView:
    """Return what is said to a member who follows a question from now on, for so many days."""
    key = "follow_here" if question.is_public else "follow_you"
    view = layout([Part(f"{_lines(question, days, phrases)}\n{phrases(key)}")])
    return add_row(view, *UnfollowButton.each([question], phrases))


def followed_message(
    questions: Sequence[StandingQuestion], days: int, phrases: Phrases
) -> discord.ui.LayoutView:
    """Return the list of the questions that a member follows, each for so many days."""
    # The dot is escaped so that the number does not begin a list.
    lines = [
        f"{number}\\. {_lines(each, days, phrases)}" for number, each in enumerate(questions, 1)
    ]
    view = layout([Part("\n".join(lines) or escape(phrases("follow_none")))])
    for start in range(0, len(questions), ROW):
        these = questions[start : start + ROW]
        for kind in (KeepButton, UnfollowButton):
            add_row(view, *kind.each(these, phrases, start + 1))
    return view


def ending_message(
    question: StandingQuestion, days: int, phrases: Phrases
) -> discord.ui.LayoutView:
    """Return what says that a question, which is kept for so many days, soon ends."""
    ends = phrases("follow_ends", keep=phrases("keep_following"))
    view = layout([Part(f"{_lines(question, days, phrases)}\n{ends}")])
    buttons = (kind.each([question], phrases) for kind in (KeepButton, UnfollowButton))
    return add_row(view, *chain(*buttons))


def _lines(question: StandingQuestion, days: int, phrases: Phrases) -> str:
    """A question, and below it its channel, if it has one, and the day on which it ends."""
    channel = [f"<#{question.channel}>"] if question.is_public else []
    day = f"<t:{int(question.ends_at(days))}:D>"
    facts = SEPARATOR.join([*channel, phrases("follow_until", date=day)])
    return f"**{escape(shorten(question.question, TITLE_LIMIT))}**\n-# {facts}"
