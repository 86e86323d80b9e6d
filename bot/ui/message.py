"""What every message of the bot is made of (Components V2), and Discord's limits on it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import discord

from retrieval import Quote, Source, fold, shown, talk_kind

from ..i18n.phrases import ENGLISH, Phrases
from .text import cleaned_line, escape, shorten, utf16_length

Interaction = discord.Interaction[discord.Client]
Row = discord.ui.ActionRow[discord.ui.LayoutView]
Button = discord.ui.Button[discord.ui.LayoutView]

Message = discord.ui.LayoutView | tuple[discord.ui.LayoutView, discord.File]
"""A message, or a message and its file."""

MAX_MESSAGE = 4_000
"""The most characters that the texts of one message may have together, counted in UTF-16: never
fewer than Discord counts."""

MAX_MESSAGE_BYTES = 9_500
"""The most bytes of the texts and addresses of a message; Discord has failed at 10,000."""

COMPARED = 40
"""The most characters of a title that are compared with a quote's first words."""

MAX_FILE_BYTES = 10 * 1024**2
"""The most that Discord takes of a file, on a server that nobody has boosted."""

MAX_FILE_NAME = 60
"""The most characters of a file's name, before its ending."""

MAX_CHOICE = 100
"""The most characters of a choice that Discord offers, in an autocompletion or a menu."""


class Part(NamedTuple):
    """A text of the message and the address of the button next to it, if there is one."""

    text: str
    address: str | None = None


def greeting(phrases: Phrases) -> discord.ui.LayoutView:
    """Return the message that says what the bot does and how to ask it."""
    return layout([Part(phrases("short_help"))])


def small_talk_message(text: str, phrases: Phrases) -> discord.ui.LayoutView:
    """Return what the bot says to thanks, to "who are you?" or to other small talk."""
    key = {"thanks": "welcome", "about": "about"}.get(talk_kind(text) or "", "short_help")
    return layout([Part(phrases(key))])


def problem_message(
    sentence: str, reference: str | None = None, phrases: Phrases = ENGLISH
) -> discord.ui.LayoutView:
    """Return the message for what went wrong.

    Args:
        sentence: what went wrong, as plain text.
        reference: what the log calls this failure, if it has an entry for it.
        phrases: the language of the line with the reference.
    """
    text = escape(sentence)
    if reference:
        text += f"\n-# {phrases('reference', reference=reference)}"
    return layout([Part(text)])


def layout(parts: Iterable[Part], phrases: Phrases = ENGLISH) -> discord.ui.LayoutView:
    """Return the message of these parts; `phrases` are the language of the buttons' labels."""
    # A view that times out would take its buttons away from all messages of their kind.
    view = discord.ui.LayoutView(timeout=None)
    for part in parts:
        text: discord.ui.TextDisplay[discord.ui.LayoutView] = discord.ui.TextDisplay(part.text)
        if part.address is None:
            view.add_item(text)
        else:
            button: Button = discord.ui.Button(label=phrases("open_article"), url=part.address)
            view.add_item(discord.ui.Section(text, accessory=button))
    return view


def add_row(view: discord.ui.LayoutView, *items: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    """Return the message with a row of these buttons, or this menu, at its end; as it is where
    there are none."""
    return view.add_item(discord.ui.ActionRow(*items)) if items else view


def message_with_file(
    text: str, content: bytes, name: str
) -> tuple[discord.ui.LayoutView, discord.File]:
    """Return the message of a text with a file below it, and the file to be sent with it."""
    view = layout([Part(text)])
    view.add_item(discord.ui.File(f"attachment://{name}"))
    return view, discord.File(io.BytesIO(content), name)


def article_file(
    heading: str, text: str | None, article: Quote | Source, phrases: Phrases
) -> Message:
    """Return the message with an article as a file, for where no link leads to it, or one that says
    why there is none.

    Args:
        heading: the markup above the file.
        text: the article's text; None if it is gone.
        article: the article, or a quote of it.
        phrases: the member's language.
    """
    if text is None:
        return problem_message(phrases("article_gone"))
    content = text.encode(errors="replace")
    if len(content) > MAX_FILE_BYTES:
        return problem_message(phrases("article_too_large"))
    return message_with_file(heading, content, file_name(article))


def file_name(article: Quote | Source) -> str:
    """Return a name for the file of an article: the letters and digits of its title.

    Every system takes it.
    """
    words = re.findall("[a-z0-9]+", fold(article.title))
    name = shorten(" ".join(words), MAX_FILE_NAME).rstrip("…").replace(" ", "-")
    return f"{name or 'article'}.txt"


def room_left(parts: Iterable[Part]) -> tuple[int, int]:
    """Return how many more UTF-16 units and bytes of UTF-8 a message of these parts may have; below
    0 where it has too many."""
    texts, addresses = "", ""
    for part in parts:
        texts += part.text
        addresses += part.address or ""
    size = len((texts + addresses).encode())
    return MAX_MESSAGE - utf16_length(texts), MAX_MESSAGE_BYTES - size


def fits(parts: Iterable[Part]) -> bool:
    """Return whether one message has room for these parts."""
    return min(room_left(parts)) >= 0


def fitting(shorter: Iterable[Sequence[Part]]) -> Sequence[Part]:
    """Return the parts of a message as they fit: the first of several ways to write them, each
    shorter than the one before; the last where none fits."""
    for parts in shorter:
        if fits(parts):
            break
    return parts


def begins_with_title(quote: Quote) -> bool:
    """Return whether the title repeats the quote: some articles have their first line as title."""
    title = shorten(quote.title, COMPARED).removesuffix("…")
    return bool(title) and cleaned_line(shown(quote)).startswith(title)
