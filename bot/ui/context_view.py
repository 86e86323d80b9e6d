"""A quote among its neighbours as a Discord message."""

from __future__ import annotations

import re

import discord

from retrieval import Context, as_published, shown

from ..i18n.phrases import ENGLISH, Phrases
from .links import link_address
from .message import Part, fitting, layout
from .text import TITLE_LIMIT, clean, escape, quote_block, shorten

CONTEXT_LENGTHS = (500, 250, 0)
"""The most characters that are shown of the text before the quote in its paragraph, of the text
after it, and of each neighbouring paragraph: the first number with which the message fits."""

_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")


def context_message(
    context: Context, phrases: Phrases = ENGLISH, *, changed: bool = False
) -> discord.ui.LayoutView:
    """Return the message with the paragraphs around a quote.

    Args:
        context: the quote and its paragraphs as they are now.
        phrases: the member's language.
        changed: whether to add that the article is no longer as it was when it was quoted.
    """
    title = escape(shorten(context.quote.title, TITLE_LIMIT))
    note = [Part(f"-# {phrases('quote_stands')}")] if changed else []

    def parts(length: int) -> list[Part]:
        text = f"### {title}\n{quote_block(context_markup(context, length))}"
        return [Part(text, link_address(context.quote.link)), *note]

    return layout(fitting(map(parts, CONTEXT_LENGTHS)), phrases)


def context_markup(context: Context, length: int = CONTEXT_LENGTHS[0]) -> str:
    """Return the paragraphs around a quote as markup, with the quote in bold, and at most `length`
    characters of each text around it."""
    quote, around = context.quote, (context.before, context.lead, context.after)
    before, lead, after = (as_published(text, quote.article) for text in around)
    rest = as_published(context.rest, quote.article, quote.text)
    # Bold that goes on in the next paragraph is none in some apps.
    words = _PARAGRAPHS.split(escape(shown(quote, context.lead)).strip())
    quoted = "\n\n".join(f"**{paragraph}**" for paragraph in words)
    lead, before = (escape(_end_of(text, length)) for text in (lead, before))
    rest, after = (escape(_start_of(text, length)) for text in (rest, after))
    paragraphs = [before, lead + quoted + rest, after]
    return "\n\n".join(filter(None, paragraphs))


def _start_of(text: str, length: int) -> str:
    """Return at most so many characters from the start, cut between words."""
    plain = clean(text)
    if len(plain) <= length:
        return plain
    cut = plain.rfind(" ", 0, length)
    return plain[: cut if cut > 0 else length].rstrip() + " …"


def _end_of(text: str, length: int) -> str:
    """Return at most so many characters from the end, cut between words."""
    plain = clean(text)
    if len(plain) <= length:
        return plain
    start = len(plain) - length
    cut = plain.find(" ", start)
    return "… " + plain[cut if cut > 0 else start :].lstrip()
