"""A quote among its neighbours, its article as a file, and the buttons that lead there.

They work after a restart of the bot: what they need is in their custom_id and the journal.
"""

from __future__ import annotations

import io
import re
from typing import Any, Self, cast

import discord

from retrieval import Quote, fold

from ..client import Bot
from ..i18n.discord_locale import phrases_for
from ..i18n.phrases import Phrases
from ..ui.context_view import in_context
from ..ui.message import MAX_TITLE, Part, layout, problem
from ..ui.replies import failure, reply
from ..ui.text import escape, shorten

MAX_FILE_BYTES = 10 * 1024**2
"""The most that Discord takes of a file, on a server that nobody has boosted."""

MAX_NAME = 60
"""The most characters of a file's name, before its ending."""

Interaction = discord.Interaction[discord.Client]
Item = discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]]
Row = discord.ui.ActionRow[discord.ui.LayoutView]


class AnswerButton:
    """What the buttons have in common: the answer that they belong to, and which of its quotes."""

    def __init__(self, answer: str, label: str = "-", place: int = 0) -> None:
        kind = type(self).__name__.removesuffix("Button").lower()
        super().__init__(
            discord.ui.Button(label=label, custom_id=f"{kind}:{answer}:{place}")  # type: ignore[call-arg]
        )
        self.answer = answer
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["answer"], place=int(match["place"]))


def template(kind: str) -> str:
    """What the custom_id of such a button looks like."""
    return rf"{kind}:(?P<answer>[0-9a-f]{{16}}):(?P<place>[0-9]{{1,3}})"


class TurnButton(AnswerButton, Item, template=template("turn")):
    """Turns to another quote, in the message that shows one in its context."""

    async def callback(self, interaction: Interaction) -> None:
        await show_context(interaction, self.answer, self.place, anew=False)


class ArticleButton(AnswerButton, Item, template=template("article")):
    """Sends the member alone the article of a quote as a file, where there is no reader."""

    async def callback(self, interaction: Interaction) -> None:
        phrases = phrases_for(interaction.locale)
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            view, files = await self._made(cast(Bot, interaction.client), phrases)
        except Exception:
            view, files = failure(phrases), []
        await interaction.edit_original_response(view=view, attachments=files)

    async def _made(
        self, bot: Bot, phrases: Phrases
    ) -> tuple[discord.ui.LayoutView, list[discord.File]]:
        quote = _quote(bot, self.answer, self.place)
        if quote is None:
            return problem(phrases("too_old"), phrases=phrases), []
        text = await bot.worker.run(bot.worker.asker.article, quote.article)
        if text is None:
            return problem(phrases("article_gone"), phrases=phrases), []
        content = text.encode(errors="replace")
        if len(content) > MAX_FILE_BYTES:
            return problem(phrases("article_too_large"), phrases=phrases), []
        name = file_name(quote)
        title = escape(shorten(quote.title, MAX_TITLE))
        view = layout([Part(f"### {title}")], phrases)
        view.add_item(discord.ui.File(f"attachment://{name}"))
        return view, [discord.File(io.BytesIO(content), name)]


def file_name(quote: Quote) -> str:
    """A name for the file of a quote's article that every system takes: its title's letters."""
    words = re.findall("[a-z0-9]+", fold(quote.title))
    name = shorten(" ".join(words), MAX_NAME).rstrip("…").replace(" ", "-")
    return f"{name or 'article'}.txt"


async def show_context(interaction: Interaction, answer: str, place: int, *, anew: bool) -> None:
    """Shows the member alone a quote of an answer in its context, and the ways to the rest of it:
    to the other quotes, and to the whole article."""
    bot = cast(Bot, interaction.client)

    async def make(phrases: Phrases) -> discord.ui.LayoutView:
        quote = _quote(bot, answer, place)
        if quote is None:
            return problem(phrases("too_old"), phrases=phrases)
        ways: Row = discord.ui.ActionRow()
        context = await bot.worker.run(bot.worker.asker.context, quote)
        if context is None:
            view = problem(phrases("quote_gone"), phrases=phrases)
        else:
            view = in_context(context, phrases, changed=context.quote.sha256 != quote.sha256)
            if address := bot.links.in_reader(context.quote):
                ways.add_item(discord.ui.Button(label=phrases("in_reader"), url=address))
            else:
                ways.add_item(ArticleButton(answer, phrases("article_file"), place))
        if place > 0:
            ways.add_item(TurnButton(answer, phrases("previous"), place - 1))
        if _quote(bot, answer, place + 1):
            ways.add_item(TurnButton(answer, phrases("next"), place + 1))
        if ways.children:
            view.add_item(ways)
        return view

    await reply(interaction, make, anew=anew)


def _quote(bot: Bot, answer: str, place: int) -> Quote | None:
    """A quote of an answer that is remembered; None if it is forgotten or has not so many."""
    sent = bot.journal.answer(answer)
    return sent.quotes[place] if sent and place < len(sent.quotes) else None
