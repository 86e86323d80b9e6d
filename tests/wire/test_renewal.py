"""Answers stay true: those whose quotes a reload changed or took are edited, and no others."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ask.buttons import answer_buttons
from bot.ask.view import answer_message
from bot.i18n.phrases import ENGLISH
from bot.journal.journal import JOURNAL, Journal
from bot.journal.records import SentAnswer
from bot.ui.links import NO_READER
from retrieval import Answer, Library, Outcome, Quote, of_bytes, quoted
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder

from .launch import WITHOUT_MODEL
from .process import BotProcess
from .standin import StandIn, standing_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

ARTICLES, ANSWERS = 60, 100
WORDED, REWRITTEN, MOVED, REMOVED = range(12), range(12, 17), range(17, 20), range(20, 30)
AFFECTED = {*WORDED, *REWRITTEN, *REMOVED}
LAST = 59
"""An article that is removed later."""

COMPONENTS = 1 << 15


def article(number: int, harbour: str = "old stone harbour") -> str:
    return (
        f"Report {number}\n\nThe {harbour} of town {number} was opened by the mayor on a windy "
        f"morning before {number + 100} guests from the whole coast.\n"
    )


def quote(seeds: Path, number: int) -> Quote:
    file = seeds / f"{number}.txt"
    parsed = of_bytes(file.read_bytes(), file.name)
    start = parsed.text.index("The old")
    return quoted(parsed, start, len(parsed.text.rstrip()))


def sent_in(discord: StandIn, quotes: Sequence[Quote], ago: float) -> SentAnswer:
    """An answer that the bot has sent, as the journal has it."""
    answer = Answer("Who opened it?", "en", Outcome.QUOTED, tuple(quotes))
    guild, channel = int(discord.guild["id"]), int(discord.channel["id"])
    sent = SentAnswer(
        time.time() - ago, answer.question, "en", 7, answer.quotes, guild=guild, sent_in=channel
    )
    view = answer_message(answer)
    for row in answer_buttons(sent, ENGLISH, NO_READER):
        view.add_item(row)
    body = {"components": view.to_components(), "flags": COMPONENTS}
    message = discord.world.post(discord.channel, discord.world.bot, body)
    return replace(sent, sent_as=int(message["id"]))


async def test_all_affected_answers_are_edited_once_and_no_others_through_faults_and_a_crash(
    folder: Folder, tmp_path: Path, embedder: Embedder
) -> None:
    """`pytest -s` prints the seconds from the switch of the reload to the last edit."""
    seeds = folder({f"{number}.txt": article(number) for number in range(ARTICLES)})
    numbers = [
        {n % (ARTICLES - 1), *({(n * 7 + 3) % (ARTICLES - 1)} if n % 2 else ())}
        for n in range(ANSWERS)
    ]
    async with standing_in() as discord:
        world, rest = discord.world, discord.rest
        with Library(seeds, Store.open(tmp_path / "data" / "chroma"), lambda: embedder) as library:
            library.reload_here()
            answers = [
                sent_in(discord, [quote(seeds, each) for each in sorted(several)], ago)
                for ago, several in enumerate(numbers)
            ]
            last = sent_in(discord, [quote(seeds, LAST)], ANSWERS)
            folder({f"{n}.txt": article(n, "old stone port") for n in WORDED})
            folder({f"{n}.txt": f"Bread is baked at {n} in the night.\n" for n in REWRITTEN})
            folder({f"{n}.txt": f"A preface.\n\n{article(n)}" for n in MOVED})
            for n in REMOVED:
                (seeds / f"{n}.txt").unlink()
            library.reload_here()
            switched = time.monotonic()
            with Journal(tmp_path / "data" / JOURNAL) as journal:
                for sent in (*answers, last):
                    journal.record(sent)
            affected = [
                str(sent.sent_as)
                for sent, several in zip(answers, numbers, strict=True)
                if several & AFFECTED
            ]
            deleted, forbidden, archived, limited, failing = affected[:5]
            del world.messages[deleted]
            rest.faults.fail("GET", f"/messages/{forbidden}", 403, 50001)
            rest.faults.fail("PATCH", f"/messages/{archived}", 400, 50083)
            rest.faults.limit("PATCH", f"/messages/{limited}", 0.1)
            rest.faults.fail("PATCH", f"/messages/{failing}", 503)
            edited = affected[3:]

            def times() -> list[int]:
                return [len(world.shown[id]) - 1 for id in edited]

            settings = {"PASSAGE_SEEDS_DIR": str(seeds), WITHOUT_MODEL: "1"}
            async with BotProcess(discord, tmp_path, **settings) as bot:
                await bot.start()
                await discord.until(lambda: sum(times()) >= len(edited) // 3)
                bot.signal(signal.SIGKILL)
                await bot.ended()
                assert sum(times()) < len(edited)
                await bot.start()
                await discord.until(lambda: all(times()))
                seconds = time.monotonic() - switched
                print(f"{len(edited)} of {ANSWERS} answers edited after {seconds:.0f} s")  # noqa: T201
                assert await bot.stop() == 0
                # The oldest is looked at last, so that all others have been by then.
                (seeds / f"{LAST}.txt").unlink()
                library.reload_here()
                await bot.start()
                await discord.until(lambda: len(world.shown[str(last.sent_as)]) == 2)
                assert "Traceback" not in bot.stderr
        assert set(times()) == {1}
        others = {str(sent.sent_as) for sent in answers} - {*edited}
        assert {len(world.shown[id]) for id in others} == {1}
        asked = [rest.asked("GET", f"/messages/{id}") for id in (deleted, forbidden, archived)]
        assert asked == [1, 1, 1]
        assert rest.asked("GET", f"/messages/{others.difference(affected).pop()}") == 0
        assert rest.problems == []
        for sent, several in zip(answers, numbers, strict=True):
            says = world.says(str(sent.sent_as))
            if str(sent.sent_as) in edited:
                assert says.count("> ~~The old stone harbour") == len(several & AFFECTED)
                assert says.count(ENGLISH("quote_changed")) == len(several & {*WORDED})
                assert says.count("> The old stone port") == len(several & {*WORDED})
                assert says.count(ENGLISH("quote_gone")) == len(several & {*REWRITTEN, *REMOVED})
        with Journal(tmp_path / "data" / JOURNAL) as journal:
            gone = journal.answer(answers[[str(a.sent_as) for a in answers].index(deleted)].id)
            assert gone
            assert gone.sent_as is None
