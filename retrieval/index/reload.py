"""Files ⇄ store: what is new, changed, moved and gone. Only that is embedded and written.

The next generation is written beside the one that serves, which answers until the switch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..articles import formats
from ..articles.file_reader import ParsedFile
from ..articles.passages import VERSION
from ..articles.scan import scan
from ..embedding.embedder import Embedder, PassageText, PassageVectors
from ..embedding.encoder import Progress
from ..embedding.token_space import VERSION as TOKENS
from ..errors import StoreError
from ..meetings import VERSION as MEETINGS
from ..models import Article, Reload
from .generation import Generation, IndexFormat
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


def format_of(embedder: Embedder) -> IndexFormat:
    """What an index made by this model and this program says of itself."""
    return IndexFormat(
        embedder.name, embedder.dimension, f"{VERSION}.{TOKENS}.{MEETINGS}.{formats.version()}"
    )


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
    # Side by side: Chroma and ONNX Runtime hold no interpreter while they load.
    with store.exclusively(), ThreadPoolExecutor(2, thread_name_prefix="reload") as pool:
        old = store.index()
        reading = pool.submit(old.articles) if old else None
        if old:
            pool.submit(old.load)
        if old and old.format != format_of(embedder):
            if old.format.model != embedder.name:
                log.warning(OTHER_MODEL, old.format.model, embedder.name)
            old = None
        indexed = reading.result() if old and reading else []
        before = {entry.source.path: entry.source for entry in indexed}
        scanned = scan(folder, before, whole=True)
        same = set(scanned.unchanged)
        new = [article.source.path for article in scanned.articles]
        after = same.union(new)
        gone = [entry for entry in indexed if entry.source.path not in same]
        embedded = 0
        if gone or new or old is None:
            writing = store.writing(format_of(embedder))
            filling = _Filling(writing, old, embedder, progress)
            added = filling.add(scanned.files, gone)
            writing.remove(gone)
            serving = store.serve(writing)
            indexed = [*(entry for entry in indexed if entry.source.path in same), *added]
            _prove(serving, len(indexed), added, gone)
            embedded = filling.embedded
        else:
            store.tidy()
        return Reload(
            added=tuple(path for path in new if path not in before),
            changed=tuple(path for path in new if path in before),
            removed=tuple(path for path in before if path not in after),
            unchanged=scanned.unchanged,
            failed=scanned.failed,
            articles=len(indexed),
            passages=sum(entry.passages for entry in indexed),
            embedded=embedded,
            seconds=round(time.perf_counter() - started, 3),
            notes=scanned.notes,
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
        self.embedded = 0
        """How many passages the model was given."""

    def add(self, files: Sequence[ParsedFile], gone: Sequence[Indexed]) -> list[Indexed]:
        """Add the articles of files; return them as they are indexed.

        What has changed or moved keeps the vectors of the texts that it had.
        """
        total = sum(len(file.spans) for file in files)
        done = 0
        added = list[Indexed]()
        for start in range(0, len(files), AT_ONCE):
            batch = [
                (file.article, file.passages, file.meetings)
                for file in files[start : start + AT_ONCE]
            ]
            vectors = dict(self._known([article for article, *_ in batch], gone))
            texts = dict.fromkeys(
                text_of(passage) for _, passages, _ in batch for passage in passages
            )
            new = [text for text in texts if text not in vectors]
            counting = self._counting(done, len(new), total)
            embedded = self._embedder.embed(new, counting) if new else []
            vectors |= dict(zip(new, embedded, strict=True))
            entries = [
                (
                    Indexed(article.source, len(passages), meetings, self._writing.generation),
                    passages,
                )
                for article, passages, meetings in batch
            ]
            self._writing.add(entries, vectors)
            added += (article for article, _ in entries)
            done += sum(len(passages) for _, passages, _ in batch)
            self.embedded += len(new)
            if self._progress:
                self._progress(done, total)
        return added

    def _known(
        self, articles: Sequence[Article], gone: Sequence[Indexed]
    ) -> Mapping[PassageText, PassageVectors]:
        """The vectors that these articles had, there or under another name, by what the model
        was given."""
        paths = {article.source.path for article in articles}
        hashes = {article.source.sha256 for article in articles}
        earlier = [
            entry for entry in gone if entry.source.path in paths or entry.source.sha256 in hashes
        ]
        return self._old.stored(earlier) if self._old and earlier else {}

    def _counting(self, before: int, passages: int, total: int) -> Progress | None:
        """Tells texts that are done as passages that are, of so many after those `before`."""
        if self._progress is None:
            return None
        tell = self._progress
        return lambda done, count: tell(before + passages * done // count, total)


def _prove(
    index: Generation, count: int, added: Sequence[Indexed], gone: Sequence[Indexed]
) -> None:
    """Raise StoreError unless an index has so many articles, among them those that were added, and
    nothing is left of those gone. Nobody else writes meanwhile: the others are as they were."""
    if not index.holds_just(count, [entry.key for entry in added], [entry.key for entry in gone]):
        raise StoreError("The new index does not hold what the folder holds; reload once more.")
