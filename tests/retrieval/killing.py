"""A reload that is killed at a random moment, and all that must be true after it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from filelock import FileLock

from retrieval import Library, OutdatedIndexError, Source
from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder
from retrieval.index import reload as reloading
from retrieval.index.records import Vocabulary, articles_from_bytes
from retrieval.index.store import Store
from tests.conftest import ROOT

WORDS = ("bread", "stone", "river", "candle", "winter", "garden", "letter", "copper", "violin")

RELOADER = """
import json, os, sys
from pathlib import Path
from retrieval import Library
from retrieval.embedding import embedder as embedding
from retrieval.index import reload
from retrieval.index.store import Store
embedding.FEW = 1_000  # A process that has threads cannot be forked, and torch has some.
embedder = embedding.Embedder.load()
embedder.questions
while said := sys.stdin.readline():
    if child := os.fork():
        sys.stdin.readline()
        print("status", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    print(os.getpid(), flush=True)
    seeds, data, reload.PASSAGES_VERSION = json.loads(said)
    try:
        with Library(Path(seeds), Store.open(Path(data)), lambda: embedder) as library:
            library.reload(lambda done, total: done == total and print("embedded", flush=True))
    finally:
        print("over", flush=True)
    os._exit(0)
"""
"""A process that loads the model, and then, as often as it is told, becomes two: one to be killed.
It looks what became of that when it is told again."""

LAST_S = 0.5
"""About how long a reload goes on when it has embedded all texts."""

KINDS = {"changes": 6, "another version": 3, "from nothing": 1}
"""What a reload has to do, and how often of ten: a part of the articles, all of them beside the
index that serves, or all of them where none serves."""

Corpus = dict[Source, list[str]]
"""The texts of each article's passages."""


class Killing:
    """A folder of articles that changes from round to round, and who is killed at indexing it."""

    def __init__(
        self, home: Path, embedder: Embedder, seed: int, articles: int, searched: int
    ) -> None:
        """There are at most so many articles, and so many passages are searched for in a look."""
        self._home = home
        self._dice = random.Random(seed)
        self._embedder = embedder
        self._articles = articles
        self._searched = searched
        self._seeds = home / "seeds"
        self._data = home / "data"
        self._library: Library | None = None
        self._served: Corpus = {}
        self._a_second = 20.0
        self._number = 0
        self._reloader = subprocess.Popen(
            [sys.executable, "-c", RELOADER],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.killed = 0
        self.outcomes = Counter[str]()

    def __enter__(self) -> Killing:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()
        self._reloader.communicate()

    def round(self) -> None:
        """Change the files, kill a reload, look whether what serves is whole, reload, look again.

        Raises AssertionError where anything is not as it must be.
        """
        self._number += 1
        (kind,) = self._dice.choices(list(KINDS), list(KINDS.values()))
        if not self._served or kind == "from nothing":
            kind = "from nothing"
            self._close()
            self._data, self._served = self._home / f"data-{self._number}", {}
        version = (
            f"test {self._number}" if kind == "another version" else reloading.PASSAGES_VERSION
        )
        self._change()
        wanted = self._read()
        new = wanted.keys() - self._served.keys() if kind == "changes" else wanted.keys()
        ended = self._kill(version, len(new))

        with FileLock(self._data / "reload.lock").acquire(timeout=0):
            pass
        if self._dice.random() < 0.5:
            self._close()  # Else it looks on, as a bot that runs.
        library = self._library = self._library or self._opened()
        if switched := self._switched(library, wanted, version):
            reloading.PASSAGES_VERSION = version
        assert switched or not ended
        self.outcomes[
            f"{kind}: " + ("done" if ended else "killed after" if switched else "killed before")
        ] += 1
        if switched or self._served:
            self._is_whole(library, wanted if switched else self._served)

        report = library.reload()
        if written := len(report.added + report.changed):
            self._a_second = written / report.seconds
        assert report.failed == ()
        assert len(report.added + report.changed + report.unchanged) == len(wanted)
        assert len(report.unchanged) == len(wanted.keys() & self._served.keys()) or switched
        self._is_whole(library, wanted)
        again = library.reload()
        assert (again.embedded, len(again.unchanged)) == (0, len(wanted))
        self._nothing_lies_about(wanted)
        self._served = wanted

    def _change(self) -> None:
        """Some articles go, some say something else, some come."""
        self._seeds.mkdir(exist_ok=True)
        stay = self._dice.random()
        for file in sorted(self._seeds.iterdir()):
            if self._dice.random() > stay:
                file.unlink()
        most = self._articles
        for number in self._dice.sample(range(most), self._dice.randint(most // 6, most // 2)):
            text = _text(number, self._dice.randrange(10**6))
            (self._seeds / f"{number:02}.txt").write_text(text)

    def _read(self) -> Corpus:
        found = scan(self._seeds)
        assert found.failed == ()
        return {
            article.source: [one.text for one in passages(article)] for article in found.articles
        }

    def _kill(self, version: str, articles: int) -> bool:
        """Kill a reload that has so many articles to write; whether it ended before."""
        child = int(self._tell(json.dumps([str(self._seeds), str(self._data), version])))
        if self._dice.random() < 0.5:
            time.sleep(self._dice.uniform(0, articles / self._a_second))
        else:
            # The last steps are short, and the most delicate.
            while self._hear() not in {"embedded", "over"}:
                pass
            time.sleep(self._dice.uniform(0, LAST_S))
        os.kill(child, signal.SIGKILL)
        said = self._tell("")
        while not said.startswith("status "):
            said = self._hear()
        assert said in {"status 0", f"status {-signal.SIGKILL}"}
        self.killed += said != "status 0"
        return said == "status 0"

    def _tell(self, words: str) -> str:
        """Tell the reloader; what it says next."""
        assert self._reloader.stdin
        self._reloader.stdin.write(words + "\n")
        self._reloader.stdin.flush()
        return self._hear()

    def _hear(self) -> str:
        assert self._reloader.stdout
        said = self._reloader.stdout.readline()
        assert said, "the reloader has died"
        return said.rstrip("\n")

    def _switched(self, library: Library, wanted: Corpus, version: str) -> bool:
        """Whether the killed reload's index serves."""
        if not library.indexed:
            return False
        try:
            library.check_index()
        except OutdatedIndexError:
            return version != reloading.PASSAGES_VERSION
        return version == reloading.PASSAGES_VERSION and set(library.sources()) == wanted.keys()

    def _is_whole(self, library: Library, served: Corpus) -> None:
        """Whether it has these passages, and no others."""
        assert set(library.sources()) == served.keys()
        assert library.status().passages == sum(map(len, served.values()))
        known = [(source, text) for source, texts in served.items() for text in texts]
        for source, text in self._dice.sample(known, min(len(known), self._searched)):
            hits = library.search(text, 5)
            found = [(hit.passage.source, hit.passage.text) for hit in hits]
            assert found[0] == (source, text)
            assert set(found) <= set(known)

    def _nothing_lies_about(self, served: Corpus) -> None:
        """Whether there is nothing in the folder, nor in Chroma's tables, but what serves."""
        with contextlib.closing(sqlite3.connect(self._data / "chroma.sqlite3")) as tables:
            names = {name for (name,) in tables.execute("SELECT name FROM collections")}
            folders = {id for (id,) in tables.execute("SELECT id FROM segments")}
            said = tables.execute("SELECT key, string_value FROM embedding_metadata").fetchall()
            lists = dict(
                tables.execute(
                    "SELECT name, str_value FROM collections JOIN collection_metadata "
                    "ON collection_id = collections.id WHERE key = 'bytes'"
                )
            )
        (first, second) = sorted(lists)
        name = first.rsplit("-", 3)[0]
        assert names == {"passage", name, first, second}
        articles = articles_from_bytes(base64.b64decode(lists[first]))
        vocabulary = Vocabulary.from_bytes(base64.b64decode(lists[second]))
        records = Counter(value for key, value in said if key == "article")
        assert {article.source for article in articles} == served.keys()
        assert records.keys() == {article.key for article in articles}
        assert records.total() == sum(map(len, served.values()))
        texts = [text for source, own in served.items() for text in (source.title, *own)]
        assert vocabulary.to_bytes() == Vocabulary().changed((), texts).to_bytes()
        files = {file.name for file in self._data.iterdir() if file.is_file()}
        assert files == {"chroma.sqlite3", "reload.lock"}
        # Chroma does not remove the folders of the collections that it deletes (its issue 5259).
        left = {file.name for file in self._data.iterdir() if file.is_dir()} - folders
        self.outcomes["folders that Chroma left"] = len(left)

    def _opened(self) -> Library:
        return Library(self._seeds, Store.open(self._data), lambda: self._embedder)

    def _close(self) -> None:
        if self._library:
            self._library.close()
        self._library = None


def _text(number: int, edition: int) -> str:
    """An article of its own words, in two paragraphs of three sentences."""
    dice = random.Random(edition)
    said = [
        f"The {dice.choice(WORDS)} of house {number} is {dice.choice(WORDS)} {dice.randrange(99)}."
        for _ in range(6)
    ]
    return f"{edition}\n" + " ".join(said[:3]) + "\n" + " ".join(said[3:]) + "\n"
