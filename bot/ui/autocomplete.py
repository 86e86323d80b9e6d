"""What Discord offers for choice while a member types."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from typing import Generic, TypeVar

from discord.app_commands import Choice

from retrieval import PassageError, fold

from ..corpora.seen import Asker
from ..worker import BusyError
from .message import MAX_CHOICE
from .text import shorten

MAX_CHOICES = 25

RECENT_LISTS = 8
"""So many lists are remembered, each of what some members see."""

CHOICE_SECONDS = 2.0
"""How long choices may take: Discord waits three seconds for them and cannot be put off."""

log = logging.getLogger(__name__)

Option = TypeVar("Option")


class RecentList(Generic[Option]):
    """A list to choose from, for each asker its own.

    While the worker is busy or the index is being changed, it is the list that was read last.
    """

    def __init__(self, read: Callable[[Asker], Awaitable[list[Option]]]) -> None:
        self._read = read
        self._entries: OrderedDict[Asker, list[Option]] = OrderedDict()

    async def entries(self, asker: Asker) -> list[Option]:
        """Return the list as it is now, or as it was if that takes over CHOICE_SECONDS."""
        try:
            async with asyncio.timeout(CHOICE_SECONDS):
                self._entries[asker] = await self._read(asker)
                self._entries.move_to_end(asker)
                if len(self._entries) > RECENT_LISTS:
                    self._entries.popitem(last=False)
        except (TimeoutError, PassageError, BusyError) as error:
            log.debug("No fresh choices: %r", error)
        return self._entries.get(asker, [])


def matches(text: str, typed: str) -> bool:
    """Return whether a text has all the words typed, without regard to case and accents."""
    folded = fold(text)
    return all(word in folded for word in fold(typed).split())


def choices(named: Iterable[tuple[str, str]]) -> list[Choice[str]]:
    """Return the first MAX_CHOICES names, each with its value, as Discord takes them."""
    return [
        Choice(name=shorten(name, MAX_CHOICE), value=value)
        for name, value in islice(named, MAX_CHOICES)
    ]
