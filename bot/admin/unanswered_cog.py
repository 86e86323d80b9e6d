"""`/unanswered` in the home server: what members asked and nothing was found for."""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

import retrieval

from ..client import Bot
from ..i18n.phrases import Phrases
from ..journal.question_groups import QuestionGroup, question_groups, questions_asked
from ..ui.buttons import Page, PageButton
from ..ui.message import Interaction, Part, add_row, fitting, layout
from ..ui.replies import reply
from ..ui.text import TITLE_LIMIT, escape, quote_block, shorten

MOST_READ = 1_000
"""The most questions, the latest, of which a list is made: whoever presses a button meanwhile waits
until they are read."""

OTHER_WORDINGS = (2, 1, 0)
"""How many further wordings of a question are shown: the first number with which a page fits."""

PASSAGE_LENGTHS = (200, 100, 40)
"""The most characters that are shown of the nearest passage, in the same way."""


class UnansweredPageButton(PageButton, prefix="unanswered"):
    """Turns to a page of the unanswered questions, as they were when the list was called for."""

    pattern = f"{PageButton.pattern}:([0-9]{{1,12}})"

    async def message(self, interaction: Interaction, phrases: Phrases) -> discord.ui.LayoutView:
        return await _message(interaction, self.number, int(self.values[2]), phrases)


class UnansweredCog(commands.Cog):
    """Shows an admin what members ask in vain."""

    @app_commands.command()
    @app_commands.default_permissions(administrator=True)
    async def unanswered(self, interaction: discord.Interaction) -> None:
        """List the questions for which I found nothing, like ones together."""
        until = math.ceil(Bot.of(interaction).clock.now())
        await reply(interaction, partial(_message, interaction, 0, until))


async def _message(
    interaction: Interaction, number: int, until: int, phrases: Phrases
) -> discord.ui.LayoutView:
    bot = Bot.of(interaction)
    if not await bot.is_administrator(interaction):
        return layout([Part(phrases("reload_denied"))])
    asker, seen = bot.asker_for(interaction), bot.corpora_for(interaction)
    read = partial(questions_asked, unanswered=True, until=until, most=MOST_READ)
    sent = await bot.journal.tables(read)
    if sent is None:
        return layout([Part(phrases("settings_unread"))])
    asked = [each for each in sent if seen.issuperset(each.corpora.split())]
    group = partial(question_groups, asked, partial(_grouped, asker.embedder))
    page = Page(await bot.worker.run(group) if asked else [], number)
    # That there are none is not said where some are not for those who read here.
    key = "unanswered_days" if sent else "none_unanswered"
    heading = f"### {phrases('unanswered')}\n" + phrases.counted(key, bot.ask_options.keep_days)

    def parts(lengths: tuple[int, int]) -> list[Part]:
        groups = (_part(each, lengths, phrases, bot) for _, each in page.numbered)
        return [Part(heading), *groups, *map(Part, page.position(phrases))]

    lengths = zip(OTHER_WORDINGS, PASSAGE_LENGTHS, strict=True)
    view = layout(fitting(map(parts, lengths)), phrases)
    return add_row(view, *UnansweredPageButton.both(page, phrases, str(until)))


@lru_cache(maxsize=4)
def _grouped(embedder: Any, texts: tuple[str, ...]) -> list[list[int]]:
    """The pages of a list have the same groups: the model reads its questions once."""
    return retrieval.grouped(embedder, texts)


def _part(group: QuestionGroup, lengths: tuple[int, int], phrases: Phrases, bot: Bot) -> Part:
    wordings, length = lengths
    first, *others = (escape(shorten(text, TITLE_LIMIT)) for text in group.wordings)
    lines = [f"**{first}**", *(f"-# = {other}" for other in others[:wordings])]
    last = f"<t:{int(group.last)}:R>"
    lines.append(f"-# {phrases.counted('asked_times', group.times, last=last)}")
    quote = group.passage
    if quote is None:
        return Part("\n".join(lines))
    lines.append(f"-# {escape(shorten(quote.title, TITLE_LIMIT))}")
    lines.append(quote_block(escape(shorten(retrieval.shown(quote), length))))
    return Part("\n".join(lines), bot.links.of_button(quote))


async def setup(bot: Bot) -> None:
    """Add the feature to the bot: the command in the home server."""
    if bot.home is not None:
        await bot.add_cog(UnansweredCog(), guild=discord.Object(bot.home.guild))
