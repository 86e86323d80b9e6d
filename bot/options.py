"""What an operator may set about the bot in Discord."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How the bot may be asked, how much, and how long it works on an answer.

    Raises ValueError for a limit below 0 or times that are not in order.
    """

    direct_messages: bool = True
    """Whether it answers in direct messages."""

    channels: frozenset[int] = frozenset()
    """Channels in which it answers questions that are not put to it. Needs message content."""

    per_member: int = 6
    """Questions a minute that a member may ask; 0 is no limit."""

    per_guild: int = 60
    """Questions a minute that the members of a server may ask together; 0 is no limit."""

    queue: int = 50
    """Questions that may wait while one is worked on."""

    log_questions: bool = False
    """Whether the log has the words of questions."""

    slow_after: float = 10.0
    """Seconds after which it says that it is still searching."""

    give_up_after: float = 60.0
    """Seconds after which it gives up."""

    finish_within: float = 10.0
    """Seconds that running questions have to finish when the bot is stopped."""

    def __post_init__(self) -> None:
        if min(self.per_member, self.per_guild, self.queue, self.finish_within) < 0:
            raise ValueError("a limit cannot be below 0")
        if not 0 <= self.slow_after < self.give_up_after:
            raise ValueError("the bot is slow before it gives up")


@dataclass(frozen=True, slots=True)
class Home:
    """The server from which the bot is run, and who may run it beside its owner."""

    guild: int

    admin_role: int | None = None
    """A role of that server."""


DEFAULTS = AskOptions()
