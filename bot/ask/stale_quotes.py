"""Marks the quotes of an answer whose articles have changed since it was sent."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import discord

from retrieval import Quote

from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for
from ..ui.message import Interaction, Part, Row, fits, layout
from ..ui.text import TITLE_LIMIT, escape, shorten
from ..worker import Asker, BusyError, Worker

log = logging.getLogger(__name__)

_QUOTE = re.compile(r"-# \d+\\\.\s")
"""How the text of a quote begins in an answer."""


async def change_of(worker: Worker, asker: Asker, quote: Quote) -> str | None:
    """Return the phrase for what has happened to a quote; None if its article is as it was."""
    context = await worker.run(asker.context, quote)
    if context is None:
        return "quote_gone"
    return "quote_stands" if context.quote.sha256 != quote.sha256 else None


async def mark_stale(
    interaction: Interaction,
    quotes: Sequence[Quote],
    buttons: Sequence[Row],
    phrases: Phrases,
    *,
    notify: bool = True,
) -> None:
    """Mark the stale quotes of the answer under which a member has pressed a button.

    What fails here is only logged, because the member has got a reply before.

    Args:
        interaction: the press of the button. A message that one member alone sees is not marked.
        quotes: those that the message shows.
        buttons: rows like those that the message has: discord.py would put buttons in their place
            that do nothing.
        phrases: the language of the marks.
        notify: whether to tell the member too.
    """
    worker, asker = Bot.of(interaction).worker, Bot.of(interaction).asker_for(interaction)
    try:
        changes = [await change_of(worker, asker, quote) for quote in quotes]
        if notify and any(changes):
            told = phrases_for(interaction.locale)
            notice = (
                Part(f"**{escape(shorten(quote.title, TITLE_LIMIT))}**\n{escape(told(change))}")
                for quote, change in zip(quotes, changes, strict=True)
                if change
            )
            await interaction.followup.send(view=layout(notice), ephemeral=True)
        message = interaction.message
        if message is None or message.flags.ephemeral:
            return
        if (marked := _marked(message, changes, buttons, phrases)) is not None:
            await message.edit(view=marked, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, BusyError) as error:
        log.info("An answer is not marked: %s", error)
    except Exception:
        log.exception("An answer is not marked:")


def _marked(
    message: discord.Message,
    changes: Sequence[str | None],
    buttons: Sequence[Row],
    phrases: Phrases,
) -> discord.ui.LayoutView | None:
    """Return the message with a line under each stale quote.

    It is None if the message has these lines already, or no room for them.
    """
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    texts = [item for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
    before = [text.content for text in texts]
    quotes = (text for text in texts if _QUOTE.match(text.content))
    for text, change in zip(quotes, changes, strict=False):
        # The last line of a quote is one of its words, unless it is a mark.
        lines = text.content.split("\n")
        words = lines[:-1] if lines[-1].startswith("-# ") else lines
        text.content = "\n".join([*words, f"-# {phrases(change)}"] if change else words)
    after = [text.content for text in texts]
    if after == before or not fits(after):
        return None
    old_rows = [item for item in view.children if isinstance(item, discord.ui.ActionRow)]
    for row in old_rows:
        view.remove_item(row)
    # The last row is always there; the one above it may have gone with an address.
    for old_row, row in zip(reversed(old_rows), reversed(buttons), strict=False):
        _with_labels_of(old_row, row)
    for row in buttons:
        view.add_item(row)
    return view


def _with_labels_of(old_buttons: discord.ui.Item[discord.ui.LayoutView], buttons: Row) -> None:
    """Give the buttons the labels of the old ones, which may be in another language."""
    labels = [getattr(button, "label", None) for button in getattr(old_buttons, "children", [])]
    for button, label in zip(buttons.children, labels, strict=False):
        if isinstance(button, discord.ui.DynamicItem) and label and button.item.label:
            button.item.label = label
