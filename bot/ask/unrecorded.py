"""What was said to messages and is in no journal: notices, and answers to members who are not
recorded. It goes with its message, too, and an edit may mend what a notice says."""

from __future__ import annotations

from dataclasses import dataclass

from .responses import MessageReply, delete_reply


@dataclass(frozen=True, slots=True)
class _Said:
    reply: MessageReply
    words: str | None
    """What a notice was said to; None of an answer."""


class UnrecordedReplies:
    """The replies of this run of the bot, by their messages; the latest alone."""

    def __init__(self, most: int) -> None:
        """Keep at most so many."""
        self._most = most
        self._said: dict[int, _Said] = {}

    def notice(self, message: int) -> tuple[str, MessageReply | None]:
        """Return the words of a message that got no answer, and the reply that says why; None
        where there is none."""
        said = self._said.get(message)
        return ("", None) if said is None or said.words is None else (said.words, said.reply)

    def keep(self, message: int, words: str, reply: MessageReply) -> None:
        """Keep a reply to a message with these words, which is no answer so far."""
        self._said[message] = _Said(reply, words)
        if len(self._said) > self._most:
            del self._said[next(iter(self._said))]

    def answered(self, message: int, is_recorded: bool) -> None:
        """Note that the reply to a message is an answer, and whether the journal has it."""
        said = self._said.pop(message, None)
        if said is not None and not is_recorded:
            self._said[message] = _Said(said.reply, None)

    async def withdraw(self, message: int) -> None:
        """Delete the reply to a message that was deleted."""
        said = self._said.pop(message, None)
        if said is not None and said.reply.sent is not None:
            await delete_reply(said.reply.sent, message)
