"""`python -m tests.wire.soak`: hours of a server's life on the stand-in, and what they cost.

Members ask without a pause; some edit or delete what they have asked or press a button, while
admins reload articles that change. SOAK_MINUTES says for how long.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bot.i18n.phrases import ENGLISH
from bot.journal import background
from tests.waiting import PATIENCE

from .crowd import OTHER, outcome_of, word_of
from .launch import FORGET
from .members import Member
from .process import ROOT, BotProcess
from .standin import StandIn, standing_in
from .world import Payload

RATE = 5.0
"""Questions a second."""

MEMBERS = 200

FEWEST = 10
"""Questions that are asked however short and slow a run is: there is one of each kind."""

WARM_SECONDS = 600.0
"""When memory is measured first, in a long run; in a short one after a tenth of the time."""

RELOAD_EVERY = 60.0
"""Seconds from one reload to the next."""

KEPT_SECONDS = 300.0
"""For how long the stand-in remembers messages."""

MOST_GROWTH = 1.05
"""How much memory may be at the end, of that at first."""

QUESTIONS = [
    line["question"]
    for line in map(json.loads, (ROOT / "tests/data/questions.jsonl").read_text().splitlines())
    if line["lang"] == "en"
]

FAILURES = [ENGLISH(key).split(".")[0] for key in ("failed", "given_up", "reload_failed")]


@dataclass
class Report:
    """What came of a soak."""

    lost: list[str] = field(default_factory=list)
    """What got no word, more than one, or word of a failure."""
    outcomes: Counter[str] = field(default_factory=Counter)
    others: list[str] = field(default_factory=list)
    """Words that are neither an answer nor a refusal."""
    events: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    """Seconds from each question to the last word of its answer."""
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the start, and the bot's memory in MiB."""

    def memory_at(self, seconds: float, total: float) -> float:
        """The median memory from a moment on, for a twentieth of the whole time."""
        return median(mib for at, mib in self.memory if seconds <= at <= seconds + total / 20)


class Soak:
    """A server in which much happens at once."""

    def __init__(
        self, discord: StandIn, bot: BotProcess, seeds: Path, admins: Iterable[Member]
    ) -> None:
        """`seeds` are the bot's articles, of which one changes from reload to reload."""
        self._discord = discord
        self._bot = bot
        self._seeds = seeds
        self._admins = list(admins)
        self._members = [discord.member(f"member-{number}") for number in range(MEMBERS)]
        self._dice = random.Random(7)
        self._expected: dict[str, tuple[Payload, int]] = {}
        """The messages that ask, by their ids, and how many answers each is to have."""
        self.report = Report()

    async def run(self, seconds: float, reload_every: float = RELOAD_EVERY) -> Report:
        """Asks for so many seconds, and returns when the last one has got an answer."""
        start, tasks = time.monotonic(), set[asyncio.Task[None]]()
        number, next_ask, next_reload, next_look = 0, start, reload_every / 2, 0.0
        while (now := time.monotonic() - start) < seconds or number < FEWEST:
            due = [self._ask(number, self._members[number % MEMBERS])]
            if now >= next_reload:
                due.append(self._reload(number))
                next_reload += reload_every
            for work in due:
                task = asyncio.create_task(self._noting_loss(number, work))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            if now >= next_look:
                self.report.memory.append((now, self._bot.memory_mib))
                self._settle(self._discord.world.snowflake(KEPT_SECONDS))
                next_look += seconds / 400
            number += 1
            # A machine that stood still for minutes does not make up for them.
            next_ask = max(next_ask + 1 / RATE, time.monotonic() - 1)
            await asyncio.sleep(next_ask - time.monotonic())
        await asyncio.gather(*tasks)
        # What is asked last is answered last: by then, whoever gets two answers has got them.
        await self._ask(0, self._discord.member("last"))
        self.report.memory.append((time.monotonic() - start, self._bot.memory_mib))
        self._settle(self._discord.world.snowflake())
        self.report.lost += self._discord.rest.problems
        if "Traceback" in self._bot.stderr:
            self.report.lost.append("the log has a traceback")
        return self.report

    async def _noting_loss(self, number: int, work: Awaitable[None]) -> None:
        try:
            await work
        except TimeoutError as error:
            self.report.lost.append(f"no word in {PATIENCE:g} s: {number} {error}")

    def _settle(self, before: str) -> None:
        """Forget what is older than an id, once it is certain that it has its one answer."""
        old = [id for id in self._expected if id < before]
        for message, number in map(self._expected.pop, old):
            if (answers := len(self._discord.world.answers(message))) != number:
                self.report.lost.append(f"{answers} answers instead of {number}: {message}")
        self._discord.forget(before)

    async def _ask(self, number: int, member: Member) -> None:
        channel = self._discord.channel
        question = f"{self._dice.choice(QUESTIONS)} ({number})"
        begun = time.monotonic()
        if number % 2:
            used = await member.slash(channel, "ask", question=question)
            await self._word(used.original)
            self._note("command", used.original, begun)
            if used.followups:
                self.report.lost.append(f"more than one answer to a command: {number}")
            await self._press(number, member, used.original)
            return
        message = await member.mention(channel, question)
        self._expected[message["id"]] = (message, 1)
        await self._discord.until(lambda: self._discord.world.answers(message))
        (answer, *_) = self._discord.world.answers(message)
        await self._word(answer["id"])
        self._note("message", answer["id"], begun)
        await self._press(number, member, answer["id"])
        # Of ten mentions one each, so that in the shortest run there are some.
        if number // 2 % 10 == 1:
            await self._edit(member, message, answer["id"])
        elif number // 2 % 10 == 2:
            self._expected[message["id"]] = (message, 0)
            await member.remove(message)
            await self._discord.until(lambda: not self._discord.world.answers(message))
            self.report.events["deletions"] += 1

    async def _edit(self, member: Member, message: Payload, answer: str) -> None:
        shown = self._discord.world.shown[answer]
        before = len(shown)
        await member.ask_instead(message, f"{self._dice.choice(QUESTIONS)} (edited)")
        answers = partial(self._discord.world.answers, message)
        await self._discord.until(lambda: len(shown) > before or len(answers()) > 1)
        if len(shown) > before:
            self.report.events["edits"] += 1
            return
        # Where the queue is full, the old answer stays, and a second reply says so.
        self._expected[message["id"]] = (message, 2)
        self._check(self._discord.world.says(answers()[-1]["id"]))
        self.report.events["edits refused"] += 1

    async def _press(self, number: int, member: Member, answer: str | None) -> None:
        for label in ["👍", "Show in context"] if number % 10 in (0, 5) else []:
            try:
                pressed = await member.click(answer, label)
            except ValueError:  # An answer that has no quotes has no buttons.
                return
            await self._word(pressed.original)
            self.report.events["presses"] += 1

    async def _reload(self, number: int) -> None:
        """One or two admins reload an article that has changed."""
        text = f"The garden of house {number} was opened by the mayor.\n" * (number % 3)
        (self._seeds / "changing.txt").write_text(text or "Nothing was opened.\n")
        asking = [
            admin.slash(self._discord.channel, "reload") for admin in self._admins[: 1 + number % 2]
        ]
        over = [ENGLISH(key) for key in ("reloaded", "reload_failed")]
        for used in await asyncio.gather(*asking):
            await self._discord.until(
                lambda used=used: any(
                    words in self._discord.world.says(used.original) for words in over
                )
            )
            self._check(self._discord.world.says(used.original))
        self.report.events["reloads"] += 1

    async def _word(self, message: str | None) -> None:
        await self._discord.until(lambda: word_of(self._discord, message))
        self._check(word_of(self._discord, message))

    def _check(self, text: str) -> None:
        if any(words in text for words in FAILURES):
            self.report.lost.append(text)

    def _note(self, kind: str, answer: str | None, begun: float) -> None:
        assert answer is not None
        at, text = self._discord.world.shown[answer][-1]
        self.report.waits.append(at - begun)
        outcome = outcome_of(text)
        self.report.outcomes[f"{kind}: {outcome}"] += 1
        if outcome == OTHER:
            self.report.others.append(text)


async def soak(
    folder: Path, seconds: float, reload_every: float = RELOAD_EVERY, index: Path | None = None
) -> Report:
    """Run a bot of its own in a folder for so long.

    Args:
        folder: keeps the articles, the index and the log.
        seconds: for how long questions are asked.
        reload_every: seconds from one reload to the next.
        index: a data folder in which the articles are indexed; without it the bot does that first.
    """
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    if index is not None:
        shutil.copytree(index, folder / "data")
    async with standing_in() as discord:
        admins, settings = discord.at_home("olga", "omar")
        settings |= {
            "PASSAGE_QUESTIONS_PER_MEMBER": "0",
            "PASSAGE_QUESTIONS_PER_GUILD": "0",
            "PASSAGE_SEEDS_DIR": str(folder / "seeds"),
            FORGET: str(background.FORGET_EVERY),
        }
        async with BotProcess(discord, folder, **settings) as bot:
            await bot.start()
            report = await Soak(discord, bot, folder / "seeds", admins).run(seconds, reload_every)
            if await bot.stop() != 0:
                report.lost.append("the bot did not end well")
            return report


def main() -> int:
    """Runs for SOAK_MINUTES and prints the figures; returns 1 where memory grew or one was lost."""
    seconds = float(os.environ.get("SOAK_MINUTES", "120")) * 60
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(soak(Path(folder), seconds))
    first, last = (
        report.memory_at(at, seconds)
        for at in (min(WARM_SECONDS, seconds / 10), seconds - seconds / 20)
    )
    cuts = quantiles(report.waits, n=100)
    figures = {
        "questions": len(report.waits),
        "outcomes": dict(report.outcomes),
        **report.events,
        "lost": len(report.lost),
        "p50_s": round(cuts[49], 3),
        "p95_s": round(cuts[94], 3),
        "memory_first_mib": round(first, 1),
        "memory_last_mib": round(last, 1),
        "growth": f"{last / first - 1:+.1%}",
    }
    for name, value in figures.items():
        print(f"{name:>18} {value}")  # noqa: T201
    curve = (report.memory_at(seconds * part / 20, seconds) for part in range(20))
    print("memory in twentieths:", *(f"{mib:.0f}" for mib in curve))  # noqa: T201
    for words in report.others[:5]:
        print(f"SOMETHING ELSE {words}")  # noqa: T201
    for words in report.lost[:20]:
        print(f"LOST {words}")  # noqa: T201
    return int(bool(report.lost) or last > first * MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
