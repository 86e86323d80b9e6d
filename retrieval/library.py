"""The library: the articles, the index and the model, held together to answer questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Self

from .answer import context
from .answer.compose import chosen, compose, compose_more
from .answer.merging import newest_first
from .answer.pins import PINS, Pins
from .answer.small_talk import small_talk
from .answer.window import Found
from .embedding.catalog import DEFAULT_MODEL
from .embedding.embedder import Embedder
from .embedding.encoder import Progress
from .errors import MissingIndexError, OutdatedIndexError, StoreError
from .index.generation import OTHER_VERSION, Generation
from .index.reload import format_of, reload
from .index.reload_lock import INDEX_FOLDER
from .index.reload_process import ReloadJob, reload_in_process
from .index.store import Store
from .meeting import Meeting
from .meetings.listing import MeetingFilter, MeetingList
from .models import Answer, Context, Hit, Quote, Source
from .quotes.quoting import indexed_content
from .reports import Reload, Status
from .search.about import Closeness, closeness, closest
from .search.follow_up import searched_after
from .search.query import Turn, cleaned
from .search.reranker import FIRST, Reranker
from .search.searcher import Searcher
from .search.synonyms import ExpandedQuery, Synonyms

DEPTH = 10
"""How many hits are ranked for an answer."""


class Library:
    """Answers questions about the articles in a folder; loads model and index when first needed.

    Not for several threads at once; but one may reload while another asks.
    """

    def __init__(
        self,
        seeds_dir: Path,
        store: Store,
        load: Callable[[], Embedder],
        load_reranker: Callable[[], Reranker | None] | None = None,
        *,
        reload_job: ReloadJob | None = None,
        pins: Path | None = None,
    ):
        """`load` finds the model; `pins` is a file. With `reload_job` another process reloads."""
        self.pins = Pins(pins)
        self._folder, self._store, self._reload_job = seeds_dir, store, reload_job
        self._load, self._load_reranker = load, load_reranker
        self._synonyms, self._reloading = Synonyms(), False
        self._searcher: Searcher | None = None
        self._ready: Searcher | None = None
        self._meetings = MeetingList()

    @classmethod
    def open(
        cls,
        seeds_dir: Path,
        data_dir: Path,
        model: str = DEFAULT_MODEL,
        chroma_url: str | None = None,
        reranker: str | None = None,
        *,
        cross_encoder: bool = True,
        threads: int = 1,
        reload_threads: int | None = None,
        models_dir: Path | None = None,
        shares: Library | None = None,
    ) -> Self:
        """Open the index below `data_dir`, or at `chroma_url`; StoreError if it cannot be. `model`
        and `reranker` are names for sentence-transformers; with `cross_encoder` the default model
        reads the first hits. `threads` embed passages here, `reload_threads` in a reload; None is
        for all cores. `models_dir`, else a folder below `data_dir`, has models that are built; the
        models of the library that it `shares` are used instead, if there is one."""
        models, folders = models_dir or data_dir / "models", (str(seeds_dir), str(data_dir))
        load = partial(Embedder.load, model, models, threads, reads=cross_encoder)
        load_reranker = partial(Reranker.load, reranker) if reranker else None
        return cls(
            seeds_dir,
            Store.open(data_dir / INDEX_FOLDER, chroma_url),
            load if shares is None else lambda: shares.embedder,
            load_reranker if shares is None else lambda: shares.reranker,
            reload_job=ReloadJob(*folders, model, chroma_url, reload_threads, str(models)),
            pins=data_dir / PINS,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    @cached_property
    def embedder(self) -> Embedder:
        """The model. Raises ModelError if it cannot be loaded."""
        return self._load()

    @cached_property
    def reranker(self) -> Reranker | None:
        """The reranker, if there is to be one. Raises ModelError if it cannot be loaded."""
        return self._load_reranker() if self._load_reranker else None

    @property
    def indexed(self) -> bool:
        """Whether there is an index, whatever made it."""
        return self._store.state() is not None

    def check_index(self) -> None:
        """Raise OutdatedIndexError where another model or version of Passage made the index,
        StoreError where there is none, ModelError where the model cannot be loaded."""
        self._index().format.check(format_of(self.embedder))

    def ask(self, question: str, before: Turn | None = None) -> Answer:
        """Answer a question, which may go on from the one `before`, with verified quotes, if any.

        Raises: QuestionError where it is empty, too long or holds no words; StoreError where there
        is no index, or another model or version made it; ModelError where that cannot be loaded.
        """
        question = cleaned(question)
        if talk := small_talk(question):
            return talk
        found = self._found(question, before)
        answer = compose(question, found.query.language, found.hits, found.widened)
        return self.pins.put_first(found.checked(answer), self.embedder, self._folder)

    def more(self, question: str, seen: Sequence[Quote], before: Turn | None = None) -> Answer:
        """The next quotes for a question after those seen, verified; however weak they are."""
        question = cleaned(question)
        found = self._found(question, before)
        more = compose_more(question, found.query.language, found.hits, found.widened, seen=seen)
        return found.checked(more)

    def ask_new(self, question: str, new: Collection[str], told: Collection[str] = ()) -> Answer:
        """The verified quotes that answer more certainly than usual, of the articles whose files
        have these SHA-256; but those whose `words_key` is among `told`. Raises: as `ask`."""
        question = cleaned(question)
        found = self._found(question, only=new)
        answer = compose(question, found.query.language, found.hits, found.widened, told=told)
        return found.checked(answer)

    def context(self, quote: Quote) -> Context | None:
        """The paragraphs around a quote; None if its file no longer holds it."""
        return context.context(self._folder, quote)

    def article(self, cited: Quote | Source) -> str | None:
        """The text from which an article's quotes are cut, as its file is now; None without one."""
        return context.article(self._folder, cited.article)

    def renewed(self, quote: Quote, source: Source) -> Quote | None:
        """What stands for a quote in its article, now `source`; see `answer.context`."""
        return context.renewed(self._folder, quote, source)

    def holds(self, quote: Quote) -> bool:
        """Whether the quote's file still holds it, at its place."""
        content = indexed_content(self._folder, quote.article, quote.sha256)
        return content is not None and content.text.startswith(quote.text, quote.start)

    def search(self, question: str, limit: int = DEPTH) -> list[Hit]:
        """The hits in the order in which they would be quoted, before any abstention."""
        found = self._found(cleaned(question), limit=max(limit, DEPTH))
        return chosen(found.hits, limit)

    def warm(self) -> None:
        """Load the models and tables, and read the index now. Raises: as `ask`."""
        for words in range(1, 60, 6):
            self._current_searcher().search(ExpandedQuery("warm " * words, "en"), DEPTH)
        self._found("warm")

    def reload(
        self, progress: Progress | None = None, waiting: Callable[[], None] | None = None
    ) -> Reload:
        """Bring the index up to the files; questions are answered from the old one until then.

        `waiting` is called now and then while another reload is under way. What it or `progress`
        raises ends this one, unless its index serves. Raises: CorpusError, StoreError, ModelError.
        """
        job, serving, self._reloading = self._reload_job, self._store.state(), True
        run = partial(reload_in_process, job) if job else self.reload_here
        try:
            try:
                report = run(progress, waiting)
            except Exception:
                if self._store.state() == serving:
                    raise
                report = run()  # It was ended too late, and has left little to do.
            self._prepare()
            return replace(report, unpinned=self.pins.unpin_changed(self._folder))
        finally:
            self._reloading = False

    def reload_here(
        self, progress: Progress | None = None, waiting: Callable[[], None] | None = None
    ) -> Reload:
        """Reload in this process, and prepare nothing for questions. See `reload`."""
        with self._store.exclusively(waiting), closing(self._store.reconnect()) as store:
            report = reload(self._folder, store, self.embedder, progress)
        synonyms = Synonyms.read(self._folder)
        failed, notes = (*report.failed, *synonyms.failed), (*report.notes, *synonyms.notes)
        return replace(report, failed=failed, notes=notes)

    def status(self) -> Status:
        """The state of the index; needs no model. Raises StoreError if there is none."""
        return self._index().status()

    def sources(self) -> list[Source]:
        """The indexed articles, newest first, then by title. Raises StoreError without an index."""
        return newest_first(article.source for article in self._index().articles())

    def meetings(self, only: MeetingFilter | None = None) -> list[Meeting]:
        """The meetings that the articles report, newest first; StoreError without an index. Raises
        as `ask` too where they are to be about something."""
        if only and only.about:
            return [each for each in closest([self.closeness(only.about)]) if only.passes(each)]
        articles = self._index().articles()
        reported = (meeting for article in articles for meeting in article.meetings)
        return self._meetings.listed(reported, articles, only)

    def closeness(self, words: str) -> Closeness:
        """How close the meetings come to words, for `closest`. Raises: as `ask`."""
        self._synonyms = self._synonyms.renewed(self._folder)
        searcher = self._current_searcher()
        query = self._synonyms.apply(searcher.parse(cleaned(words)))
        try:
            return closeness(searcher, query, self.meetings())
        except StoreError:  # As in `_found`.
            return closeness(self._current_searcher(at_once=True), query, self.meetings())

    def _found(
        self,
        question: str,
        before: Turn | None = None,
        limit: int = DEPTH,
        only: Collection[str] | None = None,
    ) -> Found:
        """Return the best hits for a question, at most `limit`; `only` has the SHA-256 of the files
        whose articles are asked, None for all."""
        self._synonyms = self._synonyms.renewed(self._folder)
        searcher = self._current_searcher()
        alone = replace(self._synonyms.apply(searcher.parse(question)), only=only)
        reader, depth = self.embedder.reader, max(limit, FIRST) if self.reranker else limit
        try:
            query, hits = searched_after(searcher, reader, alone, depth, before)
            # Chroma finds nothing of what has been replaced just now.
            outdated = not searcher.exact and self._store.state() != searcher.state
        except StoreError:
            # A reload, here or in another process, may have taken the articles away just now.
            if not (outdated := self._store.state() != searcher.state):
                raise
        if outdated:
            searcher = self._current_searcher(at_once=True)
            query, hits = searched_after(searcher, reader, alone, depth, before)
        if self.reranker:
            hits = self.reranker.reranked(query.text, hits)
        follows = before.question if before and query.lead else None
        return Found(self._folder, searcher, query, hits[:limit], follows)

    def _prepare(self) -> None:
        """Makes the next searcher, if questions are asked: then none has to wait for it."""
        if self._searcher is not None:
            with closing(self._store.reconnect()) as store:
                if (index := store.index()) is not None and index.state != self._searcher.state:
                    self._ready = Searcher(index, self.embedder, self._searcher)

    def _index(self) -> Generation:
        if (index := self._store.index()) is not None:
            return index
        if self.indexed:
            raise OutdatedIndexError(OTHER_VERSION)
        raise MissingIndexError("There is no index yet; run `passage reload`.")

    def _current_searcher(self, at_once: bool = False) -> Searcher:
        """The searcher of what serves; during a reload here that of before, if not `at_once`."""
        if self._searcher is not None and self._reloading and not at_once:
            return self._searcher
        if self._searcher is None or self._searcher.state != self._store.state():
            index = self._index()
            index.format.check(format_of(self.embedder))
            ready, self._ready = self._ready, None
            if ready is not None and ready.state == index.state:
                index.take_over(ready.generation)
                self._searcher, ready.generation = ready, index  # With the client of this thread.
            else:
                self._searcher = Searcher(index, self.embedder, self._searcher)
        return self._searcher
