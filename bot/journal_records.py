"""What the journal keeps: answers as they were sent, and feedback on them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import NamedTuple

from retrieval import Quote

from .journal_standing import StandingQuestion


def new_id() -> str:
    """Return an id for an answer, which nobody can guess."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as it was sent."""

    at: float
    """Seconds since the epoch."""

    question: str
    language: str
    asker: int
    """The member's id."""

    quotes: tuple[Quote, ...]
    asked_in: int | None = None
    """The id of the question's message; None where it was asked with a command."""

    sent_in: int | None = None
    """The id of the answer's channel, once it is sent."""

    sent_as: int | None = None
    """The id of the answer's message, once it is sent."""

    guild: int | None = None
    """The id of the server in which it was asked, if it was in one."""

    copy_of: str | None = None
    """The id of the answer to another member of which it is a copy that shows further quotes."""

    follows: str | None = None
    """The id of the answer from which its question goes on, if it does."""

    outcome: str | None = None
    """How the question ended, as `Outcome` has it; None where an earlier version answered it, or
    where it is a standing question."""

    nearest: Quote | None = None
    """The nearest passage, where nothing was quoted and something is near."""

    id: str = field(default_factory=new_id)

    @property
    def article(self) -> str | None:
        """The article of the first quote, if there is one."""
        return self.quotes[0].article if self.quotes else None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A member's rating of an answer, and what she wrote about it."""

    answer: str
    """The answer's id."""

    member: int
    at: float
    """Seconds since the epoch."""

    article: str | None
    rating: str
    reason: str | None = None
    words: str | None = None


class Kept(NamedTuple):
    """All that is kept of a member."""

    answers: list[SentAnswer]
    feedback: list[Feedback]
    followed: list[StandingQuestion]
    recorded: bool
    """Whether more may be."""
