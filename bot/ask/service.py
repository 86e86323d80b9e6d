"""From a question to what its asker reads: the answer, or one plain sentence."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from time import perf_counter
from typing import Any, Protocol

import discord

from retrieval import Answer, Outcome, PassageError, QuestionError

from ..client import Bot
from ..journal.records import SentAnswer
from ..ui.delivery import TRY_FOR, DeliveryError
from ..ui.message import problem_message
from ..worker import STOPPING, BusyError
from .buttons import answer_buttons
from .incoming import IncomingQuestion, turn_after
from .view import answer_message, shown_quotes

LAST_WORD_WITHIN = 2.0
"""Seconds for which a bot that stops tries to say so."""

log = logging.getLogger(__name__)


class Show(Protocol):
    """Shows the asker a message. Called again, it shows the next one in place of the last."""

    async def __call__(
        self, view: discord.ui.LayoutView, /, within: float = TRY_FOR
    ) -> discord.Message | None:
        """Show a message, tried for so many seconds. Raises DeliveryError."""


class AnswerService:
    """Puts questions to the worker, and shows the answers."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._options = bot.ask_options
        self._running: set[asyncio.Task[Any]] = set()

    @contextmanager
    def running(self, question: IncomingQuestion) -> Iterator[None]:
        """Let `finish` and `Bot.settled` wait for the current task, which answers a question, and
        log a line if Discord takes no answer to it."""
        task, answering = asyncio.current_task(), self._bot.answering
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._running.add(task)
        if question.message is not None:
            answering[question.message] = task
        try:
            yield
        except DeliveryError as error:
            error.log(question.event, question.channel)
        finally:
            self._running.discard(task)
            # An edit may be answered by now.
            if question.message is not None and answering.get(question.message) is task:
                del answering[question.message]

    async def answer(
        self, question: IncomingQuestion, show: Show, tell: Show | None = None
    ) -> bool:
        """Show the answer or one plain sentence, and log it. Return whether it is the answer.

        The log has the question's words only if the operator wants it to.

        Args:
            question: the question.
            show: shows the asker a message.
            tell: shows them why there is no answer, where `show` has a place to keep for one.

        Raises:
            DeliveryError: Discord does not take what there is to show.
        """
        reference = secrets.token_hex(4)
        start = perf_counter()
        outcome, hits = "failed", 0
        show_notice = show_nothing if question.overheard else tell or show
        phrases = question.phrases
        try:
            answer = await self._search(question, show_nothing if tell else show_notice)
            if answer is None:
                outcome = "given up"
                log.warning("Reference %s: no answer after its time.", reference)
                await show_notice(problem_message(phrases("given_up"), reference, phrases))
            elif question.overheard and not answer.is_sure:
                # A wrong answer disturbs people who did not ask the bot, and silence nobody.
                outcome = "silent"
            else:
                outcome, hits = answer.outcome.value, len(answer.quotes)
                await self._show_and_record(answer, question, show)
                return True
        except QuestionError as error:
            outcome = "refused"
            await show_notice(problem_message(phrases.fault(error)))
        except BusyError as error:
            outcome = "busy"
            await show_notice(problem_message(phrases(str(error))))
        except asyncio.CancelledError:
            outcome = "stopped"
            with suppress(DeliveryError):
                await show_notice(problem_message(phrases(STOPPING)), LAST_WORD_WITHIN)
            raise
        except DeliveryError as error:
            outcome = "gone" if error.is_gone else "forbidden" if error.is_forbidden else "unsent"
            if error.is_about_message:
                log.warning("Reference %s: %s.", reference, error)
                await show_notice(problem_message(phrases("failed"), reference, phrases))
            raise
        except Exception as error:
            outcome = "failed"
            unexpected = not isinstance(error, PassageError)
            log.error("Reference %s: %s", reference, error, exc_info=unexpected)
            await show_notice(problem_message(phrases("failed"), reference, phrases))
        finally:
            self._log(question, reference, perf_counter() - start, outcome, hits)
        return False

    def _log(
        self, question: IncomingQuestion, reference: str, seconds: float, outcome: str, hits: int
    ) -> None:
        """Log and count how a question has ended, after so many seconds and with so many quotes."""
        self._bot.metrics.questions.labels(outcome).inc()
        self._bot.metrics.answers.observe(seconds)
        log.info(
            "Answered reference=%s guild=%s channel=%s member=%s %s ms=%d outcome=%r hits=%d%s",
            reference,
            question.guild,
            question.channel,
            question.member,
            question.event,
            seconds * 1000,
            outcome,
            hits,
            f" question={question.text!r}" if self._options.log_questions else "",
        )

    async def finish(self) -> None:
        """Let the running questions finish, and those asked meanwhile.

        What runs for longer than the option `finish_within` says is cancelled, and its asker told.
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

    async def _show_and_record(
        self, answer: Answer, question: IncomingQuestion, show: Show
    ) -> None:
        """Show an answer with its buttons; the journal has what they and later events need."""
        phrases, journal = question.phrases, self._bot.journal
        asker, deletions = question.member, question.deletions
        records = journal.is_recorded(asker) and journal.deletions[asker] == deletions
        view = answer_message(answer, phrases, self._bot.links, headed=not question.is_above)
        is_talk = answer.outcome is Outcome.SMALL_TALK
        if not records or (is_talk and question.message is None):
            await show(view)
            if question.replaces:
                await journal.forget(question.replaces)
            return
        sent = SentAnswer(
            at=self._bot.clock.now(),
            question=question.text,
            language=answer.language,
            asker=asker,
            quotes=shown_quotes(answer, phrases, self._bot.links),
            asked_in=question.message,
            guild=question.guild,
            follows=question.before.id if question.before and answer.follows else None,
            outcome=answer.outcome.value,
            nearest=next(iter(answer.nearest), None),
            corpora=" ".join(sorted(question.corpora)),
        )
        if answer.quotes:
            for row in answer_buttons(sent, phrases, self._bot.links):
                view.add_item(row)
        with journal.held(sent):
            message = await show(view)
            if message is not None and not message.flags.ephemeral:
                sent = replace(sent, sent_in=message.channel.id, sent_as=message.id)
            if journal.deletions[asker] == deletions:
                await journal.record(sent, question.replaces)

    async def _search(self, question: IncomingQuestion, show_notice: Show) -> Answer | None:
        """Return the answer; None if it takes too long. Tell the asker when it is slow."""
        slow, end = self._options.slow_after, self._options.give_up_after
        earlier = question.before
        before = await turn_after(self._bot.journal, earlier) if earlier else None
        asker = self._bot.corpora.view(question.corpora)
        search = asyncio.ensure_future(
            self._bot.worker.ask(question.text, question.member, before, asker)
        )
        try:
            done, _ = await asyncio.wait([search], timeout=slow)
            if not done:
                notice = problem_message(question.phrases("still_searching"))
                with suppress(DeliveryError):
                    await show_notice(notice, 0)
                done, _ = await asyncio.wait([search], timeout=end - slow)
            return search.result() if done else None
        finally:
            search.cancel()


async def show_nothing(view: discord.ui.LayoutView, /, within: float = TRY_FOR) -> None:
    """Keep silent, as about a question that nobody has put to the bot."""
