"""Files ⇄ store: what is new, changed, moved and gone. Only that is embedded and written.

The next generation is written beside the one that serves, which answers until the switch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..articles.file_reader import ParsedFile
from ..articles.formats import VERSION as FORMATS
from ..articles.passages import VERSION
from ..articles.scan import scan
from ..embedding.embedder import Embedder, PassageText, PassageVectors
from ..embedding.encoder import Progress
from ..embedding.token_space import VERSION as TOKENS
from ..errors import StoreError
from ..meetings import VERSION as MEETINGS
from ..models import Article, Reload
from .generation import Generation, Made
from .records import Indexed, text_of
from .store import Store
from .writing import Writing

AT_ONCE = 50
"""Articles whose vectors are in memory at once."""


OTHER_MODEL = (
    "The index was made by the model %r and is now made anew by %r. Whatever else uses this index "
    "needs the same PASSAGE_EMBEDDING_MODEL, or each makes it anew in turn."
)

log = logging.getLogger(__name__)


def made_by(embedder: Embedder) -> Made:
    """What an index made by this model and this program says of itself."""
    return Made(embedder.name, embedder.dimension, f"{VERSION}.{TOKENS}.{MEETINGS}.{FORMATS}")


def reload(
    folder: Path,
    store: Store,
    embedder: Embedder,
    progress: Progress | None = None,
) -> Reload:
    """Bring the index up to the folder's articles. Only new texts are given to the model.

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
            if old.made.model != embedder.name:
                log.warning(OTHER_MODEL, old.made.model, embedder.name)
            old = None
        indexed = old.articles() if old else []
        before = {one.source.path: one.source for one in indexed}
        found = scan(folder, before, whole=True)
        same = set(found.unchanged)
        new = [article.source.path for article in found.articles]
        after = same.union(new)
        gone = [one for one in indexed if one.source.path not in same]
        embedded = 0
        if gone or new or old is None:
            writing = store.writing(made_by(embedder))
            embedded = _Filling(writing, old, embedder, progress).add(found.files, gone)
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
        old: Generation | None,
        embedder: Embedder,
        progress: Progress | None,
    ) -> None:
        self._writing = writing
        self._old = old
        self._embedder = embedder
        self._progress = progress

    def add(self, files: Sequence[ParsedFile], gone: Sequence[Indexed]) -> int:
        """Add the articles of files; return how many passages the model was given.

        What has changed or moved keeps the vectors of the texts that it had.
        """
        total = sum(len(file.spans) for file in files)
        done = embedded = 0
        for start in range(0, len(files), AT_ONCE):
            batch = [
                (file.article, file.passages, file.meetings)
                for file in files[start : start + AT_ONCE]
            ]
            vectors = dict(self._known([article for article, *_ in batch], gone))
            texts = dict.fromkeys(text_of(passage) for _, own, _ in batch for passage in own)
            new = [text for text in texts if text not in vectors]
            counting = self._counting(done, len(new), total)
            made = self._embedder.embed(new, counting) if new else []
            vectors |= dict(zip(new, made, strict=True))
            entries = [
                (Indexed(article.source, len(own), meetings, self._writing.generation), own)
                for article, own, meetings in batch
            ]
            self._writing.add(entries, vectors)
            done += sum(len(own) for _, own, _ in batch)
            embedded += len(new)
            if self._progress:
                self._progress(done, total)
        return embedded

    def _known(
        self, articles: Sequence[Article], gone: Sequence[Indexed]
    ) -> Mapping[PassageText, PassageVectors]:
        """The vectors that these articles had, there or under another name, by what the model
        was given."""
        paths = {article.source.path for article in articles}
        hashes = {article.source.sha256 for article in articles}
        own = [one for one in gone if one.source.path in paths or one.source.sha256 in hashes]
        return self._old.stored(own) if self._old and own else {}

    def _counting(self, before: int, passages: int, total: int) -> Progress | None:
        """Tells texts that are done as passages that are, of so many after those `before`."""
        if self._progress is None:
            return None
        tell = self._progress
        return lambda done, count: tell(before + passages * done // count, total)


def _proven(index: Generation, paths: set[str], gone: Sequence[str]) -> list[Indexed]:
    """The articles of an index; raises StoreError unless they are just these, and nothing is
    left of those gone."""
    articles = index.articles()
    if {one.source.path for one in articles} != paths or index.has(gone):
        raise StoreError("The new index does not hold what the folder holds; reload once more.")
    return articles
