"""The worker: what it computes once, what it refuses, and how it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import cast

import pytest

from bot.worker import FULL_QUEUE, ONE_AT_A_TIME, STOPPING, BusyError, Worker
from retrieval import Answer, Outcome, QuestionError
from tests.waiting import PATIENCE

from .server import Scripted, until

ANA, BO, CAM = 1, 2, 3


class Gate(Scripted):
    """Answers when the test lets it; what it was asked is in `asked`."""

    def __init__(self) -> None:
        super().__init__(self._wait)
        self.open = threading.Event()

    def _wait(self, question: str) -> Answer:
        assert self.open.wait(PATIENCE)
        if question == "fail":
            raise QuestionError("not this")
        return Answer(question, "en", Outcome.NOT_FOUND)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


def asking(worker: Worker, question: str, member: int | None = None) -> asyncio.Task[Answer]:
    return asyncio.create_task(worker.ask(question, member))


async def test_the_same_question_asked_at_once_is_computed_once(gate: Gate) -> None:
    async with Worker(gate) as worker:
        tasks = [
            asking(worker, "Who came?", ANA),
            asking(worker, " who  CAME?", BO),
            asking(worker, "Who left?", CAM),
        ]
        await until(lambda: gate.asked)
        gate.open.set()
        answers = await asyncio.gather(*tasks)
        again = await worker.ask("Who came?", ANA)

    assert gate.asked == ["Who came?", "Who left?", "Who came?"]
    assert [answer.question for answer in answers] == ["Who came?", " who  CAME?", "Who left?"]
    assert again.question == "Who came?"


async def test_a_shared_failure_reaches_everybody(gate: Gate) -> None:
    gate.open.set()
    async with Worker(gate) as worker:
        both = await asyncio.gather(
            worker.ask("fail", ANA), worker.ask("fail", BO), return_exceptions=True
        )

    assert [str(cast(QuestionError, error)) for error in both] == ["not this"] * 2


async def test_other_calls_take_a_place_in_the_queue_too(gate: Gate) -> None:
    async with Worker(gate, queue=1) as worker:
        calls = [asyncio.create_task(worker.run(gate.ask, "Who came?")) for _ in range(2)]
        await until(lambda: gate.asked)
        with pytest.raises(BusyError, match=FULL_QUEUE):
            await worker.run(int)
        with pytest.raises(BusyError, match=FULL_QUEUE):
            await worker.ask("Who left?", ANA)
        gate.open.set()
        await asyncio.gather(*calls)
        assert await worker.run(int) == 0


async def test_a_member_has_one_question_at_a_time(gate: Gate) -> None:
    async with Worker(gate) as worker:
        first = asking(worker, "Who came?", ANA)
        await until(lambda: gate.asked)
        with pytest.raises(BusyError, match=ONE_AT_A_TIME):
            await worker.ask("Who left?", ANA)
        gate.open.set()
        await first
        await worker.ask("Who left?", ANA)

    assert gate.asked == ["Who came?", "Who left?"]


async def test_a_full_queue_refuses_what_nobody_has_asked_yet(gate: Gate) -> None:
    async with Worker(gate, queue=1) as worker:
        taken = [asking(worker, "running"), asking(worker, "waiting")]
        await until(lambda: gate.asked)
        with pytest.raises(BusyError, match=FULL_QUEUE):
            await worker.ask("one too many")
        taken.append(asking(worker, "Waiting"))
        gate.open.set()
        await asyncio.gather(*taken)
        await worker.ask("one more")

    assert gate.asked == ["running", "waiting", "one more"]


@pytest.mark.parametrize("before", [[], ["Who met?"]], ids=["running", "waiting"])
async def test_who_no_longer_waits_takes_the_answer_from_nobody_else(
    gate: Gate, before: list[str]
) -> None:
    async with Worker(gate) as worker:
        others = [asking(worker, question) for question in before]
        gone, stays = asking(worker, "Who came?", ANA), asking(worker, "Who came?", BO)
        await until(lambda: gate.asked)
        gone.cancel()
        await asyncio.wait([gone])
        back = asking(worker, "Who came?", ANA)
        await asyncio.sleep(0)
        gate.open.set()
        answers = await asyncio.gather(stays, back, *others)

    assert gone.cancelled()
    assert len(answers) == 2 + len(before)
    assert gate.asked == [*before, "Who came?"]


async def test_a_question_that_nobody_waits_for_leaves_the_queue(gate: Gate) -> None:
    async with Worker(gate, queue=1) as worker:
        running, gone = asking(worker, "running"), asking(worker, "waiting")
        await until(lambda: gate.asked)
        gone.cancel()
        await asyncio.wait([gone])
        await until(lambda: worker.queue_length == 1)
        another = asking(worker, "another")
        await asyncio.sleep(0)
        gate.open.set()
        await asyncio.gather(running, another)

    assert gate.asked == ["running", "another"]


async def test_a_question_that_is_asked_again_as_it_leaves_the_queue_is_answered(
    gate: Gate,
) -> None:
    async def ask_twice(worker: Worker) -> Answer:
        with suppress(asyncio.CancelledError):
            await worker.ask("waiting")
        return await worker.ask("waiting")

    async with Worker(gate) as worker:
        running = asking(worker, "running")
        again = asyncio.create_task(ask_twice(worker))
        await until(lambda: gate.asked)
        again.cancel()
        await asyncio.sleep(0.01)
        shared = asking(worker, "Waiting")
        await asyncio.sleep(0)
        gate.open.set()
        answers = await asyncio.gather(running, again, shared)

    assert [answer.question for answer in answers] == ["running", "waiting", "Waiting"]
    assert gate.asked == ["running", "waiting"]


async def test_a_failure_that_nobody_waits_for_is_logged(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    async with Worker(gate) as worker:
        gone = asking(worker, "fail")
        await until(lambda: gate.asked)
        gone.cancel()
        await asyncio.wait([gone])
        gate.open.set()

    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert "fail" not in caplog.records[0].getMessage().split()


async def test_closing_lets_what_was_taken_finish(gate: Gate) -> None:
    worker = Worker(gate)
    taken = [asking(worker, "running"), asking(worker, "waiting")]
    await until(lambda: gate.asked)
    closing = asyncio.create_task(worker.close())
    await asyncio.sleep(0)
    with pytest.raises(BusyError, match=STOPPING):
        await worker.ask("too late")
    with pytest.raises(BusyError, match=STOPPING):
        await worker.run(len, "too late")
    gate.open.set()
    answers = await asyncio.gather(*taken)
    await closing
    await worker.close()

    assert [answer.question for answer in answers] == ["running", "waiting"]


async def test_closing_does_not_wait_for_ever(gate: Gate) -> None:
    worker = Worker(gate, grace=0.02)
    taken = [asking(worker, "running"), asking(worker, "waiting")]
    await until(lambda: gate.asked)
    await worker.close()
    outcomes = await asyncio.gather(*taken, return_exceptions=True)

    assert [str(outcome) for outcome in outcomes] == [STOPPING] * 2
    assert gate.asked == ["running"]


async def test_another_function_runs_in_a_thread_of_the_worker() -> None:
    async with Worker(Gate()) as worker:
        thread = await worker.run(threading.current_thread)

    assert thread is not threading.current_thread()
