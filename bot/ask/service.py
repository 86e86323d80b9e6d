"""From a question to what its asker reads: the answer, or one plain sentence."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import discord

from retrieval import Answer, QuestionError

from ..i18n.phrases import ENGLISH, Phrases
from ..journal import Journal
from ..options import AskOptions
from ..ui.links import NO_READER, Links
from ..ui.message import problem
from ..worker import STOPPING, BusyError, Worker
from .overheard import is_certain
from .view import answer_message, shown_quotes

FAILED = "failed"
GIVEN_UP = "given_up"
STILL_SEARCHING = "still_searching"

log = logging.getLogger(__name__)

FAULTS = {
    "empty": "question_empty",
    "too_long": "question_too_long",
    "no_words": "question_no_words",
}
"""What is said of a question that cannot be searched for."""

Row = discord.ui.ActionRow[discord.ui.LayoutView]

Show = Callable[[discord.ui.LayoutView], Awaitable[discord.Message | None]]
"""Shows the asker a message. Called again, it shows the next one in place of the last."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it comes from. `event` is its message or interaction, for the log."""

    words: str
    guild: int | None
    channel: int | None
    member: int
    event: str
    phrases: Phrases = ENGLISH
    message: int | None = None
    """The id of the message that asks, if it is one."""
    overheard: bool = False
    """Whether it was not put to the bot, which then says nothing unless it is certain."""


class Asking:
    """Puts questions to the worker and shows what comes of it."""

    def __init__(
        self,
        worker: Worker,
        options: AskOptions,
        journal: Journal,
        row: Callable[[str, Phrases], Row],
        links: Links = NO_READER,
    ) -> None:
        """`row` makes the buttons under the answer of an id; `links` are those of its quotes."""
        self._worker = worker
        self._options = options
        self._journal = journal
        self._row = row
        self._links = links
        self._running: set[asyncio.Task[Any]] = set()

    @contextmanager
    def under_way(self) -> Iterator[asyncio.Task[Any]]:
        """`finish` waits for the task that is in it: a question, from when the bot hears of it."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._running.add(task)
        try:
            yield task
        finally:
            self._running.discard(task)

    async def answer(self, asked: Asked, show: Show) -> None:
        """Shows the answer or one plain sentence, and logs it.

        The log has the question's words only if the operator wants it to.

        Raises what `show` raises.
        """
        reference = secrets.token_hex(4)
        began = perf_counter()
        outcome, hits = "failed", 0
        tell = _silent if asked.overheard else show
        phrases = asked.phrases
        try:
            answer = await self._search(asked, tell)
            if answer is None:
                outcome = "given up"
                log.warning("Reference %s: no answer after its time.", reference)
                await tell(problem(phrases(GIVEN_UP), reference, phrases))
            elif asked.overheard and not is_certain(answer):
                outcome = "silent"
            else:
                outcome, hits = answer.outcome.value, len(answer.quotes)
                await self._keep(answer, asked, show)
        except QuestionError as error:
            outcome = "refused"
            await tell(problem(_sentence(error, phrases), phrases=phrases))
        except BusyError as error:
            outcome = "busy"
            await tell(problem(phrases(str(error)), phrases=phrases))
        except asyncio.CancelledError:
            outcome = "stopped"
            await tell(problem(phrases(STOPPING), phrases=phrases))
            raise
        except discord.Forbidden:
            outcome = "forbidden"
            raise
        except discord.NotFound:
            outcome = "gone"
            raise
        except Exception:
            outcome = "failed"
            log.exception("Reference %s:", reference)
            await tell(problem(phrases(FAILED), reference, phrases))
        finally:
            log.info(
                "Answered reference=%s guild=%s channel=%s member=%s %s ms=%d outcome=%r hits=%d%s",
                reference,
                asked.guild,
                asked.channel,
                asked.member,
                asked.event,
                (perf_counter() - began) * 1000,
                outcome,
                hits,
                f" question={asked.words!r}" if self._options.log_questions else "",
            )

    async def finish(self) -> None:
        """Lets the questions that run finish, up to a time; to the others it says that it stops.

        Those that are asked meanwhile run too.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._options.finish_within):
                while self._running:
                    await asyncio.wait(self._running)
        late = set(self._running)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    async def _keep(self, answer: Answer, asked: Asked, show: Show) -> None:
        """Shows an answer with its buttons, and keeps what they and later events need."""
        view = answer_message(answer, asked.phrases, self._links)
        if not answer.quotes and asked.message is None:
            await show(view)
            return
        sent = self._journal.record(
            asked.words,
            answer.language,
            asked.member,
            shown_quotes(answer, asked.phrases),
            asked.message,
        )
        if answer.quotes:
            view.add_item(self._row(sent.id, asked.phrases))
        message = await show(view)
        if message is not None:
            self._journal.sent(sent.id, message.channel.id, message.id)

    async def _search(self, asked: Asked, tell: Show) -> Answer | None:
        """The answer; None if it takes too long. Tells the asker when it is slow."""
        slow, end = self._options.slow_after, self._options.give_up_after
        search = asyncio.ensure_future(self._worker.ask(asked.words, asked.member))
        try:
            done, _ = await asyncio.wait([search], timeout=slow)
            if not done:
                await tell(problem(asked.phrases(STILL_SEARCHING), phrases=asked.phrases))
                done, _ = await asyncio.wait([search], timeout=end - slow)
            return search.result() if done else None
        finally:
            search.cancel()


async def _silent(view: discord.ui.LayoutView) -> None:
    """Shows nothing."""


def _sentence(error: QuestionError, phrases: Phrases) -> str:
    key = FAULTS.get(error.fault)
    return phrases(key, **error.values) if key else str(error)
