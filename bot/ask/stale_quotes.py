"""What has become, since it was sent, of the articles that an answer quotes."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import discord

from retrieval import Quote

from ..i18n.discord_locale import phrases_for
from ..i18n.phrases import Phrases
from ..ui.message import MAX_TEXT, MAX_TITLE, Part, layout
from ..ui.text import escape, shorten
from ..worker import Worker

log = logging.getLogger(__name__)

Row = discord.ui.ActionRow[discord.ui.LayoutView]

_QUOTE = re.compile(r"-# \d+\\\. ")
"""How the text of a quote begins in an answer."""


async def standing(worker: Worker, quote: Quote) -> str | None:
    """The key of what is to be said of a quote; None where its article is as it was."""
    context = await worker.run(worker.asker.context, quote)
    if context is None:
        return "quote_gone"
    return "quote_stands" if context.quote.sha256 != quote.sha256 else None


async def mark(
    interaction: discord.Interaction,
    worker: Worker,
    quotes: Sequence[Quote],
    row: Row,
    *,
    tell: bool = True,
) -> None:
    """Marks the quotes of an answer whose articles have changed, and tells the member who pressed
    a button under it. It was answered before: what fails here is only logged.

    `quotes` are those that the message shows, `row` buttons like those that it has: the library
    would take its own for buttons that do nothing. A message for one member alone is not marked.
    """
    try:
        found = [await standing(worker, quote) for quote in quotes]
        if tell and any(found):
            told = _told(quotes, found, phrases_for(interaction.locale))
            await interaction.followup.send(view=told, ephemeral=True)
        message = interaction.message
        if message is None or message.flags.ephemeral:
            return
        # It is for everybody there, and speaks the server's language.
        phrases = phrases_for(interaction.guild_locale or interaction.locale)
        if (marked := _marked(message, found, row, phrases)) is not None:
            nobody = discord.AllowedMentions.none()
            await message.edit(view=marked, allowed_mentions=nobody)
    except discord.HTTPException as error:
        log.info("An answer is not marked: %s", error)
    except Exception:
        log.exception("An answer is not marked:")


def _told(
    quotes: Sequence[Quote], found: Sequence[str | None], phrases: Phrases
) -> discord.ui.LayoutView:
    lines = (
        f"**{escape(shorten(quote.title, MAX_TITLE))}**\n{escape(phrases(key))}"
        for quote, key in zip(quotes, found, strict=True)
        if key
    )
    return layout([Part(line) for line in lines], phrases)


def _marked(
    message: discord.Message, found: Sequence[str | None], row: Row, phrases: Phrases
) -> discord.ui.LayoutView | None:
    """The message with a line under each quote that needs one; None if it has them, or if there
    is no room for them."""
    layout = discord.ui.LayoutView.from_message(message, timeout=None)
    texts = [item for item in layout.walk_children() if isinstance(item, discord.ui.TextDisplay)]
    before = [text.content for text in texts]
    shown = (text for text in texts if _QUOTE.match(text.content))
    for text, key in zip(shown, found, strict=False):
        # The last line of a quote is one of its words, unless it is a mark.
        lines = text.content.split("\n")
        words = lines[:-1] if lines[-1].startswith("-# ") else lines
        text.content = "\n".join([*words, f"-# {phrases(key)}"] if key else words)
    after = [text.content for text in texts]
    if after == before or sum(len(text.encode("utf-16-le")) // 2 for text in after) > MAX_TEXT:
        return None
    *_, old = layout.children
    layout.remove_item(old)
    layout.add_item(_labelled(row, old))
    return layout


def _labelled(row: Row, old: discord.ui.Item[discord.ui.LayoutView]) -> Row:
    """The buttons with the words of the old ones, which need not be in the server's language."""
    labels = [getattr(button, "label", None) for button in getattr(old, "children", [])]
    for button, label in zip(row.children, labels, strict=False):
        if isinstance(button, discord.ui.DynamicItem) and label:
            button.item.label = label
    return row
