"""What has become of an answer's quotes since it was sent, and its message edited so that it says
so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from retrieval import Quote, shown

from ..corpora.seen import Asker
from ..i18n.phrases import Phrases
from ..journal.records import QUOTE_CHANGED, QUOTE_GONE, QUOTE_STANDS, Renewal
from ..ui.links import Links
from ..ui.message import Button, Part, Row, fits, layout
from ..ui.text import TITLE_LIMIT, clean, escape, quote_block, shorten
from ..worker import Worker
from .view import quote_words

Text = discord.ui.TextDisplay[discord.ui.LayoutView]

BRIEF = 100
"""The most characters of words that are struck, where the message has no room for all of them."""

_QUOTE = re.compile(r"-# \d+\\\.\s")
"""How the text of a quote begins in an answer."""


def renewed_message(
    message: discord.Message,
    quotes: Sequence[Quote],
    renewals: Sequence[Renewal],
    *,
    buttons: Sequence[Row],
    phrases: Phrases,
    links: Links,
) -> discord.ui.LayoutView | None:
    """Return the message of an answer with what has become of each of its quotes.

    Words that are gone are struck; below them stands a line that says so, and what stands in their
    place now, if anything does. What the message has no room for is left out.

    Args:
        message: the message.
        quotes: those that it shows, as they were when it was sent.
        renewals: what has become of each of them.
        buttons: rows like those that the message has: discord.py would put buttons in their place
            that do nothing.
        phrases: the language of the lines.
        links: the links that the reader of the message can open.

    Returns:
        The message to be shown; None if it says all this already, or has no room for it.
    """
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    texts = [item for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
    before = [*map(_part, texts)]
    quoting = [text for text in texts if _QUOTE.match(text.content)]
    for text, renewal in zip(quoting, renewals, strict=False):
        address = links.of_button(renewal.quote) if renewal.quote else None
        if address and (button := _button_of(text)):
            button.url = address
    for briefly in (False, True):
        for text, quote, renewal in zip(quoting, quotes, renewals, strict=False):
            facts = text.content.partition("\n")[0]
            text.content = f"{facts}\n{_renewed_words(quote, renewal, phrases, briefly)}"
        after = [*map(_part, texts)]
        if fits(after):
            break
    else:
        return None
    if after == before:
        return None
    old_rows = [item for item in view.children if isinstance(item, discord.ui.ActionRow)]
    ids = {_answer_of(button) for row in buttons for button in row.children}
    # A button below the answer to a followed question is not of the answer, and stays.
    others = [row for row in old_rows if ids.isdisjoint(map(_answer_of, row.children))]
    for row in old_rows:
        view.remove_item(row)
    for row in (*buttons, *others):
        view.add_item(row)
    return view


def _answer_of(button: discord.ui.Item[Any]) -> str:
    """Return the id in the custom_id of a button: the answer's, if it is one below an answer."""
    return str(getattr(button, "custom_id", "")).partition(":")[2].partition(":")[0]


def _renewed_words(quote: Quote, renewal: Renewal, phrases: Phrases, briefly: bool) -> str:
    """Return the words of a quote in a message with what has become of it.

    Args:
        quote: the quote as it was sent.
        renewal: what has become of it.
        phrases: the language of the line that says so.
        briefly: whether only the first of the words that are gone are shown, and not what stands in
            their place.
    """
    if renewal.change not in (QUOTE_GONE, QUOTE_CHANGED):
        mark = [f"-# {phrases(renewal.change)}"] if renewal.change else []
        return "\n".join([quote_words(quote), *mark])
    old = shorten(shown(quote), BRIEF) if briefly else clean(shown(quote))
    lines = filter(None, map(str.strip, old.split("\n")))
    struck = quote_block("\n".join(f"~~{escape(line)}~~" for line in lines))
    if renewal.quote is None or briefly:
        return f"{struck}\n-# {phrases(QUOTE_GONE)}"
    return f"{struck}\n-# {phrases(renewal.change)}\n{quote_words(renewal.quote)}"


def _button_of(text: Text) -> Button | None:
    section = text.parent
    button = section.accessory if isinstance(section, discord.ui.Section) else None
    return button if isinstance(button, discord.ui.Button) else None


def _part(text: Text) -> Part:
    button = _button_of(text)
    return Part(text.content, button.url if button else None)


async def renewal_by_file(worker: Worker, asker: Asker, quote: Quote, last: Renewal) -> Renewal:
    """Return what has become of a quote: as was said of it after a reload, or else by its file."""
    if last.change in (QUOTE_GONE, QUOTE_CHANGED):
        return last
    context = await worker.run(asker.context, last.quote or quote)
    if context is None:
        return Renewal(QUOTE_GONE)
    stands = QUOTE_STANDS if context.quote.sha256 != quote.sha256 else None
    return replace(last, change=stands)


def renewal_notice(
    quotes: Sequence[Quote], renewals: Sequence[Renewal], phrases: Phrases
) -> discord.ui.LayoutView:
    """Return the message that tells a member what has become of quotes, those that stand as they
    did left out."""
    parts = list[Part]()
    for quote, renewal in zip(quotes, renewals, strict=True):
        if renewal.change:
            title = f"**{escape(shorten(quote.title, TITLE_LIMIT))}**"
            now = renewal.quote if renewal.change == QUOTE_CHANGED else None
            new = [quote_words(now)] if now else []
            parts.append(Part("\n".join([title, escape(phrases(renewal.change)), *new])))
    return layout(parts)
