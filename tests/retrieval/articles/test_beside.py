"""A reload in one thread while another asks: each answer is of one corpus, and none fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder
from tests.waiting import PATIENCE

TOWNS = ("Leeds", "Hull", "York", "Bath", "Derby")
ROUNDS = 6


def corpus(number: int) -> dict[str, str | bytes]:
    """The articles of a state: all of them name it, one is new, one is changed, one is gone."""
    towns = [TOWNS[(number + place) % len(TOWNS)] for place in range(3)]
    return {
        f"{town}.txt": f"News number {number} of {town}.\nZeppelin number {number} was there."
        for town in towns
    }


def put(seeds: Path, number: int) -> None:
    for file in seeds.iterdir():
        if file.name not in corpus(number):
            file.unlink()
    for name, content in corpus(number).items():
        (seeds / name).write_bytes(str(content).encode())


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Iterator[Library]:
    seeds = folder(corpus(0))
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()
        yield library


def test_questions_are_answered_from_one_corpus_while_others_are_made(
    library: Library, tmp_path: Path
) -> None:
    done, failures, seen = threading.Event(), list[Exception](), list[set[str]]()

    def ask() -> None:
        while not done.is_set():
            try:
                hits = library.search("Where was the zeppelin seen?")
                seen.append({one.passage.text.split("number ")[1][0] for one in hits})
                library.ask("Where was the zeppelin seen?")
                assert library.status().articles == 3
            except Exception as error:
                failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(1, ROUNDS):
            put(tmp_path / "seeds", number)
            report = library.reload()
            assert (len(report.added), len(report.removed), len(report.changed)) == (1, 1, 2)
            before = len(seen)
            while len(seen) < before + 2 and not failures:
                time.sleep(0.01)
    finally:
        done.set()
        asking.join()
    assert failures == []
    assert all(len(numbers) == 1 for numbers in seen)
    order = [next(iter(numbers)) for numbers in seen]
    assert order == sorted(order)
    assert set(order) >= {"1", str(ROUNDS - 1)}


def test_what_waits_for_another_reload_may_think_better_of_it(library: Library) -> None:
    def enough() -> None:
        raise InterruptedError

    free, held = threading.Event(), threading.Event()

    def first() -> None:
        with library._store.exclusively():
            held.set()
            assert free.wait(PATIENCE)

    other = threading.Thread(target=first)
    other.start()
    assert held.wait(PATIENCE)
    with pytest.raises(InterruptedError):
        library.reload(waiting=enough)
    free.set()
    other.join()
    assert library.reload(waiting=enough).articles == 3
