"""Marks the quotes of an answer whose articles have changed since, when a member presses on it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import discord

from retrieval import Quote

from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for
from ..journal.records import QUOTE_CHANGED, QUOTE_GONE, QUOTE_STANDS, Renewal, SentAnswer
from ..ui.message import Interaction, Part, Row, layout
from ..ui.text import TITLE_LIMIT, escape, shorten
from ..worker import Asker, BusyError, Worker
from .renewal_view import renewed_message
from .view import quote_words

log = logging.getLogger(__name__)


async def mark_stale(
    interaction: Interaction,
    sent: SentAnswer,
    first_quote: int,
    buttons: Sequence[Row],
    phrases: Phrases,
    *,
    notify: bool = True,
) -> None:
    """Mark the stale quotes of the answer under which a member has pressed a button.

    What fails here is only logged, because the member has got a reply before.

    Args:
        interaction: the press of the button. A message that one member alone sees is not marked.
        sent: the answer.
        first_quote: the index of the first of its quotes that the message shows.
        buttons: rows like those that the message has.
        phrases: the language of the marks.
        notify: whether to tell the member too.
    """
    bot, asker = Bot.of(interaction), Bot.of(interaction).asker_for(interaction)
    quotes = sent.quotes[first_quote:]
    try:
        renewals = [
            await _renewal(bot.worker, asker, quote, sent.renewal(index))
            for index, quote in enumerate(quotes, first_quote)
        ]
        if notify and any(renewal.change for renewal in renewals):
            told = phrases_for(interaction.locale)
            notice = (
                Part("\n".join(_notice(quote, renewal, told)))
                for quote, renewal in zip(quotes, renewals, strict=True)
                if renewal.change
            )
            await interaction.followup.send(view=layout(notice), ephemeral=True)
        message = interaction.message
        if message is None or message.flags.ephemeral:
            return
        marked = renewed_message(
            message, quotes, renewals, buttons=buttons, phrases=phrases, links=bot.links
        )
        if marked is not None:
            await message.edit(view=marked, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, BusyError) as error:
        log.info("An answer is not marked: %s", error)
    except Exception:
        log.exception("An answer is not marked:")


async def _renewal(worker: Worker, asker: Asker, quote: Quote, last: Renewal) -> Renewal:
    """What has become of a quote: what was said of it after a reload, or else by its file."""
    if last.change in (QUOTE_GONE, QUOTE_CHANGED):
        return last
    context = await worker.run(asker.context, last.quote or quote)
    if context is None:
        return Renewal(QUOTE_GONE)
    stands = QUOTE_STANDS if context.quote.sha256 != quote.sha256 else None
    return replace(last, change=stands)


def _notice(quote: Quote, renewal: Renewal, phrases: Phrases) -> list[str]:
    """The lines that tell a member what has become of a quote."""
    title = f"**{escape(shorten(quote.title, TITLE_LIMIT))}**"
    change = escape(phrases(renewal.change)) if renewal.change else ""
    new = [quote_words(renewal.quote)] if renewal.quote and renewal.change == QUOTE_CHANGED else []
    return [title, change, *new]
