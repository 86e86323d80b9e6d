"""Files ⇄ store: what is new, changed, moved and gone. Only that is embedded and written.

The next generation is written beside the one that serves, which answers until the switch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from ..articles import formats
from ..articles.file_reader import ParsedFile
from ..articles.passages import VERSION
from ..articles.scan import scan
from ..embedding.embedder import Embedder, PassageText, PassageVectors
from ..embedding.encoder import Progress
from ..embedding.token_space import VERSION as TOKENS
from ..errors import StoreError
from ..meeting import Meeting
from ..meetings import VERSION as MEETINGS
from ..meetings.identity import identified
from ..models import Reload, Source
from .generation import Generation, IndexFormat
from .records import Indexed, text_of
from .store import Store
from .vocabulary import Vocabulary
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
        making = pool.submit(format_of, embedder)
        old = store.index()
        if old:
            pool.submit(old.load)
        indexed = old_articles = old.articles() if old else []
        before = {entry.source.path: entry.source for entry in indexed}
        scanned = scan(folder, before, whole=True)
        made = making.result()
        if old and old.format != made:
            if old.format.model != embedder.name:
                log.warning(OTHER_MODEL, old.format.model, embedder.name)
            old, indexed, before = None, [], {}
            scanned = scan(folder, whole=True)
        same = set(scanned.unchanged)
        new = [article.source.path for article in scanned.articles]
        after = same.union(new)
        gone = [entry for entry in indexed if entry.source.path not in same]
        embedded = 0
        if gone or new or old is None:
            writing = store.writing(made)
            earlier = _EarlierMeetings(old_articles, after)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            added = [
                Indexed(
                    file.article.source,
                    len(file.spans),
                    identified(file.meetings, earlier.take(file.article.source), now),
                    writing.generation,
                )
                for file in scanned.files
            ]
            kept = [entry for entry in indexed if entry.source.path in same]
            indexed = sorted([*kept, *added], key=lambda entry: entry.source.path)
            writing.plan(indexed, _vocabulary(old, gone, scanned.files), gone)
            filling = _Filling(writing, old, embedder, progress)
            filling.add(added, scanned.files, gone)
            serving = store.serve(writing)
            passages = sum(entry.passages for entry in indexed)
            if not serving.holds_just(writing.article_list, passages, writing.gone):
                raise StoreError(
                    "The new index does not hold what the folder holds; reload once more."
                )
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

    def add(
        self, articles: Sequence[Indexed], files: Sequence[ParsedFile], gone: Sequence[Indexed]
    ) -> None:
        """Add the passages of articles, each parsed from the file in its place among `files`.

        What has changed or moved keeps the vectors of the texts that it had.
        """
        total = sum(len(file.spans) for file in files)
        done = 0
        for start in range(0, len(files), AT_ONCE):
            stop = start + AT_ONCE
            batch = [
                (article, file.passages)
                for article, file in zip(articles[start:stop], files[start:stop], strict=True)
            ]
            vectors = dict(self._known([article for article, _ in batch], gone))
            texts = dict.fromkeys(text_of(passage) for _, passages in batch for passage in passages)
            new = [text for text in texts if text not in vectors]
            counting = self._counting(done, len(new), total)
            embedded = self._embedder.embed(new, counting) if new else []
            vectors |= dict(zip(new, embedded, strict=True))
            self._writing.add(batch, vectors)
            done += sum(len(passages) for _, passages in batch)
            self.embedded += len(new)
            if self._progress:
                self._progress(done, total)

    def _known(
        self, articles: Sequence[Indexed], gone: Sequence[Indexed]
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


class _EarlierMeetings:
    """The meetings that articles had in the index before, of which `after` are the paths now."""

    def __init__(self, indexed: Sequence[Indexed], after: Collection[str]) -> None:
        self._by_path = {entry.source.path: entry.meetings for entry in indexed}
        self._moved = {
            key: entry.source.path
            for entry in indexed
            if entry.source.path not in after
            for key in (entry.source.sha256, entry.source.url)
            if key
        }

    def take(self, source: Source) -> Sequence[Meeting]:
        """Those of the article that has or had this path, or else these bytes or this address under
        a path that is gone; each once."""
        moved = self._moved.get(source.sha256) or self._moved.get(source.url or "")
        return self._by_path.pop(source.path, None) or self._by_path.pop(moved or "", ())


def _vocabulary(
    old: Generation | None, gone: Sequence[Indexed], files: Sequence[ParsedFile]
) -> Vocabulary:
    """The vocabulary of the old index without the articles that are gone, and with those of files;
    that of the files alone if there is no old one."""
    new = (
        text
        for file in files
        for text in (file.article.source.title, *(passage.text for passage in file.passages))
    )
    if old is None:
        return Vocabulary().changed((), new)
    return old.vocabulary().changed(old.texts(gone), new)
