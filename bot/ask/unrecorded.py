"""What was said to messages and is in no journal: notices, and answers to members who are not
recorded. It goes with its message, too, and an edit may mend what a notice says."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from .responses import MessageReply, delete_reply


@dataclass(frozen=True, slots=True)
class _Notice:
    words: str
    """What it was said to."""
    reply: MessageReply


class UnrecordedReplies:
    """The replies of this run of the bot, by their messages; the latest alone."""

    def __init__(self, most: int) -> None:
        """Keep at most so many."""
        self._most = most
        self._said: dict[int, _Notice | discord.PartialMessage] = {}
        """Of an answer the place alone: neither its words nor those of the question."""

    def notice(self, message: int) -> tuple[str, MessageReply | None]:
        """Return the words of a message that got no answer, and the reply that says why; None
        where there is none."""
        said = self._said.get(message)
        return (said.words, said.reply) if isinstance(said, _Notice) else ("", None)

    def keep(self, message: int, words: str, reply: MessageReply) -> None:
        """Keep a reply to a message with these words, which is no answer so far."""
        self._said[message] = _Notice(words, reply)
        if len(self._said) > self._most:
            del self._said[next(iter(self._said))]

    def answered(self, message: int, is_recorded: bool) -> None:
        """Note that the reply to a message is an answer, and whether the journal has it."""
        said = self._said.pop(message, None)
        if isinstance(said, _Notice) and said.reply.sent is not None and not is_recorded:
            sent = said.reply.sent
            self._said[message] = discord.PartialMessage(channel=sent.channel, id=sent.id)

    async def withdraw(self, message: int) -> None:
        """Delete the reply to a message that was deleted."""
        said = self._said.pop(message, None)
        reply = said.reply.sent if isinstance(said, _Notice) else said
        if reply is not None:
            await delete_reply(reply, message)
