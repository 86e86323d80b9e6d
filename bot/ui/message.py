"""What every message of the bot is made of (Components V2), and Discord's limits on it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple, Self
from urllib.parse import quote as percent_encode

import discord

from retrieval import Quote, Source, talk_kind

from ..i18n.phrases import ENGLISH, Phrases
from .links import Links
from .text import clean, escape, shorten, utf16_length

Interaction = discord.Interaction[discord.Client]
Row = discord.ui.ActionRow[discord.ui.LayoutView]
Button = discord.ui.Button[discord.ui.LayoutView]

MAX_MESSAGE = 4_000
"""The most characters that the texts of one message may have together, counted in UTF-16.

That is never fewer than Discord counts, and keeps a message below the 10,000 bytes at which
Discord has failed.
"""

MAX_ADDRESS = 512
"""The most characters that a link button's address may have."""


COMPARED = 40
"""The most characters of a title that are compared with a quote's first words."""

MAX_CHOICE = 100
"""The most characters of a choice that Discord offers, in an autocompletion or a menu."""

_HTTPS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#].*)?")


class Part(NamedTuple):
    """A text of the message and the address of the button next to it, if there is one."""

    text: str
    address: str | None = None


class Pressable:
    """What a member presses where, and as often as, the operator lets members press."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        # The bot is above this package.
        return bool(await getattr(interaction.client, "admit_press")(interaction))  # noqa: B009


class StoredButton(Pressable, discord.ui.DynamicItem[Button], template="(?!)"):
    """A button that works after a restart of the bot, because its custom_id holds its values.

    A subclass has the keyword `prefix`, with which its custom_ids begin, and a `pattern` for the
    values, with a group for each.
    """

    prefix: ClassVar[str]
    pattern: ClassVar[str] = ""

    def __init_subclass__(cls, *, prefix: str = "") -> None:
        super().__init_subclass__(template=f"{prefix}:{cls.pattern}")
        cls.prefix = prefix

    def __init__(
        self,
        *values: object,
        label: str | None = "-",
        disabled: bool = False,
        emoji: str | None = None,
    ) -> None:
        self.values = tuple(map(str, values))
        custom_id = ":".join([self.prefix, *self.values])
        button: Button = discord.ui.Button(
            label=label, custom_id=custom_id, disabled=disabled, emoji=emoji
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(*match.groups())


def greeting(phrases: Phrases = ENGLISH) -> discord.ui.LayoutView:
    """Return the message that says what the bot does and how to ask it."""
    return layout([Part(phrases("short_help"))])


def small_talk_message(text: str, phrases: Phrases = ENGLISH) -> discord.ui.LayoutView:
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


def message_with_file(
    text: str, content: bytes, name: str
) -> tuple[discord.ui.LayoutView, discord.File]:
    """Return the message of a text with a file below it, and the file to be sent with it."""
    view = layout([Part(text)])
    view.add_item(discord.ui.File(f"attachment://{name}"))
    return view, discord.File(io.BytesIO(content), name)


def fits(texts: Iterable[str]) -> bool:
    """Return whether one message has room for these texts."""
    return utf16_length("".join(texts)) <= MAX_MESSAGE


def begins_with_title(quote: Quote) -> bool:
    """Return whether the title repeats the quote: some articles have their first line as title."""
    title = shorten(quote.title, COMPARED).removesuffix("…")
    return bool(title) and " ".join(clean(quote.text).split()).startswith(title)


def link_address(address: str | None) -> str | None:
    """Return the address if it is https, names its host plainly and Discord takes it; else None."""
    encoded = percent_encode(address or "", safe="%/:?#[]@!$&'()*+,;=", errors="replace")
    if len(encoded) > MAX_ADDRESS:
        encoded, _, _ = encoded.partition("#:~:")
    return encoded if len(encoded) <= MAX_ADDRESS and _HTTPS.fullmatch(encoded) else None


def button_address(target: Quote | Source, links: Links) -> str | None:
    """Return where an article's or a quote's button leads: its published page, else the reader."""
    return link_address(target.link) or links.in_reader(target)
