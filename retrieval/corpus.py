"""Files ⇄ store: what is new, changed, moved and gone. Only that is embedded and written.

The next generation is written beside the one that serves, which answers until the switch.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from .articles import scan
from .embedding import Embedder, Embedding, Progress, Texts, embeddings
from .errors import StoreError
from .formats import VERSION as FORMATS
from .index import Index, Made
from .meetings import VERSION as MEETINGS
from .meetings import find
from .models import Article, Passage, Reload
from .passages import VERSION, passages
from .records import Indexed, texts
from .store import Store
from .word_matches import content_words
from .word_vectors import WordVectors
from .writing import Writing

AT_ONCE = 50
"""Articles whose vectors are in memory at once."""


def made_by(embedder: Embedder) -> Made:
    """What an index made by this model and this program says of itself."""
    return Made(
        embedder.name, embedder.dimension, f"{VERSION}.{MEETINGS}.{FORMATS}.{embedder.recipe}"
    )


def reload(
    folder: Path,
    store: Store,
    embedder: Embedder,
    progress: Progress | None = None,
    words: WordVectors | None = None,
) -> Reload:
    """Bring the index up to the folder's articles. Only new texts are given to the model; and the
    new single words, whose vectors `words` keeps, so that no question has to wait for them.

    One reload at a time: a second one, in whatever process, waits for the first and then finds
    nothing left to do. What `progress` raises ends the reload; the old corpus serves on.

    Raises:
        CorpusError: the folder is missing, or holds no article that can be read.
        StoreError: the index cannot be read or written. The old one serves on.
    """
    started = time.perf_counter()
    with store.exclusively():
        old = store.index()
        if old and old.made != made_by(embedder):
            old = None
        indexed = old.articles() if old else []
        before = {one.source.path: one.source for one in indexed}
        found = scan(folder, before)
        same = set(found.unchanged)
        new = [article.source.path for article in found.articles]
        after = same.union(new)
        gone = [one for one in indexed if one.source.path not in same]
        embedded = 0
        if gone or new or old is None:
            writing = store.writing(made_by(embedder))
            embedded = _Filling(writing, old, embedder, progress, words).add(found.articles, gone)
            writing.remove(gone)
            serving = store.serve(writing)
            indexed = _proven(serving, after, [one.key for one in gone])
        else:
            store.tidy()
        return Reload(
            added=tuple(path for path in new if path not in before),
            changed=tuple(path for path in new if path in before),
            removed=tuple(path for path in before if path not in after),
            unchanged=found.unchanged,
            failed=found.failed,
            articles=len(indexed),
            passages=sum(one.passages for one in indexed),
            embedded=embedded,
            seconds=round(time.perf_counter() - started, 3),
            notes=found.notes,
        )


class _Filling:
    """Fills the next generation with articles."""

    def __init__(
        self,
        writing: Writing,
        old: Index | None,
        embedder: Embedder,
        progress: Progress | None,
        words: WordVectors | None,
    ) -> None:
        self._words = words
        self._writing = writing
        self._old = old
        self._embedder = embedder
        self._progress = progress

    def add(self, articles: Sequence[Article], gone: Sequence[Indexed]) -> int:
        """Adds articles; returns how many passages the models were given.

        What has changed or moved keeps the vectors of the texts that it had.
        """
        cut = [(article, passages(article)) for article in articles]
        total = sum(len(own) for _, own in cut)
        done = embedded = 0
        for batch in _batches(cut):
            known = self._known([article for article, _ in batch], gone)
            wanted = dict.fromkeys(texts(one) for _, own in batch for one in own)
            new = [one for one in wanted if one not in known]
            made = embeddings(self._embedder, new, self._counting(done, len(new), total))
            vectors = {**known, **dict(zip(new, made, strict=True))}
            for article, own in batch:
                entry = Indexed(
                    article.source, len(own), tuple(find(article)), self._writing.generation
                )
                self._writing.add(entry, own, vectors)
            if self._words is not None:
                self._words.add(
                    word
                    for article, own in batch
                    for one in own
                    for word in content_words(one.text, article.source.language)
                )
            done += sum(len(own) for _, own in batch)
            embedded += len(new)
            if self._progress:
                self._progress(done, total)
        if self._words is not None:
            self._words.save()
        return embedded

    def _known(
        self, articles: Sequence[Article], gone: Sequence[Indexed]
    ) -> Mapping[Texts, Embedding]:
        """The vectors that these articles had, there or under another name, by what the models
        were given."""
        paths = {article.source.path for article in articles}
        hashes = {article.source.sha256 for article in articles}
        own = [one for one in gone if one.source.path in paths or one.source.sha256 in hashes]
        return self._old.embeddings(own) if self._old and own else {}

    def _counting(self, before: int, passages: int, total: int) -> Progress | None:
        """Tells texts that are done as passages that are, of so many after those `before`."""
        if self._progress is None:
            return None
        tell = self._progress
        return lambda done, count: tell(before + passages * done // count, total)


def _batches(
    cut: Sequence[tuple[Article, list[Passage]]],
) -> Iterator[list[tuple[Article, list[Passage]]]]:
    left = iter(cut)
    while batch := list(islice(left, AT_ONCE)):
        yield batch


def _proven(index: Index, paths: set[str], gone: Sequence[str]) -> list[Indexed]:
    """The articles of an index; raises StoreError unless they are just these, and nothing is
    left of those gone."""
    articles = index.articles()
    if {one.source.path for one in articles} != paths or index.has(gone):
        raise StoreError("The new index does not hold what the folder holds; reload once more.")
    return articles
