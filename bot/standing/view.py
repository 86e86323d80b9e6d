"""What members see of standing questions, besides their answers; and *Unfollow*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import discord

from ..client import Bot
from ..i18n.phrases import Phrases
from ..journal.standing_table import (
    FOLLOWED_FOR,
    StandingQuestion,
    delete_question,
    standing_questions,
)
from ..ui.buttons import StoredButton
from ..ui.message import Interaction, Part, add_row, layout, problem_message
from ..ui.text import SEPARATOR, TITLE_LIMIT, escape, shorten

ROW = 5
"""The most buttons in a row."""


class UnfollowButton(StoredButton, prefix="unfollow"):
    """Ends a standing question, for who follows it and, in a channel, for its moderators."""

    pattern = "([0-9a-f]{16})"

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        journal, (id,) = Bot.of(interaction).journal, self.values
        every = await journal.call(lambda of: of.with_tables(standing_questions))
        question = next((each for each in every or () if each.id == id), None)
        if question and not _may_end(question, interaction):
            return problem_message(phrases("unfollow_denied"))
        end = partial(delete_question, id=id)
        done = every is not None and await journal.change(
            lambda of: of.with_tables(end, writes=True)
        )
        return problem_message(phrases("unfollowed" if done else "privacy_later"))


def _may_end(question: StandingQuestion, interaction: Interaction) -> bool:
    is_there = question.is_public and question.channel == interaction.channel_id
    is_moderator = is_there and interaction.permissions.manage_messages
    return interaction.user.id == question.member or is_moderator


def following_message(question: StandingQuestion, phrases: Phrases) -> discord.ui.LayoutView:
    """Return what is said to a member who follows a question from now on."""
    key = "follow_here" if question.is_public else "follow_you"
    view = layout([Part(f"{_lines(question, phrases)}\n{phrases(key)}")])
    return add_row(view, *unfollow_buttons([question], phrases))


def followed_message(
    questions: Sequence[StandingQuestion], phrases: Phrases
) -> discord.ui.LayoutView:
    """Return the list of the questions that a member follows."""
    # The dot is escaped so that the number does not begin a list.
    lines = [f"{number}\\. {_lines(each, phrases)}" for number, each in enumerate(questions, 1)]
    view = layout([Part("\n".join(lines) or escape(phrases("follow_none")))])
    for start in range(0, len(questions), ROW):
        add_row(view, *unfollow_buttons(questions[start : start + ROW], phrases, start + 1))
    return view


def unfollow_buttons(
    questions: Sequence[StandingQuestion], phrases: Phrases, first: int = 0
) -> Iterator[UnfollowButton]:
    """Yield the buttons that end questions; with a `first` number each is numbered."""
    for number, question in enumerate(questions, first):
        label = phrases("unfollow") + (f" ({number})" if first else "")
        yield UnfollowButton(question.id, label=label)


def _lines(question: StandingQuestion, phrases: Phrases) -> str:
    """A question, and below it its channel, if it has one, and the day on which it ends."""
    channel = [f"<#{question.channel}>"] if question.is_public else []
    day = f"<t:{int(question.at + FOLLOWED_FOR)}:D>"
    facts = SEPARATOR.join([*channel, phrases("follow_until", date=day)])
    return f"**{escape(shorten(question.question, TITLE_LIMIT))}**\n-# {facts}"
