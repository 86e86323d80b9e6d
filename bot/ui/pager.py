"""A list in pages, with Previous and Next below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, Self, TypeVar

from ..i18n.phrases import Phrases
from .message import StoredButton

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
