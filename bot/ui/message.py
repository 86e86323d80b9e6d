"""What every message of the bot is made of (Components V2), and Discord's limits on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote as percent_encode

import discord

from retrieval import Quote, Source

from ..i18n.phrases import ENGLISH, Phrases
from .links import Links, published
from .text import escape

MAX_TEXT = 4_000
"""The most characters that the texts of one message may have together, counted in UTF-16.

That is never fewer than Discord counts, and keeps a message below the 10,000 bytes at which
Discord has failed.
"""

MAX_ADDRESS = 512
"""The most characters that a link button's address may have."""

MAX_TITLE = 120

MAX_CHOICE = 100
"""The most characters of a choice that Discord offers, in an autocompletion or a menu."""

_HTTPS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#].*)?")


class Part(NamedTuple):
    """A text of the message and the address of the button beside it, if there is one."""

    text: str
    address: str | None = None


def greeting(phrases: Phrases = ENGLISH) -> discord.ui.LayoutView:
    """The message that says what the bot does and how to ask it."""
    return layout([Part(phrases("short_help"))], phrases)


def problem(
    sentence: str, reference: str | None = None, phrases: Phrases = ENGLISH
) -> discord.ui.LayoutView:
    """The message for what went wrong, with the reference under which the log has it."""
    text = escape(sentence)
    if reference:
        text += f"\n-# {phrases('reference', reference=reference)}"
    return layout([Part(text)], phrases)


def layout(parts: Iterable[Part], phrases: Phrases = ENGLISH) -> discord.ui.LayoutView:
    """The message of these parts, for a person who never stops looking at it.

    A view that times out would take its buttons away from all messages of their kind.
    """
    view = discord.ui.LayoutView(timeout=None)
    for part in parts:
        text: discord.ui.TextDisplay[discord.ui.LayoutView] = discord.ui.TextDisplay(part.text)
        if part.address is None:
            view.add_item(text)
        else:
            button: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(
                label=phrases("open_article"), url=part.address
            )
            view.add_item(discord.ui.Section(text, accessory=button))
    return view


def link_address(address: str | None) -> str | None:
    """The address, where it is https, names its host plainly and Discord takes it; else None."""
    encoded = percent_encode(address or "", safe="%/:?#[]@!$&'()*+,;=", errors="replace")
    if len(encoded) > MAX_ADDRESS:
        encoded, _, _ = encoded.partition("#:~:")
    return encoded if len(encoded) <= MAX_ADDRESS and _HTTPS.fullmatch(encoded) else None


def button_address(one: Quote | Source, links: Links) -> str | None:
    """Where the button beside an article or a quote leads: to its page, else to the reader."""
    return link_address(published(one)) or links.in_reader(one)
