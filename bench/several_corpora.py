"""Several corpora on one bot: whether any sees of another's, and what they cost in memory.

`python -m bench.several_corpora apart` asks ten corpora the questions of ten servers; `memory`
compares ten corpora with one of as many passages.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.gold import load_questions
from bench.runner import OFFLINE
from bot.corpora.entries import (
    CorpusEntries,
    CorpusEntry,
    corpora_at,
    corpus_folder,
)
from bot.corpora.libraries import Corpora
from retrieval import MAIN_CORPUS, Library

TOWNS = (
    "Aldermoor", "Birchwick", "Cedarholm", "Driftford", "Elmhaven", "Fernleigh", "Gorseby",
    "Hazelmere", "Ivybridge", "Juniperton",
)  # fmt: skip
"""A town for each corpus, which no other one names; the main one has the first."""

QUESTIONS = (
    "Who opened the harbour?",
    "How long is the quay of the harbour?",
    "Where did the council meet on 4 June 2021?",
    "Who chaired the meeting of the council?",
    "What does the library of the town lend?",
    "When was the library opened?",
    "Wer hat den Hafen eröffnet?",
    "¿Dónde se reunió el consejo?",
    "What is the boiling point of mercury?",
    *(f"Who opened the harbour of {town}?" for town in TOWNS),
    *(f"What did the council of {town} decide?" for town in TOWNS),
)

SERVERS = 10

GOLD = Path("tests/data/questions.jsonl")

ASKED = 20
"""So many questions are asked of each corpus whose memory is measured."""

_TOWN = re.compile("|".join(TOWNS))


@dataclass(frozen=True, slots=True)
class Where:
    """Where a member asks: the server's number, whether in the channel that has a corpus of its
    own, and whether with the role that has."""

    server: int
    in_channel: bool
    with_role: bool

    @property
    def ids(self) -> tuple[int, list[int], list[int]]:
        """The ids of the server, of the channel, and of the roles."""
        channel = 100 + self.server if self.in_channel else 300 + self.server
        return 1 + self.server, [channel], [200 + self.server] if self.with_role else []

    @property
    def towns(self) -> set[str]:
        """The towns of which the member may read, where nobody else does."""
        corpora = [] if self.server >= 8 else [self.server + 1]
        corpora += [(self.server + 2) % 10] if self.in_channel else []
        role = [(self.server + 5) % 10] if self.with_role else []
        return {TOWNS[n % 10] for n in (corpora or [0]) + role}


PLACES = [
    Where(server, in_channel, with_role)
    for server in range(SERVERS)
    for in_channel in (False, True)
    for with_role in (False, True)
]


def name_of(number: int) -> str:
    """Return the name of the corpus of a town, by its number in TOWNS."""
    return MAIN_CORPUS if number % 10 == 0 else TOWNS[number % 10].lower()


def write_articles(folder: Path) -> dict[str, Path]:
    """Write the articles of ten corpora, and return the folder of each by name. All say the same
    of their towns, in files of the same names."""
    folders = {}
    for number, town in enumerate(TOWNS):
        folders[name_of(number)] = seeds = folder / "seeds" / name_of(number)
        seeds.mkdir(parents=True)
        mayor = f"Ada {town}"
        (seeds / "harbour.txt").write_text(
            f"The harbour of {town}\n\n{town}, 3 May 2021 - The harbour of {town} was opened by "
            f"{mayor}. The quay of {town} is {100 + number} metres long.\n",
            "utf-8",
        )
        (seeds / "council.txt").write_text(
            f"{town} council holds meeting\n\n{town}, 4 June 2021 - The council of {town} held a "
            f"meeting in {town} on 4 June 2021, chaired by {mayor}. The council of {town} decided "
            f"to open a library, which lends books of {town}.\n",
            "utf-8",
        )
    return folders


def given(folders: Mapping[str, Path]) -> CorpusEntries:
    """Return who is given what: see `Where.towns`."""
    ids: dict[str, tuple[set[int], set[int], set[int]]] = {
        name: (set(), set(), set()) for name in folders
    }
    for server in range(SERVERS):
        if server < 8:
            ids[name_of(server + 1)][0].add(1 + server)
        ids[name_of(server + 2)][1].add(100 + server)
        ids[name_of(server + 5)][2].add(200 + server)
    return {name: CorpusEntry(seeds, *map(frozenset, ids[name])) for name, seeds in folders.items()}


@contextmanager
def opened(folder: Path, entries: CorpusEntries, main: Library | None = None) -> Iterator[Corpora]:
    """Open corpora whose data is in a folder; `main` is the main one, if it is open already."""

    def library(name: str) -> Library:
        data = corpus_folder(folder, name)
        return Library.open(entries[name].seeds, data, models_dir=folder / "models", shares=main)

    main = main or library(MAIN_CORPUS)
    with main, Corpora(main, entries, library) as corpora:
        yield corpora


def foreign(text: str, towns: set[str]) -> set[str]:
    """Return the towns that a text names and should not."""
    return {*_TOWN.findall(text)} - towns


def ask_apart(corpora: Corpora, count: int, seed: int = 1) -> tuple[int, list[str]]:
    """Ask questions in all places, and what else members can do. Return how many of them were
    answered, and what they have seen of others' corpora.

    Args:
        corpora: those of `given`.
        count: how many questions.
        seed: of what is chosen by chance.
    """
    chance, answered, leaks = random.Random(seed), 0, list[str]()
    kept = []
    for number in range(count):
        where = PLACES[number % len(PLACES)]
        guild, channels, roles = where.ids
        names = corpora_at(corpora.entries, guild, channels, roles)
        asker, question = corpora.view(names), chance.choice(QUESTIONS)
        answer = asker.ask(question)
        answered += answer.answered
        seen: list[object] = [answer.quotes, answer.nearest]
        # Buttons of old answers, pressed here, wherever they were sent.
        for quote in [*answer.quotes, *chance.sample(kept, min(3, len(kept)))]:
            context = asker.context(quote)
            seen += [context, asker.article(quote) if context else None]
        kept += answer.quotes
        if number % 10 == 0:
            seen += [asker.more(question, answer.quotes).quotes, asker.search(question)]
        if number % len(PLACES) == number // len(PLACES) % len(PLACES):
            seen += [asker.sources(), asker.meetings()]
        # A question may name any town; what is quoted for it may not.
        texts = repr(seen)
        leaks += [f"{where} {question} {town}" for town in foreign(texts, where.towns)]
    return answered, leaks


def apart(folder: Path) -> dict[str, object]:
    """Ask 1,000 questions; return the figures."""
    entries = given(write_articles(folder))
    with opened(folder / "data", entries) as corpora:
        corpora.reload()
        begun = perf_counter()
        answered, leaks = ask_apart(corpora, 1_000)
        seconds = perf_counter() - begun
    return {
        "questions": 1_000,
        "answered": answered,
        "of others' corpora": len(leaks),
        "seconds": round(seconds, 1),
    }


def memory(folder: Path) -> dict[str, object]:
    """Return what processes hold that have asked one corpus of 5,000 passages, or ten of 500, by
    the number of corpora, in MiB: at most, and at the end."""
    held: dict[str, object] = {}
    for corpora, passages in ((1, 5_000), (10, 500)):
        built = folder / str(corpora)
        _call("bench.scale", str(passages), "--keep", str(built / "0"), "--phase", "build")
        for number in range(1, corpora):
            shutil.copytree(built / "0", built / str(number))
        held[str(corpora)] = json.loads(_call(__spec__.name, "ask", str(built)))
    return held


def ask(folder: Path) -> dict[str, object]:
    """Ask each of the corpora in a folder, named by numbers; return what this process holds."""
    names = {number.name: CorpusEntry(number / "seeds") for number in sorted(folder.iterdir())}
    entries = {MAIN_CORPUS if name == "0" else name: entry for name, entry in names.items()}
    main = Library.open(folder / "0" / "seeds", folder / "0" / "data")

    def library(name: str) -> Library:
        data = folder / name / "data"
        return Library.open(entries[name].seeds, data, shares=main)

    with main, Corpora(main, entries, library) as corpora:
        main.warm()
        for name in entries:
            for question in load_questions(GOLD)[:ASKED]:
                corpora.view([name]).ask(question.text)
        status = Path("/proc/self/status").read_text("ascii")
    at = {name: int(kib) for name, kib in re.findall(r"^Vm(HWM|RSS):\s+(\d+) kB", status, re.M)}
    return {"at most": at["HWM"] // 1024, "at the end": at["RSS"] // 1024}


def _call(*arguments: str) -> str:
    environment = os.environ | OFFLINE
    return subprocess.check_output([sys.executable, "-m", *arguments], text=True, env=environment)


def main() -> None:
    """Print the figures of a command as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("apart", "memory", "ask"))
    parser.add_argument("folder", type=Path, nargs="?", help="for `ask`, which `memory` calls")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        command = {"apart": apart, "memory": memory, "ask": ask}[args.command]
        print(json.dumps(command(args.folder or Path(work)), indent=2))


if __name__ == "__main__":
    main()
