"""`python -m bench.members`: members of a server who ask the bot all at once.

The bot's own process speaks to a stand-in for Discord on this machine. The questions are gold
questions that have an answer: half the members ask one as it stands in the file, so that some ask
the same, and the others put words of their own before it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.gold import load_questions
from bench.percentiles import p50_p95
from tests.wire.crowd import ANSWERED, Got, ask_at_once
from tests.wire.process import BotProcess
from tests.wire.standin import standing_in

LIMIT = "PASSAGE_QUESTIONS_PER_GUILD"


def main() -> int:
    """The exit code: 0; 1 when a member got nothing, or more than one thing."""
    args = _parse()
    texts = [question.text for question in load_questions(args.questions) if question.answerable]
    texts = islice(cycle(texts), args.number)
    questions = [text if n % 2 else f"Member {n}: {text}" for n, text in enumerate(texts)]
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        settings = {} if args.limit is None else {LIMIT: str(args.limit)}
        figures = asyncio.run(_measure(questions, args.channels, Path(work), settings))
    print(json.dumps(figures, indent=2))
    return int(figures["not exactly one"] > 0)


async def _measure(
    questions: Sequence[str], channels: int, work: Path, settings: dict[str, str]
) -> dict[str, Any]:
    async with standing_in() as discord, BotProcess(discord, work, **settings) as bot:
        await bot.start()
        guild = await discord.found("members", channels)
        began_mib = bot.peak_mib
        all_got = await ask_at_once(discord, guild, questions)
        peak_mib = bot.peak_mib
        if status := await bot.stop():
            print(f"The bot ended with status {status}.", file=sys.stderr)
        return _figures(all_got) | {
            "peak before, MiB": round(began_mib),
            "peak, MiB": round(peak_mib),
            "not taken by Discord": len(discord.rest.problems),
        }


def _figures(received: Sequence[Got]) -> dict[str, Any]:
    acknowledged = [r.acknowledged for r in received if r.acknowledged is not None]
    answered = [r.seconds for r in received if r.outcome == ANSWERED]
    refused = [r.seconds for r in received if r.outcome != ANSWERED]
    return {
        "members": len(received),
        "outcomes": dict(Counter(r.outcome for r in received)),
        "not exactly one": sum(r.things != 1 for r in received),
        "answer p50, p95, s": p50_p95(answered, 3),
        "refusal p50, p95, s": p50_p95(refused, 3),
        "command acknowledged p50, p95, s": p50_p95(acknowledged, 3),
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.members", description=__doc__)
    parser.add_argument(
        "--questions",
        type=Path,
        default=Path("tests/data/questions.jsonl"),
        help="gold questions, JSON Lines",
    )
    parser.add_argument("--number", type=int, default=200, metavar="N", help="of members")
    parser.add_argument("--channels", type=int, default=10, metavar="N", help="of the server")
    parser.add_argument(
        "--limit", type=int, metavar="N", help=f"{LIMIT}, 0 for none; else the bot's own"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
