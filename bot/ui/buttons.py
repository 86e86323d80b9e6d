"""Buttons and menus that work after a restart of the bot; and a list in pages, with Previous and
Next below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar

import discord

from ..i18n.phrases import Phrases
from .message import Button, Interaction, Message
from .replies import reply

PAGE_LENGTH = 5

Entry = TypeVar("Entry")


class Pressable:
    """What a member presses where, and as often as, the operator lets members press."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        # The bot is above this package.
        return bool(await getattr(interaction.client, "admit_press")(interaction))  # noqa: B009


class StoredItem(Pressable, discord.ui.DynamicItem[discord.ui.Item[Any]], template="(?!)"):
    """A button or menu that works after a restart of the bot, because its custom_id holds its
    values.

    A subclass has the keyword `prefix`, with which its custom_ids begin, and a `pattern` for the
    values, with a group for each; and it says with `message` what it replies. The bot knows all
    that have a prefix.
    """

    kinds: ClassVar[list[type[discord.ui.DynamicItem[Any]]]] = []
    prefix: ClassVar[str]
    pattern: ClassVar[str] = ""
    anew = False
    """Whether the reply is a message of its own, instead of taking the place of the item's."""

    def __init_subclass__(cls, *, prefix: str = "") -> None:
        super().__init_subclass__(template=":".join(filter(None, (prefix, cls.pattern))))
        cls.prefix = prefix
        if prefix:
            cls.kinds.append(cls)

    def __init__(self, item: discord.ui.Item[Any], *values: object) -> None:
        self.values = tuple(map(str, values))
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item, *match.groups())

    async def callback(self, interaction: Interaction) -> None:
        await reply(interaction, partial(self.message, interaction), anew=self.anew)

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        """Do what the item is for, and return the message to the member, in these phrases."""
        raise NotImplementedError


def chosen_values(interaction: Interaction) -> list[str]:
    """Return the values that a member has chosen in a menu."""
    data: Any = interaction.data
    return list(data["values"])


class StoredButton(StoredItem):
    """A button whose custom_id holds its values; see `StoredItem`."""

    anew = True

    def __init__(
        self,
        *values: object,
        label: str | None = "-",
        disabled: bool = False,
        emoji: str | None = None,
    ) -> None:
        custom_id = ":".join([self.prefix, *map(str, values)])
        button: Button = discord.ui.Button(
            label=label, custom_id=custom_id, disabled=disabled, emoji=emoji
        )
        super().__init__(button, *values)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(*match.groups())


class Page(Generic[Entry]):
    """A page of a list."""

    def __init__(self, entries: Sequence[Entry], number: int) -> None:
        """Take a page from all entries of a list.

        Args:
            entries: the whole list.
            number: the page, from 0; the last one where the list has no longer so many.
        """
        self.total = len(entries)
        self.last = max(0, self.total - 1) // PAGE_LENGTH
        self.number = min(number, self.last)
        first = self.number * PAGE_LENGTH
        self.numbered = list(enumerate(entries[first : first + PAGE_LENGTH], first + 1))
        """The entries of this page, each with its number in the list, from 1."""

    def position(self, phrases: Phrases) -> list[str]:
        """Return the line that says which page of how many this is; none if there is one page."""
        if not self.last:
            return []
        return [f"-# {phrases('page', page=self.number + 1, pages=self.last + 1)}"]


class PageButton(StoredButton):
    """Turns a list, in place, to the page in its custom_id."""

    pattern = "(previous|next):([0-9]{1,6})"
    anew = False

    @property
    def number(self) -> int:
        return int(self.values[1])

    @classmethod
    def both(cls, page: Page[Any], phrases: Phrases, *values: str) -> Iterator[Self]:
        """Yield the buttons below a page, Previous and Next; nothing if there is one page.

        `values` are those that the custom_id has after the page.
        """
        if page.last:
            for direction, number in (("previous", page.number - 1), ("next", page.number + 1)):
                target = min(max(number, 0), page.last)
                label, disabled = phrases(direction), target == page.number
                yield cls(direction, target, *values, label=label, disabled=disabled)
