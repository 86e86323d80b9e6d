"""A list in pages, with Previous and Next below it."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar

import discord

from ..i18n.phrases import Phrases
from .message import NO_TEMPLATE, ButtonItem, Interaction
from .replies import reply

PAGE_LENGTH = 5

Entry = TypeVar("Entry")


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


class PageButton(ButtonItem, template=NO_TEMPLATE):
    """Turns a list, in place, to the page that its custom_id names.

    A subclass names its list and shows a page of it.
    """

    list_name: ClassVar[str]

    def __init_subclass__(cls, *, list_name: str, criteria: str = "") -> None:
        """Set what the subclass's custom_ids look like.

        Args:
            list_name: how they begin.
            criteria: a pattern for how they end: what is in the list.
        """
        turn = "(?P<direction>previous|next):(?P<page>[0-9]{1,6})"
        super().__init_subclass__(template=f"{list_name}:{turn}(?P<criteria>{criteria})")
        cls.list_name = list_name

    def __init__(
        self,
        direction: str,
        page: int,
        criteria: str = "",
        label: str = "-",
        *,
        disabled: bool = False,
    ) -> None:
        custom_id = f"{self.list_name}:{direction}:{page}{criteria}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))
        self.page = page
        self.criteria = criteria

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["direction"], int(match["page"]), match["criteria"])

    async def callback(self, interaction: Interaction) -> None:
        await reply(interaction, partial(self.page_message, interaction), anew=False)

    @abstractmethod
    async def page_message(
        self, interaction: Interaction, phrases: Phrases
    ) -> discord.ui.LayoutView:
        """Return the message with the page."""

    @classmethod
    def both(cls, page: Page[Any], phrases: Phrases, criteria: str = "") -> tuple[Self, ...]:
        """Return the buttons below a page: Previous and Next, or none if there is one page."""
        if not page.last:
            return ()
        at_start, at_end = page.number == 0, page.number == page.last
        previous, following = max(0, page.number - 1), min(page.last, page.number + 1)
        return (
            cls("previous", previous, criteria, phrases("previous"), disabled=at_start),
            cls("next", following, criteria, phrases("next"), disabled=at_end),
        )
