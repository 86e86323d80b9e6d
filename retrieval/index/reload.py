"""Files ⇄ store: what is new, changed, moved and gone. Only that is embedded and written.

The next generation is written beside the one that serves, which answers until the switch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from ..articles.file_reader import ParsedFile
from ..articles.passages import VERSION as PASSAGES_VERSION
from ..articles.scan import scan
from ..embedding.embedder import Embedder, PassageText, PassageVectors
from ..embedding.encoder import Progress
from ..embedding.token_space import CODES_VERSION
from ..errors import StoreError
from ..formats import file_text
from ..meeting import Meeting
from ..meetings import VERSION as MEETINGS_VERSION
from ..meetings.identity import identified
from ..meetings.likely import with_likely
from ..models import Source
from ..reports import Reload
from .generation import Generation, IndexFormat
from .records import Indexed, Vocabulary, text_of
from .store import Store
from .writing import Writing

AT_ONCE = 50
"""The most articles whose vectors are in memory, or whose days are read, at once."""


OTHER_MODEL = (
    "The index was made by the model %r and is now made anew by %r. Whatever else uses this index "
    "needs the same PASSAGE_EMBEDDING_MODEL, or each makes it anew in turn."
)

log = logging.getLogger(__name__)


def format_of(embedder: Embedder) -> IndexFormat:
    """Return the format of an index made by this model and this version of Passage."""
    versions = (PASSAGES_VERSION, CODES_VERSION, MEETINGS_VERSION, file_text.version())
    return IndexFormat(embedder.name, embedder.dimension, ".".join(versions))


def reload(
    folder: Path, store: Store, embedder: Embedder, progress: Progress | None = None
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
        format_future = pool.submit(format_of, embedder)
        old = store.index()
        if old:
            pool.submit(old.load)
        indexed = old_articles = old.articles() if old else []
        before = {entry.source.path: entry.source for entry in indexed}
        scanned = scan(folder, before, whole=True)
        index_format, embedded_by = format_future.result(), old
        is_outdated = old is not None and old.format != index_format
        if old and is_outdated:
            if old.format.model != embedder.name:
                log.warning(OTHER_MODEL, old.format.model, embedder.name)
            embedded_by = old if old.format.shares_vectors(index_format) else None
            old, indexed, before = None, [], {}
            scanned = scan(folder, whole=True)
        new = [article.source.path for article in scanned.articles]
        same = set(scanned.unchanged)
        after = same.union(new)
        unchanged = [entry for entry in indexed if entry.source.path in same]
        replaced = [entry for entry in indexed if entry.source.path not in same]
        embedded = 0
        if replaced or new or old is None:  # Else the old generation goes on serving.
            writing = store.writing(index_format)
            earlier = _EarlierMeetings(old_articles, after)
            files = _with_likely_meetings(scanned.files, embedder)
            added = _indexed(files, earlier, writing.generation)
            indexed = sorted([*unchanged, *added], key=lambda entry: entry.source.path)
            writing.plan(indexed, _vocabulary(old, replaced, scanned.files), replaced)
            pairs = list(zip(added, scanned.files, strict=True))
            embedded = _fill(writing, embedded_by, pairs, old_articles, embedder, progress=progress)
            serving = store.serve(writing)
            passages = sum(entry.passages for entry in indexed)
            if not serving.holds_just(writing.article_list, passages, writing.replaced_keys):
                raise StoreError(
                    "The new index does not hold what the folder holds; reload once more."
                )
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
            anew=is_outdated,
        )


def _with_likely_meetings(files: Sequence[ParsedFile], embedder: Embedder) -> list[ParsedFile]:
    """Return the files with those of their possible meetings that the model takes for such."""
    result = list[ParsedFile]()
    for start in range(0, len(files), AT_ONCE):
        batch = files[start : start + AT_ONCE]
        possible = [each for file in batch for each in file.possible]
        if not possible or not embedder.meeting_reader:
            result += batch
            continue
        readings = iter(embedder.meeting_reader.read(possible))
        for file in batch:
            read = [*islice(readings, len(file.possible))]
            listed = with_likely(file.meetings, file.possible, read)
            result.append(replace(file, meetings=tuple(listed)))
    return result


def _indexed(
    files: Sequence[ParsedFile], earlier: _EarlierMeetings, generation: int
) -> list[Indexed]:
    """Return the articles of files as the next generation has them."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return [
        Indexed(
            file.article.source,
            len(file.spans),
            identified(file.meetings, earlier.take(file.article.source), now),
            generation,
        )
        for file in files
    ]


def _fill(
    writing: Writing,
    old: Generation | None,
    articles: Sequence[tuple[Indexed, ParsedFile]],
    earlier: Sequence[Indexed],
    embedder: Embedder,
    *,
    progress: Progress | None,
) -> int:
    """Add the passages of articles to the next generation; return how many texts were embedded.

    What has changed or moved keeps the vectors of the texts that it had among the `earlier`
    articles, those of the `old` generation.
    """
    total = sum(len(file.spans) for _, file in articles)
    done = embedded = 0

    def tell(texts_done: int, texts: int) -> None:
        """Count texts that are embedded as passages of this batch that are done."""
        if progress:
            progress(done + len(new) * texts_done // texts, total)

    for start in range(0, len(articles), AT_ONCE):
        batch = [(entry, file.passages) for entry, file in articles[start : start + AT_ONCE]]
        vectors = _stored_vectors(old, [entry for entry, _ in batch], earlier)
        texts = dict.fromkeys(text_of(passage) for _, passages in batch for passage in passages)
        new = [text for text in texts if text not in vectors]
        if new:
            vectors |= dict(zip(new, embedder.embed(new, tell), strict=True))
        writing.add(batch, vectors)
        done += sum(len(passages) for _, passages in batch)
        embedded += len(new)
        if progress:
            progress(done, total)
    return embedded


def _stored_vectors(
    old: Generation | None, articles: Sequence[Indexed], earlier: Sequence[Indexed]
) -> dict[PassageText, PassageVectors]:
    """Return the vectors that articles have in the old generation, under the same path or, of the
    same bytes, under another one, by the text that the model was given; none where they cannot be
    read, as another version may have kept them in another way."""
    paths = {article.source.path for article in articles}
    hashes = {article.source.sha256 for article in articles}
    known = [
        entry for entry in earlier if entry.source.path in paths or entry.source.sha256 in hashes
    ]
    if old and known:
        with suppress(StoreError):
            return old.stored(known)
    return {}


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
    old: Generation | None, replaced: Sequence[Indexed], files: Sequence[ParsedFile]
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
    return old.vocabulary().changed(old.texts(replaced), new)
